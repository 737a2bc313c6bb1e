"""The Dutch spaCy pipeline: a tokenizer that knows official text, and sentence ends by rule.

The rules themselves stand in `nlp.dutch.sentences`; this module lends them to spaCy as the component "dutch_sentences".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import spacy
from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER, CONCAT_QUOTES
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import compile_prefix_regex, compile_suffix_regex

from nlp.dutch.abbreviations import CAPITALISED, KINDS
from nlp.dutch.sentences import sentence_ends
from nlp.errors import ModelNotFound

SENTENCES: Final = "dutch_sentences"  # name of the spaCy factory

_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PREFIXES: Final = (rf"[{_HIGH}]+(?=[{ALPHA_UPPER}])",)  # ¹Zie
_SUFFIXES: Final = (
    rf"(?<=[.!?,;:)\]{CONCAT_QUOTES}])[{_HIGH}]+",  # geven.²
    rf"(?<=[{ALPHA}]{{3}})[{_HIGH}]+",  # IMVO⁴; km² stays whole
    rf"(?<=[{ALPHA_LOWER}]{{2}}[.!?])\d{{1,3}}",  # geven.2 and nr.12
    rf"(?<=[{ALPHA}\d][)\]{CONCAT_QUOTES}][.!?])\d{{1,3}}",  # (nr. 326).4
    r"(?<=[.!?]\[)\d{1,3}",  # geven.[2]
    r"(?<=\bp\.)\d+",
    rf"(?<=[{ALPHA_UPPER}]&[{ALPHA_UPPER}])\.",  # I&W.
)
_WHOLE: Final = re.compile(rf"(?:[{ALPHA}\d]+['’](?:s|n|er|ers|je|jes|tje|tjes)|['’]s-[{ALPHA_UPPER}][{ALPHA}-]+)$")
_CLITICS: Final = tuple(mark + letter for mark in "'’‘" for letter in "stnkmr")


class DutchSentences:
    """spaCy component that marks where sentences start. Works behind any tokenizer; a token is never cut."""

    def __call__(self, doc: Doc) -> Doc:
        ends = iter(sentence_ends(doc.text))
        end, begun = 0, False
        for token in doc:
            starts = token.idx >= end and not token.is_space
            token.is_sent_start = token.i == 0 or (starts and begun)
            if starts:
                begun = True
                end = next((e for e in ends if e > token.idx), len(doc.text))
        return doc


@Language.factory(SENTENCES, assigns=["token.is_sent_start", "doc.sents"])
def dutch_sentences(nlp: Language, name: str) -> DutchSentences:  # noqa: ARG001  # spaCy calls by these names
    """Factory: `dutch.add_pipe("dutch_sentences")`."""
    return DutchSentences()


@lru_cache
def dutch_pipeline(name: str | None = None) -> Language:
    """The Dutch pipeline, made once per name: `dutch(text).sents`.

    Without a name it is a blank pipeline with tokenizer and sentence ends. `name` is that of an installed pipeline or a
    path (nl_core_news_sm): its tagger and parser then see our tokens and sentences. Raises ModelNotFound.
    """
    return new_pipeline(name)


def new_pipeline(name: str | None = None) -> Language:
    """As dutch_pipeline, made anew: what others add to theirs does not run in it."""
    dutch = spacy.blank("nl") if name is None else _installed(name)
    correct_tokenizer(dutch)
    if SENTENCES not in dutch.pipe_names:
        dutch.add_pipe(SENTENCES, first=True)
    return dutch


def correct_tokenizer(dutch: Language) -> None:
    """Give a Dutch pipeline our abbreviations in place of the stock exceptions, and take footnote markers off words.

    The stock exceptions glue "dat." and "pas." to the full stop, hold smileys ("art. 8)") and lack "mld." and "sept.".
    """
    tokenizer: Any = dutch.tokenizer
    tokenizer.rules = {form: [{"ORTH": form}] for form in _exceptions()}
    tokenizer.token_match = _WHOLE.match
    tokenizer.prefix_search = compile_prefix_regex((*_PREFIXES, *(dutch.Defaults.prefixes or ()))).search
    tokenizer.suffix_search = compile_suffix_regex((*_SUFFIXES, *(dutch.Defaults.suffixes or ()))).search


def _exceptions() -> Iterator[str]:
    """Forms that keep their full stop, in the cases in which they occur."""
    yield from _CLITICS
    for word, kind in KINDS.items():
        if kind == "numbered":
            continue
        yield f"{word}."
        if kind in ("never", "open", "title", "initial") or "." in word:
            yield f"{word[0].upper()}{word[1:]}."
        if "." in word:
            yield f"{word.upper()}."
    for word in CAPITALISED:
        yield f"{word.capitalize()}."


def _installed(name: str) -> Language:
    try:
        return spacy.load(name, exclude=["senter", "sentencizer"])
    except OSError as error:
        raise ModelNotFound(
            f"The spaCy pipeline {name!r} is not installed.", hint=f"Run: python -m spacy download {name}"
        ) from error
