"""Parameters of addresses: described once, for reading them and for OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.queries import PARAMETERS, Query
from kg.server.problems import Problem

#: Rows of an answer, where nobody says how many.
ROWS = 1000
#: Characters of a value at most.
_LONGEST = 1000
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query in an address.

    Attributes:
        kind: "string", "integer", "number" or "boolean".
        pattern: of the whole value.
        least: of a number; most: likewise.
        is_repeated: it may be there several times.
    """

    name: str
    meaning: str
    kind: str = "string"
    pattern: str | None = None
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    default: Any = None
    is_required: bool = False
    is_repeated: bool = False
    example: str | None = None

    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        one: dict[str, Any] = {"type": self.kind}
        if self.choices:
            one["enum"] = list(self.choices)
        elif self.kind == "string":
            one |= {"minLength": 1, "maxLength": _LONGEST}
            one["pattern"] = f"^(?:{self.pattern})$" if self.pattern else _TEXT
        if self.least is not None:
            one["minimum"] = self.least
        if self.most is not None:
            one["maximum"] = self.most
        if self.default is not None:
            one["default"] = self.default
        if self.is_repeated:
            return {"type": "array", "items": one, "maxItems": 50}
        return one

    def read(self, values: Sequence[str]) -> Any:
        """The value, or its default.

        Raises:
            Problem: it is none, or is missing.
        """
        if len(values) > (50 if self.is_repeated else 1):
            raise self._wrong("is there too often")
        found = [self._one(value) for value in values]
        if self.is_repeated:
            return found
        if not found and self.is_required:
            raise self._wrong("is missing")
        return found[0] if found else self.default

    def _one(self, value: str) -> Any:
        if self.choices and value not in self.choices:
            raise self._wrong(f"is {value!r}: choose {', '.join(self.choices)}")
        if self.kind == "string":
            if not re.fullmatch(self.pattern or _TEXT[1:-1], value) or len(value) > _LONGEST:
                raise self._wrong(f"is {value[:80]!r}, which is none")
            return value
        if self.kind == "boolean":
            if value not in {"true", "false"}:
                raise self._wrong("is neither true nor false")
            return value == "true"
        if not _NUMBER.fullmatch(value):
            raise self._wrong(f"is {value[:80]!r}: give a number")
        number = float(value)
        if self.kind == "integer":
            if not number.is_integer():
                raise self._wrong("is no whole number")
            number = int(number)
        if (self.least is not None and number < self.least) or (
            self.most is not None and number > self.most
        ):
            raise self._wrong(f"is not between {self.least} and {self.most}")
        return number

    def _wrong(self, what: str) -> Problem:
        return Problem("wrong-parameter", f"{self.name} {what}; it is {self.meaning}")


#: No control characters, and more than blanks.
_TEXT = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
LEAST = Parameter(
    "min-confidence",
    "the confidence below which statements are left out",
    "number",
    least=0,
    most=1,
    default=0,
)
COMPANY = Parameter("company", PARAMETERS["company"])
OFFSET = Parameter(
    "offset", "how many rows to pass over", "integer", least=0, most=10**9, default=0
)
IRIS = Parameter("iris", "whether to give IRIs in place of names", "boolean", default=False)
FORMAT = Parameter("format", "the format, whatever the Accept header says", choices=("json", "csv"))
#: Of the view.
VIEW = (
    Parameter("company", "a company, by name; several may be given", is_repeated=True),
    Parameter(
        "snapshot",
        "a day, month or year: each policy as it stood then",
        pattern="[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?",
    ),
    Parameter("focus", "a concept or party, by name or IRI: only what speaks of it"),
    LEAST,
)
_PATTERNS = {"since": "[0-9]{4}(-[0-9]{2}){0,2}", "year": "[0-9]{4}"}


def limit(most: int) -> Parameter:
    """How many rows an answer has at most."""
    return Parameter(
        "limit", "how many rows to give at most", "integer", least=1, most=most,
        default=min(ROWS, most),
    )  # fmt: skip


def of_question(query: Query) -> tuple[Parameter, ...]:
    """Those of a canned question."""
    return tuple(
        Parameter(
            name, PARAMETERS[name], pattern=_PATTERNS.get(name), is_required=name in query.requires
        )
        for name in query.parameters
    )


def of_address(query: Query, limit: Parameter) -> tuple[Parameter, ...]:
    """All that the address of a canned question takes."""
    sure = (LEAST,) if is_sure(query) else ()
    return (*of_question(query), *sure, IRIS, FORMAT, limit, OFFSET)


def is_sure(query: Query) -> bool:
    """Whether rows of a canned question can be left out by their confidence."""
    head = query.text.partition("WHERE")[0]
    return re.search(r"\?statement\b", head) is not None and "NOT EXISTS" not in query.text


def read(known: Iterable[Parameter], given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The values by name.

    Raises:
        Problem: one is wrong, or there is none of that name.
    """
    parameters = {parameter.name: parameter for parameter in known}
    if unknown := sorted(set(given) - set(parameters)):
        takes = ", ".join(parameters) or "none"
        raise Problem("wrong-parameter", f"there is no parameter {unknown[0]!r} here: {takes}")
    return {name: one.read(given.get(name, ())) for name, one in parameters.items()}
