"""Figures are what a hand count gives."""

import numpy as np
import pytest
from hypothesis import given as given_that
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score, precision_score, recall_score

from nlp.evaluation.figures import Confusion, confusions, evaluate, gold_matrix, interval, resample

GOLD = np.array([[1, 0], [1, 1], [0, 0], [0, 1]], dtype=bool)
GIVEN = np.array([[1, 0], [0, 1], [0, 1], [0, 1]], dtype=bool)


def figures(given=GIVEN, gold=GOLD):
    return evaluate("sdg", ["8", "6"], np.where(given, 0.9, 0.1), given, gold, ["a", "a", "b", "c"], macro_from=1)


def test_counts_become_figures():
    found = figures()
    eight, six = found.labels
    assert (eight.precision, eight.recall, eight.support) == (1.0, 0.5, 2)
    assert (six.precision, six.recall) == (pytest.approx(2 / 3), 1.0)
    assert found.micro_f1 == pytest.approx(2 * 3 / (4 + 4))
    assert found.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2)
    assert found.subset_accuracy == 0.5
    assert found.none_accuracy == 0.0  # the one empty passage was given a tag


def test_a_perfect_tagger_scores_one():
    found = figures(given=GOLD)
    assert (found.micro_f1, found.macro_f1, found.none_accuracy) == (1.0, 1.0, 1.0)
    assert found.interval == (1.0, 1.0)


def test_sure_and_wrong_shows_in_the_calibration_error():
    scores, given, gold = np.full((4, 1), 0.95), np.ones((4, 1), bool), np.zeros((4, 1), bool)
    assert evaluate("sdg", ["8"], scores, given, gold, list("abcd")).ece == pytest.approx(0.95)


def test_labels_become_a_matrix():
    assert gold_matrix([["8"], [], ["6", "8"]], ["8", "6"]).tolist() == [[True, False], [False, False], [True, True]]
    assert gold_matrix([], ["8"]).shape == (0, 1)


TRUTHS = arrays(bool, st.tuples(st.integers(1, 12), st.just(3)))


@settings(max_examples=40)
@given_that(TRUTHS, st.randoms(use_true_random=False))
def test_figures_are_those_of_scikit_learn(gold, lot):
    given = np.array([[lot.random() < 0.4 for _ in range(3)] for _ in gold])
    found = evaluate("sdg", ["1", "2", "3"], given.astype(float), given, gold, [str(i // 2) for i in range(len(gold))])
    for k, label in enumerate(found.labels):
        for name, score in (("f1", f1_score), ("precision", precision_score), ("recall", recall_score)):
            assert getattr(label, name) == pytest.approx(score(gold[:, k], given[:, k], zero_division=0))
    assert found.micro_f1 == pytest.approx(f1_score(gold, given, average="micro", zero_division=0))
    assert 0 <= found.interval[0] <= found.interval[1] <= 1


@given_that(TRUTHS)
def test_every_missed_and_every_wrong_label_is_in_the_confusions(gold):
    given = np.roll(gold, 1, axis=0)
    found = confusions(["1", "2", "3"], given, gold)
    pairs = {(c.gold, c.given): c.count for c in found}
    assert (None, None) not in pairs
    for k, code in enumerate(["1", "2", "3"]):
        missed = int((gold & ~given)[:, k].sum())
        assert missed <= sum(count for (g, _), count in pairs.items() if g == code)
        assert bool(missed) == any(g == code for g, _ in pairs)
    assert [c.count for c in found] == sorted(pairs.values(), reverse=True)


def test_confusions_name_what_was_given_instead():
    gold = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1]], dtype=bool)
    given = np.array([[0, 1, 0], [0, 1, 0], [0, 0, 0], [0, 0, 1], [0, 0, 1]], dtype=bool)
    assert confusions(["8", "6", "9"], given, gold) == (
        Confusion("8", "6", 2),
        Confusion("6", None, 1),
        Confusion(None, "9", 1),
    )


def test_one_document_cannot_vary():
    values = np.arange(12).reshape(6, 2)
    assert (resample(values, ["a"] * 6, rounds=5) == values.sum(0)).all()
    assert resample(values[:0], [], rounds=5).shape == (5, 2)


def test_passages_of_one_document_are_drawn_together():
    rng = np.random.default_rng(1)
    gold = np.repeat(rng.uniform(size=(60, 1)) < 0.5, 8, axis=0)
    given = gold ^ np.repeat(rng.uniform(size=(60, 1)) < 0.2, 8, axis=0)
    alone = evaluate("sdg", ["8"], given.astype(float), given, gold, [str(i) for i in range(480)])
    together = evaluate("sdg", ["8"], given.astype(float), given, gold, [str(i // 8) for i in range(480)])
    assert together.micro_f1 == alone.micro_f1
    # eight passages that rise and fall together say as much as one: √8 times as wide
    assert np.ptp(together.interval) == pytest.approx(np.ptp(alone.interval) * 8**0.5, rel=0.25)


def test_draws_without_anything_to_measure_are_left_out():
    assert interval(np.array([np.nan, 0.5, 0.5])) == (0.5, 0.5)
    assert interval(np.array([np.nan])) == (0.0, 0.0)
