"""Characters that a passage cannot mean: broken encodings, control characters, what nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from nlp.checking.findings import Finding, shown
from nlp.checking.lines import Line

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HALF = re.compile(r"[\ud800-\udfff]")
_UNSEEN = re.compile("[\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")

# UTF-8 that was read as Windows-1252: Ã«, â‚¬. Only what means a letter or mark that Dutch text has: É’ and Ë” are fine.
_NEXT = "".join(bytes([b]).decode("cp1252", "replace").replace("\ufffd", chr(b)) for b in range(0x80, 0xC0))
_MISREAD = re.compile(f"(?:[\xc2\xc3\xc5][{_NEXT}]|\xe2[{_NEXT}]{{2}})+")
_DUTCH = re.compile("[\xa0-\u017f\u2010-\u2044\u20ac\u2122]+")


def check_text(line: Line, text: str) -> Iterator[Finding]:
    """What is wrong with the characters of a passage; one finding of each kind."""
    if text != text.strip():
        yield _alters(line, "spaces", "spaces before or after the text", "removes them")
    if not unicodedata.is_normalized("NFC", text):
        yield _alters(line, "not-nfc", "letters and their accents stand apart (not Unicode NFC)", "joins them")
    yield from _check_characters(line, text)


def _check_characters(line: Line, text: str) -> Iterator[Finding]:
    for kind, pattern, name, hint in (
        ("control-character", _CONTROL, "a control character", "Restore the text from its document."),
        ("half-character", _HALF, "half a character", "Restore the text from its document."),
    ):
        if found := pattern.search(text):
            yield line.error(kind, f"{name} (U+{ord(found[0]):04X}) at character {found.start()}", hint)
    if "\ufffd" in text:
        trouble = f"a character was lost (U+FFFD) at character {text.index(chr(0xFFFD))}"
        yield line.error("lost-character", trouble, "Restore the text from its document.")
    if found := next((m for m in _MISREAD.finditer(text) if meant(m[0])), None):
        trouble = f"{found[0]!r} at character {found.start()} was read in the wrong encoding"
        yield line.error("wrong-encoding", trouble, f"Did you mean {meant(found[0])!r}?")
    for kind, pattern, name in (
        ("unseen-character", _UNSEEN, "a character that nobody sees"),
        ("private-character", _PRIVATE, "a character of a private font"),
    ):
        if found := pattern.search(text):
            where = shown(text[max(0, found.start() - 10) : found.end() + 10])
            trouble = f"{name} (U+{ord(found[0]):04X}) at character {found.start()}, in {where}"
            yield line.warning(kind, trouble, "Compare it with the document.")


def meant(misread: str) -> str | None:
    """What the characters are when their bytes are read as UTF-8; None when that gives nothing Dutch."""
    raw = bytearray()
    for character in misread:
        raw += character.encode("latin-1") if "\x80" <= character <= "\x9f" else character.encode("cp1252")
    read = raw.decode("utf-8", "replace")
    return read if _DUTCH.fullmatch(read) else None


def _alters(line: Line, kind: str, trouble: str, mending: str) -> Finding:
    """A warning whose mending gives the text another length: not where offsets count its characters."""
    if has_offsets(line):
        return line.warning(kind, trouble, f"Nothing {mending} by itself: offsets in this line count on the text.")
    return line.warning(kind, trouble, f"--fix {mending}.", mendable=True)


def has_offsets(line: Line) -> bool:
    """Whether anything in the line counts the characters of its text."""
    return any(_counts(value) for value in (line.row, *line.row.values()))


def _counts(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_counts, value))
    return isinstance(value, dict) and ("start" in value or "end" in value)
