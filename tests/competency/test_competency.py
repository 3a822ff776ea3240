"""Every canned question, on a small invented corpus, with exact rows, on both engines.

A case file holds the question in English, the parameters, and the rows, in which the IRI of a
statement is written as policy/number ("lamp/2") and that of a snapshot as its policy.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from companies import TERMS, corpus, graph
from rdflib import Dataset

from kg import queries
from kg.iris import BASE
from kg.store import memory_store
from kg.triples import describe, party_of, snapshot_of

# rdflib warns of its own use of what it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")
CASES = sorted(Path(__file__).parent.glob("*.toml"))


def handles() -> dict[str, str]:
    found = {}
    for reading in corpus():
        document = reading.document
        name = snapshot_of(document)
        found[name] = document.name
        speaker = party_of(document.publisher or "", BASE, TERMS)
        for number, statement in enumerate(reading.statements):
            subject = next(describe(statement, name, controller=speaker, terms=TERMS))[0]
            found[subject[1:-1]] = f"{document.name}/{number}"
    return found


@pytest.fixture(scope="module")
def stores() -> dict[str, Any]:
    dataset = Dataset(default_union=True)
    dataset.parse(data=graph(), format="nquads")
    return {"oxigraph": memory_store(graph()), "rdflib": dataset}


def test_every_query_has_a_case() -> None:
    assert {path.stem for path in CASES} == set(queries.names())
    assert len(CASES) >= 30


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_answer(path: Path, engine: str, stores: dict[str, Any]) -> None:
    asked = tomllib.loads(path.read_text(encoding="utf-8"))
    query = queries.get(path.stem)
    assert query.question == asked["question"]
    names = handles()
    iris = {handle: iri for iri, handle in names.items()}
    for case in asked["case"]:
        given = {key: iris.get(value, value) for key, value in case.get("given", {}).items()}
        result = queries.run(query, stores[engine], **given)
        assert result.columns == query.columns
        rows = [["" if c is None else names.get(c, c) for c in row] for row in result.rows]
        assert rows == case["rows"]


@pytest.mark.parametrize("name", queries.names())
def test_form(name: str) -> None:
    """Portable: an order, no property paths, parameters selected, nothing but a SELECT."""
    query = queries.get(name)
    head, _, body = query.text.partition("WHERE")
    assert "ORDER BY" in body
    assert not any(mark in body.replace(" / ", "") for mark in ("+ ", "*", "^", "|"))
    for parameter in query.parameters:
        assert f"?{parameter} " in head
    assert queries.check(query.text).form == "SELECT"
    assert set(query.gather) <= set(query.columns)
