"""Corpus + recipe → model folder: out-of-fold calibration and thresholds, figures, card.

Everything that is chosen is chosen on folds of the training passages that keep documents together; the
dev-test passages are only looked at once, at the end, for the figures in the card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit

from nlp import unseen
from nlp.classify import Classifier, Head
from nlp.evaluation import reliability
from nlp.evaluation.card import write_card
from nlp.evaluation.figures import Figures, evaluate
from nlp.examples import Codes, Examples, codes_of, columns, folds_of, gather
from nlp.features import Floats, make_encoder
from nlp.fitting import Bools, calibrate, choose_thresholds, fit_weights, telling_features
from nlp.models import save_model
from nlp.recipes import Recipe
from nlp.schemes import load_scheme

Say = Callable[[str], None]


def train(recipe: Recipe, folder: str | Path, *, jobs: int = 2, say: Say = lambda _: None) -> dict[str, Any]:
    """Make the model folder that the recipe describes; returns its metrics.

    Deterministic: the same inputs and library versions give the same bytes.
    """
    codes = codes_of(recipe.schemes)
    learn, test = gather(recipe, codes)
    say(f"{len(learn.texts)} passages to learn from, {len(test.texts)} kept for testing")
    logits = out_of_fold(recipe, learn, jobs, say)
    classifier = fit(recipe, learn, codes, jobs)
    say(f"trained on all: {len(classifier.encoder.vocabulary_)} features kept")
    measured = learn.part(learn.measured)
    model, figures, given = settle(classifier, measured, logits)
    if test.texts:
        for scheme, found in measure(model, test).items():
            figures[scheme]["dev_test"] = found
    report = _report(recipe, learn, test, figures)
    save_model(
        folder, model, name=recipe.name, version=recipe.version, metrics=report,
        card=write_card(report, figure=reliability.FILE), recipe=recipe.text, schemes=_concepts(recipe.schemes),
        more={
            unseen.FILE: unseen.pack(learn.groups, measured.texts, given),
            reliability.FILE: reliability.draw_reliability(report["figures"]).encode(),
        },
    )  # fmt: skip
    return report


def out_of_fold(recipe: Recipe, learn: Examples, jobs: int, say: Say) -> Floats:
    """Logits of the measured passages, each from a model that saw nothing of its document: (measured, labels)."""
    logits: Floats = np.zeros_like(learn.targets)
    for held, _, own in fit_folds(recipe, learn, jobs, say):
        logits[held] = own
    return logits[learn.measured]


def fit_folds(recipe: Recipe, learn: Examples, jobs: int, say: Say) -> Iterator[tuple[Bools, Classifier, Floats]]:
    """Per fold: which rows are measured in it, a model that saw nothing of their documents, all labels in one head, and
    its logits of them.
    """
    labels = [str(k) for k in range(learn.targets.shape[1])]
    for fold, held, rest in folds_of(learn, recipe.folds):
        model = fit(recipe, rest, {"all": labels}, jobs)
        yield held, model, model.heads[0].logits(model.encoder.transform(learn.part(held).texts))
        say(f"fold {fold + 1} of {recipe.folds}: {int(held.sum())} passages")


def fit(recipe: Recipe, learn: Examples, codes: Codes, jobs: int) -> Classifier:
    """Learn the features, keep those that tell labels apart best, and fit all labels on them."""
    encoder = make_encoder(recipe.encoder)
    rows = encoder.fit(learn.texts).transform(learn.texts)
    if rows.shape[1] > recipe.keep:
        rows = encoder.keep(telling_features(rows, learn.targets, recipe.keep)).transform(learn.texts)
    weights, intercept = fit_weights(rows, learn.targets, learn.weight, C=recipe.C, jobs=jobs)
    return Classifier(
        encoder,
        tuple(
            Head(scheme, tuple(codes[scheme]), weights[:, at], intercept[at], np.full(len(codes[scheme]), 0.5))
            for scheme, at in columns(codes)
        ),
    )


def settle(
    classifier: Classifier, measured: Examples, logits: Floats
) -> tuple[Classifier, dict[str, dict[str, Figures]], dict[str, Bools]]:
    """Calibrate the heads and choose their thresholds on out-of-fold logits; gives the figures they have there, and the
    labels they give there, per scheme (measured, labels).
    """
    heads, figures, given = [], {}, {}
    for head, at in _heads(classifier):
        judged, gold, groups = measured.judged(at)
        slope, offset = calibrate(logits[judged][:, at], gold)
        scores = expit(logits[:, at] * slope + offset)
        settled = Head(
            head.scheme, head.codes, head.weights * slope, head.intercept * slope + offset,
            choose_thresholds(scores[judged], gold),
        )  # fmt: skip
        heads.append(settled)
        figures[head.scheme] = {"out_of_fold": _figures(settled, scores[judged], gold, groups)}
        given[head.scheme] = scores >= settled.thresholds
    return Classifier(classifier.encoder, tuple(heads)), figures, given


def measure(model: Classifier, test: Examples) -> dict[str, Figures]:
    """The figures of a finished model on passages it did not learn from, by scheme."""
    scores, figures = model.scores(test.texts), {}
    for head, at in _heads(model):
        judged, gold, groups = test.judged(at)
        figures[head.scheme] = _figures(head, scores[head.scheme][judged], gold, groups)
    return figures


def _heads(classifier: Classifier) -> list[tuple[Head, slice]]:
    parts = columns({head.scheme: list(head.codes) for head in classifier.heads})
    return [(head, at) for head, (_, at) in zip(classifier.heads, parts, strict=True)]


def _figures(head: Head, scores: Floats, gold: Bools, groups: Sequence[str]) -> Figures:
    return evaluate(head.scheme, head.codes, scores, scores >= head.thresholds, gold, groups)


def _concepts(schemes: Sequence[str]) -> dict[str, dict[str, dict[str, str]]]:
    return {
        scheme: {c.code: {"nl": c.label_nl, "en": c.label_en, "uri": c.uri} for c in load_scheme(scheme).top}
        for scheme in schemes
    }


def _report(recipe: Recipe, learn: Examples, test: Examples, figures: dict[str, dict[str, Figures]]) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "version": recipe.version,
        "learnt_from": len(learn.texts),
        "tested_on": len(test.texts),
        "sources": [{"name": s.path.name, "about": s.about, "weight": s.weight} for s in recipe.sources],
        "versions": {p: metadata.version(p) for p in ("numpy", "scipy", "scikit-learn")},
        "figures": {scheme: {on: _rounded(asdict(f)) for on, f in sets.items()} for scheme, sets in figures.items()},
    }


def _rounded(figures: Any) -> Any:
    """To six decimals: the last digits depend on the processor, and a model's bytes should not."""
    if isinstance(figures, dict):
        return {name: _rounded(value) for name, value in figures.items()}
    if isinstance(figures, list | tuple):
        return [_rounded(value) for value in figures]
    return round(figures, 6) if isinstance(figures, float) else figures
