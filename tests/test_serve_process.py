"""The server as a process: signals, builds while it answers, questions that never end, orphans."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from serving import Reply, Served, impatient, serving

from kg.server.options import Options
from kg.server.pool import Pool
from kg.server.problems import Problem
from kg.store import build_store

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = {
    "join": "SELECT ?a { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z . FILTER(CONCAT(?x, ?z) = 'never') }",
    "count": "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }",
    "sum": "SELECT (SUM(STRLEN(?x)) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }",
    "ask": "ASK { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z . FILTER(CONCAT(?x, ?y, ?z) = 'never') }",
}
LARGE = "SELECT * { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z } ORDER BY ?x ?y ?z"


def quads(count: int) -> str:
    return "".join(f'<urn:s{n}> <urn:p> "{n}" <urn:g> .\n' for n in range(count))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "kg-data"
    build_store([quads(3000)], path)
    return path


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that stops questions after a second."""
    path = tmp_path_factory.mktemp("limited") / "kg-data"
    build_store([quads(3000)], path)
    with serving(path, "--limit-seconds", "1", "--rate", "0") as found:
        yield found


def until(holds: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def gone(processes: list[psutil.Process]) -> bool:
    return not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes)


def later(served: Served, text: str) -> tuple[threading.Thread, list[Reply]]:
    """Asks in a thread."""
    found: list[Reply] = []
    thread = threading.Thread(target=lambda: found.append(served.sparql(text)))
    thread.start()
    return thread, found


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_stopped_within_a_second_of_the_limit(
    limited: Served, text: str
) -> None:
    start = time.monotonic()
    thread, found = later(limited, text)
    while thread.is_alive():
        assert limited.sparql("ASK {}").status == 200
        time.sleep(0.02)
    assert 1 <= time.monotonic() - start < 2
    assert found[0].problem == "too-slow"
    assert found[0].status == 503
    assert "1 seconds" in found[0].json["detail"]


def test_many_at_once_leave_quick_ones_their_turn(limited: Served) -> None:
    asked = [later(limited, f"{text} #{n}") for n in range(3) for text in ENDLESS.values()]
    for _ in range(20):
        start = time.monotonic()
        assert limited.sparql("ASK {}").status == 200
        assert time.monotonic() - start < 4
    for thread, _ in asked:
        thread.join(20)
    assert {reply.problem for _, replies in asked for reply in replies} <= {"too-slow", "busy"}
    # It is all over: nothing runs on that nobody waits for.
    assert until(lambda: limited.ask("/health").json["slow"] == 0)


def test_memory_is_limited(folder: Path) -> None:
    with impatient(folder, memory=100 << 20) as served:
        reply = served.sparql(LARGE)
        assert (reply.status, reply.problem) == (503, "died")
        assert re.search(r"SIG\w+\).* 100 MiB of memory, or .* damaged", reply.json["detail"])
        assert served.sparql("ASK {}").status == 200


def test_what_nobody_waits_for_is_stopped(folder: Path) -> None:
    with serving(folder) as served:
        assert served.ask("/health").json["slow"] == 0
        with socket.create_connection(("127.0.0.1", served.port)) as client:
            address = f"/sparql?query={quote(ENDLESS['count'])}"
            client.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert until(lambda: served.ask("/health").json["slow"] == 1)
        assert until(lambda: served.ask("/health").json["slow"] == 0)


