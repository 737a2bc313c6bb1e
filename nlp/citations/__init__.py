"""Citations of Dutch official publications: find, normalise, resolve, link, verify. Notations: README.md here."""

from nlp.citations.annotate import TEMPLATES, annotate
from nlp.citations.find import find_citations, find_in_document, in_passage, read_citations
from nlp.citations.register import read_known, verify
from nlp.citations.resolve import resolve

__all__ = [
    "TEMPLATES", "annotate", "find_citations", "find_in_document", "in_passage", "read_citations",
    "read_known", "resolve", "verify",
]  # fmt: skip
