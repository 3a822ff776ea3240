"""The judged samples of groundings and changes: their form, and how many are right."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bench import changes, contradictions
from bench.grounding import A_DOCUMENT, COLUMNS, JUDGED, judged_rows, share_right
from kg import resources
from kg.changes import Aspect, Kind
from kg.grounding import Grounder, grounder
from kg.iris import BASE, PF

#: What was reached, on mentions that were drawn after the last change.
REACHED = {"data": 0.95, "recipients": 0.95, "purposes": 0.92}
#: Of changes between versions: those that there are, and those told without a fault.
CHANGES_REACHED, CHANGES_TOLD_WELL = 0.8, 0.55


def test_every_kind_is_judged() -> None:
    assert {path.stem for path in JUDGED.glob("*.csv")} == set(REACHED)


@pytest.mark.parametrize("kind", REACHED)
def test_rows_are_well_made(kind: str) -> None:
    path = JUDGED / f"{kind}.csv"
    assert path.read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS)
    rows = list(judged_rows(path))
    words: Grounder = grounder()
    for row in rows:
        assert int(row["start"]) < int(row["end"])
        assert row["verdict"] in {"right", "wrong", "misread"}
        assert row["verdict"] == "right" or row["note"], "what is wrong about it"
        assert len(row["note"].split()) <= 12, "no text of policies"
        assert row["iri"].startswith((PF, BASE))
        assert not row["iri"].startswith(PF) or words.label(row["iri"]) is not None
    assert len({(row["document"], row["start"], row["end"], row["iri"]) for row in rows}) == len(
        rows
    )
    assert max(Counter(row["document"] for row in rows).values()) <= A_DOCUMENT


@pytest.mark.parametrize("kind", REACHED)
def test_enough_are_right(kind: str) -> None:
    rows = list(judged_rows(JUDGED / f"{kind}.csv"))
    assert sum(row["verdict"] != "misread" for row in rows) >= 200
    assert share_right(rows) >= REACHED[kind]


def test_contradictions_are_well_judged() -> None:
    rows = contradictions.judged().values()
    names = {path.stem for path in resources.CHECKS.glob("*.rq")}
    assert len(rows) >= 60
    for row in rows:
        assert row["check"] in names
        assert row["grade"] in {"contradiction", "tension"}
        assert row["verdict"] in {"right", "wrong"}
        assert row.get("judges", "agreed") in {"agreed", "first", "second"}
        assert 0 < len(row["reason"].split()) <= 12, "no text of policies"
        for side in filter(None, (row["first"], row["second"])):
            start, end = side
            assert 0 <= start < end


def test_contradictions_are_counted(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert contradictions.main([str(built)]) == 0
    told = capsys.readouterr().out
    assert "pairs of" in told and "why the wrong ones" in told
    assert contradictions.main(["sample", str(built), "1"]) == 0
    drawn = json.loads(capsys.readouterr().out)
    assert drawn and {row["verdict"] for row in drawn} == {""}
    assert contradictions.main([]) == 2


def test_judged_changes_are_well_made() -> None:
    rows = changes.judged_rows()
    assert len(rows) >= 60
    kinds = {kind.value for kind in Kind}
    aspects = {aspect.value for aspect in Aspect}
    for row in rows:
        assert row["verdict"] in changes.VERDICTS
        assert row["verdict"] == "right" or row["note"], "what is wrong about it"
        assert len(row["note"].split()) <= 12, "no text of policies"
        assert row["change"] in kinds
        assert row["kinds"]
        assert set(row["kinds"]) <= aspects
        assert row["earlier"].split("@")[0] == row["later"].split("@")[0]
        assert row["earlier"] < row["later"]
        assert (row["before"] is None) is (row["change"] == "added")
        assert (row["after"] is None) is (row["change"] == "removed")
        for place in (row["before"], row["after"]):
            assert place is None or place[0] < place[1]
    assert len(set(map(changes.identity, rows))) == len(rows)
    policies = Counter(row["earlier"].split("@")[0] for row in rows)
    assert max(policies.values()) <= changes.A_POLICY


def test_enough_of_the_changes_are_right() -> None:
    rows = changes.judged_rows()
    assert changes.share_right(rows) >= CHANGES_REACHED
    assert changes.share_right(rows, told_well=True) >= CHANGES_TOLD_WELL
