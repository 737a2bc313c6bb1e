"""Pages by WeasyPrint, which breaks lines and pages itself: kerned and shaped text, footnotes moved whole.

The running text is HTML; letterheads and running lines are laid over it, page by page. Needs Pango from the system.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from documents.breaking import Atom
from documents.flow import Page
from documents.fonts import FAMILIES
from documents.looks import Look, Style
from documents.pieces import Piece, Span, all_pieces
from documents.setting import Fill, Text
from documents.sheets import Specimen

HYPHENS = ("-", "\u2010")
PAINTED = {"\u00ad": "-"}  # WeasyPrint paints no soft hyphen


def available() -> bool:
    """Whether WeasyPrint and the system libraries it needs are there."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def flow(specimen: Specimen, style: Style) -> list[Page]:
    """The pages of the running text, to be dressed; nothing is drawn on them yet."""
    rendered = _render(specimen, style, ())
    named = {str(n): piece for n, piece in enumerate(all_pieces(specimen.pieces))}
    return [
        _read_page(sheet._page_box, number, named)
        for number, sheet in enumerate(rendered.pages, 1)
        if number >= specimen.first
    ]


def write_pdf(path: Path, pages: Sequence[Page], specimen: Specimen, style: Style) -> None:
    """The same bytes for the same pages, the versions of WeasyPrint and Pango being the same."""
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # else the subset fonts carry the time of day
    _render(specimen, style, pages).write_pdf(str(path))


def _render(specimen: Specimen, style: Style, pages: Sequence[Page]) -> Any:
    import weasyprint

    body = "".join(_html(specimen.pieces, style))
    if specimen.two_column:
        first, second = specimen.frames(specimen.first)
        body = f'<div style="columns:2;column-gap:{second.x - first.x - first.width:.1f}pt">{body}</div>'
    blank = '<div style="break-after:page"></div>' * (specimen.first - 1)
    overlays = "".join(_overlay(page) for page in pages)
    css = "".join([*_fonts(style), *_pages(specimen, style, len(pages)), *_looks(style)])
    html = f'<html lang="nl"><title>{escape(specimen.title)}</title><style>{css}</style>{overlays}{blank}{body}</html>'
    return weasyprint.HTML(string=html).render()


def _read_page(box: Any, number: int, named: dict[str, Piece]) -> Page:
    """Which pieces stand on the page and how many of its lines end in a hyphen."""
    from weasyprint.formatting_structure.boxes import LineBox, TextBox

    page, found = Page(number), {}
    for part in box.descendants():
        if isinstance(part, TextBox) and part.element is not None:
            piece = named.get(part.element.get("data-piece", ""))
            if piece is not None and "footnote-call" not in str(part.element_tag):
                found[id(piece)] = piece
        elif isinstance(part, LineBox):
            texts = [inner.text for inner in part.descendants() if isinstance(inner, TextBox) and inner.text.strip()]
            page.hyphens += bool(texts) and texts[-1].rstrip().endswith(HYPHENS)
    page.pieces = list(found.values())
    return page


def _html(pieces: Sequence[Piece], style: Style) -> Iterable[str]:
    numbers = {id(piece): n for n, piece in enumerate(all_pieces(pieces))}
    boxed = False
    for piece in pieces:
        if piece.in_box != boxed:
            yield '<div class="shade">' if piece.in_box else "</div>"
            boxed = piece.in_box
        yield _piece(piece, numbers, style)
    if boxed:
        yield "</div>"


def _piece(piece: Piece, numbers: dict[int, int], style: Style) -> str:
    name = f'data-piece="{numbers[id(piece)]}"'
    if piece.kind == "table":
        return _table(piece, name)
    if piece.kind == "figure":
        return _figure(piece, name)
    inner = "".join(_span(span, piece, name, numbers) for span in piece.spans)
    if piece.kind == "list_item":
        step, left = style.list_step, style.list_step * (piece.depth + 1)
        mark = f'<span {name} style="display:inline-block;width:{step}pt;margin-left:-{step}pt">{piece.mark}</span>'
        return f'<p class="{piece.look}" style="padding-left:{left}pt;text-indent:0" {name}>{mark}{inner}</p>'
    return f'<p class="{piece.look}" {name}>{inner}</p>'


def _span(span: Span, piece: Piece, name: str, numbers: dict[int, int]) -> str:
    if span.note:
        note = next(note for note in piece.notes if note.mark == span.text)
        return f'<span class="footnote" data-piece="{numbers[id(note)]}">{escape(note.text)}</span>'
    text = escape(span.text)
    for tag, wanted in (("b", span.bold), ("i", span.italic)):
        text = f"<{tag} {name}>{text}</{tag}>" if wanted else text
    return text


def _table(piece: Piece, name: str) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<{tag} {name}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"
        for tag, row in [("th", piece.rows[0]), *(("td", row) for row in piece.rows[1:])]
    )
    return f'<table class="{piece.look}">{rows}</table>'


def _figure(piece: Piece, name: str) -> str:
    bar = '<div style="height:{}pt;width:80%;background:#4c8c4c"></div><span {}>{}</span>'
    cells = "".join(
        f'<td style="vertical-align:bottom;border:0">{bar.format(int(value) * 0.8, name, label)}</td>'
        for label, value in zip(*piece.rows, strict=True)
    )
    return f'<table class="{piece.look}"><tr>{cells}</tr></table>'


