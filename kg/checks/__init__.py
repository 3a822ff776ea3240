"""Where a policy goes against itself: rules of ``queries/checks/*.rq`` -> graded findings.

:func:`findings` makes the checks; :func:`checks` reads them; :func:`grade` decides on one pair.
"""

from kg.checks.find import Finding, findings
from kg.checks.grading import Side, Verdict, grade
from kg.checks.rules import Check, Grade, checks, parse

__all__ = ["Check", "Finding", "Grade", "Side", "Verdict", "checks", "findings", "grade", "parse"]
