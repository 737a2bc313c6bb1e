"""Words for the specimens: passages from a file of texts, and invented names, numbers, dates and citations."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z‘«“0-9])")
STAMP = re.compile(r"^\[\d+:\d\d(?::\d\d)?\]\s*")
FURNITURE = re.compile(
    r"\bkst-|\bISSN\b|Tweede Kamer der Staten-Generaal|Pagina \d|\b(?:Vraag|Antwoord)\b(?! op)|^\W|^\d"
)


@dataclass(frozen=True, slots=True)
class Texts:
    """What a file of texts holds: prose of some length, single sentences, titles."""

    prose: tuple[str, ...]
    titles: tuple[str, ...] = ()


def read_texts(path: Path) -> Texts:
    """Passages of a JSONL file, gzipped or not; those that look like page furniture or lists are left out."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = [json.loads(line) for line in raw.decode("utf-8").splitlines()]
    prose = dict.fromkeys(text for row in rows for text in _passages(row["text"]))
    titles = dict.fromkeys(t for row in rows if (t := _title(row.get("title") or "")))
    return Texts(tuple(prose), tuple(titles))


def _passages(text: str) -> Iterator[str]:
    for part in re.split(r"\b(?:Vraag|Antwoord):", STAMP.sub("", text)):
        said = " ".join(part.split())
        if len(said.split()) >= 12 and said[-1] in ".?!" and not FURNITURE.search(said) and _printable(said):
            yield said


def _title(text: str) -> str:
    said = " ".join(re.split(r"[|(_]", text)[0].split())
    return said if 3 <= len(said.split()) <= 12 and _printable(said) and said[0].isupper() and "." not in said else ""


