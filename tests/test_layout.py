"""Words of pages become the blocks a reader sees. The pages are set here word by word, so every edge is known."""

import importlib.util
import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.layout import lay_out
from nlp.layout.letterhead import read_date
from nlp.pdf import PageWords, Rule, Word, read_pages
from nlp.records import BLOCK_BREAK, BLOCK_KINDS, NoteRef

SHARED = Path(__file__).parent.parent.parent / "shared" / "pdf"
CASES = json.loads((Path(__file__).parent / "data" / "layout" / "pages.json").read_text(encoding="utf-8"))
EM = 0.5  # width of every character in em, the space too


@dataclass
class Paper:
    """A page to set words on; sizes in points."""

    number: int = 1
    width: float = 595
    height: float = 842
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    fills: list[Rule] = field(default_factory=list)

    def line(self, x, y, text, size=10.0, *, bold=False, italic=False, raised=0.0):
        """Set one line with its baseline at y; returns where it ends. "^3" sets a footnote mark."""
        for token in text.split(" "):
            glued = False
            for nth, piece in enumerate(token.split("^")):
                small = nth > 0
                this = size * 0.6 if small else size
                base = y - size * 0.35 if small else y - raised
                wide = len(piece) * this * EM
                if piece:
                    self.words.append(
                        Word(piece, x, base - 0.75 * this, x + wide, base + 0.25 * this, this,
                             "Serif", bold, italic, base, glued)
                    )  # fmt: skip
                x += wide
                glued = True
            x += size * EM
        return x - size * EM

    def lines(self, x, y, texts, size=10.0, pitch=12.0, **style):
        for nth, text in enumerate(texts):
            self.line(x, y + nth * pitch, text, size, **style)
        return y + len(texts) * pitch

    def page(self):
        return PageWords(
            self.number, self.width, self.height, tuple(self.words), tuple(self.rules), fills=tuple(self.fills)
        )


def prose(*widths, word="woord"):
    """Lines of so many words each; the last ends with a full stop."""
    lines = [" ".join([word] * width) for width in widths]
    return [*lines[:-1], lines[-1] + "."]


def texts(layout, kind=None):
    return [block.text for block in layout.blocks if kind is None or block.kind == kind]


def the_same(lines):
    return " ".join(lines)


def test_a_paragraph_runs_on_over_footnotes_and_a_page_break():
    first, second = Paper(1), Paper(2)
    first.lines(
        70,
        100,
        ["De heer sprak lang over het beleid van de minister", "en over de gevolgen daarvan^1 voor de bewoners van"],
    )
    first.rules.append(Rule(70, 700, 180, 700.5))
    first.lines(70, 712, ["^1 Kamerstuk 31 839, nr. 780, over de wachttijden van"], size=8, pitch=9)
    second.lines(70, 100, ["het noorden, die al jaren wachten op een besluit over", "hun huizen."])
    second.line(70, 150, "De minister zegt toe dat het besluit nog dit jaar valt.")
    second.rules.append(Rule(70, 700, 180, 700.5))
    second.lines(70, 712, ["gemeenten in het noorden van het land."], size=8, pitch=9)
    layout = lay_out([first.page(), second.page()])
    whole = (
        "De heer sprak lang over het beleid van de minister en over de gevolgen daarvan voor de bewoners van "
        "het noorden, die al jaren wachten op een besluit over hun huizen."
    )
    assert texts(layout, "paragraph") == [whole, "De minister zegt toe dat het besluit nog dit jaar valt."]
    assert layout.blocks[0].notes == (NoteRef("1", whole.index(" voor de bewoners")),)
    note = layout.blocks[-1]
    assert (note.kind, note.mark) == ("footnote", "1")
    assert note.text == "Kamerstuk 31 839, nr. 780, over de wachttijden van gemeenten in het noorden van het land."
    assert {box.page for box in layout.blocks[0].boxes} == {1, 2}


def test_two_columns_are_read_one_after_the_other():
    paper = Paper()
    paper.line(70, 80, "Een kop over de hele breedte van de pagina", 16, bold=True)
    left, right = prose(8, 8, 8, 8, 3, word="links"), prose(8, 8, 8, 8, 4, word="rechts")
    paper.lines(70, 110, left, size=8)
    paper.lines(310, 110, right, size=8)
    assert texts(lay_out([paper.page()]))[1:] == [the_same(left), the_same(right)]


