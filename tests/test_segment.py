"""Passages are slices of the document, whole where they can be, balanced where they cannot."""

import re
from itertools import pairwise

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.dutch.pipeline import dutch_pipeline
from nlp.records import Block, Box, Document, NoteRef
from nlp.segment import MAX_WORDS, MIN_WORDS, UNTAGGED, passage_of, segment

SENTENCE = "Het kabinet onderschrijft dit advies van de SER en komt er in het najaar op terug. "  # 16 words


def boxed(text, page=1):
    """One box for each word, as a PDF gives them."""
    return tuple(
        Box(m.start(), m.end(), page, 10.0 * n, 20.0, 10.0 * n + 9, 30.0)
        for n, m in enumerate(re.finditer(r"\S+", text))
    )


def block(kind, text, page=1, **more):
    return Block(kind, text, page=page, boxes=boxed(text, page), **more)


def cut(*blocks):
    return list(segment(Document("brief", blocks)))


def words(passage):
    return len(passage.text.split())


def test_a_paragraph_is_a_passage():
    one, two = cut(block("paragraph", "De eerste alinea."), block("paragraph", "De tweede alinea."))
    assert (one.text, two.text) == ("De eerste alinea.", "De tweede alinea.")
    assert (one.kind, one.document, one.pages, one.heading) == ("paragraph", "brief", (1,), None)


def test_a_long_paragraph_is_cut_into_equal_parts_at_sentence_ends():
    passages = cut(block("paragraph", (SENTENCE * 25).strip()))
    assert [words(p) for p in passages] == [128, 128, 144]
    assert all(p.text.startswith("Het kabinet") and p.text.endswith("terug.") for p in passages)


def test_no_stub_is_cut_off():
    (only,) = cut(block("paragraph", "Het " + "lange " * 174 + "verhaal. Dat is een hele goede zaak."))
    assert words(only) == 182


def test_a_sentence_that_is_too_long_is_cut_behind_its_semicolons():
    motie = "De Kamer, gehoord de beraadslaging, " + "; ".join(["overwegende dat " + "woord " * 50] * 6) + "."
    assert [words(p) for p in cut(block("paragraph", motie))] == [164, 159]


def test_words_without_any_end_stay_whole():
    (only,) = cut(block("paragraph", "woord " * 400))
    assert words(only) == 400


@pytest.mark.parametrize(
    "lead",
    [
        "De inzet is drieledig:",
        "De inzet richt zich op",
        "Het kabinet neemt de volgende maatregelen.",
        "Hieronder staan de stappen.",
    ],
)
def test_list_items_stay_with_their_lead_in(lead):
    passages = cut(
        block("paragraph", lead),
        block("list_item", "voorlichting;", mark="-"),
        block("list_item", "toezicht.", mark="-"),
        block("paragraph", "Daarna volgt evaluatie."),
    )
    assert [p.text for p in passages] == [f"{lead}\nvoorlichting;\ntoezicht.", "Daarna volgt evaluatie."]
    assert passages[0].kind == "paragraph"


def test_a_list_without_lead_in_stands_by_itself():
    passages = cut(block("paragraph", "Dit is af."), block("list_item", "een"), block("list_item", "twee"))
    assert [(p.kind, p.text) for p in passages] == [("paragraph", "Dit is af."), ("list_item", "een\ntwee")]


def test_a_long_list_is_cut_between_items_and_keeps_its_first_item_with_the_lead_in():
    items = [block("list_item", f"maatregel {n} " + "woord " * 38 + "einde;") for n in range(10)]
    passages = cut(block("paragraph", SENTENCE + "De maatregelen zijn:"), *items)
    assert passages[0].text.startswith("Het kabinet")
    assert "De maatregelen zijn:\nmaatregel 0" in passages[0].text
    assert [p.kind for p in passages] == ["paragraph", "list_item", "list_item"]
    assert all(p.text.startswith("maatregel") for p in passages[1:])
    assert max(map(words, passages)) <= MAX_WORDS


