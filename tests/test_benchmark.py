"""The SDG Classification Benchmark is counted as its own package counts it."""

import sys

import pytest

from nlp.errors import DoelwijzerError, MissingExtra
from nlp.evaluation.benchmark import OTHER_FILE, PEERS, run_benchmark

SNIPPETS = """id,text,sdg,label
a,Schools train more teachers.,4,True
b,The river is clean.,4,False
c,The river is clean.,6,True
d,Wells were dug.,6,True
e,Schools need a tap.,6,False
"""


def by_words(texts):
    """Codes of the SDGs whose word stands in the text."""
    return [[code for code, word in {"4": "School", "6": "river"}.items() if word in text] for text in texts]


@pytest.fixture
def snippets(tmp_path, monkeypatch):
    pytest.importorskip("sdgclassification.benchmark", reason="needs the extra 'benchmark'")
    path = tmp_path / "snippets.csv"
    path.write_text(SNIPPETS)
    monkeypatch.setenv(OTHER_FILE, str(path))
    return path


def test_only_the_sdg_that_is_asked_counts(snippets):
    found = run_benchmark(by_words, "woorden")
    assert found.row.accuracy == pytest.approx(4 / 5)
    assert (found.row.precision, found.row.recall) == (1.0, pytest.approx(2 / 3))
    assert found.row.micro_f1 == pytest.approx(0.8)
    assert [(s.sdg, s.snippets, s.accuracy) for s in found.sdgs] == [(4, 2, 1.0), (6, 3, pytest.approx(2 / 3))]
    assert (found.row.worst_sdg, found.row.worst_f1) == (6, pytest.approx(2 / 3))
    assert snippets.name in found.condition
    assert "not the published test" in found.condition


def test_the_package_counts_the_same(monkeypatch):
    benchmark = pytest.importorskip("sdgclassification.benchmark", reason="needs the extra 'benchmark'")
    monkeypatch.delenv(OTHER_FILE, raising=False)

    def by_word(texts):
        return [[str(n) for n in range(1, 18) if len(text) % 17 == n or "water" in text] for text in texts]

    theirs = benchmark.Benchmark(lambda text: [int(code) for code in by_word([text])[0]])
    theirs.run()
    ours = run_benchmark(by_word, "lengte")
    assert sum(s.snippets for s in ours.sdgs) == 1251
    for own in ours.sdgs:
        their = theirs.stats.sdg(own.sdg)
        assert (100 * own.accuracy, own.f1) == (pytest.approx(their.accuracy), pytest.approx(their.f1))
    assert ours.row.macro_f1 == pytest.approx(theirs.stats.average.f1)
    assert "English" in ours.condition
    assert "Dutch" in ours.condition


def test_another_file_without_its_columns_is_said(snippets):
    snippets.write_text("tekst\nWater\n")
    with pytest.raises(DoelwijzerError, match=r"snippets\.csv: not a benchmark file"):
        run_benchmark(by_words, "woorden")


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sdgclassification.benchmark", None)
    with pytest.raises(MissingExtra, match=r"doelwijzer\[benchmark\]"):
        run_benchmark(by_words, "woorden")


def test_peers_are_told_best_first():
    assert [row.accuracy for row in PEERS] == sorted((row.accuracy for row in PEERS), reverse=True)
