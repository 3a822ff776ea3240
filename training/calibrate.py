"""Statements of sentences that the tagger has not seen -> weights of their confidence.

    python -m training.calibrate --policyie DIR

A statement is right when the annotators found its practice in its sentence, and one of its data
phrases shares a word with one of theirs (or either names none).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.model import Sentence, Statement
from kg.resources import CONFIDENCE
from kg.statements.confidence import FACTS
from kg.statements.reading import judged
from kg.tagger import Tagging, intent_of
from kg.tagger.recorded import Recorded
from training.annotations import INTENT_OF, ROLE_OF, read_rows

Floats = NDArray[np.float64]


def logistic(facts: Floats, right: Floats, ridge: float = 1.0) -> Floats:
    """Weights of a logistic regression (Newton's method), small ones preferred.

    Args:
        facts: statements by facts, the first one always 1.
        right: 1 for a statement that is right, 0 for one that is not.
    """
    weights = np.zeros(facts.shape[1])
    penalty = ridge * np.eye(len(weights))
    penalty[0, 0] = 0
    for _ in range(50):
        sure = 1 / (1 + np.exp(-facts @ weights))
        slope = facts.T @ (right - sure) - penalty @ weights
        bend = (facts * (sure * (1 - sure))[:, None]).T @ facts + penalty
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def calibration_error(sure: Floats, right: Floats, bins: int = 10) -> float:
    """Expected calibration error: mean distance of confidence and share right, by bins."""
    return sum(n / len(sure) * abs(c - r) for n, c, r in reliability(sure, right, bins) if n)


def reliability(sure: Floats, right: Floats, bins: int = 10) -> list[tuple[int, float, float]]:
    """For each bin of confidence: statements, mean confidence, share right."""
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return [
        (
            int((place == b).sum()),
            float(sure[place == b].mean()) if (place == b).any() else 0.0,
            float(right[place == b].mean()) if (place == b).any() else 0.0,
        )
        for b in range(bins)
    ]


def folded(facts: Floats, right: Floats, groups: Sequence[int], ridge: float = 1.0) -> Floats:
    """Confidence of every statement by weights that were fitted on the other groups."""
    sure = np.zeros(len(right))
    numbers = np.array(groups)
    for group in sorted(set(groups)):
        rest = numbers != group
        weights = logistic(facts[rest], right[rest], ridge)
        sure[~rest] = 1 / (1 + np.exp(-facts[~rest] @ weights))
    return sure


# ---- statements and whether they are right ------------------------------------------------------


def practices(rows: Sequence[dict]) -> dict[str, dict[str, list[tuple[int, int]]]]:
    """Sentence -> intent -> places of the data that the annotators marked for it."""
    found: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for row in rows:
        text = " ".join(row["tokens"])
        starts = [0]
        for token in row["tokens"]:
            starts.append(starts[-1] + len(token) + 1)
        by_intent = found.setdefault(text, {})
        intent = INTENT_OF.get(row["intent"])
        if intent is not None:
            by_intent.setdefault(intent, []).extend(
                (starts[first], starts[after] - 1)
                for first, after, label in row["slots_i"]
                if ROLE_OF.get(label.partition(".")[0]) == "data"
            )
    return found


def is_right(statement: Statement, gold: dict[str, list[tuple[int, int]]]) -> bool:
    """Whether a statement is one of the practices of its sentence."""
    marked = gold.get(intent_of(statement.action))
    if marked is None:
        return False
    return (
        not marked
        or not statement.data
        or any(m.start < end and start < m.end for m in statement.data for start, end in marked)
    )


def read(
    rows: Sequence[dict], tagging: Tagging
) -> Iterator[tuple[int, Statement, tuple[float, ...]]]:
    """Every statement of every row, sure or not, with the facts it rests on."""
    for number, row in enumerate(rows):
        text = " ".join(row["tokens"])
        for statement, facts in judged(Sentence(text, 0, len(text)), tagging):
            yield number, statement, facts


def main() -> None:
    """Fits the weights, prints the reliability of folds that they were not fitted on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policyie", type=Path, required=True)
    parser.add_argument("--tags", type=Path, default=Path("training/held-out.jsonl.gz"))
    a = parser.parse_args()
    rows = read_rows(a.policyie / "train.jsonl")
    gold = practices(rows)
    found = list(read(rows, Recorded(a.tags)))
    facts = np.array([values for _, _, values in found])
    right = np.array([float(is_right(s, gold[s.evidence.text])) for _, s, _ in found])
    sure = folded(facts, right, [number * 20 // len(rows) for number, _, _ in found])
    print(f"{len(right)} statements, {right.mean():.3f} right")
    print(f"expected calibration error {calibration_error(sure, right):.3f}\n")
    print("| confidence | statements | mean confidence | share right |\n| --- | --- | --- | --- |")
    for bin_, (count, mean, share) in enumerate(reliability(sure, right)):
        print(f"| {bin_ / 10:.1f} to {bin_ / 10 + 0.1:.1f} | {count} | {mean:.3f} | {share:.3f} |")
    told = json.loads(CONFIDENCE.read_text("utf-8"))
    told["weights"] = {
        name: round(float(weight), 3)
        for name, weight in zip(FACTS, logistic(facts, right), strict=True)
    }
    CONFIDENCE.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
