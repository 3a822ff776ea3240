"""Documents -> shards, in several processes that may die.

A worker is a plain ``python -m kg.worker``, so that neither the caller's main module nor its
threads matter. It gets one task at a time; so when it dies or runs out of time, it is known on
which document, and the others go on. Only paths go in, only summaries come out: what was read
goes to disk.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Protocol, Self

from kg.documents import Declared, Revision, safe_name
from kg.errors import KgError
from kg.manifest import Entry, Status
from kg.triples import Snapshot

_log = logging.getLogger(__name__)

#: Time that a worker has to load the model, in seconds.
START_SECONDS = 180.0
#: The module that a worker runs.
WORKER = "kg.worker"
_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "RAYON_NUM_THREADS",
)


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read.

    Attributes:
        key: names what the worker writes.
        sha256: of the bytes that the key was computed from.
        revision: of the file, when it stands in a git repository.
        turn: how many versions of the same file come before it.
    """

    path: Path
    name: str
    key: str
    sha256: str
    size: int
    declared: Declared | None = None
    revision: Revision | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of a policy to compare.

    Attributes:
        key: names what the worker writes.
        earlier: the version and the key of its shard; later: alike.
    """

    key: str
    earlier: tuple[Snapshot, str]
    later: tuple[Snapshot, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Versions of one policy that follow each other.

    Attributes:
        name: for messages.
        size: as that of a :class:`Task`.
    """

    name: str
    pairs: tuple[Pair, ...]
    size: int = 0


@dataclass(frozen=True, slots=True)
class Setup:
    """What every worker is told.

    Attributes:
        folder: where to write.
        base: where instance IRIs begin.
        least: confidence below which a statement is left out; ``None`` for the usual one.
        models: names the versions of all that looks at a sentence.
    """

    folder: Path
    base: str
    least: float | None = None
    models: str = ""


class Readers(Protocol):
    """What does tasks: processes of this machine, or of others. Use it in a ``with`` block.

    When an entry comes, what was made of the document lies in the folder.
    """

    def __enter__(self) -> Self:
        """May wait until there is work."""

    def __exit__(self, *_: object) -> None:
        """Ends what is not done."""

    def work(self, tasks: Iterable[Task | Comparison]) -> Iterator[Entry]:
        """The entries of the tasks, as they come: in no order.

        Tasks are taken from the iterable when somebody can do them, not before.
        """


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    task: Task | Comparison | None
    deadline: float
    is_ready: bool = False


class Pool:
    """Processes that do tasks. Use it in a ``with`` block; they live as long as that."""

    def __init__(self, setup: Setup, *, jobs: int, limit_seconds: float) -> None:
        """At most ``jobs`` processes; a task that takes longer than its limit is skipped."""
        self._setup, self._jobs, self._limit_seconds = setup, jobs, limit_seconds
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        """Processes start when there is work for them."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends all processes, busy or not."""
        for worker in self._workers:
            _stop(worker)
        self._workers.clear()

    def work(self, tasks: Iterable[Task | Comparison]) -> Iterator[Entry]:
        """The entries of the tasks, as they come: in no order.

        Raises:
            KgError: no worker can start; a part that is missing raises what it raised there.
        """
        waiting, workers = deque(tasks), self._workers
        while waiting or any(worker.task for worker in workers):
            while waiting and len(workers) < min(self._jobs, len(waiting) + _busy(workers)):
                workers.append(_start(self._setup))
            for worker in workers:
                if waiting and worker.is_ready and worker.task is None:
                    _give(worker, waiting.popleft(), self._limit_seconds)
            yield from _heard(workers)


def _busy(workers: list[_Worker]) -> int:
    return sum(worker.task is not None for worker in workers)


def _start(setup: Setup) -> _Worker:
    ours, theirs = Pipe()
    # The same packages as here, but never what happens to lie in the current folder.
    places = [place for place in sys.path if place]
    places.append(str(Path(__file__).resolve().parents[1]))
    environment = {
        **os.environ,
        **dict.fromkeys(_ONE_THREAD, "1"),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(places)),
    }
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", WORKER, str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if _log.isEnabledFor(logging.DEBUG) else subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the main process, which stops the workers
        )
    worker = _Worker(process, ours, None, time.monotonic() + START_SECONDS)
    ours.send(setup)
    return worker


def _give(worker: _Worker, task: Task | Comparison, limit_seconds: float) -> None:
    worker.task = task
    worker.deadline = time.monotonic() + limit_seconds
    try:
        worker.connection.send(task)
    except OSError:
        _log.debug("worker %d is gone; seen at the next look", worker.process.pid)


def _heard(workers: list[_Worker]) -> list[Entry]:
    """Waits until something happens; entries of the documents that are done, one way or other."""
    listening = [worker for worker in workers if worker.task or not worker.is_ready]
    soonest = min(worker.deadline for worker in listening)
    ready = wait([worker.connection for worker in listening], max(0.0, soonest - time.monotonic()))
    done: list[Entry] = []
    for worker in listening:
        task = worker.task
        if worker.connection in ready:
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                workers.remove(worker)
                status = _stop(worker)
                if task is None:
                    raise KgError(
                        f"a worker process died at its start (status {status}): run `kg doctor`"
                    ) from None
                reason = (
                    f"{safe_name(task.name)}: the process that read it died (status {status}), "
                    "perhaps out of memory; leave the file out, or try with --jobs 1"
                )
                done.append(Entry(task.name, Status.FAILED, reason=reason, size=task.size))
                continue
            if isinstance(message, KgError):
                raise message
            if isinstance(message, Entry):
                worker.task = None
                done.append(message)
            worker.is_ready = True
        elif time.monotonic() >= worker.deadline:
            workers.remove(worker)
            _stop(worker, at_once=True)
            if task is None:
                raise KgError(
                    f"a worker process did not start within {START_SECONDS:.0f} seconds: "
                    "run `kg doctor`"
                )
            reason = f"{safe_name(task.name)}: took too long; raise --limit-seconds or leave it out"
            done.append(Entry(task.name, Status.SKIPPED, reason=reason, size=task.size))
    return done


def _stop(worker: _Worker, *, at_once: bool = False) -> int:
    """Ends a worker: an idle one by closing its line, a busy one by force."""
    worker.connection.close()
    if at_once or worker.task is not None or not worker.is_ready:
        worker.process.kill()
    try:
        return worker.process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        worker.process.kill()
        return worker.process.wait()
