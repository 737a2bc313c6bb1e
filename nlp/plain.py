"""A tagged document in plain values (JSON): what outputs are made of, and what is kept between runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

FORMAT = 2  # of what a PlainDocument holds; another number has runs make anew what earlier ones kept


@dataclass(frozen=True, slots=True, eq=False)
class PlainDocument:
    """`taggings` have the keys passage, tags, citations, model.

    `about` has the facts of `tagged.FACTS`, the number of `pages`, per page its width and height in points, by how many
    degrees it was turned and its status (`sheets`), code and page of each notice (`notices`), and the text around the
    passages (`gaps`), one piece more than there are passages.
    """

    about: dict[str, Any]
    taggings: list[dict[str, Any]]

    def lines(self) -> Iterator[dict[str, Any]]:
        """The passages as in nlp/schema/tagging-1.json."""
        document = {key: self.about[key] for key in ("id", "source", "title", "date")}
        for tagging in self.taggings:
            yield {"document": document, **tagging}
