"""The words that open, fill and limit a statement, read from ``frames.toml``.

A :class:`Lexicon` is frozen and holds no text of a policy; :func:`lexicon` reads the shipped one
once. Concepts (data categories, recipients, purposes) are not here: they come from the ontology,
through :mod:`kg.grounding`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg import resources
from kg.model import Action

_VOWELS = "aeiou"
#: Sets of verbs, whose forms have lemmas too: whole tables, and two sets of another.
_VERB_TABLES = frozenset({"control", "giving", "publishing"})
_VERB_SETS = frozenset({"security.keeping", "security.verbs", "negation.performing"})


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the lexicon: its lemma, what it does to data, and how sure that is.

    Attributes:
        strong: states the action with any data object, a pronoun too; otherwise the object
            has to be personal data beyond doubt.
    """

    lemma: str
    action: Action
    strong: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words by what they do, all lower-case.

    Attributes:
        verbs: any form of a verb that states an action.
        nouns: nouns that name an action.
        lemmas: verb forms.
        sets: sets of words by ``table.key`` of ``frames.toml``.
        openers: phrases that open a list of examples, word by word, the longest first.
        phrases: phrases that deny; before_gerund: those that deny the gerund behind them.
    """

    verbs: Mapping[str, Verb]
    nouns: Mapping[str, Verb]
    lemmas: Mapping[str, str]
    sets: Mapping[str, frozenset[str]]
    openers: tuple[tuple[str, ...], ...]
    phrases: tuple[tuple[str, ...], ...]
    before_gerund: tuple[tuple[str, ...], ...]

    def has(self, name: str, word: str) -> bool:
        """Whether a lower-case word is in a set, ``"parties.user_words"`` for example."""
        return word in self.sets[name]

    def lemma(self, word: str) -> str:
        """The lemma of a verb form that the lexicon knows, else the word itself."""
        return self.lemmas.get(word, word)


def inflect(lemma: str) -> tuple[str, ...]:
    """Forms of a regular English verb, the lemma first.

    >>> inflect("apply")
    ('apply', 'applies', 'applying', 'applied')
    >>> inflect("store")
    ('store', 'stores', 'storing', 'stored')
    """
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return lemma, f"{lemma[:-1]}ies", f"{lemma}ing", f"{lemma[:-1]}ied"
    third = f"{lemma}es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else f"{lemma}s"
    if lemma.endswith("e") and not lemma.endswith("ee"):
        return lemma, third, f"{lemma[:-1]}ing", f"{lemma}d"
    return lemma, third, f"{lemma}ing", f"{lemma}ed"


def _forms(lemma: str, irregular: Mapping[str, list[str]]) -> Iterable[str]:
    return (lemma, *irregular[lemma]) if lemma in irregular else inflect(lemma)


def load(text: str) -> Lexicon:
    """The lexicon of a TOML text in the layout of ``frames.toml``."""
    tables: dict[str, Any] = tomllib.loads(text)
    irregular: dict[str, list[str]] = tables.pop("irregular")
    verbs: dict[str, Verb] = {}
    nouns: dict[str, Verb] = {}
    lemmas: dict[str, str] = {}
    for name, words in tables.pop("actions").items():
        action = Action(name)
        for strength in ("strong", "weak"):
            for lemma in words[strength]:
                verb = Verb(lemma, action, strength == "strong")
                for form in _forms(lemma, irregular):
                    verbs.setdefault(form, verb)
                    lemmas.setdefault(form, lemma)
        for noun in words["nouns"]:
            nouns[noun] = Verb(noun, action, strong=True)
    openers, phrases, before_gerund = (
        tuple(tuple(phrase.split()) for phrase in tables[table].pop(key))
        for table, key in (
            ("phrases", "openers"),
            ("negation", "phrases"),
            ("negation", "before_gerund"),
        )
    )
    sets: dict[str, frozenset[str]] = {}
    for table, keys in tables.items():
        for key, words in keys.items():
            sets[f"{table}.{key}"] = frozenset(words)
            if table in _VERB_TABLES or f"{table}.{key}" in _VERB_SETS:
                for lemma in words:
                    for form in _forms(lemma, irregular):
                        lemmas.setdefault(form, lemma)
    # What only a user does with data ("enter", "upload") is a collection when the user does it.
    for lemma in sorted(sets["giving.verbs"]):
        for form in _forms(lemma, irregular):
            verbs.setdefault(form, Verb(lemma, Action.COLLECT, strong=False))
    sets["giving.only"] = frozenset(
        lemma for lemma in sets["giving.verbs"] if verbs[lemma].action is Action.COLLECT
    )
    return Lexicon(verbs, nouns, lemmas, sets, openers, phrases, before_gerund)


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    return load(resources.FRAMES.read_text(encoding="utf-8"))
