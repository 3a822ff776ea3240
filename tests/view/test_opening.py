"""Every tab of every corpus opens, and what can be clicked opens its own statements."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browser import Page, needs_chromium
from invented import mention, reading, says, store_of

from kg.model import Action, Reading
from kg.store import open_store
from kg.views import page as page_module
from view.opened import (
    CORPORA,
    HITTABLE,
    INVENTED,
    TABS,
    Made,
    Pages,
    calm,
    click_all,
    compare,
    make,
    open_digits,
    open_page,
    redrawn,
    see,
    turn,
)
from view.scripts import CATCH
from view.told import COLUMNS, Told, of

pytestmark = needs_chromium


# Tabs

every_corpus = pytest.mark.parametrize("corpus_name", CORPORA)


@every_corpus
def test_no_tab_asks_for_anything_or_complains(page: Page, pages: Pages, corpus_name: str) -> None:
    open_page(page, pages(corpus_name), "tab=statements")
    for tab in TABS:
        turn(page, f"tab={tab}")
        assert see(page)["tab"] == [tab]
    calm(page)


def test_without_the_networks_library_all_other_tabs_work(
    page: Page, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "_vis", lambda: "")
    made = make(open_store(built), tmp_path, "bare")
    open_page(page, made, "tab=network")
    assert page.run("return window.vis") is None
    assert page.texts("#stage [data-focus^='edge/']"), "the list needs no library"
    for tab, css in HITTABLE.items():
        turn(page, f"tab={tab}")
        assert len(page.run("return hits.all(...arguments)", css, 20)["opened"]) > 10
    calm(page)


def _transfers(whom: int, where: int) -> Reading:
    """Data go to so many kinds of recipients, each in so many places."""
    recipients = [
        row[0].value
        for row in store_of().query(
            "SELECT ?a WHERE { ?a skos:broader pf:Recipient MINUS { ?a skos:broader ?b "
            "FILTER (?b != pf:Recipient) } } ORDER BY ?a"
        )
    ][:whom]
    places = [
        row[0].value
        for row in store_of().query(
            "SELECT ?a WHERE { ?a skos:broader pf:Place MINUS { ?b skos:broader ?a } } ORDER BY ?a"
        )
    ][:where]
    assert (len(recipients), len(places)) == (whom, where)
    return reading(
        *(
            replace(
                says(Action.TRANSFER, text=f"Of {at}, {i}.", start=(at * 100 + i) * 30),
                recipients=(mention("whom", iri=recipient),),
                locations=(mention("where", iri=place),),
            )
            for at, recipient in enumerate(recipients or [""])
            for i, place in enumerate(places)
        )
    )


@pytest.mark.parametrize(
    ("whom", "where", "tab"),
    [(1, 3, "flow"), (1, 75, "flow"), (1, 85, "compare"), (6, 10, "compare")],
    ids=["few", "80 ribbons or less", "more than 80", "more than 3 crossings a ribbon"],
)
def test_a_page_of_one_company_starts_in_flow_unless_it_is_too_full(
    page: Page, tmp_path: Path, whom: int, where: int, tab: str
) -> None:
    made = make(store_of(_transfers(whom, where)), tmp_path, "one")
    ribbons = len(of(made.told.flow(), "ribbon/"))
    crossings = whom * (whom - 1) / 2 * where * (where - 1) / 2  # whatever the order
    assert (ribbons <= 80 and crossings <= 3 * ribbons) == (tab == "flow")
    open_page(page, made)
    assert see(page)["tab"] == [tab]


def test_a_page_of_several_companies_starts_in_compare(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"))
    assert see(page)["tab"] == ["compare"]


@pytest.mark.parametrize("corpus_name", ["sample", "seeds"])
def test_every_tab_looks_like_something(
    page: Page, pages: Pages, tmp_path: Path, corpus_name: str
) -> None:
    open_page(page, pages(corpus_name), "tab=statements")
    page.run(CATCH)
    for tab in TABS:
        turn(page, f"tab={tab}")
        if tab == "network":
            page.driver.execute_async_script("hits.ready.then(arguments[0])")
        shot = page.screenshot(tmp_path / f"{corpus_name}-{tab}.png")
        width, height, colours = page.pixels(shot)
        assert (width, height) == (1280, 800)
        assert colours > 100, tab


# What can be clicked


def _expected(made: Made, tab: str, addresses: list[str]) -> dict[str, set[str]]:
    told = made.told
    if tab == "flow":
        return told.flow()
    if tab == "network":
        return told.network()
    if tab == "statements":
        return {f"statement/{said.digits}": {said.digits} for said in told.shown}
    if tab == "changes":
        return told.changes(told.pair())
    cells = {one: told.cell(one) for one in addresses if one.startswith("cell/")}
    return cells | told.cards()


#: Of the largest corpus all is looked for, and so many clicked: a click takes its time.
SOME = {"ota": 60}


@every_corpus
@pytest.mark.parametrize("tab", ["compare", "changes", "statements"])
def test_everything_that_is_shown_opens_its_own_statements(
    page: Page, pages: Pages, corpus_name: str, tab: str
) -> None:
    made = pages(corpus_name)
    open_page(page, made, f"tab={tab}")
    if tab == "changes" and not page.run("return document.querySelector('.changes')"):
        assert made.told.pairs == []
        return
    found = click_all(page, HITTABLE[tab], SOME.get(corpus_name))
    expected = _expected(made, tab, found["reached"])
    if tab == "statements":
        expected = {name: expected[name] for name in found["reached"]}
        assert len(expected) == min(100, len(made.told.shown))
    compare(found, expected)
    if tab == "compare":
        counted = {digits for name in of(expected, "cell/") for digits in expected[name]}
        assert counted == {said.digits for said in made.told.shown}
    calm(page)


@every_corpus
def test_every_ribbon_and_box_of_the_flow_opens_its_own_statements(
    page: Page, pages: Pages, corpus_name: str
) -> None:
    """As it is drawn at first, and of single companies, of which some are clicked."""
    made = pages(corpus_name)
    open_page(page, made, "tab=flow")
    found = click_all(page, HITTABLE["flow"], SOME.get(corpus_name))
    compare(found, made.told.flow())
    _of_one_statement(made.told, [one for one in found["reached"] if one.startswith("ribbon/")])
    for company in sorted(made.told.publishers)[::3]:
        turn(page, urlencode({"tab": "flow", "companies": made.told.name(company)}))
        compare(click_all(page, HITTABLE["flow"], 5), made.told.flow_of(company))
    calm(page)


def _of_one_statement(told: Told, ribbons: Iterable[str]) -> None:
    """The flow says nothing that no sentence says: one statement names both ends of a ribbon."""
    named = [
        ({end for column in COLUMNS for end in told.ends(said, column)}, said.denied)
        for said in told.moving(told.shown)
    ]
    for address in ribbons:
        start, end, tone = re.fullmatch(r"ribbon/(.*)>(.*):(\w+)", address).groups()  # type: ignore[union-attr]
        assert any({start, end} <= ends and no == (tone == "denied") for ends, no in named)


@pytest.mark.parametrize("corpus_name", ["sample", "seeds"])
def test_the_flow_of_all_companies_opens_its_own_statements(
    page: Page, pages: Pages, corpus_name: str
) -> None:
    made = pages(corpus_name)
    open_page(page, made, "tab=flow&whole=1")
    compare(click_all(page, HITTABLE["flow"], 40), made.told.flow(whole=True))
    calm(page)


def test_cells_of_other_rows_open_their_own_statements(page: Page, pages: Pages) -> None:
    made = pages("sample")
    open_page(page, made)
    for rows in ("party", "purpose", "place"):
        turn(page, f"rows={rows}")
        found = click_all(page, "#stage [data-cell]", 40)
        expected = {name: made.told.cell(name, rows) for name in found["reached"]}
        compare(found, expected)
        assert set().union(*expected.values()) == {said.digits for said in made.told.shown}


@pytest.mark.parametrize(
    ("corpus_name", "whole", "most"),
    [
        *[("sample", False, None), ("seeds", False, None), (INVENTED, False, None)],
        *[("sample", True, 20), ("ota", True, 15), (INVENTED, True, 12)],
    ],
)
def test_every_arrow_and_box_of_the_network_opens_its_own_statements(
    page: Page, pages: Pages, corpus_name: str, whole: bool, most: int | None
) -> None:
    made = pages(corpus_name)
    open_page(page, made, "whole=1" if whole else "", with_network=True)
    listed = page.run(
        "return [...document.querySelectorAll(\"[data-focus^='edge/']\")].map(hits.address)"
    )
    expected = made.told.network(whole=whole)
    assert sorted(listed) == sorted(of(expected, "edge/"))
    found = page.driver.execute_async_script(
        "const done = arguments[1];"
        "hits.everything(arguments[0] ?? 1e9).then(done, (e) => done(e.stack))",
        most,
    )
    print(f"{len(found['covered'])} cannot be hit while evidence is open;", end=" ")
    compare(found, expected)
    calm(page)


@pytest.mark.parametrize(
    ("corpus_name", "tab"),
    [*[("sample", tab) for tab in TABS], ("ota", "network"), (INVENTED, "network")],
)
def test_a_real_mouse_opens_it_too(page: Page, pages: Pages, corpus_name: str, tab: str) -> None:
    made = pages(corpus_name)
    open_page(page, made, f"tab={tab}", with_network=tab == "network")
    chance = random.Random(7)
    if tab == "network":
        script = """
          const [want, done] = arguments;
          hits.ready.then(() => done(hits.spot(want.slice(want.indexOf('/') + 1),
            want.startsWith('edge/'))), done);
        """
        names = sorted(made.told.network())
    else:
        script = """
          const [want, done] = arguments;
          const e = [...document.querySelectorAll('#cards .card, #stage *')]
            .find((e) => e.matches('[data-focus],[data-cell]') && hits.address(e) === want);
          done(hits.reach(e)?.slice(0, 2));
        """
        names = page.run(
            "return [...document.querySelectorAll(arguments[0])].map(hits.address)", HITTABLE[tab]
        )
    expected = _expected(made, tab, names) if names else {}
    for name in chance.sample(sorted({*names} & {*expected}), min(3, len(names))):
        point = page.driver.execute_async_script(script, name)
        assert point, f"{name} is covered"
        redrawn(page, lambda point=point: page.click_at(*point))
        assert open_digits(page) == sorted(expected[name]), name
        redrawn(page, lambda: page.key("Escape"))
    calm(page)
