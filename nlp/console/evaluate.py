"""The command that measures a model: `doelwijzer evaluate` and scripts/evaluate_model.py."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from nlp.console import figures
    from nlp.evaluation.benchmark import Benchmark
    from nlp.learning import Point
    from nlp.models import Model
    from nlp.recipes import Recipe

# Loaded where used: `doelwijzer --help` and the other commands need none of the measuring.


def evaluate_model(
    model: Annotated[str, typer.Argument(help="A model by name, or the path of a model folder.", show_default=False)],
    more: Annotated[
        list[Path] | None, typer.Argument(help="More files with gold, after --gold.", show_default=False)
    ] = None,
    gold: Annotated[
        list[Path] | None, typer.Option(help="Annotated passages: .jsonl files, or folders of them.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="Only passages of this split: train, dev-test.")] = None,
    compare: Annotated[
        str | None, typer.Option(help="The model before: says what MODEL changes, losses first.")
    ] = None,
    benchmark: Annotated[bool, typer.Option("--benchmark", help="Run the SDG Classification Benchmark.")] = False,
    held_out: Annotated[
        bool,
        typer.Option(
            "--held-out",
            help="Train without a fifth of the training documents and measure on those, to study mistakes. Slow.",
        ),
    ] = False,
    learning_curve: Annotated[
        bool,
        typer.Option("--learning-curve", help="Train on growing shares of the documents. Slow: twice a training run."),
    ] = False,
    recipe: Annotated[Path | None, typer.Option(help="For what is trained; default the model's own.")] = None,
    worst: Annotated[int, typer.Option(help="Worst cases of either kind, per scheme.", min=0)] = 10,
    to_json: Annotated[Path | None, typer.Option("--json", help="Write all figures here.")] = None,
    to_markdown: Annotated[Path | None, typer.Option("--markdown", help="Write the tables here.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes, for what is trained.", min=1)] = 2,
) -> None:
    """Measure a model: figures with intervals, confusions, worst cases with their evidence. Exit code 2: wrong usage."""
    from nlp.console import err, figures, out, spoken_errors
    from nlp.errors import DoelwijzerError
    from nlp.files import write_whole
    from nlp.models import find_model, load_model
    from nlp.recipes import read_recipe

    files = [*(gold or ()), *(more or ())]
    with spoken_errors():
        if not (files or held_out or benchmark or learning_curve):
            raise DoelwijzerError("Nothing to measure on.", hint="Give --gold FILE, or --held-out or --benchmark.")
        if compare and not files:
            raise DoelwijzerError("A comparison needs gold.", hint="Give --gold FILE.")
        if held_out and files:
            raise DoelwijzerError(
                "Gold and held-out documents are measured one at a time.", hint="Leave one of them out."
            )
        loaded, before = load_model(model), load_model(compare) if compare else None
        measured = _on_gold(loaded, before, files, split, worst) if files else {}
        plan = read_recipe(recipe or find_model(model) / "recipe.toml") if held_out or learning_curve else None
        if plan and held_out:
            measured = _on_held_out(plan, worst, jobs, err)
        results = figures.Results(
            **measured,
            benchmark=_benchmark(loaded) if benchmark else None,
            learning_curve=_curve(plan, jobs, err) if plan and learning_curve else (),
        )
    _show(results, out)
    with spoken_errors():
        if to_json:
            write_whole(to_json, (json.dumps(asdict(results), ensure_ascii=False, indent=1) + "\n").encode())
        if to_markdown:
            write_whole(to_markdown, figures.to_markdown(results).encode())


def _on_gold(
    model: Model, before: Model | None, files: Sequence[Path], split: str | None, worst: int
) -> dict[str, Any]:
    from nlp.evaluation.measure import compare_models, measure, read_gold

    gold = read_gold(files, split)
    found: dict[str, Any] = {"evaluation": measure(model, gold, files, worst=worst)}
    if before:
        found |= {"compared_with": str(before), "comparisons": tuple(compare_models(before, model, gold))}
    return found


def _benchmark(model: Model) -> Benchmark:
    from nlp.evaluation.benchmark import run_benchmark

    def predict(texts: Sequence[str]) -> list[list[str]]:
        tagged = model.classifier.tag(texts, evidence=False)
        return [[tag.code for tag in tags if tag.scheme == "sdg"] for tags, _ in tagged]

    return run_benchmark(predict, str(model))


def _on_held_out(recipe: Recipe, worst: int, jobs: int, err: Console) -> dict[str, Any]:
    from nlp.evaluation.measure import measure
    from nlp.learning import held_out

    model, gold = held_out(recipe, jobs=jobs, say=lambda line: err.print(escape(line), style="dim"))
    found = measure(model, gold, [source.path.name for source in recipe.sources if source.measured], worst=worst)
    notice = "Trained anew without these passages: a fifth of the training documents, and none of the test split."
    return {"evaluation": replace(found, notices=(notice, *found.notices))}


def _curve(recipe: Recipe, jobs: int, err: Console) -> tuple[Point, ...]:
    from nlp.learning import learning_curve

    return tuple(learning_curve(recipe, jobs=jobs, say=lambda line: err.print(escape(line), style="dim")))


def _show(results: figures.Results, out: Console) -> None:
    from nlp.console import figures

    for line in figures.heading(results):
        out.print(escape(line), highlight=False)
    for table in figures.tables(results):
        out.print()
        out.print(drawn(table))


def drawn(table: figures.Table) -> Table:
    """A table of figures as the terminal shows it."""
    grid = Table(title=escape(table.title), caption=table.note and escape(table.note), title_justify="left")
    grid.caption_justify = "left"
    for name in table.columns:
        grid.add_column(escape(name), justify="left" if name in table.words else "right")
    for row in table.rows:
        grid.add_row(*map(escape, row))
    grid.show_lines = table.title.endswith("worst cases")
    return grid
