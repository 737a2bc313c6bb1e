"""Texts that are nearly the same in documents that a split may part: what is learnt from one, the other measures.

Two texts are as alike as the share of the shorter one's runs of four words that stand in the longer one too (its
containment, Broder 1997): a motie is found again under a letterhead, and in the debate where it was read out. All pairs
are counted exactly, as a product of sparse matrices; a run that stands in very many texts is a formula of parliament
and is left out.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from nlp.checking.across import is_test, plain_text
from nlp.checking.findings import Finding
from nlp.checking.lines import Line

RUN = 4  # words
LEAST = 16  # runs a text must have: shorter ones are alike by chance
OFTEN = 100  # texts; a run in more of them is a formula
LIKENESS = 0.65  # among real passages: moties read out are at 0.67 and above, mere letterheads at 0.57 and below
CHUNK = 2000  # texts compared at a time with all others
WORD = re.compile(r"\w+")


def compare_texts(lines: Sequence[Line]) -> Iterator[Finding]:
    """Near duplicates across splits, and across documents; each text is said once, with the one most like it."""
    first: dict[str, Line] = {}
    for line in lines:
        if text := plain_text(line):
            first.setdefault(text, line)  # the same text is compare_lines' affair
    kept = list(first.values())
    best: dict[int, tuple[bool, float, int]] = {}
    count: dict[int, int] = {}
    for i, j, likeness in near_pairs([line.row["text"] for line in kept]):
        one, other = kept[i], kept[j]
        if one.document != other.document:
            count[j] = count.get(j, 0) + 1
            best[j] = max(best.get(j, (False, 0.0, 0)), (is_test(one) != is_test(other), likeness, i))
    for j, (leak, likeness, i) in best.items():
        yield _finding(kept[j], kept[i], leak, likeness, count[j] - 1)


def near_pairs(texts: Sequence[str], likeness: float = LIKENESS) -> Iterator[tuple[int, int, float]]:
    """(i, j, how alike) with i < j, of all texts that are at least so much alike (0..1)."""
    rows = _runs(texts)
    size = np.asarray(rows.sum(1)).ravel()
    for start in range(0, len(texts), CHUNK):
        common = (rows[start : start + CHUNK] @ rows.T).tocoo()
        i, j, both = common.row + start, common.col, common.data
        alike = both / np.minimum(size[i], size[j])
        for k in np.flatnonzero((i < j) & (alike >= likeness)):
            yield int(i[k]), int(j[k]), float(alike[k])


def _runs(texts: Sequence[str]) -> sparse.csr_matrix:
    """Which runs of words stand in which text, shape (texts, runs): a short text has none."""
    ends, found = [0], list[int]()
    for text in texts:
        words = WORD.findall(text.casefold())
        runs = {zlib.crc32(" ".join(words[k : k + RUN]).encode(errors="replace")) for k in range(len(words) - RUN + 1)}
        found.extend(runs if len(runs) >= LEAST else ())
        ends.append(len(found))
    names, columns = np.unique(np.asarray(found, dtype=np.uint32), return_inverse=True)
    rows = sparse.csr_matrix((np.ones(len(columns), np.int32), columns, ends), shape=(len(texts), len(names)))
    return rows[:, np.bincount(columns, minlength=len(names)) <= OFTEN] if len(names) else rows


def _finding(line: Line, other: Line, leak: bool, likeness: float, more: int) -> Finding:
    many = f", and {more} more" if more else ""
    trouble = f"nearly the same text ({likeness:.0%}) stands in another document at {other.place}{many}"
    if leak:
        there = f"{trouble}, of split {other.said('split') or 'train'}"
        return line.error("near-leak", there, "Give both documents one group and split, or remove one line.")
    return line.warning("near-text", trouble, "Give both documents one group, so that no split parts them.")
