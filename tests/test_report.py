"""The report says what the tagging says, shows any text as text, and asks nothing of the network."""

import hashlib
import re
from base64 import b64decode, b64encode
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from nlp.errors import OutputError
from nlp.pdf.pictures import Painter
from nlp.records import Citation, Document, Evidence, Page, Passage, Tag, Tagging
from nlp.report import report
from nlp.report.labels import labels_of
from nlp.report.text import clean, href, pieces
from nlp.tagged import TaggedDocument, plain
from nlp.write import write
from tests.tiny_pdf import pdf, show

pytest.importorskip("jinja2")

SCRIPT = "<script>alert(1)</script>"
PAYLOADS = [
    SCRIPT, '"><img src=x onerror=alert(1)>', "'\" onmouseover='alert(1)' x=\"", "</style></title><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}", "&lt;script&gt;", "]]><!--", "\u202egnp.exe", "👩🏽‍⚖️ 漢字 ﷽ é",
]  # fmt: skip
VOID = {"meta", "img", "input", "br", "rect"}


class Elements(HTMLParser):
    """What a browser would make of a page: elements with attributes, and the text of each."""

    def __init__(self, html):
        super().__init__()
        self.found, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = [tag, dict(attrs), ""]
        self.found.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.open
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for element in self.open:
            element[2] += data

    def all(self, tag, **attributes):
        """Elements of that name with these attributes; the class may be one of several."""
        return [
            element for element in self.found
            if element[0] == tag and all(value in (element[1].get(name.rstrip("_")) or "").split() for name, value in attributes.items())
        ]  # fmt: skip


@pytest.fixture(scope="module")
def page(tagged_sample):
    return tagged_sample.to_html()


@pytest.fixture(scope="module")
def elements(page):
    return Elements(page)


def tagged(text="Schoon water.", *, title=None, source=None, heading=None, citations=(), tags=(), pages=()):
    """A document of one passage."""
    passage = Passage("d-1", "d", "paragraph", (), 0, len(text), text, heading)
    document = Document("d", (), pages, title, source=source)
    return TaggedDocument([Tagging(passage, tuple(tags), tuple(citations), "current-0")], document)


def water(text):
    return Tag("sdg", "6", 0.9, evidence=(Evidence(0, len(text), text, 2.0),), intercept=0.2)


# --- it is all there ----------------------------------------------------------------------------------------------


def test_every_passage_is_there_with_its_text_tags_and_citations(tagged_sample, elements):
    articles = elements.all("article")
    assert len(articles) == len(tagged_sample)
    texts = [text for _, _, text in elements.all("p", class_="text")]
    assert texts == [tagging.passage.text for tagging in tagged_sample]
    labels = {(tag.scheme, tag.code) for tagging in tagged_sample for tag in tagging.tags}
    assert len(elements.all("button", class_="label")) == len(labels)
    tags = sum(len({(tag.scheme, tag.code) for tag in tagging.tags}) for tagging in tagged_sample)
    assert len(elements.all("details", class_="tag")) == tags


def test_citations_are_links_to_their_publication(tagged_sample, elements):
    urls = {citation.url for tagging in tagged_sample for citation in tagging.citations if citation.url}
    links = elements.all("a", class_="cite")
    assert {link[1]["href"] for link in links} == urls
    assert all(link[1]["rel"] == "noopener noreferrer" for link in links)


def test_every_page_is_a_picture_with_its_passages_drawn_on_it(tagged_sample, elements):
    pictures = elements.all("img")
    assert len(pictures) == len(tagged_sample.document.pages)
    assert all(b64decode(p[1]["src"].removeprefix("data:image/webp;base64,"))[8:12] == b"WEBP" for p in pictures)
    drawn = {mark[1]["data-passage"] for mark in elements.all("a", class_="mark")}
    assert drawn == {str(number) for number, _ in enumerate(tagged_sample, 1)}


