"""The shapes accept what is written and refuse what is broken."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph, Namespace

from kg import resources
from kg.iris import PF

pyshacl = pytest.importorskip("pyshacl")
sys.path.insert(0, str(Path(__file__).parent / "competency"))
from companies import graph as invented  # noqa: E402

SH = Namespace("http://www.w3.org/ns/shacl#")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PREFIXES = "".join(
    f"PREFIX {prefix}: <{namespace}>\n"
    for prefix, namespace in {
        "pf": PF,
        "dpv": "https://w3id.org/dpv#",
        "dct": "http://purl.org/dc/terms/",
        "oa": "http://www.w3.org/ns/oa#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
    }.items()
)


@cache
def shapes() -> Graph:
    return Graph().parse(resources.ONTOLOGY / "shapes.ttl", format="turtle")


@cache
def triples() -> str:
    """The invented corpus without the names of its graphs: the union."""
    lines = {line.rsplit(" ", 2)[0] + " ." for line in invented().splitlines()}
    return "\n".join(sorted(lines))


def violations(change: str = "") -> list[str]:
    """Paths of the violations (or the messages of those without one) after an update."""
    data = Graph().parse(data=triples(), format="nt")
    if change:
        before = set(data)
        data.update(PREFIXES + change)
        assert set(data) != before, "the change must change something"
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes(), inplace=True)
    found = set()
    for result in report.subjects(SH.resultSeverity, SH.Violation):
        path = report.value(result, SH.resultPath)
        name = path or report.value(result, SH.sourceConstraintComponent)
        found.add(str(name).rsplit("#", 1)[-1].rsplit("/", 1)[-1])
    return sorted(found)


def test_what_is_written_conforms() -> None:
    assert violations() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # An affirming edge that nothing but a denial could have made.
        (
            "INSERT { ?party pf:sells ?data } WHERE { ?denial a pf:Denial ; pf:action pf:Sell ; "
            "dpv:hasDataController ?party ; dpv:hasPersonalData ?data }",
            "SPARQLConstraintComponent",
        ),
        ("INSERT { ?d pf:collects pf:HealthData } WHERE { ?d a pf:Denial }", "collects"),
        ("INSERT { ?d a pf:Statement } WHERE { ?d a pf:Denial }", "NotConstraintComponent"),
        ("DELETE WHERE { ?s prov:wasDerivedFrom ?e }", "wasDerivedFrom"),
        ("DELETE WHERE { ?s pf:action ?a }", "action"),
        ("INSERT { ?s pf:action pf:Lend } WHERE { ?s a pf:Statement }", "action"),
        ("DELETE WHERE { ?s pf:flowKey ?k }", "flowKey"),
        ("DELETE { ?s pf:modality ?m } WHERE { ?s pf:modality ?m }", "modality"),
        ("INSERT { ?s pf:confidence 1.5 } WHERE { ?s a pf:Statement }", "confidence"),
        (
            "INSERT { ?s dpv:hasDataController pf:User } WHERE { ?s a pf:Denial }",
            "hasDataController",
        ),
        ("INSERT { ?s dpv:hasRecipient 'Bob' } WHERE { ?s a pf:Statement }", "hasRecipient"),
        ("DELETE WHERE { ?e oa:hasSelector ?q . ?q oa:exact ?t }", "hasSelector"),
        ("DELETE WHERE { ?e oa:start ?n }", "start"),
        ("DELETE { ?m oa:end ?n } INSERT { ?m oa:end -1 } WHERE { ?m oa:end ?n }", "start"),
        ("DELETE WHERE { ?m pf:role ?r }", "role"),
        ("DELETE WHERE { ?s pf:mention ?m }", "mention"),
        ("DELETE WHERE { ?s dct:publisher ?p }", "publisher"),
        ("INSERT { ?s dct:issued 'soon' } WHERE { ?s a pf:Snapshot }", "issued"),
        ("DELETE WHERE { ?s pf:statementCount ?n }", "statementCount"),
        ("INSERT { ?s pf:predecessor ?p } WHERE { ?s pf:policy ?p }", "predecessor"),
        ("DELETE WHERE { ?c skos:prefLabel ?l }", "prefLabel"),
        ("DELETE WHERE { ?d pf:term ?t }", "term"),
        ("DELETE WHERE { ?p rdfs:label ?l }", "label"),
        ("DELETE { ?g pf:right ?r } WHERE { ?g pf:right ?r }", "right"),
        ("INSERT { ?g a pf:Statement } WHERE { ?g a pf:GrantedRight }", "NotConstraintComponent"),
        ("DELETE WHERE { ?c pf:later ?s }", "later"),
        ("DELETE WHERE { ?c pf:aspect ?a }", "aspect"),
        (
            "DELETE { ?c pf:after ?s } WHERE { ?c a pf:FlowAdded ; pf:after ?s }",
            "OrConstraintComponent",
        ),
        ("INSERT { ?c pf:before ?s } WHERE { ?c a pf:FlowAdded . ?s a pf:Statement }", "before"),
    ],
)
def test_what_is_broken_does_not(change: str, expected: str) -> None:
    assert expected in violations(change)
