"""Whether everything is there: what ``kg doctor`` looks at."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from kg.errors import KgError, MissingPart, StoreError

#: Free disk space below which a build may fail, in bytes.
_LOW_DISK = 500 * 2**20
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        is_good: whether it is as it should be.
        is_needed: whether nothing works without it.
        found: what there is, or what to do.
    """

    name: str
    is_good: bool
    found: str
    is_needed: bool = True


def checks(folder: Path | str) -> Iterator[Check]:
    """Looks at Python, packages, model, ontology, Java, git, disk and the graph."""
    yield Check("python", (3, 11) <= sys.version_info < (3, 14), sys.version.split()[0])
    yield _packages()
    yield _tried("language model", _model)
    yield _tried("tagger", _tagger, is_needed=False)
    yield _tried("ontology", _ontology)
    yield _tried("reasoner", _reasoner, is_needed=False)
    yield _tried("git", _git, is_needed=False)
    yield _disk(folder if isinstance(folder, Path) else Path())
    yield _tried("graph", lambda: _graph(folder), is_needed=False)


def _tried(name: str, look: Callable[[], str], *, is_needed: bool = True) -> Check:
    try:
        return Check(name, True, look(), is_needed)
    except KgError as error:
        return Check(name, False, str(error), is_needed)
    except Exception as error:
        return Check(name, False, f"{type(error).__name__}: {error}", is_needed)


def _packages() -> Check:
    try:
        wanted = requires("privflow") or []
    except PackageNotFoundError:
        return Check("packages", False, "privflow is not installed: pip install privflow")
    names = [_REQUIREMENT.match(line) for line in wanted if "extra ==" not in line]
    missing = []
    for name in (found.group() for found in names if found):
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("packages", False, f"not installed: {', '.join(missing)}; pip install them")
    return Check("packages", True, f"all {len(names)} are installed")


def _model() -> str:
    from kg.statements.parse import MODEL, model  # noqa: PLC0415 - heavy

    return f"{MODEL} {model().meta['version']}"


def _tagger() -> str:
    from kg import resources  # noqa: PLC0415
    from kg.tagger import described, shipped  # noqa: PLC0415 - heavy

    if resources.tagger_model() is None:
        raise MissingPart("its model is not there, rules alone read policies: install it again")
    shipped()
    return f"version {described()['version']}"


def _ontology() -> str:
    from kg import ontology  # noqa: PLC0415 - heavy

    report = ontology.check()
    if not report.is_good:
        raise KgError("; ".join(report.problems[:5]))
    return f"{report.checked} terms, version {ontology.version()}"


def _reasoner() -> str:
    from kg.ontology import reason  # noqa: PLC0415 - heavy

    report = reason()
    if not report.is_good:
        raise KgError("; ".join(report.problems[:5]))
    return f"HermiT finds {report.checked} classes consistent"


def _git() -> str:
    from kg.documents import git_version  # noqa: PLC0415 - heavy

    return git_version()


def _disk(folder: Path) -> Check:
    place = folder.absolute()
    while not place.is_dir():
        place = place.parent
    free = shutil.disk_usage(place).free
    return Check("disk", free >= _LOW_DISK, f"{free / 2**30:.1f} GB free", is_needed=False)


def _see_parts(folder: Path) -> None:
    """Sees that what the graph was made of is as it was written."""
    from kg.manifest import is_whole, load  # noqa: PLC0415 - heavy

    held = load(folder)
    for entry in held.entries if held else ():
        if entry.snapshot and not is_whole(folder, entry):
            raise StoreError(
                f"what was made of {entry.name} is damaged or lost: build it again with "
                f"`kg build CORPUS -o {folder} --force`"
            )


def _graph(folder: Path | str) -> str:
    from kg.store import is_damage, is_store, open_store  # noqa: PLC0415 - heavy

    if isinstance(folder, Path) and not is_store(folder):
        raise MissingPart(f"{folder} holds none yet: `kg build CORPUS -o {folder}`")
    with open_store(folder) as store:
        try:
            if isinstance(folder, Path):  # all of it is looked at
                with Path(os.devnull).open("wb") as nowhere:
                    store.dump(nowhere)
                _see_parts(folder)
            return f"{len(store):,} quads in {folder}"
        except (OSError, RuntimeError) as error:
            if not is_damage(error):
                raise
            raise StoreError(
                f"it is damaged ({error}): build it again with `kg build CORPUS -o {folder} "
                "--force`"
            ) from error
