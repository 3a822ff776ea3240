"""Entries -> which of them are snapshots of their own: copies and unchanged versions are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.documents import safe_name
from kg.manifest import Entry, Status
from kg.triples import Snapshot, in_time, line_of


def without_copies(entries: Sequence[Entry]) -> tuple[Entry, ...]:
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


def in_ranges(entries: Sequence[Entry], base: str) -> tuple[Entry, ...]:
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
