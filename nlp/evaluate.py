"""Taggings against gold: figures per label with intervals, and how far scores can be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Precision, recall and F1 (0..1) of one label; support: how often gold has it; ap: average precision."""

    code: str
    precision: float
    recall: float
    f1: float
    support: int
    ap: float | None  # None without support


@dataclass(frozen=True, slots=True)
class Figures:
    """One scheme on one set of passages.

    macro_f1: over labels with at least `macro_from` examples. interval: 95 % of micro F1, bootstrapped over
    documents. none_accuracy: share of the passages judged empty that got no tag. ece: expected calibration
    error over ten equal bins of all scores ≥ 0.05 (Guo et al. 2017).
    """

    scheme: str
    passages: int
    micro_precision: float
    micro_recall: float
    micro_f1: float
    interval: tuple[float, float]
    macro_f1: float
    macro_from: int
    subset_accuracy: float
    none_accuracy: float | None
    ece: float
    labels: tuple[LabelFigures, ...]
    reliability: tuple[tuple[float, float, int], ...]  # mean score, share right, count: per bin


def evaluate(
    scheme: str,
    codes: Sequence[str],
    scores: Floats,
    given: Bools,
    gold: Bools,
    groups: Sequence[str],
    *,
    macro_from: int = 5,
) -> Figures:
    """scores, given, gold: (passages, labels); groups: the document of each passage."""
    tp, fp, fn = (given & gold).sum(0), (given & ~gold).sum(0), (~given & gold).sum(0)
    labels = tuple(
        LabelFigures(
            code,
            _ratio(tp[k], tp[k] + fp[k]),
            _ratio(tp[k], tp[k] + fn[k]),
            _ratio(2 * tp[k], 2 * tp[k] + fp[k] + fn[k]),
            int(gold[:, k].sum()),
            float(average_precision_score(gold[:, k], scores[:, k])) if gold[:, k].any() else None,
        )
        for k, code in enumerate(codes)
    )
    frequent = [figures.f1 for figures in labels if figures.support >= macro_from]
    empty = ~gold.any(1)
    reliability, ece = _reliability(scores, gold)
    return Figures(
        scheme=scheme,
        passages=len(gold),
        micro_precision=_ratio(tp.sum(), tp.sum() + fp.sum()),
        micro_recall=_ratio(tp.sum(), tp.sum() + fn.sum()),
        micro_f1=_ratio(2 * tp.sum(), 2 * tp.sum() + fp.sum() + fn.sum()),
        interval=_bootstrap(given, gold, groups),
        macro_f1=float(np.mean(frequent)) if frequent else 0.0,
        macro_from=macro_from,
        subset_accuracy=float((given == gold).all(1).mean()) if len(gold) else 0.0,
        none_accuracy=float((~given[empty].any(1)).mean()) if empty.any() else None,
        ece=ece,
        labels=labels,
        reliability=reliability,
    )


def gold_matrix(labels: Sequence[Sequence[str]], codes: Sequence[str]) -> Bools:
    """Lists of codes → truth values, shape (passages, labels)."""
    return np.array([[code in row for code in codes] for row in map(set, labels)], dtype=bool).reshape(
        len(labels), len(codes)
    )


def _ratio(part: Any, whole: Any) -> float:
    return float(part / whole) if whole else 0.0


def _bootstrap(given: Bools, gold: Bools, groups: Sequence[str], rounds: int = 500) -> tuple[float, float]:
    """95 % interval of micro F1 when documents are drawn with replacement."""
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    if not len(names):
        return 0.0, 0.0
    per_group = np.zeros((len(names), 2))
    np.add.at(per_group, index, np.column_stack([2 * (given & gold).sum(1), given.sum(1) + gold.sum(1)]))
    drawn = np.random.default_rng(0).integers(0, len(names), (rounds, len(names)))
    sums = per_group[drawn].sum(1)
    sums = sums[sums[:, 1] > 0]  # a draw without any label says nothing
    if not len(sums):
        return 0.0, 0.0
    f1 = sums[:, 0] / sums[:, 1]
    low, high = np.percentile(f1, [2.5, 97.5])
    return float(low), float(high)


def _reliability(scores: Floats, gold: Bools) -> tuple[tuple[tuple[float, float, int], ...], float]:
    shown = scores >= 0.05  # the mass of plain noughts would flatter the error
    score, right = scores[shown], gold[shown]
    if not len(score):
        return (), 0.0
    bins = np.minimum((score * 10).astype(int), 9)
    rows = [
        (float(score[bins == b].mean()), float(right[bins == b].mean()), int((bins == b).sum()))
        for b in range(10)
        if (bins == b).any()
    ]
    error = sum(abs(mean - share) * n for mean, share, n in rows) / len(score)
    return tuple(rows), float(error)
