"""Statement -> triples, as strict N-Triples and N-Quads text.

The text is written directly, without a term model in between: that is many times cheaper than
building the graph in memory, and the text loads at the speed of the store. The price is that
escaping must be right, so every term passes through :func:`literal` or :func:`iri`.

IRIs hash content, nothing is a blank node, and the order is fixed: the same reading gives the
same bytes. A snapshot's graph is complete in itself: it labels every concept it names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from hashlib import blake2b, sha1
from itertools import groupby

from kg.iris import BASE, PF, digest, normal_name, party_iri, policy_iri, snapshot_iri
from kg.model import (
    Action,
    Definition,
    Document,
    Evidence,
    Mention,
    Polarity,
    Reading,
    Right,
    Span,
    Statement,
)

DPV = "https://w3id.org/dpv#"
DCT = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

#: Actors that are the user, who is no controller.
USERS = frozenset({f"{PF}User", f"{PF}Child"})

_A = f"<{RDF}type>"
_LABEL = f"<{RDFS}label>"
_INT = f"^^<{XSD}integer>"
_DATE = f"^^<{XSD}date>"
_MOMENT = f"^^<{XSD}dateTime>"
_MENTION = f"<{PF}Mention>"
_ABOVE = f"<{PF}broaderTransitive>"
_HAS_MENTION = f"<{PF}mention>"
_ROLE = f"<{PF}role>"
_CONCEPT = f"<{PF}concept>"
_START = f"<{OA}start>"
_END = f"<{OA}end>"
_EXACT = f"<{OA}exact>"
_SELECTOR = f"<{OA}hasSelector>"
_EVIDENCE = f"<{PF}Evidence>"

#: Role of a statement -> (its name in the graph, the property that points at the concept).
_CONCEPT_ROLES = (
    ("data", "data", f"<{DPV}hasPersonalData>"),
    ("recipients", "recipient", f"<{DPV}hasRecipient>"),
    ("sources", "source", f"<{DPV}hasDataSource>"),
    ("purposes", "purpose", f"<{DPV}hasPurpose>"),
    ("legal_bases", "legal basis", f"<{DPV}hasLegalBasis>"),
    ("locations", "location", f"<{DPV}hasLocation>"),
)
_TEXT_ROLES = (
    ("retention", "retention", f"<{PF}retention>"),
    ("conditions", "condition", f"<{PF}condition>"),
    ("methods", "method", f"<{PF}method>"),
    ("threats", "threat", f"<{PF}threat>"),
)
#: Role -> the concept above those that the ontology does not know at all.
_TOP = {"data": f"{PF}Data"}
#: Where a safeguard may be named.
_SAFEGUARD_ROLES = frozenset({"legal basis", "condition", "method"})

#: Action -> local names of its direct edges: (actor to data, actor to recipient, actor to
#: place, data to recipient, data to place); ``None`` where there is no such edge.
_EDGES: dict[Action, tuple[str, str | None, str | None, str | None, str | None]] = {
    Action.COLLECT: ("collects", None, None, None, None),
    Action.USE: ("uses", None, None, None, None),
    Action.SHARE: ("shares", "sharesWith", None, "sharedWith", None),
    Action.TRANSFER: ("transfers", "sharesWith", "transfersTo", "sharedWith", "transferredTo"),
    Action.SELL: ("sells", "sellsTo", None, None, None),
    Action.STORE: ("stores", None, "storesIn", None, "storedIn"),
    Action.RETAIN: ("retains", None, None, None, None),
    Action.DELETE: ("deletes", None, None, None, None),
    Action.PROTECT: ("protects", None, None, None, None),
}
_DENIED_EDGES: dict[Action, tuple[str, str | None, str | None, None, None]] = {
    Action.COLLECT: ("doesNotCollect", None, None, None, None),
    Action.USE: ("doesNotUse", None, None, None, None),
    Action.SHARE: ("doesNotShare", "doesNotShareWith", None, None, None),
    Action.TRANSFER: ("doesNotTransfer", "doesNotShareWith", "doesNotTransferTo", None, None),
    Action.SELL: ("doesNotSell", "doesNotSellTo", None, None, None),
    Action.STORE: ("doesNotStore", None, "doesNotStoreIn", None, None),
    Action.RETAIN: ("doesNotRetain", None, None, None, None),
    Action.DELETE: ("doesNotDelete", None, None, None, None),
    Action.PROTECT: ("doesNotProtect", None, None, None, None),
}

# Quotes, backslashes, controls, the line breaks of Unicode (some readers split at them),
# lone surrogates and noncharacters.
_UNSAFE = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def escaped(text: str) -> str:
    """Text as it may stand between the quotes of a literal.

    >>> print(escaped('say "hi"\\n'))
    say \\"hi\\"\\n
    """
    return _UNSAFE.sub(_escape, text)


def literal(text: str) -> str:
    """A plain literal; lone surrogates become U+FFFD."""
    return f'"{escaped(text)}"'


@lru_cache(maxsize=1 << 16)
def iri(value: str) -> str:
    """An IRI between its angle brackets.

    A value that is no absolute IRI is replaced by one hashed from it: a mistake elsewhere must
    not make a file that cannot be loaded.
    """
    return f"<{value}>" if is_iri(value) else f"<{BASE}invalid/{digest(value)}>"


def is_iri(value: str) -> bool:
    """Whether the value is an absolute IRI by the strict reading of the store, and printable."""
    from pyoxigraph import NamedNode  # noqa: PLC0415 - heavy

    if not value.isprintable():  # other readers end an IRI at any kind of space
        return False
    try:
        NamedNode(value)
    except (ValueError, UnicodeEncodeError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Terms:
    """What has to be known of the ontology to write a graph.

    Attributes:
        companies: normal name -> IRI of the companies that the ontology holds.
        safeguards: IRIs of the concepts that are safeguards of a transfer.
        broader: IRI of a concept -> IRIs of all those above it.
        is_sensitive: of the IRI of a data category: whether it, or one above it, is sensitive.
        is_vague: of the IRI of a recipient: whether it leaves open who that is.
        label: of the IRI of a concept: its name in the ontology, ``None`` for others.
    """

    companies: Mapping[str, str] = field(default_factory=dict)
    safeguards: frozenset[str] = frozenset()
    broader: Callable[[str], tuple[str, ...]] = lambda _: ()
    is_sensitive: Callable[[str], bool] = lambda _: False
    is_vague: Callable[[str], bool] = lambda _: False
    label: Callable[[str], str | None] = lambda _: None


@cache
def ontology_terms() -> Terms:
    """The terms of the shipped ontology; read once, in about a second."""
    from kg.grounding import Scheme, grounder  # noqa: PLC0415 - reads the ontology

    words = grounder()
    companies: dict[str, str] = {}
    for name, found in words.companies():
        companies.setdefault(normal_name(name), found)
    return Terms(
        companies,
        frozenset(found for _, found in words.phrases(Scheme.SAFEGUARD)),
        cache(words.broader),
        cache(words.is_sensitive),
        cache(words.is_vague),
        cache(words.label),
    )


def party_of(name: str, base: str = BASE, terms: Terms | None = None) -> str:
    """IRI of a company: the ontology's when it holds the company."""
    terms = terms or ontology_terms()
    return terms.companies.get(normal_name(name)) or party_iri(name, base)


