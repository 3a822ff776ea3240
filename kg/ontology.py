"""The ontology as a whole: loaded, put into the store, checked and reasoned over.

The Turtle files under ``ontology/`` are the source. Countries are added from ISO 3166, and so is
the closure of ``skos:broader``, so that queries join instead of walking paths.

For reasoning, concepts are seen as classes: ``skos:broader`` becomes ``rdfs:subClassOf``,
companies and countries become individuals. That view is made here and never stored.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING

from kg import grounding, resources
from kg.errors import KgError, MissingPart
from kg.iris import PF

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Triple
    from rdflib import Graph, URIRef

#: Names of the two graphs that :func:`ontology_quads` writes.
ONTOLOGY_GRAPH = PF + "ontology"
CLOSURE_GRAPH = PF + "closure"

#: All files of the ontology; the shapes are no part of it.
FILES = ("privflow.ttl", "changes.ttl", *grounding.CONCEPT_FILES)

_SKOS = grounding.SKOS
_RDFS = grounding.RDFS
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_OWL = "http://www.w3.org/2002/07/owl#"


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Attributes:
        checked: how many terms were looked at.
        problems: one sentence each, naming the term; empty when all is well.
    """

    checked: int
    problems: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def load() -> Graph:
    """The ontology with its countries, without the closure, as an rdflib graph."""
    from rdflib import Graph  # noqa: PLC0415 - heavy

    graph = Graph(identifier=ONTOLOGY_GRAPH)
    graph.bind("pf", PF)
    graph.bind("skos", _SKOS)
    graph.parse(io.BytesIO(_ntriples(_triples())), format="nt")
    return graph


def ontology_quads() -> str:
    """The ontology and its closure as N-Quads text, sorted, each in its own named graph."""
    from pyoxigraph import NamedNode, Quad, RdfFormat, serialize  # noqa: PLC0415 - heavy

    triples = _triples()
    here, closure = NamedNode(ONTOLOGY_GRAPH), NamedNode(CLOSURE_GRAPH)
    quads = [Quad(t.subject, t.predicate, t.object, here) for t in triples]
    above = NamedNode(PF + "broaderTransitive")
    quads += [
        Quad(NamedNode(narrow), above, NamedNode(broad), closure)
        for narrow, broad in _closure(triples)
    ]
    text = serialize(quads, format=RdfFormat.N_QUADS)
    return "".join(sorted(set((text or b"").decode().splitlines(keepends=True))))


def version() -> str:
    """Sixteen hexadecimal digits that change whenever the ontology does."""
    hashed = sha256(package_version("pycountry").encode())
    for name in FILES:
        hashed.update(_path(name).read_bytes())
    return hashed.hexdigest()[:16]


def _path(name: str) -> Path:
    return resources.ONTOLOGY / name


@lru_cache(maxsize=1)
def _triples() -> tuple[Triple, ...]:
    """All triples of the files, and those of the countries."""
    from pyoxigraph import RdfFormat, parse  # noqa: PLC0415 - heavy

    found: list[Triple] = []
    for name in FILES:
        try:
            found.extend(
                quad.triple for quad in parse(path=str(_path(name)), format=RdfFormat.TURTLE)
            )
        except (OSError, SyntaxError) as error:
            raise KgError(f"The ontology cannot be read: {_path(name)}: {error}") from error
    found.extend(_country_triples())
    return tuple(found)


def _country_triples() -> Iterator[Triple]:
    from pyoxigraph import Literal, NamedNode, Triple  # noqa: PLC0415 - heavy

    def node(iri: str) -> NamedNode:
        return NamedNode(iri)

    for country in grounding.countries():
        one = node(country.iri)
        code = country.iri.rpartition("country-")[2]
        yield Triple(one, node(_RDF_TYPE), node(_SKOS + "Concept"))
        yield Triple(one, node(_RDFS + "label"), Literal(country.label, language="en"))
        yield Triple(one, node(_SKOS + "prefLabel"), Literal(country.label, language="en"))
        definition = f"The place with the ISO 3166 code {code}."
        yield Triple(one, node(_SKOS + "definition"), Literal(definition, language="en"))
        yield Triple(one, node(_SKOS + "notation"), Literal(code))
        for name in country.names:
            yield Triple(one, node(_SKOS + "altLabel"), Literal(name, language="en"))
        yield Triple(one, node(_SKOS + "broader"), node(country.broader))
        yield Triple(one, node(_SKOS + "inScheme"), node(PF + "PlaceScheme"))
        yield Triple(one, node(_RDFS + "isDefinedBy"), node(ONTOLOGY_GRAPH))


