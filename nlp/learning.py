"""What a recipe learns, without a look at the test split: on a fifth of the training documents, held out.

The learning curve says what more annotated documents would bring. Slow: each point is a training run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nlp.corpus import fold_of, write_annotations
from nlp.curation import settled
from nlp.errors import CorpusError
from nlp.evaluation.measure import TEST_SPLITS
from nlp.examples import read_source
from nlp.models import Model, load_model
from nlp.recipes import Recipe, Source
from nlp.records import Annotation
from nlp.train import train

SHARES = (0.125, 0.25, 0.5, 1.0)
HELD_OUT = 5  # one in so many documents measures


@dataclass(frozen=True, slots=True)
class Point:
    """One scheme trained on a share of the documents. interval: 95 % of micro F1 over the held-out documents."""

    scheme: str
    share: float
    documents: int
    passages: int
    micro_f1: float
    interval: tuple[float, float]
    macro_f1: float


def learning_curve(
    recipe: Recipe,
    *,
    shares: Sequence[float] = SHARES,
    jobs: int = 2,
    say: Callable[[str], None] = lambda _: None,
) -> list[Point]:
    """Train on growing shares (0..1) of the documents and measure each model on the same held-out fifth.

    A larger share holds the smaller ones. Sources with `measured = false` are there in full at every point.
    Raises CorpusError when a source of the recipe is not there.
    """
    found = []
    for share in shares:
        say(f"training on {share:.1%} of the documents")
        with tempfile.TemporaryDirectory() as folder:
            learnt, _, report = _train(recipe, share, Path(folder), jobs, say)
        documents = len({_document(a) for a in learnt})
        for scheme, sets in report["figures"].items():
            on = sets["dev_test"]
            micro, macro = on["micro_f1"], on["macro_f1"]
            found.append(Point(scheme, share, documents, len(learnt), micro, tuple(on["interval"]), macro))
    return found


def held_out(
    recipe: Recipe, *, jobs: int = 2, say: Callable[[str], None] = lambda _: None
) -> tuple[Model, list[Annotation]]:
    """The recipe's model without a fifth of the training documents, and the passages of that fifth to measure it on.

    For the study of mistakes: what is learnt from them may be used, as it may not be of the test split.
    """
    with tempfile.TemporaryDirectory() as folder:
        _, held, _ = _train(recipe, 1.0, Path(folder), jobs, say)
        return load_model(Path(folder) / "model"), held


def _train(
    recipe: Recipe, share: float, folder: Path, jobs: int, say: Callable[[str], None]
) -> tuple[list[Annotation], list[Annotation], dict[str, Any]]:
    """Train on a share of the documents: what of the measured sources was learnt, what held out, and the metrics."""
    sources: list[Source] = []
    learnt: list[Annotation] = []
    held: list[Annotation] = []
    for number, source in enumerate(recipe.sources):
        rows = [a for a in settled(read_source(source)) if a.split not in TEST_SPLITS]
        if source.measured:
            kept = [a for a in rows if not _is_held(a) and _is_drawn(a, share)]
            aside = [a for a in rows if _is_held(a)]
            learnt, held = learnt + kept, held + aside
            rows = kept + [replace(a, split="dev-test") for a in aside]  # where training looks for what to measure on
        path = folder / f"{number}-{source.path.stem}.jsonl"
        write_annotations(rows, path)
        sources.append(replace(source, path=path, texts=None))
    if not learnt or not held:
        raise CorpusError(recipe.sources[0].path, "too few documents to hold some out", hint="Annotate more first.")
    report = train(replace(recipe, sources=tuple(sources)), folder / "model", jobs=jobs, say=say)
    return learnt, held, report


def _document(annotation: Annotation) -> str:
    return annotation.group or annotation.passage


# The folds of training go by the bare name of the document; another name keeps whole folds from dropping out.


def _is_held(annotation: Annotation) -> bool:
    return fold_of(f"held out: {_document(annotation)}", HELD_OUT) == 0


def _is_drawn(annotation: Annotation, share: float) -> bool:
    return fold_of(f"share: {_document(annotation)}", 10_000) < share * 10_000
