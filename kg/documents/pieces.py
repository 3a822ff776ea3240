"""What the readers produce: pieces of text with their function in the layout, still mutable.

Every reader (HTML, Markdown through HTML, plain text, PDF) yields pieces; :mod:`.structure`
and :mod:`.noise` refine them; :func:`assemble` turns them into a text with exact offsets.
Pieces point at each other directly, so that splitting one never shifts an index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.model import Block, BlockKind

#: Ranks of headings that have no level of their own; 1 to 6 are those of h1 to h6. Lower
#: ranks stand above higher ones.
SUMMARY_RANK = 7
NUMBERED_RANK = 8  # + depth of the number, at most 3
CAPITALS_RANK = 12
BOLD_RANK = 13
PLAIN_RANK = 14

_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_SENTENCE_END = re.compile(r"[.!?…;][\"'”’)\]*]*$")


@dataclass(eq=False, slots=True)
class Line:
    """A run of text without a hard line break.

    Attributes:
        linked: characters inside links; inner: those of them that lead into the same page.
    """

    text: str
    bold: bool = False
    linked: int = 0
    inner: int = 0


@dataclass(eq=False, slots=True)
class Region:
    """A part of a page that its markup calls a menu, footer, banner or form.

    Attributes:
        prose_words: words of whole sentences inside it; many of them speak against noise.
    """

    kind: str
    parent: Region | None = None
    depth: int = 1
    prose_words: int = 0


@dataclass(eq=False, slots=True)
class Piece:
    """A block to be.

    Attributes:
        lines: parted by hard line breaks.
        rank: of a heading, see above; of an item, the depth of its list.
        lead: the piece that introduces it.
        marker: text before the block that belongs to no block ("a)", "•").
    """

    kind: BlockKind
    lines: list[Line]
    rank: int = 0
    lead: Piece | None = None
    header: Piece | None = None
    row: int | None = None
    region: Region | None = None
    is_main: bool = False
    marker: str = ""

    @property
    def text(self) -> str:
        """The text of the block to be."""
        return "\n".join(line.text for line in self.lines)

    @property
    def is_bold(self) -> bool:
        """Whether every line is bold."""
        return all(line.bold for line in self.lines)

    @property
    def link_share(self) -> float:
        """Share of the characters that stand inside links, from 0 to 1."""
        length = sum(len(line.text) for line in self.lines)
        return sum(line.linked for line in self.lines) / length if length else 0.0

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a sentence or more: ten words and a full stop."""
        return count_words(self.text) >= 10 and ends_sentence(self.text)


@dataclass(slots=True)
class Page:
    """All pieces of a file, and what its markup says about it.

    Attributes:
        is_marked_up: the file has headings or lists of its own; otherwise its layout was guessed.
    """

    pieces: list[Piece] = field(default_factory=list)
    title: str | None = None
    language: str | None = None
    url: str | None = None
    is_marked_up: bool = True


def clean(text: str) -> str:
    """Without control and zero-width characters; line ends as ``\\n``.

    >>> clean("na\\u00adme\\r\\n\\x00and e\\u200bmail")
    'name\\nand email'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", _INVISIBLE.sub("", text))


def squeeze(text: str) -> str:
    """Runs of white space as one space, none at the ends."""
    return " ".join(text.split())


def count_words(text: str) -> int:
    """Number of words."""
    return len(_WORD.findall(text))


def ends_sentence(text: str) -> bool:
    """Whether it ends like a sentence, after closing quotes and brackets are set aside."""
    return _SENTENCE_END.search(text.rstrip()) is not None


def goes_on(text: str) -> bool:
    """Whether it begins amid a sentence: a small letter that is not a brand's ("eBay").

    >>> goes_on("and your name"), goes_on("inMusic may"), goes_on("Name")
    (True, False, False)
    """
    word = text.lstrip()[:40].split(None, 1)
    return bool(word) and word[0][0].islower() and not any(c.isupper() for c in word[0])


def assemble(pieces: Sequence[Piece]) -> tuple[str, tuple[Block, ...]]:
    """Text and blocks: offsets exact, blocks in order, parted by blank lines."""
    kept = [piece for piece in pieces if piece.text.strip()]
    place = {id(piece): index for index, piece in enumerate(kept)}
    chunks: list[str] = []
    blocks: list[Block] = []
    above: list[tuple[int, int]] = []  # rank and index of the open headings
    at = 0
    for index, piece in enumerate(kept):
        if chunks:
            chunks.append("\n\n")
            at += 2
        if piece.marker:
            chunks.append(piece.marker + " ")
            at += len(piece.marker) + 1
        text = piece.text
        chunks.append(text)
        level = 0
        if piece.kind is BlockKind.HEADING:
            while above and above[-1][0] >= piece.rank:
                above.pop()
            below = blocks[above[-1][1]].level + 1 if above else 1
            level = min(6, piece.rank if piece.rank <= 6 else below)
        elif piece.kind is BlockKind.ITEM:
            level = max(1, piece.rank)
        blocks.append(
            Block(
                kind=piece.kind,
                start=at,
                end=at + len(text),
                level=level,
                headings=tuple(i for _, i in above),
                lead_in=_earlier(place, piece.lead, index),
                header=_earlier(place, piece.header, index),
                row=piece.row,
            )
        )
        if piece.kind is BlockKind.HEADING:
            above.append((piece.rank, index))
        at += len(text)
    return "".join(chunks), tuple(blocks)


def _earlier(place: dict[int, int], piece: Piece | None, index: int) -> int | None:
    """Index of a piece that stands before ``index``."""
    found = place.get(id(piece)) if piece is not None else None
    return found if found is not None and found < index else None


def prose(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces that are not noise."""
    return [piece for piece in pieces if piece.kind is not BlockKind.NOISE]
