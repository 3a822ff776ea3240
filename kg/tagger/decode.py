"""Scores of labels -> spans: the best sequence in which every inside follows its begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kg.tagger.labels import bio

Floats = NDArray[np.float32]
_NEVER = np.float32(-1e4)


@cache
def transitions(roles: tuple[str, ...]) -> Floats:
    """0 where a label may follow another (row: the one before), a large loss where not."""
    labels = bio(roles)
    allowed = np.zeros((len(labels), len(labels)), np.float32)
    for after, label in enumerate(labels):
        if label.startswith("I-"):
            allowed[:, after] = _NEVER
            for before in (f"B-{label[2:]}", label):
                allowed[labels.index(before), after] = 0
    return allowed


def best_labels(scores: Floats, lengths: Sequence[int], roles: tuple[str, ...]) -> list[list[int]]:
    """The most probable allowed labels of each sentence of a batch (Viterbi).

    Args:
        scores: log-probabilities, sentences by words by labels.
        lengths: words of each sentence; what comes after them is padding.
    """
    allowed = transitions(roles)
    best = scores[:, 0].copy()
    best[:, 2::2] = _NEVER  # no sentence begins inside a span
    back = np.zeros(scores.shape, np.int16)
    at_end = best.copy()
    for k in range(1, scores.shape[1]):
        reached = best[:, :, None] + allowed
        back[:, k] = reached.argmax(1)
        best = reached.max(1) + scores[:, k]
        for row, length in enumerate(lengths):
            if length == k + 1:
                at_end[row] = best[row]
    paths = []
    for row, length in enumerate(lengths):
        path = [int(at_end[row].argmax())] if length else []
        for k in range(length - 1, 0, -1):
            path.append(int(back[row, k, path[-1]]))
        paths.append(path[::-1])
    return paths


def spans(labels: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Spans of a sequence of labels: (number of the role, first word, word after the last)."""
    start = 0
    for k in range(1, len(labels) + 1):
        label = labels[k - 1]
        if label % 2:  # a begin
            start = k - 1
        if label and (k == len(labels) or labels[k] % 2 or not labels[k]):
            yield (label - 1) // 2, start, k
