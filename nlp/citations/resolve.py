"""References back ("idem, p. 4", "ibid.", "voornoemd Kamerstuk", "genoemde brief (nr. 318)") and what they refer to.

Reading and resolving are two steps: a reader gives citations of the type UNRESOLVED, which become citations of the
document cited last, or are dropped where it cannot be told which document that is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nlp.citations.dossier import KAMERSTUK
from nlp.citations.grammar import (
    END,
    NUMBER_LEAD,
    W1,
    Pattern,
    Reading,
    W,
    read_connection,
    read_members,
    read_pages,
)
from nlp.citations.normalise import kamerstuk_identifier, kamerstuk_url
from nlp.records import BLOCK_BREAK, Citation, Document

UNRESOLVED = "verwijzing"
REACH = 3000  # characters to the document cited last; further back a reader would have to search as well
NEAR = 500  # characters before "voornoemde brief" in which only one document may be cited

ALONE = r"idem|ibid(?:em)?\.?|id\."  # these may stand without a page
WITH_PAGE = (
    r"a\.\s?w\.|aangehaald\swerk|o\.\s?c\.|op\.?\s?cit\.?|l\.\s?c\.|loc\.\s?cit\.?|t\.\s?a\.\s?p\.|aldaar|als\svoren"
    r"|supra|voornoemd|(?:het|de)zelfde(?=\W{1,3}(?:nr|p|blz))"
)
SAID = (
    r"(?:voor(?:noemd|meld|gaand|zeid)e?|eerder-?\s?(?:genoemd|vermeld|aangehaald)e?|boven-?(?:ge)?(?:noemd|vermeld"
    r"|staand|bedoeld)e?|laatst-?genoemde?"
    r"|voren-?(?:genoemd|staand|vermeld)e?|(?:hier)?(?:boven|voor)\s(?:genoemd|vermeld|aangehaald)e?|(?:zo)?(?:juist"
    r"|net)\sgenoemde?"
    r"|reeds\s(?:genoemd|aangehaald)e?|genoemde?|vermelde?|aangehaalde?|geciteerde?|bedoelde?|betreffende"
    r"|desbetreffende|(?:het|de|dat|die)?zelfde"
    r"|afore(?:mentioned|said)|above-?mentioned|previously\smentioned|same|said|cited)"
)
POINTING_BACK = re.compile(r"voor|eerder|boven|laatst|hier|afore|above|prev", re.IGNORECASE)
NOUN = (
    r"(?:kamer)?(?:brief|nota|stuk|document|dossier)|motie|amendement|verslag|memorie|wetsvoorstel|toelichting"
    r"|letter|motion|amendment|bill|paper"
)
NAMED = Pattern(
    rf"(?:{SAID}|(?:dat|die)(?={W1}k)){W1}"
    rf"(?:(?P<kamerstuk>{KAMERSTUK}|parliamentary\spapers?)|(?P<noun>{NOUN})){END}(?!-)"
)
WORD = Pattern(rf"(?:(?P<alone>{ALONE})|(?P<page>{WITH_PAGE}))(?![A-Za-z])")
SEPARATOR = Pattern(rf"{W}[,:]?{W}(?P<open>\()?{W}")
OTHER_DOCUMENT = Pattern(
    rf"{W}[,:(]?{W}(?:nummer{W}|nr\.?{W})?(?:\d{{2}}{W}\.?\d{{3}}|\d{{4}}[-/Z]|(?-i:II?{W1}\d)|kst-)"
)
STANDS_ALONE_BEFORE = re.compile(
    r"(?:^|[(;\[]|\n|(?:^|\n|\s)[\d¹²³⁴-⁹]{1,3}[.)]?|\b(?:zie|vgl\.|zie ook|en))\s{0,9}$", re.IGNORECASE
)
NEVER_ALONE = ("aldaar", "als voren", "aangehaald werk", "voornoemd", "hetzelfde", "dezelfde")
MADE_BY = re.compile(r"\s{1,9}van\b")  # "voornoemde motie van het lid …" is told apart by its maker
IS_PLAIN = Pattern(rf"(?:{SAID}{W1}(?:{KAMERSTUK}|parl)|{ALONE}|{WITH_PAGE})(?![a-z])")
STANDS_ALONE_BEHIND = re.compile(r"""\s?(?:$|[).;,\]"'»<|*]|\n)""")


