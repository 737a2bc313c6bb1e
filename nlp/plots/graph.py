"""Which dossiers documents cite, and which are cited together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import cos, hypot, pi, sin
from textwrap import fill, shorten
from typing import TYPE_CHECKING, Any

from nlp.colours import ink_on
from nlp.errors import MissingExtra
from nlp.frames import cited
from nlp.notation import counted
from nlp.plots import parts
from nlp.plots.parts import PLAIN, ink

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from matplotlib.axes import Axes

    from nlp.frames import Source

NAMED = 12  # documents that are still drawn one by one
DOSSIERS = 18  # that are drawn: those that most documents cite
Place = tuple[float, float]


def citation_network(source: Source) -> nx.Graph:
    """Documents and the dossiers they cite, as a networkx graph: for a measure, or another program (nx.write_gexf).

    Nodes have `kind` ("document" or "dossier") and `label`; a document its `date` ("" if unknown), a dossier the `sdg`
    that most passages citing it are about ("" if none). Edges have `weight`: how many citations. Raises MissingExtra.
    """
    try:
        import networkx
    except ImportError:
        raise MissingExtra("networkx", "plots") from None
    found = cited(source).dropna(subset=["dossiernummer"])
    graph = networkx.Graph()
    for (document, dossier), rows in found.groupby(["document", "dossiernummer"], sort=False):
        first = rows.iloc[0]
        graph.add_node(document, kind="document", label=_title(first), date=parts.text(first["date"]) or "")
        graph.add_edge(document, dossier, weight=len(rows))
    goals = parts.tags_of(parts.passages_of(source), "sdg").drop_duplicates(["at", "code"])
    for dossier, rows in found.groupby("dossiernummer"):
        near = goals[goals["at"].isin(parts.at(rows))]["code"].value_counts()
        graph.add_node(dossier, kind="dossier", label=_printed(str(dossier)), sdg=near.index[0] if len(near) else "")
    return graph


def _title(row: pd.Series[Any]) -> str:
    """Date above title, as far as known."""
    title = fill(shorten(parts.text(row["title"]) or str(row["document"]), 80, placeholder="…"), 44)
    day = parts.text(row["date"])
    return f"{_day(day)}\n{title}" if day else title


def _day(iso: str) -> str:
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:  # only a year, or a month
        return iso
    return f"{day.day} {parts.MONTHS[day.month - 1]} {day.year}"


def _printed(dossier: str) -> str:
    """As papers print it: "35570-XVII" → "35 570 XVII"; "21501-02" keeps its hyphen."""
    number, _, rest = dossier.partition("-")
    return f"{number[:2]} {number[2:]}" + (f" {rest}" if rest.isalpha() else f"-{rest}" if rest else "")


def citation_graph(source: Source, ax: Axes | None = None) -> Axes:
    """Which dossiers are cited by which documents or, of more than NAMED documents, together with which dossiers.

    A dossier bears number and colour of the goal that most passages citing it are about, and how many citations it got.
    The wider a line, the more citations, or documents that cite both. Drawn are the DOSSIERS that most documents cite.
    """
    graph = citation_network(source)
    documents = [node for node, kind in graph.nodes(data="kind") if kind == "document"]
    ranked = sorted(graph.nodes - set(documents), key=lambda n: (-graph.degree(n), -graph.degree(n, "weight"), n))
    dossiers, one_by_one = ranked[:DOSSIERS], len(documents) <= NAMED
    size = (10, 1.2 + 0.45 * max(len(documents), len(dossiers), 4)) if one_by_one else (8.5, 8)
    ax = parts.axes(ax, *size)
    if not dossiers:
        return parts.nothing(ax, "Geen verwijzingen naar een dossier")
    (_draw_columns if one_by_one else _draw_circle)(ax, graph, documents, dossiers)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    what = "Aangehaalde dossiers per document" if one_by_one else "Dossiers die in hetzelfde document worden aangehaald"
    unit = "Cijfer en kleur: SDG van de meeste passages die het dossier aanhalen (–: geen)"
    some = f"; de {len(dossiers)} meest aangehaalde van {len(ranked)} dossiers" if len(ranked) > len(dossiers) else ""
    return parts.titled(ax, what, unit, counted(len(documents), "document", "documenten") + some)


def _draw_columns(ax: Axes, graph: nx.Graph, documents: Sequence[str], dossiers: Sequence[str]) -> None:
    """Documents by date on the left; dossiers on the right, each level with the documents that cite it."""
    left = _column(0, sorted(documents, key=lambda node: graph.nodes[node]["date"]))
    middle = {
        n: sum(left[d][1] * graph[n][d]["weight"] for d in graph[n]) / graph.degree(n, "weight") for n in dossiers
    }
    right = _column(1, sorted(dossiers, key=lambda node: (middle[node], node)))
    for node, place in right.items():
        for document in graph[node]:
            _curve(ax, left[document], place, graph[node][document]["weight"], _colour(graph, node))
        _dot(ax, graph, node, place, (15, 0), "left")
    for node, place in left.items():
        ax.plot(*place, "s", color=ink(), markersize=7, zorder=3)
        ax.annotate(
            graph.nodes[node]["label"], place, (-10, 0), textcoords="offset points", ha="right", va="center",
            fontsize=9, parse_math=False,
        )  # fmt: skip
    ax.set_xlim(-0.03, 1.03)
    ax.set_ylim(1, 0)


def _column(x: float, nodes: Sequence[str]) -> dict[str, Place]:
    return {node: (x, (at + 0.5) / len(nodes)) for at, node in enumerate(nodes)}


def _draw_circle(ax: Axes, graph: nx.Graph, documents: Sequence[str], dossiers: Sequence[str]) -> None:
    """Dossiers on a circle, those that are often cited together side by side."""
    import networkx

    both = networkx.bipartite.weighted_projected_graph(graph.subgraph([*documents, *dossiers]), dossiers)
    groups = networkx.community.greedy_modularity_communities(both, weight="weight") if both.size() else [dossiers]
    ring = [node for group in groups for node in sorted(group, key=dossiers.index)]
    turns = {node: 2 * pi * at / len(ring) for at, node in enumerate(ring)}
    places = {node: (sin(turn), cos(turn)) for node, turn in turns.items()}
    for one, other, weight in both.edges(data="weight"):
        _chord(ax, places[one], places[other], weight)
    for node, (x, y) in places.items():
        side = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
        _dot(ax, graph, node, (x, y), (18 * x, 18 * y), side)
    ax.set_aspect("equal")
    ax.margins(0.2, 0.06)


def _dot(ax: Axes, graph: nx.Graph, node: str, place: Place, offset: Place, side: str) -> None:
    colour = _colour(graph, node)
    ax.plot(*place, "o", color=colour, markeredgecolor=ink(), markeredgewidth=0.6, markersize=19, zorder=3)
    goal = graph.nodes[node]["sdg"] or "–"
    ax.annotate(goal, place, color=ink_on(colour), fontsize=9, fontweight="bold", ha="center", va="center", zorder=4)
    said = f"{graph.nodes[node]['label']}  ({graph.degree(node, 'weight')}×)"
    ax.annotate(said, place, offset, textcoords="offset points", ha=side, va="center", fontsize=9, parse_math=False)


def _colour(graph: nx.Graph, dossier: str) -> str:
    scheme, goal = parts.scheme_of("sdg"), graph.nodes[dossier]["sdg"]
    return (scheme[goal].colour if scheme and goal in scheme else None) or PLAIN


def _curve(ax: Axes, start: Place, end: Place, weight: int, colour: str) -> None:
    """A line that leaves and arrives level, so that lines side by side can be told apart."""
    middle = (start[0] + end[0]) / 2
    _line(ax, [start, (middle, start[1]), (middle, end[1]), end], weight, colour)


def _chord(ax: Axes, start: Place, end: Place, weight: int) -> None:
    bend = 1 - 0.35 * hypot(start[0] - end[0], start[1] - end[1])  # the nearer, the closer to the circle
    _line(ax, [start, (bend * start[0], bend * start[1]), (bend * end[0], bend * end[1]), end], weight, PLAIN)


def _line(ax: Axes, points: Sequence[Place], weight: int, colour: str) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    ax.add_patch(PathPatch(path, fill=False, edgecolor=colour, linewidth=min(1.2 * weight, 8), alpha=0.6, zorder=1))
