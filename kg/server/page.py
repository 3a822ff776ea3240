"""The page to ask on, of its parts; it runs its own script and asks this server alone."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from kg import resources

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


@cache
def page() -> bytes:
    """The page."""
    parts = {"style": _part("ask.css"), "script": _part("ask.js")}
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], _part("ask.html")).encode()


@cache
def page_policy() -> str:
    """Its content security policy."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(_part('ask.js'))}",
            f"style-src {_hash(_part('ask.css'))}",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def _part(name: str) -> str:
    return (resources.SERVER / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
