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
from kg.shards import MARK, Part, is_ours
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
        parts: the catalogue last.
        base: graphs that are named as ours are under it, and carry the mark, are ours: those that
            are not among the parts are removed.
        force: send all, whatever the server says that it holds.
        progress: is told how many graphs of how many are sent.

    Raises:
        StoreError: the server cannot be reached, or refuses.
    """
    wanted = tuple(parts)
    with Client(address) as client:
        held = _held(client)
        fresh = [p for p in wanted if force or held.get(p.graph) != p.version]
        ours = {graph for graph in held if is_ours(graph, base)}
        gone = sorted(ours - {part.graph for part in wanted})
        if len(gone) > len(wanted):
            _log.warning(
                "%s: %d graphs under %s are removed, which this folder does not hold; a second "
                "corpus on one server needs a --base of its own",
                *(address, len(gone), base),
            )
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
    """A graph as N-Triples, with its mark as the last line."""
    suffix = f" {iri(part.graph)} .".encode()
    lines = []
    for line in part.nquads().split(b"\n"):
        if line:
            if not line.endswith(suffix):
                raise StoreError(f"the text for the graph {part.graph} holds quads of another")
            lines.append(line[: -len(suffix)])
    lines.append(part.mark.encode())
    return b" .\n".join(lines) + b" .\n"


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
