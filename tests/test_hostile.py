"""Nothing gets in, nothing hangs, nothing falls over: cases that once did, then any input."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fuzz import bombs
from fuzz.doors import ACCEPTED, DOORS, REFUSED, answered, listening
from kg.changes.lines import unbroken
from kg.checks.grading import _PLAIN
from kg.documents import find, read_declarations, read_text
from kg.documents.html import read_html
from kg.documents.pdf import _is_page_number
from kg.errors import InputError, KgError, QueryError
from kg.iris import is_name, normal_name
from kg.model import Action
from kg.queries import check, limits, run, run_sparql
from kg.queries.canned import get, names
from kg.queries.offline import _MACHINES
from kg.queries.sparql import Checked
from kg.sentences import split
from kg.statements import read_statements
from kg.statements.parse import _LEGAL_NAME
from kg.store import build_store
from kg.triples import catalogue, describe_reading, iri, is_iri, literal, snapshot
from tests.invented import reading, says, store_of

ox: Any = pytest.importorskip("pyoxigraph")
POLICY = (
    "Acme Ltd collects your personal data, as this privacy policy explains to every visitor of our "
    "website. We share your e-mail address with our service providers."
)


def seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


# ---- queries --------------------------------------------------------------------------------

GLUED = [
    "SELECT * { SERVICESILENT<URL> { ?s ?p ?o } }",
    "PREFIX a: <URL> SELECT * { SERVICEa: { ?s ?p ?o } }",
    "PREFIX a: <URL> SELECT * { servicesilenta: { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p true SERVICESILENT<URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<URL> { ?s ?p ?o } }",
    # An IRI to a tokenizer; to the engine a comparison, and then a comment or a string.
    "PREFIX b: <x:> SELECT * { ?s ?p ?a FILTER(?a<b:c#>'''\n) SERVICE <URL> { ?s ?p ?o } #'''\n }",
    "SELECT * { ?s ?p ?a FILTER(?a<'>') SERVICE <URL> { ?s ?p ?o } #'\n }",
    "PREFIX b: <x:> SELECT * { ?s ?p ?a FILTER(?a<b:c)?s?q-1SERVICE?g#>\n{ ?x ?y ?z } }",
    # An IRI with an escape, which a tokenizer may take for a comment.
    "SELECT * { <urn:\\u0041#> ?p ?o . SERVICE <URL> { ?s ?p ?o }\n }",
]
PLAIN = [
    "SELECT ?service { ?service ?p 'SERVICE <x:y> {}' } # SERVICE",
    "PREFIX s: <https://schema.example/service#> SELECT * { ?s s:serviceType s:Service }",
    "SELECT * { ?s <https://schema.example/service#type> ?o FILTER(?o<?s) }",
    "SELECT * { ?s ?p ?o FILTER(?o<1 && ?s>2) }",
    "SELECT * { ?s <#part> ?o }",
    "SELECT * { ?s ?p '''SERVICE'''@en , \"load\"^^<urn:load> }",
    "SELECT * { _:service ?p ?o . ?s <urn:service> <urn:drop> }",
]


@pytest.mark.parametrize("text", GLUED)
def test_service_is_refused_however_it_is_glued(text: str) -> None:
    with listening() as (address, calls):
        with pytest.raises(QueryError, match=r"refused|comparison"):
            check(text.replace("URL", address))
        assert not calls


@pytest.mark.parametrize("text", PLAIN)
def test_words_in_names_and_strings_are_no_keywords(text: str) -> None:
    assert check(text).form == "SELECT"


def test_a_prefix_that_is_called_so_gets_advice() -> None:
    with pytest.raises(QueryError, match="call the prefix 'service' otherwise"):
        check("PREFIX service: <urn:x> SELECT * { ?s service:a ?o }")


def test_the_engine_cannot_call_out_even_without_the_guard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform != "linux" or os.uname().machine not in _MACHINES:
        pytest.skip("only Linux lets a process give up system calls")
    build_store([b"<urn:s> <urn:p> <urn:o> <urn:g> .\n"], tmp_path / "graph")
    monkeypatch.setattr(limits, "check", lambda _: Checked("SELECT", ()))
    with listening() as (address, calls):
        with pytest.raises(KgError):
            run_sparql(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", tmp_path / "graph")
        assert not calls
        # And the same query does call out where nothing holds it back.
        with pytest.raises(OSError, match="500"):
            list(ox.Store().query(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"))
        assert calls


def nested(opened: str, closed: str, levels: int) -> str:
    return f"SELECT * {{ ?s ?p {opened * levels}1{closed * levels} }}"


DEEP = {
    "groups": "SELECT * " + "{" * 300 + "}" * 300,
    "values": "SELECT * { FILTER" + "(" * 10_000 + "1" + ")" * 10_000 + "}",
    "signs": "SELECT * { FILTER(" + "!" * 10_000 + "1) }",
    "signs and brackets": "SELECT * { FILTER(" + "!(" * 5_000 + "1" + ")" * 5_000 + ") }",
    "paths": nested("<urn:p>/(", ")", 1000),
    "lists": nested("( ", " )", 10_000),
    "triples": nested("<<( ?s ?p ", " )>>", 10_000),
    "blank nodes": nested("[ ?p ", " ]", 100),
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_nesting_is_refused_before_the_engine_falls_over(text: str) -> None:
    with pytest.raises(QueryError, match=r"line 1, column \d+: (nested more than|more than 50)"):
        check(text)


def test_many_brackets_beside_each_other_are_no_nesting() -> None:
    check("SELECT * { " + "{ FILTER(!(1)) } UNION [ ?p ( 1 ) ] " * 400 + "}")
    check("SELECT * { ?s ?p '" + "(" * 400 + "' }" + ")" * 9)


def test_a_query_too_long_for_the_engine_gets_advice(tmp_path: Path) -> None:
    build_store([b"<urn:s> <urn:p> <urn:o> <urn:g> .\n"], tmp_path / "graph")
    with pytest.raises(QueryError, match=r"too long for the engine's stack; use VALUES"):
        run_sparql("SELECT * { FILTER(1" + "-1" * 60_000 + ") }", tmp_path / "graph")


TOKENS = st.sampled_from(
    [
        "SERVICE",
        "SILENT",
        "SERVICESILENT",
        "service",
        "<URL>",
        "a:",
        "a:b",
        "?g",
        "$g",
        "?s",
        "?p",
        "?o",
        "{",
        "}",
        "{}",
        "(",
        ")",
        ".",
        ";",
        ",",
        "true",
        "false",
        "1",
        "-1",
        "1e5",
        "'x'",
        '"x"',
        "'''",
        '"',
        "'",
        "@en",
        "@en--ltr",
        "^^a:b",
        "#",
        "<",
        ">",
        "<b:c#>",
        "<'>",
        "<urn:\\u0041#>",
        "FILTER(?o<b:c",
        "FILTER",
        "OPTIONAL",
        "UNION",
        "MINUS",
        "GRAPH",
        "BIND(",
        "AS",
        "VALUES",
        "UNDEF",
        "[]",
        "()",
        "_:b",
        "_:b.",
        "a:b.",
        "|",
        "^",
        "/",
        "*",
        "?",
        "+",
        "!",
        "<<",
        ">>",
        "<<(",
        ")>>",
        "LATERAL",
        "EXISTS",
        "\\",
        "%",
        "\\u0053",
        "SELECT",
        "DISTINCT",
        "LIMIT",
        "ORDER",
        "BY",
    ]
)
GAPS = st.sampled_from(["", "", " ", " ", "\n", "\t", "#\n", "\u2028", "\ufeff", "\x0c", "\r"])


@settings(max_examples=600, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(GAPS, TOKENS), max_size=8),
    st.sampled_from(["SERVICE", "service", "SERVICESILENT", "SERVICE SILENT"]),
    st.lists(st.tuples(GAPS, TOKENS), max_size=3),
)
def test_no_soup_of_tokens_makes_the_engine_call(
    before: list[tuple[str, str]], keyword: str, after: list[tuple[str, str]]
) -> None:
    with listening() as (address, calls):
        store = ox.Store()
        store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(1)))
        soup = "".join(gap + token for gap, token in before)
        rest = "".join(gap + token for gap, token in after)
        for where in ("<URL>", "a:b", "?g"):
            text = (
                f"PREFIX a: <{address}> PREFIX b: <x:> SELECT * {{ BIND(<{address}> AS ?g) {soup}"
                f"{keyword}{where}{{}}{rest}\n }}"
            ).replace("URL", address)
            assert answered(text, store, calls, check, 1) in {ACCEPTED, REFUSED}


def test_every_canned_query_may_run() -> None:
    for name in names():
        check(get(name).text)


# ---- readers --------------------------------------------------------------------------------


def test_a_pipe_for_a_declaration_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(POLICY)
    os.mkfifo(tmp_path / "corpus.toml")
    with pytest.raises(InputError, match="no regular file"):
        list(find([tmp_path]))


def test_a_device_for_a_declaration_is_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").symlink_to("/dev/zero")
    with pytest.raises(InputError, match="no regular file"):
        read_declarations(tmp_path / "corpus.toml")


def test_a_declaration_with_a_huge_number_is_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text(f"[corpus]\ndate = {'9' * 5000}\n")
    with pytest.raises(InputError, match="cannot be read"):
        read_declarations(tmp_path / "corpus.toml")


@pytest.mark.parametrize(
    "markup",
    [
        "<div>",
        "<ul><li>",
        "<b id=x>",
        "<a href=x>",
        "<span>",
        "<details><summary>",
        "<table><tr><td>",
        "<svg>",
        "<font color=x>",
        "<p><b class=y>",
    ],
)
def test_deep_markup_takes_time_in_proportion(markup: str) -> None:
    small, large = (
        min(seconds(lambda n=n: read_html(f"<p>{POLICY}" + markup * n + "x")) for _ in range(2))
        for n in (2_000, 8_000)
    )
    assert large < 10 * small + 0.2


def test_deep_markup_keeps_its_text() -> None:
    page = read_html("<div>" * 5000 + "<p>inside</p>" + "</div>" * 5000 + "<p>after</p>")
    assert [piece.text for piece in page.pieces] == ["inside", "after"]


def test_hidden_in_hidden_takes_time_in_proportion() -> None:
    words = "we keep your name safe " * 4000
    assert seconds(lambda: read_html("<div hidden class=panel>" * 900 + words)) < 3


def test_nodes_without_a_name_are_passed_over() -> None:
    for seed in (47, 87):
        with DOORS["html"].opened(None) as knock:
            assert knock(Random(f"html:1:{seed}")) in {ACCEPTED, REFUSED}


def test_a_long_lead_in_is_cut_once() -> None:
    lead = "We collect (e.g. names. " * 4000
    document = read_text(
        f"{POLICY}\n\n{lead}:\n\n" + "\n".join(f"- a{n}" for n in range(3000)), name="x", kind="md"
    )
    assert seconds(lambda: split(document)) < 4


SLOW: list[tuple[str, Callable[[int], object]]] = [
    ("a name of commas", lambda n: normal_name("," * n)),
    ("a name of spaces", lambda n: normal_name(" " * n)),
    ("a name of legal forms", lambda n: is_name(", Inc" * (n // 5))),
    ("plain data", lambda n: _PLAIN.fullmatch("visitors " * (n // 9) + "x")),
    ("a legal name", lambda n: list(_LEGAL_NAME.finditer("A&" * (n // 2)))),
    ("a page number", lambda n: _is_page_number("1" + "(" * n)),
    ("blank lines", lambda n: unbroken(" " * n)),
    ("a query of dots", lambda n: _try(lambda: check("SELECT " + "a." * (n // 2)))),
    ("a query of quotes", lambda n: _try(lambda: check("SELECT " + "'''\\'" * (n // 5)))),
]


def _try(work: Callable[[], object]) -> None:
    try:
        work()
    except KgError:
        return


@pytest.mark.parametrize(("name", "work"), SLOW, ids=[name for name, _ in SLOW])
def test_long_runs_take_time_in_proportion(name: str, work: Callable[[int], object]) -> None:
    assert seconds(lambda: work(60_000)) < 2, name


def test_a_long_list_that_points_back_takes_time_in_proportion() -> None:
    def read(items: int) -> float:
        text = f"# Acme Privacy Policy\n\n{POLICY}\n\nWe do the following with your name:\n\n"
        text += "- we share this information with those partners\n" * items
        document = read_text(text, name="x.md", kind="md")
        return seconds(lambda: read_statements(document, tagger=None))

    read(10)
    # In proportion it is 4 times, in its square 16.
    assert min(read(400), read(400)) < 9 * read(100)


BOMBS = {
    "spaces": lambda: bombs.swelling(30 << 20),
    "spaces packed twice": lambda: bombs.swelling(200 << 20, times=2),
    "text": lambda: bombs.swelling(1 << 19, unit=b"BT /F1 9 Tf (We share data.) Tj ET\n"),
    "states": lambda: bombs.swelling(1 << 20, unit=b"q "),
    "a deep tree": lambda: bombs.deep(3000),
    "an image": lambda: bombs.painted(99_999),
    "one page for many": lambda: bombs.repeated(100, 10),
    "forms in forms": lambda: bombs.laughing(3),
}
SMALL_PROGRAM = """
import resource, sys, time
from pathlib import Path
from kg.documents import read
from kg.errors import KgError
for path in sorted(Path(sys.argv[1]).iterdir()):
    started = time.process_time()
    try:
        read(path)
    except KgError as error:
        print(error, file=sys.stderr)
    print(path.stem, time.process_time() - started)
