"""Sentences and the statements they make: case files, and what must hold for all sentences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.cases import document
from kg import resources
from kg.model import ROLES, Block, BlockKind, Document, Sentence, Statement
from kg.statements import Context, extract, lexicon, read_statements

CASES = Path(__file__).parent / "cases" / "statements"
PARTIES = {"actor", "recipients", "sources"}
#: How a span is compared: without determiner and possessive, without quotes and case.
LEADING = re.compile(
    r"^(?:(?:your|our|the|a|an|their|its|his|her|any|all|such|this|these|those) )+"
)
#: "information you provide" is cut after its general head, as annotators of the field do.
TAIL = re.compile(
    r"\b(information|data) "
    r"(?:(?:that|which|you|we|they)\b|supplied|provided|collected|submitted|given).*"
)


def cases() -> Iterator[Any]:
    for file in sorted(CASES.glob("*.toml")):
        for number, case in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["case"]):
            marks = [pytest.mark.xfail(strict=True, reason=case["miss"])] if "miss" in case else []
            yield pytest.param(case, id=f"{file.stem}-{number:02d}", marks=marks)


ALL = list(cases())


def normal(text: str) -> str:
    plain = text.strip(" .,;:\"'“”").lower()
    return TAIL.sub(r"\1", LEADING.sub("", plain))


def told(statement: Statement) -> dict[str, Any]:
    """A statement as a case writes it. That the user is the source goes without saying."""
    actor = statement.actor
    roles = {
        role: sorted({normal(m.text) for m in getattr(statement, role)} - {"you", "users", "user"})
        for role in ROLES
    }
    return {
        "action": statement.action.value,
        "polarity": statement.polarity.value,
        "modality": statement.modality.value,
        "actor": normal((actor.label or actor.text) if actor else ""),
        "data_subject": "child" if statement.data_subject == "child" else None,
        **roles,
        "stands_for": sorted({m.label or m.text for _, m in statement.mentions()}, key=str.lower),
        "rests_on": [span.text for span in statement.evidence.context],
    }


def differences(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Fields in which a statement is not what the case says."""
    result = []
    for name in ("action", "polarity", "modality", "actor", "data_subject"):
        default = {"polarity": "affirmed", "modality": "asserted"}.get(name)
        value = wanted.get(name, default)
        if (normal(value) if name == "actor" and value else value) != found[name]:
            result.append(name)
    for role in ROLES:
        accepted = wanted.get(f"{role}_any", [wanted.get(role, [])])
        if not any(sorted({normal(t) for t in texts}) == found[role] for texts in accepted):
            result.append(role)
    meant = {label.lower() for label in found["stands_for"]}
    if not meant.issuperset(label.lower() for label in wanted.get("stands_for", ())):
        result.append("stands_for")
    if not meant.isdisjoint(label.lower() for label in wanted.get("never", ())):
        result.append("stands_for")
    if wanted.get("rests_on", found["rests_on"]) != found["rests_on"]:
        result.append("rests_on")
    return result


def compare(case: dict[str, Any]) -> list[str]:
    """What is wrong with the statements of a case's sentence; nothing when they are right."""
    doc, start = document(case)
    found = [told(s) for s in read_statements(doc).statements if s.evidence.start >= start]
    problems = []
    for wanted in case.get("statements", ()):
        ranked = sorted(found, key=lambda f: len(differences(wanted, f)))
        alike = [f for f in ranked if not {"action", "polarity"} & set(differences(wanted, f))]
        if not alike:
            problems.append(f"no {wanted['action']} statement")
            continue
        found.remove(alike[0])
        problems += [
            f"{wanted['action']}: {field} {alike[0][field]}"
            for field in differences(wanted, alike[0])
        ]
    problems += [f"one {f['action']} statement too many: {f['data']}" for f in found]
    return problems


def test_all_case_files_are_found() -> None:
    assert len(list(CASES.glob("*.toml"))) == 23
    assert len(ALL) >= 500


