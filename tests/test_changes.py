"""What changed between two versions: what is only worded anew is nothing, what is new is one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from changes import changes_in

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
