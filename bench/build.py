"""The whole build against the bare parse of the same text: ``python -m bench.build [FOLDER]``.

Both read the same documents with the same number of processes, started in the same way, and the
clock of both stops when all processes are done. The bare parse runs the pipes that kg runs
(tagger and parser) over the documents' text, sentence by sentence as kg cuts it, and does nothing
with what comes out. Beside the times as they are, the table shows them without what it takes to
start the processes and load the model, which a large corpus does not notice. The learned tagger
takes most of a build: see ``bench.rooms``.
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
from collections.abc import Sequence
from pathlib import Path

from kg.documents import find, read
from kg.errors import KgError
from kg.pipeline import build
from kg.sentences import split

#: One process of the bare parse.
PARSE = """
import sys, pickle
from kg.statements.parse import model
nlp = model()
with open(sys.argv[1], "rb") as file:
    documents = pickle.load(file)
nlp("We collect your name.")
for sentences in documents:
    for doc in nlp.pipe(sentences, batch_size=64):
        pass
"""
TARGET = 0.1


def corpus_of(folder: Path, words: int) -> list[tuple[Path, list[str]]]:
    """Readable documents of a folder with their sentences, repeated up to so many words."""
    found = []
    for source in find([folder]):
        try:
            document = read(source.path, name=source.name, declared=source.declared)
        except KgError:
            continue
        found.append((source.path, [sentence.text for sentence in split(document)]))
    if not found:
        sys.exit(f"{folder} holds no policy that can be read")
    have = sum(len(text.split()) for _, sentences in found for text in sentences)
    return found * max(1, round(words / have))


def parse_seconds(parts: Sequence[list[list[str]]]) -> float:
    """Time of the bare parse, one process a part."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, part in enumerate(parts):
            path = Path(folder) / f"{number}.pickle"
            path.write_bytes(pickle.dumps(part))
            paths.append(path)
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        started = time.perf_counter()
        running = [
            subprocess.Popen([sys.executable, "-c", PARSE, str(path)], env=environment)
            for path in paths
        ]
        if any(process.wait() for process in running):
            sys.exit("the bare parse failed")
        return time.perf_counter() - started


def build_seconds(paths: Sequence[Path], jobs: int) -> float:
    """Time of a whole build into a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, path in enumerate(paths):
            shutil.copyfile(path, corpus / f"{number:04}{path.suffix}")
        started = time.perf_counter()
        report = build([corpus], Path(folder) / "graph", jobs=jobs)
        taken = time.perf_counter() - started
        counts = report.counts()
        assert counts["policies"] + counts["copies"] == len(paths), counts
        return taken


def dealt(documents: Sequence[list[str]], hands: int) -> list[list[list[str]]]:
    """The documents in as many parts, about equal in length."""
    parts: list[list[list[str]]] = [[] for _ in range(hands)]
    sizes = [0] * hands
    for sentences in sorted(documents, key=lambda found: -sum(map(len, found))):
        at = sizes.index(min(sizes))
        parts[at].append(sentences)
        sizes[at] += sum(map(len, sentences))
    return parts


def main() -> int:
    """Prints the table; 0 when the target is met."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=Path("corpus"))
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--words", type=int, default=150_000, help="repeat the corpus up to that")
    options.add_argument("--rounds", type=int, default=2)
    given = options.parse_args()
    documents = corpus_of(given.folder, given.words)
    words = sum(len(text.split()) for _, sentences in documents for text in sentences)
    parts = dealt([sentences for _, sentences in documents], given.jobs)
    one = documents[0][0]
    parse_start = min(parse_seconds([[] for _ in parts]) for _ in range(given.rounds))
    build_start = min(build_seconds([one] * given.jobs, given.jobs) for _ in range(given.rounds))
    # In turns, so that a slow moment of the machine meets both.
    times = [
        (parse_seconds(parts), build_seconds([path for path, _ in documents], given.jobs))
        for _ in range(given.rounds)
    ]
    parse, whole = (min(column) for column in zip(*times, strict=True))
    ratio = parse / whole
    steady = (parse - parse_start) / max(whole - build_start, 1e-9)
    print(f"{len(documents)} documents, {words:,} words, {given.jobs} processes")
    print(f"{'':<28}{'seconds':>9}{'words/s':>10}{'start':>8}")
    print(f"{'bare parse':<28}{parse:>9.1f}{words / parse:>10,.0f}{parse_start:>8.1f}")
    print(f"{'kg build':<28}{whole:>9.1f}{words / whole:>10,.0f}{build_start:>8.1f}")
    print(f"build / parse, words a second: {ratio:.2f} (without start: {steady:.2f})")
    print(f"target: {TARGET}: {'met' if ratio >= TARGET else 'missed'}")
    return 0 if ratio >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