def test_two_columns_on_different_lines_are_read_one_after_the_other():
    paper = Paper()
    left, right = prose(8, 8, 8, 8, 3, word="links"), prose(8, 8, 8, 8, 4, word="rechts")
    paper.lines(70, 110, left, size=8)
    paper.lines(310, 115, right, size=8)
    assert texts(lay_out([paper.page()])) == [the_same(left), the_same(right)]


@pytest.mark.parametrize("side", [60, 430])
def test_the_sender_column_stands_apart_on_either_side(side):
    pages = []
    body = 200 if side == 60 else 60
    for number in (1, 2):
        paper = Paper(number)
        paper.lines(
            side, 100, ["Directie Water", "", "Onze referentie", f"IENW/BSK-2021/{147803}"][:4], size=7, pitch=9
        )
        for nth in range(6):
            paper.lines(body, 103 + 60 * nth, prose(9, 9, 9, 4), size=9)
        paper.line(body, 800, f"Pagina {number} van 2", 7)
        pages.append(paper.page())
    layout = lay_out(pages)
    assert set(texts(layout)) == {the_same(prose(9, 9, 9, 4))}
    assert layout.reference == "IENW/BSK-2021/147803"
    assert {"Directie Water", "Onze referentie", "Pagina 2 van 2"} <= {line.text for line in layout.furniture}


def test_a_table_is_one_block_with_its_cells_in_order():
    paper = Paper()
    paper.lines(70, 100, prose(12, 12, 12, 4))
    paper.line(70, 160, "Tabel 1: Uitvoer per groep", 9, bold=True)
    for nth, row in enumerate(
        [("Groep", "2019", "2020"), ("Voeding", "18,4", "11,2"), ("Delfstoffen", "13,7", "17,9")]
    ):
        for x, cell in zip((70, 200, 300), row, strict=True):
            paper.line(x, 176 + 14 * nth, cell, 9)
    paper.lines(70, 240, prose(12, 12, 12, 4))
    layout = lay_out([paper.page()])
    assert [block.kind for block in layout.blocks] == ["paragraph", "caption", "table", "paragraph"]
    assert layout.blocks[2].text == "Groep | 2019 | 2020 ; Voeding | 18,4 | 11,2 ; Delfstoffen | 13,7 | 17,9"


def test_a_grid_of_rules_is_a_table_whatever_its_cells_hold():
    paper = Paper()
    cells = {(0, 0): ["Maatregel"], (0, 1): ["Toelichting"], (1, 0): ["Subsidie voor", "isolatie"],
             (1, 1): ["Eigenaren krijgen een", "derde van de kosten", "vergoed"]}  # fmt: skip
    for (row, column), lines in cells.items():
        paper.lines(80 + 150 * column, 112 + 30 * row, lines, size=9, pitch=11)
    for y in (100, 128, 180):
        paper.rules.append(Rule(75, y, 400, y + 0.5))
    for x in (75, 225, 400):
        paper.rules.append(Rule(x, 100, x + 0.5, 180))
    paper.lines(70, 220, prose(12, 12, 12, 4))
    layout = lay_out([paper.page()])
    assert layout.blocks[0].text == (
        "Maatregel | Toelichting ; Subsidie voor isolatie | Eigenaren krijgen een derde van de kosten vergoed"
    )


def test_a_list_keeps_its_marks_and_the_text_behind_it_begins_anew():
    paper = Paper()
    paper.line(70, 100, "Het onderzoek noemt twee punten die aandacht vragen van iedereen in het veld:")
    paper.lines(
        80,
        118,
        [
            "• het lukt niet om alle vacatures te vervullen, vooral in het",
        ],
        pitch=12,
    )
    paper.line(90, 130, "noorden;")
    paper.lines(80, 142, ["• de doorstroom naar een eigen woning stokt."])
    paper.line(70, 154, "De uitkomsten over het toezicht zijn gunstiger dan die van het vorige onderzoek.")
    layout = lay_out([paper.page()])
    assert [(block.kind, block.mark) for block in layout.blocks] == [
        ("paragraph", None), ("list_item", "•"), ("list_item", "•"), ("paragraph", None),
    ]  # fmt: skip
    assert layout.blocks[1].text == "het lukt niet om alle vacatures te vervullen, vooral in het noorden;"


