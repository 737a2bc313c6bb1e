"""Targets are suggested when asked for, of goals that were given, where the evidence supports them."""

import json
import math
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import nlp
from nlp.batch import Batch
from nlp.batch.limits import Job
from nlp.corpus import write_annotations
from nlp.errors import CorpusError, DoelwijzerError, ModelError, ModelMismatch, ModelNotFound, ModelUntrusted
from nlp.records import Annotation
from nlp.schemes import load_scheme
from nlp.tagged import plain
from nlp.targets import SCHEME, load_suggester, save_suggester
from nlp.targets.learn import fit, gather, leaders, learn, read_recipe, settle, suggested, without_mentions

MODELS = Path(__file__).parent.parent / "models"
SCHEMA = Draft202012Validator(json.loads((files("nlp") / "schema" / "tagging-1.json").read_text(encoding="utf-8")))
CASES = [
    ("Nederland halveert de uitstoot van broeikasgassen en legt dat vast in de Klimaatwet.", "13", "13.2"),
    ("In de cacaoketen werken nog altijd kinderen; kinderarbeid moet worden uitgebannen.", "8", "8.7"),
    ("Supermarkten gooien te veel voedsel weg; de voedselverspilling moet worden gehalveerd.", "12", "12.3"),
    ("Het aantal verkeersdoden en ernstig gewonden in het verkeer stijgt.", "3", "3.6"),
    ("Huishoudens op Bonaire hebben niet allemaal veilig drinkwater uit de kraan.", "6", "6.1"),
    ("Overbevissing bedreigt de visbestanden; de vangstquota voor kabeljauw en tong gaan omlaag.", "14", "14.4"),
    ("Meisjes worden nog steeds besneden en uitgehuwelijkt als kind.", "5", "5.3"),
]


@pytest.fixture(scope="module")
def suggester():
    return load_suggester()


@pytest.mark.parametrize(("text", "goal", "target"), CASES)
def test_the_target_that_fits_is_suggested(suggester, text, goal, target):
    (((tag,), scores),) = suggester.suggest([text], [[goal]])
    assert (str(tag), tag.source) == (f"{SCHEME}:{target}", "suggestion")
    assert max(scores, key=scores.get) == target
    assert set(scores) == {concept.code for concept in load_scheme("sdg").narrower(goal)}


@pytest.mark.parametrize("goals", [[], ["13"], ["2"], ["99"], ["imvo"]])
def test_only_targets_of_the_goals_that_were_given_are_suggested(suggester, goals):
    ((tags, scores),) = suggester.suggest(["Kinderarbeid in de cacaoketen moet worden uitgebannen."], [goals])
    assert {tag.code.partition(".")[0] for tag in tags} <= set(goals)
    assert {code.partition(".")[0] for code in scores} <= set(goals)


@pytest.mark.parametrize("text", ["", "…", "De Kamer, gehoord de beraadslaging,", "Geachte voorzitter,", "xyzzy " * 50])
def test_without_evidence_nothing_is_suggested(suggester, text):
    goals = [concept.code for concept in load_scheme("sdg").top]
    assert suggester.suggest([text], [goals])[0][0] == ()


@given(
    st.one_of(
        st.sampled_from([text for text, *_ in CASES]), st.text(st.sampled_from("abcdeinorwtlk -.,"), max_size=200)
    )
)
def test_evidence_and_intercept_sum_to_the_logit(text):
    eager = replace(load_suggester(), score=0.0, lead=0.0)
    ((tags, scores),) = eager.suggest([text], [["8", "13"]])
    assert len(tags) == 2
    for tag in tags:
        logit = math.log(tag.score / (1 - tag.score))
        assert tag.intercept + sum(cue.weight for cue in tag.evidence) == pytest.approx(logit, abs=1e-6)
        assert scores[tag.code] == tag.score
        assert all(text[cue.start : cue.end] == cue.text for cue in tag.evidence)


def test_without_its_strongest_word_a_suggestion_scores_lower(suggester):
    text, goal, target = CASES[1]
    (((tag,), _),) = suggester.suggest([text], [[goal]])
    cue = tag.evidence[0]
    ((_, after),) = suggester.suggest([text[: cue.start] + text[cue.end :]], [[goal]])
    assert after[target] < tag.score


def test_one_by_one_gives_what_a_batch_gives(suggester):
    texts, goals = [text for text, *_ in CASES], [[goal] for _, goal, _ in CASES]
    alone = [suggester.suggest([text], [own])[0] for text, own in zip(texts, goals, strict=True)]
    assert suggester.suggest(texts, goals) == alone


# --- the front door -----------------------------------------------------------------------------------------------


