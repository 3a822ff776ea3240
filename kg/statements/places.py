"""Nouns that say where -> ranges: "servers in Ireland" names two places, servers and Ireland."""

from __future__ import annotations

from functools import lru_cache

from kg.grounding import Grounder, Scheme
from kg.statements.grammar import Grammar
from kg.statements.phrases import Range, items, noun_range
from kg.statements.ranges import bare, noun_end


@lru_cache(maxsize=8192)
def _is_known_place(grounder: Grounder, text: str) -> bool:
    return grounder.known(text, Scheme.PLACE) is not None


def is_named_place(g: Grammar, head: int) -> bool:
    """Whether a noun is a country or region of the ontology, or a server."""
    return _is_known_place(g.grounder, g.p.span_text(*bare(g, head))) or g.p.words[head] in {
        "server",
        "servers",
        "country",
        "countries",
    }


def is_place(g: Grammar, head: int) -> bool:
    """Whether a noun says where: a named place, "facilities", "databases"."""
    return g.lex.has("places.nouns", g.p.words[head]) or is_named_place(g, head)


def is_holder(g: Grammar, head: int) -> bool:
    """Whether a noun after "stored in" can hold data: "a locked cabinet", "Berlin"."""
    return g.p.tags[head].startswith("NN") and not g.lex.has("places.never", g.p.words[head])


def find_places(g: Grammar, head: int, outside: int | None = None) -> list[Range]:
    """Places in a list, and those inside each: "on servers in Ireland" has two.

    Args:
        outside: the word that goes with the first one ("outside the country").
    """
    p, lex = g.p, g.lex
    if not is_place(g, head):
        return []
    found: list[Range] = []
    named: list[Range] = []
    for q in items(p, head, lex):
        if q == head and outside is not None:
            found.append((outside, noun_end(g, q)))
            continue
        if q != head and not is_place(g, q):
            continue
        found.append((bare(g, q)[0], noun_range(p, q, lex, clauses=False)[1]))
        named += [
            bare(g, each)
            for k in p.subtree(q)
            if k > q and p.deps[k] == "prep" and p.words[k] in {"in", "within", "outside"}
            for inner in p.children(k, "pobj")
            if is_named_place(g, inner)
            for each in items(p, inner, lex)
        ]
    return found + [n for n in named if n not in found]