def snapshot_of(document: Document, base: str = BASE) -> str:
    """IRI of a document's snapshot, the name of its graph."""
    day = document.date.isoformat() if document.date else ""
    return snapshot_iri(document.publisher or document.name, day, document.sha256, base)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the catalogue says about one snapshot; plain values, so that it can be kept as JSON.

    Attributes:
        graph: IRI of the snapshot and of its graph.
        document: name of the document it was read from.
        publisher: the company; the name of the document when it is unknown.
        names: other names of the publisher.
        issued: the date of the snapshot; all dates are ISO 8601 (YYYY-MM-DD) or ``None``.
        until: the last day on which a text was recorded that differs in nothing of substance.
        recorded: date and time in UTC.
        series: see :class:`kg.model.Document`.
        substance: hash of what the text says; the same for copies that differ in layout only.
    """

    graph: str
    document: str
    publisher: str
    names: tuple[str, ...] = ()
    title: str | None = None
    url: str | None = None
    source_url: str | None = None
    issued: str | None = None
    effective: str | None = None
    updated: str | None = None
    archived: str | None = None
    until: str | None = None
    recorded: str | None = None
    series: str | None = None
    substance: str = ""
    sha256: str = ""
    statements: int = 0
    denials: int = 0
    sentences: int = 0


def snapshot(reading: Reading, base: str = BASE, substance: str = "") -> Snapshot:
    """The catalogue's entry of a reading."""

    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    document = reading.document
    denials = sum(s.polarity is Polarity.NEGATED for s in reading.statements)
    return Snapshot(
        graph=snapshot_of(document, base),
        document=document.name,
        publisher=document.publisher or document.name,
        names=document.names,
        title=document.title,
        url=document.url,
        source_url=document.source_url,
        issued=day(document.date),
        effective=day(document.effective),
        updated=day(document.updated),
        archived=day(document.archived),
        recorded=f"{document.recorded:%Y-%m-%dT%H:%M:%SZ}" if document.recorded else None,
        series=document.series,
        substance=substance,
        sha256=document.sha256,
        statements=len(reading.statements) - denials,
        denials=denials,
        sentences=reading.sentences,
    )


