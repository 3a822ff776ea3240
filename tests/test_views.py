"""The network as programs read it, and the page that kg view writes."""

from __future__ import annotations

import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from browser import needs_node
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import HOSTILE, acme, mention, reading, says, store_of

from kg.claims import Claim, claims, concept_labels, sources
from kg.errors import QueryError, UsageError
from kg.iris import BASE, PF
from kg.model import Action, Mention, Modality, Reading, Span, Statement
from kg.queries.formats import visible
from kg.store import Store, open_store
from kg.views import Scope, flow_graph, render, write_graphml
from kg.views.network import is_passing, passages
from kg.views.page_data import ROLES, page_data
from kg.views.scope import Chosen, choose

Kg = Callable[..., Any]

A = ("email address",)
USER, CHILD, GOOGLE, ADS = (PF + name for name in ("User", "Child", "Google", "Advertiser"))


def _edges(*statements: Statement, **options: bool) -> list[tuple[str, str]]:
    return sorted(flow_graph(store_of(reading(*statements)), **options).edges())


# The graph


def _statements(graph: nx.MultiDiGraph) -> set[str]:
    return {edge["statement"] for *_, edge in graph.edges(data=True)}


def test_collecting_goes_from_the_user_to_the_company() -> None:
    assert _edges(says(Action.COLLECT, data=A)) == [(USER, acme())]


def test_collecting_goes_from_the_source_that_is_named() -> None:
    assert _edges(says(Action.COLLECT, data=A, sources=("Google",))) == [(GOOGLE, acme())]


def test_data_of_children_comes_from_children() -> None:
    assert _edges(says(Action.COLLECT, data=A, data_subject="child")) == [(CHILD, acme())]


@pytest.mark.parametrize("action", [Action.SHARE, Action.SELL, Action.TRANSFER])
def test_passing_on_goes_from_who_acts_to_every_recipient(action: Action) -> None:
    said = says(action, data=A, recipients=("Google", "advertisers"))
    assert _edges(said) == sorted([(acme(), ADS), (acme(), GOOGLE)])
    other = replace(said, actor=mention("Google"), recipients=(mention("advertisers"),))
    assert _edges(other) == [(GOOGLE, ADS)]


def test_a_transfer_without_recipient_goes_to_the_place() -> None:
    graph = flow_graph(store_of(reading(says(Action.TRANSFER, data=A, locations=("Japan",)))))
    [(start, end)] = graph.edges()
    assert (start, graph.nodes[end]["label"], graph.nodes[end]["kind"]) == (
        acme(),
        "Japan",
        "place",
    )


def test_sharing_with_nobody_in_particular_goes_to_some_recipient() -> None:
    assert _edges(says(Action.SHARE, data=A)) == [(acme(), PF + "Recipient")]


def test_storing_in_a_place_goes_there() -> None:
    [(start, _)] = _edges(says(Action.STORE, data=A, locations=("Italy",)))
    assert start == acme()


def test_what_a_company_does_by_itself_is_a_loop_for_those_who_ask() -> None:
    said = [says(action, data=A) for action in (Action.USE, Action.RETAIN, Action.PROTECT)]
    assert _edges(*said) == []
    assert _edges(*said, handling=True) == [(acme(), acme())] * 3


def test_a_denial_is_no_edge_unless_asked_for_and_then_says_so() -> None:
    store = store_of(reading(says(Action.SELL, denied=True, data=A, recipients=("advertisers",))))
    assert not flow_graph(store).edges
    [(_, _, edge)] = flow_graph(store, denials=True).edges(data=True)
    assert (edge["polarity"], edge["label"]) == ("negated", "does NOT sell email address")


def test_there_is_an_edge_for_every_datum_and_recipient() -> None:
    said = says(Action.SHARE, data=("email address", "name"), recipients=("Google", "advertisers"))
    graph = flow_graph(store_of(reading(said)))
    keys = [key for *_, key in graph.edges(keys=True)]
    assert len(keys) == len(set(keys)) == 4
    assert {key.split("#")[0] for key in keys} == {
        e["statement"] for *_, e in graph.edges(data=True)
    }


SHARES = says(
    Action.SHARE,
    text="If you agree or sign up, we share your email address with Google to show ads.",
    trigger="share",
    data=A,
    recipients=("Google",),
    purposes=("show ads",),
    conditions=("you agree", "sign up"),
    legal_bases=("consent",),
)


def test_an_edge_tells_all_about_its_statement() -> None:
    [(_, _, edge)] = flow_graph(store_of(reading(SHARES))).edges(data=True)
    expected = {
        "action": "share",
        "polarity": "affirmed",
        "modality": "asserted",
        "data": "email address",
        "data_iri": PF + "EmailAddress",
        "recipient": "Google",
        "purposes": "show ads",
        "conditions": "you agree; sign up",
        "legal_bases": "consent",
        "confidence": 0.9,
        "company": "Acme",
        "date": "2021-05-01",
        "document": "acme.md",
        "quote": SHARES.evidence.text,
    }
    assert {name: edge[name] for name in expected} == expected


def test_one_company_alone() -> None:
    store = store_of(
        reading(says(Action.COLLECT, data=A)),
        reading(says(Action.COLLECT, data=A), publisher="Zeta", name="z.md"),
    )
    assert {e["company"] for *_, e in flow_graph(store, company="zeta").edges(data=True)} == {
        "Zeta"
    }
    with pytest.raises(QueryError, match="no company"):
        flow_graph(store, company="Nobody")


def test_kinds_and_labels_of_nodes() -> None:
    said = says(Action.SHARE, data=A, recipients=("Google",))
    graph = flow_graph(store_of(reading(said, says(Action.COLLECT, data=A))))
    assert {(node["label"], node["kind"]) for _, node in graph.nodes(data=True)} == {
        ("Acme", "publisher"),
        ("Google", "party"),
        ("user", "user"),
    }


# GraphML


def _graphml(graph: nx.MultiDiGraph) -> bytes:
    output = io.BytesIO()
    write_graphml(graph, output)
    return output.getvalue()


def _all_of(graph: nx.MultiDiGraph) -> tuple[object, object]:
    edges = {
        (u, v, key, tuple(sorted(e.items()))) for u, v, key, e in graph.edges(keys=True, data=True)
    }
    return dict(graph.nodes(data=True)), edges


