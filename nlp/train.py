"""Corpus + recipe → model folder: out-of-fold calibration and thresholds, figures, card.

Everything that is chosen is chosen on folds of the training passages that keep documents together; the
dev-test passages are only looked at once, at the end, for the figures in the card.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit

from nlp import unseen
from nlp.classify import Classifier, Head
from nlp.corpus import fold_of, read_annotations
from nlp.curation import Key, key_of, settled
from nlp.errors import CorpusError, DoelwijzerError
from nlp.evaluation.card import write_card
from nlp.evaluation.figures import Figures, evaluate, gold_matrix
from nlp.features import Floats, make_encoder
from nlp.fitting import Bools, calibrate, choose_thresholds, fit_weights, telling_features
from nlp.models import save_model
from nlp.pool import read_labels
from nlp.records import Annotation
from nlp.schemes import load_scheme

Say = Callable[[str], None]
Codes = dict[str, list[str]]  # scheme → its codes, in the order of the columns


@dataclass(frozen=True, slots=True)
class Source:
    """Annotations to learn from. measured: its passages count in the folds that thresholds are chosen on.

    texts: the pool that has the texts, where the annotations are kept without them.
    """

    path: Path
    texts: Path | None = None
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
        return Recipe(
            name=table["name"],
            version=str(table["version"]),
            schemes=tuple(table["schemes"]),
            sources=tuple(Source(**_placed(s, path.parent)) for s in table["source"]),
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


def _placed(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Paths in a recipe are relative to its file."""
    return {name: folder / value if name in ("path", "texts") else value for name, value in table.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Passages row by row: text, document, targets (rows, labels; NaN: not judged), weight, and whether measured."""

    texts: list[str]
    groups: list[str]
    targets: Floats
    weight: Floats
    measured: Bools

    def part(self, use: Bools) -> Examples:
        """The rows that are in use."""
        kept = np.flatnonzero(use)
        return Examples(
            [self.texts[i] for i in kept],
            [self.groups[i] for i in kept],
            self.targets[use],
            self.weight[use],
            self.measured[use],
        )

    def without(self, groups: Container[str]) -> Examples:
        """The rows of other documents than these."""
        return self.part(np.array([group not in groups for group in self.groups], dtype=bool))


def train(recipe: Recipe, folder: str | Path, *, jobs: int = 2, say: Say = lambda _: None) -> dict[str, Any]:
    """Make the model folder that the recipe describes; returns its metrics.

    Deterministic: the same inputs and library versions give the same bytes.
    """
    codes = {scheme: [c.code for c in load_scheme(scheme).top] for scheme in recipe.schemes}
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
        folder, model, name=recipe.name, version=recipe.version, metrics=report, card=write_card(report),
        recipe=recipe.text, schemes=_concepts(recipe.schemes),
        more={unseen.FILE: unseen.pack(learn.groups, measured.texts, given)},
    )  # fmt: skip
    return report


Row = tuple[Annotation, Source]


def read_rows(recipe: Recipe) -> list[Row]:
    """All passages of the recipe's sources, once each: of several judgements the settled one (`curation.settled`).

    A passage that stands in several sources counts by the first. Raises CorpusError.
    """
    source_of: dict[Key, Source] = {}
    lines: list[Annotation] = []
    for source in recipe.sources:
        for annotation in _lines_of(source):
            source_of.setdefault(key_of(annotation), source)
            lines.append(annotation)
    return [(annotation, source_of[key_of(annotation)]) for annotation in settled(lines)]


def _lines_of(source: Source) -> Iterator[Annotation]:
    return read_labels(source.path, source.texts) if source.texts else read_annotations(source.path)


def gather(recipe: Recipe, codes: Codes) -> tuple[Examples, Examples]:
    """The passages to learn from, and those of split "dev-test". Raises CorpusError."""
    rows = read_rows(recipe)
    learn = [row for row in rows if row[0].split != "dev-test"]
    test = [row for row in rows if row[0].split == "dev-test"]
    if not learn:
        raise CorpusError(recipe.sources[0].path, "no passages to learn from", hint="Check the recipe's sources.")
    return as_examples(learn, codes), as_examples(test, codes)


def as_examples(rows: Sequence[Row], codes: Codes) -> Examples:
    """The rows in their order; codes: scheme → codes, side by side in the targets."""
    return Examples(
        [a.text for a, _ in rows],
        [a.group or a.passage for a, _ in rows],
        targets_of([a for a, _ in rows], codes),
        np.array([source.weight for _, source in rows]),
        np.array([source.measured for _, source in rows], dtype=bool),
    )


def targets_of(annotations: Sequence[Annotation], codes: Codes) -> Floats:
    """Shape (annotations, labels of all schemes): 1 given, 0 not given, NaN scheme not judged."""
    parts = []
    for scheme, own in codes.items():
        part = gold_matrix([a.labels.get(scheme, []) for a in annotations], own).astype(np.float64)
        part[[scheme not in a.labels for a in annotations]] = np.nan
        parts.append(part)
    return np.hstack(parts)


def out_of_fold(recipe: Recipe, learn: Examples, jobs: int, say: Say) -> Floats:
    """Logits of the measured passages, each from a model that saw nothing of its document: (measured, labels)."""
    logits: Floats = np.zeros_like(learn.targets)
    for fold, held, rest in folds_of(learn, recipe.folds):
        model = fit(recipe, rest, {"all": [str(k) for k in range(logits.shape[1])]}, jobs)
        logits[held] = model.heads[0].logits(model.encoder.transform(learn.part(held).texts))
        say(f"fold {fold + 1} of {recipe.folds}: {int(held.sum())} passages")
    return logits[learn.measured]


def folds_of(learn: Examples, folds: int) -> Iterator[tuple[int, Bools, Examples]]:
    """Per fold: its number, which rows are measured in it, and all rows of other documents."""
    numbers = np.array([fold_of(group, folds) for group in learn.groups])
    for fold in range(folds):
        held = (numbers == fold) & learn.measured
        yield fold, held, learn.without({learn.groups[i] for i in np.flatnonzero(held)})


def fit(recipe: Recipe, learn: Examples, codes: Codes, jobs: int) -> Classifier:
    """Learn the features, keep those that tell labels apart best, and fit all labels on them."""
    settings = dict(recipe.encoder)
    encoder = make_encoder(settings.pop("kind", "tfidf"), settings)
    rows = encoder.fit(learn.texts).transform(learn.texts)
    if rows.shape[1] > recipe.keep:
        names, best = list(encoder.vocabulary_), telling_features(rows, learn.targets, recipe.keep)
        encoder.learnt([names[i] for i in best], encoder.idf_[best])
        rows = encoder.transform(learn.texts)
    weights, intercept = fit_weights(rows, learn.targets, learn.weight, C=recipe.C, jobs=jobs)
    return Classifier(
        encoder,
        tuple(
            Head(scheme, tuple(codes[scheme]), weights[:, at], intercept[at], np.full(len(codes[scheme]), 0.5))
            for scheme, at in columns(codes)
        ),
    )


def columns(codes: Codes) -> list[tuple[str, slice]]:
    """Where the labels of each scheme stand side by side."""
    at, found = 0, []
    for scheme, own in codes.items():
        found.append((scheme, slice(at, at + len(own))))
        at += len(own)
    return found


def settle(
    classifier: Classifier, measured: Examples, logits: Floats
) -> tuple[Classifier, dict[str, dict[str, Figures]], dict[str, Bools]]:
    """Calibrate the heads and choose their thresholds on out-of-fold logits; gives the figures they have there, and the
    labels they give there, per scheme (measured, labels).
    """
    heads, figures, given = [], {}, {}
    for head, at in _heads(classifier):
        judged, gold, groups = _judged(measured, at)
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
        judged, gold, groups = _judged(test, at)
        figures[head.scheme] = _figures(head, scores[head.scheme][judged], gold, groups)
    return figures


def _heads(classifier: Classifier) -> list[tuple[Head, slice]]:
    parts = columns({head.scheme: list(head.codes) for head in classifier.heads})
    return [(head, at) for head, (_, at) in zip(classifier.heads, parts, strict=True)]


def _judged(examples: Examples, at: slice) -> tuple[Bools, Bools, list[str]]:
    targets = examples.targets[:, at]
    judged: Bools = np.asarray(~np.isnan(targets).any(axis=1))
    return judged, targets[judged] > 0.5, [examples.groups[i] for i in np.flatnonzero(judged)]


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
