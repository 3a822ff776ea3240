"""A small invented corpus: seven snapshots of five companies, and a small ontology over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from kg.changes import Aspect, Detail, changes_between
from kg.changes.graph import describe_changes
from kg.claims import claims_of, sources
from kg.concepts import concepts
from kg.iris import BASE, PF, concept_iri, party_iri
from kg.model import (
    Action,
    Definition,
    Document,
    Evidence,
    Mention,
    Modality,
    Polarity,
    Reading,
    Right,
    Span,
    Statement,
)
from kg.store import memory_store
from kg.triples import Snapshot, Terms, catalogue, describe_reading, snapshot

#: concept -> (label, synonyms, scheme, broader)
CONCEPTS = {
    "PersonalData": ("personal data", ("information",), "Data", None),
    "EmailAddress": ("email address", ("e-mail",), "Data", "PersonalData"),
    "Location": ("location", (), "Data", "PersonalData"),
    "PreciseLocation": ("precise location", ("GPS position",), "Data", "Location"),
    "HealthData": ("health data", (), "Data", "PersonalData"),
    "Recipient": ("recipient", (), "Recipient", None),
    "ThirdParty": ("third party", (), "Recipient", "Recipient"),
    "Advertiser": ("advertiser", ("ad partner",), "Recipient", "Recipient"),
    "Courier": ("courier", (), "Recipient", "Recipient"),
    "Adzilla": ("Adzilla", (), "Recipient", "Advertiser"),
    "Purpose": ("purpose", (), "Purpose", None),
    "Advertising": ("advertising", ("marketing",), "Purpose", "Purpose"),
    "TargetedAdvertising": ("targeted advertising", (), "Purpose", "Advertising"),
    "Delivery": ("delivery", (), "Purpose", "Purpose"),
    "Consent": ("consent", (), "Basis", None),
    "StandardClauses": ("standard clauses", (), "Safeguard", None),
    "RightOfAccess": ("right of access", ("access",), "Right", None),
    "RightToErasure": ("right to erasure", (), "Right", None),
    "country-NO": ("Norway", (), "Place", None),
    "country-US": ("United States", (), "Place", None),
}


def broader(iri: str) -> tuple[str, ...]:
    """All concepts above one."""
    above = CONCEPTS.get(iri.removeprefix(PF), ("", (), "", None))[3]
    return (PF + above, *broader(PF + above)) if above else ()


TERMS = Terms(
    {"adzilla": f"{PF}Adzilla"},
    frozenset({f"{PF}StandardClauses"}),
    broader,
    f"{PF}HealthData".__eq__,
    f"{PF}ThirdParty".__eq__,
)


def ontology() -> str:
    """The small ontology as N-Quads."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    skos = "http://www.w3.org/2004/02/skos/core#"
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    true = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    lines = [
        f"<{PF}HealthData> <{PF}isSensitive> {true}",
        f"<{PF}ThirdParty> <{PF}isVague> {true}",
        f"<{PF}Adzilla> <{rdf}type> <{PF}Party>",
    ]
    for name, (label, others, scheme, _) in CONCEPTS.items():
        node = f"<{PF}{name}>"
        lines.append(f'{node} <{skos}prefLabel> "{label}"@en')
        lines.append(f'{node} <{rdfs}label> "{label}"@en')
        lines.append(f"{node} <{skos}inScheme> <{PF}{scheme}Scheme>")
        lines.extend(f'{node} <{skos}altLabel> "{other}"@en' for other in others)
        lines.extend(
            f"{node} <{PF}broaderTransitive> <{up}>" for up in (PF + name, *broader(PF + name))
        )
    return "".join(f"{line} <{PF}ontology> .\n" for line in lines)


