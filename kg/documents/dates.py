"""Dates that a policy states of itself: from when it applies, when it was last changed.

A date counts only beside a cue ("last updated", "effective as of", "version 3, …") in a short
line, near the top or the end, or in a sentence about the policy itself, or alone in a line
right at the top. Dates of laws, deadlines and earlier versions are not taken.

Numeric dates: year first is unambiguous, and so is a number above 12. Otherwise ``dd.mm.yyyy``
and ``dd-mm-yyyy`` begin with the day; with slashes the order is that of the other, unambiguous
dates of the text, else day first if the text spells British ("organisation", "Ltd", "GmbH",
"programme") and not American, else month first. Of a month without a day the first is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = r"(?P<{}>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<{}>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?P<{}>[0-3]?\d)(?:\s?(?:st|nd|rd|th)\b)?"
#: A date in any of the spellings above.
DATE = re.compile(
    r"(?<![\w.])(?:"
    + rf"{_YEAR.format('y1')}\s?[-./年]\s?(?P<m1>[01]?\d)\s?[-./月]\s?(?P<d1>[0-3]?\d)(?!\d)"
    + r"|(?P<a>[0-3]?\d)\s?(?P<sep>[-./])\s?(?P<b>[0-3]?\d)\s?(?P=sep)\s?"
    + r"(?P<y2>(?:19|20)\d\d|\d\d)(?!\d)"
    + rf"|{_DAY.format('d3')}\s*(?:of\s+)?[-\s]?\s*{_MONTH.format('m3')}[-,\s]\s*"
    + _YEAR.format("y3")
    + rf"|{_MONTH.format('m4')},?[-/\s]*{_DAY.format('d4')}\s*[-,.\s]\s*{_YEAR.format('y4')}"
    + rf"|{_MONTH.format('m5')},?(?:\s+|\s?[-/]\s?)(?:of\s+)?{_YEAR.format('y5')}"
    + rf"|(?P<m6>0?[1-9]|1[0-2])\s?[-/]\s?{_YEAR.format('y6')}"
    + r")",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"""\b(?:
      (?:last|most\ recent(?:ly)?|recent(?:ly)?|latest|date\ of(?:\ (?:the|last))?)\W+
        (?:\w+\W+){0,4}?(?:updated?|revis(?:ed|ion)|modif(?:ied|ication)|changed?|amend(?:ed|ment)|
        reviewed|edited|version|publi(?:shed|cation)|issued?|posted)
    | (?:last|date)\W+updates?
    | (?:updated?|revised|modified|amended|changed|posted|published|issued|reviewed|rev)
        (?=\W*(?:on|as\W+of|as\W+at|at|in|date|effective|:)?\W*[\d(JFMASOND])
    | (?:updated|modified|revised|revision|published|publication|posting|posted|issue|update)\ date
    | date\W+(?:updated|modified|revised|posted|published|of\W+(?:issue|publication))
    | ^\W*date\W*$ | \bstatus\W*$ | \bversion\b | \bv\.?\s?\d[\d.]* | \bdated\b | ^\W*as\ of\W*$
    | last\ (?:updated?|modified|revised|changed|reviewed|amended)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_EFFECTIVE = re.compile(
    r"\b(?:effective|in\s+(?:force|effect)|valid\s+(?:from|as\s+of|since)|applicable\s+(?:from|as)|"
    r"applies\s+(?:from|as\s+of)|(?:takes?|taking|came|comes?|goes|enters?)\s+(?:in)?(?:to\s+)?(?:effect|force)|"
    r"start(?:s|ing)\s+(?:date|on))\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:previous(?:ly)?|prior|earlier|archived?|old(?:er)?|former|superseded|before|until|through|"
    r"expires?|act\s+of|directive|regulation|since\s+its|past\s+versions?|born)\b",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"\b(?:this|the|our|these)\s+(?:\S+\s+){0,5}?(?:policy|notice|statement|document|page|version|"
    r"terms|agreement|declaration|supplement)\b|^(?:last\s+)?(?:updated|effective|revised|modified)\b",
    re.IGNORECASE,
)
_NO_WORDS = re.compile(
    r"[\W\d]*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)?[\W\d]*", re.IGNORECASE
)
_BRITISH = re.compile(
    r"\b(?:organisation|programme|behaviour|favour|analys(?:e|ing)\b|recognis|personalis|utilis|"
    r"optimis|centre\b|Ltd\b|GmbH\b|plc\b|S\.?A\.?S?\b)",
    re.IGNORECASE,
)
_AMERICAN = re.compile(
    r"\b(?:organization|behavior|favor|analyz|recogniz|personaliz|utiliz|optimiz|center\b|Inc\b|LLC\b)",
    re.IGNORECASE,
)
# "February 2024, version 1.2"
_VERSION = re.compile(
    r"[\s,;:()–—-]{1,4}(?:version|revision|edition|v\.?|rev\.?)\s?\d", re.IGNORECASE
)
_TOP = 25  # pieces from the top in which a dated line is looked for
_BOTTOM = 15
_FIRST_YEAR, _LAST_YEAR = 1990, 2099


@dataclass(frozen=True, slots=True)
class Dates:
    """What the text says; ``None`` where it says nothing."""

    effective: date | None = None
    updated: date | None = None


def find_dates(texts: Sequence[str]) -> Dates:
    """Dates of a policy, from its pieces in order (headings included, metadata not).

    >>> find_dates(["Privacy Policy", "Effective: January 1, 2024. Last updated 5 Dec 2023."])
    Dates(effective=datetime.date(2024, 1, 1), updated=datetime.date(2023, 12, 5))
    >>> find_dates(["Under the Privacy Act of 1974 we keep records until 31 December 2019."])
    Dates(effective=None, updated=None)
    """
    # Few texts have a date that can be read in two ways, and to tell takes a look at all of it.
    day_first = cache(lambda: _day_comes_first(texts))
    effective = updated = None
    for text in _candidates(texts):
        for clause in _clauses(text):
            for kind, found in _dated(clause, day_first):
                if kind in ("effective", "both") and effective is None:
                    effective = found
                if kind in ("updated", "both") and updated is None:
                    updated = found
        if effective and updated:
            break
    if effective is None and updated is None:
        updated = _alone(texts, day_first)
    return Dates(effective, updated)


def parse_date(text: str, *, day_first: bool = False) -> date | None:
    """The first date in a text; ``None`` when there is none.

    >>> parse_date("March 3rd, 2021")
    datetime.date(2021, 3, 3)
    >>> parse_date("October 2016")
    datetime.date(2016, 10, 1)
    """
    for found in DATE.finditer(text):
        value = _value(found, lambda: day_first)
        if value is not None:
            return value
    return None


def _candidates(texts: Sequence[str]) -> Iterator[str]:
    """Pieces that may state the policy's own date, the likeliest first."""
    seen: set[int] = set()
    top = [i for i, text in enumerate(texts[: _TOP * 2]) if i < _TOP or len(text) < 120]
    tail = range(max(0, len(texts) - _BOTTOM), len(texts))
    for index in [*top, *reversed(tail), *range(len(texts))]:
        if index in seen:
            continue
        seen.add(index)
        text = texts[index]
        if not re.search(r"(?:19|20)\d\d|\d[./-]\d\d\b", text):
            continue
        is_short = len(text.split()) <= 18
        if is_short or _ITSELF.search(text):
            # The month often stands in the next line: "Last updated:", then the date.
            yield text
    for before, text in pairwise(texts[: _TOP + 1]):
        if len(before.split()) <= 6 and len(text.split()) <= 5 and DATE.search(text):
            yield f"{before} {text}"


def _clauses(text: str) -> Iterator[str]:
    """Sentences, roughly: a date's own dots and commas do not end one."""
    for clause in re.split(r"(?<=[a-z)\d])[.;]\s+(?=[A-Z(])|[|\n]|(?<=\d{4})\)\s", text):
        if clause and len(clause) < 600:
            yield clause


def _dated(clause: str, day_first: Callable[[], bool]) -> Iterator[tuple[str, date]]:
    """Dates of a clause, each with what the cue before (or after) it says."""
    if len(clause.split()) > 18 and not _ITSELF.search(clause):
        return
    end = 0
    for found in DATE.finditer(clause):
        value = _value(found, day_first)
        before = clause[end : found.start()]
        end = found.end()
        if value is None:
            continue
        near = before[-90:]
        if _EARLIER.search(near):
            continue
        # Some cues look ahead to the date itself.
        is_updated = any(_UPDATED.search(part) is not None for part in (near, near + "1"))
        is_effective = _EFFECTIVE.search(near) is not None
        if not is_updated and not is_effective and not before.strip(" (-–:"):
            after = clause[end : end + 40]  # "5 May 2020 (last updated)"
            is_updated = re.match(
                r"\W*(?:\(|last|update|revis|version)", after, re.I
            ) is not None and (_UPDATED.search(after + " 1") is not None)
            is_effective = re.match(r"\W*(?:effective|in force)", after, re.I) is not None
        if not is_updated and not is_effective and len(clause.split()) <= 12:
            is_updated = _VERSION.match(clause[end : end + 20]) is not None
        if is_updated and is_effective:
            yield "both", value
        elif is_effective:
            yield "effective", value
        elif is_updated:
            yield "updated", value


def _alone(texts: Sequence[str], day_first: Callable[[], bool]) -> date | None:
    """A line that is nothing but a date: at the top, or the only one at the end."""
    for text in texts[:8]:
        if (value := _only_date(text, day_first)) is not None:
            return value
    last = [_only_date(text, day_first) for text in texts[-12:]]
    found = [value for value in last if value is not None]
    return found[0] if len(found) == 1 and last[-3:].count(None) < len(last[-3:]) else None


def _only_date(text: str, day_first: Callable[[], bool]) -> date | None:
    found = DATE.search(text) if len(text) < 60 else None
    if found is None or not _NO_WORDS.fullmatch(text[: found.start()] + text[found.end() :]):
        return None
    return _value(found, day_first)


def _value(found: re.Match[str], day_first: Callable[[], bool]) -> date | None:
    part = found.groupdict()
    if part["y1"]:
        return _make(part["y1"], part["m1"], part["d1"])
    if part["y2"]:
        year = part["y2"] if len(part["y2"]) == 4 else f"20{part['y2']}"
        first, second = part["a"], part["b"]
        if int(first) > 12:
            is_day = True
        elif int(second) > 12:
            is_day = False
        else:
            is_day = part["sep"] in ".-" or day_first()
        return _make(year, second, first) if is_day else _make(year, first, second)
    if part["y3"]:
        return _make(part["y3"], part["m3"], part["d3"])
    if part["y4"]:
        return _make(part["y4"], part["m4"], part["d4"])
    if part["y5"]:
        return _make(part["y5"], part["m5"], "1")
    return _make(part["y6"], part["m6"], "1")


def _make(year: str, month: str, day: str) -> date | None:
    number = _MONTHS.get(month.casefold()) or (int(month) if month.isdigit() else 0)
    try:
        value = date(int(year), number, int(day))
    except ValueError:
        return None
    return value if _FIRST_YEAR <= value.year <= _LAST_YEAR else None


def _day_comes_first(texts: Sequence[str]) -> bool:
    """The order of ``a/b/yyyy`` in this text, by the rule at the top of this module."""
    joined = "\n".join(texts)[:200_000]
    votes = 0
    for found in DATE.finditer(joined):
        if found["sep"] == "/":
            votes += (int(found["a"]) > 12) - (int(found["b"]) > 12)
    if votes:
        return votes > 0
    return len(_BRITISH.findall(joined)) > len(_AMERICAN.findall(joined))
