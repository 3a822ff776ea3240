"""The rooms joined in order: inputs -> documents -> statements -> shards -> store.

:func:`build` does only what has changed since the folder's manifest was written; every document
is read in a worker process (:mod:`kg.pool`). The result does not depend on the number of
processes, nor on the order in which they finish.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kg import manifest, resources
from kg.documents import Source, Wanted, safe_name
from kg.errors import InputError, StoreError, UsageError
from kg.generation import StoreInFolder, Target
from kg.iris import BASE
from kg.journal import Journal, as_read
from kg.manifest import Damaged, Entry, Manifest, Status, is_whole
from kg.memory import forget
from kg.plan import find_sources, plan
from kg.pool import LIMITS, Comparison, Limits, Pool, Readers, Setup, Task
from kg.settings import models, settings_of
from kg.snapshots import in_ranges, without_copies
from kg.succession import compared, lines_of, to_compare
from kg.triples import is_iri

if TYPE_CHECKING:
    from kg.remote import Address, Filled

_log = logging.getLogger(__name__)


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
        entries: one an input file, in the order of the input; before one that failed, another
            for the snapshot that stays of it.
        new, changed, removed: numbers of snapshots, compared with the build before.
        kept: number of policies that stay though they were not found, as an input was not.
        read: number of documents that were read for it.
        mended: of those that the graph held, but what was made of them was lost or damaged.
        looks: number of their sentences that a model had to look at.
        known: of those for which it need not, as the same had been looked at before.
        is_changed: whether the store was written.
        because: names of settings that differ from those of the build before.
        servers: what was sent to each.
    """

    folder: Path
    entries: tuple[Entry, ...]
    new: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0
    read: int = 0
    mended: int = 0
    looks: int = 0
    known: int = 0
    is_changed: bool = True
    because: tuple[str, ...] = ()
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
    limits: Limits = LIMITS,
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
        force: read every document again and write all anew, changed or not.
        limits: for one document; it is left out when it goes beyond them.
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
    with _only_writer(folder), Journal(folder, is_new=force) as journal:
        if force:
            forget(manifest.memory_path(folder))
        once = partial(
            _build,
            *(inputs, folder, journal),
            base=base,
            history=history,
            jobs=jobs,
            force=force,
            limits=limits,
            least=least,
            progress=progress,
            target=target,
            readers=readers,
            servers=servers,
        )
        try:
            return once()
        except Damaged as error:
            if not journal.forget_damaged():
                raise
            _log.debug("what is damaged is read again", exc_info=error)
            return once()


def _build(
    inputs: Sequence[str | Path],
    folder: Path,
    journal: Journal,
    *,
    base: str,
    history: Wanted | None,
    jobs: int | None,
    force: bool,
    limits: Limits,
    least: float | None,
    progress: Progress | None,
    target: Target | None,
    readers: Readers | None,
    servers: Sequence[Address],
) -> Report:
    """Builds, unless something turns out to be damaged; then what was read meanwhile is kept.

    Raises:
        Damaged: it did.
    """
    with target or StoreInFolder(folder, base, force=force) as store:
        held, settings = store.held or Manifest(), settings_of(base, least)
        if settings["tagger"] == "missing":
            _log.warning(resources.NO_TAGGER, resources.TAGGER)  # the workers' own words go nowhere
        sources, unfound = find_sources(inputs, history)
        kept = _kept(held, sources, settings) if unfound else ()
        if journal.is_new and not force:
            _take_over(folder, held, journal)
        entries, tasks = plan(sources, journal, settings, str(limits))
        setup = Setup(folder, base, least, models())
        with readers or Pool(setup, jobs=jobs or _cores(), limits=limits) as pool:
            store.expect(tasks, list(entries.values()))
            for entry in _read(tasks, pool, progress):
                journal.record(entry)
                entries[entry.name] = entry
                store.take(entry)
            told = [*_with_old(sources, entries, held, settings, folder), *kept, *unfound]
            wanted = in_ranges(without_copies(told), base)
            lines = lines_of(wanted, base)
            failed = _compare(to_compare(lines, folder, force=force), pool, progress)
        new = Manifest(settings, (*wanted, *failed), compared(lines, folder))
        found = store.compared(new)
        if progress and found:
            progress.load(len(new.graphs()))
        was_killed = journal.begin_to_finish()
        store.bring(new, found)
        looked, read = [entries[task.name] for task in tasks], {task.key for task in tasks}
        report = Report(
            folder,
            new.entries,
            new=len(found.new),
            changed=len(found.changed),
            removed=len(found.removed),
            kept=len(kept),
            read=len(tasks),
            mended=0 if force else len({e.key for e in held.entries if e.snapshot} & read),
            looks=sum(entry.looks for entry in looked),
            known=sum(entry.known for entry in looked),
            is_changed=bool(found),
            because=_differing(held.settings, settings),
        )
        if found or held != new or was_killed:
            _write_report(report, settings)
            _clear(folder, None if was_killed or force else held, new, journal)
        journal.finish()
        return replace(report, servers=_filled(servers, folder, new, progress, force=force))


