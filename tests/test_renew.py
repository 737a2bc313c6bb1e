"""After new annotations: a model beside the one in use, held against it on what neither learnt from, put in place on request."""

import hashlib
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from typer.testing import CliRunner

from nlp.console.renew import renew_model
from nlp.corpus import read_annotations, write_annotations
from nlp.errors import CorpusError, ModelMismatch, ModelUntrusted
from nlp.models import load_model
from nlp.recipes import read_recipe
from nlp.renew import accept, exchange, places, renew
from nlp.unseen import document_key, pack, read_unseen, text_key
from tests.conftest import ROOT

RECIPE = """
name = "klein"
version = "1"
schemes = ["sdg"]
[[source]]
path = "../../corpus"
[encoder]
kind = "tfidf"
min_df = 2
[classifier]
C = 10
keep = 3000
folds = 3
"""


def passages():
    """Original passages about education, water or nothing: 30 of each."""
    wanted = {("4",): [], ("6",): [], (): []}
    for annotation in read_annotations(ROOT / "corpus" / "annotations" / "original.jsonl"):
        rows = wanted.get(tuple(annotation.labels["sdg"]))
        if rows is not None and len(rows) < 30:
            rows.append(replace(annotation, labels={"sdg": annotation.labels["sdg"]}))
    return [annotation for rows in wanted.values() for annotation in rows]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with 66 annotated passages, a recipe, and the model in use; 24 passages not yet annotated."""
    folder = tmp_path_factory.mktemp("renew")
    (folder / "corpus").mkdir()
    (folder / "models" / "recipes").mkdir(parents=True)
    (folder / "models" / "recipes" / "klein.toml").write_text(RECIPE)
    rows = passages()
    first = [row for number, row in enumerate(rows) if number % 30 < 22]
    write_annotations(first, folder / "corpus" / "original.jsonl")
    recipe, at = at_home(folder)
    renew(recipe, at, jobs=1)
    assert accept(at) is False
    return folder


@pytest.fixture
def home(made, tmp_path):
    """A copy of it to change."""
    return shutil.copytree(made, tmp_path / "home")


def at_home(folder):
    recipe = read_recipe(folder / "models" / "recipes" / "klein.toml")
    return recipe, places(recipe, folder / "models")


def annotate(folder, rows, name="ronde1-lb.jsonl"):
    write_annotations([replace(row, annotator="lb") for row in rows], folder / "corpus" / name)


def new_rows(**changes):
    return [replace(row, **changes) for number, row in enumerate(passages()) if number % 30 >= 22]


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def named(found):
    return {ground.name: ground for ground in found.grounds}


def test_new_annotations_make_a_candidate_and_replace_nothing(home):
    recipe, at = at_home(home)
    before = contents(at.model)
    annotate(home, new_rows())
    found = renew(recipe, at, jobs=1)
    assert found.trained
    assert found.notices == ()
    assert {name: ground.passages for name, ground in named(found).items()} == {"out of fold": 66, "new documents": 24}
    assert found.candidate.startswith("klein-1 (")
    assert found.candidate != found.former
    assert contents(at.model) == before
    assert load_model(at.candidate).metrics["learnt_from"] == 90
    again = renew(recipe, at, jobs=1)
    assert not again.trained  # nothing new since
    assert again.grounds == found.grounds
    annotate(home, new_rows()[:3], name="ronde2-mk.jsonl")
    assert renew(recipe, at, jobs=1).trained


def test_both_models_are_judged_on_what_neither_had_seen(home):
    """By the out-of-fold labels of either, not by what the finished models say of passages they know by heart."""
    recipe, at = at_home(home)
    annotate(home, new_rows())
    (comparison,) = named(renew(recipe, at, jobs=1))["out of fold"].comparisons
    micro = next(change for change in comparison.overall if change.name == "micro F1")
    stored = json.loads((at.model / "metrics.json").read_text())["figures"]["sdg"]["out_of_fold"]["micro_f1"]
    assert micro.before == pytest.approx(stored, abs=1e-6)
    assert micro.before < 1


def test_the_same_annotations_change_nothing(home):
    recipe, at = at_home(home)
    found = renew(recipe, at, jobs=1)
    assert found.candidate == found.former
    for ground in found.grounds:
        assert list(ground.worse()) == []
        assert {c.verdict for comparison in ground.comparisons for c in comparison.labels} == {"same"}


def test_a_label_that_got_worse_is_named_first(home):
    """Somebody labels water as education."""
    recipe, at = at_home(home)
    annotate(home, [replace(a, passage=f"x{n}", group=f"x{n}", text=f"{a.text} ({n}).", labels={"sdg": ["4"]})
                    for n, a in enumerate(a for a in passages() if a.labels["sdg"] == ["6"])])  # fmt: skip
    found = renew(recipe, at, jobs=1)
    name, change = next(named(found)["out of fold"].worse())
    assert name == "sdg:6"
    assert change.after < change.before
    done = run(home)
    worse = [line for line in done.output.splitlines() if line.startswith("WORSE")]
    assert worse[0].startswith("WORSE  sdg:6  ")
    assert done.output.index("WORSE") < done.output.index("what changed")


def test_passages_kept_aside_count_unless_their_document_was_learnt(home):
    recipe, at = at_home(home)
    rows = new_rows(split="dev-test")
    rows[0] = replace(rows[0], group=next(read_annotations(home / "corpus")).group)
    annotate(home, rows)
    found = named(renew(recipe, at, jobs=1))
    assert set(found) == {"out of fold", "kept aside"}
    assert found["kept aside"].passages == 23


def test_two_annotators_of_a_passage_count_once(home):
    recipe, at = at_home(home)
    annotate(home, new_rows())
    annotate(home, new_rows(), name="ronde1-mk.jsonl")
    assert named(renew(recipe, at, jobs=1))["new documents"].passages == 24


def without_unseen(folder):
    """As models were before this was kept."""
    (folder / "unseen.npz").unlink()
    sums = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(line for line in sums if "unseen" not in line))


def test_without_anything_unseen_it_says_so(home):
    recipe, at = at_home(home)
    without_unseen(at.model)
    annotate(home, new_rows())
    found = renew(recipe, at, jobs=1)
    assert found.grounds == ()
    assert any("does not tell what it learnt from" in notice for notice in found.notices)
    assert any("no passage that neither model learnt from" in notice for notice in found.notices)


def test_a_first_model_has_nothing_to_be_compared_with(home):
    recipe, at = at_home(home)
    shutil.rmtree(at.model)
    found = renew(recipe, at, jobs=1)
    assert (found.former, found.grounds) == (None, ())
    assert accept(at) is False
    assert load_model(at.model).name == "klein"


def test_accepting_puts_it_in_place_and_keeps_the_former(home):
    recipe, at = at_home(home)
    before = contents(at.model)
    for round_, name in enumerate(("ronde1-lb.jsonl", "ronde2-lb.jsonl")):
        annotate(home, new_rows()[round_ * 5 : round_ * 5 + 5], name)
        renew(recipe, at, jobs=1)
        made = contents(at.candidate)
        assert accept(at) is True
        assert contents(at.model) == made
        assert contents(at.former) == before
        assert load_model(at.model).metrics["learnt_from"] == 71 + 5 * round_
        before = made
    names = {path.name for path in (home / "models").iterdir()}
    assert names == {"klein", "former-klein", "recipes"}


BREAKAGES = {
    "weights of another": lambda folder: (folder / "weights.npz").write_bytes(b"PK"),
    "a file is missing": lambda folder: (folder / "metrics.json").unlink(),
    "empty": lambda folder: [file.unlink() for file in folder.iterdir()],
    "unseen changed": lambda folder: (folder / "unseen.npz").write_bytes(b"PK"),
}


@pytest.mark.parametrize("breakage", BREAKAGES.values(), ids=BREAKAGES)
def test_a_broken_model_in_use_stops_it_and_nothing_is_touched(home, breakage):
    breakage(home / "models" / "klein")
    before = contents(home / "models" / "klein")
    done = run(home, "--accept")
    assert done.exit_code == 2
    assert "Error:" in done.output
    assert "Traceback" not in done.output
    assert contents(home / "models" / "klein") == before


def test_a_broken_candidate_is_made_again(home):
    recipe, at = at_home(home)
    renew(recipe, at, jobs=1)
    (at.candidate / "weights.npz").write_bytes(b"PK")
    with pytest.raises(ModelUntrusted):
        accept(at)
    assert renew(recipe, at, jobs=1).trained


def test_training_that_breaks_off_leaves_nothing(home):
    recipe, at = at_home(home)
    (home / "corpus" / "kapot.jsonl").write_text("{")
    with pytest.raises(CorpusError, match=r"kapot.jsonl:1"):
        renew(recipe, at, jobs=1)
    assert {path.name for path in (home / "models").iterdir()} == {"klein", "recipes"}


def run(folder, *arguments):
    app = typer.Typer()
    app.command()(renew_model)
    recipe = folder / "models" / "recipes" / "klein.toml"
    return CliRunner().invoke(app, ["--recipe", str(recipe), "--jobs", "1", *arguments])


def test_the_command_says_what_changed_and_how_to_accept(home):
    annotate(home, new_rows())
    first = run(home, "--json", str(home / "found.json"))
    assert first.exit_code == 0, first.output
    assert "was trained; compared with the model in use, klein-1" in first.output
    assert "Out of fold: 66 passages of 66 documents" in first.output
    assert "New documents: 24 passages of 24 documents" in first.output
    assert "Nothing was replaced." in first.output
    assert json.loads((home / "found.json").read_text())["trained"] is True
    second = run(home, "--accept")
    assert "stood there, made from the same recipe and annotations" in second.output
    assert "Accepted:" in second.output
    assert load_model(home / "models" / "klein").metrics["learnt_from"] == 90


# ---- places changing


@pytest.mark.parametrize("system", ["at once", "by renaming"])
def test_two_folders_change_places(tmp_path, monkeypatch, system):
    if system == "by renaming":
        monkeypatch.setattr("sys.platform", "darwin")
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    exchange(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "one" / "file").read_text() == "other"
    assert (tmp_path / "other" / "file").read_text() == "one"
    assert {path.name for path in tmp_path.iterdir()} == {"one", "other"}


def test_an_exchange_that_fails_half_way_is_undone(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    (tmp_path / "other").mkdir()
    with pytest.raises(OSError, match="one"):
        exchange(tmp_path / "one", tmp_path / "other")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


# ---- what a model keeps of what it had not seen

GIVEN = arrays(bool, st.tuples(st.just(3), st.integers(1, 40)))


@settings(max_examples=25)
@given(GIVEN, GIVEN, st.lists(st.text(), max_size=5))
def test_what_is_packed_comes_back(tmp_path_factory, sdg, imvo, documents):
    folder = tmp_path_factory.mktemp("unseen")
    texts = ["een", "twee", "half \ud83d"]
    content = pack(documents, texts, {"sdg": sdg, "imvo": imvo})
    assert content == pack(documents[::-1], texts, {"sdg": sdg, "imvo": imvo})
    write(folder, content)
    found = read_unseen(folder)
    assert found.documents == {document_key(document) for document in documents}
    assert [found.rows[text_key(text)] for text in texts] == [0, 1, 2]
    assert np.array_equal(found.given["sdg"], sdg)
    assert np.array_equal(found.given["imvo"], imvo)


def write(folder, content):
    (folder / "unseen.npz").write_bytes(content)
    (folder / "SHA256SUMS").write_text(f"{hashlib.sha256(content).hexdigest()}  unseen.npz\n")


@pytest.mark.parametrize("content", [b"", b"PK", b"\x93NUMPY", pack([], [], {})[:-30]])
def test_what_cannot_be_unpacked_is_a_mismatch(tmp_path, content):
    write(tmp_path, content)
    with pytest.raises(ModelMismatch, match=r"unseen.npz: damaged"):
        read_unseen(tmp_path)
