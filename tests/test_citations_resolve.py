"""References back find the document cited last, in the order in which a reader meets them, or are left out."""

import pytest

from nlp.citations import find_citations, find_in_document, in_passage
from nlp.records import Block, Document, NoteRef, Passage


def identifiers(text):
    return [c.identifier for c in find_citations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zie Kamerstuk 26485, nr. 3 (idem, p. 4).", ["kst-26485-3", "kst-26485-3"]),
        ("Zie Kamerstuk 26485, nr. 3 en idem, nrs. 4 en nr. 5.", ["kst-26485-3", "kst-26485-4", "kst-26485-5"]),
        ("Kamerstuk 26485, nr. 3. De genoemde brief (nr. 4) volgt.", ["kst-26485-3", "kst-26485-4"]),
        ("Kamerstuk 26485, nr. 3. De voornoemde brief is kort.", ["kst-26485-3", "kst-26485-3"]),
        ("Kamerstuk 26485, nr. 3 en 30 196, nr. 5. De voornoemde brief is kort.", ["kst-26485-3", "kst-30196-5"]),
        ("Kamerstuk 26485, nr. 3. De voornoemde motie van het lid Jansen is verworpen.", ["kst-26485-3"]),
        ("Kamerstuk 26485, nrs. 3-5. Idem, p. 4.", ["kst-26485-3", "kst-26485-4", "kst-26485-5"]),
        ("Idem, p. 4. Zie Kamerstuk 26485, nr. 3.", ["kst-26485-3"]),
        ("Kamerstuk 26485, nr. 3." + " Tekst." * 600 + " Idem, p. 4.", ["kst-26485-3"]),
        ("Voor wonen 12%, voor zorg idem; Kamerstuk 26485, nr. 3.", ["kst-26485-3"]),
        ("Kamerstuk 26485, nr. 3. De situatie aldaar is bekend.", ["kst-26485-3"]),
        ("Kamerstuk 26485, nr. 3. In voornoemd Kamerstuk 30 196, nr. 5 staat meer.", ["kst-26485-3", "kst-30196-5"]),
        ("ECLI:NL:HR:2019:2006; idem, p. 3.", ["ECLI:NL:HR:2019:2006", "ECLI:NL:HR:2019:2006"]),
        ("Stb. 2020, 12; idem, nr. 13.", ["stb-2020-12", "stb-2020-13"]),
    ],
)
def test_a_reference_is_resolved_or_left_out(text, expected):
    assert identifiers(text) == expected


def test_chamber_and_year_are_carried_on_and_the_page_is_not():
    last = find_citations("Kamerstukken II 2019/20, 26485, nr. 326, p. 3; idem, nr. 327.")[-1]
    assert (last.kamer, last.vergaderjaar, last.ondernummer, last.page) == ("II", "2019-2020", "327", None)


def test_an_address_behind_a_citation_does_not_take_its_year_away():
    text = "Kamerstukken II 2019/20, 26485, nr. 326 (https://zoek.officielebekendmakingen.nl/kst-26485-326.html); idem, p. 4."
    assert find_citations(text)[-1].vergaderjaar == "2019-2020"


def document(*blocks):
    return Document("d", tuple(blocks))


def paragraph(text, *notes):
    return Block("paragraph", text, notes=tuple(NoteRef(mark, offset) for mark, offset in notes))


def footnote(mark, text):
    return Block("footnote", text, mark=mark)


def found(doc):
    citations = find_in_document(doc)
    assert all(doc.text[c.start : c.end] == c.text for c in citations)
    return [(c.identifier, c.page) for c in citations]


def test_a_note_refers_to_the_note_before_it():
    doc = document(
        paragraph("Eerst dit en dan dat (Kamerstuk 30196, nr. 5).", ("1", 9), ("2", 20)),
        footnote("1", "Kamerstuk 26485, nr. 3, p. 5."),
        footnote("2", "Ibid., p. 9."),
    )
    assert found(doc) == [("kst-30196-5", None), ("kst-26485-3", "5"), ("kst-26485-3", "9")]


def test_the_first_note_refers_to_the_text_before_its_marker():
    doc = document(
        paragraph("Zie Kamerstuk 26485, nr. 3. Later ook Kamerstuk 30196, nr. 5.", ("1", 27)),
        footnote("1", "Idem, p. 9."),
    )
    assert found(doc)[-1] == ("kst-26485-3", "9")


def test_a_note_without_citation_breaks_the_chain():
    doc = document(
        paragraph("Een twee drie.", ("1", 3), ("2", 7), ("3", 12)),
        footnote("1", "Kamerstuk 26485, nr. 3."),
        footnote("2", "Jansen, Recht en praktijk, p. 12."),
        footnote("3", "Ibid., p. 9."),
    )
    assert found(doc) == [("kst-26485-3", None)]


def test_running_text_passes_over_notes_unless_they_cite_something_else():
    text = "In Kamerstuk 26485, nr. 3 staat het. Voornoemd Kamerstuk is kort."
    same = document(paragraph(text, ("1", 36)), footnote("1", "Kamerstuk 26485, nr. 3."))
    other = document(paragraph(text, ("1", 36)), footnote("1", "Kamerstuk 30196, nr. 5."))
    assert found(same)[:2] == [("kst-26485-3", None), ("kst-26485-3", None)]
    assert found(other) == [("kst-26485-3", None), ("kst-30196-5", None)]


def test_no_citation_runs_from_one_block_into_the_next():
    assert found(document(paragraph("Zie Kamerstuk 26485, nr."), paragraph("3 van de stukken"))) == [(None, None)]


def test_a_passage_has_its_own_offsets():
    doc = document(paragraph("Eerste alinea."), paragraph("Zie Kamerstuk 26485, nr. 3."))
    start = doc.text.index("Zie")
    passage = Passage("p", "d", "paragraph", (1,), start, len(doc.text), doc.text[start:])
    (citation,) = in_passage(find_in_document(doc), passage)
    assert passage.text[citation.start : citation.end] == "Kamerstuk 26485, nr. 3"
