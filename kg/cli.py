"""The command ``kg``: options in, one call to the library, its result out.

Results go to stdout, everything else to stderr. Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from kg import __version__
from kg.errors import InputError, KgError, MissingPart, Skipped, UsageError

if TYPE_CHECKING:
    from kg.model import Document, Result, Statement

BAD_INPUT = InputError.exit_code
INTERRUPTED = 130
EXPORTS = ("ttl", "trig", "nquads", "jsonld", "graphml", "flows")

_NAME = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_Function = TypeVar("_Function", bound=Callable[..., Any])

_graph_option = click.option(
    "-g",
    "--graph",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("kg-data"),
    show_default=True,
    metavar="DIR",
    help="Folder that `kg build` wrote.",
)
_output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    default=Path("-"),
    metavar="FILE",
    help="Write there instead of stdout.",
)


def _min_confidence(default: float | None, meaning: str) -> Callable[[_Function], _Function]:
    return click.option(
        "--min-confidence",
        "least",
        type=click.FloatRange(0, 1),
        default=default,
        show_default=default is not None,
        metavar="X",
        help=meaning,
    )


_least_option = _min_confidence(0.0, "Leave out statements that are less sure.")
_reading_least_option = _min_confidence(
    None, "Leave out statements that are less sure; without it those that nobody should rely on."
)


class _SeenEnough(Exception):  # noqa: N818 - no error
    """Whoever read our output has closed it."""


class _Group(click.Group):
    """Keeps a broken pipe from click, which would end the process with status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _SeenEnough from error


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


def _louder(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        root = context.find_root()
        root.ensure_object(dict)[parameter.name] = True
        _set_logging(root.obj)


def _voice(function: _Function) -> _Function:
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


def _is_quiet() -> bool:
    return bool((click.get_current_context().find_root().obj or {}).get("quiet"))


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with: kg build corpus/",
)
@click.version_option(__version__, prog_name="kg")
@_voice
@click.pass_context
def kg(context: click.Context) -> None:
    """Privacy policies in, a knowledge graph of data flows out."""
    context.ensure_object(dict)
    if os.environ.get("NO_COLOR"):
        context.color = False


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
@_reading_least_option
@_voice
def build(
    inputs: tuple[str, ...],
    folder: Path,
    base: str | None,
    jobs: int | None,
    force: bool,
    limit_seconds: float,
    least: float | None,
) -> None:
    """Build the graph of policies, or bring it up to date.

    INPUT is a folder, or a file: .md, .html, .txt or .pdf. Only what has changed since the last
    build is read again.
    """
    import time  # noqa: PLC0415 - so that help costs nothing

    from kg import pipeline  # noqa: PLC0415
    from kg.console import progress_for, summary  # noqa: PLC0415
    from kg.iris import BASE  # noqa: PLC0415
    from kg.manifest import Status  # noqa: PLC0415

    started = time.monotonic()
    report = pipeline.build(
        inputs,
        folder,
        base=base or BASE,
        jobs=jobs,
        force=force,
        limit_seconds=limit_seconds,
        least=least,
        progress=progress_for(sys.stderr, is_quiet=_is_quiet()),
    )
    failed = report.of(Status.FAILED)
    if not _is_quiet():
        click.echo(summary(report, seconds=time.monotonic() - started))
    else:
        for entry in failed:
            _complain(entry.reason or entry.name)
    if failed:
        click.get_current_context().exit(BAD_INPUT)


@kg.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path())
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "table"]), default="jsonl", show_default=True
)
@click.option("--lines", is_flag=True, help="Every line of a file is a document of one sentence.")
@_reading_least_option
@_output_option
@_voice
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
    with _written(output) as out:
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


