"""Hostile texts of policies neither run nor load anything."""

from __future__ import annotations

import re
from datetime import date

import pytest
from browser import Page, needs_chromium
from invented import HOSTILE, store_of

from kg.views import page as page_module
from view.opened import HITTABLE, Made, calm, compare, make, open_page
from view.policies import hostile_reading

pytestmark = needs_chromium

ELSEWHERE = "http://elsewhere.invalid/loaded"
EVIL = (
    *HOSTILE,
    f'"><img src="{ELSEWHERE}" onerror="window.__ran=1"><link rel=stylesheet href={ELSEWHERE}>',
    f"url({ELSEWHERE}) expression(window.__ran=1)",
    "<iframe srcdoc='<script>parent.__ran=1</script>'></iframe>",
    "__proto__",
    "constructor",
    "x×y>z:not|w/,~&show=1",
)
LETS_LOOSE = r"""
history.pushState = () => {};
const [most] = arguments;
const by = (focus) => document.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
const all = (css) => [...document.querySelectorAll(css)].map((e) => e.dataset.focus);
const visited = { opened: 0, cards: 0, shown: '' };
const note = () => {
  visited.shown += document.body.innerText;
};
for (const tab of all('#tabs button')) {
  by(tab).click();
  const some = (css, most) => {
    for (const focus of all(css).slice(0, most)) {
      by(focus)?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      visited.opened += 1;
      visited.cards += document.querySelectorAll('#evidence [data-statement]').length;
      if (visited.opened % 12 === 0) note();
    }
  };
  some('#stage [data-focus*="/"]:not(select)', most);
  some('#cards button', 9);
  by(tab).click();
  some('#filters input', most / 2);
  by('reset').click();
  for (const focus of all('#filters select')) {
    for (const { value } of [...by(focus).options].slice(0, 2)) {
      by(focus).value = value;
      by(focus).dispatchEvent(new Event('change'));
    }
    by('reset').click();
  }
}
visited.title = document.title;
visited.ran = window.__ran ?? null;
visited.strange = [...document.querySelectorAll(
  'img, iframe, object, embed, link:not([rel=icon]), [onerror], [onload], script[src]')]
  .map((e) => e.outerHTML);
visited.scripts = document.querySelectorAll('script').length;
visited.links = [...document.querySelectorAll('a')].map((a) => a.href);
return visited;
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Made:
    readings = [
        hostile_reading(text, i, url=f"https://a.example/?q={text}" if i % 2 else None)
        for i, text in enumerate(EVIL)
    ]
    readings += [
        hostile_reading(text, i, day=date(2022, 1, 1)) for i, text in enumerate(EVIL) if i % 3 == 0
    ]
    return make(store_of(*readings, ontology=False), tmp_path_factory.mktemp("evil"), "evil")


@pytest.mark.parametrize("guarded", [True, False], ids=["with its policy", "without"])
def test_no_text_of_a_policy_runs_or_loads(page: Page, hostile: Made, guarded: bool) -> None:
    made = hostile
    if not guarded:
        html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", made.html)
        assert html != made.html
        made = Made(made.file.with_name("bare.html"), html)
        made.file.write_text(html, "utf-8")
    page.open(made.file)
    most = 24 if guarded else 10
    found = page.run(LETS_LOOSE, most)
    assert found["opened"] > 5 * most
    assert found["cards"] > 2 * most
    assert found["title"] == page_module.TITLE
    assert found["ran"] is None
    assert found["strange"] == []
    assert found["scripts"] == 3
    assert all(link.startswith("https://a.example/") for link in found["links"])
    hidden = {c for c in found["shown"] if not c.isprintable() and c not in "\n\t\xa0\u2003"}
    assert hidden == set()
    assert "\\u202e" in found["shown"]
    calm(page)


def test_hostile_texts_change_and_are_at_odds(page: Page, hostile: Made) -> None:
    assert hostile.told.raw["changes"]
    assert hostile.told.raw["findings"]
    open_page(page, hostile, "tab=changes")
    found = page.run("return hits.all(...arguments)", HITTABLE["changes"], 20)
    compare(found, hostile.told.changes(hostile.told.pair()))
    calm(page)


def test_hostile_texts_open_their_own_statements_too(page: Page, hostile: Made) -> None:
    open_page(page, hostile, "tab=flow")
    compare(page.run("return hits.all(arguments[0])", HITTABLE["flow"]), hostile.told.flow())
    open_page(page, hostile, "tab=compare")
    found = page.run("return hits.all(arguments[0])", "#stage [data-cell]")
    compare(found, {name: hostile.told.cell(name) for name in found["reached"]})
