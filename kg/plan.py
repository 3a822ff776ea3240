"""Inputs -> what is known of them already, and what is to be read: entries and tasks."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path

from kg.documents import (
    MAX_BYTES,
    SUFFIXES,
    Declared,
    Source,
    Wanted,
    find,
    is_repository,
    of_services,
    read_revisions,
    repository_around,
    safe_name,
    versions,
)
from kg.documents.files import read_bytes
from kg.errors import InputError, KgError, Skipped
from kg.iris import digest
from kg.journal import Journal
from kg.manifest import Entry, Status
from kg.pool import Task


def find_sources(
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
            listed = _listed(given, history)
        except InputError as error:
            unfound.append(Entry(str(given), Status.FAILED, reason=str(error)))
            continue
        if not listed:
            kinds = " ".join(sorted(SUFFIXES))
            reason = f"{safe_name(str(given))}: holds no policy; put files there ({kinds})"
            unfound.append(Entry(str(given), Status.FAILED, reason=reason))
        for source in listed:
            found.setdefault(_place(source), (source, given))
    if history:
        past = [source for source, _ in found.values() if source.revision]
        kept, missing = of_services(past, history.services)
        for place in set(map(_place, past)) - set(map(_place, kept)):
            del found[place]
        unfound += [Entry("--services", Status.FAILED, reason=reason) for reason in missing]
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


def _listed(given: Path, history: Wanted | None) -> list[Source]:
    """What an input holds; with history, every version in a repository."""
    if history is None or not (given.is_dir() or given.suffix == ".bundle"):
        return list(find([given]))
    around = repository_around(given) if given.is_dir() else None
    if around is not None:
        shown = safe_name(str(around))
        raise InputError(
            f"{safe_name(str(given))}: lies in the git repository {shown}; give that, "
            "and name the files with --path"
        )
    if given.is_dir() and not is_repository(given):
        return list(find([given]))
    return versions(given, history)


def _place(source: Source) -> str:
    """What tells a file or a version from all others."""
    if source.revision:
        return f"{os.path.abspath(source.revision.repository)}/{source.name}"  # noqa: PTH100
    return os.path.abspath(source.path)  # noqa: PTH100


def plan(
    sources: Sequence[Source], journal: Journal, settings: Mapping[str, str], limits: str
) -> tuple[dict[str, Entry], list[Task]]:
    """Entries of what is known already, by name, and tasks for the rest.

    Args:
        limits: for one document; what went beyond others is tried again.
    """
    entries: dict[str, Entry] = {}
    tasks: list[Task] = []
    setting = digest(*settings.values())
    turns: Counter[tuple[Path, Path]] = Counter()
    for source, hashed in _hashed(sources, journal):
        if isinstance(hashed, KgError):
            status = Status.SKIPPED if isinstance(hashed, Skipped) else Status.FAILED
            entries[source.name] = Entry(source.name, status, reason=str(hashed))
            continue
        sha256, size = hashed
        suffix = source.path.suffix.lower()
        revision, turn = source.revision, 0
        recorded = ""
        if revision:
            recorded = revision.recorded.isoformat()
            turn = turns[revision.repository, source.path]
            turns[revision.repository, source.path] += 1
        declared = _declared_text(source.declared)
        key = digest(setting, source.name, suffix, sha256, declared, recorded)
        entry = journal.entry(key)
        if entry and entry.limits in ("", limits):
            entries[source.name] = entry
        else:
            tasks.append(
                Task(
                    *(source.path, source.name, key, sha256, size),
                    *(source.declared, revision, turn),
                )
            )
    return entries, tasks


def _hashed(
    sources: Sequence[Source], journal: Journal
) -> Iterator[tuple[Source, tuple[str, int] | KgError]]:
    """Hash and size of each source, or why there are none.

    Of a repository, all come through one process. A file that is as it was is not read.
    """
    fresh: list[tuple[Path, os.stat_result, str]] = []
    for repository, group in groupby(sources, key=lambda s: s.revision and s.revision.repository):
        if repository:
            some = list(group)
            revisions = [source.revision for source in some if source.revision]
            found = read_revisions(revisions, [source.name for source in some])
            for source, data in zip(some, found, strict=True):
                yield source, data if isinstance(data, KgError) else _hash(data)
            continue
        for source in group:
            status = _status(source)
            if status and (known := journal.hash_of(source.path, status)):
                yield source, (known, status.st_size)
                continue
            bytes_or_error = _bytes(source)
            if isinstance(bytes_or_error, KgError):
                yield source, bytes_or_error
                continue
            sha256, size = _hash(bytes_or_error)
            if status:
                fresh.append((source.path, status, sha256))
            yield source, (sha256, size)
    journal.note_hashes(fresh)


def _hash(data: bytes) -> tuple[str, int]:
    return hashlib.sha256(data).hexdigest(), len(data)


def _status(source: Source) -> os.stat_result | None:
    """What the file system says of a regular file that may be read."""
    try:
        status = source.path.stat()
    except (OSError, ValueError):
        return None
    is_good = not source.error and stat.S_ISREG(status.st_mode) and os.access(source.path, os.R_OK)
    return status if is_good and status.st_size <= MAX_BYTES else None


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
