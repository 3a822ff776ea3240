"""What a page tells of changes and of what is at odds is what the rooms found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import HOSTILE, reading, says, store_of

from kg.changes import Change, Kind, changes_between
from kg.changes.rights import RightChange, rights_between
from kg.changes.told import headline, told
from kg.checks import Grade, findings
from kg.checks.grading import Side
from kg.claims import Claim, Source, claims, claims_of, concept_labels, rights_of, sources
from kg.concepts import concepts
from kg.iris import PF
from kg.manifest import text_of
from kg.model import Action, Evidence, Mention, Reading, Right, Statement
from kg.queries.formats import visible
from kg.store import Store, open_store
from kg.views import Scope, render
from kg.views.found import Found, find, pairs
from kg.views.page_data import page_data
from kg.views.scope import choose

Row = dict[str, Any]


class Shown:
    """The tables of a page, and what their numbers stand for."""

    def __init__(self, store: Store, **scope: Any) -> None:
        chosen = choose(store, Scope(**scope))
        found = find(store, chosen)
        self.found: Found = found
        self.raw: Row = json.loads(json.dumps(page_data(chosen, "T", found), allow_nan=False))

    def rows(self, table: str) -> list[Row]:
        names = self.raw["fields"][table]
        return [dict(zip(names, row, strict=True)) for row in self.raw[table]]

    def text(self, number: int) -> str:
        assert number >= 0
        return str(self.raw["texts"][number])

    def quote(self, number: int) -> str:
        """Digits of a statement, or in signs what a bare sentence says."""
        if number >= 0:
            return str(self.rows("statements")[number]["digits"])
        return f"“{self.rows('sentences')[-1 - number]['text']}”"

    def changes(self) -> list[list[Any]]:
        """By pair: digits of the two snapshots, and what is told of each change."""
        policies = self.rows("policies")
        told_of: list[list[Any]] = [
            [policies[pair["earlier"]]["digits"], policies[pair["later"]]["digits"], []]
            for pair in self.rows("pairs")
        ]
        for row in self.rows("changes"):
            told_of[row["pair"]][2].append(
                (
                    self.raw["names"]["change"][row["kind"]],
                    bool(row["denied"]),
                    self.text(row["text"]),
                    [self.text(one) for one in row["details"]],
                    [self.quote(one) for one in row["before"]],
                    [self.quote(one) for one in row["after"]],
                )
            )
        return told_of

    def findings(self) -> list[tuple[Any, ...]]:
        return [
            (
                self.raw["names"]["grade"][row["grade"]],
                self.text(row["why"]),
                self.text(row["question"]),
                [[self.quote(one) for one in side] for side in row["quotes"]],
                *([self.text(one) for one in row[name]] for name in ("shared", "open")),
            )
            for row in self.rows("findings")
        ]


def _plain(text: str) -> str:
    return visible(" ".join(text.split()))


def _digits(claims: tuple[Claim, ...]) -> list[str]:
    return list(dict.fromkeys(claim.digits for claim in claims))


def _told(change: Change) -> tuple[Any, ...]:
    return (
        change.kind.value,
        change.is_denial,
        _plain(headline(change)),
        [_plain(told(detail)) for detail in change.details],
        _digits(change.before),
        _digits(change.after),
    )


def _told_right(change: RightChange) -> tuple[Any, ...]:
    quotes = list(dict.fromkeys(f"“{_plain(one.evidence.text)}”" for one in change.granted))
    is_new = change.kind is Kind.ADDED
    return (
        change.kind.value,
        False,
        _plain(f"{change.company}: {change.right.label}"),
        ["right granted" if is_new else "right no longer granted"],
        *([[], quotes] if is_new else [quotes, []]),
    )


def _between(store: Store, one: Source, other: Source, folder: Path) -> list[tuple[Any, ...]]:
    """All that changed, as a page tells it."""
    labels = concept_labels(store)
    texts = text_of(folder, one.graph) or "", text_of(folder, other.graph) or ""
    before, after = (claims_of(store, source, labels) for source in (one, other))
    changes = changes_between(before, after, concepts(store), texts=texts)
    granted = [(source, rights_of(store, source)) for source in (one, other)]
    rights = rights_between(granted[0], granted[1], texts=texts)
    return [*map(_told, changes), *map(_told_right, rights)]


def test_the_changes_of_the_sample_are_those_between_its_snapshots(built: Path) -> None:
    with open_store(built) as store:
        shown = Shown(store)
        line = sources(store, company="Warblebox")
        assert len(line) == 3
        expected = [
            [
                one.graph.rsplit("/", 1)[1],
                other.graph.rsplit("/", 1)[1],
                _between(store, one, other, built),
            ]
            for one, other in ((line[0], line[1]), (line[1], line[2]), (line[0], line[2]))
        ]
    assert shown.changes() == expected
    assert [pair["whole"] for pair in shown.rows("pairs")] == [0, 0, 1]
    assert min(len(changes) for *_, changes in expected) > 10


def test_the_findings_of_the_sample_are_those_of_its_latest_snapshots(built: Path) -> None:
    with open_store(built) as store:
        shown = Shown(store)
        latest = {source.policy: source.graph for source in sources(store)}.values()
        every = [one for one in findings(store) if one.source.graph in latest]

        places: dict[tuple[str, int], list[str]] = {}
        for claim in claims(store):
            at = claim.source.graph, claim.statement.evidence.start
            places.setdefault(at, []).append(claim.digits)

    def quoted(source: Source, side: Side) -> list[str]:
        if side.claim:
            return [side.claim.digits]
        return places.get((source.graph, side.start), [f"“{_plain(side.text)}”"])

    assert shown.findings() == [
        (
            one.grade.value,
            _plain(one.why),
            _plain(one.question),
            [quoted(one.source, side) for side in (one.first, one.second) if side],
            [_plain(f"{role}: {what}") for role, what in one.shared],
            list(map(_plain, one.open_to)),
        )
        for one in every
    ]
    assert every


# Pairs


def _snapshot(day: date | None, *said: Statement, at: str = "", name: str = "Acme") -> Reading:
    one = reading(*(said or (EMAIL,)), publisher=name, name=f"{name} {day} {at}.md", day=day)
    recorded = datetime.fromisoformat(at) if at else None
    return replace(one, document=replace(one.document, recorded=recorded))


EMAIL = says(
    Action.COLLECT, text="We collect your email address.", trigger="collect",
    data=("email address",),
)  # fmt: skip
SHARED = says(
    Action.SHARE, text="We share your name with Google.", trigger="share", data=("name",),
    recipients=("Google",), start=100,
)  # fmt: skip
UNSURE = replace(SHARED, confidence=0.4)
FIRST, SECOND, THIRD = date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1)


def _days(*read: Reading) -> list[tuple[str | None, str | None, bool]]:
    return [(a.date, b.date, whole) for a, b, whole in pairs(sources(store_of(*read)))]


def test_each_snapshot_is_compared_with_the_next_and_the_first_with_the_latest() -> None:
    one, two, three = (_snapshot(day) for day in (FIRST, SECOND, THIRD))
    assert _days(one) == []
    assert _days(two, one) == [("2019-01-01", "2020-01-01", False)]
    assert _days(three, one, two) == [
        ("2019-01-01", "2020-01-01", False),
        ("2020-01-01", "2021-01-01", False),
        ("2019-01-01", "2021-01-01", True),
    ]


def test_what_came_first_has_to_be_known() -> None:
    assert _days(_snapshot(None), _snapshot(FIRST)) == []
    assert _days(_snapshot(FIRST, EMAIL), _snapshot(FIRST, SHARED)) == []
    same_day = (
        _snapshot(None, EMAIL, at="2019-01-01T08:00"),
        _snapshot(None, SHARED, at="2019-01-01T09:00"),
    )
    assert _days(*same_day) == [("2019-01-01", "2019-01-01", False)]


def test_policies_of_two_companies_are_not_compared() -> None:
    assert _days(_snapshot(FIRST), _snapshot(SECOND, name="Zeta")) == []
    with_two = [_snapshot(day, name=name) for day in (FIRST, SECOND) for name in ("Acme", "Zeta")]
    assert _days(*with_two) == [("2019-01-01", "2020-01-01", False)] * 2


# Scopes

HISTORY = (_snapshot(FIRST, EMAIL), _snapshot(SECOND, SHARED))


def _headlines(shown: Shown) -> list[str]:
    return [change[2] for *_, changes in shown.changes() for change in changes]


def test_all_that_changed_is_told() -> None:
    assert _headlines(Shown(store_of(*HISTORY))) == [
        "Acme: share name to Google",
        "Acme: collect email address",
    ]


def test_only_changes_of_what_is_shown_are_told() -> None:
    store = store_of(*HISTORY)
    assert _headlines(Shown(store, focus="Google")) == ["Acme: share name to Google"]
    assert _headlines(Shown(store, focus="email address")) == ["Acme: collect email address"]
    assert Shown(store, snapshot="2019").rows("pairs") == []
    assert Shown(store, companies=("Acme",)).changes() == Shown(store).changes()


def test_unsure_statements_make_no_change_where_they_are_left_out() -> None:
    store = store_of(_snapshot(FIRST, EMAIL), _snapshot(SECOND, EMAIL, UNSURE))
    assert _headlines(Shown(store)) == ["Acme: share name to Google"]
    assert _headlines(Shown(store, least=0.5)) == []


def test_what_only_a_filter_leaves_out_is_no_change() -> None:
    """What was said before, if unsurely, is not new."""
    store = store_of(_snapshot(FIRST, EMAIL, UNSURE), _snapshot(SECOND, EMAIL, SHARED))
    assert _headlines(Shown(store, least=0.5)) == []
    assert _headlines(Shown(store, focus="Google")) == []


def test_what_is_not_shown_is_quoted_without_its_statement() -> None:
    text = SHARED.evidence.text.replace("Google", "Google and advertisers")
    more = says(
        Action.SHARE, text=text, trigger="share", data=("name",),
        recipients=("Google", "advertisers"), start=100,
    )  # fmt: skip
    store = store_of(_snapshot(FIRST, SHARED), _snapshot(SECOND, more))
    whole = Shown(store)
    [[*_, [change]]] = whole.changes()
    assert change[0] == "changed"
    shown = Shown(store, focus="Advertiser")
    [[*_, [narrow]]] = shown.changes()
    assert narrow[:4] == change[:4]
    assert narrow[4] == [f"“{SHARED.evidence.text}”"]
    assert narrow[5] == change[5]
    assert len(shown.rows("statements")) == 1


ERASURE = Right(
    f"{PF}RightToErasure", "right to erasure", Mention("delete", 8, 14),
    Evidence("acme.md", "We will delete it on request.", 0, 29),
)  # fmt: skip


def test_rights_that_come_and_go_are_told() -> None:
    one, two = HISTORY
    store = store_of(one, replace(two, rights=(ERASURE,)), _snapshot(THIRD, SHARED))
    shown = Shown(store)
    told_rights = [[c for c in changes if "right" in c[3][0]] for *_, changes in shown.changes()]
    quote = f"“{ERASURE.evidence.text}”"
    name = shown.changes()[0][2][-1][2]
    assert name.startswith("Acme: ")
    assert told_rights == [
        [("added", False, name, ["right granted"], [], [quote])],
        [("removed", False, name, ["right no longer granted"], [quote], [])],
        [],
    ]
    focused = Shown(store, focus="Google")
    assert _headlines(focused) == ["Acme: share name to Google"] * 2


DENIAL = says(
    Action.SELL, denied=True, text="We do not sell your personal data.", trigger="sell",
    data=("personal data",), start=200,
)  # fmt: skip
SALE = says(
    Action.SHARE, text="We share your name with advertisers.", trigger="share",
    data=("name",), recipients=("advertisers",), start=300,
)  # fmt: skip


def _graded(shown: Shown) -> list[tuple[str, list[list[str]]]]:
    return [(grade, quotes) for grade, _, _, quotes, *_ in shown.findings()]


def test_what_is_at_odds_in_the_latest_snapshots_is_told() -> None:
    store = store_of(_snapshot(FIRST, DENIAL, SALE), _snapshot(SECOND, DENIAL))
    assert _graded(Shown(store)) == []
    [(grade, sides)] = _graded(Shown(store, snapshot="2019"))
    assert grade == Grade.TENSION.value
    assert [len(side) for side in sides] == [1, 1]
    assert not any(side[0].startswith("“") for side in sides)


def test_only_findings_of_what_is_shown_are_told() -> None:
    store = store_of(_snapshot(FIRST, EMAIL, DENIAL, SALE))
    [(_, [_, sale])] = _graded(Shown(store))
    assert _graded(Shown(store, focus="advertiser")) == [
        ("tension", [[f"“{DENIAL.evidence.text}”"], sale])
    ]
    assert _graded(Shown(store, focus="email address")) == []
    unsure = store_of(_snapshot(FIRST, DENIAL, replace(SALE, confidence=0.7)))
    assert len(_graded(Shown(unsure))) == 1
    assert _graded(Shown(unsure, least=0.8)) == []


# All texts


def test_the_same_graph_gives_the_same_changes_and_findings() -> None:
    one, two = (store_of(*some) for some in (HISTORY, HISTORY[::-1]))
    assert Shown(one).raw == Shown(two).raw


def _evil(text: str) -> Iterator[Reading]:
    """Two snapshots that differ, and go against themselves, with a text wherever one can stand."""
    for day, more in ((FIRST, ()), (SECOND, ("advertisers",))):
        said = [
            says(
                action,
                text=f"{text} {action} {text} {', '.join(more)}",
                data=(text, "name"),
                recipients=(*more, text),
                conditions=(text,) if more else (),
                headings=(text,),
                start=1000 * at,
            )
            for at, action in enumerate(Action)
        ]
        headings = (text, text)
        denial = replace(DENIAL, evidence=replace(DENIAL.evidence, headings=headings))
        sale = says(
            Action.SHARE, text=f"We share your name with advertisers, {text}", trigger="share",
            data=("name",), recipients=("advertisers", text), start=90_000, headings=headings,
        )  # fmt: skip
        yield reading(*said, denial, sale, publisher=text, name="evil", day=day, title=text)


def _check_rows(shown: Shown) -> None:
    """Numbers point at rows that there are, and texts can be shown."""
    sizes = {name: len(shown.raw[name]) for name in ("statements", "sentences", "policies")}
    for row in shown.rows("changes"):
        assert row["before"] or row["after"]
    quotes = [n for row in shown.rows("findings") for side in row["quotes"] for n in side]
    quotes += [n for row in shown.rows("changes") for n in (*row["before"], *row["after"])]
    assert all(-sizes["sentences"] <= n < sizes["statements"] for n in quotes)
    assert len(set(shown.raw["texts"])) == len(shown.raw["texts"])
    assert all(text.isprintable() for text in shown.raw["texts"])
    assert all(row["text"].isprintable() for row in shown.rows("sentences"))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=30).filter(str.strip))
def test_no_text_of_a_change_is_markup(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    store = store_of(*_evil(text))
    shown = Shown(store)
    _check_rows(shown)
    if text in HOSTILE:
        assert shown.rows("changes")
        page = render(store, title="T")
        data = page[page.index('id="data">') + 10 : page.index("</script>")]
        assert not set(data) & set("<>&\u2028\u2029\u202e\u2066\x00\x1b")


@pytest.mark.parametrize("text", HOSTILE)
def test_every_hostile_change_and_finding_can_be_shown(text: str) -> None:
    store = store_of(*_evil(text))
    shown = Shown(store)
    assert any(_plain(text) in change[2] for *_, changes in shown.changes() for change in changes)
    assert shown.findings()


def test_findings_of_claims_that_were_read_before_are_the_same() -> None:
    store = store_of(_snapshot(FIRST, DENIAL, SALE), _snapshot(SECOND, SALE, DENIAL, EMAIL))
    every = findings(store)
    assert len(every) == 2
    labels = concept_labels(store)
    for source in sources(store):
        read = {source.graph: claims_of(store, source, labels)}
        assert findings(store, claims=read) == tuple(
            one for one in every if one.source.graph == source.graph
        )
        assert findings(store, claims=read, least=0.95) == ()
    assert findings(store, claims={}) == ()
