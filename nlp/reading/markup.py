"""Text that carries its own structure → blocks: official XML, HTML, plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import ClassVar

from nlp.reading.trees import NOTE, Node, decode, parse_html, parse_xml, tidy, with_notes
from nlp.records import Block, NoteRef, Notice

CELL_WORDS = 40  # a cell with more is a piece of the page, not of a table


@dataclass(frozen=True, slots=True)
class Contents:
    """What a reader of a structured file finds; the fields are those of `records.Document`."""

    blocks: tuple[Block, ...]
    title: str | None = None
    date: str | None = None  # ISO 8601
    kind: str | None = None
    dossiernummer: str | None = None
    ondernummer: str | None = None
    vergaderjaar: str | None = None
    notices: tuple[Notice, ...] = ()


# --- blocks -------------------------------------------------------------------------------------------------------


class Writer:
    """Gathers blocks; footnotes wait until the end."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.footnotes: list[Block] = []
        self.prefix = ""  # set before the next paragraph: who speaks

    def add(self, kind: str, text: str, marks: list[str], level: int | None = None, mark: str | None = None) -> None:
        """One block, unless there is nothing in it."""
        text, notes = with_notes(text, marks)
        if not text:
            return
        if self.prefix and kind != "heading":
            notes = tuple(NoteRef(note.mark, note.offset + len(self.prefix) + 1) for note in notes)
            text, self.prefix = f"{self.prefix} {text}", ""
        self.blocks.append(Block(kind, text, level=level, mark=mark, notes=notes))

    def add_table(self, rows: list[list[tuple[str, list[str]]]]) -> None:
        """Cells parted by " | ", rows by " ; "."""
        rows = [row for row in rows if any(text.strip() for text, _ in row)]
        text = " ; ".join(" | ".join(tidy(cell) for cell, _ in row) for row in rows)
        self.add("table", text, [mark for row in rows for _, marks in row for mark in marks])

    def done(self) -> tuple[Block, ...]:
        """All blocks, footnotes behind the running text; the highest headings have level 1."""
        highest = min((block.level for block in self.blocks if block.level), default=1)
        leveled = (replace(b, level=b.level - highest + 1) if b.level else b for b in self.blocks)
        return (*leveled, *self.footnotes)


