"""Vocabulary and corpus in the formats of Annif, the subject indexer of the National Library of Finland.

    doelwijzer taxonomy sdg --format annif --out sdg.csv        annif load-vocab sdg sdg.csv
    doelwijzer corpus --scheme sdg --out sdg.tsv.gz             annif train sdg-tfidf sdg.tsv.gz

Formats: https://github.com/NatLibFi/Annif/wiki/Corpus-formats and …/Subject-vocabulary-formats
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from nlp.errors import CorpusError, OutputError
from nlp.files import PART
from nlp.records import Annotation
from nlp.schemes import Concept, Scheme

COLUMNS = ("uri", "label_nl", "label_en", "notation")
SHORT = (".tsv", ".tsv.gz")

Subjects = tuple[Annotation, list[Concept]]


def vocabulary(scheme: Scheme) -> str:
    """The scheme as a subject vocabulary in CSV, with labels in Dutch and English; the code is the notation."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((c.uri, c.label_nl, c.label_en, c.code) for c in scheme)
    return out.getvalue()


def write_corpus(annotations: Iterable[Annotation], scheme: Scheme, path: Path) -> int:
    """Write the annotations that judge `scheme`, and return how many; a passage to which nothing applies is one too.

    A name that ends in .tsv or .tsv.gz gives a short-text corpus: text, tab, URIs. Any other name is a new folder, a
    full-text corpus: NUMBER-ID.txt, and beside it .tsv with URI and Dutch label per line.
    Raises CorpusError for a code that is not in the scheme, OutputError where `path` cannot be written.
    """
    part = path.with_name(path.name + PART)
    write = _write_short if path.name.endswith(SHORT) else _write_full
    try:
        if write is _write_full and path.exists():
            raise OutputError(f"{path}: it is there already.", hint="Name a new folder, or a file: corpus.tsv.gz")
        count = write(_judged(annotations, scheme), part)
        part.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path}: it cannot be written ({error.strerror}).", hint="See to room and rights."
        ) from error
    finally:
        if part.is_dir():
            shutil.rmtree(part)
        part.unlink(missing_ok=True)
    return count


def _judged(annotations: Iterable[Annotation], scheme: Scheme) -> Iterator[Subjects]:
    for annotation in annotations:
        codes = annotation.labels.get(scheme.id)
        if codes is None:
            continue
        for code in codes:
            if code not in scheme:
                hint = f"Mend the label, or see the codes with: doelwijzer taxonomy {scheme.id} --format csv"
                place = annotation.source or "annotations"
                raise CorpusError(place, f"{code!r} is no code of {scheme.id}", passage=annotation.passage, hint=hint)
        yield annotation, [scheme[code] for code in dict.fromkeys(codes)]


def _write_short(found: Iterable[Subjects], path: Path) -> int:
    count = 0
    with path.open("wb") as raw:
        # Without name and time in its head, so that the same corpus gives the same bytes.
        packed = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if f".gz{PART}" in path.name else raw
        with io.TextIOWrapper(packed, encoding="utf-8", errors="replace", newline="") as out:
            for count, (annotation, concepts) in enumerate(found, 1):  # noqa: B007
                text = " ".join(annotation.text.split())  # one line, without tabs
                out.write(f"{text}\t{' '.join(f'<{concept.uri}>' for concept in concepts)}\n")
    return count


def _write_full(found: Iterable[Subjects], folder: Path) -> int:
    count = 0
    folder.mkdir(parents=True)
    for count, (annotation, concepts) in enumerate(found, 1):
        name = f"{count:06d}-{re.sub(r'[^A-Za-z0-9._-]', '_', annotation.passage)[:100]}"
        (folder / f"{name}.txt").write_text(annotation.text, encoding="utf-8", errors="replace")
        lines = "".join(f"<{concept.uri}>\t{concept.label_nl}\n" for concept in concepts)
        (folder / f"{name}.tsv").write_text(lines, encoding="utf-8")
    return count
