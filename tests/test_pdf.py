"""What a reader sees on a page is what comes out of it, with either engine."""

import io
from collections import Counter
from pathlib import Path

import pdfplumber
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from nlp.errors import Encrypted, MissingDocument, UnknownName, UnsupportedFormat
from nlp.pdf import ENGINES, Limits, read_pages
from tests.tiny_pdf import HELVETICA, assemble, pdf, show, stream

PUBLIC = Path(__file__).parent.parent.parent / "shared/pdf/public"
PIXEL = stream(
    b"\xff\xff\xff", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
)
SCAN = b"q 595 0 0 842 0 0 cm /I Do Q "
WITH_SCAN = {"resources": b"/XObject << /I 5 0 R >>", "objects": {5: PIXEL}}

engines = pytest.mark.parametrize("engine", ENGINES)


def read(data, engine="pdfplumber", **options):
    return list(read_pages(data, engine=engine, **options))


def texts(page):
    return [word.text for word in page.words]


def codes(page):
    return [notice.code for notice in page.notices]


# Operators of a page → the words a reader sees on it.
SEEN = {
    "words are parted by space glyphs": (show("De Kamer, gehoord"), "De Kamer, gehoord"),
    "words are parted by gaps where there are no space glyphs": (
        b"BT /F1 11 Tf 72 700 Td [(De)-278(regering)-240(onder)15(schrijft)-200(dit)] TJ ET",
        "De regering onderschrijft dit",
    ),
    "letters moved apart or together are one word": (b"BT /F1 11 Tf 72 700 Td [(A)70(V)80(O)-60(k)-90(t)] TJ ET", "AVOkt"),
    "evenly spaced letters are one word": (show("SPATIE tussen", before="1.6 Tc"), "SPATIE tussen"),
    "a space that the next letter is set over is no space": (
        b"BT /F1 11 Tf 72 700 Td [(milieu )278(beleid)] TJ ET", "milieubeleid",
    ),
    "letters spaced by spaces are left to the layout": (show("V r a a g"), "V r a a g"),
    "no-break and thin spaces part words": (show("26\xa0485, nr.\xa01"), "26 485, nr. 1"),
    "narrow type": (show("Smal gezette letters", before="50 Tz"), "Smal gezette letters"),
    "a turned and flipped coordinate system": (
        b"q 1 0 0 -1 0 842 cm BT /F1 11 Tf 1 0 0 -1 72 142 Tm (Gewone tekst) Tj ET Q", "Gewone tekst",
    ),
    "a negative font size": (b"BT /F1 -11 Tf -1 0 0 -1 72 700 Tm (Gewone tekst) Tj ET", "Gewone tekst"),
    "a line painted three times": (
        show("Vette kop", 72, size=12) + show("Vette kop", 72.3, size=12) + show("Vette kop", 72.6, size=12), "Vette kop",
    ),
    "a shadow": (b"0.7 g " + show("Kop", 72.8, 699.2, 20) + b"0 g " + show("Kop", size=20), "Kop"),
    "a white rim": (b"1 g " + show("Kop", 72.8, 699.2, 20) + b"0 g " + show("Kop", size=20), "Kop"),
    "double letters stay": (show("aannemen, koffie, illlegaal"), "aannemen, koffie, illlegaal"),
    "a painted soft hyphen": (show("IMVO\xadconvenant en rijks\xad en"), "IMVO-convenant en rijks- en"),
    "white on blue": (b"0 0 0.5 rg 60 690 300 30 re f 1 g " + show("Wit op blauw"), "Wit op blauw"),
    "white on a picture": (SCAN + b"1 g " + show("Wit op beeld"), "Wit op beeld"),
    "white on a rounded box": (
        b"0 0 0.5 rg 60 690 m 360 690 l 370 690 370 700 370 710 c 60 710 l f 1 g " + show("Wit op blauw"), "Wit op blauw",
    ),
    "white on a broad line": (b"0 0 0.5 RG 30 w 60 705 m 360 705 l S 1 g " + show("Wit op blauw"), "Wit op blauw"),
    "black beside a black figure": (b"60 600 m 400 600 l 400 800 l f " + show("Naast"), "Naast"),
    "black under a black veil": (b"/T gs 60 690 300 30 re f " + show("Gedempt"), "Gedempt"),
    "light grey": (b"0.8 g " + show("Concept"), "Concept"),
    "a spot colour of which full ink is 1": (b"/S cs 1 scn " + show("Steunkleur"), "Steunkleur"),
    "under a transparent marker": (show("Gemarkeerd") + b"/T gs 1 1 0 rg 60 690 300 30 re f", "Gemarkeerd"),
    "under a multiplied marker": (show("Gemarkeerd") + b"/M gs 1 1 0 rg 60 690 300 30 re f", "Gemarkeerd"),
    "under an area that is clipped away": (
        show("Zichtbaar") + b"q 400 100 50 50 re W n 1 g 0 0 595 842 re f Q", "Zichtbaar",
    ),
    "in the hole of a frame": (show("Omlijst") + b"0.5 g 50 600 400 200 re 60 610 380 180 re f*", "Omlijst"),
    "in a form": (b"q 0.5 0 0 0.5 100 100 cm /X Do Q", "Tekst in vorm"),
    "a form that paints itself": (b"/R Do", "Een keer"),
    "accents are composed": (b"BT /F1 11 Tf 72 700 Td (caf\\351 co\\366p) Tj ET", "café coöp"),
}  # fmt: skip

