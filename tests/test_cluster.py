"""Builds on Dask clusters: real schedulers and workers, on hosts that have nothing in common."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Done
from distributed import LocalCluster
from hosts import DASK, Host, Network, network, wait_for
from hypothesis import given
from hypothesis import strategies as st
from test_history import Repository, text
from test_pipeline import dump, make, policy, reasons

from kg import manifest
from kg.cluster import Cluster, coordinator
from kg.cluster.deal import Attempt, Deal
from kg.cluster.wire import Damaged, packed, unpacked
from kg.documents import Blobs, Revision, Wanted, read_revision, versions
from kg.errors import InputError, KgError, MissingPart, Skipped, UsageError
from kg.iris import BASE
from kg.journal import Journal
from kg.manifest import Entry, Status
from kg.pipeline import build
from kg.plan import find_sources, plan
from kg.pool import LIMITS, Limits, Setup, Task
from kg.settings import models

ROOT = Path(__file__).resolve().parents[1]

#: Readers that some documents harm; "once" only harms the first that gets it.
AWKWARD = """
import os, signal, time
from pathlib import Path
import kg.worker as worker
real = worker.process
mark = Path(__file__).parent / "mark"
def process(task, setup):
    if "dies" in task.name or ("once" in task.name and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if "sleeps" in task.name:
        time.sleep(60)
    return real(task, setup)
worker.process = process
if __name__ == "__main__":
    worker.main()
"""
#: What a Dask worker loads before it begins; of a "garbled" document, the first answer is harmed.
PRELOAD = """
import os, signal
from dataclasses import replace
from pathlib import Path
import kg.pool
from kg.cluster import host
kg.pool.WORKER = "awkward"
host.real = getattr(host, "real", host._answer)  # this is loaded twice
mark = Path("PLACE") / "garbled"
def answer(needed, payload, worker):
    if b"raises" in payload:
        raise RecursionError("of a worker")
    if b"assassin" in payload:
        os.kill(os.getpid(), signal.SIGKILL)
    found = host.real(needed, payload, worker)
    if found.entry and "garbled" in found.entry.name and not mark.exists():
        mark.touch()
        parts = {n: replace(p, data=p.data[:-9] + bytes(9)) for n, p in found.parts.items()}
        return replace(found, parts=parts)
    return found
host._answer = answer
"""


@dataclass
class Hosts:
    """A cluster: a host with a scheduler, and hosts with a worker each."""

    network: Network
    place: Path
    scheduler: Host
    port: int

    @property
    def address(self) -> str:
        return f"tcp://{self.scheduler.address}:{self.port}"

    def add(self, code: Path = ROOT, *, wait: bool = True) -> Host:
        """A further host, with a worker that has joined."""
        host = self.network.host()
        host.start(
            [
                *(*DASK, "worker", self.address, "--host", host.address, "--nthreads", "1"),
                *("--no-dashboard", "--local-directory", str(host.folder)),
                *("--preload", str(self.place / "preload.py")),
            ],
            hidden=[ROOT / "corpus", self.place / "mine"],
            PYTHONPATH=os.pathsep.join([str(code), str(self.place)]),
        )
        if wait:
            wait_for(host, "Registered to")
        return host


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all hosts see; under "mine" lies what they do not."""
    place = tmp_path_factory.mktemp("cluster")
    (place / "mine").mkdir()
    (place / "awkward.py").write_text(AWKWARD)
    (place / "preload.py").write_text(PRELOAD.replace("PLACE", str(place)))
    return place


@pytest.fixture(scope="module")
def hosts(place: Path) -> Iterator[Hosts]:
    """A scheduler and two hosts."""
    with network(place) as found:
        cluster = started(found, place)
        for host in [cluster.add(wait=False), cluster.add(wait=False)]:
            wait_for(host, "Registered to")
        yield cluster


def started(found: Network, place: Path) -> Hosts:
    """A host with a scheduler."""
    host, port = found.host(), free_port()
    host.start(
        [*DASK, "scheduler", "--host", host.address, "--port", str(port), "--no-dashboard"],
        PYTHONPATH=str(ROOT),
        DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1",
    )
    wait_for(host, "Scheduler at")
    return Hosts(found, place, host, port)


def mine(place: Path, name: str) -> Path:
    """A folder that the hosts do not see."""
    folder = place / "mine" / name
    folder.mkdir(parents=True)
    return folder


def readers(hosts: Hosts, folder: Path, limits: Limits = LIMITS) -> Cluster:
    setup = Setup(folder, BASE, None, models())
    return Cluster(setup, scheduler=hosts.address, limits=limits)


class Watch:
    """Follows a build and does something after some documents."""

    def __init__(self, after: int, what: Callable[[], None]) -> None:
        self.names: list[str] = []
        self._after, self._what = after, what

    def begin(self, documents: int, size: int) -> None: ...

    def compare(self, count: int) -> None: ...

    def load(self, documents: int) -> None: ...

    def end(self) -> None: ...

    def read(self, entry: Entry) -> None:
        self.names.append(entry.name)
        if len(self.names) == self._after:
            self._what()


def test_a_cluster_of_this_machine_makes_the_same_graph(
    built: Path, corpus: Path, tmp_path: Path, kg: Callable[..., Done]
) -> None:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=None,
        local_directory=str(tmp_path / "scratch"),
    ) as local:
        done = kg("build", corpus, "-o", tmp_path / "out", "--scheduler", local.scheduler_address)
    assert done.code == 0, done.err
    assert dump(tmp_path / "out") == dump(built)
    assert (tmp_path / "out/report.json").read_bytes() == (built / "report.json").read_bytes()
    assert manifest.load(tmp_path / "out") == manifest.load(built)
    assert made(tmp_path / "out") == made(built)


