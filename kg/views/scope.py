"""Store -> what a view is of: which snapshots, and which of their claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.claims import Claim, Source, claims_of, concept_labels, sources, standing
from kg.concepts import TOPS, Concepts, concepts
from kg.errors import QueryError, TooLarge
from kg.lookup import match

if TYPE_CHECKING:
    from kg.store import Store

#: Statements and denials that a page holds at most: with more it opens and filters too slowly.
MOST = 30_000
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for.

    Attributes:
        companies: IRIs or names of publishers; none means all.
        snapshot: only each policy as it stood on this day: ISO 8601, or a month or a year of it,
            which mean their last day.
        focus: only claims that speak of this concept or party, or of a narrower one: its IRI, or
            one of its names.
        least: confidence below which a claim is left out.
    """

    companies: tuple[str, ...] = ()
    snapshot: str | None = None
    focus: str | None = None
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a scope comes to.

    Attributes:
        sources: the snapshots, by company and date.
        latest: IRIs of those that are the latest of their policy here.
        claims: of these snapshots, by snapshot and place in the text.
        focus: label of the concept that they speak of; ``None`` without a focus.
        undated: names of companies left out because a date was asked for and theirs have none.
        later: names of companies that have no snapshot as early as asked for.
    """

    scope: Scope
    sources: tuple[Source, ...]
    latest: frozenset[str]
    claims: tuple[Claim, ...]
    concepts: Concepts
    focus: str | None = None
    undated: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


def choose(store: Store, scope: Scope, *, most: int = MOST) -> Chosen:
    """The snapshots and claims of a scope.

    Args:
        most: claims that are too many from one on.

    Raises:
        QueryError: there is no such company or concept, or no snapshot of that time.
        UsageError: the date is none, or there are too many claims; the message tells how to
            narrow.
    """
    found = _sources(store, scope.companies)
    undated: set[str] = set()
    later: set[str] = set()
    if scope.snapshot is not None:
        every, found = found, standing(found, scope.snapshot)
        left = {source.policy for source in every} - {source.policy for source in found}
        for source in every:
            if source.policy in left:
                (later if source.date else undated).add(source.company)
    known = concepts(store)
    focus = _focus(store, scope.focus) if scope.focus is not None else None
    is_whole = focus is None and not scope.least
    sizes: Counter[str] = Counter()
    if is_whole and _size(found) >= most:
        for source in found:
            sizes[source.company] += source.statements + source.denials
        raise TooLarge(_too_many(sizes, found, scope, most))
    labels = concept_labels(store)
    kept: list[Claim] = []
    for source in found:
        for claim in claims_of(store, source, labels, least=scope.least):
            if focus is None or _speaks_of(claim, focus, known):
                sizes[source.company] += 1
                if len(kept) < most:
                    kept.append(claim)
    if sizes.total() >= most:
        raise TooLarge(_too_many(sizes, found, scope, most))
    if focus is not None and not kept:
        raise QueryError(f"nothing here speaks of {known.labels.get(focus, focus)!r}")
    latest = {source.policy: source.graph for source in found}  # they come by date
    return Chosen(
        scope,
        found,
        frozenset(latest.values()),
        tuple(kept),
        known,
        focus=known.labels.get(focus, focus) if focus else None,
        undated=tuple(sorted(undated)),
        later=tuple(sorted(later)),
    )


def _sources(store: Store, companies: Iterable[str]) -> tuple[Source, ...]:
    wanted = tuple(companies)
    if not wanted:
        return sources(store)
    found = {source.graph: source for one in wanted for source in sources(store, company=one)}
    return tuple(sorted(found.values(), key=lambda source: source.order))


def _size(found: Iterable[Source]) -> int:
    return sum(source.statements + source.denials for source in found)


def _too_many(sizes: Counter[str], found: Iterable[Source], scope: Scope, most: int) -> str:
    """What to do; ``sizes`` are the claims of each company."""
    policies = tuple(found)
    ways = []
    if len(sizes) > 1:
        largest = ", ".join(f"{name} {size:,}" for name, size in sizes.most_common(_SHOWN))
        ways.append(f"--company NAME, as often as you like (the largest: {largest})")
    days = [source.date for source in policies if source.date]
    if days and scope.snapshot is None:
        then = _size(standing(policies, max(days)))
        if then < _size(policies):
            is_whole = scope.focus is None and not scope.least
            ways.append(f"--snapshot DATE ({max(days)}{f': {then:,} in all' if is_whole else ''})")
    if scope.focus is None:
        ways.append('--focus CONCEPT, such as "health data" or "advertiser"')
    if scope.least < 1:
        ways.append("--min-confidence 0.9" if scope.least < 0.9 else "a greater --min-confidence")
    listed = "".join(f"\n  {way}" for way in ways)
    return (
        f"this view would hold {sizes.total():,} statements; a page that people can use holds "
        f"fewer than {most:,}. Narrow it by{listed}"
    )


def _focus(store: Store, wanted: str) -> str:
    """IRI of a concept or party, by its IRI or one of its names."""
    rows = store.query(
        "SELECT DISTINCT ?a ?b WHERE { { ?a a skos:Concept } UNION { ?a a pf:Party } "
        "?a rdfs:label|skos:altLabel|pf:alias ?b }"
    )
    named = [(iri.value, name.value) for iri, name in rows]
    if wanted in {iri for iri, _ in named}:
        return wanted
    return match("concept", wanted, named)


def _speaks_of(claim: Claim, concept: str, concepts: Concepts) -> bool:
    said = claim.statement
    roles = {
        "data": said.data,
        "party": (*said.recipients, *said.sources),
        "purpose": said.purposes,
        "place": said.locations,
        "basis": said.legal_bases,
    }
    # A policy's own words need not lie below the top of their role.
    if any(mentions and TOPS[kind] == concept for kind, mentions in roles.items()):
        return True
    named = {mention.iri for mentions in roles.values() for mention in mentions}
    return any(
        iri is not None and concepts.is_within(iri, concept) for iri in named | {claim.actor_iri}
    )
