"""Verbs of the lexicon -> frames: who does it to what, and what makes a verb state nothing.

"You provide us with your name" is a collection from the user, "we provide our services" is
nothing, "we provide vendors with your name" is a share: a weak verb states an action only with
an object that is personal data, and what it states depends on who does it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model import Action
from kg.statements.asides import (
    is_disclaimed,
    is_imperative,
    is_presupposed,
    is_prevented,
    is_requested,
    is_withheld,
)
from kg.statements.frames import SHARING, Frame
from kg.statements.grammar import Grammar
from kg.statements.lexicon import Verb
from kg.statements.parties import is_addressee
from kg.statements.phrases import is_data_head, is_users, items
from kg.statements.polarity import chain, is_denied

#: Pronouns that may stand for data.
_PERSONAL = frozenset({"it", "them", "they"})
#: "No one under 13 may provide his name": whoever they are, they use the service.
_ANYBODY = frozenset({"one", "anyone", "anybody", "nobody", "everyone"})
_DEMONSTRATIVE = frozenset({"this", "that", "these", "those"})
_HOLDING = frozenset({Action.COLLECT, Action.STORE, Action.RETAIN, Action.DELETE})


@dataclass(slots=True)
class _Reading:
    """What a verb takes, as far as it has been read."""

    action: Action
    strong: bool
    subject: int | None
    objects: list[int]
    recipients: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    from_user: bool = False
    denied: bool = False


def verb_frame(g: Grammar, i: int, verb: Verb) -> Frame | None:
    """The frame of a verb of the lexicon; ``None`` when it states nothing."""
    verbs = tuple(chain(g.p, i))
    if g.p.deps[verbs[-1]] in {"relcl", "acl"} and is_presupposed(g, verbs[-1], i):
        return None
    passive = g.is_passive(i)
    subject = _agent(g, i, verb) if passive else g.subject(i)
    r = _Reading(
        verb.action, verb.strong, subject, g.objects(i), denied=is_denied(g.p, verbs, g.lex)
    )
    if _is_no_act(g, i, verb, r, passive=passive):
        return None
    if r.subject is not None and _is_thing(g, r.subject) and not _is_unseen(g, verb, r):
        r.subject = None
    by_user = (
        r.subject is not None
        and (
            g.is_user(r.subject)
            or (g.p.words[r.subject] in _ANYBODY and g.lex.has("giving.verbs", verb.lemma))
        )
        and (not passive or g.lex.has("giving.verbs", verb.lemma))
    )
    if not _read_arguments(g, i, verb, r, verbs, by_user=by_user, passive=passive):
        return None
    kept = [k for k in r.objects if _is_object(g, k, i, verb, r)]
    if not kept and (r.objects or passive or not _needs_no_object(g, i, r)):
        return None
    nested = g.is_nested(i)
    if not by_user:
        if r.action in SHARING and _gives_to_user(g, i, verb, r.recipients, kept):
            return None
        _see(g, i, verb, r)
    if _serves(g, i, verb, r, kept, nested=nested):
        return None
    return Frame(
        trigger=i,
        action=r.action,
        verbs=verbs,
        anchors=anchors_of(g, i),
        subject=r.subject,
        objects=tuple(kept),
        recipients=tuple(r.recipients),
        sources=tuple(r.sources),
        from_user=r.from_user,
        nested=nested,
    )


def _read_arguments(
    g: Grammar,
    i: int,
    verb: Verb,
    r: _Reading,
    verbs: tuple[int, ...],
    *,
    by_user: bool,
    passive: bool,
) -> bool:
    """Who gives and who receives; ``False`` when that makes the verb state nothing."""
    if verb.action in SHARING | {Action.COLLECT} and not passive:
        _swap(g, i, r)
    if verb.lemma in {"ask", "request", "require"} and not _asks(g, i, verb, r, passive=passive):
        return False
    if by_user:
        return (passive or not is_withheld(g, verbs)) and _gives(g, i, verb, r)
    advice = r.subject is None and not passive and is_imperative(g, verbs)
    return not advice and not g.lex.has("giving.only", verb.lemma)


# ---- what states nothing ------------------------------------------------------------------


def _is_no_act(g: Grammar, i: int, verb: Verb, r: _Reading, *, passive: bool) -> bool:
    """Whether nobody who could act is said to do anything to what could be data."""
    p, lex = g.p, g.lex
    if any(
        p.words[k] in {"what", "which"} and p.deps[k] == "det" for o in r.objects for k in p.kids[o]
    ):
        return True  # "what information we collect": a title, an indirect question
    if passive and verb.lemma in {"need", "require"} and "longer" in p.words[max(0, i - 3) : i]:
        return True  # "data that is no longer required": says when, denies nothing
    subject = r.subject
    if subject is None:
        if not passive and not g.item:
            return True
    elif p.tags[subject] == "VBG" and not passive:
        return True  # "deleting your copy does not delete …"
    elif (p.words[subject] in lex.sets["not_an_actor.nouns"] and subject not in p.names) or (
        not passive
        and verb.action is not Action.USE
        and is_data_head(p, subject, lex)
        and not g.is_publisher(subject)
    ):
        return True
    if lex.has("security.said_safe", verb.lemma) and _is_kept_safe(g, i):
        return True  # said by kg.statements.safeguards.kept_safe
    if subject is not None and not verb.strong and not r.denied and _is_thing(g, subject):
        return True
    return is_requested(g, i) or is_disclaimed(g, i) or is_prevented(g, tuple(chain(p, i)))


def _is_unseen(g: Grammar, verb: Verb, r: _Reading) -> bool:
    """ "other swimmers cannot see your weight": who does not get it may be anybody."""
    p = g.p
    return (
        r.denied
        and r.subject is not None
        and p.tags[r.subject] == "NNS"
        and (g.lex.has("verbs.seeing", verb.lemma) or verb.lemma == "receive")
    )


def _is_kept_safe(g: Grammar, i: int) -> bool:
    p = g.p
    for k in p.kids[i]:
        if k < i:
            continue
        if g.lex.has("security.states", p.words[k]) and p.deps[k] in {
            "acomp",
            "oprd",
            "ccomp",
            "advmod",
            "xcomp",
        }:
            return True
        if p.deps[k] == "prep" and any(
            p.words[q] in {"confidence", "confidential"} for q in p.kids[k]
        ):
            return True
    return False


def _is_thing(g: Grammar, subject: int) -> bool:
    """Whether a subject is no party at all: "the purpose", "your wallet"."""
    p = g.p
    return (
        p.tags[subject] in {"NN", "NNS"}
        and subject not in p.names
        and not g.is_publisher(subject)
        and not g.is_party(subject)
    )


def _serves(g: Grammar, i: int, verb: Verb, r: _Reading, kept: list[int], *, nested: bool) -> bool:
    """Whether the verb only says what something else is for, or what becomes of a file."""
    lex = g.lex
    if r.action is Action.STORE and lex.has("verbs.placing", verb.lemma):
        # "place your order"; but "place cookies", "place your data on our servers"
        if not any(g.is_cookie(k) for k in kept) and not _is_on_server(g, i):
            return True
    elif r.action is Action.DELETE and r.subject is None and all(g.is_cookie(k) for k in kept):
        return True
    return (
        nested
        and not verb.strong
        and (r.action is Action.USE or lex.has("verbs.not_nested", verb.lemma))
    )


def _is_on_server(g: Grammar, i: int) -> bool:
    return any(w in {"server", "servers", "database", "databases"} for w in g.p.words[i:])


# ---- who acts, who gives, who receives ------------------------------------------------------


def _agent(g: Grammar, i: int, verb: Verb) -> int | None:
    """Who does what a passive says; "protected by TLS" names no one."""
    agent = g.agent(i)
    if agent is None or verb.action is not Action.PROTECT:
        return agent
    third = g.lex.has("parties.third_heads", g.p.words[agent])
    return agent if third or g.is_publisher(agent) else None


def _swap(g: Grammar, i: int, r: _Reading) -> None:
    """ "provide vendors with your data", "give them your name": the object receives."""
    p = g.p
    datives = [k for k in p.children(i, "dative") if not g.is_to(k)]
    parties = [k for k in r.objects if not g.has_data(k, strict=True) and g.is_party(k)]
    rest = [k for k in r.objects if k not in parties and k not in datives]
    if (parties or datives) and not rest:
        rest = [k for k in g.pobjs(i, "with") if g.has_data(k, strict=False)]
    parties = parties or datives
    if parties and rest:
        r.objects, r.recipients = rest, parties


def _asks(g: Grammar, i: int, verb: Verb, r: _Reading, *, passive: bool) -> bool:
    """Parts whom "ask you for your name" asks from what it asks for.

    Returns:
        False when the infinitive below states it ("ask you to provide"), or others require it.
    """
    p = g.p
    if any(
        p.deps[k] in {"xcomp", "ccomp", "advcl"} and g.lex.has("giving.verbs", g.lemma(k))
        for k in p.kids[i]
    ):
        return False
    if passive and verb.lemma in {"require", "ask"} and r.objects and g.is_user(r.objects[0]):
        return False
    people = [
        k for k in r.objects if g.is_user(k) or g.is_party(k) or not g.has_data(k, strict=False)
    ]
    r.objects = [k for k in r.objects if k not in people]
    r.sources += people
    if not r.objects and people:
        r.objects = g.pobjs(i, "for")
    return not (
        verb.lemma == "require"
        and r.subject is not None
        and not passive
        and not g.is_publisher(r.subject)
    )


def _gives(g: Grammar, i: int, verb: Verb, r: _Reading) -> bool:
    """Reads "you provide …": a collection from the user, or a share with others.

    Returns:
        False when the user gives nothing.
    """
    p, lex = g.p, g.lex
    publishes = lex.has("publishing.verbs", verb.lemma)
    if not publishes and not lex.has("giving.verbs", verb.lemma):
        return False
    others = [
        k
        for k in [*r.recipients, *_receivers(g, i, r.objects)]
        if not g.is_publisher(k)
        and not is_addressee(p, k)
        and p.tags[k].startswith(("NN", "PRP"))
        and (g.is_party(k) or not g.has_data(k, strict=False))
    ]
    if others:
        r.action = Action.SHARE
        r.recipients += others
        return True
    if verb.lemma in {"post", "publish"}:
        return False
    r.action, r.from_user = Action.COLLECT, True
    r.strong = not lex.has("giving.needs_strict_data", verb.lemma)
    if r.subject is not None:
        r.sources.append(r.subject)
    r.subject = None
    return True


def _receivers(g: Grammar, i: int, objects: list[int]) -> list[int]:
    """Heads after "to" and "with", on the verb or on its objects."""
    p = g.p
    preps = [*p.children(i, "prep", "dative"), *(q for o in objects for q in p.children(o, "prep"))]
    return [q for k in preps if p.words[k] in {"to", "with"} for q in p.children(k, "pobj")]


def _gives_to_user(
    g: Grammar, i: int, verb: Verb, recipients: list[int], objects: list[int]
) -> bool:
    """ "send you information about our products": nothing of the user's leaves."""
    p = g.p
    to = [*recipients, *p.children(i, "dative"), *_receivers(g, i, objects)]
    to = [k for k in to if p.words[k] not in {"to", "with"}]
    addressed = all(is_addressee(p, k) if verb.strong else g.is_user(k) for k in to)
    return bool(to) and addressed


