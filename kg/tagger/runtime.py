"""The tagger at run time: words of sentences -> :class:`Tags`, by onnxruntime on the CPU.

Deterministic: a sentence gets the same tags wherever it stands.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from kg import resources
from kg.tagger.decode import Floats, best_labels, spans
from kg.tagger.labels import INTENTS, LAYERS, bio
from kg.tagger.tags import Tag, Tags

_log = logging.getLogger(__name__)

#: Pieces of a sentence beyond which its words get no tags.
LONGEST = 256
#: Log-probability of what cannot be.
_NOTHING = -20.0
#: Probabilities below this are not kept.
FAINT = 0.02


class Tagger:
    """A tagger in memory. Load it once a process: :func:`shipped`."""

    def __init__(self, folder: Path) -> None:
        """Reads ``tagger.onnx`` and ``tokenizer.json``."""
        import onnxruntime  # noqa: PLC0415 - not needed for --help
        from tokenizers import Tokenizer  # noqa: PLC0415 - the same

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Without it, processors that lack VNNI round otherwise than those that have it.
        options.add_session_config_entry("session.x64quantprecision", "1")
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / "tagger.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[Tags]:
        """Tags of each sentence, given as its words.

        Each is run on its own: in 8 bits, what stands beside it in a batch would change its
        scores, and a sentence has to be read the same wherever it stands.

        Args:
            sentences: words as written; whitespace words are allowed and get no tag.
        """
        encoded = self._tokenizer.encode_batch(
            [list(words) for words in sentences], is_pretokenized=True
        )
        return [self._tags(e, len(words)) for e, words in zip(encoded, sentences, strict=True)]

    def _tags(self, encoded: Any, length: int) -> Tags:
        ids = np.array([encoded.ids[:LONGEST]], np.int64)
        firsts = _first_pieces(encoded.word_ids[:LONGEST], length)
        intents, *layers = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})
        if not length:
            return Tags((0.0,) * len(INTENTS), (), {}, {})
        logs = [_log_softmax(layer[0, [max(k, 0) for k in firsts]]) for layer in layers]
        for k, piece in enumerate(firsts):
            if piece < 0:  # cut off, or white space: nothing
                for log in logs:
                    log[k] = _NOTHING
                    log[k, 0] = 0.0
        paths = [
            best_labels(log[None], [length], roles)[0]
            for log, roles in zip(logs, LAYERS, strict=True)
        ]
        return _tags(1 / (1 + np.exp(-intents[0])), logs, paths, length)


def _first_pieces(words: Sequence[int | None], length: int) -> list[int]:
    """Place of the first piece of each word; -1 for a word without pieces."""
    first = [-1] * length
    for place in range(len(words) - 1, -1, -1):
        word = words[place]
        if word is not None:
            first[word] = place
    return first


def _log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max(-1, keepdims=True)
    logs: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return logs


_VERBS = tuple(bio(LAYERS[0]).index(f"B-{intent}-verb") for intent in INTENTS)
_DATA = bio(LAYERS[0]).index("B-data")


def _tags(intents: Floats, logs: list[Floats], paths: list[list[int]], length: int) -> Tags:
    tags = []
    for roles, log, path in zip(LAYERS, logs, paths, strict=True):
        for role, first, after in spans(path):
            sure = np.exp(log[range(first, after), path[first:after]])
            tags.append(Tag(roles[role], first, after - 1, round(float(sure.mean()), 4)))
    sure = np.exp(logs[0][:length])
    either = sure[:, :-1] + sure[:, 1:]  # at a role's begin: its begin or its inside
    verbs = {
        k: tuple(round(float(p), 3) for p in found)
        for k, found in enumerate(either[:, _VERBS])
        if sum(found) >= FAINT
    }
    data = {k: round(float(p), 3) for k, p in enumerate(either[:, _DATA]) if p >= FAINT}
    return Tags(tuple(round(float(p), 4) for p in intents), tuple(tags), verbs, data)


class Tagging(Protocol):
    """What a reader needs of a tagger."""

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[Tags]:
        """Tags of each sentence, given as its words."""


@cache
def shipped() -> Tagger | None:
    """The tagger that ships with the package; ``None``, said once, when its model is not there."""
    if resources.tagger_model() is None:
        _log.warning(resources.NO_TAGGER, resources.TAGGER)
        return None
    return Tagger(resources.TAGGER)


def described() -> dict[str, Any]:
    """What ``tagger.json`` says of the model that ships: its version, data and settings."""
    told: dict[str, Any] = json.loads((resources.TAGGER / "tagger.json").read_text("utf-8"))
    return told
