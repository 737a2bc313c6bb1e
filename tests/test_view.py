"""The page on this machine: its counter, its words, its door. What a user sees of it is in tests/browser."""

import socket
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from nlp import errors
from nlp.batch.limits import CHILDREN
from nlp.view import flags, is_loopback
from nlp.view.desk import Hurried, Settings, tag
from nlp.view.messages import TROUBLES, trouble
from tests.conftest import ROOT
from tests.tiny_pdf import pdf

BRIEF = "Bedrijven moeten kinderarbeid in hun keten voorkomen (Kamerstuk 26 485, nr. 337)."


@pytest.fixture(autouse=True, scope="module")
def _end_children():
    yield
    CHILDREN.end()


def run(*arguments, **options):
    command = [sys.executable, "-c", "from nlp.console import app; app()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **options)


# --- at the counter -----------------------------------------------------------------------------------------------


def test_a_letter_gives_the_files_of_the_command_line(sample, tmp_path):
    answer = tag(Settings(), "brief.pdf", sample.read_bytes())
    assert answer.status == "ok"
    (tmp_path / "brief.pdf").write_bytes(sample.read_bytes())
    for kind, content in answer.files.items():
        done = run("tag", "brief.pdf", "--out", f"uit.{kind}", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / f"uit.{kind}").read_bytes() == content


def locked():
    """A PDF with a password."""
    out = BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("geheim"))
    canvas.drawString(72, 700, "Vertrouwelijk")
    canvas.save()
    return out.getvalue()


BAD = [
    ("leeg.pdf", b"", "unsupported"),
    ("foto.pdf", b"\x89PNG\r\n\x1a\n", "unsupported"),
    ("pagina.pdf", b"<!doctype html><html><body>404</body></html>", "unsupported"),
    ("stuk.pdf", b"%PDF-1.7\nen dan niets meer", "damaged"),
    ("wit.pdf", pdf(b""), "no_text_layer"),
    ("twee.pdf", pdf(b"", b""), "too_large"),  # pages
    ("zwaar.txt", b"zwaar " * 200_000, "too_large"),  # bytes
    ("slot.pdf", locked(), "encrypted"),
]


@pytest.mark.parametrize(("name", "content", "status"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_file_is_told_by_its_trouble(name, content, status):
    answer = tag(Settings(pages=1, megabytes=1), name, content)
    assert (answer.status, answer.files) == (status, {})


def test_what_takes_too_long_is_ended(sample):
    answer = tag(Settings(seconds=0.001), "brief.pdf", sample.read_bytes())
    assert answer.status == "timeout"


def test_a_wrong_model_is_an_answer_too():
    answer = tag(Settings(model="bestaat-niet"), "tekst.txt", BRIEF.encode())
    assert answer.status == "error"
    assert "bestaat-niet" in answer.message


def test_nothing_is_kept(sample, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert tag(Settings(), "brief.pdf", sample.read_bytes()).status == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_painter_in_a_hurry_leaves_pages_out(sample):
    with Hurried(0) as painter:
        assert len(list(painter.pictures(sample.read_bytes(), [(1, 0), (2, 0)], 100))) == 1


# --- in Dutch -----------------------------------------------------------------------------------------------------


def kinds(error=errors.DocumentError):
    yield error
    for kind in error.__subclasses__():
        yield from kinds(kind)


def test_every_trouble_has_its_words():
    about_paths = {"missing", "no_access", "changing"}  # the page has no paths
    statuses = {kind.status for kind in kinds()} - about_paths | {"timeout", "memory", "crashed"}
    assert statuses == TROUBLES.keys()
    for status in statuses:
        what, hint = trouble(status, Settings(pages=7))
        assert what.endswith(".")
        assert hint.endswith(".")
        assert "{" not in what + hint


# --- at the door --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.7", False),
        ("voorbeeld.nl", False),
    ],
)
def test_only_loopback_is_this_machine_alone(host, own):
    assert is_loopback(host) is own
    allowed = [flag for flag in flags(Settings(), host, 8501, browser=False) if "allowedHosts" in flag]
    assert bool(allowed) is own


def test_streamlit_is_told_to_keep_quiet():
    told = flags(Settings(megabytes=3), "127.0.0.1", 8501, browser=False)
    assert {
        "--browser.gatherUsageStats=false",
        "--server.headless=true",
        "--server.address=127.0.0.1",
        "--server.maxUploadSize=3",
        "--server.enableXsrfProtection=true",
    } <= set(told)


@pytest.fixture
def taken():
    """A port in use."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_in_use_is_told_and_an_open_door_warned_of(host, taken):
    done = run("view", "--host", host, "--port", taken)
    assert done.returncode == 2
    assert f"{host}:{taken} cannot be used" in done.stderr
    assert "--port" in done.stderr
    assert ("no password" in done.stderr) is (host != "127.0.0.1")
    assert "Traceback" not in done.stderr


def test_a_wrong_model_is_told_before_anything_is_served():
    done = run("view", "--model", "bestaat-niet", "--port", 1 + 2**15)
    assert done.returncode == 2
    assert "bestaat-niet" in done.stderr
    assert "http://" not in done.stdout


def test_without_streamlit_the_line_to_install_it_is_given(tmp_path):
    (tmp_path / "streamlit.py").write_text("raise ModuleNotFoundError('streamlit')")
    done = run("view", cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install 'doelwijzer[view]'" in done.stderr


def test_the_folder_of_the_page_hides_no_other_module():
    """Streamlit puts it before all others on the path."""
    names = {file.stem for file in Path(ROOT, "nlp", "view").glob("*.py")}
    assert not names & sys.stdlib_module_names
