"""Writing, loading and querying the graph, measured in one run: ``python -m bench.store``.

Everything is invented and drawn from a fixed seed. The first table compares the way from readings
to a loaded store with the raw bulk load of the same text; the second times every canned query
on a store of a million quads, loaded in this run.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pyoxigraph

from kg.iris import PF, concept_iri, party_iri
from kg.model import Action, Document, Evidence, Mention, Modality, Polarity, Reading, Statement
from kg.ontology import ontology_quads
from kg.queries import Query, get, names, run
from kg.store import Store, build_store, is_store, open_store
from kg.triples import RDF, SKOS, XSD, Terms, catalogue, describe_reading, snapshot

TRUE = f'"true"^^<{XSD}boolean>'
#: Invented companies; each has three snapshots.
COMPANIES = tuple(
    f"{first} {second}"
    for first in ("Blue", "North", "Quick", "Silver", "Open", "Green", "Far", "Deep", "Tall", "Shy")
    for second in (
        "Harp", "Lamp", "Fjord", "Parcel", "Gecko", "Anvil", "Bakery", "Cello", "Dome", "Ferry",
        "Garden", "Harbor", "Igloo", "Jetty", "Kiosk", "Ladder", "Meadow", "Needle", "Orbit",
    )
)  # fmt: skip
DATA = (
    "EmailAddress", "Name", "PostalAddress", "PhoneNumber", "IPAddress", "Cookie", "Location",
    "PreciseLocation", "PaymentCard", "BrowsingHistory", "PurchaseHistory", "HealthData",
    "DeviceIdentifier", "PersonalData", "Age", "Gender", "Photo", "Contacts", "Biometric", "Income",
)  # fmt: skip
RECIPIENTS = (
    "ThirdParty", "Vendor", "Advertiser", "AnalyticsProvider", "Affiliate", "LawEnforcement",
    "Google", "Facebook", "PaymentProcessor", "Public",
)  # fmt: skip
PURPOSES = ("Advertising", "Analytics", "ServiceProvision", "Security", "Marketing", "Payment")
PLACES = ("US", "DE", "IE", "IN", "JP")
SCHEMES = {"PersonalData": "Data"}
TERMS = Terms(
    broader=lambda concept: (concept,),
    is_sensitive={
        f"{PF}{name}" for name in ("HealthData", "Biometric", "PreciseLocation")
    }.__contains__,
    is_vague={f"{PF}ThirdParty", f"{PF}Vendor"}.__contains__,
)
TEXTS = (
    "if you agree", "where the law permits it", "for thirty days", "after you close the account",
    "when you write to us", "unless you object", "with a key that only we hold",
)  # fmt: skip


def readings(count: int, *, statements: int = 30, seed: int = 7) -> Iterator[Reading]:
    """So many invented readings, about 1,800 quads each, three snapshots a company."""
    draw = random.Random(seed)
    for number in range(count):
        company = f"{COMPANIES[(number // 3) % len(COMPANIES)]} {number // 3}"
        document = Document(
            name=f"{company}/{number}.md",
            text="",
            publisher=company,
            names=(f"{company} Inc.",),
            title=f"{company} Privacy Policy",
            url=f"https://policy.example/{number}",
            effective=date(2012 + 4 * (number % 3), 1 + number % 12, 1),
            sha256=f"{number:064x}",
        )
        yield Reading(
            document,
            tuple(_statement(draw, document, place) for place in range(statements)),
            sentences=statements * 3,
        )


def _statement(draw: random.Random, document: Document, place: int) -> Statement:
    start = place * 200
    assert document.publisher
    action = draw.choice(tuple(Action))

    def known(name: str) -> Mention:
        at = start + draw.randrange(150)
        return Mention(name.casefold(), at, at + len(name), f"{PF}{name}", name.casefold())

    def own() -> Mention:
        word = (
            f"{draw.choice(('scroll', 'tap', 'hover', 'swipe'))} {draw.choice(('depth', 'rate'))}"
        )
        value = concept_iri(document.publisher or "", "data", word)
        return Mention(word, start + 5, start + 5 + len(word), value, word, f"{PF}PersonalData")

    def words() -> Mention:
        text = draw.choice(TEXTS)
        return Mention(text, start + 90, start + 90 + len(text))

    some = [known(name) for name in draw.sample(DATA, draw.choice((1, 1, 2, 3)))]
    passes = action in (Action.SHARE, Action.TRANSFER, Action.SELL)
    places = action in (Action.TRANSFER, Action.STORE)
    denied = draw.random() < 0.1
    sentence = (
        f'Sentence {draw.random()} of "{document.publisher}": we {action.value} ' + "word " * 20
    )
    return Statement(
        action=action,
        polarity=Polarity.NEGATED if denied else Polarity.AFFIRMED,
        modality=draw.choice(tuple(Modality)),
        trigger=Mention(action.value, start + 3, start + 9),
        evidence=Evidence(
            document.name, sentence, start, start + len(sentence), ("Privacy", "What we do")
        ),
        negation=Mention("not", start + 1, start + 4) if denied else None,
        actor=Mention("we", start, start + 2, party_iri(document.publisher), document.publisher)
        if draw.random() < 0.8
        else None,
        data=(*some, own()) if draw.random() < 0.2 else tuple(some),
        recipients=tuple(known(n) for n in draw.sample(RECIPIENTS, draw.choice((1, 2))))
        if passes
        else (),
        sources=(known("ThirdParty"),) if action is Action.COLLECT else (),
        purposes=tuple(known(n) for n in draw.sample(PURPOSES, draw.choice((0, 1, 2)))),
        legal_bases=(known("Consent"),) if draw.random() < 0.1 else (),
        locations=(known(draw.choice(PLACES)),) if places else (),
        retention=(words(),) if action in (Action.RETAIN, Action.STORE) else (),
        conditions=(words(),) if draw.random() < 0.3 else (),
        methods=(words(),) if action is Action.PROTECT else (),
        data_subject="child" if draw.random() < 0.05 else "user",
        confidence=draw.choice((0.5, 0.75, 0.9)),
    )


def _ontology() -> str:
    """A small hierarchy over the invented corpus's concepts, with its closure, as N-Quads."""
    tops = {"PersonalData": DATA, "Recipient": RECIPIENTS, "Purpose": PURPOSES, "Place": PLACES}
    above = {
        "PreciseLocation": "Location",
        "HealthData": "SensitiveData",
        "Biometric": "SensitiveData",
    }
    lines = []
    for top, concepts in tops.items():
        for name in {*concepts, top}:
            node = f"<{PF}{name}>"
            if name in {"HealthData", "Biometric"}:
                lines.append(f"{node} <{PF}isSensitive> {TRUE}")
            if name in {"ThirdParty", "Vendor"}:
                lines.append(f"{node} <{PF}isVague> {TRUE}")
            lines.append(f'{node} <{SKOS}prefLabel> "invented {name.casefold()}"@en')
            lines.append(f"{node} <{SKOS}inScheme> <{PF}{SCHEMES.get(top, top)}Scheme>")
            for broader in {name, top, above.get(name, name)}:
                lines.append(f"{node} <{PF}broaderTransitive> <{PF}{broader}>")
    for name in ("Google", "Facebook"):
        lines.append(f"<{PF}{name}> <{RDF}type> <{PF}Party>")
    return "".join(f"{line} <urn:bench:ontology> .\n" for line in sorted(lines))


