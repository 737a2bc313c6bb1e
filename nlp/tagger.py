"""From texts and files to taggings: the pipeline behind the front door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, overload

from nlp.citations import find_citations, find_in_document, in_passage
from nlp.errors import NotText
from nlp.mentions import find_mentions
from nlp.models import Model, load_model
from nlp.reading import read
from nlp.records import Citation, Document, Evidence, Passage, Tag, Tagging
from nlp.segment import passage_of, segment
from nlp.tagged import TaggedDocument
from nlp.targets import SCHEME, Suggestions, load_suggester

Source = str | Path | bytes | IO[bytes]
BATCH = 256  # passages classified at a time: bounds memory, large enough to be fast


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """A loaded model with the verbs of the front door; `evidence=False` is faster and leaves out the why.

    targets: also suggest targets of the goals that a passage is about (see nlp.targets).
    """

    model: Model
    evidence: bool = True
    targets: bool = False

    @overload
    def predict(self, texts: str, *, targets: bool = False) -> Tagging: ...  # type: ignore[overload-overlap]  # a str is an Iterable too
    @overload
    def predict(self, texts: Iterable[str], *, targets: bool = False) -> list[Tagging]: ...
    def predict(self, texts: str | Iterable[str], *, targets: bool = False) -> Tagging | list[Tagging]:
        """Tag one text as one passage, or many at once. Raises NotText."""
        if targets and not self.targets:
            return replace(self, targets=True).predict(texts)
        if isinstance(texts, str):
            return self.classify([passage_of(texts)], _cited)[0]
        return self.classify([passage_of(text) for text in _strings(texts)], _cited)

    def read(self, source: Source, **options: Any) -> Document:
        """As nlp.read."""
        return read(source, **options)

    def tag(self, source: Source | Document, *, targets: bool = False, **options: Any) -> TaggedDocument:
        """Read, segment and tag a document; options are those of nlp.read. Raises DocumentError."""
        if targets and not self.targets:
            return replace(self, targets=True).tag(source, **options)
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
        texts = [passage.text for passage in passages]
        found = self.model.classifier.tag(texts, evidence=self.evidence)
        suggested = self._suggested(texts, [tags for tags, _ in found]) if self.targets else {}
        model = str(self)
        for i, (passage, (tags, probabilities)) in enumerate(zip(passages, found, strict=True)):
            mentions = tuple(_mentioned(passage.text, self.targets)) if "sdg" in self.model.schemes else ()
            more, scores = suggested.get(i, ((), {}))
            probabilities |= {SCHEME: scores} if self.targets else {}
            yield Tagging(passage, mentions + tags + more, tuple(cited(passage)), model, probabilities)

    def _suggested(self, texts: Sequence[str], tags: Sequence[tuple[Tag, ...]]) -> dict[int, Suggestions]:
        """By number the passages that are about a goal, with the targets of it that may fit."""
        goals = {i: [tag.code for tag in own if tag.scheme == "sdg"] for i, own in enumerate(tags)}
        goals = {i: own for i, own in goals.items() if own}
        found = load_suggester().suggest([texts[i] for i in goals], list(goals.values()), evidence=self.evidence)
        return dict(zip(goals, found, strict=True))

    def __str__(self) -> str:
        """As written beside every tagging: all that decided it."""
        return f"{self.model}+{load_suggester()}" if self.targets else str(self.model)

    @property
    def fingerprint(self) -> str:
        """The same for the same tags: of the model, and of the suggestions where they are made."""
        return self.model.fingerprint + (load_suggester().fingerprint if self.targets else "")


def load_tagger(
    name: str | Path = "current", *, evidence: bool = True, targets: bool = False, trust_pickle: bool = False
) -> Tagger:
    """A tagger with the model of that name or path. Raises ModelError."""
    return Tagger(load_model(name, trust_pickle=trust_pickle), evidence, targets)


def _strings(texts: Any) -> list[str]:
    """Texts as plain str. Raises NotText, which says which of them is none."""
    if isinstance(texts, bytes | Mapping) or not isinstance(texts, Iterable) or getattr(texts, "ndim", 1) != 1:
        hint = "Give a str or a list of them, for example frame['text']."
        raise NotText(f"A {type(texts).__name__} is no text and no list of texts.", hint=hint)
    strings = []
    for at, text in enumerate(texts):
        if not isinstance(text, str):
            hint = "Leave out what is missing, or give '' for it."
            raise NotText(f"Text {at} (from 0) is no str but a {type(text).__name__}.", hint=hint)
        strings.append(str(text))  # of numpy's own kind of str too
    return strings


def _cited(passage: Passage) -> list[Citation]:
    return find_citations(passage.text)


def _mentioned(text: str, targets: bool) -> Iterator[Tag]:
    """One tag per SDG named by number or name, however often; every place is its evidence. targets: "SDG 8.7" too."""
    places: dict[tuple[str, str], list[Evidence]] = {}
    for mention in find_mentions(text):
        named = [("sdg", mention.code)] + ([(SCHEME, mention.target)] if targets and mention.target else [])
        for label in named:
            places.setdefault(label, []).append(Evidence(mention.start, mention.end, mention.text, 1.0))
    for (scheme, code), evidence in places.items():
        yield Tag(scheme, code, 1.0, "mention", tuple(evidence))
