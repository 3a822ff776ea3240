"""Where policies are found, and what is declared about them outside their text.

A corpus is a folder. ``corpus.toml`` in it may declare what a text does not tell, or tells
wrongly::

    [corpus]                          # holds for every policy of this folder
    publisher = "Acme"

    [policies."shop/2021.html"]       # path from the folder that holds corpus.toml
    url = "https://acme.example/privacy"
    date = 2021-03-01                 # from when it applies; also: effective
    updated = "2021-02-20"
    archived = 2021-04-02
    title = "Privacy Notice"
    names = ["Acme Shop"]             # other names of the publisher

The same keys may stand in YAML front matter. A file's front matter wins over ``corpus.toml``,
that over the Open Terms Archive layout (``<Service>/Privacy Policy.md``: the folder is the
publisher), and all of them win over the text.

A file may be one of several versions. Its name then tells when it was recorded:
``Acme/2021-03-01.md``, ``Acme/privacy 2021-03-01T10-00-00Z.html``; or it is a revision of a git
repository (:mod:`.history`). In the Princeton-Leuven layout (``a/ac/acm/acme.example.md``) the
first line of a text tells it.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from kg.errors import InputError, Skipped

from .dates import parse_date
from .files import read_bytes, safe_name
from .words import word_list

SUFFIXES = frozenset((".md", ".markdown", ".html", ".htm", ".txt", ".pdf"))
DECLARATIONS = "corpus.toml"
# Files that lie beside policies and are none.
_ASIDE = re.compile(
    r"(?:readme|licen[cs]e|copying|notice|authors|contributing|changelog|changes|code_of_conduct|"
    r"security|robots|requirements)\.\w+\Z",
    re.IGNORECASE,
)
_ARCHIVE_DOCUMENT = re.compile(
    r"privacy policy|privacy notice|privacy statement|data protection|cookies? policy|"
    r"children privacy policy",
    re.IGNORECASE,
)
#: The one that a publisher is asked for; the others are policies beside it.
_MAIN_DOCUMENT = re.compile(r"privacy (?:policy|notice|statement)|data protection", re.IGNORECASE)
_MOMENT = re.compile(
    r"(?<![\d-])((?:19|20)\d\d)-(\d\d)-(\d\d)"
    r"(?:[T_ ](\d\d)[-:]?(\d\d)(?:[-:]?(\d\d))?Z?)?(?![\d-])"
)
_GROUPING = word_list("grouping")
_FRONT = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.{0,20000}?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_FRONT_LINE = re.compile(r"\s*(?:#.*)?\Z|[A-Za-z_][\w .-]*:(?:\s|\Z)|\s+\S|-\s")


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared about a policy; it wins over the text. ``None`` declares nothing.

    Attributes:
        recorded: when this version was taken, in UTC; see :class:`kg.model.Document`.
        series: what the versions of this policy have in common; see there.
        otherwise: who the publisher is when the text does not tell.
    """

    publisher: str | None = None
    url: str | None = None
    title: str | None = None
    effective: date | None = None
    updated: date | None = None
    archived: date | None = None
    names: tuple[str, ...] = ()
    recorded: datetime | None = None
    series: str | None = None
    otherwise: str | None = None

    def over(self, other: Declared | None) -> Declared:
        """This, with what it leaves open filled in from ``other``."""
        if other is None:
            return self
        gaps = {f.name: getattr(other, f.name) for f in fields(self) if not getattr(self, f.name)}
        return replace(self, **gaps)


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of a file in a git repository.

    Attributes:
        blob: the object that holds its bytes.
        recorded: when the commit was made, in UTC.
    """

    repository: Path
    blob: str
    recorded: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read.

    Attributes:
        path: of the file; of a revision, its path in the repository.
        name: path from the folder that was given, with "/"; or the file's name.
        error: why it cannot even be listed (an unreadable folder); then reading raises it.
    """

    path: Path
    name: str
    declared: Declared | None = None
    error: str | None = None
    revision: Revision | None = None