class Policy:
    """A policy text that grows by a sentence with each statement."""

    def __init__(self, company: str, day: date, name: str) -> None:
        self.company, self.day, self.name = company, day, name
        self.text = ""
        self.recorded: datetime | None = None
        self.statements: list[Statement] = []
        self.definitions: list[Definition] = []
        self.rights: list[Right] = []

    def _mention(self, text: str, start: int, concept: str | None = None) -> Mention:
        at = self.text.index(text, start)
        if concept is None:
            return Mention(text, at, at + len(text))
        if concept == "we":
            iri = party_iri(self.company)
            return Mention(text, at, at + len(text), iri, self.company)
        if concept == "Adzilla":
            return Mention(text, at, at + len(text), f"{PF}Adzilla", "Adzilla", f"{PF}Advertiser")
        if concept == "User":
            return Mention(text, at, at + len(text), f"{PF}User", "user")
        if concept.startswith("party:"):
            label = concept.removeprefix("party:")
            return Mention(text, at, at + len(text), party_iri(label), label, f"{PF}Recipient")
        if concept.startswith("own:"):
            label, _, above = concept.removeprefix("own:").partition("<")
            iri = concept_iri(self.company, "data", label)
            return Mention(text, at, at + len(text), iri, label, PF + above)
        return Mention(text, at, at + len(text), PF + concept, CONCEPTS[concept][0])

    def _evidence(self, sentence: str, heading: str, context: str = "") -> tuple[int, Evidence]:
        start = len(self.text)
        self.text += f"{sentence} "
        spans = ()
        if context:
            at = self.text.index(context)
            spans = (Span(context, at, at + len(context)),)
        return start, Evidence(
            self.name, sentence, start, start + len(sentence), ("Privacy", heading), spans
        )

    def says(
        self,
        sentence: str,
        action: Action,
        trigger: str,
        *,
        negation: str | None = None,
        modality: Modality = Modality.ASSERTED,
        actor: tuple[str, str] | None = ("We", "we"),
        heading: str = "Data",
        context: str = "",
        child: bool = False,
        **roles: dict[str, str | None],
    ) -> None:
        start, evidence = self._evidence(sentence, heading, context)
        self.statements.append(
            Statement(
                action=action,
                polarity=Polarity.NEGATED if negation else Polarity.AFFIRMED,
                modality=modality,
                trigger=self._mention(trigger, start),
                evidence=evidence,
                negation=self._mention(negation, start) if negation else None,
                actor=self._mention(actor[0], start, actor[1]) if actor else None,
                data_subject="child" if child else None,
                confidence=0.9,
                **{
                    role: tuple(
                        self._mention(text, start, concept) for text, concept in found.items()
                    )
                    for role, found in roles.items()
                },
            )
        )

    def defines(self, sentence: str, term: tuple[str, str], **narrower: str) -> None:
        start, evidence = self._evidence(sentence, "Words")
        self.definitions.append(
            Definition(
                self._mention(*(term[0], start, term[1])),
                tuple(self._mention(text, start, concept) for text, concept in narrower.items()),
                evidence,
            )
        )

    def grants(self, sentence: str, **words: str) -> None:
        start, evidence = self._evidence(sentence, "Your rights")
        for concept, text in words.items():
            mention = self._mention(text, start, concept)
            self.rights.append(Right(PF + concept, CONCEPTS[concept][0], mention, evidence))

    def reading(self) -> Reading:
        document = Document(
            self.name,
            self.text,
            publisher=self.company,
            names=(f"{self.company} Shop",),
            title=f"Privacy at {self.company}",
            url=f"https://{self.name}.example/privacy",
            effective=self.day,
            recorded=self.recorded,
            sha256=f"{len(self.text):064x}",
        )
        return Reading(
            document,
            tuple(self.statements),
            tuple(self.definitions),
            10,
            rights=tuple(self.rights),
        )


def _harp(day: date, name: str) -> Policy:
    """What both snapshots of Blue Harp say."""
    policy = Policy("Blue Harp", day, name)
    policy.says(
        "We collect your email from couriers.",
        Action.COLLECT,
        "collect",
        data={"email": "EmailAddress"},
        sources={"couriers": "Courier"},
    )
    policy.says(
        "We may share your email with Adzilla and third parties to show fitting ads.",
        Action.SHARE,
        "share",
        modality=Modality.MAY,
        data={"email": "EmailAddress"},
        recipients={"Adzilla": "Adzilla", "third parties": "ThirdParty"},
        purposes={"show fitting ads": "TargetedAdvertising"},
    )
    return policy


ADZILLA = ("Adzilla", "Adzilla")


