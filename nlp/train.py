"""Corpus + recipe → model folder: out-of-fold calibration and thresholds, figures, card.

Everything that is chosen is chosen on folds of the training passages that keep documents together; the
dev-test passages are only looked at once, at the end, for the figures in the card.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit

from nlp.card import write_card
from nlp.classify import Bools, Classifier, Head, calibrate, choose_thresholds, fit_weights, telling_features
from nlp.corpus import fold_of, read_annotations
from nlp.errors import CorpusError, DoelwijzerError
from nlp.evaluate import Figures, evaluate, gold_matrix
from nlp.features import ENCODERS, Floats
from nlp.models import save_model
from nlp.records import Annotation
from nlp.schemes import load_scheme

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """Annotations to learn from. measured: its passages count in the folds that thresholds are chosen on."""

    path: Path
    weight: float = 1.0
    measured: bool = True
    about: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides a model; `text` is the TOML it came from."""

    name: str
    version: str
    schemes: tuple[str, ...]
    sources: tuple[Source, ...]
    encoder: dict[str, Any]
    keep: int  # features kept
    C: float
    folds: int
    text: str


def read_recipe(path: str | Path) -> Recipe:
    """A recipe in TOML; paths in it are relative to the recipe's file. Raises DoelwijzerError."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
        sources = tuple(Source(**(s | {"path": path.parent / s["path"]})) for s in table["source"])
        return Recipe(
            name=table["name"],
            version=str(table["version"]),
            schemes=tuple(table["schemes"]),
            sources=sources,
            encoder=table.get("encoder", {}),
            keep=int(table["classifier"]["keep"]),
            C=float(table["classifier"]["C"]),
            folds=int(table["classifier"]["folds"]),
            text=text,
        )
    except FileNotFoundError:
        raise DoelwijzerError(f"{path}: no such recipe.", hint="Recipes are in models/recipes/.") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise DoelwijzerError(f"{path}: {error}.", hint="Compare it with models/recipes/default.toml.") from None


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """What a model learns from, row by row."""

    annotations: list[Annotation]
    weight: Floats
    measured: Bools

    def texts(self, rows: Bools) -> list[str]:
        return [a.text for a, use in zip(self.annotations, rows, strict=True) if use]


def train(recipe: Recipe, folder: str | Path, *, jobs: int = 2, say: Say = lambda _: None) -> dict[str, Any]:
    """Make the model folder that the recipe describes; returns its metrics.

    Deterministic: the same inputs and library versions give the same bytes.
    """
    examples, test = _gather(recipe)
    codes = {scheme: [c.code for c in load_scheme(scheme).top] for scheme in recipe.schemes}
    say(f"{len(examples.annotations)} passages to learn from, {len(test)} kept for testing")
    gold = {s: _gold(examples.annotations, s, codes[s]) for s in recipe.schemes}
    everything = np.hstack([gold[s] for s in recipe.schemes])

    logits = _out_of_fold(recipe, examples, everything, jobs, say)
    measured = examples.measured
    classifier = _fit(recipe, examples, np.ones(len(measured), dtype=bool), everything, codes, jobs)
    say(f"trained on all: {len(classifier.encoder.vocabulary_)} features kept")

    heads, metrics, at = [], {}, 0
    groups = [a.group or a.passage for a in examples.annotations]
    for head in classifier.heads:
        own = logits[measured, at : at + len(head.codes)]
        at += len(head.codes)
        slope, offset = calibrate(own, gold[head.scheme][measured])
        scores = expit(own * slope + offset)
        thresholds = choose_thresholds(scores, gold[head.scheme][measured])
        heads.append(Head(head.scheme, head.codes, head.weights * slope, head.intercept * slope + offset, thresholds))
        metrics[head.scheme] = {
            "out_of_fold": _figures(
                head,
                scores,
                thresholds,
                gold[head.scheme][measured],
                [g for g, m in zip(groups, measured, strict=True) if m],
            )
        }
    final = Classifier(classifier.encoder, tuple(heads))
    if test:
        _measure(final, test, codes, metrics)
    report = _report(recipe, examples, test, metrics)
    schemes = {
        s: {c.code: {"nl": c.label_nl, "en": c.label_en, "uri": c.uri} for c in load_scheme(s).top} for s in codes
    }
    save_model(
        folder, final, name=recipe.name, version=recipe.version, metrics=report, card=write_card(report),
        recipe=recipe.text, schemes=schemes,
    )  # fmt: skip
    return report


def _gather(recipe: Recipe) -> tuple[Examples, list[Annotation]]:
    learn: list[Annotation] = []
    weight: list[float] = []
    measured: list[bool] = []
    test: list[Annotation] = []
    for source in recipe.sources:
        for annotation in read_annotations(source.path):
            if annotation.split == "dev-test":
                test.append(annotation)
            else:
                learn.append(annotation)
                weight.append(source.weight)
                measured.append(source.measured)
    if not learn:
        raise CorpusError(recipe.sources[0].path, "no passages to learn from", hint="Check the recipe's sources.")
    return Examples(learn, np.array(weight), np.array(measured)), test


def _gold(annotations: Sequence[Annotation], scheme: str, codes: Sequence[str]) -> Bools:
    return gold_matrix([a.labels.get(scheme, []) for a in annotations], codes)


def _out_of_fold(recipe: Recipe, examples: Examples, gold: Bools, jobs: int, say: Say) -> Floats:
    """Logits of every measured passage from a model that saw nothing of its document."""
    folds = np.array([fold_of(a.group or a.passage, recipe.folds) for a in examples.annotations])
    logits = np.zeros(gold.shape)
    for fold in range(recipe.folds):
        held = (folds == fold) & examples.measured
        model = _fit(recipe, examples, ~held, gold, {"all": [str(k) for k in range(gold.shape[1])]}, jobs)
        logits[held] = model.heads[0].logits(model.encoder.transform(examples.texts(held)))
        say(f"fold {fold + 1} of {recipe.folds}: {int(held.sum())} passages")
    return logits


def _fit(
    recipe: Recipe, examples: Examples, use: Bools, gold: Bools, codes: dict[str, list[str]], jobs: int
) -> Classifier:
    """Learn the features, keep those that tell labels apart best, and fit all labels on them."""
    settings = dict(recipe.encoder)
    encoder = ENCODERS[settings.pop("kind", "tfidf")](**_tuples(settings))
    texts = examples.texts(use)
    rows = encoder.fit(texts).transform(texts)
    if rows.shape[1] > recipe.keep:
        names, best = list(encoder.vocabulary_), telling_features(rows, gold[use], recipe.keep)
        encoder.learnt([names[i] for i in best], encoder.idf_[best])
        rows = encoder.transform(texts)
    weights, intercept = fit_weights(rows, gold[use], examples.weight[use], C=recipe.C, jobs=jobs)
    heads, at = [], 0
    for scheme, own in codes.items():
        part = slice(at, at + len(own))
        heads.append(Head(scheme, tuple(own), weights[:, part], intercept[part], np.full(len(own), 0.5)))
        at += len(own)
    return Classifier(encoder, tuple(heads))


def _tuples(settings: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}


def _figures(head: Head, scores: Floats, thresholds: Floats, gold: Bools, groups: Sequence[str]) -> Figures:
    return evaluate(head.scheme, head.codes, scores, scores >= thresholds, gold, groups)


def _measure(
    model: Classifier, test: Sequence[Annotation], codes: dict[str, list[str]], metrics: dict[str, dict[str, Figures]]
) -> None:
    scores = model.scores([a.text for a in test])
    groups = [a.group or a.passage for a in test]
    for head in model.heads:
        gold = _gold(test, head.scheme, codes[head.scheme])
        metrics[head.scheme]["dev_test"] = _figures(head, scores[head.scheme], head.thresholds, gold, groups)


def _report(
    recipe: Recipe, examples: Examples, test: Sequence[Annotation], metrics: dict[str, dict[str, Figures]]
) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "version": recipe.version,
        "learnt_from": len(examples.annotations),
        "tested_on": len(test),
        "sources": [{"name": s.path.name, "about": s.about, "weight": s.weight} for s in recipe.sources],
        "versions": {p: metadata.version(p) for p in ("numpy", "scipy", "scikit-learn")},
        "figures": {scheme: {on: asdict(f) for on, f in sets.items()} for scheme, sets in metrics.items()},
    }
