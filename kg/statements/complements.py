"""Frame -> Roles: finds the complements of a frame's verbs and puts each to its role.

A complement is found on the verb or on its object ("share *your name* with vendors": the parser
hangs *with* on either), never below another clause. What one role takes, no other takes.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import Action
from kg.statements.clauses import assign_clause
from kg.statements.frames import SHARING, Frame
from kg.statements.grammar import Grammar
from kg.statements.parties import is_us
from kg.statements.phrases import items
from kg.statements.places import is_place
from kg.statements.prepositions import assign_preposition, is_consent, receivers, receives
from kg.statements.ranges import bare, has_to, noun_end, tail
from kg.statements.roles import KEEPING, PLACED, Roles, add_new

#: Prepositions that belong to their noun.
_OF_NOUNS = frozenset({"of", "about", "regarding", "concerning", "including", "like"})
_CLAUSES = frozenset({"advcl", "xcomp", "ccomp", "relcl", "acl", "pcomp", "conj"})
_NOUNS = frozenset(
    ["dobj", "attr", "appos", "npadvmod", "oprd", "acomp", "pobj", "conj", "nmod", "dep"]
)
_PREPOSITION_TAGS = frozenset({"IN", "TO", "RP", "VBG", "VBN", "JJ", "RB", "CC", "WRB"})
#: How many verbs up a measure is looked for: "take steps to ensure that we protect".
_MEASURE_REACH = 3


def find_roles(g: Grammar, frame: Frame) -> Roles:
    """Everything that the frame's words say besides who acts."""
    p = g.p
    roles = Roles(sources=list(frame.sources))
    _arguments(g, frame, roles)
    taken: set[int] = set()
    for anchor in frame.anchors:
        for k in _complements(g, anchor, frame):
            if k not in taken:
                taken.add(k)
                if p.deps[k] in _CLAUSES and (p.deps[k] not in {"acl", "conj"} or p.is_verb(k)):
                    assign_clause(g, k, frame, roles)
                else:
                    assign_preposition(g, k, frame, roles)
    for above in _above(g, frame):
        for k in _limits(g, above, frame):
            if k not in taken:
                taken.add(k)
                _assign_outer(g, k, frame, roles)
    asked = set(roles.data)
    if not g.lex.has("verbs.asking", g.lemma(frame.trigger)):
        asked.intersection_update(g.pobjs(frame.trigger, "for"))
    if asked:  # "ask for your name", "cooperate with requests for your records": no purpose
        roles.purposes = [r for r in roles.purposes if not any(r[0] <= q <= r[1] for q in asked)]
    _adverbs(g, frame, roles)
    _stranded(g, frame, roles)
    _far_receivers(g, frame, roles)
    if frame.action is Action.PROTECT:
        _protection(g, frame, roles)
    if frame.consented is not None:
        roles.legal_bases.append((frame.consented, frame.consented))
    return roles


def _arguments(g: Grammar, frame: Frame, roles: Roles) -> None:
    """Data and recipients that the frame has, with their lists."""
    p, lex = g.p, g.lex
    for head in frame.objects:
        listed = items(p, head, lex)
        kept = [k for k in listed if g.is_data(k, strict=False) or _listed_with(g, k, frame)]
        if frame.action in SHARING:
            # "your data is given to subsidiaries, dealers and agents": hung on the data as well
            parties = [
                k
                for k in kept
                if k > frame.trigger > head and g.is_party(k) and not g.is_data(k, strict=False)
            ]
            kept = [k for k in kept if k not in parties]
            add_new(roles.recipients, parties)
        add_new(roles.data, kept or listed[:1])
    for head in frame.recipients:
        add_new(roles.recipients, items(p, head, lex))
    roles.data = [
        k
        for k in roles.data
        if p.words[k] not in lex.nouns and not lex.has("phrases.partitives", p.words[k])
    ]


def _listed_with(g: Grammar, k: int, frame: Frame) -> bool:
    """Items of a list that names data belong to it, whatever their own head is."""
    p = g.p
    if p.deps[k] == "conj" and p.tags[k].startswith("NN") and not g.is_party(k):
        return True
    return (
        p.deps[k] in {"conj", "appos", "pobj"}
        and p.tags[k].startswith(("NN", "VBG", "CD"))
        and p.words[k] not in {"services", "etc", "etc.", "more", "others", "us"}
        and k not in frame.recipients
        and not is_us(p, k, g.lex)
    )


# ---- where complements hang -----------------------------------------------------------------


