"""Opening a PDF and finding its pages, within limits: the part of reading that both engines share.

pdfminer.six believes what a file says of itself. Here every stream is decoded up to a limit, what cannot be decoded
is noted instead of skipped, the page tree is walked without recursion, and broken cross-references are rebuilt by
looking for the objects themselves.
"""

from __future__ import annotations

import io
import logging
import re
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from pdfminer.lzw import LZWDecoder
from pdfminer.pdfdocument import (
    PDFBaseXRef,
    PDFDocument,
    PDFEncryptionError,
    PDFNoValidXRef,
    PDFPasswordIncorrect,
    PDFXRef,
)
from pdfminer.pdfexceptions import PDFObjectNotFound
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser, PDFStreamParser
from pdfminer.pdftypes import (
    LITERALS_FLATE_DECODE,
    LITERALS_LZW_DECODE,
    LITERALS_RUNLENGTH_DECODE,
    PDFObjRef,
    PDFStream,
    resolve1,
)
from pdfminer.psexceptions import PSException
from pdfminer.psparser import LIT, PSKeyword

from nlp.errors import Damaged, Encrypted, TooLarge

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # what it warns of is reported page by page, as notices
CATALOG, PAGE, PAGES = LIT("Catalog"), LIT("Page"), LIT("Pages")
REPAIR = "Repair it first, for example with: qpdf IN.pdf OUT.pdf"
HOPS = 30  # from reference to reference
INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")
TROUBLES = (PSException, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError,
            NotImplementedError, RecursionError, zlib.error)  # fmt: skip # what pdfminer raises on a broken file


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask for. A page beyond a limit is reported as "too_large" and the others are read."""

    file_bytes: int = 512 * 2**20
    pages: int = 20_000
    seconds_per_page: float = 20.0
    stream_bytes: int = 64 * 2**20  # of one stream after decoding
    content_bytes: int = 16 * 2**20  # of the instructions on one page, forms counted each time they are used
    operators: int = 1_000_000  # drawing instructions on one page
    glyphs: int = 300_000  # characters on one page


class OverLimit(Exception):
    """More is asked than `Limits` allow; the message says of what."""


class Budget:
    """What is left of the limits for one page."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.until = time.monotonic() + limits.seconds_per_page
        self.operators = limits.operators
        self.content_bytes = limits.content_bytes

    def check(self) -> None:
        """Raises OverLimit when the time for the page has passed."""
        if time.monotonic() > self.until:
            raise OverLimit(f"takes more than {self.limits.seconds_per_page:g} seconds to read")

    def take(self, content_bytes: int) -> None:
        """Raises OverLimit when there are more instructions than can be read."""
        self.content_bytes -= content_bytes
        if self.content_bytes < 0:
            raise OverLimit(f"has more than {self.limits.content_bytes / 2**20:g} MB of drawing instructions")

    def spend(self, operators: int) -> None:
        """Raises OverLimit when instructions or time run out."""
        self.operators -= operators
        if self.operators < 0:
            raise OverLimit(f"has more than {self.limits.operators} drawing instructions")
        self.check()


class Stream(PDFStream):
    """A stream that grows no further than its limit, and tells whether all of it could be decoded."""

    limit = 64 * 2**20
    damaged = False

    def decode(self) -> None:
        """As PDFStream.decode, but keeps what a damaged stream yields. Raises OverLimit."""
        data = self.rawdata or b""
        if self.decipher and self.objid is not None and self.genno is not None:
            data = self.decipher(self.objid, self.genno, data, self.attrs)
        for name, params in self.get_filters():
            predicted = isinstance(params, dict) and resolve1(params.get("Predictor", 1)) != 1
            if name in LITERALS_FLATE_DECODE:
                data = self._inflate(data)
                if not predicted:
                    continue
                data = zlib.compress(data, 0)  # pdfminer undoes the predictor, on data of known size
            elif name in LITERALS_LZW_DECODE:
                self._measure_lzw(data)
            elif name in LITERALS_RUNLENGTH_DECODE and len(data) * 64 > self.limit:
                raise self._too_large()
            try:
                data = PDFStream({"Filter": name, "DecodeParms": params}, data).get_data()
            except TROUBLES:
                data, self.damaged = b"", True
        self.data, self.rawdata = data, None

    def _inflate(self, data: bytes) -> bytes:
        inflater = zlib.decompressobj()
        try:
            decoded = inflater.decompress(data, self.limit + 1)
            whole = inflater.eof
        except zlib.error:
            decoded, whole = b"", False
        if not whole and len(decoded) <= self.limit:
            decoded, whole = self._inflate_by_piece(data)
        if len(decoded) > self.limit:
            raise self._too_large()
        self.damaged |= not whole and bool(data.strip())
        return decoded

    def _inflate_by_piece(self, data: bytes) -> tuple[bytes, bool]:
        """What comes out before the damage, whatever the checksum says, and whether the end was reached."""
        inflater, pieces, size = zlib.decompressobj(-15), [], 0
        data = data.lstrip(b"\r\n")[2:]
        try:
            for at in range(0, len(data), 256):
                pieces.append(inflater.decompress(data[at : at + 256], self.limit + 1 - size))
                size += len(pieces[-1])
                if size > self.limit:
                    break
        except zlib.error:
            pass
        return b"".join(pieces), inflater.eof

    def _measure_lzw(self, data: bytes) -> None:
        size = 0
        try:
            for piece in LZWDecoder(io.BytesIO(data)).run():
                size += len(piece)
                if size > self.limit:
                    raise self._too_large()
        except TROUBLES:
            self.damaged = True

    def _too_large(self) -> OverLimit:
        return OverLimit(f"has a stream that grows beyond {self.limit / 2**20:g} MB")