def _see(g: Grammar, i: int, verb: Verb, r: _Reading) -> None:
    """ "can be read by others": it is shared with them."""
    seen = g.lex.has("verbs.seeing", verb.lemma) or (
        verb.lemma == "receive" and all(g.is_publisher(k) for k in g.pobjs(i, "from"))
    )
    if (
        r.action is Action.COLLECT
        and seen
        and r.subject is not None
        and not g.is_publisher(r.subject)
        and (g.is_party(r.subject) or _is_unseen(g, verb, r))
    ):
        r.recipients = [r.subject]
        r.action, r.subject = Action.SHARE, None


def anchors_of(g: Grammar, i: int) -> tuple[int, ...]:
    """The verb, and conjuncts that share its object and so their complements."""
    p = g.p
    group = [v for v in p.conjuncts(g.leader(i)) if p.is_verb(v)]
    if len(group) == 1:
        return (i,)
    anchors = [i]
    mine = set(g.objects(i))
    for v in group:
        if v == i:
            continue
        first, last = min(v, i), max(v, i)
        own = any(
            p.deps[k] in {"aux", "auxpass", "nsubj", "nsubjpass"} and p.words[k] != "to"
            for k in p.kids[last]
        )
        if own or g.is_passive(v) != g.is_passive(i) or mine.isdisjoint(g.objects(v)):
            continue
        apart = any(p.deps[k] == "prep" and first < k < last for k in p.kids[first]) and any(
            p.deps[k] == "prep" for k in p.kids[last]
        )
        if not apart:
            anchors.append(v)
    return tuple(anchors)


