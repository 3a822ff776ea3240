"""Claim -> Practice: a claim as far as it can be compared with one of another version.

IRIs of a policy's own concepts differ from snapshot to snapshot, so that these go by their
words; the publisher is the same under whatever name, and so are its brands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.changes.model import Named
from kg.changes.wording import SELF, SITE, Reader, holds, listed, telling
from kg.claims import Claim
from kg.concepts import Concepts, all_above
from kg.iris import PF, normal_name
from kg.model import Action, Mention, Polarity

#: Actions that texts put for each other.
KIN = {
    Action.COLLECT: "collect",
    Action.USE: "collect",
    Action.SHARE: "share",
    Action.TRANSFER: "share",
    Action.SELL: "sell",
    Action.STORE: "keep",
    Action.RETAIN: "keep",
    Action.DELETE: "delete",
    Action.PROTECT: "protect",
}
#: Confidence from which a claim that only names what the ontology does not know is believed.
_SURE_OF_OWN = 0.6


#: Share of the shorter one's telling words that two phrases share when they say the same.
_SHARED = 0.6
#: Share of the shorter sentence's telling words that both have when they may be about the same.
_SOUNDING = 0.35


def say_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two phrases share most of their telling words, of which there are two at least."""
    fewest = min(len(one), len(other))
    return fewest > 1 and len(one & other) >= _SHARED * fewest


def sound_alike(one: Practice, other: Practice) -> bool:
    """Whether two sentences may be about the same: enough telling words are in both."""
    fewest = min(len(one.said), len(other.said))
    return len(one.said & other.said) >= _SOUNDING * fewest


@dataclass(frozen=True, slots=True)
class Term:
    """What a mention stands for, comparable between versions.

    Attributes:
        key: its IRI, or the role and the words of a policy's own concept.
        above: IRIs of the concepts above it.
        is_general: names no kind in particular.
        is_own: the ontology does not know it.
        is_vague: leaves open who or where.
        owner: of a company or service, the company it belongs to in the end.
        bags: of a purpose or a legal basis, the telling words of each mention.
        words: the telling words of each mention, of whatever kind.
    """

    key: str
    named: Named
    mentions: tuple[Mention, ...]
    above: frozenset[str] = frozenset()
    is_general: bool = False
    is_own: bool = False
    is_vague: bool = False
    owner: str = ""
    bags: tuple[frozenset[str], ...] = ()
    words: tuple[frozenset[str], ...] = ()

    def is_near(self, other: Term) -> bool:
        """Whether both are the same, or one is of the other's kind."""
        return self.key == other.key or self.key in other.above or other.key in self.above


Terms = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Practice:
    """A claim, comparable.

    Attributes:
        bags: the telling words of what it says of purposes, legal bases and conditions.
        said: the telling words of its sentence.
    """

    claim: Claim
    actor: str
    action: Action
    polarity: Polarity
    data: Terms
    recipients: Terms
    sources: Terms
    purposes: Terms
    legal_bases: Terms
    locations: Terms
    safeguards: Terms
    bags: tuple[frozenset[str], ...] = ()
    said: frozenset[str] = frozenset()

    @property
    def kin(self) -> str:
        """What the action has in common with those that texts put for it."""
        return KIN[self.action]

    @property
    def is_denial(self) -> bool:
        """Whether it is said not to be done."""
        return self.polarity is Polarity.NEGATED

    @property
    def is_alike_of(self) -> tuple[str, str, Polarity, bool]:
        """What two practices must share to be compared at all."""
        return self.actor, self.kin, self.polarity, self.of_child

    @property
    def of_child(self) -> bool:
        """Whether it is about data of children."""
        return self.claim.statement.data_subject == "child"

    def says_something(self) -> bool:
        """Whether there is more to it than that data are handled."""
        said = self.claim.statement
        if normal_name(self.claim.actor) in listed("pointing"):
            return False
        named = [*self.data, *self.recipients, *self.sources, *self.legal_bases, *self.safeguards]
        named += [one for one in (*self.purposes, *self.locations) if not one.is_own]
        particular = [one for one in named if not one.is_general]
        if self.is_denial:
            return bool(self.data or self.recipients)
        if not self.data and not self.recipients and not self.purposes:
            return False
        if particular and all(one.is_own for one in particular):
            return said.confidence >= _SURE_OF_OWN
        if particular or said.retention:
            return True
        # "We share your data with third parties" says much, "we use your data" nothing.
        return bool(self.recipients) and bool(self.data)


