"""What stands before the endpoints: who may ask, how often, and what leaves besides an answer.

Plain ASGI, outermost first: :class:`Log`, :class:`Told`, which makes answers of problems,
:class:`Hosts`, :class:`Sites`, :class:`Rates`, :class:`Tokens`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import html
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.queries.formats import visible
from kg.server import media
from kg.server.problems import Problem
from kg.views.report import Report, to_html

_access = logging.getLogger("kg.server.access")
_log = logging.getLogger(__name__)

#: Headers that every answer has, unless it says otherwise.
SAFE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
#: Clients whose requests are counted; whoever was not seen for longest is forgotten.
_CLIENTS = 10_000
#: Characters of an address in the log.
_LOGGED = 300
_PIECE = 1 << 16
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


class Log:
    """One line a request, and safe headers on every answer."""

    def __init__(self, app: ASGIApp, patience_seconds: float, is_shared: bool) -> None:
        self.app = app
        self.patience_seconds = patience_seconds
        self.safe = {
            name: value
            for name, value in SAFE.items()
            if not (is_shared and name == "Cross-Origin-Resource-Policy")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        status = size = 0

        async def sent(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self.safe.items():
                    headers.setdefault(name, value)
                await send(message)
                return
            body = message.get("body", b"")
            size += len(body)
            await self._pieces(message, body, send)

        try:
            await self.app(scope, receive, sent)
        finally:
            if _access.isEnabledFor(logging.INFO):
                milliseconds = 1000 * (time.perf_counter() - start)
                _access.info("%s", _line(scope, status, size, milliseconds))

    async def _pieces(self, message: Message, body: bytes, send: Send) -> None:
        """Sends piece by piece; a client that does not take one in time is let go."""
        pieces = [body[place : place + _PIECE] for place in range(0, len(body), _PIECE)] or [b""]
        for piece in pieces[:-1]:
            more = {**message, "body": piece, "more_body": True}
            await asyncio.wait_for(send(more), self.patience_seconds)
        last = {**message, "body": pieces[-1]}
        await asyncio.wait_for(send(last), self.patience_seconds)


def _line(scope: Scope, status: int, size: int, milliseconds: float) -> str:
    """What is logged of a request: no header, so no token."""
    client = scope["client"][0] if scope.get("client") else "-"
    query = scope.get("query_string", b"").decode("latin-1")
    address = scope.get("raw_path", b"").decode("latin-1") + (f"?{query}" if query else "")
    if len(address) > _LOGGED:
        address = f"{address[:_LOGGED]}…"
    return visible(
        f"{client} {scope['method']} {address} {status or '-'} {size} {milliseconds:.1f} ms"
    )


class Told:
    """Tells of problems, to people as a page; of our own mistakes only that there was one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_begun = False

        async def sent(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await self.app(scope, receive, sent)
        except Problem as found:
            problem = found
        except Exception as error:
            if is_begun:  # all that can be said is that it breaks off
                raise
            _log.error("%s: %s", type(error).__name__, visible(str(error)))
            _log.debug("where it went wrong", exc_info=True)
            problem = Problem("failed", "the server made a mistake: its log says which")
        else:
            return
        await answer_of(problem, Headers(scope=scope).get("accept"))(scope, receive, send)


def answer_of(problem: Problem, accept: str | None) -> Response:
    """A problem as an answer: JSON, or a page where that is what is liked best."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept", **problem.headers}
    if media.choose(accept, (media.PROBLEM, media.JSON, media.HTML)) != media.HTML:
        return Response(problem.body(), problem.status, headers, media.PROBLEM)
    page = to_html(Report(problem.title.capitalize(), problem.detail))
    headers["Content-Security-Policy"] = policy_of(page)
    return Response(page, problem.status, headers, media.HTML)


def policy_of(page: str) -> str:
    """The content security policy that a page of ours names itself, as a header."""
    found = _POLICY.search(page)
    inner = html.unescape(found[1]) if found else "default-src 'none'"
    return f"{inner}; frame-ancestors 'none'"


class Hosts:
    """Answers only to its own names: a page whose name was made to point here has another."""

    def __init__(self, app: ASGIApp, names: Iterable[str], *, takes_any: bool) -> None:
        self.app = app
        self.names = frozenset(name.casefold() for name in (*_LOOPBACK, *names))
        self.takes_any = takes_any

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] == "http" and not self.takes_any:
            host = Headers(scope=scope).get("host", "")
            name = host if host.endswith("]") else host.rpartition(":")[0] or host
            if name.casefold() not in self.names:
                raise Problem(
                    "wrong-host",
                    "the Host header names another server; one behind a proxy is told its names "
                    "with --allow-host",
                )
        await self.app(scope, receive, send)


class Sites:
    """Refuses what a browser says that a page of another site asks, but for links to follow."""

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self.app = app
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            is_other = headers.get("sec-fetch-site") in {"cross-site", "same-site"}
            is_followed = (
                headers.get("sec-fetch-mode") == "navigate" and scope["method"] == "GET"
            ) and headers.get("sec-fetch-dest") == "document"
            if is_other and not is_followed and headers.get("origin") not in self.origins:
                raise Problem(
                    "other-site", "pages of other sites may not ask; --cors ORIGIN allows one"
                )
        await self.app(scope, receive, send)


class Rates:
    """Lets each client make so many requests a second, twice as many at once."""

    def __init__(self, app: ASGIApp, rate: float) -> None:
        self.app = app
        self.rate = rate
        self.most = max(2 * rate, 1.0)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or says when to come again."""
        if scope["type"] == "http" and self.rate:
            client = scope["client"][0] if scope.get("client") else ""
            seconds = self.wait(client, time.monotonic())
            if seconds:
                raise Problem(
                    "too-often",
                    f"a client may make {self.rate:g} requests a second",
                    {"Retry-After": str(int(seconds) + 1)},
                )
        await self.app(scope, receive, send)

    def wait(self, client: str, now: float) -> float:
        """Seconds until a client may ask again; 0 where it may, which counts as a request."""
        left, before = self._left.pop(client, (self.most, now))
        left = min(self.most, left + (now - before) * self.rate)
        may = left >= 1
        self._left[client] = (left - 1 if may else left), now
        if len(self._left) > _CLIENTS:
            self._left.popitem(last=False)
        return 0.0 if may else (1 - left) / self.rate


class Tokens:
    """Asks for the token: as a bearer's, or, for browsers, as the password of any name."""

    def __init__(self, app: ASGIApp, token: str | None, *, free: Iterable[str] = ()) -> None:
        self.app = app
        self.token = token.encode() if token is not None else None
        self.free = frozenset(free)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or asks for the token."""
        if scope["type"] == "http" and self.token is not None and scope["path"] not in self.free:
            given = _given(Headers(scope=scope).get("authorization", ""))
            if given is None or not hmac.compare_digest(given, self.token):
                raise Problem(
                    "no-token",
                    "send the server's token: Authorization: Bearer TOKEN, or as the password of "
                    "any user name",
                    {"WWW-Authenticate": 'Bearer realm="kg", Basic realm="kg", charset="UTF-8"'},
                )
        await self.app(scope, receive, send)


def _given(header: str) -> bytes | None:
    scheme, _, value = header.partition(" ")
    if scheme.casefold() == "bearer":
        return value.strip().encode("latin-1", "replace")
    if scheme.casefold() == "basic":
        try:
            return base64.b64decode(value.strip(), validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return None
    return None


def is_origin(text: str) -> bool:
    """Whether a text is an origin, as browsers send it.

    >>> is_origin("https://example.org"), is_origin("https://example.org/"), is_origin("*")
    (True, False, False)
    """
    try:
        found = urlsplit(text)
        return found.scheme in {"http", "https"} and text == f"{found.scheme}://{found.netloc}"
    except ValueError:
        return False
