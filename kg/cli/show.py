"""The graph in other forms: ``kg export`` and ``kg view``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.base import (
    graph_option,
    is_quiet,
    kg,
    least_option,
    output_option,
    voice,
    without_texts,
    written,
)
from kg.errors import UsageError

EXPORTS = ("ttl", "trig", "nquads", "jsonld", "graphml", "flows")


@kg.command()
@click.option("--format", "form", type=click.Choice(EXPORTS))
@click.option(
    "--shards",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write N-Quads files for bulk loaders into this folder instead.",
)
@click.option(
    "--quads-per-shard",
    "most",
    type=click.IntRange(1),
    default=10_000_000,
    show_default=True,
    metavar="N",
    help="With --shards: begin a new file then; no graph is split.",
)
@click.option("--gzip", "is_packed", is_flag=True, help="With --shards: pack the files.")
@click.option(
    "--marked",
    "is_marked",
    is_flag=True,
    help="With --shards: mark each graph, so that `kg build --store` knows what was loaded.",
)
@graph_option
@least_option
@output_option
@voice
def export(
    form: str | None,
    shards: Path | None,
    most: int,
    is_packed: bool,
    is_marked: bool,
    folder: Path | str,
    least: float,
    output: Path,
) -> None:
    """Write the graph in another format.

    flows is a table (CSV) of who does what with which data; graphml is for Gephi and yEd.
    """
    if (form is None) == (shards is None):
        raise UsageError("give either --format or --shards")
    if shards is not None:
        if least:
            raise UsageError(
                f"shards hold the whole graph: build it with --min-confidence {least:g} instead"
            )
        _write_shards(folder, shards, most, is_packed=is_packed, is_marked=is_marked)
        return
    if is_packed or is_marked:
        raise UsageError("--gzip and --marked are for --shards")
    assert form
    from kg.exports import export as exported  # noqa: PLC0415 - heavy

    with written(output) as out:
        exported(folder, form, out, least=least)


def _write_shards(
    folder: Path | str, output: Path, most: int, *, is_packed: bool, is_marked: bool
) -> None:
    from kg.shards import write_shards  # noqa: PLC0415 - heavy

    if isinstance(folder, str):
        raise UsageError("shards are written from a folder: give -g DIR")
    found = write_shards(folder, output, quads=most, is_packed=is_packed, is_marked=is_marked)
    if not is_quiet():
        quads = sum(shard.quads for shard in found)
        files = "1 file" if len(found) == 1 else f"{len(found)} files"
        click.echo(f"{quads:,} quads in {files}: {output}", err=True)


@kg.command()
@graph_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("flows.html"),
    show_default=True,
    metavar="FILE",
)
@click.option(
    "--company", "companies", multiple=True, help="Only this company's policies; may be repeated."
)
@click.option(
    "--snapshot", metavar="DATE", help="Each policy as it stood then: 2020-06-30, 2020-06 or 2020."
)
@click.option("--focus", metavar="CONCEPT", help='Only what speaks of this: "health data", Google.')
@least_option
@click.option("--open", "is_opened", is_flag=True, help="Open the file in a browser.")
@voice
def view(
    folder: Path | str,
    output: Path,
    companies: tuple[str, ...],
    snapshot: str | None,
    focus: str | None,
    least: float,
    is_opened: bool,
) -> None:
    """Draw the flows as one HTML file that opens offline."""
    from kg.store import open_store  # noqa: PLC0415 - heavy
    from kg.views import Scope, render  # noqa: PLC0415

    is_printed = str(output) == "-"
    if is_printed and is_opened:
        raise UsageError("--open needs a file: give one with -o")
    with open_store(folder) as store:
        without_texts(store)
        page = render(store, Scope(companies, snapshot, focus, least))
    with written(output) as out:
        out.write(page)
    if is_opened:
        click.launch(str(output.resolve()))
    elif not is_printed and not is_quiet():
        click.echo(f"written to {output}: open it in a browser", err=True)