def _ntriples(triples: Iterable[Triple]) -> bytes:
    from pyoxigraph import RdfFormat, serialize  # noqa: PLC0415 - heavy

    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _closure(triples: Iterable[Triple]) -> Iterator[tuple[str, str]]:
    """Every concept with itself and with all above it."""
    above: defaultdict[str, set[str]] = defaultdict(set)
    concepts = set()
    for triple in triples:
        if triple.predicate.value == _SKOS + "broader":
            above[_value(triple.subject)].add(_value(triple.object))
        elif triple.predicate.value == _SKOS + "inScheme":
            concepts.add(_value(triple.subject))
    for concept in concepts:
        reached, todo = {concept}, [concept]
        while todo:
            fresh = above[todo.pop()] - reached
            reached |= fresh
            todo.extend(fresh)
        yield from ((concept, one) for one in reached)


def _value(term: object) -> str:
    return str(getattr(term, "value", term))


# --- Checking ----------------------------------------------------------------------------------


def check(graph: Graph | None = None) -> Report:
    """Whether the ontology is well made.

    Every term has a label and a definition; every concept has one preferred label, one scheme,
    known concepts above it and no circle; no name stands for two concepts of a scheme.

    Args:
        graph: to check instead of the ontology as it is shipped.
    """
    from rdflib import OWL, RDF, RDFS, SKOS, URIRef  # noqa: PLC0415 - heavy

    graph = load() if graph is None else graph
    problems: list[str] = []
    concepts = {one for one in graph.subjects(RDF.type, SKOS.Concept) if isinstance(one, URIRef)}
    terms = set(concepts)
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, SKOS.ConceptScheme):
        found = graph.subjects(RDF.type, kind)
        terms |= {one for one in found if isinstance(one, URIRef) and str(one).startswith(PF)}
    for term in sorted(terms):
        for wanted in (RDFS.label, SKOS.definition, RDFS.isDefinedBy):
            if (term, wanted, None) not in graph:
                problems.append(f"{_short(term)} has no {_short(wanted)}")
    for concept in sorted(concepts):
        for wanted in (SKOS.prefLabel, SKOS.inScheme):
            count = len(set(graph.objects(concept, wanted)))
            if count != 1:
                problems.append(f"{_short(concept)} has {count} {_short(wanted)}, not one")
        above = set(graph.objects(concept, SKOS.broader))
        if not above and (concept, SKOS.topConceptOf, None) not in graph:
            problems.append(f"{_short(concept)} hangs under nothing and is no top")
        problems += [
            f"{_short(concept)} hangs under {_short(one)}, which is no concept"
            for one in sorted(above - concepts, key=str)
        ]
        if concept in graph.transitive_objects(concept, SKOS.broader) and any(
            concept in graph.transitive_objects(one, SKOS.broader) for one in above
        ):
            problems.append(f"{_short(concept)} is above itself")
    problems += _ambiguous(graph, concepts)
    return Report(len(terms), tuple(problems))


def _ambiguous(graph: Graph, concepts: Iterable[URIRef]) -> Iterator[str]:
    """Names that stand for two concepts of one scheme; companies have names of their own."""
    from rdflib import SKOS, URIRef  # noqa: PLC0415 - heavy

    names: defaultdict[tuple[object, str], set[URIRef]] = defaultdict(set)
    for concept in concepts:
        is_company = (concept, URIRef(PF + "kind"), None) in graph
        for scheme in graph.objects(concept, SKOS.inScheme):
            for predicate in (SKOS.prefLabel, SKOS.altLabel):
                for label in graph.objects(concept, predicate):
                    text = str(label)
                    name = f"company {text}".casefold() if is_company else text.casefold()
                    names[scheme, name].add(concept)
    for (_, name), found in sorted(names.items(), key=lambda item: item[0][1]):
        if len(found) > 1:
            yield f"{name!r} names {' and '.join(sorted(map(_short, found)))}"


def _short(iri: object) -> str:
    return str(iri).replace(PF, "pf:").rpartition("/")[2].replace("core#", "skos:")


# --- Reasoning ---------------------------------------------------------------------------------


