"""Values are written into questions as terms and as nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store as Engine

from kg.errors import QueryError
from kg.queries import get, names, parse, run
from kg.queries.canned import PARAMETERS, asked
from kg.queries.sparql import tokens
from kg.queries.wording import cut, lean, with_values
from kg.store import PREFIXES, memory_store
from kg.triples import XSD

MATTER = "#+ question: Who?\n#+ parameters: company, data\n#+ columns: company\n"
HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "urn:x> } DROP ALL #",
            '" } SELECT ?s { ?s ?p ?o } #',
            "?data",
            "\\",
            "urn:a\n}",
            "\\1\\g<0>",
            "http://a.example/(AS?b)",
            "http://a.example/#UNION",
        ]
    ),
)


def _shape(text: str) -> list[str]:
    """The tokens of a query, each value as its kind."""
    return [
        str(token.lastgroup) if token.lastgroup in {"iri", "string"} else token.group()
        for token in tokens(text)
    ]


@pytest.mark.parametrize("name", names())
def test_a_question_is_put_together_as_it_was(name: str) -> None:
    text = get(name).text
    assert _shape(str(cut(text))) == _shape(text)
    assert cut(text).order
    assert lean(cut(text), ()).rest == ""


@pytest.mark.parametrize("name", names())
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_no_value_alters_a_question(name: str, data: st.DataObject) -> None:
    query = get(name)
    kinds = {one: "iri" if one not in {"since", "year"} else f"{XSD}string" for one in PARAMETERS}
    chosen = data.draw(st.sets(st.sampled_from(query.parameters))) if query.parameters else set()
    harmless = asked(query, {one: (kinds[one], "urn:x") for one in chosen})
    text = asked(query, {one: (kinds[one], data.draw(HOSTILE)) for one in chosen})
    assert _shape(text) == _shape(harmless)
    Engine().query(text, prefixes=PREFIXES)
    left = {token.group()[1:] for token in tokens(cut(text).body) if token.lastgroup == "variable"}
    assert cut(text).is_grouped or left.isdisjoint(chosen)


ODD = (
    "select distinct $company\n#{ ?company }\nwhere{?s<urn:by>$company;<urn:name>'{?company}'"
    "OPTIONAL{?s <urn:of> ?data}}"
)


def test_strings_comments_and_layout_are_left_alone() -> None:
    text = str(with_values(cut(ODD), {"company": "<urn:a>"}))
    assert "'{?company}'" in text
    assert "<urn:by><urn:a>;" in text
    assert "(<urn:a> AS ?company)" in text
    Engine().query(text)


def test_a_variable_within_is_the_one_outside_only_when_it_is_selected() -> None:
    hidden = "SELECT ?company ?n { ?s <urn:by> ?company { SELECT ?n { ?n <urn:of> ?company } } }"
    assert "?n <urn:of> ?company" in str(with_values(cut(hidden), {"company": "<urn:a>"}))
    shown = hidden.replace("SELECT ?n", "SELECT DISTINCT ?n ?company")
    text = str(with_values(cut(shown), {"company": "<urn:a>"}))
    assert "?n <urn:of> <urn:a>" in text
    Engine().query(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?company { ?s ?p ?o BIND(?o AS ?company) }",
        "SELECT (STR(?o) AS ?company) { ?s ?p ?o }",
        "SELECT ?company { VALUES ?company { <urn:b> } ?s ?p ?company }",
        "SELECT ?company { VALUES (?s ?company) { (<urn:s> <urn:b>) } ?s ?p ?company }",
        "SELECT ?company { { SELECT (MAX(?o) AS ?company) { ?s ?p ?o } } }",
        "SELECT ?company { { SELECT ?company ?s { ?s ?p ?company } GROUP BY ?company ?s } }",
        "SELECT ?company { { SELECT ?company { ?s ?p ?company } LIMIT 1 } }",
        "ASK { ?s ?p ?company }",
        "CONSTRUCT { ?s ?p ?company } WHERE { SELECT ?s ?p ?company { ?s ?p ?company } }",
        "SELECT ?company { ?s ?p ?company",
        "SELECT ?company",
        "",
    ],
)
def test_what_cannot_be_changed_safely_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        with_values(cut(text), {"company": "<urn:a>"})


def test_only_what_leaves_the_name_unbound_becomes_required() -> None:
    head = "SELECT ?data ?dataLabel { ?s <urn:p> ?o "
    name = "?s <urn:of> ?data . ?data <urn:name> ?dataLabel"

    def body(text: str) -> str:
        return with_values(cut(head + text + " }"), {"data": "<urn:d>"}).body

    assert "OPTIONAL" not in body(f"OPTIONAL {{ {name} }}")
    assert "OPTIONAL" not in body(f"OPTIONAL {{ {name} . }} ?s <urn:q> ?r")
    assert "urn:else" not in body(f"{{ {name} }} UNION {{ ?s <urn:else> ?r }}")
    for kept in (
        f"OPTIONAL {{ {name} FILTER(?o > 1) }}",
        f"OPTIONAL {{ {name} }} OPTIONAL {{ ?o <urn:name> ?dataLabel }}",
    ):
        assert body(kept).count("OPTIONAL") == kept.count("OPTIONAL")
    three = f"{{ {name} }} UNION {{ ?s <urn:else> ?r }} UNION {{ ?s <urn:more> ?r }}"
    assert body(three).count("UNION") == 2
    for text in (f"OPTIONAL {{ {name} }} ?s <urn:q> ?r", three):
        Engine().query(str(with_values(cut(head + text + " }"), {"data": "<urn:d>"})))


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["<urn:b>", "<urn:a>", '"b"', '"a"', '"é"', '"Z"', '""']),
        st.sampled_from(["1", "2", "10"]),
    ),
    max_size=12,
)


@given(ROWS, st.sampled_from(["?a ?n", "?n ?a", "DESC(?n) ?a", "ASC(?a) DESC(?n)"]))
@settings(max_examples=60, deadline=None)
def test_rows_are_sorted_as_the_engine_sorts_them(rows: list[tuple[str, str]], order: str) -> None:
    lines = "".join(
        f"<urn:s{at}> <urn:n> {number} .\n" + (f"<urn:s{at}> <urn:a> {value} .\n" if at % 4 else "")
        for at, (value, number) in enumerate(rows)
    )
    nquads = "".join(
        line.replace(" .\n", " <urn:g> .\n")
        for line in lines.replace("> 1 .", f'> "1"^^<{XSD}integer> .')
        .replace("> 2 .", f'> "2"^^<{XSD}integer> .')
        .replace("> 10 .", f'> "10"^^<{XSD}integer> .')
        .splitlines(keepends=True)
    )
    text = (
        "#+ question: What?\n#+ columns: a, n\nSELECT ?a ?n ?s { ?s <urn:n> ?n "
        f"OPTIONAL {{ ?s <urn:a> ?a }} }} ORDER BY {order}"
    )
    with memory_store(nquads) as store:
        theirs = [
            (row[0] and row[0].value, int(row[1].value)) for row in store.query(str(cut(text)))
        ]
        ours = run(parse(text, Path("what.rq")), store).rows
    assert list(ours) == list(dict.fromkeys(theirs))
