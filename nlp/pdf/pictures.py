"""Pages of a PDF as pictures, painted by PDFium in a process of its own.

What a hostile page does to a painter (endless work, too much memory, a crash) costs that page its picture, no more.
Run as a program, this file is that process: a line of JSON and the bytes of a PDF come in, pictures go out.
"""

from __future__ import annotations

import json
import math
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from io import BytesIO
from threading import Timer
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

SECONDS = 60.0  # per page; the first has the opening of the file as well
MEMORY = 2 * 2**30  # bytes of address space, libraries included; enforced on Linux
PIXELS = 4_000_000  # of one picture, however large the page
COLOURS = 32  # of a page of text
PHOTOGRAPH = 3.0  # levels of 255 by which these colours are off on a page with a photograph; 1 to 2 on others
QUALITY = 60  # of such a page, as WebP counts
A4 = 595  # points across
CRASHES = 3  # after these the rest of a document goes without pictures
LENGTH = struct.Struct(">I")


class Painter:
    """Paints pages as WebP. Use as `with Painter() as painter:`; one process serves many documents."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Painter:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def pictures(self, data: bytes, pages: Iterable[tuple[int, int]], width: int) -> Iterator[bytes | None]:
        """A picture of each page of the PDF `data`; None for one that cannot be painted.

        width: in pixels, of a page as wide as A4; others go by their size.
        pages: numbers from 1, and by how many degrees clockwise each is turned further (`records.Page.turned`).
        """
        waiting, crashes = deque(pages), 0
        try:
            while waiting and crashes < CRASHES:
                self._ask(data, list(waiting), width)
                while waiting and (picture := self._reply()) is not None:
                    waiting.popleft()
                    yield picture or None
                if waiting:
                    self._end()
                    waiting.popleft()
                    crashes += 1
                    yield None
            while waiting:
                waiting.popleft()
                yield None
        finally:
            if waiting:  # nobody will hear the answers
                self._end()

    def _ask(self, data: bytes, pages: list[tuple[int, int]], width: int) -> None:
        if self._process is None:
            pipe = subprocess.PIPE
            command = [sys.executable, "-P", __file__]
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        line = json.dumps({"bytes": len(data), "pages": pages, "width": width}).encode() + b"\n"
        try:
            _end_of(self._process.stdin).write(line + data)
            _end_of(self._process.stdin).flush()
        except OSError:
            pass  # it has died: the reply will tell

    def _reply(self) -> bytes | None:
        """A picture, b"" for a page that cannot be painted, or None when the process has died or was ended."""
        assert self._process is not None
        out, watch = _end_of(self._process.stdout), Timer(SECONDS, self._process.kill)
        watch.start()
        try:
            head = out.read(LENGTH.size)
            size = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else 0
            body = out.read(size)
        finally:
            watch.cancel()
        return body if len(head) == LENGTH.size and len(body) == size else None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()


def _end_of(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


# --- in the process -----------------------------------------------------------------------------------------------


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Paint what is asked until there is nothing more."""
    while line := requests.readline():
        asked = json.loads(line)
        for picture in paint(requests.read(asked["bytes"]), asked["pages"], asked["width"]):
            replies.write(LENGTH.pack(len(picture)) + picture)
            replies.flush()


def paint(data: bytes, pages: Iterable[tuple[int, int]], width: int) -> Iterator[bytes]:
    """As Painter.pictures, in this process; b"" for a page that cannot be painted."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        document.init_forms()
    except pypdfium2.PdfiumError:
        document = None
    for number, turned in pages:
        try:
            yield _picture(document[number - 1], turned, width) if document else b""
        except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError, OSError):
            yield b""
    if document:
        document.close()


def _picture(page: Any, turned: int, width: int) -> bytes:
    across, high = page.get_size()
    if turned in (90, 270):
        across, high = high, across
    scale = min(width / A4, math.sqrt(PIXELS / (across * high)))
    image: Image = page.render(scale=scale, rotation=turned).to_pil()
    page.close()
    return encoded(image)


def encoded(image: Image) -> bytes:
    """As WebP: text sharp and in few colours, which is smaller too; a photograph with some loss."""
    from PIL.Image import Quantize
    from PIL.ImageChops import difference
    from PIL.ImageStat import Stat

    few = image.quantize(COLOURS, method=Quantize.FASTOCTREE).convert("RGB")
    if max(Stat(difference(image.convert("RGB"), few)).rms) > PHOTOGRAPH:
        return _webp(image, quality=QUALITY, method=2)
    return _webp(few, lossless=True, quality=20, method=2)


def _webp(image: Image, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", **options)
    return out.getvalue()


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    _limit()
    serve(sys.stdin.buffer, sys.stdout.buffer)
