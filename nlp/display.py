"""What a notebook shows of a document or a tagging: HTML that stands by itself, escaped, for light and dark themes.

Styles stand in the elements, because notebooks drop style sheets of outputs they do not trust. Text takes the colour
of the theme; a label with a colour of its own brings the ink that reads best on it. Nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import islice
from typing import Any

from nlp.colours import ink_on
from nlp.errors import UnknownName
from nlp.notation import counted, decimal
from nlp.records import Citation, Document, Evidence, Tag, Tagging
from nlp.schemes import Concept, load_scheme

ROWS = 200  # passages or blocks shown: more would slow a notebook down
LONGEST = 3000  # characters shown of one passage
CUES = 5  # words marked per tag: the strongest
WEAKEST = 0.05  # of a word that is named: less moves a score by a hundredth at most

KINDS = {
    "heading": "kop", "paragraph": "alinea", "list_item": "opsomming", "question": "vraag", "answer": "antwoord",
    "footnote": "voetnoot", "table": "tabel", "caption": "bijschrift", "toc": "inhoud",
}  # fmt: skip
FACTS = {
    "kind": "soort", "date": "datum", "ministry": "ministerie", "reference": "kenmerk", "dossiernummer": "dossier",
    "ondernummer": "nr.", "vergaderjaar": "vergaderjaar", "source": "bestand",
}  # fmt: skip

_BOX = "max-width:75em;max-height:40em;overflow:auto;line-height:1.45"
_TABLE = "border-collapse:collapse;width:100%;margin:0"
_CELL = "text-align:left;vertical-align:top;white-space:normal;padding:.35em .8em .35em 0;border-bottom:1px solid #8886"
_CHIP = "display:inline-block;border-radius:.3em;padding:0 .4em;margin:.1em .3em .1em 0;border:1px solid {};{}"
_QUIET = "opacity:.75;font-size:90%"
_LINK = "color:inherit;text-decoration:underline dotted"  # underlined words are solid
_UNDERLINED = " <span style='font-weight:normal'>(onderstreept: sprak voor een label)</span>"


def html_of(record: object) -> str | None:
    """The HTML of a Document or a Tagging; None for anything else."""
    view = VIEWS.get(type(record))
    return view(record) if view else None


def tagging_html(tagging: Tagging) -> str:
    """A passage with the words that spoke for its tags underlined; per tag the words for and against it."""
    rows = "".join(
        _row(chip(tag), _words(tag.evidence, 1, tag.source), _words(tag.evidence, -1, tag.source))
        for tag in tagging.tags
    )
    head = _row("Label", "Woorden voor", "Woorden tegen", cell="th")
    tags = f"<table style='{_TABLE}'><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else ""
    none = "" if tags else _quiet("Geen labels.")
    heading = _quiet(_said(tagging.passage.heading)) if tagging.passage.heading else ""
    return _box(f"{heading}<p style='margin:.2em 0 .6em'>{passage_html(tagging)}</p>{tags}{none}{_cited(tagging)}")


def tagged_html(taggings: Sequence[Tagging], document: Document) -> str:
    """A document with what it is about in short, then each passage with its tags and citations."""
    head = _row("Pagina", f"Passage{_UNDERLINED}", "Labels en citaten", cell="th")
    body = "".join(
        _row(_pages(t.passage.pages), passage_html(t), "".join(map(chip, t.tags)) + _cited(t)) for t in taggings[:ROWS]
    )
    table = f"<table style='{_TABLE}'><thead>{head}</thead><tbody>{body}</tbody></table>"
    more = _more(len(taggings), "passages", "to_frame() heeft ze alle")
    return _box(f"{_caption(document)}{_summary(taggings)}{table}{more}")


def document_html(document: Document) -> str:
    """What was read of a document: its facts, what was lost, and its blocks in reading order."""
    head = _row("Pagina", "Soort", "Tekst", cell="th")
    body = "".join(
        _row(
            _pages((block.page,) if block.page else ()),
            KINDS.get(block.kind, _said(block.kind)),
            _block(block.kind, block.mark, block.text),
        )
        for block in document.blocks[:ROWS]
    )
    table = f"<table style='{_TABLE}'><thead>{head}</thead><tbody>{body}</tbody></table>"
    more = _more(len(document.blocks), "blokken", "document.blocks heeft ze alle")
    return _box(f"{_caption(document)}{table}{more}")


VIEWS: dict[type, Callable[[Any], str]] = {Document: document_html, Tagging: tagging_html}


# --- the text of a passage ----------------------------------------------------------------------------------------


def passage_html(tagging: Tagging) -> str:
    """The text of a passage, its citations as links and the strongest words of its tags underlined.

    The thicker the line, the more the word weighed; its title says for which label.
    """
    text, found, at = tagging.passage.text, list[str](), 0
    for start, end, opening, closing in _marks(tagging):
        if start >= at and end <= LONGEST:  # of marks that overlap the first stays, and the longest
            found += (_said(text[at:start]), opening, _said(text[start:end]), closing)
            at = end
    found.append(_said(text[at:LONGEST]))
    return "".join(found) + (" … " if len(text) > LONGEST else "")


def _marks(tagging: Tagging) -> list[tuple[int, int, str, str]]:
    """Start, end, opening and closing tag of each link and each underlined word, in the order of the text."""
    links = [(c.start, c.end, _anchor(c), "</a>") for c in tagging.citations if _is_link(c.url)]
    taken = [(start, end) for start, end, _, _ in links]
    why: dict[tuple[int, int], list[tuple[Tag, Evidence]]] = {}
    for tag in tagging.tags:
        for cue in islice((cue for cue in tag.evidence if cue.weight > 0), CUES):
            if not any(cue.start < end and cue.end > start for start, end in taken):
                why.setdefault((cue.start, cue.end), []).append((tag, cue))
    words = [(start, end, _underline(spoke), "</u>") for (start, end), spoke in why.items()]
    return sorted(links + words, key=lambda mark: (mark[0], -mark[1]))


def _underline(spoke: list[tuple[Tag, Evidence]]) -> str:
    thick = 1 + min(3, round(max(cue.weight for _, cue in spoke)))
    said = "; ".join(f"{_name(tag)} {_weight(tag, cue)}" for tag, cue in spoke)
    return f"<u style='text-decoration-thickness:{thick}px;text-underline-offset:.2em' title='{_said(said)}'>"


def _weight(tag: Tag, cue: Evidence) -> str:
    return "genoemd" if tag.source == "mention" else decimal(cue.weight, sign=True)


def _words(evidence: Iterable[Evidence], sign: int, source: str) -> str:
    """The strongest words for (1) or against (-1) a tag, each once, with what its places weigh together."""
    if source == "mention":
        return _said(", ".join(dict.fromkeys(cue.text for cue in evidence))) if sign > 0 else ""
    weights: dict[str, float] = {}
    for cue in evidence:
        weights[cue.text.lower()] = weights.get(cue.text.lower(), 0) + cue.weight
    strong = sorted((w for w in weights.items() if w[1] * sign >= WEAKEST), key=lambda w: -abs(w[1]))[:CUES]
    return ", ".join(f"{_said(word)} {_quiet(decimal(weight, sign=True), 'span')}" for word, weight in strong)


# --- tags and citations -------------------------------------------------------------------------------------------


def chip(tag: Tag) -> str:
    """A tag with number, name and score, in the colour of its concept."""
    score = "genoemd" if tag.source == "mention" else decimal(tag.score)
    words = ", ".join(cue.text for cue in islice((cue for cue in tag.evidence if cue.weight > 0), CUES))
    return _chip(tag.scheme, tag.code, score, words)


def _chip(scheme: str, code: str, said: str, title: str = "") -> str:
    concept = concept_of(scheme, code)
    colour = concept.colour if concept else None
    paint = f"background:{colour};color:{ink_on(colour)}" if colour else ""
    style = _CHIP.format(colour or "currentColor", paint)
    name = f"{name_of(scheme, code)} <b>{_said(said)}</b>"
    return f"<span style='{style}' title='{_said(title)}'>{name}</span>"


def name_of(scheme: str, code: str) -> str:
    """A label as a reader says it, escaped: "SDG 13 Klimaatactie", "Kinderarbeid"."""
    concept = concept_of(scheme, code)
    if concept is None:
        return _said(f"{scheme}:{code}")
    return _said(f"{scheme.upper()} {code} {concept.label_nl}" if code[:1].isdigit() else concept.label_nl)


def _name(tag: Tag) -> str:
    return f"{tag.scheme.upper()} {tag.code}" if tag.code[:1].isdigit() else tag.code


def concept_of(scheme: str, code: str) -> Concept | None:
    """The concept of a code; None for a scheme or code of which no taxonomy is at hand."""
    try:
        return load_scheme(scheme)[code]
    except UnknownName:
        return None


def _cited(tagging: Tagging) -> str:
    links = dict.fromkeys(
        f"{_anchor(c)}{_said(c.identifier or c.text)}</a>" if _is_link(c.url) else _said(c.identifier or c.text)
        for c in tagging.citations
    )
    return f"<div style='{_QUIET}'>{', '.join(links)}</div>" if links else ""


def _anchor(citation: Citation) -> str:
    title = _said(citation.identifier or "")
    href = _said(citation.url or "")
    return f"<a href='{href}' title='{title}' style='{_LINK}' target='_blank' rel='noopener noreferrer'>"


def _is_link(url: str | None) -> bool:
    return bool(url) and str(url).startswith(("https://", "http://"))


# --- parts --------------------------------------------------------------------------------------------------------


def _caption(document: Document) -> str:
    title = _said(document.title or document.source or document.id)
    facts = [f"{said} {_said(getattr(document, name))}" for name, said in FACTS.items() if getattr(document, name)]
    facts += [counted(len(document.pages), "pagina", "pagina's")] * bool(document.pages)
    facts += ["<b>deels gelezen</b>"] * (document.status == "partial")
    notices = "".join(f"<li>{_notice(n.page)}{_said(n.message)}</li>" for n in document.notices)
    lost = f"<ul style='margin:.3em 0'>{notices}</ul>" if notices else ""
    return f"<div style='font-size:115%;font-weight:bold'>{title}</div>{_quiet(' · '.join(facts))}{lost}"


def _notice(page: int | None) -> str:
    return f"pagina {page}: " if page else ""


def _summary(taggings: Iterable[Tagging]) -> str:
    """In how many passages each label stands, the most frequent first."""
    counts: dict[tuple[str, str], int] = {}
    for tagging in taggings:
        for label in {(tag.scheme, tag.code) for tag in tagging.tags}:
            counts[label] = counts.get(label, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    lines = (
        "".join(_chip(*label, f"{number}×") for label, number in ranked if label[0] == scheme)
        for scheme in dict.fromkeys(scheme for scheme, _ in sorted(counts, key=lambda label: label[0] != "sdg"))
    )
    chips = "".join(f"<div>{line}</div>" for line in lines) or _quiet("Geen labels.")
    return f"<div style='margin:.5em 0'>{chips}</div>"


def _block(kind: str, mark: str | None, text: str) -> str:
    said = _said(text[:LONGEST]) + ("…" if len(text) > LONGEST else "")
    marked = f"{_said(mark)} {said}" if mark else said
    return f"<b>{marked}</b>" if kind == "heading" else marked


def _row(*cells: str, cell: str = "td") -> str:
    return "<tr>" + "".join(f"<{cell} style='{_CELL}'>{text}</{cell}>" for text in cells) + "</tr>"


def _box(body: str) -> str:
    return f"<div lang='nl' style='{_BOX}'>{body}</div>"


def _quiet(text: str, element: str = "div") -> str:
    return f"<{element} style='{_QUIET}'>{text}</{element}>" if text else ""


def _more(number: int, what: str, where: str) -> str:
    return _quiet(f"… en nog {number - ROWS} {what}: {where}.") if number > ROWS else ""


def _pages(pages: Sequence[int]) -> str:
    return "–".join(dict.fromkeys(map(str, (pages[0], pages[-1])))) if pages else ""


def _said(text: object) -> str:
    """Any text, escaped; half a character (a lone surrogate), which no notebook can store, becomes "?"."""
    return escape(str(text).encode("utf-8", "replace").decode("utf-8"))
