"""What a document says of itself: kind, title, date, reference, Kamerstuk numbers, ministry.

Read from its first blocks and from its furniture; codes are written as in the notation guide of the citations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.records import Block, Furniture

_MONTHS = {
    name: number for number, names in enumerate(
        ("januari jan", "februari feb febr", "maart mrt", "april apr", "mei", "juni jun", "juli jul", "augustus aug",
         "september sept sep", "oktober okt", "november nov", "december dec"), start=1,
    ) for name in names.split()
}  # fmt: skip
_DATE = re.compile(r"\b(\d{1,2})\s+([a-z]+)\.?\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_DIGITAL_DATE = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d)\b")
_DOSSIER = (
    r"(?P<dossier>\d{2}\s?\d{3}|\d{4,5})(?P<part>-\w{1,5}|\s?\(R\s?\d{3,4}\)|\s(?:[IVXLC]+[A-E]?|[A-J])(?=[\s,]|$))?"
)
_DOSSIER_TITLE = re.compile(rf"{_DOSSIER}\s+(?P<title>\D.*)")
_NUMBER_TITLE = re.compile(r"Nr\.\s?(?P<number>\d+|[A-Z]{1,3})\b\s*(?P<title>.*)")
_FOOT = re.compile(
    rf"Kamer,\s+vergaderjaar\s+(?P<year>\d{{4}}\s?[-–‐]\s?\d{{4}}),\s+{_DOSSIER}(?:,\s+nr\.?\s?(?P<number>\w+))?"
)
_CODE = re.compile(r"kst-(?P<dossier>\d{4,5})(?P<part>-?[IVXLC]+[A-E]?|-\(R\d+\)|-\d{2})?-(?P<number>\w+)")
_YEAR = re.compile(r"vergaderjaar\s+(\d{4})\s?[-–‐/]\s?(\d{2,4})", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:betreft|onderwerp)\s*:?\s+(?P<title>\S.*)", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:(?:onze|ons|)\s*(?:referentie|kenmerk))\s*:?\s*(?P<value>\S.*)?", re.IGNORECASE)
_VALUE = re.compile(r"(?=\S*\d)[\w./() -]{4,40}")
_DATED = re.compile(
    r"(?:datum\b|.*\bontvangen\s|voorgesteld\s|vastgesteld\s|den haag,|'s-gravenhage,|amsterdam,|utrecht,)",
    re.IGNORECASE,
)
_PLACE_DATE = re.compile(r"(?:[A-Z’'][\w’' -]{2,25},\s+)?\d{1,2}\s+[a-z]+\.?\s+(?:19|20)\d\d")

# In order: a motion is a Kamerstuk too, and a Kamerstuk may hold a letter.
_KINDS = tuple(
    (kind, place, re.compile(pattern, re.IGNORECASE)) for kind, place, pattern in (
        ("aanhangsel", "furniture", r".*\bAanhangsel\b|ah-tk-"),
        ("motie", "heading", r"(?:Nr\.\s?\w+\s+)?(?:(?:nader )?gewijzigde )?motie van"),
        ("motie", "text", r"De Kamer,$"),
        ("verslag", "heading", r"(?:Nr\.\s?\w+\s+)?(?:\w+ )?verslag\b"),
        ("besluitenlijst", "text", r"(?:document:\s+)?besluitenlijst\b"),
        ("fiche", "text", r"fiche\s*\d*\s*:"),
        ("kamerstuk", "furniture", r"kst-|.*Kamer, vergaderjaar"),
        ("kamerbrief", "text", r"geachte\b.*voorzitter"),
        ("kamerbrief", "furniture", r"(?:aan\s+)?de\s+voorzitter van de\b|tweede kamer der staten-generaal"),
        ("brief", "text", r"(?:geachte|beste)\b"),
    )
)  # fmt: skip

MINISTRIES = (
    "Algemene Zaken", "Asiel en Migratie", "Binnenlandse Zaken en Koninkrijksrelaties", "Binnenlandse Zaken",
    "Buitenlandse Zaken", "Defensie", "Economische Zaken, Landbouw en Innovatie", "Economische Zaken en Klimaat",
    "Economische Zaken", "Financiën", "Infrastructuur en Waterstaat", "Infrastructuur en Milieu",
    "Justitie en Veiligheid", "Veiligheid en Justitie", "Justitie", "Klimaat en Groene Groei",
    "Landbouw, Natuur en Voedselkwaliteit", "Landbouw, Visserij, Voedselzekerheid en Natuur",
    "Onderwijs, Cultuur en Wetenschap", "Sociale Zaken en Werkgelegenheid", "Verkeer en Waterstaat",
    "Volksgezondheid, Welzijn en Sport", "Volkshuisvesting en Ruimtelijke Ordening",
    "Volkshuisvesting, Ruimtelijke Ordening en Milieubeheer",
)  # fmt: skip
# Ministers without a ministry of their own, and the house they live in.
_GUESTS = {
    "Buitenlandse Handel en Ontwikkelingssamenwerking": "Buitenlandse Zaken",
    "Buitenlandse Handel en Ontwikkelingshulp": "Buitenlandse Zaken",
    "Rechtsbescherming": "Justitie en Veiligheid",
    "Medische Zorg": "Volksgezondheid, Welzijn en Sport",
    "Langdurige Zorg en Sport": "Volksgezondheid, Welzijn en Sport",
    "Natuur en Stikstof": "Landbouw, Natuur en Voedselkwaliteit",
    "Klimaat en Energie": "Economische Zaken en Klimaat",
    "Primair en Voortgezet Onderwijs": "Onderwijs, Cultuur en Wetenschap",
    "Armoedebeleid, Participatie en Pensioenen": "Sociale Zaken en Werkgelegenheid",
}
_OFFICE = re.compile(r"(?:minister|staatssecretaris)\s+(?:van|voor)\s+(?P<name>.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What was found; unknown is None."""

    kind: str | None = None
    title: str | None = None
    date: str | None = None  # ISO 8601
    reference: str | None = None
    dossiernummer: str | None = None
    ondernummer: str | None = None
    vergaderjaar: str | None = None  # 2019-2020
    ministry: str | None = None


