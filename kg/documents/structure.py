"""Structure that markup does not tell: headings in bold, lists typed by hand, lead-ins.

People write "<p><b>1. What we collect</b><br>We collect …" and "• a<br>• b", and plain text
has no markup at all. These rules turn such pieces into headings and items; they never change a
word. Where they are unsure, a paragraph stays a paragraph.
"""

from __future__ import annotations

import re
from itertools import pairwise

from kg.model import BlockKind

from .dates import parse_date
from .pieces import (
    BOLD_RANK,
    CAPITALS_RANK,
    NUMBERED_RANK,
    PLAIN_RANK,
    Line,
    Page,
    Piece,
    count_words,
    ends_sentence,
    goes_on,
)
from .words import word_list

_SYMBOL = re.compile(r"([•·▪●○■◦‣⁃∙⚫➢➤✓✔*]|[–—-](?=\s))\s*(?=\S)")
_LETTER = re.compile(r"(\(?[a-z]\)|\([ivx]{1,5}\)|[ivx]{1,5}\)|[a-z]\.(?=\s+[A-Z]))\s*(?=\S)")
_NUMBER = re.compile(
    r"(\(?\d{1,3}(?:(?:\.\d{1,3}){0,3}[.)]|(?:\.\d{1,3}){1,3}))\s*(?=[^\W\d_]|[“'‘])"
)
_SECTION_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,4}[.)]?)\s+(?=[“\"'‘(]?[^\W\d_])")
_NUMBERED = frozenset(
    (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.ITEM, BlockKind.TERM, BlockKind.DEFINITION)
)
_SECTION = re.compile(
    r"(?:section|article|part|chapter)\s+(?:\d+|[ivx]+)\b|(?:[IVX]+|[A-Z])[.)]\s", re.IGNORECASE
)
_MINOR = word_list("minor")
_HEADING_WORDS = 16
_ITEM_WORDS = 14
_LETTERS = re.compile(r"[^\W\d_]")
_TITLE = re.compile(
    r"\b(?:privacy|data protection|cookies?)\b.{0,30}\b(?:policy|notice|statement|declaration)\b",
    re.IGNORECASE,
)
_PARALLEL = re.compile(
    r"(?:to|for|when|by|with|as|if|in|because|where|through)\b|\w{2,}ing\b", re.IGNORECASE
)
_DATE_LIKE = re.compile(r"\b(?:19|20)\d\d\b|\bversion\b|\bupdated\b|\beffective\b", re.IGNORECASE)
_CONTACT = re.compile(r"@|https?://|\bwww\.|\+\d|\d{4,}|^\W*(?:©|\(c\)|copyright\b)", re.IGNORECASE)


def refine(page: Page) -> list[Piece]:
    """The pieces of a page with the structure that its layout implies."""
    pieces = [part for piece in page.pieces for part in _split_lines(piece)]
    for piece in pieces:
        _take_marker(piece)
    real = sum(1 for p in pieces if p.kind is BlockKind.HEADING and p.rank <= 6)
    _find_title(pieces)
    _find_numbered_headings(pieces)
    _find_headings(pieces, is_guessed=not page.is_marked_up or real < 3)
    _find_items(pieces, is_guessed=not page.is_marked_up)
    _demote(pieces)
    _find_leads(pieces)
    return pieces


def part_numbers(pieces: list[Piece]) -> None:
    """Set section numbers apart from the words: "4.2 Claims are paid" begins at "Claims".

    A number without a dot is one only in a heading, and amid others: "3 Steps" may stand alone.
    """
    bare = {
        int(found[1].rstrip(".)"))
        for piece in pieces
        if piece.kind is BlockKind.HEADING and (found := _section_number(piece.text))
        if found[1].rstrip(".)").isdigit()
    }
    for piece in pieces:
        found = _section_number(piece.text) if piece.kind in _NUMBERED else None
        if found is None or piece.marker:
            continue
        if found[1].isdigit() and (
            piece.kind is not BlockKind.HEADING or not bare & {int(found[1]) - 1, int(found[1]) + 1}
        ):
            continue
        first = piece.lines[0]
        if not found.end() < len(first.text):
            continue
        piece.marker = found[1]
        piece.lines[0] = Line(first.text[found.end() :], first.bold, first.linked, first.inner)


def _section_number(text: str) -> re.Match[str] | None:
    """The number before a capital, unless a date begins there ("12. May 2020")."""
    found = _SECTION_NUMBER.match(text)
    if found is None or not text[found.end() :].lstrip("“\"'‘(")[:1].isupper():
        return None
    return None if parse_date(text[: found.end() + 16]) else found


def looks_like_heading(text: str) -> bool:
    """Short, begins like a title and does not end like a sentence.

    >>> looks_like_heading("How We Share Your Data")
    True
    >>> looks_like_heading("We do not share your data.")
    False
    """
    text = text.strip()
    if not text or count_words(text) > _HEADING_WORDS or len(text) > 120:
        return False
    if not _LETTERS.search(text):
        return False
    if text.endswith("?"):
        return True
    return not (text[-1] in ".!;," or ends_sentence(text)) or text[-1] in ')]"'


def _is_capitals(text: str) -> bool:
    letters = _LETTERS.findall(text)
    return len(letters) >= 4 and all(letter.isupper() for letter in letters)


def _is_title_case(text: str) -> bool:
    words = [w for w in re.findall(r"[^\W\d_][\w'’.-]*", text) if w.casefold() not in _MINOR]
    return (
        bool(words)
        and text.lstrip("0123456789.() ")[:1].isupper()
        and all(not word[0].islower() or any(letter.isupper() for letter in word) for word in words)
    )


def _split_lines(piece: Piece) -> list[Piece]:
    """Parts of a piece that hard line breaks hold together: headings, items, paragraphs."""
    if len(piece.lines) == 1 or piece.kind is BlockKind.HEADING:
        if len(piece.lines) > 1:
            _join(piece)
        return [piece]
    groups: list[list[Line]] = [[]]
    for before, line in zip([None, *piece.lines], piece.lines, strict=False):
        if not line.text:
            groups.append([])  # an empty line: a new paragraph
        elif before is None or not before.text or _is_apart(before, line):
            groups.append([line])
        else:
            groups[-1].append(line)
    parts: list[Piece] = []
    for group in groups:
        if group:
            part = Piece(
                piece.kind,
                group,
                rank=piece.rank,
                lead=piece.lead,
                header=piece.header,
                row=piece.row,
                region=piece.region,
                is_main=piece.is_main,
            )
            _join(part)
            parts.append(part)
    if not parts:
        return [piece]
    # Other pieces may point at this one: it stands for its first part.
    first, *rest = parts
    piece.lines = first.lines
    for part in rest:
        if part.kind is BlockKind.ITEM and not _marker(part.text):
            part.kind, part.rank = BlockKind.PARAGRAPH, 0
    return [piece, *rest]


def _is_apart(before: Line, line: Line) -> bool:
    """Whether a hard break parts two blocks, not two lines of one."""
    if _marker(line.text) or before.text.endswith(":"):
        return True
    if before.bold != line.bold and (before.bold or line.bold):
        bold = before if before.bold else line
        return looks_like_heading(bold.text)
    return ends_sentence(before.text) and not goes_on(line.text)


def _join(piece: Piece) -> None:
    """Lines that go on with a sentence are joined by a space; others keep their break."""
    lines = [piece.lines[0]]
    for line in piece.lines[1:]:
        last = lines[-1]
        flows = goes_on(line.text) or len(last.text) > 60 or last.text.endswith(",")
        if flows or piece.kind is BlockKind.HEADING:
            lines[-1] = Line(
                f"{last.text} {line.text}".strip(),
                last.bold and line.bold,
                last.linked + line.linked,
                last.inner + line.inner,
            )
        else:
            lines.append(line)
    piece.lines = lines


def _marker(text: str) -> re.Match[str] | None:
    """The bullet, letter or number that begins a line."""
    return _SYMBOL.match(text) or _LETTER.match(text) or _NUMBER.match(text)


def _take_marker(piece: Piece) -> None:
    """Set a bullet or letter typed by hand apart from the words; the piece becomes an item."""
    if piece.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.CELL):
        return
    first = piece.lines[0]
    found = _SYMBOL.match(first.text) or _LETTER.match(first.text)
    if found is None or (found[1] == "*" and "*" in first.text[found.end() :]):
        return
    if not first.text[found.end() :].strip():
        return
    if found[1] in ("*", "–", "—", "-") and first.text[found.end(1) : found.end(1) + 1] != " ":
        return  # a footnote mark, or a dash that belongs to the word
    piece.marker = found[1]
    piece.lines[0] = Line(first.text[found.end() :], first.bold, first.linked, first.inner)
    if piece.kind is BlockKind.PARAGRAPH:
        piece.kind = BlockKind.ITEM
        piece.rank = max(1, piece.rank)


