"""Hubs: whom data of many companies reach, by whose statements, and what does not count."""

from __future__ import annotations

from collections import defaultdict
from itertools import starmap

import pytest
from beside import policy, said
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import store_of

from kg.errors import QueryError
from kg.hubs import Hub, Hubs, hubs
from kg.model import Action, Modality, Reading, Statement
from kg.views.hubs import lead, report, rows, values

EMAIL = ("email address",)


def _hubs(*readings: Reading, **options: object) -> Hubs:
    return hubs(store_of(*readings), **options)  # type: ignore[arg-type]


def _of(*statements: Statement, **options: object) -> dict[str, Hub]:
    return {hub.label: hub for hub in _hubs(policy("Acme", *statements), **options).rows}


def test_whom_most_companies_name_comes_first() -> None:
    found = _hubs(
        policy("Acme", said("a", Action.SHARE, EMAIL, ("Google Analytics", "advertisers"))),
        policy("Bream", said("b", Action.SHARE, ("name",), ("Facebook",))),
        policy("Cod", said("c", Action.SELL, ("health data",), ("Facebook",))),
    )
    assert [(hub.label, hub.is_named, len(hub.companies)) for hub in found.rows] == [
        ("Facebook", True, 2),
        ("Google Analytics", True, 1),
        ("advertiser", False, 1),
    ]
    facebook = found.rows[0]
    assert facebook.kind == "social network"
    assert facebook.data == (("health data", 1), ("name", 1))
    assert facebook.actions == (("sell", 1), ("share", 1))
    assert facebook.sensitive == 1
    assert [reach.practice.sentence for reach in facebook.reaches] == ["b", "c"]


def test_services_count_as_their_owner_when_asked() -> None:
    readings = (
        policy("Acme", said("a", Action.SHARE, EMAIL, ("Google Analytics", "AdMob"))),
        policy("Bream", said("b", Action.SHARE, EMAIL, ("Google",))),
    )
    assert len(_hubs(*readings).rows) == 3
    (google,) = _hubs(*readings, by_owner=True).rows
    assert (google.label, len(google.companies)) == ("Google", 2)


def test_who_collects_by_himself_is_reached() -> None:
    found = _of(said("Google sees it.", Action.COLLECT, EMAIL, by="Google"))
    assert found["Google"].actions == (("collect", 1),)


@pytest.mark.parametrize(
    "statement",
    [
        said("We do not.", Action.SHARE, EMAIL, ("Google",), denied=True),
        said("You may.", Action.SHARE, EMAIL, ("Google",), by="user", modality=Modality.MAY),
        said("We use it.", Action.USE, EMAIL),
        said("It protects.", Action.PROTECT, EMAIL, by="Google"),
        said("Others do.", Action.SHARE, EMAIL, ("Google",), by="Facebook"),
    ],
)
def test_what_does_not_count(statement: Statement) -> None:
    assert _of(statement) == {}


def test_a_flow_within_a_group_does_not_count() -> None:
    found = _hubs(
        policy("Instagram", said("a", Action.SHARE, EMAIL, ("Facebook", "Meta", "Google")))
    )
    assert [hub.label for hub in found.rows] == ["Google"]


def test_words_of_a_policy_count_as_the_kind_above_them() -> None:
    found = _hubs(
        policy(
            "Acme",
            said("a", Action.SHARE, EMAIL, ("own:ad friends<Advertiser",)),
            said("b", Action.SHARE, EMAIL, ("own:chums<Recipient",)),
        )
    )
    assert [hub.label for hub in found.rows] == ["advertiser"]
    assert found.own_words == 1


