"""The text of a SELECT, cut into parts that can be changed without misreading the rest.

All is decided on tokens (:mod:`kg.queries.sparql`), so that a comment, a string or an IRI may hold
anything, and a value that is written in is never read again. What cannot be changed safely is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NoReturn

from kg.errors import QueryError
from kg.queries.sparql import tokens

_Token = re.Match[str]
#: Start, end, and what is to stand there.
_Edit = tuple[int, int, str]
#: After these a pattern may begin without a full stop before it.
_ENDS = frozenset("{}.)")


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT query in its parts.

    Attributes:
        prologue: up to the word SELECT, with DISTINCT or REDUCED.
        items: variable -> how it stands in the list: "?name", or "(... AS ?name)"; empty for "*".
        between: what stands between the list and the pattern.
        body: the pattern, with its braces.
        tail: what follows, up to ORDER BY.
        rest: ORDER BY and all that follows.
        order: variables that the rows are sorted by, and whether downwards; empty when they are
            sorted by anything else, or not all of them are given back.
        is_grouped: there are groups.
        merges: there are groups, sums or DISTINCT, so that rows depend on all that is selected.
    """

    prologue: str
    items: Mapping[str, str]
    between: str
    body: str
    tail: str
    rest: str
    order: tuple[tuple[str, bool], ...]
    is_grouped: bool
    merges: bool

    def __str__(self) -> str:
        """The query."""
        items = " ".join(self.items.values()) or "*"
        return f"{self.prologue} {items}{self.between}{self.body}{self.tail}{self.rest}"


@lru_cache(maxsize=256)
def cut(text: str) -> Select:
    """The parts of a query.

    Raises:
        QueryError: it is no SELECT, or its pattern does not end.
    """
    found = _tokens(text)
    first = next((at for at, token in enumerate(found) if _is_word(token, "SELECT")), None)
    if first is None or any(token.group() == "{" for token in found[:first]):
        raise QueryError("the query is no SELECT")
    merges = any(_is_word(token, "DISTINCT", "REDUCED") for token in found[first + 1 : first + 2])
    start = first + merges
    items, at = _items(text, found, start + 1)
    opening = next((n for n in range(at, len(found)) if found[n].group() == "{"), None)
    if opening is None:
        raise QueryError("the query has no pattern between braces")
    end = found[_closing(found, opening)].end()
    after = [token for token in found[opening:] if token.start() >= end]
    rest = next((token.start() for token in after if _is_word(token, "ORDER")), len(text))
    is_grouped = any(_is_word(token, "GROUP", "HAVING") for token in after)
    return Select(
        prologue=text[: found[start].end()],
        items=items,
        between=text[found[at - 1].end() : found[opening].start()],
        body=text[found[opening].start() : end],
        tail=text[end:rest],
        rest=text[rest:],
        order=_order([token for token in after if token.start() >= rest]),
        is_grouped=is_grouped,
        merges=merges or is_grouped or any(item[0] == "(" for item in items.values()),
    )


def with_values(query: Select, values: Mapping[str, str]) -> Select:
    """The query with terms in the place of variables.

    A row without ``?dataLabel`` is of no interest when ``data`` has a value: the OPTIONAL that
    would find it becomes required, and the side of a UNION that does not is left out.

    Args:
        values: variable -> term, as SPARQL.

    Raises:
        QueryError: the query computes, or lists with VALUES, what is given a value.
    """
    if query.is_grouped or not query.items:  # which take no constant
        blocks = "".join(f" VALUES ?{name} {{ {term} }}" for name, term in values.items())
        return replace(query, body=f"{{{blocks}{query.body[1:]}")
    body = query.body
    for name in values:
        if f"{name}Label" in query.items:
            body = _required(body, f"{name}Label")
    items = {
        name: _replaced(item, values) if item[0] == "(" else item
        for name, item in query.items.items()
    }
    given = {name: f"({term} AS ?{name})" for name, term in values.items() if name in items}
    return replace(query, items=items | given, body=_replaced(body, values))


def lean(query: Select, wanted: Collection[str]) -> Select:
    """The query for someone who sorts its rows by ``order`` himself, and wants some variables only.

    An engine reads every text that it gives back from the disk, and to sort, every text that it
    compares.
    """
    keys = {name for name, _ in query.order}
    if not keys or not keys <= set(query.items):
        return replace(query, order=())
    if query.merges:
        return replace(query, rest="")
    items = {name: item for name, item in query.items.items() if name in keys or name in wanted}
    return replace(query, items=items, rest="")


def _is_word(token: _Token, *words: str) -> bool:
    return token.lastgroup == "word" and token.group().upper() in words


def _variable(token: _Token) -> str | None:
    return token.group()[1:] if token.lastgroup == "variable" else None


def _closing(found: Sequence[_Token], opening: int) -> int:
    """Place of the brace or bracket that ends what one begins."""
    pairs = {"{": "}", "(": ")"}
    begin = found[opening].group()
    depth = 0
    for at in range(opening, len(found)):
        depth += found[at].group() == begin
        depth -= found[at].group() == pairs[begin]
        if depth == 0:
            return at
    raise QueryError(f"the query lacks a {pairs[begin]!r}")


