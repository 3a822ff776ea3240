"""Inputs -> a word whenever one of them has changed: for ``kg build --watch``."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Self

#: No change for so long, in seconds, and a change is over; but it is not waited for longer.
_CALM_SECONDS = 0.4
_PATIENCE_SECONDS = 10.0


class Watch:
    """Looks at files and folders. Use it in a ``with`` block, begun before they are read."""

    def __init__(self, inputs: Sequence[str | Path], folder: Path) -> None:
        """Looks at the inputs, but not at the folder of the graph, which may lie in one."""
        self._inputs = tuple(Path(os.path.abspath(given)) for given in inputs)  # noqa: PTH100
        self._folder = Path(os.path.abspath(folder))  # noqa: PTH100
        self._is_changed, self._stop = Event(), Event()
        self._threads: list[Thread] = []

    def __enter__(self) -> Self:
        """Begins to look."""
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        """Looks no longer."""
        self._end()

    def wait(self) -> None:
        """Returns when something has changed since the last time, and seems to be done with it."""
        self._is_changed.wait()
        end = time.monotonic() + _PATIENCE_SECONDS
        while self._is_changed.is_set() and time.monotonic() < end:
            self._is_changed.clear()
            self._is_changed.wait(_CALM_SECONDS)
        # Anew, as what is looked at may have been put in the place of another; and before the
        # files are read, so that no change is missed.
        self._end()
        self._is_changed.clear()
        self._begin()

    def _begin(self) -> None:
        self._stop = Event()
        folders = [path for path in self._inputs if path.is_dir()]
        # Around them too: a file that is written anew is another file, a folder may come and go.
        around = {_nearest(path.parent) for path in self._inputs}
        started = []
        for paths, is_deep in ((folders, True), (sorted(around), False)):
            if paths:
                is_ready = Event()
                given = (paths, is_deep, self._stop, is_ready)
                self._threads.append(Thread(target=self._look, args=given, daemon=True))
                self._threads[-1].start()
                started.append(is_ready)
        for is_ready in started:
            is_ready.wait(_PATIENCE_SECONDS)

    def _end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _look(self, paths: Sequence[Path], is_deep: bool, stop: Event, is_ready: Event) -> None:
        from watchfiles import watch  # noqa: PLC0415 - heavy

        found = watch(
            *paths,
            watch_filter=lambda _, path: self._is_ours(Path(path)),
            debounce=200,
            stop_event=stop,
            rust_timeout=100,
            yield_on_timeout=True,
            recursive=is_deep,
            ignore_permission_denied=True,
        )
        try:
            for changes in found:
                is_ready.set()  # the first word comes when it does look
                if changes:
                    self._is_changed.set()
        except OSError:  # what was looked at is gone
            self._is_changed.set()
        finally:
            is_ready.set()

    def _is_ours(self, path: Path) -> bool:
        if path.is_relative_to(self._folder):
            return False
        return any(path.is_relative_to(ours) or ours.is_relative_to(path) for ours in self._inputs)


def _nearest(path: Path) -> Path:
    """The folder, or the first above it that is there."""
    return next((place for place in (path, *path.parents) if place.is_dir()), Path("/"))
