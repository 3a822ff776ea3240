"""The graph on real servers: sent whole, kept up to date, and asked like one in a folder."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from conftest import ROOT, Done
from hypothesis import given, settings
from hypothesis import strategies as st
from servers import ISQL, OXIGRAPH, PASSWORD, VIRTUOSO, Server, free_port, oxigraph, virtuoso
from test_pipeline import make, policy
from test_resume import until

sys.path.insert(0, str(ROOT / "tests" / "competency"))
from companies import graph as invented

from kg import pool, queries
from kg.checks.find import shipped
from kg.errors import QueryError, StoreError, UsageError
from kg.iris import BASE, digest
from kg.ontology import CLOSURE_GRAPH
from kg.remote import Address, Filled, connect, fill, parse_address
from kg.remote.address import Credentials
from kg.remote.bound import with_values
from kg.remote.client import Client
from kg.shards import Part
from kg.store import Store, memory_store
from kg.triples import catalogue_graph, literal

Kg = Callable[..., Done]
CASES = sorted((ROOT / "tests" / "competency").glob("*.toml"))
#: A graph on the servers that is not ours, though somebody marked it as we do.
OTHERS = "urn:others:graph"


@pytest.fixture(scope="session")
def oxigraph_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An Oxigraph for all tests."""
    if OXIGRAPH is None:
        pytest.skip("needs the oxigraph server")
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as found:
        yield found


@pytest.fixture(scope="session")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Virtuoso for all tests."""
    if VIRTUOSO is None or ISQL is None:
        pytest.skip("needs virtuoso-t and isql-vt")
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as found:
        yield found


@pytest.fixture(params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Each of the servers, with the credentials for it."""
    found: Server = request.getfixturevalue(f"{request.param}_server")
    for name, value in found.environment.items():
        monkeypatch.setenv(name, value)
    with Client(parse_address(found.url)) as client:
        client.drop(CLOSURE_GRAPH)  # of the whole ontology, which a test before may have sent
    return found


def parts(nquads: str) -> list[Part]:
    """The graphs of a text, the catalogue at the end."""
    texts: dict[str, list[str]] = {}
    for line in nquads.splitlines(keepends=True):
        texts.setdefault(line[line.rindex("<") + 1 : -4], []).append(line)
    ordered = sorted(texts, key=lambda graph: (graph.endswith("catalogue"), graph))
    return [part(graph, "".join(texts[graph])) for graph in ordered]


def part(graph: str, nquads: str) -> Part:
    return Part(graph, digest(nquads), nquads.encode)


def filled(server: Server, wanted: list[Part]) -> tuple[int, int, int]:
    found = fill(parse_address(server.url), wanted, BASE)
    return found.sent, found.kept, found.removed


# The same answers


def test_every_question_has_the_same_answer(server: Server) -> None:
    filled(server, parts(invented()))
    local = memory_store(invented())
    asked = 0
    wrong: list[tuple[str, dict[str, str]]] = []
    with connect(parse_address(server.url)) as remote:
        for path in CASES:
            for case in tomllib.loads(path.read_text("utf-8"))["case"]:
                values = {name: _iri(local, value) for name, value in case.get("given", {}).items()}
                if queries.run(path.stem, remote, **values) != queries.run(
                    path.stem, local, **values
                ):
                    wrong.append((path.stem, values))
                asked += 1
        for check in shipped():
            if _values(remote, check.text) != _values(local, check.text):
                wrong.append((check.name, {}))
        assert len(remote) == len(local)
    assert not wrong, wrong
    assert asked > 60


def _iri(store: Store, value: str) -> str:
    """What a case calls a statement or snapshot by a handle is asked for by its IRI."""
    policy, _, number = value.partition("/")
    if number.isdigit():
        rows = store.query("SELECT ?s WHERE { { ?s a pf:Statement } UNION { ?s a pf:Denial } }")
        return sorted(row[0].value for row in rows)[int(number)]
    for row in store.query("SELECT ?s ?name WHERE { ?s a pf:Snapshot ; dct:identifier ?name }"):
        if row[1].value == policy:
            return str(row[0].value)
    return value


def _values(store: Store, text: str) -> list[tuple[str | None, ...]]:
    return [tuple(term and term.value for term in row) for row in store.query(text)]