def test_what_harms_a_reader_costs_one_document(hosts: Hosts) -> None:
    names = ("a", "b-dies", "c", "d-sleeps", "e-once", "f-garbled", "g", "h-raises", "i-assassin")
    folder = mine(hosts.place, "awkward")
    corpus = make(folder / "c", **{name: policy(f"Works {name[0].upper()}") for name in names})
    out = folder / "out"
    limits = Limits(seconds=4)
    report = build([corpus], out, limits=limits, readers=readers(hosts, out, limits))
    found = {entry.name.removesuffix(".md"): entry.status for entry in report.entries}
    assert found == {
        **dict.fromkeys(names, Status.BUILT),
        "b-dies": Status.FAILED,
        "d-sleeps": Status.FAILED,
        "h-raises": Status.FAILED,
        "i-assassin": Status.FAILED,
    }
    assert "the process that read it died twice" in reasons(report)["b-dies.md"]
    assert "took too long" in reasons(report)["d-sleeps.md"]
    assert "RecursionError: of a worker" in reasons(report)["h-raises.md"]
    assert "the workers that it was given to died" in reasons(report)["i-assassin.md"]
    assert (hosts.place / "mark").exists()
    assert (hosts.place / "garbled").exists()


def past(folder: Path) -> Path:
    """A repository with versions of three policies."""
    repository = Repository(folder)
    for month in range(1, 9):
        more = f"We keep your name for {month} months. We share your name with vendors."
        repository.record(
            f"2021-{month:02}-01T12:00:00+00:00",
            **{
                service: text(service, day=f"May {month}, 2020", more=f"{more}\n\n{extra}")
                for service, extra in (("Wickerby", ""), ("Calque", "We sell it."), ("Dormer", ""))
            },
        )
    return folder


def test_a_host_that_is_lost_costs_nothing(hosts: Hosts) -> None:
    folder = mine(hosts.place, "lost")
    repository = past(folder / "past")
    out = folder / "out"
    third = hosts.add()
    lost: list[str] = []

    def pull_the_plug() -> None:
        lost.extend(
            sent.attempt.task.name
            for sent in cluster._sent.values()
            if third.address in sent.worker
        )
        third.kill()

    cluster = readers(hosts, out)
    watch = Watch(4, pull_the_plug)
    report = build([repository], out, history=Wanted(), readers=cluster, progress=watch)
    assert lost
    assert sorted(watch.names) == sorted(entry.name for entry in report.entries)
    assert len(set(watch.names)) == 24
    assert set(lost) <= set(watch.names[4:])
    here = build([repository], folder / "here", history=Wanted(), jobs=2)
    assert report.counts() == here.counts()
    assert manifest.load(out) == manifest.load(folder / "here")
    assert dump(out) == dump(folder / "here")
    assert made(out) == made(folder / "here")
    assert sum(name.startswith("changes/") for name in made(out)) == 21


