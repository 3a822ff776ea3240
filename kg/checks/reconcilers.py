"""What may reconcile two sentences, read from ``reconcilers.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg import resources
from kg.iris import PF

USUAL = "usual"
_WORDS = ("first", "second", "next", "before", "section", "heading", "then", "audience")
_CONCEPTS = ("data", "recipients", "purposes")


@dataclass(frozen=True, slots=True)
class Reconciler:
    """One way in which two sentences do not clash after all.

    Attributes:
        label: told to the reader after "reconciled by".
        softens: the pair remains, with a milder grade.
        words: key of the file ("first", "section" and so on) -> expressions.
        concepts: role of the second -> IRIs within which all lie that it names.
    """

    name: str
    label: str
    is_usual: bool
    softens: bool
    words: dict[str, re.Pattern[str]]
    concepts: dict[str, tuple[str, ...]]


@cache
def _all() -> dict[str, Reconciler]:
    raw = tomllib.loads(resources.RECONCILERS.read_text("utf-8"))
    return {name: _reconciler(name, table) for name, table in raw.items()}


def _reconciler(name: str, table: dict[str, Any]) -> Reconciler:
    return Reconciler(
        name=name,
        label=table["label"],
        is_usual=table.get("usual", False),
        softens=table.get("softens", False),
        words={
            key: re.compile("|".join(f"(?:{one})" for one in table[key]), re.IGNORECASE)
            for key in _WORDS
            if key in table
        },
        concepts={key: tuple(PF + one for one in table[key]) for key in _CONCEPTS if key in table},
    )


def reconcilers(names: Iterable[str]) -> tuple[Reconciler, ...]:
    """Those of these names, each once; "usual" stands for several, "-name" takes one away.

    Raises:
        KeyError: there is none of a name.
    """
    chosen: dict[str, Reconciler] = {}
    for name in names:
        if name == USUAL:
            chosen |= {key: one for key, one in _all().items() if one.is_usual}
        elif name.startswith("-"):
            del chosen[name[1:]]
        else:
            chosen[name] = _all()[name]
    return tuple(chosen.values())
