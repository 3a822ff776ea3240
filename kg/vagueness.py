"""Corpus -> Vagueness: how much of what companies say they pass on leaves open to whom, or what.

A disclosure is a statement that the company shares or sells data, or transfers them to somebody (a
transfer that only tells the country is none, and neither is the lead-in of a list, whose items are
statements of their own). It is counted in each way in which it is open, so that the counts do not
add up, and no score is made of them:

- it names no recipient at all, or only such as "third parties" and "partners";
- it names no data at all, or none more exact than "personal information";
- both, so that it says no more than that something goes to somebody;
- it says what may be done, not what is.

All this is of statements as they were read: who was not recognised counts as nobody. Kinds of
recipient ("advertisers", "service providers") are not vague here, nor are words of a policy that
the ontology does not hold, as they may be quite exact. Conditions ("as permitted by law") are not
counted, as too many of them are read amiss. Of few disclosures a share says little: it comes with
its Wilson score interval, and companies are sorted by the lower end of that.

References:
    E. B. Wilson (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.
    J. Bhatia, T. D. Breaux, J. R. Reidenberg, T. B. Norton (2016). A theory of vagueness and
    privacy risk perception. IEEE 24th International Requirements Engineering Conference, 26-35.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from kg.claims import Source
from kg.companies import Company, directory, each_text_once
from kg.concepts import Concepts, concepts
from kg.errors import UsageError
from kg.hubs import PASSED
from kg.model import Action, Modality
from kg.practices import Practice, practices

if TYPE_CHECKING:
    from kg.store import Store

#: 97.5 % of a normal distribution lie below; twice that much outside is 5 %.
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a company's disclosures are open in one way.

    Attributes:
        found: those that are, the surest reading first.
        of: number of all disclosures.
    """

    found: tuple[Practice, ...]
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 of none."""
        return len(self.found) / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between which the share lies with a probability of 95 %, were these a random sample."""
        return wilson(len(self.found), self.of)


@dataclass(frozen=True, slots=True)
class Vagueness:
    """How open the disclosures of one policy are.

    Attributes:
        disclosures: number of all.
        shares: by name, of :data:`WAYS`.
    """

    source: Source
    disclosures: int
    shares: dict[str, Share]


@dataclass(frozen=True, slots=True)
class Vaguenesses:
    """Policies, sorted; each text once.

    Attributes:
        order: the way, of :data:`WAYS`, by which they are sorted: the most open first.
        copies: policies left out, as their text stands under another name as well.
    """

    rows: tuple[Vagueness, ...]
    order: str
    copies: tuple[Source, ...]
    concepts: Concepts


def _is_open(terms: Sequence[str], known: Concepts) -> bool:
    return all(map(known.is_general, terms))


_Way = Callable[[Practice, Concepts], bool]

#: Ways of being open -> whether a disclosure is.
WAYS: dict[str, _Way] = {
    "no recipient": lambda said, _: not said.recipients,
    "vague recipient": lambda said, known: (
        bool(said.recipients) and _is_open(said.recipients, known)
    ),
    "recipient": lambda said, known: _is_open(said.recipients, known),
    "no data": lambda said, _: not said.data,
    "vague data": lambda said, known: bool(said.data) and _is_open(said.data, known),
    "data": lambda said, known: _is_open(said.data, known),
    "both": lambda said, known: _is_open(said.recipients, known) and _is_open(said.data, known),
    "may": lambda said, _: said.modality is Modality.MAY,
}


def wilson(found: int, of: int) -> tuple[float, float]:
    """Wilson score interval of a share, at 95 %; all is possible of none.

    >>> wilson(0, 0)
    (0.0, 1.0)
    >>> [round(end, 3) for end in wilson(3, 10)]
    [0.108, 0.603]
    """
    if not of:
        return 0.0, 1.0
    share, square = found / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def vagueness(
    store: Store,
    *,
    companies: Iterable[str] = (),
    order: str = "recipient",
    snapshot: str | None = None,
    least: float = 0.0,
) -> Vaguenesses:
    """How open the disclosures of each policy are.

    Args:
        companies: only these, by name or IRI; all without.
        order: the way, of :data:`WAYS`, by which to sort.
        snapshot: each policy as it stood on this day; its latest otherwise.
        least: confidence below which a statement is left out.

    Raises:
        QueryError: there is no such company.
        UsageError: there is no such way, or the date is none.
    """
    if order not in WAYS:
        raise UsageError(f"there is no way {order!r} of being open: choose {', '.join(WAYS)}")
    known = concepts(store)
    listed = directory(store, known, snapshot)
    asked = [source for name in companies for source in listed.called(name).sources]
    policies, copies = each_text_once(dict.fromkeys(asked or listed.sources), listed.texts)
    rows = [
        measured(
            source, listed.of(source.company_iri), practices(store, [source], least=least), known
        )
        for source in policies
    ]
    rows.sort(key=lambda row: _weight(row, order))
    return Vaguenesses(tuple(rows), order, copies, known)


def is_disclosure(practice: Practice) -> bool:
    """Whether it states that data are passed on to somebody."""
    is_lead_in = practice.sentence.rstrip().endswith(":")
    return (
        practice.action in PASSED
        and not practice.is_denied
        and (bool(practice.recipients) or not (practice.action is Action.TRANSFER or is_lead_in))
    )


def measured(
    source: Source, company: Company, said: Iterable[Practice], known: Concepts
) -> Vagueness:
    """How open the disclosures of one policy are, from practices that were read before."""
    disclosures = [
        practice for practice in said if is_disclosure(practice) and company.does(practice)
    ]
    disclosures.sort(key=lambda said: (bool(said.context), -said.confidence, said.iri))
    shares = {
        name: Share(tuple(s for s in disclosures if is_open(s, known)), len(disclosures))
        for name, is_open in WAYS.items()
    }
    return Vagueness(source, len(disclosures), shares)


def _weight(row: Vagueness, order: str) -> tuple[object, ...]:
    lower, _ = row.shares[order].interval
    return not row.disclosures, -lower, row.source.company.casefold(), row.source.graph
