"""The command that trains anew and says what changed: `doelwijzer renew`, scripts/renew_model.py, `make model`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

if TYPE_CHECKING:
    from nlp.evaluation.compare import Change
    from nlp.renew import Ground, Renewal


def renew_model(
    recipe: Annotated[Path, typer.Option(help="A recipe in TOML.")] = Path("models/recipes/default.toml"),
    accept: Annotated[bool, typer.Option("--accept", help="Put the new model in the place of the former one.")] = False,
    models: Annotated[Path | None, typer.Option(help="Folder of models; default the one above the recipe's.")] = None,
    to_json: Annotated[Path | None, typer.Option("--json", help="Write all that changed here.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes.", min=1)] = 2,
) -> None:
    """Train a model anew beside the former one and say what changed, worse labels first. Replaces nothing by itself.

    With --accept the new model takes its place; one made before from the same recipe and annotations is used again.

    Exit code 2: wrong usage, or a model or corpus that cannot be read.
    """
    from nlp import renew as renewing
    from nlp.console import err, out, spoken_errors
    from nlp.files import write_whole
    from nlp.recipes import read_recipe

    with spoken_errors():
        plan = read_recipe(recipe)
        at = renewing.places(plan, models or recipe.resolve().parent.parent)
        found = renewing.renew(plan, at, jobs=jobs, say=lambda line: err.print(escape(line), style="dim"))
        _show(found)
        if to_json:
            write_whole(to_json, (json.dumps(asdict(found), ensure_ascii=False, indent=1) + "\n").encode())
        if accept:
            kept = f" The former one is kept in {at.former}." if renewing.accept(at) else ""
            out.print(f"Accepted: {at.model} is now {found.candidate}.{kept}", highlight=False, soft_wrap=True)
        else:
            said = (
                f"Nothing was replaced. The new model is in {at.candidate}. To put it in place: the same with --accept"
            )
            out.print(f"{said}, or with ACCEPT=1 for make.", highlight=False, soft_wrap=True)


def _show(found: Renewal) -> None:
    from nlp.console import out
    from nlp.console.evaluate import drawn
    from nlp.console.figures import Results, tables
    from nlp.renew import only_changed

    for line in summary(found):
        out.print(escape(line), highlight=False, soft_wrap=True)
    for ground in found.grounds:
        out.print(f"\n[bold]{_about(ground)}[/]", highlight=False)
        for table in tables(Results(comparisons=tuple(map(only_changed, ground.comparisons)))):
            out.print(drawn(table))


def summary(found: Renewal) -> Iterator[str]:
    """What was compared, and first of all which labels got worse."""
    made = "was trained" if found.trained else "stood there, made from the same recipe and annotations"
    yield f"{found.candidate} {made}" + (f"; compared with the model in use, {found.former}." if found.former else ".")
    yield from found.notices
    for ground in found.grounds:
        for name, change in ground.worse():
            yield f"WORSE  {name}  {_said(change)}  ({ground.name})"
    if found.grounds and not any(list(ground.worse()) for ground in found.grounds):
        yield "Nothing got worse beyond luck (95 %)."


def _said(c: Change) -> str:
    low, high = c.interval
    return f"{c.before:.3f} → {c.after:.3f} ({c.difference:+.3f}; {low:+.3f} to {high:+.3f}), {c.support} examples"


ABOUT = {
    "out of fold": "each passage judged by models trained without its document",
    "new documents": "the former model as it is; the new one trained without the document",
    "kept aside": "split dev-test: look at it rarely, and choose nothing by it",
}


def _about(ground: Ground) -> str:
    counted = f"{ground.passages:,} passages of {ground.documents:,} documents"
    return f"{ground.name.capitalize()}: {counted}; {ABOUT[ground.name]}"
