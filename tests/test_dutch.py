"""Sentence ends of official Dutch, by themselves and as a spaCy component."""

import importlib.util
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nlp.dutch.abbreviations import KINDS, NAME_PREFIXES, ORGANISATIONS, STARTERS
from nlp.dutch.pipeline import dutch_pipeline
from nlp.dutch.sentences import sentence_ends, sentences
from nlp.errors import ModelNotFound

OWN = Path(__file__).parent / "data" / "segmentation" / "own.txt"
SHARED = Path(__file__).parent.parent.parent / "shared" / "segmentation"


def paragraphs(path):
    """Paragraphs of a gold file as lists of sentences; '‖' marks an optional end."""
    return [paragraph.split("\n") for paragraph in path.read_text(encoding="utf-8").strip().split("\n\n")]


def split(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize("wanted", paragraphs(OWN), ids=lambda wanted: wanted[0][:40])
def test_sentences_end_where_a_reader_ends_them(wanted):
    assert split(" ".join(wanted)) == wanted


def test_spacy_finds_the_same_sentences():
    dutch = dutch_pipeline()
    for wanted in paragraphs(OWN):
        assert [sent.text for sent in dutch(" ".join(wanted)).sents] == wanted


@pytest.mark.parametrize(("name", "least"), [("letter", 0.99), ("hard", 0.95)])
def test_shared_gold(name, least):
    if not SHARED.exists():
        pytest.skip("needs ../shared/segmentation")
    spec = importlib.util.spec_from_file_location("segmentation_score", SHARED / "score.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    dutch = dutch_pipeline()
    found = scorer.score(lambda text: [s.end_char for s in dutch(text).sents], scorer.load(SHARED / f"{name}.txt"))
    assert found["f1"] >= least, found["errors"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        (" \n ", []),
        ("Zonder punt", ["Zonder punt"]),
        ("  Ja.  Nee. ", ["Ja.", "Nee."]),
        ("Eerste alinea\n\nTweede alinea", ["Eerste alinea", "Tweede alinea"]),
        ("Het gaat om:\n- voorlichting\n- toezicht", ["Het gaat om:", "- voorlichting", "- toezicht"]),
        ("Dat is beleid.Het kabinet blijft erbij.", ["Dat is beleid.", "Het kabinet blijft erbij."]),
        ("De brief (nr. 3).Hiermee is dat gedaan.", ["De brief (nr. 3).", "Hiermee is dat gedaan."]),
        ("Het Min.Fin. zag toe op Booking.Com en meer.", ["Het Min.Fin. zag toe op Booking.Com en meer."]),
        ("Dat is geregeld. 2 De wet geldt.", ["Dat is geregeld. 2", "De wet geldt."]),
        ("Dat is geregeld. ² De wet geldt.", ["Dat is geregeld. ²", "De wet geldt."]),
    ],
)
def test_odd_layout(text, wanted):
    assert split(text) == wanted


def test_words_are_not_glued_to_the_full_stop():
    dutch = dutch_pipeline()
    words = ["dat", "pas", "kon", "top", "zo", "al", "u"]
    assert [[t.text for t in dutch(f"{word}.")] for word in words] == [[word, "."] for word in words]


@pytest.mark.parametrize(
    "text",
    [
        "mld.", "mln.", "sept.", "feb.", "jl.", "incl.", "nr.", "art.", "m.b.t.", "M.b.t.", "d.d.", "c.s.", "Stb.", "mr.", "o.a.",
        "J.P.H.", "3.2", "1.000", "C-110/14", "2018/19", "km²", "SDG's", "ngo’s", "'s-Gravenhage", "t/m", "www.rvo.nl", "info@rvo.nl",
    ],
)  # fmt: skip
def test_what_belongs_together_is_one_token(text):
    assert [t.text for t in dutch_pipeline()(f"{text} is")] == [text, "is"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("geven.²", ["geven", ".", "²"]),
        ("geven.2", ["geven", ".", "2"]),
        ("geven.[2]", ["geven", ".", "[", "2", "]"]),
        ("IMVO⁴,", ["IMVO", "⁴", ","]),
        ("(nr. 326).4", ["(", "nr.", "326", ")", ".", "4"]),
        ("beleid.”⁴", ["beleid", ".", "”", "⁴"]),
        ("¹Zie", ["¹", "Zie"]),
        ("(lid 8)", ["(", "lid", "8", ")"]),
        ("nr.12", ["nr.", "12"]),
        ("beleid.Het", ["beleid", ".", "Het"]),
    ],
)
def test_markers_and_brackets_are_tokens(text, tokens):
    assert [t.text for t in dutch_pipeline()(text)] == tokens


