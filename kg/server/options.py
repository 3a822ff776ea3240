"""What a server may be told, and what it allows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from kg.errors import UsageError

#: The environment's variable with the token; a command line can be read by everybody.
TOKEN = "KG_SERVE_TOKEN"
#: Characters that a token has at least.
TOKEN_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Options:
    """How a server behaves.

    Attributes:
        folder: of the graph.
        token: that each request must bring; ``None`` asks for none.
        hosts: names that a Host header may give besides the loopback's; on an address that is
            not the loopback's none means any.
        is_public: it listens on an address that others reach.
        origins: of pages elsewhere that may read answers (CORS).
        is_proxied: a proxy on this machine tells in X-Forwarded-For who asks.
        rate: requests a second that one client may make in the long run; 0 sets no limit. Twice
            as many may come at once.
        limit_seconds: a question is stopped then, whatever it does.
        memory: bytes of address space that a question may take, besides those of an idle process.
        max_rows: rows, or triples, after which an answer is cut.
        max_bytes: of an answer, likewise.
        max_body: bytes of a request's body; of a query in an address it is the server's.
        max_query: characters of a query.
        quick: questions that are answered side by side. More than there are processors, so that
            some are left when several at once turn out to be slow.
        slow: questions beyond ``quick_seconds`` that run side by side, while nothing quick does;
            one client may have half of them.
        quick_seconds: after which a question is a slow one.
        queue: questions that may wait for their turn, of each kind.
        wait_seconds: that one of them waits before it is sent away.
        connections: open at once.
        patience_seconds: for a client to send its request, and to take each piece of an answer.
        stop_seconds: that running requests have after the server is told to stop.
    """

    folder: Path
    token: str | None = None
    hosts: tuple[str, ...] = ()
    is_public: bool = False
    origins: tuple[str, ...] = ()
    is_proxied: bool = False
    rate: float = 50
    limit_seconds: float = 30
    memory: int = 2 << 30
    max_rows: int = 100_000
    max_bytes: int = 64 << 20
    max_body: int = 1 << 20
    max_query: int = 100_000
    quick: int = 6
    slow: int = 4
    quick_seconds: float = 0.1
    queue: int = 256
    wait_seconds: float = 10
    connections: int = 512
    patience_seconds: float = 20
    stop_seconds: float = 35


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address.

    >>> is_loopback("127.0.0.2"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def token_of_environment() -> str | None:
    """The token, or ``None``.

    Raises:
        UsageError: it is too short to be one, or holds what a header cannot.
    """
    token = os.environ.get(TOKEN)
    if token is None:
        return None
    if len(token) < TOKEN_LENGTH or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(
            f"{TOKEN} is no token: it needs {TOKEN_LENGTH} characters or more, of ASCII and "
            "without spaces; make one with `openssl rand -hex 24`"
        )
    return token


def check_address(host: str, *, is_public: bool, token: str | None) -> None:
    """Refuses to listen where others reach the server without somebody having meant it.

    Raises:
        UsageError: it is not the loopback, and --public or the token is missing.
    """
    if is_loopback(host):
        return
    if not is_public:
        raise UsageError(
            f"{host} is not the loopback: others could reach the server; say --public to let them"
        )
    if token is None:
        raise UsageError(
            f"a server that others reach needs a token: put one of {TOKEN_LENGTH} characters or "
            f"more into {TOKEN}, for example of `openssl rand -hex 24`"
        )
