"""Hostile documents, built: nothing that leaves the graph is obeyed by what reads it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rdflib import Dataset, Graph

from kg.changes import graph as change_graph
from kg.cli import main
from kg.pipeline import build
from kg.triples import literal

ox: Any = pytest.importorskip("pyoxigraph")
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: Names of a company and of data; the last end a literal, an IRI, a comment or a script.
NAMES = (
    "=cmd|' /C calc'!A0",
    "+1+cmd",
    "-2+3",
    "@SUM(1+1)",
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '" . <urn:escaped:s> <urn:escaped:p> <urn:escaped:o> .',
    "> <urn:escaped:p> <urn:escaped:o> . #",
    "\x1b]0;owned\x07\x1b[2J",
    "\u202egnp.exe\u2066",
    "[a](javascript:alert(1))",
    "| a | b |",
    "]]><!--",
    "{{x}} ${x} %s",
)


def policy(name: str, *, sells: str) -> str:
    return (
        f"# Privacy Policy\n\n{name} has created this privacy policy. \n\n"
        f"We collect your {name} and your email address. "
        f"We share your name with {name} and with advertisers.\n\n## {name}\n\n"
        f"We {sells} your email address to advertisers. You may {name} access your data.\n"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("inert")
    corpus = root / "corpus"
    corpus.mkdir()
    declared = []
    for number, name in enumerate(NAMES):
        for year, sells in ((2020, "do not sell"), (2021, "may sell")):
            path = corpus / f"p{number}-{year}.md"
            path.write_text(policy(name, sells=sells), "utf-8")
            said = json.dumps(f"Co {number} {name}" if number % 2 else name, ensure_ascii=True)
            declared.append(
                f'[policies."{path.name}"]\npublisher = {said}\ntitle = {said}\n'
                f"url = {json.dumps('https://x.example/' + name)}\ndate = {year}-05-01\n"
            )
    text = "\n".join(declared).replace("\x7f", "\\u007f")
    (corpus / "corpus.toml").write_text(text, "utf-8")
    build([corpus], root / "graph")
    return root / "graph"


def exported(folder: Path, form: str) -> bytes:
    path = folder.parent / f"out.{form}"
    assert main(["export", "-g", str(folder), "--format", form, "-o", str(path)]) == 0
    return path.read_bytes()


@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")
def test_quads_are_the_same_to_two_readers_and_none_was_added(folder: Path) -> None:
    text = exported(folder, "nquads").decode()
    quads = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    assert len(quads) == len(text.split("\n")) - 1
    terms = {str(t) for q in quads for t in (q.subject, q.predicate, q.graph_name)}
    assert not [term for term in terms if "urn:escaped" in term]
    said = {q.object.value for q in quads if isinstance(q.object, ox.Literal)}
    assert any("urn:escaped" in value for value in said)
    second = Dataset()
    second.parse(data=text, format="nquads")
    heard = list(second.quads())
    assert len(heard) == len(set(quads))
    assert {value for value in said if "cmd" in value or "urn:escaped" in value} <= {
        str(quad[2]) for quad in heard
    }


@pytest.mark.parametrize("form", ["ttl", "trig", "jsonld"])
def test_other_syntaxes_say_the_same(folder: Path, form: str) -> None:
    kinds = {"ttl": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG}
    data = exported(folder, form)
    meant = {
        (str(q.predicate), str(q.object))
        for q in ox.parse(exported(folder, "nquads"), format=ox.RdfFormat.N_QUADS)
        if not isinstance(q.object, ox.BlankNode)
    }
    if form == "jsonld":
        found = list(ox.parse(data, format=ox.RdfFormat.JSON_LD))
        terms = {str(t) for q in found for t in (q.subject, q.predicate, q.graph_name)}
        assert not [term for term in terms if "urn:escaped" in term]
        assert {(str(q.predicate), str(q.object)) for q in found} >= meant
        return
    found = {
        (str(q.predicate), str(q.object))
        for q in ox.parse(data, format=kinds[form])
        if not isinstance(q.object, ox.BlankNode)
    }
    assert found == meant
    if form == "ttl":
        assert len(Graph().parse(data=data, format="turtle")) > 100


def test_graphml_is_xml(folder: Path) -> None:
    root = ElementTree.fromstring(exported(folder, "graphml"))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "graphml", "key", "default", "graph", "node", "edge", "data", "desc",
    }  # fmt: skip


@pytest.mark.parametrize("question", ["flows", "sells", "recipients"])
def test_no_spreadsheet_runs_a_cell(folder: Path, kg: Callable[..., Any], question: str) -> None:
    text = (
        exported(folder, "flows").decode()
        if question == "flows"
        else kg("query", question, "-g", folder, "--format", "csv").out
    )
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) > 10
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any("cmd" in cell for cell in cells)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts = 0
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        for name, value in attrs:
            said = (value or "").strip().lower()
            if name.startswith("on") or said.startswith(("javascript:", "data:text")):
                self.wrong.append(f"{tag} {name}={value}")
        if tag in {"img", "iframe", "object", "embed", "base", "form"}:
            self.wrong.append(tag)


PAGES = [
    ("diff", "<script>alert(1)</script>", "2020-05-01", "2021-05-01"),
    ("compare", "=cmd|' /C calc'!A0", "<script>alert(1)</script>"),
    ("contradictions",),
    ("hubs",),
    ("vagueness",),
]


@pytest.mark.parametrize("command", PAGES, ids=[page[0] for page in PAGES])
@pytest.mark.parametrize("form", ["html", "md", "table"])
def test_reports_obey_nothing(
    folder: Path, kg: Callable[..., Any], command: tuple[str, ...], form: str
) -> None:
    name, *rest = command
    done = kg(name, *rest, "-g", folder, "--format", form)
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    assert not OBEYED.search(done.out)
    if form == "html":
        seen = _Tags()
        seen.feed(done.out)
        assert not seen.wrong
        assert not seen.scripts
    if form == "md":
        assert "<script" not in done.out
        assert "<img" not in done.out
        assert not re.search(r"(?<!\\)\]\(javascript:", done.out)


def test_the_view_has_its_own_scripts_and_no_others(folder: Path, tmp_path: Path) -> None:
    assert main(["view", "-g", str(folder), "-o", str(tmp_path / "a.html")]) == 0
    text = (tmp_path / "a.html").read_text("utf-8")
    seen = _Tags()
    seen.feed(text)
    assert not [one for one in seen.wrong if not one.startswith("form")]
    assert "alert(1)</script>" not in text
    assert "<img src=x" not in text
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text)


@pytest.mark.parametrize(
    "command",
    [("query", "sells"), ("query", "recipients"), ("stats",), ("queries",),
     ("explain", "email address"), ("history", NAMES[4]), ("trace", "email address")],
    ids=" ".join,
)  # fmt: skip
def test_a_terminal_obeys_nothing(
    folder: Path, kg: Callable[..., Any], command: tuple[str, ...]
) -> None:
    done = kg(*command, *(() if command == ("queries",) else ("-g", folder)))
    assert not OBEYED.search(done.out + done.err)
    assert "Traceback" not in done.err


ODD = st.one_of(
    st.sampled_from([*NAMES, "", " ", "-", "--", "..", "/", "\udcff", "0" * 400, "a" * 5000, "pf:",
                     "urn:", "2020-02-30", "x,y"]),
    st.text(st.characters(codec=None, categories=None, exclude_characters="\0"), max_size=30),  # type: ignore[arg-type]
)  # fmt: skip
TYPED: list[Callable[[str], list[str]]] = [
    lambda x: ["query", "recipients", "--company", x],
    lambda x: ["query", "sells", f"--company={x}"],
    lambda x: ["query", x],
    lambda x: ["query", f"--sparql={x}"],
    lambda x: ["query", "recipients", f"--columns={x}"],
    lambda x: ["query", "recipients", f"--min-confidence={x}"],
    lambda x: ["explain", x],
    lambda x: ["diff", x],
    lambda x: ["diff", x, x],
    lambda x: ["compare", x, NAMES[4]],
    lambda x: ["history", x],
    lambda x: ["trace", x],
    lambda x: ["view", "-o", "/dev/null", f"--focus={x}"],
    lambda x: ["view", "-o", "/dev/null", f"--snapshot={x}"],
    lambda x: ["view", "-o", "/dev/null", f"--company={x}"],
    lambda x: ["stats", f"--min-confidence={x}"],
]


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sampled_from(range(len(TYPED))), ODD)
@example(0, "\udcff")
def test_any_value_may_be_typed(
    folder: Path, capfd: pytest.CaptureFixture[str], which: int, value: str
) -> None:
    command = TYPED[which](value)
    code = main([*command, "-g", str(folder)])
    _, err = capfd.readouterr()
    assert code in {0, 1, 2, 3}, (command, err)
    assert "Traceback" not in err, command
    assert "mistake of kg" not in err, command
    assert not OBEYED.search(err), command
    assert code == 0 or err, command


@settings(max_examples=40, deadline=None, derandomize=True)
@given(ODD)
def test_any_graph_may_be_named(value: str) -> None:
    assert main(["stats", "-g", f"/nowhere/{value}"]) in {1, 2}


def test_the_writer_of_changes_uses_the_escapes_of_all_others() -> None:
    assert change_graph.literal is literal