def _complements(g: Grammar, anchor: int, frame: Frame) -> Iterator[int]:
    """Prepositions and clauses of a verb and of its objects, outermost first."""
    p = g.p
    for k in p.kids[anchor]:
        dep = p.deps[k]
        if dep in {"nsubj", "nsubjpass", "csubj"}:
            if k in frame.objects:  # passive: "information about you from partners"
                yield from _inside(g, k, frame)
        elif dep in {"prep", "agent", "dative"}:
            if _is_preposition(g, k):
                yield k
                yield from _below(g, k, frame)
        elif dep in {"advcl", "xcomp", "ccomp", "pcomp", "relcl", "acl"}:
            yield k
        elif dep == "conj" and p.is_verb(k):
            if "so" in p.words[max(0, p.lefts[k] - 2) : k]:
                yield k
        elif dep in _NOUNS:
            yield from _inside(g, k, frame)


def _is_preposition(g: Grammar, k: int) -> bool:
    return g.p.tags[k] in _PREPOSITION_TAGS or g.p.words[k] in {
        "with",
        "to",
        "prior",
        "subject",
        "pursuant",
    }


def _inside(g: Grammar, noun: int, frame: Frame) -> Iterator[int]:
    """Complements that the parser hung on a noun of the verb's."""
    p = g.p
    for k in p.kids[noun]:
        dep = p.deps[k]
        if dep == "prep" and k > noun:
            such_as = p.words[k] == "as" and p.words[k - 1] == "such"
            if p.words[k] not in _OF_NOUNS and not such_as:
                yield k
            yield from _below(g, k, frame)
        elif dep in {"conj", "appos"} and not p.is_verb(k):
            yield from _inside(g, k, frame)
        elif dep in {"relcl", "acl", "advcl"} and p.tags[k] == "VB" and p.child(k, "nsubj") is None:
            if not is_consent(g, noun) and not g.lex.has("purposes.reasons", p.words[noun]):
                yield k  # "information to improve our services"
        elif (
            dep in {"amod", "acl"}
            and p.words[k] in {"necessary", "needed", "required", "used"}
            and k > noun
        ):
            yield from (q for q in p.children(k, "xcomp", "advcl") if has_to(p, q))
        elif dep in {"relcl", "advcl", "ccomp"} and _is_marked(g, k):
            yield k  # "information when you register"
        elif dep in {"acl", "relcl"}:
            yield from _clause_tail(g, k, frame)


def _is_marked(g: Grammar, k: int) -> bool:
    """Whether a clause of a noun says when or on which condition."""
    p, marks = g.p, g.lex.sets["marks.condition"] | {"until"}
    return p.words[p.lefts[k]] in marks or any(
        q < k and p.words[q] in marks and p.deps[q] in {"advmod", "mark"} for q in p.kids[k]
    )


def _clause_tail(g: Grammar, clause: int, frame: Frame) -> Iterator[int]:
    """ "information you provide with partners", "data we collect to …": tails too far down."""
    p = g.p
    shares, uses = frame.action in SHARING, frame.action is Action.USE
    for k in p.kids[clause]:
        if p.deps[k] == "prep" and p.words[k] == "with" and shares:
            if any(
                g.is_party(q) and not g.is_user(q) and not g.is_publisher(q)
                for q in p.children(k, "pobj")
            ):
                yield k
        elif p.deps[k] == "prep" and p.words[k] == "for":
            if uses:
                yield k
        elif (
            (uses or (shares and p.tags[clause] == "VBG"))
            and p.deps[k] in {"xcomp", "advcl"}
            and p.tags[k] == "VB"
            and has_to(p, k)
        ):
            yield k


def _below(g: Grammar, prep: int, frame: Frame) -> Iterator[int]:
    """What hangs below a preposition: "to the police (in Ireland) or *to* a court"."""
    p = g.p
    for k in p.kids[prep]:
        if p.deps[k] == "pobj":
            yield from _inside(g, k, frame)
        elif p.deps[k] == "prep":
            yield k
        elif (
            p.deps[k] == "conj"
            and not p.is_verb(k)
            and _is_preposition(g, k)
            and p.child(k, "pobj") is not None
        ):
            yield k
            yield from _below(g, k, frame)


# ---- verbs above ------------------------------------------------------------------------------


def _above(g: Grammar, frame: Frame) -> list[int]:
    """Verbs whose conditions hold for the frame too: control verbs and conjunct leaders."""
    found = [v for v in frame.verbs[1:] if v not in frame.anchors]
    if frame.consented is not None:
        found.append(frame.consented)
    # "Where permitted, you understand and accept …"
    if frame.verbs and g.p.deps[frame.verbs[-1]] == "conj":
        found.append(g.p.heads[frame.verbs[-1]])
    return found


def _limits(g: Grammar, above: int, frame: Frame) -> list[int]:
    """Complements of a verb above; of a conjunct's leader only those before it."""
    p = g.p
    leads = p.deps[frame.trigger] == "conj" and above == p.heads[frame.trigger]
    return [
        k
        for k in p.kids[above]
        if p.deps[k] in {"advcl", "prep", "advmod", "npadvmod"}
        and k not in frame.anchors
        and not (leads and k > above)
    ]


