"""A built folder -> its graphs one by one, and N-Quads files for the bulk loaders of other stores.

The files come from what the folder keeps of each document, not from its store, in an order that
depends on nothing but the graphs: the same graph gives the same bytes. Of graphs that are not
being written only the names are in memory; the largest that ever is there is the catalogue.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import IO

from kg import manifest, ontology
from kg.catalogues import catalogue_parts
from kg.errors import InputError, StoreError, UsageError
from kg.generation import catalogued
from kg.iris import digest
from kg.manifest import Manifest
from kg.triples import catalogue_graph, iri, literal

#: Of one file: what loaders take at once, and some ten files of which a machine loads in parallel.
QUADS = 10_000_000
#: "The version of the CreativeWork embodied by a specified resource", here of a graph.
MARK = "http://schema.org/version"
_KINDS = re.compile(r"catalogue|(snapshot|changes)/[0-9a-f]+")
_OWNER = "owner"
_LIST = "shards.json"
_OURS = re.compile(r"quads-[0-9]{5}\.nq(\.gz)?(\.new)?")


@dataclass(frozen=True, slots=True)
class Part:
    """One named graph of a folder.

    Attributes:
        graph: its IRI.
        version: differs whenever its content does.
        nquads: makes its N-Quads, every line in that graph.
        owner: of a catalogue: the folder's, see :func:`owner_of`.
    """

    graph: str
    version: str
    nquads: Callable[[], bytes]
    owner: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """Triples, as N-Triples without the dot, that tell the version of the graph, and whose.

        A server that holds them holds that version, and need not be sent it.
        """
        own = f"{iri(self.graph)} <{MARK}> {literal(self.version)}"
        return (own, f"{_owned(self.graph)} {literal(self.owner)}") if self.owner else (own,)


@dataclass(frozen=True, slots=True)
class Shard:
    """A file of N-Quads that was written; ``bytes`` and ``sha256`` are of the file as it lies."""

    file: str
    quads: int
    graphs: int
    bytes: int
    sha256: str


def is_ours(graph: str, base: str) -> bool:
    """Whether a graph's name is one that :func:`parts_of` gives under a base.

    No name is one under two bases, also where one base begins with the other.

    >>> is_ours("http://x.example/a/snapshot/0f", "http://x.example/")
    False
    """
    return graph.startswith(base) and _KINDS.fullmatch(graph, len(base)) is not None


def owner_of(folder: Path) -> str:
    """What tells a folder from others, also when it is moved; made when it is not there.

    Nothing where the folder cannot be written.
    """
    path = folder / _OWNER
    try:
        if not path.exists():
            manifest.write_bytes(path, f"{secrets.token_hex(8)}\n".encode())
        return path.read_text("ascii", errors="replace").strip()
    except (OSError, StoreError):
        return ""


def whose(base: str) -> str:
    """The SPARQL that asks a server which folder's graph it holds under a base: ``?owner``."""
    graph = catalogue_graph(base)
    return f"SELECT ?owner WHERE {{ GRAPH {iri(graph)} {{ {_owned(graph)} ?owner }} }}"


def _owned(catalogue: str) -> str:
    return f"{iri(f'{catalogue}#folder')} <{MARK}>"


def parts_of(folder: Path, made: Manifest) -> Iterator[Part]:
    """The graphs that a manifest says: ontology, snapshots, changes, the catalogue at the end."""
    lines: dict[str, list[str]] = {}
    for line in ontology.ontology_quads().splitlines(keepends=True):
        lines.setdefault(_graph_of(line), []).append(line)
    for graph, some in lines.items():
        yield _part_of_text(graph, "".join(some))
    for graph, entry in sorted(made.graphs().items()):
        yield Part(graph, entry.key, partial(manifest.read_shard, folder, entry))
    for graph, keys in sorted(made.changes.items()):
        paths = [manifest.changes_path(folder, key) for key in keys]
        if any(path.stat().st_size for path in paths):
            yield Part(graph, digest(*keys), partial(_joined, paths))
    yield _catalogue(made, owner_of(folder))


def _catalogue(made: Manifest, owner: str) -> Part:
    base = made.settings["base"]
    snapshots = sorted(catalogued(made), key=lambda entry: (entry.graph, entry.document))

    def nquads() -> bytes:
        return b"".join(part.encode() for part in catalogue_parts(snapshots, base))

    version = digest(*map(digest, catalogue_parts(snapshots, base)))
    return Part(catalogue_graph(base), version, nquads, owner)


def _joined(paths: Iterable[Path]) -> bytes:
    return b"".join(path.read_bytes() for path in paths)


def _graph_of(line: str) -> str:
    # "… <graph> .\n": the name of a graph holds no "<".
    return line[line.rindex("<") + 1 : -4]


