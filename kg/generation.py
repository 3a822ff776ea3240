"""What was read -> where its graphs go: the store in the folder, or another :class:`Target`.

Documents are read in any order, and only at the end is it known which of them are snapshots of
their own. So a target may :meth:`~Target.take` what surely is, while others are being read; it
shows nothing of it before :meth:`~Target.bring`, which makes it hold what a manifest says, whole
graph by whole graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, Self

from kg import manifest, ontology
from kg.loader import Loader
from kg.manifest import Entry, Manifest, Status
from kg.pool import Task
from kg.store import build_store, change_store, is_store
from kg.triples import Snapshot, catalogue, catalogue_graph

#: From this share of changed graphs on, the store is written anew.
REBUILD_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Difference:
    """From what a target holds to what it shall hold.

    Attributes:
        new, changed: IRI of a snapshot's graph -> key of its shard.
        removed: IRIs of graphs.
        changes: IRI of a graph of changes that differs -> keys of what it is made of; none for
            one that goes.
        is_catalogued: whether the catalogue stays as it is.
        is_lost: whether what the target held is gone or not known, so that all is written.
    """

    new: Mapping[str, str]
    changed: Mapping[str, str]
    removed: tuple[str, ...]
    changes: Mapping[str, tuple[str, ...]]
    is_catalogued: bool
    is_lost: bool = False

    def __bool__(self) -> bool:
        """Whether there is any."""
        parts = (self.new, self.changed, self.removed, self.changes)
        return self.is_lost or not self.is_catalogued or any(parts)


def difference(old: Manifest, new: Manifest) -> Difference:
    """What is to be done to what one manifest says for it to be what the other says."""
    before = {graph: entry.key for graph, entry in old.graphs().items()}
    after = {graph: entry.key for graph, entry in new.graphs().items()}
    return Difference(
        new={graph: key for graph, key in after.items() if graph not in before},
        changed={g: key for g, key in after.items() if before.get(g, key) != key},
        removed=tuple(sorted(before.keys() - after.keys())),
        changes={
            graph: new.changes.get(graph, ())
            for graph in old.changes.keys() | new.changes.keys()
            if new.changes.get(graph, ()) != old.changes.get(graph, ())
        },
        is_catalogued=catalogued(old) == catalogued(new),
    )


def catalogued(made: Manifest) -> list[Snapshot]:
    """The snapshots that the catalogue tells of."""
    shown = {Status.BUILT, Status.COPY}
    return [entry.snapshot for entry in made.entries if entry.snapshot and entry.status in shown]


class Target(Protocol):
    """Where the graphs of a build go. Use it in a ``with`` block.

    A block that ends without :meth:`bring` leaves what the target held.
    """

    def __enter__(self) -> Self:
        """Nothing is written yet."""

    def __exit__(self, *_: object) -> None:
        """Lets go of what is not finished."""

    def expect(self, tasks: Sequence[Task], known: Sequence[Entry]) -> None:
        """What is going to be read, and what need not be."""

    def take(self, entry: Entry) -> None:
        """One document is read; its shard lies in the folder."""

    def bring(self, new: Manifest) -> Difference:
        """Holds what the manifest says, in one step.

        Returns:
            what had to be done for it, compared with what it held before.
        """


class StoreInFolder:
    """The store that lies beside the shards; its new generation takes the old one's place."""

    def __init__(self, folder: Path, base: str, old: Manifest, *, is_whole: bool) -> None:
        """A folder's store.

        Args:
            old: what the store holds.
            is_whole: whether it surely does, so that it can be changed.
        """
        self._folder, self._base, self._old = folder, base, old
        self._is_whole = is_whole and is_store(folder)
        self._loader: Loader | None = None
        self._own: set[str] = set()
        self._taken: set[str] = set()

    def __enter__(self) -> Self:
        """Nothing is written yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Gives up a generation that is not finished."""
        if self._loader:
            self._loader.__exit__()

    def expect(self, tasks: Sequence[Task], known: Sequence[Entry]) -> None:
        """Begins to load when so many are read that the store is written anew."""
        if not tasks or (
            self._is_whole and len(tasks) <= REBUILD_SHARE * (len(tasks) + len(known))
        ):
            return
        shared = Counter(task.sha256 for task in tasks)
        shared.update(entry.snapshot.sha256 for entry in known if entry.snapshot)
        # Who shares its bytes may share its graph; of versions it is only known in the end
        # which are snapshots of their own.
        self._own = {
            task.key for task in tasks if shared[task.sha256] == 1 and not _is_version(task)
        }
        self._loader = Loader(self._folder).__enter__()

    def take(self, entry: Entry) -> None:
        """Loads what was made of a document, unless another may have made the same graph."""
        if self._loader and entry.status is Status.BUILT and entry.key in self._own:
            self._taken.add(entry.key)
            self._loader.add(manifest.shard_path(self._folder, entry.key))

    def bring(self, new: Manifest) -> Difference:
        """Puts the new generation in place, if it differs."""
        found = replace(difference(self._old, new), is_lost=not self._is_whole)
        if not found:
            if self._old.entries != new.entries:  # what was skipped or failed
                manifest.save(new, self._folder)
            return found
        # Should this process die now, the next build trusts the shards but not the store.
        manifest.save(replace(self._old, complete=False), self._folder)
        if self._loader:
            self._loader.finish(self._shards(new))
        elif not found.is_lost and _count(found) <= REBUILD_SHARE * len(new.graphs()):
            self._change(found, new)
        else:
            build_store(self._shards(new), self._folder)
        manifest.save(new, self._folder)
        return found

    def _shards(self, new: Manifest) -> Iterator[Path | str]:
        """All that the new generation holds, but what is loaded already."""
        yield ontology.ontology_quads()
        yield catalogue(catalogued(new), self._base)
        for entry in new.graphs().values():
            if entry.key not in self._taken:
                yield manifest.shard_path(self._folder, entry.key)
        yield from _changes_of(self._folder, (key for keys in new.changes.values() for key in keys))

    def _change(self, found: Difference, new: Manifest) -> None:
        folder = self._folder
        texts: dict[str, bytes | str] = {
            graph: manifest.shard_path(folder, key).read_bytes()
            for graph, key in {**found.new, **found.changed}.items()
        }
        texts[catalogue_graph(self._base)] = catalogue(catalogued(new), self._base)
        for graph, keys in found.changes.items():
            texts[graph] = b"".join(path.read_bytes() for path in _changes_of(folder, keys))
        gone = [graph for graph, text in texts.items() if not text]
        kept = {graph: text for graph, text in texts.items() if text}
        change_store(folder, kept, [*found.removed, *gone])


def _changes_of(folder: Path, keys: Iterable[str]) -> Iterator[Path]:
    return (manifest.changes_path(folder, key) for key in keys)


def _count(found: Difference) -> int:
    return len(found.new) + len(found.changed) + len(found.removed)


def _is_version(task: Task) -> bool:
    return bool(task.revision or (task.declared and task.declared.recorded))
