"""Where the time goes, room by room, and how fast parse and tagger are together.

    python -m bench.rooms FOLDER [--documents N] [--jobs 2]

Every process reads its share of the documents, as the workers of a build do, and adds up the
seconds of each room. Words a second of parse and tagger together are those of all processes at
once; the target is 3,000 with two of them. The last line tells the most memory that a
process took.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.documents import find, read
from kg.errors import KgError
from kg.iris import BASE
from kg.sentences import split
from kg.statements import look, reading
from kg.statements.parse import parse_many
from kg.tagger import shipped
from kg.triples import describe_reading
from kg.worker import warm_up

ROOMS = ("documents", "sentences", "parse", "tagger", "statements", "triples")
TARGET = 3000
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


class Clock:
    """Seconds by room; time in a room inside another one counts for the inner one."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(ROOMS, 0.0)
        self._open: list[str] = []
        self._since = time.perf_counter()

    def _turn(self) -> None:
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now

    @contextmanager
    def room(self, name: str) -> Iterator[None]:
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            with self.room(name):
                return function(*given, **named)

        return timed


def work(paths: list[Path]) -> dict[str, Any]:
    """Reads documents as a worker does, with a clock in every room."""
    warm_up(BASE)
    tagger = shipped()
    if tagger is None:
        sys.exit("the tagger's model is not there")
    clock = Clock()
    # Parses come one by one as they are asked for: all at once, inside the clock.
    look.parse_many = clock.around("parse", lambda *given: list(parse_many(*given)))
    reading.split = clock.around("sentences", split)
    timed_tagger = type("Timed", (), {"tag": staticmethod(clock.around("tagger", tagger.tag))})()
    words = 0
    started = time.perf_counter()
    for path in paths:
        try:
            with clock.room("documents"):
                document = read(path, name=path.name)
        except KgError:
            continue
        with clock.room("statements"):
            found = reading.read_statements(document, tagger=timed_tagger)
        with clock.room("triples"):
            describe_reading(found, BASE)
        words += len(document.text.split())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    whole = time.perf_counter() - started
    return {"words": words, "seconds": clock.seconds, "whole": whole, "megabytes": peak}


def main() -> int:
    """Prints the table; the exit status is 1 when parse and tagger are too slow or too large."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    options = parser.parse_args()
    paths = [source.path for source in find([options.folder])][: options.documents]
    if options.part is not None:
        print(json.dumps(work(paths[int(options.part) :: options.jobs])))
        return 0
    running = [
        subprocess.Popen(
            [
                sys.executable, "-m", "bench.rooms", str(options.folder), "--part", str(part),
                "--documents", str(options.documents), "--jobs", str(options.jobs),
            ],
            stdout=subprocess.PIPE, env={**os.environ, **dict.fromkeys(ONE_THREAD, "1")},
        )
        for part in range(options.jobs)
    ]  # fmt: skip
    parts = [json.loads(process.communicate()[0]) for process in running]
    words = sum(part["words"] for part in parts)
    total = sum(part["whole"] for part in parts)
    print(f"{len(paths)} documents, {words:,} words, {options.jobs} processes\n")
    for room in ROOMS:
        seconds = sum(part["seconds"][room] for part in parts)
        print(f"{room:<12} {seconds:8.1f} s  {seconds / total:6.1%}")
    rates = [p["words"] / (p["seconds"]["parse"] + p["seconds"]["tagger"]) for p in parts]
    megabytes = max(part["megabytes"] for part in parts)
    print(f"\nparse and tagger together: {sum(rates):,.0f} words a second (target: {TARGET:,})")
    print(f"all rooms: {sum(p['words'] / p['whole'] for p in parts):,.0f} words a second")
    print(f"most memory of a process: {megabytes:,.0f} MB")
    return int(sum(rates) < TARGET or megabytes > 1024)


if __name__ == "__main__":
    sys.exit(main())
