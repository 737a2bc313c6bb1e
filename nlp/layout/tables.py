"""Tables and boxes: found by their rules, by shades, or by cells that share their baselines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean

from nlp.layout.lines import Cell, Column, Line, Measures, Sheet, make_line
from nlp.pdf import Rule

CAPTION = re.compile(
    r"(?:tabel|figuur|grafiek|kaart|afbeelding|diagram|schema|box|kader)\s+[\dA-Z][\d.]*\s*[:.–-]?\s*\S?", re.IGNORECASE
)
_MOST_BOXES = 40  # on one page; drawings may have thousands of shaded areas
_NEAR = 2.5  # points; rules that stand no further apart are one


@dataclass(frozen=True, slots=True)
class Grid:
    """Rules that cross: the edges of the columns and of the rows of a table."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]

    def holds(self, line: Line) -> bool:
        """Whether the line stands within the outer edges."""
        inside = self.columns[0] - 2 < line.x0 and line.x1 < self.columns[-1] + 2
        return inside and self.rows[0] - 1 < line.baseline < self.rows[-1] + 1


def find_grids(rules: Iterable[Rule]) -> tuple[list[Grid], list[Rule]]:
    """The grids of tables on a page, and the frames of boxes: a grid of one cell."""
    grids: list[Grid] = []
    frames: list[Rule] = []
    for group in _connected(rules):
        across = [rule for rule in group if rule.x1 - rule.x0 > 8]
        down = [rule for rule in group if rule.bottom - rule.top > 5]
        grid = Grid(_edges([r.x0 for r in down]), _edges([r.top for r in across]))
        if len(grid.columns) < 2 or len(grid.rows) < 2:
            continue
        if len(grid.columns) == len(grid.rows) == 2 and grid.rows[1] - grid.rows[0] > 30:
            frames.append(Rule(grid.columns[0], grid.rows[0], grid.columns[1], grid.rows[1]))
        elif len(grid.columns) > 2:
            grids.append(grid)
    return grids, frames


