"""Finds the white that parts columns, margins and table cells, and cuts the rows of a page there.

First the channels that run down along many rows: between columns of text, beside margins. Then, between those,
gaps that only a few rows share: tables, labels. A gap in one row alone cuts when it is far wider than the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nlp.layout.rows import Row, find_gaps, is_mark

_SURE_GAP = 2.2  # em; wider than the steps of most justified lines
_WHITE = 0.5  # em of a channel that every row has to leave white
_LONG = 5  # rows that a channel between columns runs along at least
_SURELY = 10  # rows with text beyond it


@dataclass(slots=True, eq=False)
class _Channel:
    """A strip of white that runs down along consecutive rows."""

    x0: float
    x1: float
    first: int  # numbers of the rows it runs along
    last: int
    rows: list[tuple[Row, int]] = field(default_factory=list)  # with the index of the word behind it

    def parts_columns(self, wider: Sequence[_Channel]) -> bool:
        """Long enough, with more than the last words of lines behind it, and these at one or two edges.

        Text on the far side of `wider` channels, which were found before, does not count.
        """
        beside = [channel for channel in wider if channel.first <= self.last and self.first <= channel.last]
        low = max((channel.x1 for channel in beside if channel.x1 <= self.x1), default=float("-inf"))
        high = min((channel.x0 for channel in beside if channel.x0 >= self.x0), default=float("inf"))
        left = along = beyond = clear = crossed = 0
        starts: list[float] = []
        for row, at in self.rows:
            ends = at > 0 and row.words[at - 1].x1 > low
            behind = [word for word in row.words[at:] if word.x0 < high]
            left += ends
            along += ends or bool(behind)
            beyond += len(behind)
            starts += [behind[0].x0] if behind else []
            if ends and behind:
                crossed += 1
                before = row.words[at - 1]
                other = abs(before.size - behind[0].size) > 0.1 * before.size
                clear += other or behind[0].x0 - before.x1 > 1.4 * row.usual_gap
        if len(starts) < _SURELY and clear < 0.4 * crossed:
            return False  # no wider than the other steps in these rows
        long = along >= _LONG and left > 2 and len(starts) > 2 and beyond >= 1.5 * len(starts)
        return long and _at_edges(starts)


def _at_edges(starts: Sequence[float]) -> bool:
    """Whether the text begins at one edge, or at two as hanging lines do."""
    edges = Counter(map(round, starts))
    near = {x: edges[x - 1] + edges[x] + edges[x + 1] for x in list(edges)}
    first = max(near, key=lambda x: near[x])
    if len(starts) >= _SURELY:  # chance rivers in loose text are not as long
        return near[first] >= 0.25 * len(starts)
    second = max((near[x] for x in near if abs(x - first) > 2), default=0)
    return near[first] >= 0.6 * len(starts) or near[first] + second >= 0.9 * len(starts)


def cut(rows: Sequence[Row]) -> list[Row]:
    """The pieces of the rows, from top to bottom and left to right."""
    channels: list[_Channel] = []
    for channel in sorted(_channels(rows), key=lambda c: -len(c.rows)):
        if len(channel.rows) >= _LONG and channel.parts_columns(channels):
            channels.append(channel)
    beside: list[list[_Channel]] = [[] for _ in rows]
    for channel in channels:
        for number in range(channel.first, channel.last + 1):
            beside[number].append(channel)
    pieces: list[Row] = []
    stripes: dict[tuple[int, int], list[Row]] = {}
    for row, walls in zip(rows, beside, strict=True):
        for stripe, piece in _between(row, sorted(walls, key=lambda c: c.x0)):
            stripes.setdefault(stripe, []).append(piece)
            pieces.append(piece)
    cuts = {id(piece): _cuts(stripe, number) for stripe in stripes.values() for number, piece in enumerate(stripe)}
    return [part for piece in pieces for part in _split(piece, cuts[id(piece)])]


def _channels(rows: Sequence[Row]) -> list[_Channel]:
    done: list[_Channel] = []
    running: list[_Channel] = []
    for number, row in enumerate(rows):
        first, last = row.words[0].x0, row.words[-1].x1
        whites = [(float("-inf"), first), *((x0, x1) for _, x0, x1 in row.gaps), (last, float("inf"))]
        least = _WHITE * row.size
        going = []
        for channel in running:
            if _narrow(channel, whites, least):
                _go_along(channel, number, row)
                going.append(channel)
            else:
                done.append(channel)
        for _, x0, x1 in row.gaps:
            if not any(channel.x0 < x1 and x0 < channel.x1 for channel in going):
                begun = _Channel(x0, x1, number, number)
                _go_along(begun, number, row)
                going.append(begun)
        running = going
    return done + running


def _narrow(channel: _Channel, whites: Sequence[tuple[float, float]], least: float) -> bool:
    """Go on along a row, if it leaves enough of the channel white."""
    width, x0, x1 = max(
        (min(channel.x1, w1) - max(channel.x0, w0), max(channel.x0, w0), min(channel.x1, w1)) for w0, w1 in whites
    )
    if width < least:
        return False
    channel.x0, channel.x1 = x0, x1
    return True


def _go_along(channel: _Channel, number: int, row: Row) -> None:
    behind = next((at for at, word in enumerate(row.words) if word.x0 > channel.x1 - 1), len(row.words))
    channel.rows.append((row, behind))
    channel.last = number


def _between(row: Row, walls: Sequence[_Channel]) -> Iterator[tuple[tuple[int, int], Row]]:
    """The pieces of a row between the channels beside it, each with the stripe of the page it stands in."""
    start = 0
    before = 0
    for wall in [*walls, None]:
        end = len(row.words)
        if wall is not None:
            end = next((at for at in range(start, end) if row.words[at].x0 > wall.x1 - 1), end)
        if end == start + 1 < len(row.words) and _stays(row, start):
            continue
        if end > start:
            piece = row
            if end - start < len(row.words):
                words = row.words[start:end]
                piece = Row(words, row.baseline, max([word.size for word in words]), row.leader)
                find_gaps(piece)
            yield (before, id(wall) if wall else 0), piece
        start, before = end, id(wall)


def _split(row: Row, cuts: Sequence[int]) -> Iterator[Row]:
    if not cuts:
        yield row
        return
    for start, end in zip([0, *cuts], [*cuts, len(row.words)], strict=True):
        yield Row(row.words[start:end], row.baseline, row.size, row.leader)


def _cuts(rows: Sequence[Row], number: int) -> list[int]:
    """The words of a row before which it is cut. `rows` are those of one stripe of the page."""
    row = rows[number]
    cuts: list[int] = []
    for index, x0, x1 in row.gaps:
        start = cuts[-1] if cuts else 0
        if index == start + 1 and _stays(row, start):
            continue
        far = x1 - x0 > max(_SURE_GAP * row.size, 2 * row.usual_gap) and "://" not in row.words[index].text
        if (far and not _enclosed(rows, number, index, x0, x1)) or (
            _is_clear(row, x0, x1) and _is_gutter(rows, number, index, x0, x1)
        ):
            cuts.append(index)
    return cuts


def _is_clear(row: Row, x0: float, x1: float) -> bool:
    """Wider than the steps between words that justifying makes in this row."""
    return x1 - x0 > min(_SURE_GAP * row.size, 1.4 * row.usual_gap)


def _stays(row: Row, at: int) -> bool:
    """A bullet or number stays with the text behind it."""
    near = row.words[at + 1].x0 - row.words[at].x1 < 4 * row.size
    return near and is_mark(row.words[at].text)


def _enclosed(rows: Sequence[Row], number: int, index: int, x0: float, x1: float) -> bool:
    """The rows next to it run over the gap, or have a gap that does not line up: a justified line with few words."""
    row = rows[number]
    against = False
    for at in (number - 1, number + 1):
        if not 0 <= at < len(rows) or abs(rows[at].baseline - row.baseline) > 2 * row.size:
            continue
        other = rows[at]
        if not _white(other, x0, x1):
            against = True
        elif other.words[-1].x0 > x1 - 2:
            if _lined_up(row, index, other) or _ends_alike(row, index, other):
                return False
            against = against or other.words[0].x0 < x0
    return against


def _is_gutter(rows: Sequence[Row], number: int, index: int, x0: float, x1: float) -> bool:
    """No text over it on the rows above and below, and cells that begin, or numbers that end, at the same x."""
    row = rows[number]
    aligned = beset = False
    for step in (-1, 1):
        for other_number in range(number + step, number + 4 * step, step):
            if not 0 <= other_number < len(rows):
                break
            other = rows[other_number]
            if abs(other.baseline - row.baseline) > 4 * row.size:
                break
            if _lined_up(row, index, other) or _ends_alike(row, index, other):
                aligned = True
            elif not _white(other, x0, x1) or other.words[0].x0 < x0 < x1 < other.words[-1].x1:
                beset = beset or abs(other_number - number) == 1
                break
    wide = x1 - x0 > _SURE_GAP * row.size  # the first and last rows of a table stand next to running text
    return aligned and (wide or not beset)


def _white(row: Row, x0: float, x1: float) -> bool:
    """Whether the row leaves at least half an em of x0..x1 white and prints nothing over the rest."""
    least = _WHITE * row.size
    if row.words[0].x0 > x0 + least or row.words[-1].x1 < x1 - least:
        return True
    return any(min(x1, g1) - max(x0, g0) > least for _, g0, g1 in row.gaps)


def _lined_up(row: Row, index: int, other: Row) -> bool:
    """The word behind the gap begins where one of the other row begins.

    The last words of two justified lines do so when they are equally long: they tell nothing.
    """
    x = row.words[index].x0
    if abs(other.words[0].x0 - x) < 1.5:
        return True
    last = index == len(row.words) - 1 and abs(other.words[-1].x1 - row.words[-1].x1) < 1
    return any(
        abs(g1 - x) < 1.5 and not (last and at == len(other.words) - 1) and _is_clear(other, g0, g1)
        for at, g0, g1 in other.gaps
    )


def _ends_alike(row: Row, index: int, other: Row) -> bool:
    """The cell behind the gap ends where a number of the other row does that stands apart: cells set flush right."""
    ends = [g0 for at, g0, _ in row.gaps if at > index and _is_clear(row, g0, row.words[at].x0)]
    end = ends[0] if ends else row.words[-1].x1
    return any(
        _is_clear(other, g0, g1) and abs(other.words[at].x1 - end) < 1 and any(map(str.isdecimal, other.words[at].text))
        for at, g0, g1 in other.gaps
    )
