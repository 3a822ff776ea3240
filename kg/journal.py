"""What became of each document that was read, kept on disk as soon as it is known.

A build that is killed, at whatever moment, loses nothing but what was just being read: the next
one looks here. Keys are hashes of all that an entry depends on, so that an entry is never out of
date. Losing the file costs time and nothing else. Nothing waits for the disk; after a power
failure the last entries may be missing, and those whose shards did not reach the disk are told by
their sizes, so that these documents are read again.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Self

from kg.errors import StoreError
from kg.manifest import Entry, Manifest, Status, discard, is_whole, made_of, packed, unpacked

_log = logging.getLogger(__name__)

_LAYOUT = 1
_TABLES = f"""
    PRAGMA user_version = {_LAYOUT};
    CREATE TABLE IF NOT EXISTS read (
        key TEXT PRIMARY KEY, size INTEGER NOT NULL, entry TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS files (
        place BLOB PRIMARY KEY, status TEXT NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS unfinished (since TEXT);
"""
#: How long a file must have been left alone for its times to tell that it still is as it was: some
#: file systems count in steps of two seconds.
_SETTLED_NS = 3_000_000_000


class Journal:
    """The journal of a folder. Use it in a ``with`` block, by one build at a time.

    Attributes:
        is_new: whether there was none.
    """

    def __init__(self, folder: Path, *, is_new: bool = False) -> None:
        """Opens the journal; one that is damaged is begun anew, or any if wanted.

        Raises:
            StoreError: it cannot be written.
        """
        self._folder, self._path = folder, folder / "journal.sqlite"
        self.is_new = is_new or not self._path.exists()
        try:
            if is_new:
                self._remove()
            try:
                self._file = self._opened()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                _log.warning("%s is damaged (%s) and begun anew", self._path, error)
                self._remove()
                self._file, self.is_new = self._opened(), True
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{self._path} cannot be written: {error}") from error

    def __enter__(self) -> Self:
        """The journal itself."""
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Closes it.

        Raises:
            StoreError: the block ended as it could not be read or written.
        """
        self._file.close()
        if isinstance(error, sqlite3.Error):
            raise StoreError(
                f"{self._path} cannot be used ({error}): make room if the disk is full, and run "
                "the same command again; if that does not help, `kg build … --force` begins anew"
            ) from error

    def entry(self, key: str) -> Entry | None:
        """What is known of a key, if all that was made of the document is still there."""
        row = self._file.execute("SELECT size, entry FROM read WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        try:
            entry = unpacked(row[1])
        except (ValueError, KeyError, TypeError):  # damaged within
            return None
        if entry.snapshot and made_of(self._folder, key) != row[0]:
            return None
        return entry

    def record(self, entry: Entry) -> None:
        """Keeps what became of a document; what has no key is not kept."""
        self.record_all((entry,))

    def record_all(self, entries: Iterable[Entry]) -> None:
        """As :meth:`record`, in one go."""
        rows = (
            (entry.key, made_of(self._folder, entry.key) or 0, packed(as_read(entry)))
            for entry in entries
            if entry.key
        )
        with self._file:
            self._file.execute("BEGIN")
            self._file.executemany("INSERT OR REPLACE INTO read VALUES (?, ?, ?)", rows)

    def seed(self, held: Manifest) -> None:
        """Takes over what a manifest tells, when the journal was lost."""
        self.record_all(held.entries)
        self.is_new = False

    def forget_damaged(self) -> int:
        """Forgets all whose shards or texts are not as they were made; how many these are."""
        rows = self._file.execute("SELECT key, entry FROM read").fetchall()
        gone = [(key,) for key, text in rows if not self._is_whole(text)]
        self._file.executemany("DELETE FROM read WHERE key = ?", gone)
        return len(gone)

    def _is_whole(self, text: str) -> bool:
        entry = unpacked(text)
        return entry.snapshot is None or is_whole(self._folder, entry)

    def keep(self, keys: Iterable[str]) -> None:
        """Removes all but these keys, from here and from the folder."""
        with self._file:
            self._file.execute("BEGIN")
            self._file.execute("CREATE TEMP TABLE kept (key TEXT PRIMARY KEY) WITHOUT ROWID")
            rows = ((key,) for key in keys)
            self._file.executemany("INSERT OR IGNORE INTO kept VALUES (?)", rows)
            gone = "SELECT key FROM read EXCEPT SELECT key FROM kept"
            discard(self._folder, (key for (key,) in self._file.execute(gone)))
            self._file.execute(f"DELETE FROM read WHERE key IN ({gone})")
            self._file.execute("DROP TABLE kept")

    def begin_to_finish(self) -> bool:
        """Notes that what was read becomes the graph now; whether a build was killed at that."""
        [[count]] = self._file.execute("SELECT count(*) FROM unfinished")
        if not count:
            self._file.execute("INSERT INTO unfinished VALUES (datetime())")
        return bool(count)

    def finish(self) -> None:
        """Notes that nothing is left to do."""
        self._file.execute("DELETE FROM unfinished")

    def hash_of(self, path: Path, status: os.stat_result) -> str | None:
        """The SHA-256 of a file that has not changed since it was computed."""
        query = "SELECT status, sha256 FROM files WHERE place = ?"
        row = self._file.execute(query, (_place(path),)).fetchone()
        return row[1] if row and row[0] == _told(status) else None

    def note_hashes(self, found: Iterable[tuple[Path, os.stat_result, str]]) -> None:
        """Keeps hashes of files, each with the status from before it was read.

        One that was written a moment ago is not kept: it might be written again within the same
        tick of the file system's clock.
        """
        before = time.time_ns() - _SETTLED_NS
        rows = (
            (_place(path), _told(status), hashed)
            for path, status, hashed in found
            if max(status.st_mtime_ns, status.st_ctime_ns) < before
        )
        with self._file:
            self._file.execute("BEGIN")
            self._file.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", rows)

    def _remove(self) -> None:
        for end in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)

    def _opened(self) -> sqlite3.Connection:
        file = sqlite3.connect(self._path, isolation_level=None)
        try:
            [[found]] = file.execute("PRAGMA quick_check(1)")
            if found != "ok":
                raise sqlite3.DatabaseError(found)
            file.execute("PRAGMA journal_mode = WAL")
            # Whole after a power failure too; it may lack the last entries then.
            file.execute("PRAGMA synchronous = NORMAL")
            [[layout]] = file.execute("PRAGMA user_version")
            if layout not in (0, _LAYOUT):
                raise sqlite3.DatabaseError(f"layout {layout}")
            file.executescript(_TABLES)
        except BaseException:
            file.close()
            raise
        return file


def as_read(entry: Entry) -> Entry:
    """An entry as it came of reading: what becomes of it depends on the others."""
    if entry.snapshot is None:
        return entry
    snapshot = replace(entry.snapshot, until=None)
    return replace(entry, status=Status.BUILT, reason=None, snapshot=snapshot)


def _place(path: Path) -> bytes:
    return sha256(os.fsencode(path.absolute())).digest()[:16]


def _told(status: os.stat_result) -> str:
    return " ".join(
        map(
            str,
            (
                status.st_size,
                status.st_mtime_ns,
                status.st_ctime_ns,
                status.st_ino,
                status.st_dev,
            ),
        )
    )
