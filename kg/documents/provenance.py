"""First lines that tell where a text comes from, and are no part of the policy.

The Princeton-Leuven corpus of privacy policies puts a quoted sentence before each text (from
which site, archived when, with a link to the archive); other collections put the address of
the page in the first line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from kg.model import BlockKind

from .dates import parse_date
from .pieces import Piece

_EXTRACTED = re.compile(
    r"\bextracted\b.{0,60}\bfrom the (?P<site>\S{1,253}) privacy policy\b.{0,40}\barchived on "
    r"(?P<day>\d{4}-\d\d-\d\d)",
    re.IGNORECASE | re.DOTALL,
)
_LINK = re.compile(r"\]\((https?://[^\s)]{1,2000}(?:\([^\s)]*\)[^\s)]*)?)\)")
_ADDRESS = re.compile(r"https?://[^\s<>\"]{3,2000}")
_BARE_ADDRESS = re.compile(
    r"\s*+(?:source|url|from)?\s*+:?\s*+(https?://[^\s<>\"]{3,2000})\s*\Z", re.IGNORECASE
)
_ARCHIVED = re.compile(
    r"https?://web\.archive\.org/web/(\d{8})\d{0,6}(?:[a-z]{2}_)?/(.+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text comes from; see :class:`kg.model.Document`."""

    url: str | None = None
    source_url: str | None = None
    archived: date | None = None


def take_origin(pieces: list[Piece], source: str) -> Origin:
    """What the first lines say of the text's origin; their pieces become noise.

    Args:
        source: the file's text as it stands, for the addresses behind links.
    """
    for piece in pieces[:3]:
        text = piece.text
        found = _EXTRACTED.search(text)
        if found is not None:
            piece.kind = BlockKind.NOISE
            head = source[:4000]
            link = _LINK.search(head) or _ADDRESS.search(head)
            address = link[1] if link is not None and link.re is _LINK else link and link[0]
            return _origin(address or None, parse_date(found["day"]))
        bare = _BARE_ADDRESS.match(text)
        if bare is not None:
            piece.kind = BlockKind.NOISE
            return _origin(bare[1], None)
        if piece.kind is BlockKind.HEADING or len(text) > 400:
            break
    return Origin()


def _origin(address: str | None, day: date | None) -> Origin:
    if address is None:
        return Origin(archived=day)
    archive = _ARCHIVED.match(address)
    if archive is None:
        return Origin(url=address, archived=day)
    stamp = archive[1]
    return Origin(
        url=unquote(archive[2]) or None,
        source_url=address,
        archived=day or parse_date(f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}"),
    )
