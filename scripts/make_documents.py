"""Make specimen documents of parliament with their exact structure beside them: NAME.pdf and NAME.json."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from documents import chamber, draw_fpdf, draw_reportlab, draw_weasyprint, letter, questions, report
from documents.draw_reportlab import EMISSIONS
from documents.flow import Page, flow
from documents.fonts import FAMILIES
from documents.looks import Style
from documents.pieces import unnoted
from documents.setting import Fill, Text
from documents.sheets import Specimen
from documents.truth import Furniture, truth, write_truth
from documents.variety import Manner, draw_style
from documents.wording import Texts, Words, read_texts

TEXTS = Path(__file__).parent.parent / "corpus" / "annotations" / "original.jsonl"

LAYOUTS: dict[str, Callable[[Words, Style, Manner], Specimen]] = {
    "kamerbrief": letter.kamerbrief,
    "kamerstuk": chamber.kamerstuk,
    "aanhangsel": questions.aanhangsel,
    "motie": chamber.motie,
    "verslag": chamber.verslag,
    "report": report.report,
}


@dataclass(frozen=True, slots=True)
class Renderer:
    """`set` breaks the running text into pages; `write` prints them once they are dressed."""

    set: Callable[[Specimen, Style], list[Page]]
    write: Callable[[Path, list[Page], Specimen, Style], None]
    families: tuple[str, ...]
    column_notes: bool = True  # can set footnotes in two columns


def set_here(specimen: Specimen, style: Style) -> list[Page]:
    return flow(specimen.pieces, specimen.frames, style, specimen.first)


def renderers() -> dict[str, Renderer]:
    """By name; WeasyPrint only where it can be loaded, and with embedded typefaces only."""
    every = tuple(FAMILIES)
    found = {
        "reportlab": Renderer(set_here, draw_reportlab.write_pdf, every),
        "fpdf2": Renderer(set_here, draw_fpdf.write_pdf, every),
    }
    if draw_weasyprint.available():
        embedded = tuple(name for name, family in FAMILIES.items() if family.files and not family.alias)
        found["weasyprint"] = Renderer(draw_weasyprint.flow, draw_weasyprint.write_pdf, embedded, column_notes=False)
    return found


RENDERERS = renderers()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder; made when it is not there")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same files")
    parser.add_argument("--layout", choices=sorted(LAYOUTS), help="default: all in turn")
    parser.add_argument("--renderer", choices=sorted(RENDERERS), help="default: drawn by lot")
    parser.add_argument("--text", type=Path, default=TEXTS, help="JSONL (.gz) with 'text' and perhaps 'title'")
    choice = parser.parse_args(arguments)
    choice.out.mkdir(parents=True, exist_ok=True)
    texts = read_texts(choice.text)
    for number in range(choice.count):
        layout = choice.layout or list(LAYOUTS)[number % len(LAYOUTS)]
        print(make_document(choice.out, texts, layout, number, choice.seed, choice.renderer))


def make_document(
    out: Path, texts: Texts, layout: str, number: int, seed: int = 0, renderer: str | None = None
) -> Path:
    """Write one PDF and its truth; document `number` of a seed is the same whatever is made beside it."""
    rng = random.Random(f"{seed}/{layout}/{number}")
    drawn = rng.choice(("fpdf2", "reportlab", "weasyprint"))  # the lot falls the same where one is missing
    renderer = renderer or (drawn if drawn in RENDERERS else "reportlab")
    style, manner = draw_style(rng, RENDERERS[renderer].families)
    style = replace(style, emission=rng.choice(sorted(EMISSIONS)))
    specimen = LAYOUTS[layout](Words(texts, rng), style, manner)
    if specimen.two_column and not RENDERERS[renderer].column_notes:
        specimen.pieces = [unnoted(piece) for piece in specimen.pieces]
    pages = RENDERERS[renderer].set(specimen, style)
    blocks = [*specimen.fixed, *specimen.pieces]
    if specimen.opening:
        front, before = specimen.opening(pages)
        blocks, pages = [*front, *blocks], [*before, *pages]
    pages[0].pieces[:0] = specimen.fixed
    furniture = Furniture()
    for page in pages:
        specimen.dress(page, len(pages), furniture)
        _reorder(page, manner.order, rng)
    name = f"{layout}_{seed}_{number:04d}"
    RENDERERS[renderer].write(out / f"{name}.pdf", pages, specimen, style)
    facts = {"title": specimen.title, "date": specimen.date, "renderer": renderer, "layout": layout,
             "emission": style.emission, "two_column": specimen.two_column}  # fmt: skip
    write_truth(out / f"{name}.json", truth(name, blocks, pages, furniture, **facts))
    return out / f"{name}.pdf"


def _reorder(page: Page, order: str, rng: random.Random) -> None:
    """Print in another order than a reader reads: line by line over the whole width, or by lot; shades stay behind."""
    fills = [draw for draw in page.draws if isinstance(draw, Fill)]
    texts = [draw for draw in page.draws if isinstance(draw, Text)]
    if order == "down":
        texts.sort(key=lambda text: (round(text.y), text.x))
    elif order == "lot":
        rng.shuffle(texts)
    page.draws = [*fills, *texts]


if __name__ == "__main__":
    main()
