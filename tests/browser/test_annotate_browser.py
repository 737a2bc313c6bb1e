"""The whole round as librarians go it, in a real browser: log in, choose by key, submit, pull, check, train."""

import json
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

import nlp
from nlp.corpus import read_annotations
from nlp.labelstudio.server import email_of
from nlp.recipes import read_recipe
from nlp.schemes import load_scheme
from nlp.train import train
from nlp.write import write
from tests.station import ROOT

pytest_plugins = ("tests.server.running",)

SMALL = {"width": 1366, "height": 650}  # a laptop of 1366 × 768, less the browser's own bars
PATIENCE = 120_000  # milliseconds, for a busy machine


class Desk:
    """An annotator before a browser."""

    def __init__(self, chromium, station, name):
        self.context = chromium.new_context(viewport=SMALL, locale="nl-NL")
        self.asked = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.page, self.address = self.context.new_page(), station.client.address
        self.page.set_default_timeout(PATIENCE)
        self.page.goto(self.address + "/user/login/")
        self.page.fill("input[name=email]", email_of(name))
        self.page.fill("input[name=password]", station.settings.passwords[name])
        self.page.click("button[type=submit]")
        self.page.wait_for_url(lambda url: "login" not in url)

    def open(self, project):
        self.page.goto(f"{self.address}/projects/{project}/data")
        self.page.get_by_text("Label All Tasks").click()
        self.page.wait_for_selector(".dw-tekst")
        self.page.wait_for_selector(".lsf-choice")

    @property
    def text(self):
        return self.page.inner_text(".dw-tekst")

    def chosen(self):
        """The labels that are ticked."""
        return self.page.locator(".ant-checkbox-wrapper-checked .dw-choice > span:last-child").all_inner_texts()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        self.page.wait_for_timeout(300)

    def submit(self):
        """Ctrl+Enter, and wait for the next passage or the end."""
        before = self.text
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(
            "text => { const now = document.querySelector('.dw-tekst'); return !now || now.innerText !== text }",
            arg=before,
        )

    def shoot(self, name):
        """A picture for people, beside the test's other files."""
        self.page.screenshot(path=str(self.folder / f"{name}.png"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("round")


@pytest.fixture(scope="module")
def letter(tagged_sample, folder):
    """Four passages of the sample letter with the model's suggestions, as they are sent to annotators."""
    tagged = nlp.tagged.TaggedDocument((tagging for tagging in tagged_sample if tagging.tags), tagged_sample.document)
    path = folder / "passages.jsonl"
    write([nlp.tagged.TaggedDocument(tagged[:4], tagged.document)], path)
    return path


@pytest.fixture(scope="module")
def project(station, letter):
    done = station.run("push", letter, "--batch", "browser", "--annotators", 2)
    assert done.returncode == 0, done.stderr
    return station.client.projects()["browser"]["id"]


@pytest.fixture(scope="module")
def desks(chromium, station, project, folder):
    """Els and Bram, both at work in the same batch."""
    found = [Desk(chromium, station, name) for name in ("els", "bram")]
    for desk in found:
        desk.folder = folder
        desk.open(project)
    yield found
    for desk in found:
        desk.context.close()


def test_the_page_fits_a_small_screen_and_shows_all(desks):
    page = desks[0].page
    desks[0].shoot("labelling")
    foot = page.locator("button", has_text="Submit").first.bounding_box()["y"]
    boxes = [choice.bounding_box() for choice in page.locator(".dw .lsf-choice").all()]
    schemes = [load_scheme("sdg"), load_scheme("imvo")]
    assert len(boxes) == sum(1 + len(scheme.top) for scheme in schemes) + 1  # geen per scheme, and doubt
    assert max(box["y"] + box["height"] for box in boxes) <= foot
    assert max(box["x"] + box["width"] for box in boxes) <= SMALL["width"]
    assert min(box["height"] for box in boxes) >= 16
    assert page.locator(".dw kbd").count() == len(boxes)
    assert page.locator(".dw-kop, .dw-about").first.is_visible()
    assert page.get_by_text("Kwesties: wat er op het spel staat").is_visible()
    assert page.get_by_placeholder("Notitie").is_visible()


def test_the_suggestion_and_its_evidence_are_shown(desks, letter):
    first = json.loads(letter.read_text(encoding="utf-8").splitlines()[0])
    assert desks[0].text.split() == first["passage"]["text"].split()
    assert desks[0].page.locator(".dw-tekst mark").count() > 0
    assert "oordeel zelf" in desks[0].page.inner_text(".dw-voorstel")
    suggested = {tag["code"] for tag in first["tags"]}
    names = [
        concept.label_nl for name in ("sdg", "imvo") for concept in load_scheme(name).top if concept.code in suggested
    ]
    assert names
    assert all(any(name in label for label in desks[0].chosen()) for name in names)


def test_hovering_a_label_shows_what_counts(desks):
    page = desks[0].page
    page.get_by_text("Kinderarbeid", exact=True).hover()
    page.get_by_text("kinderarbeid in ketens, ook in het buitenland").wait_for()
    page.wait_for_timeout(700)  # it fades in
    desks[0].shoot("uitleg")
    page.mouse.move(5, 400)


def test_two_annotators_choose_by_key_and_submit(desks):
    els, bram = desks
    assert els.text == bram.text
    clear(els)
    els.press("8", "Shift+2", "k", "Shift+I")
    assert els.chosen() == [
        "8 Waardig werk en economische groei", "12 Verantwoorde consumptie en productie", "Kinderarbeid", "IMVO-wetgeving",
    ]  # fmt: skip
    clear(bram)
    bram.press("8", "n", "t")
    assert bram.chosen() == ["8 Waardig werk en economische groei", "Geen IMVO", "Twijfel: iemand moet nog eens kijken"]
    bram.page.get_by_placeholder("Notitie").press_sequentially("gaat 8 keer over werk")  # letters that are keys too
    bram.press("Enter")
    bram.shoot("ingevuld")
    assert len(bram.chosen()) == 3
    bram.submit()
    els.submit()
    assert els.text == bram.text  # the second passage, for both


def test_geen_is_an_answer_and_a_scheme_may_be_left_open(desks):
    els = desks[0]
    clear(els)
    els.press("g")
    assert els.chosen() == ["Geen SDG"]
    els.submit()


def test_nothing_is_not_an_answer(desks):
    els = desks[0]
    clear(els)
    els.page.wait_for_selector("button:disabled:has-text('Submit')")


def clear(desk):
    """Take away what the model suggested: something for each scheme, "geen" too."""
    ticked = desk.page.locator(".ant-checkbox-wrapper-checked input")
    ticked.nth(1).wait_for(state="attached")
    while count := ticked.count():
        ticked.first.click()
        desk.page.wait_for_function(
            "count => document.querySelectorAll('.ant-checkbox-wrapper-checked').length < count", arg=count
        )
    assert desk.chosen() == []


def test_no_page_asked_anything_beyond_this_machine(desks):
    asked = {urlsplit(url).hostname for desk in desks for url in desk.asked if not url.startswith(("data:", "blob:"))}
    assert asked == {"127.0.0.1"}


@pytest.mark.usefixtures("desks")
def test_what_was_submitted_is_pulled_checked_and_learnt(station, folder):
    annotations = folder / "annotations"
    done = station.run("pull", "--batch", "browser", "--out", annotations)
    assert done.returncode == 0, done.stderr
    first, second = read_annotations(annotations / "browser-els.jsonl")
    assert first.labels == {"sdg": ["8", "12"], "imvo": ["kinderarbeid", "wetgeving"]}
    assert second.labels == {"sdg": []}  # IMVO was left open
    (bram,) = read_annotations(annotations / "browser-bram.jsonl")
    assert (bram.passage, bram.labels, bram.doubt) == (first.passage, {"sdg": ["8"], "imvo": []}, True)
    assert bram.note == "gaat 8 keer over werk"
    assert (bram.guideline, bram.group) == ("1.2", first.group)

    checked = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "check_corpus.py"), str(annotations)], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "0 errors, 0 warnings" in checked.stderr

    model = train(read_recipe(tiny_recipe(folder, annotations)), folder / "model", jobs=1)
    assert model["figures"]
    assert nlp.load(folder / "model").predict("Kinderarbeid in de keten is verboden.").passage.text


def tiny_recipe(folder, annotations):
    """A model that is made in seconds, from some of the project's own passages and what was pulled."""
    some = (
        (ROOT / "corpus" / "annotations" / "original.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[:600]
    )
    (folder / "some.jsonl").write_text("".join(some), encoding="utf-8")
    recipe = folder / "tiny.toml"
    source = '[[source]]\npath = "{}"\nabout = "for a test"\n'
    recipe.write_text(
        'name = "tiny"\nversion = "0"\nschemes = ["sdg", "imvo"]\n'
        + source.format(folder / "some.jsonl")
        + source.format(annotations)
        + '[encoder]\nkind = "tfidf"\nmin_df = 3\nmax_features = 3000\n[classifier]\nC = 10\nkeep = 3000\nfolds = 2\n',
        encoding="utf-8",
    )
    return recipe