@pytest.mark.parametrize("case", ALL)
def test_case(case: dict[str, Any]) -> None:
    assert not compare(case), case["why"]


def test_known_misses_are_few() -> None:
    assert sum(bool(p.marks) for p in ALL) < 0.33 * len(ALL)


def test_every_set_of_words_is_read_somewhere() -> None:
    rooms = resources.FRAMES.parent.glob("*.py")
    code = "\n".join(room.read_text(encoding="utf-8") for room in rooms)
    assert [key for key in lexicon().sets if f'"{key}"' not in code] == []


# ---- what must hold for all sentences -------------------------------------------------------

SHARING = "We share your {data} with {recipient}."
DATA = ("email address", "IP address", "purchase history", "precise location", "name")
RECIPIENTS = ("advertisers", "our affiliates", "service providers", "law enforcement")


def read(text: str, publisher: str = "Acme") -> tuple[Statement, ...]:
    return extract(Sentence(text, 0, len(text)), context=Context(publisher, (publisher,)))


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("recipient", RECIPIENTS)
def test_adding_not_flips_polarity_and_nothing_else(data: str, recipient: str) -> None:
    [yes] = map(told, read(SHARING.format(data=data, recipient=recipient)))
    [no] = map(
        told, read(SHARING.format(data=data, recipient=recipient).replace("share", "do not share"))
    )
    assert (yes.pop("polarity"), no.pop("polarity")) == ("affirmed", "negated")
    assert yes == no


@pytest.mark.parametrize("name", ["inMusic", "Foo & Bar, LLC", "eLibrary", "Zürcher AG", "IO"])
def test_a_company_s_name_changes_only_the_actor(name: str) -> None:
    template = "{} collects your email address and your location to send you offers."
    wanted = {**told(*read(template.format("Acme"))), "actor": normal(name)}
    assert told(*read(template.format(name), name)) == wanted


def test_swapped_conjuncts_say_the_same() -> None:
    one = read("We share your name and your address with vendors and advertisers.")
    other = read("We share your address and your name with advertisers and vendors.")
    assert [told(s) for s in one] == [told(s) for s in other]


def test_the_same_sentence_gives_the_same_statements_in_any_company() -> None:
    """Neither what is parsed beside it nor what was read before changes a sentence."""
    texts = [f"We share your {d} with {r}." for d in DATA for r in RECIPIENTS]
    text = "\n\n".join(texts)
    starts = [text.index(t) for t in texts]
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, s, s + len(t)) for s, t in zip(starts, texts, strict=True)
    )
    together = read_statements(Document("all", text, blocks, "Acme")).statements
    assert [told(s) for s in together] == [told(*read(t)) for t in texts]


def test_a_safeguard_named_beside_a_transfer_is_grounded() -> None:
    [transfer] = read("We transfer your files to Canada under standard contractual clauses.")
    iris = {m.iri for m in transfer.conditions}
    assert "https://w3id.org/privflow#StandardContractualClauses" in iris


WORDS = st.sampled_from(
    [
        "we",
        "you",
        "share",
        "sell",
        "collect",
        "not",
        "never",
        "your",
        "email",
        "address",
        "data",
        "with",
        "third",
        "parties",
        "to",
        "for",
        "if",
        "unless",
        "and",
        "or",
        ",",
        ";",
        "(",
        ")",
        "such",
        "as",
        "including",
        "Acme",
        "it",
        "they",
        "may",
        "must",
        "Google",
        "30",
        "days",
        "United",
        "States",
        "is",
        "are",
        "visible",
        "consent",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, min_size=1, max_size=25).map(" ".join) | st.text(max_size=80))
def test_any_text_is_read_without_error_and_spans_are_its_own(text: str) -> None:
    for statement in read(text):
        mentions = [statement.trigger, *(m for _, m in statement.mentions())]
        mentions += [m for m in (statement.actor, statement.negation) if m]
        for mention in mentions:
            assert text[mention.start : mention.end] == mention.text
        assert (statement.negation is None) == (statement.polarity.value == "affirmed")
        assert 0 <= statement.confidence <= 1
