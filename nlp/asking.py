"""Passages on their way to an annotator: the lines of nlp/schema/tagging-1.json, with why each was chosen.

A line also has `why` ({"strategy", "words"}; words: Dutch, for the annotator), and `group` and `split` where they are known.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nlp.citations import find_citations
from nlp.errors import CorpusError
from nlp.files import whole
from nlp.records import Annotation, Document, Passage, Tag, Tagging, passage_id
from nlp.tagged import TaggedDocument, plain
from nlp.tagger import Tagger

Line = dict[str, Any]  # at least document and passage, as in the schema
KEPT = ("document", "passage", "group", "split")


def read_lines(path: str | Path) -> Iterator[Line]:
    """The passages of a JSON lines file (or .jsonl.gz), tagged, annotated or bare ({"id", "text"}), without their labels.

    Raises CorpusError with file and line.
    """
    path = Path(path)
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _line(line, path, number)
    except FileNotFoundError:
        raise CorpusError(path, "no such file", hint="Name a .jsonl file, or documents.") from None
    except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise CorpusError(path, f"it cannot be read ({error})", hint="JSON lines are UTF-8, or .gz of it.") from None


def _line(line: str, path: Path, number: int) -> Line:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(path, f"not JSON ({error.msg})", line=number, hint="One JSON object per line.") from None
    row = row if isinstance(row, dict) else {}
    passage = row.get("passage")
    about = passage if isinstance(passage, dict) else row
    name = about.get("id") or passage
    text = about.get("text")
    if not isinstance(name, str) or not name or not isinstance(text, str) or not text.strip():
        hint = 'Write {"passage": {"id": …, "text": …}, "document": {"id": …}}, or {"id": …, "text": …}.'
        raise CorpusError(path, "no passage with an id and a text", line=number, hint=hint)
    if about is passage and isinstance(row.get("document"), dict):
        return {key: row[key] for key in KEPT if row.get(key) is not None}
    group = row.get("group") or row.get("ref")
    return bare(
        name, text, group=group, split=row.get("split"), title=row.get("title") or None, source=row.get("source")
    )


def bare(
    passage: str, text: str, *, group: str | None = None, split: str | None = None, title: str | None = None,
    source: str | None = None,
) -> Line:  # fmt: skip
    """A line of a passage of which no more is known."""
    place: Line = {
        "kind": "text",
        "heading": None,
        "pages": [],
        "start": 0,
        "end": len(text),
        "text": text,
        "boxes": [],
    }
    document = {"id": group or passage, "source": source, "title": title, "date": None}
    known = {name: value for name, value in (("group", group), ("split", split)) if value}
    return {"document": document, "passage": {"id": passage, **place}, **known}


def of_annotation(annotation: Annotation) -> Line:
    """The line of a passage that was annotated, for a second look."""
    a = annotation
    return bare(a.passage, a.text, group=a.group, split=a.split, source=a.source)


def not_judged(lines: Iterable[Line], annotations: Iterable[Annotation]) -> Iterator[Line]:
    """The lines whose passage nobody judged, by id nor by text; each text once."""
    annotations = list(annotations)
    names = {a.passage for a in annotations if not a.passage.isdecimal()}  # a mere line number names nothing
    texts = {passage_id("", a.text) for a in annotations}
    for line in lines:
        passage = line["passage"]
        text = passage_id("", passage["text"])
        if passage["id"] not in names and text not in texts:
            texts.add(text)
            yield line


def suggest(lines: Sequence[Line], tagger: Tagger) -> list[Line]:
    """The lines with the tags, citations and evidence of a model."""
    taggings = tagger.classify([_passage(line) for line in lines], lambda passage: find_citations(passage.text))
    return [_with(line, tagging) for line, tagging in zip(lines, taggings, strict=True)]


def with_tags(line: Line, tags: Sequence[Tag], model: str) -> Line:
    """The line with these tags."""
    passage = _passage(line)
    return _with(line, Tagging(passage, tuple(tags), tuple(find_citations(passage.text)), model))


def _with(line: Line, tagging: Tagging) -> Line:
    (found,) = plain(TaggedDocument([tagging], Document("", ()))).taggings
    return line | {name: found[name] for name in ("tags", "citations", "model")}


def _passage(line: Line) -> Passage:
    about = line["passage"]
    return Passage(about["id"], line["document"].get("id") or "", "text", (), 0, len(about["text"]), about["text"])


def write_lines(lines: Iterable[Line], path: str | Path) -> int:
    """JSON lines, whole or not at all; returns how many. Raises OutputError."""
    count = 0
    with whole(path) as part, part.open("w", encoding="utf-8", newline="") as out:
        for count, line in enumerate(lines, 1):  # noqa: B007
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return count
