"""The graph on a SPARQL 1.1 server: where it is, how it is filled, how it is asked.

:func:`parse_address` reads what a user gives (``sparql+http://host:port``), :func:`connect`
opens the graph there for reading, with the interface of :class:`kg.store.Store`, and
:func:`fill` brings what a build made there. Credentials come from the environment alone.
"""

from kg.remote.address import Address, parse_address
from kg.remote.fill import Filled, fill
from kg.remote.store import RemoteStore, ask, connect

__all__ = [
    "Address",
    "Filled",
    "RemoteStore",
    "ask",
    "connect",
    "fill",
    "parse_address",
]