def test_commands_answer_from_a_server_as_from_the_folder(
    server: Server, own: Path, corpus: Path, kg: Kg
) -> None:
    done = kg("build", corpus, "-o", own, "--store", server.url)
    assert done.code == 0, done.err
    assert f"{server.url}: " in done.out
    claim = kg("query", "statements", "--company", "Halden Mutual", "-g", own, "--format", "csv")
    for command in (
        ("query", "counts"),
        ("query", "who-shares", "--data", "personal data", "--recipient", "third party"),
        ("query", "SELECT ?s ?day { ?s a pf:Snapshot ; dct:issued ?day } ORDER BY ?s"),
        ("query", "ASK { ?s a pf:Snapshot }"),
        ("stats",),
        ("export", "--format", "flows"),
        ("explain", claim.out.split("/statement/")[1][:16]) if "/statement/" in claim.out else (),
    ):
        if command:
            folder, remote = kg(*command, "-g", own), kg(*command, "-g", server.url)
            assert (remote.code, remote.out) == (folder.code, folder.out), command
            assert folder.code == 0
    found = kg("contradictions", "--company", "Halden Mutual", "-g", server.url)
    assert "texts of the policies lie in the folder" in found.err
    again = kg("build", corpus, "-o", own, "--store", server.url)
    assert ": 0 graphs sent, " in again.out


def test_a_server_is_dumped_as_it_was_filled(server: Server) -> None:
    graphs = parts(invented())
    filled(server, graphs)
    import io  # noqa: PLC0415

    with connect(parse_address(server.url)) as remote:
        output = io.BytesIO()
        remote.dump(output)
        assert remote.graphs() == sorted(one.graph for one in graphs)
    assert len(set(output.getvalue().splitlines())) == len(set(invented().splitlines()))


# Kept up to date


def test_only_what_differs_is_sent_and_what_is_not_ours_stays(server: Server) -> None:
    address = parse_address(server.url)
    others = part(OTHERS, f"<{OTHERS}> <urn:p> <urn:o> <{OTHERS}> .\n")
    fill(address, [others], "urn:nobody:")
    graphs = parts(invented())
    filled(server, graphs)
    assert filled(server, graphs) == (0, len(graphs), 0)
    snapshots = [one for one in graphs if "/snapshot/" in one.graph]
    changed = part(
        snapshots[0].graph,
        f'<{snapshots[0].graph}> <urn:p> "changed" <{snapshots[0].graph}> .\n',
    )
    later = [changed, *(one for one in graphs if one not in snapshots[:2])]
    assert filled(server, later) == (1, len(later) - 1, 1)
    with connect(address) as remote:
        assert not remote.has_graph(snapshots[1].graph)
        assert [q.object.value for q in remote.quads(graph=changed.graph)] == ["changed"]
        assert remote.has_graph(OTHERS)
    assert fill(address, later, BASE, force=True).sent == len(later)


@pytest.mark.parametrize("nested", ["b/", "snapshot/", "snapshot/0f/", "changes/#"])
def test_a_base_within_another_keeps_its_graphs(server: Server, nested: str) -> None:
    address, inner = parse_address(server.url), BASE + nested
    names = [f"{inner}snapshot/0f", f"{inner}changes/0f", f"{inner}catalogue"]
    others = [part(name, f"<{name}> <urn:p> <urn:o> <{name}> .\n") for name in names]
    graphs = parts(invented())
    filled(server, graphs)
    assert fill(address, others, inner).removed == 0
    assert filled(server, graphs) == (0, len(graphs), 0)
    assert fill(address, others, inner) == Filled(address, 0, len(others), 0)
    assert fill(address, [], inner).removed == len(others)


def test_another_folders_graph_is_not_replaced_unless_forced(
    server: Server, tmp_path: Path, kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "WORKER", "bench.light")
    monkeypatch.syspath_prepend(ROOT)
    base, corpus = "http://corpus.example/", make(tmp_path / "c", a=policy("Brontide Works"))
    one, moved, other = (tmp_path / name for name in ("one", "moved", "other"))
    command = ("build", corpus, "--jobs", "1", "--base", base, "--store", server.url, "-o")
    assert kg(*command, one).code == 0
    one.rename(moved)
    assert ": 0 graphs sent, " in kg(*command, moved).out
    refused = kg(*command, other)
    assert refused.code == 1
    assert f"holds the graph of another folder under {base}" in refused.err
    assert "a --base of its own" in refused.err
    assert "--force" in refused.err
    assert kg(*command, other, "--force").code == 0
    assert kg(*command, moved).code == 1
    address = parse_address(server.url)
    with connect(address) as remote:
        assert not [q for q in remote.quads(graph=f"{base}catalogue") if "#folder" in str(q)]
    assert fill(address, [], base).removed == 2


