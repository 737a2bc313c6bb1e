"""From annotated rows to weights, calibration and thresholds: what scikit-learn does when a model is made.

Nothing here is needed to use a model.
"""

from __future__ import annotations

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from nlp.features import Floats, Ints

Bools = NDArray[np.bool_]


def telling_features(rows: sparse.csr_matrix, targets: Floats, keep: int) -> Ints:
    """The columns with the highest chi² for any label (Yang & Pedersen 1997), ascending.

    rows: (texts, features), not negative; targets: (texts, labels), NaN where not judged.
    """
    judged = ~np.isnan(targets)
    seen = np.asarray(rows.T @ np.nan_to_num(targets))  # (features, labels)
    expected = np.asarray(rows.sum(0)).ravel()[:, None] * (np.nansum(targets, 0) / np.maximum(1, judged.sum(0)))
    surprise = np.divide((seen - expected) ** 2, expected, out=np.zeros_like(seen), where=expected > 0)
    return np.sort(np.argsort(-surprise.max(1), kind="stable")[:keep]).astype(np.int32)


def fit_weights(
    rows: sparse.csr_matrix, targets: Floats, weight: Floats, *, C: float, jobs: int = 2
) -> tuple[Floats, Floats]:
    """One logistic regression per label: weights (features, labels) and intercept (labels,).

    rows: (texts, features). targets: (texts, labels), 0 or 1, NaN where not judged. weight: (texts,) how much each text
    counts.
    """
    fitted = Parallel(n_jobs=jobs, mmap_mode="c")(
        delayed(_fit_label)(rows, targets[:, k], weight, C) for k in range(targets.shape[1])
    )
    return np.column_stack([w for w, _ in fitted]), np.array([b for _, b in fitted])


def _fit_label(rows: sparse.csr_matrix, target: Floats, weight: Floats, C: float) -> tuple[Floats, float]:
    judged = np.flatnonzero(~np.isnan(target))
    answers = target[judged] > 0.5
    if not answers.any():
        return np.zeros(rows.shape[1]), -20.0  # without an example: never fires
    # liblinear's dual solver: twice as fast as lbfgs here and the same weights to two decimals.
    model = LogisticRegression(C=C, solver="liblinear", dual=True, tol=0.01, random_state=0, max_iter=200)
    model.fit(rows[judged], answers, sample_weight=weight[judged])
    return model.coef_[0], float(model.intercept_[0])


def calibrate(logits: Floats, labels: Bools, *, strength: float = 20.0) -> tuple[Floats, Floats]:
    """Slope and offset per label such that expit(slope * logit + offset) is a probability (Platt 1999).

    logits, labels: (texts, labels), out of fold. A label with few examples leans on the slope and offset of all
    labels together: n / (n + strength) of its own.
    """
    slope, offset = _platt(logits.ravel(), labels.ravel())
    slopes, offsets = np.full(labels.shape[1], slope), np.full(labels.shape[1], offset)
    for k in range(labels.shape[1]):
        n = int(labels[:, k].sum())
        if n:
            own = _platt(logits[:, k], labels[:, k])
            share = n / (n + strength)
            slopes[k] += share * (own[0] - slope)
            offsets[k] += share * (own[1] - offset)
    return slopes, offsets


def _platt(logits: Floats, labels: Bools) -> tuple[float, float]:
    model = LogisticRegression(C=100.0, random_state=0).fit(logits[:, None], labels)
    return max(float(model.coef_[0, 0]), 0.05), float(model.intercept_[0])


def choose_thresholds(scores: Floats, labels: Bools, *, strength: float = 30.0) -> Floats:
    """Per label the threshold with the best F1, drawn towards the best common one where examples are few.

    scores, labels: (texts, labels), out of fold. n examples give n / (n + strength) of the label's own.
    """
    grid = np.arange(0.05, 0.801, 0.01)
    common = _best(grid, scores, labels)
    thresholds = np.full(labels.shape[1], common)
    for k in range(labels.shape[1]):
        n = int(labels[:, k].sum())
        if n:
            own = _best(grid, scores[:, [k]], labels[:, [k]])
            thresholds[k] += n / (n + strength) * (own - common)
    return thresholds


def _best(grid: Floats, scores: Floats, labels: Bools) -> float:
    """The highest of the thresholds whose F1 is within 0.002 of the best: the guide prefers precision."""
    f1 = np.array([_f1(scores >= t, labels) for t in grid])
    return float(grid[f1 >= f1.max() - 0.002].max())


def _f1(given: Bools, labels: Bools) -> float:
    right = np.sum(given & labels)
    return float(2 * right / max(1, given.sum() + labels.sum()))