def _find_headings(pieces: list[Piece], is_guessed: bool) -> None:
    """Paragraphs that serve as headings."""
    listed = -1  # index of the last numbered line under "...:"
    for index, piece in enumerate(pieces[:-1]):
        if piece.kind is not BlockKind.PARAGRAPH or len(piece.lines) > 1:
            continue
        numbered = _NUMBER.match(piece.text)
        announced = index > 0 and pieces[index - 1].text.endswith(":")
        if numbered and not piece.is_bold and (announced or listed == index - 1 >= 0):
            listed = index
            continue
        rank = _heading_rank(pieces, index, is_guessed)
        if rank is None or (announced and not pieces[index + 1].is_prose):
            continue  # what the line before announces: an address, a name
        if numbered:
            depth = numbered[1].strip("().").count(".")
            rank = NUMBERED_RANK + min(depth, 3)
        piece.kind, piece.rank = BlockKind.HEADING, rank


def _heading_rank(pieces: list[Piece], index: int, is_guessed: bool) -> int | None:
    """Rank of a paragraph as a heading; ``None`` when it is none."""
    piece, following = pieces[index], pieces[index + 1]
    text = piece.text
    if not looks_like_heading(text) or _CONTACT.search(text) or _DATE_LIKE.search(text):
        return None
    introduces = text.endswith(":") and (following.kind is BlockKind.ITEM or not piece.is_bold)
    if introduces or piece.link_share > 0.8:
        return None
    if piece.is_bold:
        return BOLD_RANK
    if _is_capitals(text):
        return CAPITALS_RANK
    is_section = _NUMBER.match(text) or _SECTION.match(text)
    if is_section and (is_guessed or _is_title_case(text)):
        return BOLD_RANK
    return PLAIN_RANK if is_guessed and _introduces(text, pieces, index) else None


