"""What annotators judged differently → the sheet on which a curator settles it, and back as gold."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from pathlib import Path

from nlp.curation import CURATOR, Key, is_gold, key_of, settled
from nlp.errors import CorpusError, SchemeError
from nlp.records import Annotation
from nlp.schemes import load_scheme
from nlp.spreadsheet import harmless, read_table

NONE = "geen"  # in a cell: judged, and none apply
ABOUT = ("passage", "document", "schema", "tekst")
SETTLED, NOTE = "besluit", "toelichting"


@dataclass(frozen=True, slots=True)
class Dispute:
    """One scheme of one passage that annotators judged differently and no curator settled.

    given: annotator → codes; notes: annotator → what was noted, where anything was. distance: 0 (the same) to 1.
    """

    passage: str
    text: str
    document: str | None
    scheme: str
    given: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]
    distance: float

    @property
    def differing(self) -> tuple[str, ...]:
        """The codes that some gave and others did not."""
        sets = [set(codes) for codes in self.given.values()]
        return tuple(
            c
            for c in dict.fromkeys(c for codes in self.given.values() for c in codes)
            if c not in set.intersection(*sets)
        )


Distance = Callable[[frozenset[str], frozenset[str]], float]


def disputes(annotations: Iterable[Annotation], distance: Distance) -> list[Dispute]:
    """What is to be settled, the worst first: by the mean distance between annotators, then by how many codes differ."""
    passages: dict[Key, list[Annotation]] = {}
    for annotation in annotations:
        passages.setdefault(key_of(annotation), []).append(annotation)
    found = [dispute for lines in passages.values() for dispute in _disputes(lines, distance)]
    return sorted(found, key=lambda d: (-d.distance, -len(d.differing), d.passage, d.scheme))


def _disputes(lines: Sequence[Annotation], distance: Distance) -> Iterator[Dispute]:
    for scheme in dict.fromkeys(scheme for line in lines for scheme in line.labels):
        judged = [line for line in lines if scheme in line.labels]
        if any(map(is_gold, judged)):
            continue
        last = {line.annotator: line for line in judged}
        sets = [frozenset(line.labels[scheme]) for line in last.values()]
        pairs = [distance(a, b) for i, a in enumerate(sets) for b in sets[:i]]
        if any(pairs):
            yield Dispute(
                passage=lines[0].passage,
                text=lines[0].text,
                document=next((line.group for line in lines if line.group), None),
                scheme=scheme,
                given={name: tuple(line.labels[scheme]) for name, line in sorted(last.items())},
                notes={name: line.note for name, line in sorted(last.items()) if line.note},
                distance=sum(pairs) / len(pairs),
            )


def write_sheet(found: Sequence[Dispute], path: str | Path) -> None:
    """A CSV file that spreadsheets of a Dutch system open as it is: a row per dispute, a column per annotator, and an
    empty column `besluit`, in which the curator writes codes parted by commas, or "geen".
    """
    names = sorted({name for dispute in found for name in dispute.given})
    with Path(path).open("w", encoding="utf-8-sig", errors="replace", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow([*ABOUT, *names, SETTLED, NOTE])
        for d in found:
            notes = "; ".join(f"{name}: {note}" for name, note in d.notes.items())
            given = [_cell(d.given[name]) if name in d.given else "" for name in names]
            writer.writerow(
                [harmless(cell) for cell in (d.passage, d.document or "", d.scheme, d.text, *given, "", notes)]
            )


def in_words(dispute: Dispute) -> str:
    """Who gave what, in Dutch: "SDG: anna 13, 7; bram 13 (twijfel over 7)."."""
    given = (
        f"{name} {_cell(codes)}" + (f" ({dispute.notes[name]})" if name in dispute.notes else "")
        for name, codes in dispute.given.items()
    )
    return f"{dispute.scheme.upper()}: {'; '.join(given)}."


def write_page(found: Sequence[Dispute], path: str | Path) -> None:
    """The same side by side, as one HTML page to talk about: what not all gave stands out."""
    body = "".join(_article(dispute) for dispute in found)
    Path(path).write_text(_PAGE.format(count=len(found), body=body), encoding="utf-8", errors="replace")


_PAGE = """<!doctype html>
<html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Verschillen</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
article {{ border-top: 1px solid #bbb; padding: 1rem 0; }}
blockquote {{ margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }}
dl {{ display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0; }}
dt {{ font-weight: 600; }} dd {{ margin: 0; }} small {{ color: #555; }}
</style>
<h1>Verschillen tussen annotatoren: {count}</h1>
<p>De grootste eerst. Wat niet iedereen gaf, is <mark>gemarkeerd</mark>.</p>
{body}</html>
"""


def _article(dispute: Dispute) -> str:
    sides = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{_marked(codes, dispute)}</dd><small>{escape(dispute.notes.get(name, ''))}</small></div>"
        for name, codes in dispute.given.items()
    )
    about = " · ".join(dict.fromkeys(filter(None, [dispute.scheme.upper(), dispute.document, dispute.passage])))
    return f"<article><small>{escape(about)}</small><blockquote>{escape(dispute.text)}</blockquote><dl>{sides}</dl></article>\n"


def _marked(codes: Sequence[str], dispute: Dispute) -> str:
    if not codes:
        return f"<mark>{NONE}</mark>"
    names = {code: escape(named(dispute.scheme, code)) for code in codes}
    return ", ".join(f"<mark>{name}</mark>" if code in dispute.differing else name for code, name in names.items())


def named(scheme: str, code: str) -> str:
    """A code with its Dutch label where it is a mere number: "15 Leven op het land"."""
    try:
        return f"{code} {load_scheme(scheme)[code].label_nl}" if code[:1].isdecimal() else code
    except (SchemeError, LookupError):
        return code  # of a scheme that is not at hand


SHEETS: dict[str, Callable[[Sequence[Dispute], Path], None]] = {"csv": write_sheet, "html": write_page}


def _cell(codes: Sequence[str]) -> str:
    return ", ".join(codes) or NONE


def read_sheet(path: str | Path, annotations: Iterable[Annotation], curator: str = "") -> list[Annotation]:
    """The settled rows of a sheet as gold; rows without a decision are left for later.

    annotations: those the sheet was made of, which know the text, document and split. curator: who settled, if that may be
    said. Raises CorpusError with file and line for a passage that is not in them, a scheme or code that does not exist.
    """
    known: dict[str, list[Annotation]] = {}
    for line in settled(annotations):
        known.setdefault(line.passage, []).append(line)
    found: dict[Key, Annotation] = {}
    for number, row in read_table(Path(path), {"passage", "schema", SETTLED}):
        decision = (row.get(SETTLED) or "").strip()
        if not decision:
            continue
        passage, scheme = row.get("passage") or "", (row.get("schema") or "").strip()
        among = known.get(passage, [])
        same = among if len(among) == 1 else [a for a in among if _words(a.text) == _words(row.get("tekst") or "")]
        if len(same) != 1:
            raise CorpusError(
                path, "no such passage in the annotations", line=number, passage=passage,
                hint="Name the same files as for the sheet.",
            )  # fmt: skip
        codes = _decided(decision, scheme, Path(path), number)
        key = key_of(same[0])
        before = found.get(key)
        found[key] = replace(
            same[0],
            labels=(before.labels if before else {}) | {scheme: codes},
            annotator=f"{CURATOR}:{curator}" if curator else CURATOR,
            date=date.today().isoformat(),
            note=(row.get(NOTE) or "").strip() or (before.note if before else None),
            doubt=False,
        )
    return list(found.values())


def _words(text: str) -> list[str]:
    return text.split()


def _decided(decision: str, scheme: str, path: Path, number: int) -> list[str]:
    if decision.casefold() == NONE:
        return []
    codes = [code.strip() for code in decision.replace(";", ",").split(",") if code.strip()]
    try:
        known = load_scheme(scheme)
        for code in codes:
            known[code]
    except (SchemeError, LookupError) as error:
        raise CorpusError(
            path, str(error).rstrip("."), line=number, hint=f'Codes parted by commas, or "{NONE}".'
        ) from None
    return list(dict.fromkeys(codes))
