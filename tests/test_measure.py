"""A small model measured from all sides: by part, by mistake, against another, along its learning curve."""

import json
import math
from dataclasses import asdict, replace

import pytest
import typer
from typer.testing import CliRunner

from nlp.console.evaluate import evaluate_model
from nlp.corpus import read_annotations, write_annotations
from nlp.errors import CorpusError
from nlp.evaluation.measure import compare_models, measure, read_gold
from nlp.learning import learning_curve
from nlp.models import load_model
from nlp.recipes import read_recipe
from nlp.train import train
from tests.conftest import ROOT

RECIPE = """
name = "{name}"
version = "1"
schemes = ["sdg"]
[[source]]
path = "passages.jsonl"
about = "passages written for this project"
[encoder]
kind = "tfidf"
min_df = 2
[classifier]
C = {C}
keep = 4000
folds = 3
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Original passages about education, water, climate or nothing: 35 of each, 10 of them kept aside; two models."""
    folder = tmp_path_factory.mktemp("models")
    wanted = {("4",): [], ("6",): [], ("13",): [], (): []}
    for annotation in read_annotations(ROOT / "corpus" / "annotations" / "original.jsonl"):
        rows = wanted.get(tuple(annotation.labels["sdg"]))
        if rows is not None and len(rows) < 35:
            rows.append(replace(annotation, split="dev-test" if len(rows) < 10 else "train"))
    write_annotations([a for rows in wanted.values() for a in rows], folder / "passages.jsonl")
    for name, C in (("good", 10), ("poor", 0.001)):
        (folder / f"{name}.toml").write_text(RECIPE.format(name=name, C=C))
        train(read_recipe(folder / f"{name}.toml"), folder / name, jobs=1)
    return folder


@pytest.fixture(scope="module")
def gold(folder):
    return read_gold([folder / "passages.jsonl"], "dev-test")


@pytest.fixture(scope="module")
def evaluation(folder, gold):
    return measure(load_model(folder / "good"), gold, [folder / "passages.jsonl"], worst=3)


def run(*arguments):
    app = typer.Typer()
    app.command()(evaluate_model)
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_the_figures_are_those_of_the_model_card(folder, evaluation):
    stored = json.loads((folder / "good" / "metrics.json").read_text())["figures"]["sdg"]["dev_test"]
    figures = evaluation.schemes["sdg"].figures
    assert figures.micro_f1 == pytest.approx(stored["micro_f1"], abs=0.02)  # weights are stored in float32
    assert figures.micro_f1 > 0.7
    assert (evaluation.passages, figures.passages) == (40, 40)


def test_parts_hold_every_passage_once(evaluation):
    for parts in evaluation.schemes["sdg"].parts.values():
        assert len(parts) > 1
        assert sum(figures.passages for figures in parts.values()) == 40


def test_a_scheme_that_was_not_judged_is_not_measured(folder, gold):
    silent = [replace(a, labels={"imvo": []}) for a in gold[:10]]
    found = measure(load_model(folder / "good"), silent + gold[10:], [folder / "passages.jsonl"])
    assert found.schemes["sdg"].figures.passages == 30
    assert measure(load_model(folder / "good"), silent, [folder / "passages.jsonl"]).schemes == {}


def test_a_code_the_model_does_not_know_is_missed_and_said(folder, gold):
    other = [replace(a, labels={"sdg": ["99"]}) for a in gold[:4]]
    found = measure(load_model(folder / "good"), other + gold[4:], [folder / "passages.jsonl"])
    unknown = next(label for label in found.schemes["sdg"].figures.labels if label.code == "99")
    assert (unknown.support, unknown.recall) == (4, 0.0)
    assert any("does not know 99" in notice for notice in found.notices)


def test_mistakes_come_with_the_words_for_and_against(folder, gold):
    found = measure(load_model(folder / "poor"), gold, [folder / "passages.jsonl"], worst=4).schemes["sdg"]
    assert found.mistakes
    for mistake in found.mistakes:
        missed = mistake.kind == "missed"
        assert missed == (mistake.code in mistake.gold) == (mistake.code not in mistake.given)
        assert missed == (mistake.score < mistake.threshold)
        for cues, sign in ((mistake.words_for, 1), (mistake.words_against, -1)):
            assert all(mistake.text[cue.start : cue.end] == cue.text for cue in cues)
            assert all(math.copysign(1, cue.weight) == sign for cue in cues)
    for kind in ("wrong", "missed"):
        ours = [m for m in found.mistakes if m.kind == kind]
        logits = [math.log(p / (1 - p)) for m in ours for p in (m.score, m.threshold)]
        distances = [abs(a - b) for a, b in zip(logits[::2], logits[1::2], strict=True)]
        assert distances == sorted(distances, reverse=True)
        assert len(ours) <= 4


