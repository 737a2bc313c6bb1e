"""The citations of a text file on the terminal: python -m nlp.citations FILE [--jsonl] [--known CSV]."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from nlp.citations import find_citations, read_known, verify
from nlp.errors import DoelwijzerError, MissingDocument
from nlp.records import Citation

COLUMNS = ("start", "type", "identifier", "kamer", "vergaderjaar", "page", "certainty", "text")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the citations in a text file as a table or as JSON lines."""
    parser = argparse.ArgumentParser(
        prog="python -m nlp.citations", description="Find citations of Dutch official publications."
    )
    parser.add_argument("file", help="a text file in UTF-8, or - for standard input")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line, with all fields")
    parser.add_argument("--known", help="CSV with dossier numbers or identifiers to check against")
    options = parser.parse_args(arguments)
    try:
        found = find_citations(_read_text(options.file))
        if options.known:
            found = verify(found, read_known(options.known))
    except DoelwijzerError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    lines = _json_lines(found) if options.jsonl else _table(found)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _read_text(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    path = Path(name)
    if not path.is_file():
        raise MissingDocument(path, "there is no such file", hint="Give a text file, or - for standard input.")
    return path.read_text(encoding="utf-8", errors="replace")


def _json_lines(citations: list[Citation]) -> Iterator[str]:
    return (json.dumps(asdict(citation), ensure_ascii=False) for citation in citations)


def _table(citations: list[Citation]) -> Iterator[str]:
    rows = [COLUMNS, *(tuple(" ".join(str(getattr(c, name) or "-").split()) for name in COLUMNS) for c in citations)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


if __name__ == "__main__":
    sys.exit(main())
