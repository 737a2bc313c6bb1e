"""Bytes of marked-up files → characters → trees. No entity is expanded and nothing outside the file is opened."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from html.parser import HTMLParser
from typing import ClassVar
from xml.parsers import expat

from nlp.errors import Damaged
from nlp.records import NoteRef

DEPTH = 100  # elements within elements
NOTE = "\ufdd0"  # stands where a footnote mark stood until the text is final; no document may contain it


@dataclass(slots=True)
class Node:
    """An element: name without prefix, in lower case; children are elements and strings."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def elements(self) -> Iterator[Node]:
        """The children that are elements."""
        return (child for child in self.children if isinstance(child, Node))

    def every(self, *names: str) -> Iterator[Node]:
        """The elements of these names at any depth, in order."""
        waiting = list(self.elements())[::-1]
        while waiting:
            node = waiting.pop()
            if node.name in names:
                yield node
            waiting.extend(list(node.elements())[::-1])

    def first(self, *names: str) -> Node | None:
        """The first of these at any depth."""
        return next(self.every(*names), None)

    def child(self, *names: str) -> Node | None:
        """The first of these among the children."""
        return next((node for node in self.elements() if node.name in names), None)

    def text(self) -> str:
        """All text within, with white space as one space."""
        return tidy("".join(self._strings()))

    def _strings(self) -> Iterator[str]:
        waiting: list[Node | str] = [self]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, str):
                yield thing
            else:
                waiting.extend(thing.children[::-1])


# --- characters ---------------------------------------------------------------------------------------------------

_UNPRINTED = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]"
)
# A line broken next to punctuation: laid out for the eye, no space is meant.
_LINE_BREAK = re.compile(r"(?<=[(\[«“])\s*\n\s*|\s*\n\s*(?=[.,;:!?)\]»”])")
_DECLARED = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
          (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip
_TWICE = "\ufeff".encode().decode("cp1252")  # a byte order mark that was taken for letters


def decode(data: bytes) -> str:
    """The text of bytes: by their byte order mark, what they declare, UTF-8, and else Windows-1252."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _once(data.decode(encoding, "replace"))
    declared = _DECLARED.search(data[:1024])
    names = [declared[1].decode("ascii")] if declared else []
    if data[1:2] == b"\0" or data[:1] == b"\0":
        names.append("utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    for name in [*names, "utf-8"]:
        try:
            return _once(data.decode(name))
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _once(text: str) -> str:
    """Undo a second encoding, which a byte order mark in letters gives away."""
    if not text.startswith(_TWICE):
        return text
    plain = b"".join(_byte(character) for character in text)
    return plain.decode("utf-8", "replace").lstrip("\ufeff")


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return bytes((ord(character),)) if ord(character) < 256 else character.encode()


def tidy(text: str) -> str:
    """Text as printed: composed characters, no control characters, white space as one space."""
    return " ".join(unicodedata.normalize("NFC", _UNPRINTED.sub("", _LINE_BREAK.sub("", text))).split())


def with_notes(text: str, marks: list[str]) -> tuple[str, tuple[NoteRef, ...]]:
    """Take the places of footnote marks (NOTE) out of a text; `marks` in their order."""
    pieces = tidy(re.sub(rf"\s*{NOTE}", NOTE, text)).split(NOTE)
    notes, offset = [], 0
    for piece, mark in zip(pieces, marks, strict=False):
        offset += len(piece)
        notes.append(NoteRef(mark, offset))
    return "".join(pieces), tuple(notes)


# --- trees --------------------------------------------------------------------------------------------------------


def parse_xml(data: bytes, name: str) -> Node:
    """The tree of an XML file. Raises Damaged, also where it declares entities."""
    text = decode(data)
    text = text[max(text.find("<"), 0) :]
    root = Node("")
    path = [root]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(path) > DEPTH:
            raise Damaged(name, f"its elements lie more than {DEPTH} deep")
        node = Node(tag.rpartition(":")[2].lower(), attributes)
        path[-1].children.append(node)
        path.append(node)

    def refuse(*_: object) -> None:
        raise Damaged(name, "it declares entities of its own, which are not expanded", hint="Ask for it without them.")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    parser.CharacterDataHandler = lambda string: path[-1].children.append(string)
    parser.SkippedEntityHandler = lambda entity, _: path[-1].children.append(html5.get(f"{entity};", ""))
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(re.sub(r"^<\?xml[^>]*\?>", "", text), True)
    except expat.ExpatError as error:
        raise Damaged(name, f"its XML is broken ({error})", hint="Check that it was saved whole.") from error
    return root


class _Html(HTMLParser):
    """Builds the tree of a page, closing what its author did not."""

    VOID = frozenset((
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ))  # fmt: skip
    BLOCKS = frozenset((
        "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "blockquote",
    ))  # fmt: skip
    HOLDERS = BLOCKS | {"li", "td", "th", "dd"}
    # A start tag → the open elements that it ends, and those beyond which it ends none.
    ENDS: ClassVar[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
        "p": (frozenset(("p",)), HOLDERS),
        "li": (frozenset(("li",)), frozenset(("ul", "ol"))),
        "tr": (frozenset(("tr", "td", "th")), frozenset(("table",))),
        **dict.fromkeys(("td", "th"), (frozenset(("td", "th")), frozenset(("tr", "table")))),
        **dict.fromkeys(("dt", "dd"), (frozenset(("dt", "dd")), frozenset(("dl",)))),
        **dict.fromkeys(BLOCKS, (frozenset(("p",)), HOLDERS)),
    }

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self.path = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ended, within = self.ENDS.get(tag, (frozenset(), frozenset()))
        last = len(self.path)
        for at in range(len(self.path) - 1, 0, -1):
            if self.path[at].name in ended:
                last = at
            elif self.path[at].name in within:
                break
        del self.path[last:]
        node = Node(tag, {key: value or "" for key, value in attrs})
        self.path[-1].children.append(node)
        if tag not in self.VOID and len(self.path) <= DEPTH:
            self.path.append(node)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.path) - 1, 0, -1):
            if self.path[at].name == tag:
                del self.path[at:]
                return

    def handle_data(self, data: str) -> None:
        self.path[-1].children.append(data)


def parse_html(data: bytes) -> Node:
    """The tree of a web page; pages are never broken, only untidy."""
    parser = _Html()
    parser.feed(decode(data))
    parser.close()
    return parser.root
