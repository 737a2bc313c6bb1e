"""Passages whose texts stay with their owners: read, and joined with our labels by id."""

import gzip
import json

import pytest

from nlp.errors import CorpusError
from nlp.pool import read_labels, read_pool

POOL = [
    {"id": "a1", "text": "De minister verlaagt de uitstoot.", "group": "dossier-1", "source": "handelingen"},
    {"id": "b2", "text": "Kinderarbeid in de keten.", "group": "dossier-2"},
]
LABEL = {"passage": "b2", "labels": {"sdg": ["8"], "imvo": ["kinderarbeid"]}, "annotator": "taalmodel"}


@pytest.fixture
def pool(tmp_path):
    path = tmp_path / "pool.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in POOL)
    return path


def test_a_pool_is_read_packed_or_not(pool, tmp_path):
    plain = tmp_path / "pool.jsonl"
    plain.write_bytes(gzip.decompress(pool.read_bytes()))
    assert list(read_pool(pool)) == list(read_pool(plain))
    assert [(t.id, t.group, t.source) for t in read_pool(pool)] == [
        ("a1", "dossier-1", "handelingen"), ("b2", "dossier-2", None),
    ]  # fmt: skip


def test_labels_find_their_texts(pool, tmp_path):
    labels = tmp_path / "labels.jsonl"
    labels.write_text(json.dumps(LABEL) + "\n\n")
    (annotation,) = read_labels(labels, pool)
    assert (annotation.text, annotation.group) == ("Kinderarbeid in de keten.", "dossier-2")
    assert annotation.labels == LABEL["labels"]


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        (LABEL | {"passage": "c3"}, "no such passage"),
        ({"passage": "b2", "annotator": "taalmodel"}, "no labels"),
        ({"labels": {}}, "no passage"),
    ],
)
def test_a_label_without_a_passage_is_named(pool, tmp_path, line, trouble):
    labels = tmp_path / "labels.jsonl"
    labels.write_text(f"{json.dumps(LABEL)}\n{json.dumps(line)}\n")
    with pytest.raises(CorpusError, match=rf"labels.jsonl:2.*{trouble}"):
        list(read_labels(labels, pool))


def test_a_missing_pool_is_said(tmp_path):
    with pytest.raises(CorpusError, match="no such file"):
        list(read_pool(tmp_path / "none.jsonl"))


def test_the_projects_own_labels_fit_the_shared_pool(shared, request):
    labels = request.config.rootpath / "corpus" / "labels" / "pool.jsonl"
    found = list(read_labels(labels, shared / "corpus" / "pool.jsonl.gz"))
    assert len(found) > 500
    assert len({a.passage for a in found}) == len(found)
    assert all(a.labels.keys() == {"sdg", "imvo"} and a.text.strip() for a in found)