def test_the_component_serves_other_pipelines():
    other = spacy.blank("nl")
    other.add_pipe("dutch_sentences")
    assert [s.text for s in other("  Dat geven.² De Kamer zag dat. Het is zo.").sents] == [
        "  Dat geven.²", "De Kamer zag dat.", "Het is zo.",
    ]  # fmt: skip


def test_an_installed_pipeline_may_be_named(tmp_path):
    trained = spacy.blank("nl")
    trained.add_pipe("sentencizer")
    trained.to_disk(tmp_path)
    dutch = dutch_pipeline(str(tmp_path))
    assert dutch.pipe_names == ["dutch_sentences"]
    assert len(list(dutch("Zie art. 3. Dat is alles.").sents)) == 2


def test_a_saved_pipeline_loads_again(tmp_path):
    dutch_pipeline().to_disk(tmp_path)
    assert [t.text for t in spacy.load(tmp_path)("geven.² Dat. 3 mld.")] == ["geven", ".", "²", "Dat", ".", "3", "mld."]


def test_a_pipeline_that_is_not_installed_says_how_to_get_it():
    with pytest.raises(ModelNotFound, match="python -m spacy download nl_core_news_xyz"):
        dutch_pipeline("nl_core_news_xyz")


def test_the_pipeline_is_made_once():
    assert dutch_pipeline() is dutch_pipeline()


@pytest.mark.parametrize("kind", ["never", "title"])
def test_nothing_ends_behind_an_abbreviation_that_wants_more(kind):
    words = [word for word, of in KINDS.items() if of == kind]
    assert [w for w in words if len(sentence_ends(f"Dit is het {w}. Amsterdam zag het.")) != 1] == []


@settings(deadline=None)
@given(
    st.sampled_from([w for w, kind in KINDS.items() if kind == "open"]), st.sampled_from(["Daarin", "Amsterdam", "Zij"])
)
def test_a_sentence_ends_behind_an_abbreviation_that_closes(word, following):
    assert split(f"Het was {word}. {following} zag het.") == [f"Het was {word}.", f"{following} zag het."]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from("ABDEFGHJKLMRSTVW"), min_size=1, max_size=4),
    st.booleans(),
    st.sampled_from(["De Wit", "Bos"]),
)
def test_initials_never_end_a_sentence(letters, spaced, name):
    assume(".".join(letters).lower() not in ORGANISATIONS)
    initials = (". " if spaced else ".").join(letters) + "."
    text = f"Namens de Kamer sprak {initials} {name} over dit punt."
    assert split(text) == [text]


@settings(deadline=None)
@given(st.sampled_from(sorted(STARTERS - NAME_PREFIXES)), st.integers(1, 999))
def test_a_footnote_number_belongs_to_the_sentence_before(starter, number):
    assert split(f"Dat is beleid.{number} {starter} is zo.") == [f"Dat is beleid.{number}", f"{starter} is zo."]


PIECES = st.sampled_from(
    ["De", "de", "art", "nr", "jl", "J", "3", "2020", "SDG's", "www.rvo.nl", "(", ")", "‘", "’", '"', "«", "»", ".", "…", "?", ";", ":", "²",
     "[1]", "a", "-", "•", "\n", "\n\n", " ", "\u00a0", "'s", "é"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).flatmap(lambda some: st.sampled_from(["", " "]).map(lambda glue: glue.join(some)))


@settings(deadline=None)
@given(TEXTS | st.text(max_size=80))
def test_ends_rise_and_the_last_is_the_end_of_the_text(text):
    ends = sentence_ends(text)
    assert all(one < two for one, two in pairwise([0, *ends]))
    assert ends[-1:] == ([len(text.rstrip())] if text.strip() else [])
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in sentences(text))


@settings(deadline=None)
@given(TEXTS)
def test_spacy_sentences_cover_the_text(text):
    doc = dutch_pipeline()(text)
    assert "".join(s.text_with_ws for s in doc.sents) == text
