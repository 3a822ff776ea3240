"""The sentences that are open: their cards, and how they stay with the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Page, needs_chromium

from kg.claims import Claim, claims
from kg.model import Action, Modality
from kg.queries.formats import visible
from kg.store import open_store
from view.opened import (
    FIRST,
    TABS,
    Pages,
    calm,
    choose,
    number_shown,
    open_digits,
    open_page,
    redrawn,
    see,
    take,
)
from view.told import MODALITIES, of

pytestmark = needs_chromium


# Cards

#: What a company does, in the third person.
VERBS = {action.value: f"{action.value}s" for action in Action}
CARD = """
const quote = card.querySelector('blockquote:not(.context)');
return {
  quote: quote.textContent,
  marks: [...quote.childNodes].map((e) => [e.textContent, e.className ?? '']),
  head: card.querySelector('h3').innerText,
  facts: card.querySelector('dl').innerText,
  source: card.querySelector('.source').innerText,
  links: [...card.querySelectorAll('a')].map((a) => a.href),
  context: [...card.querySelectorAll('.context')].map((e) => e.textContent),
  order: [...card.querySelectorAll('.context, .context ~ blockquote:not(.context)')].length,
  note: card.querySelector('.note')?.innerText ?? '',
};
"""


def _plain(text: str) -> str:
    return " ".join(visible(" ".join(text.split())).split())


def _mentions(claim: Claim) -> Iterator[tuple[str, int, int]]:
    """Role, and place in the sentence, of all that stands in it."""
    said = claim.statement
    every = [*((str(role), one) for role, one in said.mentions()), ("trigger", said.trigger)]
    every += [(n, m) for n, m in (("negation", said.negation), ("actor", said.actor)) if m]
    at = said.evidence.start
    for role, one in every:
        if at <= one.start and one.end <= said.evidence.end and one.text:
            yield role, one.start - at, one.end - at


@pytest.fixture(scope="module")
def told_cards(pages: Pages, built: Path, browser: Any) -> dict[str, tuple[Claim, dict[str, Any]]]:
    """Every statement of the sample corpus as it is in the graph, and as its card says it."""
    page = Page(browser, pages.folder / "downloads")
    open_page(page, pages("sample"), "tab=flow&version=all&who=all&whole=1&handling=1")
    found: dict[str, dict[str, Any]] = page.run(
        f"""
        history.pushState = () => {{}};
        const said = (card) => {{ {CARD} }};
        const found = {{}};
        const css = "#stage [data-focus^='node/company/']"; // every statement has an actor
        for (const box of document.querySelectorAll(css)) {{
          hits.press(box);
          hits.opened();
          for (const card of document.querySelectorAll('#evidence [data-statement]'))
            found[card.dataset.statement] ??= said(card);
        }}
        return found;
        """
    )
    every = {claim.digits: claim for claim in claims(open_store(built))}
    assert found.keys() == every.keys()
    return {digits: (claim, found[digits]) for digits, claim in every.items()}


Cards = dict[str, tuple[Claim, dict[str, Any]]]


def test_the_quote_is_the_sentence(told_cards: Cards) -> None:
    for claim, card in told_cards.values():
        assert _plain(card["quote"]) == _plain(claim.statement.evidence.text)
        context = [_plain(span.text) for span in claim.statement.evidence.context]
        assert [_plain(text) for text in card["context"]] == context
        assert card["order"] == len(context), "what it rests on comes after the sentence"
        assert card["note"] == ("Rests also on:" if context else "")
    assert any(claim.statement.evidence.context for claim, _ in told_cards.values())


def test_marks_cover_the_mentions_and_nothing_else(told_cards: Cards) -> None:
    checked = 0
    for claim, card in told_cards.values():
        if len(card["quote"]) != len(claim.statement.evidence.text):
            continue  # holds a sign for a character that cannot be seen
        marked = [bool(name) for text, name in card["marks"] for _ in text]
        wanted = [False] * len(card["quote"])
        for _, start, end in _mentions(claim):
            wanted[start:end] = [True] * (end - start)
        assert marked == wanted, (card["quote"], card["marks"])
        checked += 1
    assert checked > 0.9 * len(told_cards)


def test_a_denial_says_that_it_is_one(told_cards: Cards) -> None:
    denials = 0
    for claim, card in told_cards.values():
        assert ("does NOT" in card["head"]) == claim.is_denial
        denials += claim.is_denial
    assert denials > 10


def test_a_card_tells_how_firmly_when_where_and_how_surely(told_cards: Cards) -> None:
    for claim, card in told_cards.values():
        said = claim.statement
        if said.modality is not Modality.ASSERTED:
            assert MODALITIES[said.modality.value] in card["facts"]
        does = "does NOT " if claim.is_denial else ""
        does = does or ("may " if said.modality is Modality.MAY else "")
        does += said.action.value if does else VERBS[said.action.value]
        assert _plain(card["head"]).startswith(_plain(f"{claim.actor} {does}"))
        for condition in said.conditions:
            assert _plain(condition.text) in _plain(card["facts"])
        source = _plain(card["source"])
        assert claim.source.company in source
        assert (claim.source.title or claim.source.documents[0]) in source
        assert (claim.source.date or "no date") in source
        assert all(_plain(heading) in source for heading in said.evidence.headings)
        assert re.search(r"confidence (\d\.\d\d)", source)[1] == f"{said.confidence:.2f}"  # type: ignore[index]
        assert f"kg explain {claim.digits}" in source


def test_only_addresses_of_the_web_are_links(told_cards: Cards) -> None:
    for claim, card in told_cards.values():
        wanted = [url.split("#")[0] for url in claim.source.urls if url.startswith("http")]
        assert [link.split("#")[0] for link in card["links"]] == wanted


# What the reader keeps


@pytest.mark.parametrize("chosen", ["card/*", "statement/*"])
def test_what_means_the_same_everywhere_stays_open(page: Page, pages: Pages, chosen: str) -> None:
    open_page(page, pages("sample"), "tab=statements")
    take(page, chosen)
    digits = open_digits(page)
    for tab in TABS:
        redrawn(page, lambda tab=tab: page.click(f'[data-focus="tab/{tab}"]'))
        assert open_digits(page) == digits
        assert "&show=" in page.run("return '&' + location.hash.slice(1)")


@pytest.mark.parametrize(
    ("tab", "chosen"),
    [(tab, FIRST[tab]) for tab in ("compare", "flow", "changes", "network")],
)
def test_what_is_of_one_view_is_closed_with_it(
    page: Page, pages: Pages, tab: str, chosen: str
) -> None:
    open_page(page, pages("sample"), f"tab={tab}")
    take(page, chosen)
    assert open_digits(page)
    redrawn(page, lambda: page.click('[data-focus="tab/statements"]'))
    assert open_digits(page) == []
    assert page.run("return location.hash") == "#tab=statements"


@pytest.mark.parametrize(
    ("tab", "css"),
    [
        ("statements", "#stage tbody tr:nth-child(9) button"),
        ("compare", "#stage tr:nth-child(12) .chip"),
    ],
)
def test_the_reader_stays_where_they_were(page: Page, pages: Pages, tab: str, css: str) -> None:
    """What is clicked stays under the mouse, though rows become higher beside the sentences."""
    page.size(1280, 500)
    place = f"""
        const box = document.querySelector('{css}').getBoundingClientRect();
        return [box.left + 5, box.top + 5, document.querySelector('main').scrollTop];
    """
    open_page(page, pages("sample"), f"tab={tab}")
    page.run(f"document.querySelector('{css}').scrollIntoView({{ block: 'center' }})")
    x, y, top = page.run(place)
    assert top > 200
    redrawn(page, lambda: page.click_at(round(x), round(y)))
    assert open_digits(page)
    assert abs(page.run(place)[1] - y) < 60
    redrawn(page, lambda: page.key("Escape"))
    assert abs(page.run(place)[1] - y) < 60
    redrawn(page, lambda: page.click('[data-focus="tab/changes"]'))
    assert page.run("return document.querySelector('main').scrollTop") == 0


def test_evidence_begins_at_its_top(page: Page, pages: Pages) -> None:
    scrolled = "return document.getElementById('evidence').scrollTop"
    open_page(page, pages("sample"), "tab=flow")
    take(page, "node/company/*")
    page.run("document.getElementById('evidence').scrollTop = 400")
    assert page.run(scrolled) == 400
    take(page, "card/tension")
    assert page.run(scrolled) == 0
    page.run("document.getElementById('evidence').scrollTop = 400")
    redrawn(page, lambda: page.click('[data-focus="tab/compare"]'))
    assert page.run("return document.getElementById('evidence').innerText").startswith("×")
    assert open_digits(page)


VISIBLE = """
const row = document.querySelector('#stage tr.open');
if (!row) return 'not there';
const [box, main] = [row, document.querySelector('main')].map((e) => e.getBoundingClientRect());
const at = document.elementFromPoint(box.left + 20, (box.top + box.bottom) / 2);
if (at?.closest('tr') !== row) return `covered by ${at?.outerHTML.slice(0, 80)}`;
return box.top >= main.top && box.bottom <= main.bottom ? 'seen' : `at ${box.top}`;
"""


def _to_the_table(page: Page, digits: str) -> None:
    page.run("hits.opened()")
    redrawn(page, lambda: choose(page, f"alone/{digits}"))
    assert page.run(VISIBLE) == "seen"
    assert open_digits(page) == [digits]
    assert see(page)["tab"] == ["statements"]


@pytest.mark.parametrize("fragment", ["tab=flow&whole=1", "tab=flow&whole=1&sort=-Confidence"])
def test_in_the_table_shows_the_row(page: Page, pages: Pages, fragment: str) -> None:
    """On whatever page of the table it stands."""
    told = pages("sample").told
    last = [said for said in told.moving(told.shown) if said.company == told.shown[-1].company][-1]
    assert told.shown.index(last) > 100
    open_page(page, pages("sample"), fragment)
    take(page, f"node/company/{told.key(last.company)}")
    _to_the_table(page, last.digits)
    assert number_shown(page) == len(told.shown), "the filters stay"
    assert page.texts(f'#evidence [data-focus="alone/{last.digits}"]') == []
    calm(page)


def test_in_the_table_drops_filters_that_hide_the_row(page: Page, pages: Pages) -> None:
    made = pages("sample")
    open_page(page, made, "tab=changes&words=data&least=50")
    take(page, "change/removed*")
    latest = {said.digits for said in made.told.shown}
    digits = next(one for one in open_digits(page) if one not in latest)
    _to_the_table(page, digits)
    assert number_shown(page) == len(made.told.every)


def test_what_is_open_is_summed_up_and_announced(page: Page, pages: Pages) -> None:
    told = pages("sample").told
    by_digits = {said.digits: said for said in told.every}
    open_page(page, pages("sample"), "tab=flow&whole=1")
    boxes = of(told.flow(whole=True), "node/")
    largest = max(boxes, key=lambda box: len({by_digits[one].company for one in boxes[box]}))
    seen = set()
    for chosen in ("card/vague", largest, "node/company/*", "ribbon/*", "node/data/*"):
        take(page, chosen)
        said = [by_digits[one] for one in open_digits(page)]
        denials, companies = sum(s.denied for s in said), len({s.company for s in said})
        texts = len({s.text.strip() for s in said})
        parts = [f"{len(said):,} statement{'s' * (len(said) != 1)}"]
        if denials:
            parts.append(f"{denials} of them {'a denial' if denials == 1 else 'denials'}")
        if texts < len(said):
            parts.append(f"in {texts:,} different sentence{'s' * (texts != 1)}")
        if companies > 1:
            parts.append(f"of {companies} companies")
        seen |= {part.split()[-1] for part in parts}
        assert page.texts("#evidence > .note") == [", ".join(parts)]
        announced = page.run("return document.getElementById('announcement').textContent")
        assert announced.endswith(f": {', '.join(parts)}")
        title = announced.removesuffix(f": {', '.join(parts)}")
        assert page.texts("#evidence h2")[0].endswith(title)
    assert {"denials", "companies", "sentences"} <= seen
    redrawn(page, lambda: page.key("Escape"))
    assert page.run("return document.getElementById('announcement').textContent") == ""