FORM = (
    b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> /XObject << /R 7 0 R >> >>"
)
RESOURCES = b"""/XObject << /I 5 0 R /X 6 0 R /R 7 0 R >> /ColorSpace << /S [/Separation /Black /DeviceCMYK 8 0 R] >>
    /ExtGState << /T << /ca 0.4 >> /M << /BM /Multiply >> /Z << /ca 0 >> >>"""
OBJECTS = {
    5: PIXEL,
    6: stream(show("Tekst in vorm", 0, 0, 20), FORM),
    7: stream(show("Een keer") + b"/R Do", FORM),
    8: b"<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 0 0 1] /N 1 >>",
}


@engines
@pytest.mark.parametrize(("content", "expected"), SEEN.values(), ids=SEEN)
def test_a_page_is_read_as_it_is_seen(content, expected, engine):
    (page,) = read(pdf(content, resources=RESOURCES, objects=OBJECTS), engine)
    assert " ".join(texts(page)) == expected
    assert page.status == "ok"


# Operators that paint HIDDEN where nobody sees it.
HIDDEN = {
    "white on white": b"1 g " + show("HIDDEN"),
    "white in CMYK": b"0 0 0 0 k " + show("HIDDEN"),
    "nearly white": b"0.98 0.98 1 rg " + show("HIDDEN"),
    "blue on blue": b"0 0 1 rg 60 690 300 30 re f " + show("HIDDEN"),
    "white on a white figure": b"1 g 60 600 m 400 600 l 400 800 l f " + show("HIDDEN"),
    "mode 3": show("HIDDEN", before="3 Tr"),
    "transparent": b"/Z gs " + show("HIDDEN"),
    "tiny": show("HIDDEN", size=0.5),
    "made tiny": b"q 0.04 0 0 0.04 100 100 cm " + show("HIDDEN", 0, 0) + b" Q",
    "left of the page": show("HIDDEN", -200),
    "below the page": show("HIDDEN", y=-20),
    "covered": show("HIDDEN") + b"1 g 60 690 300 30 re f",
    "covered by black": show("HIDDEN") + b"0 g 60 690 300 30 re f",
}


@engines
@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN)
def test_text_that_cannot_be_seen_is_left_out_and_reported(content, engine):
    data = pdf(b"q " + content + b" Q " + show("Zichtbaar.", y=400), resources=RESOURCES, objects=OBJECTS)
    (page,) = read(data, engine)
    assert texts(page) == ["Zichtbaar."]
    assert codes(page) == ["hidden_text"]


@engines
def test_the_invisible_text_of_a_scan_is_its_text(engine):
    (page,) = read(pdf(SCAN + show("Herkende tekst", before="3 Tr"), **WITH_SCAN), engine)
    assert texts(page) == ["Herkende", "tekst"]
    assert codes(page) == ["ocr_layer"]


@engines
def test_invisible_text_between_visible_text_is_no_scan(engine):
    content = SCAN + show("Een brief met een achtergrond.") + show("GEHEIM", y=500, before="3 Tr")
    (page,) = read(pdf(content, **WITH_SCAN), engine)
    assert "GEHEIM" not in texts(page)
    assert codes(page) == ["hidden_text"]


