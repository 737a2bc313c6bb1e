"""Reads what is cited by year and number: Staatsblad, Staatscourant, Tractatenblad."""

from __future__ import annotations

import re

from nlp.citations.grammar import (
    GOES_ON,
    MONTH,
    NUMBER_LEAD,
    Pattern,
    Reading,
    W,
    asks_for_nr,
    read_connection,
    read_pages,
    read_range,
)
from nlp.citations.normalise import page_url
from nlp.records import Citation

BULLETINS = {
    "staatsblad": (
        "stb",
        r"Staats-?\s?bl(?:ad|\.)|Stb(?:l|ld)?\b\.?|Sth\."
        r"|(?:Dutch\s|Netherlands\s)?Bulletin\sof\sActs(?:,?\sOrders)?,?\s(?:and|&)\sDecrees",
    ),
    "staatscourant": (
        "stcrt",
        r"Staats-?\s?c(?:ou)?rt?(?:ant|\.)|Stcrt\b\.?|Stct\b\.?|Stert\.|Strct\.|Stc\."
        r"|(?:Dutch\s|Netherlands\s)?Government\sGazette",
    ),
    "tractatenblad": (
        "trb",
        r"Tracta(?:ten)?-?\s?bl(?:ad|\.)|Trb\b\.?|Trbl\b\.?|(?:(?:Dutch|Netherlands)\s)?(?<!Nations\s)Treaty\sSeries",
    ),
}
LABELS = {kind: Pattern(label) for kind, (_, label) in BULLETINS.items()}
OF_THE_KINGDOM = r"(?:\svan\shet\sKoninkrijk(?:\sder\sNederlanden)?|\sof\sthe\sKingdom(?:\sof\sthe\sNetherlands)?)?"
YEAR = r"(?P<year>(?:18|19|20)\d\d)(?!\d)"
VOLUME = r"(?:(?:jaargang|jrg\.?|van|uit|of|year|volume)\s{1,9})?"
HEAD = Pattern(rf"{OF_THE_KINGDOM}{W}[,:]?{W}\(?{VOLUME}(?:(?:van\s)?\d{{1,2}}\s{MONTH}\s)?{YEAR}\)?{W}[,:;/-]?{W}")
NEXT_YEAR = Pattern(rf"{YEAR}{W}[,:/-]{W}(?=\d|n)")
YEAR_LAST = Pattern(rf"{W}[,(]?{W}(?:van|uit|of|jaargang|jrg\.?)?{W}{YEAR}\)?")
NUMBER = Pattern(r"(?:\d{1,2}[.\s]\d{3}|\d{1,5})(?!\d|[.,]\d|-\d{1,2}-\d)")
COUNTS = Pattern(
    rf"{W}{MONTH}|\s?(?:%|procent|miljoen|euro|artikelen|pagina|besluiten|keer|stuks|exemplaren|bladzijden|dagen|jaar)"
)


def read_bulletin(text: str, match: re.Match[str], _floor: int) -> Reading | None:
    """Reads "Stb. 2020, 123 en 124", "Staatscourant nr. 9428 van 2017"; `match` is of one of the labels."""
    kinds = ((kind, found) for kind, known in LABELS.items() if (found := known.match(text, match.start())))
    kind, label = next(kinds, ("", None))
    if label is None:
        return None
    head = HEAD.match(text, label.end())
    if head is None:
        return _with_year_last(text, kind, match.start(), label.end())
    citations = _read_entry(text, kind, match.start(), head.end(), head["year"])
    if not citations:
        return None
    end, year = citations[-1].end, head["year"]
    while (connection := read_connection(text, end)) and not asks_for_nr(connection):
        again = NEXT_YEAR.match(text, connection.end())
        year = again["year"] if again else year
        more = _read_entry(text, kind, connection.end(), again.end() if again else connection.end(), year)
        if not more or not GOES_ON.match(text, more[-1].end):
            break
        citations += more
        end = more[-1].end
    return Reading(citations, end)


def _with_year_last(text: str, kind: str, start: int, here: int) -> Reading | None:
    """Reads "Staatsblad nr. 50 van 2013"."""
    gap = SPACE.match(text, here)
    lead = NUMBER_LEAD.match(text, gap.end()) if gap else None
    number = _read_number(text, lead.end()) if lead else None
    year = YEAR_LAST.match(text, number[1]) if number else None
    if number is None or year is None:
        return None
    end = year.end()
    return Reading([_citation(kind, start, end, year["year"], number[0], None)], end)


SPACE = Pattern(rf"{W},?{W}")


def _read_entry(text: str, kind: str, start: int, here: int, year: str) -> list[Citation]:
    lead = NUMBER_LEAD.match(text, here)
    here = lead.end() if lead else here
    number = _read_number(text, here)
    if number is None or COUNTS.match(text, number[1]):
        return []
    numbers, end = read_range(text, *number, _read_number) or ((number[0],), number[1])
    page = None
    if pages := read_pages(text, end):
        page, end = pages
    return [_citation(kind, start, end, year, one, page) for one in numbers]


def _read_number(text: str, start: int) -> tuple[str, int] | None:
    match = NUMBER.match(text, start)
    return (re.sub(r"\D", "", match[0]), match.end()) if match else None


def _citation(kind: str, start: int, end: int, year: str, number: str, page: str | None) -> Citation:
    identifier = f"{BULLETINS[kind][0]}-{year}-{number}"
    return Citation(
        kind, "", start, end, ondernummer=number, page=page, identifier=identifier, url=page_url(identifier), jaar=year
    )