def test_questions_and_answers_are_passages_of_their_own():
    passages = cut(block("question", "Klopt dit?", mark="Vraag 1"), block("answer", "Ja.", mark="Antwoord 1"))
    assert [(p.kind, p.text) for p in passages] == [("question", "Klopt dit?"), ("answer", "Ja.")]


def test_headings_travel_as_context_and_contents_are_skipped():
    passages = cut(
        block("toc", "1 Handel 3"),
        block("heading", "Handel", level=1),
        block("paragraph", "Eerst."),
        block("heading", "Ketens\nwereldwijd", level=2),
        block("paragraph", "Dan."),
        block("heading", "Zonder niveau"),
        block("paragraph", "Ook."),
        block("heading", "Zorg", level=1),
        block("paragraph", "Tot slot."),
    )
    assert [(p.text, p.heading) for p in passages] == [
        ("Eerst.", "Handel"),
        ("Dan.", "Handel › Ketens wereldwijd"),
        ("Ook.", "Handel › Ketens wereldwijd › Zonder niveau"),
        ("Tot slot.", "Zorg"),
    ]


def test_a_table_stays_whole():
    (only,) = cut(block("table", "rij met cijfers. Nog een rij. \n" * 100))
    assert only.kind == "table"
    assert words(only) == 600


def test_a_footnote_knows_the_passage_with_its_marker():
    long = (SENTENCE * 20).strip()
    passages = cut(
        block("heading", "Inzet", level=1),
        block("paragraph", long, notes=(NoteRef("1", len(SENTENCE) * 10 - 1), NoteRef("2", len(long)))),
        block("footnote", "Zie het advies.", mark="1", page=2),
        block("footnote", "Idem.", mark="2", page=2),
        block("footnote", "Zonder verwijzing.", mark="9", page=2),
    )
    first, second, *notes = passages
    assert [(n.mark, n.anchor, n.heading) for n in notes] == [
        ("1", first.id, "Inzet"),
        ("2", second.id, "Inzet"),
        ("9", None, None),
    ]


def test_marks_that_start_anew_on_each_page_are_told_apart():
    one, two, on_two, on_one = cut(
        block("paragraph", "Op bladzijde een.", notes=(NoteRef("1", 17),)),
        block("paragraph", "Op bladzijde twee.", page=2, notes=(NoteRef("1", 18),)),
        block("footnote", "Noot van twee.", page=2, mark="1"),
        block("footnote", "Noot van een.", page=1, mark="1"),
    )
    assert (on_one.anchor, on_two.anchor) == (one.id, two.id)


def test_the_same_text_twice_gets_two_ids():
    one, two, three = cut(*[block("answer", "Ja.")] * 3)
    assert (two.id, three.id) == (f"{one.id}-2", f"{one.id}-3")


def test_a_passage_over_a_page_break_has_both_pages():
    text = "Deze alinea loopt door."
    boxes = tuple(Box(b.start, b.end, 1 if b.start < 10 else 2, b.x0, b.top, b.x1, b.bottom) for b in boxed(text))
    (only,) = cut(Block("paragraph", text, page=1, boxes=boxes))
    assert only.pages == (1, 2)


def test_a_document_without_pages_has_passages_without_pages():
    (only,) = segment(Document("tekst", (Block("paragraph", "Zonder pagina."),)))
    assert (only.pages, only.boxes) == ((), ())


def test_a_text_by_itself_is_one_passage():
    passage = passage_of("Nederland halveert de uitstoot.\n\nIn 2030.")
    assert (passage.document, passage.start, passage.end) == ("text", 0, 41)
    assert passage.id == passage_of("nederland halveert  de uitstoot. In 2030.").id


