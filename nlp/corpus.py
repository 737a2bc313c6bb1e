"""Annotations on disk: read, check and write them, and split them by document.

One JSON per line: {"passage", "text", "labels", "annotator", …} as records.Annotation; a scheme missing from
`labels` was not judged, an empty list means judged and none apply.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nlp.errors import CorpusError
from nlp.records import Annotation

# Names that other collections use for our fields.
_ALSO = {"passage": "id", "group": "ref", "annotator": "by"}


def read_annotations(*paths: str | Path) -> Iterator[Annotation]:
    """The annotations of files and folders (all *.jsonl in them, by name).

    Raises CorpusError with file and line for a missing file, broken JSON, or a line without text or labels.
    """
    for path in _files(paths):
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _annotation(_parse(line, path, number), path, number)


def write_annotations(annotations: Iterable[Annotation], path: str | Path) -> int:
    """One line per annotation, without the fields that are unknown; returns how many."""
    count = 0
    with Path(path).open("w", encoding="utf-8") as out:
        for count, annotation in enumerate(annotations, 1):  # noqa: B007
            row = {k: v for k, v in asdict(annotation).items() if v is not None and v is not False}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count


def fold_of(group: str, folds: int) -> int:
    """The fold of a document or dossier: from its name alone, so it stays when documents are added."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % folds


def _files(paths: Iterable[str | Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(path.glob("*.jsonl"))
        elif path.is_file():
            yield path
        else:
            raise CorpusError(path, "no such file or folder", hint="Name a .jsonl file or a folder that holds some.")


def _parse(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(path, f"not JSON ({error.msg})", line=number, hint="One JSON object per line.") from None
    if not isinstance(row, dict):
        raise CorpusError(path, "not a JSON object", line=number, hint='Write {"passage": …, "text": …, "labels": …}.')
    return row


def _annotation(row: dict[str, Any], path: Path, number: int) -> Annotation:
    def get(name: str) -> Any:
        return row.get(name, row.get(_ALSO.get(name, name)))

    text, labels, name = row.get("text"), row.get("labels"), str(get("passage") or number)
    if not isinstance(text, str) or not text.strip():
        raise CorpusError(path, "no text", line=number, passage=name, hint="Remove the line or restore its text.")
    if not isinstance(labels, dict) or not all(_codes(codes) for codes in labels.values()):
        raise CorpusError(
            path, "labels are not lists of codes", line=number, passage=name,
            hint='Write {"sdg": ["13"], "imvo": []}; codes are strings.',
        )  # fmt: skip
    return Annotation(
        passage=name,
        text=text,
        labels=labels,
        annotator=str(get("annotator") or "unknown"),
        date=row.get("date"),
        note=row.get("note"),
        guideline=row.get("guideline"),
        group=get("group"),
        split=row.get("split"),
        source=row.get("source"),
        genre=row.get("genre"),
        doubt=bool(row.get("doubt", False)),
    )


def _codes(codes: Any) -> bool:
    return isinstance(codes, list) and all(isinstance(code, str) for code in codes)
