"""Papers of the Tweede Kamer: Kamerstuk, motie and verslag share a masthead, the kst foot and the running line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from documents.composing import Composer
from documents.flow import Frame, Page
from documents.looks import Style
from documents.pieces import Piece, Span, heading, paragraph, plain
from documents.sheets import Pen, Specimen
from documents.truth import Furniture
from documents.variety import Manner
from documents.wording import MINISTRIES, PARTIES, Words


@dataclass(frozen=True, slots=True)
class Masthead:
    """What is printed around the text of a Kamerstuk."""

    dossier: str
    nr: int
    title: str
    kind: str  # BRIEF VAN DE MINISTER VAN …
    below: tuple[str, ...]  # lines under the kind: Voorgesteld …, Aan de Voorzitter …
    year: int
    vergaderjaar: str
    chamber: str
    outer: float  # x of dossiernummer and kst foot
    left: float  # x of the text
    width: float
    top: float
    next_top: float
    bottom: float
    size: float  # of the name of the chamber
    columns: int = 1  # two = the text runs from `outer`, as in the Handelingen

    @property
    def identifier(self) -> str:
        number, *chapter = self.dossier.replace("\u00a0", " ").split(" ", 1)[1].split()
        return "-".join((f"kst-{self.dossier[:2]}{number}", *chapter, str(self.nr)))


def kamerstuk(words: Words, style: Style, manner: Manner) -> Specimen:
    """A letter of the government as printed by the chamber."""
    ministry = words.rng.choice(MINISTRIES)
    office = f"{words.rng.choice(('MINISTER', 'STAATSSECRETARIS'))} {ministry[1].upper()}"
    date, head = _masthead(words, f"BRIEF VAN DE {office}", "Den Haag, {}", addressed=True)
    composer = Composer(words, manner, note_rate=words.rng.choice((0.0, 0.15, 0.3)))
    body = [composer.paragraph() for _ in range(words.rng.randint(1, 3))]
    for number in range(1, words.rng.randint(2, 6)):
        body += composer.section(number)
    body.append(paragraph(f"De {office.split()[0].capitalize()} {ministry[1]},", "sign", role="sig"))
    body.append(paragraph(f"{words.initials()} {words.surname()}", "sign", role="sig"))
    return _specimen("kamerstuk", head, date, body, style, words)


def motie(words: Words, style: Style, manner: Manner) -> Specimen:
    """One page: considerations, request, names."""
    rng = words.rng
    names = [words.surname() for _ in range(rng.randint(1, 4))]
    kind = f"MOTIE VAN HET LID {names[0].upper()}{' C.S.' if len(names) > 2 else ''}"
    if len(names) == 2:
        kind = f"MOTIE VAN DE LEDEN {names[0].upper()} EN {names[1].upper()}"
    date, head = _masthead(words, kind, "Voorgesteld {}", addressed=False)
    composer = Composer(words, manner, note_rate=0.05)
    said = ["De Kamer,", "gehoord de beraadslaging,"]
    for opening in rng.sample(
        ("constaterende dat", "overwegende dat", "van mening dat", "constaterende dat"), rng.randint(1, 4)
    ):
        said.append(f"{opening} {words.clause(45)};")
    requests = rng.randint(1, 2)
    for n in range(requests):
        said.append(
            f"verzoekt de regering{' tevens' if n else ''} {words.clause(45)}{',' if n == requests - 1 else ';'}"
        )
    said.append("en gaat over tot de orde van de dag.")
    body = [composer.annotated("paragraph", text, "first") for text in said]
    body += [Piece("paragraph", plain(name), look="first", role="sig") for name in names]
    return _specimen("motie", head, date, body, style, words)


def verslag(words: Words, style: Style, manner: Manner) -> Specimen:
    """Report of a debate: speaker turns with the name in bold."""
    rng = words.rng
    kind = rng.choice(
        ("VERSLAG VAN EEN COMMISSIEDEBAT", "VERSLAG VAN EEN ALGEMEEN OVERLEG", "VERSLAG VAN EEN NOTAOVERLEG")
    )
    date, head = _masthead(words, kind, "Vastgesteld {}", addressed=False)
    composer = Composer(words, manner, note_rate=0.0)
    chair, members = words.surname(), [words.surname() for _ in range(rng.randint(3, 6))]
    minister = words.surname()
    body = _opening(words, chair, members, manner)
    body.append(
        _turn("De ", "voorzitter", ": ", "Goedemiddag. Ik open dit overleg en geef het woord aan de eerste spreker.")
    )
    for _ in range(rng.randint(6, 20)):
        if rng.random() < 0.25:
            body.append(_turn("Minister ", minister, ": ", words.prose(20, 120)))
        elif rng.random() < 0.2:
            body.append(_turn("De ", "voorzitter", ": ", words.sentence()))
        else:
            who = rng.choice(members)
            party = PARTIES[members.index(who)]
            title = ("De heer ", "Mevrouw ")[members.index(who) % 2]
            body.append(_turn(title, who, f" ({party}): ", words.prose(20, 140)))
        body += [composer.paragraph() for _ in range(rng.choice((0, 0, 1, 2)))]
    body.append(paragraph(f"Sluiting {rng.randint(15, 22)}.{rng.randint(10, 59)} uur."))
    head = replace(head, columns=rng.choice((1, 1, 1, 2)))
    return _specimen("verslag", head, date, body, style, words)


def _opening(words: Words, chair: str, members: Sequence[str], manner: Manner) -> list[Piece]:
    rng = words.rng
    date = words.date()[0]
    pieces = [
        paragraph(f"De vaste commissie voor {rng.choice(MINISTRIES)[0]} heeft op {date} overleg gevoerd over:", "first")
    ]
    for n in range(count := rng.randint(1, 4)):
        text = f"de brief van de Minister {rng.choice(MINISTRIES)[1]} d.d. {words.date()[0]} inzake {words.subject()}"
        text += f" ({words.citation()}){';' if n < count - 1 else '.'}"
        look = "list" if n < count - 1 else "last_item"
        pieces.append(Piece("list_item", (Span(text, bold=True),), look=look, mark=manner.bullet))
    pieces.append(
        paragraph("Van dit overleg brengt de commissie bijgaand geredigeerd woordelijk verslag uit.", "first")
    )
    pieces.append(paragraph(f"De voorzitter van de commissie, {chair}", "sign", role="sig"))
    pieces.append(paragraph(f"De griffier van de commissie, {words.surname()}", "sign", role="sig"))
    present = f"Aanwezig zijn {len(members)} leden der Kamer, te weten: {', '.join(members[:-1])} en {members[-1]}."
    return [*pieces, paragraph(present), paragraph(f"Aanvang {rng.randint(10, 14)}.{rng.randint(10, 59)} uur.")]


def _turn(title: str, who: str, behind: str, said: str) -> Piece:
    return Piece("paragraph", (Span(title), Span(who, bold=True), Span(behind + said)))


def _masthead(words: Words, kind: str, dated: str, *, addressed: bool) -> tuple[str, Masthead]:
    rng = words.rng
    date, year, vergaderjaar = words.date()
    below = [dated.format(date)]
    chamber = rng.choice(("Tweede Kamer der Staten-Generaal",) * 3 + ("Eerste Kamer der Staten-Generaal",))
    if addressed:
        below.insert(0, f"Aan de Voorzitter van de {chamber}")
    outer = rng.uniform(32, 68)
    left = outer + rng.uniform(88, 150)
    return date, Masthead(
        words.dossier(), rng.randint(2, 3200), words.title(), kind, tuple(below), year, vergaderjaar,
        chamber, outer, left, 595 - left - rng.uniform(38, 62), top=rng.uniform(112, 150), next_top=rng.uniform(60, 90),
        bottom=rng.uniform(720, 745), size=rng.uniform(12, 18),
    )  # fmt: skip


def _specimen(layout: str, head: Masthead, date: str, body: list[Piece], style: Style, words: Words) -> Specimen:
    fixed = [
        heading(f"{head.dossier} {head.title}", look="meta", optional=True),
        heading(f"Nr. {head.nr} {head.kind}", look="meta", optional=True),
        *(paragraph(text, "meta", optional=True) for text in head.below),
    ]
    leading = style.look("meta").leading
    loose = words.rng.choice((0.5, 1.0, 2.0))
    pen = Pen(Page(1), style)
    lines = [len(pen.wrap(text, head.width, "meta", bold=True)) for text in (head.title, head.kind, *head.below)]
    top = head.top + leading * (sum(lines) + 2 * loose) + 6

    def frames(number: int) -> list[Frame]:
        start = top if number == 1 else head.next_top
        if head.columns == 1:
            return [Frame(head.left, start, head.width, head.bottom)]
        width = (head.left + head.width - head.outer - 18) / 2
        return [Frame(x, start, width, head.bottom) for x in (head.outer, head.outer + width + 18)]

    def dress(page: Page, count: int, furniture: Furniture) -> None:
        del count
        if page.number == 1:
            _first(page, style, furniture, head, loose)
        _feet(page, style, furniture, head)

    return Specimen(layout, head.title, date, body, fixed, frames, dress, two_column=head.columns == 2)


def _first(page: Page, style: Style, furniture: Furniture, head: Masthead, loose: float) -> None:
    pen, quiet = Pen(page, style, furniture), Pen(page, style)
    meta = style.look("meta")
    pen.line(head.chamber, head.outer, 58, meta.but(size=head.size, bold=True))
    furniture.add(f"{head.chamber} {'1' if head.chamber.startswith('Eerste') else '2'}")
    right = head.left + head.width
    quiet.line(
        "1" if head.chamber.startswith("Eerste") else "2",
        right,
        58,
        meta.but(size=head.size + 6, bold=True),
        end="right",
    )
    pen.fill(head.outer, 66, right, 66.8)
    pen.line(f"Vergaderjaar {head.vergaderjaar}", head.outer, 80, meta.but(size=meta.size * 0.85))
    y = head.top
    quiet.line(head.dossier, head.outer, y, "meta", bold=True)
    y = quiet.lines(quiet.wrap(head.title, head.width, "meta", bold=True), head.left, y, "meta", bold=True)
    y += meta.leading * loose
    quiet.line(f"Nr. {head.nr}", head.outer, y, "meta", bold=True)
    y = quiet.lines(quiet.wrap(head.kind, head.width, "meta", bold=True), head.left, y, "meta", bold=True)
    for text in head.below:
        y = quiet.lines(quiet.wrap(text, head.width, "meta"), head.left, y, "meta")


def _feet(page: Page, style: Style, furniture: Furniture, head: Masthead) -> None:
    pen = Pen(page, style, furniture)
    if page.number == 1:
        lines = [head.identifier, "ISSN 0921 - 7371", f"’s-Gravenhage {head.year}"]
        pen.lines(lines, head.outer, 775, style.look("margin").but(size=5.8, leading=7.5))
    dossier = head.dossier
    pen.line(
        f"{head.chamber.split(' der')[0]}, vergaderjaar {head.vergaderjaar}, {dossier}, nr. {head.nr}",
        head.left,
        790,
        "margin",
    )
    number = furniture.number(str(page.number))
    Pen(page, style).line(number, head.left + head.width, 790, "margin", end="right")
