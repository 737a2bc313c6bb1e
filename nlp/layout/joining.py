"""Lines → the text of one block: words joined, hyphens mended, footnote marks taken out, every word with its box."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlp.layout.hyphens import HYPHENS, Vocabulary, mend
from nlp.layout.lines import Line, raised
from nlp.pdf import Word
from nlp.records import Box, NoteRef

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TYPED_MARK = re.compile(r"(?<=\S)[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?=\W*$)")
_MARK = re.compile(r"[(\[]?(\d{1,3}|[*†‡]{1,3})[)\]]?")
_MARKS = re.compile(r"\d{1,3}|[*†‡]{1,3}")
_UNITS = frozenset(["m", "km", "cm", "mm", "dm", "hm", "µm"])
_CHARACTERS = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "ĳ": "ij", "Ĳ": "IJ",
    "\u2010": "-", "\u2011": "-", "\u00ad": "-", "\u200b": None, "\ufeff": None,
})  # fmt: skip
HYPHEN = str.maketrans("\u2010\u00ad", "--")  # as they are written in blocks
_PART_OF_ADDRESS = re.compile(r"[=&%_]|\w\.(?:pdf|html?|aspx?|docx?)$", re.IGNORECASE)
_BREAKS_IN_ADDRESS = "/-_=&?.%#"


@dataclass(slots=True)
class Joined:
    """A text with the boxes of its words and the footnote marks that stood in it."""

    text: str
    boxes: tuple[Box, ...]
    notes: tuple[NoteRef, ...]


@dataclass(slots=True)
class _Setting:
    """A text in the making."""

    vocabulary: Vocabulary
    marks: frozenset[str]
    parts: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    notes: list[NoteRef] = field(default_factory=list)
    length: int = 0

    def space(self) -> None:
        if self.length and not self.parts[-1].endswith(" "):
            self.parts.append(" ")
            self.length += 1

    def add(self, text: str, word: Word, page: int) -> None:
        self.parts.append(text)
        end = self.length + len(text)
        self.boxes.append(Box(self.length, end, page, word.x0, word.top, word.x1, word.bottom))
        self.length = end


def join(lines: Iterable[Line], vocabulary: Vocabulary, marks: frozenset[str] = frozenset(), skip: int = 0) -> Joined:
    """The text of these lines, the first `skip` words left out (a bullet, a number).

    `marks` are the footnotes of the document: a raised number that is none of them stays in the text.
    """
    setting = _Setting(vocabulary, marks)
    for line in lines:
        _add_line(setting, line, skip)
        skip = 0
    text = "".join(setting.parts).rstrip().translate(HYPHEN)
    return Joined(text, tuple(setting.boxes), tuple(setting.notes))


def _add_line(setting: _Setting, line: Line, skip: int) -> None:
    words = line.words
    pending = True  # whether a space is due before the next word
    replaced = None
    if setting.length and skip < len(words):
        pending, replaced = _cross(setting, line, skip)
    for at in range(skip, len(words)):
        word = words[at]
        before = pending
        if at > skip:
            pending = pending or line.spaces[at]
        elif replaced is not None:
            setting.add(replaced.translate(_CHARACTERS), word, line.page)
            pending = False
            continue
        if (
            word.size < line.size
            and raised(word, line)
            and _take_mark(setting, word.text, words[at - 1] if at else None)
        ):
            pending = before
            continue
        text = word.text if word.text.isascii() else _clean(setting, word.text)
        if pending:
            setting.space()
        if text:
            setting.add(text, word, line.page)
            pending = False


def _clean(setting: _Setting, text: str) -> str:
    mark = _TYPED_MARK.search(text)
    if mark and not (mark[0] in "²³" and text[: mark.start()].lower().lstrip("0123456789") in _UNITS):
        number = mark[0].translate(_SUPERSCRIPTS)
        if not setting.marks or number in setting.marks:
            setting.notes.append(NoteRef(number, setting.length + mark.start()))
            text = text[: mark.start()] + text[mark.end() :]
    if text[-1:] in HYPHENS:  # told apart when the line is over
        return text[:-1].translate(_CHARACTERS) + text[-1]
    return text.translate(_CHARACTERS)


def _take_mark(setting: _Setting, text: str, before: Word | None) -> bool:
    """Keep a footnote mark as a note instead of as text."""
    numbers = _MARKS.findall(text)
    if not numbers or re.sub(r"[\d*†‡,;()\[\]\s]", "", text):
        return False
    if setting.marks and not setting.marks.intersection(numbers):
        return False
    if before is not None and text in ("2", "3") and before.text.lower() in _UNITS:
        return False
    setting.notes += [NoteRef(number, setting.length) for number in numbers]
    return True


def _cross(setting: _Setting, line: Line, first: int) -> tuple[bool, str | None]:
    """Go over to the next line: whether a space is due, and the first word if it had to be changed."""
    token = _last_token(setting)
    right = _first_token(line, first)
    if len(token) > 1 and token[-1] in HYPHENS and token[-2] not in " -–" and not right[0].isdecimal():
        separator, mended = mend(token[:-1], token[-1], right, setting.vocabulary)
        if not separator:
            _drop_last(setting)
        same = mended == right
        return separator.endswith(" "), None if same else mended[: len(line.words[first].text)]
    if _goes_on_as_address(token, right):
        return False, None
    years = token[-1:] in f"{HYPHENS}–" and right[0].isdecimal() and token[-2:-1].isdecimal()
    return not years, None


def _goes_on_as_address(token: str, right: str) -> bool:
    """Whether a web address that ends a line runs on: "…/documents/" + "publications/2020"."""
    if not ("://" in token or token.lower().startswith(("www.", "(www."))):
        return False
    if token[-1] not in _BREAKS_IN_ADDRESS:  # broken anywhere, for want of room
        rest = right.rstrip(".,;)")
        return (token[-1].isdecimal() and rest.isdecimal()) or _PART_OF_ADDRESS.search(rest) is not None
    if token[-1] == ".":
        return right[0].islower() and ("/" in right or "." in right[:-1])
    return right[0].isalnum()


def _last_token(setting: _Setting) -> str:
    token = ""
    for part in reversed(setting.parts):
        if part == " ":
            break
        token = part + token
    return token


def _first_token(line: Line, first: int) -> str:
    token = line.words[first].text
    for at in range(first + 1, len(line.words)):
        if line.spaces[at] or raised(line.words[at], line):
            break
        token += line.words[at].text
    return token


def _drop_last(setting: _Setting) -> None:
    """Take the hyphen off the last word."""
    last = setting.boxes.pop()
    setting.parts[-1] = setting.parts[-1][:-1]
    setting.length -= 1
    if last.end - 1 > last.start:
        setting.boxes.append(Box(last.start, last.end - 1, last.page, last.x0, last.top, last.x1, last.bottom))
    else:
        setting.parts.pop()
