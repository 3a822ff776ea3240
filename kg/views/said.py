"""Practice -> what people and programs are told of it: a quote, a few words, values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kg.claims import Source
from kg.concepts import Concepts
from kg.model import Modality
from kg.practices import Practice
from kg.views.report import Quote

#: Digits by which `kg explain` finds a statement; more than enough to tell it from others.
_DIGITS = 8


def quote(practice: Practice, label: str) -> Quote:
    """The sentence of a practice after what it rests on, and where it stands."""
    source = practice.source
    where = (min(source.documents, default=""), source.date or "", practice.heading)
    text = " … ".join((*practice.context, practice.sentence))
    return Quote(label, text, " · ".join(filter(None, where)))


def digits(practice: Practice) -> str:
    """What `kg explain` takes for it."""
    return practice.digits[:_DIGITS]


def manner(practice: Practice) -> str:
    """How it is said, where that is not plainly: "may, under a condition"."""
    words = (
        "" if practice.modality is Modality.ASSERTED else practice.modality.value,
        "under a condition" if practice.conditions or practice.bases else "",
        "of children" if practice.is_of_children else "",
    )
    return ", ".join(filter(None, words))


def names(iris: Iterable[str], concepts: Concepts) -> list[str]:
    """What concepts are called, sorted."""
    return sorted(concepts.labels.get(iri, iri) for iri in iris)


def copies(left_out: Sequence[Source]) -> str:
    """A sentence on policies that are not counted; empty for none."""
    if not left_out:
        return ""
    listed = ", ".join(source.company for source in left_out)
    return f" Left out as copies of a policy that is counted already: {listed}."


def value(practice: Practice, concepts: Concepts) -> dict[str, Any]:
    """A practice as JSON can hold it."""
    source = practice.source
    return {
        "statement": practice.iri,
        "sentence": practice.sentence,
        "context": list(practice.context),
        "company": source.company,
        "document": min(source.documents, default=""),
        "date": source.date,
        "heading": practice.heading,
        "actor": concepts.labels.get(practice.actor, practice.actor),
        "action": practice.action.value,
        "is_denied": practice.is_denied,
        "modality": practice.modality.value,
        "data": names(practice.data, concepts),
        "recipients": names(practice.recipients, concepts),
        "sources": names(practice.origins, concepts),
        "purposes": names(practice.purposes, concepts),
        "places": names(practice.places, concepts),
        "legal_bases": names(practice.bases, concepts),
        "conditions": list(practice.conditions),
        "is_of_children": practice.is_of_children,
        "confidence": practice.confidence,
    }
