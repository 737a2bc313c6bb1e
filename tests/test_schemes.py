"""The taxonomies are complete and true to their sources; a scheme that does not hold together is refused with its line."""

import pickle
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.errors import SchemeError, UnknownName
from nlp.schemes import SCHEMES, load_scheme

GUIDELINES = Path(__file__).parent.parent.parent / "shared" / "annotation" / "GUIDELINES.md"

# Targets per goal in resolution A/RES/70/1: the numbered ones, then the lettered means of implementation.
TARGETS = {
    "1": "1-5 a-b", "2": "1-5 a-c", "3": "1-9 a-d", "4": "1-7 a-c", "5": "1-6 a-c", "6": "1-6 a-b", "7": "1-3 a-b",
    "8": "1-10 a-b", "9": "1-5 a-c", "10": "1-7 a-c", "11": "1-7 a-c", "12": "1-8 a-c", "13": "1-3 a-b", "14": "1-7 a-c",
    "15": "1-9 a-c", "16": "1-10 a-b", "17": "1-19",
}  # fmt: skip

COLOURS = [
    "#E5243B", "#DDA63A", "#4C9F38", "#C5192D", "#FF3A21", "#26BDE2", "#FCC30B", "#A21942", "#FD6925",
    "#DD1367", "#FD9D24", "#BF8B2E", "#3F7E44", "#0A97D9", "#56C02B", "#00689D", "#19486A",
]  # fmt: skip

THEMES = {
    "issues": "due-diligence mensenrechten kinderarbeid dwangarbeid vakbondsvrijheid leefbaar-loon arbeidsomstandigheden "
    "gelijke-behandeling landrechten milieu klimaat ontbossing circulair dierenwelzijn corruptie belasting transparantie "
    "consumenten conflictgebieden",
    "instruments": "wetgeving convenanten inkoop handelsinstrumenten financiele-sector klachten-herstel diplomatie-opbouw "
    "voorlichting",
}


def codes_of(goal: str) -> list[str]:
    numbers, _, letters = TARGETS[goal].partition(" ")
    first, last = numbers.split("-")
    found = [f"{goal}.{n}" for n in range(int(first), int(last) + 1)]
    return found + [f"{goal}.{chr(c)}" for c in range(ord("a"), ord(letters[-1]) + 1)] if letters else found


# ---- the two taxonomies of the project


def test_the_two_taxonomies_are_known_by_name():
    assert set(SCHEMES) >= {"imvo", "sdg"}
    assert [load_scheme(name).id for name in SCHEMES] == list(SCHEMES)


def test_there_are_seventeen_goals_in_order():
    assert [goal.code for goal in load_scheme("sdg").top] == [str(n) for n in range(1, 18)]


@pytest.mark.parametrize("goal", TARGETS)
def test_every_target_of_the_resolution_is_there_and_no_other(goal):
    assert [target.code for target in load_scheme("sdg").narrower(goal)] == codes_of(goal)


def test_there_are_169_targets():
    assert sum(len(codes_of(goal)) for goal in TARGETS) == 169
    assert len(load_scheme("sdg")) == 17 + 169


@pytest.mark.parametrize(("code", "uri"), [
    ("13", "http://metadata.un.org/sdg/13"),
    ("13.1", "http://metadata.un.org/sdg/13.1"),
    ("8.10", "http://metadata.un.org/sdg/8.10"),
    ("1.a", "http://metadata.un.org/sdg/1.a"),
])  # fmt: skip
def test_sdg_uris_are_those_of_the_united_nations(code, uri):
    assert load_scheme("sdg")[code].uri == uri


def test_the_goals_have_their_official_colours_and_the_targets_none():
    sdg = load_scheme("sdg")
    assert [goal.colour for goal in sdg.top] == COLOURS
    assert not [concept.code for concept in sdg if concept.parent and concept.colour]


