"""What choosing saves: `python tests/benchmarks/choosing.py [--annotations FILE] [--seeds N] [--learner logistic]`.

A simulated annotator: passages of a fifth of the documents measure, the rest is the pool. After 150 random passages each
way of choosing gets 150 more at a time, with the labels they have. Printed is how many labels random choice needs for
the F1 that a way of choosing reaches: means over seeds, each with its own held-out documents. Split dev-test stays out.

The learner is quick, so that there can be many rounds: ridge regression on the 500 first components of the TF-IDF rows.
Calibration and thresholds are those of training. `--learner logistic` has training's own regression: 20 times slower.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.special import expit
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import Ridge

from nlp.choose import SHARES, Pool, choose
from nlp.corpus import fold_of, read_annotations
from nlp.examples import columns, targets_of
from nlp.features import Floats, Ints, TfidfEncoder
from nlp.fitting import Bools, calibrate, choose_thresholds, fit_weights
from nlp.mentions import find_mentions
from nlp.schemes import load_scheme

ROOT = Path(__file__).parent.parent.parent
ANNOTATIONS = ROOT.parent / "shared" / "annotation" / "passages.jsonl"
START, STEP, END, ALL = 150, 150, 1650, 4400
HELD_OUT, FOLDS = 5, 3
OFTEN = 5  # examples from which a label counts in macro F1
FIGURES = ("sdg micro", "sdg macro", "imvo micro", "imvo macro")
WAYS = {"doubt alone": {"doubt": 1.0}, "the default mix": SHARES, "rare alone": {"rare": 1.0}}
CODES = {scheme: [c.code for c in load_scheme(scheme).top] for scheme in ("sdg", "imvo")}
Learner = Callable[[Ints, Ints], Floats]  # rows to learn, rows to judge → logits


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Annotated passages: rows are TF-IDF, dense their first components; labels, named: (passages, labels)."""

    groups: list[str]
    rows: sparse.csr_matrix
    dense: Floats
    labels: Bools
    named: Bools


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--annotations", type=Path, default=ANNOTATIONS)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--learner", choices=["ridge", "logistic"], default="ridge")
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=WAYS)
    given = parser.parse_args()
    corpus = load(given.annotations)
    make = ridge if given.learner == "ridge" else logistic
    print(f"{len(corpus.groups)} passages, {given.seeds} seeds, learner {given.learner}")
    sizes = range(START, END + 1, STEP)
    random = mean_curve(corpus, make, None, [*sizes, *range(END + 350, ALL, 400)], given.seeds)
    print(f"{'labels':>10}" + "".join(f"{name:>14}" for name in FIGURES))
    for size, *figures in random[::3].tolist():
        print(f"{size:10.0f}" + "".join(f"{figure:14.3f}" for figure in figures))
    for name in given.ways:
        begin = time.process_time()
        compare(name, mean_curve(corpus, make, WAYS[name], list(sizes), given.seeds), random)
        print(f"{'':16}{time.process_time() - begin:.0f} s of processor time", flush=True)


def compare(name: str, curve: Floats, random: Floats) -> None:
    for k, figure in enumerate(FIGURES, 1):
        told, saved = [], []
        for labels, reached in curve[:, [0, k]].tolist():
            if labels >= 600:
                needed = needs(random, k, reached)
                saved.append(1 - labels / needed)
                if labels % 450 == 0 or labels == END:
                    told.append(f"{reached:.3f}: {labels:.0f} for {needed:.0f} ({labels / needed - 1:+.0%})")
        print(f"{name if k == 1 else '':16}{figure:12}{-np.mean(saved):+5.0%} labels   {'; '.join(told)}")


def needs(random: Floats, k: int, reached: float) -> float:
    """The labels with which random choice first reaches a figure; the most there were, if it never does."""
    best = np.maximum.accumulate(random[:, k])
    return float(np.interp(reached, best, random[:, 0]))


