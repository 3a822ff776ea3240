"""What a person types -> the one thing of a graph that it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.errors import QueryError
from kg.iris import PF, normal_name

#: So many names are listed when none is near.
_FEW = 8


def match(kind: str, value: str, rows: Iterable[tuple[object, ...]]) -> str:
    """The one IRI that a name stands for: exactly, else normalised, by its beginning, or nearly.

    Args:
        kind: what it is a name of, for messages: "company", "data".
        rows: IRIs and names of what there is.

    Raises:
        QueryError: nothing is called so, or several things are; the message names what is near.
    """
    spellings: dict[str, set[str]] = {}
    shown: dict[str, str] = {}  # as it is written
    for found, name in rows:
        spellings.setdefault(str(name).casefold(), set()).add(str(found))
        shown.setdefault(str(name).casefold(), str(name))
    wanted = value.casefold()
    normal = normal_name(value)
    candidates = (
        lambda name: name == wanted,
        lambda name: bool(normal) and normal_name(name) == normal,
        lambda name: bool(wanted) and name.startswith(wanted),
    )
    for fits in candidates:
        chosen = {found for name, iris in spellings.items() if fits(name) for found in iris}
        if len(chosen) == 1:
            return chosen.pop()
        if chosen:
            fitting = sorted(name for name in spellings if fits(name))
            shared = [found for found in chosen if found.startswith(PF)]
            if len(fitting) == 1 and len(shared) == 1:
                return shared[0]  # before a concept that a policy brings along
            if len(fitting) == 1:
                raise QueryError(
                    f"{len(chosen)} things are called {value!r} here: give the IRI of one, "
                    f"for example {min(chosen)}"
                )
            names = ", ".join(shown[name] for name in fitting[:8])
            raise QueryError(f"{kind} {value!r} can be {names}: be more exact")
    near = nearest(wanted, spellings, cutoff=88)
    if len(near) == 1 and len(spellings[near[0]]) == 1:
        return next(iter(spellings[near[0]]))
    near = nearest(wanted, spellings)
    if near:
        hint = f"; did you mean {', '.join(shown[name] for name in near)}?"
    else:
        hint = _there_are(spellings, shown)
    raise QueryError(f"there is no {kind} {value!r} in this graph{hint}")


def _there_are(spellings: Mapping[str, set[str]], shown: Mapping[str, str]) -> str:
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
