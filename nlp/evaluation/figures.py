"""Taggings against gold: figures per label with intervals, what is taken for what, and how far scores can be believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Interval = tuple[float, float]

ROUNDS = 1000  # of the bootstrap: the ends of an interval are then sure to about 0.002


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Precision, recall and F1 (0..1) of one label; support: how often gold has it; ap: average precision."""

    code: str
    precision: float
    recall: float
    f1: float
    support: int
    ap: float | None  # None without support
    interval: Interval  # 95 % of F1, bootstrapped over documents


@dataclass(frozen=True, slots=True)
class Figures:
    """One scheme on one set of passages.

    macro_f1: over labels with at least `macro_from` examples. interval, macro_interval: 95 % of micro and macro F1,
    bootstrapped over documents. none_accuracy: share of the passages judged empty that got no tag. ece: expected
    calibration error over ten equal bins of all scores ≥ 0.05 (Guo et al. 2017).
    """

    scheme: str
    passages: int
    micro_precision: float
    micro_recall: float
    micro_f1: float
    interval: Interval
    macro_f1: float
    macro_interval: Interval
    macro_from: int
    subset_accuracy: float
    none_accuracy: float | None
    ece: float
    labels: tuple[LabelFigures, ...]
    reliability: tuple[tuple[float, float, int], ...]  # mean score, share right, count: per bin


@dataclass(frozen=True, slots=True)
class Confusion:
    """In `count` passages the label `gold` was missed while `given` was given wrongly.

    given is None where nothing was given wrongly, gold is None where nothing was missed.
    """

    gold: str | None
    given: str | None
    count: int


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
    empty, frequent = ~gold.any(1), gold.sum(0) >= macro_from
    f1 = ratios(2 * tp, 2 * tp + fp + fn)
    per_label, micro, macro = _intervals(given, gold, groups, frequent)
    labels = tuple(
        LabelFigures(
            code,
            _ratio(tp[k], tp[k] + fp[k]),
            _ratio(tp[k], tp[k] + fn[k]),
            float(f1[k]),
            int(gold[:, k].sum()),
            float(average_precision_score(gold[:, k], scores[:, k])) if gold[:, k].any() else None,
            per_label[k],
        )
        for k, code in enumerate(codes)
    )
    reliability, ece = _reliability(scores, gold)
    return Figures(
        scheme=scheme,
        passages=len(gold),
        micro_precision=_ratio(tp.sum(), tp.sum() + fp.sum()),
        micro_recall=_ratio(tp.sum(), tp.sum() + fn.sum()),
        micro_f1=_ratio(2 * tp.sum(), 2 * tp.sum() + fp.sum() + fn.sum()),
        interval=micro,
        macro_f1=float(f1[frequent].mean()) if frequent.any() else 0.0,
        macro_interval=macro,
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


def confusions(codes: Sequence[str], given: Bools, gold: Bools) -> tuple[Confusion, ...]:
    """Which label was given where another was missed, the most frequent first.

    A passage that misses two labels and has one wrong one counts for both pairs.
    """
    pairs: Counter[tuple[int, int]] = Counter()
    for missed, wrong in zip(gold & ~given, given & ~gold, strict=True):
        instead = np.flatnonzero(wrong).tolist() or [-1]
        pairs.update((m, w) for m in np.flatnonzero(missed).tolist() or [-1] for w in instead)
    del pairs[-1, -1]
    named: list[str | None] = [*codes, None]  # index -1 is None
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0][0] < 0, pair[0]))
    return tuple(Confusion(named[m], named[w], count) for (m, w), count in ordered)


def resample(values: NDArray[Any], groups: Sequence[str], rounds: int = ROUNDS) -> Floats:
    """Sums of the values, shape (passages, k), in bootstrap samples of whole documents: shape (rounds, k).

    The same groups are always drawn alike, so that two taggings of the same passages can be compared in pairs.
    """
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    per_group = np.zeros((len(names), values.shape[1]))
    if not len(names):
        return np.zeros((rounds, values.shape[1]))
    np.add.at(per_group, index, values)
    times = np.random.default_rng(0).multinomial(len(names), np.full(len(names), 1 / len(names)), size=rounds)
    return np.asarray(times @ per_group)


def interval(draws: Floats) -> Interval:
    """The middle 95 % of draws; those that are not a number (nothing to measure) are left out."""
    known = draws[~np.isnan(draws)]
    if not len(known):
        return 0.0, 0.0
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)


def ratios(part: NDArray[Any], whole: NDArray[Any], otherwise: float = 0.0) -> Floats:
    """One by the other, and `otherwise` where whole is 0."""
    found: Floats = np.full(np.shape(whole), otherwise)
    np.divide(part, whole, out=found, where=np.asarray(whole) > 0)
    return found


def mean_known(values: Floats) -> Floats:
    """The mean of each row over what is a number; rows without any stay nan."""
    known = ~np.isnan(values)
    return ratios(np.where(known, values, 0.0).sum(1), known.sum(1), np.nan)


def _intervals(
    given: Bools, gold: Bools, groups: Sequence[str], frequent: Bools
) -> tuple[list[Interval], Interval, Interval]:
    """Of F1: per label, micro, and macro over the frequent labels."""
    part, whole = np.split(resample(np.hstack([2 * (given & gold), given.astype(int) + gold]), groups), 2, axis=1)
    f1 = ratios(part, whole, np.nan)
    micro = ratios(part.sum(1), whole.sum(1), np.nan)
    return [interval(column) for column in f1.T], interval(micro), interval(mean_known(f1[:, frequent]))


def _ratio(part: Any, whole: Any) -> float:
    return float(part / whole) if whole else 0.0


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
