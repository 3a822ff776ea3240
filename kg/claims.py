"""Store -> Claim, Right: what a policy says, read back from the graph with where it stands.

Exports, explanations, counts and views all need the same: a claim with its words, concepts and
sentence. They get it here as plain values, so that none of them knows the graph's shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.days import first_day
from kg.errors import QueryError
from kg.iris import PF
from kg.lookup import match
from kg.model import Action, Evidence, Mention, Modality, Polarity, Right, Span, Statement, Support
from kg.triples import DCT, DPV, OA, PROV, RDF, RDFS

if TYPE_CHECKING:
    from kg.store import Store

#: What stands between the headings of a path in the graph.
HEADING_SEPARATOR = " › "

_A = f"{RDF}type"
_LABEL = f"{RDFS}label"
#: Role in the graph -> field of a statement. The others hold one mention each.
FIELDS = {
    "data": "data",
    "recipient": "recipients",
    "source": "sources",
    "purpose": "purposes",
    "legal basis": "legal_bases",
    "location": "locations",
    "retention": "retention",
    "condition": "conditions",
    "method": "methods",
    "threat": "threats",
}
#: Properties that a claim is read from. A graph holds as much again for queries.
READ = frozenset(
    {
        _A,
        _LABEL,
        *(f"{PF}{name}" for name in ("mention", "role", "concept", "action", "modality", "right")),
        *(f"{PF}{name}" for name in ("confidence", "support", "actor", "context", "heading")),
        *(f"{DPV}{name}" for name in ("hasDataController", "hasDataSubject")),
        *(f"{OA}{name}" for name in ("hasSelector", "start", "end", "exact")),
        f"{PROV}wasDerivedFrom",
    }
)

_Node = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Source:
    """A policy snapshot, as the catalogue describes it.

    Attributes:
        graph: IRI of the snapshot and of its graph.
        policy: IRI of the policy line; snapshots with the same one are versions of each other.
        company: name of the publisher.
        documents: names of the files with this text, sorted.
        date: ISO 8601, or ``None``; until: the last day on which the same was recorded;
            recorded: date and time, of versions that an archive keeps.
        urls: where the policy was published and where the copy comes from, sorted.
        names: all names of the publisher.
    """

    graph: str
    policy: str
    company_iri: str
    company: str
    documents: tuple[str, ...]
    title: str
    date: str | None
    urls: tuple[str, ...]
    statements: int
    denials: int
    sentences: int
    names: tuple[str, ...] = ()
    until: str | None = None
    recorded: str | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """By company, then in time."""
        when = self.date or "", self.recorded or ""
        return self.company.casefold(), self.company_iri, *when, self.graph

    @property
    def moment(self) -> tuple[str | None, str | None]:
        """When it is of; of two of the same moment nobody knows which came first."""
        return self.date, self.recorded


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement or a denial, as the graph holds it.

    Attributes:
        iri: of its node.
        statement: with the words as in the text; labels are those of the graph, and
            ``evidence.line`` and ``broader`` are not kept there.
        actor_iri: who acts, the publisher where the text names nobody.
        actor: the name of who acts.
    """

    iri: str
    statement: Statement
    source: Source
    actor_iri: str
    actor: str

    @property
    def digits(self) -> str:
        """The end of the IRI, by which people name a statement."""
        return self.iri.rsplit("/", 1)[-1]

    @property
    def is_denial(self) -> bool:
        """Whether the policy says that this is not done."""
        return self.statement.polarity is Polarity.NEGATED


def sources(store: Store, *, company: str | None = None) -> tuple[Source, ...]:
    """The policy snapshots of a graph, by company and date.

    Args:
        company: only those of one publisher: its IRI, or one of its names.

    Raises:
        QueryError: there is no such company.
    """
    rows = store.query(
        "SELECT ?graph ?property ?value WHERE { ?graph a pf:Snapshot ; ?property ?value }"
    )
    nodes: dict[str, _Node] = {}
    for graph, name, value in rows:
        nodes.setdefault(graph.value, {}).setdefault(name.value, []).append(value.value)
    aliases: dict[str, set[str]] = {}
    for party, alias in store.query("SELECT ?party ?alias WHERE { ?party pf:alias ?alias }"):
        aliases.setdefault(party.value, set()).add(alias.value)
    found = [_source(graph, node, aliases) for graph, node in nodes.items()]
    found.sort(key=lambda source: source.order)
    if company is not None:
        wanted = _company(company, found)
        found = [source for source in found if source.company_iri == wanted]
    return tuple(found)


