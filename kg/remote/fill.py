"""What a build made -> the graphs of a server, so that it holds just that.

Each graph carries its own mark there, a triple that says which version of it this is, and is
replaced together with it. So what a server holds is asked of the server: one that was wiped,
restored or filled half is brought up to date like any other, and only what differs is sent.

Readers of the server see the old catalogue or the new one with all its snapshots: these are
sent first, the catalogue then, and what it no longer names goes last.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kg.errors import StoreError
from kg.remote.address import Address
from kg.remote.client import Client
from kg.shards import MARK, Part, is_ours, whose
from kg.triples import iri

_log = logging.getLogger(__name__)

_HELD = f"SELECT ?g ?v WHERE {{ GRAPH ?g {{ ?g <{MARK}> ?v }} }}"
#: Rows of one answer: some servers cut longer ones.
_PAGE = 5000


@dataclass(frozen=True, slots=True)
class Filled:
    """What was done to a server: numbers of graphs."""

    address: Address
    sent: int
    kept: int
    removed: int

    def told(self) -> str:
        """In one line."""
        return (
            f"{self.address}: {self.sent} graphs sent, {self.kept} there already, "
            f"{self.removed} removed"
        )


def fill(
    address: Address,
    parts: Iterable[Part],
    base: str,
    *,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Filled:
    """Brings a server to hold just these graphs, beside those that are not ours.

    Killed at any moment, the next call goes on.

    Args:
        parts: the catalogue last; it tells whose graph this is.
        base: graphs that are named as ours are under it, and carry the mark, are ours: those that
            are not among the parts are removed.
        force: send all, whatever the server says that it holds, and whose it is.
        progress: is told how many graphs of how many are sent.

    Raises:
        StoreError: the server cannot be reached, or refuses, or holds another folder's graph.
    """
    wanted = tuple(parts)
    with Client(address) as client:
        held = _held(client)
        theirs, owner = _owner(client, base), next((p.owner for p in wanted if p.owner), "")
        if theirs and owner and theirs != owner and not force:
            raise StoreError(
                f"{address} holds the graph of another folder under {base} (of the folder with "
                f"{theirs} in its file 'owner', and not {owner}): give this corpus a --base of its "
                "own, or another server; --force removes what is there"
            )
        fresh = [
            p
            for p in wanted
            if force or held.get(p.graph) != p.version or p.owner not in {"", theirs}
        ]
        ours = {graph for graph in held if is_ours(graph, base)}
        gone = sorted(ours - {part.graph for part in wanted})
        for number, part in enumerate(fresh):
            if progress:
                progress(number, len(fresh))
            _log.debug("%s: sends %s", address, part.graph)
            client.put(part.graph, marked(part))
        for graph in gone:
            _log.debug("%s: removes %s", address, graph)
            client.drop(graph)
    return Filled(address, len(fresh), len(wanted) - len(fresh), len(gone))


def marked(part: Part) -> bytes:
    """A graph as N-Triples, with its marks as the last lines."""
    suffix = f" {iri(part.graph)} .".encode()
    lines = []
    for line in part.nquads().split(b"\n"):
        if line:
            if not line.endswith(suffix):
                raise StoreError(f"the text for the graph {part.graph} holds quads of another")
            lines.append(line[: -len(suffix)])
    lines += [mark.encode() for mark in part.marks]
    return b" .\n".join(lines) + b" .\n"


def _owner(client: Client, base: str) -> str:
    """Whose graph a server holds under a base; nothing where nobody says so."""
    rows = json.loads(client.query(whose(base)))["results"]["bindings"]
    return str(rows[0]["owner"]["value"]) if rows else ""


def _held(client: Client) -> dict[str, str]:
    """Graphs that carry a mark -> their version."""
    return dict(_pages(client))


def _pages(client: Client) -> Iterator[tuple[str, str]]:
    place = 0
    while True:
        text = f"SELECT ?g ?v WHERE {{ {{ {_HELD} ORDER BY ?g ?v }} }} LIMIT {_PAGE} OFFSET {place}"
        answer = json.loads(client.query(text))
        rows = [(row["g"]["value"], row["v"]["value"]) for row in answer["results"]["bindings"]]
        yield from rows
        if len(rows) < _PAGE:
            return
        place += _PAGE
