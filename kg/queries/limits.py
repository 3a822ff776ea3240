"""What users ask runs in a process of its own, which is killed at the limit.

The engine has no time limit, and a signal does not reach it inside an aggregate. The process
opens the store read-only and may take so much memory and no more. So do canned questions: on a
damaged graph the engine may read for ever, and keep all that it reads.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg import errors
from kg.errors import QueryError
from kg.model import Result
from kg.queries.canned import build_anew, get, run
from kg.queries.sparql import Checked, check
from kg.store import SERVER

_log = logging.getLogger(__name__)

#: Bytes of address space that a query may take.
MEMORY = 6 << 30


def run_sparql(
    text: str, path: str | Path, *, limit_seconds: float = 30, max_rows: int = 100_000
) -> Result | str:
    """Answers a user's SPARQL: read-only, over all graphs together, the usual prefixes known.

    Args:
        text: SELECT, ASK, CONSTRUCT or DESCRIBE.
        path: the folder of the graph, or the URL of a server (``sparql+http://…``).
        limit_seconds: the query is killed then, whatever it does; a server is left to itself.
        max_rows: of a SELECT; a longer answer is cut there, with a warning in the log.

    Returns:
        A result (of ASK: one row, one column ``answer``), or for a graph its Turtle text.

    Raises:
        QueryError: the query is refused, malformed, too slow or too large.
        StoreError: there is no graph, or it is damaged.
    """
    checked = check(text)
    if str(path).startswith(SERVER):
        return _asked(checked, text, str(path), limit_seconds, max_rows)
    request = {"text": text, "graphs": checked.graphs, "max_rows": max_rows}
    answer = _limited(request, path, limit_seconds)
    if "graph" in answer:
        return str(answer["graph"])
    if answer["cut"]:
        _log.warning("the answer was cut after %d rows", max_rows)
    return _result(answer)


def run_limited(
    name: str,
    path: str | Path,
    *,
    limit_seconds: float = 30,
    labels: bool = True,
    least: float = 0.0,
    **parameters: str | None,
) -> Result:
    """Answers a canned question as :func:`kg.queries.run` does, within limits.

    Args:
        path: the folder of the graph, or the URL of a server (``sparql+http://…``).
        limit_seconds: as of :func:`run_sparql`.

    Raises:
        QueryError: besides those of :func:`kg.queries.run`: it took too long, or too much.
        StoreError: there is no graph, or it is damaged.
    """
    get(name)
    if str(path).startswith(SERVER):
        from kg.remote import connect, parse_address  # noqa: PLC0415 - heavy

        with connect(parse_address(str(path)), limit_seconds=limit_seconds) as server:
            return run(name, server, labels=labels, least=least, **parameters)
    request = {"name": name, "labels": labels, "least": least, "parameters": parameters}
    return _result(_limited(request, path, limit_seconds))


def _limited(request: dict[str, Any], path: str | Path, limit_seconds: float) -> dict[str, Any]:
    """The answer of a process that is killed at the limit."""
    limits = {"path": str(path), "memory": MEMORY, "seconds": limit_seconds}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kg.queries.child"],
            input=json.dumps({**request, **limits}).encode(),
            capture_output=True,
            timeout=limit_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise QueryError(
            f"the query was stopped after {limit_seconds:g} seconds: narrow it, for example to one "
            f"company, or raise the limit (--limit-seconds). {_perhaps_damaged(path)}"
        ) from error
    if done.returncode != 0:
        _log.debug("query process: %s", done.stderr.decode("utf-8", "replace"))
        why = (
            "it is probably too long for the engine's stack; use VALUES or IN where operators or "
            "UNION follow each other by the thousand"
            if done.returncode == -signal.SIGSEGV
            else f"it took more than {MEMORY >> 30} GiB of memory, or the graph is damaged. Narrow "
            f"the query, for example with LIMIT. {_perhaps_damaged(path)}"
        )
        raise QueryError(f"the query's process {end_of(done.returncode)}: {why}")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        kind: type[errors.KgError] = getattr(errors, answer["error"])
        raise kind(answer["message"])
    return answer


def end_of(status: int) -> str:
    """How a process ended, in words.

    >>> end_of(-6), end_of(1)
    ('died (SIGABRT)', 'ended with status 1')
    """
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"died ({signal.Signals(-status).name})"
    except ValueError:
        return f"died (signal {-status})"


def _perhaps_damaged(path: str | Path) -> str:
    return (
        f"If small questions fail too, the graph may be damaged: {build_anew(path)} makes it anew"
    )


def _result(answer: Mapping[str, Any]) -> Result:
    return Result(tuple(answer["columns"]), tuple(map(tuple, answer["rows"])))


def _asked(
    checked: Checked, text: str, url: str, limit_seconds: float, max_rows: int
) -> Result | str:
    """A server's answer."""
    from kg.remote import ask, parse_address  # noqa: PLC0415 - heavy

    address = parse_address(url)
    found, is_cut = ask(text, checked, address, limit_seconds=limit_seconds, max_rows=max_rows)
    if is_cut:
        _log.warning("the answer was cut after %d rows", max_rows)
    return found
