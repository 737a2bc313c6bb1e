"""Scores are probabilities, and evidence adds up to them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.classify import Classifier, Head
from nlp.features import TfidfEncoder
from nlp.fitting import calibrate, choose_thresholds, fit_weights

TEXTS = [
    "Het kabinet zet in op leefbaar loon voor werknemers in de textielketen.",
    "Werknemers verdienen een leefbaar loon en veilig werk.",
    "Een leefbaar inkomen voor cacaoboeren vraagt een eerlijke prijs.",
    "De waterkwaliteit van de Maas blijft achter.",
    "Drinkwater en grondwater worden beter beschermd tegen vervuiling.",
    "De waterschappen verbeteren de waterkwaliteit van het grondwater.",
    "De vergadering wordt geschorst tot half drie.",
    "De stemming over de moties vindt dinsdag plaats.",
]
WORK = [1, 1, 1, 0, 0, 0, 0, 0]
WATER = [0, 0, 0, 1, 1, 1, 0, 0]
LETTERS = st.text(st.sampled_from("abcdeinorwtlk "), max_size=200)


@pytest.fixture(scope="module")
def classifier():
    encoder = TfidfEncoder(min_df=1).fit(TEXTS)
    gold = np.array([WORK, WATER], dtype=bool).T
    weights, intercept = fit_weights(encoder.transform(TEXTS), gold, np.ones(len(TEXTS)), C=10, jobs=1)
    return Classifier(encoder, (Head("sdg", ("8", "6"), weights, intercept, np.array([0.5, 0.5])),))


def test_a_passage_gets_the_label_it_is_about(classifier):
    (work, _), (water, _), (none, scores) = classifier.tag(
        ["Een leefbaar loon voor alle werknemers.", "Vervuiling van drinkwater.", "De vergadering wordt gesloten."]
    )
    assert [str(t) for t in work] == ["sdg:8"]
    assert [str(t) for t in water] == ["sdg:6"]
    assert none == ()
    assert set(scores["sdg"]) == {"8", "6"}


@given(st.one_of(st.sampled_from(TEXTS), LETTERS, st.lists(st.sampled_from(TEXTS)).map(" ".join)))
def test_evidence_and_intercept_sum_to_the_logit(classifier, text):
    always = Classifier(classifier.encoder, tuple(
        Head(h.scheme, h.codes, h.weights, h.intercept, np.zeros(len(h.codes))) for h in classifier.heads
    ))  # fmt: skip
    ((tags, _),) = always.tag([text])
    assert len(tags) == 2
    for tag in tags:
        logit = math.log(tag.score / (1 - tag.score))
        assert tag.intercept + sum(cue.weight for cue in tag.evidence) == pytest.approx(logit, abs=1e-6)
        for cue in tag.evidence:
            assert text[cue.start : cue.end] == cue.text


def test_without_its_strongest_word_a_tag_scores_lower(classifier):
    text = "Een leefbaar loon voor werknemers in de keten."
    ((tags, before),) = classifier.tag([text])
    cue = tags[0].evidence[0]
    ((_, after),) = classifier.tag([text[: cue.start] + text[cue.end :]])
    assert cue.weight > 0
    assert after["sdg"]["8"] < before["sdg"]["8"]


def test_one_by_one_gives_what_a_batch_gives(classifier):
    assert [classifier.tag([t])[0] for t in TEXTS] == classifier.tag(TEXTS)


def test_calibration_makes_shares_of_scores():
    rng = np.random.default_rng(0)
    truth = rng.uniform(0.01, 0.99, (4000, 1))
    gold = rng.uniform(size=truth.shape) < truth
    logits = 3 * np.log(truth / (1 - truth)) - 2  # too sure and off to one side
    slope, offset = calibrate(logits, gold)
    scores = 1 / (1 + np.exp(-(logits * slope + offset)))
    assert np.abs(scores - truth).mean() < 0.02


def test_a_label_without_examples_borrows_the_common_threshold():
    rng = np.random.default_rng(0)
    gold = np.column_stack([rng.uniform(size=500) < 0.3, np.zeros(500, dtype=bool)])
    scores = np.clip(gold * 0.4 + rng.uniform(0, 0.5, gold.shape), 0, 1)
    own, borrowed = choose_thresholds(scores, gold)
    assert 0.05 <= borrowed <= 0.8
    assert own == pytest.approx(0.45, abs=0.07)


def test_what_was_not_judged_teaches_nothing():
    rows = TfidfEncoder(min_df=1).fit(TEXTS).transform(TEXTS)
    targets = np.array([WORK, WORK], dtype=float).T
    targets[5:, 1] = np.nan
    weights, _ = fit_weights(rows, targets, np.ones(len(TEXTS)), C=10, jobs=1)
    alone, _ = fit_weights(rows[:5], targets[:5, 1:], np.ones(5), C=10, jobs=1)
    assert np.allclose(weights[:, 1], alone[:, 0])
    assert not np.allclose(weights[:, 0], weights[:, 1])
