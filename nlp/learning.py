"""The learning curve of a recipe: what more annotated documents would bring. Slow: it trains once per share.

The figures are of documents held out from the training split; the test split is not looked at.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nlp.corpus import fold_of, read_annotations, write_annotations
from nlp.errors import CorpusError
from nlp.measure import TEST_SPLITS
from nlp.records import Annotation
from nlp.train import Recipe, Source, train

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
            sources, learnt = _shared(recipe, share, Path(folder))
            report = train(replace(recipe, sources=sources), Path(folder) / "model", jobs=jobs, say=say)
        documents = len({_document(a) for a in learnt})
        for scheme, sets in report["figures"].items():
            on = sets["dev_test"]
            micro, macro = on["micro_f1"], on["macro_f1"]
            found.append(Point(scheme, share, documents, len(learnt), micro, tuple(on["interval"]), macro))
    return found


def _shared(recipe: Recipe, share: float, folder: Path) -> tuple[tuple[Source, ...], list[Annotation]]:
    """The recipe's sources cut to the share, and what of the measured ones is left to learn from."""
    sources, learnt = [], []
    for number, source in enumerate(recipe.sources):
        rows = [a for a in read_annotations(source.path) if a.split not in TEST_SPLITS]
        if source.measured:
            held = [replace(a, split="dev-test") for a in rows if fold_of(_document(a), HELD_OUT) == 0]
            own = [a for a in rows if fold_of(_document(a), HELD_OUT) and _drawn(_document(a), share)]
            if not own or not held:
                raise CorpusError(source.path, "too few documents for a learning curve", hint="Annotate more first.")
            learnt.extend(own)
            rows = own + held
        path = folder / f"{number}-{source.path.stem}.jsonl"
        write_annotations(rows, path)
        sources.append(replace(source, path=path))
    return tuple(sources), learnt


def _document(annotation: Annotation) -> str:
    return annotation.group or annotation.passage


def _drawn(document: str, share: float) -> bool:
    # Another name than the folds use, or whole folds would drop out.
    return fold_of(f"share of {document}", 10_000) < share * 10_000
