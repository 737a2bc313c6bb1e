"""Columns in reading order → drafts of blocks: where a paragraph ends, and where it goes on in the next column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nlp.layout.drafts import (
    CONTENTS,
    NUMBERED,
    SOURCE,
    Draft,
    Habits,
    has_ended,
    is_alike,
    is_marked,
    list_mark,
    room_behind,
)  # fmt: skip
from nlp.layout.hyphens import HYPHENS
from nlp.layout.lines import Column, Line
from nlp.layout.rows import is_bullet
from nlp.layout.tables import CAPTION

_MOTION = re.compile(  # how the parts of a motion begin
    r"De Kamer,|gehoord de beraadslaging|constaterende|overwegende|van mening|van oordeel|gelet op|indachtig|"
    r"verzoekt de |spreekt (?:uit|als)|roept |draagt |dringt |nodigt |en gaat over tot de orde"
)
_SINGLE = re.compile(  # lines that stand by themselves
    r"[\w’' -]+, (?:\d{1,2}|[_.…]+) \w+ \d{4}$|Geachte |Hoogachtend|Met vriendelijke groet|Aan de Voorzitter van de"
)
_SIGNED = re.compile(r"De (?:adjunct-|waarnemend )?(?:voorzitter|griffier) van de .*commissie.*, \S.*[^.]")
_OFFICE = re.compile(
    r"(?:de|namens de|mede namens de) (?:minister|staatssecretaris|voorzitter|griffier)\b.*,", re.IGNORECASE
)


def draft(columns: Iterable[Column], habits: Habits) -> list[Draft]:
    """The blocks of a document, paragraphs joined over columns and pages."""
    drafts: list[Draft] = []
    for column in columns:
        if column.rows:
            contents = _contents(column, drafts)
            drafts += contents or [Draft("table", column.lines, table=column)]
            continue
        last: Draft | None = None
        following = [*column.lines[1:], None]
        for number, (line, after) in enumerate(zip(column.lines, following, strict=True)):
            last = last or _last_running(drafts, line)
            straight = number > 0 or (last is not None and last is drafts[-1] and _stands_below(last.lines[-1], line))
            if last is not None and (
                not _parts(last, line, after, habits) if straight else _goes_on(last, line, habits)
            ):
                last.add(line)
            else:
                signed = last is not None and _is_office(last)
                last = Draft("paragraph", [line]) if signed else _begin(line)
                drafts.append(last)
    return drafts


def _contents(column: Column, drafts: Sequence[Draft]) -> list[Draft]:
    """The entries of a table of contents, when the table is one: its last column counts the pages."""
    lines = [[line for cell in row for line in cell] for row in column.rows]
    titled = any(CONTENTS.fullmatch(line.text) for row in lines[:2] for line in row)
    pages = [int(row[-1].text) for row in lines if len(row) > 1 and row[-1].text.isdecimal()]
    if len(pages) < max(3, 0.8 * len(lines)) or pages != sorted(pages):
        return []
    if not titled and not any(CONTENTS.fullmatch(one.text) for one in drafts[-2:]):
        return []
    entries = []
    for row in lines:
        title = [line for line in row if CONTENTS.fullmatch(line.text)]
        entries += [Draft("paragraph", [line]) for line in title]
        entries.append(Draft("toc", [line for line in row if line not in title]))
    return [entry for entry in entries if entry.lines]


def _stands_below(before: Line, line: Line) -> bool:
    """On the same page and under it: no column or page break between them."""
    under = line.baseline > before.baseline and line.x0 < before.x1 and before.x0 < line.x1
    return before.page == line.page and before.box is line.box and under


def _last_running(drafts: Sequence[Draft], line: Line) -> Draft | None:
    """The last block of running text; tables, captions and boxes may stand between it and what it goes on with."""
    for one in reversed(drafts[-12:]):
        if line.box is None and one.lines[-1].box is not None:
            continue
        if one.kind != "table" and not CAPTION.match(one.opening) and not SOURCE.match(one.opening):
            return one
    return None


def _is_office(last: Draft) -> bool:
    """Whether the block is the office of who signs, below which the name stands."""
    return len(last.lines) < 4 and _OFFICE.fullmatch(last.text) is not None


def _begin(line: Line) -> Draft:
    mark, skip = list_mark(line)
    if mark is not None:
        return Draft("list_item", [line], mark, skip)
    if line.label == 1 and line.words[0].text.isdecimal():
        return Draft("paragraph", [line], line.words[0].text, 1)
    return Draft("paragraph", [line])


def _parts(last: Draft, line: Line, after: Line | None, habits: Habits) -> bool:
    """Whether a new block begins with this line, which stands right below the last one of `last`."""
    before = last.lines[-1]
    gap = line.baseline - before.baseline
    pitch = habits.measures.pitch_of(line.size)
    if line.label or gap > 1.38 * max(pitch, habits.measures.pitch_of(before.size)):
        return True
    if not is_alike(before, line) and (
        has_ended(before) or not line.text[0].islower() or abs(line.start - before.start) > 2
    ):
        return True
    if line.leader or before.leader or _is_caption(before, line):
        return True
    room = room_behind(before, line)
    ended = has_ended(before)
    if is_marked(line) and _is_item(last, line, ended, room, gap > 1.08 * pitch):
        return True
    if _style_parts(last, line, ended, room):
        return True
    if gap > 1.14 * pitch and (ended or room > 0):
        return True
    if last.kind == "list_item":
        return _leaves_item(last, line, ended, room)
    if habits.indent is not None and _is_indented(before, line, after, habits.indent):
        return True
    if habits.motion and _MOTION.match(line.text) and (before.text[-1] in ",;" or room > line.size):
        return True
    if room > line.size and (_SINGLE.match(line.text) or _SINGLE.match(before.text) or _is_office(last)):
        return True
    lowered = line.text[0].islower()
    if habits.justified and room > line.size and (ended or not lowered):
        return True
    return room > 0 and (ended or (room > 0.25 * (line.right - line.left) and not lowered))


def _is_caption(before: Line, line: Line) -> bool:
    """A caption begins, in a style of its own or below the figures along an axis."""
    styled = line.bold != before.bold or line.italic != before.italic
    return CAPTION.match(line.text) is not None and (styled or not any(map(str.isalpha, before.text)))


def _is_indented(before: Line, line: Line, after: Line | None, indent: float) -> bool:
    """Whether the line starts to the right of its neighbours, or of its column by the usual indent."""
    em = line.size
    if abs(before.start - line.start) < 1:  # one of a row of indented lines: paragraphs of one line, or a quotation
        return has_ended(before) and abs(line.start - line.left - indent) < 0.7
    neighbour = before.start
    if after is not None and after.size == line.size:
        neighbour = min(neighbour, after.start)
    return 0.6 * em < line.start - neighbour < 4 * em


def _is_item(last: Draft, line: Line, ended: bool, room: float, apart: bool) -> bool:
    """A line that begins with a bullet or number: a new item, or a number that happens to stand there?"""
    mark = line.words[0].text
    if len(mark) == 1 and mark not in "-–—*o":
        return True
    if mark in "-–—*o" or last.kind == "list_item" or apart or room > 0:
        return ended or apart or room > 0 or (last.kind == "list_item" and line.x0 <= last.lines[0].x0 + 2)
    return ended and mark[:-1] in ("1", "a", "A", "i", "I")


def _style_parts(last: Draft, line: Line, ended: bool, room: float) -> bool:
    """A heading set in bold or italics ends where the style does."""
    first = line.words[line.label]
    bold = last.bold
    if bold and not first.bold:
        hangs = line.start > last.lines[0].x0 + 2
        return last.kind != "list_item" or (not hangs and not is_bullet(last.mark or ""))
    if line.bold and not bold and last.kind != "list_item":
        return ended or room > 0
    if last.italic and not first.italic:
        numbered = NUMBERED.match(last.opening) is not None or not is_bullet(last.mark or "•")
        return room > 0 or (len(last.lines) < 3 and numbered and line.start < last.lines[0].x0 + 2)
    return line.italic and not last.lines[-1].italic and room > 0 and ended


def _leaves_item(last: Draft, line: Line, ended: bool, room: float) -> bool:
    """Back at the edge, left of the text of the item."""
    first = last.lines[0].x0
    if len(last.lines) == 1:
        return room > 0 and (ended or line.start < first + 2)
    hang = last.lines[1].start
    before = last.lines[-1]
    if (before.page, before.left) != (last.lines[1].page, last.lines[1].left):  # it has gone on in another column
        first, hang = first + before.start - hang, before.start
    if abs(hang - first) < 2:  # the item is set without a hanging indent
        return ended and room > 0
    if line.start < hang - 0.5 * line.size:
        return True
    return ended and room > 0 and line.start > hang + 2


def _goes_on(last: Draft, line: Line, habits: Habits) -> bool:
    """Whether the first line of a column goes on with a block of an earlier column or page."""
    before = last.lines[-1]
    if line.label or is_marked(line) or not is_alike(before, line) or before.leader or line.leader:
        return False
    if _is_caption(before, line):
        return False
    if _is_office(last) or _SINGLE.match(line.text) or (len(last.lines) < 4 and _SIGNED.fullmatch(last.text)):
        return False
    if line.bold != before.bold and (line.bold or last.bold):
        return False
    text = before.words[-1].text
    ended = has_ended(before)
    if (text[-1] in HYPHENS and len(text) > 1) or (line.text[0].islower() and not ended):
        return True
    if last.bold and not line.bold:
        return False
    if ended and (_stands_below(before, line) or (line.words[0].bold and not before.words[-1].bold)):
        return False  # below a table, or a paragraph that opens in bold
    if ended and line.page > before.page and habits.unfilled(before):
        return False
    room = room_behind(before, line)
    if not ended:
        return room < 0.25 * (before.right - before.left)
    first = line.words[0]
    if habits.hyphenates and len(first.text) > 6 and first.text.isalpha():
        room += 0.55 * (first.x1 - first.x0)  # its first syllables would have done to fill the line
    if last.kind == "list_item":
        return room <= 0 and line.start > line.left + 0.5 * line.size
    if habits.indent is not None:
        return line.start < line.left + 0.5 * line.size and room <= 0
    return room <= 0 and text[-1] not in ":;"