print("MiB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def test_a_bomb_in_a_pdf_ends(tmp_path: Path) -> None:
    for name, made in BOMBS.items():
        (tmp_path / f"{name}.pdf").write_bytes(made())
    done = subprocess.run(
        [sys.executable, "-c", SMALL_PROGRAM, str(tmp_path)],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    found = {name: float(number) for name, _, number in (
        line.rpartition(" ") for line in done.stdout.splitlines()
    )}  # fmt: skip
    assert found.pop("MiB") < 1500
    assert found.keys() == BOMBS.keys()
    assert max(found.values()) < 10, found
    for name in ("spaces", "a deep tree"):
        assert f"{name}.pdf: the PDF" in done.stderr


# ---- what is written ------------------------------------------------------------------------

ANY = st.text(st.characters(codec=None, categories=None), max_size=60)  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(ANY)
@example('"\\\n\r\t\x00\x7f\x85\u2028\u2029\ufffe\uffff\ud800 <>"{}|^`')
def test_a_literal_comes_back_as_it_was(text: str) -> None:
    line = f"<urn:s> <urn:p> {literal(text)} <urn:g> .\n"
    assert line.splitlines() == [line[:-1]]
    [quad] = ox.parse(line, format=ox.RdfFormat.N_QUADS)
    assert quad.object.value == "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["", "urn:", "http://", "https://x.example/", "a:b"]), ANY)
def test_an_iri_is_itself_or_another_never_two(scheme: str, text: str) -> None:
    value = scheme + text
    [quad] = ox.parse(f"<urn:s> <urn:p> {iri(value)} <urn:g> .\n", format=ox.RdfFormat.N_QUADS)
    assert quad.object.value == value if is_iri(value) else "/invalid/" in quad.object.value


@settings(max_examples=150, deadline=None)
@given(ANY, ANY, ANY, ANY, ANY, ANY)
def test_no_text_of_a_policy_adds_a_quad(
    name: str, publisher: str, title: str, url: str, sentence: str, words: str
) -> None:
    said = says(Action.SELL, text=sentence, trigger=words, data=(words,), headings=(title,))
    one = reading(said, publisher=publisher, name=name, url=url, title=title)
    made = describe_reading(one) + catalogue([snapshot(one)])
    quads = list(ox.parse(made, format=ox.RdfFormat.N_QUADS))
    assert len(quads) == made.count("\n") == len(made.splitlines())
    graphs = {quad.graph_name.value for quad in quads}
    assert len(graphs) == 2


@settings(max_examples=30, deadline=None)
@given(ANY)
def test_any_value_may_be_asked_for(value: str) -> None:
    for name, parameter in (("sells", "company"), ("recipients", "data"), ("timeline", "since")):
        try:
            run(name, _store(), **{parameter: value})
        except KgError as error:
            assert str(error)


_STORES: list[Any] = []


def _store() -> Any:
    if not _STORES:
        _STORES.append(store_of(reading(says(Action.SELL, data=("name",)))))
    return _STORES[0]


# ---- every door -----------------------------------------------------------------------------

COUNTS = {
    "file names": 40,
    "git history": 3,
    "HTTP": 80,
    "parameters": 100,
    "html": 100,
    "markdown": 60,
    "text": 60,
    "front matter": 60,
}


@pytest.mark.parametrize("name", [name for name in DOORS if name != "mutated"])
def test_every_door_holds(name: str) -> None:
    with DOORS[name].opened(None) as knock:
        for number in range(COUNTS.get(name, 150)):
            assert knock(Random(f"{name}:7:{number}")) in {ACCEPTED, REFUSED}


def test_the_bench_tells_what_happened() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.hostile", "--count", "20", "--door", "N-Quads"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[1].split()[:6] == ["N-Quads", "20", "0", "20", "0", "0"]
