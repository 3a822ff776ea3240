"""Annotated rows (the format of PolicyIE) -> examples to learn from.

A row is one sentence with one practice. Rows of the same words are one example with the intents
and spans of all of them: the tagger marks what is in a sentence, and the parse tells apart
whose it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.tagger.labels import INTENTS, LAYERS, bio

#: PolicyIE's role -> ours, what it belongs to told by the intent.
ROLE_OF = {
    "data-collected": "data",
    "data-shared": "data",
    "data-retained": "data",
    "data-protected": "data",
    "data-collector": "actor",
    "data-sharer": "actor",
    "data-holder": "actor",
    "data-protector": "actor",
    "data-receiver": "recipient",
    "data-provider": "provider",
    "retention-period": "retention",
    "storage-place": "place",
    "protect-against": "threat",
    "purpose-argument": "purpose",
    "condition-argument": "condition",
    "method": "method",
    "polarity": "polarity",
}
INTENT_OF = {
    "data-collection-usage": "collection",
    "data-sharing-disclosure": "sharing",
    "data-storage-retention-deletion": "storage",
    "data-security-protection": "security",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and what is to be learned of it.

    Attributes:
        tokens: its words, as annotated.
        intents: 1.0 for each of :data:`INTENTS` that the sentence states.
        tags: for each of :data:`LAYERS`, the index of the BIO label of every token.
        rows: numbers of the rows it was made from.
    """

    tokens: tuple[str, ...]
    intents: tuple[float, ...]
    tags: tuple[tuple[int, ...], ...]
    rows: tuple[int, ...]


def read_rows(path: Path) -> list[dict]:
    """The rows of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def examples(rows: Sequence[dict], numbers: Iterable[int] | None = None) -> list[Example]:
    """Examples of the rows with these numbers (of all), one for each sentence."""
    grouped: dict[tuple[str, ...], list[int]] = {}
    for number in range(len(rows)) if numbers is None else numbers:
        grouped.setdefault(tuple(rows[number]["tokens"]), []).append(number)
    return [_example(tokens, rows, members) for tokens, members in grouped.items()]


def held_out(rows: int, fold: int, folds: int) -> range:
    """Numbers of the rows that a fold leaves out: a block, as a policy's rows are neighbours."""
    return range(rows * fold // folds, rows * (fold + 1) // folds)


def training_examples(
    rows: Sequence[dict], own: Sequence[dict], fold: int | None, folds: int
) -> list[Example]:
    """All examples but those of the fold's block, and sentences that occur in it too."""
    out = set() if fold is None else set(held_out(len(rows), fold, folds))
    unseen = {tuple(rows[n]["tokens"]) for n in out}
    kept = [n for n in range(len(rows)) if n not in out and tuple(rows[n]["tokens"]) not in unseen]
    return [*examples(rows, kept), *examples(own)]


def _example(tokens: tuple[str, ...], rows: Sequence[dict], members: list[int]) -> Example:
    stated = {INTENT_OF.get(rows[number]["intent"]) for number in members}
    tags = tuple(
        _tags(len(tokens), layer, [(rows[n][key], rows[n]["intent"]) for n in members])
        for layer, key in zip(LAYERS, ("slots_i", "slots_ii"), strict=True)
    )
    return Example(tokens, tuple(float(i in stated) for i in INTENTS), tags, tuple(members))


def _tags(
    length: int, layer: Sequence[str], slots: list[tuple[list[tuple[int, int, str]], str]]
) -> tuple[int, ...]:
    labels = bio(layer)
    tags = [0] * length
    for spans, intent in slots:
        for start, end, name in spans:
            role = name.partition(".")[0]
            ours = (
                f"{INTENT_OF.get(intent, 'collection')}-verb" if role == "action" else ROLE_OF[role]
            )
            if any(tags[start:end]):
                continue  # marked by the row of another practice
            tags[start] = labels.index(f"B-{ours}")
            tags[start + 1 : end] = [labels.index(f"I-{ours}")] * (end - start - 1)
    return tuple(tags)
