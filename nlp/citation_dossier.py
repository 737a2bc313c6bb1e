"""The head of a Kamerstuk citation: label, chamber, vergaderjaar and the dossier number with its suffix."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nlp.citation_grammar import (
    END,
    NR,
    NR_MISREAD,
    OCR_DIGIT,
    YEAR_LEAD,
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
    r"k[aàáäeo4](?:m|rn|nn|in|ni|rm)[eéco]r[-\s]?[s5$][tlf1i](?:[uüvno]|ii|li)(?:k|lc|h)(?:k?[eco]n)?"
    r"(?:[-\s]?(?:dossier)?(?:nummers?|nrs?\b\.?|no\b\.?|s))?"
)
HANDELINGEN = r"hand(?:elingen|\.)"
STRONG = (
    rf"(?:{KAMERSTUK}|kamer-?\s?(?:dossier|document|brief)(?:nummers?|nrs?\b\.?)?|kamer-?st\.|kam\.\s?st(?:uk)?\.?|kst(?:n?rs?)?\b\.?"
    rf"|kmst\b\.?|ks\.|k\.\s?s\.|kamst\b\.?|vet-?(?:nummers?|nrs?\b\.?)|parlementaire\sstukken|parl\.\s?st\."
    rf"|bijl(?:agen?|\.)\s(?:(?:van|bij|tot)\s(?:de\s|het\s)?)?{HANDELINGEN}|gedr(?:ukte|\.)\sst(?:ukken|\.)"
    rf"|(?:stukken|st\.)(?=\s(?:II?|TK|EK|[TE]weede|Eerste)\b)|(?:TK|EK)-?(?:stuk(?:ken)?|nummer|nr\b\.?)"
    rf"|(?:dutch\s)?parl(?:iamentary|\.)\s?(?:papers?|documents?|docs?\b\.?|pap\.)|(?:house|chamber)\s(?:papers?|documents?))"
)
WEAK = (
    r"(?:(?:wetgevings)?dossier-?(?:nummers?|nrs?\b\.?)?|wets(?:voorstel|ontwerp)(?:en)?|stuk(?:nummer|nr\b\.?)?"
    r"|(?:bill|file|paper)(?:\snumber)?)"
)
NO_LETTER = r"(?![A-Za-z])"
LABEL = Pattern(rf"(?:(?P<strong>{STRONG})|(?P<weak>{WEAK})){NO_LETTER}")
FILLER = Pattern(rf"""(?:{STRONG}|{WEAK}|(?:met|onder|voorzien\svan|with|under|having)(?:\s(?:het|de|the))?
    |(?:nummers?|nrs?|numbers?|nos?|n[°º])(?:\s?[.:])?|stukken|der\sStaten-Generaal|bijl(?:agen?|\.)|{HANDELINGEN}|bills|begroting){NO_LETTER}""")
SEPARATOR = Pattern(rf"{W}[,:;/-]?{W}")

# --- dossier ---

DOSSIER = Pattern(rf"(\d\d){W}[.'·-]?{W}(\d{{3}})(?!\d)")
DOSSIER_BARE = Pattern(rf"([1-4]\d)(?:{W}|\.)(\d{{3}})(?!\d|[.,]\d|\s\d{{3}}(?!\d))")
DOSSIER_MISREAD = Pattern(rf"(?-i:(?=(?:[OoQlIi|SBZ\s.]{{0,4}}\d){{3}})([\dOoQlIi|SBZ]{{2}}){W}\.?{W}([\dOoQlIi|SBZ]{{3}})){END}")
DOSSIER_OLD = Pattern(r"(\d)[\s.]?(\d{3})(?!\d)")
DOSSIER_OF_MISREAD_CHAMBERS = {"11", "ll", "Il", "lI", "1I", "I1", "H", "U", "N", "n", "ii", "1", "l", "|", "!", "i"}
MISREADABLE = Pattern(KAMERSTUK)
CLEAN = re.compile(r"kamer[-\s]?stuk", re.IGNORECASE)


def looks_misread(label: str) -> bool:
    """Whether OCR has changed letters of the word Kamerstuk."""
    return MISREADABLE.match(label) is not None and CLEAN.match(label) is None


SESSION = Pattern(rf"(\d{{1,3}})()(?={W}[,.]?{W}{NR})")

ROMAN = r"(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3})[A-F]?"
CHAPTER = r"(?:(?:begrotings?)?-?hoofdstuk|h(?:oo)?fd?st(?:uk)?\b\.?|hst\b\.?|hfd\b\.?|chapter|ch\.|begroting)"
NUMBER_AHEAD = rf"(?={W}[,;:.(-]?{W}(?:{NR}|{NR_MISREAD}|\d{{1,4}}(?!\d)|(?-i:[A-Z]{{1,2}}){END}))"
SUFFIXES = {
    "council": Pattern(rf"{W}[-./]?{W}(\d\d)(?!\d|[.\s]\d{{3}})"),
    "kingdom": Pattern(rf"{W}[-,]?{W}\(?{W}R\s?\.?\s?(\d{{3,4}}){END}{W}\)?"),
    "chapter": Pattern(rf"{W}[,(-]?{W}{CHAPTER}{W}((?:{ROMAN})|[A-HJ-N]){END}\)?"),
    "roman": Pattern(rf"(?:{W}[-./(]?{W}(?-i:({ROMAN}))|-({ROMAN})){END}\)?"),
    "roman behind a comma": Pattern(rf"{W},{W}(?-i:({ROMAN})){END}{NUMBER_AHEAD}"),
    "fund": Pattern(rf"{W}[-.]?{W}(?-i:([A-HJ-N])){END}{NUMBER_AHEAD}"),
    "part": Pattern(rf"-(\d\d)(?={W},?{W}{NR}|-\d{{1,4}}(?!\d))"),
    "misread": Pattern(rf"{W}[-.]?{W}(?-i:(?=[VXl1|]{{0,5}}I|[l1|]{{0,5}}[VX])([IVXl1|]{{1,6}}[AB]?)){END}{NUMBER_AHEAD}"),
}
WITHOUT_LABEL = ("council", "kingdom", "chapter", "roman", "fund")
IS_ROMAN = re.compile(rf"(?:{ROMAN})\Z")


@dataclass(slots=True)
class Head:
    """What was said before the first number."""

    start: int
    label: str | None = None  # strong, weak, or None
    kamer: str | None = None
    years: list[str] = field(default_factory=list)
    session: bool = False  # "Zitting 1971": one year only, when a session lasted from September to June or less
    misread: bool = False
    abbreviated: bool = False  # the chamber is said as TK or EK: nothing else is written so with a number behind it
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


MISREAD_CHAMBERS = {"11", "ll", "Il", "lI", "1I", "I1", "H", "U", "N", "n", "ii", "1", "l", "|", "!", "i"}
CLEAN_LABEL = re.compile(r"kamer-?\s?st(?:uk|\.)|(?!k[^s.]*er|ka)", re.IGNORECASE)


def looks_misread(label: str) -> bool:
    """Whether OCR has changed letters of the label."""
    return CLEAN_LABEL.match(label) is None and "kamer" not in label.lower()


SESSION = Pattern(rf"zitting{W}((?:1[89])\d\d)(?!\d|{W}[-/]\s?\d)")


def read_head(text: str, start: int, head: Head, *, chamber_only: bool = False) -> int:
    """Chamber, vergaderjaar and words like "nummer" in any order; gives where the dossier number must stand."""
    end = here = start
    words = 0
    while True:
        if head.kamer is None and (chamber := read_chamber(text, here, misread=head.label == "strong")):
            head.kamer, end = chamber
            said = text[here:end].strip("()")
            head.abbreviated = said.replace(".", "").replace(" ", "").upper() in ("TK", "EK")
            head.misread = head.misread or said in MISREAD_CHAMBERS
        elif len(head.years) < 8 and (years := _read_years(text, here, head)):
            end = years
        elif words < 4 and not chamber_only and (match := FILLER.match(text, here)):
            words, end = words + 1, match.end()
        elif head.kamer and (chamber := read_chamber(text, here)) and chamber[0] == head.kamer:
            end = chamber[1]  # "Tweede Kamer, vergaderjaar 2011-2012, TK 31 980"
        else:
            return here
        separator = SEPARATOR.match(text, end)
        here = separator.end() if separator else end


def _read_years(text: str, start: int, head: Head) -> int | None:
    if (single := SESSION.match(text, start)) is not None:
        head.session = True
        return single.end()
    lead = YEAR_LEAD.match(text, start)
    here = lead.end() if lead else start
    year = read_year(text, here, short=head.labelled, misread=head.labelled)
    if year is None:
        return lead.end() if lead and text[start : lead.end()].lower().startswith("zitting") and head.labelled else None
    head.years.append(year[0])
    return year[1]


def read_dossier(text: str, start: int, head: Head) -> Dossier | None:
    """The dossier number at `start`; what is allowed depends on how much the head has said."""
    bare = not head.labelled and head.label is None
    match = (DOSSIER_BARE if bare else DOSSIER).match(text, start)
    misread = False
    if match is None and not bare:
        match = _old_number(text, start, head)
        if match is None and (match := DOSSIER_MISREAD.match(text, start)):
            misread = True
    if match is None:
        return None
    number = (match[1] + match[2]).translate(OCR_DIGIT) if misread else match[1] + match[2]
    spaced = match.end() - match.start() > len(number)
    return _with_suffix(text, Dossier(number, match.end(), None, spaced, misread), bare=bare)


def _old_number(text: str, start: int, head: Head) -> re.Match[str] | None:
    year = int(head.years[0][:4]) if head.years else None
    if head.session or (year is not None and year < FOUR_DIGITS_UNTIL):
        match = DOSSIER_OLD.match(text, start)
        if match is None and (head.session or (year is not None and year < SESSION_NUMBERS_UNTIL)):
            match = DOSSIER_OF_SESSION.match(text, start)
        return match
    if year is None and head.label == "strong":
        match = DOSSIER_OLD.match(text, start)
        if match and not "1800" <= match[1] + match[2] <= "2099" and AHEAD_NR.match(text, match.end()):
            return match
    return None


AHEAD_NR = Pattern(rf"{W},?{W}{NR}{W}[\dA-Z]")


def _with_suffix(text: str, dossier: Dossier, *, bare: bool) -> Dossier:
    for name, suffix in SUFFIXES.items():
        if (name == "council") != (dossier.number == EU_COUNCILS) or (bare and name not in WITHOUT_LABEL):
            continue
        match = suffix.match(text, dossier.end)
        if match is None:
            continue
        said = next(filter(None, match.groups()))
        if name == "misread":
            said = re.sub(r"[l1|]", "I", said)
            if not IS_ROMAN.match(said):
                continue
        end = match.end()
        if text[end - 1] == ")" and "(" not in match[0]:
            end -= 1
        said = f"(R{said})" if name == "kingdom" else said.upper()
        return Dossier(f"{dossier.number}-{said}", end, name, dossier.spaced, dossier.misread or name == "misread")
    return dossier
