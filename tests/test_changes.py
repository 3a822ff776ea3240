"""What changed between two versions: what is only worded anew is nothing, what is new is one."""

from __future__ import annotations

import time
import tomllib
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from changes import changes_in, claims_in, snapshots
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import HOSTILE

from kg.changes import MIRROR, Change, Kind, changes_between, told
from kg.changes.alignment import sentences_apart
from kg.changes.graph import change_quads, changes_graph, successions
from kg.changes.lines import sentence_at, unbroken
from kg.changes.wording import Reader
from kg.claims import claims_of, sources
from kg.concepts import concepts
from kg.errors import QueryError
from kg.model import Action
from kg.pipeline import build
from kg.queries import run
from kg.store import memory_store, open_store
from kg.triples import Snapshot, catalogue, describe_reading, line_of
from kg.views.report import to_html

CASES = Path(__file__).parent / "cases" / "changes"


def cases(name: str) -> list[Any]:
    found = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))["case"]
    return [
        pytest.param(
            case,
            id=case["what"],
            marks=pytest.mark.xfail(strict=True, reason=case["xfail"]) if "xfail" in case else (),
        )
        for case in found
    ]


@pytest.mark.parametrize("case", cases("same"))
def test_what_is_only_worded_anew_is_no_change(case: dict[str, Any]) -> None:
    assert changes_in(case["before"], case["after"]) == ()


@pytest.mark.parametrize("case", cases("one"))
def test_what_is_new_is_one_change(case: dict[str, Any]) -> None:
    found = changes_in(case["before"], case["after"])
    assert len(found) == len(case["changes"])
    for change, expected in zip(found, case["changes"], strict=True):
        aspects = [aspect.value for aspect in change.aspects]
        assert change.kind.value == expected["kind"]
        assert aspects == expected.get("aspects", aspects)
        assert expected.get("has", aspects[0]) in aspects
        labels = [term.label for detail in change.details for term in detail.terms]
        assert labels == expected.get("terms", labels)


PAIRS = [
    (case["before"], case["after"])
    for name in ("same", "one")
    for case in tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))["case"]
]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_turned_round_it_is_the_mirror_image(before: str, after: str) -> None:
    there, back = changes_in(before, after), changes_in(after, before)

    def told(change: Change, *, mirrored: bool) -> tuple[Any, ...]:
        aspects = {MIRROR[one] if mirrored else one for one in change.aspects}
        sides = [
            {c.statement.evidence.text for c in side} for side in (change.before, change.after)
        ]
        return sorted(aspects), *map(sorted, sides[::-1] if mirrored else sides)

    assert sorted(told(c, mirrored=False) for c in there) == sorted(
        told(c, mirrored=True) for c in back
    )


SENTENCES = [
    "We collect your name and your email address.",
    "We may share your location with advertisers.",
    "We do not sell your browsing history.",
    "Couriers receive your postal address from us.",
    "If you consent, we use your purchase history for marketing.",
    "We keep your invoices for seven years.",
    "We transfer your personal data to Norway.",
    "Coinwell collects your card number.",
]
texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5, unique=True)


@given(chosen=texts, order=st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None)
def test_a_text_in_another_order_is_the_same(chosen: list[str], order: Random) -> None:
    shuffled = chosen[:]
    order.shuffle(shuffled)
    assert changes_in(" ".join(chosen), "\n\n".join(shuffled)) == ()


@given(ours=texts, theirs=texts)
@settings(max_examples=15, deadline=None)
def test_every_sentence_that_came_or_went_is_told_of_and_no_other(
    ours: list[str], theirs: list[str]
) -> None:
    found = changes_in(" ".join(ours), " ".join(theirs))
    assert found == changes_in(" ".join(ours), " ".join(theirs)), "the same every time"
    gone = {c.statement.evidence.text for change in found for c in change.before}
    new = {c.statement.evidence.text for change in found for c in change.after}
    assert gone <= set(ours)
    assert new == set(theirs) - set(ours)
    assert set(ours) - set(theirs) <= gone


def test_another_name_of_the_publisher_is_no_change() -> None:
    before = "{{Name}} shares your postal address with couriers. We collect your name."
    assert changes_in(before, before, ("Acme", "Acme Holdings")) == ()
    assert changes_in(before, before, ("Acme", "Brontide")) == ()


def test_concepts_of_a_policy_itself_go_by_their_words() -> None:
    text = "We collect your wingspan and your plumage. We share your wingspan with falconers."
    names = "Acme", "Brontide"
    old, new, _ = claims_in(text, text, names)
    iris = [{m.iri for c in side for m in c.statement.data if m.iri} for side in (old, new)]
    assert iris[0] != iris[1], "their IRIs differ"
    assert changes_in(text, text.replace("We share", "We also share"), names) == ()


def test_a_sentence_that_nothing_was_read_from_is_still_there() -> None:
    """A claim that is read from a sentence in one version alone is a slip of the reading."""
    text = "We collect your name. We share your location with advertisers in the free plan."
    old, new, known = claims_in(text, text)
    slipped = [claim for claim in old if claim.statement.recipients == ()]
    assert len(slipped) < len(old)
    assert changes_between(slipped, new, known, texts=(text, text)) == ()
    assert len(changes_between(slipped, new, known)) == 1


def test_breaks_within_sentences_are_taken_out_of_printed_pages_alone() -> None:
    line = "We collect the name and the address of everybody who buys"
    printed = "\n\n".join([line, "a kite from us. " + line, "three kites. " + line, "none."])
    whole = unbroken(printed)
    assert len(whole) == len(printed)
    assert "buys  a kite from us." in whole
    assert sentence_at(whole, 0, len(line)) == (0, whole.index(".") + 1)
    items = "We collect:\n\n- your name\n\n- your address\n\n- your wingspan\n\n- your plumage"
    assert unbroken(items) == items
    assert unbroken("") == ""


