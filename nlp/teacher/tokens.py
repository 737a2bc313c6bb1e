"""Texts → token numbers, with the unigram pieces that came with the weights (Kudo 2018)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.errors import MissingExtra
from nlp.teacher.weights import Weights

CHARACTERS = 2400  # read of a text: more than LONGEST tokens hold
LONGEST = 224  # tokens: nine in ten passages fit
PREFIX = "query: "  # the model's mark for texts to be compared with each other


def tokenize(texts: Iterable[str], weights: Weights) -> list[list[int]]:
    """Per text its tokens, at most LONGEST, between the marks of begin and end. Raises MissingExtra."""
    try:
        from tokenizers import Tokenizer, models, pre_tokenizers
    except ImportError:
        raise MissingExtra("tokenizers", "teacher") from None
    splitter = Tokenizer(models.Unigram(weights.pieces, weights.unknown, byte_fallback=False))
    splitter.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    plain = [re.sub(" {2,}", " ", (PREFIX + text[:CHARACTERS]).translate(weights.normal)) for text in texts]
    found = splitter.encode_batch(plain, add_special_tokens=False)
    return [[weights.begin, *each.ids[: LONGEST - 2], weights.end] for each in found]
