"""A task and the store -> an answer: what a process of the server does.

Tasks and the facts about an answer are plain values, as they travel between processes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg.errors import Failed, KgError, QueryError, StoreError, TooLarge, UsageError, WrongValue
from kg.iris import BASE
from kg.queries.canned import unreadable
from kg.queries.child import evaluate
from kg.server.problems import Problem
from kg.store import PREFIXES

if TYPE_CHECKING:
    from kg.claims import Source
    from kg.explain import Explanation
    from kg.model import Result
    from kg.store import Store

#: What is looked at in the graph to see how its instances are called.
_SNAPSHOT = re.compile(r"(.+/)snapshot/[0-9a-f]+")
_DIGITS = re.compile(r"[0-9a-f]{16}")
#: Characters that XML cannot hold.
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
#: What the engine makes of a predicate that no name of XML can stand for.
_NO_NAME = re.compile(rb"<[\w.-]+: ")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out.

    Attributes:
        facts: about it, such as ``cut``: "rows", "triples" or "bytes", after which it was cut.
    """

    body: bytes = b""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Sink:
    """Takes whole lines until there are too many of them, or too many bytes."""

    lines: int
    size: int
    taken: list[bytes] = field(default_factory=list)
    cut: str | None = None

    def write(self, data: bytes) -> int:
        piece = bytes(data)
        self.taken.append(piece)
        self.lines -= piece.count(b"\n")
        self.size -= len(piece)
        if self.lines < 0 or self.size < 0:
            self.cut = "rows" if self.lines < 0 else "bytes"
            raise BrokenPipeError("enough")
        return len(piece)

    def flush(self) -> None:
        pass

    def text(self) -> bytes:
        """The lines that there is room for."""
        text = b"".join(self.taken)
        if self.cut is None:
            return text
        end = len(text)
        for _ in range(1 - min(self.lines, 0)):
            end = text.rfind(b"\n", 0, end)
        return text[: end + 1]


