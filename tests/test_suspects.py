"""Labels flipped on purpose are found, with the words that speak against them, ready for a second look."""

import json
from collections import Counter

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

from nlp.console import app
from nlp.corpus import read_annotations, write_annotations
from nlp.errors import CorpusError
from nlp.exchange import read_candidates
from nlp.recipes import read_recipe
from nlp.suspects import find_suspects, suspicion
from tests.conftest import ROOT

RECIPE = """
name = "proef"
version = "1"
schemes = ["sdg", "imvo"]
[[source]]
path = "annotaties.jsonl"
[encoder]
ngrams = [4, 4]
max_features = 6000
pairs = false
[classifier]
C = 10
keep = 6000
folds = 3
"""
FLIPPED = 5  # of 100


@pytest.fixture(scope="module")
def recipe(tmp_path_factory):
    """The project's own passages on five goals, of which one in twenty got a wrong goal."""
    folder = tmp_path_factory.mktemp("verdacht")
    goals = ["3", "4", "6", "7", "14"]
    lines = [
        a for a in read_annotations(ROOT / "corpus/annotations/original.jsonl")
        if len(a.labels["sdg"]) == 1 and a.labels["sdg"][0] in goals
    ]  # fmt: skip
    flipped = {a.passage for a in lines[:: 100 // FLIPPED]}
    for a in lines:
        if a.passage in flipped:
            goal = goals.index(a.labels["sdg"][0])
            a.labels["sdg"][:] = [goals[(goal + 1) % len(goals)]]
        a.labels.pop("imvo")
    write_annotations(lines, folder / "annotaties.jsonl")
    (folder / "recept.toml").write_text(RECIPE)
    return folder / "recept.toml", flipped, len(lines)


@pytest.fixture(scope="module")
def found(recipe):
    return find_suspects(read_recipe(recipe[0]), jobs=1)


def test_flipped_labels_are_among_the_strangest(recipe, found):
    _, flipped, count = recipe
    assert len(found) <= round(count * 0.1)
    assert len(flipped & {s.annotation.passage for s in found}) >= 0.6 * len(flipped)
    assert [s.suspicion for s in found] == sorted((s.suspicion for s in found), reverse=True)


def test_each_has_its_evidence(recipe, found):
    for suspect in found:
        for label in suspect.labels:
            assert (label.score < label.threshold) == label.given
            assert (label.code in suspect.annotation.labels["sdg"]) == label.given
            assert all((cue.weight < 0) == label.given for cue in label.cues)
        for tag in suspect.tags:
            total = tag.intercept + sum(cue.weight for cue in tag.evidence)
            assert 1 / (1 + np.exp(-total)) == pytest.approx(tag.score, abs=1e-6)
    both = next(s for s in found if s.annotation.passage in recipe[1])
    words = both.line()["why"]["words"]
    assert "staat erbij" in words or "ontbreekt" in words
    assert Counter(label.scheme for s in found for label in s.labels).keys() == {"sdg"}  # imvo was not judged


def test_the_command_writes_what_can_be_pushed(recipe, tmp_path):
    out = tmp_path / "twijfel.jsonl"
    command = ["suspects", "--recipe", recipe[0], "--out", out, "--share", "0.03", "--jobs", "1"]
    done = CliRunner().invoke(app, list(map(str, command)))
    assert done.exit_code == 0, done.stderr
    assert "voor een tweede blik" in done.stdout
    schema = json.loads((ROOT / "nlp/schema/tagging-1.json").read_text())
    schema["additionalProperties"] = True
    for line in map(json.loads, out.read_text().splitlines()):
        jsonschema.validate(line, schema)
        assert line["why"]["strategy"] == "suspect"
    assert all(c.why and c.tags is not None for c in read_candidates(out))


def test_nothing_to_look_at_is_said(recipe, tmp_path):
    folder = recipe[0].parent
    lines = list(read_annotations(folder / "annotaties.jsonl"))[:3]
    (tmp_path / "recept.toml").write_text(RECIPE)
    write_annotations(lines, tmp_path / "annotaties.jsonl")
    rows = [
        json.loads(line) | {"split": "dev-test"} for line in (tmp_path / "annotaties.jsonl").read_text().splitlines()
    ]
    (tmp_path / "annotaties.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(CorpusError, match="no passages to look at"):
        find_suspects(read_recipe(tmp_path / "recept.toml"), jobs=1)


def test_strange_is_the_wrong_side_of_the_threshold():
    scores, thresholds = np.array([[0.9, 0.1], [0.2, 0.4]]), np.array([0.5, 0.4])
    strange = suspicion(scores, thresholds, np.array([[False, True], [False, True]]))
    assert strange[0, 0] == pytest.approx(np.log(9))
    assert strange[0, 1] == pytest.approx(np.log(6))
    assert strange[1, 0] < 0
    assert strange[1, 1] == pytest.approx(0)