def test_a_shaded_box_does_not_break_the_paragraph_around_it():
    paper = Paper()
    paper.lines(
        70, 100, ["De minister gaat in overleg met de provincies en met", "de gemeenten over de verdeling van het"]
    )
    paper.lines(82, 140, ["Wat is een doublet?"], bold=True)
    paper.lines(82, 152, ["Een doublet bestaat uit twee putten die ver uit", "elkaar liggen."])
    paper.fills.append(Rule(70, 126, 340, 172))
    paper.lines(70, 190, ["geld dat de Kamer beschikbaar heeft gesteld voor het", "landelijk gebied."])
    layout = lay_out([paper.page()])
    assert texts(layout)[0].endswith(
        "over de verdeling van het geld dat de Kamer beschikbaar heeft gesteld voor het landelijk gebied."
    )
    assert texts(layout, "heading") == ["Wat is een doublet?"]


def test_a_word_set_wide_is_closed_up():
    paper = Paper()
    paper.line(70, 100, "V r a a g", 10, bold=True)
    paper.lines(70, 130, prose(12, 12, 12, 4))
    assert texts(lay_out([paper.page()]))[0] == "Vraag"


def test_a_list_mark_set_tight_against_its_text_is_a_mark():
    paper = Paper()
    paper.line(70, 100, "De minister noemt drie punten:")
    paper.lines(80, 118, ["1)het toezicht;", "2)de handhaving;", "3)de boetes."])
    layout = lay_out([paper.page()])
    assert [(block.mark, block.text) for block in layout.blocks[1:]] == [
        ("1)", "het toezicht;"), ("2)", "de handhaving;"), ("3)", "de boetes."),
    ]  # fmt: skip


def test_no_space_stays_where_a_mark_before_a_full_stop_was():
    paper = Paper()
    end = paper.line(70, 100, "De minister zegt nee")
    paper.words.append(Word("1", end, 91, end + 3, 97, 6, "Serif", False, False, 96.5, False))  # no part of the word
    paper.words.append(Word(".", end + 3, 92.5, end + 8, 102.5, 10, "Serif", False, False, 100, False))
    paper.lines(70, 130, prose(12, 12, 4))
    paper.rules.append(Rule(70, 700, 180, 700.5))
    paper.line(70, 712, "^1 Kamerstuk 31 839, nr. 780.", 8)
    layout = lay_out([paper.page()])
    assert layout.blocks[0].text == "De minister zegt nee."
    assert layout.blocks[0].notes == (NoteRef("1", 20),)


def test_notes_out_of_turn_are_notes_when_the_text_calls_for_them():
    paper = Paper()
    paper.lines(70, 100, ["De commissie^9 sprak met de minister^1 over het beleid", "voor de komende jaren."])
    paper.rules.append(Rule(70, 700, 180, 700.5))
    paper.lines(70, 712, ["9. Staatsblad 2016, 40.", "1. Kamerstuk 31 839, nr. 780."], size=8, pitch=10)
    layout = lay_out([paper.page()])
    assert [(block.mark, block.text) for block in layout.blocks if block.kind == "footnote"] == [
        ("9", "Staatsblad 2016, 40."), ("1", "Kamerstuk 31 839, nr. 780."),
    ]  # fmt: skip
    assert texts(layout, "paragraph") == ["De commissie sprak met de minister over het beleid voor de komende jaren."]


