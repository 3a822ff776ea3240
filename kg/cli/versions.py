"""Versions of a policy: ``kg diff`` and ``kg history``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.base import (
    complain,
    graph_option,
    is_quiet,
    kg,
    min_confidence,
    output_option,
    voice,
    width_of,
    without_texts,
    written,
)
from kg.cli.findings import format_option, tell
from kg.errors import QueryError

if TYPE_CHECKING:
    from kg.changes.history import Version
    from kg.changes.snapshots import Line
    from kg.claims import Source
    from kg.store import Store

#: Exit code of ``kg diff --exit-code`` when something changed; 1 to 4 are errors.
CHANGED = 5

_least_option = min_confidence(0.35, "Leave out what rests on less sure statements.")


@kg.command()
@click.argument("company")
@click.argument("old", required=False)
@click.argument("new", required=False)
@graph_option
@format_option
@click.option("--exit-code", "is_telling", is_flag=True, help="End with 5 when something changed.")
@_least_option
@output_option
@voice
def diff(
    company: str,
    old: str | None,
    new: str | None,
    folder: Path | str,
    form: str,
    is_telling: bool,
    least: float,
    output: Path,
) -> int:
    """Show what changed between two versions of a policy, flow by flow.

    OLD and NEW are days, months or years (the snapshot that stood then), names of documents or
    IRIs of snapshots; without them the two latest are compared.
    """
    from kg.changes import changes_between, told  # noqa: PLC0415 - heavy
    from kg.changes.rights import rights_between  # noqa: PLC0415
    from kg.changes.snapshots import pair_of  # noqa: PLC0415
    from kg.claims import rights_of  # noqa: PLC0415
    from kg.concepts import concepts  # noqa: PLC0415
    from kg.store import open_store  # noqa: PLC0415

    with open_store(folder) as store:
        without_texts(store)
        line = _line(store, company, [name for name in (old, new) if name])
        earlier, later = _versions(store, pair_of(line, old, new))
        granted = [(one.source, rights_of(store, one.source)) for one in (earlier, later)]
        known = concepts(store)
    found = changes_between(
        earlier.claims, later.claims, known, texts=(earlier.text, later.text), least=least
    )
    rights = rights_between(*granted, texts=(earlier.text, later.text))
    title = f"{line.company}: {_called(earlier.source)} → {_called(later.source)}"
    if form in {"table", "csv", "json"} and not is_quiet():
        click.echo(title, err=True)  # md and html say it themselves
    tell(
        form,
        output,
        rows=told.rows(found, rights),
        report=lambda: told.report(found, title, told.summary(found, rights), rights),
        values=lambda: told.values(found, rights),
        nothing=f"no flow has changed that is at least {least:g} sure",
    )
    return CHANGED if is_telling and (found or rights) else 0


@kg.command()
@click.argument("company")
@click.option("--data", metavar="X", help="Only flows of this data, by name.")
@click.option("--recipient", metavar="X", help="Only flows to this recipient, by name.")
@click.option("--action", metavar="X", help="Only this action, such as share.")
@graph_option
@format_option
@_least_option
@output_option
@voice
def history(
    company: str,
    data: str | None,
    recipient: str | None,
    action: str | None,
    folder: Path | str,
    form: str,
    least: float,
    output: Path,
) -> None:
    """Show when each flow of a policy was there, and what changed when."""
    from kg.changes import timeline  # noqa: PLC0415
    from kg.changes.history import Wanted  # noqa: PLC0415 - heavy
    from kg.changes.history import history as history_of  # noqa: PLC0415
    from kg.concepts import concepts  # noqa: PLC0415
    from kg.model import Action  # noqa: PLC0415
    from kg.queries import format_result  # noqa: PLC0415
    from kg.queries.canned import named  # noqa: PLC0415
    from kg.store import open_store  # noqa: PLC0415

    if action is not None and action.casefold() not in {*Action}:
        raise QueryError(f"there is no action {action!r}; choose {', '.join(Action)}")
    with open_store(folder) as store:
        without_texts(store)
        wanted = Wanted(
            named(store, "data", data) if data else None,
            named(store, "recipient", recipient) if recipient else None,
            Action(action.casefold()) if action else None,
        )
        line = _line(store, company)
        versions = _versions(store, line.sources)
        known = concepts(store)
    found = history_of(versions, known, wanted, least=least)
    if form == "table":
        with written(output) as out:
            for title, table in (
                ("Versions", timeline.versions(found)),
                ("Flows", timeline.flows(found)),
                ("Changes", timeline.events(found)),
            ):
                if found.lives and table.rows:
                    out.write(f"{title}\n{format_result(table, 'table', width=width_of(out))}\n")
        if not found.lives and not is_quiet():
            click.echo("no flow of this kind in any snapshot", err=True)
        return
    tell(
        form,
        output,
        rows=timeline.flows(found),
        report=lambda: timeline.report(found),
        values=lambda: timeline.values(found),
        nothing="no flow of this kind in any snapshot",
    )


def _line(store: Store, company: str, wanted: list[str] | None = None) -> Line:
    """The company's policy; says so when it has others."""
    from kg.changes.snapshots import line_of  # noqa: PLC0415 - heavy
    from kg.claims import sources  # noqa: PLC0415

    line = line_of(sources(store, company=company), wanted or ())
    if line.others and not is_quiet():
        complain(
            f"{line.company} has {len(line.others) + 1} policies; this is about "
            f"{line.sources[-1].title!r}, not about {', '.join(map(repr, line.others))}",
            "warning",
        )
    return line


def _versions(store: Store, sources: Iterable[Source]) -> list[Version]:
    """The snapshots with their claims and texts."""
    from kg.changes.history import Version  # noqa: PLC0415 - heavy
    from kg.claims import claims_of, concept_labels  # noqa: PLC0415
    from kg.manifest import texts_of  # noqa: PLC0415

    labels = concept_labels(store)
    texts = texts_of(store.path) if store.path else lambda _: None
    return [
        Version(source, tuple(claims_of(store, source, labels)), texts(source.graph) or "")
        for source in sources
    ]


def _called(source: Source) -> str:
    return source.date or source.documents[0]