def test_a_test_split_is_never_measured_in_silence(folder, gold):
    files, model = [folder / "passages.jsonl"], load_model(folder / "good")
    assert any("test split 'dev-test'" in n for n in measure(model, gold, files).notices)
    learnt = measure(model, read_gold(files, "train"), files).notices
    assert not any("of the test split" in n for n in learnt)
    assert any("learnt from passages.jsonl" in n for n in learnt)


def test_an_unknown_split_names_those_there_are(folder):
    with pytest.raises(CorpusError, match="dev-test, train"):
        read_gold([folder / "passages.jsonl"], "test")


def test_the_poorer_model_is_called_worse(folder, gold):
    good, poor = load_model(folder / "good"), load_model(folder / "poor")
    ((micro, *_),) = [found.overall for found in compare_models(good, poor, gold)]
    assert (micro.name, micro.verdict) == ("micro F1", "worse")
    assert {change.verdict for change in compare_models(good, good, gold)[0].overall} == {"same"}


def test_the_curve_grows_with_the_documents_and_leaves_the_test_split_alone(folder):
    half, whole = learning_curve(read_recipe(folder / "good.toml"), shares=(0.5, 1.0), jobs=1)
    assert 0 < half.documents < whole.documents < 100  # a fifth of the hundred to learn from is held out
    assert 0 <= half.micro_f1 <= 1
    assert whole.micro_f1 > 0.5


def test_a_curve_learns_from_labels_whose_texts_are_kept_elsewhere(folder, tmp_path):
    annotations = list(read_annotations(folder / "passages.jsonl"))
    texts = [{"id": a.passage, "text": a.text, "group": a.group} for a in annotations]
    labels = [{"passage": a.passage, "labels": a.labels, "annotator": a.annotator} for a in annotations]
    for name, rows in (("texts", texts), ("labels", labels)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    recipe = RECIPE.format(name="pool", C=10).replace("passages.jsonl", "labels.jsonl")
    (tmp_path / "pool.toml").write_text(recipe.replace("about =", 'texts = "texts.jsonl"\nabout ='))
    (whole,) = learning_curve(read_recipe(tmp_path / "pool.toml"), shares=(1.0,), jobs=1)
    assert 100 < whole.passages < 140
    assert whole.micro_f1 > 0.5


def test_mistakes_can_be_studied_without_the_test_split(folder, gold, tmp_path):
    done = run(
        folder / "good", "--recipe", folder / "good.toml", "--held-out", "--jobs", "1", "--json", tmp_path / "a.json"
    )
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "a.json").read_text())["evaluation"]
    assert 0 < found["passages"] < 40
    assert "none of the test split" in found["notices"][0]
    assert not any("of the test split 'dev-test'" in notice or "learnt from" in notice for notice in found["notices"])
    seen = {mistake["passage"] for mistake in found["schemes"]["sdg"]["mistakes"]}
    assert seen.isdisjoint(a.passage for a in gold)


def test_one_run_writes_terminal_json_and_markdown(folder, tmp_path):
    done = run(
        folder / "good", "--gold", folder / "passages.jsonl", "--split", "dev-test", "--compare", folder / "poor",
        "--json", tmp_path / "uit.json", "--markdown", tmp_path / "uit.md", "--worst", "2",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "uit.json").read_text())
    assert found["evaluation"]["schemes"]["sdg"]["figures"]["passages"] == 40
    assert found["comparisons"][0]["overall"][0]["verdict"] == "better"
    pages = (tmp_path / "uit.md").read_text()
    for title in ("Summary", "sdg: what changed", "sdg per label, worst first", "sdg by genre", "sdg: worst cases"):
        assert f"## {title}" in pages
        assert title in done.output
    tables = [line for line in pages.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in tables)


def test_more_files_may_follow_the_first(folder, gold, tmp_path):
    write_annotations(gold[:20], tmp_path / "a.jsonl")
    write_annotations(gold[20:], tmp_path / "b.jsonl")
    done = run(folder / "good", "--gold", tmp_path / "a.jsonl", tmp_path / "b.jsonl", "--json", tmp_path / "uit.json")
    assert done.exit_code == 0, done.output
    evaluation = json.loads((tmp_path / "uit.json").read_text())["evaluation"]
    assert evaluation["passages"] == 40
    assert len(evaluation["gold"]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Nothing to measure on."),
        (["--gold", "weg.jsonl"], "no such file or folder"),
        (["--benchmark", "--compare", "morgen"], "A comparison needs gold."),
    ],
)
def test_wrong_usage_is_said_in_one_line(folder, arguments, said):
    done = run(folder / "good", *arguments)
    assert done.exit_code == 2
    assert said in done.output


def test_the_evaluation_is_plain_data(evaluation):
    assert json.loads(json.dumps(asdict(evaluation)))["model"] == "good-1"
