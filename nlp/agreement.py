"""How far annotators agree: Krippendorff's alpha per label and scheme with intervals over documents, and by pairs.

alpha = 1 - observed / expected disagreement (Krippendorff 2004, chapter 11): 1 is full agreement, 0 what chance would
give, and less than 0 is possible. A label is given or not; the labels of a whole scheme are sets, apart by the MASI
distance (Passonneau 2006), by which {1, 8} and {8} agree in part. What a curator settled is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from nlp.curation import Key, is_gold, key_of
from nlp.errors import MissingExtra
from nlp.evaluation.figures import Interval, interval, ratios, resample
from nlp.records import Annotation

Codes = frozenset[str]
Judged = dict[Key, dict[str, Codes]]  # passage → annotator → codes


@dataclass(frozen=True, slots=True)
class Alpha:
    """value is None where nothing can differ: fewer than two judgements, or all of them the same."""

    value: float | None
    interval: Interval | None  # 95 %, bootstrapped over documents


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """given: judgements with the label. f1: of either annotator against the other, over all pairs; None if never given."""

    code: str
    alpha: Alpha
    given: int
    f1: float | None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two annotators on the passages that both judged. same: share with exactly the same labels."""

    first: str
    second: str
    passages: int
    alpha: Alpha
    f1: float | None  # micro
    same: float


@dataclass(frozen=True, slots=True)
class SchemeAgreement:
    """The passages that two or more annotators judged for one scheme; labels: the least agreement first."""

    scheme: str
    passages: int
    documents: int
    annotators: tuple[str, ...]
    alpha: Alpha
    f1: float | None
    labels: tuple[LabelAgreement, ...]
    pairs: tuple[PairAgreement, ...]


def agreement(annotations: Iterable[Annotation]) -> list[SchemeAgreement]:
    """Per scheme, of what two or more annotators judged; an annotator's last line of a passage counts.

    A scheme that nobody judged twice is left out. Raises MissingExtra without nltk.
    """
    _nltk()
    documents: dict[Key, str] = {}
    schemes: dict[str, Judged] = {}
    for line in annotations:
        if not is_gold(line):
            documents[key_of(line)] = line.group or line.passage
            for scheme, codes in line.labels.items():
                schemes.setdefault(scheme, {}).setdefault(key_of(line), {})[line.annotator] = frozenset(codes)
    twice = {s: {key: by for key, by in judged.items() if len(by) > 1} for s, judged in schemes.items()}
    return [_of_scheme(scheme, judged, documents) for scheme, judged in twice.items() if judged]


def set_distance(one: Codes, other: Codes) -> float:
    """MASI: 0 for the same sets, 1 for sets without a common label. Raises MissingExtra without nltk."""
    if one == other:
        return 0.0  # two empty sets too, on which the library divides by nought
    return float(_nltk()[1](one, other))


def _of_scheme(scheme: str, judged: Judged, documents: Mapping[Key, str]) -> SchemeAgreement:
    groups = [documents[key] for key in judged]
    names = sorted({name for by in judged.values() for name in by})
    codes = sorted({code for by in judged.values() for given in by.values() for code in given})
    labels = [_of_label(code, judged, groups) for code in codes]
    pairs = [(a, b, {key: by for key, by in judged.items() if a in by and b in by}) for a, b in combinations(names, 2)]
    return SchemeAgreement(
        scheme=scheme,
        passages=len(judged),
        documents=len(set(groups)),
        annotators=tuple(names),
        alpha=_alpha(judged, groups, set_distance),
        f1=_f1(judged.values()),
        labels=tuple(sorted(labels, key=lambda label: (label.alpha.value is None, label.alpha.value, label.code))),
        pairs=tuple(_of_pair(a, b, both, documents) for a, b, both in pairs if both),
    )


def _of_label(code: str, judged: Judged, groups: Sequence[str]) -> LabelAgreement:
    only = {key: {name: given & {code} for name, given in by.items()} for key, by in judged.items()}
    count = sum(bool(given) for by in only.values() for given in by.values())
    return LabelAgreement(code, _alpha(only, groups, _differ), count, _f1(only.values()))


def _of_pair(first: str, second: str, judged: Judged, documents: Mapping[Key, str]) -> PairAgreement:
    both = {key: {first: by[first], second: by[second]} for key, by in judged.items()}
    same = sum(by[first] == by[second] for by in both.values()) / len(both)
    alpha = _alpha(both, [documents[key] for key in both], set_distance)
    return PairAgreement(first, second, len(both), alpha, _f1(both.values()), same)


def _f1(judged: Iterable[Mapping[str, Codes]]) -> float | None:
    """Labels that both of a pair gave, doubled, over the labels that either gave: summed over passages and pairs."""
    pairs = [pair for by in judged for pair in combinations(by.values(), 2)]
    whole = sum(len(a) + len(b) for a, b in pairs)
    return 2 * sum(len(a & b) for a, b in pairs) / whole if whole else None


def _differ(one: Hashable, other: Hashable) -> float:
    return float(one != other)


def _alpha(judged: Judged, groups: Sequence[str], distance: Callable[[Any, Any], float]) -> Alpha:
    """groups: the document of each passage."""
    task = [(name, key, codes) for key, by in judged.items() for name, codes in by.items()]
    if len({codes for _, _, codes in task}) < 2:
        return Alpha(None, None)
    value = float(_nltk()[0](task, distance).alpha())
    return Alpha(value, _interval(list(judged.values()), groups, distance))


def _interval(
    units: Sequence[Mapping[str, Codes]], groups: Sequence[str], distance: Callable[[Any, Any], float]
) -> Interval:
    """Alpha of samples of whole documents. The library has no intervals; of the sums of a sample alpha is one line."""
    values = list(dict.fromkeys(codes for by in units for codes in by.values()))
    apart = np.array([[distance(a, b) for b in values] for a in values])
    counts = np.array([[Counter(by.values())[value] for value in values] for by in units], dtype=np.float64)
    observed = ((counts @ apart) * counts).sum(1) / (counts.sum(1) - 1)
    drawn = resample(np.column_stack([counts, observed]), groups)
    counts, observed = drawn[:, :-1], drawn[:, -1]
    expected = ((counts @ apart) * counts).sum(1) / np.maximum(counts.sum(1) - 1, 1)
    return interval(1 - ratios(observed, expected, np.nan))


def _nltk() -> tuple[Any, Any]:
    """AnnotationTask and masi_distance.

    The library is Apache 2.0 and kept up; `krippendorff` is GPL, irrCAC holds scipy at 1.12, simpledorff rests since 2020.
    """
    try:
        from nltk.metrics.agreement import AnnotationTask
        from nltk.metrics.distance import masi_distance
    except ImportError:
        raise MissingExtra("nltk", "agree") from None
    return AnnotationTask, masi_distance
