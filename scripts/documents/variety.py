"""Draws the look of a document: what differs between ministries, years and word processors."""

from __future__ import annotations

import random
from dataclasses import dataclass

from documents.fonts import FAMILIES, register
from documents.looks import Look, Style

BULLETS = ("•", "•", "-", "–", "o", "·", "»")
SERIF_SIZE = {"times": 1.12, "courier": 0.95}  # the same size looks smaller or wider than in the other families


@dataclass(frozen=True, slots=True)
class Manner:
    """What the layouts decide by, beside the Style."""

    bullet: str
    numbered_headings: bool
    margin_side: str  # left, right
    page_label: str  # form with {} and {total}
    label_place: str  # margin, right, centre, left
    gap: float  # between paragraphs; 0 = they are indented
    capitals: bool  # in the highest headings
    notes_inside: bool  # footnote markers before the comma or full stop
    order: str  # in which the parts of a page are printed: read, down (the page), lot


def draw_style(rng: random.Random, families: tuple[str, ...]) -> tuple[Style, Manner]:
    family = rng.choice(families)
    register(family)
    size = round(rng.uniform(8.4, 10.8) * SERIF_SIZE.get(family, 1.0), 1)
    leading = round(size * rng.uniform(1.18, 1.55), 1)
    indent = rng.random() < 0.3
    gap = 0.0 if indent else round(leading * rng.choice((0.5, 0.7, 1.0, 1.0)), 1)
    body = Look(
        family=family, size=size, leading=leading, align=rng.choice(("left", "left", "justify")),
        hyphenate=rng.random() < 0.7,
    )  # fmt: skip
    manner = Manner(
        bullet=rng.choice(BULLETS), numbered_headings=rng.random() < 0.4, margin_side=rng.choice(("right", "right", "left")),
        page_label=rng.choice(("Pagina {} van {total}", "Pagina {} van {total}", "pagina {}/{total}", "{}", "- {} -")),
        label_place=rng.choice(("margin", "right", "centre", "left")), gap=gap,
        capitals=rng.random() < 0.1, notes_inside=rng.random() < 0.2, order=rng.choice(("read", "read", "down", "lot")),
    )  # fmt: skip
    return _style(rng, body, gap, round(rng.uniform(10, 22), 1) if indent else 0.0), manner


def _style(rng: random.Random, body: Look, gap: float, indent: float) -> Style:
    """Looks for every kind of text, from that of the body."""
    small = round(body.size * rng.uniform(0.72, 0.88), 1)
    footnote = body.but(
        size=small, leading=round(small * rng.uniform(1.15, 1.35), 1), before=rng.choice((0.0, 0.0, 2.0))
    )
    list_gap = gap * rng.choice((0.0, 0.0, 0.5))
    table = body.but(size=small, leading=round(small * 1.3, 1), align="left", hyphenate=False)
    looks = {
        "body": body.but(after=gap, first=indent),
        "first": body.but(after=gap),  # behind a heading even indented styles often begin flush
        "list": body.but(after=list_gap),
        "last_item": body.but(after=max(gap, body.leading * 0.5)),
        "footnote": footnote,
        "caption": table.but(bold=rng.random() < 0.7, italic=rng.random() < 0.3, before=4, after=3, keep=True),
        "table": table.but(after=max(gap, 8.0), before=2.0),
        "sign": body.but(before=body.leading * 0.5, after=body.leading, align="left", hyphenate=False),
        "meta": body.but(align="left", hyphenate=False),
        "margin": Look(body.family, size=round(rng.uniform(6.0, 7.4), 1), leading=9.0, hyphenate=False),
        "answer": body.but(after=max(gap, 0.5 * body.leading)),
        "title": body.but(
            size=round(body.size * 1.9, 1),
            leading=round(body.size * 2.4, 1),
            bold=True,
            after=20.0,
            align="left",
            hyphenate=False,
        ),
        "figure_caption": table.but(bold=rng.random() < 0.7, italic=rng.random() < 0.3, before=2, after=max(gap, 8.0)),
        "box_head": body.but(left=8.0, right=8.0, bold=True, keep=True, align="left", hyphenate=False),
        "toc": body.but(align="left", hyphenate=False),
        "quote": body.but(left=20.0, right=20.0, after=max(gap, 0.5 * body.leading), italic=rng.random() < 0.5),
        "box": body.but(left=8.0, right=8.0, after=gap),
        **_headings(rng, body, gap),
    }
    return Style(
        looks=looks,
        hyphen=rng.choice(("-", "-", "\u2010", "\u00ad")),
        hyphen_least=rng.choice((2, 2, 3)),
        note_size=round(rng.uniform(0.55, 0.72), 2),
        note_rise=round(rng.uniform(0.28, 0.45), 2),
        note_form=rng.choice(("{}", "{}", "{}", "{}", "{})", "[{}]")),
        foot_form=rng.choice(("{}", "{}", "{})", "{}.")),
        foot_raised=rng.random() < 0.7,
        foot_hang=rng.choice((0.0, 0.0, 10.0, 14.0)),
        note_rule=rng.choice((0.0, 0.25, 0.35, 0.35, 1.0)),
        note_gap=round(rng.uniform(8, 16), 1),
        notes_split=rng.random() < 0.8,
        wide_notes=rng.random() < 0.5,
        tidy=rng.random() < 0.75,
        list_step=round(rng.uniform(11, 22), 1),
        ligatures=rng.random() < 0.2,
        table_rules=rng.choice(("none", "rows", "grid", "head")),
    )


def _headings(rng: random.Random, body: Look, gap: float) -> dict[str, Look]:
    """Three levels that differ from the body and from each other."""
    before = body.leading * rng.choice((0.4, 0.7, 1.0)) if gap < body.leading else 0.0
    after = rng.choice((0.0, 0.0, 0.3 * body.leading, gap))
    base = body.but(align="left", hyphenate=False, keep=True, before=before, after=after)
    colour = rng.choice(((0, 0, 0), (0, 0, 0), (0.08, 0.26, 0.45), (0.6, 0.1, 0.2)))
    top = base.but(bold=True, colour=colour, spread=rng.choice((0, 0, 0, 0, 0, 0, 0.4, 0.22 * body.size)))
    grow = rng.choice((1.0, 1.0, 1.15, 1.35))
    if grow > 1:
        top = top.but(size=round(body.size * grow, 1), leading=round(body.leading * grow, 1))
    if rng.random() < 0.12 and FAMILIES[body.family].name != "courier":
        top = top.but(fake_bold=True)
    second = base.but(italic=True) if rng.random() < 0.6 or grow == 1.0 else base.but(bold=True)
    return {"h1": top, "h2": second, "h3": base.but(italic=True), "qa": base.but(bold=True, after=0.0)}
