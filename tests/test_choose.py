"""What is chosen, why, and that nothing is asked twice."""

import gzip
import json
from collections import Counter
from dataclasses import replace

import jsonschema
import numpy as np
import pytest
from scipy import sparse
from typer.testing import CliRunner

from nlp.asking import not_judged, read_lines
from nlp.choose import SHARES, STRATEGIES, Pool, choose, nearest, pool_of
from nlp.console import app
from nlp.corpus import read_annotations, write_annotations
from nlp.errors import CorpusError, DoelwijzerError, UnknownName
from nlp.exchange import read_candidates
from nlp.models import load_model
from nlp.records import passage_id
from tests.conftest import ROOT

ORIGINAL = ROOT / "corpus" / "annotations" / "original.jsonl"
NAMED = "Met dit programma draagt Nederland bij aan SDG 14 en aan de VN-agenda voor 2030."
SAME = "De Kamer stemt over de moties die bij het debat over de begroting zijn ingediend, in de volgorde van de lijst."


@pytest.fixture(scope="module")
def model():
    return load_model("current")


@pytest.fixture(scope="module")
def texts():
    """Passages of the project's corpus, one that names a goal, and three that say the same."""
    own = [a.text for a in list(read_annotations(ORIGINAL))[:300]]
    return [*own, NAMED, SAME, SAME + " Dank.", SAME.replace("debat", "overleg")]


@pytest.fixture(scope="module")
def pool(texts, model):
    return pool_of(texts, model, [])


def test_every_strategy_gets_its_share_and_says_why(pool, texts):
    chosen = choose(pool, 50)
    assert len(chosen) == len({c.at for c in chosen}) == 50
    counts = Counter(c.strategy for c in chosen)
    assert counts["random"] == round(50 * SHARES["random"])
    (rule,) = [c.words for c in chosen if c.strategy == "rule" and texts[c.at] == NAMED]
    for choice in chosen:
        start = {"doubt": "Twijfel: ", "rare": "Zeldzaam: ", "rule": "Tegenspraak: ", "random": "Steekproef: "}
        assert choice.words.startswith(start[choice.strategy])
    assert "SDG 14 (Leven in het water)" in rule
    assert "(drempel 0," in rule


def test_no_two_that_say_the_same(pool, texts):
    same = [i for i, text in enumerate(texts) if text.startswith("De Kamer stemt over de moties")]
    assert nearest(pool.rows(same[:1]), pool.rows(same[1:])).min() > 0.6
    everything = choose(pool, len(texts), shares={"doubt": 1})
    assert len({c.at for c in everything} & set(same)) <= 1


def test_what_was_annotated_all_but_for_a_word_is_left_out(texts, model):
    (first, *_) = read_annotations(ORIGINAL)
    almost = replace(first, text=first.text.replace("najaar", "voorjaar"))
    pool = pool_of(texts, model, [almost])
    assert 0 not in {c.at for c in choose(pool, len(texts), shares={"doubt": 1})}


def test_the_random_share_is_drawn_from_all(pool):
    """It may be what another strategy would choose, and does not depend on the other shares."""
    draws = [
        {c.at for c in choose(pool, count, shares=shares, seed=4) if c.strategy == "random"}
        for count, shares in ((20, {"random": 1}), (40, {"random": 0.5, "doubt": 0.5}), (40, {"random": 2, "rare": 2}))
    ]
    assert draws[0] == draws[1] == draws[2]
    assert draws[0] != {c.at for c in choose(pool, 20, shares={"random": 1}, seed=5)}
    often = Counter(c.at for seed in range(300) for c in choose(pool, 30, shares={"random": 1}, seed=seed))
    assert set(often) == set(range(len(pool.scores)))  # every passage has its chance
    assert max(often.values()) < 2.2 * 300 * 30 / len(pool.scores)


def test_doubt_is_near_the_threshold_and_prefers_the_rare_label():
    labels, rows = (("sdg", "1"), ("sdg", "14")), np.eye(4)
    pool = Pool(
        labels=labels,
        scores=np.array([[0.9, 0.01], [0.5, 0.01], [0.01, 0.5], [0.02, 0.02]]),
        thresholds=np.array([0.5, 0.5]),
        named=np.zeros((4, 2), dtype=bool),
        examples=np.array([900, 3], dtype=np.int32),
        rows=lambda numbers: sparse.csr_matrix(rows[list(numbers)]),
    )
    assert [c.at for c in choose(pool, 3, shares={"doubt": 1})] == [2, 1, 0]
    assert (
        choose(pool, 1, shares={"doubt": 1})[0].words
        == "Twijfel: het model geeft SDG 14 (Leven in het water) 0,50 (drempel 0,50)."
    )
    assert [c.at for c in choose(pool, 4, shares={"rare": 1})] == [2]  # no example more than it can give


@pytest.mark.parametrize(
    ("shares", "error", "said"),
    [
        ({"twijfel": 1}, UnknownName, "Known: doubt, random, rare, rule"),
        ({"doubt": 0}, DoelwijzerError, "add up to nothing"),
        ({"doubt": 1, "rare": -1}, DoelwijzerError, "add up to nothing"),
    ],
)
def test_wrong_shares_are_said(pool, shares, error, said):
    with pytest.raises(error, match=said):
        choose(pool, 5, shares=shares)


def test_the_registry_names_what_shares_name():
    assert set(SHARES) == {*STRATEGIES, "random"}


# --- passages from files ------------------------------------------------------------------------------------------

