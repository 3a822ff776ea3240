"""The graph over HTTP: SPARQL 1.1 Protocol, the canned questions, statements, the view.

:func:`serve` runs a server; :func:`application` is the ASGI application in it. Whatever touches
the graph runs in processes of :mod:`kg.server.pool`, which are killed at the limit; the server's
own process never opens the store.
"""

from kg.server.app import application
from kg.server.options import Options
from kg.server.run import serve

__all__ = ["Options", "application", "serve"]
