"""Questions: what is asked for is found, what is typed is checked, what runs away is stopped."""

from __future__ import annotations

import csv
import io
import json
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Done
from hypothesis import given
from hypothesis import strategies as st

from kg import queries
from kg.errors import QueryError, StoreError, UsageError
from kg.model import Result
from kg.queries import check, format_result, limits, parse, run, run_limited, run_sparql
from kg.queries.canned import asked
from kg.store import build_store, memory_store, open_store
from kg.triples import XSD

Kg = Callable[..., Done]
PF = "https://w3id.org/privflow#"
GRAPH = "urn:graph:a"


def line(subject: str, predicate: str, value: str) -> str:
    return f"<{subject}> <{predicate}> {value} <{GRAPH}> .\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "kg-data"
    lines = [line(f"urn:s{n}", "urn:p", f'"{n}"') for n in range(3000)]
    build_store(["".join(lines)], path)
    return path


# Users' SPARQL


def test_select_ask_construct_describe(folder: Path) -> None:
    rows = run_sparql("SELECT ?o { <urn:s1> ?p ?o }", folder)
    assert rows == Result(("o",), (("1",),))
    assert run_sparql("ASK { <urn:s1> ?p 'no SERVICE' }", folder) == Result(
        ("answer",), ((False,),)
    )
    graph = run_sparql("CONSTRUCT { ?s pf:actor ?o } { ?s ?p ?o FILTER(?s = <urn:s2>) }", folder)
    assert isinstance(graph, str)
    assert 'pf:actor "2"' in graph
    assert "urn:s3" in str(run_sparql("DESCRIBE <urn:s3>", folder))


def test_cells_are_plain_values(folder: Path) -> None:
    found = run_sparql(
        "SELECT ?n ?d ?b ?t ?none { VALUES (?n ?d ?b ?t ?none) { (3000 1.5 true 'x' UNDEF) } }",
        folder,
    )
    assert isinstance(found, Result)
    assert found.rows == ((3000, 1.5, True, "x", None),)


