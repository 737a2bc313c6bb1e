"""Imports in nlp/ point to a lower layer only, never in a circle, and heavy libraries stay in the room that owns them.

A room is a module or a package of nlp/.
"""

import ast
import re
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

NLP = Path(__file__).parent.parent / "nlp"

LAYERS = {
    "errors": 0, "records": 0,
    "recipes": 1, "schemes": 1, "citations": 1, "mentions": 1, "dutch": 1, "pdf": 1, "features": 1, "colours": 1, "plain": 1, "sealed": 1,
    "files": 1, "notation": 1, "spreadsheet": 1,
    "corpus": 2, "layout": 2, "segment": 2, "classify": 2, "fitting": 2, "display": 2, "report": 2, "skos": 2, "annif": 2, "curation": 2,
    "reading": 3, "checking": 3, "disputes": 3, "exchange": 3, "pool": 3, "models": 3, "tagged": 3, "targets": 3,
    "evaluation": 4, "labelstudio": 4, "highlight": 4, "unseen": 4, "tagger": 4, "choose": 4, "frames": 4, "webannotation": 4,
    "examples": 5, "component": 5, "write": 5, "plots": 5, "agreement": 5, "asking": 5,
    "train": 6, "batch": 6,
    "learning": 7, "suspects": 7, "renew": 7, "view": 7,
    "console": 8,
    "__init__": 9,
}  # fmt: skip

OWNERS = {
    "pdfplumber": {"pdf"},
    "pdfminer": {"pdf"},
    "pypdfium2": {"pdf"},
    "spacy": {"dutch", "segment", "component"},
    "simplemma": {"layout"},
    "sklearn": {"fitting", "evaluation", "targets"},
    "yaml": {"schemes"},
    "rdflib": {"skos"},
    "docx": {"reading"},
    "lxml": set(),
    "pyarrow": {"write"},
    "joblib": {"fitting", "batch", "models"},
    "distributed": {"batch"},
    "matplotlib": {"plots"},
    "networkx": {"plots"},
    "nltk": {"agreement"},
    "streamlit": {"view"},
    "PIL": {"pdf"},
    "jinja2": {"report"},
    "pypdf": {"highlight"},
    "typer": {"console"},
    "rich": {"console"},
}  # fmt: skip


def module_name(path):
    parts = path.relative_to(NLP).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


MODULES = {module_name(path): path for path in sorted(NLP.rglob("*.py"))}


def imports(name):
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(name):
    """The modules of nlp/ that a module imports."""
    wanted = {found.removeprefix("nlp.") for found in imports(name) if found.startswith("nlp.")}
    return {found for found in wanted if found in MODULES and found != name}


def room(name):
    return name.split(".")[0]


def test_every_room_has_a_layer():
    assert {room(name) for name in MODULES} == LAYERS.keys()


def test_the_map_shows_every_room_in_its_layer():
    rows = re.findall(r"^\| (\d) \| (`.+?`) \|", (NLP / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: int(layer) for layer, names in rows for name in re.findall(r"`(\w+)/?`", names)} == LAYERS


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name):
    for other in own_imports(name):
        assert room(other) == room(name) or LAYERS[room(other)] < LAYERS[room(name)], f"{name} imports {other}"


def test_nothing_imports_in_a_circle():
    # A package's own __init__ gathers its parts, so importing a part is no import of the package.
    graph = {name: {other for other in own_imports(name) if room(other) != name} for name in MODULES}
    parts = {name: own_imports(name) for name in MODULES if "." in name}
    order = TopologicalSorter(graph | parts).static_order()
    assert set(order) == set(MODULES) | set(chain.from_iterable(graph.values()))


@pytest.mark.parametrize("name", MODULES)
def test_heavy_libraries_stay_at_home(name):
    for library in imports(name):
        owners = OWNERS.get(library.split(".")[0])
        assert owners is None or room(name) in owners, f"{name} imports {library}"


@pytest.mark.parametrize("name", ["errors", "records"])
def test_records_and_errors_need_the_standard_library_only(name):
    assert not own_imports(name) - {"errors"}
    assert not {library.split(".")[0] for library in imports(name)} & {"numpy", "pandas", "spacy", "sklearn"}