class Walker:
    """Goes through a tree; what an element means stands in the tables of the formats below."""

    skipped: frozenset[str]
    inline: frozenset[str]  # elements that stand within a line
    spaced: frozenset[str] = frozenset(("br",))  # elements that a space follows
    handlers: ClassVar[dict[str, str]]  # element → method that takes it

    def __init__(self) -> None:
        self.out = Writer()
        self.level = 1
        self.kind = "paragraph"  # of the text where we are

    def walk(self, node: Node) -> None:
        """An element that stands by itself."""
        if node.name in self.skipped:
            return
        if node.name in self.handlers:
            getattr(self, self.handlers[node.name])(node)
        else:
            self.walk_children(node)

    def walk_as(self, kind: str, node: Node, mark: str | None) -> None:
        """The text in an element, as blocks of one kind of which the first bears the mark."""
        before, self.kind = self.kind, kind
        self.walk_children(node, mark)
        self.kind = before

    def walk_children(self, node: Node, mark: str | None = None) -> None:
        """Paragraphs of loose text, and the elements between them."""
        pieces: list[Node | str] = []

        def flush() -> None:
            nonlocal mark
            count = len(self.out.blocks)
            self.out.add(self.kind, *self.line(pieces), mark=mark)
            mark = mark if len(self.out.blocks) == count else None
            pieces.clear()

        for child in node.children:
            if isinstance(child, str) or (child.name in self.inline and not self.holds_blocks(child)):
                pieces.append(child)
                continue
            flush()
            count = len(self.out.blocks)
            if mark and child.name in ("al", "p", "div"):
                self.walk_children(child, mark)
            else:
                self.walk(child)
            mark = mark if len(self.out.blocks) == count else None
        flush()

    def holds_blocks(self, node: Node) -> bool:
        """Whether anything in it stands by itself."""
        return any(inner.name not in self.inline for inner in node.elements()) or any(
            self.holds_blocks(inner) for inner in node.elements()
        )

    def line(self, pieces: list[Node | str]) -> tuple[str, list[str]]:
        """The text of inline pieces, with NOTE where footnote marks stood, and the marks."""
        text: list[str] = []
        marks: list[str] = []
        for piece in pieces:
            self._line(piece, text, marks)
        return "".join(text), marks

    def _line(self, piece: Node | str, text: list[str], marks: list[str]) -> None:
        if isinstance(piece, str):
            text.append(piece)
        elif (mark := self.note(piece)) is not None:
            text.append(NOTE)
            marks.append(mark)
        elif piece.name not in self.skipped:
            for child in piece.children:
                self._line(child, text, marks)
            if piece.name in self.spaced:
                text.append(" ")

    def note(self, node: Node) -> str | None:
        """The mark of a footnote that stands here, if the element is one."""
        raise NotImplementedError

    def heading(self, node: Node, level: int) -> None:
        """A heading of all text in an element."""
        self.out.add("heading", *self.line(list(node.children)), level=level)

    def table(self, rows: list[list[Node]]) -> None:
        """A table, or pieces of a page that were put into one to place them."""
        cells = [[self.line(list(cell.children)) for cell in row] for row in rows]
        small = all(len(text.split()) <= CELL_WORDS for row in cells for text, _ in row)
        if small and len(cells) > 1 and max(map(len, cells)) > 1:
            self.out.add_table(cells)
        else:
            for row in rows:
                for cell in row:
                    self.walk_children(cell)


# --- official publications ----------------------------------------------------------------------------------------


class _Official(Walker):
    """The XML of officielebekendmakingen.nl (op-xsd-2012): Kamerstukken, Kamervragen, Handelingen."""

    skipped = frozenset((
        "metadata", "kamerstukkop", "kamervraagkop", "kamervraagnummer", "plaatje", "illustratie", "noot.nr",
    ))  # fmt: skip
    inline = frozenset((
        "nadruk", "noot", "noot.nr", "noot.al", "noot.lijst", "noot.li", "extref", "intref", "sup", "inf", "br",
        "naam", "voornaam", "achternaam", "voorvoegsels", "politiek", "functie", "datum", "term",
        "kamervraagonderwerp", "ondernummer", "organisatie", "plaats", "dossiernr", "begrotingshoofdstuk",
    ))  # fmt: skip
    spaced = frozenset((
        "br", "label", "nr", "titel", "functie", "dossiernr", "begrotingshoofdstuk", "noot.al", "noot.li",
    ))  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.number = ""  # "Nr. 133", printed before the title that follows

    def note(self, node: Node) -> str | None:
        if node.name != "noot":
            return None
        number = node.child("noot.nr")
        mark = number.text() if number else node.attributes.get("nr", str(len(self.out.footnotes) + 1))
        text, marks = self.line([child for child in node.children if child is not number])
        text, notes = with_notes(text, marks)
        if text:
            self.out.footnotes.append(Block("footnote", text, mark=mark, notes=notes))
        return mark

    def title(self, node: Node) -> None:
        text, marks = self.line(list(node.children))
        self.out.add("heading", f"{self.number} {text}", marks, level=self.level)
        self.number = ""

    def numbered(self, node: Node) -> None:
        self.number = tidy(self.line(list(node.children))[0])

    def section(self, node: Node) -> None:
        deeper = node.child("kop", "item-titel") is not None
        self.level += deeper
        self.walk_children(node)
        self.level -= deeper

    def agenda_item(self, node: Node) -> None:
        node.children = [child for child in node.children if not (isinstance(child, Node) and child.name == "nr")]
        self.section(node)

    def subheading(self, node: Node) -> None:
        self.heading(node, self.level + 1)

    def speaker(self, node: Node) -> None:
        self.out.prefix = node.text()

    def item(self, node: Node) -> None:
        number = node.child("li.nr")
        node.children = [child for child in node.children if child is not number]
        self.walk_as("list_item", node, number.text() if number else "•")

    def question(self, node: Node) -> None:
        number = node.child("nr")
        node.children = [child for child in node.children if child is not number]
        name, what = ("Vraag", "question") if node.name == "vraag" else ("Antwoord", "answer")
        mark = number.text() if number else name
        self.walk_as(what, node, mark if mark.startswith(name) else f"{name} {mark}")

    def rows(self, node: Node) -> None:
        caption = node.child("title", "titel", "kop")
        if caption is not None:
            self.out.add("caption", *self.line(list(caption.children)))
        self.table([list(row.every("entry")) for row in node.every("row")])

    handlers: ClassVar[dict[str, str]] = {
        "titel": "title", "kop": "title", "item-titel": "title", "stuknr": "numbered", "dossiernummer": "numbered",
        "divisie": "section", "agendapunt": "agenda_item", "artikel": "section", "hoofdstuk": "section",
        "paragraaf": "section", "bijlage": "section", "motie": "section", "tussenkop": "subheading",
        "spreker": "speaker", "li": "item", "vraag": "question", "antwoord": "question", "table": "rows",
    }  # fmt: skip


