"""The Changes tab, and the cards of what is at odds: as the rooms found it, before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import Page, needs_chromium

from kg.changes import Change, changes_between
from kg.changes.rights import RightChange, rights_between
from kg.changes.told import headline, told
from kg.checks import findings
from kg.claims import Source, claims_of, concept_labels, rights_of, sources
from kg.concepts import concepts
from kg.manifest import text_of
from kg.store import open_store
from view.opened import Made, Pages, calm, choose, open_digits, open_page, redrawn, see, take, turn

pytestmark = needs_chromium

Pair = tuple[Source, Source, tuple[Change, ...], tuple[RightChange, ...]]


@pytest.fixture(scope="module")
def history(built: Path) -> tuple[Pair, ...]:
    """The snapshots of Warblebox as the page offers them, with what changed."""
    with open_store(built) as store:
        first, second, third = sources(store, company="Warblebox")
        known, labels = concepts(store), concept_labels(store)
        found = []
        for one, other in ((second, third), (first, second), (first, third)):
            texts = text_of(built, one.graph) or "", text_of(built, other.graph) or ""
            before, after = (claims_of(store, source, labels) for source in (one, other))
            changes = changes_between(before, after, known, texts=texts)
            granted = [(source, rights_of(store, source)) for source in (one, other)]
            rights = rights_between(granted[0], granted[1], texts=texts)
            found.append((one, other, changes, rights))
    return tuple(found)


def _line(change: Change) -> tuple[str, str, list[str]]:
    """A change as its button says it."""
    implied = {"added": "flow added", "removed": "flow removed"}
    details = [told(one) for one in change.details]
    kind = change.kind.value
    return kind, headline(change), [one for one in details if one != implied.get(kind)]


def _lines(pair: Pair) -> list[tuple[str, str, list[str]]]:
    """All buttons of a pair."""
    words = {"added": "right granted", "removed": "right no longer granted"}
    rights = [
        (one.kind.value, f"{one.company}: {one.right.label}", [words[one.kind.value]])
        for one in pair[3]
    ]
    return [*map(_line, pair[2]), *rights]


LISTED = """
return [...document.querySelectorAll('.changes section')].flatMap((section) =>
  [...section.querySelectorAll('button')].map((button) => [
    section.className.replace('change-', ''),
    button.childNodes[1].textContent,
    [...button.querySelectorAll('.note')].map((e) => e.textContent),
  ]));
