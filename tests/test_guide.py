"""The guide and the datasheet say of the corpus what is so: three passages for every label, and counts that hold."""

import doctest
import re
import statistics
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from nlp.corpus import GUIDELINES, read_annotations
from nlp.schemes import load_scheme
from tests.conftest import ROOT

CORPUS = ROOT / "corpus"
GUIDE = (CORPUS / "richtlijnen.md").read_text(encoding="utf-8")
DATASHEET = (CORPUS / "README.md").read_text(encoding="utf-8")
FILES = {
    name: list(read_annotations(CORPUS / path))
    for name, path in (
        ("original", "annotations/original.jsonl"),
        ("formules", "annotations/formules.jsonl"),
        ("grensgevallen", "grensgevallen.jsonl"),
    )
}
PASSAGES = {annotation.passage: annotation for rows in FILES.values() for annotation in rows}
CODES = [("sdg", concept) for concept in load_scheme("sdg").top] + [
    ("imvo", concept) for concept in load_scheme("imvo").top
]
NAMES = [f"{scheme}:{concept.code}" for scheme, concept in CODES]
EXAMPLE = re.compile(r"^- ([✔✘±]) „(.+?)” \(`([ogr]-[0-9a-f]{10})`: (.+?); (.+?)\)(?: – (.+))?$")


def plain(text):
    """On one line, with the breaks of Markdown gone."""
    return re.sub(r"\s*\n\s+", " ", text)


def section(scheme, concept):
    """What the guide says of one label, from its heading to the next."""
    head = f"### SDG {concept.code} ·" if scheme == "sdg" else f"#### `{concept.code}` ·"
    assert GUIDE.count(head) == 1
    return re.split(r"\n#{2,4} |\n\*In English", GUIDE[GUIDE.index(head) + 4 :])[0]


def examples(text):
    """(mark, fragment, passage id, labels, why) of every example."""
    found = []
    for line in re.split(r"\n(?=- )|\n\n", text):
        if re.match(r"- [✔✘±]", line):
            match = EXAMPLE.fullmatch(plain(line.strip()))
            assert match, line
            mark, fragment, passage, sdg, imvo, why = match.groups()
            found.append((mark, fragment, passage, {"sdg": codes(sdg), "imvo": codes(imvo)}, why))
    return found


def codes(said):
    """„SDG 3 en 6” → 3, 6; „`milieu`, `klimaat`” → both; „geen IMVO” → none."""
    if said in ("geen SDG", "geen IMVO"):
        return []
    return re.findall(r"`([\w-]+)`", said) or re.findall(r"\d+", said)


def test_every_label_has_its_section_with_what_counts_and_what_does_not():
    for scheme, concept in CODES:
        text = section(scheme, concept)
        assert concept.label_nl in text.splitlines()[0]
        assert concept.label_en in text.splitlines()[0]
        assert "**Wel:**" in text
        assert "**Niet:**" in text


@pytest.mark.parametrize(("scheme", "concept"), CODES, ids=NAMES)
def test_every_label_has_a_passage_for_one_against_and_one_on_the_edge(scheme, concept):
    found = examples(section(scheme, concept))
    assert [mark for mark, *_ in found] == ["✔", "✘", "±"]
    given = [concept.code in labels[scheme] for _, _, _, labels, _ in found]
    assert given[:2] == [True, False]
    (_, fragment, passage, _, why) = found[2]
    assert passage.startswith("g-")
    assert fragment == PASSAGES[passage].text  # in full
    assert why.removesuffix(".") in PASSAGES[passage].note
    assert PASSAGES[passage].group == f"grensgeval-{scheme}-{concept.code}"


@pytest.mark.parametrize("example", examples(GUIDE), ids=lambda example: example[2])
def test_an_example_is_the_passage_it_names(example):
    mark, fragment, passage, labels, why = example
    annotation = PASSAGES[passage]
    assert {scheme: set(given) for scheme, given in labels.items()} == {s: set(annotation.labels[s]) for s in labels}
    parts = [part.strip() for part in fragment.split("…") if part.strip()]
    places = [annotation.text.find(part) for part in parts]
    assert -1 not in places
    assert all(one < other for one, other in pairwise(places))
    assert why or mark == "✔"


def test_edges_fall_on_both_sides():
    on = [concept.code in examples(section(scheme, concept))[2][3][scheme] for scheme, concept in CODES]
    assert 25 < sum(on) < 44
    assert on.count(False) > 3


def test_nothing_learns_from_the_edges():
    learnt = {a.text for name in ("original", "formules") for a in FILES[name]}
    assert not learnt & {a.text for a in FILES["grensgevallen"]}
    for recipe in (ROOT / "models" / "recipes").glob("*.toml"):
        table = tomllib.loads(recipe.read_text(encoding="utf-8"))  # of either kind: models, targets
        paths = [source["path"] for source in table.get("source", ())] + table.get("sources", [])
        assert paths
        assert all("grensgevallen" not in path and Path(path).name != "corpus" for path in paths)


