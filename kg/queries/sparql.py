"""May this SPARQL run? Decided on its tokens, before it reaches the engine.

The text is cut into the tokens of the SPARQL 1.1 grammar (section 19.8), so that a comment, a
string, an IRI or a prefixed name may contain any word, while a keyword is found in any case and
at any depth. The engine itself then reports what is malformed.

The engine's parser knows no tokens: to it "SERVICESILENT<x:y>" and "trueSERVICE?g" begin with
keywords, and "?a<b:c#>" is an IRI or a comparison with a comment behind it, whichever fits. So
"service" is refused inside longer words too, and where it is not clear what is an IRI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import QueryError, Refused

_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)
# The engine recurses for each level, and from about 1,000 on its stack ends the process. Each "["
# is two triples more to be ordered, in time that grows with their cube.
_DEEPEST = 200
_MOST_BLANK = 50
_PAIRS = {"}": "{", ")": "(", "]": "["}
_PROLOGUE = frozenset({"PREFIX", "BASE", "VERSION"})

_TOKEN = re.compile(
    r"""
    (?P<space>[\x20\t\r\n]+)
  | (?P<comment>\#[^\r\n]*)
  | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
  | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}
      | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
      | "(?:[^"\\\r\n]|\\.)*"
      | '(?:[^'\\\r\n]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<blank>_:[\w](?:[\w.·-]*[\w·-])?)
  | (?P<name>(?:[^\W\d_](?:[\w.·-]{0,100}[\w·-])?)?:
      (?:(?:[\w:·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])
         (?:(?:[\w:.·-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*
            (?:[\w:·-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[^\W\d_]\w*)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# What is no comparison in any reading: after "<x:" no expression goes on with "//".
_WHOLE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
# Where a comment or a string would begin if the IRI were none.
_OPENING = frozenset("#'")


@dataclass(frozen=True, slots=True)
class Checked:
    """A query that may run.

    Attributes:
        form: "SELECT", "ASK", "CONSTRUCT" or "DESCRIBE".
        graphs: IRIs that it names with FROM or FROM NAMED; nothing is fetched, so they have
            to be graphs of the store.
    """

    form: str
    graphs: tuple[str, ...]


def check(text: str) -> Checked:
    """Refuses what is no plain question.

    Raises:
        QueryError: an update, SERVICE, nesting too deep for the engine, or no query at all; the
            message names the line.

    >>> check("SELECT * { ?s ?p 'no SERVICE here' } # nor SERVICE here").form
    'SELECT'
    """
    form: str | None = None
    graphs: list[str] = []
    before: tuple[str, str] = ("", "")
    depth = dict.fromkeys("{([!", 0)
    names_service = "SERVICE" in text.upper()
    for found in tokens(text):
        kind, token = str(found.lastgroup), found.group()
        word = token.upper() if kind == "word" else ""
        prefix = token.partition(":")[0].upper() if kind == "name" else ""
        if "SERVICE" in word or "SERVICE" in prefix:
            hint = f"; call the prefix {token.partition(':')[0]!r} otherwise" if prefix else ""
            raise Refused(
                f"{_where(text, found)}: SERVICE is refused: queries stay in the store{hint}"
            )
        if kind == "iri" and names_service and _is_doubtful(token):
            raise QueryError(
                f"{_where(text, found)}: {token} may be a comparison: write the IRI in full, "
                "or a space after '<'"
            )
        if word and form is None and not depth["{"] and word not in _PROLOGUE:
            if word in _UPDATES:
                raise Refused(f"{_where(text, found)}: {word} is refused: the store is read-only")
            if word not in _FORMS:
                raise QueryError(
                    f"{_where(text, found)}: expected SELECT, ASK, CONSTRUCT or DESCRIBE, "
                    f"not {token!r}"
                )
            form = word
        elif word == "LOAD":
            raise Refused(f"{_where(text, found)}: LOAD is refused: the store is read-only")
        if kind == "iri" and before in {("word", "FROM"), ("word", "NAMED")}:
            graphs.append(token[1:-1])
        _nest(depth, token, text, found)
        before = kind, word
    if form is None:
        raise QueryError("the query is empty: it needs SELECT, ASK, CONSTRUCT or DESCRIBE")
    return Checked(form, tuple(graphs))


def _nest(depth: dict[str, int], token: str, text: str, found: re.Match[str]) -> None:
    """Counts brackets that are open, and signs of negation in a row.

    Raises:
        QueryError: there are more than the engine survives.
    """
    if token != "!":
        depth["!"] = 0
    if token in depth:
        depth[token] += 1
        if depth["["] > _MOST_BLANK:
            raise QueryError(
                f"{_where(text, found)}: more than {_MOST_BLANK} '[' are open: give names "
                "(_:a, ?a) to some of the nodes"
            )
        if sum(depth.values()) > _DEEPEST:
            raise QueryError(
                f"{_where(text, found)}: nested more than {_DEEPEST} deep: write it flatter, for "
                "example with VALUES or one FILTER for each condition"
            )
    elif token in _PAIRS:
        depth[_PAIRS[token]] = max(0, depth[_PAIRS[token]] - 1)


def _is_doubtful(iri: str) -> bool:
    """Whether what looks like an IRI may be a comparison, and what follows a comment or string."""
    return _WHOLE.match(iri) is None and not _OPENING.isdisjoint(iri)


def tokens(text: str) -> Iterator[re.Match[str]]:
    """The tokens of a query, without space and comments; ``lastgroup`` is the kind of each."""
    return (one for one in _TOKEN.finditer(text) if one.lastgroup not in {"space", "comment"})


def _where(text: str, found: re.Match[str]) -> str:
    before = text[: found.start()]
    return f"line {before.count(chr(10)) + 1}, column {found.start() - before.rfind(chr(10))}"