def read_letterhead(blocks: Sequence[Block], furniture: Sequence[Furniture]) -> Letterhead:
    """Look through the opening blocks and the furniture of a document."""
    running = [block for block in blocks if block.kind != "footnote"]
    opening = [block for block in running if block.page in (None, 1)][:40] or running[:40]
    kind = _kind(opening, running, furniture)
    dossier, number, year = _numbers(opening, furniture)
    if kind == "aanhangsel":
        dossier, number = None, next((b.mark for b in opening if b.mark and re.fullmatch(r"\d{3,5}", b.mark)), number)
    return Letterhead(
        kind, _title(opening, kind), _date(opening, furniture), _reference(opening, furniture),
        dossier, number, year, _ministry(running, furniture),
    )  # fmt: skip


def read_date(text: str) -> str | None:
    """The first date in a text, as ISO 8601: "9 juli 2021" → "2021-07-09"."""
    for found in _DATE.finditer(text):
        month = _MONTHS.get(found[2].lower())
        if month and 1 <= int(found[1]) <= 31:
            return f"{found[3]}-{month:02}-{int(found[1]):02}"
    digital = _DIGITAL_DATE.search(text)
    if digital and int(digital[2]) <= 12 and 1 <= int(digital[1]) <= 31:
        return f"{digital[3]}-{int(digital[2]):02}-{int(digital[1]):02}"
    return None


def _kind(opening: Sequence[Block], running: Sequence[Block], furniture: Sequence[Furniture]) -> str | None:
    headed = [b.text for b in opening if b.kind == "heading" or b.text[:3] == "Nr." or b.text.isupper()]
    places = {"furniture": [line.text for line in furniture], "heading": headed, "text": [b.text for b in opening]}
    for kind, place, pattern in _KINDS:
        if any(pattern.match(text) for text in places[place]):
            return kind
    contents = any(block.kind == "toc" for block in running)
    return "report" if contents or sum(block.kind == "heading" for block in running) > 2 else None


def _title(opening: Sequence[Block], kind: str | None) -> str | None:
    for block in opening:
        subject = _SUBJECT.fullmatch(block.text)
        if subject:
            return subject["title"]
    for block in opening:
        found = _DOSSIER_TITLE.fullmatch(block.text)
        if found and kind in ("kamerstuk", "motie", "verslag"):
            return found["title"]
        if kind == "aanhangsel" and re.match(r"Vragen van ", block.text):
            return block.text
        if kind == "besluitenlijst" and re.match(r"(?:Document:\s+)?Besluitenlijst van", block.text):
            return block.text.removeprefix("Document:").strip()
    return None if kind in ("kamerbrief", "brief") else _first_heading(opening)


def _first_heading(opening: Sequence[Block]) -> str | None:
    """The first heading of the page with the line below it: "Warmte uit de bodem. Tussenevaluatie van …"."""
    heads = [at for at, block in enumerate(opening) if block.kind == "heading"]
    if not heads:
        return None
    at = min(heads, key=lambda index: (opening[index].level or 9, index))
    title = opening[at].text
    below = opening[at + 1] if at + 1 < len(opening) and at < 3 else None
    if below is None or below.page != opening[at].page or len(below.text) > 120 or below.text[-1] in ".:;,":
        return title
    dated = any(_PLACE_DATE.fullmatch(block.text) for block in opening[at + 2 : at + 5])
    if _PLACE_DATE.fullmatch(below.text) or not (below.kind == "paragraph" or (below.kind == "heading" and dated)):
        return title
    return f"{title}. {below.text}" if title[-1].isalnum() else f"{title} {below.text}"


