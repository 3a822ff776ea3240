"""Finding -> what people and programs read: rows, values, cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from kg.checks.find import Finding
from kg.checks.grading import Side
from kg.checks.rules import Grade
from kg.model import Result
from kg.views.report import Card, Quote, Report, Section

_COLUMNS = (
    *("company", "date", "grade", "check", "first", "second", "why", "shared", "reconciled"),
    *("document", "places"),
)
_OPEN = 4


def rows(findings: Iterable[Finding]) -> Result:
    """A row a finding, for a terminal and a spreadsheet; places are where the sentences begin."""
    return Result(
        _COLUMNS,
        tuple(
            (
                found.company,
                found.source.date,
                found.grade.value,
                found.check,
                found.first.text,
                found.second.text if found.second else None,
                found.why,
                _shared(found) or None,
                "; ".join(found.reconciled) or None,
                min(found.source.documents, default=None),
                ", ".join(str(side.start) for side in (found.first, found.second) if side),
            )
            for found in findings
        ),
    )


def values(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """All of a finding as values that JSON holds; offsets are those of the document's text."""
    return [
        {
            "company": found.company,
            "date": found.source.date,
            "snapshot": found.source.graph,
            "documents": list(found.source.documents),
            "check": found.check,
            "question": found.question,
            "grade": found.grade.value,
            "first": _side(found.first),
            "second": _side(found.second) if found.second else None,
            "shared": dict(found.shared),
            "why": found.why,
            "reconciled": list(found.reconciled),
            "open_to": list(found.open_to),
            "confidence": round(found.confidence, 2),
        }
        for found in findings
    ]


def _side(side: Side) -> dict[str, Any]:
    return {
        "text": side.text,
        "start": side.start,
        "end": side.end,
        "headings": list(side.headings),
        "claim": side.iri or None,
    }


def report(findings: Sequence[Finding]) -> Report:
    """Cards by company and date, each with its sentences."""
    counts = {grade: sum(found.grade is grade for found in findings) for grade in Grade}
    told = ", ".join(_counted(count, grade) for grade, count in counts.items() if count)
    return Report(
        title="Where policies go against themselves",
        lead=f"{told or 'Nothing'} found. A contradiction cannot both be true; a tension is worth "
        "asking the company about; an apparent one is reconciled by something in the policy. "
        "Each is a pair of sentences to read, not a verdict on the company.",
        sections=tuple(_sections(findings)),
    )


def _counted(count: int, grade: Grade) -> str:
    if grade is Grade.APPARENT:
        return f"{count} apparent"
    return f"{count} {grade.value}{'' if count == 1 else 's'}"


def _sections(findings: Sequence[Finding]) -> Iterator[Section]:
    for _, group in groupby(findings, key=lambda found: found.source.graph):
        found = tuple(group)
        source = found[0].source
        title = f"{source.company} {source.date}" if source.date else source.company
        yield Section(title, cards=tuple(map(_card, found)))


def _card(found: Finding) -> Card:
    facts = [("check", found.check)]
    if shared := _shared(found):
        facts.append(("both speak of", shared))
    if found.reconciled:
        verb = "reconciled by" if found.grade is Grade.APPARENT else "milder for"
        facts.append((verb, "; ".join(found.reconciled)))
    if found.grade is not Grade.APPARENT and found.open_to:
        facts.append(("would be reconciled by", "; ".join(found.open_to[:_OPEN])))
    sides = [("It says", found.first)]
    if found.second:
        sides.append(("and says", found.second))
    return Card(
        heading=found.why,
        badge=found.grade.value,
        facts=tuple(facts),
        quotes=tuple(Quote(label, side.text, _where(found, side)) for label, side in sides),
    )


def _where(found: Finding, side: Side) -> str:
    document = min(found.source.documents, default="")
    return ", ".join(filter(None, (document, " › ".join(side.headings), f"at {side.start}")))


def _shared(found: Finding) -> str:
    return "; ".join(f"{role}: {what}" for role, what in found.shared)
