"""What the tagger says of a sentence: the value that leaves this room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tag:
    """Words that the tagger gives a role.

    Attributes:
        role: one of :data:`kg.tagger.labels.LAYERS`.
        first: number of its first word.
        last: of its last word, inclusive.
        score: mean probability of its words' labels, from 0 to 1.
    """

    role: str
    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True)
class Tags:
    """All that the tagger says of a sentence.

    Attributes:
        intents: probability of each of :data:`kg.tagger.labels.INTENTS`.
        tags: in the order of their layers, then of their words.
        verbs: for words that may state a practice (probability of 0.02 or more), the
            probability of each intent.
        data: probability that a word is data, where it is 0.02 or more.
    """

    intents: tuple[float, ...]
    tags: tuple[Tag, ...]
    verbs: Mapping[int, tuple[float, ...]]
    data: Mapping[int, float]
