"""Characters as they are painted → words as they are seen. Knows nothing of PDF libraries, so both engines share it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt

from nlp.pdf.painted import DOUBLE, Floats, Font, Ints, Painted, Rule
from nlp.pdf.visible import Bools, Cut, visible
from nlp.records import Notice


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without white space in one font and size, in points from the top left of the page.

    Words are cut at white space, at real gaps, and where font, size or baseline change: a footnote mark, or a comma
    in bold, is a word of its own. `glued` then says that no white space parts it from the word before.
    The box reaches from the first to the last advance width, and from 0.75 × size above the baseline to 0.25 × size
    below it, whatever the font says of itself. A hyphen at the end may be "-", U+2010 or a soft hyphen U+00AD, which
    PDFium gives as "-"; a soft hyphen with words behind it on the line was painted as a hyphen and is one.
    A character of which only the shape is known (private use) is U+FFFD.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float  # font size
    font: str  # name without subset prefix
    bold: bool = False
    italic: bool = False
    baseline: float = 0.0  # y of the baseline from the top: tells superscripts
    glued: bool = False  # stands against the word before it, without white space: same line, no gap


@dataclass(frozen=True, slots=True)
class PageWords:
    """What stands on one page, as displayed (after rotation, inside the crop box), visible text only.

    `rules` are thin (under 3 points); the sides of a framed rectangle are four of them. `fills` are the larger
    coloured areas: shaded cells, bars, boxes.
    """

    number: int  # from 1
    width: float
    height: float
    words: tuple[Word, ...]  # in the order of the content stream
    rules: tuple[Rule, ...] = ()
    sideways: tuple[Word, ...] = ()  # text turned on its side: margins, watermarks
    status: str = "ok"  # as records.Page.status
    notices: tuple[Notice, ...] = ()
    fills: tuple[Rule, ...] = ()
    turned: int = 0  # degrees clockwise by which a page was turned further, because all its text lay on its side


GAP = 0.15  # of the font size: more than kerning, less than the narrowest justified space
SHIFT = 0.12  # of the font size: a baseline that moves more than this is a superscript or another line
LEAST = 1e-3  # points: smaller sizes are taken for this
UNREADABLE = 0.2  # share of characters without a known letter above which a page is not handed on

SOFT_HYPHEN = "\xad"
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# Bullets of the symbol fonts, which live in the private use area.
BULLETS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0A8: "▫", 0xF0D8: "➢", 0xF0FC: "✓", 0xF02D: "–", 0xF06F: "o", 0xF0B0: "°"}

_PLAIN, _SPACE, _DROP, _LOST, _PRIVATE, _MARK = range(6)
_SPACES = [*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
_INVISIBLE = [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]


def _kinds() -> npt.NDArray[np.uint8]:
    """What to do with each code point of the basic plane."""
    table = np.zeros(0x10000, np.uint8)
    table[:32] = table[127:160] = _DROP
    table[_INVISIBLE] = _DROP
    table[_SPACES] = _SPACE
    table[0x0300:0x0370] = _MARK
    table[0xD800:0xE000] = _LOST
    table[0xFFFD:] = _LOST
    table[0xE000:0xF900] = _PRIVATE
    return table


_KIND = _kinds()


def page_words(page: Painted) -> PageWords:
    """The visible words of a page, what was left out and why, and how far the page can be relied on."""
    turned = _turn_upright(page)
    letters = _letters(page)
    notices = _text_notices(page, letters)
    upright: tuple[Word, ...] = ()
    sideways: tuple[Word, ...] = ()
    if letters.codes.size and letters.readable:
        words = _cut(page, letters)
        seen, hidden = visible(page, words)
        notices += hidden
        upright, sideways = _build(page, letters, words, seen)
    status = _status(page, letters, bool(upright or sideways))
    if status == "no_text_layer":
        notices.append(Notice(status, f"Page {page.number} is a picture; text in it was not read.", page.number))
    return PageWords(
        page.number, page.width, page.height, upright, tuple(page.rules), sideways, status, tuple(notices),
        tuple(page.fills), turned,
    )  # fmt: skip


def _status(page: Painted, letters: _Letters, text: bool) -> str:
    if page.damage:
        return "damaged"
    if not letters.readable:
        return "unreadable_text"
    if text:
        return "ok"
    return "no_text_layer" if any(shape.image for shape in page.shapes) else "empty"


def _text_notices(page: Painted, letters: _Letters) -> list[Notice]:
    notices = []
    if page.damage:
        what = f"Page {page.number}: {page.damage}; what could be read of it was kept."
        notices.append(Notice("damaged_page", what, page.number))
    if letters.unknown:
        what = f"{letters.unknown} characters of fonts without a Unicode map were left out."
        notices.append(Notice("unreadable_text", what, page.number))
    if letters.private:
        what = f"{letters.private} characters of the private use area are shown as U+FFFD: their letter is not known."
        notices.append(Notice("private_use", what, page.number))
    return notices


def _turn_upright(page: Painted) -> int:
    """Turn a page of which nearly all text lies on its side; gives degrees clockwise."""
    if not page.runs or all(run.cos > 0.9 for run in page.runs):
        return 0
    glyphs = np.bincount(np.asarray(page.run, np.int64), minlength=len(page.runs))
    for degrees, cos, sin in ((90, 0.0, 1.0), (180, -1.0, 0.0), (270, 0.0, -1.0)):
        along = np.array([run.cos * cos + run.sin * sin > 0.99 for run in page.runs])
        if glyphs[along].sum() > 0.8 * glyphs.sum():
            for _ in range(degrees // 90):
                page.turn()
            return degrees
    return 0


# --- characters ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Letters:
    """The glyphs that count: no white space, no control characters, nothing painted twice."""

    codes: npt.NDArray[np.uint32]
    start: Floats
    end: Floats
    run: Ints
    spaced: Bools  # white space stands before it
    unknown: int  # glyphs without a known character
    private: int  # glyphs with a character of the private use area that is no bullet
    readable: bool


def _letters(page: Painted) -> _Letters:
    codes = np.frombuffer(page.text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _KIND[np.where(codes < 0x10000, codes, 0x4E00)]
    run = np.asarray(page.run, np.int64)
    white, lost, strange = kinds == _SPACE, kinds == _LOST, kinds == _PRIVATE
    if strange.any():
        codes = codes.copy()
        codes[strange] = [ord(BULLETS.get(code, "\ufffd")) for code in codes[strange].tolist()]
        strange &= codes == 0xFFFD
    unknown, private = int(lost.sum()), int(strange.sum())
    inked = codes.size - int((white | (kinds == _DROP)).sum())
    keep = (kinds == _PLAIN) | (kinds >= _PRIVATE)
    if doubled := _doubled_runs(page):
        keep &= ~np.isin(run, doubled)
    index = np.flatnonzero(keep)
    start, end = np.asarray(page.start, np.float64), np.asarray(page.end, np.float64)
    spaced = np.diff(np.cumsum(white)[index], prepend=0) > 0
    if index.size:
        # A space that the next letter is set over is no space: text programs mark where a word may be broken with it.
        em = np.maximum([run.size for run in page.runs], LEAST)[run[index[1:]]]
        space = index[:-1] + 1
        moved = (start[index[1:]] - start[space]) / em
        spaced[1:] &= (moved > 0.02) | (moved < -0.3) | (end[space] == start[space])
    readable = unknown + private <= UNREADABLE * inked
    return _Letters(codes[index], start[index], end[index], run[index], spaced, unknown, private, readable)


def _doubled_runs(page: Painted) -> list[int]:
    """Runs painted again a hair's breadth aside, for want of a bold face; the last of them counts and is made bold."""
    count = len(page.runs)
    bounds = np.searchsorted(page.run, np.arange(count + 1))
    filled = np.flatnonzero(bounds[1:] > bounds[:-1])
    if filled.size < 2:
        return []
    x = np.asarray(page.start, np.float64)[bounds[filled]]
    y = np.array([run.level for run in page.runs])[filled]
    doubled: list[int] = []
    for a, b in sorted(_neighbours(x, y)):
        first, last = int(filled[a]), int(filled[b])
        one, two = page.runs[first], page.runs[last]
        near = DOUBLE * min(one.size, two.size)
        text = page.text[bounds[first] : bounds[first + 1]]
        if abs(x[a] - x[b]) < near and abs(y[a] - y[b]) < near and text == page.text[bounds[last] : bounds[last + 1]]:
            doubled.append(first)
            page.runs[last] = two._replace(font=two.font._replace(bold=two.font.bold or one.colour == two.colour))
    return doubled


