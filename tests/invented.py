"""Invented policies for tests: readings with chosen statements, and stores made of them."""

from __future__ import annotations

from datetime import date
from functools import cache

from kg.iris import PF
from kg.model import (
    Action,
    Document,
    Evidence,
    Mention,
    Modality,
    Polarity,
    Reading,
    Span,
    Statement,
)
from kg.ontology import ontology_quads
from kg.store import Store, memory_store
from kg.triples import catalogue, describe_reading, ontology_terms, party_of, snapshot

#: Words -> local name of a concept of the ontology.
CONCEPTS = {
    "email address": "EmailAddress",
    "name": "PersonName",
    "advertisers": "Advertiser",
    "Google": "Google",
    "consent": "Consent",
}
#: What must never be obeyed, whoever shows it.
HOSTILE = (
    "</script><script>document.title='RAN'</script>",
    "<img src=x onerror=\"document.title='RAN'\">",
    "javascript:document.title='RAN'",
    "=1+1 \x1b[31m \u202eevil\u2066 \x00 \u2028 {{script}} <!-- ]]> &amp; %s ${x} \\u003c",
    "a\r\nb\tc \"quoted\" 'single' `back`",
)


def mention(text: str, start: int = 0, *, iri: str | None = None) -> Mention:
    if iri is None and text in CONCEPTS:
        iri = PF + CONCEPTS[text]
    return Mention(text, start, start + len(text), iri, text if iri else None)


def says(
    action: Action,
    *,
    denied: bool = False,
    text: str = "We handle your data.",
    start: int = 0,
    trigger: str = "handle",
    modality: Modality = Modality.ASSERTED,
    confidence: float = 0.9,
    actor: Mention | None = None,
    data_subject: str | None = None,
    headings: tuple[str, ...] = ("Policy", "What we do"),
    context: tuple[Span, ...] = (),
    **roles: tuple[str, ...],
) -> Statement:
    """A statement whose mentions stand wherever their words stand in its sentence."""

    def place(words: str) -> Mention:
        return mention(words, start + max(text.find(words), 0))

    return Statement(
        action=action,
        polarity=Polarity.NEGATED if denied else Polarity.AFFIRMED,
        modality=modality,
        trigger=place(trigger),
        evidence=Evidence(
            "acme.md", text, start, start + len(text), headings=headings, context=context
        ),
        negation=place("not") if denied else None,
        actor=actor,
        data_subject=data_subject,
        confidence=confidence,
        **{role: tuple(map(place, words)) for role, words in roles.items()},
    )


def reading(
    *statements: Statement,
    publisher: str = "Acme",
    name: str = "acme.md",
    day: date | None = date(2021, 5, 1),
    url: str | None = "https://acme.example/privacy",
    title: str = "Acme Privacy Policy",
) -> Reading:
    document = Document(
        name=name,
        text="",
        publisher=publisher,
        title=title,
        url=url,
        effective=day,
        sha256=f"{publisher} {name} {day}",
    )
    return Reading(document, statements, sentences=len(statements))


def nquads(*readings: Reading, ontology: bool = True) -> str:
    parts = [describe_reading(one) for one in readings]
    parts.append(catalogue(snapshot(one) for one in readings))
    return "".join([_ontology() if ontology else "", *parts])


def store_of(*readings: Reading, ontology: bool = True) -> Store:
    return memory_store(nquads(*readings, ontology=ontology))


def acme() -> str:
    """IRI of the publisher of :func:`reading`."""
    return party_of("Acme", terms=ontology_terms())


@cache
def _ontology() -> str:
    return ontology_quads()
