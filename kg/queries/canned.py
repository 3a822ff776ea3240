"""The canned questions: SPARQL in files, with the question in English in their first lines.

A file opens with front matter, one ``#+ key: value`` a line::

    #+ question: Which recipients get which data, and what for?
    #+ parameters: company, data, recipient
    #+ columns: company, data, recipient, purpose
    #+ gather: purpose
    #+ view: flow

``parameters`` are variables of the query that a caller may give a value, ``requires`` those that
he must. Each stands in the SELECT list. A row whose ``?dataLabel`` is unbound although ``data`` is
asked for is left out, so that a parameter may stand in an OPTIONAL.

Values are written into the text (:func:`asked`), not bound beside it: engines choose the order of
the joins by the text alone, and with the value of a parameter before them they begin there.

A column ``data`` shows ``?dataLabel`` when the query selects that. Rows that differ only in a
``gather`` column are shown as one, its values sorted and joined with "; ": done here, since
SPARQL leaves the order of ``GROUP_CONCAT`` open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from kg import resources
from kg.errors import Failed, QueryError, StoreError, UsageError, WrongValue
from kg.iris import PF
from kg.lookup import NO_NAMES, Names, nearest
from kg.model import Action, Result
from kg.queries.matter import front_matter
from kg.queries.wording import cut, lean, with_values
from kg.store import PREFIXES, Store
from kg.triples import XSD, iri, is_iri, literal

if TYPE_CHECKING:
    from rdflib import Dataset

#: What callers may bind -> what it is, for help texts.
PARAMETERS = {
    "action": "what happens to the data: " + ", ".join(Action),
    "company": "the company that publishes the policy, by name",
    "data": "a data category, by name",
    "earlier": "the date of the earlier snapshot, YYYY-MM-DD",
    "later": "the date of the later snapshot, YYYY-MM-DD",
    "place": "a country or region, by name",
    "purpose": "a purpose, by name",
    "recipient": "a kind of recipient or a company, by name",
    "right": "a right of the people that a policy speaks to, by name",
    "since": "only from this day, month or year on: YYYY-MM-DD, YYYY-MM or YYYY",
    "statement": "a statement, by its IRI or the digits at its end",
    "year": "only of this year, YYYY",
}
#: Variables that stand for what a row rests on.
_CLAIMS = ("statement", "denied")
#: What depends on claims that a row does not name.
_OTHERS = re.compile(r"NOT EXISTS \{ (?!\?statement )")
_KEYS = ("question", "parameters", "requires", "columns", "gather", "view")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TIMES = {"since": re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}"), "year": re.compile(r"[0-9]{4}")}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Query:
    """A canned question.

    Attributes:
        name: of its file, without ``.rq``.
        question: in English.
        parameters: variables that may be bound; ``requires`` are those that must be.
        columns: of the answer.
        gather: columns whose values are joined when all else in a row is equal.
        view: how the answer is best drawn ("table", "flow", "matrix", "timeline").
        text: the SPARQL.
    """

    name: str
    question: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    text: str
    requires: tuple[str, ...] = ()
    gather: tuple[str, ...] = ()
    view: str = "table"


def names() -> tuple[str, ...]:
    """Names of the canned questions, sorted."""
    return tuple(sorted(path.stem for path in resources.QUERIES.glob("*.rq")))


@cache
def get(name: str) -> Query:
    """The canned question of that name.

    Raises:
        QueryError: there is none; the message lists the nearest names.
    """
    path = resources.QUERIES / f"{name}.rq"
    # Looked for among the names: a long one is an error of the file system.
    if not _NAME.fullmatch(name) or name not in names():
        near = nearest(name, names())
        raise QueryError(
            f"there is no canned query {name!r}"
            + (f" (did you mean {', '.join(near)}?)" if near else "")
            + "; `kg queries` lists them all"
        )
    return parse(path.read_text(encoding="utf-8"), path)


def parse(text: str, path: Path) -> Query:
    """Reads a query file.

    Raises:
        QueryError: the front matter is wrong; the message names file and line.
    """
    found = {key: value for _, key, value in front_matter(text, path, _KEYS)}
    for key in ("question", "columns"):
        if not found.get(key):
            raise QueryError(f"{path}:1: the front matter lacks {key!r}")

    def listed(key: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in found.get(key, "").split(",") if part.strip())

    parameters = listed("parameters")
    if unknown := [name for name in (*parameters, *listed("requires")) if name not in PARAMETERS]:
        raise QueryError(f"{path}:1: unknown parameter {unknown[0]!r}")
    return Query(
        name=path.stem,
        question=found["question"],
        parameters=tuple(dict.fromkeys((*parameters, *listed("requires")))),
        requires=listed("requires"),
        columns=listed("columns"),
        gather=listed("gather"),
        view=found.get("view", "table"),
        text=text,
    )


def run(
    query: str | Query,
    store: Store | Dataset,
    *,
    labels: bool = True,
    least: float = 0.0,
    **parameters: str | None,
) -> Result:
    """Answers a canned question.

    Args:
        query: its name, or a query of one's own.
        store: an open store, or an rdflib dataset whose default graph is the union.
        labels: show names; with ``False`` the IRIs behind them.
        least: confidence below which rows of a statement are left out.
        parameters: by name, as a person would type them ("inMusic", "email address",
            "2018-05-24"), or as IRIs; ``None`` leaves one open.

    Raises:
        QueryError: no such query, nothing of that name in the store, the query is malformed.
        UsageError: the query has no such parameter, a required one is missing, or its rows
            are of no single statement and cannot be left out by confidence.
    """
    query = get(query) if isinstance(query, str) else query
    given = {name: value for name, value in parameters.items() if value is not None}
    if unknown := sorted(set(given) - set(query.parameters)):
        takes = ", ".join(query.parameters) or "none"
        raise UsageError(
            f"the query {query.name} has no parameter {unknown[0]!r}; it takes {takes}"
        )
    if missing := [name for name in query.requires if name not in given]:
        raise UsageError(
            f"the query {query.name} needs {' and '.join(missing)}: {PARAMETERS[missing[0]]}"
        )
    bindings = _resolve(store, given)
    unsure = _unsure(store, least) if least else frozenset()
    text = with_values(cut(query.text), _terms(bindings))

    def chosen(selected: tuple[str, ...]) -> list[int]:
        if least and ("statement" not in selected or _OTHERS.search(query.text)):
            raise UsageError(
                f"the rows of {query.name} do not each rest on statements that they name, so "
                f"--min-confidence cannot leave any out: build with --min-confidence {least:g}"
            )
        shown = [_place(query, column, selected, labels) for column in query.columns]
        # The name of what is asked for stays unbound where an OPTIONAL has not found it.
        found = [selected.index(f"{name}Label") for name in bindings if f"{name}Label" in selected]
        claims = [selected.index(name) for name in _CLAIMS if name in selected]
        return shown + found + (claims if least else [])

    if isinstance(store, Store) and text.items:
        selected = tuple(text.items)
        text = lean(text, {selected[place] for place in chosen(selected)})
        rows = _select_oxigraph(store, str(text), {}, chosen, text.order)[1]
    else:
        rows = _select(store, str(text), {}, chosen)[1]
    wanted = len(query.columns)
    shown = dict.fromkeys(
        row[:wanted] for row in rows if None not in row[wanted:] and unsure.isdisjoint(row[wanted:])
    )
    return Result(query.columns, tuple(_gathered(query, shown)))


def asked(query: Query, bindings: Mapping[str, tuple[str, str]]) -> str:
    """The SPARQL of a question with the values of its parameters in it.

    Args:
        bindings: parameter -> ("iri", value) or (datatype, value).

    Raises:
        QueryError: the query computes a parameter itself.
    """
    return str(with_values(cut(query.text), _terms(bindings)))


def _terms(bindings: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {
        name: iri(value) if kind == "iri" else f"{literal(value)}^^{iri(kind)}"
        for name, (kind, value) in bindings.items()
    }


def _unsure(store: Store | Dataset, least: float) -> frozenset[Cell]:
    """IRIs of the statements below a confidence."""
    text = "SELECT ?statement ?confidence WHERE { ?statement pf:confidence ?confidence }"
    rows = _select(store, text, {})[1]
    return frozenset(iri for iri, sure in rows if isinstance(sure, int | float) and sure < least)


def _place(query: Query, column: str, selected: tuple[str, ...], labels: bool) -> int:
    label = f"{column}Label"
    wanted = label if labels and label in selected else column
    if wanted not in selected:
        wanted = label
    if wanted not in selected:
        raise QueryError(f"the query {query.name} does not select its column {column!r}")
    return selected.index(wanted)


def _gathered(query: Query, rows: Iterable[tuple[Cell, ...]]) -> Iterable[tuple[Cell, ...]]:
    if not query.gather:
        return rows
    places = [query.columns.index(column) for column in query.gather]
    groups: dict[tuple[Cell, ...], list[set[str]]] = {}
    for row in rows:
        key = tuple(None if at in places else cell for at, cell in enumerate(row))
        values = groups.setdefault(key, [set() for _ in places])
        for value, place in zip(values, places, strict=True):
            if row[place] is not None:
                value.add(str(row[place]))
    merged = []
    for key, values in groups.items():
        cells = list(key)
        for place, value in zip(places, values, strict=True):
            cells[place] = "; ".join(sorted(value)) or None
        merged.append(tuple(cells))
    return merged


#: The variables that a query selects -> places of those that are wanted.
_Choice = Callable[[tuple[str, ...]], Iterable[int]]


def _all(selected: tuple[str, ...]) -> Iterable[int]:
    return range(len(selected))


def _select(
    store: Store | Dataset,
    text: str,
    bindings: Mapping[str, tuple[str, str]],
    choose: _Choice = _all,
) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """Variables, and rows with the chosen ones alone.

    A binding is an IRI ("iri", value) or a literal (datatype, value).
    """
    if isinstance(store, Store):
        return _select_oxigraph(store, text, bindings, choose)
    from rdflib import Literal, URIRef  # noqa: PLC0415 - heavy

    answer = store.query(
        text,
        initNs=PREFIXES,
        initBindings={
            name: URIRef(value) if kind == "iri" else Literal(value, datatype=URIRef(kind))
            for name, (kind, value) in bindings.items()
        },
    )
    columns = tuple(str(variable) for variable in answer.vars or ())
    rows: Any = answer
    places = list(choose(columns))
    return columns, [tuple(_from_rdflib(row[place]) for place in places) for row in rows]


def _from_rdflib(term: Any) -> Cell:
    datatype = getattr(term, "datatype", None)
    return None if term is None else value_of(str(term), str(datatype) if datatype else "")


def _select_oxigraph(
    store: Store,
    text: str,
    bindings: Mapping[str, tuple[str, str]],
    choose: _Choice,
    order: tuple[tuple[str, bool], ...] = (),
) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    from pyoxigraph import Literal, NamedNode  # noqa: PLC0415 - heavy

    terms = {
        name: NamedNode(value) if kind == "iri" else Literal(value, datatype=NamedNode(kind))
        for name, (kind, value) in bindings.items()
    }
    try:
        answer = store.query(text, terms)
        columns = tuple(variable.value for variable in answer.variables)
        solutions = list(answer)
    except (SyntaxError, ValueError) as error:
        raise Failed(f"the query failed: {error}") from error
    except (OSError, RuntimeError) as error:
        raise unreadable(store.path, error) from error
    places = list(choose(columns))
    keys = [(columns.index(name), is_down) for name, is_down in order]
    cells: dict[int, list[Cell]] = {}
    ranks: dict[int, list[int]] = {}
    for place in {*places, *(place for place, _ in keys)}:
        # A term is made anew at every look, its datatype too: only literals are asked for theirs.
        found = [solution[place] for solution in solutions]
        cells[place] = [
            None
            if term is None
            else term.value
            if isinstance(term, NamedNode)
            else value_of(term.value, term.datatype.value)
            for term in found
        ]
        ranks[place] = _ranks(cells[place], [isinstance(term, NamedNode) for term in found])
    del solutions
    rows = list(zip(*(cells[place] for place in places), strict=True))
    return columns, _sorted(rows, [(cells[place], ranks[place], down) for place, down in keys])


def unreadable(folder: str | Path | None, error: Exception) -> StoreError:
    """What the engine raises while it reads, told as an error."""
    where = f" in {folder}" if folder else ""
    return StoreError(
        f"the graph{where} cannot be read ({error}): it is damaged, or the disk is; "
        f"{build_anew(folder)} makes it anew"
    )


def build_anew(folder: str | Path | None) -> str:
    """The command that replaces a graph, whatever became of it."""
    return f"`kg build CORPUS -o {folder or 'DIR'} --force`"


def _ranks(cells: list[Cell], are_iris: list[bool]) -> list[int]:
    """What comes first by the rules of SPARQL, whatever it says; empty if that decides nothing."""
    kinds = set(map(type, cells))
    if len(kinds) == 1 and len(set(are_iris)) == 1 and type(None) not in kinds:
        return []
    return [
        0 if cell is None else 1 if is_iri else 2 if not isinstance(cell, str) else 3
        for cell, is_iri in zip(cells, are_iris, strict=True)
    ]


def _sorted(
    rows: list[tuple[Cell, ...]], keys: list[tuple[list[Cell], list[int], bool]]
) -> list[tuple[Cell, ...]]:
    """Rows by keys: the cell of each row, its rank, and whether the greatest comes first."""
    places = list(range(len(rows)))
    # One key after the other, the last one first: sorting keeps the order of what is equal.
    for cells, ranks, is_down in reversed(keys):
        if ranks:
            plain = ["" if cell is None else cell for cell in cells]
            ranked: Any = list(zip(ranks, plain, strict=True))
            places.sort(key=ranked.__getitem__, reverse=is_down)
        else:
            places.sort(key=cast("list[str]", cells).__getitem__, reverse=is_down)
    return [rows[place] for place in places]


_NUMBERS: dict[str, type[int] | type[float]] = {
    f"{XSD}integer": int,
    f"{XSD}decimal": float,
    f"{XSD}double": float,
    f"{XSD}float": float,
}


def value_of(value: str, datatype: str) -> Cell:
    """The value of a literal: a number or a truth value where it is one."""
    number = _NUMBERS.get(datatype)
    if number is not None:
        try:
            return number(value)
        except ValueError:
            return value
    if datatype == f"{XSD}boolean":
        return value in {"true", "1"}
    return value


# Parameters: from what a person types to what is bound.

# Two small scans; asking for the labels of publishers among all labels is fifty times slower.
_PUBLISHERS = """
SELECT DISTINCT ?iri ?name WHERE {
  ?snapshot pf:publisherName ?name ; dct:publisher ?iri .
}
"""
_ALIASES = "SELECT DISTINCT ?iri ?name WHERE { ?iri pf:alias ?name }"
# Concepts of the ontology and named parties; a policy's own concepts are looked up by wording.
_CONCEPTS = """
SELECT DISTINCT ?iri ?name ?scheme WHERE {
  ?iri skos:inScheme ?scheme .
  { ?iri skos:prefLabel ?name } UNION { ?iri skos:altLabel ?name }
}
"""
_LABELLED = "SELECT DISTINCT ?iri ?name WHERE { ?iri rdfs:label ?name }"
_DATED = """
SELECT ?snapshot ?date ?company WHERE {
  ?snapshot dct:issued ?date ; dct:publisher ?company .
} ORDER BY ?date ?snapshot
"""


def _resolve(store: Store | Dataset, given: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    bindings: dict[str, tuple[str, str]] = {}
    for name, value in given.items():
        if name in {"earlier", "later"}:
            continue
        if name in _TIMES:
            if not _TIMES[name].fullmatch(value.strip()):
                raise WrongValue(f"{value!r} is no {name}: give {PARAMETERS[name]}")
            bindings[name] = f"{XSD}string", value.strip()
            continue
        bindings[name] = "iri", named(store, name, value.strip())
    for name in ("earlier", "later"):
        if name in given:
            company = bindings.get("company", ("", ""))[1]
            bindings[name] = "iri", _dated(store, given[name].strip(), company)
    return bindings


def _expanded(value: str) -> str | None:
    """The IRI that a full or prefixed name stands for; ``None`` for plain words."""
    prefix, colon, local = value.partition(":")
    if colon and prefix in PREFIXES and " " not in local:
        value = PREFIXES[prefix] + local
    return value if value.startswith(("http://", "https://", "urn:")) and is_iri(value) else None


def named(store: Store | Dataset, kind: str, value: str) -> str:
    """IRI of what a person types.

    Args:
        kind: one of :data:`PARAMETERS`, but for the dates.

    Raises:
        QueryError: there is no such thing, or several are called so.
    """
    if found := _expanded(value):
        return found
    value = re.sub("[\ud800-\udfff]", "\ufffd", value)  # bytes of a command line that are no UTF-8
    if kind == "action":
        if value.casefold() not in {*Action}:
            raise WrongValue(f"there is no action {value!r}; choose {', '.join(Action)}")
        return f"{PF}{value.capitalize()}"
    if kind == "statement":
        return _statement(store, value)
    known = _names(store, kind)
    if kind != "company":
        known = known.with_rows(_select(store, _LABELLED, {"name": (f"{XSD}string", value)})[1])
    return known.one(kind, value)


#: Names of a kind in stores that are open. Only those on disk, which do not change while open.
_KNOWN: WeakKeyDictionary[Store, dict[str, Names]] = WeakKeyDictionary()


def _names(store: Store | Dataset, kind: str) -> Names:
    """Names of companies, or of the ontology's concepts of a kind."""
    kept = _KNOWN.setdefault(store, {}) if isinstance(store, Store) and store.path else {}
    if kind not in kept:
        if kind == "company":
            rows = _select(store, _PUBLISHERS, {})[1] + _select(store, _ALIASES, {})[1]
        else:
            scheme = {"scheme": ("iri", f"{PF}{kind.capitalize()}Scheme")}
            rows = [row[:2] for row in _select(store, _CONCEPTS, scheme)[1]]
        kept[kind] = NO_NAMES.with_rows(rows)
    return kept[kind]


