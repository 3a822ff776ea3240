"""How findings of comparisons are told: as rows, as a report, or as values for a program."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.cli.base import (
    graph_option,
    is_quiet,
    least_option,
    output_option,
    voice,
    width_of,
    written,
)

if TYPE_CHECKING:
    from kg.model import Result
    from kg.views.report import Report

_Function = TypeVar("_Function", bound=Callable[..., Any])

FORMATS = ("table", "md", "json", "csv", "html")

format_option = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True
)


def findings_options(function: _Function) -> _Function:
    """The options of all commands that tell findings of a graph."""
    for option in (voice, output_option, least_option, graph_option, format_option):
        function = option(function)
    return function


def tell(
    form: str,
    output: Path,
    *,
    rows: Result,
    report: Callable[[], Report],
    values: Callable[[], Any],
    nothing: str,
) -> None:
    """Writes findings in a format of :data:`FORMATS`.

    Args:
        rows: for table and csv.
        report: for md and html.
        values: for json: what JSON can hold.
        nothing: what to say on stderr when there are none.
    """
    from kg.queries import format_result  # noqa: PLC0415 - heavy
    from kg.views.report import to_html, to_markdown  # noqa: PLC0415

    with written(output) as out:
        if form == "json":
            out.write(json.dumps(values(), indent=1) + "\n")
        elif form in {"md", "html"}:
            out.write((to_markdown if form == "md" else to_html)(report()))
        else:
            out.write(format_result(rows, form, width=width_of(out)))
    if not rows.rows and not is_quiet():
        click.echo(nothing, err=True)
