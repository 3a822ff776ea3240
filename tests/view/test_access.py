"""Readable for all: axe, dark, forced colours, a narrow window, paper."""

from __future__ import annotations

import unicodedata
from base64 import b64decode
from pathlib import Path

import pytest
from browser import Page, needs_axe, needs_chromium
from pypdf import PdfReader

from view.opened import FIRST, TABS, Pages, open_page, redrawn, see, take, turn

pytestmark = needs_chromium


@needs_axe
@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_nothing_stands_in_anyones_way(page: Page, pages: Pages, look: str) -> None:
    """With sentences open, and in Compare also before."""
    page.dark(look == "dark")
    if look == "narrow":
        page.size(390, 800)
    open_page(page, pages("sample"), "tab=statements")
    faults = {}
    for tab in TABS:
        turn(page, f"tab={tab}")
        if look == "light" and tab == "compare":
            faults[tab, "closed"] = page.axe()
        take(page, FIRST[tab])
        faults[tab, "open"] = page.axe()
    take(page, "card/tension")
    faults["proof", "open"] = page.axe()
    assert {place: found for place, found in faults.items() if found} == {}


def test_the_page_is_dark_for_those_who_like_it_dark(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"))
    ground = "return getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)"
    assert min(page.run(ground)) > 200
    page.dark()
    assert max(page.run(ground)) < 60


QUOTED = """
const [light, dark] = [document.createElement('canvas').getContext('2d'), 0];
const rgb = (colour) => {
  light.clearRect(0, 0, 1, 1);
  light.fillStyle = colour;
  light.fillRect(0, 0, 1, 1);
  return [...light.getImageData(0, 0, 1, 1).data];
};
const shine = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) =>
    (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const ground = (e) => {
  for (let one = e; one; one = one.parentElement) {
    const found = rgb(getComputedStyle(one).backgroundColor);
    if (found[3] === 255) return found;
  }
  return [255, 255, 255, 255];
};
const css = '#evidence blockquote:not(.context), #evidence blockquote > *, #evidence h3 *';
return [...document.querySelectorAll(css)].map((e) => {
  const [a, b] = [shine(rgb(getComputedStyle(e).color)), shine(ground(e))];
  return [e.className || e.tagName, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
});
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_a_quote_is_seen_in_forced_colours(
    page: Page, pages: Pages, scheme: str
) -> None:
    page.dark(scheme == "dark")
    page.forced_colours()
    open_page(page, pages("sample"), "tab=compare")
    take(page, "card/tension")
    assert page.run("return matchMedia('(forced-colors: active)').matches")
    found = page.run(QUOTED)
    names = {name for name, _ in found}
    assert names >= {"BLOCKQUOTE", "role-actor", "role-trigger", "role-data", "role-negation"}
    assert [(name, ratio) for name, ratio in found if ratio < 4.5] == []


WIDER = """
const wide = document.documentElement.scrollWidth;
const tabs = [...document.querySelectorAll('#tabs button')].map((e) => e.getBoundingClientRect());
return [wide <= innerWidth ? 0 : wide, tabs.every((e) => e.left >= 0 && e.right <= innerWidth)];
"""


def test_a_narrow_window_is_wide_enough(page: Page, pages: Pages) -> None:
    """What is wider can be scrolled by itself."""
    page.size(390, 800)
    open_page(page, pages("sample"), "tab=statements")
    found = {}
    for tab in TABS:
        turn(page, f"tab={tab}")
        found[tab] = page.run(WIDER)
        take(page, FIRST[tab])
        found[tab, "open"] = page.run(WIDER)
    assert {place: seen for place, seen in found.items() if seen != [0, True]} == {}
    for tab in reversed(TABS):
        redrawn(page, lambda tab=tab: page.click(f'[data-focus="tab/{tab}"]'))
        assert see(page)["tab"] == [tab]


#: Pixels of A4 between its margins.
PAPER = 718


def test_on_paper_there_are_no_filters_and_nothing_is_cut_off(page: Page, pages: Pages) -> None:
    page.size(PAPER, 1000)
    open_page(page, pages("sample"), "tab=statements")
    page.print_media()
    page.wait("getComputedStyle(document.getElementById('filters')).display === 'none'")
    for tab in TABS:
        turn(page, f"tab={tab}")
        cut, is_long, wide = page.run(
            """
            const cut = [];
            for (let e = document.querySelector('#stage > :last-child'); e; e = e.parentElement) {
              const cuts = ['hidden', 'auto', 'scroll'].includes(getComputedStyle(e).overflowY);
              if (e.matches('html, body') ? e.clientHeight < 0 : cuts) cut.push(e.id || e.tagName);
            }
            const wide = [...document.querySelectorAll('main :not(svg *)')].filter((e) =>
              e.checkVisibility() && !e.matches('.hidden, .hidden *') &&
              e.getBoundingClientRect().right > innerWidth + 1);
            const words = [...document.querySelectorAll('main td, main th')].filter((e) =>
              e.scrollWidth > e.clientWidth + 1);
            const stage = document.getElementById('stage');
            const isLong = document.body.clientHeight >= stage.offsetHeight;
            return [cut, isLong, [...wide, ...words].map((e) => e.className || e.tagName)];
            """
        )
        assert cut == []
        assert is_long
        assert wide == [], tab


def _solid(text: str) -> str:
    """Without spaces and ligatures."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_the_printed_table_holds_every_word(page: Page, pages: Pages, tmp_path: Path) -> None:
    told = pages("sample").told
    open_page(page, pages("sample"), "tab=statements")
    printed = page.cdp("Page.printToPDF", printBackground=True, paperWidth=8.27, paperHeight=11.69)
    file = tmp_path / "page.pdf"
    file.write_bytes(b64decode(printed["data"]))
    reader = PdfReader(file)
    right = []

    def place(text: str, page: list[float], line: list[float], *_: object) -> None:
        if text.strip():
            right.append(page[0] * line[4] + page[2] * line[5] + page[4])

    text = _solid(" ".join(one.extract_text(visitor_text=place) for one in reader.pages))
    missing = [said.text for said in told.shown[:100] if _solid(said.text) not in text]
    assert missing == []
    assert max(right) < float(reader.pages[0].mediabox.right)
