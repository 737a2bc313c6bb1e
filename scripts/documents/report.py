"""The report: title page, contents, numbered chapters in one or two columns, figures and boxes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from documents.composing import Composer
from documents.flow import Frame, Page, flow
from documents.looks import Style
from documents.pieces import Piece, heading, paragraph, plain
from documents.setting import plain_line, text_width
from documents.sheets import Paper, Pen, Specimen
from documents.truth import Furniture
from documents.variety import Manner
from documents.wording import Words

PUBLISHERS = ("Adviesraad Leefomgeving", "Expertgroep Ketens", "Inspectie Leefomgeving", "Bureau voor Beleidsanalyse")
BODY_STARTS = 3  # behind the title page and the contents


@dataclass(frozen=True, slots=True)
class Plan:
    """Places in points."""

    publisher: str
    year: int
    left: float
    width: float
    gutter: float
    top: float
    bottom: float
    columns: int
    running: str  # none, chapter, title
    foot_side: str  # outer, centre, right


def report(words: Words, style: Style, manner: Manner) -> Specimen:
    rng = words.rng
    date, year, _ = words.date()
    title, subtitle = (
        words.title(),
        f"{words.rng.choice(('Tussenevaluatie', 'Advies', 'Verkenning'))} over {words.subject()}",
    )
    left, right = rng.uniform(45, 75), rng.uniform(45, 75)
    plan = Plan(
        rng.choice(PUBLISHERS), year, left, Paper().width - left - right, rng.uniform(14, 24), rng.uniform(70, 95),
        rng.uniform(745, 780), rng.choice((2, 2, 2, 1)), rng.choice(("none", "chapter", "title")),
        rng.choice(("outer", "centre", "right")),
    )  # fmt: skip
    composer = Composer(words, replace(manner, numbered_headings=True), note_rate=rng.choice((0.0, 0.1, 0.2)))
    body = _chapters(composer)
    front = _front(title, subtitle, plan.publisher, date)

    def frames(number: int) -> list[Frame]:
        del number
        width = (plan.width - plan.gutter * (plan.columns - 1)) / plan.columns
        return [Frame(plan.left + n * (width + plan.gutter), plan.top, width, plan.bottom) for n in range(plan.columns)]

    def dress(page: Page, count: int, furniture: Furniture) -> None:
        del count
        if page.number > 1:
            _running(page, style, furniture, plan, title)

    def opening(pages: list[Page]) -> tuple[list[Piece], list[Page]]:
        contents = _contents(body, pages)
        wide = Frame(plan.left, plan.top, plan.width, plan.bottom)
        cover = flow(front, lambda _: [Frame(plan.left, 240.0, plan.width, 700.0)], style)
        listed = flow([contents[0]], lambda _: [wide], style, first=2)
        _print_contents(listed[0], contents[1:], style, plan)
        return [*front, *contents], [*cover, *listed]

    return Specimen("report", title, date, body, [], frames, dress, first=BODY_STARTS, opening=opening,
                    two_column=plan.columns == 2)  # fmt: skip


def _front(title: str, subtitle: str, publisher: str, date: str) -> list[Piece]:
    lines = [paragraph(text, "meta", optional=True) for text in (subtitle, publisher, date)]
    return [heading(title, look="title", optional=True), *lines]


def _chapters(composer: Composer) -> list[Piece]:
    rng = composer.words.rng
    pieces = [Piece("heading", plain("Samenvatting"), look="h1", level=1), *composer.stretch()]
    for number in range(1, rng.randint(3, 6)):
        pieces.append(composer.heading(f"{number} ", 1))
        for sub in range(1, rng.randint(2, 4)):
            pieces.append(composer.heading(f"{number}.{sub} ", 2))
            pieces += composer.stretch()
            if rng.random() < 0.2:
                pieces += composer.box()
            elif rng.random() < 0.2:
                pieces += composer.figure()
    return pieces


def _contents(body: list[Piece], pages: list[Page]) -> list[Piece]:
    """Heading of the contents page and its entries: text, dots and page in print; text and page in the truth."""
    starts = {id(piece): page.number for page in reversed(pages) for piece in page.pieces}
    entries = [piece for piece in body if piece.kind == "heading" and not piece.in_box and id(piece) in starts]
    lines = [Piece("toc", plain(f"{e.text} {starts[id(e)]}"), look="toc", depth=(e.level or 1) - 1, optional=True)
             for e in entries]  # fmt: skip
    return [heading("Inhoudsopgave", optional=True), *lines[:30]]


def _print_contents(page: Page, entries: list[Piece], style: Style, plan: Plan) -> None:
    pen, look = Pen(page, style), style.look("toc").but(size=min(9.5, style.look("toc").size))
    y = plan.top + 50
    for entry in entries:
        text, number = entry.text.rsplit(" ", 1)
        x, end = plan.left + 14 * entry.depth, plan.left + plan.width
        *above, text = pen.wrap(text, end - x - 40, look)
        y = pen.lines(above, x, y, look)
        pen.line(text, x, y, look)
        pen.line(number, end, y, look, end="right")
        start = x + text_width(plain_line(text, 0, 0, look, style)) + 6
        dot = text_width(plain_line("..", 0, 0, look, style)) / 2
        pen.line("." * max(1, int((end - 24 - start) / dot)), start, y, look)
        page.pieces.append(entry)
        y += 15


def _running(page: Page, style: Style, furniture: Furniture, plan: Plan, title: str) -> None:
    pen, right = Pen(page, style, furniture), plan.left + plan.width
    if plan.running != "none" and page.number >= BODY_STARTS:
        chapters = [piece.text for piece in page.pieces if piece.kind == "heading" and piece.level == 1]
        text = title if plan.running == "title" or not chapters else chapters[0]
        pen.line(pen.wrap(text, plan.width, "margin")[0], plan.left, 42, "margin")
    number = furniture.number(str(page.number))
    outer_left = plan.foot_side == "outer" and page.number % 2 == 0
    x, end = (plan.left, "left") if outer_left else (right, "right")
    if plan.foot_side == "centre":
        x, end = Paper().width / 2, "centre"
    Pen(page, style).line(number, x, 815, "margin", end=end)
    if not outer_left:
        pen.line(f"{plan.publisher} | {plan.year}", plan.left, 815, "margin")
