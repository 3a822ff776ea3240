"""Examples -> batches of pieces: sub-words with the first piece of every word known."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

from training.annotations import Example

#: Pieces of a sentence beyond which it is cut.
LONGEST = 256
#: What no loss is counted for: padding, and all pieces of a word but the first.
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Pieces:
    """An example as the network sees it.

    Attributes:
        ids: with the marks for beginning and end.
        firsts: place in ``ids`` of the first piece of each word that was not cut off.
    """

    example: Example
    ids: tuple[int, ...]
    firsts: tuple[int, ...]


def pieces(example: Example, tokenizer: Tokenizer) -> Pieces:
    """The pieces of an example's tokens."""
    encoded = tokenizer.encode(list(example.tokens), is_pretokenized=True)
    ids, words = encoded.ids[:LONGEST], encoded.word_ids[:LONGEST]
    firsts = [i for i, word in enumerate(words) if word is not None and word != words[i - 1]]
    return Pieces(example, tuple(ids), tuple(firsts))


def batches(
    examples: Sequence[Pieces], budget: int, chance: random.Random
) -> Iterator[tuple[Pieces, ...]]:
    """Batches of at most so many pieces with padding, of like lengths, in random order."""
    ordered = sorted(examples, key=lambda e: (len(e.ids), chance.random()))
    made: list[list[Pieces]] = [[]]
    for example in ordered:
        if made[-1] and (len(made[-1]) + 1) * len(example.ids) > budget:
            made.append([])
        made[-1].append(example)
    chance.shuffle(made)
    yield from map(tuple, made)


def tensors(
    batch: Sequence[Pieces],
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, list[torch.Tensor]]:
    """Ids, mask, intents and the labels of each layer."""
    longest = max(len(e.ids) for e in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    labels = [torch.full_like(ids, IGNORED) for _ in batch[0].example.tags]
    for row, e in enumerate(batch):
        ids[row, : len(e.ids)] = torch.tensor(e.ids)
        mask[row, : len(e.ids)] = 1
        for layer, tags in zip(labels, e.example.tags, strict=True):
            layer[row, list(e.firsts)] = torch.tensor(tags[: len(e.firsts)])
    return ids, mask, torch.tensor([e.example.intents for e in batch]), labels
