"""Companies and the whole corpus: ``kg compare``, ``kg hubs``, ``kg trace`` and ``kg vagueness``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.base import graph_option, kg, least_option, output_option, voice
from kg.cli.findings import format_option, tell
from kg.model import Action

snapshot_option = click.option(
    "--snapshot",
    metavar="DATE",
    help="Each policy as it stood then, not its latest: 2020-06-30, 2020-06 or 2020.",
)


@kg.command()
@click.argument("companies", nargs=-1, required=True, metavar="COMPANY COMPANY ...")
@click.option(
    "--by",
    "facet",
    type=click.Choice(["data", "recipient", "purpose", "place"]),
    default="data",
    show_default=True,
    help="What to compare, action by action.",
)
@click.option("--action", type=click.Choice([action.value for action in Action]), help="Only this action.")
@click.option("--data", metavar="CONCEPT", help="Only this kind of data and those within it.")
@click.option("--all", "everything", is_flag=True, help="Also where they do not differ.")
@snapshot_option
@format_option
@graph_option
@least_option
@output_option
@voice
def compare(
    companies: tuple[str, ...],
    facet: str,
    action: str | None,
    data: str | None,
    everything: bool,
    snapshot: str | None,
    form: str,
    folder: Path,
    least: float,
    output: Path,
) -> None:
    """Tell what companies state or deny that others do not.

    Name companies, brands, or an owner whose policies stand under the names of its brands.
    """
    from kg.compare import compare as compared  # noqa: PLC0415 - heavy
    from kg.store import open_store  # noqa: PLC0415
    from kg.views.compared import report, rows, values  # noqa: PLC0415

    with open_store(folder) as store:
        found = compared(
            store, companies, facet=facet, action=action, data=data, snapshot=snapshot, least=least
        )
    tell(
        form,
        output,
        rows=rows(found, everything=everything, sentences=form == "csv"),
        report=lambda: report(found, everything=everything),
        values=lambda: values(found, everything=everything),
        nothing="no rows: they do not differ in what they say; --all shows what they say",
    )
