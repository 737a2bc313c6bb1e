"""The command `tag`: what is asked → a batch; its outcomes → the terminal, OUT.run.jsonl and the output."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from nlp.batch import Batch, Outcome
from nlp.errors import DoelwijzerError, OutputError
from nlp.schemes import BELOW
from nlp.tagged import PlainDocument
from nlp.write import write

out = Console(width=None if sys.stdout.isatty() else 140)
err = Console(stderr=True)
SHOWN = 200  # characters of a passage in the terminal


@dataclass(slots=True)
class Tally:
    """What came of the inputs so far."""

    statuses: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    known: int = 0
    failed: int = 0

    def add(self, outcome: Outcome) -> None:
        self.statuses[outcome.status] += 1
        self.pages[outcome.status] += outcome.pages or 0
        self.seconds[outcome.status] += outcome.seconds
        self.known += outcome.known == "result"
        self.failed += outcome.failed

    @property
    def done(self) -> int:
        return self.statuses.total()


class FirstFailure(Exception):
    """With --fail-fast."""


def run(batch: Batch, to: Path | None, format: str | None, *, log_json: bool = False, fail_fast: bool = False) -> Tally:
    """Work through a batch; without `to` the passages are printed. Ends a run that is broken off with how to go on."""
    tally = Tally()
    try:
        with progress(batch.count, shown=not log_json) as advance, run_log(to) as log:
            documents = _documents(batch, tally, [log, log_line if log_json else say, advance], fail_fast)
            if to:
                write(documents, to, format)
            else:
                for document in documents:
                    out.print(passages_table(document))
    except KeyboardInterrupt:
        _broken_off("Stopped", tally, batch, to)
        raise SystemExit(130) from None
    except FirstFailure:
        _broken_off("Stopped at the first failure", tally, batch, to)
        raise SystemExit(1) from None
    return tally


def _documents(
    batch: Batch, tally: Tally, tell: Iterable[Callable[[Outcome], None]], fail_fast: bool
) -> Iterator[PlainDocument]:
    for outcome in batch:
        tally.add(outcome)
        for each in tell:
            each(outcome)
        if outcome.tagged is not None:
            yield outcome.tagged
        elif fail_fast and outcome.failed:
            raise FirstFailure


def _broken_off(what: str, tally: Tally, batch: Batch, to: Path | None) -> None:
    go_on = " The same command goes on from there." if to else ""
    err.print(f"{what} after {tally.done} of {batch.count} documents.{go_on}", soft_wrap=True, highlight=False)


# --- telling ------------------------------------------------------------------------------------------------------


def log_path(to: Path) -> Path:
    """Where the outcomes go: uit.run.jsonl beside uit.jsonl."""
    return to.with_name(to.stem + ".run.jsonl")


def ledger_path(to: Path) -> Path:
    """Where is kept what was done: uit.ledger beside uit.jsonl, uit.csv, …"""
    return to.with_name(to.stem + ".ledger")


@contextmanager
def run_log(to: Path | None) -> Iterator[Callable[[Outcome], None]]:
    """One line per input in OUT.run.jsonl, written as soon as it is known. Raises OutputError."""
    if to is None:
        yield lambda _: None
        return
    try:
        with log_path(to).open("w", encoding="utf-8", buffering=1) as lines:
            yield lambda outcome: _write_line(outcome, lines)
    except OSError as error:
        raise OutputError(
            f"{log_path(to)}: it cannot be written ({error.strerror}).", hint="See to room and rights."
        ) from error


def _write_line(outcome: Outcome, lines: IO[str]) -> None:
    lines.write(json.dumps(outcome.json(), ensure_ascii=False) + "\n")


def log_line(outcome: Outcome) -> None:
    """For programs that follow the run."""
    _write_line(outcome, sys.stderr)


def say(outcome: Outcome) -> None:
    """For people: what needs attention."""
    if outcome.message:
        style = "yellow" if outcome.failed else "dim"
        line = f"{outcome.source}: {outcome.status}. {outcome.message}"
        err.print(escape(line), style=style, soft_wrap=True, highlight=False)


class Rate(ProgressColumn):
    """Documents per second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="progress.data.speed")


