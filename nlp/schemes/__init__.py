"""Label schemes: read a taxonomy from YAML and look its concepts up. `nlp.skos` writes them in open formats.

A scheme of your own is one YAML file; give its path to `load_scheme`. The smallest one:

    id: regio
    title: {nl: "Regio's", en: "Regions"}
    version: "1"
    uri: "https://example.org/regio"
    concepts:
      - {code: "noord", label: {nl: "Noord", en: "North"}}
      - {code: "noord.1", parent: "noord", label: {nl: "Kust", en: "Coast"}}

A concept may also have `definition: {nl, en}`, `hint` (Dutch, for annotators), `colour` ("#3F7E44"), `group`, `uri`,
`sources` and `related` (the crosswalk, `{to: "sdg:13.1", match: "close", source: …}`): see nlp/taxonomies/imvo.yaml.
"""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

from nlp.errors import UnknownName
from nlp.schemes.concepts import BELOW, Concept, Group, Related, Scheme, Source
from nlp.schemes.reading import SCHEMES, base_of, read_scheme, text_of

__all__ = ["BELOW", "SCHEMES", "Concept", "Group", "Related", "Scheme", "Source", "base_of", "load_scheme", "named"]


def load_scheme(name_or_path: str | Path) -> Scheme:
    """Read a scheme by its name in SCHEMES or by the path of a YAML file; read once, and again after an edit.

    "sdg-target" is the second level of "sdg": see `Scheme.below`. Raises UnknownName for a name that is not in SCHEMES,
    SchemeError with file and line for a file that does not hold together.
    """
    above = str(name_or_path).removesuffix(BELOW)
    if above in SCHEMES and above != name_or_path and load_scheme(above).below.concepts:
        return load_scheme(above).below
    file = _find(name_or_path)
    return read_scheme(str(file), text_of(file))


def named(scheme: str, code: str) -> str:
    """A label as an annotator reads it: "SDG 13 (Klimaatactie)". Raises UnknownName."""
    return f"{scheme.upper()} {code} ({load_scheme(scheme)[code].label_nl})"


def _find(name_or_path: str | Path) -> Traversable:
    if isinstance(name_or_path, str) and name_or_path in SCHEMES:
        return SCHEMES[name_or_path]
    path = Path(name_or_path)
    if isinstance(name_or_path, Path) or path.suffix in {".yaml", ".yml"}:
        return path
    raise UnknownName("scheme", name_or_path, SCHEMES)