@pytest.mark.parametrize(("code", "nl", "en"), [
    ("1", "Geen armoede", "No Poverty"),
    ("8", "Waardig werk en economische groei", "Decent Work and Economic Growth"),
    ("16", "Vrede, justitie en sterke publieke diensten", "Peace, Justice and Strong Institutions"),
    ("17", "Partnerschap om doelstellingen te bereiken", "Partnerships for the Goals"),
])  # fmt: skip
def test_goals_carry_their_official_names(code, nl, en):
    goal = load_scheme("sdg")[code]
    assert (goal.label_nl, goal.label_en) == (nl, en)


def test_labels_of_targets_are_short():
    long = [
        (target.code, label)
        for goal in load_scheme("sdg").top
        for target in load_scheme("sdg").narrower(goal.code)
        for label in (target.label_nl, target.label_en)
        if not 4 <= len(label.split()) <= 12
    ]
    assert long == []


@pytest.mark.parametrize("name", SCHEMES)
def test_every_concept_has_a_label_in_both_languages_and_none_twice(name):
    scheme = load_scheme(name)
    for language in ("label_nl", "label_en"):
        labels = [getattr(concept, language) for concept in scheme]
        assert all(labels)
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("name", SCHEMES)
def test_codes_and_uris_are_unique_and_top_concepts_have_a_hint(name):
    scheme = load_scheme(name)
    assert len({concept.code for concept in scheme}) == len({concept.uri for concept in scheme}) == len(scheme)
    assert [concept.code for concept in scheme.top if not concept.hint] == []


def test_there_are_27_themes_in_two_groups():
    imvo = load_scheme("imvo")
    found = {group.id: [c.code for c in imvo if c.group == group.id] for group in imvo.groups}
    assert found == {group: codes.split() for group, codes in THEMES.items()}
    assert len(imvo) == len(imvo.top) == 27


def test_the_codes_are_those_of_the_annotation_guide():
    if not GUIDELINES.exists():
        pytest.skip("the annotation guide is not at hand")
    guide = GUIDELINES.read_text(encoding="utf-8")
    part = guide[guide.index("## IMVO") : guide.index("## Doubt")]
    codes = re.findall(r"^ ([a-z]+(?:-[a-z]+)*)\s{2,}\S", part, re.MULTILINE)
    assert [concept.code for concept in load_scheme("imvo")] == codes


@pytest.mark.parametrize("theme", load_scheme("imvo"), ids=lambda c: c.code)
def test_every_theme_is_defined_and_rests_on_a_named_place(theme):
    assert theme.definition_nl
    assert theme.definition_en
    assert theme.sources
    assert [source.id for source in theme.sources if not source.place] == []
    assert theme.uri == f"https://w3id.org/doelwijzer/imvo/{theme.code}"


@pytest.mark.parametrize("theme", load_scheme("imvo"), ids=lambda c: c.code)
def test_every_step_of_the_crosswalk_has_its_source(theme):
    sdg = load_scheme("sdg")
    assert [str(step) for step in theme.related if step.scheme != "sdg" or step.code not in sdg] == []
    assert [str(step) for step in theme.related if step.source is None] == []
    wordings = [step.code for step in theme.related if step.source and step.source.id == "agenda-2030"]
    assert [code for code in wordings if sdg[code].parent is None] == []  # only a target can name a subject
    assert len(set(map(str, theme.related))) == len(theme.related)


@pytest.mark.parametrize(("code", "expected"), [
    ("kinderarbeid", ["sdg:8", "sdg:8.7"]),
    ("inkoop", ["sdg:12", "sdg:12.7"]),
    ("dierenwelzijn", []),  # the guide gives farm animal welfare no goal
])  # fmt: skip
def test_the_crosswalk_says_what_the_guide_says(code, expected):
    assert [str(step) for step in load_scheme("imvo")[code].related] == expected


# ---- looking up


def test_an_unknown_scheme_is_told_which_are_known():
    with pytest.raises(UnknownName, match=r"Did you mean 'sdg'\? Known: imvo, sdg"):
        load_scheme("sgd")


