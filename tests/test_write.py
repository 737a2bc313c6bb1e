"""What is written can be read back, and follows the schema."""

import csv
import json
import sqlite3
from dataclasses import replace
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

import nlp
from nlp.batch.packing import expand, pack, squeeze, unpack
from nlp.errors import OutputError, UnknownName
from nlp.records import Block, Document, Tag
from nlp.tagged import PlainDocument, TaggedDocument, lines_of, plain
from nlp.write import COLUMNS, WRITERS, format_of, write

SCHEMA = json.loads((files("nlp") / "schema" / "tagging-1.json").read_text(encoding="utf-8"))


def lines(documents, folder):
    write(documents, folder / "uit.jsonl")
    return [json.loads(line) for line in (folder / "uit.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_line_follows_the_schema(tagged_sample, tmp_path):
    Draft202012Validator.check_schema(SCHEMA)
    written = lines([tagged_sample], tmp_path)
    assert len(written) == len(tagged_sample)
    validator = Draft202012Validator(SCHEMA)
    assert [error.message for line in written for error in validator.iter_errors(line)] == []


def test_a_line_says_what_the_record_says(tagged_sample, tmp_path):
    for line, tagging in zip(lines([tagged_sample], tmp_path), tagged_sample, strict=True):
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


def test_csv_has_a_row_per_passage_and_tag(tagged_sample, tmp_path):
    write([tagged_sample], tmp_path / "uit.csv")
    with (tmp_path / "uit.csv").open(encoding="utf-8", newline="") as written:
        rows = list(csv.DictReader(written))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == sum(max(1, len(t.tags)) for t in tagged_sample)


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path):
    write([TaggedDocument([nlp.predict("=HYPERLINK(1)")], Document("d", ()))], tmp_path / "uit.csv")
    assert "'=HYPERLINK(1)" in (tmp_path / "uit.csv").read_text(encoding="utf-8")


def test_what_is_no_unicode_becomes_a_question_mark():
    assert expand(squeeze(["half \ud83d teken"])) == ["half ? teken"]


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_file_appears_whole_and_the_same_each_time(tagged_sample, tmp_path, suffix):
    out = tmp_path / f"uit.{suffix}"
    write([tagged_sample], out)
    first = out.read_bytes()
    assert len(first) > 1000
    write([tagged_sample], out)
    assert out.read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_file_that_cannot_be_finished_leaves_the_old_one(tagged_sample, tmp_path, suffix):
    def documents():
        yield tagged_sample
        raise OSError(28, "No space left on device")

    out = tmp_path / f"uit.{suffix}"
    out.write_text("van gisteren")
    with pytest.raises(OutputError, match="No space left"):
        write(documents(), out)
    assert out.read_text() == "van gisteren"
    assert [p.name for p in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize("suffix", sorted(WRITERS.keys() - {"pdf"}))
def test_nothing_to_write_gives_an_empty_file_of_its_kind(tmp_path, suffix):
    write([], tmp_path / f"uit.{suffix}")
    assert (tmp_path / f"uit.{suffix}").is_file()


def test_parquet_holds_the_lines_of_jsonl(tagged_sample, tmp_path):
    import pyarrow.parquet as pq

    write([tagged_sample], tmp_path / "uit.parquet")
    table = pq.read_table(tmp_path / "uit.parquet")
    assert table.to_pylist() == [
        row | {"citations": [dict(c) for c in row["citations"]]} for row in lines([tagged_sample], tmp_path)
    ]
    assert str(table.schema.field("document").type).startswith("struct<")


def test_sqlite_holds_documents_passages_tags_and_citations(tagged_sample, tmp_path):
    write([tagged_sample], tmp_path / "uit.sqlite")
    db = sqlite3.connect(tmp_path / "uit.sqlite")

    def count(table):
        return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    assert count("documents") == 1
    assert count("passages") == len(tagged_sample)
    assert count("tags") == sum(len(t.tags) for t in tagged_sample)
    assert count("citations") == sum(len(t.citations) for t in tagged_sample)
    joined = db.execute(
        "SELECT d.date, p.text, t.label FROM documents d JOIN passages p ON p.document = d.number "
        "JOIN tags t ON t.passage = p.number WHERE t.scheme = 'sdg' AND t.code = '13'"
    ).fetchall()
    assert joined
    assert joined[0][0] == tagged_sample.document.date
    db.close()


def test_an_unknown_format_names_the_known():
    with pytest.raises(
        UnknownName, match=r"Did you mean 'jsonl\w?'\? Known: csv, html, jsonl, jsonld, parquet, pdf, sqlite"
    ):
        format_of("uit.json")
    assert format_of("uit.db") == "sqlite"


def test_a_document_comes_out_of_its_packing_as_it_went_in(tagged_sample):
    document = tagged_sample.document
    assert unpack(pack(document)) == document
    assert len(pack(document)) < 20_000 * len(document.pages)


def test_a_plain_document_travels(tagged_sample):
    before = plain(tagged_sample)
    after = PlainDocument(*expand(squeeze([before.about, before.taggings])))
    assert list(after.lines()) == list(before.lines())


@pytest.mark.parametrize("name", sorted(set(WRITERS) - {"pdf"}))
def test_half_characters_break_no_output(name, tmp_path):
    half = Document("half", (Block("paragraph", "Kinderarbeid \ud800 in de cacao."),), title="Titel \udfff")
    write([nlp.tag(half)], tmp_path / f"uit.{name}")
    assert (tmp_path / f"uit.{name}").stat().st_size
    if name == "jsonl":
        (line,) = lines([nlp.tag(half)], tmp_path)
        assert line["passage"]["text"] == "Kinderarbeid ? in de cacao."
        assert line["document"]["title"] == "Titel ?"


def test_a_scheme_of_ones_own_is_written_by_its_codes(tmp_path):
    tagging = replace(nlp.predict("Een passage."), tags=(Tag("thema", "water", 0.9, "model", (), 0.0),))
    (line,) = lines([TaggedDocument([tagging], Document("x", ()))], tmp_path)
    assert [(t["scheme"], t["label"], t["uri"]) for t in line["tags"]] == [("thema", "water", None)]
    assert not list(Draft202012Validator(SCHEMA).iter_errors(line))
