"""Plain text to pieces: paragraphs, hard-wrapped or one a line, with lists typed by hand.

What only looks like a heading or a list is decided later (:mod:`.structure`), for plain text
and for careless markup alike.
"""

from __future__ import annotations

import re
from itertools import pairwise

from kg.model import BlockKind

from .pieces import Line, Page, Piece, clean, ends_sentence, goes_on, squeeze

_RULE = re.compile(r"^[\s=_*~#.-]{3,}$")
_STARTS_ITEM = re.compile(
    r"^\s*(?:[•·▪●○■◦‣⁃∙*–—-]\s+|\(?[a-z]\)\s|\(?[ivx]{1,4}[.)]\s|\(?\d{1,2}(?:\.\d{1,2})*[.)]?\s)\S"
)
_WRAPPED_AT = range(40, 121)  # columns at which people and programs wrap lines


def read_plain(text: str) -> Page:
    """Pieces of a text without markup."""
    lines = [line.rstrip() for line in clean(text).replace("\f", "\n\n").split("\n")]
    width = _wrap_width(lines)
    page = Page(is_marked_up=False)
    open_lines: list[str] = []

    def close() -> None:
        joined = squeeze(" ".join(open_lines))
        open_lines.clear()
        if joined and not _RULE.match(joined):
            page.pieces.append(Piece(BlockKind.PARAGRAPH, [Line(joined)], is_main=True))

    for line in lines:
        if not line.strip():
            close()
            continue
        if open_lines and not _continues(open_lines[-1], line, width):
            close()
        open_lines.append(line)
    close()
    return page


def _wrap_width(lines: list[str]) -> int | None:
    """Column at which the text is wrapped; ``None`` when a line is a paragraph."""
    lengths = sorted(len(line) for line in lines if line)
    if not lengths:
        return None
    widest = lengths[int(len(lengths) * 0.95)]
    if widest not in _WRAPPED_AT:
        return None
    followed = [line for line, below in pairwise(lines) if line and below]
    full = sum(1 for line in followed if len(line) > 0.75 * widest)
    broken = sum(1 for line in followed if not ends_sentence(line))
    if len(followed) < 2 or full < 0.4 * len(followed) or broken < 0.4 * len(followed):
        return None
    return widest


def _continues(line: str, following: str, width: int | None) -> bool:
    """Whether ``following`` goes on with the sentence of ``line``."""
    if _STARTS_ITEM.match(following):
        return False
    start = following.lstrip()
    if width is None:
        # A stray break inside a sentence: a long line without an end, then a small letter.
        return len(line) >= 40 and not ends_sentence(line) and line[-1] != ":" and goes_on(start)
    first_word = start.split(None, 1)[0]
    if len(line) + 1 + len(first_word) <= 0.8 * width and not goes_on(start):
        return False  # the word would have fitted: the break is meant
    return not (line.rstrip().endswith(":") and not goes_on(start))