def line_of(entry: Snapshot, base: str = BASE) -> str:
    """IRI of the policy line that a snapshot belongs to."""
    return policy_iri(entry.series or entry.publisher, base)


def in_time(entry: Snapshot) -> tuple[str, ...]:
    """What the snapshots of a policy line are ordered by."""
    return entry.issued or "", entry.recorded or "", entry.graph, entry.document


def catalogue_graph(base: str = BASE) -> str:
    """IRI of the catalogue graph."""
    return f"{base}catalogue"


def catalogue(snapshots: Iterable[Snapshot], base: str = BASE, terms: Terms | None = None) -> str:
    """The catalogue graph as N-Quads: policies, snapshots in their order, publishers.

    Args:
        snapshots: of the whole corpus, in any order.
        terms: of the ontology; the shipped one by default.
    """
    suffix = f" {iri(catalogue_graph(base))} .\n"
    lines: set[str] = set()
    lines_of_policies: dict[str, list[Snapshot]] = {}
    names_of_parties: dict[str, set[str]] = {}
    labels_of_parties: dict[str, set[str]] = {}
    for entry in snapshots:
        lines_of_policies.setdefault(line_of(entry, base), []).append(entry)
        party = party_of(entry.publisher, base, terms)
        labels_of_parties.setdefault(party, set()).add(entry.publisher)
        names_of_parties.setdefault(party, set()).update(entry.names, (entry.publisher,))
    labels = {party: min(found, key=_by_length) for party, found in labels_of_parties.items()}
    for party, names in names_of_parties.items():
        node, label = iri(party), labels[party]
        lines.update((f"{node} {_A} <{PF}Party>", f"{node} {_LABEL} {literal(label)}"))
        lines.update(f"{node} <{PF}alias> {literal(name)}" for name in names if name != label)
    for policy, entries in lines_of_policies.items():
        entries.sort(key=in_time)
        lines.add(f"{iri(policy)} {_A} <{PF}Policy>")
        previous: str | None = None
        for _, copies in groupby(entries, key=lambda entry: entry.graph):
            first, *others = copies
            party = party_of(first.publisher, base, terms)
            lines.update(_snapshot_lines(first, iri(policy), iri(party), labels[party]))
            node = iri(first.graph)
            lines.update(f"{node} <{DCT}identifier> {literal(c.document)}" for c in others)
            if previous:
                lines.add(f"{node} <{PF}predecessor> {previous}")
            previous = node
    return "".join(f"{line}{suffix}" for line in sorted(lines))


