"""Tagged documents → files: JSON lines, CSV, Parquet, SQLite, Web Annotations. One function per format and one line in WRITERS."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nlp.errors import MissingExtra, OutputError, UnknownName
from nlp.files import whole
from nlp.spreadsheet import harmless
from nlp.tagged import COLUMNS, FACTS, PlainDocument, TaggedDocument, plain, rows, tag_row
from nlp.webannotation import write_webannotation


def write_jsonl(documents: Iterable[PlainDocument], path: Path) -> None:
    """One line per passage, as in nlp/schema/tagging-1.json."""
    with _text(path) as out:
        for document in documents:
            out.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in document.lines())


def _text(path: Path) -> Any:
    return path.open("w", encoding="utf-8", newline="")


def write_csv(documents: Iterable[PlainDocument], path: Path) -> None:
    """One row per passage and tag; texts that a spreadsheet would run as a formula get a leading apostrophe."""
    with _text(path) as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for document in documents:
            writer.writerows({k: harmless(v) for k, v in row.items()} for row in rows(document))


# --- Parquet ------------------------------------------------------------------------------------------------------

GROUP = 5000  # passages written at a time


def write_parquet(documents: Iterable[PlainDocument], path: Path) -> None:
    """The lines of write_jsonl as nested, typed columns: one row per passage. Raises MissingExtra without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra("pyarrow", "batch") from None
    schema, group = _schema(pa), list[dict[str, Any]]()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for document in documents:
            group += document.lines()
            if len(group) >= GROUP:
                writer.write_table(pa.Table.from_pylist(group, schema))
                group.clear()
        writer.write_table(pa.Table.from_pylist(group, schema))


def _schema(pa: Any) -> Any:
    text, number, real = pa.string(), pa.int32(), pa.float64()

    def record(texts: str, **others: Any) -> Any:
        return pa.struct([(name, text) for name in texts.split()] + list(others.items()))

    box = record("", start=number, end=number, page=number, x0=real, top=real, x1=real, bottom=real)
    cue = record("text", start=number, end=number, weight=real)
    tag = record("scheme code label uri source", score=real, intercept=real, evidence=pa.list_(cue))
    citation = record(
        "type text kamer vergaderjaar dossiernummer ondernummer page identifier url certainty item jaar",
        start=number, end=number, bijlage=pa.bool_(),
    )  # fmt: skip
    passage = record(
        "id kind heading text anchor mark", start=number, end=number, pages=pa.list_(number), boxes=pa.list_(box)
    )
    columns = {"document": record("id source title date"), "passage": passage, "tags": pa.list_(tag)}
    return pa.schema(list((columns | {"citations": pa.list_(citation), "model": text}).items()))


# --- SQLite -------------------------------------------------------------------------------------------------------

TABLES = f"""
CREATE TABLE documents (number INTEGER PRIMARY KEY, {", ".join(FACTS)}, pages INTEGER);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, document INTEGER REFERENCES documents, id, kind, page INTEGER, heading,
    start INTEGER, "end" INTEGER, text, anchor, mark, model
);
CREATE TABLE tags (
    passage INTEGER REFERENCES passages, scheme, code, label, uri, score REAL, source, cues
);
CREATE TABLE citations (
    passage INTEGER REFERENCES passages, type, text, start INTEGER, "end" INTEGER, kamer, vergaderjaar, dossiernummer,
    ondernummer, page, identifier, url, certainty, bijlage INTEGER, item, jaar
);
"""
INDEXES = """
CREATE INDEX passages_document ON passages (document);
CREATE INDEX tags_passage ON tags (passage);
CREATE INDEX tags_code ON tags (scheme, code);
CREATE INDEX citations_passage ON citations (passage);
CREATE INDEX citations_identifier ON citations (identifier);
"""
OF_PASSAGE = ("id", "kind", "page", "heading", "start", "end", "text", "anchor", "mark")
OF_TAGS = ("scheme", "code", "label", "uri", "score", "source", "cues")
OF_CITATION = (
    "type", "text", "start", "end", "kamer", "vergaderjaar", "dossiernummer", "ondernummer", "page", "identifier",
    "url", "certainty", "bijlage", "item", "jaar",
)  # fmt: skip


def write_sqlite(documents: Iterable[PlainDocument], path: Path) -> None:
    """Tables documents, passages, tags and citations, which point to each other by number."""
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    try:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + TABLES)  # the whole file or none
        passages = 0
        for number, document in enumerate(documents, 1):
            _insert(db, "documents", [(number, *(document.about[name] for name in (*FACTS, "pages")))])
            for tagging in document.taggings:
                passages += 1
                _insert_tagging(db, number, passages, tagging)
        db.commit()
        db.executescript(INDEXES)
    finally:
        db.close()


def _insert_tagging(db: sqlite3.Connection, document: int, number: int, tagging: dict[str, Any]) -> None:
    passage = tagging["passage"] | {"page": (tagging["passage"]["pages"] or [None])[0]}
    values = (passage[name] for name in OF_PASSAGE)
    _insert(db, "passages", [(number, document, *values, tagging["model"])])
    tags = [tag_row(tag) | tag for tag in tagging["tags"]]
    _insert(db, "tags", [(number, *(tag[name] for name in OF_TAGS)) for tag in tags])
    _insert(db, "citations", [(number, *(c[name] for name in OF_CITATION)) for c in tagging["citations"]])


def _insert(db: sqlite3.Connection, table: str, values: list[tuple[Any, ...]]) -> None:
    if values:
        db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values[0]))})", values)


# --- for people ---------------------------------------------------------------------------------------------------


def write_html(documents: Iterable[PlainDocument], path: Path) -> None:
    """One document: its report. More: an index, and a report each in OUT_files. Raises MissingExtra without jinja2."""
    from nlp.report import write_html

    write_html(documents, path)


def write_pdf(documents: Iterable[PlainDocument], path: Path) -> None:
    """The PDF that was read, with highlights and links; for one document. Raises OutputError, MissingExtra."""
    from nlp.highlight import write_pdf

    write_pdf(documents, path)


# --- any ----------------------------------------------------------------------------------------------------------

Writer = Callable[[Iterable[PlainDocument], Path], None]
WRITERS: dict[str, Writer] = {
    "csv": write_csv,
    "html": write_html,
    "jsonl": write_jsonl,
    "jsonld": write_webannotation,
    "parquet": write_parquet,
    "pdf": write_pdf,
    "sqlite": write_sqlite,
}
ALIASES = {"db": "sqlite", "ndjson": "jsonl"}


def format_of(path: str | Path, name: str | None = None) -> str:
    """The format a file is written in: as named, or by its suffix. Raises UnknownName."""
    wanted = name or Path(path).suffix.lstrip(".").lower()
    wanted = ALIASES.get(wanted, wanted)
    if wanted not in WRITERS:
        raise UnknownName("output format", wanted, WRITERS)
    return wanted


def write(documents: Iterable[TaggedDocument | PlainDocument], path: str | Path, name: str | None = None) -> None:
    """Write tagged documents to a file, streaming; the file appears whole or not at all. Raises OutputError."""
    path, kind = Path(path), format_of(path, name)
    hint = "See to room and rights; the same command goes on where it stopped."
    try:
        with whole(path, hint=hint) as part:
            WRITERS[kind]((each if isinstance(each, PlainDocument) else plain(each) for each in documents), part)
    except sqlite3.Error as error:
        raise OutputError(f"{path}: it cannot be written ({error}).", hint=hint) from error
