"""SKOS says what the scheme says, keeps the rules of SKOS, and passes its checker without a warning."""

import csv
import io
import json
import logging
import sys

import pytest

from nlp.errors import MissingExtra
from nlp.schemes import SCHEMES, load_scheme
from nlp.skos import COLUMNS, to_csv, to_json, to_skos

rdflib = pytest.importorskip("rdflib")
SKOS, DC, DCTERMS, RDF, RDFS = (
    getattr(rdflib.namespace, name) for name in ("SKOS", "DC", "DCTERMS", "RDF", "RDFS")
)  # fmt: skip
LANGUAGES = {"nl", "en"}

REGIO = """\
id: regio
title: {nl: "Regio's", en: "Regions"}
version: "1"
uri: "https://example.org/regio"
concepts:
  - {code: "noord", label: {nl: "Noord \\"ver\\" & <koud>", en: "North"}}
  - {code: "noord.1", parent: "noord", label: {nl: "Kust", en: "Coast"}}
  - {code: "z", related: [{to: "imvo:klimaat", match: "exact"}, {to: "regio:noord"}], label: {nl: "Zuid", en: "South"}}
"""


@pytest.fixture
def regio(tmp_path):
    """A scheme of one's own, with quotes and markup in a label."""
    (tmp_path / "regio.yaml").write_text(REGIO, encoding="utf-8")
    return load_scheme(tmp_path / "regio.yaml")


def graph_of(scheme):
    return rdflib.Graph().parse(data=to_skos(scheme), format="turtle")


@pytest.mark.parametrize("name", SCHEMES)
def test_skos_says_the_same_as_the_scheme(name):
    scheme = load_scheme(name)
    graph = graph_of(scheme)
    whole = rdflib.URIRef(scheme.uri)

    def said(subject, relation):
        return sorted((str(o), getattr(o, "language", None) or "") for o in graph.objects(subject, relation))

    assert said(whole, DCTERMS.title) == sorted([(scheme.title_nl, "nl"), (scheme.title_en, "en")])
    assert said(whole, SKOS.hasTopConcept) == sorted((c.uri, "") for c in scheme.top)
    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == len(scheme)
    for concept in scheme:
        this = rdflib.URIRef(concept.uri)
        definitions = [(concept.definition_nl, "nl"), (concept.definition_en, "en")]
        assert said(this, SKOS.prefLabel) == sorted([(concept.label_nl, "nl"), (concept.label_en, "en")])
        assert said(this, SKOS.notation) == [(concept.code, "")]
        assert said(this, SKOS.inScheme) == [(scheme.uri, "")]
        assert said(this, SKOS.scopeNote) == ([(concept.hint, "nl")] if concept.hint else [])
        assert said(this, SKOS.definition) == sorted(pair for pair in definitions if pair[0])
        assert said(this, SKOS.broader) == ([(scheme[concept.parent].uri, "")] if concept.parent else [])
        assert said(this, SKOS.topConceptOf) == ([] if concept.parent else [(scheme.uri, "")])
        assert said(this, SKOS.narrower) == sorted((c.uri, "") for c in scheme.narrower(concept.code))
        assert len(said(this, DC.source)) == len(concept.sources)
        assert said(this, DCTERMS.source) == sorted({(s.url, "") for s in concept.sources if s.url})
        for match in ("exact", "close", "broad", "narrow", "related"):
            others = [load_scheme(step.scheme)[step.code].uri for step in concept.related if step.match == match]
            assert said(this, SKOS[f"{match}Match"]) == sorted((uri, "") for uri in others)


@pytest.mark.parametrize(("theme", "relation", "target"), [
    ("inkoop", "closeMatch", "12.7"),
    ("kinderarbeid", "broadMatch", "8.7"),
    ("kinderarbeid", "relatedMatch", "8"),
])  # fmt: skip
def test_themes_are_matched_with_the_uris_of_the_united_nations(theme, relation, target):
    graph = graph_of(load_scheme("imvo"))
    step = (rdflib.URIRef(f"https://w3id.org/doelwijzer/imvo/{theme}"), SKOS[relation])
    assert rdflib.URIRef(f"http://metadata.un.org/sdg/{target}") in graph.objects(*step)


def test_groups_and_the_source_of_each_step_are_kept():
    graph = graph_of(load_scheme("imvo"))
    members = [len(list(graph.objects(c, SKOS.member))) for c in graph.subjects(RDF.type, SKOS.Collection)]
    notes = {
        str(o) for o in graph.objects(rdflib.URIRef("https://w3id.org/doelwijzer/imvo/inkoop"), SKOS.editorialNote)
    }
    assert sorted(members) == [8, 19]
    assert "closeMatch sdg:12.7: Wording of the target in the 2030 Agenda (A/RES/70/1)" in notes


