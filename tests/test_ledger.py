"""What was done is not done again, and is never lost: not by a kill at any moment, not by a second run."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nlp.batch.ledger import Ledger
from nlp.errors import OutputError
from tests.conftest import ROOT
from tests.tiny_pdf import pdf, show

POINTS, DOCUMENTS = 11, 40
WORDS = [
    "klimaat",
    "water",
    "kinderarbeid",
    "armoede",
    "handel",
    "onderwijs",
    "zorg",
    "energie",
    "bos",
    "vrede",
    "steden",
    "industrie",
    "Kamerstuk",
]


def letters(folder, number=DOCUMENTS, seed=0):
    """Small PDFs, no two the same."""
    lot = random.Random(seed)
    for at in range(number):
        text = b"".join(show(" ".join(lot.choices(WORDS, k=9)) + ".", y=700 - 14 * line) for line in range(8))
        (folder / f"brief_{at:03}.pdf").write_bytes(pdf(text, show(f"Kamerstuk 26485, nr. {at + 100}.")))
    return folder


def start(*arguments, **options):
    command = [sys.executable, str(ROOT / "scripts/tag_documents.py"), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **options)


def finish(*arguments):
    process = start(*arguments)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def lines(path):
    return path.read_bytes().count(b"\n") if path.exists() else 0


def wait_for(condition, process, seconds=60):
    """Until it holds or the process has ended."""
    until = time.monotonic() + seconds
    while not condition() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """Documents, and the output of a run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("ongestoord")
    (folder / "in").mkdir()
    letters(folder / "in")
    code, said = finish(folder / "in", "--out", folder / "uit.jsonl")
    assert code == 0, said
    return folder / "in", (folder / "uit.jsonl").read_bytes()


def test_a_run_killed_at_any_moment_goes_on_to_the_same_output(reference, tmp_path):
    inputs, expected = reference
    lot, killed = random.Random(7), 0
    out, log = tmp_path / "uit.jsonl", tmp_path / "uit.run.jsonl"
    for at in range(POINTS):
        log.unlink(missing_ok=True)
        process = start(inputs, "--out", out, "--jobs", 1 + at % 2)
        wanted = lot.randint(0, DOCUMENTS)
        wait_for(lambda wanted=wanted: lines(log) >= wanted, process)
        time.sleep(lot.random() * 0.1)
        killed += process.poll() is None
        process.kill()
        process.communicate()
        assert not out.exists() or out.read_bytes() == expected
        if out.exists():  # done: begin again
            for file in tmp_path.iterdir():
                file.unlink()
    assert killed >= 10
    assert finish(inputs, "--out", out)[0] == 0
    assert out.read_bytes() == expected
    assert lines(log) == DOCUMENTS
    assert sorted(file.name for file in tmp_path.iterdir()) == ["uit.jsonl", "uit.ledger", "uit.run.jsonl"]


