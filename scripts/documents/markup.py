"""The text of a letter in Markdown, as far as letters need it, read into pieces.

Headings (`##`), paragraphs, `-` and `1.` lists, tables with `|`, `*italic*`, `**bold**`, footnotes as `[^1]` with their
text in a line `[^1]: …` anywhere below the marker.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import yaml

from documents.pieces import Piece, Span

NOTE = re.compile(r"^\[\^(\d+)\]:\s*(.*)$")
ITEM = re.compile(r"^(-|\d+\.)\s+(.*)$")
STYLES = re.compile(r"\*\*(?P<bold>[^*]+)\*\*|\*(?P<italic>[^*]+)\*|\[\^(?P<note>\d+)\]")


def read_letter(text: str) -> tuple[dict[str, Any], list[Piece]]:
    """Front matter and pieces of a letter."""
    _, front, body = text.split("---\n", 2)
    found = [match.groups() for line in body.splitlines() if (match := NOTE.match(line))]
    notes = {mark: Piece("footnote", spans(said), look="footnote", mark=mark) for mark, said in found}
    pieces = [_with_notes(piece, notes) for chunk in re.split(r"\n\s*\n", body.strip()) for piece in _pieces(chunk)]
    return yaml.safe_load(front), pieces


def spans(text: str) -> tuple[Span, ...]:
    """Inline styles and footnote markers of a run of Markdown."""
    found, at = [], 0
    for match in STYLES.finditer(text):
        if match.start() > at:
            found.append(Span(text[at : match.start()]))
        kind = match.lastgroup or ""
        found.append(Span(match.group(kind), **{kind: True}))
        at = match.end()
    if at < len(text):
        found.append(Span(text[at:]))
    return tuple(found)


def _pieces(chunk: str) -> list[Piece]:
    lines = [line for line in chunk.splitlines() if not NOTE.match(line)]
    if not lines:
        return []
    if lines[0].startswith("#"):
        level = len(lines[0]) - len(lines[0].lstrip("#")) - 1
        return [Piece("heading", spans(lines[0].lstrip("# ")), look=f"h{level}", level=level)]
    if lines[0].startswith("|"):
        rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if "---" not in line]
        return [Piece("table", (), look="table", rows=tuple(rows))]
    if ITEM.match(lines[0]):
        items = [m.groups() for line in lines if (m := ITEM.match(line))]
        return [Piece("list_item", spans(said), look="list", mark=mark.replace("-", "•")) for mark, said in items]
    text = " ".join(lines)
    if re.match(r"(Tabel|Figuur) \d+:", text):
        return [Piece("caption", spans(text), look="caption")]
    return [Piece("paragraph", spans(text))]


def _with_notes(piece: Piece, notes: dict[str, Piece]) -> Piece:
    return replace(piece, notes=tuple(notes[mark] for mark in piece.note_marks))
