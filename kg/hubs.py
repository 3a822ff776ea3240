"""Corpus -> Hubs: recipients by how many companies name them, and what reaches them.

Data reach somebody where a company says that it shares, transfers or sells them to him, or lets him
collect or handle them ("we use Mailchimp to send", "Criteo collects your IP address on our site").
Only what is stated counts, not what is denied, and not what users pass on themselves; a flow within
a group of companies is no flow to a third party.

Columns are counts that a reader can check. Of the measures of networks one is kept: how many others
a hub that has a policy in the corpus names itself (its degree outwards in the graph company ->
recipient), as data that reach it may go on from there. PageRank and betweenness were tried and left
out. PageRank puts high whom a policy names that names nobody else, which says more of that policy;
and as few recipients have a policy in a corpus, nearly no path leads through anybody, so that
betweenness is nought for all but a handful.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.claims import Source
from kg.companies import Company, Directory, directory, each_text_once
from kg.concepts import TOPS, Concepts, concepts
from kg.iris import PF, is_name
from kg.model import Action
from kg.practices import Practice, practices
from kg.queries.canned import named
from kg.triples import USERS

if TYPE_CHECKING:
    from kg.store import Store

#: What is done by whom data reach, if the policy says that others do it.
_BY_OTHERS = frozenset({Action.COLLECT, Action.USE, Action.STORE, Action.RETAIN})
#: Actions by which a company passes data on.
PASSED = frozenset({Action.SHARE, Action.TRANSFER, Action.SELL})
#: Who is no third party: the user, and the company itself.
_TOPS = frozenset(TOPS.values())
_NONE = USERS | {f"{PF}FirstParty", TOPS["party"]}


@dataclass(frozen=True, slots=True)
class Reach:
    """A practice by which data reach somebody.

    Attributes:
        company: IRI of the publisher whose policy says so.
        recipient: IRI, as the policy names it.
    """

    company: str
    recipient: str
    practice: Practice


@dataclass(frozen=True, slots=True)
class Hub:
    """Whom data of several companies reach.

    Attributes:
        is_named: whether it is a company or service; else it is a kind of recipient.
        kind: label of the kind that it is of; empty if that is not known.
        reaches: by company.
        companies: IRIs of publishers whose data reach it.
        data: label -> number of companies from which it gets this; the most frequent first. So are
            purposes and actions.
        sensitive: number of companies from which it gets sensitive data.
        names: how many others its own policies here name; ``None`` if it has none here.
    """

    iri: str
    label: str
    is_named: bool
    kind: str
    reaches: tuple[Reach, ...]
    companies: tuple[str, ...]
    data: tuple[tuple[str, int], ...]
    purposes: tuple[tuple[str, int], ...]
    actions: tuple[tuple[str, int], ...]
    sensitive: int
    names: int | None


@dataclass(frozen=True, slots=True)
class Hubs:
    """The hubs of a corpus: companies and services, then kinds; whom most name first.

    Attributes:
        policies: that were looked at, each text once.
        copies: those left out, as their text stands under another name as well.
        silent: of ``policies``, those that name nobody whom data reach.
        own_words: practices left out as they name a recipient only in words of the policy's own,
            which have no place among the concepts.
    """

    rows: tuple[Hub, ...]
    policies: tuple[Source, ...]
    copies: tuple[Source, ...]
    silent: int
    own_words: int
    concepts: Concepts


def hubs(
    store: Store,
    *,
    companies: Iterable[str] = (),
    data: str | None = None,
    purpose: str | None = None,
    by_owner: bool = False,
    snapshot: str | None = None,
    least: float = 0.0,
) -> Hubs:
    """Third parties and services of a corpus.

    Args:
        companies: only what these say, by name or IRI; all without.
        data: only what carries this kind of data, or one within it. So with purpose.
        by_owner: count a service as the company that it belongs to.
        snapshot: each policy as it stood on this day; its latest otherwise.
        least: confidence below which a practice is left out.

    Raises:
        QueryError: there is no such company or concept.
        UsageError: that is no date.
    """
    known = concepts(store)
    listed = directory(store, known, snapshot)
    data = named(store, "data", data) if data else None
    purpose = named(store, "purpose", purpose) if purpose else None
    sought = [source for name in companies for source in listed.called(name).sources]
    policies, copies = each_text_once(dict.fromkeys(sought or listed.sources), listed.texts)
    said = practices(store, policies, least=least)
    found = tuple(reaches(said, listed, by_owner=by_owner))
    asked = _Asked(known, data, purpose)
    kept: dict[str, list[Reach]] = {}
    for reach in found:
        # "Inc." alone is what was left of a list that was cut wrongly.
        is_somebody = is_name(known.labels.get(reach.recipient, reach.recipient))
        if is_somebody and asked.is_met(reach.practice):
            kept.setdefault(reach.recipient, []).append(reach)

    def names(iri: str) -> int | None:
        """How many others the policies name that stand for a hub."""
        own = listed.of(iri, closely=True)
        if not own.sources:
            return None
        its = reaches(practices(store, own.sources, least=least), listed, by_owner=by_owner)
        others = {reach.recipient for reach in its if reach.recipient in known.parties}
        return len(others - own.selves)

    rows = [_hub(iri, its, asked, names) for iri, its in kept.items()]
    rows.sort(
        key=lambda hub: (not hub.is_named, -len(hub.companies), hub.label.casefold(), hub.iri)
    )
    return Hubs(
        tuple(rows),
        policies,
        copies,
        silent=len(
            {source.graph for source in policies} - {r.practice.source.graph for r in found}
        ),
        own_words=sum(_is_unplaced(practice, listed) for practice in said),
        concepts=known,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What hubs are narrowed to: IRIs of a kind of data and a purpose, or ``None``."""

    known: Concepts
    data: str | None
    purpose: str | None

    def is_met(self, practice: Practice) -> bool:
        return (not self.data or bool(self.data_of(practice))) and (
            not self.purpose or bool(self.purposes_of(practice))
        )

    def data_of(self, practice: Practice) -> set[str]:
        return self._within(practice.data, self.data)

    def purposes_of(self, practice: Practice) -> set[str]:
        return self._within(practice.purposes, self.purpose)

    def _within(self, terms: Iterable[str], top: str | None) -> set[str]:
        near = {one for term in terms for one in self.known.nearest(term)}
        return {one for one in near if top is None or self.known.is_within(one, top)}


