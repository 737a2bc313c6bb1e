"""Document → passages: the units that are tagged, each a contiguous slice of `document.text`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from nlp.records import BLOCK_BREAK, Block, Box, Document, Passage, boxes_between, passage_id, shift

if TYPE_CHECKING:
    from spacy.language import Language

MAX_WORDS: Final = 180  # a passage with more is cut at sentence ends, into parts of about equal length
MIN_WORDS: Final = 30  # no part of a cut passage is shorter

UNTAGGED: Final = frozenset({"heading", "toc"})
LEADING: Final = frozenset({"paragraph", "question", "answer"})  # may introduce list items

# "De Minister voor Buitenlandse Handel en Ontwikkelingssamenwerking, A.B. Naam": names and offices, and nothing said.
_SIGNED: Final = re.compile(
    r"(?:Hoogachtend,?\s+)?(?:(?:[Mm]ede )?[Nn]amens )?[Dd]e\s+(?:[Mm]inister|[Ss]taatssecretaris)\b"
    r"(?:[\s,.–-]+(?:[A-Z][\w.’'-]*|de|het|van|voor|en|der|den|ten|ter|dr|mr|ir|drs|prof|minister|staatssecretaris)\b)*"
    r"[\s,.]*|Hoogachtend,?"
)

Span = tuple[int, int]  # offsets into document.text
Divider = Callable[[str], list[Span]]  # text → its sentences

_CLAUSE: Final = re.compile(r"[^;\n]*(?:;|\n|$)")
_CLOSED: Final = re.compile(r"[.!?…][\"'”’»)\]]*$")
_ANNOUNCES: Final = re.compile(r"\b(?:volgende|onderstaande?|hieronder|hierna|als volgt|the following|below)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block, where it begins in `document.text` and what it stands under."""

    block: Block
    start: int
    heading: str | None

    @property
    def span(self) -> Span:
        """Without the blanks at its ends."""
        text = self.block.text
        return self.start + len(text) - len(text.lstrip()), self.start + len(text.rstrip())


def segment(document: Document, dutch: Language | None = None) -> Iterator[Passage]:
    """Cut a document into passages, in reading order; `document.text[p.start:p.end] == p.text` for each.

    - A paragraph, a question, an answer, a caption, a table is a passage. A question and its answer stay apart, however
      short: they are tagged, and shown, each for itself. Headings, contents and sign-offs are no passages; the nearest
      heading, behind the higher ones it stands under ("Handel › Ketens"), travels as `passage.heading`.
    - More than MAX_WORDS words are cut at sentence ends into parts of about equal length. A sentence longer than that
      (a motie) is cut behind its semicolons, and stays whole if it has none. Tables stay whole.
    - List items form one passage with the text that leads up to them. A list that is too long is cut between its items;
      the first item stays with the end of its lead-in. The later parts are slices like all others: they do not repeat
      the lead-in, and their kind is "list_item".
    - Footnotes are passages of their own, with their `mark`; `anchor` is the id of the passage that bears it, whose
      heading they share.

    The sentence ends come from `dutch`, by default the project's own pipeline; it is only loaded when a passage has to
    be cut.
    Blanks around passages belong to none; every other character outside headings, contents and sign-offs belongs to exactly one.
    """
    divide = _divider(dutch)
    text = document.text
    groups = list(_groups(_place(document)))
    passages = [p for group in groups for p in _passages(document.id, text, group, _spans(text, group, divide))]
    return _with_anchors(_with_own_ids(passages), [placed for group in groups for placed in group])


def passage_of(text: str) -> Passage:
    """A text as a passage by itself, of the document "text"."""
    return Passage(passage_id("text", text), "text", "paragraph", (), 0, len(text), text)


def _place(document: Document) -> Iterator[_Placed]:
    """The blocks that become passages; headings turn into context on the way."""
    start = 0
    above: list[tuple[int, str]] = []  # the headings that hold here, highest first
    for block in document.blocks:
        if block.kind == "heading" and block.text.strip():
            level = block.level or 99  # of unknown level: below all others
            above = [(other, title) for other, title in above if other < level]
            above.append((level, " ".join(block.text.split())))
        elif block.kind not in UNTAGGED and block.text.strip() and not _SIGNED.fullmatch(block.text.strip()):
            yield _Placed(block, start, " › ".join(title for _, title in above) or None)
        start += len(block.text) + len(BLOCK_BREAK)


