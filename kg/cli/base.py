"""What all commands share: the group, options, where output goes, how errors are told."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from kg import __version__
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.store import Store

_Function = TypeVar("_Function", bound=Callable[..., Any])


class _Place(click.ParamType[Any]):
    """A folder, or the URL of a server, which stays text: a path would lose one of its slashes."""

    name = "place"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | str:
        if isinstance(value, str) and value.startswith("sparql+"):
            return value
        return Path(click.Path(path_type=Path).convert(value, param, ctx))


graph_option = click.option(
    "-g",
    "--graph",
    "folder",
    type=_Place(),
    default=Path("kg-data"),
    show_default=True,
    metavar="DIR",
    help="Folder that `kg build` wrote, or a SPARQL server (sparql+http://…).",
)
output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    default=Path("-"),
    metavar="FILE",
    help="Write there instead of stdout.",
)


def min_confidence(default: float | None, meaning: str) -> Callable[[_Function], _Function]:
    """The option ``--min-confidence``; ``meaning`` is its help."""
    return click.option(
        "--min-confidence",
        "least",
        type=click.FloatRange(0, 1),
        default=default,
        show_default=default is not None,
        metavar="X",
        help=meaning,
    )


least_option = min_confidence(0.0, "Leave out statements that are less sure.")
reading_least_option = min_confidence(
    None, "Leave out statements that are less sure; without it those that nobody should rely on."
)


class SeenEnough(Exception):  # noqa: N818 - no error
    """Whoever read our output has closed it."""


class _Group(click.Group):
    """Keeps a broken pipe from click, which would end the process with status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise SeenEnough from error


def _louder(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        root = context.find_root()
        root.ensure_object(dict)[parameter.name] = True
        _set_logging(root.obj)


def voice(function: _Function) -> _Function:
    """Adds -q and -v; they may stand before or after the command's name."""
    for option in (
        click.option(
            "-v", "--verbose", is_flag=True, expose_value=False, callback=_louder, is_eager=True,
            help="Say more, and show tracebacks.",
        ),
        click.option(
            "-q", "--quiet", is_flag=True, expose_value=False, callback=_louder, is_eager=True,
            help="Say nothing but errors.",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


def _set_logging(voice: dict[str, bool]) -> None:
    if voice.get("verbose"):
        logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
        logging.getLogger("kg").setLevel(logging.DEBUG)
    elif voice.get("quiet"):
        logging.getLogger("kg").setLevel(logging.ERROR)


def is_quiet() -> bool:
    """Whether only errors shall be told."""
    return bool((click.get_current_context().find_root().obj or {}).get("quiet"))


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with: kg build corpus/",
)
@click.version_option(__version__, prog_name="kg")
@voice
@click.pass_context
def kg(context: click.Context) -> None:
    """Privacy policies in, a knowledge graph of data flows out."""
    context.ensure_object(dict)["builds"] = context.invoked_subcommand == "build"
    if os.environ.get("NO_COLOR"):
        context.color = False


def width_of(out: TextIO) -> int | None:
    """Columns of the terminal; ``None`` when the output is none."""
    return shutil.get_terminal_size().columns if out.isatty() else None


@contextmanager
def written(output: Path) -> Iterator[TextIO]:
    """Where text goes: a file gets its name when all is in it, an old one stays until then."""
    if str(output) == "-":
        yield sys.stdout
        return
    with _fresh(output) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def _fresh(output: Path) -> Iterator[Path]:
    fresh = output.with_name(f".{output.name}.new")
    try:
        if output.exists() and not output.is_file():  # a device or a pipe
            yield output
            return
        yield fresh
        fresh.replace(output)
    except OSError as error:
        if error.filename is None:
            raise
        reason = error.strerror or str(error)
        raise UsageError(f"{output} cannot be written: {reason}; choose another with -o") from error
    finally:
        fresh.unlink(missing_ok=True)


def without_texts(store: Store) -> None:
    """Says what is missing when a graph lies on a server: the texts of the policies do not."""
    if store.path is None and not is_quiet():
        complain(
            "the texts of the policies lie in the folder that `kg build` wrote: from a server, "
            "what stands around a sentence is not looked at (-g DIR does)",
            "note",
        )


def complain(message: str, kind: str = "error") -> None:
    """Tells on stderr what went wrong, with control characters made visible."""
    from kg.queries.formats import visible  # noqa: PLC0415 - heavy

    colour = "red" if kind == "error" else "yellow"
    for line in message.splitlines() or [""]:
        click.echo(f"{click.style(f'{kind}:', fg=colour)} {visible(line)}", err=True)
