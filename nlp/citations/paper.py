"""One paper of a dossier: its number behind the dossier number or before it, or the dossier as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from nlp.citations.context import names_a_paper
from nlp.citations.dossier import Dossier, Head, read_head
from nlp.citations.grammar import (
    BEGIN,
    END,
    GOES_ON,
    NR,
    NR_ALONE,
    NUMBER_LEAD,
    NUMBER_LEAD_MISREAD,
    UNIT,
    W1,
    WITH_SUFFIX,
    Members,
    Pattern,
    W,
    looks_like_a_year,
    read_connection,
    read_members,
    read_plain_members,
)
from nlp.citations.normalise import dossier_url, kamerstuk_identifier, kamerstuk_url
from nlp.records import Citation

NUMBERED_INTO_THOUSANDS = ("21501", "22112")  # dossiers in which number 2012 is as likely as the year

LEAD = Pattern(rf"{W}[,;:.(\[-]?{W}")
LEAD_BARE = Pattern(rf"{W},?{W}")
HYPHEN = Pattern(rf"\s?[-/:_]\s?(?=(?:\d{{1,4}}(?-i:[a-z])?|(?-i:[A-Z]{{1,2}})){END})")
COMMA = Pattern(rf"{W},{W}")
LETTER = Pattern(rf"{W}[,-]?{W}(?=(?-i:[A-Z]{{1,2}}){END})")
# Two capitals that are a word or an abbreviation rather than the letters of a paper.
NO_LETTERS = {"EU", "EK", "EN", "DE", "ER", "CU", "BV", "DG", "BZ", "EZ", "CO", "II", "IV", "VI", "IX", "XI"}
LATE_LETTERS = "GHIJKLMNOPQRSTUVWXYZ"  # only long dossiers of the Eerste Kamer get so far: 22112, JV
INITIALS = re.compile(r"\.\s?(?:[A-Z]\.|(?:van|de|der|den|ten|ter|von)\s)")  # A. de Vries, A.B.
SPACE = Pattern(rf"{W1}(?=\d{{1,4}}(?!\d))")

REVERSED = Pattern(rf"""{BEGIN}(?P<lead>{NR_ALONE}){W}(?:\d{{1,4}}[a-z]?|(?-i:[A-Z]{{1,2}}))
    (?:(?:{W}[,&/-]{W}|{W1}(?:en|of|and|t/m|tot\sen\smet){W1})(?:{NR}{W})?\d{{1,4}}[a-z]?){{0,12}}
    {W}(?P<open>[(\[])?{W}(?:,{W})?
    (?:(?:van|bij|op|in|uit|onder|of|to|from|behorende?\sbij)\s{{1,9}}(?:(?:het|de|the)\s{{1,9}})?)?\Z""")
TITLE = Pattern(rf"{W}\([^()\d]{{4,60}}\)(?={W},?{W}{NR}{W}\d)")
BEHIND_DOSSIER = Pattern(rf"{W}[,(]?{W}")
NOT_COUNTING = Pattern(rf"(?!{W}{UNIT}|{W}[.,]?\d|-\d|/\d)")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number belongs: what stands before it."""

    kamer: str | None = None
    vergaderjaar: str | None = None
    dossiernummer: str = ""
    certainty: str = "exact"


@dataclass(slots=True)
class Entry:
    """One entry of a list, before it is made a citation per number. Without numbers: the dossier as a whole."""

    start: int
    end: int
    source: Source
    numbers: tuple[str, ...] = ()
    style: str = "nr"  # how the number was introduced: nr, plain, hyphen, letter
    page: str | None = None
    annex: bool = False


Form = Callable[[str, Head, Dossier], Members | None]


def source_of(head: Head, dossier: Dossier) -> Source:
    misread = head.misread or dossier.misread
    certainty = "doubtful" if misread else "exact" if head.label or head.kamer else "wellformed"
    return Source(head.kamer, head.vergaderjaar, dossier.number, certainty)


def read_first(text: str, head: Head, dossier: Dossier) -> list[Entry]:
    """The number behind the dossier, in the form that the head allows."""
    for said, place in _number_places(text, head, dossier):
        for style, read in FORMS.items():
            if members := read(text, said, place):
                return [Entry(head.start, members.end, source_of(said, dossier), members.numbers, style)]
    return []


def _number_places(text: str, head: Head, dossier: Dossier) -> Iterator[tuple[Head, Dossier]]:
    """Right behind the dossier, or behind its title, a chamber or a vergaderjaar: "35034 (2018/19), nr. 3"."""
    yield head, dossier
    if (head.labelled or dossier.suffix) and (title := TITLE.match(text, dossier.end)):
        yield head, replace(dossier, end=title.end())
    separator = BEHIND_DOSSIER.match(text, dossier.end)
    if separator is None or (head.kamer and head.years):
        return
    told = replace(head, years=list(head.years))
    here = read_head(text, separator.end(), told, words=False)
    if (told.kamer, told.years) != (head.kamer, head.years):
        yield told, replace(dossier, end=dossier.end + len(text[dossier.end : here].rstrip(" ,\n\t")))


def read_introduced(text: str, head: Head, dossier: Dossier) -> Members | None:
    """Reads ", nr. 232"."""
    labelled = head.labelled or head.label is not None
    separator = (LEAD if labelled else LEAD_BARE).match(text, dossier.end)
    here = separator.end() if separator else dossier.end
    lead = NUMBER_LEAD.match(text, here) or (NUMBER_LEAD_MISREAD.match(text, here) if labelled else None)
    # In the Eerste Kamer "188B" in capitals is 188b, elsewhere it is a misread 1888.
    return read_members(text, lead.end(), misread=labelled and head.kamer != "I") if lead else None


def read_hyphened(text: str, head: Head, dossier: Dossier) -> Members | None:
    """Reads "28325-280" with a label, "21501-32-1185" also without."""
    hyphen = HYPHEN.match(text, dossier.end)
    if hyphen is None or not (head.labelled or (dossier.suffix and not dossier.spaced)):
        return None
    if not head.labelled and (hyphen[0] != "-" or text[hyphen.end() : hyphen.end() + 2] in ("19", "20")):
        return None
    return read_members(text, hyphen.end())


def read_behind_comma(text: str, head: Head, dossier: Dossier) -> Members | None:
    """Reads "31 936, 1034" behind a label or a vergaderjaar."""
    comma = COMMA.match(text, dossier.end)
    if comma is None or not (head.label == "strong" or head.years or head.abbreviated):
        return None
    members = read_plain_members(text, comma.end())
    if members is None:
        return None
    is_year = looks_like_a_year(members.numbers[0]) and not dossier.number.startswith(NUMBERED_INTO_THOUSANDS)
    is_ordinal = head.kamer != "I" and WITH_SUFFIX.fullmatch(members.numbers[0])
    return None if is_year or is_ordinal else members


def read_letter(text: str, head: Head, dossier: Dossier) -> Members | None:
    """Reads "35300 V, B"."""
    letter = LETTER.match(text, dossier.end) if head.labelled else None
    if letter is None:
        return None
    members = read_members(text, letter.end())
    if members is None or members.numbers[0] in NO_LETTERS:
        return None
    if len(members.numbers[0]) == 2 and members.numbers[0][0] in LATE_LETTERS and head.kamer != "I":
        return None
    is_initial = head.kamer != "I" and not head.years and INITIALS.match(text, members.end)
    return None if is_initial else members


def read_spaced(text: str, head: Head, dossier: Dossier) -> Members | None:
    """Reads "Kamerstuk 26485 232": only behind five digits that stand together."""
    space = SPACE.match(text, dossier.end)
    if space is None or head.label != "strong" or (dossier.spaced and not dossier.suffix):
        return None
    members = read_plain_members(text, space.end())
    return (
        members if members and GOES_ON.match(text, members.end) and not looks_like_a_year(members.numbers[0]) else None
    )


# How a number can follow its dossier, in the order in which the forms are tried.
FORMS: dict[str, Form] = {
    "nr": read_introduced,
    "hyphen": read_hyphened,
    "plain": read_behind_comma,
    "letter": read_letter,
    "space": read_spaced,
}


CLOSED_BY = {"(": ")", "[": "]"}


def read_reversed(text: str, head: Head, dossier: Dossier, floor: int) -> list[Entry]:
    """Reads "nr. 118 (36410-XVI)", "nrs. 12 en 13 van Kamerstuk 26485": the numbers before the dossier."""
    may_be = text[head.start - 1 : head.start] in ("(", "[", " ", "\n")
    found = REVERSED.search(text, max(floor, head.start - 110), head.start) if may_be else None
    if found is None:
        return []
    if not head.labelled and not found["open"] and not dossier.suffix:
        return []
    if not (head.labelled or dossier.suffix or names_a_paper(text, found.start())):
        return []
    entries: list[Entry] = []
    here, source = found.start(), source_of(head, dossier)
    while here < head.start:
        lead = NUMBER_LEAD.match(text, here)
        members = read_members(text, lead.end() if lead else here, begin=here)
        if members is None:
            break
        entries.append(Entry(members.start, members.end, source, members.numbers))
        connection = read_connection(text, members.end)
        here = connection.end() if connection else head.start
    if entries:
        closes = found["open"] is not None and text[dossier.end : dossier.end + 1] == CLOSED_BY[found["open"]]
        entries[-1].end = dossier.end + closes
    return entries


def read_whole(text: str, head: Head, dossier: Dossier) -> list[Entry]:
    """The dossier without a number: "Kamerstukken 31945"; five digits that count something are none."""
    goes_on = GOES_ON.match(text, dossier.end) is not None
    if not stands_apart(text, dossier.end):
        return []
    if head.label == "strong" or (head.kamer and len(head.years) > 1):
        allowed = goes_on or not dossier.spaced
    elif head.label == "weak":
        # Courts and offices have dossiers too, but print their numbers without a space.
        sure = head.is_bill or dossier.spaced or names_a_paper(text, head.start)
        allowed = goes_on and sure and "10000" <= dossier.number[:5] < "40000"
    else:
        allowed = goes_on and head.abbreviated and not dossier.spaced
    source = source_of(head, dossier)
    if head.label == "weak":
        source = replace(source, certainty="wellformed" if head.is_bill else "doubtful")
    return [Entry(head.start, dossier.end, source)] if allowed else []


def stands_apart(text: str, end: int) -> bool:
    """Whether five digits that end here count nothing and are no part of a longer number."""
    return not text[end : end + 1].isalnum() and NOT_COUNTING.match(text, end) is not None


def citations_of(entry: Entry) -> Iterator[Citation]:
    """A citation for every number; all members of a range have the same span."""
    source, dossier = entry.source, entry.source.dossiernummer
    if not entry.numbers:
        yield Citation(
            "dossier", "", entry.start, entry.end, source.kamer, source.vergaderjaar, dossier,
            url=dossier_url(dossier), certainty=source.certainty,
        )  # fmt: skip
    for number in entry.numbers:
        identifier = kamerstuk_identifier(dossier, number, source.kamer, source.vergaderjaar)
        yield Citation(
            "kamerstuk", "", entry.start, entry.end, source.kamer, source.vergaderjaar, dossier, number, entry.page,
            identifier, kamerstuk_url(identifier, source.vergaderjaar, dossier), source.certainty, entry.annex,
        )  # fmt: skip