@engines
def test_a_footnote_mark_is_a_word_of_its_own_glued_to_the_one_before(engine):
    content = b"BT /F1 11 Tf 72 700 Td (beleid.) Tj /F1 7 Tf 4 Ts (3) Tj 0 Ts /F1 11 Tf ( En) Tj ET"
    word, mark, after = read(pdf(content), engine)[0].words
    assert (word.text, mark.text, after.text) == ("beleid.", "3", "En")
    assert (word.glued, mark.glued, after.glued) == (False, True, False)
    assert mark.size == 7
    assert word.baseline - mark.baseline == pytest.approx(4, abs=0.01)
    assert mark.x0 == pytest.approx(word.x1, abs=0.3)


@engines
def test_words_have_exact_boxes_and_styles(engine):
    content = show("Gewoon", 72, 700) + show("vet.", 130, 700, 14, font="F2")
    plain, bold = read(pdf(content), engine)[0].words
    assert (plain.font, plain.bold, plain.size) == ("Helvetica", False, 11)
    assert (bold.font, bold.bold, bold.size) == ("Helvetica-Bold", True, 14)
    assert (plain.x0, plain.baseline) == (72, 142)
    assert plain.x1 == pytest.approx(72 + 11 * 3.724, abs=0.02)  # advance widths of Helvetica
    assert (plain.top, plain.bottom) == pytest.approx((142 - 0.75 * 11, 142 + 0.25 * 11))


@engines
def test_bold_painted_double_is_bold(engine):
    (page,) = read(pdf(show("Kop", 72) + show("Kop", 72.3) + show("tekst", y=600)), engine)
    assert [(word.text, word.bold) for word in page.words] == [("Kop", True), ("tekst", False)]


@engines
def test_letters_painted_thrice_one_by_one(engine):
    widths = {"D": 0.722, "u": 0.556, "r": 0.333, "z": 0.5, "a": 0.556, "m": 0.833}  # of Helvetica
    content, x = b"", 72.0
    for letter in "Duurzaam":
        content += b"".join(show(letter, round(x + shift, 2), size=12) for shift in (0, 0.3, 0.6))
        x += 12 * widths[letter]
    assert texts(read(pdf(content), engine)[0]) == ["Duurzaam"]


@engines
def test_text_on_its_side_is_kept_apart(engine):
    content = (
        show("Gewone tekst")
        + b"BT /F1 8 Tf 0 1 -1 0 30 100 Tm (Kantlijn) Tj ET BT /F1 40 Tf .7 .7 -.7 .7 200 300 Tm (CONCEPT) Tj ET"
    )
    (page,) = read(pdf(content), engine)
    assert texts(page) == ["Gewone", "tekst"]
    margin, mark = page.sideways
    assert (margin.text, mark.text) == ("Kantlijn", "CONCEPT")
    assert margin.bottom == pytest.approx(742, abs=0.5)
    assert margin.bottom - margin.top == pytest.approx(8 * 3.279, abs=0.1)


@engines
@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90, 450, 45, 360])
def test_a_page_of_which_all_text_is_turned_is_read_upright(turn, engine):
    (page,) = read(pdf(show("Eerste regel") + show("Tweede regel", y=680), page=b"/Rotate %d" % turn), engine)
    assert texts(page) == ["Eerste", "regel", "Tweede", "regel"]
    first = page.words[0]
    assert (first.x0, first.baseline) == pytest.approx((72, 142), abs=0.01)
    assert (page.width, page.height) == (595, 842)
    assert page.turned == {90: 270, 180: 180, 270: 90, -90: 90, 450: 270}.get(turn, 0)


@engines
def test_a_turned_page_that_reads_upright(engine):
    (page,) = read(pdf(b"BT /F1 11 Tf 0 1 -1 0 300 100 Tm (Liggend blad) Tj ET", page=b"/Rotate 90"), engine)
    assert texts(page) == ["Liggend", "blad"]
    assert (page.width, page.height, page.turned) == (842, 595, 0)
    assert (page.words[0].x0, page.words[0].baseline) == pytest.approx((100, 300), abs=0.01)


