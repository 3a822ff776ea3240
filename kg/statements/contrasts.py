"""What a sentence affirms and denies at once: "with X but not with Y", "nothing other than X"."""

from __future__ import annotations

from dataclasses import replace

from kg.statements.frames import SHARING, Frame
from kg.statements.grammar import Grammar
from kg.statements.phrases import items, overlap
from kg.statements.roles import Roles

_GIVING = frozenset({"with", "to"})


def denied_roles(g: Grammar, frame: Frame, roles: Roles) -> tuple[Roles, list[tuple[int, Roles]]]:
    """Parts "with X but not with Y" and "for X but not for Y".

    Returns:
        the roles without what is denied, and for each "not" its place and the roles it denies.
    """
    p = g.p
    denied: list[tuple[int, Roles]] = []
    for k in range(frame.trigger + 1, len(p) - 1):
        if p.words[k] not in {"not", "never"} or p.words[k - 1] not in {"but", ",", "and"}:
            continue
        prep = k + 1
        head = p.child(prep, "pobj", "pcomp")
        own = {frame.trigger, *frame.anchors}
        # The parser may hang it on an infinitive: "only to check your age, not for marketing".
        verbs = (a for a in p.ancestors(prep) if a in own or (p.is_verb(a) and p.tags[a] != "VB"))
        if head is None or next(verbs, None) not in own:
            continue
        if p.words[prep] in _GIVING and frame.action in SHARING:
            listed = items(p, head, g.lex)
            kept = [r for r in roles.recipients if r not in listed] or _before(g, frame, prep)
            roles = replace(roles, recipients=kept)
            denied.append((k, replace(roles, recipients=listed)))
        elif p.words[prep] == "for":
            span = (p.lefts[head], p.rights[head])
            kept_purposes = [r for r in roles.purposes if not overlap(r, span)]
            roles = replace(roles, purposes=kept_purposes)
            denied.append((k, replace(roles, purposes=[span])))
    return roles, denied


def _before(g: Grammar, frame: Frame, prep: int) -> list[int]:
    """Recipients that hang on the data: "share *your name with X*, not with Y"."""
    p = g.p
    return [
        q
        for head in frame.objects
        for k in p.children(head, "prep")
        if k < prep and p.words[k] == p.words[prep]
        for pobj in p.children(k, "pobj")
        for q in items(p, pobj, g.lex)
    ]
