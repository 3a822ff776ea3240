"""PDF to pieces: lines joined to paragraphs, words hyphenated at line ends made whole."""

from __future__ import annotations

import logging
import re
from collections import Counter
from io import BytesIO

from kg.errors import InputError
from kg.model import BlockKind

from .pieces import Page, squeeze
from .plain import read_plain
from .words import word_list

_EDGE = 2  # lines at the top and bottom of a page that may be running heads
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\W*\d{1,4}\W*(?:(?:of|/)\s*\d{1,4})?\W*\Z", re.IGNORECASE)
_HYPHEN = re.compile(r"\b([A-Za-z]+)-\n([a-z]+)")
_COMPOUND = word_list("compound")
_LONGEST_NUMBER = 80  # characters of a line that is a page number, with its ornaments
_PAGES = 2000
_CHARACTERS = 6_000_000


def read_pdf(data: bytes, name: str) -> Page:
    """Pieces of a PDF; running heads and page numbers are noise.

    Raises:
        InputError: the file is damaged, encrypted or holds no text.
    """
    sheets, title = _load(data, name)
    if not any(squeeze(line) for lines in sheets for line in lines):
        raise InputError(f"{name}: the PDF holds no text, only images; run it through OCR first")
    heads = _running(sheets)
    noise: list[str] = []
    body: list[str] = []
    for lines in sheets:
        kept = []
        for index, line in enumerate(lines):
            at_edge = index < _EDGE or index >= len(lines) - _EDGE
            if at_edge and (_blank_number(line) in heads or _is_page_number(line.strip())):
                noise.append(line)
            else:
                kept.append(line)
        body.extend(kept)
    page = read_plain(_unhyphenate("\n".join(body)))
    page.title = squeeze(title) or None
    for line in dict.fromkeys(squeeze(line) for line in noise):
        extra = read_plain(line).pieces
        for piece in extra:
            piece.kind = BlockKind.NOISE
        page.pieces.extend(extra)
    return page


def _load(data: bytes, name: str) -> tuple[list[list[str]], str]:
    """The lines of each page, and the title that the file gives."""
    from pypdf import PdfReader  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{name}: the PDF is encrypted; save a copy without a password")
        sheets: list[list[str]] = []
        size = 0
        for sheet in reader.pages[:_PAGES]:
            text = sheet.extract_text() or ""
            size += len(text)
            sheets.append(text.replace("\r", "\n").split("\n"))
            if size > _CHARACTERS:
                break
        title = (reader.metadata.title if reader.metadata else None) or ""
    except InputError:
        raise
    except Exception as error:  # a damaged file can raise anything inside the parser
        raise InputError(_damaged(name, error)) from error
    return sheets, str(title)


def _damaged(name: str, error: BaseException) -> str:
    reason = squeeze(str(error))[:120] or type(error).__name__
    return f"{name}: the PDF is damaged ({reason}); get a fresh copy"


def _unhyphenate(text: str) -> str:
    """Words broken at a line end made whole; "third-party" keeps its hyphen."""
    words = frozenset(re.findall(r"[A-Za-z]+(?:-[a-z]+)?", text.casefold()))

    def whole(found: re.Match[str]) -> str:
        first, second = found.groups()
        joined, parted = f"{first}{second}", f"{first}-{second}"
        if joined.casefold() in words:
            return joined
        return parted if parted.casefold() in words or first.casefold() in _COMPOUND else joined

    return _HYPHEN.sub(whole, text)


def _is_page_number(line: str) -> bool:
    return len(line) <= _LONGEST_NUMBER and _PAGE_NUMBER.match(line) is not None


def _blank_number(line: str) -> str:
    return _NUMBER.sub("#", squeeze(line))


def _running(sheets: list[list[str]]) -> frozenset[str]:
    """Lines that stand at the edge of most pages, page numbers aside."""
    if len(sheets) < 3:
        return frozenset()
    count: Counter[str] = Counter()
    for lines in sheets:
        filled = [line for line in lines if line.strip()]
        count.update({_blank_number(line) for line in [*filled[:_EDGE], *filled[-_EDGE:]]})
    return frozenset(line for line, times in count.items() if times >= max(3, 0.5 * len(sheets)))
