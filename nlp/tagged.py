"""A tagged document: as an analyst holds it, and in plain values, as every output writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.display import tagged_html
from nlp.errors import UnknownName
from nlp.plain import PlainDocument as PlainDocument
from nlp.records import Box, Document, Passage, Tag, Tagging
from nlp.schemes import load_scheme

if TYPE_CHECKING:
    import pandas as pd

CUES = 12  # evidence words written per tag: the strongest; the record in Python has all
FACTS = (
    "id", "source", "title", "date", "status", "kind", "reference", "dossiernummer", "ondernummer", "vergaderjaar",
    "ministry",
)  # fmt: skip


class TaggedDocument(list[Tagging]):
    """The taggings of a document in reading order, with the document they came from."""

    def __init__(self, taggings: Iterable[Tagging], document: Document) -> None:
        super().__init__(taggings)
        self.document = document

    def to_frame(self, *, wide: bool = False) -> pd.DataFrame:
        """A pandas DataFrame with one row per passage and tag; a passage without tags has one row without a code.

        wide: one row per passage. `tags` has the labels that were given; a column per label ("sdg:13") has its
        probability, also where it was not given, so that thresholds can be moved.
        """
        import pandas as pd

        table = list(self._rows(wide))
        return pd.DataFrame(table, columns=list(dict.fromkeys(chain(WIDE if wide else COLUMNS, *table))))

    def _rows(self, wide: bool) -> Iterator[dict[str, Any]]:
        return wide_rows(self) if wide else rows(plain(self))

    def to_html(self, source: str | Path | bytes | None = None) -> str:
        """The report as one HTML page that stands by itself; `Path("brief.html").write_text(….to_html())` keeps it.

        source: the file or its bytes, for a document that was read from bytes or a file that has moved; without it
        such a report has no pictures of pages, and says so. Raises MissingExtra without jinja2.
        """
        from nlp.report import report

        return report(plain(self), source)

    def __repr__(self) -> str:
        return f"TaggedDocument({self.document!r}, {len(self)} passages)"

    def _repr_html_(self) -> str:
        return tagged_html(self, self.document)


def _storable(value: Any) -> Any:
    """Files and frames keep text as UTF-8, which has no half characters: each becomes "?", so that offsets hold."""
    if isinstance(value, dict):
        return {name: _storable(own) for name, own in value.items()}
    if isinstance(value, list):
        return [_storable(own) for own in value]
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _is_whole(tagged: TaggedDocument) -> bool:
    """Has the document no half characters, as nearly all have none?"""
    document = tagged.document
    facts = (str(getattr(document, fact)) for fact in FACTS)
    try:
        "".join([document.text, *facts, *(tagging.passage.text for tagging in tagged)]).encode()
    except UnicodeEncodeError:
        return False
    return True


def plain(tagged: TaggedDocument) -> PlainDocument:
    """The values that outputs are made of."""
    document = tagged.document
    about = {fact: getattr(document, fact) for fact in FACTS} | {
        "pages": len(document.pages),
        "sheets": [[page.width, page.height, page.turned, page.status] for page in document.pages],
        "notices": [[notice.code, notice.page] for notice in document.notices],
        "gaps": _gaps(document.text, [tagging.passage for tagging in tagged]),
    }
    taggings = [_tagging(tagging) for tagging in tagged]
    return PlainDocument(about, taggings) if _is_whole(tagged) else PlainDocument(_storable(about), _storable(taggings))


def _gaps(text: str, passages: list[Passage]) -> list[str]:
    """What stands before, between and behind the passages: headings, breaks. With the passages it makes the text."""
    starts = [*(passage.start for passage in passages), len(text)]
    return [text[end:start] for end, start in zip([0, *(passage.end for passage in passages)], starts, strict=True)]


def _tagging(tagging: Tagging) -> dict[str, Any]:
    passage = tagging.passage
    return {
        "passage": {
            "id": passage.id,
            "kind": passage.kind,
            "heading": passage.heading,
            "pages": list(passage.pages),
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "boxes": [asdict(box) for box in lines_of(passage.boxes)],
            "anchor": passage.anchor,
            "mark": passage.mark,
        },
        "tags": [_tag(tag) for tag in tagging.tags],
        "citations": [asdict(citation) for citation in tagging.citations],
        "model": tagging.model,
    }


def _tag(tag: Tag) -> dict[str, Any]:
    label, uri = _named(tag)
    return {
        "scheme": tag.scheme,
        "code": tag.code,
        "label": label,
        "uri": uri,
        "score": round(tag.score, 4),
        "source": tag.source,
        "intercept": tag.intercept,
        "evidence": [asdict(cue) for cue in tag.evidence[:CUES]],
    }


def _named(tag: Tag) -> tuple[str, str | None]:
    """Label and URI; a scheme that is not among the project's own has its codes for labels."""
    try:
        concept = load_scheme(tag.scheme)[tag.code]
    except UnknownName:
        return tag.code, None
    return concept.label_nl, concept.uri


