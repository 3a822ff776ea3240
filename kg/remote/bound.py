"""A query and its parameters -> one text, as HTTP knows no parameters.

What a parameter stands for is joined at the head of the pattern, as ``VALUES`` of terms that
a serialiser wrote. The pattern is found on the tokens of the query, which is ours; no value
is ever looked at as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.errors import QueryError
from kg.queries.sparql import tokens
from kg.triples import is_iri, literal


def with_prefixes(text: str, prefixes: Mapping[str, str]) -> str:
    """The query with the prefixes that it does not declare itself; its lines keep their numbers."""
    missing = {name: iri for name, iri in prefixes.items() if name not in set(_declared(text))}
    head = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in missing.items())
    return f"{head} {text}" if head else text


def with_values(text: str, bindings: Mapping[str, Any]) -> str:
    """The query with variables bound to terms, wherever its outermost pattern has them.

    Args:
        text: SELECT or ASK, trusted.
        bindings: name of a variable -> the engine's named node or literal.

    Raises:
        QueryError: there is no pattern, or a term that no query can hold.

    >>> from pyoxigraph import Literal
    >>> with_values("SELECT ?a { ?a ?b ?c }", {"c": Literal("x")})
    'SELECT ?a { VALUES ?c { "x" } ?a ?b ?c }'
    """
    if not bindings:
        return text
    depth = 0
    for token in tokens(text):
        mark = token.group() if token.lastgroup == "mark" else ""
        depth += (mark == "(") - (mark == ")")
        if mark == "{" and depth == 0:
            # One block each: Virtuoso 7 does not come back from some blocks of two variables.
            blocks = "".join(
                f" VALUES ?{name} {{ {_term(term)} }}" for name, term in bindings.items()
            )
            return f"{text[: token.end()]}{blocks}{text[token.end() :]}"
    raise QueryError("the query has no pattern to bind variables in")


def _declared(text: str) -> Iterator[str]:
    is_prefix = False
    for token in tokens(text):
        if token.group() == "{":
            return
        if is_prefix and token.lastgroup == "name":
            yield token.group()[:-1]
        is_prefix = token.lastgroup == "word" and token.group().upper() == "PREFIX"


def _term(term: Any) -> str:
    value: str = term.value
    datatype = getattr(term, "datatype", None)
    if datatype is None:
        if not is_iri(value):
            raise QueryError(f"{value!r} is no IRI")
        return f"<{value}>"
    if term.language:
        return f"{literal(value)}@{term.language}"
    if datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return literal(value)
    return f"{literal(value)}^^{_term(datatype)}"