"""


OPTION = "return document.querySelector('[data-focus=\"change/pair\"]').options[arguments[0]].value"


def _options(page: Page, name: str) -> list[str]:
    found: list[str] = page.run(
        "return [...document.querySelector(arguments[0]).options].map((e) => e.textContent)",
        f'[data-focus="change/{name}"]',
    )
    return found


def test_the_pairs_are_offered_and_show_what_changed_between_them(
    page: Page, pages: Pages, history: tuple[Pair, ...]
) -> None:
    open_page(page, pages("sample"), "tab=changes&who=all")
    names = [f"{p[0].date} to {p[1].date} ({len(_lines(p))} changes)" for p in history]
    assert _options(page, "pair") == [*names[:2], f"first to latest, {names[2]}"]
    assert _options(page, "company") == ["Warblebox"]
    seen = []
    for number, pair in enumerate(history):
        if number:
            value = page.run(OPTION, number)
            redrawn(page, lambda value=value: choose(page, "change/pair", value))
        expected = _lines(pair)
        shown = [tuple(row) for row in page.run(LISTED)]
        kinds = ("added", "removed", "changed")
        assert shown == [row for kind in kinds for row in expected if row[0] == kind]
        digits = [source.graph.rsplit("/", 1)[1] for source in pair[:2]]
        if number:
            assert f"change={'-'.join(digits)}" in page.run("return location.hash")
        seen.append(page.run("return location.hash").removeprefix("#"))
    for fragment, pair in zip(seen, history, strict=True):
        turn(page, fragment)
        assert len(page.run(LISTED)) == len(_lines(pair))
    calm(page)


SIDES = """
const found = {};
let side = '';
for (const e of document.querySelector('#evidence').lastElementChild.children) {
  if (e.matches('h3.side')) found[side = e.textContent] = [];
  else found[side].push(e.querySelector('blockquote')?.textContent ?? e.textContent);
}
return found;
"""


def test_a_change_opens_its_sentences_before_and_after(
    page: Page, pages: Pages, history: tuple[Pair, ...]
) -> None:
    one, other, changes, _ = history[0]
    open_page(page, pages("sample"), "tab=changes&who=all")
    for change in changes[::4]:
        (before, after) = (
            list(dict.fromkeys(" ".join(c.statement.evidence.text.split()) for c in claims))
            for claims in (change.before, change.after)
        )
        ends = "~".join(s[0].digits if s else "" for s in (change.before, change.after))
        take(page, f"change/{change.kind.value}/{ends}")
        nothing = ["No such statement was found."]
        assert page.run(SIDES) == {
            f"Before, {one.date}": before or nothing,
            f"After, {other.date}": after or nothing,
        }
        assert open_digits(page) == sorted({c.digits for c in (*change.before, *change.after)})
        assert page.texts("#evidence h2")[0].endswith(headline(change))
    calm(page)


def test_a_pair_that_is_not_there_any_more_leads_to_one_that_is(page: Page, pages: Pages) -> None:
    digits = [policy["digits"] for policy in pages("sample").told.policies][-3:]
    open_page(page, pages("sample"), f"tab=changes&change=0123456789abcdef-{digits[1]}")
    assert "2019-03-01 beside 2021-06-15" in page.texts("#status")[0]
    turn(page, f"tab=changes&change={digits[0]}-{digits[2]}")
    assert "2019-03-01 beside 2023-09-01" in page.texts("#status")[0]


def test_the_card_of_changes_counts_what_its_tab_lists(page: Page, pages: Pages) -> None:
    for fragment in ("", "who=all", "denials=only&who=all", "actions=share"):
        open_page(page, pages("sample"), fragment)
        [card] = page.texts('#cards [data-focus="card/changes"] b')
        redrawn(page, lambda: choose(page, "card/changes"))
        assert see(page)["tab"] == ["changes"]
        rows = page.run(LISTED)
        kinds = [[row[0] for row in rows].count(kind) for kind in ("added", "removed", "changed")]
        assert card == f"{kinds[0]} added, {kinds[1]} removed, {kinds[2]} changed"


# What is at odds

PROOFS = """
return [...document.querySelectorAll('#evidence .proof')].map((proof) => ({
  head: proof.querySelector('h3').textContent,
  quotes: [...proof.querySelectorAll('blockquote:not(.context)')].map((e) => e.textContent),
  leads: [...proof.querySelectorAll('.lead')].map((e) => e.textContent),
  marks: proof.querySelectorAll('mark').length,
  facts: proof.lastElementChild.textContent,
}));
"""


def _check_proofs(page: Page, made: Made, built: Path) -> list[dict[str, Any]]:
    """Opens each card of a grade, and compares it with what the room finds."""
    with open_store(built) as store:
        latest = {source.policy: source.graph for source in sources(store)}.values()
        every = [one for one in findings(store) if one.source.graph in latest]
    seen: list[dict[str, Any]] = []
    for grade in ("contradiction", "tension"):
        expected = [one for one in every if one.grade.value == grade]
        cards = page.texts(f'#cards [data-focus="card/{grade}"] b')
        plural = "s" * (len(expected) != 1)
        assert cards == ([f"{len(expected)} {grade}{plural}"] if expected else [])
        if not expected:
            continue
        take(page, f"card/{grade}")
        assert "A program found these" in page.run(
            "return document.getElementById('evidence').innerText"
        )
        shown = page.run(PROOFS)
        assert len(shown) == len(expected)
        for proof, one in zip(shown, expected, strict=True):
            assert (
                proof["head"] == f"{grade} {one.company}, {one.source.date or 'no date'}: {one.why}"
            )
            sides = [one.first, one.second] if one.second else [one.first]
            assert proof["quotes"] == [" ".join(side.text.split()) for side in sides]
            assert proof["leads"] == ["It says", "and it says"][: len(sides)]
            assert all(f"{role}: {what}" in proof["facts"] for role, what in one.shared)
            assert all(text in proof["facts"] for text in (*one.open_to[:4], one.question))
        seen += shown
    assert len({one["digits"] for one in made.told.policies}) == len(made.told.policies)
    return seen


def test_a_card_of_a_grade_opens_what_is_at_odds(page: Page, pages: Pages, built: Path) -> None:
    made = pages("sample")
    open_page(page, made, "who=all")
    seen = _check_proofs(page, made, built)
    assert any(proof["marks"] for proof in seen)
    calm(page)


def test_findings_pass_the_filters_of_their_statements(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"), "card=&show=card/tension")
    assert page.texts("#evidence .proof")
    for fragment in ("words=nowhereatall", "version=2000-01-01", "actions=delete"):
        turn(page, f"{fragment}&show=card/tension")
        assert page.texts("#evidence .proof") == []
        assert page.texts('#cards [data-focus="card/tension"]') == []
