"""What a label scheme holds: its concepts, and what each rests on and fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from nlp.errors import UnknownName

BELOW = "-target"  # "sdg-target": the codes one level below those of "sdg"


@dataclass(frozen=True, slots=True)
class Source:
    """What a concept or a crosswalk rests on; `place` is the chapter, principle or page in it."""

    id: str
    title: str
    url: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """A step of the crosswalk to a concept of another scheme; "broad": that concept is the broader of the two."""

    scheme: str
    code: str
    source: Source | None = None
    match: str = "related"  # one of MATCHES

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"


@dataclass(frozen=True, slots=True)
class Group:
    """A named part of a scheme's concepts, such as the issues and the instruments of IMVO."""

    id: str
    label_nl: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Concept:
    """One label of a scheme. `code` is always a string: "5.10" is not the number 5.1."""

    code: str
    label_nl: str
    label_en: str
    uri: str
    parent: str | None = None  # code of the broader concept
    group: str | None = None  # id of a Group
    definition_nl: str | None = None
    definition_en: str | None = None
    hint: str | None = None  # Dutch, for annotators: what counts and what does not
    colour: str | None = None  # "#3F7E44"
    sources: tuple[Source, ...] = ()
    related: tuple[Related, ...] = ()

    def __repr__(self) -> str:
        return f"Concept({self.code!r}, {self.label_nl!r})"


@dataclass(frozen=True)
class Scheme:
    """A taxonomy: concepts in the order of the file, the broader above the narrower."""

    id: str
    title_nl: str
    title_en: str
    version: str
    uri: str
    concepts: tuple[Concept, ...]
    groups: tuple[Group, ...] = ()

    @property
    def title(self) -> str:
        """The Dutch title."""
        return self.title_nl

    @property
    def top(self) -> tuple[Concept, ...]:
        """The concepts without a broader one: goals, themes."""
        return tuple(concept for concept in self.concepts if concept.parent is None)

    def narrower(self, code: str) -> tuple[Concept, ...]:
        """The concepts directly below `code`; raises UnknownName when there is no such code."""
        above = self[code].code
        return tuple(concept for concept in self.concepts if concept.parent == above)

    @cached_property
    def _by_code(self) -> dict[str, Concept]:
        return {concept.code: concept for concept in self.concepts}

    @cached_property
    def below(self) -> Scheme:
        """The second level as a scheme of its own ("sdg-target"), for it is judged apart; grouped by the first."""
        groups = tuple(Group(goal.code, goal.label_nl, goal.label_en) for goal in self.top if self.narrower(goal.code))
        concepts = tuple(
            replace(concept, parent=None, group=above.code, colour=concept.colour or above.colour)
            for above in self.top
            for concept in self.narrower(above.code)
        )
        titles = f"{self.title_nl}: subdoelen", f"{self.title_en}: targets"
        return Scheme(self.id + BELOW, *titles, self.version, self.uri, concepts, groups)

    def __getitem__(self, code: str) -> Concept:
        if code not in self._by_code:
            above = str(code).rpartition(".")[0]
            beside = self.narrower(above) if above in self._by_code else ()  # all 186 codes would drown the message
            top = [concept for concept in self.top if concept.group == above] or self.top
            raise UnknownName(f"{self.id} code", code, [concept.code for concept in (*top, *beside)])
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Concept]:
        return iter(self.concepts)

    def __len__(self) -> int:
        return len(self.concepts)

    def __repr__(self) -> str:
        return f"Scheme({self.id!r}, version {self.version}, {len(self.top)} of {len(self)} concepts at the top)"
