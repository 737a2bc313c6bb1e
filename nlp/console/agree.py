"""The command that compares annotators: `doelwijzer agree` and scripts/compare_annotators.py."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from nlp.agreement import Alpha, SchemeAgreement
    from nlp.disputes import Dispute
    from nlp.records import Annotation


def compare_annotators(
    annotations: Annotated[
        list[Path], typer.Argument(help="Annotations: .jsonl files, or folders of them.", show_default=False)
    ],
    worst: Annotated[int, typer.Option(help="Disagreements shown, the worst first.", min=0)] = 10,
    to_json: Annotated[Path | None, typer.Option("--json", help="Write all figures and disagreements here.")] = None,
    curate: Annotated[
        list[Path] | None,
        typer.Option(
            help="Write what is to be settled: .csv (a sheet to fill in), .html (side by side), .jsonl (to `annotate push`)."
        ),
    ] = None,
    settle: Annotated[
        Path | None, typer.Option(help="A sheet that was filled in: its decisions go to --out as gold.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--out", help="For --settle: corpus/annotations/BATCH-curator.jsonl.")
    ] = None,
    curator: Annotated[str, typer.Option(help="For --settle: initials of who settled.")] = "",
) -> None:
    """Say how far annotators agree, show where they do not, and settle it. Exit code 2: wrong usage."""
    from nlp.agreement import agreement, set_distance
    from nlp.console import out, spoken_errors
    from nlp.corpus import read_annotations
    from nlp.disputes import disputes
    from nlp.errors import DoelwijzerError
    from nlp.files import whole

    with spoken_errors():
        if (settle is None) != (to is None):
            raise DoelwijzerError("--settle and --out go together.", hint="Give --settle SHEET.csv --out GOLD.jsonl.")
        lines = list(read_annotations(*annotations))
        if settle and to:
            out.print(_settle(settle, to, lines, curator), highlight=False)
            return
        found, open_ones = agreement(lines), disputes(lines, set_distance)
        for path in curate or ():
            _write(open_ones, lines, path)
        if to_json:
            all_of_it = {
                "agreement": [asdict(each) for each in found],
                "disputes": [asdict(each) for each in open_ones],
            }
            with whole(to_json) as part:
                part.write_text(json.dumps(all_of_it, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if not found:
        out.print("Geen passage is door twee of meer mensen beoordeeld: er valt niets te vergelijken.", highlight=False)
        return
    for table in (*_tables(found), *([_worst(open_ones[:worst], len(open_ones))] if open_ones and worst else ())):
        out.print(table)
        out.print()
    for path in curate or ():
        out.print(f"{len(open_ones)} verschillen om te beslechten staan in {escape(str(path))}.", highlight=False)


def _settle(sheet: Path, to: Path, lines: Sequence[Annotation], curator: str) -> str:
    """Add the decisions of a sheet to the gold; the same ones are not written twice."""
    from nlp.corpus import read_annotations, write_annotations
    from nlp.curation import key_of
    from nlp.disputes import read_sheet

    before = list(read_annotations(to)) if to.exists() else []
    last = {key_of(line): line.labels for line in before}
    new = [line for line in read_sheet(sheet, lines, curator) if last.get(key_of(line)) != line.labels]
    write_annotations([*before, *new], to)
    return f"{len(new)} besluiten toegevoegd aan {escape(str(to))}; het zijn er nu {len(before) + len(new)}."


def _write(found: Sequence[Dispute], lines: Sequence[Annotation], path: Path) -> None:
    from nlp.asking import of_annotation, write_lines
    from nlp.disputes import SHEETS, in_words
    from nlp.errors import UnknownName
    from nlp.files import whole

    kind = path.suffix.lstrip(".").lower()
    if kind == "jsonl":
        known = {(line.passage, line.text): line for line in lines}
        words: dict[tuple[str, str], list[str]] = {}
        for each in found:
            words.setdefault((each.passage, each.text), []).append(in_words(each))
        write_lines(
            (
                of_annotation(known[key])
                | {"tags": [], "citations": [], "model": None}
                | {"why": {"strategy": "curation", "words": " ".join(said)}}
                for key, said in words.items()
            ),
            path,
        )
    elif kind in SHEETS:
        with whole(path) as part:
            SHEETS[kind](found, part)
    else:
        raise UnknownName("sheet format", kind, [*SHEETS, "jsonl"])


# --- what is shown ------------------------------------------------------------------------------------------------


def _tables(found: Sequence[SchemeAgreement]) -> list[Table]:
    from nlp.disputes import named

    overall = Table(
        "schema", "passages", "documenten", "alpha (95 %)", "F1", title="Overeenstemming", title_justify="left"
    )
    overall.caption = (
        "Alpha van Krippendorff: 1 is volledig eens, 0 is toeval; labels van een passage als verzameling (MASI), "
        "interval over documenten."
    )
    overall.caption_justify = "left"
    tables = [overall]
    for each in found:
        overall.add_row(each.scheme, str(each.passages), str(each.documents), _alpha(each.alpha), _share(each.f1))
        labels = Table(
            "label", "alpha (95 %)", "F1", "gegeven", title=f"{each.scheme}: per label", title_justify="left"
        )
        for label in each.labels:
            labels.add_row(
                escape(named(each.scheme, label.code)), _alpha(label.alpha), _share(label.f1), str(label.given)
            )
        pairs = Table(
            "annotatoren", "passages", "alpha (95 %)", "F1", "precies gelijk", title=f"{each.scheme}: per tweetal",
            title_justify="left",
        )  # fmt: skip
        for pair in each.pairs:
            names = escape(f"{pair.first} – {pair.second}")
            pairs.add_row(names, str(pair.passages), _alpha(pair.alpha), _share(pair.f1), f"{pair.same:.0%}")
        tables += [labels, pairs]
    return tables


def _worst(shown: Sequence[Dispute], count: int) -> Table:
    names = sorted({name for each in shown for name in each.given})
    title = f"Grootste verschillen ({len(shown)} van {count})"
    table = Table("passage", "schema", *map(escape, names), title=title, title_justify="left", show_lines=True)
    for each in shown:
        given = (escape(", ".join(each.given[name]) or "geen") if name in each.given else "" for name in names)
        table.add_row(escape(f"{each.passage}: {_shorten(each.text)}"), each.scheme, *given)
    return table


def _alpha(alpha: Alpha) -> str:
    from nlp.notation import decimal

    if alpha.value is None or alpha.interval is None:
        return "–"
    value, low, high = (round(figure, 2) + 0.0 for figure in (alpha.value, *alpha.interval))  # no -0,00
    return f"{decimal(value)} ({decimal(low)} tot {decimal(high)})"


def _share(share: float | None) -> str:
    from nlp.notation import decimal

    return "–" if share is None else decimal(share)


def _shorten(text: str, width: int = 240) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= width else plain[: width - 1].rsplit(" ", 1)[0] + "…"