def _assign_outer(g: Grammar, k: int, frame: Frame, roles: Roles) -> None:
    """Complements of verbs above: only what limits the whole clause."""
    p = g.p
    if p.deps[k] == "advcl":
        assign_clause(g, k, frame, roles, outer=True)
        return
    word = p.words[k]
    head = p.child(k, "pobj", "pcomp")
    if p.deps[k] != "prep" or head is None or not _is_preposition(g, k):
        return
    if not g.lex.has("prepositions.outer", word):
        return
    if word == "for" and k < frame.trigger:
        roles.conditions.append(tail(g, head))
    elif word not in {"with", "to", "from"} or is_consent(g, head) or not g.is_party(head):
        assign_preposition(g, k, frame, roles)


# ---- what hangs elsewhere ---------------------------------------------------------------------


def _adverbs(g: Grammar, frame: Frame, roles: Roles) -> None:
    """ "indefinitely", "abroad", "only", "as long as"."""
    p, lex, action = g.p, g.lex, frame.action
    for anchor in frame.anchors:
        for k in p.children(anchor, "advmod", "npadvmod"):
            word = p.words[k]
            if lex.has("retention.adverbs", word) and action in {Action.STORE, Action.RETAIN}:
                roles.retention.append((k, k))
            elif lex.has("places.adverbs", word) and action in PLACED:
                roles.locations.append((k, k))
            elif word == "outside" and action in PLACED:
                of = p.child(k, "prep")  # "transferred outside of the union"
                area = None if of is None else p.child(of, "pobj")
                if area is not None and is_place(g, area):
                    roles.locations.append((k, noun_end(g, area)))
            elif word in {"only", "solely", "exclusively"} and action in SHARING | {
                Action.USE,
                Action.COLLECT,
            }:
                roles.conditions.append((k, k))
            elif word == "long" and action in KEEPING:
                roles.retention.append((p.lefts[k], p.rights[k]))


def _stranded(g: Grammar, frame: Frame, roles: Roles) -> None:
    """ "transmitted to and stored by Google": the preposition shares the later object."""
    p = g.p
    if frame.action not in SHARING or roles.recipients:
        return
    for k in p.children(frame.trigger, "prep", "dative"):
        if p.words[k] in {"to", "with"} and not p.kids[k]:
            found = [
                q
                for verb in p.conjuncts(frame.trigger)[1:]
                for agent in p.children(verb, "agent", "prep")
                for q in p.children(agent, "pobj")
                if receives(g, q)
            ]
            if found:
                roles.recipients += receivers(g, found[0])
                return


def _far_receivers(g: Grammar, frame: Frame, roles: Roles) -> None:
    """ "share your data as necessary, … and *only with vendors*": hung on what stands between."""
    p = g.p
    if frame.action not in SHARING or roles.recipients or roles.locations:
        return
    for k in range(frame.trigger + 1, len(p) - 1):
        if p.words[k - 1 : k + 1] == ("only", "with"):
            named = p.child(k, "pobj")
            if named is not None and g.is_party(named) and not g.is_publisher(named):
                add_new(roles.recipients, receivers(g, named))
                return


def _protection(g: Grammar, frame: Frame, roles: Roles) -> None:
    """Methods are what is taken or used to protect; data may stand inside the threat."""
    p = g.p
    tool = _tool(g, frame)
    if tool is not None:
        found = [(q, bare(g, q)) for q in items(p, tool, g.lex)]
        add_new(roles.methods, [span for q, span in found if q not in roles.data])
    if not roles.data:
        inside = (
            k
            for k in range(frame.trigger, p.rights[frame.trigger] + 1)
            if p.deps[k] == "pobj"
            and p.words[p.heads[k]] in {"of", "to"}
            and p.tags[k].startswith("NN")
            and g.is_data(k, strict=False)
        )
        head = next(inside, None)
        if head is not None:
            roles.data += items(p, head, g.lex)


def _tool(g: Grammar, frame: Frame) -> int | None:
    """The measure in "take *steps* to protect", "use *encryption*"."""
    p = g.p
    above = list(p.ancestors(frame.trigger))[:_MEASURE_REACH]
    for verb in (frame.trigger, *frame.verbs, *above):
        if p.tags[verb].startswith("NN") and g.lex.has("security.measures", p.words[verb]):
            return verb
        if p.is_verb(verb) and verb != frame.trigger:
            tool = _measure_of(g, verb)
            if tool is not None:
                return tool
    if g.lex.has("security.verbs", g.lemma(frame.trigger)):
        return _measure_of(g, frame.trigger)
    return None


def _measure_of(g: Grammar, verb: int) -> int | None:
    p, measures = g.p, g.lex.sets["security.measures"]
    return next((k for k in p.children(verb, "dobj") if p.words[k] in measures), None)
