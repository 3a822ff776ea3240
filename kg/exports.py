"""Store -> files for other programs: RDF, GraphML for network tools, a table of flows.

The same graph always gives the same bytes. RDF is passed on by the store as it is; GraphML and
the table of flows are shorter than the graph, so they say in which statement each line stands.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO, cast

from kg.claims import Claim, claims
from kg.errors import InputError, UsageError
from kg.model import Action, Mention, Result

if TYPE_CHECKING:
    from kg.store import Store

FORMATS = ("ttl", "trig", "nquads", "jsonld", "graphml", "flows")

#: Columns of the table of flows. The first four are the flow; the others tell more about it, all
#: values of a column in the order of the text, parted by "; ".
COLUMNS = (
    "document",
    "subject",
    "predicate",
    "object",
    "concept",
    "concept_iri",
    "data",
    "recipients",
    "purposes",
    "conditions",
    "locations",
    "legal_basis",
    "retention",
    "modality",
    "statement",
    "quote",
)

#: Action -> predicates of its flows with data, with a recipient, with a place.
_PREDICATES: dict[Action, tuple[str, str | None, str | None]] = {
    Action.COLLECT: ("collects", None, None),
    Action.USE: ("uses", None, None),
    Action.SHARE: ("shares", "sharesWith", None),
    Action.TRANSFER: ("transfers", "sharesWith", "transfersTo"),
    Action.SELL: ("sells", "sellsTo", None),
    Action.STORE: ("stores", None, "storesIn"),
    Action.RETAIN: ("retains", None, None),
    Action.DELETE: ("deletes", None, None),
    Action.PROTECT: ("protects", None, None),
}
#: Actions whose data gets a row of its own only where nobody is named to get it: a row
#: "shares, email address" beside "sharesWith, partners" would say the same thing twice.
_BY_RECIPIENT = frozenset({Action.SHARE, Action.TRANSFER})
_DENIED = re.compile(r"(\w+?)s((?:With|To|In)?)")
_LINK = re.compile(r"\b(?:link|associat|combin|correlat|match|merg)", re.IGNORECASE)


def export(path: str | Path, form: str, output: TextIO | Path, *, least: float = 0.0) -> None:
    """Writes a graph for other programs.

    Args:
        path: the folder that ``kg build`` wrote, or the URL of a server.
        form: "ttl" (all graphs merged), "trig", "nquads", "jsonld" (all four are RDF),
            "graphml" (who passes what to whom, see :func:`kg.views.flow_graph`) or "flows" (CSV,
            see :func:`flows`).
        output: a stream of text, or a file, which is written as UTF-8 and replaced when there.
        least: confidence below which a claim is left out of "graphml" and "flows".

    Raises:
        UsageError: there is no such format, or RDF shall leave claims out.
        StoreError: there is no graph in the folder.
        InputError: the file cannot be written.
    """
    from kg.store import open_store  # noqa: PLC0415 - heavy

    if form not in FORMATS:
        raise UsageError(f"there is no format {form!r}: choose {', '.join(FORMATS)}")
    if least and form not in {"graphml", "flows"}:
        raise UsageError(
            f"{form} holds the whole graph: build it with --min-confidence {least:g} instead"
        )
    with open_store(path) as store:
        try:
            with output.open("wb") if isinstance(output, Path) else nullcontext() as file:
                stream = file or cast(IO[bytes], _Encoded(cast(TextIO, output)))
                _write(store, form, stream, least)
        except OSError as error:
            if isinstance(output, Path):
                raise InputError(f"{output} cannot be written: {error.strerror}") from error
            raise


def _write(store: Store, form: str, output: IO[bytes], least: float) -> None:
    if form == "flows":
        from kg.queries import format_result  # noqa: PLC0415 - heavy

        output.write(format_result(flows(claims(store, least=least)), "csv").encode())
    elif form == "graphml":
        from kg.views import flow_graph, write_graphml  # noqa: PLC0415 - heavy

        write_graphml(flow_graph(store, least=least), output)
    elif form == "jsonld":
        store.dump(output, "jsonld")
    else:
        store.dump(output, form)


class _Encoded:
    """A stream of text as one of UTF-8 bytes, for writers that know bytes only."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def write(self, data: bytes) -> int:
        self._output.write(self._decoder.decode(data))
        return len(data)

    def flush(self) -> None:
        self._output.flush()


