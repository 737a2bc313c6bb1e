"""What is written can be read back, and follows the schema."""

import csv
import io
import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

import nlp
from nlp.errors import UnknownName
from nlp.records import Document
from nlp.tagger import TaggedDocument
from nlp.write import COLUMNS, format_of, lines_of, write, write_csv, write_jsonl

SCHEMA = json.loads((files("nlp") / "schema" / "tagging-1.json").read_text(encoding="utf-8"))


def jsonl(documents):
    out = io.StringIO()
    write_jsonl(documents, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_line_follows_the_schema(tagged_sample):
    Draft202012Validator.check_schema(SCHEMA)
    lines = jsonl([tagged_sample])
    assert len(lines) == len(tagged_sample)
    validator = Draft202012Validator(SCHEMA)
    assert [error.message for line in lines for error in validator.iter_errors(line)] == []


def test_a_line_says_what_the_record_says(tagged_sample):
    for line, tagging in zip(jsonl([tagged_sample]), tagged_sample, strict=True):
        assert line["passage"]["text"] == tagging.passage.text
        assert [(t["scheme"], t["code"]) for t in line["tags"]] == [(t.scheme, t.code) for t in tagging.tags]
        for tag in line["tags"]:
            assert tag["uri"].startswith("http")
            assert tag["label"]
            for cue in tag["evidence"]:
                assert line["passage"]["text"][cue["start"] : cue["end"]] == cue["text"]


def test_boxes_become_one_per_printed_line(tagged_sample):
    passage = max((t.passage for t in tagged_sample), key=lambda p: len(p.text))
    lines = list(lines_of(passage.boxes))
    assert 2 < len(lines) < len(passage.boxes) / 3
    assert (lines[0].start, lines[-1].end) == (passage.boxes[0].start, passage.boxes[-1].end)
    assert [line.start for line in lines] == sorted(line.start for line in lines)


def test_csv_has_a_row_per_passage_and_tag(tagged_sample):
    out = io.StringIO()
    write_csv([tagged_sample], out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == sum(max(1, len(t.tags)) for t in tagged_sample)


def test_a_text_that_looks_like_a_formula_stays_a_text():
    tagging = nlp.predict("=HYPERLINK(1)")
    out = io.StringIO()
    write_csv([TaggedDocument([tagging], Document("d", ()))], out)
    assert "'=HYPERLINK(1)" in out.getvalue()


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_a_file_appears_whole(tagged_sample, tmp_path, suffix):
    out = tmp_path / f"uit.{suffix}"
    write([tagged_sample], out)
    assert out.stat().st_size > 1000
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


def test_parquet_holds_the_same_rows(tagged_sample, tmp_path):
    import pandas as pd

    write([tagged_sample], tmp_path / "uit.parquet")
    frame = pd.read_parquet(tmp_path / "uit.parquet")
    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == sum(max(1, len(t.tags)) for t in tagged_sample)


def test_an_unknown_format_names_the_known():
    with pytest.raises(UnknownName, match=r"Did you mean 'jsonl'\? Known: csv, jsonl, parquet"):
        format_of("uit.json")
