"""A label scheme in open formats: SKOS as JSON-LD and as Turtle, and a table.

The JSON-LD is plain JSON with its context inside; the Turtle is the same graph. SKOS Reference:
https://www.w3.org/TR/skos-reference/
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from nlp.errors import MissingExtra
from nlp.schemes import Concept, Group, Related, Scheme, base_of, load_scheme

Json = dict[str, Any]

PREFIXES: Final = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
}
_PER_LANGUAGE = {
    "title": "dcterms:title",
    "label": "rdfs:label",
    "prefLabel": "skos:prefLabel",
    "definition": "skos:definition",
    "scopeNote": "skos:scopeNote",
    "editorialNote": "skos:editorialNote",
}
_LINKS = {name: f"skos:{name}" for name in (
    "hasTopConcept", "topConceptOf", "broader", "narrower", "member",
    "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch",
)} | {"sourceLink": "dcterms:source"}  # fmt: skip
_IN_SCHEME = {"@reverse": "skos:inScheme"}
CONTEXT: Final[Json] = {
    **PREFIXES,
    "id": "@id",
    "type": "@type",
    "ConceptScheme": "skos:ConceptScheme",
    "Concept": "skos:Concept",
    "Collection": "skos:Collection",
    "version": "owl:versionInfo",
    "identifier": "dcterms:identifier",
    "notation": "skos:notation",
    "source": "dc:source",  # the words; dcterms:source wants a resource
    "colour": "schema:color",
    "groups": _IN_SCHEME,
    "concepts": _IN_SCHEME,
    **{name: {"@id": relation, "@container": "@language"} for name, relation in _PER_LANGUAGE.items()},
    **{name: {"@id": relation, "@type": "@id"} for name, relation in _LINKS.items()},
}


def to_jsonld(scheme: Scheme) -> Json:
    """The scheme as SKOS in JSON-LD 1.1: concepts in the order of the file, the crosswalk as mapping relations.

    That a concept stands in `concepts` says that it is in the scheme (skos:inScheme, read backwards).
    """
    title = {"nl": scheme.title_nl, "en": scheme.title_en}
    return {
        "@context": CONTEXT,
        "id": scheme.uri,
        "type": "ConceptScheme",
        "identifier": scheme.id,
        "version": scheme.version,
        "title": title,
        "label": title,  # which viewers and checkers look for
        "hasTopConcept": [concept.uri for concept in scheme.top],
        "groups": [_group(scheme, group) for group in scheme.groups],
        "concepts": [_concept(scheme, concept) for concept in scheme],
    }


def to_json(scheme: Scheme) -> str:
    """to_jsonld as text."""
    return json.dumps(to_jsonld(scheme), ensure_ascii=False, indent=1) + "\n"


def to_skos(scheme: Scheme) -> str:
    """The same graph in Turtle. Raises MissingExtra without rdflib."""
    try:
        from rdflib import Graph
    except ImportError:
        raise MissingExtra("rdflib", "rdf") from None
    graph = Graph(bind_namespaces="none")
    graph.parse(data=to_json(scheme), format="json-ld")
    for prefix, namespace in (*PREFIXES.items(), (scheme.id, base_of(scheme.uri))):
        graph.bind(prefix, namespace, override=True)
    return graph.serialize(format="turtle")


COLUMNS: Final = (
    "scheme", "code", "uri", "broader", "group", "label_nl", "label_en", "definition_nl", "definition_en", "hint",
    "colour", "sources", "related",
)  # fmt: skip


def to_csv(scheme: Scheme) -> str:
    """One row per concept, with the columns of COLUMNS; several sources or relations are parted by "; "."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(scheme, concept) for concept in scheme)
    return out.getvalue()


def _group(scheme: Scheme, group: Group) -> Json:
    return {
        "id": f"{base_of(scheme.uri)}group/{group.id}",
        "type": "Collection",
        "prefLabel": {"nl": group.label_nl, "en": group.label_en},
        "member": [concept.uri for concept in scheme if concept.group == group.id],
    }


def _concept(scheme: Scheme, concept: Concept) -> Json:
    texts: dict[str, Json] = {
        "prefLabel": {"nl": concept.label_nl, "en": concept.label_en},
        "definition": {"nl": concept.definition_nl, "en": concept.definition_en},
        "scopeNote": {"nl": concept.hint},
        "editorialNote": {"en": [_reason(related) for related in concept.related if related.source]},
    }
    links: Json = {
        "topConceptOf": None if concept.parent else scheme.uri,
        "broader": scheme[concept.parent].uri if concept.parent else None,
        "narrower": [below.uri for below in scheme.narrower(concept.code)],
        "sourceLink": sorted({source.url for source in concept.sources if source.url}),
        **_matches(scheme, concept),
    }
    said = {name: {lang: text for lang, text in value.items() if text} for name, value in texts.items()}
    found = {"notation": concept.code, "colour": concept.colour, "source": list(_sources(concept)), **said, **links}
    return {"id": concept.uri, "type": "Concept"} | {name: value for name, value in found.items() if value}


def _matches(scheme: Scheme, concept: Concept) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for related in concept.related:
        other = scheme if related.scheme == scheme.id else load_scheme(related.scheme)
        found.setdefault(f"{related.match}Match", []).append(other[related.code].uri)
    return found


def _reason(related: Related) -> str:
    return f"{related.match}Match {related}: {related.source.title if related.source else ''}"


def _sources(concept: Concept) -> Iterator[str]:
    for source in concept.sources:
        yield f"{source.title}: {source.place}" if source.place else source.title


def _row(scheme: Scheme, concept: Concept) -> dict[str, str | None]:
    own = {name: getattr(concept, name) for name in COLUMNS if hasattr(concept, name)}
    related = "; ".join(f"{related.match} {related}" for related in concept.related)
    return own | {
        "scheme": scheme.id,
        "broader": concept.parent,
        "sources": "; ".join(_sources(concept)),
        "related": related,
    }