def test_a_scheme_of_ones_own_is_written_too(regio):
    graph = graph_of(regio)
    south, north = (rdflib.URIRef(f"https://example.org/regio/{code}") for code in ("z", "noord"))
    assert graph.value(south, SKOS.exactMatch) == rdflib.URIRef("https://w3id.org/doelwijzer/imvo/klimaat")
    assert graph.value(south, SKOS.relatedMatch) == north
    assert 'Noord "ver" & <koud>' in {str(o) for o in graph.objects(north, SKOS.prefLabel)}


@pytest.mark.parametrize("name", SCHEMES)
def test_the_integrity_conditions_of_skos_hold(name):
    """https://www.w3.org/TR/skos-reference/, the conditions S9, S14, S27, S46, and what makes a scheme useful."""
    graph = graph_of(load_scheme(name))
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    for concept in concepts:
        labels = list(graph.objects(concept, SKOS.prefLabel))
        assert {label.language for label in labels} == LANGUAGES
        assert len(labels) == 2
        assert all(str(label) == str(label).strip() for label in labels)
        above = set(graph.transitive_objects(concept, SKOS.broader)) - {concept}
        assert above <= concepts
        assert concept not in {up for parent in above for up in graph.objects(parent, SKOS.broader)}
        assert not above & set(graph.objects(concept, SKOS.related))
        exact = set(graph.objects(concept, SKOS.exactMatch))
        assert not exact & (
            set(graph.objects(concept, SKOS.broadMatch)) | set(graph.objects(concept, SKOS.relatedMatch))
        )
        for relation in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch):
            assert not concepts & set(graph.objects(concept, relation))  # mappings lead to other schemes
    assert not concepts & set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    assert not {s for s, p, o in graph if isinstance(s, rdflib.BNode) or isinstance(o, rdflib.BNode)}


@pytest.mark.parametrize("name", SCHEMES)
def test_the_checker_skosify_has_no_warning(name, tmp_path, caplog):
    skosify = pytest.importorskip("skosify")
    (tmp_path / "scheme.ttl").write_text(to_skos(load_scheme(name)), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        checked = skosify.skosify(str(tmp_path / "scheme.ttl"))
    assert caplog.messages == []
    before = graph_of(load_scheme(name))
    assert {triple for triple in before if triple[1] in SKOS} <= set(checked)  # nothing was taken out to mend it


def test_the_checker_would_have_warned(tmp_path, caplog):
    skosify = pytest.importorskip("skosify")
    twice = to_skos(load_scheme("imvo")).replace('"Child labour"@en', '"Child labour"@en, "Young workers"@en')
    (tmp_path / "scheme.ttl").write_text(twice, encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        skosify.skosify(str(tmp_path / "scheme.ttl"))
    assert "kinderarbeid" in caplog.text


@pytest.mark.parametrize("name", SCHEMES)
def test_json_is_the_same_graph_and_reads_as_plain_json(name):
    scheme = load_scheme(name)
    text = to_json(scheme)
    assert set(rdflib.Graph().parse(data=text, format="json-ld")) == set(graph_of(scheme))
    plain = json.loads(text)
    assert [c["notation"] for c in plain["concepts"]] == [c.code for c in scheme]
    assert plain["concepts"][0]["prefLabel"] == {"nl": scheme.concepts[0].label_nl, "en": scheme.concepts[0].label_en}


@pytest.mark.parametrize("name", SCHEMES)
def test_the_table_has_a_row_per_concept(name):
    scheme = load_scheme(name)
    rows = list(csv.DictReader(io.StringIO(to_csv(scheme))))
    assert tuple(rows[0]) == COLUMNS
    assert [(r["code"], r["uri"], r["broader"] or None, r["label_nl"]) for r in rows] == [
        (c.code, c.uri, c.parent, c.label_nl) for c in scheme
    ]


def test_what_is_written_is_the_same_each_time():
    assert to_skos(load_scheme("sdg")) == to_skos(load_scheme("sdg"))


def test_without_rdflib_the_extra_is_named_and_json_still_comes(monkeypatch):
    monkeypatch.setitem(sys.modules, "rdflib", None)
    with pytest.raises(MissingExtra, match=r"pip install 'doelwijzer\[rdf\]'"):
        to_skos(load_scheme("sdg"))
    assert to_json(load_scheme("sdg"))
