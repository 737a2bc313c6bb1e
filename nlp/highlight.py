"""A tagged PDF as the same PDF with its passages marked: highlights in the colours of the goals, citations as links.

Any reader shows them; the note of a highlight names its labels with their scores and strongest words. pypdf is loaded by
the first call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import DocumentError, MissingExtra, OutputError
from nlp.files import PART
from nlp.pdf import ENGINES, HEADER_WITHIN
from nlp.plain import PlainDocument
from nlp.reading import read
from nlp.records import Box, Document, boxes_between, shift
from nlp.report.labels import labels_of
from nlp.report.passages import View, views
from nlp.report.text import href
from nlp.tagged import lines_of

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter

OPACITY = 0.4
AUTHOR = "doelwijzer"
PRINTED = 4  # flag of an annotation
Corner = tuple[float, float]


def write_pdf(documents: Iterable[PlainDocument], path: Path) -> None:
    """One PDF, annotated. Raises OutputError for none or several, or when the PDF is not there as it was read."""
    begin = list(islice(documents, 2))
    if len(begin) != 1:
        what = "several documents do not go into one PDF" if begin else "there is no document to annotate"
        raise OutputError(f"{path.stem}: {what}.", hint="Give one PDF, or --out OUT.html for reports of many.")
    path.write_bytes(annotated(begin[0], _content(begin[0].about, path.with_name(path.name.removesuffix(PART)))))


def _content(about: dict[str, Any], out: Path) -> bytes:
    source = str(about["source"] or "document")
    if out.exists() and Path(source).exists() and out.samefile(source):
        raise OutputError(f"{source}: it would be overwritten.", hint="Give another --out.")
    try:
        data = Path(source).read_bytes()
    except OSError as error:
        raise OutputError(
            f"{source}: it cannot be annotated ({error.strerror}).", hint="Give the file again."
        ) from error
    if hashlib.sha256(data).hexdigest()[:12] != about["id"]:
        raise OutputError(f"{source}: it has changed since it was read.", hint="Tag it again.")
    return data


def annotated(document: PlainDocument, data: bytes) -> bytes:
    """The PDF `data`, which `document` was read from, with highlights and links added; the same bytes each time.

    Raises MissingExtra without pypdf, OutputError for what is no PDF or cannot be written anew.
    """
    try:
        from pypdf import PdfReader, PdfWriter
    except ImportError:
        raise MissingExtra("pypdf", "report") from None
    source = document.about["source"] or "document"
    if b"%PDF-" not in data[:HEADER_WITHIN]:
        raise OutputError(f"{source}: only a PDF can be annotated.", hint="Give another --out: OUT.html, OUT.jsonl.")
    try:
        writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
        if len(writer.pages) != document.about["pages"]:
            raise ValueError(f"{len(writer.pages)} of {document.about['pages']} pages are found")
        _annotate(writer, document, _words_of(document, data))
        out = BytesIO()
        writer.write(out)
        return out.getvalue()
    except Exception as error:  # whatever pypdf makes of a broken file
        said = f"{type(error).__name__}: {error}"
        hint = "Repair it first, for example with: qpdf IN.pdf OUT.pdf"
        raise OutputError(f"{source}: it cannot be annotated ({said}).", hint=hint) from error


# --- where words stand --------------------------------------------------------------------------------------------


def _words_of(document: PlainDocument, data: bytes) -> tuple[Box, ...]:
    """The words of the document with offsets into its text, from reading it again; none when it reads otherwise now."""
    for engine in reversed(ENGINES):  # the fast one first
        try:
            again = read(data, engine=engine)
        except DocumentError:
            continue
        text, passages = again.text, [tagging["passage"] for tagging in document.taggings]
        if all(text[passage["start"] : passage["end"]] == passage["text"] for passage in passages):
            return tuple(_in_document(again))
    return ()


def _in_document(document: Document) -> Iterator[Box]:
    at = 0
    for block in document.blocks:
        yield from shift(block.boxes, at)
        at += len(block.text) + 1


def _lines(tagging: dict[str, Any], citation: dict[str, Any], words: tuple[Box, ...]) -> Iterator[Box]:
    """Where a citation stands, line by line; where single words are not known, the lines that hold it."""
    passage = tagging["passage"]
    if words:
        at = passage["start"]
        return lines_of(boxes_between(words, at + citation["start"], at + citation["end"]))
    lines = tuple(Box(**box) for box in passage["boxes"])
    return iter(boxes_between(lines, citation["start"], citation["end"]))


# --- annotations --------------------------------------------------------------------------------------------------


def _annotate(writer: PdfWriter, document: PlainDocument, words: tuple[Box, ...]) -> None:
    labels = labels_of(tag for tagging in document.taggings for tag in tagging["tags"])
    sheets = [
        Sheet(page, turned) for page, (_, _, turned, _) in zip(writer.pages, document.about["sheets"], strict=True)
    ]
    for view in views(document.taggings, labels):
        if view.rows:
            for page, boxes in _by_page(Box(**box) for box in view.boxes).items():
                writer.add_annotation(sheets[page - 1].page, sheets[page - 1].highlight(view, boxes))
    for tagging in document.taggings:
        for citation in tagging["citations"]:
            if url := href(citation["url"]):
                for box in _lines(tagging, citation, words):
                    writer.add_annotation(sheets[box.page - 1].page, sheets[box.page - 1].link(box, url))


def _by_page(boxes: Iterable[Box]) -> dict[int, list[Box]]:
    pages: dict[int, list[Box]] = {}
    for box in boxes:
        pages.setdefault(box.page, []).append(box)
    return pages


class Sheet:
    """A page, and how what is seen on it lies in the coordinates of the file."""

    def __init__(self, page: PageObject, turned: int) -> None:
        self.page = page
        media, crop = page.mediabox, page.cropbox
        seen = max(media.left, crop.left), max(media.bottom, crop.bottom), min(media.right, crop.right), min(media.top, crop.top)  # fmt: skip
        self.left, self.bottom, self.right, self.top = map(float, seen)
        own = page.rotation % 360
        self.turn = ((own if own in (90, 180, 270) else 0) + turned) % 360

    def corner(self, x: float, y: float) -> Corner:
        """A point as seen, from the top left → in the file."""
        return {
            0: (self.left + x, self.top - y),
            90: (self.left + y, self.bottom + x),
            180: (self.right - x, self.bottom + y),
            270: (self.right - y, self.top - x),
        }[self.turn]

    def quad(self, box: Box) -> list[Corner]:
        """The corners of a box in the order that readers expect: upper left and right, lower left and right."""
        return [self.corner(x, y) for y in (box.top, box.bottom) for x in (box.x0, box.x1)]

    def highlight(self, view: View, boxes: list[Box]) -> Any:
        """A passage, in the colour of its first label."""
        from pypdf.annotations import Highlight
        from pypdf.generic import ArrayObject, FloatObject, NameObject, NumberObject, TextStringObject

        corners = [corner for box in boxes for corner in self.quad(box)]
        points = ArrayObject([FloatObject(round(value, 2)) for corner in corners for value in corner])
        colour = view.rows[0].label.colour.removeprefix("#")
        made = Highlight(rect=_around(corners), quad_points=points, highlight_color=colour, title_bar=AUTHOR)
        made[NameObject("/CA")] = FloatObject(OPACITY)
        made[NameObject("/F")] = NumberObject(PRINTED)
        made[NameObject("/Contents")] = TextStringObject(note(view))
        return made

    def link(self, box: Box, url: str) -> Any:
        """A citation, underlined."""
        from pypdf.annotations import Link
        from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject

        made = Link(rect=_around(self.quad(box)), url=url)
        line = {NameObject("/W"): NumberObject(1), NameObject("/S"): NameObject("/U")}
        made[NameObject("/BS")] = DictionaryObject(line)
        made[NameObject("/C")] = ArrayObject([FloatObject(0.1), FloatObject(0.28), FloatObject(0.42)])
        return made


def _around(corners: list[Corner]) -> tuple[float, float, float, float]:
    across, up = zip(*corners, strict=True)
    return round(min(across), 2), round(min(up), 2), round(max(across), 2), round(max(up), 2)


def note(view: View) -> str:
    """What a highlight says: a line per label, with its score and strongest words."""
    return "\n".join(_line(row.label.spoken, row.said, row.words, named=row.named) for row in view.rows)


def _line(label: str, score: str, words: str, *, named: bool) -> str:
    said = ", ".join(filter(None, [score and f"score {score}", "genoemd" if named else ""]))
    return f"{label} ({said})" + (f": {words}" if words else "")
