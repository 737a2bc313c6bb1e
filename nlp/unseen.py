"""What a model said of passages it had not seen, kept in its folder so that a later model can be fairly held against it.

`unseen.npz`: the documents that the model learnt from, the passages it was measured on out of fold, and per scheme the
labels it gave them there. Documents and texts are kept as numbers made from them: the texts need not be handed on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import sealed
from nlp.errors import ModelMismatch, ModelUntrusted

FILE = "unseen.npz"
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """documents: keys of all it learnt from. rows: key of a measured text → its row in `given`, (texts, labels)."""

    documents: frozenset[int]
    rows: dict[int, int]
    given: dict[str, Bools]


def document_key(document: str) -> int:
    """32 bits: of ten thousand documents one in half a million is taken for another, and then left out."""
    return _key(document, 4)


def text_key(text: str) -> int:
    """64 bits."""
    return _key(text, 8)


def pack(documents: Iterable[str], texts: Sequence[str], given: Mapping[str, Bools]) -> bytes:
    """The content of `unseen.npz`; the same values give the same bytes. given: per scheme (texts, labels)."""
    arrays: dict[str, Any] = {
        "documents": np.array(sorted({document_key(each) for each in documents}), dtype=np.uint32),
        "texts": np.array([text_key(text) for text in texts], dtype=np.uint64),
    }
    for scheme, labels in given.items():
        arrays[f"{scheme}.given"] = np.packbits(labels, axis=1)
        arrays[f"{scheme}.labels"] = np.array(labels.shape[1])
    return sealed.pack(arrays)


def read_unseen(folder: Path) -> Unseen | None:
    """What a model folder keeps of this; None for a model that was made before it was kept.

    Raises ModelUntrusted when the file is not what its checksum says or would run code, ModelMismatch when it cannot be read.
    """
    if not (folder / FILE).is_file():
        return None
    content = (folder / FILE).read_bytes()
    sums = (folder / sealed.SUMS).read_text(encoding="utf-8").splitlines()
    if f"{hashlib.sha256(content).hexdigest()}  {FILE}" not in sums:
        hint = "Copy the model again from where you trust it."
        raise ModelUntrusted(f"{folder / FILE}: not what its checksum says.", hint=hint)
    try:
        return _unpacked(sealed.unpack(content, folder / FILE))
    except (KeyError, ValueError) as error:
        raise ModelMismatch(f"{folder / FILE}: it cannot be read ({error}).", hint="Train it again.") from None


def _unpacked(arrays: Mapping[str, Any]) -> Unseen:
    schemes = [name.removesuffix(".given") for name in arrays if name.endswith(".given")]
    return Unseen(
        documents=frozenset(arrays["documents"].tolist()),
        rows={key: row for row, key in enumerate(arrays["texts"].tolist())},
        given={
            s: np.unpackbits(arrays[f"{s}.given"], axis=1, count=int(arrays[f"{s}.labels"])).astype(bool)
            for s in schemes
        },
    )


def _key(text: str, size: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:size], "big")
