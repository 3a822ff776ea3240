"""How sure a statement is: what the parse and the tagger each make of it -> a probability.

A logistic regression over a few facts about the reading. Its weights are fitted on annotated
sentences that the tagger was not trained on (``training/calibrate.py``), so that of statements
with a confidence of 0.8 about eight in ten state the practice and name the data that annotators
found; it says nothing of the other roles. Without a tagger the facts of the parse
alone speak, by hand-set amounts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache

from kg import resources
from kg.model import Action, Statement, Support
from kg.statements.frames import SHARING, Frame
from kg.statements.lexicon import Lexicon
from kg.statements.parse import Parse
from kg.statements.parties import is_publisher
from kg.statements.phrases import is_users
from kg.statements.roles import Roles
from kg.tagger import INTENTS, Tags, intent_of

#: Names of the facts, in the order of the weights.
FACTS = (
    "always",
    "intent",
    "other intent",
    "verb",
    "verb of another practice",
    "data",
    "no data",
    "data unmarked",
    "parse",
    "parse, strong verb",
    "parse, unmarked verb",
    "no verb",
    "nested",
    "nobody acts",
    "long",
    "denied",
    "sharing",
    "storage",
    "security",
    "main clause",
    "noun",
    "we act",
    "users' data",
    "recipients",
    "purpose",
    "construction",
)
_LONG = 80  # tokens


def facts(
    p: Parse,
    lex: Lexicon,
    frame: Frame,
    action: Action,
    tags: Tags,
    roles: Roles,
    *,
    denied: bool,
) -> tuple[float, ...]:
    """Values of :data:`FACTS` for a statement.

    Args:
        action: of the statement, which may not be the frame's.
        roles: of the frame.
    """
    intent = intent_of(action)
    number = INTENTS.index(intent)
    others = [q for k, q in enumerate(tags.intents) if k != number]
    verb = _verb(tags, frame, number)
    elsewhere = max(
        (q for k, q in enumerate(tags.verbs.get(frame.trigger, ())) if k != number), default=0.0
    )
    marked = [tags.data.get(k, 0.0) for k in roles.data]
    known = lex.verbs.get(p.words[frame.trigger])
    parse = not frame.tagged
    top = (frame.verbs or (frame.trigger,))[-1]
    return (
        1.0,
        _logit(tags.intents[number]),
        _logit(max(others)),
        verb,
        elsewhere,
        max(marked, default=0.0),
        float(not marked),
        float(bool(marked) and max(marked) < 0.5),
        float(parse),
        float(parse and known is not None and known.strong),
        float(parse and verb < 0.5),
        float(frame.implied),
        float(frame.nested),
        float(frame.subject is None),
        float(len(p) > _LONG),
        float(denied),
        float(action in SHARING),
        float(intent == "storage"),
        float(intent == "security"),
        float(p.heads[top] == top),
        float(p.tags[frame.trigger].startswith("NN")),
        float(frame.subject is not None and is_publisher(p, frame.subject, lex)),
        float(any(is_users(p, k, lex) for k in roles.data)),
        float(bool(roles.recipients)),
        float(bool(roles.purposes)),
        float(parse and known is None and p.words[frame.trigger] not in lex.nouns),
    )


def _logit(probability: float) -> float:
    kept = min(max(probability, 0.01), 0.99)
    return math.log(kept / (1 - kept))


@cache
def _fitted() -> tuple[tuple[float, ...], Mapping[Support, float]]:
    told = json.loads(resources.CONFIDENCE.read_text(encoding="utf-8"))
    weights = tuple(float(told["weights"][name]) for name in FACTS)
    return weights, {support: float(told["least"][support]) for support in Support}


def probability(found: Sequence[float]) -> float:
    """The confidence that the facts amount to."""
    weights, _ = _fitted()
    total = sum(weight * fact for weight, fact in zip(weights, found, strict=True))
    return round(1 / (1 + math.exp(-total)), 2)


def is_sure(statement: Statement, least: float | None) -> bool:
    """Whether a statement is sure enough to be told.

    Args:
        least: the lowest confidence; ``None`` for the one that the weights come with, which
            asks less of a statement that the rules of the parse found.
    """
    wanted = _fitted()[1][statement.support] if least is None else least
    return statement.confidence >= wanted


def marks(tags: Tags, frame: Frame, action: Action) -> bool:
    """Whether the tagger takes one of the frame's verbs for the same practice."""
    return _verb(tags, frame, INTENTS.index(intent_of(action))) >= 0.5


def _verb(tags: Tags, frame: Frame, intent: int) -> float:
    """How probable the tagger holds it that one of the frame's verbs states the practice."""
    return max((tags.verbs[k][intent] for k in frame.anchors if k in tags.verbs), default=0.0)


def by_rules(p: Parse, lex: Lexicon, frame: Frame, *, has_data: bool) -> float:
    """The confidence without a tagger."""
    verb = lex.verbs.get(p.words[frame.trigger])
    score = 0.9 if verb is not None and verb.strong else 0.8
    if not has_data:
        score -= 0.15
    if frame.nested:
        score -= 0.1
    if frame.subject is None:
        score -= 0.05
    if len(p) > _LONG:
        score -= 0.1
    return round(score, 2)
