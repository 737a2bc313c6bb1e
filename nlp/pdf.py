"""One PDF page → words with their fonts and boxes. The only module that knows pdfplumber and pdfium."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.records import Notice


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without white space in one font and size, in points from the top left of the page."""

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
