"""Labels that may be wrong: what a model thinks of a passage whose document it never saw, against what it was labelled.

A label is the stranger the further its probability lies on the wrong side of the label's threshold, in log odds: so
labels that models learn well or badly, and a label too many or too few, can be ranked together. Measured against the
self-confidence of confident learning (Northcutt et al. 2021): tests/benchmarks/suspects.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from nlp.asking import Line, of_annotation, with_tags
from nlp.classify import Classifier, Head, log_odds
from nlp.errors import CorpusError
from nlp.examples import as_examples, codes_of, columns, read_rows
from nlp.features import Floats
from nlp.fitting import Bools, calibrate, choose_thresholds
from nlp.notation import decimal
from nlp.recipes import Recipe
from nlp.records import Annotation, Evidence, Tag
from nlp.schemes import named
from nlp.train import fit_folds

CUES = 4  # words named as evidence
SHARE = 0.1  # of the passages


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One label of a passage. given: whether it was; score, threshold: of the model that did not know the document.

    suspicion: see `suspicion`. cues: the words for a label that is missing, against one that is given.
    """

    scheme: str
    code: str
    given: bool
    score: float
    threshold: float
    suspicion: float
    cues: tuple[Evidence, ...]

    def in_words(self) -> str:
        """For the annotator, in Dutch."""
        name = named(self.scheme, self.code)
        stands = "staat erbij" if self.given else "ontbreekt"
        score, threshold = map(decimal, (self.score, self.threshold))
        words = ", ".join(dict.fromkeys(f"‘{cue.text}’" for cue in self.cues))
        because = f" {'Ertegen' if self.given else 'Ervoor'}: {words}." if words else ""
        return f"{name} {stands}; een model dat dit document niet kende geeft {score} (drempel {threshold}).{because}"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A passage of which a label may be wrong; the strangest label first."""

    annotation: Annotation
    suspicion: float
    labels: tuple[Doubtful, ...]
    tags: tuple[Tag, ...]  # what the model would have given
    model: str

    def line(self) -> Line:
        """To push for a second look, with the model's tags and evidence."""
        words = " ".join(label.in_words() for label in self.labels)
        return with_tags(of_annotation(self.annotation), self.tags, self.model) | {
            "why": {"strategy": "suspect", "words": words}
        }


def suspicion(scores: Floats, thresholds: Floats, labels: Bools) -> Floats:
    """Log odds by which a score is on the wrong side of the threshold: negative where model and label agree.

    scores: out of fold; labels: as given; both (passages, labels).
    """
    above = log_odds(scores) - log_odds(thresholds)
    return np.where(labels, -above, above)


def find_suspects(
    recipe: Recipe, *, share: float = SHARE, jobs: int = 2, say: Callable[[str], None] = lambda _: None
) -> list[Suspect]:
    """The passages that most deserve a second look, the strangest first: a `share` (0..1) of those that the recipe measures.

    Takes as long as training. Passages of split "dev-test" are not looked at. Raises CorpusError.
    """
    codes = codes_of(recipe.schemes)
    rows = [row for row in read_rows(recipe) if row[0].split != "dev-test"]
    if not any(source.measured for _, source in rows):
        raise CorpusError(recipe.sources[0].path, "no passages to look at", hint="Check the recipe's sources.")
    learn = as_examples(rows, codes)
    logits, of_fold = np.zeros_like(learn.targets), np.zeros(len(rows), dtype=int)
    models: list[Classifier] = []
    for held, model, own in fit_folds(recipe, learn, jobs, say):
        logits[held], of_fold[held] = own, len(models)
        models.append(model)
    seen = np.flatnonzero(learn.measured)
    judges = [
        _Judge(scheme, codes[scheme], at, logits[seen], learn.targets[seen])
        for scheme, at in columns(codes)
        if {0.0, 1.0} <= set(learn.targets[seen][:, at].ravel().tolist())  # judged, given and not given
    ]
    strange = np.hstack([judge.strange for judge in judges]) if judges else np.zeros((len(seen), 1))
    worst = np.argsort(-strange.max(1), kind="stable")[: max(1, round(share * len(seen)))]
    name = f"{recipe.name}-{recipe.version}"
    return [
        _suspect(rows[seen[i]][0], int(i), models[of_fold[seen[i]]], judges, name)
        for i in worst
        if strange[i].max() > 0
    ]


class _Judge:
    """The labels of one scheme, calibrated out of fold: what is strange of each measured passage."""

    def __init__(self, scheme: str, codes: Sequence[str], at: slice, logits: Floats, targets: Floats) -> None:
        self.scheme, self.codes, self.at = scheme, tuple(codes), at
        judged = ~np.isnan(targets[:, at]).any(axis=1)
        self.given: Bools = np.nan_to_num(targets[:, at]) > 0.5
        self.slope, self.offset = calibrate(logits[judged][:, at], self.given[judged])
        self.scores: Floats = expit(logits[:, at] * self.slope + self.offset)
        self.thresholds = choose_thresholds(self.scores[judged], self.given[judged])
        self.strange: Floats = np.full_like(self.scores, -np.inf)
        self.strange[judged] = suspicion(self.scores[judged], self.thresholds, self.given[judged])

    def head(self, model: Classifier) -> Head:
        """The calibrated head of a fold's model, so that evidence adds up to the score that is shown."""
        weights, intercept = model.heads[0].weights[:, self.at], model.heads[0].intercept[self.at]
        return Head(
            self.scheme, self.codes, weights * self.slope, intercept * self.slope + self.offset, self.thresholds
        )


def _suspect(annotation: Annotation, row: int, model: Classifier, judges: Sequence[_Judge], name: str) -> Suspect:
    heads = tuple(judge.head(model) for judge in judges)
    always = tuple(replace(head, thresholds=np.zeros(len(head.codes))) for head in heads)
    ((everything, _),) = Classifier(model.encoder, always).tag([annotation.text])
    cues = {(tag.scheme, tag.code): tag.evidence for tag in everything}
    labels = sorted(
        (doubtful for judge in judges for doubtful in _doubtful(judge, row, cues)), key=lambda d: -d.suspicion
    )
    limits = {(head.scheme, code): t for head in heads for code, t in zip(head.codes, head.thresholds, strict=True)}
    tags = tuple(tag for tag in everything if tag.score >= limits[tag.scheme, tag.code])
    return Suspect(annotation, labels[0].suspicion, tuple(labels), tags, f"{name} (zonder dit document)")


def _doubtful(judge: _Judge, row: int, cues: dict[tuple[str, str], tuple[Evidence, ...]]) -> Iterator[Doubtful]:
    for k in np.flatnonzero(judge.strange[row] > 0).tolist():
        given, code = bool(judge.given[row, k]), judge.codes[k]
        spoke = [cue for cue in cues[judge.scheme, code] if (cue.weight > 0) != given]
        yield Doubtful(
            judge.scheme, code, given, float(judge.scores[row, k]), float(judge.thresholds[k]),
            float(judge.strange[row, k]), tuple(spoke[:CUES]),
        )  # fmt: skip
