"""The head of a Kamerstuk citation: label, chamber, vergaderjaar and the dossier number with its suffix."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nlp.citations.grammar import (
    END,
    NR,
    NR_MISREAD,
    OCR_DIGIT,
    YEAR_LEAD,
    YEAR_WORD,
    Pattern,
    W,
    read_chamber,
    read_year,
)

FOUR_DIGITS_UNTIL = 1981  # dossiers had four digits until about 1980
SESSION_NUMBERS_UNTIL = 1960  # long before that, numbers began anew every vergaderjaar
EU_COUNCILS = "21501"

# --- labels ---

# Kamerstuk, also with the letters that OCR takes for others: Karnerstuk, Kamersluk, Kamerstnk, Kamcrstukken.
KAMERSTUK = (
    r"k[aàáäeo4](?:m|rn|nn|in|ni|rm)[eéco]r[-\s]?[s5$][tlf1i](?:[uüvno]|ii|li)(?:k|lc|h)(?:-?k?[eco]n)?"
    r"(?:[-\s]?dossiers?)?(?:[-\s]?(?:nummers?|nrs?\b\.?|no\b\.?)|s)?"
)
HANDELINGEN = r"hand(?:elingen|\.)"
STRONG = (
    rf"(?:{KAMERSTUK}|kamer-?\s?(?:dossier|document|brief)(?:nummers?|nrs?\b\.?)?|kamer-?st\.|kam\.\s?st(?:uk)?\.?"
    rf"|kst(?:n?rs?)?\b\.?"
    rf"|kmst\b\.?|ks\.|k\.\s?s\.|kamst\b\.?|vet-?(?:nummers?|nrs?\b\.?)|parlementaire\sstukken|parl\.\s?st\."
    rf"|bijl(?:agen?|\.)\s(?:(?:van|bij|tot)\s(?:de\s|het\s)?)?{HANDELINGEN}|{HANDELINGEN}(?=[^.;()]{{2,50}}\bbijl)"
    rf"|gedr(?:ukte|\.)\sst(?:ukken|\.)"
    rf"|(?:stukken|st\.)(?=\s(?:II?|TK|EK|[TE]weede|Eerste)\b)|(?:TK|EK)-?(?:stuk(?:ken)?|nummer|nr\b\.?)"
    rf"|(?:dutch\s)?parl(?:iamentary|\.)\s?(?:papers?|documents?|docs?\b\.?|pap\.|records?|letters?"
    rf"|proceedings(?=,?\s\d\d))|(?:house|chamber)\s(?:papers?|documents?))"
)
WEAK = (
    r"(?:(?:wetgevings)?dossier-?(?:nummers?|nrs?\b\.?)?|wets(?:voorstel|ontwerp)(?:en)?|stuk(?:nummer|nr\b\.?)?"
    r"|(?:bill|file|paper)(?:\snumber)?)"
)
NO_LETTER = r"(?![A-Za-z])"
LABEL = Pattern(rf"(?:(?P<strong>{STRONG})|(?P<weak>{WEAK})){NO_LETTER}")
FILLER = Pattern(rf"""(?:{STRONG}|{WEAK}|(?:met|onder|voorzien\svan|with|under|having)(?:\s(?:het|de|the))?
    |(?:nummers?|nrs?|numbers?|nos?|n[°º])(?:\s?[.:])?|stukken|documents?|(?:van|of|from)(?:\s(?:de|the))?
    |der(?:\sStaten-Generaal)?|bijl(?:agen?|\.)|{HANDELINGEN}|bills|begroting){NO_LETTER}""")
SEPARATOR = Pattern(rf"\)?{W}[,:;/-]?{W}")

# --- dossier ---

DOSSIER = Pattern(rf"(\d\d){W}[.'·-]?{W}(\d{{3}})(?!\d)")
DOSSIER_BARE = Pattern(r"([1-4]\d)(?:\s{0,24}|\.)(\d{3})(?!\d|[.,]\d|\s\d{3}(?!\d))")
DOSSIER_MISREAD = Pattern(
    rf"(?-i:(?=(?:[OoQlIi|SBZ\s.]{{0,4}}\d){{2}})([\dOoQlIi|SBZ]{{2}}){W}\.?{W}([\dOoQlIi|SBZ]{{3}})){END}"
)
DOSSIER_OLD = Pattern(r"(\d)[\s.]?(\d{3})(?!\d)")
DOSSIER_OF_SESSION = Pattern(rf"(\d{{1,3}})()(?={W}[,.]?{W}{NR})")
NUMBER_BEHIND = Pattern(rf"{W},?{W}{NR}{W}[\dA-Z]")

ROMAN = r"(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3})[A-F]?"
FUND = r"[A-HJ-N]"
CHAPTER = r"(?:(?:begrotings?)?-?hoofdstuk|h(?:oo)?fd?st(?:uk)?\b\.?|hst\b\.?|hfd\b\.?|chapter|ch\.|begroting)"
NUMBER_AHEAD = rf"(?={W}[,;:.(-]?{W}(?:{NR}|{NR_MISREAD}|\d{{1,4}}(?!\d)|(?-i:[A-Z]{{1,2}}){END}))"
YEAR_AHEAD = rf",?{W}(?:{YEAR_WORD}|(?:19|20)\d\d[-/])"
SUFFIXES = {
    "council": Pattern(rf"{W}[-./]?{W}(\d\d)(?!\d|[.\s]\d{{3}})"),
    "kingdom": Pattern(rf"{W}[-,]?{W}\(?{W}R\s?\.?\s?(\d{{3,4}}){END}{W}\)?"),
    "chapter": Pattern(rf"{W}[,(-]?{W}{CHAPTER}{W}({ROMAN}|{FUND}){END}\)?"),
    "roman": Pattern(rf"(?:{W}[-./(]?{W}(?-i:({ROMAN}))|-({ROMAN})){END}\)?"),
    "roman behind a comma": Pattern(rf"{W},{W}(?-i:({ROMAN})){END}(?!{YEAR_AHEAD}){NUMBER_AHEAD}"),
    "fund": Pattern(rf"{W}[-.]?{W}(?-i:({FUND})){END}{NUMBER_AHEAD}"),
    "part": Pattern(rf"-(\d\d)(?={W},?{W}{NR}|-\d{{1,4}}(?!\d))"),
    "misread": Pattern(
        rf"{W}[-.]?{W}(?-i:(?=[VXl1|]{{0,5}}I|[l1|]{{0,5}}[VX])([IVXl1|]{{1,6}}[AB]?)){END}{NUMBER_AHEAD}"
    ),
}
MAY_HAVE_SUFFIX = Pattern(rf"{W}[-.,/(]?{W}\(?(?-i:[IVXivxA-NRl1|\d]|[hH][fos]|[cC]h|[bB]egr)")
WITHOUT_LABEL = ("council", "kingdom", "chapter", "roman", "fund")
IS_ROMAN = re.compile(rf"(?:{ROMAN})\Z")

SESSION = Pattern(rf"zitting{W}(1[89]\d\d)(?!\d|{W}[-/]\s?\d)")
MISREADABLE = Pattern(KAMERSTUK)
CLEAN = re.compile(r"kamer[-\s]?stuk", re.IGNORECASE)
# 2e Kamer, 11 for II
CHAMBERS_IN_DIGITS = {"1e", "1s", "2e", "2d", "11", "1l", "1I", "1i", "1|", "1!", "1L", "1 ", "1,", "1\n"}
PARTS_MAX, WORDS_MAX = 10, 4  # of a head: nobody says more, and a row of labels must not be read again and again


@dataclass(slots=True)
class Head:
    """What was said before the dossier number."""

    start: int
    label: str | None = None  # strong, weak, or None
    kamer: str | None = None
    years: list[str] = field(default_factory=list)
    session: bool = False  # "Zitting 1971": a session of one year has no vergaderjaar
    misread: bool = False
    abbreviated: bool = False  # TK or EK: with five digits behind it that is a dossier
    is_bill: bool = False  # "wetsvoorstel"

    @property
    def vergaderjaar(self) -> str | None:
        return self.years[0] if len(self.years) == 1 else None

    @property
    def labelled(self) -> bool:
        """Whether label, chamber or vergaderjaar tells that a dossier number must follow."""
        return self.label == "strong" or self.kamer is not None or bool(self.years)


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier number in its normal form: 26485, 35300-XVII, 21501-02, 34356-(R2064), 9724."""

    number: str
    end: int
    suffix: str | None = None  # a name of SUFFIXES
    spaced: bool = False  # printed as an amount is: 26 485, 26.485
    misread: bool = False