def made(folder: Path) -> dict[str, bytes]:
    """All that was made of documents and of their versions."""
    paths = (path for part in manifest.PARTS for path in (folder / part).rglob("*.*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def other(place: Path) -> Path:
    """Another version of the package: one word of its frames differs."""
    folder = place / "other"
    shutil.copytree(ROOT / "kg", folder / "kg", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("ontology", "queries"):
        (folder / name).symlink_to(ROOT / name)
    with (folder / "kg" / "statements" / "frames.toml").open("a") as file:
        file.write("\n# other words\n")
    return folder


def tasks(folder: Path, count: int) -> list[Task]:
    """Tasks as a plan makes them."""
    make(folder / "c", **{f"p{number}": policy(f"Works {number}") for number in range(count)})
    sources, _ = find_sources([folder / "c"], None)
    with Journal(folder) as journal:
        return plan(sources, journal, {}, "")[1]


def test_a_host_with_other_versions_is_refused(
    hosts: Hosts,
    other: Path,
    kg: Callable[..., Done],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(coordinator, "LOOK_SECONDS", 0.0)
    folder = mine(hosts.place, "versions")
    listed = tasks(folder, 12)
    added: list[Host] = []

    def given() -> Iterator[Task]:
        yield from listed[:4]
        added.append(hosts.add(other))  # in the middle of a build
        yield from listed[4:]

    with readers(hosts, folder) as cluster, caplog.at_level(logging.WARNING, "kg"):
        entries = list(cluster.work(given()))
        assert not any(added[0].address in worker for worker in cluster._workers)
    assert {entry.status for entry in entries} == {Status.BUILT}
    assert len(entries) == 12
    [warning] = [r.getMessage() for r in caplog.records if "left out" in r.getMessage()]
    assert added[0].address in warning
    assert "extraction" in warning
    done = kg("build", folder / "c", "-o", folder / "out", "--scheduler", hosts.address)
    assert done.code == MissingPart.exit_code
    assert added[0].address in done.err
    assert "extraction" in done.err
    assert "pip install 'privflow[cluster]==" in done.err
    assert manifest.load(folder / "out") is None
    added[0].kill()


def test_a_scheduler_that_is_lost_leaves_what_was_read(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coordinator, "CONNECT_SECONDS", 2.0)
    folder = mine(hosts.place, "scheduler")
    corpus = make(folder / "c", **{f"p{n}": policy(f"Works {n}") for n in range(12)})
    out = folder / "out"
    short = started(hosts.network, hosts.place)
    worker = short.add()
    watch = Watch(3, short.scheduler.kill)
    with pytest.raises(KgError, match=r"scheduler at .* is lost .*what was read is kept"):
        build([corpus], out, readers=readers(short, out), progress=watch)
    worker.kill()
    report = build([corpus], out, readers=readers(hosts, out))
    assert 0 < report.read <= 9
    assert report.counts()["policies"] == 12


def test_a_scheduler_that_does_not_answer(
    corpus: Path, tmp_path: Path, kg: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coordinator, "CONNECT_SECONDS", 2.0)
    begun = time.monotonic()
    address = f"tcp://127.0.0.1:{free_port()}"
    done = kg("build", corpus, "-o", tmp_path / "out", "--scheduler", address)
    assert done.code == KgError.exit_code
    assert f"no Dask scheduler answers at {address}" in done.err
    assert "Traceback" not in done.err
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize(
    "address", ["", "here", "host:8786", "http://host:8786", "tcp://host", "tcp://h:1/x"]
)
def test_what_is_no_address(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no address of a Dask scheduler"):
        Cluster(Setup(tmp_path, BASE), scheduler=address, limits=LIMITS)


def test_tls_without_certificates(corpus: Path, tmp_path: Path, kg: Callable[..., Done]) -> None:
    done = kg("build", corpus, "-o", tmp_path / "out", "--scheduler", "tls://127.0.0.1:1")
    assert done.code == UsageError.exit_code
    assert "docs/cluster.md" in done.err


def test_without_the_extra(
    corpus: Path, tmp_path: Path, kg: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = kg("build", corpus, "-o", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:1")
    assert done.code == MissingPart.exit_code
    assert "pip install 'privflow[cluster]'" in done.err


def test_processes_of_this_machine_are_another_matter(
    corpus: Path, kg: Callable[..., Done]
) -> None:
    done = kg("build", corpus, "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2")
    assert done.code == UsageError.exit_code


@given(st.binary(max_size=500))
def test_what_arrives_is_what_was_sent(data: bytes) -> None:
    assert unpacked(packed(data)) == data


@given(st.binary(min_size=1, max_size=500), st.data())
def test_harm_on_the_way_is_noticed(data: bytes, draw: st.DataObject) -> None:
    part = packed(data)
    at = draw.draw(st.integers(0, len(part.data) - 1))
    harmed = part.data[:at] + bytes([part.data[at] ^ 1]) + part.data[at + 1 :]
    with contextlib.suppress(Damaged):  # not all of what is compressed matters
        assert unpacked(replace(part, data=harmed)) == data
    for other in (packed(data + b"\n"), packed(b"")):
        with pytest.raises(Damaged):
            unpacked(replace(part, data=other.data))


def test_no_more_is_unpacked_than_was_announced() -> None:
    part = replace(packed(bytes(10**7)), size=10)
    with pytest.raises(Damaged):
        unpacked(part)


def task(name: str, service: str = "", turn: int = 0) -> Task:
    recorded = datetime(2021, 1, 1, tzinfo=UTC) + timedelta(days=turn)
    revision = Revision(Path("past"), "0" * 40, recorded) if service else None
    return Task(Path(service or name), name, name, "", 1, None, revision, turn)


VERSIONS = [task(f"{service}{turn}", service, turn) for turn in range(6) for service in "abcd"]


def test_versions_of_a_policy_go_to_one_worker() -> None:
    deal, given_to = Deal(VERSIONS), dict[str, list[str]]()
    for worker in ["one", "two"] * 12:
        found = deal.give(worker)
        assert found
        given_to.setdefault(worker, []).append(found.task.name)
    assert {name[0] for name in given_to["one"]} == {"a", "c"}
    assert {name[0] for name in given_to["two"]} == {"b", "d"}
    assert given_to["one"] == sorted(given_to["one"], key=lambda name: name[1])


def test_nobody_waits_for_a_slow_worker() -> None:
    deal = Deal(VERSIONS)
    slow = [deal.give("slow")]
    quick = []
    while found := deal.give("quick"):
        quick.append(found)
    assert len(slow) + len(quick) == len(VERSIONS)


def test_a_worker_gets_what_it_failed_at_only_when_there_is_no_other() -> None:
    deal = Deal([])
    deal.again(Attempt(task("x"), before="one"))
    assert deal.give("one") is None
    assert deal.give("one", is_only=True)
    deal.again(Attempt(task("x"), before="one"))
    assert deal.give("two")


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["give"] * 4 + ["lose"]))))
def test_every_task_is_given_once_whoever_comes_and_goes(moves: list[tuple[str, str]]) -> None:
    deal, found = Deal(VERSIONS), list[Attempt | None]()
    for worker, move in moves:
        if move == "give":
            found.append(deal.give(worker))
        else:
            deal.forget(worker)
    while left := deal.give("A"):
        found.append(left)
    names = [one.task.name for one in found if one]
    assert sorted(names) == sorted(one.name for one in VERSIONS)


def test_versions_are_read_through_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = versions(past(tmp_path / "past"))
    some = [source.revision for source in sources if source.revision]
    with Blobs() as blobs:
        for revision in some:
            assert blobs.read(revision, "x") == read_revision(revision, "x")
        with pytest.raises(InputError, match="does not hold this version"):
            blobs.read(replace(some[0], blob="0" * 40), "x")
        assert blobs.read(some[0], "x") == read_revision(some[0], "x")
        monkeypatch.setattr("kg.documents.history.MAX_BYTES", 10)
        with pytest.raises(Skipped, match="too large"):
            blobs.read(some[0], "x")
        monkeypatch.undo()
        assert blobs.read(some[0], "x") == read_revision(some[0], "x")
