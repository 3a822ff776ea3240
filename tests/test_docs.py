"""What the documentation shows is what happens.

Commands in ``console`` blocks of the README run one after the other in a folder of their own, and
their output must be what is printed there. ``KG_WRITE_DOCS=1`` writes it there instead.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kg.cli import kg as group

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TIME = re.compile(r"after [\d.]+ (?:s|min \d+ s)")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus and the command, as a reader has them."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "corpus").symlink_to(ROOT / "corpus")
    (folder / "bin").mkdir()
    command = folder / "bin" / "kg"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg.cli "$@"\n')
    command.chmod(0o755)
    return folder


def shell(command: str, place: Path) -> str:
    environment = {
        **os.environ,
        "PATH": f"{place / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=place, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 0, f"{command}\n{done.stderr}"
    return TIME.sub("after 4.6 s", done.stdout)


def answered(block: str, place: Path) -> str:
    """A block with what its commands print now."""
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    lines = []
    for command in commands:
        printed = [line.rstrip() for line in shell(command, place).splitlines()]
        while printed and not printed[-1]:
            printed.pop()
        lines += [f"$ {command}", *printed]
    return "".join(f"{line}\n" for line in lines)


def test_commands_of_the_readme_print_what_it_says(place: Path) -> None:
    text = README.read_text("utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) >= 8
    now = BLOCK.sub(lambda found: f"```console\n{answered(found[1], place)}```", text)
    if os.environ.get("KG_WRITE_DOCS"):
        README.write_text(now, "utf-8")
    assert README.read_text("utf-8") == now


def test_the_library_does_what_the_readme_says(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    if not (place / "kg-data").exists():
        shell("kg build corpus/", place)
    result = doctest.testfile(str(README), module_relative=False)
    assert result.attempted > 8
    assert result.failed == 0


@pytest.mark.parametrize("name", sorted(group.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    text = README.read_text("utf-8")
    assert f"kg {name}" in text
    command = group.commands[name]
    with click.Context(command, parent=click.Context(group, **group.context_settings)) as context:
        options = [o for p in command.get_params(context) for o in p.opts if o.startswith("--")]
    undocumented = [o for o in options if o != "--help" and f"`{o}" not in text]
    assert undocumented == []


def test_everything_documented_is_there() -> None:
    text = README.read_text("utf-8")
    known = {f"--{word}" for word in ("help", "version")}
    for command in group.commands.values():
        with click.Context(
            command, parent=click.Context(group, **group.context_settings)
        ) as context:
            known |= {o for p in command.get_params(context) for o in p.opts}
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))
    assert sorted(used - known) == []


def test_links_to_files_lead_somewhere() -> None:
    for page in (README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (ROOT / target).is_file(), f"{page.name} links to {target}"
