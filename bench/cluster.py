"""Reading on a Dask cluster against reading in a pool: ``python -m bench.cluster FOLDER``.

Scheduler and workers run on this machine, so that both have the same cores. Every way of reading
gets the same documents, twice: fresh, and again when all of their sentences are known, as those of
a policy's next version are; the second shows what the cluster itself costs. Left out is what it
takes to start processes and to load the model, and what processes take while they wait. From the
coordinator's and the scheduler's time for a document follows how many cores can be kept busy.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from kg.cluster import Cluster
from kg.iris import BASE
from kg.journal import Journal
from kg.manifest import Status
from kg.plan import find_sources, plan
from kg.pool import Limits, Pool, Readers, Setup, Task
from kg.settings import models

DASK = [sys.executable, "-m", "dask"]
PORT = 18799
LIMIT_SECONDS = 600.0
_IDLE_SECONDS = 4.0


@dataclass(frozen=True)
class Cost:
    """Of reading some documents, in seconds: by the clock, and of cores."""

    documents: int
    clock: float
    here: float
    scheduler: float
    workers: float
    readers: float


@dataclass(frozen=True)
class Way:
    """A way of reading: in a pool when there is no ``shape``; else workers, and threads of each."""

    name: str
    jobs: int
    shape: tuple[int, int] | None = None


WAYS = (
    Way("--jobs 1", 1),
    Way("1 worker, 1 thread", 1, (1, 1)),
    Way("--jobs 2", 2),
    Way("1 worker, 2 threads", 2, (1, 2)),
    Way("2 workers, 1 thread", 2, (2, 1)),
)


def tasks_of(given: Path, folder: Path, most: int) -> list[Task]:
    """What a build of a folder would read."""
    sources, _ = find_sources([given], None)
    with Journal(folder) as journal:
        _, tasks = plan(sources[:most], journal, {}, "")
    return sorted(tasks, key=lambda task: -task.size)


@contextlib.contextmanager
def cluster(workers: int, threads: int, folder: Path) -> Iterator[tuple[int, list[int]]]:
    """A scheduler and workers of this machine: their process ids."""
    address = f"tcp://127.0.0.1:{PORT}"
    environment = {**os.environ, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}
    commands = [["scheduler", "--host", "127.0.0.1", "--port", str(PORT)]]
    for number in range(workers):
        scratch = str(folder / f"worker{number}")
        commands.append(
            ["worker", address, "--nthreads", str(threads), "--local-directory", scratch]
        )
    running = [
        subprocess.Popen([*DASK, *command, "--no-dashboard"], env=environment, cwd=folder)
        for command in commands
    ]
    try:
        yield running[0].pid, [process.pid for process in running[1:]]
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait()


def seconds_of(pids: list[int]) -> tuple[float, float]:
    """Time of cores that processes and those below them took: Dask's own, and kg's readers'."""
    own = readers = 0.0
    for pid in pids:
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                taken = sum(one.cpu_times()[:2])
                if "kg.worker" in one.cmdline():
                    readers += taken
                else:
                    own += taken
    return own, readers


def measured(found: Readers, tasks: list[Task], scheduler: int | None, workers: list[int]) -> Cost:
    """Reads the tasks."""

    def spent() -> tuple[float, float, float, float]:
        at_scheduler = seconds_of([scheduler])[0] if scheduler else 0.0
        own, readers = seconds_of(workers)
        return time.process_time(), at_scheduler, own if scheduler else 0.0, readers

    before = spent()
    time.sleep(_IDLE_SECONDS)
    idle = [(b - a) / _IDLE_SECONDS for a, b in zip(before, spent(), strict=True)]
    before, begun = spent(), time.perf_counter()
    entries = list(found.work(tasks))
    clock, after = time.perf_counter() - begun, spent()
    failed = [entry.reason for entry in entries if entry.status is Status.FAILED]
    assert not failed, failed
    taken = (b - a - i * clock for a, b, i in zip(before, after, idle, strict=True))
    return Cost(len(entries), clock, *taken)


def costs(way: Way, given: Path, words: list[Path], most: int) -> tuple[Cost, Cost, float, float]:
    """Of fresh documents and of known ones; bytes sent and received for a document."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        tasks = tasks_of(given, folder, most)
        first = [task for path in words for task in tasks_of(path, folder, 1)]
        setup = Setup(folder, BASE, None, models())
        scheduler, workers = None, [os.getpid()]
        if way.shape:
            scheduler, workers = stack.enter_context(cluster(*way.shape, folder))
            found: Readers = Cluster(
                setup, scheduler=f"tcp://127.0.0.1:{PORT}", limits=Limits(LIMIT_SECONDS)
            )
            time.sleep(5)  # all workers have joined
        else:
            found = Pool(setup, jobs=way.jobs, limits=Limits(LIMIT_SECONDS))
        with found:
            list(found.work(first))  # every process loads its model
            before = _traffic(found)
            fresh = measured(found, tasks, scheduler, workers)
            sent, received = (b - a for a, b in zip(before, _traffic(found), strict=True))
            known = measured(found, tasks, scheduler, workers)
        return fresh, known, sent / len(tasks), received / len(tasks)


def _traffic(found: Readers) -> tuple[int, int]:
    return (found.sent_bytes, found.received_bytes) if isinstance(found, Cluster) else (0, 0)


def main() -> None:
    """Prints the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=Path("corpus"))
    options.add_argument("--most", type=int, default=24, help="documents")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        words = []
        for number in range(4):
            words.append(Path(name) / f"{number}.md")
            words[-1].write_text(f"# Works {number} Privacy Policy\n\nWe collect your name.\n")
        rows = [(way, *costs(way, given.folder, words[: 2 * way.jobs], given.most)) for way in WAYS]
    for title, at in (("fresh", 1), ("known", 2)):
        print(f"{title:<21}{'documents/s':>12}{'of pool':>9}"
              f"{'ms of core: here':>19}{'scheduler':>11}{'workers':>9}{'readers':>9}")  # fmt: skip
        pool: dict[int, float] = {}
        for row in rows:
            way, cost = row[0], row[at]
            rate = cost.documents / cost.clock
            pool.setdefault(way.jobs, rate)
            parts = cost.here, cost.scheduler, cost.workers, cost.readers
            each = [1000 * part / cost.documents for part in parts]
            print(f"{way.name:<21}{rate:>12.2f}{rate / pool[way.jobs]:>9.2f}"
                  f"{each[0]:>19.1f}{each[1]:>11.1f}{each[2]:>9.1f}{each[3]:>9.0f}")  # fmt: skip
    _, fresh, known, sent, received = rows[-1]
    print(f"{fresh.documents} documents; bytes a document: {sent:,.0f} to a worker, "
          f"{received:,.0f} back")  # fmt: skip
    busiest = max(known.here, known.scheduler) / known.documents
    print(f"one coordinator: {1 / busiest:,.0f} documents/s; it keeps busy "
          f"{fresh.readers / fresh.documents / busiest:,.0f} cores with fresh documents, "
          f"{known.readers / known.documents / busiest:,.0f} with known ones")  # fmt: skip


if __name__ == "__main__":
    main()
