"""One line of annotations against what its fields may say."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from typing import Any

from nlp.checking.findings import Finding, near, shown
from nlp.checking.labels import check_labels
from nlp.checking.lines import Line
from nlp.checking.texts import check_text
from nlp.corpus import GUIDELINES, SPLITS
from nlp.records import Annotation, passage_id

FIELDS = tuple(field.name for field in fields(Annotation))
WANTED = {  # a line without it can be read, and something is lost
    "passage": "a passage without a name cannot be found again",
    "annotator": "nobody can be asked",
    "guideline": "it is not known which rulings it follows",
    "group": "its passage counts as a document of its own",
}
TEXTS = ("passage", "annotator", "guideline", "group", "date", "note", "source", "genre", "split")
FIRST_DAY = date(2015, 9, 25)  # on which the goals were adopted
HEX = set("0123456789abcdef")
E_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")


def check_row(line: Line, today: date) -> Iterator[Finding]:
    """All that is wrong with a line by itself."""
    text = line.row.get("text")
    if not isinstance(text, str) or not text.strip():
        yield line.error("no-text", "no text", "Remove the line or restore its text.")
    else:
        yield from check_text(line, text)
        yield from _check_offsets(line, text)
        yield from _check_id(line, text)
    yield from check_labels(line)
    yield from _check_fields(line)
    yield from _check_who(line)
    yield from _check_when(line, today)


def _check_fields(line: Line) -> Iterator[Finding]:
    for name, lost in WANTED.items():
        if line.get(name) in (None, ""):
            yield line.warning(f"no-{name}", f"no {name}: {lost}", f'Write "{name}": "…".')
    for name in TEXTS:
        value = line.get(name)
        if value is not None and not isinstance(value, str):
            yield line.error("no-string", f"{name} {value!r} is not a text", f'Use quotes: "{name}": "{value}".')
    for name in line.row:
        if asked := _slip(name):
            yield line.warning("unknown-field", f"unknown field {name!r}", f"Did you mean {asked!r}?")
    doubt, split, guideline = line.get("doubt"), line.said("split"), line.said("guideline")
    if doubt is not None and not isinstance(doubt, bool):
        yield line.error(
            "no-truth", f"doubt {doubt!r} is neither true nor false", "Write true or false, without quotes."
        )
    if split and split not in SPLITS:
        yield line.error("unknown-split", f"unknown split {split!r}", near(split, SPLITS))
    if guideline and guideline not in GUIDELINES:
        yield line.error(
            "unknown-guideline", f"unknown version {guideline!r} of the guide", near(guideline, GUIDELINES)
        )


@cache
def _slip(name: str) -> str | None:
    """The field that a name was meant to be; None for a field, and for what another collection has of its own."""
    return None if name in FIELDS else next(iter(difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.8)), None)


def _check_who(line: Line) -> Iterator[Finding]:
    annotator = line.said("annotator")
    if annotator and E_MAIL.search(annotator):
        hint = "Use initials or a role: the corpus is for everyone to read."
        yield line.error("e-mail", f"annotator {shown(annotator)} is an e-mail address", hint)
    elif annotator and annotator != annotator.strip():
        hint = "--fix removes them; it would count as another annotator."
        yield line.warning("spaces", f"spaces around annotator {annotator!r}", hint, mendable=True)


def _check_when(line: Line, today: date) -> Iterator[Finding]:
    said = line.said("date")
    if said is None:
        return
    try:
        moment = datetime.fromisoformat(said.strip())
        when = (moment.astimezone() if moment.tzinfo else moment).date()  # the day it was here
    except (ValueError, OverflowError):
        yield line.error("no-date", f"date {said!r} is no day", "Write year, month and day: 2026-11-28.")
        return
    if when > today:
        yield line.error("future", f"date {said} is in the future", f"Today is {today}; see to the clock or the year.")
    elif when < FIRST_DAY:
        yield line.error("before", f"date {said} is before the goals were adopted", "Is it the document's date?")


def _check_offsets(line: Line, text: str) -> Iterator[Finding]:
    """The passage's place in its document must be as long as its text; spans of the text must lie in it."""
    if {"start", "end"} & line.row.keys():
        place = _offsets(line.row)
        if place is None:
            trouble = f"start {line.row.get('start')!r} and end {line.row.get('end')!r} are no offsets"
            yield line.error("offset", trouble, "Count characters from 0; end is the first one after it.")
        elif place[1] - place[0] != len(text):
            trouble = f"start and end are {place[1] - place[0]} apart, the text has {len(text)} characters"
            yield line.error("offset", trouble, "Was the text changed after it was cut out?")
    for value in line.row.values():
        for span in value if isinstance(value, list) else ():
            if isinstance(span, dict) and {"start", "end"} & span.keys():
                yield from _check_span(line, text, span)


def _check_span(line: Line, text: str, span: dict[str, Any]) -> Iterator[Finding]:
    place, said = _offsets(span), span.get("text")
    if place is None or place[1] > len(text):
        trouble = f"offsets {span.get('start')!r} to {span.get('end')!r} are not in the text of {len(text)} characters"
        yield line.error("offset", trouble, "Count characters from 0; end is the first one after it.")
    elif isinstance(said, str) and text[slice(*place)] != said:
        trouble = f"characters {place[0]} to {place[1]} are {shown(text[slice(*place)])}, not {shown(said)}"
        yield line.error("offset", trouble, "Was the text changed afterwards?")


def _offsets(row: dict[str, Any]) -> tuple[int, int] | None:
    start, end = row.get("start"), row.get("end")
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end:
        return int(start), int(end)
    return None


def _check_id(line: Line, text: str) -> Iterator[Finding]:
    """An id made by records.passage_id tells whether the text is still the one that was judged."""
    passage, group = line.said("passage") or "", line.said("group")
    begin, _, digits = passage.rpartition("-")
    if begin == group and len(digits) == 10 and set(digits) <= HEX and passage != passage_id(begin, text):
        hint = "Restore the text, or judge the new one as another passage."
        yield line.error("changed-text", "the text is not the one its passage was named after", hint)
