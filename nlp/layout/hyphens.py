"""Mends words that a printer broke at the end of a line, and keeps the hyphens that belong to a word.

The document itself is the first witness: how it writes the word elsewhere, and which character it uses for
a hyphen within a line. Then a Dutch word list, then the habits of Dutch spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

HYPHENS = "-\u2010\u00ad"  # hyphen-minus, hyphen, soft hyphen
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_AND = frozenset("en of dan tot noch als respectievelijk resp. c.q. en/of versus and or und et".split())
# First parts that Dutch spelling sets off with a hyphen, whatever follows.
_SET_OFF = frozenset(
    """
    ex oud vice pro adjunct aspirant kandidaat interim quasi minister secretaris directeur inspecteur gouverneur
    procureur luitenant chef sint st noord zuid oost west midden noordoost noordwest zuidoost zuidwest noordelijk
    zuidelijk oostelijk westelijk centraal boven beneden nieuw
    """.split()
)
# Ministers and secretaries take a hyphen before a rank only ("minister-president", but "ministerraad").
_RANKS = frozenset(
    """
    president generaal fiscaal kolonel majoor griffier notaris adjunct secretaris penningmeester
    """.split()
)
_BEFORE_RANKS = frozenset(
    ["minister", "secretaris", "directeur", "inspecteur", "gouverneur", "procureur", "luitenant", "chef"]
)
_BEFORE_NAMES = frozenset(
    """
    noord zuid oost west midden noordoost noordwest zuidoost zuidwest centraal boven beneden nieuw sint st
    noordelijk zuidelijk oostelijk westelijk
    """.split()
)
_LEVELS = frozenset(["laag", "lage", "hoog", "hoge", "midden"])  # with "inkomensland"
# Small words within a string of hyphens: "hand-aan-de-kraanprincipe".
_LINKS = frozenset(
    """
    de het een en in op aan van voor te tot om over uit bij naar na met per à of the up to by on and
    """.split()
)
# Abbreviations that are written small and yet spelled out, so that a hyphen follows: "mbo-diploma".
_SPELLED = frozenset(
    """
    mbo vmbo hbo vwo havo mavo cao aow mkb ngo ict pgb ggd ggz wmo wlz woo wob awb wia wajong btw bbp bnp bni lhbti
    dna hiv uwv rvo avg zzp mvo imvo sdg ngos
    """.split()
)
# The same, but syllables too: the rest has to be a word.
_SYLLABLES = frozenset("wo vo po so ov eu vn tv cv aio coa ind ow wko ivo zvo ai it hr pr".split())
_CLASH = frozenset("aa ae ai au ee ei eu ie ii ij oe oi oo ou ui uu éé".split())
_TREMA = {"a": "ä", "e": "ë", "i": "ï", "o": "ö", "u": "ü"}


class Vocabulary:
    """The words of one document as they stand within its lines, where no printer breaks them."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.words: Counter[str] = Counter()
        self.compounds: Counter[str] = Counter()
        inner: set[str] = set()
        outer: set[str] = set()
        for line in lines:
            tokens = line.split()
            if not tokens:
                continue
            if tokens[-1][-1] in HYPHENS and len(tokens[-1]) > 1:
                outer.add(tokens.pop()[-1])
            for token in tokens:
                self._count(token, inner)
        # A character that only ever ends lines, where another one stands within them, is the printer's own.
        self.soft = {h for h in outer - inner if h == "\u00ad" or len(outer | inner) > 1}

    def _count(self, token: str, inner: set[str]) -> None:
        if token.isalpha():
            self.words[token.casefold()] += 1
            return
        word = _EDGES.sub("", token).casefold()
        found = [h for h in HYPHENS if h in word]
        if found:
            inner.update(found)
            self.compounds[_plain(word)] += 1
        elif word:
            self.words[word] += 1