class _Parser(PDFParser):
    """Makes every stream of the file a `Stream`, and finds its end where its length is wrong."""

    def __init__(self, data: bytes, limit: int) -> None:
        super().__init__(io.BytesIO(data))
        self.data, self.limit = data, limit

    def do_keyword(self, pos: int, token: PSKeyword) -> None:
        super().do_keyword(pos, token)
        if token is self.KEYWORD_STREAM and self.curstack and isinstance(self.curstack[-1][1], PDFStream):
            at, plain = cast(tuple[int, PDFStream], self.curstack.pop())
            raw = plain.rawdata or b""
            if b"endstream" not in self.data[at + len(raw) : at + len(raw) + 32]:
                end = self.data.find(b"endstream", at)
                raw = self.data[at : end if end >= 0 else len(self.data)]
                self.seek(at + len(raw))
            stream = Stream(plain.attrs, raw, plain.decipher)
            stream.limit = self.limit
            self.push((at, stream))


class _Scan(PDFXRef):
    """Cross-references rebuilt by looking for objects; the last one of a number counts."""

    OBJECT = re.compile(rb"(?<!\d)(\d{1,9})[ \t\r\n]{1,9}(\d{1,5})[ \t\r\n]{1,9}obj\b")

    def __init__(self, data: bytes, parser: PDFParser) -> None:
        super().__init__()
        for found in self.OBJECT.finditer(data):
            self.offsets[int(found[1])] = (None, found.start(), int(found[2]))
        for found in re.finditer(rb"trailer\s{0,9}<<", data):
            parser.seek(found.start())
            with suppress(*TROUBLES):
                self.load_trailer(parser)
        for objid, (_, pos, _) in list(self.offsets.items()):
            head = data[pos : pos + 512]
            if b"ObjStm" in head or b"XRef" in head or b"Catalog" in head:
                parser.seek(pos)
                with suppress(*TROUBLES):
                    self._take(objid, parser.nextobject()[1], parser)
        self.trailer.setdefault("Root", {})

    def _take(self, objid: int, thing: object, parser: PDFParser) -> None:
        """Learn from a catalog, a cross-reference stream or an object stream."""
        if isinstance(thing, dict) and thing.get("Type") is CATALOG:
            self.trailer.setdefault("Root", PDFObjRef(parser.doc, objid))
        elif isinstance(thing, PDFStream) and thing.get("Type") is LIT("XRef"):
            self.trailer.update({key: thing.attrs[key] for key in ("Root", "ID", "Encrypt") if key in thing.attrs})
        elif isinstance(thing, PDFStream) and thing.get("Type") is LIT("ObjStm"):
            inside = PDFStreamParser(thing.get_data())
            for index in range(int(thing["N"])):
                self.offsets.setdefault(int(cast(int, inside.nextobject()[1])), (objid, index, 0))
                inside.nextobject()


class _Document(PDFDocument):
    """Falls back on `_Scan` where cross-references cannot be followed, or at once when told to."""

    def __init__(self, data: bytes, password: str, limits: Limits, scan: bool = False) -> None:
        self.data, self.scan = data, scan
        self.read: set[int] = set()
        super().__init__(_Parser(data, limits.stream_bytes), password=password)

    def getobj(self, objid: int) -> object:
        """As PDFDocument.getobj, but never a reference, so that references cannot chase each other."""
        thing = super().getobj(objid)
        for _ in range(HOPS):
            if not isinstance(thing, PDFObjRef):
                return thing
            thing = super().getobj(thing.objid)
        raise PDFObjectNotFound(objid)

    def find_xref(self, parser: PDFParser) -> int:
        try:
            return -1 if self.scan else super().find_xref(parser)
        except TROUBLES:
            return -1

    def read_xref_from(self, parser: PDFParser, start: int, xrefs: list[PDFBaseXRef]) -> None:
        if start in self.read:
            return
        self.read.add(start)
        try:
            if start < 0:
                raise PDFNoValidXRef
            super().read_xref_from(parser, start, xrefs)
        except TROUBLES:
            parser.fallback = True  # lengths are not to be trusted either
            xrefs[:] = [_Scan(self.data, parser)]


def open_document(data: bytes, name: str, password: str | None, limits: Limits) -> PDFDocument:
    """The file as pdfminer sees it. Raises Encrypted, Damaged, TooLarge."""
    try:
        try:
            document = _Document(data, password or "", limits)
            if next(_leaves(document), None) is not None:
                return document
        except PDFEncryptionError:
            raise
        except TROUBLES:
            pass
        document = _Document(data, password or "", limits, scan=True)
        if next(_leaves(document), None) is None:
            raise ValueError("no pages")
        return document
    except PDFPasswordIncorrect as error:
        asked = "the password given does not open it" if password else "a password is needed to open it"
        raise Encrypted(name, asked, hint="Give the password: read(..., password=…).") from error
    except PDFEncryptionError as error:
        raise Encrypted(name, "it is encrypted in an unknown way; a password does not help", hint=REPAIR) from error
    except OverLimit as error:
        raise TooLarge(name, f"the file {error}") from error
    except TROUBLES as error:
        raise Damaged(name, "it is damaged: no pages can be found in it", hint=REPAIR) from error


def pages_of(document: PDFDocument, name: str, limits: Limits) -> Iterator[PDFPage | None]:
    """The pages in order; None for one that is in the page tree and cannot be read. Raises TooLarge."""
    for number, (objid, attributes) in enumerate(_leaves(document), 1):
        if number > limits.pages:
            raise TooLarge(
                name, f"it has more than {limits.pages} pages", hint="Read it in parts, or raise Limits.pages."
            )
        try:
            yield PDFPage(document, objid, attributes, None)
        except TROUBLES:
            yield None


def declared_pages(document: PDFDocument) -> int | None:
    """How many pages the file says that it has."""
    with suppress(*TROUBLES):
        count = resolve1(resolve1(document.catalog["Pages"])["Count"])
        return count if isinstance(count, int) else None
    return None


def _leaves(document: PDFDocument) -> Iterator[tuple[int | None, dict[str, Any] | None]]:
    found = False
    for leaf in _tree(document):
        found = True
        yield leaf
    if not found:  # no tree: any page that is in the file
        for objid in sorted(
            {number for xref in document.xrefs if isinstance(xref, PDFXRef) for number in xref.get_objids()}
        ):
            with suppress(*TROUBLES):
                thing = document.getobj(objid)
                if isinstance(thing, dict) and thing.get("Type") is PAGE:
                    yield objid, thing


def _tree(document: PDFDocument) -> Iterator[tuple[int | None, dict[str, Any] | None]]:
    """The leaves of the page tree, depth first, with what they inherit; None for an object that is not there."""
    waiting: list[tuple[Any, dict[str, Any]]] = [(document.catalog.get("Pages"), {})]
    seen: set[int] = set()
    while waiting:
        reference, inherited = waiting.pop()
        objid = reference.objid if isinstance(reference, PDFObjRef) else None
        node = resolved(reference)
        if not isinstance(node, dict):
            if reference is not None and inherited.get("within"):
                yield objid, None
            continue
        attributes = inherited | node
        kids = resolved(node.get("Kids"))
        if isinstance(kids, list) and node.get("Type") is not PAGE:
            if objid in seen:
                continue
            if objid is not None:
                seen.add(objid)
            passed_on = {key: attributes[key] for key in INHERITED if key in attributes}
            waiting.extend((kid, passed_on | {"within": True}) for kid in reversed(kids))
        elif node.get("Type") is not PAGES:
            yield objid, attributes


def resolved(thing: object) -> Any:
    """What a reference leads to; None where that cannot be read."""
    try:
        return resolve1(thing)
    except TROUBLES:
        return None


def displayed_box(page: PDFPage) -> tuple[float, float, float, float]:
    """What a reader sees of the page before it is turned: left, bottom, right, top in the page's own points."""
    media, crop = _ordered(page.mediabox), _ordered(page.cropbox)
    seen = max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])
    if seen[0] < seen[2] and seen[1] < seen[3]:
        return seen
    return media if media[0] < media[2] and media[1] < media[3] else (0.0, 0.0, 612.0, 792.0)


def _ordered(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])


def turned(page: PDFPage) -> int:
    """By how many degrees the page is turned clockwise when shown: 0, 90, 180 or 270; other angles do not count."""
    return page.rotate if page.rotate in (90, 180, 270) else 0


def read_once(stream: PDFStream) -> bytes:
    """The decoded data, without keeping it for the rest of the document. Raises OverLimit."""
    raw = stream.rawdata
    data = stream.get_data()
    if raw is not None:
        stream.data, stream.rawdata = None, raw
    return data


def as_dict(thing: object) -> dict[Any, Any]:
    """The dictionary that is meant, or an empty one."""
    thing = resolved(thing)
    return thing if isinstance(thing, dict) else {}