def find(inputs: Sequence[Path]) -> Iterator[Source]:
    """Policy files of files and folders, in a stable order: inputs as given, folders by name.

    Files named outright are taken whatever their suffix. Folders are searched for
    :data:`SUFFIXES`; hidden files, READMEs and licences are passed over, each real folder is
    entered once, and a folder or file that cannot be looked at is a source with ``error`` set.

    Raises:
        InputError: an input is not there, or a ``corpus.toml`` is wrong.
    """
    for given in inputs:
        path = Path(given)
        try:
            is_folder = path.is_dir()
            exists = is_folder or path.exists() or path.is_symlink()
        except (OSError, ValueError):
            is_folder, exists = False, False
        if is_folder:
            yield from _walk(path)
        elif exists:
            name = path.name or str(path)
            yield Source(path, name, _declared(path, PurePosixPath(name), _beside(path)))
        else:
            raise InputError(
                f"{safe_name(str(given))}: there is no such file or folder; check the path"
            )


def _beside(path: Path) -> tuple[_Declarations, ...]:
    """What the ``corpus.toml`` in a file's own folder declares, if there is one."""
    file = path.absolute().parent / DECLARATIONS
    if not file.is_file():
        return ()
    return (_Declarations(PurePosixPath(), read_declarations(file)),)


def _walk(root: Path) -> Iterator[Source]:
    """Files below a folder, with an own stack; links that lead outside or around are left."""
    visited: set[tuple[int, int]] = set()
    real_root = Path(os.path.realpath(root))
    stack: list[tuple[Path, PurePosixPath, tuple[_Declarations, ...]]] = [
        (root, PurePosixPath(), ())
    ]
    while stack:
        item, place, declarations = stack.pop()
        try:
            is_folder = item.is_dir()
            status = item.stat()
        except OSError as error:
            if item.suffix.lower() in SUFFIXES:
                yield Source(item, str(place), None, _unlisted(str(place), error))
            continue
        if not is_folder:
            yield Source(item, str(place), _declared(item, place, declarations))
            continue
        if place.suffix.lower() in SUFFIXES and place.parts and not _has_policies(item):
            message = f"{safe_name(str(place))}: is a folder, not a file; rename or remove it"
            yield Source(item, str(place), None, message)
            continue
        if (status.st_dev, status.st_ino) in visited:
            continue  # a loop, or a second link to the same folder
        visited.add((status.st_dev, status.st_ino))
        try:
            entries = sorted(os.listdir(item))  # noqa: PTH208 - names, not paths, are sorted
        except OSError as error:
            yield Source(
                item, str(place) if place.parts else root.name, None, _unlisted(str(item), error)
            )
            continue
        if DECLARATIONS in entries:
            found = _Declarations(place, read_declarations(item / DECLARATIONS))
            declarations = (*declarations, found)
        chosen = [name for name in entries if _is_wanted(item / name, real_root)]
        if is_shard(place):
            # The page that a text was taken from lies beside it.
            texts = {Path(name).stem for name in chosen if name.endswith(".md")}
            chosen = [n for n in chosen if not (n.endswith(".html") and Path(n).stem in texts)]
        stack.extend((item / name, place / name, declarations) for name in reversed(chosen))


def _is_wanted(path: Path, root: Path) -> bool:
    name = path.name
    if name.startswith(".") or name == DECLARATIONS or _ASIDE.match(name):
        return False
    try:
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
            return False
        return path.is_dir() or path.suffix.lower() in SUFFIXES
    except OSError:
        return path.suffix.lower() in SUFFIXES


def _has_policies(folder: Path) -> bool:
    try:
        return any(entry.is_dir() or entry.suffix.lower() in SUFFIXES for entry in folder.iterdir())
    except OSError:
        return False


