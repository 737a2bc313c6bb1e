"""Links are put into a text, and the text and its markup stay what they were."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.citations import TEMPLATES, annotate, find_citations
from nlp.errors import UnknownName

URL = "https://zoek.officielebekendmakingen.nl/kst-26485-232.html"
TEXT = "Zie Kamerstuk 26485, nr. 232."


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("html", f'Zie <a href="{URL}">Kamerstuk 26485, nr. 232</a>.'),
        ("markdown", f"Zie [Kamerstuk 26485, nr. 232]({URL})."),
        ("plain", f"Zie Kamerstuk 26485, nr. 232 <{URL}>."),
        (
            lambda citation, piece: f"<<{citation.identifier}|{piece}>>",
            "Zie <<kst-26485-232|Kamerstuk 26485, nr. 232>>.",
        ),
    ],
    ids=["html", "markdown", "plain", "function"],
)
def test_every_template_puts_a_link(template, expected):
    assert annotate(TEXT, find_citations(TEXT), template) == expected


def test_an_unknown_template_is_told():
    with pytest.raises(UnknownName, match="Did you mean 'html'"):
        annotate(TEXT, [], "htm")


def test_plain_text_is_escaped_when_it_becomes_html():
    text = "A & B <x>: Kamerstuk 26485, nr. 232"
    assert annotate(text, find_citations(text)) == f'A &amp; B &lt;x&gt;: <a href="{URL}">Kamerstuk 26485, nr. 232</a>'


def test_what_has_no_address_stays_as_it_is():
    text = "Handelingen II 2007/08, nr. 70, p. 4867"
    assert annotate(text, find_citations(text)) == text


def test_the_members_of_a_range_get_one_link():
    text = "Kamerstuk 36512, nrs. 8-10"
    assert annotate(text, find_citations(text), "markdown").count("](") == 1


LINK = f'<a href="{URL}">'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Kamerstuk 26485, nr. 232</p>", f"<p>{LINK}Kamerstuk 26485, nr. 232</a></p>"),
        (
            "<p>Kamerstuk 26&nbsp;485, nr. 232 &amp; meer</p>",
            f"<p>{LINK}Kamerstuk 26&nbsp;485, nr. 232</a> &amp; meer</p>",
        ),
        ("<b>Kamerstuk</b> 26485, nr. 232", f"<b>{LINK}Kamerstuk</a></b>{LINK} 26485, nr. 232</a>"),
        ("<i>Kamerstuk 26485, nr. 232</i>", f"<i>{LINK}Kamerstuk 26485, nr. 232</a></i>"),
        ("Kamerstuk 26485, nr. 232<sup>4</sup>", f"{LINK}Kamerstuk 26485, nr. 232</a><sup>4</sup>"),
    ],
)
def test_links_nest_with_tags(text, expected):
    assert annotate(text, find_citations(text), markup=True) == expected


@pytest.mark.parametrize(
    "text",
    [
        f'<a href="{URL}">Kamerstuk 26485, nr. 232</a>',
        '<img alt="Kamerstuk 26485, nr. 232">',
        '<img alt="a > Kamerstuk 26485, nr. 232">',
        "<!-- Kamerstuk 26485, nr. 232 -->",
        "<script>var x = 'Kamerstuk 26485, nr. 232'</script>",
        "<title>Kamerstuk 26485, nr. 232</title>",
        "<code>Kamerstuk 26485, nr. 232</code>",
        "<a>Kamerstuk 26485, nr. 232",
        "[Kamerstuk 26485, nr. 232](https://example.org)",
        "`Kamerstuk 26485, nr. 232`",
        "```\nKamerstuk 26485, nr. 232\n```",
        f"<{URL}>",
    ],
)
def test_links_code_and_attributes_are_left_alone(text):
    assert annotate(text, find_citations(text), markup=True) == text


class Reader(HTMLParser):
    """The text a browser shows, and whether every tag is closed in its turn."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.text, self.balanced = [], [], True

    def handle_starttag(self, tag, attrs):  # noqa: ARG002  # the name is that of HTMLParser
        if tag not in ("br", "img"):
            self.balanced &= not (tag == "a" and "a" in self.open)
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.balanced &= bool(self.open) and self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def shown(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.text), reader.balanced and not reader.open


PIECES = st.sampled_from(
    [
        "Kamerstuk 26485, nr. 232",
        "26 485, nrs. 3 en 4",
        "Kamerstuk",
        " 26485",
        ", nr. 3",
        " en ",
        "&amp;",
        "&nbsp;",
        "<br>",
        "tekst ",
        "idem, p. 3",
        "; ",
    ]
)
TREES = st.recursive(
    st.lists(PIECES, max_size=4).map("".join),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(["b", "i", "p", "span class='x'", "a href='#'", "td", "code"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(TREES, max_size=4).map("".join))
def test_html_shows_the_same_text_and_stays_balanced(html):
    linked = annotate(html, find_citations(html), markup=True)
    assert shown(linked) == shown(html)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=10).map("".join), st.sampled_from(sorted(TEMPLATES)))
def test_plain_text_shows_the_same(text, template):
    linked = annotate(text, find_citations(text), template)
    if template == "html":
        assert shown(linked)[0] == text
    else:
        assert len(linked) >= len(text)
