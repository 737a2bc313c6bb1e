"""One PDF page → words with their fonts and boxes. The only module that knows pdfplumber and pdfium."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber

from nlp.records import Notice


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without white space in one font and size, in points from the top left of the page.

    Words are cut at white space, real gaps, and where font, size or baseline change: a footnote mark, or a bold
    comma, is a word of its own. `glued` then says that no white space parts it from the word before.
    The box reaches from the first to the last advance width, and from 0.75 × size above the baseline to 0.25 × size
    below it, whatever the font says of itself.
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
class Rule:
    """A drawn line or thin/filled rectangle: footnote separators, table grids."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageWords:
    """What stands on one page, as displayed (after rotation, inside the crop box), visible text only."""

    number: int  # from 1
    width: float
    height: float
    words: tuple[Word, ...]  # in the order of the content stream
    rules: tuple[Rule, ...] = ()
    sideways: tuple[Word, ...] = ()  # text turned on its side: margins, watermarks
    status: str = "ok"  # as records.Page.status
    notices: tuple[Notice, ...] = ()


GAP = 0.15  # of the font size: more than kerning, less than the narrowest justified space
SHIFT = 0.12  # of the font size: a baseline that moves more than this is a superscript or another line
SUBSET = re.compile(r"^[A-Z]{6}\+")


def read_pages(source: str | Path | bytes, *, engine: str = "pdfplumber") -> Iterator[PageWords]:
    """The pages of a PDF one by one; what was read of a page is let go before the next."""
    return ENGINES[engine](source)


def read_with_pdfplumber(source: str | Path | bytes) -> Iterator[PageWords]:
    """Slow and exact."""
    with pdfplumber.open(io.BytesIO(source) if isinstance(source, bytes) else Path(source)) as pdf:
        for page in pdf.pages:
            words = list(_words(page.chars, page.height))
            rules = [
                Rule(r["x0"], r["top"], r["x1"], r["bottom"])
                for r in (*page.lines, *page.rects)
                if min(r["x1"] - r["x0"], r["bottom"] - r["top"]) < 3
            ]
            upright = [w for w in words if w[0]]
            turned = [w for w in words if not w[0]]
            yield PageWords(
                page.page_number, float(page.width), float(page.height), tuple(w for _, w in upright),
                tuple(rules), tuple(w for _, w in turned), "ok" if words else "empty",
            )
            page.close()


ENGINES = {"pdfplumber": read_with_pdfplumber}


def _words(chars: Iterable[dict[str, Any]], height: float) -> Iterator[tuple[bool, Word]]:
    run: list[dict[str, Any]] = []
    glued = False
    for char in chars:
        if not char["text"].strip() and char["text"] != "\xad":
            if run:
                yield _word(run, height, glued)
            run, glued = [], False
        elif not run:
            run = [char]
        else:
            how = _break(run[-1], char)
            if how is None:
                run.append(char)
            else:
                yield _word(run, height, glued)
                run, glued = [char], how
    if run:
        yield _word(run, height, glued)


def _break(last: dict[str, Any], char: dict[str, Any]) -> bool | None:
    """None: the same word goes on. True: another word against it. False: another word."""
    size = max(last["size"], char["size"])
    gap = char["x0"] - last["x1"]
    if char["upright"] != last["upright"] or not -0.5 * size < gap < GAP * size:
        return False
    shift = abs(char["matrix"][5] - last["matrix"][5])
    if shift > size:
        return False
    alike = char["fontname"] == last["fontname"] and abs(char["size"] - last["size"]) < 0.1
    return None if alike and shift < SHIFT * size else True


def _word(run: list[dict[str, Any]], height: float, glued: bool) -> tuple[bool, Word]:
    first = run[0]
    font = SUBSET.sub("", first["fontname"])
    size, base = first["size"], height - first["matrix"][5]
    text = unicodedata.normalize("NFC", "".join(c["text"] for c in run))
    if first["upright"]:
        box = (first["x0"], base - 0.75 * size, run[-1]["x1"], base + 0.25 * size)
    else:
        box = (
            min(c["x0"] for c in run), min(c["top"] for c in run),
            max(c["x1"] for c in run), max(c["bottom"] for c in run),
        )
    style = font.lower()
    return first["upright"], Word(
        text, *box, size, font, "bold" in style, "italic" in style or "oblique" in style, base, glued
    )
