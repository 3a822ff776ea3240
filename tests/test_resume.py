"""Builds that something happens to: kills, documents that take too much, changes while it runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_pipeline import dump, make, policy, reasons

from bench.kill import Killer, _children, _lives, table
from kg import manifest, pool, resources
from kg.errors import InputError, StoreError, UsageError
from kg.generation import difference
from kg.journal import Journal
from kg.manifest import Entry, Manifest, Status
from kg.pipeline import build
from kg.pool import Limits

#: A worker without models that does what a document's name says.
WORKER = """
import errno, os, signal, sys, time
from pathlib import Path
from bench import light
real = light.process
def read(task):
    return task.path.read_text("utf-8", "replace") if hasattr(task, "path") else ""
def process(task, reader):
    if "dies" in task.name:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "stumbles" in task.name and not os.path.exists(task.path.with_suffix(".once")):
        task.path.with_suffix(".once").touch()
        os._exit(9)
    if "grows" in task.name:
        grown = bytearray(400_000_000)
        for at in range(0, len(grown), 4096):
            grown[at] = 1
        time.sleep(60)
    if "full" in read(task):
        def full(*_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        Path.replace = full
    if "sleeps" in task.name or "sleeps" in read(task):
        time.sleep(60)
    return real(task, reader)
light.worker.process = process
light.worker.Reader = light.LightReader
light.worker.warm_up = lambda base: None
light.worker.main()
"""
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def awkward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that do what a document's name says."""
    (tmp_path / "awkward_worker.py").write_text(WORKER)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(ROOT)
    monkeypatch.setattr(pool, "WORKER", "awkward_worker")


def test_builds_that_are_killed_end_as_if_nothing_had_been(tmp_path: Path) -> None:
    killer = Killer(tmp_path, seed=3, size=8, jobs=1, is_whole=False)
    tally = killer.run(9, deadline=time.monotonic() + 15)  # fewer on a machine that is busy
    assert tally.is_good, table(tally)
    assert tally.kills.total() >= 1


@pytest.mark.usefixtures("awkward")
def test_a_document_that_kills_its_worker_is_tried_twice_and_then_left(tmp_path: Path) -> None:
    names = ("a", "b-dies", "c-stumbles", "d-grows", "e")
    corpus = make(tmp_path / "c", **{name: policy(f"Works {name[0].upper()}") for name in names})
    limits = Limits(memory=250)
    report = build([corpus], tmp_path / "out", jobs=1, limits=limits)
    assert {entry.name: entry.status for entry in report.entries} == {
        "a.md": Status.BUILT,
        "b-dies.md": Status.FAILED,
        "c-stumbles.md": Status.BUILT,
        "d-grows.md": Status.FAILED,
        "e.md": Status.BUILT,
    }
    assert "died twice (status -11)" in reasons(report)["b-dies.md"]
    assert "needs more than 250 MB of memory; raise --limit-memory" in reasons(report)["d-grows.md"]
    # What was set aside is not tried again, until it or its limits change.
    report = build([corpus], tmp_path / "out", jobs=1, limits=limits)
    assert (report.read, report.is_changed) == (0, False)
    assert len(report.of(Status.FAILED)) == 2
    (corpus / "b-dies.md").write_text(policy("Works Z"))
    assert build([corpus], tmp_path / "out", jobs=1, limits=limits).read == 1


@pytest.mark.usefixtures("awkward")
@pytest.mark.parametrize("failure", ["garbage", "time"])
def test_what_fails_to_be_read_again_keeps_its_snapshot(tmp_path: Path, failure: str) -> None:
    names = ("a-old", "b", "c")
    corpus = make(tmp_path / "c", **{name: policy(f"Works {name[0].upper()}") for name in names})
    out, path, limits = tmp_path / "out", corpus / "a-old.md", Limits(seconds=2)
    build([corpus], out, jobs=1, limits=limits)
    before = dump(out)
    if failure == "garbage":
        path.write_bytes(bytes(range(256)) * 9)
    else:
        path.write_text(policy("Works A", more="sleeps"))
    for _ in range(2):
        report = build([corpus], out, jobs=1, limits=limits)
        [failed] = report.of(Status.FAILED)
        assert failed.name == "a-old.md"
        assert "; its snapshot of 2021-05-04 stays" in (failed.reason or "")
        assert (report.is_changed, report.counts()["policies"]) == (False, 3)
        assert dump(out) == before
    # A store that is written anew has it too, and other policies come and go beside it.
    build([corpus], out, jobs=1, limits=limits, force=True)
    assert dump(out) == before
    (corpus / "b.md").unlink()
    make(corpus, d=policy("Works D"))
    report = build([corpus], out, jobs=1, limits=limits)
    assert (report.new, report.removed, report.counts()["policies"]) == (1, 1, 3)
    # A file that is gone is gone.
    path.unlink()
    assert build([corpus], out, jobs=1, limits=limits).removed == 1


@pytest.mark.usefixtures("awkward")
def test_a_worker_that_is_killed_while_it_loads_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "mark"
    (tmp_path / "stillborn.py").write_text(
        "import os, pathlib, signal\n"
        f"mark = pathlib.Path({str(mark)!r})\n"
        "if not mark.exists():\n    mark.touch()\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "import awkward_worker\n"
    )
    monkeypatch.setattr(pool, "WORKER", "stillborn")
    corpus = make(tmp_path / "c", a=policy("Brontide Works"))
    assert build([corpus], tmp_path / "out", jobs=1).counts()["policies"] == 1
    assert mark.exists()


@pytest.mark.usefixtures("awkward")
def test_damage_that_is_seen_while_others_are_loaded_is_read_again(tmp_path: Path) -> None:
    names = ("a", "b", "c", "d")
    corpus = make(tmp_path / "c", **{name: policy(f"Works {name}") for name in names})
    out = tmp_path / "out"
    keys = [entry.key for entry in build([corpus], out, jobs=1).entries]
    before = dump(out)
    shutil.rmtree(next(out.glob("store-*")))
    for key in keys[:2]:
        manifest.text_path(out, key).unlink()
    path = manifest.shard_path(out, keys[2])
    path.write_bytes(path.read_bytes().swapcase())
    report = build([corpus], out, jobs=1)
    assert (report.read, report.is_changed) == (1, True)  # two were read before that was seen
    assert dump(out) == before


@pytest.mark.usefixtures("awkward")
def test_a_limit_below_what_a_process_takes_is_no_limit(tmp_path: Path) -> None:
    corpus = make(tmp_path / "c", a=policy("Brontide Works"))
    with pytest.raises(UsageError, match=r"--limit-memory 20: a process .*; give \d+00 or more"):
        build([corpus], tmp_path / "out", jobs=1, limits=Limits(memory=20))


@pytest.mark.usefixtures("awkward")
def test_a_full_disk_ends_the_build(tmp_path: Path) -> None:
    names = ("a", "b", "c")
    texts = {name: policy(f"Works {name}", more=f"It is full {name}.") for name in names}
    corpus = make(tmp_path / "c", **texts)
    with pytest.raises(StoreError, match=r"No space left on device; make room, then the same"):
        build([corpus], tmp_path / "out", jobs=1)
    assert not list((tmp_path / "out").rglob("*.new"))


def test_a_journal_that_cannot_be_written_is_told_as_such(tmp_path: Path) -> None:
    told = pytest.raises(StoreError, match=r"journal.sqlite cannot be used .*make room")
    with told, Journal(tmp_path) as journal:
        journal._file.execute("PRAGMA max_page_count = 1")
        journal.record(Entry("a.md", Status.SKIPPED, "k1", "a.md: empty" * 9999))


@pytest.mark.usefixtures("awkward")
def test_what_is_not_for_us_takes_its_snapshot_along(tmp_path: Path) -> None:
    corpus = make(tmp_path / "c", a=policy("Brontide Works"), b=policy("Calque Works"))
    build([corpus], tmp_path / "out", jobs=1)
    (corpus / "a.md").write_text("")
    report = build([corpus], tmp_path / "out", jobs=1)
    assert (report.removed, len(report.of(Status.SKIPPED))) == (1, 1)
    (corpus / "b.md").write_bytes(bytes(range(256)) * 9)
    report = build([corpus], tmp_path / "out", jobs=1, base="https://data.example/")
    assert (report.removed, len(report.of(Status.FAILED))) == (1, 1)  # read in another way


@pytest.mark.usefixtures("awkward")
def test_no_worker_outlives_a_killed_build_not_even_in_the_middle_of_a_document(
    tmp_path: Path,
) -> None:
    make(tmp_path / "c", **{"a-sleeps": policy("Brontide Works"), "b-sleeps": policy("Calque")})
    code = (
        "import sys; from kg import pool; pool.WORKER = 'awkward_worker'; "
        "from kg.cli import main; main(sys.argv[1:])"
    )
    command = ["build", str(tmp_path / "c"), "-o", str(tmp_path / "out"), "--jobs", "2"]
    places = os.pathsep.join([str(tmp_path), str(ROOT)])
    process = subprocess.Popen(
        [sys.executable, "-c", code, *command],
        env={**os.environ, "PYTHONPATH": places},
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while len(workers := _children(process.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    process.kill()
    process.wait()
    while any(map(_lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(workers) == 2
    assert not any(map(_lives, workers))


@pytest.mark.usefixtures("awkward")
def test_a_mistyped_input_among_good_ones_removes_nothing(tmp_path: Path) -> None:
    one = make(tmp_path / "one", a=policy("Brontide Works"))
    two = make(tmp_path / "two", b=policy("Calque Works"), c=policy("Dormer Works"))
    build([one, two], tmp_path / "out", jobs=1)
    before = dump(tmp_path / "out")
    (one / "d.md").write_text(policy("Ember Works"))
    report = build([one, tmp_path / "tow"], tmp_path / "out", jobs=1)
    assert (report.new, report.removed, report.kept) == (1, 0, 2)
    assert "there is no such file" in reasons(report)[str(tmp_path / "tow")]
    (one / "d.md").unlink()
    assert build([one, two], tmp_path / "out", jobs=1).removed == 1
    assert dump(tmp_path / "out") == before
    # What would have to be read again cannot be kept.
    with pytest.raises(InputError, match=r"2 policies .* \(base\): check the names"):
        build([one, tmp_path / "tow"], tmp_path / "out", base="https://data.example/")
    assert dump(tmp_path / "out") == before
    assert build([one], tmp_path / "out", jobs=1).removed == 2


def test_another_ontology_grounds_anew_without_parsing_or_tagging(
    own: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = shutil.copytree(resources.ONTOLOGY, tmp_path / "ontology")
    path = edited / "privflow.ttl"
    path.write_text(path.read_text("utf-8") + "\n# edited\n", "utf-8")
    (tmp_path / "edited_worker.py").write_text(
        "from pathlib import Path\nfrom kg import resources\n"
        f"resources.ONTOLOGY = Path({str(edited)!r})\n"
        "from kg import worker\nworker.main()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(pool, "WORKER", "edited_worker")
    monkeypatch.setattr(resources, "ONTOLOGY", edited)
    report = build([corpus], own)
    assert (report.read, report.looks, report.because) == (9, 0, ("ontology",))
    assert report.known > 100


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """``kg build --watch`` of a folder, with light workers."""
    corpus = make(tmp_path / "c", a=policy("Brontide Works"))
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from kg import pool; pool.WORKER = 'bench.light'; "
        "from kg.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    command = ["build", "--watch", str(corpus), "-o", str(corpus / "kg-data"), "--jobs", "1"]
    with subprocess.Popen(
        [sys.executable, "-c", code, *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield process, corpus
        process.kill()


def until(process: subprocess.Popen[str], word: str) -> str:
    """Reads lines up to one with a word."""
    assert process.stdout
    for line in process.stdout:
        if word in line:
            return line
    raise AssertionError(f"no line with {word}")


def test_watching_builds_again_after_each_change_until_ctrl_c(
    watching: tuple[subprocess.Popen[str], Path],
) -> None:
    process, corpus = watching
    until(process, "Watching for changes")
    (corpus / "b.md").write_text(policy("Calque Works"))
    assert "1 new; 2 policies" in until(process, "policies")
    until(process, "Watching")
    (corpus / "b.md").write_text(policy("Calque Works", more="Changed."))
    assert "1 new, 1 removed; 2 policies" in until(process, "policies")
    until(process, "Watching")
    (corpus / "corpus.toml").write_text("no TOML at all")
    until(process, "error:")
    until(process, "Watching")
    (corpus / "corpus.toml").unlink()
    until(process, "Watching")
    (corpus / "a.md").unlink()
    assert "1 removed; 1 policy" in until(process, "removed")
    until(process, "Watching")
    (corpus / "bad.md").write_bytes(bytes(range(256)) * 9)
    assert "1 failed" in until(process, "failed")
    assert "failed: bad.md: " in until(process, "bad.md")
    until(process, "Watching")
    (corpus / "e.md").write_text("")
    lines = [until(process, "")]
    while "Watching" not in lines[-1]:
        lines.append(until(process, ""))
    assert "skipped: e.md: " in "".join(lines)
    assert "bad.md" not in "".join(lines)  # its reason was told
    process.send_signal(signal.SIGINT)
    assert "interrupted; the graph is whole" in until(process, "interrupted")
    assert process.wait(10) == 130


def test_a_journal_keeps_what_it_is_told_and_nothing_without_a_key(tmp_path: Path) -> None:
    good = Entry("a.md", Status.SKIPPED, "k1", "a.md: empty")
    with Journal(tmp_path) as journal:
        assert journal.is_new
        journal.record(good)
        journal.record(Entry("b.md", Status.FAILED, "", "b.md: try again"))
    with Journal(tmp_path) as journal:
        assert not journal.is_new
        assert journal.entry("k1") == good
        assert journal.entry("") is None
        journal.keep(["k2"])
        assert journal.entry("k1") is None


def test_a_file_is_hashed_again_when_it_may_have_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one")
    with Journal(tmp_path) as journal:
        # Written a moment ago: it could be written again within the clock's tick.
        journal.note_hashes([(path, path.stat(), "h1")])
        assert journal.hash_of(path, path.stat()) is None
        time.sleep(3.1)
        journal.note_hashes([(path, path.stat(), "h1")])
        assert journal.hash_of(path, path.stat()) == "h1"
        before = path.stat()
        path.write_text("two")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as if it were the same
        assert journal.hash_of(path, path.stat()) is None


@pytest.mark.usefixtures("awkward")
def test_a_build_killed_when_the_graph_was_in_place_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    corpus = make(tmp_path / "c", a=policy("Brontide Works"))
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("kg.pipeline._write_report", killed)
        build([corpus], tmp_path / "out", jobs=1)
    stray = tmp_path / "out" / "quads" / "00" / "00aa.nq"
    stray.parent.mkdir(exist_ok=True)
    stray.touch()
    report = build([corpus], tmp_path / "out", jobs=1)
    assert (report.read, report.is_changed) == (0, False)
    assert (tmp_path / "out" / "report.json").exists()
    assert not stray.exists()


def test_no_difference_between_a_manifest_and_itself() -> None:
    assert not difference(Manifest(), Manifest())