def test_a_server_that_was_wiped_is_noticed(server: Server) -> None:
    graphs = parts(invented())
    filled(server, graphs)
    with Client(parse_address(server.url)) as client:
        client.drop(graphs[0].graph)
        client.drop(graphs[-1].graph)
    assert filled(server, graphs) == (2, len(graphs) - 2, 0)


def test_killed_in_mid_sending_the_next_goes_on(server: Server, tmp_path: Path) -> None:
    graphs = parts(invented())
    with Client(parse_address(server.url)) as client:
        for one in graphs:
            client.drop(one.graph)
    (tmp_path / "graph.nq").write_text(invented(), "utf-8")
    program = f"""
import os, sys
from dataclasses import replace
from pathlib import Path
sys.path[:0] = [{str(ROOT / "tests")!r}]
from test_servers import *
def die():
    os.kill(os.getpid(), 9)
wanted = parts(Path({str(tmp_path / "graph.nq")!r}).read_text("utf-8"))
wanted[3] = replace(wanted[3], nquads=die)
fill(parse_address({server.url!r}), wanted, BASE)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=dict(os.environ),
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr.decode()
    with Client(parse_address(server.url)) as client:
        held = client.graph(graphs[2].graph), client.graph(graphs[-1].graph)
    assert held[0]
    assert held[1].count(b"<") == 0  # no catalogue of what is not there
    sent, kept, _ = filled(server, graphs)
    assert sent + kept == len(graphs)
    assert kept == 3
    with connect(parse_address(server.url)) as remote:
        assert len(remote) == len(memory_store(invented()))


# What goes wrong


def test_watching_keeps_a_server_up_to_date_that_comes_and_goes(tmp_path: Path) -> None:
    if OXIGRAPH is None:
        pytest.skip("needs the oxigraph server")
    corpus = make(tmp_path / "c", a=policy("Brontide Works"))
    code = (
        "import sys; from kg import pool; pool.WORKER = 'bench.light'; "
        "from kg.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    port = free_port()
    url = f"sparql+http://127.0.0.1:{port}"
    command = ["build", "--watch", corpus, "-o", tmp_path / "kg-data", "--jobs", "1"]
    with subprocess.Popen(
        [sys.executable, "-c", code, *map(str, command), "--store", url],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            until(process, "cannot be reached")
            until(process, "Watching")
            with oxigraph(tmp_path, port):
                (corpus / "b.md").write_text(policy("Calque Works"))
                assert "0 there already" in until(process, "graphs sent")
                until(process, "Watching")
                (corpus / "b.md").unlink()
                assert ": 1 graphs sent, " in (told := until(process, "graphs sent"))
                assert told.endswith(" 1 removed\n")
        finally:
            process.kill()


def test_nobody_is_let_in_with_a_wrong_password(
    virtuoso_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    graphs = parts(invented())
    monkeypatch.delenv("KG_STORE_USER", raising=False)
    with pytest.raises(StoreError, match="set KG_STORE_USER"):
        filled(virtuoso_server, graphs[:1])
    monkeypatch.setenv("KG_STORE_USER", "kg")
    monkeypatch.setenv("KG_STORE_PASSWORD", f"{PASSWORD}x")
    with pytest.raises(StoreError, match="check KG_STORE_USER") as error:
        filled(virtuoso_server, graphs[:1])
    assert PASSWORD not in str(error.value)


def test_secrets_are_nowhere(
    virtuoso_server: Server, own: Path, corpus: Path, tmp_path: Path
) -> None:
    secrets = [PASSWORD, base64.b64encode(f"kg:{PASSWORD}".encode()).decode()]
    command = [sys.executable, "-m", "kg.cli", "build", str(corpus), "-v", "-o", str(own)]
    printed = b""
    with Client(parse_address(virtuoso_server.url), Credentials("kg", PASSWORD)) as client:
        client.drop(catalogue_graph())
    for password, code in ((f"{PASSWORD}-wrong", 1), (PASSWORD, 0)):
        done = subprocess.run(
            [*command, "--store", virtuoso_server.url],
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "KG_STORE_USER": "kg",
                "KG_STORE_PASSWORD": password,
            },
            capture_output=True,
            check=False,
        )
        printed += done.stdout + done.stderr
        assert done.returncode == code, done.stderr.decode()
        assert b"DEBUG kg.remote" in done.stderr
    for path in own.rglob("*"):
        if path.is_file():
            printed += path.read_bytes()
    assert not [secret for secret in secrets if secret.encode() in printed]
    assert PASSWORD not in repr(Client(parse_address(virtuoso_server.url)).__dict__)


def test_a_server_that_is_not_there(kg: Kg, own: Path) -> None:
    url = f"sparql+http://127.0.0.1:{free_port()}"
    started = time.monotonic()
    done = kg("query", "counts", "-g", url)
    assert time.monotonic() - started < 10
    assert done.code == 1
    assert "cannot be reached" in done.err
    assert kg("export", "--shards", own / "shards", "-g", url).code == 2


def test_a_server_without_a_graph(tmp_path: Path, kg: Kg) -> None:
    if OXIGRAPH is None:
        pytest.skip("needs the oxigraph server")
    with oxigraph(tmp_path) as server:
        done = kg("stats", "-g", server.url)
        assert done.code == 1
        assert "holds no graph" in done.err


def test_a_query_is_given_up_at_the_limit_and_the_guard_stands(server: Server, kg: Kg) -> None:
    filled(server, parts(invented()))
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f || ?f < ?i) }"
    started = time.monotonic()
    done = kg("query", slow, "-g", server.url, "--limit-seconds", "1")
    assert time.monotonic() - started < 5
    assert done.code == 1
    assert "within 1 seconds" in done.err
    for refused in (
        "DROP ALL",
        "SELECT * { SERVICE <http://127.0.0.1/> { ?a ?b ?c } }",
        "SELECT * FROM <http://127.0.0.1/none> { ?a ?b ?c }",
        "SELECT (bif:version() AS ?v) {}",
        "PREFIX x: <bif:> SELECT (x:version() AS ?v) {}",
        "SELECT * { ?a ?b }",
    ):
        done = kg("query", refused, "-g", server.url)
        assert done.code == 1, refused
        assert done.err.startswith("error: ")


# Parameters


def test_what_parameters_stand_for_cannot_change_the_query(server: Server) -> None:
    from pyoxigraph import Literal, NamedNode  # noqa: PLC0415 - heavy

    hostile = [
        '" } DROP ALL #', "\\", "\\\\", '\\" }', "\\u0022 }", "\\\\u0022", "'''", '"""', "?x $y",
        "a\nb\rc\td", "\x85\u2028\ufeff", "\x01\x1f\x7f", "é😀", "VALUES ?x { 1 }", "# no comment",
        "trailing\\", "",
    ]  # fmt: skip
    filled(server, parts(invented()))
    names = [f"v{number}" for number in range(len(hostile))]
    listed = " ".join(f"?{name}" for name in names)
    with connect(parse_address(server.url)) as remote:
        text = f"SELECT {listed} WHERE {{ ?s a pf:Policy }} LIMIT 1"
        [row] = remote.query(text, dict(zip(names, map(Literal, hostile), strict=True)))
        assert [term.value for term in row] == hostile
        node = NamedNode("http://x.example/?a=%22%3E'()&b;c")
        [row] = remote.query("SELECT ?v WHERE { ?s a pf:Policy } LIMIT 1", {"v": node})
        assert row[0] == node


