"""Pages into a PDF with reportlab; the text is emitted in one of several ways that real writers have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from documents.breaking import Atom
from documents.flow import Page
from documents.fonts import width
from documents.looks import Style
from documents.setting import Fill, Text
from documents.sheets import Paper, Specimen


def write_pdf(path: Path, pages: Iterable[Page], specimen: Specimen, style: Style) -> None:
    """Print pages in the way `style.emission` names."""
    print_pages(path, pages, specimen.paper, style.emission, specimen.title)


def print_pages(path: Path, pages: Iterable[Page], paper: Paper, emission: str, title: str) -> None:
    """The same bytes for the same pages: no dates, no random identifiers."""
    canvas = Canvas(str(path), pagesize=(paper.width, paper.height), invariant=1, pageCompression=1)
    canvas.setTitle(title)
    for page in pages:
        for draw in page.draws:
            if isinstance(draw, Fill):
                canvas.setFillColorRGB(*draw.colour)
                canvas.rect(draw.x0, paper.height - draw.y1, draw.x1 - draw.x0, draw.y1 - draw.y0, stroke=0, fill=1)
            else:
                _text(canvas, draw, paper.height - draw.y, EMISSIONS[emission])
        canvas.showPage()
    canvas.save()


Emit = Callable[[Any, Text, float], None]


def _text(canvas: Canvas, text: Text, y: float, emit: Emit) -> None:
    target = canvas.beginText()
    emit(target, text, y)
    canvas.drawText(target)
    if any(atom.struck for _, word in text.words for atom in word):
        target = canvas.beginText()
        emit(target, Text(text.x + 0.25, text.y, text.words, text.gap), y)
        canvas.drawText(target)


def positioned(text: Text) -> list[tuple[float, Atom, bool]]:
    """Atoms with their x and whether a space follows."""
    found = []
    for n, (x, word) in enumerate(text.words):
        for m, atom in enumerate(word):
            space = m == len(word) - 1 and n < len(text.words) - 1
            found.append((text.x + x, atom, space))
            x += atom.width
    return found


def _start(target: Any, atom: Atom, x: float, y: float) -> None:
    target.setTextOrigin(x, y + atom.rise)
    target.setFont(atom.font, atom.size)
    target.setFillColorRGB(*atom.colour)
    target.setCharSpace(atom.spread)


def emit_words(target: Any, text: Text, y: float) -> None:
    """Every word at its own place, no space glyphs."""
    for x, atom, _ in positioned(text):
        _start(target, atom, x, y)
        target.textOut(atom.text)


def emit_spaced_words(target: Any, text: Text, y: float) -> None:
    """Every word at its own place with a space glyph behind it."""
    for x, atom, space in positioned(text):
        _start(target, atom, x, y)
        target.textOut(atom.text + (" " if space else ""))


def emit_lines(target: Any, text: Text, y: float) -> None:
    """One string per run of equal style; word spacing does the justifying."""
    run: list[tuple[float, Atom, bool]] = []
    for item in [*positioned(text), None]:
        if run and (item is None or not _same(run[-1][1], item[1])):
            _emit_run(target, run, y)
            run = []
        if item is not None:
            run.append(item)


def _same(a: Atom, b: Atom) -> bool:
    return (a.font, a.size, a.rise, a.colour, a.spread) == (b.font, b.size, b.rise, b.colour, b.spread)


def _emit_run(target: Any, run: list[tuple[float, Atom, bool]], y: float) -> None:
    x, atom, _ = run[0]
    _start(target, atom, x, y)
    text = "".join(part.text + (" " if space else "") for _, part, space in run)
    gaps = text.rstrip(" ").count(" ")
    last_x, last, _ = run[-1]
    natural = width(text.rstrip(" "), atom.font, atom.size) + atom.spread * len(text.rstrip(" "))
    extra = (last_x + last.width - x - natural) / gaps if gaps else 0.0
    target.setWordSpace(round(extra, 4))
    target.textOut(text)
    target.setWordSpace(0)


def emit_glyphs(target: Any, text: Text, y: float) -> None:
    """Every glyph at its own place, spaces too."""
    for x, atom, space in positioned(text):
        for char in atom.text + (" " if space else ""):
            _start(target, atom, x, y)
            target.textOut(char)
            x += width(char, atom.font, atom.size) + atom.spread


def emit_bare_glyphs(target: Any, text: Text, y: float) -> None:
    """Every glyph at its own place, spaces only as distance."""
    for x, atom, _ in positioned(text):
        for char in atom.text:
            _start(target, atom, x, y)
            target.textOut(char)
            x += width(char, atom.font, atom.size) + atom.spread


def emit_chunks(target: Any, text: Text, y: float) -> None:
    """Strings that begin and end in the middle of words, as word processors leave after editing."""
    for x, atom, space in positioned(text):
        string = atom.text + (" " if space else "")
        step = 2 + len(string) % 5
        for at in range(0, len(string), step):
            part = string[at : at + step]
            _start(target, atom, x, y)
            target.textOut(part)
            x += width(part, atom.font, atom.size) + atom.spread * len(part)


EMISSIONS: dict[str, Emit] = {
    "line": emit_lines,
    "words": emit_words,
    "spaced": emit_spaced_words,
    "glyphs": emit_glyphs,
    "bare": emit_bare_glyphs,
    "chunks": emit_chunks,
}
