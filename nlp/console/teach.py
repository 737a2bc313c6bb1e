"""The command that makes a teacher's labels: scripts/train_teacher.py."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

err = Console(stderr=True)
out = Console()


def train_teacher(
    recipe: Annotated[Path, typer.Option(help="A recipe in TOML with a [teacher].")] = Path(
        "models/recipes/default.toml"
    ),
    threads: Annotated[int, typer.Option(help="Of torch.", min=1)] = 2,
) -> None:
    """Tune multilingual-e5-small on the recipe's passages and label its pool. Half an hour a fold on two cores."""
    from nlp.console import spoken_errors
    from nlp.distil import distil
    from nlp.errors import DoelwijzerError
    from nlp.train import read_recipe

    with spoken_errors():
        plan = read_recipe(recipe)
        if plan.teacher is None:
            raise DoelwijzerError(f"{recipe}: it names no [teacher].", hint="See models/recipes/default.toml.")
        found = distil(plan, plan.teacher, threads=threads, say=err.print)
    table = Table("scheme", "model", "micro F1", "95 %", "macro F1", "ECE", title="Out of fold")
    for scheme, models in found.items():
        for name, figures in models.items():
            low, high = figures.interval
            row = (f"{figures.micro_f1:.3f}", f"{low:.3f}–{high:.3f}", f"{figures.macro_f1:.3f}", f"{figures.ece:.3f}")
            table.add_row(scheme, name, *row)
    out.print(table)
    out.print(f"Wrote {plan.teacher.labels}", highlight=False)