def class_view(graph: Graph | None = None) -> str:
    """The ontology as OWL in N-Triples: concepts as classes, companies and countries in them."""
    from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, URIRef  # noqa: PLC0415 - heavy

    graph = load() if graph is None else graph
    kind, owner, party = (URIRef(PF + name) for name in ("kind", "owner", "Party"))
    view = Graph()
    for triple in graph:
        _, p, o = triple
        if o == XSD.date:  # HermiT knows the datatypes of OWL 2 only
            continue
        is_model = p in (RDFS.subClassOf, RDFS.domain, RDFS.range, RDFS.label, OWL.disjointWith)
        is_kind = p == RDF.type and str(o).startswith(str(OWL))
        is_member = p == RDF.type and str(o).startswith(PF) and o != party
        if is_model or is_kind or is_member or p == owner:
            view.add(triple)
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        above = list(graph.objects(concept, SKOS.broader))
        if (concept, kind, None) in graph or (concept, SKOS.notation, None) in graph:
            view.add((concept, RDF.type, OWL.NamedIndividual))
            for one in above:
                # a state lies in a country, which is no class
                is_class = (one, SKOS.notation, None) not in graph
                view.add((concept, RDF.type, one if is_class else URIRef(PF + "Place")))
        else:
            view.add((concept, RDF.type, OWL.Class))
            for one in above:
                view.add((concept, RDFS.subClassOf, one))
    return "".join(sorted(view.serialize(format="nt").splitlines(keepends=True)))


def reason(graph: Graph | None = None) -> Report:
    """Whether HermiT finds the ontology consistent, with every class able to have members.

    Args:
        graph: to reason over instead of the ontology as it is shipped.

    Raises:
        MissingPart: there is no Java, which HermiT needs.
    """
    import shutil  # noqa: PLC0415 - only here

    if shutil.which("java") is None:
        raise MissingPart(
            "HermiT needs Java, and no java command was found. "
            "Install one (Debian: apt-get install default-jre-headless) and try again."
        )
    import owlready2  # noqa: PLC0415 - heavy, and only here

    world = owlready2.World()
    onto = world.get_ontology(ONTOLOGY_GRAPH)
    onto.load(fileobj=io.BytesIO(class_view(graph).encode()))
    classes = sum(1 for _ in world.classes())
    try:
        with onto:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Report(classes, ("HermiT finds the ontology inconsistent",))
    except owlready2.OwlReadyJavaError as error:
        raise KgError(f"HermiT failed: {error}") from error
    empty = sorted(one.iri for one in world.inconsistent_classes() if one is not owlready2.Nothing)
    return Report(classes, tuple(f"{_short(iri)} can have no members" for iri in empty))


# --- Keeping kg/vocabulary.py in step ----------------------------------------------------------


def terms() -> dict[str, str]:
    """Local names of all terms in the files, each with its label; countries are left out."""
    found: dict[str, str] = {}
    for triple in _triples():
        iri = _value(triple.subject)
        if triple.predicate.value == _RDFS + "label" and iri.startswith(PF):
            name = iri.removeprefix(PF)
            if not name.startswith("country-"):
                found[name] = _value(triple.object)
    return dict(sorted(found.items()))


def counts() -> dict[str, int]:
    """Number of concepts in each scheme, and of companies and countries."""
    schemes: Counter[str] = Counter()
    special: Counter[str] = Counter()
    for triple in _triples():
        if triple.predicate.value == _SKOS + "inScheme":
            schemes[_value(triple.object).removeprefix(PF)] += 1
        elif triple.predicate.value == PF + "kind":
            special["companies"] += 1
        elif triple.predicate.value == _SKOS + "notation":
            special["countries"] += 1
    schemes["RecipientScheme"] -= special["companies"]
    schemes["PlaceScheme"] -= special["countries"]
    return dict(sorted((schemes + special).items()))


def vocabulary_source() -> str:
    """What ``kg/vocabulary.py`` has to say: ``python -m kg.ontology > kg/vocabulary.py``."""
    lines = "\n".join(f"    {name}: URIRef" for name in terms())
    return f'''"""The terms of the ontology, closed: a misspelt one raises an error.

Written by ``python -m kg.ontology > kg/vocabulary.py``; a test compares it with the Turtle.
Countries are not listed: :func:`kg.grounding.country_iri` makes their IRIs.
"""
# ruff: noqa: N815 - names as they are in the Turtle

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace


class PF(DefinedNamespace):
    """Classes, properties and concepts of ``https://w3id.org/privflow#``."""

    _fail = True
    _NS = Namespace("{PF}")

{lines}
'''


if __name__ == "__main__":
    print(vocabulary_source(), end="")
