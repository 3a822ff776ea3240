"""Accept header -> media type: what a client likes best of what there is (RFC 9110, 12.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence

JSON = "application/json"
PROBLEM = "application/problem+json"
HTML = "text/html"
CSV = "text/csv"
TURTLE = "text/turtle"

#: Media type -> the engine's name of a format for rows.
ROWS = {
    "application/sparql-results+json": "JSON",
    "application/sparql-results+xml": "XML",
    CSV: "CSV",
    "text/tab-separated-values": "TSV",
    JSON: "JSON",
    "application/xml": "XML",
}
#: Media type -> the engine's name of a format for graphs.
GRAPHS = {
    TURTLE: "TURTLE",
    "application/n-triples": "N_TRIPLES",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON_LD",
}

_QUALITY = re.compile(r"q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_RANGE = re.compile(r"([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)")


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """The media type that a client likes best; of equals the first; ``None`` where it likes none.

    Args:
        accept: the header; ``None`` or nothing takes anything.

    >>> choose("text/csv;q=0.5, application/*", ["text/csv", "application/json"])
    'application/json'
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = [found for part in accept.split(",") if (found := _range(part))]
    liked = [(_quality(offer, ranges), -place, offer) for place, offer in enumerate(offers)]
    quality, _, best = max(liked)
    return best if quality > 0 else None


def _range(part: str) -> tuple[str, str, float] | None:
    media, *parameters = (piece.strip() for piece in part.split(";"))
    found = _RANGE.fullmatch(media)
    if found is None:
        return None
    quality = next((m[1] for p in parameters if (m := _QUALITY.fullmatch(p))), "1")
    return found[1].lower(), found[2].lower(), float(quality)


def _quality(offer: str, ranges: Sequence[tuple[str, str, float]]) -> float:
    """Of the range that says most about it."""
    kind, name = offer.split("/")
    for wanted in ((kind, name), (kind, "*"), ("*", "*")):
        for one, other, quality in ranges:
            if (one, other) == wanted:
                return quality
    return 0.0
