"""Written questions and their answers: which blocks ask, which answer, and under which number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.layout.drafts import Draft

_NUMBERS = r"\(?\d{1,3}[a-z]?\)?(?:\s*(?:,|en|t/m|tot en met|-|–|&)\s*\d{1,3}[a-z]?)*"
_LABEL = re.compile(
    rf"(?P<kind>vra(?:ag|gen)|antwoord(?:en)?)(?:\s+(?:op\s+)?(?:de\s+)?(?:vra(?:ag|gen)\s+)?(?P<number>{_NUMBERS}))?\s*[:.]?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,3}")
_RUN_IN = re.compile(rf"(?P<kind>Vraag|Antwoord) (?P<number>{_NUMBERS}) ?: (?=\S)")
_TALKING = {"paragraph", "list_item", "heading"}


def name_questions(drafts: Sequence[Draft]) -> list[Draft]:
    """Give the blocks under "Vraag 1" and "Antwoord 1" their kind, the first of each its label as mark.

    The labels themselves are no blocks any more. Documents without both kinds of label stay as they are.
    """
    labels = [_label(one) for one in drafts]
    if {kind for kind, _ in labels if kind} == {"answer"}:
        _number_labels(drafts, labels)
    if {kind for kind, _ in labels if kind} != {"question", "answer"}:
        return list(drafts)
    named: list[Draft] = []
    state: str | None = None
    mark: str | None = None
    for number, (one, (kind, text)) in enumerate(zip(drafts, labels, strict=True)):
        if kind is not None:
            state, mark = kind, text
            if _stands_alone(one, number, drafts, labels):
                continue
            _run_in(one)
        if state is None:
            _ask_by_number(one, number, labels)
        elif one.kind in _TALKING and _speaks(one, state, mark):
            one.kind, one.level = state, None
            one.mark, mark = mark or one.mark, None
        named.append(one)
    return named


def _number_labels(drafts: Sequence[Draft], labels: list[tuple[str | None, str | None]]) -> None:
    """Where no label says "Vraag", a number on a line of its own does, or one before text that an answer follows."""
    for at, one in enumerate(drafts[:-1]):
        if one.table is None and len(one.lines) == 1 and _NUMBER.fullmatch(one.opening):
            labels[at] = ("question", one.opening)
        elif one.mark and _NUMBER.fullmatch(one.mark.strip(".):")) and labels[at + 1][0] == "answer":
            labels[at] = ("question", one.mark.strip(".):"))


def _speaks(one: Draft, state: str, mark: str | None) -> bool:
    """Whether the block is the question or answer itself: not a list in it, nor a heading between answers."""
    return mark is not None or one.kind == "paragraph" or (one.kind == "heading" and state == "question")


def _label(one: Draft) -> tuple[str | None, str | None]:
    """What the block announces ("question", "answer" or nothing) and in which words."""
    if one.kind not in ("paragraph", "heading") or len(one.opening) > 400:
        return None, None
    found = (_LABEL.fullmatch(one.opening) if len(one.lines) == 1 else None) or _RUN_IN.match(one.opening)
    if not found or (found["kind"].lower().startswith("vra") and not found["number"]):
        return None, None
    kind = "question" if found["kind"].lower().startswith("vra") else "answer"
    return kind, found[0].strip(" :.")


def _stands_alone(
    one: Draft, number: int, drafts: Sequence[Draft], labels: Sequence[tuple[str | None, str | None]]
) -> bool:
    """Whether the label is all there is of its block, and something follows that can bear it."""
    follows = number + 1 < len(drafts) and labels[number + 1][0] is None
    label = _LABEL.fullmatch(one.opening) or (_NUMBER.fullmatch(one.opening) and not one.mark)
    return follows and len(one.lines) == 1 and label is not None


def _run_in(one: Draft) -> None:
    """Leave the words of the label out of the text that goes on behind it."""
    found = _RUN_IN.match(one.opening)
    if found:
        one.skip = found[0].count(" ")


def _ask_by_number(one: Draft, number: int, labels: Sequence[tuple[str | None, str | None]]) -> None:
    """A numbered block right before the first answer asks, though no label says so."""
    if one.kind == "list_item" and number + 1 < len(labels) and labels[number + 1][0] == "answer":
        one.kind = "question"
