"""Words of one page → lines: pieces of text on one baseline that no gutter cuts."""

from __future__ import annotations

import re
from collections import Counter
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nlp.pdf import PageWords, Rule, Word

_SPACE = 0.05  # em; two words that touch are one, cut at a change of font
_WIDE_KERN = 0.3  # em; what the content stream sets without a space may still stand further off
BULLETS = frozenset("•▪◦·●○■□◆◇▸–—-*‣⁃✓➢►▶»›→\uf0b7\uf0a7\uf02d\uf0d8\uf0fc\uf0a8")
ENUMERATOR = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.):]|\d{1,2}(?:\.\d{1,2}){1,3}\.?|\d{1,3})")
_LEADER = re.compile(r"[.…·_]+")
_MIN_GAP = 0.65  # em; a narrower gap is never a gutter
_SURE_GAP = 2.2  # em; a wider gap always is one


@dataclass(slots=True, eq=False)
class Line:
    """A line of text within one column. Coordinates in points from the top left of the page."""

    page: int
    words: list[Word]  # left to right
    spaces: list[bool]  # whether a space stands before the word of the same index
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float  # that of most characters
    bold: bool  # all of it
    italic: bool
    leader: bool = False  # had dots leading to a page number
    label: int = 0  # how many words at the start stood apart in the margin: "Betreft", "Nr. 12"
    left: float = 0.0  # edges of the column it stands in
    right: float = 0.0
    box: Rule | None = None  # the shaded box it stands in

    @property
    def start(self) -> float:
        """Where the text begins, a margin label left aside."""
        return self.words[self.label].x0 if self.label else self.x0


