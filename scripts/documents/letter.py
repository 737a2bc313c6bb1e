"""The Kamerbrief: letterhead, sender in the margin, a page label at the foot."""

from __future__ import annotations

from dataclasses import dataclass

from documents.composing import Composer
from documents.flow import Frame, Page
from documents.looks import Style
from documents.pieces import Piece, Span, paragraph
from documents.sheets import Paper, Pen, Specimen
from documents.truth import Furniture
from documents.variety import Manner
from documents.wording import DIRECTIONS, MINISTRIES, Words

ADDRESSES = (
    ("Aan de Voorzitter van de", "Tweede Kamer der Staten-Generaal", "Postbus 20018", "2500 EA Den Haag"),
    ("De voorzitter van de Tweede Kamer", "der Staten-Generaal", "Postbus 20018", "2500 EA DEN HAAG"),
    ("Aan de Voorzitter van de Tweede Kamer der Staten-Generaal", "Prinses Irenestraat 6", "Den Haag"),
    ("Tweede Kamer der Staten-Generaal", "T.a.v. de Voorzitter", "Postbus 20018", "2500 EA  DEN HAAG"),
)
CLOSINGS = ("", "", "Hoogachtend,", "Met vriendelijke groet,")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What is printed around the text; places in points from the top left."""

    ministry: str
    office: str
    address: tuple[str, ...]
    sender: tuple[tuple[str, ...], ...]  # groups, the first line of each bold
    running: tuple[tuple[str, ...], ...]  # the same on later pages
    left: float
    width: float
    margin: float | None  # x of the sender column; None = the sender stands at the head
    logo: str
    subject_word: str
    date_word: str
    first_top: float
    next_top: float
    bottom: float


def kamerbrief(words: Words, style: Style, manner: Manner) -> Specimen:
    """A letter with sections."""
    composer = Composer(words, manner, note_rate=words.rng.choice((0.0, 0.15, 0.3)))
    date = words.date()[0]
    head = _letterhead(words, manner, date)
    return _letter("kamerbrief", words.title(), date, _body(composer, head), head, composer, style)


def answering_letter(composer: Composer, style: Style, answers: list[Piece]) -> Specimen:
    """A letter that answers written questions, each with its question before it."""
    words = composer.words
    date = words.date()[0]
    head = _letterhead(words, composer.manner, date)
    opening = [paragraph("Geachte voorzitter,", "first"), composer.paragraph(most=70)]
    title = f"Beantwoording vragen over {words.subject()}"
    body = [*opening, *answers, *_signature(words, head)]
    return _letter("aanhangsel", title, date, body, head, composer, style)


def _letter(
    layout: str, title: str, date: str, body: list[Piece], head: Letterhead, composer: Composer, style: Style
) -> Specimen:
    manner = composer.manner
    fixed = [
        paragraph(" ".join(" ".join(head.address).split()), "meta", optional=True),
        paragraph(f"{head.date_word} {date}", "meta", optional=True),
        paragraph(f"{head.subject_word} {title}", "meta", optional=True),
    ]
    top = _subject_bottom(title, style, head)

    def frames(number: int) -> list[Frame]:
        return [Frame(head.left, top if number == 1 else head.next_top, head.width, head.bottom)]

    def dress(page: Page, count: int, furniture: Furniture) -> None:
        if page.number == 1:
            _first(page, style, furniture, head, date, title)
        _sender(Pen(page, style, furniture), head, page.number)
        _label(page, count, Pen(page, style), furniture, head, manner)

    return Specimen(layout, title, date, body, fixed, frames, dress)


def _letterhead(words: Words, manner: Manner, date: str) -> Letterhead:
    rng = words.rng
    ministry, office, _, street, box, code = rng.choice(MINISTRIES)
    city = f"{rng.randint(2500, 2515)} {code} Den Haag"
    reference = rng.choice((f"{rng.randint(1000000, 9999999)}", f"BSK-{rng.randint(2012, 2024)}/{rng.randint(1000, 299999)}",
                            f"MinBuza-{rng.randint(2012, 2024)}.{rng.randint(1000, 9999)}-{rng.randint(1, 99)}"))  # fmt: skip
    sender = [
        tuple(rng.choice(((f"Ministerie van {ministry}",), (rng.choice(DIRECTIONS),), ("Bestuursraad", rng.choice(DIRECTIONS))))),
        (street, city, f"Postbus {box}", city, "www.rijksoverheid.nl"),
        (rng.choice(("Onze referentie", "Ons kenmerk", "Kenmerk")), reference),
    ]  # fmt: skip
    if rng.random() < 0.6:
        sender.append(
            ("Contactpersoon", f"Beleidsmedewerker {words.surname()}", f"T 070 {rng.randint(100, 999)} 00 00")
        )
    if rng.random() < 0.5:
        sender.append(("Uw brief (kenmerk)", f"{rng.randint(2012, 2024)}Z{rng.randint(1000, 29999):05d}"))
    if rng.random() < 0.6:
        sender.append((rng.choice(("Bijlage(n)", "Bijlagen")), str(rng.randint(1, 6))))
    wide = rng.uniform(340, 385)
    left, margin = rng.uniform(68, 90), None
    if manner.margin_side == "left":
        left, margin = 595 - wide - rng.uniform(42, 60), rng.uniform(28, 40)
    elif rng.random() < 0.9:
        margin = left + wide + rng.uniform(14, 24)
    return Letterhead(
        ministry, office, rng.choice(ADDRESSES), tuple(sender), (sender[0], *([("Datum", date)] if rng.random() < 0.3 else []), sender[2]),
        left, wide, margin,
        logo=rng.choice(("ribbon", "ribbon", "block", "none")), subject_word=rng.choice(("Betreft", "Betreft", "Onderwerp")),
        date_word="Datum", first_top=rng.uniform(150, 180), next_top=rng.uniform(70, 125), bottom=rng.uniform(735, 775),
    )  # fmt: skip


def _body(composer: Composer, head: Letterhead) -> list[Piece]:
    words, rng = composer.words, composer.words.rng
    pieces = [
        paragraph(rng.choice(("Geachte voorzitter,", "Geachte Voorzitter,", "Geachte mevrouw de Voorzitter,")), "first")
    ]
    pieces += [composer.paragraph() for _ in range(rng.randint(1, 3))]
    for number in range(1, rng.randint(2, 7)):
        pieces += composer.section(number)
    return [*pieces, composer.paragraph(), *_signature(words, head)]


def _signature(words: Words, head: Letterhead) -> list[Piece]:
    rng = words.rng
    closing = rng.choice(CLOSINGS)
    pieces = [paragraph(closing, "sign", role="sig")] if closing else []
    office = f"{rng.choice(('De Minister', 'De Staatssecretaris', 'DE MINISTER'))} {head.office},"
    pieces.append(Piece("paragraph", (Span(office),), look="sign", role="sig"))
    if rng.random() < 0.5:
        pieces.append(paragraph(f"{words.initials()} {words.surname()}", "sign", role="sig"))
    return pieces


def _subject_bottom(title: str, style: Style, head: Letterhead) -> float:
    look = style.look("meta")
    lines = len(Pen(Page(1), style).wrap(title, head.width - 58, "meta"))
    return head.first_top + look.leading * (len(head.address) + 5 + lines) + 26


def _first(page: Page, style: Style, furniture: Furniture, head: Letterhead, date: str, title: str) -> None:
    """Logo, return address, addressee, date and subject."""
    pen, quiet = Pen(page, style, furniture), Pen(page, style)
    meta, leading = style.look("meta"), style.look("meta").leading
    if head.logo == "ribbon":
        pen.fill(276, 0, 317, 92, (0.082, 0.259, 0.451))
        pen.lines(["Ministerie van", *pen.wrap(head.ministry, 190, "meta")], 324, 66, meta.but(size=11, leading=13))
    elif head.logo == "block":
        pen.fill(head.left, 36, head.left + 30, 66, (0.2, 0.2, 0.2))
        pen.line(f"Ministerie van {head.ministry}", head.left + 38, 58, meta.but(size=13, bold=True))
    box = head.sender[1][2:4]
    pen.line(f"> Retouradres {box[0]} {box[1]}", head.left, head.first_top - 22, "margin")
    y = quiet.lines(head.address, head.left, head.first_top, "meta") + leading * 2
    quiet.line(head.date_word, head.left, y, "meta")
    quiet.line(date, head.left + 58, y, "meta")
    quiet.line(head.subject_word, head.left, y + leading, "meta")
    quiet.lines(quiet.wrap(title, head.width - 58, "meta"), head.left + 58, y + leading, "meta")


def _sender(pen: Pen, head: Letterhead, number: int) -> None:
    """The whole column on the first page, name and reference on the others."""
    groups = head.sender if number == 1 else head.running
    if head.margin is None:
        if number == 1:
            pen.line(", ".join(head.sender[0]) + " | " + " ".join(head.sender[2]), head.left, 112, "margin")
        return
    y = head.first_top if number == 1 else head.next_top + 8
    measure = min(120.0, 588 - head.margin, head.left - head.margin - 8 if head.margin < head.left else 999.0)
    for group in groups:
        for n, text in enumerate(group):
            if text.isdigit() and len(text) < 3:
                Pen(pen.page, pen.style).line(text, head.margin, y, "margin")
                y += 9
                continue
            y = pen.lines(pen.wrap(text, measure, "margin", bold=n == 0), head.margin, y, "margin", bold=n == 0)
        y += 9


def _label(page: Page, count: int, pen: Pen, furniture: Furniture, head: Letterhead, manner: Manner) -> None:
    text = manner.page_label.format(page.number, total=count)
    (furniture.add if any(c.isalpha() for c in text) or "/" in text else furniture.number)(text)
    place = manner.label_place if head.margin is not None or manner.label_place != "margin" else "right"
    x, end = {
        "margin": (head.margin or 0.0, "left"),
        "right": (head.left + head.width, "right"),
        "centre": (Paper().width / 2, "centre"),
        "left": (head.left, "left"),
    }[place]
    pen.line(text, x, 806, "margin", end=end)
