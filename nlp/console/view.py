"""The command that serves a page on this machine: `doelwijzer view`."""

from __future__ import annotations

from typing import Annotated

import typer


def view(
    host: Annotated[str, typer.Option(help="Address to serve on; another than this machine's own is open to all.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the page, where there is a screen.")] = True,
    max_upload: Annotated[int, typer.Option(help="Megabytes per document.", min=1)] = 25,
    max_pages: Annotated[int, typer.Option(help="Pages per document.", min=1)] = 500,
    timeout: Annotated[float, typer.Option(help="Seconds per document.", min=1)] = 60,
    max_memory: Annotated[str, typer.Option(help="Memory per document: 1500M, 2G; 0 for no limit.")] = "1500M",
    jobs: Annotated[int, typer.Option(help="Documents read at the same time; other users wait.", min=1)] = 2,
    model: Annotated[str, typer.Option(help="A model by name, or the path of a model folder.")] = "current",
    engine: Annotated[str, typer.Option(help="PDF engine: pdfplumber, or the faster pdfium.")] = "pdfplumber",
) -> None:
    """Serve a page for this machine alone: drop a document or paste a text, see its report. Nothing is kept.

    Exit code 2: it cannot be served.
    """
    from nlp.console import err, spoken_errors
    from nlp.console.tag import as_bytes
    from nlp.view import is_loopback, serve
    from nlp.view.desk import Settings

    with spoken_errors():
        settings = Settings(model, engine, timeout, max_pages, max_upload, as_bytes(max_memory), jobs)
        if not is_loopback(host):
            err.print(
                f"[bold yellow]Warning:[/] whoever can reach {host}:{port} can use this page: it has no password."
            )
        serve(settings, host, port, browser=browser, say=_say)


def _say(url: str) -> None:
    from nlp.console import out

    out.print(f"{url}  (Ctrl-C stops it)", highlight=False)
