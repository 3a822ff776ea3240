"""How sure statements are: the weights, what they are measured by, and the option that asks."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kg.claims import claims
from kg.model import Support
from kg.statements.confidence import FACTS, probability
from kg.store import open_store
from training.calibrate import calibration_error, folded, logistic, reliability

Command = Callable[..., Any]


def test_the_weights_prefer_agreement() -> None:
    nothing = dict.fromkeys(FACTS, 0.0) | {"always": 1.0}
    rules = nothing | {"parse": 1.0, "intent": -4.6, "data unmarked": 1.0}
    agreed = nothing | {"parse": 1.0, "intent": 4.6, "verb": 0.95, "data": 0.95}
    alone = nothing | {"intent": 4.6, "verb": 0.95, "data": 0.95}
    sure = [probability([facts[name] for name in FACTS]) for facts in (rules, alone, agreed)]
    assert 0 <= sure[0] < sure[1] < sure[2] <= 1


def test_a_regression_finds_the_weights_it_was_made_with() -> None:
    chance = np.random.default_rng(3)
    facts = np.column_stack([np.ones(4000), chance.normal(size=(4000, 2))])
    wanted = np.array([-0.5, 2.0, -1.0])
    right = (chance.random(4000) < 1 / (1 + np.exp(-facts @ wanted))).astype(float)
    assert logistic(facts, right) == pytest.approx(wanted, abs=0.2)
    sure = folded(facts, right, list(range(4000)))
    assert calibration_error(sure, right) < 0.03


def test_the_calibration_error_is_what_it_is_called() -> None:
    sure = np.array([0.9, 0.9, 0.9, 0.9, 0.1, 0.1])
    right = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
    assert [(n, r) for n, _, r in reliability(sure, right) if n] == [(2, 0.0), (4, 0.75)]
    assert calibration_error(sure, right) == pytest.approx(4 / 6 * 0.15 + 2 / 6 * 0.1)


def test_extract_leaves_out_what_is_less_sure(kg: Command, tmp_path: Path) -> None:
    text = tmp_path / "policy.txt"
    text.write_text(
        "Acme Ltd Privacy Policy\n\nWe collect your e-mail address. We may share it with vendors. "
        "By visiting us you agree to the use of your information as outlined in this policy.\n",
        encoding="utf-8",
    )
    found = {
        least: [json.loads(line) for line in kg("extract", text, *option).out.splitlines()]
        for least, option in {
            None: (),
            0.0: ("--min-confidence", "0"),
            0.9: ("--min-confidence", "0.9"),
        }.items()
    }
    assert len(found[0.0]) >= len(found[None]) >= len(found[0.9])
    assert all(record["confidence"] >= 0.9 for record in found[0.9])
    assert {record["support"] for record in found[0.0]} <= set(Support)


def test_a_graph_is_built_with_what_is_sure_enough(
    kg: Command, corpus: Path, tmp_path: Path
) -> None:
    policy, graph = corpus / "warblebox" / "2023-09-01.md", tmp_path / "kg-data"
    assert kg("build", policy, "-o", graph, "-q", "--min-confidence", "0.8").code == 0
    with open_store(graph) as store:
        found = list(claims(store))
    assert found
    assert all(claim.statement.confidence >= 0.8 for claim in found)
    report = json.loads((graph / "report.json").read_text("utf-8"))
    assert report["settings"]["least"] == "0.8"
    assert report["counts"]["unsure"] > 0


def test_the_graph_keeps_who_found_a_claim(built: Path) -> None:
    with open_store(built) as store:
        supports = {claim.statement.support for claim in claims(store)}
    assert supports == set(Support)


def test_answers_leave_out_what_is_less_sure(kg: Command, built: Path) -> None:
    def rows(*options: str) -> list[dict[str, str]]:
        done = kg("query", "recipients", "-g", built, "--format", "csv", *options)
        return list(csv.DictReader(io.StringIO(done.out)))

    everything, sure = rows(), rows("--min-confidence", "0.9")
    assert 0 < len(sure) < len(everything)
    with open_store(built) as store:
        unsure = {claim.iri for claim in claims(store) if claim.statement.confidence < 0.9}
    named = {row["statement"] for row in rows("--iris")}
    assert {row["statement"] for row in rows("--iris", "--min-confidence", "0.9")} == named - unsure


def test_what_counts_cannot_leave_out_statements(kg: Command, built: Path) -> None:
    done = kg("query", "most-shared-data", "-g", built, "--min-confidence", "0.9")
    assert done.code == 2
    assert "build with --min-confidence 0.9" in done.err
    done = kg("query", "SELECT ?s { ?s ?p ?o }", "-g", built, "--min-confidence", "0.9")
    assert done.code == 2


def test_exports_leave_out_what_is_less_sure(kg: Command, built: Path) -> None:
    whole = kg("export", "--format", "flows", "-g", built).out
    sure = kg("export", "--format", "flows", "-g", built, "--min-confidence", "0.9").out
    assert 1 < len(sure.splitlines()) < len(whole.splitlines())
    graph = kg("export", "--format", "graphml", "-g", built, "--min-confidence", "0.9").out
    assert graph.count("<edge") < kg("export", "--format", "graphml", "-g", built).out.count(
        "<edge"
    )
    refused = kg("export", "--format", "ttl", "-g", built, "--min-confidence", "0.9")
    assert refused.code == 2
    assert "build it with --min-confidence" in refused.err


def test_views_and_counts_leave_out_what_is_less_sure(
    kg: Command, built: Path, tmp_path: Path
) -> None:
    pages = [tmp_path / "all.html", tmp_path / "sure.html"]
    assert kg("view", "-g", built, "-o", pages[0], "-q").code == 0
    assert kg("view", "-g", built, "-o", pages[1], "-q", "--min-confidence", "0.9").code == 0
    assert pages[1].stat().st_size < pages[0].stat().st_size
    counted = [kg("stats", "-g", built, *o).out for o in ((), ("--min-confidence", "0.9"))]
    assert counted[0] != counted[1]
