"""Store -> Finding: where a policy goes against itself.

The checks find candidates in the graph and in the text, :mod:`kg.checks.grading` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kg import manifest
from kg.checks.grading import Side, Verdict, grade, of_promise
from kg.checks.rules import Check, Grade
from kg.checks.rules import checks as shipped
from kg.claims import HEADING_SEPARATOR, Claim, Source, claims_of, concept_labels, sources, standing
from kg.concepts import Concepts, concepts
from kg.errors import QueryError
from kg.sentences import bounds

if TYPE_CHECKING:
    from kg.store import Store

#: Snapshots below which each is asked by itself, which is quicker than all at once.
_FEW = 9
#: Characters from which on a context is a sentence that leads in, and no phrase.
_LEAD_IN = 12
#: Role -> what is said where the second names nothing in it.
_OTHERWISE = {
    "data": "data",
    "recipient": "others",
    "purpose": "purposes of its own",
    "place": "another country",
}
_LISTED = 3
#: Share of the shorter one's words from which on two promises are one that is repeated.
_ALIKE = 0.7
_WORD = re.compile(r"\w+")
_ORDER = tuple(Grade)
_HEADING = re.compile(r"[^a-z].{0,88}[^.:;,!]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Finding:
    """Two sentences of one snapshot that are at odds.

    Attributes:
        first: what promises, denies or defines.
        second: what goes against it; ``None`` when the first is at odds with itself.
        shared: role -> what both speak of.
        why: they clash, in a sentence.
        reconciled: what reconciles them, when the grade is apparent, or takes the edge off.
        open_to: what would reconcile them, had the policy said so.
        confidence: of the less sure of the claims.
    """

    source: Source
    check: str
    question: str
    grade: Grade
    first: Side
    second: Side | None
    shared: tuple[tuple[str, str], ...]
    why: str
    reconciled: tuple[str, ...] = ()
    open_to: tuple[str, ...] = ()
    confidence: float = 1.0

    @property
    def company(self) -> str:
        """Name of the publisher."""
        return self.source.company


@dataclass(frozen=True)
class _Policy:
    """A snapshot with what its checks may need, each read when it is first asked for."""

    store: Store
    source: Source
    labels: Mapping[str, str]
    text: str | None
    least: float
    read: Sequence[Claim] | None = None
    known: dict[tuple[str, str, str], tuple[Side, ...]] = field(default_factory=dict)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        found = self.read
        if found is None:
            found = claims_of(self.store, self.source, self.labels)
        sure = (claim for claim in found if claim.statement.confidence >= self.least)
        return {claim.iri: claim for claim in sure}

    @cached_property
    def sentences(self) -> tuple[Side, ...]:
        """All sentences of the text; without it those that claims rest on."""
        if self.text is None:
            places = {
                (e.start, e.end): Side(e.text, e.start, e.end, e.headings)
                for e in (claim.statement.evidence for claim in self.claims.values())
            }
            return tuple(places[place] for place in sorted(places))
        return tuple(_sentences(self.text))

    @cached_property
    def lowered(self) -> tuple[tuple[Side, str], ...]:
        """The sentences, each with its words in small letters."""
        return tuple((side, side.text.lower()) for side in self.sentences)

    def side(self, iri: str) -> Side | None:
        """The side that a claim makes; ``None`` for one that is left out."""
        claim = self.claims.get(iri)
        if claim is None:
            return self.definitions.get(iri)
        said = claim.statement.evidence
        before, after = self.around(said.start, said.end)
        lead_in = " ".join(span.text for span in said.context if len(span.text) > _LEAD_IN)
        goes_on = bool(self.text and re.match(r"\w[^\n]", self.text[said.end - 1 : said.end + 1]))
        return Side(
            said.text,
            said.start,
            said.end,
            said.headings,
            claim,
            iri,
            before,
            after,
            lead_in,
            goes_on,
        )

    def sides(self, check: Check, name: str, iri: str) -> tuple[Side, ...]:
        """What may be the "first" or the "second" of a check: a claim, or sentences."""
        key = check.name, name, iri
        if key not in self.known:
            if name not in check.selects:
                found = tuple(
                    side for side, low in self.lowered if check.fits(name, side.text, low)
                )
            else:
                side = self.side(iri)
                sure = side is not None and (
                    side.claim is None or side.claim.statement.confidence >= check.confidence
                )
                found = (side,) if side and sure and check.fits(name, side.text) else ()
            self.known[key] = found
        return self.known[key]

    @cached_property
    def definitions(self) -> dict[str, Side]:
        rows = self.store.query(
            f"SELECT ?definition ?text ?start ?end ?heading WHERE {{ GRAPH <{self.source.graph}> {{"
            " ?definition a pf:Definition ; prov:wasDerivedFrom ?place . "
            " ?place oa:hasSelector ?quote, ?position . ?quote oa:exact ?text . "
            " ?position oa:start ?start ; oa:end ?end ."
            " OPTIONAL { ?place pf:heading ?heading } } }"
        )
        found = {}
        for definition, text, start, end, heading in rows:
            above = tuple(heading.value.split(HEADING_SEPARATOR)) if heading else ()
            found[definition.value] = Side(
                text.value, int(start.value), int(end.value), above, None, definition.value
            )
        return found

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The sentences before and after a place; that of the next paragraph opens a new line."""
        text = self.text or ""
        before = text[max(0, start - 600) : start].rpartition("\n\n")[2] if text else ""
        after = text[end : end + 600] if text else ""
        last = [before[a:b] for a, b in bounds(before, 0, len(before))]
        a, b = next(iter(bounds(after, 0, len(after))), (0, 0))
        following = "\n" * ("\n\n" in after[:a]) + after[a:b]
        return (last[-1] if last else ""), following