@given(st.text(), st.text())
@settings(deadline=None, max_examples=200)
def test_a_hostile_value_is_a_value(one: str, other: str) -> None:
    from pyoxigraph import Literal  # noqa: PLC0415 - heavy

    one, other = (text.encode("utf-8", "replace").decode() for text in (one, other))
    store = memory_store(f"<urn:s> <urn:p> {literal(one)} <urn:g> .")
    text = "SELECT ?o ?x ?s WHERE { ?s ?p ?o OPTIONAL { ?s <urn:none> ?x } }"
    bindings = {"o": Literal(one), "x": Literal(other)}
    rows = [list(row) for row in store.query(with_values(text, bindings))]
    expected = [list(row) for row in store.query(text, bindings)]
    assert rows == expected
    assert len(rows) == ("\ufffe" not in one and _is_kept(one))


def _is_kept(text: str) -> bool:
    """Whether a text is written as it is: some characters no store can hold."""
    return bool(list(memory_store(f"<urn:s> <urn:p> {literal(text)} <urn:g> .").quads())) and (
        next(iter(memory_store(f"<urn:s> <urn:p> {literal(text)} <urn:g> .").quads())).object.value
        == text
    )


# Addresses


@pytest.mark.parametrize(
    ("url", "query", "update", "data"),
    [
        ("sparql+http://h:1", "http://h:1/query", "http://h:1/update", "http://h:1/store"),
        (
            "sparql+https://h/sparql",
            "https://h/sparql", "https://h/sparql-auth", "https://h/sparql-graph-crud-auth",
        ),
        ("sparql+http://h/ds", "http://h/ds/query", "http://h/ds/update", "http://h/ds/data"),
        (
            "sparql+http://h/repositories/x",
            "http://h/repositories/x", "http://h/repositories/x/statements",
            "http://h/repositories/x/rdf-graphs/service",
        ),
        ("sparql+http://h/?query=/q&update=/u&data=", "http://h/q", "http://h/u", None),
        ("sparql+http://[::1]:7/", "http://[::1]:7/query", "http://[::1]:7/update", "http://[::1]:7/store"),
    ],
)  # fmt: skip
def test_endpoints(url: str, query: str, update: str, data: str | None) -> None:
    assert parse_address(url) == Address(url, query, update, data)


