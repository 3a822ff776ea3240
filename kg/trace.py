"""Company, data -> Trace: where data go on to, by the policies of those whom they reach.

A shares email addresses with B; what does B's own policy say that it does with them, and whom does
it name in turn? Each step rests on statements of the policy that it starts from. That two policies
fit together is the reader's conclusion, not theirs: B's need not speak of what it gets from A.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kg.companies import Company, Directory, directory
from kg.compare import ORDER
from kg.concepts import Concepts, Relation, concepts
from kg.errors import UsageError
from kg.hubs import reaches
from kg.practices import Practice, practices
from kg.queries.canned import named

if TYPE_CHECKING:
    from kg.store import Store

_NEAR = list(Relation)


class End(StrEnum):
    """Why a chain ends at somebody."""

    KIND = "nobody is named"
    NO_POLICY = "has no policy here"
    SILENT = "its policy says nothing of it"
    SHOWN = "followed elsewhere"
    DEPTH = "not followed any further"


@dataclass(frozen=True, slots=True)
class Told:
    """A practice that speaks of the data.

    Attributes:
        relation: of what it says to the data that are traced; ``term`` is what it says.
    """

    practice: Practice
    relation: Relation
    term: str


@dataclass(frozen=True, slots=True)
class Step:
    """Data reach somebody.

    Attributes:
        number: "1.2" is the second step from where the first leads.
        giver: whose policy says so.
        recipient: IRI; ``label`` is its name.
        told: what the step rests on, never empty, the nearest to the data first.
        policy: whose policies tell what becomes of the data; ``None`` where there are none.
        end: why the chain ends here; ``None`` where it goes on.
        shown: of :attr:`End.SHOWN`, the number of the step whose recipient has the same policy;
            "0" for where the trace starts.
        handled: what the recipient states it does with the data, but for passing them on to
            somebody; ``denied``: what it says it does not do, sales and sharing first.
        steps: whom it passes them on to.
    """

    number: str
    giver: Company
    recipient: str
    label: str
    told: tuple[Told, ...]
    policy: Company | None = None
    end: End | None = None
    shown: str = ""
    handled: tuple[Told, ...] = ()
    denied: tuple[Told, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a company's data go.

    Attributes:
        data: IRI of what is traced; ``label`` is its name.
        handled, denied, steps: of the company itself, as in :class:`Step`.
    """

    company: Company
    data: str
    label: str
    handled: tuple[Told, ...]
    denied: tuple[Told, ...]
    steps: tuple[Step, ...]
    concepts: Concepts


def trace(
    store: Store,
    company: str,
    data: str,
    *,
    depth: int = 3,
    strict: bool = False,
    snapshot: str | None = None,
    least: float = 0.0,
) -> Trace:
    """Follows data from a company to those that its policy names, and on.

    Args:
        company: a company, brand or owner, by name or IRI.
        data: by name or IRI.
        depth: how often they may be passed on.
        strict: only what names the data or a part of them, not what is said in broader terms.
        snapshot: each policy as it stood on this day; its latest otherwise.
        least: confidence below which a practice is left out.

    Raises:
        QueryError: there is no such company or data.
        UsageError: the depth is not positive, or the date is none.
    """
    if depth < 1:
        raise UsageError(f"a trace of depth {depth} goes nowhere: give 1 or more")
    known = concepts(store)
    listed = directory(store, known, snapshot)
    start = listed.called(company)
    asked = named(store, "data", data)

    def told(of: Company) -> _Said:
        return _said(practices(store, of.sources, least=least), of, asked, listed, strict)

    return _follow(start, asked, listed, told, depth)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one company's policies say of the data; ``passed`` by the IRI of whom they reach."""

    handled: tuple[Told, ...]
    denied: tuple[Told, ...]
    passed: tuple[tuple[str, tuple[Told, ...]], ...]

    def is_nothing(self) -> bool:
        return not (self.handled or self.denied or self.passed)


def _said(
    said: Iterable[Practice], company: Company, data: str, listed: Directory, strict: bool
) -> _Said:
    known = listed.concepts
    relevant = {}
    for practice in said:
        found = _told(practice, data, known)
        if found and not (strict and _NEAR.index(found.relation) > _NEAR.index(Relation.NARROWER)):
            relevant[practice.iri] = found
    passed: dict[str, list[Told]] = {}
    onward: set[str] = set()
    for reach in reaches((found.practice for found in relevant.values()), listed):
        passed.setdefault(reach.recipient, []).append(relevant[reach.practice.iri])
        onward.add(reach.practice.iri)
    own = [found for found in relevant.values() if company.does(found.practice)]
    ordered = sorted(passed.items(), key=lambda flow: _weight(flow, known))
    return _Said(
        _sorted(f for f in own if not f.practice.is_denied and f.practice.iri not in onward),
        _sorted((found for found in own if _is_denied(found)), by_action=True),
        tuple((recipient, _sorted(found)) for recipient, found in ordered),
    )