@engines
def test_boxes_count_from_the_corner_of_what_is_shown(engine):
    (page,) = read(pdf(show("Binnen") + show("BUITEN", y=30), page=b"/CropBox [50 50 500 800]"), engine)
    assert texts(page) == ["Binnen"]
    assert (page.width, page.height, page.words[0].x0, page.words[0].baseline) == (450, 750, 22, 100)
    (page,) = read(pdf(show("Verschoven"), box="-100 -200 595 842"), engine)
    assert (page.words[0].x0, page.words[0].baseline) == (172, 142)


@engines
def test_rules_and_areas_are_told_apart(engine):
    content = b"72 300 m 272 300 l S 0.9 g 72 400 200 20 re f 0 g 72 500 200 0.5 re f 1 w 300 600 100 50 re S "
    (page,) = read(pdf(content + show("x")), engine)
    assert [(rule.x0, rule.x1) for rule in page.rules[:2]] == [(72, 272), (72, 272)]
    assert len(page.rules) == 2 + 4
    (area,) = page.fills
    assert (area.x0, area.top, area.x1, area.bottom) == pytest.approx((72, 422, 272, 442))


@engines
def test_ligatures_of_one_glyph_are_unfolded_without_breaking_the_word(engine):
    cmap = b"2 beginbfchar <66> <FB03> <6F> <006F> endbfchar 1 beginbfrange <63> <65> <0063> endbfrange 1 beginbfrange <69> <6C> <0069> endbfrange"
    font = HELVETICA.replace(b">>", b"/ToUnicode 6 0 R >>")
    (page,) = read(pdf(b"BT /F1 11 Tf 72 700 Td (ofciel) Tj ET", objects={3: font, 6: stream(cmap)}), engine)
    assert texts(page) == ["officiel"]


@engines
def test_a_font_without_a_unicode_map_is_not_handed_on(engine):
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype "
        b"/CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        b"/FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 >> >>] >>"
    )
    (page,) = read(pdf(b"BT /F1 11 Tf 72 700 Td <002600270028> Tj ET", objects={3: font}), engine)
    assert page.words == ()
    assert page.status == "unreadable_text"


@engines
def test_bullets_of_symbol_fonts_are_bullets_and_other_private_letters_are_flagged(engine):
    cmap = b"2 beginbfchar <62> <F0B7> <78> <E042> endbfchar 1 beginbfrange <61> <61> <0061> endbfrange"
    font = HELVETICA.replace(b">>", b"/ToUnicode 6 0 R >>")
    content = b"BT /F1 11 Tf 72 700 Td (b aaaaaaaaaxa) Tj ET"
    (page,) = read(pdf(content, objects={3: font, 6: stream(cmap)}), engine)
    assert texts(page) == ["•", "aaaaaaaaa\ufffda"]
    assert codes(page) == ["private_use"]


@engines
def test_pages_without_text_say_what_they_are(engine):
    pages = read(pdf(b" ", SCAN, **WITH_SCAN), engine)
    assert [page.status for page in pages] == ["empty", "no_text_layer"]


@engines
def test_the_password_opens(engine):
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt="geheim")
    canvas.drawString(72, 700, "Achter slot")
    canvas.save()
    with pytest.raises(Encrypted, match="password is needed"):
        read(out.getvalue(), engine)
    with pytest.raises(Encrypted, match="does not open"):
        read(out.getvalue(), engine, password="fout")
    assert texts(read(out.getvalue(), engine, password="geheim")[0]) == ["Achter", "slot"]


def test_what_cannot_be_opened_is_told_at_once(tmp_path):
    with pytest.raises(MissingDocument, match=r"nergens\.pdf: there is no such file\. Check"):
        read_pages(tmp_path / "nergens.pdf")
    with pytest.raises(UnsupportedFormat, match="folder"):
        read_pages(tmp_path)
    with pytest.raises(UnsupportedFormat, match="begins with 'gewone tekst'"):
        read_pages(b"gewone tekst")
    with pytest.raises(UnknownName, match="Did you mean 'pdfium'"):
        read_pages(b"%PDF-", engine="pdfum")


def test_pages_come_one_by_one():
    pages = read_pages(pdf(*(show(f"Blad {number}") for number in range(1, 50))))
    assert next(pages).words[1].text == "1"
    assert next(pages).number == 2


