"""Reads Kamerstukken: chamber · vergaderjaar · dossier · suffix · numbers · page, in the orders people write them.

A run begins at a label, a chamber, a vergaderjaar or a bare dossier number, and runs on through the list behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nlp.citations.context import is_bare_citation, is_ranking
from nlp.citations.dossier import LABEL, SEPARATOR, Dossier, Head, looks_misread, read_dossier, read_head
from nlp.citations.grammar import (
    BEGIN,
    END,
    GOES_ON,
    IS_PLURAL,
    NUMBER_LEAD,
    NUMBER_LEAD_MISREAD,
    W1,
    WITH_SUFFIX,
    YEAR_LEAD,
    YEAR_WORD,
    Pattern,
    Reading,
    W,
    asks_for_nr,
    looks_like_a_year,
    read_chamber,
    read_connection,
    read_members,
    read_pages,
    read_plain_members,
    read_year,
)
from nlp.citations.paper import (
    FORMS,
    NO_LETTERS,
    Entry,
    Source,
    citations_of,
    read_first,
    read_introduced,
    read_letter,
    read_reversed,
    read_whole,
    source_of,
    stands_apart,
)

ANNEX_AHEAD = Pattern(r"""(?:(?P<plural>bijlagen|annexes|attachments)|bijlage|bijl\.|annex|appendix|attachment)\s{1,9}
    (?:(?:nr\.?\s|nummer\s)?(?:\d{1,7}|(?-i:[IVX]{1,4}|[A-Z]))\s{1,9}(?:(?:en|and)\s\d{1,7}\s)?)?
    (?:bij|van|to|of)\s{1,9}(?:(?:het|de|the|dit|uw)\s{1,9})?\Z""")
WORD_OF_ANNEX = Pattern(r"(?:bij|van|to|of|het|de|the|dit|uw)\s{1,9}\Z")  # the last of ANNEX_AHEAD: quick to find
ANNEX_BEHIND = Pattern(rf"""(?:{W},{W}|{W}(?P<bracket>\(){W}|{W1}(?=\S{{3,10}}\s(?:nr\.?\s)?\d))
    (?:bijlagen?|bijl\.|annex(?:es)?|appendix){END}(?:{W}(?:nr\.?{W}|nummer{W})?(?:\d{{1,7}}|(?-i:[IVX]{{1,4}})){END})?
    (?!{W}(?:bij|van|to|of|blg|en|-)\b)""")
YEAR_BEHIND = Pattern(rf"{W}(?P<sign>[,(])?{W}(?:(?:van|uit|of|from)\s(?:het\s|the\s)?(?={YEAR_WORD}))?")
BEHIND_CHAMBER = Pattern(rf"{W},?{W}")
NEW_DOSSIER = Pattern(rf"{W},?{W}\d\d{W}\.?\d{{3}}(?!\d)")
YEAR_BEFORE = Pattern(rf"""(?:{BEGIN}(?P<said>{YEAR_WORD}{W}:?{W}\d{{4}}{W}[-/]{W}\d{{2,4}})
    |[(\[]{W}(?P<alone>\d{{4}}{W}[-/]{W}\d{{2,4}})),?{W}\Z""")
JOINT_BEFORE = Pattern(
    rf"[(\[]{W}(?P<dossier>[1-4]\d\s?\d{{3}}(?:[\s-]{{1,3}}(?-i:[IVX]{{1,5}}[A-F]?|[A-N]))?){W}"
    rf"(?:/|,|&|en\b|and\b){W}\Z"
)


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
        head.kamer = {"TK": "II", "EK": "I"}.get(label[0][:2].upper())  # TK-stuk
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
    entries = _read_one(text, head, dossier, floor) or read_whole(text, head, dossier)
    return _read_run(text, entries, floor)


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
    entries = _read_one(text, head, dossier, floor)
    if not entries or not is_bare_citation(text, head.start, strong=dossier.suffix is not None or bool(head.years)):
        return None
    if not dossier.suffix and is_ranking(text, entries[-1].end):
        return None
    return _read_run(text, entries, floor)


def _read_joint(text: str, head: Head, dossier: Dossier, start: int) -> Reading | None:
    """Reads "(34 682/35 334, nr. 143)": one paper in two dossiers, published under the first."""
    first, members = read_dossier(text, start, Head(start)), read_introduced(text, head, dossier)
    if first is None or members is None or not is_bare_citation(text, start, strong=False):
        return None
    run = Run([Entry(start, members.end, source_of(head, first), members.numbers)], members.end)
    _read_behind(text, run)
    return Reading(list(citations_of(run.entries[0])), run.end)


def _read_one(text: str, head: Head, dossier: Dossier, floor: int) -> list[Entry]:
    """The number of the paper, behind the dossier or before it."""
    return read_first(text, head, dossier) or read_reversed(text, head, dossier, floor)


def _read_run(text: str, entries: list[Entry], floor: int) -> Reading | None:
    """From the first entries on, through everything that is joined to them."""
    if not entries:
        return None
    run = Run(entries, entries[-1].end)
    _read_behind(text, run)
    while _read_next(text, run):
        _read_behind(text, run)
    _read_annex_ahead(text, run, floor)
    return Reading([citation for entry in run.entries for citation in citations_of(entry)], run.end)


def _read_behind(text: str, run: Run) -> None:
    """What may stand behind the last number, in any order: page, vergaderjaar, annex."""
    last = run.entries[-1]
    for _ in range(3):
        if text[run.end : run.end + 1] in CLOSING or not any(read(text, run) for read in BEHIND):
            break
    if text[last.end : last.end + 1] == ")" and text.count("(", last.start, last.end) > text.count(
        ")", last.start, last.end
    ):
        last.end += 1
        run.end = max(run.end, last.end)


def _read_annex_ahead(text: str, run: Run, floor: int) -> None:
    """Reads "bijlage bij "; of one annex and several papers it cannot be told whose it is."""
    first = run.entries[0]
    if not text[first.start - 1 : first.start].isspace() or not WORD_OF_ANNEX.search(
        text, max(floor, first.start - 9), first.start
    ):
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
    opening = YEAR_BEHIND.match(text, run.end) if run.entries[-1].source.vergaderjaar is None else None
    if opening is None:
        return False
    chamber = read_chamber(text, opening.end())
    comma = BEHIND_CHAMBER.match(text, chamber[1]) if chamber else None
    here = comma.end() if comma else opening.end()
    lead = YEAR_LEAD.match(text, here)
    year = read_year(text, lead.end() if lead else here)
    if year is None or not (opening["sign"] or lead) or NEW_DOSSIER.match(text, year[1]):
        return False
    for entry in run.entries:
        if entry.source.vergaderjaar is None:
            kamer = entry.source.kamer or (chamber[0] if chamber else None)
            entry.source = replace(entry.source, vergaderjaar=year[0], kamer=kamer)
    in_brackets = opening["sign"] == "("
    run.end = year[1] + (in_brackets and text[year[1] : year[1] + 1] == ")")
    if not in_brackets:
        run.entries[-1].end = year[1]
    return True


BEHIND = (_read_page_behind, _read_year_behind, _read_annex_behind)


def _read_next(text: str, run: Run) -> bool:
    """One more entry behind a connecting word or sign; False where the run ends."""
    connection = None if text[run.end : run.end + 1] in CLOSING else read_connection(text, run.end)
    if connection is None:
        return False
    here, last = connection.end(), run.entries[-1]
    if (label := LABEL.match(text, here)) and label["strong"]:
        return False
    entry = _next_dossier(text, here, last) or _next_number(text, here, last)
    if entry is None and last.numbers and not asks_for_nr(connection):
        entry = _next_plain(text, here, last, plural=run.plural(text) and ";" not in (connection["punct"] or ""))
    if entry is None:
        return False
    if (
        not last.numbers
        and entry.numbers
        and not asks_for_nr(connection)
        and last.source.vergaderjaar == entry.source.vergaderjaar
    ):
        # "Kamerstuk 32 761 en 30 821, nr. 152": one paper in two dossiers, published under the first.
        last.numbers, last.end = entry.numbers, entry.end
    else:
        run.entries.append(entry)
    run.end = entry.end
    return True


def _next_dossier(text: str, here: int, last: Entry) -> Entry | None:
    """Reads "; 31 288, nr. 805", " en II 2020/21, 35 570, nr. 3", " en 2015/16, nr. 55"; the rest is carried on."""
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
        members = read_introduced(text, head, same) or read_letter(text, head, same)
        source = Source(head.kamer, head.vergaderjaar, same.number, last.source.certainty)
        return Entry(here, members.end, source, members.numbers) if members else None
    head.label = "strong" if last.source.certainty != "wellformed" else None
    source = replace(source_of(head, dossier), certainty=last.source.certainty)
    for style, read in FORMS.items():
        if style in ("nr", last.style) and (members := read(text, head, dossier)):
            return Entry(here, members.end, source, members.numbers, style)
    if not last.numbers and GOES_ON.match(text, dossier.end) and stands_apart(text, dossier.end):
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
    before = last.numbers[-1]
    members = read_members(text, here) if before.isalpha() else read_plain_members(text, here, plural=plural)
    if members is None or not (plural or GOES_ON.match(text, members.end)):
        return None
    first = members.numbers[0]
    if first.isalpha() != before.isalpha() or first in NO_LETTERS:
        return None
    if (looks_like_a_year(first) and len(before) < 4) or (
        WITH_SUFFIX.fullmatch(first) and not WITH_SUFFIX.fullmatch(before)
    ):
        return None  # "nr. 3, 2019", "nr. 3 en 4e"
    return Entry(here, members.end, last.source, members.numbers, last.style)
