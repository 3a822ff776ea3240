"""Entries -> which of them are snapshots of their own.

Copies are not, nor are versions that say what the one before them says, nor those that an archive
took of a page that was broken or changed for a few days only: compared with their neighbours,
these would look as if a company had dropped all its promises and made them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kg.documents import safe_name
from kg.manifest import Entry, Status
from kg.triples import Snapshot, in_time, line_of

#: Days after which a text that is taken back was a version all the same.
PASSING_DAYS = 7
#: Share of the words before and after it from which on a text is a whole one.
_WHOLE = 0.5


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
    """Marks versions that say just what the one before them says, and those that soon passed.

    The version before them lasts as long.
    """
    lines: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.status is Status.BUILT and entry.snapshot and entry.snapshot.substance:
            lines.setdefault(line_of(entry.snapshot, base), []).append(entry)
    marked = {entry.name: entry for line in lines.values() for entry in _marked(line)}
    return tuple(marked.get(e.name, e) if e.snapshot else e for e in entries)


def _marked(line: list[Entry]) -> list[Entry]:
    """The versions of a policy with what becomes of them."""
    line.sort(key=lambda entry: in_time(_snapshot(entry)))
    done: list[Entry] = []
    standing: int | None = None
    for at, entry in enumerate(line):
        before = done[standing] if standing is not None else None
        name = safe_name(entry.name)
        if before and _snapshot(entry).substance == _snapshot(before).substance:
            reason = f"{name}: says what {safe_name(before.name)} says"
            done.append(replace(entry, status=Status.SAME, reason=reason))
            lasting = replace(_snapshot(before), until=_snapshot(entry).issued)
            done[standing or 0] = replace(before, snapshot=lasting)
        elif why := _passing(entry, before, line[at + 1 :]):
            done.append(replace(entry, status=Status.PASSING, reason=f"{name}: {why}; left out"))
        else:
            standing = len(done)
            done.append(entry)
    return done


def _passing(entry: Entry, before: Entry | None, later: Sequence[Entry]) -> str | None:
    """Why a version does not count; ``None`` for one that does."""
    if not _said(entry) and any(map(_said, later)):
        return "states nothing, as other versions do"
    if before is None:
        return None
    for other in later:
        if _days(entry, other) > PASSING_DAYS:
            break
        if _snapshot(other).substance == _snapshot(before).substance:
            return f"was taken back within {PASSING_DAYS} days"
    if later and entry.words < _WHOLE * min(before.words, later[0].words):
        return "holds a part of what stands before and after it"
    return None


def _said(entry: Entry) -> int:
    return _snapshot(entry).statements + _snapshot(entry).denials


def _days(one: Entry, other: Entry) -> int:
    days = [date.fromisoformat(_snapshot(entry).issued or "") for entry in (one, other)]
    return (days[1] - days[0]).days


def _snapshot(entry: Entry) -> Snapshot:
    assert entry.snapshot is not None
    return entry.snapshot