def _read(text: bytes) -> nx.MultiDiGraph:
    graph = nx.read_graphml(io.BytesIO(text), force_multigraph=True)
    for *_, attributes in graph.edges(data=True):
        attributes.pop("id", None)
    return graph


def test_graphml_reads_back_whole() -> None:
    graph = flow_graph(store_of(reading(SHARES, says(Action.COLLECT, data=A))))
    assert _all_of(_read(_graphml(graph))) == _all_of(graph)


def test_graphml_ids_of_edges_are_unique_and_attributes_are_scalars() -> None:
    said = says(Action.SHARE, data=("email address", "name"), recipients=("Google", "advertisers"))
    root = ET.fromstring(_graphml(flow_graph(store_of(reading(said)))))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    ids = [edge.get("id") for edge in root.iter(f"{space}edge")]
    assert len(ids) == len(set(ids)) == 4
    assert {key.get("attr.type") for key in root.iter(f"{space}key")} == {"string", "double"}


hostile = st.text(st.characters(exclude_categories=["Cs"]), max_size=15) | st.sampled_from(HOSTILE)
some = st.lists(hostile, max_size=2).map(tuple)


@st.composite
def _said(draw: st.DrawFn) -> Statement:
    said = says(
        draw(st.sampled_from(Action)),
        denied=draw(st.booleans()),
        text=draw(hostile),
        data=draw(some),
        recipients=draw(some),
        purposes=draw(some),
        conditions=draw(some),
        locations=draw(some),
        headings=tuple(draw(some)),
    )
    label = draw(hostile.filter(bool))
    return replace(said, actor=Mention("we", 0, 2, "https://w3id.org/privflow/id/party/1", label))


@settings(max_examples=40, deadline=None)
@given(st.lists(_said(), max_size=4))
def test_graphml_holds_any_text(statements: list[Statement]) -> None:
    store = store_of(reading(*statements), ontology=False)
    graph = flow_graph(store, denials=True, handling=True)
    text = _graphml(graph)
    assert text == _graphml(flow_graph(store, denials=True, handling=True))
    assert _all_of(_read(text)) == _all_of(graph)


@settings(max_examples=40, deadline=None)
@given(st.lists(_said(), max_size=4))
def test_every_statement_has_an_edge(statements: list[Statement]) -> None:
    store = store_of(reading(*statements), ontology=False)
    found = {
        e["statement"] for *_, e in flow_graph(store, denials=True, handling=True).edges(data=True)
    }
    wanted = {row[0].value for row in store.query("SELECT ?s WHERE { ?s pf:action ?a }")}
    assert found == wanted


# What a page is of


def _names(chosen: Chosen) -> list[tuple[str, str | None]]:
    return [(source.company, source.date) for source in chosen.sources]


def _by(publisher: str, day: date | None, *statements: Statement) -> Reading:
    said = statements or (says(Action.COLLECT, data=A),)
    return reading(*said, publisher=publisher, day=day, name=f"{publisher} {day}.md")


def _also(one: Reading, **changed: Any) -> Reading:
    """A reading of a document that differs in something."""
    return replace(one, document=replace(one.document, **changed))


COMPANIES = [
    _by("Acme", date(2021, 5, 1)),
    _also(_by("Google", date(2021, 5, 1)), names=("Alphabet Holdings",)),
    _by("Zeta", date(2021, 5, 1)),
]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ((), ["Acme", "Google", "Zeta"]),
        (("Acme",), ["Acme"]),
        (("acme, Inc.",), ["Acme"]),
        (("alphabet holdings",), ["Google"]),
        ((GOOGLE,), ["Google"]),
        (("Zeta", "Acme"), ["Acme", "Zeta"]),
        (("Acme", "ACME", "Google"), ["Acme", "Google"]),
    ],
)
def test_companies_are_chosen_by_name_alias_and_iri(
    asked: tuple[str, ...], found: list[str]
) -> None:
    chosen = choose(store_of(*COMPANIES), Scope(companies=asked))
    assert [name for name, _ in _names(chosen)] == found
    assert {claim.source.company for claim in chosen.claims} == set(found)


@pytest.mark.parametrize(
    ("asked", "told"), [("Acne", "did you mean Acme"), ("qqqq", "there are Acme, Google, Zeta")]
)
def test_an_unknown_company_is_told_with_those_there_are(asked: str, told: str) -> None:
    with pytest.raises(QueryError, match=told):
        choose(store_of(*COMPANIES), Scope(companies=("Zeta", asked)))


HISTORY = (
    _by("Acme", date(2019, 6, 30)),
    _by("Acme", date(2020, 2, 29)),
    _by("Acme", date(2021, 1, 1)),
    _by("Late", date(2020, 12, 31)),
    _by("Undated", None),
)


@pytest.mark.parametrize(
    ("day", "found", "later"),
    [
        ("2019-06-30", [("Acme", "2019-06-30")], ["Late"]),
        ("2020-02-28", [("Acme", "2019-06-30")], ["Late"]),
        ("2020-02-29", [("Acme", "2020-02-29")], ["Late"]),
        ("2020-01", [("Acme", "2019-06-30")], ["Late"]),
        ("2020-02", [("Acme", "2020-02-29")], ["Late"]),
        ("2019", [("Acme", "2019-06-30")], ["Late"]),
        ("2020", [("Acme", "2020-02-29"), ("Late", "2020-12-31")], []),
        ("2020-12", [("Acme", "2020-02-29"), ("Late", "2020-12-31")], []),
        ("2030", [("Acme", "2021-01-01"), ("Late", "2020-12-31")], []),
    ],
)
def test_a_date_picks_each_policy_as_it_stood_then(
    day: str, found: list[tuple[str, str]], later: list[str]
) -> None:
    chosen = choose(store_of(*HISTORY), Scope(snapshot=day))
    assert _names(chosen) == found
    assert chosen.latest == {source.graph for source in chosen.sources}
    assert (list(chosen.later), list(chosen.undated)) == (later, ["Undated"])
    assert {c.source.graph for c in chosen.claims} == chosen.latest


def test_without_a_date_nobody_is_left_out_and_the_latest_are_known() -> None:
    chosen = choose(store_of(*HISTORY), Scope())
    assert len(chosen.sources) == len(HISTORY)
    latest = [(s.company, s.date) for s in chosen.sources if s.graph in chosen.latest]
    assert latest == [("Acme", "2021-01-01"), ("Late", "2020-12-31"), ("Undated", None)]
    assert (chosen.later, chosen.undated) == ((), ())


