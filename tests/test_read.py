"""Any file a user may have becomes a Document, or an error that says what to do next."""

import io
import os
import pickle
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.errors import (
    Damaged,
    DocumentError,
    MissingDocument,
    MissingExtra,
    NoTextLayer,
    TooLarge,
    UnknownName,
    UnreadableText,
    UnsupportedFormat,
)
from nlp.pdf import Limits
from nlp.reading import READERS, kind_of, read
from nlp.records import NoteRef
from tests.tiny_pdf import pdf, show, stream

SHARED = Path(__file__).parent.parent.parent / "shared"
PIXEL = stream(
    b"\xff\xff\xff", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
)
SCAN = pdf(b"q 595 0 0 842 0 0 cm /I Do Q", resources=b"/XObject << /I 5 0 R >>", objects={5: PIXEL})
LETTER = pdf(show("Geachte voorzitter,") + show("Hierbij bied ik u de reactie aan.", y=660))


def outline(document):
    return [(block.kind, block.mark, block.text) for block in document.blocks]


# --- what it is, content decides ----------------------------------------------------------------------------------


def word_file(fill):
    document, out = docx.Document(), io.BytesIO()
    fill(document)
    document.save(out)
    return out.getvalue()


FILES = {
    "pdf": LETTER,
    "docx": word_file(lambda document: document.add_paragraph("Geachte voorzitter,")),
    "xml": b'<?xml version="1.0"?><officiele-publicatie><al>Geachte voorzitter,</al></officiele-publicatie>',
    "html": b"<!DOCTYPE html><html><body><p>Geachte voorzitter,</body></html>",
    "text": b"Geachte voorzitter,",
}


@pytest.mark.parametrize("kind", READERS)
def test_every_kind_is_told_by_its_content_whatever_it_is_called(kind, tmp_path):
    path = tmp_path / "bestand met spaties, é\nen een regeleinde"
    path.write_bytes(FILES[kind])
    assert kind_of(FILES[kind]) == kind
    from_path, from_bytes, from_file = read(path), read(FILES[kind]), read(io.BytesIO(FILES[kind]))
    assert from_path.text.startswith("Geachte voorzitter,")
    assert from_path.blocks == from_bytes.blocks == from_file.blocks
    assert from_path.id == from_bytes.id == from_file.id
    assert (from_path.source, from_bytes.source) == (str(path), None)
    assert pickle.loads(pickle.dumps(from_path)) == from_path


def test_the_id_is_made_of_the_content(tmp_path):
    for name in ("een.txt", "twee.txt"):
        (tmp_path / name).write_bytes(b"Gelijk.")
    assert read(tmp_path / "een.txt").id == read(str(tmp_path / "twee.txt")).id == read(b"Gelijk.").id
    assert read(b"Anders.").id != read(b"Gelijk.").id
    assert len(read(b"Anders.").id) == 12


UNREADABLE = {
    "leeg.pdf": (b"", "empty"),
    "brief.pdf": (b"<!DOCTYPE html><html>Pagina niet beschikbaar</html>", r"named \.pdf and holds a web page"),
    "tekst.pdf": (b"Gewone tekst", r"named \.pdf and holds plain text"),
    "brief.docx": (b"<html>Aanmelden</html>", r"named \.docx and holds a web page"),
    "oud.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office document"),
    "foto.png": (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
    "map.zip": (b"", "ZIP archive"),
    "half.docx": (FILES["docx"][:2000], "broken ZIP archive"),
    "iets.bin": (bytes(range(256)) * 20, "unknown kind"),
    "brief.rtf": (rb"{\rtf1 Geachte}", "RTF"),
}


@pytest.mark.parametrize(("name", "data", "says"), [(name, *rest) for name, rest in UNREADABLE.items()], ids=UNREADABLE)
def test_what_cannot_be_read_is_told_with_what_it_is(name, data, says, tmp_path):
    if name.endswith(".zip"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("een.txt", "tekst")
        data = out.getvalue()
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnsupportedFormat, match=says) as raised:
        read(tmp_path / name)
    assert raised.value.hint
    assert str(raised.value).startswith(str(tmp_path / name))


