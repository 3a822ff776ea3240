"""What was found out about a sentence, kept on disk: key -> bytes, for all processes of a build.

A policy's next version repeats most of its sentences, and what costs most of a build (the parse
and the tagger) depends on a sentence's words alone. Losing the file costs time and nothing else:
whatever goes wrong with it, the build goes on without.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

_log = logging.getLogger(__name__)

#: How long to wait for another process that writes, in seconds.
_PATIENCE_SECONDS = 30.0
#: Keys in one look-up; SQLite takes a limited number of parameters.
_AT_ONCE = 500


class Memory:
    """A file that processes share.

    Args:
        path: of the file, which is made when it is not there; ``None`` remembers nothing.
        models: names the versions of what finds things out; what others found is forgotten.
    """

    def __init__(self, path: Path | None, models: str = "") -> None:
        """Opens the file."""
        self._path, self._models = path, models
        self._file = _opened(path, models) if path is not None else None

    def recall(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is known of the keys, by key."""
        found: dict[bytes, bytes] = {}
        if self._file is not None:
            try:
                for at in range(0, len(keys), _AT_ONCE):
                    some = keys[at : at + _AT_ONCE]
                    marks = ",".join("?" * len(some))
                    found.update(
                        self._file.execute(
                            f"SELECT key, value FROM seen WHERE key IN ({marks})", some
                        )
                    )
            except sqlite3.Error as error:
                self._give_up(error)
        return found

    def keep(self, found: Mapping[bytes, bytes]) -> None:
        """Writes what was found out."""
        if self._file is None or not found:
            return
        try:
            with self._file:
                self._file.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", found.items())
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _give_up(self, error: sqlite3.Error) -> None:
        """Begins a damaged file anew; does without one that cannot be used now."""
        _log.warning("%s cannot be used (%s): sentences are read anew", self._path, error)
        self.close()
        if self._path and not isinstance(error, sqlite3.OperationalError):
            forget(self._path)
            self._file = _opened(self._path, self._models)


def _opened(path: Path, models: str) -> sqlite3.Connection | None:
    """The file; one that is damaged is begun anew."""
    for _ in range(2):
        try:
            file = sqlite3.connect(path, timeout=_PATIENCE_SECONDS)
            try:
                file.execute("PRAGMA journal_mode = WAL")
                file.execute("PRAGMA synchronous = OFF")
                _prepare(file, models)
            except sqlite3.Error:
                file.close()
                raise
        except sqlite3.OperationalError as error:  # no right to write, no space, another has it
            _log.warning("%s cannot be used (%s): all sentences are read anew", path, error)
            return None
        except sqlite3.DatabaseError as error:
            _log.warning("%s is damaged (%s) and begun anew", path, error)
            forget(path)
        else:
            return file
    return None


def _prepare(file: sqlite3.Connection, models: str) -> None:
    """Makes the table, and empties it when other models filled it."""
    number = int.from_bytes(hashlib.blake2b(models.encode(), digest_size=4).digest()) >> 1
    with file:
        file.execute("BEGIN IMMEDIATE")
        file.execute(
            "CREATE TABLE IF NOT EXISTS seen (key BLOB PRIMARY KEY, value BLOB NOT NULL) "
            "WITHOUT ROWID"
        )
        [[known]] = file.execute("PRAGMA user_version")
        if known != number:
            file.execute("DELETE FROM seen")
            file.execute(f"PRAGMA user_version = {number}")


def forget(path: Path) -> None:
    """Removes the file."""
    for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        name.unlink(missing_ok=True)
