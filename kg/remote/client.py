"""HTTP to a SPARQL server: the query, update and Graph Store protocols.

Every call here may be repeated without harm, so a server that is busy or restarts is asked again
a few times. Redirects are not followed: credentials stay with the host that they are meant for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from kg.errors import QueryError, StoreError
from kg.remote.address import Address, Credentials, credentials
from kg.triples import is_iri

_log = logging.getLogger(__name__)

JSON = "application/sparql-results+json"
NTRIPLES = "application/n-triples"
#: Seconds: to connect, and for a server to begin to answer when nobody sets a limit.
_CONNECT_SECONDS = 10.0
_ANSWER_SECONDS = 600.0
_TRIES = 4
_BUSY = frozenset({429, 502, 503, 504})
_LONGEST_WAIT = 30.0
#: Characters of a server's own words in a message.
_WORDS = 300


class Client:
    """A connection to a server. Use it in a ``with`` block.

    Args:
        limit_seconds: for all that is asked over it, from now on.
    """

    def __init__(
        self,
        address: Address,
        given: Credentials | None = None,
        *,
        limit_seconds: float | None = None,
    ) -> None:
        self.address = address
        self._limit = limit_seconds
        self._end = time.monotonic() + limit_seconds if limit_seconds is not None else None
        self._given = credentials() if given is None else given
        self._http = httpx.Client(
            auth=_auth(self._given),
            follow_redirects=False,
            headers={"User-Agent": "privflow"},
        )
        _warn_of_plain(address, self._given)

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes it."""
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._http.close()

    def query(
        self,
        text: str,
        *,
        accept: str = JSON,
        parameters: Mapping[str, str] | None = None,
    ) -> bytes:
        """The server's answer to a SPARQL query.

        Raises:
            QueryError: the server refuses the query, has cut its answer, or took too long.
            StoreError: the server cannot be reached, or lets nobody in.
        """
        answer = self._send(
            "POST",
            self.address.query,
            params=parameters,
            data={"query": text},
            headers={"Accept": accept},
        )
        cut = answer.headers.get("X-SPARQL-MaxRows")
        if cut:
            raise QueryError(
                f"{self.address} cuts answers after {cut} rows: raise ResultSetMaxRows in its "
                "virtuoso.ini, or narrow the query"
            )
        return answer.content

    def update(self, text: str) -> None:
        """Runs a SPARQL update.

        Raises:
            StoreError: the server cannot be reached, refuses it, or takes no updates.
        """
        if self.address.update is None:
            raise StoreError(f"{self.address} takes no updates: give update= in its URL")
        self._send(
            "POST",
            self.address.update,
            content=text.encode(),
            headers={"Content-Type": "application/sparql-update"},
        )

    def put(self, graph: str, ntriples: bytes) -> None:
        """Puts a graph in the place of what the server holds under its name, as a whole.

        Raises:
            StoreError: as :meth:`update`.
        """
        if self.address.data is None:
            text = ntriples.decode()
            self.update(f"DROP SILENT GRAPH <{_safe(graph)}> ;\n"
                        f"INSERT DATA {{ GRAPH <{_safe(graph)}> {{\n{text}}} }}")  # fmt: skip
            return
        self._send(
            "PUT",
            self.address.data,
            params={"graph": graph},
            content=ntriples,
            headers={"Content-Type": NTRIPLES},
        )

    def drop(self, graph: str) -> None:
        """Removes a graph; one that is not there is no error.

        Raises:
            StoreError: as :meth:`update`.
        """
        if self.address.update is not None:
            self.update(f"DROP SILENT GRAPH <{_safe(graph)}>")
        elif self.address.data is not None:
            self._send(
                "DELETE", self.address.data, params={"graph": graph}, is_fine=frozenset({404})
            )

    def graph(self, graph: str) -> bytes:
        """A graph as N-Triples; empty when there is none.

        Raises:
            StoreError: the server cannot be reached, or lets nobody in.
        """
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{_safe(graph)}> {{ ?s ?p ?o }} }}"
        return self.query(text, accept=NTRIPLES)

    def _send(
        self,
        method: str,
        url: str,
        *,
        is_fine: frozenset[int] = frozenset(),
        **given: Any,
    ) -> httpx.Response:
        for number in range(_TRIES):
            wait = 0.25 * 2**number
            try:
                answer = self._once(method, url, given)
            except httpx.ConnectTimeout:
                problem = "did not answer in time"
            except httpx.TimeoutException:
                if self._end is not None:
                    raise self._too_late() from None
                raise StoreError(f"{self.address} did not answer in time") from None
            except httpx.TransportError as error:
                problem = f"cannot be reached: {self._plain(str(error)) or type(error).__name__}"
            else:
                if answer.is_success or answer.status_code in is_fine:
                    return answer
                if answer.status_code not in _BUSY:
                    raise self._refusal(answer)
                problem = f"is busy (status {answer.status_code})"
                wait = max(wait, _asked_wait(answer))
            is_late = self._end is not None and time.monotonic() + wait > self._end
            if number + 1 == _TRIES or is_late:
                raise StoreError(f"{self.address} {problem}; is it running, and is the URL right?")
            _log.debug("%s %s: again in %.2g s", self.address, problem, wait)
            time.sleep(wait)
        raise AssertionError

    def _once(self, method: str, url: str, given: Mapping[str, Any]) -> httpx.Response:
        """One try; the limit holds for the whole answer, however slowly it comes."""
        started = time.monotonic()
        left = _ANSWER_SECONDS if self._end is None else self._end - started
        if left <= 0:
            raise self._too_late()
        timeout = httpx.Timeout(left, connect=min(left, _CONNECT_SECONDS))
        with self._http.stream(method, url, timeout=timeout, **given) as answer:
            parts = []
            for part in answer.iter_bytes():
                parts.append(part)
                if self._end is not None and time.monotonic() > self._end:
                    raise self._too_late()
        took = time.monotonic() - started
        _log.debug("%s %s: status %d after %.2f s", method, url, answer.status_code, took)
        answer.headers.pop("Content-Encoding", None)  # the parts are decoded
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            content=b"".join(parts),
            request=answer.request,
        )

    def _too_late(self) -> QueryError:
        return QueryError(
            f"{self.address} gave no whole answer within {self._limit:g} seconds (it may still be "
            "at it): narrow the query, for example to one company, or raise the limit "
            "(--limit-seconds)"
        )

    def _refusal(self, answer: httpx.Response) -> StoreError | QueryError:
        code = answer.status_code
        if code in {401, 403}:
            have = self._given.token or self._given.user
            hint = (
                "check KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN, and its rights"
                if have
                else "set KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN"
            )
            return StoreError(f"{self.address} does not let us in (status {code}): {hint}")
        if answer.has_redirect_location:
            there = urlsplit(answer.headers["Location"]).hostname or "another path"
            return StoreError(
                f"{self.address} sends us on to {there}, and redirects are not followed: give "
                "the address that it means"
            )
        # Virtuoso repeats the whole query.
        words = self._plain(answer.text[: 4 * _WORDS].partition("SPARQL query:")[0])
        path = urlsplit(str(answer.request.url)).path
        told = f"{self.address} refuses {answer.request.method} {path} (status {code}): {words}"
        is_question = str(answer.request.url).split("?")[0] == self.address.query
        if code == 404:
            return StoreError(f"{told}; give the endpoints in the URL: ?query=/…&update=/…&data=/…")
        return QueryError(told) if is_question else StoreError(told)

    def _plain(self, text: str) -> str:
        """A server's words, short, on one line, and without what only we should know."""
        for secret in (self._given.password, self._given.token):
            if secret:
                text = text.replace(secret, "***")
        return " ".join(text.split())[:_WORDS]


