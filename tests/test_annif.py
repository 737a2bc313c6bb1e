"""Vocabulary and corpus are what Annif reads: by its documented formats, and by Annif itself where it is installed.

Annif wants an environment of its own: python -m venv X && X/bin/pip install annif, then DOELWIJZER_ANNIF=X/bin/annif.
"""

import csv
import gzip
import io
import os
import re
import shutil
import subprocess
from itertools import islice

import pytest
from typer.testing import CliRunner

from nlp.annif import vocabulary, write_corpus
from nlp.console import app
from nlp.corpus import read_annotations, write_annotations
from nlp.errors import CorpusError, OutputError
from nlp.records import Annotation
from nlp.schemes import SCHEMES, load_scheme
from nlp.skos import to_skos
from tests.conftest import ROOT

CORPUS = ROOT / "corpus" / "annotations"
SDG = load_scheme("sdg")


def annotation(text, codes, passage="p-1", **others):
    return Annotation(passage, text, {} if codes is None else {"sdg": codes}, "iemand", **others)


@pytest.mark.parametrize("name", SCHEMES)
def test_the_vocabulary_has_uri_labels_and_notation(name):
    rows = list(csv.DictReader(io.StringIO(vocabulary(load_scheme(name)))))
    assert list(rows[0]) == ["uri", "label_nl", "label_en", "notation"]
    assert [(r["uri"], r["label_nl"], r["label_en"], r["notation"]) for r in rows] == [
        (c.uri, c.label_nl, c.label_en, c.code) for c in load_scheme(name)
    ]


@pytest.mark.parametrize(("text", "codes", "line"), [
    ("Schoon water.", ["6"], "Schoon water.\t<http://metadata.un.org/sdg/6>\n"),
    ("Eén\n\tregel \x0b\u2028 blijft.\r\n", ["6", "14", "6"], "Eén regel blijft.\t<http://metadata.un.org/sdg/6> <http://metadata.un.org/sdg/14>\n"),
    ("Niets van toepassing.", [], "Niets van toepassing.\t\n"),
    ("Niet beoordeeld.", None, ""),
    ("Half een teken: \ud83d.", ["13"], "Half een teken: ?.\t<http://metadata.un.org/sdg/13>\n"),
])  # fmt: skip
def test_a_short_text_is_one_line_with_its_uris(tmp_path, text, codes, line):
    count = write_corpus([annotation(text, codes)], SDG, tmp_path / "uit.tsv")
    assert (tmp_path / "uit.tsv").read_bytes().decode() == line
    assert count == (codes is not None)


def test_the_packed_corpus_holds_every_passage_and_has_the_same_bytes_each_time(tmp_path):
    for name in ("a.tsv.gz", "b.tsv.gz"):
        assert write_corpus(read_annotations(CORPUS), SDG, tmp_path / name) == 3541
    assert (tmp_path / "a.tsv.gz").read_bytes() == (tmp_path / "b.tsv.gz").read_bytes()
    with gzip.open(tmp_path / "a.tsv.gz", "rt", encoding="utf-8") as lines:
        pairs = [line.rstrip("\n").split("\t") for line in lines]
    assert [len(pair) for pair in pairs] == [2] * 3541
    uris = {f"<{concept.uri}>" for concept in SDG}
    assert {uri for _, found in pairs for uri in found.split()} <= uris


def test_a_folder_has_a_text_and_its_subjects_per_passage(tmp_path):
    twice = [annotation("Schoon water.\nVoor ieder.", ["6"], "a/b c"), annotation("Energie.", [], "a/b c")]
    assert write_corpus(twice, SDG, tmp_path / "vol") == 2
    assert {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "vol").iterdir()} == {
        "000001-a_b_c.txt": "Schoon water.\nVoor ieder.",
        "000001-a_b_c.tsv": "<http://metadata.un.org/sdg/6>\tSchoon water en sanitair\n",
        "000002-a_b_c.txt": "Energie.",
        "000002-a_b_c.tsv": "",
    }