@pytest.mark.parametrize(("code", "message"), [
    ("18", r"Unknown sdg code '18'.*Known: 1, 10, 11"),
    ("13.9", r"Unknown sdg code '13.9'.*13\.1, 13\.2, 13\.3, 13\.a, 13\.b"),
])  # fmt: skip
def test_an_unknown_code_is_told_its_neighbours(code, message):
    with pytest.raises(UnknownName, match=message):
        load_scheme("sdg")[code]


def test_a_number_is_not_a_code():
    sdg = load_scheme("sdg")
    assert "5" in sdg
    assert 5 not in sdg
    with pytest.raises(UnknownName):
        sdg[5]


def test_narrower_of_an_unknown_code_is_an_error_and_of_a_leaf_is_empty():
    sdg = load_scheme("sdg")
    assert sdg.narrower("13.1") == ()
    with pytest.raises(UnknownName):
        sdg.narrower("kinderarbeid")


def test_a_scheme_is_read_once_and_survives_a_pickle():
    sdg = load_scheme("sdg")
    assert load_scheme("sdg") is sdg
    copy = pickle.loads(pickle.dumps(sdg))
    assert copy == sdg
    assert copy["13"].label_nl == "Klimaatactie"


def test_a_scheme_prints_as_one_would_say_it():
    assert repr(load_scheme("sdg")) == "Scheme('sdg', version 1.0, 17 of 186 concepts at the top)"
    assert repr(load_scheme("sdg")["13"]) == "Concept('13', 'Klimaatactie')"
    assert load_scheme("sdg").title == "Duurzame Ontwikkelingsdoelen"


# ---- a scheme of one's own

REGIO = """\
id: regio
title: {nl: "Regio's", en: "Regions"}
version: "1"
uri: "https://example.org/regio"
concepts:
  - {code: "noord", label: {nl: "Noord", en: "North"}}
  - {code: "noord.1", parent: "noord", label: {nl: "Kust", en: "Coast"}}
"""


@pytest.fixture
def write(tmp_path):
    def write_scheme(text: str | bytes) -> Path:
        path = tmp_path / "regio.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write_scheme


def test_one_file_is_a_scheme(write):
    path = write(REGIO)
    regio = load_scheme(path)
    assert [(c.code, c.parent, c.uri) for c in regio] == [
        ("noord", None, "https://example.org/regio/noord"),
        ("noord.1", "noord", "https://example.org/regio/noord.1"),
    ]
    assert load_scheme(str(path)) is regio


def test_an_edited_file_is_read_anew(write):
    assert load_scheme(write(REGIO))["noord"].label_nl == "Noord"
    assert load_scheme(write(REGIO.replace('"Noord"', '"Het noorden"')))["noord"].label_nl == "Het noorden"


def test_a_byte_order_mark_and_windows_lines_do_no_harm(write):
    assert len(load_scheme(write(b"\xef\xbb\xbf" + REGIO.replace("\n", "\r\n").encode()))) == 2


def with_concepts(*lines: str) -> str:
    return REGIO + "".join(f"  - {line}\n" for line in lines)


