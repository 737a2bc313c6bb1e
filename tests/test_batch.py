"""Many files: every input has one outcome, in order, whatever is wrong with it and however many workers there are."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from nlp.batch import Batch, Crew, tag_files
from nlp.batch.inputs import chosen, find_files, load, shown
from nlp.batch.limits import Job
from nlp.errors import Changing, DoelwijzerError, MissingDocument, NoAccess, UnknownName, WorkerError
from tests.conftest import ROOT
from tests.test_ledger import finish, letters, lines, start, wait_for
from tests.tiny_pdf import pdf, show

# --- inputs -------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """Two levels of documents, and what is none."""
    for name in ("b.pdf", "a.txt", "nota/c.DOCX", "nota/diep/d.xml", "nota/e.jpg", "map.pdf/f.txt", "z.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def names(found, folder):
    return [str(file.relative_to(folder)) for file in found]


def test_a_folder_gives_its_documents_by_name(folder):
    expected = ["a.txt", "b.pdf", "map.pdf", "nota/c.DOCX", "nota/diep/d.xml", "z.html"]
    assert names(find_files([folder]), folder) == expected


def test_patterns_lists_and_standard_input(folder, monkeypatch):
    assert names(find_files([f"{folder}/**/*.xml", f"{folder}/[ab].*"]), folder) == [
        "nota/diep/d.xml",
        "a.txt",
        "b.pdf",
    ]
    listed = folder / "namen.lst"
    listed.write_text(f"{folder}/b.pdf\n\n{folder}/nota\n")
    assert names(find_files([f"@{listed}"]), folder) == ["b.pdf", "nota/c.DOCX", "nota/diep/d.xml"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(os.fsencode(f"{folder}/z.html\0{folder}/a.txt\0"))))
    assert names(find_files(["-"]), folder) == ["z.html", "a.txt"]


def test_names_with_odd_characters_are_names(folder):
    for name in ("brief [1].pdf", "@brief.pdf", "-brief.pdf", os.fsdecode(b"brief_\xff.pdf")):
        (folder / name).write_text("x")
    assert list(find_files([folder / "brief [1].pdf"])) == [folder / "brief [1].pdf"]
    assert folder / os.fsdecode(b"brief_\xff.pdf") in list(find_files([folder]))
    assert shown(os.fsdecode(b"brief_\xff.pdf")) == r"brief_\xff.pdf"


def test_what_is_not_there_is_an_input_too(folder):
    assert list(find_files([folder / "weg.pdf", "weg/*.pdf"])) == [folder / "weg.pdf", Path("weg/*.pdf")]
    with pytest.raises(MissingDocument, match="no such list"):
        list(find_files([f"@{folder}/weg.lst"]))


def test_inputs_are_chosen_by_date_and_number(folder):
    os.utime(folder / "a.txt", (1e9, 1e9))
    assert folder / "a.txt" not in list(chosen(find_files([folder]), since=1.5e9))
    assert len(list(chosen(find_files([folder]), limit=2))) == 2


def test_a_link_that_leads_back_is_not_followed(folder):
    (folder / "nota" / "terug").symlink_to(folder)
    (folder / "kring.pdf").symlink_to(folder / "kring.pdf")
    assert len(list(find_files([folder]))) == 7
    with pytest.raises(NoAccess):
        load(folder / "kring.pdf", 100)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pijp.pdf")
    with pytest.raises(DoelwijzerError, match="no file but a device"):
        load(tmp_path / "pijp.pdf", 100)
    (tmp_path / "groot.pdf").write_bytes(b"x" * 200)
    with pytest.raises(DoelwijzerError, match="MB"):
        load(tmp_path / "groot.pdf", 100)


def test_a_file_that_is_being_written_is_left_for_next_time(tmp_path):
    file, stop = tmp_path / "groeit.pdf", threading.Event()
    file.write_bytes(b"x" * 30_000_000)

    def grow():
        with file.open("ab") as out:
            while not stop.is_set():
                out.write(b"x" * 10)
                out.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        with pytest.raises(Changing, match="being written"):
            load(file, 2**40)
    finally:
        stop.set()
        writer.join()
    assert len(load(file, 2**40)[0]) == file.stat().st_size


# --- outcomes -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Good and bad files, and how the outcome of each should read."""
    folder = tmp_path_factory.mktemp("gemengd")
    (folder / "a.pdf").write_bytes(pdf(show("Het kabinet wil armoede bestrijden, zie Kamerstuk 26485, nr. 337.")))
    (folder / "b.txt").write_text("Kinderarbeid komt voor in de kledingketen.")
    (folder / "c.pdf").write_bytes((folder / "a.pdf").read_bytes())
    (folder / "d.pdf").write_bytes(b"%PDF-1.4 half")
    (folder / "e.pdf").write_bytes(b"")
    (folder / "f.pdf").write_bytes(pdf(*[show(f"Bladzijde {at}.") for at in range(8)]))
    (folder / "g.pdf").mkdir()
    (folder / "h.txt").write_text("Een lange regel zonder eind. " * 400_000)
    (folder / "i.pdf").symlink_to(folder / "i.pdf")
    (folder / os.fsdecode(b"j_\xff.txt")).write_text("Schoon water voor iedereen.")
    words = [
        "ok",
        "ok",
        "duplicate",
        "damaged",
        "unsupported",
        "too_large",
        "unsupported",
        "timeout",
        "no_access",
        "ok",
    ]
    return folder, words