LINES = {
    "tagged": {"document": {"id": "kst-1"}, "passage": {"id": "kst-1-a", "text": "Een."}, "tags": [], "model": "m"},
    "annotated": {"passage": "p2", "text": "Twee.", "labels": {"sdg": []}, "group": "kst-2", "split": "dev-test"},
    "bare": {"id": "p3", "text": "Drie.", "ref": "kst-3", "title": "Titel", "source": "verzameling"},
}


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_passages_come_in_many_forms(tmp_path, suffix):
    file = tmp_path / f"pool{suffix}"
    text = "\n".join(map(json.dumps, LINES.values())).encode()
    file.write_bytes(gzip.compress(text) if suffix.endswith("gz") else text)
    found = list(read_lines(file))
    assert [line["passage"]["id"] for line in found] == ["kst-1-a", "p2", "p3"]
    assert [line["document"]["id"] for line in found] == ["kst-1", "kst-2", "kst-3"]
    assert found[1]["split"] == "dev-test"  # kept for measuring, also when it is annotated again
    assert "labels" not in found[1]
    assert found[2]["document"]["title"] == "Titel"


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b'{"id": "a", "text": "x"}\n{', "pool.jsonl:2: not JSON"),
        (b'{"id": "a"}', "no passage with an id and a text"),
        (b"[1]", "no passage with an id and a text"),
        (b'{"id": "a", "text": " "}', "no passage with an id and a text"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_broken_file_is_told(tmp_path, content, trouble):
    (tmp_path / "pool.jsonl").write_bytes(content)
    with pytest.raises(CorpusError, match=trouble):
        list(read_lines(tmp_path / "pool.jsonl"))


def test_what_was_judged_is_not_asked_again(tmp_path):
    (tmp_path / "pool.jsonl").write_text("\n".join(map(json.dumps, [*LINES.values(), LINES["bare"] | {"id": "p4"}])))
    lines = list(read_lines(tmp_path / "pool.jsonl"))
    judged = next(read_annotations(ORIGINAL))
    assert [line["passage"]["id"] for line in not_judged(lines, [])] == ["kst-1-a", "p2", "p3"]  # p4 is p3 again
    by_id, by_text = replace(judged, passage="p2"), replace(judged, text="  DRIE. ")
    assert [line["passage"]["id"] for line in not_judged(lines, [by_id, by_text])] == ["kst-1-a"]
    assert passage_id("", "Drie.") == passage_id("", "  DRIE. ")


# --- the command --------------------------------------------------------------------------------------------------


def run(*arguments):
    return CliRunner().invoke(app, ["choose", *map(str, arguments)])


def test_documents_to_two_annotators(sample, tmp_path):
    (tmp_path / "brief.pdf").write_bytes(sample.read_bytes())
    (tmp_path / "leeg.pdf").write_bytes(b"")
    out = tmp_path / "keuze.jsonl"
    done = run(
        tmp_path, "--out", out, "--count", 10, "--for-agreement", 4, "--annotator", "anna", "--annotator", "bram"
    )
    assert done.exit_code == 0, done.stderr
    assert "leeg.pdf" in done.stderr  # told, and no more than that
    files = {name: tmp_path / f"keuze-{name}.jsonl" for name in ("anna", "bram")}
    lines = {name: [json.loads(line) for line in file.read_text().splitlines()] for name, file in files.items()}
    assert not out.exists()
    names = {name: {line["passage"]["id"] for line in each} for name, each in lines.items()}
    assert [len(each) for each in names.values()] == [7, 7]
    assert len(names["anna"] & names["bram"]) == 4
    schema = json.loads((ROOT / "nlp/schema/tagging-1.json").read_text())
    schema["additionalProperties"] = True
    for line in lines["anna"]:
        jsonschema.validate(line, schema)
        assert line["why"].keys() == {"strategy", "words"}
        assert line["passage"]["boxes"]
    assert [c.why for c in read_candidates(files["anna"])] == [line["why"]["words"] for line in lines["anna"]]


def test_judged_passages_are_left_out(tmp_path):
    pool, judged, out = tmp_path / "pool.jsonl", tmp_path / "oordelen.jsonl", tmp_path / "keuze.jsonl"
    annotations = list(read_annotations(ORIGINAL))[:30]
    write_annotations(annotations, pool)
    write_annotations(annotations[:20], judged)
    done = run(pool, "--out", out, "--annotated", judged)
    assert done.exit_code == 0, done.stderr
    assert "20 passages zijn al beoordeeld" in done.stdout
    assert {json.loads(line)["passage"]["id"] for line in out.read_text().splitlines()} == {
        a.passage for a in annotations[20:]
    }
    done = run(pool, "--out", out, "--annotated", pool)
    assert (done.exit_code, "None of 30 passages is left" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--share", "veel"], "is no share"),
        (["--share", "twijfel=1"], "Unknown strategy 'twijfel'"),
        (["--for-agreement", "2", "--annotator", "anna"], "takes two annotators"),
        (["--model", "morgen"], "No model 'morgen'"),
    ],
)
def test_wrong_usage_is_said(tmp_path, arguments, said):
    (tmp_path / "pool.jsonl").write_text(json.dumps(LINES["bare"]))
    done = run(tmp_path / "pool.jsonl", "--out", tmp_path / "uit.jsonl", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert isinstance(done.exception, SystemExit)


@pytest.mark.parametrize(("to", "trouble"), [("q.csv", "JSON lines"), ("nergens/q.jsonl", "no folder")])
def test_where_the_chosen_cannot_be_written_is_said_before_reading(to, trouble, tmp_path):
    result = CliRunner().invoke(app, ["choose", str(tmp_path / "geen.pdf"), "--out", str(tmp_path / to)])
    assert result.exit_code == 2
    assert trouble in " ".join(result.output.split())