def _statement(store: Store | Dataset, digits: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{4,16}", digits):
        raise WrongValue(f"{digits!r} is no statement: give its IRI or the digits at its end")
    text = (
        "SELECT ?iri WHERE { { ?iri a pf:Statement } UNION { ?iri a pf:Denial } "
        f'FILTER(CONTAINS(STR(?iri), "/{digits}")) }}'
    )
    found = sorted(
        str(row[0])
        for row in _select(store, text, {})[1]
        if str(row[0]).rsplit("/", 1)[-1].startswith(digits)
    )
    if len(found) == 1:
        return found[0]
    if found:
        raise QueryError(f"{len(found)} statements begin with {digits!r}: give more digits")
    raise QueryError(f"there is no statement {digits!r} in this graph")


def _dated(store: Store | Dataset, value: str, company: str) -> str:
    if found := _expanded(value):
        return found
    if not _DAY.fullmatch(value):
        raise WrongValue(f"{value!r} is no date: write it as YYYY-MM-DD")
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise WrongValue(f"{value!r} is no date: {error}") from error
    given = {"company": ("iri", company)} if company else {}
    rows = _select(store, _DATED, given)[1]
    snapshots = sorted({str(row[0]) for row in rows if row[1] == value})
    if len(snapshots) == 1:
        return snapshots[0]
    if snapshots:
        raise QueryError(f"{len(snapshots)} snapshots are of {value}: give the IRI of one")
    dates = ", ".join(sorted({str(row[1]) for row in rows})[:12])
    raise QueryError(f"there is no snapshot of {value}; there are {dates or 'none'}")
