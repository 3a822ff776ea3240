# ruff: noqa: E501 - lists of samples read better in wide lines
"""Doors that hostile input may come through: what to send, and how to tell that all went well.

A door is opened once a process, and then knocked at many times. A knock says whether the input
was taken or refused as documented; anything else is raised, an :class:`Escape` where input did
what only the program may do.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from fuzz import inputs
from kg.errors import KgError

#: For the answer to a request that may not be over.
_PATIENCE_SECONDS = 0.2
ACCEPTED, REFUSED = "accepted", "refused"
#: Accepted, and followed through to what is stored.
EXTRACTED = "extracted"
Knock = Callable[[Random], str]


class Escape(Exception):  # noqa: N818 - reads better where it is counted
    """Input got where it must not."""


@dataclass(frozen=True, slots=True)
class Door:
    """One way in.

    Attributes:
        opened: a context that gives the function to knock with; it may be asked for a corpus.
        share: of the number of inputs that this door gets; less where each one is slow.
        limit_seconds: for one input.
    """

    opened: Callable[[Path | None], Any]
    share: float = 1.0
    limit_seconds: float = 10.0


def _folder() -> tempfile.TemporaryDirectory[str]:
    """One in memory where there is such a place: files are made and lost by the thousand."""
    memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None)


def _visible(error: KgError) -> str:
    """Refused, if its message is one that a terminal may show."""
    from kg.queries.formats import visible  # noqa: PLC0415 - heavy

    for line in str(error).splitlines():
        if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", visible(line)):
            raise Escape(f"a message obeys: {line!r}") from error
    return REFUSED


def _sound(document: Any) -> None:
    """What holds for every document."""
    from kg.sentences import split  # noqa: PLC0415 - heavy

    end = -1
    for block in document.blocks:
        if not end < block.start < block.end <= len(document.text):
            raise Escape("blocks overlap")
        end = block.end
    for sentence in split(document):
        if document.text[sentence.start : sentence.end] != sentence.text:
            raise Escape("a span does not slice back")


def _reader(make: Callable[[Random], str | bytes], suffix: str) -> Any:
    """A file of one kind, read and split."""

    @contextmanager
    def opened(_: Path | None) -> Iterator[Knock]:
        from kg.documents import read, read_lines  # noqa: PLC0415 - heavy

        with _folder() as folder:
            path = Path(folder) / f"x{suffix}"

            def knock(rng: Random) -> str:
                made = make(rng)
                if isinstance(made, str):
                    encoding = rng.choice(("utf-8",) * 6 + inputs.ENCODINGS)
                    made = made.encode(
                        encoding,
                        "surrogatepass"
                        if "utf-" in encoding and encoding != "utf-7"
                        else "replace",
                    )
                path.write_bytes(made)
                try:
                    _sound(read(path))
                    if suffix == ".txt" and rng.random() < 0.2:
                        for line in read_lines(path):
                            _sound(line)
                except KgError as error:
                    return _visible(error)
                return ACCEPTED

            yield knock

    return opened


@contextmanager
def _declarations(_: Path | None) -> Iterator[Knock]:
    from kg.documents import find  # noqa: PLC0415 - heavy

    with _folder() as folder:
        root = Path(folder)
        (root / "a.md").write_text(inputs.POLICY)

        def knock(rng: Random) -> str:
            (root / "corpus.toml").write_bytes(
                inputs.declarations(rng).encode("utf-8", "surrogatepass")
            )
            try:
                list(find([root]))
            except KgError as error:
                return _visible(error)
            return ACCEPTED

        yield knock


@contextmanager
def _names(_: Path | None) -> Iterator[Knock]:
    """Folders with odd names, links, pipes and devices."""
    from kg.documents import find, read  # noqa: PLC0415 - heavy

    def knock(rng: Random) -> str:
        with _folder() as folder:
            root = Path(folder, "corpus")
            root.mkdir()
            Path(folder, "secret.md").write_text(f"# Secret\n\n{inputs.POLICY} SECRET")
            for _ in range(rng.randint(1, 4)):
                _odd(rng, root)
            verdict = ACCEPTED
            try:
                for source in find([root]):
                    try:
                        if (
                            source.error is None
                            and "SECRET" in read(source.path, name=source.name).text
                        ):
                            raise Escape("a link led out of the corpus")
                    except KgError as error:
                        verdict = _visible(error)
            except KgError as error:
                return _visible(error)
            return verdict

    yield knock


def _odd(rng: Random, root: Path) -> None:
    name = (
        (inputs.text(rng, 20) + rng.choice((".md", ".txt", ".html", ".pdf", "")))
        .replace("/", "_")
        .replace("\0", "_")
    )
    if rng.random() < 0.2:
        name = rng.choice(("corpus.toml", "2020-99-99.md", "Privacy Policy.md", "a" * 250 + ".md"))
    path = os.fsencode(root) + b"/" + name.encode("utf-8", "surrogatepass")[:250]
    kind = rng.randrange(7)
    try:
        if kind == 0:
            os.mkfifo(path)
        elif kind == 1:
            os.symlink(  # noqa: PTH211 - bytes
                rng.choice(
                    (b".", b"..", b"../secret.md", b"/dev/zero", b"/dev/stdin", path, b"nowhere")
                ),
                path,
            )
        elif kind == 2:
            os.mkdir(path)  # noqa: PTH102 - bytes
        elif kind == 3:
            os.symlink(b"../secret.md", path + b".md")  # noqa: PTH211 - bytes
        else:
            with open(path, "xb") as file:  # noqa: PTH123 - bytes; not into a pipe made before
                file.write(inputs.lines(rng).encode("utf-8", "surrogatepass"))
    except OSError:
        return  # this file system has no such name


@contextmanager
def _history(_: Path | None) -> Iterator[Knock]:
    """Git repositories with hostile paths, dates and objects."""
    import subprocess  # noqa: PLC0415

    from kg.documents import Wanted, read, versions  # noqa: PLC0415 - heavy

    def knock(rng: Random) -> str:
        with _folder() as folder:
            subprocess.run(["git", "init", "-q", "--bare", folder], check=True)
            stream = b""
            for _ in range(rng.randint(1, 3)):
                name = rng.choice(
                    (
                        "a/Privacy Policy.md",
                        f"{inputs.text(rng, 20)}/Privacy Policy.md",
                        "-x/Privacy Policy.md",
                    )
                )
                path = (
                    name.encode("utf-8", "replace")
                    .replace(b"\\", b"\\\\")
                    .replace(b'"', b'\\"')
                    .replace(b"\n", b"\\n")
                    .replace(b"\0", b"_")
                )
                body = inputs.lines(rng).encode("utf-8", "replace")
                mode = rng.choice((b"100644", b"100755", b"120000"))
                when = rng.choice(
                    (b"0", b"1600000000", b"99999999999", b"253402300800")
                ) + rng.choice((b" +0000", b" +1400", b" -9900"))
                stream += b"commit refs/heads/main\ncommitter x <x> " + when + b"\ndata 0\n"
                stream += (
                    b"M " + mode + b' inline "' + path + b'"\ndata %d\n' % len(body) + body + b"\n"
                )
            done = subprocess.run(
                ["git", "-C", folder, "fast-import", "--quiet", "--force"],
                input=stream,
                capture_output=True,
                check=False,
            )
            subprocess.run(
                ["git", "-C", folder, "symbolic-ref", "HEAD", "refs/heads/main"], check=True
            )
            verdict = ACCEPTED if done.returncode == 0 else REFUSED
            with Path(folder, "config").open("a") as file:
                file.write(f"[core]\n\tfsmonitor = touch {folder}/RAN\n\thooksPath = {folder}\n")
            try:
                for source in versions(Path(folder), Wanted(most=3)):
                    try:
                        _sound(read(source.path, name=source.name, revision=source.revision))
                    except KgError as error:
                        verdict = _visible(error)
            except KgError as error:
                return _visible(error)
            finally:
                if Path(folder, "RAN").exists():
                    raise Escape("git ran what the repository names")
            return verdict

    yield knock


def hostile_reading(rng: Random) -> Any:
    """A reading in which every text and IRI may be anything."""
    from kg import model as m  # noqa: PLC0415

    def iri() -> str | None:
        return rng.choice(
            (
                None,
                "https://w3id.org/privflow#EmailAddress",
                inputs.text(rng),
                "urn:x" + inputs.text(rng),
            )
        )

    def mention() -> Any:
        return m.Mention(
            inputs.text(rng),
            rng.randint(-1, 99),
            rng.randint(0, 10**12),
            iri(),
            rng.choice((None, inputs.text(rng))),
            iri(),
        )

    def some() -> tuple[Any, ...]:
        return tuple(mention() for _ in range(rng.choice((0, 1, 2))))

    def evidence() -> Any:
        spans = tuple(m.Span(inputs.text(rng), 0, 9) for _ in range(rng.choice((0, 2))))
        return m.Evidence(
            inputs.text(rng),
            inputs.text(rng, 400),
            0,
            5,
            headings=(inputs.text(rng),),
            context=spans,
        )

    statements = tuple(
        m.Statement(
            rng.choice(tuple(m.Action)), rng.choice(tuple(m.Polarity)), rng.choice(tuple(m.Modality)), mention(), evidence(),
            negation=rng.choice((None, mention())), actor=rng.choice((None, mention())), data=some(), recipients=some(), sources=some(),
            purposes=some(), legal_bases=some(), locations=some(), retention=some(), conditions=some(), methods=some(), threats=some(),
            data_subject=rng.choice((None, "child", inputs.text(rng))), confidence=rng.random(),
        )
        for _ in range(rng.randint(0, 3))
    )  # fmt: skip
    document = m.Document(
        inputs.text(rng), "", publisher=rng.choice((None, inputs.text(rng))), names=(inputs.text(rng), inputs.text(rng)), title=inputs.text(rng),
        url="https://x.example/" + inputs.text(rng), source_url=inputs.text(rng), updated=date(2020, 1, 1), series=rng.choice((None, inputs.text(rng))),
        sha256=inputs.text(rng),
    )  # fmt: skip
    definitions = (m.Definition(mention(), some(), evidence()),) if rng.random() < 0.5 else ()
    rights = (
        (m.Right(iri() or "urn:right", inputs.text(rng), mention(), evidence()),)
        if rng.random() < 0.5
        else ()
    )
    return m.Reading(document, statements, definitions, rights=rights)


@contextmanager
def _writer(_: Path | None) -> Iterator[Knock]:
    import pyoxigraph as ox  # noqa: PLC0415 - heavy

    from kg.iris import BASE  # noqa: PLC0415
    from kg.triples import catalogue, describe_reading, literal, snapshot, snapshot_of  # noqa: PLC0415 - heavy

    def knock(rng: Random) -> str:
        said = inputs.text(rng, 200)
        [quad] = ox.parse(f"<urn:s> <urn:p> {literal(said)} .\n", format=ox.RdfFormat.N_QUADS)
        meant = re.sub("[\ud800-\udfff]", "\ufffd", said)
        if quad.object.value != meant:  # type: ignore[union-attr]
            raise Escape("a literal came back as another")
        reading = hostile_reading(rng)
        for made, graph in (
            (describe_reading(reading, BASE), snapshot_of(reading.document)),
            (catalogue([snapshot(reading)]), f"{BASE}catalogue"),
        ):
            found = list(ox.parse(made, format=ox.RdfFormat.N_QUADS))
            if len(found) != made.count("\n") or any(q.graph_name.value != graph for q in found):  # type: ignore[union-attr]
                raise Escape("a text added a quad or changed a graph")
            if any(
                "urn:escaped" in str(term)
                for q in found
                for term in (q.subject, q.predicate, q.graph_name)
            ):
                raise Escape("a text became a term")
        return ACCEPTED

    yield knock


@contextmanager
def _queries(_: Path | None) -> Iterator[Knock]:
    """The guard, and behind it the engine with a server that must never be called."""
    import pyoxigraph as ox  # noqa: PLC0415 - heavy

    from kg.queries.sparql import check  # noqa: PLC0415

    store = ox.Store()
    terms = [ox.NamedNode("urn:p"), ox.NamedNode("urn:xy"), ox.NamedNode("urn:s")]
    values = [*terms, *(ox.Literal(value) for value in (True, False, 1, -1, "x"))]
    for s in terms:
        for p in terms:
            for o in values:
                store.add(ox.Quad(s, p, o))
    size = len(store)
    with listening() as (address, calls):

        def knock(rng: Random) -> str:
            made = inputs.update(rng, address) if rng.random() < 0.1 else inputs.query(rng, address)
            return answered(made, store, calls, check, size)

        yield knock


def answered(
    text: str, store: Any, calls: list[int], check: Callable[[str], object], size: int
) -> str:
    """Whether the guard lets a query pass, and that the engine then does no harm."""
    try:
        check(text)
    except KgError as error:
        return _visible(error)
    before = len(calls)
    try:
        found = store.query(text)
        for _, _row in zip(range(20), found if hasattr(found, "__iter__") else (), strict=False):
            pass
    except (SyntaxError, ValueError, RuntimeError, OSError):
        pass
    if len(calls) > before:
        raise Escape(f"the engine called out: {text!r}")
    if len(store) != size:
        raise Escape(f"the store was changed: {text!r}")
    return ACCEPTED


@contextmanager
def listening() -> Iterator[tuple[str, list[int]]]:
    """A server on this machine that only counts its calls; its address."""
    calls: list[int] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)

        def count() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                calls.append(1)
                with line:
                    line.settimeout(1)
                    try:
                        line.recv(4096)
                        line.sendall(
                            b"HTTP/1.1 500 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        )
                    except OSError:
                        continue

        threading.Thread(target=count, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", calls
        server.shutdown(socket.SHUT_RDWR)


def small_graph() -> str:
    """Some statements of an invented company, with the ontology, as N-Quads."""
    from kg.documents import read_text  # noqa: PLC0415 - heavy
    from kg.ontology import ontology_quads  # noqa: PLC0415 - heavy
    from kg.statements import read_statements  # noqa: PLC0415 - heavy
    from kg.triples import catalogue, describe_reading, snapshot  # noqa: PLC0415 - heavy

    policy = f"# Acme Privacy Policy\n\nLast updated: 1 May 2020\n\n{inputs.POLICY}"
    reading = read_statements(read_text(policy, name="acme.md", kind="md"), tagger=None)
    return ontology_quads() + describe_reading(reading) + catalogue([snapshot(reading)])


@contextmanager
def _parameters(_: Path | None) -> Iterator[Knock]:
    """Values for the parameters of canned questions."""
    from kg.queries import run  # noqa: PLC0415 - heavy
    from kg.queries.canned import PARAMETERS, get, names  # noqa: PLC0415
    from kg.store import memory_store  # noqa: PLC0415

    with memory_store(small_graph()) as store:
        size = len(store)

        def knock(rng: Random) -> str:
            query = get(rng.choice(names()))
            wanted = {*query.requires, *rng.sample(query.parameters, min(len(query.parameters), 2))}
            if rng.random() < 0.05:
                wanted.add(rng.choice(tuple(PARAMETERS)))
            fitting = rng.random() < 0.6
            given = {
                name: inputs.taken(rng, name)
                if fitting
                else inputs.text(rng) * rng.choice((1, 1, 1, 900))
                for name in sorted(wanted)
            }
            try:
                run(query, store, least=rng.choice((0.0, 0.0, 0.5)), **given)
            except KgError as error:
                return _visible(error)
            finally:
                if len(store) != size:
                    raise Escape("the store was changed")
            return ACCEPTED

        yield knock


@contextmanager
def _http(_: Path | None) -> Iterator[Knock]:
    """Bytes to the socket of ``kg serve``."""
    from kg.store import build_store  # noqa: PLC0415 - heavy
    from tests.serving import serving  # noqa: PLC0415

    with _folder() as folder:
        build_store([small_graph()], folder)
        with serving(Path(folder), "--rate", "0") as served:

            def knock(rng: Random) -> str:
                asked, is_whole = inputs.request(rng)
                patience = 9 if is_whole else _PATIENCE_SECONDS
                head, _, body = _sent(served.port, asked, patience).partition(b"\r\n\r\n")
                if served.process.poll() is not None or not (line := _status(served.port)):
                    raise Escape("the server is gone")
                if b"Traceback" in body or b"root:x:0" in body:
                    raise Escape("it told what it must not")
                status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/1.1 ") else 0
                if head and (not status or status in {500, 501, 502}):
                    raise Escape(f"it answered {head[:200]!r}")
                return ACCEPTED if 200 <= status < 400 and line else REFUSED

            yield knock
            if any("Traceback" in line for line in served.log):
                raise Escape("".join(served.log)[-3000:])


def _sent(port: int, data: bytes, patience_seconds: float) -> bytes:
    """What comes back for some bytes; empty when the line is closed, or more is waited for."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), timeout=9) as line:
        try:
            line.sendall(data)
            line.settimeout(patience_seconds)
            while more := line.recv(1 << 16):
                found += more
        except (ConnectionError, TimeoutError):
            return found
    return found