def _neighbours(x: Floats, y: Floats, cell: float = 4.0) -> set[tuple[int, int]]:
    """Pairs of points that share a cell of a grid: four grids, so that no close pair is parted by all of them."""
    pairs: set[tuple[int, int]] = set()
    for dx in (0.0, cell / 2):
        for dy in (0.0, cell / 2):
            key = np.floor((x + dx) / cell) * 1e6 + np.floor((y + dy) / cell)
            order = np.argsort(key, kind="stable")
            same = np.flatnonzero(key[order[1:]] == key[order[:-1]])
            pairs.update(zip(order[same].tolist(), order[same + 1].tolist(), strict=True))
    return pairs


# --- words --------------------------------------------------------------------------------------------------------


def _cut(page: Painted, letters: _Letters) -> Cut:
    font, size, level, cos, sin = _run_columns(page)
    first, glued = _bounds(letters, font, size, level, cos, sin)
    run = letters.run[first]
    size, level, cos, sin = size[run], level[run], cos[run], sin[run]
    start = np.minimum.reduceat(letters.start, first)
    end = np.maximum.reduceat(letters.end, first)
    low, high = level - 0.25 * size, level + 0.75 * size
    xs = np.stack((start * cos - low * sin, start * cos - high * sin, end * cos - low * sin, end * cos - high * sin))
    ys = np.stack((start * sin + low * cos, start * sin + high * cos, end * sin + low * cos, end * sin + high * cos))
    height = page.height
    return Cut(
        first, run, glued, xs.min(0), height - ys.max(0), xs.max(0), height - ys.min(0), size, cos > 0.99,
    )  # fmt: skip