def read_xml(data: bytes, name: str) -> Contents:
    """An official publication, or any other XML: then each element with text is a paragraph. Raises Damaged."""
    root = parse_xml(data, name)
    if root.child("html") is not None:
        return _web_page(root)
    walker = _Official()
    walker.walk_children(root)
    return replace(_particulars(root), blocks=walker.out.done())


_KINDS = {"kamerstuk": "kamerstuk", "kamervragen": "aanhangsel", "handelingen": "handelingen"}


def _particulars(root: Node) -> Contents:
    """What a publication says of itself."""
    kind = next((kind for name, kind in _KINDS.items() if root.first(name)), None)
    title = root.first("kamervraagonderwerp", "item-titel") or _child_of(root, "dossier", "titel")
    named = _text(_child_of(root, "stuk", "titel")) or ""
    if kind == "kamerstuk" and re.match("(?i)(nader )?gewijzigde motie|motie", named):
        kind = "motie"
    lines = root.every("tekstregel")
    year = next((node.text() for node in lines if node.attributes.get("inhoud") == "vergaderjaar"), "")
    years = re.search(r"\d{4}-\d{4}", year.replace("–", "-"))
    date = root.first("datum")
    number, chapter = _text(root.first("dossiernr")), _text(root.first("begrotingshoofdstuk"))
    dossier = re.sub(r"\D", "", number or "") + (f"-{chapter}" if chapter else "")
    below = root.first("ondernummer", "ondernr")
    return Contents(
        (), _text(title), (date.attributes.get("isodatum") or None) if date else None, kind, dossier or None,
        _text(below), years[0] if years else None,
    )  # fmt: skip


def _child_of(root: Node, parent: str, name: str) -> Node | None:
    node = root.first(parent)
    return node.child(name) if node else None


def _text(node: Node | None) -> str | None:
    return (node.text() or None) if node else None


# --- web pages ----------------------------------------------------------------------------------------------------


