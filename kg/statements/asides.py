"""Verbs that state nothing: conditions, questions, titles, rights, advice, what is presupposed.

"If you share your name, …", "how we collect", "the data we store", "you may ask us to delete"
and "Delete your cookies" all have a verb of the lexicon, and say of no flow that it takes place.
"""

from __future__ import annotations

from kg.statements.grammar import DESIGNED, RELATIVES, Grammar
from kg.statements.phrases import is_data_head
from kg.statements.polarity import chain, is_denied, is_denied_noun

#: Marks after which a clause is stated all the same.
_REASONS = frozenset({"although", "though", "because", "since"})
_OCCASIONS = frozenset({"before", "after", "upon", "prior", "when", "while", "until"})
_CONDITIONS = frozenset({"if", "when", "whenever", "where", "unless", "once"})
_QUESTIONS = frozenset({"how", "why", "what", "which", "whether", "who"})


def is_aside(g: Grammar, i: int) -> bool:
    """Whether the verb stands in a condition, or tells only how or what is described."""
    p = g.p
    verbs = chain(p, i)
    for verb in verbs:
        marked = _is_marked(g, verb)
        if marked is not None:
            return marked
    top = verbs[-1]
    return (
        _is_named(g, top)
        or _is_conditional(g, top)
        or (g.lemma(i) == "read" and p.heads[i] == i and p.child(i, "nsubj") is None)
    )


def _is_marked(g: Grammar, verb: int) -> bool | None:
    """What the word that opens the verb's clause decides; ``None`` when none does."""
    p = g.p
    marks = g.lex.sets["marks.subordinate"]
    if _is_avoided(g, verb):
        return True
    if p.deps[verb] == "pcomp" and p.words[p.heads[verb]] in _OCCASIONS:
        return True
    for k in p.kids[verb]:
        if k > verb:
            break
        word = p.words[k]
        if (
            word in marks
            and (p.deps[k] in {"mark", "advmod"} or k == p.lefts[verb])
            and p.deps[verb] in {"advcl", "ccomp", "relcl", "acl", "pcomp", "dep", "xcomp"}
        ):
            # "while we do not sell it, we …" concedes
            return word not in _REASONS and not (word == "while" and is_denied(p, [verb], g.lex))
        if (
            word in _QUESTIONS
            and p.tags[k].startswith("W")
            and p.deps[k] in {"advmod", "dobj", "attr", "pobj", "det"}
            and p.deps[verb] != "relcl"
            and not _is_consequence(g, verb, word)
        ):
            return True
    return None


def _is_consequence(g: Grammar, verb: int, word: str) -> bool:
    """ "that is why we do not collect it": states it all the same."""
    p = g.p
    above = p.heads[verb]
    subject = p.child(above, "nsubj")
    return (
        word == "why"
        and p.words[above] in {"is", "'s", "’s"}
        and subject is not None
        and p.words[subject] in {"that", "this", "which"}
    )


def _is_avoided(g: Grammar, verb: int) -> bool:
    """ "so that nobody can read it": what another act is meant to prevent."""
    p = g.p
    first = p.lefts[verb]
    return (
        p.deps[verb] == "advcl"
        and "so" in p.words[max(0, first - 1) : first + 1]
        and "that" in p.words[first : first + 2]
        and is_denied(p, [verb], g.lex)
    )


def _is_named(g: Grammar, top: int) -> bool:
    """Whether a clause is the subject of another one, or an indirect question."""
    p = g.p
    if p.deps[top] == "csubj" or any(p.deps[above] == "csubj" for above in p.ancestors(top)):
        return True
    undergoes = p.child(top, "nsubjpass", "nsubj")
    if undergoes is not None and any(
        p.words[k] in {"which", "what", "whose"} and p.deps[k] == "det" for k in p.kids[undergoes]
    ):
        return True
    return (
        p.deps[top] in {"ccomp", "xcomp", "pcomp"}
        and p.heads[top] != top
        and p.words[p.lefts[top]] in {"what", "which", "how", "why", "whose"}
    )


def _is_conditional(g: Grammar, top: int) -> bool:
    """Whether a clause, or one above it, is a condition."""
    p = g.p
    if p.deps[top] == "advcl" and (
        p.words[p.lefts[top]] in _CONDITIONS | {"while", "after", "before"}
        or any(
            k < top
            and g.lex.has("marks.subordinate", p.words[k])
            and p.deps[k] in {"mark", "advmod"}
            for k in p.kids[top]
        )
    ):
        return True
    for above in p.ancestors(top):
        if (
            p.words[above] in {"event", "case", "extent"}
            and p.deps[above] == "pobj"
            and above < top
        ):
            return True
        if p.deps[above] == "advcl" and any(
            p.words[k] in _CONDITIONS and p.deps[k] in {"mark", "advmod"} for k in p.kids[above]
        ):
            return True
    return False


