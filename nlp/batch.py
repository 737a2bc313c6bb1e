"""Many files: tagged one by one or by workers, in input order, and one outcome for each."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from nlp.errors import DocumentError, DoelwijzerError
from nlp.tagger import TaggedDocument, load_tagger

SUFFIXES = (".pdf", ".docx", ".xml", ".html", ".htm", ".txt")


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of one input: `status` ok, partial, or the word of the error (no_text_layer, encrypted, …)."""

    source: str
    status: str
    seconds: float
    message: str | None = None
    tagged: TaggedDocument | None = None


def find_files(inputs: Iterable[str | Path]) -> Iterator[Path]:
    """Files as given, folders replaced by the documents below them, by name."""
    for path in map(Path, inputs):
        if path.is_dir() and path.suffix.lower() not in SUFFIXES:
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
        else:
            yield path


def tag_files(files: Iterable[Path], *, model: str = "current", jobs: int = 1, **options: Any) -> Iterator[Outcome]:
    """The outcomes in the order of the files; options are those of nlp.read."""
    work = (delayed(tag_file)(file, model, options) for file in files)
    yield from Parallel(n_jobs=jobs, return_as="generator")(work)


def tag_file(file: Path, model: str, options: dict[str, Any]) -> Outcome:
    """Tag one file; whatever is wrong with it becomes its outcome."""
    start = time.perf_counter()
    try:
        tagged = load_tagger(model).tag(file, **options)
    except DoelwijzerError as error:
        status = error.status if isinstance(error, DocumentError) else "error"
        return Outcome(str(file), status, time.perf_counter() - start, str(error))
    return Outcome(str(file), tagged.document.status, time.perf_counter() - start, tagged=tagged)