def _connected(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Rules parted where no rule stands for some points of height."""
    groups: list[list[Rule]] = []
    bottom = float("-inf")
    for rule in sorted(rules, key=lambda r: r.top):
        if rule.top > bottom + _NEAR:
            groups.append([])
        groups[-1].append(rule)
        bottom = max(bottom, rule.bottom)
    return groups


def _edges(places: Iterable[float]) -> tuple[float, ...]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place > edges[-1] + _NEAR:
            edges.append(place)
    return tuple(edges)


def take_grid(lines: Sequence[Line], grid: Grid) -> Column | None:
    """The table of these lines, which stand in the grid; None when it is no table of text."""
    cells: dict[tuple[int, int], Cell] = {}
    for line in lines:
        row = bisect_right(grid.rows, line.baseline) - 1
        for column, piece in _by_cell(line, grid):
            cells.setdefault((row, column), []).append(piece)
    rows = sorted({row for row, _ in cells})
    columns = sorted({column for _, column in cells})
    if len(columns) < 2 or len(rows) + len(columns) < 4:
        return None
    ordered = sorted(lines, key=lambda line: (line.baseline, line.x0))
    table = Column(ordered, grid.columns[0], grid.columns[-1])
    table.rows = [[cells.get((row, column), []) for column in columns] for row in rows]
    return table


def _by_cell(line: Line, grid: Grid) -> list[tuple[int, Line]]:
    """The pieces of a line between the edges of the columns."""
    pieces: dict[int, list[int]] = {}
    for at, word in enumerate(line.words):
        pieces.setdefault(bisect_right(grid.columns, (word.x0 + word.x1) / 2) - 1, []).append(at)
    if len(pieces) == 1:
        return [(next(iter(pieces)), line)]
    return [(column, make_line(line.page, [line.words[at] for at in found])) for column, found in pieces.items()]


def find_boxes(sheet: Sheet, frames: Iterable[Rule], measures: Measures) -> None:
    """Tell the lines of a shaded or framed box from the text around it; bars behind one line are no boxes, nor pages."""
    page = sheet.width * sheet.height
    boxes = [
        fill for fill in [*_merged(sheet.fills), *frames]
        if fill.bottom - fill.top > 2 * measures.pitch and fill.x1 - fill.x0 > 10 * measures.size
        and (fill.x1 - fill.x0) * (fill.bottom - fill.top) < 0.6 * page
    ]  # fmt: skip
    boxes.sort(key=lambda box: (box.x1 - box.x0) * (box.bottom - box.top), reverse=True)
    for box in boxes[:_MOST_BOXES]:
        first = bisect_left(sheet.lines, box.top, key=lambda line: line.baseline)
        last = bisect_left(sheet.lines, box.bottom + 1, key=lambda line: line.baseline)
        inside = [line for line in sheet.lines[first:last] if box.x0 - 1 < line.x0 and line.x1 < box.x1 + 1]
        if len({round(line.baseline) for line in inside}) > 1:
            for line in inside:
                line.box = box


def _merged(fills: Iterable[Rule]) -> list[Rule]:
    """Fills drawn line by line below each other, as one."""
    merged: list[Rule] = []
    for fill in sorted(fills, key=lambda f: (round(f.x0), round(f.x1), f.top)):
        last = merged[-1] if merged else None
        if last and abs(last.x0 - fill.x0) < 1 and abs(last.x1 - fill.x1) < 1 and fill.top < last.bottom + 1.5:
            merged[-1] = replace(last, bottom=max(last.bottom, fill.bottom))
        else:
            merged.append(fill)
    return merged


def find_tables(columns: list[Column], rules: Sequence[Rule]) -> list[Column]:
    """Join columns of short cells that share their baselines, or that are ruled across, to tables."""
    group = {c: {c} for c in columns}
    ordered = sorted((c for c in columns if not c.rows), key=lambda c: c.x0)
    for at, left in enumerate(ordered):
        for right in ordered[at + 1 : at + 12]:
            if left.x1 < right.x0 + 2 and overlap(left, right) and _tabular(left, right, rules):
                joined = group[left] | group[right]
                for column in joined:
                    group[column] = joined
    done: set[Column] = set()
    result = []
    for column in columns:
        if column in done:
            continue
        done |= group[column]
        if len(group[column]) == 1:
            result.append(column)
        else:
            result += _take_caption(group[column])
            result.append(_table(group[column], rules))
    return result


def _take_caption(columns: Iterable[Column]) -> list[Column]:
    """The caption that stands above the first cells, as a column of its own."""
    first = min(columns, key=lambda c: c.top)
    below = min((c.top for c in columns if c is not first), default=first.top)
    count = sum(line.bottom < below + 2 for line in first.lines)
    if count == len(first.lines) or not count or not CAPTION.match(first.lines[0].text):
        return []
    lines, first.lines = first.lines[:count], first.lines[count:]
    return [Column(lines, first.x0, max(line.x1 for line in lines))]


def _tabular(left: Column, right: Column, rules: Sequence[Rule]) -> bool:
    shared = len(pairs(left, right))
    if not shared:
        return False
    if ruled(left, right, rules) or _in_rows(left, right):
        return True
    if max(words_per_line(left), words_per_line(right)) > 4 or _is_prose(left) or _is_prose(right):
        return False
    return shared >= 0.6 * min(len(left.lines), len(right.lines))


def _in_rows(left: Column, right: Column) -> bool:
    """Both columns leave white at the same heights, three times at least: cells of text, and no columns of a page."""
    step = min(_step(left), _step(right))
    ours, theirs = _cell_starts(left, step), _cell_starts(right, step)
    shared = sum(any(abs(mine - other) < 2 for other in theirs) for mine in ours)
    several = max(len(left.lines), len(right.lines)) > 1.25 * shared  # lines in a cell: else they keep step by chance
    return several and shared > 3 and shared >= 0.9 * max(len(ours), len(theirs))


def _step(column: Column) -> float:
    """From line to line within a cell."""
    size = column.lines[0].size
    steps = (after.baseline - line.baseline for line, after in pairwise(column.lines))
    return min((step for step in steps if step > 0.9 * size), default=1.2 * size)


def _cell_starts(column: Column, step: float) -> list[float]:
    """The baselines that have white above them; those of a caption left out."""
    starts = []
    last = float("-inf")
    for line in column.lines:
        if line.baseline - last > 1.15 * step and not CAPTION.match(line.text):
            starts.append(line.baseline)
        last = line.baseline
    return starts


def _table(columns: Iterable[Column], rules: Sequence[Rule]) -> Column:
    ordered = sorted(columns, key=lambda c: c.x0)
    lines = sorted((line for c in ordered for line in c.lines), key=lambda line: (line.baseline, line.x0))
    table = Column(lines, ordered[0].x0, max(c.x1 for c in ordered))
    starts = _row_starts(table, ordered, rules)
    rows: list[list[Cell]] = [[[] for _ in ordered] for _ in starts]
    for number, column in enumerate(ordered):
        for line in column.lines:
            row = max([at for at, start in enumerate(starts) if line.baseline >= start - 0.5], default=0)
            rows[row][number].append(line)
    table.rows = [row for row in rows if any(row)]
    return table


def _row_starts(table: Column, columns: Sequence[Column], rules: Sequence[Rule]) -> list[float]:
    """Where the rows begin: at the rules when there are any, else at baselines that fill most of the columns."""
    heights = sorted({
        round(rule.bottom, 1) for rule in rules
        if rule.x1 - rule.x0 > 0.5 * (table.x1 - table.x0) or (rule.x0 < table.x0 + 3 and rule.x1 > columns[0].x1)
        if table.top - 6 < rule.top < table.bottom
    })  # fmt: skip
    if len(heights) > 2:
        return [table.top, *heights]
    filled: dict[float, int] = {}
    last = -1e9
    for line in table.lines:
        if line.baseline - last > 0.3 * line.size:
            last = line.baseline
        filled[last] = filled.get(last, 0) + 1
    full = sum(cells == len(columns) for cells in filled.values())
    counted = max((len(column.lines) for column in columns if words_per_line(column) < 1.5), default=0)  # page numbers
    begun = _begun(columns) if max(full, counted) < 0.6 * len(filled) else []
    if len(begun) > 2:  # cells of several lines
        return begun
    starts = [baseline for baseline, cells in filled.items() if cells > len(columns) / 2 or cells > 1]
    return starts or list(filled)


def _begun(columns: Sequence[Column]) -> list[float]:
    """The heights at which most of the columns begin a cell, below white."""
    step = min(map(_step, columns))
    starts = sorted(start for column in columns for start in _cell_starts(column, step))
    return [at for at in _edges(starts) if sum(at <= other < at + _NEAR for other in starts) > len(columns) / 2]


def _is_prose(column: Column) -> bool:
    """Several lines of several words that fill the width, however narrow the column is."""
    lines = column.lines
    filled = mean(line.x1 - line.x0 for line in lines) > 0.75 * (column.x1 - column.x0)
    return len(lines) > 5 and words_per_line(column) > 3 and filled


def pairs(left: Column, right: Column) -> list[tuple[Line, Line]]:
    """The lines of two columns that share a baseline."""
    pairs = []
    at = 0
    for line in left.lines:
        while at < len(right.lines) and right.lines[at].baseline < line.baseline - 0.2 * line.size:
            at += 1
        if at < len(right.lines) and abs(right.lines[at].baseline - line.baseline) < 0.2 * line.size:
            pairs.append((line, right.lines[at]))
    return pairs


def overlap(one: Column, other: Column) -> bool:
    return one.top < other.bottom and other.top < one.bottom


def words_per_line(column: Column) -> float:
    """Words per line."""
    return mean(line.text.count(" ") + 1 for line in column.lines)


def ruled(left: Column, right: Column, rules: Sequence[Rule]) -> bool:
    """Whether rules run over both columns where they stand side by side, one for every five lines at least."""
    top, bottom = max(left.top, right.top), min(left.bottom, right.bottom)
    heights = {
        round(rule.top) for rule in rules
        if rule.x0 < left.x1 and rule.x1 > right.x0 and top - 4 < rule.top < bottom + 4
        and rule.bottom - rule.top < 3
    }  # fmt: skip
    return len(heights) > 1 and len(heights) >= 0.2 * min(len(left.lines), len(right.lines))
