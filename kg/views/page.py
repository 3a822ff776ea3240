"""Store -> one HTML file that shows what the policies say, for readers who never saw a graph.

The file loads nothing and runs nothing but its own scripts: its content security policy names
them by hash, texts of policies are data, and the page writes them as text. It opens from a disk
without a network. pyvis holds the network's nodes and edges; its own template is not used,
because it loads from elsewhere and runs what stands in labels.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import resources
from kg.errors import MissingPart
from kg.queries.formats import visible
from kg.views.found import Found, find
from kg.views.page_data import page_data
from kg.views.scope import Chosen, Scope, choose

if TYPE_CHECKING:
    from kg.store import Store

TITLE = "What privacy policies say about your data"

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


def render(store: Store, scope: Scope | None = None, *, title: str = TITLE) -> str:
    """A page about a graph: who gets which data, passes it on to whom, and denies what.

    Args:
        scope: what the page is of; everything by default.
        title: of the page.

    Returns:
        HTML that stands alone; write it as UTF-8. The same graph gives the same text.

    Raises:
        QueryError: there is no such company, concept or snapshot.
        UsageError: there are more claims than a page can show; the message tells how to narrow.
        MissingPart: pyvis lacks its scripts.
    """
    chosen = choose(store, scope or Scope())
    return page_of(chosen, title, find(store, chosen))


def page_of(chosen: Chosen, title: str = TITLE, found: Found | None = None) -> str:
    """A page about chosen claims, and what was found in them."""
    style = _template("page.css")
    scripts = (_vis(), _template("page.js"))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    parts = {
        "policy": html.escape(policy),
        "title": html.escape(visible(title)),
        "style": style,
        "data": _json(page_data(chosen, title, found)),
        "network": scripts[0],
        "script": scripts[1],
    }
    # One pass over the template: what is put in is not looked at again.
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], _template("page.html"))


def _template(name: str) -> str:
    return (resources.TEMPLATES / name).read_text("utf-8")


def _vis() -> str:
    """The script of vis-network (Apache 2.0 or MIT, its notice is in it), as pyvis ships it."""
    import pyvis  # noqa: PLC0415 - heavy

    folder = Path(pyvis.__file__).parent
    try:
        text = (folder / "lib" / "vis-9.1.2" / "vis-network.min.js").read_text("utf-8")
    except OSError as error:
        raise MissingPart(
            f"pyvis in {folder} lacks vis-network: install it again with `pip install pyvis==0.3.2`"
        ) from error
    # These would end the script element, or keep it from ending.
    return re.sub(r"<(?=/script|script|!--)", r"\\x3c", text.replace("\r", ""), flags=re.IGNORECASE)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(value: Any) -> str:
    """JSON that may stand in a script element: no character in it means anything to HTML."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
