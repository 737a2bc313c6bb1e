"""Goals named in so many words: "SDG 8.7", "SDG's 2, 6 en 13", "doel 13 van de Agenda 2030", "SDG Klimaatactie".

A mention says that the text names a goal, not that it is about it. Rules only, in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

# The highest numbered and the last lettered target of each goal (resolution A/RES/70/1): 8 has 8.1-8.10, 8.a and 8.b.
TARGETS: Final[dict[int, tuple[int, str]]] = {
    1: (5, "b"), 2: (5, "c"), 3: (9, "d"), 4: (7, "c"), 5: (6, "c"), 6: (6, "b"), 7: (3, "b"), 8: (10, "b"), 9: (5, "c"),
    10: (7, "c"), 11: (7, "c"), 12: (8, "c"), 13: (3, "b"), 14: (7, "c"), 15: (9, "c"), 16: (10, "b"), 17: (19, ""),
}  # fmt: skip

NAMES: Final[dict[int, tuple[str, ...]]] = {
    1: ("geen armoede", "no poverty"),
    2: ("geen honger", "zero hunger"),
    3: ("goede gezondheid en welzijn", "good health and well-?being"),
    4: ("kwaliteitsonderwijs", "quality education"),
    5: ("gender-?gelijkheid", "gender equality"),
    6: ("schoon water en sanitair", "clean water and sanitation"),
    7: ("betaalbare en duurzame energie", "affordable and clean energy"),
    8: ("(?:waardig|eerlijk|fatsoenlijk) werk en economische groei", "decent work and economic growth"),
    9: ("industrie, innovatie en infrastructuur", "industry, innovation,? and infrastructure"),
    10: ("ongelijkheid verminderen", "verminder(?:de|en van)? ongelijkheid", "reduced inequalit(?:y|ies)"),
    11: ("duurzame steden en gemeenschappen", "sustainable cities and communities"),
    12: ("verantwoorde consumptie en productie", "responsible consumption and production"),
    13: ("klimaatactie", "climate action"),
    14: ("leven (?:in het|onder) water", "life below water"),
    15: ("leven op het land", "life on land"),
    16: (
        "vrede,? (?:justitie|recht|rechtvaardigheid|gerechtigheid|veiligheid)(?:,? en sterke (?:publieke diensten|instituties|instellingen))?",
        "peace, justice,? and strong institutions",
    ),
    17: ("partnerschap(?:pen)? (?:om doelstellingen te bereiken|voor de doel(?:en|stellingen))", "partnerships for the goals"),
}  # fmt: skip
"""The official names, Dutch and English, as they are printed: patterns in lower case."""

_ORDINALS = "vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende vijftiende zestiende zeventiende"
ORDINALS: Final = {word: number for number, word in enumerate(_ORDINALS.split(), start=4)}
"""Without the first three, which count reports, or the goals of a list, as often as they name one."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A goal named by number or official name; the first of a list has the words that introduce it in its span."""

    code: str  # of the goal: "8"
    start: int
    end: int
    text: str
    target: str | None = None  # "8.7" where the text is that precise
    scheme: str = "sdg"


def find_mentions(text: str) -> list[Mention]:
    """All goals that `text` names, in order; ranges are written out ("3 t/m 5" gives 3, 4 and 5).

    Numbers that are no goal (SDG 18), years, amounts ("SDG 8 miljoen") and counts ("17 SDG's") are none.
    """
    found: dict[tuple[int, str, str | None], Mention] = {}
    for mention in (*_behind_heads(text), *_before_agendas(text), *_ordinals(text)):
        place = (mention.end, mention.code, mention.target)
        if place not in found or mention.start < found[place].start:
            found[place] = mention
    return sorted(found.values(), key=lambda mention: (mention.end, int(mention.code)))


