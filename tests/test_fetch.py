"""A document is fetched on demand only, whole or not at all."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

import nlp
from nlp.errors import DoelwijzerError
from scripts.fetch_document import fetch


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def site(sample):
    """The folder of the sample letter, served on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=sample.parent))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_what_is_fetched_can_be_read(site, sample, tmp_path):
    to = tmp_path / "brief.pdf"
    size = fetch(f"{site}/{sample.name}", to, most=10_000_000, timeout=10)
    assert size == to.stat().st_size
    assert nlp.read(to, engine="pdfium").title == nlp.read(sample, engine="pdfium").title


@pytest.mark.parametrize(
    ("address", "most", "said"),
    [("/weg.pdf", 10_000_000, "404"), ("/kamerbrief_imvo.pdf", 1000, "more than 1,000 bytes")],
)
def test_what_cannot_be_fetched_leaves_no_file(site, tmp_path, address, most, said):
    with pytest.raises(DoelwijzerError, match=said):
        fetch(site + address, tmp_path / "x.pdf", most=most, timeout=10)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["brief.pdf", "file:///etc/hostname", "ftp://example.org/x", ""])
def test_only_web_addresses_are_fetched(tmp_path, address):
    with pytest.raises(DoelwijzerError, match="not a web address"):
        fetch(address, tmp_path / "x.pdf", most=1000, timeout=1)