def test_a_build_under_load_fails_no_request(folder: Path) -> None:
    ended = threading.Event()
    replies: list[Reply] = []

    def keep_asking() -> None:
        while not ended.is_set():
            replies.append(served.sparql(COUNT))

    with serving(folder, "--rate", "0") as served:
        tag = served.sparql(COUNT).headers["etag"]
        clients = [threading.Thread(target=keep_asking) for _ in range(10)]
        for client in clients:
            client.start()
        for size in (2000, 1000, 500):
            time.sleep(0.3)
            build_store([quads(size)], folder)
        assert until(lambda: '"500"' in served.sparql(COUNT).text, 10)
        time.sleep(0.3)
        ended.set()
        for client in clients:
            client.join()
        last = served.sparql(COUNT, If_None_Match=tag)
        health = served.ask("/health").json
        children = served.children()
    assert {reply.status for reply in replies} == {200}
    counts = [r.json["results"]["bindings"][0]["n"]["value"] for r in replies]
    assert {"3000", "500"} <= set(counts) <= {"3000", "2000", "1000", "500"}
    assert (last.status, health["generation"], health["quads"]) == (200, "store-4", 500)
    assert last.headers["etag"] != tag
    assert len(children) <= 10
    assert gone(children)


def test_a_graph_that_vanishes_or_is_damaged_is_told_and_comes_back(folder: Path) -> None:
    with serving(folder, "--rate", "0") as served:
        hidden = folder.with_name("hidden")
        folder.rename(hidden)
        reply = served.sparql(COUNT)
        assert (reply.status, reply.problem) == (503, "no-graph")
        assert served.ask("/health").status == 503
        assert served.ask("/limits").status == 200
        hidden.rename(folder)
        assert served.sparql(COUNT).status == 200
        build_store([quads(100)], folder)
        current = (folder / "current").read_text().strip()
        manifest = folder / current / "CURRENT"
        kept = manifest.read_text()
        manifest.write_text("MANIFEST-none\n")
        (folder / "current").write_text(f"{current}\n")
        assert until(lambda: served.sparql(COUNT).status == 503)
        assert "damaged" in served.sparql(COUNT).json["detail"]
        manifest.write_text(kept)
        assert until(lambda: '"100"' in served.sparql(COUNT).text)
        shutil.rmtree(folder)
        assert served.sparql(COUNT).problem == "no-graph"


