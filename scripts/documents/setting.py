"""Pieces into strips: the unbreakable horizontal slices that pages are filled with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from documents.breaking import Atom, Line, Word, break_lines, printable, words_of
from documents.fonts import width
from documents.looks import Look, Style
from documents.pieces import Piece, Span


@dataclass(frozen=True, slots=True)
class Text:
    """Words on one baseline; x from the left of the frame, y down from its top (later: of the page)."""

    x: float
    y: float
    words: tuple[tuple[float, Word], ...]
    gap: float = 0.0  # natural width of a space in this text


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled rectangle: rules, boxes, bars of a figure."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)


Draw = Text | Fill


def moved(draw: Draw, dx: float, dy: float) -> Draw:
    if isinstance(draw, Text):
        return replace(draw, x=draw.x + dx, y=draw.y + dy)
    return replace(draw, x0=draw.x0 + dx, x1=draw.x1 + dx, y0=draw.y0 + dy, y1=draw.y1 + dy)


@dataclass(frozen=True, slots=True)
class Strip:
    """One slice of the text column."""

    height: float
    draws: tuple[Draw, ...]
    piece: Piece | None = None
    before: float = 0.0  # dropped at the top of a frame
    notes: tuple[Piece, ...] = ()  # footnotes whose markers stand in it
    keep: bool = False  # no break behind it
    hyphens: int = 0  # lines that end in a hyphen


def set_piece(piece: Piece, measure: float, style: Style) -> list[Strip]:
    """The strips of a piece for a column of `measure` points."""
    setter = set_boxed if piece.in_box else SETTERS.get(piece.kind, set_text)
    return setter(piece, measure, style)


def set_text(piece: Piece, measure: float, style: Style) -> list[Strip]:
    look = style.look(piece.look)
    return _strips(piece, break_lines(words_of(piece.spans, look, style), measure, look, style), look, style)


def set_list_item(piece: Piece, measure: float, style: Style) -> list[Strip]:
    """The mark hangs before the text."""
    look = style.look(piece.look)
    step = style.list_step * (piece.depth + 1)
    inner = look.but(left=look.left + step, first=0.0)
    strips = _strips(piece, break_lines(words_of(piece.spans, inner, style), measure, inner, style), look, style)
    return _hang(strips, piece.mark or "", look.left + step - style.list_step, look)


def set_footnote(piece: Piece, measure: float, style: Style) -> list[Strip]:
    look = style.look(piece.look)
    mark = style.foot_form.format(piece.mark)
    size = round(look.size * (style.note_size if style.foot_raised else 1.0), 2)
    rise = round(look.size * style.note_rise, 2) if style.foot_raised else 0.0
    atom = Atom(mark, look.font(), size, rise)
    shift = max(style.foot_hang, atom.width + 2.5)
    inner = look.but(left=look.left + style.foot_hang, first=shift - style.foot_hang)
    strips = _strips(piece, break_lines(words_of(piece.spans, inner, style), measure, inner, style), inner, style)
    return _with_draw(strips, Text(look.left, _baseline(look), ((0.0, (atom,)),), width(" ", atom.font, atom.size)))


def _hang(strips: list[Strip], mark: str, x: float, look: Look) -> list[Strip]:
    atom = Atom(printable(mark, look.font(), False), look.font(), look.size, colour=look.colour)
    return _with_draw(strips, Text(x, _baseline(look), ((0.0, (atom,)),), width(" ", atom.font, atom.size)))


def _with_draw(strips: list[Strip], draw: Draw) -> list[Strip]:
    return [replace(strips[0], draws=(draw, *strips[0].draws)), *strips[1:]]


def _baseline(look: Look) -> float:
    return look.leading / 2 + look.size * 0.36


def line_text(line: Line, look: Look) -> Text:
    return Text(0.0, _baseline(look), line.words, width(" ", look.font(), look.size))


def _strips(piece: Piece, lines: list[Line], look: Look, style: Style) -> list[Strip]:
    by_mark = {style.note_form.format(note.mark): note for note in piece.notes}
    count = len(lines)
    strips = []
    for index, line in enumerate(lines):
        first, last = index == 0, index == count - 1
        tidy = style.tidy and count > 2 and (first or index == count - 2)
        strips.append(
            Strip(
                look.leading + (look.after if last else 0.0), (line_text(line, look),), piece,
                before=look.before if first else 0.0,
                notes=tuple(by_mark[mark] for mark in line.notes if mark in by_mark),
                keep=look.keep or (tidy and not last), hyphens=int(line.hyphen),
            )
        )  # fmt: skip
    return strips


def set_table(piece: Piece, measure: float, style: Style) -> list[Strip]:
    """Rows of cells, the first a head; figures are set right; no break within."""
    look = style.look(piece.look)
    columns = _column_widths(piece.rows, measure, look)
    strips = [
        _row(piece, index, row, columns, look, style) for index, row in enumerate(piece.rows)
    ]  # fmt: skip
    strips[0] = replace(strips[0], before=look.before)
    strips[-1] = replace(strips[-1], height=strips[-1].height + look.after, keep=False)
    return strips


def _column_widths(rows: tuple[tuple[str, ...], ...], measure: float, look: Look) -> list[float]:
    if any(len(cell) > 25 for row in rows for cell in row[1:]):
        return [measure / len(rows[0])] * len(rows[0])
    font = look.font(bold=True)
    wanted = [max(width(row[c], font, look.size) for row in rows) + 10 for c in range(len(rows[0]))]
    if sum(wanted) > measure:
        narrow = (measure - wanted[0] * 0.6) / max(1, len(wanted) - 1)
        wanted = [wanted[0] * 0.6, *(min(w, narrow) for w in wanted[1:])]
    spare = (measure - sum(wanted)) / len(wanted)
    return [w + spare for w in wanted]


def _row(piece: Piece, index: int, row: tuple[str, ...], columns: list[float], look: Look, style: Style) -> Strip:
    draws: list[Draw] = []
    x, deepest = 0.0, 1
    for column, cell in enumerate(row):
        figures = column > 0 and not any(len(row[column]) > 25 for row in piece.rows)
        inner = look.but(bold=look.bold or index == 0, align="right" if figures else "left", left=3.0, right=3.0)
        lines = break_lines(words_of((Span(cell),), inner, style), columns[column], inner, style)
        deepest = max(deepest, len(lines))
        draws += [moved(line_text(line, inner), x, 2 + n * look.leading) for n, line in enumerate(lines)]
        x += columns[column]
    height = deepest * look.leading + 4
    draws += _rules(index, columns, height, style)
    return Strip(height, tuple(draws), piece, keep=True)


def _rules(index: int, columns: list[float], height: float, style: Style) -> list[Draw]:
    total, rules = sum(columns), style.table_rules
    if rules == "none" or (rules == "head" and index > 0):
        return []
    found: list[Draw] = [Fill(0, height - 0.5, total, height)]
    if index == 0:
        found.append(Fill(0, 0, total, 0.5))
    if rules == "grid":
        edges = [sum(columns[:n]) for n in range(len(columns) + 1)]
        found += [Fill(edge, 0, edge + 0.5, height) for edge in edges]
    return found


def plain_line(text: str, x: float, y: float, look: Look, style: Style) -> Text:
    """A line of furniture with its baseline at `y` from the top of the page."""
    words = words_of((Span(text),), look, style)
    line = break_lines(words, 10_000.0, look.but(align="left", left=0.0, first=0.0), style)[0]
    return Text(x, y, line.words, width(" ", look.font(), look.size))


def text_width(text: Text) -> float:
    x, word = text.words[-1]
    return x + sum(atom.width for atom in word)


def set_figure(piece: Piece, measure: float, style: Style) -> list[Strip]:
    """Bars with a label below each; rows are the labels and the values of 0 to 100."""
    look = style.look(piece.look)
    labels, values = piece.rows
    step, tall = measure / len(labels), 80.0
    draws: list[Draw] = []
    for n, (label, value) in enumerate(zip(labels, values, strict=True)):
        draws.append(Fill(n * step + 4, tall * (1 - int(value) / 100), (n + 0.7) * step, tall, (0.3, 0.55, 0.3)))
        draws.append(plain_line(label, n * step + 4, tall + look.leading, look, style))
    return [Strip(tall + look.leading * 1.5, tuple(draws), piece, before=6.0, keep=True)]


SHADE = (0.9, 0.94, 0.88)


def set_boxed(piece: Piece, measure: float, style: Style) -> list[Strip]:
    """Text on a shade as wide as the column."""
    return [
        replace(strip, draws=(Fill(0, -strip.before, measure, strip.height, SHADE), *strip.draws))
        for strip in set_text(piece, measure, style)
    ]


SETTERS: dict[str, Callable[[Piece, float, Style], list[Strip]]] = {
    "list_item": set_list_item,
    "footnote": set_footnote,
    "table": set_table,
    "figure": set_figure,
}
