"""Two invented texts -> the claims that are read from them, for tests of what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from kg.changes import Change, changes_between
from kg.changes.graph import with_ontology
from kg.claims import Claim, claims_of, sources
from kg.concepts import Concepts, concepts
from kg.documents import read_text
from kg.model import Document, Reading
from kg.statements import read_statements
from kg.store import memory_store
from kg.triples import Snapshot, catalogue, describe_reading, snapshot

DAYS = (date(2019, 3, 1), date(2021, 6, 15))


@cache
def read(text: str, day: date, publisher: str) -> Reading:
    """A text as a policy of a company, read."""
    filled = text.replace("{{Name}}", publisher).replace("{{name}}", publisher.casefold())
    policy = f"# {publisher} Privacy Policy\n\n{filled.strip()}\n"
    document: Document = read_text(policy, name=f"{day}.md", kind="md")
    return read_statements(replace(document, publisher=publisher, effective=day))


def snapshots(
    before: str, after: str, names: tuple[str, str] = ("Acme", "Acme")
) -> list[tuple[Reading, Snapshot]]:
    """Both texts as snapshots of one policy."""
    readings = [read(t, d, n) for t, d, n in zip((before, after), DAYS, names, strict=True)]
    return [(reading, snapshot(reading)) for reading in readings]


def claims_in(
    before: str, after: str, names: tuple[str, str] = ("Acme", "Acme")
) -> tuple[list[Claim], list[Claim], Concepts]:
    """The claims of two texts, as a graph holds them."""
    both = snapshots(before, after, names)
    text = "".join([*(describe_reading(r) for r, _ in both), catalogue(s for _, s in both)])
    with memory_store(text) as store:
        known = with_ontology(concepts(store))
        listed = {one.graph: one for one in sources(store)}
        old, new = (claims_of(store, listed[s.graph], known.labels) for _, s in both)
    return old, new, known


def changes_in(
    before: str, after: str, names: tuple[str, str] = ("Acme", "Acme")
) -> tuple[Change, ...]:
    """What changed from one text to the other."""
    old, new, known = claims_in(before, after, names)
    texts = tuple(r.document.text for r, _ in snapshots(before, after, names))
    return changes_between(old, new, known, texts=(texts[0], texts[1]))
