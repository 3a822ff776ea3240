"""How well tags agree with annotations, as the benchmark of PolicyIE counts: exact spans.

    python -m training.evaluate --policyie DIR --folds FOLDER

``FOLDER/fold0`` … hold the exported networks; every row is tagged by the one that has not seen
it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from kg.tagger.decode import spans
from kg.tagger.labels import INTENTS, LAYERS
from kg.tagger.runtime import Tagger
from kg.tagger.tags import Tags
from training.annotations import examples, held_out, read_rows


def figures(rows: Sequence[dict], found: Sequence[Tags]) -> dict[str, float]:
    """Intents: share of rows right, ours the most probable or none; F1 of spans by layer."""
    right = 0
    counts: dict[str, Counter[str]] = {}
    for row, tags in zip(rows, found, strict=True):
        example = examples([row])[0]
        best = max(range(len(INTENTS)), key=lambda k: tags.intents[k])
        said = best if tags.intents[best] >= 0.5 else None
        wanted = example.intents.index(1.0) if any(example.intents) else None
        right += said == wanted
        for number, (roles, labels) in enumerate(zip(LAYERS, example.tags, strict=True)):
            gold = {
                (_coarse(roles[role]), first, after - 1) for role, first, after in spans(labels)
            }
            ours = {(_coarse(t.role), t.first, t.last) for t in tags.tags if t.role in roles}
            for span in gold | ours:
                for key in (f"layer {number + 1}", span[0]):
                    one = counts.setdefault(key, Counter())
                    one["gold"] += span in gold
                    one["ours"] += span in ours
                    one["both"] += span in gold and span in ours
    result = {"intents": 100 * right / len(rows)}
    for key in sorted(counts):
        one = counts[key]
        result[key] = 200 * one["both"] / max(1, one["gold"] + one["ours"])
    result["slots"] = (result["layer 1"] + result["layer 2"]) / 2
    return {key: round(value, 1) for key, value in result.items()}


def _coarse(role: str) -> str:
    return "verb" if role.endswith("-verb") else role


def main() -> None:
    """Prints the figures of every fold and of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policyie", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--only", type=int, nargs="*")
    a = parser.parse_args()
    rows = read_rows(a.policyie / "train.jsonl")
    seen: list[dict] = []
    found: list[Tags] = []
    for fold in range(a.count):
        if a.only and fold not in a.only:
            continue
        block = [rows[n] for n in held_out(len(rows), fold, a.count)]
        tags = Tagger(a.folds / f"fold{fold}").tag([row["tokens"] for row in block])
        some = figures(block, tags)
        print(fold, some["intents"], some["slots"], some["layer 1"], some["layer 2"], flush=True)
        seen += block
        found += tags
    print(json.dumps(figures(seen, found), indent=1))


if __name__ == "__main__":
    main()
