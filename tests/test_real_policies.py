"""Real policies and their annotations, where they lie beside the project: quotes and flows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.headline import main as headline
from kg.claims import claims
from kg.manifest import Status, load, text_of
from kg.pipeline import build
from kg.store import open_store

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
SEEDS = SHARED / "corpus" / "seeds"
POLICYIE = SHARED / "gold" / "policyie"
needs_policies = pytest.mark.skipif(not SEEDS.is_dir(), reason="needs ../shared/corpus")
needs_gold = pytest.mark.skipif(not POLICYIE.is_dir(), reason="needs ../shared/gold")

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of 170 services' policies."""
    folder = tmp_path_factory.mktemp("services") / "kg-data"
    build([SHARED / "corpus" / "ota"], folder)
    return folder


@needs_policies
def test_every_service_is_built_or_skipped_with_a_reason(services: Path) -> None:
    entries = load(services).entries
    assert len(entries) == 170
    assert not [e for e in entries if e.status is Status.FAILED]
    skipped = [e for e in entries if e.status is Status.SKIPPED]
    assert all(e.reason for e in skipped)
    assert len(skipped) <= 8


@needs_policies
def test_every_quote_is_the_text_at_its_offsets(services: Path) -> None:
    texts: dict[str, str] = {}
    checked = 0
    for claim in claims(open_store(services)):
        graph = claim.source.graph
        if graph not in texts:
            texts[graph] = text_of(services, graph) or ""
        statement, text = claim.statement, texts[graph]
        quotes = [statement.evidence, *statement.evidence.context, statement.trigger]
        quotes += [mention for _, mention in statement.mentions()]
        quotes += [m for m in (statement.actor, statement.negation) if m]
        for quote in quotes:
            assert text[quote.start : quote.end] == quote.text, (claim.source.documents, quote)
            checked += 1
    assert checked > 50_000


@needs_gold
def test_every_headline_flow_is_exported(kg: Command, tmp_path: Path) -> None:
    graph, flows = tmp_path / "kg-data", tmp_path / "flows.csv"
    build([SEEDS], graph)
    assert kg("export", "-g", graph, "--format", "flows", "-o", flows).code == 0
    assert headline([str(SHARED / "gold" / "seeds" / "flows.yaml"), str(flows)]) == 0
