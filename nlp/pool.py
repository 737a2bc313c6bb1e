"""Passages that belong to others, known by id: their texts stay where they are, their labels may be ours."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.corpus import parse
from nlp.errors import CorpusError
from nlp.records import Annotation


@dataclass(frozen=True, slots=True)
class Text:
    """A passage that nobody judged, or whose labels are kept apart. group: its document or dossier."""

    id: str
    text: str
    group: str
    source: str | None


def read_pool(path: str | Path) -> Iterator[Text]:
    """JSON lines with id, text, group and source, also packed with gzip. Raises CorpusError."""
    path = Path(path)
    if not path.is_file():
        raise CorpusError(path, "no such file", hint="The texts are not part of this repository; see the recipe.")
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            row = parse(line, path, number)
            try:
                yield Text(str(row["id"]), row["text"], row.get("group") or str(row["id"]), row.get("source"))
            except KeyError as error:
                raise CorpusError(path, f"no {error.args[0]}", line=number) from None


def read_labels(path: str | Path, texts: str | Path) -> Iterator[Annotation]:
    """Judgements kept without their texts, joined with the pool that has these. Raises CorpusError."""
    path = Path(path)
    if not path.is_file():
        raise CorpusError(path, "no such file")
    pool = {each.id: each for each in read_pool(texts)}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if line.strip():
            yield _joined(parse(line, path, number), pool, path, number)


def _joined(row: dict[str, Any], pool: dict[str, Text], path: Path, number: int) -> Annotation:
    try:
        found = pool.get(str(row["passage"]))
        if found is None:
            raise CorpusError(path, "no such passage in the pool", line=number, passage=str(row["passage"]))
        return Annotation(
            found.id, found.text, row["labels"], str(row["annotator"]), date=row.get("date"),
            doubt=bool(row.get("doubt")), guideline=row.get("guideline"), group=found.group, source=found.source,
        )  # fmt: skip
    except KeyError as error:
        raise CorpusError(path, f"no {error.args[0]}", line=number) from None
