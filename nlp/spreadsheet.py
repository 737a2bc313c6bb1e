"""Tables that go through a spreadsheet: nothing in a cell is run, and what it saves is read with any separator."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nlp.errors import CorpusError

FORMULA = "=+-@\t\r"  # a spreadsheet would run a text that begins with these


def harmless(value: Any) -> Any:
    """The value with an apostrophe before a text that would be run; `restored` takes it away."""
    return "'" + value if isinstance(value, str) and _runs(value) else value


def restored(cell: str) -> str:
    """What was made `harmless`."""
    return cell[1:] if cell[:1] == "'" and _runs(cell) else cell


def _runs(text: str) -> bool:
    # Apostrophes in front count too: else one that stood there before could not be told from ours.
    bare = text.lstrip("'")
    return bool(bare) and bare[0] in FORMULA


def read_table(path: Path, needed: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their line numbers, parted by ; , or tab as the spreadsheet saved it; cells restored.

    Raises CorpusError for a file that cannot be read or lacks a column that is needed.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(path, f"byte {error.start} is not UTF-8", hint='Save it as "CSV UTF-8".') from None
    except OSError as error:
        raise CorpusError(path, f"it cannot be read ({error.strerror})", hint="Check the name.") from None
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count))
    missing = needed - set(rows.fieldnames or ())
    if missing:
        trouble = f"no column {', '.join(sorted(missing))}"
        raise CorpusError(path, trouble, line=1, hint="Keep the first line as it was written.")
    for row in rows:
        yield rows.line_num, {name: restored(cell) for name, cell in row.items() if _is_cell(name, cell)}


def _is_cell(name: Any, cell: Any) -> bool:
    return isinstance(name, str) and isinstance(cell, str)  # not so where a row is longer or shorter than the head
