"""The functions of PDFium that are called for every character or area, declared with plain integers for pointers.

The conversions of the generated declarations would take longer than the calls themselves.
"""

from __future__ import annotations

import ctypes
import math
from collections import deque
from collections.abc import Iterable
from typing import Any

import numpy.typing as npt
import pypdfium2.raw as pdfium

from nlp.pdf.painted import Colour

Pointer, Int, Float = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
Matrix = tuple[float, float, float, float, float, float]


def _quick(function: Any, result: Any, *arguments: Any) -> Any:
    """The same C function without the conversions of its generated declaration."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, Pointer).value or 0)


char_origin = _quick(pdfium.FPDFText_GetCharOrigin, Int, Pointer, Int, Pointer, Pointer)
char_object = _quick(pdfium.FPDFText_GetTextObject, ctypes.c_size_t, Pointer, Int)
get_text = _quick(pdfium.FPDFText_GetText, Int, Pointer, Int, Int, Pointer)
char_unicode = _quick(pdfium.FPDFText_GetUnicode, ctypes.c_uint, Pointer, Int)
char_unmapped = _quick(pdfium.FPDFText_HasUnicodeMapError, Int, Pointer, Int)
char_matrix = _quick(pdfium.FPDFText_GetMatrix, Int, Pointer, Int, Pointer)
font_name = _quick(pdfium.FPDFFont_GetBaseFontName, ctypes.c_size_t, Pointer, Pointer, ctypes.c_size_t)
font_flags = _quick(pdfium.FPDFFont_GetFlags, Int, Pointer)
font_angle = _quick(pdfium.FPDFFont_GetItalicAngle, Int, Pointer, Pointer)
glyph_width = _quick(pdfium.FPDFFont_GetGlyphWidth, Int, Pointer, ctypes.c_uint, Float, Pointer)
text_size = _quick(pdfium.FPDFTextObj_GetFontSize, Int, Pointer, Pointer)
text_font = _quick(pdfium.FPDFTextObj_GetFont, Pointer, Pointer)
text_mode = _quick(pdfium.FPDFTextObj_GetTextRenderMode, Int, Pointer)
page_object = _quick(pdfium.FPDFPage_GetObject, Pointer, Pointer, Int)
form_object = _quick(pdfium.FPDFFormObj_GetObject, Pointer, Pointer, ctypes.c_ulong)
kind = _quick(pdfium.FPDFPageObj_GetType, Int, Pointer)
object_matrix = _quick(pdfium.FPDFPageObj_GetMatrix, Int, Pointer, Pointer)
object_bounds = _quick(pdfium.FPDFPageObj_GetBounds, Int, Pointer, *[Pointer] * 4)
object_clip = _quick(pdfium.FPDFPageObj_GetClipPath, Pointer, Pointer)
line_width = _quick(pdfium.FPDFPageObj_GetStrokeWidth, Int, Pointer, Pointer)
see_through = _quick(pdfium.FPDFPageObj_HasTransparency, Int, Pointer)
fill = _quick(pdfium.FPDFPageObj_GetFillColor, Int, Pointer, *[Pointer] * 4)
form_count = _quick(pdfium.FPDFFormObj_CountObjects, Int, Pointer)
path_count = _quick(pdfium.FPDFPath_CountSegments, Int, Pointer)
path_segment = _quick(pdfium.FPDFPath_GetPathSegment, Pointer, Pointer, Int)
path_mode = _quick(pdfium.FPDFPath_GetDrawMode, Int, Pointer, Pointer, Pointer)
clip_paths = _quick(pdfium.FPDFClipPath_CountPaths, Int, Pointer)
clip_count = _quick(pdfium.FPDFClipPath_CountPathSegments, Int, Pointer, Int)
clip_segment = _quick(pdfium.FPDFClipPath_GetPathSegment, Pointer, Pointer, Int, Int)
point = _quick(pdfium.FPDFPathSegment_GetPoint, Int, Pointer, Pointer, Pointer)
point_kind = _quick(pdfium.FPDFPathSegment_GetType, Int, Pointer)
point_closes = _quick(pdfium.FPDFPathSegment_GetClose, Int, Pointer)


def rows(table: npt.NDArray[Any], skip: int = 0) -> range:
    """The addresses of the rows of a table."""
    at = table.ctypes.data + skip
    return range(at, at + table.nbytes, table.strides[0])


def each(function: Any, *columns: Iterable[Any]) -> None:
    """Call a function on row after row; what it finds, it writes into arrays."""
    deque(map(function, *columns), 0)


def times(first: Matrix, then: Matrix) -> Matrix:
    """The effect of one matrix after the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def matrix_of(item: int) -> Matrix:
    values = (Float * 6)()
    object_matrix(item, ctypes.addressof(values))
    return tuple(values)


def stroke_width(item: int, matrix: Matrix) -> float:
    width = Float()
    line_width(item, ctypes.addressof(width))
    a, b, *_ = times(matrix_of(item), matrix)
    return width.value * math.hypot(a, b)


def colour_of(item: int) -> tuple[Colour | None, float]:
    """Colour and opacity of the filling."""
    values = (ctypes.c_uint * 4)()
    at = ctypes.addressof(values)
    if not fill(item, at, at + 4, at + 8, at + 12):
        return None, 1.0
    red, green, blue, alpha = (value / 255 for value in values)
    return (red, green, blue), alpha
