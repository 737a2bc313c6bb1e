"""Words broken at the end of a line: what the document says first, then the word list, then spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.layout.hyphens import HYPHENS, Vocabulary, is_word, mend

NOTHING = Vocabulary([])


def joined(left: str, right: str, vocabulary: Vocabulary = NOTHING) -> str:
    """The two halves as they come out, `left` with its hyphen."""
    between, tail = mend(left[:-1], left[-1], right, vocabulary)
    return left[:-1] + between + tail


@pytest.mark.parametrize(
    ("left", "right", "word"),
    [
        ("bewinds-", "personen", "bewindspersonen"),
        ("beleids-", "maatregelen,", "beleidsmaatregelen,"),
        ("(Kamer-", "stukken)", "(Kamerstukken)"),
        ("Energie-", "akkoord", "Energieakkoord"),
        ("reclasserings-", "organisaties", "reclasseringsorganisaties"),
        ("minister-", "raad", "ministerraad"),
        ("AOW-op-", "bouw", "AOW-opbouw"),
        ("zo-", "als", "zoals"),
        ("Sint-Michiels-", "gestel", "Sint-Michielsgestel"),
        ("https://www.rijks-", "overheid.nl", "https://www.rijksoverheid.nl"),
        ("IN-", "LEIDING", "INLEIDING"),
    ],
)
def test_a_broken_word_is_joined(left, right, word):
    assert joined(left, right) == word


@pytest.mark.parametrize(
    ("left", "right", "word"),
    [
        ("IMVO-", "convenant", "IMVO-convenant"),
        ("SDG-", "agenda.", "SDG-agenda."),
        ("Noord-", "Holland", "Noord-Holland"),
        ("minister-", "president", "minister-president"),
        ("oud-", "minister", "oud-minister"),
        ("2019-", "2020", "2019-2020"),
        ("mbo-", "studenten", "mbo-studenten"),
        ("e-", "mail", "e-mail"),
        ("zee-", "eend", "zee-eend"),
        ("SDG’s-", "rapport", "SDG’s-rapport"),
        ("Skovoroda-", "museum", "Skovoroda-museum"),
        ("ict-", "hardware,", "ict-hardware,"),
        ("Woo-", "verzoeken.", "Woo-verzoeken."),
        ("lage-", "inkomenslanden", "lage-inkomenslanden"),
        ("https://www.example.nl/van-", "huis-uit", "https://www.example.nl/van-huis-uit"),
    ],
)
def test_a_hyphen_of_the_word_stays(left, right, word):
    assert joined(left, right) == word


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("beleids-", "en", "beleids- en"),
        ("rijks-", "of", "rijks- of"),
        ("land-", "en", "land- en"),
    ],
)
def test_a_half_that_shares_its_end_with_the_next_word_stands_alone(left, right, words):
    assert joined(left, right) == words


def test_the_document_is_the_first_witness():
    assert joined("beleids-", "agenda", Vocabulary(["de beleids-agenda van"])) == "beleids-agenda"
    assert joined("IMVO-", "convenant", Vocabulary(["het IMVOconvenant van"])) == "IMVOconvenant"


def test_a_character_that_only_ends_lines_is_the_printers():
    vocabulary = Vocabulary(["de mbo-student las zijn bewinds\u2010", "personen en bracht IMVO-convenanten mee"])
    assert vocabulary.soft == {"\u2010"}
    assert joined("zorg\u2010", "afhankelijk", vocabulary) == "zorgafhankelijk"
    assert joined("zwz\u2010", "plan", vocabulary) == "zwzplan"
    assert joined("IMVO\u2010", "convenant", vocabulary) == "IMVO-convenant"  # capitals need theirs


def test_a_soft_hyphen_never_stays():
    vocabulary = Vocabulary(["het con\u00ad", "venant"])
    assert joined("con\u00ad", "venant", vocabulary) == "convenant"


@pytest.mark.parametrize(
    ("left", "right", "word"),
    [
        ("ge-", "informeerd", "geïnformeerd"),
        ("co-", "ordinatie", "coördinatie"),
        ("be-", "eindigen", "beëindigen"),
        ("ge-", "ijkt", "geijkt"),
        ("ge-", "ïnformeerd", "geïnformeerd"),
    ],
)
def test_the_trema_that_the_break_took_away_comes_back(left, right, word):
    assert joined(left, right) == word


def test_the_word_list_knows_forms_and_cases():
    assert is_word("bewindspersonen")
    assert is_word("Nederland")
    assert not is_word("bewindspersonenx")


@given(
    st.text("abeioEIZ-’/.1", max_size=8), st.sampled_from(HYPHENS), st.text("abeioEIZ-’/.1,", min_size=1, max_size=8)
)
def test_no_letter_is_lost(left, hyphen, right):
    between, tail = mend(left, hyphen, right, NOTHING)
    assert between in ("", "-", "- ")
    assert len(tail) == len(right)
    assert tail[1:] == right[1:]
