"""A YAML file as entries whose every complaint tells file, line and concept."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from typing import NoReturn

import yaml

from nlp.errors import SchemeError

KEYS = {  # what may stand in each part of the file; a key outside it is a slip of the pen
    "scheme": {"id", "title", "version", "uri", "groups", "sources", "concepts"},
    "concept": {
        "code", "parent", "group", "label", "definition", "hint", "colour", "uri", "sources", "related",
    },
    "text in two languages": {"nl", "en"},
    "source": {"title", "url"},
    "source of a concept": {"source", "place"},
    "crosswalk": {"to", "match", "source"},
}  # fmt: skip
NOT_TEXT = {"int": "a number", "float": "a number", "bool": "true or false", "timestamp": "a date"}


def compose(file: str, text: str) -> yaml.Node | None:
    """The file as nodes, which know their lines and still tell "5.10" from 5.1."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, where libyaml is there
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        trouble = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        hint = "Put text with a colon, a # or a quote in it between double quotes."
        raise SchemeError(file, f"no valid YAML: {trouble}", line=mark.line + 1 if mark else None, hint=hint) from None
    return node


class Entry:
    """A mapping of the file."""

    def __init__(self, file: str, node: yaml.Node | None, kind: str | None, concept: str | None = None) -> None:
        self.file, self.node, self.concept = file, node, concept
        self.values: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self.fail(f"a {kind or 'list of names'} is needed here, as keys and values")
        for key, value in node.value:
            name = str(key.value)
            if kind and name not in KEYS[kind]:
                self._fail_at(key, f"unknown key {name!r} in a {kind}", near(name, KEYS[kind]))
            if name in self.values:
                self._fail_at(key, f"the key {name!r} stands here twice", None)
            self.values[name] = value

    def fail(self, trouble: str, *, at: str = "", hint: str | None = None) -> NoReturn:
        """Raise a SchemeError at the line of the value of `at`, else of the mapping."""
        self._fail_at(self.values.get(at, self.node), trouble, hint)

    def _fail_at(self, node: yaml.Node | None, trouble: str, hint: str | None) -> NoReturn:
        line = node.start_mark.line + 1 if node else None
        raise SchemeError(self.file, trouble, line=line, concept=self.concept, hint=hint)

    def node_of(self, key: str) -> yaml.Node | None:
        """The value of a key; None where it is missing or empty."""
        node = self.values.get(key)
        return None if node is None or node.tag.endswith(":null") else node

    def text(self, key: str, pattern: re.Pattern[str] | None = None, wanted: str = "") -> str | None:
        """The text under a key, None where there is none; anything that YAML takes for another kind is an error."""
        node = self.node_of(key)
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.fail(f"{key} is a list or mapping, not a text", at=key)
        kind = NOT_TEXT.get(node.tag.rpartition(":")[2])
        if kind:
            self.fail(f"{key} {node.value} is {kind}, not a text", at=key, hint=f'Use quotes: {key}: "{node.value}".')
        value = str(node.value).strip()
        if value and pattern and not pattern.fullmatch(value):
            self.fail(f"{key} {value!r} is not {wanted}", at=key)
        return value or None

    def required(self, key: str, pattern: re.Pattern[str] | None = None, wanted: str = "") -> str:
        return self.text(key, pattern, wanted) or self.fail(f"no {key}", at=key)

    def one_of(self, key: str, known: Collection[str], *, hint: str = "") -> str | None:
        value = self.text(key)
        if value is not None and value not in known:
            self.fail(f"unknown {key} {value!r}", at=key, hint=f"{near(value, known)} {hint}".strip())
        return value

    def languages(self, key: str) -> tuple[str, str]:
        """The Dutch and the English text under a key; both are needed."""
        if self.node_of(key) is None:
            self.fail(f"no {key}", at=key, hint=f'Write {key}: {{nl: "…", en: "…"}}.')
        entry = self.map(key, "text in two languages")
        nl, en = entry.text("nl"), entry.text("en")
        if nl is None or en is None:
            entry.fail(f"no {'Dutch' if nl is None else 'English'} {key}", at="nl" if nl is None else "en")
        return nl, en

    def map(self, key: str, kind: str | None) -> Entry:
        return Entry(self.file, self.values.get(key), kind, self.concept)

    def names(self, key: str) -> list[str]:
        """The names declared under a key; none where it is missing."""
        return list(self.map(key, None).values) if self.node_of(key) else []

    def items(self, key: str) -> list[yaml.Node]:
        """The items of the list under a key; none where it is missing."""
        node = self.node_of(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fail(f"{key} is not a list", at=key, hint="Begin each item with a hyphen.")
        return list(node.value)


def near(name: str, known: Collection[str]) -> str:
    """A hint: the name that was meant, or those there are."""
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Known: {', '.join(sorted(known)[:30])}." if known else "None is declared."