def test_loosely_set_lines_are_no_columns():
    """Words of justified lines may stand below each other by chance, beside the short ends of paragraphs."""
    paper = Paper()
    paper.line(70, 100, "hoeveel bedrijven aan de afspraken zijn gebonden en ook")
    loose = ["zij verlieten ze toen in plaats van", "anderen.", "Het krachtenveld.",
             "een koopman zoekt nog geen richtlijn", "de raden geven advies dat aansluit bij"]  # fmt: skip
    for nth, line in enumerate(loose):
        x = 70
        for word in line.split():
            x = paper.line(x, 112 + 12 * nth, word) + 13
    paper.line(70, 172, "wat hij toch al doet en daarmee ook al ver gekomen is.")
    read = " ".join(texts(lay_out([paper.page()])))
    assert "zij verlieten ze toen in plaats van anderen." in read
    assert "een koopman zoekt nog geen richtlijn de raden geven advies dat aansluit bij wat hij" in read


def test_the_years_along_a_chart_do_not_run_into_its_caption():
    paper = Paper()
    paper.lines(70, 100, prose(12, 12, 12, 4))
    paper.line(90, 200, "2012      2013      2014      2015")
    paper.line(70, 213, "Figuur 1: Uitgaven, 2012-2015", bold=True)
    paper.lines(70, 240, prose(12, 12, 12, 4))
    assert texts(lay_out([paper.page()]), "caption") == ["Figuur 1: Uitgaven, 2012-2015"]


@pytest.mark.parametrize(
    ("end", "begin", "whole"),
    [
        ("https://www.example.nl/detail?did=2022D222", "49", "https://www.example.nl/detail?did=2022D22249"),
        ("https://www.example.nl/rapporten/", "2022/gas", "https://www.example.nl/rapporten/2022/gas"),
        ("https://www.example.nl/rapp", "ort_2022.pdf.", "https://www.example.nl/rapport_2022.pdf."),
        ("https://www.example.nl/rapport", "en de brief", "https://www.example.nl/rapport en de brief"),
        ("www.example.nl.", "De brief", "www.example.nl. De brief"),
    ],
)
def test_a_web_address_is_joined_where_it_was_broken(end, begin, whole):
    paper = Paper()
    paper.lines(70, 100, [f"Zie {end}", begin])
    assert " ".join(texts(lay_out([paper.page()]))) == f"Zie {whole}"


def test_cells_of_text_that_begin_together_are_a_table():
    paper = Paper()
    paper.line(70, 80, "Tabel 1: Stand van zaken", 9, bold=True)
    rows = [(["Onderwerp"], ["Stand van zaken in dit jaar"], ["Vervolg van het beleid nu"]),
            (["Water"], ["gemeenten hebben daartoe drie", "teams opgezet in het hele land", "ook in de avond"], ["al jaren is er meer geld"]),
            (["Energie"], ["op wegen is het dit jaar veel", "drukker dan in het vorige jaar"], ["de balans wordt dan nu", "en later opgemaakt"]),
            (["Voedsel"], ["merken moeten zorgen voor hun", "eigen afval in de keten"], ["de eerste gezinnen hebben", "zich al gemeld"])]  # fmt: skip
    y = 100
    for row in rows:
        for x, cell in zip((70, 160, 330), row, strict=True):
            paper.lines(x, y, cell, size=9, pitch=11)
        y += 11 * max(map(len, row)) + 8
    table = texts(lay_out([paper.page()]), "table")
    assert table == [" ; ".join(" | ".join(" ".join(cell) for cell in row) for row in rows)]


def test_numbers_alone_ask_where_only_the_answers_have_a_label():
    paper = Paper()
    paper.line(70, 100, "1", bold=True)
    paper.line(70, 112, "Kent u het bericht over de dijken?")
    paper.line(70, 136, "Antwoord", bold=True)
    paper.line(70, 148, "Ja.")
    paper.line(70, 172, "2", bold=True)
    paper.line(70, 184, "Wat gaat u eraan doen?")
    paper.line(70, 208, "Antwoord", bold=True)
    paper.line(70, 220, "Dat weet ik nog niet, maar er komt een brief over.")
    assert [(block.kind, block.mark) for block in lay_out([paper.page()]).blocks] == [
        ("question", "1"), ("answer", "Antwoord"), ("question", "2"), ("answer", "Antwoord"),
    ]  # fmt: skip


def letter(*window):
    paper = Paper()
    paper.line(70, 60, "Ministerie van Financiën", 12, bold=True)
    paper.lines(70, 120, window)
    paper.line(70, 220, "Geachte voorzitter,")
    paper.lines(70, 250, prose(12, 12, 12, 4))
    return lay_out([paper.page()])


