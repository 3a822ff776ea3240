"""Vagueness of policies -> rows, a report, values."""

from __future__ import annotations

from typing import Any

from kg.model import Result
from kg.queries.formats import Cell
from kg.vagueness import Vagueness, Vaguenesses, wilson
from kg.views.report import Card, Report, Section
from kg.views.said import copies, quote, value

#: Way of being open -> what a reader is told.
_NAMES = {
    "recipient": "no or vague recipient",
    "no recipient": "no recipient",
    "vague recipient": "vague recipient",
    "data": "no or vague data",
    "both": "both open",
    "may": "may",
}
_QUOTES = 2


def rows(found: Vaguenesses, *, numbers: bool = False) -> Result:
    """A line a policy: of its disclosures, how many are open in which way, with the interval.

    Args:
        numbers: put count, share and the ends of the interval into columns of their own.
    """
    columns = ["company", "disclosures"]
    for name in _NAMES.values():
        parts = (f"{name}: {part}" for part in ("count", "share", "from", "to"))
        columns += parts if numbers else [name]
    lines: list[tuple[Cell, ...]] = []
    for row in found.rows:
        line: list[Cell] = [row.source.company, row.disclosures]
        for way in _NAMES:
            share = row.shares[way]
            ends = (round(end, 4) for end in (share.share, *share.interval))
            line += [len(share.found), *ends] if numbers else [_told(len(share.found), share.of)]
        lines.append(tuple(line))
    return Result(tuple(columns), tuple(lines))


def _told(count: int, of: int) -> str:
    """A share, the count, and the interval; nothing of none."""
    if not of:
        return ""
    low, high = wilson(count, of)
    return f"{count / of:.0%} ({count}; {low:.0%} to {high:.0%})"


def report(found: Vaguenesses) -> Report:
    """The table, and a card a company with sentences for each way of being open."""
    cards = tuple(_card(row) for row in found.rows if row.disclosures)
    return Report(
        "What disclosures leave open",
        lead(found),
        (
            Section("Companies", _note(found), table=rows(found)),
            Section("Sentences", cards=cards),
        ),
    )


def lead(found: Vaguenesses) -> str:
    """All companies together."""
    every = sum(row.disclosures for row in found.rows)
    stating = sum(bool(row.disclosures) for row in found.rows)
    parts = []
    for way, name in _NAMES.items():
        count = sum(len(row.shares[way].found) for row in found.rows)
        parts.append(f"{name} {_told(count, every) or 0}")
    told = f"{every} disclosures by {stating} of {len(found.rows)} policies: {'; '.join(parts)}."
    return f"{told}{copies(found.copies)}"


def _note(found: Vaguenesses) -> str:
    return (
        "A disclosure is a statement that the company itself shares or sells data, or transfers "
        "them to somebody, as it was read: who was not recognised counts as nobody. In each cell: "
        "the share of them that is open in this way, then how many, and between which shares "
        "the truth lies with a probability of 95 %. Sorted by the lower end of "
        f"“{_NAMES.get(found.order, found.order)}”. Vague are “third parties”, “partners” and the "
        "like, and data no more exact than “personal information”."
    )


def _card(row: Vagueness) -> Card:
    facts, quotes = [("disclosures", str(row.disclosures))], []
    seen: set[str] = set()
    for way, name in _NAMES.items():
        share = row.shares[way]
        facts.append((name, _told(len(share.found), share.of)))
        fresh = [said for said in share.found if said.sentence not in seen]
        for said in fresh[:_QUOTES]:
            if said.sentence not in seen:
                seen.add(said.sentence)
                quotes.append(quote(said, name))
    return Card(row.source.company, row.source.date or "", tuple(facts), tuple(quotes))


def values(found: Vaguenesses) -> dict[str, Any]:
    """All as JSON can hold it: for every count its statements with their sentences."""
    return {
        "order": found.order,
        "copies_left_out": [source.company for source in found.copies],
        "policies": [
            {
                "company": row.source.company,
                "iri": row.source.company_iri,
                "date": row.source.date,
                "snapshot": row.source.graph,
                "disclosures": row.disclosures,
                "ways": {
                    way: {
                        "count": len(share.found),
                        "share": round(share.share, 4),
                        "interval": [round(end, 4) for end in share.interval],
                        "statements": [said.iri for said in share.found],
                    }
                    for way, share in row.shares.items()
                },
                "sentences": {
                    said.iri: value(said, found.concepts)
                    for share in row.shares.values()
                    for said in share.found
                },
            }
            for row in found.rows
        ],
    }
