"""Protection without a protecting verb: measures that are taken, data that is kept safe.

"We use encryption" and "your data is held in confidence" are protections; "we use cookies to
keep the site secure" is none, and "no transmission is completely secure" is a disclaimer.
"""

from __future__ import annotations

from kg.model import Action
from kg.statements.asides import is_aside
from kg.statements.frames import Frame
from kg.statements.grammar import Grammar
from kg.statements.polarity import chain

_COPULAS = frozenset({"be", "is", "are"})


def measures(g: Grammar, i: int) -> Frame | None:
    """ "We use encryption", "we maintain safeguards"."""
    p, lex = g.p, g.lex
    if not p.is_verb(i) or any(_protects(g, k) for k in p.subtree(i)):
        return None
    for head in g.objects(i):
        if p.words[head] not in lex.sets["security.measures"]:
            continue
        phrase = [p.words[k] for k in p.subtree(head)]
        if not lex.sets["security.cues"].isdisjoint(phrase):
            return _measure(g, i, head, phrase)
    return None


def _protects(g: Grammar, k: int) -> bool:
    verb = g.lex.verbs.get(g.p.words[k])
    return verb is not None and verb.action is Action.PROTECT and g.p.is_verb(k)


def _measure(g: Grammar, i: int, head: int, phrase: list[str]) -> Frame | None:
    p = g.p
    subject = g.subject(i)
    if (subject is not None and g.is_user(subject)) or is_aside(g, i):
        return None
    if _is_denied(g, i) and not {"same", "as"}.isdisjoint(phrase):
        return None  # "may not have the same protection": a comparison
    data = [
        k
        for k in p.subtree(i)
        if k > head
        and p.deps[k] in {"dobj", "pobj"}
        and p.tags[k].startswith("NN")
        and g.is_data(k, strict=False)
    ]
    vague = g.lex.has("security.vague_measures", p.words[head])
    if not data and vague and {"encryption", "ssl", "tls"}.isdisjoint(phrase):
        return None
    return Frame(i, Action.PROTECT, tuple(chain(p, i)), (i,), subject, tuple(data[:1]))


def kept_safe(g: Grammar, i: int) -> Frame | None:
    """ "keep your data secure", "is held in confidence"."""
    p, lex = g.p, g.lex
    head = p.heads[i]
    if p.deps[i] == "pobj" or p.words[head] == "as":
        head = p.heads[head]
    lemma = g.lemma(head)
    if not lex.has("security.keeping", lemma) and not _is_made_safe(g, i, head):
        return None
    if p.words[i] == "private" and lemma not in {"keep", "remain", "hold"}:
        return None
    stays = lemma in {"remain", "stay"} or lemma in _COPULAS
    own = g.subject(head)
    inner = p.child(i, "nsubj")
    if stays:
        objects = [] if own is None else [own]
    else:
        objects = g.objects(head) if inner is None else [inner]
    subject = None if stays or g.is_passive(head) else own
    kept = [k for k in objects if g.has_data(k, strict=False) and not g.is_user(k)]
    if not kept or (subject is not None and g.is_user(subject)) or is_aside(g, head):
        return None
    verbs = tuple(chain(p, head))
    if p.deps[verbs[-1]] in {"relcl", "acl"} and p.tags[head] != "VB":
        return None
    return Frame(i if stays else head, Action.PROTECT, verbs, (head,), subject, tuple(kept))


def _is_made_safe(g: Grammar, i: int, head: int) -> bool:
    """ "make your data secure", "your data is encrypted"; not "we cannot ensure that it is"."""
    p = g.p
    lemma = g.lemma(head)
    if (
        lemma in _COPULAS
        and p.deps[i] == "acomp"
        and p.words[i] in {"secure", "safe", "confidential", "encrypted"}
    ):
        return not _is_denied(g, head) and not any(
            g.lemma(a) in {"guarantee", "warrant"}
            or (p.words[a] in {"ensure", "assure"} and _is_denied(g, a))
            for a in p.ancestors(head)
        )
    return lemma == "make" and p.child(i, "nsubj") is not None


def _is_denied(g: Grammar, verb: int) -> bool:
    return any(g.p.deps[k] == "neg" for k in g.p.kids[verb])
