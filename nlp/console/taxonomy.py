"""The commands that hand on schemes and corpus in open formats: `doelwijzer taxonomy` and `doelwijzer corpus`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from nlp.annif import vocabulary, write_corpus
from nlp.corpus import read_annotations
from nlp.errors import UnknownName
from nlp.schemes import Scheme, load_scheme
from nlp.skos import to_csv, to_json, to_skos

FORMATS: dict[str, Callable[[Scheme], str]] = {"annif": vocabulary, "csv": to_csv, "json": to_json, "ttl": to_skos}

SchemeName = Annotated[str, typer.Argument(help="A scheme by name (imvo, sdg), or the path of a YAML file.")]


def show_taxonomy(
    name: SchemeName,
    format: Annotated[
        str | None,
        typer.Option(
            help="ttl: SKOS in Turtle; json: SKOS in JSON-LD; csv: a table; annif: vocabulary for Annif.",
            show_default="ttl, or as OUT says",
        ),
    ] = None,
    to: Annotated[Path | None, typer.Option("--out", help="Write here instead of to the terminal.")] = None,
) -> None:
    """Hand on a label scheme in an open format."""
    from nlp.console import emit, spoken_errors

    with spoken_errors():
        wanted = format or (to.suffix.lstrip(".").lower() if to else "ttl")
        if wanted not in FORMATS:
            raise UnknownName("format", wanted, FORMATS)
        emit(FORMATS[wanted](load_scheme(name)), to)


def show_corpus(
    to: Annotated[
        Path, typer.Option("--out", help="OUT.tsv or OUT.tsv.gz: short texts; a new folder: a file per text.")
    ],
    sources: Annotated[
        list[Path] | None,
        typer.Argument(help="Annotations: .jsonl files, or folders of them.", show_default="corpus/annotations"),
    ] = None,
    scheme: Annotated[str, typer.Option(help="A scheme by name, or the path of a YAML file.")] = "sdg",
    format: Annotated[str, typer.Option(help="annif, so far.")] = "annif",
    split: Annotated[str | None, typer.Option(help="Only passages of this split: train, dev-test.")] = None,
) -> None:
    """Hand on annotated passages as a document corpus, by default those of this repository."""
    from nlp.console import err, spoken_errors

    with spoken_errors():
        if format != "annif":
            raise UnknownName("format", format, ["annif"])
        annotations = read_annotations(*(sources or [Path("corpus/annotations")]))
        count = write_corpus((a for a in annotations if split in (None, a.split)), load_scheme(scheme), to)
    err.print(f"{count} passages written to {to}", highlight=False, soft_wrap=True)
