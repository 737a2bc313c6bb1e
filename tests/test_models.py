"""A model folder is data that is checked before it is believed."""

import io
import json
import os
import pickle
import shutil
import warnings
import zipfile

import joblib
import numpy as np
import pytest

import nlp
from nlp.classify import Classifier, Head
from nlp.errors import ModelError, ModelMismatch, ModelNotFound, ModelUntrusted
from nlp.features import TfidfEncoder
from nlp.fitting import fit_weights
from nlp.models import find_model, load_model, save_model
from nlp.tagger import Tagger

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
    with pytest.raises(ModelUntrusted, match="objects"):
        load_model(folder)


def rewrite(folder, **changed):
    """Other arrays under matching checksums."""
    with np.load(folder / "weights.npz") as arrays:
        stored = dict(arrays)
    np.savez(folder / "weights.npz", **(stored | {name: change(stored[name]) for name, change in changed.items()}))
    resign(folder)


def spoilt(value):
    def change(array):
        array = array.copy()
        array.flat[0] = value
        return array

    return change


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("sdg.weights", spoilt(np.nan), "no numbers"),
        ("sdg.weights", spoilt(np.inf), "no numbers"),
        ("sdg.intercept", spoilt(np.nan), "no numbers"),
        ("idf", spoilt(-np.inf), "no numbers"),
        ("sdg.weights", lambda a: a[:-1], "shape"),
        ("sdg.weights", lambda a: a.T, "shape"),
        ("sdg.weights", lambda a: a.ravel(), "shape"),
        ("sdg.intercept", lambda a: a[:1], "shape"),
        ("idf", lambda a: a[1:], "shape"),
        ("vocabulary", lambda _: np.frombuffer(b"=a\n=a", np.uint8), "shape"),
        ("vocabulary", lambda _: np.frombuffer(b"\xff\xfe", np.uint8), "fit"),
        ("sdg.weights", lambda a: a.astype("U8"), "fit"),
    ],
)
def test_arrays_that_would_tag_wrongly_are_refused(folder, name, change, said):
    rewrite(folder, **{name: change})
    with pytest.raises(ModelMismatch, match=said):
        load_model(folder)


def zipped(folder, **parts):
    with zipfile.ZipFile(folder / "weights.npz", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(f"{name}.npy", content)
    resign(folder)


def header(shape, kind="<f4"):
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"shape": shape, "fortran_order": False, "descr": kind})
    return head.getvalue()


@pytest.mark.parametrize("shape", [(10**12,), (2**62, 4), (-1,), (3,)])
def test_an_array_that_claims_to_be_larger_takes_no_memory(folder, shape):
    zipped(folder, vocabulary=header(shape) + b"\0" * 16)
    with pytest.raises(ModelMismatch, match="damaged"):
        load_model(folder)


def test_a_zip_bomb_is_not_unpacked(folder, monkeypatch):
    monkeypatch.setattr("nlp.sealed.LARGEST_UNPACKED", 2**20)
    zipped(folder, vocabulary=header((2**20,)) + b"\0" * 2**22)
    assert (folder / "weights.npz").stat().st_size < 10_000
    with pytest.raises(ModelUntrusted, match="unpacked"):
        load_model(folder)


def test_a_huge_file_is_not_read(folder, monkeypatch):
    monkeypatch.setattr("nlp.sealed.LARGEST", 1000)
    with pytest.raises(ModelUntrusted, match="larger than"):
        load_model(folder)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + b"\0" * 50, b"\x80\x04N.", b"not a zip at all"])
def test_what_is_no_zip_file_is_said(folder, content):
    (folder / "weights.npz").write_bytes(content)
    resign(folder)
    with pytest.raises(ModelMismatch, match="damaged"):
        load_model(folder)


