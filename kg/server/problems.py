"""What goes wrong -> what a client is told, as RFC 9457 has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.queries.formats import visible

#: Name of a problem -> status and title. The type of a problem is ``/problems#`` and its name.
PROBLEMS = {
    "malformed-query": (400, "the query cannot be read"),
    "refused-query": (400, "the query asks for what is refused"),
    "unknown-graph": (400, "the query names a graph that is not there"),
    "wrong-parameter": (400, "a parameter is wrong"),
    "too-many-statements": (400, "the view would hold too many statements"),
    "read-only": (403, "the graph is read-only"),
    "no-token": (401, "a token is needed"),
    "other-site": (403, "a page of another site asks"),
    "not-found": (404, "there is no such thing"),
    "wrong-method": (405, "the method is not allowed here"),
    "not-acceptable": (406, "there is no such format"),
    "slow-client": (408, "the request did not come in time"),
    "too-large": (413, "the request is too large"),
    "wrong-media-type": (415, "the body is of no known kind"),
    "wrong-host": (421, "the server does not go by this name"),
    "too-often": (429, "too many requests"),
    "failed": (500, "this is a mistake of the server"),
    "no-graph": (503, "the graph cannot be read"),
    "too-slow": (503, "the query was stopped at its time limit"),
    "died": (503, "the query's process died"),
    "too-much-memory": (503, "the query was stopped at its memory limit"),
    "busy": (503, "too many questions wait already"),
    "stopping": (503, "the server is being stopped"),
}


@dataclass(eq=False, slots=True)
class Problem(Exception):  # noqa: N818 - told to a client, not to a person at a terminal
    """Ends a request.

    Attributes:
        name: one of :data:`PROBLEMS`.
        detail: what happened and what to do, in a sentence.
        headers: besides the usual ones.
        more: further members of the JSON.
    """

    name: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return PROBLEMS[self.name][0]

    @property
    def title(self) -> str:
        """What kind of problem it is, in words."""
        return PROBLEMS[self.name][1]

    def body(self) -> bytes:
        """The JSON."""
        document = {
            "type": f"/problems#{self.name}",
            "title": self.title,
            "status": self.status,
            "detail": "\n".join(map(visible, self.detail.splitlines())),
            **self.more,
        }
        return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
