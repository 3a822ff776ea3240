"""Rights that two versions grant -> which came and which went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.changes.model import Kind, Named
from kg.claims import Source
from kg.model import Right


@dataclass(frozen=True, slots=True)
class RightChange:
    """A right that only one of two versions grants.

    Attributes:
        kind: added or removed.
        company: name of the publisher.
        date: of that version, ISO 8601; empty when unknown.
        granted: where that version says so, in the order of its text.
    """

    kind: Kind
    right: Named
    company: str
    date: str
    granted: tuple[Right, ...]


def rights_between(
    earlier: tuple[Source, Sequence[Right]],
    later: tuple[Source, Sequence[Right]],
    *,
    texts: tuple[str, str] = ("", ""),
) -> tuple[RightChange, ...]:
    """Rights granted by one version alone, those that are new first.

    Args:
        earlier: a version and all rights that it grants; later: alike.
        texts: the two texts, if at hand: a right is neither new nor gone by a sentence that
            stands in both.
    """
    return (
        *_alone(Kind.ADDED, *later, earlier[1], texts[0]),
        *_alone(Kind.REMOVED, *earlier, later[1], texts[1]),
    )


def _alone(
    kind: Kind, source: Source, rights: Sequence[Right], others: Sequence[Right], text: str
) -> Iterator[RightChange]:
    known = {right.iri for right in others}
    found: dict[str, list[Right]] = {}
    for right in rights:
        if right.iri not in known:
            found.setdefault(right.iri, []).append(right)
    for iri, granted in found.items():
        if not any(right.evidence.text in text for right in granted):
            named = Named(granted[0].label, iri)
            yield RightChange(kind, named, source.company, source.date or "", tuple(granted))
