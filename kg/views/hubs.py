"""Hubs -> rows, a report, values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kg.hubs import Hub, Hubs
from kg.model import Result
from kg.views.report import Card, Quote, Report, Section
from kg.views.said import copies, quote, value

_VALUES = 4
#: Sentences that a company is quoted with, and with how many companies they become one.
_QUOTES, _MANY = 2, 10


def shown(found: Hubs, top: int) -> tuple[Hub, ...]:
    """The first of the companies and services, and of the kinds; 0 means all."""
    named = [hub for hub in found.rows if hub.is_named]
    kinds = [hub for hub in found.rows if not hub.is_named]
    return (*named[: top or None], *kinds[: top or None])


def rows(found: Hubs, *, top: int = 0) -> Result:
    """A line a hub: companies and services first, then kinds of recipient."""
    columns = ("recipient", "is", "kind", "companies", "with sensitive data", "names itself",
               "data", "purposes", "actions")  # fmt: skip
    lines = (
        (
            hub.label,
            "named" if hub.is_named else "a kind",
            hub.kind,
            len(hub.companies),
            hub.sensitive,
            hub.names,
            _listed(hub.data),
            _listed(hub.purposes),
            _listed(hub.actions),
        )
        for hub in shown(found, top)
    )
    return Result(columns, tuple(lines))


def _listed(counts: Sequence[tuple[str, int]]) -> str:
    told = ", ".join(f"{label} {count}" for label, count in counts[:_VALUES])
    rest = len(counts) - _VALUES
    return f"{told}, and {rest} more" if rest > 0 else told


def report(found: Hubs, *, top: int = 0) -> Report:
    """Two sections of cards, with a sentence or two of each company."""
    hubs = shown(found, top)
    sections = [
        _section(title, [hub for hub in hubs if hub.is_named is is_named], found, is_named)
        for title, is_named in (("Companies and services", True), ("Kinds of recipient", False))
    ]
    return Report("Whom data reach", lead(found), tuple(sections))


def lead(found: Hubs) -> str:
    """What was looked at, and what was left out."""
    told = (
        f"By {len(found.policies)} policies, of which {found.silent} name nobody. Numbers are of "
        "companies: how many say that data reach the recipient, or that this kind of data does, "
        f"for this purpose, in this way. Left out: {found.own_words} statements that name a "
        "recipient only in words of their own that have no place among the concepts; what is "
        "denied; what users pass on; flows within a group of companies."
    )
    return f"{told}{copies(found.copies)}"


def _section(title: str, hubs: Sequence[Hub], found: Hubs, is_named: bool) -> Section:
    every = sum(hub.is_named is is_named for hub in found.rows)
    note = f"{len(hubs)} of {every}."
    if is_named:
        note += " “Names itself”: how many others its own policy in this graph names."
    return Section(title, note, tuple(map(_card, hubs)))


def _card(hub: Hub) -> Card:
    names = dict.fromkeys(reach.practice.source.company for reach in hub.reaches)
    facts = [
        ("companies", f"{len(hub.companies)}: {', '.join(names)}"),
        ("data", _listed(hub.data)),
        ("sensitive data", f"from {hub.sensitive}" if hub.sensitive else ""),
        ("for", _listed(hub.purposes)),
        ("how", _listed(hub.actions)),
        ("names itself", "" if hub.names is None else str(hub.names)),
    ]
    told = tuple((name, text) for name, text in facts if text)
    return Card(hub.label, hub.kind, told, tuple(_quotes(hub)))


def _quotes(hub: Hub) -> Iterator[Quote]:
    most = _QUOTES if len(hub.companies) < _MANY else 1
    seen: dict[str, set[str]] = {}
    for reach in hub.reaches:
        told = seen.setdefault(reach.company, set())
        if len(told) < most and reach.practice.sentence not in told:
            told.add(reach.practice.sentence)
            yield quote(reach.practice, reach.practice.source.company)


def values(found: Hubs, *, top: int = 0) -> dict[str, Any]:
    """All as JSON can hold it: of every hub each statement with its sentence."""
    return {
        "policies": len(found.policies),
        "policies_that_name_nobody": found.silent,
        "copies_left_out": [source.company for source in found.copies],
        "statements_left_out_for_own_words": found.own_words,
        "hubs": [
            {
                "recipient": hub.label,
                "iri": hub.iri,
                "is_named": hub.is_named,
                "kind": hub.kind,
                "companies": len(hub.companies),
                "companies_with_sensitive_data": hub.sensitive,
                "names_itself": hub.names,
                "data": dict(hub.data),
                "purposes": dict(hub.purposes),
                "actions": dict(hub.actions),
                "statements": [value(reach.practice, found.concepts) for reach in hub.reaches],
            }
            for hub in shown(found, top)
        ],
    }
