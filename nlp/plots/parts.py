"""What the figures share: labels in their order and colour, passages to count, axes and titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from nlp.errors import MissingExtra, UnknownName
from nlp.frames import long
from nlp.notation import counted
from nlp.schemes import Scheme, load_scheme

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from nlp.frames import Source

PLAIN = "#5B6770"  # of labels without an official colour
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
WHOLE = 20  # a scheme of at most so many labels is shown whole, so that profiles can be laid side by side


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a figure."""

    code: str
    name: str
    colour: str = PLAIN

    @property
    def numbered(self) -> bool:
        """Is its code a number, by which readers know it?"""
        return self.code[:1].isdigit()

    @property
    def title(self) -> str:
        """As it stands beside its bar: "Klimaatactie  13"."""
        return f"{self.name}  {self.code}" if self.numbered else self.name


# --- what is counted ----------------------------------------------------------------------------------------------


def passages_of(source: Source) -> pd.DataFrame:
    """frames.long with a column `at`, which tells passages apart."""
    frame = long(source)
    return frame.assign(at=at(frame))


def at(frame: pd.DataFrame) -> pd.Series[str]:
    """Document and passage in one: a passage that stands in two documents counts in both."""
    return frame["document"].astype(str) + "\n" + frame["passage"].astype(str)


def tags_of(frame: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """The rows with a tag of one scheme; a narrower label (13.2) counts as its broadest (13)."""
    tags = frame[(frame["scheme"] == scheme) & frame["code"].notna()]
    known = scheme_of(scheme)
    return tags.assign(code=[_broadest(known, code) for code in tags["code"]])


def scheme_of(name: str) -> Scheme | None:
    """The scheme of that name; None for one of which no taxonomy is at hand."""
    try:
        return load_scheme(name)
    except UnknownName:
        return None


def _broadest(scheme: Scheme | None, code: str) -> str:
    while scheme and code in scheme and (above := scheme[code].parent):
        code = above
    return code


def labels_of(tags: pd.DataFrame, name: str) -> list[Label]:
    """The labels to show, in the order of the scheme: all of a small scheme, else those that occur.

    Labels that the taxonomy does not know stand behind it, under the name the frame gives them.
    """
    scheme, names = scheme_of(name), dict(zip(tags["code"], tags["label"], strict=True))
    top = scheme.top if scheme else ()
    known = [Label(c.code, c.label_nl, c.colour or PLAIN) for c in top if len(top) <= WHOLE or c.code in names]
    other = sorted(set(names) - {concept.code for concept in top})
    return known + [Label(code, text(names[code]) or code) for code in other]


def text(value: Any) -> str | None:
    """A cell as text that a font can draw; None for an empty one."""
    if value is None or value != value:  # NaN is not itself
        return None
    return "".join(c if c.isprintable() else " " for c in str(value)) or None


# --- how it is drawn ----------------------------------------------------------------------------------------------


def axes(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes given, or those of a new figure of that size in inches. Raises MissingExtra."""
    try:
        from matplotlib import pyplot
    except ImportError:
        raise MissingExtra("matplotlib", "plots") from None
    return ax if ax is not None else pyplot.subplots(figsize=(width, height), layout="constrained")[1]


def ink() -> str:
    """The colour of text in the style in use: light on a dark one."""
    from matplotlib import rcParams

    return str(rcParams["text.color"])


def nothing(ax: Axes, said: str) -> Axes:
    """An empty figure that says why."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, f"{said}.", ha="center", va="center", transform=ax.transAxes, fontsize=11)
    return ax


def rows(ax: Axes, labels: Sequence[Label], bottom: float, top: float) -> None:
    """One row per label, the first on top, without a frame around them."""
    ax.set_yticks(range(len(labels)), [label.title for label in labels], fontsize=9, parse_math=False)
    ax.set_ylim(bottom, top)
    ax.tick_params(axis="y", length=0)
    ax.spines[["left", "right", "top"]].set_visible(False)


def titled(ax: Axes, title: str, *below: str) -> Axes:
    """The same axes with a title, and lines that stand below: the unit, and what the figure covers."""
    ax.set_title(title, loc="left", fontsize=11, fontweight="bold", pad=10)
    ax.set_xlabel("\n".join(filter(None, below)), fontsize=9, linespacing=1.5, parse_math=False)
    return ax


def extent(frame: pd.DataFrame) -> str:
    """What a figure covers: the title of one document, or how many there are; and how many passages."""
    documents, passages = frame["document"].nunique(), frame["at"].nunique()
    title = text(frame["title"].iloc[0]) if documents == 1 else None
    what = f"“{shorten(title, 64, placeholder='…')}”" if title else counted(documents, "document", "documenten")
    return f"{what}, {counted(passages, 'passage', 'passages')}"
