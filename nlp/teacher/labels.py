"""What a teacher says of unlabelled passages, on disk: probabilities by passage id, and never the texts.

One set of probabilities per fold of the training documents, from a teacher that saw nothing of that fold: so that the
model which learns from them can be measured on the fold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlp.errors import CorpusError
from nlp.features import Floats

STEPS = 255  # a probability is kept in one byte


@dataclass(frozen=True, slots=True, eq=False)
class SoftLabels:
    """ids: of the passages; codes: "scheme:code", in the order of the columns; probabilities: (folds, ids, codes)."""

    ids: list[str]
    codes: list[str]
    probabilities: NDArray[np.uint8]

    @property
    def folds(self) -> int:
        """Of the training documents."""
        return len(self.probabilities)

    def of(self, fold: int | None) -> Floats:
        """Shape (ids, codes): from the teacher without that fold, or the mean of all teachers."""
        chosen = self.probabilities if fold is None else self.probabilities[[fold]]
        return np.asarray(chosen.mean(axis=0) / STEPS)


def write_soft_labels(labels: SoftLabels, path: str | Path) -> None:
    """The same labels give the same bytes."""
    about = json.dumps({"ids": labels.ids, "codes": labels.codes}).encode()
    with Path(path).open("wb") as out:
        np.savez_compressed(out, about=np.frombuffer(about, np.uint8), probabilities=labels.probabilities)


def read_soft_labels(path: str | Path) -> SoftLabels:
    """Raises CorpusError."""
    path = Path(path)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            about = json.loads(bytes(arrays["about"]))
            probabilities = arrays["probabilities"]
        if probabilities.shape[1:] != (len(about["ids"]), len(about["codes"])):
            raise ValueError(f"probabilities of shape {probabilities.shape}")
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        hint = "Make them again with scripts/train_teacher.py, or leave [teacher] out of the recipe."
        raise CorpusError(path, f"not a teacher's labels ({error})", hint=hint) from None
    return SoftLabels(about["ids"], about["codes"], probabilities)
