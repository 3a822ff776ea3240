"""A git repository -> the versions of the policies in it, one a commit that changed the file.

Open Terms Archive and the Princeton-Leuven corpus keep their policies so. A repository is hostile
input: git is called so that nothing runs that its configuration names (only plumbing commands, what
they would run is switched off), and no transport is allowed: what is not there is not fetched.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from kg.errors import InputError, MissingPart, Skipped
from kg.lookup import nearest

from .corpus import SUFFIXES, Revision, Source, declared_by_place, is_shard
from .files import MAX_BYTES, safe_name, too_large

#: What is read of a repository when nothing else is asked for.
USUAL_PATHS = ("*/Privacy Policy.md",)

_HEADER = re.compile(r"\n?@[0-9a-f]{40,64},(\S+)\Z")
_CHANGE = re.compile(r"\n?:\d+ (100\d{3}) [0-9a-f]+ ([0-9a-f]{40,64}) [AM]\Z")
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
        services: names of the folders that the files stand in, or of the files where these tell
            the site ("a/ac/acm/acme.example.md"), in any case; none means all.
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


def versions(repository: Path, wanted: Wanted | None = None) -> list[Source]:
    """The versions of the files of a repository, by file, the oldest first.

    Raises:
        InputError: it is no repository, or holds no such file or service.
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
    found = _of_services(found, wanted.services, shown)
    listed: list[Source] = []
    for path in sorted(found):
        kept = [one for one in found[path] if not _is_before(one, wanted.since)]
        kept.sort(key=lambda one: one.recorded)
        listed.extend(_sources(path, _spread(kept, wanted.most)))
    if not listed:
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
    sizes = _git(repository, "cat-file", "--batch-check=%(objecttype) %(objectsize)", given=asked)
    is_small = [_size(line) <= MAX_BYTES for line in sizes.decode().splitlines()]
    process = _started(repository, "cat-file", "--batch")
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        for revision, name, fits in zip(revisions, names, is_small, strict=True):
            if not fits:
                yield Skipped(too_large(safe_name(name), "this version"))
                continue
            process.stdin.write(f"{revision.blob}\n".encode())
            process.stdin.flush()
            head = process.stdout.readline().split()
            if len(head) != 3 or head[1] != b"blob":
                yield InputError(
                    f"{safe_name(name)}: the repository does not hold this version; fetch it again"
                )
                continue
            data = process.stdout.read(int(head[2]) + 1)[:-1]
            yield data
        process.stdin.close()


def _size(line: str) -> int:
    """Size of an object; 0 of one that is missing."""
    kind, _, size = line.partition(" ")
    return int(size) if kind == "blob" else 0


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
    """Every version of the files: path and revision, the oldest commit first."""
    commits = _git(repository, "rev-list", "--reverse", "--date-order", tip, "--", *paths)
    told = _git(
        *(repository, "diff-tree", "--stdin", "-r", "--root", "--raw", "-z", "--no-renames"),
        *("--no-ext-diff", "--no-textconv"),
        *("--format=@%H,%aI", "--", *paths),
        given=commits,
    )
    recorded: datetime | None = None
    blob = ""
    for part in told.decode("utf-8", "surrogateescape").split("\0"):
        header, change = _HEADER.match(part), _CHANGE.match(part)
        if header:
            recorded = datetime.fromisoformat(header[1]).astimezone(UTC)
            blob = ""
        elif change:
            blob = change[2]
        elif blob and recorded:
            yield part, Revision(repository, blob, recorded)
            blob = ""


def _of_services(
    found: dict[str, list[Revision]], services: Sequence[str], shown: str
) -> dict[str, list[Revision]]:
    if not services:
        return found
    there = {_service(path).casefold(): _service(path) for path in found}
    for service in services:
        if service.casefold() not in there:
            near = nearest(service.casefold(), there)
            hint = (
                f"; did you mean {', '.join(there[one] for one in near[:_MANY])}?" if near else ""
            )
            raise InputError(f"{shown}: there is no service {safe_name(service)!r}{hint}")
    chosen = {service.casefold() for service in services}
    return {path: some for path, some in found.items() if _service(path).casefold() in chosen}


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


def _environment() -> dict[str, str]:
    """Without what would point git at another repository, and with no way to the network."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **own,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def _started(repository: Path, *arguments: str) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ["git", *_HARMLESS, "-C", str(repository), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
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