class Answerer:
    """Answers tasks about one generation of the graph; what costs much is looked up once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._tasks: dict[str, Callable[..., Answer]] = {
            "sparql": self._sparql,
            "question": self._question,
            "statement": self._statement,
            "snapshots": self._snapshots,
            "description": self._description,
            "view": self._view,
            "sizes": self._sizes,
        }

    def answer(self, do: str, **task: Any) -> Answer:
        """The answer to a task.

        Raises:
            Problem: there is none.
        """
        try:
            return self._tasks[do](**task)
        except SyntaxError as error:
            raise Problem("malformed-query", f"the query is malformed: {error.msg}") from error
        except StoreError as error:
            raise Problem("no-graph", str(error)) from error
        except UsageError as error:
            raise Problem("wrong-parameter", str(error)) from error
        except WrongValue as error:
            raise Problem("wrong-parameter", without_commands(str(error))) from error
        except Failed as error:
            raise Problem("failed", str(error)) from error
        except QueryError as error:  # names are looked up before anything is asked
            raise Problem("not-found", without_commands(str(error))) from error
        except MemoryError as error:
            raise Problem("too-much-memory", "the query ran out of memory: narrow it") from error
        except (KgError, RecursionError, ValueError) as error:
            raise Problem("failed", f"the query failed: {error}") from error
        except (OSError, RuntimeError) as error:
            raise Problem("no-graph", str(unreadable(self.store.path, error))) from error

    def _sparql(
        self,
        *,
        text: str,
        graphs: list[str],
        default: list[str],
        named: list[str],
        form: str,
        max_rows: int,
        max_bytes: int,
    ) -> Answer:
        import pyoxigraph as ox  # noqa: PLC0415 - heavy

        try:
            found = evaluate(self.store, text, graphs, default=default, named=named)
        except QueryError as error:
            raise Problem("unknown-graph", str(error)) from error
        except ValueError as error:  # a graph's name is no IRI
            raise Problem("wrong-parameter", str(error)) from error
        if isinstance(found, ox.QueryTriples):
            return _graph(found, form, max_rows, max_bytes)
        kind = getattr(ox.QueryResultsFormat, form)
        if isinstance(found, ox.QueryBoolean):
            return Answer(found.serialize(format=kind) or b"")
        # In tab-separated values each row is a line, so that they can be counted as they come.
        sink = _Sink(max_rows + 1, max_bytes)
        rows = _taken(sink, lambda: found.serialize(sink, format=ox.QueryResultsFormat.TSV))
        facts = {"cut": sink.cut}
        if form == "TSV":
            return Answer(rows, facts)
        parsed = ox.parse_query_results(rows, format=ox.QueryResultsFormat.TSV)
        body = parsed.serialize(format=kind) or b""
        if form == "XML":
            body = _NO_XML.sub(b"\xef\xbf\xbd", body)
        return Answer(_linked(body, form) if sink.cut else body, facts)

    def _question(
        self,
        *,
        name: str,
        parameters: dict[str, str],
        labels: bool,
        least: float,
        limit: int,
        offset: int,
        form: str,
    ) -> Answer:
        from kg.model import Result  # noqa: PLC0415 - heavy
        from kg.queries import format_result, run  # noqa: PLC0415

        found = run(name, self.store, labels=labels, least=least, **parameters)
        shown = Result(found.columns, found.rows[offset : offset + limit])
        facts = {"total": len(found.rows), "rows": len(shown.rows)}
        if form == "CSV":
            return Answer(format_result(shown, "csv").encode("utf-8", "replace"), facts)
        return Answer(_rows(shown), facts)

    def _statement(self, *, digits: str, form: str) -> Answer:
        found = self._explained(digits)
        if form != "JSON":
            return self._described(found.iri, form)
        return Answer(_json(_explanation(found)), {"iri": found.iri})

    def _explained(self, digits: str) -> Explanation:
        from pyoxigraph import NamedNode  # noqa: PLC0415 - heavy

        from kg.claims import claims_of  # noqa: PLC0415
        from kg.explain import explain, explanation  # noqa: PLC0415
        from kg.triples import PROV  # noqa: PLC0415

        if _DIGITS.fullmatch(digits):  # with all of them nothing has to be searched
            iri = f"{self._base}statement/{digits}"
            for quad in self.store.inner.quads_for_pattern(
                NamedNode(iri), NamedNode(f"{PROV}wasDerivedFrom"), None, None
            ):
                graph: Any = quad.graph_name
                source = self._sources.get(getattr(graph, "value", ""))
                for claim in claims_of(self.store, source, self._labels) if source else ():
                    if claim.iri == iri:
                        return explanation(claim)
        return explain(self.store, digits)

    def _snapshots(self, *, company: str | None, limit: int, offset: int) -> Answer:
        from kg.claims import sources  # noqa: PLC0415 - heavy

        found = sources(self.store, company=company) if company else tuple(self._sources.values())
        shown = [_snapshot(source) for source in found[offset : offset + limit]]
        return Answer(_json(shown), {"total": len(found), "rows": len(shown)})

    def _description(self, *, name: str, form: str) -> Answer:
        return self._described(f"{self._base}{name}", form)

    def _described(self, iri: str, form: str) -> Answer:
        from kg.triples import is_iri  # noqa: PLC0415 - heavy

        found = self.store.query(f"DESCRIBE <{iri}>") if is_iri(iri) else iter(())
        triples = list(found)
        if not triples:
            raise Problem("not-found", f"nothing in the graph is called {iri}")
        return _graph(iter(triples), form, len(triples) + 1, 1 << 40)

    def _view(
        self, *, companies: list[str], snapshot: str | None, focus: str | None, least: float
    ) -> Answer:
        from kg.views import Scope, render  # noqa: PLC0415 - heavy

        scope = Scope(tuple(companies), snapshot, focus, least)
        try:
            page = render(self.store, scope)
        except UsageError as error:
            name = "too-many-statements" if isinstance(error, TooLarge) else "wrong-parameter"
            raise Problem(name, _without_dashes(str(error))) from error
        return Answer(page.encode("utf-8", "replace"))

    def _sizes(self) -> Answer:
        return Answer(b"", {"quads": len(self.store), "graphs": len(self.store.graphs())})

    @cached_property
    def _base(self) -> str:
        """What the IRIs of this graph's instances begin with."""
        names = (_SNAPSHOT.fullmatch(name) for name in self.store.graphs())
        return next((found[1] for found in names if found), BASE)

    @cached_property
    def _labels(self) -> dict[str, str]:
        from kg.claims import concept_labels  # noqa: PLC0415 - heavy

        return concept_labels(self.store)

    @cached_property
    def _sources(self) -> dict[str, Source]:
        from kg.claims import sources  # noqa: PLC0415 - heavy

        return {source.graph: source for source in sources(self.store)}


