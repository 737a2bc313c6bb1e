"""Examples: the annotated passages of a recipe as rows with their targets, in folds that keep documents together."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nlp.corpus import fold_of, read_annotations
from nlp.curation import Key, key_of, settled
from nlp.errors import CorpusError
from nlp.evaluation.figures import gold_matrix
from nlp.features import Floats
from nlp.fitting import Bools
from nlp.pool import read_labels
from nlp.recipes import Recipe, Source
from nlp.records import Annotation
from nlp.schemes import load_scheme

Codes = dict[str, list[str]]  # scheme → its codes, in the order of the columns
Row = tuple[Annotation, Source]


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

    def judged(self, at: slice) -> tuple[Bools, Bools, list[str]]:
        """Which rows were judged in these columns, what was given to those, (judged, columns), and their documents."""
        targets = self.targets[:, at]
        judged: Bools = np.asarray(~np.isnan(targets).any(axis=1))
        return judged, targets[judged] > 0.5, [self.groups[i] for i in np.flatnonzero(judged)]


def codes_of(schemes: Iterable[str]) -> Codes:
    """The codes that are learnt: those of the top of each scheme."""
    return {scheme: [concept.code for concept in load_scheme(scheme).top] for scheme in schemes}


def columns(codes: Codes) -> list[tuple[str, slice]]:
    """Where the labels of each scheme stand side by side."""
    at, found = 0, []
    for scheme, own in codes.items():
        found.append((scheme, slice(at, at + len(own))))
        at += len(own)
    return found


def gather(recipe: Recipe, codes: Codes) -> tuple[Examples, Examples]:
    """The passages to learn from, and those of split "dev-test". Raises CorpusError."""
    rows = read_rows(recipe)
    learn = [row for row in rows if row[0].split != "dev-test"]
    test = [row for row in rows if row[0].split == "dev-test"]
    if not learn:
        raise CorpusError(recipe.sources[0].path, "no passages to learn from", hint="Check the recipe's sources.")
    return as_examples(learn, codes), as_examples(test, codes)


def read_rows(recipe: Recipe) -> list[Row]:
    """All passages of the recipe's sources, once each: of several judgements the settled one (`curation.settled`).

    A passage that stands in several sources counts by the first. Raises CorpusError.
    """
    source_of: dict[Key, Source] = {}
    lines: list[Annotation] = []
    for source in recipe.sources:
        for annotation in read_source(source):
            source_of.setdefault(key_of(annotation), source)
            lines.append(annotation)
    return [(annotation, source_of[key_of(annotation)]) for annotation in settled(lines)]


def read_source(source: Source) -> Iterator[Annotation]:
    """The judgements of a source with their texts, wherever these are kept. Raises CorpusError."""
    return read_labels(source.path, source.texts) if source.texts else read_annotations(source.path)


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


def folds_of(learn: Examples, folds: int) -> Iterator[tuple[int, Bools, Examples]]:
    """Per fold: its number, which rows are measured in it, and all rows of other documents."""
    numbers = np.array([fold_of(group, folds) for group in learn.groups])
    for fold in range(folds):
        held = (numbers == fold) & learn.measured
        yield fold, held, learn.without({learn.groups[i] for i in np.flatnonzero(held)})
