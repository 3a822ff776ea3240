"""The store: one whole generation at any moment, one writer, any number of readers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg import store as room
from kg.errors import StoreError
from kg.store import build_store, change_store, is_store, memory_store, open_store, remove, replace

A, B = "urn:graph:a", "urn:graph:b"


def quads(graph: str, *values: str) -> str:
    return "".join(f'<urn:s> <urn:p> "{value}" <{graph}> .\n' for value in values)


def values(path: Path) -> list[str]:
    with open_store(path) as store:
        return sorted(row[0].value for row in store.query("SELECT ?o { ?s ?p ?o }"))


def generations(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.glob("store-*"))


@pytest.fixture
def built(tmp_path: Path) -> Path:
    path = tmp_path / "kg-data"
    build_store([quads(A, "1", "2"), quads(B, "3").encode()], path)
    return path


def test_build_then_read(built: Path) -> None:
    assert values(built) == ["1", "2", "3"]
    with open_store(built) as store:
        assert store.graphs() == [A, B]
        assert len(store) == 3


def test_shards_may_be_files_and_may_lack_the_last_line_break(tmp_path: Path) -> None:
    shard = tmp_path / "a.nq"
    shard.write_text(quads(A, "1").rstrip("\n"))
    path = tmp_path / "kg-data"
    build_store(iter([quads(B, "2").rstrip("\n"), shard, "", quads(B, "3")]), path)
    assert values(path) == ["1", "2", "3"]


def test_a_build_replaces_everything_and_leaves_one_generation(built: Path) -> None:
    build_store([quads(A, "9")], built)
    assert values(built) == ["9"]
    assert generations(built) == ["store-2"]


def test_replacing_a_graph_leaves_the_others(built: Path) -> None:
    replace(built, A, quads(A, "7"))
    assert values(built) == ["3", "7"]
    replace(built, A, quads(A, "7"))
    assert values(built) == ["3", "7"]
    remove(built, B)
    remove(built, B)
    assert values(built) == ["7"]
    assert len(generations(built)) == 1


def test_several_changes_are_one_step(built: Path) -> None:
    change_store(built, {A: quads(A, "5"), "urn:graph:c": quads("urn:graph:c", "6")}, [B])
    assert values(built) == ["5", "6"]
    with pytest.raises(StoreError, match="another graph"):
        change_store(built, {A: quads(A, "8"), B: quads(A, "9")})
    with pytest.raises(StoreError, match="cannot load"):
        change_store(built, {A: quads(A, "8"), B: f"rubbish <{B}> .\n"})
    assert values(built) == ["5", "6"]
    assert len(generations(built)) == 1


def test_a_shard_that_is_no_nquads_leaves_the_old_graph(built: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.nq"
    bad.write_text(f"{quads(B, '7', '8')}this is no quad\n")
    with pytest.raises(StoreError, match=r"bad\.nq:3: .*--force"):
        build_store([quads(A, "1"), bad], built)
    assert values(built) == ["1", "2", "3"]
    assert generations(built) == ["store-1"]


def test_without_the_pointer_nothing_goes_before_the_new_generation_is_there(
    built: Path, tmp_path: Path
) -> None:
    (built / "current").unlink()
    bad = tmp_path / "bad.nq"
    bad.write_text("this is no quad\n")
    with pytest.raises(StoreError):
        build_store([bad], built)
    assert generations(built) == ["store-1"]
    build_store([quads(A, "9")], built)
    assert generations(built) == ["store-2"]


def test_a_reader_keeps_what_it_opened(built: Path) -> None:
    with open_store(built) as reader:
        build_store([quads(A, "9")], built)
        replace(built, B, quads(B, "10"))
        assert len(reader) == 3
        assert values(built) == ["10", "9"]
        assert "store-1" in generations(built)
    remove(built, B)
    assert generations(built) == ["store-4"]


def test_no_graph_says_what_to_do(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        assert not is_store(path)
        with pytest.raises(StoreError, match="kg build"):
            open_store(path)
        with pytest.raises(StoreError, match="kg build"):
            replace(path, A, quads(A, "1"))
    (tmp_path / "file").write_text("")
    for call in (open_store, lambda path: build_store([], path)):
        with pytest.raises(StoreError):
            call(tmp_path / "file")


@pytest.mark.parametrize("damage", ["pointer", "gone", "manifest"])
def test_a_damaged_graph_says_so_and_can_be_built_again(built: Path, damage: str) -> None:
    if damage == "pointer":
        (built / "current").write_text("../../etc\n")
    elif damage == "gone":
        (built / "store-1").rename(built / "elsewhere")
    else:
        (built / "store-1" / "CURRENT").write_text("nonsense")
    with pytest.raises(StoreError, match=r"damaged.*kg build"):
        open_store(built)
    build_store([quads(A, "4")], built)
    assert values(built) == ["4"]


def test_one_writer_at_a_time(built: Path) -> None:
    code = (
        "import sys, time, kg.store as s, pathlib\n"
        "with s._writing(pathlib.Path(sys.argv[1]), copy=True):\n"
        "    print('in', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(built)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "in\n"
        with pytest.raises(StoreError, match=f"process {other.pid} is writing"):
            build_store([quads(A, "9")], built)
        assert values(built) == ["1", "2", "3"]
        other.kill()
        other.wait()
    # What the dead writer held and left is taken over and cleaned away.
    assert "store-2.new" in generations(built)
    build_store([quads(A, "9")], built)
    assert values(built) == ["9"]
    assert generations(built) == ["store-2"]


def test_the_lock_of_a_dead_process_is_no_obstacle(built: Path) -> None:
    (built / "lock").write_text("1")
    replace(built, A, quads(A, "6"))
    assert values(built) == ["3", "6"]


@pytest.mark.parametrize("moment", ["_sync", "_point", "_discard"])
def test_killed_at_any_moment_one_whole_generation_counts(built: Path, moment: str) -> None:
    code = (
        "import sys, os, signal, kg.store as s\n"
        "real = getattr(s, sys.argv[2])\n"
        "setattr(s, sys.argv[2], lambda *a: os.kill(os.getpid(), signal.SIGKILL))\n"
        "s.build_store(['<urn:s> <urn:p> \"9\" <urn:graph:a> .'], sys.argv[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(built), moment], check=False)
    assert done.returncode == -signal.SIGKILL
    assert values(built) in (["1", "2", "3"], ["9"])
    replace(built, B, quads(B, "8"))
    assert "8" in values(built)
    assert len(generations(built)) == 1


def test_killed_at_random_moments(built: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.nq"
    big.write_text("".join(quads(A, f"x{number}") for number in range(60_000)))
    code = (
        "import sys, pathlib as p, kg.store as s; s.build_store([p.Path(sys.argv[2])], sys.argv[1])"
    )
    for wait in (0.15, 0.3, 0.5):
        with subprocess.Popen([sys.executable, "-c", code, str(built), str(big)]) as build:
            time.sleep(wait)
            build.kill()
        with open_store(built) as store:
            assert len(store) in (3, 60_000)


def test_writing_in_place_needs_the_folder_alone(built: Path) -> None:
    with open_store(built), pytest.raises(StoreError, match="being read"):
        open_store(built, read_only=False)
    with open_store(built, read_only=False) as store:
        store.inner.update("INSERT DATA { GRAPH <urn:graph:c> { <urn:s> <urn:p> 'new' } }")
        with pytest.raises(StoreError, match=f"process {os.getpid()} is writing"):
            build_store([], built)
    assert values(built) == ["1", "2", "3", "new"]


# rdflib warns of its own use of what it deprecates.
@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")
def test_rdflibs_view_is_the_union(built: Path) -> None:
    with open_store(built) as store:
        dataset = store.dataset()
        assert len(list(dataset.triples((None, None, None)))) == 3
        rows = list(dataset.query("SELECT ?o { ?s ?p ?o } ORDER BY ?o"))
        assert [str(row[0]) for row in rows] == ["1", "2", "3"]
        assert {A, B} <= {str(graph.identifier) for graph in dataset.graphs()}
        del dataset


def test_dump(built: Path, tmp_path: Path) -> None:
    with open_store(built) as store:
        target = tmp_path / "out"
        for form, graph, count in (("nquads", None, 3), ("nt", A, 2), ("nt", None, 3)):
            with target.open("wb") as output:
                store.dump(output, form, graph)
            assert target.read_text().count("\n") == count
        with target.open("wb") as output, pytest.raises(StoreError, match="rdfxml"):
            store.dump(output, "rdfxml")


def test_hostile_text_stays_text(built: Path) -> None:
    """Text reaches the store as N-Quads, never as SPARQL."""
    evil = r"\" } } ; DROP ALL ; INSERT DATA { GRAPH <urn:x> { <urn:s> <urn:p> \"" + r"\u0022 } }"
    replace(built, A, quads(A, evil))
    assert values(built)[0].startswith('" } } ; DROP ALL')
    assert "3" in values(built)


def test_memory() -> None:
    with memory_store(quads(A, "1")) as store:
        assert len(store) == 1
    assert room.PREFIXES["pf"].endswith("privflow#")


def test_a_store_is_loaded_in_parts_that_fit_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.store._AT_ONCE", 100)
    build_store((quads(A, str(number)) for number in range(40)), tmp_path)
    assert values(tmp_path) == sorted(map(str, range(40)))
    with pytest.raises(StoreError, match="shard 39"):
        build_store([*(quads(A, str(number)) for number in range(38)), "no quads"], tmp_path)
