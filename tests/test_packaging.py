"""The package as it is installed: locked parts, data inside, nothing of the checkout needed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {"requirements.lock": ("build",), "requirements-dev.lock": ("build", "dev")}


def pins(name: str) -> dict[str, set[str]]:
    """Package -> its versions in a lock file: one, or one a version of Python."""
    found: dict[str, set[str]] = {}
    text = (ROOT / name).read_text("utf-8")
    for line in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(line[0]), set()).add(line[1])
    return found


@pytest.mark.parametrize(("name", "extras"), LOCKS.items(), ids=LOCKS)
def test_the_lock_file_fits_the_ranges(name: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    locked = pins(name)
    for requirement in map(Requirement, wanted):
        versions = locked[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(v) for v in versions), requirement


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_file_has_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    for block in re.split(r"\n(?=\S)", text):
        assert "--hash=sha256:" in block, block


def test_both_lock_files_agree() -> None:
    ours, theirs = map(pins, LOCKS)
    assert {name: theirs[name] for name in ours} == ours


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="hatchling builds the wheel")
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
        "--disable-pip-version-check", "--wheel-dir", str(folder), str(ROOT),
    ]  # fmt: skip
    if shutil.which("pip", path=str(Path(sys.executable).parent)) is None:
        pytest.skip("pip builds the wheel, and is not here")
    subprocess.run(command, check=True, capture_output=True)
    [found] = folder.glob("privflow-*.whl")
    return found


def test_the_wheel_holds_code_and_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for wanted in (
        "kg/cli/__init__.py",
        "kg/py.typed",
        "kg/statements/frames.toml",
        "kg/data/ontology/data.ttl",
        "kg/data/queries/recipients.rq",
    ):
        assert wanted in names
    for name in ("page.html", "page.js", "page.css"):
        assert f"kg/views/templates/{name}" in names
    assert not [name for name in names if name.startswith("kg/views/app/")]
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"kg"}
    assert not [name for name in names if name.endswith((".pyc", ".orig", ".new"))]


def test_the_main_job_runs_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")

    def kg(*arguments: str) -> str:
        code = (
            f"import sys; sys.path.insert(0, {str(place)!r})\n"
            f"import kg.cli, kg.resources\n"
            f"assert kg.cli.__file__.startswith({str(place)!r})\n"
            f"assert str(kg.resources.QUERIES).startswith({str(place)!r})\n"
            f"sys.exit(kg.cli.main({list(arguments)!r}))"
        )
        done = subprocess.run(
            [sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "policies" in kg("build", "corpus/")
    assert "Warblebox" in kg("query", "snapshots", "--format", "csv")
    kg("view", "-q")
    assert (tmp_path / "flows.html").stat().st_size > 10_000
