"""What can go wrong, as a tree.

::

    KgError                 exit code 1
    ├── UsageError          2   the call itself is wrong
    ├── InputError          3   a file cannot be read
    ├── Skipped             0   a document is readable, but not for us: not English, empty
    ├── MissingPart         4   something that has to be installed is not there
    ├── StoreError          1   the graph cannot be opened or written
    └── QueryError          1   a query is refused, wrong or too slow
        ├── WrongValue          a parameter's value is none of its kind: no date, no action
        └── Failed              the engine cannot make sense of a query of ours

:class:`TooLarge` is a UsageError: the call asks for more than can be shown.

Messages say what happened, where (a file, a line) and what to do next. Library code raises;
only :mod:`kg.cli` prints and turns an error into its exit code.
"""

from __future__ import annotations


class KgError(Exception):
    """Anything that this package raises on purpose."""

    exit_code = 1


class UsageError(KgError):
    """The call is wrong: an unknown option value, a missing argument."""

    exit_code = 2


class TooLarge(UsageError):  # noqa: N818 - reads better where it is caught
    """What is asked for is more than can be shown; the message tells how to narrow it."""


class InputError(KgError):
    """A file cannot be read: not there, no permission, binary, damaged, wrong encoding."""

    exit_code = 3


class Skipped(KgError):  # noqa: N818 - a document that is left out is not an error
    """A document is left out for a reason that is no fault: not English, empty, too large."""

    exit_code = 0


class MissingPart(KgError):  # noqa: N818 - reads better where it is caught
    """A program, package or model that this call needs is not installed."""

    exit_code = 4


class StoreError(KgError):
    """The graph cannot be opened, read or written."""


class QueryError(KgError):
    """A query is not known, refused, malformed, or ran over its limit."""


class WrongValue(QueryError):  # noqa: N818 - reads better where it is caught
    """A value is none of its kind, whatever the graph holds."""


class Refused(QueryError):  # noqa: N818 - likewise
    """The query would write, or leave the store."""


class Failed(QueryError):  # noqa: N818 - likewise
    """A query of this package, or a check of somebody's, is malformed."""