def _fonts(style: Style) -> Iterable[str]:
    """Font faces of all families the style uses."""
    for name in sorted({look.family for look in style.looks.values()}):
        for n, path in enumerate(FAMILIES[name].files):
            weight, slant = ("bold" if n % 2 else "normal"), ("italic" if n > 1 else "normal")
            yield f"@font-face{{font-family:{name};src:url({path.as_uri()});font-weight:{weight};font-style:{slant}}}"


def _pages(specimen: Specimen, style: Style, count: int) -> Iterable[str]:
    paper, frames = specimen.paper, [specimen.frames(n) for n in (1, 2)]
    for page, columns in (("@page:first", frames[0]), ("@page", frames[1])):
        top, left, bottom = columns[0].top, columns[0].x, paper.height - columns[0].bottom
        right = paper.width - columns[-1].x - columns[-1].width
        rule = f"border-top:0.5pt solid;padding-top:{style.note_gap * 0.5}pt" if style.note_rule else ""
        yield (
            f"{page}{{size:{paper.width}pt {paper.height}pt;margin:{top:.1f}pt {right:.1f}pt {bottom:.1f}pt {left:.1f}pt;"
            f"@footnote{{margin-top:{style.note_gap * 0.6}pt;{rule}}}}}"
        )
    yield from (
        f"@page:nth({n}){{@top-left-corner{{content:element(over{n});vertical-align:top}}}}"
        for n in range(1, count + 1)
    )


def _looks(style: Style) -> Iterable[str]:
    yield f"html{{font-family:{style.look('body').family}}}"
    yield "html,body{margin:0;padding:0}p{margin:0;orphans:2;widows:2}b{font-weight:bold}table{border-collapse:collapse;width:100%}"
    yield "td,th{text-align:right;padding:1.5pt 3pt}td:first-child,th:first-child{text-align:left}"
    yield ".shade{background:#e6f0e0;padding:4pt 0;margin-bottom:6pt}"
    yield {"rows": "tr{border-bottom:0.5pt solid}", "grid": "td,th{border:0.5pt solid}",
           "head": "th{border-bottom:0.5pt solid}"}.get(style.table_rules, "")  # fmt: skip
    yield from (f".{name}{{{_css(look, style)}}}" for name, look in style.looks.items())
    raised = (
        f"font-size:{style.note_size * 100:.0f}%;vertical-align:baseline;position:relative;top:-{style.note_rise:.2f}em"
    )
    plain = "font-weight:normal;font-style:normal;line-height:1"
    yield f"::footnote-call{{content:{_counter(style.note_form)};{raised};{plain}}}"
    yield f"::footnote-marker{{content:{_counter(style.foot_form)} ' ';{raised if style.foot_raised else ''}}}"
    yield ".footnote{float:footnote;text-indent:0;margin:0;letter-spacing:0}"


def _counter(form: str) -> str:
    before, after = form.split("{}")
    return f"'{before}' counter(footnote) '{after}'"


def _css(look: Look, style: Style) -> str:
    colour = ",".join(f"{100 * part:.0f}%" for part in look.colour)
    return (
        f"font:{'italic' if look.italic else 'normal'} {'bold' if look.bold else 'normal'} "
        f"{look.size}pt/{look.leading}pt {look.family};color:rgb({colour});text-align:"
        f"{'center' if look.align == 'centre' else look.align};text-indent:{look.first}pt;"
        f"margin:{look.before}pt {look.right}pt {look.after}pt {look.left}pt;letter-spacing:{look.spread}pt;"
        f"hyphens:{'auto' if look.hyphenate else 'manual'};hyphenate-character:'{PAINTED.get(style.hyphen, style.hyphen)}';"
        f"overflow-wrap:break-word;{'break-after:avoid;' if look.keep else ''}"
    )


def _overlay(page: Page) -> str:
    """Everything drawn on a page, at its place, in a running element that the page margin prints."""
    inner = "".join(_fill(draw) if isinstance(draw, Fill) else _text(draw) for draw in page.draws)
    frame = "position:relative;width:1pt;height:1pt;vertical-align:top"
    return f'<div style="position:running(over{page.number})"><div style="{frame}">{inner}</div></div>'


def _fill(draw: Fill) -> str:
    colour = ",".join(f"{100 * part:.0f}%" for part in draw.colour)
    size = f"width:{draw.x1 - draw.x0:.1f}pt;height:{draw.y1 - draw.y0:.1f}pt"
    return f'<div style="position:absolute;left:{draw.x0:.1f}pt;top:{draw.y0:.1f}pt;{size};background:rgb({colour})"></div>'


def _text(draw: Text) -> str:
    atoms = [atom for _, word in draw.words for atom in word]
    if len({(atom.font, atom.size) for atom in atoms}) == 1:
        said = " ".join("".join(atom.text for atom in word) for _, word in draw.words)
        return _placed(said, draw.x + draw.words[0][0], draw.y, atoms[0])
    return "".join(_placed("".join(a.text for a in word), draw.x + x, draw.y, word[0]) for x, word in draw.words)


def _placed(text: str, x: float, y: float, atom: Atom) -> str:
    family = next(family for family in FAMILIES.values() if atom.font in family.cuts)
    n = family.cuts.index(atom.font)
    font = f"{'italic' if n > 1 else 'normal'} {'bold' if n % 2 else 'normal'} {atom.size}pt/0 {family.name}"
    where = f"left:{x:.1f}pt;top:{y - 0.36 * atom.size:.1f}pt;white-space:pre;letter-spacing:{atom.spread}pt"
    return f'<span style="position:absolute;{where};font:{font}">{escape(text)}</span>'
