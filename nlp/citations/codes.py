"""Reads what is a code already: identifiers, addresses, ECLI, CELEX, BWB, numbers of the Tweede Kamer."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.citations.grammar import END, Pattern, Reading, W
from nlp.citations.normalise import celex_number, celex_url, dossier_url, ecli_url, kamerstuk_url, page_url
from nlp.records import Citation

CHAMBERS = {"tk": "II", "ek": "I"}
YEARS = r"(?:19|20)\d\d(?:19|20)\d\d"
SUFFIX = r"(?:\d\d(?=-\d)|(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3})[A-F]?(?=-)|[A-HJ-N](?=-\d)|\(?R\d{3,4}\)?(?=-))"
VERSION = r"(?:-[hnvb]\d{1,2})?(?![0-9A-Za-z]|-\d)"  # herdruk, verbeterblad: the same page shows them


KST = Pattern(rf"kst-(?:({YEARS})-)?(\d{{4,5}}(?:-{SUFFIX})?)-(\d{{1,4}}[a-z]?|[A-Z]{{1,2}}){VERSION}")
HANDELINGEN = Pattern(rf"h-(tk|ek)-({YEARS})-(\d{{1,5}}(?:-\d{{1,5}}){{0,2}}){VERSION}")
AANHANGSEL = Pattern(rf"ah-(tk|ek)-({YEARS})-(\d{{1,4}}){VERSION}")
KAMERVRAAG = Pattern(rf"kv-(tk|ek)-((?:19|20)\d\dZ\d{{5}}|\d{{6,12}}){VERSION}")
BIJLAGE = Pattern(rf"blg[-\s]?(\d{{2,8}}){VERSION}")
BULLETIN = Pattern(rf"(stb|stcrt|trb)-((?:18|19|20)\d\d)-(\d{{1,6}}){VERSION}")
BULLETINS = {"stb": "staatsblad", "stcrt": "staatscourant", "trb": "tractatenblad"}


def _years(eight: str) -> str:
    return f"{eight[:4]}-{eight[4:]}"


def _kst(match: re.Match[str]) -> Citation:
    years, dossier, number = match.groups()
    dossier, number = dossier.upper(), number if number[:1].isdigit() else number.upper()
    vergaderjaar = _years(years) if years else None
    without_kingdom = re.sub(r"-\(?R\d+\)?$", "", dossier)
    identifier = "-".join(part for part in ("kst", years, without_kingdom, number) if part)
    url = kamerstuk_url(identifier, vergaderjaar, dossier)
    if without_kingdom != dossier:
        dossier = f"{without_kingdom}-({dossier.removeprefix(without_kingdom).strip('-()')})"
    found = _citation(match, "kamerstuk", identifier, url, ondernummer=number)
    return replace(found, vergaderjaar=vergaderjaar, dossiernummer=dossier)


def _handelingen(match: re.Match[str]) -> Citation:
    """From 2010 on meeting and item; before that the pages, mostly with the meeting before them."""
    years, rest = match[2], match[3]
    parts = rest.split("-")
    meeting, item, page = parts[0], None, None
    if years >= "2010" and len(parts) > 1:
        item = parts[1]
    elif len(parts) == 3:
        page = f"{parts[1]}-{parts[2]}"
    elif len(parts) == 2:
        pages = int(parts[1]) - int(parts[0]) < 200
        meeting, page = ("", rest) if pages else (parts[0], parts[1])
    return _of_chamber(match, "handelingen", _years(years), meeting or None, page, item)


def _bulletin(match: re.Match[str]) -> Citation:
    series, year, number = match.groups()
    identifier = f"{series.lower()}-{year}-{number}"
    return _citation(match, BULLETINS[series.lower()], identifier, page_url(identifier), ondernummer=number, jaar=year)


def _of_chamber(
    match: re.Match[str],
    kind: str,
    vergaderjaar: str | None,
    ondernummer: str | None,
    page: str | None = None,
    item: str | None = None,
) -> Citation:
    """An identifier that names the chamber in its second part."""
    identifier = re.sub(r"-[hnvb]\d{1,2}$", "", match[0].lower()).replace("z", "Z")
    found = _citation(match, kind, identifier, page_url(identifier), ondernummer=ondernummer)
    return replace(found, kamer=CHAMBERS[match[1].lower()], vergaderjaar=vergaderjaar, page=page, item=item)


def _citation(
    match: re.Match[str],
    kind: str,
    identifier: str,
    url: str | None,
    ondernummer: str | None = None,
    jaar: str | None = None,
) -> Citation:
    span = match.start(), match.end()
    return Citation(kind, "", *span, ondernummer=ondernummer, identifier=identifier, url=url, jaar=jaar)


IDENTIFIERS = {
    "kst": (KST, _kst),
    "h": (HANDELINGEN, _handelingen),
    "ah": (AANHANGSEL, lambda m: _of_chamber(m, "aanhangsel", _years(m[2]), m[3])),
    "kv": (KAMERVRAAG, lambda m: _of_chamber(m, "kamervraag", None, m[2].upper())),
    "blg": (BIJLAGE, lambda m: _citation(m, "bijlage", f"blg-{m[1]}", page_url(f"blg-{m[1]}"), ondernummer=m[1])),
    "stb": (BULLETIN, _bulletin),
    "stcrt": (BULLETIN, _bulletin),
    "trb": (BULLETIN, _bulletin),
}
ANY_IDENTIFIER = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(IDENTIFIERS)})-", re.IGNORECASE)
SERIES = re.compile(r"[a-z]+")


def read_identifier(text: str, match: re.Match[str], _floor: int) -> Reading | None:
    """Reads "kst-26485-232", "h-tk-20192020-45-3", "stb-2020-123"."""
    found = _identifier_at(text, match.start())
    return Reading([found], found.end) if found else None


def _identifier_at(text: str, start: int) -> Citation | None:
    series = SERIES.match(text[start : start + 6].lower())
    entry = IDENTIFIERS.get(series[0]) if series else None
    match = entry[0].match(text, start) if entry else None
    return entry[1](match) if entry and match else None


# --- codes ---

ECLI = Pattern(
    rf"EC(?:LI|Ll|L1|U){W}:{W}([A-Z]{{2}}){W}(?:-\s?)?:{W}([A-Z0-9]{{1,9}}){W}:{W}(\d{{4}}){W}:{W}"
    rf"([A-Z0-9](?:[A-Z0-9.]{{0,24}}[A-Z0-9])?){END}"
)
BWB = Pattern(rf"BWB-?\s?([RVW])\s?(\d{{7}}){END}")
CELEX = Pattern(rf"(?P<code>(?P<sector>[0-9CE])(?:19|20)\d\d(?P<kind>[A-Z]{{1,2}})\d{{4}})(?:\(\d\d\)|-\d{{8}})?{END}")
CASES_AND_PROPOSALS = {"CJ", "CC", "CO", "TJ", "TO", "PC", "DC", "SC", "JC"}
CELEX_BEFORE = re.compile(r"celex[\s:.-]{0,3}(?:nummer|number|nr\.?|no\.?|code)?[\s:.]{0,3}$", re.IGNORECASE)
NUMBER_OF_CHAMBER = Pattern(rf"((?:19|20)\d\d)\s?([ZD])\s?([\dO]{{5}}){END}")
OF_COMMISSION = Pattern(rf"(COM|SWD|SEC|JOIN|C)\s?\(((?:19|20)\d\d)\)\s?(?:nr\.?\s)?(\d{{1,5}}){END}")


def read_ecli(text: str, match: re.Match[str], _floor: int) -> Reading | None:
    """Reads "ECLI:NL:HR:2019:2006"."""
    found = ECLI.match(text, match.start())
    if found is None:
        return None
    code = "ECLI:" + ":".join(found.groups()).upper()
    return Reading([_citation(found, "ecli", code, ecli_url(code))], found.end())


def read_bwb(text: str, match: re.Match[str], _floor: int) -> Reading | None:
    """Reads "BWBR0001840"."""
    found = BWB.match(text, match.start())
    if found is None:
        return None
    code = f"BWB{found[1].upper()}{found[2]}"
    return Reading([_citation(found, "bwb", code, f"https://wetten.overheid.nl/{code}")], found.end())


def read_celex(text: str, match: re.Match[str], _floor: int) -> Reading | None:
    """Reads "32014L0095"; of what is no act only with the word CELEX or a well-known kind."""
    found = CELEX.match(text, match.start())
    if found is None:
        return None
    named = CELEX_BEFORE.search(text[max(0, found.start() - 24) : found.start()])
    if (
        not named
        and not (found["sector"] == "3" and len(found["kind"]) == 1)
        and found["kind"].upper() not in CASES_AND_PROPOSALS
    ):
        return None
    code = found[0].upper()
    return Reading([_citation(found, "eu", code, celex_url(code))], found.end())


def read_number_of_chamber(text: str, match: re.Match[str], _floor: int) -> Reading | None:
    """Reads "2021Z04672", written questions as a rule; "2020D12345", a document."""
    glued = len(match[0]) - len(match[0].lstrip("0123456789")) - 4 if match[0][:1].isdigit() else 0
    found = NUMBER_OF_CHAMBER.match(text, match.start() + max(0, glued))
    if found is None:
        return None
    code = f"{found[1]}{found[2].upper()}{found[3].replace('O', '0')}"
    if found[2].upper() == "Z":
        identifier = f"kv-tk-{code}"
        citation = _citation(found, "kamervraag", identifier, page_url(identifier), ondernummer=code)
    else:
        url = f"https://www.tweedekamer.nl/downloads/document?id={code}"
        citation = _citation(found, "document", code, url, ondernummer=code)
    return Reading([citation], found.end())


def read_commission(text: str, match: re.Match[str], _floor: int) -> Reading | None:
    """Reads "COM(2020) 123"."""
    found = OF_COMMISSION.match(text, match.start())
    if found is None:
        return None
    series, year, number = found[1].upper(), found[2], int(found[3])
    url = f"https://eur-lex.europa.eu/legal-content/NL/TXT/?uri={series}:{year}:{number}:FIN"
    return Reading(
        [_citation(found, "com", f"{series}({year}){number}", url, ondernummer=str(number), jaar=year)], found.end()
    )


# --- addresses ---

URL = Pattern(r"""(?:https?://|www\.|[a-z-]+\.[a-z-]+\.(?:nl|eu)/)[^\s<>"'{}|\\^*]*
    (?:(?<=[-/=])\r?\n[ \t]{0,24}[a-z0-9][^\s<>"'{}|\\^*]*)?""")
TRAILING = ".,;:!?'"
ENCODED = str.maketrans({"\n": "", "\r": "", " ": "", "\t": ""})
ELI = re.compile(r"/eli/(reg|dir|dec)(?:_impl|_del)?/(\d{4})/(\d{1,4})(?!\d)", re.IGNORECASE)
DOSSIER = re.compile(
    r"(?:/(?:behandel)?dossier/|wetsvoorstel(?::|%3A|/)|[?&]dossier=|/kst/)(\d{4,5}(?:-(?:[IVX]+[A-F]?|[A-HJ-N]|\d\d"
    r"|\(?R\d{3,4}\)?)(?![A-Za-z0-9]))?)"
    r"(?![0-9A-Za-z])",
    re.IGNORECASE,
)
QUESTION = re.compile(r"kamervragen[^\s]{0,80}[?&]id=((?:20)\d\dZ\d{5})", re.IGNORECASE)
EU_LETTERS = {"reg": "R", "dir": "L", "dec": "D"}


def read_url(text: str, match: re.Match[str], _floor: int) -> Reading | None:
    """An address is one citation, or none; nothing inside it is read on its own."""
    found = URL.match(text, match.start())
    if found is None:
        return None
    end = _without_trailing(text, found.start(), found.end())
    citation = _in_url(text[found.start() : end].translate(ENCODED))
    return Reading([replace(citation, start=found.start(), end=end)] if citation else [], found.end())


def _without_trailing(text: str, start: int, end: int) -> int:
    opened = text.count("(", start, end) - text.count(")", start, end)
    while end > start and (text[end - 1] in TRAILING or (text[end - 1] in ")]" and opened < 0)):
        opened += text[end - 1] in ")]"
        end -= 1
    return end


def _in_url(url: str) -> Citation | None:
    plain = url.replace("%3A", ":").replace("%3a", ":").replace("%28", "(").replace("%29", ")")
    last = None
    for match in ANY_IDENTIFIER.finditer(plain):
        last = _identifier_at(plain, match.start()) or last
    if last:
        return last
    for kind in (ECLI_IN_URL, BWB_IN_URL, CELEX_IN_URL):
        if (code := kind[0].search(plain)) and (reading := kind[1](plain, code, 0)):
            return reading.citations[0]
    if eli := ELI.search(plain):
        celex = celex_number(eli[2], EU_LETTERS[eli[1].lower()], eli[3])
        return Citation("eu", "", 0, 0, identifier=celex, url=celex_url(celex))
    if question := QUESTION.search(plain):
        identifier = f"kv-tk-{question[1].upper()}"
        return Citation(
            "kamervraag", "", 0, 0, ondernummer=question[1].upper(), identifier=identifier, url=page_url(identifier)
        )
    if dossier := DOSSIER.search(plain):
        number = dossier[1].upper()
        return Citation("dossier", "", 0, 0, dossiernummer=number, url=dossier_url(number))
    return None


ECLI_IN_URL = (Pattern(r"ECLI:[A-Z]{2}:"), read_ecli)
BWB_IN_URL = (Pattern(r"BWB[RVW]\d{7}"), read_bwb)
CELEX_IN_URL = (Pattern(r"(?<=celex:)[0-9CE]\d{4}[A-Z]"), read_celex)
