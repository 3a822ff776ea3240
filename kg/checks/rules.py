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
any, ``outside`` those in which it has to lie elsewhere, ``needs`` those that the first has to
name. ``reconciled-by`` are names of ``reconcilers.toml``; ``usual`` stands for those marked so,
and "-name" takes one of them away. ``confidence`` is the least of a claim, ``most`` how many
pairs are told of one promise, ``same-as`` another check that says the same of a promise: what that
one tells, this one does not tell again.

``first`` and ``second`` are regular expressions, upper and lower case alike, of which the
sentence has to hold one; ``not-first`` and ``not-second`` of which it must hold none; each may
stand several times. ``first-words`` and ``second-words`` list plain words, of which it has to
hold one: they are looked for before the others, which is quicker. A side that the query does
not select is looked for in the text itself, so that it need not be a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from kg import resources
from kg.checks.reconcilers import Reconciler, reconcilers
from kg.errors import InputError, QueryError
from kg.queries import check as check_sparql
from kg.queries.matter import front_matter

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PROJECTION = re.compile(r"\bSELECT\b(.*?)(?:\bFROM\b|\bWHERE\b|\{)", re.IGNORECASE | re.DOTALL)
_PATTERNS = ("first", "second", "not-first", "not-second")
_WORDS = ("first-words", "second-words")
_KEYS = (
    "question",
    "grade",
    "why",
    "scope",
    "outside",
    "needs",
    "reconciled-by",
    "confidence",
    "most",
    "same-as",
    *_WORDS,
    *_PATTERNS,
)
#: What ``why`` may hold in braces -> role of the second that it stands for.
FILLERS = {"data": "data", "recipients": "recipient", "purposes": "purpose", "places": "place"}
_FILLED = re.compile(r"\{(" + "|".join(FILLERS) + r")\}")
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
        words: "first" or "second" -> plain words, in small letters.
        confidence: below which a claim is no side of a pair.
        most: pairs that a promise is told with at most: the next ones say no more.
        same_as: name of the check that says the same of a promise; of itself by default.
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
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outside: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    confidence: float = 0.6
    most: int = 2
    same_as: str = ""

    def fits(self, side: str, sentence: str, lowered: str | None = None) -> bool:
        """Whether a sentence may be the "first" or the "second"."""
        if words := self.words.get(side):
            lowered = sentence.lower() if lowered is None else lowered
            if not any(word in lowered for word in words):
                return False
        if any(pattern.search(sentence) for pattern in self.patterns.get(f"not-{side}", ())):
            return False
        wanted = self.patterns.get(side, ())
        return not wanted or any(pattern.search(sentence) for pattern in wanted)

    def matched(self, side: str, sentence: str) -> str:
        """The words of a sentence for which it is the "first" or the "second"."""
        for pattern in self.patterns.get(side, ()):
            if found := pattern.search(sentence):
                return found[0].lower()
        return sentence

    def told(self, words: Mapping[str, str]) -> str:
        """Why two sentences clash; ``words`` are those for the role of each filler."""
        return _FILLED.sub(lambda found: words[FILLERS[found[1]]], self.why)

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

        near = ", ".join(nearest(unknown[0], files))
        hint = f"did you mean {near}?" if near else f"there are {', '.join(sorted(files))}"
        raise QueryError(f"there is no check {unknown[0]!r}; {hint}")
    return tuple(parse(_read(files[name]), files[name]) for name in wanted)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8: {error}") from error


