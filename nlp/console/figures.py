"""What was measured of a model, as plain tables: the terminal and Markdown show the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nlp.evaluation.benchmark import PEERS, Benchmark, BenchmarkRow
from nlp.evaluation.compare import Change, Comparison
from nlp.evaluation.figures import Figures, Interval
from nlp.evaluation.measure import Evaluation, Mistake, SchemeEvaluation
from nlp.learning import Point
from nlp.records import Evidence

OVERALL = (
    "passages", "micro F1 (95 %)", "precision", "recall", "macro F1 (95 %)", "none right", "all right", "ECE",
)  # fmt: skip
WORDS = 5  # for and against, shown of a mistake
CONFUSIONS = 12  # rows shown of either kind and per scheme; the JSON has all


@dataclass(frozen=True, slots=True)
class Results:
    """What one run measured; a part that was not asked for is None or empty. `dataclasses.asdict` is its JSON."""

    evaluation: Evaluation | None = None
    compared_with: str | None = None
    comparisons: tuple[Comparison, ...] = ()
    benchmark: Benchmark | None = None
    learning_curve: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the columns named in `words` hold text, the others figures. note: to be read with it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    note: str | None = None


def tables(results: Results) -> Iterator[Table]:
    """The tables of a run, in the order a reader wants them: what got worse comes before the details."""
    if results.evaluation:
        yield _summary(results.evaluation)
    for comparison in results.comparisons:
        yield from _comparison(comparison)
    if results.evaluation:
        for scheme, found in results.evaluation.schemes.items():
            yield from _scheme(scheme, found)
    if results.learning_curve:
        yield _learning_curve(results.learning_curve)
    if results.benchmark:
        yield from _benchmark(results.benchmark)


def heading(results: Results) -> list[str]:
    """What was measured on what, and every notice, a line each."""
    lines = []
    if results.evaluation:
        e = results.evaluation
        lines.append(f"{e.model} on {', '.join(e.gold)}: {e.passages:,} passages of {e.documents:,} documents.")
        lines.extend(e.notices)
    if results.compared_with:
        lines.append(f"Compared with {results.compared_with}, which is the model before.")
    return lines


def to_markdown(results: Results) -> str:
    """All of it as one Markdown document."""
    lines = ["# Evaluation", ""]
    for line in heading(results):
        lines += [line, ""]
    for table in tables(results):
        lines += [f"## {table.title}", "", _line(table.columns)]
        lines.append("|" + "|".join("---" if name in table.words else "---:" for name in table.columns) + "|")
        lines += [*map(_line, table.rows), ""]
        if table.note:
            lines += [table.note, ""]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def _summary(evaluation: Evaluation) -> Table:
    rows = tuple((scheme, *_overall(found.figures)) for scheme, found in evaluation.schemes.items())
    note = (
        "Intervals: bootstrap over documents. Macro F1: over labels with at least 5 examples. None right: passages "
        "judged empty that got no label. ECE: how far scores are from the share that is right."
    )
    return Table("Summary", ("scheme", *OVERALL), rows, ("scheme",), note)


def _overall(f: Figures) -> tuple[str, ...]:
    often = any(label.support >= f.macro_from for label in f.labels)
    return (
        f"{f.passages:,}",
        f"{f.micro_f1:.3f} {_between(f.interval)}",
        f"{f.micro_precision:.3f}",
        f"{f.micro_recall:.3f}",
        f"{f.macro_f1:.3f} {_between(f.macro_interval)}" if often else "–",
        _share(f.none_accuracy),
        f"{f.subset_accuracy:.3f}",
        f"{f.ece:.3f}",
    )


def _scheme(scheme: str, found: SchemeEvaluation) -> Iterator[Table]:
    yield _labels(scheme, found.figures)
    for by, parts in found.parts.items():
        if parts:
            rows = tuple((name, *_overall(figures)) for name, figures in parts.items())
            yield Table(f"{scheme} by {by}", (by, *OVERALL), rows, (by,))
    if found.confusions:
        yield _confusions(scheme, found)
    yield _reliability(scheme, found.figures)
    if found.mistakes:
        yield _mistakes(scheme, found.mistakes)


def _labels(scheme: str, figures: Figures) -> Table:
    rows = tuple(
        (
            f.code,
            f"{f.f1:.2f} {_between(f.interval, 2)}",
            f"{f.precision:.2f}",
            f"{f.recall:.2f}",
            _share(f.ap, 2),
            str(f.support),
        )
        for f in sorted(figures.labels, key=lambda f: (f.support == 0, f.f1))
    )
    columns = ("label", "F1 (95 %)", "precision", "recall", "average precision", "support")
    return Table(f"{scheme} per label, worst first", columns, rows, ("label",))


def _confusions(scheme: str, found: SchemeEvaluation) -> Table:
    support = {f.code: f.support for f in found.figures.labels}
    between = [c for c in found.confusions if c.gold and c.given]
    alone = [c for c in found.confusions if not (c.gold and c.given)]
    rows = tuple(
        (c.gold or "nothing", c.given or "nothing", str(c.count), f"{c.count / support[c.gold]:.0%}" if c.gold else "–")
        for c in [*between[:CONFUSIONS], *alone[:CONFUSIONS]]
    )
    columns = ("gold, missed", "given instead", "passages", "of its gold")
    note = "Nothing missed: the label came on top of the right ones. Nothing given: no wrong label took its place."
    return Table(f"{scheme}: which label is taken for which", columns, rows, columns[:2], note)


def _reliability(scheme: str, figures: Figures) -> Table:
    rows = tuple((f"{mean:.2f}", f"{share:.2f}", f"{count:,}") for mean, share, count in figures.reliability)
    return Table(f"{scheme}: are scores probabilities?", ("mean score", "share right", "scores"), rows, ())


def _mistakes(scheme: str, mistakes: Sequence[Mistake]) -> Table:
    rows = tuple(
        (
            f"{m.kind} {m.code}",
            f"{m.score:.2f} ({m.threshold:.2f})",
            ", ".join(m.gold) or "none",
            ", ".join(m.given) or "none",
            _cues(m.words_for),
            _cues(m.words_against),
            f"{m.passage}{' (doubt)' if m.doubt else ''}: {_shorten(m.text)}",
        )
        for m in mistakes
    )
    columns = ("mistake", "score (threshold)", "gold", "given", "words for", "words against", "passage")
    note = "The surest mistakes first; among them are errors of the gold. Doubt: the annotator was not sure."
    words = tuple(name for name in columns if name != "score (threshold)")
    return Table(f"{scheme}: worst cases", columns, rows, words, note)


def _comparison(found: Comparison) -> Iterator[Table]:
    columns = ("", "support", "before", "after", "difference (95 %)", "verdict", "mended", "broken")
    note = (
        f"{found.retagged:,} of {found.passages:,} passages got other labels. Mended, broken: decisions that became "
        "right, or wrong. Verdict: whether the interval of the difference leaves out 0; of 20 labels that are no better "
        "or worse about one gets a verdict by chance."
    )
    words = ("", "verdict")
    yield Table(f"{found.scheme}: what changed", columns, tuple(map(_change, found.overall)), words, note)
    if found.labels:
        title = f"{found.scheme}: what changed per label, losses first"
        yield Table(title, columns, tuple(map(_change, found.labels)), words)


def _change(c: Change) -> tuple[str, ...]:
    low, high = c.interval
    difference = f"{c.difference:+.3f} ({low:+.3f} to {high:+.3f})"
    return (
        c.name,
        str(c.support),
        f"{c.before:.3f}",
        f"{c.after:.3f}",
        difference,
        c.verdict,
        str(c.mended),
        str(c.broken),
    )


def _learning_curve(points: Sequence[Point]) -> Table:
    rows = tuple(
        (
            p.scheme,
            f"{p.share:.1%}",
            f"{p.documents:,}",
            f"{p.passages:,}",
            f"{p.micro_f1:.3f} {_between(p.interval)}",
            f"{p.macro_f1:.3f}",
        )
        for p in sorted(points, key=lambda p: (p.scheme, p.share))
    )
    columns = ("scheme", "share", "documents", "passages", "micro F1 (95 %)", "macro F1")
    return Table("Learning curve", columns, rows, ("scheme",), "On a fifth of the training documents, held out.")


def _benchmark(found: Benchmark) -> Iterator[Table]:
    ordered = sorted([*PEERS, found.row], key=lambda row: -row.accuracy)
    columns = ("system", "accuracy", "precision", "recall", "micro F1", "macro F1", "worst SDG")
    rows = tuple(_system(row, ours=row is found.row) for row in ordered)
    yield Table("SDG Classification Benchmark", columns, rows, ("system",), found.condition)
    per_sdg = tuple(
        (str(s.sdg), str(s.snippets), f"{s.accuracy:.3f}", f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.2f}")
        for s in found.sdgs
    )
    yield Table("Benchmark per SDG", ("SDG", "snippets", "accuracy", "precision", "recall", "F1"), per_sdg, ())


def _system(row: BenchmarkRow, *, ours: bool) -> tuple[str, ...]:
    figures = (row.accuracy, row.precision, row.recall, row.micro_f1, row.macro_f1)
    name = f"→ {row.system}" if ours else row.system
    return name, *(f"{figure:.3f}" for figure in figures), f"{row.worst_f1:.2f} ({row.worst_sdg})"


def _between(ends: Interval, digits: int = 3) -> str:
    return f"({ends[0]:.{digits}f}–{ends[1]:.{digits}f})"


def _share(figure: float | None, digits: int = 3) -> str:
    return "–" if figure is None else f"{figure:.{digits}f}"


def _cues(cues: Iterable[Evidence]) -> str:
    """The strongest words; one that stands in several places counts once, with the weight of all."""
    words: dict[str, float] = {}
    for cue in cues:
        words[cue.text.lower()] = words.get(cue.text.lower(), 0.0) + cue.weight
    strongest = sorted(words.items(), key=lambda word: -abs(word[1]))[:WORDS]
    return ", ".join(f"{word} {weight:+.1f}" for word, weight in strongest) or "–"


def _shorten(text: str, width: int = 240) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= width else plain[: width - 1].rsplit(" ", 1)[0] + "…"
