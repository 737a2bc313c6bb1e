"""A view of a text in which citations read as they were meant: one kind of space and dash, no soft hyphens.

Every place in the view leads back to the place in the text it was made from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# One character for one character, so that these keep every offset.
SAME_LENGTH = {
    " ": "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d",
    "'": "\u2018\u2019\u02bc\u00b4`",
    "/": "\u2044\u2215",
}

INLINE_TAGS = "abbr|b|bdi|cite|em|font|i|mark|nobr|q|s|small|span|strong|sub|sup|u|wbr"
# Hints that a text holds anything to take out at all: looking for them is faster than running the pattern.
HINTS = (
    "\u00ad",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "-\n",
    "-\r",
    "- \n",
    "&",
    "</",
    "<br",
    "<wbr",
    "**",
)

TAKE_OUT = re.compile(
    rf"""
      \u00ad[ \t]?(?:\r?\n[ \t]{{0,40}})?          # soft hyphen, also at the end of a line
    | [\u200b\u200c\u200d\u2060\ufeff]
    | -[ \t]{{0,3}}\r?\n[ \t]{{0,40}}(?=[^\W\d_])   # a word broken over two lines; see _is_broken_word
    | <sup\b[^<>]{{0,80}}>[\s\d*,]{{0,8}}</sup>      # a footnote marker
    | </?(?:{INLINE_TAGS})(?:\s[^<>]{{0,200}})?/?>
    | (?P<space>&(?:nbsp|thinsp|ensp|emsp|\#160|\#8201|\#8239|\#x0*(?:a0|2009|202f));|<br\s?/?>)
    | (?P<dash>&(?:ndash|mdash|\#8211|\#8212|\#x0*201[34]);)
    | &shy;|&\#173;
    | \*\*
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class View:
    """The text as the grammar reads it. `starts[i]` is where in the view the offsets begin to differ by `shifts[i]`."""

    text: str
    starts: tuple[int, ...] = (0,)
    shifts: tuple[int, ...] = (0,)

    def origin(self, offset: int) -> int:
        """Where the character at `offset` of the view stands in the text."""
        return offset + self.shifts[bisect_right(self.starts, offset) - 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The piece of the text behind `start:end` of the view."""
        if len(self.starts) == 1:
            return start, end
        return self.origin(start), self.origin(end - 1) + 1


def view_of(text: str) -> View:
    """Make the view; time is linear in the length of the text."""
    for plain, others in SAME_LENGTH.items():
        for other in others:
            if other in text:
                text = text.replace(other, plain)
    if not any(hint in text for hint in HINTS):
        return View(text)
    return _without_noise(text)


def _without_noise(text: str) -> View:
    pieces: list[str] = []
    starts, shifts = [0], [0]
    length = last = 0
    for match in TAKE_OUT.finditer(text):
        if match[0][0] == "-" and not _is_broken_word(text, match.start(), match.end()):
            continue
        put = " " if match["space"] else "-" if match["dash"] else ""
        pieces += (text[last : match.start()], put)
        length += match.start() - last + len(put)
        last = match.end()
        starts.append(length)
        shifts.append(last - length)
    pieces.append(text[last:])
    return View("".join(pieces), tuple(starts), tuple(shifts))


def _is_broken_word(text: str, start: int, end: int) -> bool:
    """Letters of one case on both sides: "Kamer-|stuk" is one word, "motie-|Van Raan" and "35300-|XVII" are not."""
    before = text[start - 1 : start]
    return before.isalpha() and before.isupper() == text[end].isupper()
