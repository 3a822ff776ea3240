"""History -> tables, a report, and values for JSON."""

from __future__ import annotations

from typing import Any

from kg.changes import told
from kg.changes.history import History, Life, Step
from kg.changes.model import Change, Kind
from kg.model import Action, Result
from kg.views.report import Report, Section

_PASSING_ON = frozenset({Action.SHARE, Action.TRANSFER, Action.SELL})


def versions(found: History) -> Result:
    """One row for each snapshot that changed something, with what to look at first.

    ``sharing`` counts the changes of who gets data, ``denials`` those of what is not done.
    """
    rows: list[tuple[str | int, ...]] = [
        (found.first, *("",) * 5, f"the first of {found.snapshots} snapshots")
    ]
    rows += [(_date(step), *_counts(step.changes), _note(step)) for step in found.steps]
    rows += [(day, *("",) * 5, "left out: it holds a scrap of the text") for day in found.skipped]
    rows.sort(key=lambda row: str(row[0]))
    columns = ("date", *(kind.value for kind in Kind), "sharing", "denials", "note")
    return Result(columns, tuple(rows))


def _counts(changes: tuple[Change, ...]) -> tuple[int, ...]:
    return (
        *(sum(change.kind is kind for change in changes) for kind in Kind),
        sum(map(_is_passing_on, changes)),
        sum(map(_is_of_denial, changes)),
    )


def _is_passing_on(change: Change) -> bool:
    return not _is_of_denial(change) and not _PASSING_ON.isdisjoint(change.actions)


def _is_of_denial(change: Change) -> bool:
    return any(claim.is_denial for claim in (*change.before, *change.after))


def _note(step: Step) -> str:
    return f"says again what it said on {step.back_to}" if step.back_to else ""


def _date(step: Step) -> str:
    return step.later.date or step.later.documents[0]


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
    """One row a change, by the date of the later snapshot.

    Of a date denials come first, then who gets data. What only undoes the change before is one
    row.
    """
    rows: list[tuple[str, ...]] = []
    for step in found.steps:
        date = _date(step)
        if step.back_to:
            rows.append((date, "undone", told.summary(step.changes), _note(step)))
            continue
        for change in sorted(step.changes, key=_weight):
            kinds = "; ".join(map(told.told, change.details))
            rows.append((date, change.kind.value, kinds, told.headline(change)))
    return Result(("date", "change", "kinds", "what"), tuple(rows))


def _weight(change: Change) -> int:
    return 0 if _is_of_denial(change) else 1 if _is_passing_on(change) else 2


def report(found: History) -> Report:
    """The flows as a table, and the changes of each date as cards."""
    lead = f"{found.snapshots} snapshots from {found.first} to {found.last}"
    sections = [
        Section("Versions", "Those that changed something.", table=versions(found)),
        Section("Flows", "Without a last date: still there.", table=flows(found)),
    ]
    for step in found.steps:
        if step.back_to:
            title = f"{step.earlier.date} → {step.later.date}: {_note(step)}"
            sections.append(Section(title, told.summary(step.changes)))
            continue
        title = f"{step.earlier.date} → {step.later.date}: {told.summary(step.changes)}"
        sections.append(Section(title, cards=tuple(map(told.card, step.changes))))
    return Report(f"{found.company}: history", lead, tuple(sections))


def values(found: History) -> dict[str, Any]:
    """What JSON holds."""
    return {
        "company": found.company,
        "snapshots": found.snapshots,
        "skipped": list(found.skipped),
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
                "back_to": step.back_to or None,
                "changes": told.values(step.changes),
            }
            for step in found.steps
        ],
    }


def _action(life: Life) -> str:
    return f"not {life.action.value}" if life.is_denial else life.action.value


def _gaps(life: Life) -> str:
    return "; ".join(a if a == b else f"{a} to {b}" for a, b in life.gaps)
