"""The process that runs one query: a request as JSON on stdin, the answer as JSON on stdout."""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from kg.errors import StoreError
from kg.queries.canned import _cell
from kg.store import PREFIXES, Store, open_store


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request, or what went wrong, as plain values."""
    try:
        store = open_store(request["path"])
    except StoreError as error:
        return {"store": str(error)}
    try:
        return _ask(store, request)
    except SyntaxError as error:
        return {"error": f"the query is malformed: {error.msg}"}
    except (ValueError, RuntimeError) as error:
        return {"error": f"the query failed: {error}"}
    except OSError as error:
        return {"store": f"the graph in {request['path']} cannot be read: {error}"}


def _ask(store: Store, request: dict[str, Any]) -> dict[str, Any]:
    import pyoxigraph as ox  # noqa: PLC0415 - after the limits

    for graph in request["graphs"]:
        if not store.inner.contains_named_graph(ox.NamedNode(graph)):
            return {"error": f"FROM <{graph}> is no graph of the store, and nothing is fetched"}
    found = store.inner.query(
        request["text"],
        prefixes=PREFIXES,
        use_default_graph_as_union=not request["graphs"],
    )
    if isinstance(found, ox.QueryBoolean):
        return {"columns": ["answer"], "rows": [[bool(found)]], "cut": False}
    if isinstance(found, ox.QueryTriples):
        lines = ox.serialize(found, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        return {"graph": (lines or b"").decode()}
    rows: list[list[Any]] = []
    for row in found:
        if len(rows) >= request["max_rows"]:
            return {"columns": _names(found), "rows": rows, "cut": True}
        rows.append([_plain(term) for term in row])
    return {"columns": _names(found), "rows": rows, "cut": False}


def _names(found: Any) -> list[str]:
    return [variable.value for variable in found.variables]


def _plain(term: Any) -> Any:
    if term is None:
        return None
    value = getattr(term, "value", None)
    if value is None:  # a triple term
        return str(term)
    datatype = getattr(term, "datatype", None)
    return _cell(value, datatype.value if datatype else "")


def _limit(request: dict[str, Any]) -> None:
    """Ends this process when nobody does: its parent may have been killed."""
    seconds = int(request["seconds"]) + 5
    for kind, value in ((resource.RLIMIT_AS, request["memory"]), (resource.RLIMIT_CPU, seconds)):
        _, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or value < hard:
            resource.setrlimit(kind, (value, hard))


def main() -> None:
    """Reads the request, answers it."""
    request = json.load(sys.stdin)
    _limit(request)
    json.dump(answer(request), sys.stdout, ensure_ascii=True, allow_nan=True)


if __name__ == "__main__":
    main()
