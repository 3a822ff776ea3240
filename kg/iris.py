"""How instances get their IRIs: hashed from content, so that the same input gives the same name.

Nothing here depends on where a file lies or when it is read.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

PF = "https://w3id.org/privflow#"
BASE = "https://w3id.org/privflow/id/"

_WORD = re.compile(r"[^\W_]+")
_LEGAL_FORM = re.compile(
    r"(?<![\s,])[\s,]++(?:inc|incorporated|llc|l\.l\.c|ltd|limited|gmbh|corp|corporation|co|plc|"
    r"s\.?a|s\.?r\.?l|b\.?v|ag|pty|pte|llp|lp|oy|ab|a/s|n\.?v|k\.?k|ou|oü|sas|se)\.?(?=$|[\s,])",
    re.IGNORECASE,
)


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits (64 bits) of the parts, in order; parts cannot run together.

    >>> digest("ab", "c") != digest("a", "bc")
    True
    """
    hashed = blake2b(digest_size=8)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        hashed.update(len(encoded).to_bytes(8, "big"))
        hashed.update(encoded)
    return hashed.hexdigest()


def normal_name(name: str) -> str:
    """A company's name without legal form, case and punctuation.

    >>> normal_name("inMusic Brands, Inc.") == normal_name("InMusic Brands")
    True
    """
    plain = unicodedata.normalize("NFKC", name)
    short = _LEGAL_FORM.sub(" ", plain)
    return " ".join(_WORD.findall(short.casefold())) or " ".join(_WORD.findall(plain.casefold()))


def is_name(name: str) -> bool:
    """Whether there is more to a name than a legal form and signs.

    >>> is_name("Acme, Inc."), is_name("Inc."), is_name("…")
    (True, False, False)
    """
    plain = unicodedata.normalize("NFKC", name)
    return bool(_WORD.search(_LEGAL_FORM.sub(" ", f" {plain}")))


def party_iri(name: str, base: str = BASE) -> str:
    """IRI of a company or other party that the ontology does not hold."""
    return f"{base}party/{digest(normal_name(name))}"


def policy_iri(series: str, base: str = BASE) -> str:
    """IRI of a policy line: all snapshots of one publisher's policy, or of one series."""
    return f"{base}policy/{digest(normal_name(series))}"


def snapshot_iri(publisher: str, day: str, sha256: str, base: str = BASE) -> str:
    """IRI of a policy snapshot, which is also the name of its graph. ``day`` may be empty."""
    return f"{base}snapshot/{digest(normal_name(publisher), day, sha256)}"


def concept_iri(publisher: str, scheme: str, phrase: str, base: str = BASE) -> str:
    """IRI of a policy's own concept; ``phrase`` is its normalised wording."""
    return f"{base}concept/{digest(normal_name(publisher), scheme, phrase)}"