def _sentences(text: str) -> Iterator[Side]:
    heading = ""
    at = 0
    for block in re.split(r"(\n{2,})", text):
        start, at = at, at + len(block)
        if not block.strip():
            continue
        if _HEADING.fullmatch(block.strip()) and "\n" not in block.strip():
            heading = block.strip()
            continue
        places = list(bounds(text, start, at))
        for number, (first, last) in enumerate(places):
            around = [text[a:b] for a, b in places[max(0, number - 1) : number + 2]]
            yield Side(
                text[first:last],
                first,
                last,
                (heading,) if heading else (),
                before=around[0] if number else "",
                after=around[-1] if number + 1 < len(places) else "",
            )


def findings(
    store: Store,
    *,
    company: str | None = None,
    least: float = 0.0,
    checks: Sequence[Check] | None = None,
    apparent: bool = False,
    claims: Mapping[str, Sequence[Claim]] | None = None,
    snapshot: str | None = None,
) -> tuple[Finding, ...]:
    """What is at odds in each snapshot, by company and date, the worst first.

    Args:
        company: only one publisher's policies: its IRI, or one of its names.
        least: confidence below which a claim is left out.
        checks: those to make; the shipped ones by default.
        apparent: give also the pairs that something in the policy reconciles.
        claims: IRI of a snapshot -> all its claims, where they were read before: only these
            snapshots are looked at.
        snapshot: only each policy as it stood on this day, "latest" for the last one of each;
            all snapshots by default.

    Raises:
        QueryError: there is no such company, or a check is malformed.
    """
    made = shipped() if checks is None else tuple(checks)
    known = concepts(store)
    labels = concept_labels(store)
    texts = manifest.texts_of(store.path) if store.path else lambda _: None
    found: list[Finding] = []
    chosen = sources(store, company=company)
    if snapshot is not None:
        chosen = standing(chosen, None if snapshot == "latest" else snapshot)
    if claims is not None:
        chosen = tuple(source for source in chosen if source.graph in claims)
    one = company is not None or len(chosen) < _FEW
    same = {check.name: check.same_as for check in made if check.same_as}
    rows = {check.name: _candidates(store, check, chosen, one=one) for check in made}
    for source in chosen:
        read = None if claims is None else claims[source.graph]
        policy = _Policy(store, source, labels, texts(source.graph), least, read)
        here = [
            finding
            for check in made
            for finding in _best(
                _of(policy, check, rows[check.name].get(source.graph, ()), known, apparent),
                check,
            )
        ]
        found += sorted(_once(here, same), key=_place)
    return tuple(found)


def _candidates(
    store: Store, check: Check, chosen: Iterable[Source], *, one: bool
) -> dict[str, list[tuple[str, str]]]:
    """IRI of a snapshot -> IRIs of the first and the second; empty where a side is not selected."""
    from pyoxigraph import NamedNode  # noqa: PLC0415 - heavy

    found: dict[str, list[tuple[str, str]]] = {}
    bindings = [{"snapshot": NamedNode(source.graph)} for source in chosen] if one else [{}]
    for binding in bindings:
        try:
            rows = store.query(check.text, binding)
            names = [variable.value for variable in rows.variables]
            places = [names.index(side) if side in names else -1 for side in ("first", "second")]
            graph = names.index("snapshot")
            for row in rows:
                cells = [row[place].value if place >= 0 and row[place] else "" for place in places]
                found.setdefault(row[graph].value, []).append((cells[0], cells[1]))
        except (SyntaxError, ValueError, OSError) as error:
            raise QueryError(f"the check {check.name} cannot be asked: {error}") from error
    return {graph: list(dict.fromkeys(pairs)) for graph, pairs in found.items()}