def _gull() -> Policy:
    """A policy in which others act beside the company."""
    gull = Policy("Mild Gull", date(2022, 7, 7), "gull")
    gull.says(
        "Adzilla may share your email with third parties for marketing.",
        Action.SHARE,
        "share",
        modality=Modality.MAY,
        actor=ADZILLA,
        data={"email": "EmailAddress"},
        recipients={"third parties": "ThirdParty"},
        purposes={"marketing": "Advertising"},
    )
    gull.says(
        "With your consent Adzilla stores your health data in Stockholm for a year.",
        Action.STORE,
        "stores",
        actor=ADZILLA,
        data={"health data": "HealthData"},
        locations={"Stockholm": None},
        retention={"for a year": None},
        legal_bases={"your consent": "Consent"},
        conditions={"With your consent": None},
    )
    gull.says(
        "We store your email in Stockholm.",
        Action.STORE,
        "store",
        data={"email": "EmailAddress"},
        locations={"Stockholm": None},
    )
    gull.says(
        "You can show your position to third parties.",
        Action.SHARE,
        "show",
        modality=Modality.OPTIONAL,
        actor=("You", "User"),
        data={"position": "Location"},
        recipients={"third parties": "ThirdParty"},
    )
    gull.says(
        "We never sell your position.",
        Action.SELL,
        "sell",
        negation="never",
        data={"position": "Location"},
    )
    gull.says(
        "We share your position with ad partners.",
        Action.SHARE,
        "share",
        data={"position": "Location"},
        recipients={"ad partners": "Advertiser"},
    )
    gull.says(
        "We send your email to Norway.",
        Action.TRANSFER,
        "send",
        data={"email": "EmailAddress"},
        locations={"Norway": "country-NO"},
    )
    gull.says(
        "Under standard clauses we pass your email on to couriers.",
        Action.SHARE,
        "pass",
        actor=("we", "we"),
        data={"email": "EmailAddress"},
        recipients={"couriers": "Courier"},
        conditions={"Under standard clauses": "StandardClauses"},
    )
    gull.says(
        "Adzilla does not collect email of children from couriers under standard clauses.",
        Action.COLLECT,
        "collect",
        negation="not",
        actor=ADZILLA,
        child=True,
        data={"email": "EmailAddress"},
        sources={"couriers": "Courier"},
        conditions={"under standard clauses": "StandardClauses"},
    )
    gull.says(
        "Adzilla collects and sells positions.",
        Action.COLLECT,
        "collects",
        actor=ADZILLA,
        data={"positions": "Location"},
    )
    gull.says(
        "Adzilla collects and sells positions.",
        Action.SELL,
        "sells",
        actor=ADZILLA,
        data={"positions": "Location"},
    )
    return gull


def _rooks() -> tuple[Policy, Policy]:
    """Two versions with one flow, which is another's in the first and the company's then."""
    old, new = (Policy("Tin Rook", date(year, 1, 1), f"rook-{year}") for year in (2020, 2021))
    new.recorded = datetime(2021, 1, 1, 7, 30, tzinfo=UTC)
    for policy, actor in ((old, ADZILLA), (new, ("We", "we"))):
        policy.says(
            f"{actor[0]} may share your email with couriers.",
            Action.SHARE,
            "share",
            modality=Modality.MAY,
            actor=actor,
            data={"email": "EmailAddress"},
            recipients={"couriers": "Courier"},
        )
    return old, new


