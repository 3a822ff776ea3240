"""A text whose every line became a paragraph -> the text with its sentences whole again.

Pages that were once printed come so: a sentence goes on in the next paragraph, and only a piece
of it was read. Against a version without such breaks every piece would be another sentence.
"""

from __future__ import annotations

import re
from itertools import pairwise

_LINE = re.compile(r"(?<![^\n])[^\S\n]*+\S[^\n]*")
#: A line shorter than this may be an item of a list.
_LONG = 50
#: Share of lines that are cut in a text of this kind; in others it is a few in a hundred.
_SHARE = 0.2
_FEWEST = 3
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?!\s)[^.!?\n]*)*[.!?]*")


def unbroken(text: str) -> str:
    """The text, as long as before, with spaces for breaks within sentences if it has many."""
    lines = list(pairwise(_LINE.finditer(text)))
    telling = sum(_is_long(a.group()) and _is_within(b.group()) for a, b in lines)
    if telling < max(_FEWEST, _SHARE * len(lines)):
        return text
    whole = list(text)
    for one, other in lines:
        if _is_open(one.group()) and (_is_long(one.group()) or _is_within(other.group())):
            whole[one.end() : other.start()] = " " * (other.start() - one.end())
    return "".join(whole)


def _is_open(line: str) -> bool:
    end = line.rstrip()[-1:]
    return end.isalnum() or end in ",’'"


def _is_long(line: str) -> bool:
    return len(line) >= _LONG and _is_open(line)


def _is_within(line: str) -> bool:
    """Whether it starts as no sentence does."""
    return line.lstrip()[:1].islower()


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """The range of the whole sentences of such a text that a range of it lies in."""
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    first, last = start, end
    for found in _SENTENCE.finditer(text, line, stop if stop >= 0 else len(text)):
        if found.start() <= start < found.end():
            first = min(start, found.start() + len(found.group()) - len(found.group().lstrip()))
        if found.start() < end <= found.end():
            last = found.start() + len(found.group().rstrip())
    return first, max(last, end)