def children_of(process):
    """The processes that read files for a run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == process.pid and b"nlp.batch.child" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (OSError, ValueError):
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find the children")
def test_a_child_that_dies_takes_one_file_with_it(reference, tmp_path):
    inputs, expected = reference
    out, log = tmp_path / "uit.jsonl", tmp_path / "uit.run.jsonl"
    process = start(inputs, "--out", out)
    wait_for(lambda: lines(log) >= 5, process)
    for child in children_of(process):
        os.kill(child, signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert lines(log) == DOCUMENTS
    assert log.read_text().count('"status": "crashed"') <= 1
    assert process.returncode == log.read_text().count('"crashed"'), said
    assert finish(inputs, "--out", out)[0] == 0
    assert out.read_bytes() == expected


def test_stopping_by_hand_says_how_to_go_on(reference, tmp_path):
    inputs, expected = reference
    out, log = tmp_path / "uit.jsonl", tmp_path / "uit.run.jsonl"
    process = start(inputs, "--out", out, "--jobs", 2)
    wait_for(lambda: lines(log) >= 5, process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "The same command goes on from there." in said
    assert "Traceback" not in said
    assert not out.exists()
    assert not out.with_name("uit.jsonl.part").exists()
    assert finish(inputs, "--out", out)[0] == 0
    assert out.read_bytes() == expected


def test_a_second_run_on_the_same_output_is_refused(reference, tmp_path):
    inputs, expected = reference
    out = tmp_path / "uit.jsonl"
    first = start(inputs, "--out", out)
    wait_for(lambda: lines(tmp_path / "uit.run.jsonl") >= 1, first)
    code, said = finish(inputs, "--out", out)
    assert (code, "another run is writing this output" in said) == (1, True)
    assert first.wait(timeout=60) == 0
    assert out.read_bytes() == expected


# --- the ledger itself --------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path):
    with_one = Ledger(tmp_path / "uit.ledger", model="m1")
    with_one.enlist([Path("a.pdf"), Path("b.pdf"), Path("c.pdf")])
    with_one.identify(0, "aa", "s", 10)
    yield with_one
    with_one.close()


def again(ledger, model="m1"):
    ledger.close()
    reopened = Ledger(ledger.path, model=model)
    reopened.enlist([Path("c.pdf"), Path("a.pdf")])
    reopened.identify(1, "aa", "s", 10)
    return reopened


def test_a_result_is_found_again_by_content_settings_and_model(ledger):
    ledger.settle(0, "ok", 1.5, {"pages": 2}, result=b"result", document=b"document")
    same = again(ledger)
    assert same.settle_known(1, "aa", "s")
    entry = same.entry(1)
    assert (entry.source, entry.status, entry.known, entry.facts, entry.result) == (
        "a.pdf",
        "ok",
        True,
        {"pages": 2},
        b"result",
    )
    assert not same.settle_known(1, "aa", "other settings")
    assert not same.settle_known(1, "bb", "s")
    other = again(same, model="m2")
    assert not other.settle_known(1, "aa", "s")
    assert other.document("aa", "s") == b"document"
    other.close()


@pytest.mark.parametrize(
    ("status", "kept"), [("encrypted", True), ("damaged", True), ("timeout", False), ("crashed", False)]
)
def test_what_may_go_better_next_time_is_tried_again(ledger, status, kept):
    ledger.settle(0, status, 1.0, {})
    assert ledger.entry(0).status == status
    reopened = again(ledger)
    assert reopened.settle_known(1, "aa", "s") == kept
    reopened.close()


def test_an_input_is_unsettled_until_it_is_settled(ledger):
    assert ledger.entry(0) is None
    assert not ledger.settle_known(0, "aa", "s")
    assert ledger.entry(0) is None
    assert ledger.entry(99) is None


def test_the_same_content_before_is_named(ledger):
    ledger.identify(2, "aa", "s", 10)
    assert ledger.same_before(2, "aa", "s") == "a.pdf"
    assert ledger.same_before(0, "aa", "s") is None


def test_a_file_just_written_is_read_again(ledger, tmp_path):
    file = tmp_path / "brief.txt"
    file.write_text("Nieuw.")
    ledger.note_hash(file, file.stat(), "aa")
    assert ledger.known_hash(file, file.stat()) is None
    os.utime(file, (1e9, 1e9))
    ledger.note_hash(file, file.stat(), "aa")
    assert ledger.known_hash(file, file.stat()) == "aa"
    file.write_text("Anders.")
    assert ledger.known_hash(file, file.stat()) is None


def test_one_has_it_at_a_time(ledger):
    with pytest.raises(OutputError, match="another run is writing this output"):
        Ledger(ledger.path)


def test_a_ledger_that_is_none_is_said(tmp_path):
    (tmp_path / "uit.ledger").write_bytes(b"something else entirely" * 100)
    with pytest.raises(OutputError, match="Remove it to start afresh"):
        Ledger(tmp_path / "uit.ledger")
