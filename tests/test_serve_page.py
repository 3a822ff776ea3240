"""The page to ask on, as a person uses it in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, Page, needs_axe, needs_chromium, started
from serving import Served, serving

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Served]:
    with serving(built, "--rate", "0", "--max-rows", "5000") as found:
        yield found


@pytest.fixture(scope="module")
def browser(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One that reaches the server, and nothing else."""
    around = f"--proxy-bypass-list=<-loopback>;127.0.0.1:{server.port}"
    with started(tmp_path_factory.mktemp("asking"), around) as found:
        yield found


@pytest.fixture
def asking(page: Page, server: Served) -> Page:
    page.driver.get(f"{server.address}/")
    page.wait("document.querySelectorAll('#name option').length > 30")
    return page


def choose(page: Page, name: str) -> None:
    page.run(
        "const s = document.getElementById('name'); s.value = arguments[0];"
        "s.dispatchEvent(new Event('change', { bubbles: true }))",
        name,
    )


def test_a_question_its_rows_and_a_sentence(asking: Page, server: Served) -> None:
    choose(asking, "denials")
    asking.click("#of-company")
    asking.type("Stridewell")
    asking.key("Enter")
    asking.wait("document.querySelectorAll('#rows tbody tr').length > 2")
    told = server.ask("/queries/denials?company=Stridewell").json
    assert asking.texts("#rows th") == told["columns"]
    assert asking.texts("#status")[0].startswith(f"{told['total']} rows")
    assert asking.run("return document.getElementById('as-csv').href").endswith(
        "/queries/denials?format=csv&company=Stridewell"
    )
    # A statement leads to its sentence, and Escape back to it.
    asking.click("#rows td button")
    asking.wait("!document.getElementById('sentence').hidden")
    assert asking.run("return document.activeElement.id") == "said"
    assert "does NOT" in asking.texts("#said")[0]
    assert asking.texts("#quote mark.negation")
    asking.key("Escape")
    assert asking.run("return document.activeElement.closest('td') !== null")
    assert asking.console() == []


def test_sparql_by_keyboard(asking: Page) -> None:
    asking.click("#text")
    asking.key("Control+a")
    asking.type("ASK { ?s a pf:Statement }")
    asking.key("Control+Enter")
    asking.wait("document.getElementById('status').textContent.startsWith('Yes')")
    asking.key("Control+a")
    asking.type("SELECT ?s { ?s ")
    asking.key("Control+Enter")
    asking.wait("document.getElementById('status').classList.contains('failed')")
    assert "malformed" in asking.texts("#status")[0]
    asking.key("Control+a")
    asking.type("SELECT * { ?s ?p ?o }")
    asking.key("Control+Enter")
    asking.wait("document.getElementById('status').textContent.includes('cut by the server')", 20)
    assert len(asking.texts("#rows tbody tr")) == 2000
    asking.key("Control+a")
    asking.type("CONSTRUCT { <urn:a> <urn:b:c> 1 } {}")
    asking.key("Control+Enter")
    asking.wait("document.querySelector('#rows pre')")
    # The browser tells of the answer 400 itself, and of nothing else.
    assert [line for line in asking.console() if "400" not in line] == []


def test_an_example_can_be_taken_up(asking: Page) -> None:
    choose(asking, "sells")
    asking.click("#as-sparql")
    assert "SELECT" in asking.run("return document.getElementById('text').value")


def test_text_of_a_policy_is_text(asking: Page) -> None:
    asking.click("#text")
    asking.key("Control+a")
    asking.type(
        "SELECT ?a { VALUES ?a { '<img src=x onerror=alert(1)>' 'turn\\u202Eed' <javascript:a> } }"
    )
    asking.key("Control+Enter")
    asking.wait("document.querySelectorAll('#rows td').length === 3")
    assert asking.texts("#rows td")[:2] == ["<img src=x onerror=alert(1)>", "turn\\u202eed"]
    assert asking.run("return document.querySelectorAll('#rows img, #rows a').length") == 0
    assert asking.console() == []


def test_it_asks_its_own_server_alone(asking: Page, server: Served) -> None:
    assert [url for url in asking.requests() if not url.startswith(server.address)] == []
    blocked = asking.run("return fetch('http://127.0.0.1:9/').then(() => 'asked', () => 'blocked')")
    assert blocked == "blocked"


def test_the_view_and_its_problems(page: Page, server: Served) -> None:
    page.driver.get(f"{server.address}/view?company=Stridewell")
    page.wait("document.querySelectorAll('#tabs button').length > 2", 20)
    assert page.console() == []
    page.driver.get(f"{server.address}/view?company=Nobody")
    page.wait("document.querySelector('h1')")
    assert "Nobody" in page.texts("main")[0]


def test_on_a_narrow_screen_nothing_is_cut_off(asking: Page) -> None:
    asking.size(360, 700)
    assert asking.run("return document.documentElement.scrollWidth") <= 360


@needs_axe
def test_it_is_accessible(asking: Page) -> None:
    asking.key("Tab")
    assert asking.axe() == []
    asking.dark()
    assert asking.axe() == []
