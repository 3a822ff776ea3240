"""Store -> figures: how much of what there is in a graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.claims import FIELDS, Source, concept_labels, local_name, sources
from kg.iris import PF
from kg.model import Action, Result

if TYPE_CHECKING:
    from kg.store import Store

_MOST = 15


@dataclass(frozen=True, slots=True)
class Stats:
    """What there is in a graph.

    Attributes:
        totals: figure, count.
        companies: company, policies, statements, denials, recipients; recipients are distinct.
        snapshots: company, date, document, sentences, statements, denials.
        actions: action, statements, denials.
        data, recipients, purposes: the concepts that most claims name: concept, claims.
        grounding: role, mentions, in ontology, percent; how many mentions stand for a concept
            of the ontology, not for one of the policy itself.
    """

    totals: Result
    companies: Result
    snapshots: Result
    actions: Result
    data: Result
    recipients: Result
    purposes: Result
    grounding: Result

    def tables(self) -> tuple[tuple[str, Result], ...]:
        """All of them with a title, in the order in which a reader wants them."""
        return (
            ("In this graph", self.totals),
            ("Companies", self.companies),
            ("Policies", self.snapshots),
            ("Actions", self.actions),
            ("Data named most", self.data),
            ("Recipients named most", self.recipients),
            ("Purposes named most", self.purposes),
            ("Words that stand for a concept of the ontology", self.grounding),
        )


def stats(
    store: Store, *, company: str | None = None, most: int = _MOST, least: float = 0.0
) -> Stats:
    """Counts the graph.

    Args:
        company: only one publisher's policies: its IRI, or one of its names.
        most: how many concepts to list.
        least: confidence below which a claim is not counted.

    Raises:
        QueryError: there is no such company.
    """
    labels = concept_labels(store)
    found = sources(store, company=company)
    counted = _counts(store, found, labels, least)
    actions: Counter[tuple[Action, bool]] = Counter()
    by_company: dict[tuple[str, str], Counter[str]] = {}
    rows: list[tuple[str | int | None, ...]] = []
    for source in found:
        own = by_company.setdefault((source.company, source.company_iri), Counter())
        own["policies"] += 1
        here: Counter[bool] = Counter()
        for (action, denied), count in counted.actions.get(source.graph, {}).items():
            here[denied] += count
            actions[action, denied] += count
        own["statements"] += here[False]
        own["denials"] += here[True]
        document = "; ".join(source.documents)
        rows.append(
            (source.company, source.date, document, source.sentences, here[False], here[True])
        )
    gets = counted.gets
    everybody: set[str] = set().union(*gets.values())
    totals = (
        ("policies", len(found)),
        ("companies", len(by_company)),
        ("sentences", sum(source.sentences for source in found)),
        ("statements", sum(count for (_, denied), count in actions.items() if not denied)),
        ("denials", sum(count for (_, denied), count in actions.items() if denied)),
        ("recipients", len(everybody)),
        ("triples in all graphs", len(store)),
    )
    return Stats(
        totals=Result(("figure", "count"), totals),
        companies=Result(
            ("company", "policies", "statements", "denials", "recipients"),
            tuple(
                (
                    name,
                    own["policies"],
                    own["statements"],
                    own["denials"],
                    len(gets.get(iri, ())),
                )
                for (name, iri), own in by_company.items()
            ),
        ),
        snapshots=Result(
            ("company", "date", "document", "sentences", "statements", "denials"), tuple(rows)
        ),
        actions=Result(
            ("action", "statements", "denials"),
            tuple((a.value, actions[a, False], actions[a, True]) for a in Action),
        ),
        data=_top("data", counted.named["data"], most),
        recipients=_top("recipient", counted.named["recipients"], most),
        purposes=_top("purpose", counted.named["purposes"], most),
        grounding=Result(
            ("role", "mentions", "in ontology", "percent"),
            tuple(
                (role, count, counted.grounded[role], round(100 * counted.grounded[role] / count))
                for role, count in sorted(counted.mentions.items())
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """What is counted over the chosen snapshots.

    Attributes:
        actions: IRI of a snapshot's graph -> (action, whether it is denied) -> claims.
        gets: IRI of a company -> IRIs of those that its statements name as recipients.
        named: role -> name of a concept -> claims.
        mentions: role -> mentions that stand for a concept; grounded: for one of the ontology.
    """

    actions: dict[str, Counter[tuple[Action, bool]]]
    gets: dict[str, set[str]]
    named: dict[str, Counter[str]]
    mentions: Counter[str]
    grounded: Counter[str]


_NAMED = {"data": "hasPersonalData", "recipients": "hasRecipient", "purposes": "hasPurpose"}
# The engine counts: reading every claim back takes four times as long.
_ACTIONS = """
SELECT ?graph ?kind ?action (COUNT(?claim) AS ?count) WHERE {
  GRAPH ?graph { ?claim pf:action ?action ; a ?kind ; pf:confidence ?sure }
  FILTER(?sure >= LEAST)
} GROUP BY ?graph ?kind ?action
"""
_CONCEPTS = """
SELECT ?graph ?kind ?concept (COUNT(?claim) AS ?count) WHERE {
  GRAPH ?graph { ?claim dpv:ROLE ?concept ; a ?kind ; pf:confidence ?sure }
  FILTER(?sure >= LEAST)
} GROUP BY ?graph ?kind ?concept
"""
_MENTIONS = """
SELECT ?graph ?role ?concept (COUNT(?mention) AS ?count) WHERE {
  GRAPH ?graph {
    ?claim pf:confidence ?sure ; pf:mention ?mention . ?mention pf:concept ?concept ; pf:role ?role
  }
  FILTER(?sure >= LEAST)
} GROUP BY ?graph ?role ?concept
"""
_LABELS = "SELECT ?graph ?concept ?label WHERE { GRAPH ?graph { ?concept rdfs:label ?label } }"


def _counts(
    store: Store, found: Iterable[Source], labels: Mapping[str, str], least: float
) -> _Counts:
    chosen = {source.graph: source for source in found}

    def rows(text: str) -> Iterator[tuple[str, ...]]:
        for row in store.query(text.replace("LEAST", f"{least:f}")):
            if row[0].value in chosen:
                yield tuple(term.value for term in row)

    own: dict[tuple[str, str], str] = {}
    for graph, concept, label in rows(_LABELS):
        if concept not in labels:
            own[graph, concept] = min(label, own.get((graph, concept), label))

    def name(graph: str, concept: str) -> str:
        if concept == chosen[graph].company_iri:
            return chosen[graph].company
        return labels.get(concept) or own.get((graph, concept)) or local_name(concept)

    counts = _Counts({}, {}, {role: Counter() for role in _NAMED}, Counter(), Counter())
    for graph, kind, action, count in rows(_ACTIONS):
        done = Action(local_name(action).casefold()), kind == f"{PF}Denial"
        counts.actions.setdefault(graph, Counter())[done] += int(count)
    for role, named in _NAMED.items():
        for graph, kind, concept, count in rows(_CONCEPTS.replace("ROLE", named)):
            counts.named[role][name(graph, concept)] += int(count)
            if role == "recipients" and kind != f"{PF}Denial":
                counts.gets.setdefault(chosen[graph].company_iri, set()).add(concept)
    for _, role, concept, count in rows(_MENTIONS):
        if role in FIELDS:
            counts.mentions[FIELDS[role]] += int(count)
            counts.grounded[FIELDS[role]] += int(count) * (concept in labels)
    return counts


def _top(column: str, counts: Counter[str], most: int) -> Result:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Result((column, "claims"), tuple(ranked[:most]))
