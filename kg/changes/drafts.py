"""Changes of single practices -> what people would list as one change each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.changes.compare import Found
from kg.changes.model import Aspect, Kind, Named
from kg.changes.practices import Practice, sound_alike

#: Shares of the confidence of the surest reading of a sentence below which another is dropped.
_MUCH_SURER, _FAR_SURER = 0.75, 0.5


@dataclass(frozen=True, slots=True)
class Draft:
    """A change of one practice, before those that belong together are joined.

    Attributes:
        found: aspect -> what is new, gone or meant.
    """

    before: tuple[Practice, ...]
    after: tuple[Practice, ...]
    found: Found

    @property
    def kind(self) -> Kind:
        """Changed, if both versions speak of it."""
        if self.before and self.after:
            return Kind.CHANGED
        return Kind.ADDED if self.after else Kind.REMOVED

    @property
    def told(self) -> tuple[Practice, ...]:
        """The practices of the version that the change is told of."""
        return self.after or self.before


def put_together(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts without doubtful ones, what came and what went fused, those of one practice joined."""
    return _joined(_fused(_without_doubtful(drafts)))


def _without_doubtful(drafts: Sequence[Draft]) -> list[Draft]:
    """Leaves out a reading of a sentence beside a surer one of the same action or the same data."""
    best: dict[tuple[object, ...], float] = defaultdict(float)
    keys: list[tuple[tuple[object, ...], ...]] = []
    for draft in drafts:
        first = draft.told[0]
        evidence = first.claim.statement.evidence
        where = draft.kind, first.polarity, evidence.start, evidence.text
        of_draft = (*where, first.action), (*where, frozenset(_keys(first, "data")))
        keys.append(of_draft)
        for key in of_draft:
            best[key] = max(best[key], first.claim.statement.confidence)
    return [
        draft
        for draft, (action, data) in zip(drafts, keys, strict=True)
        if draft.kind is Kind.CHANGED
        or (
            draft.told[0].claim.statement.confidence >= _MUCH_SURER * best[action]
            and draft.told[0].claim.statement.confidence >= _FAR_SURER * best[data]
        )
    ]


def _fused(drafts: Sequence[Draft]) -> list[Draft]:
    """What came and what went as one change, where the one is the other with a twist."""
    added = [draft for draft in drafts if draft.kind is Kind.ADDED]
    removed = [draft for draft in drafts if draft.kind is Kind.REMOVED]
    kept = [draft for draft in drafts if draft.kind is Kind.CHANGED]
    for new in list(added):
        for old in removed:
            found = _twist(old.before[0], new.after[0])
            if found:
                removed.remove(old)
                added.remove(new)
                kept.append(Draft(old.before, new.after, found))
                break
    return [*kept, *added, *removed]


def _twist(old: Practice, new: Practice) -> Found:
    if (old.actor, old.kin) != (new.actor, new.kin):
        return {}
    if not sound_alike(old, new):
        return {}
    to_same = _keys(old, "recipients") == _keys(new, "recipients")
    if old.polarity is not new.polarity:
        if not _is_flipped(*((old, new) if old.is_denial else (new, old))):
            return {}
        return {Aspect.NOW_DENIED if new.is_denial else Aspect.NOW_DONE: ()}
    if not to_same or _keys(old, "sources") != _keys(new, "sources"):
        return {}
    ours = [one for one in old.data if one.key not in _keys(new, "data")]
    theirs = [one for one in new.data if one.key not in _keys(old, "data")]
    narrower = [(a, b) for a in ours for b in theirs if a.key in b.above]
    broader = [(a, b) for a in ours for b in theirs if b.key in a.above]
    found: Found = {}
    for aspect, steps in ((Aspect.NARROWER_DATA, narrower), (Aspect.BROADER_DATA, broader)):
        if steps and (len(ours) == 1 or len(theirs) == 1):
            found[aspect] = tuple(dict.fromkeys(one.named for step in steps for one in step))
    return found


def _is_flipped(denied: Practice, done: Practice) -> bool:
    """Whether the one version denies what the other states: the same, or all of its kind."""
    if denied.of_child is not done.of_child:
        return False
    near = [(a, b) for a in denied.data for b in done.data if a.is_near(b)]
    general = any(a.is_general for a in denied.data) and any(b.is_general for b in done.data)
    particular = any(not a.is_general and not b.is_general for a, b in near)
    # "We do not collect such data" says nothing of all other data that are collected.
    if not particular and not (general and denied.kin in {"share", "sell"}):
        return False
    return all(
        not getattr(denied, role)
        or any(ours.is_general for ours in getattr(denied, role))
        or _keys(denied, role) & _keys(done, role)
        for role in ("recipients", "sources", "locations", "purposes")
    )


def _keys(practice: Practice, role: str) -> set[str]:
    return {term.key for term in getattr(practice, role)}


def _joined(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts put together that people would list as one."""
    groups: list[int] = list(range(len(drafts)))

    def top(number: int) -> int:
        while groups[number] != number:
            number = groups[number]
        return number

    seen: dict[tuple[object, ...], int] = {}
    for number, draft in enumerate(drafts):
        for key in _belongs_to(draft):
            first = seen.setdefault(key, number)
            ours, theirs = top(number), top(first)
            groups[max(ours, theirs)] = min(ours, theirs)
    members: dict[int, list[Draft]] = defaultdict(list)
    for number, draft in enumerate(drafts):
        members[top(number)].append(draft)
    return [_union(held) for held in members.values()]


def _belongs_to(draft: Draft) -> Iterator[tuple[object, ...]]:
    """Keys; drafts that share one are one change."""
    kind = draft.kind
    first = draft.told[0]
    who = kind, first.actor, first.polarity
    claim = first.claim.statement
    sentence = claim.evidence.start, claim.evidence.text
    data = frozenset(_keys(first, "data"))
    aspects = frozenset(draft.found)
    others = tuple(frozenset(_keys(first, role)) for role in ("recipients", "sources", "locations"))
    if kind is Kind.CHANGED:
        details = frozenset(draft.found.items())
        yield "sentence", kind, sentence, details
        yield "sentence", *who, first.kin, sentence, aspects
        # What is only flipped is told apart by what it is about.
        about = () if any(draft.found.values()) else (data,)
        yield "same", *who, first.kin, details, others, about
    else:
        yield "sentence", *who, first.kin, sentence
        yield "sentence", *who, data, sentence
        yield "same", *who, first.action, data, others, frozenset(_keys(first, "purposes"))
        if any(others[:2]):
            yield "other", *who, first.action, *others
    for span in claim.evidence.context:
        if span.start <= claim.trigger.start < span.end and claim.trigger.text:
            same = aspects if kind is Kind.CHANGED else None
            yield "list", *who, first.action, span.start, span.text, same


def _union(drafts: Sequence[Draft]) -> Draft:
    found: dict[Aspect, dict[Named, None]] = {}
    for draft in drafts:
        for aspect, terms in draft.found.items():
            found.setdefault(aspect, {}).update(dict.fromkeys(terms))

    def side(name: str) -> tuple[Practice, ...]:
        every = {id(one): one for draft in drafts for one in getattr(draft, name)}
        return tuple(sorted(every.values(), key=_where))

    return Draft(
        side("before"), side("after"), {aspect: tuple(terms) for aspect, terms in found.items()}
    )


def _where(practice: Practice) -> tuple[int, int, str]:
    said = practice.claim.statement
    return said.evidence.start, said.trigger.start, practice.claim.iri
