"""Two taggings side by side: what was mended, what was broken, and which differences are more than luck."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from nlp.evaluation.compare import compare

CODES = ["8", "6"]
GOLD = np.tile(np.array([[1, 0], [0, 1], [0, 0], [1, 1]], dtype=bool), (25, 1))
DOCUMENTS = [f"document {i // 2}" for i in range(100)]


def named(comparison):
    return {change.name: change for change in (*comparison.overall, *comparison.labels)}


def test_a_lost_label_comes_first_and_is_called_worse():
    new = GOLD.copy()
    new[::4, 0] = False  # half of label 8
    found = compare("sdg", CODES, GOLD, new, GOLD, DOCUMENTS)
    assert [change.name for change in found.labels] == ["8", "6"]
    eight, six = found.labels
    assert (eight.verdict, eight.broken, eight.mended, eight.support) == ("worse", 25, 0, 50)
    assert (eight.before, eight.after) == (1.0, pytest.approx(2 / 3))
    assert eight.interval[0] < eight.difference < eight.interval[1] < 0
    assert (six.verdict, six.difference, six.interval) == ("same", 0.0, (0.0, 0.0))
    assert named(found)["micro F1"].verdict == "worse"
    assert named(found)["none right"].verdict == "same"
    assert found.retagged == 25


def test_one_decision_of_many_is_no_verdict():
    new = GOLD.copy()
    new[0, 0] = False
    assert named(compare("sdg", CODES, GOLD, new, GOLD, DOCUMENTS))["8"].verdict == "unclear"


def test_a_label_of_one_document_gets_no_verdict():
    gold = np.zeros((100, 2), dtype=bool)
    gold[:2, 0] = True  # two passages of the first document
    old, new = gold.copy(), np.zeros_like(gold)
    eight = named(compare("sdg", CODES, old, new, gold, DOCUMENTS))["8"]
    assert (eight.before, eight.after, eight.interval[1], eight.verdict) == (1.0, 0.0, 0.0, "unclear")


def test_a_label_given_to_empty_passages_costs_the_answer_none():
    new = GOLD.copy()
    new[2::4, 1] = True
    found = named(compare("sdg", CODES, new, GOLD, GOLD, DOCUMENTS))  # the new model mends it
    assert (found["none right"].before, found["none right"].after, found["none right"].verdict) == (0.0, 1.0, "better")
    assert (found["all labels right"].before, found["all labels right"].mended) == (0.75, 25)


def test_a_label_that_nobody_gives_is_left_out():
    found = compare("sdg", ["8", "6", "17"], *(np.pad(m, ((0, 0), (0, 1))) for m in (GOLD, GOLD, GOLD)), DOCUMENTS)
    assert [change.name for change in found.labels] == ["8", "6"]


TRUTHS = arrays(bool, (12, 3))


@settings(max_examples=30)
@given(TRUTHS, TRUTHS, TRUTHS)
def test_the_way_back_is_the_way_there_reversed(old, new, gold):
    documents = [str(i // 3) for i in range(12)]
    there = named(compare("sdg", ["1", "2", "3"], old, new, gold, documents))
    back = named(compare("sdg", ["1", "2", "3"], new, old, gold, documents))
    assert there.keys() == back.keys()
    for name, change in there.items():
        assert back[name].difference == pytest.approx(-change.difference)
        assert back[name].interval == pytest.approx((-change.interval[1], -change.interval[0]))
        assert (back[name].mended, back[name].broken) == (change.broken, change.mended)
        opposite = {"worse": "better", "better": "worse"}
        assert back[name].verdict == opposite.get(change.verdict, change.verdict)
    micro = there["micro F1"]
    assert micro.mended - micro.broken == int((new == gold).sum()) - int((old == gold).sum())
