"""Changes -> what people and programs read: a line, a row, a card, a value for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from kg.changes.model import Aspect, Change, Detail, Kind, Named
from kg.changes.rights import RightChange
from kg.claims import HEADING_SEPARATOR, Claim
from kg.model import Action, Evidence, Result
from kg.views.report import Card, Quote, Report, Section

COLUMNS = (
    *("change", "kinds", "actor", "action"),
    *("data", "recipients", "purposes", "before", "after"),
)
_WHOLE = frozenset(
    {Aspect.FLOW_ADDED, Aspect.FLOW_REMOVED, Aspect.DENIAL_ADDED, Aspect.DENIAL_DROPPED}
)
_TITLES = {Kind.ADDED: "New", Kind.CHANGED: "Changed", Kind.REMOVED: "Gone"}
#: Roles as a card lists them.
_ROLES = ("data", "recipients", "sources", "purposes", "legal_bases", "locations", "safeguards")


_RIGHTS = {Kind.ADDED: "right granted", Kind.REMOVED: "right no longer granted"}
_NOWHERE: dict[str, Any] = {
    "quote": "", "document": "", "start": None, "end": None, "heading": "", "date": "",
    "statement": "",
}  # fmt: skip
T = TypeVar("T")


def headline(change: Change) -> str:
    """A change in a line: who does, or does not do, what with which data."""
    verbs = " and ".join(action.value for action in change.actions)
    denied = "does not " if change.is_denial else ""
    line = f"{change.actor.label}: {denied}{verbs} {listed(change.data) or 'data'}"
    if change.is_of_children and "child" not in line:
        line += " of children"
    is_moved = Action.TRANSFER in change.actions
    for word, terms in (
        ("from", change.sources),
        ("to", change.recipients),
        ("to" if is_moved and not change.recipients else "in", change.locations),
        ("for", change.purposes),
    ):
        if terms:
            line += f" {word} {listed(terms)}"
    return line


def listed(terms: Iterable[Named]) -> str:
    """Names one after the other."""
    return ", ".join(term.label for term in terms)


def told(detail: Detail) -> str:
    """An aspect with what is new or gone: "new recipient: advertiser"."""
    if not detail.terms:
        return detail.aspect.value
    between = " → " if detail.aspect in _STEPS else ", "
    return f"{detail.aspect.value}: {between.join(term.label for term in detail.terms)}"


_STEPS = frozenset(
    {
        Aspect.NARROWER_DATA,
        Aspect.BROADER_DATA,
        Aspect.RETENTION_CHANGED,
        Aspect.ACTOR_CHANGED,
    }
)


def rows(changes: Sequence[Change], rights: Sequence[RightChange] = ()) -> Result:
    """One row a change, with the first sentence of either side."""
    of_flows = (
        (
            change.kind.value,
            "; ".join(map(told, change.details)),
            change.actor.label,
            action(change),
            listed(change.data),
            listed(change.recipients),
            listed(change.purposes),
            _quoted(change.before),
            _quoted(change.after),
        )
        for change in changes
    )
    of_rights = (
        (
            one.kind.value,
            f"{_RIGHTS[one.kind]}: {one.right.label}",
            one.company,
            "grant",
            *("", "", ""),
            *_sides(one, " ".join(one.granted[0].evidence.text.split()), ""),
        )
        for one in rights
    )
    return Result(COLUMNS, (*of_flows, *of_rights))


def _sides(change: RightChange, said: T, nothing: T) -> tuple[T, T]:
    """What stands before and after."""
    return (nothing, said) if change.kind is Kind.ADDED else (said, nothing)


def action(change: Change) -> str:
    """What is done, or not done: "share", "not sell"."""
    verbs = ", ".join(one.value for one in change.actions)
    return f"not {verbs}" if change.is_denial else verbs


def _quoted(claims: Sequence[Claim]) -> str:
    return " ".join(claims[0].statement.evidence.text.split()) if claims else ""


def values(changes: Sequence[Change], rights: Sequence[RightChange] = ()) -> list[dict[str, Any]]:
    """What JSON holds: a plain list of objects."""
    return [*map(_value, changes), *(_right_value(one) for one in rights)]


def _value(change: Change) -> dict[str, Any]:
    def labels(terms: Iterable[Named]) -> list[str]:
        return [term.label for term in terms]

    return {
        "change": change.kind.value,
        "kinds": [aspect.value for aspect in change.aspects],
        "actor": change.actor.label,
        "action": ", ".join(one.value for one in change.actions),
        "polarity": change.polarity.value,
        "data": labels(change.data),
        "recipients": labels(change.recipients),
        "sources": labels(change.sources),
        "purposes": labels(change.purposes),
        "legal_bases": labels(change.legal_bases),
        "conditions": list(change.conditions),
        "locations": labels(change.locations),
        "safeguards": labels(change.safeguards),
        "details": [
            {"kind": detail.aspect.value, "what": labels(detail.terms)} for detail in change.details
        ],
        "old": _place(change.before),
        "new": _place(change.after),
    }


def _place(claims: Sequence[Claim]) -> dict[str, Any]:
    """The first sentence and its place; "also" holds the places of the others."""
    if not claims:
        return dict(_NOWHERE)
    return _listed_places(
        [_place_of(c.statement.evidence, c.source.date or "", c.iri) for c in claims]
    )


def _place_of(said: Evidence, date: str, statement: str) -> dict[str, Any]:
    return {
        "quote": said.text,
        "document": said.document,
        "start": said.start,
        "end": said.end,
        "heading": HEADING_SEPARATOR.join(said.headings),
        "date": date,
        "statement": statement,
    }


def _listed_places(places: Sequence[dict[str, Any]]) -> dict[str, Any]:
    unique = list({(p["document"], p["start"], p["end"]): p for p in reversed(places)}.values())
    first, *others = reversed(unique)
    return {**first, "also": others} if others else first


def report(
    changes: Sequence[Change], title: str, lead: str, rights: Sequence[RightChange] = ()
) -> Report:
    """Changes as cards, what is new first."""
    sections = []
    for kind in Kind:
        found = [change for change in changes if change.kind is kind]
        if found:
            cards = tuple(map(card, found))
            sections.append(Section(f"{_TITLES[kind]} ({len(found)})", cards=cards))
    if rights:
        cards = tuple(map(_right_card, rights))
        sections.append(Section(f"Rights of the people ({len(rights)})", cards=cards))
    return Report(title, lead, tuple(sections))


def summary(changes: Sequence[Change], rights: Sequence[RightChange] = ()) -> str:
    """How many changes of each kind: "3 added, 1 removed"."""
    counts = [(kind.value, sum(change.kind is kind for change in changes)) for kind in Kind]
    counts += [(_RIGHTS[kind], sum(one.kind is kind for one in rights)) for kind in _RIGHTS]
    return ", ".join(f"{count} {kind}" for kind, count in counts if count) or "no flow has changed"


def card(change: Change) -> Card:
    """A change as a card, with every sentence it rests on."""
    facts = [("what", "; ".join(map(told, change.details)))]
    for role in _ROLES:
        terms = getattr(change, role)
        if terms:
            facts.append((role.replace("_", " "), listed(terms)))
    if change.conditions:
        facts.append(("conditions", "; ".join(change.conditions)))
    whole = [detail.aspect for detail in change.details if detail.aspect in _WHOLE]
    return Card(
        headline(change),
        badge=(whole[0] if whole else change.details[0].aspect).value,
        facts=tuple(facts),
        quotes=(*_quotes(change.before), *_quotes(change.after)),
    )


def _quotes(claims: Sequence[Claim]) -> Iterable[Quote]:
    seen = set()
    for claim in claims:
        said = claim.statement.evidence
        if (said.start, said.end) in seen:
            continue
        seen.add((said.start, said.end))
        heading = HEADING_SEPARATOR.join(said.headings)
        where = f"{said.document}, characters {said.start} to {said.end}"
        yield Quote(
            claim.source.date or "undated", said.text, f"{where}; {heading}" if heading else where
        )


def _right_value(change: RightChange) -> dict[str, Any]:
    places = [_place_of(right.evidence, change.date, "") for right in change.granted]
    old, new = _sides(change, _listed_places(places), dict(_NOWHERE))
    kind = _RIGHTS[change.kind]
    return {
        "change": change.kind.value,
        "kinds": [kind],
        "actor": change.company,
        "action": "grant",
        "polarity": "affirmed",
        "rights": [change.right.label],
        **{role: [] for role in (*_ROLES, "conditions")},
        "details": [{"kind": kind, "what": [change.right.label]}],
        "old": old,
        "new": new,
    }


def _right_card(change: RightChange) -> Card:
    quotes = {
        (right.evidence.start, right.evidence.end): Quote(
            change.date or "undated",
            right.evidence.text,
            f"{right.evidence.document}, characters {right.evidence.start} to {right.evidence.end}",
        )
        for right in change.granted
    }
    return Card(change.right.label, badge=_RIGHTS[change.kind], quotes=tuple(quotes.values()))
