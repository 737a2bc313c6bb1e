"""Figures say what is in the documents, in the official colours, whatever form the documents come in."""

import sys
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest

import nlp
from nlp.errors import FrameError, MissingExtra, UnknownName
from nlp.records import Document, Tagging
from nlp.schemes import load_scheme
from nlp.tagged import TaggedDocument
from nlp.write import write
from tests.conftest import ROOT

matplotlib = pytest.importorskip("matplotlib")
pytest.importorskip("networkx")
matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402
from matplotlib.colors import to_hex  # noqa: E402

from nlp import plots  # noqa: E402

DRAWN = {
    "profile": plots.profile,
    "heatmap": plots.heatmap,
    "timeline": plots.timeline,
    "citation_graph": plots.citation_graph,
}
SDG = load_scheme("sdg")


@pytest.fixture(scope="session")
def letters():
    """Eight letters from 2017 to 2024."""
    paths = sorted((ROOT / "corpus" / "samples" / "jaargang").glob("*.pdf"))
    assert len(paths) == 8
    return [nlp.tag(path, engine="pdfium") for path in paths]


@pytest.fixture(scope="session")
def forms(letters, tmp_path_factory):
    """The letters in every form an analyst may hold."""
    folder = tmp_path_factory.mktemp("forms")
    for suffix in ("csv", "parquet", "jsonl"):
        write(letters, folder / f"tags.{suffix}")
    return {
        "list": letters,
        "long": pd.concat([letter.to_frame() for letter in letters]),
        "wide": pd.concat([letter.to_frame(wide=True) for letter in letters]),
        "csv": pd.read_csv(folder / "tags.csv"),
        "parquet": pd.read_parquet(folder / "tags.parquet"),
        "jsonl": pd.read_json(folder / "tags.jsonl", lines=True),
    }


FORMS = ("list", "long", "wide", "csv", "parquet", "jsonl")


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def texts(ax):
    """All that can be read in a figure."""
    ax.figure.canvas.draw()
    found = [*ax.texts, ax.title, ax._left_title, ax.xaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels()]
    return [text for text in found if text.get_text().strip() and text.get_visible() and not _beyond(text, ax)]


def _beyond(text, ax):
    """Is it the tick of a place that the axis does not reach?"""
    right = max(ax.get_xlim())
    return text in ax.get_xticklabels() and text.get_position()[0] > right


def said(ax):
    return "\n".join(text.get_text() for text in texts(ax))


def codes(letters, scheme):
    return [set(tagging.codes(scheme)) for letter in letters for tagging in letter]


# --- profile ------------------------------------------------------------------------------------------------------


def lengths(ax):
    """Row → length of its bars together."""
    found = Counter()
    for bar in ax.patches:
        found[round(bar.get_y() + bar.get_height() / 2)] += bar.get_width()
    return {row: round(length) for row, length in found.items()}


@pytest.mark.parametrize("form", FORMS)
def test_a_profile_counts_the_passages_of_each_goal(forms, letters, form):
    counts = Counter(code for given in codes(letters, "sdg") for code in given)
    expected = {row: counts[goal.code] for row, goal in enumerate(SDG.top) if counts[goal.code]}
    assert lengths(plots.profile(forms[form])) == expected


def test_a_profile_has_the_official_colours_names_and_numbers(letters):
    ax = plots.profile(letters)
    full = [bar for bar in ax.patches if bar.get_facecolor()[3]]
    colours = {round(bar.get_y() + bar.get_height() / 2): to_hex(bar.get_facecolor()).upper() for bar in full}
    assert colours == {row: SDG.top[row].colour.upper() for row in colours}
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [f"{goal.label_nl}  {goal.code}" for goal in SDG.top]
    counts = Counter(code for given in codes(letters, "sdg") for code in given)
    total = len(codes(letters, "sdg"))
    assert f"{counts['8']}  ({100 * counts['8'] / total:.0f} %)" in said(ax)


def test_what_is_only_named_is_hatched(letters):
    about = {t.passage.id for letter in letters for t in letter if "14" in t.codes("sdg", "model")}
    named = {t.passage.id for letter in letters for t in letter if "14" in t.codes("sdg")} - about
    bars = [bar for bar in plots.profile(letters).patches if round(bar.get_y() + bar.get_height() / 2) == 13]
    assert {bool(bar.get_hatch()): round(bar.get_width()) for bar in bars} == {False: len(about), True: len(named)}


def test_imvo_themes_stand_by_how_often_they_occur(letters):
    ax = plots.profile(letters, scheme="imvo")
    rows = lengths(ax)
    assert [rows[row] for row in sorted(rows)] == sorted(rows.values(), reverse=True)
    assert ax.get_yticklabels()[0].get_text() == "Gepaste zorgvuldigheid"