def read_reference(text: str, match: re.Match[str], _floor: int) -> Reading | None:
    """A reference back with the number and page it gives, still UNRESOLVED."""
    start = match.start()
    found = NAMED.match(text, start) or WORD.match(text, start)
    if found is None or OTHER_DOCUMENT.match(text, found.end()):
        return None
    citations = _with_tail(text, start, found.end())
    told = citations[0].ondernummer or citations[0].page
    if not told and not _stands_alone(text, found):
        return None
    return Reading(citations, citations[-1].end)


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    """Whether the words refer back without a number or page behind them."""
    said = found[0].lower()
    groups = found.groupdict()
    if groups.get("kamerstuk"):
        return True
    if groups.get("noun"):
        return POINTING_BACK.match(said) is not None and not MADE_BY.match(text, found.end())
    if said.startswith(NEVER_ALONE) or not STANDS_ALONE_BEHIND.match(text, found.end()):
        return False
    before = text[max(0, found.start() - 24) : found.start()]
    return "." in said or said.startswith("ibid") or STANDS_ALONE_BEFORE.search(before) is not None


def _with_tail(text: str, start: int, end: int) -> list[Citation]:
    """The numbers and the page behind the words: ", nrs. 3 en 4", " (nr. 318)", ", p. 4"."""
    bare = Citation(UNRESOLVED, "", start, end, certainty="doubtful")
    separator = SEPARATOR.match(text, end)
    lead = NUMBER_LEAD.match(text, separator.end() if separator else end)
    members = read_members(text, lead.end(), begin=start) if lead else None
    if members is None:
        pages = read_pages(text, end)
        return [replace(bare, page=pages[0], end=_closed(text, start, pages[1]))] if pages else [bare]
    found: list[Citation] = []
    while members:
        page, stop = read_pages(text, members.end) or (None, members.end)
        found += (
            replace(bare, start=members.start, end=stop, ondernummer=number, page=page) for number in members.numbers
        )
        connection = read_connection(text, stop)
        lead = NUMBER_LEAD.match(text, connection.end()) if connection else None
        members = read_members(text, lead.end(), begin=connection.end()) if lead and connection else None
    found[-1] = replace(found[-1], end=_closed(text, start, found[-1].end))
    return found


def _closed(text: str, start: int, end: int) -> int:
    """The end with the bracket that closes one opened since `start`."""
    return end + (text[end : end + 1] == ")" and text.count("(", start, end) > text.count(")", start, end))


# --- resolving ---


def resolve_in_order(citations: Iterable[Citation]) -> list[Citation]:
    """Resolve within one text, citations in its order; what cannot be resolved is left out."""
    resolved: list[Citation] = []
    for citation in citations:
        if citation.type != UNRESOLVED:
            resolved.append(citation)
        elif resolved and citation.start - resolved[-1].end <= REACH:
            resolved += answers(citation, resolved)
    return resolved


def answers(reference: Citation, before: Sequence[Citation]) -> Iterator[Citation]:
    """The reference as a citation of the document cited last; nothing where it is doubtful which that is."""
    last = before[-1]
    if len(before) > 1 and before[-2].identifier == last.identifier and last.vergaderjaar is None:
        last = before[-2]  # the citation says more than the address behind it
    number = reference.ondernummer
    again = replace(
        last, text=reference.text, start=reference.start, end=reference.end, page=reference.page, bijlage=False
    )
    if number is None:
        in_range = len(before) > 1 and before[-2].start == last.start and before[-2].identifier != last.identifier
        if not in_range and (IS_PLAIN.match(reference.text) or _is_only_one(reference, before)):
            yield again
    elif last.dossiernummer is not None:
        identifier = kamerstuk_identifier(last.dossiernummer, number, last.kamer, last.vergaderjaar)
        url = kamerstuk_url(identifier, last.vergaderjaar, last.dossiernummer)
        yield replace(again, type="kamerstuk", ondernummer=number, identifier=identifier, url=url)
    elif last.identifier and last.ondernummer and last.identifier.endswith(f"-{last.ondernummer}"):
        identifier = last.identifier.removesuffix(last.ondernummer) + number
        url = last.url.replace(last.identifier, identifier) if last.url else None
        yield replace(again, ondernummer=number, identifier=identifier, url=url)


