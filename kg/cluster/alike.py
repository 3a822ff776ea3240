"""Whether two machines read a document alike: what both must have, and what to say if not."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kg import __version__
from kg.iris import BASE, digest

#: Packages that a reading depends on, beside those that every graph's settings name.
_PACKAGES = (
    "markdown-it-py", "py3langid", "pycountry", "pypdf", "pyyaml", "rapidfuzz", "selectolax",
)  # fmt: skip
_SECONDS = 120
_MOST_SHOWN = 4


def needs() -> dict[str, str]:
    """Versions of all that a document's graph and the comparison of versions depend on."""
    from kg.settings import comparing, models, settings_of  # noqa: PLC0415 - heavy

    found = settings_of(BASE, None)
    del found["base"], found["least"]  # these every task tells
    return {
        **found,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        **{name: _version_of(name) for name in _PACKAGES},
        "models": models(),
        "comparing": comparing(),
        "cluster": _wire_version(),
    }


def needs_afresh() -> dict[str, str]:
    """The same, of what lies on this machine's disk now.

    A worker may have been running since before its packages were brought up to date; the
    processes that it starts to read in use the new ones.
    """
    places = [place for place in sys.path if place]
    places.append(str(Path(__file__).resolve().parents[2]))
    done = subprocess.run(
        [sys.executable, "-P", "-m", __name__],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(places))},
        capture_output=True,
        timeout=_SECONDS,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def hash_of(needs: Mapping[str, str]) -> str:
    """Short for all that a reading depends on."""
    return digest(*(f"{name}={found}" for name, found in sorted(needs.items())))


def differing(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """In what two machines differ and how to mend that; empty when they do not."""
    names = [name for name in (*here, *there) if here.get(name) != there.get(name)]
    if not names:
        return ""
    shown = [
        f"{name} {there.get(name, 'missing')} there, {here.get(name, 'missing')} here"
        for name in dict.fromkeys(names)
    ]
    more = f", and {len(shown) - _MOST_SHOWN} more" if len(shown) > _MOST_SHOWN else ""
    return (
        f"{'; '.join(shown[:_MOST_SHOWN])}{more}; install there what is installed here "
        f"(`pip install 'privflow[cluster]=={__version__}'`, or the same checkout and lock file) "
        "and start its worker again"
    )


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _wire_version() -> str:
    """Hash of the code that writes and reads what travels."""
    package = Path(__file__).resolve().parents[1]
    code = hashlib.blake2b(digest_size=8)
    for path in (*sorted((package / "cluster").glob("*.py")), package / "pool.py",
                 package / "manifest.py"):  # fmt: skip
        code.update(path.read_bytes())
    return code.hexdigest()


if __name__ == "__main__":
    print(json.dumps(needs()))