def tagged(folder, jobs=1, ledger=None, **limits):
    with Batch(Job(**limits), ledger, Crew(jobs)) as batch:
        batch.enlist(find_files([folder]))
        return list(batch)


def test_every_input_has_one_outcome_in_order(mixed):
    folder, words = mixed
    for jobs in (1, 4):
        outcomes = tagged(folder, jobs, seconds=2, pages=5)
        assert [outcome.status for outcome in outcomes] == words
        assert [outcome.source for outcome in outcomes] == [shown(file) for file in find_files([folder])]
        assert [outcome.tagged is not None for outcome in outcomes] == [word == "ok" for word in words]
        assert all(outcome.message for outcome in outcomes if outcome.failed)
        assert str(folder) not in "".join(outcome.message for outcome in outcomes if outcome.failed)
        assert outcomes[2].message == f"Its content is that of {folder}/a.pdf."
        assert (outcomes[0].pages, outcomes[0].passages, outcomes[0].bytes) == (1, 1, (folder / "a.pdf").stat().st_size)
        assert outcomes[9].source.endswith(r"j_\xff.txt")
        assert outcomes[9].tagged.about["source"] == outcomes[9].source


def test_a_file_that_takes_too_much_memory_is_the_only_one_lost(mixed, tmp_path):
    folder, _ = mixed
    (tmp_path / "groot.txt").write_text("Zeven woorden die samen een zin zijn. " * 1_000_000)
    shutil.copy(folder / "b.txt", tmp_path / "na.txt")
    outcomes = tagged(tmp_path, seconds=100, memory=800 * 2**20)
    assert outcomes[0].status in ("memory", "crashed")
    assert outcomes[1].status == "ok"


def test_what_cannot_work_is_said_at_once():
    for job, kind, said in (
        (Job(model="morgen"), DoelwijzerError, "No model 'morgen'"),
        (Job(engine="stoom"), DoelwijzerError, "Unknown engine 'stoom'"),
        (Job(memory=50 * 2**20), WorkerError, "could not start within 50 MB"),
    ):
        with Batch(job) as batch, pytest.raises(kind, match=said):
            next(iter(batch))
    with pytest.raises(UnknownName, match="Did you mean 'dask'"):
        Batch(Job(), crew=Crew(backend="dusk"))


def test_a_later_night_does_only_what_is_new(tmp_path):
    inputs, ledger = tmp_path / "in", tmp_path / "uit.ledger"
    inputs.mkdir()
    letters(inputs, 3)
    first = tagged(inputs, ledger=ledger)
    (inputs / "aa_nieuw.txt").write_text("Nieuw: armoede.")
    (inputs / "brief_000.pdf").rename(inputs / "verhuisd.pdf")
    second = tagged(inputs, ledger=ledger)
    assert [outcome.known for outcome in second] == [None, "result", "result", "result"]
    assert second[3].source == str(inputs / "verhuisd.pdf")
    assert list(second[1].tagged.lines()) == list(first[1].tagged.lines())


def other_model(folder):
    """The same model under another version."""
    import hashlib

    shutil.copytree(ROOT / "models" / "current", folder)
    about = folder / "classifier.json"
    about.write_text(re.sub(r'"version": "[^"]+"', '"version": "9.9"', about.read_text()))
    digest = hashlib.sha256(about.read_bytes()).hexdigest()
    sums = folder / "SHA256SUMS"
    sums.write_text(re.sub(r"\w+(?=  classifier\.json)", digest, sums.read_text()))
    return str(folder)


def test_a_changed_model_classifies_again_and_reads_nothing_again(tmp_path):
    inputs, ledger = letters(tmp_path, 3), tmp_path / "uit.ledger"
    tagged(inputs, ledger=ledger)
    model = other_model(tmp_path / "model")
    renewed = tagged(inputs, ledger=ledger, model=model)
    assert [outcome.known for outcome in renewed] == ["document"] * 3
    fresh = tagged(inputs, model=model)
    assert [list(o.tagged.lines()) for o in renewed] == [list(o.tagged.lines()) for o in fresh]
    assert all(t["model"].endswith("-9.9") for o in renewed for t in o.tagged.taggings)
    assert [outcome.known for outcome in tagged(inputs, ledger=ledger)] == ["result"] * 3


