"""Where phrases, clauses and purposes begin and end: token -> (first, last), both included.

The purposes of "to administer the sites and, for example, to compile statistics" are two
ranges, *administer the sites* and *compile statistics*.
"""

from __future__ import annotations

from kg.statements.grammar import Grammar
from kg.statements.parse import Parse
from kg.statements.phrases import Range, items, left_edge, noun_range, trim

_TRAILING = frozenset({",", ";", ":", ".", "—", "-"})
#: What may stand between two purposes, and before the verb of one.
_JOINERS = frozenset({"to", "and", "or", "also", "in", "order", "for", "example", "including"})
_OPENERS = _JOINERS | {"so", "as", "only", "solely"}
_BETWEEN = _JOINERS | {",", ";", "and/or", "/"}
#: Prepositions that begin another complement rather than go on with a noun.
_NEXT_COMPLEMENT = frozenset({"with", "for", "as", "including", "such", "by", "without"})


def bare(g: Grammar, head: int) -> Range:
    """A noun with its premodifiers, without determiners."""
    return trim(g.p, left_edge(g.p, head, g.lex), head)


def tail(g: Grammar, head: int) -> Range:
    """From the noun's first word to the end of what belongs to it."""
    p = g.p
    last = p.rights[head]
    for k in p.kids[head]:
        if k > head and p.deps[k] == "punct" and p.words[k] in {";", ":", "."}:
            last = min(last, k - 1)
    while last > head and (p.words[last] in _TRAILING or p.deps[last] == "cc"):
        last -= 1
    return left_edge(p, head, g.lex), max(last, head)


def noun_end(g: Grammar, head: int) -> int:
    """Last word of one item of a list, its own "of" phrase included."""
    p = g.p
    last = head
    for k in p.kids[head]:
        if k < head:
            continue
        if p.deps[k] in {"conj", "cc", "punct", "appos"}:
            break
        if p.deps[k] == "prep" and p.words[k] in _NEXT_COMPLEMENT:
            break
        if p.deps[k] == "prep" and p.words[k] == "of":
            last = max(last, noun_range(p, head, g.lex, clauses=False)[1])
        elif p.deps[k] in {"prep", "case", "acl", "relcl"}:
            last = max(last, p.rights[k])
    return last


def clause_end(p: Parse, verb: int) -> int:
    """Last token of a clause, without a coordinated clause and punctuation."""
    last = verb
    for k in p.kids[verb]:
        if k < verb or p.deps[k] == "cc":
            continue
        if p.deps[k] == "conj" and p.is_verb(k) and p.child(k, "nsubj") is not None:
            break
        if p.deps[k] == "punct" and p.words[k] in {".", ";", ":"}:
            continue
        last = max(last, p.rights[k])
    while last > verb and (p.words[last] in _TRAILING or p.deps[last] == "cc"):
        last -= 1
    return last


def has_to(p: Parse, verb: int) -> bool:
    """Whether a verb is an infinitive with "to"."""
    return any(p.deps[k] == "aux" and p.words[k] == "to" for k in p.kids[verb])


# ---- purposes -----------------------------------------------------------------------------


def clause_purposes(g: Grammar, verb: int) -> list[Range]:
    """One range a purpose of "to administer the sites and (to) compile statistics"."""
    p = g.p
    members = _purpose_verbs(p, verb)
    found: list[Range] = []
    first = _purpose_start(p, verb)
    for v in _purpose_heads(p, members):
        following = next((m for m in members if m > v), None)
        last = clause_end(p, v)
        if following is not None:
            last = max(v, min(last, _before_purpose(p, following)))
        if first <= last:
            found.append(trim(p, first, last))
        if following is not None:
            first = _purpose_start(p, following)
    return [each for r in found for each in _cut_purpose(g, *r)]


def _purpose_verbs(p: Parse, verb: int) -> list[int]:
    """Coordinated verbs of purposes, those after "for example" and "including" too."""
    group = [verb]
    for v in group:
        for c in p.kids[v]:
            exemplified = (
                p.deps[c] in {"advcl", "xcomp"}
                and has_to(p, c)
                and not {"example", "including", ","}.isdisjoint(
                    p.words[max(v, p.lefts[c] - 2) : c]
                )
            )
            if c not in group and (p.deps[c] == "conj" or exemplified):
                group.append(c)
    return [
        v
        for v in sorted(group)
        if v == verb
        or (p.is_verb(v) and (p.child(v, "nsubj", "nsubjpass") is None or has_to(p, v)))
    ]


def _purpose_heads(p: Parse, members: list[int]) -> list[int]:
    """The verbs that end a purpose: "provide and improve the services" is one purpose."""
    heads = []
    for n, v in enumerate(members):
        own = p.child(
            v, "dobj", "prep", "xcomp", "ccomp", "dative", "advmod", "acomp", "attr", "prt"
        )
        following = members[n + 1] if n + 1 < len(members) else None
        if following is None or has_to(p, following) or (own is not None and own <= following):
            heads.append(v)
    return heads


def _cut_purpose(g: Grammar, first: int, last: int) -> list[Range]:
    """A purpose without "as described below", with "for X purposes" at its end apart."""
    p = g.p
    for k in range(first + 2, last):
        if (p.words[k] == "as" and g.lex.has("pointing.after_purpose", p.words[k + 1])) or (
            p.words[k] == "(" and p.words[k + 1] in {"such", "including", "e.g.", "for"}
        ):
            return [trim(p, first, k - 1, determiners=False)]
        if p.words[k] == "for" and p.deps[k] == "prep" and p.words[last] in {"purposes", "purpose"}:
            end = k - 2 if p.words[k - 1] in {"and", ","} else k - 1
            return [trim(p, first, end, determiners=False), trim(p, k + 1, last)]
    return [(first, last)]


def _purpose_start(p: Parse, verb: int) -> int:
    if p.child(verb, "nsubj") is not None:
        return verb
    first = p.lefts[verb]
    while first < verb and (p.words[first] in _OPENERS or p.deps[first] in {"punct", "cc"}):
        first += 1
    return first


def _before_purpose(p: Parse, verb: int) -> int:
    """Last word before a purpose that belongs to the one before it."""
    at = _purpose_start(p, verb) - 1
    while at > 0 and (p.words[at] in _BETWEEN or p.deps[at] in {"cc", "punct"}):
        at -= 1
    return at


def noun_purposes(g: Grammar, head: int) -> list[Range]:
    """One range a purpose of "for marketing, research and fraud prevention"."""
    p = g.p
    found = [q for q in items(p, head, g.lex) if p.deps[q] != "appos"]
    if len(found) == 1 or not all(p.tags[q].startswith(("NN", "VB", "JJ")) for q in found):
        return [trim(p, p.lefts[head], tail(g, head)[1])]
    if len(found) == 2 and p.words[found[1]] in {"purposes", "purpose", "reasons"}:
        return [trim(p, left_edge(p, found[0], g.lex), noun_end(g, found[1]))]
    result = []
    for n, q in enumerate(found):
        if p.is_verb(q):
            result.append((q, clause_end(p, q)))
            continue
        end = noun_end(g, q)
        if n + 1 < len(found):
            end = min(end, found[n + 1] - 1)
        result.append(trim(p, left_edge(p, q, g.lex), max(q, end)))
    return result
