"""Frames of the parse and tags of the tagger -> frames and roles in which both have a say.

The parse knows who does what to whom, the tagger finds words that no rule knows and cuts phrases
as people do. A verb that only the tagger marks opens a frame of its own. A tag that overlaps a
phrase of the parse decides where the phrase begins and ends; a tag that overlaps none goes to
the verb that governs it. What only the parse sees stays. Polarity is for the rules alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.model import Action
from kg.statements.asides import (
    is_aside,
    is_disclaimed,
    is_imperative,
    is_presupposed,
    is_prevented,
    is_requested,
    is_withheld,
)
from kg.statements.frames import SHARING, Frame
from kg.statements.grammar import Grammar
from kg.statements.parse import Parse
from kg.statements.phrases import Range, denied_item, noun_range, overlap, trim
from kg.statements.polarity import chain
from kg.statements.roles import KEEPING, PLACED, Roles
from kg.statements.verbs import anchors_of
from kg.tagger import INTENTS, Tag, Tags, intent_of

#: What a verb does that the tagger marks and no rule knows.
_USUAL = {
    "collection": Action.USE,
    "sharing": Action.SHARE,
    "storage": Action.STORE,
    "security": Action.PROTECT,
}
#: Probability from which a verb that no rule knows opens a frame.
_OPENS = 0.5
#: Mean probability from which a phrase of the parse takes the role of its tag.
_MOVES = 0.9
#: Probability below which words of a purpose are no data, whatever the parse says.
_DOUBTED = 0.2
#: Mean probability from which a tag adds a phrase that the parse has not.
_ADDS = 0.4
#: The same for data that no rule takes for any: "coffee beans".
_ADDS_UNKNOWN = 0.8
_ANY = frozenset(Action)
#: Actions that a role can belong to; the others take any.
_ACTIONS_OF = {
    "recipient": SHARING,
    "retention": KEEPING,
    "place": PLACED,
    "provider": frozenset({Action.COLLECT, Action.USE, Action.SHARE, Action.TRANSFER}),
    "threat": frozenset({Action.PROTECT}),
    "method": frozenset({Action.PROTECT}),
}
#: Tags of words that no noun phrase begins or ends with.
_NO_EDGE = frozenset(
    ["IN", "DT", "CC", "PRP$", "TO", "WDT", "WP$", "PDT", "POS", ",", ":", ".", "-LRB-", "HYPH"]
)
_NO_BEGIN = _NO_EDGE - {"DT", "PRP$", "PDT", "WDT", "WP$"}
_NO_END = _NO_EDGE | {"JJ", "JJR", "JJS"}
_NO_PARTY_END = _NO_END | {"VBG", "VBD", "VBZ"}
#: Role of a tag -> field of :class:`Roles`: heads with their ranges, or ranges.
HEADS = {"data": "data", "recipient": "recipients", "provider": "sources"}
RANGES = {
    "purpose": "purposes",
    "condition": "conditions",
    "method": "methods",
    "threat": "threats",
    "retention": "retention",
    "place": "locations",
}


def head_of(p: Parse, first: int, last: int) -> int:
    """The word of a range that the others hang on: of several the first noun, else the first."""
    tops = [k for k in range(first, last + 1) if not first <= p.heads[k] <= last or p.heads[k] == k]
    nouns = [k for k in tops if p.tags[k].startswith(("NN", "PRP", "VBG", "CD"))]
    return (nouns or tops)[0]


# ---- frames that only the tagger sees ---------------------------------------------------------


def tagged_frames(g: Grammar, tags: Tags, frames: Sequence[Frame]) -> list[Frame]:
    """Frames of verbs that the tagger marks and no frame of the parse is about."""
    p = g.p
    # "ask you to provide": what leads to a verb that states something is known too
    known = {v for f in frames for v in (f.trigger, *f.anchors, *f.verbs)}
    opened = []
    for tag in tags.tags:
        i = head_of(p, tag.first, tag.last)
        if not tag.role.endswith("-verb") or tag.score < _OPENS or i in known:
            continue
        if (g.item and i < g.item_start) or _states_nothing(g, i):
            continue
        frame = _opened(g, tags, i, tag.role.removesuffix("-verb"))
        if frame is not None:
            opened.append(frame)
            known.add(i)
    return opened


def _states_nothing(g: Grammar, i: int) -> bool:
    """Whether the grammar says that a verb is asked for, disclaimed, or said by the way."""
    verbs = tuple(chain(g.p, i))
    return (
        is_aside(g, i)
        or is_requested(g, i)
        or is_disclaimed(g, i)
        or is_prevented(g, verbs)
        or _is_for_users(g, i, verbs)
        or (g.p.deps[verbs[-1]] in {"relcl", "acl"} and is_presupposed(g, verbs[-1], i))
    )


def _is_for_users(g: Grammar, i: int, verbs: tuple[int, ...]) -> bool:
    """Whether users are told what they need not do, or what to do: "please do not send us …"."""
    if not g.p.is_verb(i) or g.is_passive(i):
        return False
    subject = g.subject(i)
    if subject is None:
        return is_imperative(g, verbs)
    return g.is_user(subject) and is_withheld(g, verbs)


def implied_frame(g: Grammar, tags: Tags) -> Frame | None:
    """The frame of words that state a practice without a verb: "Your e-mail address."."""
    fragment = _is_fragment(g.p)
    if not fragment and any(t.role.endswith("-verb") and t.score >= _OPENS for t in tags.tags):
        return None  # the verb stands where it states nothing: "you may ask us to delete"
    k = max(range(len(INTENTS)), key=lambda k: tags.intents[k])
    data = [tag for tag in tags.tags if tag.role == "data"]
    named = data or [t for t in tags.tags if t.role == "purpose" and fragment]
    if tags.intents[k] < _OPENS or not named or INTENTS[k] == "security":
        return None
    head = head_of(g.p, named[0].first, named[0].last)
    action = Action.COLLECT if data and INTENTS[k] == "collection" else _USUAL[INTENTS[k]]
    return Frame(head, action, (head,), (head,), tagged=True, implied=True)


def _is_fragment(p: Parse) -> bool:
    """Whether the words have no subject, as an item of a list has none: "Prevent fraud."."""
    roots = [i for i, head in enumerate(p.heads) if head == i]
    own = ("nsubj", "nsubjpass", "csubj", "expl")
    return all(p.child(i, *own) is None for i in roots)


def _opened(g: Grammar, tags: Tags, i: int, intent: str) -> Frame | None:
    p = g.p
    action = action_of(g, i, intent)
    subject = g.subject(i) if p.is_verb(i) else None
    sources: tuple[int, ...] = ()
    passive = p.is_verb(i) and g.is_passive(i)
    if passive:
        subject = g.agent(i)
    from_user = subject is not None and g.is_user(subject)
    if from_user and subject is not None:
        if intent != "collection":
            return None  # what users do with their data is no practice of anybody's
        action, sources, subject = Action.COLLECT, (subject,), None
    objects: tuple[int, ...] = ()
    if subject is not None and tags.data.get(subject, 0.0) >= _OPENS:
        objects, subject = (subject,), None  # "*Information* may linger in copies"
    if subject is not None and not (g.is_party(subject) or g.is_publisher(subject)):
        subject = None
    return Frame(
        trigger=i,
        action=action,
        verbs=tuple(chain(p, i)) if p.is_verb(i) else (i,),
        anchors=anchors_of(g, i) if p.is_verb(i) else (i,),
        subject=subject,
        objects=objects,
        sources=sources,
        from_user=from_user,
        tagged=True,
    )


def action_of(g: Grammar, i: int, intent: str) -> Action:
    """What a verb does, given the practice that the tagger takes it for."""
    verb = g.lex.verbs.get(g.p.words[i]) or g.lex.nouns.get(g.p.words[i])
    if verb is not None and intent_of(verb.action) == intent:
        return verb.action
    if intent == "collection" and verb is not None and verb.action in SHARING:
        return Action.COLLECT  # "you provide", "you submit"
    return _USUAL[intent]


def with_actor(g: Grammar, frame: Frame, tags: Tags, frames: Sequence[Frame]) -> Frame:
    """The frame with the actor that the tagger sees, where the grammar gives it none.

    One that the frame's verb governs may be anybody; another one is only the publisher, who is
    taken to act where nobody is named.
    """
    if frame.subject is not None or frame.from_user:
        return frame
    p = g.p
    heads = [(head_of(p, tag.first, tag.last), tag) for tag in tags.tags if tag.role == "actor"]
    own = [k for k, tag in heads if _governor(g, tag, frames) is frame]
    ours = [k for k, _ in heads if g.is_publisher(k)]
    found = next((k for k in own if not g.is_user(k)), next(iter(ours), None))
    return frame if found is None else replace(frame, subject=found)


# ---- roles ------------------------------------------------------------------------------------


def add_tags(g: Grammar, frame: Frame, roles: Roles, tags: Tags, frames: Sequence[Frame]) -> None:
    """Lets the tags say where the phrases of a frame end, and adds those that it lacks."""
    for tag in tags.tags:
        role = tag.role
        if role in HEADS:
            _add_head(g, frame, roles, tag, frames)
        elif role in RANGES:
            _add_range(g, frame, roles, tag, frames)
    # An item that says what for is no data: "We use it for: • error reporting"
    purposes = [t for t in tags.tags if t.role == "purpose" and t.score >= _MOVES]
    kept = [
        k
        for k in roles.data
        if tags.data.get(k, 0.0) >= _DOUBTED or not any(t.first <= k <= t.last for t in purposes)
    ]
    if kept:
        roles.data[:] = kept


def _add_head(g: Grammar, frame: Frame, roles: Roles, tag: Tag, frames: Sequence[Frame]) -> None:
    p = g.p
    whole, trimmed = tag, _trimmed(p, tag)
    if trimmed is None:
        return
    tag = trimmed
    heads: list[int] = getattr(roles, HEADS[tag.role])
    inside = [k for k in heads if tag.first <= k <= tag.last]
    if len(inside) == 1 and head_of(p, tag.first, tag.last) == inside[0]:
        first, last = _range_of(g, roles, tag.role, inside[0])
        kept = max(last, tag.last) if _goes_on(p, tag, whole, last) else tag.last
        if kept > last and p.words[last + 1] == "from":
            kept = last  # "your interests | from your postcode"
        roles.cuts[inside[0]] = (min(first, tag.first), kept)
    if inside:
        return  # of several items, as the parse tells them apart
    head = head_of(p, tag.first, tag.last)
    taken = {frame.subject, *roles.data, *roles.recipients, *roles.sources}
    if not frame.implied:
        taken.add(frame.trigger)
    known = tag.role != "data" or g.is_data(head, strict=False)
    if (
        tag.score < (_ADDS if known else _ADDS_UNKNOWN)
        or not taken.isdisjoint(range(tag.first, tag.last + 1))
        or denied_item(p, head) is not None
        or _is_part(g, tag.role, head)
        or _is_told(g, roles, tag, head)
        or frame is not _governor(g, tag, frames)
    ):
        return
    heads.append(head)
    roles.cuts[head] = (tag.first, tag.last)


def _goes_on(p: Parse, tag: Tag, whole: Tag, last: int) -> bool:
    """Whether a noun phrase goes on behind its tag: "a copy | of your passport"."""
    after = p.words[tag.last + 1 : tag.last + 3] if last > tag.last else ()
    return bool(after) and (
        after[0] == "of"
        or whole.last > tag.last
        or (after[0] in {"about", "regarding"} and after[1:] not in {("you",), ("them",)})
    )


def _trimmed(p: Parse, tag: Tag) -> Tag | None:
    """A tag without words at its ends that no noun phrase has there: "copy of your"."""
    first, last = tag.first, tag.last
    while first < last and p.tags[first] in _NO_BEGIN:
        first += 1
    edges = _NO_PARTY_END if tag.role in {"recipient", "provider"} else _NO_END
    while last >= first and p.tags[last] in edges:
        last -= 1
    if last < first:
        return None
    first, last = trim(p, first, last, determiners=False)
    return replace(tag, first=first, last=last)


def _range_of(g: Grammar, roles: Roles, role: str, head: int) -> Range:
    if head in roles.cuts:
        return roles.cuts[head]
    return noun_range(g.p, head, g.lex, clauses=None if role == "data" else False)


def _is_part(g: Grammar, role: str, head: int) -> bool:
    """Whether a party only says whose a noun is: "your name", "membership of parties"."""
    p = g.p
    if role == "recipient":
        return p.words[p.heads[head]] == "of" or p.deps[head] == "compound"
    return role == "provider" and (
        p.deps[head] in {"poss", "compound", "nmod", "amod"}
        or p.words[p.heads[head]] == "of"
        or p.words[p.heads[head]] in {"about", "for", "to", "with", "on", "regarding"}
        or (not g.is_user(head) and p.words[p.heads[head]] not in {"from", "by", "through"})
        or p.words[head] in {"child", "children"}
    )


def _is_told(g: Grammar, roles: Roles, tag: Tag, head: int) -> bool:
    """Whether a phrase of the parse holds the tag already."""
    return any(
        overlap((tag.first, tag.last), _range_of(g, roles, tag.role, k))
        for k in getattr(roles, HEADS[tag.role])
        if k != head
    )


def _add_range(g: Grammar, frame: Frame, roles: Roles, tag: Tag, frames: Sequence[Frame]) -> None:
    p, span = g.p, _with_opener(g.p, tag)
    others = [f.trigger for f in frames if not f.implied and tag.first <= f.trigger <= tag.last]
    if frame.trigger in others or (others and tag.role in {"place", "retention"}):
        return
    if tag.role == "place" and frame.subject in range(tag.first, tag.last + 1):
        return
    if span[0] == span[1] and p.tags[span[0]].startswith(("PRP", "IN", "DT", "CC", "W")):
        return
    if all(word in g.lex.sets["phrases.saying_nothing"] for word in p.words[span[0] : span[1] + 1]):
        return  # "for *the following purposes*"
    fits = frame.action in _ACTIONS_OF.get(tag.role, _ANY)
    for name in ("legal_bases", *RANGES.values()):
        ranges: list[Range] = getattr(roles, name)
        hit = [r for r in ranges if overlap(r, span)]
        if not hit:
            continue
        if len(hit) > 1 or _is_torn(p, span, hit[0]):
            return  # the parse tells several apart, or knows better where one ends
        span = _with_modifiers(p, span, hit[0])
        place = ranges.index(hit[0])
        ranges[:] = [r for r in ranges if r not in hit]
        if fits and name not in ("legal_bases", RANGES[tag.role]) and tag.score >= _MOVES:
            getattr(roles, RANGES[tag.role]).append(span)
        else:
            ranges.insert(place, span)
        return
    if frame is _governor(g, tag, frames):
        getattr(roles, RANGES[tag.role]).append(span)


def _with_opener(p: Parse, tag: Tag) -> Range:
    """The range of a tag, from "depending" on, and without "that" before its clause."""
    first, last = trim(p, tag.first, tag.last, determiners=False)
    while last > first and p.tags[last] in {"PRP$", "DT", "CC", "IN", "TO"}:
        last -= 1
    if first < last and p.tags[first] == "CC":
        first += 1
    if tag.role != "condition":
        return first, last
    if first < last and p.words[first] == "that":
        return first + 1, last
    above = p.heads[p.heads[head_of(p, first, last)]]
    return (above if p.words[above] == "depending" else first), last


def _with_modifiers(p: Parse, span: Range, phrase: Range) -> Range:
    """A noun phrase of the parse keeps what it begins with: "their own | advertising"."""
    head = head_of(p, *span)
    between = p.tags[phrase[0] : span[0]]
    if p.tags[head].startswith("NN") and all(t.startswith(("JJ", "NN", "VBN")) for t in between):
        return min(phrase[0], span[0]), span[1]
    return span


def _is_torn(p: Parse, span: Range, phrase: Range) -> bool:
    """Whether a tag cuts a phrase of the parse where none can end: "the United | Kingdom"."""
    if not (phrase[0] <= span[0] and span[1] <= phrase[1]) or span == phrase:
        return False
    head = head_of(p, *phrase)
    return (
        p.tags[span[1]] in _NO_EDGE
        or p.tags[phrase[0]] == "VBG"
        or not span[0] <= head <= span[1]
        or (span[0] == span[1] and p.tags[span[0]].startswith("VB"))
    )


def _governor(g: Grammar, tag: Tag, frames: Sequence[Frame]) -> Frame | None:
    """The frame that a tag belongs to: the nearest above it in the tree, else the nearest."""
    p = g.p
    fit = [
        f
        for f in frames
        if f.action in _ACTIONS_OF.get(tag.role, _ANY)
        and (f.implied or not tag.first <= f.trigger <= tag.last)  # "for *analyzing* trends"
    ]
    if not fit:
        return None
    head = head_of(p, tag.first, tag.last)
    for at in (head, *p.ancestors(head)):
        if tag.role == "recipient" and p.deps[at] == "relcl":
            return None  # "suppliers whose *warehouses* ship it"
        for frame in fit:
            if at == frame.trigger:
                return frame
        for frame in fit:
            if at in (*frame.anchors, *frame.verbs):
                return frame
    return min(fit, key=lambda f: abs(f.trigger - head))
