"""Questions to the store: ``.rq`` file + Store -> Result.

:func:`run` answers a canned question by name, :func:`run_sparql` what a user typed, in a process
of its own with limits; :func:`run_limited` a canned question alike. :func:`format_result` writes
an answer as text.
"""

from kg.queries.canned import PARAMETERS, Query, get, names, parse, run
from kg.queries.formats import FORMATS, format_result
from kg.queries.limits import run_limited, run_sparql
from kg.queries.sparql import check

__all__ = [
    "FORMATS",
    "PARAMETERS",
    "Query",
    "check",
    "format_result",
    "get",
    "names",
    "parse",
    "run",
    "run_limited",
    "run_sparql",
]