# --- heat map -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_heat_map_counts_passages_with_both_labels(forms, letters, form):
    pairs = Counter(
        (theme, goal)
        for themes, goals in zip(codes(letters, "imvo"), codes(letters, "sdg"), strict=True)
        for theme in themes
        for goal in goals
    )
    ax = plots.heatmap(forms[form])
    themes = [tick.get_text() for tick in ax.get_yticklabels()]
    cells = {}
    for text in ax.texts:
        if text.get_text() and text.get_position()[1] == int(text.get_position()[1]) and not text.get_bbox_patch():
            x, y = map(int, text.get_position())
            cells[themes[y], SDG.top[x].code] = int(text.get_text())
    imvo = load_scheme("imvo")
    assert cells == {(imvo[theme].label_nl, goal): number for (theme, goal), number in pairs.items()}


# --- time line ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_time_line_gives_the_share_of_each_year(forms, letters, form):
    shares = defaultdict(dict)
    for letter in letters:
        counts = Counter(code for tagging in letter for code in tagging.codes("sdg"))
        for code, number in counts.items():
            shares[code][int(letter.document.date[:4]) - 2017] = f"{100 * number / len(letter):.0f}"
    ax = plots.timeline(forms[form])
    found = defaultdict(dict)
    rows = [label.get_text().rsplit(" ", 1)[1] for label in ax.get_yticklabels()]
    for text in ax.texts:
        x, y = text.get_position()
        found[rows[int(y + 1) if y > -1 else 0]][round(x)] = text.get_text()
    assert found == shares
    assert ax.get_xticklabels()[0].get_text() == "2017\n(1 doc.)"


@pytest.mark.parametrize(("per", "ticks"), [("year", 8), ("quarter", 10), ("month", 11)])
def test_the_period_can_be_chosen(letters, per, ticks):
    ax = plots.timeline(letters, per=per)
    assert len(ax.get_xticks()) == ticks
    assert {"year": "jaar", "quarter": "kwartaal", "month": "maand"}[per] in said(ax)


def test_an_unknown_period_is_refused(letters):
    with pytest.raises(UnknownName, match="week"):
        plots.timeline(letters, per="week")


def test_documents_without_a_date_are_left_out_and_counted(letters):
    undated = TaggedDocument(letters[0], replace(letters[0].document, id="undated", date=None))
    assert "1 zonder datum niet getoond" in said(plots.timeline([*letters, undated]))
    assert "Geen documenten met een datum" in said(plots.timeline(undated))


def test_one_letter_is_a_time_line_of_one_year(letters):
    assert [tick.get_text() for tick in plots.timeline(letters[0]).get_xticklabels()] == ["2017\n(1 doc.)"]


# --- citations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_the_network_links_letters_and_the_dossiers_they_cite(forms, letters, form):
    expected = Counter(
        (letter.document.id, citation.dossiernummer)
        for letter in letters
        for tagging in letter
        for citation in tagging.citations
        if citation.dossiernummer
    )
    graph = plots.citation_network(forms[form])
    found = {
        (one, other) if graph.nodes[one]["kind"] == "document" else (other, one): weight
        for one, other, weight in graph.edges(data="weight")
    }
    if form in ("list", "parquet", "jsonl"):  # a flat row has each identifier of a passage once
        assert found == expected
    assert found.keys() == expected.keys()


def test_a_few_documents_are_named_with_date_and_title(letters):
    shown = said(plots.citation_graph(letters))
    assert "14 mrt 2017\nVoortgang van de IMVO-convenanten" in shown
    assert "26 485  (12×)" in shown


def test_of_many_documents_the_dossiers_are_drawn_that_go_together(letters):
    many = [
        TaggedDocument(letter, replace(letter.document, id=f"{letter.document.id}-{copy}"))
        for letter in letters
        for copy in "ab"
    ]
    shown = said(plots.citation_graph(many))
    assert "in hetzelfde document" in shown
    assert "14 mrt 2017" not in shown


@pytest.mark.parametrize(
    ("dossier", "printed"), [("26485", "26 485"), ("35570-XVII", "35 570 XVII"), ("21501-02", "21 501-02")]
)
def test_a_dossier_is_printed_as_papers_do(dossier, printed):
    tagged = nlp.predict(f"Zie Kamerstuk {printed}, nr. 12.")
    graph = plots.citation_network(tagged)
    assert graph.nodes[dossier]["label"] == printed


# --- calibration --------------------------------------------------------------------------------------------------


