"""N-Quads for bulk loaders: whole, strict, the same every time, and loaded by two stores."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import Done
from servers import ISQL, OXIGRAPH, VIRTUOSO, isql, oxigraph, virtuoso

from kg import manifest
from kg.errors import StoreError, UsageError
from kg.iris import BASE
from kg.remote import connect, fill, parse_address
from kg.shards import parts_of, write_shards
from kg.store import open_store

Kg = Callable[..., Done]


def listed(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "shards.json").read_text("utf-8")))


def test_shards_are_the_graph(built: Path, tmp_path: Path) -> None:
    shards = write_shards(built, tmp_path, quads=9000)
    assert len(shards) > 3
    found = set()
    graphs: list[set[str]] = []
    for shard in shards:
        data = (tmp_path / shard.file).read_bytes()
        quads = list(ox.parse(data, format=ox.RdfFormat.N_QUADS, lenient=False))
        graphs.append({quad.graph_name.value for quad in quads})  # type: ignore[union-attr]
        assert (shard.quads, shard.bytes) == (len(quads), len(data))
        assert shard.graphs == len(graphs[-1])
        assert shard.sha256 == hashlib.sha256(data).hexdigest()
        found |= set(quads)
    assert sum(map(len, graphs)) == len(set.union(*graphs))  # none is in two files
    with open_store(built) as store:
        assert found == set(store.quads())
        assert listed(tmp_path)["quads"] == len(store) == sum(shard.quads for shard in shards)
        assert listed(tmp_path)["graphs"] == len(store.graphs())
    assert listed(tmp_path)["base"] == BASE


def test_the_same_graph_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    one, other, packed = (tmp_path / name for name in ("one", "other", "packed"))
    write_shards(built, one, quads=9000)
    write_shards(built, other)  # is replaced as a whole
    assert len(list(other.glob("*.nq"))) == 1
    write_shards(built, other, quads=9000)
    assert _bytes(one) == _bytes(other)
    write_shards(built, packed, quads=9000, is_packed=True)
    first = _bytes(packed)
    assert {name[:-3]: gzip.decompress(data) for name, data in first.items() if "nq" in name} == {
        name: data for name, data in _bytes(one).items() if "nq" in name
    }
    write_shards(built, packed, quads=9000, is_packed=True)
    assert _bytes(packed) == first


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_was_there_stays_until_all_is_written(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "shards"
    write_shards(own, output)
    before = _bytes(output)
    next((own / "quads").rglob("*.nq")).unlink()
    with pytest.raises(StoreError, match="--force"):
        write_shards(own, output, quads=100)
    assert _bytes(output) == before
    (output / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match=r"mine\.txt"):
        write_shards(own, output)


def test_no_graph_no_shards(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no graph"):
        write_shards(tmp_path, tmp_path / "shards")
    assert not (tmp_path / "shards").exists()


def test_the_command(built: Path, tmp_path: Path, kg: Kg) -> None:
    done = kg("export", "--shards", tmp_path / "a", "--gzip", "-g", built)
    assert (done.code, done.out) == (0, "")
    assert "quads in 1 file" in done.err
    assert kg("export", "-g", built).code == 2
    assert kg("export", "--gzip", "--format", "ttl", "-g", built).code == 2
    assert kg("export", "--shards", tmp_path / "a", "--min-confidence", "1", "-g", built).code == 2


@pytest.mark.skipif(OXIGRAPH is None, reason="needs the oxigraph server")
def test_oxigraph_loads_them(built: Path, tmp_path: Path, kg: Kg) -> None:
    shards = write_shards(built, tmp_path / "shards", quads=9000, is_packed=True, is_marked=True)
    files = [str(tmp_path / "shards" / shard.file) for shard in shards]
    assert OXIGRAPH
    for file in files:
        command = [OXIGRAPH, "load", "--location", str(tmp_path / "store"), "--file", file]
        subprocess.run(command, check=True, capture_output=True)
    with oxigraph(tmp_path) as server:
        _holds_all(server.url, built, kg)


@pytest.mark.skipif(VIRTUOSO is None or ISQL is None, reason="needs virtuoso-t and isql-vt")
def test_virtuoso_loads_them(
    built: Path, tmp_path: Path, kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    with virtuoso(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        write_shards(built, tmp_path / "shards", quads=9000, is_packed=True, is_marked=True)
        for path in (tmp_path / "shards").glob("*.nq.gz"):
            shutil.copy(path, server.loads)
        isql(
            server,
            f"ld_dir('{server.loads}', 'quads-*.nq.gz', 'urn:nowhere');\n"
            "rdf_loader_run();\ncheckpoint;",
        )
        errors = isql(server, "SELECT ll_file, ll_error FROM DB.DBA.LOAD_LIST;")
        assert errors.count("NULL") >= 4, errors
        _holds_all(server.url, built, kg)


def _holds_all(url: str, built: Path, kg: Kg) -> None:
    """Answers are those of the folder, and a build has nothing to send."""
    assert kg("query", "counts", "-g", url).out == kg("query", "counts", "-g", built).out
    with open_store(built) as store, connect(parse_address(url)) as remote:
        assert len(remote) == len(store)
    made = manifest.load(built)
    assert made
    parts = list(parts_of(built, made))
    assert fill(parse_address(url), parts, BASE).sent == 0
