"""Loading as ``kg build`` does it, beside the engine's own bulk load: ``python -m bench.writing``.

Invented snapshots are written one file each, as a build keeps them. Then, in turns: the engine
loads them from one file, the same with the optimisation that a build does at the end, and
``build_store`` loads the many files. With ``--servers``, the graphs are sent to an Oxigraph and
a Virtuoso that are started here, as ``kg build --store`` does.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pyoxigraph

from bench.store import TERMS, readings
from kg.iris import BASE
from kg.remote import fill, parse_address
from kg.shards import Part
from kg.store import build_store
from kg.triples import describe_reading, snapshot

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))


def written(folder: Path, quads: int) -> tuple[list[Part], Path, int]:
    """The files of snapshots, as graphs; all in one file; and how many quads there are."""
    parts: list[Part] = []
    whole, count = folder / "whole.nq", 0
    per_snapshot = 1800
    with whole.open("wb") as file:
        for reading in readings(max(1, quads // per_snapshot)):
            data = describe_reading(reading, terms=TERMS).encode()
            path = folder / f"{len(parts)}.nq"
            path.write_bytes(data)
            file.write(data)
            parts.append(Part(snapshot(reading).graph, "1", path.read_bytes))
            count += data.count(b"\n")
    return parts, whole, count


def raw(whole: Path, store: Path, *, is_optimised: bool) -> None:
    """The engine alone."""
    inner = pyoxigraph.Store(str(store))
    inner.bulk_load(path=whole, format=pyoxigraph.RdfFormat.N_QUADS)
    if is_optimised:
        inner.optimize()
    inner.flush()


def timed(work: Callable[[Path], None], place: Path) -> tuple[float, float]:
    """Seconds, and seconds of processor time of all threads."""
    started, spent = time.perf_counter(), time.process_time()
    work(place)
    found = time.perf_counter() - started, time.process_time() - spent
    shutil.rmtree(place)
    return found


def sent(parts: list[Part], folder: Path) -> None:
    """How fast each server takes the graphs over HTTP."""
    import os  # noqa: PLC0415

    from servers import oxigraph, virtuoso  # noqa: PLC0415

    for start in (oxigraph, virtuoso):
        place = folder / start.__name__
        place.mkdir()
        with start(place) as server:
            os.environ |= server.environment
            started = time.perf_counter()
            fill(parse_address(server.url), parts, BASE)
            seconds = time.perf_counter() - started
            quads = sum(part.nquads().count(b"\n") for part in parts)
            print(f"{server.name:12} {quads:,} quads in {seconds:.1f} s: {quads / seconds:,.0f}/s")


def main() -> None:
    """Prints the times and their ratios."""
    arguments = argparse.ArgumentParser(description="Times loading.")
    arguments.add_argument("--quads", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--servers", action="store_true", help="send to servers too")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts, whole, count = written(folder, options.quads)
        files = [folder / f"{number}.nq" for number in range(len(parts))]
        ways: dict[str, Callable[[Path], None]] = {
            "raw": lambda place: raw(whole, place, is_optimised=False),
            "raw, optimised": lambda place: raw(whole, place, is_optimised=True),
            "build_store": lambda place: build_store(files, place),
        }
        times: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(options.rounds):
            for way, work in ways.items():
                times[way].append(timed(work, folder / "store"))
        print(f"{count:,} quads of {len(parts)} snapshots, median of {options.rounds}\n")
        print(f"{'':16} {'s':>7} {'CPU s':>7} {'quads/s':>10}")
        for way, found in times.items():
            seconds, spent = (median(column) for column in zip(*found, strict=True))
            print(f"{way:16} {seconds:7.2f} {spent:7.2f} {count / seconds:10,.0f}")
        for way in ("raw", "raw, optimised"):
            pairs = zip(times[way], times["build_store"], strict=True)
            ratios = [(a[0] / b[0], a[1] / b[1]) for a, b in pairs]
            wall, cpu = (median(column) for column in zip(*ratios, strict=True))
            print(f"\nbuild_store against {way}: {wall:.2f} of its speed, {cpu:.2f} by CPU time")
        if options.servers:
            print()
            sent(parts, folder)


if __name__ == "__main__":
    main()
