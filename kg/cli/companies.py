"""Companies, one and all: ``kg compare``, ``kg hubs``, ``kg trace`` and ``kg vagueness``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.base import is_quiet, kg
from kg.cli.findings import findings_options, tell
from kg.model import Action

_ACTIONS = [action.value for action in Action]


def _aside(form: str, text: str) -> None:
    """Tells beside a table what the other formats hold: what was looked at, and left out."""
    from kg.queries.formats import visible  # noqa: PLC0415 - heavy

    if form == "table" and not is_quiet():
        for line in text.splitlines():
            click.echo(visible(line), err=True)


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
@click.option(
    "--action", type=click.Choice([action.value for action in Action]), help="Only this action."
)
@click.option("--data", metavar="CONCEPT", help="Only this kind of data and those within it.")
@click.option("--all", "everything", is_flag=True, help="Also where they do not differ.")
@snapshot_option
@findings_options
def compare(
    companies: tuple[str, ...],
    facet: str,
    action: str | None,
    data: str | None,
    everything: bool,
    snapshot: str | None,
    form: str,
    folder: Path | str,
    least: float,
    output: Path,
) -> None:
    """Tell what companies state or deny that others do not.

    Name companies, brands, or an owner whose policies stand under the names of its brands.
    """
    from kg.compare import compare as compared  # noqa: PLC0415 - heavy
    from kg.store import open_store  # noqa: PLC0415
    from kg.views.compared import in_words, lead, report, rows, values  # noqa: PLC0415

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
    _aside(form, "\n".join((lead(found), *in_words(found))))


@kg.command()
@click.option(
    "--company", "companies", multiple=True, help="Only what this company says; may be repeated."
)
@click.option("--data", metavar="CONCEPT", help="Only what carries this kind of data.")
@click.option("--purpose", metavar="CONCEPT", help="Only what is done for this purpose.")
@click.option("--by-owner", is_flag=True, help="Count services as the company they belong to.")
@click.option(
    "--top",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    metavar="N",
    help="So many companies and services, and so many kinds; 0 for all.",
)
@snapshot_option
@findings_options
def hubs(
    companies: tuple[str, ...],
    data: str | None,
    purpose: str | None,
    by_owner: bool,
    top: int,
    snapshot: str | None,
    form: str,
    folder: Path | str,
    least: float,
    output: Path,
) -> None:
    """Tell whom data of the most companies reach: third parties, services, kinds of recipient."""
    from kg.hubs import hubs as found_hubs  # noqa: PLC0415 - heavy
    from kg.store import open_store  # noqa: PLC0415
    from kg.views.hubs import lead, report, rows, values  # noqa: PLC0415

    with open_store(folder) as store:
        found = found_hubs(
            store,
            companies=companies,
            data=data,
            purpose=purpose,
            by_owner=by_owner,
            snapshot=snapshot,
            least=least,
        )
    tell(
        form,
        output,
        rows=rows(found, top=top),
        report=lambda: report(found, top=top),
        values=lambda: values(found, top=top),
        nothing="no rows: no policy names anybody whom such data reach",
    )
    _aside(form, lead(found))


@kg.command()
@click.argument("company")
@click.argument("data")
@click.option(
    "--depth",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    metavar="N",
    help="How often data may be passed on.",
)
@click.option("--strict", is_flag=True, help="Leave out what is said in broader terms.")
@snapshot_option
@findings_options
def trace(
    company: str,
    data: str,
    depth: int,
    strict: bool,
    snapshot: str | None,
    form: str,
    folder: Path | str,
    least: float,
    output: Path,
) -> None:
    """Follow a company's DATA to whom it reaches, by their own policies."""
    from kg.store import open_store  # noqa: PLC0415 - heavy
    from kg.trace import trace as followed  # noqa: PLC0415
    from kg.views.traced import lead, report, rows, values  # noqa: PLC0415

    with open_store(folder) as store:
        found = followed(
            store, company, data, depth=depth, strict=strict, snapshot=snapshot, least=least
        )
    tell(
        form,
        output,
        rows=rows(found),
        report=lambda: report(found),
        values=lambda: values(found),
        nothing=f"no rows: the policies of {found.company.name} say nothing of {found.label}",
    )
    _aside(form, lead(found))


@kg.command()
@click.option("--company", "companies", multiple=True, help="Only this company; may be repeated.")
@click.option(
    "--order",
    type=click.Choice(["recipient", "data", "both", "may"]),
    default="recipient",
    show_default=True,
    help="What is left open by those that come first.",
)
@snapshot_option
@findings_options
def vagueness(
    companies: tuple[str, ...],
    order: str,
    snapshot: str | None,
    form: str,
    folder: Path | str,
    least: float,
    output: Path,
) -> None:
    """Tell how much of what companies say they pass on leaves open to whom, or what."""
    from kg.store import open_store  # noqa: PLC0415 - heavy
    from kg.vagueness import vagueness as measured  # noqa: PLC0415
    from kg.views.vagueness import lead, report, rows, values  # noqa: PLC0415

    with open_store(folder) as store:
        found = measured(store, companies=companies, order=order, snapshot=snapshot, least=least)
    tell(
        form,
        output,
        rows=rows(found, numbers=form == "csv"),
        report=lambda: report(found),
        values=lambda: values(found),
        nothing="no rows: no such policy",
    )
    _aside(form, lead(found))