def _source(graph: str, node: _Node, aliases: Mapping[str, set[str]]) -> Source:
    def one(name: str, otherwise: str = "") -> str:
        return min(node.get(name, ()), default=otherwise)

    party = one(f"{DCT}publisher")
    name = one(f"{PF}publisherName", party)
    return Source(
        graph=graph,
        policy=one(f"{PF}policy", graph),
        company_iri=party,
        company=name,
        documents=tuple(sorted(node.get(f"{DCT}identifier", ()))),
        title=one(f"{DCT}title"),
        date=one(f"{DCT}issued") or None,
        urls=tuple(sorted(node.get(f"{DCT}source", ()))),
        statements=int(one(f"{PF}statementCount", "0")),
        denials=int(one(f"{PF}denialCount", "0")),
        sentences=int(one(f"{PF}sentenceCount", "0")),
        names=tuple(sorted({name, *aliases.get(party, ())})),
        until=one(f"{PF}until") or None,
        recorded=one(f"{PF}recorded") or None,
    )


def _company(wanted: str, found: Sequence[Source]) -> str:
    if any(wanted == source.company_iri for source in found):
        return wanted
    named = {(source.company_iri, name) for source in found for name in source.names}
    return match("company", wanted, sorted(named))


def _as_of(found: Iterable[Source], day: str) -> tuple[Source, ...]:
    """Each policy's last snapshot by the end of a day, a month or a year."""
    is_whole = first_day(day).isoformat() == day
    # A month or a year comes before the days in it; the sign after it comes behind them.
    end = day if is_whole else f"{day}~"
    standing = {source.policy: source for source in found if source.date and source.date <= end}
    return tuple(standing.values())


def standing(found: Iterable[Source], day: str | None = None) -> tuple[Source, ...]:
    """Each policy's latest snapshot, or its last by a day.

    Args:
        found: by date, as :func:`sources` gives them.
        day: ISO 8601; a month or a year of it ("2020-06", "2020") means their last day.

    Raises:
        QueryError: there was no policy yet.
        UsageError: that is no date.
    """
    every = tuple(found)
    if day is None:
        return tuple({source.policy: source for source in every}.values())
    then = _as_of(every, day)
    if every and not then:
        dates = sorted({source.date for source in every if source.date})
        first = f"the first is of {dates[0]}" if dates else "none has a date"
        raise QueryError(f"there is no snapshot of {day} or earlier: {first}")
    return then


def claims(store: Store, *, company: str | None = None, least: float = 0.0) -> Iterator[Claim]:
    """Statements and denials, by company, date and place in the text.

    Args:
        company: only those of one publisher's policies: its IRI, or one of its names.
        least: confidence below which a claim is left out.

    Raises:
        QueryError: there is no such company.
    """
    labels = concept_labels(store)
    for source in sources(store, company=company):
        yield from claims_of(store, source, labels, least=least)


def concept_labels(store: Store) -> dict[str, str]:
    """IRI -> label of the ontology's concepts that the graph brings along."""
    rows = store.query(
        "SELECT ?concept ?label WHERE { GRAPH pf:ontology { ?concept rdfs:label ?label } }"
    )
    found: dict[str, str] = {}
    for concept, label in rows:
        known = found.setdefault(concept.value, label.value)
        found[concept.value] = min(known, label.value)
    return found


def claims_of(
    store: Store, source: Source, labels: Mapping[str, str], *, least: float = 0.0
) -> list[Claim]:
    """The claims of one snapshot, in the order of its text.

    Args:
        labels: of the ontology's concepts, for those that the snapshot's graph does not label.
        least: confidence below which a claim is left out.
    """
    reader = _Reader(_nodes(store, source), source, labels)
    found = [
        reader.claim(iri, node)
        for iri, node in reader.nodes.items()
        if not {f"{PF}Statement", f"{PF}Denial"}.isdisjoint(node.get(_A, ()))
    ]
    found = [claim for claim in found if claim.statement.confidence >= least]
    found.sort(key=lambda c: (c.statement.evidence.start, c.statement.trigger.start, c.iri))
    return found


def rights_of(store: Store, source: Source) -> tuple[Right, ...]:
    """The rights that one snapshot grants, in the order of its text.

    What is in ``evidence.headings`` and ``evidence.context`` is read back too; only
    ``evidence.line`` is not kept in the graph.
    """
    reader = _Reader(_nodes(store, source), source, {})
    found = [
        reader.right(node)
        for node in reader.nodes.values()
        if f"{PF}GrantedRight" in node.get(_A, ())
    ]
    return tuple(sorted(found, key=lambda right: (right.words.start, right.words.end, right.iri)))


