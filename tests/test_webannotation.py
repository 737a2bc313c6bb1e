"""Web Annotations follow the Recommendation, say what the tags say, and their positions hold in the document's text."""

import hashlib
import json
from base64 import urlsafe_b64decode
from collections import Counter

import pytest

import nlp
from nlp.records import Block, Citation, Document, Passage, Tagging
from nlp.tagged import TaggedDocument, plain
from nlp.webannotation import annotations_of
from nlp.write import write

rdflib = pytest.importorskip("rdflib")
OA, AS, ITS = map(
    rdflib.Namespace,
    ("http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#", "http://www.w3.org/2005/11/its/rdf#"),
)
RDF, DCTERMS = rdflib.namespace.RDF, rdflib.namespace.DCTERMS

REMOTE = "http://www.w3.org/ns/anno.jsonld"
# The terms of REMOTE that are used here, with the meaning they have there (Web Annotation Vocabulary, appendix A).
LOCAL = {
    "oa": str(OA), "as": str(AS), "dc": "http://purl.org/dc/elements/1.1/", "dcterms": str(DCTERMS),
    "dctypes": "http://purl.org/dc/dcmitype/", "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": str(RDF), "rdfs": str(rdflib.namespace.RDFS), "xsd": str(rdflib.namespace.XSD), "id": "@id", "type": "@type",
    **{name: f"oa:{name}" for name in (
        "Annotation", "SpecificResource", "TextualBody", "TextQuoteSelector", "TextPositionSelector",
        "FragmentSelector", "TimeState", "classifying", "identifying", "linking", "start", "end", "exact", "prefix",
        "suffix",
    )},
    "AnnotationCollection": "as:OrderedCollection", "AnnotationPage": "as:OrderedCollectionPage",
    "Software": "as:Application", "Text": "dctypes:Text",
    **{name: {"@id": relation, "@type": "@id"} for name, relation in {
        "body": "oa:hasBody", "target": "oa:hasTarget", "source": "oa:hasSource", "selector": "oa:hasSelector",
        "state": "oa:hasState", "cached": "oa:cachedSource", "conformsTo": "dcterms:conformsTo",
        "generator": "as:generator", "partOf": "as:partOf", "first": "as:first", "last": "as:last",
    }.items()},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"}, "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
    "format": "dc:format", "value": "rdf:value", "name": "foaf:name", "label": "rdfs:label", "total": "as:totalItems",
    "startIndex": "as:startIndex",
}  # fmt: skip


def written(documents, folder):
    write(documents, folder / "uit.jsonld")
    return json.loads((folder / "uit.jsonld").read_text(encoding="utf-8"))


def graph_of(collection):
    assert collection["@context"][0] == REMOTE
    local = collection | {"@context": [LOCAL, *collection["@context"][1:]]}
    return rdflib.Graph().parse(data=json.dumps(local), format="json-ld")


def keys_of(value):
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from keys_of(each)


def many(value):
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def collection(tagged_sample, tmp_path_factory):
    return written([tagged_sample], tmp_path_factory.mktemp("jsonld"))


def test_every_word_is_of_the_recommendation_or_defined(collection):
    own = {"@context", *collection["@context"][1]}
    words = set(keys_of({key: value for key, value in collection.items() if key != "@context"}))
    assert {word for word in words - own if word not in LOCAL and not word.startswith("dcterms:")} == set()


def test_a_collection_has_what_it_must_have(collection):
    page = collection["first"]
    assert collection["type"] == "AnnotationCollection"
    assert page["type"] == "AnnotationPage"
    assert page["partOf"] == collection["id"]
    assert collection["last"] == page["id"]
    assert collection["total"] == len(page["items"])
    ids = [annotation["id"] for annotation in page["items"]]
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("urn:uuid:") for one in (*ids, page["id"], collection["id"]))


def test_positions_and_quotes_choose_the_same_words_of_the_text(collection, tagged_sample):
    text = tagged_sample.document.text
    for annotation in collection["first"]["items"]:
        for target in many(annotation["target"]):
            quote, position = target["selector"][:2]
            start, end = position["start"], position["end"]
            assert text[start:end] == quote["exact"] != ""
            assert text[:start].endswith(quote["prefix"])
            assert text[end:].startswith(quote["suffix"])
            assert len(quote["prefix"]) == min(32, start)


def test_the_state_names_the_text_that_positions_count_in(collection, tagged_sample):
    digest = hashlib.sha256(tagged_sample.document.text.encode()).digest()
    names = {many(a["target"])[0]["state"]["cached"]["id"] for a in collection["first"]["items"]}
    assert len(names) == 1
    kind, _, value = names.pop().removeprefix("ni:///").partition(";")
    assert (kind, urlsafe_b64decode(value.partition("?")[0] + "=")) == ("sha-256", digest)


def test_the_graph_says_what_the_tags_say(collection, tagged_sample):
    graph = graph_of(collection)
    assert len(set(graph.subjects(RDF.type, OA.Annotation))) == collection["total"]
    said = Counter()
    for annotation in graph.subjects(RDF.type, OA.Annotation):
        for body in graph.objects(annotation, OA.hasBody):
            purpose = str(graph.value(body, OA.hasPurpose)).removeprefix(str(OA))
            score = graph.value(body, ITS.taConfidence)
            said[purpose, str(graph.value(body, OA.hasSource)), None if score is None else score.toPython()] += 1
    lines = list(plain(tagged_sample).lines())
    purposes = {"model": "classifying", "mention": "identifying"}
    expected = Counter((purposes[t["source"]], t["uri"], t["score"]) for line in lines for t in line["tags"])
    expected += Counter(("linking", c["url"], None) for line in lines for c in line["citations"])
    assert said == expected
    assert {purpose for purpose, _, _ in said} == {"classifying", "identifying", "linking"}


