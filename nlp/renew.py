"""A model anew after new annotations: made beside the former one, held against it, and put in its place when accepted.

Both models are judged on passages that neither learnt from, the same ones, by the gold of today:
- out of fold: every passage whose document both models were trained without, once, by what they said of it then;
- new documents: of which the former learnt nothing, by the former as it is and the new model out of fold;
- kept aside: those of split "dev-test".
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nlp.corpus import find_files
from nlp.errors import ModelError
from nlp.evaluation.compare import Change, Comparison, compare
from nlp.evaluation.figures import Bools
from nlp.examples import Codes, Examples, columns, gather
from nlp.models import Model, forget_models, load_model
from nlp.recipes import Recipe
from nlp.train import train
from nlp.unseen import Unseen, document_key, read_unseen, text_key


@dataclass(frozen=True, slots=True)
class Ground:
    """Passages that neither model learnt from, and what changed on them, per scheme."""

    name: str
    passages: int
    documents: int
    comparisons: tuple[Comparison, ...]

    def worse(self) -> Iterator[tuple[str, Change]]:
        """(name, what changed) of all that got worse beyond luck: labels, the greatest loss first, then whole schemes."""
        labels = [(f"{c.scheme}:{each.name}", each) for c in self.comparisons for each in c.labels]
        overall = [(f"{c.scheme} {each.name}", each) for c in self.comparisons for each in c.overall]
        labels.sort(key=lambda label: label[1].difference)
        yield from (found for found in [*labels, *overall] if found[1].verdict == "worse")


@dataclass(frozen=True, slots=True)
class Renewal:
    """A candidate beside the model in use, both as name-version (fingerprint).

    trained: whether the candidate was made just now, or stood there already.
    """

    candidate: str
    former: str | None
    trained: bool
    grounds: tuple[Ground, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the models of one recipe stand."""

    model: Path  # in use
    candidate: Path
    former: Path  # the one that was replaced last


def places(recipe: Recipe, folder: Path) -> Places:
    """The places in a folder of models."""
    name = recipe.name
    return Places(folder / name, folder / f"candidate-{name}", folder / f"former-{name}")


def renew(recipe: Recipe, at: Places, *, jobs: int = 2, say: Callable[[str], None] = lambda _: None) -> Renewal:
    """Make the candidate, unless it stands there made from the same recipe and annotations, and compare.

    Raises CorpusError, and ModelError when the model in use cannot be read: then nothing could be compared.
    """
    forget_models()
    former = load_model(at.model) if at.model.is_dir() else None
    before = read_unseen(at.model) if former else None  # what is broken is said before the work
    trained = not _is_fresh(recipe, at.candidate)
    if trained:
        _make(recipe, at.candidate, jobs, say)
    candidate = load_model(at.candidate)
    if former is None:
        notice = f"There is no model {at.model} yet: nothing to compare with."
        return Renewal(_named(candidate), None, trained, (), (notice,))
    grounds, notices = _compared(recipe, at, former, before, candidate)
    return Renewal(_named(candidate), _named(former), trained, grounds, notices)


def _named(model: Model) -> str:
    """Versions are raised by hand; the fingerprint tells two makings apart."""
    return f"{model} ({model.fingerprint[:8]})"


# ---- comparing


def _compared(
    recipe: Recipe, at: Places, old: Model, before: Unseen | None, new: Model
) -> tuple[tuple[Ground, ...], tuple[str, ...]]:
    learn, test = gather(recipe, new.schemes)
    measured = learn.part(learn.measured)
    now = read_unseen(at.candidate)
    if now is None:
        raise ModelError(f"{at.candidate}: what it said out of fold was not kept.", hint="Remove it and train again.")
    notices, found = [], []
    if before is None:
        notices.append(f"{old} does not tell what it learnt from: only passages kept aside can be compared.")
    else:
        found.append(_ground("out of fold", measured, *_out_of_fold(measured, new.schemes, before, now, old)))
        found.append(_ground("new documents", measured, *_new_documents(measured, new.schemes, before, now, old)))
    found.append(_ground("kept aside", test, *_kept_aside(test, new.schemes, before, now, old, new)))
    grounds = tuple(ground for ground in found if ground.passages)
    if not grounds:
        notices.append(
            "There is no passage that neither model learnt from, so nothing can be said of what changed. Keep some aside "
            'with "split": "dev-test"; the next renewal can also compare out of fold.'
        )
    return grounds, tuple(notices)


Given = dict[str, Bools]  # per scheme, (passages, labels)
Judged = tuple[Bools, Codes, Given, Given]  # which passages, codes, what the former and the new model gave to those


def _out_of_fold(measured: Examples, codes: Codes, before: Unseen, now: Unseen, old: Model) -> Judged:
    keys = [text_key(text) for text in measured.texts]
    use = np.array([key in before.rows and key in now.rows for key in keys], dtype=bool)
    kept = [key for key, here in zip(keys, use, strict=True) if here]
    former = {s: before.given[s][[before.rows[key] for key in kept]] for s in before.given}
    return use, codes, _in_columns(former, old.schemes, codes, len(kept)), _now(kept, now)


def _new_documents(measured: Examples, codes: Codes, before: Unseen, now: Unseen, old: Model) -> Judged:
    keys = [text_key(text) for text in measured.texts]
    use = np.array(
        [
            document_key(document) not in before.documents and key in now.rows and key not in before.rows
            for document, key in zip(measured.groups, keys, strict=True)
        ],
        dtype=bool,
    )
    kept = [key for key, here in zip(keys, use, strict=True) if here]
    return (
        use,
        codes,
        _in_columns(_given(old, measured.part(use).texts), old.schemes, codes, len(kept)),
        _now(kept, now),
    )


