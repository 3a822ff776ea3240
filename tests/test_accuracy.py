"""Figures on annotated sentences: none falls by more than a point, and all reach what is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import accuracy

needs_gold = pytest.mark.skipif(
    not (accuracy.SHARED / "gold").is_dir(), reason="needs ../shared/gold"
)
#: Set and system -> what the figures have to reach.
ASKED = {
    "train, both": {"intents micro-F1": 85, "slots exact F1": 48},
    "seeds, both": {"statements F1": 82, "flow tuples F1": 65},
}


@needs_gold
def test_no_figure_falls(capsys: pytest.CaptureFixture[str]) -> None:
    status = accuracy.main(["--check", "--systems", "both"])
    assert status == 0, capsys.readouterr().err


def test_the_record_holds_what_is_asked() -> None:
    figures = json.loads(accuracy.RECORD.read_text("utf-8"))["figures"]
    for key, wanted in ASKED.items():
        for name, least in wanted.items():
            assert figures[key][name] >= least, (key, name)


@needs_gold
def test_a_figure_that_fell_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    record = json.loads(accuracy.RECORD.read_text("utf-8"))
    record["figures"]["valid, rules"]["intents micro-F1"] += 5
    better = tmp_path / "record.json"
    better.write_text(json.dumps(record), "utf-8")
    monkeypatch.setattr(accuracy, "RECORD", better)
    assert accuracy.main(["--check", "--systems", "rules", "--sets", "valid"]) == 1
    assert "valid, rules: intents micro-F1 fell from" in capsys.readouterr().err


def test_a_sentence_that_is_read_otherwise_is_named() -> None:
    now, before = {"7": ["ab"], "9": ["cd"]}, {"7": ["ab"], "8": ["ef"]}
    assert accuracy.changes("valid", now, before) == ["valid 8", "valid 9"]