def _snapshot_lines(entry: Snapshot, policy: str, party: str, name: str) -> Iterator[str]:
    node, title = iri(entry.graph), entry.title or entry.document
    yield f"{node} {_A} <{PF}Snapshot>"
    yield f"{node} {_A} <{DPV}PrivacyNotice>"
    yield f"{node} <{PF}policy> {policy}"
    yield f"{policy} <{DCT}publisher> {party}"
    yield f"{node} <{DCT}publisher> {party}"
    # The name stands beside the IRI so that a row of a query needs no search for one label.
    yield f"{node} <{PF}publisherName> {literal(name)}"
    yield f"{node} <{DCT}identifier> {literal(entry.document)}"
    yield f"{node} <{DCT}title> {literal(title)}"
    yield f"{node} {_LABEL} {literal(f'{name} {entry.issued}' if entry.issued else name)}"
    for predicate, day in (
        (f"{DCT}issued", entry.issued),
        (f"{PF}effective", entry.effective),
        (f"{PF}updated", entry.updated),
        (f"{PF}archived", entry.archived),
        (f"{PF}until", entry.until),
    ):
        if day:
            yield f"{node} <{predicate}> {literal(day)}{_DATE}"
    if entry.recorded:
        yield f"{node} <{PF}recorded> {literal(entry.recorded)}{_MOMENT}"
    for url in filter(None, (entry.url, entry.source_url)):
        is_web = url.startswith(("http://", "https://")) and is_iri(url)
        yield f"{node} <{DCT}source> {iri(url) if is_web else literal(url)}"
    if entry.sha256:
        yield f"{node} <{PF}sha256> {literal(entry.sha256)}"
    for predicate, count in (
        ("statementCount", entry.statements),
        ("denialCount", entry.denials),
        ("sentenceCount", entry.sentences),
    ):
        yield f'{node} <{PF}{predicate}> "{count}"{_INT}'


def describe(
    statement: Statement,
    snapshot: str,
    base: str = BASE,
    *,
    controller: str | None = None,
    terms: Terms | None = None,
) -> Iterator[tuple[str, str, str]]:
    """The triples of a statement, as N-Triples terms, each once, in a fixed order.

    Args:
        snapshot: IRI of the policy snapshot; with the same statement it gives the same IRIs.
        controller: IRI of the party that acts where the statement names no actor; in a
            policy, its publisher.
        terms: of the ontology; the shipped one by default.

    >>> from kg.model import *
    >>> said = Evidence("p.md", "We sell data.", 0, 13)
    >>> verb = Mention("sell", 3, 7)
    >>> sale = Statement(Action.SELL, Polarity.AFFIRMED, Modality.ASSERTED, verb, said)
    >>> [o for s, p, o in describe(sale, BASE + "snapshot/1") if p.endswith("#action>")]
    ['<https://w3id.org/privflow#Sell>']
    """
    graph = _Graph(snapshot, base, controller, terms or ontology_terms(), " .\n")
    graph.add(statement)
    for line in graph.text().splitlines():
        subject, predicate, rest = line.split(" ", 2)
        yield subject, predicate, rest[:-2]


def describe_reading(
    reading: Reading,
    base: str = BASE,
    terms: Terms | None = None,
) -> str:
    """The graph of a snapshot as N-Quads: statements, rights, evidence, own concepts and edges.

    Args:
        terms: of the ontology; the shipped one by default.

    Returns:
        One quad a line, no line twice; empty when there is nothing to say. The order of the
        statements, definitions and rights makes no difference.
    """
    name = snapshot_of(reading.document, base)
    publisher = reading.document.publisher or reading.document.name
    terms = terms or ontology_terms()
    controller = party_of(publisher, base, terms)
    graph = _Graph(name, base, controller, terms, f" {iri(name)} .\n")
    graph.same = frozenset({party_iri(publisher, base)})
    if reading.statements or reading.definitions or reading.rights:
        graph.label(controller, publisher, None)
        # Another property than in the catalogue: no triple stands in two graphs of instances.
        graph.lines.add(f"{iri(name)} <{DCT}creator> {iri(controller)}")
    for statement in reading.statements:
        graph.add(statement)
    for definition in reading.definitions:
        graph.define(definition)
    for right in reading.rights:
        graph.grant(right)
    return graph.text()


