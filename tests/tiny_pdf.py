"""Small PDFs written by hand, for tests: what stands in them is exactly what the test says."""

from __future__ import annotations

import zlib

HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
BOLD = HELVETICA.replace(b"/Helvetica", b"/Helvetica-Bold", 1)


def stream(data: bytes, entries: bytes = b"", *, packed: bool = False) -> bytes:
    """A stream object."""
    if packed:
        data, entries = zlib.compress(data), entries + b" /Filter /FlateDecode"
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def pdf(
    *contents: bytes,
    page: bytes = b"",
    resources: bytes = b"",
    objects: dict[int, bytes] | None = None,
    box: str = "0 0 595 842",
    pages: bytes = b"",
    catalog: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """A PDF with a page for each content (operators, or a whole stream object).

    Objects 1 to 4 are catalog, page tree and the fonts /F1 (Helvetica) and /F2 (bold); `objects` may add others from 5
    to 99, and replace. `page`, `resources`, `pages`, `catalog`, `trailer` are further entries of these dictionaries.
    """
    numbers = [100 + 2 * at for at in range(len(contents))]
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    made = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [%s] /Count %d /MediaBox [%s] %s >>" % (kids, len(numbers), box.encode(), pages),
        3: HELVETICA,
        4: BOLD,
    }
    for number, content in zip(numbers, contents, strict=True):
        made[number] = (
            b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> %s >> %s >>"
            % (number + 1, resources, page)
        )
        made[number + 1] = content if content.startswith(b"<<") else stream(content)
    return assemble(made | (objects or {}), trailer)


def assemble(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """Objects, cross-references and trailer."""
    out, places = b"%PDF-1.7\n", {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    begin, last = len(out), max(objects)
    out += b"xref\n0 %d\n" % (last + 1)
    for number in range(last + 1):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    return out + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (last + 1, trailer, begin)


def show(text: str, x: float = 72, y: float = 700, size: float = 11, *, font: str = "F1", before: str = "") -> bytes:
    """One line of text; `before` are operators within its text object."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT {before} /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET\n".encode("cp1252")
