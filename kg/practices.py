"""Store -> Practice: what a policy says is done or not done, without the places of its words.

Comparisons over a whole corpus ask who does what with which data to whom, and quote the sentence.
That is a tenth of what :mod:`kg.claims` reads back, so it is read by itself: 165 policies in two
seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.claims import Source
from kg.iris import PF
from kg.model import Action, Modality
from kg.triples import DPV, OA, PROV

if TYPE_CHECKING:
    from kg.store import Store

_ACTIONS = {f"{PF}{action.capitalize()}": action for action in Action}
#: Field of a practice -> the property that gives its values.
_LISTS = {
    "data": f"{DPV}hasPersonalData",
    "recipients": f"{DPV}hasRecipient",
    "origins": f"{DPV}hasDataSource",
    "purposes": f"{DPV}hasPurpose",
    "places": f"{DPV}hasLocation",
    "bases": f"{DPV}hasLegalBasis",
    "conditions": f"{PF}condition",
}
_SAYS = f"{PF}says"
_ONES = (
    f"{PF}action",
    f"{PF}modality",
    f"{PF}confidence",
    f"{PF}sentence",
    f"{PF}actor",
    f"{DPV}hasDataController",
    f"{DPV}hasDataSubject",
    f"{PROV}wasDerivedFrom",
)


@dataclass(frozen=True, slots=True)
class Practice:
    """A statement or a denial, with the concepts that it names.

    Attributes:
        iri: of its node.
        actor: IRI of who acts, the publisher where the text names nobody.
        data: IRIs, as are recipients, origins (whom the data come from), purposes, places, bases.
        conditions: words of the text.
        heading: those above its sentence, joined.
        context: other places that the reading rests on, in the order of the text: a lead-in, what
            "they" stand for.
        is_of_children: whether it speaks of children's data only.
    """

    iri: str
    source: Source
    action: Action
    is_denied: bool
    modality: Modality
    actor: str
    sentence: str
    heading: str = ""
    context: tuple[str, ...] = ()
    confidence: float = 1.0
    data: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    is_of_children: bool = False

    @property
    def digits(self) -> str:
        """The end of the IRI, by which people name a statement."""
        return self.iri.rsplit("/", 1)[-1]


def practices(store: Store, found: Iterable[Source], *, least: float = 0.0) -> tuple[Practice, ...]:
    """What the snapshots say, snapshot by snapshot, in the order of the IRIs.

    Args:
        least: confidence below which a practice is left out.
    """
    return tuple(
        practice
        for source in found
        for practice in _of(store, source)
        if practice.confidence >= least
    )


def _of(store: Store, source: Source) -> list[Practice]:
    says = _values(store, source, _SAYS)
    single = {name: _values(store, source, name) for name in _ONES}
    lists = {name: _values(store, source, predicate) for name, predicate in _LISTS.items()}
    headings = _values(store, source, f"{PF}heading")
    contexts = _values(store, source, f"{PF}context")
    texts = _texts(store, source, {place for places in contexts.values() for place in places})

    def one(name: str, iri: str, otherwise: str = "") -> str:
        return min(single[name].get(iri, ()), default=otherwise)

    return [
        Practice(
            iri=iri,
            source=source,
            action=_ACTIONS[one(f"{PF}action", iri)],
            is_denied=min(says[iri]).startswith(f"{PF}doesNot"),
            modality=Modality(one(f"{PF}modality", iri, f"{PF}asserted").removeprefix(PF)),
            actor=one(f"{PF}actor", iri)
            or one(f"{DPV}hasDataController", iri)
            or source.company_iri,
            sentence=one(f"{PF}sentence", iri),
            heading=min(headings.get(one(f"{PROV}wasDerivedFrom", iri), ()), default=""),
            context=tuple(
                text for _, text in sorted(texts[place] for place in contexts.get(iri, ()))
            ),
            confidence=float(one(f"{PF}confidence", iri, "1")),
            is_of_children=one(f"{DPV}hasDataSubject", iri) == f"{PF}Child",
            **{name: tuple(sorted(set(values.get(iri, ())))) for name, values in lists.items()},
        )
        for iri in sorted(says)
    ]


def _texts(store: Store, source: Source, places: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Places of a policy -> where they begin, and their words."""

    def one(node: str, name: str) -> list[Any]:
        return [q.object for q in store.quads(node, name, None, source.graph)]

    found = {}
    for place in places:
        selectors = [node.value for node in one(place, f"{OA}hasSelector")]
        starts = [int(value.value) for node in selectors for value in one(node, f"{OA}start")]
        words = [value.value for node in selectors for value in one(node, f"{OA}exact")]
        found[place] = min(starts, default=0), min(words, default="")
    return found


def _values(store: Store, source: Source, predicate: str) -> dict[str, list[str]]:
    """Subject -> values of one property in the graph of a snapshot."""
    found: dict[str, list[str]] = {}
    for quad in store.quads(None, predicate, None, source.graph):
        subject: Any = quad.subject
        value: Any = quad.object
        found.setdefault(subject.value, []).append(value.value)
    return found
