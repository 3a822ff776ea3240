"""Frames without a verb of the lexicon: data is visible, helps, is needed, is listed, is accessed.

"Your profile is visible to other users" is a share, "this data helps us understand you" a use,
"you consent to the transfer of your data" a transfer. Each function looks at one token, whose
word :mod:`kg.statements.finder` has matched, and gives a frame or ``None``.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import Action
from kg.statements.asides import is_aside
from kg.statements.frames import Frame
from kg.statements.grammar import Grammar
from kg.statements.lexicon import Verb
from kg.statements.polarity import chain, is_denied

#: How far into an item the noun stands that names its action.
_NOMINAL_REACH = 2


# ---- actions that a noun names --------------------------------------------------------------


def nominal(g: Grammar, i: int, noun: Verb) -> Frame | None:
    """ "you consent to the transfer of your data": an action named under a consent."""
    p = g.p
    consent = _consent_above(g, i)
    if consent is None:
        return _denied_nominal(g, i, noun) or nominal_item(g, i, noun)
    if any(p.deps[k] == "neg" for k in p.kids[consent]) or is_aside(g, consent):
        return None
    group = _coordinated(g, i)
    after = sorted(m for m in group if m > i)
    before = sorted((m for m in group if m < i), reverse=True)
    for member in [i, *after, *before]:
        objects = _of(g, member)
        if objects:
            break
    else:
        return None
    agent = None
    for k in p.subtree(i):
        if p.words[k] == "by" and p.deps[k] in {"prep", "agent"}:
            agent = p.child(k, "pobj")
    if agent is not None and not (g.is_party(agent) or g.is_publisher(agent)):
        agent = None
    others = (m for m in group if m != i)
    return Frame(
        trigger=i,
        action=noun.action,
        verbs=(),
        anchors=(i, *others, *([consent] if consent else [])),
        subject=agent,
        objects=tuple(objects[:1]),
        consented=consent,
    )


def _denied_nominal(g: Grammar, i: int, noun: Verb) -> Frame | None:
    """ "there is no sale of your data", "any use of it is prohibited", "do not engage in …"."""
    p = g.p
    verb = p.heads[i]
    if p.deps[i] == "pobj" and p.deps[verb] == "prep":  # "engage in the sale of"
        verb = p.heads[verb]
    no = any(p.words[k] == "no" for k in p.kids[i] if k < i)
    undergoes = p.deps[i] in {"nsubj", "nsubjpass"}
    above = p.is_verb(verb) and _denies_noun(g, verb, undergoes=undergoes)
    if not above and not (no and (not undergoes or _happens(g, verb))):
        return None
    objects = _of(g, i) or [k for k in p.children(i, "compound") if g.is_data(k, strict=False)]
    if not objects or (p.is_verb(verb) and is_aside(g, verb)):
        return None
    subject = None if undergoes or not above else g.subject(verb)
    if subject is not None and not (g.is_party(subject) or g.is_publisher(subject)):
        subject = None
    return Frame(i, noun.action, (verb,) if above else (), (i,), subject, tuple(objects[:1]))


def _denies_noun(g: Grammar, verb: int, *, undergoes: bool) -> bool:
    """Whether a verb denies the action that its subject or its object names."""
    lemma = g.lemma(verb)
    if undergoes and lemma in g.lex.sets["control.forbidding"]:
        return g.is_passive(verb)
    if undergoes:
        return _happens(g, verb) and is_denied(g.p, [verb], g.lex)
    subject = g.subject(verb)
    return (
        subject is not None
        and not g.is_user(subject)
        and lemma in g.lex.sets["negation.performing"]
        and is_denied(g.p, [verb], g.lex)
    )


def _happens(g: Grammar, verb: int) -> bool:
    """ "no transfer takes place", "no transfer is made"; not "no transfer is guaranteed to be"."""
    return g.lex.has("negation.happening", g.p.words[verb])


def _consent_above(g: Grammar, i: int) -> int | None:
    """The consent that the noun stands under, with no other verb between."""
    p = g.p
    for above in p.ancestors(i):
        word = p.words[above]
        if g.lex.has("consent.verbs", g.lemma(above)) and (
            p.is_verb(above) or word.startswith("consent")
        ):
            return above
        if (
            p.is_verb(above)
            and p.deps[above] != "prep"
            and not g.lex.has("consent.passed_over", word)
        ):
            return None
    return None


def _coordinated(g: Grammar, i: int) -> list[int]:
    """The noun, what it is coordinated with further left, then the rest of the row."""
    p = g.p
    group = [i]
    while p.deps[group[-1]] == "conj":
        group.append(p.heads[group[-1]])
    return group + [k for k in p.conjuncts(group[-1]) if k not in group]


def _of(g: Grammar, i: int) -> list[int]:
    return [k for k in g.pobjs(i, "of") if g.has_data(k, strict=False)]


def nominal_item(g: Grammar, i: int, noun: Verb) -> Frame | None:
    """An item that names the action under a lead-in: "… for these uses: publication of"."""
    p, start = g.p, g.item_start
    if not start or not start <= i <= start + _NOMINAL_REACH:
        return None
    if any(p.is_verb(k) for k in range(start, i)):
        return None
    objects = _of(g, i) or [
        k
        for k in range(start)
        if p.deps[k] in {"nsubjpass", "dobj", "nsubj"} and g.has_data(k, strict=False)
    ]
    return Frame(i, noun.action, (), (i,), None, tuple(objects[:1])) if objects else None


def fragment(g: Grammar, root: int) -> Iterator[Frame]:
    """ "Information you provide when you register": a heading."""
    p, lex = g.p, g.lex
    if g.item or p.words[root] not in lex.sets["data.general"]:
        return
    if not g.has_data(root, strict=False):
        return
    for k in p.children(root, "relcl", "acl"):
        verb = lex.verbs.get(p.words[k])
        giver = g.agent(k) if g.is_passive(k) else g.subject(k)
        if verb is None or giver is None or p.child(k, "dobj") is not None:
            continue
        if g.is_user(giver) and lex.has("giving.verbs", verb.lemma):
            yield Frame(k, Action.COLLECT, (k,), (k,), None, (root,), sources=(giver,))
        elif verb.action is Action.COLLECT and g.is_publisher(giver):
            yield Frame(k, Action.COLLECT, (k,), (k,), giver, (root,))


# ---- data that is visible, or accessed ------------------------------------------------------


def exposed(g: Grammar, i: int) -> Frame | None:
    """ "is visible to other users", "make your name public"."""
    p = g.p
    found = _exposing(g, i)
    if found is None:
        return None
    head, subject, objects = found
    verbs = tuple(chain(p, head))
    if is_aside(g, head) or p.deps[verbs[-1]] in {"relcl", "acl"}:
        return None
    if (subject is not None and g.is_user(subject)) or p.words[i] == "known":
        return None
    made = g.lemma(head) == "make"
    kept = [
        k
        for k in objects
        if p.words[k] not in {"this", "that", "it", "these"}
        and (g.has_data(k, strict=False) or (made and g.is_data(k, strict=False, loose=True)))
    ]
    to = [
        q
        for k in (*p.kids[i], *p.kids[head])
        if p.words[k] in {"to", "by"}
        for q in p.children(k, "pobj")
    ]
    if not kept or not _is_exposed(g, i, kept, to):
        return None
    nested = g.is_nested(head)
    return Frame(i, Action.SHARE, verbs, (i, head), subject, tuple(kept), tuple(to), nested=nested)


def _exposing(g: Grammar, i: int) -> tuple[int, int | None, list[int]] | None:
    """For "public": the verb that makes or finds something so, its subject, and what is so."""
    p = g.p
    head, dep = p.heads[i], p.deps[i]
    lemma = g.lemma(head)
    if dep in {"acomp", "oprd", "attr", "xcomp"} and g.lex.has("constructions.copulas", lemma):
        own = g.subject(head)
        return head, None, [] if own is None else [own]
    if dep in {"ccomp", "oprd", "acomp", "xcomp"} and lemma == "make":
        if g.is_passive(head):
            inner, subject = g.subject(head), None
        else:
            inner, subject = p.child(i, "nsubj") or p.child(head, "dobj"), g.subject(head)
        return head, subject, [] if inner is None else [inner]
    if dep == "amod" and i > head:
        # "make the results of any survey available": hung on the last noun
        verbs = (a for a in p.ancestors(head) if p.is_verb(a) and g.lemma(a) == "make")
        maker = next(verbs, None)
        if maker is not None:
            return maker, None if g.is_passive(maker) else g.subject(maker), g.objects(maker)
    return None


def _is_exposed(g: Grammar, i: int, kept: list[int], to: list[int]) -> bool:
    """Whether others see it: not "available to you", not "public information is public"."""
    p = g.p
    if to:
        return not all(g.is_user(k) or g.is_publisher(k) for k in to)
    if any(w.startswith("public") for k in kept for w in p.words[p.lefts[k] : k]):
        return False
    return p.words[i] != "available" or any(p.words[k] == "publicly" for k in p.kids[i])


def answered(g: Grammar, i: int) -> Frame | None:
    """ "we cooperate with requests from the police for your records"."""
    p = g.p
    subject = g.subject(i)
    if not p.is_verb(i) or subject is None or not g.is_publisher(subject) or is_aside(g, i):
        return None
    for asked in g.pobjs(i, "with") + g.pobjs(i, "to"):
        if not g.lex.has("law.requests", p.words[asked]):
            continue
        below = [k for k in p.subtree(asked) if p.deps[k] == "pobj"]
        askers = [k for k in below if p.words[p.heads[k]] == "from" and g.is_party(k)]
        data = [k for k in below if p.words[p.heads[k]] == "for" and g.has_data(k, strict=False)]
        if askers and data:
            verbs = tuple(chain(p, i))
            return Frame(i, Action.SHARE, verbs, (i,), subject, tuple(data), tuple(askers))
    return None


def access(g: Grammar, i: int) -> Frame | None:
    """ "vendors have access to your data", "we give them access to it"."""
    p = g.p
    head = p.heads[i]
    lemma = g.lemma(head)
    if (
        p.is_verb(i)
        or not g.lex.has("constructions.accessing", lemma)
        or p.deps[i] not in {"dobj", "nsubjpass"}
    ):
        return None
    objects = [o for o in g.pobjs(i, "to") if g.has_data(o, strict=False)]
    outer = [
        (o, p.words[k]) for k in p.children(head, "prep", "dative") for o in p.children(k, "pobj")
    ]
    objects += [o for o, word in outer if word == "to" and g.has_data(o, strict=True)]
    subject = g.subject(head)
    if (
        not objects
        or subject is None
        or g.is_user(subject)
        or p.deps[head] in {"relcl", "acl"}
        or is_aside(g, head)
    ):
        return None
    to: list[int] = []
    action, actor = Action.SHARE, None
    if lemma in {"provide", "give", "grant", "allow"}:
        actor = subject
        to = [k for k in p.children(head, "dative", "dobj") if k != i and g.is_party(k)]
        to += [
            o for o, word in outer if word in {"to", "with"} and g.is_party(o) and o not in objects
        ]
        if any(g.is_user(k) for k in to):
            return None
    elif g.is_publisher(subject):
        action, actor = Action.COLLECT, subject
    else:
        to = [subject]
    return Frame(i, action, tuple(chain(p, head)), (head, i), actor, tuple(objects[:1]), tuple(to))


# ---- data that helps, is needed, or is listed -------------------------------------------------


def helping(g: Grammar, i: int) -> Frame | None:
    """ "This data helps us to understand …": a use, for what follows."""
    p = g.p
    subject = p.child(i, "nsubj")
    if (
        not p.is_verb(i)
        or subject is None
        or p.words[subject] in {"it", "they"}
        or p.tags[subject] in {"WDT", "WP"}
        or p.child(i, "xcomp", "ccomp", "advcl", "prep") is None
        or p.child(i, "neg") is not None  # "a cookie will not let us know": lore, no denial
    ):
        return None
    below = p.children(i, "xcomp", "ccomp")
    whom = [k for k in p.children(i, "dobj", "nsubj") if k > i]
    whom += [q for k in below for q in p.children(k, "nsubj")]
    if not any(g.is_publisher(k) for k in whom) or not g.has_data(subject, strict=False):
        return None
    if is_aside(g, i) or any(
        p.words[k] in g.lex.verbs and any(g.has_data(o, strict=True) for o in g.objects(k))
        for k in below
    ):
        return None  # the verb below states what is done
    return Frame(i, Action.USE, tuple(chain(p, i)), (i,), None, (subject,))


def needed(g: Grammar, i: int) -> Frame | None:
    """ "This information is necessary for registration"."""
    p = g.p
    head = p.heads[i] if p.deps[i] == "acomp" else i
    subject = p.child(head, "nsubj", "nsubjpass")
    if (
        subject is None
        or p.words[subject] in {"it", "that", "this"}
        or not _is_needed_for(g, i)
        or g.is_user(subject)
        or not g.has_data(subject, strict=False)
        or is_aside(g, head)
        or any(p.words[k] == "longer" for k in (*p.kids[i], *p.kids[head]))
    ):
        return None
    return Frame(i, Action.COLLECT, tuple(chain(p, head)), (i, head), None, (subject,))


def _is_needed_for(g: Grammar, i: int) -> bool:
    """Whether "necessary" goes on: "to register", "for registration"; "required in" says where."""
    p = g.p
    words = {"to", "for"} if p.words[i] == "required" else {"to", "for", "in"}
    return any(
        (p.deps[k] in {"xcomp", "advcl"} and p.tags[k] == "VB")
        or (p.deps[k] == "prep" and p.words[k] in words)
        for k in (*p.kids[i], *p.kids[p.heads[i]])
    )


def listing(g: Grammar, i: int) -> Frame | None:
    """ "The information we collect includes your name and e-mail address"."""
    p, lex = g.p, g.lex
    subject = p.child(i, "nsubj", "nsubjpass") if p.is_verb(i) else None
    if subject is None:
        return None
    for k in p.subtree(subject):
        if p.words[k] in lex.verbs and p.deps[k] in {"relcl", "acl", "ccomp", "conj"}:
            return _listed(g, i, k, subject)
    if (
        not lex.has("constructions.including", p.words[i])
        or p.words[subject] not in lex.sets["data.general"]
        or not p.forms[subject][:1].islower()
        or any(p.words[k] in {'"', "``"} for k in p.kids[subject] if k < subject)
        or is_aside(g, i)
    ):
        return None  # a definition, or nothing of ours
    kept = [o for o in p.children(i, "dobj", "attr", "appos") if g.has_data(o, strict=False)]
    return Frame(i, Action.COLLECT, tuple(chain(p, i)), (i,), None, tuple(kept)) if kept else None


def _listed(g: Grammar, i: int, k: int, subject: int) -> Frame | None:
    """What a verb inside the subject takes: "the types of data that we *share* are …"."""
    p, lex = g.p, g.lex
    verb = lex.verbs[p.words[k]]
    listed = p.children(i, "dobj", "attr", "appos", "oprd")
    kept = [o for o in listed if g.has_data(o, strict=False)]
    if not kept or not (
        lex.has("constructions.kinds", p.words[subject]) or g.has_data(subject, strict=False)
    ):
        return None
    action = verb.action
    actor = g.subject(k)
    sources: tuple[int, ...] = ()
    if actor is not None and g.is_user(actor):
        if not lex.has("giving.verbs", verb.lemma):
            return None
        action, sources, actor = Action.COLLECT, (actor,), None
    if g.is_passive(k):
        actor = g.agent(k)
    return Frame(k, action, (k,), (k,), actor, tuple(kept), sources=sources)