def _items(text: str, found: Sequence[_Token], at: int) -> tuple[dict[str, str], int]:
    """What is selected, and the place of the token behind it."""
    items: dict[str, str] = {}
    if at < len(found) and found[at].group() == "*":
        return items, at + 1
    while at < len(found):
        name, end = _variable(found[at]), at
        if found[at].group() == "(":
            end = _closing(found, at)
            name = _variable(found[end - 1])
            if name is None or not _is_word(found[end - 2], "AS"):
                raise QueryError("the query selects an expression without a name")
        if name is None:
            break
        items[name] = text[found[at].start() : found[end].end()] if end > at else f"?{name}"
        at = end + 1
    if not items:
        raise QueryError("the query selects nothing")
    return items, at


def _order(found: Sequence[_Token]) -> tuple[tuple[str, bool], ...]:
    """See :class:`Select`."""
    order: list[tuple[str, bool]] = []
    at = 2
    while at < len(found):
        name, is_down = _variable(found[at]), False
        if _is_word(found[at], "ASC", "DESC") and [
            t.group() for t in found[at + 1 : at + 4 : 2]
        ] == ["(", ")"]:
            name, is_down = _variable(found[at + 2]), _is_word(found[at], "DESC")
            at += 3
        if name is None:
            return ()
        order.append((name, is_down))
        at += 1
    return tuple(order)


def _edited(text: str, edits: Sequence[_Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


@lru_cache(maxsize=256)
def _tokens(text: str) -> tuple[_Token, ...]:
    return tuple(tokens(text))


def _replaced(text: str, values: Mapping[str, str]) -> str:
    """A pattern or expression with terms in the place of variables."""
    found = _tokens(text)
    edits: list[_Edit] = []
    for name, term in values.items():
        edits += _uses(text, found, 0, len(found), name, term)
    return _edited(text, edits)


def _uses(
    text: str, found: Sequence[_Token], at: int, end: int, name: str, term: str
) -> list[_Edit]:
    edits: list[_Edit] = []
    while at < end:
        token = found[at]
        if _is_word(token, "SELECT"):
            at = _inner(text, found, at, name, term, edits)
            continue
        if _is_word(token, "VALUES"):
            stop = next(n for n in range(at, end) if found[n].group() == "{")
            if any(_variable(one) == name for one in found[at:stop]):
                _refuse(name)
        elif _variable(token) == name:
            if _is_word(found[at - 1], "AS"):
                _refuse(name)
            edits.append((token.start(), token.end(), term))
        at += 1
    return edits


def _inner(
    text: str, found: Sequence[_Token], at: int, name: str, term: str, edits: list[_Edit]
) -> int:
    """Edits of a SELECT within the pattern; the place of the token behind it.

    There a variable is the one outside only when it is selected.
    """
    start = at + 1 + _is_word(found[at + 1], "DISTINCT", "REDUCED")
    items, behind = _items(text, found, start)
    opening = next(n for n in range(behind, len(found)) if found[n].group() == "{")
    closing = _closing(found, opening)
    end, depth = closing + 1, 0
    while end < len(found) and (depth or found[end].group() != "}"):
        depth += found[end].group() == "{"
        depth -= found[end].group() == "}"
        end += 1
    if name not in items and items:
        return end
    if any(_variable(one) == name for one in found[closing:end]):
        _refuse(name)
    if items and (len(items) == 1 or any(item[0] == "(" for item in items.values())):
        _refuse(name)
    for one in found[start:behind]:  # outside stands the term as well: nothing is left to join
        if _variable(one) == name:
            edits.append((one.start(), one.end(), ""))
    edits += _uses(text, found, behind, closing + 1, name, term)
    return end


def _refuse(name: str) -> NoReturn:
    raise QueryError(
        f"the query computes ?{name} itself, so that no value can be given for it: "
        "compare it in a FILTER with a variable of another name"
    )


@lru_cache(maxsize=256)
def _required(body: str, label: str) -> str:
    """The pattern without what leaves a name unbound that is found in one place only."""
    found = _tokens(body)
    places = [at for at, token in enumerate(found) if _variable(token) == label]
    if len(places) != 1:
        return body
    [place] = places
    opening = place
    while found[opening].group() != "{":
        opening -= 1
    closing = _closing(found, opening)
    if closing < place or any(
        one.group() in "{}" or _is_word(one, "FILTER", "SELECT")
        for one in found[opening + 1 : closing]
    ):
        return body
    before, after = found[opening - 1], found[closing + 1 : closing + 2]
    start, end = found[opening], found[closing]
    if _is_word(before, "OPTIONAL"):
        stop = "" if found[opening - 2].group() in _ENDS else " ."
        dot = "" if found[closing - 1].group() == "." else "."
        return _edited(
            body,
            [(before.start(), start.end(), stop.strip()), (end.start(), end.end(), dot)],
        )
    if after and _is_word(after[0], "UNION") and not _is_word(before, "UNION"):
        other = _closing(found, closing + 2)
        if not _is_word(found[other + 1], "UNION"):
            return _edited(body, [(after[0].start(), found[other].end(), "")])
    return body
