"""Recipes: all that decides a model, in TOML. `nlp.train` makes the model folder of one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.errors import DoelwijzerError


@dataclass(frozen=True, slots=True)
class Source:
    """Annotations to learn from. measured: its passages count in the folds that thresholds are chosen on.

    texts: the pool that has the texts, where the annotations are kept without them.
    """

    path: Path
    texts: Path | None = None
    weight: float = 1.0
    measured: bool = True
    about: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides a model; `text` is the TOML it came from."""

    name: str
    version: str
    schemes: tuple[str, ...]
    sources: tuple[Source, ...]
    encoder: dict[str, Any]
    keep: int  # features kept
    C: float
    folds: int
    text: str


def read_recipe(path: str | Path) -> Recipe:
    """A recipe in TOML; paths in it are relative to the recipe's file. Raises DoelwijzerError."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
        return Recipe(
            name=table["name"],
            version=str(table["version"]),
            schemes=tuple(table["schemes"]),
            sources=tuple(Source(**_placed(s, path.parent)) for s in table["source"]),
            encoder=table.get("encoder", {}),
            keep=int(table["classifier"]["keep"]),
            C=float(table["classifier"]["C"]),
            folds=int(table["classifier"]["folds"]),
            text=text,
        )
    except FileNotFoundError:
        raise DoelwijzerError(f"{path}: no such recipe.", hint="Recipes are in models/recipes/.") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise DoelwijzerError(f"{path}: {error}.", hint="Compare it with models/recipes/default.toml.") from None


def _placed(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    return {name: folder / value if name in ("path", "texts") else value for name, value in table.items()}