def test_a_long_answer_is_cut(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    found = run_sparql("SELECT ?s { ?s ?p ?o }", folder, max_rows=10)
    assert isinstance(found, Result)
    assert len(found.rows) == 10
    assert "cut after 10 rows" in caplog.text


@pytest.mark.parametrize(
    "runaway",
    [
        "SELECT ?a { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z . FILTER(CONCAT(?x, ?z) = 'never') }",
        "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }",
        "SELECT (SUM(?v) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z . BIND(STRLEN(?x) AS ?v) }",
        "ASK { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z . FILTER(CONCAT(?x, ?y, ?z) = 'never') }",
    ],
    ids=["join", "count", "sum", "ask"],
)
def test_a_runaway_is_stopped_within_a_second_of_the_limit(folder: Path, runaway: str) -> None:
    start = time.monotonic()
    with pytest.raises(QueryError, match="stopped after 1 seconds"):
        run_sparql(runaway, folder, limit_seconds=1)
    assert 1 <= time.monotonic() - start < 2


def test_malformed_or_no_graph(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="malformed"):
        run_sparql("SELECT ?s { ?s ?p }", folder)
    with pytest.raises(StoreError, match="kg build"):
        run_sparql("SELECT ?s { ?s ?p ?o }", tmp_path)
    for text in ("", "# nothing", "PREFIX a: <urn:a>"):
        with pytest.raises(QueryError, match="empty"):
            run_sparql(text, folder)


def test_from_may_name_only_graphs_of_the_store(folder: Path) -> None:
    assert run_sparql(f"SELECT ?o FROM <{GRAPH}> {{ <urn:s1> ?p ?o }}", folder).rows  # type: ignore[union-attr]
    with pytest.raises(QueryError, match="no graph of the store"):
        run_sparql("SELECT ?o FROM <http://127.0.0.1/x> { ?s ?p ?o }", folder)
    with pytest.raises(QueryError, match="no graph of the store"):
        run_sparql("SELECT ?o FROM NAMED <http://x.example/> { GRAPH ?g { ?s ?p ?o } }", folder)


@pytest.mark.parametrize("name", ["most-named-recipients", "snapshots", "counts"])
def test_a_damaged_graph_is_told_and_nothing_runs_on(name: str, own: Path, kg: Kg) -> None:
    generation = own / (own / "current").read_text().strip()
    for path in generation.glob("*.sst"):
        data = bytearray(path.read_bytes())
        for place in range(3000, len(data) * 4 // 5, 3000):  # not in the index at the end
            data[place] ^= 255
        path.write_bytes(data)
    started = time.monotonic()
    done = kg("query", name, "-g", own, "--limit-seconds", "2")
    assert time.monotonic() - started < 4
    assert (done.code, done.out) == (1, "")
    assert "damaged" in done.err
    assert f"`kg build CORPUS -o {own} --force`" in done.err


def test_canned_questions_have_the_limits_too(own: Path, kg: Kg) -> None:
    done = kg("query", "counts", "-g", own, "--limit-seconds", "0.01")
    assert done.code == 1
    assert "stopped after 0.01 seconds" in done.err
    assert kg("query", "counts", "--data", "name", "-g", own).code == 2
    assert "there is no company" in kg("query", "retention", "--company", "Nobody", "-g", own).err
    with open_store(own) as store:
        assert run_limited("retention", own, company="Warblebox") == run(
            "retention", store, company="Warblebox"
        )


def test_a_process_that_dies_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMORY", 100 << 20)
    large = "SELECT * { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z } ORDER BY ?x ?y ?z"
    with pytest.raises(QueryError, match=r"died \(SIG.*memory, or the graph is damaged.*--force"):
        run_sparql(large, folder)


REFUSED = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "select * { service silent <URL> { ?s ?p ?o } }",
    "SELECT * { { OPTIONAL { sErViCe <URL> { ?s ?p ?o } } } UNION { ?a ?b ?c } }",
    "SELECT * { ?s ?p '#' . SERVICE <URL> { ?s ?p ?o } }",
    'SELECT * { ?s ?p """a " \\""" . SERVICE """ . SERVICE <URL> { ?s ?p ?o } }',
    "SELECT * { ?s ?p <urn:#x> . SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "PREFIX s: <URL> SELECT * { SERVICE s: { ?s ?p ?o } }",
    "PREFIX x: <x:> SELECT * {BIND(<URL> AS ?g) ?x ?p ?y FILTER(?x<x:y).SERVICE?g#>\n{?a ?b ?c}}",
    "SELECT * {BIND(<URL> AS ?g) ?x ?p ?y FILTER(?x<?y).SERVICE?g#>\n{?a ?b ?c}}",
    "PREFIX x: <x:> SELECT * {BIND(<URL> AS ?g) ?x ?p ?y FILTER(?x<x:y).SERVICE#>\n?g{?a ?b ?c}}",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "ASK{SERVICE<URL>{?s ?p ?o}}",
    "LOAD <URL>",
    "load silent <URL> into graph <urn:g>",
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "PREFIX a: <urn:a> DELETE WHERE { ?s ?p ?o }",
    "DROP ALL",
    "SELECT * { ?s ?p ?o } ; LOAD <URL>",
    "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "EXPLAIN SELECT * { ?s ?p ?o }",
]


@pytest.mark.parametrize("text", REFUSED)
def test_refused_before_it_reaches_the_network(text: str, folder: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.05)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(QueryError, match=r"refused|expected SELECT|may be a comparison"):
            run_sparql(text.replace("URL", url), folder)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x/> {}' } # SERVICE <http://x/> {}",
        'SELECT * { ?s ?p "it\'s a SERVICE" }',
        "SELECT * { ?s ?p '''a 'SERVICE' b''' }",
        "SELECT * { ?s <http://x.example/SERVICE/load> ?service }",
        "SELECT * { ?s <http://x.example/service#part> $SERVICE }",
        "PREFIX s: <urn:service> SELECT * { ?s s:load s:SERVICE }",
        "PREFIX dct: <urn:d> SELECT * { ?s dct:SERVICE 'x'@en ; dct:x _:service }",
        "# LOAD\nSELECT (1 AS ?load) { }",
        "SELECT * { ?s ?p ?o FILTER(?s<?o && ?o>1) }",
        "BASE <http://x/> ASK { <SERVICE> ?p ?o }",
    ],
)
def test_words_are_not_keywords(text: str, folder: Path) -> None:
    assert check(text).form in {"SELECT", "ASK"}
    run_sparql(text, folder)


def test_errors_name_the_place() -> None:
    with pytest.raises(QueryError, match="line 2, column 3"):
        check("SELECT * {\n  SERVICE <urn:x> {} }")


# Canned questions


