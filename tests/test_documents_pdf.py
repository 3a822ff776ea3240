"""PDF files, written here byte by byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from kg.documents import read
from kg.errors import InputError
from kg.model import BlockKind


def pdf(pages: list[list[str]]) -> bytes:
    """A small PDF with one line of text after the other."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        shown = b" T* ".join(b"(%s) Tj" % line.encode("ascii") for line in lines)
        stream = b"BT /F1 10 Tf 12 TL 50 780 Td " + shown + b" ET"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return out


BODY = [
    "ACME PRIVACY NOTICE",
    "Acme Ltd collects the personal data that an order needs: your name, your address, your tele-",
    "phone number and the names of third-",
    "party carriers that you like best, as this privacy notice explains to every single visitor.",
    "We telephone nobody at night. Nothing of this goes to any third-party shop in the town.",
]


def test_lines_hyphens_and_running_heads(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    more = [
        [
            f"In part {word} we tell more about the way in which an order is brought to your house",
            "and about the shops in the town that know your address.",
            f"That was part {word}.",
        ]
        for word in ("two", "three")
    ]
    pages = [["Acme Papers", *lines, f"Page {n} of 3"] for n, lines in enumerate([BODY, *more], 1)]
    path.write_bytes(pdf(pages))
    document = read(path)
    assert "your telephone number and the names of third-party carriers that you" in document.text
    noise = [document.text_of(b) for b in document.blocks if b.kind is BlockKind.NOISE]
    assert noise == ["Acme Papers", "Page 1 of 3", "Page 2 of 3", "Page 3 of 3"]
    assert document.text_of(document.blocks[0]) == "ACME PRIVACY NOTICE"
    assert document.blocks[0].kind is BlockKind.HEADING


def test_damaged(tmp_path: Path) -> None:
    whole = pdf([BODY])
    path = tmp_path / "x.pdf"
    for data in (whole[: len(whole) // 3], b"%PDF-1.7\n", b"no pdf at all", b""):
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"x\.pdf: the PDF"):
            read(path)


def test_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf([BODY]))
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)
    with pytest.raises(InputError, match="encrypted"):
        read(path)


def test_scanned(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf([[]]))
    with pytest.raises(InputError, match="holds no text"):
        read(path)
