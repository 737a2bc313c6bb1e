"""Pages into a PDF with fpdf2: other fonts objects, encodings and operators than reportlab's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF

from documents.breaking import Atom
from documents.draw_reportlab import positioned
from documents.flow import Page
from documents.fonts import FAMILIES, width
from documents.looks import Style
from documents.setting import Fill, Text
from documents.sheets import Specimen

CUTS = ("", "B", "I", "BI")


def write_pdf(path: Path, pages: Sequence[Page], specimen: Specimen, style: Style) -> None:
    """The same bytes for the same pages."""
    paper = specimen.paper
    pdf = FPDF(unit="pt", format=(paper.width, paper.height))
    pdf.set_auto_page_break(False)
    pdf.core_fonts_encoding = "windows-1252"
    pdf.set_creation_date(datetime(2020, 1, 1, tzinfo=UTC))
    pdf.set_title(specimen.title)
    texts = [draw for page in pages for draw in page.draws if isinstance(draw, Text)]
    fonts = _add_fonts(pdf, {atom.font for text in texts for _, word in text.words for atom in word})
    for page in pages:
        pdf.add_page()
        for draw in page.draws:
            if isinstance(draw, Fill):
                pdf.set_fill_color(*(round(255 * part) for part in draw.colour))
                pdf.rect(draw.x0, draw.y0, draw.x1 - draw.x0, draw.y1 - draw.y0, style="F")
            else:
                _text(pdf, draw, fonts, style.emission)
    pdf.output(str(path))


def _add_fonts(pdf: FPDF, used: set[str]) -> dict[str, tuple[str, str]]:
    """Family and style of every cut that is used."""
    found = {}
    for family in FAMILIES.values():
        for n, (cut, style) in enumerate(zip(family.cuts, CUTS, strict=True)):
            if cut not in used:
                continue
            found[cut] = (family.name, style)
            if family.files:
                pdf.add_font(family.name, style, str(family.files[n]))
    return found


def _text(pdf: FPDF, text: Text, fonts: dict[str, tuple[str, str]], emission: str) -> None:
    for x, atom, space in positioned(text):
        family, style = fonts[atom.font]
        pdf.set_font(family, style, atom.size)
        pdf.set_text_color(*(round(255 * part) for part in atom.colour))
        pdf.set_char_spacing(atom.spread)
        for shift in (0.0, 0.25) if atom.struck else (0.0,):
            for at, part in _parts(atom, space, emission):
                pdf.text(x + at + shift, text.y - atom.rise, part)


def _parts(atom: Atom, space: bool, emission: str) -> list[tuple[float, str]]:
    """How a word is cut into strings: whole, with a space glyph, in pieces, or glyph by glyph."""
    string = atom.text + (" " if space and emission in ("spaced", "glyphs", "line", "chunks") else "")
    step = {"glyphs": 1, "bare": 1, "chunks": 3 + len(string) % 4}.get(emission, len(string))
    parts, x = [], 0.0
    for start in range(0, len(string), step):
        part = string[start : start + step]
        parts.append((x, part))
        x += width(part, atom.font, atom.size) + atom.spread * len(part)
    return parts
