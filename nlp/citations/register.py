"""Check citations against a list of dossiers or identifiers that the user brings; none is built in."""

from __future__ import annotations

import csv
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from nlp.citations.normalise import KINGDOM
from nlp.errors import MissingDocument, UnsupportedFormat
from nlp.records import Citation

CHECKED = ("kamerstuk", "dossier")
# Names of columns, in small letters; "nummer" and "toevoeging" are those of the dossier table of the Tweede Kamer.
IDENTIFIER = ("identifier", "identificatie", "id", "key")
DOSSIER = ("dossiernummer", "dossier", "nummer")
SUFFIX = ("toevoeging", "suffix")


def verify(citations: Iterable[Citation], known: Container[str], types: Container[str] = CHECKED) -> list[Citation]:
    """The citations with a certainty that has been looked up.

    "exact" where `known` holds the identifier (or, of a dossier as a whole, its number), as it was where it holds only
    the dossier of the paper, and "doubtful" where it holds neither. Citations of other types stay as they are.
    """
    return [_verified(citation, known) if citation.type in types else citation for citation in citations]


def _verified(citation: Citation, known: Container[str]) -> Citation:
    dossier = KINGDOM.sub("", citation.dossiernummer or "")
    if (citation.identifier or dossier) in known:
        return replace(citation, certainty="exact")
    return citation if dossier and dossier in known else replace(citation, certainty="doubtful")


def read_known(path: str | Path) -> frozenset[str]:
    """Identifiers (kst-26485-232) and dossier numbers (26485, 35300-XVII) from a CSV, for `verify`.

    The columns are found by name: see IDENTIFIER, DOSSIER and SUFFIX; a file without such a heading is a list of
    either in its first column. MissingDocument without the file, UnsupportedFormat where it holds nothing.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingDocument(path, "there is no such file", hint="Give the CSV with dossier numbers or identifiers.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading = file.readline()
        delimiter = max(",;\t", key=heading.count)
        file.seek(0)
        known = frozenset(_keys(csv.reader(file, delimiter=delimiter)))
    if not known:
        raise UnsupportedFormat(
            path, "no dossier number or identifier in it", hint=f"Name a column {IDENTIFIER[0]} or {DOSSIER[0]}."
        )
    return known


def _keys(rows: Iterator[list[str]]) -> Iterator[str]:
    first = next(rows, [])
    names = [name.strip().lower() for name in first]
    columns = [[names.index(name) for name in group if name in names][:1] for group in (IDENTIFIER, DOSSIER, SUFFIX)]
    identifier, dossier, suffix = (column[0] if column else None for column in columns)
    if identifier is None and dossier is None:
        yield from (row[0].strip() for row in (first, *rows) if row and any(c.isdigit() for c in row[0]))
        return
    for row in rows:
        cells = [cell.strip() for cell in row] + [""] * len(names)
        if identifier is not None and cells[identifier]:
            yield cells[identifier]
        if dossier is not None and cells[dossier]:
            yield "-".join(filter(None, (cells[dossier], cells[suffix] if suffix is not None else "")))
