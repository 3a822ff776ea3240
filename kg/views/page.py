"""Store -> one HTML file that shows what the policies say, for readers who never saw a graph.

The file loads nothing and runs nothing but its own scripts: its content security policy names
them by hash, texts of policies are data, and the page writes them as text. It opens from a disk
without a network. pyvis holds the network's nodes and edges; its own template is not used,
because it loads from elsewhere and runs what stands in labels.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import resources
from kg.claims import Claim, Source, claims_of, concept_labels, sources
from kg.errors import MissingPart
from kg.model import Mention
from kg.views.network import RECIPIENT, graph_of

if TYPE_CHECKING:
    import networkx as nx

    from kg.store import Store

TITLE = "What privacy policies say about your data"

#: Kind of node -> its column in the network, and its colours: fill and border.
_COLUMNS = {"user": 0, "publisher": 1, "party": 2, "place": 3}
_COLOURS = {
    "user": ("#eef1f6", "#5a6577"),
    "publisher": ("#1d4ed8", "#1e3a8a"),
    "party": ("#fdecd2", "#b45309"),
    "place": ("#d5f2ec", "#0f766e"),
}
_FLOW, _DENIAL = "#8593a8", "#c81e1e"
_COLUMN_WIDTH, _ROW_HEIGHT = 420, 52
_SWEEPS = 8
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
#: Field of a statement -> its name in the page's data.
_ROLES = {
    "data": "data",
    "recipients": "to",
    "sources": "from",
    "purposes": "why",
    "legal_bases": "basis",
    "locations": "where",
    "retention": "keep",
    "conditions": "if",
    "methods": "how",
    "threats": "against",
}


def render(
    store: Store, *, company: str | None = None, title: str = TITLE, least: float = 0.0
) -> str:
    """A page about a graph: companies, what they get, pass on and deny, and the network.

    Args:
        company: only one publisher's policies: its IRI, or one of its names.
        title: of the page.
        least: confidence below which a claim is left out.

    Returns:
        HTML that stands alone; write it as UTF-8. The same graph gives the same text.

    Raises:
        QueryError: there is no such company.
        MissingPart: pyvis lacks its scripts.
    """
    labels = concept_labels(store)
    found = sources(store, company=company)
    read = {source.graph: claims_of(store, source, labels, least=least) for source in found}
    latest = {source.policy: source.graph for source in found}  # they come by date
    current = [claim for graph in sorted(latest.values()) for claim in read[graph]]
    graph = graph_of(current, labels, denials=True)
    data = {
        "counts": _counts(found, read.values()),
        "policies": [
            _policy(source, read[source.graph], latest[source.policy] == source.graph)
            for source in found
        ],
        "network": _network(graph),
    }
    return _page(title, data)


def _counts(found: Iterable[Source], read: Iterable[list[Claim]]) -> dict[str, int]:
    every = [claim for some in read for claim in some]
    recipients = {
        mention.iri
        for claim in every
        if not claim.is_denial
        for mention in claim.statement.recipients
    }
    denials = sum(claim.is_denial for claim in every)
    policies = list(found)
    return {
        "companies": len({source.company_iri for source in policies}),
        "policies": len(policies),
        "statements": len(every) - denials,
        "denials": denials,
        "recipients": len(recipients),
    }


def _policy(source: Source, found: Iterable[Claim], is_latest: bool) -> dict[str, Any]:
    return {
        "company": source.company,
        "date": source.date or "",
        "title": source.title,
        "document": "; ".join(source.documents),
        "urls": [url for url in source.urls if url.startswith(("https://", "http://"))],
        "latest": is_latest,
        "claims": [_claim(claim) for claim in found],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    said = claim.statement
    record: dict[str, Any] = {
        "id": claim.digits,
        "action": said.action.value,
        "quote": _marked(claim),
        "heading": " › ".join(said.evidence.headings),
        "lead": [" ".join(span.text.split()) for span in said.evidence.context],
    }
    if claim.is_denial:
        record["denied"] = True
    if said.modality.value != "asserted":
        record["modality"] = said.modality.value
    if claim.actor_iri != claim.source.company_iri:
        record["actor"] = claim.actor
    if said.data_subject:
        record["about"] = said.data_subject
    for attribute, name in _ROLES.items():
        mentions: tuple[Mention, ...] = getattr(said, attribute)
        names = dict.fromkeys(m.label or " ".join(m.text.split()) for m in mentions)
        if names:
            record[name] = list(names)
    return {name: value for name, value in record.items() if value not in ("", [])}


def _marked(claim: Claim) -> list[list[str]]:
    """The sentence in pieces, each with the role to mark it with, or without."""
    from kg.explain import explanation  # noqa: PLC0415 - only for its segments

    marked: list[list[str]] = []
    for segment in explanation(claim).segments():
        text = re.sub(r"\s+", " ", segment.text)
        role = next((r for r in ("negation", "trigger", *segment.roles) if r in segment.roles), "")
        if role == "actor":
            role = ""
        if marked and (marked[-1][1:] or [""]) == [role]:
            marked[-1][0] += text
        else:
            marked.append([text, role] if role else [text])
    return marked


def _network(graph: nx.MultiDiGraph) -> dict[str, Any]:
    """Nodes and edges for vis-network, in columns from the user to places."""
    from pyvis.network import Network  # noqa: PLC0415 - heavy

    net = Network(directed=True)
    numbers = {iri: number for number, iri in enumerate(sorted(graph))}
    places = _layout(graph)
    for iri, number in numbers.items():
        kind = graph.nodes[iri]["kind"]
        fill, border = _COLOURS[kind]
        x, y = places[iri]
        net.add_node(
            number,
            label="recipient, not named" if iri == RECIPIENT else graph.nodes[iri]["label"] or iri,
            shape="box",
            color={"background": fill, "border": border},
            x=x,
            y=y,
            kind=kind,
        )
    merged: dict[tuple[int, int, bool], dict[str, dict[str, None]]] = {}
    for start, end, attributes in graph.edges(data=True):
        denied = attributes["polarity"] == "negated"
        edge = merged.setdefault(
            (numbers[start], numbers[end], denied), {"ids": {}, "data": {}, "companies": {}}
        )
        edge["ids"][attributes["statement"].rsplit("/", 1)[-1]] = None
        edge["data"][attributes["data_label"] or attributes["data"]] = None
        edge["companies"][attributes["company"]] = None
    for number, ((start, end, denied), edge) in enumerate(sorted(merged.items())):
        net.add_edge(
            start,
            end,
            id=number,
            width=1 + min(len(edge["ids"]), 12) / 2,
            dashes=denied,
            color=_DENIAL if denied else _FLOW,
            denied=denied,
            claims=sorted(edge["ids"]),
            companies=sorted(edge["companies"]),
        )
    net.set_options(
        json.dumps(
            {
                "physics": {"enabled": False},
                "interaction": {"hover": True},
                "nodes": {
                    "borderWidth": 1,
                    "margin": 7,
                    "font": {"size": 15},
                    "widthConstraint": {"maximum": 230},
                },
                "edges": {"smooth": {"type": "cubicBezier", "forceDirection": "horizontal"}},
            }
        )
    )
    nodes, edges, *_, options = net.get_network_data()
    return {"nodes": nodes, "edges": edges, "options": json.loads(options)}


def _layout(graph: nx.MultiDiGraph) -> dict[str, tuple[int, int]]:
    """A place for every node: a column by kind, in it ordered so that few edges cross."""
    columns: list[list[str]] = [[] for _ in _COLUMNS]
    for iri in sorted(graph, key=lambda node: (graph.nodes[node]["label"].casefold(), node)):
        columns[_column(graph, iri)].append(iri)
    near = {
        iri: sorted({*graph.predecessors(iri), *graph.successors(iri)} - {iri}) for iri in graph
    }
    height = {iri: at - len(column) / 2 for column in columns for at, iri in enumerate(column)}
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            wished = {
                iri: sum(height[other] for other in near[iri]) / len(near[iri])
                if near[iri]
                else height[iri]
                for iri in column
            }
            column.sort(key=lambda iri: (wished[iri], graph.nodes[iri]["label"].casefold(), iri))
            height.update((iri, at - len(column) / 2) for at, iri in enumerate(column))
    return {
        iri: (number * _COLUMN_WIDTH, round(height[iri] * _ROW_HEIGHT))
        for number, column in enumerate(columns)
        for iri in column
    }


def _column(graph: nx.MultiDiGraph, iri: str) -> int:
    kind = graph.nodes[iri]["kind"]
    # Who only gives data stands where the user stands, so that arrows point one way.
    is_source = kind == "party" and graph.out_degree(iri) and not graph.in_degree(iri)
    return _COLUMNS["user"] if is_source else _COLUMNS[kind]


def _page(title: str, data: Mapping[str, Any]) -> str:
    from kg.queries.formats import visible  # noqa: PLC0415 - heavy

    style = _template("page.css")
    scripts = (_vis(), _template("page.js"))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    parts = {
        "policy": html.escape(policy),
        "title": html.escape(visible(title)),
        "style": style,
        "data": _json(_visible(data)),
        "network": scripts[0],
        "script": scripts[1],
    }
    # One pass over the template: what is put in is not looked at again.
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], _template("page.html"))


def _template(name: str) -> str:
    return (resources.TEMPLATES / name).read_text("utf-8")


def _vis() -> str:
    """The script of vis-network (Apache 2.0 or MIT, its notice is in it), as pyvis ships it."""
    import pyvis  # noqa: PLC0415 - heavy

    folder = Path(pyvis.__file__).parent
    try:
        text = (folder / "lib" / "vis-9.1.2" / "vis-network.min.js").read_text("utf-8")
    except OSError as error:
        raise MissingPart(
            f"pyvis in {folder} lacks vis-network: install it again with `pip install pyvis==0.3.2`"
        ) from error
    # These would end the script element, or keep it from ending.
    return re.sub(r"<(?=/script|script|!--)", r"\\x3c", text.replace("\r", ""), flags=re.IGNORECASE)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _visible(value: Any) -> Any:
    """Data whose texts show control characters and marks of direction as signs."""
    from kg.queries.formats import visible  # noqa: PLC0415 - heavy

    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {name: _visible(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_visible(item) for item in value]
    return value


def _json(value: Any) -> str:
    """JSON that may stand in a script element: no character in it means anything to HTML."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
