"""Chosen claims -> the network's nodes and edges, with places for the nodes.

pyvis holds them; its own template is not used, because it loads from elsewhere and runs what
stands in labels. Places are worked out here, so that nothing has to settle in the browser.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kg.concepts import all_above
from kg.model import Mention
from kg.views.network import CHILD, USER, is_passing, passages
from kg.views.scope import Chosen

if TYPE_CHECKING:
    import networkx as nx

#: Kind of node -> its column.
COLUMNS = {"user": 0, "publisher": 1, "party": 2, "place": 3}
COLUMN_WIDTH, ROW_HEIGHT = 420, 44
_SWEEPS = 8
_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "selectConnectedEdges": False},
    "nodes": {
        "shape": "box",
        "borderWidth": 1,
        "margin": 7,
        "font": {"size": 15},
        "widthConstraint": {"minimum": 120},
    },
    "edges": {"arrows": {"to": {"enabled": True, "scaleFactor": 0.6}}},
}


def network(
    chosen: Chosen,
    party: Callable[[str, str], int],
    place: Callable[[str, str], int],
    above: Callable[[int], tuple[int, ...]],
) -> dict[str, Any]:
    """Who passes data to whom, for vis-network.

    Args:
        party: gives the number of a party from its IRI and label; numbers are the nodes' ids.
        place: the same of a place.
        above: numbers of the concepts right above one.

    Returns:
        ``nodes`` with ``id``, ``kind``, ``x`` and ``y``, those of broader concepts included;
        ``edges`` with ``from``, ``to``, ``denied``, and ``statements``, the numbers of the
        claims behind it; ``options``.
    """
    from pyvis.network import Network  # noqa: PLC0415 - heavy

    graph = _graph(chosen, party, place)
    for node in list(graph):
        kind = graph.nodes[node]["kind"]
        for broader in all_above(node, above) - set(graph):
            graph.add_node(broader, kind="place" if kind == "place" else "party")
    net = Network(directed=True)
    for node, (x, y) in _places(graph, above).items():
        net.add_node(node, label=" ", x=x, y=y, kind=graph.nodes[node]["kind"])
    for start, end, denied in sorted(graph.edges(keys=True)):
        statements = graph.edges[start, end, denied]["statements"]
        net.add_edge(start, end, denied=int(denied), statements=statements)
    nodes, edges, *_ = net.get_network_data()
    # pyvis adds what the page sets by itself.
    kept = ("from", "to", "denied", "statements")
    return {
        "nodes": [{name: node[name] for name in ("id", "kind", "x", "y")} for node in nodes],
        "edges": [{name: edge[name] for name in kept} for edge in edges],
        "options": _OPTIONS,
    }


def _graph(
    chosen: Chosen, party: Callable[[str, str], int], place: Callable[[str, str], int]
) -> nx.MultiDiGraph:
    import networkx as nx  # noqa: PLC0415 - heavy

    graph = nx.MultiDiGraph()
    publishers = {source.company_iri for source in chosen.sources}

    def add(end: Mention, is_place: bool) -> int:
        iri = end.iri or end.label or end.text
        label = end.label or end.text or chosen.concepts.labels.get(iri, iri)
        node = place(iri, label) if is_place else party(iri, label)
        kind = "place" if is_place else "publisher" if iri in publishers else "party"
        graph.add_node(node, kind="user" if iri in (USER, CHILD) else kind)
        return node

    for number, claim in enumerate(chosen.claims):
        if not is_passing(claim):
            continue
        where = claim.statement.locations
        for start, end, _ in passages(claim):
            ends = add(start, start in where), add(end, end in where)
            if ends[0] == ends[1]:
                continue
            if not graph.has_edge(*ends, key=claim.is_denial):
                graph.add_edge(*ends, key=claim.is_denial, statements=[])
            behind = graph.edges[(*ends, claim.is_denial)]["statements"]
            if not behind or behind[-1] != number:
                behind.append(number)
    return graph


def _places(
    graph: nx.MultiDiGraph, above: Callable[[int], tuple[int, ...]]
) -> dict[int, tuple[int, int]]:
    """A place for every node: a column by kind, in it ordered so that few edges cross."""
    columns: list[list[int]] = [[] for _ in COLUMNS]
    for node in sorted(graph):
        columns[_column(graph, node)].append(node)
    near: dict[int, set[int]] = {node: set() for node in graph}
    for node in graph:
        found = {*graph.predecessors(node), *graph.successors(node)} - {node}
        for one in (node, *all_above(node, above)):
            near[one] |= found - {one}
    height = {node: at - len(column) / 2 for column in columns for at, node in enumerate(column)}
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 else reversed(columns):
            wished = {
                node: sum(height[other] for other in sorted(near[node])) / len(near[node])
                if near[node]
                else height[node]
                for node in column
            }
            column.sort(key=lambda node: (wished[node], node))
            height.update((node, at - len(column) / 2) for at, node in enumerate(column))
    return {
        node: (number * COLUMN_WIDTH, round(height[node] * ROW_HEIGHT))
        for number, column in enumerate(columns)
        for node in column
    }


def _column(graph: nx.MultiDiGraph, node: int) -> int:
    kind = graph.nodes[node]["kind"]
    # Who only gives data stands where the user stands, so that arrows point one way.
    is_source = kind == "party" and graph.out_degree(node) and not graph.in_degree(node)
    return COLUMNS["user"] if is_source else COLUMNS[kind]