def _kept(
    held: Manifest, sources: Sequence[Source], settings: Mapping[str, str]
) -> tuple[Entry, ...]:
    """What stays in the graph though no input has it, as not all inputs could be found.

    Raises:
        InputError: it cannot stay, as it was read in another way than the others would be.
    """
    given = {source.name for source in sources}
    kept = tuple(e for e in held.entries if e.snapshot and e.name not in given)
    if kept and (other := _differing(held.settings, settings)):
        raise InputError(
            f"not all inputs can be found, and {len(kept):,} policies that are not among the "
            f"others would have to be read again ({', '.join(other)}): check the names, or leave "
            "out what is gone"
        )
    return tuple(as_read(entry) for entry in kept)


def _with_old(
    sources: Sequence[Source],
    entries: Mapping[str, Entry],
    held: Manifest,
    settings: Mapping[str, str],
    folder: Path,
) -> Iterator[Entry]:
    """The entries of the sources; before one that failed, what the graph holds of it already.

    It goes when it was read in another way than the others, or is no longer there.
    """
    old = {e.name: e for e in held.entries if e.snapshot and held.settings == settings}
    for entry in (entries[source.name] for source in sources):
        before = old.get(entry.name)
        if entry.status is not Status.FAILED or not before or not is_whole(folder, before):
            yield entry
            continue
        issued = before.snapshot.issued if before.snapshot else None
        stays = f"its snapshot of {issued} stays" if issued else "its snapshot of before stays"
        yield as_read(before)
        yield replace(entry, reason=f"{entry.reason}; {stays}")


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the settings that are not what they were."""
    return tuple(name for name in new if old and old.get(name) != new[name])


def _take_over(folder: Path, held: Manifest, journal: Journal) -> None:
    """Begins a journal: with what is held, when it was lost."""
    if (folder / "manifest.json").exists():
        _log.warning(
            "%s was built by an earlier version of kg: everything is built again",
            safe_name(str(folder)),
        )
    journal.seed(held)


def _clear(folder: Path, held: Manifest | None, new: Manifest, journal: Journal) -> None:
    """Removes what does not belong to the graph: what was held, or all that is found."""
    changes = [key for keys in new.changes.values() for key in keys]
    keys = [entry.key for entry in new.entries if entry.key]
    journal.keep(keys)
    if held and held.entries:
        gone = {key for keys in held.changes.values() for key in keys}.difference(changes)
        manifest.discard(folder, gone)
    else:
        manifest.sweep(folder, (*keys, *changes))
        (folder / "manifest.json").unlink(missing_ok=True)


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


def _write_report(report: Report, settings: Mapping[str, str]) -> None:
    """What became of each file, for people and scripts; one line a document."""

    def parts() -> Iterator[str]:
        whole = {"counts": report.counts(), "settings": dict(settings)}
        yield json.dumps(whole, indent=1)[:-2] + ',\n "documents": ['
        for number, entry in enumerate(report.entries):
            found = entry.snapshot
            document = {
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
            # In ASCII: file names may hold what UTF-8 cannot.
            yield f"{',' if number else ''}\n  {json.dumps(document)}"
        yield "\n ]\n}\n"

    manifest.write_parts(report.folder / "report.json", (part.encode("ascii") for part in parts()))


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Keeps a second build out until this one is over."""
    try:
        for part in manifest.PARTS:
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