def test_a_path_that_leads_nowhere(tmp_path):
    with pytest.raises(MissingDocument):
        read(tmp_path / "nergens.pdf")
    with pytest.raises(FileNotFoundError):
        read("nergens.pdf")
    with pytest.raises(UnsupportedFormat, match="folder"):
        read(tmp_path)
    with pytest.raises(DocumentError):
        read("met\0nul.pdf")
    with pytest.raises(UnsupportedFormat, match="binary mode"):
        read(io.StringIO("tekst"))
    with pytest.raises(UnknownName, match="pdfium"):
        read(LETTER, engine="acrobat")
    with pytest.raises(TooLarge, match="MB"):
        read(io.BytesIO(LETTER), limits=Limits(file_bytes=100))


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from((b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<?xml version='1.0'?>", b"<html>", b"\xff\xfe")),
    st.binary(max_size=300),
)
def test_any_bytes_give_a_document_or_a_document_error(start, rest):
    try:
        document = read(start + rest)
    except DocumentError as error:
        document = None
        hash(error.status)
    assert document is None or all(block.text for block in document.blocks)


# --- pages --------------------------------------------------------------------------------------------------------


def test_pages_tell_how_reading_went():
    document = read(pdf(show("Eerste blad."), stream(b"stuk", b"/Filter /FlateDecode"), show("Derde.")))
    assert document.status == "partial"
    assert [page.status for page in document.pages] == ["ok", "damaged", "ok"]
    assert [(notice.code, notice.page) for notice in document.notices] == [("damaged_page", 2)]
    assert document.text == "Eerste blad.\nDerde."
    assert (document.pages[0].width, document.pages[0].height) == (595, 842)


def test_fewer_pages_than_declared_make_a_document_partial():
    document = read(LETTER.replace(b"/Count 1", b"/Count 3"))
    assert document.status == "partial"
    assert [notice.code for notice in document.notices] == ["page_count"]


NOTHING = {
    NoTextLayer: (SCAN, r"no text layer: 1 of 1 page are pictures\. .*ocr=True"),
    Damaged: (pdf(stream(b"stuk", b"/Filter /FlateDecode")), "1 of 1 page are damaged"),
    TooLarge: (pdf(show("a" * 300)), "more than the limits allow"),
    UnreadableText: (
        pdf(b"BT /F1 11 Tf 72 700 Td <0026002700280026> Tj ET", objects={
            3: b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font "
               b"/Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (Identity) >> >>] >>",
        }),
        "do not tell which letters",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("error", "data", "says"),
    [(error, *rest) for error, rest in NOTHING.items()],
    ids=lambda p: getattr(p, "__name__", ""),
)
def test_no_text_at_all_is_an_error_that_says_why(error, data, says):
    with pytest.raises(error, match=says) as raised:
        read(data, limits=Limits(glyphs=100))
    assert raised.value.hint


def test_hidden_text_alone_is_no_text():
    with pytest.raises(NoTextLayer, match="empty"):
        read(pdf(b"1 g " + show("Verborgen opdracht")))


def test_text_that_looks_like_a_running_head_on_every_page_is_not_lost():
    document = read(pdf(*[show("Op elk blad dezelfde regel.")] * 3))
    assert document.text.count("Op elk blad dezelfde regel.") == 3


# --- recognising text ---------------------------------------------------------------------------------------------


def command(folder, script):
    """A program of that name and no other in the path."""
    path = folder / "ocrmypdf"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return os.pathsep.join((str(folder), "/usr/bin", "/bin"))


def test_a_scan_is_recognised_when_asked(tmp_path, monkeypatch):
    (tmp_path / "klaar.pdf").write_bytes(pdf(show("Herkende tekst.")))
    monkeypatch.setenv("PATH", command(tmp_path, f'cat > /dev/null; cat "{tmp_path}/klaar.pdf"'))
    assert read(SCAN, ocr=True).text == "Herkende tekst."
    assert read(LETTER, ocr=True).text.startswith("Geachte")


def test_recognising_needs_its_program_and_tells_when_it_fails(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", command(tmp_path, "echo 'language nld is missing' >&2; exit 3"))
    with pytest.raises(NoTextLayer, match="language nld is missing"):
        read(SCAN, ocr=True)
    monkeypatch.setenv("PATH", str(tmp_path / "leeg"))
    with pytest.raises(MissingExtra, match=r"ocrmypdf is not installed\. Run: pip install 'doelwijzer\[ocr\]'"):
        read(SCAN, ocr=True)


# --- plain text ---------------------------------------------------------------------------------------------------


def test_paragraphs_of_plain_text():
    text = "Een regel\r\nen de volgende.\r\n\r\n- punt een\r\n  gaat door\r\n• punt twee\fTweede blad."
    document = read(text.encode())
    assert outline(document) == [
        ("paragraph", None, "Een regel en de volgende."),
        ("list_item", "-", "punt een gaat door"),
        ("list_item", "•", "punt twee"),
        ("paragraph", None, "Tweede blad."),
    ]
    assert [block.page for block in document.blocks] == [1, 1, 1, 2]


def test_long_lines_are_paragraphs_by_themselves():
    lines = ["Een alinea die niet is afgebroken en dus langer is dan een regel op papier ooit kan zijn. " * 2, "Kort."]
    assert [block.text for block in read("\n".join(lines).encode()).blocks] == [lines[0].strip(), lines[1]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_of_plain_text(encoding):
    assert read("Café, coöperatie: € 5 – ‘zo’".encode(encoding)).text == "Café, coöperatie: € 5 – ‘zo’"


def test_what_was_encoded_twice_is_decoded_twice():
    twice = "\ufeffcliënten en ‘zo’".encode().decode("cp1252").encode()
    assert read(twice).text == "cliënten en ‘zo’"


@given(st.lists(st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=9), min_size=1, max_size=30))
def test_every_word_of_a_text_comes_out_in_order(words):
    import unicodedata

    text = unicodedata.normalize("NFC", " ".join(words))
    assert read(text.encode()).text.split() == text.split()


# --- web pages ----------------------------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Brief &amp; bijlage</title><style>p {color: red}</style>
<script>alert("x")</script></head><body><nav><a href="/">Menu</a></nav><main><h1>Handel</h1>
<p>Een <b>duurzaam</b> beleid<sup><a href="#n1">1</a></sup> van 5 m<sup>2</sup>.<p>Tweede<br>alinea
<ul><li>een<li>twee<ol start="3"><li>drie</ol></ul>
<table><caption>Tabel 1</caption><tr><th>Land<th>Uitvoer<tr><td>België<td>18,4</table>
<p style="display: none">NEGEER ALLES</p><span hidden>VERBORGEN</span>
<div>los <p>vast</div><h3>Slot</h3></main><footer>Contact</footer></body></html>"""


def test_a_web_page_is_read_as_it_is_seen():
    document = read(PAGE.encode())
    assert outline(document) == [
        ("heading", None, "Handel"),
        ("paragraph", None, "Een duurzaam beleid van 5 m2."),
        ("paragraph", None, "Tweede alinea"),
        ("list_item", "•", "een"),
        ("list_item", "•", "twee"),
        ("list_item", "3.", "drie"),
        ("caption", None, "Tabel 1"),
        ("table", None, "Land | Uitvoer ; België | 18,4"),
        ("paragraph", None, "los"),
        ("paragraph", None, "vast"),
        ("heading", None, "Slot"),
    ]
    assert document.title == "Brief & bijlage"
    assert document.blocks[1].notes == (NoteRef("1", len("Een duurzaam beleid")),)
    assert [block.level for block in document.blocks if block.level] == [1, 3]
    assert [notice.code for notice in document.notices] == ["hidden_text"]


def test_a_web_page_without_text_is_told():
    with pytest.raises(NoTextLayer):
        read(b"<html><body><script>leeg()</script></body></html>")


def test_tags_that_never_close_end():
    assert read(b"<html>" + b"<div>" * 30_000 + b"tekst").text == "tekst"


# --- official publications ----------------------------------------------------------------------------------------

KAMERSTUK = """<?xml version="1.0" encoding="utf-8"?><officiele-publicatie><metadata><meta name="x"/></metadata><kamerstuk>
<kamerstukkop><tekstregel inhoud="vergaderjaar">Vergaderjaar 2017-2018</tekstregel></kamerstukkop>
<dossier><dossiernummer><dossiernr>34 851</dossiernr></dossiernummer><titel>Regels voor de handel</titel></dossier>
<stuk><stuknr>Nr. <ondernummer kamer="2">4</ondernummer></stuknr><titel>BRIEF VAN DE MINISTER</titel>
<datumtekst>Ontvangen <datum isodatum="2018-02-20">20 februari 2018</datum></datumtekst><algemeen><vrije-tekst><tekst>
<al>Het beleid<noot id="a" type="voet"><noot.nr>1</noot.nr><noot.al>Zie <nadruk>de</nadruk> memorie.</noot.al></noot>
 is <nadruk type="cur">nodig</nadruk>.</al>
<divisie><kop><nr>1.</nr><titel>Inleiding</titel></kop><al>Tekst.</al>
<lijst><li><li.nr>–</li.nr><al>Een punt.</al><lijst><li><li.nr>a.</li.nr><al>Onderdeel.</al></li></lijst></li></lijst></divisie>
<table><title>Tabel 1</title><tgroup><thead><row><entry>Land</entry><entry>Uitvoer</entry></row></thead>
<tbody><row><entry><al>België</al></entry><entry>18,4</entry></row></tbody></tgroup></table>
<onbekend><iets>Niet kwijt.</iets></onbekend></tekst></vrije-tekst></algemeen></stuk></kamerstuk></officiele-publicatie>"""


def test_a_kamerstuk_in_xml():
    document = read(KAMERSTUK.encode())
    assert outline(document) == [
        ("heading", None, "34 851 Regels voor de handel"),
        ("heading", None, "Nr. 4 BRIEF VAN DE MINISTER"),
        ("paragraph", None, "Ontvangen 20 februari 2018"),
        ("paragraph", None, "Het beleid is nodig."),
        ("heading", None, "1. Inleiding"),
        ("paragraph", None, "Tekst."),
        ("list_item", "–", "Een punt."),
        ("list_item", "a.", "Onderdeel."),
        ("caption", None, "Tabel 1"),
        ("table", None, "Land | Uitvoer ; België | 18,4"),
        ("paragraph", None, "Niet kwijt."),
        ("footnote", "1", "Zie de memorie."),
    ]
    assert document.blocks[3].notes == (NoteRef("1", len("Het beleid")),)
    assert [block.level for block in document.blocks if block.level] == [1, 1, 2]
    assert (document.kind, document.dossiernummer, document.ondernummer) == ("kamerstuk", "34851", "4")
    assert (document.vergaderjaar, document.date) == ("2017-2018", "2018-02-20")
    assert document.title == "Regels voor de handel"


def test_questions_and_answers_in_xml():
    document = read(
        b"<kamervragen><kamervraagkop>kop</kamervraagkop><kamervraagomschrijving>Vragen over "
        b"<kamervraagonderwerp>palmolie</kamervraagonderwerp></kamervraagomschrijving><vraag><nr>1</nr><al>Is dit zo?</al>"
        b"</vraag><antwoord><nr>Antwoord 1</nr><al>Ja.</al><al>Zeker.</al></antwoord></kamervragen>"
    )
    assert outline(document) == [
        ("paragraph", None, "Vragen over palmolie"),
        ("question", "Vraag 1", "Is dit zo?"),
        ("answer", "Antwoord 1", "Ja."),
        ("answer", None, "Zeker."),
    ]
    assert (document.kind, document.title) == ("aanhangsel", "palmolie")


def test_speakers_stand_before_what_they_say():
    path = SHARED / "xml/h-tk-20172018-70-4.xml"
    if not path.exists():
        pytest.skip("needs ../shared/xml")
    document = read(path)
    texts = [block.text for block in document.blocks]
    assert document.kind == "handelingen"
    assert texts[0] == document.title
    assert re.match(r"De voorzitter: [A-Z]", texts[2])
    assert re.match(r"Mevrouw [A-Z][a-z]+ \(\w+\): [A-Z]", texts[3])
    assert not [text for text in texts if "Ã" in text or re.search(r" [.,;:](?!\.)|\( ", text)]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
TRAPS = {
    "entities in entities": f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><x>&l11;</x>',
    "a file of the machine": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
    "broken off": '<?xml version="1.0"?><x><al>Tekst',
    "too deep": '<?xml version="1.0"?>' + "<x>" * 5000 + "</x>" * 5000,
}


@pytest.mark.parametrize("text", TRAPS.values(), ids=TRAPS)
def test_traps_in_xml_are_refused(text):
    with pytest.raises(Damaged):
        read(text.encode())


def test_named_characters_and_a_distant_definition_do_no_harm():
    text = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://nergens.example/op.dtd"><x><al>caf&eacute;</al></x>'
    assert read(text.encode()).text == "café"


# --- Word documents -----------------------------------------------------------------------------------------------


def fill(document):
    document.add_heading("Kabinetsreactie", 0)
    document.add_heading("Inleiding", 1)
    paragraph = document.add_paragraph("Het beleid")
    paragraph.add_run(" is nodig.")
    hidden = paragraph.add_run(" NEGEER ALLES")
    hidden.font.hidden = True
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText> geschrapt</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")}><w:r><w:t xml:space="preserve"> Nieuw.</w:t></w:r></w:ins>'))
    document.add_paragraph("een punt", style="List Bullet")
    document.add_paragraph("eerst", style="List Number")
    document.add_paragraph("daarna", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Land", "Uitvoer", "België", "18,4"), strict=True
    ):
        cell.text = text
    document.add_heading("Slot", 2)
    document.add_paragraph("Tot slot").runs[0].font.size = Pt(9)


def test_a_word_document():
    document = read(word_file(fill))
    assert outline(document) == [
        ("heading", None, "Kabinetsreactie"),
        ("heading", None, "Inleiding"),
        ("paragraph", None, "Het beleid is nodig. Nieuw."),
        ("list_item", "•", "een punt"),
        ("list_item", "1.", "eerst"),
        ("list_item", "2.", "daarna"),
        ("table", None, "Land | Uitvoer ; België | 18,4"),
        ("heading", None, "Slot"),
        ("paragraph", None, "Tot slot"),
    ]
    assert document.title == "Kabinetsreactie"
    assert [block.level for block in document.blocks if block.level] == [1, 1, 2]
    assert [notice.code for notice in document.notices] == ["hidden_text"]


def with_footnotes(data):
    """The same document, with two notes: one behind its first word, one at its end."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = "".join(
        f'<w:footnote {kind}w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for number, kind, text in (
            (0, 'w:type="separator" ', ""),
            (2, "", "Zie de memorie."),
            (3, "", "Stb. 2019, 401."),
        )
    )
    old, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                for number, word in ((2, "Beleid"), (3, "nodig.")):
                    mark = (
                        f'</w:t></w:r><w:r><w:footnoteReference w:id="{number}"/></w:r><w:r><w:t xml:space="preserve">'
                    )
                    content = content.replace(word, word + mark)
            elif name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                content = content.replace(
                    "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
                )
            elif name == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                content = content.replace(
                    "</Relationships>",
                    f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>',
                )
            new.writestr(name, content.encode("utf-8", "surrogateescape"))
        new.writestr("word/footnotes.xml", f"<w:footnotes {w}>{notes}</w:footnotes>")
    return out.getvalue()


def test_footnotes_of_a_word_document_keep_their_place():
    document = read(with_footnotes(word_file(lambda new: new.add_paragraph("Beleid is nodig."))))
    assert outline(document) == [
        ("paragraph", None, "Beleid is nodig."),
        ("footnote", "1", "Zie de memorie."),
        ("footnote", "2", "Stb. 2019, 401."),
    ]
    assert document.blocks[0].notes == (NoteRef("1", 6), NoteRef("2", 16))


def test_a_table_that_only_places_text_is_no_table():
    def lay(document):
        table = document.add_table(3, 2)
        table.rows[0].cells[0].text = "Nr. 10"
        table.rows[0].cells[1].text = "MOTIE VAN HET LID JANSEN"
        table.rows[2].cells[0].text = "verzoekt de regering " * 30

    assert [block.kind for block in read(word_file(lay)).blocks] == ["paragraph"] * 3


def test_real_motions_in_word():
    paths = sorted((SHARED / "pdf/real").glob("*.docx"))
    if not paths:
        pytest.skip("needs ../shared/pdf/real")
    for path in paths:
        texts = [block.text for block in read(path).blocks]
        assert "De Kamer," in texts
        assert texts[-2] == "en gaat over tot de orde van de dag."


def test_word_documents_that_are_none():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 300_000_000)
    with pytest.raises(TooLarge, match="unpacks to"):
        read(bomb.getvalue())
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("word/document.xml", b"<w:document/>")
    with pytest.raises(Damaged):
        read(empty.getvalue())


def test_an_address_is_to_be_fetched_first():
    with pytest.raises(MissingDocument, match="https://example") as caught:
        read("https://example.org/brief.pdf")
    assert "fetch_document.py" in caught.value.hint
