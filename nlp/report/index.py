"""Many tagged documents → a report each, and an index with how often each SDG occurs in which document."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path, PurePath

from nlp.errors import OutputError
from nlp.files import PART
from nlp.notation import thousands
from nlp.pdf.pictures import Painter
from nlp.plain import PlainDocument
from nlp.report.frame import TEMPLATES, stream
from nlp.report.labels import Label, label, style
from nlp.report.sheets import content_of
from nlp.report.single import date_of, kind_of, report, title_of
from nlp.report.text import clean
from nlp.schemes import BELOW, load_scheme

MARKER = "LEESMIJ.txt"
MARKED = "De rapporten bij {}. Een volgende run vervangt deze map.\n"
LEVELS = (0.05, 0.15, 0.30)  # shares of a document's passages, between which a cell is coloured deeper
THEMES = 3  # of other schemes, named per document


def write_html(documents: Iterable[PlainDocument], path: Path) -> None:
    """One document: its report. More: an index here and the reports in OUT_files beside it, each made as it comes.

    A report that an earlier run made of the same result is kept. Raises MissingExtra without jinja2, and OutputError when
    OUT_files is a folder that was not made here.
    """
    documents = iter(documents)
    begin = list(islice(documents, 2))
    with Painter() as painter:
        if len(begin) == 1:
            path.write_text(report(begin[0], painter=painter), encoding="utf-8")
            return
        with _replaced(_folder(path)) as (before, folder), path.open("w", encoding="utf-8") as out:
            tally = Tally(columns())
            rows = (_row(document, before, folder, painter, tally) for document in chain(begin, documents))
            name = PurePath(path.name.removesuffix(PART)).stem
            out.writelines(
                stream("index.html.j2", style(tally.columns), ["index.js"], title=name, rows=rows, tally=tally)
            )


# --- the folder of reports ----------------------------------------------------------------------------------------


def _folder(path: Path) -> Path:
    return path.with_name(PurePath(path.name.removesuffix(PART)).stem + "_files")


@contextmanager
def _replaced(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The folder of an earlier run, and a new one that takes its place when all went well."""
    new, old = (folder.with_name(folder.name + suffix) for suffix in (PART, ".old"))
    for each in (folder, new, old):
        if each.exists() and not (each / MARKER).is_file():
            hint = "Move it away, or give another --out."
            raise OutputError(f"{each}: this is not a folder of reports, so it is not replaced.", hint=hint)
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir()
        (new / MARKER).write_text(MARKED.format(folder.name.removesuffix("_files") + ".html"), encoding="utf-8")
        yield folder, new
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _written(document: PlainDocument, before: Path, folder: Path, painter: Painter) -> str:
    """The name of its report in `folder`, taken over from `before` where it would be the same."""
    data, missing = content_of(document.about, None)
    name = f"{_slug(document)}-{_fingerprint(document, missing)}.html"
    if (before / name).is_file():
        try:
            os.link(before / name, folder / name)
        except OSError:  # a file system without links
            shutil.copyfile(before / name, folder / name)
    elif not (folder / name).exists():
        # Written whole or not at all: what is kept from run to run must be right.
        (folder / (name + PART)).write_text(report(document, data, painter), encoding="utf-8")
        (folder / (name + PART)).rename(folder / name)
    return name


def _slug(document: PlainDocument) -> str:
    name = PurePath(str(document.about["source"] or document.about["id"])).stem
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-") or "document"


def _fingerprint(document: PlainDocument, missing: str | None) -> str:
    """Of all that a report is made from."""
    made_from = json.dumps([_edition(), missing, document.about, document.taggings])
    return hashlib.sha256(made_from.encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _edition() -> str:
    """Of the way reports are made."""
    ours = [*sorted(TEMPLATES.iterdir()), *sorted(TEMPLATES.parent.glob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in ours if file.is_file())).hexdigest()


# --- the matrix ---------------------------------------------------------------------------------------------------


def columns() -> list[Label]:
    """The goals."""
    goals = load_scheme("sdg").top
    return [label(f"k{at}", "sdg", goal.code, goal.label_nl) for at, goal in enumerate(goals)]


@dataclass(slots=True)
class Tally:
    """What the rows add up to, once they have all been written."""

    columns: list[Label]
    documents: int = 0
    passages: int = 0
    citations: int = 0
    goals: Counter[str] = field(default_factory=Counter)

    @property
    def cells(self) -> list[int]:
        return [self.goals[column.code] for column in self.columns]

    def said(self, number: int) -> str:
        return thousands(number)


@dataclass(frozen=True, slots=True)
class Row:
    """A document; a cell has the number of passages with that goal, and how deep it is coloured (0 to 4)."""

    href: str
    title: str
    below: str
    date: str
    said_date: str
    passages: int
    citations: int
    cells: list[tuple[int, int]]
    themes: str


def _row(document: PlainDocument, before: Path, folder: Path, painter: Painter, tally: Tally) -> Row:
    about, taggings = document.about, document.taggings
    name = _written(document, before, folder, painter)
    found = Counter(chain.from_iterable(_labels(tagging["tags"]) for tagging in taggings))
    goals = Counter({code: number for (scheme, code), number in found.items() if scheme == "sdg"})
    names = {(tag["scheme"], tag["code"]): tag["label"] for tagging in taggings for tag in tagging["tags"]}
    themes = [clean(names[key]) for key, _ in found.most_common() if key[0].removesuffix(BELOW) != "sdg"]
    more = f" +{len(themes) - THEMES}" if len(themes) > THEMES else ""
    cited = sum(len(tagging["citations"]) for tagging in taggings)
    tally.documents += 1
    tally.passages += len(taggings)
    tally.citations += cited
    tally.goals += goals
    file = clean(PurePath(str(about["source"] or "")).name)
    kind = kind_of(about["kind"] or "")
    return Row(
        f"{folder.name.removesuffix(PART)}/{name}", title_of(about), " · ".join(filter(None, [kind, file])),
        clean(about["date"] or ""), date_of(about["date"]) if about["date"] else "", len(taggings), cited,
        [(goals[column.code], _level(goals[column.code], len(taggings))) for column in tally.columns],
        ", ".join(themes[:THEMES]) + more,
    )  # fmt: skip


def _labels(tags: list[dict[str, str]]) -> set[tuple[str, str]]:
    """Each label of a passage once; a target counts for its goal."""
    return {(tag["scheme"], tag["code"].split(".")[0] if tag["scheme"] == "sdg" else tag["code"]) for tag in tags}


def _level(number: int, passages: int) -> int:
    return 0 if not number else 1 + sum(number > share * passages for share in LEVELS)
