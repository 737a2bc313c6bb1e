"""Lines of one page → columns in reading order; labels in the margin join their row, tables become one piece."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import mean

from nlp.layout.lines import Column, Line, Measures, Sheet, make_line, raised
from nlp.layout.tables import find_boxes, find_grids, find_tables, overlap, pairs, ruled, take_grid, words_per_line
from nlp.pdf import Rule

_CROWD = 150  # columns; a page with more is scattered words, in which there is no order to be found


def read_columns(sheet: Sheet, measures: Measures) -> list[Column]:
    """The columns of a page in the order in which a person reads them."""
    grids, frames = find_grids(sheet.rules)
    find_boxes(sheet, frames, measures)
    lines = sheet.lines
    tables = []
    for grid in grids:
        table = take_grid([line for line in lines if grid.holds(line)], grid)
        if table is not None:
            inside = set(table.lines)
            lines = [line for line in lines if line not in inside]
            tables.append(table)
    columns = _stack(lines, tables)
    if len(columns) > _CROWD:
        return sorted(columns, key=lambda c: (c.top, c.x0))
    columns = _join_labels(_mend_rows(columns, measures), sheet.rules)
    return _in_order(find_tables(columns, sheet.rules))


def _new(*lines: Line) -> Column:
    return Column(list(lines), min(line.x0 for line in lines), max(line.x1 for line in lines))


def _stack(lines: Iterable[Line], tables: Iterable[Column]) -> list[Column]:
    """Put each line under the column that it overlaps; a line over or under two columns begins a new one.

    Tables end the columns above them.
    """
    columns: list[Column] = []
    open_: list[Column] = []
    waiting = sorted(tables, key=lambda table: table.top, reverse=True)
    for line in lines:
        while waiting and waiting[-1].top < line.top:
            table = waiting.pop()
            columns.append(table)
            open_ = [c for c in open_ if c.x1 < table.x0 or table.x1 < c.x0]
        over = [c for c in open_ if c.x0 < line.x1 - 1 and line.x0 < c.x1 - 1]
        if len(over) == 1 and not _beside(over[0].lines[-1], line) and not _breaks(over[0], line):
            over[0].add(line)
            continue
        if len(over) == 1 and len(over[0].lines) > 1 and _beside(over[0].lines[-1], line):
            begun = _new(over[0].lines.pop())  # it turns out to stand beside this line, under a wider column
            columns.append(begun)
            open_.append(begun)
        open_ = [c for c in open_ if c not in over][-_CROWD:]
        begun = _new(line)
        columns.append(begun)
        open_.append(begun)
    return columns + waiting[::-1]


def _breaks(column: Column, line: Line) -> bool:
    """Whether something else begins: a box, or the first footnote below a column of other things."""
    if column.lines[-1].box is not line.box:
        return True
    return (
        raised(line.words[0], line)
        and line.text[0].isdecimal()
        and not raised(column.lines[0].words[0], column.lines[0])
    )


def _beside(one: Line, other: Line) -> bool:
    near = abs(one.baseline - other.baseline) < 0.9 * min(one.size, other.size)
    return near and (one.x1 < other.x0 + 1 or other.x1 < one.x0 + 1)


def _mend_rows(columns: list[Column], measures: Measures) -> list[Column]:
    """Put a row together again that was cut alone, right above or below a column as wide as its pieces together."""
    single = [c for c in columns if len(c.lines) == 1 and not c.rows]
    if len(single) < 2:
        return columns
    rows: dict[int, list[Column]] = {}
    for column in single:
        rows.setdefault(round(column.lines[0].baseline), []).append(column)
    gone: set[Column] = set()
    for pieces in rows.values():
        pieces.sort(key=lambda c: c.x0)
        for left, right in pairwise(pieces):
            if left not in gone and any(
                _spans(c, left, right, measures) for c in columns if c not in pieces and not c.rows
            ):
                words = left.lines[0].words + right.lines[0].words
                line = make_line(left.lines[0].page, words)
                line.box = left.lines[0].box
                right.lines[0], right.x0 = line, left.x0
                gone.add(left)
    return [c for c in columns if c not in gone]


def _spans(column: Column, left: Column, right: Column, measures: Measures) -> bool:
    """Whether a line of the column runs over both pieces, right above or below them."""
    baseline = left.lines[0].baseline
    return any(
        abs(line.baseline - baseline) < 1.3 * measures.pitch
        and line.x0 < left.x0 + 2 and line.x1 > right.x0 + 1 and column.x1 > right.x1 - 2
        for line in (column.lines[0], column.lines[-1])
    )  # fmt: skip


# labels ------------------------------------------------------------------------------------------------------------


def _join_labels(columns: list[Column], rules: Sequence[Rule]) -> list[Column]:
    """Bring "Betreft", "Nr. 12" or "Besluit:" to the line they stand before."""
    gone: set[Column] = set()
    plain = [c for c in columns if not c.rows]
    for label in sorted(plain, key=lambda c: -c.x0):
        right = [c for c in plain if c is not label and c not in gone and c.x0 > label.x1 and overlap(label, c)]
        right.sort(key=lambda c: c.x0)
        shared = [pairs(label, column) for column in right]
        if _are_labels(label, right, shared, rules) and not _is_cell(label, plain):
            joined: set[Line] = set()
            for column, found in zip(right, shared, strict=True):
                _prefix(column, [pair for pair in found if pair[0] not in joined])
                joined.update(line for line, _ in found)
            gone.add(label)
    return [c for c in columns if c not in gone]


def _are_labels(
    label: Column, right: Sequence[Column], shared: Sequence[list[tuple[Line, Line]]], rules: Sequence[Rule]
) -> bool:
    """Short texts, nearly all of them with one line to their right that is no cell of a table."""
    beside = Counter(line for found in shared for line, _ in found)
    lines = len(label.lines)
    if len(beside) < 0.8 * lines or sum(count > 1 for count in beside.values()) > 0.25 * lines:
        return False
    partner = max(zip(right, shared, strict=True), key=lambda both: len(both[1]))[0]
    if words_per_line(label) > 3.5 or any(
        line.x1 - line.x0 > 0.8 * (partner.x1 - partner.x0) + 40 for line in label.lines
    ):
        return False
    if mean(line.text.endswith(":") for line in label.lines) > 0.5:
        return True
    return not ruled(label, partner, rules) and (words_per_line(partner) > 3.5 or lines < 3)


def _is_cell(label: Column, columns: Iterable[Column]) -> bool:
    """Words stand right before it too, on the same rows: the last column of a table beside running text."""
    before = [column for column in columns if column.x1 < label.x0 and overlap(column, label)]
    if len(label.lines) < 2 or not before:
        return False
    nearest = max(before, key=lambda column: column.x1)
    return words_per_line(nearest) <= 1.5 and len(pairs(nearest, label)) > 1


def _prefix(column: Column, pairs: list[tuple[Line, Line]]) -> None:
    joined = {id(text): label for label, text in pairs}
    for at, line in enumerate(column.lines):
        label = joined.get(id(line))
        if label is not None:
            both = make_line(line.page, label.words + line.words, label=len(label.words))
            both.bold, both.size, both.baseline = line.bold, line.size, line.baseline
            column.lines[at] = both


# order -------------------------------------------------------------------------------------------------------------


def _in_order(columns: list[Column]) -> list[Column]:
    """Cut the page where white runs from top to bottom, else from side to side, and so on in the parts."""
    if len(columns) < 2:
        return columns
    parts = _cut(columns, [(c.x0, c.x1) for c in columns])
    if len(parts) < 2:
        parts = _cut(columns, [(c.top, c.bottom) for c in columns])
    if len(parts) < 2:  # they interlock: the highest first
        first = min(columns, key=lambda c: (c.top, c.x0))
        parts = [[first], [c for c in columns if c is not first]]
    return [column for part in parts for column in _in_order(part)]


def _cut(columns: list[Column], spans: list[tuple[float, float]]) -> list[list[Column]]:
    """Part the columns where no span reaches over."""
    parts: list[list[Column]] = []
    edge = float("-inf")
    for (start, end), column in sorted(zip(spans, columns, strict=True), key=lambda pair: pair[0]):
        if start >= edge - 1:
            parts.append([])
        parts[-1].append(column)
        edge = max(edge, end)
    return parts
