"""Which words of a page can be seen, and what hides the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.pdf.painted import WHITE, Colour, Floats, Ints, Painted
from nlp.records import Notice

Bools = npt.NDArray[np.bool_]
UNCOMPUTED = (np.nan, np.nan, np.nan)
ALIKE = 0.06  # of the scale of a channel: colours closer than this cannot be told apart on paper
TINY = 1.0  # points: nobody reads this


@dataclass(slots=True)
class Cut:
    """Words as slices of the letters, with their boxes as displayed."""

    first: Ints
    run: Ints
    glued: Bools
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    size: Floats
    upright: Bools


def visible(page: Painted, words: Cut) -> tuple[Bools, list[Notice]]:
    """Which words a reader sees, and a notice on the others."""
    runs = page.runs
    unseen = np.array([run.unseen for run in runs])[words.run]
    notices = []
    if unseen.any() and _is_ocr(page, unseen):
        unseen[:] = False
        notices.append(Notice("ocr_layer", "The text was recognised from a picture of the page.", page.number))
    x, y = (words.x0 + words.x1) / 2, (words.top + words.bottom) / 2
    reasons = {
        "invisible": unseen,
        "off the page": (x < 0) | (x > page.width) | (y < 0) | (y > page.height),
        "tiny": words.size < TINY,
        "in the colour of its background": _camouflaged(page, words, x, y),
        "covered": _covered(page, words),
    }
    hidden = np.zeros(x.size, np.bool_)
    counts = []
    for reason, mask in reasons.items():
        if number := int((mask & ~hidden).sum()):
            counts.append(f"{number} {reason}")
            hidden |= mask
    if counts:
        what = f"Words that cannot be seen were left out: {', '.join(counts)}."
        notices.append(Notice("hidden_text", what, page.number))
    return ~hidden, notices


def _is_ocr(page: Painted, unseen: Bools) -> bool:
    """Invisible text on a scan is what the reader sees; more than a stamp's worth of visible text means it is no scan."""
    area = sum((s.x1 - s.x0) * (s.bottom - s.top) for s in page.shapes if s.image)
    return area >= 0.5 * page.width * page.height and int(unseen.sum()) >= 3 * int((~unseen).sum())


def _camouflaged(page: Painted, words: Cut, x: Floats, y: Floats) -> Bools:
    """Words in the colour of all that may lie under them: white on white, but not white on blue."""
    hidden = np.zeros(x.size, np.bool_)
    shapes = page.shapes
    grounds = [WHITE, *{shape.colour for shape in shapes if shape.colour}]
    suspect = {c for c in {run.colour for run in page.runs} if c and any(_alike(c, ground) for ground in grounds)}
    boxes = np.array([shape[:5] for shape in shapes], np.float64).reshape(-1, 5)
    filled = np.array([shape.filled for shape in shapes], np.bool_)
    colours = np.array([shape.colour or UNCOMPUTED for shape in shapes], np.float64).reshape(-1, 3)
    order = np.array([run.order for run in page.runs])
    step = max(1, 2_000_000 // (len(shapes) + 1))
    for colour in suspect:
        which = np.flatnonzero(np.array([run.colour == colour for run in page.runs])[words.run])
        unlike = ~(np.abs(colours - colour).max(1, initial=0) < ALIKE)  # what is not computed is unlike everything
        for i in (which[at : at + step] for at in range(0, which.size, step)):
            px, py = x[i, None], y[i, None]
            under = (boxes[:, 4] < order[words.run[i], None]) & (boxes[:, 0] <= px) & (px <= boxes[:, 2])
            under &= (boxes[:, 1] <= py) & (py <= boxes[:, 3])
            # Down to the first rectangle: below that nothing shows; the paper is white.
            last = np.where(under & filled, np.arange(1, len(shapes) + 1), 0).max(1, initial=0)
            shows = under & (np.arange(1, len(shapes) + 1) >= last[:, None])
            hidden[i] = ~(shows & unlike).any(1) & ((last > 0) | _alike(colour, WHITE))
    return hidden


def _alike(one: Colour, two: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(one, two, strict=True)) < ALIKE


def _covered(page: Painted, words: Cut) -> Bools:
    """Words over the middle of which an opaque rectangle was painted later."""
    hidden = np.zeros(words.x0.size, np.bool_)
    order = np.array([run.order for run in page.runs])[words.run]
    covers = [shape for shape in page.shapes if shape.covers and shape.order > order[0]]
    middle = (words.top + words.bottom) / 2
    width = 0.1 * (words.x1 - words.x0)
    for shape in covers:
        over = (order < shape.order) & (shape.x0 <= words.x0 + width) & (words.x1 - width <= shape.x1)
        hidden |= over & (shape.top <= middle - 0.2 * words.size) & (middle + 0.2 * words.size <= shape.bottom)
    return hidden
