"""Fields of a citation → official identifier and address (nlp/citations/README.md, "Identifiers")."""

from __future__ import annotations

import re

PUBLISHED = "https://zoek.officielebekendmakingen.nl/"
EURLEX = "https://eur-lex.europa.eu/legal-content/NL/TXT/?uri="
KINGDOM = re.compile(r"-\(R\d+\)$")

DIGITAL_SINCE = 1994  # vergaderjaar 1994-1995: older papers are not at PUBLISHED
SENATE_WITH_YEAR = range(1994, 2009)  # the Eerste Kamer of 1994-1995 … 2008-2009 has the vergaderjaar in the key
ITEMS_SINCE = 2010  # Handelingen by meeting and item


def first_year(vergaderjaar: str | None) -> int | None:
    """2019-2020 → 2019."""
    return int(vergaderjaar[:4]) if vergaderjaar else None


def session(first: int) -> str:
    """2019 → 2019-2020."""
    return f"{first}-{first + 1}"


def compact(vergaderjaar: str) -> str:
    """2019-2020 → 20192020, as identifiers have it."""
    return vergaderjaar.replace("-", "")


def chamber_code(kamer: str | None) -> str:
    """Where the citation does not say, nearly all are of the Tweede Kamer."""
    return "ek" if kamer == "I" else "tk"


def kamerstuk_identifier(dossiernummer: str, ondernummer: str, kamer: str | None, vergaderjaar: str | None) -> str:
    """kst-26485-232; kst-20082009-31700-VI-D for papers of the Eerste Kamer of 1994-1995 to 2008-2009."""
    dossier = KINGDOM.sub("", dossiernummer)
    of_senate = kamer == "I" or (kamer is None and not ondernummer.isdigit())
    if of_senate and vergaderjaar and first_year(vergaderjaar) in SENATE_WITH_YEAR:
        return f"kst-{compact(vergaderjaar)}-{dossier}-{ondernummer}"
    return f"kst-{dossier}-{ondernummer}"


def is_digital(vergaderjaar: str | None, dossiernummer: str | None = None) -> bool:
    """Whether a paper of that year and dossier can be at PUBLISHED; four digits ended about 1980."""
    year = first_year(vergaderjaar)
    if year is not None and year < DIGITAL_SINCE:
        return False
    return dossiernummer is None or len(dossiernummer.split("-", 1)[0]) > 4


def kamerstuk_url(identifier: str, vergaderjaar: str | None, dossiernummer: str) -> str | None:
    """None for what was printed before 1994-1995."""
    return page_url(identifier) if is_digital(vergaderjaar, dossiernummer) else None


def page_url(identifier: str) -> str:
    """The address of a publication; annexes are PDF and have no .html."""
    return f"{PUBLISHED}{identifier}" + ("" if identifier.startswith("blg-") else ".html")


def dossier_url(dossiernummer: str) -> str | None:
    """The page with all papers of a dossier."""
    return f"{PUBLISHED}dossier/{dossiernummer}" if is_digital(None, dossiernummer) else None


def handelingen_identifier(
    kamer: str | None, vergaderjaar: str | None, meeting: str | None, item: str | None
) -> str | None:
    """h-tk-20192020-45-3; None before 2010-2011 (the key holds the pages of the item) and without an item."""
    if not (vergaderjaar and meeting and item) or int(vergaderjaar[:4]) < ITEMS_SINCE:
        return None
    return f"h-{chamber_code(kamer)}-{compact(vergaderjaar)}-{meeting}-{item}"


def ecli_url(ecli: str) -> str:
    """Where the judgment can be read."""
    court = ecli.upper().split(":")[1]
    if court == "NL":
        return f"https://deeplink.rechtspraak.nl/uitspraak?id={ecli}"
    if court == "EU":
        return f"{EURLEX}ecli:{ecli}"
    return f"https://e-justice.europa.eu/ecli/{ecli}"


def celex_url(celex: str) -> str:
    """The act at EUR-Lex, in Dutch."""
    return f"{EURLEX}CELEX:{celex}"


def celex_number(year: str, letter: str, number: str) -> str:
    """("95", "L", "46") → 31995L0046; two digits are of the twentieth century from 52 on, when the series began."""
    full = year if len(year) == 4 else ("19" if int(year) >= 52 else "20") + year
    return f"3{full}{letter}{int(number):04d}"
