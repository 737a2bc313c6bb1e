"""Set the sample letter of the corpus: text from corpus/samples/kamerbrief_imvo.md, same bytes on every run."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from documents.draw_reportlab import write_pdf
from documents.flow import Frame, Page, flow
from documents.fonts import register
from documents.looks import Look, Style
from documents.markup import read_letter
from documents.pieces import Piece, paragraph
from documents.setting import Fill, Text, plain_line, text_width
from documents.sheets import Paper
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
    write_pdf(pdf, pages, PAPER, "line", front["title"])
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
    page.draws += [Fill(276, 0, 317, 92, BLUE), Fill(284, 40, 309, 62, (0.95, 0.95, 0.95))]
    page.draws += [Fill(288 + 6 * n, 45, 291 + 6 * n, 57, BLUE) for n in range(3)]
    for n, line in enumerate(front["ministry"]):
        page.draws.append(_line(furniture.add(line), 324, 70 + 14.5 * n, "ministry"))
    page.draws.append(_line(furniture.add(front["return_address"]), LEFT, 136, "margin"))
    for n, line in enumerate(front["addressee"]):
        page.draws.append(_line(line, LEFT, 166 + 13 * n, "body"))
    date = paragraph(f"Datum {front['date']}", optional=True)
    subject = paragraph(f"Betreft {front['title']}", optional=True)
    address = paragraph(" ".join(front["addressee"]), optional=True)
    page.draws += [_line("Datum", LEFT, 270, "body"), _line(front["date"], LEFT + 54, 270, "body")]
    page.draws.append(_line("Betreft", LEFT, 283, "body"))
    for n, line in enumerate(_wrapped(front["title"], WIDTH - 54)):
        page.draws.append(_line(line, LEFT + 54, 283 + 13 * n, "body"))
    page.pieces[:0] = [address, date, subject]
    return [address, date, subject]


def _every_page(page: Page, count: int, front: dict[str, Any], furniture: Furniture) -> None:
    """The sender in the margin and the number at the foot."""
    y = 166.0 if page.number == 1 else 118.0
    for group in front["sender" if page.number == 1 else "running_sender"]:
        for line in group:
            furniture.add(line.lstrip("*"))
            page.draws.append(_line(line.lstrip("*"), MARGIN_COLUMN, y, "margin", bold=line.startswith("*")))
            y += 9.0
        y += 9.0
    page.draws.append(_line(furniture.add(f"Pagina {page.number} van {count}"), MARGIN_COLUMN, 806, "foot"))


def _line(text: str, x: float, y: float, look: str, *, bold: bool = False) -> Text:
    return plain_line(text, x, y, STYLE.look(look).but(bold=bold), STYLE)


def _wrapped(text: str, measure: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(_line(longer, 0, 0, "body")) <= measure:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


if __name__ == "__main__":
    main()
