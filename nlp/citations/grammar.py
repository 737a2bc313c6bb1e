"""The parts that all citations are composed of: chamber, vergaderjaar, numbers, pages, connecting words.

A reader takes the view of the text and a position, and gives what it read with the position behind it, or None.
No reader looks further than a bounded number of characters, so that finding stays linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from nlp.citations.normalise import session
from nlp.records import Citation

W = r"\s{0,24}+"  # at most a broken line with its indentation; never given back
W1 = r"\s{1,24}+"
END = r"(?![0-9A-Za-zÀ-ɏ])"  # a superscript marker may follow, a letter or digit may not
BEGIN = r"(?<![A-Za-zÀ-ɏ])"  # a digit may precede: a footnote number is often glued to the first word

RANGE_MAX = 100  # "nrs. 1-2020" is no range of papers
OCR_DIGIT = str.maketrans("OoQDIil|!ZzSsBGq", "0000111112255869")


class Pattern:
    """A pattern without regard for case, compiled when first used: importing costs nothing."""

    match: Callable[..., re.Match[str] | None]  # those of the compiled pattern
    search: Callable[..., re.Match[str] | None]

    def __init__(self, source: str) -> None:
        self.source = source

    def __getattr__(self, name: str) -> Callable[..., re.Match[str] | None]:
        if name not in ("match", "search"):
            raise AttributeError(name)
        compiled = re.compile(self.source, re.IGNORECASE | re.VERBOSE)
        self.match, self.search = compiled.match, compiled.search
        return self.match if name == "match" else self.search


class Reading(NamedTuple):
    """What a reader found, and how far it has read; offsets are those of the view."""

    citations: list[Citation]
    end: int


class Members(NamedTuple):
    """One entry of a list of numbers: "12", or the range "12-14"."""

    start: int
    end: int
    numbers: tuple[str, ...]


# --- chamber and vergaderjaar ---

STATES_GENERAL = r"(?:\s(?:der|van\sde|of\sthe)\s(?:Staten|States)[-\s]?Genera+[al]l?)?"
CHAMBER = Pattern(rf"""
    (?P<open>\()?(?:
      (?P<II> (?:Tweede|2e|2de)\s{{0,9}}-?\s?Ka(?:m|rn)er{STATES_GENERAL}
        | (?:Dutch\s)?House\sof\sRepresentatives(?:\sof\sthe\s(?:Netherlands|States[\s-]General))?
        | (?:Second|Lower)\s(?:Chamber|House){STATES_GENERAL} | T\.\s?K\. | TK | (?-i:II) )
    | (?P<I> (?:Eerste|1e|1ste)\s{{0,9}}-?\s?Ka(?:m|rn)er{STATES_GENERAL}
        | (?:Dutch\s)?Senate{STATES_GENERAL} | (?:First|Upper)\s(?:Chamber|House){STATES_GENERAL} | E\.\s?K\. | EK
        | (?-i:I) )
    ){END}(?(open)\))""")
# After a label, and with a year or a dossier behind it, these can only be a misread I or II.
CHAMBER_MISREAD = Pattern(rf"""
    (?:(?P<II>(?-i:[1lIi|!][1lIi|!L]|[HUNn]|ii)) | (?P<I>(?-i:[1l|!i])))
    (?={W},?{W}(?:vergader|zitting|(?-i:[12lIZ][09OoQ89])[\dOoQIlSB]{{2}}{W}[-/]|\d\d[.\s]?\d{{3}}(?!\d)))""")

YEAR_WORD = (
    r"(?:vergader-?\s?jaar|verg\.?\s?j(?:aa)?r?\.?|vergader?j?\.|vgj\.?|v\.?j\.|zittings?(?:-?\s?(?:jaar|periode))?"
    r"|sessie(?:jaar)?|jaargang|jrg\.?"
    r"|parliamentary\s(?:year|session)|parl\.\s(?:year|session)|session(?:al)?(?:\syear)?|sitting)"
)
YEAR_LEAD = Pattern(rf"\(?{YEAR_WORD}{W}[:,]?{W}")
MAY_BE_YEAR = Pattern(rf"\(?'?(?:(?-i:[\dOoQlISBZ]{{2,4}}){W}[-/\\]|\d{{8}}(?!\d))")
YEAR = Pattern(rf"\(?'?((?:1[89]|20)?\d\d){W}[-/\\]{W}'?((?:1[89]|20)?\d\d)(?!\d)")
YEAR_COMPACT = Pattern(r"((?:19|20)\d\d)((?:19|20)\d\d)(?!\d)")
YEAR_MISREAD = Pattern(rf"((?-i:[12lIZ][\dOoQlISBZ]{{3}})){W}[-/]{W}((?-i:[\dOoQlISBZ]{{4}}|[\dOoQlISBZ]{{2}})){END}")


def read_chamber(text: str, start: int, *, misread: bool = False) -> tuple[str, int] | None:
    """Reads "Tweede Kamer", "TK", "(II)" → "II".

    `misread` also takes 11, ll, H for II where a year or dossier follows.
    """
    match = CHAMBER.match(text, start) or (CHAMBER_MISREAD.match(text, start) if misread else None)
    return (match.lastgroup or "", match.end()) if match else None


def read_year(text: str, start: int, *, short: bool = False, misread: bool = False) -> tuple[str, int] | None:
    """Reads "2019/20", "1999-2000" → "2019-2020"; two years that do not follow are no vergaderjaar.

    `short` also takes "19/20", `misread` also "2O19/2O".
    """
    if not MAY_BE_YEAR.match(text, start):
        return None
    match = YEAR.match(text, start) or YEAR_COMPACT.match(text, start)
    if match is None and misread:
        match = YEAR_MISREAD.match(text, start)
    if match is None:
        return None
    first, second = (year.translate(OCR_DIGIT) for year in match.groups())
    if len(first) == 2:
        if not short or len(second) != 2:
            return None
        first = ("19" if int(first) > 50 else "20") + first
    follows = str(int(first) + 1)
    if second not in (follows, follows[2:]):
        return None
    return session(int(first)), match.end()


# --- numbers ---

NR_ALONE = (
    r"(?:(?:onder-?|volg|stuk-?)?(?:nummers?|nrs?)|numbers?|numm?|nrs|nos?|n[°º]s?|№|letters?|lett?|ltr)"
    r"(?:\s?[.,:;]{1,2}|-(?=\d)|(?![A-Za-z]))"
)
NR = rf"(?:(?:onder|op|stuk(?:ken)?|document|sub|paper)\s{{1,9}}){{0,2}}{NR_ALONE}"
NR_MISREAD = r"(?-i:m|rn|rnr|ur|ni|nf|nt|nv|hr|mr|or|ar|tnr|rir|n\sr|tr|ir|Mr|Nf)s?\s?[.,]"
NUMBER_LEAD = Pattern(rf"(?:{NR}){W}")
NUMBER_LEAD_MISREAD = Pattern(rf"(?:{NR_MISREAD}){W}")
IS_PLURAL = re.compile(r"nrs|nummers|numbers|nos|letters|ns", re.IGNORECASE)

NUMBER = Pattern(rf"""
      (?P<thousands>[1-9]\.\d{{3}})(?!\d|[.,]\d)
    | (?P<digits>\d{{1,4}}(?!\d)(?:[a-z]{END})?)
    | (?P<letters>(?-i:[A-Z]{{1,2}})){END}""")
COMMON_NUMBER = Pattern(r"\d{1,4}(?![\dA-Za-z]|\.\d)")
NUMBER_MISREAD = Pattern(rf"(?-i:(?=[\dOolI|SBZ]*\d)[\dOolI|SBZ]{{2,4}}|l|lO){END}")
WITH_SUFFIX = re.compile(r"(\d+)([a-z])")

MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|maart|march|mrt|april?|apr|mei|may|juni|june|juli|july|aug(?:ustus|ust)?"
    r"|sept?(?:ember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
UNIT = (
    r"(?:%|‰|€|procent|percent|per\scent|promille|euros?\b|eur\b|miljoen|miljard|mln|mld|million|billion|duizend"
    r"|dollar|jaar|jaren|years?"
    r"|maand|weken|week\b|dagen|dag\b|uur|uren|minuten|seconden|leden|personen|mensen|kinderen|burgers|stuks?\b"
    r"|stukken|kamerstukken"
    r"|documenten|dossiers|moties|amendementen|vragen|antwoorden|brieven|gemeenten|provincies|landen|bedrijven"
    r"|ondernemingen"
    r"|bladzijden|pagina|km\b|kilometer|meter|m2|m²|ha\b|hectare|ton\b|kton|kg\b|liter|inwoners|woningen|huishoudens"
    r"|keer|maal"
    r"|zetels|stemmen|artikelen|andere|overige|punten|exemplaren|aanvragen|meldingen|zaken|leerlingen|studenten"
    r"|patiënten"
    r"|fte|banen|in\s(?:totaal|getal|aantal)|deelnemers|bezoekers|graden)"
)
# A number that stands without "nr." is none of these: a date, a sum, an ordinal, the head of a dossier number.
NOT_PLAIN = Pattern(
    rf"{W}{MONTH}|\s?{UNIT}|(?:e|de|ste)\b|[.:]\d|-\d{{1,2}}-\d|/\d{{2,4}}|{W}\(?-?\(?%|[a-z]?(?-i:[A-Za-z])"
    r"|\s(?-i:(?!EN|OF|ZN|TM)[A-Z]{2})(?![A-Za-z])"  # a postcode
)
DECIMALS = Pattern(r",\d")
HEAD_OF_DOSSIER = Pattern(rf"\d\d{W}\.?\s?\d{{3}}(?!\d)|\d{{5}}")
GOES_ON = Pattern(rf"""{W}(?: $ | [.,;:)\]"'»*|<\[/&+¹²³⁴-⁹-]
    | (?:en|of|is|zijn|was|waren|werd|werden|wordt|worden|over|van|voor|met|in|op|uit|heeft|hebben|bij|die|dat|waarin
    |waarmee
       |waarover|te|aan|door|niet|gaa?n?t?|ligt|liggen|vormt|vormen|betreft|betreffen|bevat|bevatten|reeds|al|ook|ter
       |als|om
       |alsmede|evenals|alsook|naar|tot|zoals|inzake|kan|kunnen|moet|moeten|zal|zullen|luidt|luiden|staat|staan|t/m|p
       |blz|pag
       |and|or|are|were|has|have|on|for|which|that|by|to|of|the){END})""")


def read_number(text: str, start: int, *, misread: bool = False) -> tuple[str, int] | None:
    """Reads "232", "188b", "1.034", "B", "AA"; `misread` also takes "1O5" for 105."""
    if common := COMMON_NUMBER.match(text, start):
        return common[0], common.end()
    if misread and (match := NUMBER_MISREAD.match(text, start)) and not WITH_SUFFIX.fullmatch(match[0]):
        return match[0].translate(OCR_DIGIT), match.end()
    match = NUMBER.match(text, start)
    return (_plain(match), match.end()) if match else None


def _plain(match: re.Match[str]) -> str:
    return match[0] if match["letters"] else match[0].replace(".", "").lower()


def read_plain_number(text: str, start: int, *, plural: bool = False) -> tuple[str, int] | None:
    """A number without "nr." before it: nothing behind it may tell that it counts or dates something.

    Behind "nrs." (`plural`) a comma without a space goes on with the list.
    """
    if HEAD_OF_DOSSIER.match(text, start):
        return None
    match = NUMBER.match(text, start)
    if match is None or match["letters"] or NOT_PLAIN.match(text, match.end()):
        return None
    return None if DECIMALS.match(text, match.end()) and not plural else (_plain(match), match.end())


def looks_like_a_year(number: str) -> bool:
    return len(number) == 4 and "1900" <= number <= "2049"


# --- ranges and lists ---

RANGE = Pattern(rf"""(?: {W}-{W}
    | {W}(?:t\s?/\s?m|t\.?\s?e\.?\s?m\.?|t\.?m\.?|tot\s{{1,9}}(?:en|&)\s{{1,9}}met|tot(?:\saan)?
    |through|thru|up\sto(?:\sand\sincluding)?|to|until){END}\.?{W} )""")
# Behind these a number may stand alone, behind the words of FILL it must be introduced by "nr.".
WORDS = (
    r"(?:en/of|en|of|alsmede|alsook|evenals|mede|eveneens|ook|tevens|respectievelijk|resp\.?|onderscheidenlijk"
    r"|dan\swel|danwel|c\.?q\.?"
    r"|plus|benevens|and/or|and|or|as\swell\sas)"
)
FILL = (
    r"(?:zowel|als|daarnaast|naast|tezamen\smet|samen\smet|in\scombinatie\smet|in\ssamenhang\smet|gevolgd\sdoor"
    r"|vervolgens|daarna|later|voorts"
    r"|verder|tot\sslot|ten\sslotte|dan|met|along\swith|together\swith|both|also|followed\sby|et"
    r"|was|waren|voorheen|eerdere?|thans|nu|oorspronkelijk|vervangt|vervangen\sdoor|ter\svervanging\svan"
    r"|t\.?v\.?v\.?|gewijzigde?|nadere?"
    r"|hernummerd|zie|vgl\.?|vergelijk|juncto|jo\.?|i\.?s\.?m\.?|i\.?c\.?m\.?|previously|formerly|replacing|see"
    r"|de|het|een|the|moties?|amendement(?:en)?|brief|verslag|stuk|stukken|op|onder|in|tot|door)"
)
CONNECT = Pattern(rf"""
    (?P<remark>{W}\([^()\d]{{1,40}}\)|{W},{W}herdr(?:uk)?\.?)?   # (MvT), herdr.
    (?P<punct>{W}[,;/&+(]{{1,2}})?
    (?P<words>(?:{W}{WORDS}{END}){{0,4}})
    (?P<fill>(?:{W}(?:{FILL}|{WORDS}){END}){{0,6}})
    {W}""")


def read_connection(text: str, start: int) -> re.Match[str] | None:
    """What may stand between two entries: punctuation and connecting words; see `asks_for_nr`."""
    match = CONNECT.match(text, start)
    return match if match and (match["punct"] or match["words"] or match["fill"]) else None


def asks_for_nr(connection: re.Match[str]) -> bool:
    """Whether a number behind these words must be introduced by "nr."."""
    return bool(connection["fill"] or connection["remark"] or "(" in (connection["punct"] or ""))


def read_range(
    text: str, first: str, end: int, read: Callable[[str, int], tuple[str, int] | None] = read_number
) -> tuple[tuple[str, ...], int] | None:
    """Behind `first`: "-14", " t/m 14", " tot en met nr. 14" → every member from `first` on."""
    match = RANGE.match(text, end)
    if match is None:
        return None
    lead = NUMBER_LEAD.match(text, match.end())
    last = read(text, lead.end() if lead else match.end())
    if last is None or NOT_PLAIN.match(text, last[1]):
        return None
    members = expand(first, last[0])
    return (members, last[1]) if members else None


def expand(first: str, last: str) -> tuple[str, ...]:
    """All members: "12", "14" → 12, 13, 14; "A", "C" → A, B, C; "188a", "c" → 188a, 188b, 188c; () for no range."""
    if first.isdigit() and last.isdigit():
        count = int(last) - int(first)
        return tuple(map(str, range(int(first), int(last) + 1))) if 0 < count <= RANGE_MAX else ()
    head = ""
    if (suffixed := WITH_SUFFIX.fullmatch(first)) is not None:
        head, first = suffixed.groups()
        last = last.removeprefix(head)
    if len(first) == len(last) == 1 and first.isalpha() and first.isupper() == last.isupper() and first < last:
        return tuple(head + chr(code) for code in range(ord(first), ord(last) + 1))
    return ()


def read_members(text: str, start: int, *, begin: int | None = None, misread: bool = False) -> Members | None:
    """A number or a range at `start`; the entry begins at `begin` where words stand before it."""
    number = read_number(text, start, misread=misread)
    return _with_range(text, start if begin is None else begin, *number) if number else None


def read_plain_members(text: str, start: int, *, plural: bool = False) -> Members | None:
    """The same for a number without "nr.", see `read_plain_number`."""
    number = read_plain_number(text, start, plural=plural)
    return _with_range(text, start, *number) if number else None


def _with_range(text: str, begin: int, first: str, end: int) -> Members:
    numbers, end = read_range(text, first, end) or ((first,), end)
    return Members(begin, end, numbers)


# --- pages ---

PAGE_WORD = (
    r"(?:pp?|pag|blz|bldz|bladz|bl|biz|b1z|bIz|pagina(?:'?s)?|bladzijden?|pages?|pgs?)(?:\s?[.,:]{1,2}|(?![A-Za-z]))"
)
BETWEEN = (
    r"(?:herdr(?:uk)?\.?|MvT|MvA|NnavV|NV|VV|MvB|memorie\svan\s(?:toelichting|antwoord)"
    r"|nota\snaar\saanleiding\svan\shet\sverslag)"
)
PAGE_LEAD = Pattern(rf"""{W}[,;:]?{W}(?:\([^()\d]{{1,40}}\){W},?{W})?(?:{BETWEEN}{W},?{W})?
    (?:(?:en|and|zie|see|op|on|at|m\.n\.|met\sname|in\shet\sbijzonder|i\.h\.b\.|vooral|specifiek|aldaar|inz\.
    |in\sparticular){W1}){{0,3}}
    [(\[]?{W}{PAGE_WORD}{W}(?=[\dOIl])""")
PAGE = Pattern(r"(?-i:(\d{1,5})[a-z]?(?![0-9A-Za-z])|(?=[OlI\d]*\d)[\dOlI]{1,4}(?![0-9A-Za-z]))")
PAGE_NEXT = Pattern(rf"{W}(?:,?{W}(?:en|and|alsmede)\s|[,&+/]){W}(?:{PAGE_WORD}{W})?(?=\d)")
AND_FOLLOWING = Pattern(
    rf"{W}(?:e\.?\s?v\.?(?:\s?v\.)?(?![a-z])|en\s(?:volgende|verder|v\.)|ff?(?![a-z])\.?|et\sseq(?:q)?\.?)"
)


def read_pages(text: str, start: int) -> tuple[str, int] | None:
    """Reads ", p. 3", ", blz. 12 en 13" → "12-13", ", p. 4 e.v." → "4-", ", p. 3 en 7" → "3,7"."""
    lead = PAGE_LEAD.match(text, start)
    if lead is None:
        return None
    pages: list[tuple[str, str]] = []
    end = here = lead.end()
    while entry := _read_page(text, here):
        if pages and not (_rises(pages[-1], entry[0]) and GOES_ON.match(text, entry[1])):
            break  # "p. 4 en 5 voorstellen"
        pages.append(entry[0])
        end = entry[1]
        follows = PAGE_NEXT.match(text, end)
        if follows is None:
            break
        here = follows.end()
    return (_join_pages(pages), end) if pages else None


def _read_page(text: str, start: int) -> tuple[tuple[str, str], int] | None:
    """One page as (3, 3), a range as (12, 13), "e.v." as (4, "")."""
    match = PAGE.match(text, start)
    if match is None or (HEAD_OF_DOSSIER.match(text, start) and len(match[0]) < 5):
        return None
    if NOT_PAGE.match(text, match.end()):
        return None
    first, end = match[0].translate(OCR_DIGIT) if match[1] is None else match[0], match.end()
    if follows := AND_FOLLOWING.match(text, end):
        return (first, ""), follows.end()
    dash = RANGE.match(text, end)
    second = PAGE.match(text, dash.end()) if dash else None
    if second is None or not first.isdigit() or NOT_PAGE.match(text, second.end()):
        return (first, first), end
    return (first, second[0].translate(OCR_DIGIT)), second.end()


NOT_PAGE = Pattern(rf"{W}{MONTH}|\s?(?:%|procent|euro|miljoen)|\.\d|-\d{{1,2}}-\d")


def _rises(last: tuple[str, str], new: tuple[str, str]) -> bool:
    return bool(last[1]) and new[0].isdigit() and last[1].isdigit() and int(new[0]) > int(last[1])


def _join_pages(pages: list[tuple[str, str]]) -> str:
    """Pages that follow become a range, others are parted by a comma."""
    joined = [pages[0]]
    for first, last in pages[1:]:
        before = joined[-1]
        if before[1].isdigit() and first.isdigit() and int(first) == int(before[1]) + 1:
            joined[-1] = (before[0], last)
        else:
            joined.append((first, last))
    return ",".join(first if first == last else f"{first}-{last}" for first, last in joined)
