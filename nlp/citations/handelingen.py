"""Reads Handelingen (meeting, item, page) and their Aanhangsel (answers to written questions)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from nlp.citations.grammar import (
    AND_FOLLOWING,
    END,
    GOES_ON,
    MONTH,
    NR,
    NUMBER_LEAD,
    PAGE_LEAD,
    RANGE,
    YEAR_LEAD,
    Pattern,
    Reading,
    W,
    asks_for_nr,
    read_chamber,
    read_connection,
    read_members,
    read_pages,
    read_plain_members,
    read_year,
)
from nlp.citations.normalise import (
    ITEMS_SINCE,
    chamber_code,
    compact,
    handelingen_identifier,
    is_digital,
    page_url,
)
from nlp.records import Citation

APPENDIX = (
    r"(?:aan-?hang(?:sel)?s?(?:nummers?|nrs?\b\.?)?|aanh\.|ah(?:-?tk|-?ek)?\b|append(?:ix|ices)(?=\s(?:to"
    r"|of)\sthe\s(?:official|proc|parl|acts|hand)))"
)
PROCEEDINGS = (
    r"(?:hande-?lingen|hand\.|HTK|HEK|(?:parliamentary\s)?proceedings|official\sreports?|parliamentary\sdebates"
    r"|kamervragen(?=\s\(aanh))"
)
LABEL = Pattern(rf"(?:(?P<appendix>{APPENDIX})|(?P<proceedings>{PROCEEDINGS}))(?![a-gi-z])")
FILLER = Pattern(
    rf"(?:\(?(?P<appendix>{APPENDIX})\)?|{PROCEEDINGS}|van\sde|van|der|bij\sde|bij|tot\sde|behorende|to\sthe|of\sthe|of|de|the"
    rf"|der\sKamer){END}"
)
DATE = Pattern(rf"(?:(?:d\.d\.|van|of)\s)?\d{{1,2}}{W}{MONTH}\.?{W}(?:1[89]|20)\d\d(?!\d)")
SEPARATOR = Pattern(rf"\)?{W}[,:;(/-]?{W}")
BEFORE = Pattern(
    rf"(?:\A|(?<=[^A-Za-z\d]))(?:(?:Tweede|Eerste)\sKamer[^,;.()\d]{{0,30}},?{W}|(?:TK|EK|II|I),?{W})?"
    rf"(?:{YEAR_LEAD.source})?'?(?:1[89]|20)\d\d{W}[-/]{W}\d{{2,4}},?{W}\Z"
)

MEETING = Pattern(
    rf"(?:de\s)?(?P<meeting>\d{{1,3}})(?:-(?P<second>\d{{1,5}})(?:-(?P<third>\d{{1,5}}))?)?(?!\d|-\d)"
    rf"(?P<ordinal>(?:e|ste|de)\b)?(?:{W}vergadering)?"
)
MEETING_WORD = Pattern(rf"(?:vergadering|meeting|sitting){W}(?:{NR}{W})?")
ITEM = Pattern(rf"{W}[,;(]?{W}(?:agenda-?\s?)?(?:items?|punt(?:en)?|onderwerp(?:en)?|onderdeel){W}(?:{NR}{W})?(?=\d)")
ITEM_NUMBER = Pattern(r"\d{1,3}(?!\d)")
# In the oldest form the meeting stands before the page: "blz. 38-3010", "38-3010/3028".
OLD_PAGE = Pattern(
    rf"(?P<meeting>\d{{1,3}})-(?P<first>\d{{1,5}})(?!\d)"
    rf"(?:(?:{RANGE.source}|/)(?:(?P=meeting)-)?(?P<last>\d{{1,5}}))?(?!\d)"
)
# Since 2010 pages are printed as meeting-item-page.
PAGE_OF_ITEM = Pattern(
    rf"(?P<meeting>\d{{1,3}})-\d{{1,3}}-(?P<first>\d{{1,3}})(?!\d)"
    rf"(?:{RANGE.source}(?:\d{{1,3}}-\d{{1,3}}-)?(?P<last>\d{{1,3}}))?(?!\d)"
)

Reader = Callable[..., list[Citation]]


@dataclass(frozen=True, slots=True)
class Place:
    """What stands before the numbers."""

    kamer: str | None = None
    vergaderjaar: str | None = None
    appendix: bool = False
    proceedings: bool = False  # the word Handelingen was said
    dated: bool = False

    @property
    def by_items(self) -> bool:
        """From 2010-2011 on a meeting is published item by item."""
        return self.vergaderjaar is not None and int(self.vergaderjaar[:4]) >= ITEMS_SINCE


def read_handelingen(text: str, match: re.Match[str], floor: int) -> Reading | None:
    """Reads "Handelingen II 2019/20, nr. 45, item 3, p. 12", "Aanhangsel Handelingen II 2014/15, nr. 1241"."""
    label = LABEL.match(text, match.start())
    if label is None:
        return None
    start = match.start()
    said = label[0].lower()
    kamer = (
        "I"
        if said.startswith(("hek", "ah-ek", "ahek"))
        else "II"
        if said.startswith(("htk", "ah-tk", "ahtk"))
        else None
    )
    place = Place(kamer=kamer, appendix=label["appendix"] is not None, proceedings=label["proceedings"] is not None)
    here, place = _read_place(text, label.end(), place)
    if place.vergaderjaar is None and (before := BEFORE.search(text, max(floor, start - 80), start)):
        start = before.start()
        place = _read_place(text, start, place)[1]
    read = _read_answers if place.appendix else _read_debates
    return _read_list(text, start, here, place, read)


def _read_place(text: str, here: int, place: Place) -> tuple[int, Place]:
    """Chamber, vergaderjaar, date and words like "van de" in any order."""
    for _ in range(8):
        separator = SEPARATOR.match(text, here)
        at = separator.end() if separator else here
        lead = YEAR_LEAD.match(text, at)
        if place.kamer is None and (chamber := read_chamber(text, at, misread=place.proceedings)):
            place, here = replace(place, kamer=chamber[0]), chamber[1]
        elif place.vergaderjaar is None and (
            year := read_year(text, lead.end() if lead else at, short=True, misread=True)
        ):
            place, here = replace(place, vergaderjaar=year[0]), year[1]
        elif date := DATE.match(text, at):
            place, here = replace(place, dated=True), date.end()
        elif word := FILLER.match(text, at):
            appendix = place.appendix or word["appendix"] is not None
            place, here = (
                replace(place, appendix=appendix, proceedings=place.proceedings or word["appendix"] is None),
                word.end(),
            )
        elif (chamber := read_chamber(text, at)) and chamber[0] == place.kamer:
            here = chamber[1]
        else:
            return at, place
    return here, place


def _read_list(text: str, start: int, here: int, place: Place, read: Reader) -> Reading | None:
    found = read(text, start, here, place)
    if not found:
        return None
    citations, end = found, found[-1].end
    if place.vergaderjaar is None and (behind := _year_behind(text, end)):
        place = replace(place, vergaderjaar=behind[0])
        citations = read(text, start, here, place)
        citations[-1] = replace(citations[-1], end=behind[2] or citations[-1].end)
        end = behind[1]
    if place.vergaderjaar is None and (place.appendix or not (place.dated or (place.kamer and citations[0].item))):
        return None
    while connection := read_connection(text, end):
        year = read_year(text, connection.end())
        at = connection.end()
        if year:
            separator = SEPARATOR.match(text, year[1])
            place, at = replace(place, vergaderjaar=year[0]), separator.end() if separator else year[1]
        more = read(text, connection.end(), at, place, citations[-1])
        if not more:
            break
        citations += more
        end = more[-1].end
    return Reading(citations, end)


YEAR_BEHIND = Pattern(rf"{W}(?P<sign>[,(])?{W}(?:{YEAR_LEAD.source})?")


def _year_behind(text: str, end: int) -> tuple[str, int, int | None] | None:
    """(2019-2020, where reading goes on, end of the citation if the year belongs to it)."""
    lead = YEAR_BEHIND.match(text, end)
    year = read_year(text, lead.end()) if lead else None
    if lead is None or year is None:
        return None
    bracket = lead["sign"] == "("
    closed = year[1] + (bracket and text[year[1] : year[1] + 1] == ")")
    return year[0], closed, None if bracket else year[1]


def _read_answers(text: str, start: int, here: int, place: Place, last: Citation | None = None) -> list[Citation]:
    """The numbers of the Aanhangsel. A page footer ("vergaderjaar 2024-2025, Aanhangsel 3") has no number."""
    lead = NUMBER_LEAD.match(text, here)
    members = read_members(text, lead.end()) if lead else read_plain_members(text, here)
    if members is None or members.numbers[0].isalpha():
        return []
    is_footer = last is None and not place.proceedings and len(members.numbers[0]) < 3
    if lead is None and (is_footer or not GOES_ON.match(text, members.end)):
        return []
    end, page = members.end, None
    if pages := read_pages(text, end):
        page, end = pages
    return [_answer(number, start, end, place, page) for number in members.numbers]


def _answer(number: str, start: int, end: int, place: Place, page: str | None) -> Citation:
    identifier = url = None
    if place.vergaderjaar:
        identifier = f"ah-{chamber_code(place.kamer)}-{compact(place.vergaderjaar)}-{number}"
        url = page_url(identifier) if is_digital(place.vergaderjaar) else None
    return Citation(
        "aanhangsel",
        "",
        start,
        end,
        kamer=place.kamer,
        vergaderjaar=place.vergaderjaar,
        ondernummer=number,
        page=page,
        identifier=identifier,
        url=url,
    )


def _read_debates(text: str, start: int, here: int, place: Place, last: Citation | None = None) -> list[Citation]:
    """Meeting, items and page."""
    meeting, first_item, page, end = _read_meeting(text, here, place, known=last is not None)
    items = [(start, end, first_item)] if first_item else list(_read_items(text, start, end, bare=meeting is None))
    if items:
        end = items[-1][1]
    if meeting is None and items and last is not None:
        meeting = last.ondernummer
    if pages := _read_debate_pages(text, end if (meeting or items) else here, place, meeting):
        meeting, page, end = pages
    if (meeting is None or meeting == "") and page is None:
        return []
    if not items:
        return [_debate(start, end, place, meeting, None, page)]
    found = [_debate(begin, stop, place, meeting, item, None) for begin, stop, item in items]
    found[-1] = replace(found[-1], end=end, page=page)
    return found


def _read_meeting(text: str, here: int, place: Place, *, known: bool) -> tuple[str | None, str | None, str | None, int]:
    """Meeting, item, page and end: "nr. 45", "45e vergadering", "45-3-12", before 2010 "38-3010"."""
    lead = NUMBER_LEAD.match(text, here) or MEETING_WORD.match(text, here)
    match = MEETING.match(text, lead.end() if lead else here)
    if match is None:
        return None, None, None, here
    end, meeting, second, third = match.end(), match["meeting"], match["second"], match["third"]
    introduced = lead or second or match["ordinal"] or ITEM.match(text, end) or PAGE_LEAD.match(text, end)
    if not introduced and (known or not (place.kamer and place.vergaderjaar and GOES_ON.match(text, end))):
        return None, None, None, here
    if second is None:
        return meeting, None, None, end
    if place.by_items:
        return meeting, second, third, end
    old = OLD_PAGE.match(text, match.start("meeting"))
    return (meeting, None, _old_pages(old), old.end()) if old else (meeting, None, second, end)


def _read_items(text: str, start: int, here: int, *, bare: bool) -> Iterator[tuple[int, int, str]]:
    """Reads ", item 3", ", items 3 en 4": (start, end, number); only the first has what stands before it."""
    lead = ITEM.match(text, here)
    if lead is None and bare:
        return
    begin, at = start, lead.end() if lead else -1
    while at >= 0 and (number := ITEM_NUMBER.match(text, at)) and (begin == start or GOES_ON.match(text, number.end())):
        yield begin, number.end(), number[0]
        connection = read_connection(text, number.end())
        begin = at = connection.end() if connection and not asks_for_nr(connection) else -1


def _read_debate_pages(text: str, here: int, place: Place, meeting: str | None) -> tuple[str | None, str, int] | None:
    """Meeting, page and end; before 2010 the meeting may stand before the page with a hyphen."""
    lead = PAGE_LEAD.match(text, here)
    if (
        lead
        and place.by_items
        and meeting
        and (numbered := PAGE_OF_ITEM.match(text, lead.end()))
        and numbered["meeting"] == meeting
    ):
        return meeting, _old_pages(numbered), numbered.end()
    old = OLD_PAGE.match(text, lead.end()) if lead and not place.by_items else None
    if old and (old["meeting"] == meeting or (meeting is None and int(old["first"]) > int(old["meeting"]) + 150)):
        follows = AND_FOLLOWING.match(text, old.end())
        page = _old_pages(old) + ("-" if follows else "")
        return old["meeting"], page, follows.end() if follows else old.end()
    pages = read_pages(text, here)
    return (meeting, *pages) if pages else None


def _old_pages(match: re.Match[str]) -> str:
    return match["first"] + (f"-{match['last']}" if match["last"] else "")


def _debate(start: int, end: int, place: Place, meeting: str | None, item: str | None, page: str | None) -> Citation:
    identifier = handelingen_identifier(place.kamer, place.vergaderjaar, meeting, item)
    return Citation(
        "handelingen",
        "",
        start,
        end,
        kamer=place.kamer,
        vergaderjaar=place.vergaderjaar,
        ondernummer=meeting,
        page=page,
        identifier=identifier,
        url=page_url(identifier) if identifier else None,
        item=item,
        certainty="exact" if place.kamer else "wellformed",
    )
