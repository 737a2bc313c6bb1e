"""The annotated PDF is the PDF that was read, with highlights and links where the passages and citations stand."""

import re
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from PIL.ImageChops import difference

import nlp
from nlp.errors import OutputError
from nlp.highlight import annotated
from nlp.tagged import TaggedDocument, plain
from nlp.write import write
from tests.tiny_pdf import pdf, show

pypdf = pytest.importorskip("pypdf")

TEXT = "Nederland halveert de uitstoot van broeikasgassen, zie Kamerstuk 32 813, nr. 1049."
URL = "https://zoek.officielebekendmakingen.nl/kst-32813-1049.html"


def annotations(data, kind):
    """Page and annotation, of one kind."""
    for page in pypdf.PdfReader(BytesIO(data)).pages:
        for annotation in page.annotations or ():
            if annotation.get_object()["/Subtype"] == kind:
                yield page, annotation.get_object()


@pytest.fixture(scope="module")
def marked(tagged_sample, sample):
    return annotated(plain(tagged_sample), sample.read_bytes())


def test_every_tagged_passage_is_highlighted_on_each_of_its_pages(tagged_sample, marked):
    expected = sum(len({box.page for box in t.passage.boxes}) for t in tagged_sample if t.tags)
    assert len(list(annotations(marked, "/Highlight"))) == expected


def test_a_highlight_has_the_colour_of_its_goal_and_names_its_labels(marked):
    notes = {a["/Contents"]: a for _, a in annotations(marked, "/Highlight")}
    (note,) = (note for note in notes if "Kinderarbeid" in note and "SDG 8" in note)
    assert re.match(r"SDG 8 Waardig werk en economische groei \(score [01],\d\d\): ", note)
    assert [round(255 * float(part)) for part in notes[note]["/C"]] == [0xA2, 0x19, 0x42]
    assert notes[note]["/T"] == "doelwijzer"


def test_every_citation_is_a_link_on_its_words(tagged_sample, marked):
    cited = [c for t in tagged_sample for c in t.citations if c.url]
    links = list(annotations(marked, "/Link"))
    assert {link["/A"]["/URI"] for _, link in links} == {c.url for c in cited}
    for _, link in links:
        assert link["/Rect"][2] - link["/Rect"][0] < 400
    found = {words(page, link["/Rect"]) for page, link in links}
    assert {"Kamerstuk 26 485, nr", "337"} <= found  # over the end of a line
    assert all(len(text) < 60 for text in found)


def words(page, rect):
    """The text of a sample's page within a rectangle."""
    left, bottom, right, top = map(float, rect)
    data = BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_page(page)
    writer.write(data)
    text = pypdfium2.PdfDocument(data.getvalue())[0].get_textpage()
    return text.get_text_bounded(left - 1, bottom, right + 1, top).strip(" ().").strip()


def test_the_text_of_the_document_stays_as_it_was(sample, marked):
    assert nlp.read(marked).blocks == nlp.read(sample).blocks


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90])
@pytest.mark.parametrize("sideways", [False, True])
def test_marks_lie_on_the_text_however_a_page_is_turned(rotate, sideways):
    text = f"BT /F1 11 Tf 0 1 -1 0 300 150 Tm ({TEXT}) Tj ET".encode() if sideways else show(TEXT, x=72, y=500)
    data = pdf(text, page=b"/Rotate %d /CropBox [50 100 545 800]" % rotate)
    made = annotated(plain(nlp.tag(data)), data)
    glyphs = pypdfium2.PdfDocument(data)[0].get_textpage()
    # in the coordinates of the file, whatever the page's turn
    boxes = [glyphs.get_charbox(at) for at in range(glyphs.count_chars())]
    ink = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    ((_, mark),) = annotations(made, "/Highlight")
    assert [float(value) for value in mark["/Rect"]] == pytest.approx(ink, abs=5)
    ((_, link),) = annotations(made, "/Link")
    assert link["/A"]["/URI"] == URL
    left, bottom, right, top = map(float, link["/Rect"])
    assert glyphs.get_text_bounded(left, bottom, right, top).strip(" .") == "Kamerstuk 32 813, nr. 1049"


def test_readers_paint_the_highlights(marked, sample):
    before = pypdfium2.PdfDocument(sample)[1].render(scale=0.5).to_pil().convert("RGB")
    after = pypdfium2.PdfDocument(marked)[1].render(scale=0.5).to_pil().convert("RGB")
    changed = before.width * before.height - difference(before, after).convert("L").histogram()[0]
    assert changed > 0.1 * before.width * before.height


def test_a_file_is_written_by_its_suffix(tagged_sample, tmp_path, marked):
    write([tagged_sample], tmp_path / "uit.pdf")
    assert (tmp_path / "uit.pdf").read_bytes() == marked


def test_without_places_of_words_whole_lines_are_linked(tagged_sample, sample, monkeypatch):
    monkeypatch.setattr("nlp.highlight._words_of", lambda *_: ())
    made = annotated(plain(tagged_sample), sample.read_bytes())
    assert {a["/A"]["/URI"] for _, a in annotations(made, "/Link")} == {
        c.url for t in tagged_sample for c in t.citations if c.url
    }


def refused(documents, folder, match):
    with pytest.raises(OutputError, match=match):
        write(documents, folder / "uit.pdf")
    assert not list(folder.glob("uit.pdf*"))


def test_what_cannot_be_annotated_is_said(tagged_sample, tmp_path, sample):
    refused([], tmp_path, "no document")
    refused([tagged_sample, tagged_sample], tmp_path, "several documents")
    gone = TaggedDocument(tagged_sample, replace(tagged_sample.document, source="weg.pdf"))
    refused([gone], tmp_path, r"weg\.pdf: it cannot be annotated \(No such file")
    (tmp_path / "ander.pdf").write_bytes(sample.read_bytes() + b"\n")
    other = TaggedDocument(tagged_sample, replace(tagged_sample.document, source=str(tmp_path / "ander.pdf")))
    refused([other], tmp_path, "has changed")
    (tmp_path / "brief.txt").write_text(TEXT)
    refused([nlp.tag(tmp_path / "brief.txt")], tmp_path, "only a PDF can be annotated")


@pytest.mark.parametrize(
    "name", ["corrupt_page2", "encrypted_empty", "xref_damaged", "junk_before_header", "rotation_45"]
)
def test_a_strange_file_is_annotated_or_refused(shared, name, tmp_path):
    document = nlp.tag(shared / "pdf" / "bad" / f"{name}.pdf")
    try:
        write([document], tmp_path / "uit.pdf")
    except OutputError as error:
        assert name in str(error)  # noqa: PT017
    else:
        assert len(nlp.read(tmp_path / "uit.pdf").pages) == len(document.document.pages)