def test_a_passage_has_the_official_colour_and_the_number_of_its_goal(page):
    key = re.search(r'mark (k\d+)" href="#p15"', page)[1]  # child labour: goal 8
    assert f".{key}{{--c:#A21942;--ink:#fff}}" in page
    mark = page[page.index(f'mark {key}" href="#p15"') :]
    assert re.search(r'<g class="chip k\d+"><rect[^>]*/><text[^>]*>(.*?)</text>', mark)[1] == "8"


@pytest.mark.parametrize("number", range(1, 18))
def test_the_number_of_a_goal_reads_on_its_colour(number):
    from nlp.colours import luminance

    label = labels_of([{"scheme": "sdg", "code": str(number), "label": ""}])["sdg", str(number)]
    light, dark = sorted((luminance(label.colour), 1.0 if label.ink == "#fff" else 0.0), reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 4.5


def test_labels_stand_in_the_order_of_their_scheme():
    tags = [
        {"scheme": s, "code": c, "label": ""}
        for s, c in [("imvo", "water"), ("sdg", "10"), ("sdg", "2"), ("sdg", "2.10"), ("sdg", "2.9")]
    ]
    assert [code for _, code in labels_of(tags)] == ["2", "2.9", "2.10", "10", "water"]


def test_the_evidence_adds_up(elements):
    totals = [text for _, _, text in elements.all("p", class_="total") if "samen" in text]
    assert totals
    for total in totals:
        *parts, score = [float(n.replace("−", "-").replace(",", ".")) for n in re.findall(r"[+−]?\d+,\d+", total)]
        if 0.02 < score < 0.98:
            assert 1 / (1 + 2.718281828 ** -sum(parts)) == pytest.approx(score, abs=0.02)


# --- it stands by itself ------------------------------------------------------------------------------------------


def test_its_policy_allows_its_own_style_and_script_and_nothing_else(elements):
    policy = next(m[1]["content"] for m in elements.all("meta") if m[1].get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    for name in ("style", "script"):
        (element,) = elements.all(name)
        digest = b64encode(hashlib.sha256(element[2].encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"
    assert not [e for e in elements.found if any(a.startswith("on") or a == "style" for a in e[1])]


def test_nothing_in_it_points_elsewhere_but_citations(elements):
    for tag, attributes, _ in elements.found:
        for name in ("src", "href", "xlink:href", "action", "data", "poster", "srcset"):
            if name in attributes and "cite" not in (attributes.get("class") or "").split():
                assert attributes[name].startswith(("data:image/webp;base64,", "#")), (tag, attributes)


# --- any text is text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_as_text(payload):
    citation = Citation("kamerstuk", payload, 0, len(payload), identifier=payload, url="https://example.org/" + payload)
    document = tagged(payload, title=payload, heading=payload, citations=[citation], tags=[water(payload)])
    page = Elements(report(plain(document)))
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert not page.all("img")
    assert page.all("p", class_="text")[0][2] == clean(payload)
    assert page.all("h1")[0][2] == page.all("title")[0][2] == page.all("span", class_="crumbs")[0][2] == clean(payload)


@pytest.mark.parametrize("payload", PAYLOADS[:4])
def test_a_hostile_file_name_is_shown_as_text(payload, tmp_path):
    name = payload.replace("/", "∕") + ".txt"
    (tmp_path / name).write_text("Nederland halveert de uitstoot in 2030.", encoding="utf-8")
    page = Elements(nlp.tag(tmp_path / name).to_html())
    assert page.all("h1")[0][2] == name
    assert len(page.all("script")) == 1


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " https://a.nl", "//a.nl", "HTTPS:a", 'https://a.nl/"x']
)
def test_only_addresses_of_the_web_become_links(url):
    assert href(url) is None
    assert not Elements(report(plain(tagged(citations=[Citation("x", "Schoon", 0, 6, url=url)])))).all(
        "a", class_="cite"
    )


@given(st.text(st.characters(), max_size=40), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=4))
def test_text_is_cut_at_its_citations_and_nothing_is_lost(text, places):
    cut = pieces(text, [{"start": start, "end": end} for start, end in places])
    assert "".join(piece for piece, _ in cut) == clean(text)
    assert len(clean(text)) == len(text)
    clean(text).encode()


def test_odd_characters_keep_their_places():
    page = Elements(report(plain(tagged("a\x00b\ud800c\r😀d"))))
    assert page.all("p", class_="text")[0][2] == "a\ufffdb?c\ufffd😀d"


# --- pictures -----------------------------------------------------------------------------------------------------

FILE = "Het bestand is niet meer te vinden"


def test_without_its_file_a_report_has_the_text_and_says_so(tagged_sample):
    gone = TaggedDocument(tagged_sample, replace(tagged_sample.document, source="weg.pdf"))
    page = gone.to_html()
    assert FILE in page
    assert not Elements(page).all("img")
    assert len(Elements(page).all("article")) == len(tagged_sample)


def test_the_file_may_be_handed_over(tagged_sample, sample):
    gone = TaggedDocument(tagged_sample, replace(tagged_sample.document, source="weg.pdf"))
    assert len(Elements(gone.to_html(sample)).all("img")) == 5
    assert len(Elements(gone.to_html(sample.read_bytes())).all("img")) == 5


def test_a_file_that_has_changed_is_not_pictured(tagged_sample, sample):
    assert "Het bestand is veranderd" in tagged_sample.to_html(sample.read_bytes() + b"\n")


def test_a_text_has_no_pages():
    page = nlp.tag(b"Nederland halveert de uitstoot in 2030.").to_html()
    assert "heeft geen pagina&#39;s" in page
    assert not Elements(page).all("section", class_="pages")


SIDEWAYS = "BT /F1 11 Tf 0 1 -1 0 300 100 Tm (Nederland halveert de uitstoot van broeikasgassen in 2030.) Tj ET"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_that_was_turned_to_be_read_is_turned_in_its_picture(rotate):
    from io import BytesIO

    from PIL import Image

    data = pdf(SIDEWAYS.encode(), page=b"/Rotate %d" % rotate)
    document = nlp.tag(data)
    (sheet,) = document.document.pages
    with Painter() as painter:
        (picture,) = painter.pictures(data, [(1, sheet.turned)], 600)
    image = Image.open(BytesIO(picture)).convert("L")
    assert (image.width > image.height) == (sheet.width > sheet.height)
    scale = image.width / sheet.width
    boxes = document[0].passage.boxes
    ink = Image.eval(image, lambda level: 255 * (level < 128)).getbbox()
    around = (boxes[0].x0, min(b.top for b in boxes), boxes[-1].x1, max(b.bottom for b in boxes))
    assert ink == pytest.approx([scale * value for value in around], abs=6)


@pytest.mark.parametrize("name", ["encrypted_user", "html_error_page", "zero_bytes", "truncated"])
def test_a_page_that_cannot_be_painted_costs_its_picture_only(shared, name, sample):
    with Painter() as painter:
        assert (
            list(painter.pictures((shared / "pdf" / "bad" / f"{name}.pdf").read_bytes(), [(1, 0), (9, 0)], 300))[1]
            is None
        )
        assert all(painter.pictures(sample.read_bytes(), [(1, 0), (5, 0)], 300))


def test_a_painter_that_dies_is_replaced(sample):
    data = sample.read_bytes()
    with Painter() as painter:
        pictures = painter.pictures(data, [(number, 0) for number in (1, 2, 3, 4)], 300)
        assert next(pictures)
        painter._process.kill()
        painter._process.wait()
        assert list(pictures)[-1]
        assert all(painter.pictures(data, [(5, 0)], 300))


def test_a_report_that_is_too_large_leaves_pictures_out(tagged_sample, monkeypatch):
    monkeypatch.setattr("nlp.report.sheets.ROOM", 100_000)
    page = Elements(tagged_sample.to_html())
    assert 1 <= len(page.all("img")) < 5
    assert any("handzaam" in text for _, _, text in page.all("figcaption"))


def test_pages_without_text_are_named():
    document = TaggedDocument([], Document("d", (), (Page(1, 595, 842, "no_text_layer"),), status="partial"))
    data = pdf(b"")
    document.document = replace(document.document, id=hashlib.sha256(data).hexdigest()[:12])
    assert "is een beeld zonder tekst" in document.to_html(data)


# --- many documents -----------------------------------------------------------------------------------------------


@pytest.fixture
def letters(tmp_path):
    folder = tmp_path / "brieven"
    folder.mkdir()
    for number, text in enumerate(
        ["Nederland halveert de uitstoot.", "Schoon drinkwater en sanitair.", "Goed onderwijs op school."]
    ):
        (folder / f"brief {number} <b>.pdf").write_bytes(pdf(show(text)))
    return sorted(folder.iterdir())


def written(letters, out):
    write((nlp.tag(letter, engine="pdfium") for letter in letters), out)
    return Elements(out.read_text(encoding="utf-8"))


def test_many_documents_get_an_index_and_a_report_each(letters, tmp_path):
    index = written(letters, tmp_path / "uit.html")
    links = [link[1]["href"] for link in index.all("a")]
    assert len(links) == 3
    for link, letter in zip(links, letters, strict=True):
        assert re.fullmatch(r"uit_files/brief-\d-b-[0-9a-f]{12}\.html", link)
        assert letter.name in (tmp_path / link).read_text(encoding="utf-8").replace("&lt;", "<").replace("&gt;", ">")
    heads = index.all("th", class_="cell")
    assert len(heads) == 17
    cells = [text for _, _, text in index.all("td", class_="cell")]
    assert cells[12] == "1"  # of the first letter, goal 13
    assert cells[17 + 5] == "1"  # of the second, goal 6
    assert cells[-17:].count("1") >= 3  # together


def test_a_report_that_would_be_the_same_is_kept(letters, tmp_path):
    out = tmp_path / "uit.html"
    written(letters, out)
    before = {file.name: file.stat().st_ino for file in (tmp_path / "uit_files").iterdir()}
    letters[0].write_bytes(pdf(show("Kinderarbeid in de cacao.")))
    written(letters, out)
    after = {file.name: file.stat().st_ino for file in (tmp_path / "uit_files").iterdir()}
    kept = [name for name in before if name.endswith(".html") and before[name] == after.get(name)]
    assert len(kept) == 2
    assert len(after) == len(before)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["brieven", "uit.html", "uit_files"]


def test_a_run_that_fails_leaves_what_was_there(letters, tmp_path):
    out = tmp_path / "uit.html"
    written(letters, out)
    before = sorted((tmp_path / "uit_files").iterdir())

    def documents():
        yield nlp.tag(letters[0])
        yield nlp.tag(letters[1])
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        write(documents(), out)
    assert sorted((tmp_path / "uit_files").iterdir()) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["brieven", "uit.html", "uit_files"]


def test_a_folder_of_someone_else_is_not_replaced(letters, tmp_path):
    (tmp_path / "uit_files").mkdir()
    (tmp_path / "uit_files" / "werk.txt").write_text("van mij")
    with pytest.raises(OutputError, match="not a folder of reports"):
        written(letters, tmp_path / "uit.html")
    assert (tmp_path / "uit_files" / "werk.txt").read_text() == "van mij"


def test_documents_come_one_by_one(tmp_path):
    done = []

    def documents():
        for at in range(40):
            done.append(len(list((tmp_path / "uit_files.part").glob("*.html"))))
            yield nlp.tag(f"Brief {at} over schoon water.".encode())

    write(documents(), tmp_path / "uit.html")
    assert done[2:] == list(range(2, 40))  # two are looked at before the first is written


def test_the_code_of_the_interface_fetches_nothing():
    folder = Path(nlp.__file__).parent / "report" / "templates"
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?://|fetch\(|XMLHttp|innerHTML|eval\(|@import|url\(|localStorage|cookie", text), (
            file.name
        )
