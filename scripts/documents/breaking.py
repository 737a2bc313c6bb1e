"""Words into lines: greedy line breaking with Dutch hyphenation and justification."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

import pyphen

from documents.fonts import has, width
from documents.looks import Look, Style
from documents.pieces import Span

URL = re.compile(r"(https?://|www\.)")
LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Atom:
    """Glyphs in one font; several make a word when its style changes half-way."""

    text: str
    font: str
    size: float
    rise: float = 0.0
    note: bool = False
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    struck: bool = False  # printed twice to look bold
    spread: float = 0.0

    @property
    def width(self) -> float:
        return width(self.text, self.font, self.size) + self.spread * len(self.text)


Word = tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A set line: words with their x from the left of the column."""

    words: tuple[tuple[float, Word], ...]
    hyphen: bool = False  # ends in a hyphen, hard or soft
    notes: tuple[str, ...] = ()  # marks that stand in it


def words_of(spans: Iterable[Span], look: Look, style: Style) -> list[Word]:
    """Cut spans at their spaces; a footnote marker sticks to the word before it."""
    words: list[list[Atom]] = []
    open_word = False
    for span in spans:
        atom = _note_atom(span, look, style) if span.note else None
        if atom is not None:
            if not words:
                words.append([])
            words[-1].append(atom)
            open_word = True
            continue
        for part in re.split(r"([ \n]+)", span.text):
            if not part:
                continue
            if part.isspace():
                open_word = False
                continue
            if not open_word:
                words.append([])
            words[-1].append(_atom(part, span, look, style))
            open_word = True
    return [tuple(word) for word in words]


def _atom(text: str, span: Span, look: Look, style: Style) -> Atom:
    font = look.font(span.bold, span.italic)
    struck = look.fake_bold and (look.bold or span.bold)
    return Atom(printable(text, font, style.ligatures), font, look.size, colour=look.colour, struck=struck,
                spread=look.spread)  # fmt: skip


def _note_atom(span: Span, look: Look, style: Style) -> Atom:
    font = look.font(False, False)
    return Atom(style.note_form.format(span.text), font, round(look.size * style.note_size, 2),
                round(look.size * style.note_rise, 2), note=True, colour=look.colour)  # fmt: skip


SUBSTITUTES = {"\u202f": "\u00a0", "\u2009": "\u00a0", "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u00ad": ""}


def printable(text: str, font: str, ligatures: bool) -> str:
    """The text with what the font lacks replaced by its plain equal, and fi/fl as ligatures where asked."""
    if ligatures and has(font, "\ufb01"):
        text = text.replace("fi", "\ufb01").replace("fl", "\ufb02")
    return "".join(c if has(font, c) else SUBSTITUTES.get(c, "?") for c in text)


def break_lines(words: list[Word], measure: float, look: Look, style: Style) -> list[Line]:
    """Set words in lines of at most `measure` points, indents of `look` included."""
    lines: list[Line] = []
    rest = list(words)
    while rest:
        start = look.left + (look.first if not lines else 0.0)
        taken, rest, hyphen = _fill_line(rest, measure - start - look.right, look, style)
        lines.append(_place(taken, start, measure - look.right, look, hyphen, last=not rest))
    return lines


def _space(look: Look) -> float:
    return width(" ", look.font(), look.size) + look.spread


def _word_width(word: Word) -> float:
    return sum(atom.width for atom in word)


def _fill_line(words: list[Word], room: float, look: Look, style: Style) -> tuple[list[Word], list[Word], bool]:
    taken: list[Word] = []
    used = 0.0
    for index, word in enumerate(words):
        gap = _space(look) if taken else 0.0
        size = _word_width(word)
        if used + gap + size <= room + 0.01:
            taken.append(word)
            used += gap + size
            continue
        parts = _split(word, room - used - gap, look, style)
        if parts:
            return [*taken, parts[0]], [parts[1], *words[index + 1 :]], _ends_in_hyphen(parts[0])
        if not taken:  # a word longer than the line stands out of it
            return [word], words[index + 1 :], False
        return taken, words[index:], _ends_in_hyphen(taken[-1])
    return taken, [], False


def _ends_in_hyphen(word: Word) -> bool:
    return word[-1].text[-1] in "-\u2010\u00ad"


def _split(word: Word, room: float, look: Look, style: Style) -> tuple[Word, Word] | None:
    """Part a word so that its head fits in `room`; only words set in one font, markers apart."""
    head, tail = word[0], word[1:]
    if head.note or any(not atom.note for atom in tail):
        return None
    for at, hyphen in _places(head.text, look.hyphenate, style):
        first = replace(head, text=head.text[:at] + printable(hyphen, head.font, False))
        if first.width <= room:
            return (first,), (replace(head, text=head.text[at:]), *tail)
    return None


def _places(text: str, hyphenate: bool, style: Style) -> Iterator[tuple[int, str]]:
    """Where a word may be parted, last place first, with what is printed at the end of the line."""
    if URL.search(text):
        yield from ((m.end(), "") for m in reversed(list(re.finditer(r"[/?=&-]+(?=\w{2})", text))) if m.end() > 8)
        return
    places: dict[int, str] = {}
    for match in re.finditer(r"(?<=\w\w)[-\u2010](?=\w{3})", text):
        places[match.end()] = ""
    if hyphenate and not re.search(r"[\d@/]", text):
        for match in LETTERS.finditer(text):
            for position in _positions(match.group(), style.hyphen_least):
                places.setdefault(match.start() + position, style.hyphen)
    yield from sorted(places.items(), reverse=True)


@cache
def _dictionary() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="nl_NL")


@cache
def _positions(word: str, least: int) -> tuple[int, ...]:
    if len(word) < 5 or word.isupper():
        return ()
    found = _dictionary().positions(word)
    # positions with data change the spelling ("autootje" → "auto-tje"); those words stay whole
    return tuple(p for p in found if not getattr(p, "data", None) and least <= p <= len(word) - least)


def _place(words: list[Word], start: float, end: float, look: Look, hyphen: bool, last: bool) -> Line:
    natural = sum(map(_word_width, words)) + _space(look) * (len(words) - 1)
    slack = end - start - natural
    gap, x = _space(look), start
    if look.align == "justify" and not last and len(words) > 1 and slack < 0.5 * (end - start):
        gap += slack / (len(words) - 1)
    elif look.align == "right":
        x += slack
    elif look.align == "centre":
        x += slack / 2
    placed = []
    for word in words:
        placed.append((x, word))
        x += _word_width(word) + gap
    notes = tuple(atom.text for word in words for atom in word if atom.note)
    return Line(tuple(placed), hyphen, notes)
