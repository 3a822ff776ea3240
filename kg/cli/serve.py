"""``kg serve``: the graph over HTTP."""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path

import click

from kg.cli.base import graph_option, is_quiet, kg, voice
from kg.errors import UsageError

_INTERRUPTED = 130


@kg.command()
@graph_option
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Listen there."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=7700,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--public",
    "is_public",
    is_flag=True,
    help="Let other machines reach it; needs a token in KG_SERVE_TOKEN.",
)
@click.option(
    "--allow-host", "hosts", multiple=True, metavar="NAME", help="Answer to this name too."
)
@click.option(
    "--cors", "origins", multiple=True, metavar="ORIGIN", help="Let pages of this origin ask."
)
@click.option(
    "--proxied", "is_proxied", is_flag=True, help="A proxy on this machine tells who asks."
)
@click.option(
    "--rate",
    type=click.FloatRange(0),
    default=50.0,
    show_default=True,
    metavar="N",
    help="Requests a second of one client; 0 sets no limit.",
)
@click.option(
    "--limit-seconds",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    help="Stop a question then.",
)
@click.option(
    "--limit-memory",
    type=click.IntRange(64),
    default=2048,
    show_default=True,
    metavar="MIB",
    help="Stop a question that takes more.",
)
@click.option(
    "--max-rows",
    type=click.IntRange(1),
    default=100_000,
    show_default=True,
    metavar="N",
    help="Cut an answer there, and say so.",
)
@voice
def serve(
    folder: Path,
    host: str,
    port: int,
    is_public: bool,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    is_proxied: bool,
    rate: float,
    limit_seconds: float,
    limit_memory: int,
    max_rows: int,
) -> int:
    """Serve the graph over HTTP: SPARQL, the canned questions, statements and the view.

    It ends when it is interrupted or terminated, after it has answered what it was asked.
    """
    from kg.server.guards import is_origin  # noqa: PLC0415 - heavy
    from kg.server.options import Options, is_loopback, token_of_environment  # noqa: PLC0415
    from kg.server.run import serve as run  # noqa: PLC0415

    if wrong := [origin for origin in origins if not is_origin(origin)]:
        raise UsageError(f"{wrong[0]!r} is no origin: write it as https://example.org")
    options = Options(
        folder=folder,
        token=token_of_environment(),
        hosts=hosts,
        is_public=is_public and not is_loopback(host),
        origins=origins,
        is_proxied=is_proxied,
        rate=rate,
        limit_seconds=limit_seconds,
        memory=limit_memory << 20,
        max_rows=max_rows,
    )
    _set_logging()

    def ready(address: str) -> None:
        if not is_quiet():
            click.echo(f"serving {folder} at {address}", err=True)

    ended_by = run(options, host, port, ready=ready)
    return _INTERRUPTED if ended_by == signal.SIGINT else 0


def _set_logging() -> None:
    """One line a request on stderr, unless only errors are to be told."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log = logging.getLogger("kg.server")
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(logging.WARNING if is_quiet() else logging.INFO)
