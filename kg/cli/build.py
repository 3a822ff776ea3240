"""Policies in: ``kg build`` and ``kg extract``."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from kg.cli.base import (
    complain,
    is_quiet,
    kg,
    output_option,
    reading_least_option,
    voice,
    width_of,
    written,
)
from kg.errors import InputError, KgError, MissingPart, Skipped, UsageError

if TYPE_CHECKING:
    from kg.documents import Wanted
    from kg.model import Document, Statement
    from kg.pipeline import Report
    from kg.remote import Address

BAD_INPUT = InputError.exit_code


@kg.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path())
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("kg-data"),
    show_default=True,
    metavar="DIR",
    help="Folder for the graph.",
)
@click.option(
    "--git",
    "has_history",
    is_flag=True,
    help="Read the past too: of git repositories, every version of their policies.",
)
@click.option(
    "--path",
    "paths",
    multiple=True,
    metavar="PATTERN",
    help="With --git: these files ('*/Privacy Policy.md' if left out); may be repeated.",
)
@click.option("--since", metavar="DATE", help="With --git: versions of this day or later.")
@click.option(
    "--services", metavar="NAME,...", help="With --git: only files in folders of these names."
)
@click.option(
    "--max-per-service",
    "most",
    type=click.IntRange(1),
    metavar="N",
    help="With --git: so many versions of a file at most, spread over its past.",
)
@click.option(
    "--store",
    "stores",
    multiple=True,
    metavar="URL",
    help="Keep the graph on this SPARQL server too (sparql+http://HOST:PORT/…); may be repeated.",
)
@click.option("--base", metavar="IRI", help="Where the IRIs of companies, statements, … begin.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; one a core if left out.")
@click.option("--force", is_flag=True, help="Read every policy again, changed or not.")
@click.option(
    "--limit-seconds",
    type=click.FloatRange(0, min_open=True),
    default=120.0,
    show_default=True,
    help="Skip a policy that takes longer.",
)
@click.option(
    "--limit-memory",
    type=click.IntRange(100),
    default=4000,
    show_default=True,
    metavar="MB",
    help="Skip a policy for which a process takes more memory.",
)
@click.option(
    "--watch",
    "is_watching",
    is_flag=True,
    help="Go on, and build again whenever an input has changed, until Ctrl-C.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Read on the workers of a Dask cluster: tcp://HOST:PORT."
)
@reading_least_option
@voice
def build(
    inputs: tuple[str, ...],
    folder: Path,
    has_history: bool,
    paths: tuple[str, ...],
    since: str | None,
    services: str | None,
    most: int | None,
    stores: tuple[str, ...],
    base: str | None,
    jobs: int | None,
    force: bool,
    limit_seconds: float,
    scheduler: str | None,
    limit_memory: int,
    is_watching: bool,
    least: float | None,
) -> None:
    """Build the graph of policies, or bring it up to date.

    INPUT is a folder, or a file: .md, .html, .txt or .pdf; with --git it may be the clone of a git
    repository, of which every version is read. Only what has changed since the last build is read
    again.
    """
    from functools import partial  # noqa: PLC0415 - so that help costs nothing

    from kg import pipeline  # noqa: PLC0415
    from kg.console import progress_for  # noqa: PLC0415
    from kg.iris import BASE  # noqa: PLC0415
    from kg.pool import Limits, Setup  # noqa: PLC0415
    from kg.settings import models  # noqa: PLC0415

    servers = _servers(stores)
    history = _history(paths, since, services, most) if has_history else None
    if not has_history and (given := paths or since or services or most):
        raise UsageError(f"{given!r} is for the past of a repository: add --git")
    if scheduler and jobs:
        raise UsageError("--jobs is for this machine: leave it out with --scheduler")
    limits, cluster = Limits(limit_seconds, limit_memory), None
    if scheduler:
        from kg.cluster import Cluster  # noqa: PLC0415

        setup = Setup(folder, base or BASE, least, models())
        cluster = Cluster(setup, scheduler=scheduler, limits=limits)
    once = partial(
        pipeline.build,
        inputs,
        folder,
        base=base or BASE,
        history=history,
        jobs=jobs,
        limits=limits,
        least=least,
        readers=cluster,
        servers=servers,
    )
    first = partial(once, force=force, progress=progress_for(sys.stderr, is_quiet=is_quiet()))
    if is_watching:
        _watch(inputs, folder, first, once)
    elif not _built(first):
        click.get_current_context().exit(BAD_INPUT)


def _built(first: Callable[[], Report]) -> bool:
    """Builds and tells of it; whether all could be read."""
    import time  # noqa: PLC0415

    from kg.console import summary  # noqa: PLC0415
    from kg.manifest import Status  # noqa: PLC0415

    started = time.monotonic()
    report = first()
    failed = report.of(Status.FAILED)
    if not is_quiet():
        click.echo(summary(report, seconds=time.monotonic() - started))
        for filled in report.servers:
            click.echo(filled.told())
    else:
        for entry in failed:
            complain(entry.reason or entry.name)
    return not failed


def _watch(
    inputs: Sequence[str], folder: Path, first: Callable[[], Report], again: Callable[[], Report]
) -> None:
    """Builds, and again after each change, whatever goes wrong, until Ctrl-C."""
    import time  # noqa: PLC0415

    from kg.console import line_of  # noqa: PLC0415
    from kg.watch import Watch  # noqa: PLC0415

    with Watch(inputs, folder) as watch:
        try:
            _built(first)
        except UsageError:
            raise
        except KgError as error:
            complain(str(error))
        while True:
            if not is_quiet():
                click.echo("Watching for changes; Ctrl-C ends it.", err=True)
            try:
                watch.wait()
            except KeyboardInterrupt:
                return
            started = time.monotonic()
            try:
                report = again()
            except KgError as error:
                complain(str(error))
            else:
                if not is_quiet():
                    click.echo(line_of(report, seconds=time.monotonic() - started))
                    for filled in report.servers:
                        click.echo(filled.told())
                    sys.stdout.flush()


def _servers(stores: tuple[str, ...]) -> tuple[Address, ...]:
    if not stores:
        return ()
    from kg.remote import parse_address  # noqa: PLC0415 - heavy

    return tuple(map(parse_address, stores))


def _history(
    paths: tuple[str, ...], since: str | None, services: str | None, most: int | None
) -> Wanted:
    from kg.days import first_day  # noqa: PLC0415 - heavy
    from kg.documents import USUAL_PATHS, Wanted  # noqa: PLC0415

    return Wanted(
        paths or USUAL_PATHS,
        first_day(since) if since else None,
        tuple(name.strip() for name in (services or "").split(",") if name.strip()),
        most,
    )


@kg.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path())
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "table"]), default="jsonl", show_default=True
)
@click.option("--lines", is_flag=True, help="Every line of a file is a document of one sentence.")
@reading_least_option
@output_option
@voice
def extract(
    inputs: tuple[str, ...], form: str, lines: bool, least: float | None, output: Path
) -> None:
    """Print the statements of policies, without a graph.

    INPUT is a file or a folder; - is standard input. One JSON object a statement, as soon as
    its document is read.
    """
    from kg.statements import read_statements  # noqa: PLC0415 - heavy
    from kg.worker import unread  # noqa: PLC0415

    problems = _Problems()
    with written(output) as out:
        write = _write_records if form == "jsonl" else _write_table
        for document, line in _documents(inputs, lines, problems):
            try:
                found = read_statements(document, line=line, least=least).statements
            except MissingPart:
                raise
            except Exception as error:
                problems.note(unread(document.name, error))
            else:
                write(found, out)
    problems.end()


class _Problems:
    """What could not be read, told at once and counted for the exit code."""

    def __init__(self) -> None:
        self.failed = False

    def note(self, error: KgError) -> None:
        if not isinstance(error, Skipped):
            self.failed = True
            complain(str(error))
        elif not is_quiet():
            complain(str(error), "skipped")

    def end(self) -> None:
        if self.failed:
            click.get_current_context().exit(BAD_INPUT)


def _documents(
    inputs: Sequence[str], lines: bool, problems: _Problems
) -> Iterator[tuple[Document, int | None]]:
    """Documents of the inputs, each with its line's number if lines are wanted."""
    from kg.documents import find, read, read_lines  # noqa: PLC0415 - heavy
    from kg.worker import unread  # noqa: PLC0415

    for given in inputs:
        with _as_path(given) as path:
            try:
                for source in find([path]):
                    name = "-" if given == "-" else source.name
                    try:
                        if source.error:
                            raise InputError(source.error)
                        if lines:
                            found = read_lines(source.path, name=name)
                            yield from ((document, line) for line, document in enumerate(found))
                        else:
                            yield read(source.path, name=name, declared=source.declared), None
                    except (InputError, Skipped) as error:
                        problems.note(error)
                    except (RecursionError, MemoryError, ValueError, LookupError) as error:
                        problems.note(unread(name, error))
            except InputError as error:
                problems.note(error)


@contextmanager
def _as_path(given: str) -> Iterator[Path]:
    """The input as a path; standard input goes to a file first, up to what a policy may have."""
    if given != "-":
        yield Path(given)
        return
    import tempfile  # noqa: PLC0415

    from kg.documents import MAX_BYTES  # noqa: PLC0415 - heavy

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stdin.txt"
        path.write_bytes(sys.stdin.buffer.read(MAX_BYTES + 1))
        yield path


def _write_records(statements: Sequence[Statement], out: TextIO) -> None:
    import json  # noqa: PLC0415

    from kg.records import record  # noqa: PLC0415

    for statement in statements:
        text = json.dumps(record(statement), ensure_ascii=False)
        # Lone surrogates, and line breaks that some readers split at.
        out.write(re.sub("[\ud800-\udfff\x85\u2028\u2029]", _json_escape, text) + "\n")
    out.flush()


def _json_escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _write_table(statements: Sequence[Statement], out: TextIO) -> None:
    from kg.queries import format_result  # noqa: PLC0415 - heavy
    from kg.records import table  # noqa: PLC0415

    if statements:
        out.write(format_result(table(statements), "table", width=width_of(out)))
        out.flush()