@contextmanager
def progress(count: int, *, shown: bool) -> Iterator[Callable[[Outcome], None]]:
    """A bar with rate and time left, when a person is looking."""
    if not shown or not err.is_terminal or count < 2:
        yield lambda _: None
        return
    columns = (TextColumn("Documents"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=count)
        yield lambda _: bar.advance(task)


def say_summary(tally: Tally) -> None:
    """A table with a row per status."""
    table = Table("status", "documents", "pages", "seconds")
    for status, number in tally.statuses.most_common():
        table.add_row(status, str(number), str(tally.pages[status] or ""), f"{tally.seconds[status]:.1f}")
    err.print(table)
    known = f", {tally.known} of them known from before" if tally.known else ""
    err.print(f"{tally.done - tally.failed} of {tally.done} documents tagged{known}.", highlight=False)


def passages_table(tagged: PlainDocument) -> Table:
    """A tagged document for reading in a terminal."""
    about = tagged.about
    caption = " · ".join(filter(None, [about["date"], about["reference"], about["ministry"]]))
    title = about["title"] or about["source"] or about["id"]
    table = Table(title=escape(title), caption=escape(caption), show_lines=True)
    table.add_column("p.", justify="right", no_wrap=True)
    table.add_column("Passage", ratio=4)
    table.add_column("SDG", ratio=1, min_width=10)
    table.add_column("IMVO", ratio=2, min_width=14)
    table.add_column("Citaten", ratio=2, min_width=14)
    for tagging in tagged.taggings:
        table.add_row(*_cells(tagging))
    return table


def _cells(tagging: dict[str, Any]) -> tuple[str, ...]:
    passage = tagging["passage"]
    note = f"[dim]noot {escape(passage['mark'])}[/] " if passage["mark"] else ""
    text = passage["text"] if len(passage["text"]) <= SHOWN else passage["text"][: SHOWN - 1] + "…"
    cited = "\n".join(c["identifier"] or c["text"] for c in tagging["citations"])
    page = str(passage["pages"][0]) if passage["pages"] else ""
    return page, note + escape(text), _scored(tagging, "sdg"), _scored(tagging, "imvo"), escape(cited)


def _scored(tagging: dict[str, Any], scheme: str) -> str:
    """One line per code: its score, and whether it is named."""
    lines: dict[str, list[str]] = {}
    for tag in tagging["tags"]:
        if tag["scheme"] in (scheme, scheme + BELOW):
            said = "[dim]genoemd[/]" if tag["source"] == "mention" else f"{tag['score']:.2f}"
            lines.setdefault(tag["code"], []).append(said)
    return "\n".join(" ".join([code, *reversed(said)]) for code, said in lines.items())


# --- what was asked -----------------------------------------------------------------------------------------------


def check_folder(to: Path) -> None:
    """Raises DoelwijzerError when there is no folder to write in."""
    if not to.parent.is_dir():
        raise DoelwijzerError(f"There is no folder {to.parent}.", hint="Make it, or give another --out.")


def check_one(count: int, to: Path) -> None:
    """Raises OutputError when more than one document is to go into one PDF, before any is read."""
    if count > 1:
        raise OutputError(
            f"{to}: {count} documents do not go into one PDF.",
            hint="Give one PDF, or --out OUT.html for reports of many.",
        )


UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}


def as_bytes(size: str) -> int:
    """1500M → bytes. Raises DoelwijzerError."""
    number, unit = size.strip().upper().removesuffix("B"), ""
    if number[-1:] in UNITS:
        number, unit = number[:-1], number[-1:]
    try:
        return int(float(number) * UNITS[unit])
    except ValueError:
        raise DoelwijzerError(f"{size!r} is no amount of memory.", hint="For example 1500M or 2G.") from None


def as_time(since: str | None) -> float | None:
    """2026-11-01 or 2026-11-01T08:30, local time → seconds since 1970. Raises DoelwijzerError."""
    try:
        return datetime.fromisoformat(since).timestamp() if since else None
    except ValueError:
        raise DoelwijzerError(f"{since!r} is no date.", hint="For example 2026-11-01 or 2026-11-01T08:30.") from None
