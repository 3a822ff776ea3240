"""Questions to the graph: ``kg query``, ``kg queries``, ``kg explain`` and ``kg stats``."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.base import (
    graph_option,
    is_quiet,
    kg,
    least_option,
    output_option,
    voice,
    width_of,
    written,
)
from kg.errors import InputError, UsageError

if TYPE_CHECKING:
    from kg.model import Result

_NAME = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


class _QueryCommand(click.Command):
    """Canned questions take their parameters as options, from what the queries declare."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        from kg.queries import PARAMETERS  # noqa: PLC0415 - heavy

        taken = {parameter.name for parameter in self.params}
        self.params += [
            click.Option([f"--{name}"], help=f"Of canned questions: {meaning}.")
            for name, meaning in PARAMETERS.items()
            if name not in taken
        ]
        return super().get_params(ctx)


@kg.command(cls=_QueryCommand)
@click.argument("question", metavar="QUESTION", shell_complete=lambda *_: _complete_names())
@graph_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "ttl", "md"]),
    default="table",
    show_default=True,
)
@click.option(
    "--limit-seconds",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    help="Stop the question then.",
)
@click.option("--columns", metavar="NAME,...", help="Show only these columns, in this order.")
@click.option("--iris", is_flag=True, help="Show IRIs in place of names.")
@least_option
@output_option
@voice
def query(
    question: str,
    folder: Path | str,
    form: str,
    limit_seconds: float,
    columns: str | None,
    iris: bool,
    least: float,
    output: Path,
    **parameters: str | None,
) -> None:
    """Ask the graph a question.

    QUESTION is the name of a canned one (`kg queries` lists them), SPARQL, @FILE.rq with SPARQL in
    it, or - for SPARQL from standard input.
    """
    from kg.queries import format_result, run_limited, run_sparql  # noqa: PLC0415 - heavy

    result: Result | str
    if _NAME.fullmatch(question):
        result = run_limited(
            question, folder, limit_seconds=limit_seconds, labels=not iris, least=least,
            **parameters,
        )  # fmt: skip
    else:
        given = [name for name, value in parameters.items() if value is not None]
        if least:
            given.append("min-confidence")
        if given:
            raise UsageError(f"--{given[0]} is for canned questions: put it into your SPARQL")
        result = run_sparql(_sparql(question), folder, limit_seconds=limit_seconds)
    if columns and not isinstance(result, str):
        result = _chosen(result, [name.strip() for name in columns.split(",")])
    with written(output) as out:
        out.write(format_result(result, form, width=width_of(out)))
    if not isinstance(result, str) and not result.rows and not is_quiet():
        click.echo("no rows: nothing in the graph fits", err=True)


@kg.command()
@voice
def queries() -> None:
    """List the canned questions and what each takes."""
    from kg.queries import get, names  # noqa: PLC0415 - heavy

    for name in names():
        found = get(name)
        click.echo(click.style(name, bold=True))
        click.echo(f"  {found.question}")
        if options := _options_of(found.parameters, found.requires):
            click.echo(f"  {options}")


def _options_of(parameters: Sequence[str], required: Sequence[str]) -> str:
    shown = (f"--{name} …" if name in required else f"[--{name} …]" for name in parameters)
    return " ".join(shown)


@kg.command()
@click.argument("statement")
@graph_option
@voice
def explain(statement: str, folder: Path | str) -> None:
    """Show where a statement stands, and its roles.

    STATEMENT is its IRI, or the digits at the IRI's end, or the first of them.
    """
    from kg.explain import explain as explained  # noqa: PLC0415 - heavy
    from kg.store import open_store  # noqa: PLC0415

    with open_store(folder) as store:
        found = explained(store, statement)
    if sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 - heavy

        Console(highlight=False).print(found)
    else:
        click.echo(found.to_text(), nl=False)


@kg.command()
@click.option("--company", help="Only this company's policies.")
@graph_option
@least_option
@voice
def stats(company: str | None, folder: Path | str, least: float) -> None:
    """Count what the graph holds: companies, policies, actions, data, recipients."""
    from kg.queries import format_result  # noqa: PLC0415 - heavy
    from kg.stats import stats as counted  # noqa: PLC0415
    from kg.store import open_store  # noqa: PLC0415

    with open_store(folder) as store:
        found = counted(store, company=company, least=least)
    for title, result in found.tables():
        click.echo(click.style(title, bold=True))
        click.echo(format_result(result, "table", width=width_of(sys.stdout)))


def _complete_names() -> list[str]:
    from kg.queries import names  # noqa: PLC0415 - heavy

    return list(names())


def _chosen(result: Result, columns: Sequence[str]) -> Result:
    """The columns asked for; rows that do not differ in them are one."""
    from kg.model import Result as Rows  # noqa: PLC0415

    if unknown := [name for name in columns if name not in result.columns]:
        raise UsageError(f"no column {unknown[0]!r}: there are {', '.join(result.columns)}")
    places = [result.columns.index(name) for name in columns]
    rows = dict.fromkeys(tuple(row[place] for place in places) for row in result.rows)
    return Rows(tuple(columns), tuple(rows))


def _sparql(question: str) -> str:
    if question == "-":
        data, name = sys.stdin.buffer.read(), "standard input"
    elif question.startswith("@"):
        name = question[1:]
        try:
            data = Path(name).read_bytes()
        except OSError as error:
            raise InputError(
                f"{name}: cannot be read ({error.strerror}); check the path"
            ) from error
    else:
        return question
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: is not UTF-8; save it as UTF-8") from error
