"""References back ("idem, p. 4", "ibid.", "voornoemd Kamerstuk", "genoemde brief (nr. 318)") and what they refer to.

Reading and resolving are two steps: a reader gives citations of the type UNRESOLVED, which become citations of the
document cited last, or are dropped where it cannot be told which document that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp.citation_dossier import KAMERSTUK
from nlp.citation_grammar import (
    END,
    NUMBER_LEAD,
    Pattern,
    Reading,
    W,
    W1,
    read_connection,
    read_members,
    read_pages,
)
from nlp.citation_normalise import kamerstuk_identifier, kamerstuk_url
from nlp.records import Citation

UNRESOLVED = "verwijzing"
REACH = 3000  # characters to the document cited last; further back a reader would have to search as well

ALONE = r"idem|ibid(?:em)?\.?|id\."  # these may stand without a page
WITH_PAGE = r"a\.\s?w\.|aangehaald\swerk|o\.\s?c\.|op\.?\s?cit\.?|l\.\s?c\.|loc\.\s?cit\.?|t\.\s?a\.\s?p\.|aldaar|als\svoren|supra|voornoemd|(?:het|de)zelfde(?=\W{1,3}(?:nr|p|blz))"
SAID = (
    r"(?:voor(?:noemd|meld|gaand|zeid)e?|eerder-?\s?(?:genoemd|vermeld|aangehaald)e?|boven-?(?:ge)?(?:noemd|vermeld|staand|bedoeld)e?|laatst-?genoemde?"
    r"|voren-?(?:genoemd|staand|vermeld)e?|(?:hier)?(?:boven|voor)\s(?:genoemd|vermeld|aangehaald)e?|(?:zo)?(?:juist|net)\sgenoemde?"
    r"|reeds\s(?:genoemd|aangehaald)e?|genoemde?|vermelde?|aangehaalde?|geciteerde?|bedoelde?|betreffende|desbetreffende|(?:het|de|dat|die)?zelfde"
    r"|afore(?:mentioned|said)|above-?mentioned|previously\smentioned|same|said|cited)"
)
POINTING_BACK = re.compile(r"voor|eerder|boven|laatst|hier|afore|above|prev", re.IGNORECASE)
NOUN = r"(?:kamer)?(?:brief|nota|stuk|document|dossier)|motie|amendement|verslag|memorie|wetsvoorstel|toelichting|letter|motion|amendment|bill|paper"
NAMED = Pattern(rf"{SAID}{W1}(?:(?P<kamerstuk>{KAMERSTUK}|parliamentary\spapers?)|(?P<noun>{NOUN})){END}(?!-)")
WORD = Pattern(rf"(?:(?P<alone>{ALONE})|(?P<page>{WITH_PAGE}))(?![A-Za-z])")
SEPARATOR = Pattern(rf"{W}[,:]?{W}(?P<open>\()?{W}")
OTHER_DOCUMENT = Pattern(rf"{W}[,:(]?{W}(?:nummer{W}|nr\.?{W})?(?:\d{{2}}{W}\.?\d{{3}}|\d{{4}}[-/Z]|(?-i:II?{W1}\d)|kst-)")
STANDS_ALONE_BEFORE = re.compile(r"(?:^|[(;\[]|\n|(?:^|\n|\s)[\d¹²³⁴-⁹]{1,3}[.)]?|\b(?:zie|vgl\.|zie ook|en))\s{0,9}$", re.IGNORECASE)
STANDS_ALONE_BEHIND = re.compile(r"\s?(?:$|[).;,\]]|\n)")


def read_reference(text: str, match: re.Match[str], floor: int) -> Reading | None:
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
    groups = found.groupdict()
    if groups.get("kamerstuk"):
        return True
    if groups.get("noun"):
        return POINTING_BACK.match(found[0]) is not None and not re.match(r"\s+van\b", text[found.end() : found.end() + 8])
    if groups.get("page") and not re.match(r"a|o|l|t", found[0], re.IGNORECASE):
        return False
    dotted = found[0].lower().startswith("ibid") or "." in found[0]
    if found[0].lower() in ("aldaar", "als voren", "aangehaald werk"):
        return False
    before = text[max(0, found.start() - 24) : found.start()]
    return STANDS_ALONE_BEHIND.match(text, found.end()) is not None and bool(dotted or STANDS_ALONE_BEFORE.search(before))


def _with_tail(text: str, start: int, end: int) -> list[Citation]:
    """The numbers and the page behind the words: ", nrs. 3 en 4", " (nr. 318)", ", p. 4"."""
    bare = Citation(UNRESOLVED, "", start, end, certainty="doubtful")
    separator = SEPARATOR.match(text, end)
    lead = NUMBER_LEAD.match(text, separator.end()) if separator else None
    members = read_members(text, lead.end(), begin=start) if lead else None
    if members is None or separator is None:
        pages = read_pages(text, end)
        return [replace(bare, page=pages[0], end=_closed(text, start, pages[1]))] if pages else [bare]
    found: list[Citation] = []
    while members:
        pages = read_pages(text, members.end)
        stop = pages[1] if pages else members.end
        page = pages[0] if pages else None
        found += (replace(bare, start=members.start, end=stop, ondernummer=number, page=page) for number in members.numbers)
        connection = read_connection(text, stop)
        lead = NUMBER_LEAD.match(text, connection.end()) if connection else None
        members = read_members(text, lead.end(), begin=connection.end()) if lead and connection else None
    found[-1] = replace(found[-1], end=_closed(text, start, found[-1].end))
    return found


def _closed(text: str, start: int, end: int) -> int:
    return end + (text.count("(", start, end) > text.count(")", start, end) and text[end : end + 1] == ")")


def resolve_in_order(citations: Iterable[Citation]) -> list[Citation]:
    """Resolve within one text; what cannot be resolved is left out."""
    resolved: list[Citation] = []
    seen: set[str | None] = set()
    for citation in citations:
        if citation.type != UNRESOLVED:
            resolved.append(citation)
            seen.add(citation.identifier)
        elif answer := answer_from(citation, resolved, only_one=len(seen) == 1):
            resolved.append(answer)
    return resolved


def answer_from(reference: Citation, before: Sequence[Citation], *, only_one: bool = True) -> Citation | None:
    """The reference as a citation of the document cited last in `before`; None where that is doubtful."""
    if not before or reference.start - before[-1].end > REACH:
        return None
    last = before[-1]
    among_equals = len(before) > 1 and before[-2].start == last.start and before[-2].identifier != last.identifier
    if reference.ondernummer is None:
        if among_equals or (_needs_certainty(reference) and not only_one):
            return None
        return replace(last, text=reference.text, start=reference.start, end=reference.end, page=reference.page, bijlage=False)
    if last.dossiernummer is None:
        return _other_number(reference, last)
    identifier = kamerstuk_identifier(last.dossiernummer, reference.ondernummer, last.kamer, last.vergaderjaar)
    return replace(
        last, type="kamerstuk", text=reference.text, start=reference.start, end=reference.end, page=reference.page, bijlage=False,
        ondernummer=reference.ondernummer, identifier=identifier, url=kamerstuk_url(identifier, last.vergaderjaar, last.dossiernummer),
    )


def _needs_certainty(reference: Citation) -> bool:
    """ "voornoemde brief" may be any letter, "idem" is the last document whatever it is."""
    return NAMED_BRIEFLY.match(reference.text) is not None


NAMED_BRIEFLY = Pattern(rf"{SAID}{W1}(?!{KAMERSTUK})(?:{NOUN})")


def _other_number(reference: Citation, last: Citation) -> Citation | None:
    """ "idem, nr. 12" behind a Staatsblad or an answer in the Aanhangsel."""
    if last.identifier is None or last.ondernummer is None or not last.identifier.endswith(f"-{last.ondernummer}"):
        return None
    identifier = last.identifier.removesuffix(last.ondernummer) + (reference.ondernummer or "")
    url = last.url.replace(last.identifier, identifier) if last.url else None
    return replace(
        last, text=reference.text, start=reference.start, end=reference.end, page=reference.page, ondernummer=reference.ondernummer,
        identifier=identifier, url=url,
    )
