"""A PDF → the words of its pages, by either of two engines behind one seam.

An engine is a context manager that opens a file and gives a function which paints one page (`painted.Painted`).
What is a word, what can be seen and how a page went is decided in `words`, for all engines alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.errors import MissingDocument, TooLarge, UnknownName, UnsupportedFormat
from nlp.pdf.file import TROUBLES, Budget, Limits, OverLimit, declared_pages, displayed_box, open_document, pages_of
from nlp.pdf.painted import Painted, Rule
from nlp.pdf.words import PageWords, Word, page_words
from nlp.records import Notice

if TYPE_CHECKING:
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfpage import PDFPage

__all__ = ["ENGINES", "Limits", "PageWords", "Rule", "Word", "load", "read_pages"]

HEADER_WITHIN = 1024  # bytes: junk before the header is accepted up to here
Paint = Callable[["PDFPage", int, Budget], Painted]
Engine = Callable[["PDFDocument", bytes, "str | None", int], AbstractContextManager[Paint]]


def _pdfplumber(document: PDFDocument, data: bytes, password: str | None, pages: int) -> AbstractContextManager[Paint]:
    from nlp.pdf import plumber

    return plumber.opened(document, data, password, pages)


def _pdfium(document: PDFDocument, data: bytes, password: str | None, pages: int) -> AbstractContextManager[Paint]:
    from nlp.pdf import pdfium

    return pdfium.opened(document, data, password, pages)


ENGINES: dict[str, Engine] = {"pdfplumber": _pdfplumber, "pdfium": _pdfium}


def read_pages(
    source: str | Path | bytes,
    *,
    engine: str = "pdfplumber",
    password: str | None = None,
    limits: Limits | None = None,
    name: str | None = None,
) -> Iterator[PageWords]:
    """The pages of a PDF one by one; what was read of a page is let go before the next.

    A page that cannot be read comes without words and with its status ("damaged", "too_large", …) and a notice.
    `name` is what errors call the file, when its bytes are given.
    Raises at once MissingDocument, UnsupportedFormat, Encrypted, Damaged, TooLarge or UnknownName (of the engine).
    """
    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    limits = limits or Limits()
    data, path = load(source, limits)
    name = name or path
    if b"%PDF-" not in data[:HEADER_WITHIN]:
        begin = data[:20].decode("latin-1")
        raise UnsupportedFormat(name, f"it is not a PDF: it begins with {begin!r}" if data else "the file is empty")
    document = open_document(data, name, password, limits)
    pages = list(pages_of(document, name, limits))
    notices = []
    if (declared := declared_pages(document)) not in (None, len(pages)):
        message = f"The file says that it has {declared} pages; {len(pages)} were found."
        notices.append(Notice("page_count", message))
    return _read(ENGINES[engine](document, data, password, len(pages)), pages, limits, notices)


def _read(
    opened: AbstractContextManager[Paint], pages: list[PDFPage | None], limits: Limits, notices: list[Notice]
) -> Iterator[PageWords]:
    with opened as paint:
        for number, page in enumerate(pages, 1):
            words = _read_page(paint, page, number, limits)
            yield replace(words, notices=(*words.notices, *notices)) if number == len(pages) else words
            pages[number - 1] = None


def _read_page(paint: Paint, page: PDFPage | None, number: int, limits: Limits) -> PageWords:
    """One page, whatever it is like."""
    if page is None:
        return _lost(page, number, "damaged", "is missing from the file")
    try:
        return page_words(paint(page, number, Budget(limits)))
    except OverLimit as error:
        return _lost(page, number, "too_large", str(error))
    except (*TROUBLES, MemoryError) as error:
        return _lost(page, number, "damaged", f"cannot be read ({type(error).__name__})")


def _lost(page: PDFPage | None, number: int, status: str, what: str) -> PageWords:
    left, bottom, right, top = displayed_box(page) if page else (0.0, 0.0, 0.0, 0.0)
    code = "too_large" if status == "too_large" else "damaged_page"
    notice = Notice(code, f"Page {number} {what}; it was left out.", number)
    return PageWords(number, right - left, top - bottom, (), status=status, notices=(notice,))


def load(source: str | Path | bytes, limits: Limits) -> tuple[bytes, str]:
    """The bytes of a source and the name to speak of it. Raises MissingDocument, UnsupportedFormat, TooLarge."""
    if isinstance(source, bytes):
        return source, "document"
    path = Path(source)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnsupportedFormat(path, "it is a folder", hint="Give the files in it one by one.")
        if size > limits.file_bytes:
            raise TooLarge(path, f"the file has {size / 2**20:.0f} MB", hint="Split it, or raise Limits.file_bytes.")
        return path.read_bytes(), str(path)
    except FileNotFoundError:
        address = str(source).startswith(("http://", "https://"))
        hint = "Fetch it first: scripts/fetch_document.py ADDRESS." if address else "Check the name and the folder."
        raise MissingDocument(str(source), "there is no such file", hint=hint) from None
    except (OSError, ValueError) as error:
        raise UnsupportedFormat(path, f"it cannot be opened ({error})") from error
