"""Lines beside each other: names used twice, judgements that contradict, splits that leak."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from nlp.checking.findings import Finding, shown
from nlp.checking.lines import Line

TESTS = ("dev-test", "test")


def compare_lines(lines: Sequence[Line]) -> Iterator[Finding]:
    """What is wrong with lines only because of other lines; said at the later one, which names the earlier."""
    yield from _same_lines(lines)
    yield from _same_passages(lines)
    yield from _judged_again(lines)
    yield from _same_texts(lines)
    yield from _documents(lines)
    yield from _annotators(lines)


def is_test(line: Line) -> bool:
    """Whether it is kept aside for measuring."""
    return line.said("split") in TESTS


def plain_text(line: Line) -> str:
    """The text without case or white space: what makes two passages the same for a reader; "" where there is none."""
    text = line.row.get("text")
    return "".join(text.casefold().split()) if isinstance(text, str) else ""


def twins(lines: Iterable[Line]) -> Iterator[tuple[Line, Line]]:
    """Lines that say again, letter by letter, what the annotator last said of the passage: (that line, this line).

    A line that goes back to an earlier judgement is none: it is what counts now.
    """
    last: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        key = (
            repr(line.get("passage")),
            repr(line.get("annotator")),
            line.row.get("text") if line.said("text") else "",
        )
        if key in last and last[key].row == line.row:
            yield last[key], line
        last[key] = line


def _same_lines(lines: Sequence[Line]) -> Iterator[Finding]:
    for first, line in twins(lines):
        if first.file == line.file:
            yield line.error("line-twice", f"the same as line {first.number}", "--fix removes it.", mendable=True)
        else:
            yield line.error("line-twice", f"the same as {first.place}", "Keep one of them.")


def _same_passages(lines: Sequence[Line]) -> Iterator[Finding]:
    """One name must be one text of one document."""
    first: dict[str, Line] = {}
    for line in lines:
        name = line.said("passage")
        if name is None:
            continue
        before = first.setdefault(name, line)
        if plain_text(before) != plain_text(line):
            hint = "Give one of them another name; if the text was changed, judge the new one anew."
            yield line.error("other-text", f"passage {name!r} has another text at {before.place}", hint)
        elif before.said("group") != line.said("group"):
            trouble = (
                f"passage {name!r} is of {line.said('group')!r} here and of {before.said('group')!r} at {before.place}"
            )
            yield line.error("other-document", trouble, "Give both the same group: splits go by it.")


def _judged_again(lines: Sequence[Line]) -> Iterator[Finding]:
    """The last judgement of an annotator counts; a later line with an earlier date leaves open which is the last."""
    last: dict[tuple[str, str], Line] = {}
    for line in lines:
        name, annotator = line.said("passage"), line.said("annotator")
        if name is None or annotator is None:
            continue
        before = last.get((name, annotator))
        last[name, annotator] = line
        if (
            before
            and before.row.get("labels") != line.row.get("labels")
            and before.row.get("text") == line.row.get("text")
        ):
            earlier, later = before.said("date"), line.said("date")
            if not (earlier and later) or later[: len(earlier)] < earlier[: len(later)]:
                trouble = (
                    f"{annotator} judged {name!r} otherwise at {before.place}, and the dates do not tell which is later"
                )
                yield line.warning("judged-again", trouble, "This line counts; give both a date if that is right.")


def _same_texts(lines: Sequence[Line]) -> Iterator[Finding]:
    """One text: on one side of a split, and with the same labels wherever the same person judged it."""
    texts: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if text := plain_text(line):
            texts[text].append(line)
    for same in (same for same in texts.values() if len(same) > 1):
        yield from _leaks(same)
        yield from _contradictions(same)


def _leaks(same: Sequence[Line]) -> Iterator[Finding]:
    first = same[0]
    for line in same[1:]:
        if is_test(line) != is_test(first):
            trouble = f"the same text is of split {first.said('split') or 'train'} at {first.place}"
            yield line.error(
                "split-leak", trouble, "Put both on one side, or remove one: what is learnt cannot measure."
            )
            return
    documents = dict.fromkeys(line.document for line in same)
    if len(documents) > 1:
        line = next(line for line in same if line.document != first.document)
        many = f", and in {len(documents) - 2} more" if len(documents) > 2 else ""
        trouble = f"the same text stands in another document at {first.place}{many}"
        yield line.warning("text-twice", trouble, "Give both documents one group, or remove one line.")


def _contradictions(same: Sequence[Line]) -> Iterator[Finding]:
    judged: dict[tuple[str, str], dict[str | None, Line]] = defaultdict(dict)
    for line in same:
        for scheme in line.row["labels"] if isinstance(line.row.get("labels"), dict) else ():
            if annotator := line.said("annotator"):
                judged[annotator, scheme][line.said("passage")] = line  # of one passage the last line counts
    for (annotator, scheme), by_passage in judged.items():
        first, *others = by_passage.values()
        for line in others:
            here, there = line.row["labels"][scheme], first.row["labels"][scheme]
            if _set(here) != _set(there):
                trouble = f"{annotator} gives this text {scheme} {_said(here)}, and {_said(there)} at {first.place}"
                yield line.error("contradiction", trouble, "Judge both again; the words are the same.")
                break


def _documents(lines: Sequence[Line]) -> Iterator[Finding]:
    """A document may not stand on both sides of a split."""
    first: dict[str, Line] = {}
    said: set[str] = set()
    for line in lines:
        if (document := line.document) is None:
            continue
        before = first.setdefault(document, line)
        if is_test(before) != is_test(line) and document not in said:
            said.add(document)
            trouble = f"document {document!r} is of split {before.said('split') or 'train'} at {before.place}"
            yield line.error("document-split", trouble, "Give all its passages the same split.")


def _annotators(lines: Sequence[Line]) -> Iterator[Finding]:
    """Two spellings of one name count as two people."""
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, Line] = {}
    for line in lines:
        if name := line.said("annotator"):
            spelled[re.sub(r"[\W_]", "", name.casefold())][name] += 1
            first.setdefault(name, line)
    for names in spelled.values():
        usual, *others = [name for name, _ in names.most_common()]
        for name in others:
            trouble = f"annotator {shown(name)} ({names[name]} lines) is elsewhere {shown(usual)}"
            yield first[name].warning("annotator-spelling", trouble, f"Write {usual!r} if it is the same person.")


def _set(codes: Any) -> Any:
    return sorted(map(str, codes)) if isinstance(codes, list) else codes


def _said(codes: Any) -> str:
    return ", ".join(map(str, codes)) or "none" if isinstance(codes, list) else repr(codes)
