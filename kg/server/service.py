"""What the SPARQL endpoint is and can do, in the words of SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Mapping

from kg.triples import iri

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip


def description(endpoint: str, form: str, sizes: Mapping[str, int]) -> bytes:
    """The description, in a format of :data:`kg.server.media.GRAPHS`.

    Args:
        endpoint: its own address.
        sizes: ``quads`` and ``graphs`` of the store; empty where nobody has counted them.
    """
    import pyoxigraph as ox  # noqa: PLC0415 - heavy

    text = f"""
@prefix sd: <{_SD}> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix f: <{_FORMATS}> .
{iri(endpoint)} a sd:Service ;
  sd:endpoint {iri(endpoint)} ;
  sd:supportedLanguage sd:SPARQL10Query, sd:SPARQL11Query ;
  sd:feature sd:UnionDefaultGraph ;
  sd:resultFormat {", ".join(f"<{_FORMATS}{name}>" for name in _RESULTS)} ;
  sd:defaultDataset _:dataset .
_:dataset a sd:Dataset ; sd:defaultGraph _:graph .
_:graph a sd:Graph{f" ; void:triples {sizes['quads']}" if sizes else ""} .
"""
    triples = (quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE))
    prefixes = {"sd": _SD, "void": "http://rdfs.org/ns/void#", "format": _FORMATS}
    return ox.serialize(triples, format=getattr(ox.RdfFormat, form), prefixes=prefixes) or b""
