"""HTML (and Markdown rendered as HTML) to pieces.

The parser is lexbor (selectolax): HTML5's own rules, C speed, and it neither recurses nor gives
up on trees a thousand levels deep, where libxml2 silently loses what is below level 256 and
html5lib takes seconds. The walk over the tree keeps its own stack for the same reason. HTML5's
rules look through all open elements at every tag, so that deeper ones are taken out before.

No main-text extractor is used: those known to us drop closed accordions and tables of short
cells, which is where policies keep their substance. Menus and banners are marked instead
(:mod:`.noise`), from the regions noted here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from kg.model import BlockKind

from .pieces import (
    PLAIN_RANK,
    SUMMARY_RANK,
    Line,
    Page,
    Piece,
    Region,
    clean,
    count_words,
    ends_sentence,
    squeeze,
)
from .words import word_list

_DROPPED = word_list("dropped")
_BLOCKS = word_list("blocks")
_HEADING = re.compile(r"h([1-6])\Z")
_BOLD = frozenset(("b", "strong"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FOLDED = re.compile(r"accordion|collaps|expand|panel|tab\b|tabs|toggle|faq|content", re.IGNORECASE)
_CONSENT = re.compile(
    r"(?:cookie|consent|gdpr|ccpa)s?[-_]?(?:banner|bar|popup|modal|notice-?ba|overlay|dialog|wall|"
    r"law|message|widget|alert|prompt)|onetrust-(?:banner|consent|pc)|cookiebot|cybotcookie|"
    r"cc-(?:window|banner)|didomi|usercentrics|qc-cmp|sp_message",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|(?:top|main|site|sub|side|bottom)-?(?:nav|menu)|masthead|"
    r"breaking(?:-?news)?|(?:news-?)?ticker|related(?:-?(?:articles|posts|stories|news|links))?|navigation|menu|megamenu|breadcrumbs?|sidebar|site-?header|"
    r"site-?footer|footer|social|share-?(?:bar|buttons)|newsletter|sign-?up|subscribe|search|"
    r"pagination|skip-?link|lang(?:uage)?-?(?:switch|select)\w*|"
    r"countr(?:y|ies)-?(?:select|pick|list)\w*|popup)(?=$|[\s_-])",
    re.IGNORECASE,
)
_TAG_REGIONS = {
    "nav": "menu",
    "menu": "menu",
    "footer": "footer",
    "header": "header",
    "aside": "aside",
    "form": "form",
    "dialog": "banner",
    "search": "form",
    "button": "button",
}
_ROLE_REGIONS = {
    "navigation": "menu",
    "menu": "menu",
    "menubar": "menu",
    "banner": "header",
    "contentinfo": "footer",
    "search": "form",
    "dialog": "banner",
    "alertdialog": "banner",
}
_FOLDED_WORDS = 25  # words from which text in a hidden element counts as a closed accordion
_REGION_DEPTH = 8
#: An opening or a closing tag; what only looks like one, in a script, does no harm.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,40})")
_DEEPEST = 1000  # open elements; of those that every new paragraph opens again, far fewer
_DEEPEST_FORMAT = 12
_FORMATS = word_list("formats")
_NEVER_OPEN = word_list("never_open")  # HTML5 closes them by itself, or they hold nothing
_LOOKED_AT = 4  # times the characters of a page that the text of hidden elements may have
_GRID = 200  # widest table, and largest span of a cell, that is believed
_TAKEN = 10_000  # places in a table that spanning cells may fill
_CELL_WORDS = 400  # a cell with more words belongs to a table that only arranges the page


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    is_header: bool
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    lead: Piece | None
    cells: list[_Cell] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)
    row: int = -1
    column: int = 0
    in_head: bool = False
    is_layout: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    """What the open elements say about the text inside them."""

    kind: BlockKind = BlockKind.PARAGRAPH
    rank: int = 0
    depth: int = 0  # of lists
    lead: Piece | None = None
    bold: bool = False
    link: str | None = None
    region: Region | None = None
    is_main: bool = False
    is_preformatted: bool = False
    folds: int = 0


def read_html(markup: str) -> Page:
    """Pieces of a page in the order of its text."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

    markup = _flattened(clean(markup))
    tree = LexborHTMLParser(markup)
    page = Page()
    title = tree.css_first("title")
    page.title = squeeze(title.text()) or None if title is not None else None
    root = tree.css_first("html")
    if root is not None:
        page.language = (root.attributes.get("lang") or "").strip() or None
    canonical = tree.css_first("link[rel=canonical]")
    if canonical is not None:
        page.url = canonical.attributes.get("href") or None
    body = tree.body
    if body is not None:
        walk = _Walk(_controlled(tree), _LOOKED_AT * (len(markup) + 10_000))
        walk.over(body)
        page.pieces = walk.pieces
    return page


