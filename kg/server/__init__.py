"""The graph over HTTP: SPARQL 1.1 Protocol, the canned questions, statements, the view.

:func:`kg.server.run.serve` runs a server, :func:`kg.server.app.application` is the ASGI
application in it, :class:`kg.server.options.Options` what it may be told. Whatever touches the
graph runs in processes of :mod:`kg.server.pool`, which are killed at the limit; the server's own
process never opens the store. Nothing is imported here, so that these processes start soon.
"""
