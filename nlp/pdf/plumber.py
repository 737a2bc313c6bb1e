"""The engine "pdfplumber": pages as pdfplumber gives them, each closed before the next is opened.

The objects are pdfplumber's (`page.chars`, `rects`, `lines`, `curves`, `images`) with one key more: "state", the
graphics state that they were painted in, which tells the mode, opacity and order of painting that pdfplumber leaves
out. Only what runs the instructions is guarded; see `content`.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby
from typing import Any, cast

from pdfminer.layout import LTItem, LTPage
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdffont import PDFFont, PDFType3Font
from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException

from nlp.pdf.content import WRONG, Device, Interpreter, State
from nlp.pdf.file import TROUBLES, Budget, displayed_box, turned
from nlp.pdf.fonts import Fonts
from nlp.pdf.painted import Colour, Painted, Point, Run, Shape, add_path

Paint = Callable[[PDFPage, int, Budget], Painted]
Thing = dict[str, Any]  # an object of a page, as pdfplumber gives it
CHANNELS = {"DeviceGray": 1, "CalGray": 1, "DeviceRGB": 3, "CalRGB": 3, "DeviceCMYK": 4}


def opened(document: PDFDocument, data: bytes, password: str | None, pages: int) -> AbstractContextManager[Paint]:  # noqa: ARG001
    """The engine; see `pdf.ENGINES`."""
    return nullcontext(GuardedPdf(document).paint)


class GuardedPdf(PDF):
    """A PDF of pdfplumber over a document that is open already: `pdfplumber.open` would believe what the file says."""

    def __init__(self, document: PDFDocument) -> None:
        self.doc = document
        self.rsrcmgr = self.fonts = Fonts()
        self.laparams = self.unicode_norm = None

    def paint(self, page: PDFPage, number: int, budget: Budget) -> Painted:
        """All that is painted on a page. Raises OverLimit, and whatever pdfminer raises on a page it cannot read."""
        shown = _Page(self, page, number, budget)
        try:
            return _painted(shown)
        finally:
            shown.close()


class _Page(Page):
    """A page as displayed, of which the instructions are run within a budget."""

    def __init__(self, pdf: GuardedPdf, page: PDFPage, number: int, budget: Budget) -> None:
        super().__init__(pdf, _as_displayed(page), number)
        self.fonts, self.budget = pdf.fonts, budget
        self.damage: str | None = None

    @property
    def layout(self) -> LTPage:
        """As Page.layout; not kept, because `objects` is. Raises OverLimit."""
        device = Device(self.fonts, self.budget)
        Interpreter(self.fonts, device).process_page(self.page_obj)
        self.damage = device.damaged
        return device.get_result()

    def process_object(self, obj: LTItem) -> Thing:
        """As Page.process_object, with the graphics state that a thing was painted in."""
        self.budget.check()
        try:
            thing = super().process_object(obj)
            thing["state"] = obj.graphicstate  # type: ignore[attr-defined]
            return thing
        except (*TROUBLES, MalformedPDFException):
            self.damage = self.damage or WRONG
            return {"object_type": "lost"}


def _as_displayed(page: PDFPage) -> PDFPage:
    """The page with what a reader sees as its only box, from (0, 0): pdfplumber mirrors the crop box of a turned page."""
    left, bottom, right, top = displayed_box(page)
    shown = copy.copy(page)
    shown.mediabox, shown.rotate = (left, bottom, right, top), turned(page)
    shown.attrs = {"MediaBox": [0, 0, right - left, top - bottom], "Rotate": shown.rotate}
    return shown


# --- what pdfplumber gives → what is painted ----------------------------------------------------------------------


def _painted(page: _Page) -> Painted:
    painted = Painted(page.page_number, float(page.width), float(page.height))
    _take_text(painted, page.chars, page.fonts)
    kinds = (page.rects, page.lines, page.curves, page.images, page.objects.get("area", []))
    things = sorted((thing for kind in kinds for thing in kind), key=_order)
    for _, same in groupby(things, key=_order):
        parts = list(same)
        if "path" in parts[0]:
            _take_path(painted, parts)
        else:
            painted.shapes.append(_shape(parts[0]))
    painted.damage = page.damage
    return painted


def _order(thing: Thing) -> int:
    return cast(State, thing["state"]).order


def _take_text(page: Painted, chars: list[Thing], fonts: Fonts) -> None:
    """One run per text-showing instruction, and the place of each character along its direction."""
    text: list[str] = []
    start: list[float] = []
    end: list[float] = []
    run: list[int] = []
    state = None
    for char in chars:
        if char["state"] is not state:
            state = char["state"]
            this, scale = _run(char, fonts)
            page.runs.append(this)
            at, cos, sin = len(page.runs) - 1, this.cos, this.sin
        x, y = char["matrix"][4:]
        begin = x * cos + y * sin
        finish = begin + abs(char["adv"]) * scale
        for letter in char["text"]:
            text.append(letter)
            start.append(begin)
            end.append(finish)
            run.append(at)
    page.text, page.start, page.end, page.run = "".join(text), start, end, run


def _run(char: Thing, fonts: Fonts) -> tuple[Run, float]:
    """Face, size, direction and height of the text that begins with a character, and its points per unit of text."""
    state: State = char["state"]
    a, b, c, d, e, f = char["matrix"]
    text, font = state.text, cast(PDFFont, state.text.font)
    if font.is_vertical():
        a, b = -c, -d
    elif text.fontsize * text.scaling < 0:
        a, b = -a, -b
    scale = math.hypot(a, b)
    cos, sin = (a / scale, b / scale) if scale else (1.0, 0.0)
    level = f * cos - e * sin + text.rise * (d * cos - c * sin)
    size = abs(text.fontsize) * math.hypot(c, d)
    if isinstance(font, PDFType3Font):
        size *= abs(font.get_height()) or 1.0  # drawn glyphs: the font size is a mere scale
    unseen = text.render in (3, 7) or state.alpha < 0.05
    return Run(fonts.faces[font], size, level, cos, sin, _colour(char), unseen, state.order), scale


def _take_path(page: Painted, parts: list[Thing]) -> None:
    """Lines and areas that were painted in one go."""
    first, state = parts[0], cast(State, parts[0]["state"])
    clip = None
    if state.clip:
        x0, y0, x1, y1 = state.clip
        clip = Shape(x0, page.height - y1, x1, page.height - y0, state.order, None)
    add_path(
        page, [_points(part["path"]) for part in parts], order=state.order, fill=first["fill"] and state.alpha > 0.05,
        stroke=first["linewidth"] if first["stroke"] else None, colour=_colour(first), opaque=state.opaque, clip=clip,
        curved=any(step[0] in "cvy" for part in parts for step in part["path"]),
    )  # fmt: skip


def _points(path: list[tuple[Any, ...]]) -> list[Point]:
    points: list[Point] = []
    for sign, *steps in path:
        points += steps if sign != "h" else points[:1]
    return points


def _shape(thing: Thing) -> Shape:
    """An image, or an area of which only the box is known."""
    state = cast(State, thing["state"])
    image = thing["object_type"] == "image"
    colour = None if image or not state.opaque else _colour(thing)
    return Shape(thing["x0"], thing["top"], thing["x1"], thing["bottom"], state.order, colour, image=image)


def _colour(thing: Thing) -> Colour | None:
    """Red, green and blue of the filling, where the colour space is one that can be computed."""
    space, given = thing["ncs"], thing.get("non_stroking_color", thing["state"].ncolor)
    channels = given if isinstance(given, (tuple, list)) else (given,)
    count = len(channels) if space == "ICCBased" else CHANNELS.get(space)
    if count != len(channels) or not all(isinstance(channel, (int, float)) for channel in channels):
        return None  # or set in one colour space and painted in another
    if count == 1:
        return (float(channels[0]),) * 3
    if count == 3:
        red, green, blue = map(float, channels)
        return red, green, blue
    if count == 4:
        cyan, magenta, yellow, black = channels
        return (1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)
    return None
