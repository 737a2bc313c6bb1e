"""Written questions with their answers: as printed in the Aanhangsel, and as a letter of a ministry answers them."""

from __future__ import annotations

from dataclasses import dataclass

from documents.composing import Composer
from documents.flow import Frame, Page
from documents.letter import answering_letter
from documents.looks import Style
from documents.pieces import Piece, Span, paragraph, plain
from documents.sheets import Pen, Specimen
from documents.truth import Furniture
from documents.variety import Manner
from documents.wording import MINISTRIES, PARTIES, Words

ASKING = (
    "Bent u bekend met het bericht ‘{title}’?", "Hoe beoordeelt u de bevinding dat {clause}?", "Deelt u de mening dat {clause}?",
    "Is het juist dat {clause}?", "Wat is uw reactie op de stelling dat {clause}? Zo nee, waarom niet?",
    "Bent u bereid hierover in gesprek te gaan met de sector? Zo ja, wanneer ontvangt de Kamer de uitkomst?",
    "Welke gevolgen heeft dit voor {subject}? {sentence}", "Kunt u deze vragen afzonderlijk beantwoorden?",
)  # fmt: skip
INTRODUCTION = "Vragen gesteld door de leden der Kamer, met de daarop door de regering gegeven antwoorden"


def question(words: Words) -> str:
    form = words.rng.choice(ASKING)
    return form.format(
        title=words.title(), clause=words.clause(35), subject=words.subject(), sentence=words.sentence(30)
    )


def questions_and_answers(composer: Composer, form: str) -> list[Piece]:
    """`form`: "headings" (Vraag 1 over the text), "numbers" (a number over each question), "run-in" (Vraag 1: text).

    Labels are optional headings, since a reader may keep them as headings or as marks.
    """
    rng = composer.words.rng
    pieces: list[Piece] = []
    waiting: list[int] = []
    total = rng.randint(4, 11)
    for number in range(1, total + 1):
        waiting.append(number)
        pieces += _labelled(composer, _question_label(form, number), "question", question(composer.words), form)
        if number < total and rng.random() < 0.15:
            continue  # answered together with the next
        answers = [rng.choice(("Ja.", "Nee.", composer.words.prose(15, 130))), *_more(composer)]
        pieces += _labelled(composer, _answer_label(form, waiting), "answer", answers[0], form)
        pieces += [composer.annotated("answer", text) for text in answers[1:]]
        waiting = []
    return pieces


def _more(composer: Composer) -> list[str]:
    return [composer.words.prose(30, 120) for _ in range(composer.words.rng.choice((0, 0, 0, 1, 2)))]


def _question_label(form: str, number: int) -> str:
    return {"headings": f"Vraag {number}", "numbers": f"{number}", "run-in": f"Vraag {number}:"}[form]


def _answer_label(form: str, numbers: list[int]) -> str:
    joined = " en ".join([", ".join(map(str, numbers[:-1]))] * (len(numbers) > 1) + [str(numbers[-1])])
    return {"headings": f"Antwoord {joined}", "numbers": "Antwoord", "run-in": f"Antwoord {joined}:"}[form]


def _labelled(composer: Composer, label: str, kind: str, text: str, form: str) -> list[Piece]:
    if form == "run-in":
        piece = composer.annotated(kind, text, "body")
        spans = (Span(label + " ", bold=True, label=True), *piece.spans)
        return [Piece(kind, spans, look="body", notes=piece.notes)]
    return [
        Piece("heading", plain(label), look="qa", level=3, optional=True, role="qa"),
        composer.annotated(kind, text, "answer"),
    ]


