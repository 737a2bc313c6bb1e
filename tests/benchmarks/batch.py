"""How fast a batch is, in how much memory, and where the time goes: `python tests/benchmarks/batch.py [FOLDER]`.

Without a folder of PDFs it makes its own with scripts/make_documents.py (`--count`, `--text`), no two the same.
`processor` is the time of all processes together: unlike the clock it hardly depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber

from nlp import tagger
from nlp.tagged import plain
from nlp.write import write

ROOT = Path(__file__).parent.parent.parent
ENGINES = ("pdfplumber", "pdfium")
SPLIT = 12  # documents given to pdftextsplitter, which is slow
STAGES = {"read": "reading", "segment": "segmenting", "find_in_document": "citing", "in_passage": "citing"}


@dataclass
class Spent:
    """Seconds by the clock and of processors, and the most memory (MB) in each quarter of the run."""

    clock: float = 0.0
    processor: float = 0.0
    memory: tuple[float, ...] = ()


def made(folder: Path, count: int, text: Path | None) -> None:
    command = [sys.executable, str(ROOT / "scripts/make_documents.py"), "--out", str(folder), "--count", str(count)]
    subprocess.run([*command, *(["--text", str(text)] if text else [])], check=True, stdout=subprocess.DEVNULL)


def run(*arguments: Any) -> Spent:
    """Of the command, run in a process of its own."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, str(ROOT / "scripts/tag_documents.py"), *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sizes: list[float] = []
    watch = threading.Thread(target=_watch, args=(process, sizes))
    watch.start()
    if process.wait():
        raise SystemExit(f"exit code {process.returncode}: {' '.join(command)}")
    clock = time.perf_counter() - begin
    watch.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    quarter = max(1, len(sizes) // 4)
    return Spent(clock, used, tuple(max(sizes[at : at + quarter], default=0) for at in range(0, 4 * quarter, quarter)))


def _watch(process: subprocess.Popen[bytes], sizes: list[float]) -> None:
    while process.poll() is None:
        sizes.append(sum(_memory(pid) for pid in (process.pid, *_children(process.pid))))
        time.sleep(0.25)


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return found


def _memory(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0


def with_pdfplumber(files: list[Path]) -> tuple[Spent, int]:
    """Plain text of the same files, and their number of pages."""
    begin, used, pages = time.perf_counter(), time.process_time(), 0
    for file in files:
        with pdfplumber.open(file) as pdf:
            for page in pdf.pages:
                page.extract_text()
                page.close()
                pages += 1
    return Spent(time.perf_counter() - begin, time.process_time() - used), pages


@contextmanager
def timed(seconds: dict[str, float]) -> Iterator[None]:
    """Have the stages of the tagger note the processor time they take."""

    def watched(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            begin = time.process_time()
            result = work(*arguments, **options)
            result = list(result) if name == "segmenting" else result
            seconds[name] += time.process_time() - begin
            return result

        return wrapped

    before = {name: getattr(tagger, name) for name in STAGES}
    for name, stage in STAGES.items():
        setattr(tagger, name, watched(stage, before[name]))
    try:
        yield
    finally:
        for name, work in before.items():
            setattr(tagger, name, work)


def shares(files: list[Path], engine: str) -> dict[str, float]:
    """Processor seconds per stage, in this process."""
    loaded, seconds = tagger.load_tagger(), defaultdict(float)
    loaded.tag(files[0], engine=engine)
    with timed(seconds), tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        tagged = [loaded.tag(file, engine=engine) for file in files]
        total = time.process_time() - begin
        seconds["classifying"] = total - sum(seconds.values())
        begin = time.process_time()
        write(map(plain, tagged), Path(folder) / "uit.jsonl")
        seconds["writing"] = time.process_time() - begin
    return seconds


SPLITTER = """
import sys, time
from pathlib import Path
from pdftextsplitter import textsplitter
begin, used = time.perf_counter(), time.process_time()
for file in map(Path, sys.argv[2:]):
    splitter = textsplitter()
    splitter.set_documentpath(f"{file.parent}/")
    splitter.set_documentname(file.stem)
    splitter.set_outputpath(f"{sys.argv[1]}/")
    splitter.standard_params()
    splitter.set_UseDummySummary(True)
    splitter.process(-1)
print(time.perf_counter() - begin, time.process_time() - used)
"""


def with_splitter(python: str, files: list[Path]) -> Spent:
    """The structure of the same files by pdftextsplitter, without summaries; it pins old libraries: give it its own interpreter."""
    with tempfile.TemporaryDirectory() as out:
        command = [python, "-c", SPLITTER, out, *map(str, files)]
        said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=out).stdout
    return Spent(*map(float, said.split()[-2:]))


def report(name: str, spent: Spent, documents: int, pages: int, reference: float | None = None) -> None:
    line = f"{name:34}{documents / spent.clock:7.2f} documents/s {pages / spent.clock:7.1f} pages/s"
    line += f" {1000 * spent.processor / pages:7.1f} ms processor/page {spent.processor / documents:.3f} s/document"
    if reference:
        line += f" {spent.processor / reference:5.2f} x extract_text"
    if spent.memory:
        line += "  peak MB by quarter: " + " ".join(f"{size:.0f}" for size in spent.memory)
    print(line, flush=True)


def measure(folder: Path, share_of: int) -> None:
    files = sorted(folder.glob("*.pdf"))
    plain_text, pages = with_pdfplumber(files)
    print(
        f"{len(files)} documents, {pages} pages; load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores"
    )
    report("pdfplumber extract_text", plain_text, len(files), pages)
    with tempfile.TemporaryDirectory() as out:
        for engine in ENGINES:
            clocks = {}
            for jobs in (1, 2):
                to = Path(out) / f"{engine}{jobs}.jsonl"
                spent = run(folder, "--out", to, "--engine", engine, "--jobs", jobs)
                clocks[jobs] = spent.clock
                report(f"{engine}, {jobs} worker(s), start included", spent, len(files), pages, plain_text.processor)
            print(f"{'':34}2 workers are {clocks[1] / clocks[2]:.2f} x as fast; load {os.getloadavg()[0]:.1f}")
            again = run(folder, "--out", Path(out) / f"{engine}1.jsonl", "--engine", engine)
            print(
                f"{'':34}the same again, all known: {again.clock:.1f} s, {again.processor:.1f} s processor", flush=True
            )
    for engine in ENGINES:
        seconds = shares(files[:share_of], engine)
        total = sum(seconds.values())
        print(f"{engine}: " + ", ".join(f"{name} {100 * each / total:.0f}%" for name, each in seconds.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="with PDFs")
    parser.add_argument("--count", type=int, default=1000, help="documents to make")
    parser.add_argument("--text", type=Path, help="as of scripts/make_documents.py")
    parser.add_argument("--splitter", metavar="PYTHON", help="an interpreter with pdftextsplitter, to compare with")
    parser.add_argument("--shares", type=int, default=60, help="documents for the shares of the stages")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as own:
        folder = given.folder or Path(own)
        if not given.folder:
            made(folder, given.count, given.text)
        measure(folder, given.shares)
        if given.splitter:
            files = sorted(folder.glob("*.pdf"))[:SPLIT]
            spent = with_splitter(given.splitter, files)
            print(
                f"pdftextsplitter: {spent.processor / len(files):.2f} s processor/document over {len(files)} documents"
            )


if __name__ == "__main__":
    main()
