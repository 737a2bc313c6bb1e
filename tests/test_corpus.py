"""Annotations are read as they were meant, and what is broken says where."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.corpus import fold_of, read_annotations, split_of, write_annotations
from nlp.errors import CorpusError
from nlp.records import Annotation

ORIGINAL = Path(__file__).parent.parent / "corpus" / "annotations" / "original.jsonl"


def test_the_projects_own_passages_can_be_read():
    annotations = list(read_annotations(ORIGINAL))
    assert len(annotations) > 2900
    assert all({"sdg", "imvo"} <= a.labels.keys() for a in annotations)
    assert len({a.passage for a in annotations}) == len(annotations)


def test_not_judged_differs_from_none_apply(tmp_path):
    file = tmp_path / "a.jsonl"
    written = [
        Annotation("p1", "Tekst een.", {"sdg": []}, "lb"),
        Annotation("p2", "Tekst twee.", {"sdg": ["13"], "imvo": ["klimaat"]}, "lb", date="2026-11-28", doubt=True),
    ]
    assert write_annotations(written, file) == 2
    assert list(read_annotations(file)) == written


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"passage": "p", "labels": {}}', "no text"),
        ('{"passage": "p", "text": "x", "labels": {"sdg": [13]}}', "labels are not lists of codes"),
        ('{"passage": "p", "text": "x", "labels": []}', "labels are not lists of codes"),
    ],
)
def test_a_broken_line_is_named(tmp_path, line, trouble):
    file = tmp_path / "a.jsonl"
    good = json.dumps({"passage": "p", "text": "x", "labels": {}})
    file.write_text(f"{good}\n\n{line}\n")
    with pytest.raises(CorpusError, match=f"a.jsonl:3.*{trouble}") as caught:
        list(read_annotations(file))
    assert caught.value.hint


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CorpusError, match="no such file"):
        list(read_annotations(tmp_path / "none.jsonl"))


def test_a_second_judgement_of_a_passage_is_read_too(tmp_path):
    file = tmp_path / "batch-lb.jsonl"
    lines = [
        Annotation("p1", "Tekst.", {"sdg": ["8"]}, "lb", date="2026-11-27"),
        Annotation("p1", "Tekst.", {"sdg": []}, "lb", date="2026-11-28"),
        Annotation("p1", "Tekst.", {"sdg": ["8"]}, "mk"),
    ]
    write_annotations(lines, file)
    assert list(read_annotations(file)) == lines


def test_a_pattern_gives_the_files_that_fit_it_and_may_fit_none(tmp_path):
    assert list(read_annotations(tmp_path / "*-*.jsonl")) == []
    for name in ("original.jsonl", "ronde1-mk.jsonl", "ronde1-lb.jsonl"):
        write_annotations([Annotation(name, "Tekst.", {}, "lb")], tmp_path / name)
    assert [a.passage for a in read_annotations(tmp_path / "*-*.jsonl")] == ["ronde1-lb.jsonl", "ronde1-mk.jsonl"]
    with pytest.raises(CorpusError, match="no such file"):
        list(read_annotations(tmp_path / "nergens" / "*.jsonl"))


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        ('{"text": "caf\xe9", "labels": {}}'.encode("latin-1"), "byte 14 of the line is not UTF-8"),
        (b'{"a": ' * 100_000, "not JSON that can be read"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON that can be read"),
        (b"\x00\x00", "not JSON"),
    ],
)
def test_what_is_no_text_is_named_too(tmp_path, content, trouble):
    (tmp_path / "a.jsonl").write_bytes(content)
    with pytest.raises(CorpusError, match=f"a.jsonl:1.*{trouble}"):
        list(read_annotations(tmp_path))


def test_a_byte_order_mark_and_half_a_character_do_no_harm(tmp_path):
    file = tmp_path / "a.jsonl"
    written = [Annotation("p", "een half teken: \ud83d", {"sdg": []}, "lb"), Annotation("q", "ëé €", {}, "lb")]
    write_annotations(written, file)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert list(read_annotations(file)) == written


def test_what_cannot_be_written_leaves_the_former_file(tmp_path):
    file = tmp_path / "a.jsonl"
    write_annotations([Annotation("p", "x", {}, "lb")], file)
    before = file.read_bytes()
    with pytest.raises(TypeError):
        write_annotations([Annotation("p", "x", {"sdg": {"13"}}, "lb")], file)  # a set is no JSON
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
    assert file.read_bytes() == before


DOCUMENTS = st.lists(st.text(), unique=True, max_size=40)


@given(DOCUMENTS, DOCUMENTS, st.integers(2, 9), st.floats(0, 1))
def test_folds_and_splits_stay_when_documents_are_added(documents, added, folds, share):
    def places(names):
        return {name: (fold_of(name, folds), split_of(name, share)) for name in names}

    before, after = places(documents), places([*added, *documents])
    assert before.items() <= after.items()
    assert all(0 <= fold < folds for fold, _ in after.values())


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_holds_the_documents_of_a_smaller_one(document, one, other):
    small, large = sorted([one, other])
    assert split_of(document, small) == "train" or split_of(document, large) == "dev-test"


def test_shares_are_near_what_was_asked_and_the_same_everywhere():
    documents = [f"kst-26485-{number}" for number in range(2000)]
    kept = [name for name in documents if split_of(name) == "dev-test"]
    assert 150 < len(kept) < 250
    assert {fold_of(name, 5) for name in kept} == set(range(5))  # apart from the folds
    assert {fold_of(name, 5) for name in documents} == set(range(5))
    assert (fold_of("kst-26485-337", 5), split_of("kst-26485-337")) == (1, "train")  # here and on any other computer
