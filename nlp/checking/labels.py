"""The labels of one line against the schemes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from nlp.checking.findings import Finding, near
from nlp.checking.lines import Line
from nlp.schemes import BELOW, SCHEMES, load_scheme


@cache
def codes_of(scheme: str) -> dict[str, str]:
    """The codes that may stand under a scheme's name, each with the code it stands below or ""; none if unknown."""
    name = scheme.removesuffix(BELOW)
    if name not in SCHEMES:
        return {}
    return {c.code: c.parent or "" for c in load_scheme(name) if bool(c.parent) == (scheme != name)}


def known_schemes() -> list[str]:
    """The schemes whose codes may stand in `labels`."""
    return [name for scheme in SCHEMES for name in (scheme, scheme + BELOW) if codes_of(name)]


def check_labels(line: Line) -> Iterator[Finding]:
    labels = line.row.get("labels")
    if not isinstance(labels, dict):
        hint = 'Write "labels": {"sdg": ["13"], "imvo": []}.'
        yield line.error("no-labels", "no labels" if labels is None else "labels are no object", hint)
        return
    if not labels:
        yield line.warning("not-judged", "no scheme was judged", 'Write [] for a scheme when none apply: "sdg": [].')
    for scheme, codes in labels.items():
        if scheme not in known_schemes():
            yield line.error("unknown-scheme", f"unknown scheme {scheme!r}", near(scheme, known_schemes()))
        elif not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            hint = f'Write codes as strings: "{scheme}": ["8"]; [] when none apply.'
            yield line.error("no-codes", f"{scheme} is not a list of codes", hint)
        else:
            yield from _check_codes(line, scheme, codes, labels)


def _check_codes(line: Line, scheme: str, codes: list[str], labels: dict[str, Any]) -> Iterator[Finding]:
    known, whole = codes_of(scheme), scheme.removesuffix(BELOW)
    for code in codes:
        if code not in known:
            yield line.error("unknown-code", f"unknown {scheme} code {code!r}", _meant(scheme, code))
        elif known[code] and known[code] not in (labels.get(whole) or ()):
            trouble = f"target {code} without its goal {known[code]}"
            hint = f'Add "{known[code]}" to {whole}, or leave the target out.'
            yield line.error("target-without-goal", trouble, hint)
    if len(set(codes)) < len(codes):
        trouble = f"{scheme} has a code twice: {', '.join(codes)}"
        yield line.warning("code-twice", trouble, "--fix keeps it once.", mendable=True)
    elif codes != in_order(codes):
        trouble = f"the codes of {scheme} are out of order: {', '.join(codes)}"
        yield line.warning("order", trouble, "--fix puts them in order.", mendable=True)


def _meant(scheme: str, code: str) -> str:
    """Where a code that is not of its scheme may belong."""
    for other in known_schemes():
        if code in codes_of(other):
            return f"It is a code of {other}; put it there."
    if code.casefold() in ("geen", "none", "-", ""):
        return "Write [] when none apply."
    known = codes_of(scheme)
    by_name = {c.label_nl.casefold(): c.code for c in load_scheme(scheme.removesuffix(BELOW))}
    if code.strip().casefold() in by_name:
        return f"Did you mean {by_name[code.strip().casefold()]!r}?"
    listed = list(known) if len(known) < 30 else [*list(known)[:5], "…"]
    return near(code, known, f"Known: {', '.join(listed)}.")


def in_order(codes: Iterable[str]) -> list[str]:
    """Each code once, by number and by letter: 2 before 10, 8.3 before 8.10."""
    parts = {code: [(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in code.split(".")] for code in codes}
    return sorted(parts, key=parts.__getitem__)
