"""A server's graph, read as if it lay in a folder."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, NoReturn

from kg.errors import QueryError, StoreError
from kg.iris import PF
from kg.ontology import CLOSURE_GRAPH, ONTOLOGY_GRAPH
from kg.queries.sparql import Checked, tokens
from kg.remote.address import Address
from kg.remote.bound import with_prefixes, with_values
from kg.remote.client import NTRIPLES, Client
from kg.shards import MARK
from kg.store import PREFIXES, Store, memory_store
from kg.triples import literal

if TYPE_CHECKING:
    from rdflib import Dataset

    from kg.model import Result

#: What every graph of ours holds, in the graph of the ontology's closure.
_THERE = f"?narrow <{PF}broaderTransitive> ?broad"
#: Request parameters by which a server may be told to look in all graphs; tried in this order.
_UNIONS: tuple[Mapping[str, str], ...] = ({}, {"union-default-graph": "true"})
#: How Virtuoso 7.2.5 answers ASK: a row with this variable.
_OLD_ASK = "__ASK_RETVAL"
#: How the name of a catalogue ends, after the base.
_CATALOGUE = "catalogue"
#: Graphs that are kept after they were read whole.
_KEPT = 8


class RemoteStore(Store):
    """A graph on a server. Use it in a ``with`` block, or call :meth:`close`."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.path = None
        self._held = ()
        self._read: OrderedDict[str, Store] = OrderedDict()
        self.parameters = _union(client)

    def __len__(self) -> int:
        """Number of quads in our graphs, without their marks."""
        text = (
            "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } "
            f"FILTER(?p != <{MARK}>) FILTER({self._ours()}) }}"
        )
        return next(int(row[0].value) for row in self.query(text))

    def close(self) -> None:
        """Ends the connection."""
        self.client.close()

    def query(self, text: str, bindings: Mapping[str, Any] | None = None) -> Any:
        """The server's answer to SPARQL over all graphs together.

        Args:
            text: SELECT or ASK, trusted; for what users type there is
                :func:`kg.queries.run_sparql`.
            bindings: variable name -> the engine's term.

        Raises:
            QueryError: the server refuses the query, cuts its answer, or took too long.
            StoreError: the server cannot be reached.
        """
        text = with_prefixes(with_values(text, bindings or {}), PREFIXES)
        return _parsed(self.client.query(text, parameters=self.parameters))

    def triples(self, text: str) -> bytes:
        """N-Triples of a CONSTRUCT or DESCRIBE; raises as :meth:`query`."""
        return self.client.query(
            with_prefixes(text, PREFIXES), accept=NTRIPLES, parameters=self.parameters
        )

    def quads(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        value: str | None = None,
        graph: str | None = None,
    ) -> Iterator[Any]:
        """The quads of a pattern of IRIs; of one graph, they are read from it whole."""
        if graph is not None:
            return self._whole(graph).quads(subject, predicate, value, graph)
        return self._quads(subject, predicate, value)

    def _quads(
        self, subject: str | None, predicate: str | None, value: str | None
    ) -> Iterator[Any]:
        from pyoxigraph import NamedNode, Quad  # noqa: PLC0415 - heavy

        given = {"s": subject, "p": predicate, "o": value}
        bindings = {name: NamedNode(iri) for name, iri in given.items() if iri is not None}
        rows = self.query("SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }", bindings)
        return (Quad(*row) for row in rows if row[1].value != MARK)

    def graphs(self) -> list[str]:
        """IRIs of our named graphs, sorted."""
        marked = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?g <{MARK}> ?v }} }}"
        rows = list(self.query(marked))
        if not rows:  # the server was filled by a bulk loader
            text = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({self._ours()}) }}"
            rows = list(self.query(text))
        return sorted(row[0].value for row in rows)

    def _ours(self) -> str:
        """What is true of the graphs ``?g`` that are ours: they are named as a catalogue is."""
        text = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s a pf:Snapshot } }"
        names = (row[0].value for row in self.query(text))
        bases = {name[: -len(_CATALOGUE)] for name in names if name.endswith(_CATALOGUE)}
        begins = [f"STRSTARTS(STR(?g), {literal(base)})" for base in sorted(bases)]
        return " || ".join([f"?g IN (<{ONTOLOGY_GRAPH}>, <{CLOSURE_GRAPH}>)", *begins])

    def has_graph(self, graph: str) -> bool:
        """Whether the server holds a graph of that name."""
        from pyoxigraph import NamedNode  # noqa: PLC0415 - heavy

        text = "SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1"
        return bool(list(self.query(text, {"g": NamedNode(graph)})))

    def dataset(self) -> Dataset:
        """Refused: rdflib would ask for every triple by itself.

        Raises:
            StoreError: always.
        """
        raise StoreError(f"{self.client.address} is a server: rdflib's view needs a folder")

    def dump(self, output: IO[bytes], form: str = "nquads", graph: str | None = None) -> None:
        """Writes our graphs, or one of them, as the server gives them; N-Quads one by one."""
        if graph is not None:
            self._whole(graph).dump(output, form, graph)
            return
        if form == "nquads":
            for name in self.graphs():
                self._whole(name).dump(output, form)
            return
        self.copy().dump(output, form)

    def copy(self) -> Store:
        """All our graphs, in memory."""
        copy = memory_store()
        for name in self.graphs():
            copy.inner.bulk_extend(self._whole(name).quads())
        return copy

    def __getattr__(self, name: str) -> NoReturn:
        """Says what is the matter when somebody asks for the engine's own store."""
        if name == "inner":
            raise StoreError(f"{self.client.address} is a server: this needs a folder (-g DIR)")
        raise AttributeError(name)

    def _whole(self, graph: str) -> Store:
        if graph in self._read:
            self._read.move_to_end(graph)
            return self._read[graph]
        import pyoxigraph as ox  # noqa: PLC0415 - heavy

        name = ox.NamedNode(graph)
        store = memory_store()
        text = self.client.graph(graph)
        store.inner.load(text, format=ox.RdfFormat.N_TRIPLES, to_graph=name)
        for quad in list(store.inner.quads_for_pattern(None, ox.NamedNode(MARK), None, None)):
            store.inner.remove(quad)
        self._read[graph] = store
        while len(self._read) > _KEPT:
            self._read.popitem(last=False)
        return store


