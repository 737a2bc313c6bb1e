"""Find, resolve, link and verify citations of Dutch official publications (notations and normal forms: nlp/CITATIONS.md).

    python -m nlp.citations FILE [--jsonl]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

from nlp.citation_bulletins import read_bulletin
from nlp.citation_codes import (
    read_bwb,
    read_celex,
    read_commission,
    read_ecli,
    read_identifier,
    read_number_of_chamber,
    read_url,
)
from nlp.citation_eu import read_act
from nlp.citation_grammar import Reading
from nlp.citation_handelingen import read_handelingen
from nlp.citation_kamerstuk import read_bare, read_kamerstuk
from nlp.citation_resolve import UNRESOLVED, read_reference, resolve_in_order
from nlp.citation_text import View, view_of
from nlp.records import Citation

__all__ = ["find_citations", "read_citations"]

Reader = Callable[[str, re.Match[str], int], Reading | None]

# Where a citation can begin: first words without regard for case, and the reader that is asked. They only have to be
# quick and to leave nothing out; readers look with care. {x} is a pattern in which case does count.
ANCHORS: dict[str, tuple[str, Reader]] = {
    "url": (r"https?://|www\.|(?:zoek|wetten|repository|open|data|uitspraken|deeplink|eur-lex)\.[a-z]", read_url),
    "identifier": (r"(?:kst|kv|ah|h|stb|stcrt|trb)-(?:[te]k-)?[12]|blg[-\s]?\d", read_identifier),
    "handelingen": (r"hand(?:e-?lingen|\.)|h[te]k\s|aan-?hang|aanh\.|ah(?:-[te]k)?\s|append|(?:parliamentary\s)?proceed|official\srep|kamervragen\s\(", read_handelingen),
    "kamerstuk": (
        r"k[aàáäeo4](?:m|rn|nn|in|ni|rm)[eéco]r[-\s]{0,2}[s5$db]|kam(?:\.\s?)?st|kst|kmst|k\.?\s?s\.|vet-?n|(?:dutch\s)?parl(?:iam|\.|em)|bijl(?:agen?|\.)\s(?:(?:van|bij|tot)\s(?:de\s|het\s)?)?hand"
        r"|gedr(?:\.|ukte\s)|st(?:ukken|\.)\s(?:I|TK|EK|T|E)|(?:house|chamber)\s[pd]",
        read_kamerstuk,
    ),
    "reference": (
        r"idem|ibid|id\.|a\.\s?w\.|aangeh|o\.\s?c\.|op\.?\s?cit|l\.\s?c\.|loc\.\s?cit|t\.\s?a\.\s?p|aldaar|als\svoren|voor(?:n|m|g|z)|eerder-?\s?(?:g|v|a)"
        r"|boven|laatst-?g|voren|hier(?:b|v)o|(?:zo)?juist\sg|net\sg|reeds\s[ga]|genoemd|vermeld|geciteerd|bedoeld|(?:des)?betreffend|(?:het|de|dat|die)?zelfde|afore"
        r"|above-?m|previously|same\s|said\s|cited\s",
        read_reference,
    ),
    "bulletin": (r"st(?:aats|b|h\.|crt|ct|ert|rct|c\.)|tracta|trb|(?:dutch\s|netherlands\s)?(?:bulletin\sof|government\sg|treaty\ss)", read_bulletin),
    "act": (
        r"(?:uitvoerings-?|(?:gedelegeerde|delegated|implementing|council|commission)\s)?(?:kaderbesluit|framework\sd|verordening|regulation|richtlijn|directive|besluit|beschikking|decision"
        r"|aanbeveling|recommendation)",
        read_act,
    ),
    "ecli": (r"EC[LU]", read_ecli),
    "bwb": (r"BWB", read_bwb),
    "commission": (r"(?:COM|SWD|SEC|JOIN|C)\s?\([12]", read_commission),
    "chamber": (
        r"(?:tweede|eerste)\s{0,9}-?\s?kamer(?![a-z])|[TE]K|[te]\.\s?k\.|house\sof\srep|(?:second|first|lower|upper)\s(?:ch|ho)|(?:dutch\s)?senate",
        read_kamerstuk,
    ),
    "roman": (r"II?[,\s]{1,9}(?:v|z|'?\d\d)", read_bare),
    "weak": (r"(?:wetgevings)?dossier|wets(?:v|o)|stuk(?:n|\s\d)|bill\s|file\s|paper\s", read_kamerstuk),
}
# The same for what begins with a digit; no digit may stand before it.
DIGIT_ANCHORS: dict[str, tuple[str, Reader]] = {
    "number": (r"\d{0,2}(?:19|20)\d\d\s?[ZD]\s?[\dO]{5}", read_number_of_chamber),
    "celex": (r"[0-9](?:19|20)\d\d[A-Z]{1,2}\d{4}", read_celex),
    "old_chamber": (r"[12](?:e|de|ste)\sKamer", read_kamerstuk),
    "year": (r"(?:1[89]|20)\d\d\s?[-/]\s?(?:\d{4}|\d\d)\)?,?\s{1,9}(?:\(?II?\)?,?\s{1,9})?\d\d(?:\s{0,24}|\.)\d{3}(?!\d)", read_bare),
    "bare": (r"[1-4]\d(?:\s{0,24}|\.)\d{3}(?!\d)", read_bare),
}
READERS = {name: reader for name, (_, reader) in (ANCHORS | DIGIT_ANCHORS).items()}


@cache
def _anchors() -> re.Pattern[str]:
    words = "|".join(f"(?P<{name}>{_any_case(source)})" for name, (source, _) in ANCHORS.items())
    digits = "|".join(f"(?P<{name}>{source})" for name, (source, _) in DIGIT_ANCHORS.items())
    return re.compile(rf"(?<![A-Za-zÀ-ɏ])(?:{words}|(?<!\d)(?:{digits}))")


def _any_case(source: str) -> str:
    """Small letters outside escapes as [Aa]: a class keeps the search quick, the flag IGNORECASE does not."""
    return re.sub(r"\\.|\?P<\w+>|\[[^\]]*\]|[a-zà-ÿ]", _both_cases, source)


def _both_cases(match: re.Match[str]) -> str:
    said = match[0]
    if said[0] == "[":
        letters = "".join(letter.upper() for letter in re.sub(r"\\.", "", said) if letter.isalpha() and letter.islower())
        return said[:-1] + letters + "]"
    return f"[{said}{said.upper()}]" if len(said) == 1 else said


def read_citations(text: str) -> list[Citation]:
    """All citations and, of type "verwijzing", the references back, in the order of the text.

    Time is linear in the length of the text. Offsets point into `text`, whatever markup or hyphens it holds.
    """
    view = view_of(text)
    search, found, here, floor = _anchors().search, [], 0, 0
    while match := search(view.text, here):
        reading = READERS[match.lastgroup or ""](view.text, match, floor)
        if reading is None:
            here = match.end()
            continue
        found += reading.citations
        here = floor = max(reading.end, match.end())
    return [_in_text(citation, text, view) for citation in found]


def _in_text(citation: Citation, text: str, view: View) -> Citation:
    start, end = view.span(citation.start, citation.end)
    return replace(citation, text=text[start:end], start=start, end=end)


def find_citations(text: str) -> list[Citation]:
    """The citations in `text`, references back resolved to the document cited last; see `read_citations`."""
    return resolve_in_order(read_citations(text))