class _WebPage(Walker):
    skipped = frozenset((
        "head", "script", "style", "noscript", "template", "svg", "math", "nav", "footer", "aside", "form",
        "button", "select", "textarea", "iframe", "object",
    ))  # fmt: skip
    inline = frozenset((
        "a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
        "input", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
        "time", "tt", "u", "var", "wbr",
    ))  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.hidden = 0

    def walk(self, node: Node) -> None:
        if _is_hidden(node):
            self.hidden += 1
        else:
            super().walk(node)

    def _line(self, piece: Node | str, text: list[str], marks: list[str]) -> None:
        if isinstance(piece, Node) and _is_hidden(piece):
            self.hidden += 1
        else:
            super()._line(piece, text, marks)

    def note(self, node: Node) -> str | None:
        if node.name != "sup" or node.first("a") is None:
            return None
        mark = node.text().strip("[]() ")
        return mark if mark.isdecimal() and len(mark) < 4 else None

    def titled(self, node: Node) -> None:
        self.heading(node, int(node.name[1]))

    def listed(self, node: Node) -> None:
        number = int(start) if (start := node.attributes.get("start", "1")).isdecimal() else 1
        for item in node.elements():
            self.walk_as("list_item", item, f"{number}." if node.name == "ol" else "•")
            number += 1

    def rows(self, node: Node) -> None:
        caption = node.child("caption")
        if caption is not None:
            self.out.add("caption", *self.line(list(caption.children)))
        inner = {id(row) for table in node.every("table") for row in table.every("tr")}
        rows = [row for row in node.every("tr") if id(row) not in inner]
        self.table([[cell for cell in row.elements() if cell.name in ("td", "th")] for row in rows])

    def legend(self, node: Node) -> None:
        self.out.add("caption", *self.line(list(node.children)))

    handlers: ClassVar[dict[str, str]] = {
        "h1": "titled", "h2": "titled", "h3": "titled", "h4": "titled", "h5": "titled", "h6": "titled",
        "ul": "listed", "ol": "listed", "table": "rows", "figcaption": "legend",
    }  # fmt: skip


def _is_hidden(node: Node) -> bool:
    style = node.attributes.get("style", "").replace(" ", "").lower()
    return "hidden" in node.attributes or bool(
        re.search(r"display:none|visibility:hidden|font-size:0(?![.\d])|opacity:0(?![.\d])", style)
    )


def read_html(data: bytes) -> Contents:
    """A web page: of its one main part where it has that, else of all but its menus and footers."""
    return _web_page(parse_html(data))


def _web_page(root: Node) -> Contents:
    mains = list(root.every("main")) or list(root.every("article"))
    walker = _WebPage()
    walker.walk_children(mains[0] if len(mains) == 1 else root)
    title = root.first("title")
    hidden = Notice("hidden_text", f"{walker.hidden} pieces of the page that cannot be seen were left out.")
    return Contents(walker.out.done(), _text(title), notices=(hidden,) if walker.hidden else ())


# --- plain text ---------------------------------------------------------------------------------------------------

_BULLET = re.compile(r"^\s*([-–•*▪◦·])\s+(?=\S)")
WRAPPED = 120  # characters: lines that are longer were not broken to fit a page, so each is a paragraph


def read_text(data: bytes) -> Contents:
    """Paragraphs parted by blank lines; form feeds begin a page."""
    sheets = decode(data).replace("\r\n", "\n").replace("\r", "\n").split("\f")
    blocks = []
    for number, sheet in enumerate(sheets, 1):
        for paragraph in re.split(r"\n[ \t\xa0]*\n", sheet):
            for mark, text in _pieces(paragraph.split("\n")):
                kind = "list_item" if mark else "paragraph"
                blocks.append(Block(kind, text, number if len(sheets) > 1 else None, mark=mark))
    return Contents(tuple(block for block in blocks if block.text))


def _pieces(lines: list[str]) -> list[tuple[str | None, str]]:
    """The list items and paragraphs of lines without a blank one between them."""
    apart = max(map(len, lines)) > WRAPPED
    pieces: list[tuple[str | None, list[str]]] = []
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet:
            pieces.append((bullet[1], [line[bullet.end() :]]))
        elif apart or not pieces:
            pieces.append((None, [line]))
        else:
            pieces[-1][1].append(line)
    return [(mark, tidy(" ".join(text))) for mark, text in pieces]
