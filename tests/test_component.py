"""The spaCy component marks tags and citations as spans, in any pipeline, in batches and on disk."""

import subprocess
import sys
from functools import cache
from importlib.metadata import entry_points

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.tokens import Doc, DocBin

import nlp
import nlp.component
from nlp.colours import luminance
from nlp.component import displacy_options
from nlp.dutch.pipeline import dutch_pipeline, new_pipeline
from nlp.errors import ModelNotFound, UnknownName
from nlp.schemes import load_scheme
from tests.conftest import ROOT

CHILDREN = (
    "Bedrijven die cacao inkopen in Ivoorkust moeten kinderarbeid in hun keten voorkomen (Kamerstuk 26 485, nr. 337)."
)
CLIMATE = "SDG 13 vraagt om minder uitstoot van broeikasgassen; zie ook Stb. 2020, 123."
DULL = "De vergadering wordt om elf uur geschorst."


@cache
def pipeline(make=new_pipeline, **config):
    """A pipeline with the component; making one takes longer than all that is done with it here."""
    dutch = make()
    dutch.add_pipe("doelwijzer", config=config)
    return dutch


@pytest.fixture(scope="module")
def dutch():
    return pipeline()


def blank():
    return spacy.blank("nl")


def with_sentencizer():
    dutch = blank()
    dutch.add_pipe("sentencizer")
    return dutch


@pytest.mark.parametrize("make", [new_pipeline, blank, with_sentencizer])
@pytest.mark.parametrize("unit", ["doc", "paragraph", "sentence"])
def test_spans_have_label_uri_score_and_source(make, unit):
    doc = pipeline(make, unit=unit)(CHILDREN)
    expected = nlp.predict(CHILDREN)
    for scheme in ("sdg", "imvo"):
        group = doc.spans[scheme]
        assert [span.label_ for span in group] == [f"{scheme}:{code}" for code in expected.codes(scheme)]
        assert [span.kb_id_ for span in group] == [load_scheme(scheme)[code].uri for code in expected.codes(scheme)]
        assert group.attrs["scores"] == [tag.score for tag in expected.tags if tag.scheme == scheme]
        assert set(group.attrs["sources"]) == {"model"}
        assert {span.text for span in group} == {CHILDREN}
    assert [(t.scheme, t.code, t.score) for t in doc._.tags] == sorted(
        ((t.scheme, t.code, t.score) for t in expected.tags), key=lambda t: (-t[2], t[0])
    )


def test_the_shared_pipeline_takes_the_component_and_documents_are_still_read():
    shared = dutch_pipeline()
    shared.add_pipe("doelwijzer")
    try:
        doc = shared(" ".join([CHILDREN, DULL] * 20))  # long enough to be cut
        assert doc.spans["imvo"][0].label_ == "imvo:kinderarbeid"
    finally:
        shared.remove_pipe("doelwijzer")


def test_citations_have_type_identifier_and_address(dutch):
    doc = dutch(f"{CHILDREN} {CLIMATE}")
    (paper,) = doc.spans["kamerstuk"]
    assert (paper.text, paper.label_, paper.id_) == ("Kamerstuk 26 485, nr. 337", "kamerstuk", "kst-26485-337")
    assert paper.kb_id_ == "https://zoek.officielebekendmakingen.nl/kst-26485-337.html"
    assert [span.id_ for span in doc.spans["citation"]] == ["kst-26485-337", "stb-2020-123"]
    assert doc.spans["citation"].attrs["certainties"] == ["exact", "exact"]


def test_a_mention_is_the_words_themselves(dutch):
    doc = dutch(CLIMATE)  # a group needs its Doc
    group = doc.spans["sdg"]
    assert [
        (s.text, s.label_) for s, source in zip(group, group.attrs["sources"], strict=True) if source == "mention"
    ] == [("SDG 13", "sdg:13")]


def test_a_unit_is_tagged_for_itself():
    text = f"{CHILDREN} {DULL}\n{CLIMATE}"

    def places(unit):
        doc = pipeline(unit=unit)(text)
        return [span.text for span in doc.spans["imvo"] if span.label_ == "imvo:kinderarbeid"]

    assert places("doc") == [text]
    assert places("paragraph") == [f"{CHILDREN} {DULL}"]
    assert places("sentence") == [CHILDREN]


@pytest.mark.parametrize(("text", "paragraphs"), [
    ("Een.\nTwee.", ["Een.", "Twee."]),
    ("Een,\nvervolgd.\n\nTwee.\n \n\n Drie,\r\nvervolgd. ", ["Een,\nvervolgd.", "Twee.", "Drie,\r\nvervolgd."]),
    ("\n\n  \n", []),
    ("", []),
])  # fmt: skip
def test_blank_lines_part_paragraphs_or_else_every_line_end(text, paragraphs):
    doc = pipeline(threshold=0.0)(text)
    found = dict.fromkeys(text[start:end] for start, end in doc.spans["sdg"].attrs.get("offsets", []))
    assert list(found) == paragraphs


