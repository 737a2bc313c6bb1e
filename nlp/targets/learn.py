"""Annotated passages + recipe → the folder that nlp.targets reads, with figures and card.

Everything is chosen and measured on folds that keep documents together: what is said of a passage comes from weights
that saw nothing of its document, and thresholds that were chosen on other folds.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from nlp.corpus import fold_of, read_annotations
from nlp.errors import CorpusError, DoelwijzerError
from nlp.features import Floats, TfidfEncoder, make_encoder
from nlp.mentions import find_mentions
from nlp.schemes import load_scheme
from nlp.targets import SCHEME, Suggester, save_suggester
from nlp.targets.figures import figures_of, write_card

Bools = NDArray[np.bool_]
Say = Callable[[str], None]
STEPS = np.arange(0.0, 0.501, 0.02), np.arange(0.0, 3.01, 0.1)  # by which scores and leads are tried


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides the suggestions; `text` is the TOML it came from."""

    name: str
    version: str
    sources: tuple[Path, ...]
    encoder: dict[str, Any]
    C: float
    label_weight: float  # how much the words of a target count, in passages of its goal
    other_weight: float  # and a passage of other goals, against it
    empty_weight: float  # and a passage that is about no goal
    strongest: int  # weights kept per target
    precision: float  # share of the suggestions that should be right
    least_score: float  # and the least probability for each of them
    folds: int
    text: str
    judged: Path | None = None  # verdicts on suggestions for real passages


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Passages row by row. goals: (passages, targets), whether the target's goal was given; gold: its targets.

    empty: texts about no goal, which only teach.
    """

    texts: list[str]
    groups: list[str]
    codes: tuple[str, ...]
    goals: Bools
    gold: Bools
    empty: list[str]

    def part(self, use: Bools) -> Examples:
        """The rows that are in use, with all the empty texts."""
        kept = np.flatnonzero(use)
        texts, groups = ([each[i] for i in kept] for each in (self.texts, self.groups))
        return Examples(texts, groups, self.codes, self.goals[use], self.gold[use], self.empty)


@dataclass(frozen=True, slots=True)
class Point:
    """Where scores are cut: calibration (slope, offset), then the least score and lead."""

    slope: float
    offset: float
    score: float
    lead: float


def read_recipe(path: Path) -> Recipe:
    """A recipe in TOML; paths in it are relative to its file. Raises DoelwijzerError."""
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
        sources = tuple(path.parent / source for source in table.pop("sources"))
        judged = path.parent / table.pop("judged") if "judged" in table else None
        return Recipe(sources=sources, judged=judged, text=text, **table)
    except FileNotFoundError:
        raise DoelwijzerError(f"{path}: no such recipe.", hint="Recipes are in models/recipes/.") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DoelwijzerError(f"{path}: {error}.", hint="Compare it with models/recipes/targets.toml.") from None


def learn(recipe: Recipe, folder: Path, *, say: Say = lambda _: None) -> dict[str, Any]:
    """Make the folder; returns its metrics. The same inputs and library versions give the same bytes."""
    examples = gather(recipe)
    say(f"{len(examples.texts)} passages with {int(examples.gold.sum())} targets")
    logits = out_of_fold(recipe, examples, say)
    point = settle(recipe, logits, examples)
    found = metrics(recipe, examples, logits, point)
    encoder, weights = fit(recipe, examples)
    suggester = Suggester(
        recipe.name,
        recipe.version,
        encoder,
        examples.codes,
        weights * point.slope,
        point.offset,
        point.score,
        point.lead,
    )
    save_suggester(suggester, folder, metrics=found, card=write_card(found), recipe=recipe.text)
    return found


def gather(recipe: Recipe) -> Examples:
    """The passages whose targets were judged, goals named by number cut out of them. Raises CorpusError."""
    all_rows = [a for a in read_annotations(*recipe.sources) if a.split != "dev-test"]
    rows = [a for a in all_rows if a.labels.get(SCHEME)]
    if not rows:
        raise CorpusError(recipe.sources[0], f"no passages with {SCHEME} labels", hint="Check the recipe's sources.")
    concepts = load_scheme(SCHEME).top
    goals = [[c.group in a.labels.get("sdg", ()) for c in concepts] for a in rows]
    gold = [[c.code in a.labels[SCHEME] for c in concepts] for a in rows]
    return Examples(
        [without_mentions(a.text) for a in rows],
        [a.group or a.passage for a in rows],
        tuple(c.code for c in concepts),
        np.array(goals, dtype=bool),
        np.array(gold, dtype=bool),
        [a.text for a in all_rows if a.labels.get("sdg") == []],
    )


def without_mentions(text: str) -> str:
    """A passage that says "SDG 8.7" would teach the number, and flatter the figures."""
    for mention in reversed(find_mentions(text)):
        text = text[: mention.start] + text[mention.end :]
    return text


def fit(recipe: Recipe, examples: Examples) -> tuple[TfidfEncoder, sparse.csr_matrix]:
    """The encoder and weights (features, targets): a target against the others of its goal and, by less, all else."""
    concepts = load_scheme(SCHEME)
    labels = [concepts[code].label_nl for code in examples.codes]
    encoder = make_encoder(recipe.encoder).fit([*examples.texts, *labels])
    rows = encoder.transform([*examples.texts, *labels, *examples.empty])
    goals = np.array([concepts[code].group for code in examples.codes])
    own = np.where(goals[:, None] == goals, recipe.label_weight, 0.0)
    counts = np.vstack([np.where(examples.goals, 1.0, recipe.other_weight), own])
    right = np.vstack([examples.gold, np.eye(len(labels), dtype=bool)])
    empty = ((0, len(examples.empty)), (0, 0))
    counts, right = np.pad(counts, empty, constant_values=recipe.empty_weight), np.pad(right, empty)
    weights = [_fit_target(recipe, rows, right[:, k], counts[:, k]) for k in range(len(labels))]
    return _used(encoder, sparse.vstack(weights).T.tocsr())


def _fit_target(recipe: Recipe, rows: sparse.csr_matrix, right: Bools, counts: Floats) -> sparse.csr_matrix:
    """Its examples count for as much as all against it, or rare targets would never lead.

    Without an intercept of its own: words must speak for a target. It is also right more often.
    """
    counts = np.where(right, counts * counts[~right].sum() / counts[right].sum(), counts)
    model = LogisticRegression(
        C=recipe.C, solver="liblinear", dual=True, fit_intercept=False, tol=0.01, random_state=0, max_iter=200
    )
    model.fit(rows[counts > 0], right[counts > 0], sample_weight=counts[counts > 0])
    weights = model.coef_[0]
    weights[np.argsort(-np.abs(weights), kind="stable")[recipe.strongest :]] = 0
    return sparse.csr_matrix(weights)


def _used(encoder: TfidfEncoder, weights: sparse.csr_matrix) -> tuple[TfidfEncoder, sparse.csr_matrix]:
    """Without the features that no target uses. A row's length is then that of what is left: so in all measuring."""
    used = np.flatnonzero(np.diff(weights.indptr))
    return encoder.keep(used), weights[used]


