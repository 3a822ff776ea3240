"""Clauses below a verb -> roles: purposes, conditions, legal bases, how long.

"if you agree" is a condition, "to ship your order" a purpose, "where required by law" a legal
basis, "until you close your account" says how long.
"""

from __future__ import annotations

from kg.model import Action
from kg.statements.frames import SHARING, Frame
from kg.statements.grammar import Grammar
from kg.statements.phrases import Range, items, trim
from kg.statements.ranges import clause_end, clause_purposes, has_to
from kg.statements.roles import KEEPING, Roles, add_new

_LAW = frozenset({"law", "legally", "laws"})


def assign_clause(
    g: Grammar, k: int, frame: Frame, roles: Roles, *, outer: bool = False, mark: str = ""
) -> None:
    """Puts a clause to its role.

    Args:
        k: its verb.
        outer: it belongs to a verb above the frame's.
        mark: the word that opens it, when that is not part of it ("except *if* …").
    """
    p = g.p
    opener = _opener(g, k)
    word = mark or ("" if opener is None else p.words[opener])
    first, last = p.lefts[k], clause_end(p, k)
    start = first if opener is None else opener
    if g.lex.has("marks.condition", word):
        _condition(g, k, frame, roles, word, opener)
    elif word == "until":
        _how_long(frame, roles, (first, last))
    elif word == "as":
        _as(g, k, frame, roles, start)
    elif word == "so":
        that = p.words[start + 1 : start + 2] == ("that",)
        roles.purposes.append(trim(p, start + (2 if that else 1), last))
    elif p.deps[k] == "conj":  # "… so we can help you", coordinated by the parser
        so = next((q for q in range(max(0, first - 2), k) if p.words[q] == "so"), None)
        if so is not None:
            that = p.words[so + 1] == "that"
            roles.purposes.append(trim(p, so + (2 if that else 1), last, determiners=False))
    elif outer and not (p.tags[k] == "VB" and has_to(p, k)):
        if p.tags[k] == "VBG" and k < frame.trigger:
            roles.conditions.append((first, last))
    elif _is_purpose(g, k, frame, opened=opener is not None):
        if _states_purpose(g, k, frame):
            roles.purposes += clause_purposes(g, k)
    elif p.tags[k] == "VBG" and p.deps[k] == "advcl" and p.child(k, "nsubj", "mark") is None:
        _participle(g, k, frame, roles)


def _opener(g: Grammar, k: int) -> int | None:
    p, marks = g.p, g.lex.sets["marks.clause"]
    return next(
        (
            q
            for q in (*p.kids[k], p.lefts[k])
            if q < k
            and (p.deps[q] in {"mark", "advmod", "cc"} or q == p.lefts[k])
            and p.words[q] in marks
        ),
        None,
    )


def _how_long(frame: Frame, roles: Roles, span: Range) -> None:
    (roles.retention if frame.action in KEEPING else roles.conditions).append(span)


def _condition(
    g: Grammar, k: int, frame: Frame, roles: Roles, word: str, opener: int | None
) -> None:
    """ "if …", "when …"; a merger is a purpose, "where required by law" a legal basis."""
    p, lex = g.p, g.lex
    first, last = p.lefts[k], clause_end(p, k)
    words = p.words[first : last + 1]
    if words[-1:] == ("limitation",):
        return
    start = first
    if opener is not None:
        kept = word in {"unless", "except"}
        start = opener if kept else opener + 1 if opener + 1 <= last else first
    later = k > frame.trigger
    if later and p.words[k] in {"needed", "necessary", "required", "reasonably"}:
        below = p.child(k, "xcomp", "advcl")
        if below is not None and has_to(p, below):
            roles.purposes += clause_purposes(g, below)
            return
    if not lex.sets["purposes.corporate"].isdisjoint(words):
        roles.purposes.append(trim(p, start, last, determiners=False))
    elif (
        later
        and word in {"where", "when", "if"}
        and not _LAW.isdisjoint(words)
        and not lex.sets["law.bindings"].isdisjoint(words)
    ):
        if "permitted" in words:
            roles.conditions.append((first, last))
        else:
            roles.legal_bases.append(trim(p, start, last))
    else:
        roles.conditions.append(trim(p, start, last, determiners=False))


def _as(g: Grammar, k: int, frame: Frame, roles: Roles, opener: int) -> None:
    """ "as necessary to …", "as required by law", "as long as …", "as described below"."""
    p = g.p
    first, last = p.lefts[k], clause_end(p, k)
    words = set(p.words[first : last + 1])
    below = p.child(k, "xcomp", "advcl")
    aim = below if below is not None and has_to(p, below) else None
    near = range(max(0, first - 3), min(first + 3, len(p)))
    if (
        aim is not None
        and frame.action not in KEEPING
        and words & {"necessary", "needed", "required", "appropriate"}
    ):
        roles.purposes += clause_purposes(g, aim)
    elif words & (_LAW | {"regulation", "regulations"}):
        roles.legal_bases.append(trim(p, opener + 1, last))
    elif "long" in p.words[near.start : near.stop]:
        start = next((q for q in near if p.words[q] == "as"), first)
        if aim is not None:
            roles.purposes += clause_purposes(g, aim)
            if p.lefts[aim] - 1 > start:  # "as long as needed | to provide the service"
                last = p.lefts[aim] - 1
        _how_long(frame, roles, (start, last))
    elif words & {"necessary", "needed", "long"} and frame.action in KEEPING:
        roles.retention.append((first, last))
    elif words & g.lex.sets["pointing.conditions"]:
        roles.conditions.append((first, last))


def _is_purpose(g: Grammar, k: int, frame: Frame, *, opened: bool) -> bool:
    """ "to ship your order"; after a use also "(this data helps) us understand"."""
    p = g.p
    if p.tags[k] != "VB":
        return False
    helped = p.child(k, "nsubj")
    if helped is None:
        return has_to(p, k)
    return (
        not opened
        and frame.action is Action.USE
        and p.heads[k] == frame.trigger
        and g.is_publisher(helped)
    )


def _states_purpose(g: Grammar, k: int, frame: Frame) -> bool:
    """Whether an infinitive is more than a part of the verb: not "need *to collect*"."""
    p = g.p
    if k in frame.verbs:
        return False
    return p.deps[k] != "xcomp" or not (
        k < frame.trigger
        or (
            frame.trigger == p.heads[k]
            and frame.action is not Action.USE
            and g.lemma(frame.trigger) in {"need", "require", "continue"}
        )
    )


def _participle(g: Grammar, k: int, frame: Frame, roles: Roles) -> None:
    """ "using encryption", "depending on your settings"."""
    p = g.p
    last = clause_end(p, k)
    if p.words[k] in {"using", "employing", "utilizing", "applying"}:
        if frame.action is Action.PROTECT:
            roles.methods.append(trim(p, k + 1, last))
        else:
            roles.conditions.append(trim(p, k, last))
    elif p.words[k] in {"acting", "serving"} and frame.action in SHARING and roles.recipients:
        for prep in p.children(k, "prep"):  # "to associates, acting as tax consultants"
            if p.words[prep] == "as":
                for named in p.children(prep, "pobj"):
                    add_new(roles.recipients, items(p, named, g.lex))
    elif p.words[k] == "depending":
        roles.conditions.append((p.lefts[k], last))
