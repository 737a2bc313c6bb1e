"""What the page says of a document, in Dutch. Only words of our own: nothing that came with a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nlp.plain import PlainDocument
from nlp.view.desk import Settings

TROUBLES = {
    "encrypted": (
        "Dit bestand is beveiligd met een wachtwoord.",
        "Sla het op zonder wachtwoord en probeer het dan opnieuw.",
    ),
    "no_text_layer": (
        "In dit bestand staat geen tekst: het is een scan, of het is leeg.",
        "Laat de tekst eerst herkennen (OCR), of kies een ander exemplaar.",
    ),
    "unreadable_text": (
        "De letters in dit bestand zijn niet te lezen: het zegt niet welke tekens ze voorstellen.",
        "Laat de tekst opnieuw herkennen (OCR), of kies een ander exemplaar.",
    ),
    "damaged": (
        "Dit bestand is beschadigd.",
        "Haal het opnieuw op, of kies een ander exemplaar.",
    ),
    "too_large": (
        "Dit bestand is te groot.",
        "Het mag hoogstens {megabytes} MB en {pages} bladzijden hebben. Splits het, "
        "of gebruik de opdracht „doelwijzer tag”.",
    ),
    "unsupported": (
        "Dit soort bestand kan niet worden gelezen.",
        "Kies een PDF, een Word-document (DOCX), XML, een webpagina (HTML) of platte tekst.",
    ),
    "timeout": (
        "Het lezen duurde langer dan {seconds:.0f} seconden en is gestopt.",
        "Splits het bestand, of gebruik de opdracht „doelwijzer tag” met een ruimere „--timeout”.",
    ),
    "memory": (
        "Dit bestand vraagt meer geheugen dan het mag.",
        "Splits het, of kies een ander exemplaar.",
    ),
    "crashed": (
        "Het lezen van dit bestand is misgegaan.",
        "Het bestand is waarschijnlijk beschadigd: haal het opnieuw op, of kies een ander exemplaar.",
    ),
    "error": (
        "Er ging iets mis dat niet aan u ligt.",
        "Probeer het opnieuw; blijft het zo, meld het dan bij de beheerder, met de melding hieronder.",
    ),
}  # fmt: skip


def trouble(status: str, settings: Settings) -> tuple[str, str]:
    """What is wrong, and what can be done about it."""
    limits = {"megabytes": settings.megabytes, "pages": settings.pages, "seconds": settings.seconds}
    what, hint = TROUBLES.get(status, TROUBLES["error"])
    return what.format(**limits), hint.format(**limits)


NOTED = {
    "no_text_layer": "een afbeelding; tekst daarin is niet gelezen",
    "damaged_page": "beschadigd; wat te lezen was, is gelezen",
    "too_large": "vraagt te veel van de lezer en is overgeslagen",
    "unreadable_text": "letters die niet te lezen zijn, zijn weggelaten",
    "private_use": "tekens waarvan de letter niet bekend is, zijn een \N{REPLACEMENT CHARACTER} geworden",
    "ocr_layer": "een scan met herkende tekst; daarin kunnen fouten staan",
    "hidden_text": "tekst die een lezer niet ziet, is weggelaten",
}
UNPAGED = {
    "page_count": "Het bestand heeft een ander aantal bladzijden dan het zelf zegt.",
    "hidden_text": "Tekst die een lezer niet ziet, is weggelaten.",
}


def noted(notices: Iterable[tuple[str, int | None]]) -> Iterator[str]:
    """Codes and pages of notices → one sentence per code, with the pages it is about."""
    pages_of: dict[str, set[int]] = {}
    for code, page in notices:
        pages_of.setdefault(code, set()).update({page} if page else ())
    for code, pages in pages_of.items():
        if pages:
            yield f"Bladzijde {listed(pages)}: {NOTED.get(code, 'niet helemaal gelezen')}."
        else:
            yield UNPAGED.get(code, "Er is iets aan dit bestand opgevallen.")


def listed(numbers: Iterable[int]) -> str:
    """{1, 2, 3, 7} → "1–3, 7"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def facts(tagged: PlainDocument) -> str:
    """One line about a document that was tagged."""
    about, passages = tagged.about, len(tagged.taggings)
    citations = sum(len(tagging["citations"]) for tagging in tagged.taggings)
    parts = [about["date"], _count(about["pages"], "bladzijde", "bladzijden") if about["pages"] else None]
    parts += [_count(passages, "passage", "passages"), _count(citations, "citaat", "citaten")]
    return " · ".join(filter(None, parts))


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