def test_calibration_draws_the_bins_of_a_card():
    figures = nlp.load().model.metrics["figures"]["sdg"]["out_of_fold"]
    ax = plots.calibration({"SDG": figures["reliability"]})
    assert len(ax.containers[0].lines[0].get_xdata()) == len(figures["reliability"])
    assert "SDG" in [text.get_text() for text in ax.get_legend().get_texts()]
    assert "Geen scores" in said(plots.calibration({"leeg": []}))


@pytest.mark.parametrize("wrong", [[[0.1, 0.1, 3]], {"SDG": [[0.1]]}, {"SDG": 3}, None])
def test_calibration_says_what_it_takes(wrong):
    with pytest.raises(FrameError, match="no bins"):
        plots.calibration(wrong)


# --- all ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("form", ["list", "csv"])
def test_a_figure_is_drawn_on_the_axes_given(forms, name, form):
    _, ax = plt.subplots()
    assert DRAWN[name](forms[form], ax) is ax
    assert len(plt.get_fignums()) == 1


EMPTY = {
    "nothing": [],
    "no passages": TaggedDocument([], Document("leeg", ())),
    "no frame rows": pd.DataFrame(columns=["document", "passage", "scheme", "code"]),
    "no labels": nlp.predict("Aldus vastgesteld."),
}


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("what", EMPTY)
def test_where_there_is_nothing_to_draw_the_figure_says_so(name, what):
    ax = DRAWN[name](EMPTY[what])
    assert said(ax).startswith("Geen ")


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("wrong", ["brief.pdf", 3, [1, 2], pd.DataFrame({"a": [1]}), None], ids=str)
def test_what_holds_no_tagged_documents_is_refused_with_the_next_step(name, wrong):
    with pytest.raises(FrameError, match="to_frame"):
        DRAWN[name](wrong)


@pytest.mark.parametrize("title", ["Kosten: $5 tot $10^{", "\x00\x1b \ud800", "<b>&amp;", "€ 5 \\frac{", "\u202eabc"])
@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_strange_title_is_drawn_as_it_stands(letters, name, title):
    strange = TaggedDocument(letters[0], replace(letters[0].document, title=title))
    DRAWN[name](strange).figure.canvas.draw()


def test_loose_taggings_are_drawn_too(letters):
    assert lengths(plots.profile(nlp.predict(["Meer banen.", "De zeespiegel stijgt."])))
    assert lengths(plots.profile(letters[0][3]))


def test_a_narrower_label_counts_as_its_goal(letters):
    frame = letters[4].to_frame()
    narrow = frame.assign(code=frame.code.replace({"13": "13.2"}))
    assert lengths(plots.profile(narrow)) == lengths(plots.profile(frame))


def test_labels_of_an_unknown_scheme_keep_their_names(letters):
    frame = letters[0].to_frame().assign(scheme="regio", code="noord", label="Noorden $")
    assert "Noorden $" in said(plots.profile(frame, scheme="regio"))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("number", [1, 8, 16])
def test_all_text_stands_within_the_figure_and_apart(letters, name, number):
    many = [TaggedDocument(x, replace(x.document, id=f"{x.document.id}{copy}")) for copy in "ab" for x in letters]
    ax = DRAWN[name](many[:number])
    found = texts(ax)
    renderer = ax.figure.canvas.get_renderer()
    boxes = {text: text.get_window_extent(renderer) for text in found}
    width, height = ax.figure.canvas.get_width_height()
    for text, box in boxes.items():
        inside = box.x0 > -1 and box.y0 > -1 and box.x1 < width + 1 and box.y1 < height + 1
        assert inside, f"{text.get_text()!r} stands outside the figure"
    straight = [text for text in found if not text.get_rotation()]
    for one, other in combinations(straight, 2):
        assert not boxes[one].shrunk(0.9, 0.7).overlaps(boxes[other].shrunk(0.9, 0.7)), (
            f"{one.get_text()!r} stands on {other.get_text()!r}"
        )


def test_without_matplotlib_the_install_line_is_given(letters, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"pip install 'doelwijzer\[plots\]'"):
        plots.profile(letters)


def test_importing_the_front_door_loads_no_plots():
    import subprocess

    code = "import nlp, sys; sys.exit(any(m in sys.modules for m in ('matplotlib', 'networkx', 'pandas', 'nlp.plots')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_tagging_records_are_counted_as_they_stand():
    tagging = nlp.predict("Kinderarbeid in de cacao.")
    twice = [tagging, Tagging(replace(tagging.passage, id="other"), tagging.tags)]
    assert max(lengths(plots.profile(twice)).values()) == 2
