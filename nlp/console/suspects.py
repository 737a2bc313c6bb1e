"""The command that finds labels to look at again: `doelwijzer suspects` and scripts/suspect_labels.py."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table


def suspect_labels(
    to: Annotated[
        Path, typer.Option("--out", help="OUT.jsonl, to `annotate push` for a second look.", show_default=False)
    ],
    recipe: Annotated[Path, typer.Option(help="Whose annotations are looked at, and how models are made.")] = Path(
        "models/recipes/default.toml"
    ),
    share: Annotated[
        float, typer.Option(help="No more than this share of the passages, the strangest first.", min=0.001, max=1)
    ] = 0.1,
    shown: Annotated[int, typer.Option(help="Shown on the terminal.", min=0)] = 10,
    jobs: Annotated[int, typer.Option(help="Processes.", min=1)] = 2,
) -> None:
    """Find labels that may be wrong, by models that did not see the document. Takes as long as training."""
    from nlp.asking import write_lines
    from nlp.console import err, out, spoken_errors, tag
    from nlp.recipes import read_recipe
    from nlp.suspects import find_suspects

    with spoken_errors():
        tag.check_folder(to)  # before the models are trained, not after
        found = find_suspects(
            read_recipe(recipe), share=share, jobs=jobs, say=lambda line: err.print(escape(line), style="dim")
        )
        count = write_lines((suspect.line() for suspect in found), to)
    table = Table("passage", "waarom", title=f"Verdachte labels ({min(shown, count)} van {count})", show_lines=True)
    table.title_justify = "left"
    for suspect in found[:shown]:
        text = " ".join(suspect.annotation.text.split())[:240]
        table.add_row(escape(f"{suspect.annotation.passage}: {text}"), escape(suspect.line()["why"]["words"]))
    if found and shown:
        out.print(table)
    out.print(f"{count} passages voor een tweede blik staan in {escape(str(to))}.", highlight=False)
