"""The labelling interface of Label Studio, generated from the label schemes: choices in groups, hints, keys, Dutch labels.

Each scheme is one control of the scheme's name; a choice's value in the answers is its code. `NONE` is the explicit answer
that no code of the scheme applies, so that a scheme without any answer is one that was not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from nlp.exchange import DOUBT, NONE
from nlp.schemes import Concept, Scheme

NOTE = "notitie"
PASSAGE = "passage"
OPINION = "oordeel"  # the control that holds DOUBT

# Keys of Label Studio itself ("u" lets a region go), and ours that stand in no scheme.
TAKEN = frozenset("u")
DOUBT_KEY = "t"
NONE_KEYS = ("g", "n", "x", "z", "q")  # "geen" of the first scheme, of the second, …
SHIFT = "⇧"
CORNER = 7  # lines that doubt and note take

# Fits a window of 1366 × 650. The panels for regions have nothing to show here; our own keys stand before the labels.
STYLE = """
.lsf-sidepanels { padding: 0 !important; }
.lsf-sidepanels__wrapper, .dw .lsf-hint { display: none; }
.dw { display: grid; grid-template-columns: minmax(250px, 1fr) minmax(200px, 290px) minmax(380px, 590px);
  gap: 0 16px; font-size: 13px; }
.dw-left { border-right: 1px solid var(--color-neutral-border); padding-right: 14px; }
.dw-left > * { margin-bottom: 6px; }
.dw-about { font-size: 12px; line-height: 1.4; opacity: .75; }
.dw-kop { font-weight: 600; font-size: 14px; line-height: 1.4; margin-top: 6px; }
.dw-tekst { font-size: 15px; line-height: 1.5; max-height: 330px; overflow-y: auto; margin: 6px 0; }
.dw-tekst mark { background: #fbe69a; color: #000; padding: 0 1px; border-radius: 2px; }
.dw-voorstel { border-top: 1px dashed var(--color-neutral-border); padding-top: 5px; font-size: 12px; line-height: 1.45;
  max-height: 118px; overflow-y: auto; }
.dw-two h1, .dw-two h2, .dw-two h3, .dw-two h4, .dw-two h5 { font-size: 12px; font-weight: 600; line-height: 1.4; margin: 4px 0 2px; }
.dw-group { break-before: column; }
.dw-two { columns: 2; column-gap: 12px; }
.dw .lsf-choice.lsf-choice_leaf { line-height: 1.3; break-inside: avoid; }
.dw .lsf-choice .ant-checkbox-wrapper { font-size: 13px; font-weight: 400; padding: 1px 0 2px 2px; align-items: flex-start; }
.dw .lsf-choice .ant-checkbox-wrapper-checked { background: rgba(79, 95, 170, .15); border-radius: 3px; }
.dw .lsf-choice .ant-checkbox { top: 1px; }
.dw .lsf-choice .ant-checkbox + span { padding: 0 0 0 6px; }
.dw-choice { display: flex; align-items: baseline; gap: 5px; }
.dw kbd { flex: none; min-width: 25px; text-align: center; border: 1px solid #c9c5ba; border-bottom-width: 2px;
  border-radius: 3px; background: #f8f7f3; color: #45423b; font: 11px/1.25 monospace; }
.dw-dot { flex: none; width: 9px; height: 9px; border-radius: 2px; }
.dw-scheme { position: relative; }
.dw-corner { position: absolute; right: 0; bottom: 0; width: calc(50% - 8px); }
.dw input { font-size: 13px; }
"""


def labelling_interface(schemes: Iterable[Scheme]) -> str:
    """The configuration of a project, as XML: the passage at the left, one block of choices per scheme beside it."""
    schemes = tuple(schemes)
    view = Element("View", className="dw")
    SubElement(view, "Style").text = STYLE
    left = SubElement(view, "View", className="dw-left")
    SubElement(left, "HyperText", name=PASSAGE, value="$shown", inline="true")
    keys, place = Keys(), left
    for number, scheme in enumerate(schemes):
        place = SubElement(view, "View", className=f"dw-scheme dw-{scheme.id}")
        _choices(place, scheme, keys.none(number), keys)
    _extra(SubElement(place, "View", className="dw-extra dw-corner" if _has_corner(schemes[-1]) else "dw-extra"))
    indent(view)
    return tostring(view, encoding="unicode")


class Keys:
    """Hands out keys, the same ones for the same schemes: numbers to numbered codes, else a letter of the label."""

    def __init__(self) -> None:
        self._given = {DOUBT_KEY, *NONE_KEYS, *TAKEN}

    def none(self, number: int) -> str | None:
        return NONE_KEYS[number] if number < len(NONE_KEYS) else None

    def of(self, concept: Concept, *, shifted: bool) -> str | None:
        """A key for a concept; shifted ones for the groups after the first. None when all letters are gone."""
        wishes = _number_keys(concept.code) or _letter_keys(concept.label_nl, shifted=shifted)
        for key in wishes:
            if key not in self._given:
                self._given.add(key)
                return key
        return None


def _number_keys(code: str) -> tuple[str, ...]:
    """1 to 9, 0 for 10, and shift with 1 to 9 for 11 to 19."""
    if not code.isdecimal() or not 1 <= int(code) <= 19:
        return ()
    return (str(int(code) % 10),) if int(code) <= 10 else (f"shift+{int(code) - 10}",)


def _letter_keys(label: str, *, shifted: bool) -> Iterator[str]:
    """First the initials of the words, then their other letters, then any letter."""
    words = label.casefold().replace("-", " ").split()
    letters = "".join(word[0] for word in words) + "".join(words) + "abcdefghijklmnopqrstuvwxyz"
    plain = [letter for letter in dict.fromkeys(letters) if "a" <= letter <= "z"]
    yield from (f"shift+{letter}" if shifted else letter for letter in plain)
    yield from (letter if shifted else f"shift+{letter}" for letter in plain)


def _choices(place: Element, scheme: Scheme, none: str | None, keys: Keys) -> None:
    choices = SubElement(place, "Choices", name=scheme.id, toName=PASSAGE, choice="multiple", layout="vertical")
    _choice(choices, NONE, f"Geen {_short(scheme)}", none, hint="Beoordeeld: niets van dit schema is van toepassing.")
    inner = SubElement(choices, "View", className="dw-two" if scheme.groups else "dw-one")
    for number, (title, concepts) in enumerate(_groups(scheme)):
        block = SubElement(inner, "View", className="dw-group" if number else "dw-first")
        if title:
            SubElement(block, "Header", value=title, size="5")
        for concept in concepts:
            named = f"{concept.code} {concept.label_nl}" if concept.code.isdecimal() else concept.label_nl
            key = keys.of(concept, shifted=number > 0)
            _choice(block, concept.code, named, key, hint=concept.hint, colour=concept.colour)


def _has_corner(scheme: Scheme) -> bool:
    """Whether the second of two columns leaves room below it."""
    sizes = [len(concepts) for _, concepts in _groups(scheme)]
    return len(sizes) == 2 and sizes[0] - sizes[1] >= CORNER


def _short(scheme: Scheme) -> str:
    return scheme.id.upper()


def _groups(scheme: Scheme) -> Iterator[tuple[str | None, list[Concept]]]:
    """The top concepts by group, those without a group first, in the order of the file."""
    loose = [concept for concept in scheme.top if concept.group is None]
    if loose:
        yield None, loose
    for group in scheme.groups:
        yield group.label_nl, [concept for concept in scheme.top if concept.group == group.id]


def _choice(
    parent: Element, code: str, label: str, key: str | None, *, hint: str | None = None, colour: str | None = None
) -> None:
    shown = f"<kbd>{escape(_shown(key))}</kbd>" if key else ""
    if colour:
        shown += f'<span class="dw-dot" style="background:{colour}"></span>'
    shown = f'<span class="dw-choice">{shown}<span>{escape(label)}</span></span>'
    choice = SubElement(parent, "Choice", value=label, alias=code, html=shown)
    if key:
        choice.set("hotkey", key)
    if hint:
        choice.set("hint", hint)


def _shown(key: str) -> str:
    """How a key is printed beside its choice: ⇧W for shift+w."""
    shift, _, letter = key.rpartition("+")
    return (SHIFT if shift else "") + letter.upper()


def _extra(parent: Element) -> None:
    doubt = SubElement(parent, "Choices", name=OPINION, toName=PASSAGE, choice="multiple")
    _choice(doubt, DOUBT, "Twijfel: iemand moet nog eens kijken", DOUBT_KEY)
    SubElement(
        parent, "TextArea", name=NOTE, toName=PASSAGE, placeholder="Notitie: waarom? Enter sluit af",
        rows="1", maxSubmissions="1", editable="true", showSubmitButton="false",
    )  # fmt: skip
