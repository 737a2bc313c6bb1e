"""Texts become rows, and rows lead back to words."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.features import TfidfEncoder, split_words

TEXTS = [
    "Het kabinet zet in op leefbaar loon in de textielketen.",
    "Leefbaar loon is een mensenrecht; het kabinet vraagt bedrijven om actie.",
    "De waterkwaliteit van de Maas blijft achter bij de Kaderrichtlijn Water.",
    "In 2030 moet de waterkwaliteit op orde zijn, aldus het kabinet.",
]


@pytest.fixture(scope="module")
def encoder():
    return TfidfEncoder(min_df=1).fit(TEXTS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SDG's 8 en 12", ["sdg's", "8", "en", "12"]),
        ("SDG’s", ["sdg's"]),
        ("IMVO-convenant 2019", ["imvo-convenant", "0000"]),
        ("Covid19 in 2030", ["covid19", "in", "0000"]),
        ("", []),
        ("… – !", []),
    ],
)
def test_words_are_lower_case_and_long_numbers_lose_their_value(text, words):
    assert [word for word, _ in split_words(text)] == words


def test_word_offsets_point_into_the_text():
    for word, (start, end) in split_words(TEXTS[0]):
        assert TEXTS[0][start:end].lower() == word


def test_rows_have_length_one(encoder):
    rows = encoder.transform([*TEXTS, ""])
    assert np.allclose(np.sqrt(rows.multiply(rows).sum(1)).A1[:-1], 1)
    assert rows[-1].nnz == 0


def test_words_and_pairs_agree_with_scikit_learn():
    ours = TfidfEncoder(min_df=1, ngrams=(99, 99)).fit(TEXTS)
    theirs = TfidfVectorizer(
        analyzer=lambda t: (w := ["=" + word for word, _ in split_words(t)]) + [f"{a} {b[1:]}" for a, b in pairwise(w)],
        sublinear_tf=True,
    ).fit(TEXTS)
    assert list(ours.vocabulary_) == sorted(theirs.vocabulary_)
    assert np.allclose(ours.transform(TEXTS).toarray(), theirs.transform(TEXTS).toarray())


def test_the_rarest_features_go_first():
    few = TfidfEncoder(min_df=1, max_features=10).fit(TEXTS)
    assert len(few.vocabulary_) == 10
    assert "=het" in few.vocabulary_


@given(st.text())
def test_any_text_can_be_encoded(encoder, text):
    rows = encoder.transform([text])
    assert np.isfinite(rows.data).all()
    assert rows.shape == (1, len(encoder.vocabulary_))