def _find_title(pieces: list[Piece]) -> None:
    """The line that names the policy above everything else, when no markup says so."""
    for index, piece in enumerate(pieces):
        if piece.kind is BlockKind.HEADING and piece.rank <= 6:
            return
        if piece.is_prose and index > 3:
            return
        is_line = piece.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and len(piece.lines) == 1
        names_policy = _TITLE.search(piece.text) and looks_like_heading(piece.text)
        is_plain = piece.link_share < 0.5 and not piece.text.endswith(("?", ":"))
        if is_line and names_policy and is_plain:
            piece.kind, piece.rank = BlockKind.HEADING, 1
            return


def _find_numbered_headings(pieces: list[Piece]) -> None:
    """ "1) WHAT WE COLLECT" reads as a list of one item in Markdown; it is a heading."""
    for index, piece in enumerate(pieces[:-1]):
        text = piece.text
        if piece.kind is not BlockKind.ITEM or len(piece.lines) > 1 or piece.marker:
            continue
        following = pieces[index + 1]
        if following.kind is not BlockKind.PARAGRAPH or not looks_like_heading(text):
            continue
        if piece.link_share > 0.8 or text.endswith(":") or goes_on(text):
            continue
        before = pieces[index - 1] if index else None
        is_alone = before is None or before.kind is not BlockKind.ITEM
        is_led = piece.lead is not None and piece.lead.text.endswith(":")
        if (_is_capitals(text) and count_words(text) > 1) or (
            is_alone and not is_led and (piece.is_bold or _is_title_case(text))
        ):
            piece.kind = BlockKind.HEADING
            piece.rank = CAPITALS_RANK if _is_capitals(text) else BOLD_RANK
            piece.lead = None