def test_a_zip_file_cut_off_is_said(folder):
    (folder / "weights.npz").write_bytes((folder / "weights.npz").read_bytes()[:-100])
    resign(folder)
    with pytest.raises(ModelMismatch, match="damaged"):
        load_model(folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", '{"format": 1}', "[" * 100_000, "\ud800"])
def test_a_foreign_json_file_is_said(folder, content):
    (folder / "classifier.json").write_text(content, encoding="utf-8", errors="surrogatepass")
    resign(folder)
    with pytest.raises(ModelMismatch):
        load_model(folder)


@pytest.mark.parametrize(
    "ngrams", [[0, 5], [1, 10**9], ["a", "b"], [3], 4], ids=["from nothing", "far too long", "words", "one", "no list"]
)
def test_an_encoder_that_would_not_end_is_refused(folder, ngrams):
    about = json.loads((folder / "classifier.json").read_text())
    about["encoder"]["parameters"]["ngrams"] = ngrams
    (folder / "classifier.json").write_text(json.dumps(about))
    resign(folder)
    with pytest.raises(ModelMismatch):
        load_model(folder)


@pytest.mark.parametrize("thresholds", [[0.5], [0.5, 0.5, 0.5], [float("nan"), 0.5], ["a", "b"], None])
def test_thresholds_that_do_not_fit_are_refused(folder, thresholds):
    about = json.loads((folder / "classifier.json").read_text())
    about["heads"][0]["thresholds"] = thresholds
    (folder / "classifier.json").write_text(json.dumps(about))
    resign(folder)
    with pytest.raises(ModelMismatch):
        load_model(folder)


def test_swapped_files_are_refused(folder):
    one, two = folder / "metrics.json", folder / "schemes.json"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    with pytest.raises(ModelUntrusted):
        load_model(folder)


def test_weights_of_another_model_are_refused(classifier, folder, tmp_path):
    other = Classifier(classifier.encoder, (Head("sdg", ("8",), *(a[..., :1] for a in arrays_of(classifier))),))
    (folder / "weights.npz").write_bytes((save(other, tmp_path / "other") / "weights.npz").read_bytes())
    with pytest.raises(ModelUntrusted):
        load_model(folder)
    resign(folder)
    with pytest.raises(ModelMismatch, match="shape"):
        load_model(folder)


def arrays_of(classifier):
    head = classifier.heads[0]
    return head.weights, head.intercept, head.thresholds


def test_a_link_out_of_the_folder_is_refused(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere.json"
    shutil.move(folder / "metrics.json", elsewhere)
    (folder / "metrics.json").symlink_to(elsewhere)
    with pytest.raises(ModelUntrusted, match="leads out"):
        load_model(folder)


def test_a_link_to_the_folder_itself_is_followed(folder, tmp_path):
    (tmp_path / "latest").symlink_to(folder)
    assert str(load_model(tmp_path / "latest")) == "klein-1"


def test_a_pipe_is_not_waited_for(folder):
    (folder / "metrics.json").unlink()
    os.mkfifo(folder / "metrics.json")
    with pytest.raises(ModelMismatch, match=r"metrics\.json is no file"):
        load_model(folder)


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "a/b", "..", ""])
def test_checksums_name_files_of_the_folder_only(folder, name):
    with (folder / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  {name}\n")
    with pytest.raises(ModelUntrusted, match="no file of the folder"):
        load_model(folder)


def test_files_beside_the_required_ones_are_checked_too(classifier, tmp_path):
    folder = save(classifier, tmp_path / "klein", more={"calibration.svg": b"<svg/>"})
    assert str(load_model(folder)) == "klein-1"
    (folder / "calibration.svg").write_bytes(b"<svg onload='x'/>")
    with pytest.raises(ModelUntrusted, match="calibration"):
        load_model(shutil.copytree(folder, tmp_path / "copy"))


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


# --- joblib -------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["Classifier", "Model", "Tagger"])
def pickled(request, classifier, folder, tmp_path):
    model = load_model(folder)
    joblib.dump(
        {"Classifier": classifier, "Model": model, "Tagger": Tagger(model)}[request.param], tmp_path / "m.joblib"
    )
    return tmp_path / "m.joblib"


def test_a_pickle_is_not_loaded_unasked(pickled):
    with pytest.raises(ModelUntrusted, match=r"runs whatever code .*trust_pickle=True"):
        nlp.load(pickled)


def test_a_trusted_pickle_is_loaded_with_a_warning(pickled, classifier):
    with pytest.warns(UserWarning, match="a pickle runs whatever code") as said:
        tagger = nlp.load(pickled, trust_pickle=True)
    assert said[0].filename == __file__
    assert tagger.predict("loon en werk").scores("sdg") == pytest.approx(classifier.tag(["loon en werk"])[0][1]["sdg"])


def test_no_code_runs_before_the_pickle_is_trusted(tmp_path):
    class Harm:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "harmed"),)

    joblib.dump(Harm(), tmp_path / "m.joblib")
    with pytest.raises(ModelUntrusted):
        load_model(tmp_path / "m.joblib")
    assert not (tmp_path / "harmed").exists()


@pytest.mark.parametrize("content", [{"a": 1}, "a text", None])
def test_a_pickle_of_something_else_is_said(tmp_path, content):
    joblib.dump(content, tmp_path / "m.joblib")
    with (
        pytest.warns(UserWarning, match="pickle"),
        pytest.raises(ModelMismatch, match="no Classifier, Model or Tagger"),
    ):
        load_model(tmp_path / "m.joblib", trust_pickle=True)


@pytest.mark.parametrize("content", [b"", b"\x80\x04", b"garbage"])
def test_a_broken_pickle_is_said(tmp_path, content):
    (tmp_path / "m.pkl").write_bytes(content)
    with pytest.warns(UserWarning, match="pickle"), pytest.raises(ModelMismatch):
        load_model(tmp_path / "m.pkl", trust_pickle=True)


def test_a_pickle_that_is_not_there_is_a_model_that_is_not_there(tmp_path):
    with pytest.raises(ModelNotFound):
        load_model(tmp_path / "m.joblib", trust_pickle=True)


def test_a_folder_needs_no_trust(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert str(load_model(folder, trust_pickle=True)) == "klein-1"


def test_a_pickle_forgets_the_words_it_saw(classifier):
    classifier.tag(["loon en werk in de keten"])
    copy = pickle.loads(pickle.dumps(classifier))
    assert len(pickle.dumps(copy)) == len(pickle.dumps(classifier))
    assert copy.tag(["loon"]) == classifier.tag(["loon"])
