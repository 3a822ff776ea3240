"""Contradictions of policies with themselves: the checks, what reconciles, and the command."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Done
from hypothesis import given
from hypothesis import strategies as st

from kg import resources
from kg.checks import Finding, Grade, Side, checks, findings, grade, parse
from kg.claims import Claim, Source
from kg.concepts import Concepts
from kg.errors import QueryError
from kg.iris import PF
from kg.model import Action, Evidence, Mention, Modality, Polarity, Statement
from kg.pipeline import build
from kg.store import open_store

CASES = Path(__file__).parent / "cases" / "contradictions"
KNOWN: list[dict[str, Any]] = [
    case
    for path in sorted(CASES.glob("*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]


def name_of(number: int) -> str:
    return f"Quillby{chr(65 + number // 26)}{chr(97 + number % 26)}"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All cases as policies of one graph, each of a company of its own."""
    folder = tmp_path_factory.mktemp("twins")
    for number, case in enumerate(KNOWN):
        name = name_of(number)
        policy = folder / "policies" / name / "Privacy Policy.md"
        policy.parent.mkdir(parents=True)
        policy.write_text(f"# Privacy Policy\n\n## Data\n\n{case['text']}\n", encoding="utf-8")
    build([folder / "policies"], folder / "graph")
    return folder / "graph"


@pytest.fixture(scope="module")
def found(graph: Path) -> dict[str, list[Finding]]:
    """Document -> what is found in it, the apparent too."""
    by: dict[str, list[Finding]] = {}
    with open_store(graph) as store:
        for check in checks():  # one by one: of the same pair only one check is told
            for finding in findings(store, checks=[check], apparent=True):
                by.setdefault(finding.source.documents[0].split("/")[0], []).append(finding)
    return by


def test_every_check_fires_once_and_has_a_reconciled_twin() -> None:
    fires = Counter(case["check"] for case in KNOWN if case["grade"] != "apparent")
    twins = Counter(case["check"] for case in KNOWN if case["grade"] == "apparent")
    names = {path.stem for path in resources.CHECKS.glob("*.rq")}
    assert len(names) >= 40
    assert set(fires) == set(twins) == names


@pytest.mark.parametrize("number", range(len(KNOWN)))
def test_cases(number: int, found: dict[str, list[Finding]]) -> None:
    case = KNOWN[number]
    here = found.get(name_of(number), [])
    grades = {finding.grade for finding in here if finding.check == case["check"]}
    if case["grade"] == "apparent":
        assert grades <= {Grade.APPARENT}, case["why"]
    else:
        assert Grade(case["grade"]) in grades, case["why"]


CHECKS = {check.name: check for check in checks()}
HEALTH, PRESSURE = f"{PF}HealthData", "https://example.org/concept/pressure"
KNOWN_CONCEPTS = Concepts(
    {}, {PRESSURE: (HEALTH,), HEALTH: (f"{PF}PersonalData",)}, frozenset(), frozenset()
)
POLICY = Source("urn:g", "urn:p", "urn:acme", "Quillby", ("p.md",), "", None, (), 1, 1, 2)


def side(
    text: str, data: str, iri: str, *, denied: bool, start: int, actor: str = "urn:acme"
) -> Side:
    """A sentence with one claim about some data in it."""

    def mention(words: str, concept: str | None = None) -> Mention:
        at = start + text.index(words)
        return Mention(words, at, at + len(words), concept, words)

    said = Statement(
        action=Action.COLLECT,
        polarity=Polarity.NEGATED if denied else Polarity.AFFIRMED,
        modality=Modality.ASSERTED,
        trigger=mention("collect"),
        evidence=Evidence("p.md", text, start, start + len(text)),
        negation=mention("not") if denied else None,
        data=(mention(data, iri),),
    )
    claim = Claim(f"urn:{start}", said, POLICY, actor, "Quillby")
    return Side(text, start, start + len(text), claim=claim, iri=claim.iri)


def graded(
    promise: str, *, data: str = "health data", iri: str = HEALTH, actor: str = "urn:acme"
) -> Grade:
    """The grade of a promise beside the collection of blood pressure, without any store."""
    first = side(promise, data, iri, denied=True, start=0)
    second = side(
        "We collect blood pressure.",
        "blood pressure",
        PRESSURE,
        denied=False,
        start=900,
        actor=actor,
    )
    return grade(CHECKS["collected"], first, second, KNOWN_CONCEPTS).grade


