"""Lines of one page → columns in reading order; labels in the margin join their row, tables become one piece."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import mean

from nlp.lines import Line, Measures, Sheet, make_line
from nlp.pdf import Rule

Cell = list[Line]
_MOST_BOXES = 40  # on one page; drawings may have thousands of shaded areas


@dataclass(slots=True, eq=False)
class Column:
    """Lines that stand below each other and are read without a look aside."""

    lines: list[Line]
    x0: float
    x1: float
    rows: list[list[Cell]] = field(default_factory=list)  # of a table: then `lines` holds all its lines

    @property
    def top(self) -> float:
        return self.lines[0].top

    @property
    def bottom(self) -> float:
        return max(line.bottom for line in self.lines[-4:])

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.x0 = min(self.x0, line.x0)
        self.x1 = max(self.x1, line.x1)


def read_columns(sheet: Sheet, measures: Measures) -> list[Column]:
    """The columns of a page in the order in which a person reads them."""
    _find_boxes(sheet, measures)
    columns = _mend_rows(_stack(sheet.lines), measures)
    columns = _join_labels(columns, sheet.rules)
    columns = _find_tables(columns, sheet.rules, measures)
    return _in_order(columns)


def _new(*lines: Line) -> Column:
    return Column(list(lines), min(line.x0 for line in lines), max(line.x1 for line in lines))


def _find_boxes(sheet: Sheet, measures: Measures) -> None:
    """Tell the lines of a shaded box apart from the text around it. Bars behind one line and backgrounds are no boxes."""
    page = sheet.width * sheet.height
    boxes = [
        fill for fill in _merged(sheet.fills)
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


def _stack(lines: Iterable[Line]) -> list[Column]:
    """Put each line under the column that it overlaps; a line over or under two columns begins a new one."""
    columns: list[Column] = []
    open_: list[Column] = []
    for line in lines:
        over = [c for c in open_ if c.x0 < line.x1 - 1 and line.x0 < c.x1 - 1]
        if len(over) == 1 and not _beside(over[0].lines[-1], line) and over[0].lines[-1].box is line.box:
            over[0].add(line)
            continue
        if len(over) == 1 and len(over[0].lines) > 1 and _beside(over[0].lines[-1], line):
            begun = _new(over[0].lines.pop())  # it turns out to stand beside this line, under a wider column
            columns.append(begun)
            open_.append(begun)
        open_ = [c for c in open_ if c not in over]
        begun = _new(line)
        columns.append(begun)
        open_.append(begun)
    return columns


def _beside(one: Line, other: Line) -> bool:
    near = abs(one.baseline - other.baseline) < 0.9 * min(one.size, other.size)
    return near and (one.x1 < other.x0 + 1 or other.x1 < one.x0 + 1)


def _mend_rows(columns: list[Column], measures: Measures) -> list[Column]:
    """Put a row together again that was cut alone, right above or below a column as wide as its pieces together."""
    single = [c for c in columns if len(c.lines) == 1]
    if len(single) < 2:
        return columns
    rows: dict[int, list[Column]] = {}
    for column in single:
        rows.setdefault(round(column.lines[0].baseline), []).append(column)
    gone: set[Column] = set()
    for pieces in rows.values():
        pieces.sort(key=lambda c: c.x0)
        for left, right in zip(pieces, pieces[1:], strict=False):
            if left not in gone and any(_spans(c, left, right, measures) for c in columns if c not in pieces):
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


def _words(column: Column) -> float:
    """Words per line."""
    return mean(line.text.count(" ") + 1 for line in column.lines)


def _is_prose(column: Column) -> bool:
    """Several lines of several words that fill the width, however narrow the column is."""
    lines = column.lines
    filled = mean(line.x1 - line.x0 for line in lines) > 0.75 * (column.x1 - column.x0)
    return len(lines) > 5 and _words(column) > 3 and filled


def _pairs(left: Column, right: Column) -> list[tuple[Line, Line]]:
    """The lines of two columns that share a baseline."""
    pairs = []
    at = 0
    for line in left.lines:
        while at < len(right.lines) and right.lines[at].baseline < line.baseline - 0.2 * line.size:
            at += 1
        if at < len(right.lines) and abs(right.lines[at].baseline - line.baseline) < 0.2 * line.size:
            pairs.append((line, right.lines[at]))
    return pairs


def _overlap(one: Column, other: Column) -> bool:
    return one.top < other.bottom and other.top < one.bottom


# labels ------------------------------------------------------------------------------------------------------------


def _join_labels(columns: list[Column], rules: Sequence[Rule]) -> list[Column]:
    """Bring "Betreft", "Nr. 12" or "Besluit:" to the line they stand before."""
    gone: set[Column] = set()
    for label in sorted(columns, key=lambda c: -c.x0):
        right = [c for c in columns if c is not label and c not in gone and c.x0 > label.x1 and _overlap(label, c)]
        right.sort(key=lambda c: c.x0)
        pairs = [_pairs(label, column) for column in right]
        if _are_labels(label, right, pairs, rules):
            joined: set[Line] = set()
            for column, found in zip(right, pairs, strict=True):
                _prefix(column, [pair for pair in found if pair[0] not in joined])
                joined.update(line for line, _ in found)
            gone.add(label)
    return [c for c in columns if c not in gone]


def _are_labels(
    label: Column, right: Sequence[Column], pairs: Sequence[list[tuple[Line, Line]]], rules: Sequence[Rule]
) -> bool:
    """Short texts, nearly all of them with one line to their right that is no cell of a table."""
    beside = Counter(line for found in pairs for line, _ in found)
    lines = len(label.lines)
    if len(beside) < 0.8 * lines or sum(count > 1 for count in beside.values()) > 0.25 * lines:
        return False
    partner = max(zip(right, pairs, strict=True), key=lambda both: len(both[1]))[0]
    if _words(label) > 3.5 or any(line.x1 - line.x0 > 0.8 * (partner.x1 - partner.x0) + 40 for line in label.lines):
        return False
    if mean(line.text.endswith(":") for line in label.lines) > 0.5:
        return True
    return not _ruled(label, partner, rules) and (_words(partner) > 3.5 or lines < 3)


def _ruled(left: Column, right: Column, rules: Sequence[Rule]) -> bool:
    """Whether rules run over both columns where they stand side by side, one for every five lines at least."""
    top, bottom = max(left.top, right.top), min(left.bottom, right.bottom)
    heights = {
        round(rule.top) for rule in rules
        if rule.x0 < left.x1 and rule.x1 > right.x0 and top - 4 < rule.top < bottom + 4
        and rule.bottom - rule.top < 3
    }  # fmt: skip
    return len(heights) > 1 and len(heights) >= 0.2 * min(len(left.lines), len(right.lines))


def _prefix(column: Column, pairs: list[tuple[Line, Line]]) -> None:
    joined = {id(text): label for label, text in pairs}
    for at, line in enumerate(column.lines):
        label = joined.get(id(line))
        if label is not None:
            both = make_line(line.page, label.words + line.words, label=len(label.words))
            both.bold, both.size, both.baseline = line.bold, line.size, line.baseline
            column.lines[at] = both


# tables ------------------------------------------------------------------------------------------------------------


def _find_tables(columns: list[Column], rules: Sequence[Rule], measures: Measures) -> list[Column]:
    """Join columns of short cells that share their baselines, or that are ruled across, to tables."""
    if len(columns) < 2:
        return columns
    group = {c: {c} for c in columns}
    ordered = sorted(columns, key=lambda c: c.x0)
    for at, left in enumerate(ordered):
        for right in ordered[at + 1 : at + 12]:
            if left.x1 < right.x0 + 2 and _overlap(left, right) and _tabular(left, right, rules, measures):
                joined = group[left] | group[right]
                for column in joined:
                    group[column] = joined
    done: set[Column] = set()
    result = []
    for column in columns:
        if column in done:
            continue
        done |= group[column]
        result.append(_table(group[column], rules) if len(group[column]) > 1 else column)
    return result


def _tabular(left: Column, right: Column, rules: Sequence[Rule], measures: Measures) -> bool:
    pairs = len(_pairs(left, right))
    if not pairs:
        return False
    if _ruled(left, right, rules):
        return True
    if max(_words(left), _words(right)) > 4 or _is_prose(left) or _is_prose(right):
        return False
    return pairs >= 0.6 * min(len(left.lines), len(right.lines))


def _table(columns: Iterable[Column], rules: Sequence[Rule]) -> Column:
    ordered = sorted(columns, key=lambda c: c.x0)
    lines = sorted((line for c in ordered for line in c.lines), key=lambda l: (l.baseline, l.x0))
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
        if rule.x1 - rule.x0 > 0.5 * (table.x1 - table.x0) or rule.x0 < table.x0 + 3 and rule.x1 > columns[0].x1
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
    starts = [baseline for baseline, cells in filled.items() if cells > len(columns) / 2 or cells > 1]
    return starts or list(filled)


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
    if len(columns) > 60:  # a page of scattered words: no order to be found
        return sorted(columns, key=lambda c: (c.top, c.x0))
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