def mend(left: str, hyphen: str, right: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """What to write between the halves of a word that ended a line on `hyphen` (left has it taken off already).

    Gives the separator ("" for a broken word, "-" for a compound, "- " for "land- en tuinbouw") and the right half,
    which may get back a trema that hyphenation took away (ge-informeerd → geïnformeerd).
    """
    head, tail = _EDGES.sub("", left.rsplit("/", 1)[-1]), _EDGES.sub("", _first_part(right))
    if not head or not tail:
        return "-", right
    if hyphen in vocabulary.soft and not _is_set_off(head, tail):
        return _rejoin(head, tail, right)
    if right.casefold() in _AND or (tail.casefold() in _AND and tail.islower()):
        syllable = tail != "en" or right != tail or head.endswith(("aai", "oei", "ooi"))  # zo-als, partij-en!, draai-en
        broken = syllable and is_word(head + tail)
        return ("" if broken else "- "), right
    if _is_address(left):
        return ("" if _is_one_word(left, right) else "-"), right
    if _is_hard(head, tail, vocabulary):
        return "-", right
    return _rejoin(head, tail, right)


def _plain(word: str) -> str:
    return word.replace("\u2010", "-").replace("\u00ad", "")


def _first_part(token: str) -> str:
    """Up to the next hyphen or slash: of "taal-en" the "taal"."""
    return re.split(r"[-\u2010/]", token, maxsplit=1)[0] or token


def _is_address(token: str) -> bool:
    return "://" in token or token.startswith("www.") or "@" in token


def _is_one_word(left: str, right: str) -> bool:
    """Whether a word within an address was broken: "www.rijks-" + "overheid.nl"."""
    before, after = re.split(r"\W", left)[-1], re.split(r"\W", right)[0]
    return len(before) > 1 and len(after) > 1 and is_word(before + after)


def _is_hard(head: str, tail: str, vocabulary: Vocabulary) -> bool:
    """Whether the hyphen belongs to the word."""
    part = _plain(head).rsplit("-", 1)[-1]  # of "West-Zeeuws" the last part
    joined, compound = (part + tail).casefold(), f"{part}-{tail}".casefold()
    if "’" in part or "'" in part:
        return True  # SDG’s-rapport
    if not (part.isalpha() and tail.isalpha()):
        return not tail[0].islower() or not part[-1:].isalpha()
    seen_joined, seen_compound = vocabulary.words[joined], vocabulary.compounds[compound]
    if seen_joined or seen_compound:
        return seen_compound > seen_joined
    if "-" in head and part.casefold() in _LINKS:
        return not is_word(joined)
    if tail.isupper() and part.isupper():  # a heading in capitals
        return len(part) < 5 and not is_word(joined)
    if len(part) == 1 or _is_set_off(part, tail):
        return True
    return _hard_by_list(part, tail, joined, compound) or ("-" not in head and _follows_name(part, tail))


def _is_set_off(head: str, tail: str) -> bool:
    """Capitals where no broken word has them: IMVO-convenant, BuZa-begroting, Noord-Holland."""
    part = head.rsplit("-", 1)[-1]
    if part.isupper() and tail.isupper():
        return False
    return tail[0].isupper() or any(c.isupper() for c in part[1:])


def _follows_name(name: str, tail: str) -> bool:
    """Skovoroda-museum."""
    long = name[0].isupper() and len(name) > 3 and len(tail) > 5
    return long and is_word(tail) and not is_word(name + tail) and not _is_first_part(name.casefold())


def _hard_by_list(head: str, tail: str, joined: str, compound: str) -> bool:
    part = head.casefold()
    if is_word(joined):
        return False
    if is_word(compound):
        return True
    if part in ("niet", "non") or part in _SPELLED or (part in _LEVELS and tail.startswith("inkomen")):
        return True
    if part in _SET_OFF and is_word(tail):
        return tail in _RANKS if part in _BEFORE_RANKS else part not in _BEFORE_NAMES
    if part[-1] + tail[0] in _CLASH and len(part) > 2 and is_word(part) and _is_made_of_words(tail):
        return True  # zee-eend: a hyphen keeps the vowels apart
    spelled = part in _SYLLABLES or (len(part) < 5 and not any(vowel in part for vowel in "aeiouyáéëïöü"))
    return spelled and is_word(tail)


def _is_first_part(part: str) -> bool:
    """A word, perhaps with the letters that link it to the next: reclassering-s-organisaties."""
    stems = [part, *(part.removesuffix(link) for link in ("s", "e", "en", "er"))]
    return any(is_word(stem) for stem in stems)


def _is_made_of_words(text: str) -> bool:
    """A word, or two of them, perhaps with an s between."""
    return is_word(text) or any(
        is_word(text[at:]) and (is_word(text[:at]) or (text[at - 1] == "s" and is_word(text[: at - 1])))
        for at in range(4, len(text) - 3)
    )


def _rejoin(head: str, tail: str, right: str) -> tuple[str, str]:
    """Joined, with the trema that was left out at the break when only then it is a word."""
    first = tail[0]
    if first in _TREMA and head[-1].casefold() + first in _CLASH and right.startswith(first):
        dotted = _TREMA[first] + tail[1:]
        prefixed = head.casefold() in ("ge", "be", "onge") and first in "ei" and tail[:2] != "ij"
        if prefixed or (not is_word(head + tail) and is_word(head + dotted)):
            return "", _TREMA[first] + right[1:]
    return "", right


@lru_cache(maxsize=20_000)
def is_word(word: str) -> bool:
    """Whether the Dutch word list holds this form, in lower case or as it stands."""
    words = _word_list()
    word = unicodedata.normalize("NFC", word)
    return word.casefold() in words or word in words


@lru_cache(maxsize=1)
def _word_list() -> Mapping[str, str]:
    # Read when the first hyphen needs it: 0.2 s and 12 MB; a plain set of the 370,000 forms would take 35 MB.
    from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamDictionaryFactory

    return StreamDictionaryFactory().get_dictionary("nl")
