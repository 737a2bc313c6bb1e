"""Label schemes: read a taxonomy from YAML and look its concepts up. `nlp.skos` writes them in open formats.

A scheme of your own is one YAML file; give its path to `load_scheme`. The smallest one:

    id: regio
    title: {nl: "Regio's", en: "Regions"}
    version: "1"
    uri: "https://example.org/regio"
    concepts:
      - {code: "noord", label: {nl: "Noord", en: "North"}}
      - {code: "noord.1", parent: "noord", label: {nl: "Kust", en: "Coast"}}

A concept may also have `definition: {nl, en}`, `hint` (Dutch, for annotators), `colour` ("#3F7E44"), `group`, `uri`,
`sources` and `related` (the crosswalk, `{to: "sdg:13.1", match: "close", source: …}`): see nlp/taxonomies/imvo.yaml.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NoReturn

import yaml

from nlp.errors import SchemeError, UnknownName

SCHEMES: dict[str, Traversable] = {
    file.name.removesuffix(".yaml"): file
    for file in sorted(files("nlp").joinpath("taxonomies").iterdir(), key=lambda file: file.name)
    if file.name.endswith(".yaml")
}

BELOW = "-target"  # "sdg-target": the codes one level below those of "sdg"

KEYS = {  # what may stand in each part of the file; a key outside it is a slip of the pen
    "scheme": {"id", "title", "version", "uri", "groups", "sources", "concepts"},
    "concept": {
        "code", "parent", "group", "label", "definition", "hint", "colour", "uri", "sources", "related",
    },
    "text in two languages": {"nl", "en"},
    "source": {"title", "url"},
    "source of a concept": {"source", "place"},
    "crosswalk": {"to", "match", "source"},
}  # fmt: skip
MATCHES = ("exact", "close", "broad", "narrow", "related")  # how a concept fits one of another scheme: see the SKOS Reference, 10
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # also the prefix in "sdg:13" and in Turtle
CODE = re.compile(r"\w(?:[\w.-]*\w)?")  # also the end of a URI
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
URI = re.compile(r"""(?:https?://|urn:)[^\s<>"{}|\\^`]+""")
NOT_TEXT = {"int": "a number", "float": "a number", "bool": "true or false", "timestamp": "a date"}


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


def load_scheme(name_or_path: str | Path) -> Scheme:
    """Read a scheme by its name in SCHEMES or by the path of a YAML file; read once, and again after an edit.

    "sdg-target" is the second level of "sdg": see `Scheme.below`. Raises UnknownName for a name that is not in SCHEMES,
    SchemeError with file and line for a file that does not hold together.
    """
    above = str(name_or_path).removesuffix(BELOW)
    if above in SCHEMES and above != name_or_path and load_scheme(above).below.concepts:
        return load_scheme(above).below
    file = _find(name_or_path)
    return _load(str(file), _text(file))


# ---- reading


def _find(name_or_path: str | Path) -> Traversable:
    if isinstance(name_or_path, str) and name_or_path in SCHEMES:
        return SCHEMES[name_or_path]
    path = Path(name_or_path)
    if isinstance(name_or_path, Path) or path.suffix in {".yaml", ".yml"}:
        return path
    raise UnknownName("scheme", name_or_path, SCHEMES)


def _text(file: Traversable) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        hint = f"Give the path of a YAML file, or a name: {', '.join(SCHEMES)}."
        raise SchemeError(str(file), "there is no such file", hint=hint) from None
    except UnicodeDecodeError as error:
        trouble = f"byte {error.start} is not UTF-8"
        raise SchemeError(str(file), trouble, hint="Save the file in UTF-8.") from None
    except OSError as error:
        raise SchemeError(str(file), f"it cannot be read ({error.strerror})") from None


@lru_cache(maxsize=32)
def _load(file: str, text: str) -> Scheme:
    scheme, lines = _parse(file, text)
    for concept in scheme:
        for related in concept.related:
            _check_related(file, lines[concept.code, str(related)], scheme, concept, related)
    return scheme


def _check_related(file: str, line: int, scheme: Scheme, concept: Concept, related: Related) -> None:
    other = scheme if related.scheme == scheme.id else None
    if other is None and related.scheme in SCHEMES:
        found = SCHEMES[related.scheme]
        other = _parse(str(found), _text(found))[0]  # not _load: two schemes may point to each other
    if other is None:
        hint = f"Known: {', '.join(SCHEMES)}."
        trouble = f"crosswalk to {str(related)!r}, an unknown scheme"
        raise SchemeError(file, trouble, line=line, concept=concept.code, hint=hint)
    if related.code not in other:
        trouble = f"crosswalk to {str(related)!r}, an unknown code"
        raise SchemeError(file, trouble, line=line, concept=concept.code, hint=_near(related.code, [c.code for c in other]))


@lru_cache(maxsize=32)
def _parse(file: str, text: str) -> tuple[Scheme, dict[tuple[str, str], int]]:
    """The scheme, its crosswalk not yet followed, and the line of each step of the crosswalk."""
    top = _Map(file, _compose(file, text), "scheme")
    title_nl, title_en = top.languages("title")
    uri = top.required("uri", URI, "an address such as https://example.org/regio")
    groups = {name: _group(top, name) for name in top.names("groups")}
    sources = {name: _source(top, name) for name in top.names("sources")}
    concepts: dict[str, Concept] = {}
    lines: dict[tuple[str, str], int] = {}
    for node in top.items("concepts"):
        entry = _Map(file, node, "concept")
        concept = _concept(entry, base_of(uri), concepts, groups, sources)
        concepts[concept.code] = concept
        for related, item in zip(concept.related, entry.items("related"), strict=True):
            lines[concept.code, str(related)] = item.start_mark.line + 1
    if not concepts:
        top.fail("no concepts", at="concepts")
    name = top.required("id", NAME, "a letter, then letters, digits and hyphens")
    version = top.required("version")
    scheme = Scheme(name, title_nl, title_en, version, uri, tuple(concepts.values()), tuple(groups.values()))
    return scheme, lines


def _group(top: _Map, name: str) -> Group:
    entry = top.map("groups", None)
    if not NAME.fullmatch(name):
        entry.fail(f"group {name!r} is not a letter, then letters, digits and hyphens", at=name)
    return Group(name, *entry.languages(name))


def _source(top: _Map, name: str) -> Source:
    entry = top.map("sources", None).map(name, "source")
    return Source(name, entry.required("title"), entry.text("url", URI, "an address"))


def _concept(
    entry: _Map, base: str, above: dict[str, Concept], groups: dict[str, Group], sources: dict[str, Source]
) -> Concept:
    code = entry.concept = entry.required("code", CODE, "letters, digits, dots and hyphens")
    if code in above:
        entry.fail("the code stands here for the second time", at="code")
    label_nl, label_en = entry.languages("label")
    definition_nl, definition_en = entry.languages("definition") if entry.node_of("definition") else (None, None)
    return Concept(
        code,
        label_nl,
        label_en,
        uri=entry.text("uri", URI, "an address") or base + code,
        parent=entry.one_of("parent", above, hint="The broader concept stands above its narrower ones."),
        group=entry.one_of("group", groups),
        definition_nl=definition_nl,
        definition_en=definition_en,
        hint=entry.text("hint"),
        colour=entry.text("colour", COLOUR, 'a colour such as "#3F7E44"'),
        sources=tuple(_place(_Map(entry.file, n, "source of a concept", code), sources) for n in entry.items("sources")),
        related=tuple(_related(_Map(entry.file, n, "crosswalk", code), sources) for n in entry.items("related")),
    )


def _place(entry: _Map, sources: dict[str, Source]) -> Source:
    entry.required("source")
    source = sources[str(entry.one_of("source", sources))]
    return Source(source.id, source.title, source.url, entry.text("place"))


def _related(entry: _Map, sources: dict[str, Source]) -> Related:
    scheme, _, code = entry.required("to").partition(":")
    if not (scheme and code):
        entry.fail(f"{scheme or ':'!r} is no crosswalk", at="to", hint='Write scheme and code: "sdg:13.1".')
    source = entry.one_of("source", sources)
    match = entry.one_of("match", MATCHES) or "related"
    return Related(scheme, code, sources[source] if source else None, match)


def _compose(file: str, text: str) -> yaml.Node | None:
    """The file as nodes, which know their lines and still tell "5.10" from 5.1."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where libyaml is there
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        trouble = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        hint = "Put text with a colon, a # or a quote in it between double quotes."
        raise SchemeError(file, f"no valid YAML: {trouble}", line=mark.line + 1 if mark else None, hint=hint) from None
    return node


class _Map:
    """A mapping of the file whose every complaint tells file, line and concept."""

    def __init__(self, file: str, node: yaml.Node | None, kind: str | None, concept: str | None = None) -> None:
        self.file, self.node, self.concept = file, node, concept
        self.values: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self.fail(f"a {kind or 'list of names'} is needed here, as keys and values")
        for key, value in node.value:
            name = str(key.value)
            if kind and name not in KEYS[kind]:
                self._fail_at(key, f"unknown key {name!r} in a {kind}", _near(name, KEYS[kind]))
            if name in self.values:
                self._fail_at(key, f"the key {name!r} stands here twice", None)
            self.values[name] = value

    def fail(self, trouble: str, *, at: str = "", hint: str | None = None) -> NoReturn:
        """Raise a SchemeError at the line of the value of `at`, else of the mapping."""
        self._fail_at(self.values.get(at, self.node), trouble, hint)

    def _fail_at(self, node: yaml.Node | None, trouble: str, hint: str | None) -> NoReturn:
        line = node.start_mark.line + 1 if node else None
        raise SchemeError(self.file, trouble, line=line, concept=self.concept, hint=hint)

    def node_of(self, key: str) -> yaml.Node | None:
        """The value of a key; None where it is missing or empty."""
        node = self.values.get(key)
        return None if node is None or node.tag.endswith(":null") else node

    def text(self, key: str, pattern: re.Pattern[str] | None = None, wanted: str = "") -> str | None:
        """The text under a key, None where there is none; anything that YAML takes for another kind is an error."""
        node = self.node_of(key)
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.fail(f"{key} is a list or mapping, not a text", at=key)
        kind = NOT_TEXT.get(node.tag.rpartition(":")[2])
        if kind:
            self.fail(f"{key} {node.value} is {kind}, not a text", at=key, hint=f'Use quotes: {key}: "{node.value}".')
        value = str(node.value).strip()
        if value and pattern and not pattern.fullmatch(value):
            self.fail(f"{key} {value!r} is not {wanted}", at=key)
        return value or None

    def required(self, key: str, pattern: re.Pattern[str] | None = None, wanted: str = "") -> str:
        return self.text(key, pattern, wanted) or self.fail(f"no {key}", at=key)

    def one_of(self, key: str, known: Collection[str], *, hint: str = "") -> str | None:
        value = self.text(key)
        if value is not None and value not in known:
            self.fail(f"unknown {key} {value!r}", at=key, hint=f"{_near(value, known)} {hint}".strip())
        return value

    def languages(self, key: str) -> tuple[str, str]:
        """The Dutch and the English text under a key; both are needed."""
        if self.node_of(key) is None:
            self.fail(f"no {key}", at=key, hint=f'Write {key}: {{nl: "…", en: "…"}}.')
        entry = self.map(key, "text in two languages")
        nl, en = entry.text("nl"), entry.text("en")
        if nl is None or en is None:
            entry.fail(f"no {'Dutch' if nl is None else 'English'} {key}", at="nl" if nl is None else "en")
        return nl, en

    def map(self, key: str, kind: str | None) -> _Map:
        return _Map(self.file, self.values.get(key), kind, self.concept)

    def names(self, key: str) -> list[str]:
        """The names declared under a key; none where it is missing."""
        return list(self.map(key, None).values) if self.node_of(key) else []

    def items(self, key: str) -> list[yaml.Node]:
        """The items of the list under a key; none where it is missing."""
        node = self.node_of(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fail(f"{key} is not a list", at=key, hint="Begin each item with a hyphen.")
        return list(node.value)


def _near(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known: {', '.join(sorted(known)[:30])}." if known else "None is declared."


def base_of(uri: str) -> str:
    return uri if uri.endswith(("/", "#")) else f"{uri}/"

