"""How many labels flipped on purpose are found: `python tests/benchmarks/suspects.py [--annotations FILE] [--seeds N]`.

In 5 % of the passages one decision of the scheme is made wrong: a label dropped, swapped for another, or added, each as
likely (a passage without labels can only get one too many). Recall: the share of them among the tenth of all passages
that are the strangest. What was wrong already counts against it. Passages of split dev-test stay out.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.special import expit

from nlp.corpus import fold_of, read_annotations
from nlp.examples import targets_of
from nlp.features import Floats, TfidfEncoder
from nlp.fitting import Bools, calibrate, choose_thresholds, fit_weights
from nlp.schemes import load_scheme
from nlp.suspects import suspicion

ROOT = Path(__file__).parent.parent.parent
ANNOTATIONS = ROOT.parent / "shared" / "annotation" / "passages.jsonl"
SHARE, TOP, FOLDS = 0.05, 0.1, 3
KINDS = ("drop", "swap", "add")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--annotations", type=Path, default=ANNOTATIONS)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    rows = [a for a in read_annotations(given.annotations) if a.split != "dev-test"]
    texts = [a.text for a in rows]
    features = TfidfEncoder(min_df=4, max_features=20_000, ngrams=(4, 5), pairs=False).fit(texts).transform(texts)
    folds = np.array([fold_of(a.group or a.passage, FOLDS) for a in rows])
    print(f"{len(rows)} passages, {given.seeds} seeds; recall in the top {TOP:.0%} of the passages")
    print(f"{'scheme':8}{'ranked by':28}{'all':>8}" + "".join(f"{kind:>8}" for kind in KINDS))
    for scheme in ("sdg", "imvo"):
        labels = targets_of(rows, {scheme: [c.code for c in load_scheme(scheme).top]}) > 0.5
        found: dict[str, list[list[float]]] = defaultdict(list)
        for seed in range(given.seeds):
            noisy, kinds = flip(labels, np.random.default_rng(seed))
            scores, thresholds = out_of_fold(features, noisy, folds)
            for name, strange in rankings(scores, thresholds, noisy).items():
                top = set(np.argsort(-strange.max(1), kind="stable")[: round(TOP * len(rows))].tolist())
                found[name].append(
                    [np.mean([i in top for i in kinds if kinds[i] in which]) for which in (KINDS, *zip(KINDS))]
                )
        for name, recalls in found.items():
            print(f"{scheme:8}{name:28}" + "".join(f"{recall:8.3f}" for recall in np.mean(recalls, axis=0)), flush=True)


def flip(labels: Bools, draw: np.random.Generator) -> tuple[Bools, dict[int, str]]:
    """The labels with mistakes, and of which kind the mistake in each spoilt passage is."""
    noisy, kinds = labels.copy(), {}
    for i in draw.choice(len(labels), round(SHARE * len(labels)), replace=False).tolist():
        on, off = np.flatnonzero(labels[i]), np.flatnonzero(~labels[i])
        kinds[i] = str(draw.choice(KINDS)) if len(on) else "add"
        if kinds[i] != "add":
            noisy[i, draw.choice(on)] = False
        if kinds[i] != "drop":
            noisy[i, draw.choice(off)] = True
    return noisy, kinds


def out_of_fold(features: object, labels: Bools, folds: np.ndarray) -> tuple[Floats, Floats]:
    """Calibrated probabilities and thresholds, as training makes them."""
    logits, targets = np.zeros(labels.shape), labels.astype(np.float64)
    for fold in range(FOLDS):
        held = folds == fold
        weights, intercept = fit_weights(features[~held], targets[~held], np.ones((~held).sum()), C=10, jobs=1)
        logits[held] = features[held] @ weights + intercept
    slope, offset = calibrate(logits, labels)
    scores = expit(logits * slope + offset)
    return scores, choose_thresholds(scores, labels)


def rankings(scores: Floats, thresholds: Floats, labels: Bools) -> dict[str, Floats]:
    """Ours, and what others rank by."""
    usual = np.array([scores[labels[:, k], k].mean() if labels[:, k].any() else 0.5 for k in range(labels.shape[1])])
    rest = np.array([scores[~labels[:, k], k].mean() for k in range(labels.shape[1])])
    return {
        "log odds to the threshold": suspicion(scores, thresholds, labels),
        "self-confidence": np.where(labels, 1 - scores, scores),
        "normalised self-confidence": np.where(labels, usual - scores, scores - rest),
    }


if __name__ == "__main__":
    main()
