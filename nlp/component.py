"""spaCy component "doelwijzer": tags and citations as spans of a Doc.

    dutch = dutch_pipeline()                 # or spacy.blank("nl"), or any other pipeline
    dutch.add_pipe("doelwijzer")
    doc = dutch("Bedrijven moeten kinderarbeid in hun keten voorkomen (Kamerstuk 26 485, nr. 337).")
    doc.spans["sdg"], doc.spans["imvo"]      # label "sdg:8", kb_id the URI
    doc.spans["kamerstuk"]                   # label "kamerstuk", kb_id the address, span_id "kst-26485-337"
    doc._.tags                               # the tags of the whole Doc, best first

Each group has in `attrs`, in the order of its spans, the exact `offsets` in `doc.text`, as tokens may be wider than a
citation; groups of tags have `scores` (0..1) and `sources` ("model" or "mention"). `doc.spans["citation"]` has the
citations of all kinds, "kamerstuk" those of Kamerstukken, their dossiers and annexes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from nlp.citations import find_citations
from nlp.colours import luminance
from nlp.dutch.sentences import sentence_ends
from nlp.errors import UnknownName
from nlp.records import Block, Citation, Document, Tag, Tagging
from nlp.schemes import SCHEMES, load_scheme
from nlp.segment import passage_of, segment
from nlp.tagger import Tagger, load_tagger

NAME: Final = "doelwijzer"
CITATION, KAMERSTUK = "citation", "kamerstuk"
KAMERSTUKKEN: Final = frozenset({"kamerstuk", "dossier", "bijlage"})  # types of Citation

Place = tuple[int, int]  # offsets into doc.text


# --- what is tagged as one -----------------------------------------------------------------------------------------


def _whole(doc: Doc, text: str) -> Iterator[Place]:  # noqa: ARG001  # as all UNITS
    yield 0, len(text)


def _paragraphs(doc: Doc, text: str) -> Iterator[Place]:  # noqa: ARG001  # as all UNITS
    """As a document is cut: blank lines part paragraphs, or single breaks where there are none; long ones are cut."""
    lines = text.split("\n")
    blocks = lines if all(line.strip() for line in lines) else list(_joined(lines))
    document = Document(NAME, tuple(Block("paragraph", block) for block in blocks))
    for passage in segment(document):
        yield passage.start, passage.end


def _joined(lines: list[str]) -> Iterator[str]:
    """The lines of a paragraph as one, blank lines as they are: joined by line ends they are the text again."""
    for blank, part in groupby(lines, lambda line: not line.strip()):
        if blank:
            yield from part
        else:
            yield "\n".join(part)


def _sentences(doc: Doc, text: str) -> Iterator[Place]:
    """Those of the pipeline, or by our own rules where it does not mark any."""
    if doc.has_annotation("SENT_START"):
        yield from ((sent.start_char, sent.end_char) for sent in doc.sents)
    else:
        ends = sentence_ends(text)
        yield from zip([0, *ends], ends, strict=False)


Divider = Callable[[Doc, str], Iterable[Place]]
UNITS: dict[str, Divider] = {"doc": _whole, "paragraph": _paragraphs, "sentence": _sentences}


def _units(doc: Doc, unit: str) -> list[tuple[Place, str]]:
    """Places and their texts, without the blanks at their ends."""
    text, found = doc.text, []  # spaCy makes the text anew each time
    for start, end in UNITS[unit](doc, text):
        part = text[start:end]
        if part.strip():
            found.append(((start + len(part) - len(part.lstrip()), start + len(part.rstrip())), part.strip()))
    return found


# --- the component -------------------------------------------------------------------------------------------------


@Language.factory(
    NAME,
    assigns=["doc.spans", "doc._.tags"],
    default_config={"model": "current", "unit": "paragraph", "threshold": None},
)
def make_doelwijzer(nlp: Language, name: str, model: str, unit: str, threshold: float | None) -> Doelwijzer:  # noqa: ARG001  # spaCy calls by these names
    """Factory: `dutch.add_pipe("doelwijzer", config={"unit": "sentence", "threshold": 0.7})`.

    model: by name, or the path of a model folder. unit: what is tagged as one: "doc", "paragraph", "sentence".
    threshold: the least score of a tag, 0..1; by default the model's own, which differ per label. Raises UnknownName
    for a unit that does not exist, ModelError for the model.
    """
    return Doelwijzer(model, unit, threshold)


class Doelwijzer:
    """The component; a pipeline on disk keeps its settings, and finds the model anew by its name."""

    def __init__(self, model: str, unit: str, threshold: float | None) -> None:
        if unit not in UNITS:
            raise UnknownName("unit", unit, UNITS)
        self.model, self.unit, self.threshold = model, unit, threshold
        self._tagger  # noqa: B018  # a model that is not there is said now

    @property
    def _tagger(self) -> Tagger:
        return load_tagger(self.model, evidence=False)  # loaded once per process

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Tag many; the units of a batch are classified at once."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            units = [_units(doc, self.unit) for doc in docs]
            passages = [passage_of(text) for own in units for _, text in own]
            taggings = iter(self._tagger.classify(passages, lambda _: ()))
            for doc, own in zip(docs, units, strict=True):
                self._mark(doc, [(place, next(taggings)) for place, _ in own])
                yield doc

    def _mark(self, doc: Doc, found: list[tuple[Place, Tagging]]) -> None:
        groups = {scheme: _Group() for scheme in self._tagger.model.schemes}
        for place, tagging in found:
            for tag in self._tags(tagging):
                uri = load_scheme(tag.scheme)[tag.code].uri
                for start, end in _places(tag, place):
                    groups[tag.scheme].add(doc, (start, end), str(tag), uri, scores=tag.score, sources=tag.source)
        groups |= {CITATION: _Group(), KAMERSTUK: _Group()}
        for citation in find_citations(doc.text):
            for name in (CITATION, KAMERSTUK) if citation.type in KAMERSTUKKEN else (CITATION,):
                groups[name].add_citation(doc, citation)
        for name, group in groups.items():
            doc.spans[name] = SpanGroup(doc, name=name, spans=group.spans, attrs=group.attrs)

    def _tags(self, tagging: Tagging) -> Iterator[Tag]:
        if self.threshold is None:
            yield from tagging.tags
            return
        yield from (tag for tag in tagging.tags if tag.source == "mention")
        for scheme, scores in tagging.probabilities.items():
            best = sorted(scores.items(), key=lambda pair: -pair[1])
            yield from (Tag(scheme, code, score) for code, score in best if score >= self.threshold)


@dataclass(frozen=True, slots=True)
class _Group:
    """Spans and, in the same order, what a span has no room for."""

    spans: list[Span] = field(default_factory=list)
    attrs: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, doc: Doc, place: Place, label: str, uri: str, name: str = "", **facts: Any) -> None:
        # "expand": a token that is wider than the place is taken as a whole, so that no place is lost.
        span = doc.char_span(*place, label=label, kb_id=uri, span_id=name, alignment_mode="expand")
        assert span is not None, place  # only a place outside the text has none
        self.spans.append(span)
        for key, value in {"offsets": list(place), **facts}.items():
            self.attrs.setdefault(key, []).append(value)

    def add_citation(self, doc: Doc, citation: Citation) -> None:
        name, place = citation.identifier or "", (citation.start, citation.end)
        self.add(doc, place, citation.type, citation.url or "", name, certainties=citation.certainty)


def _places(tag: Tag, unit: Place) -> Iterable[Place]:
    """The words of a mention; of other tags the whole unit."""
    if tag.source != "mention":
        return [unit]
    return sorted((unit[0] + cue.start, unit[0] + cue.end) for cue in tag.evidence)


# --- what a Doc says -----------------------------------------------------------------------------------------------


def tags_of(doc: Doc) -> list[Tag]:
    """`doc._.tags`: each tag once per source, with its best score, best first; also of a Doc read back from disk."""
    best: dict[tuple[str, str], Tag] = {}
    for group in doc.spans.values():
        for span, score, source in zip(
            group, *(group.attrs.get(key, ()) for key in ("scores", "sources")), strict=False
        ):
            scheme, _, code = span.label_.partition(":")
            if (span.label_, source) not in best or best[span.label_, source].score < score:
                best[span.label_, source] = Tag(scheme, code, score, source)
    return sorted(best.values(), key=lambda tag: (-tag.score, tag.scheme))


def displacy_options(group: str = "sdg") -> dict[str, Any]:
    """Options for `displacy.render(doc, style="span", options=…)`: official colours, and links that lead to the URI."""
    concepts = load_scheme(group) if group in SCHEMES else ()
    colours = {f"{group}:{concept.code}": _under_black(concept.colour) for concept in concepts if concept.colour}
    # displaCy's own step makes a label hide the link of the one above it.
    return {"spans_key": group, "colors": colours, "kb_url_template": "{}", "top_offset_step": 30}


def _under_black(colour: str) -> str:
    """The colour, or a tint of it on which displaCy's black letters have the contrast that WCAG asks (4.5)."""
    while luminance(colour) < 0.175:
        colour = "#" + "".join(f"{(int(colour[at : at + 2], 16) * 9 + 255) // 10:02X}" for at in (1, 3, 5))
    return colour


Doc.set_extension("tags", getter=tags_of, force=True)  # by force: the module may be loaded anew
