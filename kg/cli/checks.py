"""Checks of policies against themselves: ``kg contradictions``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.base import kg, without_texts
from kg.cli.findings import findings_options, tell


@kg.command()
@click.option("--company", metavar="NAME", help="Only policies of this publisher.")
@click.option(
    "--check", "names", multiple=True, metavar="NAME", help="Only this check; may be repeated."
)
@click.option(
    "--checks",
    "own",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Make the checks of this folder too.",
)
@click.option(
    "--snapshot",
    metavar="DATE",
    help="Each policy as it stood then, or 'latest'; all snapshots if left out.",
)
@click.option("--all", "apparent", is_flag=True, help="List also pairs that something reconciles.")
@findings_options
def contradictions(
    company: str | None,
    names: tuple[str, ...],
    own: Path | None,
    snapshot: str | None,
    apparent: bool,
    form: str,
    folder: Path | str,
    least: float,
    output: Path,
) -> None:
    """Show where a policy goes against itself.

    Each finding is a pair of its sentences, graded: contradiction, tension, or with --all also
    apparent.
    """
    from kg.checks import checks, findings  # noqa: PLC0415 - heavy
    from kg.checks.tell import report, rows, values  # noqa: PLC0415
    from kg.store import open_store  # noqa: PLC0415

    made = checks(own, names=names)
    with open_store(folder) as store:
        without_texts(store)
        found = findings(
            store, company=company, least=least, checks=made, apparent=apparent,
            snapshot=snapshot,
        )  # fmt: skip
    tell(
        form,
        output,
        rows=rows(found),
        report=lambda: report(found),
        values=lambda: values(found),
        nothing=f"none of the {len(made)} checks found anything to report",
    )
