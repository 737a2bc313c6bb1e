"""Annotations are read as they were meant, and what is broken says where."""

import json
from pathlib import Path

import pytest

from nlp.corpus import fold_of, read_annotations, write_annotations
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


def test_folds_stay_when_documents_are_added():
    assert fold_of("dossier-26485", 5) == fold_of("dossier-26485", 5)
    assert {fold_of(f"d{i}", 5) for i in range(100)} == {0, 1, 2, 3, 4}
