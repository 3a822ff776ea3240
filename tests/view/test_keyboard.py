"""The keyboard alone, and where the focus is."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from browser import Page, needs_chromium

from view.opened import TABS, Pages, calm, choose, open_digits, open_page, redrawn, see, take

pytestmark = needs_chromium


def _focus(page: Page) -> str:
    return str(page.run("return document.activeElement?.dataset?.focus ?? ''"))


def _tab_to(page: Page, start: str) -> None:
    """Presses Tab until what begins so has the focus."""
    for _ in range(120):
        if _focus(page).startswith(start):
            return
        page.key("Tab")
    pytest.fail(f"Tab does not get to {start}")


def _enter(page: Page) -> str:
    """Presses Enter on what opens evidence: it opens and gets the focus; gives what had it."""
    name = _focus(page)
    redrawn(page, lambda: page.key("Enter"))
    assert open_digits(page), name
    assert _focus(page) == "evidence"
    assert page.run("return document.activeElement.matches('#evidence h2')")
    return name


def test_the_keyboard_reaches_every_tab(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"))
    _tab_to(page, "tab/")
    for tab in (*TABS[1:], TABS[0]):
        redrawn(page, lambda: page.key("ArrowRight"))
        assert _focus(page) == f"tab/{tab}"
        assert see(page)["tab"] == [tab]
    redrawn(page, lambda: page.key("End"))
    assert _focus(page) == "tab/statements"
    calm(page)


@pytest.mark.parametrize(
    ("tab", "start"),
    [
        ("compare", "card/"),
        ("compare", "cell/"),
        ("flow", "node/"),
        ("changes", "change/added"),
        ("statements", "statement/"),
    ],
)
def test_the_keyboard_opens_and_closes(page: Page, pages: Pages, tab: str, start: str) -> None:
    open_page(page, pages("sample"), f"tab={tab}")
    choose(page, f"tab/{tab}" if start == "card/" else "reset")
    _tab_to(page, start)
    name = _enter(page)
    redrawn(page, lambda: page.key("Escape"))
    assert open_digits(page) == []
    assert _focus(page) == name
    _enter(page)
    page.key("Shift+Tab")
    assert _focus(page) == "close"
    redrawn(page, lambda: page.key("Enter"))
    assert open_digits(page) == []
    assert _focus(page) == name
    calm(page)


def test_the_keyboard_walks_along_the_flow(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"), "tab=flow")
    choose(page, "reset")
    _tab_to(page, "node/")
    page.key("ArrowDown")
    assert _focus(page).startswith("node/")
    page.key("ArrowRight")
    assert _focus(page).startswith("ribbon/")
    name = _enter(page)
    redrawn(page, lambda: page.key("Escape"))
    assert _focus(page) == name
    page.key("ArrowRight")
    assert _focus(page).startswith("node/")
    page.key("ArrowLeft")
    assert _focus(page).startswith("ribbon/")
    calm(page)


def test_plus_and_minus_open_and_close_a_group_of_the_flow(page: Page, pages: Pages) -> None:
    told = pages("sample").told
    open_page(page, pages("sample"), "tab=flow")
    group = page.run(
        "return [...document.querySelectorAll('#stage [data-sign]')]"
        ".find((e) => e.textContent === '+' && arguments[0].includes(e.dataset.sign)).dataset.sign",
        [
            told.name(one)
            for one in range(len(told.concepts))
            if told.below[one] and not any(told.below[below] for below in told.below[one])
        ],
    )
    [concept] = [n for n in range(len(told.concepts)) if told.name(n) == group]
    inside = {f"node/data/{told.key(one)}" for one in told.below[concept]} | {f"node/{group}."}
    page.run("document.querySelector(`[data-focus='${arguments[0]}']`).focus()", f"node/{group}")
    redrawn(page, lambda: page.key("+"))
    assert _focus(page) in inside
    assert page.run("return location.hash") == f"#{urlencode({'tab': 'flow', 'toggled': group})}"
    redrawn(page, lambda: page.key("-"))
    assert _focus(page) == f"node/{group}"
    assert page.run("return location.hash") == "#tab=flow"
    calm(page)


def test_minus_on_a_group_in_an_open_group_opens_nothing(page: Page, pages: Pages) -> None:
    told = pages("sample").told
    open_page(page, pages("sample"), "tab=flow&whole=1&toggled=data/own")
    inner = {
        f"node/data/{told.key(below)}"
        for own in range(len(told.concepts))
        if told.name(own) == "data/own"
        for below in told.below[own]
        if told.below[below]
    }
    drawn = page.run("return [...document.querySelectorAll('#stage g.box')].map(hits.address)")
    [name, *_] = [one for one in drawn if one in inner]
    page.run("document.querySelector(`[data-focus='${arguments[0]}']`).focus()", name)
    page.key("-")
    opened = page.run("return new URLSearchParams(location.hash.slice(1)).getAll('toggled')")
    assert set(opened) <= {"data/own"}


def test_with_the_mouse_the_focus_stays(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"))
    for css in ("#stage button.chip", "#cards button", "#stage button.chip[aria-pressed='true']"):
        point = page.run(
            "const e = document.querySelector(arguments[0]);"
            "return [...hits.reach(e).slice(0, 2), e.dataset.focus]",
            css if "pressed" not in css else "#stage button.chip",
        )
        redrawn(page, lambda point=point: page.click_at(*point[:2]))
        assert open_digits(page)
        assert _focus(page) == point[2]
    redrawn(page, lambda: page.click('#evidence [data-focus="close"]'))
    assert open_digits(page) == []
    assert _focus(page) != point[2], "the mouse closed it"


def test_the_matrix_is_one_stop_and_arrow_keys_walk_in_it(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"))
    every = "return [...document.querySelectorAll('#stage button.chip')].map(hits.address)"
    stops = every.replace("chip", 'chip[tabindex="0"]')
    assert page.run(stops) == page.run(every)[:1]
    choose(page, "rows", "data")
    _tab_to(page, "cell/")
    row = page.run(
        "return [...document.activeElement.closest('tr').querySelectorAll('button.chip')]"
        ".map(hits.address)"
    )
    for name in row[1:]:
        page.key("ArrowRight")
        assert _focus(page) == name
    page.key("ArrowRight")
    assert _focus(page) == row[-1]
    page.key("ArrowLeft")
    assert _focus(page) == row[-2]
    company = row[-2].split("×")[0]
    walked = [row[-2]]
    while walked[-1] not in walked[:-1] and len(walked) < 5:
        page.key("ArrowDown")
        walked.append(_focus(page))
    assert len(walked) == 5
    assert all(name.split("×")[0] == company for name in walked)
    below = page.run(
        "const rows = [...document.querySelectorAll('#stage tbody tr')];"
        "const at = document.activeElement.closest('td').cellIndex;"
        "return rows.filter((row) => row.cells[at].querySelector('button.chip')).map((row) =>"
        "hits.address(row.cells[at].querySelector('button.chip')))"
    )
    assert walked[1:] == below[below.index(walked[1]) :][:4], "over cells that are empty"
    page.key("ArrowUp")
    assert _focus(page) == walked[-2]
    assert page.run(stops) == [walked[-2]], "Tab comes back to where the reader was"
    _enter(page)
    assert page.run(stops) == [walked[-2]]
    redrawn(page, lambda: page.key("Escape"))
    page.key("Tab")
    assert not _focus(page).startswith("cell/")
    calm(page)


def test_the_keyboard_opens_an_arrow_of_the_network(page: Page, pages: Pages) -> None:
    is_open = "return document.querySelector('#stage details').open"
    open_page(page, pages("sample"), "tab=network")
    choose(page, "reset")
    _tab_to(page, "edges")
    assert not page.run(is_open)
    page.key("Enter")
    page.wait("document.querySelector('#stage details').open")
    _tab_to(page, "edge/")
    name = _enter(page)
    assert page.run(is_open)
    redrawn(page, lambda: page.key("Escape"))
    assert _focus(page) == name
    page.run("document.querySelector('[data-focus=edges]').focus()")
    page.key("Enter")
    page.wait("!document.querySelector('#stage details').open")
    page.driver.execute_async_script("setTimeout(arguments[0], 50)")
    redrawn(page, lambda: page.click("#cards button"))
    assert not page.run(is_open), "a list that was closed stays closed"
    redrawn(page, lambda: page.click('[data-focus="tab/flow"]'))
    redrawn(page, lambda: page.click('[data-focus="tab/network"]'))
    assert not page.run(is_open)


def test_a_slash_goes_to_the_search(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"))
    page.key("/")
    assert page.run("return document.activeElement.id") == "search"
    page.key("/")
    assert page.run("return document.getElementById('search').value") == "/"


def test_the_focus_stays_on_what_was_chosen(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"), "tab=flow")
    for focus in ("handling", "action/share", "company/*", "column/source"):
        take(page, focus)
        assert _focus(page).startswith(focus.rstrip("*"))
    for focus, value in (("filter/denials", "only"), ("filter/who", "all"), ("reset", None)):
        take(page, focus, value)
        assert _focus(page) == focus