@engines
def test_a_page_of_a_font_that_is_missing_is_kept_and_reported(engine):
    (page,) = read(pdf(b"BT /F9 11 Tf 72 700 Td (Zonder lettertype) Tj ET"), engine)
    assert texts(page) == ["Zonder", "lettertype"]
    assert page.status == "damaged"
    assert "font F9 is missing" in page.notices[0].message


@engines
def test_limits_hold_for_each_page_by_itself(engine):
    pages = read(pdf(show("a" * 500), show("Twee")), engine, limits=Limits(glyphs=100))
    assert [page.status for page in pages] == ["too_large", "ok"]
    assert codes(pages[0]) == ["too_large"]


@engines
def test_declared_and_found_pages_are_compared(engine):
    data = pdf(show("Een"), show("Twee")).replace(b"/Count 2", b"/Count 7")
    pages = read(data, engine)
    assert len(pages) == 2
    assert [notice.message for notice in pages[-1].notices] == ["The file says that it has 7 pages; 2 were found."]


WORDS = st.lists(
    st.text(st.sampled_from("abcdeéijklmnorstuvwxyzIJ0123456789.,-()"), min_size=1, max_size=12),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORDS, st.floats(5, 40), st.floats(-0.05, 0.1))
def test_any_line_comes_out_word_for_word_with_both_engines(words, size, spacing):
    data = pdf(show(" ".join(words), 20, 400, round(size, 2), before=f"{spacing * size:.2f} Tc"), box="0 0 8000 842")
    for engine in ENGINES:
        (page,) = read(data, engine)
        assert texts(page) == words
        edges = [x for word in page.words for x in (word.x0, word.x1)]
        assert spacing < 0 or edges == sorted(edges)


def test_both_engines_find_the_same_words():
    if not PUBLIC.is_dir():
        pytest.skip("needs ../shared/pdf/public")
    same = total = 0
    for path in sorted(PUBLIC.glob("*.pdf"))[3:8]:
        for one, two in zip(read_pages(path), read_pages(path, engine="pdfium"), strict=True):
            total += 1
            same += texts(one) == texts(two) and one.status == two.status
    assert same >= 0.98 * total


def test_a_file_without_cross_references_is_searched_for_its_objects():
    whole = pdf(show("Gevonden"))
    for broken in (whole[: whole.rindex(b"xref")], whole.replace(b"startxref", b"startxerf"), b"junk " * 40 + whole):
        assert texts(read(broken)[0]) == ["Gevonden"]


def test_a_page_tree_that_holds_itself_ends():
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Count 3 /Kids [2 0 R 3 0 R 2 0 R] >>",
               3: b"<< /Type /Page /MediaBox [0 0 595 842] >>"}  # fmt: skip
    assert len(read(assemble(objects))) == 1


# --- the default engine and pdfplumber itself ---------------------------------------------------------------------


def test_the_default_engine_reads_pages_of_pdfplumber_and_closes_each_before_the_next(monkeypatch):
    calls = []
    for name in ("parse_objects", "close"):
        method = getattr(pdfplumber.page.Page, name)
        monkeypatch.setattr(
            pdfplumber.page.Page, name, lambda page, m=method: calls.append((m.__name__, page.page_number)) or m(page)
        )
    assert [texts(page) for page in read(pdf(show("Een"), show("Twee")))] == [["Een"], ["Twee"]]
    assert calls == [("parse_objects", 1), ("close", 1), ("parse_objects", 2), ("close", 2)]


def test_words_are_those_of_pdfplumber_where_nothing_is_hidden():
    """It does not part words at a change of font, so glued ones are put together; dotted leaders are not compared."""
    if not PUBLIC.is_dir():
        pytest.skip("needs ../shared/pdf/public")
    same = total = 0
    for path in sorted(PUBLIC.glob("*.pdf"))[1::4]:
        with pdfplumber.open(path) as oracle:
            for page, plain in zip(read_pages(path), oracle.pages, strict=True):
                if page.notices or page.turned:
                    continue
                painted = "".join(" " * (not word.glued) + word.text for word in (*page.words, *page.sideways)).split()
                found = plain.dedupe_chars().extract_words(use_text_flow=True, x_tolerance_ratio=0.15)
                ours = Counter(word for word in painted if word.strip("."))
                theirs = Counter(word["text"] for word in found if word["text"].strip("."))
                same, total = same + (ours & theirs).total(), total + (ours | theirs).total()
                plain.close()
    assert total > 2000
    assert same >= 0.99 * total