def test_what_nobody_should_rely_on_is_not_reported_but_explains() -> None:
    before, after = "We collect your name.", "We collect your name. We sell your location."
    old, new, known = claims_in(before, after)
    unsure = [replace(c, statement=replace(c.statement, confidence=0.1)) for c in new]
    assert len(changes_between(old, new, known)) == 1
    assert changes_between(old, unsure, known) == ()
    assert changes_between(old, unsure, known, least=0.05) != ()
    assert changes_between(unsure, new, known) == ()


def test_a_doubtful_reading_beside_a_sure_one_is_not_told_of() -> None:
    before = "We collect your name."
    after = f"{before} We store and use your phone number."
    old, new, known = claims_in(before, after)

    def told_of(doubtful: float) -> set[str]:
        weighed = [
            replace(c, statement=replace(c.statement, confidence=doubtful))
            if c.statement.action is Action.USE
            else c
            for c in new
        ]
        return {a.value for c in changes_between(old, weighed, known) for a in c.actions}

    assert told_of(0.9) == {"store", "use"}
    assert told_of(0.3) == {"store"}


def test_no_claims_are_no_trouble() -> None:
    old, new, known = claims_in("We collect your name.", "We collect your name.")
    assert changes_between([], [], known) == ()
    assert [change.kind for change in changes_between([], new, known)] == [Kind.ADDED]
    assert [change.kind for change in changes_between(old, [], known)] == [Kind.REMOVED]


# --- As triples


def shards(before: str, after: str) -> tuple[list[bytes], list[Snapshot], tuple[str, str]]:
    both = snapshots(before, after)
    texts = [reading.document.text for reading, _ in both]
    quads = [describe_reading(reading).encode() for reading, _ in both]
    return quads, [listed for _, listed in both], (texts[0], texts[1])


def test_changes_are_written_as_quads_that_do_not_vary(tmp_path: Path) -> None:
    before = "We do not sell your location. We collect your name."
    after = 'We sell your location to advertisers. We collect your name and your "pulse".'
    quads, listed, texts = shards(before, after)
    found = change_quads(*quads, *listed, texts=texts)
    lines = found.splitlines()
    assert lines == sorted(set(lines))
    assert "_:" not in found
    assert all(line.endswith(f" <{changes_graph(line_of(listed[1]))}> .") for line in lines)
    paths = [tmp_path / "a.nq", tmp_path / "b.nq"]
    for path, data in zip(paths, quads, strict=True):
        path.write_bytes(data)
    assert change_quads(*paths, *listed, texts=texts) == found
    with memory_store(b"".join(quads).decode() + catalogue(listed) + found) as store:
        rows = run("denials-dropped", store, company="Acme", year="2021").rows
        assert [row[4] for row in rows] == ["no longer denied, but done"]
        assert run("denials-dropped", store, since="2021-07").rows == ()
        assert {row[2] for row in run("changes", store).rows} == {
            "denial dropped; flow changed",
            "flow changed",
        }
        with pytest.raises(QueryError, match="YYYY"):
            run("changes", store, year="last")


def test_snapshots_of_a_policy_follow_each_other() -> None:
    def entry(graph: str, day: str | None, publisher: str = "Acme", name: str = "a.md") -> Snapshot:
        return Snapshot(graph, name, publisher, issued=day)

    first, second, third = entry("urn:1", "2019"), entry("urn:2", "2020"), entry("urn:3", "2021")
    others = [
        entry("urn:4", "2021"),
        entry("urn:5", None),
        entry("urn:6", "2020", "Brontide"),
        entry("urn:2", "2020", name="copy.md"),
    ]
    assert list(successions([*others, third, first, second])) == [(first, second), (second, third)]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_policy_says_is_escaped(text: str) -> None:
    quads, listed, texts = shards("We collect your name.", f"We collect your name and {text}.")
    lines = change_quads(*quads, *listed, texts=texts)
    memory_store(lines).close()
    found = changes_in("We collect your name.", f"We share your name with {text}.")
    page = to_html(told.report(found, text, text))
    assert "<script" not in page
    assert "<img" not in page


def test_changes_of_a_large_policy_are_found_quickly() -> None:
    things = ("names", "locations", "photos", "invoices", "emails", "messages", "ages")
    who = ("couriers", "advertisers", "insurers", "banks", "schools", "hospitals", "employers")
    before = "\n\n".join(f"We share your {a} with {b}." for a in things for b in who)
    quads, listed, texts = shards(before, before.replace("schools", "researchers"))
    change_quads(*quads, *listed, texts=texts)
    started = time.process_time()
    assert change_quads(*quads, *listed, texts=texts).count("FlowChanged") == 1
    assert time.process_time() - started < 1


@pytest.mark.parametrize("text", ["a." * 40_000, "a@" * 40_000, "." * 80_000, "a-b.c " * 20_000])
def test_no_text_makes_the_comparison_slow(text: str) -> None:
    started = time.process_time()
    Reader({"Acme"})(text)
    sentences_apart(text, text[1:], [])
    assert time.process_time() - started < 2


# --- Real policies, where they lie beside the project

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "seeds"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="needs ../shared/corpus")
def test_brands_and_menus_are_no_change(tmp_path: Path) -> None:
    """Two versions that differ in brands, addresses and page furniture alone."""
    build([SEEDS / "001_c23b54ec28f9a43a.txt", SEEDS / "002_d2b7ae55a2b32796.txt"], tmp_path)
    with open_store(tmp_path) as store:
        known = concepts(store)
        old, new = (claims_of(store, one, known.labels) for one in sources(store))
    assert len(old) > 100
    assert changes_between(old, new, known) == ()