LABEL = 'label: {nl: "Zuid", en: "South"}'
TROUBLES = [  # text of the file, line of the trouble, concept, words of the message
    (
        with_concepts(f"{{code: 5.10, {LABEL}}}"),
        8,
        None,
        'code 5.10 is a number, not a text. Use quotes: code: "5.10".',
    ),
    (with_concepts(f"{{code: 13, {LABEL}}}"), 8, None, 'code 13 is a number, not a text. Use quotes: code: "13".'),
    (with_concepts(f"{{code: no, {LABEL}}}"), 8, None, "code no is true or false, not a text"),
    (with_concepts(f"{{code: 2020-01-01, {LABEL}}}"), 8, None, "code 2020-01-01 is a date, not a text"),
    (with_concepts(f"{{{LABEL}}}"), 8, None, "no code"),
    (with_concepts(f'{{code: "", {LABEL}}}'), 8, None, "no code"),
    (with_concepts(f'{{code: "a b", {LABEL}}}'), 8, None, "code 'a b' is not letters, digits, dots and hyphens"),
    (with_concepts(f'{{code: ["a"], {LABEL}}}'), 8, None, "code is a list or mapping, not a text"),
    (with_concepts(f'{{code: "noord", {LABEL}}}'), 8, "noord", "the code stands here for the second time"),
    (with_concepts(f'{{code: "z", parent: "nord", {LABEL}}}'), 8, "z", "unknown parent 'nord'. Did you mean 'noord'?"),
    (with_concepts(f'{{code: "z", parent: "z", {LABEL}}}'), 8, "z", "unknown parent 'z'"),
    (with_concepts('{code: "z"}'), 8, "z", 'no label. Write label: {nl: "…", en: "…"}.'),
    (with_concepts('code: "z"\n    label:\n      nl: "Zuid"\n      en:'), 11, "z", "no English label"),
    (with_concepts('{code: "z", label: {nl: " ", en: "South"}}'), 8, "z", "no Dutch label"),
    (with_concepts('{code: "z", label: "Zuid"}'), 8, "z", "a text in two languages is needed here"),
    (with_concepts(f'{{code: "z", colour: "groen", {LABEL}}}'), 8, "z", "colour 'groen' is not a colour such as"),
    (with_concepts(f'{{code: "z", colour: "#3F7E4", {LABEL}}}'), 8, "z", "colour '#3F7E4' is not a colour"),
    (with_concepts(f'{{code: "z", group: "wind", {LABEL}}}'), 8, "z", "unknown group 'wind'. None is declared."),
    (with_concepts(f'{{code: "z", uri: "zuid", {LABEL}}}'), 8, "z", "uri 'zuid' is not an address"),
    (
        with_concepts(f'{{code: "z", lable: "x", {LABEL}}}'),
        8,
        None,
        "unknown key 'lable' in a concept. Did you mean 'label'?",
    ),
    (with_concepts(f'{{code: "z", code: "y", {LABEL}}}'), 8, None, "the key 'code' stands here twice"),
    (with_concepts(f'{{code: "z", sources: ["x"], {LABEL}}}'), 8, "z", "a source of a concept is needed here"),
    (with_concepts(f'{{code: "z", sources: [{{source: "x"}}], {LABEL}}}'), 8, "z", "unknown source 'x'"),
    (with_concepts(f'{{code: "z", sources: [{{place: "p. 1"}}], {LABEL}}}'), 8, "z", "no source"),
    (with_concepts(f'{{code: "z", related: {{to: "sdg:1"}}, {LABEL}}}'), 8, "z", "related is not a list"),
    (
        with_concepts(f'{{code: "z", related: [{{to: "13"}}], {LABEL}}}'),
        8,
        "z",
        "'13' is no crosswalk. Write scheme and code",
    ),
    (
        with_concepts(f'code: "z"\n    {LABEL}\n    related:\n      - to: "sdg:1"\n      - to: "sdg:13.9"'),
        12,
        "z",
        "crosswalk to 'sdg:13.9', an unknown code. Did you mean",
    ),
    (
        with_concepts(f'{{code: "z", related: [{{to: "sdg:1", match: "same"}}], {LABEL}}}'),
        8,
        "z",
        "unknown match 'same'. Known: broad, close, exact",
    ),
    (
        with_concepts(f'{{code: "z", related: [{{to: "iso:9"}}], {LABEL}}}'),
        8,
        "z",
        "crosswalk to 'iso:9', an unknown scheme. Known: imvo, sdg.",
    ),
    (
        with_concepts(f'{{code: "z", related: [{{to: "regio:oost"}}], {LABEL}}}'),
        8,
        "z",
        "crosswalk to 'regio:oost', an unknown code",
    ),
    (with_concepts("Zuid"), 8, None, "a concept is needed here"),
    (REGIO.replace('"1"', "1.0"), 3, None, 'version 1.0 is a number, not a text. Use quotes: version: "1.0".'),
    (REGIO.replace("id: regio", 'id: "2030"'), 1, None, "id '2030' is not a letter, then letters, digits and hyphens"),
    (REGIO.replace("https:", "htps:"), 4, None, "uri 'htps://example.org/regio' is not an address"),
    (REGIO.replace("title:", "titel:"), 2, None, "unknown key 'titel' in a scheme. Did you mean 'title'?"),
    (REGIO.replace("\nconcepts", '\ngroups: {a b: {nl: "A", en: "A"}}\nconcepts'), 5, None, "group 'a b' is not"),
    (REGIO.replace("\nconcepts", '\nsources: {x: {url: "https://example.org"}}\nconcepts'), 5, None, "no title"),
    (REGIO[: REGIO.index("  -")], 5, None, "no concepts"),
    (REGIO.replace('nl: "Noord"', "nl: Noord: ver"), 6, None, "no valid YAML"),
    (REGIO + "---\nid: tweede\n", 8, None, "no valid YAML"),
    (REGIO + "  - {code: \x00}\n", None, None, "no valid YAML"),
    ("- noord\n- zuid\n", 1, None, "a scheme is needed here"),
    ("", None, None, "a scheme is needed here"),
    (REGIO.encode("utf-16"), None, None, "is not UTF-8"),
]


