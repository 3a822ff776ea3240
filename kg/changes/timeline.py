"""History -> tables, a report, and values for JSON."""

from __future__ import annotations

from typing import Any

from kg.changes import told
from kg.changes.history import History, Life
from kg.model import Result
from kg.views.report import Report, Section


def flows(found: History) -> Result:
    """One row for flows that came and went together."""
    return Result(
        ("first", "last", "missing", "actor", "action", "data", "with"),
        tuple(
            (
                life.first,
                "" if life.is_current else life.last,
                _gaps(life),
                life.actor.label,
                _action(life),
                told.listed(life.data),
                told.listed(life.others),
            )
            for life in found.lives
        ),
    )


def events(found: History) -> Result:
    """One row a change, by the date of the later snapshot."""
    return Result(
        ("date", "change", "kinds", "what"),
        tuple(
            (
                step.later.date or step.later.documents[0],
                change.kind.value,
                "; ".join(map(told.told, change.details)),
                told.headline(change),
            )
            for step in found.steps
            for change in step.changes
        ),
    )


def report(found: History) -> Report:
    """The flows as a table, and the changes of each date as cards."""
    lead = f"{found.snapshots} snapshots from {found.first} to {found.last}"
    sections = [Section("Flows", "Without a last date: still there.", table=flows(found))]
    for step in found.steps:
        title = f"{step.earlier.date} → {step.later.date}: {told.summary(step.changes)}"
        sections.append(Section(title, cards=tuple(map(told.card, step.changes))))
    return Report(f"{found.company}: history", lead, tuple(sections))


def values(found: History) -> dict[str, Any]:
    """What JSON holds."""
    return {
        "company": found.company,
        "snapshots": found.snapshots,
        "flows": [
            {
                "actor": life.actor.label,
                "action": life.action.value,
                "polarity": "negated" if life.is_denial else "affirmed",
                "data": [one.label for one in life.data],
                "with": [one.label for one in life.others],
                "first": life.first,
                "last": life.last,
                "gaps": [list(gap) for gap in life.gaps],
                "current": life.is_current,
            }
            for life in found.lives
        ],
        "steps": [
            {
                "earlier": step.earlier.date,
                "later": step.later.date,
                "changes": told.values(step.changes),
            }
            for step in found.steps
        ],
    }


def _action(life: Life) -> str:
    return f"not {life.action.value}" if life.is_denial else life.action.value


def _gaps(life: Life) -> str:
    return "; ".join(a if a == b else f"{a} to {b}" for a, b in life.gaps)
