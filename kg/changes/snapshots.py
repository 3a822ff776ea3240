"""What a person types -> the two snapshots of a policy that are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from kg.claims import Source, standing
from kg.errors import QueryError, UsageError

T = TypeVar("T")

_SHOWN = 12
#: Shares of what the version before states: below the one a version is a stump, when a later one
#: has the other again.
_STUMP, _WHOLE = 0.2, 0.5


def stumps(stated: Sequence[int]) -> frozenset[int]:
    """Which versions of a policy hold only a scrap of its text, as when a page failed to load.

    Compared with its neighbours a stump would lose every flow, and win it back.

    Args:
        stated: number of statements of each version, by date.
    """
    found: set[int] = set()
    before = 0
    for number, count in enumerate(stated):
        is_back = any(later >= _WHOLE * before for later in stated[number + 1 :])
        if before and count < _STUMP * before and (is_back or not count):
            found.add(number)
        else:
            before = count
    return frozenset(found)


def whole(versions: Sequence[T], stated: Callable[[T], int]) -> list[T]:
    """The versions of a policy that are no :func:`stumps`; ``stated`` counts what one states."""
    out = stumps([stated(version) for version in versions])
    return [version for number, version in enumerate(versions) if number not in out]


@dataclass(frozen=True, slots=True)
class Line:
    """The snapshots of one policy, by date; those without a date come first.

    Attributes:
        others: titles of the company's other policies, which are left out.
    """

    sources: tuple[Source, ...]
    others: tuple[str, ...] = ()

    @property
    def company(self) -> str:
        """Name of the publisher."""
        return self.sources[-1].company


def line_of(found: Sequence[Source], wanted: Sequence[str] = ()) -> Line:
    """The policy of a company that can be compared with itself.

    Of several the one that holds what is wanted, else the one with most snapshots.

    Args:
        found: the snapshots of one company.
        wanted: snapshot IRIs or document names that were asked for.

    Raises:
        QueryError: no policy has two snapshots.
    """
    if not found:
        raise QueryError("there is no policy in this graph: build one with `kg build`")
    sizes = Counter(source.policy for source in found)
    named = [source for name in wanted if (source := _named(found, name))]
    policy = named[0].policy if named else max(sorted(sizes), key=sizes.__getitem__)
    chosen = tuple(source for source in found if source.policy == policy)
    if len(chosen) < 2:
        only = chosen[0]
        raise QueryError(
            f"{only.company} has one snapshot here ({_called(only)}): add another version of its "
            "policy to the corpus and build again"
        )
    others = {source.title for source in found if source.policy != policy}
    return Line(chosen, tuple(sorted(others)))


def pair_of(line: Line, old: str | None = None, new: str | None = None) -> tuple[Source, Source]:
    """The two snapshots that are meant; without names the two latest.

    Args:
        old: a day, a month or a year (the snapshot that stood at its end), the IRI of a
            snapshot, or the name of a document; new: alike, the latest snapshot by default.

    Raises:
        QueryError: nothing is called so, or stood so early.
        UsageError: both are the same snapshot, or the order of the two latest is not known.
    """
    if old is None:
        earlier, later = _latest(line)
        if not earlier.date or earlier.moment == later.moment:
            raise UsageError(
                f"which of {line.company}'s snapshots came last is not known: name two of "
                f"{_listed(line)}"
            )
        return earlier, later
    earlier = _resolved(line, old)
    later = _resolved(line, new) if new is not None else line.sources[-1]
    if earlier.graph == later.graph:
        both = f"{old!r} and {new!r} both mean" if new is not None else f"{old!r} means"
        raise UsageError(
            f"{both} the snapshot of {_called(later)}{'' if new is not None else ', the latest'}: "
            f"there are {_listed(line)}"
        )
    return earlier, later


def _latest(line: Line) -> tuple[Source, Source]:
    """The two latest snapshots that are no stumps, or the two latest."""
    found = whole(line.sources, lambda source: source.statements + source.denials)
    earlier, later = found[-2:] if len(found) > 1 else line.sources[-2:]
    return earlier, later


def _resolved(line: Line, wanted: str) -> Source:
    named = _named(line.sources, wanted)
    if named:
        return named
    try:
        (found,) = standing(line.sources, wanted)
    except UsageError as error:
        raise QueryError(
            f"{line.company} has no snapshot {wanted!r}: give a date (YYYY-MM-DD, YYYY-MM or "
            f"YYYY), or one of {_listed(line)}"
        ) from error
    return found


def _named(found: Sequence[Source], wanted: str) -> Source | None:
    """By IRI or by the name of its document, with or without its folder."""
    exact = [s for s in found if wanted == s.graph or wanted in s.documents]
    near = [s for s in found if any(PurePosixPath(d).name == wanted for d in s.documents)]
    return next(iter(exact or near), None)


def _called(source: Source) -> str:
    return source.date or next(iter(source.documents), source.graph)


def _listed(line: Line) -> str:
    names = [
        f"{one.date} ({one.documents[0]})" if one.date and one.documents else _called(one)
        for one in line.sources
    ]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[-_SHOWN:]) + more
