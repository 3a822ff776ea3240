"""Store -> figures: how much of what there is in a graph."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.claims import claims_of, concept_labels, sources
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
    actions: Counter[tuple[Action, bool]] = Counter()
    by_company: dict[tuple[str, str], Counter[str]] = {}
    gets: dict[str, set[str]] = {}
    named: dict[str, Counter[str]] = {"data": Counter(), "recipients": Counter()}
    named["purposes"] = Counter()
    mentions: Counter[str] = Counter()
    grounded: Counter[str] = Counter()
    rows: list[tuple[str | int | None, ...]] = []
    for source in found:
        own = by_company.setdefault((source.company, source.company_iri), Counter())
        own["policies"] += 1
        here: Counter[bool] = Counter()
        for claim in claims_of(store, source, labels, least=least):
            here[claim.is_denial] += 1
            actions[claim.statement.action, claim.is_denial] += 1
            if not claim.is_denial:
                recipients = {m.iri for m in claim.statement.recipients if m.iri}
                gets.setdefault(source.company_iri, set()).update(recipients)
            once: set[tuple[str, str]] = set()
            for role, mention in claim.statement.mentions():
                if mention.iri is None:
                    continue
                mentions[role] += 1
                grounded[role] += mention.iri in labels
                if role in named and mention.iri not in {iri for kind, iri in once if kind == role}:
                    once.add((role, mention.iri))
                    named[role][mention.label or mention.text] += 1
        own["statements"] += here[False]
        own["denials"] += here[True]
        document = "; ".join(source.documents)
        rows.append(
            (source.company, source.date, document, source.sentences, here[False], here[True])
        )
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
        data=_top("data", named["data"], most),
        recipients=_top("recipient", named["recipients"], most),
        purposes=_top("purpose", named["purposes"], most),
        grounding=Result(
            ("role", "mentions", "in ontology", "percent"),
            tuple(
                (role, count, grounded[role], round(100 * grounded[role] / count))
                for role, count in sorted(mentions.items())
            ),
        ),
    )


def _top(column: str, counts: Counter[str], most: int) -> Result:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Result((column, "claims"), tuple(ranked[:most]))
