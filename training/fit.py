"""Examples -> weights.

python -m training.fit --policyie DIR --base DIR --out FILE [--fold 0 --folds 5] [--own FILE]
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from training.annotations import read_rows, training_examples
from training.markup import read_marked
from training.network import Network
from training.pieces import IGNORED, Pieces, batches, pieces, tensors


def fit(
    network: Network,
    learned: Sequence[Pieces],
    *,
    epochs: int,
    rate: float,
    budget: int,
    other: float,
    seed: int,
) -> None:
    """Trains the network in place.

    Args:
        rate: the highest learning rate of the encoder; the heads learn three times as fast.
        budget: pieces in a batch, padding counted.
        other: share of the sentences without any practice that an epoch sees.
    """
    chance = random.Random(seed)
    torch.manual_seed(seed)
    heads = [p for n, p in network.named_parameters() if not n.startswith("encoder")]
    body = [p for n, p in network.named_parameters() if n.startswith("encoder") and p.requires_grad]
    stating = [e for e in learned if any(e.example.intents)]
    silent = [e for e in learned if not any(e.example.intents)]
    plan: list[tuple[Pieces, ...]] = []
    for _ in range(epochs):
        seen = [*stating, *chance.sample(silent, int(other * len(silent)))]
        plan += batches(seen, budget, chance)
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": heads, "lr": 3 * rate}], weight_decay=0.01
    )
    warm = len(plan) // 10
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / warm, (len(plan) - step) / (len(plan) - warm)),
    )
    of_label = nn.CrossEntropyLoss(ignore_index=IGNORED)
    of_intent = nn.BCEWithLogitsLoss()
    network.train()
    began, total = time.time(), 0.0
    for step, batch in enumerate(plan, 1):
        ids, mask, intents, labels = tensors(batch)
        said, *layers = network(ids, mask)
        loss = of_intent(said, intents)
        for found, wanted in zip(layers, labels, strict=True):
            loss = loss + of_label(found.flatten(0, 1), wanted.flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += float(loss.detach())
        if step % 100 == 0:
            print(
                f"{step}/{len(plan)} loss {total / 100:.3f} {time.time() - began:.0f} s", flush=True
            )
            total = 0.0


def main() -> None:
    """Fits one network and writes its weights, with the settings beside them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policyie", type=Path, required=True, help="folder with train.jsonl")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base weights")
    parser.add_argument("--own", type=Path, help="marked-up sentences of our own")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--budget", type=int, default=640)
    parser.add_argument("--other", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    tokenizer = Tokenizer.from_file(str(a.base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows = read_rows(a.policyie / "train.jsonl")
    own = read_marked(a.own) if a.own else []
    learned = [pieces(e, tokenizer) for e in training_examples(rows, own, a.fold, a.folds)]
    network = Network(a.base)
    fit(
        network,
        learned,
        epochs=a.epochs,
        rate=a.rate,
        budget=a.budget,
        other=a.other,
        seed=a.seed,
    )
    torch.save(network.state_dict(), a.out)
    settings = {name: str(v) if isinstance(v, Path) else v for name, v in vars(a).items()}
    a.out.with_suffix(".json").write_text(json.dumps(settings, indent=1) + "\n")


if __name__ == "__main__":
    main()
