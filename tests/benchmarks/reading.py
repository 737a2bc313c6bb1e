"""How fast pages are read, and in how much memory: `python tests/benchmarks/reading.py [PDF …]`.

Without files it reads dense pages that it makes itself. All times are processor time, the best of three.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pdfplumber
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from nlp.pdf import ENGINES, read_pages

SYLLABLES = [
    "be",
    "ge",
    "ver",
    "lei",
    "ding",
    "kamer",
    "handel",
    "water",
    "doel",
    "onder",
    "zoek",
    "land",
    "ing",
    "de",
    "van",
]


def dense(pages: int, seed: int = 1) -> bytes:
    """A PDF with 60 justified lines of small type on every page."""
    lot, out = random.Random(seed), io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for number in range(1, pages + 1):
        for line in range(60):
            text = canvas.beginText(60, 790 - 12.4 * line)
            text.setFont("Helvetica", 9)
            text.setWordSpace(lot.uniform(-0.3, 1.5))
            text.textOut(" ".join("".join(lot.choices(SYLLABLES, k=lot.randint(1, 4))) for _ in range(12)))
            canvas.drawText(text)
        canvas.drawString(500, 30, f"Pagina {number} van {pages}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def with_pdfplumber(files: list[bytes]) -> int:
    """What pdfplumber itself does on the same pages."""
    pages = 0
    for data in files:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                page.extract_words()
                page.close()
                pages += 1
    return pages


def with_engine(files: list[bytes], engine: str) -> int:
    return sum(1 for data in files for _ in read_pages(data, engine=engine))


def milliseconds(work: Callable[[], int]) -> float:
    """Per page."""
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        pages = work()
        best = min(best, (time.process_time() - begin) / pages)
    return 1000 * best


def peak(engine: str, pages: int) -> float:
    """Megabytes that a fresh process takes at most to read dense pages, Python and libraries included."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(dense(pages))
        command = [sys.executable, __file__, "--peak", engine, file.name]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=200, help="of the file for the memory test")
    parser.add_argument("--peak", metavar="ENGINE", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peak:
        with_engine([], given.peak)
        for path in given.files:
            for _ in read_pages(path, engine=given.peak):
                pass
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return

    files = [path.read_bytes() for path in given.files] or [dense(20)]
    reference = milliseconds(partial(with_pdfplumber, files))
    print(f"{'pdfplumber extract_words':28}{reference:8.2f} ms/page")
    times = {}
    for engine in ENGINES:
        times[engine] = milliseconds(partial(with_engine, files, engine))
        print(f"{'engine ' + engine:28}{times[engine]:8.2f} ms/page {times[engine] / reference:6.2f} x extract_words")
    print(f"pdfium is {times['pdfplumber'] / times['pdfium']:.1f} x as fast as the engine pdfplumber,")
    print(f"and {reference / times['pdfium']:.1f} x as fast as pdfplumber's extract_words")
    for engine in ENGINES:
        sizes = [given.pages // 4, given.pages // 2, given.pages]
        growth = [milliseconds(partial(with_engine, [dense(size)], engine)) for size in sizes]
        shown = ", ".join(f"{size} pages {each:.2f}" for size, each in zip(sizes, growth, strict=True))
        print(f"{engine}: ms/page at {shown}; peak {peak(engine, given.pages):.0f} MB over {given.pages} dense pages")


if __name__ == "__main__":
    main()
