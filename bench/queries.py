"""Every canned query on a graph, beside the engine asked directly.

    python -m bench.queries GRAPH                  each query, open and with parameters
    python -m bench.queries GRAPH --compare OTHER  the same on two graphs, side by side
    python -m bench.queries GRAPH --command        `kg query` as a command, its start apart

"direct" is the engine's own time for the same text with the same bindings, all rows fetched as raw
solutions; "run" is that of :func:`kg.queries.run`, names looked up and cells made plain. Both are
medians, taken in turn on an open store; "first" is the first run after the store was opened. Marks:
``T`` for what takes longer than allowed for a graph of that size; ``O`` for what does so because
it is large (more solutions than 10 a millisecond: the engine sorts and decodes about so many
sentences); ``R`` for more than 1.2 times the engine's own time (differences below a millisecond do
not count).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from kg.queries import Query, get, names, run
from kg.queries.canned import _resolve, asked
from kg.store import Store, open_store

_clock = time.perf_counter
#: Times the engine's own time.
FACTOR = 1.2
#: Solutions with their sentences that the engine sorts and decodes.
SOLUTIONS_A_MS = 10


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of a query with its parameters; solutions are rows before they are joined."""

    query: str
    given: dict[str, str]
    rows: int
    solutions: int
    first: float
    run: float
    direct: float

    def marks(self, allowed: float) -> str:
        found = ""
        if self.run > allowed:
            found += "O" if self.solutions > allowed * SOLUTIONS_A_MS else "T"
        if self.run > FACTOR * self.direct and self.run - self.direct > 1:
            found += "R"
        return found


def allowed_ms(quads: int) -> float:
    """100 ms up to a million quads, and in proportion to their number from there on."""
    return max(100.0, quads / 10_000)


