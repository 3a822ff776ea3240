"""Flow and network: boxes, ribbons, and groups that open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browser import Page, needs_chromium
from invented import mention, reading, says, store_of

from kg.model import Action
from view.opened import (
    Pages,
    click_all,
    compare,
    differing,
    make,
    open_digits,
    open_page,
    see,
    take,
    turn,
)
from view.told import of

pytestmark = needs_chromium


def test_a_box_lights_the_ribbons_that_share_statements_with_it(page: Page, pages: Pages) -> None:
    """Those that share none are dim; those that share some are lit in part, as wide as that."""
    made = pages("sample")
    flow = made.told.flow()
    open_page(page, made, "tab=flow")
    found = page.run(
        """
        history.pushState = () => {};
        const found = {};
        const every = [...document.querySelectorAll("[data-focus^='node/']")].map(hits.address);
        const opacity = (e) => Number(getComputedStyle(e).strokeOpacity);
        for (const one of hits.some(every, 12)) {
          hits.press(document.querySelector(`[data-focus="${CSS.escape(one)}"]`));
          found[one] = [...document.querySelectorAll("[data-focus^='ribbon/']")].map((e) => {
            const next = e.nextElementSibling;
            const part = next?.matches('.part') ? next : null;
            const widths = [part, e].map((path) => Number(path?.getAttribute('stroke-width') ?? 0));
            return [hits.address(e), opacity(e), part ? opacity(part) : 0, widths[0] / widths[1]];
          });
        }
        return found;
        """
    )
    assert len(found) >= 8
    for box, ribbons in found.items():
        for ribbon, whole, part, width in ribbons:
            ratio = len(flow[ribbon] & flow[box]) / len(flow[ribbon])
            if ratio == 0:
                assert (whole < 0.15, part) == (True, 0), (box, ribbon)
            elif ratio == 1 or ribbon.endswith(":denied"):
                assert max(whole, part) > 0.6, (box, ribbon)
            else:
                assert whole < 0.3 < 0.6 < part, (box, ribbon)
                assert width == pytest.approx(ratio, abs=0.15) or width < ratio + 0.7


def test_recipients_that_are_not_named_are_one_box(page: Page, tmp_path: Path) -> None:
    """Where a policy says "recipients", and where it says nothing."""
    top = "https://w3id.org/privflow#Recipient"
    none = says(Action.SHARE, text="We share data.", start=0)
    some = says(Action.SHARE, text="We share it with recipients.", start=100)
    sold = says(Action.SELL, text="We sell it to a broker.", start=200)
    some = replace(some, recipients=(mention("recipients", iri=top),))
    sold = replace(sold, recipients=(mention("a broker", iri=f"{top[:-9]}DataBroker"),))
    for number, given in enumerate([(none, some, sold), (none, some)]):
        made = make(store_of(reading(*given)), tmp_path, f"unnamed {number}")
        open_page(page, made, "tab=flow")
        both = {said.digits for said in made.told.every if said.action == "share"}
        boxes = page.run(
            "return [...document.querySelectorAll(\"[data-focus^='node/recipient/']\")]"
            ".map((e) => [e.dataset.focus, e.querySelector('title').textContent])"
        )
        title = "To whom: recipient, not named, 2 statements"
        assert ["node/recipient/Recipient.", title] in boxes
        assert len(boxes) == len(given) - 1, "one box for both"
        take(page, "node/recipient/Recipient.")
        assert set(open_digits(page)) == both
        turn(page, "tab=network")
        page.run("document.querySelector('#stage details').open = true")
        listed = page.texts("#stage .list > ul > li > button")
        assert "recipient, not named (2)" in listed
        assert len(listed) == len(given)


WIDE = ("data/Data", "data/PersonalData", "party/Recipient", "purpose/Purpose", "place/Place")


def test_wide_concepts_cannot_be_closed(page: Page, pages: Pages) -> None:
    told = pages("sample").told
    assert {told.name(n) for n, one in enumerate(told.concepts) if one["wide"]} >= {*WIDE}
    open_page(page, pages("sample"), "tab=flow")
    for tab in ("flow", "compare", "network"):
        turn(page, f"tab={tab}&columns=source,data,company,purpose,recipient,place")
        before = see(page)
        turn(page, urlencode([("tab", tab), *(("toggled", name) for name in WIDE)]) + "&columns="
              "source,data,company,purpose,recipient,place")  # fmt: skip
        assert differing(see(page), before) == {}
    turn(page, "tab=flow")
    bare = page.run(
        "return [...document.querySelectorAll('#stage g.box')].map((e) => e.dataset.focus)"
        ".filter((one) => arguments[0].includes(one.replace(/^node\\//, '').replace(/[.]$/, '')))",
        ["data/Data", "data/PersonalData", "recipient/Recipient"],
    )
    assert bare, "something is said of data in general"
    for name in bare:
        assert not page.run(
            "return document.querySelector(`[data-sign='${arguments[0]}']`)", name.split("/", 1)[1]
        )
        take(page, name)
        assert page.texts('#evidence [data-focus="open-group"]') == []
        page.run("document.querySelector(`[data-focus='${arguments[0]}']`).focus()", name)
        page.key("-")
        assert "toggled" not in page.run("return location.hash")


LISTED = """
const ofList = (ul) => [...ul.children].map((li) => [li.querySelector('button').dataset.focus,
  [...li.querySelectorAll(':scope ul button')].map((e) => e.dataset.focus)]);
return Object.fromEntries(ofList(document.querySelector('#stage .list > ul')));
"""


def test_the_list_of_the_network_has_boxes_with_their_arrows(page: Page, pages: Pages) -> None:
    expected = pages("sample").told.network()
    open_page(page, pages("sample"), "tab=network")
    page.run("document.querySelector('#stage details').open = true")
    listed = page.run(LISTED)
    assert sorted(listed) == sorted(of(expected, "party/"))
    arrows = [edge for edges in listed.values() for edge in edges]
    assert sorted(arrows) == sorted(of(expected, "edge/"))
    for box, edges in listed.items():
        assert all(edge.startswith(f"edge/{box.removeprefix('party/')}>") for edge in edges)
    found = click_all(page, "#stage .list button", 20)
    compare(found, expected)


def test_a_double_click_opens_no_group_of_the_network(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"), with_network=True)
    listed = page.run(LISTED)
    spot = page.driver.execute_async_script(
        "const [name, done] = arguments;hits.ready.then(() => done(hits.spot(name, false)), done);",
        next(box.removeprefix("party/") for box in listed if box.startswith("party/party-")),
    )
    for _ in range(2):
        page.click_at(*spot)
    page.driver.execute_async_script("setTimeout(arguments[0], 300)")
    assert "toggled" not in page.run("return location.hash")
    assert page.run(LISTED) == listed
