"""Annotations to doccano and spreadsheets, and back, without loss."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import exchange
from nlp.errors import CorpusError, OutputError, UnknownName
from nlp.records import Annotation
from nlp.schemes import load_scheme

SCHEMES = [load_scheme("sdg"), load_scheme("imvo")]
ORDER = {
    name: [concept.code for concept in load_scheme(name.removesuffix("-target"))]
    for name in ("sdg", "sdg-target", "imvo")
}
CODES = {scheme.id: [concept.code for concept in scheme.top] for scheme in SCHEMES}

LINES = [
    Annotation("a", "Kinderarbeid in de keten.", {"sdg": ["8"], "imvo": ["kinderarbeid"]}, "els", guideline="1.2"),
    Annotation("b", "De vergadering is gesloten.", {"sdg": [], "imvo": []}, "els", date="2026-11-28", group="kst-1"),
    Annotation("c", "=SOM(A1) over het klimaat", {"sdg": ["13"]}, "els", note="alleen SDG's bekeken", doubt=True),
    Annotation("d", '- punt; met "tekens"\nen een regel', {"imvo": ["milieu", "klimaat"]}, "els", split="dev-test"),
    Annotation("e", "Twijfelgeval", {}, "els", doubt=True),
    Annotation("f", "Dwangarbeid", {"sdg": ["8"], "sdg-target": ["8.7"]}, "els"),
]

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1).filter(str.strip)
words = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), min_size=1).filter(str.strip)


def judged(name):
    return st.none() | st.lists(st.sampled_from(CODES[name]), unique=True).map(
        lambda codes: sorted(codes, key=CODES[name].index)
    )


@st.composite
def annotations(draw):
    labels = {name: codes for name in CODES if (codes := draw(judged(name))) is not None}
    doubt = draw(st.booleans()) or not labels  # a line on which nothing was said is not written
    name = draw(st.text("abcdef0123456789-", min_size=1).filter(lambda s: s.strip("-")))
    return Annotation(name, draw(texts), labels, "els", note=draw(words), doubt=doubt, group=draw(words))


def back(kind, lines, folder):
    path = folder / ("x.csv" if kind == "csv" else "x.jsonl")
    exchange.export(lines, path, SCHEMES)
    return list(exchange.READERS[exchange.format_of(path)](path, SCHEMES))


@pytest.mark.parametrize("kind", exchange.READERS)
def test_what_goes_out_comes_back(kind, tmp_path):
    in_order = [
        replace(line, labels={s: sorted(c, key=ORDER[s].index) for s, c in line.labels.items()}) for line in LINES
    ]
    assert back(kind, LINES, tmp_path) == in_order


@given(st.lists(annotations(), max_size=4))
@pytest.mark.parametrize("kind", exchange.READERS)
def test_any_text_comes_back(kind, tmp_path_factory, lines):
    assert back(kind, lines, tmp_path_factory.mktemp("any")) == lines


def test_judged_and_none_differs_from_not_judged():
    (_, none, only_sdg, *_) = [exchange.to_labels(line) for line in LINES]
    assert none == ["sdg:geen", "imvo:geen"]
    assert only_sdg == ["sdg:13", "twijfel"]


def test_a_spreadsheet_runs_no_text_as_a_formula():
    rows = list(csv.reader(io.StringIO(exchange.to_csv(LINES, SCHEMES))))
    assert rows[0][:6] == ["passage", "text", "sdg", "sdg-target", "imvo", "twijfel"]
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@") and cell]


def test_a_table_that_a_dutch_spreadsheet_saved_is_read(tmp_path):
    path = tmp_path / "els.csv"
    path.write_bytes(
        "\ufeffpassage;text;sdg;imvo;twijfel\r\na;Reële tekst;8, 13;geen;\r\nb;Niet bekeken;;;\r\n".encode()
    )
    assert list(exchange.read_csv(path, SCHEMES)) == [
        Annotation("a", "Reële tekst", {"sdg": ["8", "13"], "imvo": []}, "els")
    ]


def test_an_export_of_doccano_itself_is_read(tmp_path):
    path = tmp_path / "bram.jsonl"
    rows = [
        {"id": 1, "text": "Over banen", "label": ["sdg:8"], "Comments": ["grensgeval"], "passage": "a"},
        {"id": 2, "text": "Formule", "label": [], "Comments": [], "passage": "b"},
        {"id": 3, "text": "Oud", "labels": ["imvo:geen"], "meta": {"passage": "c", "annotator": "els"}},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    first, last = exchange.read_doccano(path, SCHEMES)
    assert (first.passage, first.labels, first.annotator, first.note) == ("a", {"sdg": ["8"]}, "bram", "grensgeval")
    assert (last.passage, last.labels, last.annotator) == ("c", {"imvo": []}, "els")
    assert [line.labels["sdg"] for line in exchange.read_doccano(path, SCHEMES, judged=["sdg"])] == [["8"], [], []]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", "passage,text,sdg\na,Tekst,99\n", "x.csv:2, passage 'a': Unknown sdg code '99'"),
        ("x.csv", "passage,text,sdg\na,Tekst,8 geen\n", "x.csv:2, passage 'a': sdg: 'geen' stands beside 8"),
        ("x.csv", "passage,sdg\na,8\n", "x.csv:1: no column text"),
        ("x.csv", "passage,text,sdg\na,,8\n", "x.csv:2: no text"),
        ("x.csv", b"passage,text,sdg\na,Re\xeble,8\n", "byte 21 is not UTF-8"),
        ("x.jsonl", '{"text": "Tekst", "label": ["SDG 8"]}\n', "x.jsonl:1: Unknown scheme 'SDG 8'"),
        ("x.jsonl", '{"text": "Tekst", "label": [[0, 5, "sdg:8"]]}\n', "x.jsonl:1: the labels are no list of names"),
        ("x.jsonl", '\n{"text": "Tekst"\n', "x.jsonl:2: not JSON"),
        ("x.jsonl", "[]\n", "x.jsonl:1: not a JSON object"),
    ],
)
def test_a_bad_line_is_named(name, content, said, tmp_path):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CorpusError) as error:
        list(exchange.READERS[exchange.format_of(path)](path, SCHEMES))
    assert said in str(error.value)
    assert error.value.hint


def test_what_cannot_be_done_is_said(tmp_path):
    with pytest.raises(UnknownName):
        exchange.format_of("x.xml")
    with pytest.raises(CorpusError):
        list(exchange.read_csv(tmp_path / "none.csv", SCHEMES))
    with pytest.raises(OutputError):
        exchange.export([], tmp_path / "nowhere" / "x.csv", SCHEMES)


def test_passages_of_a_tagged_document_wait_for_an_annotator(tagged_sample, tmp_path):
    from nlp.write import write

    path = tmp_path / "tags.jsonl"
    write([tagged_sample], path)
    assert exchange.holds_candidates(path)
    candidates = list(exchange.read_candidates(path))
    assert [each.text for each in candidates] == [tagging.passage.text for tagging in tagged_sample]
    assert {each.document for each in candidates} == {tagged_sample.document.id}
    line = exchange.unjudged(candidates[3])
    assert (line.passage, line.labels, line.group) == (candidates[3].passage, {}, tagged_sample.document.id)


def test_annotations_can_be_sent_for_a_second_look(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(
        '{"passage": "a", "text": "Tekst", "labels": {"sdg": ["8"]}, "split": "dev-test"}\n', encoding="utf-8"
    )
    (candidate,) = exchange.read_candidates(path)
    assert (candidate.passage, candidate.text, candidate.split, candidate.tags) == ("a", "Tekst", "dev-test", ())
    assert not exchange.holds_candidates(path)


@pytest.mark.parametrize(
    "row", ['{"passage": {"id": "a"}}', '{"passage": "a"}', '{"passage": {"id": 3, "text": "x"}}', "{}"]
)
def test_a_line_without_a_passage_is_named(row, tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(row + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"x\.jsonl:1: no passage"):
        list(exchange.read_candidates(path))
