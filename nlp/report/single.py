"""One tagged document → one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from nlp.notation import counted
from nlp.pdf.pictures import Painter
from nlp.plain import PlainDocument
from nlp.report.frame import page
from nlp.report.labels import Label, labels_of, scheme_title, style
from nlp.report.passages import View, views
from nlp.report.sheets import content_of, sheets
from nlp.report.text import clean

KINDS = {"report": "Rapport"}  # others are Dutch already
NOTICES = {
    "hidden_text": "Onzichtbare tekst is weggelaten",
    "private_use": "Enkele tekens zijn niet te herkennen en staan er als \ufffd",
    "unreadable_text": "Tekens zonder bekende betekenis zijn weggelaten",
    "damaged_page": "Er is schade; wat leesbaar was, staat hier",
    "no_text_layer": "Er is tekst die alleen als beeld bestaat; die is niet gelezen",
    "too_large": "Er is een pagina die te veel rekenwerk vraagt; die is weggelaten",
    "page_count": "Het bestand zegt een ander aantal pagina's te hebben dan er te vinden zijn",
    "ocr_layer": "De tekst is herkend uit een beeld en kan leesfouten hebben",
}


def report(document: PlainDocument, source: str | Path | bytes | None = None, painter: Painter | None = None) -> str:
    """The page, as HTML.

    source: the file or its bytes, where it is not to be found under the name that it was read by. Without it, or when
    it has changed since, the report has no pictures and says so.
    Raises MissingExtra without jinja2.
    """
    if painter is None:
        with Painter() as own:
            return report(document, source, own)
    about = document.about
    labels = labels_of(tag for tagging in document.taggings for tag in tagging["tags"])
    shown = views(document.taggings, labels)
    data, missing = content_of(about, source)
    return page(
        "report.html.j2", style(labels.values()), ["report.js"],
        title=title_of(about), facts=list(facts_of(about)), count=counted(len(shown), "passage", "passages"), summary=list(_summary(shown, labels.values())),
        notices=list(_notices(about)), missing=missing, views=shown, facets=list(_facets(shown, labels.values())),
        sheets=sheets(about, shown, data, painter) if data else (), pages=about["pages"],
        model=clean(document.taggings[0]["model"] or "") if document.taggings else "",
    )  # fmt: skip


def title_of(about: dict[str, Any]) -> str:
    return clean(about["title"] or PurePath(str(about["source"] or "")).name or about["id"])


def facts_of(about: dict[str, Any]) -> Iterator[str]:
    """What is known of a document, for the line below its title."""
    if about["kind"]:
        yield kind_of(about["kind"])
    if about["date"]:
        yield date_of(about["date"])
    if about["ministry"]:
        yield clean(about["ministry"])
    if about["dossiernummer"]:
        number = f", nr. {about['ondernummer']}" if about["ondernummer"] else ""
        yield clean(f"dossier {about['dossiernummer']}{number}")
    if about["reference"]:
        yield clean(f"kenmerk {about['reference']}")
    if about["pages"]:
        yield counted(about["pages"], "pagina", "pagina's")
    if about["source"]:
        yield clean(PurePath(str(about["source"])).name)


def kind_of(kind: str) -> str:
    return clean(KINDS.get(kind, kind.capitalize()))


MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


def date_of(iso: str) -> str:
    """2021-07-09 → 9 juli 2021; anything else as it is."""
    try:
        year, month, day = map(int, iso.split("-"))
        return f"{day} {MONTHS[month - 1]} {year}"
    except (ValueError, IndexError):
        return clean(iso)


def _summary(shown: list[View], labels: Any) -> Iterator[str]:
    yield f"{sum(bool(view.rows) for view in shown)} met een label"
    for scheme in dict.fromkeys(label.scheme for label in labels):
        number = sum(label.scheme == scheme for label in labels)
        title = scheme_title(scheme)
        yield f"{number} {title if number != 1 else title.removesuffix('s').rstrip(chr(39))}"
    yield counted(sum(len(view.citations) for view in shown), "citaat", "citaten")


def _notices(about: dict[str, Any]) -> Iterator[str]:
    pages: dict[str, list[int]] = {}
    for code, number in about.get("notices", ()):
        pages.setdefault(code, []).extend([number] if number else [])
    for code, numbers in pages.items():
        if code in NOTICES:
            where = f" (p. {', '.join(map(str, dict.fromkeys(numbers)))})" if numbers else ""
            yield f"{NOTICES[code]}{where}."


def _facets(shown: list[View], labels: Any) -> Iterator[tuple[str, str, list[tuple[Label, int]]]]:
    """Per scheme its title and in how many passages each label stands; words the most frequent first."""
    counts: dict[str, int] = {}
    for view in shown:
        for row in view.rows:
            counts[row.label.key] = counts.get(row.label.key, 0) + 1
    for scheme in dict.fromkeys(label.scheme for label in labels):
        mine = [(label, counts[label.key]) for label in labels if label.scheme == scheme]
        mine.sort(key=lambda one: 0 if one[0].numbered else -one[1])
        yield scheme, scheme_title(scheme), mine