def _told(practice: Practice, data: str, known: Concepts) -> Told | None:
    """How a practice speaks of the data, by the nearest of the terms that it names."""
    related = ((known.relation(term, data), term) for term in practice.data)
    found = [(_NEAR.index(relation), term) for relation, term in related if relation]
    if not found:
        return None
    nearest, term = min(found)
    return Told(practice, _NEAR[nearest], term)


def _is_denied(told: Told) -> bool:
    # What is not done with children's data in general says nothing of these data.
    practice = told.practice
    is_aside = practice.is_of_children and told.relation is Relation.GENERAL
    return practice.is_denied and not is_aside


def _sorted(found: Iterable[Told], *, by_action: bool = False) -> tuple[Told, ...]:
    def key(told: Told) -> tuple[object, ...]:
        practice = told.practice
        # A sentence that stands by itself is the better quote.
        return (
            ORDER.index(practice.action) if by_action else 0,
            _NEAR.index(told.relation),
            bool(practice.context),
            -practice.confidence,
            practice.iri,
        )

    return tuple(sorted(found, key=key))


def _weight(flow: tuple[str, list[Told]], known: Concepts) -> tuple[object, ...]:
    """Sorts companies and services before kinds, then what is nearest to the data first."""
    recipient, found = flow
    nearest = min(_NEAR.index(told.relation) for told in found)
    label = known.labels.get(recipient, recipient)
    return recipient not in known.parties, nearest, label.casefold(), recipient


@dataclass(slots=True)
class _Draft:
    """A step while the trace is followed, level by level."""

    number: str
    giver: Company
    recipient: str
    told: tuple[Told, ...]
    policy: Company | None = None
    end: End | None = None
    shown: str = ""
    said: _Said = field(default_factory=lambda: _Said((), (), ()))
    drafts: list[_Draft] = field(default_factory=list)

    def step(self, listed: Directory) -> Step:
        return Step(
            self.number,
            self.giver,
            self.recipient,
            listed.name(self.recipient),
            self.told,
            self.policy,
            self.end,
            self.shown,
            self.said.handled,
            self.said.denied,
            tuple(draft.step(listed) for draft in self.drafts),
        )


def _follow(
    start: Company,
    data: str,
    listed: Directory,
    told: Callable[[Company], _Said],
    depth: int,
) -> Trace:
    """Follows level by level, so that a policy is told where it is first reached."""
    first = _Draft("0", start, start.iri, (), policy=start, said=told(start))
    shown = {_policies(start): first.number}
    level = [first]
    for left in range(depth - 1, -1, -1):
        following: list[_Draft] = []
        for draft in level:
            giver = draft.policy or start
            prefix = "" if draft is first else f"{draft.number}."
            for count, (recipient, found) in enumerate(draft.said.passed, 1):
                step = _Draft(f"{prefix}{count}", giver, recipient, found)
                draft.drafts.append(step)
                _look_up(step, listed, told, shown)
                if step.end is None and left:
                    following.append(step)
                elif step.end is None and step.said.passed:
                    step.end = End.DEPTH
        level = following
    return Trace(
        start,
        data,
        listed.concepts.labels.get(data, data),
        first.said.handled,
        first.said.denied,
        tuple(draft.step(listed) for draft in first.drafts),
        listed.concepts,
    )


def _policies(company: Company) -> frozenset[str]:
    return frozenset(source.graph for source in company.sources)


def _look_up(
    step: _Draft,
    listed: Directory,
    told: Callable[[Company], _Said],
    shown: dict[frozenset[str], str],
) -> None:
    """Finds the policies of whom a step leads to, and what they say."""
    if step.recipient not in listed.concepts.parties:
        step.end = End.KIND
        return
    company = listed.of(step.recipient, closely=True)
    if not company.sources:
        step.end = End.NO_POLICY
        return
    step.policy = company
    policies = _policies(company)
    if policies in shown:
        step.end, step.shown = End.SHOWN, shown[policies]
        return
    shown[policies] = step.number
    step.said = told(company)
    if step.said.is_nothing():
        step.end = End.SILENT
