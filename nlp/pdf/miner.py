# ruff: noqa: ARG002 (pdfminer decides what its methods are handed)
"""The engine "pdfplumber": pages painted by pdfminer.six, the parser under pdfplumber, driven directly.

A pdfplumber page does not tell how a character was painted (mode, order, opacity), loses a damaged stream without a
word and cannot be stopped. So interpreter and device are ours here, and the rest is pdfminer's.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFType3Font
from pdfminer.pdfinterp import (
    PDFContentParser,
    PDFGraphicState,
    PDFPageInterpreter,
    PDFTextState,
)
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, dict_value, resolve1
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import PSKeyword, literal_name
from pdfminer.utils import Matrix, PathSegment, apply_matrix_pt, mult_matrix

from nlp.pdf.file import TROUBLES, Budget, OverLimit, displayed_box, read_once, turned
from nlp.pdf.fonts import Fonts
from nlp.pdf.painted import MOST_PATHS, Colour, Painted, Point, Run, Shape, add_path, overlap

Paint = Callable[[PDFPage, int, Budget], Painted]
NESTING = 20  # forms within forms
NESTED = 100_000  # arrays within arrays
UPRIGHT = (1.0, 0.0)


@contextmanager
def opened(data: bytes, password: str | None, pages: int) -> Iterator[Paint]:  # noqa: ARG001
    """The engine; see `pdf.ENGINES`."""
    fonts = Fonts()
    yield lambda page, number, budget: paint(page, number, fonts, budget)


def paint(page: PDFPage, number: int, fonts: Fonts, budget: Budget) -> Painted:
    """All that is painted on a page. Raises OverLimit, and whatever pdfminer raises on a page it cannot read."""
    left, bottom, right, top = displayed_box(page)
    turn = turned(page)
    ctm: Matrix = {
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }.get(turn, (1, 0, 0, 1, -left, -bottom))
    width, height = right - left, top - bottom
    if turn in (90, 270):
        width, height = height, width
    device = _Device(fonts, Painted(number, width, height), budget)
    _Interpreter(fonts, device).render_contents(page.resources, page.contents, ctm=ctm)
    return device.finish()


class _State(PDFGraphicState):
    """The graphics state, with opacity and clipping, which pdfminer leaves out."""

    def __init__(self) -> None:
        super().__init__()
        self.alpha = 1.0  # of filling
        self.plain = True  # normal blending, no soft mask
        self.clip: Shape | None = None

    def copy(self) -> _State:
        state = _State.__new__(_State)
        state.__dict__.update(self.__dict__)
        return state


class _Device(PDFTextDevice):
    """Takes down what is painted."""

    def __init__(self, fonts: Fonts, page: Painted, budget: Budget) -> None:
        super().__init__(fonts)
        self.fonts, self.page, self.budget = fonts, page, budget
        self.text: list[str] = []
        self.start: list[float] = []
        self.end: list[float] = []
        self.run: list[int] = []
        self.order = 0
        self.cos, self.sin, self.scale = *UPRIGHT, 1.0

    def finish(self) -> Painted:
        """The page with its characters."""
        self.page.text = "".join(self.text)
        self.page.start, self.page.end, self.page.run = self.start, self.end, self.run
        return self.page

    def damage(self, what: str) -> None:
        """Note the first thing that is wrong with the page."""
        self.page.damage = self.page.damage or what

    def render_string(
        self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState
    ) -> None:
        font = textstate.font
        if font is None or self.ctm is None:
            return
        a, b, c, d, e, f = mult_matrix(textstate.matrix, self.ctm)
        if font.is_vertical():
            a, b = -c, -d
        elif textstate.fontsize * textstate.scaling < 0:
            a, b = -a, -b
        self.scale = math.hypot(a, b)
        self.cos, self.sin = (a / self.scale, b / self.scale) if self.scale else UPRIGHT
        rise = textstate.rise * (d * self.cos - c * self.sin)
        self.order += 1
        self.page.runs.append(
            Run(
                self.fonts.face(font), _size(font, textstate.fontsize) * math.hypot(c, d),
                f * self.cos - e * self.sin + rise, self.cos, self.sin,
                _colour(graphicstate.ncolor, ncs), _unseen(textstate.render, graphicstate), self.order,
            )
        )  # fmt: skip
        self.known = self.fonts.glyphs.setdefault(font, {})
        self.at = len(self.page.runs) - 1
        super().render_string(textstate, seq, ncs, graphicstate)
        if len(self.run) > self.budget.limits.glyphs:
            raise OverLimit(f"has more than {self.budget.limits.glyphs} characters")

    def render_char(
        self, matrix: Matrix, font: PDFFont, fontsize: float, scaling: float, rise: float, cid: int,
        ncs: PDFColorSpace, graphicstate: PDFGraphicState,
    ) -> float:
        glyph = self.known.get(cid)
        if glyph is None:
            glyph = self.known[cid] = self.fonts.glyph(font, cid)
        text, width = glyph
        advance = width * fontsize * scaling
        start = matrix[4] * self.cos + matrix[5] * self.sin
        end = start + abs(advance) * self.scale
        for character in text:
            self.text.append(character)
            self.start.append(start)
            self.end.append(end)
            self.run.append(self.at)
        return advance

    def paint_path(
        self, graphicstate: PDFGraphicState, stroke: bool, fill: bool, evenodd: bool, path: Sequence[PathSegment]
    ) -> None:
        self.order += 1
        self.page.paths += 1
        if not path or self.page.paths > MOST_PATHS:
            return
        subpaths, curved = self._subpaths(path)
        state = graphicstate if isinstance(graphicstate, _State) else _State()
        add_path(
            self.page, subpaths, order=self.order, fill=fill and state.alpha > 0.05, curved=curved,
            stroke=state.linewidth if stroke else None,
            colour=_colour(state.ncolor, state.ncs), opaque=state.plain and state.alpha > 0.95, clip=state.clip,
        )  # fmt: skip

    def bounds(self, path: Sequence[PathSegment]) -> Shape:
        """The smallest box around a path."""
        points = [point for subpath in self._subpaths(path)[0] for point in subpath] or [(0.0, 0.0)]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return Shape(min(xs), min(ys), max(xs), max(ys), self.order, None)

    def _subpaths(self, path: Sequence[PathSegment]) -> tuple[list[list[Point]], bool]:
        subpaths: list[list[Point]] = []
        curved = False
        for segment in path:
            if segment[0] == "m" or not subpaths:
                subpaths.append([])
            points = subpaths[-1]
            if segment[0] == "h":
                if points:
                    points.append(points[0])
                continue
            curved |= segment[0] in "cvy"
            for at in range(1, len(segment), 2):
                x, y = apply_matrix_pt(self.ctm, (segment[at], segment[at + 1]))  # type: ignore[arg-type]
                points.append((x, self.page.height - y))
        return subpaths, curved

    def render_image(self, name: str, stream: PDFStream) -> None:
        self.order += 1
        corners = [apply_matrix_pt(self.ctm, corner) for corner in ((0, 0), (1, 0), (1, 1), (0, 1))]  # type: ignore[arg-type]
        xs, ys = [x for x, _ in corners], [self.page.height - y for _, y in corners]
        self.page.shapes.append(Shape(min(xs), min(ys), max(xs), max(ys), self.order, None, image=True))


def _size(font: PDFFont, fontsize: float) -> float:
    if isinstance(font, PDFType3Font) and (height := abs(font.get_height())):
        return abs(fontsize) * height  # drawn glyphs: the font size is a mere scale
    return abs(fontsize)


def _unseen(mode: int, state: PDFGraphicState) -> bool:
    return mode in (3, 7) or (isinstance(state, _State) and state.alpha < 0.05)


def _colour(value: Any, space: PDFColorSpace) -> Colour | None:
    """Red, green and blue, where the colour space is one that can be computed."""
    try:
        if space.name in ("DeviceGray", "CalGray") or (space.name == "ICCBased" and space.ncomponents == 1):
            grey = value[0] if isinstance(value, tuple) else value
            return (float(grey),) * 3
        if space.name in ("DeviceRGB", "CalRGB") or (space.name == "ICCBased" and space.ncomponents == 3):
            red, green, blue = value
            return float(red), float(green), float(blue)
        if space.name == "DeviceCMYK" or (space.name == "ICCBased" and space.ncomponents == 4):
            cyan, magenta, yellow, black = value
            return (1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)
    except (TypeError, ValueError):
        return None  # set in one colour space and painted in another
    return None


class _Watched(io.BytesIO):
    """Content that stops when the time for the page has passed."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        super().__init__(data)
        self.budget = budget

    def read(self, size: int | None = -1) -> bytes:
        self.budget.check()
        return super().read(size)


