"""The exact structure of a set document, in the form the scorer of PDF readers reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from documents.flow import Page
from documents.pieces import Piece, all_pieces

NUMBERED = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")


@dataclass(slots=True)
class Furniture:
    """Printed lines that are no running text, and bare page numbers."""

    lines: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    def add(self, line: str) -> str:
        """Note a line and give it back, to be printed."""
        if line not in self.lines and len(line) > 2 and not line.isdigit():
            self.lines.append(line)
        return line

    def number(self, text: str) -> str:
        if text not in self.numbers:
            self.numbers.append(text)
        return text


def truth(
    name: str, pieces: Sequence[Piece], pages: Sequence[Page], furniture: Furniture, **facts: object
) -> dict[str, object]:
    """`facts` are title, date, layout, renderer and whatever else is known of the document."""
    spread = _spread(pages)
    blocks = [_block(piece, *spread[id(piece)]) for piece in all_pieces(pieces) if id(piece) in spread]
    return {
        "name": name,
        **facts,
        "pages": len(pages),
        "line_end_hyphens": sum(page.hyphens for page in pages),
        "words": sum(len(str(block["text"]).split()) for block in blocks),
        "blocks": blocks,
        "furniture": furniture.lines,
        "page_number_strings": furniture.numbers,
        "scan_pages": 0,
        "rotated_pages": 0,
        "landscape_pages": 0,
    }


def _spread(pages: Sequence[Page]) -> dict[int, tuple[int, int]]:
    """First and last page of every piece, by identity."""
    found: dict[int, tuple[int, int]] = {}
    for page in pages:
        for piece in page.pieces:
            start, _ = found.get(id(piece), (page.number, page.number))
            found[id(piece)] = (start, page.number)
    return found


def _block(piece: Piece, start: int, end: int) -> dict[str, object]:
    block: dict[str, object] = {
        "kind": piece.kind,
        "text": _text(piece),
        "page_start": start,
        "page_end": end,
        "footnote_refs": piece.note_marks,
    }
    if piece.level is not None:
        block["level"] = piece.level
    if piece.mark is not None:
        block["label" if piece.kind in ("footnote", "question", "answer") else "marker"] = piece.mark
    if piece.kind == "table":
        block["rows"] = [list(row) for row in piece.rows]
    for flag in ("optional", "in_box"):
        if getattr(piece, flag):
            block[flag] = True
    if piece.role:
        block["role"] = piece.role
    return block


def _text(piece: Piece) -> str:
    if piece.kind == "figure":
        return " ".join(piece.rows[0])
    if piece.rows:
        return " ".join(cell for row in piece.rows for cell in row)
    if piece.kind == "list_item" and piece.mark and NUMBERED & set(piece.mark) and piece.mark != "o":
        return f"{piece.mark} {piece.text}"
    return piece.text


def write_truth(path: Path, facts: dict[str, object]) -> None:
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
