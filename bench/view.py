"""How large, how quick and how readable the view of a graph is, in Chromium.

    python -m bench.view GRAPH [--company NAME]...    size, time until it is usable, of a redraw
    python -m bench.view GRAPH --flows                which companies' pages start in Flow

Usable means drawn; a redraw is that of a filter by action, taken with the layout that follows it.
The network library is left out of the size. A page starts in Flow when it has at most 80 ribbons
and 3 crossings a ribbon.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from kg.claims import sources
from kg.store import open_store
from kg.views import Scope, render
from kg.views.page import _vis

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

TABS = ("compare", "flow", "changes", "network", "statements")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--window-size=1440,900"),
)
REDRAW = """
const start = performance.now();
document.querySelector('[data-focus="action/share"]').click();
document.body.offsetHeight;
return performance.now() - start;
"""


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--company", action="append", default=[])
    parser.add_argument("--flows", action="store_true")
    arguments = parser.parse_args()
    with chromium() as driver:
        if arguments.flows:
            flows(arguments.graph, driver)
        else:
            times(arguments.graph, tuple(arguments.company), driver)


def times(graph: Path, companies: tuple[str, ...], driver: Chrome) -> None:
    """Size, time until the page is usable, and of a redraw in each tab."""
    with open_store(graph) as store:
        text = render(store, Scope(companies))
    opened(text, driver)
    count = driver.execute_script(
        "return JSON.parse(document.getElementById('data').textContent).statements.length"
    )
    size = len(text.encode()) - len(_vis().encode())
    allowed = 250_000 + 500 * count
    print(f"statements       {count:>9,}")
    print(f"bytes            {size:>9,}  of {allowed:,} allowed")
    ready = [opened(text, driver) for _ in range(3)]
    print(f"usable, ms       {median(ready):>9.0f}")
    for tab in TABS:
        driver.find_element("id", f"tab-{tab}").click()
        redraws = [driver.execute_script(REDRAW) for _ in range(6)]
        print(f"redraw, ms       {max(redraws):>9.0f}  at most, {tab}")


def flows(graph: Path, driver: Chrome) -> None:
    """How many companies' pages start in Flow, and which do not."""
    others = []
    with open_store(graph) as store:
        companies = sorted(
            {source.company_iri: source.company for source in sources(store)}.items()
        )
        for iri, name in companies:
            opened(render(store, Scope((iri,))), driver)
            if driver.find_element("css selector", "[aria-selected=true]").text != "Flow":
                others.append(name)
    print(f"pages of one company that start in Flow: {len(companies) - len(others)}")
    print(f"in Compare: {len(others)}: {', '.join(others)}")


def opened(text: str, driver: Chrome) -> float:
    """Milliseconds from opening a page until it is drawn."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "view.html"
        file.write_text(text, "utf-8")
        driver.get(file.as_uri())
        drawn = "return document.documentElement.dataset.drawn && performance.now()"
        return float(driver.execute_script(drawn))


@contextmanager
def chromium() -> Iterator[Chrome]:
    """A headless Chromium, ended at the end."""
    from selenium.webdriver import Chrome, ChromeOptions  # noqa: PLC0415 - heavy
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415

    options = ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
