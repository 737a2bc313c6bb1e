"""Text of unknown origin → text that may stand in a page, with offsets that stay true."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

# What HTML drops, changes or cannot hold. One character for one, so that offsets keep.
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINK = re.compile(r"https?://[^\s<>\"'\\]+")


def clean(text: object) -> str:
    """The same text, of the same length, without characters that a page cannot hold."""
    return UNFIT.sub("\ufffd", str(text))


def href(url: str | None) -> str | None:
    """The address if it is one of the web; any other could run a script."""
    return url if url and LINK.fullmatch(url) else None


def pieces(text: str, citations: Iterable[dict[str, Any]]) -> list[tuple[str, dict[str, Any] | None]]:
    """The text cut at its citations, each piece with the citation that it is, if any."""
    cut: list[tuple[str, dict[str, Any] | None]] = []
    at = 0
    for citation in sorted(citations, key=lambda c: (c["start"], -c["end"])):
        start, end = citation["start"], citation["end"]
        if at <= start < end <= len(text):
            cut += [(text[at:start], None), (text[start:end], citation)]
            at = end
    return [(clean(piece), of) for piece, of in [*cut, (text[at:], None)] if piece]
