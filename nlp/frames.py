"""One look of a frame for whatever an analyst holds: tagged documents, or a frame read back from a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from nlp.citations import find_citations
from nlp.errors import FrameError
from nlp.records import Citation, Document, Tagging
from nlp.tagged import COLUMNS, PlainDocument, TaggedDocument, rows

if TYPE_CHECKING:
    import pandas as pd

    Source = TaggedDocument | Iterable[TaggedDocument | Tagging] | Tagging | pd.DataFrame

NEEDED = ("document", "passage", "scheme", "code")
CITED = ("document", "title", "date", "passage", "dossiernummer", "identifier")
HINT = (
    "Give tagged documents, their to_frame(), or a file of tag_documents read with read_csv, read_parquet or read_json."
)


def long(source: Source) -> pd.DataFrame:
    """One row per passage and tag, with the columns of tagged.COLUMNS; `code` is text, or None for a passage without.

    source: a tagged document, several, taggings, or a frame: to_frame(), also wide, or a file of tag_documents (CSV,
    Parquet, JSON lines) read by pandas. Raises FrameError for anything else.
    """
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        frame = _of_frame(source)
    else:
        frame = pd.concat([_empty(), *(d.to_frame() for d in documents(source))], ignore_index=True)
    missing = [name for name in NEEDED if name not in frame]
    if missing:
        raise FrameError(f"The frame has no column {', '.join(map(repr, missing))}.", hint=HINT)
    frame = frame.reindex(columns=list(COLUMNS))
    frame["code"] = pd.Series([_code(code) for code in frame["code"]], index=frame.index, dtype=object)
    return frame


def cited(source: Source) -> pd.DataFrame:
    """One row per citation, with the columns of CITED; citations without a dossier have None there.

    Takes what `long` takes. From a flat frame the dossiers are read back from its column `citations`.
    """
    import pandas as pd

    table = _cited_in_frame(source) if isinstance(source, pd.DataFrame) else _cited_in(documents(source))
    return pd.DataFrame(list(table), columns=list(CITED), dtype=object)


def documents(source: TaggedDocument | Iterable[TaggedDocument | Tagging] | Tagging) -> list[TaggedDocument]:
    """Tagged documents one by one; loose taggings as one document without a title. Raises FrameError."""
    if isinstance(source, TaggedDocument):
        return [source]
    found = [source] if isinstance(source, Tagging) else list(source) if isinstance(source, Iterable) else [source]
    for each in found:
        if not isinstance(each, TaggedDocument | Tagging):
            raise FrameError(f"A {type(each).__name__} is no tagged document.", hint=HINT)
    loose = [each for each in found if isinstance(each, Tagging)]
    whole = [each for each in found if isinstance(each, TaggedDocument)]
    return whole + ([TaggedDocument(loose, Document("text", ()))] if loose else [])


def _empty() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=list(COLUMNS), dtype=object)


def _of_frame(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    if _is_nested(frame):
        flat = chain.from_iterable(rows(document) for document in _plain(frame))
        return pd.DataFrame(list(flat), columns=list(COLUMNS))
    return _from_wide(frame) if "tags" in frame and "code" not in frame else frame


def _is_nested(frame: pd.DataFrame) -> bool:
    """Is it a row per passage with records in its cells, as Parquet and JSON lines have?"""
    return {"document", "passage", "tags"} <= set(frame) and all(isinstance(p, Mapping) for p in frame["passage"])


def _plain(frame: pd.DataFrame) -> Iterator[PlainDocument]:
    """Each row as a document of one passage, its arrays as lists."""
    names = [name for name in ("passage", "tags", "citations", "model") if name in frame]
    for document, *values in frame[["document", *names]].itertuples(index=False):
        tagging = {"citations": [], "model": None} | dict(zip(names, values, strict=True))
        passage = tagging["passage"] | {"pages": list(tagging["passage"]["pages"])}
        lists = {"passage": passage, "tags": list(tagging["tags"]), "citations": list(tagging["citations"])}
        yield PlainDocument(dict(document), [tagging | lists])


def _from_wide(frame: pd.DataFrame) -> pd.DataFrame:
    """A row per label that `tags` names; a wide frame does not tell what a label came from."""
    import pandas as pd

    tags = frame["tags"].fillna("").astype(str).str.split()
    found = frame.drop(columns="tags").assign(tag=tags).explode("tag").reset_index(drop=True)
    parts, given = found["tag"].str.partition(":"), found["tag"].notna()
    at = found.columns.get_indexer(pd.Index(found["tag"].fillna("")))  # -1: no column with its probability
    cells = found.assign(unknown=None).to_numpy(dtype=object)
    score = cells[range(len(found)), at]
    return found.assign(scheme=parts[0].where(given, None), code=parts[2].where(given, None), score=score)


def _code(code: object) -> str | None:
    """A code as text: a CSV of goals alone comes back as numbers."""
    if code is None or code != code:  # NaN is not itself
        return None
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)


# --- citations ----------------------------------------------------------------------------------------------------

_IDENTIFIER = re.compile(r"\b(?=[a-z]+-[\w-]*\d)")


def _cited_in(tagged: Iterable[TaggedDocument]) -> Iterator[dict[str, Any]]:
    for document in tagged:
        about = {"document": document.document.id, "title": document.document.title, "date": document.document.date}
        for tagging in document:
            for citation in tagging.citations:
                yield about | {"passage": tagging.passage.id} | _dossier(citation)


def _cited_in_frame(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    if _is_nested(frame):
        for document in _plain(frame):
            about = {"document": document.about["id"]} | {name: document.about.get(name) for name in ("title", "date")}
            for tagging in document.taggings:
                for citation in tagging["citations"]:
                    passage = {"passage": tagging["passage"]["id"]}
                    yield about | passage | {name: citation[name] for name in ("dossiernummer", "identifier")}
        return
    for row in long(frame).drop_duplicates(["document", "passage"]).to_dict("records"):
        if isinstance(row["citations"], str):
            for citation in find_citations(_IDENTIFIER.sub("; ", row["citations"])):
                yield {name: row[name] for name in CITED[:4]} | _dossier(citation)


def _dossier(citation: Citation) -> dict[str, Any]:
    return {"dossiernummer": citation.dossiernummer, "identifier": citation.identifier}