def reaches(
    said: Iterable[Practice], listed: Directory, *, by_owner: bool = False
) -> Iterator[Reach]:
    """Whom data reach by what policies state: once for each practice and recipient.

    Args:
        by_owner: give the company that a service belongs to in its place.
    """
    known = listed.concepts
    companies: dict[str, Company] = {}
    for practice in said:
        if practice.is_denied:
            continue
        publisher = practice.source.company_iri
        if publisher not in companies:
            companies[publisher] = listed.of(publisher)
        company = companies[publisher]
        found: set[str] = set()
        if practice.action in PASSED and company.does(practice):
            found = {near for one in practice.recipients for near in known.nearest(one)}
        elif practice.action in _BY_OTHERS and practice.actor not in known.own:
            found = {practice.actor}
        own = {known.owner(one) for one in company.selves}
        for iri in sorted({known.owner(one) if by_owner else one for one in found - _NONE}):
            if known.owner(iri) not in own and iri not in company.selves:
                yield Reach(publisher, iri, practice)


def _is_unplaced(practice: Practice, listed: Directory) -> bool:
    known = listed.concepts
    return (
        practice.action in PASSED
        and not practice.is_denied
        and bool(practice.recipients)
        and all(set(known.nearest(one)) <= _NONE for one in practice.recipients)
        and not _NONE.issuperset(practice.recipients)
    )


def _hub(iri: str, its: Iterable[Reach], asked: _Asked, names: Callable[[str], int | None]) -> Hub:
    known = asked.known
    found = tuple(
        sorted(its, key=lambda reach: (reach.practice.source.company.casefold(), _best(reach)))
    )
    is_named = iri in known.parties
    kinds = [known.labels.get(one, one) for one in known.above.get(iri, ()) if one not in _NONE]
    return Hub(
        iri=iri,
        label=known.labels.get(iri, iri),
        is_named=is_named,
        kind="left open" if iri in known.vague else min(kinds, default=""),
        reaches=found,
        companies=tuple(dict.fromkeys(reach.company for reach in found)),
        data=_counted(found, asked.data_of, known),
        purposes=_counted(found, asked.purposes_of, known),
        actions=_counted(found, lambda practice: {practice.action.value}, known),
        sensitive=len({r.company for r in found if any(map(known.is_sensitive, r.practice.data))}),
        names=names(iri) if is_named else None,
    )


def _best(reach: Reach) -> tuple[object, ...]:
    """Sorts what is surest and stands by itself before the rest."""
    practice = reach.practice
    return (
        practice.action not in PASSED,
        bool(practice.context),
        -practice.confidence,
        practice.iri,
    )


def _counted(
    found: Iterable[Reach], values: Callable[[Practice], Iterable[str]], known: Concepts
) -> tuple[tuple[str, int], ...]:
    """Labels with the number of companies, the most frequent first; tops of schemes left out."""
    pairs = {
        (reach.company, value)
        for reach in found
        for value in values(reach.practice)
        if value not in _TOPS
    }
    counts = Counter(known.labels.get(value, value) for _, value in pairs)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
