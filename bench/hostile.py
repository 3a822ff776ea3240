"""10,000 hostile inputs to every door: how many are refused, and whether anything gets in.

``python -m bench.hostile [--count 10000] [--seed 1] [--door html] [CORPUS]``; with a corpus its
documents are mutated too. What fails is named with its seed and seen again, with its traceback,
by ``--replay "html:1:4711"``.
"""

from __future__ import annotations

import argparse
import os
import select
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from fuzz.doors import ACCEPTED, DOORS, EXTRACTED, REFUSED, Door, Escape

_START_SECONDS = 120.0


def knock(name: str, seed: int, first: int, count: int, corpus: Path | None) -> None:
    """Does the work of a child: a line "number verdict what" for each input."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
    os.dup2(2, 1)
    with DOORS[name].opened(corpus) as knocking:
        print("ready", file=out, flush=True)
        for number in range(first, count):
            try:
                verdict, what = knocking(Random(f"{name}:{seed}:{number}")), ""
            except Escape as error:
                verdict, what = "escape", repr(str(error))
            except BaseException as error:  # whatever it is, it is counted
                verdict, what = "traceback", repr(f"{type(error).__name__}: {error}")[:300]
            print(number, verdict, what, file=out, flush=True)


def watched(
    name: str, door: Door, seed: int, count: int, corpus: Path | None
) -> Iterator[tuple[int, str, str]]:
    """Verdicts of all inputs; a child that hangs or dies is replaced, and its input blamed."""
    number = 0
    while number < count:
        command = [
            sys.executable,
            "-m",
            "bench.hostile",
            "--child",
            f"{name}:{seed}:{number}:{count}",
        ]
        child = subprocess.Popen(
            [*command, *([str(corpus)] if corpus else [])],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert child.stdout is not None
        buffer, limit = b"", _START_SECONDS
        with child:
            while True:
                ready, _, _ = select.select([child.stdout], [], [], limit)
                data = os.read(child.stdout.fileno(), 1 << 16) if ready else b""
                if not data:
                    break
                limit = door.limit_seconds
                *lines, buffer = (buffer + data).split(b"\n")
                for line in lines:
                    said = line.decode("utf-8", "replace")
                    if said != "ready":
                        place, verdict, what = said.split(" ", 2)
                        yield int(place), verdict, what
                        number = int(place) + 1
            hung = child.poll() is None and not ready
            child.kill()
        if number < count:
            yield (
                number,
                "hang" if hung else "traceback",
                "" if hung else f"the process died ({child.returncode})",
            )
            number += 1


def main() -> None:
    """Prints the table; status 1 when anything got in, fell over or hung."""
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, metavar="CORPUS")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--door", action="append", choices=sorted(DOORS))
    parser.add_argument("--replay", metavar="DOOR:SEED:NUMBER")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        name, seed, first, count = given.child.rsplit(":", 3)
        knock(name, int(seed), int(first), int(count), given.corpus)
        return
    if given.replay:
        with DOORS[given.replay.split(":")[0]].opened(given.corpus) as knocking:
            try:
                print(knocking(Random(given.replay)))
            except BaseException:
                traceback.print_exc()
        return
    failures = []
    print(
        f"{'door':14}{'inputs':>8}{'refused':>9}{'accepted':>10}{'tracebacks':>12}{'escapes':>9}{'hangs':>7}{'seconds':>9}"
    )
    for name in given.door or DOORS:
        if name == "mutated" and given.corpus is None:
            continue
        door, found, started = DOORS[name], Counter[str](), time.monotonic()
        for number, verdict, what in watched(
            name, door, given.seed, max(1, round(given.count * door.share)), given.corpus
        ):
            found[verdict] += 1
            if verdict in {"traceback", "escape", "hang"}:
                failures.append(f"{name}:{given.seed}:{number} {verdict} {what}")
        accepted = found[ACCEPTED] + found[EXTRACTED]
        print(
            f"{name:14}{found.total():>8,}{found[REFUSED]:>9,}{accepted:>10,}{found['traceback']:>12,}"
            f"{found['escape']:>9,}{found['hang']:>7,}{time.monotonic() - started:>9.0f}",
            flush=True,
        )
        if found[EXTRACTED]:
            print(f"{'':14}{found[EXTRACTED]:,} of them extracted, described and parsed")
    for failure in failures[:200]:
        print(failure, file=sys.stderr)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
