"""Targets that may fit a passage, of the goals it is about: suggestions for the second level, off unless asked for.

Given that a passage is about goal 13: is it about 13.1, 13.2, … or 13.b? One logistic regression per target, learnt on
passages about its goal, so a score is the probability of the target where the goal is right. Per goal at most one target
is suggested: the best, when it scores enough and leads enough. All have the same intercept: without words that speak for
it no target leads. `learn` makes the folder that this reads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit

from nlp.classify import explain
from nlp.errors import ModelError, ModelMismatch
from nlp.features import Floats, TfidfEncoder, Words, restored, stored
from nlp.records import Tag
from nlp.schemes import load_scheme
from nlp.sealed import SUMS, find_folder, pack, real, seal, unpack, unseal

FORMAT = 1
SCHEME = "sdg-target"
ABOUT, WEIGHTS = "targets.json", "weights.npz"
REQUIRED = (ABOUT, WEIGHTS, "metrics.json", "recipe.toml", "README.md")
Suggestions = tuple[tuple[Tag, ...], dict[str, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Suggester:
    """weights: (features, targets). A target is suggested from `score` on, when it leads by `lead` in logits."""

    name: str
    version: str
    encoder: TfidfEncoder
    codes: tuple[str, ...]
    weights: sparse.csr_matrix
    intercept: float
    score: float
    lead: float
    fingerprint: str = ""  # sha256 over the folder's checksums

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"

    def suggest(
        self, texts: Sequence[str], goals: Sequence[Collection[str]], *, evidence: bool = True
    ) -> list[Suggestions]:
        """Per text the suggested targets of its goals, and the scores of all targets of them.

        As with other tags, intercept and evidence sum to the logit of the score.
        """
        words = [self.encoder.words(text) for text in texts]
        counts = self.encoder.counts(words)
        rows = self.encoder.weigh(counts)
        logits = (rows @ self.weights).toarray() + self.intercept
        found = []
        for i, own in enumerate(goals):
            places = {goal: self.places(goal) for goal in own}
            best = [k for at in places.values() if (k := self._best(logits[i], at)) is not None]
            cues: list[Any] = [()] * len(best)
            if evidence and best:
                here = slice(rows.indptr[i], rows.indptr[i + 1])
                cues = self._explain(texts[i], words[i], rows.indices[here], rows.data[here] / counts.data[here], best)
            scores = expit(logits[i])
            tags = (
                Tag(SCHEME, self.codes[k], float(scores[k]), "suggestion", why, self.intercept)
                for k, why in zip(best, cues, strict=True)
            )
            found.append((tuple(tags), {self.codes[k]: float(scores[k]) for at in places.values() for k in at}))
        return found

    def places(self, goal: str) -> list[int]:
        """The columns of the targets of a goal."""
        return [k for k, code in enumerate(self.codes) if code.partition(".")[0] == goal]

    def _best(self, logits: Floats, at: Sequence[int]) -> int | None:
        ordered = sorted(at, key=lambda k: -logits[k])
        if not ordered or expit(logits[ordered[0]]) < self.score:
            return None
        leads = len(ordered) == 1 or logits[ordered[0]] - logits[ordered[1]] >= self.lead
        return ordered[0] if leads else None

    def _explain(self, text: str, words: Words, columns: Any, once: Floats, best: Sequence[int]) -> list[Any]:
        weights = self.weights[columns][:, best].toarray()
        return explain(text, words, columns, once[:, None] * weights)


def load_suggester(name: str | Path = "targets") -> Suggester:
    """By name or path. Raises ModelNotFound, ModelUntrusted, ModelMismatch."""
    return _load(find_folder(name, ABOUT).resolve())


@lru_cache(maxsize=2)
def _load(folder: Path) -> Suggester:
    contents = unseal(folder, REQUIRED)
    try:
        about = json.loads(contents[ABOUT])
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']}, this version reads {FORMAT}")
        arrays = unpack(contents[WEIGHTS], folder / WEIGHTS)
        encoder = restored(about["encoder"], arrays)
        shape = len(encoder.vocabulary_), len(about["codes"])
        suggester = Suggester(
            name=str(about["name"]),
            version=str(about["version"]),
            encoder=encoder,
            codes=tuple(about["codes"]),
            weights=sparse.csr_matrix((real(arrays["data"]), arrays["columns"], arrays["bounds"]), shape=shape),
            intercept=float(about["intercept"]),
            score=float(about["score"]),
            lead=float(about["lead"]),
            fingerprint=hashlib.sha256(contents[SUMS]).hexdigest(),
        )
        _check(suggester)
    except ModelError:
        raise
    except (KeyError, IndexError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ModelMismatch(f"{folder}: its parts do not fit ({error}).", hint="Make it again.") from None
    return suggester


def _check(suggester: Suggester) -> None:
    suggester.weights.check_format(full_check=True)
    rest = [suggester.intercept, suggester.score, suggester.lead]
    if not (np.isfinite(suggester.weights.data).all() and np.isfinite(rest).all()):
        raise ValueError("weights are no numbers")
    unknown = [code for code in suggester.codes if code not in load_scheme(SCHEME)]
    if unknown or len(set(suggester.codes)) < len(suggester.codes):
        raise ValueError(f"codes twice or unknown: {unknown}")


def save_suggester(suggester: Suggester, folder: Path, *, metrics: dict[str, Any], card: str, recipe: str) -> None:
    """Write a folder; the same suggester gives the same bytes. Raises ModelError without figures or card."""
    if not metrics or not card.strip():
        raise ModelError("Suggestions cannot be saved without their figures and card.", hint="See nlp.targets.learn.")
    encoder, arrays = stored(suggester.encoder)
    about = {
        "format": FORMAT,
        "name": suggester.name,
        "version": suggester.version,
        "encoder": encoder,
        "codes": list(suggester.codes),
        "intercept": suggester.intercept,
        "score": suggester.score,
        "lead": suggester.lead,
    }
    weights = suggester.weights
    arrays |= {
        "data": weights.data.astype(np.float32),
        "columns": weights.indices.astype(np.uint8 if len(suggester.codes) < 256 else np.int32),
        "bounds": weights.indptr.astype(np.int32),
    }
    files = {
        ABOUT: _json(about),
        WEIGHTS: pack(arrays),
        "metrics.json": _json(metrics),
        "recipe.toml": recipe.encode(),
        "README.md": card.encode(),
    }
    seal(folder, files)
    _load.cache_clear()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
