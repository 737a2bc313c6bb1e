"""Strips onto pages: frames are filled from the top, footnotes from the foot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from documents.looks import Style
from documents.pieces import Piece
from documents.setting import Draw, Fill, Strip, moved, set_piece


@dataclass(frozen=True, slots=True)
class Frame:
    """A column on a page; y counts down from the top of the page."""

    x: float
    top: float
    width: float
    bottom: float


@dataclass(slots=True)
class Page:
    """What is printed on a page, and what of it belongs to which piece."""

    number: int
    draws: list[Draw] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    hyphens: int = 0


@dataclass(slots=True)
class Column:
    """The share of the strips that one frame takes."""

    body: list[Strip]
    feet: list[Strip]
    later: list[Strip]  # what is left of footnotes that run on


def flow(pieces: Iterable[Piece], frames: Callable[[int], list[Frame]], style: Style, first: int = 1) -> list[Page]:
    """Fill as many pages as it takes; `frames` gives the columns of a page by its number."""
    measure = frames(first)[0].width
    queue = [strip for piece in pieces for strip in set_piece(piece, measure, style)]
    pages: list[Page] = []
    later: list[Strip] = []
    while queue or later:
        page = Page(first + len(pages))
        for frame in frames(page.number):
            column = take(queue, later, frame.bottom - frame.top, frame.width, style)
            if not column.body and not column.feet and (queue or later):
                raise ValueError(f"nothing fits in a column of {frame.bottom - frame.top:.0f} points")
            queue, later = queue[len(column.body) :], column.later
            _print(page, column, frame, style)
            if not queue and not later:
                break
        pages.append(page)
    return pages


def take(queue: list[Strip], carried: list[Strip], height: float, measure: float, style: Style) -> Column:
    """As many strips as fit above their footnotes, broken where a break is allowed."""
    feet, later = _carry(carried, height * 0.45, style)
    count, best = 0, 0
    used = 0.0
    kept, kept_later = feet, later
    for strip in queue:
        used += strip.height + (strip.before if count else 0.0)
        notes = [s for note in strip.notes for s in set_piece(note, measure, style)]
        whole = [*feet, *later, *notes] if not later else feet
        room = height - used
        if later:
            fitting, rest = feet, [*later, *notes]
        elif _height(whole, style) <= room:
            fitting, rest = whole, []
        else:
            fitting, rest = _split_feet(feet, notes, room, style)
            if rest is None:
                break
        if _height(fitting, style) > room:
            break
        count += 1
        feet, later = fitting, list(rest or [])
        if not strip.keep or count == len(queue):
            best, kept, kept_later = count, feet, later
    if best == 0 and count:
        best, kept, kept_later = count, feet, later
    return Column(queue[:best], kept, kept_later)


def _split_feet(
    feet: list[Strip], notes: list[Strip], room: float, style: Style
) -> tuple[list[Strip], list[Strip] | None]:
    """Two lines or more of the notes here and the rest on the next page; None where that cannot be."""
    if not style.notes_split or len(notes) < 3:
        return feet, None
    for count in range(len(notes) - 1, 1, -1):
        fitting = [*feet, *notes[:count]]
        if _height(fitting, style) <= room:
            return fitting, notes[count:]
    return feet, None


def _carry(carried: list[Strip], room: float, style: Style) -> tuple[list[Strip], list[Strip]]:
    count = len(carried)
    while count > 1 and _height(carried[:count], style) > room:
        count -= 1
    return carried[:count], carried[count:]


def _height(feet: list[Strip], style: Style) -> float:
    return sum(strip.height for strip in feet) + style.note_gap if feet else 0.0


def _print(page: Page, column: Column, frame: Frame, style: Style) -> None:
    y = frame.top
    for index, strip in enumerate(column.body):
        y += strip.before if index else 0.0
        _put(page, strip, frame.x, y)
        y += strip.height
    if column.feet:
        y = frame.bottom - _height(column.feet, style)
        if style.note_rule:
            rule = Fill(frame.x, y + style.note_gap * 0.4, frame.x + frame.width * style.note_rule, 0.0)
            page.draws.append(replace(rule, y1=rule.y0 + 0.5))
        y += style.note_gap
        for strip in column.feet:
            _put(page, strip, frame.x, y)
            y += strip.height


def _put(page: Page, strip: Strip, x: float, y: float) -> None:
    page.draws += [moved(draw, x, y) for draw in strip.draws]
    page.hyphens += strip.hyphens
    if strip.piece is not None and (not page.pieces or page.pieces[-1] is not strip.piece):
        page.pieces.append(strip.piece)
