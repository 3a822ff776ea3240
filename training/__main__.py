"""The whole recipe: annotations -> the tagger that ships, and how sure its statements are.

    python -m training --policyie FOLDER --base FOLDER --work FOLDER

Fits a network on every block of rows but one, five times, and one on all rows; writes what the
five say of the rows they have not seen (``training/held-out.jsonl.gz``), the last one's ONNX file
(``kg/tagger/model``), and the weights of the confidence. Weights that lie in the work folder
already are not fitted again. About an hour with two processes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kg.resources import TAGGER
from kg.statements.parse import parse_many
from kg.tagger import Tagger, Tags
from kg.tagger.recorded import record
from training.annotations import held_out, read_rows

OWN = Path(__file__).parent / "data" / "own.txt"
HELD_OUT = Path(__file__).parent / "held-out.jsonl.gz"
FOLDS = 5
EPOCHS = 10
SEED = 1


def fit_and_export(name: str, a: argparse.Namespace) -> None:
    """One network in processes of its own: fitted, exported, tokenizer beside it."""
    weights = a.work / f"{name}.pt"
    if not weights.is_file():
        fold = [] if name == "final" else ["--fold", name.removeprefix("fold")]
        _run(
            "training.fit", "--policyie", a.policyie, "--base", a.base, "--own", OWN,
            "--out", weights, "--folds", FOLDS, "--epochs", EPOCHS, "--seed", SEED, *fold,
        )  # fmt: skip
    if not (a.work / name / "tagger.onnx").is_file():
        _run("training.export", weights, "--base", a.base, "--out", a.work / name)


def _run(module: str, *options: object) -> None:
    subprocess.run([sys.executable, "-m", module, *map(str, options)], check=True)


def unseen_tags(rows: Sequence[dict], work: Path) -> list[tuple[Sequence[str], Tags]]:
    """The words of every row as the parser cuts them, with tags of its block's network."""
    words = [parsed.forms for parsed in parse_many((" ".join(r["tokens"]) for r in rows), ())]
    told: list[tuple[Sequence[str], Tags]] = []
    for fold in range(FOLDS):
        some = [words[n] for n in held_out(len(rows), fold, FOLDS)]
        told += zip(some, Tagger(work / f"fold{fold}").tag(some), strict=True)
    return told


def main() -> None:
    """Runs the recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policyie", type=Path, required=True, help="folder with train.jsonl")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base weights")
    parser.add_argument("--work", type=Path, required=True, help="for weights on the way")
    parser.add_argument("--jobs", type=int, default=2, help="networks fitted side by side")
    a = parser.parse_args()
    a.work.mkdir(parents=True, exist_ok=True)
    names = [*(f"fold{fold}" for fold in range(FOLDS)), "final"]
    with ThreadPoolExecutor(a.jobs) as pool:
        list(pool.map(lambda name: fit_and_export(name, a), names))
    rows = read_rows(a.policyie / "train.jsonl")
    record(HELD_OUT, unseen_tags(rows, a.work))
    for file in ("tagger.onnx", "tokenizer.json"):
        (TAGGER / file).write_bytes((a.work / "final" / file).read_bytes())
    settings = json.loads((a.work / "final.json").read_text("utf-8"))
    kept = ("epochs", "rate", "budget", "other", "seed")
    told = {
        "version": "1",
        "base": "all-MiniLM-L6-v2 (Apache-2.0)",
        "data": "PolicyIE, training rows (MIT); sentences of our own (training/data)",
        "settings": {name: settings[name] for name in kept},
    }
    (TAGGER / "tagger.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    _run("training.calibrate", "--policyie", a.policyie)


if __name__ == "__main__":
    main()
