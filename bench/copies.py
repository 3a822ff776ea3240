"""Real graphs -> big ones, by renamed copies: ``python -m bench.copies GRAPH... --quads N -o DIR``.

A copy of a company has another name, invented by a rule ("Bakolu Harbor"), and all that is its own
has other IRIs: snapshots with their graphs and dates, policies, claims, evidence, changes, the
concepts that only its policies name. What is shared stays shared: the ontology, places, named
third parties such as Google. Sentences begin with the copy's name, so that no text stands there
twice; their places in the text (``oa:start``) are those of the original. Flow keys are computed
anew. The same graphs give the same copies.

Several graphs take equal shares of the quads: one of many companies and one of many
versions together are as wide and as deep as a graph that grew for years.
"""

from __future__ import annotations

import argparse
import io
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha1
from itertools import chain, count, product
from pathlib import Path
from typing import Any

from kg.iris import BASE, PF, digest, party_iri
from kg.ontology import ontology_quads
from kg.store import Store, build_store, open_store
from kg.triples import DCT, DPV, OA, RDF, RDFS, catalogue_graph

_SYLLABLES = tuple(
    consonant + vowel for consonant in "bdfghjklmnprstvwyzxc" for vowel in "aeiou"
)  # 100: three make a million names
_SECOND = (
    *("Harbor", "Lamp", "Ferry", "Orbit", "Kiosk", "Meadow", "Anvil", "Cello", "Dome", "Jetty"),
    *("Garden", "Needle", "Parcel"),
)
_IDENTIFIED = "snapshot|policy|statement|evidence|definition|right|changes|change|concept"
_QUOTED = rb'"(?:[^"\\]|\\.)*"'
_DATE = rb'[0-9]{4}-[0-9]{2}-[0-9]{2}"'


def company_name(number: int) -> str:
    """An invented name; no two of a million are the same.

    >>> company_name(0) != company_name(1)
    True
    """
    mixed = number * 618_033 % 1_000_003 % 1_000_000
    one, two, three = mixed // 10_000, mixed // 100 % 100, mixed % 100
    word = _SYLLABLES[one] + _SYLLABLES[two] + _SYLLABLES[three]
    return f"{word.capitalize()} {_SECOND[number % len(_SECOND)]} {number}"


@dataclass(frozen=True, slots=True)
class Company:
    """A publisher of a graph, with the graphs that hold what its policies say.

    Attributes:
        graphs: IRIs of its snapshots' graphs and of those of their changes.
        listed: its lines of the catalogue as N-Triples.
        quads: how many there are of all these.
    """

    folder: Path
    iri: str
    graphs: tuple[str, ...]
    listed: bytes
    quads: int


def companies(folder: Path) -> tuple[Company, ...]:
    """The publishers of a graph, in a fixed order that is not that of their names."""
    with open_store(folder) as store:
        held = set(store.graphs())
        owners: dict[str, str] = {}
        own: dict[str, set[str]] = {}
        for node, party in store.query("SELECT ?node ?party { ?node dct:publisher ?party }"):
            owners[node.value] = owners[party.value] = party.value
            name = node.value.replace(f"{BASE}policy/", f"{BASE}changes/")
            own.setdefault(party.value, set()).update({name} & held)
        lines: dict[str, list[bytes]] = {party: [] for party in own}
        for line in _dumped(store, catalogue_graph()).splitlines(keepends=True):
            lines[owners[line[1 : line.index(b">")].decode()]].append(line)
        found = []
        for party in sorted(own, key=digest):
            graphs = tuple(sorted(own[party]))
            sizes = [sum(1 for _ in _quads(store, graph)) for graph in graphs]
            listed = b"".join(lines[party])
            found.append(Company(folder, party, graphs, listed, sum(sizes) + len(lines[party])))
    return tuple(found)


def shares(found: Sequence[Sequence[Company]], quads: int) -> list[tuple[Company, list[int]]]:
    """Each company with the numbers of its copies, so that all together have about so many quads.

    Args:
        found: the companies of each graph; each graph gets an equal share.
    """
    numbers = count()
    copies: dict[str, tuple[Company, list[int]]] = {}
    for group in found:
        left = quads / len(found)
        before = left + 1
        while left < before:  # until no company fits any more
            before = left
            for company in group:
                if company.quads <= left:
                    left -= company.quads
                    name = f"{company.folder} {company.iri}"
                    copies.setdefault(name, (company, []))[1].append(next(numbers))
    return list(copies.values())


def shards(folders: Sequence[Path], quads: int) -> Iterator[bytes]:
    """The N-Quads of a graph of about so many quads, piece by piece.

    Args:
        folders: of the graphs that are copied.
    """
    known = ontology_quads()
    yield known.encode()
    planned = shares([companies(folder) for folder in folders], quads - known.count("\n"))
    for folder in folders:
        with open_store(folder) as store:
            for company, numbers in planned:
                if company.folder == folder:
                    yield from _copies(store, company, numbers)


def make(folders: Sequence[Path], quads: int, path: Path) -> int:
    """Writes such a graph into a folder; gives its number of quads."""
    build_store(shards(folders, quads), path)
    with open_store(path) as store:
        return len(store)


def _quads(store: Store, graph: str) -> Iterator[Any]:
    from pyoxigraph import NamedNode  # noqa: PLC0415 - heavy

    return iter(store.inner.quads_for_pattern(None, None, None, NamedNode(graph)))


def _dumped(store: Store, graph: str) -> bytes:
    output = io.BytesIO()
    store.dump(output, "nt", graph)
    return output.getvalue()


