"""Sentence -> Right: which rights a policy grants to the people it speaks to.

A right is read where a grant ("you have the right to", "you may ask us to", the lead-in of a list)
reaches a cue of that right in the same clause. The patterns are data, in ``rights.toml``. There is
no parse: policies name rights in few ways, and most of their sentences name none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from kg import resources
from kg.grounding import grounder
from kg.iris import PF
from kg.model import BlockKind, Document, Evidence, Mention, Right, Sentence

_WORD = re.compile(r"\{(\w+)\}")
#: How far into an item the cue may stand that its lead-in grants.
_NEAR = 120
#: Grants in one sentence that are looked at; no sentence that makes sense has nearly so many.
_MOST = 24
_YOUR = re.compile(r"\byour\b", re.IGNORECASE)
_RIGHT = re.compile(r"right|entitle", re.IGNORECASE)
_BLANK = re.compile(r"\s")
_QUOTES = str.maketrans("‘’“”„", '\'\'"""')


@dataclass(frozen=True, slots=True)
class _Cues:
    """Words for one right: with their object, bare ones, and those that need no grant."""

    iri: str
    cues: re.Pattern[str] | None
    bare: re.Pattern[str] | None
    complete: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Words:
    """The patterns of ``rights.toml``.

    Attributes:
        named: grants after which bare words for a right are enough.
        asked: likewise.
        free: grants after which the words need their object.
        promised: likewise, and what "we will" do then is what is granted.
    """

    telling: re.Pattern[str]
    others: re.Pattern[str]
    named: re.Pattern[str]
    asked: re.Pattern[str]
    free: re.Pattern[str]
    promised: re.Pattern[str]
    refused: re.Pattern[str]
    denied: re.Pattern[str]
    stop: re.Pattern[str]
    aside: re.Pattern[str]
    open: re.Pattern[str]
    following: re.Pattern[str]
    rights: tuple[_Cues, ...]


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a grant reaches.

    Attributes:
        start: where in the sentence.
        text: without the asides, in whose place there are as many other characters.
        bare: whether bare words for a right are enough.
        yours: whether "your" is of those whom the grant is for: not so in "users may view your
            profile".
    """

    start: int
    text: str
    bare: bool
    yours: bool = True


@cache
def _words() -> _Words:
    table: dict[str, Any] = tomllib.loads(resources.RIGHTS.read_text(encoding="utf-8"))
    words: dict[str, str] = table["words"]

    def spelled(pattern: str) -> str:
        while _WORD.search(pattern):
            pattern = _WORD.sub(lambda found: words[found[1]], pattern)
        return pattern

    def one(patterns: Sequence[str] | str) -> re.Pattern[str]:
        listed = (patterns,) if isinstance(patterns, str) else patterns
        return re.compile("|".join(f"(?:{spelled(p)})" for p in listed), re.IGNORECASE)

    def some(patterns: Sequence[str]) -> re.Pattern[str] | None:
        return one([rf"(?<!\w){pattern}" for pattern in patterns]) if patterns else None

    grants, bounds = table["grants"], table["bounds"]
    return _Words(
        telling=one(bounds["telling"]),
        others=one(bounds["others"]),
        named=one(grants["named"]),
        asked=one(grants["asked"]),
        free=one(grants["free"]),
        promised=one(grants["promised"]),
        refused=one(bounds["refused"]),
        denied=one(bounds["denied"]),
        stop=one(bounds["stop"]),
        aside=one(bounds["aside"]),
        open=one(bounds["open"]),
        following=one(bounds["following"]),
        rights=tuple(
            _Cues(PF + name, *(some(found.get(kind, ())) for kind in ("cues", "bare", "complete")))
            for name, found in table["rights"].items()
        ),
    )


def read_rights(document: Document, sentences: Sequence[Sentence]) -> tuple[Right, ...]:
    """The rights that a document grants, each once a sentence, in the order of the text.

    What the company may do, what the user must do and what is refused are no rights.

    >>> from kg.documents import read_text
    >>> from kg.sentences import split
    >>> text = "You may ask us for a copy of your personal data. We may delete your account."
    >>> document = read_text(text, name="a.txt", kind="txt")
    >>> [(right.label, right.words.text) for right in read_rights(document, split(document))]
    [('right of access', 'copy of your personal data')]
    """
    found: list[Right] = []
    before: Sentence | None = None
    for sentence in sentences:
        lead = sentence.lead_in
        if _words().telling.search(sentence.text) or (lead and _opened(_plain(lead.text))):
            first = before is None or (before.block, before.lead_in) != (
                sentence.block,
                sentence.lead_in,
            )
            found.extend(_rights(document, sentence, first))
        before = sentence
    return tuple(found)


def _rights(document: Document, sentence: Sentence, first: bool) -> Iterator[Right]:
    """The rights of one sentence; ``first`` of its block, which its lead-in goes on in."""
    above = sentence.header if sentence.kind is BlockKind.CELL else sentence.lead_in
    led_by = above.text if first and above else ""
    for start, end, iri, is_led in _found(sentence.text, led_by):
        label = grounder().label(iri) or iri.rsplit("#", 1)[-1]
        at = sentence.start + start
        words = Mention(sentence.text[start:end], at, sentence.start + end, iri, label)
        evidence = Evidence(
            document.name,
            sentence.text,
            sentence.start,
            sentence.end,
            sentence.headings,
            (sentence.lead_in,) if is_led and sentence.lead_in else (),
        )
        yield Right(iri, label, words, evidence)


@lru_cache(maxsize=4_000)  # the next version of a policy has mostly the same sentences
def _found(words: str, led_by: str) -> tuple[tuple[int, int, str, bool], ...]:
    """Begin, end and concept of each right in a sentence, and whether its lead-in grants it."""
    text = _plain(words)
    reaches = list(islice(_reaches(text), _MOST))
    led = _led(led_by, text)
    found: list[tuple[int, int, str, bool]] = []
    for right in _words().rights:
        own, beside = _place(right, text, reaches), _place_led(right, text, led)
        if place := min(filter(None, (own, beside)), default=None):
            start, end = _stripped(text, *place)
            found.append((start, end, right.iri, own is None))
    return tuple(sorted(found))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())


def _plain(text: str) -> str:
    """With one kind of blank, apostrophe and quotation mark, so that no offset moves."""
    return _BLANK.sub(" ", text).translate(_QUOTES)


def _place(right: _Cues, text: str, reaches: Iterable[_Reach]) -> tuple[int, int] | None:
    """Where a right is first named within reach of a grant, or needs none."""
    found = right.complete.search(text) if right.complete else None
    places = [found.span()] if found else []
    for reach in reaches:
        for cues in (right.cues, right.bare if reach.bare else None):
            cue = cues.search(reach.text) if cues else None
            if cue and (reach.yours or not _YOUR.search(cue[0])):
                places.append((reach.start + cue.start(), reach.start + cue.end()))
    return min(places, default=None)


def _place_led(right: _Cues, text: str, reaches: Iterable[_Reach]) -> tuple[int, int] | None:
    """The same where the grant stands before the text, in its lead-in: ``start`` is negative.

    The words must begin close to the beginning, or end the lead-in's ("opt out of: sales").
    """
    for reach in reaches:
        for cues in (right.cues, right.bare if reach.bare else None):
            for cue in cues.finditer(reach.text) if cues else ():
                start, end = reach.start + cue.start(), reach.start + cue.end()
                if end > 0 and start < _NEAR:
                    return max(start, 0), min(end, len(text))
    return None


def _reaches(text: str) -> Iterator[_Reach]:
    """What each grant in a sentence reaches."""
    words = _words()
    named = ((words.named, True),) if _RIGHT.search(text) else ()
    grades = (*named, (words.asked, True), (words.free, False), (words.promised, False))
    for grants, bare in grades:
        for grant in grants.finditer(text):
            if words.refused.search(text, 0, grant.start()) or words.denied.search(grant[0]):
                continue
            stop = None if grants is words.promised else words.stop.search(text, grant.end())
            reached = text[grant.end() : stop.start() if stop else len(text)]
            yours = grants is not words.free or not words.others.match(grant[0])
            yield _Reach(grant.end(), words.aside.sub(_hidden, reached), bare, yours)


def _hidden(found: re.Match[str]) -> str:
    return "\0" * len(found[0])


def _led(above: str, text: str) -> tuple[_Reach, ...]:
    """What the lead-in of a list item, or the header of a cell, grants at its beginning."""
    reach = _opened(_plain(above)) if above else None
    if reach is None:
        return ()
    words = _words()
    stop = words.stop.search(text)
    own = words.aside.sub(_hidden, text[: stop.start() if stop else len(text)])
    return (_Reach(-len(reach.text), f"{reach.text}{own}", reach.bare),)


@lru_cache(maxsize=8)
def _opened(lead: str) -> _Reach | None:
    """What of a lead-in its items go on with; ``None`` if it grants nothing or all by itself."""
    words = _words()
    if words.following.search(lead) and not words.denied.search(lead):
        return _Reach(0, "", True)
    last = max(islice(_reaches(lead), _MOST), key=lambda reach: reach.start, default=None)
    if last is None or last.start + len(last.text) < len(lead) or not words.open.search(lead):
        return None
    if any(_place(right, lead, (last,)) for right in words.rights):
        return None  # it names its right itself; the items say more about that
    return _Reach(0, f"{last.text} ", last.bare)
