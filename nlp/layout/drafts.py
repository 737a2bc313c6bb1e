"""What a block is made of while it is made, and how a document sets its lines: edges, indents, ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.layout.hyphens import HYPHENS
from nlp.layout.lines import Column, Line, Measures, Sheet, raised
from nlp.layout.rows import ENUMERATOR, is_bullet

CONTENTS = re.compile(r"(?:inhoud|inhoudsopgave|inhoudsopgaaf|contents)", re.IGNORECASE)
SOURCE = re.compile(r"(?:bron(?:nen)?|foto|beeld)\s*:", re.IGNORECASE)
NUMBERED = re.compile(r"(?:hoofdstuk\s+)?(\d{1,2}(?:\.\d{1,2})*)[.):]?\s+\S", re.IGNORECASE)
_ENDS = re.compile(r"[.!?:;…]['’”\")\]]*$")
_INITIAL = re.compile(r"[B-HJ-Z]\.")  # a name begins: "F. de Vries"
_BOUND = re.compile(r"\(?(?:nrs?|art|p|blz|drs|mr|dr|prof|ir|mw|dhr|jl|§|SDG|[A-Z]|\d{1,5})\.?")  # no break behind it
_PRINTED = 0.7  # of the height of a page; every printer uses as much


class Draft:
    """A block in the making: its lines and what it is thought to be."""

    __slots__ = ("bold", "italic", "kind", "level", "lines", "mark", "skip", "table")

    def __init__(
        self, kind: str, lines: list[Line], mark: str | None = None, skip: int = 0, table: Column | None = None
    ) -> None:
        self.kind, self.lines, self.mark, self.table = kind, lines, mark, table
        self.skip = skip  # words of the first line that are the mark
        self.level: int | None = None
        self.bold = all(line.bold for line in lines)  # throughout
        self.italic = all(line.italic for line in lines)

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.bold = self.bold and line.bold
        self.italic = self.italic and line.italic

    @property
    def text(self) -> str:
        """All of it; the first line is enough to see how it begins."""
        return " ".join(line.text for line in self.lines)

    @property
    def opening(self) -> str:
        return self.lines[0].text


@dataclass(slots=True)
class Habits:
    """How the document sets its paragraphs."""

    measures: Measures
    indent: float | None  # paragraphs begin so far to the right, in points; None: they do not
    justified: bool  # lines reach the right edge, so that a short one ends a paragraph
    hyphenates: bool  # words are broken at the end of lines
    motion: bool  # it says "De Kamer, gehoord de beraadslaging, …"
    floors: dict[int, float]  # per page: down to where the text might have run

    def unfilled(self, line: Line) -> bool:
        """Whether several more lines would have found room on the page below this one."""
        return self.floors.get(line.page, line.baseline) - line.baseline > 4 * self.measures.pitch


def set_edges(pages: Iterable[tuple[Sheet, Sequence[Column]]]) -> None:
    """Tell every line the edges of its column; short columns borrow them from longer ones with the same left edge."""
    known: dict[tuple[int, int], Counter[int]] = {}
    short: list[tuple[tuple[int, int], Column]] = []
    for sheet, columns in pages:
        for column in columns:
            if column.rows:
                continue
            left, right = _edges(column)
            key = (round(sheet.width / 10), round(left / 4))
            if len(column.lines) > 5:
                known.setdefault(key, Counter())[round(right)] += len(column.lines)
            else:
                short.append((key, column))
            for line in column.lines:
                line.left, line.right = left, right
    for (wide, place), column in short:
        rights = sum((known.get((wide, place + step), Counter()) for step in (-1, 0, 1)), Counter[int]())
        right = column.lines[0].right
        wider = next((edge for edge, _ in rights.most_common() if edge > right - 3), 0)
        for line in column.lines:
            line.right = max(right, wider)


def _edges(column: Column) -> tuple[float, float]:
    """The leftmost of the common left edges, and the right edge."""
    starts = [line.start for line in column.lines]
    counts = Counter(map(round, starts))
    most = max(counts.values())
    common = min(value for value, count in counts.items() if count >= 0.25 * most)
    left = min(start for start in starts if round(start) == common)
    right = max(line.x1 for line in column.lines)
    box = column.lines[0].box
    if box is not None:  # as far from the right side of its box as from the left
        right = max(right, box.x1 - (left - box.x0))
    return left, right


def learn(pages: Sequence[tuple[Sheet, Sequence[Column]]], notes: Iterable[Line], measures: Measures) -> Habits:
    """Whether paragraphs begin with an indent or after white: counted where a line starts a bit to the right."""
    spaced = full = long = broken = total = 0
    motion = False
    indents: Counter[int] = Counter()
    for column in (column for _, columns in pages for column in columns):
        motion = motion or any(line.text.rstrip("0123456789") == "De Kamer," for line in column.lines)
        for before, line, after in zip(column.lines, column.lines[1:], column.lines[2:], strict=False):
            if abs(line.size - measures.size) > 0.3:
                continue
            step = line.start - line.left
            if 0.6 * line.size < step < 4 * line.size and abs(after.start - line.left) < 2 and not is_marked(line):
                indents[round(step)] += abs(before.start - line.left) < 2 or room_behind(before, line) > 0
            total += 1
            broken += line.text[-1] in HYPHENS
            if line.x1 > line.right - 6 * line.size:
                long += 1
                full += line.right - line.x1 < 0.1 * line.size
            gap = line.baseline - before.baseline
            spaced += abs(step) < 2 and gap > 1.3 * measures.pitch and not before.bold
    indent = indents.most_common(1)[0][0] if indents.total() > spaced else None
    return Habits(measures, indent, full > 0.6 * long, broken > 0.02 * total, motion, _floors(pages, notes))


def _floors(pages: Sequence[tuple[Sheet, Sequence[Column]]], notes: Iterable[Line]) -> dict[int, float]:
    """As low as the lowest line of the document, or down to the footnotes of the page."""
    lowest = max((column.lines[-1].baseline for _, columns in pages for column in columns), default=0.0)
    floors = {sheet.number: max(lowest, _PRINTED * sheet.height) for sheet, _ in pages}
    for line in notes:
        floors[line.page] = min(floors[line.page], line.top)
    return floors


def list_mark(line: Line) -> tuple[str | None, int]:
    """The bullet or enumerator a line begins with."""
    if len(line.words) < 2 or line.label:
        return None, 0
    first = line.words[0].text
    if is_bullet(first) and line.spaces[1]:
        return first, 1
    if len(first) < 6 and first[-1] in ".):" and ENUMERATOR.fullmatch(first) and line.spaces[1]:
        return (first, 1) if not _INITIAL.fullmatch(first) else (None, 0)
    return None, 0


def is_marked(line: Line) -> bool:
    return list_mark(line)[0] is not None


def has_ended(line: Line) -> bool:
    """Whether the line ends like the end of a paragraph; a footnote mark behind the stop does not count."""
    last = line.words[-1]
    text = line.words[-2].text if len(line.words) > 1 and raised(last, line) else last.text
    return _ENDS.search(text) is not None


def room_behind(line: Line, after: Line) -> float:
    """White left at the end of a line once the first word of the next had been set there too, in points."""
    first = after.words[after.label]
    end = first.x1
    for at in range(after.label + 1, len(after.words)):
        if after.spaces[at] and not _BOUND.fullmatch(after.words[at - 1].text):
            break
        end = after.words[at].x1
    return line.right - line.x1 - (end - first.x0) - 0.3 * line.size


def is_alike(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) < 0.06 * max(one.size, other.size)
