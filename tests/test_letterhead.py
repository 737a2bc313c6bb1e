"""What a document says of itself, read from its first blocks and its furniture."""

import pytest

from nlp.layout.letterhead import read_date, read_letterhead
from nlp.records import Block, Furniture


def block(text, kind="paragraph", page=1, **more):
    return Block(text=text, kind=kind, page=page, **more)


def column(*texts, page=1, x=470.0):
    """A sender column: one line below the other."""
    return [Furniture(text, page, x, 100 + 12 * nth, x + 90, 110 + 12 * nth) for nth, text in enumerate(texts)]


LETTER = [
    block("Geachte voorzitter,"),
    block("Hierbij bied ik u het jaarbericht over de dijken aan."),
    block("De minister van Infrastructuur en Waterstaat,"),
]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Den Haag, 9 juli 2021", "2021-07-09"),
        ("Datum 31 mrt. 2004", "2004-03-31"),
        ("Voorgesteld 1 APRIL 1999", "1999-04-01"),
        ("ontvangen 03-12-2019", "2019-12-03"),
        ("versie 13/13/2019", None),
        ("op 40 juli 2021 en op 2 augustus 2021", "2021-08-02"),
        ("in juli 2021", None),
    ],
)
def test_dates_become_iso(text, date):
    assert read_date(text) == date


def test_a_letter_with_a_sender_column():
    furniture = column(
        "Ministerie van", "Infrastructuur en", "Waterstaat", "Datum", "3 mei 2022", "Ons kenmerk", "IENW/BSK-2022/1044"
    )
    head = [block("> Retouradres Postbus 20901 2500 EX Den Haag"), block("Betreft Jaarbericht dijken 2021")]
    found = read_letterhead([*head, *LETTER], furniture)
    assert found.kind == "kamerbrief"
    assert found.title == "Jaarbericht dijken 2021"
    assert found.date == "2022-05-03"
    assert found.reference == "IENW/BSK-2022/1044"
    assert found.ministry == "Infrastructuur en Waterstaat"
    assert found.dossiernummer is None


def test_the_value_below_a_label_is_that_of_its_own_column():
    label, other, value = (
        Furniture("Onze referentie", 1, 470, 100, 520, 110),
        Furniture("Nummer 999999", 1, 100, 105, 200, 115),
        Furniture("2022-0001", 1, 470, 112, 520, 122),
    )
    assert read_letterhead(LETTER, [label, other, value]).reference == "2022-0001"


def test_a_letter_without_a_column_gives_its_ministry_in_the_signature():
    assert read_letterhead(LETTER, []).ministry == "Infrastructuur en Waterstaat"
    guest = [*LETTER[:2], block("De minister voor Rechtsbescherming,")]
    assert read_letterhead(guest, []).ministry == "Justitie en Veiligheid"


@pytest.mark.parametrize(
    ("foot", "dossier", "number"),
    [
        ("Tweede Kamer, vergaderjaar 2020–2021, 31 936, nr. 801", "31936", "801"),
        ("Tweede Kamer, vergaderjaar 2020-2021, 35 570 XVII, nr. 12", "35570-XVII", "12"),
        ("Tweede Kamer, vergaderjaar 2020–2021, 21 501-20, nr. 1644", "21501-20", "1644"),
        ("Tweede Kamer, vergaderjaar 2020–2021, 34 356 (R2064), nr. 5", "34356-(R2064)", "5"),
    ],
)
def test_the_foot_of_a_kamerstuk_gives_its_numbers(foot, dossier, number):
    blocks = [
        block(f"{foot.split(', ')[2]} Luchtvaartbeleid", "heading"),
        block(f"Nr. {number} BRIEF VAN DE MINISTER", "heading"),
    ]
    blocks += [block("Den Haag, 12 januari 2021"), block("De luchthaven groeit.")]
    found = read_letterhead(blocks, [Furniture(foot, 1, 50, 800, 300, 810)])
    assert (found.kind, found.dossiernummer, found.ondernummer) == ("kamerstuk", dossier, number)
    assert (found.vergaderjaar, found.date, found.title) == ("2020-2021", "2021-01-12", "Luchtvaartbeleid")


def test_a_motion_is_a_kamerstuk_of_its_own_kind():
    blocks = [
        block("35 925 Nota over de toestand van ’s Rijks financiën", "heading"),
        block("Nr. 33 MOTIE VAN HET LID JANSEN", "heading"),
        block("Voorgesteld 23 september 2021"),
        block("De Kamer,"),
        block("gehoord de beraadslaging,"),
    ]
    found = read_letterhead(blocks, [Furniture("kst-35925-33", 1, 50, 800, 90, 810)])
    assert (found.kind, found.dossiernummer, found.ondernummer, found.date) == ("motie", "35925", "33", "2021-09-23")


def test_an_aanhangsel_has_a_number_and_no_dossier():
    blocks = [
        block("Vragen van het lid De Vries aan de minister over zout strooien.", mark="1033"),
        block("Weet u waar het zout ligt?", "question", mark="1"),
        block("Ja.", "answer", mark="1"),
    ]
    furniture = [
        Furniture("Aanhangsel van de Handelingen", 1, 50, 30, 300, 40),
        Furniture("Tweede Kamer, vergaderjaar 2010–2011, Aanhangsel", 1, 50, 800, 300, 810),
    ]
    found = read_letterhead(blocks, furniture)
    assert (found.kind, found.dossiernummer, found.ondernummer) == ("aanhangsel", None, "1033")
    assert found.vergaderjaar == "2010-2011"
    assert found.title.startswith("Vragen van het lid De Vries")


def test_a_report_is_called_by_its_first_heading_and_the_line_below():
    blocks = [
        block("Warmte uit de bodem", "heading", level=1),
        block("Tussenevaluatie van de regeling"),
        block("Utrecht, 4 maart 2020"),
        block("1 Inleiding", "heading", level=2),
        block("De regeling loopt.", page=2),
        block("2 Slot", "heading", level=2, page=2),
    ]
    found = read_letterhead(blocks, [])
    assert (found.kind, found.date) == ("report", "2020-03-04")
    assert found.title == "Warmte uit de bodem. Tussenevaluatie van de regeling"


def test_nothing_known_is_none():
    found = read_letterhead([block("Zomaar een zin.")], [])
    assert found == read_letterhead([], [])
    assert (found.kind, found.title, found.date) == (None, None, None)
