"""What flows through the pipeline: plain frozen records, standard library only.

`dataclasses.asdict` of any record is its JSON; pickle carries it between workers.
Offsets count characters; `end` is exclusive. Boxes are in PDF points from the top left of the page.
Unknown is None, never "" or "?".
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

BLOCK_KINDS = (
    "heading",
    "paragraph",
    "list_item",
    "question",
    "answer",
    "footnote",
    "table",
    "caption",
    "toc",
)

# How a notebook shows a record; None: by its repr. The front door puts nlp.display here, which knows labels and colours.
SHOW: dict[str, Callable[[object], str | None]] = {"html": lambda _: None}


@dataclass(frozen=True, slots=True)
class Box:
    """Where the characters `start:end` of a text stand: usually one word on one page."""

    start: int
    end: int
    page: int  # from 1
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class NoteRef:
    """A footnote marker taken out of the running text: `mark` stood before character `offset`."""

    mark: str
    offset: int


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document as a reader sees it; `text` has neither footnote markers nor line-end hyphens."""

    kind: str  # one of BLOCK_KINDS
    text: str
    page: int | None = None  # where it begins, from 1; None where the source has no pages
    boxes: tuple[Box, ...] = ()
    level: int | None = None  # headings: 1 is the highest
    mark: str | None = None  # footnote number, bullet or enumerator, "Vraag 3"; not part of `text`
    notes: tuple[NoteRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page and how reading it went."""

    number: int  # from 1
    width: float  # points
    height: float
    status: str = "ok"  # ok, empty, no_text_layer, unreadable_text, damaged, too_large
    turned: int = 0  # degrees clockwise by which it was turned to read it: size and boxes are those of the turned page


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know and that was not raised: a lost page, hidden text left out."""

    code: str  # "hidden_text", "private_use", "damaged_page", "page_count", …
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Furniture:
    """A printed line that is no running text: sender column, running head, page number."""

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read. The blocks stand in reading order, the footnotes behind the running text."""

    id: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    title: str | None = None
    date: str | None = None  # ISO 8601: 2021-07-09
    source: str | None = None  # path as given
    status: str = "ok"  # or "partial"; everything worse is raised: see errors.DocumentError
    kind: str | None = None  # kamerbrief, kamerstuk, aanhangsel, motie, verslag, …
    reference: str | None = None  # "Onze referentie" / "Ons kenmerk"
    dossiernummer: str | None = None
    ondernummer: str | None = None
    vergaderjaar: str | None = None  # 2019-2020
    ministry: str | None = None
    notices: tuple[Notice, ...] = ()
    furniture: tuple[Furniture, ...] = ()

    @property
    def text(self) -> str:
        """All blocks, parted by BLOCK_BREAK; the offsets of passages point into this."""
        return BLOCK_BREAK.join(block.text for block in self.blocks)

    def __repr__(self) -> str:
        name = self.title or self.source or self.id
        return f"Document({_shorten(name)!r}, {len(self.pages)} pages, {len(self.blocks)} blocks, {self.status})"

    def _repr_html_(self) -> str | None:
        return SHOW["html"](self)


BLOCK_BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is tagged. For a read document `document.text[start:end] == text`."""

    id: str
    document: str
    kind: str  # of its first block
    pages: tuple[int, ...]
    start: int
    end: int
    text: str
    heading: str | None = None
    boxes: tuple[Box, ...] = ()  # offsets into `text`
    anchor: str | None = None  # of a footnote: id of the passage that bears its marker
    mark: str | None = None  # of a footnote: its number

    def __repr__(self) -> str:
        return f"Passage({self.id!r}, {_shorten(self.text)!r})"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word that spoke for (`weight` > 0) or against (< 0) a tag.

    All the weights of one tag plus the head's intercept make its logit.
    """

    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Tag:
    """One label of one scheme.

    `source` tells "model" (what it is about) from "mention" (named in so many words) and "suggestion" (a target that
    may fit, of a goal that was given: see nlp.targets).
    """

    scheme: str
    code: str
    score: float  # probability 0..1; a mention has 1.0
    source: str = "model"
    evidence: tuple[Evidence, ...] = ()  # strongest first
    intercept: float | None = None  # of a model's tag: intercept + sum of the weights = ln(score / (1 - score))

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"

    def __repr__(self) -> str:
        source = "" if self.source == "model" else f" ({self.source})"
        return f"{self} {self.score:.2f}{source}"


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference to an official publication, after the notation guide of the project (nlp/README.md, "Citations")."""

    type: str  # kamerstuk, dossier, bijlage, handelingen, aanhangsel, kamervraag, staatsblad, …
    text: str
    start: int
    end: int
    kamer: str | None = None  # "I" or "II", only when said
    vergaderjaar: str | None = None  # 2019-2020
    dossiernummer: str | None = None
    ondernummer: str | None = None
    page: str | None = None
    identifier: str | None = None  # kst-26485-232
    url: str | None = None
    certainty: str = "exact"  # exact, wellformed, doubtful
    bijlage: bool = False
    item: str | None = None
    jaar: str | None = None

    def __repr__(self) -> str:
        return f"Citation({self.identifier or self.text!r})"


@dataclass(frozen=True, slots=True)
class Tagging:
    """The tags and citations of one passage; `probabilities` keeps every score, so that thresholds can be moved."""

    passage: Passage
    tags: tuple[Tag, ...] = ()
    citations: tuple[Citation, ...] = ()
    model: str | None = None
    probabilities: dict[str, dict[str, float]] = field(default_factory=dict)

    def codes(self, scheme: str, source: str | None = None) -> list[str]:
        """Codes of one scheme without doubles, in the order of the tags."""
        wanted = (t for t in self.tags if t.scheme == scheme and source in (None, t.source))
        return list(dict.fromkeys(t.code for t in wanted))

    def scores(self, scheme: str) -> dict[str, float]:
        """Probability of every code of the scheme, also of those that were not given."""
        return dict(self.probabilities.get(scheme, {}))

    def above(self, score: float) -> tuple[Tag, ...]:
        """The tags that score at least `score` (0..1)."""
        return tuple(t for t in self.tags if t.score >= score)

    def __repr__(self) -> str:
        said = ", ".join(map(repr, self.tags)) or "no tags"
        cited = f", {len(self.citations)} citations" if self.citations else ""
        return f"Tagging({_shorten(self.passage.text)!r}, {said}{cited})"

    def _repr_html_(self) -> str | None:
        return SHOW["html"](self)


@dataclass(frozen=True, slots=True)
class Annotation:
    """What an annotator said of a passage. A scheme missing from `labels` was not judged; [] means none apply."""

    passage: str  # id
    text: str
    labels: dict[str, list[str]]
    annotator: str
    date: str | None = None
    note: str | None = None
    guideline: str | None = None
    group: str | None = None  # dossier or document: splits never part a group
    split: str | None = None  # "train" or "dev-test"
    source: str | None = None
    genre: str | None = None
    doubt: bool = False


def passage_id(document: str, text: str) -> str:
    """Document id + short hash of the text without case, accents' encoding or white space: survives re-extraction."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    digest = hashlib.sha256(plain.encode(errors="surrogatepass")).hexdigest()  # a text may hold half a character
    return f"{document}-{digest[:10]}"


def boxes_between(boxes: tuple[Box, ...], start: int, end: int) -> list[Box]:
    """The boxes that hold any of the characters `start:end`; boxes stand in the order of the text."""
    first = bisect_right(boxes, start, key=lambda box: box.end)
    found = []
    for box in boxes[first:]:
        if box.start >= end:
            break
        found.append(box)
    return found


def shift(boxes: Iterable[Box], by: int) -> Iterator[Box]:
    """The same boxes with their offsets moved."""
    return (Box(b.start + by, b.end + by, b.page, b.x0, b.top, b.x1, b.bottom) for b in boxes)  # replace is slow


def _shorten(text: str, width: int = 40) -> str:
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + "…"
