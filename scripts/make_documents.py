"""Make specimen documents of parliament with their exact structure beside them: NAME.pdf and NAME.json."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from documents import chamber, letter, questions, report
from documents.draw_fpdf import write_pdf as write_with_fpdf
from documents.draw_reportlab import EMISSIONS
from documents.draw_reportlab import write_pdf as write_with_reportlab
from documents.flow import flow
from documents.fonts import FAMILIES
from documents.looks import Style
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
RENDERERS = {"reportlab": write_with_reportlab, "fpdf2": write_with_fpdf}


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
    renderer = renderer or rng.choice(sorted(RENDERERS))
    style, manner = draw_style(rng, tuple(FAMILIES))
    style = replace(style, emission=rng.choice(sorted(EMISSIONS)))
    specimen = LAYOUTS[layout](Words(texts, rng), style, manner)
    pages = flow(specimen.pieces, specimen.frames, style, specimen.first)
    blocks = [*specimen.fixed, *specimen.pieces]
    if specimen.opening:
        front, before = specimen.opening(pages)
        blocks, pages = [*front, *blocks], [*before, *pages]
    pages[0].pieces[:0] = specimen.fixed
    furniture = Furniture()
    for page in pages:
        specimen.dress(page, len(pages), furniture)
    name = f"{layout}_{seed}_{number:04d}"
    RENDERERS[renderer](out / f"{name}.pdf", pages, specimen.paper, style.emission, specimen.title)
    facts = {"title": specimen.title, "date": specimen.date, "renderer": renderer, "layout": layout,
             "emission": style.emission, "two_column": specimen.two_column}  # fmt: skip
    write_truth(out / f"{name}.json", truth(name, blocks, pages, furniture, **facts))
    return out / f"{name}.pdf"


if __name__ == "__main__":
    main()
