"""How reading grows with cores: ``python -m bench.cores FOLDER [--documents 64] [--jobs 1 2 …]``.

``kg build`` with so many processes on this machine and, with ``--cluster``, the same number of them
on a Dask worker beside a scheduler, all started before the clock. "Without start" leaves out what
a build of one small document a process takes. The gain is
beside the first row, whose gain counts as its number of processes.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.build import Taken, readable, run

DASK = (sys.executable, "-m", "dask")
PORT = 18811


@contextlib.contextmanager
def cluster(threads: int, folder: Path) -> Iterator[str]:
    """The address of a scheduler with one worker of so many threads."""
    address = f"tcp://127.0.0.1:{PORT}"
    folder.mkdir()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    started = [
        subprocess.Popen([*DASK, "scheduler", "--port", str(PORT), "--no-dashboard"], **quiet),
        subprocess.Popen([*DASK, "worker", address, "--nthreads", str(threads)], **quiet),
    ]
    try:
        time.sleep(10)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=64)
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--cluster", type=int, nargs="*", default=[])
    options = parser.parse_args()
    found = []
    for path, _, _, texts in readable(options.folder):
        found.append((path, sum(len(text.split()) for text in texts)))
        if len(found) == options.documents:
            break
    words = sum(count for _, count in found)
    print(f"{len(found)} documents, {words:,} words\n")
    print(f"{'':<22}{'wall s':>8}{'CPU s':>8}{'without start':>15}{'words/s':>10}{'gain':>7}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        corpus, small = folder / "corpus", folder / "small"
        least = min(found, key=lambda one: one[1])[0]
        for place, paths in (
            (corpus, [path for path, _ in found]),
            (small, [least] * max(*options.jobs, *options.cluster)),
        ):
            place.mkdir()
            for number, path in enumerate(paths):
                text = path.read_bytes() + b"\n" * (number if place == small else 0)
                (place / f"{number:04}{path.suffix}").write_bytes(text)
        first = 0.0

        def told(name: str, *ways: str, jobs: int) -> None:
            nonlocal first

            def build(place: Path) -> Taken:
                graph = folder / "graph"
                shutil.rmtree(graph, ignore_errors=True)
                return run("kg.cli", "build", "-q", str(place), "-o", str(graph), *ways)

            build(small)  # the readers of a cluster stay
            start, taken = build(small), build(corpus)
            steady = taken.wall - start.wall
            first = first or steady * jobs
            print(
                f"{name:<22}{taken.wall:>8.1f}{taken.cpu:>8.1f}{steady:>15.1f}"
                f"{words / steady:>10,.0f}{first / steady:>7.2f}",
                flush=True,
            )

        for jobs in options.jobs:
            told(f"--jobs {jobs}", "--jobs", str(jobs), jobs=jobs)
        for threads in options.cluster:
            with cluster(threads, folder / f"dask-{threads}") as address:
                told(f"--scheduler, {threads}", "--scheduler", address, jobs=threads)
    return 0


if __name__ == "__main__":
    sys.exit(main())
