"""The model card: what a model is for, what it learnt from, and how far it can be trusted, worst label first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SETS = {"dev_test": "kept aside (dev-test)", "out_of_fold": "out of fold, documents kept together"}


def write_card(report: dict[str, Any], *, figure: str | None = None) -> str:
    """Markdown from the metrics of a training run (see nlp.train.train).

    figure: name of the reliability figure in the model's folder (see nlp.evaluation.reliability), where there is one.
    """
    return "\n".join(_lines(report, figure)) + "\n"


def _lines(report: dict[str, Any], figure: str | None) -> Iterator[str]:
    yield f"# Model {report['name']} {report['version']}"
    yield ""
    yield (
        "Tags passages of Dutch parliamentary and policy text. The passages it learnt from were annotated by a large "
        "language model after the annotation guide, or written for this project with their labels by construction; "
        "librarians have not yet judged them. Use its tags to find and count, not as a verdict on a document."
    )
    yield ""
    yield f"Learnt from {report['learnt_from']:,} passages; measured on {report['tested_on']:,} others of other documents."
    yield ""
    yield "## Data"
    yield ""
    for source in report["sources"]:
        yield f"- **{source['name']}** (weight {source['weight']:g}): {source['about']}"
    yield ""
    yield "## Method"
    yield ""
    yield (
        "TF-IDF of words, word pairs and character n-grams inside words; one logistic regression per label; scores "
        "calibrated per label (Platt) and thresholds chosen per label on folds that keep documents together. "
        "A score is a probability; evidence weights and intercept sum to its logit."
    )
    yield ""
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    yield f"Trained with {versions}. The recipe is in `recipe.toml`, all figures are in `metrics.json`."
    if figure:
        yield ""
        yield f"![How often tags of a score were right, against that score]({figure})"
        yield ""
        yield (
            "On the diagonal a score is as good as it says; bars are 95 % intervals, larger dots have more scores. ECE is "
            "the mean distance from the diagonal. The same figures in words stand below each table."
        )
    for scheme, sets in report["figures"].items():
        yield ""
        yield f"## Figures: {scheme}"
        yield from _summary(sets)
        for name, figures in sets.items():
            yield from _labels(SETS[name], figures)
    yield ""
    yield "## Limits"
    yield ""
    yield (
        "Label frequencies of the training passages are not those of parliament: they were sampled for variety and "
        "for doubt. Labels with fewer than 20 examples kept aside have figures that say little. Tone is ignored: "
        "a passage against a goal is about that goal. Only Dutch."
    )
    yield ""
    yield "Licence of the weights: MIT. The texts learnt from are official publications (Auteurswet art. 11 and 15b), open data (CC0, MIT) and the project's own; none is contained."


def _summary(sets: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "| set | passages | micro F1 (95 %) | precision | recall | macro F1 | none right | all labels right | ECE |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, f in reversed(sets.items()):
        low, high = f["interval"]
        none = "–" if f["none_accuracy"] is None else f"{f['none_accuracy']:.3f}"
        yield (
            f"| {SETS[name]} | {f['passages']:,} | {f['micro_f1']:.3f} ({low:.3f}–{high:.3f}) | {f['micro_precision']:.3f} | "
            f"{f['micro_recall']:.3f} | {f['macro_f1']:.3f} | {none} | {f['subset_accuracy']:.3f} | {f['ece']:.3f} |"
        )
    yield ""
    yield f"Macro F1 over labels with at least {next(iter(sets.values()))['macro_from']} examples."


def _labels(title: str, figures: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"Per label, worst first, {title}:"
    yield ""
    yield "| label | F1 | precision | recall | average precision | examples |"
    yield "|---|---|---|---|---|---|"
    for row in sorted(figures["labels"], key=lambda r: (r["support"] == 0, r["f1"])):
        ap = "–" if row["ap"] is None else f"{row['ap']:.2f}"
        yield f"| {row['code']} | {row['f1']:.2f} | {row['precision']:.2f} | {row['recall']:.2f} | {ap} | {row['support']} |"
    yield ""
    bins = ", ".join(f"{mean:.2f} → {share:.2f} ({n})" for mean, share, n in figures["reliability"])
    yield f"Reliability (mean score → share right, count): {bins}."
