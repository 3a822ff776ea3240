"""Markdown to pieces, through HTML: one reader of structure for both.

CommonMark with tables and HTML inside it. Indented text is no code block here: policies hold no
code, and hand-made files indent paragraphs at will.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from .html import read_html
from .pieces import Page, clean

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_ATX = re.compile(r"^ {0,3}#{1,6}\s+\S", re.MULTILINE)
_SETEXT = re.compile(r"^\S.*\n(?:={3,}|-{3,})\s*$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]\n]{1,200}\]\((?:https?://|mailto:|#|/)[^)\s]*\)")
_STRONG = re.compile(r"(?<![\w*])\*\*(?=\S)[^*\n]{1,200}\*\*|(?<![\w_])__(?=\S)[^_\n]{1,200}__")
_RULE = re.compile(r"^ {0,3}(?:\* ?){3,}\s*$", re.MULTILINE)
_BULLET = re.compile(r"^ {0,3}[*+-] {1,3}\S", re.MULTILINE)
_ESCAPE = re.compile(r"^\**\d+\\[.)]", re.MULTILINE)
_QUOTE = re.compile(r"\A> \S")
_BAR = re.compile(r"(?<!\\)\|")
# What marks a text as Markdown, with its weight; two points are enough.
_SIGNS = (
    (_ATX, 2),
    (_LINK, 2),
    (_SETEXT, 2),
    (_STRONG, 1),
    (_RULE, 1),
    (_ESCAPE, 2),
    (_BULLET, 1),
    (_QUOTE, 1),
)
_WIDEST = 300  # cells of a row; in wider ones the bars are text
_SAMPLE = 200_000  # characters that are looked at


def read_markdown(text: str) -> Page:
    """Pieces of a Markdown text."""
    lines = (
        _BAR.sub(r"\\|", line) if line.count("|") > _WIDEST else line
        for line in clean(text).split("\n")
    )
    page = read_html("<body>" + _parser().render("\n".join(lines)))
    page.title = None
    return page


def is_markdown(text: str) -> bool:
    """Whether a text without a telling file name is written in Markdown.

    >>> is_markdown("# Privacy\\n\\nWe collect nothing.")
    True
    >>> is_markdown("PRIVACY\\n\\nWe collect nothing - really.")
    False
    """
    sample = text[:_SAMPLE]
    return sum(weight for sign, weight in _SIGNS if sign.search(sample)) >= 2


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415

    return MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")