def _flattened(markup: str) -> str:
    """The markup without the tags of elements that lie too deep; their text stays."""
    if markup.count("<") <= _DEEPEST_FORMAT:
        return markup
    opened: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    kept: list[str] = []
    at = depth = 0
    for found in _TAG.finditer(markup):
        name = found[2].lower()
        if name in _NEVER_OPEN:
            continue
        if not found[1]:
            most = _DEEPEST_FORMAT if name in _FORMATS else _DEEPEST
            if depth < _DEEPEST and opened[name] < most:
                opened[name] += 1
                depth += 1
                continue
            dropped[name] += 1
        elif dropped[name]:
            dropped[name] -= 1
        else:
            if opened[name]:
                opened[name] -= 1
                depth -= 1
            continue
        kept.append(markup[at : found.start()])
        kept.append(f"<{found[1]}wbr")  # takes over the attributes, and means nothing
        at = found.end()
    return "".join((*kept, markup[at:])) if kept else markup


def _controlled(tree: Any) -> frozenset[str]:
    """Ids of the elements that a button or link opens."""
    found: set[str] = set()
    for node in tree.css("[aria-controls], [data-target], [data-bs-target]"):
        for name in ("aria-controls", "data-target", "data-bs-target"):
            value = node.attributes.get(name)
            if value:
                found.update(part.lstrip("#") for part in value.split())
    return frozenset(found)


