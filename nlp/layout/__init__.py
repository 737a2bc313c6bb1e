"""Words of pages → the blocks of a document as a person reads them, its furniture and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nlp.layout.columns import read_columns
from nlp.layout.drafts import Draft, learn, set_edges
from nlp.layout.footnotes import Note, NoteTaker
from nlp.layout.furniture import set_apart
from nlp.layout.headings import name_kinds
from nlp.layout.hyphens import Vocabulary
from nlp.layout.joining import HYPHEN, join
from nlp.layout.letterhead import read_letterhead
from nlp.layout.lines import Column, Line, Sheet, measure, read_lines
from nlp.layout.paragraphs import draft
from nlp.layout.questions import name_questions
from nlp.pdf import PageWords
from nlp.records import Block, Box, Furniture, NoteRef, Notice


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands in a document. `blocks` in reading order, footnotes behind the running text."""

    blocks: tuple[Block, ...]
    furniture: tuple[Furniture, ...] = ()
    notices: tuple[Notice, ...] = ()
    title: str | None = None
    date: str | None = None  # ISO 8601
    kind: str | None = None
    reference: str | None = None
    dossiernummer: str | None = None
    ondernummer: str | None = None
    vergaderjaar: str | None = None  # 2019-2020
    ministry: str | None = None


def lay_out(pages: Iterable[PageWords]) -> Layout:
    """Read the pages of one document. Time grows linearly with the words of a page times their logarithm."""
    notices: list[Notice] = []
    sheets = []
    for page in pages:
        notices += page.notices
        sheets.append(Sheet(page.number, page.width, page.height, read_lines(page), page.rules, page.fills))
    measures = measure(sheets)
    vocabulary = Vocabulary(line.text for sheet in sheets for line in sheet.lines)
    furniture = set_apart(sheets, measures)
    taker = NoteTaker(measures)
    laid: list[tuple[Sheet, list[Column]]] = []
    for sheet in sheets:
        columns = read_columns(sheet, measures)
        taker.take(columns, sheet.rules)
        laid.append((sheet, [column for column in columns if column.lines]))
    set_edges(laid)
    running = [column for _, columns in laid for column in columns]
    habits = learn(laid, [line for note in taker.notes for line in note.lines], measures)
    drafts = name_questions(name_kinds(draft(running, habits), measures))
    marks = taker.marks()
    blocks = [_block(one, vocabulary, marks) for one in drafts] + [_note(note, vocabulary) for note in taker.notes]
    blocks = [block for block in blocks if block.text]
    printed = [_furniture(line) for number in sorted(furniture) for line in furniture[number]]
    head = read_letterhead(blocks, printed)
    return Layout(
        tuple(blocks), tuple(printed), tuple(notices), head.title, head.date, head.kind, head.reference,
        head.dossiernummer, head.ondernummer, head.vergaderjaar, head.ministry,
    )  # fmt: skip


def _block(one: Draft, vocabulary: Vocabulary, marks: frozenset[str]) -> Block:
    if one.table is not None:
        return _table(one, vocabulary, marks)
    joined = join(one.lines, vocabulary, marks, one.skip)
    return Block(one.kind, joined.text, one.lines[0].page, joined.boxes, one.level, one.mark, joined.notes)


def _table(one: Draft, vocabulary: Vocabulary, marks: frozenset[str]) -> Block:
    """Cells parted by " | ", rows by " ; "."""
    text, boxes, notes = "", [], []
    for row in one.table.rows if one.table else ():
        text += " ;" if text else ""
        for number, cell in enumerate(row):
            text += (" |" if text else "|") if number else ""
            joined = join(cell, vocabulary, marks)
            text += " " if text and joined.text else ""
            boxes += [_moved(box, len(text)) for box in joined.boxes]
            notes += [NoteRef(note.mark, note.offset + len(text)) for note in joined.notes]
            text += joined.text
    return Block("table", text, boxes[0].page if boxes else one.lines[0].page, tuple(boxes), notes=tuple(notes))


def _moved(box: Box, by: int) -> Box:
    return Box(box.start + by, box.end + by, box.page, box.x0, box.top, box.x1, box.bottom)


def _note(note: Note, vocabulary: Vocabulary) -> Block:
    joined = join(note.lines, vocabulary, skip=note.skip)
    return Block("footnote", joined.text, note.page, joined.boxes, mark=note.mark)


def _furniture(line: Line) -> Furniture:
    return Furniture(line.text.translate(HYPHEN), line.page, line.x0, line.top, line.x1, line.bottom)
