"""Files are read in processes of their own, within limits of time and memory: one that goes wrong takes one file with it.

A child lives on for the next file, for starting one takes seconds; it is replaced when it was ended or has grown.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import Pipe
from pathlib import Path
from threading import Lock
from typing import Any

from nlp.errors import DoelwijzerError, ModelMismatch, WorkerError

STARTING = 120.0  # seconds in which a child must have loaded its model, on a busy machine
FILES_PER_CHILD = 1000  # then a fresh one, so that what libraries never let go of does not add up
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)  # files run side by side
PACKAGE = str(Path(__file__).parent.parent)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Job:
    """What is the same for every file of a run."""

    model: str = "current"  # name, or path of the folder
    engine: str = "pdfplumber"
    seconds: float = 120.0  # per file
    memory: int = 1500 * 2**20  # bytes of address space per child, libraries included; 0 for no limit
    pages: int = 5000
    targets: bool = False
    model_files: tuple[tuple[str, bytes], ...] = ()  # the folder itself, for machines that do not have it


@dataclass(frozen=True, slots=True)
class Work:
    """One file: its bytes, or, where `was_read`, the packed document of an earlier reading."""

    number: int
    name: str
    content: bytes = field(repr=False)
    was_read: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it. `facts`: message, pages, passages; `result` and `document` are packed, where there is one."""

    number: int
    status: str
    seconds: float
    facts: dict[str, Any] = field(default_factory=dict)
    result: bytes | None = field(default=None, repr=False)
    document: bytes | None = field(default=None, repr=False)


class Child:
    """A process that runs nlp.batch.child. Raises WorkerError or ModelError when it cannot start."""

    def __init__(self, job: Job) -> None:
        self.job, self.files = job, 0
        self.pipe, theirs = Pipe()
        # what it says on standard error until it is ready; gone with the child
        self.complaints = tempfile.TemporaryFile()  # noqa: SIM115
        paths = os.pathsep.join(filter(None, (PACKAGE, os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "nlp.batch.child", str(theirs.fileno())], pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.complaints,
            env=os.environ | ONE_THREAD | {"PYTHONPATH": paths}, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self.ready = self._start()

    def _start(self) -> dict[str, Any]:
        job = self.job
        about = {name: getattr(job, name) for name in ("engine", "seconds", "memory", "pages", "targets")}
        try:
            self.pipe.send_bytes(json.dumps(about | {"model": model_folder(job)}).encode())
            if not self.pipe.poll(STARTING):
                raise EOFError
            ready: dict[str, Any] = json.loads(self.pipe.recv_bytes())
        except (EOFError, OSError):
            raise self._stillborn() from None
        if "error" in ready:
            self.end()
            raise DoelwijzerError(ready["error"], hint=ready["hint"])
        return ready

    def _stillborn(self) -> WorkerError:
        self.end()
        self.complaints.seek(0)
        last = self.complaints.read().decode(errors="replace").strip().splitlines()[-1:]
        limit = f" within {self.job.memory / 2**20:.0f} MB" if self.job.memory else ""
        said = f": {last[0]}" if last else "."
        return WorkerError(f"A worker could not start{limit}{said}", hint="If memory is short: --max-memory 2G.")

    def answer(self, work: Work) -> Reply:
        """Whatever happens to the child becomes the reply."""
        begin = time.perf_counter()
        self.files += 1
        try:
            self.pipe.send_bytes(json.dumps([work.name, work.was_read]).encode())
            self.pipe.send_bytes(work.content)
            if not self.pipe.poll(self.job.seconds):
                self.end()
                message = f"It took more than {self.job.seconds:g} seconds."
                return Reply(work.number, "timeout", time.perf_counter() - begin, {"message": message})
            facts = json.loads(self.pipe.recv_bytes())
            result, document = (self.pipe.recv_bytes() or None for _ in range(2))
        except (EOFError, OSError):
            return self._died(work.number, time.perf_counter() - begin)
        status = facts.pop("status")
        if status == "memory":
            self.end()
        return Reply(work.number, status, time.perf_counter() - begin, facts, result, document)

    def _died(self, number: int, seconds: float) -> Reply:
        with suppress(subprocess.TimeoutExpired):  # its own exit code says more than ours
            self.process.wait(timeout=1)
        self.end()
        code = self.process.returncode
        how = signal.Signals(-code).name if code and code < 0 else f"exit code {code}"
        if code == -signal.SIGALRM:
            return Reply(number, "timeout", seconds, {"message": f"It took more than {self.job.seconds:g} seconds."})
        return Reply(number, "crashed", seconds, {"message": f"The process that read it ended ({how})."})

    @property
    def spent(self) -> bool:
        return self.process.returncode is not None or self.files >= FILES_PER_CHILD

    def end(self) -> None:
        """At once; harmless when it has ended."""
        self.pipe.close()
        self.process.kill()
        self.process.wait()


class Children:
    """The children of this process that are waiting for work, and all that live."""

    def __init__(self) -> None:
        self._lock, self._idle, self._all = Lock(), list[Child](), set[Child]()
        self._fingerprint: dict[Job, str] = {}

    def take(self, job: Job) -> Child:
        with self._lock:
            for at, child in enumerate(self._idle):
                if child.job == job:
                    return self._idle.pop(at)
        child = Child(job)
        with self._lock:
            self._all.add(child)
            known = self._fingerprint.setdefault(job, child.ready["fingerprint"])
        if known != child.ready["fingerprint"]:
            raise ModelMismatch(f"Model {job.model!r} changed during the run.", hint="Start again with the new one.")
        return child

    def give(self, child: Child) -> None:
        with self._lock:
            if not child.spent:
                self._idle.append(child)
                return
            self._all.discard(child)
        child.end()

    def end(self) -> None:
        """End all, also those at work."""
        with self._lock:
            children, self._all, self._idle = self._all, set(), []
            self._fingerprint.clear()
        for child in children:
            child.process.kill()
        for child in children:
            child.process.wait()


CHILDREN = Children()


def answer(job: Job, work: Work) -> Reply:
    """Have one file tagged within the limits, by a child of the process that this runs in."""
    child = CHILDREN.take(job)
    try:
        return child.answer(work)
    finally:
        CHILDREN.give(child)


def about_model(job: Job) -> tuple[str, str]:
    """Name with version, and fingerprint. Raises DoelwijzerError when the job cannot be done as asked."""
    child = CHILDREN.take(job)
    CHILDREN.give(child)
    return child.ready["model"], child.ready["fingerprint"]


def model_folder(job: Job) -> str:
    """Its path on this machine."""
    return _unpacked(job.model_files).name if job.model_files else job.model


@lru_cache(maxsize=2)
def _unpacked(files: tuple[tuple[str, bytes], ...]) -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="doelwijzer-")  # removed when this process ends
    for name, content in files:
        Path(folder.name, Path(name).name).write_bytes(content)
    return folder