def test_narrowed_by_company_data_and_purpose() -> None:
    readings = (
        policy("Acme", said("a", Action.SHARE, EMAIL, ("Google",), purposes=("advertising",))),
        policy("Bream", said("b", Action.SHARE, ("health data",), ("Facebook",))),
    )
    assert [hub.label for hub in _hubs(*readings, companies=["bream"]).rows] == ["Facebook"]
    assert [hub.label for hub in _hubs(*readings, data="contact data").rows] == ["Google"]
    assert [hub.label for hub in _hubs(*readings, purpose="advertising").rows] == ["Google"]
    both = policy("Cod", said("c", Action.SHARE, ("health data", *EMAIL), ("Google",)))
    assert _hubs(both, data="contact data").rows[0].data == (("email address", 1),)
    with pytest.raises(QueryError, match="no data 'glimmer'"):
        _hubs(*readings, data="glimmer")


def test_a_text_under_two_names_counts_once() -> None:
    shared = said("a", Action.SHARE, EMAIL, ("Google",))
    found = _hubs(policy("Acme", shared, text="same"), policy("Bream", shared, text="same"))
    assert len(found.rows[0].companies) == 1
    assert [source.company for source in found.copies] == ["Bream"]
    assert "copies of a policy that is counted already: Bream." in lead(found)


def test_whom_a_hub_names_itself() -> None:
    found = _hubs(
        policy("Acme", said("a", Action.SHARE, EMAIL, ("Google", "Zenith"))),
        policy("AdMob", said("b", Action.SHARE, EMAIL, ("Zenith", "Facebook")), names=("Google",)),
    )
    assert {hub.label: hub.names for hub in found.rows} == {
        "Google": 2,
        "Zenith": None,
        "Facebook": None,
    }


def test_each_row_leads_to_sentences() -> None:
    statements = [said(f"We share it {n} times.", Action.SHARE, EMAIL, ("Google",)) for n in "123"]
    found = _hubs(policy("Acme", *statements))
    assert rows(found).rows == (
        ("Google", "named", "technology company", 1, 0, None, "email address 1", "", "share 1"),
    )
    (card,) = report(found).sections[0].cards
    assert len(card.quotes) == 2  # of one company
    assert len(values(found)["hubs"][0]["statements"]) == 3


def test_top_counts_named_and_kinds_apart() -> None:
    recipients = ("Google", "Facebook", "Zenith", "advertisers", "service providers")
    found = _hubs(policy("Acme", said("a", Action.SHARE, EMAIL, recipients)))
    assert [row[1] for row in rows(found, top=1).rows] == ["named", "a kind"]
    assert len(rows(found, top=0).rows) == 5


RECIPIENTS = ["Google", "Facebook", "Zenith", "advertisers", "third parties"]
SAID = st.builds(
    lambda action, data, to, denied: said(
        f"{action} {data} {to} {denied}", action, (data,), to, denied=denied
    ),
    st.sampled_from([Action.SELL, Action.SHARE, Action.USE]),
    st.sampled_from(["email address", "health data"]),
    st.lists(st.sampled_from(RECIPIENTS), max_size=3, unique=True).map(tuple),
    st.booleans(),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(SAID, max_size=4, unique_by=repr), min_size=3, max_size=3))
def test_counts_are_those_of_counting_by_hand(texts: list[list[Statement]]) -> None:
    names = ["Acme", "Bream", "Cod"]
    found = _hubs(
        *starmap(policy, ((name, *said) for name, said in zip(names, texts, strict=True)))
    )
    companies: dict[str, set[str]] = defaultdict(set)
    data: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, statements in zip(names, texts, strict=True):
        for one in statements:
            if one.action is Action.USE or one.polarity.value == "negated":
                continue
            for recipient in one.recipients:
                companies[recipient.text].add(name)
                data[recipient.text, one.data[0].text].add(name)
    labels = {"advertisers": "advertiser", "third parties": "third party"}
    assert {hub.label: len(hub.companies) for hub in found.rows} == {
        labels.get(recipient, recipient): len(who) for recipient, who in companies.items()
    }
    assert {(hub.label, kind): count for hub in found.rows for kind, count in hub.data} == {
        (labels.get(recipient, recipient), kind): len(who)
        for (recipient, kind), who in data.items()
    }
