"""What the page says of a document, in Dutch. Only words of our own: nothing that came with a document."""

from __future__ import annotations

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
        "Dit bestand is te groot of te zwaar.",
        "Het mag {megabytes} MB en {pages} bladzijden hebben, en geen bladzijde mag bovenmatig veel vragen. "
        "Splits het, of gebruik de opdracht „doelwijzer tag”.",
    ),
    "unsupported": (
        "Dit bestand kan niet worden gelezen.",
        "Kies een PDF, een Word-document (DOCX), XML, een webpagina (HTML) of platte tekst. Lijkt het dat wel, dan is het "
        "leeg of verkeerd opgeslagen: haal het opnieuw op.",
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