def aanhangsel(words: Words, style: Style, manner: Manner) -> Specimen:
    """Questions and answers as the chamber prints them, or as the minister sends them."""
    rng = words.rng
    composer = Composer(words, manner, note_rate=rng.choice((0.0, 0.15, 0.3)))
    if rng.random() < 0.4:
        return answering_letter(
            composer, style, questions_and_answers(composer, rng.choice(("headings", "numbers", "run-in")))
        )
    head = _head(words)
    body = questions_and_answers(composer, rng.choice(("headings", "headings", "run-in")))
    fixed = [paragraph(text, "meta", optional=True) for text in (str(head.number), head.title, head.answered)]
    lines = [len(Pen(Page(1), style).wrap(text, head.width, "meta", bold=True)) for text in (head.title, head.answered)]
    top = head.top + style.look("meta").leading * (sum(lines) + 1) + 8

    def frames(number: int) -> list[Frame]:
        return [Frame(head.left, top if number == 1 else head.next_top, head.width, 735.0)]

    def dress(page: Page, count: int, furniture: Furniture) -> None:
        del count
        if page.number == 1:
            _first(page, style, furniture, head)
        pen = Pen(page, style, furniture)
        pen.line(f"Tweede Kamer, vergaderjaar {head.vergaderjaar}, Aanhangsel", head.left, 790, "margin")
        Pen(page, style).line(furniture.number(str(page.number)), head.left + head.width, 790, "margin", end="right")

    return Specimen("aanhangsel", head.title, head.date, body, fixed, frames, dress)


@dataclass(frozen=True, slots=True)
class Head:
    """Masthead of an Aanhangsel."""

    number: int
    title: str
    answered: str
    date: str
    year: int
    vergaderjaar: str
    outer: float
    left: float
    width: float
    top: float
    next_top: float


def _head(words: Words) -> Head:
    rng = words.rng
    date, year, vergaderjaar = words.date()
    asked, ministry = words.date()[0], rng.choice(MINISTRIES)
    members = [f"{words.surname()} ({party})" for party in rng.sample(PARTIES, rng.randint(1, 3))]
    who = f"het lid {members[0]}" if len(members) == 1 else f"de leden {', '.join(members[:-1])} en {members[-1]}"
    outer = rng.uniform(34, 66)
    left = outer + rng.uniform(85, 140)
    return Head(
        rng.randint(3, 4100), f"Vragen van {who} aan de Minister {ministry[1]} over {words.subject()} (ingezonden {asked}).",
        f"Antwoord van Minister {words.surname()} ({ministry[0]}) (ontvangen {date}).", date, year, vergaderjaar,
        outer, left, 595 - left - rng.uniform(40, 62), rng.uniform(118, 150), rng.uniform(60, 90),
    )  # fmt: skip


def _first(page: Page, style: Style, furniture: Furniture, head: Head) -> None:
    pen, quiet, meta = Pen(page, style, furniture), Pen(page, style), style.look("meta")
    right, small = head.left + head.width, meta.but(size=round(meta.size * 0.8, 1))
    pen.line("Tweede Kamer der Staten-Generaal", head.outer, 58, meta.but(size=14, bold=True))
    furniture.add("Tweede Kamer der Staten-Generaal 2")
    quiet.line("2", right, 58, meta.but(size=20, bold=True), end="right")
    pen.fill(head.outer, 66, right, 66.8)
    pen.line(f"Vergaderjaar {head.vergaderjaar}", head.outer, 78, small)
    pen.line("Aanhangsel van de Handelingen", max(head.left, head.outer + 110), 78, small)
    pen.line(INTRODUCTION, head.outer, 90, small)
    quiet.line(str(head.number), head.outer, head.top, "meta", bold=True)
    y = quiet.lines(quiet.wrap(head.title, head.width, "meta", bold=True), head.left, head.top, "meta", bold=True)
    quiet.lines(quiet.wrap(head.answered, head.width, "meta"), head.left, y + meta.leading * 0.5, "meta")
    identifier = f"ah-tk-{head.vergaderjaar.replace('–', '')}-{head.number}"
    foot = style.look("margin").but(size=5.8, leading=7.5)
    pen.lines([identifier, "ISSN 0921 - 7398", f"’s-Gravenhage {head.year}"], head.outer, 775, foot)