def _printable(text: str) -> bool:
    """Every font used has at least the characters of Windows-1252."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return not any(ord(char) < 32 or char in "\xad\x7f•*" for char in text)


SUBJECTS = (
    "leefbaar loon in de kledingketen", "ontbossingsvrije handel", "de zoetwatervoorziening", "het regionale spoor",
    "toezicht op zorgplichten", "schone lucht in de stad", "de energierekening van huishoudens", "kansengelijkheid",
    "de instroom van leraren", "grondstoffen voor batterijen", "onafhankelijke journalistiek", "visserij en natuur",
    "het noodpakket voor de voedselvoorziening", "internationale sociale voorwaarden", "de arbeidsmarkt in krimpregio’s",
    "digitale weerbaarheid", "wonen boven winkels", "jeugdhulp dichtbij", "schuldhulpverlening", "de IMVO-convenanten",
    "duurzame inkoop door het Rijk", "het klimaatfonds", "vrouwen in het lokaal bestuur", "rechten van inheemse volken",
    "kinderarbeid in de cacao", "herstel van beekdalen", "de SDG-rapportage", "medicijntekorten", "eerlijke belastingen",
)  # fmt: skip
OPENINGS = (
    "Stand van zaken", "Inzet van het kabinet", "Aanleiding", "Uitkomsten van het onderzoek", "Beleidsreactie",
    "Vervolg", "Financiële gevolgen", "Samenhang met andere trajecten", "Toezicht en handhaving", "Planning",
    "Internationale context", "Monitoring", "Lessen uit de evaluatie", "Tot slot", "Inleiding", "Regionale verschillen",
    "Gesprekken met de sector", "Positie van kleine ondernemingen", "Toegang tot herstel", "Uitvoering van de motie",
)  # fmt: skip
MINISTRIES = (
    ("Buitenlandse Zaken", "voor Buitenlandse Handel en Ontwikkelingssamenwerking", "XVII", "Rijnstraat 8", "20061", "EB"),
    ("Infrastructuur en Waterstaat", "van Infrastructuur en Waterstaat", "XII", "Rijnstraat 8", "20901", "EX"),
    ("Justitie en Veiligheid", "van Justitie en Veiligheid", "VI", "Turfmarkt 147", "20301", "EH"),
    ("Economische Zaken en Klimaat", "van Economische Zaken en Klimaat", "XIII", "Bezuidenhoutseweg 73", "20401", "EK"),
    ("Landbouw, Natuur en Voedselkwaliteit", "van Landbouw, Natuur en Voedselkwaliteit", "XIV", "Bezuidenhoutseweg 73",
     "20401", "EK"),
    ("Sociale Zaken en Werkgelegenheid", "van Sociale Zaken en Werkgelegenheid", "XV", "Parnassusplein 5", "90801", "LV"),
    ("Volksgezondheid, Welzijn en Sport", "van Volksgezondheid, Welzijn en Sport", "XVI", "Parnassusplein 5", "20350",
     "EJ"),
    ("Financiën", "van Financiën", "IX", "Korte Voorhout 7", "20201", "EE"),
)  # fmt: skip
DIRECTIONS = (
    "Directie Internationale Marktordening", "Directie Waterkwaliteit", "Directie Strategie en Kennis",
    "Directie Arbeidsverhoudingen", "Directie Inclusieve Groene Groei", "Afdeling Sanctiebeleid", "Directie Jeugd",
    "Directie Bestuursondersteuning", "Afdeling Milieu en Handel", "Directie Financiële Markten",
)  # fmt: skip
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
PARTIES = ("VVD", "D66", "CDA", "SP", "PvdA", "GroenLinks", "ChristenUnie", "SGP", "PvdD", "Volt", "DENK", "BBB")
HEADS = ("Hoog", "Wester", "Linden", "Brouw", "Kuip", "Veld", "Oever", "Schrei", "Noorder", "Berken", "Donker", "Rave")
TAILS = ("kamp", "stra", "horst", "inga", "dijk", "sma", "mans", "wijk", "beek", "laar", "haven", "sluis")
PREFIXES = ("", "", "", "Van ", "De ", "Van der ", "Ten ")


@dataclass(slots=True)
class Words:
    """One document's supply of words; the same `rng` gives the same words."""

    texts: Texts
    rng: random.Random
    _deck: list[str] = field(default_factory=list)

    def passage(self) -> str:
        """A whole passage, none twice in a document while they last."""
        if not self._deck:
            count = min(len(self.texts.prose), 400)
            self._deck = self.rng.sample(self.texts.prose, count)
        return self._deck.pop()

    def prose(self, least: int = 25, most: int = 150) -> str:
        """Running text of about `least` to `most` words."""
        sentences: list[str] = []
        wanted = self.rng.randint(least, most)
        while sum(len(s.split()) for s in sentences) < wanted:
            sentences += SENTENCE.split(self.passage())
            while len(sentences) > 1 and sum(len(s.split()) for s in sentences) > wanted:
                sentences.pop()
            if sum(len(s.split()) for s in sentences) >= 0.6 * wanted:
                break
        return " ".join(sentences)

    def sentence(self, most: int = 40) -> str:
        """One sentence; a longer one is cut behind a word and closed with a full stop."""
        sentence = self.rng.choice(
            [s for s in SENTENCE.split(self.passage()) if len(s.split()) > 4] or [self.passage()]
        )
        words = sentence.split()
        return sentence if len(words) <= most else " ".join(words[:most]).rstrip(",;:. ") + "."

    def clause(self, most: int = 30) -> str:
        """A sentence as an item of a list: small letter, no full stop."""
        said = self.sentence(most).rstrip(".?! ")
        return said[0].lower() + said[1:] if said[1:2].islower() else said

    def heading(self) -> str:
        roll = self.rng.random()
        if roll < 0.35:
            return self.rng.choice(OPENINGS)
        if roll < 0.75 or not self.texts.titles:
            return f"{self.rng.choice(OPENINGS)} {self.rng.choice(('bij', 'rond', 'over'))} {self.subject()}"
        return self.title()

    def subject(self) -> str:
        return self.rng.choice(SUBJECTS)

    def title(self) -> str:
        if self.texts.titles and self.rng.random() < 0.6:
            return self.rng.choice(self.texts.titles)
        return self.rng.choice(("Voortgang van {}", "Kabinetsreactie op het advies over {}", "Maatregelen voor {}",
                                "Evaluatie van het beleid voor {}")).format(self.subject())  # fmt: skip

    def surname(self) -> str:
        return self.rng.choice(PREFIXES) + self.rng.choice(HEADS) + self.rng.choice(TAILS)

    def initials(self) -> str:
        return "".join(f"{letter}." for letter in self.rng.sample("ABCDEFGHIJKLMNPRSTW", self.rng.randint(1, 3)))

    def date(self) -> tuple[str, int, str]:
        """Date as written, year, and vergaderjaar with an en dash."""
        day, month, year = self.rng.randint(1, 28), self.rng.randint(1, 12), self.rng.randint(2012, 2025)
        start = year if month >= 9 else year - 1
        return f"{day} {MONTHS[month - 1]} {year}", year, f"{start}–{start + 1}"

    def dossier(self) -> str:
        """A dossiernummer as printed: 26 485, 35 570 XVII, 21 501-02; the space may be one that does not break."""
        space = self.rng.choice(" \u00a0")
        number = f"{self.rng.randint(20, 36)}{space}{self.rng.randint(0, 999):03d}"
        roll = self.rng.random()
        if roll < 0.2:
            return f"{number} {self.rng.choice(MINISTRIES)[2]}"
        return f"21{space}501-{self.rng.randint(2, 34):02d}" if roll < 0.3 else number

    def citation(self) -> str:
        dossier, nr, year = self.dossier(), self.rng.randint(2, 900), self.rng.randint(2008, 2024)
        short = f"{year}/{(year + 1) % 100:02d}"
        return self.rng.choice((
            f"Kamerstuk {dossier}, nr. {nr}", f"Kamerstukken II {short}, {dossier}, nr. {nr}",
            f"Kamerstuk {dossier}, nrs. {nr} en {nr + 3}", f"Handelingen II {short}, nr. {nr % 110 + 1}, item {nr % 20 + 1}",
            f"Stb. {year}, {nr}", f"Bijlage bij Kamerstuk {dossier}, nr. {nr}",
        ))  # fmt: skip

    def link(self) -> str:
        words = [self.rng.choice(HEADS + TAILS).lower() + self.rng.choice(TAILS) for _ in range(self.rng.randint(2, 5))]
        path = "/".join(("documenten", str(self.rng.randint(2010, 2024)), "-".join(words)))
        return f"https://www.{self.rng.choice(('rijksoverheid', 'adviesraad', 'kennisbank'))}.example/{path}"

    def note(self) -> str:
        """A footnote: a citation, a link, or some sentences."""
        roll = self.rng.random()
        if roll < 0.45:
            return f"{self.citation()}."
        if roll < 0.6:
            return f"Zie {self.link()}."
        if roll < 0.75:
            return f"{self.citation()}. Zie ook {self.link()}."
        return self.prose(12, 90) if roll < 0.95 else self.prose(120, 220)


def shares(rng: random.Random, rows: int, columns: int) -> list[list[str]]:
    """Invented figures for a table, in Dutch notation."""
    kind = rng.choice(("{:.1f}", "{:.0f}%", "{:.0f}", "{:+.1f}%"))
    cells = [[kind.format(rng.uniform(-9 if "+" in kind else 1, 90)) for _ in range(columns)] for _ in range(rows)]
    return [[cell.replace(".", ",") for cell in row] for row in cells]