def _groups(blocks: Iterable[_Placed]) -> Iterator[list[_Placed]]:
    """Blocks that belong together: list items and what leads up to them; all others by themselves."""
    group: list[_Placed] = []
    for placed in blocks:
        if group and not _continues(group[-1], placed):
            yield group
            group = []
        group.append(placed)
    if group:
        yield group


def _continues(before: _Placed, placed: _Placed) -> bool:
    adjacent = before.start + len(before.block.text) + len(BLOCK_BREAK) == placed.start
    if placed.block.kind != "list_item" or not adjacent:
        return False
    return before.block.kind == "list_item" or (before.block.kind in LEADING and _leads(before.block.text))


def _leads(text: str) -> bool:
    """Does a paragraph lead up to a list: "… zijn:", a sentence left open, or "De volgende stappen zijn gezet."?"""
    text = text.rstrip()
    return not _CLOSED.search(text) or bool(_ANNOUNCES.search(text[-200:]))


def _spans(text: str, group: list[_Placed], divide: Divider) -> list[Span]:
    """The slices that a group is cut into."""
    whole = (group[0].span[0], group[-1].span[1])
    if group[0].block.kind == "table" or _words(text, whole) <= MAX_WORDS:
        return [whole]
    return _balance(text, _units(text, group, divide))


def _units(text: str, group: list[_Placed], divide: Divider) -> list[Span]:
    """What may not be cut: sentences and list items, the end of a lead-in together with the first item."""
    units: list[Span] = []
    for number, placed in enumerate(group):
        fresh = [placed.span]
        if placed.block.kind != "list_item" or _words(text, placed.span) > MAX_WORDS:
            fresh = [part for unit in _shifted(divide(placed.block.text), placed.start) for part in _parts(text, unit)]
        if number == 1 and group[0].block.kind != "list_item":
            fresh[0] = (units.pop()[0], fresh[0][1])
        units += fresh
    return units


def _shifted(spans: Iterable[Span], by: int) -> Iterator[Span]:
    return ((start + by, end + by) for start, end in spans)


def _parts(text: str, unit: Span) -> list[Span]:
    """A sentence, or its clauses if it is too long."""
    if _words(text, unit) <= MAX_WORDS:
        return [unit]
    clauses = [_trim(text, match.span()) for match in _CLAUSE.finditer(text, *unit)]
    return [(start, end) for start, end in clauses if start < end]


def _balance(text: str, units: list[Span]) -> list[Span]:
    """Join units into slices of MAX_WORDS words at most, as equal as can be."""
    sums = list(accumulate((_words(text, unit) for unit in units), initial=0))
    cuts = [0, *_cuts(sums, 0, len(units)), len(units)]
    return [(units[first][0], units[last - 1][1]) for first, last in pairwise(cuts)]