def _run_columns(page: Painted) -> tuple[Ints, Floats, Floats, Floats, Floats]:
    faces: dict[Font, int] = {}
    font = np.array([faces.setdefault(run.font, len(faces)) for run in page.runs])
    numbers = np.array([run[1:5] for run in page.runs], np.float64)
    return font, np.maximum(numbers[:, 0], LEAST), numbers[:, 1], numbers[:, 2], numbers[:, 3]


def _bounds(letters: _Letters, font: Ints, size: Floats, level: Floats, cos: Floats, sin: Floats) -> tuple[Ints, Bools]:
    """Where words begin, and which of them are glued to the one before."""
    a, b = letters.run[:-1], letters.run[1:]
    em = np.maximum(size[a], size[b])
    gap = (letters.start[1:] - letters.end[:-1]) / em
    gap[(letters.start[1:] == letters.start[:-1]) & (letters.end[1:] == letters.end[:-1]) & (a == b)] = 0.0  # ligature
    rise = np.abs(level[b] - level[a]) / em
    turned = (np.abs(cos[a] - cos[b]) > 0.1) | (np.abs(sin[a] - sin[b]) > 0.1)
    codes = letters.codes
    if codes.max(initial=0) >= 0x590:
        leftward = _right_to_left(codes[:-1]) & _right_to_left(codes[1:])
        back = (letters.start[:-1] - letters.end[1:]) / em
        gap = np.where(leftward & (np.abs(back) < np.abs(gap)), back, gap)
    apart = turned | (rise > 0.9) | (gap < -0.5)
    wide = gap > GAP + _tracking(gap, apart | letters.spaced[1:], apart)
    style = (font[a] != font[b]) | (np.abs(size[a] - size[b]) > 0.03 * em) | (rise > SHIFT)
    parted = apart | wide | letters.spaced[1:]
    attached = (_KIND[np.minimum(codes[1:], 0xFFFF)] == _MARK) & ~apart  # an accent belongs to its letter
    breaks = (parted | style) & ~attached
    first = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    glued = np.concatenate(([False], ~parted[first[1:] - 1]))
    return first, glued


