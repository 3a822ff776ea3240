"""Changes -> N-Quads, in one named graph a policy line.

A change points at the two snapshots and at the claims that it rests on, so that it can be asked
for together with all that they say. Its IRI hashes these: the same two readings give the same
bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from kg.changes.between import LEAST, changes_between
from kg.changes.model import Aspect, Change, Kind
from kg.changes.snapshots import whole
from kg.changes.told import headline
from kg.claims import READ, Claim, claims_of, sources
from kg.concepts import Concepts, concepts
from kg.iris import BASE, PF, digest
from kg.model import Polarity
from kg.store import memory_store
from kg.triples import (
    RDF,
    RDFS,
    SKOS,
    XSD,
    Snapshot,
    Terms,
    catalogue,
    in_time,
    iri,
    line_of,
    literal,
    party_of,
)

_TYPES = {
    (Kind.ADDED, False): "FlowAdded",
    (Kind.ADDED, True): "DenialAdded",
    (Kind.REMOVED, False): "FlowRemoved",
    (Kind.REMOVED, True): "DenialDropped",
    (Kind.CHANGED, False): "FlowChanged",
    (Kind.CHANGED, True): "FlowChanged",
}
#: Properties of a shard that are read here, as they stand in its lines.
_WANTED = frozenset(f"<{name}>".encode() for name in (*READ, f"{SKOS}broader"))


def changes_graph(line: str, base: str = BASE) -> str:
    """IRI of the graph that holds all changes of a policy line, of which the IRI is given."""
    return f"{base}changes/{line.removeprefix(f'{base}policy/')}"


def describe_changes(
    changes: Iterable[Change],
    earlier: Snapshot,
    later: Snapshot,
    base: str = BASE,
    *,
    terms: Terms | None = None,
) -> str:
    """Changes from one snapshot to the next as N-Quads, one a line, sorted.

    Args:
        earlier: what the catalogue says about the snapshot; later: alike.
        terms: of the ontology; the shipped one by default.
    """
    end = f" {iri(changes_graph(line_of(later, base), base))} .\n"
    company = party_of(later.publisher, base, terms)
    lines = {line for change in changes for line in _lines(change, earlier, later, company, base)}
    return "".join(f"{line}{end}" for line in sorted(lines))


def successions(
    snapshots: Iterable[Snapshot], base: str = BASE
) -> Iterator[tuple[Snapshot, Snapshot]]:
    """Each snapshot of a policy and the next one, by policy and date, without stumps.

    Two of the same day or without a date are no succession: nobody knows which came first.
    """
    lines: dict[str, dict[str, Snapshot]] = {}
    for entry in sorted(snapshots, key=in_time):
        if entry.issued:
            # Copies of a text are one snapshot; the first stands for all.
            lines.setdefault(line_of(entry, base), {}).setdefault(entry.graph, entry)
    for _, line in sorted(lines.items()):
        versions = whole(tuple(line.values()), lambda entry: entry.statements + entry.denials)
        for earlier, later in pairwise(versions):
            if (earlier.issued, earlier.recorded) != (later.issued, later.recorded):
                yield earlier, later


def change_quads(
    earlier_shard: Path | bytes,
    later_shard: Path | bytes,
    earlier: Snapshot,
    later: Snapshot,
    base: str = BASE,
    *,
    texts: tuple[str, str] = ("", ""),
    least: float = LEAST,
) -> str:
    """What changed between two snapshots of a policy, as N-Quads.

    Args:
        earlier_shard: the snapshot's graph as N-Quads, as a file or as text; later_shard: alike.
        earlier: what the catalogue says about it; later: alike.
        texts: the texts of the two, if at hand (see :func:`kg.changes.changes_between`).
        least: confidence below which a claim is not reported.
    """
    before, after = (
        _stated(shard, entry, base)
        for shard, entry in ((earlier_shard, earlier), (later_shard, later))
    )
    known = with_ontology(before.concepts.with_those_of(after.concepts))
    found = changes_between(before.claims, after.claims, known, texts=texts, least=least)
    return describe_changes(found, earlier, later, base)


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a snapshot states."""

    claims: tuple[Claim, ...]
    concepts: Concepts


@lru_cache(maxsize=4)  # each snapshot but the ends follows one and is followed by another
def _stated(shard: Path | bytes, entry: Snapshot, base: str) -> _Stated:
    listed = catalogue((entry,), base).encode()
    with memory_store(_thinned(shard) + listed) as store:
        known = concepts(store)
        labels = with_ontology(known).labels
        [source] = sources(store)
        return _Stated(tuple(claims_of(store, source, labels)), known)


def _thinned(shard: Path | bytes) -> bytes:
    """The quads that claims and concepts are read from: half of a shard, in half the time."""
    data = shard.read_bytes() if isinstance(shard, Path) else shard
    lines = (line for line in data.split(b"\n") if b" " in line)
    return b"".join(line + b"\n" for line in lines if line.split(b" ", 2)[1] in _WANTED)


def with_ontology(found: Concepts) -> Concepts:
    """Concepts of a graph that lacks the ontology, and those of the shipped one."""
    return found.with_those_of(_shipped())


@cache
def _shipped() -> Concepts:
    from kg.ontology import ontology_quads  # noqa: PLC0415 - heavy

    with memory_store(ontology_quads()) as store:
        return concepts(store)


def _lines(
    change: Change, earlier: Snapshot, later: Snapshot, company: str, base: str
) -> Iterator[str]:
    claims = [claim.iri for claim in (*change.before, *change.after)]
    name = digest(earlier.graph, later.graph, change.kind, *change.aspects, *claims)
    node = iri(f"{base}change/{name}")
    kinds = {"Change", _TYPES[change.kind, change.polarity is Polarity.NEGATED]}
    if Aspect.NOW_DENIED in change.aspects:
        kinds.add("DenialAdded")
    if Aspect.NOW_DONE in change.aspects:
        kinds.add("DenialDropped")
    for kind in kinds:
        yield f"{node} <{RDF}type> <{PF}{kind}>"
    yield f"{node} <{RDFS}label> {literal(headline(change))}"
    yield f"{node} <{PF}earlier> {iri(earlier.graph)}"
    yield f"{node} <{PF}later> {iri(later.graph)}"
    yield f"{node} <{PF}changedBy> {iri(company)}"
    if later.issued:
        yield f"{node} <{PF}changedOn> {literal(later.issued)}^^<{XSD}date>"
    for claim in change.before:
        yield f"{node} <{PF}before> {iri(claim.iri)}"
    for claim in change.after:
        yield f"{node} <{PF}after> {iri(claim.iri)}"
    for action in change.actions:
        yield f"{node} <{PF}changedAction> <{PF}{action.value.capitalize()}>"
    for role, named in (("changedData", change.data), ("changedRecipient", change.recipients)):
        for one in named:
            if one.iri:
                yield f"{node} <{PF}{role}> {iri(one.iri)}"
    for detail in change.details:
        yield f"{node} <{PF}aspect> {literal(detail.aspect)}"
        if detail.aspect is Aspect.NEW_RECIPIENT:
            for one in detail.terms:
                if one.iri:
                    yield f"{node} <{PF}newRecipient> {iri(one.iri)}"
