"""A git repository -> the versions of the policies in it, one a commit that changed the file.

Open Terms Archive and the Princeton-Leuven corpus keep their policies so. A repository is hostile
input: git is called so that nothing runs that its configuration names (only plumbing commands, what
they would run is switched off), and no transport is allowed: what is not there is not fetched.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Self

from kg.errors import InputError, MissingPart, Skipped
from kg.lookup import nearest

from .corpus import SUFFIXES, Revision, Source, declared_by_place, is_shard
from .files import MAX_BYTES, safe_name, too_large

_log = logging.getLogger(__name__)

#: What is read of a repository when nothing else is asked for.
USUAL_PATHS = ("*/Privacy Policy.md",)

_HEADER = re.compile(r"\n?@[0-9a-f]{40,64},([^,\s]*),([^,\s]*)\Z")
_CHANGE = re.compile(r"\n?:\d+ (\d+) [0-9a-f]+ ([0-9a-f]{40,64}) [A-Z]\d*\Z")
_FILE = re.compile(r"100\d{3}")  # and no link, folder or other repository
_MANY = 5
#: Even plumbing refreshes the index, and asks whoever ``core.fsmonitor`` names.
_HARMLESS = (
    *("--no-pager", "--no-replace-objects"),
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which versions of a repository are read.

    Attributes:
        paths: patterns of files as git takes them; "*" stands for "/" too.
        since: only versions that were recorded on this day or later.
        services: see :func:`of_services`, which chooses among the versions of all repositories.
        most: versions of a file at most, spread over its history, the first and the last among
            them; ``None`` for all.
    """

    paths: tuple[str, ...] = USUAL_PATHS
    since: date | None = None
    services: tuple[str, ...] = ()
    most: int | None = None


def is_repository(path: Path) -> bool:
    """Whether a folder is the top of a git repository, bare or not."""
    return (path / ".git").exists() or all(
        (path / name).exists() for name in ("HEAD", "objects", "refs")
    )


def repository_around(path: Path) -> Path | None:
    """The repository that a folder lies in; ``None`` for one that is itself one, or in none."""
    if is_repository(path):
        return None
    return next((above for above in path.absolute().parents if is_repository(above)), None)


def versions(repository: Path, wanted: Wanted | None = None) -> list[Source]:
    """The versions of the files of a repository, by file, the oldest first.

    Raises:
        InputError: it is no repository, or holds no such file.
        MissingPart: git is not installed.
    """
    wanted = wanted or Wanted()
    shown = safe_name(str(repository))
    if not is_repository(repository):
        raise InputError(
            f"{shown}: is no git repository; give the folder that `git clone` made"
            + (", also of a bundle" if repository.is_file() else "")
        )
    found: dict[str, list[Revision]] = {}
    for path, revision in _changes(repository, _tip(repository), wanted.paths):
        if PurePosixPath(path).suffix.lower() in SUFFIXES:
            found.setdefault(path, []).append(revision)
    if not found:
        raise InputError(
            f"{shown}: no commit holds {' or '.join(wanted.paths)}; name the files with --path"
        )
    listed: list[Source] = []
    for path in sorted(found):
        kept = [one for one in found[path] if not _is_before(one, wanted.since)]
        kept.sort(key=lambda one: one.recorded)
        listed.extend(_sources(path, _spread(kept, wanted.most)))
    if not listed and wanted.since and found:
        raise InputError(f"{shown}: no version since {wanted.since}; give an earlier --since")
    return listed


def read_revision(revision: Revision, name: str) -> bytes:
    """The bytes of a version.

    Raises:
        InputError: the repository does not hold it any more.
        Skipped: it is too large.
    """
    [data] = read_revisions([revision], [name])
    if isinstance(data, Exception):
        raise data
    return data


def read_revisions(
    revisions: Sequence[Revision], names: Sequence[str]
) -> Iterator[bytes | InputError | Skipped]:
    """The bytes of versions of one repository, or why they cannot be had, in their order."""
    if not revisions:
        return
    repository = revisions[0].repository
    asked = "".join(f"{revision.blob}\n" for revision in revisions).encode()
    told = _git(repository, "cat-file", "--batch-check=%(objecttype) %(objectsize)", given=asked)
    with _started(repository, "cat-file", "--batch", errors=subprocess.DEVNULL) as process:
        for revision, name, line in zip(revisions, names, told.decode().splitlines(), strict=True):
            kind, _, size = line.partition(" ")
            if kind != "blob":
                yield InputError(
                    f"{safe_name(name)}: the repository does not hold this version; fetch it again"
                )
            elif int(size) > MAX_BYTES:
                yield Skipped(too_large(safe_name(name), f"{int(size) / 2**20:.0f} MB"))
            else:
                yield _asked(process, revision.blob)


