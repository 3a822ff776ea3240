"""All snapshots of a policy -> when each flow was there, and what changed when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg.changes.between import LEAST, changes_between
from kg.changes.model import Change, Named
from kg.changes.practices import Practice, Practices, Term
from kg.changes.snapshots import stumps
from kg.changes.wording import Reader
from kg.claims import Claim, Source
from kg.concepts import Concepts
from kg.iris import PF
from kg.model import Action

#: Words for data of whatever kind.
_ANY_DATA = frozenset({f"{PF}Data", f"{PF}PersonalData", f"{PF}ProvidedData"})


@dataclass(frozen=True, slots=True)
class Version:
    """A snapshot with all its claims and its text (which may be empty)."""

    source: Source
    claims: tuple[Claim, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a history is narrowed to.

    Attributes:
        data: IRI of a concept; it and all below it; recipient: alike.
    """

    data: str | None = None
    recipient: str | None = None
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """Flows that came, went and were missing together.

    Attributes:
        others: who gets it, else where it comes from, where it lies, or what it is for.
        first: date of the first snapshot that states it; last: of the last one.
        gaps: dates of the first and last snapshot of each time in between that do not.
        is_current: whether the latest snapshot states it.
    """

    actor: Named
    action: Action
    is_denial: bool
    data: tuple[Named, ...]
    others: tuple[Named, ...]
    first: str
    last: str
    gaps: tuple[tuple[str, str], ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Step:
    """From one snapshot to the next, where something changed.

    Attributes:
        back_to: date of the snapshot that the later one says the same as, when a change was
            undone: the one before the earlier one. Empty otherwise.
    """

    earlier: Source
    later: Source
    changes: tuple[Change, ...]
    back_to: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """A policy over time.

    Attributes:
        snapshots: how many there are.
        steps: only those with changes.
        skipped: dates of snapshots that are stumps (:func:`kg.changes.snapshots.stumps`).
    """

    company: str
    snapshots: int
    first: str
    last: str
    lives: tuple[Life, ...]
    steps: tuple[Step, ...]
    skipped: tuple[str, ...] = ()


def history(
    versions: Sequence[Version],
    concepts: Concepts,
    wanted: Wanted | None = None,
    *,
    least: float = LEAST,
) -> History:
    """When each flow of a policy was there, and what changed from snapshot to snapshot.

    Args:
        versions: snapshots of one policy, by date; stumps are left out.
        least: confidence below which a claim makes no flow and no change.
    """
    out = stumps([len(version.claims) for version in versions])
    skipped = tuple(versions[number].source.date or "" for number in sorted(out))
    versions = [version for number, version in enumerate(versions) if number not in out]
    wanted = wanted or Wanted()
    fits = _filter(wanted, concepts)
    days = [_day(version) for version in versions]
    ends = [version.source.until or day for version, day in zip(versions, days, strict=True)]
    names = {name for version in versions for name in version.source.names}
    make = Practices(concepts, Reader(names), {v.source.company_iri for v in versions})
    steps = tuple(_steps(versions, concepts, fits, least))
    lives = tuple(_lives(versions, days, ends, make, fits, least))
    return History(
        versions[-1].source.company, len(versions), days[0], ends[-1], lives, steps, skipped
    )


def _steps(
    versions: Sequence[Version], concepts: Concepts, fits: _Fits, least: float
) -> Iterator[Step]:
    before: Version | None = None  # what was said until the last change
    for one, other in pairwise(versions):

        def since(earlier: Version, later: Version = other) -> tuple[Change, ...]:
            texts = earlier.text, later.text
            return changes_between(earlier.claims, later.claims, concepts, texts=texts, least=least)

        found = since(one)
        if not found:
            continue
        is_back = before is not None and not since(before)
        kept = tuple(change for change in found if _change_fits(change, fits))
        if kept:
            back_to = _day(before) if before is not None and is_back else ""
            yield Step(one.source, other.source, kept, back_to)
        before = one


def _day(version: Version) -> str:
    return version.source.date or version.source.documents[0]


_Fits = tuple[Callable[[str], bool], Callable[[str], bool], Callable[[Action], bool]]


def _filter(wanted: Wanted, concepts: Concepts) -> _Fits:
    """Whether an IRI is of the data, or of the recipient, and an action the one asked for."""

    def within(top: str | None) -> Callable[[str], bool]:
        if top is None:
            return lambda _: True
        label = concepts.labels.get(top, top)
        # A policy's own concept has another IRI in each snapshot.
        return lambda iri: concepts.is_within(iri, top) or concepts.labels.get(iri) == label

    return (
        within(wanted.data),
        within(wanted.recipient),
        lambda action: wanted.action is None or action is wanted.action,
    )


def _change_fits(change: Change, fits: _Fits) -> bool:
    data, recipient, action = fits
    return (
        (data("") or any(data(one.iri) for one in change.data))
        and (recipient("") or any(recipient(one.iri) for one in change.recipients))
        and any(map(action, change.actions))
    )


@dataclass(frozen=True, slots=True)
class _Flow:
    """What tells one flow from another, and how it is called."""

    actor: str
    action: Action
    is_denial: bool
    data: str
    other: str


def _lives(
    versions: Sequence[Version],
    days: Sequence[str],
    ends: Sequence[str],
    make: Practices,
    fits: _Fits,
    least: float,
) -> Iterator[Life]:
    there: dict[_Flow, set[int]] = defaultdict(set)
    names: dict[str, Named] = {}
    for number, version in enumerate(versions):
        for claim in version.claims:
            practice = make.of(claim)
            if claim.statement.confidence < least or not practice.says_something():
                continue
            names[practice.actor] = Named(claim.actor, claim.actor_iri)
            for flow in _flows(practice, names, fits):
                there[flow].add(number)
    last = len(versions) - 1
    groups: dict[tuple[_Flow, tuple[int, ...]], list[_Flow]] = defaultdict(list)
    for flow, seen in there.items():
        groups[(replace(flow, data=""), tuple(sorted(seen)))].append(flow)
    found = []
    for (_, numbers), flows in groups.items():
        first = flows[0]
        life = Life(
            names[first.actor],
            first.action,
            first.is_denial,
            tuple(sorted((names[f.data] for f in flows if f.data), key=_by_label)),
            (names[first.other],) if first.other else (),
            days[numbers[0]],
            ends[numbers[-1]],
            tuple((days[a + 1], ends[b - 1]) for a, b in pairwise(numbers) if b > a + 1),
            numbers[-1] == last,
        )
        found.append((numbers, life))
    found.sort(key=lambda one: (one[0][0], one[1].action, one[1].is_denial, _told(one[1])))
    yield from (life for _, life in _with_others_joined(found))


def _with_others_joined(
    found: Sequence[tuple[tuple[int, ...], Life]],
) -> Iterator[tuple[tuple[int, ...], Life]]:
    """Flows of the same data at the same times: one row for all recipients or purposes."""
    groups: dict[tuple[object, ...], list[tuple[tuple[int, ...], Life]]] = defaultdict(list)
    for numbers, life in found:
        groups[(numbers, replace(life, others=()))].append((numbers, life))
    for held in groups.values():
        others = sorted({one for _, life in held for one in life.others}, key=_by_label)
        yield held[0][0], replace(held[0][1], others=tuple(others))


def _by_label(named: Named) -> str:
    return named.label.casefold()


def _told(life: Life) -> str:
    return " ".join(one.label for one in (life.actor, *life.data, *life.others))


def _flows(practice: Practice, names: dict[str, Named], fits: _Fits) -> Iterator[_Flow]:
    fits_data, fits_recipient, fits_action = fits
    if not fits_action(practice.action):
        return
    others = (
        practice.recipients
        or practice.sources
        or practice.locations
        or tuple(term for term in practice.purposes if not term.is_own and not term.is_general)
    )
    named: list[Term | None] = list(others)
    data: list[Term | None] = list(practice.data)
    for datum in data or [None]:
        if not fits_data(datum.named.iri if datum else ""):
            continue
        for other in named or [None]:
            is_recipient = other is not None and other in practice.recipients
            if not fits_recipient(other.named.iri if other and is_recipient else ""):
                continue
            for term in (datum, other):
                if term:
                    names.setdefault(_key(term), term.named)
            yield _Flow(
                practice.actor,
                practice.action,
                practice.is_denial,
                _key(datum) if datum else "",
                _key(other) if other else "",
            )


def _key(term: Term) -> str:
    """Of a term; of all general words for data one, since policies put them for each other."""
    return "data" if term.is_general and term.key in _ANY_DATA else term.key
