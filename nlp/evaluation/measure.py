"""A model against annotations: figures per scheme, genre and source, and its worst mistakes with their evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nlp.classify import Classifier, Head, log_odds
from nlp.corpus import read_annotations
from nlp.curation import settled
from nlp.errors import CorpusError
from nlp.evaluation.compare import Comparison, compare
from nlp.evaluation.figures import Bools, Confusion, Figures, Floats, confusions, evaluate, gold_matrix
from nlp.models import Model
from nlp.records import Annotation, Evidence

TEST_SPLITS = ("dev-test", "test")
PARTS = ("source", "genre")  # fields of an annotation by which figures are parted
CUES = 12  # places kept for and against: a word may stand in several


@dataclass(frozen=True, slots=True)
class Mistake:
    """A label that was missed (kind "missed") or given wrongly ("wrong"), with the words for and against it."""

    kind: str
    code: str
    score: float
    threshold: float
    passage: str
    document: str | None
    source: str | None
    doubt: bool  # the annotator was not sure
    gold: tuple[str, ...]
    given: tuple[str, ...]
    text: str
    words_for: tuple[Evidence, ...]
    words_against: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class SchemeEvaluation:
    """All that was measured of one scheme. parts: by "source" or "genre", then by its name."""

    figures: Figures
    parts: dict[str, dict[str, Figures]]
    confusions: tuple[Confusion, ...]
    mistakes: tuple[Mistake, ...]  # the surest first


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A model measured on gold; notices: what to know before believing the figures."""

    model: str
    fingerprint: str
    gold: tuple[str, ...]
    passages: int
    documents: int
    notices: tuple[str, ...]
    schemes: dict[str, SchemeEvaluation]


def read_gold(files: Sequence[str | Path], split: str | None = None) -> list[Annotation]:
    """The annotations of the files, settled (`nlp.curation`), or those of one split. Raises CorpusError, also when nothing is left."""
    found = settled(read_annotations(*files))
    kept = [a for a in found if split is None or a.split == split]
    if not kept:
        splits = sorted({a.split for a in found if a.split})
        known = f"Splits in it: {', '.join(splits)}." if splits else "Its passages name no split."
        raise CorpusError(files[0], "no passages" + (f" of split {split!r}" if split else ""), hint=known)
    return kept


def measure(model: Model, gold: Sequence[Annotation], files: Sequence[str | Path], *, worst: int = 10) -> Evaluation:
    """Figures of every scheme that gold judges; per scheme the `worst` surest mistakes of either kind."""
    scores = model.classifier.scores([a.text for a in gold])
    schemes = {
        head.scheme: _measure(model.classifier, head, scores[head.scheme], gold, worst)
        for head in model.classifier.heads
        if any(head.scheme in a.labels for a in gold)
    }
    return Evaluation(
        model=str(model),
        fingerprint=model.fingerprint,
        gold=tuple(str(file) for file in files),
        passages=len(gold),
        documents=len(set(_groups(gold))),
        notices=tuple(_notices(model, gold, files)),
        schemes=schemes,
    )


def compare_models(old: Model, new: Model, gold: Sequence[Annotation]) -> list[Comparison]:
    """What changes per scheme when `new` takes the place of `old`; a label that one does not know it never gives."""
    found = []
    for scheme in (s for s in new.schemes if s in old.schemes):
        rows = [a for a in gold if scheme in a.labels]
        if rows:
            codes = _codes(rows, scheme, [*new.schemes[scheme], *old.schemes[scheme]])
            before, after = (_given(model, scheme, rows, codes) for model in (old, new))
            found.append(compare(scheme, codes, before, after, _gold(rows, scheme, codes), _groups(rows)))
    return found


def _measure(
    classifier: Classifier, head: Head, scores: Floats, gold: Sequence[Annotation], worst: int
) -> SchemeEvaluation:
    judged = np.array([head.scheme in a.labels for a in gold])
    rows = [a for a, use in zip(gold, judged, strict=True) if use]
    codes = _codes(rows, head.scheme, head.codes)
    unknown = len(codes) - len(head.codes)
    right, scores = _gold(rows, head.scheme, codes), np.pad(scores[judged], ((0, 0), (0, unknown)))
    given = scores >= np.append(head.thresholds, np.full(unknown, np.inf))

    def figures(use: Bools) -> Figures:
        groups = _groups([a for a, here in zip(rows, use, strict=True) if here])
        return evaluate(head.scheme, codes, scores[use], given[use], right[use], groups)

    return SchemeEvaluation(
        figures=figures(np.ones(len(rows), dtype=bool)),
        parts={by: {name: figures(use) for name, use in _parts(rows, by)} for by in PARTS},
        confusions=confusions(codes, given, right),
        mistakes=tuple(_mistakes(classifier, head, scores, right, rows, worst)),
    )


