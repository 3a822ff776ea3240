"""Entries -> which versions of a policy follow each other, and which are still to be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.changes.graph import changes_graph, successions
from kg.iris import digest
from kg.manifest import Entry, Status, changes_path
from kg.pool import Comparison, Pair
from kg.settings import comparing
from kg.triples import line_of

#: Pairs in one task: few enough for its time limit.
_AT_ONCE = 40

#: IRI of the graph of a policy line's changes -> its versions, two by two.
Lines = Mapping[str, tuple[Pair, ...]]


def lines_of(entries: Iterable[Entry], base: str) -> Lines:
    """The versions that follow each other, by graph."""
    keys = {
        entry.snapshot.graph: entry.key
        for entry in entries
        if entry.snapshot and entry.status is Status.BUILT
    }
    listed = (e.snapshot for e in entries if e.snapshot and e.snapshot.graph in keys)
    found: dict[str, list[Pair]] = {}
    for earlier, later in successions(listed, base):
        before, after = keys[earlier.graph], keys[later.graph]
        key = digest(comparing(), base, before, after, earlier.graph, later.graph)
        pair = Pair(key, (earlier, before), (later, after))
        found.setdefault(changes_graph(line_of(later, base), base), []).append(pair)
    return {graph: tuple(pairs) for graph, pairs in found.items()}


def to_compare(lines: Lines, folder: Path, *, force: bool = False) -> list[Comparison]:
    """Tasks for the pairs of which the changes are not known, or for all."""
    tasks = []
    for pairs in lines.values():
        missing = [p for p in pairs if force or not changes_path(folder, p.key).is_file()]
        name = f"changes of {pairs[0].later[0].publisher}"
        tasks += [
            Comparison(name, tuple(missing[at : at + _AT_ONCE]))
            for at in range(0, len(missing), _AT_ONCE)
        ]
    return tasks


def compared(lines: Lines, folder: Path) -> dict[str, tuple[str, ...]]:
    """Keys of the changes that are known, by graph."""
    return {
        graph: tuple(pair.key for pair in pairs if changes_path(folder, pair.key).is_file())
        for graph, pairs in lines.items()
    }