def test_an_undated_snapshot_is_no_loss_where_a_dated_one_stands() -> None:
    store = store_of(_by("Acme", None), _by("Acme", date(2020, 1, 1)))
    chosen = choose(store, Scope(snapshot="2020"))
    assert _names(chosen) == [("Acme", "2020-01-01")]
    assert (chosen.later, chosen.undated) == ((), ())


NO_DATES = ("", "yesterday", "2020-1-1", "20200101", "01.02.2020", "2020-", " 2020", "２０２０")
IMPOSSIBLE = ("2020-13-45", "2020-13", "2020-00", "2021-02-29", "2020-04-31", "2020-06-00", "0000")


@pytest.mark.parametrize("day", [*NO_DATES, *IMPOSSIBLE])
def test_what_is_no_date_is_wrong_usage(day: str) -> None:
    with pytest.raises(UsageError, match=f"'{day}'"):
        choose(store_of(*HISTORY), Scope(snapshot=day))


def test_when_nothing_is_so_early_the_first_date_is_told() -> None:
    with pytest.raises(QueryError, match=r"no snapshot of 2018 .*first is of 2019-06-30"):
        choose(store_of(*HISTORY), Scope(snapshot="2018"))
    with pytest.raises(QueryError, match="first is of 2020-12-31"):
        choose(store_of(*HISTORY), Scope(("Late", "Undated"), "2018"))
    with pytest.raises(QueryError, match="none has a date"):
        choose(store_of(_by("Undated", None)), Scope(snapshot="2018"))


def test_an_empty_graph_has_nothing_to_choose() -> None:
    chosen = choose(store_of(), Scope(snapshot="2020"))
    assert (chosen.sources, chosen.claims) == ((), ())


def _named(words: str, concept: str) -> tuple[Mention, ...]:
    return (mention(words, iri=PF + concept),)


BARE = says(Action.SHARE, data=("name",))
#: Role -> a claim that names a concept in it, and names of that or a broader one.
FOCUSED = {
    "data": (replace(BARE, data=_named("email address", "EmailAddress")), "contact data"),
    "recipient": (replace(BARE, recipients=_named("AdMob", "AdMob")), "advertiser"),
    "source": (replace(BARE, sources=_named("Google", "Google")), "technology company"),
    "purpose": (replace(BARE, purposes=_named("measure", "AdMeasurement")), "advertising"),
    "place": (replace(BARE, locations=_named("in Asia", "AsiaPacific")), "Asia-Pacific"),
    "legal basis": (replace(BARE, legal_bases=_named("ok", "AdequacyDecision")), "safeguard"),
    "actor": (replace(BARE, actor=_named("Google", "Google")[0]), "technology company"),
}


@pytest.mark.parametrize("role", FOCUSED)
def test_a_focus_keeps_what_names_a_narrower_concept_in_any_role(role: str) -> None:
    said, focus = FOCUSED[role]
    if focus == "safeguard":
        focus = PF + "Safeguard"
    other = says(Action.USE, data=("device",), start=100)
    chosen = choose(store_of(reading(said, other)), Scope(focus=focus))
    assert [claim.statement.action for claim in chosen.claims] == [Action.SHARE]
    assert _names(chosen) == [("Acme", "2021-05-01")]


@pytest.mark.parametrize(
    "focus",
    [PF + "EmailAddress", "email address", "Email Address", "e-mail address", "contact info"],
)
def test_a_focus_is_found_by_iri_label_and_synonym(focus: str) -> None:
    store = store_of(reading(*(said for said, _ in FOCUSED.values())))
    chosen = choose(store, Scope(focus=focus))
    assert len(chosen.claims) == 1
    assert chosen.focus in {"email address", "contact data"}


def test_a_focus_can_be_a_company_and_a_word_of_the_policy_itself() -> None:
    own = says(Action.USE, data=("scroll depth",))
    store = store_of(reading(own, BARE), _by("Zeta", date(2021, 1, 1)))
    assert [c.statement.action for c in choose(store, Scope(focus="scroll depth")).claims] == [
        Action.USE
    ]
    assert {c.source.company for c in choose(store, Scope(focus="Zeta")).claims} == {"Zeta"}


def test_the_top_of_a_role_is_all_that_is_named_in_it() -> None:
    said = [
        says(Action.SHARE, data=A, recipients=(name,), start=at)
        for at, name in enumerate(("Google", "Odd Fellows"))
    ]
    assert len(choose(store_of(reading(*said)), Scope(focus=PF + "Recipient")).claims) == 2


@pytest.mark.parametrize("focus", ["Acme 2021-05-01", "shares with", "confidence", "Statement"])
def test_only_concepts_and_parties_can_be_the_focus(focus: str) -> None:
    with pytest.raises(QueryError):
        choose(store_of(reading(BARE)), Scope(focus=focus))


def test_an_unknown_focus_is_told_with_those_that_are_near() -> None:
    with pytest.raises(QueryError, match=r"no concept 'emal dress'.* email address"):
        choose(store_of(reading(BARE)), Scope(focus="emal dress"))
    with pytest.raises(QueryError, match="no concept"):
        choose(store_of(reading(BARE)), Scope(focus=PF + "Nothing"))


def test_unsure_claims_are_left_out() -> None:
    said = [says(Action.USE, start=at, confidence=at / 100) for at in (40, 50, 60)]
    chosen = choose(store_of(reading(*said)), Scope(least=0.5))
    assert [claim.statement.confidence for claim in chosen.claims] == [0.5, 0.6]


def _refusal(store: Store, scope: Scope, most: int) -> str:
    with pytest.raises(UsageError) as refused:
        choose(store, scope, most=most)
    return str(refused.value)


def test_too_many_claims_are_refused_with_ways_to_narrow() -> None:
    many = [says(Action.USE, start=at) for at in range(3)]
    store = store_of(
        _by("Acme", date(2020, 1, 1), *many), _by("Acme", date(2021, 1, 1)), _by("Zeta", None)
    )
    told = _refusal(store, Scope(), 5)
    assert "5 statements" in told
    assert "fewer than 5" in told
    for way in ("--company NAME", "Acme 4, Zeta 1", "--snapshot", "--focus", "--min-confidence"):
        assert way in told
    assert len(choose(store, Scope(), most=6).claims) == 5


