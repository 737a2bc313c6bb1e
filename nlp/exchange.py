"""Passages to annotators and annotations back, in files that other programs know: doccano's JSON lines, and CSV.

Both say what an Annotation says. A label is "sdg:13"; "sdg:geen" means that the scheme was judged and none of its codes
apply, so that a scheme without any label is one that was not judged. "twijfel" is doubt.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.corpus import parse
from nlp.errors import CorpusError, UnknownName
from nlp.files import write_whole
from nlp.records import Annotation
from nlp.schemes import BELOW, Scheme
from nlp.spreadsheet import harmless, read_table

NONE = "geen"  # judged: no code of the scheme applies
DOUBT = "twijfel"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that waits for an annotator, with where it stands and what a model says of it."""

    passage: str  # id
    text: str
    heading: str | None = None
    pages: tuple[int, ...] = ()
    document: str | None = None  # id
    title: str | None = None
    date: str | None = None
    source: str | None = None  # path or address
    tags: tuple[dict[str, Any], ...] = ()  # as in nlp/schema/tagging-1.json
    model: str | None = None
    why: str | None = None  # why it was chosen
    group: str | None = None
    split: str | None = None


def read_candidates(path: str | Path) -> Iterator[Candidate]:
    """The passages of a JSON lines file, as tagging or choosing passages writes it; lines with annotations will do too.

    Raises CorpusError with file and line.
    """
    path = Path(path)
    for number, row in _json_lines(path):
        passage = row.get("passage")
        about = passage if isinstance(passage, dict) else {"id": passage or row.get("id"), "text": row.get("text")}
        name, text = about.get("id"), about.get("text")
        if not isinstance(name, str) or not name or not isinstance(text, str) or not text.strip():
            hint = 'Write {"passage": {"id": …, "text": …}, "document": {"id": …}}, as `doelwijzer tag --out x.jsonl` does.'
            raise CorpusError(path, "no passage with an id and a text", line=number, hint=hint)
        yield _candidate(row, about)


def _candidate(row: dict[str, Any], passage: dict[str, Any]) -> Candidate:
    document = row.get("document")
    document = document if isinstance(document, dict) else {}
    why = row.get("why")
    why = why.get("words") if isinstance(why, dict) else why  # of `choose`: {"strategy", "words"}
    return Candidate(
        passage["id"], passage["text"], passage.get("heading"), tuple(passage.get("pages") or ()),
        document.get("id"), document.get("title"), document.get("date"), document.get("source"),
        tuple(row.get("tags") or ()), row.get("model"), why,
        row.get("group") or document.get("id"), row.get("split"),
    )  # fmt: skip


def holds_candidates(path: str | Path) -> bool:
    """Whether the first line of a file is a passage that waits, not an annotation. Raises CorpusError."""
    first = next(_json_lines(Path(path)), None)
    return first is not None and isinstance(first[1].get("passage"), dict)


def unjudged(candidate: Candidate) -> Annotation:
    """The candidate as a line to fill in: no scheme judged."""
    return Annotation(candidate.passage, candidate.text, {}, annotator="", group=candidate.group, split=candidate.split)


# --- labels -------------------------------------------------------------------------------------------------------


def to_labels(annotation: Annotation) -> list[str]:
    """{"sdg": ["13"], "imvo": []} → ["sdg:13", "imvo:geen"]."""
    labels = [f"{scheme}:{code}" for scheme, codes in annotation.labels.items() for code in codes or [NONE]]
    return [*labels, DOUBT] if annotation.doubt else labels


def from_labels(labels: Iterable[str], schemes: Sequence[Scheme], judged: Collection[str] = ()) -> dict[str, list[str]]:
    """Labels by scheme, in the order of the scheme; DOUBT is left out. Schemes in `judged` count as judged in any case.

    Raises UnknownName for a scheme or code that is not there, ValueError when NONE stands beside a code.
    """
    known = _by_name(schemes)
    found: dict[str, set[str]] = {name: set() for name in judged}
    for label in labels:
        if label == DOUBT:
            continue
        name, _, code = label.partition(":")
        if name not in known:
            raise UnknownName("scheme", name, [scheme.id for scheme in schemes])
        if code != NONE:
            known[name][code]
        found.setdefault(name, set()).add(code)
    return {name: _in_order(found[name], name, scheme) for name, scheme in known.items() if name in found}


def _by_name(schemes: Sequence[Scheme]) -> dict[str, Scheme]:
    """By the names that stand in annotations: sdg, and sdg-target for its narrower codes."""
    return {name: scheme for scheme in schemes for name in (scheme.id, scheme.id + BELOW)}


def _in_order(codes: set[str], name: str, scheme: Scheme) -> list[str]:
    if NONE in codes and len(codes) > 1:
        raise ValueError(f"{name}: {NONE!r} stands beside {', '.join(sorted(codes - {NONE}))}")
    return [concept.code for concept in scheme if concept.code in codes]


# --- doccano ------------------------------------------------------------------------------------------------------

FACTS = ("passage", "annotator", "date", "guideline", "group", "split", "source", "genre")


def to_doccano(annotations: Iterable[Annotation]) -> Iterator[str]:
    """The lines of a file that doccano imports as a text classification project."""
    for each in annotations:
        facts = {name: value for name in FACTS if (value := getattr(each, name)) is not None}
        row = {"text": each.text, "label": to_labels(each), **facts, "Comments": [each.note] if each.note else []}
        yield json.dumps(row, ensure_ascii=False) + "\n"


