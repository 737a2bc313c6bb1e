"""Passages → tasks of Label Studio with the model's suggestion, and its answers → annotations."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import PurePath
from typing import Any

from nlp.exchange import DOUBT, NONE, Candidate, from_labels
from nlp.labelstudio.interface import NOTE, OPINION, PASSAGE
from nlp.notation import decimal
from nlp.records import Annotation
from nlp.schemes import Scheme

CUES = 4  # words shown per suggested label
MARKED = 6  # words marked in the passage per suggested label

PUBLICATION = re.compile(r"(?:kst|ah-tk|ah-ek|h-tk|h-ek|kv-tk|stb|stcrt|blg)-[\w-]+")
PUBLISHED = "https://zoek.officielebekendmakingen.nl/{}.html"


class Contradiction(ValueError):
    """An answer that says "geen" and a code of the same scheme, or a code that the scheme does not have."""


# --- there --------------------------------------------------------------------------------------------------------


def to_task(
    candidate: Candidate, schemes: Sequence[Scheme], *, guideline: str | None = None, blind: bool = False
) -> dict[str, Any]:
    """A task as Label Studio imports it; blind: without suggestion, evidence and reason."""
    names = {scheme.id for scheme in schemes}
    tags = [] if blind else [tag for tag in candidate.tags if tag["scheme"] in names and _top(tag, schemes)]
    candidate = replace(candidate, text=sendable(candidate.text))
    data = {"passage": candidate.passage, "text": candidate.text, "shown": _shown(candidate, tags, blind=blind)}
    meta = {
        "digest": digest(candidate.text),
        "document": candidate.document,
        "guideline": guideline,
        "group": candidate.group,
        "split": candidate.split,
        "source": PurePath(candidate.source).name if candidate.source else None,
        "blind": blind,
    }
    task: dict[str, Any] = {"data": data, "meta": meta}
    if candidate.model and not blind:
        result = [_choices(name, _codes(tags, name) or [NONE]) for name in sorted(names)]
        score = min((tag["score"] for tag in tags), default=0.0)
        task["predictions"] = [{"model_version": candidate.model, "score": score, "result": result}]
    return task


def sendable(text: str) -> str:
    """The text with U+FFFD for half a character, as PDFs may hold: one would make the server fail on the whole batch."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def digest(text: str) -> str:
    """By which a text that was changed on the way is known."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _top(tag: dict[str, Any], schemes: Sequence[Scheme]) -> bool:
    return any(tag["scheme"] == scheme.id and any(tag["code"] == c.code for c in scheme.top) for scheme in schemes)


def _codes(tags: Iterable[dict[str, Any]], scheme: str) -> list[str]:
    return list(dict.fromkeys(tag["code"] for tag in tags if tag["scheme"] == scheme))


def _choices(name: str, values: list[str]) -> dict[str, Any]:
    return {"from_name": name, "to_name": PASSAGE, "type": "choices", "value": {"choices": values}}


# --- what the annotator sees --------------------------------------------------------------------------------------


def _shown(candidate: Candidate, tags: list[dict[str, Any]], *, blind: bool) -> str:
    """The passage with its heading, document, page and link, as HTML; everything that comes from a document is escaped."""
    parts = [f'<div class="dw-about">{_about(candidate)}</div>']
    if candidate.heading:
        parts.append(f'<div class="dw-kop">{escape(candidate.heading)}</div>')
    parts.append(f'<div class="dw-tekst">{_marked(candidate.text, tags)}</div>')
    if not blind and (candidate.model or candidate.why):
        parts.append(f'<div class="dw-voorstel">{"<br>".join(_suggestion(candidate, tags))}</div>')
    return "".join(parts)


def _about(candidate: Candidate) -> str:
    name = escape(candidate.title or candidate.document or "Document onbekend")
    pages = ", ".join(map(str, candidate.pages))
    link = _address(candidate)
    if link:
        name = f'<a href="{escape(link, quote=True)}" target="_blank" rel="noopener noreferrer">{name}</a>'
    elif candidate.source:
        pages = " · ".join(filter(None, [pages, PurePath(candidate.source).name]))
    facts = [candidate.date, f"p. {pages}" if candidate.pages else pages]
    return " · ".join([name, *(escape(fact) for fact in facts if fact)])


def _address(candidate: Candidate) -> str | None:
    """Where the document can be read: its own web address, or that of the official publication its id names."""
    if candidate.source and candidate.source.startswith(("https://", "http://")):
        return candidate.source
    if candidate.document and PUBLICATION.fullmatch(candidate.document):
        return PUBLISHED.format(candidate.document)
    return None


def _marked(text: str, tags: list[dict[str, Any]]) -> str:
    """The text with the words that spoke for a suggestion marked; line ends are kept."""
    cues = sorted(
        (cue["start"], cue["end"])
        for tag in tags
        for cue in tag.get("evidence", [])[:MARKED]
        if cue["weight"] > 0 and text[cue["start"] : cue["end"]] == cue["text"]
    )
    parts, at = [], 0
    for start, end in cues:
        if start >= at:
            parts += [escape(text[at:start]), f"<mark>{escape(text[start:end])}</mark>"]
            at = end
    return "".join([*parts, escape(text[at:])]).replace("\n", "<br>")


def _suggestion(candidate: Candidate, tags: list[dict[str, Any]]) -> Iterator[str]:
    if candidate.model:
        yield f"<b>Voorstel van het model</b> ({escape(candidate.model)}); oordeel zelf."
    for tag in tags:
        cues = ", ".join([cue["text"] for cue in tag.get("evidence", []) if cue["weight"] > 0][:CUES])
        number = f"{tag['code']} " if tag["code"].isdecimal() else ""
        score = "genoemd" if tag.get("source") == "mention" else decimal(tag["score"])
        label = f"{tag['scheme'].upper()} {number}{tag.get('label') or tag['code']}"
        yield f"{escape(label)} ({score})" + (f": {escape(cues)}" if cues else "")
    if candidate.model and not tags:
        yield "Geen labels."
    if candidate.why:
        yield f"Gekozen omdat: {escape(candidate.why)}"


# --- back ---------------------------------------------------------------------------------------------------------


def to_annotation(
    task: dict[str, Any], answer: dict[str, Any], annotator: str, schemes: Sequence[Scheme]
) -> Annotation:
    """What an annotator answered to a task. Raises Contradiction."""
    data, meta = task["data"], task["meta"]
    given = {part["from_name"]: part["value"] for part in answer["result"]}
    labels = [f"{s.id}:{code}" for s in schemes for code in given.get(s.id, {}).get("choices", [])]
    try:
        by_scheme = from_labels(labels, schemes)
    except (ValueError, LookupError) as error:
        raise Contradiction(str(error)) from None
    return Annotation(
        data["passage"],
        data["text"],
        by_scheme,
        annotator,
        date=moment(answer["updated_at"]),
        note=note_of(answer),
        guideline=meta.get("guideline"),
        group=meta.get("group"),
        split=meta.get("split"),
        source=meta.get("source"),
        doubt=DOUBT in given.get(OPINION, {}).get("choices", []),
    )


def note_of(answer: dict[str, Any]) -> str | None:
    """What the annotator noted."""
    texts = (text for part in answer["result"] if part["from_name"] == NOTE for text in part["value"]["text"])
    return " ".join(text.strip() for text in texts).strip() or None


def moment(said: str) -> str:
    """A time of the server, in UTC to the millisecond: two judgements never share one."""
    when = datetime.fromisoformat(said).astimezone(UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