def _right_to_left(codes: npt.NDArray[np.uint32]) -> Bools:
    return (
        ((codes >= 0x590) & (codes < 0x900))
        | ((codes >= 0xFB1D) & (codes < 0xFE00))
        | ((codes >= 0xFE70) & (codes < 0xFEFF))
    )


def _tracking(gap: Floats, skip: Bools, new_line: Bools) -> Floats:
    """How much wider than normal the letters of each line are set, per pair of letters, in ems."""
    extra = np.zeros_like(gap)
    loose = (gap > 0.04) & (gap < 0.3) & ~skip
    if loose.sum() < 4:
        return extra
    line = np.cumsum(new_line)
    pairs = np.bincount(line, ~skip)
    for number in np.flatnonzero((np.bincount(line, loose) > 0.6 * pairs) & (pairs >= 4)).tolist():
        here = line == number
        extra[here] = np.median(gap[here & loose])
    return extra


def _build(page: Painted, letters: _Letters, words: Cut, seen: Bools) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Word records in the order of painting: upright ones and the others."""
    texts = _texts(letters, words)
    level = np.array([run.level for run in page.runs])[words.run]
    base = np.where(words.upright, page.height - level, words.bottom)
    x0, top, x1, bottom, size, baseline = (
        np.stack((words.x0, words.top, words.x1, words.bottom, words.size, base)).round(2).tolist()
    )
    fonts = [run.font for run in page.runs]
    names, bold, italic = zip(*[fonts[run] for run in words.run.tolist()], strict=True)
    every = map(Word, texts, x0, top, x1, bottom, size, names, bold, italic, baseline, words.glued.tolist())
    if seen.all() and words.upright.all() and all(texts):
        return tuple(every), ()
    kept = [seen and bool(text) for seen, text in zip(seen.tolist(), texts, strict=True)]
    straight = words.upright.tolist()
    upright = [is_kept and is_straight for is_kept, is_straight in zip(kept, straight, strict=True)]
    sideways = [is_kept and not is_straight for is_kept, is_straight in zip(kept, straight, strict=True)]
    found = list(every)
    return tuple(compress(found, upright)), tuple(compress(found, sideways))


def _texts(letters: _Letters, words: Cut) -> list[str]:
    text = letters.codes.astype("<u4").tobytes().decode("utf-32-le", "replace")
    first = words.first.tolist()
    texts = [text[a:b] for a, b in zip(first, [*first[1:], len(text)], strict=True)]
    if text.isascii():
        return texts
    texts = [word if word.isascii() else unicodedata.normalize("NFC", word.translate(LIGATURES)) for word in texts]
    if SOFT_HYPHEN in text:
        goes_on = (words.x0[1:] >= words.x1[:-1]) & (np.abs(words.bottom[1:] - words.bottom[:-1]) < 0.5)
        return [_hyphens(word, more) for word, more in zip(texts, [*goes_on.tolist(), False], strict=True)]
    return texts


def _hyphens(word: str, goes_on: bool) -> str:
    """A painted soft hyphen is a hyphen, unless it ends the line: then either may be meant, and it stays."""
    if SOFT_HYPHEN not in word:
        return word
    inner = word[:-1].replace(SOFT_HYPHEN, "-")
    return inner + ("-" if word[-1] == SOFT_HYPHEN and (goes_on or not inner) else word[-1])
