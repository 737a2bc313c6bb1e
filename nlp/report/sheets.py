"""The pages of a document as pictures, with the passages drawn on them."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.pdf.pictures import Painter
from nlp.report.labels import Label
from nlp.report.passages import View

WIDTHS = ((40, 1200), (120, 960), (10**9, 760))  # pixels across an A4 page, in documents of up to so many pages
ROOM = 24 * 2**20  # bytes of pictures in one report; what comes after goes without
CHIP, LETTER, GAP = 10.0, 4.2, 1.5  # points: height of a chip, width per letter, room between chips
LOST = {
    "no_text_layer": "Deze pagina is een beeld zonder tekst en is niet gelezen.",
    "unreadable_text": "De tekst van deze pagina is onleesbaar vastgelegd en is niet gelezen.",
    "damaged": "Deze pagina is beschadigd; er kan tekst ontbreken.",
    "too_large": "Deze pagina vraagt te veel rekenwerk en is niet gelezen.",
}
UNPAINTED = "Van deze pagina kon geen afbeelding worden gemaakt."
NO_ROOM = "Zonder afbeelding, om het bestand handzaam te houden."


@dataclass(frozen=True, slots=True)
class Chip:
    """A label beside a passage, in points."""

    label: Label
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage on one page: a rectangle (x, y, width, height) per line."""

    view: View
    lines: list[tuple[float, float, float, float]]
    chips: list[Chip]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page; `picture` is WebP in base64."""

    number: int
    width: float
    height: float
    marks: list[Mark]
    picture: str | None
    note: str | None


def content_of(about: dict[str, Any], source: str | Path | bytes | None) -> tuple[bytes | None, str | None]:
    """The bytes that the document was read from, or in Dutch why there are none.

    Only a file that has not changed since will do: the places of passages would be wrong on another.
    """
    if not about["pages"] or not about.get("sheets"):
        return None, "Dit soort document heeft geen pagina's om af te beelden; hier staat de tekst."
    source = about["source"] if source is None else source
    if source is None:
        return None, "Het document kwam niet uit een bestand; hier staat alleen de tekst."
    try:
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
    except (OSError, ValueError):
        return None, "Het bestand is niet meer te vinden; hier staat alleen de tekst."
    if hashlib.sha256(data).hexdigest()[:12] != about["id"]:
        return None, "Het bestand is veranderd sinds het werd gelezen; hier staat alleen de tekst."
    return data, None


def sheets(about: dict[str, Any], views: Sequence[View], data: bytes, painter: Painter) -> Iterator[Sheet]:
    """The pages one by one."""
    pages = about["sheets"]
    width = next(pixels for most, pixels in WIDTHS if len(pages) <= most)
    pictures = painter.pictures(data, [(number, turned) for number, (_, _, turned, _) in enumerate(pages, 1)], width)
    marks = _marks_by_page(views)
    used = 0
    for number, (across, high, _, status) in enumerate(pages, 1):
        picture = next(pictures, None) if used < ROOM else None
        note = LOST.get(status) or (None if picture else UNPAINTED if used < ROOM else NO_ROOM)
        used += len(picture or b"")
        shown = b64encode(picture).decode() if picture else None
        yield Sheet(number, across, high, marks.get(number, []), shown, note)


# --- what is drawn ------------------------------------------------------------------------------------------------


def _marks_by_page(views: Sequence[View]) -> dict[int, list[Mark]]:
    lines: dict[int, list[tuple[View, list[dict[str, Any]]]]] = {}
    for view in views:
        for page in dict.fromkeys(box["page"] for box in view.boxes):
            lines.setdefault(page, []).append((view, [box for box in view.boxes if box["page"] == page]))
    return {page: [_mark(view, boxes, found) for view, boxes in found] for page, found in lines.items()}


def _mark(view: View, boxes: list[dict[str, Any]], all_: list[tuple[View, list[dict[str, Any]]]]) -> Mark:
    first = boxes[0]
    others = (box for other, theirs in all_ if other is not view for box in theirs)
    left = max((b["x1"] for b in others if b["x1"] <= first["x0"] and _beside(b, first)), default=0.0) + 2
    chips = list(_chips(_shown(view), first["x0"] - 4, (first["top"] + first["bottom"] - CHIP) / 2, left))
    return Mark(view, [_padded(box) for box in boxes], chips)


def _beside(box: dict[str, Any], line: dict[str, Any]) -> bool:
    return bool(box["top"] < line["bottom"] and box["bottom"] > line["top"])


def _padded(box: dict[str, Any]) -> tuple[float, float, float, float]:
    x, y = box["x0"] - 1.5, box["top"] - 0.8
    return round(x, 1), round(y, 1), round(box["x1"] + 1.5 - x, 1), round(box["bottom"] + 0.8 - y, 1)


def _shown(view: View) -> Iterator[Label]:
    """Every numbered label; of a scheme whose codes are words one, for all of them read the same on a chip."""
    said = set()
    for row in view.rows:
        if row.label.short not in said:
            said.add(row.label.short)
            yield row.label


def _chips(labels: Iterable[Label], right: float, top: float, left: float) -> Iterator[Chip]:
    """From right to left beside the first line, in more rows where there is no room."""
    x, y = right, top
    for label in labels:
        width = LETTER * len(label.short) + 4.0
        if x - width < left and x < right:
            x, y = right, y + CHIP + GAP
        at = max(x - width, 1.0)
        yield Chip(label, round(at, 1), round(y, 1), round(width, 1))
        x = at - GAP
