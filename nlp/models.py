"""A model on disk is data, never code: a folder with JSON, arrays without pickle, its card and checksums."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.classify import Classifier, Head
from nlp.errors import ModelError, ModelMismatch, ModelUntrusted
from nlp.features import check_encoder, restored, stored
from nlp.sealed import SUMS, find_folder, pack, real, seal, unpack, unseal

FORMAT = 1
CLASSIFIER, WEIGHTS = "classifier.json", "weights.npz"
REQUIRED = (CLASSIFIER, WEIGHTS, "metrics.json", "recipe.toml", "schemes.json", "README.md")
PICKLES = {".joblib", ".pkl", ".pickle"}


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A loaded model: `str(model)` is "name-version", as written beside every tagging."""

    name: str
    version: str
    classifier: Classifier
    schemes: dict[str, list[str]]  # scheme → codes
    metrics: dict[str, Any]
    fingerprint: str  # sha256 over the folder's checksums

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"


def find_model(name: str | Path) -> Path:
    """The folder of a model by name ("current") or path. Raises ModelNotFound."""
    return find_folder(name, CLASSIFIER)


def load_model(name: str | Path = "current", *, trust_pickle: bool = False) -> Model:
    """Load a model folder after checking every file against its checksum; or, when trusted, what joblib.dump wrote.

    Raises ModelNotFound, ModelUntrusted (a file was changed, or would run code), ModelMismatch (parts that do not
    fit each other or this version).
    """
    if Path(name).suffix.lower() in PICKLES and Path(name).is_file():
        return _load_pickle(Path(name), trust_pickle)
    return _load(find_model(name).resolve())


@lru_cache(maxsize=4)
def _load(folder: Path) -> Model:
    contents = unseal(folder, REQUIRED)
    try:
        about = json.loads(contents[CLASSIFIER])
        if about["format"] != FORMAT:
            raise ModelMismatch(
                f"{folder}: model format {about['format']}, this version reads {FORMAT}.",
                hint="Train it again with scripts/train_model.py, or install the doelwijzer it was made with.",
            )
        classifier = _classifier(about, unpack(contents[WEIGHTS], folder / WEIGHTS))
        _check(classifier)
        return Model(
            name=str(about["name"]),
            version=str(about["version"]),
            classifier=classifier,
            schemes={head.scheme: list(head.codes) for head in classifier.heads},
            metrics=json.loads(contents["metrics.json"]),
            fingerprint=hashlib.sha256(contents[SUMS]).hexdigest(),
        )
    except ModelError:
        raise
    except (KeyError, IndexError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ModelMismatch(f"{folder}: the model's parts do not fit ({error}).", hint="Train it again.") from None


def _classifier(about: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Classifier:
    encoder = restored(about["encoder"], arrays)
    heads = []
    for head in about["heads"]:
        weights, intercept = (real(arrays[f"{head['scheme']}.{part}"]) for part in ("weights", "intercept"))
        thresholds = np.array(head["thresholds"], dtype=np.float64)
        heads.append(Head(head["scheme"], tuple(head["codes"]), weights, intercept, thresholds))
    return Classifier(encoder, tuple(heads))


def _check(classifier: Classifier) -> None:
    """Raises ValueError where the parts of a classifier do not fit each other: it would tag wrongly, or not at all."""
    check_encoder(classifier.encoder)
    features = len(classifier.encoder.vocabulary_)
    for head in classifier.heads:
        labels = len(head.codes)
        if len(set(head.codes)) != labels or not all(isinstance(code, str) for code in head.codes):
            raise ValueError(f"codes of {head.scheme} twice, or no text")
        shapes = {"weights": (features, labels), "intercept": (labels,), "thresholds": (labels,)}
        for name, shape in shapes.items():
            values = getattr(head, name)
            if values.shape != shape:
                raise ValueError(f"{name} of {head.scheme} have shape {values.shape}, not {shape}")
            if not np.isfinite(values).all():
                raise ValueError(f"{name} of {head.scheme} are no numbers")
    if not classifier.heads or len({head.scheme for head in classifier.heads}) != len(classifier.heads):
        raise ValueError("no heads, or two for one scheme")


def _load_pickle(path: Path, trusted: bool) -> Model:
    """What joblib.dump wrote of a Classifier, a Model or a Tagger."""
    danger = f"{path}: loading a pickle runs whatever code is in it"
    if not trusted:
        raise ModelUntrusted(
            f"{danger}.",
            hint="Use a model folder; or, if you made the file yourself: nlp.load(path, trust_pickle=True).",
        )
    warnings.warn(f"{danger}; a model folder does not.", UserWarning, stacklevel=5)
    import joblib

    try:
        found = joblib.load(path)
        found = getattr(found, "model", found)  # of a Tagger
        classifier = found.classifier if isinstance(found, Model) else found
        if not isinstance(classifier, Classifier):
            raise TypeError(f"it holds a {type(classifier).__name__}, no Classifier, Model or Tagger")
        _check(classifier)
    except Exception as error:  # a pickle can raise anything
        raise ModelMismatch(f"{path}: no model ({error}).", hint="Save the model as a folder: save_model.") from None
    if isinstance(found, Model):
        return found
    schemes = {head.scheme: list(head.codes) for head in classifier.heads}
    return Model(path.stem, "pickle", classifier, schemes, {}, hashlib.sha256(path.read_bytes()).hexdigest())


def save_model(
    folder: str | Path, classifier: Classifier, *, name: str, version: str,
    metrics: dict[str, Any], card: str, recipe: str, schemes: dict[str, Any], more: Mapping[str, bytes] | None = None,
) -> Path:  # fmt: skip
    """Write a model folder; the same classifier gives the same bytes. There is no model without figures and card.

    more: files beside those that every model has, such as nlp.unseen's.
    """
    if not metrics or not card.strip():
        raise ModelError("A model cannot be saved without its evaluation and card.", hint="See nlp.train.train.")
    encoder, arrays = stored(classifier.encoder)
    about = {
        "format": FORMAT,
        "name": name,
        "version": version,
        "encoder": encoder,
        "heads": [
            {"scheme": h.scheme, "codes": list(h.codes), "thresholds": [round(float(t), 4) for t in h.thresholds]}
            for h in classifier.heads
        ],
    }
    for head in classifier.heads:
        arrays[f"{head.scheme}.weights"] = head.weights.astype(np.float32)
        arrays[f"{head.scheme}.intercept"] = head.intercept.astype(np.float32)
    files = {
        CLASSIFIER: _json(about),
        WEIGHTS: pack(arrays),
        "metrics.json": _json(metrics),
        "recipe.toml": recipe.encode(),
        "schemes.json": _json(schemes),
        "README.md": card.encode(),
        **(more or {}),
    }
    seal(Path(folder), files)
    forget_models()
    return Path(folder)


def forget_models() -> None:
    """Read models from disk anew: a folder holds another one now."""
    _load.cache_clear()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
