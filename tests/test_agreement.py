"""Agreement of annotators against worked examples, what settles a passage, and the curator's sheet there and back."""

import csv
import json
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from nlp.agreement import agreement, set_distance
from nlp.console import app
from nlp.corpus import read_annotations, write_annotations
from nlp.curation import CURATOR, is_gold, key_of, settled
from nlp.disputes import disputes, read_sheet, write_page, write_sheet
from nlp.errors import CorpusError
from nlp.exchange import read_candidates
from nlp.records import Annotation
from tests.conftest import ROOT

pytest.importorskip("nltk", reason="needs the extra agree")


FRAMES = ROOT / "corpus" / "annotations" / "formules.jsonl"


def line(passage, annotator, **labels):
    return Annotation(passage, f"Tekst van {passage}.", labels, annotator, group=f"doc-{passage}")


# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), part A: 10 units, 2 observers, binary, alpha 0.095.
PART_A = ("0100000010", "1110010000")


def test_alpha_of_the_worked_example():
    lines = [
        line(f"u{unit}", f"waarnemer{n}", sdg=["13"] if value == "1" else [])
        for n, row in enumerate(PART_A)
        for unit, value in enumerate(row)
    ]
    (found,) = agreement(lines)
    assert found.labels[0].alpha.value == pytest.approx(0.095, abs=0.0005)
    assert found.alpha.value == pytest.approx(0.095, abs=0.0005)  # sets of one label at most: MASI is 0 or 1 too
    low, high = found.alpha.interval
    assert low < 0.095 < high


NOMINAL = [  # Krippendorff (2011), part C: units by observers A to D
    "11.1", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", ".555", "..11", ".3..",
]  # fmt: skip


def test_alpha_with_missing_judgements():
    lines = [
        line(f"u{unit}", name, sdg=[value])
        for unit, row in enumerate(NOMINAL)
        for name, value in zip("ABCD", row, strict=True)
        if value != "."
    ]
    (found,) = agreement(lines)
    assert found.alpha.value == pytest.approx(0.743, abs=0.0005)
    assert found.passages == 11  # a unit that one observer judged says nothing of agreement
    assert [(pair.first, pair.second) for pair in found.pairs] == list(combinations("ABCD", 2))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("", "", 0),
        ("1", "1", 0),
        ("1", "", 1),
        ("1", "2", 1),
        ("18", "8", 1 - 1 / 2 * 2 / 3),
        ("18", "82", 1 - 1 / 3 / 3),
    ],
)
def test_sets_are_apart_by_what_they_share(one, other, apart):
    assert set_distance(frozenset(one), frozenset(other)) == pytest.approx(apart)


def test_full_agreement_and_what_nobody_differs_on():
    lines = [line(f"p{n}", name, sdg=["13"] if n < 2 else [], imvo=[]) for n in range(4) for name in ("a", "b")]
    sdg, imvo = agreement(lines)
    assert sdg.alpha.value == 1.0
    assert (sdg.f1, sdg.pairs[0].same, sdg.labels[0].given) == (1.0, 1.0, 4)
    assert (imvo.alpha.value, imvo.alpha.interval, imvo.f1, imvo.labels) == (None, None, None, ())


def test_a_scheme_that_was_not_judged_is_no_disagreement():
    lines = [line("p", "a", sdg=["13"], imvo=["klimaat"]), line("p", "b", sdg=[])]
    assert [found.scheme for found in agreement(lines)] == ["sdg"]


@given(
    st.lists(st.lists(st.sampled_from(["", "1", "2", "12"]), min_size=2, max_size=3), min_size=2, max_size=8),
    st.randoms(),
)
@settings(max_examples=60)
def test_agreement_knows_no_order(rows, random):
    lines = [
        line(f"p{n}", name, sdg=list(v)) for n, row in enumerate(rows) for name, v in zip("abc", row, strict=False)
    ]
    (found,) = agreement(lines)
    shuffled = lines.copy()
    random.shuffle(shuffled)
    again = agreement(shuffled)[0].alpha.value
    assert (found.alpha.value is None) == (again is None)
    if found.alpha.value is not None:
        assert again == pytest.approx(found.alpha.value)
        assert found.alpha.interval[0] <= found.alpha.interval[1] <= 1


