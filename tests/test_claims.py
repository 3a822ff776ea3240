"""What is written to a graph comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import HOSTILE, acme, mention, reading, says, store_of

from kg.claims import claims, sources
from kg.errors import QueryError
from kg.model import Action, Evidence, Mention, Modality, Polarity, Span, Statement


def test_a_statement_comes_back_with_its_words_concepts_and_place() -> None:
    said = says(
        Action.SHARE,
        text="We may share your email address with advertisers.",
        start=120,
        trigger="share",
        modality=Modality.MAY,
        data=("email address",),
        recipients=("advertisers",),
        context=(Span("Our partners:", 80, 93),),
    )
    [claim] = claims(store_of(reading(said)))
    found = claim.statement
    assert (found.action, found.polarity, found.modality) == (
        Action.SHARE,
        Polarity.AFFIRMED,
        Modality.MAY,
    )
    assert found.evidence == said.evidence
    assert found.trigger == Mention("share", 127, 132)
    assert found.data[0].iri == said.data[0].iri
    assert (found.recipients[0].text, found.recipients[0].label) == ("advertisers", "advertiser")
    assert (claim.actor, claim.actor_iri) == ("Acme", acme())
    assert claim.source.urls == ("https://acme.example/privacy",)
    assert not claim.is_denial


def test_a_denial_comes_back_as_a_denial() -> None:
    [claim] = claims(store_of(reading(says(Action.SELL, denied=True, data=("name",)))))
    assert claim.is_denial
    assert claim.statement.negation is not None


def test_claims_come_by_company_date_and_place() -> None:
    late, early = says(Action.USE, start=500), says(Action.COLLECT, start=10)
    store = store_of(
        reading(late, publisher="Zeta", name="z.md"),
        reading(late, early, day=date(2022, 1, 1), name="b.md"),
        reading(early, day=date(2020, 1, 1), name="a.md"),
    )
    found = [(c.source.company, c.source.date, c.statement.evidence.start) for c in claims(store)]
    assert found == [
        ("Acme", "2020-01-01", 10),
        ("Acme", "2022-01-01", 10),
        ("Acme", "2022-01-01", 500),
        ("Zeta", "2021-05-01", 500),
    ]
    assert [source.documents for source in sources(store)] == [("a.md",), ("b.md",), ("z.md",)]


@pytest.mark.parametrize("name", ["Acme", "acme", "ACME, Inc."])
def test_a_company_is_found_by_any_spelling_of_its_name(name: str) -> None:
    store = store_of(reading(says(Action.USE)), reading(says(Action.USE), publisher="Zeta"))
    assert {claim.source.company for claim in claims(store, company=name)} == {"Acme"}
    assert len(list(claims(store, company=acme()))) == 1


def test_an_unknown_company_is_told_with_those_that_are_near() -> None:
    store = store_of(reading(says(Action.USE)), reading(says(Action.USE), publisher="Zeta"))
    with pytest.raises(QueryError, match="did you mean Acme"):
        list(claims(store, company="Acne"))
    with pytest.raises(QueryError, match="there are Acme, Zeta"):
        list(claims(store, company="qqqq"))


def test_an_empty_graph_has_no_claims() -> None:
    assert list(claims(store_of())) == []


texts = st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20
) | st.sampled_from(HOSTILE)
mentions = st.builds(
    lambda text, start: Mention(text, start, start + len(text)), texts, st.integers(0, 10**6)
)
many = st.lists(mentions, max_size=3).map(tuple)
statements = st.builds(
    Statement,
    action=st.sampled_from(Action),
    polarity=st.sampled_from(Polarity),
    modality=st.sampled_from(Modality),
    trigger=mentions,
    evidence=st.builds(
        lambda text, start, headings: Evidence("acme.md", text, start, start + len(text), headings),
        texts,
        st.integers(0, 10**6),
        st.lists(texts.filter(lambda t: "›" not in t), max_size=2).map(tuple),
    ),
    negation=st.none() | mentions,
    data=many,
    recipients=many,
    sources=many,
    purposes=many,
    locations=many,
    retention=many,
    conditions=many,
    data_subject=st.sampled_from([None, "child"]),
    confidence=st.integers(0, 100).map(lambda percent: percent / 100),
)


def _bare(statement: Statement) -> Statement:
    """Without concepts, which a graph adds."""

    def bare(role: tuple[Mention, ...]) -> tuple[Mention, ...]:
        return tuple(Mention(m.text, m.start, m.end) for m in role)

    return replace(
        statement,
        data=bare(statement.data),
        recipients=bare(statement.recipients),
        sources=bare(statement.sources),
        purposes=bare(statement.purposes),
        locations=bare(statement.locations),
    )


@settings(max_examples=60, deadline=None)
@given(statements)
def test_whatever_the_words_are_they_come_back(statement: Statement) -> None:
    [claim] = claims(store_of(reading(statement), ontology=False))
    assert _bare(claim.statement) == statement


def test_a_mention_has_the_concept_it_was_given() -> None:
    own = Mention("scroll depth", 0, 12, "https://w3id.org/privflow/id/concept/1", "scroll depth")
    said = replace(says(Action.COLLECT), data=(own, mention("name")))
    [claim] = claims(store_of(reading(said)))
    assert [found.iri for found in claim.statement.data] == [own.iri, said.data[1].iri]
