"""Taggings in plain values → what the report says of each passage."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nlp.notation import decimal
from nlp.report.labels import Label
from nlp.report.text import clean, href, pieces

KINDS = {
    "heading": "kop", "list_item": "opsomming", "question": "vraag", "answer": "antwoord", "footnote": "voetnoot",
    "table": "tabel", "caption": "bijschrift", "toc": "inhoudsopgave",
}  # fmt: skip # a paragraph is not named: most passages are one
CERTAINTY = {"wellformed": "naar de vorm", "doubtful": "twijfelachtig"}
SHOWN = 3  # words named beside a tag that is not opened
SURE = 0.9999  # from here the score is too much rounded to tell its sum

Labels = dict[tuple[str, str], Label]


@dataclass(frozen=True, slots=True)
class Word:
    """A word for (+) or against (−) a tag, all its places together; `share` is its bar, 0 to 100."""

    text: str
    weight: str
    share: int


@dataclass(frozen=True, slots=True)
class Row:
    """A label of a passage: given by the model (`score`), named in the text (`named`), or both."""

    label: Label
    score: float | None
    named: bool
    places: str  # JSON: [start, end, weight, or 0 where it is named] …
    words: str
    pro: list[Word]
    con: list[Word]
    total: str | None

    @property
    def rank(self) -> float:
        """By which it is filtered: what is named counts as certain."""
        return 1.0 if self.named else self.score or 0.0

    @property
    def said(self) -> str:
        return "" if self.score is None else decimal(self.score)

    @property
    def bar(self) -> int:
        return round(100 * (self.score or 0))


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it is listed."""

    text: str
    url: str | None
    identifier: str | None
    doubt: str | None


@dataclass(frozen=True, slots=True)
class View:
    """A passage as it is shown; `number` counts from 1 in reading order."""

    number: int
    pages: list[int]
    kind: str | None
    heading: str | None
    text: list[tuple[str, Cited | None]]
    rows: list[Row]
    citations: list[Cited]
    boxes: list[dict[str, Any]]

    @property
    def keys(self) -> str:
        """The classes of its labels, parted by spaces."""
        return " ".join(row.label.key for row in self.rows)

    @property
    def place(self) -> str:
        first, last = self.pages[0], self.pages[-1]
        return f"p. {first}" if first == last else f"p. {first}–{last}"

    @property
    def spoken(self) -> str:
        """For those who hear it: what it is about."""
        return ", ".join(row.label.spoken for row in self.rows) or "geen labels"


def views(taggings: Iterable[dict[str, Any]], labels: Labels) -> list[View]:
    return [_view(number, tagging, labels) for number, tagging in enumerate(taggings, 1)]


def _view(number: int, tagging: dict[str, Any], labels: Labels) -> View:
    passage = tagging["passage"]
    cut = pieces(passage["text"], tagging["citations"])
    return View(
        number, passage["pages"], _kind(passage), clean(passage["heading"]) if passage["heading"] else None,
        [(text, _cited(of) if of else None) for text, of in cut], list(_rows(tagging["tags"], labels)),
        list(dict.fromkeys(map(_cited, tagging["citations"]))), passage["boxes"],
    )  # fmt: skip


def _kind(passage: dict[str, Any]) -> str | None:
    kind = KINDS.get(passage["kind"])
    return f"{kind} {clean(passage['mark'])}" if kind == "voetnoot" and passage["mark"] else kind


def _cited(citation: dict[str, Any]) -> Cited:
    identifier = citation["identifier"]
    return Cited(
        " ".join(clean(citation["text"]).split()), href(citation["url"]), clean(identifier) if identifier else None,
        CERTAINTY.get(citation["certainty"]),
    )  # fmt: skip


# --- tags ---------------------------------------------------------------------------------------------------------


def _rows(tags: list[dict[str, Any]], labels: Labels) -> Iterator[Row]:
    """One per label: numbered ones first, then by score."""
    by_label: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for tag in tags:
        by_label.setdefault((tag["scheme"], tag["code"]), []).append(tag)
    rows = [_row(labels[label], same) for label, same in by_label.items()]
    yield from sorted(rows, key=lambda row: (not row.label.numbered, row.label.scheme, -row.rank, -(row.score or 0)))


def _row(label: Label, tags: list[dict[str, Any]]) -> Row:
    model = next((tag for tag in tags if tag["source"] != "mention"), None)  # a suggestion has a score too
    mentions = [cue for tag in tags if tag["source"] == "mention" for cue in tag["evidence"]]
    cues = model["evidence"] if model else []
    places = [[cue["start"], cue["end"], 0] for cue in mentions]
    places += [[cue["start"], cue["end"], round(cue["weight"], 3)] for cue in cues]
    words = _weighed(cues)
    named = [clean(cue["text"]) for cue in mentions]
    strongest = [word for word, weight in words if weight > 0]
    return Row(
        label, model["score"] if model else None, bool(mentions) or model is None, json.dumps(places),
        ", ".join(list(dict.fromkeys(named + strongest))[:SHOWN]), _listed(words, 1), _listed(words, -1),
        _total(model) if model and cues else None,
    )  # fmt: skip


def _weighed(cues: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """Each word once, as it is first written; the strongest first."""
    weights: dict[str, float] = {}
    written: dict[str, str] = {}
    for cue in sorted(cues, key=lambda cue: cue["start"]):
        word = written.setdefault(cue["text"].casefold(), clean(cue["text"]))
        weights[word] = weights.get(word, 0.0) + cue["weight"]
    return sorted(weights.items(), key=lambda word: -abs(word[1]))


def _listed(words: list[tuple[str, float]], sign: int) -> list[Word]:
    most = max((abs(weight) for _, weight in words), default=0.0) or 1.0
    return [
        Word(word, decimal(weight, sign=True), max(1, round(100 * abs(weight) / most)))
        for word, weight in words
        if weight * sign >= 0.005
    ]


def _total(tag: dict[str, Any]) -> str | None:
    """How the words add up to the score."""
    if tag["intercept"] is None:
        return None
    shown = sum(cue["weight"] for cue in tag["evidence"])
    said = f"Uitgangspunt {decimal(tag['intercept'], sign=True)}, deze woorden {decimal(shown, sign=True)}"
    if 1 - SURE < tag["score"] < SURE:
        rest = math.log(tag["score"] / (1 - tag["score"])) - tag["intercept"] - shown
        if abs(rest) >= 0.01:
            said += f", overige woorden {decimal(rest, sign=True)}"
    return f"{said}; samen een score van {decimal(tag['score'])}."