# --- what counts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "labels", "doubt"),
    [
        ([("a", ["13"])], ["13"], False),
        ([("a", ["13"]), ("b", ["13"])], ["13"], False),
        ([("a", ["13", "7"]), ("b", ["13"])], ["13"], True),  # a tie is not given
        ([("a", ["13"]), ("b", ["13", "7"]), ("c", ["7"])], ["13", "7"], True),
        ([("a", ["13"]), ("a", [])], [], False),  # who judges again, corrects
        ([("a", ["13"]), ("b", []), ("curator", ["7"])], ["7"], False),
        ([("curator:lb", []), ("a", ["13"]), ("b", ["13"])], [], False),
        ([("curator", ["7"]), ("curator", ["8"])], ["8"], False),
    ],
)
def test_gold_wins_else_the_majority(lines, labels, doubt):
    (found,) = settled(line("p", name, sdg=codes) for name, codes in lines)
    assert (found.labels, found.doubt) == ({"sdg": labels}, doubt)


def test_gold_of_one_scheme_leaves_the_other_to_the_majority():
    (found,) = settled(
        [line("p", "a", sdg=["1"], imvo=["klimaat"]), line("p", "b", sdg=[]), line("p", CURATOR, sdg=["2"])]
    )
    assert found.labels == {"sdg": ["2"], "imvo": ["klimaat"]}


def test_what_is_kept_for_measuring_is_not_taught_by_a_second_line():
    first = replace(line("p", "a", sdg=["1"]), split="dev-test")
    for lines in ([first, line("p", "b", sdg=[])], [replace(line("p", "b", sdg=[]), split="train"), first]):
        assert [a.split for a in settled(lines)] == ["dev-test"]


def test_the_corpus_is_its_own_settlement():
    annotations = list(read_annotations(ROOT / "corpus" / "annotations" / "original.jsonl"))
    assert settled(annotations) == annotations


def test_the_shared_corpus_is_its_own_settlement(shared):
    annotations = list(read_annotations(shared / "annotation" / "passages.jsonl"))
    assert settled(annotations) == annotations


# --- the curator's sheet ------------------------------------------------------------------------------------------

DIFFERENT = [
    line("p1", "anna", sdg=["13", "7"], imvo=[]),
    line("p1", "bram", sdg=["13"], imvo=["klimaat"]),
    line("p2", "anna", sdg=["8"]),
    line("p2", "bram", sdg=["8"]),
    replace(line("p3", "anna", sdg=["1"]), text="=1+1; een formule\nover twee regels", note="twijfel"),
    replace(line("p3", "bram", sdg=["2"]), text="=1+1; een formule\nover twee regels"),
]


def fill(sheet, decisions, delimiter=";"):
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for row in rows:
        row["besluit"] = decisions.get((row["passage"], row["schema"]), "")
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return rows


def test_the_worst_disputes_come_first():
    found = disputes(DIFFERENT, set_distance)
    assert [(d.passage, d.scheme, d.differing) for d in found] == [
        ("p3", "sdg", ("1", "2")), ("p1", "imvo", ("klimaat",)), ("p1", "sdg", ("7",)),
    ]  # fmt: skip
    assert found[0].notes == {"anna": "twijfel"}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_sheet_goes_there_and_back(tmp_path, delimiter):
    sheet = tmp_path / "curatie.csv"
    write_sheet(disputes(DIFFERENT, set_distance), sheet)
    rows = fill(sheet, {("p1", "sdg"): "13, 7", ("p1", "imvo"): "Geen"}, delimiter)
    assert (rows[0]["tekst"][:2], rows[1]["anna"], rows[1]["bram"]) == ("'=", "geen", "klimaat")
    gold = read_sheet(sheet, DIFFERENT, "lb")
    assert [(a.passage, a.text, a.labels, a.annotator) for a in gold] == [
        ("p1", "Tekst van p1.", {"sdg": ["13", "7"], "imvo": []}, "curator:lb")
    ]
    assert all(map(is_gold, gold))
    assert [d.passage for d in disputes([*DIFFERENT, *gold], set_distance)] == ["p3"]  # settled is settled
    assert settled([*DIFFERENT, *gold])[0].labels == {"sdg": ["13", "7"], "imvo": []}
    assert agreement([*DIFFERENT, *gold]) == agreement(DIFFERENT)
    file = tmp_path / "curator.jsonl"
    write_annotations(gold, file)
    assert [key_of(a) for a in read_annotations(file)] == [("p1", "Tekst van p1.")]


