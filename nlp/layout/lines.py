"""Words of one page → lines: pieces of text on one baseline that no gutter cuts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from nlp.layout.gutters import cut
from nlp.layout.rows import is_mark, read_rows
from nlp.pdf import PageWords, Rule, Word

_WIDE_KERN = 0.3  # em; what the content stream sets without a space may still stand further off
_TOUCHING = 0.05  # em


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


Cell = list[Line]


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


def read_lines(page: PageWords) -> list[Line]:
    """The lines of a page, from top to bottom and left to right; time grows as n log n with the words."""
    return [make_line(page.number, piece.words, leader=piece.leader) for piece in cut(read_rows(page.words))]


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
    for word in words:
        sizes[word.size] = sizes.get(word.size, 0) + len(word.text)
    styled = words[1:] if len(words) > 1 and is_mark(words[0].text) else words
    bold = all(word.bold or len(word.text) == 1 for word in styled)
    italic = all(word.italic or len(word.text) == 1 for word in styled)
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


def _spaces(words: list[Word]) -> list[bool]:
    spaces = [False]
    for before, word in pairwise(words):
        gap = (word.x0 - before.x1) / min(before.size, word.size)
        if word.glued:
            spaces.append(gap > _WIDE_KERN)
        else:  # a full stop that touches the word before it comes from a change of font
            spaces.append(gap > _TOUCHING or word.text[0] not in ".,;:!?)")
    return spaces
