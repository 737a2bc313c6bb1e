"""Is the content of a page whole, and how much work is it? Told beforehand, for an engine that cannot be stopped."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psparser import LIT

from nlp.pdf.file import Budget, Limits, as_dict, read_once, resolved

SWELL = 1032  # the most that one byte of Flate data can grow to


class ContentCheck:
    """Decodes the instructions of pages without following them: are they whole, and how much work are they?

    For an engine that cannot be stopped once it has begun.
    """

    FORM = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
    FONT = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+[-+.\d]+\s+Tf\b")

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.thorough = _may_burst(data, limits.stream_bytes)
        self.sizes: dict[int, int] = {}  # of forms
        self.fonts: set[int] = set()  # that have been checked

    def damage(self, page: PDFPage, budget: Budget) -> str | None:
        """What is wrong with the content of a page, if anything. Raises OverLimit."""
        self.found: str | None = None
        self.budget = budget
        contents = page.contents if isinstance(page.contents, list) else []
        budget.take(self._size(contents, page.resources, budget.limits.content_bytes))
        return self.found

    def _size(self, streams: list[Any], resources: object, most: int) -> int:
        """Bytes of instructions, those of forms counted as often as they are used."""
        resources = as_dict(resources)
        size = 0
        for reference in streams:
            stream = resolved(reference)
            if not isinstance(stream, PDFStream):
                self.found = self.found or "a part of its content is missing"
                continue
            data = read_once(stream)
            if getattr(stream, "damaged", False):
                self.found = self.found or "its content is damaged"
            size += len(data)
            if size < most:
                self._check_fonts(data, as_dict(resources.get("Font")))
                size += self._size_of_forms(data, resources, most)
        return size

    def _size_of_forms(self, data: bytes, resources: dict[Any, Any], most: int) -> int:
        forms = as_dict(resources.get("XObject"))
        size = 0
        for name, times in Counter(self.FORM.findall(data)).items() if forms else ():
            form = resolved(forms.get(name.decode("latin-1")))
            if isinstance(form, PDFStream) and form.get("Subtype") is LIT("Form") and size < most:
                if id(form) not in self.sizes:
                    self.sizes[id(form)] = 0  # while it is measured: a form that holds itself is painted once
                    self.sizes[id(form)] = self._size([form], form.get("Resources", resources), most)
                size += times * self.sizes[id(form)]
        return size

    def _check_fonts(self, data: bytes, fonts: dict[Any, Any]) -> None:
        for name in set(self.FONT.findall(data)):
            font = fonts.get(name.decode("latin-1"))
            if font is None:
                self.found = self.found or f"font {name.decode('latin-1')} is missing"
            elif self.thorough and isinstance(font, PDFObjRef) and font.objid not in self.fonts:
                self.fonts.add(font.objid)
                self._check_font(as_dict(font))

    def _check_font(self, font: dict[Any, Any]) -> None:
        """Decode what may grow beyond the limit."""
        below = resolved(font.get("DescendantFonts"))
        for part in [font, *(as_dict(below[0]) if isinstance(below, list) and below else {},)]:
            descriptor = as_dict(part.get("FontDescriptor"))
            for key in ("ToUnicode", "FontFile", "FontFile2", "FontFile3"):
                stream = resolved(part.get(key) or descriptor.get(key))
                if isinstance(stream, PDFStream):
                    read_once(stream)


def _may_burst(data: bytes, limit: int) -> bool:
    """Whether any stream could grow beyond the limit, judged by what stands between "stream" and "endstream"."""
    at = 0
    while (begin := data.find(b"stream", at)) >= 0:
        at = data.find(b"endstream", begin + 6)
        if at < 0:
            at = len(data)
        head = data[max(0, begin - 512) : begin].rpartition(b"obj")[2]
        if b"/Image" not in head and ((at - begin) * SWELL > limit or head.count(b"Flate") > 1):
            return True
        at += 9
    return False
