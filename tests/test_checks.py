"""Contradictions of policies with themselves: the checks, what reconciles, and the command."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Done

from kg import resources
from kg.checks import Check, Finding, Grade, checks, findings, parse
from kg.errors import QueryError
from kg.pipeline import build
from kg.store import open_store

CASES = Path(__file__).parent / "cases" / "contradictions"
KNOWN: list[dict[str, Any]] = [
    case
    for path in sorted(CASES.glob("*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]
HOSTILE = "Hagstrom<script>alert(1)</script>|`*\x1b[31m & \"Sons\""


def name_of(number: int) -> str:
    return f"Quillby{chr(65 + number // 26)}{chr(97 + number % 26)}"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All cases as policies of one graph, each of a company of its own."""
    folder = tmp_path_factory.mktemp("twins")
    for number, case in enumerate(KNOWN):
        name = name_of(number)
        policy = folder / "policies" / name / "Privacy Policy.md"
        policy.parent.mkdir(parents=True)
        policy.write_text(f"# Privacy Policy\n\n## Data\n\n{case['text']}\n", encoding="utf-8")
    build([folder / "policies"], folder / "graph")
    return folder / "graph"


@pytest.fixture(scope="module")
def found(graph: Path) -> dict[str, list[Finding]]:
    """Document -> what is found in it, the apparent too."""
    by: dict[str, list[Finding]] = {}
    with open_store(graph) as store:
        for check in checks():  # one by one: of the same pair only one check is told
            for finding in findings(store, checks=[check], apparent=True):
                by.setdefault(finding.source.documents[0].split("/")[0], []).append(finding)
    return by


def test_every_check_fires_once_and_has_a_reconciled_twin() -> None:
    fires = Counter(case["check"] for case in KNOWN if case["grade"] != "apparent")
    twins = Counter(case["check"] for case in KNOWN if case["grade"] == "apparent")
    names = {path.stem for path in resources.CHECKS.glob("*.rq")}
    assert len(names) >= 39
    assert set(fires) == set(twins) == names


@pytest.mark.parametrize("number", range(len(KNOWN)))
def test_cases(number: int, found: dict[str, list[Finding]]) -> None:
    case = KNOWN[number]
    here = found.get(name_of(number), [])
    grades = {finding.grade for finding in here if finding.check == case["check"]}
    if case["grade"] == "apparent":
        assert grades <= {Grade.APPARENT}, case["why"]
    else:
        assert Grade(case["grade"]) in grades, case["why"]
