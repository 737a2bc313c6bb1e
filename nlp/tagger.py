"""From texts and files to taggings: the pipeline behind the front door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, overload

from nlp.citations import find_citations, find_in_document, in_passage
from nlp.mentions import find_mentions
from nlp.models import Model, load_model
from nlp.reading import read
from nlp.records import Citation, Document, Evidence, Passage, Tag, Tagging
from nlp.segment import passage_of, segment
from nlp.tagged import TaggedDocument

Source = str | Path | bytes | IO[bytes]
BATCH = 256  # passages classified at a time: bounds memory, large enough to be fast


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """A loaded model with the verbs of the front door; `evidence=False` is faster and leaves out the why."""

    model: Model
    evidence: bool = True

    @overload
    def predict(self, texts: str) -> Tagging: ...  # type: ignore[overload-overlap]  # a str is an Iterable too
    @overload
    def predict(self, texts: Iterable[str]) -> list[Tagging]: ...
    def predict(self, texts: str | Iterable[str]) -> Tagging | list[Tagging]:
        """Tag one text as one passage, or many at once."""
        if isinstance(texts, str):
            return self.classify([passage_of(texts)], _cited)[0]
        return self.classify([passage_of(text) for text in texts], _cited)

    def read(self, source: Source, **options: Any) -> Document:
        """As nlp.read."""
        return read(source, **options)

    def tag(self, source: Source | Document, **options: Any) -> TaggedDocument:
        """Read, segment and tag a document; options are those of nlp.read. Raises DocumentError."""
        document = source if isinstance(source, Document) else read(source, **options)
        found = find_in_document(document)  # "idem" may point to a passage before
        taggings = self.classify(list(segment(document)), lambda passage: in_passage(found, passage))
        return TaggedDocument(taggings, document)

    def find_citations(self, text: str) -> list[Citation]:
        """As nlp.find_citations."""
        return find_citations(text)

    def classify(self, passages: Sequence[Passage], cited: Callable[[Passage], Iterable[Citation]]) -> list[Tagging]:
        """The taggings of passages, in their order; `cited` gives the citations of a passage."""
        return [
            tagging
            for at in range(0, len(passages), BATCH)
            for tagging in self._batch(passages[at : at + BATCH], cited)
        ]

    def _batch(self, passages: Sequence[Passage], cited: Callable[[Passage], Iterable[Citation]]) -> Iterator[Tagging]:
        found = self.model.classifier.tag([p.text for p in passages], evidence=self.evidence)
        for passage, (tags, probabilities) in zip(passages, found, strict=True):
            mentions = tuple(_mentioned(passage.text)) if "sdg" in self.model.schemes else ()
            yield Tagging(passage, mentions + tags, tuple(cited(passage)), str(self.model), probabilities)


def load_tagger(name: str | Path = "current", *, evidence: bool = True, trust_pickle: bool = False) -> Tagger:
    """A tagger with the model of that name or path. Raises ModelError."""
    return Tagger(load_model(name, trust_pickle=trust_pickle), evidence)


def _cited(passage: Passage) -> list[Citation]:
    return find_citations(passage.text)


def _mentioned(text: str) -> Iterator[Tag]:
    """One tag per SDG named by number or name, however often; every place is its evidence."""
    places: dict[str, list[Evidence]] = {}
    for mention in find_mentions(text):
        places.setdefault(mention.code, []).append(Evidence(mention.start, mention.end, mention.text, 1.0))
    for code, evidence in places.items():
        yield Tag("sdg", code, 1.0, "mention", tuple(evidence))
