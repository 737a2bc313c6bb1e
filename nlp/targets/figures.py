"""How good suggestions of targets are, and the card that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.features import Floats
from nlp.schemes import load_scheme

Bools = NDArray[np.bool_]
Columns = Mapping[str, NDArray[np.int_]]


def figures_of(scores: Floats, given: Bools, goals: Bools, gold: Bools, by_goal: Columns) -> dict[str, Any]:
    """Per goal and over all.

    scores, given (the suggestions), goals, gold: (passages, targets). cases: passages of the goal that have a target of it; top1, top3:
    share of them with a right one among the first 1 and 3. precision and recall are over suggestions and targets.
    """
    rows = {goal: _goal(at, scores, given, goals, gold) for goal, at in by_goal.items()}
    total = {name: sum(row[name] for row in rows.values()) for name in next(iter(rows.values()))}
    return {"all": _shares(total), "goals": {goal: _shares(row) for goal, row in rows.items()}}


def _goal(at: NDArray[np.int_], scores: Floats, given: Bools, goals: Bools, gold: Bools) -> dict[str, int]:
    mine = goals[:, at[0]]
    own, right = scores[mine][:, at], gold[mine][:, at]
    ranked = np.take_along_axis(right, np.argsort(-own, axis=1, kind="stable"), axis=1)
    said = given[mine][:, at]
    return {
        "passages": int(mine.sum()),
        "cases": int(right.any(1).sum()),
        "targets": int(right.sum()),
        "first": int(ranked[:, 0].sum()),
        "among_three": int(ranked[:, :3].any(1).sum()),
        "suggested": int(said.sum()),
        "right": int((said & right).sum()),
    }


def _shares(counts: dict[str, int]) -> dict[str, Any]:
    return counts | {
        "top1": _share(counts["first"], counts["cases"]),
        "top3": _share(counts["among_three"], counts["cases"]),
        "precision": _share(counts["right"], counts["suggested"]),
        "recall": _share(counts["right"], counts["targets"]),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def write_card(metrics: dict[str, Any]) -> str:
    """Markdown from the metrics of nlp.targets.learn."""
    return "\n".join(_lines(metrics)) + "\n"


def _lines(metrics: dict[str, Any]) -> Iterator[str]:
    found, plain = metrics["figures"]["all"], metrics["baseline"]["all"]
    versions = ", ".join(f"{name} {version}" for name, version in metrics["versions"].items())
    yield f"# Suggestions of SDG targets: {metrics['name']} {metrics['version']}"
    yield ""
    yield (
        "For a passage that is about a goal, the one target of that goal that it may be about; none where the evidence is "
        "weak. Suggestions, to be looked at: off unless asked for (`targets=True`, `--targets`). They say nothing of the "
        "goal itself: with a wrong goal comes a wrong target."
    )
    yield ""
    yield "## Data and method"
    yield ""
    yield (
        f"Learnt from {metrics['passages']:,} passages ({', '.join(metrics['sources'])}) that were written for this project "
        "with their targets by construction, and from the Dutch words of each target. Librarians have not judged them, and "
        "no real passages with targets were at hand. Goals and targets named by number were cut out before learning and "
        "measuring."
    )
    yield ""
    yield (
        "TF-IDF of words, word pairs and character n-grams; per target a logistic regression on the passages of its goal "
        "and, with less weight, on all others and on lines that are about no goal; "
        f"the {metrics['strongest']:,} strongest weights kept, scores calibrated over all targets (Platt). A score is the "
        "probability of the target where the goal is right; evidence and intercept sum to its logit. "
        f"Suggested from a score of {metrics['score']:.2f} and a lead of {metrics['lead']:.1f} in logits over the next "
        f"target of the goal, chosen to find most at a precision of {metrics['precision_asked']:.2f}. "
        f"Made with {versions}."
    )
    yield ""
    yield "## Figures"
    yield ""
    yield (
        f"The right goals given; {metrics['folds']} folds that keep documents together, score and lead chosen on the other "
        "folds. Baseline: likeness to the words of the targets alone."
    )
    yield ""
    yield "| | passages | right first | right among three | suggested | precision | recall |"
    yield "|---|---|---|---|---|---|---|"
    for name, row in (("baseline", plain), ("**suggestions**", found)):
        yield (
            f"| {name} | {row['cases']:,} | {_said(row['top1'], 3)} | {_said(row['top3'], 3)} | {row['suggested']:,} | "
            f"{_said(row['precision'], 3)} | {_said(row['recall'], 3)} |"
        )
    yield ""
    yield "Per goal, the weakest first:"
    yield ""
    yield "| goal | passages | right first | baseline | among three | baseline | suggested | precision | recall |"
    yield "|---|---|---|---|---|---|---|---|---|"
    yield from _goals(metrics["figures"]["goals"], metrics["baseline"]["goals"])
    yield ""
    yield (
        "At most one target per goal is suggested, while some passages have two or more of a goal: recall counts all. "
        "Rare targets have two or three examples."
    )
    yield ""
    if metrics["judged"]:
        said = ", ".join(f"{count} {verdict}" for verdict, count in metrics["judged"].items())
        yield (
            f"On real text: {sum(metrics['judged'].values())} suggestions for passages of parliament, drawn at random when "
            "this was first made and read by a large language model, which took the goal as given: "
            f"{said}. The least score was set with these in sight."
        )
        yield ""
    yield "Licence of the weights: MIT."


def _goals(found: dict[str, Any], plain: dict[str, Any]) -> Iterator[str]:
    for goal, row in sorted(found.items(), key=lambda pair: pair[1]["top1"] or 0):
        name = load_scheme("sdg")[goal].label_en
        yield (
            f"| {goal} {name} | {row['cases']} | {_said(row['top1'])} | {_said(plain[goal]['top1'])} | {_said(row['top3'])} | "
            f"{_said(plain[goal]['top3'])} | {row['suggested']} | {_said(row['precision'])} | {_said(row['recall'])} |"
        )


def _said(share: float | None, places: int = 2) -> str:
    return "–" if share is None else f"{share:.{places}f}"