def test_health_looks_at_the_whole_graph(folder: Path) -> None:
    generation = folder / (folder / "current").read_text().strip()
    for path in generation.glob("*.sst"):
        data = bytearray(path.read_bytes())
        for place in range(1000, len(data) * 3 // 5, 1000):  # not in the index at the end
            data[place] ^= 255
        path.write_bytes(data)
    with serving(folder, "--rate", "0", "--limit-seconds", "1") as served:
        for reply in served.ask("/health"), served.sparql("SELECT * { ?s ?p ?o }"):
            assert (reply.status, reply.problem) == (503, "no-graph")
            assert "damaged" in reply.json["detail"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["term", "int"]
)
def test_a_signal_lets_running_requests_finish(
    folder: Path, number: signal.Signals, code: int
) -> None:
    with serving(folder, "--limit-seconds", "1.5") as served:
        thread, found = later(served, ENDLESS["sum"])
        assert until(lambda: served.ask("/health").json["slow"] == 1)
        children = served.children()
        served.process.send_signal(number)
        thread.join(10)
        assert found[0].problem == "too-slow"
        assert served.process.wait(10) == code
    assert gone(children)
    assert "Traceback" not in "".join(served.log)


def test_a_second_signal_does_not_wait(folder: Path) -> None:
    with serving(folder) as served:
        thread, _ = later_or_broken(served, ENDLESS["sum"])
        assert until(lambda: served.ask("/health").json["slow"] == 1)
        children = served.children()
        served.process.terminate()
        time.sleep(0.3)
        served.process.terminate()
        assert served.process.wait(5) == 0
        thread.join(5)
    assert gone(children)


def later_or_broken(served: Served, text: str) -> tuple[threading.Thread, list[Reply]]:
    """Asks in a thread, and does not mind when the connection breaks."""
    found: list[Reply] = []

    def ask() -> None:
        try:
            found.append(served.sparql(text))
        except OSError:
            pass
        except Exception as error:  # http.client has errors of its own for what breaks off
            assert "closed connection" in str(error) or "IncompleteRead" in str(error)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, found


def test_a_killed_server_leaves_no_orphans(folder: Path) -> None:
    with serving(folder) as served:
        thread, _ = later_or_broken(served, ENDLESS["sum"])
        assert until(lambda: served.ask("/health").json["slow"] == 1)
        children = served.children()
        assert len(children) > 2
        served.process.kill()
        assert until(lambda: gone(children))
        thread.join(5)


def test_clients_that_take_their_time_are_let_go(folder: Path) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
    with impatient(folder, patience_seconds=0.5) as served:
        for sent, answer in (
            (b"", b""),
            (b"GET / HT", b""),
            (head + b"Content-Type: application/sparql-query\r\n\r\nASK", b"HTTP/1.1 408"),
        ):
            with socket.create_connection(("127.0.0.1", served.port), timeout=5) as client:
                client.sendall(sent)
                start = time.monotonic()
                assert client.recv(12) == answer
                assert time.monotonic() - start < 3
        # One that is kept open between two requests is not.
        with socket.create_connection(("127.0.0.1", served.port), timeout=5) as client:
            for _ in range(2):
                client.sendall(b"GET /limits HTTP/1.1\r\nHost: localhost\r\n\r\n")
                time.sleep(0.8)
                assert client.recv(65536).startswith(b"HTTP/1.1 200")


def test_whoever_does_not_read_his_answer_is_let_go(folder: Path) -> None:
    text = "SELECT * { ?a ?p ?x . ?b ?q ?y } LIMIT 40000"
    with impatient(folder, patience_seconds=0.5) as served:
        with socket.create_connection(("127.0.0.1", served.port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            address = f"/sparql?query={quote(text)}"
            client.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            time.sleep(2)
            assert served.ask("/health").status == 200
        length = len(served.sparql(text).body)
    assert length > 1 << 22


def test_a_process_that_dies_is_replaced(folder: Path) -> None:
    with serving(folder) as served:
        for child in served.children():
            child.kill()
        assert until(lambda: served.sparql(COUNT).status == 200)
        assert until(lambda: len(served.children()) == Options(folder).quick)


def test_one_client_leaves_places_for_others(folder: Path) -> None:
    options = Options(folder, slow=2, quick_seconds=0.05, limit_seconds=1.5)

    async def never() -> None:
        await asyncio.sleep(60)

    async def asked() -> tuple[list[str], float]:
        pool = Pool(options)
        await pool.look()
        await pool.sizes()
        try:
            greedy = [
                asyncio.create_task(pool.ask(_task(text), never, "greedy"))
                for text in ENDLESS.values()
            ]
            await asyncio.sleep(0.5)
            running = pool.counts()["slow"]
            start = time.monotonic()
            with pytest.raises(Problem, match="too-slow"):
                await pool.ask(_task(f"{ENDLESS['sum']} #other"), never, "other")
            took = time.monotonic() - start
            found = await asyncio.gather(*greedy, return_exceptions=True)
            assert running == 1
            return [one.name for one in found if isinstance(one, Problem)], took
        finally:
            await pool.close()

    names, took = asyncio.run(asked())
    assert set(names) == {"too-slow", "busy"}
    assert took < 2  # it did not wait for a place


def _task(text: str) -> dict[str, object]:
    return {
        "do": "sparql", "text": text, "graphs": [], "default": [], "named": [], "form": "JSON",
        "max_rows": 10, "max_bytes": 1000,
    }  # fmt: skip


def test_too_many_are_sent_away(folder: Path) -> None:
    options = Options(
        folder, quick=1, slow=1, queue=0, quick_seconds=0.05, limit_seconds=1, wait_seconds=1
    )

    async def never() -> None:
        await asyncio.sleep(60)

    async def all_at_once() -> list[object]:
        pool = Pool(options)
        await pool.look()
        await pool.sizes()
        asked = (pool.ask(_task(text), never) for text in ENDLESS.values())
        try:
            return await asyncio.gather(*asked, return_exceptions=True)
        finally:
            await pool.close()

    found = asyncio.run(all_at_once())
    names = sorted(one.name for one in found if isinstance(one, Problem))
    assert names == ["busy", "busy", "busy", "too-slow"]