def test_a_threshold_of_ones_own_gives_more_or_fewer():
    scores = nlp.predict(CHILDREN).scores("sdg")
    for threshold in (0.0, 0.2, 0.9):
        doc = pipeline(threshold=threshold)(CHILDREN)
        group = doc.spans["sdg"]
        assert {s.label_.removeprefix("sdg:") for s in group} == {
            code for code, score in scores.items() if score >= threshold
        }
        assert group.attrs.get("scores", []) == sorted(group.attrs.get("scores", []), reverse=True)


def test_a_token_that_cuts_through_words_loses_no_span():
    dutch = pipeline.__wrapped__(blank)
    text = "(zie:Kamerstuk26485,nr.337/SDG13)"
    dutch.tokenizer = lambda text: Doc(dutch.vocab, words=[text], spaces=[False])  # one token
    doc = dutch(text)
    assert [span.text for span in doc.spans["citation"]] == [text]
    ((start, end),) = doc.spans["citation"].attrs["offsets"]
    assert text[start:end] == "Kamerstuk26485,nr.337"


WORDS = st.sampled_from(
    [
        "SDG",
        " ",
        "13",
        "\n",
        "Kamerstuk 26 485, nr. 337",
        ".",
        "\t",
        "kinderarbeid",
        "\u2028",
        "é",
        "\U0001f30d",
        "(",
        "klimaat",
    ]
)


@settings(max_examples=25)
@given(st.lists(WORDS, max_size=12).map("".join), st.sampled_from(["doc", "paragraph", "sentence"]))
def test_spans_hold_their_offsets_in_any_text(text, unit):
    doc = pipeline(blank, unit=unit)(text)
    assert doc.text == text
    for group in doc.spans.values():
        for span, (start, end) in zip(group, group.attrs.get("offsets", ()), strict=True):
            assert span.start_char <= start < end <= span.end_char
            assert text[start:end].strip()


def shown(doc):
    return {
        name: [(s.start, s.end, s.label_, s.kb_id_, s.id_) for s in group] + [sorted(group.attrs.items())]
        for name, group in doc.spans.items()
    }


@pytest.mark.parametrize("options", [{"batch_size": 2}, {"batch_size": 1000}, {"n_process": 2, "batch_size": 3}])
def test_batches_give_what_single_texts_give(dutch, options):
    texts = [CHILDREN, "", CLIMATE, DULL, "\n", CHILDREN + "\n" + CLIMATE, DULL]
    for doc, text in zip(dutch.pipe(texts, **options), texts, strict=True):
        assert shown(doc) == shown(dutch(text))


def test_a_doc_survives_bytes_and_disk(dutch):
    doc = dutch(f"{CHILDREN}\n{CLIMATE}")
    packed = DocBin(docs=[doc]).to_bytes()
    (from_bin,) = DocBin().from_bytes(packed).get_docs(dutch.vocab)
    for again in (Doc(dutch.vocab).from_bytes(doc.to_bytes()), from_bin):
        assert shown(again) == shown(doc)
        assert again._.tags == doc._.tags


@pytest.mark.parametrize("make", [new_pipeline, blank])
def test_a_pipeline_on_disk_keeps_its_settings(make, tmp_path):
    dutch = pipeline(make, unit="sentence", threshold=0.3)
    dutch.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    component = again.get_pipe("doelwijzer")
    assert (component.model, component.unit, component.threshold) == ("current", "sentence", 0.3)
    text = f"{CHILDREN} {CLIMATE}"
    assert shown(again(text)) == shown(dutch(text))


def test_spacy_finds_the_component_without_an_import():
    assert {point.name for point in entry_points(group="spacy_factories")} >= {"doelwijzer", "dutch_sentences"}
    code = "import spacy; dutch = spacy.blank('nl'); dutch.add_pipe('doelwijzer'); print(dutch('SDG 13')._.tags)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT.parent, capture_output=True, text=True, check=False)
    assert "sdg:13 1.00 (mention)" in done.stdout, done.stderr


def test_wrong_settings_are_said_at_once():
    with pytest.raises(UnknownName, match=r"Unknown unit 'zin'. Known: doc, paragraph, sentence"):
        pipeline(unit="zin")
    with pytest.raises(ModelNotFound, match="morgen"):
        pipeline(model="morgen")


def test_displacy_draws_labels_colours_and_links(dutch):
    doc = dutch(f"{CHILDREN} {CLIMATE}")
    html = displacy.render(doc, style="span", page=True, jupyter=False, options=displacy_options())
    assert 'href="http://metadata.un.org/sdg/13"' in html
    assert "sdg:13" in html
    assert displacy_options()["colors"]["sdg:13"] in html
    papers = displacy.render(doc, style="span", page=True, jupyter=False, options=displacy_options("kamerstuk"))
    assert 'href="https://zoek.officielebekendmakingen.nl/kst-26485-337.html"' in papers
    assert all(luminance(colour) >= 0.175 for colour in displacy_options()["colors"].values())


@pytest.mark.parametrize("name", ["Kamerbrief_circulaire_economie.pdf", "motie.pdf"])
def test_a_real_document_is_tagged_from_its_text(shared, dutch, name):
    text = nlp.read(shared / "pdf" / "real" / name, engine="pdfium").text
    doc = dutch(text)
    assert doc.text == text
    assert doc.spans["sdg"]
    assert [span.id_ or span.text for span in doc.spans["citation"]] == [
        c.identifier or c.text for c in nlp.find_citations(text)
    ]
