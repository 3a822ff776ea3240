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
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Protocol, Self

from kg.documents import Declared, Revision, safe_name
from kg.errors import KgError, UsageError
from kg.manifest import Entry, Status
from kg.triples import Snapshot

_log = logging.getLogger(__name__)

#: Time that a worker has to load the model, in seconds.
START_SECONDS = 180.0
#: The module that a worker runs.
WORKER = "kg.worker"
#: How often to look at what the workers take, in seconds.
_LOOK_SECONDS = 0.25
#: How many workers of a pool may be killed at their start before it gives up.
_STILLBORN = 3
#: What a process may take at least, beside what it takes before it reads.
_ROOM = 1.3
_PAGE = os.sysconf("SC_PAGE_SIZE")
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
        memory: file of what is known of sentences; ``None`` for the folder's own.
    """

    folder: Path
    base: str
    least: float | None = None
    models: str = ""
    memory: Path | None = None


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


@dataclass(frozen=True, slots=True)
class Limits:
    """For one document.

    Attributes:
        seconds: how long it may take.
        memory: what the process that reads it may take, in MB.
    """

    seconds: float = 120.0
    memory: int = 4_000

    def __str__(self) -> str:
        """As it is remembered with what went beyond."""
        return f"{self.seconds:g} s, {self.memory} MB"


LIMITS = Limits()


@dataclass(slots=True, eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    task: Task | Comparison | None
    deadline: float
    is_ready: bool = False
    has_worked: bool = False
    is_second_try: bool = False


@dataclass(frozen=True, slots=True)
class _Lost:
    """A task that took its worker with it; another may do it."""

    task: Task | Comparison


class Pool:
    """Processes that do tasks. Use it in a ``with`` block; they live as long as that."""

    def __init__(self, setup: Setup, *, jobs: int, limits: Limits) -> None:
        """At most ``jobs`` processes; a task that goes beyond the limits is set aside."""
        self._setup, self._jobs, self._limits = setup, jobs, limits
        self._workers: list[_Worker] = []
        self._stillborn = 0

    def __enter__(self) -> Self:
        """Processes start when there is work for them."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends all processes, busy or not."""
        for worker in self._workers:
            worker.connection.close()
        for worker in self._workers:
            _stop(worker)
        self._workers.clear()

    def work(self, tasks: Iterable[Task | Comparison]) -> Iterator[Entry]:
        """The entries of the tasks, as they come: in no order.

        At most as many tasks as there are processes are under way when an entry comes. One that
        takes its worker with it is tried once more at the end, in a worker that has done nothing
        else.

        Raises:
            KgError: no worker can start; a part that is missing raises what it raised there.
            UsageError: the limit of memory is below what a worker takes before it reads.
        """
        workers, coming = self._workers, iter(tasks)
        ahead: deque[Task | Comparison] = deque(islice(coming, self._jobs))
        again: deque[Task | Comparison] = deque()
        while ahead or again or _busy(workers):
            while len(workers) < min(self._jobs, len(ahead) + len(again) + _busy(workers)):
                workers.append(_start(self._setup))
            for at, worker in enumerate(workers):
                if worker.task is not None or not worker.is_ready:
                    continue
                if ahead:
                    _give(worker, ahead.popleft(), self._limits)
                    ahead.extend(islice(coming, 1))
                elif again and worker.has_worked:
                    _stop(worker)
                    workers[at] = _start(self._setup)
                elif again:
                    worker.is_second_try = True
                    _give(worker, again.popleft(), self._limits)
            starting = [worker for worker in workers if not worker.is_ready]
            heard = _heard(workers, self._limits, may_die=self._stillborn < _STILLBORN)
            self._stillborn += sum(worker not in workers for worker in starting)
            for found in heard:
                if isinstance(found, Entry):
                    yield found
                else:
                    again.append(found.task)


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
            [sys.executable, "-P", "-m", WORKER, str(theirs.fileno()), str(os.getpid())],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if _log.isEnabledFor(logging.DEBUG) else subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the main process, which stops the workers
        )
    worker = _Worker(process, ours, None, time.monotonic() + START_SECONDS)
    with suppress(OSError):  # one that is gone is seen at the next look
        ours.send(setup)
    return worker