@dataclass(slots=True)
class _Row:
    """A flow while its statements are gathered; dictionaries serve as ordered sets."""

    found: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, column: str, values: Iterable[str]) -> None:
        self.found.setdefault(column, {}).update(dict.fromkeys(filter(None, values)))

    def cell(self, column: str) -> str | None:
        return "; ".join(self.found.get(column, ())) or None


def flows(found: Iterable[Claim]) -> Result:
    """Flows as a table, one row a distinct flow, in the order of the text.

    A flow is a document, who acts, what is done and to what: ``collects`` and data,
    ``sharesWith`` and a recipient, ``transfersTo`` and a place. Where nobody is named to get
    what is shared, it is ``shares`` and data. Denials are flows of their own kind, ``doesNotSell``.
    The object is in the words of the policy; its concept stands beside it. The object is empty
    where the text names none.

    Returns:
        Columns as in :data:`COLUMNS`.
    """
    rows: dict[tuple[str, str, str, str], _Row] = {}
    for claim in found:
        statement = claim.statement
        for predicate, mention in _flows_of(claim):
            text = _words(mention.text) or (mention.label or "")
            key = (statement.evidence.document, claim.actor, predicate, text)
            row = rows.setdefault(key, _Row())
            row.add("concept", [mention.label or ""])
            row.add("concept_iri", [mention.iri or ""])
            row.add("data", map(_text, statement.data))
            row.add("recipients", map(_text, statement.recipients))
            row.add("purposes", map(_text, statement.purposes))
            row.add("conditions", map(_text, statement.conditions))
            row.add("locations", map(_text, statement.locations))
            row.add("legal_basis", (_label(basis) for basis in statement.legal_bases))
            row.add("retention", map(_text, statement.retention))
            row.add("modality", [statement.modality.value])
            row.add("statement", [claim.iri])
            row.add("quote", [_words(statement.evidence.text)])
    return Result(
        COLUMNS,
        tuple(
            (*key, *(row.cell(column) for column in COLUMNS[len(key) :]))
            for key, row in rows.items()
        ),
    )


def _flows_of(claim: Claim) -> Iterator[tuple[str, Mention]]:
    """The predicates of a claim with their objects."""
    statement = claim.statement
    with_data, with_recipient, with_place = _PREDICATES[statement.action]
    name: Callable[[str], str] = _denied if claim.is_denial else str
    is_said = False
    if with_recipient:
        for mention in statement.recipients:
            yield name(with_recipient), mention
            is_said = True
    if with_place:
        for mention in statement.locations:
            yield name(with_place), mention
            is_said = True
    if not (is_said and statement.action in _BY_RECIPIENT):
        for mention in statement.data:
            yield name(with_data), mention
            is_said = True
    if not is_said:
        yield name(with_data), Mention("", 0, 0)
    if claim.is_denial and _LINK.search(statement.trigger.text):
        for mention in statement.data or (Mention("", 0, 0),):
            yield "doesNotLink", mention


def _denied(predicate: str) -> str:
    """The predicate of a denial.

    >>> _denied("sharesWith"), _denied("uses")
    ('doesNotShareWith', 'doesNotUse')
    """
    verb, rest = cast(re.Match[str], _DENIED.fullmatch(predicate)).groups()
    return f"doesNot{verb.capitalize()}{rest}"


def _words(text: str) -> str:
    return " ".join(text.split())


def _text(mention: Mention) -> str:
    return _words(mention.text) or (mention.label or "")


def _label(mention: Mention) -> str:
    return mention.label or _words(mention.text)