def _of(
    policy: _Policy,
    check: Check,
    pairs: Sequence[tuple[str, str]],
    known: Concepts,
    apparent: bool,
) -> Iterator[Finding]:
    seconds: dict[str, list[str]] = {}
    for first_iri, second_iri in pairs:
        seconds.setdefault(first_iri, []).append(second_iri)
    seen = set()
    for first_iri, second_iris in seconds.items():
        for first in policy.sides(check, "first", first_iri):
            # A promise that nothing can go against needs no second.
            if not apparent and of_promise(check, first):
                continue
            others: Iterable[Side | None] = (None,)
            if not check.is_alone:
                others = (s for iri in second_iris for s in policy.sides(check, "second", iri))
            for second in others:
                key = (first.iri, first.start, second and (second.iri, second.start))
                if key not in seen:
                    seen.add(key)
                    verdict = grade(check, first, second, known)
                    if apparent or verdict.grade is not Grade.APPARENT:
                        yield _finding(policy.source, check, first, second, verdict)


def _finding(
    source: Source, check: Check, first: Side, second: Side | None, verdict: Verdict
) -> Finding:
    told = second or first
    words = {role: _listed(told, role) or otherwise for role, otherwise in _OTHERWISE.items()}
    sure = [side.claim.statement.confidence for side in (first, second) if side and side.claim]
    return Finding(
        source=source,
        check=check.name,
        question=check.question,
        grade=verdict.grade,
        first=first,
        second=second,
        shared=verdict.shared,
        why=check.told(words),
        reconciled=verdict.reconciled,
        open_to=tuple(
            one.label for one in check.reconcilers if one.label not in verdict.reconciled
        ),
        confidence=min(sure, default=1.0),
    )


def _listed(side: Side, role: str) -> str:
    names = list(dict.fromkeys(m.label or m.text for m in side.mentions(role)))
    return ", ".join(names[:_LISTED]) + (" and more" if len(names) > _LISTED else "")


def _best(found: Iterable[Finding], check: Check) -> Iterator[Finding]:
    """The strongest pairs of each promise, and all apparent ones."""
    taken: dict[str, int] = {}
    texts = set()
    for finding in sorted(_nearest(found), key=_strength):
        second = finding.second.text if finding.second else ""
        # Sentences that are at odds with themselves in the same words say the same.
        first = finding.first.text if second else check.matched("first", finding.first.text)
        if finding.grade is Grade.APPARENT:
            yield finding
            continue
        if (first, second) in texts or taken.get(first, 0) >= check.most:
            continue
        texts.add((first, second))
        taken[first] = taken.get(first, 0) + 1
        yield finding


def _nearest(found: Iterable[Finding]) -> Iterator[Finding]:
    """Without the pairs whose promise, or nearly its words, is repeated nearer to the second."""
    told = tuple(found)
    promises = {one.first.start: one.first for one in told if one.grade is not Grade.APPARENT}
    words = {start: frozenset(_WORD.findall(one.text.lower())) for start, one in promises.items()}

    def is_repeated_nearer(finding: Finding) -> bool:
        start = finding.first.start
        if finding.second is None or start not in words:
            return False
        far = abs(start - finding.second.start)
        return any(
            abs(other - finding.second.start) < far and _alike(words[start], words[other])
            for other in words
        )

    return (one for one in told if one.grade is Grade.APPARENT or not is_repeated_nearer(one))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * min(len(one), len(other))


def _once(found: Iterable[Finding], same: Mapping[str, str]) -> Iterator[Finding]:
    """Each pair of sentences once, with its worst grade.

    Not again what a check that says the same has told of a promise, nor a sentence alone that is
    in a pair.
    """
    pairs = set()
    firsts: set[int] = set()
    told = set()
    for finding in sorted(found, key=lambda one: _precedence(one, same)):
        first, second = finding.first.start, finding.second
        if finding.grade is not Grade.APPARENT:
            by = same.get(finding.check)
            if (by, first) in told or (second is None and first in firsts):
                continue
        where = frozenset({first, second.start if second else first})
        if where in pairs:
            continue
        pairs.add(where)
        if finding.grade is not Grade.APPARENT:
            firsts.add(first)
            told.add((finding.check, first))
        yield finding


def _precedence(finding: Finding, same: Mapping[str, str]) -> tuple[int, bool, bool]:
    return _ORDER.index(finding.grade), finding.second is None, finding.check in same


def _strength(finding: Finding) -> tuple[int, bool, float, int, int]:
    second = finding.second
    is_weak = bool(second and second.claim and second.claim.statement.modality == "may")
    return (
        _ORDER.index(finding.grade),
        is_weak,
        -finding.confidence,
        finding.first.start,
        second.start if second else 0,
    )


def _place(finding: Finding) -> tuple[int, int, int, str]:
    second = finding.second or finding.first
    return _ORDER.index(finding.grade), finding.first.start, second.start, finding.check
