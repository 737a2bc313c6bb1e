"""Tagged documents as tables, long and wide, and back from any file."""

from dataclasses import replace

import pandas as pd
import pytest

import nlp
from nlp.errors import FrameError
from nlp.frames import cited, documents, long
from nlp.records import Document
from nlp.tagged import COLUMNS, WIDE, TaggedDocument
from nlp.write import write


def pairs(frame):
    """Passage and label of each row that has one."""
    frame = long(frame).dropna(subset=["code"])
    return sorted(zip(frame["passage"], frame["scheme"] + ":" + frame["code"], strict=True))


@pytest.fixture(scope="module")
def expected(tagged_sample):
    return sorted((t.passage.id, str(tag)) for t in tagged_sample for tag in t.tags)


# --- to_frame -----------------------------------------------------------------------------------------------------


def test_a_long_frame_has_a_row_per_tag(tagged_sample, expected):
    frame = tagged_sample.to_frame()
    assert list(frame) == list(COLUMNS)
    assert pairs(frame) == expected
    assert set(frame["passage"]) == {t.passage.id for t in tagged_sample}


def test_a_wide_frame_has_a_row_per_passage_and_every_probability(tagged_sample):
    frame = tagged_sample.to_frame(wide=True)
    assert list(frame["passage"]) == [t.passage.id for t in tagged_sample]
    labels = [f"{scheme}:{code}" for scheme, codes in nlp.load().model.schemes.items() for code in codes]
    assert list(frame) == [*WIDE, *labels]
    for tagging, row in zip(tagged_sample, frame.to_dict("records"), strict=True):
        assert row["tags"].split() == list(dict.fromkeys(map(str, tagging.tags)))
        assert {label: row[label] for label in labels if label.startswith("sdg:")} == {
            f"sdg:{code}": score for code, score in tagging.scores("sdg").items()
        }


def test_frames_of_several_documents_lie_on_top_of_each_other(tagged_sample):
    empty = TaggedDocument([], Document("leeg", ()))
    for wide in (False, True):
        both = pd.concat([tagged_sample.to_frame(wide=wide), empty.to_frame(wide=wide)], ignore_index=True)
        assert list(both) == list(tagged_sample.to_frame(wide=wide))
    assert list(empty.to_frame()) == list(COLUMNS)
    assert list(empty.to_frame(wide=True)) == list(WIDE)


def test_half_characters_do_not_break_a_frame():
    frame = TaggedDocument([nlp.predict("Kinderarbeid \ud800 in de cacao.")], Document("x", ())).to_frame()
    assert frame["text"][0] == "Kinderarbeid ? in de cacao."


# --- long ---------------------------------------------------------------------------------------------------------


def test_any_form_gives_the_same_rows(tagged_sample, expected, tmp_path):
    for suffix in ("csv", "parquet", "jsonl"):
        write([tagged_sample], tmp_path / f"tags.{suffix}")
    forms = [
        tagged_sample,
        [tagged_sample],
        tagged_sample.to_frame(),
        pd.read_csv(tmp_path / "tags.csv"),
        pd.read_csv(tmp_path / "tags.csv", dtype=str),
        pd.read_parquet(tmp_path / "tags.parquet"),
        pd.read_json(tmp_path / "tags.jsonl", lines=True),
    ]
    for form in forms:
        assert pairs(form) == expected
        assert list(long(form)) == list(COLUMNS)
    assert pairs(tagged_sample.to_frame(wide=True)) == sorted(set(expected))
    assert pairs(tuple(iter(tagged_sample))) == expected


def test_goals_that_came_back_as_numbers_are_codes_again(tagged_sample, tmp_path):
    frame = tagged_sample.to_frame()
    frame[frame["scheme"] != "imvo"].to_csv(tmp_path / "sdg.csv", index=False)
    back = pd.read_csv(tmp_path / "sdg.csv")
    assert back["code"].dtype == float
    assert set(long(back)["code"].dropna()) == {t for tagging in tagged_sample for t in tagging.codes("sdg")}


def test_a_wide_frame_keeps_scores(tagged_sample):
    frame = long(tagged_sample.to_frame(wide=True)).dropna(subset=["code"])
    row = frame[frame["scheme"] == "imvo"].iloc[0]
    tagging = next(t for t in tagged_sample if t.passage.id == row["passage"])
    assert row["score"] == tagging.scores("imvo")[row["code"]]


@pytest.mark.parametrize("wrong", ["brief.pdf", 3, None, [1], {"a": 1}, pd.DataFrame({"passage": ["x"]})], ids=str)
def test_anything_else_is_refused(wrong):
    with pytest.raises(FrameError, match="to_frame"):
        long(wrong)


def test_loose_taggings_are_one_document():
    tagging = nlp.predict("Kinderarbeid in de cacao.")
    assert [len(document) for document in documents([tagging, tagging])] == [2]


# --- cited --------------------------------------------------------------------------------------------------------


def test_citations_survive_a_file(tagged_sample, tmp_path):
    expected = {(t.passage.id, c.dossiernummer) for t in tagged_sample for c in t.citations if c.dossiernummer}
    write([tagged_sample], tmp_path / "tags.csv")
    write([tagged_sample], tmp_path / "tags.parquet")
    for form in (tagged_sample, pd.read_csv(tmp_path / "tags.csv"), pd.read_parquet(tmp_path / "tags.parquet")):
        found = cited(form).dropna(subset=["dossiernummer"])
        assert set(zip(found["passage"], found["dossiernummer"], strict=True)) == expected


def test_a_dossier_without_a_number_of_its_own_is_read_back():
    tagging = nlp.predict("Zie dossier 26 485 en Kamerstuk 35 570 XVII, nr. 38.")
    tagged = TaggedDocument([tagging], replace(Document("x", ()), title="Titel"))
    for form in (tagged, tagged.to_frame()):
        assert list(cited(form)["dossiernummer"]) == ["26485", "35570-XVII"]
        assert set(cited(form)["title"]) == {"Titel"}
