"""Builds that are killed at random moments: ``python -m bench.kill [--times 200] [--seed 7]``.

A folder of invented policies is built, changed, and built again; each build is killed (SIGKILL) a
few times, now with all its processes, now the coordinator alone, now one worker, and started
again until it is done. After each kill the store must open, and hold the graph from before the
build or the one from after it, with the manifest that fits; and what the journal holds must not
be read again. At the end of each build its graph must be, byte for byte, that of a build nobody
disturbed. Sentences are not looked at, unless ``--whole`` is given, so that many builds fit into
a short time.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from kg import manifest
from kg.errors import StoreError
from kg.manifest import Status
from kg.store import is_store, open_store

#: Who is killed, in turns.
VICTIMS = ("all", "coordinator", "worker")
#: Kills of one build; then it may end.
A_BUILD = 6
#: Every so many builds begin with an empty folder.
FRESH = 4

_BUILD = """
import sys
from kg import pool
pool.WORKER = sys.argv[1]
from kg.cli import main
sys.exit(main(sys.argv[2:]))
"""
_POLICY = """# Privacy Policy of {name}

Last updated: {day}.

{name} collects your name and your email address. {more}

## What we do not do

{name} does not sell your personal data. This text is number {number} of {name}.
"""
_WORDS = ("We share them with advertisers.", "We keep them for a year.", "We share nothing.")


@dataclass(slots=True)
class Tally:
    """What was counted."""

    builds: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    damaged: int = 0
    unlike: int = 0
    lost: int = 0
    twice: int = 0
    in_flight: int = 0
    orphans: int = 0
    resumed: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing went wrong."""
        return not any((self.damaged, self.unlike, self.lost, self.twice, self.orphans))


class Corpus:
    """Invented policies that change; some stand in several versions."""

    def __init__(self, folder: Path, size: int, rng: random.Random) -> None:
        """Writes so many."""
        self.folder, self._rng, self._number = folder, rng, 0
        for _ in range(size):
            self._write(self._fresh())

    def change(self, share: float) -> None:
        """Rewrites a share of them, adds one and removes one."""
        paths = sorted(self.folder.rglob("*.md"))
        for path in self._rng.sample(paths, max(1, round(share * len(paths)))):
            self._write(path)
        self._rng.choice(paths).unlink()
        self._write(self._fresh())

    def _fresh(self) -> Path:
        number = self._number
        if number % 4:
            return self.folder / f"brontide-{number}.md"
        # A version of a policy, as archives of the web keep them.
        day = f"20{number % 20:02}-0{1 + number % 9}-11"
        return self.folder / "calque" / f"{day}.md"

    def _write(self, path: Path) -> None:
        self._number += 1
        path.parent.mkdir(parents=True, exist_ok=True)
        name = "Calque Works" if path.parent != self.folder else f"Brontide {path.stem[9:]}"
        day = f"May {1 + self._number % 28}, {2000 + self._number % 24}"
        more = self._rng.choice(_WORDS) * self._rng.randint(1, 9)
        text = _POLICY.format(name=name, day=day, more=more, number=self._number)
        path.write_text(text, "utf-8")


