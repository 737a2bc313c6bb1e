"""Is a corpus what it should be? Every line, and the lines beside each other.

Nothing is changed here but by `repair`, and nothing is raised but for a path that is not there: a corpus with a hundred
troubles gives a hundred findings, in the order of files and lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nlp.checking.across import compare_lines
from nlp.checking.findings import Finding
from nlp.checking.lines import Line, read_lines
from nlp.checking.near import compare_texts
from nlp.checking.rows import check_row
from nlp.corpus import find_files


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and all that was found in it."""

    files: int
    lines: int  # that hold something
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings make the corpus wrong; the others are warnings."""
        return sum(finding.error for finding in self.findings)


def check(paths: Iterable[str | Path], *, today: date | None = None, near: bool = True) -> Report:
    """Look at files of annotations, and at folders of them as `corpus_files` finds them.

    today: no date may be later; the day itself where it is None. near: look for near duplicates too, the slower part.
    Raises CorpusError for a path that is not there.
    """
    files = list(corpus_files(paths))
    findings: list[Finding] = []
    lines: list[Line] = []
    for file in files:
        read, found = read_lines(file)
        lines += read
        findings += found
    for line in lines:
        findings += check_row(line, today or date.today())
    findings += compare_lines(lines)
    if near:
        findings += compare_texts(lines)
    order = {str(file): number for number, file in enumerate(files)}
    findings.sort(key=lambda found: (order[found.file], found.line or 0))
    return Report(len(files), len(lines), tuple(findings))


def corpus_files(paths: Iterable[str | Path]) -> Iterable[Path]:
    """The files under the paths, each once: a folder gives all *.jsonl below it; one that holds a folder annotations/,
    such as corpus/, its own and those in there. Raises CorpusError.
    """
    return dict.fromkeys(file for path in map(Path, paths) for file in _files(path))


def _files(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return find_files([path])
    if (path / "annotations").is_dir():
        return [*sorted(path.glob("*.jsonl")), *sorted((path / "annotations").rglob("*.jsonl"))]
    return sorted(path.rglob("*.jsonl"))