def _give(worker: _Worker, task: Task | Comparison, limits: Limits) -> None:
    worker.task = task
    worker.deadline = time.monotonic() + limits.seconds
    try:
        worker.connection.send(task)
    except OSError:
        _log.debug("worker %d is gone; seen at the next look", worker.process.pid)


def _heard(workers: list[_Worker], limits: Limits, *, may_die: bool) -> list[Entry | _Lost]:
    """Waits until something happens, or a moment; what has become of tasks.

    Args:
        may_die: whether a worker may be killed at its start; then another is started.
    """
    listening = [worker for worker in workers if worker.task or not worker.is_ready]
    soonest = min(worker.deadline for worker in listening)
    patience = max(0.0, min(soonest - time.monotonic(), _LOOK_SECONDS))
    ready = wait([worker.connection for worker in listening], patience)
    done: list[Entry | _Lost] = []
    for worker in listening:
        if worker.connection in ready:
            if found := _answer(workers, worker, limits, may_die=may_die):
                done.append(found)
        elif time.monotonic() >= worker.deadline:
            workers.remove(worker)
            _stop(worker, at_once=True)
            if worker.task is None:
                raise KgError(
                    f"a worker process did not start within {START_SECONDS:.0f} seconds: "
                    "run `kg doctor`"
                )
            reason = "took too long; raise --limit-seconds or leave it out"
            done.append(_set_aside(worker.task, reason, limits))
        elif worker.task and _memory(worker) > limits.memory:
            workers.remove(worker)
            _stop(worker, at_once=True)
            reason = (
                f"needs more than {limits.memory:,} MB of memory; raise --limit-memory, split the "
                "file or leave it out"
            )
            if worker.is_second_try:
                done.append(_set_aside(worker.task, reason, limits))
            else:  # what was read before may have taken most of it
                done.append(_Lost(worker.task))
    return done


def _answer(
    workers: list[_Worker], worker: _Worker, limits: Limits, *, may_die: bool
) -> Entry | _Lost | None:
    """What a worker says; ``None`` when it is ready for its first task, or will never be."""
    try:
        message = worker.connection.recv()
    except (EOFError, OSError):
        workers.remove(worker)
        status = _stop(worker)
        if worker.task is None:
            if may_die and status < 0:  # by a signal: memory ran out, or somebody killed it
                return None
            raise KgError(
                f"a worker process died at its start (status {status}): run `kg doctor`"
            ) from None
        if not worker.is_second_try:
            return _Lost(worker.task)
        reason = (
            f"the process that read it died twice (status {status}), perhaps out of memory; it is "
            "left alone until it changes: leave it out, or try with --force"
        )
        return _set_aside(worker.task, reason, limits)
    if isinstance(message, KgError):
        raise message
    worker.is_ready = True
    if not isinstance(message, Entry):
        own = _memory(worker)
        if own >= limits.memory:
            raise UsageError(
                f"--limit-memory {limits.memory}: a process takes {own:,.0f} MB before it reads "
                f"anything; give {-(-own * _ROOM // 100) * 100:.0f} or more"
            )
        return None
    worker.task, worker.has_worked = None, True
    return message


def _set_aside(task: Task | Comparison, reason: str, limits: Limits) -> Entry:
    """What is remembered of a task that could not be done, so that it is not tried each time."""
    key = task.key if isinstance(task, Task) else ""
    shown = f"{safe_name(task.name)}: {reason}"
    return Entry(task.name, Status.FAILED, key, shown, task.size, limits=str(limits))


def _memory(worker: _Worker) -> float:
    """What a process takes, in MB; 0 where the system does not tell."""
    try:
        with open(f"/proc/{worker.process.pid}/statm", "rb") as file:  # noqa: PTH123 - quick
            return int(file.read().split()[1]) * _PAGE / 1e6
    except (OSError, IndexError, ValueError):
        return 0.0


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
