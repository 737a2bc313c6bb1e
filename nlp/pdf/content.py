# ruff: noqa: ARG002 (pdfminer decides what its methods are handed)
"""The instructions of a page, run by pdfminer's interpreter within a budget.

Under pdfplumber a damaged stream is lost without a word, an instruction that fails ends the page, opacity and clipping
are not told, and nothing stops a page that asks too much.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, cast

from pdfminer.layout import LTComponent
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextSeq
from pdfminer.pdfinterp import PDFContentParser, PDFGraphicState, PDFPageInterpreter, PDFTextState
from pdfminer.pdftypes import PDFStream, dict_value, resolve1
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import PSKeyword, PSLiteral, literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, PathSegment, Rect, apply_matrix_pt
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from nlp.pdf.file import TROUBLES, Budget, OverLimit, read_once
from nlp.pdf.fonts import Fonts
from nlp.pdf.painted import LONGEST, MOST_PATHS

NESTING = 20  # forms within forms
NESTED = 100_000  # arrays within arrays
WRONG = "its content holds instructions that cannot be followed"
UNCOMPUTED = PDFColorSpace("Unknown", 1)


class State(PDFGraphicState):
    """The graphics state, with what pdfminer leaves out: opacity, clipping, and the order of painting."""

    def __init__(self) -> None:
        super().__init__()
        self.alpha = 1.0  # of filling
        self.plain = True  # normal blending, no soft mask
        self.clip: Rect | None = None  # the smallest box around what is left to paint on
        self.order = 0  # of the thing that was painted in it
        self.text = PDFTextState()  # in which that was written

    @property
    def opaque(self) -> bool:
        """What is painted cannot be seen through."""
        return self.plain and self.alpha > 0.95

    def copy(self) -> State:
        state = State.__new__(State)
        state.__dict__.update(self.__dict__)
        return state


def bounds(path: Sequence[PathSegment], matrix: Matrix) -> Rect:
    """The smallest box around all points of a path, those that curves are drawn towards included."""
    points = [apply_matrix_pt(matrix, segment[at : at + 2]) for segment in path for at in range(1, len(segment), 2)]  # type: ignore[arg-type]
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


class LTArea(LTComponent):
    """A painted area of which only the box is known: a gradient, or a drawing of very many lines."""


class Device(PDFPageAggregatorWithMarkedContent):
    """Takes down what is painted, as pdfplumber does, and notes on each thing in which state that was done."""

    def __init__(self, fonts: Fonts, budget: Budget) -> None:
        super().__init__(fonts)
        self.budget = budget
        self.damaged: str | None = None
        self.order = self.glyphs = self.paths = 0

    def damage(self, what: str) -> None:
        """Note the first thing that is wrong with the page."""
        self.damaged = self.damaged or what

    def render_string(
        self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState
    ) -> None:
        size = sum(len(piece) for piece in seq if isinstance(piece, bytes))
        self.glyphs += size // 2 if textstate.font and textstate.font.is_multibyte() else size
        if self.glyphs > self.budget.limits.glyphs:
            raise OverLimit(f"has more than {self.budget.limits.glyphs} characters")
        state = self._now(graphicstate)
        state.text = textstate.copy()
        super().render_string(textstate, seq, ncs, state)

    def paint_path(
        self, gstate: PDFGraphicState, stroke: bool, fill: bool, evenodd: bool, path: Sequence[PathSegment]
    ) -> None:
        if self.paths >= MOST_PATHS or not path or path[0][0] != "m":
            return
        state = cast(State, gstate)
        state = state if state.order else self._now(state)
        if sum(segment[0] == "m" for segment in path) > 1:
            super().paint_path(state, stroke, fill, evenodd, path)  # which calls this again for each part
            return
        self.paths += 1
        if len(path) <= LONGEST:
            super().paint_path(state, stroke, fill, evenodd, path)
            self._note(state)
        elif fill:
            self._add(LTArea(bounds(path, self.ctm)), state)

    def paint_area(self, gstate: PDFGraphicState, box: Rect) -> None:
        """Paint a box in colours that are not computed."""
        state = self._now(gstate)
        state.ncs = UNCOMPUTED
        self._add(LTArea(box), state)

    def begin_tag(self, tag: PSLiteral, props: Any = None) -> None:
        super().begin_tag(tag, props)
        if not isinstance(self.cur_mcid, int):
            self.cur_mcid = None  # pdfplumber would copy whatever stands there for every character

    def begin_figure(self, name: str, bbox: Rect, matrix: Matrix) -> None:
        super().begin_figure(name, (0, 0, 1, 1), MATRIX_IDENTITY)  # as of an image; those of a form may be wrong

    def render_image(self, name: str, stream: PDFStream) -> None:
        super().render_image(name, stream)
        image: Any = self.cur_item._objs[-1]
        image.colorspace = image.srcsize = image.imagemask = image.bits = None  # pdfplumber would follow all references
        self._note(self._now(State()))

    def leave(self, within: int, ctm: Matrix) -> None:
        """Be where the device was, in so many figures, before an instruction failed."""
        while len(self._stack) > within:
            self.end_figure("")
        self.set_ctm(ctm)

    def _now(self, gstate: PDFGraphicState) -> State:
        """The state as it is now, for what is painted next."""
        self.order += 1
        state = cast(State, gstate.copy())
        state.order = self.order
        return state

    def _add(self, thing: LTComponent, state: State) -> None:
        self.cur_item.add(thing)
        self._note(state)

    def _note(self, state: State) -> None:
        """Note on the last thing painted what pdfminer notes on characters alone."""
        thing: Any = self.cur_item._objs[-1]
        thing.graphicstate, thing.ncs = state, state.ncs


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


class Interpreter(PDFPageInterpreter):
    """Runs the operators of a page within its budget, and goes on after one that fails."""

    device: Device
    graphicstate: State

    def __init__(self, fonts: Fonts, device: Device, parent: Interpreter | None = None) -> None:
        super().__init__(fonts, device)
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0
        self.running: set[int] = set()

    def subinterp(self) -> Interpreter:
        return Interpreter(self.rsrcmgr, self.device, self)  # type: ignore[arg-type]

    def init_resources(self, resources: dict[object, object]) -> None:
        resources = dict_value(resources)
        try:
            super().init_resources(resources)
        except TROUBLES:
            self.device.damage("its resources are damaged")
        self.states = dict_value(resources.get("ExtGState"))

    def init_state(self, ctm: Matrix) -> None:
        super().init_state(ctm)
        self.graphicstate = self.parent.graphicstate.copy() if self.parent else State()

    def execute(self, streams: Sequence[object]) -> None:
        parser = _Content(self._decoded(streams), self.device.budget)
        within = len(self.device._stack)
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
                self.device.damage(WRONG)
                self.device.leave(within, self.ctm)
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
        alpha = resolve1(given.get("ca", state.alpha))
        state.alpha = float(alpha) if isinstance(alpha, (int, float)) else 1.0
        if "BM" in given or "SMask" in given:
            mode, mask = resolve1(given.get("BM")), resolve1(given.get("SMask"))
            names = mode if isinstance(mode, list) else [mode]
            state.plain = not isinstance(mask, dict) and str(literal_name(names[0])) in ("Normal", "None", "Compatible")

    def do_cs(self, name: Any) -> None:
        """Choose a colour space for filling; one that is not known has colours that are not computed."""
        self.graphicstate.ncs = self.csmap.get(str(literal_name(name))) or UNCOMPUTED

    def do_W(self) -> None:
        """Clip to the path."""
        if self.curpath:
            left, bottom, right, top = bounds(self.curpath, self.ctm)
            if old := self.graphicstate.clip:
                left, bottom = max(left, old[0]), max(bottom, old[1])
                right, top = min(right, old[2]), min(top, old[3])
            self.graphicstate.clip = left, bottom, right, top

    do_W_a = do_W

    def do_sh(self, name: Any) -> None:
        """A gradient: an area of no one colour."""
        if self.graphicstate.clip:
            self.device.paint_area(self.graphicstate, self.graphicstate.clip)


def _operators() -> dict[bytes, tuple[str, int]]:
    """Operator → method and number of operands."""
    table = {}
    for name in dir(Interpreter):
        if name.startswith("do_"):
            sign = name[3:].replace("_a", "*").replace("_w", '"').replace("_q", "'")
            table[sign.encode()] = name, getattr(Interpreter, name).__code__.co_argcount - 1
    return table


_OPERATORS = _operators()
