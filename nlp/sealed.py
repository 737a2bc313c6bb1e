"""A folder of data with checksums: written file by file, believed only after every file was checked.

Nothing in it may run code: no pickles, no modules, no arrays of objects; and no file may make the reader take more
memory than it says, or lead out of the folder.
"""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.errors import ModelMismatch, ModelNotFound, ModelUntrusted

SUMS = "SHA256SUMS"
RUNS_CODE = {".pkl", ".pickle", ".joblib", ".npy", ".py", ".so"}
PLACES = (Path(__file__).parent / "_models", Path(__file__).parent.parent / "models")  # installed, checkout
LARGEST = 256 * 2**20  # bytes of one file; a model has about 8 MB
LARGEST_UNPACKED = 512 * 2**20  # bytes of all arrays of one file; a model has about 12 MB


def find_folder(name: str | Path, mark: str) -> Path:
    """The folder by its path, or by its name among those that came along and hold a file `mark`. Raises ModelNotFound."""
    if Path(name).is_dir():
        return Path(name)
    for place in PLACES:
        if (place / str(name) / mark).is_file():
            return place / str(name)
    known = sorted({path.parent.name for place in PLACES for path in place.glob(f"*/{mark}")})
    hint = f"Known: {', '.join(known) or 'none'}; or give the path of a model folder."
    raise ModelNotFound(f"No model {str(name)!r}.", hint=hint)


def seal(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files and their checksums; the same contents give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    (folder / SUMS).write_text(sums, encoding="utf-8")


def unseal(folder: Path, required: Iterable[str]) -> dict[str, bytes]:
    """The contents of all files that the checksums list, and the checksums themselves.

    Raises ModelUntrusted (a file was changed, would run code or leads out of the folder), ModelMismatch (a file that is
    required or listed is missing).
    """
    _check_names(folder)
    try:
        sums = _content(folder / SUMS)
        listed = _listed(folder, sums.decode())
        contents = {name: _content(folder / name) for name in dict.fromkeys([*required, *listed])}
    except (OSError, ValueError) as error:
        raise ModelMismatch(f"{folder}: incomplete model folder ({error}).", hint="Train or copy it again.") from None
    for name, content in contents.items():
        if listed.get(name) != hashlib.sha256(content).hexdigest():
            raise ModelUntrusted(
                f"{folder / name}: not what its checksum says.", hint="Copy the model again from where you trust it."
            )
    return contents | {SUMS: sums}


def _check_names(folder: Path) -> None:
    home = folder.resolve()
    for path in folder.iterdir():
        if path.suffix.lower() in RUNS_CODE:
            raise ModelUntrusted(f"{path}: a model folder holds data only.", hint="Remove the file if you know it.")
        if path.is_symlink() and not path.resolve().is_relative_to(home):
            raise ModelUntrusted(f"{path}: it leads out of the model folder.", hint="Put the file itself there.")


def _listed(folder: Path, sums: str) -> dict[str, str]:
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in sums.splitlines())}
    for name in listed:
        if name == ".." or not name or Path(name).name != name:
            raise ModelUntrusted(f"{folder / SUMS}: {name!r} is no file of the folder.", hint="Copy the model again.")
    return listed


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise OSError(f"{path.name} is no file")
    if path.stat().st_size > LARGEST:
        raise ModelUntrusted(f"{path}: larger than {LARGEST >> 20} MB.", hint="Copy the model again.")
    return path.read_bytes()


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays → the content of an .npz file; the same arrays give the same bytes."""
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]  # its stub takes a flag among the arrays
    return packed.getvalue()


def unpack(content: bytes, place: Path) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz file; they cannot be written to. place: named in errors.

    Raises ModelUntrusted (objects, which would run code, or far more than a model holds), ModelMismatch (damaged).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                limit = f"larger than {LARGEST_UNPACKED >> 20} MB unpacked"
                raise ModelUntrusted(f"{place}: {limit}.", hint="Copy the model again from where you trust it.")
            return {part.filename.removesuffix(".npy"): _array(packed, part, place) for part in packed.infolist()}
    except (ValueError, KeyError, RuntimeError, NotImplementedError, OSError, EOFError, *DAMAGED) as error:
        raise ModelMismatch(f"{place}: damaged ({error}).", hint="Train or copy the model again.") from None


DAMAGED = (zipfile.BadZipFile, zlib.error)


def _array(packed: zipfile.ZipFile, part: zipfile.ZipInfo, place: Path) -> NDArray[Any]:
    """One array whose header tells no other size than the file has: only so much memory is taken."""
    with packed.open(part) as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, by_column, kind = read(file)
        if kind.hasobject:
            raise ModelUntrusted(f"{place}: it holds objects, which would run code.", hint="Do not use this model.")
        if math.prod(shape) * kind.itemsize != part.file_size - file.tell() or any(n < 0 for n in shape):
            raise ValueError(f"an array of shape {shape} in {part.file_size} bytes")
        return np.frombuffer(file.read(), kind).reshape(shape, order="F" if by_column else "C")


def real(array: NDArray[Any]) -> NDArray[np.float64]:
    """Stored numbers as float64. Raises ValueError for what is no real numbers."""
    if array.dtype.kind != "f":
        raise ValueError(f"an array of {array.dtype}")
    return array.astype(np.float64)
