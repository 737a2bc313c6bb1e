"""A model folder is data that is checked before it is believed."""

import json
import shutil

import numpy as np
import pytest

from nlp.classify import Classifier, Head
from nlp.errors import ModelError, ModelMismatch, ModelNotFound, ModelUntrusted
from nlp.features import TfidfEncoder
from nlp.fitting import fit_weights
from nlp.models import find_model, load_model, save_model

TEXTS = ["leefbaar loon in de keten", "schoon drinkwater voor iedereen", "loon en werk", "water en bodem"]


@pytest.fixture(scope="module")
def classifier():
    encoder = TfidfEncoder(min_df=1).fit(TEXTS)
    gold = np.array([[1, 0], [0, 1], [1, 0], [0, 1]], dtype=bool)
    weights, intercept = fit_weights(encoder.transform(TEXTS), gold, np.ones(4), C=10, jobs=1)
    return Classifier(encoder, (Head("sdg", ("8", "6"), weights, intercept, np.array([0.4, 0.5])),))


def save(classifier, folder, **changed):
    about = {"name": "klein", "version": "1", "metrics": {"f1": 1}, "card": "# Klein", "recipe": "", "schemes": {}}
    return save_model(folder, classifier, **(about | changed))


@pytest.fixture
def folder(classifier, tmp_path):
    return save(classifier, tmp_path / "klein")


def test_a_saved_model_tags_as_before(classifier, folder):
    stored = load_model(folder)
    assert str(stored) == "klein-1"
    for (tags, _), (again, _) in zip(classifier.tag(TEXTS), stored.classifier.tag(TEXTS), strict=True):
        assert [str(t) for t in tags] == [str(t) for t in again]
        assert [t.score for t in tags] == pytest.approx([t.score for t in again], abs=1e-5)


def test_the_same_classifier_gives_the_same_bytes(classifier, tmp_path):
    one, two = save(classifier, tmp_path / "a"), save(classifier, tmp_path / "b")
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in two.iterdir()}


@pytest.mark.parametrize("changed", [{"metrics": {}}, {"card": " "}])
def test_no_model_without_figures_and_card(classifier, tmp_path, changed):
    with pytest.raises(ModelError, match="without its evaluation and card"):
        save(classifier, tmp_path / "x", **changed)


@pytest.mark.parametrize("file", ["classifier.json", "weights.npz", "metrics.json", "README.md"])
def test_a_changed_file_is_refused(folder, file):
    content = bytearray((folder / file).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / file).write_bytes(content)
    with pytest.raises(ModelUntrusted, match=file):
        load_model(folder)


def test_a_truncated_file_is_refused(folder):
    (folder / "weights.npz").write_bytes((folder / "weights.npz").read_bytes()[:-100])
    with pytest.raises(ModelUntrusted):
        load_model(folder)


@pytest.mark.parametrize("file", ["SHA256SUMS", "weights.npz", "recipe.toml"])
def test_a_missing_file_is_said(folder, file):
    (folder / file).unlink()
    with pytest.raises(ModelMismatch, match="incomplete"):
        load_model(folder)


@pytest.mark.parametrize("file", ["model.joblib", "model.pkl", "plugin.py"])
def test_a_file_that_would_run_code_is_refused(folder, file):
    (folder / file).write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(ModelUntrusted, match=file):
        load_model(folder)


def resign(folder):
    """Give changed files matching checksums: what a careful forger, or a broken export, would do."""
    import hashlib

    names = [line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()]
    sums = "".join(f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names)
    (folder / "SHA256SUMS").write_text(sums)


def test_arrays_with_objects_are_never_unpickled(folder):
    with np.load(folder / "weights.npz") as arrays:
        stored = dict(arrays)
    stored["idf"] = np.array([object()] * len(stored["idf"]), dtype=object)
    np.savez(folder / "weights.npz", **stored, allow_pickle=True)
    resign(folder)
    with pytest.raises(ModelMismatch):
        load_model(folder)


@pytest.mark.parametrize("change", [{"format": 99}, {"heads": []}, {"encoder": {"kind": "magic", "parameters": {}}}])
def test_parts_that_do_not_fit_are_said(folder, change):
    about = json.loads((folder / "classifier.json").read_text())
    if change.get("heads") == []:
        about["heads"][0]["codes"].append("13")
    else:
        about |= change
    (folder / "classifier.json").write_text(json.dumps(about))
    resign(folder)
    with pytest.raises(ModelMismatch):
        load_model(folder)


def test_an_unknown_model_tells_which_there_are():
    with pytest.raises(ModelNotFound, match=r"Known: .*current"):
        find_model("curent")


def test_a_copied_folder_loads_from_anywhere(folder, tmp_path):
    elsewhere = tmp_path / "elders é ü"
    shutil.copytree(folder, elsewhere)
    assert load_model(elsewhere).schemes == {"sdg": ["8", "6"]}
