"""Which language a text is in, and whether it is a privacy policy at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .pieces import count_words

_LEAST = 120  # characters of running text below which a language cannot be told
_LINE = 40  # characters of a line of running text, at least
_POLICY_WORDS = 800  # of English, from which other languages are taken for translations
_SAMPLE = 20_000
_SIGNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bprivacy\b",
        r"\bpersonal(?:ly identifiable)? (?:data|information|details)\b|\bpersonally identif",
        r"\bdata (?:protection|subject|controller|processing|collection|security|retention)\b",
        r"\b(?:your|user|users['’]?|customer|visitor|usage|account|contact|log) "
        r"(?:data|information)\b",
        r"\bcookies?\b(?! (?:dough|sheet|cutter|jar|recipe|tin))",
        r"\bthird[- ]part(?:y|ies)\b",
        r"\b(?:collect|gather|store|share|process|disclose|sell|retain|use|receive|log)\w{0,3}\b"
        r"(?=[^.;!?]{0,80}\b(?:data|information|e-?mail|address(?:es)?|names?|locations?)\b)",
        r"\b(?:opt[- ]out|consent|gdpr|ccpa|unsubscribe)\b",
        r"\b(?:ip|e-?mail) address(?:es)?\b",
    )
)
_STRONG = 3  # the first signs, of which one is enough in a short text
_LONG = 400  # words


@dataclass(frozen=True, slots=True)
class Languages:
    """The language to read a text in, and its paragraphs that are in another one.

    Attributes:
        code: ISO 639-1, ``None`` when there is too little text to tell.
        foreign: indexes of the paragraphs in another language: translations below the text.
    """

    code: str | None
    foreign: frozenset[int] = frozenset()


def find_languages(paragraphs: Sequence[str]) -> Languages:
    """In which language a text is, by its running text.

    A text with a whole policy's worth of English is English, whatever stands around it; runs
    of paragraphs in other languages are then told apart.
    """
    running = [index for index, text in enumerate(paragraphs) if len(text) >= _LINE]
    if sum(len(paragraphs[i]) for i in running) < _LEAST:
        running = list(range(len(paragraphs)))
    if sum(len(paragraphs[i]) for i in running) < _LEAST:
        return Languages(None)
    sample = running[:: max(1, len(running) // 60)]
    code = _classify(" ".join(paragraphs[i][:600] for i in sample))
    long = [i for i in running if len(paragraphs[i]) >= _LEAST]
    probe = long[:: max(1, len(long) // 12)]
    english = sum(_classify(paragraphs[i]) == "en" for i in probe)
    if code == "en" and english >= len(probe) - 1:
        return Languages("en")
    codes = {i: _classify(paragraphs[i]) for i in running}
    words = sum(count_words(paragraphs[i]) for i in running if codes[i] == "en")
    share = words / max(1, sum(count_words(paragraphs[i]) for i in running))
    if not (share >= 0.5 or (words >= _POLICY_WORDS and share >= 0.03)):
        return Languages(code if code != "en" else _classify(" ".join(paragraphs[:50])))
    return Languages("en", frozenset(_foreign_runs(paragraphs, codes)))


def _foreign_runs(paragraphs: Sequence[str], codes: dict[int, str]) -> Iterator[int]:
    """Paragraphs between the first and the last of at least four foreign ones in a row."""
    run: list[int] = []
    for index in [*sorted(codes), None]:
        if index is not None and (codes[index] != "en" and len(paragraphs[index]) >= 2 * _LINE):
            run.append(index)
            continue
        if index is not None and run and len(paragraphs[index]) < 2 * _LINE:
            continue  # too short to tell
        if len(run) >= 4:
            yield from range(run[0], run[-1] + 1)
        run = []


@lru_cache(maxsize=4_000)  # the next version of a policy has mostly the same paragraphs
def _classify(text: str) -> str:
    """The likeliest language that has an ISO 639-1 code: "pcm" is never the better answer."""
    from py3langid import rank  # noqa: PLC0415

    return next((code for code, _ in rank(text[:_SAMPLE]) if len(code) == 2), "en")


def is_policy(text: str) -> bool:
    """Whether a text says anything about privacy or the handling of data.

    Doubtful texts pass: a recipe is turned away, a two-line policy is not.

    >>> is_policy("We do not collect any personal data.")
    True
    >>> is_policy("Beat the eggs, add sugar and bake for ten minutes.")
    False
    """
    found = [sign.search(text) is not None for sign in _SIGNS]
    if count_words(text) < _LONG:
        return any(found[:_STRONG]) or sum(found) >= 2
    return any(found[:_STRONG]) and sum(found) >= 3
