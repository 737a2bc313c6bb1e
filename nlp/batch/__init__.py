"""Many files, unattended: each in a child within limits, in input order, with one outcome each, and none done twice."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed, parallel_config

from nlp import __version__
from nlp.batch.inputs import load, shown
from nlp.batch.ledger import Entry, Ledger
from nlp.batch.limits import CHILDREN, Job, Reply, Work, about_model, answer
from nlp.batch.packing import SHAPE, expand
from nlp.errors import DocumentError, DoelwijzerError, MissingExtra, UnknownName, WorkerError
from nlp.plain import FORMAT, PlainDocument

BYTES = 512 * 2**20  # of one file
GOOD = ("ok", "partial", "duplicate")  # anything else is a failure
BACKENDS = ("threading", "loky", "dask")


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of one input: ok, partial, duplicate, or the word of what went wrong (see README.md, "Outcomes")."""

    source: str
    status: str
    seconds: float
    message: str | None = None
    pages: int | None = None
    passages: int | None = None
    bytes: int | None = None
    hash: str | None = None  # sha256 of the content
    known: str | None = None  # from an earlier run: the "result", or only the "document" as read
    tagged: PlainDocument | None = field(default=None, repr=False)

    @property
    def failed(self) -> bool:
        return self.status not in GOOD

    def json(self) -> dict[str, Any]:
        """A line of OUT.run.jsonl."""
        names = ("source", "status", "seconds", "message", "pages", "passages", "bytes", "hash", "known")
        return {name: getattr(self, name) for name in names} | {"seconds": round(self.seconds, 3)}


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does the work: `backend` is one of joblib; the threads of "threading" only wait for their children."""

    jobs: int = 1
    backend: str = "threading"
    scheduler: str | None = None  # of dask: tcp://host:8786


class Batch:
    """One run. Use as `with Batch(job, …) as batch: batch.enlist(files); for outcome in batch: …`.

    With a `ledger` (a path) results are kept there and found again by the next run.
    Raises OutputError when another run has the ledger; ModelError, UnknownName, WorkerError before any work.
    """

    def __init__(self, job: Job, ledger: Path | None = None, crew: Crew | None = None, *, fresh: bool = False) -> None:
        self.job, self.crew, self.count = job, crew or Crew(), 0
        self._trouble: DoelwijzerError | None = None
        if self.crew.backend not in BACKENDS:
            raise UnknownName("backend", self.crew.backend, BACKENDS)
        self.ledger = Ledger(ledger)
        if fresh:
            self.ledger.forget()

    def __enter__(self) -> Batch:
        return self

    def __exit__(self, *_: object) -> None:
        CHILDREN.end()
        self.ledger.close()

    def enlist(self, files: Iterable[Path]) -> int:
        """Add the inputs; gives their number."""
        self.count = self.ledger.enlist(files)
        return self.count

    def __iter__(self) -> Iterator[Outcome]:
        """The outcomes in the order of the inputs, each as soon as those before it are there."""
        _, self.ledger.model = about_model(self.job)
        position = 0
        with _parallel(self.job, self.crew) as (job, parallel):
            for reply in parallel(delayed(answer)(job, work) for work in self._work()):
                self._settle(reply)
                while entry := self.ledger.entry(position):
                    yield _outcome(entry)
                    position += 1
        self._complain()
        while entry := self.ledger.entry(position):
            yield _outcome(entry)
            position += 1

    def _complain(self) -> None:
        if self._trouble:
            raise self._trouble

    def new(self) -> Iterator[Path]:
        """The inputs that would have to be tagged, without tagging them."""
        _, self.ledger.model = about_model(self.job)
        for work in self._work():
            yield self.ledger.input(work.number)
        self._complain()

    def _settle(self, reply: Reply) -> None:
        self.ledger.settle(
            reply.number, reply.status, reply.seconds, reply.facts, result=reply.result, document=reply.document
        )

    def _work(self) -> Iterator[Work]:
        """What is still to be done. Runs in threads of joblib, which an error would leave hanging: it is kept for later."""
        try:
            for number in range(self.count):
                if work := self._prepare(number):
                    yield work
        except DoelwijzerError as error:
            self._trouble = error

    def _prepare(self, number: int) -> Work | None:
        """None when the outcome is known at once."""
        begin, ledger, path = time.perf_counter(), self.ledger, self.ledger.input(number)
        settings = settings_of(self.job, path)
        try:
            if self._known(number, path, settings):
                return None
            content, about = load(path, BYTES)
        except DocumentError as error:
            message = " ".join(filter(None, [error.trouble[:1].upper() + error.trouble[1:] + ".", error.hint]))
            ledger.settle(number, error.status, time.perf_counter() - begin, {"message": message})
            return None
        digest = hashlib.sha256(content).hexdigest()
        ledger.note_hash(path, about, digest)
        if self._done(number, digest, settings, len(content)):
            return None
        document = ledger.document(digest, settings)
        return Work(number, shown(path), document or content, document is not None)

    def _known(self, number: int, path: Path, settings: str) -> bool:
        """Whether it is as it was when an earlier run did it: then it need not even be read."""
        try:
            about = path.stat()
        except (OSError, ValueError):
            return False
        digest = self.ledger.known_hash(path, about)
        return digest is not None and self._done(number, digest, settings, about.st_size)

    def _done(self, number: int, digest: str, settings: str, size: int) -> bool:
        ledger = self.ledger
        ledger.identify(number, digest, settings, size)
        if first := ledger.same_before(number, digest, settings):
            ledger.settle(number, "duplicate", 0.0, {"message": f"Its content is that of {first}."})
            return True
        return ledger.settle_known(number, digest, settings)


def settings_of(job: Job, path: Path) -> str:
    """Fingerprint of all that reading depends on besides the content; the name counts by its suffix."""
    parts = [__version__, SHAPE, FORMAT, job.engine, job.pages, path.suffix.lower()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _outcome(entry: Entry) -> Outcome:
    tagged = None
    if entry.result is not None:
        about, taggings = expand(entry.result)
        tagged = PlainDocument(about | {"source": entry.source}, taggings)
    facts = {name: entry.facts.get(name) for name in ("message", "pages", "passages")}
    known = "result" if entry.known else "document" if entry.facts.get("was_read") else None
    return Outcome(
        entry.source, entry.status, entry.seconds, **facts, bytes=entry.size, hash=entry.hash, known=known,
        tagged=tagged,
    )  # fmt: skip


Run = Callable[[Iterable[Any]], Iterator[Reply]]


@contextmanager
def _parallel(job: Job, crew: Crew) -> Iterator[tuple[Job, Run]]:
    """The job as the workers get it, and joblib's Parallel over them; replies come as they are made."""
    options: dict[str, Any] = {}
    if crew.backend == "dask":
        job = replace(job, model_files=_model_files(job))
        options = {"client": _client(crew.scheduler), "scatter": [job]}  # the model goes to every worker once
    with parallel_config(crew.backend, n_jobs=crew.jobs, **options):
        yield job, Parallel(return_as="generator_unordered", batch_size=1)


def _model_files(job: Job) -> tuple[tuple[str, bytes], ...]:
    from nlp.models import find_model

    return tuple((file.name, file.read_bytes()) for file in sorted(find_model(job.model).iterdir()) if file.is_file())


def _client(scheduler: str | None) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtra("dask", "dask") from None
    if scheduler is None:
        raise WorkerError("No scheduler was given.", hint="Add --scheduler tcp://HOST:8786.")
    try:
        return Client(scheduler, timeout=20, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise WorkerError(f"The scheduler {scheduler} cannot be reached ({error}).", hint="Is it running?") from error


def tag_files(
    files: Iterable[str | os.PathLike[str]], *, model: str = "current", jobs: int = 1, engine: str = "pdfplumber"
) -> Iterator[Outcome]:
    """The outcomes in the order of the files; nothing is kept."""
    with Batch(Job(model=model, engine=engine), crew=Crew(jobs)) as batch:
        batch.enlist(map(Path, files))
        yield from batch
