"""All practices of one version: does it state this already, and how nearly?

The rules are those by which a person would say "that was in there before": general words for
data take in all data where the question is who gets it, but not where it is what is collected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kg.changes.practices import Practice, Term, Terms, say_the_same
from kg.iris import PF
from kg.model import Action, Polarity

#: Roles that are compared, each a field of a practice.
ROLES = (
    "data",
    "recipients",
    "sources",
    "purposes",
    "legal_bases",
    "locations",
    "safeguards",
)
#: Kinds of action for which "your data" means all data.
_TAKING_IN = frozenset({"share", "sell", "keep", "delete"})
_MEANS = f"{PF}TrackingData"
#: Words of a purpose that are enough to know it by; one alone has too many uses.
_FEWEST_OF_PURPOSE = 2
#: Roles that make a flow another flow.
_OF_A_FLOW = frozenset({"data", "recipients", "sources"})


@dataclass(frozen=True, slots=True)
class News:
    """What a practice says that another version does not.

    Attributes:
        roles: role -> the terms that are not there.
        is_flow: the flow itself is not there; otherwise only something about it.
    """

    roles: Mapping[str, Terms]
    is_flow: bool


@dataclass(frozen=True, slots=True)
class Version:
    """Practices of one version, by actor, kind of action and polarity."""

    practices: tuple[Practice, ...]
    alike: dict[tuple[str, str, Polarity, bool], list[Practice]] = field(default_factory=dict)
    keys: dict[str, set[str]] = field(default_factory=dict)
    telling: Callable[[str], frozenset[str]] = frozenset
    sentences: tuple[frozenset[str], ...] = ()
    texts: frozenset[tuple[str, ...]] = frozenset()

    @classmethod
    def of(
        cls,
        practices: Iterable[Practice],
        telling: Callable[[str], frozenset[str]],
        sentences: Iterable[frozenset[str]] = (),
        texts: Iterable[tuple[str, ...]] = (),
    ) -> Version:
        """A version with these practices.

        Args:
            telling: gives the telling words of a text.
            sentences: those of each sentence of its own.
            texts: all words of each.
        """
        held = tuple(practices)
        alike: dict[tuple[str, str, Polarity, bool], list[Practice]] = defaultdict(list)
        keys: dict[str, set[str]] = {role: set() for role in ROLES}
        for practice in held:
            alike[practice.is_alike_of].append(practice)
            for role in ROLES:
                keys[role].update(term.key for term in getattr(practice, role))
        bags = dict.fromkeys((*sentences, *(one.said for one in held)))
        return cls(held, dict(alike), keys, telling, tuple(bags), frozenset(texts))

    def names(self, role: str, term: Term) -> bool:
        """Whether the version speaks of this at all."""
        return term.key in self.keys[role]

    def words_of(self, term: Term) -> bool:
        """Whether a sentence has all telling words of a term."""
        return all(any(bag <= sentence for sentence in self.sentences) for bag in term.words)

    def holds_words(self, text: str) -> bool:
        """Whether one of its sentences has all telling words of a text."""
        bag = self.telling(text)
        return any(bag <= sentence for sentence in self.sentences)

    def news(self, practice: Practice, *, by_words: bool = True) -> News:
        """What a practice of the other version says that this one does not.

        Args:
            by_words: a purpose is known, too, if a sentence has its words, whatever was read.
        """
        found = self._news(practice, is_strict=not by_words)
        if practice.is_denial:
            return found

        def is_known(term: Term, role: str) -> bool:
            """What a policy calls by words of its own is there when the words are."""
            if role == "purposes":
                return by_words and self._has_words_for(term, practice)
            return term.is_own and role in _OF_A_FLOW and self.words_of(term)

        roles = {
            role: kept
            for role, terms in found.roles.items()
            if (kept := tuple(t for t in terms if not is_known(t, role)))
        }
        is_flow = found.is_flow and (_is_flow(practice, roles) or not found.roles)
        return News(roles, is_flow)

    def _has_words_for(self, purpose: Term, practice: Practice) -> bool:
        """Whether a sentence names a purpose and, of data in particular, one of these data."""
        particular = [bag for datum in practice.data if not datum.is_general for bag in datum.words]
        return all(
            len(bag) >= _FEWEST_OF_PURPOSE
            and any(
                bag <= sentence and (not particular or any(data <= sentence for data in particular))
                for sentence in self.sentences
            )
            for bag in purpose.words
        )

    def _news(self, practice: Practice, *, is_strict: bool) -> News:
        alike = self.alike.get(practice.is_alike_of, [])
        if practice.is_denial and practice.of_child:
            # What is denied for everybody is denied for children.
            alike = [*alike, *self.alike.get((*practice.is_alike_of[:-1], False), ())]
        there = [
            one
            for one in alike
            # Who takes nothing from one may take it from another.
            if not (practice.is_denial and one.sources) or _meet(practice, one, "sources")
        ]
        if not there:
            return News({role: getattr(practice, role) for role in ROLES}, is_flow=True)
        roles: dict[str, Terms] = {}
        recipients = _missing_recipients(practice, there)
        if recipients:
            roles["recipients"] = recipients
        to_these = there
        if not practice.is_denial and len(recipients) < len(practice.recipients):
            to_these = [one for one in there if _meet(practice, one, "recipients")]
        data = tuple(d for d in practice.data if not _is_stated(d, practice, to_these))
        # Cookies that other data are collected by are read as data here and as a means there.
        if not all(map(_is_means, practice.data)) and all(map(_is_means, data)):
            data = ()
        roles["data"] = data
        roles["sources"] = tuple(
            s for s in practice.sources if not any(_has(one.sources, s) for one in there)
        )
        roles["purposes"] = tuple(
            p
            for p in practice.purposes
            if not p.is_own
            and not p.is_general
            and not _has_purpose(p, practice, to_these, is_strict=is_strict)
        )
        if practice.kin in {"keep", "protect", "delete"}:
            roles["purposes"] = ()
        roles["legal_bases"] = tuple(
            b
            for b in practice.legal_bases
            if not b.is_own
            and not any(_has(one.legal_bases, b) or _is_worded(b, one) for one in there)
        )
        roles["locations"] = tuple(
            p for p in practice.locations if not _is_place(p, practice, there)
        )
        roles["safeguards"] = tuple(
            s for s in practice.safeguards if s.key not in self.keys["safeguards"]
        )
        roles = {role: terms for role, terms in roles.items() if terms}
        return News(roles, _is_flow(practice, roles))

    def speaks_of(self, datum: Term, practice: Practice) -> bool:
        """Whether the same is said here of this very datum, and not of data in general alone."""
        return any(
            _has(one.data, datum)
            for one in self.alike.get(practice.is_alike_of, ())
            if not practice.recipients or _meet(practice, one, "recipients")
        )

    def nearest(self, practice: Practice) -> Practice | None:
        """What is most like a practice here; of several the first in the text."""
        return max(
            self.alike.get(practice.is_alike_of, ()),
            key=lambda other: likeness(practice, other),
            default=None,
        )


def _is_flow(practice: Practice, roles: Mapping[str, Terms]) -> bool:
    return (
        bool(_OF_A_FLOW & roles.keys())
        or (practice.action is Action.USE and "purposes" in roles)
        or ("locations" in roles and not practice.recipients)
    )


def likeness(one: Practice, other: Practice) -> float:
    """How much two practices have in common."""
    score = 2.0 * (one.action is other.action) + (one.actor == other.actor)
    score += one.polarity is other.polarity
    for role, weight in (
        ("data", 3),
        ("recipients", 3),
        ("purposes", 1),
        ("locations", 1),
        ("sources", 1),
    ):
        ours = {_kind(term) for term in getattr(one, role)}
        theirs = {_kind(term) for term in getattr(other, role)}
        if ours | theirs:
            score += weight * len(ours & theirs) / len(ours | theirs)
        elif role != "data":
            score += weight / 2
    return score


def _kind(term: Term) -> str:
    """What a term is for likeness: general words are all one."""
    return "" if term.is_general else term.key


def is_of_one_thing(one: Practice, other: Practice) -> bool:
    """Whether both name the same particular data, recipient, source or place."""
    return any(
        not term.is_general and _has(getattr(other, role), term)
        for role in ("data", "recipients", "sources", "locations")
        for term in getattr(one, role)
    )


def _missing_recipients(practice: Practice, there: Iterable[Practice]) -> Terms:
    if practice.is_denial:
        # "We do not share your data" denies it for everybody.
        there = list(there)
        if any(not one.recipients or any(r.is_general for r in one.recipients) for one in there):
            return ()
    return tuple(
        r for r in practice.recipients if not any(_has(one.recipients, r) for one in there)
    )


def _is_stated(datum: Term, practice: Practice, there: Iterable[Practice]) -> bool:
    is_passed = practice.kin in {"share", "sell"}
    takes_in = practice.is_denial or (
        practice.kin in _TAKING_IN and not (is_passed and not practice.recipients)
    )
    for one in there:
        if datum.is_general and not practice.is_denial:
            return True
        if _has(one.data, datum):
            return True
        if takes_in and (not one.data or any(d.is_general for d in one.data)):
            return True
        if practice.is_denial and any(d.key in datum.above for d in one.data):
            return True
        if practice.is_denial and datum.is_general and any(d.is_general for d in one.data):
            return True
    return False


def _has_purpose(
    purpose: Term, practice: Practice, there: Iterable[Practice], *, is_strict: bool
) -> bool:
    is_particular = is_strict and any(not d.is_general for d in practice.data)
    for one in there:
        if not _has(one.purposes, purpose) and not _is_worded(purpose, one):
            continue
        if not practice.data or (not one.data and not is_particular):
            return True
        # What "your data" are used for need not be what your recordings are used for.
        if not is_particular and any(d.is_general for d in (*one.data, *practice.data)):
            return True
        if any(ours.is_near(theirs) for ours in practice.data for theirs in one.data):
            return True
    return False


def _is_means(datum: Term) -> bool:
    return datum.key == _MEANS or _MEANS in datum.above


def _is_worded(term: Term, practice: Practice) -> bool:
    """Whether a practice says the same as a term in its own words, whatever they were read as."""
    return any(say_the_same(ours, theirs) for ours in term.bags for theirs in practice.bags)


def _is_place(place: Term, practice: Practice, there: Iterable[Practice]) -> bool:
    if practice.kin not in {"share", "keep"}:
        return True
    if place.is_own and not any(m.text[:1].isupper() for m in place.mentions):
        return True
    if place.is_vague or place.is_general:
        return any(one.locations for one in there)
    return any(_has(one.locations, place) for one in there)


def _meet(one: Practice, other: Practice, role: str) -> bool:
    theirs = {term.key for term in getattr(other, role)}
    return any(term.key in theirs for term in getattr(one, role))


def _has(terms: Terms, wanted: Term) -> bool:
    return any(term.key == wanted.key for term in terms)
