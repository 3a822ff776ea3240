"""Rights: found where they are granted, written into the graph once, and read back as they were."""

from __future__ import annotations

import re
import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import nquads, reading, says

from kg import resources
from kg.claims import claims_of, rights_of, sources
from kg.documents import read_text
from kg.errors import Skipped
from kg.iris import PF
from kg.model import Action, Document, Reading, Right, Sentence
from kg.ontology import load, terms
from kg.sentences import split
from kg.statements import read_statements
from kg.statements.rights import read_rights
from kg.store import memory_store
from kg.triples import describe_reading
from kg.worker import _renamed

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "rights.toml").read_text(encoding="utf-8")
)["case"]


#: Without it, a short text passes for no policy.
PREAMBLE = "This privacy policy is about the personal data that Fernleaf collects."


def rights(text: str, kind: str = "md") -> tuple[Document, tuple[Right, ...]]:
    document = read_text(f"{PREAMBLE}\n\n{text}", name=f"policy.{kind}", kind=kind)
    return document, read_rights(document, split(document))


def local(right: Right) -> str:
    return right.iri.removeprefix(PF)


def marked(case: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(strict=True, reason=case["miss"])] if "miss" in case else []
    return pytest.param(case, id=case["why"], marks=marks)


@pytest.mark.parametrize("case", list(map(marked, CASES)))
def test_cases(case: dict[str, Any]) -> None:
    _, found = rights(case["text"])
    assert [local(right) for right in found] == case["rights"]
    assert [right.words.text for right in found] == case.get("words", [])


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 30
    named = {name for case in CASES for name in case["rights"]}
    listed = set(tomllib.loads(resources.RIGHTS.read_text("utf-8"))["rights"])
    assert named == listed - {"RightToObject", "RightToInformation"}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("object to our use of your data", "RightToObject"),
        ("know what personal data we collect", "RightToInformation"),
        ("be informed about our work with your data", "RightToInformation"),
    ],
)
@pytest.mark.parametrize("grant", ["You have the right to {}.", "- The right to {};"])
def test_another_grant_changes_nothing(words: str, name: str, grant: str) -> None:
    text = grant.format(words)
    _, found = rights(f"These are your rights:\n\n{text}" if text.startswith("-") else text)
    assert [local(right) for right in found] == [name]


def test_every_right_is_a_concept_of_the_ontology() -> None:
    from rdflib import SKOS, URIRef  # noqa: PLC0415 - heavy

    listed = tomllib.loads(resources.RIGHTS.read_text("utf-8"))["rights"]
    assert set(listed) <= set(terms())
    graph = load()
    scheme = URIRef(PF + "RightScheme")
    concepts = {str(c).removeprefix(PF) for c in graph.subjects(SKOS.inScheme, scheme)}
    assert concepts - {"Right", "RightToOptOut"} == set(listed)


GRANTS = (
    "You have the right to ",
    "You may ",
    "On request we will ",
    "- ",
    "We ",
    "\n\n",
    "“",
    "’s ",
)
WORDS = (
    "access",
    "delete your data",
    "object",
    "unsubscribe",
    "withdraw consent",
    "é",
    "\u2028",
    ":",
)


@given(
    st.lists(st.sampled_from((*GRANTS, *WORDS, ". ", ", ", " and ")), max_size=14),
    st.text(max_size=9),
)
def test_words_stand_where_they_are_said_to(parts: list[str], noise: str) -> None:
    for kind in ("md", "txt"):
        try:
            document, found = rights("".join(parts) + noise + " You may object to it.", kind)
        except Skipped:
            continue
        for right in found:
            evidence, words = right.evidence, right.words
            assert document.text[evidence.start : evidence.end] == evidence.text
            assert document.text[words.start : words.end] == words.text.strip() != ""
            assert evidence.start <= words.start < words.end <= evidence.end
            for span in evidence.context:
                assert document.text[span.start : span.end] == span.text
        keys = [(right.evidence.start, right.iri) for right in found]
        assert len(keys) == len(set(keys))
        starts = [right.evidence.start for right in found]
        assert starts == sorted(starts)


@pytest.mark.parametrize(
    "unit", ["you may access your name and ", "to request ", "rights of ", "you "]
)
def test_no_sentence_takes_long(unit: str) -> None:
    text = (unit * 4000)[:4000]
    start = time.perf_counter()
    read_rights(Document("long.txt", text), (Sentence(text, 0, len(text)),))
    assert time.perf_counter() - start < 2, "a quarter of a second on an idle machine"


TEXT = """# Privacy at Fernleaf

We collect your name.

## Your rights

You have the right to:

- access your data
- erase \"it\" \\ all

You may withdraw your consent.
"""


def fernleaf() -> Reading:
    return read_statements(read_text(TEXT, name="fernleaf.md", kind="md"), tagger=None)


def test_the_reading_holds_them_and_no_statement_is_made_of_them() -> None:
    read = fernleaf()
    assert [local(right) for right in read.rights] == [
        "RightOfAccess", "RightToErasure", "RightToWithdrawConsent",
    ]  # fmt: skip
    assert {statement.action for statement in read.statements} == {Action.COLLECT}


def test_they_come_back_as_they_were() -> None:
    read = fernleaf()
    with memory_store(nquads(read)) as store:
        (source,) = sources(store)
        assert rights_of(store, source) == read.rights
        assert [claim.statement.action for claim in claims_of(store, source, {})] == [
            Action.COLLECT
        ]
    assert read.rights[0].evidence.headings == ("Privacy at Fernleaf", "Your rights")
    assert [span.text for span in read.rights[0].evidence.context] == ["You have the right to:"]


def test_a_text_that_was_read_before_gives_the_same_under_another_name() -> None:
    read = fernleaf()
    other = replace(read.document, name="later.md")
    assert _renamed(read, other) == read_statements(other, tagger=None)


def test_each_is_written_once_whatever_the_order() -> None:
    read = fernleaf()
    twice = Reading(read.document, rights=(*reversed(read.rights), *read.rights))
    once = Reading(read.document, rights=read.rights)
    assert describe_reading(twice) == describe_reading(once)
    lines = describe_reading(once).splitlines()
    assert len(lines) == len(set(lines))
    assert sum(f"<{PF}GrantedRight>" in line for line in lines) == 3


def test_hostile_words_are_escaped() -> None:
    text = 'You may ask us to delete "your\u2028data" \\> <urn:x> \u0007.'
    document, found = rights(text, "txt")
    read = Reading(document, rights=found)
    assert found
    with memory_store(describe_reading(read)) as store:
        said = [row[0].value for row in store.query("SELECT ?t WHERE { ?r pf:sentence ?t }")]
        assert said == [right.evidence.text for right in found]


def test_a_reading_without_rights_is_written_as_before() -> None:
    assert not re.search("GrantedRight|/right/", describe_reading(reading(says(Action.SHARE))))
