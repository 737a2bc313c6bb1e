"""Texts → sparse matrix of word and character n-grams, with the way back from features to words.

Character n-grams never cross a word, so all that a word type contributes can be remembered: this makes the
encoder fast and lets every feature's weight be led back to the words it came from (`Encoded.words`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_NUMBER = re.compile(r"\d{3,}")
LONGEST = 20  # characters of an n-gram: more would only take time
MEMORY = 100_000  # word types remembered before the memory is emptied: about 30 MB


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text: where they stand and which features each brings.

    `features[bounds[i]:bounds[i + 1]]` are the feature columns of word i; `pairs` holds (column, i) of word
    pairs that start at word i.
    """

    spans: tuple[tuple[int, int], ...]
    features: Ints
    bounds: Ints
    pairs: tuple[tuple[int, int], ...]


class TfidfEncoder:
    """TF-IDF of words, word pairs and character n-grams inside words; each row has length 1.

    Keeps to scikit-learn's protocol for transformers without importing it: whoever uses a model need not wait for it.

    min_df: a feature must stand in at least this many texts. max_features: the most frequent are kept.
    ngrams: shortest and longest character n-gram; the word's edges count as characters.
    After `fit`: `vocabulary_` (feature → column), `idf_` (shape columns).
    Term frequency is 1 + ln(count), idf is ln((1 + n) / (1 + df)) + 1 (Salton & Buckley 1988, smoothed).
    """

    def __init__(
        self, min_df: int = 3, max_features: int | None = None, ngrams: tuple[int, int] = (3, 5), pairs: bool = True
    ) -> None:
        self.min_df, self.max_features, self.ngrams, self.pairs = min_df, max_features, ngrams, pairs

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002  scikit-learn's signature
        """The parameters it was made with."""
        return {name: getattr(self, name) for name in ("min_df", "max_features", "ngrams", "pairs")}

    def set_params(self, **parameters: Any) -> Self:
        """Change parameters before the next `fit`."""
        for name, value in parameters.items():
            setattr(self, name, value)
        return self

    def fit(self, texts: Iterable[str], y: Any = None) -> Self:  # noqa: ARG002  scikit-learn's signature
        """Learn the vocabulary and the idf from texts."""
        frequency: Counter[str] = Counter()
        grams: dict[str, list[str]] = {}
        n = 0
        for n, text in enumerate(texts, 1):  # noqa: B007
            words = [word for word, _ in split_words(text)]
            here = {gram for word in set(words) for gram in self._grams(word, grams)}
            if self.pairs:
                here.update(map(_pair, words, words[1:]))
            frequency.update(here)
        kept = [(df, name) for name, df in frequency.items() if df >= self.min_df]
        if self.max_features is not None and len(kept) > self.max_features:
            kept = sorted(kept, key=lambda row: (-row[0], row[1]))[: self.max_features]
        names = sorted(name for _, name in kept)
        self.learnt(names, np.array([np.log((1 + n) / (1 + frequency[name])) + 1 for name in names]))
        return self

    def learnt(self, vocabulary: Sequence[str], idf: Floats) -> Self:
        """Set what `fit` would learn: how a stored model comes back to life."""
        self.vocabulary_ = {name: column for column, name in enumerate(vocabulary)}
        self.idf_ = np.asarray(idf, dtype=np.float64)
        self._memory: dict[str, bytes] = {}
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_memory"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state | {"_memory": {}})

    def keep(self, columns: NDArray[np.integer[Any]]) -> Self:
        """Forget all features but those of these columns, which are ascending."""
        names = list(self.vocabulary_)
        return self.learnt([names[i] for i in columns], self.idf_[columns])

    def transform(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """Rows of unit length, shape (texts, features)."""
        return self.weigh(self.counts([self.words(text) for text in texts]))

    def words(self, text: str) -> Words:
        """The words of a text with their feature columns."""
        found = split_words(text)
        columns = [self._columns(word) for word, _ in found]
        features = np.frombuffer(b"".join(columns), dtype=np.int32)
        pairs: list[tuple[int, int]] = []
        if self.pairs:
            for i in range(len(found) - 1):
                column = self.vocabulary_.get(_pair(found[i][0], found[i + 1][0]))
                if column is not None:
                    pairs.append((column, i))
        bounds = np.zeros(len(found) + 1, dtype=np.int32)
        np.cumsum([len(c) // features.itemsize for c in columns], out=bounds[1:])
        return Words(tuple(span for _, span in found), features, bounds, tuple(pairs))

    def counts(self, texts: Sequence[Words]) -> sparse.csr_matrix:
        """How often each feature stands in each text."""
        parts = [np.append(t.features, np.array([c for c, _ in t.pairs], dtype=np.int32)) for t in texts]
        indptr = np.zeros(len(parts) + 1, dtype=np.int64)
        np.cumsum([len(p) for p in parts], out=indptr[1:])
        indices = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
        shape = (len(parts), len(self.vocabulary_))
        matrix = sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=shape)
        matrix.sum_duplicates()
        return matrix

    def weigh(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Counts → TF-IDF in rows of unit length; a text without known features stays empty."""
        values = (1 + np.log(counts.data)) * self.idf_[counts.indices]
        lengths = np.diff(counts.indptr)
        squares = np.bincount(np.repeat(np.arange(len(lengths)), lengths), values**2, len(lengths))
        values /= np.sqrt(np.repeat(squares, lengths))
        return sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)

    def _columns(self, word: str) -> bytes:
        """The columns of a word as int32, in bytes: a third of the memory of small arrays, and quicker to join."""
        columns = self._memory.get(word)
        if columns is None:
            known = map(self.vocabulary_.get, self._grams(word, {}))
            columns = np.array([c for c in known if c is not None], dtype=np.int32).tobytes()
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            self._memory[word] = columns
        return columns

    def _grams(self, word: str, memory: dict[str, list[str]]) -> list[str]:
        grams = memory.get(word)
        if grams is None:
            edged = f"<{word}>"
            low, high = self.ngrams
            grams = memory[word] = ["=" + word] + [
                edged[i : i + n] for n in range(low, high + 1) for i in range(len(edged) - n + 1)
            ]
        return grams


def split_words(text: str) -> list[tuple[str, tuple[int, int]]]:
    """Words in lower case with their offsets; long numbers become their shape ("2030" → "0000")."""
    return [(_plain(match.group()), match.span()) for match in WORD.finditer(text)]


def _plain(word: str) -> str:
    return _NUMBER.sub(lambda m: "0" * len(m.group()), word.lower().replace("’", "'"))


def _pair(first: str, second: str) -> str:
    return f"={first} {second}"


ENCODERS = {"tfidf": TfidfEncoder}


def make_encoder(settings: Mapping[str, Any]) -> TfidfEncoder:
    """An encoder as a recipe describes it: its kind, "tfidf" where none is named, and parameters.

    Raises KeyError, TypeError.
    """
    return _made(settings.get("kind", "tfidf"), {name: v for name, v in settings.items() if name != "kind"})


def _made(kind: str, parameters: dict[str, Any]) -> TfidfEncoder:
    """With parameters of JSON or TOML, in which tuples are lists."""
    settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in parameters.items()}
    return ENCODERS[kind](**settings)


def stored(encoder: TfidfEncoder) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """A fitted encoder as values for JSON and arrays, from which `restored` makes it again."""
    kind = next(kind for kind, own in ENCODERS.items() if type(encoder) is own)
    names = "\n".join(encoder.vocabulary_).encode()
    arrays: dict[str, NDArray[Any]] = {
        "vocabulary": np.frombuffer(names, dtype=np.uint8),
        "idf": encoder.idf_.astype(np.float32),
    }
    return {"kind": kind, "parameters": encoder.get_params()}, arrays


def restored(about: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> TfidfEncoder:
    """The encoder that was stored. Raises KeyError, TypeError, ValueError where the parts do not fit each other."""
    encoder = _made(about["kind"], about["parameters"])
    encoder.learnt(bytes(arrays["vocabulary"]).decode("utf-8").split("\n"), arrays["idf"])
    check_encoder(encoder)
    return encoder


def check_encoder(encoder: TfidfEncoder) -> None:
    """Raises ValueError, TypeError where the parts of a fitted encoder do not fit each other."""
    features, (low, high) = len(encoder.vocabulary_), encoder.ngrams
    if encoder.idf_.shape != (features,):  # also where a feature stands twice
        raise ValueError(f"{features} different features, idf of shape {encoder.idf_.shape}")
    if not np.isfinite(encoder.idf_).all():
        raise ValueError("idf are no numbers")
    if not (isinstance(low, int) and isinstance(high, int) and low >= 1 and high <= LONGEST):
        raise ValueError(f"n-grams of {low} to {high} characters")