def read_doccano(
    path: str | Path, schemes: Sequence[Scheme], annotator: str | None = None, judged: Collection[str] = ()
) -> Iterator[Annotation]:
    """What doccano exports, one file per annotator (its name is the file's, unless the lines or the caller tell it).

    Raises CorpusError with file and line. A line without any label was not judged and is left out.
    """
    path = Path(path)
    for number, row in _json_lines(path):
        facts = {**(row["meta"] if isinstance(row.get("meta"), dict) else {}), **row}
        labels = row.get("label", row.get("labels", []))
        if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
            hint = "Export a text classification project; labels of sequences do not fit."
            raise CorpusError(path, "the labels are no list of names", line=number, hint=hint)
        comments = row.get("Comments", row.get("comments")) or []
        facts["note"] = " ".join(map(str, comments if isinstance(comments, list) else [comments])) or None
        facts["annotator"] = annotator or facts.get("annotator") or path.stem
        if labels or judged:
            yield _annotation(facts, labels, schemes, judged, path, number)


# --- CSV ----------------------------------------------------------------------------------------------------------


def to_csv(annotations: Iterable[Annotation], schemes: Sequence[Scheme]) -> str:
    """One row per annotation and one column per scheme: "8 13", "geen", or nothing where it was not judged."""
    annotations = list(annotations)
    said = {name for each in annotations for name in each.labels} | {scheme.id for scheme in schemes}
    names = [name for name in _by_name(schemes) if name in said]
    columns = ["passage", "text", *names, DOUBT, "note", *FACTS[1:]]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")  # so that a \r in a text is quoted
    writer.writeheader()
    for each in annotations:
        row = {name: getattr(each, name) for name in (*FACTS, "text", "note")}
        row |= {name: " ".join(codes or [NONE]) for name, codes in each.labels.items() if name in names}
        row[DOUBT] = "x" if each.doubt else None
        writer.writerow({name: harmless(value) for name, value in row.items()})
    return out.getvalue()


def read_csv(path: str | Path, schemes: Sequence[Scheme], annotator: str | None = None) -> Iterator[Annotation]:
    """A table as `to_csv` writes it, also after a spreadsheet has saved it with ; or tabs between the columns.

    Raises CorpusError with file and line. A row in which nothing was judged or doubted is left out.
    """
    path = Path(path)
    for number, row in read_table(path, {"text"}):
        facts = {name: value or None for name, value in row.items()}
        labels = [
            f"{name}:{code}"
            for name in _by_name(schemes)
            for code in re.split(r"[\s,;|]+", facts.get(name) or "")
            if code
        ]
        labels += [DOUBT] if facts.get(DOUBT) else []
        facts["annotator"] = annotator or facts.get("annotator") or path.stem
        if labels:
            yield _annotation(facts, labels, schemes, (), path, number)


# --- both ---------------------------------------------------------------------------------------------------------


def _annotation(
    facts: dict[str, Any], labels: list[str], schemes: Sequence[Scheme], judged: Collection[str], path: Path, line: int
) -> Annotation:
    text, passage = facts.get("text"), facts.get("passage")
    if not isinstance(text, str) or not text.strip():
        raise CorpusError(path, "no text", line=line, hint="Keep the text of each passage as it was exported.")
    try:
        by_scheme = from_labels(labels, schemes, judged)
    except UnknownName as error:
        raise CorpusError(path, error.message.rstrip("."), line=line, passage=passage, hint=error.hint) from None
    except ValueError as error:
        raise CorpusError(path, str(error), line=line, passage=passage, hint="Keep one of the two.") from None
    rest = {name: str(facts[name]) for name in FACTS[2:] if facts.get(name) is not None}
    note = facts.get("note")
    return Annotation(
        str(passage or line), text, by_scheme, str(facts["annotator"]), note=note, doubt=DOUBT in labels, **rest
    )  # fmt: skip


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise CorpusError(path, f"it cannot be read ({error.strerror})", hint="Check the name.") from None
    return ((number, parse(line, path, number)) for number, line in enumerate(lines, 1) if line.strip())


Reader = Callable[..., Iterator[Annotation]]
READERS: dict[str, Reader] = {"csv": read_csv, "doccano": read_doccano}
SUFFIXES = {".csv": "csv", ".tsv": "csv", ".jsonl": "doccano", ".json": "doccano"}


def format_of(path: str | Path, name: str | None = None) -> str:
    """As named, or by the suffix. Raises UnknownName."""
    wanted = name or SUFFIXES.get(Path(path).suffix.casefold(), Path(path).suffix)
    if wanted not in READERS:
        raise UnknownName("exchange format", wanted, READERS)
    return wanted


def export(
    annotations: Iterable[Annotation], path: str | Path, schemes: Sequence[Scheme], name: str | None = None
) -> None:
    """Write annotations for another program; CSV with a byte order mark, by which spreadsheets know UTF-8.

    Raises UnknownName, OutputError.
    """
    path, kind = Path(path), format_of(path, name)
    text = "\ufeff" + to_csv(annotations, schemes) if kind == "csv" else "".join(to_doccano(annotations))
    write_whole(path, text.encode(errors="replace"))  # a text may hold half a character