def test_only_ways_that_narrow_are_told() -> None:
    store = store_of(*(_by("Acme", date(year, 1, 1)) for year in (2020, 2021)))
    assert "--company" not in _refusal(store, Scope(), 1)
    assert "--snapshot" not in _refusal(store, Scope(snapshot="2021"), 1)
    assert "--focus" not in _refusal(store, Scope(focus="email address"), 1)
    assert "--min-confidence 0.9" not in _refusal(store, Scope(least=0.9), 1)


def test_no_confidence_is_above_one() -> None:
    sure = store_of(reading(replace(BARE, confidence=1.0)))
    assert "--min-confidence" not in _refusal(sure, Scope(least=1.0), 1)


def test_without_dates_no_date_is_proposed() -> None:
    undated = store_of(*(_also(_by("Acme", None), name=name, sha256=name) for name in "ab"))
    assert "--snapshot" not in _refusal(undated, Scope(), 1)


def test_the_date_that_is_proposed_leaves_what_is_said() -> None:
    store = store_of(*HISTORY)
    told = _refusal(store, Scope(), 3)
    found = re.search(r"--snapshot DATE \((\S+): (\d+) in all\)", told)
    assert found
    assert len(choose(store, Scope(snapshot=found[1])).claims) == int(found[2])


def test_claims_are_counted_after_focus_and_confidence() -> None:
    said = [says(Action.USE, data=A, start=at, confidence=at / 10) for at in range(10)]
    store = store_of(reading(*said, replace(BARE, confidence=0.1)))
    assert len(choose(store, Scope(least=0.8), most=3).claims) == 2
    assert len(choose(store, Scope(focus="name"), most=2).claims) == 1
    assert "10 statements" in _refusal(store, Scope(focus="email address"), 10)
    assert "2 statements" in _refusal(store, Scope(least=0.8), 2)


readings = st.lists(
    st.builds(
        lambda company, year, said: _by(company, year and date(year, 1, 1), *said),
        st.sampled_from(["Acme", "Google", "Zeta"]),
        st.none() | st.integers(2019, 2021),
        st.lists(
            st.builds(
                lambda data, who, at, confidence, denied: says(
                    Action.SHARE, denied=denied, data=data, recipients=who, start=at,
                    confidence=confidence / 100,
                ),
                st.lists(st.sampled_from(["email address", "name", "odd"]), max_size=2).map(tuple),
                st.lists(st.sampled_from(["Google", "advertisers"]), max_size=2).map(tuple),
                st.integers(0, 99),
                st.integers(0, 100),
                st.booleans(),
            ),
            min_size=1, max_size=4,
        ),
    ),
    max_size=5,
    unique_by=lambda one: (one.document.publisher, one.document.effective),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    readings,
    st.sampled_from([None, "2020", "2019-01-01"]),
    st.sampled_from([None, "EmailAddress", "ContactData", "Google", "Advertiser"]),
    st.sampled_from([0.0, 0.5]),
)
def test_what_is_chosen_are_the_claims_that_fit(
    read: list[Reading], day: str | None, focus: str | None, least: float
) -> None:
    store = store_of(*read)
    within = {"ContactData": {"EmailAddress"}}.get(focus or "", set()) | {focus}
    last: dict[str, str] = {}
    for source in sources(store):
        if day is None or (source.date and source.date <= f"{day}~"):
            last[source.policy] = source.graph

    def fits(claim: Claim) -> bool:
        said = claim.statement
        iris = {claim.actor_iri, *(m.iri for m in (*said.data, *said.recipients))}
        return (day is None or claim.source.graph == last.get(claim.source.policy)) and (
            focus is None or not iris.isdisjoint({f"{PF}{one}" for one in within})
        )

    expected = [claim for claim in claims(store, least=least) if fits(claim)]
    scope = Scope(snapshot=day, focus=focus and PF + focus, least=least)
    if (day is not None and read and not last) or (focus is not None and not expected):
        with pytest.raises(QueryError):
            choose(store, scope)
    else:
        assert list(choose(store, scope).claims) == expected


# The data of a page


def _of(*read: Reading, ontology: bool = True, **scope: Any) -> dict[str, Any]:
    """The data of a page, as JSON gives it to the page."""
    chosen = choose(store_of(*read, ontology=ontology), Scope(**scope))
    found: dict[str, Any] = json.loads(json.dumps(page_data(chosen, "T"), allow_nan=False))
    return found


def _rows(data: dict[str, Any], table: str) -> list[dict[str, Any]]:
    names = data["fields"][table]
    assert all(len(row) == len(names) for row in data[table])
    return [dict(zip(names, row, strict=True)) for row in data[table]]


def _concepts(data: dict[str, Any]) -> dict[str, list[str]]:
    """Label -> labels of what is right above; kinds are not told apart."""
    rows = _rows(data, "concepts")
    return {row["label"]: [rows[one]["label"] for one in row["above"]] for row in rows}


def _mentions(data: dict[str, Any], number: int) -> list[tuple[str, str, str | None]]:
    """Role, words and label of the concept of a statement's mentions, as the page reads them."""
    row = _rows(data, "statements")[number]
    sentence = _rows(data, "sentences")[row["sentence"]]["text"].encode("utf-16-le")
    flat = row["mentions"]
    assert len(flat) % 4 == 0
    found = []
    for at in range(0, len(flat), 4):
        role, start, length, concept = flat[at : at + 4]
        if start < 0:
            assert start == -1
            words = data["texts"][length]
        else:
            assert 2 * (start + length) <= len(sentence)
            words = sentence[2 * start : 2 * (start + length)].decode("utf-16-le")
        label = data["concepts"][concept][1] if concept >= 0 else None
        found.append((data["names"]["role"][role], words, label))
    return found


def _shown(text: str) -> str:
    """Words of a sentence as the page has them: any kind of space is one."""
    return "".join(" " if char.isspace() else visible(char) for char in text)


