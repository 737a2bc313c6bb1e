"""How text looks: one Look per kind of text, one Style per document."""

from __future__ import annotations

from dataclasses import dataclass, replace

from documents.fonts import FAMILIES


@dataclass(frozen=True, slots=True)
class Look:
    """Typography of one kind of text; lengths in points."""

    family: str = "vera"
    size: float = 9.0
    leading: float = 13.0
    bold: bool = False
    italic: bool = False
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)
    before: float = 0.0
    after: float = 0.0
    first: float = 0.0  # indent of the first line
    left: float = 0.0
    right: float = 0.0
    align: str = "left"  # left, justify, right, centre
    hyphenate: bool = True
    fake_bold: bool = False  # regular cut struck twice instead of the bold cut
    spread: float = 0.0  # extra space between letters
    keep: bool = False  # stays with what follows

    def font(self, bold: bool = False, italic: bool = False) -> str:
        """Cut for a span; bold within bold stays bold."""
        return FAMILIES[self.family].cut((self.bold or bold) and not self.fake_bold, self.italic or italic)

    def but(self, **changes: object) -> Look:
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Style:
    """Everything about the look of one document."""

    looks: dict[str, Look]
    hyphen: str = "-"
    hyphen_least: int = 2  # letters before and behind a hyphen
    note_size: float = 0.62  # of the text size
    note_rise: float = 0.36
    note_form: str = "{}"  # "{})", "[{}]", …
    foot_form: str = "{}"  # the same mark before the footnote itself
    foot_raised: bool = True
    foot_hang: float = 0.0  # indent of the lines of a footnote behind its first
    note_rule: float = 0.35  # length of the separator as a share of the column; 0 = none
    note_gap: float = 10.0
    notes_split: bool = True  # long footnotes run on
    wide_notes: bool = False  # below all columns instead of each below its own
    tidy: bool = True  # no single lines at the head or foot of a column
    list_step: float = 12.0
    ligatures: bool = False
    table_rules: str = "rows"  # none, rows, grid, head
    emission: str = "line"

    def look(self, name: str) -> Look:
        return self.looks[name]
