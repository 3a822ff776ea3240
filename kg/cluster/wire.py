"""What travels between the coordinator and a worker, and how its loss or harm is noticed."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.errors import KgError
from kg.manifest import Entry
from kg.pool import Comparison, Limits, Task

#: N-Quads repeat themselves: this leaves a twentieth, and takes three milliseconds for a policy.
_LEVEL = 6


class Damaged(KgError):  # noqa: N818 - reads better where it is caught
    """What arrived is not what was sent."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file on its way.

    Attributes:
        data: compressed.
        size, sha256: of the file's bytes.
        lines: number of its line ends; of a shard, of its quads.
    """

    data: bytes
    size: int
    sha256: str
    lines: int


#: Path within a graph's folder ("quads/<key>.nq") -> file.
Parts = Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Terms:
    """How a task is to be done; see :class:`kg.pool.Setup` and its pool."""

    base: str
    least: float | None
    models: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is told.

    Attributes:
        parts: files that the task needs; of a document, itself.
    """

    terms: Terms
    task: Task | Comparison
    parts: Parts


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker tells.

    Attributes:
        worker: its address.
        entry: of the task; ``None`` when there is none, for one of the two reasons below.
        parts: files that were made.
        refusal: why it can do no task at all.
        mishap: what went wrong with this one; it may be tried again.
    """

    worker: str
    entry: Entry | None = None
    parts: Parts = field(default_factory=dict)
    refusal: str = ""
    mishap: str = ""


def packed(data: bytes) -> Part:
    """A file for the way."""
    return Part(
        zlib.compress(data, _LEVEL),
        len(data),
        hashlib.sha256(data).hexdigest(),
        data.count(b"\n"),
    )


def unpacked(part: Part) -> bytes:
    """The bytes of a file that has arrived.

    Raises:
        Damaged: they are not those that were sent.
    """
    opened = zlib.decompressobj()
    try:
        data = opened.decompress(part.data, part.size + 1)  # whatever it claims, no more than that
    except zlib.error as error:
        raise Damaged(f"a file arrived damaged: {error}") from error
    found = len(data), hashlib.sha256(data).hexdigest(), data.count(b"\n")
    if found != (part.size, part.sha256, part.lines):
        raise Damaged("a file arrived damaged: its length, hash or number of lines is another")
    return data
