"""Chosen claims -> the data of a page: tables of plain values, each text written once.

The page's scripts read it with ``kg/views/app/data.js``, which is the other half of this file.
A row is a list in the order of the names in ``FIELDS``; where a row names a row of another table,
it gives its number. Offsets count UTF-16 units, as JavaScript does. Texts show control characters
and marks of direction as signs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.claims import HEADING_SEPARATOR, Claim, Source
from kg.concepts import TOPS
from kg.iris import PF, digest
from kg.model import Action, Evidence, Mention, Modality, Support
from kg.queries.formats import visible
from kg.views import page_found
from kg.views.found import Found
from kg.views.layout import network
from kg.views.scope import Chosen

#: Table -> what its rows hold, in this order.
FIELDS = {
    "concepts": ("key", "label", "kind", "above", "wide", "own", "vague", "sensitive"),
    "policies": ("digits", "company", "line", "date", "title", "documents", "urls", "latest"),
    "sentences": ("policy", "start", "heading", "text"),
    "statements": (
        *("digits", "sentence", "action", "denied", "modality", "child", "actor"),
        *("confidence", "support", "mentions", "context"),
    ),
    **page_found.FIELDS,
}
ACTIONS = tuple(action.value for action in Action)
MODALITIES = tuple(modality.value for modality in Modality)
SUPPORTS = tuple(support.value for support in Support)
KINDS = ("data", "party", "purpose", "place", "basis")
#: Field of a statement -> role in the page, and the kind of its concepts; the others are words.
ROLES = {
    "trigger": ("trigger", None),
    "negation": ("negation", None),
    "actor": ("actor", None),
    "data": ("data", "data"),
    "recipients": ("recipient", "party"),
    "sources": ("source", "party"),
    "purposes": ("purpose", "purpose"),
    "locations": ("place", "place"),
    "legal_bases": ("basis", "basis"),
    "retention": ("retention", None),
    "conditions": ("condition", None),
    "methods": ("method", None),
    "threats": ("threat", None),
}
#: Concepts that hold nearly everything: they stand open, and what is right below are the groups.
_WIDE = frozenset({*TOPS.values(), f"{PF}PersonalData"})
_OWN = {
    "data": "other data, in the policy's own words",
    "party": "others, by name or in the policy's own words",
    "purpose": "other purposes, in the policy's own words",
    "place": "other places, in the policy's own words",
    "basis": "other bases, in the policy's own words",
}
_NO_TEXT = -1


def page_data(chosen: Chosen, title: str, found: Found | None = None) -> dict[str, Any]:
    """All that a page shows, as values that JSON can hold; the same claims give the same data.

    Args:
        found: what changed, and what is at odds; nothing by default.
    """
    tables = _Tables(chosen)
    for source in chosen.sources:
        tables.add_policy(source)
    for claim in chosen.claims:
        tables.add_statement(claim)
    told = page_found.found_rows(found or Found(), tables)
    drawn = network(chosen, tables.party, tables.place, lambda number: tables.above[number])
    return {
        "title": visible(title),
        "scope": _scope(chosen),
        "fields": FIELDS,
        "names": {
            "action": ACTIONS,
            "modality": MODALITIES,
            "support": SUPPORTS,
            "kind": KINDS,
            "change": page_found.KINDS,
            "grade": page_found.GRADES,
            "role": [role for role, _ in ROLES.values()],
        },
        "texts": list(tables.texts),
        "concepts": tables.concepts,
        "policies": tables.policies,
        "sentences": tables.sentences,
        "statements": tables.statements,
        **told,
        "network": drawn,
    }


def _scope(chosen: Chosen) -> dict[str, Any]:
    """What the page is of, and what was left out before it, to be said on it."""
    scope = chosen.scope
    found = {
        "companies": [visible(name) for name in scope.companies],
        "snapshot": scope.snapshot,
        "focus": visible(chosen.focus) if chosen.focus else None,
        "least": scope.least or None,
        "undated": [visible(name) for name in chosen.undated],
        "later": [visible(name) for name in chosen.later],
    }
    return {name: value for name, value in found.items() if value}


@dataclass(slots=True)
class _Tables:
    """The tables while they are filled; numbers of rows are given in the order of the text."""

    chosen: Chosen
    texts: dict[str, int] = field(default_factory=dict)
    concepts: list[list[Any]] = field(default_factory=list)
    above: list[tuple[int, ...]] = field(default_factory=list)
    policies: list[list[Any]] = field(default_factory=list)
    sentences: list[list[Any]] = field(default_factory=list)
    statements: list[list[Any]] = field(default_factory=list)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _lines: dict[str, int] = field(default_factory=dict)
    _policies: dict[str, int] = field(default_factory=dict)
    _sentences: dict[tuple[int, int, int], tuple[int, _Offsets]] = field(default_factory=dict)
    _statements: dict[str, int] = field(default_factory=dict)
    _said: dict[int, list[int]] = field(default_factory=dict)

    def add_policy(self, source: Source) -> None:
        self._policies[source.graph] = len(self.policies)
        self.policies.append(
            [
                _key(source.graph),
                self.party(source.company_iri, source.company),
                self._lines.setdefault(source.policy, len(self._lines)),
                source.date or "",
                visible(source.title),
                [visible(name) for name in source.documents],
                [visible(url) for url in source.urls if url.startswith(("https://", "http://"))],
                int(source.graph in self.chosen.latest),
            ]
        )

    def add_statement(self, claim: Claim) -> None:
        said = claim.statement
        number, offsets = self._sentence(claim.source, said.evidence)
        mentions: list[int] = []
        for place, (attribute, (_, kind)) in enumerate(ROLES.items()):
            value: Mention | tuple[Mention, ...] | None = getattr(said, attribute)
            found = value if isinstance(value, tuple) else (value,) if value else ()
            for mention in found:
                mentions += (place, *self._mention(mention, kind, offsets))
        self._statements[claim.iri] = len(self.statements)
        self._said.setdefault(number, []).append(len(self.statements))
        self.statements.append(
            [
                claim.digits,
                number,
                ACTIONS.index(said.action.value),
                int(claim.is_denial),
                MODALITIES.index(said.modality.value),
                int(said.data_subject == "child"),
                self.party(claim.actor_iri, claim.actor),
                round(100 * said.confidence),
                SUPPORTS.index(said.support.value),
                mentions,
                [self.text(span.text) for span in said.evidence.context],
            ]
        )

    def policy(self, source: Source) -> int:
        """Number of a snapshot."""
        return self._policies[source.graph]

    def statement(self, claim: Claim) -> int | None:
        """Number of a statement; ``None`` for a claim that was not chosen."""
        return self._statements.get(claim.iri)

    def sentence(self, source: Source, span: Evidence) -> int:
        """Number of a sentence, which is added where it is not there yet."""
        return self._sentence(source, span)[0]

    def said_in(self, sentence: int) -> list[int]:
        """Numbers of the statements of a sentence."""
        return self._said.get(sentence, [])

    def text(self, text: str) -> int:
        """Number of a text, which is added where it is not there yet."""
        shown = visible(" ".join(text.split()))
        return self.texts.setdefault(shown, len(self.texts))

    def party(self, iri: str, label: str) -> int:
        """Number of a party."""
        return self.concept(iri, label, "party")

    def place(self, iri: str, label: str) -> int:
        """Number of a place."""
        return self.concept(iri, label, "place")

    def concept(self, iri: str, label: str, kind: str) -> int:
        """Number of a concept, which is added with all above it where it is not there yet."""
        number = self._numbers.get((kind, iri))
        if number is not None:
            return number
        known = self.chosen.concepts
        broader = known.above.get(iri, ()) if iri != TOPS[kind] else ()
        is_own = "/" in iri.removeprefix(PF)
        if is_own:
            broader = tuple(one for one in broader if one not in _WIDE)
        above = [self.concept(one, known.labels.get(one, one), kind) for one in broader]
        if is_own and not above:
            above = [self._group(kind)]
        return self._add((kind, iri), _key(iri), label if label.strip() else iri, above, is_own)

    def _group(self, kind: str) -> int:
        """Number of what a policy's own words are under that are like nothing else."""
        found = self._numbers.get((kind, ""))
        if found is not None:
            return found
        top = self.concept(TOPS[kind], self.chosen.concepts.labels.get(TOPS[kind], kind), kind)
        return self._add((kind, ""), "own", _OWN[kind], [top], False)

    def _add(
        self, name: tuple[str, str], key: str, label: str, above: list[int], is_own: bool
    ) -> int:
        kind, iri = name
        number = self._numbers[name] = len(self.concepts)
        known = self.chosen.concepts
        self.above.append(tuple(above))
        self.concepts.append(
            [
                key,
                visible(" ".join(label.split())),
                KINDS.index(kind),
                above,
                int(iri in _WIDE),
                int(is_own),
                int(iri in known.vague),
                int(iri in known.sensitive),
            ]
        )
        return number

    def _sentence(self, source: Source, span: Evidence) -> tuple[int, _Offsets]:
        policy = self.policy(source)
        name = (policy, span.start, span.end)
        if name not in self._sentences:
            offsets = _Offsets.of(span)
            headings = HEADING_SEPARATOR.join(span.headings)
            heading = self.text(headings) if headings else _NO_TEXT
            self._sentences[name] = len(self.sentences), offsets
            self.sentences.append([policy, span.start, heading, offsets.text])
        return self._sentences[name]

    def _mention(self, mention: Mention, kind: str | None, offsets: _Offsets) -> tuple[int, ...]:
        """Begin and length in the sentence, or -1 and a text; the concept, or -1."""
        concept = -1
        if kind is not None:
            iri = mention.iri or f"words/{digest(' '.join(mention.text.casefold().split()))}"
            concept = self.concept(iri, mention.label or mention.text, kind)
        place = offsets.place(mention)
        if place is None:
            return _NO_TEXT, self.text(mention.text), concept
        return *place, concept