def test_a_statement_is_there_with_its_words() -> None:
    said = replace(
        SHARES,
        modality=Modality.MAY,
        data_subject="child",
        confidence=0.87,
        legal_bases=(Mention("agree", 7, 12, PF + "Consent"),),
    )
    data = _of(reading(said))
    [row] = _rows(data, "statements")
    names = data["names"]
    assert names["action"][row["action"]] == "share"
    assert names["modality"][row["modality"]] == "may"
    assert (row["denied"], row["child"], row["confidence"]) == (0, 1, 87)
    assert data["concepts"][row["actor"]][1] == "Acme"
    assert _mentions(data, 0) == [
        ("trigger", "share", None),
        ("data", "email address", "email address"),
        ("recipient", "Google", "Google"),
        ("purpose", "show ads", "show ads"),
        ("basis", "agree", "consent"),
        ("condition", "you agree", None),
        ("condition", "sign up", None),
    ]
    [sentence] = _rows(data, "sentences")
    assert sentence["text"] == SHARES.evidence.text
    assert data["texts"][sentence["heading"]] == "Policy › What we do"


SENTENCES = (
    "We 😀😀 share 😀 your email address 😀 with Google.",
    "We share cafe\u0301 e\u0301mail address with G\u0308oogle.",
    "\u202eWe share\u2066 your email address\u2069 with\u200b Google.",
    "We\x00 share\x1b[31m your\x7f email address with Google.",
    "We share:\r\nyour\temail address\n\nwith\u2028Google.",
    "\ufeffWe share \U000e0041\U0001fbfa your email address with Google\U0010ffff.",
)


@pytest.mark.parametrize("text", SENTENCES)
def test_words_are_found_in_sentences_with_characters_of_any_kind(text: str) -> None:
    words = re.search(r"\S*mail address", text)
    assert words
    said = says(
        Action.SHARE,
        text=text,
        start=70,
        trigger="share",
        data=(words[0],),
        recipients=(re.findall(r"\S*oogle", text)[0],),
    )
    data = _of(reading(said))
    found = [words for _, words, _ in _mentions(data, 0)]
    assert found == ["share", _shown(words[0]), _shown(said.recipients[0].text)]
    assert found[1].endswith("mail address")
    [sentence] = _rows(data, "sentences")
    assert sentence["text"].isprintable()
    assert sentence["start"] == 70


def test_words_that_stand_elsewhere_are_kept_as_text() -> None:
    said = says(Action.SHARE, text="We share it.", start=50, trigger="share", data=A)
    far = replace(said, recipients=(Mention("our\r\n partners", 10, 24),))
    [_, data, recipient] = _mentions(_of(reading(far)), 0)
    assert recipient[:2] == ("recipient", "our partners")
    assert data[0] == "data"


special = st.text(st.sampled_from("ab 😀\u0301\u202e\u2066\r\n\t\x00\x1b\u2028\u200d\U0001fbfa<&"))


@st.composite
def _sentence(draw: st.DrawFn, number: int) -> Statement:
    """A claim whose mentions are words of its sentence, or of one before it."""
    text = draw(hostile | special)
    start = 1000 * number + 500

    def words() -> Mention:
        begin = draw(st.integers(0, len(text)))
        end = draw(st.integers(begin, len(text)))
        if draw(st.integers(0, 9)):
            return Mention(text[begin:end], start + begin, start + end)
        far = draw(hostile)
        return Mention(far, start - 400, start - 400 + len(far))

    def some() -> tuple[Mention, ...]:
        return tuple(words() for _ in range(draw(st.integers(0, 2))))

    said = says(
        draw(st.sampled_from(Action)),
        denied=draw(st.booleans()),
        text=text,
        start=start,
        headings=tuple(draw(st.lists(hostile, max_size=2))),
    )
    return replace(
        said,
        trigger=words(),
        negation=words(),
        data=some(),
        recipients=some(),
        sources=some(),
        purposes=some(),
        legal_bases=some(),
        locations=some(),
        retention=some(),
        conditions=some(),
        methods=some(),
        threats=some(),
    )


@st.composite
def _sentences(draw: st.DrawFn) -> list[Statement]:
    return [draw(_sentence(number)) for number in range(draw(st.integers(0, 4)))]


@settings(max_examples=80, deadline=None)
@given(_sentences())
def test_every_claim_is_there_once_and_every_word_in_its_place(said: list[Statement]) -> None:
    store = store_of(reading(*said), ontology=False)
    _check_claims(store, choose(store, Scope()))


def test_every_claim_of_the_sample_is_there_once_and_every_word_in_its_place(built: Path) -> None:
    with open_store(built) as store:
        data = _check_claims(store, choose(store, Scope()))
    assert len(data["statements"]) > 200
    _check(data)


def _check_claims(store: Store, chosen: Chosen) -> dict[str, Any]:
    data = page_data(chosen, "T")
    json.dumps(data, allow_nan=False).encode()
    rows = _rows(data, "statements")
    every = [row[0].value for row in store.query("SELECT ?s WHERE { ?s pf:action ?a }")]
    assert sorted(row["digits"] for row in rows) == sorted(i.rsplit("/", 1)[1] for i in every)
    sentences = _rows(data, "sentences")
    for number, (claim, row) in enumerate(zip(chosen.claims, rows, strict=True)):
        assert row["digits"] == claim.digits
        place = claim.statement.evidence
        assert sentences[row["sentence"]]["text"] == _shown(place.text)
        assert sentences[row["sentence"]]["start"] == place.start
        expected: list[tuple[str, str]] = []
        for name, (role, _) in ROLES.items():
            value = getattr(claim.statement, name)
            for one in value if isinstance(value, tuple) else (value,) if value else ():
                is_here = place.start <= one.start <= one.end <= place.end and one.text
                words = _shown(one.text) if is_here else visible(" ".join(one.text.split()))
                expected.append((role, words))
        assert [(role, words) for role, words, _ in _mentions(data, number)] == expected
    _check(data, ontology=False)
    return data


def _check(data: dict[str, Any], *, ontology: bool = True) -> None:
    """What holds for every page; with an ontology, every kind has one top."""
    concepts = _rows(data, "concepts")
    for number, row in enumerate(concepts):
        # What is above comes before, so nothing is above itself.
        assert all(0 <= one < number for one in row["above"])
        assert all(concepts[one]["kind"] == row["kind"] for one in row["above"])
        assert row["label"]
    keys = [(row["kind"], row["key"]) for row in concepts]
    assert len(set(keys)) == len(keys)
    tops = {row["kind"]: row["key"] for row in concepts if not row["above"]}
    assert not ontology or sum(not row["above"] for row in concepts) == len(tops)
    assert len(set(data["texts"])) == len(data["texts"])
    assert all(isinstance(text, str) for text in data["texts"])


