"""What a document consists of before it is set: pieces of text in reading order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one style. A `note` is a footnote marker, a `label` the "Vraag 1:" before a question: no part of the text."""

    text: str
    bold: bool = False
    italic: bool = False
    note: bool = False
    label: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of the truth. `look` names the style to set it in; `bare` marks are printed but stay out of the text."""

    kind: str
    spans: tuple[Span, ...]
    look: str = "body"
    level: int | None = None
    mark: str | None = None  # bullet, enumerator or footnote number
    depth: int = 0
    optional: bool = False
    role: str | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[Piece, ...] = ()
    in_box: bool = False

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans if not span.note and not span.label)

    @property
    def note_marks(self) -> list[str]:
        return [span.text for span in self.spans if span.note]


def plain(text: str, *, bold: bool = False, italic: bool = False) -> tuple[Span, ...]:
    return (Span(text, bold=bold, italic=italic),)


def heading(text: str, level: int = 1, *, look: str | None = None, optional: bool = False) -> Piece:
    return Piece("heading", plain(text), look=look or f"h{level}", level=level, optional=optional)


def paragraph(text: str, look: str = "body", *, optional: bool = False, role: str | None = None) -> Piece:
    return Piece("paragraph", plain(text), look=look, optional=optional, role=role)


def footnote(mark: str, text: str) -> Piece:
    return Piece("footnote", plain(text), look="footnote", mark=mark)


def unnoted(piece: Piece) -> Piece:
    """The piece without its footnotes."""
    return replace(piece, spans=tuple(s for s in piece.spans if not s.note), notes=()) if piece.notes else piece


def all_pieces(pieces: Iterable[Piece]) -> list[Piece]:
    """Every piece with its footnotes directly behind it: the order of the truth."""
    found: list[Piece] = []
    for piece in pieces:
        found.append(piece)
        found.extend(piece.notes)
    return found