def ratio(count: int, folder: Path, rounds: int = 3) -> tuple[int, float, float]:
    """Quads, seconds of writing, seconds of the raw bulk load of the same file (medians)."""
    corpus = list(readings(count))
    writing, loading = [], []
    quads = 0
    for number in range(rounds):
        file = folder / "corpus.nq"
        start = time.perf_counter()
        with file.open("w", encoding="utf-8", newline="\n") as output:
            for reading in corpus:
                output.write(describe_reading(reading, terms=TERMS))
        writing.append(time.perf_counter() - start)
        store = pyoxigraph.Store(str(folder / f"raw-{number}"))
        start = time.perf_counter()
        store.bulk_load(path=file, format=pyoxigraph.RdfFormat.N_QUADS)
        store.flush()
        loading.append(time.perf_counter() - start)
        quads = len(store)
        del store
        shutil.rmtree(folder / f"raw-{number}")
    return quads, median(writing), median(loading)


#: Milliseconds that a canned query may take.
LIMIT_MS = 100
#: What a user would give with a query that is about one company or kind.
GIVEN = {
    "company": "Open Cello 83",
    "earlier": "2012-10-01",
    "later": "2020-12-01",
    "data": "invented location",
    "recipient": "invented advertiser",
}


def given(query: Query, *, all_companies: bool = False) -> dict[str, Any]:
    """The parameters with which a query is timed: what it requires, and a company if it can."""
    wanted = set(query.requires)
    if not all_companies and "company" in query.parameters:
        wanted.add("company")
    return {name: value for name, value in GIVEN.items() if name in wanted}


