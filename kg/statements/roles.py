"""What a statement says besides who acts: the value that leaves the complement rooms.

For "share your name with vendors for billing" the roles are data *name*, recipient *vendors*,
purpose *billing*. Data and parties are heads, to be read as mentions; the rest are ranges.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from kg.model import Action
from kg.statements.phrases import Range

T = TypeVar("T")

#: What is done to data that somebody has; "for 30 days" and "until" say how long.
KEEPING = frozenset({Action.STORE, Action.RETAIN, Action.DELETE, Action.PROTECT})
#: Of these, what leaves the data where it is, or ends that.
LASTING = frozenset({Action.STORE, Action.RETAIN, Action.DELETE})
#: What is done somewhere.
PLACED = LASTING | {Action.TRANSFER, Action.SHARE, Action.COLLECT, Action.USE}


@dataclass(slots=True)
class Roles:
    """Token ranges by role, filled by one frame; actor, trigger and negation are not here.

    Attributes:
        cuts: ranges of the phrases of some heads, where the tagger has a say in them.
    """

    data: list[int] = field(default_factory=list)
    recipients: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    purposes: list[Range] = field(default_factory=list)
    legal_bases: list[Range] = field(default_factory=list)
    locations: list[Range] = field(default_factory=list)
    retention: list[Range] = field(default_factory=list)
    conditions: list[Range] = field(default_factory=list)
    methods: list[Range] = field(default_factory=list)
    threats: list[Range] = field(default_factory=list)
    cuts: dict[int, Range] = field(default_factory=dict)


def add_new(to: list[T], found: list[T]) -> None:
    """Appends to a role what it does not hold yet."""
    to += [each for each in found if each not in to]
