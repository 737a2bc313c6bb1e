"""A teacher's lessons: what the tuned encoder and the linear model together say of passages that nobody judged.

The linear model that learns from them comes nearer to the two together at its own speed, and keeps its exact evidence
(Hinton et al. 2015, "Distilling the Knowledge in a Neural Network"). A fold takes about half an hour and is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import expit

from nlp.evaluation.figures import Figures, evaluate
from nlp.features import Floats, Ints
from nlp.fitting import Bools, calibrate, choose_thresholds
from nlp.pool import read_pool
from nlp.schemes import load_scheme
from nlp.teacher.labels import STEPS, SoftLabels, write_soft_labels
from nlp.teacher.tuning import Teacher
from nlp.teacher.weights import read_weights
from nlp.train import Codes, Examples, Lessons, Recipe, columns, fit, folds_of, gather

ENCODER_SHARE = 0.5  # of the encoder's logit beside the linear model's

Say = Callable[[str], None]
Report = dict[str, dict[str, Figures]]  # scheme → "linear", "encoder", "both" → figures out of fold


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Logits of both models for the passages held out, at `rows` of the examples, and for the pool: (texts, labels)."""

    rows: Ints
    linear: Floats
    encoder: Floats
    linear_pool: Floats
    encoder_pool: Floats

    def pool(self) -> Floats:
        """Both models together."""
        return blend(self.linear_pool, self.encoder_pool)


def blend(linear: Floats, encoder: Floats) -> Floats:
    """The mean of logits, by ENCODER_SHARE."""
    return np.asarray((1 - ENCODER_SHARE) * linear + ENCODER_SHARE * encoder)


def distil(recipe: Recipe, lessons: Lessons, *, threads: int = 2, say: Say = lambda _: None) -> Report:
    """Tune a teacher per fold, label the pool, write lessons.labels; returns what each model does out of fold.

    Passages of the pool that are annotated, or from test documents, are left out. Raises CorpusError, MissingExtra.
    """
    codes = {scheme: [c.code for c in load_scheme(scheme).top] for scheme in recipe.schemes}
    learn, test = gather(recipe, codes)
    known, kept_aside = set(learn.texts), set(test.groups)
    pool = [t for t in read_pool(lessons.texts) if t.group not in kept_aside and t.text not in known]
    say(f"{len(learn.texts)} passages to learn from, {len(pool)} to label")
    folds = [
        _fold(recipe, learn, held, rest, [t.text for t in pool], lessons.labels.parent, threads, say)
        for _, held, rest in folds_of(learn, recipe.folds)
    ]
    names = [f"{scheme}:{code}" for scheme, own in codes.items() for code in own]
    write_soft_labels(SoftLabels([t.id for t in pool], names, probabilities(folds, learn.targets)), lessons.labels)
    return report(codes, folds, learn)


def probabilities(folds: Sequence[Fold], targets: Floats) -> np.ndarray:
    """Of the pool, in STEPS: shape (folds, texts, labels). A fold's are calibrated on what the others held out."""
    found = []
    for fold in folds:
        others = [other for other in folds if other is not fold] or [fold]
        logits = np.vstack([blend(other.linear, other.encoder) for other in others])
        gold = np.vstack([targets[other.rows] for other in others]) > 0.5
        slope, offset = calibrate(logits, gold)
        found.append(np.round(STEPS * expit(fold.pool() * slope + offset)))
    return np.array(found, dtype=np.uint8)


def report(codes: Codes, folds: Sequence[Fold], learn: Examples) -> Report:
    """Figures out of fold, calibrated and with thresholds chosen as a model's are."""
    rows = np.concatenate([fold.rows for fold in folds])
    linear, encoder = (np.vstack([getattr(fold, name) for fold in folds]) for name in ("linear", "encoder"))
    groups, gold = [learn.groups[i] for i in rows], learn.targets[rows] > 0.5
    models = {"linear": linear, "encoder": encoder, "both": blend(linear, encoder)}
    return {
        scheme: {name: _figures(scheme, codes[scheme], logits[:, at], gold[:, at], groups) for name, logits in models.items()}
        for scheme, at in columns(codes)
    }  # fmt: skip


def _figures(scheme: str, codes: Sequence[str], logits: Floats, gold: Bools, groups: Sequence[str]) -> Figures:
    slope, offset = calibrate(logits, gold)
    scores = expit(logits * slope + offset)
    return evaluate(scheme, codes, scores, scores >= choose_thresholds(scores, gold), gold, groups)


def _fold(
    recipe: Recipe, learn: Examples, held: Bools, rest: Examples, pool: list[str], folder: Path, threads: int, say: Say
) -> Fold:
    """Both models trained on the rest. Kept in the folder, under a name that changes with what went in."""
    texts = learn.part(held).texts
    went_in = repr((rest.texts, rest.targets.tobytes(), texts, pool, recipe.encoder, recipe.keep, recipe.C))
    kept = folder / ".cache" / f"{hashlib.sha256(went_in.encode(errors='replace')).hexdigest()[:16]}.npz"
    if not kept.exists():
        say(f"tuning on {len(rest.texts)} passages, {len(texts)} held out")
        kept.parent.mkdir(parents=True, exist_ok=True)
        linear = fit(recipe, rest, {"all": [str(k) for k in range(rest.targets.shape[1])]}, threads)
        teacher = Teacher(read_weights(), threads=threads)
        teacher.tune(rest.texts, rest.targets, say=say)
        found = {
            "rows": np.flatnonzero(held),
            "linear": linear.heads[0].logits(linear.encoder.transform(texts)),
            "encoder": teacher.logits(texts),
            "linear_pool": linear.heads[0].logits(linear.encoder.transform(pool)),
            "encoder_pool": teacher.logits(pool),
        }
        with kept.with_suffix(".part").open("wb") as out:
            np.savez(out, **found)  # type: ignore[arg-type]
        kept.with_suffix(".part").rename(kept)
    with np.load(kept, allow_pickle=False) as arrays:
        return Fold(**arrays)
