"""The process that runs one query: a request as JSON on stdin, the answer as JSON on stdout.

A request holds either SPARQL that was checked or the name of a canned question.

What a process needs that may be killed at any moment is here too, for the server's processes
(:mod:`kg.server.child`), which answer many questions each.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kg.errors import KgError, QueryError
from kg.processes import die_with_parent
from kg.queries.canned import run, unreadable, value_of
from kg.queries.offline import go_offline
from kg.store import PREFIXES, Store, open_store

#: Seconds of processor time after its limit at which a process ends itself.
GRACE_SECONDS = 5


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request, or what went wrong, as plain values."""
    try:
        store = open_store(request["path"])
        return _run(store, request) if "name" in request else _ask(store, request)
    except SyntaxError as error:
        return _wrong(QueryError(f"the query is malformed: {error.msg}"))
    except KgError as error:
        return _wrong(error)
    except ValueError as error:
        return _wrong(QueryError(f"the query failed: {error}"))
    except (OSError, RuntimeError) as error:
        return _wrong(unreadable(request["path"], error))


def _wrong(error: KgError) -> dict[str, Any]:
    return {"error": type(error).__name__, "message": str(error)}


def _run(store: Store, request: dict[str, Any]) -> dict[str, Any]:
    found = run(
        request["name"],
        store,
        labels=request["labels"],
        least=request["least"],
        **request["parameters"],
    )
    return {"columns": found.columns, "rows": found.rows, "cut": False}


def evaluate(
    store: Store,
    text: str,
    graphs: Iterable[str],
    *,
    default: Iterable[str] = (),
    named: Iterable[str] = (),
) -> Any:
    """The engine's answer to checked SPARQL, not yet read.

    Args:
        graphs: that the text names with FROM and FROM NAMED.
        default: IRIs of the graphs that are the default graph, whatever the text says.
        named: IRIs of the named graphs, whatever the text says. Where nobody names a graph, the
            default graph is the union of all.

    Raises:
        SyntaxError: it is malformed.
        QueryError: a graph that is named is none of the store.
    """
    import pyoxigraph as ox  # noqa: PLC0415 - after the limits

    graphs, default, named = tuple(graphs), tuple(default), tuple(named)
    for graph in (*graphs, *default, *named):
        if not store.inner.contains_named_graph(ox.NamedNode(graph)):
            raise QueryError(f"FROM <{graph}> is no graph of the store, and nothing is fetched")
    if default or named:
        return store.inner.query(
            text,
            prefixes=PREFIXES,
            default_graph=[ox.NamedNode(graph) for graph in default],
            named_graphs=[ox.NamedNode(graph) for graph in named],
        )
    return store.inner.query(text, prefixes=PREFIXES, use_default_graph_as_union=not graphs)


def _ask(store: Store, request: dict[str, Any]) -> dict[str, Any]:
    import pyoxigraph as ox  # noqa: PLC0415 - after the limits

    found = evaluate(store, request["text"], request["graphs"])
    if isinstance(found, ox.QueryBoolean):
        return {"columns": ["answer"], "rows": [[bool(found)]], "cut": False}
    if isinstance(found, ox.QueryTriples):
        lines = ox.serialize(found, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        return {"graph": (lines or b"").decode()}
    rows: list[list[Any]] = []
    for row in found:
        if len(rows) >= request["max_rows"]:
            return {"columns": _names(found), "rows": rows, "cut": True}
        rows.append([plain(term) for term in row])
    return {"columns": _names(found), "rows": rows, "cut": False}


def _names(found: Any) -> list[str]:
    return [variable.value for variable in found.variables]


def plain(term: Any) -> Any:
    """A term of the engine as text, number or truth value; ``None`` stays."""
    if term is None:
        return None
    value = getattr(term, "value", None)
    if value is None:  # a triple term
        return str(term)
    datatype = getattr(term, "datatype", None)
    return value_of(value, datatype.value if datatype else "")


def limit_memory(size: int) -> None:
    """Lets this process have so many bytes of address space besides its own; at more it dies."""
    own = 0
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        own = pages * resource.getpagesize()
    _lower(resource.RLIMIT_AS, own + size)


def limit_seconds(seconds: float) -> None:
    """Ends this process when nobody does, some time after its limit from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(
        resource.RLIMIT_CPU,
        int(used.ru_utime + used.ru_stime + seconds) + GRACE_SECONDS,
        hard=False,
    )


def _lower(kind: int, value: int, *, hard: bool = True) -> None:
    _, most = resource.getrlimit(kind)
    if most == resource.RLIM_INFINITY or value < most:
        resource.setrlimit(kind, (value, value if hard else most))


def main() -> None:
    """Reads the request, answers it."""
    die_with_parent()
    go_offline()
    request = json.load(sys.stdin)
    limit_memory(request["memory"])
    limit_seconds(request["seconds"])
    json.dump(answer(request), sys.stdout, ensure_ascii=True, allow_nan=True)


if __name__ == "__main__":
    main()
