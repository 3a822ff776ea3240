"""Companies beside each other: who states what others do not, in which terms, and who denies it."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from beside import policy, said
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import store_of

from kg.compare import FACETS, Comparison, Difference, Row, compare
from kg.concepts import Relation
from kg.errors import QueryError, UsageError
from kg.model import Action, Modality, Reading, Statement
from kg.store import Store
from kg.views.compared import report, rows, values

EMAIL = ("email address",)


def _beside(*readings: Reading, **options: str) -> Comparison:
    names = [reading.document.publisher or "" for reading in readings]
    return compare(store_of(*readings), names, **options)


def _two(mine: Statement, other: Statement | None = None, **options: str) -> Comparison:
    others = (other,) if other else (said("We keep quiet.", Action.DELETE, ("name",)),)
    return _beside(policy("Acme", mine), policy("Zenith", *others), **options)


def _row(found: Comparison, action: Action, label: str) -> Row:
    (row,) = [row for row in found.rows if (row.action, row.label) == (action, label)]
    return row


def _states(row: Row) -> list[Relation | None]:
    return [cell.relation for cell in row.cells]


# Terms


def test_what_one_states_and_the_other_does_not() -> None:
    row = _row(_two(said("We share your email.", Action.SHARE, EMAIL)), Action.SHARE, EMAIL[0])
    assert _states(row) == [Relation.SAME, None]
    assert row.difference is Difference.ONLY
    assert row.cells[1].is_silent


def test_broader_terms_are_no_silence() -> None:
    found = _two(
        said("We collect your email.", Action.COLLECT, EMAIL),
        said("We collect contact details.", Action.COLLECT, ("contact data",)),
    )
    narrow, broad = (
        _row(found, Action.COLLECT, label) for label in ("email address", "contact data")
    )
    assert _states(narrow) == [Relation.SAME, Relation.BROADER]
    assert narrow.difference is Difference.TERMS
    assert _states(broad) == [Relation.NARROWER, Relation.SAME]
    assert broad.difference is Difference.NONE
    assert [summary.alone for summary in found.summaries] == [0, 0]


def test_what_is_said_in_general_names_nothing() -> None:
    found = _two(
        said("We collect your email.", Action.COLLECT, EMAIL),
        said("We collect personal data.", Action.COLLECT, ("personal data",)),
    )
    row = _row(found, Action.COLLECT, "email address")
    assert _states(row) == [Relation.SAME, Relation.GENERAL]
    assert row.difference is Difference.ONLY


def test_one_action_is_not_another() -> None:
    found = _two(
        said("We sell your email.", Action.SELL, EMAIL),
        said("We share your email.", Action.SHARE, EMAIL),
    )
    assert _states(_row(found, Action.SELL, EMAIL[0])) == [Relation.SAME, None]
    assert _states(_row(found, Action.SHARE, EMAIL[0])) == [None, Relation.SAME]


def test_of_three_some_state_it() -> None:
    store = store_of(
        policy("Acme", said("We use your email.", Action.USE, EMAIL)),
        policy("Bream", said("We use your email.", Action.USE, EMAIL)),
        policy("Cod", said("We use your name.", Action.USE, ("name",))),
    )
    found = compare(store, ["Acme", "Bream", "Cod"])
    assert _row(found, Action.USE, EMAIL[0]).difference is Difference.SOME
    assert _row(found, Action.USE, "name").difference is Difference.ONLY


def test_words_of_a_policy_stand_under_what_is_known() -> None:
    found = _two(
        said("We collect your moods.", Action.COLLECT, ("own:moods<UsageData",)),
        said("We collect usage data.", Action.COLLECT, ("usage data",)),
    )
    assert [row.label for row in found.rows] == ["usage data"]
    assert _states(found.rows[0]) == [Relation.NARROWER, Relation.SAME]


def test_words_without_a_place_are_left_out_and_counted() -> None:
    found = _two(said("We collect glimmer.", Action.COLLECT, ("own:glimmer",)))
    assert [row.label for row in found.rows] == ["name"]
    assert found.summaries[0].own_words == 1
    assert found.summaries[1].own_words == 0


def test_what_others_do_is_left_out_and_counted() -> None:
    found = _two(said("Google collects your email.", Action.COLLECT, EMAIL, by="Google"))
    assert [row.label for row in found.rows] == ["name"]
    assert found.summaries[0].others == 1


# Denials


def test_one_denies_what_the_other_states() -> None:
    found = _two(
        said("We sell your email.", Action.SELL, EMAIL),
        said("We never sell personal data.", Action.SELL, ("personal data",), denied=True),
    )
    row = _row(found, Action.SELL, EMAIL[0])
    assert row.difference is Difference.CONTRADICTED
    assert row.cells[1].denies
    assert found.summaries[1].contradicts == 2  # the email address, and personal data


@pytest.mark.parametrize(
    "denial",
    [
        said("Not with ads.", Action.SHARE, EMAIL, ("advertisers",), denied=True),
        said("Not for ads.", Action.SHARE, EMAIL, purposes=("advertising",), denied=True),
        said("Not unasked.", Action.SHARE, EMAIL, conditions=("unless you ask",), denied=True),
        said("Not of children.", Action.SHARE, EMAIL, child=True, denied=True),
    ],
)
def test_a_limited_denial_contradicts_nothing(denial: Statement) -> None:
    found = _two(said("We share your email.", Action.SHARE, EMAIL), denial)
    row = _row(found, Action.SHARE, EMAIL[0])
    assert row.difference is Difference.ONLY
    assert row.cells[1].denied
    assert not row.cells[1].denies


def test_a_denial_to_third_parties_is_a_denial() -> None:
    found = _two(
        said("We share your email.", Action.SHARE, EMAIL),
        said("Not with third parties.", Action.SHARE, EMAIL, ("third parties",), denied=True),
    )
    assert _row(found, Action.SHARE, EMAIL[0]).difference is Difference.CONTRADICTED


def test_a_denial_of_a_part_is_one_in_part() -> None:
    found = _two(
        said("We collect where you are.", Action.COLLECT, ("location data",)),
        said("We do not take GPS.", Action.COLLECT, ("precise location",), denied=True),
    )
    assert _row(found, Action.COLLECT, "location data").difference is Difference.ONLY
    assert _row(found, Action.COLLECT, "precise location").difference is Difference.DENIAL


def test_a_denial_in_general_is_none_of_what_the_company_states() -> None:
    found = _beside(
        policy("Acme", said("We share your email.", Action.SHARE, EMAIL)),
        policy(
            "Zenith",
            said("We share your name.", Action.SHARE, ("name",)),
            said("We do not share personal data.", Action.SHARE, ("personal data",), denied=True),
        ),
    )
    assert _row(found, Action.SHARE, EMAIL[0]).difference is Difference.ONLY


def test_all_deny_it() -> None:
    denial = said("We sell nothing.", Action.SELL, ("personal data",), denied=True)
    found = _beside(policy("Acme", denial), policy("Zenith", denial))
    assert [row.difference for row in found.rows] == [Difference.NONE]
    assert found.differing() == ()


# Other rows


def test_recipients_are_compared_by_owner_and_kind() -> None:
    found = _two(
        said("We share your email with Facebook.", Action.SHARE, EMAIL, ("Facebook",)),
        said("We share your email with Meta.", Action.SHARE, EMAIL, ("Meta",)),
        facet="recipient",
    )
    row = _row(found, Action.SHARE, "Meta")
    assert _states(row) == [Relation.SAME, Relation.SAME]
    assert row.difference is Difference.NONE


def test_a_named_recipient_is_one_of_its_kind() -> None:
    found = _two(
        said("We share with Mailchimp.", Action.SHARE, EMAIL, ("Mailchimp",)),
        said("We share with third parties.", Action.SHARE, EMAIL, ("third parties",)),
        facet="recipient",
    )
    assert [row.label for row in found.rows] == ["Intuit"]  # whose it is
    assert _states(found.rows[0]) == [Relation.SAME, Relation.GENERAL]
    assert rows(found).rows[0][3].startswith("states, of Mailchimp ")


@pytest.mark.parametrize(
    ("facet", "role", "word", "label"),
    [
        ("purpose", "purposes", "advertising", "advertising"),
        ("place", "locations", "United States", "United States"),
    ],
)
def test_purposes_and_places(facet: str, role: str, word: str, label: str) -> None:
    found = _two(said("We do so.", Action.SHARE, EMAIL, **{role: (word,)}), facet=facet)
    assert _row(found, Action.SHARE, label).difference is Difference.ONLY


def test_narrowed_to_an_action_and_to_data() -> None:
    acme = policy(
        "Acme",
        said("We share your email.", Action.SHARE, EMAIL),
        said("We use your email.", Action.USE, EMAIL),
        said("We share where you are.", Action.SHARE, ("precise location",)),
    )
    zenith = policy("Zenith", said("We use personal data.", Action.USE, ("personal data",)))
    by_action = _beside(acme, zenith, action="share")
    assert {row.action for row in by_action.rows} == {Action.SHARE}
    by_data = _beside(acme, zenith, data="contact data")
    assert [row.label for row in by_data.rows] == ["email address", "email address"]
    assert _states(_row(by_data, Action.USE, EMAIL[0])) == [Relation.SAME, Relation.GENERAL]


def test_sales_and_sensitive_data_come_first() -> None:
    found = _beside(
        policy(
            "Acme",
            said("We use your email.", Action.USE, EMAIL),
            said("We share your email.", Action.SHARE, EMAIL),
            said("We share your health.", Action.SHARE, ("health data",)),
            said("We sell your name.", Action.SELL, ("name",)),
        ),
        policy("Zenith", said("We delete your name.", Action.DELETE, ("name",))),
    )
    assert [(row.action.value, row.label) for row in found.rows] == [
        ("sell", "name"),
        ("share", "health data"),
        ("share", "email address"),
        ("use", "email address"),
        ("delete", "name"),
    ]
    assert [row.is_sensitive for row in found.rows] == [False, True, False, False, False]


# Who is compared


def _meta() -> Store:
    return store_of(
        policy("Instagram", said("Meta collects your email.", Action.COLLECT, EMAIL, by="Meta")),
        policy("WhatsApp", said("We collect your name.", Action.COLLECT, ("name",))),
        policy("Acme", said("We collect usage data.", Action.COLLECT, ("usage data",))),
    )


def test_an_owner_stands_for_its_brands() -> None:
    found = compare(_meta(), ["Meta", "Acme"])
    assert [source.company for source in found.companies[0].sources] == ["Instagram", "WhatsApp"]
    assert found.companies[0].how == "under the names Instagram, WhatsApp"
    assert found.summaries[0].states == 2


def test_a_brand_without_a_policy_is_its_owner() -> None:
    (company, _) = compare(_meta(), ["facebook", "Acme"]).companies
    assert [source.company for source in company.sources] == ["Instagram", "WhatsApp"]
    assert company.how.startswith("of Meta, which it belongs to")


def test_a_brand_is_its_own_policy_and_acts_as_its_owner_too() -> None:
    found = compare(_meta(), ["Instagram", "Acme"])
    assert found.summaries[0].states == 1
    assert found.summaries[0].others == 0


def test_a_policy_is_not_compared_with_itself() -> None:
    with pytest.raises(UsageError, match=r"'Instagram' and 'Meta' stand for the same policy"):
        compare(_meta(), ["Instagram", "Meta"])


def test_one_company_is_too_few() -> None:
    with pytest.raises(UsageError, match="name two companies"):
        compare(_meta(), ["Acme"])


def test_an_unknown_company_is_told() -> None:
    with pytest.raises(QueryError, match="no company 'Nobody Here'"):
        compare(_meta(), ["Acme", "Nobody Here"])


def test_the_latest_snapshot_counts_unless_a_date_is_given() -> None:
    store = store_of(
        policy("Acme", said("We sell your email.", Action.SELL, EMAIL), day=date(2019, 1, 1)),
        policy("Acme", said("We use your email.", Action.USE, EMAIL), day=date(2022, 1, 1)),
        policy("Zenith", said("We use your email.", Action.USE, EMAIL), day=date(2018, 1, 1)),
    )
    assert [row.action for row in compare(store, ["Acme", "Zenith"]).rows] == [Action.USE]
    then = compare(store, ["Acme", "Zenith"], snapshot="2020")
    assert [row.action for row in then.rows] == [Action.SELL, Action.USE]
    with pytest.raises(QueryError, match="the first is of 2018-01-01"):
        compare(store, ["Acme", "Zenith"], snapshot="2017")
    with pytest.raises(UsageError, match="is no date"):
        compare(store, ["Acme", "Zenith"], snapshot="last year")


def test_unsure_statements_are_left_out() -> None:
    mine = said("We sell your email.", Action.SELL, EMAIL, confidence=0.5)
    store = store_of(policy("Acme", mine), policy("Zenith", said("x", Action.USE, EMAIL)))
    assert len(compare(store, ["Acme", "Zenith"], least=0.6).rows) == 1


# What is told


def test_each_cell_leads_to_its_sentences() -> None:
    found = _two(
        said("We may sell your email.", Action.SELL, EMAIL, modality=Modality.MAY),
        said("We never sell personal data.", Action.SELL, ("personal data",), denied=True),
    )
    (first, _) = rows(found).rows
    statement, denial = (
        found.rows[0].cells[0].stated[0].practice,
        found.rows[0].cells[1].denied[0].practice,
    )
    assert first == (
        "sell",
        "email address",
        "one denies what another states",
        f"states (may) {statement.digits[:8]}",
        f"denies: personal data {denial.digits[:8]}",
    )
    told = values(found)["rows"][0]["cells"]
    assert told[0]["stated"][0]["sentence"] == "We may sell your email."
    assert told[0]["stated"][0]["statement"] == statement.iri
    assert told[1]["denied"][0]["sentence"] == "We never sell personal data."
    (card, _) = report(found).sections[1].cards
    assert [quote.text for quote in card.quotes] == [
        "We may sell your email.",
        "We never sell personal data.",
    ]


# Properties

ACTIONS = st.sampled_from([Action.SELL, Action.SHARE, Action.COLLECT])
DATA = st.sampled_from(
    ["email address", "contact data", "personal data", "precise location", "own:moods<UsageData"]
)
SAID = st.builds(
    lambda action, data, to, denied, modality: said(
        f"{action} {data} {to} {denied} {modality}", action, (data,), to, denied=denied,
        modality=modality,
    ),
    ACTIONS,
    DATA,
    st.sampled_from([(), ("third parties",), ("Facebook",), ("advertisers",)]),
    st.booleans(),
    st.sampled_from([Modality.ASSERTED, Modality.MAY]),
)  # fmt: skip
POLICIES = st.lists(st.lists(SAID, max_size=4, unique_by=repr), min_size=3, max_size=3)


@settings(max_examples=8, deadline=None)
@given(POLICIES, st.sampled_from(sorted(FACETS)))
def test_the_order_of_the_companies_makes_no_difference(
    texts: list[list[Statement]], facet: str
) -> None:
    names = ["Acme", "Bream", "Cod"]
    store = store_of(*(policy(name, *said) for name, said in zip(names, texts, strict=True)))
    first = compare(store, names, facet=facet)
    cells = {
        (row.action, row.concept): dict(zip(names, row.cells, strict=True)) for row in first.rows
    }
    numbers = {summary.company.name: summary for summary in first.summaries}
    for order in permutations(names):
        found = compare(store, order, facet=facet)
        assert [(r.action, r.concept, r.difference) for r in found.rows] == [
            (r.action, r.concept, r.difference) for r in first.rows
        ]
        for row in found.rows:
            assert dict(zip(order, row.cells, strict=True)) == cells[row.action, row.concept]
        assert {summary.company.name: summary for summary in found.summaries} == numbers


@settings(max_examples=8, deadline=None)
@given(POLICIES, st.sampled_from(sorted(FACETS)))
def test_rows_are_of_what_is_said_and_counts_fit(texts: list[list[Statement]], facet: str) -> None:
    names = ["Acme", "Bream", "Cod"]
    store = store_of(*(policy(name, *said) for name, said in zip(names, texts, strict=True)))
    found = compare(store, names, facet=facet)
    for row in found.rows:
        assert any(
            said.relation in {Relation.SAME, Relation.NARROWER}
            for cell in row.cells
            for said in (*cell.stated, *cell.denied)
        )
        for cell in row.cells:
            assert all(not said.practice.is_denied for said in cell.stated)
            assert all(said.practice.is_denied for said in cell.denied)
    for summary in found.summaries:
        assert 0 <= summary.alone <= summary.states <= len(found.rows)
        assert 0 <= summary.contradicts <= summary.denies <= len(found.rows)
        assert 0 <= summary.silent <= summary.elsewhere <= len(found.rows)
        assert summary.wordless + summary.own_words <= summary.practices
