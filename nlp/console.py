"""The command line: what scripts/ and the installed command `doelwijzer` offer. Each command is a Python call too."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from nlp.errors import DoelwijzerError

app = typer.Typer(
    help="Tag Dutch parliamentary documents with SDGs, IMVO themes and Kamerstuk citations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(width=None if sys.stdout.isatty() else 140)
err = Console(stderr=True)

ModelName = Annotated[str, typer.Option(help="A model by name, or the path of a model folder.")]
Engine = Annotated[str, typer.Option(help="PDF engine: pdfplumber, or the faster pdfium.")]


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Errors raised on purpose are said in one line, without a traceback; the exit code is 2."""
    try:
        yield
    except DoelwijzerError as error:
        err.print(f"[bold red]Error:[/] {escape(error.message)}", soft_wrap=True)
        if error.hint:
            err.print(escape(error.hint), soft_wrap=True)
        raise typer.Exit(2) from None


@app.command("tag")
def tag_documents(
    inputs: Annotated[
        list[Path], typer.Argument(help="Files or folders: PDF, DOCX, XML, HTML, TXT.", show_default=False)
    ],
    to: Annotated[Path | None, typer.Option("--out", help="OUT.jsonl, .csv or .parquet; without it a table.")] = None,
    format: Annotated[str | None, typer.Option(help="Output format, when the suffix does not tell.")] = None,
    model: ModelName = "current",
    engine: Engine = "pdfplumber",
    jobs: Annotated[int, typer.Option(help="Files read at the same time.", min=1)] = 1,
) -> None:
    """Tag documents: one line per passage. Exit code 0: all read; 1: some failed; 2: wrong usage."""
    from nlp.batch import Outcome, find_files, tag_files
    from nlp.models import find_model
    from nlp.tagger import TaggedDocument
    from nlp.write import format_of, write

    with spoken_errors():
        find_model(model)
        if to:
            format_of(to, format)
        files = list(find_files(inputs))
        failed: list[Outcome] = []

        def tagged() -> Iterator[TaggedDocument]:
            for outcome in tag_files(files, model=model, jobs=jobs, engine=engine):
                _say_outcome(outcome)
                if outcome.tagged is None:
                    failed.append(outcome)
                else:
                    yield outcome.tagged

        if to:
            write(tagged(), to, format)
        else:
            for document in tagged():
                out.print(passages_table(document))
    if len(files) > 1 or failed:
        err.print(f"{len(files) - len(failed)} of {len(files)} documents tagged.")
    raise typer.Exit(1 if failed else 0)


def _say_outcome(outcome: Any) -> None:
    line = f"{outcome.source}: {outcome.status}, {outcome.seconds:.1f} s"
    if outcome.tagged is not None:
        line += f", {len(outcome.tagged)} passages"
        for notice in outcome.tagged.document.notices:
            line += f"\n  {notice.message}"
    else:
        line = outcome.message or line
    err.print(escape(line), style="yellow" if outcome.tagged is None else "dim", soft_wrap=True, highlight=False)


def passages_table(tagged: Any) -> Table:
    """A tagged document for reading in a terminal."""
    document = tagged.document
    about = " · ".join(filter(None, [document.date, document.reference, document.ministry]))
    table = Table(
        title=escape(document.title or document.source or document.id), caption=escape(about), show_lines=True
    )
    table.add_column("p.", justify="right", no_wrap=True)
    table.add_column("Passage", ratio=4)
    table.add_column("SDG", ratio=1, min_width=10)
    table.add_column("IMVO", ratio=2, min_width=14)
    table.add_column("Citaten", ratio=2, min_width=14)
    for tagging in tagged:
        passage = tagging.passage
        page = str(passage.pages[0]) if passage.pages else ""
        note = f"[dim]noot {escape(passage.mark)}[/] " if passage.mark else ""
        text = passage.text if len(passage.text) <= 200 else passage.text[:199] + "…"
        table.add_row(
            page,
            note + escape(text),
            _scored(tagging, "sdg"),
            _scored(tagging, "imvo"),
            escape("\n".join(c.identifier or c.text for c in tagging.citations)),
        )
    return table


def _scored(tagging: Any, scheme: str) -> str:
    lines = []
    for tag in tagging.tags:
        if tag.scheme == scheme:
            lines.append(f"{tag.code} [dim]genoemd[/]" if tag.source == "mention" else f"{tag.code} {tag.score:.2f}")
    return "\n".join(lines)


@app.command("read")
def read_document(
    source: Annotated[Path, typer.Argument(help="A PDF, DOCX, XML, HTML or text file.", show_default=False)],
    to: Annotated[Path | None, typer.Option("--out", help="Write here instead of to the terminal.")] = None,
    engine: Engine = "pdfplumber",
    password: Annotated[str | None, typer.Option(help="Of an encrypted PDF.")] = None,
    boxes: Annotated[bool, typer.Option(help="With the place of every word on the page.")] = False,
) -> None:
    """Read one document into blocks, as JSON. Exit code 1 when it cannot be read."""
    import nlp
    from nlp.errors import DocumentError

    try:
        document = nlp.read(source, engine=engine, password=password)
        result, code = asdict(document), 0
        if not boxes:
            for block in result["blocks"]:
                del block["boxes"]
    except DocumentError as error:
        err.print(f"[bold red]Error:[/] {escape(str(error))}", soft_wrap=True)
        result, code = {"status": error.status, "source": str(source), "message": str(error), "blocks": []}, 1
    _emit(json.dumps(result, ensure_ascii=False, indent=1) + "\n", to)
    raise typer.Exit(code)


def _emit(text: str, to: Path | None) -> None:
    if to is None:
        sys.stdout.write(text)
    else:
        to.write_text(text, encoding="utf-8")


@app.command("train")
def train_model(
    recipe: Annotated[Path, typer.Option(help="A recipe in TOML.")] = Path("models/recipes/default.toml"),
    to: Annotated[Path | None, typer.Option("--out", help="Model folder; default models/NAME of the recipe.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes.", min=1)] = 2,
) -> None:
    """Train a model from a recipe: data to model folder, with its figures and card."""
    from nlp.train import read_recipe, train

    with spoken_errors():
        plan = read_recipe(recipe)
        folder = to or recipe.parent.parent / plan.name
        report = train(plan, folder, jobs=jobs, say=err.print)
    for scheme, sets in report["figures"].items():
        for name, figures in sets.items():
            out.print(f"{scheme} {name}: micro F1 {figures['micro_f1']:.3f}, macro F1 {figures['macro_f1']:.3f}")
    out.print(f"Wrote {folder}", highlight=False)


@app.command("citations")
def find_citations(
    source: Annotated[Path, typer.Argument(help="A document.", show_default=False)],
    jsonl: Annotated[bool, typer.Option(help="JSON lines instead of a table.")] = False,
) -> None:
    """List the citations of official publications in a document."""
    import nlp

    with spoken_errors():
        found = nlp.find_citations(nlp.read(source).text)
    if jsonl:
        _emit("".join(json.dumps(asdict(c), ensure_ascii=False) + "\n" for c in found), None)
        return
    table = Table("type", "tekst", "identificatie", "url")
    for citation in found:
        table.add_row(*map(escape, (citation.type, citation.text, citation.identifier or "", citation.url or "")))
    out.print(table)


def script(command: Callable[..., None]) -> None:
    """Run one command as a script of its own."""
    typer.run(command)
