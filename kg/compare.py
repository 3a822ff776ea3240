"""Companies -> Comparison: who states what the others do not, and who denies what others do.

Policies say the same in other words and more or less exactly, so what one says is held against the
hierarchy of concepts: beside one company's "email address" another's "contact data" is no silence,
but the same in broader terms. What is only said of personal data, third parties and the like takes
in everything, and would make all companies alike: it is told as said in general, and counts as
naming nothing.

A denial that is limited ("we do not share your location with advertisers", "... without your
consent", "... of children") leaves the rest open and is a denial in part. So is one in general
("we do not share personal data") of a company that states such practice elsewhere: it means less
than its words say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kg.companies import Company, directory
from kg.concepts import Concepts, Relation, concepts
from kg.errors import UsageError
from kg.iris import PF
from kg.model import Action
from kg.practices import Practice, practices
from kg.queries.canned import named

if TYPE_CHECKING:
    from kg.store import Store

#: What rows may be of -> (field of a practice, kind of concept).
FACETS = {
    "data": ("data", "data"),
    "recipient": ("recipients", "party"),
    "purpose": ("purposes", "purpose"),
    "place": ("places", "place"),
}
#: Actions, those first that people ask about first.
ORDER = (
    Action.SELL,
    Action.SHARE,
    Action.TRANSFER,
    Action.COLLECT,
    Action.USE,
    Action.STORE,
    Action.RETAIN,
    Action.DELETE,
    Action.PROTECT,
)
_COUNTS = ("states", "alone", "denies", "contradicts", "silent", "elsewhere")


class Difference(StrEnum):
    """How the companies of a row differ, from what weighs most."""

    CONTRADICTED = "one denies what another states"
    ONLY = "only one"
    SOME = "some"
    DENIAL = "denied by some"  # and stated by none
    TERMS = "in other terms"  # all state it, some only in broader terms
    NONE = "no difference"


@dataclass(frozen=True, slots=True)
class Said:
    """A practice, seen from a row.

    Attributes:
        term: IRI of the concept that the policy speaks of.
        is_limited: of a denial, whether it leaves something of the row open.
    """

    practice: Practice
    relation: Relation
    term: str
    is_limited: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What one company says of a row: the nearest relation first, then the surest reading."""

    stated: tuple[Said, ...] = ()
    denied: tuple[Said, ...] = ()

    @property
    def relation(self) -> Relation | None:
        """The nearest in which it states the practice; ``None`` if it does not."""
        return self.stated[0].relation if self.stated else None

    @property
    def states(self) -> bool:
        """Whether it states the practice of the row's concept or of some of it."""
        return self.relation in {Relation.SAME, Relation.NARROWER}

    @property
    def denies(self) -> bool:
        """Whether it denies the whole of it."""
        return any(not said.is_limited for said in self.denied)

    @property
    def is_silent(self) -> bool:
        """Whether it says nothing of it."""
        return not self.stated and not self.denied


@dataclass(frozen=True, slots=True)
class Row:
    """A practice and what each company says of it, in the order of the companies."""

    action: Action
    concept: str
    label: str
    is_sensitive: bool
    cells: tuple[Cell, ...]
    difference: Difference


