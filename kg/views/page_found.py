"""What was found in claims -> rows of a page, which quote sentences of its other tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from kg.model import Evidence
from kg.views.found import Compared, Found

if TYPE_CHECKING:
    from kg.changes.rights import RightChange
    from kg.checks import Finding, Side
    from kg.claims import Claim, Source

#: What became of a practice.
KINDS = ("added", "removed", "changed")
#: How much two sentences are at odds, the worst first.
GRADES = ("contradiction", "tension")
#: Table -> what its rows hold, in this order. A quote is the number of a statement or, where
#: none of the page was read in it, -1 less the number of a sentence. Those of a finding are one
#: list a side, since what was found by its words may say several things.
FIELDS = {
    "pairs": ("earlier", "later", "whole"),
    "changes": ("pair", "kind", "denied", "text", "details", "before", "after"),
    "findings": (
        *("policy", "grade", "question", "why", "quotes"),
        *("shared", "reconciled", "open"),
    ),
}


class Tables(Protocol):
    """The tables of a page while they are filled."""

    def policy(self, source: Source) -> int:
        """Number of a snapshot."""

    def statement(self, claim: Claim) -> int | None:
        """Number of a statement; ``None`` for a claim that was not chosen."""

    def sentence(self, source: Source, span: Evidence) -> int:
        """Number of a sentence, which is added where it is not there yet."""

    def said_in(self, sentence: int) -> list[int]:
        """Numbers of the statements of a sentence."""

    def text(self, text: str) -> int:
        """Number of a text, which is added where it is not there yet."""


def found_rows(found: Found, tables: Tables) -> dict[str, list[list[Any]]]:
    """The tables of :data:`FIELDS`, in the order of what was found."""
    return {
        "pairs": [
            [tables.policy(one.earlier), tables.policy(one.later), int(one.is_whole)]
            for one in found.compared
        ],
        "changes": list(_changes(found, tables)),
        "findings": [_finding(one, tables) for one in found.findings],
    }


def _changes(found: Found, tables: Tables) -> Iterator[list[Any]]:
    from kg.changes.told import headline, told  # noqa: PLC0415 - it needs reports, these a page

    for number, pair in enumerate(found.compared):
        for change in pair.changes:
            yield [
                number,
                KINDS.index(change.kind.value),
                int(change.is_denial),
                tables.text(headline(change)),
                [tables.text(told(detail)) for detail in change.details],
                _quotes(change.before, tables),
                _quotes(change.after, tables),
            ]
        for right in pair.rights:
            yield [number, *_right(right, pair, tables)]


def _right(change: RightChange, pair: Compared, tables: Tables) -> list[Any]:
    is_new = change.kind.value == "added"
    source = pair.later if is_new else pair.earlier
    sentences = (tables.sentence(source, right.evidence) for right in change.granted)
    quotes = list(dict.fromkeys(-1 - number for number in sentences))
    return [
        KINDS.index(change.kind.value),
        0,
        tables.text(f"{change.company}: {change.right.label}"),
        [tables.text("right granted" if is_new else "right no longer granted")],
        *([[], quotes] if is_new else [quotes, []]),
    ]


def _quotes(claims: Iterable[Claim], tables: Tables) -> list[int]:
    quotes = []
    for claim in claims:
        number = tables.statement(claim)
        if number is None:
            number = -1 - tables.sentence(claim.source, claim.statement.evidence)
        quotes.append(number)
    return list(dict.fromkeys(quotes))


def _finding(finding: Finding, tables: Tables) -> list[Any]:
    def side(one: Side) -> list[int]:
        number = tables.statement(one.claim) if one.claim else None
        if number is not None:
            return [number]
        span = Evidence("", one.text, one.start, one.end, one.headings)
        sentence = tables.sentence(finding.source, span)
        return tables.said_in(sentence) or [-1 - sentence]

    def texts(some: Iterable[str]) -> list[int]:
        return [tables.text(one) for one in some]

    return [
        tables.policy(finding.source),
        GRADES.index(finding.grade.value),
        tables.text(finding.question),
        tables.text(finding.why),
        [side(one) for one in (finding.first, finding.second) if one],
        texts(f"{role}: {what}" for role, what in finding.shared),
        texts(finding.reconciled),
        texts(finding.open_to),
    ]
