"""Where real documents are: the project's own samples, and the shared collection where it is present."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("doelwijzer", deadline=None)  # time is measured in tests/benchmarks, not here
settings.load_profile("doelwijzer")

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "corpus" / "samples" / "kamerbrief_imvo.pdf"


@pytest.fixture(scope="session")
def shared():
    """The folder with documents and gold that are not the project's to hand on."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared, which is not part of the repository")
    return folder


@pytest.fixture(scope="session")
def sample():
    """The sample letter."""
    return SAMPLE


@pytest.fixture(scope="session")
def tagged_sample():
    """The sample letter, read and tagged once."""
    import nlp

    return nlp.tag(SAMPLE)
