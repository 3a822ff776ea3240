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
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from distributed import get_worker

from kg.errors import KgError
from kg.iris import digest
from kg.manifest import Status, changes_path, shard_path, text_path, write_bytes
from kg.pool import Comparison, Pool, Setup

from .alike import needs_afresh
from .wire import Answer, Job, packed, unpacked

#: Folders of a graph that a task may read from or write to, and one for documents.
PARTS = ("quads", "texts", "changes", "documents")


@dataclass(slots=True)
class _Stock:
    """Processes without a task, by what they were started with."""

    idle: dict[tuple[str, Setup, float], list[Pool]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    needs: dict[str, str] = field(default_factory=dict)


_stock = _Stock()


async def look() -> tuple[str, dict[str, str]]:
    """Name of this machine, and what a reading depends on here."""
    _stock.needs = await asyncio.to_thread(needs_afresh)
    return socket.gethostname(), _stock.needs


def work(needed: str, payload: bytes) -> bytes:
    """Does a task: a pickled :class:`.wire.Job` to a pickled :class:`.wire.Answer`.

    Args:
        needed: hash of what the coordinator's readings depend on; where another holds, nothing
            is read.
    """
    return pickle.dumps(_answer(needed, payload))


def release() -> None:
    """Ends the processes that have no task. A later task starts new ones."""
    with _stock.lock:
        idle = [pool for pools in _stock.idle.values() for pool in pools]
        _stock.idle.clear()
    for pool in idle:
        pool.__exit__()


def hash_of(needs: dict[str, str]) -> str:
    """Short for all that a reading depends on."""
    return digest(*(f"{name}={found}" for name, found in sorted(needs.items())))


def _answer(needed: str, payload: bytes) -> Answer:
    worker = get_worker()
    if not _stock.needs:
        _stock.needs = needs_afresh()
    if hash_of(_stock.needs) != needed:
        return Answer(worker.address, refusal=f"{socket.gethostname()} has other versions")
    job: Job = pickle.loads(payload)
    folder = Path(worker.local_directory) / "kg"
    setup = Setup(folder, job.base, job.least, job.models)
    for part in PARTS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    try:
        with _files(job, folder) as task, _pool(needed, setup, job.limit_seconds) as pool:
            [entry] = pool.work([task])
            made = _made(task, folder) if entry.status is Status.BUILT else []
            parts = {str(path.relative_to(folder)): packed(path.read_bytes()) for path in made}
    except KgError as error:  # nothing can be read here
        return Answer(worker.address, refusal=f"{socket.gethostname()}: {error}")
    return Answer(worker.address, entry, parts)
