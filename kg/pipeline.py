"""The rooms joined in order: inputs -> documents -> statements -> shards -> store.

:func:`build` does only what has changed since the folder's manifest was written; every document
is read in a worker process (:mod:`kg.pool`). The result does not depend on the number of
processes, nor on the order in which they finish.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kg import manifest, resources
from kg.documents import Wanted, safe_name
from kg.errors import StoreError, UsageError
from kg.generation import StoreInFolder, Target
from kg.iris import BASE
from kg.manifest import Entry, Manifest, Status
from kg.memory import forget
from kg.plan import find_sources, plan
from kg.pool import Comparison, Pool, Readers, Setup, Task
from kg.settings import models, settings_of
from kg.snapshots import in_ranges, without_copies
from kg.succession import compared, lines_of, to_compare
from kg.triples import is_iri

if TYPE_CHECKING:
    from kg.remote import Address, Filled

_log = logging.getLogger(__name__)

#: Time for one document, in seconds.
LIMIT_SECONDS = 120.0


class Progress(Protocol):
    """Who wants to know how a build gets on."""

    def begin(self, documents: int, size: int) -> None:
        """So many documents are to be read, so many bytes together."""

    def read(self, entry: Entry) -> None:
        """One document is done."""

    def compare(self, versions: int) -> None:
        """So many versions are compared with those before them."""

    def load(self, documents: int) -> None:
        """All are read; their graphs go to the store."""

    def end(self) -> None:
        """The build is over, well or not."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did.

    Attributes:
        folder: of the graph.
        entries: one an input file, in the order of the input.
        new, changed, removed: numbers of snapshots, compared with the build before.
        read: number of documents that were read for it.
        looks: number of their sentences that a model had to look at.
        known: of those for which it need not, as the same had been looked at before.
        is_changed: whether the store was written.
        servers: what was sent to each.
    """

    folder: Path
    entries: tuple[Entry, ...]
    new: int = 0
    changed: int = 0
    removed: int = 0
    read: int = 0
    looks: int = 0
    known: int = 0
    is_changed: bool = True
    servers: tuple[Filled, ...] = ()

    def of(self, *status: Status) -> tuple[Entry, ...]:
        """The entries with one of the statuses."""
        return tuple(entry for entry in self.entries if entry.status in status)

    def counts(self) -> dict[str, int]:
        """What the graph holds, as numbers."""
        built = [entry for entry in self.of(Status.BUILT) if entry.snapshot]
        snapshots = [entry.snapshot for entry in built if entry.snapshot]
        return {
            "policies": len(built),
            "publishers": len({snapshot.publisher for snapshot in snapshots}),
            "sentences": sum(snapshot.sentences for snapshot in snapshots),
            "statements": sum(snapshot.statements for snapshot in snapshots),
            "denials": sum(snapshot.denials for snapshot in snapshots),
            "recipients": len({found for entry in built for found in entry.recipients}),
            "unsure": sum(entry.unsure for entry in built),
            "copies": len(self.of(Status.COPY)),
            "same": len(self.of(Status.SAME)),
            "passing": len(self.of(Status.PASSING)),
            "skipped": len(self.of(Status.SKIPPED)),
            "failed": len(self.of(Status.FAILED)),
        }


def build(
    inputs: Sequence[str | Path],
    folder: str | Path = "kg-data",
    *,
    base: str = BASE,
    history: Wanted | None = None,
    jobs: int | None = None,
    force: bool = False,
    limit_seconds: float = LIMIT_SECONDS,
    least: float | None = None,
    progress: Progress | None = None,
    target: Target | None = None,
    readers: Readers | None = None,
    servers: Sequence[Address] = (),
) -> Report:
    """Builds the graph of the policies in files and folders, or brings it up to date.

    Args:
        folder: for the graph; made when it is not there.
        base: where instance IRIs begin; an absolute IRI that ends with "/" or "#".
        history: which versions to read of the inputs that are git repositories; ``None`` reads
            what is checked out.
        jobs: processes; ``None`` for one a core.
        force: read every document again, changed or not.
        limit_seconds: for one document; it is skipped when it takes longer.
        least: confidence below which a statement is left out; ``None`` for the usual one.
        target: where the graphs go; ``None`` for the store in the folder.
        readers: what does the reading; ``None`` for processes of this machine.
        servers: SPARQL servers that are brought to hold the same graph, after the target.

    Raises:
        InputError: there is nothing to read at all.
        UsageError: ``base`` is no such IRI.
        StoreError: the folder cannot be written, or another build is writing to it.
        MissingPart: the language model is not installed.
    """
    folder = Path(folder)
    if not is_iri(base) or not base.endswith(("/", "#")):
        raise UsageError(f"--base {base!r} is no absolute IRI that ends with / or #")
    with _only_writer(folder):
        old = manifest.load(folder)
        settings = settings_of(base, least)
        if settings["tagger"] == "missing":
            _log.warning(resources.NO_TAGGER, resources.TAGGER)  # the workers' own words go nowhere
        sources, unfound = find_sources(inputs, history)
        known = (
            {} if force or old.settings != settings else {e.key: e for e in old.entries if e.key}
        )
        entries, tasks = plan(sources, known, settings, folder)
        if force:
            forget(manifest.memory_path(folder))
        setup = Setup(folder, base, least, models())
        is_whole = old.complete and old.settings == settings
        with (
            target or StoreInFolder(folder, base, old, is_whole=is_whole) as store,
            readers or Pool(setup, jobs=jobs or _cores(), limit_seconds=limit_seconds) as pool,
        ):
            store.expect(tasks, list(entries.values()))
            try:
                for entry in _read(tasks, pool, progress):
                    entries[entry.name] = entry
                    store.take(entry)
                told = [*(entries[source.name] for source in sources), *unfound]
                wanted = in_ranges(without_copies(told), base)
                lines = lines_of(wanted, base)
                failed = _compare(to_compare(lines, folder), pool, progress)
            except BaseException:
                # What was read so far need not be read again.
                kept = tuple(entry for entry in entries.values() if entry.key)
                manifest.save(Manifest(settings, kept, complete=False), folder)
                raise
            changes = compared(lines, folder)
            new = Manifest(settings, (*wanted, *failed), complete=True, changes=changes)
            if progress:
                progress.load(len(new.graphs()))
            found = store.bring(new)
        looked = [entries[task.name] for task in tasks]
        done = Report(
            folder,
            new.entries,
            new=len(found.new),
            changed=len(found.changed),
            removed=len(found.removed),
            read=len(tasks),
            looks=sum(entry.looks for entry in looked),
            known=sum(entry.known for entry in looked),
            is_changed=bool(found),
        )
        if done.is_changed or old.entries != new.entries:
            _report(done, new, folder)
            used = (entry.key for entry in new.entries if entry.snapshot)
            manifest.prune(folder, (*used, *(key for keys in changes.values() for key in keys)))
        return replace(done, servers=_filled(servers, folder, new, progress, force=force))


def _filled(
    servers: Sequence[Address],
    folder: Path,
    made: Manifest,
    progress: Progress | None,
    *,
    force: bool,
) -> tuple[Filled, ...]:
    """Brings servers to hold what the folder holds."""
    if not servers:
        return ()
    from kg.remote import fill  # noqa: PLC0415 - heavy
    from kg.shards import parts_of  # noqa: PLC0415

    base = made.settings["base"]
    parts = list(parts_of(folder, made))
    if progress:
        progress.load(len(made.graphs()))
    return tuple(fill(address, parts, base, force=force) for address in servers)


def _read(tasks: Sequence[Task], pool: Readers, progress: Progress | None) -> Iterator[Entry]:
    if not tasks:
        return
    # The largest first, so that no process is left with it at the end; and versions of a file
    # one after the other, so that each is read with what is known of the one before.
    tasks = sorted(tasks, key=lambda task: (task.turn, -task.size, task.name))
    if progress:
        progress.begin(len(tasks), sum(task.size for task in tasks))
    try:
        for entry in pool.work(tasks):
            if progress:
                progress.read(entry)
            yield entry
    finally:
        if progress:
            progress.end()


def _compare(tasks: Sequence[Comparison], pool: Readers, progress: Progress | None) -> list[Entry]:
    """Compares versions; what could not be compared."""
    if tasks and progress:
        progress.compare(sum(len(task.pairs) for task in tasks))
    return [entry for entry in pool.work(tasks) if entry.status is not Status.BUILT]


def _cores() -> int:
    """Cores that this process may use; not every system tells them from all there are."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _report(report: Report, made: Manifest, folder: Path) -> None:
    documents = []
    for entry in report.entries:
        found = entry.snapshot
        documents.append(
            {
                "document": entry.name,
                "status": entry.status.value,
                "reason": entry.reason,
                "publisher": found.publisher if found else None,
                "date": found.issued if found else None,
                "snapshot": found.graph if found else None,
                "statements": found.statements if found else 0,
                "denials": found.denials if found else 0,
                "sentences": found.sentences if found else 0,
            }
        )
    whole = {"counts": report.counts(), "settings": dict(made.settings), "documents": documents}
    manifest.write_json(whole, folder / "report.json")


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Keeps a second build out until this one is over."""
    try:
        for part in ("quads", "texts", "changes"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "build.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(
            f"{safe_name(str(folder))} cannot be written: {error.strerror}; choose another with -o"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise StoreError(
            f"another build is writing to {safe_name(str(folder))}: wait until it is done"
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)
