"""Vagueness of policies -> rows, a report, values."""

from __future__ import annotations

from typing import Any

from kg.model import Result
from kg.vagueness import Share, Vagueness, Vaguenesses, wilson
from kg.views.report import Card, Report, Section
from kg.views.said import quote, value

#: Way of being open -> what a reader is told.
_NAMES = {
    "no recipient": "no recipient",
    "vague recipient": "vague recipient",
    "data": "no or vague data",
    "both": "recipient and data open",
    "may": "may",
}
_QUOTES = 2


def rows(found: Vaguenesses) -> Result:
    """A line a policy: of its disclosures, how many are open in which way, with the interval."""
    columns = ("company", "disclosures", "recipient open", *_NAMES.values())
    return Result(
        columns,
        tuple(
            (
                row.source.company,
                row.disclosures,
                *(_told(row.shares[way]) for way in ("recipient", *_NAMES)),
            )
            for row in found.rows
        ),
    )


def _told(share: Share) -> str:
    if not share.of:
        return ""
    low, high = share.interval
    return f"{share.share:.0%} ({len(share.found)}; {low:.0%} to {high:.0%})"


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
    for way, name in {"recipient": "recipient open", **_NAMES}.items():
        count = sum(len(row.shares[way].found) for row in found.rows)
        low, high = wilson(count, every)
        parts.append(f"{name} {count} ({low:.0%} to {high:.0%})")
    told = f"{every} disclosures by {stating} of {len(found.rows)} policies: {'; '.join(parts)}."
    if found.copies:
        names = ", ".join(source.company for source in found.copies)
        told += f" Left out as copies of a policy that is counted already: {names}."
    return told


def _note(found: Vaguenesses) -> str:
    return (
        "A disclosure is a statement that the company itself shares, transfers or sells data. In "
        "each cell: the share of them that is open in this way, then how many, and between which "
        "shares the truth lies with a probability of 95 %. Sorted by the lower end of "
        f"“{_NAMES.get(found.order, found.order)}”. Vague are “third parties”, “partners” and the "
        "like, and data no more exact than “personal information”."
    )


def _card(row: Vagueness) -> Card:
    facts, quotes = [("disclosures", str(row.disclosures))], []
    seen: set[str] = set()
    for way, name in _NAMES.items():
        share = row.shares[way]
        facts.append((name, _told(share)))
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