def test_one_pair_is_graded_without_a_store() -> None:
    assert graded("We do not collect health data.") is Grade.CONTRADICTION
    assert graded("We generally do not collect health data.") is Grade.TENSION
    assert graded("We do not collect health data from children.") is Grade.APPARENT
    assert graded("We do not collect names.", data="names", iri=f"{PF}PersonName") is Grade.APPARENT
    assert graded("We do not collect health data.", actor="urn:other") is Grade.APPARENT


@given(
    st.sampled_from(
        ["unless you agree", "without your consent", "except in our shop", "other than in our shop",
         "if you object", "as described below", "for any other purpose"]
    )
)  # fmt: skip
def test_what_is_added_to_a_promise_reconciles(words: str) -> None:
    assert graded(f"We do not collect health data {words}.") is Grade.APPARENT


@given(st.text(max_size=80))
def test_no_text_is_too_odd(words: str) -> None:
    assert graded(f"We do not collect health data {words}") in set(Grade)
    for check in CHECKS.values():
        check.fits("first", words)
        check.fits("second", words)


QUERY = """
SELECT ?snapshot ?first ?second WHERE {
  GRAPH ?snapshot { ?first pf:says pf:doesNotDelete . ?second pf:says pf:deletes }
}
"""
MATTER = """#+ question: Does a policy say that it does not delete data, and delete it?
#+ grade: tension
#+ why: It says that it does not delete data, yet it deletes {data}.
#+ reconciled-by: exception
"""


@pytest.mark.parametrize(
    ("matter", "line", "told"),
    [
        (MATTER + "#+ colour: red\n", 5, "unknown key 'colour'"),
        (MATTER + "#+ grade: tension\n", 5, "'grade' is there twice"),
        (MATTER + "#+ scope: data, weather\n", 5, "unknown role 'weather'"),
        (MATTER + "#+ first: (unclosed\n", 5, "no regular expression"),
        (MATTER + "#+ confidence: high\n", 5, "confidence is a number from 0 to 1"),
        (MATTER + "#+ most: 0\n", 5, "most is a number from 1"),
        (MATTER + "#+ scope\n", 5, "expected '#+ key: value'"),
        (MATTER.replace("tension", "apparent"), 2, "contradiction or tension"),
        (MATTER.replace("{data}", "{weather}"), 3, "why may hold"),
        (MATTER.replace("{data}", "{data.__class__}"), 3, "why may hold"),
        (MATTER.replace("exception", "goodwill"), 4, "unknown reconciler 'goodwill'"),
        (MATTER.replace("#+ grade: tension\n", ""), 1, "lacks 'grade'"),
    ],
)
def test_malformed_front_matter_names_file_and_line(matter: str, line: int, told: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(matter + QUERY, Path("own/wrong.rq"))
    assert str(caught.value).startswith(f"own/wrong.rq:{line}: ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "INSERT is refused"),
        ("SELECT ?snapshot { SERVICE <http://example.org/> { ?a ?b ?c } }", "SERVICE is refused"),
        ("ASK { ?snapshot ?first ?second }", "a SELECT of ?snapshot"),
        ("SELECT ?first { ?first a pf:Denial }", "a SELECT of ?snapshot"),
        ("SELECT ?snapshot ?second { ?snapshot ?a ?second }", "selects no ?first"),
    ],
)
def test_queries_that_are_no_checks(query: str, told: str) -> None:
    with pytest.raises(QueryError, match=re.escape("own/wrong.rq")) as caught:
        parse(MATTER + query, Path("own/wrong.rq"))
    assert told in str(caught.value)


def test_words_are_a_quicker_look_at_the_same() -> None:
    for check in checks():
        for case in KNOWN:
            for sentence in case["text"].split("\n\n"):
                for side in ("first", "second"):
                    if check.fits(side, sentence):
                        assert check.fits(side, sentence, sentence.lower())


