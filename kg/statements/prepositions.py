"""Prepositional phrases of a verb -> roles, each preposition in its own function.

"with vendors" names recipients after *share* and methods after *protect*; "for 30 days" says
how long after *keep*; "by law" is a legal basis, "in Ireland" a place, "with your consent" a
legal basis and a condition.
"""

from __future__ import annotations

from collections.abc import Callable

from kg.model import Action
from kg.statements.clauses import assign_clause
from kg.statements.frames import SHARING, Frame
from kg.statements.grammar import Grammar
from kg.statements.parties import is_addressee
from kg.statements.phrases import Range, items, left_edge, noun_range, trim
from kg.statements.places import find_places, is_holder, is_named_place, is_place
from kg.statements.ranges import (
    clause_end,
    clause_purposes,
    noun_end,
    noun_purposes,
    tail,
)
from kg.statements.roles import KEEPING, LASTING, PLACED, Roles, add_new

#: Prepositions that a consent can follow.
_OF_CONSENT = frozenset(
    {"with", "without", "by", "upon", "on", "to", "of", "under", "after", "from"}
)
#: With a clause these open a condition; the first of them stand in it.
_IN_CONDITION = frozenset({"after", "before", "prior", "upon"})
_OF_CLAUSES = _IN_CONDITION | {"when", "while", "on", "in", "until", "if"}


def assign_preposition(g: Grammar, k: int, frame: Frame, roles: Roles) -> None:
    """Puts a prepositional phrase to its role; ``k`` is the preposition."""
    p = g.p
    word = p.words[k]
    head = p.child(k, "pobj", "pcomp")
    if head is None:
        _stacked(g, k, frame, roles)
    elif _take_basis(g, k, head, roles):
        return
    elif p.deps[head] == "pcomp" and (p.is_verb(head) or p.child(head, "nsubj") is not None):
        _gerund(g, k, head, frame, roles)
    elif is_consent(g, head) and word in _OF_CONSENT:
        _consent(g, k, head, frame, roles)
    elif g.lex.has("idioms.heads", p.words[head]):
        _idiom(g, k, head, frame, roles)
    elif g.lex.has("prepositions.occasion", word):
        _occasion(g, k, head, frame, roles)
    elif word in _BY_WORD:
        _BY_WORD[word](g, k, head, frame, roles)


def is_consent(g: Grammar, head: int) -> bool:
    """Whether a noun is a consent of the user."""
    return g.lex.has("consent.nouns", g.p.words[head])


def receives(g: Grammar, head: int) -> bool:
    """Whether a noun after "with" or "to" can receive data."""
    return g.is_party(head) or any(g.is_party(q) for q in items(g.p, head, g.lex))


def receivers(g: Grammar, head: int) -> list[int]:
    """Heads of a list after "with", "to" or "from", without data and verbs among them."""
    p = g.p
    return [
        q
        for q in items(p, head, g.lex)
        if not p.is_verb(q)
        and p.words[q] not in {"etc", "etc.", "e.g.", "example"}
        and (g.is_party(q) or not g.is_data(q, strict=True))
    ]


# ---- phrases whose noun decides --------------------------------------------------------------


def _stacked(g: Grammar, k: int, frame: Frame, roles: Roles) -> None:
    """ "except with vendors", "only for billing", "except as required by law"."""
    p = g.p
    word = p.words[k]
    nested = p.child(k, "prep")
    if nested is not None and word in {"except", "only", "other", "rather", "solely"}:
        head = p.child(nested, "pobj", "pcomp")
        if head is None:
            return
        if word == "except":
            roles.conditions.append((k, tail(g, head)[1]))
        else:
            assign_preposition(g, nested, frame, roles)
        return
    clause = p.child(k, "advcl", "ccomp")
    if clause is not None and word in {"except", "as", "until", "after", "before"}:
        assign_clause(g, clause, frame, roles, mark=word)


