"""Files that appear whole or not at all: written beside their place first, then moved there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nlp.errors import OutputError

PART = ".part"  # ends the name under which a file is written first


@contextmanager
def whole(path: str | Path, *, hint: str = "See to the folder, its rights and room.") -> Iterator[Path]:
    """A place to write, moved to `path` when all went well: a reader sees the former content or the new one.

    Raises OutputError with the hint for whatever the system refuses.
    """
    path = Path(path)
    part = path.with_name(path.name + PART)
    try:
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: it cannot be written ({error.strerror or error}).", hint=hint) from error
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: str | Path, content: bytes) -> None:
    """The content as a file. Raises OutputError."""
    with whole(path) as part:
        part.write_bytes(content)
