"""The front matter of a query file: lines ``#+ key: value`` among its comments."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from kg.errors import QueryError

_MATTER = re.compile(r"#\+\s*([\w-]+)\s*:\s*(.*?)\s*$")


def front_matter(
    text: str,
    path: Path,
    keys: Collection[str],
    *,
    repeated: Collection[str] = (),
    is_filled: bool = False,
) -> Iterator[tuple[int, str, str]]:
    """The number of each line, its key and its value, in their order.

    Args:
        path: of the file, for messages.
        keys: those that there are.
        repeated: those that may stand there several times.
        is_filled: every key needs a value.

    Raises:
        QueryError: it is malformed; the message names file and line.
    """
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        found = _MATTER.match(line)
        if found is None or (is_filled and not found[2]):
            raise QueryError(f"{path}:{number}: expected '#+ key: value'")
        key, value = found.groups()
        if key not in keys:
            raise QueryError(f"{path}:{number}: unknown key {key!r}; known: {', '.join(keys)}")
        if key in seen and key not in repeated:
            raise QueryError(f"{path}:{number}: {key!r} is there twice")
        seen.add(key)
        yield number, key, value
