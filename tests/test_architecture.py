"""Imports in nlp/ point to a lower layer only, and heavy libraries stay in the module that owns them."""

import ast
from pathlib import Path

import pytest

NLP = Path(__file__).parent.parent / "nlp"

LAYERS = {
    "errors": 0, "records": 0,
    "schemes": 1, "citations": 1, "mentions": 1,
    "pdf": 2, "hyphens": 2, "layout": 2, "letterhead": 2, "office": 2, "segment": 2, "features": 2, "corpus": 2,
    "read": 3, "classify": 3, "evaluate": 3,
    "models": 4,
    "train": 5, "tagger": 5,
    "write": 6,
    "console": 7,
    "__init__": 8,
}  # fmt: skip
WITHIN = {("layout", "pdf"), ("layout", "hyphens"), ("layout", "letterhead")}  # neighbours of one layer

OWNERS = {
    "pdfplumber": {"pdf"},
    "pdfminer": {"pdf"},
    "pypdfium2": {"pdf"},
    "spacy": {"segment"},
    "sklearn": {"features", "classify", "evaluate", "train"},
    "yaml": {"schemes"},
    "regex": {"citations", "mentions"},
    "docx": {"office"},
    "typer": {"console"},
    "rich": {"console"},
}


def modules():
    return sorted(NLP.glob("*.py"))


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "nlp":
                yield from (f"nlp.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.stem)
def test_imports_point_down(path):
    layer = LAYERS[path.stem]
    for name in imports(path):
        if name.startswith("nlp."):
            other = name.split(".")[1]
            if other not in LAYERS:
                continue  # a name in the front door, not a module
            assert LAYERS[other] < layer or (path.stem, other) in WITHIN, f"{path.stem} imports {other}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.stem)
def test_heavy_libraries_stay_at_home(path):
    for name in imports(path):
        owners = OWNERS.get(name.split(".")[0])
        assert owners is None or path.stem in owners, f"{path.stem} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.stem)
def test_records_and_errors_need_nothing(path):
    if path.stem in {"errors", "records"}:
        assert not [n for n in imports(path) if n.split(".")[0] in {"nlp", "numpy", "pandas", "spacy", "sklearn"}]
