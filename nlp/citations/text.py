"""A view of a text in which citations read as they were meant: one kind of space and dash, no soft hyphens.

Every place in the view leads back to the place in the text it was made from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

# One character for one character, so that these keep every offset.
SAME_LENGTH = {
    " ": "\t\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d",
    "'": "\u2018\u2019\u02bc\u00b4`",
    "/": "\u2044\u2215",
}

INLINE_TAGS = "abbr|b|bdi|cite|em|font|i|mark|nobr|q|s|small|span|strong|sub|sup|u|wbr"
# What is taken out, and what is put in its place. The first characters are a hint: where they are not in the text the
# pattern need not run, and a pattern that begins with them finds its places quickly.
NOISE: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (hint, re.compile(pattern, re.IGNORECASE if hint in "&<" else 0), put)
    for hint, pattern, put in (
        ("\u00ad", r"\u00ad ?(?:\r?\n[ ]{0,40})?", ""),  # a soft hyphen, also at the end of a line
        *((zero, zero, "") for zero in "\u200b\u200c\u200d\u2060\ufeff"),
        ("-", r"- {0,3}\r?\n {0,40}(?=[^\W\d_])", ""),  # a word broken over two lines: see _is_broken_word
        ("<", r"<sup\b[^<>]{0,80}>[\s\d*,]{0,8}</sup>", ""),  # a footnote marker
        ("<", rf"</?(?:{INLINE_TAGS})(?:\s[^<>]{{0,200}})?/?>", ""),
        ("<", r"<br\s?/?>", " "),
        ("&", r"&(?:nbsp|thinsp|ensp|emsp|#160|#8201|#8239|#x0*(?:a0|2009|202f));", " "),
        ("&", r"&(?:ndash|mdash|#8211|#8212|#x0*201[34]);", "-"),
        ("&", r"&(?:shy|#173);", ""),
        ("**", r"\*\*", ""),
        ("  ", r"  [ \r]*+(?:\n[ \r]*+)?", " "),  # or a line break, where it holds one
        (" \n", r" \n[ \r]*+", "\n"),
        ("\r", r"\r\n[ \r]*+", "\n"),
        ("\n ", r"\n [ \r]*+", "\n"),
    )
)


@dataclass(frozen=True, slots=True)
class View:
    """The text as the grammar reads it. From `starts[i]` on, offsets differ from those of the text by `shifts[i]`."""

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
    noise = sorted(_noise(text), key=lambda place: (place[0], -place[1]))
    return _without(text, noise) if noise else View(text)


def _noise(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and what is put in its place."""
    for hint, pattern, put in NOISE:
        if hint not in text:
            continue
        for match in pattern.finditer(text):
            if hint != "-" or _is_broken_word(text, match.start(), match.end()):
                yield match.start(), match.end(), "\n" if put == " " and "\n" in match[0] else put


def _without(text: str, noise: list[tuple[int, int, str]]) -> View:
    pieces: list[str] = []
    starts, shifts = [0], [0]
    length = last = 0
    for start, end, put in noise:
        if start < last:
            continue
        pieces += (text[last:start], put)
        length += start - last + len(put)
        last = end
        starts.append(length)
        shifts.append(last - length)
    pieces.append(text[last:])
    return View("".join(pieces), tuple(starts), tuple(shifts))


def _is_broken_word(text: str, start: int, end: int) -> bool:
    """Letters of one case on both sides: "Kamer-|stuk" is one word, "motie-|Van Raan" and "35300-|XVII" are not."""
    before = text[start - 1 : start]
    return before.isalpha() and before.isupper() == text[end].isupper()
