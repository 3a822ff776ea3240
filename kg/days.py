"""What a person types -> a day."""

from __future__ import annotations

import re
from datetime import date

from kg.errors import UsageError

_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")


def first_day(text: str) -> date:
    """A day, or the first one of a month or a year.

    Raises:
        UsageError: it is none.

    >>> first_day("2021-03"), first_day("2021")
    (datetime.date(2021, 3, 1), datetime.date(2021, 1, 1))
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(f"{text}{'-01-01'[len(text) - 4 :]}")
    except ValueError:
        pass
    raise UsageError(f"{text!r} is no date: write it as YYYY-MM-DD, YYYY-MM or YYYY")
