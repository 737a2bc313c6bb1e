"""What documents are about: in all, where two schemes meet, and over time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.colours import ink_on
from nlp.errors import UnknownName
from nlp.plots import parts
from nlp.plots.parts import Label, ink

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from nlp.frames import Source


def profile(source: Source, ax: Axes | None = None, *, scheme: str = "sdg") -> Axes:
    """In how many passages each label stands; hatched: those that only name it."""
    frame = parts.passages_of(source)
    tags = parts.tags_of(frame, scheme)
    every = tags.groupby("code")["at"].nunique()
    about = tags[tags["tag_source"] != "mention"].groupby("code")["at"].nunique().reindex(every.index, fill_value=0)
    labels = parts.labels_of(tags, scheme)
    if not all(label.numbered for label in labels):
        labels.sort(key=lambda label: -int(every.get(label.code, 0)))
    ax = parts.axes(ax, 8, 1.2 + 0.3 * max(len(labels), 4))
    if tags.empty:
        return parts.nothing(ax, f"Geen passages met een label van {scheme.upper()}")
    for y, label in ((y, label) for y, label in enumerate(labels) if label.code in every):
        _bar(ax, y, label, int(about[label.code]), int(every[label.code]), frame["at"].nunique())
    parts.rows(ax, labels, len(labels) - 0.4, -0.6)
    ax.set_xlim(0, 1.2 * int(every.max()))
    ax.locator_params(axis="x", integer=True)
    ax.spines["left"].set_visible(True)
    unit = "passages (gearceerd: alleen genoemd)" if (every > about).any() else "passages"
    return parts.titled(ax, f"{scheme.upper()}-profiel", unit, parts.extent(frame))


def _bar(ax: Axes, y: int, label: Label, about: int, every: int, total: int) -> None:
    ax.barh(y, about, 0.75, color=label.colour, edgecolor=ink(), linewidth=0.5)
    if every > about:
        left = every - about
        ax.barh(y, left, 0.75, left=about, color="none", edgecolor=label.colour, hatch="/////", linewidth=0.8)
    said = f"{every}  ({100 * every / total:.0f} %)"
    ax.annotate(said, (every, y), (4, 0), textcoords="offset points", va="center", fontsize=9)


# --- where two schemes meet ---------------------------------------------------------------------------------------


def heatmap(source: Source, ax: Axes | None = None, *, down: str = "imvo", across: str = "sdg") -> Axes:
    """How many passages have a label of either scheme: where the themes (`down`) and the goals (`across`) meet."""
    import pandas as pd

    frame = parts.passages_of(source)
    themes, goals = (parts.tags_of(frame, scheme).drop_duplicates(["at", "code"]) for scheme in (down, across))
    pairs = themes.merge(goals, on="at", suffixes=("_down", "_across"))
    beside = parts.labels_of(themes[themes["at"].isin(pairs["at"])], down)
    above = parts.labels_of(goals, across)
    ax = parts.axes(ax, 3.2 + 0.42 * len(above), 3 + 0.34 * max(len(beside), 3))
    if pairs.empty:
        return parts.nothing(ax, f"Geen passages met een label van {down.upper()} en een van {across.upper()}")
    found = pd.crosstab(pairs["code_down"], pairs["code_across"])
    counts = found.reindex(index=[b.code for b in beside], columns=[a.code for a in above], fill_value=0).to_numpy()
    _cells(ax, counts)
    parts.rows(ax, beside, len(beside) - 0.5, -0.5)
    _columns(ax, above)
    return parts.titled(ax, f"{down.upper()} en {across.upper()} in dezelfde passage", parts.extent(frame))


def _cells(ax: Axes, counts: Any) -> None:
    """A darker cell has more passages; its number stands in it."""
    from matplotlib.colors import to_hex

    lightest = -0.2 * counts.max()  # so that a single passage is seen
    found = np.where(counts > 0, counts, np.nan)
    image = ax.imshow(found, cmap="Blues", vmin=lightest, vmax=counts.max(), aspect="auto")
    for y, x in product(*map(range, counts.shape)):
        if counts[y, x]:
            colour = to_hex(tuple(image.to_rgba(counts[y, x])))
            ax.text(x, y, str(counts[y, x]), ha="center", va="center", fontsize=9, color=ink_on(colour))
    ax.set_xticks(np.arange(counts.shape[1] + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(counts.shape[0] + 1) - 0.5, minor=True)
    ax.grid(which="minor", color=ink(), linewidth=0.3, alpha=0.4)
    ax.tick_params(which="minor", length=0)


def _columns(ax: Axes, labels: Sequence[Label]) -> None:
    """The names on top of the columns, each above a tile with its number, in its colour."""
    numbered = any(label.numbered for label in labels)
    ax.xaxis.tick_top()
    names = [label.name for label in labels]
    ax.set_xticks(
        range(len(labels)), names, rotation=50, ha="left", rotation_mode="anchor", fontsize=8.5, parse_math=False
    )
    ax.tick_params(axis="x", length=0, pad=20 if numbered else 4)
    for x, label in enumerate(labels):
        if label.numbered:
            tile = {"boxstyle": "square,pad=0.35", "facecolor": label.colour, "edgecolor": "none"}
            ax.annotate(
                f"{label.code:>2}", (x, 1), (0, 11), xycoords=("data", "axes fraction"), textcoords="offset points",
                ha="center", va="center", fontsize=8, fontweight="bold", color=ink_on(label.colour), bbox=tile,
            )  # fmt: skip
    ax.spines["bottom"].set_visible(False)


# --- over time ----------------------------------------------------------------------------------------------------

PERIODS = {"year": ("Y", "jaar"), "quarter": ("Q", "kwartaal"), "month": ("M", "maand")}
FEW = 12  # periods of which each bar bears its value


def timeline(source: Source, ax: Axes | None = None, *, scheme: str = "sdg", per: str | None = None) -> Axes:
    """The profile over time: per label and period the share (%) of that period's passages in which it stands.

    per: "year", "quarter" or "month"; by default the longest that shows a course. Documents without a date are left
    out, which the figure says. Raises UnknownName for another period.
    """
    if per not in (None, *PERIODS):
        raise UnknownName("period", str(per), PERIODS)
    frame = parts.passages_of(source)
    dates = _dates(frame)
    undated = frame.loc[dates.isna(), "document"].nunique()
    frame, dates = frame[dates.notna()], dates[dates.notna()]
    per = per or _period_for(dates)
    frame = frame.assign(period=dates.dt.to_period(PERIODS[per][0]))
    tags = parts.tags_of(frame, scheme)
    labels = [label for label in parts.labels_of(tags, scheme) if label.code in set(tags["code"])]
    ax = parts.axes(ax, 9, 1.6 + 0.5 * max(len(labels), 4))
    if tags.empty:
        none = "Geen documenten met een datum" if frame.empty else f"Geen passages met een label van {scheme.upper()}"
        return parts.nothing(ax, none)
    _draw_time(ax, frame, tags, labels, per)
    period, left_out = PERIODS[per][1], f"; {undated} zonder datum niet getoond" if undated else ""
    unit = f"% van de passages per {period}"
    return parts.titled(ax, f"{scheme.upper()}-profiel per {period}", unit, parts.extent(frame) + left_out)


def _dates(frame: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    import pandas as pd

    return pd.to_datetime(frame["date"].astype("string"), format="ISO8601", errors="coerce")


def _period_for(dates: pd.Series[pd.Timestamp]) -> str:
    counts = {name: dates.dt.to_period(alias).nunique() for name, (alias, _) in PERIODS.items()}
    return next((name for least in (3, 2) for name, number in counts.items() if number >= least), "year")


def _draw_time(ax: Axes, frame: pd.DataFrame, tags: pd.DataFrame, labels: Sequence[Label], per: str) -> None:
    """A row of bars for each label, each on a line of its own, all to one scale."""
    import pandas as pd

    periods = pd.period_range(frame["period"].min(), frame["period"].max(), freq=PERIODS[per][0])
    passages = frame.groupby("period")["at"].nunique().to_dict()
    found = tags.groupby(["code", "period"])["at"].nunique().to_dict()
    shares = {label.code: [found.get((label.code, p), 0) / passages.get(p, 1) for p in periods] for label in labels}
    scale = 0.62 / max(map(max, shares.values()))
    for y, label in enumerate(labels):
        _bars(ax, y, label, shares[label.code], scale)
    parts.rows(ax, labels, len(labels) - 0.85, -1.0)
    ax.set_yticks([y - 0.25 for y in range(len(labels))], [label.title for label in labels], parse_math=False)
    documents = frame.groupby("period")["document"].nunique().reindex(periods, fill_value=0)
    step = 1 + (len(periods) - 1) // FEW
    counts = [f"\n({number} doc.)" if step == 1 else "" for number in documents]
    ticks = [_period(period, per) + count for period, count in zip(periods, counts, strict=True)]
    ax.set_xticks(range(0, len(periods), step), ticks[::step], fontsize=9)
    ax.set_xlim(-0.6, len(periods) - 0.4)


def _bars(ax: Axes, y: int, label: Label, shares: Sequence[float], scale: float) -> None:
    """Upwards from the line at `y`: the axis points down, so that the first label stands on top."""
    ax.axhline(y, color=ink(), linewidth=0.4, alpha=0.5, zorder=0)
    found = {x: share for x, share in enumerate(shares) if share}
    tops = [-scale * share for share in found.values()]
    edge = 0.4 if len(shares) <= 3 * FEW else 0  # edges would hide thin bars
    ax.bar(list(found), tops, 0.7, bottom=y, color=label.colour, edgecolor=ink(), linewidth=edge)
    for x, share in found.items():
        if len(shares) <= FEW or share == max(shares):
            ax.text(x, y - scale * share - 0.03, f"{100 * share:.0f}", ha="center", va="bottom", fontsize=8)


def _period(period: pd.Period, per: str) -> str:
    year, month, quarter = period.year, parts.MONTHS[period.month - 1], period.quarter
    return {"year": f"{year}", "quarter": f"{quarter}e kw.\n{year}", "month": f"{month}\n{year}"}[per]
