"""The whole build beside the bare models, and two processes beside one.

    python -m bench.build [FOLDER] [--documents 100] [--jobs 2 4 …]

The bare models (parse and tagger) look at just the sentences that the build has them look at,
each once, document by document, in one process; nothing is done with what they find. CPU time
is that of all processes together; "without start" leaves out what it takes to start a process and
load the models, which a large corpus does not notice: that of a build of the smallest document.
"""

from __future__ import annotations

import argparse
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.documents import find, read
from kg.errors import KgError
from kg.iris import BASE
from kg.sentences import split
from kg.statements import lexicon, look, reading
from kg.tagger import shipped
from kg.worker import warm_up

#: CPU time of a build over that of the bare models; wall time of one process over that of two.
TARGET_CPU, TARGET_JOBS = 1.3, 1.7
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")

Texts = list[tuple[tuple[str, ...], list[str]]]


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds by the clock, and of CPU time of a process and its descendants."""

    wall: float
    cpu: float

    def without(self, start: Taken) -> Taken:
        return Taken(self.wall - start.wall, self.cpu - start.cpu)


def run(*command: str) -> Taken:
    """What a program takes."""
    started = time.perf_counter()
    environment = {**os.environ, **dict.fromkeys(_ONE_THREAD, "1")}
    process = subprocess.Popen(
        [sys.executable, "-m", *command], env=environment, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed")
    return Taken(time.perf_counter() - started, used.ru_utime + used.ru_stime)


def readable(folder: Path) -> Iterator[tuple[Path, tuple[str, ...], list[str], list[str]]]:
    """Of each document its file, names, the sentences that models look at, and all of them."""
    lex, ground = lexicon(), reading.grounder(BASE)
    for source in find([folder]):
        try:
            document = read(source.path, name=source.name, declared=source.declared)
        except KgError:
            continue
        names = tuple(dict.fromkeys(n for n in (document.publisher, *document.names) if n))
        texts = [reading._Text.of(sentence, document.text).text for sentence in split(document)]
        kept = [text for text in texts if reading.may_hold(text, lex, ground)]
        yield source.path, names, kept, texts


def distinct(documents: Sequence[tuple[tuple[str, ...], list[str]]]) -> Texts:
    """Each text only where it stands first."""
    seen: set[str] = set()
    found = []
    for names, texts in documents:
        found.append((names, [text for text in dict.fromkeys(texts) if text not in seen]))
        seen.update(texts)
    return found


def bare(texts: Texts) -> None:
    """The models, and nothing else."""
    warm_up(BASE)
    tagger = shipped()
    for names, some in texts:
        look._looked(some, names, tagger)


def main() -> int:
    """Prints the table; 0 when the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("corpus"))
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--jobs", type=int, nargs="*", default=[2])
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        bare(pickle.loads(options.bare.read_bytes()))
        return 0
    found = []
    for document in readable(options.folder):
        found.append(document)
        if len(found) == options.documents:
            break
    if not found:
        sys.exit(f"{options.folder} holds no policy that can be read")
    with tempfile.TemporaryDirectory() as folder:
        return measured(found, Path(folder), options.jobs)


def measured(
    found: Sequence[tuple[Path, tuple[str, ...], list[str], list[str]]],
    folder: Path,
    jobs: Sequence[int],
) -> int:
    def models(name: str, texts: Texts) -> Taken:
        path = folder / f"{name}.pickle"
        path.write_bytes(pickle.dumps(texts))
        return run("bench.build", "--bare", str(path))

    def build(corpus: Path, jobs: int) -> Taken:
        graph = folder / "graph"
        shutil.rmtree(graph, ignore_errors=True)
        return run("kg.cli", "build", "-q", str(corpus), "-o", str(graph), "--jobs", str(jobs))

    corpus, least = folder / "corpus", folder / "least"
    for place, documents in ((corpus, found), (least, [min(found, key=lambda one: len(one[3]))])):
        place.mkdir()
        for number, (path, *_) in enumerate(documents):
            shutil.copyfile(path, place / f"{number:04}{path.suffix}")
    looked = distinct([(names, kept) for _, names, kept, _ in found])
    every = [(names, texts) for _, names, _, texts in found]
    words = sum(len(text.split()) for _, texts in every for text in texts)
    start_models, start_build = models("none", []), build(least, 1)
    rows = {
        "bare models": (models("looked", looked), start_models),
        "kg build --jobs 1": (build(corpus, 1), start_build),
        **{f"kg build --jobs {n}": (build(corpus, n), start_build) for n in jobs},
    }
    print(f"{len(found)} documents, {words:,} words; {sum(len(t) for _, t in every):,} sentences, ")
    print(f"{sum(len(t) for _, t in looked):,} of them looked at\n")
    print(f"{'':<30}{'wall s':>8}{'CPU s':>8}{'without start':>22}{'words/s':>10}")
    for name, (taken, start) in rows.items():
        steady = taken.without(start)
        print(
            f"{name:<30}{taken.wall:>8.1f}{taken.cpu:>8.1f}{steady.wall:>14.1f}{steady.cpu:>8.1f}"
            f"{words / taken.wall:>10,.0f}"
        )
    alone, start = rows["kg build --jobs 1"]
    least_cpu = rows["bare models"][0].without(start_models).cpu
    ratio = alone.without(start).cpu / least_cpu
    print(f"\nCPU time, build / bare models: {ratio:.2f} (target: <= {TARGET_CPU})")
    is_met = ratio <= TARGET_CPU
    for number in jobs:
        taken = rows[f"kg build --jobs {number}"][0]
        gain = alone.wall / taken.wall
        steady = alone.without(start).wall / taken.without(start).wall
        target = f" (target: >= {TARGET_JOBS})" if number == 2 else ""
        print(f"--jobs {number} against --jobs 1: {gain:.2f}, without start {steady:.2f}{target}")
        is_met = is_met and (number != 2 or gain >= TARGET_JOBS)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