def test_the_graph_keeps_the_order_and_the_document(collection, tagged_sample):
    graph = graph_of(collection)
    (page,) = graph.subjects(RDF.type, AS.OrderedCollectionPage)
    items = list(rdflib.collection.Collection(graph, graph.value(page, AS["items"])))
    assert list(map(str, items)) == [annotation["id"] for annotation in collection["first"]["items"]]
    (source,) = {graph.value(target, OA.hasSource) for target in graph.subjects(OA.hasSelector)}
    assert str(graph.value(source, DCTERMS.title)) == tagged_sample.document.title
    assert str(graph.value(source, DCTERMS.date)) == tagged_sample.document.date


def test_a_mention_is_an_annotation_on_the_words_themselves():
    tagging = nlp.predict("Dit raakt SDG 8 en vooral SDG 12, en nogmaals SDG 8.")
    document = Document("d", (Block("paragraph", tagging.passage.text),))
    found = {
        a["body"]["source"]: a
        for a in annotations_of(plain(TaggedDocument([tagging], document)))
        if a["motivation"] == "identifying"
    }
    twice = found["http://metadata.un.org/sdg/8"]["target"]
    assert [target["selector"][0]["exact"] for target in twice] == ["SDG 8", "SDG 8"]
    assert found["http://metadata.un.org/sdg/12"]["target"]["selector"][0]["exact"] == "SDG 12"


def test_a_citation_without_an_address_is_not_lost():
    text = "Zie Kamerstuk 1."
    passage = Passage("p", "d", "paragraph", (), 0, len(text), text)
    citation = Citation("kamerstuk", "Kamerstuk 1", 4, 15)
    document = TaggedDocument([Tagging(passage, (), (citation,))], Document("d", (Block("paragraph", text),)))
    (annotation,) = annotations_of(plain(document))
    assert annotation["body"] == {"type": "TextualBody", "value": "Kamerstuk 1", "purpose": "linking"}


def test_a_kamerstuk_is_said_to_be_a_form_of_the_publication():
    tagging = nlp.predict("Bedrijven moeten kinderarbeid in hun keten voorkomen.")
    blocks = (Block("paragraph", tagging.passage.text),)
    document = Document("d", blocks, source="a.pdf", dossiernummer="26485", ondernummer="337")
    (annotation, *_) = annotations_of(plain(TaggedDocument([tagging], document)))
    source = annotation["target"]["source"]
    assert source["dcterms:isFormatOf"] == {"id": "https://zoek.officielebekendmakingen.nl/kst-26485-337.html"}
    assert source["format"] == "application/pdf"


@pytest.mark.parametrize("text", [
    "Klimaat: \U0001f30d uitstoot van CO₂ daalt \u2028 </script> \"SDG 13\" \\ \x00 é",
    "Half een teken: \ud83d. De uitstoot van broeikasgassen daalt, SDG 13.",
])  # fmt: skip
def test_any_text_is_written_and_its_code_points_counted(text, tmp_path):
    tagging = nlp.predict(text)
    collection = written([TaggedDocument([tagging], Document("d", (Block("paragraph", text),)))], tmp_path)
    plain_text = text.encode("utf-8", "replace").decode()
    quotes = [target["selector"] for a in collection["first"]["items"] for target in many(a["target"])]
    assert "SDG 13" in [quote["exact"] for quote, *_ in quotes]
    assert all(plain_text[at["start"] : at["end"]] == quote["exact"] for quote, at, *_ in quotes)


def test_an_annotation_stands_on_one_line_and_documents_stream(tagged_sample, tmp_path):
    taken = []

    def documents():
        for number in range(3):
            taken.append(number)
            yield tagged_sample

    collection = written(documents(), tmp_path)
    lines = (tmp_path / "uit.jsonld").read_text(encoding="utf-8").split("\n")
    assert taken == [0, 1, 2]
    assert [json.loads(line.rstrip(","))["id"] for line in lines[1:-2]] == [
        a["id"] for a in collection["first"]["items"]
    ]


def test_nothing_tagged_gives_an_empty_collection(tmp_path):
    collection = written([], tmp_path)
    assert (collection["total"], collection["first"]["items"]) == (0, [])
    assert len(graph_of(collection)) > 0


@pytest.mark.parametrize(
    "name", ["motie.pdf", "Kamerbrief_circulaire_economie.pdf", "09b97518-8d7c-4a90-a090-28e45bc44920.docx"]
)
def test_real_documents_keep_their_places(shared, tmp_path, name):
    tagged = nlp.tag(shared / "pdf" / "real" / name, **({"engine": "pdfium"} if name.endswith("pdf") else {}))
    collection = written([tagged], tmp_path)
    text = tagged.document.text
    assert collection["total"] >= 3
    for annotation in collection["first"]["items"]:
        for target in many(annotation["target"]):
            quote, at = target["selector"][:2]
            assert text[at["start"] : at["end"]] == quote["exact"]
    assert len(set(graph_of(collection).subjects(RDF.type, OA.Annotation))) == collection["total"]
