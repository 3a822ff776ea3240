"""A server from its start to its end, on a signal or a mistake."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.errors import StoreError, UsageError
from kg.server.app import application
from kg.server.options import Options, check_address
from kg.server.pool import Pool
from kg.server.problems import Problem

_log = logging.getLogger(__name__)

#: Bytes of a request's line and headers: a query in the address has to fit.
_HEAD = 1 << 17
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _Server(uvicorn.Server):
    """Leaves signals to :func:`serve`."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _protocol(patience_seconds: float) -> type[H11Protocol]:
    """uvicorn's, but for clients that connect and then say nothing, or say it slowly."""

    class Patient(H11Protocol):
        _watch: asyncio.TimerHandle | None = None
        _was_waiting = False

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            # asyncio does so only where the listener says that it speaks TCP; without it the body
            # waits for the client to have acknowledged the headers.
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._arm()

        def _arm(self) -> None:
            # Seen twice: what has only just begun to come gets its time.
            self._watch = self.loop.call_later(patience_seconds / 2, self._look, self.cycle)

        def _look(self, cycle: object) -> None:
            """Closes a connection whose next request is not there yet, though it began."""
            if self.transport.is_closing():
                return
            is_asking = self.cycle is not None and not self.cycle.response_complete
            is_waiting = (
                not is_asking and self.cycle is cycle and self.timeout_keep_alive_task is None
            )
            if is_waiting and self._was_waiting:
                self.transport.abort()
                return
            self._was_waiting = is_waiting
            self._arm()

        def connection_lost(self, exc: Exception | None) -> None:
            if self._watch is not None:
                self._watch.cancel()
            super().connection_lost(exc)

    return Patient


def serve(
    options: Options, host: str, port: int, *, ready: Callable[[str], None] = lambda _: None
) -> int:
    """Answers until a signal says that it is enough; returns that signal's number.

    Requests that are running then are finished, within ``options.stop_seconds``; a second signal
    ends them too.

    Args:
        port: 0 takes a free one.
        ready: gets the address, once it can be asked.

    Raises:
        UsageError: it cannot listen there, or must not.
        StoreError: the graph cannot be opened.
    """
    check_address(host, is_public=options.is_public, token=options.token)
    with _listening(host, port) as listener:
        return asyncio.run(_serve(options, host, listener, ready))


async def _serve(
    options: Options, host: str, listener: socket.socket, ready: Callable[[str], None]
) -> int:
    pool = Pool(options)
    try:
        await pool.look()
    except Problem as problem:
        await pool.close()
        raise StoreError(problem.detail) from problem
    config = uvicorn.Config(
        application(options, pool),
        http=_protocol(options.patience_seconds),
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=options.is_proxied,
        forwarded_allow_ips="127.0.0.1",
        limit_concurrency=options.connections,
        backlog=options.connections,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=int(options.stop_seconds),
        h11_max_incomplete_event_size=_HEAD,
    )
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    server = _Server(config)
    heard: list[int] = []

    def stop(number: int) -> None:
        server.force_exit = bool(heard)
        server.should_exit = True
        heard.append(number)

    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop, number)
    name = f"[{host}]" if ":" in host else host
    ready(f"http://{name}:{listener.getsockname()[1]}/")
    try:
        await server.serve(sockets=[listener])
    finally:
        await pool.close()
    return heard[0] if heard else 0


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"cannot listen on {host}, port {port} ({reason}): choose others with --host, --port"
        ) from error
    return listener