@dataclass(frozen=True, slots=True)
class Summary:
    """A company in numbers; all counts are of rows, but for the last four.

    Attributes:
        states: rows whose practice it states.
        alone: of these, those that no other company states, not even in broader terms.
        denies: rows that it denies as a whole.
        contradicts: of these, those that another company states.
        silent: rows that others state, and of which it says nothing or only in general.
        elsewhere: rows that others state, the base of ``silent``.
        practices: statements and denials of what it does itself.
        others: those of what others do, which are left out.
        wordless: of ``practices``, those that name nothing of what the rows are of.
        own_words: of ``practices``, those that name it only in words of the policy's own that have
            no place among the concepts. They stand in no row.
    """

    company: Company
    states: int
    alone: int
    denies: int
    contradicts: int
    silent: int
    elsewhere: int
    practices: int
    others: int
    wordless: int
    own_words: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Companies beside each other.

    Attributes:
        facet: what the rows are of, of :data:`FACETS`.
        rows: all, those that weigh most first.
    """

    companies: tuple[Company, ...]
    facet: str
    rows: tuple[Row, ...]
    summaries: tuple[Summary, ...]
    concepts: Concepts

    def differing(self) -> tuple[Row, ...]:
        """The rows in which the companies differ."""
        return tuple(row for row in self.rows if row.difference is not Difference.NONE)


def compare(
    store: Store,
    names: Sequence[str],
    *,
    facet: str = "data",
    action: str | None = None,
    data: str | None = None,
    snapshot: str | None = None,
    least: float = 0.0,
) -> Comparison:
    """What two or more companies say they do themselves, beside each other.

    Args:
        names: of companies, brands or owners, or their IRIs.
        facet: what to compare action by action, of :data:`FACETS`.
        action: only rows of this one.
        data: only what speaks of this, by name or IRI, or of what lies within it.
        snapshot: each policy as it stood on this day; its latest otherwise.
        least: confidence below which a practice is left out.

    Raises:
        QueryError: there is no such company or concept.
        UsageError: there are not two companies, or two names stand for one policy.
    """
    if len(names) < 2:
        raise UsageError("name two companies or more, for example: kg compare Acme Zenith")
    known = concepts(store)
    listed = directory(store, known, snapshot)
    companies = tuple(map(listed.called, names))
    _told_apart(companies, names)
    wanted = named(store, "action", action) if action else None
    focus = named(store, "data", data) if data else None
    said = [practices(store, company.sources, least=least) for company in companies]
    return beside(
        companies,
        said,
        known,
        facet=facet,
        action=Action(action.casefold()) if action and wanted else None,
        focus=focus,
    )


def _told_apart(companies: Sequence[Company], names: Sequence[str]) -> None:
    owner: dict[str, str] = {}
    for company, name in zip(companies, names, strict=True):
        for source in company.sources:
            if source.graph in owner:
                raise UsageError(
                    f"{owner[source.graph]!r} and {name!r} stand for the same policy, that of "
                    f"{source.company}: leave one out"
                )
            owner[source.graph] = name


def beside(
    companies: Sequence[Company],
    said: Sequence[Iterable[Practice]],
    known: Concepts,
    *,
    facet: str = "data",
    action: Action | None = None,
    focus: str | None = None,
) -> Comparison:
    """The same from practices that were read before.

    Args:
        said: of each company, what its policies say.
        focus: IRI of the data that rows are narrowed to.
    """
    every = [list(practices) for practices in said]
    own = [
        [practice for practice in practices if company.does(practice)]
        for company, practices in zip(companies, every, strict=True)
    ]
    others = [len(all_said) - len(done) for all_said, done in zip(every, own, strict=True)]
    if action:
        own = [[practice for practice in one if practice.action is action] for one in own]
    if focus and facet != "data":
        own = [[p for p in one if _touches(p.data, focus, known)] for one in own]
    places = _Places(known, facet)
    columns = [_by_action(practices, places) for practices in own]
    keys = {
        (act, key)
        for column in columns
        for act, terms in column.items()
        for term in terms
        for key in places.keys(term)
    }
    if focus and facet == "data":
        keys = {(act, key) for act, key in keys if known.is_within(key, focus)}
    rows = tuple(sorted((_row(act, key, columns, places) for act, key in keys), key=_weight))
    summaries = tuple(
        _summary(at, company, rows, own[at], others[at], places)
        for at, company in enumerate(companies)
    )
    return Comparison(tuple(companies), facet, rows, summaries, known)


def _touches(data: Iterable[str], focus: str, known: Concepts) -> bool:
    return any(known.is_within(one, focus) or known.is_within(focus, one) for one in data)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where terms of a facet stand among the concepts."""

    known: Concepts
    facet: str

    def terms(self, practice: Practice) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(practice, FACETS[self.facet][0])
        return found

    def keys(self, term: str) -> tuple[str, ...]:
        """The concepts whose rows a term makes: itself, or those nearest above words of a policy.

        What is general makes none, but for personal data: who sells it matters, whatever it is.
        """
        near = [term]
        if term in self.known.own:
            near = [one for one in self.known.nearest(term) if not self.known.is_general(one)]
        return tuple(
            self.known.owner(one)
            for one in near
            if not self.known.is_general(one) or one == f"{PF}PersonalData"
        )

    def is_limited(self, practice: Practice, relation: Relation) -> bool:
        """Whether a denial leaves something of a row open."""
        named = [
            term
            for name, (field, _) in FACETS.items()
            if name != self.facet
            for term in getattr(practice, field)
        ]
        return (
            relation is Relation.NARROWER
            or practice.is_of_children
            or bool(practice.conditions or practice.bases or practice.origins)
            or not all(map(self.known.is_general, named))
        )


