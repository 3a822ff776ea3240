"""RDF, GraphML and the table of flows, as other programs read them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import HOSTILE, mention, nquads, reading, says, store_of
from rdflib import Dataset, Graph

from kg.claims import claims
from kg.errors import InputError, StoreError, UsageError
from kg.exports import COLUMNS, FORMATS, export, flows
from kg.iris import PF
from kg.model import Action, Result, Statement
from kg.stats import stats
from kg.store import build_store

A, N = ("email address",), ("name",)

FLOWS = [
    (says(Action.COLLECT, data=(*A, *N)), [("collects", "email address"), ("collects", "name")]),
    (says(Action.COLLECT, denied=True, data=A), [("doesNotCollect", "email address")]),
    (says(Action.USE, data=A), [("uses", "email address")]),
    (says(Action.SHARE, data=A, recipients=("advertisers",)), [("sharesWith", "advertisers")]),
    (says(Action.SHARE, data=A), [("shares", "email address")]),
    (
        says(Action.SHARE, denied=True, data=A, recipients=("advertisers", "Google")),
        [("doesNotShareWith", "advertisers"), ("doesNotShareWith", "Google")],
    ),
    (says(Action.SHARE, denied=True, data=A), [("doesNotShare", "email address")]),
    (
        says(Action.SELL, data=A, recipients=("advertisers",)),
        [("sellsTo", "advertisers"), ("sells", "email address")],
    ),
    (
        says(Action.SELL, denied=True, data=A, recipients=("advertisers",)),
        [("doesNotSellTo", "advertisers"), ("doesNotSell", "email address")],
    ),
    (
        says(Action.TRANSFER, data=A, recipients=("Google",), locations=("Japan",)),
        [("sharesWith", "Google"), ("transfersTo", "Japan")],
    ),
    (says(Action.TRANSFER, data=A), [("transfers", "email address")]),
    (
        says(Action.TRANSFER, denied=True, data=A, locations=("Japan",)),
        [("doesNotTransferTo", "Japan")],
    ),
    (
        says(Action.STORE, data=A, locations=("Italy",)),
        [("storesIn", "Italy"), ("stores", "email address")],
    ),
    (
        says(Action.STORE, denied=True, data=A, locations=("Italy",)),
        [("doesNotStoreIn", "Italy"), ("doesNotStore", "email address")],
    ),
    (says(Action.RETAIN, denied=True, data=A), [("doesNotRetain", "email address")]),
    (says(Action.DELETE, data=A), [("deletes", "email address")]),
    (says(Action.PROTECT, data=A), [("protects", "email address")]),
    (
        says(Action.USE, denied=True, data=A, text="We do not associate it.", trigger="associate"),
        [("doesNotUse", "email address"), ("doesNotLink", "email address")],
    ),
    (says(Action.SELL, denied=True), [("doesNotSell", "")]),
]


def _flows(*statements: Statement) -> Result:
    return flows(claims(store_of(reading(*statements))))


@pytest.mark.parametrize(("statement", "expected"), FLOWS)
def test_flows_of_a_statement(statement: Statement, expected: list[tuple[str, str]]) -> None:
    assert [row[:4] for row in _flows(statement).rows] == [
        ("acme.md", "Acme", predicate, said) for predicate, said in expected
    ]


def test_all_actions_are_among_the_cases() -> None:
    assert {statement.action for statement, _ in FLOWS} == set(Action)
    assert len(FLOWS) == 19


def test_who_acts_is_named_as_the_text_resolves_it() -> None:
    google = mention("Google")
    [row] = _flows(says(Action.STORE, data=A, actor=google)).rows
    assert row[1] == "Google"


def test_a_row_has_the_words_and_the_concept() -> None:
    said = says(
        Action.SHARE,
        text="If you agree, we share your email address with advertisers to plan campaigns.",
        data=A,
        recipients=("advertisers",),
        purposes=("plan campaigns",),
        conditions=("you agree",),
        legal_bases=("consent",),
    )
    result = _flows(said)
    [row] = (dict(zip(result.columns, row, strict=True)) for row in result.rows)
    assert tuple(row) == COLUMNS
    assert (row["object"], row["concept"]) == ("advertisers", "advertiser")
    assert row["concept_iri"] == f"{PF}Advertiser"
    assert row["data"] == "email address"
    assert row["purposes"] == "plan campaigns"
    assert row["conditions"] == "you agree"
    assert row["legal_basis"] == "consent"
    assert row["quote"] == said.evidence.text


def test_the_same_flow_twice_is_one_row_with_both_sentences() -> None:
    first = says(Action.COLLECT, data=A, text="We collect your email address.")
    second = says(Action.COLLECT, data=A, text="You give us your email address.", start=90)
    [row] = _flows(first, second).rows
    assert row[-1] == "We collect your email address.; You give us your email address."
    assert str(row[-2]).count("; ") == 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            says,
            st.sampled_from(Action),
            denied=st.booleans(),
            trigger=st.sampled_from(["handle", "link", "combine"]),
            start=st.integers(0, 500),
            data=st.lists(st.sampled_from(["name", "email address", *HOSTILE]), max_size=2).map(
                tuple
            ),
            recipients=st.lists(st.sampled_from(["Google", *HOSTILE]), max_size=2).map(tuple),
            locations=st.lists(st.sampled_from(["Japan", *HOSTILE]), max_size=2).map(tuple),
        ),
        max_size=4,
    )
)
def test_no_statement_is_lost_and_no_denial_looks_like_a_flow(statements: list[Statement]) -> None:
    found = list(claims(store_of(reading(*statements), ontology=False)))
    result = flows(found)
    denials = {claim.iri for claim in found if claim.is_denial}
    seen: set[str] = set()
    for row in result.rows:
        behind = set(str(row[-2]).split("; "))
        seen |= behind
        assert behind <= denials if str(row[2]).startswith("doesNot") else not behind & denials
    assert seen == {claim.iri for claim in found}
    assert not [
        flow for flow, count in Counter(row[:4] for row in result.rows).items() if count > 1
    ]


# Files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph")
    build_store([nquads(reading(*(statement for statement, _ in FLOWS)), ontology=False)], path)
    return path


def _text(folder: Path, form: str) -> str:
    output = io.StringIO()
    export(folder, form, output)
    return output.getvalue()


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_graph_gives_the_same_bytes_on_a_stream_and_in_a_file(
    folder: Path, tmp_path: Path, form: str
) -> None:
    export(folder, form, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == _text(folder, form).encode()
    assert _text(folder, form) == _text(folder, form)


# rdflib's parsers use what rdflib itself calls deprecated.
_rdflib = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")


@_rdflib
@pytest.mark.parametrize("form", ["nquads", "trig", "jsonld"])
def test_rdf_with_graphs_reads_back_as_the_same_graph(folder: Path, form: str) -> None:
    names = {"jsonld": "json-ld"}
    wanted, found = Dataset(), Dataset()
    wanted.parse(data=_text(folder, "nquads"), format="nquads")
    found.parse(data=_text(folder, form), format=names.get(form, form))
    assert set(found.quads()) == set(wanted.quads())
    assert len(list(wanted.quads())) > 500


@_rdflib
def test_turtle_holds_the_triples_of_all_graphs(folder: Path) -> None:
    wanted = Dataset()
    wanted.parse(data=_text(folder, "nquads"), format="nquads")
    found = Graph().parse(data=_text(folder, "ttl"), format="turtle")
    assert set(found) == {quad[:3] for quad in wanted.quads()}


def test_flows_are_csv_that_no_spreadsheet_runs(tmp_path: Path) -> None:
    said = [
        says(Action.COLLECT, data=(text,), text=text or "-", start=9 * i)
        for i, text in enumerate(HOSTILE)
    ]
    build_store([nquads(reading(*said), ontology=False)], tmp_path)
    rows = list(csv.DictReader(io.StringIO(_text(tmp_path, "flows"), newline="")))
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == len(HOSTILE)
    assert not [
        cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@", "-"))
    ]


def test_what_cannot_be_written_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="choose ttl, trig"):
        export(folder, "xml", io.StringIO())
    with pytest.raises(StoreError, match="holds no graph"):
        export(tmp_path, "ttl", io.StringIO())
    with pytest.raises(InputError, match="cannot be written"):
        export(folder, "ttl", tmp_path / "no" / "file")


# Figures


def test_stats_count_statements_apart_from_denials() -> None:
    store = store_of(
        reading(
            says(Action.SHARE, data=A, recipients=("Google", "advertisers")),
            says(Action.SELL, denied=True, data=A),
        ),
        reading(says(Action.USE, data=N), publisher="Zeta", name="z.md", day=None),
    )
    figures = stats(store)
    totals = dict(figures.totals.rows)
    assert (totals["policies"], totals["companies"]) == (2, 2)
    assert (totals["statements"], totals["denials"], totals["recipients"]) == (2, 1, 2)
    assert figures.companies.rows == (("Acme", 1, 1, 1, 2), ("Zeta", 1, 1, 0, 0))
    assert ("sell", 0, 1) in figures.actions.rows
    assert ("share", 1, 0) in figures.actions.rows
    assert figures.data.rows == (("email address", 2), ("name", 1))
    assert ("data", 3, 3, 100) in figures.grounding.rows
    assert [len(result.columns) for _, result in figures.tables()]
    assert len(stats(store, company="Zeta").snapshots.rows) == 1
