"""Sets apart what is printed around the running text: heads, feet, page numbers, sender column, addressee.

Three kinds of evidence count together: where a line stands on its page, whether it comes back on other pages,
and the wording of the genre.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from nlp.layout.lines import Line, Measures, Sheet, raised
from nlp.layout.rows import is_bullet

_STREWN = 6  # lines of single letters on a page
_ADDRESS_CHARS = 60  # no line of an address is longer
_EDGE_ROWS = 6  # heads and feet are looked for in so many rows from the top and from the bottom

# Wording that is furniture wherever it stands by itself on a line.
_WORDING = r"""(?:
      (?:pagina|blz\.?|page|bladzijde)\s*\d+(?:\s*(?:van|of|/)\s*\d+)?
    | \d+\s*(?:van|/)\s*\d+
    | [-–—]\s*\d{1,4}\s*[-–—]
    | (?:kst|ah|h|blg|stb|stcrt|trb|nds)-[\w.-]*\d[\w.-]*(?:\s+ISSN.*)?
    | ISSN\s*[\dX]{4}\s*[-–]\s*[\dX]{4}.*
    | ['’‘]?\s*s-Gravenhage\s+(?:19|20)\d\d
    | (?:Tweede|Eerste)\s+Kamer,\s+vergaderjaar\s+\d{4}.*
    | (?:Tweede|Eerste)\s+Kamer\s+der\s+Staten[-–‐]\s?Generaal(?:\s+[12])?
    | Vergaderjaar\s+\d{4}\s*[-–‐/]\s*\d{2,4}
    | Aanhangsel\s+van\s+de\s+Handelingen
    | Vragen\s+gesteld\s+door\s+de\s+leden\s+der\s+Kamer.*
    | (?:Tweede|Eerste)\s+Kamer\s+\d+-\d+-\d+.*
    | >?\s*Retouradres\b.*
    )"""
_ALWAYS = re.compile(rf"{_WORDING}(?:\s+{_WORDING})*", re.VERBOSE | re.IGNORECASE)
# Wording of the column in which a sender presents itself.
_SENDER = re.compile(
    r"""(?:
      (?:onze|uw|ons)\s+(?:referentie|kenmerk) | kenmerk | bijlage(?:n|\(n\))? | contactpersoon | inlichtingen\b.*
    | kopie\s+aan | auteur | behandeld\s+door | datum | uw\s+brief.*
    | postbus\s+\d+ | \d{4}\s?[A-Z]{2}\s+[A-Z'’].* | (?:www\.|https?://)\S+ | \S+@\S+\.\w+
    | [TFM]\s+(?:\+?\d|\().* | KvK\b.* | IBAN\b.* | directie\b.* | DG\b.* | directoraat.* | afdeling\b.* | cluster\b.*
    | ministerie\s+van.* | dir\.\s.* | min-?\w+\.\d{4}.* | Nederland
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_ADDRESSEE = re.compile(
    r"(?:t\.?a\.?v\.?\s+|aan\s+)?(?:de|het|mevrouw|mw\.?|dhr\.?|de\s+heer)?\s*(?:(?:plaatsvervangend\s+)?voorzitter|leden|griffier)\b.*"
    r"|aan\s+(?:de|het)\b.*|tweede\s+kamer\b.*|eerste\s+kamer\b.*|(?:der\s+)?staten-generaal",
    re.IGNORECASE,
)
_POSTAL = re.compile(
    r"postbus\s+\d+|\d{4}\s?[A-Z]{2}\s+[A-Z'’].*|[A-Z0-9’'](?:[^\s,]+\s+){1,4}\d{1,3}\s?[a-z]?|den haag|'s-gravenhage",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?:pagina|blz\.?|bladzijde|page)\d+(?:(?:van|of|/)\d+)?", re.IGNORECASE)  # without spaces
_NUMBER = re.compile(r"\d{1,4}|[ivxl]{1,6}")
_PARTS = re.compile(r"(?:vraag|antwoord|artikel|tabel|figuur|hoofdstuk|bijlage|paragraaf|fiche)\b", re.IGNORECASE)
_HYPHENS = str.maketrans("\u2010\u2011\u00ad", "---")
_DIGITS = re.compile(r"\d+")


def set_apart(sheets: Sequence[Sheet], measures: Measures) -> dict[int, list[Line]]:
    """Take the furniture out of the sheets; returned per page number, in reading order."""
    marked: dict[int, set[Line]] = {sheet.number: set() for sheet in sheets}
    edges = {sheet.number: _edges(sheet) for sheet in sheets}
    _mark_wording(sheets, marked)
    _mark_repeated(sheets, edges, marked)
    if all(len(marked[sheet.number]) == len(sheet.lines) for sheet in sheets):
        marked = {sheet.number: set() for sheet in sheets}  # pages that are all alike have no running heads
        _mark_wording(sheets, marked)
    _mark_running_heads(sheets, measures, marked)
    _mark_page_numbers(sheets, measures, marked)
    _mark_side_columns(sheets, measures, marked)
    _mark_addressee(sheets, marked)
    _mark_strewn(sheets, marked)
    for sheet in sheets:
        sheet.lines = [line for line in sheet.lines if line not in marked[sheet.number]]
    return {number: sorted(lines, key=lambda line: (line.baseline, line.x0)) for number, lines in marked.items()}


def _mark_strewn(sheets: Iterable[Sheet], marked: dict[int, set[Line]]) -> None:
    """Letters strewn over a drawing, such as words set along a curve: many lines of next to nothing."""
    for sheet in sheets:
        strewn = [line for line in sheet.lines if _is_strewn(line)]
        if len(strewn) > _STREWN:
            marked[sheet.number].update(strewn)


def _is_strewn(line: Line) -> bool:
    single = sum(len(word.text) == 1 and not word.text.isdecimal() for word in line.words)
    return single > 0.6 * len(line.words) and not is_bullet(line.words[0].text)


def _edges(sheet: Sheet) -> set[Line]:
    """The lines of the outermost rows."""
    rows: list[list[Line]] = []
    for line in sheet.lines:
        if rows and line.baseline - rows[-1][0].baseline < 0.5 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    outer = rows if len(rows) <= 2 * _EDGE_ROWS else rows[:_EDGE_ROWS] + rows[-_EDGE_ROWS:]
    return {line for row in outer for line in row}


def _mark_wording(sheets: Iterable[Sheet], marked: dict[int, set[Line]]) -> None:
    for sheet in sheets:
        found = {line for line in sheet.lines if len(line.text) < 120 and _is_furniture(line.text)}
        if any("Kamer der Staten" in line.text for line in found):  # the large digit that tells the Chamber
            heads = [line for line in found if "Kamer der Staten" in line.text]
            found |= {
                line for line in sheet.lines
                if line.text in ("1", "2") and any(abs(line.baseline - h.baseline) < 2 * h.size for h in heads)
            }  # fmt: skip
        marked[sheet.number] |= found


def _is_furniture(text: str) -> bool:
    text = text.translate(_HYPHENS)
    return _ALWAYS.fullmatch(text) is not None or (
        len(text) < 24 and _PAGE.fullmatch(text.replace(" ", "")) is not None
    )


def _mark_repeated(sheets: Sequence[Sheet], edges: dict[int, set[Line]], marked: dict[int, set[Line]]) -> None:
    """Lines at the edge of a page that come back at the same place, numbers aside."""
    seen: dict[tuple[str, int], dict[int, Line]] = defaultdict(dict)
    for sheet in sheets:
        for line in edges[sheet.number]:
            if (
                _PARTS.match(line.text)
                or line.text[-1] in ":?"
                or line.text[0].islower()
                or raised(line.words[0], line)
            ):
                continue  # the text itself may be the same at the edge of two pages
            for plain in {line.text.casefold(), _without_page(line.text, sheet.number)}:
                if sum(map(str.isalpha, plain)) > 2:
                    seen[plain, _place(line, sheet)][sheet.number] = line
    enough = 2 if len(sheets) < 8 else 3
    for (plain, place), lines in seen.items():
        pages = set(lines) | set(seen.get((plain, place - 1), ())) | set(seen.get((plain, place + 1), ()))
        if len(pages) >= enough:
            for number, line in lines.items():
                marked[number].add(line)


def _without_page(text: str, page: int) -> str:
    """Numbers made alike; one at the start, or the end, counts from the page: notes are numbered, but not by pages."""
    plain = _DIGITS.sub("0", text).casefold()
    first = _DIGITS.match(text)
    return f"{int(first[0]) - page}{plain}" if first else plain


def _place(line: Line, sheet: Sheet) -> int:
    """Rough height on the page; the lower half counts from below, for pages on their side are shorter."""
    if line.baseline < sheet.height / 2:
        return round(line.baseline / 6)
    return -round((sheet.height - line.baseline) / 6) - 100


def _mark_running_heads(sheets: Sequence[Sheet], measures: Measures, marked: dict[int, set[Line]]) -> None:
    """Chapter titles above or below the text: another text on every page, but one place and one style."""
    styles: dict[tuple[int, str, float], list[tuple[int, list[Line]]]] = defaultdict(list)
    crowd: dict[int, int] = defaultdict(int)
    for sheet in sheets:
        left = [line for line in sheet.lines if line not in marked[sheet.number]]
        for top in (True, False):
            row = _outer_row(left, top=top)
            if not row:
                continue
            place = _place(row[0], sheet)
            crowd[place] += 1
            if _stands_off(row, left, measures, top=top) and not raised(row[0].words[0], row[0]):
                styles[place, row[0].words[0].font, round(row[0].size, 1)].append((sheet.number, row))
    for (place, font, size), found in styles.items():
        plain = font == measures.font and abs(size - measures.size) < 0.2
        alone = len(found) > 0.7 * crowd[place]  # where other pages begin with other text, the text itself begins
        if len(found) > 1 and alone and not plain and size < 1.15 * measures.size:
            for number, row in found:
                marked[number].update(row)


def _outer_row(lines: list[Line], *, top: bool) -> list[Line]:
    if not lines:
        return []
    edge = lines[0 if top else -1].baseline
    return [line for line in lines if abs(line.baseline - edge) < 2]


def _stands_off(row: list[Line], lines: list[Line], measures: Measures, *, top: bool) -> bool:
    others = [line for line in lines if line not in row]
    if not others or any(_PARTS.match(line.text) for line in row):
        return False
    gap = others[0].baseline - row[0].baseline if top else row[0].baseline - others[-1].baseline
    return gap > 1.7 * measures.pitch


def _mark_page_numbers(sheets: Sequence[Sheet], measures: Measures, marked: dict[int, set[Line]]) -> None:
    """Bare numbers on the outermost rows that count on with the pages, or stand alone and off the text."""
    found: dict[int, list[tuple[int, Line, bool, bool]]] = defaultdict(list)
    for sheet in sheets:
        left = [line for line in sheet.lines if line not in marked[sheet.number]]
        for top in (True, False):
            row = _outer_row(left, top=top)
            for line in row:
                if _NUMBER.fullmatch(line.text):
                    value = int(line.text) if line.text.isdecimal() else sheet.number
                    apart = _stands_off(row, left, measures, top=top)
                    found[value - sheet.number].append((sheet.number, line, len(row) == 1, apart))
    for lines in found.values():
        for number, line, alone, apart in lines:
            if len(lines) > 2 or (alone and (apart or len(lines) > 1)):
                marked[number].add(line)


def _mark_side_columns(sheets: Sequence[Sheet], measures: Measures, marked: dict[int, set[Line]]) -> None:
    """Text beside the columns of running text: always on the right, on the left only by its wording."""
    for sheet in sheets:
        left = [line for line in sheet.lines if line not in marked[sheet.number]]
        frames = _frames(left, measures)
        if not frames:
            continue
        outer = max(x1 for _, x1 in frames)
        inner = min(x0 for x0, _ in frames)
        for side in (
            [line for line in sheet.lines if line.x0 > outer + 2],
            [line for line in sheet.lines if line.x1 < inner - 2],
        ):
            for group in _groups(side, measures):
                right = group[0].x0 > outer
                if _is_sender(group, measures, right=right) and not (right and _in_step(group, left, outer)):
                    marked[sheet.number].update(group)


def _frames(lines: list[Line], measures: Measures) -> list[tuple[float, float]]:
    """Where the running text stands from left to right: the spans of its long lines, merged."""
    long = [
        (line.x0, line.x1) for line in lines
        if line.text.count(" ") > 3 and abs(line.size - measures.size) < 0.1 * measures.size
    ]  # fmt: skip
    frames: list[tuple[float, float]] = []
    for x0, x1 in sorted(long):
        if frames and x0 < frames[-1][1]:
            frames[-1] = (frames[-1][0], max(x1, frames[-1][1]))
        else:
            frames.append((x0, x1))
    return frames


def _groups(lines: list[Line], measures: Measures) -> list[list[Line]]:
    """Lines below each other in one column, a few lines of white at most between them."""
    groups: list[list[Line]] = []
    for line in lines:
        for group in reversed(groups[-4:]):
            if abs(group[-1].x0 - line.x0) < 3 and line.baseline - group[-1].baseline < 4 * measures.pitch:
                group.append(line)
                break
        else:
            groups.append([line])
    return groups


def _is_sender(group: list[Line], measures: Measures, *, right: bool) -> bool:
    hits = sum(_SENDER.fullmatch(line.text) is not None for line in group)
    if right:
        return hits > 0 or all(line.size < 0.95 * measures.size for line in group)
    return hits > 1 and all(line.size < 0.95 * measures.size for line in group)


def _in_step(group: list[Line], lines: list[Line], outer: float) -> bool:
    """Every line ends a row of the text: the last column of a table, the page numbers of a table of contents."""
    baselines = {round(line.baseline * 2) for line in lines if line.x0 < outer}
    near = sum(round(line.baseline * 2) + step in baselines for line in group for step in (-1, 0, 1))
    return len(group) > 2 and near >= 0.9 * len(group)


def _mark_addressee(sheets: Sequence[Sheet], marked: dict[int, set[Line]]) -> None:
    """The address window: "Aan de Voorzitter …" down to the postal code, and what is printed above it."""
    for sheet in sheets[:2]:
        long = 0
        for at, line in enumerate(sheet.lines):
            long += len(line.text) > _ADDRESS_CHARS and line not in marked[sheet.number]
            if line.baseline > sheet.height / 2 or long > 2:
                break  # the text has begun
            window = _window(sheet.lines[at:]) if _ADDRESSEE.fullmatch(line.text) else []
            if window:
                above = [other for other in sheet.lines[:at] if other.baseline < line.baseline - line.size]
                marked[sheet.number].update(window, above)
                break


def _window(lines: Sequence[Line]) -> list[Line]:
    """The first line and those that follow in its column, as far as the last that tells where post goes."""
    window = [lines[0]]
    for line in lines[1:]:
        if line.baseline - window[-1].baseline > 2.6 * line.size or len(line.text) > _ADDRESS_CHARS:
            break
        if abs(line.x0 - lines[0].x0) < 2:
            window.append(line)
    postal = [at for at, line in enumerate(window) if _POSTAL.fullmatch(line.text)]
    return window[: postal[-1] + 1] if postal else []