def out_of_fold(recipe: Recipe, examples: Examples, say: Say = lambda _: None) -> Floats:
    """Logits of all passages, each from weights that saw nothing of its document: (passages, targets)."""
    folds = folds_of(recipe, examples)
    logits: Floats = np.zeros(examples.gold.shape)
    for fold in range(recipe.folds):
        held = folds == fold
        encoder, weights = fit(recipe, examples.part(~held))
        logits[held] = (encoder.transform(examples.part(held).texts) @ weights).toarray()
        say(f"fold {fold + 1} of {recipe.folds}: {int(held.sum())} passages")
    return logits


def folds_of(recipe: Recipe, examples: Examples) -> NDArray[np.int_]:
    return np.array([fold_of(group, recipe.folds) for group in examples.groups])


def settle(recipe: Recipe, logits: Floats, examples: Examples) -> Point:
    """Calibrate (Platt 1999; all targets alike), then the score and lead that find most at the precision asked for."""
    own, gold = logits[examples.goals], examples.gold[examples.goals]
    model = LogisticRegression(C=100.0, random_state=0).fit(own[:, None], gold)
    slope, offset = round(float(model.coef_[0, 0]), 6), round(float(model.intercept_[0]), 6)
    best, lead, right = leaders(logits * slope + offset, examples)
    score = expit(best)
    tried = []
    for least in recipe.least_score + STEPS[0]:
        for ahead in STEPS[1]:
            given = (score >= least) & (lead >= ahead)
            if given.any():
                tried.append(
                    (
                        float(right[given].mean()),
                        int(right[given].sum()),
                        round(float(least), 2),
                        round(float(ahead), 1),
                    )
                )
    good = [row for row in tried if row[0] >= recipe.precision]
    *_, least, ahead = max(good, key=lambda row: row[1]) if good else max(tried)
    return Point(slope, offset, least, ahead)


