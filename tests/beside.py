"""Invented companies beside each other: policies in a few words, with concepts of the ontology."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from invented import mention, reading, says

from kg.iris import PF, party_iri
from kg.model import Action, Mention, Modality, Reading, Statement

#: Words -> local name of a concept of the ontology; who else is named is a party of its own, and
#: words after "own:" are of the policy, "own:moods<UsageData" with what they lie under.
CONCEPTS = {
    "contact data": "ContactData",
    "email address": "EmailAddress",
    "name": "PersonName",
    "personal data": "PersonalData",
    "location data": "LocationData",
    "precise location": "PreciseLocation",
    "health data": "HealthData",
    "usage data": "UsageData",
    "advertisers": "Advertiser",
    "service providers": "ServiceProvider",
    "third parties": "ThirdParty",
    "partners": "BusinessPartner",
    "Google": "Google",
    "Google Analytics": "GoogleAnalytics",
    "AdMob": "AdMob",
    "Meta": "Meta",
    "Facebook": "Facebook",
    "Instagram": "Instagram",
    "Mailchimp": "Mailchimp",
    "advertising": "Advertising",
    "analytics": "Analytics",
    "consent": "Consent",
    "user": "User",
    "United States": "country-US",
}


def words(text: str, role: str) -> Mention:
    """A mention of a concept, of a party, or of words of the policy's own."""
    if text in CONCEPTS:
        return mention(text, iri=PF + CONCEPTS[text])
    if text.startswith("own:"):
        own, _, above = text.removeprefix("own:").partition("<")
        return replace(mention(own), broader=PF + above if above else None)
    if role in {"recipients", "actor"}:
        return mention(text, iri=party_iri(text))
    return mention(text)


def said(
    text: str,
    action: Action,
    data: Iterable[str] = (),
    to: Iterable[str] = (),
    *,
    denied: bool = False,
    by: str | None = None,
    modality: Modality = Modality.ASSERTED,
    confidence: float = 0.9,
    child: bool = False,
    **roles: Iterable[str],
) -> Statement:
    """A statement of a policy; ``to`` are its recipients, ``by`` who acts if not the company."""
    listed = {"data": data, "recipients": to, **roles}
    return replace(
        says(
            action,
            denied=denied,
            text=text,
            modality=modality,
            confidence=confidence,
            data_subject="child" if child else None,
            actor=words(by, "actor") if by else None,
        ),
        **{role: tuple(words(one, role) for one in found) for role, found in listed.items()},
    )


def policy(
    company: str,
    *statements: Statement,
    names: tuple[str, ...] = (),
    day: date | None = date(2021, 5, 1),
    text: str | None = None,
) -> Reading:
    """A reading; policies with one ``text`` are copies of each other."""
    name = f"{company.casefold()}-{day}.md"
    found = reading(publisher=company, name=name, day=day)
    placed = tuple(
        replace(
            statement,
            evidence=replace(statement.evidence, document=name, start=100 * at,
                             end=100 * at + len(statement.evidence.text)),
        )
        for at, statement in enumerate(statements)
    )  # fmt: skip
    sha256 = text or found.document.sha256
    document = replace(found.document, names=names, sha256=sha256)
    return replace(found, document=document, statements=placed)
