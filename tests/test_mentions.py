"""Goals named in so many words, and what only looks like it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.mentions import NAMES, TARGETS, Mention, find_mentions


def codes(text):
    return [m.target or m.code for m in find_mentions(text)]


NUMBERS = [
    ("Dit draagt bij aan SDG 8.", "8"),
    ("SDG's 8 en 12", "8 12"),
    ("de SDG’s 2, 6 en 13 komen samen", "2 6 13"),
    ("SDG17 (partnerschap)", "17"),
    ("onder SDG-13 valt", "13"),
    ("#SDG13 en #SDG7", "13 7"),
    ("SDG 5-doel gendergelijkheid", "5"),
    ("SDG nr. 6, SDG no. 7, SDG nummer 16", "6 7 16"),
    ("sdg 3 en sdgs 4, 5", "3 4 5"),
    ("SDG ’s 3 en 4; SDGʼs 3,4 en 5; SDG's 8,12", "3 4 3 4 5 8 12"),
    ("SDG's: 1, 2 en 3 (SDG's (8, 12 en 13))", "1 2 3 8 12 13"),
    ("SDG 8/12, SDG 8 & 12, SDG 8 of 12, SDG 6+7", "8 12 8 12 8 12 6 7"),
    ("SDG 16+ staat voor vrede", "16"),
    ("zowel SDG 2 als SDG 15", "2 15"),
    ("SDG\u00a08 en SDG\u202f9 en SDG\n10", "8 9 10"),
    ("SDG 5 (gendergelijkheid), 6 (schoon water) en 8 (werk)", "5 6 8"),
    ("de indicatoren van SDG 8, 9, 12, 13, 14 en 15.", "8 9 12 13 14 15"),
    ("SDG's 6, 13, 14 dragen bij", "6 13 14"),
    ("SDG-doelen 8, 9 en 10", "8 9 10"),
    ("VN-doel 13 en VN-doelen 8 en 9", "13 8 9"),
    ("Duurzaam Ontwikkelingsdoel? Duurzame Ontwikkelingsdoelstelling 12", "12"),
    ("Duurzame Ontwikkelingsdoelen 3 t/m 5", "3 4 5"),
    ("SDGs 1-3, SDG's 6 tot en met 8, SDG's 9–11", "1 2 3 6 7 8 9 10 11"),
    ("ontwikkelingsdoel 4", "4"),
    ("Ontwikkelings-\ndoelen 3 en 4", "3 4"),
    ("duur\xadzame ontwik-\nkelingsdoelen 3 en 4", "3 4"),
    ("Duurzame Ontwikkelingsdoelen (SDG's) 8 en 9", "8 9"),
    ("Sustainable Development Goal 5 and Sustainable Development Goals 8 and 9", "5 8 9"),
    ("het VN Sustainable Development Goal nummer 16 (Vrede, Recht en Sterke Instituties)", "16"),
    ("Global Goal 4 en werelddoel 12", "4 12"),
    ("het 13e duurzame ontwikkelingsdoel, de 17e SDG, het zesde werelddoel", "13 17 6"),
]

TARGETS_NAMED = [
    ("in SDG 8.7 staat dat kinderarbeid verdwijnt", "8.7"),
    ("SDG 12.c en SDG 12b", "12.c 12.b"),
    ("SDG-indicator 8.7.1", "8.7"),
    ("SDG 8, in het bijzonder 8.7", "8 8.7"),
    ("SDG 8 (met name target 8.7)", "8 8.7"),
    ("SDG's 8.7 en 16.2", "8.7 16.2"),
    ("SDG 8.5-8.8", "8.5 8.8"),
    ("SDG 17.19 bestaat", "17.19"),
    ("is bereikt voor SDG 8.12 Dat is mooi", "8"),  # 8.12 is no target: a footnote marker
]

PLAIN_GOALS = [
    ("doel 13 van de Agenda 2030", "13"),
    ("doelen 2 en 6 van de VN-agenda", "2 6"),
    ("doelstelling 5 (gendergelijkheid) uit de 2030-agenda", "5"),
    ("Goal 8 of the 2030 Agenda", "8"),
    ("Goals 1 and 2 of the Sustainable Development Agenda", "1 2"),
    ("de Agenda 2030 (doel 13)", "13"),
    ("de SDG's, met name doel 8 en 12", "8 12"),
    ("doel 12 van de duurzame ontwikkelingsdoelen", "12"),
]

NAMED = [
    ("SDG Klimaatactie", "13"),
    ("het ontwikkelingsdoel 'Geen armoede' van de VN", "1"),
    ("SDG: Leven in het water", "14"),
    ("de SDG’s Geen armoede en Geen honger", "1 2"),
    ("de SDG's ‘Waardig werk en economische groei’, ‘Klimaatactie’ en ‘Leven op het land’", "8 13 15"),
    ('Sustainable Development Goal "Climate Action"', "13"),
]

NONE = [
    "SDG 18", "SDG 20", "SDG 0", "SDG 2030", "SDG-agenda 2030", "SDG's in 2030", "17 SDG's", "alle zeventien SDG's",
    "de SDG's (17)", "SDG 8 miljoen", "aan SDG 8 miljard euro", "SDG 8 procent", "SDG 8,5 procent", "SDG 8.000", "SDG 2.0", "SDG 1.000",
    "alle SDG's 5 indicatoren", "de SDG's 3 jaar geleden", "SDG's. 3 leden", "SDG's 1 januari 2030", "SDG’s 15 september 2015",
    "SDG-rapportage 2024", "de 5e SDG-rapportage", "de vierde SDG-rapportage", "de eerste SDG", "Nationale SDG rapportage", "SDG Nederland",
    "SDG's en klimaatactie", "klimaatactie", "geen armoede", "doel 13", "doel 13 van de begroting", "doelen 5 en 6 van de richtlijn",
    "MDG 4", "millenniumontwikkelingsdoel 4", "millennium-ontwikkelingsdoel 4", "Agenda 2030", "Agenda 2030 voor Duurzame Ontwikkeling",
    "Global Goal on Adaptation", "iSDG 8", "SDG8jarig", "SDG 8-jarig plan", "SDG 83", "SDG's 2024",
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), NUMBERS + TARGETS_NAMED + PLAIN_GOALS + NAMED)
def test_goals_are_found(text, wanted):
    assert codes(text) == wanted.split()


@pytest.mark.parametrize("text", NONE)
def test_what_names_no_goal(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SDG 8, 12 landen doen mee", "8"),
        ("SDG 8 en 12 landen", "8"),
        ("SDG 13, 2030 nadert", "13"),
        ("SDG's 15, 16, 17 en 18", "15 16 17"),
    ],
)
def test_a_list_ends_where_other_numbers_begin(text, wanted):
    assert codes(text) == wanted.split()


def test_the_first_of_a_list_has_the_head_in_its_span():
    assert find_mentions("Zie SDG's 8.7 en 12.") == [
        Mention("8", 4, 13, "SDG's 8.7", target="8.7"),
        Mention("12", 17, 19, "12"),
    ]


def test_a_range_lends_its_span_to_what_lies_between():
    assert [m.text for m in find_mentions("SDG's 3 t/m 5")] == ["SDG's 3", "3 t/m 5", "5"]


def test_there_are_169_targets():
    assert sum(last + (ord(letter) - ord("a") + 1 if letter else 0) for last, letter in TARGETS.values()) == 169
    assert list(NAMES) == list(TARGETS) == list(range(1, 18))


HEADS = st.sampled_from(
    ["SDG's ", "SDG’s ", "SDGs ", "SDG-doelen ", "Duurzame Ontwikkelingsdoelen ", "Sustainable Development Goals "]
)
ENDS = st.sampled_from([".", " worden genoemd.", " (zie bijlage)", "", "; dat is zo", " dragen bij aan 17 projecten"])


@settings(deadline=None)
@given(
    HEADS,
    st.lists(st.integers(1, 17), min_size=2, max_size=6, unique=True),
    st.sampled_from([" en ", ", en ", " & ", " of "]),
    ENDS,
)
def test_any_list_is_read_back(head, goals, link, end):
    text = f"De {head}{', '.join(map(str, goals[:-1]))}{link}{goals[-1]}{end}"
    assert codes(text) == [str(goal) for goal in goals]


@settings(deadline=None)
@given(HEADS, st.integers(1, 16), st.integers(1, 16), st.sampled_from([" t/m ", "-", "–", " tot en met "]), ENDS)
def test_any_range_is_read_back(head, low, length, link, end):
    high = min(low + length, 17)
    assert codes(f"{head}{low}{link}{high}{end}") == [str(goal) for goal in range(low, high + 1)]


PIECES = st.sampled_from(
    [
        "SDG",
        "SDG's",
        " ",
        ",",
        "en",
        "t/m",
        "-",
        "8",
        "12",
        "18",
        "8.7",
        "(",
        ")",
        "doel",
        "Agenda 2030",
        "van de",
        "Klimaatactie",
        ".",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=60))
def test_mentions_are_slices_in_order_and_goals(text):
    mentions = find_mentions(text)
    assert all(text[m.start : m.end] == m.text for m in mentions)
    assert all(one.end <= two.end for one, two in pairwise(mentions))
    assert all(1 <= int(m.code) <= 17 and (m.target or m.code).split(".")[0] == m.code for m in mentions)
    assert len(set(mentions)) == len(mentions)