class _Content(PDFContentParser):
    """Tokens of content streams that are decoded already."""

    def __init__(self, contents: list[bytes], budget: Budget) -> None:
        self.budget = budget
        super().__init__(contents or [b" "])

    def start_type(self, pos: int, type: str) -> None:
        if len(self.context) > NESTED:
            raise OverLimit(f"has instructions nested more than {NESTED} deep")
        super().start_type(pos, type)

    def fillfp(self) -> bool:
        if self.fp:
            return False
        if self.istream >= len(self.streams):
            raise PSEOF
        self.fp = _Watched(self.streams[self.istream], self.budget)  # type: ignore[arg-type]
        self.istream += 1
        return True


class _Interpreter(PDFPageInterpreter):
    """Runs the operators of a page within its budget, and goes on after one that fails."""

    device: _Device

    def __init__(self, fonts: Fonts, device: _Device, parent: _Interpreter | None = None) -> None:
        super().__init__(fonts, device)
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0
        self.running: set[int] = set()

    def subinterp(self) -> _Interpreter:
        return _Interpreter(self.rsrcmgr, self.device, self)  # type: ignore[arg-type]

    def init_resources(self, resources: dict[object, object]) -> None:
        resources = dict_value(resources)
        try:
            super().init_resources(resources)
        except TROUBLES:
            self.device.damage("its resources are damaged")
        self.states = dict_value(resources.get("ExtGState"))

    def init_state(self, ctm: Matrix) -> None:
        super().init_state(ctm)
        self.graphicstate = self.parent.graphicstate.copy() if self.parent else _State()

    def execute(self, streams: Sequence[object]) -> None:
        parser = _Content(self._decoded(streams), self.device.budget)
        done = failed = 0
        while failed < 100:
            try:
                thing = parser.nextobject()[1]
                if not isinstance(thing, PSKeyword):
                    self.argstack.append(thing)
                    continue
                operator = _OPERATORS.get(thing.name)
                if operator is not None:
                    name, count = operator
                    operands = self.argstack[-count:] if count else []
                    if len(operands) == count:
                        getattr(self, name)(*operands)
            except PSEOF:
                break
            except TROUBLES:
                failed += 1
                self.device.damage("its content holds instructions that cannot be followed")
            self.argstack = []
            done += 1
            if not done % 256:
                self.device.budget.spend(256)
        self.device.budget.spend(done % 256)

    def _decoded(self, streams: Sequence[object]) -> list[bytes]:
        """The content, without keeping it in memory for the rest of the document."""
        contents = []
        for reference in streams:
            stream = resolve1(reference)
            if not isinstance(stream, PDFStream):
                self.device.damage("a part of its content is missing")
                continue
            if self._is_running(id(stream)):
                continue  # a form that paints itself
            self.running.add(id(stream))
            contents.append(read_once(stream))
            self.device.budget.take(len(contents[-1]))
            if getattr(stream, "damaged", False):
                self.device.damage("its content is damaged")
        return contents

    def _is_running(self, stream: int) -> bool:
        return stream in self.running or (self.parent is not None and self.parent._is_running(stream))

    def do_Do(self, xobjid_arg: Any) -> None:
        """Paint a form or image; the state is as before afterwards."""
        if self.depth < NESTING:
            super().do_Do(xobjid_arg)
            self.device.set_ctm(self.ctm)

    def do_Tf(self, fontid: Any, fontsize: Any) -> None:
        """Choose a font; one that is missing means text of which the letters are guessed."""
        if literal_name(fontid) not in self.fontmap:
            self.device.damage(f"font {literal_name(fontid)} is missing")
        super().do_Tf(fontid, fontsize)

    def do_gs(self, name: Any) -> None:
        """Opacity and blending."""
        given, state = dict_value(self.states.get(literal_name(name))), self.graphicstate
        if isinstance(state, _State):
            alpha = resolve1(given.get("ca", state.alpha))
            state.alpha = float(alpha) if isinstance(alpha, (int, float)) else 1.0
            if "BM" in given or "SMask" in given:
                mode, mask = resolve1(given.get("BM")), resolve1(given.get("SMask"))
                names = mode if isinstance(mode, list) else [mode]
                state.plain = not isinstance(mask, dict) and str(literal_name(names[0])) in ("Normal", "None", "Compatible")

    def do_cs(self, name: Any) -> None:
        """Choose a colour space for filling; one that is not known has colours that are not computed."""
        space = self.csmap.get(str(literal_name(name)))
        self.graphicstate.ncs = space or PDFColorSpace("Unknown", 1)

    def do_W(self) -> None:
        """Clip to the path."""
        state = self.graphicstate
        if isinstance(state, _State) and self.curpath:
            box, old = self.device.bounds(self.curpath), state.clip
            state.clip = box if old is None else overlap(box, old)

    do_W_a = do_W

    def do_sh(self, name: Any) -> None:
        """A gradient: an area of no one colour."""
        clip = getattr(self.graphicstate, "clip", None)
        if clip is not None:
            self.device.order += 1
            self.device.page.shapes.append(clip._replace(order=self.device.order))


def _operators() -> dict[bytes, tuple[str, int]]:
    """Operator → method and number of operands."""
    table = {}
    for name in dir(_Interpreter):
        if name.startswith("do_"):
            sign = name[3:].replace("_a", "*").replace("_w", '"').replace("_q", "'")
            table[sign.encode()] = name, getattr(_Interpreter, name).__code__.co_argcount - 1
    return table


_OPERATORS = _operators()
