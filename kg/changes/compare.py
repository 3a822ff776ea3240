"""Pair of sentences -> how their practices differ, as far as differing words bear it out.

The reading of a sentence may shift when a word elsewhere in it does. What is reported must
rest on words that are new or gone; anything else is taken for such a shift.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.changes.alignment import Pair, Passage
from kg.changes.model import Aspect, Named
from kg.changes.practices import Practice, Term, Terms
from kg.changes.version import ROLES, likeness
from kg.changes.wording import Reader, holds, listed, stem
from kg.changes.wording import likeness as words_likeness
from kg.model import Mention, Modality

NEW = {
    "data": Aspect.NEW_DATA,
    "recipients": Aspect.NEW_RECIPIENT,
    "sources": Aspect.NEW_SOURCE,
    "purposes": Aspect.NEW_PURPOSE,
    "legal_bases": Aspect.NEW_LEGAL_BASIS,
    "locations": Aspect.NEW_PLACE,
    "safeguards": Aspect.NEW_SAFEGUARD,
}
GONE = {
    "data": Aspect.DATA_GONE,
    "recipients": Aspect.RECIPIENT_GONE,
    "sources": Aspect.SOURCE_GONE,
    "purposes": Aspect.PURPOSE_GONE,
    "legal_bases": Aspect.LEGAL_BASIS_GONE,
    "locations": Aspect.PLACE_GONE,
    "safeguards": Aspect.SAFEGUARD_GONE,
}
_MODALS, _NEGATIONS = "modal", "negating"
_SAME_CONDITION = 0.5
_SAME_TIME = 0.6
_REWORDED = 0.6
_HALF = 0.5
#: Words of a key: the role and those of the purpose.
_FEWEST_OF_OWN = 3
#: What two practices of a pair must have in common at least; the verb alone is enough.
_FLOOR = 3.0

Found = dict[Aspect, tuple[Named, ...]]


@dataclass(frozen=True, slots=True)
class Matched:
    """A practice of the earlier version and what it is in the later one."""

    before: Practice
    after: Practice
    found: Found


@dataclass(frozen=True, slots=True)
class Compared:
    """What a pair of sentences comes to.

    Attributes:
        matched: practices of both, with what differs, be it nothing.
        gone: practices of the earlier sentence alone, borne out by words that are gone.
        new: those of the later one.
        noise: practices of either that no differing word bears out.
    """

    matched: tuple[Matched, ...]
    gone: tuple[Practice, ...] = ()
    new: tuple[Practice, ...] = ()
    noise: tuple[Practice, ...] = ()


def compare(
    pair: Pair, before: Sequence[Practice], after: Sequence[Practice], read: Reader
) -> Compared:
    """How the practices of two sentences differ."""
    look = _Look(pair, read)
    matched: list[Matched] = []
    ours, theirs = list(before), list(after)
    scored = sorted(
        (
            (-_score(one, other), abs(i - j), i + j, i, j)
            for i, one in enumerate(before)
            for j, other in enumerate(after)
            if one.kin == other.kin
        ),
    )
    for score, _, _, i, j in scored:
        if -score >= _FLOOR and before[i] in ours and after[j] in theirs:
            ours.remove(before[i])
            theirs.remove(after[j])
            matched.append(Matched(before[i], after[j], look.differences(before[i], after[j])))
    gone = tuple(one for one in ours if look.is_borne_out(one, is_before=True))
    new = tuple(one for one in theirs if look.is_borne_out(one, is_before=False))
    noise = tuple(one for one in (*ours, *theirs) if one not in gone and one not in new)
    return Compared(tuple(matched), gone, new, noise)


def _score(one: Practice, other: Practice) -> float:
    same_verb = one.claim.statement.trigger.text.casefold()
    return likeness(one, other) + 2.0 * (same_verb == other.claim.statement.trigger.text.casefold())


@dataclass(frozen=True, slots=True)
class _Look:
    """The pair, and what of it differs."""

    pair: Pair
    read: Reader

    def differences(self, before: Practice, after: Practice) -> Found:
        found: Found = {}
        if before.polarity is not after.polarity:
            if self._differ(_NEGATIONS):
                found[Aspect.NOW_DENIED if after.is_denial else Aspect.NOW_DONE] = ()
            return found
        if before.actor != after.actor and self._actor_differs(before, after):
            found[Aspect.ACTOR_CHANGED] = (
                Named(before.claim.actor, before.claim.actor_iri),
                Named(after.claim.actor, after.claim.actor_iri),
            )
        for role in ROLES:
            found.update(self._role(role, getattr(before, role), getattr(after, role)))
        found.update(self._conditions(before, after))
        found.update(self._modality(before, after))
        found.update(self._retention(before, after))
        return found

    def is_borne_out(self, practice: Practice, *, is_before: bool) -> bool:
        """Whether a word that differs stands in one of its mentions."""
        said = practice.claim.statement
        mentions = [said.trigger, *([said.negation] if said.negation else [])]
        for role in ROLES:
            for term in getattr(practice, role):
                mentions.extend(term.mentions)
        return any(self._is_other(one, is_before=is_before) for one in mentions if one.text)

    def _is_other(self, mention: Mention, *, is_before: bool) -> bool:
        """Whether the words of a mention are not those of the other sentence."""
        here, there = self._sides(is_before)
        differing = self.pair.gone if is_before else self.pair.new
        words = self.read(mention.text).words
        start = mention.start - here.start
        if 0 <= start < len(here.text):
            numbers = here.read.within(start, start + len(mention.text))
            own = here.words[here.own :]
            # "suggesting friends" may have become "to suggest friends".
            new = [n for n in numbers if stem(own[n]) not in there.stems]
            # "from Facebook" may have become "from them", with Facebook further ahead.
            return any(here.own + n in differing for n in new) and not holds(there.words, words)
        return not (holds(there.words, words) or holds(there.context, words))

    def _sides(self, is_before: bool) -> tuple[Passage, Passage]:
        pair = self.pair
        return (pair.before, pair.after) if is_before else (pair.after, pair.before)

    def _role(self, role: str, before: Terms, after: Terms) -> Found:
        old = [one for one in before if all(one.key != other.key for other in after)]
        new = [one for one in after if all(one.key != other.key for other in before)]
        for one, other in self._reworded(old, new):
            old = [term for term in old if term is not one]
            new = [term for term in new if term is not other]
        found: Found = {}
        if role == "data":
            narrower = list(self._steps(old, new))
            broader = [(one, other) for other, one in self._steps(new, old, is_before=False)]
            for aspect, steps in (
                (Aspect.NARROWER_DATA, narrower),
                (Aspect.BROADER_DATA, broader),
            ):
                if steps:
                    found[aspect] = tuple(one.named for step in steps for one in step)
                    for one, other in steps:
                        old = [term for term in old if term is not one]
                        new = [term for term in new if term is not other]
        for aspect, terms, is_before in ((GONE[role], old, True), (NEW[role], new, False)):
            borne_out = tuple(
                term.named
                for term in terms
                if not (role in {"data", "purposes"} and term.is_general)
                and any(self._is_other(one, is_before=is_before) for one in term.mentions)
                and not (role == "purposes" and term.is_own and self._is_thin(term))
            )
            if borne_out:
                found[aspect] = borne_out
        return found

    def _reworded(self, old: Sequence[Term], new: Sequence[Term]) -> Iterator[tuple[Term, Term]]:
        """What is called nearly the same and was only read as something else."""
        left = list(new)
        for one in old:
            for other in left:
                if self._is_one_thing(one, other):
                    left.remove(other)
                    yield one, other
                    break

    def _is_one_thing(self, one: Term, other: Term) -> bool:
        if one.owner and one.owner == other.owner:
            return True
        return not one.is_near(other) and any(
            self._is_reworded(a, b, is_own=one.is_own or other.is_own)
            for a in one.mentions
            for b in other.mentions
        )

    def _is_reworded(self, one: Mention, other: Mention, *, is_own: bool) -> bool:
        ours, theirs = self.read(one.text).words, self.read(other.text).words
        # "the city", and "the city of listeners".
        if ours[: len(theirs)] == theirs or theirs[: len(ours)] == ours:
            return True
        return is_own and words_likeness(ours, theirs) >= _REWORDED

    def _steps(
        self, broad: Sequence[Term], narrow: Sequence[Term], *, is_before: bool = True
    ) -> Iterator[tuple[Term, Term]]:
        """Broad terms and the narrower ones that stand in their place."""
        left = list(narrow)
        for high in broad:
            for low in left:
                is_below = high.key in low.above or (high.is_general and not low.is_general)
                if is_below and (
                    any(self._is_other(one, is_before=is_before) for one in high.mentions)
                    or any(self._is_other(one, is_before=not is_before) for one in low.mentions)
                ):
                    left.remove(low)
                    yield high, low
                    break

    def _is_thin(self, term: Term) -> bool:
        """Whether a purpose in a policy's own words is too short to be told from a shift."""
        return len(term.key.split()) < _FEWEST_OF_OWN

    def _conditions(self, before: Practice, after: Practice) -> Found:
        ours = before.claim.statement.conditions
        theirs = after.claim.statement.conditions
        gone = self._alone(ours, theirs, is_before=True)
        new = self._alone(theirs, ours, is_before=False)
        found: Found = {}
        if gone:
            found[Aspect.CONDITION_DROPPED] = tuple(Named(one.text) for one in gone)
        if new:
            found[Aspect.CONDITION_ADDED] = tuple(Named(one.text) for one in new)
        return found

    def _alone(
        self, ours: Iterable[Mention], theirs: Iterable[Mention], *, is_before: bool
    ) -> list[Mention]:
        others = [self.read(other.text).words for other in theirs]
        alone = []
        for one in ours:
            words = self.read(one.text).words
            is_same = any(
                words_likeness(words, other) >= _SAME_CONDITION or holds(other, words)
                for other in others
            )
            if not is_same and self._share_of_other(one, is_before=is_before) > _HALF:
                alone.append(one)
        return alone

    def _share_of_other(self, mention: Mention, *, is_before: bool) -> float:
        """How much of a mention within its sentence is not in the other one."""
        here, _ = self._sides(is_before)
        differing = self.pair.gone if is_before else self.pair.new
        start = mention.start - here.start
        if not 0 <= start < len(here.text):
            # What stands around a sentence changes with the layout, unless the verb is there.
            return float(bool(here.own) and self._is_other(mention, is_before=is_before))
        numbers = here.read.within(start, start + len(mention.text))
        return sum(here.own + n in differing for n in numbers) / max(len(numbers), 1)

    def _modality(self, before: Practice, after: Practice) -> Found:
        old = before.claim.statement.modality
        new = after.claim.statement.modality
        if old is new or not self._differ(_MODALS):
            return {}
        # "We collect what we may receive" is not said more firmly than "we may collect".
        fewer = self._possible(self.pair.before) - self._possible(self.pair.after)
        if (old is Modality.MAY and fewer <= 0) or (new is Modality.MAY and fewer >= 0):
            return {}
        if new is Modality.REQUIRED:
            return {Aspect.NOW_REQUIRED: ()}
        if old is Modality.REQUIRED:
            return {Aspect.NO_LONGER_REQUIRED: ()}
        if new is Modality.ASSERTED:
            return {Aspect.MAY_BECAME_WILL: ()}
        return {Aspect.WILL_BECAME_MAY: ()} if old is Modality.ASSERTED else {}

    def _possible(self, passage: Passage) -> int:
        words = listed("possible")
        return sum(word in words for word in passage.words)

    def _retention(self, before: Practice, after: Practice) -> Found:
        old, new = before.claim.statement.retention, after.claim.statement.retention
        if not old and not new:
            return {}
        if not is_other_time(_joined(old), _joined(new), self.read):
            return {}
        if not any(self._is_other(one, is_before=True) for one in old) and not any(
            self._is_other(one, is_before=False) for one in new
        ):
            return {}
        return {Aspect.RETENTION_CHANGED: (Named(_joined(old)), Named(_joined(new)))}

    def _actor_differs(self, before: Practice, after: Practice) -> bool:
        old, new = before.claim.statement.actor, after.claim.statement.actor
        return bool(
            (old and self._is_other(old, is_before=True))
            or (new and self._is_other(new, is_before=False))
        )

    def _differ(self, kind: str) -> bool:
        """Whether one of the words of a kind is new or gone."""
        pair, words = self.pair, listed(kind)
        return any(pair.before.words[n] in words for n in pair.gone) or any(
            pair.after.words[n] in words for n in pair.new
        )


def is_other_time(old: str, new: str, read: Reader) -> bool:
    """Whether two times for which data are kept are not the same one in other words."""
    ours, theirs = read(old).words, read(new).words
    numbers = [[word for word in words if word.isdigit()] for words in (ours, theirs)]
    if numbers[0] and numbers[0] == numbers[1]:
        return False
    if any(word.isdigit() for word in {*ours} ^ {*theirs}):
        return True
    return words_likeness(ours, theirs) < _SAME_TIME


def _joined(mentions: Iterable[Mention]) -> str:
    return "; ".join(mention.text for mention in mentions)
