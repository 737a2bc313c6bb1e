"""Put links into a text at its citations, without breaking the markup it has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

from nlp.errors import UnknownName
from nlp.records import Citation

Template = Callable[[Citation, str], str]  # a citation and the piece of text it stands on → what is put there


def _html(citation: Citation, piece: str) -> str:
    return f'<a href="{escape(citation.url)}">{piece}</a>' if citation.url else piece


def _markdown(citation: Citation, piece: str) -> str:
    return f"[{piece}]({citation.url})" if citation.url else piece


def _plain(citation: Citation, piece: str) -> str:
    return f"{piece} <{citation.url}>" if citation.url and citation.url != piece else piece


TEMPLATES: dict[str, Template] = {"html": _html, "markdown": _markdown, "plain": _plain}
# Made ready for the template where the text is no markup yet.
ESCAPES: dict[str, Callable[[str], str]] = {
    "html": lambda text: escape(text, quote=False),
    "markdown": lambda text: re.sub(r"([\[\]])", r"\\\1", text),
}


def annotate(text: str, citations: Iterable[Citation], template: str | Template = "html", markup: bool = False) -> str:
    """The text with a link at every citation that has an address; offsets of the citations point into `text`.

    `template` is a name of TEMPLATES or a function of the citation and its text. `markup` says that the text is HTML
    or Markdown already: nothing is put inside tags, comments, scripts, code or links, and a citation with tags inside
    gets a link on every piece between them. Without `markup` the template "html" escapes the text. Of citations that
    overlap, or share a span as the members of a range do, the first is taken. UnknownName for another template.
    """
    put = _template(template)
    ready = ESCAPES.get(template, str) if isinstance(template, str) and not markup else str
    closed = list(_protected(text)) if markup else []
    done: list[str] = []
    here = 0
    for citation, start, end in _pieces(citations, closed):
        # Outside the links Markdown needs no escapes: brackets in running text stay brackets.
        done.append(ready(text[here:start]) if template == "html" else text[here:start])
        done.append(put(citation, ready(text[start:end])))
        here = end
    done.append(ready(text[here:]) if template == "html" else text[here:])
    return "".join(done)


def _template(template: str | Template) -> Template:
    if callable(template):
        return template
    if template not in TEMPLATES:
        raise UnknownName("template", template, TEMPLATES)
    return TEMPLATES[template]


def _pieces(citations: Iterable[Citation], closed: list[tuple[int, int, bool]]) -> Iterator[tuple[Citation, int, int]]:
    """Every piece of text that gets a link, in order. `closed`: start, end, and whether a link may go around it."""
    last = at = 0
    for citation in sorted(citations, key=lambda c: (c.start, -c.end, c.url is None)):
        if citation.start < last:
            continue
        last = citation.end
        while at < len(closed) and closed[at][1] <= citation.start:
            at += 1
        inside = at
        gaps = [citation.start]
        passable = True
        while inside < len(closed) and closed[inside][0] < citation.end:
            start, end, is_tag = closed[inside]
            passable = passable and is_tag and citation.start <= start and end <= citation.end
            gaps += (start, end)
            inside += 1
        gaps.append(citation.end)
        if passable:
            yield from ((citation, start, end) for start, end in zip(gaps[::2], gaps[1::2], strict=True) if start < end)


# --- markup ---

# A tag with its attributes, a comment or the like; lengths are bounded so that a missing quote costs no more than that.
TAG = re.compile(
    r"""<(/?)([A-Za-z][A-Za-z0-9:-]{0,40})(?:[^"'<>]++|"[^"]{0,4000}+"|'[^']{0,4000}+'){0,400}+>
      |<!--|<[!?][^<>]{0,400}>""",
    re.VERBOSE,
)
CLOSED_ELEMENTS = {
    "a",
    "script",
    "style",
    "textarea",
    "title",
    "code",
    "pre",
    "button",
    "select",
    "head",
    "svg",
    "math",
}
MARKDOWN = re.compile(
    r"""(?P<fence>^```[^\n]*$|^~~~[^\n]*$)
      | `[^`\n]{1,400}`
      | !?\[[^\[\]\n]{0,400}\]
        (?:\([^()\n]{0,800}(?:\([^()\n]{0,100}\)[^()\n]{0,400})?\)|\[[^\[\]\n]{0,100}\])
      | <https?://[^<>\s]{1,2000}>""",
    re.MULTILINE | re.VERBOSE,
)


def _protected(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of what may not be touched, in order and apart; True for tags, that a citation may hold."""
    end = 0
    for start, stop, is_tag in sorted(
        (*_html_parts(text), *_markdown_parts(text)), key=lambda part: (part[0], -part[1])
    ):
        if start >= end:
            yield start, stop, is_tag
            end = stop


def _html_parts(text: str) -> Iterator[tuple[int, int, bool]]:
    here = 0
    while match := TAG.search(text, here):
        here = match.end()
        if match[0] == "<!--":
            here = _behind(text, "-->", here)
            yield match.start(), here, False
        elif match[2] and not match[1] and match[2].lower() in CLOSED_ELEMENTS and not match[0].endswith("/>"):
            here = _end_of_element(text, match[2].lower(), here)
            yield match.start(), here, False
        else:
            yield match.start(), here, True


def _end_of_element(text: str, name: str, here: int) -> int:
    """Behind the closing tag; an element that is not closed goes on to the end of the text."""
    match = re.compile(rf"</{name}\s{{0,40}}>", re.IGNORECASE).search(text, here)
    return match.end() if match else len(text)


def _behind(text: str, mark: str, here: int) -> int:
    at = text.find(mark, here)
    return len(text) if at < 0 else at + len(mark)


def _markdown_parts(text: str) -> Iterator[tuple[int, int, bool]]:
    """Code, links and addresses of Markdown."""
    fence: int | None = None
    for match in MARKDOWN.finditer(text):
        if match["fence"]:
            if fence is not None:
                yield fence, match.end(), False
            fence = match.start() if fence is None else None
        elif fence is None:
            yield match.start(), match.end(), False
