"""Compose a citation from its fields, print it in a random notation, find it again: the fields are the same."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.citations import find_citations

SPACES = st.sampled_from([" ", " ", " ", "\u00a0", "\u2009", "\u202f", "\n", "  ", "\n    ", " \r\n"])
CHAPTERS = [
    "I",
    "IIA",
    "IIB",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IXA",
    "IXB",
    "X",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "XVII",
    "XXII",
]
LABELS = {
    None: ["Kamerstuk", "Kamerstukken", "kamerstuk", "KAMERSTUK", "Kamerstuk:", "Kamerstuknummer", "Kamerst.", "Kamerdossier", "Kst.",
           "Kamer\u00adstuk", "Kamer-\nstuk", "Parliamentary Paper", "vetnummer", "Kamerstuk met nummer", "Karnerstuk"],
    "II": ["Kamerstukken II", "Kamerstuk II,", "TK", "Kamerstukken Tweede Kamer", "Kamerstukken TK,", "T.K.",
    "Parliamentary Papers II",
           "Kamerstukken (II)"],
    "I": ["Kamerstukken I", "Kamerstuk I,", "EK", "Kamerstukken Eerste Kamer", "Parliamentary Papers I",
    "Kamerstukken EK"],
}  # fmt: skip
WITH_YEAR = {
    None: ["Kamerstukken", "vergaderjaar", "Kamerstuk, vergaderjaar"],
    "II": ["Kamerstukken II", "Kamerstukken II,", "Kamerstuk II, vergaderjaar", "Tweede Kamer, vergaderjaar", "TK",
    "II", "TK, vergaderjaar",
           "Tweede Kamer der Staten-Generaal, vergaderjaar", "House of Representatives,", "Kamerstukken II, verg.jr."],
    "I": ["Kamerstukken I", "Eerste Kamer, vergaderjaar", "EK,", "I", "Senate,", "Kamerstukken I, vergaderjaar"],
}  # fmt: skip
NUMBER_WORDS = [
    ", nr. ",
    " nr. ",
    ", nr.",
    ", nr ",
    ", nummer ",
    ", Nr. ",
    ", no. ",
    ", NR. ",
    " , nr . ",
    ", stuk nr. ",
    ", nr, ",
]
AND = [
    " en ",
    " alsmede ",
    " en nr. ",
    ", ",
    "; nr. ",
    " & ",
    " evenals nr. ",
    ", respectievelijk ",
    " of ",
    " plus nr. ",
]
THROUGH = ["-", "–", " t/m ", " tot en met ", " - ", " t/m nr. "]
CARRIERS = [
    "Dit is eerder gemeld ({}).", "Zie {}.", "In {} staat meer.",
    "Vergelijk de motie-Jansen c.s. ({}), die verworpen is.", "{}",
    "Het kabinet (zie ook {}) deelt dit.", "¹² {}\n¹³ Zie bijlage.", "Aldus {}; daarna volgde overleg.",
    "De 12 provincies ({}) en 3 steden.",
    "Op 3 mei 2020, {}, is dit aangeboden.", "De kosten zijn € 12 500 ({}).",
]  # fmt: skip


@dataclass(frozen=True)
class Paper:
    kamer: str | None
    vergaderjaar: str | None
    dossier: str
    numbers: tuple[str, ...]
    page: str | None


@st.composite
def dossiers(draw):
    """The normal form, and the same as printed."""
    digits = draw(st.integers(22600, 39999).filter(lambda n: n != 21501))
    head, tail = divmod(digits, 1000)
    gap = draw(SPACES | st.sampled_from(["", ".", ""]))
    printed = f"{head}{gap}{tail:03d}"
    kind = draw(st.sampled_from(["plain", "plain", "chapter", "council", "kingdom"]))
    if kind == "chapter":
        chapter = draw(st.sampled_from(CHAPTERS))
        return f"{digits}-{chapter}", printed + draw(
            st.sampled_from([" ", "-", " hoofdstuk ", ", hoofdstuk "])
        ) + chapter
    if kind == "council":
        council = f"{draw(st.integers(2, 34)):02d}"
        return f"21501-{council}", draw(st.sampled_from(["21 501-", "21501-", "21\u00a0501-"])) + council
    if kind == "kingdom":
        number = draw(st.integers(1000, 2300))
        return f"{digits}-(R{number})", printed + draw(st.sampled_from([" (R{})", "-(R{})", " R{}"])).format(number)
    return str(digits), printed


@st.composite
def years(draw):
    first = draw(st.integers(1995, 2024))
    second = first + 1
    forms = [
        f"{first}/{second % 100:02d}",
        f"{first}-{second}",
        f"{first}–{second}",
        f"{first}/{second}",
        f"{first} - {second}",
    ]
    return f"{first}-{second}", draw(st.sampled_from(forms))


@st.composite
def papers(draw):
    """A paper and one of the ways to print it."""
    kamer = draw(st.sampled_from([None, "II", "I"]))
    year, printed_year = draw(st.none() | years()) or (None, "")
    dossier, printed_dossier = draw(dossiers())
    label = draw(st.sampled_from((WITH_YEAR if year else LABELS)[kamer]))
    head = f"{label} {printed_year}, " if year else f"{label} "
    numbers, printed_numbers = draw(senate_numbers() if kamer == "I" else numbered())
    page = draw(st.none() | st.integers(1, 300).map(str))
    printed_page = (
        draw(st.sampled_from([", p. {}", ", blz. {}", " pag. {}", ", p.{}", ", pagina {}"])).format(page)
        if page
        else ""
    )
    text = head + printed_dossier + printed_numbers + printed_page
    return Paper(kamer, year, dossier, numbers, page), text


@st.composite
def numbered(draw):
    """One number, a list or a range, and its print."""
    first = draw(st.integers(1, 1500))
    word = draw(st.sampled_from(NUMBER_WORDS))
    kind = draw(st.sampled_from(["one", "list", "range"]))
    if kind == "one":
        return (str(first),), f"{word}{first}"
    if kind == "range":
        last = first + draw(st.integers(1, 8))
        return tuple(map(str, range(first, last + 1))), f"{word}{first}{draw(st.sampled_from(THROUGH))}{last}"
    second = first + draw(st.integers(1, 300))
    plural = word.replace("nr. ", "nrs. ") if word == ", nr. " else word
    return (str(first), str(second)), f"{plural}{first}{draw(st.sampled_from(AND))}{second}"


@st.composite
def senate_numbers(draw):
    letter = draw(st.sampled_from("ABCDEFGHJKLMNOP"))
    suffixed = f"{draw(st.integers(1, 300))}{draw(st.sampled_from('abcdef'))}"
    if draw(st.booleans()):
        return (letter,), draw(st.sampled_from([", ", ", nr. ", ", letter "])) + letter
    return (suffixed,), ", nr. " + suffixed


def pages(found):
    return {citation.page for citation in found[-1:]}


@settings(max_examples=300, deadline=None)
@given(papers(), st.sampled_from(CARRIERS))
def test_a_composed_citation_is_found_again(composed, carrier):
    paper, printed = composed
    text = carrier.format(printed)
    found = [citation for citation in find_citations(text) if citation.type != "document"]
    assert [(c.kamer, c.vergaderjaar, c.dossiernummer, c.ondernummer) for c in found] == [
        (paper.kamer, paper.vergaderjaar, paper.dossier, number) for number in paper.numbers
    ], text
    assert pages(found) == {paper.page}, text
    assert all(text[c.start : c.end] == c.text for c in found)
    assert text.index(printed) == found[0].start
    assert found[-1].end == found[0].start + len(printed)


@settings(max_examples=100, deadline=None)
@given(papers(), papers(), st.sampled_from(["; ", " en ", " en de brief ", ". Zie ook ", ")\n(", ", "]))
def test_two_composed_citations_are_found_apart(first, second, between):
    text = f"Zie {first[1]}{between}{second[1]}."
    expected = [(paper.dossier, number) for paper, _ in (first, second) for number in paper.numbers]
    assert [(c.dossiernummer, c.ondernummer) for c in find_citations(text)] == expected, text
