"""The reliability figure of a model card: how often tags of a score were right, as SVG written by hand.

Without a drawing library: a model can be trained where none is installed, and the same figures give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any

from nlp.notation import decimal

FILE = "calibration.svg"
SIDE, GAP = 300, 84  # of a panel, and between panels; in pixels
LEFT, TOP, BOTTOM = 62, 42, 90
INKS = {"out_of_fold": ("#19486A", "#19486A"), "dev_test": ("#C5192D", "#fff")}  # line, and inside of the dots
NAMES = {"out_of_fold": "kruisvalidatie, documenten bijeen", "dev_test": "apart gehouden (dev-test)"}
TITLES = {"sdg": "SDG’s", "imvo": "IMVO-thema’s", "sdg-target": "SDG-subdoelen"}
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.t{font-size:15px;font-weight:600}.s{font-size:12px;fill:#555}"
    ".g{stroke:#ddd}.d{stroke:#888;stroke-dasharray:5 4}"
)
Bins = Sequence[Sequence[float]]  # mean score, share right, count


def draw_reliability(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """SVG with a panel per scheme. figures: those of a model's metrics.json, by scheme and set.

    On the diagonal a score is as good as it says. Bars are 95 % intervals (Wilson 1927); passages of one document count
    as if apart. The area of a dot grows with the number of scores in it.
    """
    width = LEFT + len(figures) * (SIDE + GAP) - GAP + 30
    height = TOP + SIDE + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="titel uitleg">',
        '<title id="titel">Kloppen de scores?</title>',
        f'<desc id="uitleg">{_description(figures)}</desc>',
        f'<style>{STYLE}</style><rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, (scheme, sets) in enumerate(figures.items()):
        parts += [f'<g transform="translate({LEFT + number * (SIDE + GAP)} {TOP})">', *_panel(scheme, sets), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _description(figures: Mapping[str, Mapping[str, Any]]) -> str:
    said = (
        f"{TITLES.get(scheme, scheme)}, {NAMES.get(name, name)}: "
        + "; ".join(
            f"score {decimal(mean)}, juist {decimal(share)} ({count})" for mean, share, count in f["reliability"]
        )
        for scheme, sets in figures.items()
        for name, f in sets.items()
    )
    return ". ".join(said)


def _panel(scheme: str, sets: Mapping[str, Any]) -> Iterator[str]:
    yield f'<text class="t" y="-16">{TITLES.get(scheme, scheme)}</text>'
    yield from _axes()
    for row, (name, f) in enumerate(sets.items()):
        stroke, fill = INKS.get(name, INKS["out_of_fold"])
        y = SIDE + 59 + 19 * row
        yield f'<g stroke="{stroke}" fill="{fill}" stroke-width="1.5">'
        yield from _series(f["reliability"])
        yield f'<circle cx="6" cy="{y - 4}" r="5"/></g>'
        yield f'<text class="s" x="18" y="{y}">{NAMES.get(name, name)}: ECE {decimal(f["ece"], 3)}</text>'


def _axes() -> Iterator[str]:
    for tick in range(0, 11, 2):
        at = tick / 10
        yield f'<path class="g" d="M{_x(at)} 0V{SIDE}M0 {_y(at)}H{SIDE}"/>'
        yield f'<text class="s" x="{_x(at)}" y="{SIDE + 16}" text-anchor="middle">{decimal(at, 1)}</text>'
        yield f'<text class="s" x="-8" y="{_y(at - 0.013)}" text-anchor="end">{decimal(at, 1)}</text>'
    yield f'<path class="d" d="M0 {SIDE}L{SIDE} 0"/>'
    yield f'<text x="{SIDE // 2}" y="{SIDE + 36}" text-anchor="middle">score</text>'
    yield (
        f'<text transform="translate(-40 {SIDE // 2}) rotate(-90)" text-anchor="middle">deel van de tags dat klopt</text>'
    )


def _series(bins: Bins) -> Iterator[str]:
    most = max((count for _, _, count in bins), default=1)
    line = " ".join(f"{_x(mean)},{_y(share)}" for mean, share, _ in bins)
    yield f'<polyline points="{line}" fill="none"/>'
    for mean, share, count in bins:
        low, high = wilson(share, count)
        yield f'<path d="M{_x(mean)} {_y(low)}V{_y(high)}"/>'
        yield f'<circle cx="{_x(mean)}" cy="{_y(share)}" r="{2.5 + 4.5 * sqrt(count / most):.1f}"/>'


def wilson(share: float, count: float) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), with the share in it."""
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def _x(value: float) -> str:
    return f"{value * SIDE:.1f}"


def _y(value: float) -> str:
    return f"{(1 - value) * SIDE:.1f}"