class Practices:
    """Makes practices of claims of two versions of a policy."""

    def __init__(self, concepts: Concepts, read: Reader, selves: Iterable[str]) -> None:
        self._concepts = concepts
        self._read = read
        self._selves = frozenset(selves)
        self._empty, self._pointing = listed("empty"), listed("pointing")
        self._general = frozenset(PF + name for name in listed("general"))
        self._safeguards = {
            self._read(label).words: iri
            for iri, label in concepts.labels.items()
            if iri != f"{PF}Safeguard" and concepts.is_within(iri, f"{PF}Safeguard")
        }
        self._above: dict[str, frozenset[str]] = {}

    def of(self, claim: Claim) -> Practice:
        """The practice that a claim states."""
        said = claim.statement
        return Practice(
            claim,
            actor=self._party(claim.actor_iri, claim.actor),
            action=said.action,
            polarity=said.polarity,
            data=self._terms("data", said.data),
            recipients=self._terms("recipient", said.recipients),
            sources=tuple(
                one for one in self._terms("source", said.sources) if one.key != f"{PF}User"
            ),
            purposes=self._terms("purpose", said.purposes),
            legal_bases=self._terms("basis", said.legal_bases),
            locations=self._terms("place", said.locations),
            safeguards=self._safeguard_terms(claim),
            bags=tuple(self._bag(m) for m in (*said.purposes, *said.legal_bases, *said.conditions)),
            said=telling(self._read(said.evidence.text).words),
        )

    def _party(self, iri: str, label: str) -> str:
        """The publisher and its group are one; others go by IRI, or by name."""
        owner = self._concepts.owner(iri)
        if iri in self._selves or owner in self._selves or SELF in self._read(label).words[:1]:
            return SELF
        return owner if iri.startswith(PF) else f"party {normal_name(label)}"

    def _terms(self, role: str, mentions: Iterable[Mention]) -> Terms:
        found: dict[str, Term] = {}
        for mention in mentions:
            term = self._term(role, mention)
            if term is None:
                continue
            known = found.get(term.key)
            if known:
                term = replace(known, mentions=(*known.mentions, mention))
            bag = self._bag(mention)
            term = replace(term, words=(*(known.words if known else ()), bag))
            if role in {"purpose", "basis"}:
                term = replace(term, bags=(*(known.bags if known else ()), bag))
            found[term.key] = term
        return tuple(found.values())

    def _term(self, role: str, mention: Mention) -> Term | None:
        iri, label = mention.iri or "", mention.label or mention.text
        if role in {"recipient", "source"} and self._party(iri, label) == SELF:
            return None  # what one gives oneself goes nowhere
        if iri.startswith(PF):
            return Term(
                iri,
                Named(label, iri),
                (mention,),
                self._all_above(iri),
                is_general=iri in self._general,
                is_vague=iri in self._concepts.vague,
                owner=self._concepts.owner(iri),
            )
        words = tuple(word for word in self._read(label).words if word not in self._empty)
        telling = [
            word for word in words if word not in self._pointing and word not in {SELF, SITE}
        ]
        if not any(len(word) > 1 for word in telling):
            return None
        return Term(
            f"{role} {' '.join(words)}",
            Named(label, iri),
            (mention,),
            self._all_above(iri) if iri else frozenset(),
            is_own=True,
        )

    def _bag(self, mention: Mention) -> frozenset[str]:
        return telling(self._read(mention.text).words)

    def _all_above(self, iri: str) -> frozenset[str]:
        found = self._above.get(iri)
        if found is None:
            higher = all_above(iri, lambda one: self._concepts.above.get(one, ()))
            found = self._above[iri] = frozenset(one for one in higher if one not in self._general)
        return found

    def _safeguard_terms(self, claim: Claim) -> Terms:
        said = claim.statement
        found: dict[str, Term] = {}
        for mention in (*said.legal_bases, *said.conditions, *said.methods):
            words = self._read(mention.text).words
            for name, iri in self._safeguards.items():
                if mention.iri == iri or holds(words, name):
                    named = Named(self._concepts.labels[iri], iri)
                    found.setdefault(iri, Term(iri, named, (mention,)))
        return tuple(found[iri] for iri in sorted(found))
