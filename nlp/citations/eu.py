"""Reads acts of the European Union by their number: "Richtlijn 2013/34/EU", "Verordening (EG) nr. 1907/2006"."""

from __future__ import annotations

import re

from nlp.citations.grammar import END, GOES_ON, MONTH, Pattern, Reading, W, read_connection
from nlp.citations.normalise import celex_number, celex_url
from nlp.records import Citation

# The letter of CELEX for every kind of act. Only regulations and directives may go without "(EU)" or "/EU".
KINDS = {
    "F": r"kaderbesluit(?:en)?|framework\sdecisions?",
    "R": r"verordening(?:en)?|regulations?",
    "L": r"richtlijn(?:en)?|directives?",
    "D": r"besluit(?:en)?|beschikking(?:en)?|decisions?",
    "H": r"aanbeveling(?:en)?|recommendations?",
}
UNMARKED = ("R", "L")
QUALIFIED = r"(?:uitvoerings-?|(?:gedelegeerde|delegated|implementing|council|commission)\s{1,9})?"
BODY = r"EU|EG|EEG|EC|EEC|Euratom|EGKS|ECSC|JBZ|JHA|GBVB|CFSP"
MAKER = (
    r"(?:van|of)\s(?:de|het|the)\s(?:Raad|Commissie|Europese?\sParlement|Council|Commission|European\sParliament)"
    r"(?:\s(?:en|and)\s(?:van\s|of\s)?(?:de|the)\s(?:Raad|Council))?"
)
DATED = rf"(?:(?:van|of)\s(?:the\s)?\d{{1,2}}\s{MONTH}\s\d{{4}}\s)?"
NUMBER = (
    rf"(?:(?:nr|no)\.?{W}(?=\())?(?:(?P<body>\(?{W}\b(?:{BODY})\b(?:{W},{W}(?:{BODY})){{0,2}}{W}\)?){W})?"
    rf"(?P<nr>(?:nr|no|nummer|n°)\.?{W})?\(?"
    rf"(?P<first>\d{{1,4}}){W}/{W}(?P<second>\d{{1,4}})(?:{W}/{W}(?P<tail>{BODY}))?{END}(?![/-]\d)"
)
ACT = Pattern(
    rf"{QUALIFIED}(?:{'|'.join(f'(?P<{letter}>{words})' for letter, words in KINDS.items())}){END}{W}"
    rf"(?:{MAKER}{W},?{W})?{DATED}{NUMBER}"
)
NEXT = Pattern(NUMBER)
MARKED_BEFORE = re.compile(r"(?:\bEU-|\bEG-|Europese\s|European\s)$", re.IGNORECASE)
# Councils, colleges and professions have their own; only of the Union may the maker be said without "EU".
BY_OTHERS = Pattern(
    rf"{W}(?:van|uit|of|by)\s(?!(?:de\s|het\s|the\s)?(?:Europe|Raad\b|Commissie\b|Council|Commission|Unie|EU\b|\d))"
    rf"|{W}(?:gemeente|provincie|waterschap)"
)


def read_act(text: str, match: re.Match[str], _floor: int) -> Reading | None:
    """One act, or the list behind "Richtlijnen"."""
    found = ACT.match(text, match.start())
    letter = next((kind for kind in KINDS if found[kind]), None) if found else None
    if found is None or letter is None:
        return None
    marked = bool(
        found["body"] or found["tail"] or MARKED_BEFORE.search(text[max(0, found.start() - 12) : found.start()])
    )
    if not marked and (letter not in UNMARKED or BY_OTHERS.match(text, found.end())):
        return None
    citation = _act(found, letter, marked)
    if citation is None:
        return None
    citations = [citation]
    while (connection := read_connection(text, citations[-1].end)) and (more := NEXT.match(text, connection.end())):
        told = more["body"] or more["tail"] or more["nr"] or (marked and GOES_ON.match(text, more.end()))
        following = _act(more, letter, marked) if told else None
        if following is None:
            break
        citations.append(following)
    return Reading(citations, citations[-1].end)


def _act(match: re.Match[str], letter: str, marked: bool) -> Citation | None:
    parts = _year_and_number(
        match["first"], match["second"], has_tail=match["tail"] is not None, has_nr=match["nr"] is not None
    )
    if parts is None or (not marked and not _in_order(match, letter, parts[0])):
        return None
    code = celex_number(parts[0], letter, parts[1])
    certainty = "exact" if marked else "wellformed"
    return Citation("eu", "", match.start(), match.end(), identifier=code, url=celex_url(code), certainty=certainty)


def _in_order(match: re.Match[str], letter: str, year: str) -> bool:
    """Without "EU" only the order that the Union has itself: "richtlijn 2013/34", "verordening 1/2003"."""
    first = match["first"] == year
    return len(year) == 4 and (first if letter == "L" else first or match["nr"] is not None or year < "2015")


def _year_and_number(first: str, second: str, *, has_tail: bool, has_nr: bool) -> tuple[str, str] | None:
    """Directives have the year first, regulations had it last until 2015, with "nr." before the number."""
    if has_tail:
        return (first, second) if _is_year(first) else (second, first) if _is_year(second) else None
    if _is_year(second) and (has_nr or (len(second) == 4 and not (_is_year(first) and len(first) == 4))):
        return second, first
    if _is_year(first) and len(first) == 4:
        return first, second
    return (second, first) if _is_year(second) else None


def _is_year(digits: str) -> bool:
    return len(digits) == 2 or ("1952" <= digits <= "2099" and len(digits) == 4)