def test_any_spacy_pipeline_may_cut():
    document = Document("brief", (block("paragraph", "Dat blijkt uit art. 3 jl.² De Kamer is ingelicht. " * 30),))
    stock = spacy.blank("nl")
    stock.add_pipe("dutch_sentences")
    assert list(segment(document, stock)) == list(segment(document, dutch_pipeline())) == list(segment(document))


WORDS = st.sampled_from(
    [
        "de",
        "Het",
        "kabinet",
        "art.",
        "nr.",
        "beleid.",
        "zo?",
        "(zie",
        "bijlage)",
        "jl.",
        "‘wij",
        "doen’",
        "en;",
        "3.",
        "\n",
    ]
)
TEXTS = st.lists(WORDS, max_size=40).flatmap(lambda some: st.integers(1, 12).map(lambda n: " ".join(some * n)))
KINDS = st.sampled_from(
    ["heading", "paragraph", "paragraph", "list_item", "list_item", "question", "answer", "table", "caption", "toc"]
)
NOTES = st.lists(st.builds(NoteRef, st.sampled_from("123"), st.integers(0, 200)), max_size=2).map(tuple)
BLOCKS = st.builds(
    lambda kind, text, page, level, notes: block(kind, text, page, level=level, notes=notes),
    KINDS, TEXTS, st.integers(1, 3), st.none() | st.integers(1, 3), NOTES,
)  # fmt: skip
FOOTNOTES = st.builds(lambda mark, text: block("footnote", text, mark=mark), st.sampled_from("123"), TEXTS)
DOCUMENTS = st.builds(
    lambda blocks, notes: Document("d", tuple(blocks + notes)),
    st.lists(BLOCKS, max_size=8),
    st.lists(FOOTNOTES, max_size=2),
)


@settings(deadline=None)
@given(DOCUMENTS)
def test_every_character_lies_in_exactly_one_passage(document):
    passages = list(segment(document))
    text = document.text
    covered = [n for p in passages for n in range(p.start, p.end) if not text[n].isspace()]
    at, wanted = 0, []
    for piece in document.blocks:
        if piece.kind not in UNTAGGED:
            wanted += [n for n in range(at, at + len(piece.text)) if not text[n].isspace()]
        at += len(piece.text) + 1
    assert covered == wanted


@settings(deadline=None)
@given(DOCUMENTS)
def test_passages_are_slices_in_order_with_boxes_and_ids_of_their_own(document):
    passages = list(segment(document))
    assert all(document.text[p.start : p.end] == p.text == p.text.strip() != "" for p in passages)
    assert all(one.end <= two.start for one, two in pairwise(passages))
    assert len({p.id for p in passages}) == len(passages)
    for p in passages:
        assert [p.text[b.start : b.end] for b in p.boxes] == p.text.split()
        assert p.pages == tuple(sorted({b.page for b in p.boxes}))


@settings(deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=60))
def test_parts_are_neither_too_long_nor_too_short(lengths):
    text = " ".join("Aa " + "bb " * (n - 1) + "cc." for n in lengths)
    parts = [words(p) for p in cut(block("paragraph", text))]
    assert max(parts) < MAX_WORDS + MIN_WORDS + 60
    assert len(parts) == 1 or min(parts) >= MIN_WORDS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("De Minister voor Buitenlandse Handel en Ontwikkelingssamenwerking,", False),
        ("de staatssecretaris van Economische Zaken en Klimaat", False),
        ("Hoogachtend,\nDe minister van Klimaat en Groene Groei,\nA.B. van der Berg", False),
        ("Mede namens de Minister van Landbouw, Natuur en Voedselkwaliteit,", False),
        ("Hoogachtend,", False),
        ("De Minister van Economische Zaken en Klimaat heeft dit toegezegd.", True),
        ("De minister verlaagt de uitstoot.", True),
        ("De Minister", False),
        ("Hoogachtend stelt de minister dit vast.", True),
    ],
)
def test_who_signed_is_no_passage(text, said):
    assert bool(cut(block("paragraph", text))) == said
