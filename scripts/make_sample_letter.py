"""Set the sample letter of the corpus: text from corpus/samples/kamerbrief_imvo.md, same bytes on every run."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from documents.draw_reportlab import print_pages
from documents.flow import Frame, Page, flow
from documents.fonts import register
from documents.looks import Look, Style
from documents.markup import read_letter
from documents.pieces import Piece, paragraph
from documents.sheets import Paper, Pen
from documents.truth import Furniture, truth, write_truth

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
PAPER = Paper()
LEFT, WIDTH, MARGIN_COLUMN = 79.0, 366.0, 467.0
BLUE = (0.082, 0.259, 0.451)  # the blue of the ministries' ribbon

BODY = Look(family="vera", size=8.6, leading=13.0, hyphenate=False)
STYLE = Style(
    looks={
        "body": BODY.but(after=13.0),
        "h1": BODY.but(bold=True, keep=True),
        "h2": BODY.but(italic=True, keep=True),
        "list": BODY,
        "last_item": BODY.but(after=13.0),
        "caption": BODY.but(size=7.6, leading=11.0, bold=True, after=3.0, keep=True),
        "table": BODY.but(size=7.6, leading=10.5, after=16.0),
        "footnote": BODY.but(size=6.6, leading=9.0),
        "margin": BODY.but(size=6.3, leading=9.0),
        "foot": BODY.but(size=6.3, leading=9.0),
        "sign": BODY.but(before=13.0, after=52.0),
        "ministry": Look(family="times", size=13.0, leading=14.5),
    },
    foot_hang=0.0,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, default=SAMPLES / "kamerbrief_imvo.md")
    parser.add_argument("--out", type=Path, default=SAMPLES, help="folder for NAME.pdf and NAME.truth.json")
    choice = parser.parse_args()
    print(make_letter(choice.text, choice.out))


def make_letter(text: Path, out: Path) -> Path:
    """Write the PDF and its truth; gives the path of the PDF."""
    register("vera")
    front, body = read_letter(text.read_text(encoding="utf-8"))
    pieces = _dressed(body)
    furniture = Furniture()
    pages = flow(pieces, _frames, STYLE)
    meta = _first_page(pages[0], front, furniture)
    for page in pages:
        _every_page(page, len(pages), front, furniture)
    pdf = out / f"{text.stem}.pdf"
    print_pages(pdf, pages, PAPER, "line", front["title"])
    facts = {"title": front["title"], "date": front["date"], "renderer": "reportlab", "layout": "kamerbrief"}
    write_truth(out / f"{text.stem}.truth.json", truth(text.stem, [*meta, *pieces], pages, furniture, **facts))
    return pdf


def _dressed(body: list[Piece]) -> list[Piece]:
    """Room behind the last item of a list, and before the signature, which closes the letter."""
    pieces = [
        replace(piece, look="last_item") if piece.kind == "list_item" and after.kind != "list_item" else piece
        for piece, after in zip(body, [*body[1:], body[-1]], strict=True)
    ]
    return [*pieces[:-1], replace(pieces[-1], look="sign", role="sig")]


def _frames(number: int) -> list[Frame]:
    return [Frame(LEFT, 335.0 if number == 1 else 112.0, WIDTH, 772.0)]


def _first_page(page: Page, front: dict[str, Any], furniture: Furniture) -> list[Piece]:
    """Logo, address and subject; the address block and Datum/Betreft may be kept or dropped by a reader."""
    pen, quiet = Pen(page, STYLE, furniture), Pen(page, STYLE)
    pen.fill(276, 0, 317, 92, BLUE)
    pen.fill(284, 40, 309, 62, (0.95, 0.95, 0.95))
    for n in range(3):
        pen.fill(288 + 6 * n, 45, 291 + 6 * n, 57, BLUE)
    pen.lines(front["ministry"], 324, 70, "ministry")
    pen.line(front["return_address"], LEFT, 136, "margin")
    quiet.lines(front["addressee"], LEFT, 166, "body")
    quiet.lines(["Datum", "Betreft"], LEFT, 270, "body")
    title = quiet.wrap(front["title"], WIDTH - 54, "body")
    quiet.lines([front["date"], *title], LEFT + 54, 270, "body")
    said = (" ".join(front["addressee"]), f"Datum {front['date']}", f"Betreft {front['title']}")
    fixed = [paragraph(text, optional=True) for text in said]
    page.pieces[:0] = fixed
    return fixed


def _every_page(page: Page, count: int, front: dict[str, Any], furniture: Furniture) -> None:
    """The sender in the margin and the number at the foot."""
    pen, y = Pen(page, STYLE, furniture), 166.0 if page.number == 1 else 118.0
    for group in front["sender" if page.number == 1 else "running_sender"]:
        for line in group:
            pen.line(line.lstrip("*"), MARGIN_COLUMN, y, "margin", bold=line.startswith("*"))
            y += 9.0
        y += 9.0
    pen.line(f"Pagina {page.number} van {count}", MARGIN_COLUMN, 806, "foot")


if __name__ == "__main__":
    main()
