"""Claims of two versions -> what changed between them, one change a practice.

What the sentences that stand in both versions say is compared first (:mod:`kg.changes.compare`).
What is left over is looked for in all of the other version (:mod:`kg.changes.version`), so that
a practice that only moved or is only worded anew is no change. What remains is put together as
people would list it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.changes.alignment import Pair, Passage, align, passages, sentences, sentences_apart
from kg.changes.compare import GONE, NEW, Found, Matched, compare, is_other_time
from kg.changes.drafts import Draft, put_together
from kg.changes.lines import unbroken
from kg.changes.model import Aspect, Change, Detail, Kind, Named
from kg.changes.practices import Practice, Practices, Term, sound_alike
from kg.changes.version import ROLES, News, Version, is_of_one_thing
from kg.changes.wording import Reader, listed, telling
from kg.claims import Claim
from kg.concepts import Concepts
from kg.iris import PF
from kg.model import Action

#: Confidence below which a claim is not reported as a change, though it may explain one away.
LEAST = 0.35

#: Confidence from which a claim is believed to differ from one of the other version.
_SURE = 0.5
#: Words of a sentence that is known again by them alone.
_FEWEST_WORDS = 5
_FLIPS = frozenset({Aspect.NOW_DENIED, Aspect.NOW_DONE})
#: Roles in which a general word tells something: "third parties" may be anybody.
_TELLING = frozenset({"recipients", "sources"})
_ORDER = {aspect: number for number, aspect in enumerate(Aspect)}


def changes_between(
    earlier: Sequence[Claim],
    later: Sequence[Claim],
    concepts: Concepts,
    *,
    texts: tuple[str, str] = ("", ""),
    least: float = LEAST,
) -> tuple[Change, ...]:
    """What changed from one version of a policy to another, in the order of the later text.

    Args:
        earlier: all claims of the earlier version, the unsure ones too: they may show that
            something was said before.
        later: those of the later one.
        concepts: of the graph or graphs that hold them.
        texts: the two texts, if at hand: a sentence that no claim was read from in one version
            then keeps its claims in the other from being reported.
        least: confidence below which a claim is not reported.
    """
    selves = {claim.source.company_iri for claim in (*earlier, *later)}
    names = {name for claim in (*earlier, *later) for name in claim.source.names}
    read = _reader(frozenset(names))
    make = Practices(concepts, read, selves)
    practices = {id(claim): make.of(claim) for claim in (*earlier, *later)}
    quoted = [claim.statement.evidence.text for claim in (*earlier, *later)]
    wholes = unbroken(texts[0]), unbroken(texts[1])
    apart = sentences_apart(*wholes, quoted)
    before, after = (
        passages(claims, read, found, whole if whole != text else "")
        for claims, found, whole, text in zip((earlier, later), apart, wholes, texts, strict=True)
    )

    def telling_of(sentence: str) -> frozenset[str]:
        return telling(read(sentence).words)

    def of(passage: Passage) -> list[Practice]:
        return [practices[id(claim)] for claim in passage.first]

    old, new = (
        Version.of(
            (practices[id(claim)] for claim in claims),
            telling_of,
            map(telling_of, sentences(whole)),
        )
        for claims, whole in zip((earlier, later), wholes, strict=True)
    )
    drafts, left_before, left_after = _of_pairs(
        align(before, after), before, after, of, old, new, read
    )
    look = _Look(old, new, read, least)
    drafts += look.leftovers(left_before, left_after)
    drafts = [draft for draft in drafts if _is_sure(draft, least)]
    joined = put_together(drafts)
    company = later[0].source.company if later else earlier[0].source.company if earlier else ""
    changes = [_change(draft, company) for draft in joined]
    return tuple(sorted(changes, key=_place))


@lru_cache(maxsize=2)  # versions that follow each other share most of their sentences
def _reader(names: frozenset[str]) -> Reader:
    return Reader(names)


def _is_sure(draft: Draft, least: float) -> bool:
    sides = [
        [one.claim.statement.confidence for one in side] for side in (draft.before, draft.after)
    ]
    if draft.kind is not Kind.CHANGED:
        return max(max(side, default=0) for side in sides) >= least
    # That something turned round rests on both readings.
    surest = min if _FLIPS & draft.found.keys() else max
    return surest(map(max, sides)) >= max(least, _SURE)


_Of = Callable[[Passage], list[Practice]]


def _of_pairs(
    pairs: Iterable[Pair],
    before: Sequence[Passage],
    after: Sequence[Passage],
    of: _Of,
    old: Version,
    new: Version,
    read: Reader,
) -> tuple[list[Draft], list[Practice], list[Practice]]:
    """Changes of sentences that stand in both, and the practices that are still unexplained."""
    drafts: list[Draft] = []
    explained: set[int] = set()
    aligned: set[int] = set()
    loose_before: list[Practice] = []
    loose_after: list[Practice] = []
    for pair in pairs:
        ours, theirs = of(pair.before), of(pair.after)
        if not pair.is_part:
            aligned |= {id(pair.before), id(pair.after)}
        if pair.is_same:
            continue
        is_unread = pair.is_loose and not (ours and theirs) and pair.denies_alike
        if pair.before.is_cut or pair.after.is_cut or is_unread:
            explained |= {id(one) for one in (*ours, *theirs)}
            continue
        if pair.is_part:
            # The longer sentence may be the other's no more than in part.
            is_before_part = len(pair.before.words) < len(pair.after.words)
            aligned.add(id(pair.before if is_before_part else pair.after))
        compared = compare(pair, ours, theirs, read)
        for found in compared.matched:
            explained |= {id(found.before), id(found.after)}
            details = _confirmed(found, old, new, by_words=pair.is_loose)
            if pair.is_part:
                details = {a: t for a, t in details.items() if a not in _ONE_SIDED}
            if pair.is_loose:
                details = _not_of_wording(details, found.after)
            if details:
                drafts.append(Draft((found.before,), (found.after,), details))
        loose_before += [one for one in compared.gone if not pair.is_loose or _is_weighty(one)]
        loose_after += [one for one in compared.new if not pair.is_loose or _is_weighty(one)]
    left_before = [
        one for p in before if id(p) not in aligned for one in of(p) if id(one) not in explained
    ]
    left_after = [
        one for p in after if id(p) not in aligned for one in of(p) if id(one) not in explained
    ]

    def known(found: Iterable[Practice]) -> list[Practice]:
        unique = {id(one): one for one in found}
        return [one for key, one in unique.items() if key not in explained]

    return drafts, known([*left_before, *loose_before]), known([*left_after, *loose_after])


def _not_of_wording(details: Found, after: Practice) -> Found:
    """Without what only other words make of it.

    Of what is passed on it matters how firmly it is said, of a denial what it depends on.
    """
    without = _OF_WORDING if after.kin in {"share", "sell"} else _OF_WORDING | _FIRMNESS
    if after.is_denial:
        without -= _CONDITIONS
    kept: Found = {}
    for aspect, terms in details.items():
        known = tuple(one for one in terms if aspect not in _IN_OWN_WORDS or one.iri.startswith(PF))
        if aspect not in without and bool(known) is bool(terms):
            kept[aspect] = known
    return kept


def _is_weighty(practice: Practice) -> bool:
    """Whether a reader would miss it, though the other version has the sentence in other words."""
    return practice.is_denial or practice.kin in {"share", "sell"}


_OF_ROLES = frozenset({*NEW.values(), *GONE.values()})
#: What changes with the words alone when a sentence is built anew.
_CONDITIONS = frozenset({Aspect.CONDITION_ADDED, Aspect.CONDITION_DROPPED})
_OF_WORDING = _CONDITIONS | {
    *(Aspect.ACTOR_CHANGED, Aspect.RETENTION_CHANGED),
    *(Aspect.BROADER_DATA, Aspect.NARROWER_DATA),
    *(Aspect.NOW_REQUIRED, Aspect.NO_LONGER_REQUIRED),
}
#: Roles that texts fill with whole phrases.
_IN_OWN_WORDS = frozenset(
    {Aspect.NEW_PURPOSE, Aspect.PURPOSE_GONE, Aspect.NEW_PLACE, Aspect.PLACE_GONE}
)
_FIRMNESS = frozenset({Aspect.MAY_BECAME_WILL, Aspect.WILL_BECAME_MAY})
#: What a part of a sentence cannot lack: the rest stands elsewhere.
_ONE_SIDED = _OF_ROLES | {Aspect.CONDITION_ADDED, Aspect.CONDITION_DROPPED}


def _without_lead_ins(details: Found, found: Matched, old: Version, new: Version) -> Found:
    """Leaves out conditions of a lead-in that the other version has too, wherever it stands."""
    for aspect, practice, other in (
        (Aspect.CONDITION_ADDED, found.after, old),
        (Aspect.CONDITION_DROPPED, found.before, new),
    ):
        said = practice.claim.statement.evidence
        around = {
            one.text
            for one in practice.claim.statement.conditions
            if not said.start <= one.start < said.end and other.holds_words(one.text)
        }
        if aspect in details:
            kept = tuple(one for one in details.pop(aspect) if one.label not in around)
            if kept:
                details[aspect] = kept
    return details


def _confirmed(found: Matched, old: Version, new: Version, *, by_words: bool) -> Found:
    """The differences that the rest of the other version does not explain."""
    details = _without_lead_ins(dict(found.found), found, old, new)
    if _OF_ROLES.isdisjoint(details):
        return details
    for aspects, practice, other in ((NEW, found.after, old), (GONE, found.before, new)):
        missing = other.news(practice, by_words=by_words).roles
        for role in ROLES:
            aspect = aspects[role]
            if aspect not in details:
                continue
            there = {
                term.named
                for term in getattr(practice, role)
                if (role == "data" and other.speaks_of(term, practice))
                or (
                    role != "data"
                    and term not in missing.get(role, ())
                    and not (term.is_own and role in {"purposes", "locations"})
                )
                or (role == "purposes" and term.is_own and other.words_of(term))
            }
            kept = tuple(term for term in details[aspect] if term not in there)
            if kept:
                details[aspect] = kept
            else:
                del details[aspect]
    return details


@dataclass(frozen=True, slots=True)
class _Look:
    """Both versions, to look for what a practice says in the other one."""

    old: Version
    new: Version
    read: Reader
    least: float

    def leftovers(self, before: Iterable[Practice], after: Iterable[Practice]) -> list[Draft]:
        return [
            *self._drafts(after, self.old, is_new=True),
            *self._drafts(before, self.new, is_new=False),
        ]

    def _drafts(
        self, practices: Iterable[Practice], other: Version, *, is_new: bool
    ) -> Iterator[Draft]:
        for practice in practices:
            if practice.claim.statement.confidence < self.least or not practice.says_something():
                continue
            if self._stands_in(practice, other):
                continue
            news = other.news(practice)
            said = practice.claim.statement
            has_details = news.roles or said.conditions or said.retention
            nearest = None if news.is_flow or not has_details else other.nearest(practice)
            found = self._found(practice, news, other, nearest, is_new=is_new)
            if not found or _is_hollow(practice, found):
                continue
            # Beside a sentence about something else a quote would only mislead.
            if nearest and not practice.is_denial and not _is_of_same(practice, nearest):
                nearest = None
            there = (nearest,) if nearest else ()
            yield Draft(there, (practice,), found) if is_new else Draft((practice,), there, found)

    def _stands_in(self, practice: Practice, other: Version) -> bool:
        """Whether the other version has the sentence that the layout joined with others here."""
        said = practice.claim.statement
        at = said.trigger.start - said.evidence.start
        pieces = tuple(sentences(said.evidence.text))
        if len(pieces) < 2 or not 0 <= at < len(said.evidence.text):
            return False
        piece = next((one for one in pieces if _covers(said.evidence.text, one, at)), "")
        words = self.read(piece).words
        return len(words) >= _FEWEST_WORDS and words in other.texts

    def _found(
        self,
        practice: Practice,
        news: News,
        other: Version,
        nearest: Practice | None,
        *,
        is_new: bool,
    ) -> Found:
        aspects = NEW if is_new else GONE
        found: Found = {}
        if news.is_flow:
            found[_whole(practice, is_new=is_new)] = ()
        for role in ROLES:
            terms = [
                term
                for term in news.roles.get(role, ())
                if (not news.is_flow or not other.names(role, term))
                and not (term.is_general and role not in _TELLING)
                and not (_is_stock(term, practice) and not news.is_flow)
            ]
            if terms:
                found[aspects[role]] = tuple(term.named for term in terms)
        if nearest is None:
            return found
        there, here = nearest.claim.statement, practice.claim.statement
        is_same = practice.kin == "sell" or is_of_one_thing(practice, nearest)
        if practice.is_denial and is_same and here.conditions and not there.conditions:
            aspect = Aspect.CONDITION_ADDED if is_new else Aspect.CONDITION_DROPPED
            found[aspect] = tuple(Named(one.text) for one in here.conditions)
        if practice.kin == "keep" and here.retention and is_new:
            ours = "; ".join(one.text for one in here.retention)
            theirs = "; ".join(one.text for one in there.retention)
            if theirs and is_same and is_other_time(theirs, ours, self.read):
                found[Aspect.RETENTION_CHANGED] = Named(theirs), Named(ours)
        return found


def _covers(text: str, piece: str, at: int) -> bool:
    start = text.find(piece)
    return start <= at < start + len(piece)


def _is_stock(term: Term, practice: Practice) -> bool:
    """Whether a purpose or a legal basis is one that policies give for data in general."""
    is_general = all(datum.is_general for datum in practice.data)
    return is_general and term.key.removeprefix(PF) in listed("stock")


def _is_of_same(practice: Practice, nearest: Practice) -> bool:
    return is_of_one_thing(practice, nearest) and sound_alike(practice, nearest)


def _is_hollow(practice: Practice, found: Found) -> bool:
    """Whether a flow is only another combination of what both versions speak of anyway."""
    if practice.is_denial or practice.kin not in {"collect", "protect"}:
        return False
    if any(found.values()):
        return False
    is_general = all(term.is_general for term in practice.data)
    return is_general or practice.action is Action.USE


def _whole(practice: Practice, *, is_new: bool) -> Aspect:
    if practice.is_denial:
        return Aspect.DENIAL_ADDED if is_new else Aspect.DENIAL_DROPPED
    return Aspect.FLOW_ADDED if is_new else Aspect.FLOW_REMOVED


def _change(draft: Draft, company: str) -> Change:
    told = draft.told
    first = told[0]

    def named(role: str) -> tuple[Named, ...]:
        terms: dict[str, Term] = {}
        for practice in told:
            for term in getattr(practice, role):
                terms.setdefault(term.key, term)
        particular = [term for term in terms.values() if not term.is_general]
        return tuple(term.named for term in particular or terms.values())

    order = sorted(draft.found, key=_ORDER.__getitem__)
    return Change(
        kind=draft.kind,
        company=company,
        actor=Named(first.claim.actor, first.claim.actor_iri),
        actions=tuple(dict.fromkeys(one.action for one in told)),
        polarity=first.polarity,
        details=tuple(Detail(aspect, draft.found[aspect]) for aspect in order),
        data=named("data"),
        recipients=named("recipients"),
        sources=named("sources"),
        purposes=named("purposes"),
        legal_bases=named("legal_bases"),
        locations=named("locations"),
        safeguards=named("safeguards"),
        conditions=tuple(
            dict.fromkeys(c.text for one in told for c in one.claim.statement.conditions)
        ),
        before=tuple(one.claim for one in draft.before),
        after=tuple(one.claim for one in draft.after),
    )


def _place(change: Change) -> tuple[object, ...]:
    claims = change.after or change.before
    first = claims[0].statement
    return not change.after, first.evidence.start, first.trigger.start, claims[0].iri
