"""Document -> Sentence: where sentences begin and end, and what each needs around it to be read.

A paragraph is cut at its full stops, a paragraph that lists "a) …; b) …" at its letters too.
Every list item and table cell is at least one sentence, with the sentence that introduces it.
Offsets are those of the document's text: ``document.text[s.start:s.end] == s.text``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.model import Block, BlockKind, Document, Sentence, Span

_END = re.compile(
    r"[.!?…]+[\"'”’)\]»]*(?=\s+[\"'“‘(\[«•]*(?:[A-Z0-9À-Þ•]|[a-z]{1,3}[A-Z]))|[.!?]+[\"'”’)\]»]*\s*\Z|\n{2,}"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|eg|ie|cf|vs|etc|no|nos|art|arts|sec|para|approx|inc|ltd|llc|co|corp|mr|mrs|ms|dr|prof|st|"
    r"u\.s|u\.k|u\.s\.a|e\.u|a\.m|p\.m|dept|est|fig|vol|jr|sr|bros|gmbh|s\.a|b\.v|n\.v|ave|blvd|rd|ph\.d|incl|tel)"
    r"|\b[A-Z]|\b\d{1,2}|^\(?[ivx]{1,4})\.$",
    re.IGNORECASE,
)
#: Abbreviations that end a sentence when a capital letter follows, more often than not.
_MAY_END = re.compile(
    r"\b(?:etc|inc|ltd|llc|corp|co|u\.s|u\.k|u\.s\.a|e\.u|a\.m|p\.m|gmbh)\.$", re.IGNORECASE
)
_STARTERS = re.compile(
    r"(?:We|Our|You|Your|If|When|The|This|These|Those|They|It|In|For|As|All|Any|By|To|Please|However|Such|Some|No|On|"
    r"Personal|Information|Data|Users|Third|Where|While|Although|Unless|Once|Under|With|At)\b"
    r"|[A-Z]\w+ (?:receives?|may|will|is|are|can|has|have|uses?|collects?|process(?:es)?|"
    r"does|acts?|provides?|stores?)\b"
)
_ENUMERATOR = re.compile(
    r"(?:(?<=\s)|(?<=^)|(?<=;)|(?<=:))"
    r"(?:\(([a-z]|[ivx]{1,4}|\d{1,2})\)|([a-h]|[ivx]{1,4}|\d{1,2})\))\s+(?=\S)"
)
_ROWS = (
    tuple("abcdefgh"),
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"),
    ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"),
)
_OPEN_LEAD_IN = re.compile(
    r"(?:[:,]|\b(?:except|either|following|to|for|with|when|if|where|and|or|are|is|as|by|in|that))$",
    re.IGNORECASE,
)
_SHORTEST_LEAD_IN = 12
_LONGEST = 4_000


def split(document: Document) -> tuple[Sentence, ...]:
    """The sentences of a document, in the order of its text; headings and noise are left out.

    >>> from kg.documents import read_text
    >>> text = "We collect: \\n\\n- your name\\n- your e-mail address"
    >>> sentences = split(read_text(text, name="a.md", kind="md"))
    >>> [(s.text, s.lead_in.text) for s in sentences if s.lead_in]
    [('your name', 'We collect:'), ('your e-mail address', 'We collect:')]
    """
    return tuple(_sentences(document))


def _sentences(document: Document) -> Iterator[Sentence]:
    lead_ins: dict[int | None, Span | None] = {}  # a long one may introduce many
    for index, block in enumerate(document.blocks):
        if block.kind in {BlockKind.HEADING, BlockKind.NOISE, BlockKind.HEADER}:
            continue
        headings = tuple(document.text_of(document.blocks[h]) for h in block.headings)
        if block.lead_in not in lead_ins:
            lead_ins[block.lead_in] = lead_in_of(document, block)
        lead_in = lead_ins[block.lead_in]
        header = None
        if block.header is not None:
            above = document.blocks[block.header]
            header = Span(document.text_of(above), above.start, above.end)
        for start, end, led_by in _pieces(document.text, block.start, block.end):
            yield Sentence(
                text=document.text[start:end],
                start=start,
                end=end,
                headings=headings,
                lead_in=led_by or lead_in,
                header=header,
                kind=BlockKind.ITEM if led_by else block.kind,
                block=index,
            )


def lead_in_of(document: Document, block: Block) -> Span | None:
    """The sentence that introduces a block: the last one of its lead-in."""
    if block.lead_in is None:
        return None
    above = document.blocks[block.lead_in]
    last = None
    for start, end in bounds(document.text, above.start, above.end):
        last = Span(document.text[start:end], start, end)
    return last


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int, Span | None]]:
    """Sentences between two offsets; the first one of each "a) …; b) …" with its lead-in."""
    marks = _enumeration(text, start, end)
    if not marks:
        for first, last in bounds(text, start, end):
            yield first, last, None
        return
    *whole, led = bounds(text, start, marks[0].start())
    for first, last in whole:
        yield first, last, None
    yield *led, None
    lead_in = Span(text[led[0] : led[1]], *led)
    stops = [m.start() for m in marks[1:]] + [end]
    for mark, stop in zip(marks, stops, strict=True):
        led_by: Span | None = lead_in
        for first, last in bounds(text, mark.end(), stop):
            yield *_strip(text, first, last, " ;,"), led_by
            led_by = None


def _enumeration(text: str, start: int, end: int) -> list[re.Match[str]]:
    """Marks of an enumeration inside a paragraph, in order: "a)", "b)", … or "(i)", "(ii)", …"""
    found: list[re.Match[str]] = []
    wanted: tuple[str, ...] = ()
    for mark in _ENUMERATOR.finditer(text, start, end):
        name = mark.group(1) or mark.group(2)
        if not found:
            wanted = next((row for row in _ROWS if row[0] == name), ())
            if not wanted or mark.start() - start < _SHORTEST_LEAD_IN:
                continue
            led = list(bounds(text, start, mark.start()))
            if not led or not _OPEN_LEAD_IN.search(text[led[-1][0] : led[-1][1]]):
                continue
            found.append(mark)
        elif len(found) < len(wanted) and name == wanted[len(found)]:
            found.append(mark)
    return found if len(found) > 1 else []


def bounds(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of the sentences between two offsets, without white space at their ends."""
    at = start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        if stop < end and _is_abbreviation(text, at, match.start(), stop):
            continue
        if stop < end and _inside_brackets(text, at, stop):
            continue
        yield from _limited(text, at, stop)
        at = stop
    yield from _limited(text, at, end)


def _is_abbreviation(text: str, at: int, dot: int, stop: int) -> bool:
    if text[dot] != ".":
        return False
    before = text[max(at, dot - 8) : dot + 1]
    if not _ABBREVIATION.search(before):
        return False
    if before[:-1].rstrip()[-1:].isdigit() and text[at:dot].strip(" (").isdigit() is False:
        return False  # "under 16. If we": a number ends the sentence, "3. Your rights" is one
    following = text[stop : stop + 24].lstrip()
    return not (_MAY_END.search(before) and _STARTERS.match(following))


def _inside_brackets(text: str, at: int, stop: int) -> bool:
    """Whether a bracket is open that closes again within the next words."""
    piece = text[at:stop]
    if piece.count("(") <= piece.count(")"):
        return False
    closing = text.find(")", stop, stop + 200)
    return closing >= 0 and "\n" not in text[stop:closing]


def _limited(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stripped range; one that is longer than any sentence is cut at white space."""
    start, end = _strip(text, start, end)
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield _strip(text, start, cut)
        start, _ = _strip(text, cut, end)
    if start < end:
        yield start, end


def _strip(text: str, start: int, end: int, also: str = "") -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in also):
        end -= 1
    return start, end