def test_targets_are_off_unless_asked_for():
    text = CASES[0][0]
    assert not any(tag.scheme == SCHEME for tag in nlp.predict(text).tags)
    tagging = nlp.predict(text, targets=True)
    assert tagging.codes("sdg") == ["13"]
    assert tagging.codes(SCHEME) == ["13.2"]
    assert repr(tagging.tags[-1]).endswith("(suggestion)")
    assert set(tagging.scores(SCHEME)) == {"13.1", "13.2", "13.3", "13.a", "13.b"}
    assert tagging.model.endswith(f"+{load_suggester()}")


def test_other_tags_stay_as_they_were():
    texts = [text for text, *_ in CASES]
    for without, with_targets in zip(nlp.predict(texts), nlp.predict(texts, targets=True), strict=True):
        assert [tag for tag in with_targets.tags if tag.scheme != SCHEME] == list(without.tags)
        assert with_targets.probabilities["sdg"] == without.probabilities["sdg"]


def test_a_target_that_is_named_is_a_mention():
    tags = nlp.predict("De vergadering over SDG 8.7 en SDG 13 is verplaatst.", targets=True).tags
    named = [(str(tag), tag.evidence[0].text) for tag in tags if tag.source == "mention"]
    assert named == [("sdg:8", "SDG 8.7"), (f"{SCHEME}:8.7", "SDG 8.7"), ("sdg:13", "SDG 13")]


def test_a_goal_that_is_only_named_gets_no_suggestion():
    tagging = nlp.predict("Zie SDG 5.", targets=True)
    assert [tag for tag in tagging.tags if tag.source == "suggestion"] == []


def test_evidence_may_be_left_out():
    tagger = replace(nlp.load(), evidence=False)
    suggestions = [tag for tag in tagger.predict(CASES[0][0], targets=True).tags if tag.source == "suggestion"]
    assert [tag.evidence for tag in suggestions] == [()]


def test_a_document_with_suggestions_follows_the_schema(sample):
    tagged = nlp.tag(sample, targets=True)
    assert sum(tag.source == "suggestion" for tagging in tagged for tag in tagging.tags) > 5
    written = [tag for line in plain(tagged).lines() for tag in line["tags"] if tag["scheme"] == SCHEME]
    assert all(tag["label"] and tag["uri"].startswith("http://metadata.un.org/sdg/") for tag in written)
    assert [error.message for line in plain(tagged).lines() for error in SCHEMA.iter_errors(line)] == []
    assert SCHEME in set(tagged.to_frame().scheme)


def test_a_run_with_targets_does_not_take_the_results_of_one_without(sample, tmp_path):
    counts = []
    for targets in (False, True, False):
        with Batch(Job(targets=targets), tmp_path / "run.ledger") as batch:
            batch.enlist([sample])
            (outcome,) = batch
        counts.append(sum(tag["source"] == "suggestion" for row in outcome.tagged.taggings for tag in row["tags"]))
    assert (counts[0], counts[2]) == (0, 0)
    assert counts[1] > 5


# --- the folder ---------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(MODELS / "targets", tmp_path / "targets")


def test_what_is_saved_suggests_as_before(suggester, folder):
    save_suggester(suggester, folder / "again", metrics={"f": 1}, card="# Card", recipe="")
    texts, goals = [text for text, *_ in CASES], [[goal] for _, goal, _ in CASES]
    assert load_suggester(folder / "again").suggest(texts, goals) == suggester.suggest(texts, goals)


@pytest.mark.parametrize("changed", [{"metrics": {}}, {"card": " "}])
def test_no_suggestions_without_figures_and_card(suggester, tmp_path, changed):
    with pytest.raises(ModelError, match="figures and card"):
        save_suggester(suggester, tmp_path, **({"metrics": {"f": 1}, "card": "# Card", "recipe": ""} | changed))


def test_the_shipped_folder_is_small_and_its_card_has_its_figures():
    assert sum(path.stat().st_size for path in (MODELS / "targets").iterdir()) < 5_000_000
    found = json.loads((MODELS / "targets" / "metrics.json").read_text(encoding="utf-8"))
    learnt, plain_words = found["figures"]["all"], found["baseline"]["all"]
    assert learnt["precision"] > 0.8
    assert learnt["recall"] > 5 * plain_words["recall"]
    assert f"{learnt['precision']:.3f} | {learnt['recall']:.3f}" in (MODELS / "targets" / "README.md").read_text()


def test_a_changed_file_is_refused(folder):
    (folder / "targets.json").write_text((folder / "targets.json").read_text().replace('"lead": ', '"lead": -'))
    with pytest.raises(ModelUntrusted, match=r"targets\.json"):
        load_suggester(folder)


def seal_anew(folder, about):
    """Other values under matching checksums."""
    import hashlib

    (folder / "targets.json").write_text(json.dumps(about))
    names = [line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()]
    sums = "".join(f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names)
    (folder / "SHA256SUMS").write_text(sums)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 99},
        {"codes": ["13.1"]},
        {"codes": ["99.1"] * 169},
        {"score": float("nan")},
        {"lead": None},
        {"encoder": {"kind": "magic", "parameters": {}}},
    ],
    ids=["format", "too few codes", "unknown codes", "no number", "nothing", "encoder"],
)
def test_parts_that_do_not_fit_are_said(folder, change):
    seal_anew(folder, json.loads((folder / "targets.json").read_text()) | change)
    with pytest.raises(ModelMismatch):
        load_suggester(folder)