def _date(opening: Sequence[Block], furniture: Sequence[Furniture]) -> str | None:
    texts = [block.text for block in opening] + list(_with_label(furniture, "datum"))
    dated = (read_date(text[found.end() :]) for text in texts if (found := _DATED.match(text)))
    alone = (read_date(text) for text in texts if _PLACE_DATE.fullmatch(text))
    titled = (read_date(block.text) for block in opening if block.text.startswith(("Document:", "Besluitenlijst")))
    return next((date for dates in (dated, alone, titled) for date in dates if date), None)


def _with_label(furniture: Sequence[Furniture], label: str) -> Iterator[str]:
    """Labels of the sender column with the line that stands below them."""
    for at, line in enumerate(furniture):
        if line.text.strip(": ").casefold() == label:
            value = _below(furniture, at)
            if value is not None:
                yield f"{line.text} {value}"


def _below(furniture: Sequence[Furniture], at: int) -> str | None:
    """The next line of the same column; furniture stands in order of height, not of columns."""
    label = furniture[at]
    for line in furniture[at + 1 : at + 12]:
        if line.page == label.page and abs(line.x0 - label.x0) < 4 and line.top > label.top:
            return line.text
    return None


def _reference(opening: Sequence[Block], furniture: Sequence[Furniture]) -> str | None:
    for at, line in enumerate(furniture):
        found = _REFERENCE.fullmatch(line.text)
        if found:
            value = found["value"] or _below(furniture, at)
            if value and _VALUE.fullmatch(value):
                return value
    for text in [*(line.text for line in furniture), *(block.text for block in opening)]:
        found = re.search(
            r"\b(?:onze referentie|ons kenmerk|kenmerk)\s*:?\s+(?P<value>[\w./-]*\d[\w./-]*)", text, re.IGNORECASE
        )
        if found and len(text) < 150:
            return found["value"]
    return None


def _numbers(opening: Sequence[Block], furniture: Sequence[Furniture]) -> tuple[str | None, str | None, str | None]:
    """Dossiernummer, ondernummer and vergaderjaar, the running foot before the head."""
    dossier = number = year = None
    for line in furniture:
        foot = _FOOT.search(line.text) or _CODE.match(line.text)
        if foot and dossier is None:
            dossier, number = _dossier(foot["dossier"], foot["part"]), foot["number"]
        said = _YEAR.search(line.text)
        if said and year is None:
            year = f"{said[1]}-{said[1][:2] + said[2] if len(said[2]) == 2 else said[2]}"
    for block in opening:
        head, below = _DOSSIER_TITLE.fullmatch(block.text), _NUMBER_TITLE.fullmatch(block.text)
        if head and block.kind == "heading":
            dossier = dossier or _dossier(head["dossier"], head["part"])
        if below and dossier:
            number = number or below["number"]
    return dossier, number, year


def _dossier(number: str, part: str | None) -> str:
    """As the notation guide writes it: 26485, 35300-XVII, 21501-20, 34356-(R2064)."""
    tail = (part or "").replace(" ", "").lstrip("-")
    return number.replace(" ", "") + (f"-{tail}" if tail else "")


def _ministry(running: Sequence[Block], furniture: Sequence[Furniture]) -> str | None:
    for name in _columns(furniture):
        found = re.search(r"ministerie van (?P<name>.+)", name, re.IGNORECASE)
        known = _known(found["name"]) if found else None
        if known:
            return known
    for block in [*reversed(running[-12:]), *running[:12]]:
        office = _OFFICE.search(block.text) if len(block.text) < 120 else None
        known = _known(office["name"]) if office else None
        if known:
            return known
    return None


def _columns(furniture: Sequence[Furniture]) -> list[str]:
    """The lines of the first page that begin at the same x, as one text per column."""
    columns: dict[int, list[str]] = {}
    for line in furniture:
        if line.page == 1:
            columns.setdefault(round(line.x0 / 4), []).append(line.text)
    return [" ".join(lines) for lines in columns.values()]


def _known(text: str) -> str | None:
    plain = " ".join(text.casefold().split())
    for name in (*MINISTRIES, *_GUESTS):
        if plain.startswith(name.casefold()):
            return _GUESTS.get(name, name)
    return None
