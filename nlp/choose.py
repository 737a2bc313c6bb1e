"""What to annotate next: the passages from which a model would learn most, each with the reason it was chosen.

Doubt near the threshold, labels with few examples, goals that a rule finds and the model does not give, and a random
share: without it, nothing that is measured on the choice holds for documents at large. Near duplicates are left out.
What it saves is measured with a simulated annotator: tests/benchmarks/choosing.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nlp.classify import log_odds
from nlp.errors import DoelwijzerError, UnknownName
from nlp.features import Floats, Ints
from nlp.fitting import Bools
from nlp.mentions import find_mentions
from nlp.models import Model
from nlp.notation import decimal
from nlp.records import Annotation
from nlp.schemes import named

RANDOM = "random"
SHARES = {"doubt": 0.8, "rare": 0.05, "rule": 0.05, RANDOM: 0.1}
ALIKE = 0.6  # cosine from which two passages say the same: of the second one little is learnt
KNOWN = 0.9  # and from which a passage was annotated already, but for a word
SHORTLIST = 12  # passages looked at per passage chosen
BATCH = 512  # texts scored at a time
UNLIKELY = 0.02  # a probability below this says no more than chance
RARE = 30  # examples from which a label is no longer rare


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Passages to choose from, as a model sees them.

    labels: (scheme, code) per column. scores, named: (passages, labels), probabilities, and whether a rule finds the
    label in the text. thresholds, examples: (labels,), the latter how many annotated passages have the label.
    rows: numbers of passages → their TF-IDF in rows of unit length. known: the rows of annotated passages.
    """

    labels: tuple[tuple[str, str], ...]
    scores: Floats
    thresholds: Floats
    named: Bools
    examples: Ints
    rows: Callable[[Sequence[int]], sparse.csr_matrix]
    known: sparse.csr_matrix | None = None


