"""What users type runs in a process of its own, which is killed at the limit.

The engine has no time limit, and a signal does not reach it inside an aggregate. The process
opens the store read-only and may take so much memory and no more.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from pathlib import Path

from kg.errors import QueryError, StoreError
from kg.model import Result
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
    request = {
        "text": text,
        "path": str(path),
        "graphs": checked.graphs,
        "max_rows": max_rows,
        "memory": MEMORY,
        "seconds": limit_seconds,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kg.queries.child"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=limit_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise QueryError(
            f"the query was stopped after {limit_seconds:g} seconds: narrow it, for example to one "
            "company, or raise the limit"
        ) from error
    if done.returncode != 0:
        _log.debug("query process: %s", done.stderr.decode("utf-8", "replace"))
        why = (
            "it is probably too long for the engine's stack; use VALUES or IN where operators or "
            "UNION follow each other by the thousand"
            if done.returncode == -signal.SIGSEGV
            else "it probably ran out of memory; narrow it, for example with LIMIT"
        )
        raise QueryError(f"the query's process died (status {done.returncode}): {why}")
    answer = json.loads(done.stdout)
    if "store" in answer:
        raise StoreError(answer["store"])
    if "error" in answer:
        raise QueryError(answer["error"])
    if "graph" in answer:
        return str(answer["graph"])
    if answer["cut"]:
        _log.warning("the answer was cut after %d rows", max_rows)
    return Result(tuple(answer["columns"]), tuple(tuple(row) for row in answer["rows"]))


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