def test_front_matter() -> None:
    text = "#+ question: Who?\n#+ columns: a, b\n#+ gather: b\nSELECT ?a ?b {} ORDER BY ?a\n"
    query = parse(text, Path("queries/who.rq"))
    assert (query.name, query.question, query.columns, query.gather) == (
        "who",
        "Who?",
        ("a", "b"),
        ("b",),
    )
    for bad, message in (
        (text.replace("gather", "gathered"), r"who\.rq:3: unknown key 'gathered'"),
        (text.replace("#+ gather: b", "#+ gather"), r"who\.rq:3: expected"),
        (text.replace("gather", "columns"), r"who\.rq:3: 'columns' is there twice"),
        (text.replace("#+ question: Who?\n", ""), r"who\.rq:1: .*lacks 'question'"),
        (text.replace("gather: b", "parameters: shoe"), r"who\.rq:1: unknown parameter 'shoe'"),
    ):
        with pytest.raises(QueryError, match=message):
            parse(bad, Path("queries/who.rq"))


def test_there_are_enough_questions() -> None:
    assert len(queries.names()) >= 24
    assert len({queries.get(name).question for name in queries.names()}) == len(queries.names())
    assert all(queries.get(name).question.endswith("?") for name in queries.names())


@pytest.mark.parametrize("name", ["recipient", "../README", "recipients.rq", ""])
def test_unknown_questions(name: str) -> None:
    with pytest.raises(QueryError, match="kg queries"):
        queries.get(name)


def test_near_names_are_offered() -> None:
    with pytest.raises(QueryError, match="did you mean recipients"):
        queries.get("recipient")


DCT = "http://purl.org/dc/terms/"
PEOPLE = "".join(
    (
        line("urn:snap1", f"{DCT}publisher", "<urn:acme>"),
        line("urn:snap1", f"{PF}publisherName", '"Acme Widgets"'),
        line("urn:acme", f"{PF}alias", '"Acme Widgets, Inc."'),
        line("urn:snap1", f"{DCT}issued", '"2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
        line("urn:snap2", f"{DCT}publisher", "<urn:acorn>"),
        line("urn:snap2", f"{PF}publisherName", '"Acorn; DROP ALL"'),
        line("urn:snap2", f"{DCT}issued", '"2021-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
    )
)
WHO = parse(
    "#+ question: Who?\n#+ parameters: company, later\n#+ columns: company, later\n"
    f"SELECT ?company ?later {{ ?later <{DCT}publisher> ?company }} ORDER BY ?company",
    Path("who.rq"),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Acme Widgets", "urn:acme"),
        ("acme widgets", "urn:acme"),
        ("ACME WIDGETS LLC", "urn:acme"),
        ("acme", "urn:acme"),
        ("Acme Wigdets", "urn:acme"),
        ("urn:acorn", "urn:acorn"),
        ("Acorn; DROP ALL", "urn:acorn"),
    ],
)
def test_names_are_found_as_people_type_them(typed: str, meant: str) -> None:
    with memory_store(PEOPLE) as store:
        assert [row[0] for row in run(WHO, store, company=typed).rows] == [meant]


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"company": "ac"}, "can be Acme Widgets"),
        ({"company": "Zebra"}, "there is no company 'Zebra'"),
        ({"company": "Acme Wid' } #"}, "did you mean Acme Widgets"),
        ({"later": "2020-13-01"}, "no date"),
        ({"later": "last year"}, "YYYY-MM-DD"),
        ({"later": "2019-01-01"}, "there are 2020-01-01, 2021-01-01"),
        ({"later": "2020-01-01", "company": "acorn"}, "there are 2021-01-01"),
    ],
)
def test_what_is_not_found_is_said(given_: dict[str, str], message: str) -> None:
    with memory_store(PEOPLE) as store, pytest.raises(QueryError, match=message):
        run(WHO, store, **given_)


def test_wrong_parameters() -> None:
    with memory_store() as store:
        with pytest.raises(UsageError, match="no parameter 'colour'; it takes company, later"):
            run(WHO, store, colour="red")
        with pytest.raises(UsageError, match="needs data and recipient"):
            run("who-shares", store)
        assert run(WHO, store, company=None).rows == ()


