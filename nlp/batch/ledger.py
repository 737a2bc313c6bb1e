"""What has been done, in SQLite: results by content of the file, settings and model, and the documents as read.

One connection holds the file for as long as it is open, so that a second run on the same output is refused; the lock
goes with the process, however it ends. A row is there whole or not at all: what the ledger has, need not be done again.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

from nlp.batch.inputs import shown
from nlp.errors import OutputError

TRANSIENT = ("timeout", "memory", "crashed", "error", "missing", "no_access", "changing")  # tried again next time
SETTLING = 2.0  # seconds: a file changed less long ago may change again without its time showing it

KEPT = """
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, size INTEGER, changed INTEGER, hash TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    hash TEXT, settings TEXT, document BLOB, PRIMARY KEY (hash, settings)
);
CREATE TABLE IF NOT EXISTS results (
    hash TEXT, settings TEXT, model TEXT, status TEXT, seconds REAL, facts TEXT, result BLOB,
    PRIMARY KEY (hash, settings, model)
);
"""
THIS_RUN = """
CREATE TEMP TABLE run (
    number INTEGER PRIMARY KEY, path BLOB, hash TEXT, settings TEXT, bytes INTEGER, status TEXT, seconds REAL,
    facts TEXT, known INTEGER DEFAULT 0
);
CREATE INDEX temp.run_hash ON run (hash, settings);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of input `number`: a line of OUT.run.jsonl, and its packed result where there is one."""

    number: int
    source: str
    status: str
    seconds: float
    size: int | None  # bytes
    hash: str | None
    known: bool  # from an earlier run
    facts: dict[str, Any] = field(default_factory=dict)
    result: bytes | None = field(default=None, repr=False)


class Ledger:
    """Raises OutputError when another run has it, or when it cannot be written."""

    def __init__(self, path: Path | None = None, *, model: str = "") -> None:
        self.path, self.model, self._lock = path, model, RLock()
        with self._writing():
            # "" is a database on disk without a name, gone when it is closed
            self._db = sqlite3.connect(path or "", timeout=0, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(KEPT + THIS_RUN)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise OutputError(
                    f"{self.path}: another run is writing this output.", hint="Wait for it, or give another --out."
                ) from None
            hint = "Make room or give another --out; the same command goes on where it stopped."
            if "malformed" in str(error) or "not a database" in str(error):
                hint = "Remove it to start afresh."
            raise OutputError(f"{self.path}: the ledger cannot be written ({error}).", hint=hint) from None

    def _do(self, command: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._writing():
            return self._db.execute(command, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def forget(self) -> None:
        """Start afresh."""
        for table in ("files", "documents", "results"):
            self._do(f"DELETE FROM {table}")

    # --- the inputs of this run -----------------------------------------------------------------------------------

    def enlist(self, paths: Iterable[Path]) -> int:
        """Note the inputs, in order; gives their number."""
        with self._writing():
            rows = ((number, os.fsencode(path)) for number, path in enumerate(paths))
            self._db.execute("BEGIN")
            self._db.executemany("INSERT INTO run (number, path) VALUES (?, ?)", rows)
            self._db.execute("COMMIT")
        return int(self._do("SELECT count(*) FROM run")[0][0])

    def input(self, number: int) -> Path:
        return Path(os.fsdecode(self._do("SELECT path FROM run WHERE number = ?", (number,))[0][0]))

    def identify(self, number: int, digest: str, settings: str, size: int) -> None:
        """Say what is in input `number`."""
        command = "UPDATE run SET hash = ?, settings = ?, bytes = ? WHERE number = ?"
        self._do(command, (digest, settings, size, number))

    def same_before(self, number: int, digest: str, settings: str) -> str | None:
        """The source of an earlier input of this run with the same content."""
        command = "SELECT path FROM run WHERE hash = ? AND settings = ? AND number < ? ORDER BY number LIMIT 1"
        rows = self._do(command, (digest, settings, number))
        return shown(os.fsdecode(rows[0][0])) if rows else None

    # --- what is known ----------------------------------------------------------------------------------------------

    def known_hash(self, path: Path, about: os.stat_result) -> str | None:
        """Of a file that has the size and time it had when it was read."""
        command = "SELECT hash FROM files WHERE path = ? AND size = ? AND changed = ?"
        rows = self._do(command, (os.fsencode(path.absolute()), about.st_size, about.st_mtime_ns))
        return rows[0][0] if rows else None

    def note_hash(self, path: Path, about: os.stat_result, digest: str) -> None:
        if time.time() - about.st_mtime > SETTLING:
            values = (os.fsencode(path.absolute()), about.st_size, about.st_mtime_ns, digest)
            self._do("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", values)

    def document(self, digest: str, settings: str) -> bytes | None:
        """The packed document of an earlier reading."""
        rows = self._do("SELECT document FROM documents WHERE hash = ? AND settings = ?", (digest, settings))
        return rows[0][0] if rows else None

    def settle_known(self, number: int, digest: str, settings: str) -> bool:
        """Take the result of an earlier run for input `number`, if there is one."""
        command = (
            "UPDATE run SET known = 1, (status, seconds, facts) = "
            "(SELECT status, seconds, facts FROM results WHERE hash = ? AND settings = ? AND model = ?) "
            "WHERE number = ? RETURNING status"
        )
        return self._do(command, (digest, settings, self.model, number))[0][0] is not None

    # --- what was done ----------------------------------------------------------------------------------------------

    def settle(
        self,
        number: int,
        status: str,
        seconds: float,
        facts: dict[str, Any],
        *,
        result: bytes | None = None,
        document: bytes | None = None,
    ) -> None:
        """Keep what was made of input `number`, then say that it is done."""
        digest, settings = self._do("SELECT hash, settings FROM run WHERE number = ?", (number,))[0]
        said = json.dumps(facts, ensure_ascii=False)
        with self._writing():
            self._db.execute("BEGIN")
            if document is not None:
                self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (digest, settings, document))
            if status not in (*TRANSIENT, "duplicate") and digest:
                values = (digest, settings, self.model, status, seconds, said, result)
                self._db.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            command = "UPDATE run SET known = 0, status = ?, seconds = ?, facts = ? WHERE number = ?"
            self._db.execute(command, (status, seconds, said, number))
            self._db.execute("COMMIT")

    def entry(self, number: int) -> Entry | None:
        """What became of an input; None as long as that is not known."""
        command = (
            "SELECT run.path, run.status, run.seconds, run.bytes, run.hash, run.known, run.facts, results.result "
            "FROM run LEFT JOIN results ON run.status IN ('ok', 'partial') AND results.hash = run.hash "
            "AND results.settings = run.settings AND results.model = ? WHERE run.number = ?"
        )
        rows = self._do(command, (self.model, number))
        if not rows or rows[0][1] is None:
            return None
        path, status, seconds, size, digest, known, facts, result = rows[0]
        source = shown(os.fsdecode(path))
        return Entry(number, source, status, seconds, size, digest, bool(known), json.loads(facts or "{}"), result)