def lines_of(boxes: Iterable[Box]) -> Iterator[Box]:
    """Word boxes → one box per printed line."""
    line: Box | None = None
    for box in boxes:
        if line and box.page == line.page and box.x0 >= line.x1 - 1 and _level(box, line):
            top, bottom = min(line.top, box.top), max(line.bottom, box.bottom)
            line = Box(line.start, box.end, line.page, line.x0, top, box.x1, bottom)
        else:
            if line:
                yield line
            line = box
    if line:
        yield line


def _level(box: Box, line: Box) -> bool:
    return box.top < line.bottom and box.bottom > line.top


COLUMNS = (
    "document", "source", "title", "date", "passage", "page", "kind", "heading", "text",
    "scheme", "code", "label", "score", "tag_source", "cues", "citations", "model",
)  # fmt: skip
OF_TAG = COLUMNS[9:15]
WIDE = (*COLUMNS[:9], "citations", "model", "tags")


def rows(document: PlainDocument) -> Iterator[dict[str, Any]]:
    """One flat row per passage and tag, with the columns of COLUMNS; a passage without tags has one row."""
    for row, tagging in zip(_passage_rows(document), document.taggings, strict=True):
        for tag in tagging["tags"]:
            yield row | tag_row(tag)
        if not tagging["tags"]:
            yield row | dict.fromkeys(OF_TAG)


def wide_rows(tagged: TaggedDocument) -> Iterator[dict[str, Any]]:
    """One flat row per passage, with the columns of WIDE and the probability of every label the model knows."""
    for row, tagging in zip(_passage_rows(plain(tagged)), tagged, strict=True):
        given = " ".join(dict.fromkeys(map(str, tagging.tags)))
        scores = {f"{scheme}:{code}": p for scheme, own in tagging.probabilities.items() for code, p in own.items()}
        yield row | {"tags": given} | scores


def _passage_rows(document: PlainDocument) -> Iterator[dict[str, Any]]:
    about = document.about
    first = {"document": about["id"], "source": about["source"], "title": about["title"], "date": about["date"]}
    for tagging in document.taggings:
        passage = tagging["passage"]
        yield first | {
            "passage": passage["id"],
            "page": passage["pages"][0] if passage["pages"] else None,
            "kind": passage["kind"],
            "heading": passage["heading"],
            "text": passage["text"],
            "citations": " ".join(c["identifier"] or c["text"] for c in tagging["citations"]),
            "model": tagging["model"],
        }


def tag_row(tag: dict[str, Any]) -> dict[str, Any]:
    """A tag in the columns of COLUMNS."""
    cues = " ".join(cue["text"] for cue in tag["evidence"][:5] if cue["weight"] > 0)
    return {name: tag[name] for name in ("scheme", "code", "label", "score")} | {
        "tag_source": tag["source"],
        "cues": cues,
    }