@pytest.mark.parametrize(
    "url",
    [
        f"sparql+http://user:{PASSWORD}@h/", f"sparql+http://{PASSWORD}@h/", "sparql+ftp://h/",
        "sparql+http://", "sparql+http://h/?password=x", "sparql+http://h:x/", "sparql+http://h/#f",
        "sparql+http://h/a b", "sparql+http://h/?query=http://other/",
    ],
)  # fmt: skip
def test_what_is_no_address(url: str, kg: Kg, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        parse_address(url)
    assert PASSWORD not in str(error.value)
    for command in (("stats", "-g", url), ("build", tmp_path, "-o", tmp_path, "--store", url)):
        done = kg(*command, "-v")
        assert done.code == 2
        assert PASSWORD not in done.out + done.err


# HTTP


class _Handler(BaseHTTPRequestHandler):
    """Answers from a list, and remembers what it was asked with."""

    answers: ClassVar[list[tuple[int, dict[str, str]]]] = []
    seen: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(dict(self.headers))
        code, headers = self.answers.pop(0)
        body = b'{"head":{"vars":["g"]},"results":{"bindings":[]}}' if code == 200 else b"no"
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def answering(*answers: tuple[int, dict[str, str]]) -> Iterator[Address]:
    """A server that gives these answers, one after the other."""
    _Handler.answers, _Handler.seen = list(answers), []
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield parse_address(f"sparql+http://127.0.0.1:{server.server_port}")
        server.shutdown()


def test_busy_servers_are_asked_again() -> None:
    with answering((503, {}), (429, {"Retry-After": "0"}), (200, {})) as address:
        assert Client(address).query("ASK {}")
    with (
        answering(*[(503, {})] * 4) as address,
        pytest.raises(StoreError, match="busy"),
        Client(address) as client,
    ):
        client.query("ASK {}")


@pytest.mark.parametrize("question", ["counts", "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_the_limit_holds_for_a_server_that_says_nothing(question: str, kg: Kg) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"sparql+http://127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        done = kg("query", question, "-g", url, "--limit-seconds", "0.5")
        assert time.monotonic() - started < 3
    assert done.code == 1
    assert "within 0.5 seconds" in done.err


def test_redirects_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE_TOKEN", PASSWORD)
    with (
        answering((302, {"Location": f"http://elsewhere.example/{PASSWORD}"})) as address,
        pytest.raises(StoreError, match=r"elsewhere\.example") as error,
    ):
        Client(address).query("ASK {}")
    assert PASSWORD not in str(error.value)


def test_tokens_and_basic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE_TOKEN", "t0ken")
    with answering((200, {})) as address:
        Client(address).query("ASK {}")
    assert _Handler.seen[0]["Authorization"] == "Bearer t0ken"
    monkeypatch.delenv("KG_STORE_TOKEN")
    monkeypatch.setenv("KG_STORE_USER", "me")
    monkeypatch.setenv("KG_STORE_PASSWORD", PASSWORD)
    with answering((401, {"WWW-Authenticate": "Basic"}), (200, {}), (200, {})) as address:
        client = Client(address)
        client.query("ASK {}")
        client.query("ASK {}")
    assert ["Authorization" in seen for seen in _Handler.seen] == [False, True, True]


def test_answers_that_a_server_cuts_are_no_answers() -> None:
    with (
        answering((200, {"X-SPARQL-MaxRows": "10"})) as address,
        pytest.raises(QueryError, match="cuts answers after 10 rows"),
    ):
        Client(address).query("SELECT * {}")
