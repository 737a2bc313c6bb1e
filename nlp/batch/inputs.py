"""What a person points at → the files to tag, in an order that does not change, and their bytes."""

from __future__ import annotations

import glob
import os
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from nlp.errors import Changing, MissingDocument, NoAccess, TooLarge, UnsupportedFormat

SUFFIXES = (".pdf", ".docx", ".xml", ".html", ".htm", ".txt")
STDIN, LIST = "-", "@"
TRIES, PAUSE = 3, 0.5  # of a file that someone is writing; seconds between


def find_files(inputs: Iterable[str | Path]) -> Iterator[Path]:
    """Files as given; a folder gives the documents below it, a pattern (`2021/**/*.pdf`) what fits it, `@names.txt` and
    `-` (standard input) the names listed there, one a line or parted by NUL. Folders and patterns go by name.

    A name that does not exist is given too: what comes of it is told where it is read.
    """
    for given in map(str, inputs):
        if given == STDIN:
            yield from _named(sys.stdin.buffer.read())
        elif given.startswith(LIST) and not os.path.lexists(given):
            yield from _listed(Path(given[1:]))
        elif glob.has_magic(given) and not os.path.lexists(given):
            found = sorted(glob.glob(given, recursive=True))  # noqa: PTH207  # not below one folder
            yield from (file for match in found or [given] for file in _below(Path(match)))
        else:
            yield from _below(Path(given))


def _listed(names: Path) -> Iterator[Path]:
    try:
        yield from _named(names.read_bytes())
    except FileNotFoundError:
        raise MissingDocument(names, "there is no such list of files") from None
    except OSError as error:
        raise NoAccess(names, f"the list cannot be read ({error.strerror})") from error


def _named(listed: bytes) -> Iterator[Path]:
    names = listed.split(b"\0") if b"\0" in listed else listed.splitlines()
    for name in names:
        if name.strip():
            yield from _below(Path(os.fsdecode(name)))


def _below(path: Path) -> Iterator[Path]:
    """The documents in a folder and its folders; anything else as it is. A folder called x.pdf is no folder to enter."""
    if not path.is_dir() or path.suffix.lower() in SUFFIXES:
        yield path
        return
    try:
        entries = sorted(os.scandir(path), key=lambda entry: os.fsencode(entry.name))
    except OSError:
        yield path  # told as no_access where it is read
        return
    for entry in entries:
        if entry.name.lower().endswith(SUFFIXES):
            yield path / entry.name
        elif entry.is_dir(follow_symlinks=False):  # a link may lead back to where we came from
            yield from _below(path / entry.name)


def chosen(files: Iterable[Path], since: float | None = None, limit: int | None = None) -> Iterator[Path]:
    """The files changed at or after `since` (seconds since 1970), no more than `limit`."""
    return islice((file for file in files if since is None or _changed(file) >= since), limit)


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return float("inf")  # so that it is told what is wrong with it


def load(path: Path, most: int) -> tuple[bytes, os.stat_result]:
    """The bytes of a file at one moment, and its size and time then.

    Raises MissingDocument, NoAccess, UnsupportedFormat (a folder, a device), TooLarge (over `most` bytes), Changing.
    """
    for attempt in range(TRIES):
        time.sleep(PAUSE * min(attempt, 1))
        try:
            before = path.stat()
            _check(path, before, most)
            content = path.read_bytes()
            after = path.stat()
        except FileNotFoundError:
            raise MissingDocument(path, "there is no such file", hint="Check the name and the folder.") from None
        except (OSError, ValueError) as error:
            raise NoAccess(path, f"it cannot be opened ({getattr(error, 'strerror', error)})") from error
        if len(content) == before.st_size and before.st_mtime_ns == after.st_mtime_ns:
            return content, after
    raise Changing(path, "it was being written while it was read", hint="Start again when it is complete.")


def _check(path: Path, about: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(about.st_mode):
        raise UnsupportedFormat(path, "it is a folder", hint="Give the files in it one by one.")
    if not stat.S_ISREG(about.st_mode):
        raise UnsupportedFormat(path, "it is no file but a device or pipe")
    if about.st_size > most:
        raise TooLarge(path, f"the file has {about.st_size / 2**20:.0f} MB", hint="Split it.")


def shown(path: str | Path) -> str:
    """A path that can be written in UTF-8, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
