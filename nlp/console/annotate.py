"""The verbs of annotating: `doelwijzer annotate start|push|pull|export|import` and scripts/annotate_passages.py."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from nlp.labelstudio.server import Settings
    from nlp.records import Annotation
    from nlp.schemes import Scheme

annotate = typer.Typer(
    help="Annotate passages in Label Studio, or by doccano and CSV files.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out, err = Console(highlight=False, soft_wrap=True), Console(stderr=True, highlight=False, soft_wrap=True)

BATCH = "passages"
ANNOTATIONS = Path("corpus/annotations")

Folder = Annotated[
    Path | None, typer.Option(help="Data folder of the server; default ~/.local/share/doelwijzer/labelstudio.")
]
SchemeNames = Annotated[list[str], typer.Option("--scheme", help="Label schemes, by name or YAML file.")]
Batch = Annotated[str, typer.Option(help="Name of the batch: a project in Label Studio, and part of the file name.")]


@annotate.command()
def start(
    folder: Folder = None,
    batch: Batch = BATCH,
    annotator: Annotated[
        list[str] | None, typer.Option(help="Make an account for this annotator; may be repeated.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port on this machine; default 8080, or as the last time.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Install Label Studio without asking, where it is missing.")
    ] = False,
    scheme: SchemeNames = ["sdg", "imvo"],  # noqa: B006
) -> None:
    """Set up and run a Label Studio on this machine, until Ctrl-C. Nobody else can reach it."""
    from nlp.console import spoken_errors
    from nlp.labelstudio import server
    from nlp.labelstudio.client import ServerError

    place = (folder or server.default_folder()).absolute()
    with spoken_errors():
        schemes = _schemes(scheme)
        program = server.find_program(place) or _install(place, yes)
        first = not (place / "settings.json").exists()
        settings = server.Settings() if first else server.load_settings(place)
        if settings.client.is_up():
            out.print(f"Label Studio is running already at {settings.client.address}.")
            _prepare(settings, place, batch, annotator or [], schemes)
            return
        settings = replace(settings, port=server.free_port(port or settings.port))
        server.save_settings(settings, place)
        if first:
            _say_login(server.MANAGER, settings.passwords[server.MANAGER])
        err.print("Label Studio is starting; the first time takes a minute or two.", style="dim")
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            with server.running(program, place, settings) as process:
                _prepare(settings, place, batch, annotator or [], schemes)
                process.wait()
                raise ServerError("Label Studio stopped.", hint=f"See {place / 'server.log'}.")
        except KeyboardInterrupt:
            out.print("Label Studio has stopped; the same command starts it again with all that was done.")


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _install(place: Path, yes: bool) -> Path:
    from nlp.errors import DoelwijzerError
    from nlp.labelstudio import server

    err.print(f"Label Studio is not installed. This makes the environment {place / 'env'} (1 GB) and runs there:")
    err.print(f"  pip install '{server.REQUIREMENT}'")
    err.print(
        f"It asks your package index and changes nothing else. To use an installed one: {server.PROGRAM}=/path/to/label-studio."
    )
    if not yes and not (err.is_terminal and typer.confirm("Install?", err=True)):
        raise DoelwijzerError("Nothing was installed.", hint="Give --yes to install without being asked.")
    return server.install(place)


def _prepare(settings: Settings, place: Path, batch: str, names: list[str], schemes: Sequence[Scheme]) -> None:
    from nlp.labelstudio import server, traffic

    client = settings.client
    project = traffic.ensure_project(client, batch, schemes)
    server.add_accounts(names, settings, place, _say_login)
    out.print(f"Label Studio: {client.address}/projects/{project}/  (batch {batch}; stop it with Ctrl-C)")
    out.print(f"Passwords are kept in {place / 'settings.json'}, for your eyes only.")


def _say_login(name: str, password: str) -> None:
    from nlp.labelstudio.server import email_of

    out.print(f"Log in as {email_of(name)} with password {password}", markup=False)


@annotate.command()
def push(
    passages: Annotated[Path, typer.Argument(help="JSON lines from `choose` or `tag`.", show_default=False)],
    batch: Batch = BATCH,
    blind: Annotated[
        bool, typer.Option("--blind", help="Without the model's suggestion, its evidence and why.")
    ] = False,
    annotators: Annotated[int | None, typer.Option(help="How many must judge each passage; default 1.", min=1)] = None,
    guideline: Annotated[str | None, typer.Option(help="Version of the guide; default the latest.")] = None,
    folder: Folder = None,
    scheme: SchemeNames = ["sdg", "imvo"],  # noqa: B006
) -> None:
    """Send passages to annotators. Those that are there already are not sent again."""
    from nlp.console import spoken_errors
    from nlp.corpus import GUIDELINES
    from nlp.exchange import read_candidates
    from nlp.labelstudio import server, traffic

    with spoken_errors():
        client = server.load_settings((folder or server.default_folder()).absolute()).client
        done = traffic.push(
            client, batch, list(read_candidates(passages)), _schemes(scheme), guideline=guideline or GUIDELINES[-1],
            blind=blind, annotators=annotators, say=lambda line: err.print(line, style="dim"),
        )  # fmt: skip
    out.print(f"{done.new} passages sent to batch {batch}; {done.known} were there already.")
    for name in done.changed:
        err.print(f"{escape(name)}: its text differs from the one in Label Studio, which stays.", style="yellow")
    if done.absent:
        err.print(f"{len(done.absent)} passages of the batch are not in {passages}; they stay.", style="dim")
    if done.doubles:
        err.print(f"{done.doubles} doubles of a push that was broken off were taken away.", style="dim")


@annotate.command()
def pull(
    batch: Annotated[str | None, typer.Option(help="Only this batch; default all.")] = None,
    to: Annotated[Path, typer.Option("--out", help="Folder with annotations.")] = ANNOTATIONS,
    folder: Folder = None,
    scheme: SchemeNames = ["sdg", "imvo"],  # noqa: B006
) -> None:
    """Bring annotations back into FOLDER/BATCH-ANNOTATOR.jsonl; lines are only added. Exit code 1: something needs a look."""
    from nlp.console import spoken_errors
    from nlp.labelstudio import server, traffic

    notices = 0
    with spoken_errors():
        client = server.load_settings((folder or server.default_folder()).absolute()).client
        for name in [batch] if batch else traffic.our_batches(client):
            done = traffic.pull(client, name, to, _schemes(scheme))
            _say_pulled(name, done)
            notices += len(done.notices)
    raise typer.Exit(1 if notices else 0)


def _say_pulled(batch: str, done: object) -> None:
    from nlp.labelstudio.traffic import Pulled

    assert isinstance(done, Pulled)
    for path, count in done.added.items():
        out.print(f"{path}: {count} added", markup=False)
    rest = [f"{done.known} known", f"{done.waiting} passages wait"]
    rest += [f"{done.drafts} begun, not submitted"] if done.drafts else []
    rest += [f"{len(done.skipped)} skipped"] if done.skipped else []
    out.print(f"Batch {batch}: {sum(done.added.values())} new, {', '.join(rest)}.")
    for skipped in done.skipped:
        err.print(f"Skipped: {escape(skipped)}", style="dim")
    for notice in done.notices:
        err.print(escape(notice), style="yellow")


@annotate.command("export")
def export_file(
    source: Annotated[
        Path, typer.Argument(help="Annotations (file or folder), or passages to annotate.", show_default=False)
    ],
    to: Annotated[Path, typer.Option("--out", help="OUT.jsonl for doccano, or OUT.csv.")],
    format: Annotated[str | None, typer.Option(help="doccano or csv, when the suffix does not tell.")] = None,
    scheme: SchemeNames = ["sdg", "imvo"],  # noqa: B006
) -> None:
    """Write annotations, or passages that wait for them, for doccano or a spreadsheet."""
    from nlp import exchange
    from nlp.console import spoken_errors

    with spoken_errors():
        lines = _lines(source)
        exchange.export(lines, to, _schemes(scheme), format)
    out.print(f"{to}: {len(lines)} passages", markup=False)


def _lines(source: Path) -> list[Annotation]:
    """Annotations as they are; passages that wait for one as lines to fill in."""
    from nlp.corpus import read_annotations
    from nlp.exchange import holds_candidates, read_candidates, unjudged

    if source.is_file() and holds_candidates(source):
        return [unjudged(candidate) for candidate in read_candidates(source)]
    return list(read_annotations(source))


@annotate.command("import")
def import_file(
    source: Annotated[Path, typer.Argument(help="A file from doccano (JSONL), or a CSV.", show_default=False)],
    to: Annotated[Path, typer.Option("--out", help="The .jsonl file of annotations to write; it may not exist yet.")],
    annotator: Annotated[str | None, typer.Option(help="Who judged; default as the file says, else its name.")] = None,
    guideline: Annotated[
        str | None, typer.Option(help="Version of the guide, where the file says none; default the latest.")
    ] = None,
    judged: Annotated[
        list[str] | None,
        typer.Option(help="doccano: a scheme that was judged on every line, also where no label of it was given."),
    ] = None,
    format: Annotated[str | None, typer.Option(help="doccano or csv, when the suffix does not tell.")] = None,
    scheme: SchemeNames = ["sdg", "imvo"],  # noqa: B006
) -> None:
    """Read annotations from doccano or a spreadsheet, checked line by line."""
    from nlp import exchange
    from nlp.console import spoken_errors
    from nlp.corpus import GUIDELINES, write_annotations
    from nlp.errors import DoelwijzerError, OutputError

    with spoken_errors():
        if annotator and "@" in annotator:
            raise DoelwijzerError(f"{annotator!r} is an e-mail address.", hint="Give initials or a role.")
        schemes = _schemes(scheme)
        kind = exchange.format_of(source, format)
        extra = {"judged": tuple(judged)} if judged and kind == "doccano" else {}
        lines = list(exchange.READERS[kind](source, schemes, annotator, **extra))
        if to.exists():
            raise OutputError(f"{to} exists already.", hint="Give another --out; annotations are never overwritten.")
        if not lines:
            raise DoelwijzerError(
                f"{source}: nothing was judged in it.",
                hint="Where every line was judged and doccano shows no label: --judged sdg --judged imvo.",
            )
        version = guideline or GUIDELINES[-1]
        count = write_annotations((replace(line, guideline=line.guideline or version) for line in lines), to)
    out.print(f"{to}: {count} annotations", markup=False)


def _schemes(names: Sequence[str]) -> list[Scheme]:
    from nlp.schemes import load_scheme

    return [load_scheme(name) for name in names]
