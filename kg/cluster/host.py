"""What runs in a Dask worker: it does tasks in processes of its own and keeps these over tasks.

The worker itself loads no model. Each of its threads, while it has a task, leads one process of
a local pool, which knows what to do when a document kills its reader or takes too long; so no
document can harm the worker, nor the tasks that it has beside.
"""

from __future__ import annotations

import asyncio
import pickle
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.manifest import Status, changes_path, shard_path, sweep, text_path, write_bytes
from kg.pool import Comparison, Pool, Setup, Task

from .alike import hash_of, needs_afresh
from .wire import Answer, Damaged, Job, Terms, packed, unpacked

if TYPE_CHECKING:
    from distributed import Worker

#: The document of a task, among its parts; its suffix tells its kind.
DOCUMENT = "d"


@dataclass(frozen=True, slots=True)
class _Desk:
    """A process that reads, and a folder for it alone."""

    pool: Pool
    folder: Path
    turn: int


class _Stock:
    """What a worker keeps over tasks: desks that are free, by what they are for."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.needs: dict[str, str] = {}
        self.free: dict[tuple[str, Terms], list[_Desk]] = {}
        self.turn = 0


_stock = _Stock()


def is_there() -> bool:
    """Whether this package is installed: if not, nobody can call this."""
    return True


async def look() -> tuple[str, dict[str, str]]:
    """Name of this machine, and what a reading depends on here."""
    _stock.needs = await asyncio.to_thread(needs_afresh)
    return socket.gethostname(), _stock.needs


def work(needed: str, payload: bytes) -> bytes:
    """Does a task: a pickled :class:`.wire.Job` to a pickled :class:`.wire.Answer`.

    Args:
        needed: hash of what the coordinator's readings depend on; where it is another, nothing
            is read.
    """
    from distributed import get_worker  # noqa: PLC0415 - heavy

    worker = get_worker()
    try:
        answer = _answer(needed, payload, worker)
    except Exception as error:  # Dask may fail to send it, and then nobody would hear of it
        answer = Answer(worker.address, mishap=f"{type(error).__name__}: {error}")
    return pickle.dumps(answer)


async def release() -> None:
    """Ends the processes: those that are free now, the others after their tasks."""
    with _stock.lock:
        _stock.turn += 1
        desks = [desk for free in _stock.free.values() for desk in free]
        _stock.free.clear()
    for desk in desks:
        await asyncio.to_thread(_end, desk)


def _answer(needed: str, payload: bytes, worker: Worker) -> Answer:
    machine = socket.gethostname()
    try:
        if not _stock.needs:  # it was not looked at before it got a task
            _stock.needs = needs_afresh()
        if hash_of(_stock.needs) != needed:
            return Answer(worker.address, refusal=f"{machine} has other versions")
        job: Job = pickle.loads(payload)
        with _desk((needed, job.terms), Path(worker.local_directory)) as desk:
            [entry] = desk.pool.work([_laid_out(job, desk.folder)])
            made = _made(job.task, desk.folder) if entry.status is Status.BUILT else ()
            parts = {path.name: packed(path.read_bytes()) for path in made}
    except Damaged:
        raise
    except (KgError, OSError, SubprocessError) as error:
        return Answer(worker.address, refusal=f"{machine}: {error}")
    return Answer(worker.address, entry, parts)


@contextmanager
def _desk(kind: tuple[str, Terms], place: Path) -> Iterator[_Desk]:
    """A desk with an empty folder, old or new; one at which nothing can be done is given up."""
    with _stock.lock:
        free = _stock.free.get(kind)
        desk = free.pop() if free else None
    desk = desk or _new(kind[1], place)
    try:
        yield desk
    except BaseException:
        _end(desk)
        raise
    sweep(desk.folder, ())
    with _stock.lock:
        if is_wanted := desk.turn == _stock.turn:
            _stock.free.setdefault(kind, []).append(desk)
    if not is_wanted:
        _end(desk)


def _new(terms: Terms, place: Path) -> _Desk:
    folder = Path(tempfile.mkdtemp(prefix="kg-", dir=place))
    setup = Setup(folder, terms.base, terms.least, terms.models, place / "sentences.sqlite")
    return _Desk(Pool(setup, jobs=1, limits=terms.limits), folder, _stock.turn)


def _end(desk: _Desk) -> None:
    desk.pool.__exit__()
    shutil.rmtree(desk.folder, ignore_errors=True)


def _laid_out(job: Job, folder: Path) -> Task | Comparison:
    """The task, with its parts in a folder."""
    for name, part in job.parts.items():
        write_bytes(folder / name, unpacked(part))
    if isinstance(job.task, Comparison):
        return job.task
    return replace(job.task, path=folder / "texts" / f"{DOCUMENT}{job.task.path.suffix}")


def _made(task: Task | Comparison, folder: Path) -> list[Path]:
    """What was made of a task."""
    if isinstance(task, Comparison):
        return [changes_path(folder, pair.key) for pair in task.pairs]
    return [shard_path(folder, task.key), text_path(folder, task.key)]
