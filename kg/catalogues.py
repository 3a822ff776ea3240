"""Snapshots -> the catalogue graph in parts, and what of it changes.

The catalogue of a million snapshots is too much to hold, or to write anew for each that comes.
Snapshots that share a policy, a publisher or a graph are told of together; such groups have
nothing in common, so that each is a catalogue of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache

from kg.iris import BASE
from kg.triples import Snapshot, catalogue, line_of, party_of

#: Characters of a part, about.
_PART = 1 << 20


def catalogue_parts(snapshots: Sequence[Snapshot], base: str = BASE) -> Iterator[str]:
    """What :func:`kg.triples.catalogue` gives, in other order and in parts."""
    gathered: list[str] = []
    size = 0
    for group in _groups(snapshots, base):
        gathered.append(catalogue(group, base))
        size += len(gathered[-1])
        if size > _PART:
            yield "".join(gathered)
            gathered, size = [], 0
    yield "".join(gathered)


def catalogue_edits(
    old: Collection[Snapshot], new: Collection[Snapshot], base: str = BASE
) -> tuple[str, str]:
    """N-Quads that leave the catalogue, and those that come, from some snapshots to others."""
    ties = _ties(base)
    before, after = set(old), set(new)
    touched = {tie for snapshot in before ^ after for tie in ties(snapshot)}
    touched = _spread(touched, (old, new), ties)

    def told(some: Collection[Snapshot]) -> set[str]:
        ours = (snapshot for snapshot in some if not touched.isdisjoint(ties(snapshot)))
        return set(catalogue(ours, base).splitlines(keepends=True))

    left, come = told(old), told(new)
    return "".join(sorted(left - come)), "".join(sorted(come - left))


def _ties(base: str) -> Callable[[Snapshot], tuple[str, str, str]]:
    """What ties a snapshot to others: its policy, its publisher, its graph."""
    party = cache(lambda publisher: party_of(publisher, base))
    return lambda snapshot: (
        line_of(snapshot, base),
        f"party {party(snapshot.publisher)}",
        f"graph {snapshot.graph}",
    )


def _spread(
    touched: set[str],
    all_of_them: Sequence[Collection[Snapshot]],
    ties: Callable[[Snapshot], tuple[str, str, str]],
) -> set[str]:
    """What is tied to what is touched, however far away."""
    while True:
        size = len(touched)
        for some in all_of_them:
            for snapshot in some:
                found = ties(snapshot)
                if not touched.isdisjoint(found):
                    touched.update(found)
        if len(touched) == size:
            return touched


def _groups(snapshots: Sequence[Snapshot], base: str) -> Iterator[list[Snapshot]]:
    """Snapshots that are tied together."""
    ties = _ties(base)
    above = list(range(len(snapshots)))

    def top(at: int) -> int:
        while above[at] != at:
            above[at] = above[above[at]]
            at = above[at]
        return at

    first: dict[str, int] = {}
    for at, snapshot in enumerate(snapshots):
        for tie in ties(snapshot):
            above[top(at)] = top(first.setdefault(tie, at))
    del first
    members: dict[int, list[Snapshot]] = {}
    for at, snapshot in enumerate(snapshots):
        members.setdefault(top(at), []).append(snapshot)
    yield from members.values()
