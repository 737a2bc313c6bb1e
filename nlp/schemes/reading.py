"""A taxonomy in YAML → a Scheme that holds together."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from nlp.errors import SchemeError
from nlp.schemes.concepts import Concept, Group, Related, Scheme, Source
from nlp.schemes.entries import Entry, compose, near

SCHEMES: dict[str, Traversable] = {
    file.name.removesuffix(".yaml"): file
    for file in sorted(files("nlp").joinpath("taxonomies").iterdir(), key=lambda file: file.name)
    if file.name.endswith(".yaml")
}

# How a concept fits one of another scheme: see the SKOS Reference, 10.
MATCHES = ("exact", "close", "broad", "narrow", "related")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # also the prefix in "sdg:13" and in Turtle
CODE = re.compile(r"\w(?:[\w.-]*\w)?")  # also the end of a URI
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
URI = re.compile(r"""(?:https?://|urn:)[^\s<>"{}|\\^`]+""")


def text_of(file: Traversable) -> str:
    """The text of a file. Raises SchemeError."""
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
def read_scheme(file: str, text: str) -> Scheme:
    """The scheme in the text of a file, its crosswalk followed. Raises SchemeError with file and line."""
    scheme, lines = _parse(file, text)
    for concept in scheme:
        for related in concept.related:
            _check_related(file, lines[concept.code, str(related)], scheme, concept, related)
    return scheme


def _check_related(file: str, line: int, scheme: Scheme, concept: Concept, related: Related) -> None:
    other = scheme if related.scheme == scheme.id else None
    if other is None and related.scheme in SCHEMES:
        found = SCHEMES[related.scheme]
        other = _parse(str(found), text_of(found))[0]  # not read_scheme: two schemes may point to each other
    if other is None:
        hint = f"Known: {', '.join(SCHEMES)}."
        trouble = f"crosswalk to {str(related)!r}, an unknown scheme"
        raise SchemeError(file, trouble, line=line, concept=concept.code, hint=hint)
    if related.code not in other:
        trouble = f"crosswalk to {str(related)!r}, an unknown code"
        raise SchemeError(
            file, trouble, line=line, concept=concept.code, hint=near(related.code, [c.code for c in other])
        )


@lru_cache(maxsize=32)
def _parse(file: str, text: str) -> tuple[Scheme, dict[tuple[str, str], int]]:
    """The scheme, its crosswalk not yet followed, and the line of each step of the crosswalk."""
    top = Entry(file, compose(file, text), "scheme")
    title_nl, title_en = top.languages("title")
    uri = top.required("uri", URI, "an address such as https://example.org/regio")
    groups = {name: _group(top, name) for name in top.names("groups")}
    sources = {name: _source(top, name) for name in top.names("sources")}
    concepts: dict[str, Concept] = {}
    lines: dict[tuple[str, str], int] = {}
    for node in top.items("concepts"):
        entry = Entry(file, node, "concept")
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


def _group(top: Entry, name: str) -> Group:
    entry = top.map("groups", None)
    if not NAME.fullmatch(name):
        entry.fail(f"group {name!r} is not a letter, then letters, digits and hyphens", at=name)
    return Group(name, *entry.languages(name))


def _source(top: Entry, name: str) -> Source:
    entry = top.map("sources", None).map(name, "source")
    return Source(name, entry.required("title"), entry.text("url", URI, "an address"))


def _concept(
    entry: Entry, base: str, above: dict[str, Concept], groups: dict[str, Group], sources: dict[str, Source]
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
        sources=tuple(
            _place(Entry(entry.file, n, "source of a concept", code), sources) for n in entry.items("sources")
        ),
        related=tuple(_related(Entry(entry.file, n, "crosswalk", code), sources) for n in entry.items("related")),
    )


def _place(entry: Entry, sources: dict[str, Source]) -> Source:
    entry.required("source")
    source = sources[str(entry.one_of("source", sources))]
    return Source(source.id, source.title, source.url, entry.text("place"))


def _related(entry: Entry, sources: dict[str, Source]) -> Related:
    scheme, _, code = entry.required("to").partition(":")
    if not (scheme and code):
        entry.fail(f"{scheme or ':'!r} is no crosswalk", at="to", hint='Write scheme and code: "sdg:13.1".')
    source = entry.one_of("source", sources)
    match = entry.one_of("match", MATCHES) or "related"
    return Related(scheme, code, sources[source] if source else None, match)


def base_of(uri: str) -> str:
    return uri if uri.endswith(("/", "#")) else f"{uri}/"
