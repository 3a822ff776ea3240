"""What the tagger tells words apart by: intents of a sentence, roles of its words in two layers.

The layers are PolicyIE's (type I and type II): spans of one layer do not overlap, spans of
different layers may. Roles are coarse, as which practice a span belongs to is for the parse to
say; only the verbs carry their practice.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Action

#: What a sentence may state, none or several of them.
INTENTS = ("collection", "sharing", "storage", "security")
#: Roles by layer.
LAYERS = (
    (
        "data",
        "actor",
        "recipient",
        "provider",
        "retention",
        "place",
        "threat",
        *(f"{intent}-verb" for intent in INTENTS),
    ),
    ("purpose", "condition", "method", "polarity"),
)


_INTENT_OF = {
    Action.COLLECT: "collection",
    Action.USE: "collection",
    Action.SHARE: "sharing",
    Action.TRANSFER: "sharing",
    Action.SELL: "sharing",
    Action.STORE: "storage",
    Action.RETAIN: "storage",
    Action.DELETE: "storage",
    Action.PROTECT: "security",
}


def bio(roles: Sequence[str]) -> list[str]:
    """The labels of a layer: outside, and begin and inside of each role.

    >>> bio(["data"])
    ['O', 'B-data', 'I-data']
    """
    return ["O", *(f"{mark}-{role}" for role in roles for mark in "BI")]


def intent_of(action: Action) -> str:
    """The intent that a statement's action belongs to.

    >>> intent_of(Action.SELL)
    'sharing'
    """
    return _INTENT_OF[action]