def load(path: Path) -> Corpus:
    found = [a for a in read_annotations(path) if a.split != "dev-test"]
    texts = [a.text for a in found]
    rows = TfidfEncoder(min_df=4, max_features=30_000, ngrams=(4, 5), pairs=False).fit(texts).transform(texts)
    dense = TruncatedSVD(min(500, len(texts) - 1), n_iter=2, random_state=0).fit_transform(rows)
    dense /= np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-9)
    names = [(scheme, code) for scheme, codes in CODES.items() for code in codes]
    mentions = [{(m.scheme, m.code) for m in find_mentions(text)} for text in texts]
    return Corpus(
        [a.group or a.passage for a in found],
        rows,
        dense,
        np.nan_to_num(targets_of(found, CODES)) > 0.5,
        np.array([[name in here for name in names] for here in mentions]),
    )


def ridge(corpus: Corpus) -> Learner:
    def learn(known: Ints, judged: Ints) -> Floats:
        model = Ridge(alpha=1.0, solver="cholesky").fit(corpus.dense[known], corpus.labels[known] * 2.0 - 1)
        return np.asarray(model.predict(corpus.dense[judged]))

    return learn


def logistic(corpus: Corpus) -> Learner:
    def learn(known: Ints, judged: Ints) -> Floats:
        targets = corpus.labels[known].astype(np.float64)
        weights, intercept = fit_weights(corpus.rows[known], targets, np.ones(len(known)), C=10, jobs=1)
        return np.asarray(corpus.rows[judged] @ weights + intercept)

    return learn


def mean_curve(
    corpus: Corpus, make: Callable[[Corpus], Learner], shares: dict[str, float] | None, sizes: Sequence[int], seeds: int
) -> Floats:
    """Labels and FIGURES per size, shape (sizes, 5); shares None: at random."""
    return np.mean([curve(corpus, make(corpus), shares, sizes, seed) for seed in range(seeds)], axis=0)


def curve(corpus: Corpus, learner: Learner, shares: dict[str, float] | None, sizes: Sequence[int], seed: int) -> Floats:
    held = np.array([fold_of(f"{seed}: {group}", HELD_OUT) == 0 for group in corpus.groups])
    test, pool = np.flatnonzero(held), np.flatnonzero(~held)
    order = np.random.default_rng(seed).permutation(pool)
    known, found = order[: sizes[0]], []
    for now, size in zip(sizes, [*sizes[1:], None], strict=True):
        left = np.setdiff1d(pool, known)
        scores, thresholds = judge(corpus, learner, known, np.concatenate([left, test]))
        found.append([len(known), *figures(scores[len(left) :] >= thresholds, corpus.labels[test])])
        if size and shares is None:
            known = order[:size]
        elif size:
            asked = Pool(
                labels=tuple((scheme, code) for scheme, codes in CODES.items() for code in codes),
                scores=scores[: len(left)],
                thresholds=thresholds,
                named=corpus.named[left],
                examples=corpus.labels[known].sum(0),
                rows=lambda numbers, left=left: corpus.rows[left[numbers]],
                known=corpus.rows[known],
            )
            chosen = [choice.at for choice in choose(asked, size - len(known), shares=shares, seed=seed + now)]
            known = np.concatenate([known, left[chosen]])
    return np.array(found)


def judge(corpus: Corpus, learner: Learner, known: Ints, judged: Ints) -> tuple[Floats, Floats]:
    """Probabilities and thresholds, as training makes them: out of fold, documents together."""
    folds = np.array([fold_of(corpus.groups[i], FOLDS) for i in known])
    inside = np.zeros((len(known), corpus.labels.shape[1]))
    for fold in np.unique(folds).tolist():
        inside[folds == fold] = learner(known[folds != fold], known[folds == fold])
    logits, thresholds = learner(known, judged), np.zeros(inside.shape[1])
    for _, at in columns(CODES):
        gold = corpus.labels[known][:, at]
        slope, offset = calibrate(inside[:, at], gold)
        thresholds[at] = choose_thresholds(expit(inside[:, at] * slope + offset), gold)
        logits[:, at] = logits[:, at] * slope + offset
    return expit(logits), thresholds


def figures(given: Bools, gold: Bools) -> list[float]:
    found = []
    for _, at in columns(CODES):
        right, whole = (given & gold)[:, at].sum(0), given[:, at].sum(0) + gold[:, at].sum(0)
        often = gold[:, at].sum(0) >= OFTEN
        found += [2 * right.sum() / max(1, whole.sum()), float(np.mean((2 * right / np.maximum(1, whole))[often]))]
    return found


if __name__ == "__main__":
    main()
