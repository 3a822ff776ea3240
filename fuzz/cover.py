"""Coverage-guided fuzzing, by atheris: ``python -m fuzz.cover html -max_total_time=60``.

What follows the reader's name goes to libFuzzer: ``-runs=1000 -seed=1``, a folder of beginnings,
a file that crashed. A finding is an exception that no reader documents, or a span that does not
slice back.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import suppress

import atheris

with atheris.instrument_imports(
    include=["kg.documents", "kg.sentences", "kg.queries.sparql", "kg.triples"]
):
    import kg.documents.dates
    import kg.documents.html
    import kg.documents.markdown
    import kg.documents.pdf
    import kg.documents.publisher
    import kg.triples
    from kg.documents import read_text
    from kg.documents.files import decode
    from kg.documents.pdf import read_pdf
    from kg.errors import KgError
    from kg.queries.sparql import check

import pyoxigraph as ox

from fuzz.doors import Escape, _sound, answered, listening
from fuzz.inputs import POLICY

_ADDRESS = ""
_CALLS: list[int] = []
_STORE = ox.Store()
_STORE.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(1)))


def _page(kind: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        text = decode(data, "x", is_html=kind == "html")
        _sound(read_text(f"{POLICY}\n\n{text}", name="x", kind=kind))  # type: ignore[arg-type]

    return read


def _asked(data: bytes) -> None:
    """What the guard lets pass neither calls out nor changes anything."""
    answered(data.decode("utf-8", "replace").replace("URL", _ADDRESS), _STORE, _CALLS, check, 1)


def _written(data: bytes) -> None:
    """A literal and an IRI are themselves again, and one quad."""
    said = data.decode("utf-8", "surrogateescape")
    line = f"<urn:s> {kg.triples.iri(said)} {kg.triples.literal(said)} <urn:g> .\n"
    [quad] = ox.parse(line, format=ox.RdfFormat.N_QUADS)
    meant = re.sub("[\ud800-\udfff]", "\ufffd", said)
    if quad.object.value != meant or quad.graph_name.value != "urn:g":
        raise Escape(line)


READERS: dict[str, Callable[[bytes], object]] = {
    "html": _page("html"),
    "md": _page("md"),
    "txt": _page("txt"),
    "front": lambda data: _page("md")(b"---\n" + data + b"\n---\n"),
    "pdf": lambda data: read_pdf(data, "x"),
    "guard": _asked,
    "date": lambda data: kg.documents.dates.find_dates([data.decode("utf-8", "replace")]),
    "nquads": _written,
}


def main() -> None:
    """Runs until libFuzzer has had enough, or found something."""
    reader = READERS[sys.argv.pop(1)]
    with listening() as (address, calls):
        globals().update(_ADDRESS=address, _CALLS=calls)
        _run(reader)


def _run(reader: Callable[[bytes], object]) -> None:

    def once(data: bytes) -> None:
        with suppress(KgError):
            reader(data)

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
