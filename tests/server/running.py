"""The fixture `station`, for tests of the server and in the browser: pytest_plugins = ("tests.server.running",)."""

import os

import pytest

from nlp.labelstudio import server
from tests.station import Station


@pytest.fixture(scope="session")
def station(tmp_path_factory):
    """A running server with the annotators els and bram. Skips, with the reason, where Label Studio is not named."""
    if not os.environ.get(server.PROGRAM):
        pytest.skip(f"needs Label Studio, named by {server.PROGRAM}: `make test-annotate` installs and names it")
    here = Station(tmp_path_factory.mktemp("labelstudio") / "data")
    here.said = here.start("--annotator", "els", "--annotator", "bram", "--port", "8360")
    yield here
    here.stop()
