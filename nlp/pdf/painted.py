"""What an engine hands over of one page: everything painted on it, in order, as displayed."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Colour = tuple[float, float, float]  # red, green, blue, 0..1
Point = tuple[float, float]  # as displayed, y downwards

UNKNOWN = "\uffff"  # a glyph without a known character
WHITE: Colour = (1.0, 1.0, 1.0)
DOUBLE = 0.1  # of the font size: closer than the narrowest letter is wide
THIN = 3.0  # points: below this an area is a line
LONGEST = 400  # points of a path: more is a drawing, not a rule or a frame
MOST_RULES = 5_000  # on one page: more is a map
MOST_PATHS = 20_000  # that are looked at on one page


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line or thin/filled rectangle: footnote separators, table grids."""

    x0: float
    top: float
    x1: float
    bottom: float


class Font(NamedTuple):
    """The face as printed: two subsets of one font are one face."""

    name: str
    bold: bool
    italic: bool


class Run(NamedTuple):
    """Characters painted in one go: one face, size, colour and baseline.

    `cos` and `sin` give the direction of writing as displayed, y upwards; (1, 0) is upright text. `level` is the
    height of the baseline along the normal of that direction, so for upright text the y from the bottom of the page.
    """

    font: Font
    size: float
    level: float
    cos: float = 1.0
    sin: float = 0.0
    colour: Colour | None = (0.0, 0.0, 0.0)  # None: a pattern or a colour space that is not computed
    unseen: bool = False  # rendering mode 3 or 7, or fully transparent
    order: int = 0  # in which things are painted on the page


class Shape(NamedTuple):
    """A painted area or image, as displayed, y downwards."""

    x0: float
    top: float
    x1: float
    bottom: float
    order: int
    colour: Colour | None  # None: of many colours, or not known
    filled: bool = False  # all of it is of the colour, a rectangle; of others the box is known and not the form
    covers: bool = False  # and what lies under it cannot be seen
    image: bool = False


@dataclass(slots=True)
class Painted:
    """All that one engine found on one page, in the order of painting."""

    number: int
    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    text: str = ""  # one character per glyph; U+FFFF where a glyph has no known character
    start: Sequence[float] | Floats = ()  # per glyph, along the direction of writing
    end: Sequence[float] | Floats = ()
    run: Sequence[int] | Ints = ()  # per glyph, index into runs; never falls
    shapes: list[Shape] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    fills: list[Rule] = field(default_factory=list)
    paths: int = 0  # lines and areas met so far
    damage: str | None = None  # what is wrong with the content, in words

    def turn(self) -> None:
        """Turn the page a quarter clockwise."""
        width, height = self.width, self.height
        self.width, self.height = height, width
        # With y upwards (x, y) comes to (y, width - x): positions along and across a direction shift by a constant.
        along = np.array([-run.cos * width for run in self.runs] or [0.0])
        run = np.asarray(self.run, np.int64)
        self.start, self.end = np.asarray(self.start) + along[run], np.asarray(self.end) + along[run]
        self.runs = [r._replace(cos=r.sin, sin=-r.cos, level=r.level + r.sin * width) for r in self.runs]
        self.shapes = [
            s._replace(x0=height - s.bottom, top=s.x0, x1=height - s.top, bottom=s.x1) for s in self.shapes
        ]  # fmt: skip
        self.rules, self.fills = ([Rule(height - r.bottom, r.x0, height - r.top, r.x1) for r in rules]
                                  for rules in (self.rules, self.fills))  # fmt: skip


_SUBSET = re.compile(r"^[A-Z]{6}\+")
_BOLD = re.compile(r"bold|black|heavy|demi(?!\w*light)|[-,_]bd\b|[-,_]b[io]?\b", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|kursiv|slanted|[-,_](?:it|bi|i)\b|(?<=bold)it\b", re.IGNORECASE)


@functools.lru_cache(maxsize=4096)
def face(name: str, bold: bool = False, italic: bool = False) -> Font:
    """The face of a font by its name and what the file says of it."""
    name = _SUBSET.sub("", name)
    return Font(name, bold or bool(_BOLD.search(name)), italic or bool(_ITALIC.search(name)))


def add_path(
    page: Painted,
    subpaths: list[list[Point]],
    *,
    order: int,
    fill: bool,
    stroke: float | None = None,
    colour: Colour | None = None,
    opaque: bool = True,
    curved: bool = False,
    clip: Shape | None = None,
) -> None:
    """Enter the lines and areas of a path: `stroke` is the width of its line in points, `colour` that of its filling."""
    for points in subpaths:
        if len(points) < 2:
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = Shape(min(xs), min(ys), max(xs), max(ys), order, colour if opaque else None)
        if stroke is not None and stroke >= THIN:  # a line as broad as a bar: text may stand on it
            half = stroke / 2
            page.shapes.append(Shape(box.x0 - half, box.top - half, box.x1 + half, box.bottom + half, order, None))
        box = box if clip is None else overlap(box, clip)
        if box.x0 > box.x1 or box.top > box.bottom:
            continue
        square = not curved and _is_square(points)
        if fill:
            filled = square and len(subpaths) == 1
            _add_area(page, box._replace(filled=filled, covers=filled and opaque and colour is not None))
        if stroke is not None and not curved and len(points) <= LONGEST and len(page.rules) < MOST_RULES:
            _add_lines(page, points)


def overlap(one: Shape, two: Shape) -> Shape:
    """The first shape where it lies within the second; negative in width or height where it does not."""
    return one._replace(
        x0=max(one.x0, two.x0), top=max(one.top, two.top), x1=min(one.x1, two.x1), bottom=min(one.bottom, two.bottom)
    )


def _add_area(page: Painted, box: Shape) -> None:
    rule = Rule(box.x0, box.top, box.x1, box.bottom)
    if min(box.x1 - box.x0, box.bottom - box.top) >= THIN:
        page.shapes.append(box)
        if box.colour != WHITE and len(page.fills) < MOST_RULES:
            page.fills.append(rule)
    elif max(box.x1 - box.x0, box.bottom - box.top) >= THIN and box.colour != WHITE and len(page.rules) < MOST_RULES:
        page.rules.append(rule)


def _add_lines(page: Painted, points: list[Point]) -> None:
    for (x0, y0), (x1, y1) in pairwise(points):
        across, down = abs(x1 - x0), abs(y1 - y0)
        if min(across, down) < 0.5 and max(across, down) >= THIN:
            page.rules.append(Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


def _is_square(points: list[Point]) -> bool:
    """A rectangle along the sides of the page."""
    if len(points) not in (4, 5) or (len(points) == 5 and points[4] != points[0]):
        return False
    return all(min(abs(x1 - x0), abs(y1 - y0)) < 0.01 for (x0, y0), (x1, y1) in pairwise(points))
