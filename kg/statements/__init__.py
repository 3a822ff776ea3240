"""Sentence -> Statement: who does what with which data, as the words of a sentence say it.

:func:`extract` reads one sentence; :func:`read_statements` a whole document, with its headings,
lead-ins and what was named before. Pure: no network, no clock, the same sentence always gives
the same statements.
"""

from __future__ import annotations

from kg.statements.lexicon import Lexicon, lexicon
from kg.statements.parties import Context
from kg.statements.reading import extract, read_statements

__all__ = ["Context", "Lexicon", "extract", "lexicon", "read_statements"]
