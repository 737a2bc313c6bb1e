"""Broken and hostile PDFs: each has the outcome a reader would want, none raises anything else, hangs or grows."""

import json
import re
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.errors import DocumentError, TooLarge
from nlp.pdf import ENGINES, Limits, read_pages
from nlp.reading import read
from tests.tiny_pdf import HELVETICA, assemble, pdf, show, stream

BAD = Path(__file__).parent.parent.parent / "shared/pdf/bad"
engines = pytest.mark.parametrize("engine", ENGINES)


def statuses(data, engine, **limits):
    return [page.status for page in read_pages(data, engine=engine, limits=Limits(**limits))]


def text(pages):
    return " ".join(word.text for page in pages for word in page.words)


# --- the shared collection ----------------------------------------------------------------------------------------


def listed():
    return json.loads((BAD / "bad.json").read_text(encoding="utf-8"))["files"] if BAD.is_dir() else []


@engines
@pytest.mark.parametrize("row", listed() or [None], ids=lambda row: row["file"] if row else "absent")
def test_a_bad_file_has_the_outcome_it_should(row, engine):
    if row is None:
        pytest.skip("needs ../shared/pdf/bad")
    found, said, flags, bad_pages = outcome(BAD / row["file"], engine)
    assert found in row["expect"].split("_or_")
    if found in ("ok", "partial"):
        assert [piece for piece in [*row["must_contain"], *row.get("contain_if_ok", [])] if piece not in said] == []
        assert all(said.count(piece) == 1 for piece in row.get("once", []))
        assert bad_pages == row.get("bad_pages", bad_pages)
    else:
        assert re.search("|".join(row.get("contain_error", [""])), said)
    assert [piece for piece in [*row["must_not_contain"], *row["should_not_contain"]] if piece in said] == []
    assert row.get("flag") in {None, *flags}


def outcome(path, engine):
    """In the words of bad.json: what came of it, text or message, flags, pages that are not well."""
    try:
        document = read(path, engine=engine)
    except DocumentError as error:
        word = {"no_text_layer": "empty", "unreadable_text": "unreadable"}.get(error.status, "error")
        return word, str(error).removeprefix(str(path)), {error.status}, []
    flags = {notice.code for notice in document.notices} | {page.status for page in document.pages}
    bad = [page.number for page in document.pages if page.status != "ok"]
    return document.status, " ".join(document.text.split()), flags, bad


# --- our own ------------------------------------------------------------------------------------------------------

FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> /XObject << /X%d %d 0 R >> >>"
LAUGHS = {n: stream(b"/X%d Do " % (n + 1) * 20, FORM % (n + 1, n + 1)) for n in range(5, 14)} | {
    14: stream(show("ha"), FORM % (14, 14))
}


def font(extra=b"", unicode_map=b"1 beginbfrange <0041> <0050> <0041> endbfrange"):
    """A font with two-byte characters."""
    return {
        3: b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<< "
        b"/Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        b"/Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 >> %s >>] >>" % extra,
        6: stream(unicode_map),
    }


