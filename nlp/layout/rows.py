"""Words of a page → rows: everything on one baseline, from the left edge of the page to the right."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from nlp.pdf import Word

MIN_GAP = 0.65  # em; a narrower gap between words is never a gutter
BULLETS = frozenset("•▪◦·●○■□◆◇▸–—-*‣⁃✓➢►▶»›→\uf0b7\uf0a7\uf02d\uf0d8\uf0fc\uf0a8")
ENUMERATOR = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.):]|\d{1,2}(?:\.\d{1,2}){1,3}\.?|\d{1,3})")
_GLUED_MARK = re.compile(r"(?:(?:\d{1,2}|[a-z])\)|[•▪●○■□])(?=[^\W\d_])")
_LEADER = re.compile(r"[.…·_]+")


@dataclass(slots=True, eq=False)
class Row:
    """Words on one baseline, or a piece of it between two gutters."""

    words: list[Word]  # left to right
    baseline: float
    size: float  # the largest
    leader: bool = False  # had dots leading to a page number
    gaps: list[tuple[int, float, float]] = field(default_factory=list)  # index of the word behind, x0, x1; over MIN_GAP
    usual_gap: float = 0.0  # between words; 0 where one gap alone tells nothing


def read_rows(words: Iterable[Word]) -> list[Row]:
    """The rows from top to bottom; superscripts and subscripts stand in the row they belong to."""
    rows = _by_baseline(words)
    _attach_scripts(rows)
    rows = [row for row in rows if row.words]
    for row in rows:
        _drop_leaders(row)
        if row.words and _GLUED_MARK.match(row.words[0].text):
            row.words[:1] = _part_mark(row.words[0])
        if sum(len(word.text) == 1 for word in row.words) > 3:
            row.words = close_up(row.words)
    rows = [row for row in rows if row.words]
    for row in rows:
        find_gaps(row)
    return rows


def is_bullet(text: str) -> bool:
    """A word that is nothing but a list mark."""
    return len(text) == 1 and (text in BULLETS or text == "o" or "\ue000" <= text <= "\uf8ff")


def is_mark(text: str) -> bool:
    """A bullet or an enumerator: it stays with the text behind it, however wide the gap."""
    return is_bullet(text) or (len(text) < 6 and ENUMERATOR.fullmatch(text) is not None)


def _by_baseline(words: Iterable[Word]) -> list[Row]:
    rows: list[Row] = []
    row: list[Word] = []
    limit = float("-inf")
    for word in sorted(words, key=lambda w: w.baseline):
        if word.baseline > limit:
            row = []
            rows.append(Row(row, word.baseline, word.size))
            limit = word.baseline + max(0.6, 0.12 * word.size)
        row.append(word)
    for one in rows:
        one.words.sort(key=lambda w: w.x0)
        one.size = max([w.size for w in one.words])
    return rows


def _attach_scripts(rows: list[Row]) -> None:
    """Bring superscripts and subscripts, which have a baseline of their own, to the row they belong to."""
    for number, row in enumerate(rows):
        for other in rows[max(0, number - 3) : number + 4]:
            shift = other.baseline - row.baseline
            if other is row or not -0.4 * other.size < shift < 0.65 * other.size:
                continue
            kept = []
            for word in row.words:
                if word.size < 0.85 * other.size and _touches(word, other):
                    _insert(other.words, word)
                else:
                    kept.append(word)
            row.words[:] = kept
            if not kept:
                break


def _part_mark(word: Word) -> list[Word]:
    """Parts "1)dat", in which a list mark is set tight against the text."""
    found = _GLUED_MARK.match(word.text)
    if found is None:
        return [word]
    at = word.x0 + (word.x1 - word.x0) * found.end() / len(word.text)
    return [replace(word, text=found[0], x1=at), replace(word, text=word.text[found.end() :], x0=at, glued=False)]


def _touches(word: Word, row: Row) -> bool:
    """Whether the small word stands against a larger word of the row, or before its first word."""
    place = bisect_left(row.words, word.x0, key=lambda w: w.x0)
    before = row.words[place - 1] if place else None
    if before is not None and -0.3 * row.size < word.x0 - before.x1 < 0.4 * row.size:
        return True
    after = row.words[place] if place < len(row.words) else None
    if after is None or word.baseline > row.baseline or (not word.text[0].isdecimal() and word.text not in "*†"):
        return False
    return after.size > word.size and -1 < after.x0 - word.x1 < 2 * row.size


def _insert(words: list[Word], word: Word) -> None:
    words.insert(bisect_left(words, word.x0, key=lambda w: w.x0), word)


def _drop_leaders(row: Row) -> None:
    dots = [w for w in row.words if w.text[0] in ".…·_" and _LEADER.fullmatch(w.text)]
    if sum(len(w.text) for w in dots) > 4:
        row.words = [w for w in row.words if w not in dots] if len(dots) < 4 else _without_dots(row.words)
        row.leader = True


def _without_dots(words: list[Word]) -> list[Word]:
    return [w for w in words if not (w.text[0] in ".…·_" and _LEADER.fullmatch(w.text))]


def close_up(words: list[Word]) -> list[Word]:
    """Spaced-out words ("V r a a g") as one word each: single letters at even steps, parted where a step is wider."""
    closed: list[Word] = []
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and len(word.text) == 1 and not word.text.isdecimal() and not is_bullet(word.text):
            run.append(word)
            continue
        closed += _close_run(run) if len(run) > 3 else run
        run = []
        if word is not None:
            closed.append(word)
    return closed


def _close_run(run: list[Word]) -> list[Word]:
    steps = [b.x0 - a.x1 for a, b in pairwise(run)]
    usual = sorted(steps)[len(steps) // 4]
    widest = 1.7 * max(usual, 0.05 * run[0].size)
    groups = [[run[0]]]
    for word, step in zip(run[1:], steps, strict=True):
        if step > widest:
            groups.append([])
        groups[-1].append(word)
    if max(map(len, groups)) < 3:
        return run
    return [_merge(group) for group in groups]


def _merge(group: list[Word]) -> Word:
    return replace(
        group[0], text="".join(w.text for w in group), x1=group[-1].x1,
        top=min(w.top for w in group), bottom=max(w.bottom for w in group),
    )  # fmt: skip


def find_gaps(row: Row) -> None:
    """Fill in where the row is white, and how far its words usually stand apart."""
    row.gaps = [] if row.leader else _gaps(row)
    if row.gaps:
        steps = sorted([after.x0 - word.x1 for word, after in pairwise(row.words)])
        row.usual_gap = steps[len(steps) // 3] if len(steps) > 1 else 0.0


def _gaps(row: Row) -> list[tuple[int, float, float]]:
    gaps = []
    edge = row.words[0].x1
    size = row.size if row.size < 1.5 * row.words[0].size else row.words[0].size
    for index, word in enumerate(row.words):
        if word.x0 - edge > MIN_GAP * min(size, word.size):
            gaps.append((index, edge, word.x0))
        if word.x1 > edge:
            edge = word.x1
    return gaps
