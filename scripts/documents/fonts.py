"""Typefaces: widths for the line breaker and the files the renderers embed.

The base-14 faces and Bitstream Vera come with reportlab; others are used where their package is installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

VERA = Path(reportlab.__file__).parent / "fonts"


@dataclass(frozen=True, slots=True)
class Family:
    """Four cuts: regular, bold, italic, bold italic; `files` is empty for the base-14 faces."""

    name: str
    cuts: tuple[str, str, str, str]
    files: tuple[Path, ...] = ()

    def cut(self, bold: bool, italic: bool) -> str:
        return self.cuts[bool(bold) + 2 * bool(italic)]


FAMILIES = {
    "helvetica": Family("helvetica", ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique")),
    "times": Family("times", ("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic")),
    "courier": Family("courier", ("Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique")),
    "vera": Family(
        "vera", ("Vera", "VeraBd", "VeraIt", "VeraBI"),
        tuple(VERA / f"{name}.ttf" for name in ("Vera", "VeraBd", "VeraIt", "VeraBI")),
    ),
}  # fmt: skip


@cache
def register(family: str) -> None:
    """Make the cuts of an embedded family known to reportlab, which also measures for the other renderers."""
    for name, path in zip(FAMILIES[family].cuts, FAMILIES[family].files, strict=False):
        pdfmetrics.registerFont(TTFont(name, str(path)))


@cache
def width(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


@cache
def has(font: str, char: str) -> bool:
    """Whether the cut can print the character, with a Unicode map that leads back to it."""
    face = pdfmetrics.getFont(font)
    if isinstance(face, TTFont):
        return ord(char) in face.face.charToGlyph
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
