"""The engine "pdfium": pages painted by PDFium through the raw interface of pypdfium2, for reading in bulk.

The library is called once per character and property, so these calls are what time goes to: they run in `map` and
write into arrays.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage

from nlp.pdf import pdfium_calls as calls
from nlp.pdf.check import ContentCheck
from nlp.pdf.file import Budget, OverLimit, displayed_box, turned
from nlp.pdf.painted import (
    DOUBLE,
    LONGEST,
    MOST_PATHS,
    UNKNOWN,
    Floats,
    Font,
    Ints,
    Painted,
    Point,
    Run,
    Shape,
    add_path,
    face,
    overlap,
)
from nlp.pdf.pdfium_calls import Float, Int, Matrix, Pointer
from nlp.pdf.plumber import GuardedPdf

TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5  # types of page objects
SPACE = 32
HAIR = 0.001  # points
LINE_END_HYPHEN = 0xFFFE  # what PDFium makes of a hyphen, soft or not, at the end of a line
NESTING = 20  # forms within forms
MOVE, BEZIER = 2, 1  # kinds of path segments
Codes = npt.NDArray[np.uint32]
Bounds = tuple[float, float, float, float]
Paint = Callable[[PDFPage, int, Budget], Painted]


@contextmanager
def opened(parsed: PDFDocument, data: bytes, password: str | None, pages: int) -> Iterator[Paint]:
    """The engine; see `pdf.ENGINES`. What PDFium cannot open, or counts otherwise, is left to pdfplumber."""
    plumber = GuardedPdf(parsed)
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), password.encode() if password else None)
    try:
        if document and pdfium.FPDF_GetPageCount(document) == pages:
            yield _Painter(document, data, plumber).paint
        else:
            yield plumber.paint
    finally:
        if document:
            pdfium.FPDF_CloseDocument(document)


class _Painter:
    def __init__(self, document: Any, data: bytes, plumber: GuardedPdf) -> None:
        self.document, self.data, self.plumber = document, data, plumber
        self.check: ContentCheck | None = None

    def paint(self, page: PDFPage, number: int, budget: Budget) -> Painted:
        """All that is painted on a page. Raises OverLimit, and ValueError on a page that cannot be read."""
        self.check = self.check or ContentCheck(self.data, budget.limits)
        damage = self.check.damage(page, budget)
        handle = pdfium.FPDF_LoadPage(self.document, number - 1)
        if not handle:
            raise ValueError("PDFium cannot load the page")
        text = pdfium.FPDFText_LoadPage(handle)
        try:
            painted = _Page(page, number, handle, text, budget).paint()
        finally:
            pdfium.FPDFText_ClosePage(text)
            pdfium.FPDF_ClosePage(handle)
        if UNKNOWN in painted.text:  # pdfminer also looks into the font itself
            painted = self.plumber.paint(page, number, budget)
        painted.damage = damage
        return painted


class _Page:
    """One loaded page."""

    def __init__(self, page: PDFPage, number: int, handle: Any, text: Any, budget: Budget) -> None:
        left, bottom, right, top = displayed_box(page)
        width, height = right - left, top - bottom
        turn = turned(page)
        # page space → as displayed, y upwards: x' = a x + c y + e, y' = b x + d y + f
        self.matrix = {
            90: (0.0, -1.0, 1.0, 0.0, -bottom, right),
            180: (-1.0, 0.0, 0.0, -1.0, right, top),
            270: (0.0, 1.0, -1.0, 0.0, top, -left),
        }.get(turn, (1.0, 0.0, 0.0, 1.0, -left, -bottom))
        if turn in (90, 270):
            width, height = height, width
        self.page = Painted(number, width, height)
        self.handle, self.budget = handle, budget
        self.text = ctypes.cast(text, Pointer).value
        self.count = pdfium.FPDFText_CountChars(text)
        self.order = 0
        self.orders: dict[int, int] = {}  # of text objects
        self.fonts: dict[int, Font] = {}

    def paint(self) -> Painted:
        if self.count > self.budget.limits.glyphs:
            raise OverLimit(f"has more than {self.budget.limits.glyphs} characters")
        self._enumerate()
        if self.count > 0:
            self._take_text()
        return self.page

    # --- areas, lines and the order of things

    def _enumerate(self) -> None:
        page = ctypes.cast(self.handle, Pointer).value
        count = pdfium.FPDFPage_CountObjects(self.handle)
        self.budget.spend(count)
        self._objects(list(map(calls.page_object, repeat(page), range(count))), self.matrix, 0)

    def _objects(self, objects: list[int], matrix: Matrix, depth: int) -> None:
        for item, kind in zip(objects, map(calls.kind, objects), strict=True):
            self.order += 1
            if kind == TEXT:
                self.orders[item] = self.order
            elif kind == PATH:
                self._path(item, matrix)
            elif kind == FORM and depth < NESTING:
                inner = list(map(calls.form_object, repeat(item), range(calls.form_count(item))))
                self._objects(inner, calls.times(calls.matrix_of(item), matrix), depth + 1)
            elif kind in (IMAGE, SHADING):
                box = self._bounds(item, matrix)
                self.page.shapes.append(Shape(*box, self.order, None, image=kind == IMAGE))
            if not self.order % 1024:
                self.budget.check()

    def _path(self, item: int, matrix: Matrix) -> None:
        self.page.paths += 1
        if self.page.paths > MOST_PATHS:
            return
        count = calls.path_count(item)
        fill, stroke = Int(), Int()
        calls.path_mode(item, ctypes.addressof(fill), ctypes.addressof(stroke))
        if not (fill.value or stroke.value):
            return
        colour, alpha = calls.colour_of(item) if fill.value else (None, 1.0)
        opaque = alpha > 0.95 and not (fill.value and calls.see_through(item))
        if count > LONGEST:
            if fill.value:
                box = self._bounds(item, matrix)
                self.page.shapes.append(Shape(*box, self.order, colour if opaque else None))
            return
        segments = list(map(calls.path_segment, repeat(item), range(count)))
        subpaths, curved = self._subpaths(segments, calls.times(calls.matrix_of(item), matrix))
        add_path(
            self.page, subpaths, order=self.order, fill=bool(fill.value) and alpha > 0.05,
            stroke=calls.stroke_width(item, matrix) if stroke.value else None, colour=colour, opaque=opaque, curved=curved,
            clip=self._clip(item, matrix) if fill.value else None,
        )  # fmt: skip

    def _subpaths(self, segments: list[int], matrix: Matrix) -> tuple[list[list[Point]], bool]:
        place = (Float * 2)()
        at, next_at = ctypes.addressof(place), ctypes.addressof(place) + 4
        a, b, c, d, e, f = matrix
        height = self.page.height
        subpaths: list[list[Point]] = []
        curved = False
        for segment, kind in zip(segments, map(calls.point_kind, segments), strict=True):
            calls.point(segment, at, next_at)
            x, y = place
            if kind == MOVE or not subpaths:
                subpaths.append([])
            curved |= kind == BEZIER
            points = subpaths[-1]
            points.append((a * x + c * y + e, height - (b * x + d * y + f)))
            if calls.point_closes(segment) and points[-1] != points[0]:
                points.append(points[0])
        return subpaths, curved

    def _clip(self, item: int, matrix: Matrix) -> Shape | None:
        """The smallest box around what is left to paint on."""
        clip = calls.object_clip(item)
        paths = calls.clip_paths(clip) if clip else 0
        box = None
        for path in range(min(paths, LONGEST)):
            count = min(calls.clip_count(clip, path), LONGEST)
            segments = [calls.clip_segment(clip, path, at) for at in range(count)]
            points = [point for subpath in self._subpaths(segments, matrix)[0] for point in subpath]
            if points:
                xs, ys = [x for x, _ in points], [y for _, y in points]
                new = Shape(min(xs), min(ys), max(xs), max(ys), self.order, None)
                box = new if box is None else overlap(new, box)
        return box

    def _bounds(self, item: int, matrix: Matrix) -> Bounds:
        box = (Float * 4)()
        at = ctypes.addressof(box)
        calls.object_bounds(item, at, at + 4, at + 8, at + 12)  # left, bottom, right, top
        a, b, c, d, e, f = matrix
        corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
        xs, ys = [x for x, _ in corners], [self.page.height - y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    # --- text

    def _take_text(self) -> None:
        owner = self._owners()
        index = np.flatnonzero(owner)  # line ends and spaces that PDFium makes up between objects have none
        if not index.size:
            return
        owner = owner[index]
        first = np.concatenate(([0], np.flatnonzero(owner[1:] != owner[:-1]) + 1))
        run = np.repeat(np.arange(first.size), np.diff(np.append(first, index.size)))
        items: list[int] = owner[first].tolist()
        codes = self._codes()[index]
        fonts, em = self._add_runs(items, index[first].tolist())
        start, end = self._extents(index, codes, run, fonts, em)
        self._forget_unmapped(index, np.concatenate((first, np.append(first[1:], index.size) - 1)), codes)
        left_out = self._left_out(items)
        breaks = self._breaks([order for order, box in left_out.values() if box[2] <= box[0]])
        self._embolden(items, {item: box for item, (_, box) in left_out.items() if box[2] > box[0]})
        self._hand_over(codes, start, end, run, breaks)

    def _left_out(self, items: list[int]) -> dict[int, tuple[int, Bounds]]:
        """Order and place of the text objects that PDFium hands over no character of: white space, and doubles."""
        known = set(items)
        return {
            item: (order, self._bounds(item, self.matrix)) for item, order in self.orders.items() if item not in known
        }  # fmt: skip

    def _owners(self) -> npt.NDArray[np.uint64]:
        """The text object of each character; the characters of one stand together, so most need not be asked for."""
        owner = np.zeros(self.count, np.uint64)
        ends = calls.char_object(self.text, 0), calls.char_object(self.text, self.count - 1)
        waiting = [(0, self.count - 1, *ends)]
        while waiting:
            low, high, first, last = waiting.pop()
            if first == last and first:
                owner[low : high + 1] = first
                continue
            owner[low], owner[high] = first, last
            if high - low > 1:
                middle = (low + high) // 2
                found = calls.char_object(self.text, middle)
                waiting += ((low, middle, first, found), (middle, high, found, last))
        return owner

    def _hand_over(self, codes: Codes, start: Floats, end: Floats, run: Ints, breaks: list[int]) -> None:
        """Give the page its characters, in the order of painting; `breaks` are runs with white space behind them."""
        page = self.page
        orders = np.array([run.order for run in page.runs])
        if (orders[1:] < orders[:-1]).any():
            pick = np.argsort(orders[run], kind="stable")
            codes, start, end, run = codes[pick], start[pick], end[pick], run[pick]
            rank = np.argsort(orders, kind="stable")
            page.runs = [page.runs[at] for at in rank.tolist()]
            run = np.argsort(rank)[run]
        if breaks:
            where = np.searchsorted(run, breaks, side="right")
            after = where - 1
            codes, run = np.insert(codes, where, SPACE), np.insert(run, where, run[after])
            start, end = np.insert(start, where, end[after]), np.insert(end, where, end[after] + HAIR)
        page.text = codes.astype("<u4").tobytes().decode("utf-32-le", "replace")
        page.start, page.end, page.run = start, end, run

    def _breaks(self, white: list[int]) -> list[int]:
        """Runs behind which a text object of white space alone was painted; its place in the order is given."""
        if not white:
            return []
        orders = np.sort([run.order for run in self.page.runs])
        runs = np.unique(np.searchsorted(orders, white) - 1)
        return [at for at in runs.tolist() if at >= 0]

    def _codes(self) -> Codes:
        """Code points, one per character; those without one are UNKNOWN."""
        units = np.zeros(self.count + 1, np.uint16)
        if calls.get_text(self.text, 0, self.count, units.ctypes.data) - 1 == self.count:
            codes = units[:-1].astype(np.uint32)
        else:
            codes = np.fromiter(map(calls.char_unicode, repeat(self.text), range(self.count)), np.uint32, self.count)
            codes[codes > 0x10FFFF] = ord(UNKNOWN)
        codes[codes == LINE_END_HYPHEN] = ord("-")
        return codes

    def _extents(
        self, index: Ints, codes: Codes, run: Ints, fonts: list[int], em: list[float]
    ) -> tuple[Floats, Floats]:
        """Where each character begins and ends along the direction of writing."""
        places = np.empty((index.size, 2), np.float64)
        calls.each(calls.char_origin, repeat(self.text), index.tolist(), calls.rows(places), calls.rows(places, 8))
        a, b, c, d, e, f = self.matrix
        if a == 1.0 and all(one.cos == 1.0 for one in self.page.runs):
            start = places[:, 0] + e
        else:
            x, y = (places @ np.array(((a, b), (c, d))) + (e, f)).T
            cos, sin = np.array([run[3:5] for run in self.page.runs])[run].T
            start = x * cos + y * sin
        numbers = {font: number for number, font in enumerate(dict.fromkeys(fonts))}
        font_of_run = np.array([numbers[font] for font in fonts])
        keys, which = np.unique(font_of_run[run] << 21 | codes, return_inverse=True)
        widths = np.array(self._widths(keys.tolist(), list(numbers)))[which]
        end = start + widths * np.array(em)[run]
        self._widen_ligatures(start, end, codes, run, em)
        return start, end

    def _widen_ligatures(self, start: Floats, end: Floats, codes: Codes, run: Ints, em: list[float]) -> None:
        """The letters of one ligature all stand where it stands: they end where the next glyph begins."""
        pieces = np.flatnonzero((start[1:] == start[:-1]) & (run[1:] == run[:-1]) & (codes[:-1] != SPACE))
        for group in np.split(pieces, np.flatnonzero(np.diff(pieces) > 1) + 1) if pieces.size else ():
            here = slice(group[0], group[-1] + 2)
            after = min(int(group[-1]) + 2, run.size - 1)
            width = float((end[here] - start[here]).sum())
            room = float(start[after] - start[group[0]]) if run[after] == run[group[0]] else 0.0
            fits = 0.2 < room / (em[run[after]] or 1.0) < 1.6
            end[here] = start[group[0]] + (room if fits else width)

    def _widths(self, keys: list[int], fonts: list[int]) -> list[float]:
        """Widths of characters in ems; a key is the place of a font in the list and a code point."""
        width = Float()
        at = ctypes.addressof(width)
        widths = []
        for key in keys:
            found = calls.glyph_width(fonts[key >> 21], key & 0x1FFFFF, 1.0, at)
            widths.append(width.value if found and width.value > 0 else 0.5)
        return widths

    def _add_runs(self, items: list[int], index: list[int]) -> tuple[list[int], list[float]]:
        """One run per text object; `index` is the place of its first character. Gives fonts, and points per em."""
        count = len(items)
        matrices, places = np.empty((count, 6), np.float32), np.empty((count, 2), np.float64)
        sizes, colours = np.empty(count, np.float32), np.zeros((count, 4), np.uint32)
        calls.each(calls.char_matrix, repeat(self.text), index, calls.rows(matrices))
        calls.each(calls.char_origin, repeat(self.text), index, calls.rows(places), calls.rows(places, 8))
        calls.each(calls.text_size, items, calls.rows(sizes))
        calls.each(calls.fill, items, *(calls.rows(colours, at) for at in (0, 4, 8, 12)))
        a, b, c, d, e, f = self.matrix
        turn = np.array(((a, b), (c, d)))
        along, up = matrices[:, 0:2] @ turn, matrices[:, 2:4] @ turn
        along *= np.where(sizes < 0, -1.0, 1.0)[:, None]
        length = np.hypot(along[:, 0], along[:, 1])
        cos, sin = np.where(length > 0, along.T / np.where(length > 0, length, 1.0), ((1.0,), (0.0,)))
        x, y = (places @ turn + (e, f)).T
        size = np.abs(sizes) * np.hypot(up[:, 0], up[:, 1])
        fonts = list(map(calls.text_font, items))
        order = 0
        for item, font, mode, *measures, (red, green, blue, alpha) in zip(
            items, fonts, map(calls.text_mode, items), size.tolist(), (y * cos - x * sin).tolist(), cos.tolist(),
            sin.tolist(), (colours / 255).tolist(), strict=True,
        ):  # fmt: skip
            order = self.orders.get(item, order)
            unseen = mode in (3, 7) or alpha < 0.05
            known = self.fonts.get(font) or self._face(font)
            high, base, cos, sin = measures
            self.page.runs.append(Run(known, high, base, cos, sin, (red, green, blue), unseen, order))
        return fonts, (np.abs(sizes) * length).tolist()

    def _forget_unmapped(self, index: Ints, samples: Ints, codes: Codes) -> None:
        """Fonts without a Unicode map yield character codes that look like letters and are none."""
        if any(map(calls.char_unmapped, repeat(self.text), index[samples].tolist())):
            unmapped = np.fromiter(map(calls.char_unmapped, repeat(self.text), index.tolist()), np.bool_, index.size)
            codes[unmapped] = ord(UNKNOWN)

    def _embolden(self, items: list[int], doubles: dict[int, Bounds]) -> None:
        """Text painted twice, a hair's breadth aside, is bold, or has a rim; PDFium hands over the lower one."""
        if not doubles:
            return
        boxes = np.array([self._bounds(item, self.matrix) for item in items])
        near = DOUBLE * np.array([run.size for run in self.page.runs])
        for item, box in doubles.items():
            colour, _ = calls.colour_of(item)
            for at in np.flatnonzero(np.abs(boxes - box).max(1) < near).tolist():
                run = self.page.runs[at]
                font = run.font._replace(bold=run.font.bold or colour == run.colour)
                self.page.runs[at] = run._replace(font=font, colour=colour)

    def _face(self, font: int) -> Font:
        name = ctypes.create_string_buffer(256)
        calls.font_name(font, ctypes.addressof(name), 256)
        flags = max(calls.font_flags(font), 0)
        angle = Int()
        calls.font_angle(font, ctypes.addressof(angle))
        known = face(name.value.decode("utf-8", "replace"), bool(flags & 1 << 18), abs(angle.value) > 1)
        self.fonts[font] = known
        return known