# ---- objects ------------------------------------------------------------------------------


def _is_object(g: Grammar, k: int, i: int, verb: Verb, r: _Reading) -> bool:
    """Whether what a verb takes is data, as strictly as the verb asks for."""
    p, lex = g.p, g.lex
    word = p.words[k]
    if p.tags[k] in {"PRP", "DT"} and word in _PERSONAL | _DEMONSTRATIVE:
        return (r.strong or word in _PERSONAL) and _is_resolvable(g, k)
    active = not g.is_passive(i)
    if r.denied and (r.strong or _has_recipient(g, i)) and _is_loosely_data(g, k):
        return True
    if (
        verb.lemma in {"collect", "gather"}
        and active
        and p.tags[k].startswith("NN")
        and not lex.has("verbs.not_collected", word)
    ):
        return word != "information" or g.has_data(k, strict=False)
    if lex.has("verbs.loose", verb.lemma) or (r.action in _HOLDING and active and _is_ours(g, i)):
        return g.has_data(k, strict=False) or _is_loosely_data(g, k)
    if verb.lemma in {"accept", "process"} and lex.has("verbs.not_processed", word):
        return False
    return g.has_data(k, strict=False) if r.strong else _is_weak_object(g, k, i, r, active=active)


def _is_weak_object(g: Grammar, k: int, i: int, r: _Reading, *, active: bool) -> bool:
    """For verbs of many meanings: "provide", "keep"."""
    p = g.p
    listed = items(p, k, g.lex)
    received = r.action is Action.SHARE and bool(r.recipients or _has_recipient(g, i))
    if (
        r.action is Action.SHARE
        and active
        and not received
        and not any(is_users(p, q, g.lex) for q in listed)
    ):
        return False
    if g.has_data(k, strict=True):
        return True
    general = any(g.lex.has("data.general", p.words[q]) for q in listed)
    if r.action is Action.SHARE and not received:
        return False
    if general and g.has_data(k, strict=False):
        return True
    if r.action is Action.SHARE:
        return _is_loosely_data(g, k)
    return (
        r.action in {Action.RETAIN, Action.STORE}
        and any(w in {"days", "months", "years", "indefinitely"} for w in p.words[i:])
        and (g.has_data(k, strict=False) or is_data_head(p, k, g.lex))
    )


