"""What a build costs when little has changed: ``python -m bench.incremental [--documents 1000]``.

Invented policies are built from nothing, built again as they are, and built again with one in a
hundred rewritten. Times are CPU time of all processes, so that what else the machine does matters
little; beside them stands how much memory the main process took at most. What every build costs,
be it of one policy (processes start, the model and the ontology are loaded), is shown apart.
Sentences are not looked at, which makes a full build cheap and the comparison hard; ``--whole``
looks at them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

_BUILD = """
import json, resource, sys, time
from kg import pool
pool.WORKER = sys.argv[1]
from kg.pipeline import build
started, spent = time.perf_counter(), time.process_time()
build([sys.argv[2]], sys.argv[3], jobs=int(sys.argv[4]))
used, theirs = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({
    "seconds": time.perf_counter() - started,
    "cpu": time.process_time() - spent + theirs.ru_utime + theirs.ru_stime,
    "mb": used.ru_maxrss / 1024,
}))
"""
_SENTENCES = (
    "{name} collects your {thing} when you visit the {place}.",
    "We share your {thing} with {other} for {purpose}.",
    "We do not sell your {thing} to the {place}.",
    "{other} keeps your {thing} for {number} days.",
)
_WORDS = {
    "thing": ("name", "email address", "location", "IP address", "phone number", "purchases"),
    "place": ("shop", "website", "forum", "help desk", "app"),
    "other": ("advertisers", "our partners", "Google", "the police", "analytics providers"),
    "purpose": ("advertising", "security", "analytics", "research"),
}
TARGET = 0.03


def write(path: Path, number: int, rng: random.Random) -> None:
    """An invented policy of about a thousand words."""
    name = f"Brontide {number}"
    sentences = [
        rng.choice(_SENTENCES).format(
            name=name,
            number=rng.randint(2, 900),
            **{slot: rng.choice(words) for slot, words in _WORDS.items()},
        )
        for _ in range(100)
    ]
    paragraphs = "\n\n".join(" ".join(sentences[at : at + 5]) for at in range(0, 100, 5))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# Privacy Policy of {name}\n\nLast updated: May 4, 2021.\n\n{paragraphs}\n")


def built(corpus: Path, folder: Path, jobs: int, *, is_whole: bool) -> dict[str, float]:
    """What a build costs, without the start of the command itself."""
    worker = "kg.worker" if is_whole else "bench.light"
    command = [sys.executable, "-c", _BUILD, worker, str(corpus), str(folder), str(jobs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    """Prints the table; 0 when the target is met."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--documents", type=int, nargs="+", default=[100, 1000])
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--whole", action="store_true", help="look at sentences too")
    given = options.parse_args()
    print(
        f"{'documents':>9}{'start':>8}{'full':>8}{'none changed':>14}{'1 % changed':>13}"
        f"{'share':>8}{'MB full':>9}{'MB none':>9}{'MB 1 %':>8}"
    )
    is_met = True
    for documents in given.documents:
        rng = random.Random(7)
        with tempfile.TemporaryDirectory() as scratch:
            one, corpus, out = (Path(scratch) / name for name in ("one", "corpus", "out"))
            for number in range(given.jobs):  # so that all processes start
                write(one / f"{number}.md", number, rng)
            for number in range(documents):
                write(corpus / f"{number % 100:02}" / f"{number}.md", number, rng)
            start = built(one, Path(scratch) / "first", given.jobs, is_whole=given.whole)
            full = built(corpus, out, given.jobs, is_whole=given.whole)
            none = built(corpus, out, given.jobs, is_whole=given.whole)
            for number in rng.sample(range(documents), max(1, documents // 100)):
                write(corpus / f"{number % 100:02}" / f"{number}.md", number, rng)
            some = built(corpus, out, given.jobs, is_whole=given.whole)
        begin = start["cpu"]
        share = max(some["cpu"] - begin, 0) / max(full["cpu"] - begin, 1e-9)
        is_met &= share <= TARGET
        print(
            f"{documents:>9,}{begin:>8.1f}{full['cpu']:>8.1f}{none['cpu']:>14.2f}"
            f"{some['cpu']:>13.2f}{share:>8.1%}{full['mb']:>9.0f}{none['mb']:>9.0f}"
            f"{some['mb']:>8.0f}",
            flush=True,
        )
    print("CPU seconds; share: 1 % changed against full, start apart")
    print(f"target: {TARGET:.0%} at most: {'met' if is_met else 'missed'}")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