class Killer:
    """Builds and kills; counts in :attr:`tally`."""

    def __init__(self, work: Path, *, seed: int, size: int, jobs: int, is_whole: bool) -> None:
        """Works in an empty folder."""
        self.tally, self._rng, self._work, self._jobs = Tally(), random.Random(seed), work, jobs
        self._worker = "kg.worker" if is_whole else "bench.light"
        self._corpus = Corpus(work / "corpus", size, self._rng)
        self._log, self._out = work / "log", work / "out"
        self._hash: str | None = None  # of the graph that was there before the build

    def run(self, times: int, deadline: float = float("inf")) -> Tally:
        """Kills so often."""
        while self.tally.kills.total() < times and time.monotonic() < deadline:
            if self.tally.builds % FRESH == 0:
                shutil.rmtree(self._out, ignore_errors=True)
                self._hash = None
            elif self.tally.builds:
                self._corpus.change(self._rng.choice((0.05, 0.1, 0.5)))
            self._build(min(A_BUILD, times - self.tally.kills.total()))
        return self.tally

    def _build(self, most: int) -> None:
        """One build with its kills."""
        tally = self.tally
        tally.builds += 1
        after, seconds, documents = self._undisturbed()
        for _ in range(most):
            begun, done = self._begun(), self._journal()
            victim = VICTIMS[tally.kills.total() % len(VICTIMS)]
            if not self._attempt(victim, seconds):
                break  # it was done before
            tally.kills[victim] += 1
            read = [key for key in self._begun()[len(begun) :] if key in done]
            tally.twice += len(read)
            if victim != "worker":
                flying = set(self._begun()) - self._journal() - set(begun)
                tally.in_flight = max(tally.in_flight, len(flying))
                tally.twice += max(0, len(flying) - self._jobs)
            self._check(after)
        begun, done = self._begun(), self._journal()
        process = self._start(self._out)
        if process.wait() != 0:
            tally.unlike += 1
        tally.resumed += bool(done)
        tally.twice += len([key for key in self._begun()[len(begun) :] if key in done])
        if _hash_of(self._out) != after:
            tally.unlike += 1
        held = manifest.load(self._out)
        good = [e for e in held.entries if e.status is not Status.FAILED] if held else []
        tally.lost += documents - len(good)
        self._hash = after

    def _undisturbed(self) -> tuple[str | None, float, int]:
        """The graph's hash, how long it takes, and the number of documents."""
        fresh = self._work / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        started = time.monotonic()
        if self._start(fresh).wait() != 0:
            sys.exit("an undisturbed build failed")
        taken = time.monotonic() - started
        self._log.unlink(missing_ok=True)
        return _hash_of(fresh), taken, len(list(self._corpus.folder.rglob("*.md")))

    def _attempt(self, victim: str, seconds: float) -> bool:
        """Starts a build and kills; whether it came to that."""
        process = self._start(self._out)
        if self._rng.random() < 0.5:
            delay = self._rng.uniform(0, seconds)
        else:  # when about all is read and the store is being written
            before, calm = len(self._begun()), 0
            while process.poll() is None and calm < 3:
                time.sleep(0.02)
                now = len(self._begun())
                calm, before = (calm + 1 if now == before and now else 0), now
            delay = self._rng.uniform(0, 0.3 * seconds)
        with suppress(subprocess.TimeoutExpired):
            process.wait(delay)
        workers = _children(process.pid)
        if process.poll() is not None or (victim == "worker" and not workers):
            process.wait()
            return False
        if victim == "worker":
            _kill(self._rng.choice(workers))
            process.wait()
            return True
        _kill(process.pid)
        if victim == "all":
            for worker in workers:
                _kill(worker)
        process.wait()
        end = time.monotonic() + 3
        while (left := [pid for pid in workers if _lives(pid)]) and time.monotonic() < end:
            time.sleep(0.02)
        self.tally.orphans += len(left)
        return True

    def _check(self, after: str | None) -> None:
        """After a kill: one whole generation, or none where there was none."""
        if self._hash is None and not is_store(self._out):
            return
        try:
            found = _hash_of(self._out)
            held = manifest.load(self._out)
            with open_store(self._out) as store:
                graphs = {graph for graph in store.graphs() if "/snapshot/" in graph}
        except StoreError:
            self.tally.damaged += 1
            return
        if found not in (self._hash, after) or held is None or graphs != held.graphs().keys():
            self.tally.damaged += 1

    def _start(self, out: Path) -> subprocess.Popen[bytes]:
        command = ["build", str(self._corpus.folder), "-o", str(out), "--jobs", str(self._jobs)]
        return subprocess.Popen(
            [sys.executable, "-c", _BUILD, self._worker, *command, "-q"],
            env={**os.environ, "KG_BENCH_LOG": str(self._log)},
            start_new_session=True,
        )

    def _begun(self) -> list[str]:
        return self._log.read_text("ascii").split() if self._log.exists() else []

    def _journal(self) -> set[str]:
        path = self._out / "journal.sqlite"
        if not path.exists():
            return set()
        with closing(sqlite3.connect(path)) as file:
            try:
                return {key for (key,) in file.execute("SELECT key FROM read")}
            except sqlite3.OperationalError:  # not even its table was made
                return set()


def _hash_of(folder: Path) -> str:
    with tempfile.TemporaryFile() as out, open_store(folder) as store:
        store.dump(out, "nquads")
        out.seek(0)
        return sha256(b"".join(sorted(out.readlines()))).hexdigest()


def _children(pid: int) -> list[int]:
    """Processes that one has started."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def table(tally: Tally) -> str:
    """What was counted, for people."""
    kills = ", ".join(f"{count} {victim}" for victim, count in sorted(tally.kills.items()))
    rows = (
        ("builds", tally.builds, f"{tally.resumed} went on from what a killed one had read"),
        ("kills", tally.kills.total(), kills),
        ("damaged stores", tally.damaged, "no whole generation, or another's manifest"),
        ("unlike undisturbed", tally.unlike, "graphs at the end that differ in any byte"),
        ("lost documents", tally.lost, ""),
        ("done twice", tally.twice, "beyond those in flight at a kill"),
        ("in flight at most", tally.in_flight, "begun, and not recorded when the kill came"),
        ("orphans", tally.orphans, "workers alive 3 seconds after their coordinator"),
    )
    return "\n".join(f"{name:<20}{count:>6}  {what}".rstrip() for name, count, what in rows)


def main() -> int:
    """Prints the table; 0 when nothing went wrong."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--times", type=int, default=200)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--documents", type=int, default=40)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--minutes", type=float, default=60, help="begin no build after that")
    options.add_argument("--whole", action="store_true", help="look at sentences too")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as work:
        killer = Killer(
            Path(work),
            seed=given.seed, size=given.documents, jobs=given.jobs, is_whole=given.whole,
        )  # fmt: skip
        tally = killer.run(given.times, time.monotonic() + 60 * given.minutes)
    print(table(tally))
    return 0 if tally.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