def typical(store: Store) -> dict[str, str]:
    """What a user would ask for, of what the graph holds most.

    The company is the one in the middle by claims of those with several snapshots, if there are.
    """
    companies: dict[str, list[tuple[str, str]]] = {}
    sizes: dict[str, int] = {}
    for name, day, said in store.query(
        "SELECT ?name ?day ?said { ?s pf:publisherName ?name ; dct:issued ?day ; "
        "pf:statementCount ?said }"
    ):
        companies.setdefault(name.value, []).append((day.value, name.value))
        sizes[name.value] = sizes.get(name.value, 0) + int(said.value)
    several = [name for name in companies if len({day for day, _ in companies[name]}) > 1]
    ranked = sorted(several or companies, key=lambda name: (sizes[name], name))
    company = ranked[len(ranked) // 2]
    alone = [day for day, _ in companies[company]]
    days = sorted(day for day in set(alone) if alone.count(day) == 1)
    found = {"company": company, "action": "share", "earlier": days[0], "later": days[-1]}
    for kind, name in (
        ("data", "hasPersonalData"),
        ("recipient", "hasRecipient"),
        ("purpose", "hasPurpose"),
        ("place", "hasLocation"),
    ):
        [row] = store.query(
            f"SELECT ?label {{ {{ SELECT ?one (COUNT(*) AS ?n) {{ ?x dpv:{name} ?one }} "
            "GROUP BY ?one ORDER BY DESC(?n) LIMIT 4 OFFSET 1 } "
            "GRAPH pf:ontology { ?one skos:prefLabel ?label } } ORDER BY DESC(?n) LIMIT 1"
        )
        found[kind] = row[0].value
    found |= {"right": "right of access", "since": "2019", "year": "2020"}
    [row] = store.query("SELECT ?s { ?s a pf:Statement ; dpv:hasPurpose ?p } LIMIT 1")
    found["statement"] = row[0].value
    return found


def cases(query: Query, known: dict[str, str]) -> Iterator[dict[str, str]]:
    """Parameters: none, each one alone, company with each other; what is required always."""
    needed = {name: known[name] for name in query.requires}
    seen: list[dict[str, str]] = []
    free = [name for name in query.parameters if name not in query.requires]
    with_company = {"company": known["company"]} if "company" in free else {}
    for chosen in (
        {},
        *({name: known[name]} for name in free),
        *({**with_company, name: known[name]} for name in free),
    ):
        given = {**needed, **chosen}
        if given not in seen:
            seen.append(given)
            yield given


def timed(store: Store, query: Query, given: dict[str, str], rounds: int) -> Timing:
    """Both ways in turn."""
    start = _clock()
    rows = len(run(query, store, **given).rows)
    first = _clock() - start
    text = asked(query, _resolve(store, given))
    runs, directs = [], []
    solutions = 0
    if first > 2:  # long enough to count, and to wait for once
        runs, rounds = [first], 1
    for _ in range(rounds):
        start = _clock()
        answer = list(store.query(text))
        directs.append(_clock() - start)
        solutions = len(answer)
        del answer
        if first > 2:
            continue
        start = _clock()
        run(query, store, **given)
        runs.append(_clock() - start)
    middle = 1000 * median(runs), 1000 * median(directs)
    return Timing(query.name, given, rows, solutions, 1000 * first, *middle)


def told(given: dict[str, str]) -> str:
    """The parameters in short."""
    return " ".join(given) or "-"


def table(store: Store, wanted: list[str], rounds: int) -> list[Timing]:
    """Times all and prints them."""
    allowed = allowed_ms(len(store))
    known = typical(store)
    print(f"{len(store):,} quads; allowed {allowed:.0f} ms; parameters:")
    print("  " + ", ".join(f"{name} {value!r}" for name, value in known.items()))
    head = ("rows", "before", "first", "run", "direct")
    print(f"{'query':28} {'given':24} {' '.join(f'{name:>8}' for name in head)} {'x':>5}")
    found = []
    for query in map(get, wanted):
        for given in cases(query, known):
            one = timed(store, query, given, rounds)
            found.append(one)
            counts = f"{one.rows:8} {one.solutions:8}"
            times = f"{one.first:8.1f} {one.run:8.1f} {one.direct:8.1f} {one.run / one.direct:5.2f}"
            line = f"{one.query[:28]:28} {told(given):24} {counts} {times} {one.marks(allowed)}"
            print(line, flush=True)
    for mark, what in (("T", "too slow"), ("O", "output"), ("R", f"over {FACTOR} x the engine")):
        marked = [one for one in found if mark in one.marks(allowed)]
        print(f"{what}: {len(marked)} of {len(found)}")
    return found


def compare(one: list[Timing], other: list[Timing]) -> None:
    """What the other graph takes beside the first."""
    known = {(timing.query, *timing.given): timing for timing in other}
    print(f"\n{'query':28} {'given':24} {'ms':>8} {'ms':>8} {'x':>6}")
    for timing in one:
        there = known.get((timing.query, *timing.given))
        if there:
            times = f"{timing.run:8.1f} {there.run:8.1f} {there.run / timing.run:6.1f}"
            print(f"{timing.query[:28]:28} {told(timing.given):24} {times}")


def command(graph: Path, wanted: list[str], known: dict[str, str]) -> None:
    """Seconds of ``kg query``, and of ``kg --version`` before it."""

    def seconds(*arguments: str) -> float:
        start = _clock()
        done = subprocess.run(
            [sys.executable, "-m", "kg.cli", *arguments], capture_output=True, check=True
        )
        assert done
        return _clock() - start

    start = median(seconds("queries") for _ in range(3))
    print(f"start of the command: {1000 * start:.0f} ms; beyond it:")
    for query in map(get, wanted):
        given = {name: known[name] for name in query.parameters if name in query.requires}
        if "company" in query.parameters:
            given["company"] = known["company"]
        options = [part for name, value in given.items() for part in (f"--{name}", value)]
        taken = median(
            seconds("query", query.name, "--graph", str(graph), *options) for _ in range(3)
        )
        print(f"{query.name:44} {told(given):24} {1000 * (taken - start):8.0f} ms", flush=True)


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--compare", type=Path, help="a second graph")
    parser.add_argument("--command", action="store_true", help="time the command")
    parser.add_argument("--only", action="append", help="a query, as often as you like")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cpu", action="store_true", help="CPU time, not the wall's")
    arguments = parser.parse_args()
    if arguments.cpu:
        global _clock  # noqa: PLW0603 - one clock for the whole run
        _clock = time.process_time
    wanted = arguments.only or list(names())
    with open_store(arguments.graph) as store:
        if arguments.command:
            command(arguments.graph, wanted, typical(store))
            return
        found = table(store, wanted, arguments.rounds)
    if arguments.compare:
        with open_store(arguments.compare) as store:
            compare(found, table(store, wanted, arguments.rounds))


if __name__ == "__main__":
    main()