def looks_misread(label: str) -> bool:
    """Whether OCR has changed letters of the word Kamerstuk."""
    return (
        not label.lower().startswith("kamerstuk")
        and CLEAN.match(label) is None
        and MISREADABLE.match(label) is not None
    )


def read_head(text: str, start: int, head: Head, *, words: bool = True) -> int:
    """Chamber, vergaderjaar and (with `words`) words like "nummer", in any order.

    What is said goes into `head`; given is the place where the dossier number must stand.
    """
    here, allowed = start, WORDS_MAX if words else 0
    for _ in range(PARTS_MAX):
        end = _read_chamber(text, here, head) or _read_years(text, here, head)
        if end is None and allowed and text[here : here + 1].isalpha() and (word := FILLER.match(text, here)):
            end, allowed = word.end(), allowed - 1
        if end is None:
            return here
        separator = SEPARATOR.match(text, end)
        here = separator.end() if separator else end
    return here


def _read_chamber(text: str, here: int, head: Head) -> int | None:
    first = text[here : here + 2]
    if first[:1].isdigit() and first not in CHAMBERS_IN_DIGITS:
        return None
    chamber = read_chamber(text, here, misread=head.label == "strong" and head.kamer is None)
    if chamber is None or head.kamer not in (None, chamber[0]):
        return None
    said = text[here : chamber[1]].strip("()")
    head.kamer = chamber[0]
    head.abbreviated = head.abbreviated or said.replace(".", "").replace(" ", "").upper() in ("TK", "EK")
    head.misread = head.misread or (len(said) < 3 and said.upper() not in ("I", "II", "TK", "EK"))
    return chamber[1]


