"""What analysts type: the verbs of `import nlp`, as the contract says."""

import json
import pickle
import subprocess
import sys
from dataclasses import asdict
from io import BytesIO

import numpy as np
import pandas as pd
import pytest

import nlp
from nlp.errors import DoelwijzerError, NotText, UnsupportedFormat

KLIMAAT = "Nederland halveert de uitstoot van broeikasgassen in 2030 ten opzichte van 1990."
KINDERARBEID = (
    "Bedrijven moeten kinderarbeid in hun internationale toeleveringsketens voorkomen en daarover verantwoording "
    "afleggen; het kabinet werkt aan een wettelijke verplichting tot gepaste zorgvuldigheid (Kamerstuk 26 485, nr. 337)."
)
PROCEDURE = "De vergadering wordt geschorst van 13.30 uur tot 14.00 uur."


def test_one_text_gives_one_tagging():
    tagging = nlp.predict(KLIMAAT)
    assert tagging.codes("sdg") == ["13"]
    assert tagging.scores("sdg")["13"] > 0.8
    assert tagging.scores("sdg").keys() == {str(n) for n in range(1, 18)}
    assert tagging.passage.text == KLIMAAT
    assert tagging.model.startswith("current-")
    assert "sdg:13" in repr(tagging)


def test_a_list_gives_a_list_with_the_same_answers():
    texts = [KLIMAAT, KINDERARBEID, PROCEDURE, ""]
    assert nlp.predict(texts) == [nlp.predict(text) for text in texts]
    assert nlp.predict(iter(texts)) == nlp.predict(texts)
    assert nlp.predict([]) == []


def test_imvo_and_citations_come_with_it():
    tagging = nlp.predict(KINDERARBEID)
    assert "kinderarbeid" in tagging.codes("imvo")
    assert "8" in tagging.codes("sdg")
    assert [c.identifier for c in tagging.citations] == ["kst-26485-337"]


@pytest.mark.parametrize(
    "text", ["", " ", "\ud800", "\x00", "🌍", "ﬁnancieel\u00ad", "x" * 9_000], ids=lambda t: ascii(t)[:12]
)
def test_odd_text_is_text(text):
    assert nlp.predict(text).passage.text == text


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (None, "A NoneType is no text"),
        (3, "A int is no text"),
        (b"brief", "A bytes is no text"),
        ({"text": KLIMAAT}, "A dict is no text"),
        (pd.DataFrame({"text": [KLIMAAT]}), "A DataFrame is no text"),
        ([KLIMAAT, None], r"Text 1 \(from 0\) is no str but a NoneType"),
        (pd.Series([KLIMAAT, float("nan")], dtype=object), r"Text 1 \(from 0\) is no str but a float"),
        ([[KLIMAAT]], r"Text 0 \(from 0\) is no str but a list"),
    ],
)
def test_what_is_no_text_is_said(texts, said):
    with pytest.raises(NotText, match=said):
        nlp.predict(texts)


def test_texts_of_other_libraries_are_texts():
    assert nlp.predict(pd.Series([KLIMAAT])) == nlp.predict(np.array([KLIMAAT])) == [nlp.predict(KLIMAAT)]


@pytest.mark.parametrize("source", [None, 3, ["brief.pdf"]])
def test_what_is_no_document_is_said(source):
    with pytest.raises(UnsupportedFormat, match="Give one path"):
        nlp.tag(source)
    with pytest.raises(NotText, match="is no text"):
        nlp.find_citations(source)


def test_procedure_is_about_nothing():
    assert nlp.predict(PROCEDURE).tags == ()


def test_what_is_named_is_told_from_what_it_is_about():
    tagging = nlp.predict("Dit raakt aan SDG 8 en aan SDG's 12 en 13.")
    assert tagging.codes("sdg", source="mention") == ["8", "12", "13"]
    mention = tagging.tags[0]
    assert (mention.score, mention.evidence[0].text) == (1.0, "SDG 8")


def test_above_keeps_the_sure_ones():
    tagging = nlp.predict(KINDERARBEID)
    assert all(tag.score >= 0.7 for tag in tagging.above(0.7))
    assert tagging.above(1.01) == ()


def test_evidence_points_into_the_text():
    tag = nlp.predict(KLIMAAT).tags[0]
    assert "broeikasgassen" in [cue.text for cue in tag.evidence[:3]]
    assert all(KLIMAAT[cue.start : cue.end] == cue.text for cue in tag.evidence)


def test_a_letter_is_tagged(tagged_sample, sample):
    assert tagged_sample.document.source == str(sample)
    assert len(tagged_sample) > 20
    assert {"8", "13"} <= {code for tagging in tagged_sample for code in tagging.codes("sdg")}
    frame = tagged_sample.to_frame()
    assert {"passage", "page", "scheme", "code", "score", "text"} <= set(frame.columns)
    assert len(frame) >= len(tagged_sample)
    assert "<table" in tagged_sample._repr_html_()


def test_every_passage_is_a_slice_of_its_document(tagged_sample):
    document = tagged_sample.document
    for tagging in tagged_sample:
        passage = tagging.passage
        assert document.text[passage.start : passage.end] == passage.text
        for citation in tagging.citations:
            assert passage.text[citation.start : citation.end] == citation.text


def test_path_bytes_and_open_file_read_the_same(sample):
    by_path = nlp.read(sample)
    content = sample.read_bytes()
    assert nlp.read(str(sample)).blocks == by_path.blocks
    assert nlp.read(content).blocks == by_path.blocks
    assert nlp.read(BytesIO(content)).blocks == by_path.blocks


def test_records_are_json_and_travel(tagged_sample):
    json.dumps([asdict(t) for t in tagged_sample])
    assert pickle.loads(pickle.dumps(list(tagged_sample))) == list(tagged_sample)


def test_a_model_may_be_loaded_by_name_and_has_the_same_verbs():
    tagger = nlp.load("current")
    assert tagger.predict(KLIMAAT) == nlp.predict(KLIMAAT)
    assert tagger.find_citations("Kamerstuk 26485, nr. 232") == nlp.find_citations("Kamerstuk 26485, nr. 232")
    with pytest.raises(DoelwijzerError, match="No model"):
        nlp.load("morgen")


def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_importing_loads_nothing_heavy():
    heavy = "{'spacy', 'sklearn', 'pdfplumber', 'numpy', 'pandas', 'scipy', 'joblib', 'typer'}"
    assert python(f"import sys, nlp; print({heavy} & set(sys.modules))").strip() == "set()"


def test_nothing_touches_the_network(sample):
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('the network was touched')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        f"import nlp; print(len(nlp.tag({str(sample)!r})) > 0, nlp.predict('schoon water').model)"
    )
    assert python(code).startswith("True current-")
