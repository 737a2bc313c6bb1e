"""The command that checks a corpus: `doelwijzer check` and scripts/check_corpus.py."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nlp.checking import Report


def check_corpus(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of annotations, or folders with *.jsonl; default corpus/.", show_default=False),
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what needs no judgement, and say what was changed.")] = False,
    near: Annotated[bool, typer.Option(help="Look for near duplicates too.")] = True,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    to_json: Annotated[Path | None, typer.Option("--json", help="Write all findings here.")] = None,
) -> None:
    """Check annotations: every line by itself, and all lines beside each other. One finding a line: where, what, next.

    Exit code 0: no errors; 1: errors, or warnings with --strict; 2: wrong usage.
    """
    from nlp.checking import check, corpus_files
    from nlp.checking.repair import repair
    from nlp.console import err, spoken_errors
    from nlp.files import write_whole

    wanted = paths or [Path("corpus")]
    with spoken_errors():
        if fix:
            for done in repair(corpus_files(wanted)):
                typer.echo(done)
        report = check(wanted, near=near)
    for finding in report.findings:
        typer.echo(str(finding))
    if to_json:
        rows = [asdict(finding) for finding in report.findings]
        with spoken_errors():
            write_whole(to_json, (json.dumps(rows, indent=1) + "\n").encode())
    err.print(summary(report), highlight=False)
    raise typer.Exit(1 if report.errors or (strict and report.findings) else 0)


def summary(report: Report) -> str:
    """All of it in one sentence, and what --fix could do."""
    warnings = len(report.findings) - report.errors
    mendable = sum(finding.mendable for finding in report.findings)
    found = f"{_count(report.lines, 'line')} in {_count(report.files, 'file')}: "
    found += f"{_count(report.errors, 'error')}, {_count(warnings, 'warning')}."
    return f"{found} --fix can mend {mendable} of them." if mendable else found


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
