"""What is saved from a page, SVG, PNG and CSV, and the pictures of the docs."""

from __future__ import annotations

import csv
import os
import re
import xml.etree.ElementTree as ET
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import pytest
from browser import Page, needs_chromium
from conftest import ROOT
from invented import store_of

from kg.views import Scope
from view.opened import Pages, calm, make, number_shown, open_page, turn
from view.policies import hostile_reading
from view.told import of

pytestmark = needs_chromium


# Exports

SVG = "{http://www.w3.org/2000/svg}"


def _save(page: Page, what: str) -> Path:
    page.run(
        "window.saved = ''; const a = HTMLAnchorElement.prototype; const click = a.click;"
        "a.click = function () { window.saved = this.download; a.click = click; this.click(); };"
    )
    page.click(f'[data-focus="{what}"]')
    page.wait("window.saved")
    return page.downloaded(page.run("return window.saved"))


def _head(root: ET.Element) -> tuple[str, str]:
    """What stands above the drawing: its first line, and the others as one."""
    lines = ["".join(text.itertext()) for text in root.findall(f"{SVG}text")]
    return lines[0], " ".join(lines[1:])


def test_a_picture_says_what_it_is_of(page: Page, pages: Pages) -> None:
    told = pages("sample").told
    open_page(page, pages("sample"), "tab=flow")
    assert len(of(told.flow(whole=True), "ribbon/")) > 80, "too many to draw"
    file = _save(page, "svg")
    name = told.concepts[told.largest]["label"]
    assert file.name == f"flow-{name.lower().replace(' ', '-')}.svg"
    first, rest = _head(ET.fromstring(file.read_text("utf-8")))
    assert first == name
    assert page.texts("#status")[0] in rest
    notes = page.run(
        "return [...document.querySelector('#stage .controls .note').childNodes]"
        ".filter((e) => e.nodeType === 3).map((e) => e.textContent).join('').trim()"
    )
    assert len(notes) > 100
    assert notes in rest
    turn(page, "tab=flow&companies=party/Warblebox&least=50&denials=without&words=data")
    first, rest = _head(ET.fromstring(_save(page, "svg").read_text("utf-8")))
    assert first == "Warblebox"
    assert page.run("return window.saved") == "flow-warblebox.svg"
    for chip in page.texts("#chips button"):
        assert chip.removesuffix(" ×") in rest
    turn(page, "tab=flow&whole=1")
    first, rest = _head(ET.fromstring(_save(page, "svg").read_text("utf-8")))
    assert page.run("return window.saved") == "flow-of-policies.svg"
    names = first.split(" and ")[0].split(", ")
    drawn = _drawn_companies(page)
    assert set(names) <= drawn
    assert first == ", ".join(names) + f" and {len(drawn) - 6} more" * (len(drawn) > 6)
    calm(page)


def _drawn_companies(page: Page) -> set[str]:
    """Of the flow."""
    titles = page.run(
        "return [...document.querySelectorAll(\"#stage [data-focus^='node/company/'] title\")]"
        ".map((e) => e.textContent)"
    )
    return {re.sub(r"^Who: |, [\d,]+ statements?(;.*)?$", "", title) for title in titles}


def test_a_picture_names_no_company_that_is_not_drawn(page: Page, pages: Pages) -> None:
    told = pages("sample").told
    few = next(
        told.key(concept)
        for concept in sorted({one for said in told.shown for one in said.data})
        if len({s.company for s in told.moving(told.shown) if concept in s.data}) == 1
        if not told.below[concept]
    )
    open_page(page, pages("sample"), f"tab=flow&data={few}")
    [name] = _drawn_companies(page)
    first, _ = _head(ET.fromstring(_save(page, "svg").read_text("utf-8")))
    assert first == name


