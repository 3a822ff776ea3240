"""What several tests need: the sample corpus, its graph, and the command."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import CHROMEDRIVER, CHROMIUM, Browser, Page, started

from kg.cli import main
from kg.pipeline import build

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Done:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The sample corpus."""
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def built(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the graph of the sample corpus; not to be changed."""
    folder = tmp_path_factory.mktemp("built") / "kg-data"
    build([corpus], folder)
    return folder


@pytest.fixture
def own(built: Path, tmp_path: Path) -> Path:
    """A copy of the sample corpus's graph to change."""
    return Path(shutil.copytree(built, tmp_path / "kg-data"))


@pytest.fixture
def kg(capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """The command, in this process."""

    def run(*arguments: str | Path) -> Done:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Done(code, *capfd.readouterr())

    return run


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium for all tests that want one."""
    if CHROMIUM is None or CHROMEDRIVER is None:
        pytest.skip("needs Chromium and its driver")
    with started(tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Page:
    """An empty page; what is opened in it is to be under its test's own folder."""
    return Page(browser, tmp_path / "downloads")
