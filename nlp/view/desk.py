"""Behind the counter: what a user hands in → tagged by a child process within limits → files to take along.

All of it is in memory; what a writer needs a file for is removed at once.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Semaphore

from nlp.batch.limits import Job, Work, answer
from nlp.batch.packing import expand
from nlp.errors import DoelwijzerError
from nlp.plain import PlainDocument
from nlp.write import write

MB = 2**20
PASTED = "tekst.txt"  # the name of a text without one


@dataclass(frozen=True, slots=True)
class Settings:
    """What one user may ask of this machine."""

    model: str = "current"
    engine: str = "pdfplumber"
    seconds: float = 60.0  # per document
    pages: int = 500
    megabytes: int = 25  # of a file or text handed in
    memory: int = 1500 * MB  # per document, as in nlp.batch
    jobs: int = 2  # documents read at the same time; others wait their turn

    @property
    def job(self) -> Job:
        return Job(self.model, self.engine, self.seconds, self.memory, self.pages)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What came of a document: `status` as in nlp.batch, `message` in the words of the library."""

    status: str
    message: str | None = None
    tagged: PlainDocument | None = field(default=None, repr=False)


@lru_cache(maxsize=1)
def turns(jobs: int) -> Semaphore:
    """One per server, whoever asks."""
    return Semaphore(jobs)


def tag(settings: Settings, name: str, content: bytes) -> Answer:
    """Tag what was handed in, when it is its turn. Never raises for what is in it."""
    if len(content) > settings.megabytes * MB:
        return Answer("too_large", f"It has {len(content) / MB:.1f} MB.")
    try:
        with turns(settings.jobs):
            reply = answer(settings.job, Work(0, name, content))
    except DoelwijzerError as error:
        return Answer("error", str(error))
    if reply.result is None:
        return Answer(reply.status, reply.facts["message"])
    about, taggings = expand(reply.result)
    return Answer(reply.status, reply.facts["message"], PlainDocument(about | {"source": name}, taggings))


def written(tagged: PlainDocument, kind: str) -> bytes:
    """The file that `doelwijzer tag NAME --out FILE.kind` writes. kind: a key of nlp.write.WRITERS."""
    with tempfile.TemporaryDirectory(prefix="doelwijzer-") as folder:
        path = Path(folder, f"uit.{kind}")
        write([tagged], path, kind)
        return path.read_bytes()