def _by_length(text: str) -> tuple[int, str]:
    return len(text), text


@dataclass(slots=True)
class _Graph:
    """One snapshot's graph while it is written.

    Blocks of text by the IRI of what they describe, so that sorting is cheap; what several
    statements share (edges, evidence, concepts) is kept in dictionaries and sets, so that it
    is written once.
    """

    snapshot: str
    base: str
    controller: str | None
    terms: Terms
    end: str
    same: frozenset[str] = frozenset()  # other IRIs of the controller
    statements: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    lines: set[str] = field(default_factory=set)
    escapes: dict[str, str] = field(default_factory=dict)
    keys: dict[tuple[str, ...], str] = field(default_factory=dict)
    places: dict[tuple[str, int, int, tuple[str, ...]], str] = field(default_factory=dict)

    def text(self) -> str:
        end = self.end
        own, party = f"{self.base}concept/", f"{self.base}party/"
        for value, label in self.labels.items():
            node, quoted = iri(value), literal(label)
            self.lines.add(f"{node} {_LABEL} {quoted}")
            if value.startswith(own):
                self.lines.add(f"{node} {_A} <{PF}OwnConcept>")
                self.lines.add(f"{node} {_A} <{SKOS}Concept>")
                self.lines.add(f"{node} <{SKOS}prefLabel> {quoted}")
            elif value.startswith(party):
                self.lines.add(f"{node} {_A} <{PF}Party>")
        shared = end.join(sorted(self.lines))
        return "".join(
            (
                *(self.statements[key] for key in sorted(self.statements)),
                *(self.evidence[key] for key in sorted(self.evidence)),
                shared,
                end if shared else "",
            )
        )

    def escaped(self, text: str) -> str:
        found = self.escapes.get(text)
        if found is None:
            found = self.escapes[text] = escaped(text)
        return found

    def label(self, value: str, label: str, broader: str | None) -> None:
        # A concept of the ontology is called what the ontology calls it.
        label = self.terms.label(value) or label
        known = self.labels.get(value)
        if known is None or _by_length(label) < _by_length(known):
            self.labels[value] = label
        if known is None and not value.startswith(PF):
            self.lines.add(f"{iri(value)} {_ABOVE} {iri(value)}")
        if broader is not None and broader != value and not value.startswith(PF):
            node = iri(value)
            self.lines.add(f"{node} <{SKOS}broader> {iri(broader)}")
            for above in (broader, *self.terms.broader(broader)):
                self.lines.add(f"{node} {_ABOVE} {iri(above)}")

    def concept(self, role: str, mention: Mention) -> str:
        """IRI of what a mention stands for; words without a concept become one of the policy."""
        value = mention.iri
        broader = mention.broader
        if value in self.same and self.controller:
            value = self.controller
        elif value is None:
            wording = " ".join(mention.text.casefold().split())
            # A place is the same place whoever names it; other words are the policy's own.
            where = () if role == "location" else (self.snapshot,)
            value = f"{self.base}concept/{digest(*where, role, wording)}"
            broader = broader or _TOP.get(role)
        label = mention.label or mention.text
        if broader is not None or self.labels.get(value) != label:
            self.label(value, label, broader)
        return value

    def flag(self, role: str, mention: Mention, value: str) -> str | None:
        """The property that says once more, for quick search, what is remarkable about a role."""
        if role == "data":
            kinds = (value, mention.broader) if mention.broader else (value,)
            return "sensitiveData" if any(map(self.terms.is_sensitive, kinds)) else None
        return "vagueRecipient" if role == "recipient" and self.terms.is_vague(value) else None

    def is_advertising(self, purpose: Mention) -> bool:
        top = f"{PF}Advertising"
        near = {purpose.iri, purpose.broader} - {None}
        return top in near or any(top in self.terms.broader(one) for one in near if one)

    def key(self, *parts: str) -> str:
        """Flow key: 16 digits of the SHA-1 of the IRIs, so that SPARQL can recompute it."""
        found = self.keys.get(parts)
        if found is None:
            # A space cannot stand in an IRI, so the parts cannot run together.
            text = " ".join(iri(part)[1:-1] if part else "" for part in parts)
            found = self.keys[parts] = sha1(text.encode(), usedforsecurity=False).hexdigest()[:16]
        return found

    def mention(self, statement: str, number: int, role: str, mention: Mention, value: str) -> str:
        """The lines of one mention; ``value`` is the IRI of its concept, or empty."""
        end = self.end
        node = f"{statement[:-1]}/{number}>"
        concept = f"{node} {_CONCEPT} {iri(value)}{end}" if value else ""
        return (
            f"{statement} {_HAS_MENTION} {node}{end}{node} {_A} {_MENTION}{end}"
            f'{node} {_ROLE} "{role}"{end}{concept}'
            f'{node} {_START} "{mention.start}"{_INT}{end}{node} {_END} "{mention.end}"{_INT}{end}'
            f'{node} {_EXACT} "{self.escaped(mention.text)}"{end}'
        )

    def place(self, text: str, start: int, stop: int, headings: tuple[str, ...] = ()) -> str:
        """IRI term of the evidence node of a stretch of text, which is written once."""
        # The text is part of the name for those who describe without a whole document.
        where = (text, start, stop, headings)
        node = self.places.get(where)
        if node is not None:
            return node
        name = blake2b(repr((self.snapshot, where)).encode(), digest_size=8).hexdigest()
        node = f"<{self.base}evidence/{name}"
        end = self.end
        heading = self.escaped(" › ".join(headings))
        above = f'{node}> <{PF}heading> "{heading}"{end}' if heading else ""
        self.evidence[node] = (
            f"{node}> {_A} {_EVIDENCE}{end}{above}"
            f"{node}> {_SELECTOR} {node}/position>{end}"
            f"{node}/position> {_A} <{OA}TextPositionSelector>{end}"
            f'{node}/position> {_START} "{start}"{_INT}{end}'
            f'{node}/position> {_END} "{stop}"{_INT}{end}'
            f"{node}> {_SELECTOR} {node}/quote>{end}"
            f"{node}/quote> {_A} <{OA}TextQuoteSelector>{end}"
            f'{node}/quote> {_EXACT} "{self.escaped(text)}"{end}'
        )
        self.places[where] = found = f"{node}>"
        return found

    def evidence_lines(self, node: str, evidence: Evidence) -> str:
        place = self.place(evidence.text, evidence.start, evidence.end, evidence.headings)
        context = "".join(
            f"{node} <{PF}context> {where}{self.end}"
            for where in sorted({self.place(s.text, s.start, s.end) for s in evidence.context})
        )
        return f"{node} <{PROV}wasDerivedFrom> {place}{self.end}{context}"

    def add(self, statement: Statement) -> None:  # noqa: PLR0912, PLR0915 - one branch a role
        """Writes one statement, unless it is there."""
        end, action, denied = self.end, statement.action, statement.polarity is Polarity.NEGATED
        # ``repr`` of nested tuples tells any two contents apart and is the cheapest that does.
        name = blake2b(repr(_content(statement, self.snapshot)).encode(), digest_size=8).hexdigest()
        node = f"<{self.base}statement/{name}>"
        if node in self.statements:
            return
        parts: list[str] = []
        number = 0
        pointers: set[str] = set()
        found: dict[str, list[str]] = {}
        for attribute, role, predicate in _CONCEPT_ROLES:
            mentions: tuple[Mention, ...] = getattr(statement, attribute)
            if not mentions:
                continue
            values = []
            for mention in mentions:
                value = self.concept(role, mention)
                values.append(value)
                pointers.add(f"{predicate} {iri(value)}")
                flag = self.flag(role, mention, value)
                if flag:
                    pointers.add(f"<{PF}{flag}> {iri(value)}")
                if role in _SAFEGUARD_ROLES and value in self.terms.safeguards:
                    pointers.add(f"<{PF}safeguard> {iri(value)}")
                parts.append(self.mention(node, number, role, mention, value))
                number += 1
            found[attribute] = values
        for attribute, role, predicate in _TEXT_ROLES:
            mentions = getattr(statement, attribute)
            for mention in mentions:
                value = mention.iri or ""
                if value:
                    self.concept(role, mention)
                    if role in _SAFEGUARD_ROLES and value in self.terms.safeguards:
                        pointers.add(f"<{PF}safeguard> {iri(value)}")
                pointers.add(f'{predicate} "{self.escaped(mention.text)}"')
                parts.append(self.mention(node, number, role, mention, value))
                number += 1
        parts.append(self.mention(node, number, "trigger", statement.trigger, ""))
        if statement.negation:
            parts.append(self.mention(node, number + 1, "negation", statement.negation, ""))
        actor = self.controller
        if statement.actor:
            actor = self.concept("actor", statement.actor)
            pointers.add(f"<{PF}actor> {iri(actor)}")
            parts.append(self.mention(node, number + 2, "actor", statement.actor, actor))
        if actor and actor not in USERS:
            pointers.add(f"<{DPV}hasDataController> {iri(actor)}")
        if statement.data_subject == "child":
            pointers.add(f"<{DPV}hasDataSubject> <{PF}Child>")
        act = action.value.capitalize()
        kind = f"{PF}{'Denial' if denied else 'Statement'}"
        data = found.get("data", ())
        recipients = found.get("recipients", ())
        for item in data or ("",):
            for recipient in recipients or ("",):
                key = self.key(actor or "", f"{PF}{act}", item, recipient, kind)
                pointers.add(f'<{PF}flowKey> "{key}"')
        self.edges(actor, action, denied, data, recipients, found.get("locations", ()))
        if actor and action is Action.COLLECT:
            edge = f"{iri(actor)} <{PF}{'doesNotCollectFrom' if denied else 'collectsFrom'}>"
            self.lines.update(f"{edge} {iri(source)}" for source in found.get("sources", ()))
        if not denied:
            for purpose in found.get("purposes", ()):
                edge = f"<{PF}usedFor> {iri(purpose)}"
                self.lines.update(f"{iri(item)} {edge}" for item in data)
            if actor and any(map(self.is_advertising, statement.purposes)):
                edge = f"{iri(actor)} <{PF}advertisesWith>"
                self.lines.update(f"{edge} {iri(item)}" for item in data)
        self.statements[node] = (
            f"{node} {_A} <{kind}>{end}"
            f"{node} <{PF}action> <{PF}{act}>{end}"
            f"{node} <{DPV}hasProcessing> <{PF}{act}>{end}"
            # Action and polarity in one, and the sentence without its selectors: what nearly
            # every question asks of a statement costs one look-up each.
            f"{node} <{PF}says> <{PF}{(_DENIED_EDGES if denied else _EDGES)[action][0]}>{end}"
            f'{node} <{PF}sentence> "{self.escaped(statement.evidence.text)}"{end}'
            f"{node} <{PF}modality> <{PF}{statement.modality.value}>{end}"
            f'{node} <{PF}confidence> "{round(statement.confidence, 2):g}"^^<{XSD}decimal>{end}'
            f'{node} <{PF}support> "{statement.support.value}"{end}'
            f"{node} <{PF}snapshot> {iri(self.snapshot)}{end}"
            f"{self.evidence_lines(node, statement.evidence)}"
            + "".join([f"{node} {pointer}{end}" for pointer in sorted(pointers)])
            + "".join(parts)
        )

    def edges(
        self,
        actor: str | None,
        action: Action,
        denied: bool,
        data: Iterable[str],
        recipients: Iterable[str],
        places: Iterable[str],
    ) -> None:
        """The direct edges of a statement. A denial never makes one of the affirmed kind."""
        add = self.lines.add
        to_data, to_recipient, to_place, passed, placed = (_DENIED_EDGES if denied else _EDGES)[
            action
        ]
        if actor:
            node = iri(actor)
            for item in data:
                add(f"{node} <{PF}{to_data}> {iri(item)}")
            if to_recipient:
                for recipient in recipients:
                    add(f"{node} <{PF}{to_recipient}> {iri(recipient)}")
            if to_place:
                for place in places:
                    add(f"{node} <{PF}{to_place}> {iri(place)}")
        if passed:
            for item in data:
                for recipient in recipients:
                    add(f"{iri(item)} <{PF}{passed}> {iri(recipient)}")
        if placed:
            for item in data:
                for place in places:
                    add(f"{iri(item)} <{PF}{placed}> {iri(place)}")

    def define(self, definition: Definition) -> None:
        """A term that the policy explains itself."""
        end, term = self.end, definition.term
        value = self.concept("data", term)
        content = (
            self.snapshot,
            _words(term),
            [_words(m) for m in definition.narrower],
            _place(definition.evidence),
        )
        name = blake2b(repr(content).encode(), digest_size=8).hexdigest()
        node = f"<{self.base}definition/{name}>"
        narrower = {self.concept("data", mention) for mention in definition.narrower} - {value}
        self.statements[node] = (
            f"{node} {_A} <{PF}Definition>{end}"
            f"{node} <{PF}snapshot> {iri(self.snapshot)}{end}"
            f"{node} <{PF}term> {iri(value)}{end}"
            f"{self.evidence_lines(node, definition.evidence)}"
            + "".join(f"{node} <{PF}includes> {iri(item)}{end}" for item in sorted(narrower))
        )
        # The ontology's own concepts keep the ontology's hierarchy; only the policy's move.
        own = f"{self.base}concept/"
        if value.startswith(own):
            for item in narrower:
                if item.startswith(own):
                    self.lines.add(f"{iri(item)} <{SKOS}broader> {iri(value)}")

    def grant(self, right: Right) -> None:
        """A right that the policy grants, unless it is there."""
        end = self.end
        content = (self.snapshot, right.iri, _words(right.words), _place(right.evidence))
        name = blake2b(repr(content).encode(), digest_size=8).hexdigest()
        node = f"<{self.base}right/{name}>"
        if node in self.statements:
            return
        self.label(right.iri, right.label, None)
        self.statements[node] = (
            f"{node} {_A} <{PF}GrantedRight>{end}"
            f"{node} <{PF}right> {iri(right.iri)}{end}"
            f'{node} <{PF}sentence> "{self.escaped(right.evidence.text)}"{end}'
            f"{node} <{PF}snapshot> {iri(self.snapshot)}{end}"
            f"{self.evidence_lines(node, right.evidence)}"
            f"{self.mention(node, 0, 'right', right.words, right.iri)}"
        )


def _words(mention: Mention | None) -> tuple[str | int | None, ...] | None:
    if mention is None:
        return None
    return (
        mention.text, mention.start, mention.end, mention.iri, mention.label, mention.broader
    )  # fmt: skip


def _place(evidence: Evidence) -> tuple[object, ...]:
    return (
        evidence.document,
        evidence.text,
        evidence.start,
        evidence.end,
        evidence.headings,
        [_span(span) for span in evidence.context],
        evidence.line,
    )


def _span(span: Span) -> tuple[str, int, int]:
    return span.text, span.start, span.end


def _content(statement: Statement, snapshot: str) -> tuple[object, ...]:
    """All that makes a statement what it is, as plain values."""
    s = statement
    return (
        snapshot,
        s.action.value,
        s.polarity.value,
        s.modality.value,
        _words(s.trigger),
        _words(s.negation),
        _words(s.actor),
        _place(s.evidence),
        [[_words(m) for m in getattr(s, attribute)] for attribute, *_ in _CONCEPT_ROLES],
        [[_words(m) for m in getattr(s, attribute)] for attribute, *_ in _TEXT_ROLES],
        s.data_subject,
        s.confidence,
        s.support.value,
    )
