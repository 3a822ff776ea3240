"""Text -> words that can be compared: who speaks, sites and spelling make no difference."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import Indel

from kg import resources

#: What stands for the publisher and its brands, and for a site or an address.
SELF, SITE = "\ue000", "\ue001"

# Bounded, so that no text of a policy can make it slow.
_SITE = (
    r"(?:https?://|www\.)[^\s)\]>]+"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[a-z]{2,6}\b(?!\.\w)"
)
#: Endings that words have or have not, as the sentence is built.
_ENDING = re.compile(r"(?<=\w{3})(?:ings?|ed|es|s|e)$")
_WORD = r"[^\W_]+(?:['’][^\W_]+)*"


@cache
def listed(kind: str) -> frozenset[str]:
    """The words of one kind in ``words.toml``."""
    with resources.CHANGES.open("rb") as file:
        return frozenset(tomllib.load(file)[kind])


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a text and where each stands in it."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def within(self, start: int, end: int) -> range:
        """Numbers of the words that lie in a range of the text, in part at least."""
        found = [n for n, (a, b) in enumerate(self.spans) if a < end and start < b]
        return range(min(found, default=0), max(found, default=-1) + 1)


class Reader:
    """Reads words of policies of one publisher.

    Args:
        names: of the publisher and its brands, in both versions.
    """

    def __init__(self, names: Iterable[str]) -> None:
        known = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len)
        own = "|".join(rf"(?<!\w){re.escape(name)}(?:['’]s)?(?!\w)" for name in reversed(known))
        parts = [f"(?P<site>{_SITE})", f"(?P<word>{_WORD})"]
        if own:
            parts.insert(0, f"(?P<own>{own})")
        self._pattern = re.compile("|".join(parts), re.IGNORECASE)
        self._read = lru_cache(maxsize=1 << 14)(self._words)

    def __call__(self, text: str) -> Words:
        """The words of a text."""
        return self._read(text)

    def _words(self, text: str) -> Words:
        speaking = listed("self")
        words: list[str] = []
        spans: list[tuple[int, int]] = []
        for found in self._pattern.finditer(text):
            group = found.lastgroup
            word = SELF if group == "own" else SITE if group == "site" else _plain(found.group())
            if word in speaking:
                word = SELF
            if word == SELF and words and words[-1] == SELF:
                spans[-1] = spans[-1][0], found.end()
                continue
            words.append(word)
            spans.append(found.span())
        return Words(tuple(words), tuple(spans))


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower().removesuffix("'s")
    plain = unicodedata.normalize("NFKC", word).casefold().replace("’", "'")
    return plain.removesuffix("'s")


@lru_cache(maxsize=1 << 15)
def telling(words: tuple[str, ...]) -> frozenset[str]:
    """The words that say something, without their endings."""
    silent = _silent()
    return frozenset(stem(word) for word in words if word not in silent)


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """A word without the ending that it has as the sentence is built."""
    return _ENDING.sub("", word)


@cache
def _silent() -> frozenset[str]:
    return listed("empty") | listed("pointing") | listed("silent") | {SELF, SITE}


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How much of two texts is alike, from 0 to 1: words in common, in the same order."""
    return Indel.normalized_similarity(one, other)


def differing(
    one: tuple[str, ...], other: tuple[str, ...]
) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of the words that only the one has, and of those that only the other has."""
    ours: set[int] = set()
    theirs: set[int] = set()
    for step in Indel.opcodes(one, other):
        if step.tag != "equal":
            ours.update(range(step.src_start, step.src_end))
            theirs.update(range(step.dest_start, step.dest_end))
    return frozenset(ours), frozenset(theirs)


def holds(text: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Whether words stand in a text, one after the other."""
    size = len(part)
    return any(text[at : at + size] == part for at in range(len(text) - size + 1))