def is_presupposed(g: Grammar, root: int, i: int) -> bool:
    """ "the information we collect": says which information, states no flow of its own.

    Args:
        root: the verb of the relative clause; i: the verb in question, in that clause.
    """
    p = g.p
    head = p.heads[root]
    if _is_title(g, root, head):
        return True
    if p.child(root, "nsubjpass") is not None and any(
        p.words[k] in {"which", "whom"} and p.heads[k] != root for k in range(p.lefts[root], root)
    ):
        return True  # "services with which your information is associated"
    if p.tags[root] == "VB" and p.child(root, "nsubj") is None:
        # "measures to protect" is done; "your decision to provide" need not be
        return (
            g.lex.has("asides.undecided", p.words[head])
            and not _is_reserved(g, head)
            and not is_denied_noun(p, head, g.lex)
        )
    if p.words[root] in DESIGNED and i != root:
        return False
    if p.deps[root] == "acl" and p.tags[root] == "VBG":
        return not g.is_party(head)
    if _is_ruled_out(g, root, head):
        return True
    relative = p.child(root, "nsubj", "nsubjpass")
    if relative is not None and p.words[relative] in RELATIVES:
        # "partners who collect", "cookies, which collect"; but not "data that is collected"
        comma = "," in p.words[max(0, relative - 1) : relative]
        acts = g.is_party(head) or g.is_cookie(head) or g.is_publisher(head)
        acts = acts or (
            comma and is_denied(p, [root], g.lex) and not g.has_data(head, strict=False)
        )
        return not acts or (g.is_passive(root) and not comma)
    return (
        p.deps[root] == "acl"
        or is_data_head(p, head, g.lex)
        or g.is_data(head, strict=False)
        or not g.is_party(head)
        or not g.own_objects(i)
    )


def _is_ruled_out(g: Grammar, root: int, head: int) -> bool:
    """ "we do not work with companies that sell": nothing is said of any company."""
    p = g.p
    above = next((a for a in p.ancestors(head) if p.is_verb(a)), None)
    return (
        above is not None
        and p.deps[root] == "relcl"
        and any(p.words[k] in RELATIVES for k in p.children(root, "nsubj"))
        and above < head
        and "," not in p.words[head + 1 : root]
        and is_denied(p, chain(p, above), g.lex)
    )


def _is_title(g: Grammar, root: int, head: int) -> bool:
    """ "Categories of parties to which we disclose it"."""
    p = g.p
    if g.item or p.tags[root] == "VBG":
        return False
    top = head
    for above in p.ancestors(head):
        top = above
    return p.tags[top].startswith("NN")


def _is_reserved(g: Grammar, head: int) -> bool:
    """ "we reserve the right to share"."""
    p = g.p
    above = p.heads[head]
    return p.words[above].startswith("reserv") or (
        p.words[head] == "right" and g.lemma(above) == "reserve"
    )


def is_withheld(g: Grammar, verbs: tuple[int, ...]) -> bool:
    """ "you may choose not to provide", "you should not send": no denial of ours.

    But "*we* do not ask you to provide" is one.
    """
    p = g.p
    ours = p.child(verbs[-1], "nsubj")
    if (
        ours is not None
        and g.is_publisher(ours)
        and g.lex.has("control.demanding", g.lemma(verbs[-1]))
        and not is_denied(p, verbs[:-1], g.lex)
    ):
        return False
    return any(
        g.lex.has("control.refusing", g.lemma(v))
        or any(p.deps[k] == "neg" or p.words[k] == "never" for k in p.kids[v])
        for v in verbs
    )


def is_prevented(g: Grammar, verbs: tuple[int, ...]) -> bool:
    """ "you can prevent your browser from sending": what the user does is no denial of ours."""
    p = g.p
    for v in verbs[1:]:
        stops = g.lemma(v) in g.lex.sets["control.forbidding"] | g.lex.sets["control.refusing"]
        subject = g.subject(v) if stops and not g.is_passive(v) else None
        if subject is not None and p.words[subject] in {"you", "user", "users"}:
            return True
        # "to prevent your data from revealing who you are": no act of anybody's
        if stops and any(g.has_data(k, strict=True) for k in p.children(v, "dobj") if k < verbs[0]):
            return True
    return False


def is_requested(g: Grammar, i: int) -> bool:
    """ "you may ask us to delete": a right of the user, no practice."""
    p = g.p
    verbs = chain(p, i)
    for above in [*verbs[1:], p.heads[verbs[-1]]]:
        if p.is_verb(above) and g.lex.has("asides.requests", g.lemma(above)):
            asker = p.child(above, "nsubj")
            if asker is not None and g.is_relative(asker):  # "users who want us to …"
                asker = g.subject(above)
            if asker is not None and g.is_user(asker):
                return True
            if asker is None and p.heads[above] == above and p.lefts[above] == above:
                return True  # "Request that we stop using it": a right as a list names it
    return False


def is_disclaimed(g: Grammar, i: int) -> bool:
    """ "we do not warrant that your data will be protected": neither a practice nor a denial."""
    p = g.p
    at = i
    for above in p.ancestors(i):
        if p.deps[at] == "advcl" or (
            p.deps[at] == "conj" and p.child(at, "nsubj", "nsubjpass") is not None
        ):
            return False  # "although we encrypt it, we cannot guarantee …"
        carrier = p.heads[above] if p.deps[above] == "acomp" else above
        if g.lex.has("control.warranting", g.lemma(above)) and any(
            p.deps[k] == "neg" or p.words[k] == "no" for k in p.kids[carrier]
        ):
            return True
        at = above
    return False


def is_imperative(g: Grammar, verbs: tuple[int, ...]) -> bool:
    """ "Delete your cookies": advice, unless it is an item under a lead-in."""
    p = g.p
    if g.item:
        return False
    root = verbs[-1]
    for above in p.ancestors(root):
        root = above
    return p.tags[root] in {"VB", "VBP"} and p.child(root, "aux", "nsubj") is None
