"""What a graph was built from: one entry an input file.

The manifest lies inside the generation of the store that it tells of, so that the two come and go
together (:data:`NAME`). Beside the store lie, under the entry's key, the N-Quads of each document
(``quads/``) and its text (``texts/``), into which all offsets in the graph point; and the N-Quads
of what changed from one version of a policy to the next (``changes/``).
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from sys import intern
from typing import Any

from kg.errors import StoreError
from kg.store import generation_of
from kg.triples import Snapshot

_log = logging.getLogger(__name__)

#: Name of a generation's manifest, in its directory.
NAME = "manifest.sqlite"
#: Folders of what the graphs are made of.
PARTS = ("quads", "texts", "changes")
_LAYOUT = 2
_TABLES = f"""
    PRAGMA journal_mode = OFF;
    PRAGMA user_version = {_LAYOUT};
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE entries (
        id INTEGER PRIMARY KEY, graph TEXT, key TEXT NOT NULL, entry TEXT NOT NULL);
    CREATE TABLE changes (graph TEXT PRIMARY KEY, keys TEXT NOT NULL) WITHOUT ROWID;
"""


class Damaged(StoreError):  # noqa: N818 - reads better where it is caught
    """What was made of a document is not on disk as it was made."""


class DiskFull(StoreError):  # noqa: N818 - reads better where it is caught
    """There is no space left for what a build makes; that is no document's fault."""


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
        limits: which ones it went beyond; it is not tried again before they are others.
        made: hashes of its shard and of its text, to tell when they are damaged.
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
    limits: str = ""
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """All input files of a graph, in the order of the input.

    One that failed may have two entries: the first for its snapshot of before, which stays.
    Attributes:
        settings: versions and options that every graph depends on.
        changes: IRI of each graph of changes -> keys of what it was made from.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    changes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def graphs(self) -> dict[str, Entry]:
        """IRI of each graph -> the entry that it was made from."""
        return {
            entry.snapshot.graph: entry
            for entry in self.entries
            if entry.status is Status.BUILT and entry.snapshot
        }


def load(folder: Path) -> Manifest | None:
    """The manifest of the generation that counts; ``None`` when there is none to be read."""
    with _opened(folder) as file:
        return _read(file) if file else None


def load_file(path: Path) -> Manifest | None:
    """A manifest that lies somewhere else; ``None`` when there is none to be read."""
    try:
        with closing(_connected(path)) as file:
            return _read(file)
    except (OSError, sqlite3.Error):
        return None


def save_file(manifest: Manifest, path: Path) -> None:
    """Writes a manifest, in one step and for good; an old one remains when anything fails."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as file:
            file.executescript(_TABLES)
            file.execute("BEGIN")
            rows = ((name, value) for name, value in manifest.settings.items())
            file.executemany("INSERT INTO settings VALUES (?, ?)", rows)
            entries = ((graph_of(entry), entry.key, packed(entry)) for entry in manifest.entries)
            file.executemany("INSERT INTO entries (graph, key, entry) VALUES (?, ?, ?)", entries)
            changes = ((graph, " ".join(keys)) for graph, keys in manifest.changes.items())
            file.executemany("INSERT INTO changes VALUES (?, ?)", changes)
            file.execute("CREATE UNIQUE INDEX graphs ON entries (graph) WHERE graph IS NOT NULL")
            file.execute("COMMIT")
        fresh.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be written: {error}") from error


def shard_path(folder: Path, key: str) -> Path:
    """Where the N-Quads of a document lie."""
    return folder / "quads" / key[:2] / f"{key}.nq"


def text_path(folder: Path, key: str) -> Path:
    """Where the text of a document lies; with a suffix that no corpus is searched for."""
    return folder / "texts" / key[:2] / f"{key}.text"


def changes_path(folder: Path, key: str) -> Path:
    """Where the N-Quads of what changed between two versions lie."""
    return folder / "changes" / key[:2] / f"{key}.nq"


def memory_path(folder: Path) -> Path:
    """Where lies what was found out about sentences."""
    return folder / "sentences.sqlite"


def texts_of(folder: str | Path) -> Callable[[str], str | None]:
    """IRI of a snapshot -> the text it was read from; ``None`` when the folder does not hold it.

    It tells of the generation that counts now, also when another one has come.
    """
    folder = Path(folder)
    with _opened(folder) as file:
        keys = dict(_rows(file, "SELECT graph, key FROM entries WHERE graph IS NOT NULL"))
    return lambda graph: _text(folder, keys.get(graph))


def text_of(folder: str | Path, graph: str) -> str | None:
    """The text that one snapshot was read from; for several, see :func:`texts_of`."""
    folder = Path(folder)
    with _opened(folder) as file:
        rows = _rows(file, "SELECT key FROM entries WHERE graph = ?", graph)
    return _text(folder, rows[0][0] if rows else None)


def _rows(file: sqlite3.Connection | None, query: str, *values: str) -> list[tuple[Any, ...]]:
    """What a manifest answers; nothing when it is damaged."""
    try:
        return file.execute(query, values).fetchall() if file else []
    except sqlite3.Error as error:
        _log.warning("a manifest is damaged (%s): build it again with `kg build … --force`", error)
        return []


def _text(folder: Path, key: str | None) -> str | None:
    try:
        return read_text_of(folder, key) if key else None
    except OSError:
        return None


