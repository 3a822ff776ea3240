"""The word lists of ``words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


def word_list(name: str) -> frozenset[str]:
    """The entries of one list; where one stands a line, an entry may have several words."""
    text = _lists()[name]
    return frozenset(text.strip().split("\n") if name == "providers" else text.split())


@cache
def _lists() -> dict[str, str]:
    text = Path(__file__).with_name("words.toml").read_text("utf-8")
    return {name: str(entries) for name, entries in tomllib.loads(text).items()}
