"""Citations are found, with the fields, the identifier and the address that nlp/citations/README.md gives them."""

import importlib.util
import json
import re
from dataclasses import asdict
from operator import itemgetter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.citations import find_citations, read_citations, read_known, verify
from nlp.citations.__main__ import main
from nlp.citations.text import view_of
from nlp.errors import MissingDocument, UnsupportedFormat

DATA = Path(__file__).parent / "data" / "citations"
SHARED = Path(__file__).parent.parent.parent / "shared"
FIELDS = (
    "type", "kamer", "vergaderjaar", "dossiernummer", "ondernummer", "page", "identifier", "url", "bijlage", "item",
    "jaar", "start",
    "end", "text",
)  # fmt: skip
OUTSIDE_THE_GUIDE = {"com", "document"}  # found as well, but not in the examples


def read_jsonl(path):
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def fields(citation):
    return {name: citation[name] for name in FIELDS}


@pytest.mark.parametrize("item", read_jsonl(DATA / "own.jsonl"), ids=itemgetter("id"))
def test_a_text_has_the_citations_that_a_reader_sees(item):
    found = [asdict(c) for c in find_citations(item["text"]) if c.type not in OUTSIDE_THE_GUIDE]
    assert [fields(c) for c in found] == [fields(c) for c in item["citations"]]


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path


@pytest.fixture(scope="module")
def score():
    spec = importlib.util.spec_from_file_location("score", shared("citations/score.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_public_set_is_found_and_nothing_else(score):
    items = score.load(str(shared("citations/public.jsonl")))
    result = score.evaluate_function(items, lambda text: [asdict(c) for c in find_citations(text)])
    assert result["identifier"]["f1"] >= 0.99
    assert result["fields"]["f1"] >= 0.98
    assert result["negatives_with_a_false_hit"] == 0
    assert result["exact_span"] >= 0.98
    assert result["same_url"] == 1.0


def test_the_thirteen_citations_of_the_letter_are_found():
    seed = json.loads(shared("citations/seed.json").read_text(encoding="utf-8"))
    letter = shared("segmentation/letter.txt").read_text(encoding="utf-8")
    assert [(c.text, c.identifier, c.url) for c in find_citations(letter)] == [
        (c["text"], c["identifier"], c["url"]) for c in seed["citations"]
    ]


def identity(citation):
    return tuple(citation[name] for name in FIELDS if name not in ("start", "end", "text"))


CHANGES = {
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "thin spaces": lambda text: text.replace(" ", "\u2009"),
    "two spaces": lambda text: text.replace(" ", "  "),
    "tabs": lambda text: text.replace(" ", "\t"),
    "entities": lambda text: text.replace(" ", "&nbsp;"),
    "zero-width spaces": lambda text: text.replace(" ", "\u200b "),
    "dashes": lambda text: text.replace("-", "–"),
    "quotation marks": lambda text: f"«{text}»",
    "a paragraph": lambda text: f"<p>{text}</p>",
    "a sentence before": lambda text: f"De Kamer is eerder bericht. {text}",
}


@pytest.mark.parametrize("change", CHANGES)
def test_print_does_not_change_what_is_cited(change):
    for item in read_jsonl(DATA / "own.jsonl"):
        if change == "dashes" and ("http" in item["text"] or "-\n" in item["text"]):
            continue  # an address has no dashes, and a dash does not break a word
        text = CHANGES[change](item["text"])
        found = [asdict(c) for c in find_citations(text) if c.type not in OUTSIDE_THE_GUIDE]
        assert [identity(c) for c in found] == [identity(c) for c in item["citations"]], text
        assert all(text[c["start"] : c["end"]] == c["text"] for c in found)


@given(st.text(alphabet="aB1 \u00a0\u2009\u00ad\u200b\t\r\n-–&nbsp;<b/>*’", max_size=60))
def test_every_place_in_the_view_leads_back_to_the_text(text):
    view = view_of(text)
    places = [view.origin(offset) for offset in range(len(view.text))]
    assert places == sorted(set(places))
    assert all(view.text[i] == text[at] for i, at in enumerate(places) if view.text[i].isalnum())


# --- whatever the text ---

WORDS = st.sampled_from(
    ["Kamerstuk", "Kamerstukken II", "TK", "26 485", "35300-XVII", ", nr. 3", "nrs. 3-5", " en ", "; ", "2019/20",
    "vergaderjaar", "p. 4", "idem",
     "ibid.", "(", ")", "€ ", "Stb. 2020, 3", "Handelingen II", "item 3", "Aanhangsel", "ECLI:NL:HR:2019:1",
     "Richtlijn 2013/34/EU", "kst-26485-3",
     "https://zoek.officielebekendmakingen.nl/kst-1-1.html", "\n", "\u00a0", "\u00ad", "-\n", "<b>", "&nbsp;", "**",
     "3", "B", "bijlage bij ", "İ", "²"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS | st.text(max_size=4), max_size=30).map("".join) | st.lists(WORDS, max_size=20).map(" ".join))
def test_spans_point_into_any_text(text):
    found = find_citations(text)
    for citation in found:
        assert 0 <= citation.start < citation.end <= len(text)
        assert citation.text == text[citation.start : citation.end]
        assert citation.identifier or citation.type in {"dossier", "handelingen"}
    assert [c.start for c in found] == sorted(c.start for c in found)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=20).map(" ".join))
def test_finding_twice_gives_the_same(text):
    assert find_citations(text) == find_citations(text)


