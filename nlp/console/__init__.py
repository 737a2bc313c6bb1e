"""The command line: what scripts/ and the installed command `doelwijzer` offer. Each command is a Python call too."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from nlp.console.agree import compare_annotators
from nlp.console.annotate import annotate
from nlp.console.check import check_corpus
from nlp.console.choose import choose_passages
from nlp.console.evaluate import evaluate_model
from nlp.console.renew import renew_model
from nlp.console.suspects import suspect_labels
from nlp.console.taxonomy import show_corpus, show_taxonomy
from nlp.console.view import view
from nlp.errors import DoelwijzerError, OutputError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(width=None if sys.stdout.isatty() else 140)
err = Console(stderr=True)

ModelName = Annotated[str, typer.Option(help="A model by name, or the path of a model folder.")]
Engine = Annotated[str, typer.Option(help="PDF engine: pdfplumber, or the faster pdfium.")]


def _say_version(asked: bool) -> None:
    if asked:
        import nlp

        out.print(f"doelwijzer {nlp.__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    """Tag Dutch parliamentary documents with SDGs, IMVO themes and Kamerstuk citations."""


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Errors raised on purpose are said in one line, without a traceback; the exit code is 2, or 1 amid the work."""
    try:
        yield
    except DoelwijzerError as error:
        err.print(f"[bold red]Error:[/] {escape(error.message)}", soft_wrap=True)
        if error.hint:
            err.print(escape(error.hint), soft_wrap=True)
        raise typer.Exit(1 if isinstance(error, OutputError) else 2) from None


@app.command("tag")
def tag_documents(
    inputs: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, patterns, @LIST of names, or - for names from standard input.", show_default=False
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option("--out", help="OUT.jsonl, .jsonld, .csv, .html, .parquet, .pdf or .sqlite; without it a table."),
    ] = None,
    format: Annotated[str | None, typer.Option(help="Output format, when the suffix does not tell.")] = None,
    model: ModelName = "current",
    engine: Engine = "pdfplumber",
    jobs: Annotated[int, typer.Option(help="Files read at the same time.", min=1)] = 1,
    timeout: Annotated[float, typer.Option(help="Seconds per file.", min=1)] = 120,
    max_memory: Annotated[str, typer.Option(help="Memory per worker: 1500M, 2G; 0 for no limit.")] = "1500M",
    max_pages: Annotated[int, typer.Option(help="Pages per file.", min=1)] = 5000,
    resume: Annotated[bool, typer.Option("--resume/--fresh", help="Use what earlier runs left beside OUT.")] = True,
    limit: Annotated[int | None, typer.Option(help="No more than the first N inputs.", min=1)] = None,
    since: Annotated[str | None, typer.Option(help="Only files changed since this date: 2026-11-01.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the files that would be tagged.")] = False,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first file that fails.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Outcomes as JSON lines on standard error.")] = False,
    targets: Annotated[bool, typer.Option("--targets", help="Also suggest SDG targets.")] = False,
    backend: Annotated[str, typer.Option(help="Of joblib: threading, loky or dask.")] = "threading",
    scheduler: Annotated[str | None, typer.Option(help="Of dask: tcp://HOST:8786.")] = None,
) -> None:
    """Tag documents: one line per passage. A run that was broken off goes on with the same command.

    Exit code 0: all tagged; 1: some failed, or the run could not be finished; 2: wrong usage; 130: stopped by Ctrl-C.
    """
    from nlp.batch import Batch, Crew
    from nlp.batch.inputs import chosen, find_files, shown
    from nlp.batch.limits import Job
    from nlp.console import tag
    from nlp.write import format_of

    with spoken_errors():
        kind = format_of(to, format) if to else None
        if to:
            tag.check_folder(to)
        job = Job(model, engine, timeout, tag.as_bytes(max_memory), max_pages, targets)
        files = chosen(find_files(inputs), tag.as_time(since), limit)
        ledger = tag.ledger_path(to) if to else None
        if dry_run and ledger and not ledger.exists():
            ledger = None
        with Batch(job, ledger, Crew(jobs, backend, scheduler), fresh=not resume) as batch:
            count = batch.enlist(files)
            if to and kind == "pdf":
                tag.check_one(count, to)
            if dry_run:
                out.print(*map(shown, batch.new()), sep="\n", soft_wrap=True, highlight=False, markup=False)
                raise typer.Exit
            tally = tag.run(batch, to, format, log_json=log_json, fail_fast=fail_fast)
    if count == 0:
        err.print("No documents found.")
    if not log_json and (count > 1 or tally.failed):
        tag.say_summary(tally)
    raise typer.Exit(1 if tally.failed else 0)


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

    with spoken_errors():
        try:
            document = nlp.read(source, engine=engine, password=password)
            result, code = asdict(document), 0
            if not boxes:
                for block in result["blocks"]:
                    del block["boxes"]
        except DocumentError as error:
            err.print(f"[bold red]Error:[/] {escape(str(error))}", soft_wrap=True)
            result, code = {"status": error.status, "source": str(source), "message": str(error), "blocks": []}, 1
        emit(json.dumps(result, ensure_ascii=False, indent=1) + "\n", to)
    raise typer.Exit(code)


def emit(text: str, to: Path | None) -> None:
    """Write a text to a file, or to the terminal without one. Raises OutputError."""
    if to is None:
        sys.stdout.write(text)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"{to}: it cannot be written ({error.strerror}).", hint="See to folder and rights."
        ) from error


@app.command("train")
def train_model(
    recipe: Annotated[Path, typer.Option(help="A recipe in TOML.")] = Path("models/recipes/default.toml"),
    to: Annotated[Path | None, typer.Option("--out", help="Model folder; default models/NAME of the recipe.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes.", min=1)] = 2,
) -> None:
    """Train a model from a recipe: data to model folder, with its figures and card."""
    from nlp.recipes import read_recipe
    from nlp.train import train

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
        emit("".join(json.dumps(asdict(c), ensure_ascii=False) + "\n" for c in found), None)
        return
    table = Table("type", "tekst", "identificatie", "url")
    for citation in found:
        table.add_row(*map(escape, (citation.type, citation.text, citation.identifier or "", citation.url or "")))
    out.print(table)


app.command("agree")(compare_annotators)
app.command("choose")(choose_passages)
app.command("suspects")(suspect_labels)
app.command("evaluate")(evaluate_model)
app.command("check")(check_corpus)
app.command("renew")(renew_model)
app.command("taxonomy")(show_taxonomy)
app.command("corpus")(show_corpus)
app.command("view")(view)
app.add_typer(annotate, name="annotate")


def script(command: Callable[..., None]) -> None:
    """Run one command as a script of its own."""
    typer.run(command)