def _codes(rows: Sequence[Annotation], scheme: str, known: Sequence[str]) -> list[str]:
    """The known codes, then those that only gold has: the model can only miss them."""
    return list(dict.fromkeys([*known, *sorted({code for a in rows for code in a.labels[scheme]})]))


def _gold(rows: Sequence[Annotation], scheme: str, codes: Sequence[str]) -> Bools:
    return gold_matrix([a.labels[scheme] for a in rows], codes)


def _groups(rows: Sequence[Annotation]) -> list[str]:
    return [a.group or a.passage for a in rows]


def _given(model: Model, scheme: str, rows: Sequence[Annotation], codes: Sequence[str]) -> Bools:
    head = next(h for h in model.classifier.heads if h.scheme == scheme)
    given = np.zeros((len(rows), len(codes)), dtype=bool)
    scores = model.classifier.scores([a.text for a in rows])[scheme]
    given[:, [codes.index(code) for code in head.codes]] = scores >= head.thresholds
    return given


def _parts(rows: Sequence[Annotation], by: str) -> Iterator[tuple[str, Bools]]:
    """The passages of each source or genre, the largest first; nothing where all are of one."""
    names = [getattr(a, by) or "unknown" for a in rows]
    if len(set(names)) > 1:
        for name, _ in sorted(Counter(names).items(), key=lambda part: (-part[1], part[0])):
            yield name, np.array([n == name for n in names])


def _mistakes(
    classifier: Classifier, head: Head, scores: Floats, gold: Bools, rows: Sequence[Annotation], worst: int
) -> Iterator[Mistake]:
    """The mistakes of labels the model knows, furthest from their threshold first, `worst` of either kind."""
    known = len(head.codes)
    scores, gold = scores[:, :known], gold[:, :known]
    given = scores >= head.thresholds
    distance = np.abs(log_odds(scores, 1e-9) - log_odds(head.thresholds, 1e-9))
    for kind, wrong in (("wrong", given & ~gold), ("missed", gold & ~given)):
        where = np.argwhere(wrong)
        for i, k in where[np.argsort(-distance[wrong], kind="stable")][:worst].tolist():
            cues = _cues(classifier, head, rows[i].text, head.codes[k])
            yield Mistake(
                kind=kind,
                code=head.codes[k],
                score=float(scores[i, k]),
                threshold=float(head.thresholds[k]),
                passage=rows[i].passage,
                document=rows[i].group,
                source=rows[i].source,
                doubt=rows[i].doubt,
                gold=tuple(rows[i].labels[head.scheme]),
                given=tuple(head.codes[n] for n in np.flatnonzero(given[i])),
                text=rows[i].text,
                words_for=tuple(cue for cue in cues if cue.weight > 0)[:CUES],
                words_against=tuple(cue for cue in cues if cue.weight < 0)[:CUES],
            )


def _cues(classifier: Classifier, head: Head, text: str, code: str) -> tuple[Evidence, ...]:
    """Evidence for a label, also for one that was not given."""
    always = replace(head, thresholds=np.zeros(len(head.codes)))
    ((tags, _),) = replace(classifier, heads=(always,)).tag([text])
    return next(tag.evidence for tag in tags if tag.code == code)


def _notices(model: Model, gold: Sequence[Annotation], files: Sequence[str | Path]) -> Iterator[str]:
    tests = Counter(a.split for a in gold if a.split in TEST_SPLITS)
    for split, count in tests.items():
        yield (
            f"{count} passages are of the test split {split!r}. Look at it rarely, and choose nothing by it: "
            "no threshold, no feature, no word of the guide."
        )
    learnt = {source["name"] for source in model.metrics.get("sources", ())}
    seen = sorted({Path(file).name for file in files} & learnt)
    if seen and sum(tests.values()) < len(gold):
        yield (
            f"The model learnt from {', '.join(seen)}: passages outside a test split may be ones it was trained on, and "
            "flatter it. The out-of-fold figures in its metrics.json do not."
        )
    if gold and sum(a.annotator in ("llm", "original", "taalmodel") for a in gold) > len(gold) / 2:
        yield "Most of this gold was not judged by librarians: the figures say how well the model follows its annotator."
    for head in model.classifier.heads:
        unknown = {code for a in gold for code in a.labels.get(head.scheme, ())} - set(head.codes)
        if unknown:
            yield f"{head.scheme}: the model does not know {', '.join(sorted(unknown))}; every one counts as missed."