@dataclass(frozen=True, slots=True)
class _Offsets:
    """A sentence as it is shown, and where its characters stand in that.

    Attributes:
        units: UTF-16 units before each character and at the end; ``None`` when nothing moved.
    """

    text: str
    start: int
    end: int
    units: tuple[int, ...] | None = None

    @classmethod
    def of(cls, span: Evidence) -> _Offsets:
        if span.text.isprintable() and span.text.isascii():
            return cls(span.text, span.start, span.end)
        parts = [" " if char.isspace() else visible(char) for char in span.text]
        units = [0]
        for part in parts:
            units.append(units[-1] + len(part.encode("utf-16-le")) // 2)
        return cls("".join(parts), span.start, span.end, tuple(units))

    def place(self, mention: Mention) -> tuple[int, int] | None:
        """Begin and length; ``None`` for what stands elsewhere."""
        if not self.start <= mention.start <= mention.end <= self.end or not mention.text:
            return None
        begin, end = mention.start - self.start, mention.end - self.start
        if self.units is not None:
            if end >= len(self.units):
                return None
            begin, end = self.units[begin], self.units[end]
        return begin, end - begin


def _key(iri: str) -> str:
    """The end of an IRI, by which a page's address names a concept."""
    return visible(iri.rstrip("/#").rsplit("#", 1)[-1].rsplit("/", 1)[-1])
