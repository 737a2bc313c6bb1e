"""Documents that were read, as bytes that can be kept: JSON without names of fields, compressed. Never pickle."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import fields
from operator import attrgetter
from typing import Any

from nlp.records import Block, Box, Document, Furniture, NoteRef, Notice, Page

LEVEL = 3  # of compression: a third of the time of the default for a tenth more bytes
NESTED: dict[type, dict[str, type]] = {
    Document: {"blocks": Block, "pages": Page, "notices": Notice, "furniture": Furniture},
    Block: {"boxes": Box, "notes": NoteRef},
}
RECORDS: tuple[type, ...] = (Document, Block, Box, NoteRef, Page, Notice, Furniture)
NAMES = {record: [field.name for field in fields(record)] for record in RECORDS}
VALUES = {record: attrgetter(*NAMES[record]) for record in RECORDS}
SHAPE = hashlib.sha256(repr([(record.__name__, NAMES[record]) for record in RECORDS]).encode()).hexdigest()[:16]


def pack(document: Document) -> bytes:
    """`unpack(pack(document)) == document`, as long as SHAPE is the same."""
    return squeeze(_values(document))


def unpack(packed: bytes) -> Document:
    document = _record(Document, expand(packed))
    assert isinstance(document, Document)
    return document


def squeeze(value: Any) -> bytes:
    """JSON, compressed. What is no Unicode (half a surrogate pair in a hostile file) becomes a question mark."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "replace"), LEVEL)


def expand(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))


def _values(record: Any) -> list[Any]:
    kind = type(record)
    values = list(VALUES[kind](record))
    for name, inner in NESTED.get(kind, {}).items():
        at = NAMES[kind].index(name)
        get = _values if inner in NESTED else VALUES[inner]
        values[at] = [get(each) for each in values[at]]
    return values


def _record(kind: type, values: list[Any]) -> Any:
    for name, inner in NESTED.get(kind, {}).items():
        at = NAMES[kind].index(name)
        values[at] = tuple(_record(inner, each) for each in values[at])
    return kind(*values)