def _nodes(store: Store, source: Source) -> dict[str, _Node]:
    nodes: dict[str, _Node] = {}
    for quad in store.quads(graph=source.graph):
        name = quad.predicate.value
        if name not in READ:
            continue
        # A snapshot's graph holds no quoted triples, so every term has a value.
        subject: Any = quad.subject
        value: Any = quad.object
        nodes.setdefault(subject.value, {}).setdefault(name, []).append(value.value)
    return nodes


@dataclass(frozen=True, slots=True)
class _Reader:
    """The nodes of one snapshot's graph, and what is needed to read claims from them."""

    nodes: Mapping[str, _Node]
    source: Source
    labels: Mapping[str, str]

    def claim(self, iri: str, node: _Node) -> Claim:
        lists: dict[str, list[Mention]] = {}
        single: dict[str, Mention] = {}
        for mention in sorted(node.get(f"{PF}mention", ()), key=_number):
            found = self.nodes.get(mention, {})
            role = _one(found, f"{PF}role")
            if role in FIELDS:
                lists.setdefault(FIELDS[role], []).append(self.mention(found))
            elif role:
                single[role] = self.mention(found)
        denied = f"{PF}Denial" in node[_A]
        statement = Statement(
            action=Action(local_name(_one(node, f"{PF}action")).casefold()),
            polarity=Polarity.NEGATED if denied else Polarity.AFFIRMED,
            modality=Modality(local_name(_one(node, f"{PF}modality", f"{PF}asserted"))),
            trigger=single.get("trigger", Mention("", 0, 0)),
            evidence=self.evidence(node),
            negation=single.get("negation"),
            actor=single.get("actor"),
            data_subject="child" if f"{PF}Child" in node.get(f"{DPV}hasDataSubject", ()) else None,
            confidence=float(_one(node, f"{PF}confidence", "1")),
            support=Support(_one(node, f"{PF}support", "rules")),
            **{name: tuple(mentions) for name, mentions in lists.items()},
        )
        actor = (
            _one(node, f"{PF}actor")
            or _one(node, f"{DPV}hasDataController")
            or self.source.company_iri
        )
        return Claim(iri, statement, self.source, actor, self.label(actor))

    def right(self, node: _Node) -> Right:
        iri = _one(node, f"{PF}right")
        words = self.mention(self.nodes.get(_one(node, f"{PF}mention"), {}))
        return Right(iri, self.label(iri), words, self.evidence(node))

    def mention(self, node: _Node) -> Mention:
        concept = _one(node, f"{PF}concept") or None
        return Mention(
            text=_one(node, f"{OA}exact"),
            start=int(_one(node, f"{OA}start", "0")),
            end=int(_one(node, f"{OA}end", "0")),
            iri=concept,
            label=self.label(concept) if concept else None,
        )

    def label(self, iri: str) -> str:
        """The publisher's name, the label in this graph, the ontology's, or the IRI's end."""
        if iri == self.source.company_iri:
            return self.source.company
        return self.labels.get(iri) or _one(self.nodes.get(iri, {}), _LABEL) or local_name(iri)

    def evidence(self, node: _Node) -> Evidence:
        place = _one(node, f"{PROV}wasDerivedFrom")
        quote = self.span(place)
        heading = _one(self.nodes.get(place, {}), f"{PF}heading")
        context = sorted(
            (self.span(other) for other in node.get(f"{PF}context", ())),
            key=lambda span: (span.start, span.end, span.text),
        )
        return Evidence(
            document=min(self.source.documents, default=""),
            text=quote.text,
            start=quote.start,
            end=quote.end,
            headings=tuple(heading.split(HEADING_SEPARATOR)) if heading else (),
            context=tuple(context),
        )

    def span(self, place: str) -> Span:
        text, start, end = "", 0, 0
        for selector in self.nodes.get(place, {}).get(f"{OA}hasSelector", ()):
            node = self.nodes.get(selector, {})
            text = _one(node, f"{OA}exact") or text
            start = int(_one(node, f"{OA}start", str(start)))
            end = int(_one(node, f"{OA}end", str(end)))
        return Span(text, start, end)


def _one(node: _Node, name: str, otherwise: str = "") -> str:
    return min(node.get(name, ()), default=otherwise)


def local_name(iri: str) -> str:
    """The end of an IRI, after its last "#" or "/"."""
    return iri.rstrip("/#").rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _number(mention: str) -> tuple[int, str]:
    end = mention.rsplit("/", 1)[-1]
    return (int(end) if end.isascii() and end.isdigit() else 0), mention
