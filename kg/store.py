"""Triples -> named graphs on disk. The one door to the store.

A folder (``kg-data``) holds generations of the store and says which one counts::

    kg-data/current      "store-3"; replaced in one step
    kg-data/store-3/     the generation that counts, never changed once it does
    kg-data/store-4.new  what a build is writing, or what a killed one left
    kg-data/lock         held, with its process id, by the one that writes

Whoever writes makes a whole new generation: a full build loads it from text, a change starts from
a copy made of hard links, which costs next to nothing. Only then does ``current`` move. So a
crash at any moment leaves the old generation or the new one, and a reader keeps what it
opened: generations that somebody still reads are removed by a later writer.
"""

from __future__ import annotations

import fcntl
import io
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, cast

from kg.errors import StoreError
from kg.iris import PF
from kg.triples import DCT, DPV, OA, PROV, RDFS, SKOS, XSD, iri

if TYPE_CHECKING:
    import pyoxigraph
    from rdflib import Dataset

_log = logging.getLogger(__name__)

#: Prefixes that queries may use without declaring them.
PREFIXES = {
    "dct": DCT,
    "dpv": DPV,
    "oa": OA,
    "pd": "https://w3id.org/dpv/pd#",
    "pf": PF,
    "prov": PROV,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": XSD,
}

#: How the URL of a graph begins that lies on a server and in no folder.
SERVER = "sparql+"

#: Of the file in a folder that names the generation that counts.
POINTER = "current"
_LOCK = "lock"
_GENERATION = re.compile(r"store-([0-9]{1,12})")
_LEFTOVER = re.compile(r"store-[0-9]{1,12}\.new")
_CHUNK = 1 << 20
#: Bytes of N-Quads that are loaded at once, about; they take seven times as much memory.
_AT_ONCE = 1 << 25
#: Leaves a file in the directory of a generation.
Note = Callable[[Path], None]


class Store:
    """A graph that is open. Use it in a ``with`` block, or call :meth:`close`.

    Attributes:
        path: the folder, or ``None`` in memory.
        inner: the engine's own store, for what this class does not offer.
    """

    def __init__(
        self, inner: pyoxigraph.Store, path: Path | None = None, held: tuple[int, ...] = ()
    ) -> None:
        self.inner = inner
        self.path = path
        self._held = held

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes it."""
        self.close()

    def __len__(self) -> int:
        """Number of quads."""
        return len(self.inner)

    def close(self) -> None:
        """Lets go of the folder. The store cannot be used afterwards."""
        if hasattr(self, "inner"):
            del self.inner
        for descriptor in self._held:
            os.close(descriptor)
        self._held = ()

    def query(self, text: str, bindings: Mapping[str, Any] | None = None) -> Any:
        """The engine's answer to SPARQL over all graphs together, without a time limit.

        Args:
            text: trusted; for what users type there is :func:`kg.queries.run_sparql`.
            bindings: variable name -> the engine's term; each must be in the SELECT list.

        Raises:
            SyntaxError: the query is malformed.
        """
        from pyoxigraph import Variable  # noqa: PLC0415 - heavy

        return self.inner.query(
            text,
            prefixes=PREFIXES,
            use_default_graph_as_union=True,
            substitutions={Variable(name): term for name, term in (bindings or {}).items()},
        )

    def quads(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        value: str | None = None,
        graph: str | None = None,
    ) -> Iterator[Any]:
        """The engine's quads of a pattern of IRIs; ``None`` stands for any."""
        from pyoxigraph import NamedNode  # noqa: PLC0415 - heavy

        given = (subject, predicate, value, graph)
        subject_, *rest = (None if iri is None else NamedNode(iri) for iri in given)
        return self.inner.quads_for_pattern(subject_, *rest)

    def has_graph(self, graph: str) -> bool:
        """Whether there is a graph of that name."""
        from pyoxigraph import NamedNode  # noqa: PLC0415 - heavy

        return self.inner.contains_named_graph(NamedNode(graph))

    def graphs(self) -> list[str]:
        """IRIs of the named graphs, sorted."""
        return sorted(graph.value for graph in self.inner.named_graphs() if hasattr(graph, "value"))

    def dataset(self) -> Dataset:
        """rdflib's view of the store: its default graph is the union of all graphs.

        Every access converts terms; for questions over many quads :meth:`query` is faster.
        """
        from oxrdflib import OxigraphStore  # noqa: PLC0415 - heavy
        from rdflib import Dataset, Namespace  # noqa: PLC0415

        dataset = Dataset(store=OxigraphStore(store=self.inner), default_union=True)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, Namespace(namespace))
        return dataset

    def dump(self, output: IO[bytes], form: str = "nquads", graph: str | None = None) -> None:
        """Writes the store, or one of its graphs, as it is.

        Args:
            form: "nquads", "trig", "jsonld"; with a graph also "nt", "ttl". Without a graph the
                last two write all graphs merged.
        """
        from pyoxigraph import NamedNode, RdfFormat, serialize  # noqa: PLC0415 - heavy

        formats = {
            "nquads": RdfFormat.N_QUADS,
            "trig": RdfFormat.TRIG,
            "nt": RdfFormat.N_TRIPLES,
            "ttl": RdfFormat.TURTLE,
            "jsonld": RdfFormat.JSON_LD,
        }
        if form not in formats:
            raise StoreError(f"the store cannot be written as {form}: choose {', '.join(formats)}")
        kind = formats[form]
        if graph is None and not kind.supports_datasets:
            merged: Any = self.inner.query(
                "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", use_default_graph_as_union=True
            )
            serialize(merged, output, format=kind, prefixes=PREFIXES)
            return
        self.inner.dump(
            output,
            format=kind,
            from_graph=NamedNode(graph) if graph else None,
            prefixes=None if kind in (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES) else PREFIXES,
        )


