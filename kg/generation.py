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
from kg.catalogues import catalogue_edits, catalogue_parts
from kg.errors import StoreError
from kg.loader import Loader
from kg.manifest import Entry, Manifest, Status
from kg.pool import Task
from kg.store import Note, build_store, change_store, generation_of, open_store
from kg.triples import Snapshot

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

    Attributes:
        held: what it holds; ``None`` when that is nothing, or not known.
    """

    @property
    def held(self) -> Manifest | None:
        """See above."""

    def __enter__(self) -> Self:
        """Nothing is written yet."""

    def __exit__(self, *_: object) -> None:
        """Lets go of what is not finished."""

    def expect(self, tasks: Sequence[Task], known: Sequence[Entry]) -> None:
        """What is going to be read, and what need not be."""

    def take(self, entry: Entry) -> None:
        """One document is read; its shard lies in the folder."""

    def compared(self, new: Manifest) -> Difference:
        """What is to be done to hold what the manifest says."""

    def bring(self, new: Manifest, found: Difference) -> None:
        """Holds what the manifest says, in one step, by what :meth:`compared` has found."""


class StoreInFolder:
    """The store that lies beside the shards; its new generation takes the old one's place."""

    def __init__(self, folder: Path, base: str, *, force: bool = False) -> None:
        """A folder's store; with force it is written anew, whatever it seems to hold."""
        self._folder, self._base = folder, base
        self.held = manifest.load(folder)
        self._is_lost = force or self.held is None or not _is_sound(folder)
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
        share = len(tasks) / (len(tasks) + len(known) or 1)
        if not tasks or (not self._is_lost and share <= REBUILD_SHARE):
            return
        shared = Counter(task.sha256 for task in tasks)
        shared.update(entry.snapshot.sha256 for entry in known if entry.snapshot)
        # Who shares its bytes may share its graph, also with what stays of a file that cannot be
        # found or read; of versions it is only known in the end which are snapshots of their own.
        held = self.held.entries if self.held else ()
        old = {(entry.snapshot.sha256, entry.name) for entry in held if entry.snapshot}
        names = Counter(sha256 for sha256, _ in old)
        self._own = {
            task.key
            for task in tasks
            if shared[task.sha256] == 1
            and names[task.sha256] == ((task.sha256, task.name) in old)
            and not _is_version(task)
        }
        self._loader = Loader(self._folder).__enter__()

    def take(self, entry: Entry) -> None:
        """Loads what was made of a document, unless another may have made the same graph."""
        if self._loader and entry.status is Status.BUILT and entry.key in self._own:
            self._taken.add(entry.key)
            self._loader.add(manifest.shard_path(self._folder, entry.key))

    def compared(self, new: Manifest) -> Difference:
        """What differs from the generation that counts."""
        return replace(difference(self.held or Manifest(), new), is_lost=self._is_lost)

    def bring(self, new: Manifest, found: Difference) -> None:
        """Puts the new generation in place, if it differs."""
        held = self.held or Manifest()
        if not found:
            if held != new:  # what was skipped or failed
                self._note(new)(generation_of(self._folder))
        elif self._loader:
            self._loader.finish(self._shards(new), self._note(new))
        elif not found.is_lost and _count(found) <= REBUILD_SHARE * len(new.graphs()):
            self._change(found, held, new)
        else:
            build_store(self._shards(new), self._folder, self._note(new))

    def _note(self, new: Manifest) -> Note:
        return lambda generation: manifest.save_file(new, generation / manifest.NAME)

    def _shards(self, new: Manifest) -> Iterator[Path | str]:
        """All that the new generation holds, but what is loaded already."""
        yield ontology.ontology_quads()
        yield from catalogue_parts(catalogued(new), self._base)
        for entry in new.graphs().values():
            if entry.key not in self._taken:
                manifest.read_shard(self._folder, entry)  # to see that it is whole
                yield manifest.shard_path(self._folder, entry.key)
        yield from _changes_of(self._folder, (key for keys in new.changes.values() for key in keys))

    def _change(self, found: Difference, held: Manifest, new: Manifest) -> None:
        folder, entries = self._folder, new.graphs()
        shards: dict[str, tuple[Path, ...]] = {}
        for graph, key in {**found.new, **found.changed}.items():
            manifest.read_shard(folder, entries[graph])  # to see that it is whole
            shards[graph] = (manifest.shard_path(folder, key),)
        for graph, keys in found.changes.items():
            shards[graph] = tuple(_changes_of(folder, keys))
        edits = catalogue_edits(catalogued(held), catalogued(new), self._base)
        change_store(folder, shards, found.removed, edits=edits, note=self._note(new))


def _is_sound(folder: Path) -> bool:
    """Whether there is a store that can be opened."""
    try:
        open_store(folder).close()
    except StoreError:
        return False
    return True


def _changes_of(folder: Path, keys: Iterable[str]) -> Iterator[Path]:
    return (manifest.changes_path(folder, key) for key in keys)


def _count(found: Difference) -> int:
    return len(found.new) + len(found.changed) + len(found.removed)


def _is_version(task: Task) -> bool:
    return bool(task.revision or (task.declared and task.declared.recorded))