def leaders(logits: Floats, examples: Examples) -> tuple[Floats, Floats, Bools]:
    """Of each passage and goal of it: the best target's logit, its lead over the next, and whether it is right."""
    rows = []
    for at in columns_by_goal(examples.codes).values():
        mine = np.flatnonzero(examples.goals[:, at[0]])
        own = logits[np.ix_(mine, at)]
        order = np.argsort(-own, axis=1, kind="stable")
        here = np.arange(len(mine))
        first, second = own[here, order[:, 0]], own[here, order[:, 1]]
        rows.append(np.column_stack([first, first - second, examples.gold[mine, at[order[:, 0]]]]))
    best, lead, right = np.vstack(rows).T
    return best, lead, right > 0.5


def columns_by_goal(codes: Sequence[str]) -> dict[str, NDArray[np.int_]]:
    """Goal → the columns of its targets."""
    goals = [load_scheme(SCHEME)[code].group or "" for code in codes]
    return {goal: np.flatnonzero(np.array(goals) == goal) for goal in dict.fromkeys(goals)}


def metrics(recipe: Recipe, examples: Examples, logits: Floats, point: Point) -> dict[str, Any]:
    """What was measured, beside the baseline."""
    by_goal = columns_by_goal(examples.codes)
    found, plain = (
        figures_of(*held_out(recipe, examples, own), examples.goals, examples.gold, by_goal)
        for own in (logits, likeness(recipe, examples))
    )
    return {
        "name": recipe.name,
        "version": recipe.version,
        "passages": len(examples.texts),
        "sources": [source.name for source in recipe.sources],
        "score": point.score,
        "lead": point.lead,
        "precision_asked": recipe.precision,
        "strongest": recipe.strongest,
        "folds": recipe.folds,
        "versions": {name: metadata.version(name) for name in ("numpy", "scipy", "scikit-learn")},
        "figures": found,
        "baseline": plain,
        "judged": verdicts(recipe.judged) if recipe.judged else {},
    }


def verdicts(path: Path) -> dict[str, int]:
    """How many suggestions were judged right, arguable and wrong. Raises CorpusError."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return dict(Counter(row["verdict"] for row in rows).most_common())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(path, f"no verdicts ({error})", hint="Write lines with passage, target, verdict.") from None


def held_out(recipe: Recipe, examples: Examples, logits: Floats) -> tuple[Floats, Bools]:
    """Scores and suggestions of each fold, by a point chosen on the other folds."""
    folds = folds_of(recipe, examples)
    scores, given = np.zeros(logits.shape), np.zeros(logits.shape, dtype=bool)
    for fold in range(recipe.folds):
        held = folds == fold
        point = settle(recipe, logits[~held], examples.part(~held))
        calibrated = logits[held] * point.slope + point.offset
        scores[held], given[held] = expit(calibrated), suggested(calibrated, examples.part(held), point)
    return scores, given


def suggested(logits: Floats, examples: Examples, point: Point) -> Bools:
    """Which targets a suggester with this point suggests, when the goals are known."""
    given = np.zeros(logits.shape, dtype=bool)
    for at in columns_by_goal(examples.codes).values():
        own = logits[:, at]
        ordered = np.sort(own, axis=1)
        leads = (own == ordered[:, -1:]) & (ordered[:, -1:] - ordered[:, -2:-1] >= point.lead)
        given[:, at] = leads & (expit(own) >= point.score) & examples.goals[:, at]
    return given


def likeness(recipe: Recipe, examples: Examples) -> Floats:
    """The baseline that learns nothing: cosine of a passage and the Dutch words of each target."""
    labels = [load_scheme(SCHEME)[code].label_nl for code in examples.codes]
    encoder = make_encoder(recipe.encoder | {"min_df": 1}).fit([*examples.texts, *labels])
    return np.asarray((encoder.transform(examples.texts) @ encoder.transform(labels).T).toarray())