def _copies(store: Store, company: Company, numbers: Sequence[int]) -> Iterator[bytes]:
    listed = _renamed_names(company.listed)
    templates = [_Template(listed, company.iri, catalogue_graph(), frozenset())]
    for graph in company.graphs:
        text = _dumped(store, graph)
        label = re.escape(f"<{company.iri}> <{RDFS}label> ".encode())
        text = re.sub(b"(" + label + b")" + _QUOTED, rb'\1"@NAME@"', text)
        places = re.findall(f"<{DPV}hasLocation> <([^>]+)>".encode(), text)
        templates.append(_Template(text, company.iri, graph, frozenset(places)))
    for number in numbers:
        yield b"".join(template.copy(number) for template in templates)


def _renamed_names(listed: bytes) -> bytes:
    """A company's lines of the catalogue, with marks in place of names and addresses."""
    lines = []
    aliases = count(1)
    for line in listed.splitlines(keepends=True):
        subject, name, value = line.split(b" ", 2)
        name = name[1:-1]
        digits = subject[-17:-1].decode()
        if name == f"{PF}publisherName".encode():
            value = b'"@NAME@" .\n'
        elif name == f"{PF}alias".encode():
            value = b'"@NAME@ Group %d" .\n' % next(aliases)
        elif name == f"{DCT}title".encode():
            value = b'"@NAME@ Privacy Policy" .\n'
        elif name == f"{DCT}identifier".encode():
            value = f'"@NAME@/{digest(digits, value.decode())}.md" .\n'.encode()
        elif name == f"{DCT}source".encode():
            value = f'"https://policy.example/{digits}" .\n'.encode()
        elif name == f"{RDFS}label".encode():
            day = re.search(_DATE, value)
            value = b'"@NAME@ ' + day[0] + b" .\n" if day else b'"@NAME@" .\n'
        lines.append(subject + b" <" + name + b"> " + value)
    return b"".join(lines)


class _Template:
    """A graph's text, cut where a copy differs."""

    def __init__(self, text: bytes, party: str, graph: str, shared: frozenset[bytes]) -> None:
        text = text.replace(b" .\n", f" <{graph}> .\n".encode())
        pattern = "|".join(
            (
                f"{re.escape(BASE)}(?:{_IDENTIFIED})/[0-9a-f]{{16}}",
                f"{re.escape(party)}(?=>)",
                f'<{re.escape(PF)}flowKey> "[0-9a-f]{{16}}',
                f'<{re.escape(PF)}sentence> "',
                f'/quote> <{re.escape(OA)}exact> "',
                "@NAME@",
            )
        )
        pieces = re.split(f"({pattern})".encode(), text)
        self.party = party.encode()
        self.shared = shared
        self.fixed = pieces[0::2]
        self.tokens = pieces[1::2]
        self.flows = _flows(text)

    def copy(self, number: int) -> bytes:
        name = company_name(number).encode()
        iris: dict[bytes, bytes] = {self.party: party_iri(name.decode()).encode()}
        iris |= {place: place for place in self.shared}

        def renamed(value: bytes) -> bytes:
            found = iris.get(value)
            if found is None:
                found = iris[value] = (
                    value[:-16] + digest(str(number), value.decode()).encode()
                    if re.fullmatch(b".*/[0-9a-f]{16}", value)
                    and not value.startswith(f"{BASE}party/".encode())
                    else value
                )
            return found

        texts: dict[bytes, bytes] = {}
        for token in set(self.tokens):
            if token == b"@NAME@":
                texts[token] = name
            elif token.endswith(b'"'):
                texts[token] = token + name + b": "
            elif token.startswith(b"<"):
                head, key = token[:-16], token[-16:]
                parts = b" ".join(map(renamed, self.flows[key]))
                texts[token] = head + sha1(parts).hexdigest()[:16].encode()
            else:
                texts[token] = renamed(token)
        ends = chain(map(texts.__getitem__, self.tokens), (b"",))
        return b"".join(chain.from_iterable(zip(self.fixed, ends, strict=True)))


def _flows(text: bytes) -> dict[bytes, tuple[bytes, ...]]:
    """Flow key -> the IRIs that it is made of: actor, action, data, recipient, kind."""
    wanted = {
        f"<{PF}action>".encode(): "action",
        f"<{PF}actor>".encode(): "actor",
        f"<{DPV}hasDataController>".encode(): "controller",
        f"<{DPV}hasPersonalData>".encode(): "data",
        f"<{DPV}hasRecipient>".encode(): "recipient",
        f"<{RDF}type>".encode(): "kind",
    }
    nodes: dict[bytes, dict[str, list[bytes]]] = {}
    for line in text.splitlines():
        if not line.startswith(f"<{BASE}statement/".encode()):
            continue
        subject, name, value = line.split(b" ", 2)
        if role := wanted.get(name):
            node = nodes.setdefault(subject, {})
            node.setdefault(role, []).append(value[1 : value.index(b">")])
    found = {}
    for node in nodes.values():
        if "action" not in node:
            continue
        actors = node.get("controller") or node.get("actor") or [b""]
        roles = (actors, node["action"], node.get("data", [b""]), node.get("recipient", [b""]))
        for parts in product(*roles, node["kind"]):
            found[sha1(b" ".join(parts)).hexdigest()[:16].encode()] = parts
    return found


def main() -> None:
    """Writes a big graph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graphs", type=Path, nargs="+", metavar="GRAPH")
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    start = time.perf_counter()
    quads = make(arguments.graphs, arguments.quads, arguments.output)
    print(f"{quads:,} quads in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
