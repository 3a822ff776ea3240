"""Pages of `kg view`, each of one corpus, and what the tests do in one that is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from browser import Page
from conftest import ROOT

from kg.pipeline import build
from kg.store import Store, open_store
from kg.views import Scope, render
from view.policies import crowded
from view.scripts import CATCH, HITS
from view.told import Told

TABS = ("compare", "flow", "changes", "network", "statements")
#: What opens evidence in the tab, the network's drawing left out.
HITTABLE = {
    "compare": "#cards .card[aria-pressed], #stage [data-cell], #stage [data-focus^='cell/']",
    "flow": "#stage [data-focus^='ribbon/'], #stage [data-focus^='node/']",
    "changes": "#stage button[data-focus^='change/']",
    "statements": "#stage tbody tr",
}
#: The first thing of a tab that opens sentences.
FIRST = {
    "compare": "cell/*",
    "flow": "node/*",
    "changes": "change/added*",
    "network": "edge/*",
    "statements": "statement/*",
}
CORPUS = ROOT.parent / "shared" / "corpus"
#: Services whose policies have some 4,000 words each.
TWELVE = (
    *("Apple", "Bitwarden", "Crunchyroll", "DeviantArt", "Disqus", "DuckDuckGo", "Hetzner"),
    *("Kraken", "NordVPN", "Palia", "Twitch", "Vimeo"),
)
INVENTED, LARGE = "invented 180", "invented 10000"
CORPORA = ("sample", "seeds", "ota", INVENTED)


@dataclass
class Made:
    """A page on the disk, and what is in it."""

    file: Path
    html: str

    @cached_property
    def told(self) -> Told:
        return Told(self.html)


def make(store: Store, folder: Path, name: str, scope: Scope | None = None) -> Made:
    folder.mkdir(parents=True, exist_ok=True)
    html = render(store, scope)
    file = folder / f"{name}.html"
    file.write_text(html, "utf-8")
    return Made(file, html)


class Pages:
    """Each page is made when a test first asks for it."""

    def __init__(self, folder: Path, built: Path, wanted: Iterable[str]) -> None:
        self.folder, self.built = folder, built
        self._pool = ThreadPoolExecutor(1)
        self._wanted: dict[str, Future[Made]] = {}
        #: These are made beside the first tests, which need the sample alone.
        for name in ("seeds", "ota", LARGE):
            if name in wanted and (name == LARGE or CORPUS.is_dir()):
                self._wanted[name] = self._pool.submit(self._make, name)

    def __call__(self, name: str) -> Made:
        if name in {"seeds", "ota"} and not CORPUS.is_dir():
            pytest.skip("needs ../shared/corpus")
        if name not in self._wanted:
            self._wanted[name] = Future()
            self._wanted[name].set_result(self._make(name))
        return self._wanted[name].result()

    def _make(self, name: str) -> Made:
        return make(self.store(name), self.folder, name)

    def store(self, name: str) -> Store:
        if name.startswith("invented"):
            return crowded(int(name.split()[1]))
        if name == "sample":
            return open_store(self.built)
        inputs = {"seeds": [CORPUS / "seeds"], "ota": [CORPUS / "ota" / s for s in TWELVE]}
        build(inputs[name], self.folder / name, jobs=1)
        return open_store(self.folder / name)


# In an open page


def calm(page: Page) -> None:
    assert page.console() == []
    assert page.requests() == []


def open_page(page: Page, made: Made, fragment: str = "", *, with_network: bool = False) -> None:
    """Opens a page with the scripts of `hits`; with the network, also its drawing's.

    One that is open and untouched is not loaded again.
    """
    again = "return Boolean(window.hits?.again(arguments[0]))"
    if not (page.shows(made.file) and page.run(again, fragment)):
        page.open(made.file, fragment)
        page.wait("document.documentElement.dataset.drawn")
        page.run(HITS)
    if with_network:
        page.run(CATCH)
        redrawn(page, lambda: page.click('[data-focus="tab/network"]'))
        page.wait("hits.network")


def turn(page: Page, fragment: str) -> None:
    """Goes to another address of the page that is open."""
    redrawn(page, lambda: page.run("location.hash = arguments[0]", fragment))


def redrawn(page: Page, act: Callable[[], object]) -> None:
    """Does something, and waits until the page has been drawn anew."""
    before = page.run("return document.documentElement.dataset.drawn")
    act()
    page.wait(f"document.documentElement.dataset.drawn !== '{before}'")


def choose(page: Page, focus: str, value: str | None = None) -> None:
    """Presses a control or, with a value, picks an option of a list."""
    page.run(
        """
        const [focus, value] = arguments;
        const control = document.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
        control.focus();
        if (value === null) return control.click();
        control.value = value;
        if (control.value !== value) throw new Error(`${focus} has no ${value}`);
        control.dispatchEvent(new Event('change', { bubbles: true }));
        """,
        focus,
        value,
    )


def take(page: Page, focus: str, value: str | None = None) -> None:
    """Makes a choice; "*" stands for whatever comes first."""
    found = page.run(
        """
        const every = [...document.querySelectorAll('[data-focus]')].map((e) => e.dataset.focus);
        const start = arguments[0].replace('*', '');
        const isWhole = start === arguments[0];
        return every.find((one) => (isWhole ? one === start : one.startsWith(start)));
        """,
        focus,
    )
    assert found, f"nothing fits {focus}"
    if found.startswith(("ribbon/", "node/")):
        script = 'hits.press(document.querySelector(`[data-focus="${CSS.escape(arguments[0])}"]`))'
        redrawn(page, lambda: page.run(script, found))
    else:
        redrawn(page, lambda: choose(page, found, value))


def number_shown(page: Page) -> int:
    """The number of statements that the status tells."""
    return int(page.texts("#status")[0].split(" of ")[0].replace(",", ""))


def open_digits(page: Page) -> list[str]:
    found: list[str] = page.run("return hits.opened()")
    return found


SEEN = """
const all = (css, of) => [...document.querySelectorAll(css)].map(of);
return {
  tab: all('#tabs [aria-selected="true"]', (e) => e.dataset.tab),
  status: document.getElementById('status').innerText,
  chips: document.getElementById('chips').innerText,
  pressed: all('[aria-pressed="true"]', (e) => e.dataset.focus),
  checked: all('input:checked', (e) => e.dataset.focus),
  lists: all('select', (e) => [e.dataset.focus, e.value]),
  words: document.getElementById('search').value,
  stage: document.getElementById('stage').textContent,
  drawn: all('#stage svg [data-focus]', (e) => e.dataset.focus + e.getAttribute('class')),
  evidence: document.getElementById('evidence').innerText,
};
"""


def see(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.run(SEEN)
    return found


def differing(seen: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {name: seen[name] for name in seen if seen[name] != other[name]}


def click_all(page: Page, css: str, most: int | None = None) -> dict[str, Any]:
    """Looks for all that fit, and clicks each or at most so many."""
    script = "return hits.all(arguments[0], arguments[1] ?? Infinity)"
    found: dict[str, Any] = page.run(script, css, most)
    return found


def compare(found: dict[str, Any], expected: dict[str, set[str]]) -> None:
    clicked, every = len(found["opened"]), len(found["reached"]) + len(found["missed"])
    print(f"{len(found['reached'])} of {every} can be hit; {clicked} were clicked")
    assert found["missed"] == []
    assert sorted(found["reached"]) == sorted(expected)
    wrong = [name for name, digits in found["opened"].items() if digits != sorted(expected[name])]
    assert wrong == []
