"""Composes running text: sections with headings, paragraphs with footnotes, lists and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from documents.pieces import Piece, Span, footnote, plain
from documents.variety import Manner
from documents.wording import OPENINGS, Words, shares


@dataclass(slots=True)
class Composer:
    """Hands out pieces of one document; footnotes are numbered through."""

    words: Words
    manner: Manner
    note_rate: float = 0.25
    notes: int = 0
    tables: int = 0
    figures: int = 0

    def section(self, number: int, *, deep: bool = True) -> list[Piece]:
        """A heading and what stands under it."""
        pieces = [self.heading(f"{number}. " if self.manner.numbered_headings else "", 1)]
        pieces += self.stretch()
        if deep and self.words.rng.random() < 0.3:
            for sub in range(1, self.words.rng.randint(2, 3)):
                pieces.append(self.heading(f"{number}.{sub} " if self.manner.numbered_headings else "", 2))
                pieces += self.stretch()
        return pieces

    def stretch(self) -> list[Piece]:
        """One to four paragraphs, perhaps with a list or a table among them."""
        rng = self.words.rng
        pieces = [self.paragraph() for _ in range(rng.randint(1, 4))]
        pieces[0] = replace(pieces[0], look="first")
        roll = rng.random()
        if roll < 0.25:
            pieces += self.listing()
        elif roll < 0.35:
            pieces += [*self.table(), self.paragraph()]
        elif roll < 0.42:
            pieces += [self.annotated("paragraph", self.words.prose(15, 60), "quote"), self.paragraph()]
        return pieces

    def heading(self, number: str, level: int) -> Piece:
        text = self.words.heading()
        text = text.upper() if self.manner.capitals and level == 1 else text
        return Piece("heading", plain(number + text), look=f"h{level}", level=level)

    def paragraph(self, kind: str = "paragraph", least: int = 25, most: int = 150) -> Piece:
        if self.words.rng.random() < 0.05:  # a paragraph that opens with its subject in bold
            lead = (Span(self.words.rng.choice(OPENINGS) + ".", bold=True), Span(" "))
            return self.annotated(kind, self.words.prose(least, most), lead=lead)
        return self.annotated(kind, self.words.prose(least, most))

    def annotated(self, kind: str, text: str, look: str = "body", lead: tuple[Span, ...] = ()) -> Piece:
        """Text with a footnote or two at a comma or full stop, as often as `note_rate` says."""
        rng = self.words.rng
        spots = [m.end() for m in re.finditer(r"\w[.,;?](?= |$)", text)]
        count = sum(rng.random() < self.note_rate for _ in range(2))
        chosen = sorted(rng.sample(spots, min(count, len(spots))))
        spans, notes, at = list(lead), [], 0
        for after in chosen:
            spot = after - 1 if self.manner.notes_inside else after
            self.notes += 1
            spans += [*self.styled(text[at:spot]), Span(str(self.notes), note=True)]
            notes.append(footnote(str(self.notes), self.words.note()))
            at = spot
        spans += self.styled(text[at:])
        return Piece(kind, tuple(spans), look=look, notes=tuple(notes))

    def styled(self, text: str) -> list[Span]:
        """The text, now and then with some words in italics or bold."""
        words = text.split(" ")
        if len(words) < 12 or self.words.rng.random() > 0.12:
            return [Span(text)] if text else []
        start = self.words.rng.randint(3, len(words) - 6)
        middle = " ".join(words[start : start + 4])
        bold = self.words.rng.random() < 0.4
        return [
            Span(" ".join(words[:start]) + " "),
            Span(middle, bold=bold, italic=not bold),
            Span(" " + " ".join(words[start + 4 :])),
        ]

    def listing(self) -> list[Piece]:
        """A paragraph that ends in a colon, and the items; sometimes a level deeper."""
        rng = self.words.rng
        lead = self.words.sentence().rstrip(".?! ") + ":"
        count = rng.randint(2, 6)
        marks = rng.choice((["{}."], ["{})"], [self.manner.bullet], [self.manner.bullet]))[0]
        letters = "{" in marks and rng.random() < 0.3
        items = []
        for n in range(count):
            mark = marks.format("abcdefgh"[n] if letters else n + 1)
            text = self.words.clause() + (";" if n < count - 1 else ".")
            items.append(replace(self.annotated("list_item", text, "list"), mark=mark))
            if rng.random() < 0.12:
                inner = self.words.clause(18) + ";"
                items.append(Piece("list_item", plain(inner), look="list", mark="–", depth=1))
        items[-1] = replace(items[-1], look="last_item")
        return [Piece("paragraph", plain(lead)), *items]

    def box(self) -> list[Piece]:
        """A shaded box with a heading of its own."""
        title = Piece("heading", plain(f"Wat is {self.words.subject()}?"), look="box_head", level=4, in_box=True)
        count = self.words.rng.randint(1, 2)
        return [
            title,
            *(Piece("paragraph", plain(self.words.prose(20, 70)), look="box", in_box=True) for _ in range(count)),
        ]

    def figure(self) -> list[Piece]:
        """Bars over years, with the caption below."""
        self.figures += 1
        years = tuple(str(2012 + n) for n in range(self.words.rng.randint(4, 8)))
        values = tuple(str(self.words.rng.randint(10, 100)) for _ in years)
        caption = f"Figuur {self.figures}: {self.words.heading()}, {years[0]}–{years[-1]}"
        return [
            Piece("figure", (), look="table", rows=(years, values), optional=True),
            Piece("caption", plain(caption), look="figure_caption"),
        ]

    def table(self) -> list[Piece]:
        """Caption and table, of figures or of sentences."""
        rng = self.words.rng
        self.tables += 1
        names = rng.sample(("Groningen", "Noord-Holland", "Textiel en kleding", "Voeding", "Overig", "Energie",
                            "Primair onderwijs", "Gemeenten", "Totaal", "Caribisch Nederland"), rng.randint(3, 7))  # fmt: skip
        rows = self._said(names[:4]) if rng.random() < 0.3 else self._figures(names)
        caption = f"Tabel {self.tables}{rng.choice((':', '.'))} {self.words.heading()}, {rng.randint(2012, 2024)}"
        return [Piece("caption", plain(caption), look="caption"), Piece("table", (), look="table", rows=tuple(rows))]

    def _figures(self, names: list[str]) -> list[tuple[str, ...]]:
        rng = self.words.rng
        columns = rng.randint(2, 4)
        head = rng.sample(("2018", "2019", "2020", "Aandeel", "Aantal", "Raming", "Mutatie", "Begroot"), columns)
        figures = shares(rng, len(names), columns)
        rows = [(rng.choice(("Sector", "Regio", "Onderdeel")), *head)]
        return rows + [(name, *cells) for name, cells in zip(names, figures, strict=True)]

    def _said(self, names: list[str]) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = [("Onderwerp", "Stand van zaken", "Vervolg")]
        return rows + [(name, self.words.clause(16), self.words.clause(10)) for name in names]
