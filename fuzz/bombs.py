"""Small PDFs that ask for much: streams that swell, trees without end, images of ten gigabytes."""

from __future__ import annotations

import zlib

_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_SAID = b"BT /F1 12 Tf 72 720 Td (We share your personal data with advertisers.) Tj ET\n"


def _file(*objects: bytes) -> bytes:
    data = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start, size = len(data), len(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % size
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, start)
    return bytes(data)


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    head = b"<< " + entries + b" /Length %d >>\nstream\n" % len(content)
    return head + content + b"\nendstream"


def _page(parent: int, contents: int, font: int, more: bytes = b"") -> bytes:
    places = b"/Parent %d 0 R /Contents %d 0 R " % (parent, contents)
    fonts = b"/Font << /F1 %d 0 R >> " % font
    return (
        b"<< /Type /Page /MediaBox [0 0 612 792] "
        + places
        + b"/Resources << "
        + fonts
        + more
        + b" >> >>"
    )


def swelling(size: int, times: int = 1, unit: bytes = b" ") -> bytes:
    """A page whose content has so many bytes, packed so many times."""
    content = unit * (size // len(unit))
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = b"/Filter [" + b"/FlateDecode " * times + b"]"
    return _file(_CATALOG, _PAGES, _page(2, 4, 5), _stream(content, filters), _FONT)


def deep(levels: int) -> bytes:
    """A page so many levels down the tree of pages."""
    tree = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 3) for n in range(levels)]
    leaf = _page(levels + 1, levels + 3, levels + 4)
    return _file(_CATALOG, *tree, leaf, _stream(_SAID), _FONT)


def painted(side: int) -> bytes:
    """Text beside an image that would have so many pixels a side."""
    image = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 " % (
        side,
        side,
    )
    image += b"/ColorSpace /DeviceRGB /Filter /FlateDecode"
    page = _page(2, 4, 5, b"/XObject << /I 6 0 R >>")
    drawn = _stream(zlib.compress(bytes(1 << 20), 9), image)
    return _file(_CATALOG, _PAGES, page, _stream(_SAID + b"/I Do\n"), _FONT, drawn)


def repeated(pages: int, lines: int) -> bytes:
    """So many pages that are one and the same, of so many lines."""
    kids = b"<< /Type /Pages /Kids [" + b"3 0 R " * pages + b"] /Count %d >>" % pages
    content = _stream(zlib.compress(_SAID * lines, 9), b"/Filter /FlateDecode")
    return _file(_CATALOG, kids, _page(2, 4, 5), content, _FONT)


def laughing(levels: int) -> bytes:
    """A form that holds ten others, which hold ten others."""
    forms = []
    for level in range(levels):
        content = b"/X Do " * 10 if level < levels - 1 else _SAID
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << "
        entries += b"/Font << /F1 5 0 R >> /XObject << /X %d 0 R >> >>" % (level + 7)
        forms.append(_stream(content, entries))
    page = _page(2, 4, 5, b"/XObject << /X 6 0 R >>")
    return _file(_CATALOG, _PAGES, page, _stream(b"/X Do\n"), _FONT, *forms)
