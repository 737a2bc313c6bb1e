"""The error family: every message says where, what, and what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class DoelwijzerError(Exception):
    """Base of all errors raised on purpose; `.hint` is the next step for the person at the keyboard."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:  # errors travel between worker processes
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(kind: type[DoelwijzerError], args: tuple[object, ...], state: dict[str, object]) -> DoelwijzerError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class DocumentError(DoelwijzerError):
    """A document that cannot be read; `.status` is the word used in run reports and JSON."""

    status = "error"

    def __init__(self, path: str | Path, trouble: str, *, page: int | None = None, hint: str | None = None) -> None:
        place = f"{path}, page {page}" if page else str(path)
        super().__init__(f"{place}: {trouble}.", hint=hint)
        self.path, self.page, self.trouble = str(path), page, trouble


class MissingDocument(DocumentError, FileNotFoundError):
    """There is no such file."""

    status = "missing"


class NoTextLayer(DocumentError):
    """The pages hold pictures or nothing, no text."""

    status = "no_text_layer"


class UnreadableText(DocumentError):
    """There is text, but its characters cannot be told (fonts without a Unicode map)."""

    status = "unreadable_text"


class Encrypted(DocumentError):
    """A password is needed."""

    status = "encrypted"


class Damaged(DocumentError):
    """The file is broken beyond what can be repaired."""

    status = "damaged"


class TooLarge(DocumentError):
    """The file asks for more pages, time or memory than the limits allow."""

    status = "too_large"


class UnsupportedFormat(DocumentError):
    """Not a kind of file that can be read."""

    status = "unsupported"


class NoAccess(DocumentError):
    """The file is there but may not or cannot be opened."""

    status = "no_access"


class Changing(DocumentError):
    """The file was being written while it was read."""

    status = "changing"


class NotText(DoelwijzerError, TypeError):
    """Something else was given where a text, or a list of texts, is wanted."""


class SchemeError(DoelwijzerError):
    """A taxonomy file that does not hold together."""

    def __init__(
        self,
        file: str | Path,
        trouble: str,
        *,
        line: int | None = None,
        concept: str | None = None,
        hint: str | None = None,
    ) -> None:
        place = f"{file}:{line}" if line else str(file)
        about = f", concept {concept!r}" if concept else ""
        super().__init__(f"{place}{about}: {trouble}.", hint=hint)
        self.file, self.line, self.concept = str(file), line, concept


class CorpusError(DoelwijzerError):
    """A line of annotations that does not hold together."""

    def __init__(
        self,
        file: str | Path,
        trouble: str,
        *,
        line: int | None = None,
        passage: str | None = None,
        hint: str | None = None,
    ) -> None:
        place = f"{file}:{line}" if line else str(file)
        about = f", passage {passage!r}" if passage else ""
        super().__init__(f"{place}{about}: {trouble}.", hint=hint)
        self.file, self.line, self.passage = str(file), line, passage


class UnknownName(DoelwijzerError, LookupError):
    """A name that is in no registry; tells which names are."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(str(name), names, n=1)
        ask = f"Did you mean {near[0]!r}? " if near else ""
        super().__init__(f"Unknown {kind} {name!r}.", hint=f"{ask}Known: {', '.join(names)}.")
        self.kind, self.name, self.known = kind, name, tuple(names)


class ModelError(DoelwijzerError):
    """A model folder that cannot be used."""


class ModelNotFound(ModelError, LookupError):
    """No model of that name or at that place."""


class ModelMismatch(ModelError):
    """The parts of a model folder do not fit each other or this version."""


class ModelUntrusted(ModelError):
    """A file of the model folder is not what its checksum says, or would run code when loaded."""


class FrameError(DoelwijzerError, ValueError):
    """A table or list that does not hold tagged documents."""


class MissingExtra(DoelwijzerError, ImportError):
    """An optional library is not installed; the hint is the exact install line."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} is not installed.", hint=f"Run: pip install 'doelwijzer[{extra}]'")
        self.extra = extra


class OutputError(DoelwijzerError):
    """The output cannot be written: the disk is full, the folder is gone, another run is writing it."""


class WorkerError(DoelwijzerError):
    """The processes that read the files cannot start or cannot be reached."""
