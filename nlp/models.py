"""A model on disk is data, never code: a folder with JSON, arrays without pickle, its card and checksums."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from nlp.classify import Classifier, Head
from nlp.errors import ModelError, ModelMismatch, ModelNotFound, ModelUntrusted
from nlp.features import make_encoder

FORMAT = 1
CLASSIFIER, WEIGHTS, SUMS = "classifier.json", "weights.npz", "SHA256SUMS"
REQUIRED = (CLASSIFIER, WEIGHTS, "metrics.json", "recipe.toml", "schemes.json", "README.md")
RUNS_CODE = {".pkl", ".pickle", ".joblib", ".npy", ".py", ".so"}
PLACES = (Path(__file__).parent / "_models", Path(__file__).parent.parent / "models")  # installed, checkout


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
    if Path(name).is_dir():
        return Path(name)
    for place in PLACES:
        if (place / str(name) / CLASSIFIER).is_file():
            return place / str(name)
    known = sorted({p.parent.name for place in PLACES for p in place.glob(f"*/{CLASSIFIER}")})
    raise ModelNotFound(
        f"No model {str(name)!r}.", hint=f"Known: {', '.join(known) or 'none'}; or give the path of a model folder."
    )


def load_model(name: str | Path = "current") -> Model:
    """Load a model folder after checking every file against its checksum.

    Raises ModelNotFound, ModelUntrusted (a file was changed, or would run code), ModelMismatch (parts that do not
    fit each other or this version).
    """
    return _load(find_model(name).resolve())


@lru_cache(maxsize=4)
def _load(folder: Path) -> Model:
    contents = _checked(folder)
    try:
        about = json.loads(contents[CLASSIFIER])
        if about["format"] != FORMAT:
            raise ModelMismatch(
                f"{folder}: model format {about['format']}, this version reads {FORMAT}.",
                hint="Train it again with scripts/train_model.py, or install the doelwijzer it was made with.",
            )
        with np.load(io.BytesIO(contents[WEIGHTS]), allow_pickle=False) as arrays:
            classifier = _classifier(about, arrays)
        return Model(
            name=about["name"],
            version=about["version"],
            classifier=classifier,
            schemes={head.scheme: list(head.codes) for head in classifier.heads},
            metrics=json.loads(contents["metrics.json"]),
            fingerprint=hashlib.sha256(contents[SUMS]).hexdigest(),
        )
    except ModelError:
        raise
    except (KeyError, ValueError, TypeError, OSError, EOFError) as error:
        raise ModelMismatch(f"{folder}: the model's parts do not fit ({error}).", hint="Train it again.") from None


def _classifier(about: dict[str, Any], arrays: Mapping[str, np.ndarray]) -> Classifier:
    names = bytes(arrays["vocabulary"]).decode("utf-8").split("\n")
    encoder = make_encoder(about["encoder"]["kind"], about["encoder"]["parameters"])
    encoder.learnt(names, arrays["idf"])
    heads = []
    for head in about["heads"]:
        weights = arrays[f"{head['scheme']}.weights"].astype(np.float64)
        intercept = arrays[f"{head['scheme']}.intercept"].astype(np.float64)
        if weights.shape != (len(names), len(head["codes"])) or intercept.shape != (len(head["codes"]),):
            raise ValueError(f"weights of {head['scheme']} have shape {weights.shape}")
        thresholds = np.array(head["thresholds"], dtype=np.float64)
        heads.append(Head(head["scheme"], tuple(head["codes"]), weights, intercept, thresholds))
    return Classifier(encoder, tuple(heads))


def save_model(
    folder: str | Path, classifier: Classifier, *, name: str, version: str,
    metrics: dict[str, Any], card: str, recipe: str, schemes: dict[str, Any], more: Mapping[str, bytes] | None = None,
) -> Path:  # fmt: skip
    """Write a model folder; the same classifier gives the same bytes. There is no model without figures and card.

    more: files beside those that every model has, such as nlp.unseen's.
    """
    if not metrics or not card.strip():
        raise ModelError("A model cannot be saved without its evaluation and card.", hint="See nlp.train.train.")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    encoder = classifier.encoder
    about = {
        "format": FORMAT,
        "name": name,
        "version": version,
        "encoder": {"kind": "tfidf", "parameters": encoder.get_params()},
        "heads": [
            {"scheme": h.scheme, "codes": list(h.codes), "thresholds": [round(float(t), 4) for t in h.thresholds]}
            for h in classifier.heads
        ],
    }
    arrays: dict[str, Any] = {
        "vocabulary": np.frombuffer("\n".join(encoder.vocabulary_).encode(), dtype=np.uint8),
        "idf": encoder.idf_.astype(np.float32),
    }
    for head in classifier.heads:
        arrays[f"{head.scheme}.weights"] = head.weights.astype(np.float32)
        arrays[f"{head.scheme}.intercept"] = head.intercept.astype(np.float32)
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    files = {
        CLASSIFIER: _json(about),
        WEIGHTS: packed.getvalue(),
        "metrics.json": _json(metrics),
        "recipe.toml": recipe.encode(),
        "schemes.json": _json(schemes),
        "README.md": card.encode(),
        **(more or {}),
    }
    for file, content in files.items():
        (folder / file).write_bytes(content)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {file}\n" for file, content in sorted(files.items()))
    (folder / SUMS).write_text(sums, encoding="utf-8")
    forget_models()
    return folder


def forget_models() -> None:
    """Read models from disk anew: a folder holds another one now."""
    _load.cache_clear()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _checked(folder: Path) -> dict[str, bytes]:
    """The contents of the folder's files, each as its checksum says."""
    for path in folder.iterdir():
        if path.suffix in RUNS_CODE:
            raise ModelUntrusted(f"{path}: a model folder holds data only.", hint="Remove the file if you know it.")
    try:
        sums = (folder / SUMS).read_bytes()
        listed = {file: digest for digest, _, file in (line.partition("  ") for line in sums.decode().splitlines())}
        contents = {file: (folder / file).read_bytes() for file in REQUIRED}
    except (OSError, ValueError) as error:
        raise ModelMismatch(f"{folder}: incomplete model folder ({error}).", hint="Train or copy it again.") from None
    for file, content in contents.items():
        if listed.get(file) != hashlib.sha256(content).hexdigest():
            raise ModelUntrusted(
                f"{folder / file}: not what its checksum says.", hint="Copy the model again from where you trust it."
            )
    return contents | {SUMS: sums}