def _cuts(sums: list[int], first: int, last: int) -> list[int]:
    """Where to cut the units `first:last`; `sums` counts the words before each unit."""
    words = sums[last] - sums[first]
    count = -(-words // MAX_WORDS)
    low = bisect_left(sums, sums[first] + MIN_WORDS)
    high = bisect_right(sums, sums[last] - MIN_WORDS) - 1
    if count < 2 or low > high:
        return []
    middle = sums[first] + words * (count // 2) / count
    after = min(max(bisect_left(sums, middle), low), high)
    cut = after - 1 if after > low and middle - sums[after - 1] <= sums[after] - middle else after
    return [*_cuts(sums, first, cut), cut, *_cuts(sums, cut, last)]


def _words(text: str, span: Span) -> int:
    return len(text[span[0] : span[1]].split())


def _trim(text: str, span: Span) -> Span:
    start, end = span
    part = text[start:end]
    return end - len(part.lstrip()), start + len(part.rstrip())


def _divider(dutch: Language | None) -> Divider:
    def divide(text: str) -> list[Span]:
        sentences = (dutch or _own_dutch())(text).sents
        spans = [_trim(text, (sent.start_char, sent.end_char)) for sent in sentences]
        return [(start, end) for start, end in spans if start < end]

    return divide


@lru_cache(maxsize=1)
def _own_dutch() -> Language:
    from nlp.dutch.pipeline import new_pipeline  # loads spaCy

    return new_pipeline()


def _passages(document: str, text: str, group: list[_Placed], spans: list[Span]) -> Iterator[Passage]:
    starts = [placed.start for placed in group]
    for start, end in spans:
        covered = group[bisect_right(starts, start) - 1 : bisect_left(starts, end)]
        first = covered[0].block
        boxes, pages = _boxes(covered, start, end)
        yield Passage(
            id=passage_id(document, text[start:end]),
            document=document,
            kind=first.kind,
            pages=pages,
            start=start,
            end=end,
            text=text[start:end],
            heading=covered[0].heading,
            boxes=boxes,
            mark=first.mark if first.kind == "footnote" else None,
        )


def _boxes(covered: list[_Placed], start: int, end: int) -> tuple[tuple[Box, ...], tuple[int, ...]]:
    """Boxes of the slice `start:end`, with offsets into it, and its pages."""
    found: list[Box] = []
    pages: set[int] = set()
    for placed in covered:
        boxes = _between(placed.block.boxes, start - placed.start, end - placed.start)
        here = {box.page for box in boxes}
        if placed.block.page is not None and not here:
            here = {placed.block.page}
        pages |= here
        found += boxes if placed.start == start else shift(boxes, placed.start - start)
    return tuple(_clip(found, end - start)), tuple(sorted(pages))


def _between(boxes: tuple[Box, ...], start: int, end: int) -> tuple[Box, ...]:
    first = bisect_right(boxes, start, key=lambda box: box.end)
    return boxes[first : bisect_left(boxes, end, lo=first, key=lambda box: box.start)]


def _clip(boxes: list[Box], length: int) -> list[Box]:
    """A word glued to the next sentence has one box: each part gets its share of the characters."""
    if boxes and boxes[0].start < 0:
        boxes[0] = replace(boxes[0], start=0)
    if boxes and boxes[-1].end > length:
        boxes[-1] = replace(boxes[-1], end=length)
    return boxes


def _with_own_ids(passages: list[Passage]) -> list[Passage]:
    """The same text twice gets "-2" behind its id, and so on."""
    seen: Counter[str] = Counter()
    unique = []
    for passage in passages:
        seen[passage.id] += 1
        again = seen[passage.id] > 1
        unique.append(replace(passage, id=f"{passage.id}-{seen[passage.id]}") if again else passage)
    return unique


def _with_anchors(passages: list[Passage], blocks: list[_Placed]) -> Iterator[Passage]:
    """Lead each footnote to the passage that bears its marker."""
    notes = [placed for placed in blocks if placed.block.kind == "footnote"]
    bearers = _bearers(passages, blocks) if notes else {}
    anchors = [_anchor(note.block, bearers.get(note.block.mark or "", [])) for note in notes]
    starts = [note.start for note in notes]
    for passage in passages:
        if passage.kind == "footnote":
            anchor = anchors[bisect_right(starts, passage.start) - 1]
            heading = anchor.heading if anchor else None
            passage = replace(passage, anchor=anchor.id if anchor else None, heading=heading)
        yield passage


Bearer = tuple[int | None, Passage]  # page of a footnote marker and the passage in which it stands


def _bearers(passages: list[Passage], blocks: list[_Placed]) -> dict[str, list[Bearer]]:
    """Where the footnote markers stand, by mark, last one first."""
    starts = [passage.start for passage in passages]
    bearers: dict[str, list[Bearer]] = defaultdict(list)
    for placed in reversed(blocks):
        for note in reversed(placed.block.notes):
            # the marker stands behind its word: at a seam it belongs to the passage before
            number = bisect_right(starts, placed.start + max(note.offset - 1, 0)) - 1
            near = boxes_between(placed.block.boxes, max(note.offset - 1, 0), note.offset + 1)
            bearers[note.mark].append((near[0].page if near else placed.block.page, passages[max(number, 0)]))
    return bearers


def _anchor(note: Block, bearers: list[Bearer]) -> Passage | None:
    """The marker on the page of the note, for marks that start anew on each page, else the first that has no note."""
    if len(bearers) < 2:
        return bearers[0][1] if bearers else None
    same_page = [number for number, (page, _) in enumerate(bearers) if page is not None and page == note.page]
    return bearers.pop(same_page[-1] if same_page else -1)[1]
