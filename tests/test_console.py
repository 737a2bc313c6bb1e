"""The command line: scripts do what their help says, and bad input costs one line, not the run."""

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import nlp
from nlp.console import app
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
    for name in ("a.pdf", "b.pdf", "c.pdf", "d.pdf"):
        (tmp_path / name).write_bytes(sample.read_bytes() + name.encode())
    for jobs in (1, 4):
        done = run("scripts/tag_documents.py", tmp_path, "--out", tmp_path / f"{jobs}.jsonl", "--jobs", jobs)
        assert "4 of 4 documents tagged" in done.stderr
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "4.jsonl").read_bytes()


def test_dry_run_limit_since_and_fresh(tmp_path):
    for number, name in enumerate(("a.txt", "b.txt", "c.txt")):
        (tmp_path / name).write_text(f"Armoede bestrijden, deel {number}.")
    os.utime(tmp_path / "a.txt", (1e9, 1e9))
    out = tmp_path / "uit.jsonl"
    common = ["scripts/tag_documents.py", tmp_path, "--out", out]
    planned = run(*common, "--dry-run", "--since", "2002-01-01")
    assert planned.stdout.split() == [str(tmp_path / "b.txt"), str(tmp_path / "c.txt")]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt", "b.txt", "c.txt"]
    assert run(*common, "--limit", 2).returncode == 0
    assert run(*common, "--dry-run").stdout.split() == [str(tmp_path / "c.txt")]
    assert "3 of 3 documents tagged, 2 of them known from before." in run(*common).stderr
    assert "known from before" not in run(*common, "--fresh").stderr


def test_fail_fast_stops_and_says_how_to_go_on(tmp_path):
    (tmp_path / "a.txt").write_text("Armoede bestrijden.")
    (tmp_path / "b.pdf").write_bytes(b"")
    (tmp_path / "c.txt").write_text("Schoon water.")
    out = tmp_path / "uit.jsonl"
    done = run("scripts/tag_documents.py", tmp_path, "--out", out, "--fail-fast")
    assert done.returncode == 1
    assert "Stopped at the first failure after 2 of 3 documents. The same command goes on from there." in done.stderr
    assert not out.exists()


def test_nothing_to_tag_is_said(tmp_path):
    done = run("scripts/tag_documents.py", tmp_path)
    assert done.returncode == 0
    assert "No documents found." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "uit.xyz"], "Known: csv, html, jsonl, jsonld, parquet, pdf, sqlite"),
        (["--model", "morgen"], "No model 'morgen'"),
        (["--engine", "stoom"], "Unknown engine 'stoom'"),
        (["--max-memory", "veel"], "For example 1500M or 2G"),
        (["--since", "gisteren"], "For example 2026-11-01"),
        (["--backend", "dusk"], "Did you mean 'dask'"),
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


def ask(*arguments):
    """A command of `doelwijzer`, in this process. A traceback fails the test."""
    done = CliRunner().invoke(app, list(map(str, arguments)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_the_version_is_told():
    assert ask("--version").stdout == f"doelwijzer {nlp.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["read", "BRIEF", "--engine", "stoom"], 2, "Known: pdfium, pdfplumber."),
        (["read", "BRIEF", "--out", "/weg/x.json"], 1, "/weg/x.json: it cannot be written"),
        (["taxonomy", "imvo", "--format", "csv", "--out", "/weg/x.csv"], 1, "/weg/x.csv: it cannot be written"),
        (["check", "corpus/grensgevallen.jsonl", "--json", "/weg/x.json"], 1, "/weg/x.json: it cannot be written"),
        (
            ["evaluate", "current", "--gold", "corpus/grensgevallen.jsonl", "--markdown", "/weg/x.md"],
            1,
            "/weg/x.md: it cannot be written",
        ),
        (["suspects", "--out", "/weg/x.jsonl"], 2, "There is no folder /weg."),
    ],
)
def test_wrong_usage_has_no_traceback(tmp_path, monkeypatch, arguments, code, said):
    monkeypatch.chdir(ROOT)
    brief = tmp_path / "brief.pdf"
    brief.write_bytes((ROOT / "corpus/samples/kamerbrief_imvo.pdf").read_bytes())
    done = ask(*(brief if argument == "BRIEF" else argument for argument in arguments))
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr


@pytest.mark.parametrize("verb", ["read", "citations"])
def test_a_word_file_without_its_library_gives_the_install_line(verb, tmp_path, monkeypatch):
    docx = pytest.importorskip("docx")
    docx.Document().save(tmp_path / "brief.docx")
    monkeypatch.setitem(sys.modules, "docx", None)
    done = ask(verb, tmp_path / "brief.docx")
    assert done.exit_code == 2
    assert "pip install 'doelwijzer[office]'" in done.stderr


def test_several_documents_are_refused_as_one_pdf_before_any_is_read(sample, tmp_path):
    log = tmp_path / "uit.run.jsonl"
    log.write_text("van een eerdere run\n")
    done = ask("tag", sample, ROOT / "corpus/samples", "--out", tmp_path / "uit.pdf")
    assert done.exit_code == 1
    assert "documents do not go into one PDF" in done.stderr
    assert log.read_text() == "van een eerdere run\n"


def test_what_comes_from_a_spreadsheet_passes_the_check(tmp_path):
    sheet, out = tmp_path / "els.csv", tmp_path / "november-els.jsonl"
    sheet.write_text("passage,text,sdg,imvo,group\na,Armoede in de wijk.,1,geen,kst-1\n")
    assert "is an e-mail address" in ask("annotate", "import", sheet, "--annotator", "els@x.nl", "--out", out).stderr
    assert not out.exists()
    assert ask("annotate", "import", sheet, "--annotator", "els", "--out", out).exit_code == 0
    assert json.loads(out.read_text())["guideline"] == "1.2"
    assert "0 errors, 0 warnings" in ask("check", out).output


def test_nothing_judged_writes_nothing(tmp_path):
    lines, out = tmp_path / "els.jsonl", tmp_path / "november-els.jsonl"
    lines.write_text('{"text": "Armoede in de wijk.", "label": [], "passage": "a"}\n')
    done = ask("annotate", "import", lines, "--out", out)
    assert done.exit_code == 2
    assert "--judged sdg" in done.stderr
    assert not out.exists()