@pytest.mark.parametrize(
    ("decision", "trouble"),
    [("18", "18"), ("13 7", "13 7"), ("klimaat", "klimaat")],
)
def test_a_code_that_does_not_exist_is_named(tmp_path, decision, trouble):
    sheet = tmp_path / "curatie.csv"
    write_sheet(disputes(DIFFERENT[:2], set_distance), sheet)
    fill(sheet, {("p1", "sdg"): decision})
    with pytest.raises(CorpusError, match=rf"curatie.csv:3.*{trouble}") as caught:
        read_sheet(sheet, DIFFERENT)
    assert "geen" in caught.value.hint


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"passage;tekst\np;x\n", "no column besluit, schema"),
        (b"passage;schema;besluit\np9;sdg;13\n", "2, passage 'p9': no such passage"),
        ("passage;schema;besluit;toelichting\np;sdg;1;\xe9".encode("latin-1"), "not UTF-8"),
        (b"", "no column"),
    ],
)
def test_a_spoilt_sheet_is_told(tmp_path, content, trouble):
    sheet = tmp_path / "curatie.csv"
    sheet.write_bytes(content)
    with pytest.raises(CorpusError, match=trouble):
        read_sheet(sheet, DIFFERENT)


def test_the_same_id_with_another_text_is_another_passage(tmp_path):
    """Ids may be mere line numbers."""
    lines = [replace(a, passage="1") for a in DIFFERENT]
    assert len(settled(lines)) == 3
    sheet = tmp_path / "curatie.csv"
    write_sheet(disputes(lines, set_distance), sheet)
    fill(sheet, {("1", "imvo"): "klimaat"})
    assert [(a.text, a.labels) for a in read_sheet(sheet, lines)] == [("Tekst van p1.", {"imvo": ["klimaat"]})]


def test_a_page_shows_the_sides_and_runs_nothing(tmp_path):
    page = tmp_path / "verschillen.html"
    spoilt = [replace(a, text="<script>alert(1)</script>", note="<b>") for a in DIFFERENT[:2]]
    write_page(disputes(spoilt, set_distance), page)
    shown = page.read_text()
    assert "<script" not in shown
    assert "13 Klimaatactie, <mark>7 Betaalbare en duurzame energie</mark>" in shown
    assert "<mark>geen</mark>" in shown


# --- the command --------------------------------------------------------------------------------------------------


def run(*arguments):
    return CliRunner().invoke(app, ["agree", *map(str, arguments)])


def test_compare_curate_settle_and_settle_again(tmp_path):
    for name in ("anna", "bram"):
        write_annotations([a for a in DIFFERENT if a.annotator == name], tmp_path / f"{name}.jsonl")
    sheet, push, gold = tmp_path / "curatie.csv", tmp_path / "curatie.jsonl", tmp_path / "batch-curator.jsonl"
    done = run(tmp_path, "--json", tmp_path / "a.json", "--curate", sheet, "--curate", push)
    assert done.exit_code == 0, done.stderr
    assert "anna – bram" in done.stdout
    assert "3 verschillen om te beslechten" in done.stdout
    assert len(json.loads((tmp_path / "a.json").read_text())["disputes"]) == 3
    assert [c.why for c in read_candidates(push)] == [
        "SDG: anna 1 (twijfel); bram 2.", "IMVO: anna geen; bram klimaat. SDG: anna 13, 7; bram 13.",
    ]  # fmt: skip
    push.unlink()
    fill(sheet, {("p3", "sdg"): "2"})
    for added in (1, 0):  # the second time nothing changes
        done = run(tmp_path, "--settle", sheet, "--out", gold, "--curator", "lb")
        assert f"{added} besluiten toegevoegd" in done.stdout, done.stderr
    assert [(a.passage, a.labels) for a in read_annotations(gold)] == [("p3", {"sdg": ["2"]})]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([ROOT / "geen.jsonl"], "no such file"),
        ([FRAMES, "--settle", "x.csv"], "go together"),
        ([FRAMES, "--curate", "x.docx"], "Known: csv, html, jsonl"),
        ([FRAMES, "--curate", "weg/x.csv"], "cannot be written"),
    ],
)
def test_wrong_usage_is_said(arguments, said):
    done = run(*arguments)
    assert done.exit_code in (1, 2)
    assert said in done.stderr
    assert isinstance(done.exception, SystemExit)


def test_a_single_annotator_is_nothing_to_compare():
    done = run(FRAMES)
    assert (done.exit_code, "valt niets te vergelijken" in done.stdout) == (0, True)


def test_a_sheet_and_a_page_hold_half_characters(tmp_path):
    lines = [
        replace(line("p", name, sdg=codes), text="half \ud83d") for name, codes in (("anna", ["13"]), ("bram", []))
    ]
    found = disputes(lines, set_distance)
    for write, name in ((write_sheet, "blad.csv"), (write_page, "blad.html")):
        write(found, tmp_path / name)
        assert "half ?" in (tmp_path / name).read_text(encoding="utf-8-sig")