class Blobs:
    """Reads versions one by one, of each repository through one process. Use it in a ``with``
    block; the processes live as long as that.
    """

    def __init__(self) -> None:
        """Processes start when they are asked for."""
        self._processes: dict[Path, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        """Processes start when they are asked for."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends them."""
        for process in self._processes.values():
            with process:  # closes the lines, and waits
                process.kill()
        self._processes.clear()

    def read(self, revision: Revision, name: str) -> bytes:
        """The bytes of a version, as :func:`read_revision` gives them."""
        place = revision.repository
        process = self._processes.get(place)
        if process is None:
            process = _started(place, "cat-file", "--batch", errors=subprocess.DEVNULL)
            self._processes[place] = process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{revision.blob}\n".encode())
            process.stdin.flush()
            [_, kind, told] = process.stdout.readline().split()
        except (OSError, ValueError):  # it is gone, or says "missing"
            kind, told = b"", b"-1"
        size = int(told)
        if 0 <= size <= MAX_BYTES:
            data = process.stdout.read(size + 1)[:-1]
            if kind == b"blob" and len(data) == size:
                return data
        else:
            with self._processes.pop(place):
                process.kill()
            if kind == b"blob":
                raise Skipped(too_large(safe_name(name), f"{size / 2**20:.0f} MB"))
        raise InputError(
            f"{safe_name(name)}: the repository does not hold this version; fetch it again"
        )


def _asked(process: subprocess.Popen[bytes], blob: str) -> bytes:
    """The bytes of an object that is known to be there."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{blob}\n".encode())
    process.stdin.flush()
    size = int(process.stdout.readline().split()[2])
    return process.stdout.read(size + 1)[:-1]


def _tip(repository: Path) -> str:
    """The commit to read up to: what is checked out, else the only branch there is."""
    head = _git(repository, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", may_fail=True)
    if head.strip():
        return head.decode().strip()
    # The clone of a bundle that names no HEAD has branches and nothing checked out.
    told = _git(repository, "for-each-ref", "--format=%(objectname)", "refs/heads", "refs/remotes")
    tips = sorted(set(told.decode().split()))
    if len(tips) == 1:
        return tips[0]
    shown = safe_name(str(repository))
    if not tips:
        raise InputError(f"{shown}: has no commits; clone it again")
    raise InputError(f"{shown}: has {len(tips)} branches and none checked out; check one out")


def _changes(repository: Path, tip: str, paths: Sequence[str]) -> Iterator[tuple[str, Revision]]:
    """Every version of the files on the main line: path and revision, the oldest commit first.

    What a merge brings is a version of the day of the merge, as nobody could read it before.
    """
    told = _git(
        repository, "rev-list", "--reverse", "--first-parent", "--parents", tip, "--", *paths
    )
    commits = b"".join(b" ".join(line.split()[:2]) + b"\n" for line in told.splitlines())
    told = _git(
        *(repository, "diff-tree", "--stdin", "-r", "--root", "--raw", "-z", "--no-renames"),
        *("--no-ext-diff", "--no-textconv", "--format=@%H,%aI,%cI", "--", *paths),
        given=commits,
    )
    recorded: datetime | None = None
    change: re.Match[str] | None = None
    for part in told.decode("utf-8", "surrogateescape").split("\0"):
        if change:  # then this is its path, whatever it looks like
            if recorded and _FILE.fullmatch(change[1]):
                yield part, Revision(repository, change[2], recorded)
            change = None
        elif header := _HEADER.match(part):
            recorded = next(filter(None, map(_moment, header.groups())), None)
            if recorded is None:
                _log.warning("%s: a commit without a date is left out", repository)
        else:
            change = _CHANGE.match(part)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def of_services(
    sources: Sequence[Source], services: Sequence[str]
) -> tuple[list[Source], list[str]]:
    """The versions of some services, and what to say of services that there are not.

    Args:
        services: names of the folders that the files stand in, or of the files where these tell
            the site ("a/ac/acm/acme.example.md"), in any case; none means all.
    """
    if not services:
        return list(sources), []
    there = {
        _service(str(source.path)).casefold(): _service(str(source.path)) for source in sources
    }
    missing = []
    for service in services:
        if service.casefold() not in there:
            near = ", ".join(there[one] for one in nearest(service.casefold(), there)[:_MANY])
            hint = f"; did you mean {near}?" if near else "; name a folder of the repository"
            missing.append(f"there is no service {safe_name(service)!r}{hint}")
    wanted = {service.casefold() for service in services}
    kept = [source for source in sources if _service(str(source.path)).casefold() in wanted]
    return kept, missing


def _service(path: str) -> str:
    """The folder that a file stands in; its name, where it stands at the top or in a shard."""
    place = PurePosixPath(path)
    return place.stem if is_shard(place.parent) else place.parent.name or place.stem


def _is_before(revision: Revision, since: date | None) -> bool:
    return since is not None and revision.recorded.date() < since


def _spread(revisions: list[Revision], most: int | None) -> list[Revision]:
    count = len(revisions)
    if most is None or count <= most:
        return revisions
    if most == 1:
        return revisions[-1:]
    return [revisions[round(k * (count - 1) / (most - 1))] for k in range(most)]


def _sources(path: str, revisions: Sequence[Revision]) -> Iterator[Source]:
    place = PurePosixPath(path)
    declared = declared_by_place(place)
    taken: Counter[str] = Counter()
    for revision in revisions:
        stamp = revision.recorded.strftime("%Y-%m-%dT%H:%M:%SZ")
        taken[stamp] += 1
        name = f"{path}@{stamp}" if taken[stamp] == 1 else f"{path}@{stamp}.{taken[stamp]}"
        yield Source(Path(path), name, declared, revision=revision)


def git_version() -> str:
    """The version of git.

    Raises:
        MissingPart: it is not installed.
    """
    return _git(Path(), "--version").decode().strip().removeprefix("git version ")


def _environment(repository: Path) -> dict[str, str]:
    """Without what would lead git to another repository, and with no way to the network."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **own,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_CEILING_DIRECTORIES": str(repository.absolute().parent),
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def _started(
    repository: Path, *arguments: str, errors: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ["git", *_HARMLESS, "-C", str(repository), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(repository),
        )
    except FileNotFoundError as error:
        raise MissingPart("git is not installed, and --git needs it: install git") from error


def _git(repository: Path, *arguments: str, given: bytes = b"", may_fail: bool = False) -> bytes:
    with _started(repository, *arguments) as process:
        told, complaint = process.communicate(given)
    if process.returncode and not may_fail:
        reason = safe_name(complaint.decode("utf-8", "replace").strip().removeprefix("fatal: "))
        raise InputError(
            f"{safe_name(str(repository))}: git says {reason or 'nothing'}; look there"
        )
    return told