def pool_of(texts: Sequence[str], model: Model, annotations: Sequence[Annotation]) -> Pool:
    """The pool of these texts. annotations: all there are so far; of labels that the model learnt elsewhere, the model knows
    how many examples there were.
    """
    encoder, heads = model.classifier.encoder, model.classifier.heads
    labels = tuple((head.scheme, code) for head in heads for code in head.codes)
    scores = [model.classifier.scores(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
    counts = Counter((scheme, code) for a in annotations for scheme, codes in a.labels.items() for code in codes)
    learnt = _learnt(model)
    return Pool(
        labels=labels,
        scores=np.vstack([np.hstack([part[head.scheme] for head in heads]) for part in scores]),
        thresholds=np.concatenate([head.thresholds for head in heads]),
        named=_named(texts, labels),
        examples=np.array([max(counts[label], learnt.get(label, 0)) for label in labels], dtype=np.int32),
        rows=lambda numbers: encoder.transform([texts[i] for i in numbers]),
        known=encoder.transform([a.text for a in annotations]) if annotations else None,
    )


def _learnt(model: Model) -> dict[tuple[str, str], int]:
    """How many examples of each label the model was measured on out of fold."""
    figures = model.metrics.get("figures", {})
    measured = ((scheme, sets.get("out_of_fold", {}).get("labels", ())) for scheme, sets in figures.items())
    return {(scheme, label["code"]): label["support"] for scheme, found in measured for label in found}


def _named(texts: Sequence[str], labels: Sequence[tuple[str, str]]) -> Bools:
    named = np.zeros((len(texts), len(labels)), dtype=bool)
    column = {label: k for k, label in enumerate(labels)}
    for i, text in enumerate(texts):
        for mention in find_mentions(text):
            if (mention.scheme, mention.code) in column:
                named[i, column[mention.scheme, mention.code]] = True
    return named


@dataclass(frozen=True, slots=True)
class Choice:
    """Passage number `at` of the pool; words: why it was chosen, in Dutch."""

    at: int
    strategy: str
    words: str


def choose(pool: Pool, count: int, *, shares: Mapping[str, float] = SHARES, seed: int = 0) -> list[Choice]:
    """No more than `count` passages, by the shares of the strategies, the most telling first; the random ones last.

    The random share is drawn first, evenly from all passages. What another strategy would choose too, it keeps; what a
    strategy cannot fill goes to "doubt", where that has a share. No two passages that others than the draw choose are
    near duplicates. Raises as check_shares.
    """
    check_shares(shares)
    total = sum(shares.values())
    count = min(count, len(pool.scores))
    wanted = {name: round(count * share / total) for name, share in shares.items()}
    drawn = np.random.default_rng(seed).permutation(len(pool.scores))[: wanted.pop(RANDOM, 0)].tolist()
    picker = _Picker(pool, drawn)
    chosen: list[Choice] = []
    for name, number in sorted(wanted.items(), key=lambda each: each[0] == "doubt"):  # doubt fills what is left
        rest = count - len(drawn) - len(chosen) if name == "doubt" else number
        chosen += _pick(pool, name, rest, picker)
    return chosen + [
        Choice(at, RANDOM, "Steekproef: willekeurig getrokken, voor een eerlijke schatting.") for at in drawn
    ]


def check_shares(shares: Mapping[str, float]) -> None:
    """Raises UnknownName for a strategy that does not exist, DoelwijzerError for shares of nothing."""
    for name in shares:
        if name != RANDOM and name not in STRATEGIES:
            raise UnknownName("strategy", name, [*STRATEGIES, RANDOM])
    if sum(shares.values()) <= 0 or min(shares.values()) < 0:
        raise DoelwijzerError("The shares add up to nothing.", hint="For example doubt=0.8,random=0.2.")


def _pick(pool: Pool, name: str, number: int, picker: _Picker) -> list[Choice]:
    """The schemes have their parts: else one with many rare labels would take all."""
    strategy = STRATEGIES[name]
    worth = strategy.worth(pool)
    found: list[Choice] = []
    for columns, part in _parts(pool, worth, number):
        own = np.where(columns, worth, 0.0)
        found += [Choice(at, name, strategy.words(pool, at, own[at])) for at in picker.pick(own.sum(1), part)]
    return found


def _parts(pool: Pool, worth: Floats, number: int) -> Iterator[tuple[Bools, int]]:
    """Per scheme its columns and its part of the number: by the square root of how many of its labels are expected."""
    schemes = [scheme for scheme, _ in pool.labels]
    columns = [np.array([scheme == each for scheme in schemes]) for each in dict.fromkeys(schemes)]
    columns = [own for own in columns if worth[:, own].any()]
    weight = np.cumsum([np.sqrt(pool.scores[:, own].sum()) for own in columns])
    ends = np.rint(number * weight / weight[-1]).astype(int).tolist() if columns else []
    for own, begin, end in zip(columns, [0, *ends], ends, strict=False):
        yield own, end - begin


class _Picker:
    """Takes the best that resemble nothing taken or known."""

    def __init__(self, pool: Pool, drawn: Sequence[int]) -> None:
        self.pool, self.taken = pool, list(drawn)

    def pick(self, worth: Floats, number: int) -> list[int]:
        """The numbers of passages in the order of their worth; those worth nothing are left."""
        order = np.argsort(-worth, kind="stable")[: SHORTLIST * number + len(self.taken)]
        order = order[(worth[order] > 0) & ~np.isin(order, self.taken)].tolist()
        if not order or not number:
            return []
        rows = self.pool.rows(order)
        free = nearest(rows, self.pool.known) < KNOWN
        if self.taken:
            free &= nearest(rows, self.pool.rows(self.taken)) < ALIKE
        found: list[int] = []
        for k, at in enumerate(order):
            if free[k] and len(found) < number:
                found.append(at)
                free &= nearest(rows, rows[k]) < ALIKE
        self.taken += found
        return found


def nearest(rows: sparse.csr_matrix, others: sparse.csr_matrix | None) -> Floats:
    """The cosine of each row to the most similar of the others, 0 where there is none; a few rows at a time."""
    if others is None or not others.shape[0]:
        return np.zeros(rows.shape[0])
    parts = [(rows[at : at + 256] @ others.T).max(axis=1).toarray().ravel() for at in range(0, rows.shape[0], 256)]
    return np.concatenate(parts)


# --- what a passage is worth --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strategy:
    """worth: (passages, labels), of which the sum orders the passages; words: why a passage, given its row of worth."""

    worth: Callable[[Pool], Floats]
    words: Callable[[Pool, int, Floats], str]


def _doubt(pool: Pool) -> Floats:
    """1 at a label's threshold, and less by the square of the odds away from it; labels with fewer examples weigh more.

    Summed over labels, so that a passage with several doubts comes first: better than its closest label alone, and than
    variance, gradient and density sampling (see the benchmark).
    """
    apart = np.abs(log_odds(pool.scores) - log_odds(pool.thresholds))
    near: Floats = np.where(pool.scores > UNLIKELY, 2 / (1 + np.exp(2 * apart)), 0.0)
    return near / (1.0 + pool.examples) ** 0.25


def _rare(pool: Pool) -> Floats:
    """The probability of labels with few examples, the more the fewer there are."""
    return np.where(pool.scores > UNLIKELY, pool.scores, 0.0) * np.maximum(0.0, 1 - pool.examples / RARE)


def _rule(pool: Pool) -> Floats:
    """How far below its threshold the model leaves a label that the text names."""
    return np.where(pool.named, np.maximum(0.0, pool.thresholds - pool.scores), 0.0)


def _doubt_words(pool: Pool, at: int, worth: Floats) -> str:
    said = "; ".join(
        f"{_name(pool, k)} {_scored(pool, at, k)}" for k in np.argsort(-worth, kind="stable")[:2] if worth[k] > 0
    )
    return f"Twijfel: het model geeft {said}."


def _rare_words(pool: Pool, at: int, worth: Floats) -> str:
    k = int(worth.argmax())
    count = "1 voorbeeld" if pool.examples[k] == 1 else f"{pool.examples[k]} voorbeelden"
    return f"Zeldzaam: van {_name(pool, k)} zijn er {count}; het model geeft hier {_scored(pool, at, k)}."


def _rule_words(pool: Pool, at: int, worth: Floats) -> str:
    k = int(worth.argmax())
    return f"Tegenspraak: de tekst noemt {_name(pool, k)}, maar het model geeft {_scored(pool, at, k)}."


def _name(pool: Pool, k: int) -> str:
    return named(*pool.labels[k])


def _scored(pool: Pool, at: int, k: int) -> str:
    return f"{decimal(pool.scores[at, k])} (drempel {decimal(pool.thresholds[k])})"


STRATEGIES = {
    "doubt": Strategy(_doubt, _doubt_words),
    "rare": Strategy(_rare, _rare_words),
    "rule": Strategy(_rule, _rule_words),
}
