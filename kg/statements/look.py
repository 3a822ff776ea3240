"""Texts -> Look: what the models say of a sentence, which its words alone decide.

This is most of the cost of reading, so that it is remembered where a memory is given: the next
version of a policy, or another policy with the same phrases, is read much faster.
"""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Protocol

from kg.statements.frames import Frame
from kg.statements.parse import Merge, Parse, merges, parse_many
from kg.tagger import Tag, Tagging, Tags

#: Looks that are kept at hand; a policy has some hundreds.
_KEPT = 6_000


@dataclass(frozen=True, slots=True)
class Look:
    """A sentence's parse and, with a tagger, its tags.

    Attributes:
        frames: what was worked out from these two, by the circumstances that matter.
    """

    parse: Parse
    tags: Tags | None = None
    frames: dict[tuple[object, ...], list[Frame]] = field(
        default_factory=dict, compare=False, repr=False
    )


class Remembering(Protocol):
    """What is asked of a memory; :class:`kg.memory.Memory` is one."""

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """What is known of the keys."""

    def keep(self, found: Mapping[bytes, bytes]) -> None:
        """Remembers what was found out."""


class Looks:
    """Looks at sentences, and at those it has seen before no second time.

    A sentence gets the same look wherever it stands, be it remembered or not.

    Attributes:
        known: number of sentences that were remembered; fresh: of those looked at.
    """

    def __init__(self, memory: Remembering | None = None) -> None:
        """The memory is of this very tagger and parser; without it nothing is remembered."""
        self.known = self.fresh = 0
        self._memory = memory
        self._kept: OrderedDict[bytes, Look] = OrderedDict()

    def at(
        self, texts: Sequence[str], names: tuple[str, ...] = (), tagging: Tagging | None = None
    ) -> list[Look]:
        """The looks at some texts, in their order.

        Args:
            names: of the publisher.
            tagging: the tagger; without it there are no tags.
        """
        if self._memory is None:
            return _looked(texts, names, tagging)
        keys = [_key(text, merges(text, names), tagging is not None) for text in texts]
        by_key = dict(zip(keys, texts, strict=True))
        found = {key: self._kept[key] for key in by_key if key in self._kept}
        told = self._memory.recall([key for key in by_key if key not in found])
        read = ((key, _read(data, by_key[key])) for key, data in told.items())
        found.update((key, one) for key, one in read if one is not None)
        new = {key: text for key, text in by_key.items() if key not in found}
        fresh = dict(zip(new, _looked(list(new.values()), names, tagging), strict=True))
        self._memory.keep({key: _written(one) for key, one in fresh.items()})
        found.update(fresh)
        self.known += len(by_key) - len(fresh)
        self.fresh += len(fresh)
        self._keep(found)
        return [found[key] for key in keys]

    def _keep(self, found: Mapping[bytes, Look]) -> None:
        for key, one in found.items():
            self._kept[key] = one
            self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


def _looked(texts: Sequence[str], names: tuple[str, ...], tagging: Tagging | None) -> list[Look]:
    parses = list(parse_many(texts, names))
    if tagging is None:
        return [Look(parsed) for parsed in parses]
    tags = tagging.tag([parsed.forms for parsed in parses])
    return [Look(parsed, told) for parsed, told in zip(parses, tags, strict=True)]


def _key(text: str, merged: Sequence[Merge], is_tagged: bool) -> bytes:
    """Hash of all that decides a look: the text, which words in it are names, and whose tags."""
    told = repr((text, merged, is_tagged))
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _written(one: Look) -> bytes:
    parsed, tags = one.parse, one.tags
    value: list[Any] = [
        parsed.forms,
        parsed.tags,
        parsed.deps,
        parsed.heads,
        parsed.starts,
        parsed.ends,
        sorted(parsed.names),
        tags
        and [
            tags.intents,
            [[t.role, t.first, t.last, t.score] for t in tags.tags],
            list(tags.verbs.items()),
            list(tags.data.items()),
        ],
    ]
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode("ascii"), 1)


def _read(data: bytes, text: str) -> Look | None:
    """What :func:`_written` wrote; ``None`` when it is something else."""
    try:
        forms, tags, deps, heads, starts, ends, names, told = json.loads(zlib.decompress(data))
        parsed = Parse(
            text=text,
            words=tuple(form.lower() for form in forms),
            forms=tuple(forms),
            tags=tuple(tags),
            deps=tuple(deps),
            heads=tuple(heads),
            starts=tuple(starts),
            ends=tuple(ends),
            names=frozenset(names),
        )
        return Look(parsed, _tags(told) if told else None)
    except (zlib.error, ValueError, TypeError, IndexError, AttributeError):
        return None


def _tags(told: list[Any]) -> Tags:
    intents, tags, verbs, data = told
    return Tags(
        tuple(intents),
        tuple(Tag(*tag) for tag in tags),
        {word: tuple(odds) for word, odds in verbs},
        dict(data),
    )