def _unlisted(shown: str, error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return f"{safe_name(shown)}: cannot be read ({reason}); change its mode or remove it"


@dataclass(frozen=True, slots=True)
class _Declarations:
    """The declarations of one ``corpus.toml``, and its folder's place in the corpus."""

    place: PurePosixPath
    by_path: Mapping[str, Declared]


def declared_by_place(place: PurePosixPath) -> Declared | None:
    """What the path of a file says about it, in the layouts of the large archives.

    >>> declared_by_place(PurePosixPath("Acme/Privacy Policy.md")).publisher
    'Acme'
    >>> declared_by_place(PurePosixPath("acme/2021-03-01.md")).recorded.isoformat()
    '2021-03-01T00:00:00+00:00'
    """
    folder, kind = place.parent, place.stem
    recorded, rest = _recorded(kind)
    if recorded and not rest:  # "Acme/Privacy Policy/2021-03-01T10-00-00Z.md", "acme/2021-03-01.md"
        folder, kind = folder.parent, folder.name
    if (
        _ARCHIVE_DOCUMENT.fullmatch(kind)
        and folder.name
        and folder.name.casefold() not in _GROUPING
    ):
        series = None if _MAIN_DOCUMENT.fullmatch(kind) else f"{folder.name}/{kind}"
        return Declared(publisher=folder.name, series=series, recorded=recorded)
    if is_shard(place.parent) and kind.startswith(place.parent.name):
        return Declared(series=kind, otherwise=kind)
    if recorded is None:
        return None
    named = rest or kind
    if not named or named.casefold() in _GROUPING:
        return Declared(recorded=recorded)
    return Declared(series=str(folder / named), otherwise=named, recorded=recorded)


def _recorded(stem: str) -> tuple[datetime | None, str]:
    """The moment that a file's name tells, and what else the name says."""
    found = _MOMENT.search(stem)
    if found is None:
        return None, stem
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None, stem
    return moment, (stem[: found.start()] + stem[found.end() :]).strip(" ._-@()")


def is_shard(folder: PurePosixPath) -> bool:
    """Whether a folder is of the Princeton-Leuven layout: "a/ac/acm"."""
    *_, first, second, third = ("", "", "", *folder.parts)
    return (
        len(first) == 1
        and len(second) == 2
        and len(third) == 3
        and (third.startswith(second) and second.startswith(first))
    )


def _declared(
    path: Path, place: PurePosixPath, declarations: Sequence[_Declarations]
) -> Declared | None:
    # A file of the folder that was given, or given itself, has no folder in its place.
    found = declared_by_place(place if len(place.parts) > 1 else _with_folder(path))
    for declared in declarations:
        relative = str(place.relative_to(declared.place))
        for key in ("", relative):
            if key in declared.by_path:
                found = declared.by_path[key].over(found)
    return found


def _with_folder(path: Path) -> PurePosixPath:
    whole = path.absolute()
    return PurePosixPath(whole.parent.name, whole.name)


def read_declarations(path: Path) -> dict[str, Declared]:
    """What a ``corpus.toml`` declares, by path; ``""`` holds what is declared for all.

    Raises:
        InputError: it cannot be read, is malformed, or has an unknown key.
    """
    shown = safe_name(str(path))
    try:
        text = read_bytes(path, str(path)).decode("utf-8-sig").replace("\r\n", "\n")
        table = tomllib.loads(text)
    except Skipped as error:
        raise InputError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{shown}: cannot be read ({safe_name(str(error))}); save it as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{shown}:{line[1]}" if line else f"{shown}:{text.count(chr(10)) + 1}"
        raise InputError(
            f"{where}: not valid TOML ({safe_name(str(error))}); correct it"
        ) from error
    except ValueError as error:  # a number of thousands of digits
        reason = safe_name(str(error))
        raise InputError(f"{shown}: cannot be read ({reason}); correct it") from error
    except RecursionError as error:
        raise InputError(f"{shown}: nested too deeply; simplify it") from error
    unknown = sorted(set(table) - {"corpus", "policies"})
    if unknown:
        raise InputError(
            f"{shown}:{_line_of(text, unknown[0])}: unknown table {safe_name(unknown[0])!r}; "
            f'use [corpus] and [policies."file"]'
        )
    declared: dict[str, Declared] = {}
    sections: list[tuple[str, object]] = [("", table.get("corpus", {}))]
    policies = table.get("policies", {})
    if not isinstance(policies, dict):
        raise InputError(
            f"{shown}:{_line_of(text, 'policies')}: [policies] is no table; "
            f'write [policies."file.md"]'
        )
    sections.extend(policies.items())
    for key, section in sections:
        where = f"{shown}:{_line_of(text, key or 'corpus')}"
        if not isinstance(section, dict):
            raise InputError(f'{where}: {safe_name(key)!r} is no table; write [policies."file.md"]')
        for name in section:
            if name not in _KEYS:
                raise InputError(
                    f"{shown}:{_line_of(text, name)}: unknown key {safe_name(name)!r}; "
                    f"known are {', '.join(sorted(_KEYS))}"
                )
        declared[str(PurePosixPath(key)) if key else ""] = declare(section, where)
    return declared


def _line_of(text: str, key: str) -> int:
    """Number of the line that names a key, for a message."""
    pattern = re.compile(
        rf"^[^#\n]*?\b{re.escape(key)}\b" if key[:1].isalnum() else re.escape(key), re.MULTILINE
    )
    found = pattern.search(text)
    return text.count("\n", 0, found.end()) + 1 if found else 1


_KEYS = frozenset(
    ("publisher", "url", "title", "date", "effective", "updated", "archived", "names")
)


def declare(table: Mapping[str, Any], where: str) -> Declared:
    """A :class:`Declared` from the known keys of a table; other keys are passed over.

    Raises:
        InputError: a value has the wrong type or a date cannot be read; ``where`` is named.
    """
    texts = {key: _as_text(table, key, where) for key in ("publisher", "url", "title")}
    days = {
        key: _as_date(table, key, where) for key in ("effective", "updated", "archived", "date")
    }
    names = table.get("names")
    if names is None:
        names = []
    if isinstance(names, str):
        names = [names]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(f'{where}: names is no list of texts; write names = ["Acme Shop"]')
    return Declared(
        publisher=texts["publisher"],
        url=texts["url"],
        title=texts["title"],
        effective=days["effective"] or days["date"],
        updated=days["updated"],
        archived=days["archived"],
        names=tuple(name.strip() for name in names if name.strip()),
    )


def _as_text(table: Mapping[str, Any], key: str, where: str) -> str | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool | dict | list):
        raise InputError(f"{where}: {key} is no text; put it in quotes")
    return " ".join(str(value).split()) or None


