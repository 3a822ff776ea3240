"""The pages, made once, and the browser's one in which they are opened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import Browser, Page

from view.opened import Pages


@pytest.fixture(scope="session")
def pages(
    built: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Pages:
    wanted = {part for item in request.session.items for part in re.split(r"[][-]", item.name)}
    return Pages(tmp_path_factory.mktemp("pages"), built, wanted)


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Page:
    return Page(browser, tmp_path / "downloads", stays=True)
