"""The installation: ``kg doctor`` and ``kg completion``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.base import graph_option, kg, voice
from kg.errors import MissingPart


@kg.command()
@graph_option
@voice
def doctor(folder: Path | str) -> None:
    """Check that everything is installed and the graph is well."""
    from kg.doctor import checks  # noqa: PLC0415 - heavy
    from kg.queries.formats import visible  # noqa: PLC0415

    missing = False
    for check in checks(folder):
        mark = "ok" if check.is_good else "MISSING" if check.is_needed else "no"
        colour = "green" if check.is_good else "red" if check.is_needed else "yellow"
        click.echo(f"{click.style(f'{mark:<8}', fg=colour)}{check.name:<16}{visible(check.found)}")
        missing |= check.is_needed and not check.is_good
    if missing:
        click.get_current_context().exit(MissingPart.exit_code)


@kg.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@voice
def completion(shell: str) -> None:
    """Print what makes a shell complete commands.

    Put the output into the shell's start file; in bash: `kg completion bash >> ~/.bashrc`.
    """
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(kg, {}, "kg", "_KG_COMPLETE").source())
