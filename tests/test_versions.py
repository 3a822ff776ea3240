"""``kg diff`` and ``kg history``: which versions are meant, what is printed, how it ends."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kg.changes import timeline
from kg.changes.history import Version, history
from kg.changes.rights import rights_between
from kg.changes.snapshots import Line, line_of, pair_of, stumps
from kg.claims import Source, claims_of, sources
from kg.concepts import concepts
from kg.errors import QueryError, UsageError
from kg.model import Evidence, Mention, Right
from kg.pipeline import build
from kg.store import open_store
from kg.views.report import to_html

Kg = Callable[..., Any]

TEXTS = {
    "2019-03-01": "We collect your email address. We do not sell your location.",
    "2020-05-01": "We collect your email address. We may share your email address with couriers.",
    "2021-06-15": "We collect your email address. We sell your location to advertisers.",
    "2023-09-01": "We collect your e-mail address. We sell your location to advertisers. "
    "We share your email address with couriers.",
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    corpus = folder / "corpus"
    for company in ("Brontide", "Tarnwick", "Wexling"):
        (corpus / company).mkdir(parents=True)
    for day, text in TEXTS.items():
        page = f"# Brontide Privacy Policy\n\nEffective date: {day}\n\n{text}\n"
        (corpus / "Brontide" / f"{day}.md").write_text(page, "utf-8")
    for day, more in (("2020-01-01", ""), ("2021-01-01", "You have the right to erasure.")):
        page = (
            f"# Wexling Privacy Policy\n\nEffective date: {day}\n\nWe collect your name. {more}\n"
        )
        (corpus / "Wexling" / f"{day}.md").write_text(page, "utf-8")
    only = "# Tarnwick Privacy Policy\n\nTarnwick collects your name and your email address.\n"
    (corpus / "Tarnwick" / "policy.md").write_text(only, "utf-8")
    build([corpus], folder / "kg-data")
    return folder / "kg-data"


@pytest.fixture
def diff(kg: Kg, graph: Path) -> Kg:
    return lambda *arguments: kg("diff", *arguments, "-g", graph)


def kinds(text: str) -> list[tuple[str, list[str]]]:
    return [(change["change"], change["kinds"]) for change in json.loads(text)]


def test_the_two_latest_are_compared(diff: Kg) -> None:
    done = diff("Brontide", "--format", "json")
    assert done.code == 0
    (change,) = json.loads(done.out)
    assert change["change"] == "added"
    assert change["kinds"] == ["flow added", "new recipient"]
    assert (change["actor"], change["action"], change["polarity"]) == (
        "Brontide", "share", "affirmed"
    )  # fmt: skip
    assert change["data"] == ["email address"]
    assert change["recipients"] == ["shipping company"]
    for key in ("purposes", "legal_bases", "conditions", "locations"):
        assert change[key] == []
    assert change["old"]["quote"] == ""
    new = change["new"]
    assert new["quote"] == "We share your email address with couriers."
    assert (new["document"], new["date"]) == ("Brontide/2023-09-01.md", "2023-09-01")
    assert new["end"] - new["start"] == len(new["quote"])
    assert new["heading"] == "Brontide Privacy Policy"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2019", "2021"),
        ("2019-12", "2022-01"),
        ("2019-03-01", "2021-06-15"),
        ("2019-03-01.md", "Brontide/2021-06-15.md"),
    ],
)
def test_versions_go_by_date_or_document(diff: Kg, old: str, new: str) -> None:
    done = diff("brontide", old, new, "--format", "json")
    assert kinds(done.out) == [("changed", ["no longer denied, but done"])]


def test_rights_come_and_go(diff: Kg) -> None:
    (granted,) = json.loads(diff("Wexling", "--format", "json").out)
    assert (granted["change"], granted["kinds"]) == ("added", ["right granted"])
    assert granted["rights"] == ["right to erasure"]
    assert granted["new"]["quote"] == "You have the right to erasure."
    assert granted["new"]["date"] == "2021-01-01"
    (gone,) = json.loads(diff("Wexling", "2021", "2020", "--format", "json").out)
    assert (gone["change"], gone["kinds"]) == ("removed", ["right no longer granted"])
    assert gone["old"]["quote"] == granted["new"]["quote"]
    assert "You have the right to erasure." in diff("Wexling", "--format", "md").out
    assert "1 right granted" in diff("Wexling", "--format", "html").out
    assert "right granted: right to erasure" in diff("Wexling").out
    assert diff("Wexling", "--exit-code").code == 5


def test_a_right_whose_sentence_stands_in_both_is_not_new() -> None:
    text = "You may ask for a copy of your data."
    right = Right("urn:access", "access", Mention("copy", 14, 18), Evidence("a.md", text, 0, 36))
    old, new = source(), source(graph="urn:b", date="2021-01-01")
    assert len(rights_between((old, ()), (new, (right, right)))) == 1
    assert rights_between((old, (right,)), (new, (right,))) == ()
    assert rights_between((old, ()), (new, (right,)), texts=(text, text)) == ()


def test_one_version_is_compared_with_the_latest(diff: Kg) -> None:
    assert len(kinds(diff("Brontide", "2019", "--format", "json").out)) == 2


def test_exit_codes(diff: Kg, kg: Kg, graph: Path, tmp_path: Path) -> None:
    assert diff("Brontide").code == 0
    assert diff("Brontide", "--exit-code").code == 5
    same = diff("Brontide", "--exit-code", "--min-confidence", "1")
    assert same.code == 0
    assert "no flow has changed" in same.err
    assert diff("Brontide", "--exit-code", "-q", "--min-confidence", "1").err == ""
    assert diff("Nobody", "--exit-code").code == 1
    assert kg("diff", "Brontide", "--exit-code", "-g", tmp_path).code == 1
    assert diff("Brontide", "2019", "2019-04", "--exit-code").code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Tarnwick"], "Tarnwick has one snapshot here (Tarnwick/policy.md): add another"),
        (["Brontide", "2010"], "the first is of 2019-03-01"),
        (["Brontide", "2019", "2019-04"], "both mean the snapshot of 2019-03-01"),
        (["Brontide", "2024"], "means the snapshot of 2023-09-01, the latest"),
        (["Brontide", "sometime"], "no snapshot 'sometime'"),
        (["Brontide", "2019-13"], "no snapshot '2019-13'"),
        (["Nobody"], "there is no company 'Nobody'"),
    ],
)
def test_mistakes_are_told(diff: Kg, arguments: list[str], message: str) -> None:
    done = diff(*arguments)
    assert done.code in {1, 2}
    assert message in done.err
    assert done.out == ""


def test_every_format_tells_the_same(diff: Kg, tmp_path: Path) -> None:
    table = diff("Brontide", "2019", "2021").out
    assert "no longer denied, but done" in table
    rows = list(
        csv.DictReader(io.StringIO(diff("Brontide", "2019", "2021", "--format", "csv").out))
    )
    assert rows[0]["before"] == "We do not sell your location."
    assert rows[0]["after"] == "We sell your location to advertisers."
    markdown = diff("Brontide", "2019", "2021", "--format", "md").out
    assert "# Brontide: 2019-03-01 → 2021-06-15" in markdown
    assert "“We do not sell your location.”" in markdown
    page = tmp_path / "changes.html"
    assert diff("Brontide", "2019", "2021", "--format", "html", "-o", page).out == ""
    HTMLParser().feed(page.read_text("utf-8"))
    assert "We sell your location to advertisers." in page.read_text("utf-8")


def test_a_history_is_a_timeline(kg: Kg, graph: Path) -> None:
    done = kg("history", "Brontide", "-g", graph, "--format", "json")
    found = json.loads(done.out)
    assert found["snapshots"] == 4
    lives = {(f["action"], f["polarity"], *f["data"]): f for f in found["flows"]}
    collected = lives["collect", "affirmed", "email address"]
    assert (collected["first"], collected["current"], collected["gaps"]) == ("2019-03-01", True, [])
    shared = lives["share", "affirmed", "email address"]
    assert shared["with"] == ["shipping company"]
    assert shared["gaps"] == [["2021-06-15", "2021-06-15"]]
    denied = lives["sell", "negated", "location data"]
    assert (denied["first"], denied["last"], denied["current"]) == (
        "2019-03-01", "2019-03-01", False
    )  # fmt: skip
    assert [step["later"] for step in found["steps"]] == ["2020-05-01", "2021-06-15", "2023-09-01"]


def test_a_history_can_be_narrowed(kg: Kg, graph: Path) -> None:
    def rows(*arguments: str) -> list[dict[str, str]]:
        out = kg("history", "Brontide", "-g", graph, "--format", "csv", *arguments).out
        return list(csv.DictReader(io.StringIO(out)))

    assert {row["action"] for row in rows("--data", "location data")} == {"sell", "not sell"}
    assert [row["with"] for row in rows("--recipient", "courier")] == ["shipping company"]
    assert [row["missing"] for row in rows("--action", "share")] == ["2021-06-15"]
    nothing = kg("history", "Brontide", "-g", graph, "--action", "delete")
    assert (nothing.code, nothing.out) == (0, "")
    assert "no flow" in nothing.err
    assert kg("history", "Brontide", "-g", graph, "--action", "lend").code == 1


def test_a_history_in_other_formats(kg: Kg, graph: Path) -> None:
    table = kg("history", "Brontide", "-g", graph).out
    assert table.startswith("Versions\n")
    assert "\nFlows\n" in table
    assert "\nChanges\n" in table
    assert "2021-06-15: " in kg("history", "Brontide", "-g", graph, "--format", "md").out
    assert "<table>" in kg("history", "Brontide", "-g", graph, "--format", "html").out


def test_eighty_snapshots_stay_readable(graph: Path) -> None:
    """Dates on which nothing changed are not told of."""
    with open_store(graph) as store:
        known = concepts(store)
        found = sources(store, company="Brontide")
        claims = [tuple(claims_of(store, source, known.labels)) for source in found]
    versions = []
    for number in range(80):
        which = number // 20
        source = replace(found[which], date=f"{1940 + number}-01-01")
        versions.append(Version(source, claims[which]))
    told = history(versions, known)
    assert told.snapshots == 80
    assert [step.later.date for step in told.steps] == ["1960-01-01", "1980-01-01", "2000-01-01"]
    assert len(told.lives) == 4


def test_what_was_undone_is_one_row_and_a_stump_is_left_out(graph: Path) -> None:
    """An archive meets a page half loaded, or an old one once more."""
    with open_store(graph) as store:
        known = concepts(store)
        found = sources(store, company="Brontide")
        claims = [tuple(claims_of(store, source, known.labels)) for source in found]
    versions = [
        Version(replace(found[which], date=f"{1990 + number}-01-01"), said)
        for number, (which, said) in enumerate(
            [(0, claims[0]), (1, claims[1]), (0, claims[0]), (0, ()), (1, claims[1])]
        )
    ]
    told = history(versions, known)
    assert told.skipped == ("1993-01-01",)
    assert [step.back_to for step in told.steps] == ["", "1990-01-01", "1991-01-01"]
    table = timeline.versions(told)
    assert [row[-1] for row in table.rows] == [
        "the first of 4 snapshots",
        "",
        "says again what it said on 1990-01-01",
        "left out: it holds a scrap of the text",
        "says again what it said on 1991-01-01",
    ]
    changes = timeline.events(told).rows
    assert [row[1] for row in changes][-2:] == ["undone", "undone"]
    assert changes[0][2].startswith("denial dropped"), "denials first"
    assert "says again" in to_html(timeline.report(told))


@pytest.mark.parametrize(
    ("stated", "out"),
    [
        ([100, 0, 100], {1}),
        ([100, 15, 9, 60], {1, 2}),
        ([100, 15, 20], set()),
        ([100, 15], set()),
        ([100, 0], {1}),
        ([3, 100, 90], set()),
        ([0, 0], set()),
        ([], set()),
    ],
)
def test_a_stump_is_told_by_its_neighbours(stated: list[int], out: set[int]) -> None:
    assert stumps(stated) == out


def source(**values: Any) -> Source:
    given = {
        "graph": "urn:a", "policy": "urn:policy", "company_iri": "urn:acme", "company": "Acme",
        "documents": ("a.md",), "title": "Privacy", "date": "2020-01-01", "urls": (),
        "statements": 1, "denials": 0, "sentences": 1,
    }  # fmt: skip
    return Source(**{**given, **values})


def test_the_policy_with_most_versions_is_taken_unless_another_is_named() -> None:
    privacy = [source(graph=f"urn:{n}", date=f"202{n}-01-01") for n in range(3)]
    cookies = [
        source(graph=f"urn:c{n}", policy="urn:cookies", title="Cookies", documents=(f"c{n}.md",))
        for n in range(2)
    ]
    assert line_of([*cookies, *privacy]) == Line(tuple(privacy), ("Cookies",))
    assert line_of([*cookies, *privacy], ["c1.md"]).sources == tuple(cookies)
    with pytest.raises(QueryError, match="no policy"):
        line_of([])


def test_without_dates_versions_must_be_named() -> None:
    undated = [source(graph=f"urn:{n}", date=None, documents=(f"{n}.md",)) for n in ("old", "new")]
    line = line_of(undated)
    with pytest.raises(UsageError, match=r"name two of old.md, new.md"):
        pair_of(line)
    assert pair_of(line, "old.md", "urn:new") == tuple(undated)
    with pytest.raises(QueryError, match="none has a date"):
        pair_of(line, "2020", "new.md")
