"""Tags that were written down: what a tagger said of sentences that it had not learned from.

A measurement of the joined reading needs tags of annotated sentences as an unknown policy would
get them. The networks that give them are too many to keep; what they said is not. A sentence is
known by a hash of its words.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.tagger.tags import Tag, Tags


class Recorded:
    """Answers as a tagger does, from a file that :func:`record` wrote."""

    def __init__(self, path: Path) -> None:
        """Reads the file."""
        self._known: dict[str, Tags] = {}
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                told = json.loads(line)
                self._known.setdefault(told["words"], _tags(told))

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[Tags]:
        """The tags that were written down for each sentence.

        Raises:
            InputError: there are none; the parser cuts words otherwise than it did.
        """
        try:
            return [self._known[_hash(words)] for words in sentences]
        except KeyError:
            raise InputError("a sentence has no recorded tags: record them anew") from None


def record(path: Path, told: Iterable[tuple[Sequence[str], Tags]]) -> None:
    """Writes the tags of sentences, given as their words; the same tags give the same bytes."""
    lines = (
        json.dumps(
            {
                "words": _hash(words),
                "intents": tags.intents,
                "tags": [[t.role, t.first, t.last, t.score] for t in tags.tags],
                "verbs": {str(k): v for k, v in tags.verbs.items()},
                "data": {str(k): v for k, v in tags.data.items()},
            },
            separators=(",", ":"),
        )
        for words, tags in told
    )
    text = "".join(f"{line}\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))


def _hash(words: Sequence[str]) -> str:
    return hashlib.blake2b("\n".join(words).encode("utf-8"), digest_size=8).hexdigest()


def _tags(told: Mapping[str, Any]) -> Tags:
    return Tags(
        intents=tuple(told["intents"]),
        tags=tuple(Tag(*tag) for tag in told["tags"]),
        verbs={int(k): tuple(v) for k, v in told["verbs"].items()},
        data={int(k): v for k, v in told["data"].items()},
    )
