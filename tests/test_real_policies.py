"""Real policies and their annotations, where they lie beside the project: quotes and figures.

What the figures have to reach is asked of the tool as people use it, through the command; the
scorers are those of the annotations.
"""

from __future__ import annotations

import json
import subprocess
import sys
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


def scored(report: Path, *command: str | Path) -> dict[str, Any]:
    """The report of a scorer."""
    done = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, check=True
    )
    if not report.is_file():
        report.write_text(done.stdout, encoding="utf-8")
    return dict(json.loads(report.read_text(encoding="utf-8")))


@needs_gold
def test_figures_on_policyie(kg: Command, tmp_path: Path) -> None:
    score, split = SHARED / "gold" / "score.py", POLICYIE / "valid.jsonl"
    lines, predictions, report = (tmp_path / name for name in ("valid.txt", "p.jsonl", "r.json"))
    subprocess.run(
        [sys.executable, score, "lines", "--split", split, "--out", lines],
        check=True,
        capture_output=True,
    )
    assert kg("extract", lines, "--lines", "--format", "jsonl", "-o", predictions).code == 0
    arguments = ("policyie", "--split", split, "--predictions", predictions, "--json", report)
    rows = scored(report, score, *arguments)["rows"]
    assert rows["intents"]["micro_f1"] >= 75
    assert rows["roles"]["exact"]["mean_f1"] >= 38


@needs_gold
def test_figures_on_whole_policies(kg: Command, tmp_path: Path) -> None:
    gold, predictions = SHARED / "gold" / "seeds", tmp_path / "p.jsonl"
    policies = [next(SEEDS.glob(f"{n}_*")) for n in ("000", "003")]
    assert kg("extract", *policies, "--format", "jsonl", "-o", predictions).code == 0
    figures = scored(
        tmp_path / "r.json",
        gold / "score.py",
        *(gold / f"{n}.yaml" for n in ("000", "003")),
        *("--predictions", predictions, "--sources", SEEDS, "--json"),
    )
    whole = figures.get("all", figures)
    assert whole["statements"]["f1"] >= 0.70
    assert whole["flows"]["f1"] >= 0.50


@needs_gold
def test_every_headline_flow_is_exported(kg: Command, tmp_path: Path) -> None:
    graph, flows = tmp_path / "kg-data", tmp_path / "flows.csv"
    build([SEEDS], graph)
    assert kg("export", "-g", graph, "--format", "flows", "-o", flows).code == 0
    assert headline([str(SHARED / "gold" / "seeds" / "flows.yaml"), str(flows)]) == 0
