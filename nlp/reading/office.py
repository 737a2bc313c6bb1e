"""DOCX → blocks, in the order of the document: headings, list items with their marks, footnotes, tables.

The words of python-docx do for paragraphs and styles; notes, numbering and hidden text it leaves to the XML below.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nlp.errors import Damaged, MissingExtra, TooLarge
from nlp.reading.markup import CELL_WORDS, Contents, Writer
from nlp.reading.trees import NOTE, tidy, with_notes
from nlp.records import Block, Notice

if TYPE_CHECKING:
    from docx.document import Document as Docx

UNPACKED = 256 * 2**20  # bytes: what a file may grow to
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADING = re.compile(r"(?:heading|kop|titre|überschrift)\s*(\d)", re.IGNORECASE)
PASSED_OVER = {  # deleted text, codes of fields, what stands there for older programs only
    f"{W}del", f"{W}delText", f"{W}instrText", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}sdtPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}  # fmt: skip
SIGNS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def read_docx(data: bytes, name: str) -> Contents:
    """A Word document. Raises Damaged, TooLarge, MissingExtra (python-docx)."""
    try:
        import docx
    except ImportError as error:
        raise MissingExtra("python-docx", "office") from error
    _check_size(data, name)
    try:
        document = docx.Document(io.BytesIO(data))
        reader = _Reader(document)
        reader.read(document.element.body)
    except (KeyError, ValueError, TypeError, AttributeError, SyntaxError, RecursionError, zipfile.BadZipFile) as error:
        raise Damaged(name, f"it is no whole Word document ({type(error).__name__})",
                      hint="Open it in a word processor and save it again.") from error  # fmt: skip
    hidden = Notice("hidden_text", f"{reader.hidden} pieces of hidden text were left out.")
    title = reader.title or tidy(document.core_properties.title or "")
    return Contents(reader.out.done(), title or None, notices=(hidden,) if reader.hidden else ())


def _check_size(data: bytes, name: str) -> None:
    try:
        size = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except zipfile.BadZipFile as error:
        raise Damaged(name, "it is a broken ZIP archive", hint="Fetch or save it again.") from error
    if size > UNPACKED:
        raise TooLarge(name, f"it unpacks to {size / 2**20:.0f} MB")


class _Reader:
    """Goes through the body once."""

    def __init__(self, document: Docx) -> None:
        self.out = Writer()
        self.title: str | None = None
        self.hidden = 0
        self.styles = {style.style_id: style for style in document.styles}
        self.numbering = _Numbering(document)
        self.notes = {kind: _notes(document, kind) for kind in ("footnote", "endnote")}
        self.numbers: dict[tuple[str, str], str] = {}  # of the notes met so far

    def read(self, element: Any) -> None:
        """The paragraphs and tables in an element, whatever wraps them."""
        for child in element.iterchildren():
            if child.tag == f"{W}p":
                self.paragraph(child)
            elif child.tag == f"{W}tbl":
                self.table(child)
            elif child.tag not in PASSED_OVER:
                self.read(child)

    def paragraph(self, element: Any) -> None:
        """One paragraph as a block; text boxes that hang on it come behind it."""
        boxes: list[Any] = []
        text, marks = self.line(element, boxes)
        style = self.style_of(element)
        level = self.level_of(element, style)
        if level == 0:
            self.title = self.title or with_notes(text, marks)[0]
        if level is not None:
            self.out.add("heading", text, marks, level=max(level, 1))
        elif (mark := self.numbering.mark(element, style)) is not None:
            self.out.add("list_item", text, marks, mark=mark or None)
        else:
            caption = style is not None and re.match("caption|bijschrift", style.name or "", re.IGNORECASE)
            self.out.add("caption" if caption else "paragraph", text, marks)
        for box in boxes:
            self.read(box)

    def style_of(self, element: Any) -> Any:
        chosen = element.find(f"{W}pPr/{W}pStyle")
        return self.styles.get(chosen.get(f"{W}val")) if chosen is not None else None

    def level_of(self, element: Any, style: Any) -> int | None:
        """Level of a heading, 0 for the title of the document, None for other paragraphs."""
        while style is not None:
            if found := HEADING.match(style.name or ""):
                return int(found[1])
            if re.fullmatch("title|titel", style.name or "", re.IGNORECASE):
                return 0
            if (level := _outline(style.element)) is not None:
                return level
            style = style.base_style
        return _outline(element)

    def line(self, element: Any, boxes: list[Any]) -> tuple[str, list[str]]:
        """The text of a paragraph with NOTE where note marks stand, and the marks."""
        text: list[str] = []
        marks: list[str] = []
        for part in self.parts(element):
            if part.tag == f"{W}t":
                text.append(part.text or "")
            elif part.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                text.append(NOTE)
                marks.append(self.note(part.tag.removeprefix(W).removesuffix("Reference"), part.get(f"{W}id")))
            elif part.tag == f"{W}txbxContent":
                boxes.append(part)
            else:
                text.append(SIGNS[part.tag])
        return "".join(text), marks

    def parts(self, element: Any) -> Iterator[Any]:
        """What is printed of a paragraph, in order."""
        for child in element.iterchildren():
            if child.tag in PASSED_OVER:
                continue
            if child.tag == f"{W}r" and _is_on(child.find(f"{W}rPr/{W}vanish")):
                self.hidden += bool(child.findtext(f"{W}t"))
            elif child.tag in SIGNS or child.tag.removeprefix(W) in (
                "t",
                "footnoteReference",
                "endnoteReference",
                "txbxContent",
            ):
                yield child
            else:
                yield from self.parts(child)

    def note(self, kind: str, number: str) -> str:
        """Print a note at the end of the document; gives its mark."""
        if (kind, number) not in self.numbers:
            count = sum(known == kind for known, _ in self.numbers) + 1
            mark = self.numbers[kind, number] = str(count) if kind == "footnote" else _roman(count)
            element = self.notes[kind].get(number)
            text = " ".join(self.line(part, [])[0] for part in element.iter(f"{W}p")) if element is not None else ""
            if text := tidy(text.replace(NOTE, "")):
                self.out.footnotes.append(Block("footnote", text, mark=mark))
        return self.numbers[kind, number]

    def table(self, element: Any) -> None:
        """A table, or pieces of a page that were put into one to place them."""
        rows = [list(row.iterchildren(f"{W}tc")) for row in element.iterchildren(f"{W}tr")]
        words = [sum(len((t.text or "").split()) for t in cell.iter(f"{W}t")) for row in rows for cell in row]
        full = [row for row in rows if sum(any(t.text for t in cell.iter(f"{W}t")) for cell in row) > 1]
        if len(full) > 1 and len(full) > 0.5 * len(rows) and max(words) <= CELL_WORDS:
            self.out.add_table([[self.cell(cell) for cell in row] for row in rows])
        else:
            for row in rows:
                for cell in row:
                    self.read(cell)

    def cell(self, element: Any) -> tuple[str, list[str]]:
        """The text of a cell, its paragraphs on one line."""
        lines = [self.line(part, []) for part in element.iter(f"{W}p")]
        return " ".join(text for text, _ in lines), [mark for _, marks in lines for mark in marks]


def _outline(element: Any) -> int | None:
    """The level of a paragraph or style in the outline; 9 means body text."""
    level = element.find(f"{W}pPr/{W}outlineLvl")
    value = level.get(f"{W}val", "9") if level is not None else "9"
    return int(value) + 1 if value in tuple("012345678") else None


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get(f"{W}val", "true") not in ("0", "false", "off")


def _notes(document: Docx, kind: str) -> dict[str, Any]:
    """The notes of a document by their number."""
    from docx.oxml import parse_xml

    for part in document.part.package.iter_parts():
        if str(part.partname) == f"/word/{kind}s.xml":
            notes = parse_xml(part.blob).iterchildren(f"{W}{kind}")
            return {note.get(f"{W}id"): note for note in notes if note.get(f"{W}type", "normal") == "normal"}
    return {}


class _Numbering:
    """Bullets and numbers of list items, as Word would print them."""

    def __init__(self, document: Docx) -> None:
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}  # list, level → format, pattern, first number
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        patterns = {one.get(f"{W}abstractNumId"): one for one in root.iterchildren(f"{W}abstractNum")}
        for number in root.iterchildren(f"{W}num"):
            chosen = number.find(f"{W}abstractNumId")
            pattern = patterns.get(chosen.get(f"{W}val")) if chosen is not None else None
            for level in pattern.iterchildren(f"{W}lvl") if pattern is not None else ():
                kind, text, start = (_value(level, name) for name in ("numFmt", "lvlText", "start"))
                key = number.get(f"{W}numId") or "", int(level.get(f"{W}ilvl") or 0)
                first = int(start) if start and start.isdecimal() else 1
                self.levels[key] = kind or "bullet", text or "", first

    def mark(self, element: Any, style: Any) -> str | None:
        """The mark of a list item; None for a paragraph that is none."""
        properties = element.find(f"{W}pPr/{W}numPr")
        while properties is None and style is not None:
            properties = style.element.find(f"{W}pPr/{W}numPr")
            style = style.base_style
        if properties is None:
            return None
        number, level = _value(properties, "numId") or "0", int(_value(properties, "ilvl") or 0)
        if number == "0" or (number, level) not in self.levels:
            return None
        kind, pattern, start = self.levels[number, level]
        counts = self.counts[number]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        if kind == "bullet":
            return "•"
        return re.sub(r"%(\d)", lambda found: self._number(number, int(found[1]) - 1), pattern)

    def _number(self, number: str, level: int) -> str:
        count = self.counts[number].get(level, 1)
        kind = self.levels.get((number, level), ("decimal", "", 1))[0]
        if kind in ("lowerLetter", "upperLetter"):
            letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
            return letter.upper() if kind == "upperLetter" else letter
        if kind in ("lowerRoman", "upperRoman"):
            return _roman(count).upper() if kind == "upperRoman" else _roman(count)
        return str(count)


def _value(element: Any, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return child.get(f"{W}val") if child is not None else None


def _roman(count: int) -> str:
    text = ""
    for value, sign in ROMAN:
        while count >= value:
            text, count = text + sign, count - value
    return text