def _as_date(table: Mapping[str, Any], key: str, where: str) -> date | None:
    value = table.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = parse_date(str(value)) if isinstance(value, str | int) else None
    if found is None:
        raise InputError(
            f"{where}: {key} is no date ({safe_name(str(value))[:40]!r}); write it as 2021-03-01"
        )
    return found


def take_front_matter(text: str, name: str) -> tuple[str, Declared | None]:
    """A text without its YAML front matter, and what that declares.

    Text between two rules that does not look like keys and values is left where it is. Keys
    that mean nothing here (``layout``, ``tags``) are passed over: other tools write them.

    Raises:
        InputError: front matter that is no valid YAML.
    """
    found = _FRONT.match(text)
    if found is None:
        return text, None
    lines = found[1].splitlines()
    if not any(":" in line for line in lines) or not all(map(_FRONT_LINE.match, lines)):
        return text, None
    import yaml  # noqa: PLC0415

    shown = safe_name(name)
    try:
        table = yaml.safe_load(found[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 2
        raise InputError(
            f"{shown}:{line}: the front matter is no valid YAML; correct it or remove the --- lines"
        ) from error
    if not isinstance(table, dict):
        return text, None
    try:
        return text[found.end() :], declare(table, f"{shown}:1")
    except (ValueError, RecursionError) as error:
        raise InputError(f"{shown}:1: the front matter cannot be read; correct it") from error
