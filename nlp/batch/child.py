"""What a child of nlp.batch.limits runs: tag what comes through the pipe until it is closed."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from multiprocessing.connection import Connection
from typing import Any

from nlp.batch.packing import pack, squeeze, unpack
from nlp.errors import DocumentError, DoelwijzerError
from nlp.reading import Options
from nlp.records import Document
from nlp.tagged import TaggedDocument, plain
from nlp.tagger import Tagger, load_tagger

GRACE = 10  # seconds after its time is up in which the parent ends us; without a parent we end ourselves
Answer = tuple[dict[str, Any], bytes, bytes]


def main(descriptor: int) -> None:
    pipe = Connection(descriptor)
    job = json.loads(pipe.recv_bytes())
    _limit(job["memory"])
    try:
        tagger = load_tagger(job["model"], targets=job["targets"])
        _warm_up(tagger, job["engine"])
    except DoelwijzerError as error:
        pipe.send_bytes(json.dumps({"error": error.message, "hint": error.hint}).encode())
        return
    about = {"model": str(tagger), "fingerprint": tagger.fingerprint}
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno()
    )  # what libraries mutter about files is in the notices
    pipe.send_bytes(json.dumps(about).encode())
    while True:
        name, was_read = json.loads(pipe.recv_bytes())
        content = pipe.recv_bytes()
        signal.alarm(int(job["seconds"]) + GRACE)
        facts, result, document = answer(tagger, job, name, content, was_read)
        signal.alarm(0)
        for part in (json.dumps(facts).encode(), result, document):
            pipe.send_bytes(part)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory and sys.platform != "darwin":  # macOS has no such limit that holds
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _warm_up(tagger: Tagger, engine: str) -> None:
    """What every file needs is loaded before the clock of the first runs; an unknown engine is told now."""
    tagger.tag(b"De Kamer is over het klimaat bericht.")
    with suppress(DocumentError):
        tagger.read(b"%PDF-", engine=engine)


def answer(tagger: Tagger, job: dict[str, Any], name: str, content: bytes, was_read: bool) -> Answer:
    """Facts with a status, the packed result, the packed document if it was read here. Never raises an Exception."""
    try:
        begin = time.perf_counter()
        document = unpack(content) if was_read else _read(tagger, job, name, content)
        between = time.perf_counter()
        tagged = tagger.tag(document)
        times = {"reading": between - begin, "tagging": time.perf_counter() - between}
        facts = _facts(tagged) | times | {"was_read": was_read}
        result = plain(tagged)
        return facts, squeeze([result.about, result.taggings]), b"" if was_read else pack(document)
    except Exception as error:
        return _trouble(error), b"", b""


def _read(tagger: Tagger, job: dict[str, Any], name: str, content: bytes) -> Document:
    source = BytesIO(content)
    source.name = name  # what it is called tells a web page under the name of a PDF
    limits = replace(Options().limits, pages=job["pages"])
    return replace(tagger.read(source, engine=job["engine"], limits=limits), source=None)


def _facts(tagged: TaggedDocument) -> dict[str, Any]:
    document = tagged.document
    notices = " ".join(notice.message for notice in document.notices) or None
    return {"status": document.status, "message": notices, "pages": len(document.pages), "passages": len(tagged)}


def _trouble(error: Exception) -> dict[str, Any]:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            return {"status": "memory", "message": "It takes more memory than it may."}
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, DocumentError):
        trouble = error.trouble[:1].upper() + error.trouble[1:] + "."
        return {"status": error.status, "message": " ".join(filter(None, [trouble, error.hint]))}
    what = str(error) if isinstance(error, DoelwijzerError) else f"{type(error).__name__}: {error}"
    return {"status": "error", "message": what}


if __name__ == "__main__":
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the run has ended
        main(int(sys.argv[1]))
