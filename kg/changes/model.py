"""What changed in a policy, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kg.claims import Claim
from kg.model import Action, Polarity


class Kind(StrEnum):
    """What became of a practice."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Aspect(StrEnum):
    """What about it, told from the later version's side."""

    FLOW_ADDED = "flow added"
    FLOW_REMOVED = "flow removed"
    DENIAL_ADDED = "denial added"
    DENIAL_DROPPED = "denial dropped"
    NOW_DENIED = "now denied"
    NOW_DONE = "no longer denied, but done"
    NEW_DATA = "new data"
    DATA_GONE = "data gone"
    BROADER_DATA = "broader data term"
    NARROWER_DATA = "narrower data term"
    NEW_RECIPIENT = "new recipient"
    RECIPIENT_GONE = "recipient gone"
    NEW_SOURCE = "new source"
    SOURCE_GONE = "source gone"
    NEW_PURPOSE = "new purpose"
    PURPOSE_GONE = "purpose gone"
    NEW_LEGAL_BASIS = "new legal basis"
    LEGAL_BASIS_GONE = "legal basis gone"
    NEW_PLACE = "new place"
    PLACE_GONE = "place gone"
    NEW_SAFEGUARD = "new safeguard"
    SAFEGUARD_GONE = "safeguard gone"
    CONDITION_ADDED = "condition added"
    CONDITION_DROPPED = "condition dropped"
    MAY_BECAME_WILL = "may became will"
    WILL_BECAME_MAY = "will became may"
    NOW_REQUIRED = "now required"
    NO_LONGER_REQUIRED = "no longer required"
    RETENTION_CHANGED = "retention changed"
    ACTOR_CHANGED = "actor changed"


_PAIRS = (
    (Aspect.FLOW_ADDED, Aspect.FLOW_REMOVED),
    (Aspect.DENIAL_ADDED, Aspect.DENIAL_DROPPED),
    (Aspect.NOW_DENIED, Aspect.NOW_DONE),
    (Aspect.NEW_DATA, Aspect.DATA_GONE),
    (Aspect.BROADER_DATA, Aspect.NARROWER_DATA),
    (Aspect.NEW_RECIPIENT, Aspect.RECIPIENT_GONE),
    (Aspect.NEW_SOURCE, Aspect.SOURCE_GONE),
    (Aspect.NEW_PURPOSE, Aspect.PURPOSE_GONE),
    (Aspect.NEW_LEGAL_BASIS, Aspect.LEGAL_BASIS_GONE),
    (Aspect.NEW_PLACE, Aspect.PLACE_GONE),
    (Aspect.NEW_SAFEGUARD, Aspect.SAFEGUARD_GONE),
    (Aspect.CONDITION_ADDED, Aspect.CONDITION_DROPPED),
    (Aspect.MAY_BECAME_WILL, Aspect.WILL_BECAME_MAY),
    (Aspect.NOW_REQUIRED, Aspect.NO_LONGER_REQUIRED),
    (Aspect.RETENTION_CHANGED, Aspect.RETENTION_CHANGED),
    (Aspect.ACTOR_CHANGED, Aspect.ACTOR_CHANGED),
)
#: Aspect -> what it is called when the two versions change places.
MIRROR = dict(_PAIRS) | {there: here for here, there in _PAIRS}


@dataclass(frozen=True, slots=True)
class Named:
    """A concept, a party or words of a policy. ``iri`` is empty for words alone."""

    label: str
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """One aspect of a change, and what is new, gone or meant."""

    aspect: Aspect
    terms: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One practice that came, went or is another now.

    Attributes:
        company: name of the publisher in the later version.
        actions: what is done with the data; several where one sentence says them together.
        details: what about it, in the order of :class:`Aspect`.
        data: with all that follows: of the later version, or of the earlier if it is gone.
        before: the claims of the earlier version, in the order of its text; empty when added.
        after: those of the later version; empty when removed.
    """

    kind: Kind
    company: str
    actor: Named
    actions: tuple[Action, ...]
    polarity: Polarity
    details: tuple[Detail, ...]
    data: tuple[Named, ...] = ()
    recipients: tuple[Named, ...] = ()
    sources: tuple[Named, ...] = ()
    purposes: tuple[Named, ...] = ()
    legal_bases: tuple[Named, ...] = ()
    locations: tuple[Named, ...] = ()
    safeguards: tuple[Named, ...] = ()
    conditions: tuple[str, ...] = ()
    before: tuple[Claim, ...] = ()
    after: tuple[Claim, ...] = ()

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """The aspects alone."""
        return tuple(detail.aspect for detail in self.details)

    @property
    def is_denial(self) -> bool:
        """Whether it is about something that is not done, in the version told of."""
        return self.polarity is Polarity.NEGATED

    @property
    def is_of_children(self) -> bool:
        """Whether it is about data of children alone."""
        told = self.after or self.before
        return bool(told) and all(claim.statement.data_subject == "child" for claim in told)