def connect(address: Address, *, limit_seconds: float | None = None) -> RemoteStore:
    """Opens the graph on a server for reading.

    Args:
        limit_seconds: for all that is asked of it, beginning now.

    Raises:
        QueryError: the limit is over.
        StoreError: it cannot be reached, lets nobody in, holds no graph of ours, or does not
            look in all graphs together.
    """
    client = Client(address, limit_seconds=limit_seconds)
    try:
        return RemoteStore(client)
    except BaseException:
        client.close()
        raise


def ask(
    text: str, checked: Checked, address: Address, *, limit_seconds: float, max_rows: int
) -> tuple[Result | str, bool]:
    """Answers a user's SPARQL that was checked: rows, or for a graph Turtle; and if rows were cut.

    Raises:
        QueryError: the server refuses it, or it took too long.
        StoreError: as :func:`connect`.
    """
    import pyoxigraph as ox  # noqa: PLC0415 - heavy

    from kg.model import Result  # noqa: PLC0415
    from kg.queries.child import plain  # noqa: PLC0415

    _refuse_extensions(text)
    with connect(address, limit_seconds=limit_seconds) as store:
        if checked.graphs:
            store.parameters = {}  # the query says itself where it looks
        for graph in checked.graphs:
            if not store.has_graph(graph):
                raise QueryError(f"FROM <{graph}> is no graph of the store, and nothing is fetched")
        if checked.form in {"CONSTRUCT", "DESCRIBE"}:
            found = ox.parse(store.triples(text), format=ox.RdfFormat.N_TRIPLES)
            lines = ox.serialize(
                (quad.triple for quad in found), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES
            )
            return (lines or b"").decode(), False
        answer = store.query(text)
        if isinstance(answer, ox.QueryBoolean):
            return Result(("answer",), ((bool(answer),),)), False
        columns = tuple(variable.value for variable in answer.variables)
        rows: list[tuple[Any, ...]] = []
        for row in answer:
            if len(rows) >= max_rows:
                return Result(columns, tuple(rows)), True
            rows.append(tuple(plain(term) for term in row))
        return Result(columns, tuple(rows)), False


def _refuse_extensions(text: str) -> None:
    """Keeps a query from what Virtuoso offers beyond SPARQL: SQL and functions with side effects.

    Raises:
        QueryError: it names them, or hides a name behind code points.
    """
    for token in tokens(text):
        name = token.group().removeprefix("<").lower()
        if token.lastgroup in {"iri", "name"} and name.startswith(("bif:", "sql:")):
            raise QueryError(f"{token.group()} is refused: queries keep to SPARQL")
        if token.group() == "\\":
            raise QueryError("code points (\\u…) outside of strings are refused")


def _union(client: Client) -> Mapping[str, str]:
    """What a request needs so that patterns look in all graphs together."""
    for parameters in _UNIONS:
        text = f"SELECT ?g WHERE {{ {_THERE} . GRAPH ?g {{ {_THERE} }} }} LIMIT 1"
        if list(_parsed(client.query(text, parameters=parameters))):
            return parameters
    if list(_parsed(client.query(f"SELECT ?g WHERE {{ GRAPH ?g {{ {_THERE} }} }} LIMIT 1"))):
        _no_union(client.address)
    raise StoreError(
        f"{client.address} holds no graph: build one with `kg build CORPUS --store URL`"
    )


def _no_union(address: Address) -> NoReturn:
    raise StoreError(
        f"{address}: a pattern outside of GRAPH does not look in all graphs together; set that on "
        "the server (Fuseki: tdb2:unionDefaultGraph true; see docs/servers.md)"
    )


def _parsed(answer: bytes) -> Any:
    from pyoxigraph import (  # noqa: PLC0415 - heavy
        QueryResultsFormat,
        QuerySolutions,
        Variable,
        parse_query_results,
    )

    try:
        found = parse_query_results(answer, QueryResultsFormat.JSON)
        if isinstance(found, QuerySolutions) and found.variables == [Variable(_OLD_ASK)]:
            truth = "true" if any(row[0].value == "1" for row in found) else "false"
            return parse_query_results(f'{{"boolean":{truth}}}', QueryResultsFormat.JSON)
        return found
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"the server's answer is no SPARQL result: {error}") from error