def _is_loosely_data(g: Grammar, head: int) -> bool:
    return any(g.is_data(q, strict=False, loose=True) for q in items(g.p, head, g.lex))


def _is_ours(g: Grammar, i: int) -> bool:
    """Whether the publisher does it, for its own sake."""
    subject = g.subject(i)
    return subject is not None and g.is_publisher(subject) and not g.is_nested(i)


def _is_resolvable(g: Grammar, k: int) -> bool:
    """Whether data was named before the pronoun, in the sentence or before it."""
    p = g.p
    return g.antecedent or any(
        p.tags[q].startswith("NN") and is_data_head(p, q, g.lex) and g.has_data(q, strict=False)
        for q in range(k)
    )


def _needs_no_object(g: Grammar, i: int, r: _Reading) -> bool:
    """ "protects against theft", "We collect:", "share with our partners"."""
    p = g.p
    if r.action is Action.PROTECT and any(p.words[k] in {"against", "from"} for k in p.kids[i]):
        return True
    return r.strong and (_awaits_object(g, i) or (r.action in SHARING and _has_recipient(g, i)))


def _awaits_object(g: Grammar, i: int) -> bool:
    """ "We collect:" with what is collected elsewhere."""
    p = g.p
    following = min(p.rights[i] + 1, len(p) - 1)
    return p.words[following] == ":" or ":" in p.words[i : i + 8] or p.words[-1] == ":"


def _has_recipient(g: Grammar, i: int) -> bool:
    p = g.p
    return any(
        p.words[k] in {"with", "to"} and any(g.is_party(q) for q in p.children(k, "pobj"))
        for k in p.kids[i]
    )
