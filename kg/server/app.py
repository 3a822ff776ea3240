"""The endpoints: a request -> a task for the pool, its answer -> a response.

What they take and give is described in :mod:`kg.server.openapi`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from kg import __version__
from kg.errors import QueryError, Refused
from kg.iris import digest
from kg.queries import check, get, names
from kg.server import media, parameters
from kg.server.answers import Answer, without_commands
from kg.server.guards import Hosts, Log, Rates, Sites, Tokens, Told, policy_of
from kg.server.openapi import document
from kg.server.options import Options
from kg.server.page import page, page_policy
from kg.server.parameters import COMPANY, OFFSET
from kg.server.pool import Pool
from kg.server.problems import PROBLEMS, Problem
from kg.server.service import description

#: Where nobody needs the token.
_FREE = ("/health",)
#: Pages of the view that are kept, and how many bytes of them.
_PAGES = 8
_PAGES_SIZE = 64 << 20
#: Graphs that a request may name.
_GRAPHS = 50
_DIGITS = re.compile("[0-9a-f]{1,16}")
_FORM = "application/x-www-form-urlencoded"
#: Headers that pages of other sites may read.
_EXPOSED = ("ETag", "Link", "Retry-After", "X-Result-Cut", "X-Total-Count")

_Handler = Callable[[Request], Awaitable[Response]]


class _Endpoint:
    """Functions by method; HEAD goes with GET, OPTIONS tells what there is."""

    def __init__(self, **handlers: _Handler) -> None:
        self.handlers = dict(handlers)
        if "GET" in self.handlers:
            self.handlers["HEAD"] = self.handlers["GET"]
        self.allow = ", ".join(sorted({*self.handlers, "OPTIONS"}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers={"Allow": self.allow})(scope, receive, send)
            return
        handler = self.handlers.get(scope["method"])
        if handler is None:
            raise Problem(
                "wrong-method",
                f"{scope['method']} is not allowed here: {self.allow} are",
                {"Allow": self.allow},
            )
        response = await handler(Request(scope, receive))
        await response(scope, receive, send)


def application(options: Options, pool: Pool | None = None) -> ASGIApp:
    """The ASGI application; its lifespan opens the graph and ends the processes."""
    server = _Server(options, pool or Pool(options))
    app: ASGIApp = server.router()
    app = Tokens(app, options.token, free=_FREE)
    app = Rates(app, options.rate)
    app = Sites(app, options.origins)
    app = Hosts(app, options.hosts, takes_any=options.is_public and not options.hosts)
    app = Told(app)
    if options.origins:
        app = CORSMiddleware(
            app,
            allow_origins=options.origins,
            allow_methods=("GET", "HEAD", "POST"),
            allow_headers=("Accept", "Authorization", "Content-Type", "If-None-Match"),
            expose_headers=_EXPOSED,
        )
    return Log(app, options.patience_seconds, is_shared=bool(options.origins))


@dataclass(slots=True)
class _Server:
    options: Options
    pool: Pool
    _pages: OrderedDict[str, bytes] = field(default_factory=OrderedDict)

    def router(self) -> Router:
        """All addresses."""
        endpoints = {
            "/": _Endpoint(GET=self.start),
            "/sparql": _Endpoint(GET=self.sparql, POST=self.sparql),
            "/queries": _Endpoint(GET=self.questions),
            "/queries/{name}": _Endpoint(GET=self.question),
            "/snapshots": _Endpoint(GET=self.snapshots),
            "/statements/{digits}": _Endpoint(GET=self.statement),
            "/id/{kind}/{digits}": _Endpoint(GET=self.described),
            "/view": _Endpoint(GET=self.view),
            "/health": _Endpoint(GET=self.health),
            "/limits": _Endpoint(GET=self.limits),
            "/problems": _Endpoint(GET=self.problems),
            "/openapi.json": _Endpoint(GET=self.openapi),
        }

        @asynccontextmanager
        async def lifespan(_: object) -> AsyncIterator[None]:
            try:
                yield
            finally:
                await self.pool.close()

        routes = [Route(path, endpoint) for path, endpoint in endpoints.items()]
        return Router(routes, redirect_slashes=False, default=_nothing, lifespan=lifespan)

    # SPARQL

    async def sparql(self, request: Request) -> Response:
        """The SPARQL 1.1 Protocol; without a query the description of the service."""
        given = await self._protocol(request)
        texts = given.get("query", [])
        for name in ("default-graph-uri", "named-graph-uri"):
            if len(given.get(name, [])) > _GRAPHS:
                raise Problem("wrong-parameter", f"give at most {_GRAPHS} graphs as {name}")
        if not texts and request.method in {"GET", "HEAD"} and "update" not in given:
            return await self._service(request)
        if "update" in given:
            raise Problem("read-only", "the graph is read-only: there are no updates")
        if len(texts) != 1:
            raise Problem("wrong-parameter", "give one query, as the parameter query")
        [text] = texts
        if len(text) > self.options.max_query:
            most = self.options.max_query
            raise Problem(
                "wrong-parameter", f"a query may have {most:,} characters, not {len(text):,}"
            )
        try:
            checked = check(text)
        except Refused as error:
            raise Problem("refused-query", str(error)) from error
        except QueryError as error:
            raise Problem("malformed-query", str(error)) from error
        is_rows = checked.form in {"SELECT", "ASK"}
        forms = media.ROWS if is_rows else media.GRAPHS
        kind = _kind(request, tuple(forms))
        task = {
            "do": "sparql",
            "text": text,
            "graphs": list(checked.graphs),
            "default": given.get("default-graph-uri", []),
            "named": given.get("named-graph-uri", []),
            "form": forms[kind],
            "max_rows": self.options.max_rows,
            "max_bytes": self.options.max_bytes,
        }
        return await self._answered(request, task, kind)

    async def _protocol(self, request: Request) -> dict[str, list[str]]:
        """Parameters of the protocol, from wherever they may stand."""
        given = _given(request)
        if request.method != "POST":
            return given
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/sparql-update":
            raise Problem("read-only", "the graph is read-only: there are no updates")
        if kind == "application/sparql-query":
            return {**given, "query": [*given.get("query", []), await self._body(request)]}
        if kind == _FORM:
            return _parsed(await self._body(request))
        raise Problem(
            "wrong-media-type",
            f"send a query as application/sparql-query or {_FORM}",
            {"Accept-Post": f"application/sparql-query, {_FORM}"},
        )

    async def _body(self, request: Request) -> str:
        most = self.options.max_body
        taken = bytearray()
        try:
            async with asyncio.timeout(self.options.patience_seconds):
                async for piece in request.stream():
                    taken += piece
                    if len(taken) > most:
                        raise Problem(
                            "too-large",
                            f"a request may have {most:,} bytes",
                            {"Connection": "close"},
                        )
        except TimeoutError as error:
            raise Problem(
                "slow-client", "the request's body did not come in time", {"Connection": "close"}
            ) from error
        except ClientDisconnect as error:
            raise Problem("slow-client", "the client has gone") from error
        try:
            return taken.decode()
        except UnicodeDecodeError as error:
            raise Problem("malformed-query", "the request is not UTF-8") from error

    async def _service(self, request: Request) -> Response:
        kind = _kind(request, (*media.GRAPHS, media.HTML))
        if kind == media.HTML:
            return Response(status_code=303, headers={"Location": "/", "Vary": "Accept"})
        opened = await self.pool.look()
        sizes = await self.pool.sizes()
        base = str(request.url.replace(query="", fragment=""))
        body = description(base, media.GRAPHS[kind], sizes)
        return self._fresh(request, str(opened.stamp), body, kind)

    # Questions, snapshots, statements

    async def questions(self, request: Request) -> Response:
        """The canned questions."""
        parameters.read((), _given(request))
        return self._fresh(request, "", _questions(), _kind(request, (media.JSON,)))

    async def question(self, request: Request) -> Response:
        """The answer to a canned question."""
        name = request.path_params["name"]
        try:
            query = get(name)
        except QueryError as error:
            told = without_commands(str(error))
            raise Problem("not-found", f"{told}; /queries lists them all") from error
        own = parameters.of_question(query)
        limit = parameters.limit(self.options.max_rows)
        values = parameters.read(parameters.of_address(query, limit), _given(request))
        chosen = values["format"]
        kind = (
            (media.JSON if chosen == "json" else media.CSV)
            if chosen
            else _kind(request, (media.JSON, media.CSV))
        )
        asked = {one.name: values[one.name] for one in own if values[one.name] is not None}
        offset, most = values["offset"], values["limit"]
        task = {
            "do": "question",
            "name": name,
            "parameters": asked,
            "labels": not values["iris"],
            "least": values.get("min-confidence") or 0.0,
            "limit": most,
            "offset": offset,
            "form": "CSV" if kind == media.CSV else "JSON",
        }

        def shaped(answer: Answer) -> bytes:
            if kind == media.CSV:
                return answer.body
            head = {
                "query": name,
                "question": query.question,
                "parameters": asked,
                "columns": list(query.columns),
            }
            return _with_rows(head, answer, offset, _next(request, answer, offset))

        return await self._answered(request, task, kind, shaped, offset=offset)

    async def snapshots(self, request: Request) -> Response:
        """The policies of the graph, each as it stood at some time."""
        limit = parameters.limit(self.options.max_rows)
        values = parameters.read((COMPANY, limit, OFFSET), _given(request))
        kind = _kind(request, (media.JSON,))
        offset = values["offset"]
        task = {
            "do": "snapshots",
            "company": values["company"],
            "limit": values["limit"],
            "offset": offset,
        }

        def shaped(answer: Answer) -> bytes:
            return _with_rows({}, answer, offset, _next(request, answer, offset))

        return await self._answered(request, task, kind, shaped, offset=offset)

    async def statement(self, request: Request) -> Response:
        """Why the graph holds a statement."""
        parameters.read((), _given(request))
        kind = _kind(request, (media.JSON, *media.GRAPHS))
        form = "JSON" if kind == media.JSON else media.GRAPHS[kind]
        digits = request.path_params["digits"]
        if not _DIGITS.fullmatch(digits):
            raise Problem(
                "not-found",
                f"{digits[:80]!r} is no statement: give the digits at the end of its IRI",
            )
        task = {"do": "statement", "digits": digits, "form": form}
        return await self._answered(request, task, kind)

    async def described(self, request: Request) -> Response:
        """What the graph says of one of its own things."""
        parameters.read((), _given(request))
        kind = _kind(request, tuple(media.GRAPHS))
        name = f"{request.path_params['kind']}/{request.path_params['digits']}"
        task = {"do": "description", "name": name, "form": media.GRAPHS[kind]}
        return await self._answered(request, task, kind)

    # Pages

    async def start(self, request: Request) -> Response:
        """The page to ask on."""
        headers = {"Content-Security-Policy": page_policy()}
        return self._fresh(request, "", page(), media.HTML, headers)

    async def view(self, request: Request) -> Response:
        """The page that shows what policies say."""
        values = parameters.read(parameters.VIEW, _given(request))
        _kind(request, (media.HTML,))
        opened = await self.pool.look()
        task = {
            "do": "view",
            "companies": values["company"],
            "snapshot": values["snapshot"],
            "focus": values["focus"],
            "least": values["min-confidence"],
        }
        headers = self._headers(request, str(opened.stamp), media.HTML)
        if _is_known(request, headers["ETag"], None):
            return Response(status_code=304, headers=headers)
        key = f"{opened.stamp} {json.dumps(task)}"
        body = self._pages.get(key)
        if body is None:
            body = (await self.pool.ask(task, _gone(request), _client(request))).body
            self._keep(key, body)
        headers["Content-Security-Policy"] = policy_of(body[:4000].decode("utf-8", "replace"))
        return Response(body, headers=headers, media_type=_full(media.HTML))

    def _keep(self, key: str, body: bytes) -> None:
        self._pages[key] = body
        self._pages.move_to_end(key)
        while len(self._pages) > 1 and (
            len(self._pages) > _PAGES or sum(map(len, self._pages.values())) > _PAGES_SIZE
        ):
            self._pages.popitem(last=False)

    # About the server

    async def health(self, request: Request) -> Response:
        """Whether the graph can be asked, and read from its beginning to its end."""
        parameters.read((), _given(request))
        opened = await self.pool.look()
        sizes = await self.pool.sizes()
        told = {
            "status": "ok",
            "version": __version__,
            "generation": opened.name,
            "since": _iso(opened.stamp.modified_seconds),
            "quads": sizes.get("quads"),
            "graphs": sizes.get("graphs"),
            **self.pool.counts(),
        }
        return Response(_json(told), headers={"Cache-Control": "no-store"}, media_type=media.JSON)

    async def limits(self, request: Request) -> Response:
        """What a client may ask of the server."""
        parameters.read((), _given(request))
        options = self.options
        told = {
            "limit_seconds": options.limit_seconds,
            "memory_bytes": options.memory,
            "rows": options.max_rows,
            "answer_bytes": options.max_bytes,
            "request_bytes": options.max_body,
            "query_characters": options.max_query,
            "requests_per_second": options.rate,
        }
        return self._fresh(request, "", _json(told), _kind(request, (media.JSON,)))

    async def problems(self, request: Request) -> Response:
        """The problems that answers may tell of."""
        parameters.read((), _given(request))
        told = {
            name: {"status": status, "title": title} for name, (status, title) in PROBLEMS.items()
        }
        return self._fresh(request, "", _json(told), _kind(request, (media.JSON,)))

    async def openapi(self, request: Request) -> Response:
        """The description of all this."""
        parameters.read((), _given(request))
        body = _json(document(self.options))
        return self._fresh(request, "", body, _kind(request, (media.JSON,)))

    # Answers

    async def _answered(
        self,
        request: Request,
        task: dict[str, Any],
        kind: str,
        shaped: Callable[[Answer], bytes] = lambda answer: answer.body,
        *,
        offset: int | None = None,
    ) -> Response:
        """The pool's answer, or that the client has it already."""
        opened = await self.pool.look()
        headers = self._headers(request, str(opened.stamp), kind)
        headers["Last-Modified"] = _http_date(opened.stamp.modified_seconds)
        if _is_known(request, headers["ETag"], opened.stamp.modified_seconds):
            return Response(status_code=304, headers=headers)
        answer = await self.pool.ask(task, _gone(request), _client(request))
        if request.method == "POST":
            del headers["ETag"], headers["Last-Modified"]
            headers["Cache-Control"] = "no-store"
        if cut := answer.facts.get("cut"):
            most = self.options.max_bytes if cut == "bytes" else self.options.max_rows
            headers["X-Result-Cut"] = f"{cut}; max={most}"
            headers["Link"] = '</limits>; rel="help"'
        if offset is not None:
            headers["X-Total-Count"] = str(answer.facts["total"])
            if following := _next(request, answer, offset):
                headers["Link"] = f'<{following}>; rel="next"'
        return Response(shaped(answer), headers=headers, media_type=_full(kind))

    def _headers(self, request: Request, version: str, kind: str) -> dict[str, str]:
        """What lets a client keep an answer and ask whether it still holds."""
        name = digest(__version__, version, request.url.path, request.url.query, kind)
        return {
            "ETag": f'"{name}"',
            "Cache-Control": "private, no-cache" if self.options.token else "no-cache",
            "Vary": "Accept",
        }

    def _fresh(
        self,
        request: Request,
        version: str,
        body: bytes,
        kind: str,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """An answer that is at hand, or that the client has it already."""
        content = digest(version, body.decode("utf-8", "replace"))
        every = {**self._headers(request, content, kind), **(headers or {})}
        if _is_known(request, every["ETag"], None):
            return Response(status_code=304, headers=every)
        return Response(body, headers=every, media_type=_full(kind))


async def _nothing(scope: Scope, _receive: Receive, _send: Send) -> None:
    if scope["type"] == "http":
        raise Problem("not-found", "there is nothing here: /openapi.json tells what there is")


def _given(request: Request) -> dict[str, list[str]]:
    return _parsed(request.url.query)


def _parsed(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:  # also of what is not UTF-8
        raise Problem("wrong-parameter", "the parameters cannot be read") from error


def _kind(request: Request, offers: Sequence[str]) -> str:
    """The media type that the client likes best.

    Raises:
        Problem: it likes none that there is.
    """
    chosen = media.choose(request.headers.get("accept"), offers)
    if chosen is None:
        raise Problem(
            "not-acceptable", f"there are {', '.join(offers)}", more={"available": list(offers)}
        )
    return chosen


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _gone(request: Request) -> Callable[[], Awaitable[None]]:
    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return watch


def _is_known(request: Request, tag: str, modified: float | None) -> bool:
    """Whether the client says that it has this very answer."""
    if request.method not in {"GET", "HEAD"}:
        return False
    tags = request.headers.get("if-none-match")
    if tags is not None:
        given = {one.strip().removeprefix("W/") for one in tags.split(",")}
        return tag in given or "*" in given
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return int(modified) <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


def _next(request: Request, answer: Answer, offset: int) -> str | None:
    """Where the rows go on; ``None`` when there are no more."""
    after = offset + answer.facts["rows"]
    if after >= answer.facts["total"] or not answer.facts["rows"]:
        return None
    given = {**_given(request), "offset": [str(after)]}
    return f"{request.url.path}?{urlencode(given, doseq=True)}"


def _with_rows(
    head: Mapping[str, Any], answer: Answer, offset: int, following: str | None
) -> bytes:
    """JSON with rows that are JSON already."""
    whole = {**head, "total": answer.facts["total"], "offset": offset, "next": following}
    return _json(whole)[:-1] + b', "rows": ' + answer.body + b"}"


@cache
def _questions() -> bytes:
    found = [get(name) for name in names()]
    return _json(
        [
            {
                "name": query.name,
                "question": query.question,
                "parameters": [
                    {
                        "name": one.name,
                        "required": one.is_required,
                        "meaning": one.meaning,
                    }
                    for one in parameters.of_question(query)
                ],
                "columns": list(query.columns),
                "view": query.view,
                "href": f"/queries/{query.name}",
                "sparql": query.text,
            }
            for query in found
        ]
    )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _full(kind: str) -> str:
    """The Content-Type; texts are UTF-8."""
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _http_date(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(int(seconds), UTC), usegmt=True)
