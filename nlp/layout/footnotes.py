"""Finds the footnotes at the foot of columns and pages and takes them out of the running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nlp.layout.lines import Column, Line, Measures, raised
from nlp.pdf import Rule

SMALL = 0.94  # of the body size: text that is smaller may be a note
_MARK = re.compile(r"[(\[]?(\d{1,3}|[*†‡]{1,3})[)\].]?")
_TYPED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TYPED_MARK = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
_SOURCE = re.compile(r"(?:bron|bronnen|noot|toelichting)\s*:", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Note:
    """One footnote; its first line begins with the mark unless it goes on from an earlier page."""

    mark: str | None
    page: int
    lines: list[Line] = field(default_factory=list)
    skip: int = 0  # words of the first line that are the mark


class NoteTaker:
    """Reads the columns page by page; remembers the last note, for notes run over to the next page."""

    def __init__(self, measures: Measures) -> None:
        self.measures = measures
        self.notes: list[Note] = []
        self.dotted = False  # the marks are written "1."
        self.called: set[str] = set()  # numbers raised in the text so far

    def marks(self) -> frozenset[str]:
        """The marks of the notes, and of the few that the text calls for and that were left out between them."""
        found = {note.mark for note in self.notes if note.mark}
        missing = {mark for mark in self.called if {str(int(mark) - 1), str(int(mark) + 1)} & found}
        return frozenset(found | missing)

    def take(self, columns: Sequence[Column], rules: Sequence[Rule]) -> None:
        """Move the footnotes of one page from its columns to `notes`."""
        for column in columns:
            if column.rows:
                continue
            self.called.update(_calls(column.lines))
            start = self._zone(column, rules)
            if start < len(column.lines):
                zone = column.lines[start:]
                del column.lines[start:]
                self._read(zone)

    def _zone(self, column: Column, rules: Sequence[Rule]) -> int:
        """Index of the first line of the notes at the end of a column."""
        lines = column.lines
        small = len(lines)
        while small and lines[small - 1].size < SMALL * self.measures.size:
            small -= 1
        for at in _below_rules(column, rules):
            if self._opens(lines[at], ruled=True) or (at >= small and self._runs_on(lines[at])):
                return at
        first = next((at for at in range(small, len(lines)) if self._opens(lines[at])), len(lines))
        if small < first and self._runs_on(lines[small]) and (first < len(lines) or self._apart(lines, small)):
            return small
        return first

    def _apart(self, lines: Sequence[Line], at: int) -> bool:
        return at > 0 and lines[at].baseline - lines[at - 1].baseline > 1.5 * self.measures.pitch

    def _opens(self, line: Line, *, ruled: bool = False) -> bool:
        """Whether a note begins here: its mark is raised, or small text or a rule tells that it is one."""
        mark = note_mark(line)
        if mark is None:
            return False
        if raised(line.words[0], line) or _TYPED_MARK.match(line.words[0].text):
            return True
        small = line.size < SMALL * self.measures.size
        plain = line.words[0].text in (mark, f"{mark})", f"[{mark}]")
        return self._expected(mark) and (ruled or small) and (plain or self.dotted or (ruled and small))

    def _expected(self, mark: str) -> bool:
        last = next((n.mark for n in reversed(self.notes) if n.mark), None)
        if mark in self.called:
            return True
        if not mark.isdecimal() or last is None or not last.isdecimal():
            return mark in ("1", "*")
        return int(mark) in (int(last) + 1, 1)

    def _runs_on(self, line: Line) -> bool:
        """Small text under the rule without a mark: the end of the last note of the column or page before."""
        if not self.notes or line.page - self.notes[-1].lines[-1].page > 1 or _SOURCE.match(line.text):
            return False
        last = self.notes[-1].lines[-1].text
        return last[-1] not in ".!?" or line.text[0].islower()

    def _read(self, zone: Iterable[Line]) -> None:
        for number, line in enumerate(zone):
            mark = note_mark(line) if self._opens(line, ruled=number == 0) else None
            if mark is None and len(line.words) == 1 and line.text.isdecimal() and self._expected(line.text):
                mark = line.text  # a long address was moved to the next line
            if mark is not None:
                self.dotted = line.words[0].text == f"{mark}."
                self.notes.append(Note(mark, line.page, [line], 1))
            else:
                self.notes[-1].lines.append(line)


def _calls(lines: Iterable[Line]) -> Iterator[str]:
    """The numbers that are set as superscripts behind words."""
    for line in lines:
        for word in line.words[1:]:
            if word.size < line.size and word.text.isdecimal() and raised(word, line):
                yield word.text


def note_mark(line: Line) -> str | None:
    """The mark with which a line of notes begins."""
    first = line.words[0]
    if len(line.words) < 2 or line.leader or line.label:
        return None
    found = _MARK.fullmatch(first.text.translate(_TYPED))
    return found[1] if found else None


def _below_rules(column: Column, rules: Sequence[Rule]) -> list[int]:
    """Indices of the lines below a rule that begins at the left edge of the column, underlining left aside."""
    lines = column.lines
    found = []
    for rule in rules:
        if rule.bottom - rule.top > 2.5 or rule.x1 - rule.x0 < 20 or abs(rule.x0 - column.x0) > 12:
            continue
        at = next((n for n, line in enumerate(lines) if line.baseline > rule.bottom), len(lines))
        if at == len(lines) or (at and rule.top - lines[at - 1].baseline < 0.3 * lines[at - 1].size):
            continue
        found.append(at)
    return sorted(set(found))
