"""The address says what was chosen, and brings it back."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from browser import Page, needs_chromium

from view.opened import TABS, Pages, calm, choose, differing, open_page, redrawn, see, take, turn

pytestmark = needs_chromium

every_tab = pytest.mark.parametrize("tab", TABS)
CHOICES: tuple[tuple[str, ...], ...] = (
    ("flow", "whole"),
    ("flow", "choose/*"),
    ("network", "whole"),
    *(("compare", f"tab/{tab}") for tab in TABS[1:]),
    ("compare", "rows", "party"),
    ("compare", "action/share"),
    ("compare", "filter/denials", "only"),
    ("compare", "filter/who", "all"),
    ("compare", "filter/version", "all"),
    ("compare", "filter/least", "90"),
    ("compare", "filter/data", "LocationData"),
    ("compare", "filter/recipient", "Advertiser"),
    ("compare", "company/*"),
    ("compare", "row/*"),
    ("compare", "cell/*"),
    ("compare", "card/vague"),
    ("flow", "column/purpose"),
    ("flow", "handling"),
    ("flow", "ribbon/*"),
    ("flow", "node/*"),
    ("changes", "change/added*"),
    ("network", "edge/*"),
    ("statements", "sort/Confidence"),
    ("statements", "page/Later"),
    ("statements", "statement/*"),
)


@every_tab
def test_a_choice_is_in_the_address_which_brings_it_back(
    page: Page, pages: Pages, tab: str
) -> None:
    """By Back and Forward, and for some choices when it is opened anew."""
    taken: dict[str, dict[str, Any]] = {}
    open_page(page, pages("sample"), "tab=" + ("statements" if tab == "compare" else "compare"))
    turn(page, f"tab={tab}")
    first, before = page.run("return location.hash"), see(page)
    for _, *what in [choice for choice in CHOICES if choice[0] == tab]:
        take(page, *what)
        chosen, seen = page.run("return location.hash"), see(page)
        assert chosen != first
        assert differing(seen, before), what
        back, forward = (partial(page.run, f"history.{step}()") for step in ("back", "forward"))
        for go, address, view in ((back, first, before), (forward, chosen, seen)):
            redrawn(page, go)
            assert page.run("return location.hash") == address
            assert differing(see(page), view) == {}, what
        taken[chosen] = seen
        redrawn(page, back)
    for chosen in list(taken)[::4]:
        page.driver.get("about:blank")
        open_page(page, pages("sample"), chosen.removeprefix("#"))
        assert differing(see(page), taken[chosen]) == {}, chosen
    calm(page)


def test_a_choice_that_was_opened_by_its_address_can_be_left(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"), "actions=share&denials=only&words=data")
    redrawn(page, lambda: choose(page, "reset"))
    assert page.run("return location.hash") in {"", "#"}


NONSENSE = (
    "tab=evil&data=nope&least=abc&show=%00<img src=x onerror=window.__ran=1>&toggled=party/none",
    "tab=__proto__&rows=constructor&who=toString&actions=,,,&companies=data/EmailAddress&page=-3",
    "data=toString&recipient=__proto__&sort=constructor&change=evil~9999&toggled=&columns=nope",
    "%E0%A4%A&&&===&version=9999-99-99&least=1e9&page=99999999999999999999",
)


@pytest.mark.parametrize("fragment", NONSENSE)
def test_nonsense_in_the_address_does_no_harm(page: Page, pages: Pages, fragment: str) -> None:
    open_page(page, pages("sample"), fragment)
    for tab in TABS:
        redrawn(page, lambda tab=tab: page.click(f'[data-focus="tab/{tab}"]'))
        assert see(page)["tab"] == [tab]
    assert page.run("return window.__ran") is None
    calm(page)


def test_an_address_without_sense_gives_the_first_view(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"))
    first = see(page)
    open_page(page, pages("sample"), NONSENSE[0].split("&show", maxsplit=1)[0])
    assert see(page) == first
    open_page(page, pages("sample"), NONSENSE[0])
    seen = see(page)
    assert "Not here" in seen["evidence"]
    assert seen["stage"] == first["stage"]
