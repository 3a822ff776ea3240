"""Trace -> rows, a report, values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kg.companies import Company
from kg.concepts import Relation
from kg.model import Result
from kg.trace import End, Step, Told, Trace
from kg.views.report import Card, Quote, Report, Section
from kg.views.said import digits, manner, names, quote, value

#: Sentences of each action, or of what is denied, that a reader is shown.
_SHOWN = 2


def rows(found: Trace) -> Result:
    """A line for each passing on, and for each action of those whom the data reach.

    Every line is a statement or a denial, by the digits that `kg explain` takes.
    """
    columns = ("step", "who", "does", "data", "with", "for", "then", "sentence", "statement")
    return Result(columns, tuple(_lines(found)))


def _lines(found: Trace) -> Iterator[tuple[str, ...]]:
    yield from _own_lines("0", found.company, found.handled, found.denied, found)
    for step in _all(found.steps):
        yield _line(step.number, step.giver, step.told[0], step.label, _then(step), found)
        if step.policy:
            yield from _own_lines(step.number, step.policy, step.handled, step.denied, found)


def _own_lines(
    number: str, company: Company, handled: Sequence[Told], denied: Sequence[Told], found: Trace
) -> Iterator[tuple[str, ...]]:
    for told in (*_by_action(handled, 1), *_by_action(denied, 1)):
        yield _line(number, company, told, "", "", found)


def _all(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from _all(step.steps)


def _by_action(said: Iterable[Told], most: int) -> Iterator[Told]:
    """The first of each action, without a sentence told before."""
    seen: dict[str, set[str]] = {}
    for told in said:
        sentences = seen.setdefault(told.practice.action, set())
        if len(sentences) < most and told.practice.sentence not in sentences:
            sentences.add(told.practice.sentence)
            yield told


def _line(
    number: str, company: Company, told: Told, recipient: str, then: str, found: Trace
) -> tuple[str, ...]:
    practice = told.practice
    return (
        number,
        _who(company, told, found),
        _does(told),
        _data(told, found),
        recipient,
        ", ".join(names(practice.purposes, found.concepts)),
        then,
        practice.sentence,
        digits(practice),
    )


def _who(company: Company, told: Told, found: Trace) -> str:
    """Who acts; whose policy says so, if it is another's."""
    practice = told.practice
    own = company.name
    actor = own if company.does(practice) else found.concepts.labels.get(practice.actor, own)
    source = practice.source.company
    return actor if actor == source else f"{actor} (policy of {source})"


def _does(told: Told) -> str:
    action = told.practice.action.value
    how = manner(told.practice)
    words = f"does not {action}" if told.practice.is_denied else action
    return f"{words} ({how})" if how else words


def _data(told: Told, found: Trace) -> str:
    term = found.concepts.labels.get(told.term, told.term)
    broad = {Relation.BROADER: " (in broader terms)", Relation.GENERAL: " (in general)"}
    return f"{term}{broad.get(told.relation, '')}"


def _then(step: Step) -> str:
    """What becomes of the chain."""
    how = f"the policy {step.policy.how}" if step.policy and step.policy.how else ""
    if step.end is End.SHOWN:
        where = "where this began" if step.shown == "0" else f"see {step.shown}"
        return f"{where}{': ' + how if how else ''}"
    if step.end is End.DEPTH:
        return f"{step.end}: raise --depth"
    end = "" if step.end is None else step.end.value
    if step.end is End.SILENT and how:
        return f"{end}: {how}"
    return end or how


def report(found: Trace) -> Report:
    """A card for the company and for each passing on, with the sentences."""
    start = Card(
        found.company.name,
        "where this begins",
        (("policies", _policies(found.company)),),
        tuple(_own_quotes(found.company, found.handled, found.denied, found)),
    )
    cards = [_card(step, found) for step in _all(found.steps)]
    sections = [Section("The company itself", cards=(start,))]
    if cards:
        sections.append(Section("Where the data go", _note(), tuple(cards)))
    return Report(f"Where {found.label} of {found.company.name} goes", lead(found), tuple(sections))


def lead(found: Trace) -> str:
    """How many are reached, and how the chains end."""
    steps = list(_all(found.steps))
    ends = ((end, sum(step.end is end for step in steps)) for end in End)
    told = "; ".join(f"{end.value}: {count}" for end, count in ends if count)
    return (
        f"Steps: {len(steps)}, of which {len(found.steps)} by {found.company.name} itself. "
        f"Ends: {told or 'none'}."
    )


def _note() -> str:
    return (
        "Each step is what the policy of the one who passes data on says. What follows is what the "
        "recipient's own policy says of such data; that it means the very data of this step is for "
        "the reader to judge. “In general”: the policy speaks of personal data, or of less."
    )


def _policies(company: Company) -> str:
    listed = ", ".join(f"{s.company} {s.date or 'without a date'}" for s in company.sources)
    return f"{company.how}: {listed}" if company.how else listed


def _card(step: Step, found: Trace) -> Card:
    facts = [
        ("data", ", ".join(dict.fromkeys(_data(told, found) for told in step.told))),
        ("then", _then(step) if step.end else ""),
        ("policy", _policies(step.policy) if step.policy else ""),
    ]
    quotes = [
        quote(told.practice, f"{told.practice.source.company} says")
        for told in _by_action(step.told, _SHOWN)
    ]
    if step.policy:
        quotes += _own_quotes(step.policy, step.handled, step.denied, found)
    return Card(
        f"{step.number} {step.giver.name} to {step.label}",
        "" if step.end is None else step.end.value,
        tuple((name, text) for name, text in facts if text),
        tuple(quotes),
    )


def _own_quotes(
    company: Company, handled: Sequence[Told], denied: Sequence[Told], found: Trace
) -> Iterator[Quote]:
    for told in (*_by_action(handled, _SHOWN), *_by_action(denied, _SHOWN)):
        yield quote(told.practice, f"{_who(company, told, found)}: {_does(told)}")


def values(found: Trace) -> dict[str, Any]:
    """All as JSON can hold it: steps within steps, each with its statements and sentences."""
    return {
        "company": found.company.name,
        "policies": _policies(found.company),
        "data": found.label,
        "data_iri": found.data,
        "handled": _told_values(found.handled, found),
        "denied": _told_values(found.denied, found),
        "steps": [_step_value(step, found) for step in found.steps],
    }


def _step_value(step: Step, found: Trace) -> dict[str, Any]:
    return {
        "step": step.number,
        "from": step.giver.name,
        "to": step.label,
        "to_iri": step.recipient,
        "policy": _policies(step.policy) if step.policy else None,
        "end": step.end,
        "see": step.shown or None,
        "statements": _told_values(step.told, found),
        "handled": _told_values(step.handled, found),
        "denied": _told_values(step.denied, found),
        "steps": [_step_value(further, found) for further in step.steps],
    }


def _told_values(said: Iterable[Told], found: Trace) -> list[dict[str, Any]]:
    return [
        {
            "relation": told.relation.value,
            "term": found.concepts.labels.get(told.term, told.term),
            **value(told.practice, found.concepts),
        }
        for told in said
    ]
