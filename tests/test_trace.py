"""Traces: data followed from one policy to the next, and why a chain ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from beside import policy, said
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import store_of

from kg.concepts import Relation
from kg.errors import QueryError, UsageError
from kg.model import Action, Reading, Statement
from kg.trace import End, Step, Trace, trace
from kg.views.traced import report, rows, values

EMAIL = ("email address",)
SHARED = said("We share your email with Zenith.", Action.SHARE, EMAIL, ("Zenith",))


def _trace(*readings: Reading, data: str = "email address", **options: object) -> Trace:
    return trace(store_of(*readings), "Acme", data, **options)  # type: ignore[arg-type]


def _all(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from _all(step.steps)


def _told(found: Trace) -> list[tuple[str, str, str, End | None]]:
    return [(step.number, step.giver.name, step.label, step.end) for step in _all(found.steps)]


def test_a_flow_goes_on() -> None:
    found = _trace(
        policy("Acme", SHARED),
        policy(
            "Zenith",
            said("We use your email for ads.", Action.USE, EMAIL, purposes=("advertising",)),
            said("We pass your email to Bream.", Action.SHARE, EMAIL, ("Bream",)),
            said("We do not sell your email.", Action.SELL, EMAIL, denied=True),
        ),
        policy("Bream", said("We keep your email.", Action.STORE, EMAIL)),
    )
    assert _told(found) == [("1", "Acme", "Zenith", None), ("1.1", "Zenith", "Bream", None)]
    (first,) = found.steps
    assert [told.practice.sentence for told in first.handled] == ["We use your email for ads."]
    assert [told.practice.sentence for told in first.denied] == ["We do not sell your email."]
    lines = [(row[0], row[1], row[2], row[4], row[7]) for row in rows(found).rows]
    assert lines == [
        ("1", "Acme", "share", "Zenith", "We share your email with Zenith."),
        ("1", "Zenith", "use", "", "We use your email for ads."),
        ("1", "Zenith", "does not sell", "", "We do not sell your email."),
        ("1.1", "Zenith", "share", "Bream", "We pass your email to Bream."),
        ("1.1", "Bream", "store", "", "We keep your email."),
    ]


def test_what_the_company_itself_does_comes_first() -> None:
    found = _trace(policy("Acme", said("We collect your email.", Action.COLLECT, EMAIL), SHARED))
    assert [row[:3] for row in rows(found).rows] == [
        ("0", "Acme", "collect"),
        ("1", "Acme", "share"),
    ]


def test_why_chains_end() -> None:
    found = _trace(
        policy("Acme", said("a", Action.SHARE, EMAIL, ("Zenith", "Bream", "advertisers"))),
        policy("Bream", said("We like fish.", Action.USE, ("health data",))),
    )
    assert _told(found) == [
        ("1", "Acme", "Bream", End.SILENT),
        ("2", "Acme", "Zenith", End.NO_POLICY),
        ("3", "Acme", "advertiser", End.KIND),
    ]


def test_a_circle_is_cut() -> None:
    found = _trace(
        policy("Acme", SHARED),
        policy("Zenith", said("We send your email to Acme.", Action.SHARE, EMAIL, ("Acme",))),
    )
    (first,) = found.steps
    (back,) = first.steps
    assert (back.label, back.end, back.shown, back.steps) == ("Acme", End.SHOWN, "0", ())
    assert rows(found).rows[-1][6] == "where this began"


def test_a_policy_is_followed_where_it_is_first_reached() -> None:
    found = _trace(
        policy("Acme", said("a", Action.SHARE, EMAIL, ("Bream", "Zenith"))),
        policy("Bream", said("b", Action.SHARE, EMAIL, ("Zenith",))),
        policy("Zenith", said("c", Action.STORE, EMAIL)),
    )
    assert _told(found) == [
        ("1", "Acme", "Bream", None),
        ("1.1", "Bream", "Zenith", End.SHOWN),
        ("2", "Acme", "Zenith", None),
    ]
    assert rows(found).rows[1][6] == "see 2"


def test_depth_is_heeded_and_told() -> None:
    readings = [
        policy(who, said(who, Action.SHARE, EMAIL, (to,)))
        for who, to in (("Acme", "Bream"), ("Bream", "Cod"), ("Cod", "Dace"), ("Dace", "Eel"))
    ]
    assert len(_told(_trace(*readings, depth=9))) == 4
    assert _told(_trace(*readings, depth=2)) == [
        ("1", "Acme", "Bream", None),
        ("1.1", "Bream", "Cod", End.DEPTH),
    ]
    with pytest.raises(UsageError, match="depth 0"):
        _trace(*readings, depth=0)


def test_a_service_leads_to_its_owners_policy() -> None:
    found = _trace(
        policy("Acme", said("We use Analytics.", Action.SHARE, EMAIL, ("Google Analytics",))),
        policy("AdMob", said("We store your email.", Action.STORE, EMAIL), names=("Google",)),
        policy("Waze", said("We sell your email.", Action.SELL, EMAIL)),
    )
    (step,) = found.steps
    assert step.policy
    assert step.policy.how == "of Google, which it belongs to, under the name AdMob"
    assert rows(found).rows[0][6] == f"the policy {step.policy.how}"
    assert rows(found).rows[1][1] == "Google Analytics (policy of AdMob)"


def test_another_name_of_a_publisher_leads_to_its_policy() -> None:
    found = _trace(
        policy("Acme", said("a", Action.SHARE, EMAIL, ("Zenith Shop",))),
        policy("Zenith", said("Kept.", Action.STORE, EMAIL), names=("Zenith Shop",)),
    )
    (step,) = found.steps
    assert step.policy
    assert (step.end, step.policy.how) == (None, "under the name Zenith")
    assert len(step.handled) == 1


def test_data_are_followed_in_other_terms() -> None:
    readings = (
        policy(
            "Acme", said("We share contact data.", Action.SHARE, ("contact data",), ("Zenith",))
        ),
        policy(
            "Zenith",
            said("We collect personal data.", Action.COLLECT, ("personal data",)),
            said("We collect your name.", Action.COLLECT, ("name",)),
        ),
    )
    found = _trace(*readings)
    (step,) = found.steps
    assert [told.relation for told in step.told] == [Relation.BROADER]
    assert [told.relation for told in step.handled] == [Relation.GENERAL]
    assert rows(found).rows[0][3] == "contact data (in broader terms)"
    assert _trace(*readings, strict=True).steps == ()
    (narrower,) = _trace(*readings, data="contact data").steps
    assert [told.relation for told in narrower.told] == [Relation.SAME]


def test_what_others_collect_at_a_company_is_a_step() -> None:
    found = _trace(
        policy("Acme", said("Zenith collects your email.", Action.COLLECT, EMAIL, by="Zenith"))
    )
    assert _told(found) == [("1", "Acme", "Zenith", End.NO_POLICY)]


def test_what_concerns_children_only_is_no_denial_in_general() -> None:
    denial = said("Not of kids.", Action.COLLECT, ("personal data",), denied=True, child=True)
    assert _trace(policy("Acme", denial, SHARED)).denied == ()


def test_unknown_names_are_told() -> None:
    store = store_of(policy("Acme", SHARED))
    with pytest.raises(QueryError, match="no company 'Nobody Here'"):
        trace(store, "Nobody Here", "email address")
    with pytest.raises(QueryError, match="no data 'glimmer'"):
        trace(store, "Acme", "glimmer")


def test_steps_stand_within_steps_with_their_sentences() -> None:
    found = _trace(policy("Acme", SHARED), policy("Zenith", said("Kept.", Action.STORE, EMAIL)))
    told = values(found)["steps"][0]
    assert told["statements"][0]["sentence"] == "We share your email with Zenith."
    assert told["handled"][0]["statement"].startswith("https://")
    _, steps = report(found).sections
    assert [quote.text for quote in steps.cards[0].quotes] == [
        "We share your email with Zenith.",
        "Kept.",
    ]


NAMES = ["Acme", "Bream", "Cod", "Dace"]
SAID = st.builds(
    lambda action, data, to, denied: said(
        f"{action} {data} {to} {denied}", action, (data,), to, denied=denied
    ),
    st.sampled_from([Action.SELL, Action.SHARE, Action.USE]),
    st.sampled_from(["email address", "contact data", "personal data", "health data"]),
    st.lists(st.sampled_from([*NAMES, "advertisers"]), max_size=2, unique=True).map(tuple),
    st.booleans(),
)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.lists(SAID, max_size=4, unique_by=repr), min_size=4, max_size=4),
    st.integers(1, 5),
)
def test_no_step_without_a_statement_that_supports_it(
    texts: list[list[Statement]], depth: int
) -> None:
    readings = [policy(name, *said) for name, said in zip(NAMES, texts, strict=True)]
    found = _trace(*readings, depth=depth)
    followed = [found.company.iri]
    for step in _all(found.steps):
        assert step.told
        for told in step.told:
            assert not told.practice.is_denied
            assert told.practice.source in step.giver.sources
            assert step.recipient in told.practice.recipients
        assert step.number.count(".") < depth
        assert (step.end is None) or not step.steps
        assert all(told.practice.is_denied for told in step.denied)
        if step.policy and step.end is not End.SHOWN:
            followed.append(step.recipient)
    assert len(followed) == len(set(followed))
    assert all(row[7] for row in rows(found).rows)