class _Walk:
    """One pass over the tree, with pieces as they end."""

    def __init__(self, controlled: frozenset[str], budget: int) -> None:
        self.controlled = controlled
        self.budget = budget  # characters of hidden elements that are still looked at
        self.pieces: list[Piece] = []
        self.lines: list[Line] = []
        self.parts: list[str] = []
        self.bold = self.plain = self.linked = self.inner = 0
        self.context = _Context()
        self.tables: list[_Table] = []
        self.item: Piece | None = None

    def over(self, root: Any) -> None:
        """Visit everything below ``root``, without recursion."""
        stack: list[tuple[Any, _Context]] = []
        node = root
        while node is not None:
            before = self.context
            entered = self._enter(node)
            child = node.child if entered else None
            if child is not None:
                stack.append((node, before))
                node = child
                continue
            if entered:
                self._leave(node)
            self.context = before
            following = node.next if stack else None
            while following is None and stack:  # close the elements that end here
                parent, before = stack.pop()
                self._leave(parent)
                self.context = before
                following = parent.next if stack else None
            node = following
        self._flush()

    def _enter(self, node: Any) -> bool:
        """Note what an element means; ``False`` when nothing below it counts."""
        tag = node.tag or "-"  # the parser has no name for some nodes
        if tag == "-text":
            self._text(node.text_content or "")
            return False
        if tag.startswith(("-", "!", "_")) or tag in _DROPPED:
            return False
        if tag == "br":
            self._break()
            return False
        attributes = node.attributes
        if self._is_hidden(node, attributes):
            return False
        if tag == "q":
            self.parts.append("“")  # as browsers show it
        context = self.context
        is_block = tag in _BLOCKS
        if is_block:
            self._flush()
        region = self._region(tag, attributes, context)
        if tag == "button" and region is None:
            self._flush()
            context = replace(context, kind=BlockKind.HEADING, rank=SUMMARY_RANK + context.folds)
        if region is not None:
            self._flush()
            parent = context.region
            if parent is None or parent.depth < _REGION_DEPTH:
                depth = parent.depth + 1 if parent else 1
                context = replace(context, region=Region(region, parent, depth))
        if tag in _BOLD:
            context = replace(context, bold=True)
        elif tag == "a" and "href" in attributes:
            context = replace(context, link=attributes.get("href") or "")
        elif tag in ("main", "article") or attributes.get("role") == "main":
            context = replace(context, is_main=True)
        elif is_block:
            context = self._block(tag, attributes, context)
        self.context = context
        return True

    def _block(  # noqa: PLR0911 - one case an element
        self, tag: str, attributes: dict[str, str | None], context: _Context
    ) -> _Context:
        heading = _HEADING.match(tag)
        if heading or (attributes.get("role") == "heading" and tag in ("div", "p")):
            rank = int(heading[1]) if heading else PLAIN_RANK
            return replace(context, kind=BlockKind.HEADING, rank=rank, bold=False)
        if tag == "details":
            return replace(context, folds=min(context.folds + 1, 4))
        if tag == "summary":
            rank = SUMMARY_RANK + max(0, context.folds - 1)
            return replace(context, kind=BlockKind.HEADING, rank=rank)
        if tag in ("ul", "ol", "menu"):
            return replace(context, depth=context.depth + 1, lead=self._list_lead(context.depth))
        if tag == "li":
            self.item = None
            return replace(context, kind=BlockKind.ITEM, rank=max(1, context.depth))
        if tag == "dt":
            return replace(context, kind=BlockKind.TERM)
        if tag == "dd":
            lead = next((p for p in reversed(self.pieces) if p.kind is BlockKind.TERM), None)
            return replace(context, kind=BlockKind.DEFINITION, lead=lead)
        if tag == "pre":
            return replace(context, is_preformatted=True)
        if tag == "table":
            if self.tables:
                self.tables[-1].is_layout = True
            lead = self.pieces[-1] if self.pieces else None
            if lead is not None and lead.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
                lead = None
            layout = attributes.get("role") in ("presentation", "none")
            self.tables.append(_Table(lead, is_layout=layout))
        elif self.tables:
            self._table_part(tag, attributes)
        return context

    def _table_part(self, tag: str, attributes: dict[str, str | None]) -> None:
        table = self.tables[-1]
        if tag in ("thead", "tbody", "tfoot"):
            table.in_head = tag == "thead"
        elif tag == "tr":
            table.row += 1
            table.column = 0
        elif tag in ("td", "th"):
            row = max(0, table.row)
            while (row, table.column) in table.taken and table.column < _GRID:
                table.column += 1
            width, height = (_span(attributes.get(name)) for name in ("colspan", "rowspan"))
            for down in range(1, height):
                if len(table.taken) < _TAKEN:
                    table.taken.update((row + down, table.column + right) for right in range(width))
            table.cells.append(_Cell(row, table.column, tag == "th" or table.in_head))
            table.column += width

    def _leave(self, node: Any) -> None:
        tag = node.tag
        if tag in _BLOCKS or tag == "button":
            self._flush()
        if tag == "q":
            self.parts.append("”")
        elif tag == "table" and self.tables:
            _finish(self.tables.pop())
        elif tag == "li":
            self.item = None

    def _list_lead(self, depth: int) -> Piece | None:
        """The piece that introduces a list which opens here."""
        for piece in reversed(self.pieces[-200:]):
            if piece.kind is BlockKind.ITEM and piece.rank > depth:
                # A list right after a list: it continues the same enumeration.
                if piece.rank == depth + 1:
                    return piece.lead
                continue
            if piece.kind is BlockKind.HEADING:
                return piece if piece.text.endswith(":") else None
            return piece if piece.kind is not BlockKind.NOISE else None
        return None

    def _is_hidden(self, node: Any, attributes: dict[str, str | None]) -> bool:
        """Hidden for good: not a closed accordion, tab or "read more"."""
        style = attributes.get("style") or ""
        if not (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or (style and _HIDDEN_STYLE.search(style))
        ):
            return False
        if node.tag in ("body", "html", "main", "article"):
            return False
        names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}"
        if _CONSENT.search(names):
            return True
        text = node.text(separator=" ") if self.budget > 0 else ""
        self.budget -= len(text) + 100  # nested ones add up
        known = (attributes.get("id") or "\0") in self.controlled
        folded = known or attributes.get("role") in ("tabpanel", "region") or _FOLDED.search(names)
        return not (count_words(text) >= (1 if folded else _FOLDED_WORDS))

    def _region(self, tag: str, attributes: dict[str, str | None], context: _Context) -> str | None:
        names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}"
        if names != " " and _CONSENT.search(names):
            return "banner"
        role = attributes.get("role") or ""
        if tag == "button":
            opens = "aria-expanded" in attributes or "aria-controls" in attributes
            in_heading = context.kind in (BlockKind.HEADING, BlockKind.TERM)
            return None if opens or in_heading else "button"
        found = _TAG_REGIONS.get(tag) or _ROLE_REGIONS.get(role)
        if found is None and tag in _BLOCKS and tag not in ("body", "html", "main", "article"):
            found = "class" if _FURNITURE.search(names) else None
        if found == "header" and context.is_main:
            return None  # the head of an article: its title and date
        return found

    def _text(self, text: str) -> None:
        if not text:
            return
        context = self.context
        if context.is_preformatted and "\n" in text:
            for index, part in enumerate(text.split("\n")):
                if index:
                    self._break()
                self._text(part)
            return
        self.parts.append(text)
        size = len(text.strip())
        if context.bold:
            self.bold += size
        else:
            self.plain += len(re.sub(r"[\W_]+", "", text))
        if context.link is not None:
            self.linked += size
            if context.link.startswith("#"):
                self.inner += size

    def _break(self) -> None:
        text = squeeze("".join(self.parts))
        is_bold = self.bold > 0 and self.plain == 0
        self.lines.append(Line(text, is_bold, min(self.linked, len(text)), self.inner))
        self.parts = []
        self.bold = self.plain = self.linked = self.inner = 0

    def _flush(self) -> None:
        if not self.parts and not self.lines:
            return
        self._break()
        lines, self.lines = self.lines, []
        while lines and not lines[0].text:
            del lines[0]
        while lines and not lines[-1].text:
            del lines[-1]
        if not lines:
            return
        context = self.context
        piece = Piece(
            context.kind,
            lines,
            rank=context.rank,
            lead=context.lead if context.depth or context.kind is BlockKind.DEFINITION else None,
            region=context.region,
            is_main=context.is_main,
        )
        if piece.kind is BlockKind.ITEM:
            self._as_item(piece)
        elif piece.kind is BlockKind.PARAGRAPH:
            piece.lead = None
        if self.tables and self.tables[-1].cells:
            self.tables[-1].cells[-1].pieces.append(piece)
        self.pieces.append(piece)
        if context.region is not None:
            text = piece.text
            words = count_words(text)
            if words >= 10 and ends_sentence(text):
                region: Region | None = context.region
                while region is not None:
                    region.prose_words += words
                    region = region.parent

    def _as_item(self, piece: Piece) -> None:
        """A later paragraph of a list item is text of its own, unless the item introduces it."""
        first = self.item
        if first is None:
            self.item = piece
        elif first.text.endswith(":"):
            piece.lead = first
            piece.rank = first.rank + 1
        else:
            piece.kind = BlockKind.PARAGRAPH
            piece.rank = 0
            piece.lead = None