def test_the_svg_shows_what_the_screen_shows(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"), "tab=flow")
    file = _save(page, "svg")
    root = ET.fromstring(file.read_text("utf-8"))
    texts = [" ".join("".join(e.itertext()).split()) for e in root.iter(f"{SVG}text")]
    shown = page.run(
        "return [...document.querySelectorAll('svg.flow text')]"
        ".filter((e) => !e.matches('.sign')).map((e) => e.textContent)"
    )
    assert shown
    assert {" ".join(text.split()) for text in shown} <= set(texts)
    ribbons = [e for e in root.iter(f"{SVG}path") if e.find(f"{SVG}title") is not None]
    drawn = page.run("return document.querySelectorAll(\"[data-focus^='ribbon/']\").length")
    assert len(ribbons) == drawn > 30
    assert {"collects", "says it does NOT"} <= set(texts)  # of the legend
    every = [(e, name, value) for e in root.iter() for name, value in e.attrib.items()]
    assert not [name for _, name, value in every if "href" in name or "url(" in value]
    ground = root.find(f"{SVG}rect")
    assert ground is not None
    inks = {e.get("fill") for e in root.iter(f"{SVG}text")}
    assert None not in inks
    assert ground.get("fill") not in inks
    calm(page)


def test_the_png_is_the_same_in_twice_the_size(page: Page, pages: Pages) -> None:
    open_page(page, pages("sample"), "tab=flow")
    svg = ET.fromstring(_save(page, "svg").read_text("utf-8"))
    width, height, colours = page.pixels(_save(page, "png"))
    assert (width, height) == (2 * float(svg.get("width", 0)), 2 * float(svg.get("height", 0)))
    assert colours > 50
    calm(page)


@pytest.mark.parametrize("fragment", ["tab=statements", "tab=statements&denials=only&who=all"])
def test_the_csv_has_a_row_for_every_statement_shown(
    page: Page, pages: Pages, fragment: str
) -> None:
    open_page(page, pages("sample"), fragment)
    saved = _save(page, "csv")
    assert saved.read_bytes().startswith(b"\xef\xbb\xbf"), "spreadsheets look for it"
    with saved.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == number_shown(page) > 0
    told = {said.digits: said for said in pages("sample").told.every}
    for row in rows:
        said = told[row["Statement"]]
        assert (row["Polarity"] == "denied") == said.denied
        assert row["Sentence"].lstrip("'") == said.text
        assert row["Confidence"] == f"{said.confidence / 100:g}"


def test_no_cell_of_the_csv_is_a_formula(page: Page, tmp_path: Path) -> None:
    formulas = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=cmd|"/c calc"!A1', "＝1")
    made = make(
        store_of(*(hostile_reading(t, i) for i, t in enumerate(formulas)), ontology=False),
        tmp_path, "formulas",
    )  # fmt: skip
    open_page(page, made, "tab=statements&who=all")
    with _save(page, "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + len(made.told.every)
    bad = {cell for row in rows for cell in row if re.match(r"[=+\-@\t\r]", cell)}
    assert bad == set()


# Pictures of the docs


@pytest.mark.parametrize(("name", "companies"), [("compare", ()), ("flow", ("Warblebox",))])
def test_the_pictures_of_the_docs_show_what_the_page_shows(
    page: Page, pages: Pages, tmp_path: Path, name: str, companies: tuple[str, ...]
) -> None:
    page.size(1280, 960)
    open_page(page, make(pages.store("sample"), tmp_path, name, Scope(companies)), f"tab={name}")
    drawn = sha256(page.run("return document.body.innerText").encode()).hexdigest()
    picture = ROOT / "docs" / f"{name}.png"
    if "KG_WRITE_DOCS" in os.environ:
        page.screenshot(picture)
        picture.write_bytes(_noted(picture.read_bytes(), drawn))
    assert _note(picture.read_bytes()) == drawn, "draw it anew: see CONTRIBUTING.md"


#: Keyword of the text in a PNG that tells what was drawn.
KEYWORD = b"Comment"


def _noted(png: bytes, text: str) -> bytes:
    """A PNG with a text in it, right behind its header."""
    body = b"tEXt" + KEYWORD + b"\0" + text.encode("ascii")
    chunk = (len(body) - 4).to_bytes(4, "big") + body + crc32(body).to_bytes(4, "big")
    header = 8 + 4 + 4 + 13 + 4
    return png[:header] + chunk + png[header:]


def _note(png: bytes) -> str:
    """The text that :func:`_noted` put in; empty when there is none."""
    found = re.search(rb"tEXt%s\0([0-9a-f]+)" % KEYWORD, png[:300])
    return found[1][:64].decode() if found else ""
