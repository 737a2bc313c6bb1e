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
        columns = frames(page.number)
        if style.wide_notes and len(columns) > 1:
            queue = _fill_above_notes(page, queue, columns, style)
        else:
            queue, later = _fill(page, queue, later, columns, style)
        if not page.pieces:
            raise ValueError(f"nothing fits on page {page.number}")
        pages.append(page)
    return pages


def _fill(
    page: Page, queue: list[Strip], later: list[Strip], frames: list[Frame], style: Style
) -> tuple[list[Strip], list[Strip]]:
    """Fill every column with its own footnotes below; gives what is left of the text and of the footnotes."""
    for frame in frames:
        if queue or later:
            column = take(queue, later, frame.bottom - frame.top, frame.width, style)
            queue, later = queue[len(column.body) :], column.later
            _print(page, column, frame, style)
    return queue, later


def _fill_above_notes(page: Page, queue: list[Strip], frames: list[Frame], style: Style) -> list[Strip]:
    """Fill the columns above footnotes as wide as the page; room for these is made until it is enough."""
    wide = replace(frames[0], width=frames[-1].x + frames[-1].width - frames[0].x)
    room = 0.0
    while True:
        rest, columns, feet = queue, [], []
        for frame in frames:
            column = take(rest, [], frame.bottom - frame.top - room, frame.width, style, noted=False)
            notes = [note for strip in column.body for note in strip.notes]
            feet += [strip for note in notes for strip in set_piece(note, wide.width, style)]
            columns.append(column)
            rest = rest[len(column.body) :]
        if _height(feet, style) <= room:
            break
        room = _height(feet, style)
    for column, frame in zip(columns, frames, strict=True):
        _print(page, column, frame, style)
    _print(page, Column([], feet, []), wide, style)
    return rest


def take(
    queue: list[Strip], carried: list[Strip], height: float, measure: float, style: Style, *, noted: bool = True
) -> Column:
    """As many strips as fit above their footnotes (unless not `noted`), broken where a break is allowed."""
    feet, later = _carry(carried, height * 0.45, style)
    best = full = Column([], feet, later)
    used = 0.0
    for count, strip in enumerate(queue, 1):
        used += strip.height + (strip.before if count > 1 else 0.0)
        notes = [s for note in strip.notes for s in set_piece(note, measure, style)] if noted else []
        placed = _place_notes(feet, later, notes, height - used, style)
        if placed is None:
            break
        feet, later = placed
        full = Column(queue[:count], feet, later)
        if not strip.keep or count == len(queue):
            best = full
    return best if best.body else full


def _place_notes(
    feet: list[Strip], later: list[Strip], notes: list[Strip], room: float, style: Style
) -> tuple[list[Strip], list[Strip]] | None:
    """The foot with `notes` added, and what of them is left for the next page; None where they do not fit."""
    if later:  # notes stay in order: behind one that runs on, all wait
        return (feet, [*later, *notes]) if _height(feet, style) <= room else None
    if _height([*feet, *notes], style) <= room:
        return [*feet, *notes], []
    if not style.notes_split or len(notes) < 3:
        return None
    for count in range(len(notes) - 1, 1, -1):  # two lines or more here
        if _height([*feet, *notes[:count]], style) <= room:
            return [*feet, *notes[:count]], notes[count:]
    return None


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
