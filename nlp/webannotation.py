"""Tags and citations as W3C Web Annotations in JSON-LD, for annotation viewers, triple stores and archives.

Web Annotation Data Model, W3C Recommendation of 23 February 2017: https://www.w3.org/TR/annotation-model/

- What a passage is about: one annotation on the passage, a body per tag, purpose "classifying", with its `score`.
- A goal that is named: an annotation on the very words, purpose "identifying".
- A citation: an annotation on its words, purpose "linking", whose body is the address of the publication.

Positions count code points of the text as read, from 0. The state of each target names that text by its digest
(RFC 6920), so that whoever has the document's text (`doelwijzer read`, `nlp.read(…).text`) can tell whether it is the same.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from nlp import __version__
from nlp.citations.normalise import kamerstuk_identifier, kamerstuk_url
from nlp.plain import PlainDocument

Json = dict[str, Any]
Span = tuple[int, int]

HOME: Final = "https://w3id.org/doelwijzer"
CONTEXT: Final[list[Any]] = [
    "http://www.w3.org/ns/anno.jsonld",
    # The only word that the Recommendation lacks: 0..1, of ITS 2.0 (https://www.w3.org/TR/its20/#textanalysis).
    {"score": {"@id": "http://www.w3.org/2005/11/its/rdf#taConfidence", "@type": "xsd:double"}},
]
AROUND: Final = 32  # characters of prefix and suffix, which tell a quote from the same words elsewhere
PDF_FRAGMENT: Final = "http://tools.ietf.org/rfc/rfc3778"  # page=3, as listed in the Recommendation
FORMATS: Final = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xml": "application/xml",
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
}


def write_webannotation(documents: Iterable[PlainDocument], path: Path) -> None:
    """One AnnotationCollection with one page, streamed, an annotation per line; empty where nothing was tagged."""
    count, digest = 0, hashlib.sha256()
    head = {"@context": CONTEXT, "type": "AnnotationCollection", "label": "doelwijzer", "generator": _software()}
    with path.open("w", encoding="utf-8", errors="replace", newline="") as out:  # half a character: a question mark
        out.write(_dumps(head)[:-1] + ', "first": {"type": "AnnotationPage", "startIndex": 0, "items": [')
        for annotation in chain.from_iterable(map(annotations_of, documents)):
            out.write((",\n" if count else "\n") + _dumps(annotation))
            digest.update(annotation["id"].encode())
            count += 1
        # The names come last, made of what was written: the same content has the same name.
        name = f"urn:uuid:{uuid5(NAMESPACE_URL, digest.hexdigest())}"
        page = f"{name}#1"
        out.write(f'\n], "id": "{page}", "partOf": "{name}"}}, "last": "{page}", "total": {count}, "id": "{name}"}}\n')


def annotations_of(document: PlainDocument) -> Iterator[Json]:
    """The annotations of a document, in the order of its passages; a passage without tags and citations has none."""
    place = _place(document)
    for tagging in document.taggings:
        passage = tagging["passage"]
        start, pages = passage["start"], passage["pages"]
        about = [tag for tag in tagging["tags"] if tag["source"] != "mention"]
        if about:
            bodies = [_tag(tag, "classifying") for tag in about]
            yield _annotation(place, bodies, [(start, passage["end"])], pages, _software(tagging["model"]))
        for tag in tagging["tags"]:
            if tag["source"] == "mention":
                spans = sorted((start + cue["start"], start + cue["end"]) for cue in tag["evidence"])
                yield _annotation(place, [_tag(tag, "identifying")], spans, pages, _software())
        for citation in tagging["citations"]:
            span = (start + citation["start"], start + citation["end"])
            yield _annotation(place, [_publication(citation)], [span], pages, _software())


@dataclass(frozen=True, slots=True)
class _Place:
    """A document as a target of annotations."""

    text: str
    source: Json
    state: Json


def _place(document: PlainDocument) -> _Place:
    texts = (tagging["passage"]["text"] for tagging in document.taggings)
    text = "".join(chain.from_iterable(zip_longest(document.about["gaps"], texts, fillvalue="")))
    digest = urlsafe_b64encode(hashlib.sha256(text.encode("utf-8", "replace")).digest()).decode().rstrip("=")
    read = {"id": f"ni:///sha-256;{digest}?ct=text/plain", "type": "Text", "format": "text/plain"}
    return _Place(text, _source(document.about), {"type": "TimeState", "cached": read})


def _source(about: Json) -> Json:
    """The document: named by its content, as its file may move; with what is known of it."""
    name, published = about["source"], _published(about)
    known: Json = {
        "name": name,
        "format": FORMATS.get(Path(name).suffix.lower()) if name else None,
        "dcterms:title": about["title"],
        "dcterms:date": about["date"],
        "dcterms:isFormatOf": {"id": published} if published else None,
    }
    return {"id": f"{HOME}/document/{about['id']}", "type": "Text"} | {key: v for key, v in known.items() if v}


def _published(about: Json) -> str | None:
    """The address of a document that is a Kamerstuk itself, the same as in citations of it."""
    dossier, number, year = about["dossiernummer"], about["ondernummer"], about["vergaderjaar"]
    return (
        kamerstuk_url(kamerstuk_identifier(dossier, number, None, year), year, dossier) if dossier and number else None
    )


def _annotation(place: _Place, bodies: list[Json], spans: list[Span], pages: list[int], by: Json) -> Json:
    targets = [_target(place, span, pages) for span in spans]
    purpose = bodies[0]["purpose"]
    said = [place.source["id"], place.source.get("name"), by["id"], purpose, spans, bodies]
    return {
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, json.dumps(said))}",
        "type": "Annotation",
        "motivation": purpose,
        "generator": by,
        "body": bodies if len(bodies) > 1 else bodies[0],
        "target": targets if len(targets) > 1 else targets[0],
    }


def _target(place: _Place, span: Span, pages: list[int]) -> Json:
    """The span, chosen in two ways that agree, and by its page where that is certain."""
    start, end = span
    selectors: list[Json] = [
        {
            "type": "TextQuoteSelector",
            "exact": place.text[start:end],
            "prefix": place.text[max(0, start - AROUND) : start],
            "suffix": place.text[end : end + AROUND],
        },
        {"type": "TextPositionSelector", "start": start, "end": end},
    ]
    if len(pages) == 1 and place.source.get("format") == FORMATS[".pdf"]:
        selectors.append({"type": "FragmentSelector", "conformsTo": PDF_FRAGMENT, "value": f"page={pages[0]}"})
    return {"type": "SpecificResource", "source": place.source, "selector": selectors, "state": place.state}


def _tag(tag: Json, purpose: str) -> Json:
    name = f"{tag['scheme']}:{tag['code']} {tag['label']}"
    return {"type": "SpecificResource", "source": tag["uri"], "purpose": purpose, "score": tag["score"], "label": name}


def _publication(citation: Json) -> Json:
    name = citation["identifier"] or citation["text"]
    if citation["url"]:
        return {"type": "SpecificResource", "source": citation["url"], "purpose": "linking", "label": name}
    return {"type": "TextualBody", "value": name, "purpose": "linking"}


def _software(model: str | None = None) -> Json:
    """What made an annotation: the rules of this version, or a model."""
    name = f"doelwijzer {__version__}, model {model}" if model else f"doelwijzer {__version__}"
    return {"id": f"{HOME}/model/{quote(model)}" if model else HOME, "type": "Software", "name": name}


def _dumps(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
