"""The reliability figure: what a card shows, drawn without a drawing library."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from nlp.evaluation.card import write_card
from nlp.evaluation.reliability import draw_reliability

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = {
    "sdg": {
        "out_of_fold": {"reliability": [[0.07, 0.06, 900], [0.5, 0.55, 40], [0.95, 1.0, 300]], "ece": 0.0271},
        "dev_test": {"reliability": [[0.2, 0.0, 3]], "ece": 0.2},
    },
    "imvo": {"out_of_fold": {"reliability": [], "ece": 0.0}},
}


def drawn(figures=FIGURES):
    return ElementTree.fromstring(draw_reliability(figures))


def test_each_scheme_has_a_panel_and_each_bin_a_dot_where_it_belongs():
    panels = drawn().findall(f"{SVG}g")
    assert [panel.findtext(f"{SVG}text") for panel in panels] == ["SDG’s", "IMVO-thema’s"]
    first = panels[0].find(f"{SVG}g").findall(f"{SVG}circle")
    assert [(dot.get("cx"), dot.get("cy")) for dot in first[:-1]] == [
        ("21.0", "282.0"),
        ("150.0", "135.0"),
        ("285.0", "0.0"),
    ]
    assert float(first[0].get("r")) > float(first[1].get("r"))


def test_everything_stands_inside_the_picture():
    width, height = map(int, drawn().get("viewBox").split()[2:])
    for panel in drawn().findall(f"{SVG}g"):
        x, y = map(int, re.findall(r"\d+", panel.get("transform")))
        for dot in panel.iter(f"{SVG}circle"):
            assert 0 <= x + float(dot.get("cx")) <= width
            assert 0 <= y + float(dot.get("cy")) <= height


def test_what_is_drawn_is_also_said_in_words():
    said = drawn().findtext(f"{SVG}desc")
    assert "score 0,50, juist 0,55 (40)" in said
    assert "ECE 0,027" in draw_reliability(FIGURES)


def test_the_same_figures_give_the_same_bytes():
    assert draw_reliability(FIGURES) == draw_reliability(FIGURES)


def test_no_drawing_library_is_loaded():
    code = "import sys, nlp.evaluation.reliability as r; r.draw_reliability({}); print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize(("figure", "shown"), [("calibration.svg", True), (None, False)])
def test_the_card_shows_it_where_there_is_one(figure, shown):
    report = {
        "name": "klein",
        "version": "1",
        "learnt_from": 1,
        "tested_on": 0,
        "sources": [],
        "versions": {},
        "figures": {},
    }
    assert ("](calibration.svg)" in write_card(report, figure=figure)) is shown
