"""The harness of tests/browser.py tells what a page does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import Page, needs_axe, needs_chromium, until

pytestmark = needs_chromium

CALM = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Calm</title>
<style>
  body { color: #111; background: #fff; }
  @media (prefers-color-scheme: dark) { body { color: #eee; background: #111; } }
  @media print { button { display: none; } }
</style></head>
<body><main><h1>Calm</h1><label>Filter <input></label><button>Save</button>
<img alt="a dot" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="><!-- here --></main>
<script>
  document.querySelector('button').onclick = () => {
    const link = document.createElement('a');
    link.download = 'saved.txt';
    link.href = URL.createObjectURL(new Blob(['saved']));
    link.click();
  };
  document.onkeydown = (event) => {
    document.title = `${event.shiftKey ? 'Shift+' : ''}${event.key}`;
  };
</script></body></html>"""


def _open(page: Page, folder: Path, more: str = "", fragment: str = "") -> None:
    file = folder / "a page.html"
    file.write_text(CALM.replace("<!-- here -->", more), "utf-8")
    page.open(file, fragment)


def test_a_calm_page_reports_nothing(page: Page, tmp_path: Path) -> None:
    _open(page, tmp_path)
    page.wait("document.images[0].complete")
    assert page.console() == []
    assert page.requests() == []


@needs_axe
def test_a_calm_page_has_no_faults(page: Page, tmp_path: Path) -> None:
    _open(page, tmp_path)
    assert page.axe() == []
    page.dark()
    assert page.axe() == []
    assert page.console() == page.requests() == []


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("console.info('heard')", "INFO console-api: .*heard"),
        ("console.error('heard')", "SEVERE console-api: .*heard"),
        ("throw new Error('heard')", "SEVERE javascript: .*Uncaught Error: heard"),
        ("Promise.reject(new Error('heard'))", "SEVERE javascript: .*Uncaught Error: heard"),
        ("setTimeout(() => { throw new Error('heard'); })", "SEVERE javascript: .*heard"),
    ],
)
def test_what_is_said_and_what_fails_is_reported(
    page: Page, tmp_path: Path, script: str, told: str
) -> None:
    _open(page, tmp_path, f"<script>{script}</script>")
    page.run("return new Promise((done) => setTimeout(done))")
    [said] = page.console()
    assert re.match(told, said), said
    assert page.console() == [said]
    _open(page, tmp_path)
    assert page.console() == []


ELSEWHERE = "http://elsewhere.invalid/loaded"


@pytest.mark.parametrize(
    "asks",
    [
        f'<img alt="" src="{ELSEWHERE}">',
        f'<link rel="stylesheet" href="{ELSEWHERE}">',
        f"<script>fetch('{ELSEWHERE}').catch(() => {{}})</script>",
        f"<script>navigator.sendBeacon('{ELSEWHERE}')</script>",
        f"<script>new WebSocket('{ELSEWHERE.replace('http', 'ws')}')</script>",
        f"<iframe title='t' src='{ELSEWHERE}'></iframe>",
        f'<p style="background: url({ELSEWHERE})">words</p>',
        f"<script>new Worker(URL.createObjectURL(new Blob([`fetch('{ELSEWHERE}')`])))</script>",
        '<img alt="" src="loaded">',
    ],
)
def test_what_is_asked_for_is_reported(page: Page, tmp_path: Path, asks: str) -> None:
    _open(page, tmp_path, asks)
    assert until(lambda: any("loaded" in address for address in page.requests()), 5)
    _open(page, tmp_path)
    assert page.requests() == []


def test_what_the_policy_of_the_page_stops_is_reported_too(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "strict.html"
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    file.write_text(f'<title>S</title>{policy}<img alt="" src="{ELSEWHERE}">', "utf-8")
    before = len(page.browser.asked)
    page.open(file)
    assert until(lambda: bool(page.console()), 5)
    assert "Content Security Policy" in page.console()[0]
    assert page.requests() == [ELSEWHERE]
    assert ELSEWHERE not in page.browser.asked[before:]


@needs_axe
@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">', "image-alt"),
        ('<p style="color: #bbb; background: #fff">words</p>', "color-contrast"),
        ('<input id="bare">', "label"),
    ],
)
def test_faults_of_accessibility_are_reported(
    page: Page, tmp_path: Path, fault: str, rule: str
) -> None:
    _open(page, tmp_path, f'<section id="bad">{fault}</section>')
    [found] = page.axe()
    assert found.startswith(f"{rule} (")
    assert page.axe("#bad") == [found]
    assert page.axe("label") == []


def test_it_clicks_types_and_presses_keys(page: Page, tmp_path: Path) -> None:
    _open(page, tmp_path, fragment="part")
    assert page.run("return location.hash") == "#part"
    page.click("input")
    page.type("some")
    page.key("Control+a", "Backspace", "x")
    assert page.run("return document.querySelector(arguments[0]).value", "input") == "x"
    for key in ("ArrowDown", "Shift+Tab", "/", "Escape"):
        page.key(key)
        assert page.driver.title == key
    assert page.texts("h1, button") == ["Calm", "Save"]


def test_it_takes_downloads(page: Page, tmp_path: Path) -> None:
    _open(page, tmp_path)
    page.click("button")
    assert page.downloaded("saved.txt").read_text("utf-8") == "saved"
    assert page.requests() == page.console() == []


def test_it_shows_pages_in_other_sizes_colours_and_media(page: Page, tmp_path: Path) -> None:
    page.size(390, 700)
    page.dark()
    page.reduced_motion()
    _open(page, tmp_path)
    assert page.run("return [innerWidth, innerHeight, devicePixelRatio]") == [390, 700, 1]
    dark = "return getComputedStyle(document.body).backgroundColor === 'rgb(17, 17, 17)'"
    assert page.run(dark)
    assert page.run("return matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert page.screenshot(tmp_path / "shots" / "dark.png").read_bytes()[:4] == b"\x89PNG"
    page.dark(False)
    assert not page.run(dark)
    page.print_media()
    page.wait("getComputedStyle(document.querySelector('button')).display === 'none'")


def test_what_a_page_kept_is_gone_for_the_next(page: Page, tmp_path: Path) -> None:
    _open(page, tmp_path)
    page.run("localStorage.setItem('kept', 1)")
    page.open(tmp_path / "a page.html")
    assert page.run("return localStorage.getItem('kept')") == "1"
    page.size(300, 300)
    other = Page(page.browser, tmp_path / "other")
    other.open(tmp_path / "a page.html")
    assert other.run("return [localStorage.getItem('kept'), innerWidth]") == [None, 1280]


def test_waiting_in_vain_says_for_what(page: Page, tmp_path: Path) -> None:
    _open(page, tmp_path, "<script>console.warn('heard')</script>")
    page.wait("document.title === 'Calm'")
    with pytest.raises(pytest.fail.Exception, match=r"(?s)nothing\.here.*not defined.*heard"):
        page.wait("nothing.here", 0.1)
    with pytest.raises(pytest.fail.Exception, match=r"no none\.txt"):
        page.downloaded("none.txt", 0.1)
    with pytest.raises(AssertionError, match="#absent"):
        page.click("#absent")
