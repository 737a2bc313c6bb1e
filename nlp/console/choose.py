"""The command that chooses what to annotate next: `doelwijzer choose` and scripts/choose_passages.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from nlp.asking import Line
    from nlp.records import Annotation

ANNOTATIONS = Path("corpus/annotations")


def choose_passages(
    inputs: Annotated[
        list[str],
        typer.Argument(help="Documents, folders of them, or .jsonl files of passages (also .gz).", show_default=False),
    ],
    to: Annotated[Path, typer.Option("--out", help="OUT.jsonl, to `annotate push`.", show_default=False)],
    count: Annotated[int, typer.Option(help="Passages chosen.", min=1)] = 100,
    model: Annotated[str, typer.Option(help="A model by name, or the path of a model folder.")] = "current",
    annotated: Annotated[
        list[Path] | None,
        typer.Option(help="What was annotated already: files or folders; default corpus/annotations where it is."),
    ] = None,
    share: Annotated[
        list[str] | None, typer.Option(help="STRATEGY=SHARE: doubt, rare, rule, random; default a mix of all.")
    ] = None,
    for_agreement: Annotated[
        int, typer.Option(help="So many of them go to both annotators: OUT-NAME.jsonl for each of two.", min=0)
    ] = 0,
    annotator: Annotated[list[str] | None, typer.Option(help="Twice, with --for-agreement: who they are.")] = None,
    engine: Annotated[str, typer.Option(help="PDF engine: pdfplumber, or the faster pdfium.")] = "pdfplumber",
    jobs: Annotated[int, typer.Option(help="Documents read at the same time.", min=1)] = 1,
    seed: Annotated[int, typer.Option(help="Of the random draw: another number draws others.")] = 0,
) -> None:
    """Choose the passages from which the model learns most, and say why. Exit code 2: wrong usage."""
    from nlp.asking import not_judged, suggest, write_lines
    from nlp.choose import SHARES, check_shares, choose, pool_of
    from nlp.console import out, spoken_errors
    from nlp.console.tag import check_folder
    from nlp.errors import DoelwijzerError
    from nlp.tagger import load_tagger

    with spoken_errors():
        shares = _shares(share) if share else SHARES
        check_shares(shares)
        check_folder(to)
        if to.suffix not in (".jsonl", ".ndjson"):
            raise DoelwijzerError(f"{to}: passages are written as JSON lines.", hint="Give --out OUT.jsonl.")
        names = annotator or ["1", "2"]
        if for_agreement and len(set(names)) != 2:
            raise DoelwijzerError("Agreement takes two annotators.", hint="Give --annotator twice, or leave it out.")
        tagger = load_tagger(model)
        judged = _judged(annotated)
        found = list(_lines(inputs, model, engine, jobs))
        lines = list(not_judged(found, judged))
        if not lines:
            raise DoelwijzerError(f"None of {len(found)} passages is left to annotate.", hint="Give other documents.")
        choices = choose(
            pool_of([line["passage"]["text"] for line in lines], tagger.model, judged), count, shares=shares, seed=seed
        )
        asked = [
            line | {"why": {"strategy": choice.strategy, "words": choice.words}}
            for choice, line in zip(choices, suggest([lines[c.at] for c in choices], tagger), strict=True)
        ]
        files = _parted(asked, for_agreement, to, names) if for_agreement else {to: asked}
        for path, part in files.items():
            write_lines(_shuffled(part, seed), path)
    table = Table("gekozen om", "passages", title=f"{len(asked)} van {len(lines)} passages", title_justify="left")
    for name, number in Counter(choice.strategy for choice in choices).items():
        table.add_row(NAMES[name], str(number))
    out.print(table)
    if len(found) > len(lines):
        out.print(f"{len(found) - len(lines)} passages zijn al beoordeeld of staan er dubbel in.", highlight=False)
    for path, part in files.items():
        out.print(f"{len(part)} passages staan in {escape(str(path))}.", highlight=False)


NAMES = {
    "doubt": "twijfel: dicht bij de drempel",
    "rare": "zeldzaam: labels met weinig voorbeelden",
    "rule": "tegenspraak: regel en model verschillen",
    "random": "steekproef: willekeurig",
}


def _shares(given: Sequence[str]) -> dict[str, float]:
    """["doubt=0.8", "random=0.2"] → a mapping. Raises DoelwijzerError."""
    from nlp.errors import DoelwijzerError

    shares = {}
    for each in given:
        name, _, share = each.partition("=")
        try:
            shares[name.strip()] = float(share)
        except ValueError:
            raise DoelwijzerError(
                f"{each!r} is no share.", hint="For example --share doubt=0.8 --share random=0.2."
            ) from None
    return shares


def _judged(paths: Sequence[Path] | None) -> list[Annotation]:
    from nlp.corpus import read_annotations
    from nlp.curation import settled

    return settled(read_annotations(*(paths or ([ANNOTATIONS] if ANNOTATIONS.is_dir() else []))))


def _lines(inputs: Sequence[str], model: str, engine: str, jobs: int) -> Iterator[Line]:
    """The passages of all inputs; a document that cannot be read is told and left out."""
    from nlp.asking import KEPT, read_lines
    from nlp.batch import tag_files
    from nlp.batch.inputs import find_files
    from nlp.console import tag

    files = [name for name in inputs if name.lower().endswith((".jsonl", ".ndjson", ".jsonl.gz"))]
    for name in files:
        yield from read_lines(name)
    others = [name for name in inputs if name not in files]
    if others:
        for outcome in tag_files(find_files(others), model=model, jobs=jobs, engine=engine):
            if outcome.failed:
                tag.say(outcome)
            if outcome.tagged:
                yield from ({key: line[key] for key in KEPT if key in line} for line in outcome.tagged.lines())


def _parted(asked: Sequence[Line], common: int, to: Path, names: Sequence[str]) -> dict[Path, list[Line]]:
    """A file per annotator: `common` passages, spread over the strategies, stand in both, the others in one of them."""
    common = min(common, len(asked))
    both = set(np.linspace(0, len(asked) - 1, common).round().astype(int).tolist())
    alone = [line for i, line in enumerate(asked) if i not in both]
    return {
        to.with_name(f"{to.stem}-{name}{to.suffix}"): [asked[i] for i in sorted(both)] + alone[number::2]
        for number, name in enumerate(names)
    }


def _shuffled(lines: Sequence[Line], seed: int) -> list[Line]:
    """So that who stops halfway has done half of every strategy, the random share included."""
    return [lines[i] for i in np.random.default_rng(seed).permutation(len(lines))]
