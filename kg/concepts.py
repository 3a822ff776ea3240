"""Store -> Concepts: what the graph's concepts are called, and which lies within which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from kg.iris import PF

if TYPE_CHECKING:
    from kg.store import Store

T = TypeVar("T")

#: Kind of concept -> the top of its scheme.
TOPS = {
    "data": f"{PF}Data",
    "party": f"{PF}Recipient",
    "purpose": f"{PF}Purpose",
    "place": f"{PF}Place",
    "basis": f"{PF}LegalBasis",
}


_GENERAL = frozenset({*TOPS.values(), f"{PF}PersonalData"})


class Relation(StrEnum):
    """How what a policy says stands to a concept that is asked for, from the nearest on."""

    SAME = "same"
    NARROWER = "narrower"
    BROADER = "broader"
    GENERAL = "general"  # so broad that it takes in everything of its kind


@dataclass(frozen=True, slots=True)
class Concepts:
    """The concepts of a graph: IRI -> label, IRIs right above, and what is marked in the ontology.

    Attributes:
        vague: leave open who or where is meant.
        sensitive: are sensitive data, with all below them.
        owners: IRI of a company or service -> IRI of the company it belongs to.
        own: words of policies that the ontology does not hold.
        parties: companies and services, each one of its own, as kinds of them are not.
    """

    labels: Mapping[str, str]
    above: Mapping[str, tuple[str, ...]]
    vague: frozenset[str]
    sensitive: frozenset[str]
    owners: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()

    def with_those_of(self, other: Concepts) -> Concepts:
        """The concepts of both; what the other says of one counts."""
        return Concepts(
            {**self.labels, **other.labels},
            {**self.above, **other.above},
            self.vague | other.vague,
            self.sensitive | other.sensitive,
            {**self.owners, **other.owners},
            self.own | other.own,
            self.parties | other.parties,
        )

    def is_within(self, iri: str, top: str) -> bool:
        """Whether a concept is another or a narrower one."""
        return iri == top or top in self.all_above(iri)

    def all_above(self, iri: str) -> set[str]:
        """All concepts that one lies within, near and far."""
        return all_above(iri, lambda one: self.above.get(one, ()))

    def nearest(self, iri: str) -> tuple[str, ...]:
        """A concept, or those of the ontology that are right above words of a policy."""
        seen = {iri}
        near: set[str] = set()
        open_ends = [iri]
        while open_ends:
            one = open_ends.pop()
            if one not in self.own:
                near.add(one)
                continue
            fresh = set(self.above.get(one, ())) - seen
            seen |= fresh
            open_ends.extend(fresh)
        return tuple(sorted(near))

    def is_sensitive(self, iri: str) -> bool:
        """Whether it is sensitive data, or lies within such."""
        return not self.sensitive.isdisjoint({iri, *self.all_above(iri)})

    def is_general(self, iri: str) -> bool:
        """Whether it leaves open what is meant: the top of a kind, personal data, third party."""
        return iri in _GENERAL or iri in self.vague

    def relation(self, said: str, asked: str) -> Relation | None:
        """How what a policy says stands to what is asked for; ``None``: not at all.

        What is narrower is a part of it: who collects email addresses collects contact data. What
        belongs to a company is that company.
        """
        if asked in {said, self.owner(said)}:
            return Relation.SAME
        if asked in self.all_above(said):
            return Relation.NARROWER
        above = self.all_above(asked)
        if said in self.vague or (said in _GENERAL and said in above):
            return Relation.GENERAL
        return Relation.BROADER if said in above else None

    def owner(self, iri: str) -> str:
        """IRI of the company that something belongs to in the end; itself, if to none."""
        seen = {iri}
        while (above := self.owners.get(iri)) and above not in seen:
            seen.add(above)
            iri = above
        return iri


def all_above(start: T, above: Callable[[T], Iterable[T]]) -> set[T]:
    """Everything above something, near and far; ``above`` gives what is right above one."""
    found: set[T] = set()
    open_ends = [start]
    while open_ends:
        fresh = set(above(open_ends.pop())) - found
        found |= fresh
        open_ends.extend(fresh)
    return found


def concepts(store: Store) -> Concepts:
    """The concepts of all snapshots of a graph, and of the ontology."""
    above: dict[str, set[str]] = {}
    for narrow, broad in store.query("SELECT ?a ?b WHERE { ?a skos:broader ?b }"):
        above.setdefault(narrow.value, set()).add(broad.value)
    labels: dict[str, str] = {}
    for iri, label in store.query("SELECT ?a ?b WHERE { ?a rdfs:label ?b }"):
        labels[iri.value] = min(labels.get(iri.value, label.value), label.value)
    vague, sensitive = (
        frozenset(row[0].value for row in store.query(f"SELECT ?a WHERE {{ ?a pf:{name} true }}"))
        for name in ("isVague", "isSensitive")
    )
    owners = {a.value: b.value for a, b in store.query("SELECT ?a ?b WHERE { ?a pf:owner ?b }")}
    own, parties = (
        frozenset(row[0].value for row in store.query(f"SELECT ?a WHERE {{ ?a a pf:{name} }}"))
        for name in ("OwnConcept", "Party")
    )
    ordered = {iri: tuple(sorted(broad)) for iri, broad in above.items()}
    return Concepts(labels, ordered, vague, sensitive, owners, own, parties)