def _part_of_text(graph: str, text: str) -> Part:
    return Part(graph, digest(text), text.encode)


def write_shards(
    folder: str | Path,
    output: str | Path,
    *,
    quads: int = QUADS,
    is_packed: bool = False,
    is_marked: bool = False,
) -> tuple[Shard, ...]:
    """Writes a folder's graph as N-Quads files with a list of them, ``shards.json``.

    A graph is never split over two files, so a file may hold more. The list is written last and
    removed first: where it is, the files are whole and belong together.

    Args:
        folder: that ``kg build`` wrote.
        output: folder for the files; shards that it holds are replaced.
        quads: after which a new file is begun.
        is_packed: with gzip.
        is_marked: with the marks of each graph (:meth:`Part.marks`).

    Raises:
        StoreError: there is no graph in the folder, or a part of it is lost.
        UsageError: the output holds other things.
        InputError: it cannot be written.
    """
    folder, output = Path(folder), Path(output)
    made = manifest.load(folder)
    if made is None:
        raise StoreError(f"{folder} holds no graph: build one with `kg build CORPUS -o {folder}`")
    try:
        output.mkdir(parents=True, exist_ok=True)
        if strange := [p.name for p in output.iterdir() if not _is_ours(p.name)]:
            raise UsageError(
                f"{output} holds {strange[0]!r}, which is no shard: give an empty folder"
            )
        shards = _written(
            map(_text_of(is_marked), parts_of(folder, made)), output, quads, is_packed
        )
        _put_in_place(shards, made, output)
    except FileNotFoundError as error:
        raise StoreError(
            f"the graph in {folder} lacks {error.filename}: build it again with `kg build --force`"
        ) from error
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from error
    return shards


def _text_of(is_marked: bool) -> Callable[[Part], bytes]:
    if not is_marked:
        return lambda part: part.nquads()
    return lambda part: (
        part.nquads() + "".join(f"{mark} {iri(part.graph)} .\n" for mark in part.marks).encode()
    )


def _is_ours(name: str) -> bool:
    return bool(_OURS.fullmatch(name)) or name.startswith(_LIST)


def _written(texts: Iterator[bytes], output: Path, most: int, is_packed: bool) -> tuple[Shard, ...]:
    """The files under names that no loader looks for."""
    shards: list[Shard] = []
    writer: _Writer | None = None
    try:
        for data in texts:
            count = data.count(b"\n")
            if writer and writer.quads + count > most:
                shards.append(writer.end())
                writer = None
            if writer is None:
                name = f"quads-{len(shards) + 1:05}.nq{'.gz' if is_packed else ''}"
                writer = _Writer(output / f"{name}.new", name, is_packed=is_packed)
            writer.add(data, count)
        if writer:
            shards.append(writer.end())
    except BaseException:
        if writer:
            writer.close()
        for path in output.glob("*.new"):
            path.unlink()
        raise
    return tuple(shards)


def _put_in_place(shards: tuple[Shard, ...], made: Manifest, output: Path) -> None:
    (output / _LIST).unlink(missing_ok=True)
    names = {shard.file for shard in shards}
    for path in list(output.iterdir()):
        if path.name.removesuffix(".new") not in names:
            path.unlink()
    for name in sorted(names):
        (output / f"{name}.new").replace(output / name)
    text = json.dumps(
        {
            "layout": 1,
            "base": made.settings["base"],
            "settings": dict(made.settings),
            "quads": sum(shard.quads for shard in shards),
            "graphs": sum(shard.graphs for shard in shards),
            "files": [asdict(shard) for shard in shards],
        },
        indent=1,
    )
    manifest.write_bytes(output / _LIST, f"{text}\n".encode("ascii"))


class _Writer:
    """One file that is being written."""

    def __init__(self, path: Path, name: str, *, is_packed: bool) -> None:
        self._name = name
        self._hash = hashlib.sha256()
        self._file: IO[bytes] = path.open("wb")
        self._size = self.quads = self._graphs = 0
        # Neither a name nor a time goes into the file: the same quads are the same bytes.
        self._packed = (
            gzip.GzipFile("", "wb", 6, fileobj=_Through(self._put), mtime=0) if is_packed else None
        )

    def add(self, data: bytes, count: int) -> None:
        self.quads += count
        self._graphs += 1
        if self._packed:
            self._packed.write(data)
        else:
            self._put(data)

    def end(self) -> Shard:
        if self._packed:
            self._packed.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Shard(self._name, self.quads, self._graphs, self._size, self._hash.hexdigest())

    def close(self) -> None:
        """Gives the file up."""
        with suppress(OSError):
            self._file.close()

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)


class _Through:
    """What looks like a file to a packer."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        self._put = put

    def write(self, data: bytes) -> int:
        self._put(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""
