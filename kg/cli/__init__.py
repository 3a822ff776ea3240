"""The command ``kg``: options in, one call to the library, its result out.

Results go to stdout, everything else to stderr. Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

import click

from kg.cli import ask, build, checks, companies, serve, setup, show, versions
from kg.cli.base import SeenEnough, complain, kg
from kg.errors import KgError

__all__ = [
    "ask", "build", "checks", "companies", "kg", "main", "serve", "setup", "show", "versions",
]  # fmt: skip

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code.

    0 done, 1 something went wrong, 2 wrong usage, 3 an input could not be read, 4 a part is
    missing, 5 something changed (``kg diff --exit-code``), 130 interrupted.
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
        complain(str(error))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        goes_on = "; the graph is whole, the same command goes on from there"
        click.echo(f"interrupted{goes_on if voice.get('builds') else ''}", err=True)
        return INTERRUPTED
    except (BrokenPipeError, SeenEnough):
        # Whoever read our output closed it, as ``head`` does: no error, and nothing to flush.
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - not a path of ours
            os.dup2(nowhere.fileno(), 1)
        return 0
    except Exception as error:
        if voice.get("verbose"):
            raise
        from kg.store import is_damage  # noqa: PLC0415 - heavy

        if is_damage(error):
            complain(f"the graph is damaged ({error}): build it again with `kg build … --force`")
            return KgError.exit_code
        complain(
            f"{type(error).__name__}: {error}\nthis is a mistake of kg: please report it, with "
            "what the same command prints with -v"
        )
        return 1
