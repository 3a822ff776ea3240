"""Coverage-guided fuzzing, by atheris: ``python -m fuzz.cover html -max_total_time=60``.

What follows the reader's name goes to libFuzzer: ``-runs=1000 -seed=1``, a folder of beginnings,
a file that crashed. A finding is an exception that no reader documents, or a span that does not
slice back.
"""

from __future__ import annotations

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

from fuzz.doors import _sound
from fuzz.inputs import POLICY


def _page(kind: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        text = decode(data, "x", is_html=kind == "html")
        _sound(read_text(f"{POLICY}\n\n{text}", name="x", kind=kind))  # type: ignore[arg-type]

    return read


READERS: dict[str, Callable[[bytes], object]] = {
    "html": _page("html"),
    "md": _page("md"),
    "txt": _page("txt"),
    "front": lambda data: _page("md")(b"---\n" + data + b"\n---\n"),
    "pdf": lambda data: read_pdf(data, "x"),
    "query": lambda data: check(data.decode("utf-8", "replace")),
    "date": lambda data: kg.documents.dates.find_dates([data.decode("utf-8", "replace")]),
    "literal": lambda data: kg.triples.literal(data.decode("utf-8", "surrogateescape")),
}


def main() -> None:
    """Runs until libFuzzer has had enough, or found something."""
    reader = READERS[sys.argv.pop(1)]

    def once(data: bytes) -> None:
        with suppress(KgError):
            reader(data)

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
