"""The server, asked over a socket: what it answers, what it refuses, and how it says so."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph
from serving import Reply, Served, serving

from kg.server import media, parameters
from kg.server.guards import Rates
from kg.server.problems import PROBLEMS, Problem

FORM = "application/x-www-form-urlencoded"
JSON_ROWS = "application/sparql-results+json"
XML_ROWS = "application/sparql-results+xml"
TSV = "text/tab-separated-values"
TYPED = (
    'SELECT * { VALUES (?iri ?text ?number ?day ?none) { (<urn:a> "two\\nlines, \\"q\\""@en 7 '
    '"2024-05-01"^^xsd:date UNDEF) } }'
)
TOKEN = "0123456789abcdef-token"


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Served]:
    with serving(built, "--rate", "0") as found:
        yield found


@pytest.fixture(scope="module")
def strict(built: Path) -> Iterator[Served]:
    """One with a token, a page elsewhere that may ask, and little patience with all."""
    options = ("--rate", "40", "--max-rows", "3", "--cors", "https://lab.example")
    with serving(built, *options, "--allow-host", "kg.example", KG_SERVE_TOKEN=TOKEN) as found:
        yield found


@pytest.fixture
def statement(server: Served) -> str:
    """Digits of a statement."""
    found = server.sparql("SELECT ?s { ?s a pf:Statement } ORDER BY ?s LIMIT 1").json
    return str(found["results"]["bindings"][0]["s"]["value"]).rsplit("/", 1)[-1]


# SPARQL: a request -> status, content type, a piece of the answer

ASK = "ASK {}"
WHAT = "CONSTRUCT { <urn:a> <urn:p> ?n } { VALUES ?n { 1 } }"
PROTOCOL = [
    # method, query in the address, body, its type, Accept -> status, type, piece
    ("GET", {"query": ASK}, None, None, None, 200, JSON_ROWS, '"boolean":true'),
    ("GET", {"query": ASK}, None, None, "*/*", 200, JSON_ROWS, '"boolean":true'),
    ("GET", {"query": ASK}, None, None, XML_ROWS, 200, XML_ROWS, "<boolean>true"),
    ("GET", {"query": ASK}, None, None, "text/csv", 200, "text/csv", "true"),
    ("GET", {"query": ASK}, None, None, "application/json", 200, "application/json", "true"),
    ("GET", {"query": TYPED}, None, None, f"text/turtle, {TSV};q=0.2", 200, TSV, "\t7\t"),
    ("GET", {"query": TYPED}, None, None, "text/csv;q=0.1, application/xml;q=0.9", 200,
     "application/xml", "xml:lang"),
    ("GET", {"query": TYPED}, None, None, "text/turtle", 406, media.PROBLEM, JSON_ROWS),
    ("GET", {"query": TYPED}, None, None, f"{JSON_ROWS};q=0", 406, media.PROBLEM, "text/csv"),
    ("GET", {"query": WHAT}, None, None, None, 200, "text/turtle", "<urn:p> 1 ."),
    ("GET", {"query": WHAT}, None, None, "application/n-triples", 200, "application/n-triples",
     '"1"^^<http://www.w3.org/2001/XMLSchema#integer> .'),
    ("GET", {"query": WHAT}, None, None, "application/rdf+xml", 200, "application/rdf+xml", "rdf:"),
    ("GET", {"query": WHAT}, None, None, "application/ld+json", 200, "application/ld+json", "@id"),
    ("GET", {"query": WHAT}, None, None, JSON_ROWS, 406, media.PROBLEM, "text/turtle"),
    ("POST", {}, urlencode({"query": ASK}), FORM, None, 200, JSON_ROWS, "true"),
    ("POST", {}, urlencode({"query": ASK}), f"{FORM}; charset=UTF-8", None, 200, JSON_ROWS, "true"),
    ("POST", {}, ASK, "application/sparql-query", None, 200, JSON_ROWS, "true"),
    ("POST", {}, "ASK { FILTER('é' = 'é') }", "application/sparql-query", None, 200, JSON_ROWS,
     "true"),
    # What is refused
    ("GET", {"query": "SELECT"}, None, None, None, 400, media.PROBLEM, "malformed"),
    ("GET", {"query": ""}, None, None, None, 400, media.PROBLEM, "empty"),
    ("GET", {"query": ["ASK {}", "ASK {}"]}, None, None, None, 400, media.PROBLEM, "one query"),
    ("GET", {"query": "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }"}, None, None, None,
     400, media.PROBLEM, "refused-query"),
    ("GET", {"query": "LOAD <http://x.example/>"}, None, None, None, 400, media.PROBLEM,
     "read-only"),
    ("GET", {"query": "DELETE WHERE { ?s ?p ?o }"}, None, None, None, 400, media.PROBLEM,
     "read-only"),
    ("GET", {"query": "SELECT * FROM <file:///etc/passwd> {}"}, None, None, None, 400,
     media.PROBLEM, "nothing is fetched"),
    ("GET", {"query": ASK, "default-graph-uri": "http://x.example/"}, None, None, None, 400,
     media.PROBLEM, "unknown-graph"),
    ("GET", {"query": ASK, "named-graph-uri": "no iri"}, None, None, None, 400, media.PROBLEM,
     "wrong-parameter"),
    ("GET", {"update": "CLEAR ALL"}, None, None, None, 403, media.PROBLEM, "read-only"),
    ("POST", {}, urlencode({"update": "CLEAR ALL"}), FORM, None, 403, media.PROBLEM, "read-only"),
    ("POST", {}, "CLEAR ALL", "application/sparql-update", None, 403, media.PROBLEM, "read-only"),
    ("POST", {}, "", FORM, None, 400, media.PROBLEM, "query"),
    ("POST", {}, ASK, "text/plain", None, 415, media.PROBLEM, "application/sparql-query"),
    ("POST", {}, ASK, None, None, 415, media.PROBLEM, "application/sparql-query"),
    ("POST", {}, b"\xff\xfe", "application/sparql-query", None, 400, media.PROBLEM, "UTF-8"),
    ("POST", {}, "#" * 1_100_000, "application/sparql-query", None, 413, media.PROBLEM, "bytes"),
    ("POST", {}, "#" * 200_000, "application/sparql-query", None, 400, media.PROBLEM, "characters"),
    ("PUT", {}, None, None, None, 405, media.PROBLEM, "GET"),
    ("DELETE", {}, None, None, None, 405, media.PROBLEM, "GET"),
]  # fmt: skip


@pytest.mark.parametrize("case", PROTOCOL, ids=lambda case: f"{case[0]} {str(case[1:3])[:60]}")
def test_the_protocol(server: Served, case: tuple[object, ...]) -> None:
    method, query, body, kind, accept, status, answered, piece = case
    headers = {"Content_Type": kind, "Accept": accept}
    address = f"/sparql?{urlencode(query, doseq=True)}"  # type: ignore[arg-type]
    sent = {name: str(value) for name, value in headers.items() if value}
    data = body.encode() if isinstance(body, str) else body
    reply = server.ask(address, str(method), data, **sent)  # type: ignore[arg-type]
    assert (reply.status, reply.kind) == (status, answered), reply.text[:500]
    assert str(piece) in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    if status == 405:
        assert reply.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_terms_are_told_in_full(server: Served) -> None:
    [row] = server.sparql(TYPED).json["results"]["bindings"]
    assert row == {
        "iri": {"type": "uri", "value": "urn:a"},
        "text": {"type": "literal", "value": 'two\nlines, "q"', "xml:lang": "en"},
        "number": {
            "type": "literal",
            "value": "7",
            "datatype": "http://www.w3.org/2001/XMLSchema#integer",
        },
        "day": {
            "type": "literal",
            "value": "2024-05-01",
            "datatype": "http://www.w3.org/2001/XMLSchema#date",
        },
    }
    rows = list(csv.reader(io.StringIO(server.sparql(TYPED, Accept="text/csv").text)))
    assert sorted(rows[1]) == ["", "2024-05-01", "7", 'two\nlines, "q"', "urn:a"]
    tsv = server.sparql(TYPED, Accept=TSV).text.splitlines()
    assert '"two\\nlines, \\"q\\""@en' in tsv[1].split("\t")


def test_xml_can_be_read_whatever_a_policy_holds(server: Served) -> None:
    text = "SELECT ?a { VALUES ?a { 'a\\u0001\\u001b<&>\\uFFFF' } }"
    found = ET.fromstring(server.sparql(text, Accept=XML_ROWS).body)
    assert [one.text for one in found.iter() if one.tag.endswith("literal")] == ["a��<&>�"]
    graph = "CONSTRUCT { <urn:a> <urn:b:c> ?a } { VALUES ?a { 'a\\u0001<' } }"
    ET.fromstring(server.sparql(graph, Accept="application/rdf+xml").body)
    nameless = "CONSTRUCT { <urn:a> <http://p.example/1/> 1 } {}"
    assert server.sparql(nameless, Accept="application/rdf+xml").status == 406


def test_a_dataset_of_graphs_of_the_store(server: Served) -> None:
    rows = server.sparql("SELECT ?g { GRAPH ?g { ?s a pf:Statement } } GROUP BY ?g ORDER BY ?g")
    first, second, *_ = [row["g"]["value"] for row in rows.json["results"]["bindings"]]
    count = "SELECT (COUNT(*) AS ?n) { ?s a pf:Statement }"
    names = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"

    def asked(text: str, **graphs: list[str] | str) -> list[str]:
        given = {name.replace("_", "-"): value for name, value in graphs.items()}
        reply = server.ask(f"/sparql?{urlencode({'query': text, **given}, doseq=True)}")
        [name] = reply.json["head"]["vars"]
        return sorted(row[name]["value"] for row in reply.json["results"]["bindings"])

    one, other = (int(asked(count, default_graph_uri=graph)[0]) for graph in (first, second))
    assert [str(one + other)] == asked(count, default_graph_uri=[first, second])
    assert one + other <= int(asked(count)[0])
    assert asked(names, named_graph_uri=[second, first]) == sorted([first, second])
    assert asked(count, named_graph_uri=first) == ["0"]
    # What the request names counts, whatever the query does.
    mixed = f"SELECT (COUNT(*) AS ?n) FROM <{second}> {{ ?s a pf:Statement }}"
    assert asked(mixed, default_graph_uri=first) == [str(one)]


def test_the_service_describes_itself(server: Served) -> None:
    for kind in media.GRAPHS:
        reply = server.ask("/sparql", Accept=kind)
        assert (reply.status, reply.kind) == (200, kind)
        assert server.ask("/sparql", Accept=kind).headers["etag"] == reply.headers["etag"]
    graph = Graph().parse(data=server.ask("/sparql").text, format="turtle")
    sd = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> "
    assert graph.query(
        sd + "ASK { ?s a sd:Service ; sd:endpoint ?e ; sd:feature sd:UnionDefaultGraph ; "
        "sd:supportedLanguage sd:SPARQL11Query }"
    ).askAnswer
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert server.ask("/sparql", Accept=browser).headers["location"] == "/"


def test_what_is_cut_is_said(strict: Served) -> None:
    def asked(text: str, kind: str = JSON_ROWS) -> Reply:
        return strict.sparql(text, Accept=kind, Authorization=f"Bearer {TOKEN}")

    rows = "SELECT ?n { VALUES ?n { 1 2 3 4 5 } }"
    reply = asked(rows)
    assert [row["n"]["value"] for row in reply.json["results"]["bindings"]] == ["1", "2", "3"]
    assert reply.headers["x-result-cut"] == "rows; max=3"
    assert reply.json["head"]["link"] == ["/limits"]
    assert asked(rows, "text/csv").text == "n\r\n1\r\n2\r\n3\r\n"
    assert asked(rows, "text/csv").headers["x-result-cut"] == "rows; max=3"
    assert '<link href="/limits"/></head>' in asked(rows, XML_ROWS).text
    graph = "CONSTRUCT { <urn:a> <urn:b:p> ?n } { VALUES ?n { 1 2 3 4 5 } }"
    for kind in media.GRAPHS:
        reply = asked(graph, kind)
        assert reply.headers["x-result-cut"] == "triples; max=3"
        if kind == "application/ld+json":
            assert len(reply.json[0]["urn:b:p"]) == 3
        else:
            assert len(Graph().parse(data=reply.text, format=kind)) == 3
    exact = asked("SELECT ?n { VALUES ?n { 1 2 3 } }")
    assert "x-result-cut" not in exact.headers
    assert "link" not in exact.json["head"]


# Canned questions, snapshots, statements, the view


def test_questions_are_listed(server: Served) -> None:
    found = {one["name"]: one for one in server.ask("/queries").json}
    assert len(found) >= 40
    assert found["who-shares"]["parameters"][1] == {
        "name": "data", "required": True, "meaning": "a data category, by name",
    }  # fmt: skip


def test_a_question(server: Served) -> None:
    reply = server.ask("/queries/denials?company=Stridewell")
    assert reply.status == 200
    assert reply.json["parameters"] == {"company": "Stridewell"}
    assert reply.json["total"] == len(reply.json["rows"]) > 2
    row = reply.json["rows"][0]
    assert list(row) == reply.json["columns"]
    digits = row["statement"].rsplit("/", 1)[-1]
    assert server.ask(f"/statements/{digits}").json["denial"] is True
    table = server.ask("/queries/denials?company=Stridewell&format=csv")
    assert table.kind == "text/csv"
    assert len(list(csv.reader(io.StringIO(table.text)))) == reply.json["total"] + 1
    assert server.ask("/queries/denials?company=Stridewell", Accept="text/csv").body == table.body
    iris = server.ask("/queries/denials?company=Stridewell&iris=true").json
    assert iris["rows"][0]["company"].startswith("https://")
    sure = server.ask("/queries/statements?company=Stridewell&min-confidence=0.99").json
    assert sure["total"] < server.ask("/queries/statements?company=Stridewell").json["total"]


def test_rows_come_in_pages(server: Served) -> None:
    whole = server.ask("/queries/data-collected").json
    address, rows = "/queries/data-collected?limit=40", []
    while address:
        reply = server.ask(address)
        assert reply.headers["x-total-count"] == str(whole["total"])
        rows += reply.json["rows"]
        address = reply.json["next"]
        if address:
            assert reply.headers["link"] == f'<{address}>; rel="next"'
    assert rows == whole["rows"]
    assert server.ask("/queries/data-collected?offset=100000").json["rows"] == []


WRONG = [
    ("/queries/who-share", 404, "who-shares"),
    ("/queries/nope", 404, "no canned query 'nope'; /queries lists them all"),
    ("/queries/..%2f..%2fpyproject", 404, "openapi.json"),
    ("/queries/who-shares", 400, "data is missing"),
    ("/queries/denials?compny=Acme", 400, "compny"),
    ("/queries/denials?company=Nobody%20At%20All", 404, "Nobody At All"),
    ("/queries/denials?company=a&company=b", 400, "too often"),
    ("/queries/denials?company=%00", 400, "company"),
    ("/queries/denials?company=%ff", 400, "cannot be read"),
    ("/queries/denials?limit=0", 400, "between"),
    ("/queries/denials?limit=many", 400, "number"),
    ("/queries/denials?format=pdf", 400, "json, csv"),
    ("/queries/denials?iris=yes", 400, "true nor false"),
    ("/queries/denials?min-confidence=2", 400, "between"),
    ("/queries/timeline?company=Warblebox&year=20", 400, "year"),
    ("/queries/flows-added?company=Warblebox&earlier=soon&later=2021-06-15", 400, "no date"),
    ("/queries/flows-added?company=Warblebox&earlier=2001-01-01&later=2021-06-15", 404, "2021"),
    ("/queries/flows-added?company=Warblebox&earlier=2021-13-01&later=2021", 400, "no date"),
    ("/queries/children?action=eat", 400, "choose collect"),
    ("/statements/zz", 404, "no statement"),
    ("/statements/0000000000000000", 404, "no statement"),
    ("/id/party/0000000000000000", 404, "nothing in the graph"),
    ("/id/party/%3E%20%7B%7D", 404, "nothing in the graph"),
    ("/snapshots?company=Nobody%20At%20All", 404, "Nobody At All"),
    ("/view?company=Nobody%20At%20All", 404, "Nobody At All"),
    ("/view?snapshot=soon", 400, "snapshot"),
    ("/nowhere", 404, "openapi.json"),
    ("/queries/", 404, "openapi.json"),
    ("/../../etc/passwd", 404, "openapi.json"),
    ("/static/%2e%2e/%2e%2e/etc/passwd", 404, "openapi.json"),
]


@pytest.mark.parametrize(("address", "status", "piece"), WRONG, ids=[one[0] for one in WRONG])
def test_what_is_wrong_is_told(server: Served, address: str, status: int, piece: str) -> None:
    reply = server.ask(address)
    assert reply.status == status, reply.text
    assert PROBLEMS[reply.problem][0] == status
    assert piece in reply.json["detail"]
    assert "Traceback" not in reply.text
    assert "`kg " not in reply.json["detail"]


def test_a_statement(server: Served, statement: str) -> None:
    found = server.ask(f"/statements/{statement}").json
    assert "".join(piece["text"] for piece in found["segments"]) == found["sentence"]["text"]
    assert found["iri"].endswith(statement)
    assert server.ask(f"/statements/{statement[:14]}").json == found
    turtle = server.ask(f"/statements/{statement}", Accept="text/turtle")
    assert server.ask(f"/id/statement/{statement}").body == turtle.body
    assert len(Graph().parse(data=turtle.text, format="turtle")) > 5


def test_snapshots(server: Served) -> None:
    found = server.ask("/snapshots").json
    assert found["total"] == len(found["rows"]) == 9
    assert {row["company"] for row in found["rows"]} > {"Stridewell"}
    assert server.ask("/snapshots?company=Warblebox").json["total"] == 3


def test_the_view(server: Served) -> None:
    reply = server.ask("/view?company=Stridewell")
    assert (reply.status, reply.kind) == (200, "text/html")
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert "script-src 'sha256-" in reply.headers["content-security-policy"]
    again = server.ask("/view?company=Stridewell", If_None_Match=reply.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_people_are_told_on_a_page(server: Served) -> None:
    reply = server.ask("/view?company=%3Cscript%3Ealert(1)", Accept="text/html,*/*;q=0.8")
    assert (reply.status, reply.kind) == (404, "text/html")
    assert "<script>alert" not in reply.text
    assert "style-src 'sha256-" in reply.headers["content-security-policy"]


def test_what_the_server_says_of_itself(server: Served) -> None:
    health = server.ask("/health").json
    assert health["status"] == "ok"
    assert health["quads"] > 10_000
    assert server.ask("/limits").json["rows"] == 100_000
    assert set(server.ask("/problems").json) == set(PROBLEMS)


@pytest.mark.parametrize("path", ["/", "/queries", "/sparql?query=ASK%7B%7D", "/snapshots"])
def test_head_options_and_what_is_known(server: Served, path: str) -> None:
    reply = server.ask(path)
    head = server.ask(path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(reply.body))
    assert head.headers["etag"] == reply.headers["etag"]
    known = server.ask(path, If_None_Match=f'"x", W/{reply.headers["etag"]}')
    assert (known.status, known.body) == (304, b"")
    if "last-modified" in reply.headers:
        since = server.ask(path, If_Modified_Since=reply.headers["last-modified"])
        assert since.status == 304
        long_ago = "Mon, 01 Jan 2001 00:00:00 GMT"
        assert server.ask(path, If_Modified_Since=long_ago).status == 200
    options = server.ask(path, "OPTIONS")
    assert options.status == 204
    assert "HEAD" in options.headers["allow"]


def test_other_forms_have_other_tags(server: Served) -> None:
    tags = {server.sparql(ASK, Accept=kind).headers["etag"] for kind in media.ROWS}
    assert len(tags) == len(media.ROWS)


# Who may ask


def test_only_its_own_names(server: Served, strict: Served) -> None:
    for name in ("localhost", f"127.0.0.1:{server.port}", "LOCALHOST:80", "[::1]:7700"):
        assert server.ask("/health", Host=name).status == 200
    for name in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7700", ""):
        assert server.ask("/health", Host=name).status in {400, 421}
    assert server.ask("/", Host="kg.example").problem == "wrong-host"
    assert strict.ask("/health", Host="kg.example:443").status == 200


def test_pages_of_other_sites_may_not_ask(server: Served, strict: Served) -> None:
    asked = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"}
    assert server.ask("/queries", Origin="https://lab.example", **asked).problem == "other-site"
    link = {**asked, "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert server.ask("/queries", **link).status == 200
    assert "access-control-allow-origin" not in server.ask("/", Origin="https://a.example").headers
    headers = {"Authorization": f"Bearer {TOKEN}", "Origin": "https://lab.example"}
    allowed = strict.ask("/queries", **headers, **asked)
    assert allowed.status == 200
    assert allowed.headers["access-control-allow-origin"] == "https://lab.example"
    failed = strict.ask("/queries/no", **headers, **asked)
    assert failed.headers["access-control-allow-origin"] == "https://lab.example"
    before = {
        "Origin": "https://lab.example",
        "Access_Control_Request_Method": "POST",
        "Access_Control_Request_Headers": "content-type",
    }
    assert strict.ask("/sparql", "OPTIONS", **before).status == 200
    other = strict.ask("/queries", Authorization=f"Bearer {TOKEN}", Origin="https://evil.example")
    assert "access-control-allow-origin" not in other.headers


def test_the_token(strict: Served) -> None:
    def basic(text: str) -> str:
        return f"Basic {b64encode(text.encode()).decode()}"

    assert strict.ask("/health").status == 200
    for wrong in ("", "Bearer", f"Bearer {TOKEN}x", TOKEN, basic(TOKEN), basic("a:b"), "Basic ü"):
        reply = strict.ask("/queries", Authorization=wrong.encode().decode("latin-1"))
        assert reply.problem == "no-token"
        assert "Bearer" in reply.headers["www-authenticate"]
        assert TOKEN not in reply.text
    for right in (f"Bearer {TOKEN}", f"bearer  {TOKEN}", basic(f"anna:{TOKEN}")):
        assert strict.ask("/limits", Authorization=right).status == 200
    assert strict.ask(f"/limits?token={TOKEN}").status == 401


def test_not_too_often(strict: Served) -> None:
    replies = [strict.ask("/limits", Authorization=f"Bearer {TOKEN}") for _ in range(160)]
    refused = [reply for reply in replies if reply.status == 429]
    assert refused
    assert refused[0].problem == "too-often"
    assert int(refused[0].headers["retry-after"]) >= 1


def test_a_bucket_fills_again() -> None:
    rates = Rates(lambda *_: None, 2)  # type: ignore[arg-type, return-value]
    assert [rates.wait("a", 0.0) for _ in range(4)] == [0.0] * 4
    assert rates.wait("a", 0.0) == 0.5
    assert rates.wait("b", 0.0) == 0.0
    assert rates.wait("a", 0.5) == 0.0
    assert rates.wait("a", 0.5) == 0.5


def test_slow_and_broken_clients(server: Served) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as rude:
        rude.sendall(b"\x16\x03\x01 no http\r\n\r\n")
        assert b" 400 " in rude.recv(4000)
    with socket.create_connection(("127.0.0.1", server.port)) as rude:
        rude.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 200_000)
        # Refused before its end: one that arrives whole is small enough to be looked at.
        assert b" 400 " in rude.recv(4000)
    assert server.ask("/health").status == 200


def test_the_log_has_a_line_a_request_and_no_token(built: Path) -> None:
    with serving(built, KG_SERVE_TOKEN=TOKEN) as served:
        served.ask("/limits?a=%1b[31m", Authorization=f"Bearer {TOKEN}")
        with socket.create_connection(("127.0.0.1", served.port)) as raw:
            raw.sendall(b"GET /a%0ab?\x1b[2J HTTP/1.1\r\nHost: localhost\r\n\r\n")
            raw.recv(4000)
    log = "".join(served.log)
    assert "GET /limits?a=%1b[31m 400" in log
    assert TOKEN not in log
    assert "\x1b" not in log


def test_nothing_but_the_loopback_without_a_word_and_a_token(
    kg, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KG_SERVE_TOKEN", raising=False)
    done = kg("serve", "-g", built, "--host", "0.0.0.0")
    assert (done.code, "--public" in done.err) == (2, True)
    done = kg("serve", "-g", built, "--host", "0.0.0.0", "--public")
    assert (done.code, "KG_SERVE_TOKEN" in done.err) == (2, True)
    monkeypatch.setenv("KG_SERVE_TOKEN", "short")
    done = kg("serve", "-g", built)
    assert (done.code, "16 characters" in done.err) == (2, True)
    monkeypatch.delenv("KG_SERVE_TOKEN")
    done = kg("serve", "-g", built, "--cors", "*")
    assert (done.code, "no origin" in done.err) == (2, True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = kg("serve", "-g", built, "--port", taken.getsockname()[1])
    assert (done.code, "cannot listen" in done.err) == (2, True)


def test_no_graph_no_server(kg, tmp_path: Path) -> None:
    done = kg("serve", "-g", tmp_path, "--port", "0")
    assert done.code == 1
    assert "holds no graph" in done.err


# Parts

ACCEPT = [
    (None, "a/b"),
    ("", "a/b"),
    ("*/*", "a/b"),
    ("c/d", "c/d"),
    ("A/*", "a/b"),
    ("c/*;q=0.5, a/b;q=0.4", "c/d"),
    ("a/*;q=0, */*", "c/d"),
    ("a/b;q=0.000, c/d;q=0", None),
    ("x/y", None),
    ("nonsense, ;;, c/d;q=2", "c/d"),
    ("c/d;version=1;q=0.9, a/b;q=0.8", "c/d"),
]


@pytest.mark.parametrize(("accept", "chosen"), ACCEPT)
def test_media_types(accept: str | None, chosen: str | None) -> None:
    assert media.choose(accept, ("a/b", "c/d")) == chosen


@given(st.text())
def test_any_accept_header_can_be_read(accept: str) -> None:
    assert media.choose(accept, ("a/b",)) in {"a/b", None}


@given(st.text(max_size=30))
def test_what_a_parameter_takes_fits_its_schema(value: str) -> None:
    schema = parameters.COMPANY.schema()
    fits = bool(re.search(schema["pattern"].replace("$", r"\Z"), value)) and value != ""
    try:
        parameters.COMPANY.read([value])
    except Problem:
        assert not fits
    else:
        assert fits


def test_problems_are_json() -> None:
    told = json.loads(Problem("failed", "a\x1b[31m\nb").body())
    assert told["detail"] == "a␛[31m\nb"
    assert quote(told["type"], safe="/#") == "/problems#failed"