def _read_years(text: str, here: int, head: Head) -> int | None:
    if len(head.years) > 8:
        return None
    lead = None
    if text[here : here + 1].isalpha() or text[here : here + 1] == "(":
        if (single := SESSION.match(text, here)) is not None:
            head.session = True
            return single.end()
        lead = YEAR_LEAD.match(text, here)
    year = read_year(text, lead.end() if lead else here, short=head.labelled, misread=head.labelled)
    if year is None:
        return None
    head.years.append(year[0])
    return year[1]


def read_dossier(text: str, start: int, head: Head) -> Dossier | None:
    """The dossier number at `start`; how freely it is read depends on how much the head has said."""
    if not head.labelled and head.label is None:
        match = DOSSIER_BARE.match(text, start)
        return _with_suffix(text, _dossier(match), WITHOUT_LABEL) if match else None
    if match := DOSSIER.match(text, start) or _old_number(text, start, head):
        return _with_suffix(text, _dossier(match), tuple(SUFFIXES))
    match = DOSSIER_MISREAD.match(text, start)
    return _with_suffix(text, _dossier(match, misread=True), tuple(SUFFIXES)) if match else None


def _dossier(match: re.Match[str], *, misread: bool = False) -> Dossier:
    number = match[1] + match[2]
    spaced = match.end() - match.start() > len(number)
    return Dossier(number.translate(OCR_DIGIT) if misread else number, match.end(), None, spaced, misread)


def _old_number(text: str, start: int, head: Head) -> re.Match[str] | None:
    """Four digits before about 1980, less when numbers began anew with every session."""
    year = int(head.years[0][:4]) if head.years else 1900 if head.session else None
    if year is None:
        match = DOSSIER_OLD.match(text, start) if head.label == "strong" or head.is_bill else None
        is_year = match is not None and "1800" <= match[1] + match[2] <= "2099"
        return match if match and not is_year and NUMBER_BEHIND.match(text, match.end()) else None
    if year >= FOUR_DIGITS_UNTIL:
        return None
    match = DOSSIER_OLD.match(text, start)
    return match if match or year >= SESSION_NUMBERS_UNTIL else DOSSIER_OF_SESSION.match(text, start)


def _with_suffix(text: str, dossier: Dossier, allowed: tuple[str, ...]) -> Dossier:
    if not MAY_HAVE_SUFFIX.match(text, dossier.end):
        return dossier
    for name in allowed:
        if (name == "council") != (dossier.number == EU_COUNCILS):
            continue
        match = SUFFIXES[name].match(text, dossier.end)
        said = next(filter(None, match.groups())) if match else ""
        if name == "misread":
            said = re.sub(r"[l1|]", "I", said)
        if match is None or (name == "misread" and not IS_ROMAN.match(said)):
            continue
        end = match.end() - (match[0][-1] == ")" and "(" not in match[0])
        said = f"(R{said})" if name == "kingdom" else said.upper()
        return Dossier(f"{dossier.number}-{said}", end, name, dossier.spaced, dossier.misread or name == "misread")
    return dossier
