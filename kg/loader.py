"""Shards -> store while others are still being read: loading and reading take as long together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from typing import Self

from kg.errors import StoreError
from kg.store import Note, build_store

Shard = Path | bytes | str

#: Shards that wait at most; then who brings more waits too.
_WAITING = 64


class Loader:
    """Writes a folder's store anew from shards that come one by one.

    Use it in a ``with`` block. The new store takes the old one's place in :meth:`finish`; a block
    that ends without it leaves everything as it was.
    """

    def __init__(self, folder: Path) -> None:
        self._shards: Queue[Shard | None] = Queue(_WAITING)
        self._note: Note | None = None
        self._is_cancelled = False
        self._error: BaseException | None = None
        self._thread = Thread(target=self._load, args=(folder,), name="kg-loader", daemon=True)

    def __enter__(self) -> Self:
        """Begins to load."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Gives up, unless it is finished."""
        if self._thread.is_alive():
            self._is_cancelled = True
            self._put(None)
            self._thread.join()

    def add(self, shard: Shard) -> None:
        """Loads a shard as soon as those before it are in.

        Raises:
            StoreError: loading one of them has failed, or somebody else is writing.
        """
        self._put(shard)
        if self._error is not None:
            raise self._error

    def _put(self, shard: Shard | None) -> None:
        while self._thread.is_alive():
            with suppress(Full):
                self._shards.put(shard, timeout=1)
                return

    def finish(self, shards: Iterable[Shard], note: Note | None = None) -> None:
        """Loads the last shards and puts the new store in place, with a note in it.

        Raises:
            StoreError: as :func:`kg.store.build_store` does.
        """
        for shard in shards:
            self.add(shard)
        self._note = note
        self._put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _load(self, folder: Path) -> None:
        try:
            build_store(self._come(), folder, self._leave)
        except BaseException as error:
            self._error = error

    def _leave(self, generation: Path) -> None:
        if self._note:
            self._note(generation)

    def _come(self) -> Iterator[Shard]:
        while (shard := self._shards.get()) is not None:
            if self._is_cancelled:
                break
            yield shard
        if self._is_cancelled:
            raise StoreError("the build was given up")