DOSSIER_LIKE = st.integers(10_000, 39_999).map(lambda n: f"{n // 1000} {n % 1000:03d}") | st.integers(
    10_000, 39_999
).map(str)
TRAPS = [
    "De kosten zijn € {n} in 20{d:02d}, nr. {k} op de lijst.", "Het kost EUR {n}, nr. {k} in de tabel.",
    "Postbus {n}, 25{d:02d} EB Den Haag.",
    "Bestelnummer {n}-{k} is geleverd.", "Factuurnummer: {n}, nr. {k}.", "Polis {n}, nr. {k}.",
    "Op {d}-0{m}-2020 waren er {n}.",
    "Tel. 070 {k} {d} 10, nr. {k}.", "Artikel {d}, lid {k}, nr. {m}.",
    "De gemeente telt {n} inwoners, nr. {k} in grootte.",
    "Wonen\t{n}\t{k}\nZorg\t{n}\t{d}", "Het aandeel steeg naar {d},{k} procent van {n}.",
    "De aantallen waren {n}, {n} en {k}.",
    "HR {d} mei 2001, nr. {n}, BNB 2001/{k}.", "Zaaknummer C/09/{k}/{d}.", "NEN {n}, nr. {k}.",
    "In 2019/20, nr. {k}, staat meer.",
    "Perceel {n}, sectie B, nr. {k}.", "Van de {n} aanvragen zijn er {k} toegekend.", "Uw kenmerk: {n}-X-20{d:02d}.",
    "Klantnummer {n}, nr. {k}.", "Ruim {n}, nr. {k} van Europa, bezoekers.", "Versie {d}.{m}.{k}, build {n}.",
    "IBAN NL{d:02d} INGB 000{n}.",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TRAPS), DOSSIER_LIKE, st.integers(1, 900), st.integers(1, 28), st.integers(1, 9))
def test_other_numbers_are_no_citations(trap, n, k, d, m):
    text = trap.format(n=n, k=k, d=d, m=m)
    assert not [c for c in find_citations(text) if c.type not in OUTSIDE_THE_GUIDE], text


# --- certainty, verification, command line ---


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("Kamerstuk 26485, nr. 232", "exact"),
        ("(26 485, nr. 232)", "wellformed"),
        ("Karnerstuk 26 485, nr. 232", "doubtful"),
        ("Kamerstukken 11, 1997/98, 25 880, nr. 2", "doubtful"),
        ("kst-26485-232", "exact"),
        ("wetsvoorstel 36512", "wellformed"),
    ],
)
def test_certainty_tells_how_much_was_said(text, certainty):
    assert [c.certainty for c in find_citations(text)] == [certainty]


@pytest.mark.parametrize(
    ("text", "type_", "identifier"),
    [
        ("COM(2020) 123", "com", "COM(2020)123"),
        ("(2020D12345)", "document", "2020D12345"),
        ("SWD(2021) 9", "com", "SWD(2021)9"),
    ],
)
def test_types_outside_the_guide_are_found_too(text, type_, identifier):
    assert [(c.type, c.identifier) for c in find_citations(text)] == [(type_, identifier)]


def test_a_reference_back_is_read_before_it_is_resolved():
    raw = read_citations("Zie Kamerstuk 26485, nr. 3 en idem, p. 4.")
    assert [(c.type, c.page) for c in raw] == [("kamerstuk", None), ("verwijzing", "4")]


def test_verification_raises_and_lowers_certainty(tmp_path):
    table = tmp_path / "dossiers.csv"
    table.write_text(
        "Nummer;Toevoeging;Titel\n26485;;MVO\n35300;XVII;Begroting\n34356;(R2064);Rijkswet\n", encoding="utf-8"
    )
    found = find_citations("(26 485, nr. 3), (35 300 XVII, nr. 4), (30 196, nr. 5), Stb. 2020, 1")
    assert [c.certainty for c in verify(found, read_known(table))] == ["wellformed", "wellformed", "doubtful", "exact"]
    assert [c.certainty for c in verify(found, {"kst-26485-3"})] == ["exact", "doubtful", "doubtful", "exact"]


def test_a_list_without_heading_holds_identifiers(tmp_path):
    keys = tmp_path / "keys.csv"
    keys.write_text("kst-26485-3\nkst-30196-5\n", encoding="utf-8")
    assert read_known(keys) == {"kst-26485-3", "kst-30196-5"}


def test_a_list_that_is_missing_or_empty_is_told(tmp_path):
    with pytest.raises(MissingDocument, match="no such file"):
        read_known(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_text("titel\nMVO\n", encoding="utf-8")
    with pytest.raises(UnsupportedFormat, match="no dossier number"):
        read_known(tmp_path / "empty.csv")


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "brief.txt"
    path.write_text("Zie Kamerstukken II 2019/20, 26485,\nnr. 326, p. 3.", encoding="utf-8")
    return path


def test_the_command_prints_a_table(letter, capsys):
    assert main([str(letter)]) == 0
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split() == ["start", "type", "identifier", "kamer", "vergaderjaar", "page", "certainty", "text"]
    assert re.split(r"\s{2,}", row) == [
        "4", "kamerstuk", "kst-26485-326", "II", "2019-2020", "3", "exact",
        "Kamerstukken II 2019/20, 26485, nr. 326, p. 3",
    ]  # fmt: skip


def test_the_command_prints_json_lines(letter, capsys):
    assert main([str(letter), "--jsonl"]) == 0
    assert [json.loads(line)["identifier"] for line in capsys.readouterr().out.splitlines()] == ["kst-26485-326"]


def test_the_command_tells_what_is_missing(tmp_path, capsys):
    assert main([str(tmp_path / "none.txt")]) == 2
    assert "there is no such file" in capsys.readouterr().err
