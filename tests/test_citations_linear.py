"""Twice the text is twice the work, whatever the text: work is counted in calls, so no clock can disturb the tests."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.citations import annotate, find_citations

REPEATED = [
    "Kamerstukken II 2019/20, ", "1", "26485 ", "26 485, ", "nr. ", "nrs. 1, 2, 3, ", "nr. 1, ", "(", "[", " ",
    "\n", "-\n", "\u00ad", "<b>", "<b ",
    '<a href="', "&nbsp;", "Kamerstuk ", "Kamerstuk 26485, nr. 3, ", "TK ", "II ", "I 2019/20, ", "2019/20-", "idem, ", "voornoemd ", "https://",
    "https://x/kst-1", "kst-", "kst-26485-", "ECLI:NL:", "Richtlijn ", "(EU) ", "Stb. 2020, ", "2020, 3, ",
    "Handelingen II 2019/20, ",
    "nr. 45, item 3, ", "Aanhangsel ", "p. 3, ", "en ", "en nr. ", "12 t/m ", "35300-", "35300-XVII-",
    "bijlage bij ", "vergaderjaar ", "nr. 1 (",
    "nr. 1 (26485", "lI", "€ ", ".", "Kamerstukken 31945, 36512, ", "Zitting ", "gewijzigde motie op stuk ",
    "A, B, ", "Kamerstuk 26485, nr. 3 idem ",
]  # fmt: skip
PIECE = 1_500  # characters


def calls(text):
    """How many functions are called to find the citations, those of the regular expressions included."""
    count = 0

    def counted(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        find_citations(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("start", ["", "Kamerstuk 26485, nrs. 1"], ids=["alone", "in a list"])
@pytest.mark.parametrize("piece", REPEATED, ids=repr)
def test_work_doubles_with_the_text(piece, start):
    find_citations(start + piece)  # compiles what is needed
    once = calls(start + piece * (PIECE // len(piece)))
    twice = calls(start + piece * (2 * PIECE // len(piece)))
    assert twice <= 2.2 * once + 200


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(REPEATED), min_size=1, max_size=4).map("".join))
def test_work_doubles_with_any_mixture(piece):
    find_citations(piece * 3)
    once = calls(piece * (PIECE // len(piece) + 1))
    twice = calls(piece * (2 * PIECE // len(piece) + 2))
    assert twice <= 2.3 * once + 300


@pytest.mark.parametrize("piece", ['<a href="', "<!--", "<a>", "```", "`", "[a](", "<", "<b '", "![", "</a>"], ids=repr)
def test_markup_without_end_is_read_once(piece):
    text = piece * 5_000
    assert annotate(text, find_citations(text), markup=True) == text
