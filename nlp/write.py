"""Tagged documents → files: JSON lines, CSV, Parquet. One function per format and one line in WRITERS."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from nlp.errors import MissingExtra, UnknownName
from nlp.records import Box, Document, Tag, Tagging
from nlp.schemes import load_scheme
from nlp.tagger import TaggedDocument

CUES = 12  # evidence words written per tag: the strongest; the record in Python has all


def tagging_json(tagging: Tagging, document: Document) -> dict[str, Any]:
    """One passage as in nlp/schema/tagging-1.json."""
    passage = tagging.passage
    return {
        "document": {
            "id": document.id, "source": document.source, "title": document.title, "date": document.date,
        },
        "passage": {
            "id": passage.id,
            "kind": passage.kind,
            "heading": passage.heading,
            "pages": list(passage.pages),
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "boxes": [asdict(box) for box in lines_of(passage.boxes)],
            "anchor": passage.anchor,
            "mark": passage.mark,
        },
        "tags": [_tag_json(tag) for tag in tagging.tags],
        "citations": [asdict(citation) for citation in tagging.citations],
        "model": tagging.model,
    }  # fmt: skip


def _tag_json(tag: Tag) -> dict[str, Any]:
    concept = load_scheme(tag.scheme)[tag.code]
    return {
        "scheme": tag.scheme,
        "code": tag.code,
        "label": concept.label_nl,
        "uri": concept.uri,
        "score": round(tag.score, 4),
        "source": tag.source,
        "intercept": tag.intercept,
        "evidence": [asdict(cue) for cue in tag.evidence[:CUES]],
    }


def lines_of(boxes: Iterable[Box]) -> Iterator[Box]:
    """Word boxes → one box per printed line."""
    line: Box | None = None
    for box in boxes:
        if line and box.page == line.page and box.x0 >= line.x1 - 1 and _level(box, line):
            top, bottom = min(line.top, box.top), max(line.bottom, box.bottom)
            line = Box(line.start, box.end, line.page, line.x0, top, box.x1, bottom)
        else:
            if line:
                yield line
            line = box
    if line:
        yield line


def _level(box: Box, line: Box) -> bool:
    return box.top < line.bottom and box.bottom > line.top


def write_jsonl(documents: Iterable[TaggedDocument], out: IO[str]) -> None:
    """One line per passage."""
    for tagged in documents:
        for tagging in tagged:
            out.write(json.dumps(tagging_json(tagging, tagged.document), ensure_ascii=False) + "\n")


COLUMNS = (
    "document", "source", "title", "date", "passage", "page", "kind", "heading", "text",
    "scheme", "code", "label", "score", "tag_source", "cues", "citations", "model",
)  # fmt: skip


def rows(tagged: TaggedDocument) -> Iterator[dict[str, Any]]:
    """One flat row per passage and tag, with the columns of COLUMNS; a passage without tags has one row."""
    for tagging in tagged:
        passage = tagging.passage
        first = {
            "document": tagged.document.id,
            "source": tagged.document.source,
            "title": tagged.document.title,
            "date": tagged.document.date,
            "passage": passage.id,
            "page": passage.pages[0] if passage.pages else None,
            "kind": passage.kind,
            "heading": passage.heading,
            "text": passage.text,
        }
        last = {"citations": " ".join(c.identifier or c.text for c in tagging.citations), "model": tagging.model}
        for tag in tagging.tags:
            yield first | _tag_row(tag) | last
        if not tagging.tags:
            yield first | dict.fromkeys(("scheme", "code", "label", "score", "tag_source", "cues")) | last


def _tag_row(tag: Tag) -> dict[str, Any]:
    return {
        "scheme": tag.scheme,
        "code": tag.code,
        "label": load_scheme(tag.scheme)[tag.code].label_nl,
        "score": round(tag.score, 4),
        "tag_source": tag.source,
        "cues": " ".join(cue.text for cue in tag.evidence[:5] if cue.weight > 0),
    }


def write_csv(documents: Iterable[TaggedDocument], out: IO[str]) -> None:
    """One row per passage and tag; texts that a spreadsheet would run as a formula get a leading apostrophe."""
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for tagged in documents:
        writer.writerows({k: _harmless(v) for k, v in row.items()} for row in rows(tagged))


def _harmless(value: Any) -> Any:
    return "'" + value if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def write_parquet(documents: Iterable[TaggedDocument], out: IO[bytes]) -> None:
    """The rows of write_csv as Parquet, one row group per document. Raises MissingExtra without pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra("pyarrow", "batch") from None
    kinds = {"page": pa.int32(), "score": pa.float32()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    with pq.ParquetWriter(out, schema) as writer:
        for tagged in documents:
            writer.write_table(pa.Table.from_pylist(list(rows(tagged)), schema))


Writer = Callable[[Iterable[TaggedDocument], Any], None]
WRITERS: dict[str, Writer] = {"csv": write_csv, "jsonl": write_jsonl, "parquet": write_parquet}
BINARY = {"parquet"}


def format_of(path: str | Path, name: str | None = None) -> str:
    """The format a file is written in: as named, or by its suffix. Raises UnknownName."""
    wanted = name or Path(path).suffix.lstrip(".").lower()
    if wanted not in WRITERS:
        raise UnknownName("output format", wanted, WRITERS)
    return wanted


def write(documents: Iterable[TaggedDocument], path: str | Path, name: str | None = None) -> None:
    """Write tagged documents to a file, streaming; the file appears whole or not at all."""
    path, kind = Path(path), format_of(path, name)
    part = path.with_name(path.name + ".part")
    with part.open("wb") if kind in BINARY else part.open("w", encoding="utf-8", newline="") as out:
        WRITERS[kind](documents, out)
    part.replace(path)