def without_commands(text: str) -> str:
    """A message without what it tells people at a terminal to type."""
    return re.sub(r"[;,]?\s*(?:or |as in )?[^;`]*`kg [^`]*`[^;]*", "", text).strip() or text


def _without_dashes(text: str) -> str:
    """A message that tells of options, for those who write an address.

    >>> _without_dashes("Narrow it by --company NAME, or --min-confidence 0.9")
    'Narrow it by company=NAME, or min-confidence=0.9'
    """
    return re.sub(r"--([a-z-]+)(?: (?=[A-Z0-9\"]))?", r"\1=", text)


def _taken(sink: _Sink, serialize: Callable[[], object]) -> bytes:
    try:
        serialize()
    except OSError:
        if sink.cut is None:
            raise
    return sink.text()


def _linked(body: bytes, form: str) -> bytes:
    """Says in the results that they are cut, where their format has a place for it."""
    if form == "JSON":
        return body.replace(b'{"head":{', b'{"head":{"link":["/limits"],', 1)
    if form == "XML":
        return body.replace(b"</head>", b'<link href="/limits"/></head>', 1)
    return body


def _graph(triples: Any, form: str, most: int, max_bytes: int) -> Answer:
    import pyoxigraph as ox  # noqa: PLC0415 - heavy

    sink = _Sink(most, max_bytes)
    lines = _taken(sink, lambda: ox.serialize(triples, sink, format=ox.RdfFormat.N_TRIPLES))  # type: ignore[arg-type] # the engine needs no more
    cut = "triples" if sink.cut == "rows" else sink.cut
    note = f"# cut after so many {cut} as the server gives: see /limits\n".encode() if cut else b""
    if form == "N_TRIPLES":
        return Answer(note + lines, {"cut": cut})
    kind = getattr(ox.RdfFormat, form)
    body = (
        ox.serialize(
            (quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)),
            format=kind,
            prefixes=PREFIXES,
        )
        or b""
    )
    if form == "RDF_XML":
        if _NO_NAME.search(body):
            raise Problem(
                "not-acceptable",
                "a predicate in this answer has no name in XML: ask for text/turtle",
            )
        body = _NO_XML.sub(b"\xef\xbf\xbd", body)
        if cut:
            body = body.replace(b"?>\n", b"?>\n<!-- cut: see /limits -->\n", 1)
    return Answer(note + body if form == "TURTLE" else body, {"cut": cut})


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _rows(result: Result) -> bytes:
    return _json([dict(zip(result.columns, row, strict=True)) for row in result.rows])


def _snapshot(source: Source) -> dict[str, Any]:
    return {
        "iri": source.graph,
        "policy": source.policy,
        "company": source.company,
        "company_iri": source.company_iri,
        "title": source.title,
        "date": source.date,
        "until": source.until,
        "recorded": source.recorded,
        "documents": list(source.documents),
        "urls": list(source.urls),
        "statements": source.statements,
        "denials": source.denials,
        "sentences": source.sentences,
    }


def _explanation(found: Explanation) -> dict[str, Any]:
    return {
        "iri": found.iri,
        "claim": found.claim,
        "denial": found.is_denial,
        "action": found.action.value,
        "modality": found.modality.value,
        "confidence": found.confidence,
        "support": found.support.value,
        "actor": found.actor,
        "data_subject": found.data_subject,
        "company": found.company,
        "title": found.title,
        "date": found.date,
        "documents": list(found.documents),
        "urls": list(found.urls),
        "headings": list(found.headings),
        "sentence": {"text": found.quote, "start": found.start, "end": found.end},
        "segments": [
            {"text": piece.text, "roles": list(piece.roles)} for piece in found.segments()
        ],
        "context": [
            {"text": span.text, "start": span.start, "end": span.end} for span in found.context
        ],
        "roles": [
            {
                "name": role.name,
                "text": role.text,
                "start": role.start,
                "end": role.end,
                "label": role.label,
                "iri": role.iri,
            }
            for role in found.roles
        ],
    }
