"""Claims -> networkx: who passes what to whom, and GraphML for Gephi and yEd."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING

from kg.claims import Claim, claims, concept_labels
from kg.iris import PF
from kg.model import Action, Mention

if TYPE_CHECKING:
    import networkx as nx

    from kg.store import Store

USER, CHILD, RECIPIENT = f"{PF}User", f"{PF}Child", f"{PF}Recipient"

# What XML 1.0 cannot hold, and the carriage return, which its readers change.
_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_PASSING = frozenset({Action.SHARE, Action.SELL, Action.TRANSFER})


def flow_graph(
    store: Store,
    *,
    company: str | None = None,
    denials: bool = False,
    handling: bool = False,
    least: float = 0.0,
) -> nx.MultiDiGraph:
    """Who passes what to whom, as the policies state it.

    Nodes are IRIs of parties and places, with ``label`` and ``kind``: "publisher" (has a policy in
    the graph), "party" (another company or kind of company), "user" or "place". An edge is one
    datum of one statement on its way from one to another:

    - collect: from the source that is named, else from the user, to who collects;
    - share, sell, transfer: from who acts to each recipient, or where none is named, to
      each place, or to ``pf:Recipient``, some recipient;
    - store in a place: from who acts to the place.

    An edge's key is the statement's IRI with a number after it; its attributes are text (several
    values parted by "; ") and the number ``confidence``, so that every format can hold them:
    ``statement, label, action, polarity, modality, data, data_label, data_iri, recipient, purposes,
    conditions, legal_bases, locations, retention, methods, confidence, company, date,
    document, heading, quote``. Characters that XML cannot hold are U+FFFD.

    Args:
        company: only what one publisher's policies state: its IRI, or one of its names.
        denials: also what is said not to happen, with ``polarity`` "negated" and a label that
            begins with "does NOT". Left out by default, because a path through a graph does not
            look at polarity.
        handling: also what a party does with data by itself (use, store, retain, delete,
            protect), as loops.
        least: confidence below which a claim is left out.

    Raises:
        QueryError: there is no such company.
    """
    found = claims(store, company=company, least=least)
    return graph_of(found, concept_labels(store), denials=denials, handling=handling)


def graph_of(
    found: Iterable[Claim], labels: dict[str, str], *, denials: bool = False, handling: bool = False
) -> nx.MultiDiGraph:
    """The graph of :func:`flow_graph`, of some claims.

    Args:
        labels: IRI -> label of the ontology's concepts.
    """
    import networkx as nx  # noqa: PLC0415 - heavy

    graph = nx.MultiDiGraph()
    for claim in found:
        if claim.is_denial and not denials:
            continue
        if not is_passing(claim) and not handling:
            continue
        number = 0
        for start, end, received in passages(claim):
            ends = [_add_node(graph, party, claim, labels) for party in (start, end)]
            for datum in claim.statement.data or (Mention("", 0, 0),):
                attributes = _attributes(claim, datum, received)
                graph.add_edge(*ends, key=f"{claim.iri}#{number}", **attributes)
                number += 1
    return graph


def is_passing(claim: Claim) -> bool:
    """Whether a claim speaks of data on its way from one to another."""
    statement = claim.statement
    return (
        statement.action is Action.COLLECT
        or statement.action in _PASSING
        or (statement.action is Action.STORE and bool(statement.locations))
    )


def passages(claim: Claim) -> Iterator[tuple[Mention, Mention, str]]:
    """From whom, to whom, and the words that name who gets it; a loop when nothing is passed.

    A party without words of its own in the claim is a mention without text.
    """
    statement = claim.statement
    actor = Mention("", 0, 0, claim.actor_iri, claim.actor)
    if statement.action is Action.COLLECT:
        is_child = statement.data_subject == "child"
        user = Mention("", 0, 0, CHILD if is_child else USER)
        for source in statement.sources or (user,):
            yield source, actor, ""
    elif statement.action in _PASSING:
        somebody = Mention("", 0, 0, RECIPIENT)
        for recipient in statement.recipients or statement.locations or (somebody,):
            yield actor, recipient, recipient.text
    elif statement.action is Action.STORE and statement.locations:
        for place in statement.locations:
            yield actor, place, place.text
    else:
        yield actor, actor, ""


def _add_node(graph: nx.MultiDiGraph, party: Mention, claim: Claim, labels: dict[str, str]) -> str:
    """Adds a node where it is not there yet; returns its name."""
    iri = party.iri or party.label or party.text
    if iri == claim.source.company_iri:
        graph.add_node(iri, iri=iri, label=xml_text(claim.source.company), kind="publisher")
        return iri
    if iri in (USER, CHILD):
        kind = "user"
    else:
        kind = "place" if party in claim.statement.locations else "party"
    if iri not in graph:
        label = labels.get(iri) or party.label or party.text or iri
        graph.add_node(iri, iri=iri, label=xml_text(label), kind=kind)
    elif kind == "party" and graph.nodes[iri]["kind"] == "place":
        graph.nodes[iri]["kind"] = kind
    return iri


def _attributes(claim: Claim, datum: Mention, received: str) -> dict[str, str | float]:
    statement = claim.statement
    action = statement.action.value
    name = datum.label or datum.text or "data"
    texts = {
        "statement": claim.iri,
        "label": f"does NOT {action} {name}" if claim.is_denial else f"{action} {name}",
        "action": action,
        "polarity": statement.polarity.value,
        "modality": statement.modality.value,
        "data": _words(datum.text),
        "data_label": datum.label or "",
        "data_iri": datum.iri or "",
        "recipient": _words(received),
        "purposes": _joined(statement.purposes),
        "conditions": _joined(statement.conditions),
        "legal_bases": _joined(statement.legal_bases),
        "locations": _joined(statement.locations),
        "retention": _joined(statement.retention),
        "methods": _joined(statement.methods),
        "company": claim.source.company,
        "date": claim.source.date or "",
        "document": statement.evidence.document,
        "heading": " › ".join(statement.evidence.headings),
        "quote": _words(statement.evidence.text),
    }
    attributes: dict[str, str | float] = {name: xml_text(text) for name, text in texts.items()}
    attributes["confidence"] = statement.confidence
    return attributes


def xml_text(text: str) -> str:
    """Text with U+FFFD for every character that XML 1.0 cannot hold.

    >>> xml_text("a\\x00b")
    'a\ufffdb'
    """
    return _NO_XML.sub("\ufffd", text)


def _words(text: str) -> str:
    return " ".join(text.split())


def _joined(mentions: Iterable[Mention]) -> str:
    return "; ".join(dict.fromkeys(_words(mention.text) for mention in mentions))


def write_graphml(graph: nx.MultiDiGraph, output: IO[bytes]) -> None:
    """Writes GraphML that Gephi and yEd open: attributes are scalars, edges have unique ids."""
    import networkx as nx  # noqa: PLC0415 - heavy

    # The writer on lxml, where it is installed, gives other bytes.
    nx.write_graphml_xml(graph, output, named_key_ids=True)
    output.write(b"\n")
