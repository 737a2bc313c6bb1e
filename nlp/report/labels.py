"""The labels that occur in a document, with the number, name and colours by which a reader knows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nlp.colours import ink_on
from nlp.errors import UnknownName
from nlp.schemes import Concept, load_scheme

PLAIN = "#3d4f5f"  # of labels that have no official colour
FIRST = ("sdg", "imvo")  # schemes in this order; others after them
SHORT_TITLES = {"sdg": "SDG's", "imvo": "IMVO-thema's", "sdg-target": "SDG-subdoelen (suggesties)"}


@dataclass(frozen=True, slots=True)
class Label:
    """`key` is its class in the style sheet; `short` stands in a tile: "13", or "IMVO" where codes are words."""

    key: str
    scheme: str
    code: str
    name: str
    short: str
    colour: str
    ink: str

    @property
    def numbered(self) -> bool:
        return self.short == self.code

    @property
    def spoken(self) -> str:
        """As it is read out: "SDG 13 Klimaatactie"."""
        return f"{self.scheme.upper()} {self.code} {self.name}" if self.numbered else f"{self.short}: {self.name}"


def labels_of(tags: Iterable[dict[str, Any]]) -> dict[tuple[str, str], Label]:
    """The labels of plain tags by scheme and code, in the order in which they are listed."""
    names = {(tag["scheme"], tag["code"]): tag["label"] for tag in tags}
    return {
        (scheme, code): label(f"k{number}", scheme, code, names[scheme, code])
        for number, (scheme, code) in enumerate(sorted(names, key=_place))
    }


def label(key: str, scheme: str, code: str, name: str) -> Label:
    colour = _colour(scheme, code) or PLAIN
    short = code if code[:1].isdigit() else scheme.upper()
    return Label(key, scheme, code, name, short, colour, ink_on(colour))


def scheme_title(scheme: str) -> str:
    """What the labels of a scheme are called in Dutch."""
    try:
        return SHORT_TITLES.get(scheme) or load_scheme(scheme).title
    except UnknownName:
        return scheme.upper()


def _colour(scheme: str, code: str) -> str | None:
    """That of the concept or, for a target, of its goal."""
    for concept in _upward(scheme, code):
        if concept.colour:
            return concept.colour
    return None


def _upward(scheme: str, code: str | None) -> Iterator[Concept]:
    try:
        while code:
            concept = load_scheme(scheme)[code]
            yield concept
            code = concept.parent
    except UnknownName:
        return


def _place(label: tuple[str, str]) -> tuple[int, str, list[tuple[int, str]]]:
    scheme, code = label
    order = FIRST.index(scheme) if scheme in FIRST else len(FIRST)
    parts = re.findall(r"\d+|\D+", code)
    return order, scheme, [(int(part), "") if part.isdecimal() else (10**9, part) for part in parts]


def style(labels: Iterable[Label]) -> str:
    """One rule per label: its colour and what reads on it."""
    return "".join(f".{label.key}{{--c:{label.colour};--ink:{label.ink}}}" for label in labels)