def _status(port: int) -> int:
    """Of a plain request."""
    said = _sent(port, b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 9)
    return int(said.split(b" ", 2)[1]) if said else 0


@contextmanager
def _mutated(corpus: Path | None) -> Iterator[Knock]:
    """Documents of a corpus, mutated in memory; about one in six is followed to its N-Quads."""
    import pyoxigraph as ox  # noqa: PLC0415 - heavy

    from kg.documents import SUFFIXES, read_text  # noqa: PLC0415 - heavy
    from kg.statements import read_statements  # noqa: PLC0415 - heavy
    from kg.triples import describe_reading, snapshot_of  # noqa: PLC0415 - heavy

    if corpus is None:
        raise FileNotFoundError("the door needs a corpus")
    files = sorted(
        path for path in corpus.rglob("*") if path.suffix in SUFFIXES - {".pdf"} and path.is_file()
    )[:2000]

    def knock(rng: Random) -> str:
        path = rng.choice(files)
        made = inputs.mutated(rng, path.read_bytes()[:100_000])
        kind = {".md": "md", ".html": "html", ".htm": "html"}.get(path.suffix, "txt")
        try:
            document = read_text(made.decode("utf-8", "surrogateescape"), name=path.name, kind=kind)  # type: ignore[arg-type]
        except KgError as error:
            return _visible(error)
        _sound(document)
        if rng.random() < 0.3 and len(document.text) < 20_000:
            reading = read_statements(document)
            for statement in reading.statements:
                for span in (statement.evidence, statement.trigger):
                    if document.text[span.start : span.end] != span.text:
                        raise Escape("a span does not slice back")
            graph = snapshot_of(document)
            if any(
                q.graph_name.value != graph
                for q in ox.parse(describe_reading(reading), format=ox.RdfFormat.N_QUADS)
            ):  # type: ignore[union-attr]
                raise Escape("a quad outside of its graph")
            return EXTRACTED
        return ACCEPTED

    yield knock


DOORS: dict[str, Door] = {
    "html": Door(_reader(inputs.markup, ".html")),
    "markdown": Door(_reader(inputs.lines, ".md")),
    "text": Door(_reader(inputs.lines, ".txt")),
    "pdf": Door(_reader(inputs.pdf, ".pdf")),
    "front matter": Door(_reader(inputs.front, ".md")),
    "corpus.toml": Door(_declarations),
    "file names": Door(_names),
    "git history": Door(_history, share=0.02),
    "N-Quads": Door(_writer),
    "SPARQL": Door(_queries),
    "parameters": Door(_parameters),
    "HTTP": Door(_http),
    "mutated": Door(_mutated, share=0.1, limit_seconds=60),
}
