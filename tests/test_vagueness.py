"""Vagueness: which disclosures leave open to whom data go, and which."""

from __future__ import annotations

import pytest
from beside import policy, said
from hypothesis import given
from hypothesis import strategies as st
from invented import store_of

from kg.errors import UsageError
from kg.model import Action, Modality, Reading, Statement
from kg.vagueness import Vaguenesses, vagueness, wilson
from kg.views.vagueness import lead, report, rows, values

EMAIL = ("email address",)


def _measured(*readings: Reading, **options: str) -> Vaguenesses:
    return vagueness(store_of(*readings), **options)


def _counts(*statements: Statement) -> dict[str, int]:
    (row,) = _measured(policy("Acme", *statements)).rows
    return {way: len(share.found) for way, share in row.shares.items() if share.found}


@pytest.mark.parametrize(
    ("statement", "open_in"),
    [
        (said("a", Action.SHARE, EMAIL, ("Google",)), set()),
        (said("a", Action.SHARE, EMAIL, ("advertisers",)), set()),
        (said("a", Action.SHARE, EMAIL, ("own:chums<Recipient",)), set()),
        (said("a", Action.SHARE, EMAIL), {"no recipient", "recipient"}),
        (said("a", Action.SHARE, EMAIL, ("third parties",)), {"vague recipient", "recipient"}),
        (said("a", Action.SHARE, EMAIL, ("partners", "Google")), set()),
        (said("a", Action.SHARE, ("personal data",), ("Google",)), {"vague data", "data"}),
        (said("a", Action.SHARE, (), ("Google",)), {"no data", "data"}),
        (said("a", Action.SELL, ("personal data", *EMAIL), ("Google",)), set()),
        (
            said("a", Action.SHARE, ("personal data",), modality=Modality.MAY),
            {"no recipient", "recipient", "vague data", "data", "both", "may"},
        ),
    ],
)
def test_ways_of_being_open(statement: Statement, open_in: set[str]) -> None:
    assert set(_counts(statement)) == open_in


@pytest.mark.parametrize(
    "statement",
    [
        said("a", Action.SHARE, EMAIL, denied=True),
        said("a", Action.USE, EMAIL),
        said("a", Action.SHARE, EMAIL, by="Google"),
        said("a", Action.TRANSFER, EMAIL, locations=("United States",)),
        said("We share your email with:", Action.SHARE, EMAIL),
    ],
)
def test_what_is_no_disclosure(statement: Statement) -> None:
    (row,) = _measured(policy("Acme", statement)).rows
    assert row.disclosures == 0


def test_the_most_open_come_first_and_few_statements_weigh_little() -> None:
    def acts(name: str, vague: int, exact: int) -> Reading:
        told = [
            said(f"{name} {n}", Action.SHARE, EMAIL, ("third parties" if n < vague else "Google",))
            for n in range(vague + exact)
        ]
        return policy(name, *told)

    found = _measured(acts("Few", 1, 0), acts("Half", 6, 6), acts("Most", 9, 1), policy("None"))
    assert [row.source.company for row in found.rows] == ["Most", "Half", "Few", "None"]
    assert rows(found).rows[0][:3] == ("Most", 10, "90% (9; 60% to 98%)")
    assert rows(found).rows[3][:3] == ("None", 0, "")
    assert rows(found, numbers=True).rows[0][:6] == ("Most", 10, 9, 0.9, 0.5958, 0.9821)
    assert lead(found).startswith(
        "23 disclosures by 3 of 4 policies: no or vague recipient 70% (16;"
    )


def test_order_is_chosen() -> None:
    readings = (
        policy("Acme", said("a", Action.SHARE, EMAIL)),
        policy("Bream", said("b", Action.SHARE, ("personal data",), ("Google",))),
    )
    assert [row.source.company for row in _measured(*readings).rows] == ["Acme", "Bream"]
    by_data = _measured(*readings, order="data")
    assert [row.source.company for row in by_data.rows] == ["Bream", "Acme"]
    with pytest.raises(UsageError, match="no way 'mood'"):
        _measured(*readings, order="mood")


def test_each_count_leads_to_sentences() -> None:
    found = _measured(policy("Acme", said("We share your email.", Action.SHARE, EMAIL)))
    told = values(found)["policies"][0]
    (statement,) = told["ways"]["no recipient"]["statements"]
    assert told["sentences"][statement]["sentence"] == "We share your email."
    (card,) = report(found).sections[1].cards
    assert [quote.text for quote in card.quotes] == ["We share your email."]


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share(found: int, others: int) -> None:
    low, high = wilson(found, found + others)
    assert 0 <= low <= high <= 1
    if found + others:
        assert low - 1e-9 <= found / (found + others) <= high + 1e-9
    wider_low, wider_high = wilson(found, found + others)
    narrow_low, narrow_high = wilson(4 * found, 4 * (found + others))
    assert narrow_high - narrow_low <= wider_high - wider_low + 1e-9