class _Challenged(httpx.Auth):
    """A user's name and password, as the server asks for them: basic or digest."""

    requires_response_body = True

    def __init__(self, given: Credentials) -> None:
        self._basic = httpx.BasicAuth(given.user, given.password)
        self._digest = httpx.DigestAuth(given.user, given.password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._chosen is None:
            answer = yield request
            if answer.status_code != 401:
                return
            asked = answer.headers.get("WWW-Authenticate", "").lower()
            self._chosen = self._digest if "digest" in asked else self._basic
        yield from self._chosen.auth_flow(request)


class _Bearer(httpx.Auth):
    def __init__(self, given: Credentials) -> None:
        self._header = f"Bearer {given.token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header
        yield request


def _auth(given: Credentials) -> httpx.Auth | None:
    if given.token:
        return _Bearer(given)
    return _Challenged(given) if given.user else None


def _warn_of_plain(address: Address, given: Credentials) -> None:
    host = urlsplit(address.query).hostname or ""
    is_near = host in {"localhost", "::1"} or host.startswith("127.")
    if (given.token or given.user) and address.query.startswith("http:") and not is_near:
        _log.warning("%s: credentials go over the net unencrypted: use sparql+https", address)


def _asked_wait(answer: httpx.Response) -> float:
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_WAIT) if asked.isdigit() else 0.0


def _safe(graph: str) -> str:
    if not is_iri(graph):
        raise StoreError(f"{graph!r} is no IRI that a graph can have")
    return graph