@dataclass(frozen=True, slots=True)
class _Matter:
    """The front matter of a file: key -> line and value, or lines and values."""

    path: Path
    single: dict[str, tuple[int, str]]
    patterns: dict[str, tuple[re.Pattern[str], ...]]

    def wrong(self, key: str, message: str) -> QueryError:
        line = self.single[key][0] if key in self.single else 1
        return QueryError(f"{self.path}:{line}: {message}")

    def value(self, key: str, otherwise: str | None = None) -> str:
        if key not in self.single and otherwise is None:
            raise self.wrong(key, f"the front matter lacks {key!r}")
        return self.single[key][1] if key in self.single else str(otherwise)

    def listed(self, key: str, otherwise: str = "") -> tuple[str, ...]:
        value = self.value(key, otherwise)
        return tuple(part.strip() for part in value.split(",") if part.strip())

    def roles(self, key: str) -> tuple[str, ...]:
        roles = self.listed(key)
        if unknown := [role for role in roles if role not in ROLES]:
            raise self.wrong(key, f"unknown role {unknown[0]!r}; known: {', '.join(ROLES)}")
        return roles

    def number(self, key: str, otherwise: str, least: float, most: float) -> float:
        try:
            number = float(self.value(key, otherwise))
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise self.wrong(key, f"{key} is a number from {least:g} to {most:g}")
        return number


def parse(text: str, path: Path) -> Check:
    """Reads a check.

    Raises:
        QueryError: it is malformed; the message names file and line.
    """
    if not _NAME.fullmatch(path.stem):
        raise QueryError(f"{path}: a check is named in small letters, digits and hyphens")
    matter = _matter(text, path)
    selects = _selected(text, path)
    if "first" not in selects and "first" not in matter.patterns:
        raise QueryError(f"{path}:1: it selects no ?first, so '#+ first:' has to tell its words")
    grade = matter.value("grade")
    if grade not in {Grade.CONTRADICTION, Grade.TENSION}:
        raise matter.wrong("grade", f"the grade is contradiction or tension, not {grade!r}")
    why = matter.value("why")
    if "{" in _FILLED.sub("", why) or "}" in _FILLED.sub("", why):
        raise matter.wrong("why", f"why may hold {', '.join(f'{{{one}}}' for one in FILLERS)}")
    try:
        by = reconcilers(matter.listed("reconciled-by", "usual"))
    except KeyError as error:
        raise matter.wrong("reconciled-by", f"unknown reconciler {error}") from error
    return Check(
        name=path.stem,
        question=matter.value("question"),
        grade=Grade(grade),
        why=why,
        text=text,
        selects=selects,
        scope=matter.roles("scope"),
        reconcilers=by,
        patterns=matter.patterns,
        words={
            key.removesuffix("-words"): tuple(word.lower() for word in matter.listed(key))
            for key in _WORDS
            if key in matter.single
        },
        outside=matter.roles("outside"),
        needs=matter.roles("needs"),
        confidence=matter.number("confidence", "0.6", 0, 1),
        most=int(matter.number("most", "2", 1, 100)),
        same_as=matter.value("same-as", ""),
    )


def _matter(text: str, path: Path) -> _Matter:
    single: dict[str, tuple[int, str]] = {}
    patterns: dict[str, list[re.Pattern[str]]] = {}
    lines = front_matter(text, path, _KEYS, repeated=_PATTERNS, is_filled=True)
    for number, key, value in lines:
        if key not in _PATTERNS:
            single[key] = number, value
            continue
        try:
            patterns.setdefault(key, []).append(re.compile(value, re.IGNORECASE))
        except re.error as error:
            raise QueryError(f"{path}:{number}: no regular expression: {error}") from error
    return _Matter(path, single, {key: tuple(many) for key, many in patterns.items()})


def _selected(text: str, path: Path) -> tuple[str, ...]:
    """Which of "first" and "second" the query selects."""
    try:
        form = check_sparql(text).form
    except QueryError as error:
        raise QueryError(f"{path}: {error}") from error
    head = _PROJECTION.search(re.sub(r"(?m)^\s*#.*$", "", text))
    variables = re.findall(r"[?$](\w+)", head[1]) if head else []
    if form != "SELECT" or "snapshot" not in variables:
        raise QueryError(f"{path}: a check is a SELECT of ?snapshot with ?first, ?second or both")
    return tuple(side for side in ("first", "second") if side in variables)