def _take_basis(g: Grammar, k: int, head: int, roles: Roles) -> bool:
    """Takes "on the basis of our legitimate interests", "due to a legal obligation"."""
    p, lex = g.p, g.lex
    if p.words[k] in {"because", "due"}:
        named: int | None = head
    elif p.words[head] in {"basis", "grounds", "ground", "bases"}:
        named = _after(g, head)
    else:
        return False
    if named is None or not (
        lex.has("law.grounds", p.words[named])
        or lex.has("consent.nouns", p.words[named])
        or lex.has("law.nouns", p.words[named])
    ):
        return False
    roles.legal_bases += [(left_edge(p, q, lex), noun_end(g, q)) for q in items(p, named, lex)]
    return True


def _after(g: Grammar, head: int) -> int | None:
    """The noun in the first prepositional phrase of a noun."""
    prep = g.p.child(head, "prep")
    return None if prep is None else g.p.child(prep, "pobj")


def _gerund(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:
    """A preposition with a clause: "for providing", "by clicking", "without notifying"."""
    p = g.p
    word = p.words[k]
    first, last = p.lefts[head], clause_end(p, head)
    protects = frame.action is Action.PROTECT
    if word in {"for", "to"} or (word == "in" and frame.action is Action.USE and k > frame.trigger):
        roles.purposes += clause_purposes(g, head)
    elif word in {"by", "through", "via"}:
        (roles.methods if protects else roles.conditions).append(
            (head if word == "by" else first, last)
        )
    elif word in {"against", "from"} and protects:
        roles.threats.append((first, last))
    elif word in {"without", "except"}:
        roles.conditions.append((k, last))
    elif word in _OF_CLAUSES:
        roles.conditions.append((k if word in _IN_CONDITION else first, last))


def _consent(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:
    p = g.p
    word = p.words[k]
    first, last = left_edge(p, head, g.lex), noun_end(g, head)
    roles.legal_bases.append((first, last))
    if frame.action is not Action.PROTECT:
        if word in {"with", "without"}:
            first = k - 1 if k and p.words[k - 1] == "only" else k
        roles.conditions.append((first, last))


def _idiom(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:
    """ "in order to", "in accordance with", "in the event that", "in connection with"."""
    p, lex = g.p, g.lex
    word = p.words[head]
    last = tail(g, head)[1]
    if word == "order":
        for clause in p.kids[head]:
            if p.is_verb(clause):
                roles.purposes += clause_purposes(g, clause)
    elif word in {"connection", "course"}:
        corporate = not lex.sets["purposes.corporate"].isdisjoint(p.words[head:last])
        (roles.purposes if k > frame.trigger or corporate else roles.conditions).append(
            (head, last)
        )
    elif lex.has("idioms.events", word):
        _event(g, head, roles)
    elif not lex.has("idioms.of_no_role", word):
        _law_or_condition(g, (head if word == "response" else k, last), roles)


def _event(g: Grammar, head: int, roles: Roles) -> None:
    """ "in the event that you agree" is a condition, "in the event of a merger" a purpose."""
    p = g.p
    inner = p.child(head, "acl", "relcl", "prep")
    if inner is None and p.words[head] != "event":
        return
    first, last = trim(p, p.lefts[head], p.rights[head])
    if not g.lex.sets["purposes.corporate"].isdisjoint(p.words[first : last + 1]):
        named = _after(g, head)
        roles.purposes.append(
            (first, last) if named is None else (p.lefts[named], tail(g, named)[1])
        )
        return
    if inner is not None and p.deps[inner] != "prep":
        first = p.lefts[inner]
    if first < last and p.words[first] in {"that", "where", "when"}:
        first += 1
    roles.conditions.append((first, last))


def _law_or_condition(g: Grammar, span: Range, roles: Roles) -> None:
    p = g.p
    words = p.words[span[0] : span[1] + 1]
    law = "article" in words or not g.lex.sets["law.nouns"].isdisjoint(words)
    if law and {"policy", "notice", "statement"}.isdisjoint(words):
        roles.legal_bases.append(trim(p, *span))
    else:
        roles.conditions.append(span)


# ---- one function a preposition -----------------------------------------------------------------


def _for(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:
    """ "for 30 days", "for a fee", "for the purpose of billing", "for billing"."""
    p, lex = g.p, g.lex
    word = p.words[head]
    span = tail(g, head)
    keeps = frame.action in KEEPING
    timed = keeps and not lex.sets["retention.units"].isdisjoint(p.words[span[0] : span[1] + 1])
    if timed or _is_period(g, head):
        if keeps or frame.action is Action.USE:
            roles.retention.append(span)
        return
    if g.is_user(head) or word in {"example", "instance"}:
        return
    if lex.has("purposes.payments", word):
        roles.conditions.append((k, span[1]))
        return
    found = _named_purposes(g, head)
    purpose = word in {"purpose", "purposes"}
    if found:
        roles.purposes += found
    elif (
        k < frame.trigger
        and not purpose
        and (lex.has("prepositions.topics", word) or is_place(g, head) or g.is_party(head))
    ):
        roles.conditions.append(span)
    else:
        roles.purposes += noun_purposes(g, head)


def _named_purposes(g: Grammar, head: int) -> list[Range]:
    """What follows "for the purposes of"."""
    p = g.p
    if p.words[head] not in {"purpose", "purposes", "reason", "reasons"}:
        return []
    for of in p.children(head, "prep"):
        inner = p.child(of, "pcomp", "pobj")
        if inner is not None and p.words[of] in {"of", "including", "like"}:
            found = clause_purposes(g, inner) if p.is_verb(inner) else noun_purposes(g, inner)
            if found:
                return found
    return []


def _with(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:  # noqa: ARG001
    """ "share with vendors", "combine with other data", "protect with encryption"."""
    p, lex = g.p, g.lex
    if frame.action in SHARING:
        if g.is_data(head, strict=True) and not g.is_party(head):
            if not roles.data:
                roles.data += items(p, head, lex)
        elif is_addressee(p, head) and not p.children(head, "conj"):
            return
        elif receives(g, head) or _may_receive(g, head):
            add_new(roles.recipients, receivers(g, head))
    elif frame.action is Action.USE and lex.has("verbs.combining", g.lemma(frame.trigger)):
        if g.is_data(head, strict=False):
            add_new(roles.data, items(p, head, lex))
    elif frame.action is Action.PROTECT:
        roles.methods.append(trim(p, *tail(g, head)))


def _may_receive(g: Grammar, head: int) -> bool:
    word = g.p.words[head]
    return (
        g.p.tags[head].startswith("NN")
        and not g.lex.has("parties.never", word)
        and word not in g.lex.nouns  # "consent to the transfer"
    )


def _to(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:  # noqa: ARG001
    """ "transfer to Ireland", "disclose to vendors"."""
    p = g.p
    if frame.action not in SHARING | {Action.STORE}:
        return
    places = find_places(g, head)
    if places:
        roles.locations += places
    elif is_addressee(p, head) and not p.children(head, "conj"):
        return
    elif head in roles.data:  # "sell to third parties information you …"
        roles.recipients += [
            q for q in p.children(head, "compound") if p.tags[q] == "NNS" and g.is_party(q)
        ]
    elif frame.action in SHARING and (
        receives(g, head) or (_may_receive(g, head) and not g.is_data(head, strict=False))
    ):
        add_new(roles.recipients, receivers(g, head))


def _from(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:
    """ "collect from partners", "protect from loss", "delete from our servers"."""
    p = g.p
    if frame.action is Action.PROTECT:
        _against(g, k, head, frame, roles)
    elif frame.action is Action.DELETE:
        if is_place(g, head):
            roles.locations.append(trim(p, *tail(g, head)))
    elif frame.action in {Action.COLLECT, Action.USE} and (
        g.is_party(head) or p.words[head] in {"sources", "source", "registers"}
    ):
        sources = receivers(g, head)
        if len(sources) != 1 or not _is_user_or_child(g, sources[0]):
            sources = [q for q in sources if not g.is_publisher(q)]
        add_new(roles.sources, sources)


def _is_user_or_child(g: Grammar, i: int) -> bool:
    return g.is_user(i) or g.p.words[i] in {"child", "children", "minors", "minor"}


def _against(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:  # noqa: ARG001
    """ "against theft and loss"."""
    p = g.p
    roles.threats += [
        trim(p, left_edge(p, q, g.lex), noun_end(g, q)) for q in items(p, head, g.lex)
    ]


def _in(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:
    """ "stored in Ireland", "deleted within 30 days"."""
    p = g.p
    if (
        frame.action in {Action.DELETE, Action.RETAIN}
        and p.words[k] == "within"
        and _is_period(g, head)
    ):
        roles.retention.append((k, tail(g, head)[1]))
        return
    if frame.action not in PLACED or _is_law(g, head):
        return
    if k < frame.trigger and (p.deps[k] != "prep" or p.tags[p.heads[k]].startswith("NN")):
        return  # "data of people in Europe is stored": where the people are
    places = find_places(g, head, outside=k if p.words[k] == "outside" else None)
    if not places and frame.action in {Action.STORE, Action.RETAIN} and is_holder(g, head):
        places = [
            trim(p, left_edge(p, q, g.lex), noun_range(p, q, g.lex, clauses=False)[1])
            for q in items(p, head, g.lex)
        ]
    if frame.action in LASTING | {Action.TRANSFER} or is_named_place(g, head):
        add_new(roles.locations, places)


def _by(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:
    """ "collected through partners", "required by law", "protected by encryption"."""
    p = g.p
    if p.deps[k] == "agent" or g.is_party(head):
        if frame.action is Action.COLLECT and p.words[k] in {"through", "via"}:
            named = [q for q in items(p, head, g.lex) if not g.is_publisher(q)]
            add_new(roles.sources, named)
    elif _is_law(g, head) and p.words[k] == "by":
        roles.legal_bases.append(trim(p, *tail(g, head)))
    elif frame.action is Action.PROTECT:
        roles.methods.append(trim(p, *tail(g, head)))


def _under(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:  # noqa: ARG001
    """ "under the law", "under 13", "under our control"."""
    p = g.p
    if p.words[head] == "control":
        return
    first, last = tail(g, head)
    if p.tags[head] == "CD" or p.words[head] == "age":
        roles.conditions.append((k, last))
    else:
        _law_or_condition(g, (first, last), roles)


def _occasion(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:
    """ "after 30 days", "during a sale", "without limitation"."""
    p = g.p
    first, last = tail(g, head)
    lasts = frame.action in LASTING
    if lasts and p.words[k] == "until":
        roles.retention.append((k, last))
    elif lasts and _is_period(g, head):
        roles.retention.append((first, last))
    elif p.words[head] not in {"limitation", "example"}:
        roles.conditions.append((k, last))


def _based(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:  # noqa: ARG001
    """ "based on your consent": the participle is tagged as the preposition."""
    roles.legal_bases.append(tail(g, head))


def _as(g: Grammar, k: int, head: int, frame: Frame, roles: Roles) -> None:  # noqa: ARG001
    """ "as part of a merger"."""
    p = g.p
    named = _after(g, head) if p.words[head] == "part" else None
    if named is None:
        return
    corporate = g.lex.sets["purposes.corporate"]
    inside = p.words[named : p.rights[named] + 1]
    (roles.conditions if corporate.isdisjoint(inside) else roles.purposes).append(
        (p.lefts[named], tail(g, named)[1])
    )


Handler = Callable[[Grammar, int, int, Frame, Roles], None]
_BY_WORD: dict[str, Handler] = {
    **dict.fromkeys(["with", "among", "between", "amongst"], _with),
    **dict.fromkeys(
        ["in", "on", "at", "within", "outside", "into", "across", "inside", "throughout", "onto"],
        _in,
    ),
    **dict.fromkeys(["by", "through", "via", "using"], _by),
    **dict.fromkeys(["under", "pursuant"], _under),
    "for": _for,
    "to": _to,
    "from": _from,
    "against": _against,
    "based": _based,
    "as": _as,
}


# ---- what a noun names ---------------------------------------------------------------------


def _is_law(g: Grammar, head: int) -> bool:
    word = g.p.words[head]
    return g.lex.has("law.nouns", word) and word not in {"obligation", "obligations"}


def _is_period(g: Grammar, head: int) -> bool:
    p, lex = g.p, g.lex
    return (
        lex.has("retention.nouns", p.words[head])
        or lex.has("retention.units", p.words[head])
        or (p.words[head] == "long" and "as" in p.words[max(0, head - 1) : head])
    )
