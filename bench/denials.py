"""Is what a sentence denies read as denied, and nothing else?

    python -m bench.denials [CASES.toml ...]

Reads the sentences of ``tests/cases/denials`` and prints the polarity accuracy, the share of
denials that are found at all, and every sentence that goes wrong. A practice is found when the
tool states its action (with its data and recipients, where the case names them). What counts for
the accuracy are the practices that are found, and what is stated against a case: a denial in a
sentence that denies nothing, or an action the other way round only.

The sentences of ``fresh*.toml`` were written before the rules were tried on them; those of the
other files before the rules were written.

A case is a ``sentence``, ``why`` it is there, and its ``practices``: each an ``action`` (or several
that are as good), a ``polarity``, and where that matters ``data`` and ``recipients``, of which one
must be among the words of the statement. ``lead_in``, ``headings`` and ``header`` stand before the
sentence; ``miss`` says what is known to go wrong. Further denials in a sentence that denies
something are not held against the tool.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.cases import document as build_document
from kg.model import Mention, Statement
from kg.statements import read_statements

CASES = Path(__file__).parent.parent / "tests" / "cases" / "denials"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case.

    Attributes:
        right: practices found with their polarity; wrong: found with the other one, or stated
            against the case; missed: practices that are not found.
    """

    right: tuple[dict[str, Any], ...]
    wrong: tuple[str, ...]
    missed: tuple[dict[str, Any], ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong or missing, in words; nothing when the case is read as it should be."""
        return (*self.wrong, *(f"not found: {p['polarity']} {_named(p)}" for p in self.missed))


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures over many cases."""

    right: int
    wrong: int
    denials: int
    denials_found: int

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Tally:
        """Sums outcomes up."""
        outcomes = list(outcomes)
        found = sum(_is_denied(p) for o in outcomes for p in o.right)
        missed = sum(_is_denied(p) for o in outcomes for p in o.missed)
        return cls(
            sum(len(o.right) for o in outcomes),
            sum(len(o.wrong) for o in outcomes),
            found + missed,
            found,
        )

    @property
    def accuracy(self) -> float:
        """Share of the right polarity among all that is found."""
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the denials that are found as denials."""
        return self.denials_found / self.denials


def cases(files: Iterable[Path] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """The cases of the files, or of all files, with a name for each."""
    for file in sorted(files) or sorted(CASES.glob("*.toml")):
        for number, case in enumerate(tomllib.loads(file.read_text("utf-8"))["case"]):
            yield f"{file.stem}-{number:02d}", case


def judge(case: dict[str, Any]) -> Outcome:
    """Reads the sentence of a case and compares."""
    document, start = build_document(case)
    found = [s for s in read_statements(document).statements if s.evidence.start >= start]
    left = list(found)
    right, missed, wrong = [], [], []
    open_ = list(case["practices"])
    for practice in tuple(open_):
        meant = next((s for s in left if _is_meant(s, practice, agreeing=True)), None)
        if meant is not None:
            left.remove(meant)
            open_.remove(practice)
            right.append(practice)
    for practice in open_:
        missed.append(practice)
        # Named data may stand in a statement that is right for other data.
        among = found if {"data", "recipients"} & practice.keys() else left
        meant = next((s for s in among if _is_meant(s, practice, agreeing=False)), None)
        if meant is not None:
            wrong.append(f"not {practice['polarity']}: {_named(practice)}")
            left = [s for s in left if s is not meant]
    wrong += [
        f"{s.polarity.value} without reason: {s.action.value}"
        for s in left
        if _is_against(s, case["practices"])
    ]
    return Outcome(tuple(right), tuple(wrong), tuple(missed))


def _is_meant(s: Statement, practice: dict[str, Any], *, agreeing: bool) -> bool:
    return (
        s.action.value in _actions(practice)
        and agreeing == (s.polarity.value == practice["polarity"])
        and _holds(s.data, practice.get("data"))
        and _holds(s.recipients, practice.get("recipients"))
    )


def _holds(mentions: Iterable[Mention], phrases: list[str] | None) -> bool:
    words = [f" {m.text} {m.label or ''} ".lower() for m in mentions]
    return phrases is None or any(f" {p.lower()} " in w for p in phrases for w in words)


def _is_against(s: Statement, practices: list[dict[str, Any]]) -> bool:
    """Whether a statement that no practice stands for contradicts them."""
    same = {p["polarity"] for p in practices if s.action.value in _actions(p)}
    if same:
        return s.polarity.value not in same
    return s.polarity.value == "negated" and not any(map(_is_denied, practices))


def _is_denied(practice: dict[str, Any]) -> bool:
    return bool(practice["polarity"] == "negated")


def _actions(practice: dict[str, Any]) -> list[str]:
    action = practice["action"]
    return [action] if isinstance(action, str) else action


def _named(practice: dict[str, Any]) -> str:
    rest = [*practice.get("data", ())[:1], *practice.get("recipients", ())[:1]]
    return " ".join(["/".join(_actions(practice)), *rest])


def main(arguments: list[str]) -> int:
    """Prints what goes wrong, and a summary."""
    outcomes = []
    for name, case in cases(map(Path, arguments)):
        outcome = judge(case)
        outcomes.append(outcome)
        if outcome.problems:
            mark = "WRONG" if outcome.wrong else "     "
            print(f"{mark} {name}  {case.get('lead_in', '')} {case['sentence']}".rstrip())
            print(f"        {'; '.join(outcome.problems)}")
    tally = Tally.of(outcomes)
    print(
        f"{len(outcomes)} sentences; polarity {tally.accuracy:.1%} "
        f"({tally.right} right, {tally.wrong} wrong); "
        f"denials found {tally.recall:.1%} ({tally.denials_found} of {tally.denials})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
