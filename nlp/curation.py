"""Several judgements of one passage → the one that counts.

The rule, used for learning and for measuring alike: what a curator settled is gold and counts alone. Without gold, a
label counts when more than half of those who judged the scheme gave it: two who differ give what both gave, as the
guide says "liever een label te weinig dan een te veel". Every line stays where it is; only the reading of them settles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp.records import Annotation

CURATOR = "curator"  # annotator of what is settled; "curator:lb" says who settled it

Key = tuple[str, str]


def key_of(annotation: Annotation) -> Key:
    """What makes two lines judgements of the same passage: its id and its text, for ids may be mere line numbers."""
    return annotation.passage, annotation.text


def is_gold(annotation: Annotation) -> bool:
    """Whether a curator settled it."""
    return annotation.annotator.partition(":")[0] == CURATOR


def settled(annotations: Iterable[Annotation]) -> list[Annotation]:
    """One annotation per passage, in the order of first appearance; a passage with a single line keeps that very line.

    Gold wins per scheme, the last line of a curator over earlier ones; else the majority of the annotators, of each the
    last line. `doubt`: the annotators differ, or one of them doubts, and no curator settled it. A passage of which any
    line is of split "dev-test" stays in it: else a second annotator's line would teach what is kept for measuring.
    """
    passages: dict[Key, list[Annotation]] = {}
    for annotation in annotations:
        passages.setdefault(key_of(annotation), []).append(annotation)
    return [lines[0] if len(lines) == 1 else _settle(lines) for lines in passages.values()]


def _settle(lines: Sequence[Annotation]) -> Annotation:
    labels, doubt = {}, False
    for scheme in dict.fromkeys(scheme for line in lines for scheme in line.labels):
        judged = [line for line in lines if scheme in line.labels]
        gold = [line for line in judged if is_gold(line)]
        if gold:
            labels[scheme] = gold[-1].labels[scheme]
        else:
            last = list({line.annotator: line for line in judged}.values())
            labels[scheme] = _majority([line.labels[scheme] for line in last])
            doubt = doubt or any(line.doubt or set(line.labels[scheme]) != set(labels[scheme]) for line in last)
    splits = [line.split for line in lines if line.split]
    return replace(
        lines[0],
        labels=labels,
        annotator="+".join(dict.fromkeys(line.annotator for line in lines)),
        doubt=doubt,
        group=next((line.group for line in lines if line.group), None),
        split=next((split for split in splits if split != "train"), splits[0] if splits else None),
    )


def _majority(given: Sequence[Sequence[str]]) -> list[str]:
    votes = Counter(code for codes in given for code in dict.fromkeys(codes))
    return [code for code, count in votes.items() if 2 * count > len(given)]