def timed(store: Store, name: str, parameters: dict[str, Any], rounds: int) -> tuple[int, float]:
    """Rows and median milliseconds of a canned query."""
    seconds = []
    rows = 0
    for _ in range(rounds):
        start = time.perf_counter()
        rows = len(run(name, store, **parameters).rows)
        seconds.append(time.perf_counter() - start)
    return rows, 1000 * median(seconds)


def main() -> None:
    """Prints both tables."""
    arguments = argparse.ArgumentParser(description="Times the writing, loading and querying.")
    arguments.add_argument("--quads", type=int, default=1_000_000, help="size of the store")
    arguments.add_argument("--rounds", type=int, default=5, help="runs of each query")
    arguments.add_argument("--keep", type=Path, help="make the store here, or use the one there")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quads, writing, loading = ratio(150, folder)
        per_snapshot = quads / 150
        print(f"{quads:,} quads: written in {writing:.2f} s, raw bulk load {loading:.2f} s")
        print(f"readings to loaded store against raw load: {loading / (writing + loading):.2f}\n")
        path = options.keep or folder / "graph"
        if not is_store(path):
            corpus = list(readings(round(options.quads / per_snapshot)))
            start = time.perf_counter()
            entries = catalogue((snapshot(reading) for reading in corpus), terms=TERMS)
            build_store(
                [
                    ontology_quads(),
                    _ontology(),
                    entries,
                    *(describe_reading(r, terms=TERMS) for r in corpus),
                ],
                path,
            )
            print(f"store built and optimised in {time.perf_counter() - start:.1f} s")
        with open_store(path) as store:
            statement = str(run("recipients", store, company=GIVEN["company"]).rows[0][-1])
            GIVEN["statement"] = statement
            print(f"{len(store):,} quads; milliseconds (median of {options.rounds})\n")
            print(f"{'query':40} {'rows':>6} {'ms':>8}   {'all: rows':>10} {'ms':>8}")
            slow: list[tuple[str, int]] = []
            slow_open: list[tuple[str, int]] = []
            for query in map(get, names()):
                rows, milliseconds = timed(store, query.name, given(query), options.rounds)
                line = f"{query.name:40} {rows:6} {milliseconds:8.1f}"
                if milliseconds > LIMIT_MS:
                    slow.append((query.name, rows))
                if "company" in query.parameters and "company" not in query.requires:
                    wide = given(query, all_companies=True)
                    rows, milliseconds = timed(store, query.name, wide, 3)
                    line += f"   {rows:10} {milliseconds:8.1f}"
                    if milliseconds > LIMIT_MS:
                        slow_open.append((query.name, rows))
                print(line)
            for what, found in (("asked for a company", slow), ("left open", slow_open)):
                listed = ", ".join(f"{name} ({rows:,} rows)" for name, rows in found)
                print(f"\nover {LIMIT_MS} ms, {what}: {listed or 'none'}")


if __name__ == "__main__":
    main()