@kg.command(cls=_QueryCommand)
@click.argument("question", metavar="QUESTION", shell_complete=lambda *_: _complete_names())
@_graph_option
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
    help="Stop your own SPARQL then.",
)
@click.option("--columns", metavar="NAME,...", help="Show only these columns, in this order.")
@click.option("--iris", is_flag=True, help="Show IRIs in place of names.")
@_least_option
@_output_option
@_voice
def query(
    question: str,
    folder: Path,
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
    from kg.queries import format_result, run, run_sparql  # noqa: PLC0415 - heavy
    from kg.store import open_store  # noqa: PLC0415

    result: Result | str
    if _NAME.fullmatch(question):
        with open_store(folder) as store:
            result = run(question, store, labels=not iris, least=least, **parameters)
    else:
        given = [name for name, value in parameters.items() if value is not None]
        if least:
            given.append("min-confidence")
        if given:
            raise UsageError(f"--{given[0]} is for canned questions: put it into your SPARQL")
        result = run_sparql(_sparql(question), folder, limit_seconds=limit_seconds)
    if columns and not isinstance(result, str):
        result = _chosen(result, [name.strip() for name in columns.split(",")])
    with _written(output) as out:
        out.write(format_result(result, form, width=_width(out)))
    if not isinstance(result, str) and not result.rows and not _is_quiet():
        click.echo("no rows: nothing in the graph fits", err=True)


@kg.command()
@_voice
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
@_graph_option
@_voice
def explain(statement: str, folder: Path) -> None:
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
@click.option("--format", "form", type=click.Choice(EXPORTS), required=True)
@_graph_option
@_least_option
@_output_option
@_voice
def export(form: str, folder: Path, least: float, output: Path) -> None:
    """Write the graph in another format.

    flows is a table (CSV) of who does what with which data; graphml is for Gephi and yEd.
    """
    from kg.exports import export as exported  # noqa: PLC0415 - heavy

    with _written(output) as out:
        exported(folder, form, out, least=least)


@kg.command()
@_graph_option
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
@_least_option
@click.option("--open", "is_opened", is_flag=True, help="Open the file in a browser.")
@_voice
def view(
    folder: Path,
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
        page = render(store, Scope(companies, snapshot, focus, least))
    with _written(output) as out:
        out.write(page)
    if is_opened:
        click.launch(str(output.resolve()))
    elif not is_printed and not _is_quiet():
        click.echo(f"written to {output}: open it in a browser", err=True)


@kg.command()
@click.option("--company", help="Only this company's policies.")
@_graph_option
@_least_option
@_voice
def stats(company: str | None, folder: Path, least: float) -> None:
    """Count what the graph holds: companies, policies, actions, data, recipients."""
    from kg.queries import format_result  # noqa: PLC0415 - heavy
    from kg.stats import stats as counted  # noqa: PLC0415
    from kg.store import open_store  # noqa: PLC0415

    with open_store(folder) as store:
        found = counted(store, company=company, least=least)
    for title, result in found.tables():
        click.echo(click.style(title, bold=True))
        click.echo(format_result(result, "table", width=_width(sys.stdout)))


@kg.command()
@_graph_option
@_voice
def doctor(folder: Path) -> None:
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
@_voice
def completion(shell: str) -> None:
    """Print what makes a shell complete commands.

    Put the output into the shell's start file; in bash: `kg completion bash >> ~/.bashrc`.
    """
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(kg, {}, "kg", "_KG_COMPLETE").source())


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


class _Problems:
    """What could not be read, told at once and counted for the exit code."""

    def __init__(self) -> None:
        self.failed = False

    def note(self, error: KgError) -> None:
        if not isinstance(error, Skipped):
            self.failed = True
            _complain(str(error))
        elif not _is_quiet():
            _complain(str(error), "skipped")

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
        out.write(format_result(table(statements), "table", width=_width(out)))
        out.flush()


def _width(out: TextIO) -> int | None:
    import shutil  # noqa: PLC0415

    return shutil.get_terminal_size().columns if out.isatty() else None


@contextmanager
def _written(output: Path) -> Iterator[TextIO]:
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


def _complain(message: str, kind: str = "error") -> None:
    from kg.queries.formats import visible  # noqa: PLC0415 - heavy

    colour = "red" if kind == "error" else "yellow"
    for line in message.splitlines() or [""]:
        click.echo(f"{click.style(f'{kind}:', fg=colour)} {visible(line)}", err=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code.

    0 done, 1 something went wrong, 2 wrong usage, 3 an input could not be read, 4 a part is
    missing, 130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
    logging.getLogger("kg").setLevel(logging.NOTSET)
    voice: dict[str, bool] = {}
    try:
        done = kg.main(arguments, prog_name="kg", standalone_mode=False, obj=voice)
        sys.stdout.flush()
        return done if isinstance(done, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except KgError as error:
        logging.getLogger(__name__).debug("where it went wrong", exc_info=True)
        _complain(str(error))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; the graph is whole, the same command goes on from there", err=True)
        return INTERRUPTED
    except (BrokenPipeError, _SeenEnough):
        # Whoever read our output closed it, as ``head`` does: no error, and nothing to flush.
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - not a path of ours
            os.dup2(nowhere.fileno(), 1)
        return 0
    except Exception as error:
        if voice.get("verbose"):
            raise
        _complain(
            f"{type(error).__name__}: {error}\nthis is a mistake of kg: please report it, with "
            "what the same command prints with -v"
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
