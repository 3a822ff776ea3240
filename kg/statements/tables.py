"""Rows of a table -> statements: what the column headers say of the cells under them.

"Data | Why | Who gets it" over "e-mail address | newsletter | Postrider" states a use and a
share. Cells that are sentences of their own are read as sentences, not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kg.grounding import Grounder, Scheme
from kg.model import (
    Action,
    BlockKind,
    Document,
    Evidence,
    Mention,
    Modality,
    Polarity,
    Span,
    Statement,
)
from kg.statements.parties import Context, publisher_mention

_HEADERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        (
            "retention",
            r"\b(?:retention|retain\w*|how long|period|kept|keep|duration|expir\w+|lifespan)\b",
        ),
        ("legal_bases", r"\b(?:legal|lawful|bas[ie]s|grounds?)\b"),
        ("purposes", r"^(?!.*(?:third part|recipient|whom|source)).*\bpurposes?\b"),
        (
            "recipients",
            r"\b(?:shar\w+|disclos\w+|recipients?|third part\w+|who (?:gets|receives|has)|"
            r"with whom|partners?)\b",
        ),
        (
            "sources",
            r"\b(?:sources?|where (?:do )?we (?:get|obtain)\w*|obtained from|collected from)\b",
        ),
        ("purposes", r"\b(?:purposes?|why|how (?:do )?we use|uses?|used|reasons?)\b"),
        ("locations", r"\b(?:where|location|country|countries|place)\b"),
        ("data", r"\b(?:data|information|categor\w+|collect\w*|types?|cookies?)\b"),
    )
)
_NOTHING = re.compile(
    r"^\W*(?:no|n/?a|not applicable|(?:nobody|no one|none|never)\b.*|"
    r"not (?:shared|sold|disclosed|collected|kept)\b.*|see .*|yes)?\W*$",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\s*[;,•\n(]?\s*\b(?:such as|including|e\.g\.|for example)\s*|"
    r"\s*[;,•\n]\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+(?=[^,;]*$)"
)
_CLAUSES = re.compile(r"\s*[;•\n]\s*|(?<=[a-z])\.\s+")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}$", re.IGNORECASE)
_LEADING = re.compile(r"(?:(?:your|our|the|a|an|any|to|for|and)\s+)+", re.IGNORECASE)
_SCHEMES = {
    "data": Scheme.DATA,
    "recipients": Scheme.RECIPIENT,
    "sources": Scheme.RECIPIENT,
    "purposes": Scheme.PURPOSE,
    "legal_bases": Scheme.BASIS,
    "locations": Scheme.PLACE,
}
_LONGEST_CELL = 600


@dataclass(frozen=True, slots=True)
class _Cell:
    role: str
    header: Span
    span: Span


def read_tables(document: Document, grounder: Grounder, context: Context) -> Iterator[Statement]:
    """Statements of all rows that have cells under telling headers, in the order of the text."""
    cells = [
        (block.row, block)
        for block in document.blocks
        if block.kind is BlockKind.CELL and block.row is not None
    ]
    for _, group in groupby(cells, key=lambda c: c[0]):
        blocks = [block for _, block in group]
        row = []
        for block in blocks:
            if block.header is None:
                continue
            above = document.blocks[block.header]
            role = header_role(document.text_of(above))
            text = document.text_of(block)
            if role and not _NOTHING.match(text) and len(text) <= _LONGEST_CELL:
                row.append(
                    _Cell(
                        role,
                        Span(document.text_of(above), above.start, above.end),
                        Span(text, block.start, block.end),
                    )
                )
        if row:
            start, end = blocks[0].start, blocks[-1].end
            headings = tuple(document.text_of(document.blocks[h]) for h in blocks[0].headings)
            yield from _row(document, row, start, end, headings, grounder, context)


def header_role(text: str) -> str | None:
    """Role of the cells under a column header; ``None`` when it does not tell.

    >>> header_role("How long we keep it"), header_role("Who gets it"), header_role("Notes")
    ('retention', 'recipients', None)
    """
    return next((role for role, pattern in _HEADERS if pattern.search(text)), None)


def _row(
    document: Document,
    row: Sequence[_Cell],
    start: int,
    end: int,
    headings: tuple[str, ...],
    grounder: Grounder,
    context: Context,
) -> Iterator[Statement]:
    found: dict[str, tuple[Mention, ...]] = {}
    headers: dict[str, Span] = {}
    for cell in row:
        if cell.role not in found:
            found[cell.role] = _mentions(cell, grounder, context)
            headers[cell.role] = cell.header
    data = found.get("data", ())
    planned: list[tuple[Action, str, tuple[str, ...]]] = []
    if "sources" in found:
        planned.append((Action.COLLECT, "sources", ("sources",)))
    if "purposes" in found or "legal_bases" in found:
        told = "purposes" if "purposes" in found else "legal_bases"
        planned.append((Action.USE, told, ("purposes", "legal_bases")))
    if "recipients" in found:
        planned.append((Action.SHARE, "recipients", ("recipients",)))
    if "retention" in found:
        planned.append((Action.RETAIN, "retention", ("retention",)))
    if "locations" in found and data:
        planned.append((Action.STORE, "locations", ("locations",)))
    if data and not planned:
        planned.append((Action.COLLECT, "data", ()))
    for action, told, roles in planned:
        header = headers[told]
        told_roles: dict[str, Any] = {role: found[role] for role in roles if role in found}
        if not data and not _stands_alone(action, told_roles):
            continue
        yield Statement(
            action=action,
            polarity=Polarity.AFFIRMED,
            modality=Modality.MAY if re.search(r"\bmay\b", header.text) else Modality.ASSERTED,
            trigger=Mention(header.text, header.start, header.end),
            evidence=Evidence(
                document.name,
                document.text[start:end],
                start,
                end,
                headings,
                tuple(headers.values()),
            ),
            actor=publisher_mention(context, "", start, start),
            data=data,
            data_subject="user",
            confidence=0.7,
            **told_roles,
        )


def _stands_alone(action: Action, roles: dict[str, tuple[Mention, ...]]) -> bool:
    """Whether a row that names no data states something: for a purpose that is known as one."""
    if action is not Action.USE:
        return action is not Action.RETAIN
    return any(m.iri and m.broader is None for mentions in roles.values() for m in mentions)


def _mentions(cell: _Cell, grounder: Grounder, context: Context) -> tuple[Mention, ...]:
    """The phrases of a cell, each grounded in its role's scheme."""
    splitter = _CLAUSES if cell.role in {"purposes", "legal_bases", "retention"} else _LIST
    mentions = []
    for start, end in _split(cell.span.text, splitter):
        text = cell.span.text[start:end]
        at = cell.span.start + start
        scheme = _SCHEMES.get(cell.role)
        if scheme is not None and (
            grounder.is_elsewhere(text, scheme) or (scheme is Scheme.DATA and _HOST.match(text))
        ):
            continue
        ground = None
        if scheme is Scheme.RECIPIENT:
            ground = grounder.company(text)
        if ground is None and scheme is not None:
            ground = grounder.ground(text, scheme, context.publisher or "")
        if ground is None:
            mentions.append(Mention(text, at, at + len(text)))
        else:
            mentions.append(
                Mention(text, at, at + len(text), ground.iri, ground.label, ground.broader)
            )
    return tuple(mentions)


def _split(text: str, splitter: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    at = 0
    for end, following in [
        *((m.start(), m.end()) for m in splitter.finditer(text)),
        (len(text), len(text)),
    ]:
        start, stop = at, end
        while start < stop and not text[start].isalnum():
            start += 1
        while stop > start and not (text[stop - 1].isalnum() or text[stop - 1] in ")%"):
            stop -= 1
        leading = _LEADING.match(text, start, stop)
        if leading and leading.end() < stop:
            start = leading.end()
        if start < stop:
            yield start, stop
        at = following
