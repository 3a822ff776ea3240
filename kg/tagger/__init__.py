"""Words of a sentence -> Tags: which of them are data, recipients, purposes, what it states.

A small encoder, fine-tuned on annotated policies; see ``model/README.md`` (its model card) and
``training/``. It knows nothing of who does what to whom: :mod:`kg.statements.join` asks the
parse.
"""

from __future__ import annotations

from kg.tagger.labels import INTENTS, LAYERS, intent_of
from kg.tagger.runtime import Tagger, Tagging, described, shipped
from kg.tagger.tags import Tag, Tags

__all__ = [
    "INTENTS",
    "LAYERS",
    "Tag",
    "Tagger",
    "Tagging",
    "Tags",
    "described",
    "intent_of",
    "shipped",
]
