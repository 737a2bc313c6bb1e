"""A tagged document in plain values, as every output writes it: what travels between processes and is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from nlp.records import Box, Tag, Tagging
from nlp.schemes import load_scheme

if TYPE_CHECKING:
    from nlp.tagger import TaggedDocument

CUES = 12  # evidence words written per tag: the strongest; the record in Python has all
FACTS = (
    "id", "source", "title", "date", "status", "kind", "reference", "dossiernummer", "ondernummer", "vergaderjaar",
    "ministry",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class PlainDocument:
    """`about` has FACTS and the number of `pages`; `taggings` have the keys passage, tags, citations, model."""

    about: dict[str, Any]
    taggings: list[dict[str, Any]]

    def lines(self) -> Iterator[dict[str, Any]]:
        """The passages as in nlp/schema/tagging-1.json."""
        document = {key: self.about[key] for key in ("id", "source", "title", "date")}
        for tagging in self.taggings:
            yield {"document": document, **tagging}


def plain(tagged: TaggedDocument) -> PlainDocument:
    document = tagged.document
    about = {fact: getattr(document, fact) for fact in FACTS} | {"pages": len(document.pages)}
    return PlainDocument(about, [_tagging(tagging) for tagging in tagged])


def _tagging(tagging: Tagging) -> dict[str, Any]:
    passage = tagging.passage
    return {
        "passage": {
            "id": passage.id,
            "kind": passage.kind,
            "heading": passage.heading,
            "pages": list(passage.pages),
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "boxes": [asdict(box) for box in lines_of(passage.boxes)],
            "anchor": passage.anchor,
            "mark": passage.mark,
        },
        "tags": [_tag(tag) for tag in tagging.tags],
        "citations": [asdict(citation) for citation in tagging.citations],
        "model": tagging.model,
    }


def _tag(tag: Tag) -> dict[str, Any]:
    concept = load_scheme(tag.scheme)[tag.code]
    return {
        "scheme": tag.scheme,
        "code": tag.code,
        "label": concept.label_nl,
        "uri": concept.uri,
        "score": round(tag.score, 4),
        "source": tag.source,
        "intercept": tag.intercept,
        "evidence": [asdict(cue) for cue in tag.evidence[:CUES]],
    }


def lines_of(boxes: Iterable[Box]) -> Iterator[Box]:
    """Word boxes → one box per printed line."""
    line: Box | None = None
    for box in boxes:
        if line and box.page == line.page and box.x0 >= line.x1 - 1 and _level(box, line):
            top, bottom = min(line.top, box.top), max(line.bottom, box.bottom)
            line = Box(line.start, box.end, line.page, line.x0, top, box.x1, bottom)
        else:
            if line:
                yield line
            line = box
    if line:
        yield line


def _level(box: Box, line: Box) -> bool:
    return box.top < line.bottom and box.bottom > line.top