@pytest.mark.parametrize(("text", "line", "concept", "words"), TROUBLES, ids=[f"{t[3][:40]}" for t in TROUBLES])
def test_a_scheme_that_does_not_hold_together_is_refused_with_its_place(write, text, line, concept, words):
    path = write(text)
    with pytest.raises(SchemeError) as caught:
        load_scheme(path)
    assert words in str(caught.value)
    assert (caught.value.file, caught.value.line, caught.value.concept) == (str(path), line, concept)
    assert str(caught.value).startswith(f"{path}:{line}" if line else f"{path}")


def test_a_missing_file_is_told_what_may_be_given(tmp_path):
    with pytest.raises(SchemeError, match=r"there is no such file.*imvo, sdg"):
        load_scheme(tmp_path / "geen.yaml")


def test_a_folder_is_no_scheme(tmp_path):
    with pytest.raises(SchemeError, match="cannot be read"):
        load_scheme(tmp_path)


@given(st.text(max_size=60))
def test_any_text_is_a_scheme_or_a_scheme_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "willekeurig.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(SchemeError):
        load_scheme(path)


@given(
    st.integers(0, len(REGIO)),
    st.integers(0, 12),
    st.sampled_from(["", '"', "{", "}", ":", "- ", "\n", "[1]", "? ", "&a ", "*a", "!!x "]),
)
def test_a_damaged_file_never_breaks_the_reader(tmp_path_factory, start, length, patch):
    path = tmp_path_factory.getbasetemp() / "beschadigd.yaml"
    path.write_text(REGIO[:start] + patch + REGIO[start + length :], encoding="utf-8")
    with suppress(SchemeError):
        assert len(load_scheme(path)) in (1, 2)


def test_the_second_level_is_a_scheme_of_its_own():
    targets = load_scheme("sdg-target")
    assert (targets.id, len(targets), len(targets.top), len(targets.groups)) == ("sdg-target", 169, 169, 17)
    one = targets["13.2"]
    assert (one.uri, one.group, one.colour) == (
        "http://metadata.un.org/sdg/13.2",
        "13",
        load_scheme("sdg")["13"].colour,
    )


def test_an_unknown_target_tells_those_of_its_goal():
    with pytest.raises(UnknownName, match=r"Known: 13\.1, 13\.2, 13\.3, 13\.a, 13\.b\.$"):
        load_scheme("sdg-target")["13.9"]


@pytest.mark.parametrize("name", ["imvo-target", "sdg-target-target", "-target"])
def test_a_scheme_of_one_level_has_no_second(name):
    with pytest.raises(UnknownName, match="scheme"):
        load_scheme(name)