@dataclass(slots=True, eq=False)
class Sheet:
    """A page as lines. Stages that set lines aside take them out of `lines`."""

    number: int
    width: float
    height: float
    lines: list[Line]  # from top to bottom, left to right
    rules: tuple[Rule, ...] = ()
    fills: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in a document: everything else is judged by it. In points."""

    size: float  # of the running text
    font: str
    pitch: float  # from baseline to baseline in the running text
    pitches: dict[float, float]  # the same per font size

    def pitch_of(self, size: float) -> float:
        """From baseline to baseline in text of this size."""
        return self.pitches.get(round(size, 1), size * self.pitch / self.size)


@dataclass(slots=True, eq=False)
class _Row:
    """All words on one baseline, over the full width of the page."""

    words: list[Word]
    baseline: float
    size: float  # the largest
    leader: bool = False
    gaps: list[tuple[int, float, float]] | None = None  # index of the word behind, x0 and x1 of the gap


def read_lines(page: PageWords) -> list[Line]:
    """The lines of a page, from top to bottom and left to right; time grows as n log n with the words."""
    rows = _rows(page.words)
    for row in rows:
        row.gaps = [] if row.leader else _gaps(row)
    lines = []
    for number, row in enumerate(rows):
        start = 0
        for cut in _cuts(rows, number):
            lines.append(make_line(page.number, row.words[start:cut], leader=row.leader))
            start = cut
        lines.append(make_line(page.number, row.words[start:], leader=row.leader))
    return lines


def measure(sheets: Iterable[Sheet]) -> Measures:
    """The usual size, font and pitch, counted over all lines of a document."""
    styles: Counter[tuple[float, str]] = Counter()
    steps: dict[float, Counter[float]] = {}
    for sheet in sheets:
        last: dict[int, Line] = {}
        for line in sheet.lines:
            styles[round(line.size, 1), line.words[0].font] += len(line.text)
            before = last.get(round(line.x0 / 3))
            last[round(line.x0 / 3)] = line
            if before is not None and abs(before.size - line.size) < 0.2:
                step = line.baseline - before.baseline
                if step < 2.2 * line.size:
                    steps.setdefault(round(line.size, 1), Counter())[round(step, 1)] += 1
    if not styles:
        return Measures(10.0, "", 12.0, {})
    size, font = max(styles, key=lambda style: (styles[style], style))
    pitches = {s: _usual_step(c, s) for s, c in steps.items() if c.total() > 2}
    return Measures(size, font, pitches.get(size, 1.25 * size), pitches)


def _usual_step(steps: Counter[float], size: float) -> float:
    """The commonest step; neighbours within 0.3 pt count as one, for baselines are rounded by some printers."""
    def near(step: float) -> int:
        return sum(count for other, count in steps.items() if abs(other - step) < 0.3)

    return max((s for s in steps if s > 0.9 * size), key=lambda s: (near(s), steps[s], -s), default=1.25 * size)


def make_line(page: int, words: list[Word], *, leader: bool = False, label: int = 0) -> Line:
    """A line of these words, which stand in order from left to right."""
    sizes: dict[float, int] = {}
    bold = italic = True
    for word in words:
        sizes[word.size] = sizes.get(word.size, 0) + len(word.text)
        bold = bold and (word.bold or len(word.text) == 1)
        italic = italic and (word.italic or len(word.text) == 1)
    size = words[0].size if len(sizes) == 1 else max(sizes, key=lambda s: (sizes[s], s))
    baseline = next(word.baseline for word in words if word.size == size)
    spaces = _spaces(words)
    text = "".join(f" {word.text}" if space else word.text for word, space in zip(words, spaces, strict=True))
    return Line(
        page, words, spaces, text, words[0].x0, min([w.top for w in words]), max([w.x1 for w in words]),
        max([w.bottom for w in words]), baseline, size,
        bold and any(w.bold for w in words), italic and any(w.italic for w in words), leader, label,
    )  # fmt: skip


def raised(word: Word, line: Line) -> bool:
    """Set as a superscript: smaller than the line and above its baseline."""
    return word.size < 0.88 * line.size and line.baseline - word.baseline > 0.12 * line.size


def is_bullet(text: str) -> bool:
    """A word that is nothing but a list mark."""
    return len(text) == 1 and (text in BULLETS or text == "o" or "\ue000" <= text <= "\uf8ff")


def _spaces(words: list[Word]) -> list[bool]:
    spaces = [False]
    for before, word in zip(words, words[1:], strict=False):
        em = min(before.size, word.size)
        spaces.append(word.x0 - before.x1 > (_WIDE_KERN if word.glued else _SPACE) * em)
    return spaces


def _rows(words: Iterable[Word]) -> list[_Row]:
    rows: list[_Row] = []
    row: list[Word] = []
    limit = float("-inf")
    for word in sorted(words, key=lambda w: w.baseline):
        if word.baseline > limit:
            row = []
            rows.append(_Row(row, word.baseline, word.size))
            limit = word.baseline + max(0.6, 0.12 * word.size)
        row.append(word)
    for one in rows:
        one.words.sort(key=lambda w: w.x0)
        one.size = max([w.size for w in one.words])
    _attach_scripts(rows)
    rows = [one for one in rows if one.words]
    for one in rows:
        _drop_leaders(one)
        if sum(len(w.text) == 1 for w in one.words) > 3:
            one.words = close_up(one.words)
    return [one for one in rows if one.words]


def _attach_scripts(rows: list[_Row]) -> None:
    """Bring superscripts and subscripts, which have a baseline of their own, to the row they belong to."""
    for number, row in enumerate(rows):
        for other in rows[max(0, number - 3) : number + 4]:
            shift = other.baseline - row.baseline
            if other is row or not -0.4 * other.size < shift < 0.65 * other.size:
                continue
            kept = []
            for word in row.words:
                if word.size < 0.85 * other.size and _touches(word, other):
                    _insert(other.words, word)
                else:
                    kept.append(word)
            row.words[:] = kept
            if not kept:
                break


def _touches(word: Word, row: _Row) -> bool:
    """Whether the small word stands against a larger word of the row, or before its first word."""
    place = bisect_left(row.words, word.x0, key=lambda w: w.x0)
    before = row.words[place - 1] if place else None
    if before is not None and -0.3 * row.size < word.x0 - before.x1 < 0.4 * row.size:
        return True
    after = row.words[place] if place < len(row.words) else None
    if after is None or not word.text[0].isdigit() and word.text not in "*†":
        return False
    return after.size > word.size and -1 < after.x0 - word.x1 < 2 * row.size


def _insert(words: list[Word], word: Word) -> None:
    words.insert(bisect_left(words, word.x0, key=lambda w: w.x0), word)


def _drop_leaders(row: _Row) -> None:
    dots = [w for w in row.words if w.text[0] in ".…·_" and _LEADER.fullmatch(w.text)]
    if sum(len(w.text) for w in dots) > 4:
        row.words = [w for w in row.words if w not in dots] if len(dots) < 4 else _without_dots(row.words)
        row.leader = True


def _without_dots(words: list[Word]) -> list[Word]:
    return [w for w in words if not (w.text[0] in ".…·_" and _LEADER.fullmatch(w.text))]


def close_up(words: list[Word]) -> list[Word]:
    """Spaced-out words ("V r a a g") as one word each: single letters at even steps, parted where a step is wider."""
    closed: list[Word] = []
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and len(word.text) == 1 and not word.text.isdigit() and not is_bullet(word.text):
            run.append(word)
            continue
        closed += _close_run(run) if len(run) > 3 else run
        run = []
        if word is not None:
            closed.append(word)
    return closed


def _close_run(run: list[Word]) -> list[Word]:
    steps = [b.x0 - a.x1 for a, b in zip(run, run[1:], strict=False)]
    usual = sorted(steps)[len(steps) // 4]
    widest = 1.7 * max(usual, 0.05 * run[0].size)
    groups = [[run[0]]]
    for word, step in zip(run[1:], steps, strict=True):
        if step > widest:
            groups.append([])
        groups[-1].append(word)
    if max(map(len, groups)) < 3:
        return run
    return [_merge(group) for group in groups]


def _merge(group: list[Word]) -> Word:
    return replace(
        group[0], text="".join(w.text for w in group), x1=group[-1].x1,
        top=min(w.top for w in group), bottom=max(w.bottom for w in group),
    )  # fmt: skip


def _gaps(row: _Row) -> list[tuple[int, float, float]]:
    gaps = []
    edge = row.words[0].x1
    size = row.size if row.size < 1.5 * row.words[0].size else row.words[0].size
    for index, word in enumerate(row.words):
        if word.x0 - edge > _MIN_GAP * min(size, word.size):
            gaps.append((index, edge, word.x0))
        if word.x1 > edge:
            edge = word.x1
    return gaps


def _cuts(rows: list[_Row], number: int) -> list[int]:
    """The words of a row before which a gutter runs."""
    row = rows[number]
    if not row.gaps:
        return []
    cuts: list[int] = []
    usual = _usual_gap(row.words)
    wide = _SURE_GAP * row.size
    for index, x0, x1 in row.gaps:
        gap = x1 - x0
        start = cuts[-1] if cuts else 0
        if index == start + 1 and gap < 4 * row.size and _is_mark(row.words[start].text):
            continue  # a bullet or number stays with its text
        sure = (gap > max(wide, 2 * usual) or usual > wide) and not _enclosed(rows, number, x0, x1)
        if sure or _is_gutter(rows, number, x0, x1, clear=gap > min(wide, 1.4 * usual)):
            cuts.append(index)
    return cuts


def _enclosed(rows: list[_Row], number: int, x0: float, x1: float) -> bool:
    """A neighbouring row prints text over the gap, and none has text beyond it: a justified line with few words."""
    row = rows[number]
    crossed = False
    for at in (number - 1, number + 1):
        if 0 <= at < len(rows) and abs(rows[at].baseline - row.baseline) < 2 * row.size:
            if not _white(rows[at], x0, x1):
                crossed = True
            elif rows[at].words[-1].x0 > x1 - 2:
                return False
    return crossed


def _usual_gap(words: list[Word]) -> float:
    """The gap between the words of a row, 0 where one gap alone tells nothing: justified lines may have wide ones."""
    gaps = sorted(b.x0 - a.x1 for a, b in zip(words, words[1:], strict=False))
    if len(gaps) < 2:
        return 0.0
    return gaps[len(gaps) // 3]


def _is_mark(text: str) -> bool:
    return is_bullet(text) or len(text) < 6 and ENUMERATOR.fullmatch(text) is not None


def _is_gutter(rows: list[_Row], number: int, x0: float, x1: float, *, clear: bool) -> bool:
    """White on the rows above and below as well, with text beyond it.

    A gap that is `clear` of the usual step between words needs no more than one row where a word begins at the same x;
    one that is not, as in loosely justified columns, needs three rows and none that crosses it.
    """
    row = rows[number]
    beyond = 0
    aligned = crossed = beset = False
    for step in (-1, 1):
        for other_number in range(number + step, number + 4 * step, step):
            if not 0 <= other_number < len(rows):
                break
            other = rows[other_number]
            if abs(other.baseline - row.baseline) > 4 * row.size:
                break
            if not _white(other, x0, x1):
                crossed = True
                beset = beset or abs(other_number - number) == 1
                break
            beyond += other.words[-1].x0 > x1 - 2
            aligned = aligned or _starts_at(other, x1)
    if beyond > 2 and not crossed:
        return True
    wide = x1 - x0 > _SURE_GAP * row.size  # the first and last rows of a table stand next to running text
    return clear and aligned and (wide or not beset)


def _white(row: _Row, x0: float, x1: float) -> bool:
    """Whether the row leaves at least half an em of x0..x1 white and prints nothing over the rest."""
    least = 0.5 * row.size
    if row.words[0].x0 > x0 + least or row.words[-1].x1 < x1 - least:
        return True
    return any(min(x1, g1) - max(x0, g0) > least for _, g0, g1 in row.gaps or ())


def _starts_at(row: _Row, x: float) -> bool:
    return abs(row.words[0].x0 - x) < 1.5 or any(abs(g1 - x) < 1.5 for _, _, g1 in row.gaps or ())
