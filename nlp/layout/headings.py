"""Drafts of blocks → what they are: headings with their level, captions, the table of contents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.layout.drafts import CONTENTS, NUMBERED, SOURCE, Draft
from nlp.layout.lines import Measures
from nlp.layout.rows import is_bullet
from nlp.layout.tables import CAPTION

_ROLES = re.compile(r"(?:voorzitter|griffier|ondervoorzitter)\s*:", re.IGNORECASE)
_FIGURES = re.compile(r"(?:[-+€$]?[\d.,]+[%€]?\s+)*[-+€$]?[\d.,]+[%€]?")
_PAGE_AT_END = re.compile(r"\s\d{1,3}$")
_LARGE = 1.12  # of the body size: a line this large is a heading whatever its style


def name_kinds(drafts: Sequence[Draft], measures: Measures) -> list[Draft]:
    """Tell headings, captions and the table of contents from paragraphs; give headings their level."""
    in_contents = False
    for number, one in enumerate(drafts):
        if one.kind in ("table", "toc"):
            continue
        if _is_caption(drafts, number, measures):
            one.kind = "caption"
        elif _FIGURES.fullmatch(one.opening) and len(one.lines) == 1 and not one.mark:  # the axis of a chart
            one.kind = "table"
        elif one.lines[0].leader or (in_contents and _PAGE_AT_END.search(one.lines[-1].text)):
            one.kind, one.mark, one.skip = "toc", None, 0
        elif _is_heading(one, drafts[number + 1] if number + 1 < len(drafts) else None, measures):
            one.kind = "heading"
            if not one.lines[0].label:
                one.mark, one.skip = None, 0
        if one.kind != "toc":
            in_contents = CONTENTS.fullmatch(one.opening) is not None
    _set_levels([one for one in drafts if one.kind == "heading"])
    return list(drafts)


def _is_caption(drafts: Sequence[Draft], number: int, measures: Measures) -> bool:
    one = drafts[number]
    if SOURCE.match(one.opening):
        return one.lines[0].size < measures.size
    beside = any(near.kind == "table" for near in drafts[max(0, number - 1) : number + 2])
    styled = one.lines[0].bold or one.lines[0].italic
    return CAPTION.match(one.opening) is not None and len(one.lines) < 4 and (styled or beside)


def _is_heading(one: Draft, after: Draft | None, measures: Measures) -> bool:
    if len(one.lines) > 4 or (one.mark and is_bullet(one.mark)):
        return False
    text = one.text
    if len(text) > 300 or _ROLES.match(text) or not any(map(str.isalpha, text)):
        return False
    large = one.lines[0].size > _LARGE * measures.size
    if text[-1] == "," or (text[-1] in ".;" and not large and not _in_capitals(text)):
        return False
    if large or one.bold:
        return True
    return one.italic and after is not None and _leads(one, after, text)


def _leads(one: Draft, after: Draft, text: str) -> bool:
    """Whether a line in italics is the heading of what follows, and not a sentence of its own."""
    if len(one.lines) > 2 or len(text) > 120 or text[-1] in ":?.":
        return False
    line = one.lines[0]
    short = len(one.lines) == 1 and line.right - line.x1 > 0.3 * (line.right - line.left)
    return not after.lines[0].italic or (short and after.opening[0].isupper())


def _in_capitals(text: str) -> bool:
    return sum(map(str.isupper, text)) > 0.8 * sum(map(str.isalpha, text))


def _set_levels(headings: Sequence[Draft]) -> None:
    """Larger before smaller, bold before italic; numbers ("2.1") tell the depth where there are any.

    A heading without a number, in the style of those that have one, stands below the last of them.
    """
    ranks = {key: rank for rank, key in enumerate(sorted({_style(one) for one in headings}), start=1)}
    numbered = {_style(one) for one in headings if NUMBERED.match(one.opening)}
    depth = 0
    for one in headings:
        rank = ranks[_style(one)]
        number = NUMBERED.match(one.opening)
        if number:
            depth = number[1].count(".") + 1
            one.level = max(rank, depth)
        else:
            one.level = max(rank, depth + 1) if depth and _style(one) in numbered else rank + max(depth - 1, 0)


def _style(one: Draft) -> tuple[float, bool, bool]:
    line = one.lines[0]
    return (-round(line.size * 2) / 2, not line.bold, line.italic)
