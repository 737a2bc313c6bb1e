"""Find the citations of Dutch official publications in a text or a document; the notations are in README.md here."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from nlp.citations.bulletins import read_bulletin
from nlp.citations.codes import (
    read_bwb,
    read_celex,
    read_commission,
    read_ecli,
    read_identifier,
    read_number_of_chamber,
    read_url,
)
from nlp.citations.eu import read_act
from nlp.citations.grammar import Reading
from nlp.citations.handelingen import read_handelingen
from nlp.citations.kamerstuk import read_bare, read_kamerstuk
from nlp.citations.resolve import read_reference, resolve, resolve_in_order
from nlp.citations.text import View, view_of
from nlp.errors import NotText
from nlp.records import BLOCK_BREAK, Citation, Document, Passage

Reader = Callable[[str, re.Match[str], int], Reading | None]

# Where a citation can begin, by first letter: how the word goes on, without regard for case, and the reader that is
# asked. The patterns only have to be quick and to leave nothing out; readers look with care.
ANCHORS: dict[str, tuple[tuple[str, Reader], ...]] = {
    "a": (
        (r"an-?hang|anh\.|h(?:-?[te]k)?\s|ppend", read_handelingen),
        (r"h-[te]k-", read_identifier),
        (r"\.\s?w\.|angeh|ldaar|ls\svoren|fore|bove-?m", read_reference),
        (r"anbeveling", read_act),
    ),
    "b": (
        (r"ijl(?:agen?|\.)\s(?:(?:van|bij|tot)\s(?:de\s|het\s)?)?hand", read_kamerstuk),
        (r"esluit(?:en)?[\s(]|eschikking", read_act),
        (r"lg[-\s]?\d", read_identifier),
        (r"wb", read_bwb),
        (r"oven-?(?:genoemd|vermeld|noemd|staand|bedoeld)|edoeld|etreffend", read_reference),
        (r"ulletin\sof", read_bulletin),
        (r"ill\s\d", read_kamerstuk),
    ),
    "c": (
        (r"(?:om)?\s?\(\d", read_commission),
        (r"hamber\s[pd]", read_kamerstuk),
        (r"ited\s", read_reference),
        (r"ommission\s[rd]|ouncil\s[rd]", read_act),
    ),
    "d": (
        (r"ossier", read_kamerstuk),
        (r"esbetreffend|ezelfde|iezelfde|atzelfde|(?:at|ie)\s{1,9}k[ao]m", read_reference),
        (r"irective|ecision|elegated\s", read_act),
        (r"utch\s[bgt]", read_bulletin),
        (r"utch\s[hps]", read_kamerstuk),
        (r"eeplink\.r", read_url),
    ),
    "e": (
        (r"erste\s{0,9}-?\s?ka(?:m|rn)er(?![a-z])|k[\s,:.]|\.\s?k\.|kstuk", read_kamerstuk),
        (r"c[lu][i1l]?\s?:|cu:", read_ecli),
        (r"erder-?\s?(?:genoemd|vermeld|aangeh)", read_reference),
        (r"ur-lex\.", read_url),
    ),
    "f": ((r"irst\s(?:ch|ho)", read_kamerstuk), (r"ile\s\d", read_kamerstuk), (r"ramework\sd", read_act)),
    "g": (
        (r"edr(?:\.|ukte\s)", read_kamerstuk),
        (r"enoemd|eciteerd", read_reference),
        (r"overnment\sg", read_bulletin),
        (r"edelegeerde\s", read_act),
    ),
    "h": (
        (r"and(?:e-?lingen|\.)|[te]k\s", read_handelingen),
        (r"and(?:e-?lingen|\.)", read_kamerstuk),
        (r"-[te]k-", read_identifier),
        (r"ttps?://", read_url),
        (r"ouse\s(?:of\srep|[pd])", read_kamerstuk),
        (r"ier(?:boven|voor)\s[gva]|etzelfde", read_reference),
    ),
    "i": (
        (r"i?[,\s]{1,9}(?:v|z|'?\d\d)", read_bare),
        (r"dem|bid|d\.", read_reference),
        (r"mplementing\s", read_act),
    ),
    "j": ((r"oin\s?\(", read_commission), (r"uist\sg", read_reference)),
    "k": (
        (r"st-\d|v-[te]k", read_identifier),
        (r"[aàáäeo4](?:m|rn|nn|in|ni|rm)[eéco]r[-\s]{0,2}[s5$db]|am(?:\.\s?)?st|st|mst|\.?\s?s\.", read_kamerstuk),
        (r"amervragen\s\(", read_handelingen),
        (r"aderbesluit", read_act),
    ),
    "l": ((r"aatst-?g|\.\s?c\.|oc\.\s?cit", read_reference), (r"ower\s(?:ch|ho)", read_kamerstuk)),
    "n": ((r"et\sg", read_reference), (r"etherlands\s[bgt]", read_bulletin)),
    "o": ((r"\.\s?c\.|p\.?\s?cit", read_reference), (r"fficial\srep", read_handelingen), (r"pen\.", read_url)),
    "p": (
        (r"arl(?:iamentary|\.)\s?(?:pap|doc|st\.|rec|let|proceedings,?\s\d\d)|arlementaire\s|aper\s\d", read_kamerstuk),
        (r"roceed|arliamentary\s[pd]", read_handelingen),
        (r"reviously", read_reference),
    ),
    "r": (
        (r"ichtlijn|egulation|ecommendation", read_act),
        (r"eeds\s[ga]", read_reference),
        (r"epository\.", read_url),
    ),
    "s": (
        (r"t(?:aats-?\s?(?:b|c)|b|h\.|crt|ct|ert\.|rct\.|c\.)", read_bulletin),
        (r"tb-\d|tcrt-\d", read_identifier),
        (r"t(?:ukken|\.)\s(?:I|T|E)|enate|econd\s(?:ch|ho)|tuk(?:n|\s\d)", read_kamerstuk),
        (r"wd\s?\(|ec\s?\(", read_commission),
        (r"ame\s|aid\s", read_reference),
    ),
    "t": (
        (r"weede\s{0,9}-?\s?ka(?:m|rn)er(?![a-z])|k[\s,:.]|\.\s?k\.|kstuk|k-", read_kamerstuk),
        (r"rb-\d", read_identifier),
        (r"racta|rb|reaty\ss", read_bulletin),
        (r"\.\s?a\.\s?p", read_reference),
    ),
    "u": ((r"itvoerings-?(?:v|r|b)", read_act), (r"itspraken\.", read_url), (r"pper\s(?:ch|ho)", read_kamerstuk)),
    "v": (
        (r"erordening", read_act),
        (r"et-?n", read_kamerstuk),
        (r"ergader-?\s?jaar\s|erg\.", read_bare),
        (r"oor(?:noemd|meld|gaand|zeid)|oren-?(?:g|s|v)|ermeld", read_reference),
    ),
    "w": ((r"ets(?:v|o)", read_kamerstuk), (r"etgevingsdossier", read_kamerstuk), (r"ww\.|etten\.", read_url)),
    "z": ((r"itting(?:sjaar)?\s", read_bare), (r"elfde\s|o?juist\sg", read_reference), (r"oek\.", read_url)),
}
# The same for what begins with a digit; no digit may stand before it.
DIGIT_ANCHORS: tuple[tuple[str, Reader], ...] = (
    (r"\d{0,2}(?:19|20)\d\d\s?[ZzD]\s?[\dO]{5}", read_number_of_chamber),
    (r"[0-9](?:19|20)\d\d[A-Z]{1,2}\d{4}", read_celex),
    (r"[12](?:e|de|ste)\s[Kk]amer", read_kamerstuk),
    (
        r"(?:1[89]|20)\d\d\s?[-/]\s?(?:\d{4}|\d\d)\)?[,\s]\s{0,9}(?:\(?II?\)?,?\s{1,9})?\d\d(?:\s{0,24}|\.)\d{3}(?!\d)",
        read_bare,
    ),
    (
        r"[1-4]\d(?:\s{0,24}|\.)\d{3}(?!\d)(?=\s{0,24}[,.(/-]{0,2}\s{0,24}(?:[nNhHcCbB№#)\]-]|[A-NXVR]|\d\d-))",
        read_bare,
    ),
)


@cache
def _anchors() -> re.Pattern[str]:
    words = "|".join(
        f"[{letter}{letter.upper()}](?:{'|'.join(_any_case(source) for source, _ in found)})"
        for letter, found in ANCHORS.items()
    )
    return re.compile(rf"(?<![A-Za-zÀ-ɏ])(?:{words}|(?<!\d)(?:{'|'.join(source for source, _ in DIGIT_ANCHORS)}))")


@cache
def _readers(letter: str) -> tuple[tuple[re.Pattern[str], Reader], ...]:
    if letter.isdigit():
        return tuple((re.compile(source), reader) for source, reader in DIGIT_ANCHORS)
    return tuple((re.compile(f"{letter}(?:{source})", re.IGNORECASE), reader) for source, reader in ANCHORS[letter])


def _any_case(source: str) -> str:
    """Letters outside escapes as [Aa]: classes keep the search quick, the flag IGNORECASE does not."""
    return re.sub(r"\\.|\[[^\]]*\]|[A-Za-zà-ÿ]", _both_cases, source)


def _both_cases(match: re.Match[str]) -> str:
    said = match[0]
    if said[0] == "[":
        others = "".join(letter.swapcase() for letter in re.sub(r"\\.|.-.", "", said) if letter.isalpha())
        return said[:-1] + others + "]"
    return f"[{said.lower()}{said.upper()}]" if len(said) == 1 else said


def _read_at(text: str, match: re.Match[str], floor: int) -> Reading | None:
    for pattern, reader in _readers(text[match.start()].lower()):
        if (found := pattern.match(text, match.start())) and (reading := reader(text, found, floor)):
            return reading
    return None


def read_citations(text: str) -> list[Citation]:
    """All citations and, of type "verwijzing", the references back, in the order of the text.

    Time is linear in the length of the text. Offsets point into `text`, whatever markup or hyphens it holds.
    """
    view = view_of(text)
    search, found, here, floor = _anchors().search, [], 0, 0
    while match := search(view.text, here):
        reading = _read_at(view.text, match, floor)
        if reading is None:
            here = match.end()
            continue
        found += reading.citations
        here = floor = max(reading.end, match.end())
    return [_in_text(citation, text, view) for citation in found]


BEHIND_SPAN = Citation.__slots__[4:]


def _in_text(citation: Citation, text: str, view: View) -> Citation:
    start, end = view.span(citation.start, citation.end)
    fields = [getattr(citation, name) for name in BEHIND_SPAN]
    return Citation(citation.type, text[start:end], start, end, *fields)  # four times as fast as dataclasses.replace


def find_citations(text: str) -> list[Citation]:
    """The citations in `text`, references back resolved to the document cited last; see `read_citations`.

    Raises NotText.
    """
    if not isinstance(text, str):
        raise NotText(f"A {type(text).__name__} is no text.", hint="Give a str; of a file, nlp.read(path).text.")
    return resolve_in_order(read_citations(text))


def find_in_document(document: Document) -> list[Citation]:
    """The citations of a read document; offsets point into `document.text`.

    No citation runs from one block into the next; references back are resolved over the whole, see `resolve`.
    """
    found: list[Citation] = []
    start = 0
    for block in document.blocks:
        found += (replace(c, start=c.start + start, end=c.end + start) for c in read_citations(block.text))
        start += len(block.text) + len(BLOCK_BREAK)
    return resolve(found, document)


def in_passage(citations: Sequence[Citation], passage: Passage) -> tuple[Citation, ...]:
    """Of the citations of a document, in its order, those in the passage, with offsets into `passage.text`.

    `records.boxes_between(passage.boxes, citation.start, citation.end)` gives page and place on paper.
    """
    first = bisect_left(citations, passage.start, key=lambda citation: citation.start)
    last = bisect_left(citations, passage.end, lo=first, key=lambda citation: citation.start)
    return tuple(
        replace(citation, start=citation.start - passage.start, end=citation.end - passage.start)
        for citation in citations[first:last]
        if citation.end <= passage.end
    )
