"""Invented policies in numbers, and hostile ones."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from functools import cache

from invented import reading, says, store_of

from kg.model import Action, Mention, Modality, Polarity, Reading, Statement
from kg.store import Store
from view.told import PASSING


@cache
def _words(top: str) -> tuple[tuple[str, str], ...]:
    """IRI and label of the concepts below one of the ontology."""
    rows = store_of().query(
        f"SELECT ?a ?b WHERE {{ ?a skos:broader+ pf:{top} ; rdfs:label ?b }} ORDER BY ?a ?b"
    )
    return tuple((row[0].value, row[1].value) for row in rows)


def crowd(count: int, companies: int = 12, *, seed: int = 1) -> list[Reading]:
    """So many invented statements in all, of companies that each have one policy."""
    chance = random.Random(seed)
    readings = []
    for number in range(companies):
        size = count // companies + (number < count % companies)
        said = [_invented(chance, number, at) for at in range(size)]
        readings.append(
            reading(
                *said,
                publisher=f"Company {number + 1}",
                name=f"company-{number + 1}.md",
                title=f"Privacy Policy of Company {number + 1}",
                day=date(2020 + number % 4, 1 + number % 12, 1),
                url=f"https://company-{number + 1}.example/privacy",
            )
        )
    return readings


def _invented(chance: random.Random, company: int, at: int) -> Statement:
    def some(top: str, own: str, most: int) -> list[Mention]:
        picked = []
        for _ in range(chance.choice(range(most + 1))):
            iri: str | None
            if chance.random() < 0.1:
                iri, label = None, f"{own} {chance.randrange(40)}"
            else:
                iri, label = chance.choice(_words(top))
            picked.append(Mention(label, 0, len(label), iri, label if iri else None))
        return list({mention.text: mention for mention in picked}.values())

    action = chance.choice(list(Action))
    roles = {
        "data": some("Data", "records of kind", 3),
        "recipients": some("Recipient", "partner", 2) if action.value in PASSING else [],
        "purposes": some("Purpose", "aim", 2),
        "locations": some("Place", "island", 1) if action.value in {"transfer", "store"} else [],
    }
    is_denied = chance.random() < 0.15
    text = f"Sentence {at} of {company}: we {'do not ' * is_denied}handle"
    start = at * 1000
    placed: dict[str, tuple[Mention, ...]] = {}
    for role, mentions in roles.items():
        row = []
        for mention in mentions:
            text += " "
            begin = start + len(text)
            text += mention.text
            row.append(replace(mention, start=begin, end=start + len(text)))
        placed[role] = tuple(row)
    said = says(
        action,
        text=f"{text}.",
        start=start,
        denied=is_denied,
        modality=chance.choice(list(Modality)),
        confidence=chance.choice([0.45, 0.65, 0.75, 0.85, 0.93, 0.97]),
    )
    return replace(said, **placed)


def crowded(count: int, companies: int = 12) -> Store:
    return store_of(*crowd(count, companies))


def hostile_reading(
    text: str, number: int = 0, url: str | None = None, *, day: date | None = None
) -> Reading:
    """The text in every place that a policy can fill, which on each day says something else."""
    said = says(
        Action.SHARE,
        text=f"{text} {number}{f' {day}' if day else ''}",
        trigger=text[:3],
        data=(text,),
        recipients=(text, f"{text} {day.year if day else 2}"),
        sources=(text,),
        purposes=(text,),
        conditions=(text,),
        legal_bases=(text,),
        retention=(text,),
        locations=(text,),
        methods=(text,),
        threats=(text,),
        headings=(text, text),
        actor=Mention(text, 0, len(text), f"https://w3id.org/privflow/id/party/{number}", text),
    )
    every = [replace(said, action=action) for action in Action]
    own = [replace(one, actor=None) for one in every]
    denial = says(Action.SELL, denied=True, text=text, data=(text,), recipients=(text,))
    assert denial.polarity is Polarity.NEGATED
    # Two that are at odds.
    promise = says(
        Action.SELL, denied=True, text="We do not sell data.", data=("data",), start=10**6
    )
    sale = says(
        Action.SHARE,
        text=f"We share data with advertisers, {text}",
        trigger="share",
        data=("data",),
        recipients=("advertisers", text),
        headings=(text,),
        start=2 * 10**6,
    )
    return reading(
        *every,
        *own,
        denial,
        promise,
        sale,
        publisher=f"{text} {number}",
        name=f"{text}{number}{day or ''}.md",
        title=text,
        day=day or date(2021, 5, 1),
        url=url or "javascript:document.title='RAN'",
    )