_GAP = r"(?:\xad|-?\s{0,2})"  # within a long word: what a line end may leave there
_S = r"\s{0,3}(?:['’‘ʼ´`′]\s?)?s"
_GOAL = r"(?:doel(?:en|stelling(?:en)?)?|goals?)"
_LONG = rf"(?:duur{_GAP}zame\s{{1,3}})?ontwik{_GAP}kelings{_GAP}doel(?:{_GAP}stelling)?"
_AGENDA = rf"""(?:(?:vn|un|nieuwe|mondiale|duurzame|zogenoemde|universele)[-\s]{{1,2}}){{0,2}}
    (?:agenda\s2030|2030[-\s]{{1,2}}agenda|sdg(?:-agenda|{_S})?|(?:vn|un)[-\s]agenda|agenda\s(?:voor|for)\s(?:duurzame|sustainable)
    |duurzaamheids(?:agenda|doelen)|ontwikkelingsagenda|{_LONG}|werelddoelen|global\sgoals|sustainable\sdevelopment)"""
_FOCUS = r"""(?:(?:met|en)\sname|in\shet\sbijzonder|(?:meer\s)?specifiek|vooral|waaronder|te\sweten|namelijk|m\.n\.|i\.h\.b\.|zoals)"""
_OPEN, _CLOSE = r"[\"'“„«‘‚(]", r"[\"'”’»)]"

_HEAD: Final = re.compile(
    rf"""(?<!\w)(?<!millennium-)(?:
        {_AGENDA}(?:\s2030|{_S})?\s?[,(:]?\s{{0,3}}(?:{_FOCUS}\s{{1,3}})?(?=(?:sub-?)?{_GOAL}\s)
        | (?:\#?sdg|s\.d\.g\.)(?P<s>{_S}(?![^\W\d_]))?
        | (?:vn[-\s])?{_LONG}(?P<long>en)?
        | (?:vn|un)[-\s](?:duurzaamheids)?doel(?:stelling)?(?P<vn>en)?
        | sustainable\s{{1,3}}development\s{{1,3}}goal(?P<english>s)?
        | global\s{{1,3}}goal(?P<global>s)?
        | wereld{_GAP}doel(?P<wereld>en)?
      )
      (?:\s?\(sdg(?:{_S})?\))?
      (?:[-\s]{{0,3}}(?:sub-?)?(?:doel(?:stelling)?(?P<doel>en)?|goal(?P<goal>s)?|target(?P<target>s)?|indicator(?:en)?)(?![^\W\d_]))?
      (?P<join>[\s:\#_)–‑-]{{0,4}})""",
    re.VERBOSE | re.IGNORECASE,
)
"""Words that introduce goals; a group is filled where they stand in the plural."""

