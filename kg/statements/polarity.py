"""Is it said to be done, or not; and how firmly. Rules with scope, as in medSpaCy's ConText.

A negation reaches its verb, the verbs coordinated with it ("do not sell, rent or share"), and the
verbs it controls ("do not intend to sell", "do not allow others to sell"). It ends where a clause
has its own subject or auxiliary, and at "but".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from kg.model import Modality
from kg.statements.lexicon import Lexicon
from kg.statements.parse import Parse
from kg.statements.phrases import excepted

_MAY = frozenset({"may", "might", "can", "could", "'d"})
_ONLY_AFTER = frozenset(
    {"only", "just", "limited", "necessarily", "always", "merely", "solely", "least", "because"}
)
_NEGATIVE = frozenset({"not", "n't", "never", "nor", "neither", "cannot", "nowhere"})
_POSSIBLE = frozenset({"possible", "impossible", "able", "permitted", "allowed"})
_IMPOSSIBLE = frozenset({"impossible", "unable"})
_EMPTY = frozenset({"no", "none", "nothing", "neither", "nobody", "noone"})
_NOT_ANY = frozenset({("not", "any"), ("not", "one"), ("not", "a")})
_AUXILIARIES = frozenset(
    ["do", "does", "did", "will", "would", "shall", "should", "may", "can", "must"]
)
_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})


def chain(p: Parse, verb: int) -> list[int]:
    """The verb and the verbs above that share its clause: conjuncts' leader, control verbs.

    Nearest first. It ends where a verb has a subject of its own.
    """
    found = [verb]
    at = verb
    while True:
        own_subject = p.child(at, "nsubj", "nsubjpass") is not None
        head = p.heads[at]
        dep = p.deps[at]
        if own_subject and dep in {"advcl", "ccomp", "xcomp"} and not _gives_reason(p, at):
            # "it is not possible for a cookie to be read"
            able = head if p.words[head] in _POSSIBLE else p.child(head, "acomp")
            if able is not None and p.words[able] in _POSSIBLE:
                return [*found, able, p.heads[able]]
        if head == at or own_subject:
            return found
        if dep == "conj" and (p.is_verb(head) or p.deps[head] == "ROOT"):
            if any(p.words[k] == "but" for k in range(head, at) if p.heads[k] == head):
                return found
            if p.tags[at] in {"VBZ", "VBD"} and p.tags[head] == "VB":
                return found  # "does not store it and uses it only to …": a new predicate
            if p.tags[at] == "VB" and p.tags[head] == "VBG":
                return found  # "we will stop serving you and delete it": beside "stop"
            if p.tags[at] == "NNS" and p.child(at, "compound") is not None:
                return found  # "and our provider stores it": read as one noun
        elif dep == "pcomp" and p.is_verb(_governor(p, head)):
            head = _governor(p, head)
        elif not (
            (dep == "acomp" and at != verb)  # "are not able to …"
            # "do not, as a rule, share": torn apart
            or (p.tags[at] == "VB" and p.words[head] in _AUXILIARIES and head < at)
            or (dep == "xcomp" and (p.is_verb(head) or p.tags[head].startswith("JJ")))
            or (dep in {"advcl", "ccomp"} and p.words[head] in _POSSIBLE)
        ):
            return found
        at = head
        found.append(at)


def _governor(p: Parse, prep: int) -> int:
    """What a preposition hangs on: "prohibited from selling it or *from* using it"."""
    while p.deps[prep] == "conj" and p.deps[p.heads[prep]] in {"prep", "conj"}:
        prep = p.heads[prep]
    return p.heads[prep] if p.deps[prep] == "prep" else prep


def _gives_reason(p: Parse, verb: int) -> bool:
    """ "this is not possible (because your data is stored in archives)"."""
    return any(p.words[k] in {"because", "since", "as", "if"} for k in p.children(verb, "mark"))


def negation(
    p: Parse, trigger: int, verbs: Sequence[int], arguments: Sequence[int], lex: Lexicon
) -> tuple[int, int] | None:
    """The negating words of a statement, as a range of tokens; ``None`` when it is affirmed.

    Args:
        verbs: the trigger and the verbs that carry its negation, nearest first.
        arguments: heads of its subject and objects ("no information is shared").
    """
    cues: list[tuple[int, int]] = []
    verbs = _scope(p, verbs)
    for verb in verbs:
        cues += [*_denied_at(p, verb), *_denied_subject(p, verb)]
        nor = _nor_before(p, verb) if p.deps[verb] == "conj" and not cues else None
        if nor is not None:
            cues.append((nor, nor))
        if p.deps[verb] == "conj" and verb != trigger:
            if verb == verbs[-1] and _denies(p, verb, lex) and p.child(verb, "auxpass") is not None:
                cues.append((verb, verb))
            continue
        gerund = _before_gerund(p, verb, lex)
        if gerund is not None:
            cues.append(gerund)
        if verb != trigger and _denies(p, verb, lex):
            cues.append((verb, verb))
    cues += [cue for argument in (trigger, *arguments) for cue in _denied_by(p, argument)]
    if not cues:
        cues += _denied_above(p, verbs[-1] if verbs else trigger, lex)
    found = _phrase(p, trigger, verbs, lex)
    if found:
        cues.append(found)
    # Two negations undo each other, unless they say the same ("never … under no circumstances").
    distinct = sorted(set(cues))
    strong = [c for c in distinct if p.words[c[1]] not in {"neither", "nor"}]
    if len(strong) == 2 and _undo(p, strong[0], strong[1], lex):
        return None
    return distinct[0] if distinct else None


def is_denied(p: Parse, verbs: Sequence[int], lex: Lexicon) -> bool:
    """Whether a verb, or one that carries its negation, has "not" or the like beside it."""
    scope = _scope(p, verbs)
    if not scope:
        return False
    return (
        any(_denied_at(p, verb) or _denied_subject(p, verb) for verb in scope)
        or _phrase(p, scope[0], scope, lex) is not None
        or (p.deps[scope[-1]] == "acl" and is_denied_noun(p, p.heads[scope[-1]], lex))
    )


def _scope(p: Parse, verbs: Sequence[int]) -> Sequence[int]:
    """Without the verbs above one that has an auxiliary of its own.

    "It is not linked to you and *is* used for …", "may be unable to delete it and *will* keep it".
    """
    for n, verb in enumerate(verbs):
        if p.deps[verb] == "conj" and any(
            p.deps[k] in {"aux", "auxpass"} and p.tags[k] in _FINITE for k in p.kids[verb]
        ):
            return verbs[: n + 1]
    return verbs


def _denies(p: Parse, verb: int, lex: Lexicon) -> bool:
    """Whether a verb denies what those below it say: "refuse", "prohibit"."""
    lemma = lex.lemma(p.words[verb])
    return lemma in lex.sets["control.refusing"] | lex.sets["control.forbidding"]


def _before_gerund(p: Parse, verb: int, lex: Lexicon) -> tuple[int, int] | None:
    """ "*without* storing it", "*rather than* storing it", "*keep* others from storing it"."""
    last = p.heads[verb]
    if p.deps[verb] != "pcomp":
        return None
    if last and p.words[last - 1] in {"not", "never"}:
        return last - 1, last - 1  # "we live on subscriptions, not on selling data"
    above = _governor(p, last)
    if p.words[last] == "from" and lex.has("negation.off", p.words[above]):
        return above, above  # "we keep others from reading it"
    for phrase in lex.before_gerund:
        first = last - len(phrase) + 1
        if first >= 0 and p.words[first : last + 1] == phrase:
            return first, last
    return None


def _denied_at(p: Parse, verb: int) -> list[tuple[int, int]]:
    """ "do *not* sell", "*cannot* share", "*nor* do we sell": negating words of the verb itself."""
    cues = []
    for k in p.kids[verb]:
        word = p.words[k]
        if (
            (p.deps[k] == "neg" or word in _NEGATIVE)
            and k < verb + 3
            and not _is_limited(p, k)
            and not (k > verb and p.words[k - 1] == "but")
        ):
            first = k - 1 if word == "not" and k and p.words[k - 1] == "can" else k
            cues.append((first, k))
        elif (p.deps[k] in {"preconj", "cc"} and word in {"neither", "nor"} and k < verb) or (
            word == "than" and k < verb and "rather" in p.words[:k] and p.tags[verb] == "VB"
        ):
            cues.append((k, k))
        elif p.deps[k] == "advmod" and k < verb:
            # "do not knowingly or intentionally collect": hung on the adverb
            negative = [q for q in p.subtree(k) if p.words[q] in _NEGATIVE]
            cues += [(q, q) for q in negative if not _is_limited(p, q)]
    if p.words[verb] in _IMPOSSIBLE:
        cues.append((verb, verb))
    subject, aux = p.child(verb, "nsubj", "nsubjpass"), p.child(verb, "aux", "auxpass")
    first = p.lefts[verb]
    if subject is not None and aux is not None and aux < subject and p.words[first] == "not":
        cues.append((first, first))  # "*not* until you agree do we share it"
    return cues


def _denied_subject(p: Parse, verb: int) -> list[tuple[int, int]]:
    return [cue for k in p.children(verb, "nsubj", "nsubjpass") for cue in _denied_by(p, k)]


def _denied_by(p: Parse, argument: int) -> list[tuple[int, int]]:
    """ "*no* information", "*none* of your data": negating words of an argument."""
    if excepted(p, argument) is not None:
        return []
    cues = [
        (k, k)
        for k in p.kids[argument]
        if k < argument
        and p.deps[k] in {"det", "neg", "preconj", "advmod"}
        and (p.words[k] in _EMPTY or p.words[k : k + 2] in _NOT_ANY)
    ]
    if p.words[argument] in _EMPTY:
        cues.append((argument, argument))
    # "we *never*, ever sell": hung on the subject
    cues += [(k, k) for k in p.children(argument, "neg") if p.words[k] == "never"]
    return cues


def _denied_above(p: Parse, verb: int, lex: Lexicon) -> list[tuple[int, int]]:
    """The word above, through a preposition or a noun.

    "we are *not* in the business of selling", "we have *no* intention of selling", "we do *not*
    allow them to sell".
    """
    above = p.heads[verb]
    whose = any(p.words[k] == "for" for k in p.children(verb, "mark"))  # "… for us to share it"
    if (
        (p.deps[verb] in {"ccomp", "xcomp"} or (p.deps[verb] == "advcl" and whose))
        and p.is_verb(above)
        and above < verb
    ):
        lemma = lex.lemma(p.words[above])
        if lemma in lex.sets["control.forbidding"]:
            return [(above, above)]
        if (
            lemma in lex.sets["control.allowing"] | lex.sets["control.asking"]
            or p.words[above] in lex.sets["negation.opinions"]
        ):
            carrying = chain(p, above)
            return [cue for v in carrying for cue in _denied_at(p, v)]
    if p.deps[verb] not in {"pcomp", "pobj", "prep", "acl"} or (
        p.child(verb, "nsubj", "nsubjpass") is not None
    ):
        return []
    at = verb
    while p.deps[at] in {"pcomp", "pobj", "prep", "conj"} and p.heads[at] != at:
        if p.deps[at] == "conj" and any(
            p.deps[k] in {"aux", "auxpass"} and p.tags[k] in _FINITE for k in p.kids[at]
        ):
            break
        at = p.heads[at]
        if p.words[at] in {"without", "other", "except", "than"}:
            return []
    if p.deps[at] == "acl":
        at = p.heads[at]
    if at == verb or at > verb:
        return []
    if is_denied_noun(p, at, lex):
        return _denied_by(p, at) or _denied_at(p, p.heads[at])
    if not p.is_verb(at):
        return []
    return [(k, k) for k in p.kids[at] if p.deps[k] == "neg" and not _is_limited(p, k)][:1]


def is_denied_noun(p: Parse, noun: int, lex: Lexicon) -> bool:
    """ "*no* right to", "do *not* have the right to", "have *no* intention of"."""
    return p.words[noun] in lex.sets["negation.nouns"] and bool(
        _denied_by(p, noun) or (p.is_verb(p.heads[noun]) and _denied_at(p, p.heads[noun]))
    )


def _is_limited(p: Parse, k: int) -> bool:
    """Whether "not" goes on as "not only", "not limited to"."""
    return k + 1 < len(p) and p.words[k + 1] in _ONLY_AFTER


def _nor_before(p: Parse, verb: int) -> int | None:
    left = p.lefts[verb]
    for k in range(max(0, left - 2), verb):
        if p.words[k] == "nor":
            return k
    return None


def _phrase(p: Parse, trigger: int, verbs: Sequence[int], lex: Lexicon) -> tuple[int, int] | None:
    """ "under no circumstances", where the next verb above is one of these."""
    opening = _by_first_word(lex.phrases)
    for i, word in enumerate(p.words):
        for phrase in opening.get(word, ()):
            last = i + len(phrase) - 1
            if p.words[i : last + 1] != phrase or p.words[last + 1 : last + 2] == ("than",):
                continue
            own = {trigger, *verbs}
            above = next((k for k in p.ancestors(last) if p.is_verb(k) or k in own), None)
            if above in own:
                return i, last
    return None


@cache
def _by_first_word(phrases: tuple[tuple[str, ...], ...]) -> dict[str, list[tuple[str, ...]]]:
    opening: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        opening.setdefault(phrase[0], []).append(phrase)
    return opening


def _undo(p: Parse, one: tuple[int, int], other: tuple[int, int], lex: Lexicon) -> bool:
    words = {p.words[one[1]], p.words[other[1]]}
    lemmas = {lex.lemma(w) for w in words}
    refusing = lemmas & (lex.sets["control.refusing"] | lex.sets["control.forbidding"])
    return bool(refusing) or ("without" in words and len(words) == 2)


def modality(
    p: Parse, trigger: int, verbs: Sequence[int], lex: Lexicon, *, by_user: bool
) -> Modality:
    """How firmly the statement is made.

    Args:
        by_user: the acting subject is the user ("you may choose to provide" is optional).
    """
    found = Modality.ASSERTED
    if lex.lemma(p.words[trigger]) in {"need", "require"} or p.words[trigger] in {
        "necessary",
        "needed",
        "required",
    }:
        found = Modality.REQUIRED
    for verb in verbs:
        lemma = lex.lemma(p.words[verb])
        if verb != trigger:
            if lemma in lex.sets["control.modal_optional"] and by_user:
                return Modality.OPTIONAL
            if lemma in lex.sets["control.modal_required"]:
                found = Modality.REQUIRED
            elif found is Modality.ASSERTED and lemma in lex.sets["control.modal_may"]:
                found = Modality.MAY
        for k in p.kids[verb]:
            if p.deps[k] not in {"aux", "advmod"} or k > verb:
                continue
            word = p.words[k]
            if word == "must" or (word == "should" and by_user):
                return Modality.REQUIRED
            if word in {"voluntarily", "optionally"}:
                return Modality.OPTIONAL
            if word in _MAY and found is Modality.ASSERTED:
                found = Modality.MAY
        if (
            p.deps[verb] == "acl"
            and p.words[p.heads[verb]] == "right"
            and found is Modality.ASSERTED
        ):
            found = Modality.MAY  # "reserve the right to disclose"
        if p.deps[verb] == "conj" and p.child(verb, "aux") is not None:
            # "may collect and will store": the nearer auxiliary holds.
            return found
    return found
