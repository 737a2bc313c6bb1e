# Two commands do all on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-annotate lint setup model clean

setup: .venv/ready

.venv/plain: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/ready: .venv/plain
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: .venv/plain
	$(BIN)/python scripts/tag_documents.py corpus/samples/kamerbrief_imvo.pdf

test: setup
	$(BIN)/python -m pytest

# The annotation server and the whole round in a browser, against a real Label Studio in an environment of its own (1 GB).
LABEL_STUDIO ?= build/label-studio/bin/label-studio
test-annotate: setup $(LABEL_STUDIO)
	DOELWIJZER_LABEL_STUDIO=$(abspath $(LABEL_STUDIO)) $(BIN)/python -m pytest tests/server tests/browser/test_annotate_browser.py

build/label-studio/bin/label-studio:
	$(PYTHON) -m venv build/label-studio
	build/label-studio/bin/pip install --quiet --disable-pip-version-check 'label-studio>=1.23,<2'

# After new annotations: check them, train anew beside the model in use, and say what changed. ACCEPT=1 puts it in place.
RECIPE ?= models/recipes/default.toml
model: setup
	$(BIN)/python scripts/check_corpus.py corpus
	$(BIN)/python scripts/renew_model.py --recipe $(RECIPE) $(if $(ACCEPT),--accept)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache
