"""The fonts of a PDF as pdfminer builds them, guarded: one bad font loses neither its page nor the whole machine."""

from __future__ import annotations

import functools
import re
import struct
import unicodedata
from collections.abc import Mapping
from typing import Any

from pdfminer.pdffont import PDFFont, PDFType1Font
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import LIT

from nlp.pdf.file import TROUBLES, as_dict
from nlp.pdf.painted import UNKNOWN, Font, face

MOST = 500_000  # entries that the ranges of one font may spell out; it has 65,536 characters at most
UNUSED = frozenset((127, 129, 141, 143, 144, 157))  # codes of WinAnsiEncoding that stand for a bullet
SOFT_HYPHEN = 0xAD
KEPT = ("BaseFont", "Subtype", "Encoding", "Widths", "FirstChar")
_RANGES = re.compile(rb"begin(?:bf|cid)range(.*?)(?:end(?:bf|cid)range|\Z)", re.DOTALL)
_RANGE = re.compile(rb"<\s*([0-9A-Fa-f]{1,16})\s*>\s*<\s*([0-9A-Fa-f]{1,16})\s*>\s*(?:<[^>]*>|\[[^\]]*\]|\d+)")


class Fonts(PDFResourceManager):
    """The fonts of one document."""

    def __init__(self) -> None:
        super().__init__()
        self.faces: dict[PDFFont, Font] = {}

    def get_font(self, objid: object, spec: Mapping[str, Any]) -> PDFFont:
        """As PDFResourceManager.get_font, but with the encoding alone where the rest is broken."""
        font = self._made(objid, spec)
        if font not in self.faces:
            self.faces[font] = _face(font)
            _secure(font, self.faces[font].name)
        return font

    def _made(self, objid: object, spec: Mapping[str, Any]) -> PDFFont:
        if not spec:
            spec = {"BaseFont": LIT("Helvetica"), "Subtype": LIT("Type1")}  # a font that is missing
        try:
            return super().get_font(objid, _guarded(spec))
        except (*TROUBLES, struct.error):
            pass
        try:
            return super().get_font(None, {key: spec[key] for key in KEPT if key in spec})
        except TROUBLES:
            return PDFType1Font(self, {})


def _face(font: PDFFont) -> Font:
    """Name and style of a font."""
    name = getattr(font, "basefont", None) or font.fontname
    name = name.decode("latin-1") if isinstance(name, bytes) else str(name)
    return face(name, bool(font.flags & 1 << 18), abs(font.italic_angle) > 1)


def _secure(font: PDFFont, name: str) -> None:
    """Make a font answer for every character code, once and for all, and have a name that is text."""
    to_text, width_of = font.to_unichr, font.char_width  # the latter asks for the text again
    windows = getattr(font, "cid2unicode", {}).get(0x80) == "€"  # WinAnsiEncoding, of which pdfminer leaves out a part

    @functools.cache
    def text(cid: int) -> str:
        try:
            found = to_text(cid)
        except TROUBLES:  # such as PDFUnicodeNotDefined
            found = UNKNOWN
        if windows and cid == SOFT_HYPHEN and found == " ":
            return "\xad"
        return "•" if windows and cid in UNUSED and found == UNKNOWN else found

    @functools.cache
    def width(cid: int) -> float:
        found, shown = width_of(cid), text(cid)
        if not found and windows and cid == SOFT_HYPHEN:
            return width_of(ord("-"))
        if not found and shown.isprintable() and not unicodedata.combining(shown[:1] or " "):
            if font.is_multibyte() and any(font.widths.values()):
                return 0.0
            return width_of(ord("0")) or 0.5  # a font that does not tell: that of a figure, or half the font size
        return found

    vars(font).update(fontname=name, to_unichr=text, char_width=width)


def _guarded(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The font without those parts that spell out more than a font can hold."""
    changed: dict[str, Any] = {}
    unicode_map = resolve1(spec.get("ToUnicode"))
    if isinstance(unicode_map, PDFStream) and _spelt_out(unicode_map.get_data()) > MOST:
        changed["ToUnicode"] = PDFStream({}, b"")
    for key in ("W", "W2"):
        widths = resolve1(spec.get(key))
        if isinstance(widths, list) and _reach(widths) > MOST:
            changed[key] = []
    descriptor = as_dict(spec.get("FontDescriptor"))
    program = resolve1(descriptor.get("FontFile2"))
    if "ToUnicode" not in spec and isinstance(program, PDFStream) and _characters(program.get_data()) > MOST:
        changed["FontDescriptor"] = {key: value for key, value in descriptor.items() if key != "FontFile2"}
    return {**spec, **changed} if changed else spec


def _spelt_out(data: bytes) -> int:
    """How many characters the ranges of a Unicode map hold."""
    ranges = (pair for block in _RANGES.findall(data) for pair in _RANGE.findall(block))
    return sum(abs(int(last, 16) - int(first, 16)) + 1 for first, last in ranges)


def _reach(widths: list[Any]) -> int:
    """How many widths an array holds: first last width, or first [widths…]."""
    total = 0
    numbers: list[float] = []
    for item in map(resolve1, widths):
        if isinstance(item, list):
            total, numbers = total + len(item), []
        elif isinstance(item, (int, float)):
            numbers.append(item)
            if len(numbers) == 2:
                total += int(abs(numbers[1] - numbers[0])) + 1
            numbers = numbers if len(numbers) < 3 else []
    return total


def _characters(program: bytes) -> int:
    """How many characters the tables of a TrueType program map to glyphs."""
    count = struct.unpack_from(">H", program, 4)[0]
    total = 0
    for at in range(12, 12 + 16 * count, 16):
        if program[at : at + 4] != b"cmap":
            continue
        table = struct.unpack_from(">I", program, at + 8)[0]
        for entry in range(table + 4, table + 4 + 8 * struct.unpack_from(">H", program, table + 2)[0], 8):
            total += _mapped(program, table + struct.unpack_from(">I", program, entry + 4)[0])
    return total


def _mapped(program: bytes, at: int) -> int:
    kind = struct.unpack_from(">H", program, at)[0]
    if kind == 4:
        half = struct.unpack_from(">H", program, at + 6)[0] // 2
        last = struct.unpack_from(f">{half}H", program, at + 14)
        first = struct.unpack_from(f">{half}H", program, at + 16 + 2 * half)
        return sum(max(0, b - a + 1) for a, b in zip(first, last, strict=True))
    if kind in (10, 12):
        groups = struct.unpack_from(">I", program, at + 12)[0]
        if kind == 10 or groups > len(program) // 12:
            return struct.unpack_from(">I", program, at + 16)[0] if kind == 10 else MOST + 1
        return sum(
            max(0, b - a + 1) for a, b, _ in struct.iter_unpack(">III", program[at + 16 : at + 16 + 12 * groups])
        )
    return 65_536 if kind in (2, 6) else 256
