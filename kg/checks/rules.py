"""Check files -> Check: which two sentences of a policy to lay beside each other, as data.

A file holds SPARQL that selects ``?snapshot`` and one or both of ``?first`` and ``?second``:
the claim (or definition) that promises, and the one that goes against it. It opens with front
matter, one ``#+ key: value`` a line::

    #+ question: Does a policy say that it does not sell data, and share it with advertisers?
    #+ grade: tension
    #+ why: It does not sell data, yet shares {data} with {recipients} for advertising.
    #+ scope: data
    #+ reconciled-by: usual, monetary
    #+ second: \\bpartners?\\b

``scope`` are the roles in which the second has to lie within the first, where that one names
any, ``outside`` those in which it has to lie elsewhere,
``needs`` those that the first has to name. ``reconciled-by`` are names of ``reconcilers.toml``; ``usual`` stands for those marked so.
``first`` and ``second`` are regular expressions, of which the sentence has to hold one;
``not-first`` and ``not-second`` of which it must hold none. A side that the query does not
select is looked for with them in the text itself, so that it need not be a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kg import resources
from kg.checks.reconcilers import Reconciler, reconcilers
from kg.errors import InputError, QueryError
from kg.queries import check as check_sparql

_MATTER = re.compile(r"#\+\s*([\w-]+)\s*:\s*(.*?)\s*$")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PROJECTION = re.compile(r"\bSELECT\b(.*?)(?:\bFROM\b|\bWHERE\b|\{)", re.IGNORECASE | re.DOTALL)
_PATTERNS = ("first", "second", "not-first", "not-second")
_KEYS = ("question", "grade", "why", "scope", "outside", "needs", "reconciled-by", "confidence", "most", *_PATTERNS)
ROLES = ("data", "recipient", "source", "purpose", "place")


class Grade(StrEnum):
    """How much two sentences are at odds, the worst first."""

    CONTRADICTION = "contradiction"
    TENSION = "tension"  # worth asking the company about
    APPARENT = "apparent"  # something in the policy reconciles them


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of contradiction.

    Attributes:
        name: of its file, without ``.rq``.
        question: in English.
        grade: of a pair that nothing reconciles or softens.
        why: they clash; ``{data}``, ``{recipients}``, ``{purposes}`` and ``{places}`` stand for
            what the second speaks of.
        text: the SPARQL.
        selects: which of "first" and "second" it selects.
        scope: roles of :data:`ROLES` in which the second has to lie within the first.
        outside: roles in which it has to lie outside.
        needs: roles that the first has to name.
        patterns: key of the front matter -> regular expressions.
        confidence: below which a claim is no side of a pair.
        most: pairs that a promise is told with at most: the next ones say no more.
    """

    name: str
    question: str
    grade: Grade
    why: str
    text: str
    selects: tuple[str, ...]
    scope: tuple[str, ...]
    reconcilers: tuple[Reconciler, ...]
    patterns: dict[str, tuple[re.Pattern[str], ...]]
    outside: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    confidence: float = 0.6
    most: int = 2

    def fits(self, side: str, sentence: str) -> bool:
        """Whether a sentence may be the "first" or the "second"."""
        if any(pattern.search(sentence) for pattern in self.patterns.get(f"not-{side}", ())):
            return False
        wanted = self.patterns.get(side, ())
        return not wanted or any(pattern.search(sentence) for pattern in wanted)

    @property
    def is_alone(self) -> bool:
        """Whether one sentence is at odds with itself, so that there is no second."""
        return "second" not in self.selects and not self.patterns.get("second")


def checks(folder: Path | None = None, *, names: Iterable[str] = ()) -> tuple[Check, ...]:
    """The shipped checks and those of a folder of one's own, by name.

    Args:
        folder: of further ``.rq`` files; one with the name of a shipped check replaces it.
        names: only these; all by default.

    Raises:
        InputError: the folder is none, or holds no check.
        QueryError: a file is malformed, the message names it and the line; or there is no such
            check.
    """
    files = {path.stem: path for path in resources.CHECKS.glob("*.rq")}
    if folder is not None:
        own = {path.stem: path for path in folder.glob("*.rq")} if folder.is_dir() else {}
        if not own:
            raise InputError(f"{folder} holds no checks: it has to be a folder with .rq files")
        files |= own
    wanted = tuple(dict.fromkeys(names)) or tuple(sorted(files))
    if unknown := [name for name in wanted if name not in files]:
        from kg.lookup import nearest  # noqa: PLC0415 - heavy

        near = ", ".join(nearest(unknown[0], files)) or ", ".join(sorted(files))
        raise QueryError(f"there is no check {unknown[0]!r}; did you mean {near}?")
    return tuple(parse(_read(files[name]), files[name]) for name in wanted)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8: {error}") from error