def _is_only_one(reference: Citation, before: Sequence[Citation]) -> bool:
    """Whether no other document was cited shortly before: "voornoemde brief" may be any letter."""
    for citation in reversed(before):
        if reference.start - citation.end > NEAR:
            break
        if citation.identifier != before[-1].identifier:
            return False
    return True


@dataclass(slots=True)
class _Places:
    """Where the blocks of a document begin, which are notes, and where the marker of each note stands."""

    starts: list[int]
    notes: list[int]  # numbers of the blocks that are footnotes
    markers: dict[int, int]  # block of the note → offset of its marker in the document

    @classmethod
    def of(cls, document: Document) -> _Places:
        starts, notes, markers, offset = [], [], {}, 0
        waiting: defaultdict[str, list[int]] = defaultdict(list)
        for number, block in enumerate(document.blocks):
            starts.append(offset)
            for note in block.notes:
                waiting[note.mark].append(offset + note.offset)
            if block.kind == "footnote":
                notes.append(number)
            offset += len(block.text) + len(BLOCK_BREAK)
        for number in notes:
            mark = document.blocks[number].mark
            if mark is not None and waiting[mark]:
                markers[number] = waiting[mark].pop(0)
        return cls(starts, notes, markers)

    def note(self, citation: Citation) -> int | None:
        """The block of the footnote that holds the citation; None in running text."""
        block = bisect_right(self.starts, citation.start) - 1
        at = bisect_left(self.notes, block)
        return block if at < len(self.notes) and self.notes[at] == block else None


def resolve(citations: Iterable[Citation], document: Document) -> list[Citation]:
    """Resolve over a document, in the order of its text; offsets point into `document.text`.

    In a footnote the document cited last is the one before it in that note, else the last one of the note before it,
    and for the first note that of the running text before its marker. In running text the notes are passed over; where
    a note in between cites another document it is doubtful which is meant, and the reference is left out.
    """
    places = _Places.of(document)
    running: list[Citation] = []
    in_notes: dict[int, list[Citation]] = {number: [] for number in places.notes}
    for citation in sorted(citations, key=lambda c: (c.start, c.end)):
        note = places.note(citation)
        (running if note is None else in_notes[note]).append(citation)
    cited = sorted(
        (marker, _document_of(citation))
        for note, marker in places.markers.items()
        for citation in in_notes[note]
        if citation.type != UNRESOLVED
    )
    text = _resolve_running(running, cited)
    notes = list(_resolve_notes(in_notes, text, places))
    return sorted(text + notes, key=lambda c: (c.start, c.end))


def _document_of(citation: Citation) -> str:
    return citation.identifier or citation.dossiernummer or ""


def _resolve_running(citations: list[Citation], cited: list[tuple[int, str]]) -> list[Citation]:
    """`cited`: offset of the marker and the document, for all that notes cite."""
    resolved: list[Citation] = []
    for citation in citations:
        if citation.type != UNRESOLVED:
            resolved.append(citation)
        elif resolved and citation.start - resolved[-1].end <= REACH:
            last = resolved[-1]
            between = cited[bisect_left(cited, (last.end, "")) : bisect_left(cited, (citation.start, ""))]
            if all(other == _document_of(last) for _, other in between):
                resolved += answers(citation, resolved)
    return resolved


def _resolve_notes(in_notes: dict[int, list[Citation]], running: list[Citation], places: _Places) -> Iterator[Citation]:
    before: list[Citation] = []
    for place, note in enumerate(places.notes):
        if place == 0 and note in places.markers:
            before = [c for c in running if c.end <= places.markers[note] < c.end + REACH]
        resolved: list[Citation] = []
        for citation in in_notes[note]:
            if citation.type != UNRESOLVED:
                resolved.append(citation)
            elif resolved or before:
                resolved += answers(citation, resolved or before)
        yield from resolved
        before = resolved
