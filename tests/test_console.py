"""The command line: scripts do what their help says, and bad input costs one line, not the run."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT


def run(*arguments, cwd=ROOT):
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_demo_prints_a_table(sample):
    done = run("scripts/tag_documents.py", sample)
    assert done.returncode == 0, done.stderr
    assert "kst-26485-337" in done.stdout
    assert "SDG" in done.stdout


def test_good_files_go_on_past_bad_ones(sample, tmp_path):
    (tmp_path / "leeg.pdf").write_bytes(b"")
    (tmp_path / "tekst.pdf").write_text("Dit is geen PDF.")
    (tmp_path / "brief.pdf").write_bytes(sample.read_bytes())
    out = tmp_path / "uit.jsonl"
    done = run(ROOT / "scripts/tag_documents.py", tmp_path, tmp_path / "weg.pdf", "--out", out, cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "1 of 4 documents tagged" in done.stderr
    for name in ("leeg.pdf", "tekst.pdf", "weg.pdf"):
        assert sum(name in line for line in done.stderr.splitlines()) == 1
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert {line["document"]["source"] for line in lines} == {str(tmp_path / "brief.pdf")}


def test_two_jobs_write_the_same_bytes(sample, tmp_path):
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / name).write_bytes(sample.read_bytes())
    for jobs in (1, 2):
        run("scripts/tag_documents.py", tmp_path, "--out", tmp_path / f"{jobs}.jsonl", "--jobs", jobs)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "uit.xyz"], "Known: csv, jsonl, parquet, sqlite"),
        (["--model", "morgen"], "No model 'morgen'"),
    ],
)
def test_wrong_usage_is_said_before_any_work(sample, arguments, said):
    done = run("scripts/tag_documents.py", sample, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_document_is_read_into_blocks(sample, tmp_path):
    out = tmp_path / "blocks.json"
    done = run("scripts/read_document.py", sample, "--out", out)
    assert done.returncode == 0, done.stderr
    read = json.loads(out.read_text())
    assert read["status"] == "ok"
    assert read["date"] == "2021-07-09"
    assert read["title"].startswith("Voortgang van het beleid")
    assert {"kind", "text", "page"} <= read["blocks"][0].keys()


def test_what_cannot_be_read_is_a_status(tmp_path):
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4 half")
    done = run("scripts/read_document.py", tmp_path / "x.pdf")
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == "damaged"
