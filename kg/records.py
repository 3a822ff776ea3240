"""Statement -> record: the JSON object that ``kg extract`` prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.model import ROLES, Mention, Polarity, Result, Statement

#: Columns of :func:`table`; of a role, the labels or else the words of its mentions.
COLUMNS = (
    "document",
    "actor",
    "action",
    "data",
    "recipients",
    "purposes",
    "conditions",
    "sentence",
)


def record(statement: Statement) -> dict[str, Any]:
    """One statement as plain values, its fields always in the same order.

    Spans are ``{"text", "start", "end", "iri", "label"}``, their offsets those of the document;
    ``context`` holds other places that the reading rests on, such as the lead-in of a list.

    >>> from kg import extract
    >>> from kg.model import Sentence
    >>> text = "We sell your e-mail address."
    >>> made = record(extract(Sentence(text, 0, len(text)))[0])
    >>> made["action"], made["data"][0]["label"]
    ('sell', 'email address')
    """
    evidence = statement.evidence
    return {
        "document": evidence.document,
        "line": evidence.line,
        "start": evidence.start,
        "end": evidence.end,
        "sentence": evidence.text,
        "action": statement.action.value,
        "polarity": statement.polarity.value,
        "modality": statement.modality.value,
        "trigger": _span(statement.trigger),
        "negation": _span(statement.negation),
        "actor": _span(statement.actor),
        **{role: [_span(mention) for mention in getattr(statement, role)] for role in ROLES},
        "data_subject": statement.data_subject,
        "confidence": round(statement.confidence, 4),
        "support": statement.support.value,
        "context": [
            {"text": span.text, "start": span.start, "end": span.end} for span in evidence.context
        ],
    }


def _span(mention: Mention | None) -> dict[str, Any] | None:
    if mention is None:
        return None
    return {
        "text": mention.text,
        "start": mention.start,
        "end": mention.end,
        "iri": mention.iri,
        "label": mention.label,
    }


def table(statements: Iterable[Statement]) -> Result:
    """Statements as rows for a person to look at; a denial's action begins with "not"."""
    rows = []
    for statement in statements:
        denied = "not " if statement.polarity is Polarity.NEGATED else ""
        place = statement.evidence.document
        if statement.evidence.line is not None:
            place = f"{place}:{statement.evidence.line}"
        rows.append(
            (
                place,
                _words((statement.actor,)),
                f"{denied}{statement.action.value}",
                _words(statement.data),
                _words(statement.recipients),
                _words(statement.purposes),
                _words(statement.conditions),
                statement.evidence.text,
            )
        )
    return Result(COLUMNS, tuple(rows))


def _words(mentions: Iterable[Mention | None]) -> str:
    return "; ".join(dict.fromkeys(m.label or m.text for m in mentions if m))