_FIRST: Final = re.compile(r"\(?\s?(?:(?:nrs?|no)\.?|nummers?|numbers?)?\s{0,2}", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"0?(?P<goal>1[0-7]|[1-9])(?!\d)(?:\.?(?P<letter>[a-d])(?!\w)|\.(?P<sub>\d{1,2})(?!\d)(?:\.\d{1,2}(?!\d))?)?",
    re.IGNORECASE,
)
_GLOSS: Final = re.compile(r"\s{0,2}\([^()\n]{1,100}\)")
_AND: Final = re.compile(
    r"\s{0,3}(?P<and>,?\s{0,3}(?:en|én|and|&|of|or|\+|/|alsook|evenals|alsmede)|[,;])\s{0,3}(?:(?:doel(?:en)?|nr\.?)\s)?",
    re.IGNORECASE,
)
_TO: Final = re.compile(r"\s{0,3}(?:t/m|t\.?e\.?m\.?|tot(?:\s+en\s+met)?|to|through|[-–—‑])\s{0,3}", re.IGNORECASE)
_NARROWER: Final = re.compile(
    rf"\s{{0,3}}[,(:]?\s{{0,3}}(?:{_FOCUS}\s{{1,3}}(?:de\s)?)?(?:(?:sub-?{_GOAL}|targets?|indicator(?:en)?)\s{{1,3}})?(?=\d)",
    re.IGNORECASE,
)
_ENDS_LIST: Final = re.compile(r"\s*(?:[.,;:()\]&+/?!\"'”’»–-]|$|(?:en|and|of|or|t/m)\b)", re.IGNORECASE)
_AMOUNT: Final = re.compile(
    r"""\s{0,2}(?:[%‰°€$]|[.,]\d{3}(?!\d)|\.0|:\d\d|-(?:jarig|voudig|puntsplan|stappenplan))
    | (?!(?:en|t/m)\s?\d)[^\W\d_]
    | \s{1,3}(?:miljoen|miljard|mln|mld|duizend|honderd|procent|percent|promille|euro|dollars?|eur|jaar|jaren|maand(?:en)?|weken
    |week|dag(?:en)?|uur|keer|maal|punten|graden|km|kilometer|ton|hectare|landen|lidstaten|gemeenten|provincies|steden|bedrijven
    |partijen|leden|organisaties|partners|projecten|programma['’]s|moties|vragen|mensen|kinderen|personen|werknemers|vrouwen
    |sectoren|ministeries|departementen|fondsen|stappen|acties|maatregelen|times|years|million|billion|countries
    |januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_WEAK_HEAD: Final = re.compile(rf"(?<![\w-]){_GOAL}\s{{1,3}}(?=\d)", re.IGNORECASE)
_OF_AGENDA: Final = re.compile(
    rf"""(?:\s{{0,2}}{_OPEN}[^()\n]{{1,80}}?{_CLOSE})?,?\s{{1,3}}(?:van|uit|in|of|onder|binnen|from|under)\s{{1,3}}
         (?:(?:de|het|the|deze|onze)\s{{1,3}})?{_AGENDA}""",
    re.VERBOSE | re.IGNORECASE,
)
_ORDINAL: Final = re.compile(
    rf"""(?<!\w)(?:(?P<digits>1[0-7]|[1-9])(?:e|de|ste)|(?P<word>{"|".join(ORDINALS)}))\s{{1,3}}(?:vn[-\s])?
         (?:sdg|{_LONG}|werelddoel|sustainable\sdevelopment\sgoal|global\sgoal)(?![\w'’-])""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME: Final = re.compile(
    rf"(?:(?:over|inzake|rond|named)\s)?{_OPEN}?\s?(?P<name>"
    + "|".join(f"(?P<g{goal}>{'|'.join(names)})" for goal, names in NAMES.items())
    + r")\b",
    re.IGNORECASE,
)
_AND_NAME: Final = re.compile(rf"{_CLOSE}?(?:\s?,\s?(?:en\s)?|\s(?:en|and|&)\s)(?:de\s|het\s)?", re.IGNORECASE)
_LONGEST = 40  # numbers or names in one list: bounds the work on texts that are nothing but numbers


class _Number(NamedTuple):
    goal: int
    target: str | None
    start: int
    end: int


def _behind_heads(text: str) -> Iterator[Mention]:
    for head in _HEAD.finditer(text):
        plural = any(head[group] for group in _PLURAL)
        first = _FIRST.match(text, head.end())
        number = _number(text, first.end()) if first else None
        if number:
            yield from _mentions(text, head.start(), _list(text, number, plural))
        elif head["join"]:
            yield from _named(text, head)


_PLURAL = tuple(group for group in _HEAD.groupindex if group != "join")


def _before_agendas(text: str) -> Iterator[Mention]:
    """Plain goals of which it is said whose they are: doel 13 van de Agenda 2030, doelen 2 en 6 van de VN-agenda."""
    for head in _WEAK_HEAD.finditer(text):
        number = _number(text, head.end())
        numbers = _list(text, number, plural=head.group().rstrip()[-1] in "ns") if number else []
        if numbers and _OF_AGENDA.match(text, numbers[-1].end):
            yield from _mentions(text, head.start(), numbers)


def _number(text: str, at: int) -> _Number | None:
    """The goal, or target of a goal, that stands at `at`; None for amounts, dates and other numbers."""
    match = _NUMBER.match(text, at)
    if match is None:
        return None
    goal, end, target = int(match["goal"]), match.end(), None
    last, last_letter = TARGETS[goal]
    letter = (match["letter"] or "").lower()
    if letter and letter <= last_letter:
        target = f"{goal}.{letter}"
    elif match["sub"] and 0 < int(match["sub"]) <= last and match["sub"][0] != "0":
        target = f"{goal}.{match['sub']}"
    else:
        end = match.end("goal")
    return None if _AMOUNT.match(text, end) else _Number(goal, target, at, end)


def _list(text: str, number: _Number, plural: bool) -> list[_Number]:
    """The numbers of a list that begins with `number`: 2, 6 en 13; 3 t/m 5; 5 (gendergelijkheid), 6 (water)."""
    numbers = [number]
    while len(numbers) < _LONGEST:
        narrower = _narrower(text, numbers[-1])
        if narrower:
            numbers.append(narrower)
        more = _range(text, numbers[-1]) or _next(text, numbers, plural)
        if not more:
            break
        numbers += more
    lone = len(numbers) == 1 and numbers[0].target is None
    if lone and plural and (number.goal == 17 or not _ENDS_LIST.match(text, number.end)):
        return []  # "de SDG's (17)" and "voor alle SDG's 5 …" count
    return numbers


def _narrower(text: str, number: _Number) -> _Number | None:
    """SDG 8, in het bijzonder 8.7"""
    match = _NARROWER.match(text, number.end)
    found = _number(text, match.end()) if match and any(map(str.isalpha, match.group())) else None
    return found if found and found.target and found.goal == number.goal else None


def _range(text: str, low: _Number) -> list[_Number]:
    match = _TO.match(text, low.end)
    high = _number(text, match.end()) if match else None
    if high is None or high.goal < low.goal or (high.goal == low.goal and not (low.target and high.target)):
        return []
    between = [_Number(goal, None, low.start, high.end) for goal in range(low.goal + 1, high.goal)]
    return [*between, high]


def _next(text: str, numbers: list[_Number], plural: bool) -> list[_Number]:
    """The number behind a comma or "en", if it is one of the list and not the next word's: "SDG 8, 12 landen"."""
    gloss = _GLOSS.match(text, numbers[-1].end)
    link = _AND.match(text, gloss.end() if gloss else numbers[-1].end)
    if link is None:
        return []
    found = _number(text, link.end())
    if found is None:
        if link.group() == "," and text[link.end() : link.end() + 1].isdigit():
            numbers.pop()  # a decimal number: 8,5 procent
        return []
    certain = plural or link["and"] not in (",", ";") or _ENDS_LIST.match(text, found.end)
    return [found] if certain else []


def _mentions(text: str, start: int, numbers: list[_Number]) -> Iterator[Mention]:
    for number in numbers:
        first = start if number is numbers[0] else number.start
        yield Mention(str(number.goal), first, number.end, text[first : number.end], number.target)


def _named(text: str, head: re.Match[str]) -> Iterator[Mention]:
    """SDG Klimaatactie; het ontwikkelingsdoel ‘Geen armoede’"""
    start, at = head.start(), head.end()
    for _ in range(_LONGEST):
        match = _NAME.match(text, at)
        if match is None:
            return
        goal = next(goal for goal in NAMES if match[f"g{goal}"])
        end = match.end("name")
        yield Mention(str(goal), start, end, text[start:end])
        link = _AND_NAME.match(text, end)
        if link is None:
            return
        start = at = link.end()


def _ordinals(text: str) -> Iterator[Mention]:
    for match in _ORDINAL.finditer(text):
        code = match["digits"] or ORDINALS[match["word"].lower()]
        yield Mention(str(code), match.start(), match.end(), match.group())
