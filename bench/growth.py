"""How a build grows: CPU time and the coordinator's memory at 100, 1,000, 5,000 snapshots.

    python -m bench.growth FOLDER [--sizes 100 1000 5000] [--jobs 2] [--words 2500]

The snapshots are the real policies of a folder, then copies of them that another company is
declared to have published: other names for everything in the graph, the same sentences. Before
the clock starts the folder is read once, so that the models have looked at every sentence: what
they take grows with the number of sentences by construction, and would hide how the rest grows.
The exponent is that of a line through the points on a double logarithmic scale. Start-up (that of
a build of one document a process) is left out of it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from kg.documents import find, read
from kg.errors import KgError

TARGET = 1.05
#: What a build that is measured runs; it tells its own peak, as its workers' is not asked for.
BUILD = """
import json, resource, sys
from kg.pipeline import build
corpus, folder, jobs = sys.argv[1:]
report = build([corpus], folder, jobs=int(jobs))
used, children = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
seconds = [one.ru_utime + one.ru_stime for one in (used, children)]
print(json.dumps({"cpu": sum(seconds), "own": seconds[0], "peak": used.ru_maxrss / 1024,
                  "looks": report.looks, "counts": report.counts()}))
"""


def chosen(folder: Path, words: int) -> list[Path]:
    """The policies of a folder that can be read and are no longer than so many words."""
    found = []
    for source in find([folder]):
        try:
            document = read(source.path, name=source.name, declared=source.declared)
        except KgError:
            continue
        if 200 < len(document.text.split()) <= words:
            found.append(source.path)
    if not found:
        sys.exit(f"{folder} holds no policy of that size")
    return found


def corpus(paths: Sequence[Path], size: int, place: Path) -> Path:
    """A folder of so many policies, each declared to be of a company of its own."""
    place.mkdir()
    lines = []
    for number, path in enumerate(islice(cycle(paths), size)):
        name = f"{number // 500:03}/{number:06}{path.suffix}"
        (place / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, place / name)
        lines.append(f'[policies."{name}"]\npublisher = "Tarn {number}"\n')
    (place / "corpus.toml").write_text("\n".join(lines), "utf-8")
    return place


def built(corpus: Path, folder: Path, jobs: int) -> dict[str, float]:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(corpus), str(folder), str(jobs)],
        stdout=subprocess.PIPE, env=dict(os.environ), check=True, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "wall": time.perf_counter() - started}


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Slope of the line through the points, both logarithmic."""
    return statistics.linear_regression(
        [math.log(size) for size in sizes], [math.log(found) for found in seconds]
    ).slope


def main() -> int:
    """Prints the table; 0 when the target is met."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1000, 5000])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--words", type=int, default=2500)
    options = parser.parse_args()
    paths = chosen(options.folder, options.words)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        known, seen = work / "known", work / "seen"
        built(corpus(paths, len(paths), seen), known, options.jobs)

        def measured(size: int) -> dict[str, float]:
            place, folder = work / f"corpus-{size}", work / f"graph-{size}"
            folder.mkdir()
            for path in known.glob("sentences.sqlite*"):
                shutil.copyfile(path, folder / path.name)
            found = built(corpus(paths, size, place), folder, options.jobs)
            shutil.rmtree(place)
            shutil.rmtree(folder)
            return found

        print(f"{len(paths)} real policies of at most {options.words:,} words\n")
        print(f"{'snapshots':>9}{'wall s':>9}{'CPU s':>9}{'a snapshot':>12}", end="")
        print(f"{'coordinator CPU s':>19}{'its peak MB':>13}{'looks':>8}", flush=True)
        start, rows = measured(options.jobs), []
        for size in options.sizes:
            found = measured(size)
            rows.append(found["cpu"] - start["cpu"])
            print(
                f"{size:>9,}{found['wall']:>9.1f}{found['cpu']:>9.1f}{rows[-1] / size:>10.3f} s"
                f"{found['own']:>19.1f}{found['peak']:>13,.0f}{found['looks']:>8,}",
                flush=True,
            )
        slope = exponent(options.sizes, rows)
        print(f"\nexponent of CPU time: {slope:.3f} (target: <= {TARGET})")
        return 0 if slope <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
