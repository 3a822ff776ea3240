"""A name -> Company: whose policies stand for it, be it a company, a brand or an owner of brands.

Instagram and WhatsApp are Meta's. Who asks for Meta means their policies where Meta has none of its
own; who asks for Facebook, which has none either, means Meta.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.claims import Source, sources, standing
from kg.concepts import Concepts
from kg.errors import QueryError
from kg.iris import normal_name
from kg.lookup import match
from kg.practices import Practice

if TYPE_CHECKING:
    from kg.store import Store


@dataclass(frozen=True, slots=True)
class Company:
    """Who is asked for.

    Attributes:
        sources: the policies that stand for it, by company, each text once; none where nobody's
            policy does.
        selves: IRIs under which it acts in these policies.
        how: whose policies these are, if not its own: "of Google, which it belongs to".
    """

    iri: str
    name: str
    sources: tuple[Source, ...] = ()
    selves: frozenset[str] = frozenset()
    how: str = ""

    def does(self, practice: Practice) -> bool:
        """Whether a practice is its own, not what its policy says of others."""
        return practice.actor in self.selves


@dataclass(frozen=True, slots=True)
class Directory:
    """Who has a policy in a graph.

    Attributes:
        sources: one snapshot of each policy, by company and date.
        parties: IRIs and names of the companies and services that the ontology holds.
        texts: IRI of a snapshot -> what tells its text from others.
    """

    sources: tuple[Source, ...]
    concepts: Concepts
    parties: tuple[tuple[str, str], ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    def called(self, wanted: str) -> Company:
        """The company of an IRI or a name.

        Raises:
            QueryError: nobody who is called so has a policy here, or several have.
        """
        own = [(source.company_iri, source.company) for source in self.sources]
        others = [(source.company_iri, name) for source in self.sources for name in source.names]
        if wanted in {iri for iri, _ in (*own, *self.parties)} and self.of(wanted).sources:
            return self.of(wanted)
        # The ontology's companies count before what a policy is found to call itself, which is
        # often the name of its owner; "google" is Google, whatever "google+" comes to.
        for rows in (own, self.parties):
            for spelt in (str.casefold, normal_name):
                key = spelt(wanted)
                found = sorted({iri for iri, name in rows if key and spelt(name) == key})
                held = [company for company in map(self.of, found) if company.sources]
                if len(held) == 1:
                    return held[0]
        return self.of(match("company", wanted, [*own, *others]))

    def of(self, iri: str, *, closely: bool = False) -> Company:
        """The policies that stand for a party: its own, else its brands', else its owner's.

        Args:
            closely: leave out brands if others call themselves by the party's name. What becomes of
                data that Google gets is told by the policy that Google gives itself, wherever it
                stands, and not by that of Waze.
        """
        name = self.name(iri)
        if own := [source for source in self.sources if source.company_iri == iri]:
            return self._company(iri, name, own)
        spellings = {normal_name(name), *(normal_name(n) for i, n in self.parties if i == iri)}
        called = [
            source
            for source in self.sources
            if not spellings.isdisjoint(map(normal_name, source.names))
        ]
        brands = [source for source in self.sources if self._belongs(source.company_iri, iri)]
        under = called if closely and called else [s for s in self.sources if s in called + brands]
        if under:
            found = self._company(iri, name, under)
            names = list(dict.fromkeys(source.company for source in found.sources))
            how = f"under the name{'s' if len(names) > 1 else ''} {', '.join(names)}"
            return Company(iri, name, found.sources, found.selves, how)
        owner = self.concepts.owner(iri)
        if owner == iri:
            return Company(iri, name)
        above = self.of(owner, closely=closely)
        if not above.sources:
            return Company(iri, name)
        how = f"of {above.name}, which it belongs to"
        how = f"{how}, {above.how}" if above.how else how
        return Company(iri, name, above.sources, above.selves | {iri}, how)

    def name(self, iri: str) -> str:
        """The publisher's name, else the concept's."""
        for source in self.sources:
            if source.company_iri == iri:
                return source.company
        return self.concepts.labels.get(iri, iri)

    def _belongs(self, iri: str, owner: str) -> bool:
        seen: set[str] = set()
        while iri in self.concepts.owners and iri not in seen:
            seen.add(iri)
            iri = self.concepts.owners[iri]
            if iri == owner:
                return True
        return False

    def _company(self, iri: str, name: str, found: Iterable[Source]) -> Company:
        kept = tuple(each_text_once(found, self.texts)[0])
        published = {source.company_iri for source in kept}
        owners = {self.concepts.owner(one) for one in published}
        return Company(iri, name, kept, frozenset({iri} | published | owners))


def each_text_once(
    found: Iterable[Source], texts: Mapping[str, str]
) -> tuple[tuple[Source, ...], tuple[Source, ...]]:
    """Policies without copies, and the copies: one text may stand under several names."""
    first: dict[str, Source] = {}
    copies = []
    for source in found:
        text = texts.get(source.graph, source.graph)
        if text in first:
            copies.append(source)
        else:
            first[text] = source
    return tuple(first.values()), tuple(copies)


def directory(store: Store, concepts: Concepts, day: str | None = None) -> Directory:
    """Everybody who has a policy.

    Args:
        day: each policy as it stood then, as in :func:`kg.claims.standing`; its latest otherwise.

    Raises:
        QueryError: the graph holds no policy, or none of that day.
        UsageError: that is no date.
    """
    found = standing(sources(store), day)
    if not found:
        raise QueryError("this graph holds no policy: name some to `kg build`")
    parties = store.query(
        "SELECT ?a ?b WHERE { ?a skos:inScheme pf:RecipientScheme ; a pf:Party . "
        "{ ?a skos:prefLabel ?b } UNION { ?a skos:altLabel ?b } }"
    )
    texts = store.query("SELECT ?a ?b WHERE { ?a pf:sha256 ?b }")
    return Directory(
        found,
        concepts,
        tuple(sorted({(a.value, b.value) for a, b in parties})),
        {a.value: b.value for a, b in texts},
    )
