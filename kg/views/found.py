"""Chosen claims -> what changed between their snapshots, and what is at odds in the latest.

Both are found in all that the snapshots say, whatever a focus leaves out: else what was only
left out would look like gone. What is kept is about claims that were chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.claims import Claim, Source, claims_of, concept_labels, rights_of
from kg.manifest import texts_of
from kg.model import Evidence, Right
from kg.views.scope import Chosen

if TYPE_CHECKING:
    from kg.changes import Change
    from kg.changes.rights import RightChange
    from kg.checks import Finding, Side
    from kg.store import Store

_Claims = Callable[[Source], Sequence[Claim]]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two snapshots of a policy and what changed between them.

    Attributes:
        rights: those that only one of the two grants; none where a focus is asked for.
        is_whole: they are the first and the latest, with others between them.
    """

    earlier: Source
    later: Source
    changes: tuple[Change, ...]
    rights: tuple[RightChange, ...] = ()
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What is told of chosen claims beside the claims themselves.

    Attributes:
        compared: by policy and date; the first and the latest snapshot come last.
        findings: of the latest snapshots; those that something reconciles are left out.
    """

    compared: tuple[Compared, ...] = ()
    findings: tuple[Finding, ...] = ()


def find(store: Store, chosen: Chosen) -> Found:
    """What changed, and what is at odds.

    Raises:
        QueryError: a check is malformed.
    """
    claims = _reader(store, chosen)
    kept = frozenset(claim.iri for claim in chosen.claims)
    graphs = frozenset(claim.source.graph for claim in chosen.claims)
    return Found(
        tuple(_compared(store, chosen, claims, kept, graphs)),
        tuple(_findings(store, chosen, claims)),
    )


def _reader(store: Store, chosen: Chosen) -> _Claims:
    """Gives all claims of a snapshot, those too that were not chosen."""
    known: dict[str, list[Claim]] = defaultdict(list)
    if chosen.focus is None and not chosen.scope.least:
        for claim in chosen.claims:
            known[claim.source.graph].append(claim)
        return lambda source: known.get(source.graph, ())
    labels = concept_labels(store)

    def read(source: Source) -> Sequence[Claim]:
        if source.graph not in known:
            known[source.graph] = claims_of(store, source, labels)
        return known[source.graph]

    return read


def pairs(sources: Sequence[Source]) -> Iterator[tuple[Source, Source, bool]]:
    """The snapshots that are compared: each with the next of its policy, the first with the latest.

    Which of two came first is not known when one has no date, or both are of the same time.

    Args:
        sources: by company and date.

    Yields:
        The earlier one, the later one, and whether they are the first and the latest of several.
    """
    lines: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        if source.date:
            lines[source.policy].append(source)
    for line in lines.values():
        following = [(one, other) for one, other in pairwise(line) if one.moment != other.moment]
        yield from ((one, other, False) for one, other in following)
        if len(following) > 1:
            yield line[0], line[-1], True


def _compared(
    store: Store, chosen: Chosen, claims: _Claims, kept: frozenset[str], graphs: frozenset[str]
) -> Iterator[Compared]:
    from kg.changes import LEAST, changes_between  # noqa: PLC0415 - heavy
    from kg.changes.rights import rights_between  # noqa: PLC0415

    kept_texts = texts_of(store.path) if store.path else lambda _: None

    @cache
    def text(source: Source) -> str:
        return kept_texts(source.graph) or ""

    @cache
    def granted(source: Source) -> tuple[Source, tuple[Right, ...]]:
        return source, rights_of(store, source)

    for earlier, later, is_whole in pairs(chosen.sources):
        changes: tuple[Change, ...] = ()
        rights: tuple[RightChange, ...] = ()
        texts = text(earlier), text(later)
        if not graphs.isdisjoint({earlier.graph, later.graph}):
            before, after = claims(earlier), claims(later)
            least = max(LEAST, chosen.scope.least)
            changes = changes_between(before, after, chosen.concepts, texts=texts, least=least)
        if chosen.focus is None:
            rights = rights_between(granted(earlier), granted(later), texts=texts)
        told = tuple(
            change
            for change in changes
            if any(claim.iri in kept for claim in (*change.before, *change.after))
        )
        yield Compared(earlier, later, told, rights, is_whole)


def _findings(store: Store, chosen: Chosen, claims: _Claims) -> Iterator[Finding]:
    from kg.checks import findings  # noqa: PLC0415 - heavy

    places = {_place(claim.source, claim.statement.evidence) for claim in chosen.claims}
    graphs = {graph for graph, *_ in places}
    latest = [
        source
        for source in chosen.sources
        if source.graph in chosen.latest and (chosen.focus is None or source.graph in graphs)
    ]
    read = {source.graph: claims(source) for source in latest}
    for finding in findings(store, least=chosen.scope.least, claims=read):
        sides = (finding.first, finding.second or finding.first)
        if chosen.focus is None or any(_place(finding.source, side) in places for side in sides):
            yield finding


def _place(source: Source, span: Evidence | Side) -> tuple[str, int, int]:
    return source.graph, span.start, span.end