def test_rulings_name_codes_that_exist():
    known = {concept.code for _, concept in CODES}
    sections = (
        GUIDE[GUIDE.index("## 6. ") : GUIDE.index("## 7. ")] + GUIDE[GUIDE.index("## 9. ") : GUIDE.index("## 10. ")]
    )
    rows = [line for line in sections.splitlines() if line.startswith("| ")]
    assert len(rows) > 30
    assert {code for row in rows for code in re.findall(r"`([\w-]+)`", row)} <= known
    assert {int(n) for row in rows for n in re.findall(r"(?<![\w-])\d+(?![\w-])", row.split("|")[2])} <= set(
        range(1, 18)
    )


def test_the_versions_are_those_the_checker_knows():
    versions = re.findall(r"^\| (\d\.\d) \|", GUIDE[GUIDE.index("## 13. ") :], re.MULTILINE)
    assert tuple(versions) == GUIDELINES
    assert GUIDE.startswith(f"# Richtlijnen voor het annoteren, versie {GUIDELINES[-1]}\n")
    assert f"version {GUIDELINES[-1]}" in DATASHEET


def test_the_table_of_contents_leads_to_every_section_and_each_is_summed_up_in_english():
    heads = re.findall(r"^## (\d+)\. (.+)$", GUIDE, re.MULTILINE)
    assert [int(number) for number, _ in heads] == list(range(1, len(heads) + 1))
    anchors = {re.sub(r"[^\w -]", "", f"{n}. {title}".lower()).replace(" ", "-") for n, title in heads}
    assert set(re.findall(r"\]\(#([\w'-]+)\)", GUIDE)) == anchors
    for text in re.split(r"^## ", GUIDE, flags=re.MULTILINE)[1:]:
        assert "*In English.*" in text
    mentioned = {int(n) for n in re.findall(r"§(\d+)", GUIDE)}
    assert mentioned <= set(range(1, len(heads) + 1))


# ---- the datasheet


def row(name):
    (line,) = (line for line in DATASHEET.splitlines() if line.startswith(f"| {name} |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


COUNTS = {
    "passages": len,
    "no SDG": lambda rows: sum(not a.labels["sdg"] for a in rows),
    "no IMVO theme": lambda rows: sum(not a.labels["imvo"] for a in rows),
    "neither": lambda rows: sum(not a.labels["sdg"] and not a.labels["imvo"] for a in rows),
    "with SDG targets": lambda rows: sum("sdg-target" in a.labels for a in rows),
}


@pytest.mark.parametrize("name", COUNTS)
def test_its_counts_hold(name):
    assert row(name) == [f"{COUNTS[name](rows):,}" for rows in FILES.values()]


def test_its_lengths_hold():
    for said, rows in zip(row("words, median (least–most)"), FILES.values(), strict=True):
        words = [len(a.text.split()) for a in rows]
        assert said == f"{int(statistics.median(words))} ({min(words)}–{max(words)})"


def test_its_counts_per_code_hold():
    said = {code: (int(a), int(b)) for code, a, b in re.findall(r"\| `(\w+:[\w-]+)` \| (\d+) \| (\d+)", DATASHEET)}
    counted = {
        name: Counter(
            f"{scheme}:{code}" for a in FILES[name] for scheme in ("sdg", "imvo") for code in a.labels[scheme]
        )
        for name in ("original", "formules")
    }
    assert said == {name: (counted["original"][name], counted["formules"][name]) for name in NAMES}


def test_its_frame_lines_hold():
    about = sum(bool(a.labels["sdg"] or a.labels["imvo"]) for a in FILES["formules"])
    assert f"{len(FILES['formules'])} frame lines: {len(FILES['formules']) - about} that" in DATASHEET
    assert f"and {about} that look like them" in DATASHEET


def test_its_examples_print_what_they_say(monkeypatch):
    monkeypatch.chdir(ROOT)
    for number, example in enumerate(re.findall(r"```python\n(>>>.*?)```", DATASHEET, re.DOTALL)):
        test = doctest.DocTestParser().get_doctest(example, {}, f"datasheet {number}", "README.md", 0)
        assert doctest.DocTestRunner().run(test).failed == 0


def test_it_answers_what_a_datasheet_answers():
    heads = re.findall(r"^## (.+)$", DATASHEET, re.MULTILINE)
    wanted = [
        "Motivation",
        "Composition",
        "Collection",
        "Annotation",
        "Splits",
        "Uses",
        "Distribution and licence",
        "Maintenance",
    ]
    assert heads == wanted
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", DATASHEET) if "://" not in link]
    assert [link for link in links if not (CORPUS / link).exists()] == []
    assert [
        script for script in re.findall(r"scripts/\w+\.py", DATASHEET + GUIDE) if not (ROOT / script).is_file()
    ] == []
