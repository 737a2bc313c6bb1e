"""What a notebook shows: chips, evidence, links; escaped, complete by itself, for light and dark themes."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp
from nlp import display
from nlp.records import Block, Citation, Document, Evidence, Notice, Passage, Tag, Tagging
from nlp.schemes import load_scheme
from nlp.tagged import TaggedDocument

CACAO = (
    "Bedrijven die cacao inkopen in Ivoorkust moeten kinderarbeid in hun keten voorkomen (Kamerstuk 26 485, nr. 337). "
    "Dat raakt SDG 8."
)
VOID = {"br", "hr"}


class Page(HTMLParser):
    """The elements of a piece of HTML, checked to be closed in order, and its text."""

    def __init__(self, html):
        super().__init__()
        self.open, self.elements, self.text, self.underlined = [], [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)
        if "u" in self.open:
            self.underlined.append(data)

    @property
    def said(self):
        return "".join(self.text)


def attributes(page, element, name):
    return [attrs[name] for tag, attrs in page.elements if tag == element and name in attrs]


@pytest.fixture(scope="module")
def cacao():
    return nlp.predict(CACAO)


def test_a_tagging_shows_its_text_tags_and_scores(cacao):
    said = Page(cacao._repr_html_()).said
    assert CACAO in said
    for tag in cacao.tags:
        label = load_scheme(tag.scheme)[tag.code].label_nl
        score = "genoemd" if tag.source == "mention" else f"{tag.score:.2f}".replace(".", ",")
        assert (f"SDG {tag.code} {label} {score}" if tag.scheme == "sdg" else f"{label} {score}") in said


def test_the_words_that_spoke_for_a_tag_are_underlined(cacao):
    page = Page(cacao._repr_html_())
    assert {"kinderarbeid", "cacao", "keten", "SDG 8"} <= set(page.underlined)
    assert "voorkomen" not in page.underlined
    titles = attributes(page, "u", "title")
    assert any(re.search(r"SDG 8 \+\d,\d\d; .*kinderarbeid \+\d,\d\d", title) for title in titles)


def test_a_goal_has_its_official_colour_and_ink_that_reads_on_it(cacao):
    styles = attributes(Page(cacao._repr_html_()), "span", "style")
    assert any("background:#A21942;color:#fff" in style for style in styles)


def test_citations_are_links(cacao):
    page = Page(cacao._repr_html_())
    assert attributes(page, "a", "href") == ["https://zoek.officielebekendmakingen.nl/kst-26485-337.html"] * 2
    assert set(attributes(page, "a", "rel")) == {"noopener noreferrer"}
    assert "kst-26485-337" in page.said


def test_a_tagged_document_shows_pages_passages_and_what_it_is_about(tagged_sample):
    page = Page(tagged_sample._repr_html_())
    assert tagged_sample.document.title in page.said
    assert "datum 2021-07-09" in page.said
    for tagging in tagged_sample:
        assert tagging.passage.text in page.said
    dozen = sum("12" in tagging.codes("sdg") for tagging in tagged_sample)
    assert f"SDG 12 Verantwoorde consumptie en productie {dozen}×" in page.said
    assert "1–2" in page.said  # a passage that runs over a page


def test_a_document_shows_what_was_read(tagged_sample):
    page = Page(tagged_sample.document._repr_html_())
    for word in ("kop", "alinea", "voetnoot", "tabel", "opsomming", "5 pagina's"):
        assert word in page.said
    assert tagged_sample.document.blocks[-1].text in page.said


def test_lost_pages_are_told():
    document = Document("x", (), status="partial", notices=(Notice("damaged_page", "Page <3> is lost.", 3),))
    said = Page(document._repr_html_()).said
    assert "deels gelezen" in said
    assert "pagina 3: Page <3> is lost." in said


PAYLOADS = [
    "<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "</u></td></table><iframe>", "&lt;b&gt; &amp;",
    "javascript:alert(1)", "\ud800 half", "\x00\x1b[31m", "<!-- -->",
]  # fmt: skip


def hostile(text):
    """A document whose every text is `text`."""
    cues = (Evidence(0, len(text), text, 2.0), Evidence(0, 1, text[:1], -1.0))
    tags = (Tag("sdg", "8", 0.9, "model", cues), Tag(text, text, 0.9, "model", cues), Tag("sdg", "99", 0.1))
    cited = (
        Citation("kamerstuk", text, 0, len(text), identifier=text, url=text),
        Citation("dossier", text, 0, 1, url="https://" + text),
    )
    tagging = Tagging(Passage("p", "d", text, (1,), 0, len(text), text, heading=text), tags, cited)
    blocks = (Block("heading", text, 1, mark=text), Block(text, text))
    facts = dict.fromkeys(("title", "date", "source", "kind", "reference", "ministry", "dossiernummer"), text)
    document = Document(text, blocks, notices=(Notice(text, text),), **facts)
    return [tagging, document, TaggedDocument([tagging], document)]


def check_harmless(shown):
    json.dumps(shown).encode()
    shown.encode("utf-8")  # a notebook is stored as UTF-8
    page = Page(shown)
    allowed = {"div", "p", "table", "thead", "tbody", "tr", "th", "td", "u", "a", "b", "span", "ul", "li"}
    assert {tag for tag, _ in page.elements} <= allowed
    assert not {name for _, attrs in page.elements for name in attrs} - {
        "style", "title", "href", "target", "rel", "lang",
    }  # fmt: skip
    assert all(href.startswith(("https://", "http://")) for href in attributes(page, "a", "href"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_a_document_stays_text(payload):
    for record in hostile(payload):
        check_harmless(record._repr_html_())


@given(st.text(min_size=1, max_size=30))
def test_any_text_can_be_shown(text):
    for record in hostile(text):
        check_harmless(record._repr_html_())


def test_nothing_is_fetched_and_no_theme_is_assumed(tagged_sample):
    for record in (tagged_sample, tagged_sample.document, tagged_sample[3]):
        shown = record._repr_html_()
        assert not re.search(r"<(img|script|link|style|iframe)|url\(|@import|src=", shown)
        for style in re.findall(r"style='([^']*)'", shown):
            own = "background:" in style
            assert own == bool(re.search(r"(?<![-\w])color:#", style)), "a colour of its own has ink of its own"


def test_a_long_document_is_shown_in_part_and_says_so(cacao):
    many = [Tagging(replace(cacao.passage, id=str(n)), cacao.tags) for n in range(display.ROWS + 7)]
    shown = TaggedDocument(many, Document("x", tuple(Block("paragraph", "Tekst.") for _ in many)))
    assert "… en nog 7 passages" in shown._repr_html_()
    assert "… en nog 7 blokken" in shown.document._repr_html_()
    long = replace(cacao.passage, text=cacao.passage.text + " woord" * 1000)
    assert len(display.passage_html(Tagging(long))) < display.LONGEST + 100


def test_a_passage_without_labels_says_so():
    assert "Geen labels" in nlp.predict("Aldus vastgesteld.")._repr_html_()


def test_records_alone_are_shown_by_their_repr():
    assert display.html_of(nlp.find_citations(CACAO)[0]) is None
