"""One multi-label linear head per scheme over shared features, and the evidence for what it says.

A head is a matrix of weights: logit = row · weights + intercept, score = 1 / (1 + exp(-logit)). Calibration
(Platt 1999) is affine per label and folded into weights and intercept, so evidence adds up to the very score shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit

from nlp.features import Floats, Ints, TfidfEncoder, Words
from nlp.records import Evidence, Tag


def log_odds(scores: Floats, least: float = 1e-6) -> Floats:
    """Of probabilities, which count as no nearer to 0 or 1 than `least`."""
    sure = np.clip(scores, least, 1 - least)
    return np.asarray(np.log(sure / (1 - sure)))


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The labels of one scheme. weights: (features, labels); intercept, thresholds: (labels,)."""

    scheme: str
    codes: tuple[str, ...]
    weights: Floats
    intercept: Floats
    thresholds: Floats

    def logits(self, rows: sparse.csr_matrix) -> Floats:
        """Shape (texts, labels)."""
        return np.asarray(rows @ self.weights + self.intercept)


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """An encoder and its heads: from texts to tags."""

    encoder: TfidfEncoder
    heads: tuple[Head, ...]

    def scores(self, texts: Sequence[str]) -> dict[str, Floats]:
        """Per scheme the probabilities, shape (texts, labels)."""
        rows = self.encoder.transform(texts)
        return {head.scheme: expit(head.logits(rows)) for head in self.heads}

    def tag(
        self, texts: Sequence[str], *, evidence: bool = True
    ) -> list[tuple[tuple[Tag, ...], dict[str, dict[str, float]]]]:
        """Per text its tags (by scheme, best first) and all probabilities by scheme and code."""
        words = [self.encoder.words(text) for text in texts]
        counts = self.encoder.counts(words)
        rows = self.encoder.weigh(counts)
        found: list[tuple[list[Tag], dict[str, dict[str, float]]]] = [([], {}) for _ in texts]
        for head in self.heads:
            scores = expit(head.logits(rows))
            for i, (tags, probabilities) in enumerate(found):
                probabilities[head.scheme] = dict(zip(head.codes, scores[i].tolist(), strict=True))
                given = np.flatnonzero(scores[i] >= head.thresholds)
                given = given[np.argsort(-scores[i, given], kind="stable")]
                why: list[tuple[Evidence, ...]] = [()] * len(given)
                if evidence and len(given):
                    here = slice(rows.indptr[i], rows.indptr[i + 1])
                    columns, once = rows.indices[here], rows.data[here] / counts.data[here]
                    why = explain(texts[i], words[i], columns, once[:, None] * head.weights[columns][:, given])
                tags.extend(
                    Tag(head.scheme, head.codes[k], float(scores[i, k]), "model", cues, float(head.intercept[k]))
                    for k, cues in zip(given.tolist(), why, strict=True)
                )
        return [(tuple(tags), probabilities) for tags, probabilities in found]


def explain(text: str, words: Words, columns: Ints, brought: Floats) -> list[tuple[Evidence, ...]]:
    """Per label what each word brought, strongest first; with the intercept it sums to the logit.

    columns: the features of the text, ascending; brought: (columns, labels), what one place of each feature
    brings. A feature found in several places is shared out evenly over them; a word pair's goes half to either word.
    """
    per_word = np.zeros((len(words.spans), brought.shape[1]))
    place = np.searchsorted(columns, words.features)
    filled = np.flatnonzero(np.diff(words.bounds))  # reduceat wants no empty runs
    if len(filled):
        per_word[filled] = np.add.reduceat(brought[place], words.bounds[filled], axis=0)
    for column, first in words.pairs:
        half = brought[np.searchsorted(columns, column)] / 2
        per_word[first] += half
        per_word[first + 1] += half
    return [_cues(text, words, per_word[:, k]) for k in range(brought.shape[1])]


def _cues(text: str, words: Words, weights: Floats) -> tuple[Evidence, ...]:
    order = np.argsort(-np.abs(weights), kind="stable")
    order = order[weights[order] != 0]
    return tuple(
        Evidence(start, end, text[start:end], weight)
        for (start, end), weight in zip((words.spans[i] for i in order), weights[order].tolist(), strict=True)
    )
