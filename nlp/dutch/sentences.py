"""Where sentences end in Dutch official text: rules over the characters, in linear time, without any library.

A full stop is judged by the word before it (its class in `nlp.dutch.abbreviations`), by what follows it, and by where it
stands: within a quotation or bracket that is part of a larger sentence nothing ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from nlp.dutch.abbreviations import (
    CAPITALISED,
    KINDS,
    LABELS,
    NAME_PREFIXES,
    ORGANISATIONS,
    STARTERS,
    TOP_LEVEL_DOMAINS,
)

ASIDE = 500  # characters: a quotation or bracket up to this length stays whole within its sentence

_UP = "A-ZÀ-ÖØ-Þ"
_CLOSERS = "\"'”“’»)\\]}>"
_OPENERS = "\"'“„”«‘‚’(\\[{<"
_BULLETS = "•·▪▫◦‣●○■□–—-"
_NOTE = r"\s?\[\s?\d{1,3}\s?\] | \s?[⁰¹²³⁴⁵⁶⁷⁸⁹]+ | \*{1,3} | [1-9]\d{0,2}(?![\w.,:/%°-])"

_STOP: Final = re.compile(
    rf"""(?P<gap>\n\s*\n)
    | (?P<mark>[.!?…]+) (?P<close>[{_CLOSERS}]*) (?P<note>{_NOTE})? (?P<after>[{_CLOSERS}]*)
      (?: (?=\s|$) | (?=(?P<glued>[{_UP}][^\W\d_]*)[\s,;:]) )
    | (?P<item>;(?:\s(?:en|of|alsmede|en/of|dan\swel))?(?=\s) | (?<=[^\s.!?…])(?=[^\S\n]*\n[^\S\n]*\S))""",
    re.VERBOSE,
)
"""Every place where a sentence may end: a blank line, a stop with what is glued to it, the end of a list item."""

_NEXT: Final = re.compile(
    rf"""\s*(?:
      (?P<marker>[{_BULLETS}]+\s+(?=["'“„«‘(]?[{_UP}\d]) | [{_BULLETS.replace("–—-", "")}]\s
        | \(?(?:[a-z]|[ivx]{{1,4}}|\d{{1,2}})\)\s | [a-tv-z]\.\s(?![a-z]\.) | \d{{1,2}}(?:\.|°\.?)\s)
    | (?P<dash>[–—-]\s)
    | (?P<elided>['’‘`][stnkmr]\b-?\s?(?=[{_UP}]))
    | (?P<address>(?:https?:|www\.)\S)
    | (?P<camel>[a-z]{{1,2}}[A-Z]\w)
    | (?P<digit>[{_OPENERS}]*[€$£§#±+-]?\s?\d | [€$£§]\s)
    | (?P<bracket>[(\[]["'“„«‘]?[{_UP}])
    | (?P<open>[{_OPENERS}]*)(?P<capital>[{_UP}][\w'’-]*)
    )""",
    re.VERBOSE,
)

_NUMBER = r"(?:\d{1,3}(?:\.\d{1,3})*[a-z]{0,2}°?|[a-tv-z]|[A-Z]|[IVXLC]+)"
_ENUMERATOR: Final = re.compile(
    rf"""[\s{_OPENERS}{_BULLETS}]*(?:(?P<label>[^\W\d_]+)\.?\s)?
         {_NUMBER}(?:\s?(?:,|en|of|t/m|tot\sen\smet|[-–])\s?{_NUMBER})*[.)]+\s*""",
    re.VERBOSE,
)
_LIST_ITEM: Final = re.compile(
    rf"\s*(?:[{_BULLETS}]\s|\(?(?:[a-z]{{1,2}}|[ivx]{{1,4}}|\d{{1,2}})[.)°]\s|\d{{1,2}}\s[{_UP}])"
)
_DETACHED_NOTE: Final = re.compile(r"\s\d{1,3}(?=\s+(\w+))")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DIGITS: Final = re.compile(r"[\d.,:/-]*\d")
_INITIALS: Final = re.compile(rf"(?:[{_UP}][a-z]?\.-?)*[{_UP}]")
_DOTTED: Final = re.compile(r"[^\W\d_]{1,4}(?:\.[^\W\d_]{1,4})+")
_PAIRED: Final = re.compile(r"[\"'“”„«»‘’‚()\[\]{}]")
_ELIDED: Final = re.compile(r"['’‘](?:[stnkmr]|\d\d)\b")


class _Stop(NamedTuple):
    """A full stop with what its rule may look at."""

    word: str  # before the stop, without opening quotes and brackets
    previous: str  # the word before that
    note: str  # footnote marker glued behind the stop
    follows: str  # starter, capital, bracket, digit, marker, address or lower
    next: str  # the capitalised word that follows, or ""


def sentence_ends(text: str) -> list[int]:
    """End of every sentence of `text` (exclusive, trailing blanks left out), the last one included.

    Footnote markers and closing quotes belong to the sentence before them. Nothing ends inside a quotation or bracket
    of at most ASIDE characters that is part of a larger sentence, nor behind a bare enumerator ("Artikel 3.1.").
    """
    ends: list[int] = []
    start = 0
    asides = _Asides(text)
    for match in _STOP.finditer(text):
        end = _end(text, start, match, asides)
        if end is not None and end > start:
            ends.append(end)
            start = end
    last = len(text.rstrip())
    if last > start:
        ends.append(last)
    return ends


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, without the blanks between them."""
    spans, start = [], 0
    for end in sentence_ends(text):
        start += len(text[start:end]) - len(text[start:end].lstrip())
        spans.append((start, end))
        start = end
    return spans


def _end(text: str, start: int, match: re.Match[str], asides: _Asides) -> int | None:
    if match["gap"]:
        return start + len(text[start : match.start()].rstrip())
    if asides.enclose(match, start):
        return None
    if match["mark"] is None:
        return match.end() if _item_ends(text, start, match) else None
    if not _stop_ends(text, start, match):
        return None
    note = _DETACHED_NOTE.match(text, match.end())
    return note.end() if note and note[1] in STARTERS and not match["note"] else match.end()


def _item_ends(text: str, start: int, match: re.Match[str]) -> bool:
    """List items end where the next one begins; in running text ("(i) …; (ii) …") they are one sentence."""
    return bool(_LIST_ITEM.match(text, match.end()) and (not match["item"] or _LIST_ITEM.match(text, start)))


def _stop_ends(text: str, start: int, match: re.Match[str]) -> bool:
    at = match.start("mark")
    before = text[max(start, at - 48) : at]
    words = before.split()
    word = words[-1].lstrip(_OPENERS) if words and not before[-1].isspace() else ""
    if match["glued"] is not None:
        return _runs_on(word, match)
    follows, following = _follows(text, start, match.end())
    if follows == "lower" or _is_empty(text, start, at) or _is_enumerator(text, start, match):
        return False
    if match["mark"] != ".":
        listed = bool(words) and not word and words[-1].endswith(",")  # Angola, Benin, … Zambia
        omission = listed or (not word and match["close"][:1] in (")", "]"))  # (…) or (!)
        return not omission and not (match["mark"][-1] in ".…" and follows == "digit")
    kind = _kind(word)
    if kind in _ABBREVIATED and ")" in match["close"]:  # (bossen, heiden e.d.) is closed, the sentence around it is not
        return text[start : start + 4].lstrip().startswith("(")
    previous = words[-2] if len(words) > 1 else ""
    return _RULES[kind](_Stop(word, previous, (match["note"] or "").strip(), follows, following))


def _follows(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands behind `end`, as `_Stop.follows` and `_Stop.next`."""
    found = _NEXT.match(text, end)
    if found is None:
        return "lower", ""
    kind = found.lastgroup or ""
    if kind == "dash":
        return ("marker" if text[start : start + 4].lstrip().startswith(tuple(_BULLETS)) else "lower"), ""
    if kind == "capital":
        word = found["capital"]
        return ("starter" if word in STARTERS else "capital"), word
    return _FOLLOWS.get(kind, kind), ""


_FOLLOWS = {"elided": "starter", "camel": "address"}


def _is_empty(text: str, start: int, end: int) -> bool:
    return not any(map(str.isalnum, text[start : min(end, start + 64)]))


def _is_enumerator(text: str, start: int, match: re.Match[str]) -> bool:
    """Is the sentence so far a mere number: "1.", "Artikel 3.1.", "Ad 2.", "(ii)."?"""
    if match.end() - start > 40:
        return False
    found = _ENUMERATOR.fullmatch(text, start, match.end("close"))
    return bool(found and (found["label"] or "x") not in STARTERS)


def _runs_on(word: str, match: re.Match[str]) -> bool:
    """A blank forgotten behind the stop: "beleid.Het kabinet", not "Min.Fin." or "www.Belastingdienst.nl"."""
    if _kind(word) not in ("", "number") or re.search(r"[@/.]|www", word) or match["note"]:
        return False
    if match["glued"] in STARTERS:
        return True
    return len(word) > 2 and word.isalpha() and word[1:].islower() and match["glued"].lower() not in TOP_LEVEL_DOMAINS


def _kind(word: str) -> str:
    """Class of the word before a full stop: a key of _RULES, "" for an ordinary word."""
    lower = word.casefold()
    kind = KINDS.get(lower, "")
    if len(word) > 1 and word.isalpha() and word.isupper() and word != "IJ":
        return "numbered" if kind else ""  # VS, NB, IND are names by themselves
    if word[:1].isupper() and (lower in CAPITALISED or kind == "month"):
        return "cautious" if lower in CAPITALISED else "numbered"
    initials = "." in word and word.isupper() and kind in ("open", "cautious") and lower not in ORGANISATIONS
    if not word or (kind and not initials):
        return kind
    if _DIGITS.fullmatch(word):
        return "number"
    if _INITIALS.fullmatch(word):
        return "initial" if "." not in word else "initials"
    if len(word) == 1 and word.isalpha() and word != "u":
        return "letter"
    if _DOTTED.fullmatch(word):
        return "" if lower.rsplit(".", 1)[1] in TOP_LEVEL_DOMAINS else "cautious"
    part = re.split(r"[-/(]", word)[-1]
    return _kind(part) if part != word and len(part) > 1 else ""


def _number(stop: _Stop) -> bool:
    """Behind "3." digits are decimals ("3.2 Gevolgen"); behind a year or a long number they are a footnote marker."""
    if not stop.note.isdecimal():
        return True
    if _YEAR.fullmatch(stop.word):
        return stop.follows in ("starter", "capital")
    return len(stop.word) > 2 and stop.word.isdecimal() and len(stop.note) < 3 and stop.follows == "starter"


def _initial(stop: _Stop) -> bool:
    """A. de Vries, but: scenario B. Dit …"""
    noun = stop.previous.lstrip(_OPENERS)
    if noun.casefold() in LABELS or noun in ("de", "het", "een"):
        return stop.follows in ("starter", "marker")
    return bool(noun) and _initials(stop)


def _initials(stop: _Stop) -> bool:
    return _before_starter(stop) and stop.next not in NAME_PREFIXES


def _letter(stop: _Stop) -> bool:
    """A lone letter is a list mark or part of a spaced abbreviation: onder b. Dit …; t. a. v. De Bank"""
    return _before_starter(stop) and not stop.previous.endswith(".")


def _before_starter(stop: _Stop) -> bool:
    return stop.follows == "starter"


_RULES: Final[dict[str, Callable[[_Stop], bool]]] = {
    "": lambda _: True,
    "never": lambda _: False,
    "title": lambda _: False,
    "open": lambda stop: stop.follows in ("starter", "capital", "marker"),
    "cautious": _before_starter,
    "month": _before_starter,
    "unit": lambda stop: _before_starter(stop) and bool(_DIGITS.fullmatch(stop.previous)),
    "numbered": lambda stop: stop.follows != "digit",
    "number": _number,
    "initial": _initial,
    "initials": _initials,
    "letter": _letter,
}
_ABBREVIATED = {"never", "title", "open", "cautious", "month", "unit", "letter"}


class _Asides:
    """The quotations and brackets of a text, asked in the order of the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.ahead = _pairs(text)[::-1]
        self.open: list[tuple[int, int]] = []

    def enclose(self, stop: re.Match[str], start: int) -> bool:
        """Does `stop` stand within an aside that is part of a sentence beginning at `start`?"""
        while self.ahead and self.ahead[-1][0] < stop.start():
            self.open.append(self.ahead.pop())
        self.open = [pair for pair in self.open if pair[1] >= stop.end()]
        return any(self._is_part(opened, closed, start) for opened, closed in self.open)

    def _is_part(self, opened: int, closed: int, start: int) -> bool:
        if opened < start:
            return False
        if not _is_empty(self.text, start, opened):
            return True
        rest = self.text[closed + 1 : closed + 8].lstrip()
        return rest[:1] in (",", ";") or rest[:1].islower()


_FAMILY = {mark: family for family, marks in enumerate(('"“”„«»', "'‘’‚", "()", "[]", "{}")) for mark in marks}


def _pairs(text: str) -> list[tuple[int, int]]:
    """Offsets of opening and closing mark of every quotation or bracket of at most ASIDE characters, by opening mark."""
    pairs, waiting = [], list[tuple[int, int]]()
    for match in _PAIRED.finditer(text):
        mark, at = match.group(), match.start()
        family = _FAMILY[mark]
        depth = next((n for n in range(1, min(len(waiting), 8) + 1) if waiting[-n][0] == family), 0)
        if depth and _can_close(text, at, mark):
            opened = waiting[-depth][1]
            del waiting[-depth:]
            if at - opened <= ASIDE:
                pairs.append((opened, at))
        elif _can_open(text, at, mark):
            waiting.append((family, at))
    return sorted(pairs)


def _can_open(text: str, at: int, mark: str) -> bool:
    if mark in "([{«„‚":
        return True
    if mark in ")]}»" or _ELIDED.match(text, at):
        return False
    free = at == 0 or text[at - 1].isspace() or text[at - 1] in _OPENERS + _BULLETS
    return free and not text[at + 1 : at + 2].isspace()


def _can_close(text: str, at: int, mark: str) -> bool:
    if mark in ")]}»":
        return True
    if mark in "([{«„‘‚":
        return False
    return at > 0 and not text[at - 1].isspace() and not text[at + 1 : at + 2].isalnum()
