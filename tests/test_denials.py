"""Sentences with denials: each denied practice is read as denied, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from bench.denials import Outcome, Tally, cases, judge, main

CASES = dict(cases())
#: What is reached; a share that falls below it has become worse.
POLARITY, FOUND = 0.99, 0.88


def parameters() -> Iterator[Any]:
    for name, case in CASES.items():
        marks = [pytest.mark.xfail(strict=True, reason=case["miss"])] if "miss" in case else []
        yield pytest.param(name, id=name, marks=marks)


@cache
def outcome(name: str) -> Outcome:
    return judge(CASES[name])


def test_all_case_files_are_found() -> None:
    assert len({name.rsplit("-", 1)[0] for name in CASES}) == 11
    assert len(CASES) >= 437


def test_sentences_are_of_a_realistic_length() -> None:
    lengths = [len(case["sentence"].split()) for case in CASES.values()]
    assert sum(15 <= length <= 45 for length in lengths) >= len(lengths) / 2


@pytest.mark.parametrize("name", list(parameters()))
def test_case(name: str) -> None:
    assert not outcome(name).problems, CASES[name]["why"]


def test_polarity_is_right_where_a_practice_is_found() -> None:
    tally = Tally.of(map(outcome, CASES))
    assert tally.accuracy >= POLARITY
    assert tally.recall >= FOUND


def test_an_outcome_tells_what_is_wrong() -> None:
    denied = {"action": "sell", "polarity": "negated"}
    wrong = judge({"sentence": "We sell your data.", "practices": [denied]})
    assert wrong.problems == ("not negated: sell", "not found: negated sell")
    false = judge({"sentence": "We do not sell your data.", "practices": []})
    assert false.wrong == ("negated without reason: sell",)
    assert (Tally.of([wrong, false]).right, Tally.of([wrong, false]).recall) == (0, 0.0)


def test_the_command_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert f"{len(CASES)} sentences; polarity " in capsys.readouterr().out.splitlines()[-1]
