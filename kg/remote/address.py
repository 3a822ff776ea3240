"""Where a SPARQL server's endpoints are, told from one URL.

=====================================  ==================  ====================  ======================
``sparql+http://HOST:PORT…``           questions           updates               graphs
=====================================  ==================  ====================  ======================
no path (Oxigraph)                     ``/query``          ``/update``           ``/store``
``/sparql`` (Virtuoso)                 ``/sparql``         ``/sparql-auth``      ``/sparql-graph-crud-auth``
``/repositories/X`` (RDF4J, GraphDB)   the path            ``…/statements``      ``…/rdf-graphs/service``
any other, ``/ds`` (Fuseki)            ``/ds/query``       ``/ds/update``        ``/ds/data``
=====================================  ==================  ====================  ======================

Each can be given after ``?``: ``sparql+https://host/?query=/api&update=/api&data=``. An empty
``data`` says that the server has no Graph Store protocol.
"""  # noqa: E501 - a table

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from kg.errors import UsageError

_SCHEME = re.compile(r"sparql\+(https?)://", re.IGNORECASE)
_PARTS = ("query", "update", "data")
_REPOSITORY = re.compile(r".*/repositories/[^/]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A SPARQL server.

    Attributes:
        url: as the user gave it; holds no secrets.
        query: URL that answers questions; update: that takes updates; ``None``: it takes none.
        data: URL of the Graph Store protocol, ``None`` without one.
    """

    url: str
    query: str
    update: str | None
    data: str | None

    def __str__(self) -> str:
        """As the user gave it."""
        return self.url


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the environment gives; it is never shown."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def parse_address(text: str) -> Address:
    """Reads the URL of a server.

    Raises:
        UsageError: it is none, or it holds a user or password; the message repeats neither.

    >>> parse_address("sparql+http://127.0.0.1:7878").update
    'http://127.0.0.1:7878/update'
    """
    found = _SCHEME.match(text)
    if not found:
        raise UsageError(
            "a store is given as sparql+http://HOST:PORT/PATH or sparql+https://HOST/PATH"
        )
    try:
        split = urlsplit(text.strip())
        host, port = split.hostname, split.port
    except ValueError as error:
        raise UsageError(f"the store's URL is malformed: {error}") from None
    if "@" in split.netloc or split.fragment:
        raise UsageError(
            "the store's URL may hold no user, password or fragment: give KG_STORE_USER and "
            "KG_STORE_PASSWORD, or KG_STORE_TOKEN, in the environment"
        )
    if not host or re.search(r"[\x00-\x20\x7f<>\"\\^`{|}]", text):
        raise UsageError("the store's URL names no host, or holds characters that no URL has")
    shown = f"[{host}]" if ":" in host else host
    root = f"{found[1].lower()}://{shown}" + (f":{port}" if port else "")
    path = split.path.rstrip("/")
    if path == "":
        usual = ("/query", "/update", "/store")
    elif path.endswith("/sparql"):
        usual = (path, f"{path}-auth", f"{path}-graph-crud-auth")
    elif _REPOSITORY.fullmatch(path):
        usual = (path, f"{path}/statements", f"{path}/rdf-graphs/service")
    else:
        usual = (f"{path}/query", f"{path}/update", f"{path}/data")
    ends = dict(zip(_PARTS, usual, strict=True))
    for name, value in parse_qsl(split.query, keep_blank_values=True):
        if name not in ends:
            raise UsageError(
                f"the store's URL may give query=, update= and data= after its ?, not {name!r}="
            )
        if value and not value.startswith("/"):
            raise UsageError(f"{name}= in the store's URL is a path that begins with /")
        ends[name] = value
    if not ends["query"]:
        raise UsageError("the store's URL gives an empty query=: there is nowhere to ask")
    query, update, data = (f"{root}{ends[part]}" if ends[part] else None for part in _PARTS)
    assert query
    return Address(text.strip(), query, update, data)


def credentials() -> Credentials:
    """What KG_STORE_USER, KG_STORE_PASSWORD and KG_STORE_TOKEN hold."""
    given = {name: os.environ.get(f"KG_STORE_{name.upper()}", "") for name in Credentials.__slots__}
    return Credentials(**given)
