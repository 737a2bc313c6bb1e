"""A file of any kind → Document. What kind it is, its content decides; its name comes second."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import IO

from nlp import layout, pdf
from nlp.errors import (
    Damaged,
    DocumentError,
    DoelwijzerError,
    MissingExtra,
    NoTextLayer,
    TooLarge,
    UnreadableText,
    UnsupportedFormat,
)
from nlp.pdf import Limits, PageWords
from nlp.reading import markup, office, trees
from nlp.records import Block, Box, Document, Furniture, Notice, Page

Source = str | Path | bytes | IO[bytes]
OCR_SECONDS = 1800
LOST = ("damaged", "too_large", "unreadable_text")  # statuses of a page of which text is missing
OCR_HINT = "Recognise its text with read(..., ocr=True), for which ocrmypdf must be installed, or give another copy."


@dataclass(frozen=True, slots=True)
class Options:
    """How to read."""

    engine: str = "pdfplumber"
    password: str | None = None
    limits: Limits = field(default_factory=Limits)
    ocr: bool = False


Reader = Callable[[bytes, str, Options], Document]


def read(
    source: Source,
    *,
    engine: str = "pdfplumber",
    password: str | None = None,
    limits: Limits | None = None,
    ocr: bool = False,
) -> Document:
    """Read a PDF, DOCX, official XML, HTML or text file: a path, bytes, or a file opened in binary mode.

    The id is made of the content alone. `status` is "partial" when text of some page is missing; `pages` and
    `notices` say which and why. `ocr` has pages without text recognised by ocrmypdf.
    Raises DocumentError in one of its kinds when there is no text to give, with the next step in its `hint`;
    UnknownName for an engine that does not exist; MissingExtra where a library is not installed.
    """
    options = Options(engine, password, limits or Limits(), ocr)
    data, name = _load(source, options.limits)
    kind = kind_of(data)
    _check_name(name, kind, data)
    try:
        document = READERS[kind](data, name, options)
    except DoelwijzerError:
        raise
    except Exception as error:  # whatever a hostile file brings about: the caller gets one family of errors
        raise Damaged(name, f"it cannot be read ({type(error).__name__}: {error})") from error
    path = None if isinstance(source, bytes) else name
    return replace(document, id=hashlib.sha256(data).hexdigest()[:12], source=path)


def _load(source: Source, limits: Limits) -> tuple[bytes, str]:
    if isinstance(source, str | Path | bytes):
        return pdf.load(source, limits)
    if not hasattr(source, "read"):
        what = f"a {type(source).__name__} is no document"
        raise UnsupportedFormat(
            repr(source)[:80], what, hint="Give one path, bytes, or a file opened with open(path, 'rb')."
        )
    name = str(getattr(source, "name", "document"))
    data = source.read(limits.file_bytes + 1)
    if not isinstance(data, bytes):
        raise UnsupportedFormat(name, "it was opened as text", hint="Open it in binary mode: open(path, 'rb').")
    if len(data) > limits.file_bytes:
        raise TooLarge(name, f"it has more than {limits.file_bytes / 2**20:.0f} MB")
    return data, name


# --- what kind of file it is --------------------------------------------------------------------------------------

_SIGNATURES = (
    (b"\x89PNG", "a picture (PNG)"), (b"\xff\xd8\xff", "a picture (JPEG)"), (b"GIF8", "a picture (GIF)"),
    (b"II*\0", "a picture (TIFF)"), (b"MM\0*", "a picture (TIFF)"), (b"{\\rtf", "a document in RTF"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (.doc, .xls)"), (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-zip archive"), (b"Rar!", "a RAR archive"), (b"%!PS", "a PostScript file"),
)  # fmt: skip
_PACKED = {
    "xl/workbook.xml": "an Excel workbook", "ppt/presentation.xml": "a PowerPoint presentation",
    "content.xml": "an OpenDocument file",
}  # fmt: skip
_NAMES = {"html": "a web page (HTML)", "text": "plain text", "xml": "XML"}


def kind_of(data: bytes) -> str:
    """Key of READERS, by the content alone; "other" for what cannot be read."""
    if b"%PDF-" in data[: pdf.HEADER_WITHIN]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx" if "word/document.xml" in _packed(data) else "other"
    if not data.strip() or any(data.startswith(signature) for signature, _ in _SIGNATURES):
        return "other"
    head = trees.decode(data[:4096]).lstrip("\ufeff \t\r\n").lower()
    if "<!doctype html" in head or "<html" in head:
        return "html"
    if "<?xml" in head[:200] or (head.startswith("<") and head[1:2].isalpha()):
        return "xml"
    return "text" if _is_text(data) else "other"


def _is_text(data: bytes) -> bool:
    text = trees.decode(data[:65536])
    strange = sum(character < " " and character not in "\t\n\r\f\x1b" for character in text)
    return strange <= 0.01 * len(text)


def _packed(data: bytes) -> list[str]:
    try:
        return zipfile.ZipFile(BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return []


def _check_name(name: str, kind: str, data: bytes) -> None:
    """A web page or text under the name of a PDF is a failed download, not a document. Raises UnsupportedFormat."""
    suffix = Path(name).suffix.lower()
    if suffix in (".pdf", ".docx") and kind in _NAMES:
        what = f"it is named {suffix} and holds {_NAMES[kind]}"
        raise UnsupportedFormat(name, what, hint="It may be a saved error page: fetch it again.")
    if kind == "other":
        what = next((what for signature, what in _SIGNATURES if data.startswith(signature)), "of an unknown kind")
        if not data.strip():
            raise UnsupportedFormat(name, "the file is empty", hint="Fetch it again.")
        if data.startswith(b"PK\x03\x04"):
            names = _packed(data)
            plain = "a ZIP archive" if names else "a broken ZIP archive or Office document"
            what = next((what for inner, what in _PACKED.items() if inner in names), plain)
        raise UnsupportedFormat(name, f"it is {what}", hint=f"Can be read: {', '.join(READERS)}.")


# --- readers ------------------------------------------------------------------------------------------------------


def read_pdf(data: bytes, name: str, options: Options) -> Document:
    """By the layout of its pages."""
    try:
        document = _lay_out(data, name, options)
    except NoTextLayer:
        if not options.ocr:
            raise
        return _lay_out(recognise(data, name), name, replace(options, password=None))
    if options.ocr and any(page.status == "no_text_layer" for page in document.pages):
        return _lay_out(recognise(data, name), name, replace(options, password=None))
    return document


def _lay_out(data: bytes, name: str, options: Options) -> Document:
    pages: list[Page] = []
    notices: list[Notice] = []
    words = pdf.read_pages(data, engine=options.engine, password=options.password, limits=options.limits, name=name)
    laid = layout.lay_out(_noted(words, pages, notices))
    blocks = laid.blocks or tuple(_as_text(line) for line in laid.furniture)
    if not blocks:
        raise _nothing(name, pages)
    lost = any(page.status in LOST for page in pages) or any(notice.code == "page_count" for notice in notices)
    notices += [notice for notice in laid.notices if notice not in notices]
    return Document(
        "", blocks, tuple(pages), laid.title, laid.date, status="partial" if lost else "ok", kind=laid.kind,
        reference=laid.reference, dossiernummer=laid.dossiernummer, ondernummer=laid.ondernummer,
        vergaderjaar=laid.vergaderjaar, ministry=laid.ministry, notices=tuple(notices),
        furniture=laid.furniture if laid.blocks else (),
    )  # fmt: skip


def _as_text(line: Furniture) -> Block:
    """Where every line looks like a running head, the running heads are the text."""
    box = Box(0, len(line.text), line.page, line.x0, line.top, line.x1, line.bottom)
    return Block("paragraph", line.text, line.page, (box,))


def _noted(words: Iterable[PageWords], pages: list[Page], notices: list[Notice]) -> Iterator[PageWords]:
    """The same pages, with a note of how each went."""
    for page in words:
        pages.append(Page(page.number, page.width, page.height, page.status, page.turned))
        notices.extend(page.notices)
        yield page


def _nothing(name: str, pages: list[Page]) -> DocumentError:
    """The error that says best why there is no text."""
    counts = {status: sum(page.status == status for page in pages) for status in {page.status for page in pages}}
    of = f"of {len(pages)} page{'s' * (len(pages) != 1)}"
    if number := counts.get("too_large"):
        return TooLarge(name, f"{number} {of} ask for more than the limits allow", hint="Raise Limits if you trust it.")
    if number := counts.get("damaged"):
        return Damaged(name, f"{number} {of} are damaged and the others hold no text", hint="Fetch it again.")
    if number := counts.get("unreadable_text"):
        return UnreadableText(name, f"the fonts of {number} {of} do not tell which letters they show", hint=OCR_HINT)
    if number := counts.get("no_text_layer"):
        return NoTextLayer(name, f"no text layer: {number} {of} are pictures", hint=OCR_HINT)
    return NoTextLayer(
        name, f"no text layer: {counts.get('empty', 0)} {of} are empty", hint="Check that it is the right file."
    )


def recognise(data: bytes, name: str) -> bytes:
    """The PDF with a text layer, made by ocrmypdf in a process of its own. Raises MissingExtra, NoTextLayer."""
    program = shutil.which("ocrmypdf")
    command = [program] if program else [sys.executable, "-m", "ocrmypdf"]
    if program is None and importlib.util.find_spec("ocrmypdf") is None:
        raise MissingExtra("ocrmypdf", "ocr")
    try:
        done = subprocess.run(
            [*command, "--skip-text", "--quiet", "--output-type", "pdf", "--language", "nld+eng", "-", "-"],
            input=data, capture_output=True, timeout=OCR_SECONDS, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise NoTextLayer(name, f"recognising its text took more than {OCR_SECONDS // 60} minutes") from error
    except (subprocess.CalledProcessError, OSError) as error:
        said = (getattr(error, "stderr", b"") or b"").decode(errors="replace").strip().splitlines()
        raise NoTextLayer(name, f"recognising its text failed ({said[-1] if said else error})") from error
    return done.stdout


def read_docx(data: bytes, name: str, options: Options) -> Document:  # noqa: ARG001
    """By the styles of a Word document."""
    return _document(office.read_docx(data, name), name)


def read_xml(data: bytes, name: str, options: Options) -> Document:  # noqa: ARG001
    """By the elements of an official publication."""
    return _document(markup.read_xml(data, name), name)


def read_html(data: bytes, name: str, options: Options) -> Document:  # noqa: ARG001
    """By the elements of a web page."""
    return _document(markup.read_html(data), name)


def read_text(data: bytes, name: str, options: Options) -> Document:  # noqa: ARG001
    """By blank lines."""
    return _document(markup.read_text(data), name)


def _document(contents: markup.Contents, name: str) -> Document:
    if not contents.blocks:
        raise NoTextLayer(name, "there is no text in it", hint="Check that it is the right file.")
    return Document(
        "", contents.blocks, title=contents.title, date=contents.date, kind=contents.kind,
        dossiernummer=contents.dossiernummer, ondernummer=contents.ondernummer, vergaderjaar=contents.vergaderjaar,
        notices=contents.notices,
    )  # fmt: skip


READERS: dict[str, Reader] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "xml": read_xml,
    "html": read_html,
    "text": read_text,
}
