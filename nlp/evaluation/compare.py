"""Two models on the same gold: what changed, per label, with paired intervals over documents; losses first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.evaluation.figures import Bools, Floats, Interval, interval, mean_known, ratios, resample


@dataclass(frozen=True, slots=True)
class Change:
    """One figure (0..1) under the old and the new model.

    interval: 95 % of the difference, bootstrapped over documents with the same draws for both models. verdict:
    "worse" or "better" where the interval is wholly below or above 0, "same" where no decision changed, else "unclear";
    of 20 labels that are no better or worse about one gets a verdict by chance. mended, broken: decisions that became right, or wrong.
    """

    name: str  # a code, or "micro F1", "macro F1", "none right", "all labels right"
    support: int
    before: float
    after: float
    difference: float
    interval: Interval
    verdict: str
    mended: int
    broken: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed in one scheme. retagged: passages whose labels are not the same under both models."""

    scheme: str
    passages: int
    retagged: int
    overall: tuple[Change, ...]
    labels: tuple[Change, ...]  # the greatest loss first


def compare(
    scheme: str,
    codes: Sequence[str],
    old: Bools,
    new: Bools,
    gold: Bools,
    groups: Sequence[str],
    *,
    macro_from: int = 5,
) -> Comparison:
    """old, new, gold: (passages, labels), what either model gave and what is right; groups: the documents."""
    mended, broken = (old != gold) & (new == gold), (old == gold) & (new != gold)
    sums = _f1_sums(old, new, gold, groups)
    f1 = ratios(sums[0], sums[1], np.nan)  # (labels, models, 1 + rounds)
    support = gold.sum(0)
    labels = [
        _change(code, int(support[k]), f1[k], mended[:, k], broken[:, k])
        for k, code in enumerate(codes)
        if sums[1, k].any()  # neither in gold nor given by any: nothing to say
    ]
    part, whole = sums.sum(1)
    overall = [_change("micro F1", int(support.sum()), ratios(part, whole, np.nan), mended, broken)]
    often = support >= macro_from
    if often.any():
        macro = np.stack([mean_known(model.T) for model in f1[often].swapaxes(0, 1)])
        overall.append(_change("macro F1", int(support[often].sum()), macro, mended[:, often], broken[:, often]))
    for name, rows in (("none right", ~gold.any(1)), ("all labels right", np.ones(len(gold), dtype=bool))):
        if rows.any():
            overall.append(_share(name, old[rows], new[rows], gold[rows], np.asarray(groups)[rows].tolist()))
    return Comparison(
        scheme=scheme,
        passages=len(gold),
        retagged=int((old != new).any(1).sum()),
        overall=tuple(overall),
        labels=tuple(sorted(labels, key=lambda change: change.difference)),
    )


def _f1_sums(old: Bools, new: Bools, gold: Bools, groups: Sequence[str]) -> Floats:
    """F1 as a fraction: 2 · right over given + gold, shape (2, labels, models, 1 + rounds); the first is what is."""
    given = np.stack([old, new])
    counts = np.stack([2 * (given & gold), given.astype(int) + gold])  # (2, models, passages, labels)
    flat = counts.transpose(2, 0, 3, 1).reshape(len(gold), -1)
    drawn = np.vstack([flat.sum(0), resample(flat, groups)])
    return drawn.T.reshape(2, gold.shape[1], 2, -1)


def _share(name: str, old: Bools, new: Bools, gold: Bools, groups: Sequence[str]) -> Change:
    """The share of passages with exactly the right labels."""
    right = np.stack([(old == gold).all(1), (new == gold).all(1)], axis=1)
    counts = np.column_stack([right, np.ones(len(gold))])
    drawn = np.vstack([counts.sum(0), resample(counts, groups)])
    shares = ratios(drawn[:, :2], drawn[:, [2, 2]], np.nan).T
    return _change(name, len(gold), shares, right[:, 1] & ~right[:, 0], right[:, 0] & ~right[:, 1])


def _change(name: str, support: int, figures: Floats, mended: Bools, broken: Bools) -> Change:
    """figures: (2, 1 + rounds), old and new, first what is. Of nothing a figure counts as 0, in a draw too: a label that
    few documents have is then in doubt, as it should be, and not as sure as the one draw that has it.
    """
    known = np.nan_to_num(figures)
    before, after = known[:, 0].tolist()
    low, high = interval(known[1, 1:] - known[0, 1:])
    counts = int(mended.sum()), int(broken.sum())
    verdict = "worse" if high < 0 else "better" if low > 0 else "unclear" if any(counts) else "same"
    return Change(name, support, before, after, after - before, (low, high), verdict, *counts)
