"""The ontology: well made, aligned, consistent, and in step with the code."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

import kg.ontology
from kg import resources
from kg.errors import KgError, MissingPart
from kg.grounding import _spelled
from kg.iris import PF as BASE
from kg.model import Action, Modality
from kg.ontology import CLOSURE_GRAPH, ONTOLOGY_GRAPH, check, class_view, counts, load, reason
from kg.vocabulary import PF

VOCAB = Path(__file__).resolve().parents[2] / "shared" / "vocab"
MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch)


def ours(name: str) -> URIRef:
    return URIRef(BASE + name)


@pytest.fixture(scope="module")
def shipped() -> Graph:
    return load()


@pytest.fixture
def graph(shipped: Graph) -> Graph:
    """A copy to spoil."""
    copy = Graph()
    for triple in shipped:
        copy.add(triple)
    return copy


# --- Structure


def test_the_ontology_is_well_made(shipped: Graph) -> None:
    report = check(shipped)
    assert report.problems == ()
    assert report.is_good
    assert report.checked > 900


def test_there_is_enough_of_everything() -> None:
    found = counts()
    assert found["DataScheme"] >= 150
    assert found["RecipientScheme"] >= 45
    assert found["companies"] >= 150
    assert found["PurposeScheme"] >= 60
    assert found["BasisScheme"] >= 9
    assert found["SafeguardScheme"] >= 9
    assert found["RightScheme"] >= 15
    assert found["ActionScheme"] == 10, "nine, and their top"
    assert found["countries"] == 249 + 51


def test_data_has_three_levels(shipped: Graph) -> None:
    top = ours("PersonalData")
    second = set(shipped.subjects(SKOS.broader, top))
    third = {low for high in second for low in shipped.subjects(SKOS.broader, high)}
    assert len(second) >= 14
    assert len(third) >= 80


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "problem"),
    [
        ("EmailAddress", SKOS.broader, ours("EmailAddress"), "above itself"),
        ("ContactData", SKOS.broader, ours("EmailAddress"), "above itself"),
        ("EmailAddress", SKOS.broader, ours("Nonsense"), "is no concept"),
        ("EmailAddress", SKOS.prefLabel, Literal("mail", lang="en"), "has 2 skos:prefLabel"),
        ("EmailAddress", SKOS.inScheme, ours("PlaceScheme"), "has 2 skos:inScheme"),
        ("EmailAddress", SKOS.altLabel, Literal("fingerprint", lang="en"), "names pf:EmailAddress"),
        ("Google", SKOS.altLabel, Literal("PayPal", lang="en"), "names pf:Google"),
        ("Brandnew", RDF.type, SKOS.Concept, "pf:Brandnew hangs under nothing"),
        ("Brandnew", RDF.type, OWL.Class, "pf:Brandnew has no rdf-schema#label"),
    ],
)
def test_faults_are_found(
    graph: Graph, subject: str, predicate: URIRef, value: URIRef | Literal, problem: str
) -> None:
    graph.add((ours(subject), predicate, value))
    assert any(problem in one for one in check(graph).problems)


def test_missing_definitions_are_found(graph: Graph) -> None:
    graph.remove((ours("EmailAddress"), SKOS.definition, None))
    assert check(graph).problems == ("pf:EmailAddress has no skos:definition",)


def test_no_blank_nodes(shipped: Graph) -> None:
    assert all(isinstance(term, URIRef | Literal) for triple in shipped for term in triple)


def test_sensitive_data_hangs_under_sensitive_data(shipped: Graph) -> None:
    marked = set(shipped.subjects(ours("isSensitive"), Literal(True)))
    under = set(shipped.transitive_subjects(SKOS.broader, ours("SensitiveData")))
    assert marked == under
    assert ours("HealthData") in marked


# --- Alignment


def test_every_match_is_in_dpv(shipped: Graph) -> None:
    if not VOCAB.is_dir():
        pytest.skip("DPV is not there: ../shared/vocab")
    known = set()
    for name in ("dpv.ttl", "pd.ttl", "eu-gdpr.ttl"):
        import pyoxigraph  # noqa: PLC0415

        for quad in pyoxigraph.parse(path=str(VOCAB / name), format=pyoxigraph.RdfFormat.TURTLE):
            known.add(quad.subject.value)
    matched = {str(o) for match in MATCHES for o in shipped.objects(None, match)}
    assert len(matched) > 100
    assert sorted(matched - known) == []


def test_most_concepts_are_matched(shipped: Graph) -> None:
    concepts = [
        one
        for one in shipped.subjects(RDF.type, SKOS.Concept)
        if (one, ours("kind"), None) not in shipped and (one, SKOS.notation, None) not in shipped
    ]
    matched = [one for one in concepts if any((one, m, None) in shipped for m in MATCHES)]
    assert len(matched) / len(concepts) > 0.8


def test_definitions_are_not_those_of_dpv(shipped: Graph) -> None:
    if not VOCAB.is_dir():
        pytest.skip("DPV is not there: ../shared/vocab")
    theirs = "\n".join((VOCAB / f).read_text() for f in ("dpv.ttl", "pd.ttl", "eu-gdpr.ttl"))
    for definition in shipped.objects(None, SKOS.definition):
        if len(str(definition).split()) > 4:
            assert str(definition).rstrip(".") not in theirs


# --- In step with the code


def test_vocabulary_is_the_turtle() -> None:
    listed = {name for name in PF.__annotations__ if not name.startswith("_")}
    assert listed == set(kg.ontology.terms()), "run python -m kg.ontology > kg/vocabulary.py"


def test_patterns_are_spelt_as_phrases_are(shipped: Graph) -> None:
    found = 0
    for label in shipped.objects(None, SKOS.hiddenLabel):
        if not str(label).startswith("="):
            for word in str(label).lstrip("+").replace("|", " ").replace("*", "").split():
                found += 1
                assert _spelled(word) == word, f"{word!r} in {label!r} can never occur"
    assert found > 1000


def test_vocabulary_is_closed() -> None:
    assert ours("EmailAddress") == PF.EmailAddress
    with pytest.raises(AttributeError):
        PF.EmialAddress  # noqa: B018


def test_model_and_ontology_name_the_same_things() -> None:
    terms = kg.ontology.terms()
    for action in Action:
        assert action.value.capitalize() in terms
    for modality in Modality:
        assert modality.value in terms


def test_every_property_has_its_place(shipped: Graph) -> None:
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in shipped.subjects(RDF.type, kind):
            if term in (ours("broaderTransitive"), ours("snapshot")):
                continue  # of anything that has a place above it or in a snapshot
            assert (term, RDFS.domain, None) in shipped, term


def test_direct_edges_and_denials_come_in_pairs() -> None:
    terms = kg.ontology.terms()
    edges = "collects uses shares sharesWith sells sellsTo transfers transfersTo stores storesIn "
    edges += "retains deletes protects collectsFrom"
    denials = [name for name in terms if name.startswith("doesNot")]
    assert len(denials) == len(edges.split())
    for edge in edges.split():
        assert edge in terms


# --- In the store


def test_quads_are_two_graphs() -> None:
    text = kg.ontology.ontology_quads()
    lines = text.splitlines()
    assert lines == sorted(set(lines))
    assert "_:" not in text
    above = f"<{ours('broaderTransitive')}>"

    def is_above(narrow: str, broad: str) -> bool:
        return f"<{ours(narrow)}> {above} <{ours(broad)}> <{CLOSURE_GRAPH}> ." in lines

    assert is_above("IPAddress", "PersonalData")
    assert is_above("IPAddress", "IPAddress"), "reflexive"
    assert is_above("country-DE", "EuropeanEconomicArea")
    assert not is_above("PersonalData", "IPAddress")
    assert sum(line.endswith(f"<{ONTOLOGY_GRAPH}> .") for line in lines) == len(load())


def test_quads_are_the_same_every_time() -> None:
    first = kg.ontology.ontology_quads()
    kg.ontology._triples.cache_clear()
    assert kg.ontology.ontology_quads() == first


def test_version_follows_the_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = kg.ontology.version()
    assert before == kg.ontology.version()
    for name in kg.ontology.FILES:
        shutil.copy(resources.ONTOLOGY / name, tmp_path)
    monkeypatch.setattr(resources, "ONTOLOGY", tmp_path)
    assert kg.ontology.version() == before
    with (tmp_path / "data.ttl").open("a") as file:
        file.write("# one more line\n")
    assert kg.ontology.version() != before


def test_a_broken_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in kg.ontology.FILES:
        shutil.copy(resources.ONTOLOGY / name, tmp_path)
    (tmp_path / "places.ttl").write_text("pf:Oops a")
    monkeypatch.setattr(resources, "ONTOLOGY", tmp_path)
    kg.ontology._triples.cache_clear()
    try:
        with pytest.raises(KgError, match="places"):
            load()
    finally:
        monkeypatch.undo()
        kg.ontology._triples.cache_clear()


def test_loading_is_quick() -> None:
    kg.ontology._triples.cache_clear()
    start = time.perf_counter()
    load()
    assert time.perf_counter() - start < 3, "about half a second on an idle machine"


# --- Reasoning


needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java")


@needs_java
def test_hermit_finds_the_ontology_consistent(shipped: Graph) -> None:
    report = reason(shipped)
    assert report.problems == ()
    assert report.checked > 300


@needs_java
def test_hermit_finds_a_class_without_members(graph: Graph) -> None:
    graph.add((ours("EmailAddress"), SKOS.broader, ours("Marketing")))
    assert reason(graph).problems == ("pf:EmailAddress can have no members",)


@needs_java
def test_hermit_finds_a_contradiction(graph: Graph) -> None:
    graph.add((ours("Acme"), RDF.type, ours("Statement")))
    graph.add((ours("Acme"), RDF.type, ours("Denial")))
    assert reason(graph).problems == ("HermiT finds the ontology inconsistent",)


def test_without_java_the_message_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(MissingPart, match="default-jre-headless") as error:
        reason()
    assert error.value.exit_code == 4


def test_owlready_sees_classes_and_individuals() -> None:
    lines = class_view().splitlines()
    type_, sub = f"<{RDF.type}>", f"<{RDFS.subClassOf}>"
    email, contact, criteo, network = (
        f"<{ours(name)}>" for name in ("EmailAddress", "ContactData", "Criteo", "AdNetwork")
    )
    assert f"{email} {type_} <{OWL.Class}> ." in lines
    assert f"{email} {sub} {contact} ." in lines
    assert f"{criteo} {type_} {network} ." in lines
    assert f"<{ours('country-US-CA')}> {type_} <{ours('Place')}> ." in lines