def read_text_of(folder: Path, key: str) -> str:
    """The text of a document."""
    # Bytes, since reading as text would turn "\r" into "\n".
    return text_path(folder, key).read_bytes().decode("utf-8", "surrogatepass")


def hash_of(data: bytes) -> str:
    """What tells a file from one that was damaged."""
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def read_shard(folder: Path, entry: Entry) -> bytes:
    """The N-Quads of a document, as they were made.

    Raises:
        Damaged: they are no longer.
    """
    return _whole(shard_path(folder, entry.key), entry.made[:1], folder)


def is_whole(folder: Path, entry: Entry) -> bool:
    """Whether the shard and the text of a document are there as they were made."""
    try:
        for path, made in zip((shard_path, text_path), entry.made or ("", ""), strict=True):
            _whole(path(folder, entry.key), (made,) if made else (), folder)
    except Damaged:
        return False
    return True


def _whole(path: Path, made: tuple[str, ...], folder: Path) -> bytes:
    try:
        data = path.read_bytes()
        why = "" if not made or hash_of(data) == made[0] else "other bytes than were written"
    except OSError as error:
        why = error.strerror or str(error)
    if why:
        raise Damaged(
            f"{path} is damaged ({why}): build it again with `kg build CORPUS -o {folder} --force`"
        )
    return data


def made_of(folder: Path, key: str) -> int | None:
    """Size of all that was made of a document; ``None`` when a part is not there."""
    try:
        return sum(path(folder, key).stat().st_size for path in (shard_path, text_path))
    except OSError:
        return None


def discard(folder: Path, keys: Iterable[str]) -> None:
    """Removes shards, texts and changes."""
    for key in keys:
        for path in (shard_path, text_path, changes_path):
            path(folder, key).unlink(missing_ok=True)


def sweep(folder: Path, keys: Iterable[str]) -> None:
    """Removes all shards, texts and changes but those of the keys; also what a killed one left."""
    wanted = set(keys)
    for part in PARTS:
        for path in (folder / part).rglob("*"):
            if path.name.partition(".")[0] not in wanted and not path.is_dir():
                path.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Puts a file in its place in one step."""
    write_parts(path, (data,))


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """As :func:`write_bytes`, for what need not be in memory as a whole."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            file.writelines(parts)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                f"{path} cannot be written: {error.strerror}; make room, then the same command "
                "goes on from there"
            ) from error
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error


def packed(entry: Entry) -> str:
    """An entry as JSON, in ASCII: file names may hold what UTF-8 cannot."""
    return json.dumps(_plain(entry), separators=(",", ":"))


def unpacked(text: str) -> Entry:
    """The entry that :func:`packed` told of."""
    raw = json.loads(text)
    raw["status"] = Status(raw["status"])
    raw["recipients"] = tuple(map(intern, raw.get("recipients", ())))
    raw["made"] = tuple(raw.get("made", ()))
    if found := raw.get("snapshot"):
        found["names"] = tuple(found.get("names", ()))
        found["publisher"] = intern(found["publisher"])
        found["document"] = raw["name"]
        raw["snapshot"] = Snapshot(**found)
    return Entry(**raw)


def _plain(entry: Entry) -> dict[str, Any]:
    # How an entry came about depends on what was read before it.
    plain = _filled(entry, leaving={"looks", "known", "snapshot"})
    if entry.snapshot:
        plain["snapshot"] = _filled(entry.snapshot, leaving={"document"})
    return plain


def _filled(value: Entry | Snapshot, leaving: set[str]) -> dict[str, Any]:
    found = {name: getattr(value, name) for name in value.__slots__ if name not in leaving}
    return {name: part for name, part in found.items() if part not in (None, "", (), 0)}


def graph_of(entry: Entry) -> str | None:
    """IRI of the graph that an entry stands for, if it does."""
    return entry.snapshot.graph if entry.snapshot and entry.status is Status.BUILT else None


@contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection | None]:
    """The manifest of the generation that counts; ``None`` when there is none to be read."""
    file = None
    while file is None:
        try:
            generation = generation_of(folder)
        except StoreError:
            break
        try:
            file = _connected(generation / NAME)
        except (OSError, sqlite3.Error) as error:
            with suppress(StoreError):
                if generation_of(folder) != generation:
                    continue  # a writer has moved on in between
            _log.debug("%s holds no manifest (%s)", generation, error)
            break
    if file is None:
        yield None
        return
    with closing(file):
        yield file


def _connected(path: Path) -> sqlite3.Connection:
    # Nobody changes it, so that nothing is to be locked and nothing is written beside it.
    file = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        [[layout]] = file.execute("PRAGMA user_version")
        if layout != _LAYOUT:
            raise sqlite3.DatabaseError(f"layout {layout}")
    except BaseException:
        file.close()
        raise
    return file


def _read(file: sqlite3.Connection) -> Manifest | None:
    try:
        return Manifest(
            dict(file.execute("SELECT name, value FROM settings")),
            tuple(
                unpacked(text) for (text,) in file.execute("SELECT entry FROM entries ORDER BY id")
            ),
            {
                graph: tuple(keys.split())
                for graph, keys in file.execute("SELECT graph, keys FROM changes")
            },
        )
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        _log.warning("a manifest cannot be used (%s): its graph is written anew", error)
        return None