def corpus() -> list[Reading]:
    """All readings: two of Blue Harp, one of Lamp, Ferry and Gull, two of Rook."""
    old = _harp(date(2019, 5, 1), "harp-2019")
    old.says(
        "We keep your whereabouts for two years.",
        Action.RETAIN,
        "keep",
        data={"whereabouts": "Location"},
        retention={"two years": None},
    )
    new = _harp(date(2021, 6, 1), "harp-2021")
    new.says(
        "We do not sell your data to third parties.",
        Action.SELL,
        "sell",
        negation="not",
        data={"data": "PersonalData"},
        recipients={"third parties": "ThirdParty"},
    )
    new.says(
        "If you agree, exact positions are passed to Adzilla.",
        Action.SHARE,
        "passed",
        actor=None,
        data={"exact positions": "PreciseLocation"},
        recipients={"Adzilla": "Adzilla"},
        conditions={"If you agree": None},
        legal_bases={"you agree": "Consent"},
    )
    new.says(
        "We send your email to the United States under standard clauses.",
        Action.TRANSFER,
        "send",
        data={"email": "EmailAddress"},
        locations={"United States": "country-US"},
        conditions={"under standard clauses": "StandardClauses"},
    )
    new.grants(
        "You may see your file, or have it deleted.",
        RightOfAccess="see your file",
        RightToErasure="deleted",
    )
    lamp = Policy("Quick Lamp", date(2020, 1, 2), "lamp")
    lamp.says(
        "We knowingly take nothing from children about their health.",
        Action.COLLECT,
        "take",
        negation="nothing",
        child=True,
        data={"health": "HealthData"},
    )
    lamp.says(
        "We store dim habits in Norway.",
        Action.STORE,
        "store",
        data={"dim habits": "own:dim habits<PersonalData"},
        locations={"Norway": "country-NO"},
    )
    lamp.says(
        "We guard health data against theft with a padlock.",
        Action.PROTECT,
        "guard",
        heading="Safety",
        data={"health data": "HealthData"},
        methods={"with a padlock": None},
        threats={"against theft": None},
    )
    lamp.says(
        "You can show your email to other riders of Nimbus Rides Ltd.",
        Action.SHARE,
        "show",
        modality=Modality.OPTIONAL,
        actor=("You", "User"),
        data={"email": "EmailAddress"},
        recipients={"Nimbus Rides Ltd": "party:Nimbus Rides Ltd"},
    )
    lamp.says(
        "You must give your email for delivery.",
        Action.COLLECT,
        "give",
        modality=Modality.REQUIRED,
        actor=None,
        context="We store dim habits in Norway.",
        data={"email": "EmailAddress"},
        purposes={"for delivery": "Delivery"},
    )
    lamp.defines(
        '"Glow" means dim habits and email.',
        ("Glow", "own:glow<PersonalData"),
        **{"dim habits": "own:dim habits<PersonalData", "email": "EmailAddress"},
    )
    lamp.grants("Ask us for a copy of what we hold.", RightOfAccess="copy")
    ferry = Policy("Kind Ferry", date(2020, 3, 4), "ferry")
    ferry.says(
        "We sell your position to advertisers.",
        Action.SELL,
        "sell",
        data={"position": "Location"},
        recipients={"advertisers": "Advertiser"},
    )
    ferry.says(
        "We send your position to the United States.",
        Action.TRANSFER,
        "send",
        data={"position": "Location"},
        locations={"United States": "country-US"},
    )
    policies = (old, new, lamp, ferry, _gull(), *_rooks())
    return [policy.reading() for policy in policies]


def _entry(reading: Reading) -> Snapshot:
    """The catalogue's entry; what was recorded once was recorded again, a year later."""
    entry, recorded = snapshot(reading), reading.document.recorded
    if recorded is None:
        return entry
    return replace(entry, until=recorded.replace(year=recorded.year + 1).date().isoformat())


def graph() -> str:
    """The whole graph as N-Quads."""
    readings = corpus()
    text = "".join(
        (
            ontology(),
            catalogue(map(_entry, readings), BASE, TERMS),
            *(describe_reading(reading, BASE, terms=TERMS) for reading in readings),
        )
    )
    return text + "".join(_changes(text, readings))


def _changes(text: str, readings: list[Reading]) -> Iterator[str]:
    """What changed at Blue Harp, there and back again, and at Tin Rook."""
    listed = {reading.document.name: snapshot(reading) for reading in readings}
    pairs = (("harp-2019", "harp-2021"), ("harp-2021", "harp-2019"), ("rook-2020", "rook-2021"))
    with memory_store(text) as store:
        known = concepts(store)
        claims = {
            source.documents[0]: claims_of(store, source, known.labels) for source in sources(store)
        }
    for old, new in pairs:
        found = list(changes_between(claims[old], claims[new], known))
        for number, change in enumerate(found):
            if [named.label for named in change.recipients] == ["Adzilla"] and change.after:
                adzilla = Detail(Aspect.NEW_RECIPIENT, change.recipients)
                found[number] = replace(change, details=(*change.details, adzilla))
        yield describe_changes(found, listed[old], listed[new], terms=TERMS)
