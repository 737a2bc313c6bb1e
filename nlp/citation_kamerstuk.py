"""Reads Kamerstukken: chamber · vergaderjaar · dossier · suffix · numbers · page, in the orders people write them.

A run begins at a label, a chamber, a vergaderjaar or a bare dossier number, and runs on through the list behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nlp.citation_context import is_bare_citation, is_ranking, names_a_paper
from nlp.citation_dossier import LABEL, SEPARATOR, Dossier, Head, looks_misread, read_dossier, read_head
from nlp.citation_grammar import (
    BEGIN,
    END,
    GOES_ON,
    IS_PLURAL,
    NR,
    NR_ALONE,
    NUMBER_LEAD,
    NUMBER_LEAD_MISREAD,
    UNIT,
    W1,
    YEAR_LEAD,
    YEAR_WORD,
    Members,
    Pattern,
    Reading,
    W,
    looks_like_a_year,
    read_chamber,
    read_connection,
    read_members,
    read_pages,
    read_plain_members,
    read_year,
)
from nlp.citation_normalise import dossier_url, kamerstuk_identifier, kamerstuk_url
from nlp.records import Citation

NUMBERED_INTO_THOUSANDS = ("21501", "22112")  # dossiers in which number 2012 is as likely as the year

LEAD = Pattern(rf"{W}[,;:.(\[-]?{W}")
LEAD_BARE = Pattern(rf"{W},?{W}")
HYPHEN = Pattern(rf"\s?[-/:_]\s?(?=(?:\d{{1,4}}(?-i:[a-z])?|(?-i:[A-Z]{{1,2}})){END})")
COMMA = Pattern(rf"{W},{W}")
LETTER = Pattern(rf"{W}[,-]?{W}(?=(?-i:[A-Z]|[A-F][A-Z]){END})")
NO_LETTERS = {"EU", "EK", "EN", "DE", "ER", "CU", "BV", "DG", "BZ", "EZ", "CO", "II"}
INITIAL = re.compile(r"\.\s?[A-Z][a-z]*")
SPACE = Pattern(rf"{W1}(?=\d{{1,4}}(?!\d))")

ANNEX_AHEAD = Pattern(r"""(?:(?P<plural>bijlagen|annexes|attachments)|bijlage|bijl\.|annex|appendix|attachment)\s{1,9}
    (?:(?:nr\.?\s|nummer\s)?(?:\d{1,7}|(?-i:[IVX]{1,4}|[A-Z]))\s{1,9}(?:(?:en|and)\s\d{1,7}\s)?)?
    (?:bij|van|to|of)\s{1,9}(?:(?:het|de|the|dit|uw)\s{1,9})?\Z""")
WORD_OF_ANNEX = Pattern(r"(?:bij|van|to|of|het|de|the|dit|uw)\s{1,9}\Z")  # the last word of ANNEX_AHEAD: quick to look for
ANNEX_BEHIND = Pattern(rf"""(?:{W},{W}|{W}(?P<bracket>\(){W}|{W1}(?=\S{{3,10}}\s(?:nr\.?\s)?\d))
    (?:bijlagen?|bijl\.|annex(?:es)?|appendix){END}(?:{W}(?:nr\.?{W}|nummer{W})?(?:\d{{1,7}}|(?-i:[IVX]{{1,4}})){END})?
    (?!{W}(?:bij|van|to|of|blg|en|-)\b)""")
REVERSED = Pattern(rf"""{BEGIN}(?P<lead>{NR_ALONE}){W}(?:\d{{1,4}}[a-z]?|(?-i:[A-Z]{{1,2}}))
    (?:(?:{W}[,&/-]{W}|{W1}(?:en|of|and|t/m|tot\sen\smet){W1})(?:{NR}{W})?\d{{1,4}}[a-z]?){{0,12}}
    {W}(?P<open>[(\[])?{W}(?:,{W})?(?:(?:van|bij|op|in|uit|onder|of|to|from|behorende?\sbij)\s{{1,9}}(?:(?:het|de|the)\s{{1,9}})?)?\Z""")
YEAR_BEHIND = Pattern(rf"{W}(?P<sign>[,(])?{W}(?:(?:van|uit|of|from)\s(?:het\s|the\s)?(?={YEAR_WORD}))?")
NEW_DOSSIER = Pattern(rf"{W},?{W}\d\d{W}\.?\d{{3}}(?!\d)")
YEAR_BEFORE = Pattern(rf"""(?:{BEGIN}(?P<said>{YEAR_WORD}{W}:?{W}\d{{4}}{W}[-/]{W}\d{{2,4}})
    |[(\[]{W}(?P<alone>\d{{4}}{W}[-/]{W}\d{{2,4}})),?{W}\Z""")
JOINT_BEFORE = Pattern(rf"[(\[]{W}(?P<dossier>[1-4]\d\s?\d{{3}}(?:[\s-]{{1,3}}(?-i:[IVX]{{1,5}}[A-F]?|[A-N]))?){W}(?:/|,|&|en\b|and\b){W}\Z")
BEHIND_DOSSIER = Pattern(rf"{W}[,(]?{W}")
BILL_MAY_FOLLOW = Pattern(rf"(?!{W}{UNIT}|{W}[.,]?\d|-\d|/\d)")


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


@dataclass(slots=True)
class Run:
    """A run of entries, and how far the text has been read."""

    entries: list[Entry]
    end: int

    def plural(self, text: str) -> bool:
        """Whether "nrs." announced a list."""
        first = self.entries[0]
        return IS_PLURAL.search(text, first.start, first.end) is not None



def read_kamerstuk(text: str, match: re.Match[str], floor: int) -> Reading | None:
    """At a label or a chamber; nothing before `floor` may be taken. None where no citation follows."""
    head = Head(match.start())
    here = match.start()
    if label := LABEL.match(text, here):
        head.label = "strong" if label["strong"] else "weak"
        head.misread = looks_misread(label[0])
        head.is_bill = label[0].lower().startswith(("wetsv", "wetso", "bill"))
        separator = SEPARATOR.match(text, label.end())
        here = separator.end() if separator else label.end()
    here = read_head(text, here, head)
    dossier = read_dossier(text, here, head)
    if dossier is None:
        return None
    if not head.years and text[max(0, head.start - 3) : head.start].rstrip(", \n")[-1:].isdigit():
        _read_year_before(text, head, floor)
    return _read_run(text, head, dossier, floor)


def _read_year_before(text: str, head: Head, floor: int) -> None:
    """Reads "vergaderjaar 2019-2020, Kamerstuk 26 485, nr. 337"."""
    if before := YEAR_BEFORE.search(text, max(floor, head.start - 50), head.start):
        start = before.start("said" if before["said"] else "alone")
        lead = YEAR_LEAD.match(text, start)
        if year := read_year(text, lead.end() if lead else start):
            head.start, head.years = start, [year[0]]


def read_bare(text: str, match: re.Match[str], floor: int) -> Reading | None:
    """At a vergaderjaar or dossier number without label: "2019/20, 26485, nr. 326", "26 485, nr. 232"."""
    head = Head(match.start())
    dossier = read_dossier(text, read_head(text, match.start(), head, words=False), head)
    if dossier is None:
        return None
    if not head.years and (joint := JOINT_BEFORE.search(text, max(floor, head.start - 40), head.start)):
        return _read_joint(text, head, dossier, joint.start("dossier"))
    if not is_bare_citation(text, head.start, strong=dossier.suffix is not None or bool(head.years)):
        return None
    reading = _read_run(text, head, dossier, floor)
    return None if reading and not dossier.suffix and is_ranking(text, reading.end) else reading


def _read_joint(text: str, head: Head, dossier: Dossier, start: int) -> Reading | None:
    """Reads "(34 682/35 334, nr. 143)": one paper in two dossiers, published under the first."""
    first, members = read_dossier(text, start, Head(start)), _introduced(text, head, dossier)
    if first is None or members is None or not is_bare_citation(text, start, strong=False):
        return None
    run = Run([Entry(start, members.end, _source(head, first), members.numbers)], members.end)
    _read_behind(text, run)
    return Reading(list(citations_of(run.entries[0])), run.end)


def _read_run(text: str, head: Head, dossier: Dossier, floor: int) -> Reading | None:
    """From the first dossier number on, through everything that is joined to it."""
    entries = _read_first(text, head, dossier) or _read_reversed(text, head, dossier, floor) or _whole(text, head, dossier)
    if not entries:
        return None
    run = Run(entries, entries[-1].end)
    _read_behind(text, run)
    while _read_next(text, run):
        _read_behind(text, run)
    _read_annex_ahead(text, run, floor)
    return Reading([citation for entry in run.entries for citation in citations_of(entry)], run.end)


def _source(head: Head, dossier: Dossier) -> Source:
    misread = head.misread or dossier.misread
    certainty = "doubtful" if misread else "exact" if head.label or head.kamer else "wellformed"
    return Source(head.kamer, head.vergaderjaar, dossier.number, certainty)


def _read_first(text: str, head: Head, dossier: Dossier) -> list[Entry]:
    """The number right behind the dossier, in the form that the head allows."""
    for place in _number_places(text, head, dossier):
        for style, read in FIRST.items():
            if members := read(text, head, place):
                return [Entry(head.start, members.end, _source(head, dossier), members.numbers, style)]
    return []


def _number_places(text: str, head: Head, dossier: Dossier) -> Iterator[Dossier]:
    """Right behind the dossier, or behind a chamber or vergaderjaar that stands there: "35034 (2018/19), nr. 3"."""
    yield dossier
    separator = BEHIND_DOSSIER.match(text, dossier.end)
    known = (head.kamer, len(head.years))
    here = read_head(text, separator.end(), head, words=False) if separator else dossier.end
    if known != (head.kamer, len(head.years)):
        while here > dossier.end and text[here - 1] in " ,\n\t":
            here -= 1
        yield replace(dossier, end=here)


def _introduced(text: str, head: Head, dossier: Dossier) -> Members | None:
    """Reads ", nr. 232"."""
    labelled = head.labelled or head.label is not None
    separator = (LEAD if labelled else LEAD_BARE).match(text, dossier.end)
    here = separator.end() if separator else dossier.end
    lead = NUMBER_LEAD.match(text, here) or (NUMBER_LEAD_MISREAD.match(text, here) if labelled else None)
    return read_members(text, lead.end(), misread=labelled) if lead else None


def _hyphened(text: str, head: Head, dossier: Dossier) -> Members | None:
    """Reads "28325-280" with a label, "21501-32-1185" also without."""
    hyphen = HYPHEN.match(text, dossier.end)
    if hyphen is None or not (head.labelled or (dossier.suffix and not dossier.spaced)):
        return None
    if not head.labelled and (hyphen[0] != "-" or text[hyphen.end() : hyphen.end() + 2] in ("19", "20")):
        return None
    return read_members(text, hyphen.end())


def _behind_comma(text: str, head: Head, dossier: Dossier) -> Members | None:
    """Reads "31 936, 1034" behind a label or a vergaderjaar."""
    comma = COMMA.match(text, dossier.end)
    if comma is None or not (head.label == "strong" or head.years or head.abbreviated):
        return None
    members = read_plain_members(text, comma.end())
    if members is None:
        return None
    doubtful = looks_like_a_year(members.numbers[0]) and not dossier.number.startswith(NUMBERED_INTO_THOUSANDS)
    return None if doubtful else members


def _letter(text: str, head: Head, dossier: Dossier) -> Members | None:
    """Reads "35300 V, B"."""
    letter = LETTER.match(text, dossier.end) if head.labelled else None
    if letter is None:
        return None
    members = read_members(text, letter.end())
    if members is None or members.numbers[0] in NO_LETTERS:
        return None
    is_name = head.kamer != "I" and not head.years and INITIAL.match(text, members.end) and text[members.end + 1 :].strip()
    return None if is_name else members


def _spaced(text: str, head: Head, dossier: Dossier) -> Members | None:
    """Reads "Kamerstuk 26485 232": only behind five digits that stand together."""
    space = SPACE.match(text, dossier.end)
    if space is None or head.label != "strong" or (dossier.spaced and not dossier.suffix):
        return None
    members = read_plain_members(text, space.end())
    return members if members and GOES_ON.match(text, members.end) and not looks_like_a_year(members.numbers[0]) else None


FIRST = {"nr": _introduced, "hyphen": _hyphened, "plain": _behind_comma, "letter": _letter, "space": _spaced}


def _read_reversed(text: str, head: Head, dossier: Dossier, floor: int) -> list[Entry]:
    """Reads "nr. 118 (36410-XVI)", "nrs. 12 en 13 van Kamerstuk 26485": the numbers before the dossier."""
    found = REVERSED.search(text, max(floor, head.start - 110), head.start)
    if found is None:
        return []
    if not head.labelled and not found["open"] and (dossier.spaced or not dossier.suffix):
        return []
    if not (head.labelled or dossier.suffix or names_a_paper(text, found.start())):
        return []
    entries: list[Entry] = []
    here, source = found.start(), _source(head, dossier)
    while here < head.start:
        lead = NUMBER_LEAD.match(text, here)
        members = read_members(text, lead.end() if lead else here, begin=here)
        if members is None:
            break
        entries.append(Entry(members.start, members.end, source, members.numbers))
        connection = read_connection(text, members.end)
        here = connection.end() if connection else head.start
    if entries:
        entries[-1].end = dossier.end + (text[dossier.end : dossier.end + 1] == {"(": ")", "[": "]"}.get(found["open"] or "", ""))
    return entries


def _whole(text: str, head: Head, dossier: Dossier) -> list[Entry]:
    """The dossier without a number: "Kamerstukken 31945"; five digits that count something are none."""
    goes_on = GOES_ON.match(text, dossier.end) is not None
    if text[dossier.end : dossier.end + 1].isalnum() or not BILL_MAY_FOLLOW.match(text, dossier.end):
        return []
    if head.label == "strong" or (head.kamer and len(head.years) > 1):
        allowed = goes_on or not dossier.spaced
    elif head.label == "weak":
        # Courts and offices have dossiers too, but print their numbers without a space.
        sure = head.is_bill or dossier.spaced or names_a_paper(text, head.start)
        allowed = goes_on and sure and "10000" <= dossier.number[:5] < "40000"
    else:
        allowed = goes_on and head.abbreviated and not dossier.spaced
    if not allowed:
        return []
    source = _source(head, dossier)
    if head.label == "weak":
        source = replace(source, certainty="wellformed" if head.is_bill else "doubtful")
    return [Entry(head.start, dossier.end, source)]


def _read_behind(text: str, run: Run) -> None:
    """What may stand behind the last number, in any order: page, vergaderjaar, annex."""
    last = run.entries[-1]
    for _ in range(3):
        if text[run.end : run.end + 1] in CLOSING or not (_read_page_behind(text, run) or _read_year_behind(text, run) or _read_annex_behind(text, run)):
            break
    if text[last.end : last.end + 1] == ")" and text.count("(", last.start, last.end) > text.count(")", last.start, last.end):
        last.end += 1
        run.end = max(run.end, last.end)


def _read_annex_ahead(text: str, run: Run, floor: int) -> None:
    """Reads "bijlage bij "; of one annex and several papers it cannot be told whose it is."""
    first = run.entries[0]
    if not text[first.start - 1 : first.start].isspace() or not WORD_OF_ANNEX.search(text, max(floor, first.start - 9), first.start):
        return
    ahead = ANNEX_AHEAD.search(text, max(floor, first.start - 70), first.start)
    if ahead and (ahead["plural"] or (len(run.entries) == 1 and not _another_follows(text, run.end))):
        first.start, first.annex = ahead.start(), True


def _another_follows(text: str, end: int) -> bool:
    connection = read_connection(text, end)
    label = LABEL.match(text, connection.end()) if connection else None
    return label is not None and label["strong"] is not None


def _read_page_behind(text: str, run: Run) -> bool:
    last = run.entries[-1]
    pages = read_pages(text, run.end) if last.numbers and last.page is None else None
    if pages is None:
        return False
    last.page, last.end = pages
    run.end = last.end
    return True


def _read_annex_behind(text: str, run: Run) -> bool:
    """Reads ", bijlage 2"; of "(bijlage)" the bracket stays outside."""
    last = run.entries[-1]
    annex = ANNEX_BEHIND.match(text, run.end) if last.numbers and not last.annex else None
    if annex is None:
        return False
    last.annex = True
    run.end = annex.end() + (annex["bracket"] is not None and text[annex.end() : annex.end() + 1] == ")")
    if annex["bracket"] is None:
        last.end = run.end
    return True


CLOSING = (")", ".", "]", "")  # most often nothing follows, and reading can stop at once


def _read_year_behind(text: str, run: Run) -> bool:
    """Reads ", vergaderjaar 2016-2017" or "(2016-2017)": of every entry that has no vergaderjaar yet."""
    if run.entries[-1].source.vergaderjaar is not None:
        return False
    opening = YEAR_BEHIND.match(text, run.end)
    here = opening.end() if opening else run.end
    if chamber := read_chamber(text, here):
        here = chamber[1] + len(text[chamber[1] : chamber[1] + 2]) - len(text[chamber[1] : chamber[1] + 2].lstrip(", "))
    lead = YEAR_LEAD.match(text, here)
    year = read_year(text, lead.end() if lead else here)
    if year is None or (opening and not opening["sign"] and not lead) or NEW_DOSSIER.match(text, year[1]):
        return False
    for entry in run.entries:
        if entry.source.vergaderjaar is None:
            kamer = entry.source.kamer or (chamber[0] if chamber else None)
            entry.source = replace(entry.source, vergaderjaar=year[0], kamer=kamer)
    run.end = year[1]
    if text[year[1] : year[1] + 1] == ")" and opening and opening["sign"] == "(":
        run.end += 1
    elif not (opening and opening["sign"] == "("):
        run.entries[-1].end = year[1]
    return True


def _read_next(text: str, run: Run) -> bool:
    """One more entry behind a connecting word or sign; False where the run ends."""
    connection = None if text[run.end : run.end + 1] in CLOSING else read_connection(text, run.end)
    if connection is None:
        return False
    here, last = connection.end(), run.entries[-1]
    if (label := LABEL.match(text, here)) and label["strong"]:
        return False
    entry = _next_dossier(text, here, last) or _next_number(text, here, last)
    if entry is None and last.numbers and not connection["fill"] and "(" not in (connection["punct"] or ""):
        entry = _next_plain(text, here, last, plural=run.plural(text))
    if entry is None:
        return False
    if not last.numbers and entry.numbers and not connection["fill"] and last.source.vergaderjaar == entry.source.vergaderjaar:
        # "Kamerstuk 32 761 en 30 821, nr. 152": one paper in two dossiers, published under the first.
        last.numbers, last.end = entry.numbers, entry.end
    else:
        run.entries.append(entry)
    run.end = entry.end
    return True


def _next_dossier(text: str, here: int, last: Entry) -> Entry | None:
    """Reads "; 31 288, nr. 805", " en II 2020/21, 35 570, nr. 3", " en 2015/16, nr. 55": what is not said is carried on."""
    head = Head(here)
    at = read_head(text, here, head, words=False)
    dossier = read_dossier(text, at, head)
    moved = head.kamer is not None or bool(head.years)
    head.kamer = head.kamer or last.source.kamer
    head.years = head.years or ([last.source.vergaderjaar] if last.source.vergaderjaar else [])
    if dossier is None:
        if not moved or not last.numbers:
            return None
        same = Dossier(last.source.dossiernummer, at)
        members = _introduced(text, head, same) or _letter(text, head, same)
        source = Source(head.kamer, head.vergaderjaar, same.number, last.source.certainty)
        return Entry(here, members.end, source, members.numbers) if members else None
    head.label = "strong" if last.source.certainty != "wellformed" else None
    source = replace(_source(head, dossier), certainty=last.source.certainty)
    for style, read in FIRST.items():
        if style in ("nr", last.style) and (members := read(text, head, dossier)):
            return Entry(here, members.end, source, members.numbers, style)
    if not last.numbers and GOES_ON.match(text, dossier.end) and BILL_MAY_FOLLOW.match(text, dossier.end):
        return Entry(here, dossier.end, source)
    return None


def _next_number(text: str, here: int, last: Entry) -> Entry | None:
    """Reads " en nr. 207", "; nr. 7"."""
    lead = NUMBER_LEAD.match(text, here) or NUMBER_LEAD_MISREAD.match(text, here)
    members = read_members(text, lead.end(), begin=here, misread=True) if lead else None
    if members is None or (members.numbers[0].isdigit() and len(members.numbers[0]) > 4):
        return None
    return Entry(here, members.end, last.source, members.numbers)


def _next_plain(text: str, here: int, last: Entry, *, plural: bool) -> Entry | None:
    """Reads " en 307", ", 1036", " en D": a number alone must not be able to count or date anything."""
    if last.page is not None or last.annex:
        return None
    if last.numbers[-1].isalpha():
        members = read_members(text, here)
        if members and not (members.numbers[0].isalpha() and len(members.numbers[0]) <= 2 and members.numbers[0] not in NO_LETTERS):
            return None
    else:
        members = read_plain_members(text, here)
    if members is None or (not plural and not GOES_ON.match(text, members.end)):
        return None
    if looks_like_a_year(members.numbers[0]) and len(last.numbers[-1]) < 4:
        return None
    return Entry(here, members.end, last.source, members.numbers, last.style)


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