def _roles(found: dict[str, tuple[int, str]], key: str, path: Path) -> tuple[str, ...]:
    line, value = found.get(key, (0, ""))
    roles = tuple(part.strip() for part in value.split(",") if part.strip())
    if unknown := [role for role in roles if role not in ROLES]:
        raise QueryError(f"{path}:{line}: unknown role {unknown[0]!r}; known: {', '.join(ROLES)}")
    return roles


def parse(text: str, path: Path) -> Check:  # noqa: PLR0912 - one branch a rule of the format
    """Reads a check.

    Raises:
        QueryError: it is malformed; the message names file and line.
    """
    if not _NAME.fullmatch(path.stem):
        raise QueryError(f"{path}: a check is named in small letters, digits and hyphens")
    found: dict[str, tuple[int, str]] = {}
    patterns: dict[str, list[re.Pattern[str]]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        matter = _MATTER.match(line)
        if matter is None or not matter[2]:
            raise QueryError(f"{path}:{number}: expected '#+ key: value'")
        key, value = matter.groups()
        if key not in _KEYS:
            raise QueryError(f"{path}:{number}: unknown key {key!r}; known: {', '.join(_KEYS)}")
        if key in _PATTERNS:
            try:
                patterns.setdefault(key, []).append(re.compile(value, re.IGNORECASE))
            except re.error as error:
                raise QueryError(f"{path}:{number}: no regular expression: {error}") from error
            continue
        if key in found:
            raise QueryError(f"{path}:{number}: {key!r} is there twice")
        found[key] = number, value
    for key in ("question", "grade", "why"):
        if key not in found:
            raise QueryError(f"{path}:1: the front matter lacks {key!r}")
    line, value = found["grade"]
    if value not in {Grade.CONTRADICTION, Grade.TENSION}:
        raise QueryError(f"{path}:{line}: the grade is contradiction or tension, not {value!r}")
    grade = Grade(value)
    line, value = found["why"]
    try:
        value.format(data="", recipients="", purposes="", places="")
    except (KeyError, IndexError, ValueError) as error:
        raise QueryError(
            f"{path}:{line}: why may hold {{data}}, {{recipients}}, {{purposes}}, {{places}}"
        ) from error
    scope, outside, needs = (_roles(found, key, path) for key in ("scope", "outside", "needs"))
    line, value = found.get("confidence", (0, "0.6"))
    try:
        confidence = float(value)
    except ValueError as error:
        raise QueryError(f"{path}:{line}: the confidence is a number from 0 to 1") from error
    line, value = found.get("most", (0, "2"))
    if not value.isdecimal() or not int(value):
        raise QueryError(f"{path}:{line}: most is a number from 1")
    most = int(value)
    line, value = found.get("reconciled-by", (0, "usual"))
    try:
        by = reconcilers(part.strip() for part in value.split(",") if part.strip())
    except KeyError as error:
        raise QueryError(f"{path}:{line}: unknown reconciler {error}") from error
    try:
        form = check_sparql(text).form
    except QueryError as error:
        raise QueryError(f"{path}: {error}") from error
    head = _PROJECTION.search(re.sub(r"(?m)^\s*#.*$", "", text))
    variables = re.findall(r"[?$](\w+)", head[1]) if head else []
    selects = tuple(side for side in ("first", "second") if side in variables)
    if form != "SELECT" or "snapshot" not in variables:
        raise QueryError(f"{path}: a check is a SELECT of ?snapshot with ?first, ?second or both")
    if "first" not in selects and "first" not in patterns:
        raise QueryError(f"{path}: it neither selects ?first nor tells its words with '#+ first:'")
    return Check(
        name=path.stem,
        question=found["question"][1],
        grade=grade,
        why=found["why"][1],
        text=text,
        selects=selects,
        scope=scope,
        outside=outside,
        needs=needs,
        reconcilers=by,
        patterns={key: tuple(many) for key, many in patterns.items()},
        confidence=confidence,
        most=most,
    )