def open_store(path: str | Path, *, read_only: bool = True) -> Store:
    """Opens the graph in a folder, or on a server.

    Args:
        path: the folder that ``kg build`` wrote, or the URL of a server (``sparql+http://…``).
        read_only: the default; any number of readers may be open while another process builds,
            and keep what they opened. With ``False`` the caller is the one writer, changes go
            straight into the generation that counts, and nobody may be reading it.

    Raises:
        StoreError: there is no graph, it is damaged, or somebody else is writing.
    """
    if str(path).startswith(SERVER):
        from kg.remote import connect, parse_address  # noqa: PLC0415 - heavy

        if not read_only:
            raise StoreError(f"{path} is written by `kg build --store` alone")
        return connect(parse_address(str(path)))
    import pyoxigraph  # noqa: PLC0415 - heavy

    folder = Path(path)
    if not read_only:
        lock = _lock(folder)
        try:
            return _open_to_write(folder, lock)
        except BaseException:
            os.close(lock)
            raise
    while True:
        generation = generation_of(folder)
        try:
            descriptor = os.open(generation, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError as error:
            if generation_of(folder) != generation:
                continue  # a writer has moved on in between
            raise _damaged(folder, error) from error
        except OSError as error:
            raise StoreError(f"{folder} cannot be read: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            inner = pyoxigraph.Store.read_only(str(generation))
        except (OSError, RuntimeError, ValueError) as error:
            os.close(descriptor)
            if generation_of(folder) != generation:
                continue
            raise _damaged(folder, error) from error
        return Store(inner, folder, (descriptor,))


def build_store(
    shards: Iterable[Path | bytes | str], path: str | Path, note: Note | None = None
) -> None:
    """Writes a folder's graph anew from N-Quads.

    Args:
        shards: N-Quads, as files or as text; together they are the graph.
        path: the folder; made when it is not there. What it held is replaced at the end, at
            once, and remains when anything fails.
        note: called with the directory of the new generation before that happens, to leave a
            file there that comes and goes with it.

    Raises:
        StoreError: somebody else is writing, a shard is no N-Quads, or the disk refuses.
    """
    import pyoxigraph  # noqa: PLC0415 - heavy

    with _writing(Path(path), note) as fresh:
        store = pyoxigraph.Store(str(fresh))
        try:
            with _Chain(shards) as text:
                try:
                    while text.goes_on():
                        # The engine reads anything with a method ``read``; its types ask for more.
                        store.bulk_load(cast(IO[bytes], text), format=pyoxigraph.RdfFormat.N_QUADS)
                except SyntaxError as error:
                    reason = error.msg.partition(": ")[2] or error.msg
                    raise StoreError(
                        f"cannot load {text.where(error.lineno)}: {reason}; if kg wrote it, "
                        "`kg build … --force` does so again"
                    ) from error
            store.optimize()
            store.flush()
        finally:
            # Closes it, before its directory gets its name; and an error that is kept somewhere
            # would keep it open, so that nobody could write there again.
            del store


def replace(path: str | Path, graph: str, nquads: str | bytes) -> None:
    """Puts one graph in the place of what the folder holds under its name."""
    change_store(path, {graph: nquads})


def remove(path: str | Path, graph: str) -> None:
    """Removes one graph; one that is not there is no error."""
    change_store(path, {}, (graph,))


def change_store(
    path: str | Path,
    replaced: Mapping[str, str | bytes | Sequence[Path]],
    removed: Iterable[str] = (),
    *,
    edits: tuple[str, str] = ("", ""),
    note: Note | None = None,
) -> None:
    """Replaces and removes graphs, all of them or, when anything fails, none.

    From about a quarter of the graphs on, :func:`build_store` is cheaper.

    Args:
        replaced: IRI of a graph -> its N-Quads, as this package writes them: every line in
            that graph, one space between the terms; or the files that hold them, which are
            read one after the other.
        removed: IRIs of graphs to remove.
        edits: N-Quads of other graphs that are taken out, and such that are put in.
        note: see :func:`build_store`.

    Raises:
        StoreError: there is no graph to change, somebody else is writing, a text is no N-Quads
            or speaks of another graph.
    """
    import pyoxigraph  # noqa: PLC0415 - heavy

    folder = Path(path)
    with _writing(folder, note, copy=True) as fresh:
        store = pyoxigraph.Store(str(fresh))
        for graph in (*removed, *replaced):
            store.remove_graph(pyoxigraph.NamedNode(graph))
        for graph, nquads in replaced.items():
            data = _bytes_of(nquads)
            suffix = f" {iri(graph)} .".encode()
            if not all(line.endswith(suffix) for line in data.split(b"\n") if line):
                raise StoreError(f"the text for the graph {graph} holds quads of another graph")
            try:
                store.load(data, format=pyoxigraph.RdfFormat.N_QUADS)
            except SyntaxError as error:
                raise StoreError(f"cannot load the graph {graph}: {error.msg}") from error
        gone, come = (pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS) for text in edits)
        for quad in gone:
            store.remove(quad)
        store.extend(come)
        store.flush()
        del store  # closes it, before its directory gets its name


def _bytes_of(nquads: str | bytes | Sequence[Path]) -> bytes:
    if isinstance(nquads, str):
        return nquads.encode()
    return nquads if isinstance(nquads, bytes) else b"".join(p.read_bytes() for p in nquads)


def memory_store(nquads: str | bytes = b"") -> Store:
    """A store in memory, for tests and small graphs."""
    import pyoxigraph  # noqa: PLC0415 - heavy

    inner = pyoxigraph.Store()
    inner.load(nquads, format=pyoxigraph.RdfFormat.N_QUADS)
    return Store(inner)


def is_store(path: str | Path) -> bool:
    """Whether the folder holds a graph (which may still turn out to be damaged)."""
    return (Path(path) / POINTER).is_file()


def generation_of(folder: Path) -> Path:
    """The directory of the generation that counts.

    Raises:
        StoreError: there is none.
    """
    try:
        name = (folder / POINTER).read_text("utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreError(
            f"{folder} holds no graph: build one with `kg build CORPUS -o {folder}`"
        ) from error
    except OSError as error:
        raise StoreError(f"{folder} cannot be read: {error.strerror}") from error
    if not _GENERATION.fullmatch(name):
        raise _damaged(folder, f"{POINTER} names no generation")
    return folder / name


def _damaged(folder: Path, reason: object) -> StoreError:
    return StoreError(
        f"the graph in {folder} is damaged ({reason}): build it again with "
        f"`kg build CORPUS -o {folder} --force`"
    )


def is_damage(error: BaseException) -> bool:
    """Whether the engine has come upon files that are not as it wrote them."""
    return isinstance(error, OSError | RuntimeError) and str(error).startswith("Corruption")


def _open_to_write(folder: Path, lock: int) -> Store:
    import pyoxigraph  # noqa: PLC0415 - heavy

    generation = generation_of(folder)
    try:
        descriptor = os.open(generation, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _damaged(folder, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise StoreError(f"{folder} is being read: close its readers and try again") from error
    try:
        return Store(pyoxigraph.Store(str(generation)), folder, (descriptor, lock))
    except (OSError, RuntimeError) as error:
        os.close(descriptor)
        raise _damaged(folder, error) from error


def _lock(folder: Path) -> int:
    """Makes the caller the one writer; closing the descriptor, or dying, ends that."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = os.read(descriptor, 20).decode("ascii", "replace").strip()
        os.close(descriptor)
        who = f"process {owner}" if owner.isdigit() else "another process"
        raise StoreError(f"{who} is writing to {folder}: wait until it is done") from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


@contextmanager
def _writing(folder: Path, note: Note | None = None, *, copy: bool = False) -> Iterator[Path]:
    """Hands out a fresh directory and, when the block ends well, makes it the one that counts."""
    import pyoxigraph  # noqa: PLC0415 - heavy

    lock = _lock(folder)
    fresh: Path | None = None
    try:
        try:
            old: Path | None = generation_of(folder)
        except StoreError:
            if copy:
                raise
            old = None
        _sweep(folder)
        # A name is never used twice, not even that of a generation that somebody removed.
        names = [entry.name for entry in folder.iterdir()] + ([old.name] if old else [])
        numbers = [int(found[1]) for name in names if (found := _GENERATION.fullmatch(name))]
        name = f"store-{max(numbers, default=0) + 1}"
        fresh = folder / f"{name}.new"
        if copy and old is not None:
            try:
                pyoxigraph.Store.read_only(str(old)).backup(str(fresh))
            except (OSError, RuntimeError) as error:
                raise _damaged(folder, error) from error
        yield fresh
        if note:
            note(fresh)
        _sync(fresh)
        fresh = fresh.rename(folder / name)
        _point(folder, name)
        fresh = None
        # Only now: where the pointer was lost, what is there may be all there is.
        for entry in list(folder.iterdir()):
            if _GENERATION.fullmatch(entry.name) and entry.name != name:
                _discard(entry)
    except (OSError, RuntimeError) as error:
        if is_damage(error):
            raise _damaged(folder, error) from error
        if isinstance(error, RuntimeError):
            raise
        raise StoreError(f"{folder} cannot be written: {error.strerror or error}") from error
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
        os.close(lock)


def _point(folder: Path, name: str) -> None:
    pointer = folder / f"{POINTER}.new"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(f"{name}\n")
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / POINTER)
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Removes what a killed writer left."""
    for entry in list(folder.iterdir()):
        if _LEFTOVER.fullmatch(entry.name):
            _log.info("removing %s, left by a build that did not finish", entry)
            shutil.rmtree(entry, ignore_errors=True)


def _discard(generation: Path) -> None:
    """Removes a generation, unless somebody reads it."""
    with suppress(OSError):
        descriptor = os.open(generation, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(generation, ignore_errors=True)
        finally:
            os.close(descriptor)


class _Chain(io.RawIOBase):
    """Shards, one after the other, as streams of bytes.

    A stream ends after the shard with which it gets too long: the engine holds in memory what it
    loads at once, up to a million quads (a gigabyte).
    """

    def __init__(self, shards: Iterable[Path | bytes | str]) -> None:
        self._size, self._is_done = 0, False
        self._lines = self._before = 0
        self._shards = iter(shards)
        self._number = 0
        self._shard: Path | bytes | str = b""
        self._open: IO[bytes] = io.BytesIO()

    def readable(self) -> bool:
        return True

    def goes_on(self) -> bool:
        """Whether there may be another stream."""
        return not self._is_done

    def where(self, line: int | None) -> str:
        """Which shard is being read and, of a line of the stream, which one of it that is."""
        own = (line or 0) - self._before
        shown = str(self._shard) if isinstance(self._shard, Path) else f"shard {self._number}"
        return f"{shown}:{own}" if own > 0 else shown

    def read(self, size: int = -1) -> bytes:
        while True:
            data = self._open.read(size if size > 0 else _CHUNK)
            if data:
                self._size += len(data)
                self._lines += data.count(b"\n")
                return data
            if self._size > _AT_ONCE:
                self._size = self._lines = 0
                return b""
            self._open.close()
            try:
                self._shard = next(self._shards)
            except StopIteration:
                self._open = io.BytesIO()
                self._is_done = True
                return b""
            self._number += 1
            if isinstance(self._shard, Path):
                self._open = self._shard.open("rb")
            else:
                data = self._shard.encode() if isinstance(self._shard, str) else self._shard
                self._open = io.BytesIO(data)
            # A shard without a line break at its end must not run into the next one.
            self._lines += 1
            self._before = self._lines
            return b"\n"

    def close(self) -> None:
        self._open.close()
        super().close()
