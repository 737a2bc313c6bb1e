"""Columns in reading order → drafts of blocks: where a paragraph ends, what is a heading, a list item, a caption."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.hyphens import HYPHENS
from nlp.lines import Column, Line, Measures, raised
from nlp.rows import ENUMERATOR, is_bullet
from nlp.tables import CAPTION

_ENDS = re.compile(r"[.!?:;…]['’”\")\]]*$")
_SOURCE = re.compile(r"(?:bron(?:nen)?|foto|beeld)\s*:", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:inhoud|inhoudsopgave|inhoudsopgaaf|contents)", re.IGNORECASE)
_PAGE_AT_END = re.compile(r"\s\d{1,3}$")
_ROLES = re.compile(r"(?:voorzitter|griffier|ondervoorzitter)\s*:", re.IGNORECASE)
_INITIAL = re.compile(r"[B-HJ-Z]\.")  # a name begins: "F. de Vries"
_BOUND = re.compile(r"\(?(?:nrs?|art|p|blz|drs|mr|dr|prof|ir|mw|dhr|jl|§|SDG|[A-Z]|\d{1,5})\.?")  # no break behind it
_FIGURES = re.compile(r"(?:[-+€$]?[\d.,]+[%€]?\s+)*[-+€$]?[\d.,]+[%€]?")
_MOTION = re.compile(  # how the parts of a motion begin
    r"De Kamer,|gehoord de beraadslaging|constaterende|overwegende|van mening|van oordeel|gelet op|indachtig|"
    r"verzoekt de |spreekt (?:uit|als)|roept |draagt |dringt |nodigt |en gaat over tot de orde"
)
_SINGLE = re.compile(  # lines that stand by themselves
    r"[\w’' -]+, (?:\d{1,2}|[_.…]+) \w+ \d{4}$|Geachte |Hoogachtend|Met vriendelijke groet|Aan de Voorzitter van de"
)
_OFFICE = re.compile(r"(?:de|namens de|mede namens de) (?:minister|staatssecretaris|voorzitter|griffier)\b.*,", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:hoofdstuk\s+)?(\d{1,2}(?:\.\d{1,2})*)[.):]?\s+\S", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Draft:
    """A block in the making: its lines and what it is thought to be."""

    kind: str
    lines: list[Line]
    mark: str | None = None
    skip: int = 0  # words of the first line that are the mark
    level: int | None = None
    table: Column | None = None
    open: bool = True  # may still go on in the next column

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


@dataclass(slots=True)
class Habits:
    """How the document sets its paragraphs."""

    measures: Measures
    indent: float | None  # paragraphs begin so far to the right, in points; None: they do not
    justified: bool  # lines reach the right edge, so that a short one ends a paragraph
    hyphenates: bool  # words are broken at the end of lines
    motion: bool  # it says "De Kamer, gehoord de beraadslaging, …"


def set_edges(pages: Iterable[tuple[float, Sequence[Column]]]) -> None:
    """Tell every line the edges of its column; short columns borrow them from longer ones with the same left edge."""
    known: dict[tuple[int, int], Counter[int]] = {}
    short: list[tuple[tuple[int, int], Column, float]] = []
    for width, columns in pages:
        for column in columns:
            if column.rows:
                continue
            left = _usual([line.start for line in column.lines])
            right = max((line.x1 for line in column.lines), default=0.0)
            key = (round(width / 10), round(left / 4))
            if len(column.lines) > 5:
                known.setdefault(key, Counter())[round(right)] += len(column.lines)
            else:
                short.append((key, column, right))
            box = column.lines[0].box if column.lines else None
            if box is not None:  # as far from the right side of its box as from the left
                right = max(right, box.x1 - (left - box.x0))
            for line in column.lines:
                line.left, line.right = left, right
    for (wide, place), column, right in short:
        rights = sum((known.get((wide, place + step), Counter()) for step in (-1, 0, 1)), Counter[int]())
        wider = [edge for edge, _ in rights.most_common() if edge > right - 3]
        for line in column.lines:
            line.right = max(right, wider[0]) if wider else right


def _usual(values: Sequence[float]) -> float:
    """The leftmost of the common values."""
    counts = Counter(round(value) for value in values)
    most = max(counts.values(), default=0)
    common = [value for value, count in counts.items() if count >= 0.25 * most]
    return min((v for v in values if round(v) == min(common)), default=0.0)


def learn(columns: Iterable[Column], measures: Measures) -> Habits:
    """Whether paragraphs begin with an indent or after white: counted where a line starts a bit to the right."""
    spaced = full = long = broken = total = 0
    motion = False
    indents: Counter[int] = Counter()
    for column in columns:
        motion = motion or any(line.text.rstrip("0123456789") == "De Kamer," for line in column.lines)
        for before, line, after in zip(column.lines, column.lines[1:], column.lines[2:], strict=False):
            if abs(line.size - measures.size) > 0.3:
                continue
            step = line.start - line.left
            if 0.6 * line.size < step < 4 * line.size and abs(after.start - line.left) < 2 and not _marked(line):
                indents[round(step)] += abs(before.start - line.left) < 2 or _room(before, line) > 0
            total += 1
            broken += line.text[-1] in HYPHENS
            if line.x1 > line.right - 6 * line.size:
                long += 1
                full += line.right - line.x1 < 0.1 * line.size
            gap = line.baseline - before.baseline
            spaced += abs(step) < 2 and gap > 1.3 * measures.pitch and not before.bold
    indent = indents.most_common(1)[0][0] if indents.total() > spaced else None
    return Habits(measures, indent, full > 0.6 * long, broken > 0.02 * total, motion)


def draft(columns: Iterable[Column], habits: Habits) -> list[Draft]:
    """The blocks of a document, paragraphs joined over columns and pages."""
    drafts: list[Draft] = []
    for column in columns:
        if column.rows:
            contents = _contents(column, drafts)
            drafts += contents or [Draft("table", column.lines, table=column)]
            continue
        last: Draft | None = None
        for number, line in enumerate(column.lines):
            after = column.lines[number + 1] if number + 1 < len(column.lines) else None
            last = last or _last_running(drafts, line)
            if last is None:
                joined = False
            elif number or (last is drafts[-1] and _stands_below(last.lines[-1], line)):
                joined = not _parts(last, line, after, habits)
            else:
                joined = _goes_on(last, line, habits)
            if joined and last is not None:
                last.lines.append(line)
            else:
                last = _begin(line)
                drafts.append(last)
    return drafts


def _contents(column: Column, drafts: Sequence[Draft]) -> list[Draft]:
    """The entries of a table of contents, when the table is one: its last column counts the pages."""
    lines = [[line for cell in row for line in cell] for row in column.rows]
    titled = any(_CONTENTS.fullmatch(line.text) for row in lines[:2] for line in row)
    pages = [int(row[-1].text) for row in lines if len(row) > 1 and row[-1].text.isdigit()]
    if len(pages) < max(3, 0.8 * len(lines)) or pages != sorted(pages):
        return []
    if not titled and not any(_CONTENTS.fullmatch(one.text) for one in drafts[-2:]):
        return []
    entries = []
    for row in lines:
        title = [line for line in row if _CONTENTS.fullmatch(line.text)]
        entries += [Draft("paragraph", [line]) for line in title]
        entries.append(Draft("toc", [line for line in row if line not in title]))
    return [entry for entry in entries if entry.lines]


def _stands_below(before: Line, line: Line) -> bool:
    """On the same page and under it: no column or page break between them."""
    return before.page == line.page and before.box is line.box and line.baseline > before.baseline and line.x0 < before.x1 and before.x0 < line.x1


def _last_running(drafts: Sequence[Draft], line: Line) -> Draft | None:
    """The last block of running text; tables, captions and boxes may stand between it and what it goes on with."""
    for one in reversed(drafts[-12:]):
        if line.box is None and one.lines[-1].box is not None:
            continue
        if one.kind != "table" and not CAPTION.match(one.text) and not _SOURCE.match(one.text):
            return one
    return None


def _begin(line: Line) -> Draft:
    mark, skip = _list_mark(line)
    if mark is not None:
        return Draft("list_item", [line], mark, skip)
    if line.label == 1 and line.words[0].text.isdigit():
        return Draft("paragraph", [line], line.words[0].text, 1)
    return Draft("paragraph", [line])


def _list_mark(line: Line) -> tuple[str | None, int]:
    """The bullet or enumerator a line begins with."""
    if len(line.words) < 2 or line.label:
        return None, 0
    first = line.words[0].text
    if is_bullet(first) and line.spaces[1]:
        return first, 1
    if len(first) < 6 and first[-1] in ".):" and ENUMERATOR.fullmatch(first) and line.spaces[1]:
        return (first, 1) if not _INITIAL.fullmatch(first) else (None, 0)
    return None, 0


def _marked(line: Line) -> bool:
    return _list_mark(line)[0] is not None


# where a paragraph ends --------------------------------------------------------------------------------------------


def _ended(line: Line) -> bool:
    """Whether the line ends like the end of a paragraph; a footnote mark behind the stop does not count."""
    last = line.words[-1]
    text = line.words[-2].text if len(line.words) > 1 and raised(last, line) else last.text
    return _ENDS.search(text) is not None


def _room(line: Line, after: Line) -> float:
    """White left at the end of a line once the first word of the next had been set there too, in points."""
    first = after.words[after.label]
    end = first.x1
    for at in range(after.label + 1, len(after.words)):
        if after.spaces[at] and not _BOUND.fullmatch(after.words[at - 1].text):
            break
        end = after.words[at].x1
    return line.right - line.x1 - (end - first.x0) - 0.3 * line.size


def _alike(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) < 0.06 * max(one.size, other.size)


def _parts(last: Draft, line: Line, after: Line | None, habits: Habits) -> bool:
    """Whether a new block begins with this line, which stands right below the last one of `last`."""
    before = last.lines[-1]
    gap = line.baseline - before.baseline
    pitch = habits.measures.pitch_of(line.size)
    if line.label or gap > 1.38 * max(pitch, habits.measures.pitch_of(before.size)):
        return True
    if not _alike(before, line) and (_ended(before) or not line.text[0].islower() or abs(line.start - before.start) > 2):
        return True
    if line.leader or before.leader:
        return True
    room = _room(before, line)
    ended = _ended(before)
    if _marked(line) and _is_item(last, line, ended, room, gap > 1.08 * pitch):
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
    if room > line.size and (_SINGLE.match(line.text) or _SINGLE.match(before.text) or _OFFICE.fullmatch(last.text)):
        return True
    lowered = line.text[0].islower()
    if habits.justified and room > line.size and (ended or not lowered):
        return True
    return room > 0 and (ended or (room > 0.25 * (line.right - line.left) and not lowered))


def _is_indented(before: Line, line: Line, after: Line | None, indent: float) -> bool:
    """Whether the line starts to the right of its neighbours, or of its column by the usual indent."""
    em = line.size
    if abs(before.start - line.start) < 1:  # one of a row of indented lines: paragraphs of one line, or a quotation
        return abs(line.start - line.left - indent) < 0.7
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
    bold = all(one.bold for one in last.lines)
    if bold and not first.bold:
        hangs = line.start > last.lines[0].x0 + 2
        return last.kind != "list_item" or (not hangs and not is_bullet(last.mark or ""))
    if line.bold and not bold and last.kind != "list_item":
        return ended or room > 0
    if all(one.italic for one in last.lines) and not first.italic:
        numbered = _NUMBERED.match(last.text) is not None or not is_bullet(last.mark or "•")
        return room > 0 or (len(last.lines) < 3 and numbered and line.start < last.lines[0].x0 + 2)
    return line.italic and not last.lines[-1].italic and room > 0 and ended


def _leaves_item(last: Draft, line: Line, ended: bool, room: float) -> bool:
    """Back at the edge, left of the text of the item."""
    first = last.lines[0].x0
    if len(last.lines) == 1:
        return room > 0 and (ended or line.start < first + 2)
    hang = last.lines[1].start
    if abs(hang - first) < 2:  # the item is set without a hanging indent
        return ended and room > 0
    if line.start < hang - 0.5 * line.size:
        return True
    return ended and room > 0 and line.start > hang + 2


def _goes_on(last: Draft, line: Line, habits: Habits) -> bool:
    """Whether the first line of a column goes on with a block of an earlier column or page."""
    before = last.lines[-1]
    if line.label or _marked(line) or not _alike(before, line) or before.leader or line.leader:
        return False
    if _OFFICE.fullmatch(last.text) or _SINGLE.match(line.text):
        return False
    if line.bold != before.bold and (line.bold or all(one.bold for one in last.lines)):
        return False
    text = before.words[-1].text
    ended = _ended(before)
    if (text[-1] in HYPHENS and len(text) > 1) or (line.text[0].islower() and not ended):
        return True
    if all(one.bold for one in last.lines) and not line.bold:
        return False
    if ended and (_stands_below(before, line) or (line.words[0].bold and not before.words[-1].bold)):
        return False  # below a table, or a paragraph that opens in bold
    room = _room(before, line)
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


# what a block is ---------------------------------------------------------------------------------------------------


def name_kinds(drafts: Sequence[Draft], habits: Habits) -> list[Draft]:
    """Tell headings, captions and the table of contents from paragraphs; give headings their level."""
    in_contents = False
    for number, one in enumerate(drafts):
        if one.kind in ("table", "toc"):
            continue
        if _FIGURES.fullmatch(one.text) and not one.mark:  # the axis of a chart
            one.kind = "table"
            continue
        line = one.lines[0]
        if (CAPTION.match(one.text) and len(one.lines) < 4 and (line.bold or line.italic or _by_table(drafts, number))) or (_SOURCE.match(one.text) and line.size < habits.measures.size):
            one.kind = "caption"
        elif line.leader or (in_contents and _PAGE_AT_END.search(one.text)):
            one.kind, one.mark, one.skip = "toc", None, 0
        elif _is_heading(one, drafts[number + 1] if number + 1 < len(drafts) else None, habits):
            one.kind = "heading"
            if not line.label:
                one.mark, one.skip = None, 0
        if one.kind != "toc":
            in_contents = _CONTENTS.fullmatch(one.text) is not None
    _set_levels([one for one in drafts if one.kind == "heading"])
    return list(drafts)


def _by_table(drafts: Sequence[Draft], number: int) -> bool:
    return any(one.kind == "table" for one in drafts[max(0, number - 1) : number + 2])


def _is_heading(one: Draft, after: Draft | None, habits: Habits) -> bool:
    lines, text = one.lines, one.text
    if len(lines) > 4 or len(text) > 300 or _ROLES.match(text) or not any(c.isalpha() for c in text):
        return False
    if one.mark and is_bullet(one.mark):
        return False
    size = lines[0].size
    large = size > 1.12 * habits.measures.size
    if text[-1] == "," or (text[-1] in ".;" and not large and not _in_capitals(text)):
        return False
    if large or all(line.bold for line in lines):
        return True
    if all(line.italic for line in lines) and len(lines) < 3 and len(text) < 120 and text[-1] not in ":?.":
        short = len(lines) == 1 and lines[0].right - lines[0].x1 > 0.3 * (lines[0].right - lines[0].left)
        return after is not None and (not after.lines[0].italic or (short and after.lines[0].text[0].isupper()))
    return False


def _in_capitals(text: str) -> bool:
    return sum(map(str.isupper, text)) > 0.8 * sum(map(str.isalpha, text))


def _set_levels(headings: Sequence[Draft]) -> None:
    """Larger before smaller, bold before italic; numbers ("2.1") tell the depth where there are any.

    A heading without a number, in the style of those that have one, stands below the last of them.
    """
    ranks = {key: rank for rank, key in enumerate(sorted({_style(one) for one in headings}), start=1)}
    numbered = {_style(one) for one in headings if _NUMBERED.match(one.text)}
    depth = 0
    for one in headings:
        rank = ranks[_style(one)]
        number = _NUMBERED.match(one.text)
        if number:
            depth = number[1].count(".") + 1
            one.level = max(rank, depth)
        else:
            one.level = max(rank, depth + 1) if depth and _style(one) in numbered else rank + max(depth - 1, 0)


def _style(one: Draft) -> tuple[float, bool, bool]:
    line = one.lines[0]
    return (-round(line.size * 2) / 2, not line.bold, line.italic)
