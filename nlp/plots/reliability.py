"""How far scores can be believed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nlp.errors import FrameError
from nlp.evaluation.reliability import wilson
from nlp.plots import parts
from nlp.plots.parts import ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#19486A", "#DD1367", "#3F7E44", "#FD6925")
MARKERS = "osD^"
Bins = Iterable[tuple[float, float, int]]


def calibration(reliability: Mapping[str, Bins], ax: Axes | None = None) -> Axes:
    """How often tags of a score were right, against that score; on the diagonal they are as good as they say.

    reliability: by name the bins (mean score, share right, count) of evaluation.Figures.reliability, or of "reliability"
    in a model's metrics.json. The bars are 95 % intervals (Wilson 1927); passages of one document count as if apart.
    Raises FrameError for anything else.
    """
    try:
        named = {name: [(m, r, n) for m, r, n in bins if n] for name, bins in reliability.items()}
    except (AttributeError, TypeError, ValueError):
        hint = 'Give {"current": figures["reliability"]}, of a model\'s metrics.json.'
        raise FrameError("These are no bins of scores by name.", hint=hint) from None
    ax = parts.axes(ax, 6, 5.6)
    if not any(named.values()):
        return parts.nothing(ax, "Geen scores om te vergelijken")
    ax.plot([0, 1], [0, 1], "--", color=ink(), linewidth=0.8, alpha=0.6)
    for at, (name, bins) in enumerate(named.items()):
        scores, right = [b[0] for b in bins], [b[1] for b in bins]
        ends = [wilson(share, count) for _, share, count in bins]
        bars = [
            [r - low for r, (low, _) in zip(right, ends, strict=True)],
            [high - r for r, (_, high) in zip(right, ends, strict=True)],
        ]
        colour, marker = COLOURS[at % len(COLOURS)], MARKERS[at % len(MARKERS)]
        ax.errorbar(scores, right, bars, color=colour, marker=marker, capsize=3, linewidth=1.2, label=name)
    ax.set(xlim=(0, 1), ylim=(0, 1), ylabel="deel van de tags dat klopt", aspect="equal")
    ax.legend(loc="upper left", frameon=False)
    ax.spines[["right", "top"]].set_visible(False)
    return parts.titled(ax, "Kloppen de scores?", "score")