def _span(value: str | None) -> int:
    """A cell's colspan or rowspan: 1 unless the markup gives a believable number."""
    if value is None or not value.strip().isascii() or not value.strip().isdigit():
        return 1
    return min(max(1, int(value.strip()[:6])), _GRID)


def _finish(table: _Table) -> None:
    """Make cells of a table's pieces, or leave them alone when it only arranges the page."""
    cells = [cell for cell in table.cells if cell.pieces]
    rows = {cell.row for cell in cells}
    columns = {cell.column for cell in cells}
    largest = max((sum(count_words(p.text) for p in c.pieces) for c in cells), default=0)
    if table.is_layout or len(columns) < 2 or len(rows) < 2 or largest > _CELL_WORDS:
        return
    first = [cell for cell in cells if cell.row == min(rows)]
    has_head = any(cell.is_header for cell in first)
    if not has_head and len(first) >= 2 and all(_looks_like_head(c) for c in first):
        for cell in first:
            cell.is_header = True
    heads: dict[int, Piece] = {}
    by_row: dict[int, list[_Cell]] = {row: [] for row in sorted(rows)}
    for cell in cells:
        by_row[cell.row].append(cell)
    for number, in_row in enumerate(by_row.values()):
        is_head_row = all(cell.is_header for cell in in_row)
        for cell in in_row:
            for piece in cell.pieces:
                piece.kind = BlockKind.HEADER if cell.is_header else BlockKind.CELL
                piece.row = number
                piece.rank = 0
                piece.lead = table.lead
                piece.header = None if is_head_row else heads.get(cell.column)
        if is_head_row:
            heads.update((cell.column, cell.pieces[0]) for cell in in_row)


def _looks_like_head(cell: _Cell) -> bool:
    """Bold from end to end: the first row of a table that has no th."""
    return all(piece.is_bold for piece in cell.pieces)
