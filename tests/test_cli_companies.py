"""``kg compare``, ``hubs``, ``trace`` and ``vagueness`` from end to end, in each format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from beside import policy, said
from invented import HOSTILE, nquads

from kg.cli.findings import FORMATS
from kg.model import Action
from kg.store import build_store

Kg = Callable[..., Any]

COMMANDS = {
    "compare": ("compare", "Warblebox", "Pennywort"),
    "hubs": ("hubs", "--by-owner"),
    "trace": ("trace", "Warblebox", "email address"),
    "vagueness": ("vagueness",),
}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section",
    "article", "h1", "h2", "h3", "p", "span", "dl", "dt", "dd", "blockquote", "div", "table",
    "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_in_each_format(kg: Kg, built: Path, name: str, form: str) -> None:
    done = kg(*COMMANDS[name], "-g", built, "--format", form)
    assert done.code == 0
    assert bool(done.err) is (form == "table")  # what was looked at, and left out
    again = kg(*COMMANDS[name], "-g", built, "--format", form)
    assert again.out == done.out
    if form == "json":
        assert json.loads(done.out)
    elif form == "csv":
        assert len({len(row) for row in csv.reader(io.StringIO(done.out))}) == 1
    elif form == "html":
        assert done.out.startswith("<!doctype html>")
    else:
        assert len(done.out.splitlines()) > 3


def test_sales_are_compared(kg: Kg, built: Path) -> None:
    done = kg("compare", "Warblebox", "Pennywort", "-g", built, "--all", "--format", "json")
    found = json.loads(done.out)
    assert [one["company"] for one in found["companies"]] == ["Warblebox", "Pennywort"]
    rows = [row for row in found["rows"] if row["action"] == "share"]
    assert rows
    for row in found["rows"]:
        for cell in row["cells"]:
            for one in (*cell["stated"], *cell["denied"]):
                assert one["sentence"]
                assert one["statement"].startswith("https://")


def test_options_narrow(kg: Kg, built: Path) -> None:
    def lines(*arguments: str) -> list[list[str]]:
        done = kg(*arguments, "-g", built, "--format", "csv")
        assert done.code == 0
        return list(csv.reader(io.StringIO(done.out)))[1:]

    every = lines("compare", "Warblebox", "Pennywort", "--all")
    assert len(lines("compare", "Warblebox", "Pennywort")) < len(every)
    shared = lines("compare", "Warblebox", "Pennywort", "--all", "--action", "share")
    assert shared
    assert {row[0] for row in shared} == {"share"}
    contact = lines("compare", "Warblebox", "Pennywort", "--all", "--data", "contact data")
    assert 0 < len(contact) < len(every)
    assert lines("compare", "Warblebox", "Pennywort", "--by", "recipient")
    assert len(lines("hubs", "--top", "1")) == 2
    assert 0 < len(lines("hubs", "--company", "Warblebox")) < len(lines("hubs", "--top", "0"))
    assert 0 < len(lines("hubs", "--purpose", "advertising")) < len(lines("hubs", "--top", "0"))
    assert lines("trace", "Warblebox", "email address", "--strict", "--depth", "1")
    assert [row[0] for row in lines("vagueness", "--company", "Warblebox")] == ["Warblebox"]
    assert lines("vagueness", "--order", "may")
    assert lines("vagueness", "--snapshot", "2021", "--min-confidence", "0.5")


def test_what_is_wrong_is_told(kg: Kg, built: Path, tmp_path: Path) -> None:
    done = kg("compare", "Warblebox", "-g", built)
    assert (done.code, "name two companies" in done.err) == (2, True)
    done = kg("compare", "Warblebox", "Wobblebox", "-g", built)
    assert (done.code, "did you mean" in done.err) == (1, True)
    done = kg("trace", "Warblebox", "glimmer", "-g", built)
    assert (done.code, "there is no data 'glimmer'" in done.err) == (1, True)
    done = kg("hubs", "--data", "genetic data", "-g", built)
    assert (done.code, "no rows" in done.err) == (0, True)
    done = kg("hubs", "-g", tmp_path / "none")
    assert (done.code, "holds no graph" in done.err) == (1, True)


def test_output_goes_to_a_file(kg: Kg, built: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert kg("hubs", "-g", built, "--format", "html", "-o", page).out == ""
    assert page.read_text("utf-8").startswith("<!doctype html>")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.found.add(tag)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph in which names, words and sentences are what nobody should obey."""
    folder = tmp_path_factory.mktemp("hostile") / "kg-data"
    policies = [
        policy(
            f"{text} {number}",
            said(f"{text} shares", Action.SHARE, ("email address", f"own:{text}<UsageData"),
                 (text, f"{HOSTILE[number - 1]} {(number - 1) % len(HOSTILE)}"),
                 conditions=(text,), purposes=(f"own:{text}<Advertising",)),
            said(f"{text} sells not", Action.SELL, ("personal data",), denied=True),
            names=(f"{text} too",),
        )
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    build_store([nquads(*policies)], folder)
    return folder


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", COMMANDS)
def test_hostile_texts_stay_texts(kg: Kg, hostile: Path, name: str, form: str) -> None:
    companies = [f"{text} {number}" for number, text in enumerate(HOSTILE)]
    arguments = {
        "compare": ("compare", "--all", "--", *companies[:3]),
        "hubs": ("hubs",),
        "trace": ("trace", "--", companies[1], "email address"),
        "vagueness": ("vagueness",),
    }[name]
    command, *rest = arguments
    done = kg(command, "-g", hostile, "--format", form, *rest)
    assert done.code == 0, done.err
    if form == "json":
        assert json.loads(done.out)
        return
    if form == "csv":
        rows = list(csv.reader(io.StringIO(done.out)))
        assert len({len(row) for row in rows}) == 1
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "\t"))]
        return
    for character in ("\x1b", "\x00", "\u202e", "\u2028"):
        assert character not in done.out + done.err
    if form == "html":
        tags = _Tags()
        tags.feed(done.out)
        assert tags.found <= TAGS
    elif form == "md":
        assert "<script" not in done.out
        assert "<img" not in done.out