#: Action -> what a company says of it, by the term that it speaks of.
_Column = dict[Action, dict[str, list[Practice]]]


def _by_action(said: Iterable[Practice], places: _Places) -> _Column:
    found: _Column = {}
    for practice in said:
        for term in places.terms(practice):
            found.setdefault(practice.action, {}).setdefault(term, []).append(practice)
    return found


def _row(action: Action, key: str, columns: Iterable[_Column], places: _Places) -> Row:
    known = places.known
    cells = tuple(_cell(column.get(action, {}), key, places) for column in columns)
    label = known.labels.get(key, key)
    return Row(action, key, label, known.is_sensitive(key), cells, _difference(cells))


def _cell(terms: Mapping[str, Sequence[Practice]], key: str, places: _Places) -> Cell:
    known = places.known
    stated: dict[str, Said] = {}
    denied: dict[str, Said] = {}
    does_it = any(not practice.is_denied for said in terms.values() for practice in said)
    for term, said in terms.items():
        relation = known.relation(term, key)
        if relation is None:
            continue
        for practice in said:
            limited = practice.is_denied and (
                places.is_limited(practice, relation) or (does_it and known.is_general(term))
            )
            if limited and relation is Relation.GENERAL:
                continue  # says nothing of this in particular, and not all in general
            kept = denied if practice.is_denied else stated
            before = kept.get(practice.iri)
            if before is None or _near(relation) < _near(before.relation):
                kept[practice.iri] = Said(practice, relation, term, limited)
    return Cell(
        tuple(sorted(stated.values(), key=_first)), tuple(sorted(denied.values(), key=_first))
    )


def _near(relation: Relation) -> int:
    return list(Relation).index(relation)


def _first(said: Said) -> tuple[object, ...]:
    practice = said.practice
    return (
        said.is_limited,
        _near(said.relation),
        practice.is_of_children,
        bool(practice.context),  # a sentence that stands by itself is the better quote
        -practice.confidence,
        practice.iri,
    )


def _difference(cells: Sequence[Cell]) -> Difference:
    stating = [cell for cell in cells if cell.states]
    if stating and any(cell.denies and not cell.states for cell in cells):
        return Difference.CONTRADICTED
    if not stating:
        is_same = all(cell.denies for cell in cells)
        return Difference.NONE if is_same else Difference.DENIAL
    if len(stating) == len(cells):
        return Difference.NONE
    in_broader_terms = [cell for cell in cells if cell.relation is Relation.BROADER]
    if len(stating) + len(in_broader_terms) == len(cells):
        return Difference.TERMS
    return Difference.ONLY if len(stating) == 1 and not in_broader_terms else Difference.SOME


def _weight(row: Row) -> tuple[object, ...]:
    return (
        ORDER.index(row.action),
        not row.is_sensitive,
        list(Difference).index(row.difference),
        row.label.casefold(),
        row.concept,
    )


def _summary(
    at: int,
    company: Company,
    rows: Iterable[Row],
    own: Sequence[Practice],
    others: int,
    places: _Places,
) -> Summary:
    counts: Counter[str] = Counter()
    for row in rows:
        cell = row.cells[at]
        rest = [other for place, other in enumerate(row.cells) if place != at]
        is_elsewhere = any(other.states for other in rest)
        is_known = any(other.states or other.relation is Relation.BROADER for other in rest)
        says_so = cell.states or cell.relation is Relation.BROADER
        counts["states"] += cell.states
        counts["alone"] += cell.states and not is_known
        counts["denies"] += cell.denies
        counts["contradicts"] += cell.denies and not cell.states and is_elsewhere
        counts["elsewhere"] += is_elsewhere
        counts["silent"] += is_elsewhere and not says_so and not cell.denied
    terms = [places.terms(practice) for practice in own]
    return Summary(
        company,
        **{name: counts[name] for name in _COUNTS},
        practices=len(own),
        others=others,
        wordless=sum(not found for found in terms),
        own_words=sum(
            bool(found) and not any(places.keys(t) or places.known.is_general(t) for t in found)
            for found in terms
        ),
    )
