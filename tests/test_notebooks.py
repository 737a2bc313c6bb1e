"""The notebooks run from top to bottom in a kernel of their own, and are kept without outputs."""

import json

import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FIGURES = {"01_een_brief": 4, "02_een_jaargang": 6, "03_twijfelgevallen": 2}


def test_the_three_notebooks_are_there():
    assert [path.stem for path in NOTEBOOKS] == list(FIGURES)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_kept_without_outputs(path):
    nbformat = pytest.importorskip("nbformat")
    text = path.read_text(encoding="utf-8")
    nbformat.validate(nbformat.reads(text, as_version=4))
    book = json.loads(text)
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(code)
    assert not any(cell["metadata"] for cell in book["cells"])
    assert book["metadata"].keys() == {"kernelspec", "language_info"}
    assert str(ROOT) not in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs(path, tmp_path_factory, monkeypatch):
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    from traitlets.config import Config

    monkeypatch.delenv("MPLBACKEND", raising=False)  # another test's choice is not the notebook's
    book = nbformat.read(path, as_version=4)
    sockets = tmp_path_factory.mktemp("k")  # short: the path of a socket has 107 characters at most
    config = Config(KernelManager={"transport": "ipc", "ip": str(sockets / "k")})
    where = {"metadata": {"path": str(path.parent)}}
    nbclient.NotebookClient(book, timeout=300, kernel_name="python3", resources=where, config=config).execute()
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert sum("image/png" in output.get("data", {}) for output in outputs) == FIGURES[path.stem]
