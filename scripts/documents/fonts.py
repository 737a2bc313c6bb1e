"""Typefaces: widths for the line breaker and the files the renderers embed.

The base-14 faces and Bitstream Vera come with reportlab, the others with the font-* packages of the dev extra.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

VERA = Path(reportlab.__file__).parent / "fonts"


@dataclass(frozen=True, slots=True)
class Family:
    """Four cuts: regular, bold, italic, bold italic; `files` is empty for the base-14 faces.

    `alias` is the name that the cuts get in the file, as some writers give fonts names that tell nothing.
    """

    name: str
    cuts: tuple[str, str, str, str]
    files: tuple[Path, ...] = ()
    alias: str | None = None

    def cut(self, bold: bool, italic: bool) -> str:
        return self.cuts[bool(bold) + 2 * bool(italic)]


def _embedded(name: str, folder: Path, stems: tuple[str, str, str, str], alias: str | None = None) -> Family:
    cuts = tuple(f"{name}-{n}" for n in range(4)) if alias else stems
    return Family(name, cuts, tuple(folder / f"{stem}.ttf" for stem in stems), alias)  # type: ignore[arg-type]


def _packaged(name: str, stems: tuple[str, str, str, str]) -> dict[str, Family]:
    """The family of an installed font-* package, or nothing."""
    found = find_spec(f"font_{name.replace('-', '_')}")
    if found is None or found.origin is None:
        return {}
    return {name: _embedded(name, Path(found.origin).parent / "files", stems)}


def _stems(stem: str, italic: str = "Italic", bold_italic: str = "BoldItalic") -> tuple[str, str, str, str]:
    return f"{stem}-Regular", f"{stem}-Bold", f"{stem}-{italic}", f"{stem}-{bold_italic}"


VERA_STEMS = ("Vera", "VeraBd", "VeraIt", "VeraBI")
FAMILIES = {
    "helvetica": Family("helvetica", ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique")),
    "times": Family("times", ("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic")),
    "courier": Family("courier", ("Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique")),
    "vera": _embedded("vera", VERA, VERA_STEMS),
    "nameless": _embedded("nameless", VERA, VERA_STEMS, alias="CIDFont+F{}"),
    **_packaged("roboto", _stems("Roboto")),
    **_packaged("caladea", _stems("Caladea")),
    **_packaged("source-sans-pro", _stems("SourceSansPro", "It", "BoldIt")),
    **_packaged("source-serif-pro", _stems("SourceSerifPro", "It", "BoldIt")),
}


@cache
def register(family: str) -> None:
    """Make the cuts of an embedded family known to reportlab, which also measures for the other renderers."""
    alias = FAMILIES[family].alias
    for n, (name, path) in enumerate(zip(FAMILIES[family].cuts, FAMILIES[family].files, strict=False), 1):
        font = TTFont(name, str(path))
        if alias:
            font.face.name = alias.format(n).encode()
        pdfmetrics.registerFont(font)


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
