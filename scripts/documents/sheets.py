"""Furniture on a page: letterheads, margin columns, running lines; and what a layout hands to a renderer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from documents.flow import Frame, Page
from documents.looks import Look, Style
from documents.pieces import Piece
from documents.setting import Fill, plain_line, text_width
from documents.truth import Furniture


@dataclass(frozen=True, slots=True)
class Paper:
    width: float = 595.28
    height: float = 841.89


@dataclass(slots=True)
class Specimen:
    """A document ready to be set. `fixed` pieces are printed by `dress`, in the letterhead of the first page."""

    layout: str
    title: str
    date: str
    pieces: list[Piece]
    fixed: list[Piece]
    frames: Callable[[int], list[Frame]]
    dress: Callable[[Page, int, Furniture], None]  # page, number of pages, where furniture is noted
    paper: Paper = field(default_factory=Paper)
    two_column: bool = False
    first: int = 1  # page on which the running text begins
    opening: Callable[[list[Page]], tuple[list[Piece], list[Page]]] | None = (
        None  # pages before it, when they are known
    )


@dataclass(frozen=True, slots=True)
class Pen:
    """Prints lines outside the text column."""

    page: Page
    style: Style
    furniture: Furniture | None = None  # None: what is printed is part of a fixed piece

    def line(
        self, text: str, x: float, y: float, look: str | Look, *, bold: bool | None = None, end: str = "left"
    ) -> None:
        """Print at baseline `y`; `end` is the side of the line that `x` stands for: left, right or centre."""
        named = self.style.look(look) if isinstance(look, str) else look
        set_line = plain_line(text, x, y, named if bold is None else named.but(bold=bold), self.style)
        shift = {"left": 0.0, "centre": text_width(set_line) / 2, "right": text_width(set_line)}[end]
        self.page.draws.append(
            plain_line(text, x - shift, y, named if bold is None else named.but(bold=bold), self.style)
        )
        if self.furniture is not None:
            self.furniture.add(text)

    def lines(self, texts: Sequence[str], x: float, y: float, look: str | Look, *, bold: bool | None = None) -> float:
        """Print one below the other; gives the baseline of the next."""
        leading = (self.style.look(look) if isinstance(look, str) else look).leading
        for text in texts:
            self.line(text, x, y, look, bold=bold)
            y += leading
        return y

    def fill(self, x0: float, y0: float, x1: float, y1: float, colour: tuple[float, float, float] = (0, 0, 0)) -> None:
        self.page.draws.append(Fill(x0, y0, x1, y1, colour))

    def wrap(self, text: str, measure: float, look: str | Look, *, bold: bool = False) -> list[str]:
        """The text in lines of at most `measure` points, without hyphens."""
        named = (self.style.look(look) if isinstance(look, str) else look).but(bold=bold)
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and text_width(plain_line(longer, 0, 0, named, self.style)) <= measure:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines
