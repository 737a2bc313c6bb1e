"""Annotations on disk: read and write them, and split them by document.

One JSON per line: {"passage", "text", "labels", "annotator", …} as records.Annotation; a scheme missing from
`labels` was not judged, an empty list means judged and none apply. A passage may have several lines, of one annotator
or of more: reading gives them all, in their order, and nlp.curation settles which counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nlp.errors import CorpusError
from nlp.files import write_whole
from nlp.records import Annotation

GUIDELINES = ("1.0", "1.1", "1.2")  # versions of the guide, as its last section lists them
SPLITS = ("train", "dev-test", "test")

# Names that other collections use for our fields.
_ALSO = {"passage": "id", "group": "ref", "annotator": "by"}


def read_annotations(*paths: str | Path) -> Iterator[Annotation]:
    """The annotations of files, folders (all *.jsonl in them, by name) and patterns ("annotations/*-*.jsonl").

    Raises CorpusError with file and line for a missing file, bytes that are not UTF-8, broken JSON, or a line without
    text or labels. A pattern that fits no file gives nothing: there may be no such annotations yet.
    """
    for path in find_files(paths):
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _annotation(parse(line, path, number), path, number)


def write_annotations(annotations: Iterable[Annotation], path: str | Path) -> int:
    """One line per annotation, without the fields that are unknown; returns how many. The file appears whole. Raises OutputError."""
    rows = ({k: v for k, v in asdict(a).items() if v is not None and v is not False} for a in annotations)
    lines = [line_of(row) for row in rows]
    write_whole(path, b"".join(lines))
    return len(lines)


def line_of(row: dict[str, Any]) -> bytes:
    """One line of a file of annotations, with its end."""
    try:
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # half a character, as PDFs may hold: only an escape can carry it
        return json.dumps(row).encode() + b"\n"


def fold_of(group: str, folds: int) -> int:
    """The fold of a document or dossier: from its name alone, so it stays when documents are added."""
    return int(hashlib.sha256(group.encode(errors="surrogatepass")).hexdigest(), 16) % folds


def split_of(group: str, share: float = 0.1) -> str:
    """The split of a new document: "dev-test" for about `share` (0..1) of them, else "train".

    From its name alone, and apart from the folds. A larger share holds the documents of a smaller one.
    """
    return "dev-test" if fold_of(f"split: {group}", 10_000) < share * 10_000 else "train"


def find_files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files of annotations that paths name. Raises CorpusError for one that is not there."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(path.glob("*.jsonl"))
        elif path.is_file():
            yield path
        elif "*" in path.name and path.parent.is_dir():
            yield from sorted(path.parent.glob(path.name))
        else:
            raise CorpusError(path, "no such file or folder", hint="Name a .jsonl file or a folder that holds some.")


def field(row: dict[str, Any], name: str) -> Any:
    """The value of a field, also under the name that another collection gives it; None where it is missing."""
    return row.get(name, row.get(_ALSO.get(name, name)))


def parse(line: bytes, path: Path, number: int) -> dict[str, Any]:
    """One line as an object. Raises CorpusError."""
    try:
        row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        trouble = f"byte {error.start + 1} of the line is not UTF-8"
        raise CorpusError(path, trouble, line=number, hint="Save the file in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise CorpusError(path, f"not JSON ({error.msg})", line=number, hint="One JSON object per line.") from None
    except (RecursionError, ValueError) as error:  # a thousand brackets, or a number of five thousand digits
        raise CorpusError(path, f"not JSON that can be read ({error})", line=number) from None
    if not isinstance(row, dict):
        raise CorpusError(path, "not a JSON object", line=number, hint='Write {"passage": …, "text": …, "labels": …}.')
    return row


def _annotation(row: dict[str, Any], path: Path, number: int) -> Annotation:
    text, labels, name = row.get("text"), row.get("labels"), str(field(row, "passage") or number)
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
        annotator=str(field(row, "annotator") or "unknown"),
        doubt=bool(row.get("doubt", False)),
        **{
            name: _said(field(row, name)) for name in ("date", "note", "guideline", "group", "split", "source", "genre")
        },
    )


def _said(value: Any) -> str | None:
    """Text as it is; a number somebody wrote without quotes as text, so that documents can be told apart by it."""
    return value if value is None or isinstance(value, str) else str(value)


def _codes(codes: Any) -> bool:
    return isinstance(codes, list) and all(isinstance(code, str) for code in codes)
