"""Statements as triples: what is said, that it is escaped, that it is always the same."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from datetime import date

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from kg.iris import BASE, PF, party_iri
from kg.model import (
    Action,
    Document,
    Evidence,
    Mention,
    Modality,
    Polarity,
    Reading,
    Span,
    Statement,
)
from kg.triples import (
    DPV,
    Terms,
    catalogue,
    describe,
    describe_reading,
    escaped,
    iri,
    is_iri,
    literal,
    party_of,
    snapshot,
    snapshot_of,
)

NONE = Terms()
SNAPSHOT = f"{BASE}snapshot/0123456789abcdef"
SALE = Statement(
    Action.SELL,
    Polarity.AFFIRMED,
    Modality.ASSERTED,
    Mention("sell", 3, 7),
    Evidence("acme.md", "We sell your name to brokers.", 0, 29, ("Privacy", "Sharing")),
    actor=Mention("We", 0, 2, party_iri("Acme"), "Acme"),
    data=(Mention("your name", 8, 17, f"{PF}PersonName", "name"),),
    recipients=(Mention("brokers", 21, 28, f"{PF}DataBroker", "data broker"),),
)
ACME = Document("acme.md", SALE.evidence.text, publisher="Acme", sha256="ab")


def triples(statement: Statement, **more: object) -> set[tuple[str, str, str]]:
    return set(describe(statement, SNAPSHOT, terms=NONE, **more))  # type: ignore[arg-type]


def edges(statement: Statement) -> set[tuple[str, str, str]]:
    """Triples between concepts and parties, by local names."""

    def local(term: str) -> str:
        return term.strip("<>").removeprefix(PF).removeprefix(BASE)

    mine = f"<{BASE}statement/"
    return {
        (local(s), local(p), local(o))
        for s, p, o in triples(statement)
        if not s.startswith((mine, f"<{BASE}evidence/"))
        and p.startswith(f"<{PF}")
        and "broaderTransitive" not in p
    }


ACME_PARTY = party_iri("Acme").removeprefix(BASE)


def test_a_statement_has_its_roles_and_its_evidence() -> None:
    node = next(describe(SALE, SNAPSHOT, terms=NONE))[0]
    found = {p.strip("<>"): o for s, p, o in triples(SALE) if s == node}
    assert found[f"{DPV}hasPersonalData"] == f"<{PF}PersonName>"
    assert found[f"{DPV}hasRecipient"] == f"<{PF}DataBroker>"
    assert found[f"{DPV}hasProcessing"] == found[f"{PF}action"] == f"<{PF}Sell>"
    assert found[f"{DPV}hasDataController"] == found[f"{PF}actor"] == f"<{party_iri('Acme')}>"
    assert found[f"{PF}modality"] == f"<{PF}asserted>"
    quotes = [o for _, p, o in triples(SALE) if p.endswith("#exact>")]
    assert '"We sell your name to brokers."' in quotes
    assert '"Privacy › Sharing"' in [o for _, p, o in triples(SALE) if p.endswith("#heading>")]


def test_direct_edges_of_a_statement() -> None:
    assert edges(SALE) == {
        (ACME_PARTY, "sells", "PersonName"),
        (ACME_PARTY, "sellsTo", "DataBroker"),
    }
    transfer = replace(
        SALE, action=Action.TRANSFER, locations=(Mention("US", 1, 2, f"{PF}country-US", "US"),)
    )
    assert edges(transfer) == {
        (ACME_PARTY, "transfers", "PersonName"),
        (ACME_PARTY, "transfersTo", "country-US"),
        (ACME_PARTY, "sharesWith", "DataBroker"),
        ("PersonName", "sharedWith", "DataBroker"),
        ("PersonName", "transferredTo", "country-US"),
    }


@pytest.mark.parametrize("action", Action)
def test_a_denial_is_no_statement_and_makes_only_denying_edges(action: Action) -> None:
    denial = replace(SALE, action=action, polarity=Polarity.NEGATED, negation=Mention("not", 1, 4))
    kinds = {o for _, p, o in triples(denial) if p.endswith("-ns#type>")}
    assert f"<{PF}Denial>" in kinds
    assert f"<{PF}Statement>" not in kinds
    found = edges(denial)
    assert found
    assert all(p.startswith("doesNot") for _, p, _ in found)


def test_the_user_is_no_controller() -> None:
    given_away = replace(SALE, actor=Mention("You", 0, 3, f"{PF}User", "user"))
    assert not any("hasDataController" in p for _, p, _ in triples(given_away))


def test_the_publisher_acts_where_nobody_is_named() -> None:
    silent = replace(SALE, actor=None)
    assert not any("hasDataController" in p for _, p, _ in triples(silent))
    text = describe_reading(Reading(ACME, (silent,)), terms=NONE)
    assert f"<{DPV}hasDataController> <{party_iri('Acme')}>" in text
    assert f"<{PF}actor>" not in text


def test_words_without_a_concept_are_not_lost() -> None:
    odd = replace(SALE, data=(Mention("scroll depth", 8, 20),))
    text = "\n".join(" ".join(triple) for triple in triples(odd))
    assert f"<{PF}OwnConcept>" in text
    assert '"scroll depth"' in text
    assert f"<{PF}broaderTransitive> <{PF}Data>" in text


def test_a_place_is_the_same_place_in_every_policy() -> None:
    def nodes(role: str, words: str, graph: str) -> set[str]:
        odd = replace(SALE, **{role: (Mention(words, 8, 20),)})
        text = describe(odd, graph, terms=NONE)
        return {s for s, p, o in text if o == f"<{PF}OwnConcept>"}

    other = f"{BASE}snapshot/fedcba9876543210"
    assert nodes("locations", "Stockholm", SNAPSHOT) == nodes("locations", "STOCKHOLM", other)
    assert nodes("locations", "Stockholm", SNAPSHOT) != nodes("locations", "Turku", SNAPSHOT)
    assert nodes("data", "scroll depth", SNAPSHOT).isdisjoint(nodes("data", "scroll depth", other))


def test_what_a_statement_says_in_one_property() -> None:
    def said(statement: Statement) -> dict[str, str]:
        node = next(describe(statement, SNAPSHOT, terms=NONE))[0]
        return {p: o for s, p, o in triples(statement) if s == node}

    assert said(SALE)[f"<{PF}says>"] == f"<{PF}sells>"
    denial = replace(SALE, polarity=Polarity.NEGATED, negation=Mention("not", 1, 4))
    assert said(denial)[f"<{PF}says>"] == f"<{PF}doesNotSell>"
    assert said(SALE)[f"<{PF}sentence>"] == '"We sell your name to brokers."'


def test_sensitive_data_and_vague_recipients_are_said_once_more() -> None:
    terms = Terms(is_sensitive=f"{PF}Health".__eq__, is_vague=f"{PF}DataBroker".__eq__)
    diet = Mention("diet", 8, 12, f"{BASE}concept/1", "diet", f"{PF}Health")
    flagged = replace(SALE, data=(*SALE.data, diet))
    found = {(p, o) for _, p, o in describe(flagged, SNAPSHOT, terms=terms)}
    assert {o for p, o in found if p == f"<{PF}sensitiveData>"} == {f"<{BASE}concept/1>"}
    assert {o for p, o in found if p == f"<{PF}vagueRecipient>"} == {f"<{PF}DataBroker>"}


def test_who_advertises_with_what() -> None:
    terms = Terms(broader=lambda one: (f"{PF}Advertising",) if one == f"{PF}Retargeting" else ())
    ads = replace(SALE, purposes=(Mention("ads", 8, 11, f"{PF}Retargeting", "ads"),))
    denied = replace(ads, polarity=Polarity.NEGATED, negation=Mention("not", 1, 4))
    wanted = (f"<{party_iri('Acme')}>", f"<{PF}advertisesWith>", f"<{PF}PersonName>")
    assert wanted in set(describe(ads, SNAPSHOT, terms=terms))
    assert wanted not in set(describe(ads, SNAPSHOT, terms=NONE))
    assert wanted not in set(describe(denied, SNAPSHOT, terms=terms))


def test_a_known_company_has_the_ontologys_iri() -> None:
    known = Terms({"acme": f"{PF}Acme"})
    assert party_of("ACME, Inc.", terms=known) == f"{PF}Acme"
    assert f"<{PF}Acme> <{PF}sells>" in describe_reading(Reading(ACME, (SALE,)), terms=known)


def test_flow_keys_compare_versions() -> None:
    def keys(statement: Statement) -> set[str]:
        return {o for _, p, o in triples(statement) if p.endswith("#flowKey>")}

    moved = replace(SALE, evidence=replace(SALE.evidence, start=500, end=529), confidence=0.1)
    assert keys(moved) == keys(SALE)
    assert keys(replace(SALE, polarity=Polarity.NEGATED)).isdisjoint(keys(SALE))
    both = replace(SALE, data=(*SALE.data, Mention("age", 1, 4, f"{PF}Age", "age")))
    assert len(keys(both)) == 2
    assert keys(both) > keys(SALE)


@pytest.mark.parametrize(
    "other",
    [
        replace(SALE, confidence=0.5),
        replace(SALE, modality=Modality.MAY),
        replace(SALE, data_subject="child"),
        replace(SALE, trigger=Mention("sell", 4, 8)),
        replace(SALE, conditions=(Mention("x", 1, 2),)),
        replace(SALE, retention=(Mention("x", 1, 2),)),
        replace(SALE, evidence=replace(SALE.evidence, line=3)),
        replace(SALE, evidence=replace(SALE.evidence, context=(Span("a", 0, 1),))),
    ],
)
def test_two_statements_never_share_an_iri(other: Statement) -> None:
    nodes = [next(describe(s, SNAPSHOT, terms=NONE))[0] for s in (SALE, other)]
    assert nodes[0] != nodes[1]


def test_the_catalogue_orders_snapshots() -> None:
    def entry(day: date | None, name: str) -> Reading:
        return Reading(replace(ACME, name=name, effective=day, sha256=name))

    readings = [entry(date(2020, 1, 1), "b"), entry(date(2019, 1, 1), "a"), entry(None, "c")]
    text = catalogue(map(snapshot, readings), terms=NONE)
    b, a, c = (snapshot_of(reading.document) for reading in readings)
    assert f"<{b}> <{PF}predecessor> <{a}>" in text
    assert f"<{a}> <{PF}predecessor> <{c}>" in text
    assert text.count("predecessor>") == 2
    assert text == catalogue(map(snapshot, reversed(readings)), terms=NONE)


def test_only_addresses_of_the_web_become_iris() -> None:
    for url in ("javascript:alert(1)", 'http://x/"> <a> <b', "http://x/ y", "https://x/%zz"):
        text = catalogue([snapshot(Reading(replace(ACME, url=url)))], terms=NONE)
        (line,) = [line for line in text.splitlines() if "/source>" in line]
        assert line.split(" ", 2)[2].startswith('"')
        list(pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.N_QUADS))


def test_the_same_document_under_two_names_is_one_snapshot() -> None:
    pair = [snapshot(Reading(replace(ACME, name=name))) for name in ("a.md", "b.md")]
    text = catalogue(pair, terms=NONE)
    assert text.count("/identifier>") == 2
    assert "predecessor" not in text


# Properties

ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\"\\\n\r\t\x00\x0b\x7f\x85\u2028\ud800\udfff\ufeff\ufffe<>{}|^`' .\U000e0001"
        ),
    ),
    max_size=20,
)
IRIS = st.one_of(
    st.none(),
    st.sampled_from([f"{PF}EmailAddress", f"{PF}User", f"{BASE}concept/1", f"{BASE}party/2"]),
    ODD,
    ODD.map(lambda text: f"https://x.example/{text}"),
)
MENTIONS = st.builds(
    Mention, ODD, st.integers(0, 10**9), st.integers(0, 10**9), IRIS, st.none() | ODD, IRIS
)
FEW = st.lists(MENTIONS, max_size=2).map(tuple)
STATEMENTS = st.builds(
    Statement,
    action=st.sampled_from(Action),
    polarity=st.sampled_from(Polarity),
    modality=st.sampled_from(Modality),
    trigger=MENTIONS,
    evidence=st.builds(
        Evidence,
        ODD,
        ODD,
        st.integers(0, 99),
        st.integers(0, 99),
        st.lists(ODD, max_size=2).map(tuple),
        st.lists(st.builds(Span, ODD, st.integers(0, 9), st.integers(0, 9)), max_size=2).map(tuple),
    ),
    negation=st.none() | MENTIONS,
    actor=st.none() | MENTIONS,
    data=FEW,
    recipients=FEW,
    purposes=FEW,
    locations=FEW,
    conditions=FEW,
    methods=FEW,
    data_subject=st.sampled_from([None, "child", "user"]),
    confidence=st.floats(0, 1),
)
READINGS = st.builds(
    Reading,
    st.builds(
        Document,
        name=ODD,
        text=ODD,
        publisher=st.none() | ODD,
        names=st.lists(ODD, max_size=2).map(tuple),
        title=st.none() | ODD,
        url=st.none() | ODD,
        effective=st.none() | st.dates(),
        sha256=ODD,
    ),
    st.lists(STATEMENTS, max_size=3).map(tuple),
)


def strict(text: str, form: pyoxigraph.RdfFormat) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(text.encode(), form))


@given(ODD)
def test_escaping_is_undone_by_strict_parsers(text: str) -> None:
    line = f"<http://x/s> <http://x/p> {literal(text)} ."
    wanted = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    assert line.isprintable() or not escaped(text).isprintable()
    assert not any(c < " " or c in "\x7f\x85\u2028\u2029" for c in escaped(text))
    (found,) = strict(line, pyoxigraph.RdfFormat.N_TRIPLES)
    assert found.object.value == wanted
    graph = Graph().parse(data=line, format="nt")
    assert str(next(iter(graph))[2]) == wanted


@given(READINGS)
@settings(max_examples=150, deadline=None)
def test_any_reading_makes_strict_quads_without_blank_nodes(reading: Reading) -> None:
    text = describe_reading(reading, terms=NONE)
    quads = strict(text, pyoxigraph.RdfFormat.N_QUADS)
    assert len(quads) == len(set(quads)) == text.count("\n")
    assert not any(
        isinstance(term, pyoxigraph.BlankNode)
        for quad in quads
        for term in (quad.subject, quad.object)
    )
    assert {quad.graph_name.value for quad in quads} <= {snapshot_of(reading.document)}
    strict(catalogue([snapshot(reading)], terms=NONE), pyoxigraph.RdfFormat.N_QUADS)


@given(READINGS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_statements_makes_no_difference(reading: Reading, rand: random.Random) -> None:
    mixed = list(reading.statements)
    rand.shuffle(mixed)
    once = describe_reading(reading, terms=NONE)
    assert describe_reading(replace(reading, statements=tuple(mixed)), terms=NONE) == once
    assert describe_reading(replace(reading, statements=(*mixed, *mixed)), terms=NONE) == once


@given(STATEMENTS)
@settings(max_examples=60, deadline=None)
def test_both_parsers_read_the_same_graph(statement: Statement) -> None:
    found = list(describe(statement, SNAPSHOT, terms=NONE))
    assert len(found) == len(set(found))
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in found)
    ours = Graph().parse(data=text, format="nt")
    store = pyoxigraph.Store()
    store.extend(
        pyoxigraph.Quad(t.subject, t.predicate, t.object)
        for t in strict(text, pyoxigraph.RdfFormat.N_TRIPLES)
    )
    output = io.BytesIO()
    store.dump(output, pyoxigraph.RdfFormat.TURTLE, from_graph=pyoxigraph.DefaultGraph())
    theirs = Graph().parse(data=output.getvalue(), format="turtle")
    assert isomorphic(ours, theirs)


@given(STATEMENTS, STATEMENTS)
@settings(max_examples=80, deadline=None)
def test_different_statements_have_different_iris(one: Statement, other: Statement) -> None:
    nodes = [next(describe(s, SNAPSHOT, terms=NONE))[0] for s in (one, other)]
    assert (nodes[0] == nodes[1]) == (one == other)


@given(ODD)
def test_every_term_in_brackets_is_an_iri(value: str) -> None:

    assert is_iri(iri(value)[1:-1])