def test_files_can_be_tagged_without_keeping_anything(sample):
    (outcome,) = tag_files([sample])
    assert outcome.status == "ok"
    assert len(outcome.tagged.taggings) > 20


# --- faults -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forty(tmp_path_factory):
    return letters(tmp_path_factory.mktemp("veertig"))


def small_files_only():
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


def test_a_full_disk_ends_the_run_in_a_sentence_and_it_goes_on_when_there_is_room(forty, tmp_path):
    out = tmp_path / "uit.jsonl"
    process = start(forty, "--out", out, preexec_fn=small_files_only)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1, said
    assert "cannot be written" in said
    assert "Traceback" not in said
    assert not out.exists()
    assert finish(forty, "--out", out)[0] == 0
    assert finish(forty, "--out", tmp_path / "ander.jsonl")[0] == 0
    assert out.read_bytes() == (tmp_path / "ander.jsonl").read_bytes()


def test_an_output_folder_that_vanishes_ends_the_run_in_a_sentence(forty, tmp_path):
    folder = tmp_path / "uit"
    folder.mkdir()
    process = start(forty, "--out", folder / "uit.jsonl")
    wait_for(lambda: lines(folder / "uit.run.jsonl") >= 3, process)
    shutil.rmtree(folder)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1, said
    assert "cannot be written" in said
    assert "Traceback" not in said
    code, said = finish(forty, "--out", folder / "uit.jsonl")
    assert (code, f"There is no folder {folder}" in said.replace("\n", "")) == (2, True)


def test_ten_thousand_pages_are_too_many(tmp_path):
    canvas = Canvas(str(tmp_path / "dik.pdf"))
    for number in range(10_000):
        canvas.drawString(72, 700, f"Blad {number}.")
        canvas.showPage()
    canvas.save()
    (outcome,) = tagged(tmp_path)
    assert (outcome.status, "more than 5000 pages" in outcome.message) == ("too_large", True)


def test_a_folder_of_bad_files_is_gone_through(shared, tmp_path):
    out = tmp_path / "uit.jsonl"
    code, said = finish(shared / "pdf" / "bad", "--out", out, "--jobs", 2, "--log-json")
    assert code == 1
    outcomes = [json.loads(line) for line in said.splitlines()]
    assert outcomes == [json.loads(line) for line in (tmp_path / "uit.run.jsonl").read_text().splitlines()]
    listed = json.loads((shared / "pdf" / "bad" / "bad.json").read_text())["files"]
    expected = {row["file"]: row["expect"].split("_or_") for row in listed}
    for outcome in outcomes:
        words = {"no_text_layer": "empty", "unreadable_text": "unreadable", "ok": "ok", "partial": "partial"}
        assert words.get(outcome["status"], "error") in expected[Path(outcome["source"]).name]
    assert {Path(outcome["source"]).name for outcome in outcomes} == expected.keys()


# --- past one machine ---------------------------------------------------------------------------------------------


@pytest.fixture
def cluster(tmp_path):
    """A dask scheduler and two workers, each a process of its own; gives the address and the workers."""
    pytest.importorskip("distributed")
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen([*dask, "--host", "127.0.0.1", "--scheduler-file", str(file)], **quiet)
    wait_for(lambda: file.exists() and file.stat().st_size > 0, scheduler)
    address = json.loads(file.read_text())["address"]
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--no-nanny",
        "--nthreads",
        "1",
        "--no-dashboard",
    ]
    workers = [subprocess.Popen([*worker, "--local-directory", str(tmp_path / str(at))], **quiet) for at in range(2)]
    yield address, workers
    for process in [*workers, scheduler]:
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_a_cluster_writes_the_same_and_may_lose_a_worker(forty, cluster, tmp_path):
    address, workers = cluster
    assert finish(forty, "--out", tmp_path / "hier.jsonl")[0] == 0
    out, log = tmp_path / "daar.jsonl", tmp_path / "daar.run.jsonl"
    process = start(forty, "--out", out, "--backend", "dask", "--scheduler", address)
    wait_for(lambda: lines(log) >= 5, process)
    workers[0].kill()
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert out.read_bytes() == (tmp_path / "hier.jsonl").read_bytes()


def test_a_cluster_that_is_not_there_is_said(forty, tmp_path):
    pytest.importorskip("distributed")
    code, said = finish(forty, "--out", tmp_path / "uit.jsonl", "--backend", "dask")
    assert (code, "--scheduler tcp://HOST:8786" in said) == (2, True)