def test_own_check_replaces_and_adds(kg: Callable[..., Done], graph: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "pressure.rq").write_text(
        "#+ question: Is blood measured?\n#+ grade: tension\n#+ why: It measures {data}.\n"
        "#+ reconciled-by: exception\n"
        "SELECT ?snapshot ?first ?second WHERE { GRAPH ?snapshot {\n"
        "  ?first pf:says pf:doesNotCollect . ?second pf:says pf:collects } }\n",
        encoding="utf-8",
    )
    done = kg(
        "contradictions", "-g", graph, "--checks", own, "--check", "pressure", "--format", "json"
    )
    assert done.code == 0
    assert "It measures fingerprint." in {one["why"] for one in json.loads(done.out)}


def test_errors_of_own_checks(kg: Callable[..., Done], graph: Path, tmp_path: Path) -> None:
    done = kg("contradictions", "-g", graph, "--checks", tmp_path)
    assert done.code == 3
    assert "holds no checks" in done.err
    (tmp_path / "broken.rq").write_text(MATTER + "SELECT ?snapshot ?first { ?first }", "utf-8")
    done = kg("contradictions", "-g", graph, "--checks", tmp_path)
    assert done.code == 1
    assert "broken" in done.err
    done = kg("contradictions", "-g", graph, "--check", "solt")
    assert done.code == 1
    assert "did you mean" in done.err and "sold" in done.err


def test_formats_of_the_sample(kg: Callable[..., Done], built: Path, tmp_path: Path) -> None:
    done = kg("contradictions", "-g", built, "--format", "json", "--company", "Warblebox")
    told = json.loads(done.out)
    assert done.code == 0
    assert {one["grade"] for one in told} <= {"contradiction", "tension"}
    assert all(one["company"] == "Warblebox" and one["why"] and one["first"] for one in told)
    rows = list(
        csv.DictReader(io.StringIO(kg("contradictions", "-g", built, "--format", "csv").out))
    )
    assert {row["check"] for row in rows if row["company"] == "Warblebox"} == {
        one["check"] for one in told
    }
    every = kg("contradictions", "-g", built, "--all", "--format", "json")
    assert len(json.loads(every.out)) > len(rows)
    page = tmp_path / "page.html"
    assert kg("contradictions", "-g", built, "--format", "html", "-o", page).code == 0
    assert "Where policies go against themselves" in page.read_text("utf-8")
    done = kg("contradictions", "-g", built, "--check", "children")
    assert "found anything" in done.err


def test_offsets_are_those_of_the_text(built: Path) -> None:
    from kg.manifest import text_of  # noqa: PLC0415

    with open_store(built) as store:
        for finding in findings(store, apparent=True):
            text = text_of(built, finding.source.graph) or ""
            for side in filter(None, (finding.first, finding.second)):
                assert text[side.start : side.end] == side.text


def test_the_same_twice_and_by_company(built: Path) -> None:
    with open_store(built) as store:
        every = findings(store)
        assert every == findings(store)
        companies = {finding.company for finding in every}
        assert every == tuple(
            one
            for name in sorted(companies, key=str.casefold)
            for one in findings(store, company=name)
        )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of a policy that tries to break out of every format."""
    folder = tmp_path_factory.mktemp("hostile")
    policy = folder / "policies" / "Hagstrom" / "Privacy Policy.md"
    policy.parent.mkdir(parents=True)
    words = "*[x](javascript:alert)* &lt;script&gt;alert(1)&lt;/script&gt; `| a | b`"
    policy.write_text(
        f"# Privacy Policy\n\n## =cmd {words}\n\nWe do not store your credit card number.\n\n"
        f"We store your credit card number for {words}.\n",
        encoding="utf-8",
    )
    build([folder / "policies"], folder / "graph")
    return folder / "graph"


@pytest.mark.parametrize("form", ["table", "md", "json", "csv", "html"])
def test_hostile_words(kg: Callable[..., Done], hostile: Path, form: str) -> None:
    done = kg("contradictions", "-g", hostile, "--all", "--format", form)
    assert done.code == 0
    assert "\x1b" not in done.out
    if form in {"html", "md"}:
        assert "<script" not in done.out
    if form == "json":
        json.loads(done.out)
    if form == "csv":
        assert not any(
            cell.startswith(("=", "+", "-", "@"))
            for row in csv.reader(io.StringIO(done.out))
            for cell in row
        )