def test_a_model_is_no_suggester():
    with pytest.raises(ModelNotFound, match="targets"):
        load_suggester("nergens")
    with pytest.raises(ModelMismatch, match="incomplete"):
        load_suggester(MODELS / "current")


# --- learning -----------------------------------------------------------------------------------------------------

LOON = "Werknemers in de textielketen verdienen een leefbaar loon en mogen zich verenigen in een vakbond {}."
KIND = "Kinderen werken in de mijnen; kinderarbeid in de kobaltketen moet worden uitgebannen {}."
HEAT = "Hitte en wateroverlast: steden moeten zich aanpassen aan klimaatverandering {}."
LAWS = "Het kabinet legt de vermindering van broeikasgassen vast in klimaatbeleid en wet {}."


@pytest.fixture(scope="module")
def recipe(tmp_path_factory):
    home = tmp_path_factory.mktemp("leren")
    cases = [(LOON, "8", "8.8"), (KIND, "8", "8.7"), (HEAT, "13", "13.1"), (LAWS, "13", "13.2")]
    write_annotations(
        [
            Annotation(
                f"{target}-{n}", text.format(f"in {n} landen"), {"sdg": [goal], SCHEME: [target]}, "test", group=f"g{n}"
            )
            for n in range(12)
            for text, goal, target in cases
        ],
        home / "passages.jsonl",
    )
    lines = (MODELS / "recipes" / "targets.toml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("sources", "judged", "folds"))]
    (home / "recipe.toml").write_text("\n".join(['sources = ["passages.jsonl"]', "folds = 2", *kept]), encoding="utf-8")
    return read_recipe(home / "recipe.toml")


def test_a_folder_is_learnt_from_passages(recipe, tmp_path):
    found = learn(recipe, tmp_path)
    assert found["figures"]["all"]["top1"] == 1.0
    tags = load_suggester(tmp_path).suggest(["Kinderarbeid in de kobaltmijnen."], [["8"]])[0][0]
    assert [tag.code for tag in tags] == ["8.7"]
    assert "right among three" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_the_same_passages_give_the_same_weights(recipe):
    (one, first), (two, second) = (fit(recipe, gather(recipe)) for _ in range(2))
    assert list(one.vocabulary_) == list(two.vocabulary_)
    assert (first != second).nnz == 0


def test_a_suggester_says_what_measuring_says(recipe):
    examples = gather(recipe)
    goals = [[g for g in ("8", "13") if row[examples.codes.index(f"{g}.1")]] for row in examples.goals]
    suggester = load_suggester()
    words = suggester.encoder.transform(examples.texts)
    logits = (words @ suggester.weights).toarray() + suggester.intercept
    point = replace(settle(recipe, logits, examples), score=suggester.score, lead=suggester.lead)
    marked = [[examples.codes[k] for k in np.flatnonzero(row)] for row in suggested(logits, examples, point)]
    assert marked == [[tag.code for tag in tags] for tags, _ in suggester.suggest(examples.texts, goals)]


def test_leads_are_over_the_next_target_of_the_same_goal(recipe):
    examples = gather(recipe)
    logits = np.zeros(examples.gold.shape)
    logits[:, examples.codes.index("8.7")] = 2.0
    logits[:, examples.codes.index("13.2")] = 5.0
    best, lead, right = leaders(logits, examples)
    assert sorted(set(best)) == sorted(set(lead)) == [2.0, 5.0]
    assert right.sum() == 24


@pytest.mark.parametrize(
    ("text", "left"),
    [("Zie SDG 8.7 over werk.", "Zie  over werk."), ("SDG's 2, 6 en 13.", ",  en ."), ("Geen doel.", "Geen doel.")],
)
def test_goals_named_by_number_teach_nothing(text, left):
    assert without_mentions(text) == left


def test_passages_without_targets_are_said(recipe, tmp_path):
    write_annotations([Annotation("a", "tekst", {"sdg": ["8"]}, "test")], tmp_path / "geen.jsonl")
    with pytest.raises(CorpusError, match="no passages with sdg-target"):
        gather(replace(recipe, sources=(tmp_path / "geen.jsonl",)))


@pytest.mark.parametrize("text", ["", "name = 1", "sources = [", 'sources = ["x"]\nmagic = true'])
def test_a_broken_recipe_is_said(tmp_path, text):
    (tmp_path / "r.toml").write_text(text)
    with pytest.raises(DoelwijzerError, match=r"r\.toml"):
        read_recipe(tmp_path / "r.toml")
    with pytest.raises(DoelwijzerError, match="no such recipe"):
        read_recipe(tmp_path / "nergens.toml")