def test_values_stand_in_the_text() -> None:
    query = parse(
        "#+ question: Who?\n#+ parameters: company, data, since\n#+ columns: company\n"
        "SELECT ?company ?companyLabel ?data ?dataLabel ?since {\n"
        "  ?s <urn:by> ?company ; <urn:name> ?companyLabel ; <urn:on> ?day .\n"
        "  OPTIONAL { ?s <urn:of> ?data . ?data <urn:name> ?dataLabel }\n"
        "  FILTER(COALESCE(?day >= ?since, true))\n} ORDER BY ?companyLabel",
        Path("who.rq"),
    )
    text = asked(query, {"company": ("iri", "urn:a"), "since": (f"{XSD}string", 'x"} #\\')})
    assert "SELECT (<urn:a> AS ?company) ?companyLabel ?data ?dataLabel " in text
    assert "<urn:by> <urn:a> ; <urn:name> ?companyLabel" in text
    assert f'>= "x\\"}} #\\\\"^^<{XSD}string>' in text
    assert "OPTIONAL" in text
    required = asked(query, {"data": ("iri", "urn:d")})
    assert "OPTIONAL" not in required
    assert "?s <urn:of> <urn:d> . <urn:d> <urn:name> ?dataLabel ." in required
    assert "urn:bad" not in asked(query, {"company": ("iri", "urn:bad> } #")})


# Formats

ODD = Result(
    ("a", "b"),
    (
        ("=HYPERLINK(1)", 1),
        ("x|y\n<b>", None),
        ("\x1b[31mred\u202e", 2.5),
        ("https://x.example/", True),
    ),
)


def test_csv_is_intact_but_runs_nothing() -> None:
    rows = list(csv.reader(io.StringIO(format_result(ODD, "csv"), newline="")))
    assert rows[0] == ["a", "b"]
    assert rows[1] == ["'=HYPERLINK(1)", "1"]
    assert rows[2] == ["x|y\n<b>", ""]
    assert rows[4] == ["https://x.example/", "true"]
    assert format_result(Result(("n",), ((-1,),)), "csv") == "n\r\n-1\r\n"


def test_json_is_sparql_json() -> None:
    document = json.loads(format_result(ODD, "json"))
    assert document["head"] == {"vars": ["a", "b"]}
    first, second, third, fourth = document["results"]["bindings"]
    assert first["a"] == {"type": "literal", "value": "=HYPERLINK(1)"}
    assert first["b"]["datatype"].endswith("#integer")
    assert "b" not in second
    assert third["a"]["value"] == "\x1b[31mred\u202e"
    assert fourth["a"]["type"] == "uri"


def test_markdown_is_one_row_a_line() -> None:
    lines = format_result(ODD, "md").splitlines()
    assert len(lines) == 6
    assert lines[3] == r"| x\|y · &lt;b&gt; |  |"


def test_line_breaks_are_readable_where_a_cell_is_one_line() -> None:
    row = Result(("sentence",), (("Email\n\nTo write to you \r\n\nA year\n\x07",),))
    assert "Email · To write to you · A year · ␇\n" in format_result(row)
    assert "| Email · To write to you · A year · ␇ |" in format_result(row, "md")
    assert "Email\n\nTo write to you" in format_result(row, "csv")
    assert json.loads(format_result(row, "json"))["results"]["bindings"][0]["sentence"][
        "value"
    ].startswith("Email\n\nTo")


def test_tables_show_what_terminals_obey() -> None:
    text = format_result(ODD)
    assert "\x1b" not in text
    assert "␛[31mred\\u202e" in text
    narrow = format_result(Result(("a",), (("word " * 40,),)), width=40)
    assert max(map(len, narrow.splitlines())) <= 40
    assert format_result(Result(("a",), (("[bold]x[/bold] [/]",),))).count("[bold]") == 1


def test_formats_that_do_not_fit() -> None:
    for result, form in ((ODD, "xml"), (ODD, "ttl"), ("<urn:a> a <urn:b> .", "csv")):
        with pytest.raises(UsageError):
            format_result(result, form)
    assert format_result("<urn:a> a <urn:b> .", "ttl") == "<urn:a> a <urn:b> .\n"


@given(st.lists(st.tuples(st.text(), st.none() | st.integers()), max_size=4).map(tuple))
def test_no_format_breaks(rows: tuple[tuple[str, int | None], ...]) -> None:
    result = Result(("a", "b"), rows)
    assert all(c.isprintable() or c == "\n" for c in format_result(result, width=60))
    assert format_result(result, "md").count("\n") == len(rows) + 2
    if not any("\0" in row[0] for row in rows):
        back = list(csv.reader(io.StringIO(format_result(result, "csv"), newline="")))
        assert [row[0].lstrip("'") for row in back[1:]] == [row[0].lstrip("'") for row in rows]
    assert len(json.loads(format_result(result, "json"))["results"]["bindings"]) == len(rows)