@pytest.mark.parametrize("name", ["uit.tsv.gz", "uit.tsv", "vol"])
def test_an_unknown_code_is_named_and_leaves_nothing_behind(tmp_path, name):
    with pytest.raises(CorpusError, match=r"original.jsonl, passage 'p-1': '18' is no code of sdg"):
        write_corpus([annotation("Water.", ["18"], source="original.jsonl")], SDG, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_said(tmp_path):
    with pytest.raises(OutputError, match="it is there already"):
        write_corpus([], SDG, tmp_path)
    with pytest.raises(OutputError, match="cannot be written"):
        write_corpus([], SDG, tmp_path / "weg" / "uit.tsv")


# ---- on the command line


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.mark.parametrize(("format", "begins"), [
    ("ttl", "@prefix"), ("json", "{\n \"@context\""), ("csv", "scheme,code,uri"), ("annif", "uri,label_nl"),
])  # fmt: skip
def test_a_taxonomy_comes_in_every_format(format, begins, tmp_path):
    shown = run("taxonomy", "imvo", "--format", format)
    assert shown.exit_code == 0
    assert shown.stdout.startswith(begins)
    assert run("taxonomy", "imvo", "--format", format, "--out", tmp_path / "uit").exit_code == 0
    assert (tmp_path / "uit").read_text(encoding="utf-8") == shown.stdout


def test_the_name_of_the_file_tells_the_format(tmp_path):
    assert run("taxonomy", "sdg", "--out", tmp_path / "sdg.csv").exit_code == 0
    assert (tmp_path / "sdg.csv").read_text(encoding="utf-8").startswith("scheme,code,uri")


def test_the_corpus_command_keeps_to_a_split(tmp_path):
    both = [annotation("Water.", ["6"], split="train"), annotation("Energie.", ["7"], split="dev-test")]
    write_annotations(both, tmp_path / "in.jsonl")
    done = run("corpus", tmp_path / "in.jsonl", "--split", "train", "--out", tmp_path / "uit.tsv")
    assert done.exit_code == 0
    assert (tmp_path / "uit.tsv").read_text(encoding="utf-8") == "Water.\t<http://metadata.un.org/sdg/6>\n"


@pytest.mark.parametrize(("arguments", "said"), [
    (["taxonomy", "sgd"], "Did you mean 'sdg'"),
    (["taxonomy", "sdg", "--format", "xml"], "Known: annif, csv, json, ttl"),
    (["corpus", "weg.jsonl", "--out", "uit.tsv"], "no such file"),
    (["corpus", "--format", "maui", "--out", "uit.tsv"], "Unknown format 'maui'"),
    (["corpus", "--scheme", "sgd", "--out", "uit.tsv"], "Did you mean 'sdg'"),
])  # fmt: skip
def test_wrong_usage_is_said(arguments, said, monkeypatch):
    monkeypatch.chdir(ROOT)
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.output


# ---- Annif itself

PROJECT = "[doelen]\nname=Doelen\nlanguage=nl\nbackend=tfidf\nanalyzer=simple\nvocab=sdg\nlimit=5\n"
PUNKT = ("collocations.tab", "sent_starters.txt", "abbrev_types.txt", "ortho_context.tab")


@pytest.fixture(scope="module")
def annif(tmp_path_factory):
    """Calls the real Annif, in a folder of its own."""
    program = os.environ.get("DOELWIJZER_ANNIF") or shutil.which("annif")
    if not program:
        pytest.skip("needs Annif in an environment of its own; DOELWIJZER_ANNIF=X/bin/annif tells where")
    folder = tmp_path_factory.mktemp("annif")
    (folder / "projects.cfg").write_text(PROJECT)
    # NLTK would fetch its table of abbreviations; with an empty one it splits at every full stop, which is enough here.
    punkt = folder / "nltk" / "tokenizers" / "punkt_tab" / "english"
    punkt.mkdir(parents=True)
    for name in PUNKT:
        (punkt / name).touch()

    def call(*arguments, text=None):
        done = subprocess.run(
            [program, *map(str, arguments)], cwd=folder, input=text, capture_output=True, text=True, check=False,
            env={**os.environ, "NLTK_DATA": str(folder / "nltk")}, timeout=600,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    call.folder = folder
    return call


def test_annif_loads_vocabulary_and_corpus_trains_and_answers(annif):
    folder = annif.folder
    (folder / "sdg.ttl").write_text(to_skos(SDG), encoding="utf-8")
    (folder / "sdg.csv").write_text(vocabulary(SDG), encoding="utf-8")
    annif("load-vocab", "sdg", "sdg.ttl")
    from_skos = (folder / "data" / "vocabs" / "sdg" / "subjects.csv").read_text()
    annif("load-vocab", "--force", "sdg", "sdg.csv")
    from_csv = (folder / "data" / "vocabs" / "sdg" / "subjects.csv").read_text()
    assert sorted(from_skos.splitlines()) == sorted(from_csv.splitlines())
    assert len(from_csv.splitlines()) == 1 + len(SDG)

    write_corpus(read_annotations(CORPUS), SDG, folder / "sdg.tsv.gz")
    said = annif("train", "doelen", "sdg.tsv.gz")
    assert "Skipping" not in said
    found = annif("suggest", "doelen", text="Meisjes gaan naar school en vrouwen krijgen gelijk loon voor gelijk werk.")
    first = found.splitlines()[0].split("\t")
    assert first[:3] == ["<http://metadata.un.org/sdg/5>", "Gendergelijkheid", "5"]

    write_corpus(islice(read_annotations(CORPUS / "original.jsonl"), 60), SDG, folder / "vol")
    measured = annif("eval", "doelen", "vol")
    assert re.search(r"Documents evaluated:\s+60\b", measured)
    assert float(re.search(r"NDCG:\s+([\d.]+)", measured)[1]) > 0.5
