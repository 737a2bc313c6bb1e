"""Undo what needs no judgement: spaces, order, accents, line ends, lines that say the same again.

A file is written anew through a file beside it, or left as it is; lines that need nothing keep their very bytes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from nlp.checking.across import twins
from nlp.checking.labels import in_order
from nlp.checking.lines import BOM, Line, read_lines
from nlp.checking.texts import has_offsets
from nlp.corpus import line_of
from nlp.errors import OutputError
from nlp.files import write_whole

COMPACT = (",", ":")


def repair(files: Iterable[Path]) -> Iterator[str]:
    """Mend files of annotations in place; says of every change what was done, as "file:line: done".

    Raises OutputError when a file cannot be written; it is then as it was.
    """
    for file in files:
        lines, findings = read_lines(file)
        if any(finding.kind == "unreadable" for finding in findings):
            continue
        twice = {finding.line for finding in findings if finding.kind == "key-twice"}
        content = file.read_bytes()
        mended, done = _mend(str(file), content, [line for line in lines if line.number not in twice])
        if mended != content:
            _replace(file, content, mended)
            yield from done


def _replace(file: Path, before: bytes, after: bytes) -> None:
    if file.read_bytes() != before:
        raise OutputError(f"{file}: it was written to meanwhile.", hint="Try again when the other is done.")
    write_whole(file, after)


def _mend(file: str, content: bytes, lines: list[Line]) -> tuple[bytes, list[str]]:
    done: list[str] = []
    if content.startswith(BOM):
        content = content.removeprefix(BOM)
        done.append(f"{file}:1: byte order mark removed")
    if b"\r\n" in content:
        done.append(f"{file}:1: line ends made those of the other files")
    raws = [raw.removesuffix(b"\r") for raw in content.split(b"\n")]
    mended = {}
    for line in lines:
        row, changes = mend_row(line)
        if changes:
            raws[line.number - 1] = _written(line, row)
            done += [f"{line.place}: {change}" for change in changes]
        mended[line.number] = replace(line, row=row)
    gone = {}
    for first, line in twins(mended.values()):
        gone[line.number] = f"{line.place}: removed, the same as line {first.number}"
    blank = [number for number, raw in enumerate(raws[:-1], 1) if not raw.strip()]
    gone |= {number: f"{file}:{number}: blank line removed" for number in blank}
    if raws[-1].strip() and len(raws) not in gone:
        done.append(f"{file}:{len(raws)}: end of the last line added")
    kept = [raw + b"\n" for number, raw in enumerate(raws, 1) if raw.strip() and number not in gone]
    return b"".join(kept), [*done, *gone.values()]


def mend_row(line: Line) -> tuple[dict[str, Any], list[str]]:
    """The row with nothing to mend left in it, and what was done."""
    row, changes = dict(line.row), []
    for name in ("text", "annotator", "by"):
        value = row.get(name)
        if isinstance(value, str) and value != value.strip() and not (name == "text" and has_offsets(line)):
            row[name] = value.strip()
            changes.append(f"spaces around the {name} removed")
    text = row.get("text")
    if isinstance(text, str) and not unicodedata.is_normalized("NFC", text) and not has_offsets(line):
        row["text"] = unicodedata.normalize("NFC", text)
        changes.append("accents joined to their letters")
    labels = row.get("labels")
    if isinstance(labels, dict):
        row["labels"] = {scheme: _ordered(codes) for scheme, codes in labels.items()}
        changes += [f"{scheme} put in order" for scheme, codes in labels.items() if row["labels"][scheme] != codes]
    return row, changes


def _ordered(codes: Any) -> Any:
    strings = isinstance(codes, list) and all(isinstance(code, str) for code in codes)
    return in_order(codes) if strings else codes


def _written(line: Line, row: dict[str, Any]) -> bytes:
    """As the line was written: with or without spaces between its parts, with letters or their escapes."""
    for ascii_only in (False, True):
        for separators in (None, COMPACT):
            if (
                json.dumps(line.row, ensure_ascii=ascii_only, separators=separators).encode(errors="replace")
                == line.raw
            ):
                return json.dumps(row, ensure_ascii=ascii_only, separators=separators).encode()
    return line_of(row).rstrip(b"\n")
