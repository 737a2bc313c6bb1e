"""The lines of a file of annotations, and what is wrong before they can be understood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.checking.findings import Finding
from nlp.corpus import field, parse
from nlp.errors import CorpusError

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is a JSON object; `raw` has no line end."""

    file: str
    number: int  # from 1
    raw: bytes
    row: dict[str, Any]

    @property
    def place(self) -> str:
        """As other findings name it."""
        return f"{self.file}:{self.number}"

    def get(self, name: str) -> Any:
        """The value of a field under any of its names; None where it is missing."""
        return field(self.row, name)

    def said(self, name: str) -> str | None:
        """The value of a field when it is a text that says something."""
        value = self.get(name)
        return value if isinstance(value, str) and value.strip() else None

    @property
    def document(self) -> str | None:
        """The document or dossier that splits keep together; a passage without one is a document of its own."""
        return self.said("group") or self.said("passage")

    def error(self, kind: str, trouble: str, hint: str, *, mendable: bool = False) -> Finding:
        """A finding at this line that makes the corpus wrong."""
        return Finding(self.file, self.number, kind, trouble, hint, mendable=mendable)

    def warning(self, kind: str, trouble: str, hint: str, *, mendable: bool = False) -> Finding:
        """A finding at this line to look at."""
        return Finding(self.file, self.number, kind, trouble, hint, error=False, mendable=mendable)


def read_lines(file: Path) -> tuple[list[Line], list[Finding]]:
    """The lines of a file that are objects, and what is wrong with the others and with the file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        return [], [
            Finding(str(file), None, "unreadable", f"it cannot be read ({error.strerror})", "See to its rights.")
        ]
    lines, findings = [], list(_of_file(str(file), content))
    for number, raw in enumerate(content.removeprefix(BOM).split(b"\n"), 1):
        raw = raw.removesuffix(b"\r")
        if raw.strip():
            try:
                line = Line(str(file), number, raw, parse(raw, file, number))
            except CorpusError as error:
                findings.append(_broken(str(file), number, raw, error))
            else:
                findings += _twice(line)
                lines.append(line)
    return lines, findings


def _of_file(file: str, content: bytes) -> Iterator[Finding]:
    def warning(kind: str, line: int | None, trouble: str, hint: str) -> Finding:
        return Finding(file, line, kind, trouble, hint, error=False, mendable=True)

    if not content.strip():
        yield Finding(file, None, "empty-file", "no annotations in it", "Remove the file or restore it.", error=False)
        return
    if content.startswith(BOM):
        yield warning("byte-order-mark", 1, "the file begins with a byte order mark", "--fix removes it.")
    if not content.endswith(b"\n"):
        trouble, hint = "the last line has no end", "--fix adds it; the next line written would run on from it."
        yield warning("no-line-end", content.count(b"\n") + 1, trouble, hint)
    if b"\r\n" in content:
        yield warning("line-ends", 1, "line ends of Windows", "--fix makes them those of the other files.")
    blank = [n for n, raw in enumerate(content.removesuffix(b"\n").split(b"\n"), 1) if not raw.strip()]
    if blank:
        many = f" ({len(blank)} in this file)" if len(blank) > 1 else ""
        yield warning("blank-line", blank[0], f"a blank line{many}", "--fix removes it.")


def _broken(file: str, number: int, raw: bytes, error: CorpusError) -> Finding:
    trouble = error.message.removeprefix(f"{error.file}:{number}: ").removesuffix(".")
    hint = error.hint or "Write the line again."
    if b"\0" in raw:
        hint = f"Byte {raw.index(0) + 1} is NUL: the disk or the copy failed here; restore the line."
    elif b"}{" in raw or b"} {" in raw:
        hint = "Two objects on one line: break it between } and {."
    return Finding(file, number, "unreadable-line", trouble, hint)


def _twice(line: Line) -> Iterator[Finding]:
    """Keys that stand twice in one object: JSON keeps the last and says nothing."""
    found: set[str] = set()

    def pairs(items: list[tuple[str, Any]]) -> None:
        keys = [key for key, _ in items]
        found.update(key for key in keys if keys.count(key) > 1)

    json.loads(line.raw.decode(), object_pairs_hook=pairs)
    for key in sorted(found):
        yield line.error("key-twice", f"{key!r} stands twice in the line", "Keep the one that is meant.")