def test_the_address_window_is_furniture_with_what_stands_above_it():
    window = [
        "Aan de Voorzitter van de",
        "Tweede Kamer der Staten-Generaal",
        "Prinses Irenestraat 6",
        "2595 BD Den Haag",
    ]
    layout = letter(*window)
    assert texts(layout) == ["Geachte voorzitter,", the_same(prose(12, 12, 12, 4))]
    assert [line.text for line in layout.furniture] == ["Ministerie van Financiën", *window]


def test_a_letter_printed_as_kamerstuk_keeps_its_head():
    paper = Paper()
    paper.line(70, 80, "31 839 Jeugdzorg", bold=True)
    paper.line(70, 104, "Nr. 789 BRIEF VAN DE MINISTER VAN FINANCIËN", bold=True)
    paper.line(70, 128, "Aan de Voorzitter van de Tweede Kamer der Staten-Generaal")
    paper.line(70, 152, "Den Haag, 9 juli 2021")
    paper.lines(70, 190, prose(12, 12, 12, 4))
    layout = lay_out([paper.page()])
    assert layout.furniture == ()
    assert layout.date == "2021-07-09"


def test_a_chairman_who_signs_is_no_address():
    paper = Paper()
    paper.lines(70, 100, prose(12, 12, 12, 4))
    paper.line(70, 170, "De voorzitter van de commissie, De Oeverhorst")
    paper.lines(70, 200, ["Voor het studiejaar 2024-2025 geldt dat voor 57", "opleidingen een ander getal is gekozen."])
    layout = lay_out([paper.page()])
    assert layout.furniture == ()
    assert (
        texts(layout)[-1] == "Voor het studiejaar 2024-2025 geldt dat voor 57 opleidingen een ander getal is gekozen."
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_page_reads_as_a_person_reads_it(case):
    pages = []
    for number, lines in enumerate(case["pages"], start=1):
        paper = Paper(number)
        for line in lines:
            paper.line(
                line["x"],
                line["y"],
                line["text"],
                line.get("size", 10),
                bold=line.get("bold", False),
                italic=line.get("italic", False),
            )
        pages.append(paper.page())
    layout = lay_out(pages)
    found = [[block.kind, block.mark, block.text] for block in layout.blocks]
    assert found == case["blocks"]
    for name, value in case.get("says", {}).items():
        assert getattr(layout, name) == value, name


# what always holds -------------------------------------------------------------------------------------------------

tokens = st.text("abcdefgh0123456789.,-•ABC\u2010\u00ad²", min_size=1, max_size=9)
placed = st.tuples(
    tokens,
    st.integers(0, 58),
    st.integers(2, 82),
    st.sampled_from([6.0, 8.0, 9.0, 9.0, 9.0, 12.0]),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(st.lists(placed, max_size=40), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_every_character_leads_back_to_a_word_on_a_page(soup):
    pages = []
    for number, strewn in enumerate(soup, start=1):
        paper = Paper(number)
        for text, x, y, size, bold, italic in strewn:
            paper.line(10 * x, 10 * y, text, size, bold=bold, italic=italic)
        pages.append(paper.page())
    check_boxes(lay_out(pages), pages)


def check_boxes(layout, pages):
    places = defaultdict(list)
    for page in pages:
        for word in page.words:
            places[page.number, word.top].append((word.x0, word.x1))
    behind = False
    for block in layout.blocks:
        assert block.kind in BLOCK_KINDS
        assert block.text == block.text.strip()
        assert BLOCK_BREAK not in block.text
        assert behind <= (block.kind == "footnote")  # footnotes stand behind all the rest
        behind = block.kind == "footnote"
        end = 0
        for box in block.boxes:
            assert end <= box.start < box.end <= len(block.text)
            assert not block.text[end : box.start].strip(" |;")
            assert any(x0 <= box.x0 <= x1 for x0, x1 in places[box.page, box.top])
            end = box.end
        assert not block.text[end:].strip(" |;")
        assert all(0 <= note.offset <= len(block.text) for note in block.notes)


def test_pages_that_are_all_alike_are_text_and_no_running_heads():
    pages = []
    for number in (1, 2, 3):
        paper = Paper(number)
        paper.line(70, 100, f"Bladzijde nummer {number} van de proef.")
        paper.line(70, 130, "De regering onderschrijft de doelstelling van dit beleid.")
        pages.append(paper.page())
    assert texts(lay_out(pages))[:2] == [
        "Bladzijde nummer 1 van de proef.",
        "De regering onderschrijft de doelstelling van dit beleid.",
    ]


def test_no_pages_and_empty_pages_are_no_trouble():
    assert lay_out([]).blocks == ()
    assert lay_out([Paper(1).page(), Paper(2).page()]).blocks == ()


# real and generated documents --------------------------------------------------------------------------------------


@cache
def public_rows():
    if not (SHARED / "public").is_dir():
        pytest.skip("no ../shared/pdf/public beside the checkout")
    spec = importlib.util.spec_from_file_location("pdf_score", SHARED / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    rows = []
    for path in sorted((SHARED / "public").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        pages = list(read_pages(path.with_suffix(".pdf")))
        layout = lay_out(pages)
        check_boxes(layout, pages)
        blocks = [{"kind": b.kind, "text": b.text, "page": b.page} for b in layout.blocks]
        says = {"title": (layout.title, truth["title"]), "date": (layout.date, read_date(truth["date"] or ""))}
        rows.append({**score.score_doc(blocks, truth), **says})
    return rows


@pytest.mark.parametrize("name", ["title", "date"])
def test_public_documents_say_their_title_and_date(name):
    assert [row[name] for row in public_rows() if row[name][0] != row[name][1]] == []


def mean(name, rows):
    values = [row[name] for row in rows if row[name] is not None]
    return sum(values) / len(values)


@pytest.mark.parametrize(
    ("figure", "least", "most"),
    [("para_f1", 0.95, 1), ("head_f1", 0.90, 1), ("furn_leak", 0, 0.005), ("fn_r", 0.97, 1), ("fn_leak", 0, 0.01),
     ("fnmark_left", 0, 0.01), ("hyph_rate", 0, 0.01), ("tau", 0.99, 1), ("page_acc", 0.99, 1)],
)  # fmt: skip
def test_public_documents_are_read_as_their_truth_says(figure, least, most):
    assert least <= mean(figure, public_rows()) <= most


def test_every_layout_is_read_well():
    layouts = defaultdict(list)
    for row in public_rows():
        layouts[row["layout"]].append(row)
    assert {name: mean("para_f1", rows) for name, rows in layouts.items() if mean("para_f1", rows) < 0.9} == {}


REAL = [
    ("Kamerbrief_circulaire_economie", {"kind": "kamerbrief", "date": "2023-02-03", "reference": "IENW/BSK-2023/33017",
                                        "ministry": "Infrastructuur en Waterstaat"}, ["1", "2", "3", "4", "5", "6"]),
    ("motie", {"kind": "motie", "date": "2025-04-10", "dossiernummer": "21501-02", "ondernummer": "3121",
               "vergaderjaar": "2024-2025", "title": "Raad Algemene Zaken en Raad Buitenlandse Zaken"}, []),
    ("besluitenlijst_example3", {"kind": "besluitenlijst", "date": "2015-03-27"}, []),
    ("BNC_Fiche", {"kind": "fiche"}, [str(number) for number in range(1, 12)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "says", "notes"), REAL, ids=[row[0] for row in REAL])
def test_a_real_document_comes_out_as_a_person_reads_it(name, says, notes):
    path = SHARED / "real" / f"{name}.pdf"
    if not path.is_file():
        pytest.skip("no ../shared/pdf/real beside the checkout")
    pages = list(read_pages(path))
    layout = lay_out(pages)
    check_boxes(layout, pages)
    assert {key: getattr(layout, key) for key in says} == says
    assert [block.mark for block in layout.blocks if block.kind == "footnote"] == notes
    bodies = [block.text for block in layout.blocks if block.kind == "paragraph" and len(block.text) > 200]
    assert [
        text for text in bodies if (text[0].islower() and layout.kind != "motie") or text[-1] not in ".:;,?!”’)"
    ] == []
