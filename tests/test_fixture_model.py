"""A model once saved says the same for ever: under the oldest and the newest libraries that pyproject.toml allows.

Neither `data/fixture_model` nor `data/fixture_model_scores.json` is made anew. When the format of models changes, this
one is read by the new code or refused with `ModelMismatch`, and another fixture is put beside it.
"""

import json
import math
from pathlib import Path

import pytest

import nlp

DATA = Path(__file__).parent / "data"
EXPECTED = json.loads((DATA / "fixture_model_scores.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def taggings():
    return nlp.load(DATA / "fixture_model").predict([row["text"] for row in EXPECTED])


@pytest.mark.parametrize("number", range(len(EXPECTED)))
def test_scores_are_what_they_were(number, taggings):
    for scheme, scores in EXPECTED[number]["scores"].items():
        assert taggings[number].probabilities[scheme] == pytest.approx(scores, abs=1e-9)


@pytest.mark.parametrize("number", range(len(EXPECTED)))
def test_evidence_is_what_it_was_and_adds_up(number, taggings):
    given = [tag for tag in taggings[number].tags if tag.source == "model"]
    assert [(tag.scheme, tag.code) for tag in given] == [tuple(row[:2]) for row in EXPECTED[number]["tags"]]
    for tag, (_, _, score, intercept, cues) in zip(given, EXPECTED[number]["tags"], strict=True):
        assert (tag.score, tag.intercept) == pytest.approx((score, intercept), abs=1e-9)
        assert {(c.start, c.end): c.weight for c in tag.evidence} == pytest.approx(
            {(start, end): weight for start, end, weight in cues}, abs=1e-9
        )
        logit = tag.intercept + sum(cue.weight for cue in tag.evidence)
        assert 1 / (1 + math.exp(-logit)) == pytest.approx(tag.score, abs=1e-9)