def _introduces(text: str, pieces: list[Piece], index: int) -> bool:
    """Whether a short line without markup stands over a text, as a heading does."""
    following = pieces[index + 1]
    if count_words(text) > 12 or goes_on(text) or not text[0].isalnum():
        return False
    before = pieces[index - 1] if index else None
    body = count_words(following.text) >= 10 and not looks_like_heading(following.text)
    if before is not None and before.text.endswith(":") and before.kind is not BlockKind.HEADING:
        return body and count_words(following.text) >= 15 and _is_title_case(text)
    if text.endswith("?"):
        return True
    return body and (before is None or before.is_prose or _is_heading_near(pieces, index))


def _is_heading_near(pieces: list[Piece], index: int) -> bool:
    """The line before is a heading too, or ends a list: an own paragraph begins here."""
    before = pieces[index - 1]
    return (
        before.kind is not BlockKind.PARAGRAPH
        or ends_sentence(before.text)
        or (_is_title_case(pieces[index].text))
    )


def _find_items(pieces: list[Piece], is_guessed: bool) -> None:
    """Short lines under "…:" are a list, marked or not; numbered ones too."""
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        index += 1
        if piece.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) or not piece.text.endswith(":"):
            continue
        end = index
        while end < len(pieces) and _may_be_item(pieces[end], is_guessed):
            end += 1
        parallel = index
        while parallel < len(pieces) and _is_parallel(pieces[parallel]):
            parallel += 1
        end = max(end, parallel)
        run = pieces[index:end]
        numbers = [_NUMBER.match(p.text) for p in run]
        if len(run) < 2:
            continue
        depth = piece.rank + 1 if piece.kind is BlockKind.ITEM else 1
        for item, number in zip(run, numbers, strict=True):
            if number is not None and all(numbers):
                first = item.lines[0]
                item.marker = number[1]
                item.lines[0] = Line(
                    first.text[number.end() :], first.bold, first.linked, first.inner
                )
            item.kind, item.rank = BlockKind.ITEM, depth
        index = end


def _is_parallel(piece: Piece) -> bool:
    """Begins like an entry of a list of purposes: "To …", "For …", "Providing …"."""
    return (
        piece.kind is BlockKind.PARAGRAPH
        and count_words(piece.text) <= 60
        and not piece.text.endswith(":")
        and _PARALLEL.match(piece.text) is not None
    )


def _may_be_item(piece: Piece, is_guessed: bool) -> bool:
    if piece.kind is not BlockKind.PARAGRAPH or piece.text.endswith(":"):
        return False
    text = piece.text
    if _NUMBER.match(text):
        return True
    short = count_words(text) <= _ITEM_WORDS and not _is_capitals(text)
    if text[-1] in ";,":
        return count_words(text) <= 60
    if text[0].islower():
        return count_words(text) <= 60
    return short and (is_guessed or len(piece.lines) == 1) and not ends_sentence(text)


def _demote(pieces: list[Piece]) -> None:
    """A "heading" that is a long sentence is a paragraph that someone underlined."""
    for piece in pieces:
        if piece.kind is not BlockKind.HEADING:
            continue
        words = count_words(piece.text)
        if words > 40 or (words > 20 and ends_sentence(piece.text) and piece.text[-1] != "?"):
            piece.kind, piece.rank = BlockKind.PARAGRAPH, 0


def _find_leads(pieces: list[Piece]) -> None:
    """Lead-ins of the items that no markup gave one."""
    open_leads: dict[int, Piece | None] = {}
    for before, piece in pairwise([None, *pieces]):
        assert piece is not None
        if piece.kind is not BlockKind.ITEM:
            if piece.kind is not BlockKind.CELL:
                open_leads.clear()
            continue
        if before is not None and before.kind is not BlockKind.ITEM:
            open_leads = {}
            lead = before if _can_lead(before) else None
        elif before is not None and before.rank < piece.rank:
            lead = before
        else:
            lead = open_leads.get(piece.rank)
        if piece.lead is None:
            piece.lead = lead
        open_leads[piece.rank] = piece.lead
        for deeper in [rank for rank in open_leads if rank > piece.rank]:
            del open_leads[deeper]


def _can_lead(piece: Piece) -> bool:
    if piece.kind is BlockKind.HEADING:
        return piece.text.endswith(":")
    return piece.kind in (BlockKind.PARAGRAPH, BlockKind.DEFINITION, BlockKind.TERM)
