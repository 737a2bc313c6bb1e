"""What is said of a corpus: where, what, and the next step."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One trouble. error: the corpus is wrong with it; otherwise a warning, something to look at.

    kind: its name, for counting and for programs. mendable: `repair` can undo it without a judgement.
    """

    file: str
    line: int | None  # from 1; None for the file as a whole
    kind: str
    trouble: str
    hint: str
    error: bool = True
    mendable: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        text = f"{place}: {'' if self.error else 'warning: '}{self.trouble}. {self.hint}"
        return text.encode("utf-8", "backslashreplace").decode()  # half a character would stop the terminal


def near(name: str, known: Collection[str], otherwise: str = "") -> str:
    """A question with the known name that is most like it, or `otherwise`, which says what is known."""
    match = difflib.get_close_matches(name.strip().casefold(), known, n=1)
    return f"Did you mean {match[0]!r}?" if match else otherwise or f"Known: {', '.join(known)}."


def shown(text: str, width: int = 40) -> str:
    """A text in quotes on one line, shortened."""
    plain = " ".join(text.split())
    return repr(plain if len(plain) <= width else plain[: width - 1].rstrip() + "…")
