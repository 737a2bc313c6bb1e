"""Behind the counter: what a user hands in → tagged by a child process within limits → files to take along.

All of it is in memory; what a writer needs a file for is removed at once.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Semaphore
from time import monotonic

from nlp.batch.limits import Job, Work, answer
from nlp.batch.packing import expand
from nlp.errors import DoelwijzerError
from nlp.pdf.pictures import Painter
from nlp.plain import PlainDocument
from nlp.report import report
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
    """What came of a document: `status` as in nlp.batch, `message` in the words of the library; `files` by format."""

    status: str
    message: str | None = None
    files: dict[str, bytes] = field(default_factory=dict, repr=False)


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
            if reply.result is None:
                return Answer(reply.status, reply.facts["message"])
            about, taggings = expand(reply.result)
            tagged = PlainDocument(about | {"source": name}, taggings)
            return Answer(reply.status, reply.facts["message"], files_of(tagged, content, settings.seconds))
    except DoelwijzerError as error:
        return Answer("error", str(error))
    except Exception as error:  # a fault of doelwijzer costs this document, not the page
        return Answer("error", f"{type(error).__name__}: {error}")


def files_of(tagged: PlainDocument, content: bytes, seconds: float) -> dict[str, bytes]:
    """The files that `doelwijzer tag NAME --out FILE` writes in the formats of FORMATS."""
    with tempfile.TemporaryDirectory(prefix="doelwijzer-") as folder:
        files = {kind: _written(tagged, Path(folder, f"uit.{kind}")) for kind in ("jsonl", "csv")}
    with Hurried(seconds) as painter:
        return files | {"html": report(tagged, content, painter).encode("utf-8", "replace")}


def _written(tagged: PlainDocument, path: Path) -> bytes:
    write([tagged], path)
    return path.read_bytes()


class Hurried(Painter):
    """A painter who lays down the brush when the time for a document is up."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def pictures(self, data: bytes, pages: Iterable[tuple[int, int]], width: int) -> Generator[bytes | None]:
        """As those of Painter, as far as they were painted in time."""
        end = monotonic() + self.seconds
        for picture in super().pictures(data, pages, width):
            yield picture
            if monotonic() > end:
                return