def test_concepts_have_all_above_them() -> None:
    data = _of(reading(replace(FOCUSED["recipient"][0], data=FOCUSED["data"][0].data)))
    above = _concepts(data)
    assert above["email address"] == ["contact data"]
    assert above["contact data"] == ["personal data"]
    assert above["personal data"] == ["data"]
    assert above["AdMob"] == ["ad network"]
    assert above["ad network"] == ["advertiser"]
    assert above["advertiser"] == ["recipient"]
    assert above["data"] == above["recipient"] == []
    _check(data)


def test_a_concept_with_two_above_it_has_both() -> None:
    said = replace(BARE, data=_named("passport number", "PassportNumber"))
    above = _concepts(_of(reading(said)))
    assert sorted(above["government identifier"]) == ["identity data", "sensitive data"]


def test_words_of_the_policy_itself_have_a_group_of_their_own() -> None:
    said = says(
        Action.SHARE,
        data=("frobnication level",),
        recipients=("Odd Fellows",),
        purposes=("frobnicate",),
        locations=("Atlantis",),
        legal_bases=("whim",),
    )
    data = _of(reading(said))
    above = _concepts(data)
    groups = [row for row in _rows(data, "concepts") if row["key"] == "own"]
    assert len(groups) == len(data["names"]["kind"]) == 5
    for words, top in {
        "frobnication level": "data",
        "Odd Fellows": "recipient",
        "frobnicate": "purpose",
        "Atlantis": "place",
        "whim": "legal basis",
        "Acme": "recipient",
    }.items():
        [group] = above[words]
        assert "own words" in group
        assert above[group] == [top]
    _check(data)


def test_words_of_the_policy_below_a_concept_stand_there() -> None:
    own = Mention("frobnication level", 0, 18, f"{BASE}concept/1", None, f"{PF}ContactData")
    above = _concepts(_of(reading(replace(BARE, data=(own,)))))
    assert above["frobnication level"] == ["contact data"]


@pytest.mark.parametrize("words", ["own", "null", "a/b", "x#y", "Data", "  "])
def test_words_of_the_policy_have_keys_of_their_own(words: str) -> None:
    roles = dict.fromkeys(("data", "recipients", "purposes", "legal_bases"), (words, "b", "y"))
    for ontology in (True, False):
        _check(_of(reading(says(Action.SHARE, **roles)), ontology=ontology), ontology=ontology)


def test_vague_and_sensitive_concepts_are_marked() -> None:
    said = replace(
        BARE,
        data=_named("health", "HealthData"),
        recipients=_named("third parties", "ThirdParty"),
    )
    marked = {
        row["key"]: (row["vague"], row["sensitive"])
        for row in _rows(_of(reading(said)), "concepts")
    }
    assert marked["HealthData"] == (0, 1)
    assert marked["ThirdParty"] == (1, 0)
    assert marked["Data"] == marked["Recipient"] == (0, 0)


def test_policies_have_publishers_dates_and_addresses() -> None:
    old = reading(BARE, day=None, url="javascript:alert(1)", name="old.md", title="\u202eOld")
    new = reading(BARE, SHARES, name="new.md")
    data = _of(old, new, _by("Google", date(2020, 1, 1)))
    found = [
        (data["concepts"][row["company"]][1], row["date"], row["title"], row["documents"],
         row["urls"], row["latest"])
        for row in _rows(data, "policies")
    ]  # fmt: skip
    at = ["https://acme.example/privacy"]
    assert found == [
        ("Acme", "", "\\u202eOld", ["old.md"], [], 0),
        ("Acme", "2021-05-01", "Acme Privacy Policy", ["new.md"], at, 1),
        ("Google", "2020-01-01", "Acme Privacy Policy", ["Google 2020-01-01.md"], at, 1),
    ]
    _check(data)


@pytest.mark.parametrize("name", ["Acme", "Google"])
def test_a_publisher_that_others_name_is_one_concept(name: str) -> None:
    naming = replace(BARE, recipients=(mention(name, iri=acme() if name == "Acme" else GOOGLE),))
    data = _of(reading(BARE), _by("Google", date(2020, 1, 1)), _by("Zeta", None, naming))
    found = [row for row in _rows(data, "concepts") if row["label"] == name]
    assert [row["kind"] for row in found] == [data["names"]["kind"].index("party")]


def test_one_sentence_of_two_claims_is_there_once() -> None:
    data = _of(reading(SHARES, replace(SHARES, action=Action.USE, recipients=())))
    assert (len(data["sentences"]), len(data["statements"])) == (1, 2)


def test_the_page_tells_its_scope() -> None:
    assert _of(*HISTORY)["scope"] == {}
    scoped = _of(
        *HISTORY, companies=("Acme", "undated"), snapshot="2020", focus="E-Mail address", least=0.5
    )
    assert scoped["scope"] == {
        "companies": ["Acme", "undated"],
        "snapshot": "2020",
        "focus": "email address",
        "least": 0.5,
        "undated": ["Undated"],
    }
    assert _of(*HISTORY, snapshot="2019")["scope"]["later"] == ["Late"]


def test_the_same_claims_give_the_same_data() -> None:
    assert _of(*HISTORY, reading(SHARES)) == _of(reading(SHARES), *reversed(HISTORY))


