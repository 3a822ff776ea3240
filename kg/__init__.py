"""Privacy policies in, a knowledge graph of data flows out.

The verbs, in the order in which data moves: :func:`read` a file, :func:`split` it into
sentences, :func:`extract` statements from a sentence, :func:`describe` a statement as triples,
:func:`open_store` on a graph, :func:`run` a query, :func:`render` a view.

Everything is imported on first use, so that ``import kg`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.documents import read
    from kg.queries import run
    from kg.sentences import split
    from kg.statements import extract
    from kg.store import open_store
    from kg.triples import describe
    from kg.views import Scope, flow_graph, render

__version__ = "0.1.0"

__all__ = [
    "Scope",
    "describe",
    "extract",
    "flow_graph",
    "open_store",
    "read",
    "render",
    "run",
    "split",
]

_ROOMS = {
    "read": "kg.documents",
    "split": "kg.sentences",
    "extract": "kg.statements",
    "describe": "kg.triples",
    "open_store": "kg.store",
    "run": "kg.queries",
    "flow_graph": "kg.views",
    "render": "kg.views",
    "Scope": "kg.views",
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")
