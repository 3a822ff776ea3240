"""A server under questions that never end: ``python -m bench.serve GRAPH``.

Twenty clients ask quick questions of a real server over real sockets, each about five a second,
by themselves and beside others that ask what never ends; these take turns within one run, so that
whatever else the machine does falls on both. Told are the times of the quick questions, and how
long after its limit a question that never ends was answered, its process being gone by then.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

#: None of these comes to an end; the number makes each a question of its own.
RUNAWAYS = (
    "SELECT ?a {{ ?a ?p ?x . ?b ?q ?y . ?c ?r ?z FILTER(CONCAT(STR(?x), STR(?z)) = 'never {n}') }}",
    "SELECT (COUNT(*) + {n} AS ?n) {{ ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }}",
    "SELECT (SUM(STRLEN(STR(?x))) + {n} AS ?s) {{ ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }}",
    "ASK {{ ?a ?p ?x . ?b ?q ?y . ?c ?r ?z FILTER(?x = ?y && ?y = ?z && ?z = 'never {n}') }}",
)
#: Seconds between two questions of a client, on average.
PAUSE_SECONDS = 0.2
#: What takes longer is not asked.
QUICK_SECONDS = 0.02
CLIENTS = 20

Quick = Callable[[random.Random], str]


#: Addresses of the loopback: the server shares its places out by the client's.
_ADDRESSES = (f"127.0.0.{last}" for last in itertools.cycle(range(2, 250)))


class Client:
    """One connection that is kept open, from an address of its own."""

    def __init__(self, port: int) -> None:
        self.port, self.address = port, next(_ADDRESSES)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, address: str) -> tuple[int, bytes]:
        """Status and body."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                "127.0.0.1", self.port, local_addr=(self.address, 0)
            )
        reader, writer = self._streams
        writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        return int(head.split(b" ", 2)[1]), body

    def close(self) -> None:
        """Hangs up."""
        if self._streams:
            self._streams[1].close()


@contextmanager
def server(graph: Path, limit_seconds: float) -> Iterator[int]:
    """A server process: its port."""
    command = (
        *(sys.executable, "-m", "kg.cli", "serve", "-g", str(graph), "--port", "0"),
        *("--rate", "0", "--limit-seconds", str(limit_seconds)),
    )
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        found = re.search(r":(\d+)/$", process.stderr.readline().strip())
        assert found is not None
        log = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
        yield int(found[1])
    finally:
        process.terminate()
        process.wait()
        log.wait()


async def quick_addresses(port: int) -> list[str]:
    """Questions that take a few milliseconds: about a company, a statement, in SPARQL."""
    client = Client(port)
    _, body = await client.get("/snapshots?limit=60")
    companies = [row["company"] for row in json.loads(body)["rows"]]
    text = "SELECT ?s { ?s a pf:Statement } LIMIT 60"
    _, body = await client.get(f"/sparql?query={quote(text)}")
    statements = [row["s"]["value"] for row in json.loads(body)["results"]["bindings"]]
    client.close()
    found = [f"/statements/{iri.rsplit('/', 1)[-1]}" for iri in statements]
    found += [f"/sparql?query={quote(f'SELECT * {{ <{iri}> ?p ?o }}')}" for iri in statements]
    for company in companies:
        found += [f"/queries/{name}?company={quote(company)}" for name in ("denials", "retention")]
    times = []
    client = Client(port)
    for address in found:
        start = time.perf_counter()
        status, _ = await client.get(address)
        took = time.perf_counter() - start
        if status == 200 and took < QUICK_SECONDS:
            times.append(address)
    client.close()
    return times


async def ask_quickly(port: int, addresses: list[str], seconds: float, seed: int) -> list[float]:
    """Times of one client's questions."""
    draw = random.Random(seed)
    client, found, end = Client(port), [], time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(draw.uniform(0, 2 * PAUSE_SECONDS))
        start = time.perf_counter()
        status, body = await client.get(draw.choice(addresses))
        found.append(time.perf_counter() - start)
        assert status == 200, body
    client.close()
    return found


async def run_away(
    port: int, seconds: float, numbers: Iterator[int], is_new: bool
) -> list[tuple[int, float]]:
    """Status and time of one client's questions that never end."""
    client, found, end = Client(port), [], time.monotonic() + seconds
    while time.monotonic() < end:
        number = next(numbers)
        text = RUNAWAYS[number % len(RUNAWAYS)].format(n=number if is_new else 0)
        start = time.perf_counter()
        status, _ = await client.get(f"/sparql?query={quote(text)}")
        found.append((status, time.perf_counter() - start))
    client.close()
    return found


def at(share: float, times: list[float]) -> float:
    """A quantile, in milliseconds."""
    return 1000 * sorted(times)[min(int(share * len(times)), len(times) - 1)]


async def measure(port: int, rounds: int, seconds: float, runaways: int, limit: float) -> None:
    """Takes the times and prints them."""
    addresses = await quick_addresses(port)
    print(f"{len(addresses)} quick questions; {CLIENTS} clients, {runaways} that run away")
    numbers = count(1)

    async def phase(
        others: list[Awaitable[list[tuple[int, float]]]],
    ) -> tuple[list[float], list[tuple[int, float]]]:
        quick = [ask_quickly(port, addresses, seconds, seed) for seed in range(CLIENTS)]
        every = await asyncio.gather(*quick, *others)
        times = [one for found in every[:CLIENTS] for one in found]
        return times, [one for found in every[CLIENTS:] for one in found]  # type: ignore[misc]

    alone: list[float] = []
    beside: list[float] = []
    away: list[tuple[int, float]] = []
    print("round        alone: p50     p99   beside: p50     p99   ms")
    for number in range(rounds):
        first, _ = await phase([])
        second, more = await phase(
            [run_away(port, seconds, numbers, is_new=True) for _ in range(runaways)]
        )
        alone, beside, away = alone + first, beside + second, away + more
        figures = (at(0.5, first), at(0.99, first), at(0.5, second), at(0.99, second))
        print("{:5}        {:10.1f} {:7.1f}   {:11.1f} {:7.1f}".format(number + 1, *figures))
    figures = (at(0.5, alone), at(0.99, alone), at(0.5, beside), at(0.99, beside))
    print("  all        {:10.1f} {:7.1f}   {:11.1f} {:7.1f}".format(*figures))
    print(f"p99 beside / alone: {figures[3] / figures[1]:.2f} of {len(alone)} and {len(beside)}")
    stopped = [took - limit for status, took in away if status == 503 and took >= limit]
    print(f"{len(away)} ran away, {len(stopped)} were stopped at their limit of {limit:g} s; ")
    if stopped:
        print(f"stopped after it: median {at(0.5, stopped):.0f} ms, most {at(1, stopped):.0f} ms")


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--runaways", type=int, default=3)
    parser.add_argument("--limit-seconds", type=float, default=3)
    given = parser.parse_args()
    os.environ.pop("KG_SERVE_TOKEN", None)
    with server(given.graph, given.limit_seconds) as port:
        asyncio.run(measure(port, given.rounds, given.seconds, given.runaways, given.limit_seconds))


if __name__ == "__main__":
    main()
