"""Figures are what a hand count gives."""

import numpy as np
import pytest

from nlp.evaluate import evaluate, gold_matrix

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