LETTERS = b"BT /F1 11 Tf 72 700 Td <00410042> Tj ET"
DEEP = 70_000_000
HOSTILE = {  # first page hostile, second page harmless
    "forms in forms in forms": (b"/X5 Do", {"resources": b"/XObject << /X5 5 0 R >>", "objects": LAUGHS}),
    "a stream that swells": (stream(zlib.compress(b" " * DEEP), b"/Filter /FlateDecode"), {}),
    "a stream that swells twice": (
        stream(zlib.compress(zlib.compress(b"0 0 m " * (DEEP // 6))), b"/Filter [/FlateDecode /FlateDecode]"), {},
    ),
    "run lengths": (stream(b"\x81 " * 1_100_000, b"/Filter /RunLengthDecode"), {}),
    "more characters than a page holds": (b"".join(show(f"regel {y} " * 15, y=y, size=2) for y in range(10, 800)), {}),
}  # fmt: skip


@engines
@pytest.mark.parametrize(("content", "rest"), HOSTILE.values(), ids=HOSTILE)
def test_a_page_that_asks_too_much_is_left_out_and_the_others_are_read(content, rest, engine):
    first, second = read_pages(pdf(content, show("Twee."), **rest), engine=engine, limits=Limits(glyphs=20_000))
    assert (first.status, second.status) == ("too_large", "ok")
    assert text([second]) == "Twee."


def test_a_page_that_takes_too_long_is_left_out():
    slow = stream(b"1 0 0 1 0 0 cm " * 400_000, packed=True)
    assert statuses(pdf(slow, show("Twee")), "pdfplumber", seconds_per_page=0.2) == ["too_large", "ok"]
    assert statuses(pdf(slow, show("Twee")), "pdfplumber", operators=1000) == ["too_large", "ok"]


@engines
def test_nesting_ends(engine):
    pages = list(read_pages(pdf(show("Voor") + b"[" * 300_000 + show("Na"), show("Twee")), engine=engine))
    assert text(pages[1:]) == "Twee"


@engines
def test_fonts_cannot_spell_out_more_than_they_hold(engine):
    for extra, unicode_map in (
        (b"/W [0 4000000000 500]", b"1 beginbfrange <0041> <0050> <0041> endbfrange"),
        (b"/W [" + b"0 65535 500 " * 5000 + b"]", b"1 beginbfrange <0041> <0050> <0041> endbfrange"),
        (b"", b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange"),
        (b"", b"beginbfrange " + b"<0000> <FFFF> <0041> " * 2000),
    ):
        (page,) = read_pages(pdf(LETTERS, objects=font(extra, unicode_map)), engine=engine)
        assert page.status in ("ok", "unreadable_text", "empty")


def test_an_object_stream_that_swells_is_refused():
    swollen = stream(zlib.compress(b"2 0 " + b" " * DEEP), b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    with pytest.raises(TooLarge, match="grows beyond"):
        read_pages(assemble({1: b"<< /Type /Catalog /Pages 2 0 R >>", 5: swollen}))


def test_references_that_chase_each_other_end():
    data = pdf(show("Gevonden"), objects={1: b"<< /Type /Catalog /Pages 5 0 R >>", 5: b"6 0 R", 6: b"5 0 R"})
    assert text(read_pages(data)) == "Gevonden"


def test_a_page_tree_that_doubles_at_every_level_ends():
    tree = {n: b"<< /Type /Pages /Count 1 /Kids [" + b"%d 0 R " % (n + 1) * 10 + b"] >>" for n in range(10, 30)}
    leaf = {30: b"<< /Type /Page /MediaBox [0 0 595 842] >>", 1: b"<< /Type /Catalog /Pages 10 0 R >>"}
    assert len(list(read_pages(assemble(tree | leaf)))) == 10
    with pytest.raises(TooLarge, match="more than 5 pages"):
        read_pages(assemble(tree | leaf), limits=Limits(pages=5))


@engines
def test_a_damaged_page_is_told_from_an_empty_one(engine):
    whole = zlib.compress(show("Begin van de tekst.") + show("Vervolg.", y=600) + bytes(range(256)) * 20, 0)
    cut = stream(whole[:200], b"/Filter /FlateDecode")
    garbage = stream(b"\x78\x9cgarbage garbage", b"/Filter /FlateDecode")
    missing = b"<< /Nothing true >>"
    pages = list(read_pages(pdf(cut, garbage, missing, show("Vier."), b""), engine=engine))
    assert [page.status for page in pages] == ["damaged", "damaged", "damaged", "ok", "empty"]
    assert "Begin van de tekst." in text(pages[:1])
    assert [notice.code for notice in pages[1].notices] == ["damaged_page"]


@engines
def test_a_wrong_checksum_or_length_does_no_harm(engine):
    packed = zlib.compress(show("Hele tekst."))[:-4] + b"0000"
    assert statuses(pdf(stream(packed, b"/Filter /FlateDecode")), engine) == ["ok"]
    for wrong in (b"/Length 1", b"/Length 9999", b"/Length -3", b"/Length (x)", b""):
        data = re.sub(rb"/Length \d+", wrong, pdf(show("Lengte fout.")))
        assert text(read_pages(data, engine=engine)) == "Lengte fout."


@engines
def test_fonts_in_ruins_are_read_as_well_as_may_be(engine):
    for ruin in (
        b"<< /Type /Font /Subtype /TrueType /BaseFont /Y /FontDescriptor << /FontName 12 /FontFile2 6 0 R /Flags (x) >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont 12 >>",
        b"<< /Type /Font /Subtype /Type3 /BaseFont /Y >>",
        b"[1 2 3]",
        HELVETICA.replace(b"/WinAnsiEncoding", b"<< /Differences [ (x) 1 2 /a ] >>"),
    ):
        content = b"BT /F1 11 Tf 72 700 Td (Tekst) Tj ET " + show("Heel", y=600, font="F2")
        (page,) = read_pages(pdf(content, objects={3: ruin, 6: stream(b"junk")}), engine=engine)
        assert "Heel" in [word.text for word in page.words]


FORM_AT = b"/Type /XObject /Subtype /Form /Resources << /Font << /F1 3 0 R >> >> "
DOUBLING = {n: b"[%d 0 R %d 0 R]" % (n + 1, n + 1) for n in range(20, 60)} | {60: b"[1]"}
STRANGE_IMAGE = stream(b"x", b"/Subtype /Image /Width 20 0 R /Height 1 /ColorSpace 20 0 R /BitsPerComponent 20 0 R")
STRANGE_FONT = b"<< /Type /Font /Subtype /TrueType /BaseFont /Y /FontDescriptor << /FontName 20 0 R /Flags 4 >> >>"
X = b"/XObject << /X 6 0 R >>"
STRANGE = {  # what pdfplumber would follow, copy or trip over → the status of the page
    "an image with doubling references": (b"/X Do ", {"resources": X, "objects": {6: STRANGE_IMAGE, **DOUBLING}}, "ok"),
    "a font with a doubling name": (b"", {"objects": {3: STRANGE_FONT, **DOUBLING}}, "ok"),
    "doubling boxes and annotations": (b"", {"page": b"/TrimBox 20 0 R /Annots 20 0 R", "objects": DOUBLING}, "ok"),
    "a form without a box": (b"/X Do ", {"resources": X, "objects": {6: stream(b"", FORM_AT + b"/BBox [0 0]")}}, "ok"),
    "a form with half a matrix": (
        b"/X Do ", {"resources": X, "objects": {6: stream(b"", FORM_AT + b"/BBox [0 0 1 1] /Matrix [1 0 0]")}}, "damaged",
    ),
    "a mark with a long number": (b"/P << /MCID [" + b"1 " * 200_000 + b"] >> BDC ", {}, "ok"),
    "a nested colour": (b"[" * 5000 + b"]" * 5000 + b" sc 0 0 10 10 re f ", {}, "ok"),
    "a drawing of very many lines": (b"0 0 m " + b"".join(b"%d %d l " % (x % 500, x % 70) for x in range(20_000)) + b"f ", {}, "ok"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "rest", "status"), STRANGE.values(), ids=STRANGE)
def test_strange_objects_cost_neither_time_nor_text(content, rest, status):
    (page,) = read_pages(pdf(content + show("Heel " * 10, y=600), **rest), limits=Limits(seconds_per_page=5))
    assert (page.status, text([page])) == (status, " ".join(["Heel"] * 10))


SAMPLE = pdf(show("Een regel tekst van de Kamer."), stream(show("Tweede blad."), packed=True))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=3)), min_size=1, max_size=12))
def test_a_file_with_wrong_bytes_gives_text_or_a_document_error(changes):
    data = bytearray(SAMPLE)
    for at, piece in changes:
        data[at : at + len(piece)] = piece
    for engine in ENGINES:
        assert blocks_or_error(bytes(data), engine)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SAMPLE)))
def test_a_file_cut_off_gives_text_or_a_document_error(end):
    assert blocks_or_error(SAMPLE[:end])


def blocks_or_error(data, engine="pdfplumber"):
    """Anything else that is raised is a failure."""
    try:
        return read(data, engine=engine).blocks
    except DocumentError as error:
        return error.trouble
