"""Filters, their chips, the numbers of the status, and the search."""

from __future__ import annotations

import re

import pytest
from browser import Page, needs_chromium

from kg.model import Action
from view.opened import (
    Pages,
    calm,
    choose,
    number_shown,
    open_digits,
    open_page,
    redrawn,
    take,
    turn,
)

pytestmark = needs_chromium


# Filters


def test_each_choice_shows_as_many_as_it_promises(page: Page, pages: Pages) -> None:
    """All boxes, and all options that have a number."""
    open_page(page, pages("sample"))
    wrong, tried = page.run(
        """
        history.pushState = () => {};
        const number = (text) => Number(text.replace(/[✕,]/gu, ''));
        const shown = () => number(document.getElementById('status').textContent.split(' of ')[0]);
        const by = (focus) => document.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
        const wrong = [];
        let tried = 0;
        const check = (what, promised) => {
          tried += 1;
          if (shown() !== promised) wrong.push([what, promised, shown()]);
        };
        document.body.style.display = 'none';
        for (const { dataset } of [...document.querySelectorAll('#filters input')]) {
          const label = by(dataset.focus).closest('label');
          const numbers = [...label.querySelectorAll('.number')];
          const promised = numbers.reduce((sum, e) => sum + number(e.textContent), 0);
          by(dataset.focus).click();
          check(dataset.focus, promised);
          by(dataset.focus).click();
        }
        for (const { dataset } of [...document.querySelectorAll('#filters select')]) {
          const first = by(dataset.focus).value;
          for (const { value, text } of [...by(dataset.focus).options]) {
            const promised = /\\(([\\d,]+)\\)$/.exec(text);
            if (!promised) continue;
            by(dataset.focus).value = value;
            by(dataset.focus).dispatchEvent(new Event('change'));
            check(`${dataset.focus} ${text}`, number(promised[1]));
          }
          by(dataset.focus).value = first;
          by(dataset.focus).dispatchEvent(new Event('change'));
        }
        document.body.style.display = '';
        return [wrong, tried];
        """
    )
    assert wrong == []
    assert tried > 60
    assert number_shown(page) == len(pages("sample").told.shown)


def test_filters_leave_what_they_say(page: Page, pages: Pages) -> None:
    made = pages("sample")
    told = made.told
    open_page(page, made)
    for least in (50, 70, 80, 90, 95):
        redrawn(page, lambda least=least: choose(page, "filter/least", str(least)))
        assert number_shown(page) == sum(said.confidence >= least for said in told.shown)
    redrawn(page, lambda: choose(page, "filter/denials", "only"))
    assert number_shown(page) == sum(said.confidence >= 95 and said.denied for said in told.shown)
    redrawn(page, lambda: choose(page, "action/sell"))
    redrawn(page, lambda: choose(page, "action/share"))
    wanted = [s for s in told.shown if s.confidence >= 95 and s.denied]
    assert number_shown(page) == sum(said.action in {"sell", "share"} for said in wanted)
    redrawn(page, lambda: choose(page, "reset"))
    assert number_shown(page) == len(told.shown)


def test_an_action_tells_what_is_done_and_what_is_denied(page: Page, pages: Pages) -> None:
    told = pages("sample").told
    open_page(page, pages("sample"))
    found = page.run(
        """
        return [...document.querySelectorAll("#filters [data-focus^='action/']")].map((e) => {
          const label = e.closest('label');
          return [label.querySelector('span:not(.number)').textContent,
            ...[...label.querySelectorAll('.number')].map((n) => [n.className, n.textContent])];
        });
        """
    )
    expected = []
    for action in Action:
        said = [one.denied for one in told.shown if one.action == action.value]
        denials = [["number denials", f"✕{sum(said):,}"]] if any(said) else []
        expected.append([action.value, *denials, ["number", f"{said.count(False):,}"]])
    assert found == expected
    assert sum(len(row) == 3 for row in found) >= 3


def _status(page: Page) -> dict[str, int]:
    """The numbers of the status by what they are of."""
    status = page.texts("#status")[0].replace(",", "")
    whole = re.match(r"(\d+) of (\d+) statements shown", status)
    assert whole, status
    found = {text: int(n) for n, text in re.findall(r" · (\d+) ([^·]+?)(?= ·|$)", status)}
    return {"shown": int(whole[1]), "all": int(whole[2])} | found


