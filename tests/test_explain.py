"""Why the graph says so."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import HOSTILE, mention, reading, says, store_of
from rich.console import Console

from kg.claims import claims
from kg.documents import read_text
from kg.errors import QueryError
from kg.explain import Explanation, explain, explanation
from kg.iris import party_iri
from kg.model import Action, Modality, Span, Statement
from kg.statements import read_statements

SENTENCE = "We may share your email address with advertisers if you agree."
SHARES = says(
    Action.SHARE,
    text=SENTENCE,
    start=40,
    trigger="share",
    modality=Modality.MAY,
    actor=mention("We", 40, iri=party_iri("Acme")),
    data=("email address",),
    recipients=("advertisers",),
    conditions=("you agree",),
    context=(Span("What we do with it:", 10, 29),),
)
DENIES = says(
    Action.SELL, denied=True, text="We do not sell your name.", trigger="sell", data=("name",)
)


def _explained(statement: Statement) -> Explanation:
    [claim] = claims(store_of(reading(statement)))
    return explanation(claim)


def test_a_statement_is_told_in_one_line() -> None:
    assert _explained(SHARES).claim == "Acme shares: email address; to: advertiser"


def test_a_denial_says_not() -> None:
    found = _explained(DENIES)
    assert found.claim == "Acme does NOT sell: name"
    assert "a denial" in found.to_text()


def test_the_text_tells_sentence_place_policy_and_every_role() -> None:
    text = _explained(SHARES).to_text()
    for wanted in (
        SENTENCE,
        "Acme · Acme Privacy Policy · 2021-05-01",
        "acme.md, characters 40 to 102",
        "Policy › What we do",
        "said to be possible",
        "confidence  0.90, found by the rules alone",
        "https://acme.example/privacy",
        "“advertisers” → advertiser <https://w3id.org/privflow#Advertiser>",
        "“you agree”",
        "Rests also on (10-29)",
        "What we do with it:",
    ):
        assert wanted in text


@pytest.mark.parametrize(
    ("text", "said", "other", "role"),
    [
        (
            "We collect your weight. We use this information to plan your diet.",
            "We use this information to plan your diet.",
            "We collect your weight.",
            "“information” → physical characteristics",
        ),
        (
            "We share your name with bakeries. They may store your name.",
            "They may store your name.",
            "We share your name with bakeries.",
            "“They” → bakeries",
        ),
        (
            "We sell rides.\n\n# Location data\n\nWe store it in Wales.",
            "We store it in Wales.",
            "Location data",
            "“Location data” → location data",
        ),
        (
            "“Ride Data” means your route.\n\n# Sharing\n\nWe share Ride Data with planners.",
            "We share Ride Data with planners.",
            "“Ride Data” means your route.",
            "“Ride Data” →",
        ),
    ],
)
def test_what_a_sentence_points_back_to_is_quoted_beside_it(
    text: str, said: str, other: str, role: str
) -> None:
    document = read_text(f"# Acme Privacy Policy\n\n{text}", name="acme.md", kind="md")
    shown = [explanation(c) for c in claims(store_of(read_statements(document)))]
    [found] = [e for e in shown if e.quote == said]
    [place] = found.context
    assert document.text[place.start : place.end] == place.text == other
    output = io.StringIO()
    Console(file=output, force_terminal=False, width=200, color_system=None).print(found)
    for printed in (found.to_text(), output.getvalue()):
        assert f"“{said}”" in printed
        assert f"Rests also on ({place.start}-{place.end})" in printed
        assert f"“{other}”" in printed
        assert role in printed


def test_the_sentence_is_marked_with_the_roles_of_its_words() -> None:
    marked = {segment.text: segment.roles for segment in _explained(SHARES).segments()}
    assert marked["share"] == ("trigger",)
    assert marked["email address"] == ("data",)
    assert marked["advertisers"] == ("recipient",)
    assert marked[" your "] == ()


def test_a_statement_is_found_by_its_iri_or_by_enough_of_its_digits() -> None:
    store = store_of(reading(SHARES, DENIES))
    for claim in claims(store):
        assert explain(store, claim.iri).iri == claim.iri
        assert explain(store, f" {claim.digits} ").iri == claim.iri
        assert explain(store, claim.digits[:12].upper()).iri == claim.iri


def test_too_few_digits_are_told_with_the_candidates() -> None:
    many = [says(Action.USE, start=place) for place in range(40)]
    store = store_of(reading(*many), ontology=False)
    digits = [claim.digits for claim in claims(store)]
    first = next(d for d in "0123456789abcdef" if sum(x.startswith(d) for x in digits) > 1)
    with pytest.raises(QueryError, match=f"statements begin with '{first}'.*give more digits"):
        explain(store, first)


@pytest.mark.parametrize(
    "wanted", ["", "no such thing", "\x1b[31m", "https://w3id.org/privflow/id/statement/0", "ffff"]
)
def test_an_unknown_statement_is_told_with_what_to_do(wanted: str) -> None:
    with pytest.raises(QueryError, match="kg query statements") as caught:
        explain(store_of(reading(SHARES), ontology=False), wanted)
    assert "\x1b" not in str(caught.value)


def test_an_empty_graph_has_nothing_to_explain() -> None:
    with pytest.raises(QueryError, match="no statements"):
        explain(store_of(), "abcd")


hostile = st.text(max_size=30) | st.sampled_from(HOSTILE)


@settings(max_examples=40, deadline=None)
@given(hostile, hostile, hostile, st.integers(0, 20), st.integers(0, 20))
def test_no_text_reaches_the_terminal_as_it_is(
    text: str, words: str, heading: str, start: int, length: int
) -> None:
    said = says(
        Action.USE, text=text, data=(words,), headings=(heading,), trigger=text[start:][:length]
    )
    [claim] = claims(store_of(reading(said, title=heading), ontology=False))
    found = explanation(claim)
    assert "".join(segment.text for segment in found.segments()) == found.quote
    output = io.StringIO()
    Console(file=output, force_terminal=False, width=200, color_system=None).print(found)
    for shown in (found.to_text(), output.getvalue()):
        assert all(line.isprintable() for line in shown.split("\n"))
