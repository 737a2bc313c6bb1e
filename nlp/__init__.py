"""doelwijzer: tag Dutch parliamentary documents with SDGs, IMVO themes and Kamerstuk citations.

    import nlp
    nlp.predict("Nederland halveert de uitstoot in 2030.")
    nlp.tag("brief.pdf").to_frame()

Importing is cheap: spaCy, scikit-learn and pdfplumber are loaded by the first call that needs them.
Nothing here touches the network.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, overload

from nlp import records
from nlp.errors import DoelwijzerError
from nlp.records import (
    Annotation,
    Block,
    Box,
    Citation,
    Document,
    Evidence,
    Passage,
    Tag,
    Tagging,
)

if TYPE_CHECKING:
    from nlp.tagged import TaggedDocument
    from nlp.tagger import Tagger

__version__ = "0.1.0"
__all__ = [
    "Annotation", "Block", "Box", "Citation", "Document", "DoelwijzerError", "Evidence", "Passage", "Tag", "Tagging",
    "find_citations", "load", "predict", "read", "tag",
]  # fmt: skip

Source = str | Path | bytes | IO[bytes]


@overload
def predict(texts: str, *, targets: bool = False) -> Tagging: ...  # type: ignore[overload-overlap]  # a str is an Iterable too
@overload
def predict(texts: Iterable[str], *, targets: bool = False) -> list[Tagging]: ...
def predict(texts: str | Iterable[str], *, targets: bool = False) -> Tagging | list[Tagging]:
    """Tag a text as one passage; a list of texts gives a list, and is much faster per text.

    targets: also suggest the target of a goal where the evidence supports one, as tags of scheme "sdg-target" and
    source "suggestion" (see models/targets/README.md).
    Raises NotText for anything but str, as the None or NaN of a table; '' has no tags.

    >>> nlp.predict("Nederland halveert de uitstoot van broeikasgassen in 2030.").codes("sdg")
    ['13']
    """
    return load().predict(texts, targets=targets)


def read(source: Source, **options: Any) -> Document:
    """Read a PDF, DOCX, XML, HTML or text file (path, bytes or open file) into blocks in reading order.

    options: engine="pdfplumber" or "pdfium", password. Raises DocumentError, with the next step in its hint.
    """
    from nlp.reading import read as read_document

    return read_document(source, **options)


def tag(source: Source | Document, *, targets: bool = False, **options: Any) -> TaggedDocument:
    """Read a document, cut it into passages and tag them: a list of Tagging with `.document` and `.to_frame()`.

    targets: as in `predict`. Raises DocumentError, with the next step in its hint.
    """
    return load().tag(source, targets=targets, **options)


def find_citations(text: str) -> list[Citation]:
    """The citations of official publications in a text, in order, with offsets, identifier and URL. Raises NotText."""
    from nlp.citations import find_citations as find

    return find(text)


@lru_cache(maxsize=4)
def load(name: str | Path = "current", *, trust_pickle: bool = False) -> Tagger:
    """A tagger with the same verbs as this module. name: a model that came along, or the path of a model folder.

    trust_pickle: also load what joblib.dump wrote of a model, with a warning, for that runs code.
    Raises ModelNotFound, ModelMismatch, ModelUntrusted.
    """
    from nlp.tagger import load_tagger

    return load_tagger(name, trust_pickle=trust_pickle)


def _html(record: object) -> str | None:
    from nlp.display import html_of

    return html_of(record)


records.SHOW["html"] = _html