def test_the_numbers_of_the_status_add_up(page: Page, pages: Pages) -> None:
    told = pages("sample").told
    others, snapshots = "on what others do hidden", "of other or undated snapshots hidden"
    open_page(page, pages("sample"), "tab=statements")
    latest = sum(told.policies[said.policy]["latest"] for said in told.every)
    first = _status(page)
    assert first == {
        "shown": len(told.shown),
        "all": len(told.every),
        snapshots: len(told.every) - latest,
        others: latest - len(told.shown),
    }
    fragments = (
        *("who=all", "who=others", "version=all", "version=all&who=all", "words=data&least=80"),
        *("version=2020-01-01", "version=2022-06-01&who=all", "denials=only&actions=sell,share"),
        *("data=EmailAddress&tab=compare", "denials=without&who=others&version=all&tab=flow"),
    )
    for fragment in fragments:
        turn(page, fragment)
        found = _status(page)
        assert found.keys() <= {
            *("shown", "all", snapshots, others, "on what the companies do hidden", "filtered out"),
        }
        assert sum(found.values()) - found["all"] == found["all"] == len(told.every), fragment
        assert 0 not in {found[name] for name in found.keys() - {"shown"}}


def test_the_status_of_changes_says_what_is_compared(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"), "tab=changes")
    counts = page.run(
        "return ['added', 'removed', 'changed'].map((kind) =>"
        "document.querySelectorAll(`.change-${kind} button`).length)"
    )
    chosen = page.run(
        "return [...document.querySelectorAll('#stage select')]"
        ".map((e) => e.selectedOptions[0].textContent)"
    )
    company, pair = chosen
    match = re.fullmatch(r"(\S+) to (\S+) \((\d+) changes\)", pair)
    assert match
    left_out = int(match[3]) - sum(counts)
    assert page.texts("#status") == [
        f"{company}, {match[1]} beside {match[2]}: "
        f"{counts[0]} added, {counts[1]} removed, {counts[2]} changed"
        + (f" · {left_out} filtered out" if left_out else "")
    ]
    assert sum(counts) > 10


def test_the_hint_is_there_until_something_is_open(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"))
    assert "sentences" in page.texts("#hint")[0]
    assert page.texts("#hint")[0] not in page.texts("#status")[0]
    take(page, "cell/*")
    assert not page.run("return document.getElementById('hint').checkVisibility()")
    redrawn(page, lambda: page.key("Escape"))
    assert page.run("return document.getElementById('hint').checkVisibility()")


#: Key of a chip, the part of the address that turns its filter on, and its words.
CHIPS = (
    ("words", "words=data", "“data”"),
    ("actions", "actions=share,sell", "only"),
    ("data", "data=LocationData", "data: "),
    ("recipient", "recipient=Advertiser", "recipient: "),
    ("purpose", "purpose=Advertising", "purpose: "),
    ("place", "place=*", "place: "),
    ("companies", "companies=*", ""),
    ("denials", "denials=without", "without denials"),
    ("denials", "denials=only", "denials alone"),
    ("who", "who=all", "what others do, too"),
    ("who", "who=others", "only what others do"),
    ("version", "version=all", "all snapshots"),
    ("version", "version=2021-01-01", "as of 2021-01-01"),
    ("least", "least=80", "confidence at least 0.80"),
)


def test_every_filter_that_is_on_is_a_chip_that_takes_it_off(page: Page, pages: Pages) -> None:
    told = pages("sample").told
    place = next(told.key(one) for said in told.shown for one in said.places)
    stars = {"place": place, "companies": told.name(told.largest)}
    open_page(page, pages("sample"), "tab=statements")
    first = page.texts("#status")
    assert not page.run("return document.getElementById('chips').checkVisibility()")
    for key, fragment, words in CHIPS:
        turn(page, "tab=statements&" + fragment.replace("*", stars.get(key, "")))
        assert page.texts("#status") != first, fragment
        [text] = page.texts("#chips button")
        assert text.startswith(words)
        assert text.endswith(" ×")
        redrawn(page, lambda key=key: page.click(f'#chips [data-focus="chip/{key}"]'))
        assert page.texts("#status") == first
        assert page.texts("#chips button") == []
        assert page.run("return location.hash") == "#tab=statements"
    once = ("words=data", "actions=share", "denials=without", "who=all", "version=all", "least=50")
    turn(page, "&".join(once))
    assert len(page.texts("#chips button")) == len(once)
    redrawn(page, lambda: choose(page, "reset"))
    assert page.texts("#chips button") == []


# Search


def _typed(page: Page, text: str) -> None:
    """Writes into the search what is looked for once nothing more is typed."""
    page.click("#search")
    page.key("Control+a")
    redrawn(page, lambda: page.type(text))


def _searched(page: Page) -> str:
    return str(page.run("return document.getElementById('search').value"))


def test_words_can_be_searched(page: Page, pages: Pages) -> None:
    made = pages("sample")
    open_page(page, made)
    _typed(page, "advertis")
    few = number_shown(page)
    assert 0 < few < len(made.told.shown)
    assert few >= sum("advertis" in said.text.lower() for said in made.told.shown)
    assert page.run("return location.hash") == "#words=advertis"
    assert page.texts("#chips button") == ["“advertis” ×"]
    calm(page)


def test_what_is_typed_in_one_go_is_one_step_of_the_history(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"))
    before = page.run("return location.hash")
    _typed(page, "adv")
    redrawn(page, lambda: page.type("ertis"))
    assert page.run("return location.hash") == "#words=advertis"
    redrawn(page, page.driver.back)
    assert page.run("return location.hash") == before
    assert _searched(page) == ""


def _picked(page: Page, name: str, how: str) -> None:
    page.click("#search")
    if how == "Enter":
        page.type(name)
        redrawn(page, lambda: page.key("Enter"))
    else:  # as browsers tell that it was chosen from the list
        redrawn(
            page,
            lambda: page.run(
                "const field = document.getElementById('search'); field.value = arguments[0];"
                "field.dispatchEvent(new InputEvent('input', "
                "{ bubbles: true, inputType: 'insertReplacementText' }));",
                name,
            ),
        )


@pytest.mark.parametrize("how", ["Enter", "list"])
def test_a_name_that_is_picked_is_a_filter(page: Page, pages: Pages, how: str) -> None:
    told = pages("sample").told
    open_page(page, pages("sample"))
    _picked(page, "email address", how)
    within = [
        said
        for said in told.shown
        if any("data/EmailAddress" in map(told.name, told.lineage(c)) for c in said.data)
    ]
    assert number_shown(page) == len(within) > 0
    assert page.run("return location.hash") == "#data=EmailAddress"
    assert _searched(page) == ""
    assert page.texts("#chips button") == ["data: email address ×"]
    redrawn(page, lambda: page.click("#chips button"))
    company = told.concepts[told.largest]["label"]
    _picked(page, company, how)
    assert number_shown(page) == len(told.of(told.largest)) > 0
    assert page.texts("#chips button") == [f"{company} ×"]
    assert page.run(
        "return document.querySelector(`[data-focus='company/${arguments[0]}']`).checked",
        told.key(told.largest),
    )


def test_a_step_of_the_history_is_left_for_a_name_that_is_picked(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"))
    page.click("#search")
    redrawn(page, lambda: page.type("email"))
    page.key("Control+a")
    page.type("email address")
    redrawn(page, lambda: page.key("Enter"))
    redrawn(page, lambda: page.type("name"))
    assert page.run("return location.hash") == "#words=name&data=EmailAddress"
    redrawn(page, page.driver.back)
    assert page.run("return location.hash") == "#data=EmailAddress"


def test_names_are_suggested_of_which_something_is_said(page: Page, pages: Pages) -> None:
    told = pages("sample").told
    open_page(page, pages("sample"))
    names = page.run("return [...document.getElementById('names').options].map((e) => e.value)")
    every = {
        up
        for said in told.every
        for field in ("data", "recipients", "purposes", "places")
        for one in getattr(said, field)
        for up in told.lineage(one)
    }
    every = {one for one in every if told.key(one) != "own"} | told.publishers
    assert sorted(names) == sorted({told.concepts[one]["label"] for one in every})[:1500]
    assert len(names) > 50


@pytest.mark.parametrize("is_fast", [False, True], ids=["after a pause", "at once"])
def test_a_name_that_is_only_typed_is_no_filter(page: Page, pages: Pages, is_fast: bool) -> None:
    """A click on a result opens it, and the words stay."""
    open_page(page, pages("sample"), "tab=flow")
    _typed(page, "email")
    chosen = page.run("return document.querySelector('#stage g.box.column-company').dataset.focus")
    page.click("#search")
    page.key("End")
    if is_fast:
        page.type(" address")
    else:
        redrawn(page, lambda: page.type(" address"))
    point = page.run(
        "return hits.reach(document.querySelector(`[data-focus='${CSS.escape(arguments[0])}']`))"
        ".slice(0, 2)",
        chosen,
    )
    redrawn(page, lambda: page.click_at(*point))
    page.driver.execute_async_script("setTimeout(arguments[0], 400)")  # twice what a search waits
    assert _searched(page) == "email address"
    assert page.run("return new URLSearchParams(location.hash.slice(1)).get('words')") == (
        "email address"
    )
    assert open_digits(page), "what was clicked stays open"
    assert "data=" not in page.run("return location.hash")
