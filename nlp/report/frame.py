"""Templates, style and script → one page whose policy allows what is in it and nothing else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import MissingExtra

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Escapes whatever is put in. Raises MissingExtra without jinja2."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise MissingExtra("jinja2", "report") from None
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip


def stream(template: str, colours: str, scripts: Iterable[str], **values: Any) -> Iterator[str]:
    """The page in parts, so that a long one need not be held whole. colours: rules added to the style sheet."""
    from markupsafe import Markup

    style = (TEMPLATES / "style.css").read_text(encoding="utf-8") + colours
    script = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in scripts)
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    # Both are this project's own and hold no end tag; they go in as they are, for the policy names their bytes.
    frame = {"policy": policy, "style": Markup(style), "script": Markup(script)}
    return environment().get_template(template).generate(**frame, **values)


def page(template: str, colours: str, scripts: Iterable[str], **values: Any) -> str:
    """The page whole."""
    return "".join(stream(template, colours, scripts, **values))


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
