"""Phrases to concepts: readable cases first, then what holds for any phrase."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.grounding import Grounder, Match, Scheme, country_iri, grounder
from kg.iris import PF

CASES = Path(__file__).parent / "cases" / "grounding.toml"
GROUPS = tomllib.loads(CASES.read_text(encoding="utf-8"))["group"]
ROWS = [(group, phrase, name) for group in GROUPS for phrase, name in group["cases"]]


@pytest.fixture(scope="module")
def words() -> Grounder:
    return grounder()


def test_all_cases_are_here() -> None:
    assert len(ROWS) >= 150
    assert {group["scheme"] for group in GROUPS} == {scheme.value for scheme in Scheme}


@pytest.mark.parametrize(
    ("group", "phrase", "name"), ROWS, ids=[f"{g['scheme']}: {p}" for g, p, _ in ROWS]
)
def test_case(words: Grounder, group: dict[str, object], phrase: str, name: str) -> None:
    scheme = Scheme(str(group["scheme"]))
    if group.get("known"):
        found = words.known(phrase, scheme)
    else:
        found = words.ground(phrase, scheme, "Acme")
    if not name:
        assert found is None
    elif group.get("own"):
        assert found is not None
        assert (found.match, found.broader) == (Match.OWN, PF + name)
        assert not found.iri.startswith(PF)
    else:
        assert found is not None
        assert found.match is not Match.OWN
        assert found.iri == PF + name, group["why"]
        assert found.label == words.label(found.iri)


def test_matches_are_told_apart(words: Grounder) -> None:
    def match(phrase: str) -> Match:
        found = words.ground(phrase, Scheme.DATA)
        assert found is not None
        return found.match

    assert match("email address") is Match.EXACT
    assert match("your email addresses") is Match.INFLECTED
    assert match("secondary email address") is Match.HEAD
    assert match("telefone number") is Match.FUZZY
    assert match("scroll depth") is Match.OWN


def test_own_concepts_belong_to_their_policy(words: Grounder) -> None:
    one = words.ground("scroll depth", Scheme.DATA, "Acme")
    same = words.ground("the scroll depths", Scheme.DATA, "ACME Inc.")
    other = words.ground("scroll depth", Scheme.DATA, "Nimbus")
    assert one is not None
    assert same is not None
    assert other is not None
    assert one.iri == same.iri != other.iri
    assert one.label == same.label == "scroll depth"
    assert words.label(one.iri) is None


def test_own_concepts_use_the_base() -> None:
    found = Grounder("https://example.org/id/").ground("scroll depth", Scheme.DATA, "Acme")
    assert found is not None
    assert found.iri.startswith("https://example.org/id/concept/")


def test_companies(words: Grounder) -> None:
    for name in ("Google", "Google Inc", "google inc.", "the Google LLC", "Google's"):
        found = words.company(name)
        assert found is not None, name
        assert found.label == "Google"
    google_plus = words.company("Google+")
    assert google_plus is not None
    assert google_plus.label == "Google Plus"
    assert words.company("square") is None, "a word, not the company"
    assert words.company("Nimbus Kettles") is None
    assert words.company("") is None
    assert PF + "Criteo" in {iri for _, iri in words.companies()}


def test_hierarchy(words: Grounder) -> None:
    above = (PF + "IdentifierData", PF + "PersonalData", PF + "Data")
    assert words.broader(PF + "IPAddress") == above
    assert words.broader(PF + "Criteo")[0] == PF + "AdNetwork"
    assert words.broader(country_iri("US-CA"))[0] == country_iri("US")
    assert PF + "EuropeanEconomicArea" in words.broader(country_iri("IE"))
    assert words.broader(PF + "PersonalData") == words.broader(PF + "NonPersonalData")
    assert words.broader(PF + "Data") == ()
    assert words.broader("https://example.org/nothing") == ()


def test_marks(words: Grounder) -> None:
    assert words.is_sensitive(PF + "HealthData")
    assert words.is_sensitive(PF + "Fingerprint"), "through the concepts above"
    assert words.is_sensitive(PF + "PreciseLocation")
    assert not words.is_sensitive(PF + "EmailAddress")
    assert words.is_vague(PF + "ThirdParty")
    assert words.is_vague(PF + "Abroad")
    assert not words.is_vague(PF + "Court")


def test_a_heading_tells_what_data_a_section_is_about(words: Grounder) -> None:
    def section(heading: str) -> str | None:
        found = words.section(heading)
        return found and found.iri.removeprefix(PF)

    assert section("How the mill uses your information") == "PersonalData"
    assert section("Information you give us") == "ProvidedData"
    assert section("Data collected automatically") == "ObservedData"
    assert section("Information from our partners") == "ThirdPartyData"
    assert section("Opening hours") is None
    assert section("Data that is not about you") is None


def test_what_is_named_elsewhere(words: Grounder) -> None:
    assert words.is_elsewhere("Google Analytics", Scheme.DATA)
    assert words.is_elsewhere("our agents", Scheme.DATA)
    assert words.is_elsewhere("your email address", Scheme.RECIPIENT)
    assert words.is_elsewhere("email addresses", Scheme.PURPOSE)
    assert not words.is_elsewhere("scroll depth", Scheme.DATA)
    assert not words.is_elsewhere("your measurements", Scheme.DATA)
    assert not words.is_elsewhere("cheese makers", Scheme.RECIPIENT)


def test_phrases_feed_a_gazetteer(words: Grounder) -> None:
    found = dict(words.phrases(Scheme.DATA))
    assert found["email address"] == PF + "EmailAddress"
    assert "time" not in found
    assert all(re.fullmatch(r"[^\sA-Z][^A-Z]*", phrase) for phrase in found)


WORDS = re.findall(
    r"\S+",
    """
    your information about the email address and of ( ) , such as device for pages you visit
    marketing to send newsletters third parties Inc. how which use us US data
    """,
)
PHRASES = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(WORDS),
        max_size=12,
    ).map(" ".join),
)


@given(PHRASES, st.sampled_from(Scheme))
def test_any_phrase_is_grounded_the_same_way_twice(phrase: str, scheme: Scheme) -> None:
    words = grounder()
    found = words.ground(phrase, scheme, "Acme")
    assert found == words.ground(phrase, scheme, "Acme")
    known = words.known(phrase, scheme)
    assert known is None or known == found
    if found is None:
        return
    assert found.label
    assert found.iri.startswith((PF, "https://w3id.org/privflow/id/"))
    assert (found.broader is not None) == (found.match is Match.OWN)
    if scheme in (Scheme.PLACE, Scheme.BASIS, Scheme.SAFEGUARD):
        assert found.match is not Match.OWN


@given(st.sampled_from([row for row in ROWS if row[0]["scheme"] in ("data", "recipient")]))
def test_case_and_space_change_nothing(row: tuple[dict[str, object], str, str]) -> None:
    group, phrase, _ = row
    words, scheme = grounder(), Scheme(str(group["scheme"]))
    if words.company(phrase) or re.search(r"[A-Z]\w+ \w+ [A-Z]", phrase):
        return  # names of companies are written as they are
    plain = words.ground(phrase, scheme)
    spaced = words.ground("  " + phrase.replace(" ", "\n ") + " ", scheme)
    assert plain is not None
    assert spaced is not None
    assert plain.iri == spaced.iri


def test_long_and_odd_phrases_are_quick(words: Grounder) -> None:
    start = time.perf_counter()
    for phrase in ("of " * 100_000, "a" * 1_000_000, "(" * 100_000, "x and " * 50_000, "\x00"):
        for scheme in Scheme:
            words.ground(phrase, scheme)
            words.known(phrase, scheme)
        words.company(phrase)
    assert time.perf_counter() - start < 5


def test_speed(words: Grounder) -> None:
    phrases = [phrase for _, phrase, _ in ROWS] * 20
    start = time.perf_counter()
    for phrase in phrases:
        words.ground(phrase, Scheme.DATA, "Acme")
    assert len(phrases) / (time.perf_counter() - start) > 10_000
