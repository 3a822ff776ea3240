"""What a person types -> the one thing of a graph that it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.errors import QueryError
from kg.iris import PF, normal_name

#: So many names are listed when none is near.
_FEW = 8


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called.

    Attributes:
        spellings: name without regard to case -> IRIs.
        shown: the same -> the name as it is written.
    """

    spellings: Mapping[str, frozenset[str]]
    shown: Mapping[str, str]

    def with_rows(self, rows: Iterable[tuple[object, ...]]) -> Names:
        """These names and those of rows, each an IRI and a name."""
        spellings, shown = dict(self.spellings), dict(self.shown)
        for found, name in rows:
            key = str(name).casefold()
            known = spellings.get(key, frozenset())
            if str(found) not in known:
                spellings[key] = known | {str(found)}
            shown[key] = str(name)
        return Names(spellings, shown)

    def one(self, kind: str, value: str) -> str:
        """See :func:`match`."""
        wanted = value.casefold()
        normal = normal_name(value)
        candidates = (
            lambda name: bool(normal) and normal_name(name) == normal,
            lambda name: bool(wanted) and name.startswith(wanted),
        )
        fitting = [wanted] if wanted in self.spellings else []
        for fits in candidates:
            if not fitting:
                fitting = sorted(name for name in self.spellings if fits(name))
        if fitting:
            return self._single(kind, value, fitting)
        near = nearest(wanted, self.spellings, cutoff=88)
        if len(near) == 1 and len(self.spellings[near[0]]) == 1:
            return next(iter(self.spellings[near[0]]))
        near = nearest(wanted, self.spellings)
        if near:
            hint = f"; did you mean {', '.join(self.shown[name] for name in near)}?"
        else:
            hint = _there_are(self.spellings, self.shown)
        raise QueryError(f"there is no {kind} {value!r} in this graph{hint}")

    def _single(self, kind: str, value: str, fitting: Sequence[str]) -> str:
        chosen = {found for name in fitting for found in self.spellings[name]}
        if len(chosen) == 1:
            return chosen.pop()
        shared = [found for found in chosen if found.startswith(PF)]
        if len(fitting) == 1 and len(shared) == 1:
            return shared[0]  # before a concept that a policy brings along
        if len(fitting) == 1:
            raise QueryError(
                f"{len(chosen)} things are called {value!r} here: give the IRI of one, "
                f"for example {min(chosen)}"
            )
        names = ", ".join(self.shown[name] for name in fitting[:_FEW])
        raise QueryError(f"{kind} {value!r} can be {names}: be more exact")


def match(kind: str, value: str, rows: Iterable[tuple[object, ...]]) -> str:
    """The one IRI that a name stands for: exactly, else normalised, by its beginning, or nearly.

    Args:
        kind: what it is a name of, for messages: "company", "data".
        rows: IRIs and names of what there is.

    Raises:
        QueryError: nothing is called so, or several things are; the message names what is near.
    """
    return NO_NAMES.with_rows(rows).one(kind, value)


NO_NAMES = Names({}, {})


def _there_are(spellings: Mapping[str, frozenset[str]], shown: Mapping[str, str]) -> str:
    """All that there is, each by its shortest name, where it is little."""
    by_iri: dict[str, str] = {}
    for name, iris in sorted(spellings.items(), key=lambda one: (len(one[0]), one[0])):
        for found in iris:
            by_iri.setdefault(found, shown[name])
    if not 0 < len(by_iri) <= _FEW:
        return ""
    return f"; there are {', '.join(sorted(set(by_iri.values())))}"


def nearest(value: str, choices: Iterable[str], cutoff: int = 55) -> list[str]:
    """Up to six names that are spelled much like a value, the nearest first."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - heavy

    found = process.extract(value, sorted(choices), scorer=fuzz.ratio, limit=6, score_cutoff=cutoff)
    return [name for name, *_ in found]