def _told(data: dict[str, Any], *days: str) -> dict[str, Any]:
    """How the page's code reads the data, and what it shows of each day."""
    done = subprocess.run(
        ["node", str(Path(__file__).parent / "page" / "tell.mjs")],
        input=json.dumps({"data": data, "days": days}),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@needs_node
def test_the_page_reads_what_is_written() -> None:
    said = [
        says(Action.SHARE, text=f"{text} x", start=10**4 * (at + 1), trigger=text, data=("x",))
        for at, text in enumerate((*SENTENCES, *HOSTILE))
    ]
    said.append(replace(SHARES, modality=Modality.MAY, data_subject="child"))
    said.append(says(Action.SELL, denied=True, text="We do not sell.", start=2 * 10**6))
    chosen = choose(store_of(reading(*said)), Scope())
    data = page_data(chosen, "T")
    expected = [
        {
            "digits": claim.digits,
            "action": claim.statement.action.value,
            "denied": claim.is_denial,
            "modality": claim.statement.modality.value,
            "child": claim.statement.data_subject == "child",
            "actor": "Acme",
            "company": "Acme",
            "sentence": _shown(claim.statement.evidence.text),
            "heading": "Policy › What we do",
            "mentions": [list(one) for one in _mentions(data, number)],
        }
        for number, claim in enumerate(chosen.claims)
    ]
    assert _told(data)["statements"] == expected


DAYS = ("2018-12-31", "2019-06-30", "2020-02-28", "2020-02-29", "2020-12-31", "2021-06-01")


@needs_node
@pytest.mark.parametrize(
    "publishers", [("Acme", "Late"), ("Google", "Meta"), ("Google", "Alphabet")], ids=" ".join
)
def test_on_each_day_the_page_shows_what_a_page_of_that_day_holds(
    publishers: tuple[str, ...],
) -> None:
    one, two = publishers
    store = store_of(
        _by(one, None), _by(one, date(2019, 6, 30)), _by(one, date(2020, 12, 31)),
        _by(two, date(2020, 2, 29)), _by(two, date(2021, 6, 1)),
    )  # fmt: skip
    chosen = choose(store, Scope())
    shown = _told(page_data(chosen, "T"), *DAYS)["standing"]
    assert sorted(shown["latest"]) == sorted(
        claim.digits for claim in chosen.claims if claim.source.graph in chosen.latest
    )
    assert shown["2018-12-31"] == []
    for day in DAYS[1:]:
        then = choose(store, Scope(snapshot=day)).claims
        assert sorted(shown[day]) == sorted(claim.digits for claim in then), day


# The network


def _drawn(data: dict[str, Any]) -> dict[tuple[str, str, int], list[int]]:
    """From whom, to whom, whether denied -> numbers of the claims, as the network has them."""
    label = {node["id"]: data["concepts"][node["id"]][1] for node in data["network"]["nodes"]}
    edges = data["network"]["edges"]
    found = {(label[e["from"]], label[e["to"]], e["denied"]): e["statements"] for e in edges}
    assert len(found) == len(edges)
    return found


def test_edges_are_what_is_passed_on() -> None:
    said = [
        says(Action.COLLECT, data=A, start=0),
        says(Action.SHARE, data=("email address", "name"), recipients=("Google",), start=100),
        says(Action.SELL, denied=True, data=A, recipients=("advertisers",), start=200),
        says(Action.TRANSFER, data=A, recipients=("Google",), start=300),
        says(Action.TRANSFER, data=A, locations=("Japan",), start=400),
        says(Action.USE, data=A, start=500),
        says(Action.SHARE, data=A, start=600),
    ]
    data = _of(reading(*said))
    assert _drawn(data) == {
        ("user", "Acme", 0): [0],
        ("Acme", "Google", 0): [1, 3],
        ("Acme", "advertiser", 1): [2],
        ("Acme", "Japan", 0): [4],
        ("Acme", "recipient", 0): [6],
    }
    kinds = {data["concepts"][n["id"]][1]: n["kind"] for n in data["network"]["nodes"]}
    expected = {"user": "user", "Acme": "publisher", "Google": "party", "Japan": "place"}
    assert {name: kinds[name] for name in expected} == expected


@cache
def _ontology_labels() -> dict[str, str]:
    return concept_labels(store_of())


@st.composite
def _passed(draw: st.DrawFn) -> list[Reading]:
    parties = st.lists(st.sampled_from(["Google", "advertisers", "Odd", "Even"]), max_size=3)
    found = []
    for company in draw(st.sets(st.sampled_from(["Acme", "Google", "Zeta"]))):
        said = [
            says(
                draw(st.sampled_from(Action)),
                denied=draw(st.booleans()),
                data=A,
                recipients=tuple(draw(parties)),
                sources=tuple(draw(parties)),
                locations=tuple(draw(st.lists(st.sampled_from(["Japan", "Mars"]), max_size=2))),
                data_subject=draw(st.sampled_from([None, "child"])),
                start=100 * at,
            )
            for at in range(draw(st.integers(1, 5)))
        ]
        found.append(_by(company, None, *said))
    return found


@settings(max_examples=40, deadline=None)
@given(_passed())
def test_the_network_is_what_the_claims_pass_on(read: list[Reading]) -> None:
    chosen = choose(store_of(*read), Scope())
    data = page_data(chosen, "T")
    expected: dict[tuple[str, str, int], list[int]] = {}
    for number, claim in enumerate(chosen.claims):
        if not is_passing(claim):
            continue
        for ends in passages(claim):
            names = [_ontology_labels().get(e.iri or "") or e.label or e.text for e in ends[:2]]
            behind = expected.setdefault((names[0], names[1], int(claim.is_denial)), [])
            if names[0] != names[1] and number not in behind:
                behind.append(number)
    assert _drawn(data) == {ends: numbers for ends, numbers in expected.items() if numbers}
    nodes = {node["id"]: node for node in data["network"]["nodes"]}
    places = [(node["x"], node["y"]) for node in nodes.values()]
    assert all(type(x) is type(y) is int for x, y in places)
    assert len(set(places)) == len(places) == len(data["network"]["nodes"])
    for node in nodes:
        assert set(_rows(data, "concepts")[node]["above"]) <= nodes.keys()
    assert page_data(choose(store_of(*read), Scope()), "T")["network"] == data["network"]


# The page


def _data(page: str) -> dict[str, Any]:
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_page_holds_its_data() -> None:
    store = store_of(reading(SHARES, says(Action.SELL, denied=True, data=A)))
    scope = Scope(focus="email address")
    expected = json.loads(json.dumps(page_data(choose(store, scope), "Flows")))
    assert _data(render(store, scope, title="Flows")) == expected


def test_the_same_graph_gives_the_same_page() -> None:
    said = reading(SHARES, says(Action.COLLECT, data=A))
    assert render(store_of(said)) == render(store_of(said))


def test_an_empty_graph_has_a_page() -> None:
    data = _data(render(store_of()))
    tables = ("policies", "statements", "sentences", "concepts", "texts")
    assert [data[name] for name in tables] == [[]] * len(tables)
    assert data["network"]["nodes"] == data["network"]["edges"] == []


def test_the_page_may_load_nothing_and_run_only_its_own_scripts() -> None:
    page = render(store_of(reading(SHARES)))
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    rules = dict(rule.split(" ", 1) for rule in policy.replace("&#x27;", "'").split("; "))
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert (len(scripts), len(styles)) == (2, 1)
    assert page.count("<script") == page.count("</script") == 3
    assert rules == {
        "default-src": "'none'",
        "script-src": " ".join(map(_hash, scripts)),
        "style-src": _hash(styles[0]),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "unsafe" not in policy
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", re.sub("(?s)<script>.*", "", page))
    assert not re.findall(r'(?:src|href)="(?!data:)', page)
    assert not re.findall(r"url\((?!#|data:)", styles[0])
    assert not re.findall(r"@import", styles[0])
    assert not re.findall(r"<[^>]*\s(?:style|on\w+)=", re.sub("(?s)<script.*?</script>", "", page))
    assert "\r" not in page


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_title_is_text() -> None:
    page = render(store_of(), title="<b>\"A\" & 'B'</b>\u202e{{script}}")
    shown = "&lt;b&gt;&quot;A&quot; &amp; &#x27;B&#x27;&lt;/b&gt;\\u202e{{script}}"
    assert f"<title>{shown}</title>" in page
    assert f"<h1>{shown}</h1>" in page
    assert _data(page)["title"] == "<b>\"A\" & 'B'</b>\\u202e{{script}}"


def _hostile_reading(text: str, number: int = 0) -> Reading:
    """The text in every place that a policy can fill."""
    said = says(
        Action.SHARE,
        text=f"{text} {number}",
        trigger=text[:3],
        data=(text,),
        recipients=(text, f"{text} 2"),
        sources=(text,),
        purposes=(text,),
        legal_bases=(text,),
        conditions=(text,),
        retention=(text,),
        locations=(text,),
        methods=(text,),
        threats=(text,),
        headings=(text, text),
        context=(Span(text, 0, len(text)),),
        actor=Mention(text, 0, len(text), f"{BASE}party/{number}", text),
    )
    every = [replace(said, action=action) for action in Action]
    return reading(
        *every,
        says(Action.SELL, denied=True, text=text, data=(text,), recipients=(text,)),
        publisher=f"{text} {number}",
        name=f"{text}{number}.md",
        title=text,
        url="javascript:document.title='RAN'",
    )


@settings(max_examples=25, deadline=None)
@given(hostile)
def test_no_text_is_markup(text: str) -> None:
    plain = render(store_of(reading(SHARES), ontology=False), title="T")
    page = render(store_of(_hostile_reading(text or "x"), ontology=False), title=text or "x")
    for sign in ("<script", "</script", "<style", "</style", "<img", "<!--"):
        assert page.count(sign) == plain.count(sign)
    data = re.search(r'id="data">(.*)</script>\n<script>', page)
    assert data
    assert not set(data[1]) & set("<>&\u2028\u2029\u202e\u2066\x00\x1b")
    assert "javascript:" not in json.dumps(_rows(_data(page), "policies")[0]["urls"])


# The command


def _companies(data: dict[str, Any]) -> list[str]:
    return [data["concepts"][row["company"]][1] for row in _rows(data, "policies")]


def test_the_command_writes_the_page_of_a_scope(kg: Kg, built: Path, tmp_path: Path) -> None:
    out = tmp_path / "view.html"
    whole = kg("view", "-g", built, "-o", out)
    assert (whole.code, whole.out) == (0, "")
    assert whole.err == f"written to {out}: open it in a browser\n"
    every = _data(out.read_text("utf-8"))
    names = sorted(set(_companies(every)))
    first, second = names[:2]
    done = kg(
        "view", "-g", built, "-o", out, "--company", second, "--company", first.upper(),
        "--snapshot", "2030-01", "--focus", "personal data", "--min-confidence", "0.6", "--quiet",
    )  # fmt: skip
    assert (done.code, done.out, done.err) == (0, "", "")
    data = _data(out.read_text("utf-8"))
    assert _companies(data) == [first, second]
    scope = data["scope"]
    assert (scope["snapshot"], scope["focus"], scope["least"]) == ("2030-01", "personal data", 0.6)
    assert 0 < len(data["statements"]) < len(every["statements"])
    assert min(row["confidence"] for row in _rows(data, "statements")) >= 60


def test_without_a_name_the_page_is_flows_html(
    kg: Kg, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert kg("view", "-g", built).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["flows.html"]


def test_the_page_goes_to_stdout(kg: Kg, built: Path, tmp_path: Path) -> None:
    assert kg("view", "-g", built, "-o", tmp_path / "view.html").code == 0
    done = kg("view", "-g", built, "-o", "-")
    assert (done.code, done.err) == (0, "")
    assert done.out == (tmp_path / "view.html").read_text("utf-8")


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a browser was told to open."""
    found: list[str] = []
    monkeypatch.setattr("click.launch", lambda url, **_: found.append(url) or 0)
    return found


def test_the_page_is_opened_for_those_who_ask(
    kg: Kg, built: Path, tmp_path: Path, launched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert kg("view", "-g", built, "-o", "view.html").code == 0
    assert launched == []
    assert kg("view", "-g", built, "-o", "view.html", "--open").code == 0
    assert launched == [str(tmp_path / "view.html")]


def test_what_went_to_stdout_is_not_opened(kg: Kg, built: Path, launched: list[str]) -> None:
    done = kg("view", "-g", built, "-o", "-", "--open")
    assert launched == []
    assert done.code == 2


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--company", "Nobody & Sons"), 1, "no company"),
        (("--focus", "zzzzzz"), 1, "no concept"),
        (("--snapshot", "1066"), 1, "no snapshot of 1066"),
        (("--snapshot", "soon"), 2, "no date"),
        (("--snapshot", "2020-13-45"), 2, "no date"),
        (("--min-confidence", "7"), 2, "--min-confidence"),
        (("--since", "2020"), 2, "--since"),
    ],
)
def test_what_is_asked_wrong_writes_nothing(
    kg: Kg, built: Path, tmp_path: Path, launched: list[str],
    options: tuple[str, ...], code: int, told: str,
) -> None:  # fmt: skip
    done = kg("view", "-g", built, "-o", tmp_path / "view.html", "--open", *options)
    assert (done.code, done.out) == (code, "")
    assert told in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []
    assert launched == []


def test_too_large_a_page_is_told_with_ways_to_narrow(
    kg: Kg, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = choose
    monkeypatch.setattr("kg.views.page.choose", lambda store, scope: real(store, scope, most=9))
    done = kg("view", "-g", built, "-o", tmp_path / "view.html")
    assert done.code == 2
    for way in ("--company", "--focus", "--min-confidence"):
        assert way in done.err
    assert list(tmp_path.iterdir()) == []
