"""What a folder's graph was built from: one entry an input file, kept as ``manifest.json``.

The next build compares its input with it and reads only what has changed. Beside it lie, under
the entry's key, the N-Quads of each document (``quads/``) and its text (``texts/``), into which
all offsets in the graph point; and the N-Quads of what changed from one version of a policy to
the next (``changes/``).
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.triples import Snapshot

_log = logging.getLogger(__name__)

_LAYOUT = 1


class Status(StrEnum):
    """What became of an input file."""

    BUILT = "built"
    COPY = "copy"  # the same bytes, publisher and date as another file: one snapshot
    SAME = "same"  # a later version that differs in nothing of substance: one snapshot with a range
    PASSING = "passing"  # a version that was soon taken back, or is a part only: no snapshot
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One input file.

    Attributes:
        name: of the document.
        key: hash of all that its graph depends on; empty when it could not even be looked at,
            or when the next build shall try again.
        reason: why it was skipped or failed, or whose copy it is.
        size: of the file, in bytes.
        words: of its text, parted by white space.
        recipients: IRIs of the recipients in its affirmed statements.
        unsure: number of statements that were left out of its graph.
        looks: number of sentences that a model had to look at, in this build; it is not kept.
        known: of those for which it need not, as they had been looked at before.
    """

    name: str
    status: Status
    key: str = ""
    reason: str | None = None
    size: int = 0
    words: int = 0
    snapshot: Snapshot | None = None
    recipients: tuple[str, ...] = ()
    unsure: int = 0
    looks: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """All input files of a graph, in the order of the input.

    Attributes:
        settings: versions and options that every graph depends on.
        complete: whether the store held just these graphs when the manifest was written.
        changes: IRI of each graph of changes -> keys of what it was made from.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    complete: bool = False
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def graphs(self) -> dict[str, Entry]:
        """IRI of each graph -> the entry that it was made from."""
        return {
            entry.snapshot.graph: entry
            for entry in self.entries
            if entry.status is Status.BUILT and entry.snapshot
        }


def load(folder: Path) -> Manifest:
    """The manifest of a folder; an empty one when there is none, or none that can be read."""
    try:
        raw = json.loads((folder / "manifest.json").read_text("utf-8"))
        if raw["layout"] != _LAYOUT:
            return Manifest()
        changes = {graph: tuple(keys) for graph, keys in raw.get("changes", {}).items()}
        entries = tuple(map(_entry, raw["entries"]))
        return Manifest(raw["settings"], entries, raw["complete"], changes)
    except FileNotFoundError:
        return Manifest()
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s cannot be used (%s): everything is built again", folder, error)
        return Manifest()


def save(manifest: Manifest, folder: Path) -> None:
    """Writes the manifest; the old one remains when anything fails."""
    write_json(
        {
            "layout": _LAYOUT,
            "complete": manifest.complete,
            "settings": dict(manifest.settings),
            "entries": [_plain(entry) for entry in manifest.entries],
            "changes": manifest.changes,
        },
        folder / "manifest.json",
    )


def shard_path(folder: Path, key: str) -> Path:
    """Where the N-Quads of a document lie."""
    return folder / "quads" / f"{key}.nq"


def text_path(folder: Path, key: str) -> Path:
    """Where the text of a document lies; with a suffix that no corpus is searched for."""
    return folder / "texts" / f"{key}.text"


def changes_path(folder: Path, key: str) -> Path:
    """Where the N-Quads of what changed between two versions lie."""
    return folder / "changes" / f"{key}.nq"


def memory_path(folder: Path) -> Path:
    """Where lies what was found out about sentences."""
    return folder / "sentences.sqlite"


def texts_of(folder: str | Path) -> Callable[[str], str | None]:
    """IRI of a snapshot -> the text it was read from; ``None`` when the folder does not hold it.

    The manifest is read once, for all snapshots.
    """
    folder = Path(folder)
    entries = load(folder).graphs()

    def text(graph: str) -> str | None:
        entry = entries.get(graph)
        try:
            return read_text_of(folder, entry.key) if entry else None
        except OSError:
            return None

    return text


def text_of(folder: str | Path, graph: str) -> str | None:
    """The text that one snapshot was read from; for several, see :func:`texts_of`."""
    return texts_of(folder)(graph)


def read_text_of(folder: Path, key: str) -> str:
    """The text of a document."""
    # Bytes, since reading as text would turn "\r" into "\n".
    return text_path(folder, key).read_bytes().decode("utf-8", "surrogatepass")


def prune(folder: Path, keys: Iterable[str]) -> None:
    """Removes shards, texts and changes that are no longer part of the graph."""
    wanted = set(keys)
    for part in ("quads", "texts", "changes"):
        for path in (folder / part).glob("*"):
            if path.stem not in wanted:
                path.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Puts a file in its place in one step."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error


def write_json(value: Any, path: Path) -> None:
    """Puts a value in its place as JSON, in ASCII: file names may hold what UTF-8 cannot."""
    write_bytes(path, (json.dumps(value, indent=1) + "\n").encode("ascii"))


def _plain(entry: Entry) -> dict[str, Any]:
    plain = asdict(entry)
    # How an entry came about depends on what was read before it.
    del plain["looks"], plain["known"]
    return {name: value for name, value in plain.items() if value not in (None, "", (), 0)}


def _entry(raw: dict[str, Any]) -> Entry:
    found = raw.get("snapshot")
    return Entry(
        name=raw["name"],
        status=Status(raw["status"]),
        key=raw.get("key", ""),
        reason=raw.get("reason"),
        size=raw.get("size", 0),
        words=raw.get("words", 0),
        snapshot=Snapshot(**{**found, "names": tuple(found["names"])}) if found else None,
        recipients=tuple(raw.get("recipients", ())),
        unsure=raw.get("unsure", 0),
    )