def _kept_aside(test: Examples, codes: Codes, before: Unseen | None, now: Unseen, old: Model, new: Model) -> Judged:
    learnt = now.documents | (before.documents if before else frozenset())
    use = np.array([document_key(document) not in learnt for document in test.groups], dtype=bool)
    texts = test.part(use).texts
    former = _in_columns(_given(old, texts), old.schemes, codes, len(texts))
    return use, codes, former, _given(new, texts)


def _now(keys: Sequence[int], now: Unseen) -> Given:
    return {scheme: given[[now.rows[key] for key in keys]] for scheme, given in now.given.items()}


def _given(model: Model, texts: Sequence[str]) -> Given:
    scores = model.classifier.scores(texts) if texts else {}
    return {h.scheme: scores[h.scheme] >= h.thresholds for h in model.classifier.heads if h.scheme in scores}


def _in_columns(given: Given, own: Codes, codes: Codes, count: int) -> Given:
    """The same labels in the columns of `codes`: one that the model does not know it never gave."""
    found = {}
    for scheme, wanted in codes.items():
        if scheme in given:
            found[scheme] = np.zeros((count, len(wanted)), dtype=bool)
            for column, code in enumerate(own[scheme]):
                if code in wanted:
                    found[scheme][:, wanted.index(code)] = given[scheme][:, column]
    return found


def _ground(name: str, examples: Examples, use: Bools, codes: Codes, old: Given, new: Given) -> Ground:
    part = examples.part(use)
    found = []
    for scheme, at in columns(codes):
        judged, gold, groups = part.judged(at)
        if scheme in old and scheme in new and groups:
            found.append(compare(scheme, codes[scheme], old[scheme][judged], new[scheme][judged], gold, groups))
    return Ground(name, len(part.texts), len(set(part.groups)), tuple(found))


# ---- making


def _make(recipe: Recipe, candidate: Path, jobs: int, say: Callable[[str], None]) -> None:
    """The candidate stands there whole or, when training breaks off, not at all."""
    candidate.parent.mkdir(parents=True, exist_ok=True)
    inputs = fingerprint(recipe)
    with tempfile.TemporaryDirectory(dir=candidate.parent, prefix=f".{candidate.name}-") as folder:
        made = Path(folder) / candidate.name
        train(recipe, made, jobs=jobs, say=say)
        if candidate.is_dir():
            shutil.rmtree(candidate)
        made.rename(candidate)
    _inputs(candidate).write_text(json.dumps({"inputs": inputs}) + "\n", encoding="utf-8")
    forget_models()


def _is_fresh(recipe: Recipe, candidate: Path) -> bool:
    """Whether the candidate was made from this recipe and these annotations, and can be used."""
    try:
        made_from = json.loads(_inputs(candidate).read_text(encoding="utf-8"))["inputs"]
        load_model(candidate)
        read_unseen(candidate)
    except (OSError, ValueError, KeyError, TypeError, ModelError):
        return False
    return bool(made_from == fingerprint(recipe))


def _inputs(candidate: Path) -> Path:
    """Beside the candidate: what it was made from."""
    return candidate.with_name(f"{candidate.name}.json")


def fingerprint(recipe: Recipe) -> str:
    """Of the recipe and every byte it learns from. Raises CorpusError for a source that is not there."""
    files = [file for source in recipe.sources for file in find_files([source.path])]
    files += [source.texts for source in recipe.sources if source.texts]
    digest = hashlib.sha256(recipe.text.encode())
    for file in files:
        digest.update(f"\n{file.name} ".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest() if file.is_file() else b"absent")
    return digest.hexdigest()


# ---- accepting


def accept(at: Places) -> bool:
    """Put the candidate in the place of the model in one step; whoever loads a model meets the one or the other.

    The model that was there is kept at `at.former`. Gives whether there was one.
    """
    forget_models()  # it may have been changed since it was compared
    load_model(at.candidate)
    _inputs(at.candidate).unlink(missing_ok=True)
    replaced = at.model.is_dir()
    if replaced:
        exchange(at.candidate, at.model)  # the former model is now where the candidate was
        if at.former.is_dir():
            shutil.rmtree(at.former)
        at.candidate.rename(at.former)
    else:
        at.candidate.rename(at.model)
    forget_models()
    return replaced


RENAME_EXCHANGE = 2  # linux/fs.h
AT_FDCWD = -100  # fcntl.h
NOT_HERE = (errno.ENOSYS, errno.EINVAL)  # an older kernel, or a file system that cannot


def exchange(one: Path, other: Path) -> None:
    """Let two folders change places: at once where the system can, else by renaming, undone when it fails half-way."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None, use_errno=True), "renameat2"):
        if libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
            return
        if ctypes.get_errno() not in NOT_HERE:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))
    aside = other.with_name(f".{other.name}-aside")
    other.rename(aside)
    try:
        one.rename(other)
    except OSError:
        aside.rename(other)
        raise
    aside.rename(one)


def only_changed(comparison: Comparison) -> Comparison:
    """Without the labels of which no decision changed."""
    return replace(comparison, labels=tuple(c for c in comparison.labels if c.verdict != "same"))
